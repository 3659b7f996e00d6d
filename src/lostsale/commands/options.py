"""Options that several commands share, so that each is explained once and the same everywhere."""

from typing import Annotated

import typer

from lostsale.commands import completing

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
On = Annotated[
    str | None, typer.Option("--on", metavar="WHEN", help="The day, if not today: yesterday, 3d.")
]
Next = Annotated[
    str | None,
    typer.Option("--next", metavar="WHEN", help="Date the next step yourself: friday, 2w."),
]
Also = Annotated[
    str | None,
    typer.Option(
        "--also",
        metavar="KINDS",
        help="Done in the same go, for example thanks,referral.",
        autocompletion=completing.also,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Ref = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss: its number, or words of its name.",
        autocompletion=completing.numbers,
    ),
]
Refs = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss, or several: 42, 41,43,50-55, or words of a name.",
        autocompletion=completing.numbers,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NOTE]...", help="A note; quoted if it has one of ' ? & ( ; in it."),
]
# What a loss holds, for log and edit.
Whom = Annotated[
    str | None,
    typer.Option("--contact", metavar="TEXT", help='Whom you talk to: "Ana Ruiz 555-0134 a@b.c".'),
]
Product = Annotated[
    str | None, typer.Option("--product", metavar="TEXT", help="What it was about.")
]
Said = Annotated[
    str | None,
    typer.Option(
        "--said",
        metavar="REASON",
        help="What they said: code, code: words, words or -.",
        autocompletion=completing.said,
    ),
]
Told = Annotated[
    str | None,
    typer.Option(
        "--real",
        metavar="REASON",
        help="The real reason, as they told it.",
        autocompletion=completing.real,
    ),
]
Heard = Annotated[
    str | None,
    typer.Option(
        "--heard",
        metavar="REASON",
        help="The real reason, heard from someone else.",
        autocompletion=completing.real,
    ),
]
Guess = Annotated[
    str | None,
    typer.Option(
        "--guess",
        metavar="REASON",
        help="Your guess at the real reason.",
        autocompletion=completing.real,
    ),
]
WayIn = Annotated[
    str | None,
    typer.Option("--way-in", metavar="TEXT", help="How you could get back in; dead for none."),
]
Signals = Annotated[
    list[str] | None,
    typer.Option(
        "--signal",
        metavar="CODE",
        help="A no before the no: silence, delay, budget.",
        autocompletion=completing.signals,
    ),
]
LostTo = Annotated[
    str | None, typer.Option("--lost-to", metavar="NAME", help="Who got the order, or nobody.")
]
Outcome = Annotated[
    str | None,
    typer.Option(
        "--outcome",
        metavar="CODE",
        help="no-decision, cancelled, competitor, mistake.",
        autocompletion=completing.outcomes,
    ),
]
Weakness = Annotated[
    str | None,
    typer.Option(
        "--weakness",
        metavar="CODE",
        help="competitive, company, personal, relationship, none.",
        autocompletion=completing.weaknesses,
    ),
]
Lesson = Annotated[str | None, typer.Option("--lesson", metavar="TEXT", help="What you learned.")]

# Which losses, for list and export.
Span = Annotated[str, typer.Argument(help="2026, 2026-11, 2026q4, last-month, FROM..TO; else all.")]
Open = Annotated[bool, typer.Option("--open", help="Neither won back nor at rest.")]
Won = Annotated[bool, typer.Option("--won", help="Won back.")]
AtRest = Annotated[bool, typer.Option("--at-rest", help="Moved on from.")]
NotAsked = Annotated[bool, typer.Option("--not-asked", help="Not asked why yet.")]
Cold = Annotated[bool, typer.Option("--cold", help="Whose step has gone cold.")]
Ready = Annotated[bool, typer.Option("--ready", help="Through with the plan.")]
SaidCode = Annotated[
    str | None,
    typer.Option("--said", metavar="CODE", help="What they said.", autocompletion=completing.said),
]
ReasonCode = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="CODE",
        help="The real reason, else your guess.",
        autocompletion=completing.real,
    ),
]
WeaknessCode = Annotated[
    str | None,
    typer.Option(
        "--weakness",
        metavar="CODE",
        help="What the reason shows about us, or none.",
        autocompletion=completing.weaknesses,
    ),
]
LostToName = Annotated[
    str | None, typer.Option("--lost-to", metavar="NAME", help="Who got the order, or nobody.")
]
ProspectName = Annotated[
    str | None, typer.Option("--prospect", metavar="NAME", help="Words of who said no.")
]
ProductName = Annotated[
    str | None, typer.Option("--product", metavar="NAME", help="Words of what it was about.")
]

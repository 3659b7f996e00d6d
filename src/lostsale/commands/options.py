"""Options that several commands share, so that each is explained once and the same everywhere."""

from typing import Annotated

import typer

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
        "--also", metavar="KINDS", help="Done in the same go, for example thanks,referral."
    ),
]
Ref = Annotated[
    str, typer.Argument(metavar="REF", help="The loss: its number, or words of its name.")
]
Refs = Annotated[
    str,
    typer.Argument(
        metavar="REF", help="The loss, or several: 42, 41,43,50-55, or words of a name."
    ),
]
Words = Annotated[
    list[str] | None, typer.Argument(metavar="[NOTE]...", help="A note; no quotes needed.")
]
WayIn = Annotated[
    str | None,
    typer.Option("--way-in", metavar="TEXT", help="How you could get back in; dead for none."),
]

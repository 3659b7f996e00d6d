"""Options that several commands share, so that each is explained once and the same everywhere; and
what a shell may complete: codes, and numbers of losses. Never a text of the journal, which it might
run."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, NamedTuple, TypeVar

import typer

from lostsale.api import Journal
from lostsale.app import App
from lostsale.domain.loss import KINDS, OUTCOMES
from lostsale.domain.reasons import PLAIN, SIGNALS, WEAKNESSES, Vocabulary

_T = TypeVar("_T")
_MOST = 50  # numbers, the newest first
Completion = Callable[..., list[str]]  # Typer gives it what it asks for by name


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def completing(words: Iterable[str]) -> Completion:
    """Return a completion of one of these words."""
    return lambda incomplete: _beginning(words, incomplete)


def _completing_last(words: Iterable[str]) -> Completion:
    """Return a completion of the last word of a list with commas."""

    def completed(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{word}" for word in _beginning(words, last)]

    return completed


def _completing_codes(which: Callable[[Vocabulary], Iterable[str]]) -> Completion:
    """Return a completion of a reason's code, among those in force."""

    def completed(ctx: Any, incomplete: str) -> list[str]:
        journal = _journal(ctx)
        return _beginning(which(journal.vocabulary if journal else PLAIN), incomplete)

    return completed


def complete_numbers(ctx: Any, incomplete: str) -> list[str]:
    """Complete the number of a loss, or the last number of a list, the newest first."""
    from lostsale.journal.queries import beginning

    before, comma, last = incomplete.rpartition(",")
    journal = _journal(ctx)
    if journal is None or not (last.isdigit() or not last):
        return []
    return [f"{before}{comma}{number}" for number in beginning(journal, last, _MOST)]


def _journal(ctx: Any) -> Journal | None:
    """Return the journal that the command line names so far; None if it can't be opened, as a shell
    has no place for an error."""
    app: App = ctx.find_root().obj
    with suppress(Exception):
        app.begin(ctx.find_root().params.get("db"), None)
        if app.has_journal:
            return app.journal
    return None


complete_real = _completing_codes(lambda words: words.real)
complete_reasons = _completing_codes(lambda words: (*words.real, *words.said))
complete_kinds = completing(KINDS)
_complete_said = _completing_codes(lambda words: words.said)
_complete_weaknesses = completing(WEAKNESSES)

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
        autocompletion=_completing_last(KINDS),
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Ref = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss: its number, or words of its name.",
        autocompletion=complete_numbers,
    ),
]
RefWords = Annotated[
    list[str],
    typer.Argument(
        metavar="REF...",
        help="The loss: its number, or words of its name.",
        autocompletion=complete_numbers,
    ),
]
Refs = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss, or several: 42, 41,43,50-55, or words of a name.",
        autocompletion=complete_numbers,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NOTE]...", help="A note; quoted if it has one of ' ? & ( ; in it."),
]
Heard = Annotated[
    str | None,
    typer.Option(
        "--heard",
        metavar="REASON",
        help="The real reason, heard from someone else.",
        autocompletion=complete_real,
    ),
]
Guess = Annotated[
    str | None,
    typer.Option(
        "--guess",
        metavar="REASON",
        help="Your guess at the real reason.",
        autocompletion=complete_real,
    ),
]
WayIn = Annotated[
    str | None,
    typer.Option("--way-in", metavar="TEXT", help="How you could get back in; dead for none."),
]
AgainOn = Annotated[
    str | None,
    typer.Option(
        "--again", metavar="WHEN", help="When their lease or decision comes up: june 2028."
    ),
]
_LostTo = Annotated[
    str | None, typer.Option("--lost-to", metavar="NAME", help="Who got the order, or nobody.")
]
WeaknessOption = Annotated[
    str | None,
    typer.Option(
        "--weakness",
        metavar="CODE",
        help="competitive, company, personal, relationship, none.",
        autocompletion=_complete_weaknesses,
    ),
]


class Facts(NamedTuple):
    """What a loss holds, as typed for log and edit; None where nothing was typed."""

    contact: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help='Whom you talk to: "Ana Ruiz 555-0134 a@b.c".'),
    ] = None
    product: Annotated[str | None, typer.Option(metavar="TEXT", help="What it was about.")] = None
    said: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="What they said: code, code: words, words or -.",
            autocompletion=_complete_said,
        ),
    ] = None
    real: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="The real reason, as they told it.",
            autocompletion=complete_real,
        ),
    ] = None
    heard: Heard = None
    guess: Guess = None
    way_in: WayIn = None
    signal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="A no before the no: silence, delay, budget.",
            autocompletion=_completing_codes(lambda words: (*SIGNALS, *words.said)),
        ),
    ] = None
    lost_to: _LostTo = None
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="no-decision, cancelled, competitor, mistake.",
            autocompletion=completing(OUTCOMES),
        ),
    ] = None
    weakness: WeaknessOption = None
    again: AgainOn = None
    lesson: Annotated[str | None, typer.Option(metavar="TEXT", help="What you learned.")] = None


def spread(command: Callable[..., _T]) -> Callable[..., _T]:
    """Replace each argument of a command that is a record of options by these options."""
    records: dict[str, Any] = {}
    typed: list[Parameter] = []
    for name, argument in signature(command).parameters.items():
        if hasattr(argument.annotation, "_fields"):
            records[name] = argument.annotation
            typed += signature(argument.annotation).parameters.values()
        else:
            typed.append(argument)

    @wraps(command)
    def gathered(**given: Any) -> _T:
        for name, record in records.items():
            given[name] = record(**{field: given.pop(field) for field in record._fields})
        return command(**given)

    by_name = [argument.replace(kind=Parameter.KEYWORD_ONLY) for argument in typed]
    gathered.__signature__ = Signature(by_name)  # type: ignore[attr-defined]  # what Typer reads
    return gathered


class Choice(NamedTuple):
    """Which losses, as typed for list and export; all that is set must hold."""

    period: Annotated[
        str, typer.Argument(help="2026, 2026-11, 2026q4, last-month, FROM..TO; else all.")
    ] = "all"
    open: Annotated[bool, typer.Option("--open", help="Neither won back nor at rest.")] = False
    won: Annotated[bool, typer.Option("--won", help="Won back.")] = False
    at_rest: Annotated[bool, typer.Option("--at-rest", help="Moved on from.")] = False
    not_asked: Annotated[bool, typer.Option("--not-asked", help="Not asked why yet.")] = False
    cold: Annotated[bool, typer.Option("--cold", help="Whose step has gone cold.")] = False
    ready: Annotated[bool, typer.Option("--ready", help="Through with the plan.")] = False
    again: Annotated[
        bool, typer.Option("--again", help="Comes up again, in the period or from now on.")
    ] = False
    said: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="What they said.", autocompletion=_complete_said),
    ] = None
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="The real reason, else your guess.",
            autocompletion=complete_real,
        ),
    ] = None
    weakness: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="What the reason shows about us, or none.",
            autocompletion=_complete_weaknesses,
        ),
    ] = None
    lost_to: _LostTo = None
    prospect: Annotated[str | None, typer.Option(metavar="NAME", help="Words of who said no.")] = (
        None
    )
    product: Annotated[
        str | None, typer.Option(metavar="NAME", help="Words of what it was about.")
    ] = None

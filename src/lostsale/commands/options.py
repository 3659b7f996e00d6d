"""Options that several commands share, so that each is explained once and the same everywhere; and
what a shell may complete: codes, and numbers of losses. Never a text of the journal, which it might
run."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, TypeVar

import typer

from lostsale.api import Journal
from lostsale.app import App
from lostsale.domain.loss import KINDS, SEEN_TO
from lostsale.domain.reasons import CODE, PLAIN, WEAKNESSES, Vocabulary

_T = TypeVar("_T")
_MOST = 50  # numbers, the newest first
_LIST = r"[\w,-]*"
Completion = Callable[..., list[str]]  # Typer gives it what it asks for by name


def _beginning(words: Iterable[object], incomplete: str) -> list[str]:
    """Return the words that start like this and are codes or numbers, whatever a journal holds."""
    return [
        word
        for word in map(str, words)
        if word.startswith(incomplete) and re.fullmatch(f"{CODE}|[0-9]{{1,12}}", word)
    ]


def completing(words: Iterable[str]) -> Completion:
    """Return a completion of one of these words."""
    return lambda incomplete: _beginning(words, incomplete)


def _completing_last(words: Iterable[str]) -> Completion:
    """Return a completion of the last word of a list with commas."""

    def completed(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        found = _beginning(words, last) if re.fullmatch(_LIST, before) else []
        return [f"{before}{comma}{word}" for word in found]

    return completed


def completing_codes(which: Callable[[Vocabulary], Iterable[str]]) -> Completion:
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
    if journal is None or not re.fullmatch(_LIST, incomplete):
        return []
    found = beginning(journal, last, _MOST)
    return [f"{before}{comma}{number}" for number in _beginning(found, last)]


def _journal(ctx: Any) -> Journal | None:
    """Return the journal that the command line names so far; None if it can't be opened, as a shell
    has no place for an error."""
    app: App = ctx.find_root().obj
    with suppress(Exception):
        app.begin(ctx.find_root().params.get("db"), None)
        if app.has_journal:
            return app.journal
    return None


complete_real = completing_codes(lambda words: words.real)
complete_reasons = completing_codes(lambda words: (*words.real, *words.said))
complete_kinds = completing(KINDS)
complete_said = completing_codes(lambda words: words.said)
complete_weaknesses = completing(WEAKNESSES)

On = Annotated[
    str | None, typer.Option("--on", metavar="WHEN", help="The day, if not today: yesterday, 3d.")
]
Next = Annotated[
    str | None,
    typer.Option("--next", metavar="WHEN", help="When the next step is due: friday, 2w."),
]
Also = Annotated[
    str | None,
    typer.Option(
        "--also",
        metavar="KINDS",
        help="Also done just now, e.g. thanks,referral.",
        autocompletion=_completing_last(SEEN_TO),
    ),
]
PeriodWords = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PERIOD]", help="2026, nov 2026, 2026q4, last month, 30d, ytd, all or FROM..TO."
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]
Ref = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss: its number, or part of its name.",
        autocompletion=complete_numbers,
    ),
]
RefWords = Annotated[
    list[str],
    typer.Argument(
        metavar="REF...",
        help="The loss: its number, or part of its name.",
        autocompletion=complete_numbers,
    ),
]
Refs = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The loss, or several: 42, 41,43,50-55, or part of a name.",
        autocompletion=complete_numbers,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NOTE]...", help="A note; in quotes if it has any of ' ? & ( ;"),
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
LostToOption = Annotated[
    str | None, typer.Option("--lost-to", metavar="NAME", help="Who got the order, or nobody.")
]
WeaknessOption = Annotated[
    str | None,
    typer.Option(
        "--weakness",
        metavar="CODE",
        help="competitive, company, personal, relationship, none.",
        autocompletion=complete_weaknesses,
    ),
]


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

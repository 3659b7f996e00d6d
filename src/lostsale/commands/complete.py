"""What a shell may complete: codes, and numbers of losses. Never a text of the journal, which it
might run."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from lostsale.app import App
from lostsale.domain.loss import KINDS, OUTCOMES
from lostsale.domain.reasons import PLAIN, SIGNALS, WEAKNESSES, Vocabulary
from lostsale.journal.store import Journal

MOST = 50  # numbers, the newest first
Completion = Callable[..., list[str]]  # Typer gives it what it asks for by name


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]


def one_of(words: Iterable[str]) -> Completion:
    """Return what completes one of these words."""
    return lambda incomplete: _beginning(words, incomplete)


def several_of(words: Iterable[str]) -> Completion:
    """Return what completes the last word of a list with commas."""

    def completed(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{word}" for word in _beginning(words, last)]

    return completed


def codes(which: Callable[[Vocabulary], Iterable[str]]) -> Completion:
    """Return what completes a code of a reason, of those in force."""

    def completed(ctx: Any, incomplete: str) -> list[str]:
        journal = _journal(ctx)
        return _beginning(which(journal.vocabulary() if journal else PLAIN), incomplete)

    return completed


def numbers(ctx: Any, incomplete: str) -> list[str]:
    """Complete the number of a loss, also the last one of a list: the newest first."""
    from lostsale.journal.queries import beginning

    before, comma, last = incomplete.rpartition(",")
    journal = _journal(ctx)
    if journal is None or not (last.isdigit() or not last):
        return []
    return [f"{before}{comma}{number}" for number in beginning(journal, last, MOST)]


def _journal(ctx: Any) -> Journal | None:
    """Return the journal of the command line so far; none where there is none, or none that can be
    opened: a shell has no place for an error."""
    app: App = ctx.find_root().obj
    with suppress(Exception):
        app.begin(ctx.find_root().params.get("db"), None)
        if app.has_journal:
            return app.journal
    return None


said = codes(lambda words: words.said)
real = codes(lambda words: words.real)
reasons = codes(lambda words: (*words.real, *words.said))
signals = codes(lambda words: (*SIGNALS, *words.said))
kinds = one_of(KINDS)
also = several_of(KINDS)
outcomes = one_of(OUTCOMES)
weaknesses = one_of(WEAKNESSES)

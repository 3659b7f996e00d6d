"""Everything that can go wrong, each with its sentence and its exit code. Shown in `cli`, nowhere
else."""

from collections.abc import Iterable


class LostSaleError(Exception):
    """Something the user should know, in one sentence.

    `what` says what is wrong and `hint` what to do about it; neither ends in a full stop.
    """

    exit_code = 1
    code = "error"
    assurance = "Nothing was changed."

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.what}.", self.assurance, _sentence(self.hint))))


def _sentence(text: str) -> str:
    # A full stop after a command would be copied with it.
    return text if not text or text.endswith("?") or ": lostsale" in text else f"{text}."


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the hint that names what `word` may have been meant for; where nothing is near, what
    to say `otherwise`, or all that is known."""
    from difflib import get_close_matches

    words = list(known)
    if near := get_close_matches(word, words, n=3, cutoff=0.6):
        return f"Did you mean {' or '.join(near)}?"
    return otherwise or f"Known: {', '.join(words)}"


class NotFound(LostSaleError):
    """No loss, or nothing to undo, where one was named."""

    code = "not-found"


class Ambiguous(LostSaleError):
    """A name fits several losses and nobody is there to choose."""

    code = "ambiguous"


class Declined(LostSaleError):
    """The user said no when asked to confirm, or could not be asked."""

    code = "declined"


class BadInput(LostSaleError):
    """What was typed can't be understood, or contradicts itself."""

    exit_code = 2
    code = "bad-input"


class Vague(BadInput):
    """What was typed is a day or an amount that can't be settled without asking: `next fall`,
    `Feb 30`, `8-10k`."""


class CannotOpen(LostSaleError):
    """The journal file can't be opened, read or written."""

    exit_code = 3
    code = "cannot-open"


class NotAJournal(CannotOpen):
    """The file is something else."""

    code = "not-a-journal"


class Damaged(LostSaleError):
    """A file is a journal, and broken; `is_own` unless it is another one than that in use."""

    exit_code = 4
    code = "damaged"
    is_own = True


class Locked(LostSaleError):
    """Another program holds the journal."""

    exit_code = 5
    code = "locked"


class NewerJournal(LostSaleError):
    """A newer lostsale wrote the journal."""

    exit_code = 6
    code = "newer-journal"


class Interrupted(LostSaleError):
    """Ctrl-C, or Ctrl-D at a question."""

    exit_code = 130
    code = "interrupted"


class NotShown(LostSaleError):
    """The work is done, and its result could not be written where it was to be shown."""

    exit_code = 3
    code = "not-shown"
    assurance = ""


class Unfinished(LostSaleError):
    """Most of the work is done, and what could not be done was shown."""

    exit_code = 3
    code = "unfinished"
    assurance = ""


class Fault(LostSaleError):
    """A mistake in lostsale itself."""

    code = "fault"
    assurance = ""

"""Everything that can go wrong, each with its sentence and its exit code. Only `cli` shows them.
What is shown may end in a command, so it is here, too, that one is quoted for the shell."""

import os
from collections.abc import Iterable


class LostSaleError(Exception):
    """Something the user should know, in one sentence.

    `what` says what is wrong, `hint` what to do about it, and `command` is typed to do it (`undo`);
    none of them ends in a period. `options` make what was typed work. `has_draft` says that what
    was typed can be taken up again.
    """

    exit_code = 1
    code = "error"
    assurance = "Nothing was changed."
    has_draft = False
    program = "lostsale"  # with the journal that it was called for

    def __init__(
        self, what: str, hint: str = "", command: str = "", options: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.command = command
        self.options = options

    @property
    def advice(self) -> str:
        """What to do about it, ready to be pasted where it ends in a command."""
        return f"{self.hint}: {self.program} {self.command}" if self.command else self.hint

    def __str__(self) -> str:
        # A period after a command would be copied with it.
        end = "" if self.command or not self.hint or self.hint.endswith("?") else "."
        sentences = (f"{self.what}.", self.assurance, f"{self.advice}{end}")
        return " ".join(filter(None, sentences))


def nearest(word: str, known: Iterable[str], otherwise: str = "", cutoff: float = 0.6) -> str:
    """Return the hint that names what `word` may have been meant for; where nothing is near, what
    to say `otherwise`, or all that is known."""
    from difflib import get_close_matches

    words = list(known)
    if near := get_close_matches(word, words, n=3, cutoff=cutoff):
        return f"Did you mean {either(near)}?"
    return otherwise or f"Choose from {', '.join(words)}"


def either(words: Iterable[str]) -> str:
    """Return `one, two or three`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def quote(text: str) -> str:
    """Return a text as the shell at hand takes it for one word: cmd, PowerShell, or on any system
    one like bash."""
    if text.isascii() and text.isalnum():
        return text
    if os.name != "nt" or "MSYSTEM" in os.environ:
        from shlex import quote as quoted

        return quoted(text)
    import re  # what a shell's prompt counts with quotes nothing

    if re.fullmatch(r"(?!@)[\w.:/\\+@-]+", text):
        return text
    # PowerShell adds folders of the user's to the system's.
    if os.environ.get("PSMODULEPATH", "").count(";") > 1:
        return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"  # noqa: RUF001 - it takes all for one
    ended = text[len(text.rstrip("\\")) :]  # backslashes before a quote count twice
    return '"' + re.sub(r'(\\*)"', r'\1\1\\"', text) + ended + '"'


def join(words: Iterable[str]) -> str:
    """Return words as a line for the shell at hand."""
    return " ".join(map(quote, words))


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


class AlreadyThere(CannotOpen):
    """There is a file where one was to be written."""


class NotAJournal(CannotOpen):
    """The file is something else."""

    code = "not-a-journal"


class Damaged(LostSaleError):
    """A file is a journal, and broken; `is_own` unless it is another one than that in use."""

    exit_code = 4
    code = "damaged"
    is_own = True


class Locked(LostSaleError):
    """Another program holds the journal, or the server."""

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


class Unfinished(NotShown):
    """Most of the work is done, and what could not be done was shown."""

    code = "unfinished"


class Fault(LostSaleError):
    """A mistake in lostsale itself."""

    code = "fault"
    assurance = ""

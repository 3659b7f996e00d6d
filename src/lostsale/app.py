"""What a command is handed: the journal, opened on first use; today; and where to show things."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from errno import EINVAL
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from lostsale.api import Journal
from lostsale.domain import periods
from lostsale.domain.loss import Loss
from lostsale.domain.settings import Settings, date_order
from lostsale.errors import BadInput, CannotOpen, NotShown, quote
from lostsale.journal.file import backup_folder, backup_of, make, to_user_error
from lostsale.journal.paths import moved_up, own_folder, real_path, typed_path, usual_path
from lostsale.journal.unfinished import sweep
from lostsale.later import NamedTuple
from lostsale.screen.page import Page, to_plain, to_terminal

_COLORED = {"always": True, "never": False, "auto": None, None: None}


class Result(NamedTuple):
    """What a command answers: in JSON a `value` under its `noun`, with what goes `beside` it;
    otherwise a page, or pages one after the other, made only if they're shown."""

    noun: str
    value: object
    page: Callable[[], Page | Iterator[Page]]
    beside: Mapping[str, object] = MappingProxyType({})


class App:
    """One run of lostsale. Commands that make a journal where there is none set
    `create_if_missing`, and what can look at one that is damaged is not `is_strict`."""

    create_if_missing = False
    is_strict = True
    is_json = False  # whether JSON was asked for
    today: date
    now: str | None  # the time, 14:05; none if the day was given
    args: list[str]  # all that was typed
    _db: str | None = None
    _given_day: str | None = None
    _is_color_given: bool | None = None

    def begin(self, db: str | None, today: str | None, color: str | None = None) -> None:
        """Take the options of all commands. Raises BadInput."""
        self._db, self._given_day = db, today
        if color not in _COLORED:
            raise BadInput(f'There\'s no color "{color}"', "Write auto, always or never")
        self._is_color_given = _COLORED[color]
        given = os.environ.get("LOSTSALE_TODAY") or None if today is None else today
        here = datetime.now()  # noqa: DTZ005 - where the user is
        self.today = here.date() if given is None else _today(given)
        self.now = f"{here:%H:%M}" if given is None else None
        periods.order_of_days = lambda: self.date_order

    @cached_property
    def path(self) -> Path:
        """Where the journal is kept: --db, LOSTSALE_DB, or the platform's data folder. Raises
        BadInput."""
        text = self._db if self._db is not None else os.environ.get("LOSTSALE_DB")
        if text is None:
            if usual := usual_path():
                return Path(usual)
            folder = own_folder()
            if sys.platform == "win32" and moved_up(folder):
                self.tell(f"lostsale: The journal of lostsale 0.1 was moved to {folder}")
            return folder / "lostsale.db"
        ends = (os.sep, os.altsep or os.sep)
        if not text.strip() or text.startswith(("file:", ":memory:")) or text.endswith(ends):
            raise BadInput(
                f'"{text}" isn\'t the path of a file', "Give a file with --db or LOSTSALE_DB"
            )
        return real_path(Path(typed_path(text) or text))

    @property
    def is_named(self) -> bool:
        """Whether the journal is named on the command line, and so known to the user."""
        return self._db is not None

    @property
    def command(self) -> str:
        """How lostsale is called for this journal, to be pasted into a shell."""
        options = {"--db": self._db, "--today": self._given_day}
        given = (f" {name} {quote(text)}" for name, text in options.items() if text is not None)
        return "".join(("lostsale", *given))

    @property
    def has_journal(self) -> bool:
        """Whether there is anything at the journal's path. Raises CannotOpen where it must be."""
        try:
            self.path.lstat()
            is_there = True
        except (FileNotFoundError, NotADirectoryError):
            is_there = False
        except (OSError, ValueError) as error:
            raise CannotOpen(
                f"The journal can't be opened ({error})", "Check the path and its permissions"
            ) from None
        if not is_there and self._db is not None and not self.create_if_missing:
            raise CannotOpen(f"There's no journal at {self.path}", "lostsale log starts one")
        return is_there

    @cached_property
    def journal(self) -> Journal:
        """The journal, an empty one in memory as long as there is none."""
        if self.has_journal:
            journal = Journal.open(self.path, is_strict=self.is_strict)
        else:
            journal = Journal.in_memory()
        journal.today = self.today
        return journal

    def journal_to_fill(self) -> Journal:
        """Return the journal, created first if there is none."""
        if self.journal.is_in_memory:
            lost = self.lost_journal()
            if lost:
                self.tell(f"lostsale: {lost}. Starting a new one.")
            self.journal.close()
            del self.journal
            make(self.path)
        return self.journal

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.journal.settings

    @cached_property
    def date_order(self) -> str:
        """Whether 03/04 is month first (`mdy`) or day first (`dmy`); empty if that is open."""
        locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_TIME", "LANG"))), "")
        return date_order(self.settings["date-order"], self.settings.chosen("currency"), locale)

    def record(self, loss: Loss) -> dict[str, Any]:
        """Return a loss as LOSS of docs/json.md, as of today."""
        from lostsale.export.record import loss_json

        return loss_json(loss, self.today, self.settings.workdays, self.journal.vocabulary)

    def close(self) -> None:
        """Close the journal, if it was opened, sweep up what killed runs left, and back it up after
        its first change of a day."""
        periods.order_of_days = str
        if "journal" not in self.__dict__:
            return
        self.journal.close()
        with suppress(OSError):
            sweep(self.path, backup_folder(self.path))
        today = date.today()  # noqa: DTZ011 - of the real day, whichever is shown
        is_kept = self.journal.written and not self.journal.is_in_memory
        # One that can't be looked for is missing: PTH110 has only what raises then.
        if is_kept and not os.path.exists(backup_of(self.path, today)):  # noqa: PTH110
            from lostsale.journal.backup import keep_backup
            from lostsale.screen.progress import Working

            try:
                with Working("Backing up"):
                    keep_backup(self.path, today)
            except Exception as error:  # noqa: BLE001 - what was to be done is done
                known = to_user_error(error)
                what = known.what if known else f"The backup failed ({type(error).__name__})"
                self.tell(f"lostsale: {what}. No backup was made today. What you did is saved.")

    @property
    def is_interactive(self) -> bool:
        """Whether somebody is there to answer a question."""
        return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)

    @property
    def width(self) -> int | None:
        """The terminal's columns, also where color is asked for off a terminal; None for a pipe
        or a file."""
        if not _is_terminal(sys.stdout) and not self._is_colored(otherwise=False):
            return None
        from shutil import get_terminal_size

        return get_terminal_size().columns

    @property
    def height(self) -> int | None:
        """The terminal's lines; None for a pipe or a file."""
        if not _is_terminal(sys.stdout):
            return None
        from shutil import get_terminal_size

        return get_terminal_size().lines

    def _is_colored(self, *, otherwise: bool) -> bool:
        """Whether color is asked for, by --color or as no-color.org and bixense.com/clicolors have
        it; if nothing says so, what it is `otherwise`."""
        if self._is_color_given is not None:
            return self._is_color_given
        env = os.environ.get
        if env("NO_COLOR"):
            return False
        forced = {env("FORCE_COLOR"), env("CLICOLOR_FORCE")} - {None, "", "0"}
        return bool(forced) or (otherwise and env("CLICOLOR") != "0")

    def render(self, result: Result) -> None:
        """Print what a command answers, as JSON if that was asked for, else as a page."""
        if self.is_json:
            from lostsale.export.record import to_json

            text = to_json(result.noun, result.value, record=self.record, **result.beside)
            self.show(text)
        else:
            page = result.page()
            if isinstance(page, Iterator) or not self._paged(page):
                self.show(page)

    def _paged(self, page: Page) -> bool:
        """Show a page in the pager if it's longer than the terminal; return whether it was."""
        height, width = self.height, self.width
        if height is None or width is None or not self.is_interactive:
            return False
        text = self._on_terminal(page, width)
        if text.count("\n") < height:
            return False
        from shlex import split
        from shutil import which

        pager = os.environ.get("PAGER", "" if os.name == "nt" else "less")
        words = [pager]
        if not which(pager):  # it isn't just a path, which may have spaces in it
            with suppress(ValueError):  # a quote that doesn't end
                words = split(pager.replace(os.sep, "/"))  # a backslash of Windows divides a path
        program = next(map(which, words), None)
        if not program:
            return False
        import signal
        from subprocess import PIPE, Popen

        former = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the pager's
        less = {"LESS": "FRXPsq leaves, Space goes on", "LESSCHARSET": "utf-8"}
        command = [program, *words[1:]]  # Windows wouldn't find more.com by its name
        shows = Popen(command, stdin=PIPE, env={**less, **os.environ})  # noqa: S603 - the user's
        with shows, suppress(BrokenPipeError):
            shows.communicate(text.encode(errors="backslashreplace"))
        signal.signal(signal.SIGINT, former)
        return True

    def _on_terminal(self, page: Page, width: int) -> str:
        return to_terminal(page, width, is_colored=self._is_colored(otherwise=True))

    def show(self, page: Page | Iterator[Page] | str) -> None:
        """Print a page, pages one after the other as they come, or a text that is ready, on
        stdout."""
        pages = page if isinstance(page, Iterator) else iter([page])
        all(map(self._print, pages))
        if "journal" in self.__dict__ and self.journal.is_in_memory and not self.create_if_missing:
            made = f"there's no journal yet; lostsale log starts one at {self.path}"
            self.tell(f"lostsale: {self.lost_journal() or made}")
            self.create_if_missing = True  # said once

    def _print(self, page: Page | str) -> bool:
        """Print a page on stdout; return whether somebody still reads."""
        if not isinstance(page, str):
            width = self.width
            page = to_plain(page) if width is None else self._on_terminal(page, width)
        return write(sys.stdout, page, unread=BrokenPipeError)

    def restoring(self) -> str:
        """Return the command that goes back to the newest good backup; empty if there is none."""
        from lostsale.journal.backup import newest_good

        backup = newest_good(self.path)
        return f"restore {quote(str(backup.absolute()))}" if backup else ""

    def remedy(self) -> tuple[str, str]:
        """Return what helps a damaged journal, and the command for it; empty if nothing does."""
        from lostsale.journal.verify import can_be_repaired

        if can_be_repaired(self.path):
            return "Everything you logged is still there", "verify --repair"
        restore = self.restoring()
        return ("Its newest good backup", restore) if restore else ("", "")

    def lost_journal(self) -> str:
        """Return what to say if the journal is gone but has a backup; empty otherwise."""
        restore = self.restoring() if backup_folder(self.path).is_dir() else ""
        back = f"Its newest good backup: {self.command} {restore}"
        return f"the journal at {self.path} is gone. {back}" if restore else ""

    def tell(self, text: str) -> None:
        """Print a line beside the result, on stderr."""
        write(sys.stderr, to_plain([text]))


def write(stream: TextIO, text: str, unread: type[OSError] = OSError) -> bool:
    """Print a text at once; return whether anybody still reads. If nobody does (an `unread` error),
    the rest is thrown away, but the command still does its work."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        if isinstance(error, unread) or error.errno == EINVAL:  # as Windows says that nobody reads
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            return False
        what = f"The result can't be written ({error.strerror})"
        raise NotShown(what, "What you did is saved") from error
    return True


def _is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks at a stream, or types into it. Windows takes NUL for a terminal, too,
    but it's read and written as a file is."""
    below = getattr(stream, "buffer", stream)
    kind = type(getattr(below, "raw", below)).__name__  # without a buffer it's what is below itself
    return stream.isatty() and (os.name != "nt" or kind == "_WindowsConsoleIO")


def _today(text: str) -> date:
    try:
        day = date.fromisoformat(text)
        if 1900 <= day.year <= 9000:
            return day
    except ValueError:
        pass
    raise BadInput(f'I can\'t read "{text}" as a day', "Write it as 2026-11-24")

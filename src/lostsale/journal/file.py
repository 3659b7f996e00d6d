"""Opening and making the journal's file, what belongs into one, where its backups are, and what
SQLite's errors mean. Nothing here knows losses."""

import os
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from time import monotonic, sleep

from lostsale.domain.columns import LOSS_FIELDS
from lostsale.errors import (
    AlreadyThere,
    CannotOpen,
    Damaged,
    Locked,
    LostSaleError,
    NewerJournal,
    NotAJournal,
)
from lostsale.journal.forms import APPLICATION_ID, CAUTIONS, form, is_made_by_us
from lostsale.journal.paths import real_path, sqlite_uri
from lostsale.journal.unfinished import swept, unfinished_file

SCHEMA = max(11, *(field.since for field in LOSS_FIELDS))
TIMEOUT = 10.0  # seconds to wait for another program's lock
_MAGIC, _LEAST = b"SQLite format 3\0", 512  # how a database begins, and its smallest page
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
# Names that Windows has no files of.
_NO_NAME = r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?|.*([\0-\x1f<>:\"|?*].*|[. ])"

_SETTINGS = f"""
    PRAGMA synchronous = EXTRA;
    PRAGMA fullfsync = ON; -- macOS alone knows it
    PRAGMA foreign_keys = ON;
    {CAUTIONS}
"""


class _File(sqlite3.Connection):
    is_wal = False  # held so by another program: it can be read, and not be written

    def leave_wal(self) -> None:
        """Have the file be all there is: it is copied, and without its WAL it loses data."""
        self.is_wal = True
        with suppress(sqlite3.OperationalError):
            self.execute("PRAGMA journal_mode = DELETE")
            self.is_wal = False


def connect(
    path: Path, before_upgrade: Callable[[Path], None], *, is_strict: bool = True
) -> sqlite3.Connection:
    """Open an existing journal, and upgrade it if an older lostsale wrote it; `before_upgrade` is
    called first, under the lock. `is_strict` as in `version`.

    Raises CannotOpen, NotAJournal, Damaged, NewerJournal, or what `to_user_error` explains; then
    the file is as it was.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise CannotOpen(
            f"SQLite {sqlite3.sqlite_version} is too old", "lostsale needs 3.37 or newer"
        )
    path = real_path(path)
    check_file(path)
    connection = open_file(path)
    try:
        if version(connection, is_strict=is_strict) < SCHEMA:
            _upgrade(connection, lambda: before_upgrade(path))
        connection.executescript(_SETTINGS)
        connection.leave_wal()
    except BaseException:
        connection.close()
        raise
    return connection


def make(path: Path) -> None:
    """Make an empty journal, which only its owner can read, unless another program just did.

    Raises CannotOpen.
    """
    with suppress(AlreadyThere), atomic_file(real_path(path)) as new:
        fill(new)


def fill(new: Path) -> None:
    """Turn an empty file into an empty journal."""
    with looked_at(new) as connection:
        _upgrade(connection)


@contextmanager
def atomic_file(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give the path of an empty file, readable by its owner alone. It appears at `path` when the
    block is done: whole, or not at all.

    Raises CannotOpen; AlreadyThere if there is a file that must not be replaced.
    """
    try:
        _make_folder(path.parent)
        swept(path.parent, f".{path.name[:200]}.")
        with unfinished_file(path.parent, path.name) as new:
            yield new
            _sync(new)
            if replace:
                new.replace(path)
            else:
                _publish(new, path)
            _sync(path.parent)
    except OSError as error:
        if os.name == "nt" and re.fullmatch(_NO_NAME, path.name):
            raise CannotOpen(f"Windows has no file named {path.name}", "Choose another") from None
        if isinstance(error, FileExistsError):
            raise AlreadyThere(
                f"There's already a file at {path}", "Choose another, or add --force"
            ) from None
        hint = f"Check the folder {path.parent}"
        if os.name == "nt" and path.exists():  # nothing takes the place of what is open there
            hint = "Close it in other programs"
        raise CannotOpen(f"{path.name} can't be written ({error.strerror})", hint) from error


def _sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    with suppress(PermissionError):  # Windows can't open a folder, nor sync what is only read
        file = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(file)
            if sys.platform == "darwin":  # its fsync leaves the last step to the disk
                import fcntl

                with suppress(OSError):  # which not every file system knows
                    fcntl.fcntl(file, fcntl.F_FULLFSYNC)
        finally:
            os.close(file)


def in_memory() -> sqlite3.Connection:
    """Open an empty journal in memory: what reading commands see before the first loss."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    _upgrade(connection)
    return connection


def damaged(hint: str = "Go back to a copy of it") -> Damaged:
    """Return the error for a journal that is broken."""
    return Damaged("The journal is damaged", hint)


def backup_folder(path: Path) -> Path:
    """Return the folder of a journal's backups, beside it."""
    return path.with_name(f"{path.name}-backups")


def backup_of(path: Path, day: date) -> Path:
    """Return the path of the backup of a day."""
    return backup_folder(path) / f"{day}.db"


_interrupts: list[BaseException] = []


@cache  # once
def _keep_interrupts() -> None:
    """Keep a Ctrl-C that comes while SQLite calls a function of ours: SQLite only says that the
    function failed. What else such a function stumbles over is damage, and told as that."""
    former = sys.unraisablehook

    def hook(hidden: "sys.UnraisableHookArgs", /) -> None:
        if isinstance(hidden.exc_value, KeyboardInterrupt):
            _interrupts.append(hidden.exc_value)
        elif not getattr(hidden.object, "__module__", "").startswith(__package__):
            former(hidden)

    sys.unraisablehook = hook
    sqlite3.enable_callback_tracebacks(True)  # to the hook


def to_user_error(error: Exception) -> LostSaleError | None:
    """Return what an error means to the user; None if it is neither ours nor SQLite's. Raises the
    KeyboardInterrupt that it hides, if any."""
    if isinstance(error, LostSaleError):
        return error
    if _interrupts:
        raise _interrupts.pop()
    ours = (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError)
    if not isinstance(error, sqlite3.Error) or isinstance(error, ours):
        return None
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_ERROR:
        return None  # no journal that is as we made it brings that about
    if code in {0, sqlite3.SQLITE_CORRUPT}:  # 0: bytes that aren't text
        return damaged()
    kind, what, hint = _MEANINGS.get(
        code,
        (CannotOpen, f"The journal can't be used ({error})", "Check the file and its folder"),
    )
    return kind(what, hint)


_MEANINGS: dict[int, tuple[type[LostSaleError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        Locked,
        "Another program is using the journal",
        "Try again when it's done",
    ),
    sqlite3.SQLITE_NOTADB: (
        NotAJournal,
        "That file is not a lostsale journal",
        "Choose another with --db",
    ),
    sqlite3.SQLITE_FULL: (CannotOpen, "The disk is full", "Free some space and try again"),
    sqlite3.SQLITE_READONLY: (
        CannotOpen,
        "The journal can't be written",
        "Check the permissions of the file and its folder",
    ),
}


def check_file(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises CannotOpen, NotAJournal or Damaged for what can't be a journal: a folder, a pipe, a
    device, a text, an empty file.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise CannotOpen(f"The journal's path is {kind}", "Give a file with --db")
        with path.open("rb") as file:
            head = file.read(_LEAST)
    except OSError as error:
        raise CannotOpen(
            f"The journal can't be opened ({error.strerror})", "Check the path and its permissions"
        ) from error
    if head.startswith(_MAGIC) and len(head) < _LEAST:
        raise damaged()
    if not head.startswith(_MAGIC):
        what = (
            "That file is not a lostsale journal"
            if head
            else "That file is empty: not a lostsale journal"
        )
        raise NotAJournal(what, "Choose another with --db, or move it out of the way")
    return head


@contextmanager
def looked_at(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that exists for as long as the block lasts, without a look at what it holds.
    Whatever the block raises is an error of ours then: what can't be read is damaged."""
    try:
        with closing(open_file(path)) as connection:
            yield connection
    except LostSaleError:
        raise
    except Exception as error:
        raise to_user_error(error) or damaged() from error


def open_file(path: Path) -> _File:
    """Open a file that exists, without a look at what it holds."""
    _keep_interrupts()
    uri = f"{sqlite_uri(str(path.absolute()))}?mode=rw"
    wait = 0 if os.environ.get("_LOSTSALE_COMPLETE") else TIMEOUT  # Tab doesn't wait
    file = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=wait, factory=_File)
    file.row_factory = sqlite3.Row
    file.execute("PRAGMA secure_delete = ON")  # in what is made, copied and upgraded, too
    return file


def version(connection: sqlite3.Connection, *, is_strict: bool = True) -> int:
    """Return the schema of a journal. Raises NotAJournal, NewerJournal, or Damaged; if it
    `is_strict`, that also where a table, an index, a view or a trigger is not as lostsale makes it,
    is missing, or is beside those."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (schema,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_NOTADB:
            raise
        # It begins like SQLite's files, but ends too soon.
        raise damaged() from error
    _check_ours(application, schema)
    if is_strict and not _has_form(connection, schema):
        raise damaged()
    return int(schema)


def _has_form(connection: sqlite3.Connection, schema: int) -> bool:
    found = form(connection)
    if is_made_by_us(found, schema, is_newest=schema == SCHEMA):
        return True
    with closing(in_memory()) as made:  # another SQLite may write it down otherwise
        return schema == SCHEMA and found == form(made)


def check_head(path: Path) -> None:
    """Raise CannotOpen, NotAJournal, Damaged or NewerJournal unless a file begins like a journal.
    SQLite is not asked: it would roll back what a crash left."""
    head = check_file(path)
    _check_ours(int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big"))


def _check_ours(application: int, schema: int) -> None:
    if application != APPLICATION_ID:
        raise NotAJournal("That file belongs to another program", "Choose another with --db")
    if schema > SCHEMA:
        raise NewerJournal("A newer lostsale wrote this journal", "Install the newest lostsale")


def _upgrade(connection: sqlite3.Connection, before: Callable[[], None] | None = None) -> None:
    """Bring the journal to today's schema, whole or not at all; `before` is called first, under the
    lock, unless another program just did all this. Raises CannotOpen if it fails."""
    from lostsale.journal.schema import migrate

    try:
        with transaction(connection):
            schema = version(connection) if before else 0
            if schema < SCHEMA:
                if before:
                    before()
                migrate(connection, schema)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {SCHEMA}")
    except Exception as error:
        if to_user_error(error):
            raise
        raise CannotOpen(
            f"The journal could not be upgraded ({type(error).__name__})", "Please report it"
        ) from error


@contextmanager
def transaction(connection: sqlite3.Connection, *, keep: bool = True) -> Iterator[None]:
    """Keep all that the block writes, or nothing if it raises or `keep` is false. Raises Locked
    while another program holds the file in WAL mode."""
    until = monotonic() + TIMEOUT
    while isinstance(connection, _File) and connection.is_wal:
        if monotonic() > until:
            raise Locked("Another program has the journal open", "Close it there, and try again")
        sleep(0.1)
        connection.leave_wal()
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT" if keep else "ROLLBACK")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _publish(new: Path, path: Path) -> None:
    """Give the file its name, so that nobody sees it half made."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: claim the name first
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        new.replace(path)


def _make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, for their owner alone."""
    if not folder.exists():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(0o700)

"""Copies of the journal: automatic backups, going back to one, and repairing what is kept."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lostsale.errors import AlreadyThere, CannotOpen, Damaged, LostSaleError
from lostsale.journal import file as journal_file
from lostsale.journal.agenda import open_losses, rewrite_turns
from lostsale.journal.changes import refold
from lostsale.journal.paths import sqlite_uri
from lostsale.journal.records import Forgotten
from lostsale.journal.unfinished import SIDECARS, remove_sidecars, unfinished_file
from lostsale.journal.verify import (
    check_sound,
    is_well,
    numbers_of,
    verify_journal,
    wrong_subjects,
)

if TYPE_CHECKING:  # only `verify` needs it
    from lostsale.domain.results import Verified

DAILY, WEEKLY = 7, 4  # backups that are kept
LARGE = 20 * 1024 * 1024  # bytes, above which there is one a week,
OF_LARGE = 3  # and so many are kept
_REPLACED = "replaced"


def back_up(path: Path, target: Path, *, replace: bool = False, must_be_sound: bool = True) -> None:
    """Write a copy of the journal, whole or not at all, for its owner alone.

    Raises CannotOpen, AlreadyThere, and what `check_sound` raises if it `must_be_sound`.
    """
    # Only SQLite may open the file: closing it otherwise would drop the lock of an upgrade.
    with journal_file.atomic_file(target, replace=replace) as new:
        with journal_file.looked_at(path) as journal:
            # Read first: a copy of pages would wait for another program's lock without end.
            journal.executescript("BEGIN; SELECT 1 FROM sqlite_master")
            _copy_pages(journal, new)
        if must_be_sound:
            # Indexes are copied as they are: whether they fit takes five times as long to see.
            check_sound(new, "quick_check")


def _copy_pages(journal: sqlite3.Connection, new: Path) -> None:
    """Copy a journal as it is into an empty file, far quicker than writing it again."""
    with closing(sqlite3.connect(new)) as copy:
        journal.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # another program may hold this one in WAL


def copy_journal(path: Path, new: Path) -> None:
    """Write what a journal holds into an empty file, and nothing that was ever erased."""
    with journal_file.looked_at(path) as journal:
        # As a URI it is text, though the path may be none.
        journal.execute("VACUUM INTO ?", (sqlite_uri(str(new.absolute())),))


def timestamped_path(path: Path, purpose: str) -> Path:
    """Return the path of a backup made now for some purpose."""
    now = datetime.now()  # noqa: DTZ005 - the user's own time
    return journal_file.backup_folder(path) / f"{purpose}-{now:%Y-%m-%d-%H%M%S-%f}.db"


def keep_backup(path: Path, today: date) -> None:
    """Make the day's backup, or the week's of a large journal, unless there is one; delete the ones
    that are too old to keep.

    Raises as `back_up` does.
    """
    new = journal_file.backup_of(path, today)
    former = [day for day in _days(path) if day <= today]  # what is dated ahead tells nothing
    is_large = path.stat().st_size > LARGE
    if any(today - timedelta(7 if is_large else 1) < day <= today for day in former):
        return
    with suppress(AlreadyThere):  # another program just made it
        back_up(path, new)
    sizes = [journal_file.backup_of(path, day).stat().st_size for day in former]
    # Much has vanished since: an old backup may be all that is left of it.
    if sizes and new.stat().st_size * 2 < max(sizes):
        return
    for day in set(former) - kept_days({*former, today}, is_large=is_large):
        journal_file.backup_of(path, day).unlink(missing_ok=True)


def kept_days(days: Iterable[date], *, is_large: bool) -> set[date]:
    """Return the days whose backups are kept: the latest, and before them the last of each week."""
    latest = sorted(days, reverse=True)
    if is_large:
        return set(latest[:OF_LARGE])
    weeks: dict[tuple[int, int], date] = {}
    for day in latest[DAILY:]:
        weeks.setdefault(day.isocalendar()[:2], day)
    return {*latest[:DAILY], *sorted(weeks.values(), reverse=True)[:WEEKLY]}


def _days(path: Path) -> list[date]:
    """Return the days of which there is a backup."""
    days = []
    for backup in backups(path):
        with suppress(ValueError):
            day = date.fromisoformat(backup.stem)
            days += [day] if str(day) == backup.stem else []
    return days


def backups(path: Path) -> list[Path]:
    """Return all copies of a journal in its folder of backups. Raises CannotOpen."""
    folder = journal_file.backup_folder(path)
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".db" and file.is_file())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotOpen(
            f"The backups in {folder} can't be read ({error.strerror})", "Check its permissions"
        ) from error


def newest_first(path: Path) -> list[Path]:
    """Return the backups, newest first."""
    return sorted(backups(path), key=lambda file: file.stat().st_mtime_ns, reverse=True)


def newest_good(path: Path, known: Path | None = None) -> Path | None:
    """Return the newest backup that is sound and as it was written; `known` as for `is_well`."""
    with suppress(OSError, CannotOpen):
        # What a restore set aside is not a backup, and may need the files beside it.
        for backup in (file for file in newest_first(path) if not file.name.startswith(_REPLACED)):
            with suppress(LostSaleError):
                is_good = is_well(backup, known)
                if is_good is None:
                    with taken_copy(backup, "can't be restored", path):
                        is_good = True
                if is_good:
                    return backup
    return None


@contextmanager
def taken_copy(source: Path, what: str, path: Path) -> Iterator[Path]:
    """Give a copy of another journal, checked and of today's schema, while it is needed, beside the
    journal at `path`. The other is left as it is. Errors say that it `what`: those of
    `check_sound`, and Damaged."""
    from tempfile import gettempdir  # most backups need none

    folder = path.parent if os.access(path.parent, os.W_OK) else Path(gettempdir())
    with unfinished_file(folder, path.name) as copy:
        with _errors_about(source, what):
            check_sound(source, "quick_check")
            copy_journal(source, copy)
            with closing(journal_file.open_file(copy)) as made:
                made.execute("REINDEX")  # of a damaged index nothing is lost
            _upgrade(copy)
            if not is_well(copy):
                raise journal_file.damaged()
        yield copy


def _upgrade(copy: Path) -> None:
    try:
        journal_file.connect(copy, lambda _: None).close()
    except CannotOpen as error:  # what it holds stops the upgrade
        raise journal_file.damaged() from error


@contextmanager
def _errors_about(source: Path, what: str) -> Iterator[None]:
    """Have the errors of the block say that they are about another file."""
    try:
        yield
    except Exception as error:
        known = journal_file.to_user_error(error) or journal_file.damaged()
        known.what = f"{source} {what}: {known.what}"
        known.hint = "Choose another"
        if isinstance(known, Damaged):
            known.is_own = False
        raise known from error


def restore_journal(
    path: Path, copy: Path, forget: Callable[[Path, list[Forgotten]], None]
) -> Path | None:
    """Bring the journal back to what a checked `copy` of a backup holds, in which `forget` erases
    what the journal has forgotten; return where the former one is kept. Nobody can write meanwhile.

    Raises as `check_file` if something else is there, and CannotOpen or Locked; then the journal is
    as it was.
    """
    if not path.exists():
        with journal_file.atomic_file(path) as new:
            copy_journal(copy, new)
        return None
    with suppress(Damaged):  # a damaged journal is replaced, another file never
        journal_file.check_head(path)
    aside = timestamped_path(path, _REPLACED)
    try:
        with closing(journal_file.open_file(path)) as old:
            # So the lock stays from one transaction to the next: a copy can only be made outside.
            old.execute("PRAGMA locking_mode = EXCLUSIVE")
            old.executescript("BEGIN EXCLUSIVE; COMMIT")
            forget(copy, _forgotten_in(old))
            with journal_file.atomic_file(aside) as new:
                _copy_pages(old, new)
            # Over the old pages: to a file renamed into place SQLite would apply the rollback
            # journal that a crash left beside the old one.
            with closing(journal_file.open_file(copy)) as good:
                good.backup(old)
            # The last transaction takes SQLite's own journal along, which the mode left there.
            old.execute("PRAGMA locking_mode = NORMAL")
            old.execute(f"PRAGMA user_version = {journal_file.SCHEMA}")
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _replace_unreadable(path, copy, aside)
    return aside


def _forgotten_in(connection: sqlite3.Connection) -> list[Forgotten]:
    """Return what a journal has forgotten; nothing if it can't be read."""
    with suppress(sqlite3.Error, UnicodeDecodeError):
        tables = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'forgotten'"
        if connection.execute(tables).fetchone():  # no view, which may never end
            found = connection.execute("SELECT uid, at FROM forgotten")
            return [Forgotten._make(row) for row in found]
    return []


def _replace_unreadable(path: Path, copy: Path, aside: Path) -> None:
    """Replace a journal that SQLite can't write over, which is kept to the byte with what lies
    beside it."""
    for ending in ("", *SIDECARS):
        file = path.with_name(path.name + ending)
        if file.exists():
            with journal_file.atomic_file(aside.with_name(aside.name + ending)) as new:
                shutil.copyfile(file, new)
    remove_sidecars(path)
    with journal_file.atomic_file(path, replace=True) as new:
        shutil.copyfile(copy, new)


def repair(connection: sqlite3.Connection, path: Path) -> "Verified":
    """Rebuild all that follows from the changes, which must be whole, after a backup. It isn't
    a change, so undo does not take it back. Raises Damaged, with nothing changed, if that does not
    put all right."""
    with journal_file.transaction(connection):
        found = verify_journal(connection)
        if not found.repairable:
            return found
        backup = timestamped_path(path, "before-repair")
        back_up(path, backup, must_be_sound=False)
        _make_anew(connection)
        wrong = wrong_subjects(connection)
        connection.execute("DELETE FROM turns")  # of a loss that is gone there may be some
        refold(connection, *wrong)
        rewrite_turns(connection, open_losses(connection))
        now = verify_journal(connection)
        if not now.ok:
            raise journal_file.damaged()
        repaired = numbers_of(connection, wrong)
    return now._replace(repaired=repaired, replaced=str(backup))


def _make_anew(connection: sqlite3.Connection) -> None:
    """Rebuild all indexes and views, and drop what lostsale did not make."""
    with closing(journal_file.in_memory()) as new:
        tables, made = new.execute(
            "SELECT json_group_array(name) FILTER (WHERE type = 'table'),"
            " json_group_array(sql) FILTER (WHERE type IN ('index', 'view') AND sql IS NOT NULL)"
            " FROM sqlite_master"
        ).fetchone()
    kept = {*json.loads(tables), "sqlite_stat1", "sqlite_stat4"}
    for kind in ("trigger", "view", "index", "table"):
        there = "SELECT name FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY name"
        for (name,) in connection.execute(there, (kind,)).fetchall():
            if name not in kept:
                quoted = name.replace('"', '""')
                connection.execute(f'DROP {kind} IF EXISTS "{quoted}"')
    for statement in json.loads(made):
        connection.execute(statement)
    connection.execute("REINDEX")

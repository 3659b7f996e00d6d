"""Copies of the journal: automatic backups, going back to one, and checking and repairing what is
kept."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from lostsale.domain.results import Verified
from lostsale.errors import AlreadyThere, BadInput, CannotOpen, Damaged, LostSaleError
from lostsale.journal import file as journal_file
from lostsale.journal.changes import checksum, matches_changes, refold, vocabulary
from lostsale.journal.unfinished import SIDECARS, remove_sidecars

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
        copy_journal(path, new)
        if must_be_sound:
            check_sound(new, "quick_check")  # its indexes were just made, so they fit


def copy_journal(path: Path, new: Path) -> None:
    """Copy what a journal holds into an empty file."""
    with closing(journal_file.open_file(path)) as journal:
        # As a URI it is text, though the path may be none.
        journal.execute("VACUUM INTO ?", (new.absolute().as_uri(),))


def check_sound(path: Path, how: str = "integrity_check") -> None:
    """Raise NotAJournal, NewerJournal, Damaged or what SQLite raises unless a file is a sound
    journal."""
    journal_file.check_file(path)
    with closing(journal_file.open_file(path)) as journal:
        journal_file.version(journal)
        if [row[0] for row in journal.execute(f"PRAGMA {how}(1)")] != ["ok"]:
            raise journal_file.damaged()


def timestamped_path(path: Path, purpose: str) -> Path:
    """Return the path of a backup made now for some purpose."""
    now = datetime.now()  # noqa: DTZ005 - the user's own time
    return journal_file.backup_folder(path) / f"{purpose}-{now:%Y-%m-%d-%H%M%S-%f}.db"


def keep_backup(path: Path, today: date) -> None:
    """Make the day's backup, or the week's of a large journal, unless there is one; delete those
    that are not kept any longer.

    Raises as `back_up` does.
    """
    new, former = journal_file.backup_of(path, today), _days(path)
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
    for backup in journal_file.backup_folder(path).glob("????-??-??.db"):
        with suppress(ValueError):
            days.append(date.fromisoformat(backup.stem))
    return days


def backups(path: Path) -> list[Path]:
    """Return all copies of a journal in its folder of backups. Raises CannotOpen if that can't be
    read."""
    folder = journal_file.backup_folder(path)
    try:
        return sorted(file for file in folder.iterdir() if file.suffix == ".db" and file.exists())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotOpen(
            f"The backups in {folder} can't be read ({error.strerror})", "Look at its rights"
        ) from error


def newest_first(path: Path) -> list[Path]:
    """Return the backups, newest first."""
    return sorted(backups(path), key=lambda file: file.stat().st_mtime_ns, reverse=True)


def newest_good(path: Path) -> Path | None:
    """Return the newest backup that is sound and as it was written."""
    with suppress(OSError, CannotOpen):
        # What a restore set aside is not a backup, and may need the files beside it.
        for backup in (file for file in newest_first(path) if not file.name.startswith(_REPLACED)):
            with suppress(LostSaleError, sqlite3.Error):
                check_sound(backup)
                if is_well(backup):
                    return backup
    return None


def is_well(path: Path) -> bool:
    """Whether a journal is as it was written. Raises where it can't even be read."""
    found = _verified(path)
    return found is None or found.ok  # of older tables only the file can be checked


def can_be_repaired(path: Path) -> bool:
    """Whether a journal is damaged, but all of its changes are whole."""
    with suppress(LostSaleError, sqlite3.Error, OSError):
        found = _verified(path)
        return found is not None and found.repairable
    return False


def _verified(path: Path) -> Verified | None:
    with closing(journal_file.open_file(path)) as connection:
        is_current = journal_file.version(connection) == journal_file.SCHEMA
        return verify_journal(connection) if is_current else None


def check_backup(source: Path) -> None:
    """Raise as `check_sound` does, or Damaged, unless a file can be restored."""
    with errors_about(source, "is no backup to go back to"):
        check_sound(source)
        if not is_well(source):
            raise journal_file.damaged()


@contextmanager
def errors_about(source: Path, what: str) -> Iterator[None]:
    """Have the errors of the block say that they are about another file."""
    try:
        yield
    except Exception as error:
        known = journal_file.to_user_error(error)
        if known is None:
            raise
        known.what = f"{source} {what}: {known.what}"
        known.hint = "Name another"
        if isinstance(known, Damaged):
            known.is_own = False
        raise known from error


def restore_journal(path: Path, source: Path) -> Path | None:
    """Bring the journal back to what `source` holds; return where the former one is kept.

    Raises as `check_backup` does, as `check_file` if something else is there, and CannotOpen or
    Locked; then the journal is as it was.
    """
    check_backup(source)
    if path.exists() and path.samefile(source):
        raise BadInput("The journal can't be restored from itself", "Name a backup")
    if not path.exists():
        with journal_file.atomic_file(path) as new:
            copy_journal(source, new)
        return None
    with suppress(Damaged):  # a damaged journal is replaced, another file never
        journal_file.check_head(path)
    replaced = _put_aside(path)
    try:
        # Over the old pages, under SQLite's lock: to a file renamed into place SQLite would apply
        # the rollback journal that a crash left beside the old one.
        with (
            closing(journal_file.open_file(source)) as good,
            closing(journal_file.open_file(path)) as old,
        ):
            good.backup(old)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        remove_sidecars(path)  # SQLite can't write over a file that it can't read
        with journal_file.atomic_file(path, replace=True) as new:
            shutil.copyfile(source, new)
    return replaced


def _put_aside(path: Path) -> Path:
    """Copy the journal to the byte, with what SQLite keeps beside it."""
    aside = timestamped_path(path, _REPLACED)
    for ending in ("", *SIDECARS):
        file = path.with_name(path.name + ending)
        if file.exists():
            with journal_file.atomic_file(aside.with_name(aside.name + ending)) as new:
                shutil.copyfile(file, new)
    return aside


def verify_journal(connection: sqlite3.Connection) -> Verified:
    """Check all that the journal holds: the file, each change's checksum, and that the tables are
    the fold of the changes. Raises what SQLite raises where nothing can be read."""
    execute = connection.execute
    found = [str(row[0]) for row in execute("PRAGMA integrity_check(20)")]
    file = [] if found == ["ok"] else found
    strays = dict.fromkeys(table for table, *_ in execute("PRAGMA foreign_key_check"))
    file += [f"{table} holds what belongs to no loss" for table in strays]
    with closing(journal_file.in_memory()) as new:
        has_own_tables = _schema(connection) == _schema(new)
    if not has_own_tables:
        file.append("its tables are not those that lostsale makes")
    wrong = set(_wrong(connection))
    are_changes_whole = has_own_tables and "changed" not in strays
    for change, kept_sum in execute("SELECT id, checksum FROM changes").fetchall():
        if not _is_intact(connection, change, kept_sum):
            are_changes_whole = False
            query = "SELECT DISTINCT subject FROM changed WHERE change = ?"
            wrong |= {subject for (subject,) in execute(query, (change,))} or {""}
    numbers = _numbers(connection, wrong)
    if len(numbers) < len(wrong):
        file.append("the changes and what is kept of them differ")
    (losses,) = execute("SELECT count(*) FROM losses").fetchone()
    (changes,) = execute("SELECT count(*) FROM changes").fetchone()
    is_well = not (file or wrong)
    return Verified(
        ok=is_well,
        losses=losses,
        changes=changes,
        file=tuple(file),
        wrong=numbers,
        repairable=are_changes_whole and not is_well,
    )


def repair(connection: sqlite3.Connection, path: Path) -> Verified:
    """Fold all anew that is not as the changes have it, which must be whole, after a backup. It is
    no change, so undo does not take it back. Raises Damaged, with nothing changed, if that does not
    put all right."""
    with journal_file.transaction(connection):
        found = verify_journal(connection)
        if not found.repairable:
            return found
        backup = timestamped_path(path, "before-repair")
        back_up(path, backup, must_be_sound=False)
        connection.execute("REINDEX")
        wrong = _wrong(connection)
        refold(connection, *wrong)
        now = verify_journal(connection)
        if not now.ok:
            raise journal_file.damaged()
        repaired = _numbers(connection, wrong)
    return now._replace(repaired=repaired, replaced=str(backup))


def _wrong(connection: sqlite3.Connection) -> list[str]:
    """Return the subjects of which the tables hold other than the changes, the earliest first."""
    subjects = connection.execute(
        """
        SELECT subject FROM (
            SELECT subject, change FROM changed
            UNION ALL SELECT uid, NULL FROM losses UNION ALL SELECT loss, NULL FROM contacts
            UNION ALL SELECT loss, NULL FROM referrals UNION ALL SELECT key, NULL FROM settings
            UNION ALL SELECT code, NULL FROM reasons
        ) GROUP BY subject ORDER BY min(change)
        """
    ).fetchall()
    codes = vocabulary(connection)
    return [one for (one,) in subjects if not matches_changes(connection, one, codes)]


def _numbers(connection: sqlite3.Connection, uids: Iterable[str]) -> tuple[int, ...]:
    query = "SELECT number FROM losses WHERE uid = ?"
    return tuple(sorted(number for uid in uids for (number,) in connection.execute(query, (uid,))))


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    return {
        (name, sql)
        for name, sql in connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        )
        if not name.startswith(("sqlite_", "_sqlite_"))
    }


def _is_intact(journal: sqlite3.Connection, change: int, kept_sum: int) -> bool:
    try:
        return checksum(journal, change) == kept_sum
    except (sqlite3.Error, ValueError, LookupError, TypeError):
        return False

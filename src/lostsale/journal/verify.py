"""Checking a journal: whether it is as lostsale wrote it, and making anew what follows from its
changes."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

from lostsale.domain.results import Verified
from lostsale.errors import LostSaleError
from lostsale.journal import file as journal_file
from lostsale.journal.changes import checksum, matches_changes, refold, vocabulary

_LAST_NUMBER = 10**12  # nobody loses so many sales


def is_well(path: Path) -> bool:
    """Whether a journal is as it was written. Raises an error of ours where it can't be read."""
    found = _verified(path)
    return found is None or found.ok  # of older tables only the file can be checked


def can_be_repaired(path: Path) -> bool:
    """Whether a journal is damaged, but all of its changes are whole."""
    with suppress(LostSaleError):
        found = _verified(path)
        return found is not None and found.repairable
    return False


def _verified(path: Path) -> Verified | None:
    journal_file.check_file(path)
    with journal_file.looked_at(path) as connection:
        schema = journal_file.version(connection, is_strict=False)
        is_current = schema == journal_file.SCHEMA
        return verify_journal(connection) if is_current else None


def verify_journal(connection: sqlite3.Connection) -> Verified:
    """Check all that the journal holds: the file, what belongs into it, each change's checksum and
    values, and that the tables are the fold of the changes. Raises what SQLite raises where nothing
    can be read."""
    execute = connection.execute
    there, ours = _objects(connection), _ours()
    odd = sorted({name for _, name, *_ in there ^ ours})
    file = [f"lostsale did not make it so: {', '.join(odd)}"] if odd else []
    if any(kind == "table" for kind, *_ in ours - there):  # nothing in it can be asked for
        return Verified(ok=False, losses=0, changes=0, file=tuple(file), wrong=())
    if not odd:  # what is odd there may have no end
        found = [str(row[0]) for row in execute("PRAGMA integrity_check(20)")]
        file += [] if found == ["ok"] else found
    strays = dict.fromkeys(table for table, *_ in execute("PRAGMA foreign_key_check"))
    file += [f"{table} holds what belongs to no loss" for table in strays]
    changes = execute("SELECT id, checksum FROM changes").fetchall()
    broken = [
        change for change, kept_sum in changes if not _is_intact(connection, change, kept_sum)
    ]
    values, wrong = _odd_values(connection, broken)
    file += values
    are_changes_whole = not (values or broken) and "changed" not in strays
    for change in broken:
        query = "SELECT DISTINCT subject FROM changed WHERE change = ?"
        wrong |= {subject for (subject,) in execute(query, (change,))} or {""}
    wrong |= set(_wrong(connection))
    numbers = _numbers(connection, wrong)
    if len(numbers) < len(wrong):
        file.append("the changes and what is kept of them differ")
    (losses,) = execute("SELECT count(*) FROM losses").fetchone()
    is_well = not (file or wrong)
    return Verified(
        ok=is_well,
        losses=losses,
        changes=len(changes),
        file=tuple(file),
        wrong=numbers,
        repairable=are_changes_whole and not is_well,
    )


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    """Return what SQLite keeps of a journal's schema, as kind, name and SQL, without what others
    write into it: ANALYZE, and sqlite-utils of its own table."""
    found = connection.execute(
        "SELECT type, name, iif(tbl_name = '_sqlite_migrations', NULL, sql) FROM sqlite_master"
        " WHERE type <> 'table' OR name NOT IN ('sqlite_stat1', 'sqlite_stat4')"
    )
    return {(kind, name, sql) for kind, name, sql in found}


def _ours() -> set[tuple[str, str, str | None]]:
    with closing(journal_file.in_memory()) as new:
        return _objects(new)


def _odd_values(connection: sqlite3.Connection, broken: list[int]) -> tuple[list[str], set[str]]:
    """Return what is kept, but for changes that are broken, that lostsale never writes, and the
    losses concerned."""
    from lostsale.domain.values import is_read, odd_column, read_time_of_change

    execute, odd, losses = connection.execute, dict[str, None](), set[str]()
    moments = execute("SELECT at, by_hand FROM changes UNION SELECT at, 0 FROM forgotten")
    if not all(by_hand in {0, 1} and is_read(read_time_of_change, at) for at, by_hand in moments):
        odd["time of a change"] = None
    for schema, kind, subject, row, text in execute(
        "SELECT schema, kind, subject, row, value FROM changed JOIN changes ON id = change"
        " WHERE id NOT IN (SELECT value FROM json_each(?))",
        (json.dumps(broken),),
    ):
        is_newer = (schema or 0) > journal_file.SCHEMA
        try:
            column = odd_column(kind, subject, row, json.loads(text), is_newer=is_newer)
        except (ValueError, TypeError, AttributeError, RecursionError):
            column = "value"
        if column is not None:
            of_loss = kind in {"loss", "contact", "referral"}
            odd[f"{column or 'uid'} of a {kind}" if of_loss else f"{kind} {row[:40]}"] = None
            losses |= {subject} if of_loss else set()
    (least,) = execute("SELECT min(number) FROM losses").fetchone()
    (last,) = execute("SELECT max(seq) FROM sqlite_sequence").fetchone()
    if (least or 1) < 1 or (last or 1) > _LAST_NUMBER:
        odd["number of a loss"] = None
    return [f"lostsale never writes such a {what}" for what in odd], losses


def repair(connection: sqlite3.Connection, back_up: Callable[[], Path]) -> Verified:
    """Make all anew that follows from the changes, which must be whole, after `back_up`, which says
    where what was there is kept. That makes no change, so undo does not take it back. Raises
    Damaged, with nothing changed, if that does not put all right."""
    with journal_file.transaction(connection):
        found = verify_journal(connection)
        if not found.repairable:
            return found
        backup = back_up()
        _make_anew(connection)
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


def _make_anew(connection: sqlite3.Connection) -> None:
    """Make all indexes and views anew, and drop what lostsale did not make."""
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


def _is_intact(journal: sqlite3.Connection, change: int, kept_sum: int) -> bool:
    try:
        return checksum(journal, change) == kept_sum
    except (sqlite3.Error, ValueError, LookupError, TypeError):
        return False

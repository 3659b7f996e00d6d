"""Checking whether a journal is as lostsale wrote it."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, get_args

from lostsale.domain.loss import KINDS, OUTCOMES, REST, RealSource
from lostsale.domain.money import CURRENCIES, LIMIT
from lostsale.domain.reasons import CODE, REASON_KINDS, WEAKNESSES
from lostsale.domain.results import Verified
from lostsale.domain.settings import is_setting
from lostsale.errors import LostSaleError
from lostsale.journal import file as journal_file
from lostsale.journal.agenda import wrong_turns
from lostsale.journal.changes import (
    HEAD,
    checksum,
    columns_set,
    differing,
    matches_changes,
    vocabulary,
)
from lostsale.journal.forms import form
from lostsale.journal.paths import sqlite_uri
from lostsale.journal.records import ChangedRow
from lostsale.journal.tables import TABLES, UNREADABLE, Value, Values

_LAST_NUMBER = 10**12  # nobody loses so many sales


def check_sound(path: Path, how: str = "integrity_check") -> None:
    """Raise NotAJournal, NewerJournal, Damaged or another error of ours unless a file is a sound
    journal."""
    journal_file.check_file(path)
    with journal_file.looked_at(path) as journal:
        journal_file.version(journal)
        if [row[0] for row in journal.execute(f"PRAGMA {how}(1)")] != ["ok"]:
            raise journal_file.damaged()


def is_well(path: Path, known: Path | None = None) -> bool | None:
    """Whether a journal is sound and as it was written; None if its tables are older, so that only
    an upgraded copy tells. It takes far less time if there is a `known` one that is well. Raises an
    error of ours where it can't be read."""
    found = _verified(path, known)
    if found is None:
        check_sound(path)
    return found and found.ok


def can_be_repaired(path: Path) -> bool:
    """Whether a journal is damaged, but all of its changes are whole."""
    with suppress(LostSaleError):
        found = _verified(path)
        return found is not None and found.repairable
    return False


def _verified(path: Path, known: Path | None = None) -> Verified | None:
    journal_file.check_file(path)
    with journal_file.looked_at(path) as connection:
        schema = journal_file.version(connection, is_strict=False)
        is_current = schema == journal_file.SCHEMA
        return verify_journal(connection, known) if is_current else None


def verify_journal(connection: sqlite3.Connection, known: Path | None = None) -> Verified:
    """Check all that the journal holds: the file, what belongs into it, each change's checksum and
    values, and that the tables are the fold of the changes. What it has in common with the one at
    `known`, which must be well, is compared with that. Raises what SQLite raises where nothing can
    be read."""
    execute = connection.execute
    there = _objects(connection)
    with closing(journal_file.in_memory()) as new:
        ours = _objects(new)
    odd = sorted({name for _, name, *_ in there ^ ours})
    file = [f"lostsale didn't create it that way: {', '.join(odd)}"] if odd else []
    if any(kind == "table" for kind, *_ in ours - there):  # nothing in it can be asked for
        return Verified(ok=False, losses=0, changes=0, file=tuple(file), wrong=())
    if not odd:  # what is odd there may have no end
        found = [str(row[0]) for row in execute("PRAGMA integrity_check(20)")]
        file += [] if found == ["ok"] else found
    strays = dict.fromkeys(table for table, *_ in execute("PRAGMA foreign_key_check"))
    file += [f"{table} has rows that don't belong to any loss" for table in strays]
    among = _not_as_in(known, connection) if known and not file else None
    changes = execute("SELECT id, checksum FROM changes").fetchall()
    broken = [
        change
        for change, kept_sum in changes
        if among is None and not _is_intact(connection, change, kept_sum)
    ]
    values, wrong = _odd_values(connection, broken, are_known=among is not None)
    file += values
    are_changes_whole = not (values or broken) and "changed" not in strays
    for change in broken:
        query = "SELECT DISTINCT subject FROM changed WHERE change = ?"
        wrong |= {subject for (subject,) in execute(query, (change,))} or {""}
    wrong |= set(wrong_subjects(connection, among))
    numbers = numbers_of(connection, wrong)
    if len(numbers) < len(wrong):
        file.append("the tables don't match the changes")
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


def _objects(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    return {tuple(one) for part in form(connection) for one in json.loads(part)}


def _not_as_in(known: Path, connection: sqlite3.Connection) -> list[str] | None:
    """Return the subjects that may have other changes than in the journal at `known`, or other rows
    in the tables; None unless it has all the changes here, the same codes of reasons, and all that
    was forgotten."""
    new = "SELECT id FROM known.changes WHERE id NOT IN (SELECT id FROM main.changes)"
    undone = f"SELECT undoes FROM known.changes WHERE id IN ({new})"
    all_known = f"known.changed WHERE change NOT IN ({new})"
    strange = (
        _lacking("changes", ("id", *HEAD.split(", "), "checksum"), "id"),
        _lacking("changed", ("rowid", "change", *ChangedRow._fields), "change"),
        f"SELECT 1 WHERE (SELECT count(*) FROM changed) <> (SELECT count(*) FROM {all_known})",
        "SELECT * FROM main.forgotten EXCEPT SELECT * FROM known.forgotten",
        "SELECT * FROM main.reasons EXCEPT SELECT * FROM known.reasons",
        "SELECT * FROM known.reasons EXCEPT SELECT * FROM main.reasons",
    )
    doubtful = (
        f"SELECT subject FROM known.changed WHERE change IN ({new})",
        f"SELECT subject FROM changed JOIN changes ON id = change WHERE uid IN ({undone})",
        *(_lacking(one.name, (one.key, *one.columns), one.subject) for one in TABLES.values()),
        *(_lacking(one.name, (one.key,), one.subject, "known") for one in TABLES.values()),
    )
    execute = connection.execute
    with suppress(*UNREADABLE):
        execute("ATTACH ? AS known", (f"{sqlite_uri(str(known.absolute()))}?mode=rw",))
        try:
            if not any(execute(query).fetchone() for query in strange):
                return [one for (one,) in execute(" UNION ".join(doubtful))]
        finally:
            execute("DETACH known")
    return None


def _lacking(table: str, columns: tuple[str, ...], found: str, of: str = "main") -> str:
    """Return the query for the rows of one journal's table, by their key and more columns, that the
    other's doesn't have."""
    other = {"main": "known", "known": "main"}[of]
    ours, theirs = (", ".join(f"{one}.{column}" for column in columns) for one in "ab")
    return (
        f"SELECT a.{found} FROM {of}.{table} AS a LEFT JOIN {other}.{table} AS b"
        f" ON a.{columns[0]} = b.{columns[0]} WHERE ({ours}) IS NOT ({theirs})"
    )


def _odd_values(
    connection: sqlite3.Connection, broken: list[int], *, are_known: bool
) -> tuple[list[str], set[str]]:
    """Return what is kept that lostsale never writes, but in changes that are broken, and the
    losses concerned. What changes hold is not looked at if they `are_known`."""
    execute, odd, losses = connection.execute, dict[str, None](), set[str]()
    query = (
        "SELECT schema, kind, subject, row, value FROM changed JOIN changes ON id = change"
        " WHERE id NOT IN (SELECT value FROM json_each(?))"
    )
    for schema, kind, subject, row, text in (
        () if are_known else execute(query, (json.dumps(broken),))
    ):
        try:
            column = _odd_column(kind, subject, row, columns_set(text))
        except (ValueError, TypeError, AttributeError, RecursionError):
            column = "value"
        if column and (schema or 0) <= journal_file.SCHEMA:  # else who wrote it knows more
            of_loss = kind in {"loss", "contact", "referral"}
            odd[f"{column} of a {kind}" if of_loss else f"{kind} {row[:40]}"] = None
            losses |= {subject} if of_loss else set()
    moments = execute("SELECT at, by_hand FROM changes UNION SELECT at, 0 FROM forgotten")
    if not all(_is(_moment, at) and by_hand in {0, 1} for at, by_hand in moments):
        odd["time of a change"] = None
    if not all(_is(_UID, uid) for (uid,) in execute("SELECT uid FROM forgotten")):
        odd["uid of what was forgotten"] = None
    least, last = execute(
        "SELECT (SELECT min(number) FROM losses), (SELECT max(seq) FROM sqlite_sequence)"
    ).fetchone()
    if (least or 1) < 1 or (last or 1) > _LAST_NUMBER:
        odd["number of a loss"] = None
    return [f"lostsale would never write that {what}" for what in odd], losses


def _odd_column(kind: str, subject: str, row: str, values: Values) -> str | None:
    """Return a column of a row that lostsale never sets so, None if there is none."""
    table = TABLES.get(kind)
    if table is None:
        return "kind"
    if subject != (values.get("loss") if table.subject == "loss" else row):
        return "loss"
    if kind not in {"setting", "reason"} and not _is(_UID, row):
        return "uid"
    if kind == "setting" and (value := values.get("value")) is not None:
        return None if is_setting(row, str(value)) else "value"
    return _odd_value(values, _checks_of(kind))


def _odd_value(values: Values, checks: Mapping[str, Callable[[Any], object]]) -> str | None:
    column = ""
    try:
        for column, value in values.items():
            check = checks[column]
            if value is not None and not check(value):
                return column
    except (ValueError, TypeError, LookupError):
        return column
    alone = [one for one, two in _PAIRS if (values.get(one) is None) != (values.get(two) is None)]
    return alone[0] if alone else None


def _is(check: Callable[[Any], object], value: Value) -> bool:
    try:
        return bool(check(value))
    except (ValueError, TypeError):
        return False


@lru_cache(4096)
def _day(text: str) -> bool:
    return 1899 <= date.fromisoformat(text).year <= 9998


def _moment(text: str) -> bool:
    """Whether it's when a change was made: in UTC, so written that an earlier one sorts first, with
    moments left after it."""
    moment = datetime.fromisoformat(text).isoformat(timespec="microseconds")
    return moment == text and text.endswith("+00:00") and "1899" <= text < "9998-12-31"


@lru_cache(1024)
def _codes(text: str) -> bool:
    return all(map(_CODE, json.loads(text)))


def _below(limit: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and 0 <= value < limit


_CODE = lru_cache(1024)(re.compile(CODE).fullmatch)  # as below, what comes again and again
_UID = re.compile("[0-9A-Za-z_-]{1,64}").fullmatch
# What there may be in a column, by how its name ends; elsewhere any text.
_CHECKS: dict[str, Callable[[Any], object]] = {
    "next_on": date.fromisoformat,  # where the plan leads to
    "_on": _day,
    "_at": datetime.fromisoformat,
    "_time": re.compile("([01][0-9]|2[0-3]):[0-5][0-9]").fullmatch,
    **dict.fromkeys(("_code", "alias_of"), _CODE),
    "signals": _codes,
    "kind": {*KINDS, REST, "note", *REASON_KINDS}.__contains__,
    "outcome": {*OUTCOMES}.__contains__,
    "weakness": {*WEAKNESSES}.__contains__,
    "real_source": {*get_args(RealSource)}.__contains__,
    "amount": _below(LIMIT),
    "currency": CURRENCIES.__contains__,
    **dict.fromkeys(("_found", "marked", "answered"), _below(2)),
    **dict.fromkeys(("tries", "minutes", "place"), _below(10**6)),
}


@cache
def _checks_of(kind: str) -> dict[str, Callable[[Any], object]]:
    """Return what checks each column of a table."""
    return {
        column: next((check for ending, check in _CHECKS.items() if column.endswith(ending)), len)
        for column in TABLES[kind].columns
    }


_PAIRS = (("amount", "currency"), ("won_amount", "won_currency"), ("next_kind", "next_on"))


def wrong_subjects(connection: sqlite3.Connection, among: list[str] | None = None) -> list[str]:
    """Return the subjects, all or `among` these, of which the tables hold other than what follows
    from the changes, the earliest first."""
    codes = vocabulary(connection)
    found = differing(connection)
    if among is not None:
        found = (one for one in among if not matches_changes(connection, one, codes))
    first = "SELECT ifnull(min(change), 0) FROM changed WHERE subject = ?"
    wrong = {*wrong_turns(connection), *found}
    return sorted(wrong, key=lambda one: (*connection.execute(first, (one,)).fetchone(), one))


def numbers_of(connection: sqlite3.Connection, uids: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of those of the losses that there are."""
    query = "SELECT number FROM losses WHERE uid = ?"
    return tuple(sorted(number for uid in uids for (number,) in connection.execute(query, (uid,))))


def _is_intact(journal: sqlite3.Connection, change: int, kept_sum: int) -> bool:
    with suppress(*UNREADABLE):
        return checksum(journal, change) == kept_sum
    return False

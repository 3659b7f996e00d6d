"""The fold: how the present follows from the changes, for writing, undoing, merging and checking
alike.

A change holds, for each row that it touches, the columns that it sets: always whole field groups,
so that two values of one group never mix. A row's present is its changes laid over one another:
imports first, then what was done by hand, each by time and uid, without those that were undone.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii as _quoted
from typing import NamedTuple

from lostsale.errors import Damaged

# The columns that are one value together; every other column is a group by itself.
GROUPS = (
    ("amount", "currency"),
    ("said_code", "said_words"),
    ("guess_code", "guess_words"),
    ("asked_on", "real_code", "real_words", "real_source", "real_on"),
    (
        *("next_kind", "next_on", "next_time", "next_marked", "next_tries", "next_minutes"),
        *("next_where", "plan_step"),
    ),
    ("won_on", "won_amount", "won_currency", "won_note"),
    ("source_system", "source_record"),
)
_GROUP_OF = {column: group for group in GROUPS for column in group}


class Table(NamedTuple):
    """Where the rows of a kind are kept: its key column, its other columns, and the column without
    which a row does not exist."""

    name: str
    key: str
    columns: tuple[str, ...]
    made_by: str

    @property
    def subject(self) -> str:
        """The column that names what a row belongs to: its loss, else the row itself."""
        return "loss" if "loss" in self.columns else self.key


TABLES = {
    "loss": Table(
        "losses",
        "uid",
        (
            *("prospect", "contact", "email", "phone", "product", "amount", "currency", "lost_on"),
            *("stage", "outcome", "lost_to", "said_code", "said_words", "signals", "guess_code"),
            *("guess_words", "asked_on", "real_code", "real_words", "real_source", "real_on"),
            *("way_in", "weakness", "lesson", "note", "next_kind", "next_on", "next_time"),
            *("next_marked", "next_tries", "next_minutes", "next_where", "plan_step", "won_on"),
            *("won_amount", "won_currency", "won_note", "rested_on", "source_system"),
            *("source_record", "logged_at"),
        ),
        "logged_at",
    ),
    "contact": Table(
        "contacts",
        "uid",
        ("loss", "kind", "done_on", "answered", "marked", "note", "at", "place"),
        "loss",
    ),
    "referral": Table(
        "referrals",
        "uid",
        ("loss", "name", "phone", "email", "given_on", "note", "at", "place"),
        "loss",
    ),
    "setting": Table("settings", "key", ("value",), "value"),
    "reason": Table("reasons", "code", ("kind", "weakness", "alias_of"), "kind"),
}

Value = str | int | None
Values = dict[str, Value]


def whole_groups(before: Values, after: Values) -> Values:
    """Return what of `after` differs from `before`, with the rest of each group that does."""
    differing = {column for column in after if after[column] != before.get(column)}
    touched = {member for column in differing for member in group_of(column)}
    return {column: after[column] for column in after if column in touched}


def fold(history: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], Values]:
    """Return the present of each (kind, row), given (kind, row, value) in their order of
    precedence."""
    present: dict[tuple[str, str], Values] = {}
    for kind, row, value in history:
        present.setdefault((kind, row), {}).update(json.loads(value))
    rows = {key: now for key, now in present.items() if now.get(TABLES[key[0]].made_by) is not None}
    # Nothing hangs on a loss that does not exist.
    return {
        (kind, row): values
        for (kind, row), values in rows.items()
        if TABLES[kind].subject != "loss" or ("loss", values["loss"]) in rows
    }


# Of a change: that nothing takes it back.
NOT_UNDONE = "NOT EXISTS (SELECT 1 FROM changes AS undo WHERE undo.undoes = changes.uid)"
_HISTORY = f"""
    SELECT changed.kind, changed.row, changed.value
    FROM changed JOIN changes ON changes.id = changed.change
    WHERE changed.subject = ? AND {NOT_UNDONE} AND {{of}}
    ORDER BY changes.by_hand, changes.at, changes.uid
"""


def history(connection: sqlite3.Connection, subject: str) -> sqlite3.Cursor:
    """Return what counts of a subject's changes, as (kind, row, value) in their order of
    precedence."""
    return connection.execute(_HISTORY.format(of="1"), (subject,))


def group_of(column: str) -> tuple[str, ...]:
    """Return the columns that are one value with this one."""
    return _GROUP_OF.get(column, (column,))


def imported(connection: sqlite3.Connection, loss: str, command: str) -> Values:
    """Return what a command that imports has made of a loss, as if there were nothing else."""
    present: Values = {}
    of = "NOT changes.by_hand AND changes.command = ?"
    for _, _, value in connection.execute(_HISTORY.format(of=of), (loss, command)):
        present.update(json.loads(value))
    return present


def matches_changes(connection: sqlite3.Connection, subject: str) -> bool:
    """Whether what the tables hold of a subject is the fold of its changes."""
    try:
        written = {
            (kind, row): {column: values.get(column) for column in TABLES[kind].columns}
            for (kind, row), values in fold(history(connection, subject)).items()
        }
        return written == dict(_rows(connection, subject))
    except (sqlite3.Error, ValueError, LookupError, TypeError, AttributeError):
        return False  # so damaged that it can't even be read


def check(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Raise Damaged unless what is kept of the subjects is what was written: a damaged change must
    not be laid over a good row."""
    if not all(matches_changes(connection, subject) for subject in subjects):
        raise Damaged("The journal is damaged where that would be written", "See lostsale verify")


def _rows(connection: sqlite3.Connection, subject: str) -> Iterator[tuple[tuple[str, str], Values]]:
    """Yield what the tables hold of a subject."""
    for kind, table in TABLES.items():
        query = f"SELECT * FROM {table.name} WHERE {table.subject} = ?"
        for row in connection.execute(query, (subject,)):
            yield (kind, row[table.key]), {column: row[column] for column in table.columns}


def refold(connection: sqlite3.Connection, subject: str) -> None:
    """Write the present of a subject, a loss with all that hangs on it, into the tables."""
    present = fold(history(connection, subject))
    for table in TABLES.values():
        # A loss keeps its number, so one that is there is never deleted and inserted anew.
        if table.subject == "loss" or ("loss", subject) not in present:
            connection.execute(f"DELETE FROM {table.name} WHERE {table.subject} = ?", (subject,))
    order = list(TABLES)  # a loss before what hangs on it
    for kind, row in sorted(present, key=lambda key: order.index(key[0])):
        _put(connection, TABLES[kind], row, present[kind, row])


def _put(connection: sqlite3.Connection, table: Table, row: str, values: Values) -> None:
    ours = (*(values.get(column) for column in table.columns), row)
    sets = ", ".join(f"{column} = ?" for column in table.columns)
    if connection.execute(f"UPDATE {table.name} SET {sets} WHERE {table.key} = ?", ours).rowcount:
        return
    names = ", ".join((*table.columns, table.key))
    marks = ", ".join("?" * len(ours))
    connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", ours)


def checksum(connection: sqlite3.Connection, change: int) -> int:
    """Return the CRC-32 of a change: its own columns and all that it changed, the same in every
    journal."""
    head = "SELECT uid, at, machine, command, by_hand, undoes FROM changes WHERE id = ?"
    crc = zlib.crc32(json.dumps(tuple(connection.execute(head, (change,)).fetchone())).encode())
    for row in connection.execute(
        "SELECT subject, kind, row, value FROM changed WHERE change = ?"
        " ORDER BY subject, kind, row, value",
        (change,),
    ):
        # As json.dumps writes a list, which takes three times as long.
        crc = zlib.crc32(f"[{', '.join(map(_quoted, row))}]".encode(), crc)
    return crc

"""Changes as they travel between journals, which only a merge does."""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lostsale.journal.changes import HEAD, changed_by
from lostsale.journal.tables import Value


class ChangedRow(NamedTuple):
    """What a change sets in one row: `value` is a JSON object of columns, whole field groups. The
    subject is the uid of the loss concerned, else the row itself."""

    subject: str
    kind: str
    row: str
    value: str


class ChangeRecord(NamedTuple):
    """A change as it travels between journals. `changed` has its rows in the order of their fields;
    read them before the next record. `schema` is that of the lostsale that wrote it, None before
    0.2.0: a newer one may have set columns and kinds of rows that this one doesn't know, keeps, and
    passes on. `checksum` covers all the rest."""

    uid: str
    at: str
    machine: str
    command: str
    by_hand: int
    undoes: str | None
    schema: int | None
    checksum: int
    changed: Iterable[ChangedRow]

    @property
    def head(self) -> tuple[Value, ...]:
        """All but the checksum and the rows."""
        return self[:-2]


class Forgotten(NamedTuple):
    """The uid of a loss that nothing may bring back, and since when (UTC, ISO)."""

    uid: str
    at: str


def change_records(
    connection: sqlite3.Connection, which: str = "1", *values: Value
) -> Iterator[ChangeRecord]:
    """Yield changes, the earliest first."""
    query = f"SELECT id, {HEAD}, checksum FROM changes WHERE {which} ORDER BY at, uid"
    for change, *columns in connection.execute(query, values):
        rows = map(ChangedRow._make, changed_by(connection, change))
        yield ChangeRecord._make((*columns, rows))

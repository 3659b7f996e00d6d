"""The journal as the commands know it: losses out, changes in. The one place that writes."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Self

from lostsale.errors import BadInput, NotFound
from lostsale.journal import changes, connection, rows
from lostsale.journal.changes import Changed, Values
from lostsale.loss import Loss, new_uid
from lostsale.settings import Settings

TEXT_LIMIT = 1024 * 1024  # bytes of one text, in UTF-8


class Undone(NamedTuple):
    """A change that was taken back: its command, when it was made (UTC, ISO), the numbers it
    touched."""

    command: str
    at: str
    losses: tuple[int, ...]


class Journal:
    """An open journal. Reads what it is asked for; writes inside `change()` and `undo()` alone."""

    def __init__(self, opened: sqlite3.Connection, *, is_nowhere: bool = False) -> None:
        self.connection = opened
        self.is_nowhere = is_nowhere

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the journal at `path`. Raises as `connection.connect` does."""
        return cls(connection.connect(path))

    @classmethod
    def make(cls, path: Path) -> Self:
        """Open the journal at `path`, made first unless another program just did."""
        connection.make(path)
        return cls.open(path)

    @classmethod
    def nowhere(cls) -> Self:
        """Open an empty journal that is kept nowhere."""
        return cls(connection.nowhere(), is_nowhere=True)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def settings(self) -> Settings:
        """Return the settings in force."""
        return Settings(dict(self.connection.execute("SELECT key, value FROM settings")))

    def get(self, numbers: Iterable[int]) -> list[Loss]:
        """Return the losses of these numbers, in the order asked for. Raises NotFound."""
        wanted = list(numbers)
        found = self._losses(
            "SELECT * FROM losses WHERE number IN (SELECT value FROM json_each(?))",
            json.dumps(wanted),
        )
        losses = {loss.number: loss for loss in found}
        missing = [str(number) for number in wanted if number not in losses]
        if missing:
            raise NotFound(
                f"There is no loss {', '.join(missing[:5])}", "See them with lostsale due --all"
            )
        return [losses[number] for number in wanted]

    def by_uid(self, uids: Iterable[str]) -> list[Loss]:
        """Return the losses of these identities that exist, in the order asked for."""
        wanted = list(uids)
        found = self._losses(
            "SELECT * FROM losses WHERE uid IN (SELECT value FROM json_each(?))", json.dumps(wanted)
        )
        losses = {loss.uid: loss for loss in found}
        return [losses[uid] for uid in wanted if uid in losses]

    def before(self, prospect: str) -> list[Loss]:
        """Return the losses of this prospect, the latest first."""
        named = "SELECT * FROM losses WHERE prospect = ? COLLATE NOCASE"
        return self._losses(f"{named} ORDER BY lost_on DESC, number DESC", prospect)

    def _losses(self, query: str, value: str) -> list[Loss]:
        found = self.connection.execute(query, (value,)).fetchall()
        uids = [row["uid"] for row in found]
        hanging: dict[str, dict[str, list[sqlite3.Row]]] = {}
        for table, day in (("contacts", "done_on"), ("referrals", "given_on")):
            hanging[table] = {uid: [] for uid in uids}
            for row in self.connection.execute(
                f"SELECT * FROM {table} WHERE loss IN (SELECT value FROM json_each(?))"
                f" ORDER BY {day}, at, place, uid",
                (json.dumps(uids),),
            ):
                hanging[table][row["loss"]].append(row)
        return [
            rows.loss_of(row, hanging["contacts"][row["uid"]], hanging["referrals"][row["uid"]])
            for row in found
        ]

    @contextmanager
    def change(self, command: str) -> Iterator["Change"]:
        """Write one change: all that is put into it, or nothing if the block raises."""
        with self._transaction():
            change = Change(self, command)
            yield change
            change.write()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def undo(self, count: int) -> list[Undone]:
        """Take back the last `count` changes made on this machine, the latest first. Raises
        NotFound."""
        with self._transaction():
            latest = self.connection.execute(
                """
                SELECT id, uid, command, at FROM changes
                WHERE machine = ? AND undoes IS NULL
                  AND NOT EXISTS (SELECT 1 FROM changes AS undo WHERE undo.undoes = changes.uid)
                ORDER BY at DESC, uid DESC LIMIT ?
                """,
                (_machine(), count),
            ).fetchall()
            if not latest:
                raise NotFound("There is nothing to undo")
            return [self._undo(*row) for row in latest]

    def _undo(self, change_id: int, uid: str, command: str, at: str) -> Undone:
        subjects = [
            row["subject"]
            for row in self.connection.execute(
                "SELECT DISTINCT subject FROM changed WHERE change = ?", (change_id,)
            )
        ]
        numbers = tuple(sorted(loss.number or 0 for loss in self.by_uid(subjects)))
        Change(self, "undo").write(undoes=uid)
        for subject in subjects:
            changes.refold(self.connection, subject)
        return Undone(command, at, numbers)


class Change:
    """One command's effect while it is being gathered, inside a transaction."""

    def __init__(self, journal: Journal, command: str) -> None:
        self._connection = journal.connection
        self.command = command
        self.at = self._time()
        self._sets: dict[tuple[str, str, str], Values] = {}

    def _time(self) -> str:
        """Return the clock's time, or a moment after the newest change if the clock went back."""
        (newest,) = self._connection.execute("SELECT max(at) FROM changes").fetchone()
        now = datetime.now(UTC)
        if newest:
            now = max(now, datetime.fromisoformat(newest) + timedelta(microseconds=1))
        return now.isoformat(timespec="microseconds")

    def add(self, loss: Loss) -> None:
        """Keep a new loss with its contact entries."""
        self._set(loss.uid, "loss", loss.uid, {"logged_at": self.at})
        self.save(None, loss)

    def save(self, before: Loss | None, after: Loss) -> None:
        """Keep what differs between two states of a loss: whole field groups, and new contact
        entries."""
        old = rows.loss_values(before) if before else {}
        self._set(after.uid, "loss", after.uid, changes.whole_groups(old, rows.loss_values(after)))
        new = after.contacts[len(before.contacts) if before else 0 :]
        for place, contact in enumerate(new):
            values = {**rows.contact_values(contact, after.uid), "at": self.at, "place": place}
            self._set(after.uid, "contact", contact.uid, values)

    def set(self, key: str, value: str | None) -> None:
        """Keep a setting; None goes back to its default."""
        self._set(key, "setting", key, {"value": value})

    def _set(self, subject: str, kind: str, row: str, values: Values) -> None:
        for text in values.values():
            if isinstance(text, str):
                check_text(text)
        if values:
            self._sets.setdefault((subject, kind, row), {}).update(values)

    def write(self, undoes: str | None = None) -> None:
        """Append the change and bring the tables up to date with it; nothing, if nothing is set."""
        if not self._sets and not undoes:
            return
        changed = [Changed(*key, json.dumps(values)) for key, values in sorted(self._sets.items())]
        head = (new_uid(), self.at, _machine(), self.command, 1, undoes)
        cursor = self._connection.execute(
            "INSERT INTO changes (uid, at, machine, command, by_hand, undoes, checksum)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*head, changes.checksum(head, changed)),
        )
        self._connection.executemany(
            "INSERT INTO changed (change, subject, kind, row, value) VALUES (?, ?, ?, ?, ?)",
            [(cursor.lastrowid, *row) for row in changed],
        )
        for subject in sorted({row.subject for row in changed}):
            changes.refold(self._connection, subject)


def _machine() -> str:
    # A copied journal carries any id inside it along; the host's name stays behind.
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def check_text(text: str) -> None:
    """Refuse what SQLite and files can't keep to the letter, and what is no text any more."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadInput("The text holds bytes that are no UTF-8", "Type it anew") from None
    if "\0" in text:
        raise BadInput("The text holds a NUL character", "Leave it out")
    if size > TEXT_LIMIT:
        raise BadInput(
            "A text is longer than 1 MB (1,048,576 bytes)",
            "Keep the file elsewhere and note its name",
        )

"""The journal as the commands know it: losses out, changes in."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lostsale.domain.loss import Loss, new_uid
from lostsale.domain.money import Money
from lostsale.domain.names import folded
from lostsale.domain.reasons import Code, Vocabulary, plain_words
from lostsale.domain.settings import Settings
from lostsale.errors import BadInput, NotFound
from lostsale.journal import changes, rows
from lostsale.journal import file as journal_file
from lostsale.journal.agenda import open_losses, rewrite_turns
from lostsale.journal.file import SCHEMA
from lostsale.journal.tables import Values

if TYPE_CHECKING:  # most commands need none of them
    from lostsale.domain.results import Touched, Undone
    from lostsale.journal.records import ChangeRecord, Forgotten

# By itself SQLite would sort all changes, instead of walking back to the first that fits.
_MADE_HERE = "changes INDEXED BY changes_at WHERE machine IN (?, ?) AND undoes IS NULL"
_PORTION = 200  # losses that are read at a time
TEXT_LIMIT = 1024 * 1024  # bytes of one text, in UTF-8


class Store:
    """An open journal. Reads what it is asked for; writes inside `change()` and `undo()` alone."""

    def __init__(self, connection: sqlite3.Connection, *, is_in_memory: bool = False) -> None:
        self.connection = connection
        self.is_in_memory = is_in_memory
        self.written: list[str] = []  # uids of the changes that this run made
        self._meant: dict[str, Code] = {}  # by the words that mean a code from now on

    @classmethod
    def open(cls, path: Path | str, *, is_strict: bool = True) -> Self:
        """Open the journal at `path`. Arguments and errors as of `journal_file.connect`."""
        return cls(journal_file.connect(Path(path), _keep_old, is_strict=is_strict))

    @classmethod
    def make(cls, path: Path | str) -> Self:
        """Open the journal at `path`, made first unless it's there."""
        journal_file.make(Path(path))
        return cls.open(path)

    @classmethod
    def write(
        cls, path: Path, losses: Iterable[Loss], machine: str, at: str, *, replace: bool
    ) -> None:
        """Write a journal of these losses, whole or not at all, as one change that a `machine` made
        `at` a moment (UTC, ISO); over an existing file only to `replace` it. Raises CannotOpen."""
        with journal_file.atomic_file(path, replace=replace) as new:
            journal_file.fill(new)
            with closing(cls.open(new)) as journal, journal.transaction():
                change = Change(journal.connection, "log", at=at, machine=machine)
                for loss in losses:
                    change.save(None, loss)
                change.write()

    @classmethod
    def in_memory(cls) -> Self:
        """Open an empty journal in memory."""
        return cls(journal_file.in_memory(), is_in_memory=True)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def count(self) -> int:
        """Return how many losses there are."""
        return int(self.connection.execute("SELECT count(*) FROM losses").fetchone()[0])

    def kept_settings(self) -> dict[str, str]:
        """Return the settings that the user has set, by key."""
        return dict(self.connection.execute("SELECT key, value FROM settings ORDER BY key"))

    @cached_property
    def settings(self) -> Settings:
        """The settings in force."""
        return Settings(self.kept_settings())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The codes of reasons in force."""
        return changes.vocabulary(self.connection)

    def read_again(self) -> None:
        """Have settings and codes, which a change may have touched, read again when needed."""
        for name in ("settings", "vocabulary", "plan"):
            self.__dict__.pop(name, None)

    def get(self, numbers: Iterable[int]) -> list[Loss]:
        """Return the losses of these numbers, in the order asked for. Raises NotFound."""
        wanted = list(numbers)
        found = self._losses("number IN (SELECT value FROM json_each(?))", json.dumps(wanted))
        losses = {loss.number: loss for loss in found}
        missing = [str(number) for number in wanted if number not in losses]
        if missing:
            raise NotFound(
                f"There's no loss {', '.join(missing[:5])}", "See them with lostsale list"
            )
        return [losses[number] for number in wanted]

    def portions(self, numbers: list[int]) -> Iterator[list[Loss]]:
        """Yield the losses of these numbers in portions, so that a long list starts to print at
        once."""
        for start in range(0, len(numbers), _PORTION):
            yield self.get(numbers[start : start + _PORTION])

    def by_uid(self, uids: Iterable[str]) -> list[Loss]:
        """Return the losses with these uids that exist, in the order asked for."""
        wanted = list(uids)
        found = self._losses("uid IN (SELECT value FROM json_each(?))", json.dumps(wanted))
        losses = {loss.uid: loss for loss in found}
        return [losses[uid] for uid in wanted if uid in losses]

    def before(self, prospect: str) -> list[Loss]:
        """Return the losses of this prospect, however the name is written, latest first, without
        mistakes."""
        which = "prospect_key = ? AND outcome IS NOT 'mistake' ORDER BY lost_on DESC, number DESC"
        return self._losses(which, folded(prospect))

    def _losses(self, which: str, value: str) -> list[Loss]:
        return rows.read_losses(self.connection, which, value)

    def changes(self) -> "Iterator[ChangeRecord]":
        """Yield all changes, the earliest first: what another journal absorbs."""
        from lostsale.journal.records import change_records

        return change_records(self.connection)

    def forgotten(self) -> "Iterator[Forgotten]":
        """Yield what was forgotten and must not come back."""
        from lostsale.journal.records import Forgotten

        found = self.connection.execute("SELECT uid, at FROM forgotten ORDER BY at, uid")
        return map(Forgotten._make, found)

    @contextmanager
    def change(
        self, command: str, *, by_hand: bool = True, keep: bool = True
    ) -> Iterator["Change"]:
        """Write one change: all that the block puts into it, or nothing if it raises or `keep` is
        false."""
        with self.transaction():
            change = Change(self.connection, command, by_hand=by_hand, meant=self._meant)
            yield change
            if keep:
                self._write(change)
                # Before it's kept: afterwards a restore may take it away at any time.
                change.losses = self.by_uid(change.shown) if change.shown else []
                if len(change.losses) < len({*change.shown}):
                    raise journal_file.damaged()
        if self._meant:
            self.read_again()

    def remember(self, code: Code) -> None:
        """Have words mean a code from now on, as of the change that keeps a reason of these words
        under it."""
        self._meant[code.code] = code

    def _write(self, change: "Change") -> None:
        if change.write():
            self.written.append(change.uid)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """Keep all that the block writes, or nothing if it raises or `keep` is false."""
        before = len(self.written)
        try:
            with journal_file.transaction(self.connection, keep=keep):
                yield
        except BaseException:
            del self.written[before:]  # the disk may be full only when all is to be kept
            raise

    def undo(self, count: int) -> "list[Undone]":
        """Take back the last `count` changes made on this machine, latest first. Raises
        NotFound."""
        with self.transaction():
            latest = self._latest(count)
            if not latest:
                raise NotFound("There's nothing to undo")
            return [self._undo(*row) for row in latest]

    def last(self, count: int) -> "list[Undone]":
        """Return what `undo` would take back, latest first."""
        from lostsale.domain.results import Undone

        return [
            Undone(command, at, self._touched(self._subjects(change)))
            for change, _, command, at in self._latest(count)
        ]

    def take_back(self, change: str) -> "Undone":
        """Take back one change, by its uid. Raises NotFound if it was taken back already."""
        with self.transaction():
            for row in self._undoable("changes WHERE uid = ?", (change,), 1):
                return self._undo(*row)
            raise NotFound("That's already undone")

    def _latest(self, count: int) -> list[sqlite3.Row]:
        from lostsale.journal.machine import this_machine  # what only reads asks for none

        return self._undoable(_MADE_HERE, this_machine(), count)

    def _undoable(self, which: str, values: tuple[str, ...], count: int) -> list[sqlite3.Row]:
        return self.connection.execute(
            f"SELECT id, uid, command, at FROM {which} AND {changes.NOT_UNDONE}"
            " ORDER BY at DESC LIMIT ?",
            (*values, count),
        ).fetchall()

    def _undo(self, change_id: int, uid: str, command: str, at: str) -> "Undone":
        subjects = self._subjects(change_id)
        touched = self._touched(subjects)
        changes.check_as_written(self.connection, subjects)
        self._write(Change(self.connection, "undo", undoes=uid))
        changes.refold(self.connection, *subjects)
        self.read_again()
        from lostsale.domain.results import Undone

        return Undone(command, at, touched)

    def _subjects(self, change: int) -> list[str]:
        found = "SELECT DISTINCT subject FROM changed WHERE change = ?"
        return [subject for (subject,) in self.connection.execute(found, (change,))]

    def _touched(self, uids: list[str]) -> "tuple[Touched, ...]":
        from lostsale.domain.results import Touched

        found = self.connection.execute(
            "SELECT number, prospect, amount, currency FROM losses"
            " WHERE uid IN (SELECT value FROM json_each(?)) ORDER BY number",
            (json.dumps(uids),),
        )
        return tuple(
            Touched(number, prospect, None if amount is None else Money(amount, currency))
            for number, prospect, amount, currency in found
        )


class Change:
    """What one command changes, gathered inside a transaction and then written."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        command: str,
        *,
        by_hand: bool = True,
        undoes: str | None = None,
        at: str | None = None,
        machine: str | None = None,
        meant: Mapping[str, Code] | None = None,
    ) -> None:
        from lostsale.journal.machine import this_machine

        self._connection = connection
        self.uid = new_uid()
        self.at = at or self._time()
        made_by = machine or this_machine().id
        self._undoes = undoes
        self._head = (self.uid, self.at, made_by, command, int(by_hand), undoes, SCHEMA)
        self._sets: dict[tuple[str, str, str], Values] = {}
        self._new: set[str] = set()  # losses that no table can hold yet
        self._bulk: list[str] = []
        self._meant = meant or {}
        self.shown: tuple[
            str, ...
        ] = ()  # uids of losses that are wanted as the change leaves them,
        self.losses: list[Loss] = []  # and these, once it is written

    def _time(self) -> str:
        """Return the clock's time, or a moment after the newest change if the clock went back."""
        (newest,) = self._connection.execute("SELECT max(at) FROM changes").fetchone()
        now = datetime.now(UTC)
        if newest:
            now = max(now, datetime.fromisoformat(newest) + timedelta(microseconds=1))
        return now.isoformat(timespec="microseconds")

    def save(self, before: Loss | None, after: Loss) -> None:
        """Put in what differs between two states of a loss, or a new loss: whole field groups, and
        its contacts and referrals. A new one is logged now, unless it says when."""
        new: Values = {} if before else {"logged_at": after.logged_at or self.at}
        old = rows.loss_values(before) if before else {}
        new |= changes.whole_groups(old, rows.loss_values(after))
        history = "SELECT 1 FROM changed WHERE subject = ? LIMIT 1"
        if not before and not self._connection.execute(history, (after.uid,)).fetchone():
            self._new.add(after.uid)
        self.put(after.uid, "loss", after.uid, new)
        for reason in (after.said, after.guess, after.real) if self._meant else ():
            code = self._meant.get(plain_words(reason.words or "")) if reason else None
            if reason and code and code.alias_of == reason.code:
                self.name(code)
        former = rows.entry_values(before) if before else {}
        for place, (entry, values) in enumerate(rows.entry_values(after).items()):
            if entry not in former:
                values |= {"at": self.at, "place": place}
            if values != former.get(entry):
                self.put(after.uid, *entry, values)

    def is_new(self, uid: str) -> bool:
        """Whether nothing was ever kept of a loss before this change."""
        return uid in self._new

    def set(self, key: str, value: str | None) -> None:
        """Put in a setting; None means its default."""
        self.put(key, "setting", key, {"value": value})

    def name(self, code: Code) -> None:
        """Put in a code of the user's own, or another name for one."""
        values: Values = {"kind": code.kind, "weakness": code.weakness, "alias_of": code.alias_of}
        self.put(code.code, "reason", code.code, values)

    def put(self, subject: str, kind: str, row: str, values: Values) -> None:
        """Put in columns of a row, whole field groups. Raises BadInput for a text that can't be
        kept."""
        for text in (row, *values.values()):
            if isinstance(text, str):
                check_text(text)
        if values:
            self._sets.setdefault((subject, kind, row), {}).update(values)

    def bulk(self, *statements: str) -> None:
        """Keep what these statements insert into `changed`, as :change and in the order of its
        uids, and as its fold into the tables; :at is the change's time. Only for new losses, which
        this change alone makes: in Python 100,000 of them take half as long again."""
        self._bulk += statements

    def write(self) -> bool:
        """Append the change and bring the tables up to date; return whether there was anything to
        write. Raises Damaged if what it touches is not as it was written."""
        if not self._sets and not self._bulk and not self._undoes:
            return False
        subjects = list(dict.fromkeys(subject for subject, _, _ in self._sets))
        there = [subject for subject in subjects if subject not in self._new]
        changes.check_as_written(self._connection, there)
        rows = ((*key, json.dumps(values)) for key, values in self._sets.items())
        change = changes.append(self._connection, self._head, rows)
        for statement in self._bulk:
            self._connection.execute(statement, {"change": change, "at": self.at})
        changes.seal(self._connection, change, is_sorted=not self._sets)
        changes.refold(self._connection, *subjects)
        if self._bulk:
            rewrite_turns(self._connection, open_losses(self._connection, change))
        return True


def first_machine(path: Path) -> str | None:
    """Return the machine that made a journal's first change, None if there is none yet. The file is
    not upgraded. Raises CannotOpen, NotAJournal, Damaged or NewerJournal."""
    journal_file.check_file(path)
    with journal_file.looked_at(path) as connection:
        journal_file.version(connection)
        row = connection.execute("SELECT machine FROM changes ORDER BY id LIMIT 1").fetchone()
        return row["machine"] if row else None


def _keep_old(path: Path) -> None:
    """Back up a journal that is about to be upgraded."""
    from lostsale.journal import backup as journal_backup

    journal_backup.back_up(path, journal_backup.timestamped_path(path, "before-upgrade"))


def check_text(text: str) -> None:
    """Raise BadInput for what SQLite and files can't keep exactly, and for a text so long
    that it must be a file."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadInput("Some of the text isn't UTF-8", "Type it again") from None
    if "\0" in text:
        raise BadInput("The text has a NUL character in it", "Leave it out")
    if size > TEXT_LIMIT:
        raise BadInput(
            "A text is longer than 1 MB (1,048,576 bytes)",
            "Keep the file elsewhere and note its name",
        )

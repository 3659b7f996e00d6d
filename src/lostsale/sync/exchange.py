"""One sync: take in what the other machines did, then send what this one did."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from lostsale.domain.loss import Loss
from lostsale.domain.results import Difference, OtherMachine
from lostsale.errors import Damaged
from lostsale.journal.file import atomic_file
from lostsale.journal.forget import WORDS, ForgetOptions, clean_backups
from lostsale.journal.machine import state_file, this_machine
from lostsale.journal.merge import absorb
from lostsale.journal.records import ChangeRecord, Forgotten, change_records
from lostsale.journal.store import Store
from lostsale.journal.tables import UNREADABLE
from lostsale.sync.sealed import EntryKind, SealedEntry, SyncKey, elsewhere
from lostsale.sync.server import is_server

Seen = dict[str, Any]  # what a machine knows of a place: its own business
_NOTHING = [0, ""]  # what was sent of a journal without changes


class MeetingPlace(Protocol):
    """Where machines meet. `seen` is what this machine knows of it from last time, `notes` what the
    user should know."""

    seen: dict[str, Any]
    notes: list[str]
    at: str  # what is being read

    def close(self) -> None:
        """Release it."""

    def entries(self, kind: EntryKind) -> Iterator[SealedEntry]:
        """Yield what came since last time, and with the forgotten what each machine last said of
        itself."""

    def mark_read(self) -> None:
        """Remember that all of it is here now."""

    def send(self, entries: Iterator[SealedEntry]) -> int:
        """Send entries; return how many."""

    def say(self, machine: SealedEntry) -> None:
        """Have it known what this machine says of itself."""

    def share(self, journal: Store, touched: set[str]) -> int:
        """Bring what the user's team sees up to date, if there's one; return how many rows that
        took. `touched` are the losses that changed since last time."""

    def refresh(self, current: Callable[[SealedEntry], SealedEntry | None]) -> None:
        """Keep what was sent as `current` has it, or not at all."""


class Synced(NamedTuple):
    """What a sync did; `sync` of docs/json.md. `both` are losses changed here and elsewhere since
    the last sync, where the later change holds. `shared` are rows that the team's server took, and
    `behind` the machines that haven't erased yet all that was forgotten here."""

    sent: int
    received: int
    added: int
    updated: int
    removed: int
    forgotten: int
    both: tuple[Difference, ...]
    notes: tuple[str, ...]
    shared: int = 0
    behind: tuple[OtherMachine, ...] = ()


def exchange(
    journal: Store,
    path: Path,
    target: MeetingPlace,
    key: SyncKey,
    record: Callable[[Loss], Mapping[str, Any]],
    today: date,
) -> Synced:
    """Make a journal and the place where machines meet agree. If it's cut off, the next one
    does the rest. Raises what `absorb` and the target raise."""
    since = _sent_up_to(journal, target.seen)
    received: set[str] = set()
    machines: dict[str, list[str]] = {}

    def theirs() -> Iterator[ChangeRecord]:
        for entry in target.entries("change"):
            if not _is_here(journal, entry.uid):
                received.add(entry.uid)
                yield key.unseal(entry)

    def forgotten() -> Iterator[Forgotten]:
        for entry in target.entries("forgotten"):
            if entry.kind == "forgotten":
                yield key.unseal_forgotten(entry)
            else:
                # If damaged, or in another form, that machine's next sync writes a new one.
                with suppress(Damaged, TypeError, ValueError):
                    host, day, erased, *_ = key.opened(entry)
                    machines[entry.uid] = [host, date.fromisoformat(day).isoformat(), erased]

    try:
        merged = absorb(
            journal,
            theirs(),
            forgotten(),
            record,
            lambda uids: _clean(path, uids),
        )
    except Damaged as error:
        if error.is_own:
            raise
        raise elsewhere(f"{error.what}: {target.at}") from error
    found = journal.connection.execute(
        "SELECT id, uid FROM changes WHERE id > ? ORDER BY id", (since,)
    ).fetchall()
    unsent = [uid for _, uid in found if uid not in received]
    touched = _subjects(journal, unsent)
    # Settings and reasons can be forgotten again.
    gone = {" ".join(one[: 1 + one.uid.startswith(WORDS)]): one for one in journal.forgotten()}
    told = set(target.seen.get("forgotten", ()))
    if gone.keys() - told:
        target.refresh(lambda entry: _as_it_is(journal, key, entry))
    sent = target.send(
        chain(
            (key.seal_forgotten(one) for name, one in gone.items() if name not in told),
            (key.seal(change) for uid in unsent for change in _changes(journal, uid)),
        )
    )
    newly = "SELECT DISTINCT +subject FROM changed WHERE change > ?"  # by the index of changes
    changed = {subject for (subject,) in journal.connection.execute(newly, (since,))}
    shared = target.share(journal, changed)
    behind = _introduce(target, key, machines, sorted(gone), today)
    target.mark_read()
    target.seen["forgotten"] = [*gone]
    target.seen["sent"] = [*found[-1]] if found else target.seen.get("sent") or _NOTHING
    return Synced(
        sent=sent,
        received=merged.changes,
        added=merged.added,
        updated=merged.updated,
        removed=merged.removed,
        forgotten=merged.forgotten,
        both=tuple(
            loss for loss in merged.losses if loss.what == "updated" and loss.uid in touched
        ),
        notes=tuple(target.notes),
        shared=shared,
        behind=behind,
    )


def _introduce(
    target: MeetingPlace,
    key: SyncKey,
    machines: dict[str, list[str]],
    gone: list[str],
    today: date,
) -> tuple[OtherMachine, ...]:
    """Have it known that this machine synced today, and what it has forgotten; return the others
    of which that isn't known yet."""
    erased = hashlib.sha256(" ".join(gone).encode()).hexdigest()
    us = this_machine()
    if machines.pop(us.alias, None) != (said := [us.host, today.isoformat(), erased]):
        target.say(key.sealed(us.alias, "machine", said))
    target.seen["machines"] = machines
    return _others({name: one for name, one in machines.items() if one[2] != erased})


def _others(machines: Mapping[str, list[str]]) -> tuple[OtherMachine, ...]:
    return tuple(sorted(OtherMachine(*one[:2]) for one in machines.values()))


def _sent_up_to(journal: Store, seen: dict[str, Any]) -> int:
    """Return the id of the last change that was sent. If the journal doesn't have it any more, as
    after a restore, all is read and sent again."""
    number, uid = seen.get("sent") or (0, None)
    query = "SELECT 1 FROM changes WHERE id = ? AND uid = ?"
    sent = [number, uid]
    if sent == _NOTHING or journal.connection.execute(query, sent).fetchone():
        return int(number)
    for name in ("sent", "read", "seq", "forgotten", "shared"):
        seen.pop(name, None)
    return 0


def _changes(journal: Store, uid: str) -> Iterator[ChangeRecord]:
    return change_records(journal.connection, "uid = ?", uid)


def _is_here(journal: Store, uid: str) -> bool:
    query = "SELECT 1 FROM changes WHERE uid = ?"
    return journal.connection.execute(query, (uid,)).fetchone() is not None


def _subjects(journal: Store, changes: list[str]) -> set[str]:
    """Return the losses that these changes touch."""
    found = journal.connection.execute(
        "SELECT DISTINCT subject FROM changed JOIN changes ON changes.id = changed.change"
        " WHERE changes.uid IN (SELECT value FROM json_each(?))",
        (json.dumps(changes),),
    )
    return {subject for (subject,) in found}


def _as_it_is(journal: Store, key: SyncKey, entry: SealedEntry) -> SealedEntry | None:
    """Return what was sent as it is now that something was forgotten, None if nothing is left."""
    if entry.kind == "forgotten":
        return entry
    change = next(_changes(journal, entry.uid), None)
    if change is None:
        return None
    return entry if key.mark(change.uid, change.checksum) == entry.mark else key.seal(change)


def _clean(path: Path, uids: list[str]) -> None:
    if uids:
        clean_backups(path, uids, ForgetOptions())


class Memory:
    """What this machine knows of the places that a journal is synced with, outside of the journal:
    `target` is the last one. Without it all is read and sent again."""

    def __init__(self, path: Path) -> None:
        name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:16]
        self._file = state_file(f"sync-{name}.json")
        self._kept: dict[str, Any] = {}
        with suppress(OSError, *UNREADABLE):
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            places = {place: dict(seen) for place, seen in kept["seen"].items()}
            self._kept = {"target": kept["target"], "seen": places}

    @property
    def target(self) -> str:
        """The place of the last sync; empty before the first."""
        return str(self._kept.get("target", ""))

    @property
    def server(self) -> str:
        """The server that was used last; empty if none was."""
        known = [*self._kept.get("seen", {}), self.target]
        return next((one for one in reversed(known) if is_server(one)), "")

    @property
    def machines(self) -> tuple[OtherMachine, ...]:
        """The user's other machines, wherever this one met them."""
        places = self._kept.get("seen", {}).values()
        found = {name: one for seen in places for name, one in seen.get("machines", {}).items()}
        return _others(found)

    def of(self, target: str) -> dict[str, Any]:
        """Return what is known of a place."""
        return dict(self._kept.get("seen", {}).get(target, {}))

    def keep(self, target: str, seen: dict[str, Any], *, is_target: bool = True) -> None:
        """Remember a place, and that it was the last one; to sync with, if it `is_target`."""
        known = self._kept.get("seen", {})
        known.pop(target, None)  # the last one is last
        self._kept = {
            "target": target if is_target else self.target,
            "seen": {**known, target: seen},
        }
        with atomic_file(self._file, replace=True) as new:
            new.write_text(json.dumps(self._kept), encoding="utf-8")

"""One sync: take in what the other machines did, then send what this one did."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from lostsale.domain.loss import Loss
from lostsale.domain.results import Difference
from lostsale.errors import Damaged
from lostsale.journal.file import atomic_file
from lostsale.journal.forget import ForgetOptions, clean_backups
from lostsale.journal.machine import state_file
from lostsale.journal.merge import absorb
from lostsale.journal.records import ChangeRecord, change_records
from lostsale.journal.store import Store
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
        """Yield what came since last time."""

    def mark_read(self) -> None:
        """Remember that all of it is here now."""

    def send(self, entries: Iterator[SealedEntry]) -> int:
        """Send entries; return how many."""

    def share(self, journal: Store, touched: set[str]) -> int:
        """Bring what the user's team sees up to date, if there's one; return how many rows that
        took. `touched` are the losses that changed since last time."""

    def refresh(self, current: Callable[[SealedEntry], SealedEntry | None]) -> None:
        """Keep what was sent as `current` has it, or not at all."""


class Synced(NamedTuple):
    """What a sync did; `sync` of docs/json.md. `both` are losses changed here and elsewhere since
    the last sync, where the later change holds. `shared` are rows that the team's server took."""

    sent: int
    received: int
    added: int
    updated: int
    removed: int
    forgotten: int
    both: tuple[Difference, ...]
    notes: tuple[str, ...]
    shared: int = 0


def exchange(
    journal: Store,
    path: Path,
    target: MeetingPlace,
    key: SyncKey,
    record: Callable[[Loss], Mapping[str, Any]],
) -> Synced:
    """Make a journal and the place where machines meet agree. If it's cut off, the next one
    does the rest. Raises what `absorb` and the target raise."""
    since = _sent_up_to(journal, target.seen)
    received: set[str] = set()

    def theirs() -> Iterator[ChangeRecord]:
        for entry in target.entries("change"):
            if not _is_here(journal, entry.uid):
                received.add(entry.uid)
                yield key.unseal(entry)

    try:
        merged = absorb(
            journal,
            theirs(),
            map(key.unseal_forgotten, target.entries("forgotten")),
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
    gone = list(journal.forgotten())
    told = set(target.seen.get("forgotten", ()))
    if any(one.uid not in told for one in gone):
        target.refresh(lambda entry: _as_it_is(journal, key, entry))
    sent = target.send(
        chain(
            (key.seal_forgotten(one) for one in gone if one.uid not in told),
            (key.seal(change) for uid in unsent for change in _changes(journal, uid)),
        )
    )
    newly = "SELECT DISTINCT subject FROM changed WHERE change > ?"
    changed = {subject for (subject,) in journal.connection.execute(newly, (since,))}
    shared = target.share(journal, changed)
    target.mark_read()
    target.seen["forgotten"] = [one.uid for one in gone]
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
    )


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
    return entry if key.mark(change) == entry.mark else key.seal(change)


def _clean(path: Path, uids: list[str]) -> None:
    if uids:
        clean_backups(path, uids, ForgetOptions())


class Memory:
    """What this machine knows of the places that a journal is synced with, outside of the journal:
    `target` is the last one. Without it all is read and sent again."""

    def __init__(self, path: Path) -> None:
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:16]
        self._file = state_file(f"sync-{name}.json")
        self._kept: dict[str, Any] = {}
        with suppress(OSError, ValueError):
            self._kept = dict(json.loads(self._file.read_text(encoding="utf-8")))

    @property
    def target(self) -> str:
        """The place of the last sync; empty before the first."""
        return str(self._kept.get("target", ""))

    @property
    def server(self) -> str:
        """The server that was used last; empty if none was."""
        known = [*self._kept.get("seen", {}), self.target]
        return next((one for one in reversed(known) if is_server(one)), "")

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

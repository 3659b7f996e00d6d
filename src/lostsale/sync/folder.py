"""A folder that OneDrive, Dropbox, Syncthing or a stick carries between machines.

Each machine writes batches of its own there, which nobody else touches, so that no two ever write
one file: `WRITER-0001.changes`, whole or not at all. A batch begins with a line that says whose it
is, and ends with one that says how many entries it has: one that is still on its way is left alone.
"""

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, cast, get_args

from lostsale.errors import BadInput, CannotOpen, NewerJournal
from lostsale.journal.file import atomic_file
from lostsale.journal.machine import this_machine
from lostsale.journal.store import Store
from lostsale.journal.tables import UNREADABLE
from lostsale.journal.unfinished import swept
from lostsale.sync.sealed import EntryKind, SealedEntry, SyncKey

_FORMAT = 1
_ABOUT = "lostsale-sync.json"
_BATCH = re.compile(r"([0-9a-f]{12})-([0-9]{4,})\.changes")
_MACHINE = re.compile(r"[0-9a-f]{8}\.machine")


class Folder:
    """A folder as one machine sees it: `seen` is what this machine knows of it from last time, and
    is kept by its maker."""

    def __init__(self, path: Path, key: SyncKey, seen: dict[str, Any]) -> None:
        self.path, self.seen = path, seen
        self.notes: list[str] = []
        self.at = ""  # the file that is being read
        if not key.fits(_check(path)):
            raise BadInput(
                f"{path} was set up with another key", "On the other machine", "sync --show-key"
            )
        self._machine = this_machine().alias
        swept(path, f".{self._machine}")
        self._find_writer()

    @cached_property
    def _whole(self) -> dict[Path, int]:
        """The unread batches that are there whole when this is first asked for, each with its size.
        They are read, and nothing else: more may come at any time."""
        read = self.seen.get("read", {})
        unread = [file for file in self._batches() if read.get(file.name) != file.stat().st_size]
        whole = {file: file.stat().st_size for file in unread if _read(file) is not None}
        if late := [file.name for file in unread if file not in whole]:
            self.notes.append(f"Still on its way: {', '.join(late)}")
        return whole

    @classmethod
    def make(cls, path: Path, key: SyncKey) -> None:
        """Set up a folder, or do nothing if it is. Raises CannotOpen."""
        if (path / _ABOUT).exists():
            return
        check = base64.b64encode(key.check()).decode()
        with atomic_file(path / _ABOUT, replace=False) as new:
            new.write_text(json.dumps({"format": _FORMAT, "check": check}), encoding="utf-8")

    def close(self) -> None:
        """Do nothing: a folder stays as it is."""

    def _find_writer(self) -> None:
        """Write under a new name, and all of it again, unless all batches under the one of last
        time are there, and the newest is that of last time: a copy of this machine may have written
        it, a sync broke off, or what carries the folder renamed one."""
        own = self._own()
        newest = _head(own[-1]).get("id") if own else None
        names = {file.name for file in own}
        is_whole = all(name in names for name in self.seen.get("read", ()) if self._is_own(name))
        if "writer" in self.seen and newest == self.seen.get("batch") and is_whole:
            return
        if "writer" in self.seen:
            self.notes.append("What this machine had sent is sent again, under a new name")
        writer = self._machine + os.urandom(2).hex()
        self.seen |= {"writer": writer, "batch": None, "sent": None}

    def _batches(self) -> list[Path]:
        return sorted(file for file in _listed(self.path) if _BATCH.fullmatch(file.name))

    def _own(self) -> list[Path]:
        return [file for file in self._batches() if self._is_own(file.name)]

    def _is_own(self, name: str) -> bool:
        return name.startswith(self.seen.get("writer", "-"))

    def entries(self, kind: EntryKind) -> Iterator[SealedEntry]:
        """Yield what the machines wrote since last time. Raises CannotOpen."""
        if kind == "forgotten":
            for file in _listed(self.path):
                if _MACHINE.fullmatch(file.name):
                    with suppress(OSError, ValueError):  # still on its way
                        if (entry := _entry(file.read_text(encoding="ascii"))).kind == "machine":
                            yield entry
        for file in self._whole:
            self.at = file.name
            yield from (one for one in _read(file) or () if one.kind == kind)

    def mark_read(self) -> None:
        """Remember what has been read, so that the next time only what's new is."""
        there = {file.name for file in self._batches()}
        read = self.seen.get("read", {}) | {file.name: size for file, size in self._whole.items()}
        self.seen["read"] = {name: size for name, size in read.items() if name in there}

    def say(self, machine: SealedEntry) -> None:
        """Write what this machine says of itself."""
        with atomic_file(self.path / f"{machine.uid}.machine", replace=True) as new:
            new.write_text(_line(machine), encoding="ascii")

    def share(self, journal: Store, touched: set[str]) -> int:
        """Do nothing: only a server has a team."""
        return 0

    def refresh(self, current: Callable[[SealedEntry], SealedEntry | None]) -> None:
        """Rewrite what this machine sent, under whichever name, each as `current` has it, or
        not at all."""
        known = {*self.seen.get("read", ()), *(file.name for file in self._whole)}
        ours = [
            file
            for file in self._batches()
            if file.name.startswith(self._machine) and file.name in known
        ]
        kept = (current(entry) for file in ours for entry in _read(file) or ())
        self.send(one for one in kept if one)
        for file in ours:
            file.unlink(missing_ok=True)

    def send(self, entries: Iterable[SealedEntry]) -> int:
        """Write a batch of these, if there are any; return how many."""
        entries = iter(entries)
        first = next(entries, None)
        if first is None:
            return 0
        own = self._own()
        number = (_number(own[-1]) if own else 0) + 1
        file = self.path / f"{self.seen['writer']}-{number:04}.changes"
        batch, count = os.urandom(6).hex(), 0
        with atomic_file(file) as new, new.open("w", encoding="ascii", newline="\n") as out:
            out.write(json.dumps({"format": _FORMAT, "id": batch}) + "\n")
            entry: SealedEntry | None = first
            while entry:
                out.write(f"{_line(entry)}\n")
                count += 1
                entry = next(entries, None)
            out.write(f"end {count}\n")
        self.seen["batch"] = batch
        return count


def _listed(path: Path) -> list[Path]:
    try:
        return [file for file in path.iterdir() if file.is_file()]  # a pipe would never end
    except OSError as error:
        raise CannotOpen(f"{path} can't be read ({error.strerror})", "Check the folder") from None


def _number(batch: Path) -> int:
    return int(batch.stem.partition("-")[2])


def _check(path: Path) -> bytes:
    """Return what a folder holds to know its key by. Raises CannotOpen, BadInput or
    NewerJournal."""
    if not path.is_dir():
        raise CannotOpen(f"There's no folder {path}", "Create it, and sync again with --init")
    file = path / _ABOUT
    if not os.path.lexists(file):
        raise BadInput(f"{path} isn't set up for syncing", "On the first machine, add --init")
    try:
        about = json.loads(file.read_text(encoding="utf-8") if file.is_file() else "")
        if about["format"] > _FORMAT:
            raise NewerJournal("A newer lostsale set up that folder", "Install it here, too")
        return base64.b64decode(about["check"])
    except (OSError, *UNREADABLE):
        raise CannotOpen(f"{file} can't be read", "Check the folder") from None


def _head(file: Path) -> dict[str, Any]:
    """Return the first line of a batch, nothing of one that isn't there as a whole."""
    with suppress(OSError, *UNREADABLE), file.open(encoding="ascii") as lines:
        return dict(json.loads(next(lines, "{}")))
    return {}


def _read(file: Path) -> list[SealedEntry] | None:
    """Return the entries of a batch; None while it isn't there as a whole."""
    try:
        first, *lines, last = file.read_text(encoding="ascii").splitlines()
        if json.loads(first)["format"] > _FORMAT:
            raise NewerJournal("A newer lostsale wrote there", "Install it here, too")
        if last != f"end {len(lines)}":
            return None
        return [_entry(line) for line in lines]
    except (OSError, *UNREADABLE):
        return None


def _line(entry: SealedEntry) -> str:
    body = base64.b64encode(entry.body).decode()
    return f"{entry.kind} {entry.uid} {entry.mark or '-'} {body}"


def _entry(line: str) -> SealedEntry:
    kind, uid, mark, body = line.split(" ")
    if kind not in get_args(EntryKind):
        raise ValueError(line)
    whole = base64.b64decode(body, validate=True)
    return SealedEntry(uid, cast("EntryKind", kind), "" if mark == "-" else mark, whole)

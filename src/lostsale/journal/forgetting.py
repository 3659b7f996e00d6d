"""Forgetting losses for good: in the tables, in the changes, in the backups. Nothing of it can be
undone, and a merge or an import does not bring it back."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from lostsale.errors import LostSaleError
from lostsale.journal import connection, copies
from lostsale.journal.changes import checksum
from lostsale.journal.store import Change, Journal
from lostsale.loss import NOBODY, Loss
from lostsale.reasons import Reason

FORGOTTEN = "forgotten"  # stands for a name, and for the machine of what is kept of it
_WHICH = "(SELECT uid FROM forgotten)"


class Cleaned(NamedTuple):
    """What became of the backups that held what is forgotten: those that hold it no more, those
    that were deleted, being of an older lostsale, and those that it could not be taken out of."""

    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]


def named(journal: Journal, prospect: str) -> list[str]:
    """Return the uids of all losses that have, or ever had, this prospect, whether they are there
    or undone."""

    def is_it(name: str | None) -> bool:
        return name is not None and folded(name) == folded(prospect)

    journal.connection.create_function("is_it", 1, is_it, deterministic=True)
    found = journal.connection.execute(
        "SELECT subject FROM changed"
        " WHERE kind = 'loss' AND is_it(json_extract(value, '$.prospect'))"
        " UNION SELECT uid FROM losses WHERE is_it(prospect)"
    )
    return [uid for (uid,) in found]


def every(journal: Journal) -> list[str]:
    """Return the uids of all losses, those that are undone too."""
    query = "SELECT subject FROM changed WHERE kind = 'loss' UNION SELECT uid FROM losses"
    return [uid for (uid,) in journal.connection.execute(query)]


def folded(name: str) -> str:
    """Return a name as names are compared."""
    return " ".join(name.casefold().split())


def forget(journal: Journal, uids: Sequence[str], *, keep_count: bool) -> None:
    """Erase losses with all that hangs on them, from the present and from the changes, all or none;
    to `keep_count` leave anonymous ones in their place. Then the file is written anew, so that
    nothing of them is left in its free pages."""
    kept = [anonymous(loss) for loss in journal.by_uid(uids)] if keep_count else []
    with journal.transaction():
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        journal.connection.executemany(
            "INSERT OR IGNORE INTO forgotten (uid, at) VALUES (?, ?)", [(uid, now) for uid in uids]
        )
        erase(journal.connection)
        change = Change(journal.connection, "forget", machine=FORGOTTEN)
        for loss in kept:
            change.add(loss)
        change.write()
    journal.connection.execute("VACUUM")


def erase(opened: sqlite3.Connection) -> None:
    """Erase what is forgotten from the tables and from the changes, and the changes of which
    nothing is left."""
    touched = opened.execute(f"SELECT DISTINCT change FROM changed WHERE subject IN {_WHICH}")
    touched_ids = [change for (change,) in touched]
    opened.execute(f"DELETE FROM changed WHERE subject IN {_WHICH}")
    opened.execute(f"DELETE FROM losses WHERE uid IN {_WHICH}")  # and what hangs on them
    for change in touched_ids:
        if opened.execute("SELECT 1 FROM changed WHERE change = ? LIMIT 1", (change,)).fetchone():
            opened.execute(
                "UPDATE changes SET checksum = ? WHERE id = ?", (checksum(opened, change), change)
            )
        else:
            opened.execute("DELETE FROM changes WHERE id = ?", (change,))
    opened.execute(
        "DELETE FROM changes WHERE undoes IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM changes AS undone WHERE undone.uid = changes.undoes)"
    )


def anonymous(loss: Loss) -> Loss:
    """Return what is kept of a loss for its count: codes, dates and amounts, and no word."""

    def bare(reason: Reason | None) -> Reason | None:
        return reason and reason._replace(words=None)

    return Loss(
        number=None,
        uid=_other(loss.uid),
        prospect=FORGOTTEN,
        lost_on=loss.lost_on,
        money=loss.money,
        given_outcome=None if loss.outcome == "unknown" else loss.outcome,
        lost_to=NOBODY if loss.lost_to == NOBODY else None,
        said=bare(loss.said),
        signals=loss.signals,
        guess=bare(loss.guess),
        real=loss.real and loss.real._replace(words=None),
        given_weakness=loss.given_weakness,
        won=loss.won and loss.won._replace(note=None),
        rested_on=loss.rested_on,
        logged_at=loss.logged_at,
        contacts=tuple(entry._replace(uid=_other(entry.uid), note=None) for entry in loss.contacts),
        referrals=tuple(
            name._replace(uid=_other(name.uid), name=FORGOTTEN, phone=None, email=None, note=None)
            for name in loss.referrals
        ),
    )


def _other(uid: str) -> str:
    """Return the identity of what takes the place of something, the same on every machine."""
    return sha256(f"{FORGOTTEN}\0{uid}".encode()).hexdigest()[: len(uid)]


def clean_backups(
    path: Path, uids: Iterable[str], prospect: str | None, *, keep_count: bool
) -> Cleaned:
    """Forget the same losses in the backups of a journal, and those of `prospect` that only a
    backup knows."""
    wanted = set(uids)
    outcome: dict[str, list[str]] = {"cleaned": [], "deleted": [], "left": []}
    for backup in copies.backups(path):
        try:
            did = _clean(backup, wanted, prospect, keep_count=keep_count)
        except (LostSaleError, sqlite3.Error, OSError):
            did = "left"
        if did:
            outcome[did].append(str(backup))
    return Cleaned(*(tuple(outcome[did]) for did in ("cleaned", "deleted", "left")))


def _clean(backup: Path, wanted: set[str], prospect: str | None, *, keep_count: bool) -> str:
    """Forget losses in one backup; return what became of it, nothing if it holds none of them."""
    connection.check_file(backup)
    with closing(connection.opened(backup)) as opened:
        schema, journal = connection.version(opened), Journal(opened)
        there = wanted & set(every(journal)) | set(named(journal, prospect) if prospect else ())
    if not there:
        return ""
    if schema < connection.SCHEMA:
        copies.remove(backup)
        return "deleted"
    times = backup.stat()
    with connection.drafted(backup, replace=True) as new:
        copies.copy(backup, new)
        with closing(Journal.open(new)) as journal:
            forget(journal, sorted(there), keep_count=keep_count)
    copies.remove_sidecars(backup)
    os.utime(backup, ns=(times.st_atime_ns, times.st_mtime_ns))
    return "cleaned"

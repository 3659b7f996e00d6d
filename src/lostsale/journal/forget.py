"""Forgetting losses for good: in the tables, in the changes, in the backups. Nothing of it can be
undone, and a merge or an import does not bring it back."""

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from lostsale.domain.loss import NOBODY, Loss, Source, uid_of
from lostsale.domain.names import folded
from lostsale.domain.reasons import Reason
from lostsale.domain.settings import has_words
from lostsale.errors import LostSaleError
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal.changes import TABLES, seal
from lostsale.journal.store import Change, Journal

FORGOTTEN = "forgotten"  # stands for a name
_MADE_BY = "forgotten by lostsale"  # made what is kept; no machine is called so


class Cleaned(NamedTuple):
    """What became of the backups that held what is forgotten: those that hold it no more, those
    that were deleted, being of an older lostsale or broken off, and those that it could not be
    taken out of; and the uids of all that was found in them."""

    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    uids: frozenset[str]


class How(NamedTuple):
    """How losses are forgotten: whether anonymous ones take their place, for the count, and whether
    words that belong to no loss go, too."""

    keep_count: bool = False
    words: bool = False


def named(journal: Journal, prospect: str) -> list[str]:
    """Return the uids of all losses that have, or ever had, this prospect, whether they are there
    or undone."""
    name = folded(prospect)

    def is_it(text: str | None) -> bool:
        return text is not None and folded(text) == name

    journal.connection.create_function("is_it", 1, is_it, deterministic=True)
    found = journal.connection.execute(
        "SELECT subject FROM changed"
        " WHERE kind = 'loss' AND is_it(json_extract(value, '$.prospect'))"
        " UNION SELECT uid FROM losses WHERE is_it(prospect)"
    )
    return [uid for (uid,) in found]


def mentioning(journal: Journal, names: Iterable[str]) -> list[str]:
    """Return the uids of all losses that hold one of the names anywhere, or ever held it, whether
    they are there or undone."""
    wanted = [folded(name) for name in names]

    def holds(value: str) -> bool:
        text = folded(" ".join(str(part) for part in json.loads(value).values()))
        return any(name in text for name in wanted)

    journal.connection.create_function("holds_name", 1, holds, deterministic=True)
    query = "SELECT DISTINCT subject FROM changed WHERE kind <> 'setting' AND holds_name(value)"
    return [uid for (uid,) in journal.connection.execute(query)]


def every(journal: Journal) -> list[str]:
    """Return the uids of all losses, those that are undone too."""
    query = "SELECT subject FROM changed WHERE kind = 'loss' UNION SELECT uid FROM losses"
    return [uid for (uid,) in journal.connection.execute(query)]


def forget(journal: Journal, uids: Iterable[str], how: How) -> bool:
    """Erase losses with all that hangs on them, from the present and from the changes, all or none.
    Return whether the file could then be written anew, without free pages."""
    wanted = sorted(uids)
    kept = [anonymous(loss) for loss in journal.by_uid(wanted)] if how.keep_count else []
    with journal.transaction():
        times = _newest(journal.connection, wanted)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        blocked = [*wanted, *_records(journal.connection, wanted)]
        journal.connection.executemany(
            "INSERT OR IGNORE INTO forgotten (uid, at) VALUES (?, ?)",
            [(uid, now) for uid in blocked],
        )
        erase(journal.connection, [*blocked, *(_words(journal) if how.words else ())])
        for loss in kept:
            # Of the time of what it stands for: the same, forgotten elsewhere later, is no newer.
            at = times.get(loss.uid, now)
            change = Change(journal.connection, "forget", at=at, machine=_MADE_BY)
            change.save(None, loss)
            change.write()
    return compact(journal)


def forgotten(path: Path) -> list[str]:
    """Return the uids of what a journal has forgotten; none where it can't be read."""
    with suppress(LostSaleError, sqlite3.Error, OSError):
        journal_file.check_file(path)
        # What a crash left beside the file must stay as it is.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as opened:
            return [uid for (uid,) in opened.execute("SELECT uid FROM forgotten")]
    return []


def forget_again(journal: Journal, uids: list[str]) -> None:
    """Forget here what was forgotten elsewhere, so far as it is here."""
    there = set(uids) & set(every(journal))
    if there:
        forget(journal, there, How())


def compact(journal: Journal) -> bool:
    """Write the file anew, without free pages; return whether there was room and no reader. What
    was erased is overwritten by then."""
    try:
        journal.connection.execute("VACUUM")
    except sqlite3.Error:
        return False
    return True


def _newest(opened: sqlite3.Connection, uids: list[str]) -> dict[str, str]:
    """Return when each loss was last changed, by the identity of what takes its place."""
    found = opened.execute(
        "SELECT subject, max(at) FROM changed JOIN changes ON changes.id = change"
        " WHERE subject IN (SELECT value FROM json_each(?)) GROUP BY subject",
        (json.dumps(uids),),
    )
    return {pseudonym(uid): at for uid, at in found}


def _records(opened: sqlite3.Connection, uids: list[str]) -> list[str]:
    """Return the identities that imports give to the records that these losses are."""
    found = opened.execute(
        "SELECT DISTINCT json_extract(value, '$.source_system') AS system,"
        " json_extract(value, '$.source_record') AS record FROM changed"
        " WHERE subject IN (SELECT value FROM json_each(?)) AND record IS NOT NULL",
        (json.dumps(uids),),
    )
    return [uid_of(Source(system, record)) for system, record in found]


def erase(opened: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Erase subjects from the tables and from the changes, and the changes of which nothing is
    left."""
    which = (json.dumps(list(subjects)),)
    among = "IN (SELECT value FROM json_each(?))"
    touched = opened.execute(f"SELECT DISTINCT change FROM changed WHERE subject {among}", which)
    touched_ids = [change for (change,) in touched]
    opened.execute(f"DELETE FROM changed WHERE subject {among}", which)
    for table in TABLES.values():
        opened.execute(f"DELETE FROM {table.name} WHERE {table.subject} {among}", which)
    for change in touched_ids:
        if opened.execute("SELECT 1 FROM changed WHERE change = ? LIMIT 1", (change,)).fetchone():
            seal(opened, change)
        else:
            opened.execute("DELETE FROM changes WHERE id = ?", (change,))


def _words(journal: Journal) -> list[str]:
    """Return the keys of settings and of reasons that hold words of the user's or of others."""
    settings = [key for key in journal.kept_settings() if has_words(key)]
    return settings + [code.code for code in journal.own_reasons() if code.is_words]


def anonymous(loss: Loss) -> Loss:
    """Return what is kept of a loss for its count: codes, dates and amounts, and no word."""

    def bare(reason: Reason | None) -> Reason | None:
        return reason and reason._replace(words=None, found=False)

    return Loss(
        number=None,
        uid=pseudonym(loss.uid),
        prospect=FORGOTTEN,
        lost_on=loss.lost_on,
        money=loss.money,
        given_outcome=None if loss.outcome == "unknown" else loss.outcome,
        lost_to=NOBODY if loss.lost_to == NOBODY else None,
        said=bare(loss.said),
        signals=loss.signals,
        guess=bare(loss.guess),
        real=loss.real and loss.real._replace(words=None, found=False if loss.real.code else None),
        given_weakness=loss.given_weakness,
        won=loss.won and loss.won._replace(note=None),
        rested_on=loss.rested_on,
        logged_at=loss.logged_at,
        again=loss.again and loss.again._replace(what=None),
        contacts=tuple(
            entry._replace(uid=pseudonym(entry.uid), note=None) for entry in loss.contacts
        ),
        referrals=tuple(
            name._replace(
                uid=pseudonym(name.uid), name=FORGOTTEN, phone=None, email=None, note=None
            )
            for name in loss.referrals
        ),
    )


def pseudonym(uid: str) -> str:
    """Return the identity of what takes the place of something, the same on every machine."""
    return sha256(f"{FORGOTTEN}\0{uid}".encode()).hexdigest()[: len(uid)]


def clean_backups(
    path: Path, uids: Iterable[str], how: How, prospect: str | None = None
) -> Cleaned:
    """Forget the same losses in the backups of a journal, and those of `prospect` that only a
    backup knows."""
    wanted = set(uids)
    outcome: dict[str, list[str]] = {"cleaned": [], "deleted": [], "left": []}
    for draft in journal_backup.unfinished(path):
        draft.unlink(missing_ok=True)
        outcome["deleted"].append(str(draft))
    for backup in journal_backup.backups(path):
        try:
            did, found = _clean(backup, wanted, how, prospect)
            wanted |= found
        except (LostSaleError, sqlite3.Error, OSError):
            did = "left"
        if did:
            outcome[did].append(str(backup))
    cleaned, deleted, left = (tuple(files) for files in outcome.values())
    return Cleaned(cleaned, deleted, left, frozenset(wanted))


def _clean(backup: Path, wanted: set[str], how: How, prospect: str | None) -> tuple[str, set[str]]:
    """Forget losses in one backup; return what became of it, nothing if it holds none of them, and
    which it held."""
    journal_file.check_file(backup)
    with closing(journal_file.opened(backup)) as opened:
        schema, journal = journal_file.version(opened), Journal(opened)
        there = wanted & set(every(journal)) | set(named(journal, prospect) if prospect else ())
    if not there:
        return "", there
    if schema < journal_file.SCHEMA:
        backup.unlink()
        journal_backup.remove_sidecars(backup)
        return "deleted", there
    times = backup.stat()
    with journal_file.atomic_file(backup, replace=True) as new:
        journal_backup.copy(backup, new)
        with closing(Journal.open(new)) as journal:
            forget(journal, there, how)
    journal_backup.remove_sidecars(backup)
    os.utime(backup, ns=(times.st_atime_ns, times.st_mtime_ns))
    return "cleaned", there

"""Forgetting losses for good: in the tables, the changes and the backups. It can't be undone, and
no merge or import brings them back."""

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
from lostsale.journal.changes import seal
from lostsale.journal.store import Change, Store
from lostsale.journal.tables import TABLES

FORGOTTEN = "forgotten"  # in place of a name
_MADE_BY = "forgotten by lostsale"  # the machine of what is kept for the count; no real one


class Cleaned(NamedTuple):
    """What became of the backups that held what is forgotten: which were `cleaned`, which were
    `deleted`, because an older lostsale made them or they were never finished, and which are `left`
    because they could not be cleaned. `uids` are of all losses to be forgotten, those that only a
    backup knows included."""

    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    uids: frozenset[str]


class ForgetOptions(NamedTuple):
    """`keep_count` leaves an anonymous loss in place of each, so that the numbers stay true;
    `words` erases settings and reasons that hold words, too."""

    keep_count: bool = False
    words: bool = False


def with_prospect(journal: Store, prospect: str) -> list[str]:
    """Return the uids of all losses that have this prospect or ever had, undone ones included."""
    key = folded(prospect)

    def has_key(name: str | None) -> bool:
        return name is not None and folded(name) == key

    journal.connection.create_function("has_key", 1, has_key, deterministic=True)
    found = journal.connection.execute(
        "SELECT subject FROM changed"
        " WHERE kind = 'loss' AND has_key(json_extract(value, '$.prospect'))"
        " UNION SELECT uid FROM losses WHERE has_key(prospect)"  # an old backup has no keys yet
    )
    return [uid for (uid,) in found]


def mentioning(journal: Store, names: Iterable[str]) -> list[str]:
    """Return the uids of all losses that hold one of the names anywhere or ever did, undone ones
    included."""
    wanted = [folded(name) for name in names]

    def holds(value: str) -> bool:
        text = folded(" ".join(str(part) for part in json.loads(value).values()))
        return any(name in text for name in wanted)

    journal.connection.create_function("holds_name", 1, holds, deterministic=True)
    query = "SELECT DISTINCT subject FROM changed WHERE kind <> 'setting' AND holds_name(value)"
    return [uid for (uid,) in journal.connection.execute(query)]


def all_uids(journal: Store) -> list[str]:
    """Return the uids of all losses, undone ones included."""
    query = "SELECT subject FROM changed WHERE kind = 'loss' UNION SELECT uid FROM losses"
    return [uid for (uid,) in journal.connection.execute(query)]


def forget_losses(journal: Store, uids: Iterable[str], options: ForgetOptions) -> bool:
    """Erase losses with all that belongs to them, from the tables and the changes, all or none.
    Return whether the file could then be compacted."""
    wanted = sorted(uids)
    kept = [anonymous(loss) for loss in journal.by_uid(wanted)] if options.keep_count else []
    with journal.transaction():
        times = _newest(journal.connection, wanted)
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        blocked = [*wanted, *_records(journal.connection, wanted)]
        journal.connection.executemany(
            "INSERT OR IGNORE INTO forgotten (uid, at) VALUES (?, ?)",
            [(uid, now) for uid in blocked],
        )
        erase(journal.connection, [*blocked, *(_words(journal) if options.words else ())])
        for loss in kept:
            # As old as what it stands for, so that it is the same wherever that is forgotten.
            at = times.get(loss.uid, now)
            change = Change(journal.connection, "forget", at=at, machine=_MADE_BY)
            change.save(None, loss)
            change.write()
    return compact(journal)


def forgotten_in(path: Path) -> list[str]:
    """Return the uids that a journal has forgotten; none if it can't be read."""
    with suppress(LostSaleError, sqlite3.Error, OSError):
        journal_file.check_file(path)
        # Immutable: what a crash left beside the file must stay as it is.
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return [uid for (uid,) in connection.execute("SELECT uid FROM forgotten")]
    return []


def forget_again(journal: Store, uids: list[str]) -> None:
    """Forget those of these losses that the journal holds again."""
    there = set(uids) & set(all_uids(journal))
    if there:
        forget_losses(journal, there, ForgetOptions())


def compact(journal: Store) -> bool:
    """Write the file anew, without free pages; return whether there was room and no reader. What
    was erased is overwritten either way."""
    try:
        journal.connection.execute("VACUUM")
    except sqlite3.Error:
        return False
    return True


def _newest(connection: sqlite3.Connection, uids: list[str]) -> dict[str, str]:
    """Return when each loss was last changed, by its pseudonym."""
    found = connection.execute(
        "SELECT subject, max(at) FROM changed JOIN changes ON changes.id = change"
        " WHERE subject IN (SELECT value FROM json_each(?)) GROUP BY subject",
        (json.dumps(uids),),
    )
    return {pseudonym(uid): at for uid, at in found}


def _records(connection: sqlite3.Connection, uids: list[str]) -> list[str]:
    """Return the uids that an import would give these losses, by their records."""
    found = connection.execute(
        "SELECT DISTINCT json_extract(value, '$.source_system') AS system,"
        " json_extract(value, '$.source_record') AS record FROM changed"
        " WHERE subject IN (SELECT value FROM json_each(?)) AND record IS NOT NULL",
        (json.dumps(uids),),
    )
    return [uid_of(Source(system, record)) for system, record in found]


def erase(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Erase subjects from the tables and the changes, and changes that are left empty. Undos stay:
    they hold no words, and other journals have them."""
    which = (json.dumps(list(subjects)),)
    among = "IN (SELECT value FROM json_each(?))"
    touched = connection.execute(
        f"SELECT DISTINCT change FROM changed WHERE subject {among}", which
    )
    touched_ids = [change for (change,) in touched]
    connection.execute(f"DELETE FROM changed WHERE subject {among}", which)
    for table in TABLES.values():
        connection.execute(f"DELETE FROM {table.name} WHERE {table.subject} {among}", which)
    for change in touched_ids:
        if connection.execute(
            "SELECT 1 FROM changed WHERE change = ? LIMIT 1", (change,)
        ).fetchone():
            seal(connection, change)
        else:
            connection.execute("DELETE FROM changes WHERE id = ?", (change,))


def _words(journal: Store) -> list[str]:
    """Return the settings and the reasons that hold somebody's words."""
    settings = [key for key in journal.kept_settings() if has_words(key)]
    return settings + [code.code for code in journal.vocabulary.own if code.is_words]


def anonymous(loss: Loss) -> Loss:
    """Return what is kept of a loss for the count: codes, dates and amounts, no words."""

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
                uid=pseudonym(name.uid),
                name=FORGOTTEN,
                phone=None,
                email=None,
                note=None,
                dropped_on=name.dropped_on or name.on,  # nobody can be called any more
                result=None,
            )
            for name in loss.referrals
        ),
    )


def pseudonym(uid: str) -> str:
    """Return the uid of what takes the place of a loss or an entry, the same on every machine."""
    return sha256(f"{FORGOTTEN}\0{uid}".encode()).hexdigest()[: len(uid)]


def clean_backups(
    path: Path, uids: Iterable[str], options: ForgetOptions, prospect: str | None = None
) -> Cleaned:
    """Forget losses in the backups of a journal, and those of `prospect` that only a backup
    holds."""
    wanted = set(uids)
    outcome: dict[str, list[str]] = {"cleaned": [], "deleted": [], "left": []}
    for copy in journal_backup.unfinished_copies(path):
        copy.unlink(missing_ok=True)
        outcome["deleted"].append(str(copy))
    for backup in journal_backup.backups(path):
        try:
            did, found = _clean(backup, wanted, options, prospect)
            wanted |= found
        except (LostSaleError, sqlite3.Error, OSError):
            did = "left"
        if did:
            outcome[did].append(str(backup))
    cleaned, deleted, left = (tuple(files) for files in outcome.values())
    return Cleaned(cleaned, deleted, left, frozenset(wanted))


def _clean(
    backup: Path, wanted: set[str], options: ForgetOptions, prospect: str | None
) -> tuple[str, set[str]]:
    """Forget losses in one backup. Return which field of Cleaned it belongs to, empty if it holds
    none of them, and those that it held."""
    journal_file.check_file(backup)
    with closing(journal_file.open_file(backup)) as connection:
        schema, journal = journal_file.version(connection), Store(connection)
        there = wanted.intersection(all_uids(journal))
        there.update(with_prospect(journal, prospect) if prospect else ())
    if not there:
        return "", there
    if schema < journal_file.SCHEMA:
        backup.unlink()
        journal_backup.remove_sidecars(backup)
        return "deleted", there
    times = backup.stat()
    with journal_file.atomic_file(backup, replace=True) as new:
        journal_backup.copy_journal(backup, new)
        with closing(Store.open(new)) as journal:
            forget_losses(journal, there, options)
    journal_backup.remove_sidecars(backup)
    os.utime(backup, ns=(times.st_atime_ns, times.st_mtime_ns))
    return "cleaned", there

"""Forgetting losses for good: in the tables, the changes and the backups. It can't be undone, and
no merge or import brings them back."""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from lostsale.domain.loss import NOBODY, Loss, Source, uid_of
from lostsale.domain.names import folded
from lostsale.domain.reasons import REAL, SAID, Reason
from lostsale.domain.settings import has_words
from lostsale.errors import CannotOpen, LostSaleError
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal.changes import refold, seal
from lostsale.journal.records import ChangedRow, Forgotten
from lostsale.journal.store import Change, Store
from lostsale.journal.tables import TABLES
from lostsale.journal.unfinished import remove_sidecars, sweep

FORGOTTEN = "forgotten"  # in place of a name
_COMMON = ("setting", "reason")  # kinds of what belongs to no loss
WORDS = "words-"  # begins what is among the forgotten for a setting or a reason
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
    return [uid for kind, uid in _holding(journal, names) if kind not in _COMMON]


def common_mentioning(journal: Store, names: Iterable[str]) -> list[str]:
    """Return the settings and reasons that hold one of the names or ever did, as they are shown:
    `plan`, `reason zeta`."""
    found = _holding(journal, names)
    return [f"reason {row}" if kind == "reason" else row for kind, row in found if kind in _COMMON]


def _holding(journal: Store, names: Iterable[str]) -> list[tuple[str, str]]:
    wanted = [folded(name) for name in names]

    def holds(subject: str, value: str) -> bool:
        text = folded(" ".join((subject, *map(str, json.loads(value).values()))))
        return any(name in text for name in wanted)

    journal.connection.create_function("holds_name", 2, holds, deterministic=True)
    query = "SELECT DISTINCT kind, subject FROM changed WHERE holds_name(subject, value)"
    return [(kind, subject) for kind, subject in journal.connection.execute(query)]


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
        (newest,) = journal.connection.execute("SELECT max(at) FROM changes").fetchone()
        now = max(now, newest or "")  # the clock may have gone back
        blocked = [*wanted, *_records(journal.connection, wanted)]
        words = map(_words_uid, _words(journal.connection)) if options.words else ()
        forget_as_there(journal.connection, dict.fromkeys((*blocked, *words), now))
        for loss in kept:
            # As old as what it stands for, so that it is the same wherever that is forgotten.
            at = times.get(loss.uid, now)
            change = Change(journal.connection, "forget", at=at, machine=_MADE_BY)
            change.save(None, loss)
            change.write()
    return compact(journal)


def forget_again(copy: Path, forgotten: Iterable[Forgotten]) -> None:
    """Forget in a journal what another one has forgotten."""
    with closing(Store.open(copy)) as journal, journal.transaction():
        forget_as_there(journal.connection, dict(forgotten))


def forget_as_there(connection: sqlite3.Connection, forgotten: Mapping[str, str]) -> None:
    """Erase what was forgotten, here or elsewhere, and block it: losses for good, and what settings
    and reasons held until then. The losses with such reasons follow."""
    connection.executemany(
        "INSERT INTO forgotten (uid, at) VALUES (?, ?)"
        " ON CONFLICT (uid) DO UPDATE SET at = max(at, excluded.at)",
        forgotten.items(),
    )
    erase(connection, forgotten)
    for subject in _words(connection):
        if until := forgotten.get(_words_uid(subject)):
            _erase_changed(connection, [subject], until)
            refold(connection, subject)


def is_gone(row: ChangedRow, at: str, forgotten: Mapping[str, str]) -> bool:
    """Whether what a change of that time sets in a row was forgotten."""
    if row.kind in {"setting", "reason"}:
        return at <= forgotten.get(_words_uid(row.subject), "")
    return row.subject in forgotten


def compact(journal: Store) -> bool:
    """Rewrite the file without free pages; return whether there was room and no reader. What
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


def erase(connection: sqlite3.Connection, losses: Iterable[str]) -> None:
    """Erase losses from the tables and the changes, and changes that are left empty. Undos stay:
    they hold no words, and other journals have them."""
    uids = list(losses)
    _erase_changed(connection, uids)
    for table in TABLES.values():
        among = f"{table.subject} IN (SELECT value FROM json_each(?))"
        connection.execute(f"DELETE FROM {table.name} WHERE {among}", (json.dumps(uids),))


def _erase_changed(
    connection: sqlite3.Connection, subjects: list[str], until: str = "9999"
) -> None:
    """Erase what changes up to some time set in subjects."""
    which = """
        changed WHERE subject IN (SELECT value FROM json_each(?))
            AND (SELECT at FROM changes WHERE id = change) <= ?
    """
    values = (json.dumps(subjects), until)
    touched = connection.execute(f"SELECT DISTINCT change FROM {which}", values).fetchall()
    connection.execute(f"DELETE FROM {which}", values)
    for (change,) in touched:
        if connection.execute(
            "SELECT 1 FROM changed WHERE change = ? LIMIT 1", (change,)
        ).fetchone():
            seal(connection, change)
        else:
            connection.execute("DELETE FROM changes WHERE id = ?", (change,))


def _words(connection: sqlite3.Connection) -> list[str]:
    """Return the settings and the reasons that hold somebody's words, or did."""
    found = connection.execute(
        "SELECT DISTINCT kind, subject, json_extract(value, '$.alias_of') FROM changed"
        " WHERE kind IN ('setting', 'reason')"
    ).fetchall()
    settings = [key for kind, key, _ in found if kind == "setting" and has_words(key)]
    return settings + [code for _, code, alias in found if alias and code not in {*SAID, *REAL}]


def _words_uid(subject: str) -> str:
    """Return what is among the forgotten for a setting or a reason: not its own words."""
    return WORDS + uid_of(Source(WORDS, subject))


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
    holds. Copies that are being made right now are interrupted."""
    wanted, folder = set(uids), journal_file.backup_folder(path)
    outcome: dict[str, list[str]] = {"cleaned": [], "deleted": [], "left": []}
    try:
        outcome["deleted"] = sweep(path, folder, even_held=True)
        backups = journal_backup.backups(path)
    except (CannotOpen, OSError):
        backups, outcome["left"] = [], [str(folder)]
    for backup in backups:
        did = "left"
        with suppress(LostSaleError, sqlite3.Error, OSError):
            there, schema = _held(backup, wanted, prospect)
            wanted |= there
            did = _clean(backup, there, schema, options) if there else ""
        if did:
            outcome[did].append(str(backup))
    cleaned, deleted, left = (tuple(files) for files in outcome.values())
    return Cleaned(cleaned, deleted, left, frozenset(wanted))


def _held(backup: Path, wanted: set[str], prospect: str | None) -> tuple[set[str], int]:
    """Return which losses to forget a backup holds, and its schema."""
    journal_file.check_file(backup)
    with journal_file.looked_at(backup) as connection:
        schema, journal = journal_file.version(connection), Store(connection)
        there = wanted.intersection(all_uids(journal))
        return there.union(with_prospect(journal, prospect) if prospect else ()), schema


def _clean(backup: Path, there: set[str], schema: int, options: ForgetOptions) -> str:
    """Forget losses in one backup. Return which field of Cleaned it belongs to."""
    if schema < journal_file.SCHEMA:
        backup.unlink()
        remove_sidecars(backup)
        return "deleted"
    times = backup.stat()
    with journal_file.atomic_file(backup, replace=True) as new:
        journal_backup.copy_journal(backup, new)
        with closing(Store.open(new)) as journal:
            forget_losses(journal, there, options)
    remove_sidecars(backup)
    os.utime(backup, ns=(times.st_atime_ns, times.st_mtime_ns))
    return "cleaned"

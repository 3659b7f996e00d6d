"""Bringing two journals of one person together: the union of their changes, and the same fold. Any
order gives the same."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from lostsale.domain.loss import Loss
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal.changes import refold
from lostsale.journal.forget import FORGOTTEN, compact, erase
from lostsale.journal.store import Journal

_NEW = "SELECT uid FROM temp.new"
_NEWLY_FORGOTTEN = (
    "SELECT uid FROM other.forgotten WHERE uid NOT IN (SELECT uid FROM main.forgotten)"
)
_FORGOTTEN = "SELECT uid FROM main.forgotten UNION SELECT uid FROM other.forgotten"


class Differs(NamedTuple):
    """A loss before and after journals are merged: None where it is not there."""

    before: Loss | None
    after: Loss | None


class Merged(NamedTuple):
    """What came of merging: how many changes came, the losses that they touch, how many were
    forgotten in the other journal and not here, settings and reasons that are others now, and
    numbers of losses that look like one that was kept twice."""

    changes: int
    losses: tuple[Differs, ...]
    forgotten: int
    settings: tuple[str, ...]
    twice: tuple[tuple[int, ...], ...]


@contextmanager
def taken_copy(source: Path) -> Iterator[Path]:
    """Give a copy of another journal, checked and of today's schema, while it is needed. The other
    is left as it is. Raises as `journal_backup.check_backup` does."""
    with TemporaryDirectory(prefix="lostsale-") as folder:
        other = Path(folder) / "other.db"
        with journal_backup.of_another(source, "can't be merged"):
            journal_backup.check(source)
            journal_backup.copy(source, other)
            Journal.open(other).close()
            if not journal_backup.is_well(other):
                raise journal_file.damaged()
        yield other


def merge(
    journal: Journal, other: Path, before: Callable[[list[str]], None], *, keep: bool
) -> Merged:
    """Take in all changes of another journal, or with `keep` false only say what would come of it.
    `before` is called before anything is written, with the uids of what was forgotten there and not
    here, unless nothing comes."""
    journal.connection.execute("ATTACH ? AS other", (f"{other.absolute().as_uri()}?mode=ro",))
    try:
        if keep and _find_new(journal.connection):
            found = journal.connection.execute(_NEWLY_FORGOTTEN)
            before([uid for (uid,) in found])
        merged = _merged(journal, keep=keep)
    finally:
        journal.connection.execute("DETACH other")
    if keep and merged.forgotten:
        compact(journal)
    return merged


def _find_new(opened: sqlite3.Connection) -> int:
    """Lay out in `new` the changes of the other journal that are not here, but for those of which
    all is forgotten; return how many changes and forgotten losses are new."""
    opened.execute("DROP TABLE IF EXISTS temp.new")
    opened.execute("CREATE TEMP TABLE new (uid TEXT PRIMARY KEY)")
    opened.execute(
        f"""
        INSERT INTO new SELECT uid FROM other.changes
        WHERE uid NOT IN (SELECT uid FROM main.changes) AND EXISTS (
            SELECT 1 FROM other.changed WHERE change = other.changes.id
            AND subject NOT IN ({_FORGOTTEN})
        )
        """
    )
    opened.execute(
        """
        INSERT INTO new SELECT uid FROM other.changes
        WHERE undoes IS NOT NULL AND uid NOT IN (SELECT uid FROM main.changes)
        AND undoes IN (SELECT uid FROM main.changes UNION SELECT uid FROM new)
        """
    )
    (new,) = opened.execute(
        f"SELECT (SELECT count(*) FROM new) + (SELECT count(*) FROM ({_NEWLY_FORGOTTEN}))"
    ).fetchone()
    return int(new)


def _merged(journal: Journal, *, keep: bool) -> Merged:
    execute = journal.connection.execute
    with journal.transaction(keep=keep):
        settings = _set(journal)
        _find_new(journal.connection)
        _check_common(journal.connection)
        uids = _touched(journal.connection)
        before = {loss.uid: loss for loss in journal.by_uid(uids)}
        changes = _take(journal.connection)
        forgotten = [uid for (uid,) in execute(_NEWLY_FORGOTTEN)]
        execute("INSERT OR IGNORE INTO main.forgotten SELECT * FROM other.forgotten")
        erase(journal.connection, [uid for (uid,) in execute("SELECT uid FROM main.forgotten")])
        for uid in uids:
            refold(journal.connection, uid)
        execute("DROP TABLE temp.new")
        after = {loss.uid: loss for loss in journal.by_uid(uids)}
        pairs = (Differs(before.get(uid), after.get(uid)) for uid in uids)
        now = _set(journal)
        return Merged(
            changes,
            tuple(pair for pair in pairs if pair.before != pair.after),
            len(forgotten),
            tuple(sorted({key for key, _ in settings.items() ^ now.items()})),
            _possible_duplicates(journal.connection, after.keys() - before.keys()),
        )


def _set(journal: Journal) -> dict[str, str]:
    """Return the settings and the user's own reasons, to be compared."""
    own = {f"reason {code.code}": json.dumps(code) for code in journal.own_reasons()}
    return journal.kept_settings() | own


def _check_common(opened: sqlite3.Connection) -> None:
    """Raise Damaged if a change that both journals hold is not the same, but for what one of them
    has forgotten."""
    differing = opened.execute(
        "SELECT ours.id, theirs.id FROM main.changes AS ours JOIN other.changes AS theirs"
        " ON theirs.uid = ours.uid WHERE ours.checksum <> theirs.checksum"
    ).fetchall()
    for ours, theirs in differing:
        rows = [
            opened.execute(
                f"SELECT subject, kind, row, value FROM {schema}.changed WHERE change = ?"
                f" AND subject NOT IN ({_FORGOTTEN}) ORDER BY 1, 2, 3, 4",
                (change,),
            ).fetchall()
            for schema, change in (("main", ours), ("other", theirs))
        ]
        if rows[0] != rows[1]:
            raise journal_file.damaged("The two journals hold different changes under one name")


def _touched(opened: sqlite3.Connection) -> list[str]:
    """Return the subjects of the changes that come, of those that they undo, and of what comes to
    be forgotten, in the order in which they were first touched."""
    return [
        subject
        for (subject,) in opened.execute(
            f"""
            SELECT subject FROM (
                SELECT subject, at FROM other.changed JOIN other.changes ON id = change
                WHERE uid IN ({_NEW})
                   OR uid IN (SELECT undoes FROM other.changes WHERE uid IN ({_NEW}))
                UNION ALL
                SELECT uid, at FROM other.forgotten WHERE uid IN ({_NEWLY_FORGOTTEN})
            ) GROUP BY subject ORDER BY min(at), subject
            """
        )
    ]


def _take(opened: sqlite3.Connection) -> int:
    """Copy the changes that are new here; return how many."""
    taken = opened.execute(
        "INSERT INTO main.changes (uid, at, machine, command, by_hand, undoes, checksum)"
        " SELECT uid, at, machine, command, by_hand, undoes, checksum FROM other.changes"
        f" WHERE uid IN ({_NEW}) ORDER BY at, uid"
    ).rowcount
    opened.execute(
        f"""
        INSERT INTO main.changed (change, subject, kind, row, value)
        SELECT ours.id, subject, kind, row, value
        FROM other.changes AS theirs JOIN other.changed ON change = theirs.id
        JOIN main.changes AS ours ON ours.uid = theirs.uid
        WHERE theirs.uid IN ({_NEW}) ORDER BY ours.id, other.changed.rowid
        """
    )
    return taken


def _possible_duplicates(
    opened: sqlite3.Connection, new: Iterable[str]
) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of losses that may be one, of which at least one is new: of the same
    record in another program, or of the same prospect, day and amount."""
    found = opened.execute(
        """
        SELECT group_concat(number) FROM losses
        WHERE outcome IS NOT 'mistake' AND prospect <> :nobody
        GROUP BY prospect COLLATE NOCASE, lost_on, amount, currency
        HAVING count(*) > 1 AND max(uid IN (SELECT value FROM json_each(:new)))
        UNION
        SELECT group_concat(number) FROM losses
        WHERE outcome IS NOT 'mistake' AND source_record IS NOT NULL
        GROUP BY source_system, source_record
        HAVING count(*) > 1 AND max(uid IN (SELECT value FROM json_each(:new)))
        """,
        {"new": json.dumps(sorted(new)), "nobody": FORGOTTEN},
    )
    return tuple(sorted(tuple(sorted(map(int, numbers.split(",")))) for (numbers,) in found))

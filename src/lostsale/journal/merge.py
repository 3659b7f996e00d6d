"""Bringing the journals of one person together: the union of their changes, folded. The order in
which journals meet makes no difference."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from lostsale.domain.loss import Loss
from lostsale.domain.results import Difference, FieldChange, Merged, What
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal.changes import append, refold, seal, vocabulary
from lostsale.journal.forget import (
    FORGOTTEN,
    WORDS,
    ForgetOptions,
    clean_backups,
    compact,
    forget_as_there,
    is_gone,
)
from lostsale.journal.records import ChangedRow, ChangeRecord, Forgotten, change_records
from lostsale.journal.store import Store

_Fields = Callable[[Loss], Mapping[str, Any]]  # the fields of a loss, to be compared and shown
_NOT_TYPED = {"number", "uid", "logged_at"}  # fields that lostsale gives
_PORTION = 200  # losses that are folded and compared at a time


def absorb_file(
    journal: Store, other: Path, record: _Fields, path: Path | None, *, keep: bool
) -> Merged:
    """Absorb all that another journal of today's schema holds. Before the journal at `path` is
    changed it is backed up, and its backups forget what is forgotten there; `path` is None for a
    journal that was only just made."""
    backups: list[str] = []

    def prepare(forgotten: list[str]) -> None:
        if path and keep:
            backup = journal_backup.timestamped_path(path, "before-merge")
            journal_backup.back_up(path, backup)
            if forgotten:
                clean_backups(path, forgotten, ForgetOptions())
            backups.append(str(backup))

    with closing(Store.open(other)) as theirs:
        changes, forgotten = theirs.changes(), theirs.forgotten()
        merged = absorb(journal, changes, forgotten, record, prepare, keep=keep)
    return merged._replace(backup=backups[0] if backups else None)


def absorb(
    journal: Store,
    changes: Iterable[ChangeRecord],
    forgotten: Iterable[Forgotten],
    record: _Fields,
    prepare: Callable[[list[str]], None] = lambda _: None,
    *,
    keep: bool = True,
) -> Merged:
    """Take in what other machines did, all or nothing: keep the changes that are not here, and fold
    the losses, settings and reasons that they touch. With `keep` false only say what would come.

    Nothing comes of a loss that was forgotten, there or here. `prepare` is called before anything
    is written, unless nothing comes, with the uids of what is forgotten only now. Raises Damaged
    for a change that is not what its checksum says, or not what it is here.
    """
    with journal.transaction(keep=keep):
        gone = dict(journal.forgotten())
        erased: dict[str, str] = {}
        for uid, at in forgotten:
            if uid not in gone or (uid.startswith(WORDS) and at > gone[uid]):
                erased[uid] = max(at, erased.get(uid, ""))
        gone |= erased

        @cache  # once
        def begin() -> None:
            prepare(list(erased))

        settings = _settings_and_reasons(journal)
        losses = []
        if erased:
            begin()
            losses = _erase(journal, erased)
        # Only now: what was erased left its ids to the changes that come.
        (last,) = journal.connection.execute("SELECT ifnull(max(id), 0) FROM changes").fetchone()
        count = _take(journal.connection, changes, gone, begin)
        if count:
            losses += _refold(journal, last, record)
        found = [loss.what for loss in losses]
        merged = Merged(
            changes=count,
            added=found.count("added"),
            updated=found.count("updated"),
            removed=found.count("removed"),
            forgotten=len(erased),
            settings=_differing(settings, _settings_and_reasons(journal)),
            losses=tuple(losses),
            twice=_possible_duplicates(
                journal.connection, [loss.uid for loss in losses if loss.what == "added"]
            ),
            dry_run=not keep,
        )
    if keep and erased:
        compact(journal)
    return merged


def _settings_and_reasons(journal: Store) -> dict[str, object]:
    """Return the settings and the user's own reasons, by the names under which they are shown."""
    return {
        **journal.kept_settings(),
        **{f"reason {own.code}": own for own in vocabulary(journal.connection).own},
    }


def _differing(before: dict[str, object], after: dict[str, object]) -> tuple[str, ...]:
    keys = before.keys() | after.keys()
    return tuple(sorted(key for key in keys if before.get(key) != after.get(key)))


def _erase(journal: Store, forgotten: dict[str, str]) -> list[Difference]:
    """Forget what was forgotten elsewhere; return the losses that this removes."""
    removed = [
        _of(loss, "removed")
        for portion in _portions(list(forgotten))
        for loss in journal.by_uid(portion)
    ]
    forget_as_there(journal.connection, forgotten)
    return removed


def _take(
    connection: sqlite3.Connection,
    changes: Iterable[ChangeRecord],
    gone: Mapping[str, str],
    begin: Callable[[], None],
) -> int:
    """Keep the changes that are not here, without what is `gone`; return how many. Calls `begin`
    before it writes."""
    count = 0
    for change in changes:
        ours = next(change_records(connection, "uid = ?", change.uid), None)
        if ours is None:
            count += _keep(connection, change, gone, begin)
        elif ours.checksum != change.checksum:
            # The same change, if one of the two has since lost what was forgotten.
            rows = (
                (row for row in one.changed if not is_gone(row, change.at, gone))
                for one in (ours, change)
            )
            if ours.head != change.head or any(one != other for one, other in zip_longest(*rows)):
                raise journal_file.damaged("The two journals have different changes under one ID")
    return count


def _keep(
    connection: sqlite3.Connection,
    change: ChangeRecord,
    gone: Mapping[str, str],
    begin: Callable[[], None],
) -> bool:
    """Keep a change; return whether anything of it is left to be kept."""
    is_whole = True

    def left() -> Iterator[ChangedRow]:
        nonlocal is_whole
        for row in change.changed:
            if is_gone(row, change.at, gone):
                is_whole = False
            else:
                yield row

    rows = left() if gone else iter(change.changed)
    first = next(rows, None)
    if first is None and not change.undoes:
        return False
    begin()
    kept = append(connection, change.head, chain([first] if first else [], rows))
    if seal(connection, kept) != change.checksum and is_whole:
        raise journal_file.damaged("A change that came in is damaged")
    return True


def _refold(journal: Store, last: int, record: _Fields) -> list[Difference]:
    """Fold what the changes after the one with the id `last` touch; return which losses differ."""
    touched = journal.connection.execute(
        """
        SELECT subject, max(kind IN ('setting', 'reason'))
        FROM changes JOIN changed ON change = id
        WHERE id > :last OR uid IN (SELECT undoes FROM changes WHERE id > :last)
        GROUP BY subject ORDER BY min(at), subject
        """,
        {"last": last},
    ).fetchall()
    differences: list[Difference] = []
    for uids in _portions([subject for subject, is_common in touched if not is_common]):
        before = {loss.uid: loss for loss in journal.by_uid(uids)}
        refold(journal.connection, *uids)
        after = {loss.uid: loss for loss in journal.by_uid(before)}
        there = (_difference(loss, after.get(uid), record) for uid, loss in before.items())
        added = _added(journal.connection, [uid for uid in uids if uid not in before])
        found = {one.uid: one for one in (*there, *added) if one}
        differences += (found[uid] for uid in uids if uid in found)
    # Only now, so that losses differ in what is their own, and not in what a code is called.
    refold(journal.connection, *(subject for subject, is_common in touched if is_common))
    return differences


def _portions(uids: list[str]) -> Iterator[list[str]]:
    return (uids[start : start + _PORTION] for start in range(0, len(uids), _PORTION))


def _added(connection: sqlite3.Connection, uids: list[str]) -> Iterator[Difference]:
    """Yield those of the losses that are there now."""
    query = "SELECT number, uid, prospect FROM losses WHERE uid IN (SELECT value FROM json_each(?))"
    found = connection.execute(query, (json.dumps(uids),))
    return (Difference(number, uid, prospect, "added") for number, uid, prospect in found)


def _difference(before: Loss, after: Loss | None, record: _Fields) -> Difference | None:
    if before == after:
        return None
    if after is None:
        return _of(before, "removed")
    old, new = record(before), record(after)
    differing = (name for name in new if name not in _NOT_TYPED and old[name] != new[name])
    fields = tuple(FieldChange(name, old[name], new[name]) for name in differing)
    return _of(after, "updated", fields) if fields else None


def _of(loss: Loss, what: What, fields: tuple[FieldChange, ...] = ()) -> Difference:
    assert loss.number  # it is, or was, in the journal
    return Difference(loss.number, loss.uid, loss.prospect, what, fields)


def _possible_duplicates(
    connection: sqlite3.Connection, new: list[str]
) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of losses that may be one, of which at least one is new: of the same
    record in another program, or of the same prospect, day and amount."""
    found = connection.execute(
        """
        WITH new (uid) AS (SELECT value FROM json_each(:new))
        SELECT group_concat(number) FROM losses
        WHERE outcome IS NOT 'mistake' AND prospect <> :nobody
            AND prospect_key IN (SELECT prospect_key FROM losses WHERE uid IN new)
        GROUP BY prospect_key, lost_on, amount, currency
        HAVING count(*) > 1 AND max(uid IN new)
        UNION
        SELECT group_concat(number) FROM losses
        WHERE outcome IS NOT 'mistake' AND source_record IS NOT NULL
            AND source_record IN (SELECT source_record FROM losses WHERE uid IN new)
        GROUP BY source_system, source_record
        HAVING count(*) > 1 AND max(uid IN new)
        """,
        {"new": json.dumps(new), "nobody": FORGOTTEN},
    )
    return tuple(sorted(tuple(sorted(map(int, numbers.split(",")))) for (numbers,) in found))

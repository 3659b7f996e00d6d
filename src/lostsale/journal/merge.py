"""Bringing journals of one person together: the union of their changes, and the same fold. Any
order gives the same."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lostsale.domain.loss import Loss
from lostsale.domain.results import Difference, FieldChange, Merged
from lostsale.journal import backup as journal_backup
from lostsale.journal import changes as journal_changes
from lostsale.journal import file as journal_file
from lostsale.journal import forget as journal_forget
from lostsale.journal.changes import ChangedRow, ChangeRecord, Forgotten
from lostsale.journal.store import Journal

Record = Callable[[Loss], Mapping[str, Any]]
_NOT_ENTERED = {"number", "uid", "logged_at"}  # fields of a loss that nobody typed
_PORTION = 200  # losses that are folded and compared at a time


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


def merge_copy(
    journal: Journal, other: Path, source: str, record: Record, path: Path | None, *, keep: bool
) -> Merged:
    """Absorb all that a copy of another journal holds, which is called `source`. The journal at
    `path` is backed up before it is changed, and its backups forget what is forgotten in the other;
    None if it was only just made."""
    backup: Path | None = None

    def back_up(forgotten: list[str]) -> None:
        nonlocal backup
        if path and keep:
            backup = journal_backup.timestamped_path(path, "before-merge")
            journal_backup.back_up(path, backup)
            journal_forget.clean_backups(path, forgotten, journal_forget.How())

    with closing(Journal.open(other)) as theirs:
        absorbed = absorb(
            journal, theirs.changes(), theirs.forgotten(), record, before=back_up, keep=keep
        )
    return absorbed._replace(file=source, backup=str(backup) if backup else None)


def absorb(
    journal: Journal,
    changes: Iterable[ChangeRecord],
    forgotten: Iterable[Forgotten],
    record: Record,
    *,
    before: Callable[[list[str]], None] = lambda _: None,
    keep: bool = True,
) -> Merged:
    """Take in changes that other machines made, and fold what they touch; or with `keep` false only
    say what would come of it. Changes that are here already are left out, and so is all that
    belongs to a loss that was forgotten here or there.

    `record` gives the fields by which a loss is compared. `before` is called before anything is
    written, with the uids of what was forgotten there and not here, unless nothing comes.

    Raises Damaged for a change that is not what its checksum says, or not the same as here.
    """
    connection = journal.connection
    with journal.transaction(keep=keep):
        gone = {uid for uid, _ in journal.forgotten()}
        erased = [one for one in dict(forgotten).items() if one[0] not in gone]
        gone |= dict(erased).keys()
        new = _new(connection, changes, gone)
        first = next(new, None)
        if first or erased:
            before([uid for uid, _ in erased])
        settings = _set(journal)
        differences = _erase(journal, erased)
        (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()
        count = sum(1 for _ in map(_insert(connection), chain(filter(None, [first]), new)))
        differences += _refold(journal, last, record)
        added = [loss.uid for loss in differences if loss.what == "added"]
        changed = settings.items() ^ _set(journal).items()
        duplicates = _possible_duplicates(connection, added)
    if keep and erased:
        journal_forget.compact(journal)
    ...

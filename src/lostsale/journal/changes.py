"""The fold: how the tables follow from the changes. Writing, undoing, merging and checking all use
it.

A change holds the columns that it sets in each row that it touches, always whole field groups, so
that two values of one group never mix. To fold a row, its changes are applied in order: imports
first, then what was done by hand, each by time and uid, leaving out those that were undone. Then
the codes of reasons are resolved: the tables hold what they are called now, `changed` holds what
was written.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import cast

from lostsale.domain.columns import LOSS_FIELDS, REASON_COLUMNS
from lostsale.domain.names import folded
from lostsale.domain.reasons import PLAIN, Code, Vocabulary, plain_words
from lostsale.errors import Damaged
from lostsale.journal.agenda import ON_WHICH_TURNS_DEPEND, open_losses, rewrite_turns
from lostsale.journal.tables import TABLES, UNREADABLE, Table, Value, Values, entry_uid

# The columns that are one value together; every other column is a group by itself.
GROUPS = tuple(field.columns for field in LOSS_FIELDS if len(field.columns) > 1)
_GROUP_OF = {column: group for group in GROUPS for column in group}


ChangedColumns = tuple[str, str, str, str]  # the fields of records.ChangedRow


def whole_groups(before: Values, after: Values) -> Values:
    """Return the columns of `after` that differ from `before`, each with the rest of its group."""
    differing = {column for column in after if after[column] != before.get(column)}
    touched = {member for column in differing for member in group_of(column)}
    return {column: after[column] for column in after if column in touched}


Present = dict[tuple[str, str], Values]  # of each (kind, row)


def fold(history: Iterable[tuple[str, str, str]], vocabulary: Vocabulary) -> Present:
    """Return the present, given each (kind, row, value) in order of precedence, and the codes in
    force."""
    present: Present = {}
    for kind, row, value in history:
        if kind in TABLES:  # else of a newer lostsale, and folded after an upgrade
            values = _as_written(value) if kind == "loss" else columns_set(value)
            if present.setdefault((kind, row), values) is not values:
                present[kind, row] |= values
    rows = {key: now for key, now in present.items() if now.get(TABLES[key[0]].made_by) is not None}
    # Nothing belongs to a loss that does not exist.
    return {
        (kind, row): _resolved(values, vocabulary) if kind == "loss" else values
        for (kind, row), values in rows.items()
        if TABLES[kind].subject != "loss" or ("loss", values["loss"]) in rows
    }


def columns_set(value: str) -> Values:
    """Return the columns that a change set, as it wrote them. Raises ValueError."""
    values, end = _read_value(value)  # as json.loads, which takes twice as long
    if end < len(value):
        raise ValueError(end)
    return cast("Values", values)


_read_value = json.JSONDecoder().raw_decode


def _as_written(value: str) -> Values:
    """Return the columns of a loss that a change set. 0.1.0 didn't write whether the code of a
    reason was found; what an earlier change says of it no longer holds."""
    values = columns_set(value)
    for _, code, _, found in REASON_COLUMNS:
        if code in values and found not in values:
            values[found] = None
    return values


def _resolved(values: Values, vocabulary: Vocabulary) -> Values:
    """Return the columns of a loss with each code as it is called now, whether it was found in the
    words, and the key of the prospect's name."""
    values["prospect_key"] = folded(str(values.get("prospect", "")))
    for kind, code_column, words_column, found_column in REASON_COLUMNS:
        code, words = values.get(code_column), cast("str | None", values.get(words_column))
        if code is None:
            continue
        if values.get(found_column) is None:
            from lostsale.journal.first_release import was_found  # new changes say it

            values[found_column] = int(was_found(kind, str(code), words))
        found = bool(values[found_column])
        values[code_column] = vocabulary.resolve(kind, str(code), words, found=found)
    if vocabulary.own and (signals := json.loads(str(values.get("signals", "[]")))):
        values["signals"] = json.dumps([vocabulary.current(code) for code in signals])
    return values


def vocabulary(connection: sqlite3.Connection) -> Vocabulary:
    """Return the codes of reasons in force."""
    own = connection.execute("SELECT code, kind, weakness, alias_of FROM reasons ORDER BY code")
    codes = tuple(map(Code._make, own))
    return _vocabulary(codes) if codes else PLAIN


_vocabulary = lru_cache(maxsize=2)(Vocabulary)  # before a change of the reasons, and after it


# Condition on a change: no other change undoes it.
NOT_UNDONE = "NOT EXISTS (SELECT 1 FROM changes AS undo WHERE undo.undoes = changes.uid)"
_HISTORY = f"""
    SELECT changed.kind, changed.row, changed.value
    FROM changed JOIN changes ON changes.id = changed.change
    WHERE changed.subject = ? AND {NOT_UNDONE} AND {{of}}
    ORDER BY changes.by_hand, changes.at, changes.uid
"""

# Of many subjects at once. Two losses may have entries of one uid, so these are named with both.
_OF_ENTRIES = _HISTORY.replace(
    "changed.row,", "iif(kind IN ('contact', 'referral'), row || '/' || subject, row),"
).replace("subject = ?", "subject {which}")
_OF_ENTRIES = _OF_ENTRIES.replace("{of}", "1")
_PORTION = 300  # subjects, or losses, that are read at a time
_END_OF_PORTION = f"""
    SELECT DISTINCT subject FROM changed WHERE subject >= ?
    ORDER BY subject LIMIT 1 OFFSET {_PORTION}
"""
_SUBJECTS = " UNION ".join(
    f"SELECT {subject} FROM {name} WHERE {subject} BETWEEN ?1 AND ?2"
    for name, subject in (("changed", "subject"), *((t.name, t.subject) for t in TABLES.values()))
)


def history(connection: sqlite3.Connection, subject: str) -> sqlite3.Cursor:
    """Return what a subject's changes set, without those that were undone, as (kind, row, value) in
    order of precedence."""
    return connection.execute(_HISTORY.format(of="1"), (subject,))


def group_of(column: str) -> tuple[str, ...]:
    """Return the columns of the group that this one belongs to."""
    return _GROUP_OF.get(column, (column,))


def imported(
    connection: sqlite3.Connection, loss: str, command: str, vocabulary: Vocabulary
) -> Values:
    """Return a loss as it would be if only one importing command had ever written it."""
    present: Values = {}
    of = "NOT changes.by_hand AND changes.command = ?"
    for _, _, value in connection.execute(_HISTORY.format(of=of), (loss, command)):
        present.update(_as_written(value))
    return _resolved(present, vocabulary)


def matches_changes(
    connection: sqlite3.Connection,
    subject: str,
    codes: Vocabulary | None = None,
    last: str | bytes | None = None,
) -> bool:
    """Whether the tables hold the fold of the changes of a subject, or of all from that one to a
    last one, with these codes or those in force."""
    which, ends = ("= ?", (subject,)) if last is None else ("BETWEEN ? AND ?", (subject, last))
    try:
        history = _plain_rows(connection, _OF_ENTRIES.format(which=which), *ends)
        folded = {
            (kind, row): tuple(map(values.get, TABLES[kind].columns))
            for (kind, row), values in fold(history, codes or vocabulary(connection)).items()
        }
        for kind, table in TABLES.items():
            for of, key, *columns in _rows(connection, kind, f"{{}} {which}", *ends):
                row = f"{entry_uid(key)}/{of}" if table.subject == "loss" else key
                if folded.pop((kind, row), None) != tuple(columns):
                    return False
    except UNREADABLE:
        return False
    return not folded


def differing(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the subjects of which the tables hold other than the fold of their changes."""
    codes = vocabulary(connection)
    first: str | None = ""
    while first is not None:
        end = connection.execute(_END_OF_PORTION, (first,)).fetchone()
        # Bytes sort behind all texts; and nothing comes between a text and the same with a NUL.
        last, following = (end[0], f"{end[0]}\0") if end else (b"", None)
        if not matches_changes(connection, first, codes, last):
            for (one,) in connection.execute(_SUBJECTS, (first, last)).fetchall():
                if not matches_changes(connection, one, codes):
                    yield one
        first = following


def _rows(
    connection: sqlite3.Connection, kind: str, which: str, *values: str | bytes
) -> sqlite3.Cursor:
    """Return rows of a table: the subject of each, its key, and its columns. In `which`, {} is the
    column of the subject."""
    name, key, subject, columns, _ = TABLES[kind]
    query = f"SELECT {', '.join((subject, key, *columns))} FROM {name} WHERE "
    return _plain_rows(connection, query + which.format(subject), *values)


def _plain_rows(
    connection: sqlite3.Connection, query: str, *values: str | bytes | int
) -> sqlite3.Cursor:
    cursor = connection.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


def check_as_written(connection: sqlite3.Connection, subjects: Iterable[str]) -> None:
    """Raise Damaged unless the tables hold the subjects as they were written: a damaged change must
    not overwrite a good row."""
    codes = vocabulary(connection)
    if not all(matches_changes(connection, subject, codes) for subject in subjects):
        raise _damaged()


def _damaged() -> Damaged:
    return Damaged("The journal is damaged where that would be written", "See lostsale verify")


def refold(connection: sqlite3.Connection, *subjects: str) -> None:
    """Fold subjects again into the tables, a loss with its contacts and referrals. Where the codes
    of reasons change by that, the losses with such reasons follow, and the turns of all where the
    plan does. Raises Damaged where one of those isn't as it was written."""
    before = vocabulary(connection)
    are_losses = [_refold(connection, subject, before) for subject in subjects]
    is_for_all = ON_WHICH_TURNS_DEPEND.intersection(subjects)
    rewrite_turns(connection, open_losses(connection) if is_for_all else subjects)
    now = before if all(are_losses) else vocabulary(connection)
    if now.own != before.own:
        for loss, *columns in _losses_with(connection, *before.moved(now)):
            if _codes_of(connection, loss, before) != columns:
                raise _damaged()
            connection.execute(_RESOLVE, (*(_codes_of(connection, loss, now) or ()), loss))


_CODE_COLUMNS = ("signals", *(code for _, code, _, _ in REASON_COLUMNS))
_RESOLVE = f"UPDATE losses SET {' = ?, '.join(_CODE_COLUMNS)} = ? WHERE uid = ?"


def _codes_of(connection: sqlite3.Connection, loss: str, codes: Vocabulary) -> list[Value] | None:
    """Return the _CODE_COLUMNS of a loss as they fold; None where its changes can't be read."""
    written = connection.execute(_HISTORY.format(of="changed.kind = 'loss'"), (loss,))
    try:
        return [*map(fold(written, codes)["loss", loss].get, _CODE_COLUMNS)]
    except UNREADABLE:
        return None


_CODES = "IN (SELECT value FROM json_each(?1))"


def _losses_with(
    connection: sqlite3.Connection, codes: Iterable[str], phrases: Iterable[str]
) -> Iterator[tuple[str, Value]]:
    """Yield the uid and the _CODE_COLUMNS of each loss with a reason or signal under one of the
    codes, or one of the phrases in the words of a reason. Each may be written before the next."""

    def mentions(*texts: str | None) -> bool:
        plain = [plain_words(text) for text in texts if text]
        return any(phrase in words for words in plain for phrase in phrases)

    connection.create_function("mentions", 3, mentions, deterministic=True)
    query = f"""
        SELECT uid, {", ".join(_CODE_COLUMNS)}, number FROM losses WHERE number > ?2 AND (
            said_code {_CODES} OR guess_code {_CODES} OR real_code {_CODES}
            OR signals <> '[]' AND EXISTS (SELECT 1 FROM json_each(signals) WHERE value {_CODES})
            OR mentions(said_words, guess_words, real_words)
        ) ORDER BY number LIMIT {_PORTION}
    """
    last = 0
    while found := connection.execute(query, (json.dumps([*codes]), last)).fetchall():
        yield from (row[:-1] for row in found)
        last = found[-1][-1]


def _refold(connection: sqlite3.Connection, subject: str, codes: Vocabulary) -> bool:
    """Fold a subject again into the tables; return whether it is a loss."""
    present = fold(history(connection, subject), codes)
    for table in TABLES.values():
        # A loss keeps its number, so an existing one is updated, never deleted.
        if table.subject == "loss" or ("loss", subject) not in present:
            connection.execute(f"DELETE FROM {table.name} WHERE {table.subject} = ?", (subject,))
    order = list(TABLES)  # a loss before its contacts and referrals
    try:
        for kind, row in sorted(present, key=lambda key: order.index(key[0])):
            _put(connection, TABLES[kind], row, present[kind, row])
    except sqlite3.IntegrityError as error:  # of what no lostsale writes
        raise _damaged() from error
    return ("loss", subject) in present


def _put(connection: sqlite3.Connection, table: Table, row: str, values: Values) -> None:
    ours = (*map(values.get, table.columns), row)
    update, insert = _writes(table)
    if table is TABLES["loss"] and connection.execute(_IS_THERE, (row,)).fetchone():
        connection.execute(update, ours)
        return
    try:
        connection.execute(insert, ours)
    except sqlite3.IntegrityError:
        if table.subject != "loss":
            raise
        connection.execute(insert, (*ours[:-1], f"{row}/{values['loss']}"))


_IS_THERE = "SELECT 1 FROM losses WHERE uid = ?"  # which an update takes five times as long to see


@cache
def _writes(table: Table) -> tuple[str, str]:
    """Return the statements that update a row of a table, and that insert one."""
    names, marks = ", ".join((*table.columns, table.key)), ", ".join("?" * (len(table.columns) + 1))
    return (
        f"UPDATE {table.name} SET {' = ?, '.join(table.columns)} = ? WHERE {table.key} = ?",
        f"INSERT INTO {table.name} ({names}) VALUES ({marks})",
    )


HEAD = "uid, at, machine, command, by_hand, undoes, schema"


def append(
    connection: sqlite3.Connection, head: tuple[Value, ...], changed: Iterable[ChangedColumns]
) -> int:
    """Append a change, to be sealed once all that it changed is written; return its id."""
    (change,) = connection.execute(
        f"INSERT INTO changes ({HEAD}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING id",
        head,
    ).fetchone()
    connection.executemany(
        "INSERT INTO changed (change, subject, kind, row, value) VALUES (?, ?, ?, ?, ?)",
        ((change, *row) for row in changed),
    )
    return int(change)


def seal(connection: sqlite3.Connection, change: int, *, is_sorted: bool = False) -> int:
    """Write the checksum of a change, and return it. Where it `is_sorted`, what it sets was written
    in the order of `changed_by`."""
    crc = checksum(connection, change, is_sorted=is_sorted)
    connection.execute("UPDATE changes SET checksum = ? WHERE id = ?", (crc, change))
    return crc


def changed_by(
    connection: sqlite3.Connection, change: int, *, is_sorted: bool = False
) -> Iterable[ChangedColumns]:
    """Return what a change sets, in the same order in every journal."""
    columns = "subject, kind, row, value"
    query = f"SELECT {columns} FROM changed WHERE change = ? ORDER BY "
    return _plain_rows(connection, query + ("rowid" if is_sorted else columns), change)


def checksum(connection: sqlite3.Connection, change: int, *, is_sorted: bool = False) -> int:
    """Return the CRC-32 of a change and all that it changed, the same in every journal."""
    query = f"SELECT {HEAD} FROM changes WHERE id = ?"
    *head, schema = connection.execute(query, (change,)).fetchone()
    # A change from before 0.2.0 names no schema, and keeps the checksum that it got then.
    crc = zlib.crc32(json.dumps(head if schema is None else [*head, schema]).encode())
    for subject, kind, row, value in changed_by(connection, change, is_sorted=is_sorted):
        # As json.dumps writes a list, which takes three times as long.
        texts = f"[{_quoted(subject)}, {_quoted(kind)}, {_quoted(row)}, {_quoted(value)}]"
        crc = zlib.crc32(texts.encode(), crc)
    return crc

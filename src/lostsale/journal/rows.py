"""A loss as columns of the journal's tables, and back: what `columns` can't say.

A part of a loss is a record whose fields are in the order of its columns.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from lostsale.domain.columns import COLUMNS_OF, TEXTS
from lostsale.domain.loss import Again, Contact, Loss, Real, Referral, Source, Step, Win
from lostsale.domain.money import Money
from lostsale.domain.reasons import Reason
from lostsale.journal.tables import TABLES, Value, Values, entry_uid

_T = TypeVar("_T")
_texts_of = attrgetter(*TEXTS)
# When it was logged is for the change to say.
_EMPTY: Values = dict.fromkeys((*TEXTS, *chain.from_iterable(COLUMNS_OF.values())))
del _EMPTY["logged_at"]
# An entry begins with its uid, its row with the loss; the row ends with when it was written down.
_ENTRY_COLUMNS = {kind: TABLES[kind].columns[1:-2] for kind in ("contact", "referral")}


def _win(columns: list[Any]) -> Win:
    won_on, *worth, note = columns
    return Win(won_on, None if None in worth else Money(*worth), note)


def _signals(kept: str) -> tuple[str, ...]:
    return () if kept == "[]" else tuple(json.loads(kept))


# What isn't kept as it is, by how the column's name ends: dates in ISO 8601, truths as 0 and 1.
_READERS: dict[str, Callable[[Any], object]] = {
    "_on": date.fromisoformat,
    **dict.fromkeys(("_found", "marked", "answered"), bool),
    "signals": _signals,
}
# The fields of a loss that have several columns, with what makes each of them.
_PARTS: dict[str, tuple[str, Callable[[list[Any]], object]]] = {
    "money": ("amount", Money._make),
    "said": ("said", Reason._make),
    "guess": ("guess", Reason._make),
    "real": ("real", Real._make),
    "planned": ("next", Step._make),
    "won": ("won", _win),
    "source": ("source", Source._make),
    "again": ("again", Again._make),
}
_NAMED = {"given_outcome": "outcome", "given_weakness": "weakness"}  # otherwise in the tables
_WHOLE = tuple(field for field in Loss._fields[:-2] if field not in _PARTS)  # -2: the entries
_COLUMNS = [_NAMED.get(field, field) for field in _WHOLE]
_PLACES: list[tuple[slice, Callable[[list[Any]], object]]] = []
for _name, _make in _PARTS.values():
    _PLACES.append((slice(len(_COLUMNS), len(_COLUMNS) + len(COLUMNS_OF[_name])), _make))
    _COLUMNS += COLUMNS_OF[_name]
_in_order = itemgetter(*map([*_WHOLE, *_PARTS].index, Loss._fields[:-2]))


_Reader = tuple[int, Callable[[Any], object]]


def _readers(columns: Iterable[str], first: int = 0) -> list[_Reader]:
    """Return the places of the columns that aren't kept as they are, each with what reads it."""
    return [
        (place, read)
        for place, column in enumerate(columns, first)
        for ending, read in _READERS.items()
        if column.endswith(ending)
    ]


_LOSS_READERS = _readers(_COLUMNS)
_ENTRY_READERS = {
    kind: [(0, entry_uid), *_readers(columns, 1)] for kind, columns in _ENTRY_COLUMNS.items()
}
REFERRAL = ", ".join(f"referrals.{column}" for column in ("uid", *_ENTRY_COLUMNS["referral"]))


def loss_values(loss: Loss) -> Values:
    """Return the columns of a loss, without its contacts and referrals."""
    won = loss.won and (loss.won.on, *(loss.won.money or (None, None)), loss.won.note)
    values: Values = {
        **_EMPTY,
        **dict(zip(TEXTS, _texts_of(loss), strict=True)),
        "lost_on": loss.lost_on.isoformat(),
        "outcome": loss.given_outcome,
        "signals": json.dumps(loss.signals) if loss.signals else "[]",
        "weakness": loss.given_weakness,
        "rested_on": loss.rested_on.isoformat() if loss.rested_on else None,
    }
    for field, (name, _) in _PARTS.items():
        if part := won if field == "won" else getattr(loss, field):
            values.update(_kept(COLUMNS_OF[name], part))
    return values


def program_values(loss: Loss) -> tuple[Value, ...]:
    """Return what another program knows of a loss, in the order of the import's columns, and as
    `loss_values` has it: that takes eight times as long."""
    code, words, found = loss.guess or (None, None, None)
    again, what = loss.again or (None, None)
    return (
        *(loss.prospect, loss.contact, loss.email, loss.phone, loss.product),
        *(loss.money or (None, None)),
        *(loss.lost_on.isoformat(), loss.stage, loss.given_outcome, loss.lost_to),
        *(json.dumps(loss.signals) if loss.signals else "[]", code, words, found),
        *(loss.note, *(loss.source or (None, None)), again and again.isoformat(), what),
    )


def entry_values(loss: Loss) -> dict[tuple[str, str], Values]:
    """Return the columns of each contact and referral of a loss, by kind of row and uid."""
    return {
        (kind, entry.uid): {"loss": loss.uid, **_kept(_ENTRY_COLUMNS[kind], entry[1:])}
        for kind, entries in (("contact", loss.contacts), ("referral", loss.referrals))
        for entry in entries
    }


def _kept(columns: tuple[str, ...], values: Iterable[Any]) -> Values:
    """Return values by their columns, as the journal keeps them."""
    return {
        column: value.isoformat()
        if isinstance(value, date)
        else int(value)
        if isinstance(value, bool)
        else value
        for column, value in zip(columns, values, strict=True)
    }


def read_losses(connection: sqlite3.Connection, which: str, value: str) -> list[Loss]:
    """Return the losses that a condition on `losses` chooses, with their contacts and referrals."""
    cursor = connection.cursor()
    cursor.row_factory = None
    try:
        return _read_losses(cursor, which, value)
    except sqlite3.OperationalError:  # perhaps of bytes that are not text,
        connection.text_factory = _tolerant  # which must not hide the losses beside them
        return _read_losses(cursor, which, value)
    finally:
        connection.text_factory = str


def _read_losses(cursor: sqlite3.Cursor, which: str, value: str) -> list[Loss]:
    query = f"SELECT {', '.join(_COLUMNS)} FROM losses WHERE {which}"
    found = [_read(_LOSS_READERS, [*row]) for row in cursor.execute(query, (value,))]
    uids = json.dumps([loss[_UID] for loss in found])
    contacts = _entries(cursor, "contact", "done_on", Contact._make, uids) if found else {}
    referrals = _entries(cursor, "referral", "given_on", Referral._make, uids) if found else {}
    return [
        _loss(loss, contacts.get(loss[_UID], ()), referrals.get(loss[_UID], ())) for loss in found
    ]


_UID = _COLUMNS.index("uid")


def _entries(
    cursor: sqlite3.Cursor, kind: str, day: str, make: Callable[[Iterable[Any]], _T], losses: str
) -> dict[str, list[_T]]:
    """Return the entries of these losses (a JSON list of uids), by loss."""
    found, readers = defaultdict[str, list[_T]](list), _ENTRY_READERS[kind]
    for loss, *row in cursor.execute(
        f"SELECT loss, uid, {', '.join(_ENTRY_COLUMNS[kind])} FROM {TABLES[kind].name}"
        f" WHERE loss IN (SELECT value FROM json_each(?)) ORDER BY loss, {day}, at, place, uid",
        (losses,),
    ):
        found[loss].append(make(_read(readers, row)))
    return found


def _tolerant(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")


def _loss(row: list[Any], contacts: Iterable[Contact], referrals: Iterable[Referral]) -> Loss:
    """Return the loss that a row of `losses` holds, with its contacts and referrals."""
    # A part that isn't there has nothing in its first column.
    parts = [None if row[at.start] is None else make(row[at]) for at, make in _PLACES]
    fields = _in_order((*row[: len(_WHOLE)], *parts))
    return Loss._make((*fields, tuple(contacts), tuple(referrals)))


def referral_of(row: Iterable[Any]) -> Referral:
    """Return the referral that the columns REFERRAL hold."""
    return Referral._make(_read(_ENTRY_READERS["referral"], [*row]))


def _read(readers: Iterable[_Reader], values: list[Any]) -> list[Any]:
    """Return the columns of a row, given as they are kept: dates as dates and truths as truths."""
    for place, read in readers:
        if (value := values[place]) is not None:
            values[place] = read(value)
    return values

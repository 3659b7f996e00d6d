"""A loss as columns of the journal's tables, and back: what `columns` can't say.

A part of a loss is a record whose fields are in the order of its columns.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from lostsale.domain.columns import COLUMNS_OF, TEXTS
from lostsale.domain.loss import Again, Contact, Loss, Real, Referral, Source, Step, Win
from lostsale.domain.money import Money
from lostsale.domain.reasons import Reason
from lostsale.journal.tables import TABLES, Values, entry_uid

_T = TypeVar("_T")
_texts_of, _texts_in = attrgetter(*TEXTS), itemgetter(*TEXTS)
_PARTS: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
    name: itemgetter(*COLUMNS_OF[name])
    for name in ("amount", "said", "guess", "real", "next", "won", "source", "again")
}
# When it was logged is for the change to say.
_EMPTY: Values = dict.fromkeys((*TEXTS, *chain.from_iterable(COLUMNS_OF.values())))
del _EMPTY["logged_at"]
# An entry begins with its uid, its row with the loss; the row ends with when it was written down.
_ENTRY_COLUMNS = {kind: TABLES[kind].columns[1:-2] for kind in ("contact", "referral")}
_contact_in, _referral_in = (itemgetter("uid", *columns) for columns in _ENTRY_COLUMNS.values())
# What isn't kept as it is: dates in ISO 8601, truths as 0 and 1.
_DAYS = ("lost_on", "asked_on", "real_on", "next_on", "won_on", "rested_on", "again_on")
_TRUTHS = ("said_found", "guess_found", "real_found", "next_marked")
_Readers = Mapping[str, Callable[[Any], object]]
_LOSS_READERS: _Readers = {
    **dict.fromkeys(_DAYS, date.fromisoformat),
    **dict.fromkeys(_TRUTHS, bool),
}
_CONTACT_READERS: _Readers = {
    "uid": entry_uid,
    "done_on": date.fromisoformat,
    "answered": bool,
    "marked": bool,
}
_REFERRAL_READERS: _Readers = {
    "uid": entry_uid,
    **dict.fromkeys(("given_on", "called_on", "dropped_on"), date.fromisoformat),
}


def loss_values(loss: Loss) -> Values:
    """Return the columns of a loss, without its contacts and referrals."""
    won = loss.won
    values: Values = {
        **_EMPTY,
        **dict(zip(TEXTS, _texts_of(loss), strict=True)),
        "lost_on": loss.lost_on.isoformat(),
        "outcome": loss.given_outcome,
        "signals": json.dumps(loss.signals) if loss.signals else "[]",
        "weakness": loss.given_weakness,
        "rested_on": loss.rested_on.isoformat() if loss.rested_on else None,
    }
    parts: tuple[tuple[str, tuple[object, ...] | None], ...] = (
        *(("amount", loss.money), ("said", loss.said), ("guess", loss.guess), ("real", loss.real)),
        *(("next", loss.planned), ("source", loss.source), ("again", loss.again)),
        ("won", won and (won.on, *(won.money or (None, None)), won.note)),
    )
    for name, part in parts:
        if part:
            values.update(_kept(COLUMNS_OF[name], part))
    return values


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
    cursor.row_factory = sqlite3.Row
    try:
        return _read_losses(cursor, which, value)
    except sqlite3.OperationalError:  # perhaps of bytes that are not text,
        connection.text_factory = _tolerant  # which must not hide the losses beside them
        return _read_losses(cursor, which, value)
    finally:
        connection.text_factory = str


def _read_losses(cursor: sqlite3.Cursor, which: str, value: str) -> list[Loss]:
    found = cursor.execute(f"SELECT * FROM losses WHERE {which}", (value,)).fetchall()
    uids = json.dumps([row["uid"] for row in found])
    children = defaultdict[str, list[sqlite3.Row]](list)
    tables = (("contacts", "done_on"), ("referrals", "given_on")) if found else ()
    for table, day in tables:
        for row in cursor.execute(
            f"SELECT * FROM {table} WHERE loss IN (SELECT value FROM json_each(?))"
            f" ORDER BY {day}, at, place, uid",
            (uids,),
        ):
            children[table + row["loss"]].append(row)
    return [
        loss_of(row, children["contacts" + row["uid"]], children["referrals" + row["uid"]])
        for row in found
    ]


def _tolerant(raw: bytes) -> str:
    return raw.decode(errors="backslashreplace")


def loss_of(
    found: sqlite3.Row, contacts: Iterable[sqlite3.Row], referrals: Iterable[sqlite3.Row]
) -> Loss:
    """Return the loss that a row of `losses` holds, with its contacts and referrals."""
    row = _read(found, _LOSS_READERS)
    won_on, *worth, won_note = _PARTS["won"](row)
    return Loss(
        **dict(zip(TEXTS, _texts_in(row), strict=True)),
        number=row["number"],
        uid=row["uid"],
        lost_on=row["lost_on"],
        money=_part(Money._make, "amount", row),
        given_outcome=row["outcome"],
        said=_part(Reason._make, "said", row),
        signals=() if row["signals"] == "[]" else tuple(json.loads(row["signals"])),
        guess=_part(Reason._make, "guess", row),
        real=_part(Real._make, "real", row),
        given_weakness=row["weakness"],
        planned=_part(Step._make, "next", row),
        won=Win(won_on, None if None in worth else Money(*worth), won_note) if won_on else None,
        rested_on=row["rested_on"],
        logged_at=row["logged_at"],
        source=_part(Source._make, "source", row),
        again=_part(Again._make, "again", row),
        contacts=tuple(
            Contact._make(_contact_in(_read(contact, _CONTACT_READERS))) for contact in contacts
        ),
        referrals=tuple(map(referral_of, referrals)),
    )


def referral_of(row: sqlite3.Row) -> Referral:
    """Return the referral that a row of `referrals` holds."""
    return Referral._make(_referral_in(_read(row, _REFERRAL_READERS)))


def _read(row: sqlite3.Row, readers: _Readers) -> dict[str, Any]:
    """Return the columns of a row, dates as dates and truths as truths."""
    values = dict(zip(row.keys(), row, strict=True))  # in which a column is found much faster
    for column, read in readers.items():
        if values[column] is not None:
            values[column] = read(values[column])
    return values


def _part(make: Callable[[Iterable[Any]], _T], name: str, row: dict[str, Any]) -> _T | None:
    """Return the part of a loss that is in its columns, None where the first is empty."""
    values = _PARTS[name](row)
    return None if values[0] is None else make(values)

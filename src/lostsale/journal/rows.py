"""A loss as columns of the journal's tables, and back: what `columns` can't say."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from itertools import repeat
from operator import attrgetter, itemgetter
from typing import Any

from lostsale.domain.columns import COLUMNS_OF, TEXTS
from lostsale.domain.loss import Again, Contact, Loss, Real, Referral, Source, Step, Win
from lostsale.domain.money import Money
from lostsale.domain.reasons import Reason
from lostsale.journal.changes import Value, Values

_texts_of, _texts_in = attrgetter(*TEXTS), itemgetter(*TEXTS)


def loss_values(loss: Loss) -> Values:
    """Return the columns of a loss, without its contacts and referrals."""
    said, guess, real, step, won = loss.said, loss.guess, loss.real, loss.planned, loss.won
    again = loss.again
    worth = (won.money if won else None) or (None, None)
    parts: dict[str, tuple[Value, ...] | None] = {
        "amount": loss.money,
        "lost_on": (loss.lost_on.isoformat(),),
        "outcome": (loss.given_outcome,),
        "said": said and (said.code, said.words, _flag(said.found)),
        "signals": (json.dumps(loss.signals) if loss.signals else "[]",),
        "guess": guess and (guess.code, guess.words, _flag(guess.found)),
        "real": real
        and (
            *(real.asked_on.isoformat(), real.code, real.words, _flag(real.found)),
            *(real.source, _iso(real.on)),
        ),
        "weakness": (loss.given_weakness,),
        "next": step
        and (
            *(step.kind, step.on.isoformat(), step.time, _flag(step.marked), step.tries),
            *(step.minutes, step.where, step.plan_step),
        ),
        "won": won and (won.on.isoformat(), *worth, won.note),
        "rested_on": (_iso(loss.rested_on),),
        "source": loss.source,
        "again": again and (again.on.isoformat(), again.what),
    }
    values: Values = dict(zip(TEXTS, _texts_of(loss), strict=True))
    for name, part in parts.items():
        values.update(zip(COLUMNS_OF[name], part or repeat(None)))  # noqa: B905 - one goes on and on
    return values


def entry_values(loss: Loss) -> dict[tuple[str, str], Values]:
    """Return the columns of each contact and referral of a loss, by kind of row and uid."""
    entries: dict[tuple[str, str], Values] = {}
    for contact in loss.contacts:
        entries["contact", contact.uid] = {
            "loss": loss.uid,
            "kind": contact.kind,
            "done_on": contact.on.isoformat(),
            "answered": _flag(contact.answered),
            "marked": _flag(contact.marked),
            "note": contact.note,
        }
    for referral in loss.referrals:
        entries["referral", referral.uid] = {
            "loss": loss.uid,
            "name": referral.name,
            "phone": referral.phone,
            "email": referral.email,
            "given_on": referral.on.isoformat(),
            "note": referral.note,
        }
    return entries


def loss_of(
    found: sqlite3.Row, contacts: Iterable[sqlite3.Row], referrals: Iterable[sqlite3.Row]
) -> Loss:
    """Return the loss that a row of `losses` holds, with its contacts and referrals."""
    row = dict(zip(found.keys(), found, strict=True))  # in which a column is found much faster
    return Loss(
        **dict(zip(TEXTS, _texts_in(row), strict=True)),
        number=row["number"],
        uid=row["uid"],
        lost_on=date.fromisoformat(row["lost_on"]),
        money=_money(row["amount"], row["currency"]),
        given_outcome=row["outcome"],
        said=_reason(row["said_code"], row["said_words"], row["said_found"]),
        signals=tuple(json.loads(row["signals"])),
        guess=_reason(row["guess_code"], row["guess_words"], row["guess_found"]),
        real=_real(row),
        given_weakness=row["weakness"],
        planned=_step(row),
        won=_win(row),
        rested_on=_date(row["rested_on"]),
        logged_at=row["logged_at"],
        source=Source(row["source_system"], row["source_record"]) if row["source_system"] else None,
        again=Again(date.fromisoformat(row["again_on"]), row["again_what"])
        if row["again_on"]
        else None,
        contacts=tuple(_contact(contact) for contact in contacts),
        referrals=tuple(referral_of(referral) for referral in referrals),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _flag(truth: bool | None) -> Value:
    return None if truth is None else int(truth)


def _truth(flag: int | None) -> bool | None:
    return None if flag is None else bool(flag)


def _money(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _reason(code: str | None, words: str | None, found: int | None) -> Reason | None:
    return Reason(code, words, _truth(found)) if code else None


def _real(row: dict[str, Any]) -> Real | None:
    if not row["asked_on"]:
        return None
    return Real(
        date.fromisoformat(row["asked_on"]),
        row["real_code"],
        row["real_words"],
        row["real_source"],
        _date(row["real_on"]),
        _truth(row["real_found"]),
    )


def _step(row: dict[str, Any]) -> Step | None:
    if not row["next_kind"]:
        return None
    return Step(
        row["next_kind"],
        date.fromisoformat(row["next_on"]),
        row["next_time"],
        row["plan_step"],
        _truth(row["next_marked"]),
        row["next_tries"],
        row["next_minutes"],
        row["next_where"],
    )


def _win(row: dict[str, Any]) -> Win | None:
    if not row["won_on"]:
        return None
    money = _money(row["won_amount"], row["won_currency"])
    return Win(date.fromisoformat(row["won_on"]), money, row["won_note"])


def _contact(row: sqlite3.Row) -> Contact:
    return Contact(
        row["uid"],
        row["kind"],
        date.fromisoformat(row["done_on"]),
        _truth(row["answered"]),
        _truth(row["marked"]),
        row["note"],
    )


def referral_of(row: sqlite3.Row) -> Referral:
    """Return the referral that a row of `referrals` holds."""
    day = date.fromisoformat(row["given_on"])
    return Referral(row["uid"], row["name"], day, row["phone"], row["email"], row["note"])

"""Records to JSON: the promise of the README. Fields may be added, never removed or renamed."""

import json
from datetime import date
from typing import Any

from lostsale.dates import Workdays
from lostsale.loss import Loss

SCHEMA = 1


def to_json(noun: str, value: object, **more: object) -> str:
    """Return the one object that a command prints: the schema, a noun, and what stands beside
    it."""
    # ASCII only: what steers a terminal is escaped, and reads back to the letter.
    return json.dumps({"schema": SCHEMA, **more, noun: plain(value)}) + "\n"


def plain(value: object) -> Any:
    """Return a record as JSON has it: named tuples as objects, dates as ISO texts."""
    if hasattr(value, "_asdict"):
        return {key.rstrip("_"): plain(field) for key, field in value._asdict().items()}
    if isinstance(value, dict):
        return {key: plain(field) for key, field in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def kept_json(loss: Loss) -> dict[str, Any]:
    """Return what LOSS of the README does not tell of how a loss is kept: what was given where LOSS
    has what follows, and the step that waits behind an end. With it a loss can be read back."""
    return {
        "outcome": loss.given_outcome,
        "weakness": loss.given_weakness,
        "step": plain(loss.planned),
        "won": {"amount": loss.won.money.decimal(), "currency": loss.won.money.currency}
        if loss.won and loss.won.money
        else None,
    }


def loss_json(loss: Loss, today: date, workdays: Workdays) -> dict[str, Any]:
    """Return LOSS of the README."""
    step, real, won = loss.step, loss.real, loss.won
    known = real if real and real.code else None
    return {
        "number": loss.number,
        "uid": loss.uid,
        "prospect": loss.prospect,
        "contact": loss.contact,
        "email": loss.email,
        "phone": loss.phone,
        "product": loss.product,
        "amount": loss.money.decimal() if loss.money else None,
        "currency": loss.money.currency if loss.money else None,
        "lost_on": loss.lost_on.isoformat(),
        "stage": loss.stage,
        "outcome": loss.outcome,
        "lost_to": loss.lost_to,
        "said": plain(loss.said),
        "signals": list(loss.signals),
        "guess": plain(loss.guess),
        "real": {
            "code": known.code,
            "words": known.words,
            "source": known.source,
            "on": plain(known.on),
        }
        if known
        else None,
        "asked_on": real.asked_on.isoformat() if real else None,
        "way_in": loss.way_in,
        "weakness": loss.weakness,
        "lesson": loss.lesson,
        "note": loss.note,
        "next": {
            "kind": step.kind,
            "on": step.on.isoformat(),
            "time": step.time,
            "late_days": workdays.late(step.on, today),
            "plan_step": step.plan_step,
            "marked": step.marked,
            "minutes": step.minutes,
            "where": step.where,
        }
        if step
        else None,
        "contacts": [plain(contact) for contact in loss.contacts],
        "referrals": [plain(referral) for referral in loss.referrals],
        "won": {
            "on": won.on.isoformat(),
            "amount": loss.won_money.decimal() if loss.won_money else None,
            "currency": loss.won_money.currency if loss.won_money else None,
            "note": won.note,
        }
        if won
        else None,
        "rested_on": plain(loss.rested_on),
        "logged_at": loss.logged_at,
        "source": plain(loss.source),
    }

"""Records to JSON: the promise of the README. Fields may be added, never removed or renamed."""

import json
from datetime import date
from typing import Any

from lostsale.domain.dates import Workdays
from lostsale.domain.loss import Loss, Step
from lostsale.domain.money import Money

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


def _money(money: Money | None) -> dict[str, str | None]:
    return {
        "amount": money.decimal() if money else None,
        "currency": money.currency if money else None,
    }


def kept_json(loss: Loss) -> dict[str, Any]:
    """Return what LOSS of the README does not tell of how a loss is kept: what was given where LOSS
    has what follows, and the step that waits behind an end. With it a loss can be read back."""
    return {
        "outcome": loss.given_outcome,
        "weakness": loss.given_weakness,
        "step": plain(loss.planned),
        "won": _money(loss.won.money) if loss.won and loss.won.money else None,
    }


def loss_json(loss: Loss, today: date, workdays: Workdays) -> dict[str, Any]:
    """Return LOSS of the README."""
    step, won = loss.step, loss.won
    real = plain(loss.real) or {"asked_on": None, "code": None}
    asked_on = real.pop("asked_on")
    return {
        "number": loss.number,
        "uid": loss.uid,
        "prospect": loss.prospect,
        "contact": loss.contact,
        "email": loss.email,
        "phone": loss.phone,
        "product": loss.product,
        **_money(loss.money),
        "lost_on": loss.lost_on.isoformat(),
        "stage": loss.stage,
        "outcome": loss.outcome,
        "lost_to": loss.lost_to,
        "said": plain(loss.said),
        "signals": list(loss.signals),
        "guess": plain(loss.guess),
        "real": real if real["code"] else None,
        "asked_on": asked_on,
        "way_in": loss.way_in,
        "weakness": loss.weakness,
        "lesson": loss.lesson,
        "note": loss.note,
        "next": _next(step, workdays.late(step.on, today)) if step else None,
        "contacts": plain(loss.contacts),
        "referrals": plain(loss.referrals),
        "won": {"on": plain(won.on), **_money(loss.won_money), "note": won.note} if won else None,
        "rested_on": plain(loss.rested_on),
        "logged_at": loss.logged_at,
        "source": plain(loss.source),
    }


def _next(step: Step, late_days: int) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "on": step.on.isoformat(),
        "time": step.time,
        "late_days": late_days,
        "plan_step": step.plan_step,
        "marked": step.marked,
        "minutes": step.minutes,
        "where": step.where,
    }

"""Records as JSON, as docs/json.md promises: fields may be added, never removed or renamed."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any

from lostsale.domain.columns import LOSS_FIELDS, TEXTS
from lostsale.domain.loss import Loss, Step
from lostsale.domain.money import Money
from lostsale.domain.reasons import Reason, TextKind, Vocabulary, suggested
from lostsale.domain.workdays import Workdays

JSON_SCHEMA = 1
_IN_ORDER: dict[str, Any] = dict.fromkeys(field.name for field in LOSS_FIELDS)
_AS_IT_IS = ("number", "uid", "logged_at", *TEXTS)
_as_it_is = attrgetter(*_AS_IT_IS)

_Record = Callable[[Loss], dict[str, Any]]  # makes LOSS of docs/json.md


# In ASCII, control characters are escaped, and read back as they were.
dumps = json.JSONEncoder(check_circular=False, default=date.isoformat).encode


def to_json(noun: str, value: object, record: _Record | None = None, **more: object) -> str:
    """Return the one object that a command prints: the schema, a value under its noun, and `more`
    beside it; each loss as `record` makes it."""
    return dumps({"schema": JSON_SCHEMA, **more, noun: plain(value, record)}) + "\n"


def plain(value: object, record: _Record | None = None) -> Any:
    """Return a record as what `dumps` writes: named tuples as objects."""
    if record and isinstance(value, Loss):
        return record(value)
    if isinstance(value, dict):
        return {key: plain(field, record) for key, field in value.items()}
    if isinstance(value, list | tuple | Iterator):
        items = [item if type(item) in _AS_JSON else plain(item, record) for item in value]
        if hasattr(value, "_fields"):
            return {name.rstrip("_"): item for name, item in zip(value._fields, items, strict=True)}
        return items
    return value


_AS_JSON = {type(None), str, int, bool, date}


def _object(part: Any) -> dict[str, Any] | None:
    """Return a part of a loss, in which there are only values."""
    return dict(zip(part._fields, part, strict=True)) if part else None


def _money(money: Money | None) -> dict[str, str | None]:
    return {
        "amount": money.decimal() if money else None,
        "currency": money.currency if money else None,
    }


def kept_json(loss: Loss) -> dict[str, Any]:
    """Return what is needed beside LOSS of docs/json.md to read a loss back: the outcome and
    weakness as given, where LOSS has the effective ones, the win's own amount, and the step that a
    closed loss would go back to."""
    return {
        "outcome": loss.given_outcome,
        "weakness": loss.given_weakness,
        "step": _object(loss.planned),
        "won": _money(loss.won.money) if loss.won and loss.won.money else None,
        "found": {
            name: reason.found
            for name in ("said", "guess", "real")
            if (reason := getattr(loss, name)) and reason.code
        },
    }


def loss_json(
    loss: Loss, today: date, workdays: Workdays, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return LOSS of docs/json.md."""
    step, won, real = loss.step, loss.won, loss.real
    made = {
        **_money(loss.money),
        "lost_on": loss.lost_on,
        "outcome": loss.outcome,
        "said": _reason("said", loss.said, vocabulary),
        "signals": list(loss.signals),
        "guess": _reason("guess", loss.guess, vocabulary),
        "real": {
            **(_reason("real", Reason(real.code, real.words, real.found), vocabulary) or {}),
            "source": real.source,
            "on": real.on,
        }
        if real and real.code
        else None,
        "asked_on": real.asked_on if real else None,
        "weakness": loss.weakness(vocabulary),
        "next": _next(step, workdays.late(step.on, today)) if step else None,
        "contacts": list(map(_object, loss.contacts)),
        "referrals": list(map(_object, loss.referrals)),
        "won": {"on": won.on, **_money(loss.won_money), "note": won.note} if won else None,
        "rested_on": loss.rested_on,
        "source": _object(loss.source),
        "again": _object(loss.again),
    }
    return {**_IN_ORDER, **dict(zip(_AS_IT_IS, _as_it_is(loss), strict=True)), **made}


def _reason(kind: TextKind, reason: Reason | None, vocabulary: Vocabulary) -> dict[str, Any] | None:
    if reason is None:
        return None
    perhaps = suggested(kind, reason, vocabulary)
    return {"code": reason.code, "words": reason.words, "suggested": list(perhaps)}


def _next(step: Step, late_days: int) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "on": step.on,
        "time": step.time,
        "late_days": late_days,
        "plan_step": step.plan_step,
        "marked": step.marked,
        "minutes": step.minutes,
        "where": step.where,
    }

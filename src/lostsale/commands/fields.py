"""What a user types for each field of a loss, to what is kept: the same from options and at
questions."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

from lostsale.app import App
from lostsale.domain.dates import When, read_date
from lostsale.domain.loss import (
    KINDS,
    NOBODY,
    OUTCOMES,
    Loss,
    Real,
    Referral,
    new_uid,
    read_contact,
)
from lostsale.domain.money import Money, read_money
from lostsale.domain.reasons import WEAKNESSES, Reason, one_of, read_real, read_said, read_signal
from lostsale.errors import BadInput
from lostsale.journal.store import TEXT_LIMIT, check_text
from lostsale.screen.text import KIND_OF

Fields = dict[str, Any]


def read_field(app: App, field: str, text: str) -> Fields:
    """Return the parts of a Loss that `text` gives for a field. Raises BadInput."""
    check_text(text)
    if text.startswith("--"):
        raise BadInput(f"{text[:40]} stands where a text belongs", "Give both options a text")
    return _READERS[field](app, text.strip())


def read_or_clear(app: App, field: str, text: str) -> Fields:
    """Return the parts of a Loss that `text` gives for a field; an empty one clears it. Raises
    BadInput."""
    if text.strip() or field == "prospect":
        read = read_field(app, field, text)
        # Of a contact only what is given changes: a new phone is no reason to lose the name.
        return {part: value for part, value in read.items() if value is not None}
    return dict.fromkeys(_PARTS.get(field, (field,)))


_PARTS = {
    "amount": ("money",),
    "contact": ("contact", "email", "phone"),
    "outcome": ("given_outcome",),
    "weakness": ("given_weakness",),
    "heard": ("real",),
}


def _text(name: str) -> Callable[[App, str], Fields]:
    return lambda _, text: {name: text or None}


def _prospect(_: App, text: str) -> Fields:
    if not text:
        raise BadInput("A loss needs a name", 'Write lostsale log "Oakfield Dental" 12k')
    return {"prospect": text}


def _amount(app: App, text: str) -> Fields:
    return {"money": read_money(text, app.settings.currency, app.settings.decimal)}


def _contact(_: App, text: str) -> Fields:
    return dict(zip(("contact", "email", "phone"), read_contact(text), strict=True))


def _said(app: App, text: str) -> Fields:
    return {"said": read_said(text, app.vocabulary)}


def _real(name: str) -> Callable[[App, str], Fields]:
    return lambda app, text: {name: read_real(text, app.vocabulary)}


def _lost_to(_: App, text: str) -> Fields:
    nobody = text.casefold() in {NOBODY, "no one", "noone", "none"}
    return {"lost_to": NOBODY if nobody else text or None}


_READERS: dict[str, Callable[[App, str], Fields]] = {
    "prospect": _prospect,
    "amount": _amount,
    "contact": _contact,
    "product": _text("product"),
    "said": _said,
    "real": _real("real"),
    "heard": _real("heard"),
    "guess": _real("guess"),
    "way_in": _text("way_in"),
    "lost_to": _lost_to,
    "outcome": lambda _, text: {"given_outcome": one_of(text, OUTCOMES, "outcome")},
    "weakness": lambda _, text: {"given_weakness": one_of(text, WEAKNESSES, "weakness")},
    "lesson": _text("lesson"),
    "note": _text("note"),
}


FIELDS = frozenset(_READERS)


def from_stdin() -> str:
    """Return what stands on stdin, without its last line end. Raises BadInput for what is no
    text."""
    raw = sys.stdin.buffer.read(TEXT_LIMIT + 2)
    try:
        return raw.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        if len(raw) > TEXT_LIMIT:
            return "x" * len(raw)
        raise BadInput(
            f"stdin holds bytes that are no UTF-8, from byte {error.start}", "Convert it"
        ) from None


def read_signals(app: App, texts: list[str]) -> tuple[str, ...]:
    """Return the codes of the signals, each once. Raises BadInput."""
    return tuple(dict.fromkeys(read_signal(text, app.vocabulary) for text in texts))


def read_also(text: str | None) -> tuple[str, ...]:
    """Return the kinds of contact that a list like `thanks,referral` names. Raises BadInput."""
    parts = (part.strip() for part in (text or "").split(",") if part.strip())
    return tuple(dict.fromkeys(read_kind(part) for part in parts))


def read_kind(text: str) -> str:
    """Return the kind of step that `text` names, by its code or as the list prints it. Raises
    BadInput."""
    return KIND_OF.get(text.casefold()) or one_of(text, KINDS, "kind of step")


def read_ahead(app: App, text: str, today: date | None = None) -> When:
    """Return the day, and the time if given, that a step shall fall on, as said today or on another
    day. Raises BadInput."""
    return read_date(text, today or app.today, "future", app.settings.date_order)


def read_appointment(app: App, text: str) -> When:
    """Return when an appointment is. Raises BadInput for what has passed, today's hours too."""
    at = read_ahead(app, text)
    if app.now and at.day == app.today and at.time and at.time < app.now:
        raise BadInput(f"{at.time} has passed today", "Name a time ahead")
    return at


def read_past(app: App, text: str | None, today: date | None = None) -> date:
    """Return the day on which something was done, as said today or on another day; that day if
    nothing is said. Raises BadInput."""
    if text is None:
        return today or app.today
    return read_date(text, today or app.today, "past", app.settings.date_order).day


def known(answer: Reason | None, source: str, day: date, before: Real | None) -> Real | None:
    """Return a real reason as it is kept, known since `day`, or since it was if it was known
    already; None for none."""
    if answer is None:
        return None
    if before and before.code:
        return before._replace(code=answer.code, words=answer.words, source=source)
    return Real(day, answer.code, answer.words, source, day)


def read_name(text: str, day: date, note: str | None = None) -> Referral:
    """Return the name that was given on a day, as typed: `Bea Kim 555-0177`. Raises BadInput."""
    person, email, phone = read_contact(text)
    if not person:
        raise BadInput("NAME is missing", "Write lostsale referral 42 Bea Kim 555-0177")
    return Referral(new_uid(), person, day, phone, email, note)


def read_worth(app: App, loss: Loss, text: str) -> Money:
    """Return what a win is worth, in the currency of what was lost if none is named. Raises
    BadInput."""
    currency = loss.money.currency if loss.money else app.settings.currency
    return read_money(text, currency, app.settings.decimal)

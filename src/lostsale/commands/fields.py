"""Reading what a user types for each field of a loss, in options and answers alike."""

import re
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from typing import cast

from lostsale.app import App
from lostsale.domain.columns import TEXTS
from lostsale.domain.dates import Asked, Direction, When, read_when
from lostsale.domain.loss import (
    DEAD,
    KINDS,
    NOBODY,
    OUTCOMES,
    SEEN_TO,
    Again,
    Kind,
    Loss,
    LossParts,
    Real,
    RealSource,
    Referral,
    new_uid,
    read_contact,
)
from lostsale.domain.money import Money
from lostsale.domain.periods import Period, labelled, read_period
from lostsale.domain.reasons import (
    WEAKNESSES,
    Reason,
    TextKind,
    one_of,
    read,
    read_signal,
    suggested,
)
from lostsale.errors import BadInput
from lostsale.journal.store import TEXT_LIMIT, check_text
from lostsale.screen.text import KIND_OF

# Says that it's the user who thinks so, and not what somebody said.
_BELIEF = (
    r"(?<!said )(?<!says )\bi(?:.?m| am)? (?:think|bet|guess|guessing|suspect|believe|figure)\b"
    r"|\bmy (?:guess|hunch|bet)\b|\b(?:probably|prob|prolly)\b"
)
# Says that it was somebody else who told.
_HEARSAY = r"\W*(?:i )?heard (?:it )?(?:from (?!(?:them|him|her)\b)|through |thru |that )"

# Begins what doesn't name who got the order.
_UNNAMED = (
    r"(?i:(?:i )?(?:(?:do ?n.?t|do not) know|dunno|not sure|unsure|unknown|no (?:idea|clue)))\b"
    r"|(?:some|someone|somebody|another|they|he|she|it|we|i)\b"
)


def read_field(app: App, field: str, text: str, day: date | None = None) -> LossParts:
    """Return the parts of a loss that `text` gives for a field; a real reason is known since that
    day, or today. Raises BadInput."""
    check_text(text)
    if text.startswith("--"):
        raise BadInput(
            f"{text[:40]} is where some words should be", "Give both options their words"
        )
    if field in REASONS:
        return _reason(app, field, text, day or app.today)
    reader, text = _READERS.get(field), text.strip()
    return reader(app, text) if reader else cast("LossParts", {field: text or None})


def _reason(app: App, field: str, text: str, day: date) -> LossParts:
    """Return a reason, with who got the order if it names them. Words that only tell how the sale
    ended aren't a reason, and neither is "don't know"; what the user believes is a guess."""
    reason, reading = read(text, REASONS[field], app.journal.vocabulary)
    parts = LossParts()
    if reading and reading.lost_to:
        parts["lost_to"] = reading.lost_to
    elif reading and reading.outcome and reading.answer == "open":
        parts["given_outcome"] = reading.outcome
    if field == "said":
        parts["said"] = reason
    elif reading is None or reading.answer == "reason":
        if field == "guess" or (field == "real" and re.search(_BELIEF, text, re.IGNORECASE)):
            parts["guess"] = reason
        else:
            is_heard = field == "heard" or re.match(_HEARSAY, text, re.IGNORECASE)
            parts["real"] = real_of(reason, "heard" if is_heard else "told", day)
    elif reading.answer == "would-not-say" and field != "guess":
        parts["real"] = Real(day)
    return parts


def add_field(parts: LossParts, field: str, given: LossParts, known: Collection[str] = ()) -> None:
    """Add what a field gives to the parts of a loss. How it ended, as a reason tells it in passing,
    counts only where it is neither among the parts nor `known`."""
    for part, value in given.items():
        if field not in REASONS or part not in _BY_THE_WAY or part not in {*parts, *known}:
            parts[part] = value  # type: ignore[literal-required]  # a name of LossParts


def ending_known(loss: Loss) -> frozenset[str]:
    """Return what a reason may tell in passing that a loss has already."""
    return frozenset(part for part in _BY_THE_WAY if getattr(loss, part))


def unclear(app: App, loss: Loss, given: Collection[str]) -> list[str]:
    """Return a line for each of the reasons that were given whose code is unclear, with how to
    settle it."""
    lines = []
    for kind in dict.fromkeys(REASONS[field] for field in REASONS if field in given):
        reason = getattr(loss, kind)
        if not reason or not reason.code:
            continue
        reason = Reason(reason.code, reason.words, reason.found)
        if perhaps := suggested(kind, reason, app.journal.vocabulary):
            how = f"why {loss.number}" if kind == "real" else f"edit {loss.number} --{kind}"
            codes = " or ".join(perhaps[:2])
            lines.append(f"      reason unclear: perhaps {codes}; lostsale {how} {perhaps[0]}")
    return lines


def real_of(reason: Reason, source: RealSource, day: date) -> Real:
    """Return a reason as the real one, which was asked for, and is known, since that day."""
    return Real(
        asked_on=day,
        code=reason.code,
        words=reason.words,
        source=source,
        on=day,
        found=reason.found,
    )


def read_or_clear(app: App, field: str, text: str) -> LossParts:
    """Return the parts of a loss that `text` gives for a field; an empty one clears it. Raises
    BadInput."""
    if text.strip() or field == "prospect":
        read = read_field(app, field, text)
        # A contact's new phone number doesn't erase the name.
        return cast("LossParts", {part: one for part, one in read.items() if one is not None})
    return cast("LossParts", dict.fromkeys(parts_of(field)))


def parts_of(field: str) -> tuple[str, ...]:
    """Return the parts of a loss that a field gives."""
    return _PARTS.get(field, (field,))


REASONS: dict[str, TextKind] = {
    "said": "said",
    "real": "real",
    "heard": "real",
    "guess": "guess",
}
_BY_THE_WAY = ("lost_to", "given_outcome")
_PARTS = {
    "amount": ("money",),
    "contact": ("contact", "email", "phone"),
    "outcome": ("given_outcome",),
    "weakness": ("given_weakness",),
    "heard": ("real",),
}


def _prospect(_: App, text: str) -> LossParts:
    if not text:
        raise BadInput("A loss needs a name", "Try Oakfield Dental")
    return {"prospect": text}


def _amount(app: App, text: str) -> LossParts:
    from lostsale.domain.amounts_in_text import read_money  # most commands read no amount

    return {"money": read_money(text, app.settings.currency, app.settings.decimal)}


def _contact(_: App, text: str) -> LossParts:
    name, email, phone = read_contact(text)
    return {"contact": name, "email": email, "phone": phone}


def _lost_to(_: App, text: str) -> LossParts:
    if re.match(_UNNAMED, text):
        raise BadInput(f'"{text[:40]}" names nobody', "Give a name, or leave it open")
    nobody = text.casefold() in {NOBODY, "no one", "noone", "none"}
    return {"lost_to": NOBODY if nobody else text or None}


def _way_in(_: App, text: str) -> LossParts:
    plain = text.casefold().rstrip(".!")
    if plain in {"y", "yes", "yep", "yeah", "sure", "maybe"}:
        raise BadInput(f'"{text}" doesn\'t say how', "Write what could get you back in")
    return {"way_in": DEAD if plain in {"n", "no", "nope", "none"} else text or None}


# How a field is read that is more than a text as it was typed.
_READERS: dict[str, Callable[[App, str], LossParts]] = {
    "prospect": _prospect,
    "amount": _amount,
    "contact": _contact,
    "lost_to": _lost_to,
    "way_in": _way_in,
    "outcome": lambda _, text: {"given_outcome": one_of(text, OUTCOMES, "outcome")},
    "weakness": lambda _, text: {"given_weakness": one_of(text, WEAKNESSES, "weakness")},
    "lost_on": lambda app, text: {"lost_on": read_past(app, text)},
    "again": lambda app, text: {"again": Again(read_ahead(app, text).day) if text else None},
}


_KIND_WORDS: dict[str, Kind] = {
    **{label.split()[-1]: kind for label, kind in KIND_OF.items()},  # card, referral
    **dict.fromkeys(("meeting", "appointment"), "meet"),
    **dict.fromkeys(("renewal", "lease", "contract"), "renew"),
}
TYPED_FIELDS = frozenset(_READERS) | {*TEXTS, *REASONS}


def from_stdin() -> str:
    """Return the text on stdin without its last line end. Raises BadInput if it isn't UTF-8."""
    raw = sys.stdin.buffer.read(TEXT_LIMIT + 2)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError as error:
        if len(raw) > TEXT_LIMIT:
            return "x" * len(raw)
        raise BadInput(f"stdin isn't UTF-8, from byte {error.start} on", "Convert it") from None


def read_signals(app: App, texts: list[str]) -> tuple[str, ...]:
    """Return the codes of the signals, each once. Raises BadInput."""
    return tuple(dict.fromkeys(read_signal(text, app.journal.vocabulary) for text in texts))


def read_also(text: str | None) -> tuple[Kind, ...]:
    """Return the kinds of contact that a list like `thanks,referral` names. Raises BadInput."""
    parts = (part.strip() for part in (text or "").split(",") if part.strip())
    kinds = (one_of(read_kind(part), SEEN_TO, "kind of step") for part in parts)
    return tuple(dict.fromkeys(kinds))


def read_kind(text: str) -> Kind:
    """Return the kind of step that `text` names, by its code or as the list prints it. Raises
    BadInput."""
    plain = text.casefold()
    said = {**_KIND_WORDS, **KIND_OF}
    return (
        said.get(plain) or said.get(plain.removesuffix("s")) or one_of(text, KINDS, "kind of step")
    )


def read_ahead(app: App, text: str, today: date | None = None) -> When:
    """Return the day of a step, and its time if given, as said today or on another day. Raises
    BadInput."""
    return read_when(text, _asked(app, "future", today))


def read_next(app: App, text: str | None) -> When | None:
    """Return the day that --next names; None where it isn't given. Raises BadInput."""
    return None if text is None else read_ahead(app, text)


def read_appointment(app: App, text: str) -> When:
    """Return when an appointment is; its hours are office hours. Raises BadInput."""
    return read_when(text, _asked(app, "future")._replace(is_meeting=True))


def read_past(app: App, text: str | None, today: date | None = None) -> date:
    """Return the day on which something was done, as said today or on another day, and that day by
    default. Raises BadInput."""
    if text is None:
        return today or app.today
    return read_when(text, _asked(app, "past", today)).day


def read_span(app: App, text: str) -> Period:
    """Return the period that `text` names, by a name or by two ends: `nov 30 to dec 18`,
    `jan..jun`, `since nov 30`. Raises BadInput."""
    if text.replace("-", "").isalnum():  # one name
        return read_period(text, app.today)
    plain = re.sub("^from ", "", re.sub("^since (.*)", r"\1 to today", text.casefold().strip()))
    signs = r"\.\.| (?:to|through|thru|-|\u2013) " + "|-" * ("/" in plain)  # 11/30-12/18
    ends = re.split(signs, plain)
    with suppress(BadInput, ValueError):
        first, last = ends
        start = _span_of(app, first).start
        return labelled(f"{start}..{_span_of(app, last, start).end}")
    return read_period(text, app.today)


def _span_of(app: App, text: str, since: date = date.min) -> Period:
    """Return the period or the day that `text` names, the latest one that doesn't end before
    `since`, else the next one. Raises BadInput."""
    asked = _asked(app, "past")
    with suppress(BadInput):
        return read_period(text, app.today)
    with suppress(BadInput):
        if (day := read_when(text, asked).day) >= since:
            return labelled(f"{day}..{day}")
    day = read_when(text, asked.turned()).day
    return labelled(f"{day}..{day}")


def _asked(app: App, direction: Direction, today: date | None = None) -> Asked:
    """Return what a date in a field of this direction is read against."""
    return Asked(
        today=today or app.today,
        direction=direction,
        order=app.date_order,
        now=app.now if today in {None, app.today} else None,
        workdays=app.settings.workdays,
    )


def read_name(text: str, day: date, note: str | None = None) -> Referral:
    """Return the name that was given on a day, as typed: `Bea Kim 555-0177`. Raises BadInput."""
    person, email, phone = read_contact(text)
    if not person:
        raise BadInput("NAME is missing", "Try lostsale referral 42 Bea Kim 555-0177")
    return Referral(uid=new_uid(), name=person, on=day, phone=phone, email=email, note=note)


def read_worth(app: App, loss: Loss, text: str) -> Money:
    """Return what a win is worth, in the currency of what was lost if none is named. Raises
    BadInput."""
    from lostsale.domain.amounts_in_text import read_money

    currency = loss.money.currency if loss.money else app.settings.currency
    return read_money(text, currency, app.settings.decimal)

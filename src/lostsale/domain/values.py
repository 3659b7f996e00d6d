"""The values that a journal and its exports hold, and how each is read back.

A reader takes a value as JSON has it, and raises BadInput, ValueError or TypeError for any that
lostsale never writes.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TypeVar, cast, get_args

from lostsale.domain.columns import REASON_COLUMNS, TEXTS
from lostsale.domain.loss import KINDS, OUTCOMES, REST, RealSource
from lostsale.domain.money import LIMIT, read_currency
from lostsale.domain.reasons import CODE, REASON_KINDS, WEAKNESSES, plain_words
from lostsale.domain.settings import is_setting
from lostsale.errors import BadInput

_Word = TypeVar("_Word", bound=str)
Reader = Callable[[object], object]


def read_text(value: object) -> str:
    """Read a text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value


def read_reason_name(value: object) -> str:
    """Read the code of a reason, or words that mean one."""
    if read_text(value) != plain_words(read_text(value)) and not CODE.fullmatch(read_text(value)):
        raise ValueError
    return read_text(value)


def _like(pattern: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not re.fullmatch(pattern, read_text(value)):
            raise ValueError
        return read_text(value)

    return read


read_uid = _like(r"[0-9A-Za-z_-]{1,64}")
read_reason_code = _like(CODE.pattern)


def word_of(*known: _Word) -> Callable[[object], _Word]:
    """Return a reader of one of these words."""
    read = _like("|".join(known))
    return lambda value: cast("_Word", read(value))


read_source = word_of(*get_args(RealSource))
read_outcome = word_of(*OUTCOMES)
read_weakness = word_of(*WEAKNESSES)


def read_day(value: object) -> date:
    """Read a day in ISO 8601, in the years that can be typed."""
    day = date.fromisoformat(read_text(value))
    if not 1899 <= day.year <= 9998:  # and in the one before them
        raise ValueError
    return day


def read_moment(value: object) -> str:
    """Read a moment in ISO 8601, which says how far it is from UTC."""
    moment = datetime.fromisoformat(read_text(value))
    if moment.utcoffset() is None:
        raise ValueError
    return read_text(value)


def read_time_of_change(value: object) -> str:
    """Read when a change was made: in UTC, so written that an earlier one sorts first."""
    moment = datetime.fromisoformat(read_text(value))
    if moment.isoformat(timespec="microseconds") != value or not value.endswith("+00:00"):
        raise ValueError
    read_day(value[:10])
    return value


def read_clock(value: object) -> str:
    """Read a time of day, `10:00`."""
    return time.fromisoformat(read_text(value)).isoformat("minutes")


def read_truth(value: object) -> bool:
    """Read what is true or false."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def read_count(value: object) -> int:
    """Read a number of things."""
    return int(_like("[0-9]{1,6}")(str(value)))


# As the journal keeps them.


def _text(value: object) -> object:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError
    return value.encode()  # which fails where half a character is


def _below(limit: int) -> Reader:
    def read(value: object) -> object:
        if type(value) is not int or not 0 <= value < limit:
            raise ValueError
        return value

    return read


def _signals(value: object) -> object:
    return [read_reason_code(code) for code in json.loads(read_text(value))]


def _time(value: object) -> object:
    if read_clock(value) != value:
        raise ValueError
    return value


def _currency(value: object) -> object:
    return read_currency(read_text(value))


def _written_at(value: object) -> object:
    return datetime.fromisoformat(read_text(value))


_truth, _count = _below(2), _below(10**6)
_entry: dict[str, Reader] = {"loss": read_uid, "at": _written_at, "place": _count, "note": _text}
_LOSS = {
    _text: (
        *(*TEXTS, "won_note", "plan_step", "next_where", "again_what"),
        *("source_system", "source_record", *(words for _, _, words, _ in REASON_COLUMNS)),
    ),
    read_day: ("lost_on", "asked_on", "real_on", "won_on", "rested_on", "again_on"),
    read_reason_code: tuple(code for _, code, _, _ in REASON_COLUMNS),
    _truth: ("next_marked", *(found for _, _, _, found in REASON_COLUMNS)),
    _count: ("next_tries", "next_minutes"),
    _below(LIMIT): ("amount", "won_amount"),
    _currency: ("currency", "won_currency"),
}
# Of each kind of row its key, under no name, and its columns.
_READERS: dict[str, dict[str, Reader]] = {
    "loss": {
        **{column: read for read, columns in _LOSS.items() for column in columns},
        "": read_uid,
        "prospect": read_text,
        "outcome": read_outcome,
        "signals": _signals,
        "real_source": read_source,
        "weakness": read_weakness,
        "next_kind": word_of(*KINDS, REST),
        "next_on": lambda value: date.fromisoformat(read_text(value)),  # a plan may lead further
        "next_time": _time,
        "logged_at": _written_at,
    },
    "contact": {
        **_entry,
        "": read_uid,
        "kind": word_of(*KINDS, REST, "note"),
        "done_on": read_day,
        **dict.fromkeys(("answered", "marked"), _truth),
    },
    "referral": {
        **_entry,
        "": read_uid,
        "given_on": read_day,
        **dict.fromkeys(("name", "phone", "email"), _text),
    },
    "setting": {"": read_text, "value": _text},
    "reason": {
        "": read_reason_name,
        "kind": word_of(*REASON_KINDS),
        "weakness": read_weakness,
        "alias_of": read_reason_code,
    },
}
_NEVER_EMPTY = {"prospect", "lost_on", "signals", "logged_at", "kind", "done_on", "given_on"}
_NEVER_EMPTY |= {"name", "at", "place"}
_PAIRS = (("amount", "currency"), ("won_amount", "won_currency"), ("next_kind", "next_on"))


def odd_column(
    kind: str, subject: str, row: str, values: Mapping[str, str | int | None], *, is_newer: bool
) -> str | None:
    """Return a column that no lostsale sets so in a row of a kind, which belongs to a subject; None
    if there is none. Whoever `is_newer` may know other kinds, columns and settings."""
    readers = _READERS.get(kind)
    if readers is None:
        return None if is_newer else "kind"
    if subject != (values.get("loss") if "loss" in readers else row):
        return "loss"
    for column, value in {"": row, **values}.items():
        if value is None:
            is_odd = column in _NEVER_EMPTY
        elif column in readers:
            is_odd = not is_read(readers[column], value)
        else:
            is_odd = not is_newer
        if is_odd:
            return column
    alone = [one for one, two in _PAIRS if (values.get(one) is None) != (values.get(two) is None)]
    value = values.get("value")
    if kind == "setting" and value is not None and not is_newer and not is_setting(row, str(value)):
        alone.append("value")
    return alone[0] if alone else None


def is_read(read: Reader, value: object) -> bool:
    """Whether a reader takes a value."""
    try:
        read(value)
    except (BadInput, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return False
    return True

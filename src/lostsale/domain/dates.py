"""Expressions to dates, given today and a direction; and working days. The only user of dateutil.

A loss lies in the past and a step in the future, so an expression is read in its field's direction
and never guessed. Nothing here knows what the dates are for.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from lostsale.errors import BadInput

Direction = Literal["past", "future"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _numbered(names: str, first: int = 1) -> dict[str, int]:
    """Return the number of each name; those that mean the same stand together."""
    return {name: n for n, same in enumerate(names.split("|"), first) for name in same.split()}


DAY_NAMES = _numbered(
    "mon monday|tue tues tuesday|wed wednesday|thu thur thurs thursday|fri friday|sat saturday"
    "|sun sunday",
    0,
)
_MONTH_NAMES = _numbered(
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august"
    "|sep sept september|oct october|nov november|dec december"
)
_NUMBERS = _numbered("one a an|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve")
_NAMED = {"today": 0, "tomorrow": 1, "yesterday": -1} | {
    "day after tomorrow": 2,
    "day before yesterday": -2,
}
_UNITS = {
    alias: unit
    for unit, aliases in {
        "days": "d day days",
        "weeks": "w wk wks week weeks",
        "months": "mo mos month months",
        "years": "y yr yrs year years",
    }.items()
    for alias in aliases.split()
}
_FILLERS = {"at", "on", "the"}


def _any_of(words: dict[str, int] | dict[str, str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_QUANTITY = rf"(?:[0-9]{{1,5}} ?|(?:{_any_of(_NUMBERS)}) )(?:{_any_of(_UNITS)})\b"
_SPAN = rf"(?P<span>{_QUANTITY}(?: (?:and )?{_QUANTITY})*)"
_DAY = rf"(?P<weekday>{_any_of(DAY_NAMES)})"
_MONTH = rf"(?P<month>{_any_of(_MONTH_NAMES)})"
_ORDINAL = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<year>[0-9]{4}))?"
_CLOCK = (
    r"(?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))? ?(?P<half>[ap]m)"
    r"|(?P<hour24>[0-9]{1,2}):(?P<minute24>[0-9]{2})|noon)"
)

_FORMS = {"future": "friday, 2w", "past": "yesterday, 3 days ago"}
_PIVOT = 2070  # from which on two digits mean the century before, as POSIX has it
_YEARS = (1900, 9998)  # what lies outside is a slip of the finger
_SIDE = {"future": "ahead", "past": "in the past"}


class When(NamedTuple):
    """A day, and a time of day (`10:00`) where one was given."""

    day: date
    time: str | None = None


class Asked(NamedTuple):
    """What an expression is read against: the day it is said, the field's direction, and whether
    `03/04` is month first (`mdy`), day first (`dmy`) or refused (empty)."""

    today: date
    direction: Direction
    order: str = ""

    def refuse(self, what: str) -> BadInput:
        """Return the error that shows forms which this field would take."""
        return BadInput(what, f"Write for example {_FORMS[self.direction]} or {self.today}")

    @property
    def sign(self) -> int:
        """1 for what lies ahead, -1 for what is past."""
        return 1 if self.direction == "future" else -1

    def accepts(self, day: date) -> bool:
        """Whether `day` lies on this field's side of today; today lies on both."""
        return day >= self.today if self.direction == "future" else day <= self.today


def read_date(text: str, today: date, direction: Direction, order: str = "") -> When:
    """Return the day, and the time if one is given, that `text` means in a field of this direction.

    Raises BadInput for what is not understood, lies the wrong way or contradicts itself.
    """
    asked = Asked(today, direction, order)
    words, time = _split_time(_plain(text))
    if time and direction == "past":
        raise asked.refuse("A time of day is for what lies ahead")
    try:
        day = _read_day(words, asked) if words or not time else today
    except (OverflowError, ValueError):
        day = date.min
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise asked.refuse(f'"{text.strip()[:40]}" is not in the calendar')
    if not asked.accepts(day):
        raise asked.refuse(f"{day} is the wrong way: this date lies {_SIDE[direction]}")
    return When(day, time)


def read_written(text: str, order: str = "") -> date:
    """Return the day that another program wrote: a whole date, perhaps with a time, which is left
    out.

    `order` says how 03/04/2026 is read, `mdy` or `dmy`; 03.04.2026 is day first everywhere, and 13
    digits are milliseconds since 1970. Raises BadInput.
    """
    day = None
    text = re.sub(" (?:UTC|GMT)$", "", " ".join(text.split()))
    with suppress(ValueError, OverflowError, OSError):
        if re.fullmatch("[0-9]{12,13}", text):
            day = datetime.fromtimestamp(int(text) / 1000, UTC).date()
        elif "W" not in text:  # a week is no day
            day = datetime.fromisoformat(text).date()
    words = _plain(re.sub("[T ]+[0-9]{1,2}:[0-9]{2}.*", "", text)) if day is None else ""
    asked = Asked(date.max, "past", "dmy" if "." in words else order)
    for pattern, read in _WRITTEN if words else ():
        found = re.fullmatch(pattern, words)
        if found:
            with suppress(ValueError):
                day = read(found, asked)
                if len(found["year"]) == 2 and day.year >= _PIVOT:
                    day = day.replace(year=day.year - 100)
    if day is None or not _YEARS[0] <= day.year <= _YEARS[1]:
        raise BadInput(f'"{text[:40]}" is no date', "Write it as 2026-11-30")
    return day


def _plain(text: str) -> str:
    """Lower case, one space between words, without what does not matter."""
    text = text.casefold().replace(",", " ")
    text = re.sub(r"([ap])\.m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=[a-z])\.", " ", re.sub("(next|this|last)-", r"\1 ", text))
    return " ".join(word for word in text.split() if word not in _FILLERS)


def _split_time(text: str) -> tuple[str, str | None]:
    """Take a time of day off the front or the end of `text`."""
    clock = re.match(rf"{_CLOCK}(?: |$)", text) or re.search(rf" {_CLOCK}$", text)
    if not clock:
        return text, None
    rest = text[: clock.start()] + text[clock.end() :]
    part = re.search(r"(?:^| )(morning|afternoon|evening)$", rest)
    if part:
        rest = rest[: part.start()]
    return rest.strip(), _time(clock, part[1] if part else "")


def _time(clock: re.Match[str], part: str) -> str:
    hour = int(clock["hour"] or clock["hour24"] or 12)
    minute = int(clock["minute"] or clock["minute24"] or 0)
    half = clock["half"]
    possible = 1 <= hour <= 12 if half else hour <= 23
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif part in {"afternoon", "evening"} and hour < 12:
        hour += 12
    if not possible or minute > 59 or (part and (part == "morning") != (hour < 12)):
        raise BadInput(f'"{clock[0].strip()}" is no time of day', "Write for example 10am or 14:30")
    return f"{hour:02}:{minute:02}"


def _read_day(text: str, asked: Asked) -> date:
    for pattern, read in _GRAMMAR:
        if found := re.fullmatch(pattern, text):
            groups, side = found.groupdict(), _SIDE[asked.direction]
            if any(groups.get(way) and way != asked.direction for way in _SIDE):
                raise asked.refuse(f'"{text}" is the wrong way: this date lies {side}')
            return read(found, asked)
    if re.search(r"[0-9] ?m\b", text):
        raise BadInput(f'"{text[:40]}" could be months or minutes', "Write 1mo for a month")
    raise asked.refuse(f'"{text[:40]}" is no date that I understand')


def _moved(asked: Asked, span: str) -> date:
    """Return today moved by every quantity in `span`, clipped to the month's end."""
    from dateutil.relativedelta import relativedelta

    day = asked.today
    for number, unit in re.findall(r"([0-9]+|[a-z]+) ?([a-z]+)", span.replace("and ", "")):
        amount = asked.sign * (_NUMBERS.get(number) or int(number))
        day += relativedelta(**{_UNITS[unit]: amount})  # type: ignore[arg-type]  # no date parts
    return day


def _named(found: re.Match[str], asked: Asked) -> date:
    return asked.today + timedelta(_NAMED[found[0]])


def _span(found: re.Match[str], asked: Asked) -> date:
    return _moved(asked, found["span"])


def _weekday(found: re.Match[str], asked: Asked) -> date:
    away = DAY_NAMES[found["weekday"]] - asked.today.weekday()
    if asked.direction == "future":
        return asked.today + timedelta((away - 1) % 7 + 1)
    return asked.today - timedelta(-away % 7)


def _weekday_of_week(found: re.Match[str], asked: Asked) -> date:
    monday = asked.today - timedelta(asked.today.weekday())
    weeks = {"last": -1, "this": 0, "next": 1}[found["which"]]
    return monday + timedelta(weeks=weeks, days=DAY_NAMES[found["weekday"]])


def _next_unit(found: re.Match[str], asked: Asked) -> date:
    return _moved(asked, f"1 {found['unit']}")


def _end_of(found: re.Match[str], asked: Asked) -> date:
    today, unit = asked.today, (found["short"] or found["long"])[0]
    if unit == "w":
        return today + timedelta(6 - today.weekday())
    month = {"m": today.month, "q": (today.month + 2) // 3 * 3, "y": 12}[unit]
    return date(today.year, month, monthrange(today.year, month)[1])


def _nearest(day: int, months: range, asked: Asked) -> date:
    """Return the first of the months, counted from this one, that has this day on the right
    side."""
    for distance in months:
        year, month = divmod(asked.today.year * 12 + asked.today.month - 1 + distance, 12)
        if 1 <= day <= monthrange(year, month + 1)[1] and asked.accepts(
            found := date(year, month + 1, day)
        ):
            return found
    raise ValueError(day)


def _day_of_month(found: re.Match[str], asked: Asked) -> date:
    return _nearest(int(found["day"]), range(0, 13 * asked.sign, asked.sign), asked)


def _in_year(day: int, month: int, year: str | None, asked: Asked) -> date:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if not 1 <= month <= 12:
        raise ValueError(month)
    away = month - asked.today.month
    # 29 February comes round in the ninth year at worst.
    return _nearest(day, range(away, away + 108 * asked.sign, 12 * asked.sign), asked)


def _day_and_month(found: re.Match[str], asked: Asked) -> date:
    day = _in_year(int(found["day"]), _MONTH_NAMES[found["month"]], found["year"], asked)
    weekday = found["weekday"]
    if weekday and DAY_NAMES[weekday] != day.weekday():
        raise asked.refuse(f'"{found[0]}" contradicts itself: {day} is a {day:%A}')
    return day


def _iso(found: re.Match[str], _: Asked) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _by_order(found: re.Match[str], asked: Asked) -> date:
    if not asked.order:
        raise BadInput(
            f'"{found[0]}" could be day first or month first',
            "Say which once (lostsale config date-order dmy, or mdy) or write it as 2026-11-30",
        )
    first, second = int(found["first"]), int(found["second"])
    day, month = (first, second) if asked.order == "dmy" else (second, first)
    return _in_year(day, month, found["year"], asked)


# Compiled only when a date is read: most commands read none, and it takes a tenth of a run. What
# goes one way alone names it: a group `future` or `past`.
_GRAMMAR: tuple[tuple[str, Callable[[re.Match[str], Asked], date]], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _iso),
    (_any_of(_NAMED), _named),
    (_SPAN, _span),
    (rf"(?P<future>\+ ?|in |within |now ?\+ ?){_SPAN}", _span),
    (rf"{_SPAN} (?P<future>from now|later|hence|ahead)", _span),
    (rf"(?P<past>- ?){_SPAN}", _span),
    (rf"{_SPAN} (?P<past>ago)", _span),
    (_DAY, _weekday),
    (rf"(?P<which>(?P<future>next)|this|(?P<past>last)) {_DAY}", _weekday_of_week),
    (rf"{_DAY} of (?P<which>(?P<future>next)) week", _weekday_of_week),
    (r"(?P<future>next) (?P<unit>week|month|year)", _next_unit),
    (r"(?P<future>eo(?P<short>[wmqy])|end of (?P<long>week|month|quarter|year))", _end_of),
    (r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)", _day_of_month),
    (rf"(?:{_DAY} )?{_ORDINAL} (?:of )?{_MONTH}{_YEAR}", _day_and_month),
    (rf"(?:{_DAY} )?{_MONTH} {_ORDINAL}{_YEAR}", _day_and_month),
    (
        r"(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})(?:/(?P<year>[0-9]{4}|[0-9]{2}))?",
        _by_order,
    ),
    (r"(?P<first>[0-9]{1,2})\.(?P<second>[0-9]{1,2})\.(?P<year>[0-9]{4}|[0-9]{2})?", _by_order),
)


# As other programs write them; read_date knows some of them too.
_WRITTEN: tuple[tuple[str, Callable[[re.Match[str], Asked], date]], ...] = (
    (r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})", _iso),
    (r"(?P<first>[0-9]{1,2})([-/.])(?P<second>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})", _by_order),
    (
        rf"(?:{_DAY} )?{_ORDINAL}[ -](?:of )?{_MONTH}[ -](?P<year>[0-9]{{4}}|[0-9]{{2}})",
        _day_and_month,
    ),
    (rf"(?:{_DAY} )?{_MONTH} {_ORDINAL} (?P<year>[0-9]{{4}})", _day_and_month),
)


class Workdays(NamedTuple):
    """The days of the week that are worked, 0 for Monday to 6 for Sunday; never none."""

    days: frozenset[int] = frozenset(range(5))

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is worked, else the next one that is."""
        while day.weekday() not in self.days:
            day += timedelta(1)
        return day

    def after(self, day: date, count: int = 1) -> date:
        """Return the `count`th working day after `day`."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(1))
        return day

    def late(self, due: date, today: date) -> int:
        """Return how many working days have come after `due`, up to today; 0 if none has."""
        weeks, days = divmod((today - due).days, 7)
        if weeks < 0:
            return 0
        rest = sum((due + timedelta(n)).weekday() in self.days for n in range(1, days + 1))
        return weeks * len(self.days) + rest

    def late_by(self, count: int, today: date) -> date:
        """Return the latest day that is at least `count` working days late today."""
        day = today
        for _ in range(count):
            while day.weekday() not in self.days:
                day -= timedelta(1)
            day -= timedelta(1)
        return day

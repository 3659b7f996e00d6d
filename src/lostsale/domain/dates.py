"""Expressions to dates, given today and a direction; dates in a sentence; and working days. The
only user of dateutil.

A loss lies in the past and a step in the future, so an expression is read in its field's direction
and never guessed. Nothing here knows what the dates are for.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

from lostsale.domain.numbers import NTH, in_digits
from lostsale.errors import BadInput, Vague

Direction = Literal["past", "future"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _numbered(names: str, first: int = 1) -> dict[str, int]:
    """Return the number of each name; those that mean the same stand together."""
    return {name: n for n, same in enumerate(names.split("|"), first) for name in same.split()}


DAY_NAMES = _numbered(
    "mon monday|tue tues tuesday|wed weds wednesday|thu thur thurs thursday|fri friday|sat saturday"
    "|sun sunday",
    0,
)
MONTH_NAMES = _numbered(
    "jan january|feb february|mar march|apr april|may|jun june|jul july|aug august"
    "|sep sept september|oct october|nov november|dec december"
)
_NAMED = {"today": 0, "now": 0, "tomorrow": 1, "yesterday": -1} | {
    "day after tomorrow": 2,
    "day before yesterday": -2,
}
_UNITS = {
    alias: unit
    for unit, aliases in {
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "mo mos month months",
        "quarter": "quarter quarters",
        "year": "y yr yrs year years",
    }.items()
    for alias in aliases.split()
}
_FILLERS = "at on the about around roughly approximately sometime maybe".split()
_UNTIL = "by until till til thru through from starting".split()  # in front of a date only
# Names become signs that nobody can type, because what is typed is in lower case by then.
_SIGNS = {
    **{name: f"D{n}" for name, n in DAY_NAMES.items()},
    **{name: f"M{n}" for name, n in MONTH_NAMES.items()},
    **_UNITS,
    **dict.fromkeys("spring summer fall autumn winter holidays holiday weekend".split(), "S"),
    **dict.fromkeys("easter thanksgiving christmas xmas halloween hanukkah ramadan".split(), "S"),
    **dict.fromkeys(_FILLERS, ""),
}
# Several words, once names are signs, and the plainer ones that they stand for.
_PLAINER = tuple(
    tuple(f" {side} " for side in pair.split("="))
    for pair in (
        "new year=S|labor day=S|memorial day=S|S day=S|S eve=S"
        "|a couple of=2|a couple=2|couple of=2|couple=2|few=several|a several=several"
        "|half a year=6 month|a year and a half=18 month|a day=1 day|a week=1 week"
        "|a fortnight=2 week|a month=1 month|a quarter=1 quarter|a year=1 year"
        "|an=a|eow=end of week|eom=end of month|eoq=end of quarter|eoy=end of year"
        "|month end=end of month|quarter end=end of quarter|year end=end of year"
        "|tonight=today evening|this evening=today evening|this morning=today morning"
        "|this afternoon=today afternoon|last night=yesterday evening|earlier today=today"
        "|later today=today|1th thing=|or so=|just now=now|right now=now"
        "|week after next=in 2 week|month after next=in 2 month|this coming=|coming="
        "|other day=several day|oclock=o"
    ).split("|")
)
_QUANTITY = r"[0-9]{1,5} (?:day|week|month|quarter|year)"
_SPAN = rf"(?P<span>{_QUANTITY}(?: (?:and )?{_QUANTITY})*)"
_DAY = r"D(?P<weekday>[0-6])"
_MONTH = r"M(?P<month>[0-9]{1,2})"
_NTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
_ORDINAL = rf"{_NTH}?"
_YEAR = r"(?: (?:of )?(?P<year>[0-9]{4}|'[0-9]{2}))?"
_WHICH = r"(?P<which>(?P<future>next)|this|(?P<past>last))"
_CLOCK = (
    r"(?:(?P<hour>[0-9]{1,2}?)(?::?(?P<minute>[0-9]{2}))?(?P<half> ?[ap]m|[ap])"
    r"|(?P<hour24>[0-9]{1,2}):(?P<minute24>[0-9]{2})|noon)"
)
_OFFICE_HOURS = range(7, 19)
_LONG = 100  # characters; no date has more

_PIVOT = 2070  # from which on two digits mean the century before, as POSIX has it
_YEARS = (1900, 9998)  # what lies outside is a slip of the finger
_SIDE = {"future": "ahead", "past": "in the past"}


class When(NamedTuple):
    """A day, and a time of day (`10:00`) where one was given. `assumed` is `day` where only a week
    was named and its Monday was taken, and `hour` where `2` was taken for an office hour."""

    day: date
    time: str | None = None
    assumed: Literal["", "day", "hour"] = ""


class Found(NamedTuple):
    """A date that stands at `text[start:end]` of a sentence; `when` is None where it has to be
    asked which day is meant (`after Easter`)."""

    start: int
    end: int
    when: When | None


class Workdays(NamedTuple):
    """The days of the week that are worked, 0 for Monday to 6 for Sunday; never none."""

    days: frozenset[int] = frozenset(range(5))

    def on_or_after(self, day: date) -> date:
        """Return `day` if it is worked, else the next one that is."""
        while day.weekday() not in self.days:
            day += timedelta(1)
        return day

    def on_or_before(self, day: date) -> date:
        """Return `day` if it is worked, else the last one before it that is."""
        while day.weekday() not in self.days:
            day -= timedelta(1)
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
            day = self.on_or_before(day) - timedelta(1)
        return day


def long_day(day: date) -> str:
    """Return `Mon 23 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


EVERY_DAY = Workdays(frozenset(range(7)))


class Asked(NamedTuple):
    """What an expression is read against: the day it is said, and the field's direction.

    `order` says how 03/04 is read, `mdy`, `dmy` or (empty) not at all. `now` is the time, 14:05, if
    what has passed today is to be refused. In a `meeting`, hours are office hours. Months and
    quarters mean their first of the `workdays`. `typed` is what errors quote.
    """

    today: date
    direction: Direction
    order: str = ""
    now: str | None = None
    is_meeting: bool = False
    workdays: Workdays = Workdays()
    typed: str = ""

    def refuse(self, what: str, kind: type[BadInput] = BadInput) -> BadInput:
        """Return the error that shows forms which this field would take."""
        return kind(what, f"Write for example {self._forms()}")

    def vague(self, what: str = "could be more than one day") -> BadInput:
        """Return the error for what has to be asked."""
        return self.refuse(f'"{self.typed}" {what}', Vague)

    def unread(self) -> BadInput:
        """Return the error for what is no date."""
        return self.refuse(f'I can\'t read "{self.typed}" as a date')

    def _forms(self) -> str:
        away = self.today.toordinal() + 7 * self.sign
        day = date.fromordinal(min(max(away, date.min.toordinal()), date.max.toordinal()))
        parts = {"mdy": (day.month, day.day), "dmy": (day.day, day.month)}.get(self.order)
        written = "/".join(map(str, (*parts, day.year))) if parts else f"{day}"
        if self.is_meeting:
            return f"friday 10am, tomorrow 14:30 or {written} 9am"
        first = {"future": "friday, 2w", "past": "yesterday, 3 days ago"}[self.direction]
        return f"{first} or {written}"

    def turned(self) -> "Asked":
        """Return the same for the other direction."""
        return self._replace(direction="past" if self.direction == "future" else "future")

    @property
    def sign(self) -> int:
        """1 for what lies ahead, -1 for what is past."""
        return 1 if self.direction == "future" else -1

    def accepts(self, day: date) -> bool:
        """Whether `day` lies on this field's side of today; today lies on both."""
        return day >= self.today if self.direction == "future" else day <= self.today


def read_date(text: str, today: date, direction: Direction, order: str = "") -> When:
    """Return the day, and the time if one is given, that `text` means in a field of this direction.

    Raises BadInput for what is not understood or lies the wrong way, and Vague, a BadInput, for
    what has to be asked: a season, a holiday, `this week`, a date that contradicts itself.
    """
    return read_when(text, Asked(today, direction, order))


def read_when(text: str, asked: Asked) -> When:
    """Return the day, and the time if one is given, that `text` means. Raises as `read_date`."""
    asked = asked._replace(typed=text.strip()[:40])
    words, time, assumed = _split_time(_plain(text), asked)
    if time and asked.direction == "past":
        raise asked.refuse("A time of day is for what lies ahead")
    rule = _rule(words)
    if not rule and not (time and not words):
        if re.search(r"[0-9] ?m\b", words):
            raise BadInput(f'"{asked.typed}" could be months or minutes', "Write 1mo for a month")
        raise asked.unread()
    try:
        when = _read(rule, asked) if rule else When(asked.today)
    except (OverflowError, ValueError):
        when = When(date.min)
    if not _YEARS[0] <= when.day.year <= _YEARS[1]:
        raise asked.vague("is not in the calendar")
    if not asked.accepts(when.day):
        raise asked.refuse(f"{when.day} is the wrong way: this date lies {_SIDE[asked.direction]}")
    if time and asked.now and when.day == asked.today and time < asked.now:
        raise BadInput(f"{time} has passed today", f"Write for example tomorrow {time}")
    return When(when.day, time, assumed or when.assumed)


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
    words = ""
    if day is None:
        words = _plain(re.sub("[T ]+[0-9]{1,2}:[0-9]{2}.*|-(?=[A-Za-z])|(?<=[A-Za-z])-", " ", text))
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


def date_order(setting: str, currency: str, locale: str) -> str:
    """Return whether 03/04 is month first (`mdy`) or day first (`dmy`) for this user; empty where
    that is not settled. What settles it is the setting, else the currency that the user chose (ISO
    4217), else the locale (`en_US.UTF-8`)."""
    country = locale[:5].partition("_")[2]  # de_DE@euro
    return (
        setting
        or ("mdy" if currency == "USD" else "dmy" if currency in _DAY_FIRST else "")
        or ("mdy" if country == "US" else "dmy" if country in _DAY_FIRST else "")
    )


# Currencies and countries, without those that write the year first, or both ways as Canada does.
_DAY_FIRST = frozenset(
    "EUR GBP AUD NZD CHF INR BRL MXN ARS CLP COP PLN CZK DKK NOK RON BGN TRY UAH RUB ILS SGD"
    " AT AU BE BR CH CL CO CZ DE DK ES FI FR GB GR IE IL IN IT LU MX NL NO NZ PL PT RO RU TR"
    " UA".split()
)


def _plain(text: str) -> str:
    """Return the words in their plainest form: a sign for each name of a day or month, numbers in
    digits, without what does not matter."""
    text = re.sub(
        r"([ap])\.m\b\.?", r"\1m", text.casefold().replace(",", " ").replace("\u2019", "'")
    )
    text = re.sub(r"(?<=[a-z])(?:[-.](?=[a-z])|\.(?= |$)|\.(?=[0-9])|'(?=[a-z ]|$))", _joint, text)
    words: list[str] = []
    for word in text.split():
        glued = re.fullmatch(r"([+-]?[0-9]+)([a-z]+)", word)
        if glued and glued[2] in _UNITS:
            words += glued[1], _UNITS[glued[2]]
        else:
            words.append(_SIGNS.get(word, word))
    while words and words[0] in _UNTIL:
        del words[0]
    plain = f" {' '.join(in_digits([word for word in words if word]))} "
    for said, plainer in _PLAINER:
        plain = plain.replace(said, plainer)
    return " ".join(plain.split())


def _joint(found: re.Match[str]) -> str:
    return "" if found[0] == "'" else " "


def _split_time(text: str, asked: Asked) -> tuple[str, str | None, Literal["", "hour"]]:
    """Take a time of day off the front or the end of `text`, and what part of the day it names."""
    clock = re.match(rf"{_CLOCK}(?: |$)", text) or re.search(rf" {_CLOCK}$", text)
    if not clock and asked.is_meeting and not _rule(text):
        clock = re.search(r" (?P<hour24>[0-9]{1,2})(?: o)?$", text)
    rest = text[: clock.start()] + text[clock.end() :] if clock else text
    part = re.search(r"(?<=.) (morning|afternoon|evening|night)$", rest)
    if part:
        rest = rest[: part.start()]
    if not clock:
        return rest, None, ""
    return rest.strip(), *_time(clock.groupdict(), clock[0].strip(), part[1] if part else "", asked)


def _time(
    clock: dict[str, str | None], typed: str, part: str, asked: Asked
) -> tuple[str, Literal["", "hour"]]:
    written = clock.get("hour") or clock["hour24"] or "12"
    hour, minute = int(written), int(clock.get("minute") or clock.get("minute24") or 0)
    half = (clock.get("half") or "").strip()[:1]
    possible = 1 <= hour <= 12 if half else hour <= 23
    is_bare = "half" not in clock
    assumed: Literal["", "hour"] = "hour" if is_bare and not part else ""
    if half:
        hour = hour % 12 + 12 * (half == "p")
    elif part and part != "morning" and hour < 12:
        hour += 12
    elif asked.is_meeting and not part and written[0] != "0" and 1 <= hour < _OFFICE_HOURS[0]:
        hour, assumed = hour + 12, "hour"
    is_odd = is_bare and not part and hour not in _OFFICE_HOURS
    if not possible or minute > 59 or is_odd or (part and (part == "morning") != (hour < 12)):
        raise BadInput(f'"{typed}" is no time of day', "Write for example 10am or 14:30")
    return f"{hour:02}:{minute:02}", assumed


_Rule = tuple[re.Match[str], Callable[[re.Match[str], Asked], date]]


def _rule(text: str) -> _Rule | None:
    """Return the first rule of the grammar that `text` follows."""
    for pattern, read in _GRAMMAR if len(text) <= _LONG else ():
        if found := re.fullmatch(pattern, text):
            return found, read
    return None


def _read(rule: _Rule, asked: Asked) -> When:
    found, read = rule
    groups = found.groupdict()
    if any(groups.get(way) and way != asked.direction for way in _SIDE):
        raise asked.refuse(
            f'"{asked.typed}" is the wrong way: this date lies {_SIDE[asked.direction]}'
        )
    return When(read(found, asked), None, "day" if groups.get("loose") else "")


def _moved(asked: Asked, span: str) -> date:
    """Return today moved by every quantity in `span`, clipped to the month's end."""
    from dateutil.relativedelta import relativedelta

    day = asked.today
    for number, unit in re.findall(r"([0-9]+) ([a-z]+)", span):
        months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
        if months:
            day += relativedelta(months=asked.sign * int(number) * months)
        else:
            day += timedelta(asked.sign * int(number) * (7 if unit == "week" else 1))
    return day


def _named(found: re.Match[str], asked: Asked) -> date:
    return asked.today + timedelta(_NAMED[found[0]])


def _span(found: re.Match[str], asked: Asked) -> date:
    return _moved(asked, found["span"])


def _span_from(found: re.Match[str], asked: Asked) -> date:
    base = _rule(found["base"])
    if not base:
        raise asked.unread()
    return _moved(asked._replace(today=_read(base, asked).day), found["span"])


def _weekday(found: re.Match[str], asked: Asked) -> date:
    away = int(found["weekday"]) - asked.today.weekday()
    if asked.direction == "future":
        return asked.today + timedelta((away - 1) % 7 + 1)
    return asked.today - timedelta(-away % 7)


def _weekday_of_week(found: re.Match[str], asked: Asked) -> date:
    weeks = {"last": -1, "this": 0, "next": 1}[found["which"]]
    return _monday(asked.today) + timedelta(weeks=weeks, days=int(found["weekday"]))


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _last_week(_: re.Match[str], asked: Asked) -> date:
    return _monday(asked.today) - timedelta(7)


def _next_unit(found: re.Match[str], asked: Asked) -> date:
    return _moved(asked, f"1 {found['unit']}")


def _vague(found: re.Match[str], asked: Asked) -> date:
    """Refuse what means more than one day, if all of its parts mean something."""
    groups = {"rest": None, "one": None, **found.groupdict()}
    one, rest = groups["one"], groups["rest"]
    is_read = (not rest or _rule(rest)) and (not one or one.isdigit() or _rule(one))
    raise asked.vague() if is_read else asked.unread()


def _in_period(found: re.Match[str], asked: Asked) -> date:
    """Return the first, middle or last working day of a month, quarter, year or week; where several
    have its name, of the next."""
    days = [_edge_day(found, first, last, asked) for first, last in _periods(found, asked.today)]
    unit = found["unit"]
    if asked.direction == "past":
        if (unit or len(days) == 1) and days[0] > asked.today:
            return days[0]  # and is the wrong way
        raise asked.vague()
    if found["which"] == "next":
        if not unit and days[0] >= asked.today:  # in May, next June
            raise asked.vague("could be this year or next")
        days = days[1:] or days
    elif found["which"]:
        days = days[:1]
    return next((day for day in days if day >= asked.today), days[-1])


def _periods(found: re.Match[str], today: date) -> list[tuple[date, date]]:
    """Return the first and the last day of this period, and of the next of the same name."""
    unit, month = found["unit"], int(found["month"] or found["number"] or 1)
    if unit == "week":
        return [
            (_monday(today) + timedelta(away), _monday(today) + timedelta(away + 6))
            for away in (0, 7)
        ]
    if not 1 <= month <= 12:
        raise ValueError(month)
    length = 12
    if unit:
        length = {"month": 1, "quarter": 3, "year": 12}[unit]
        this = (today.year * 12 + today.month - 1) // length * length
        begins = [this, this + length]
    else:
        if found["quarter"]:
            month, length = int(found["quarter"]) * 3 - 2, 3
        elif found["month"] or found["number"]:
            length = 1
        year = found["year"] or found["alone"]
        years = [_year(year)] if year else [today.year, today.year + 1]
        begins = [year * 12 + month - 1 for year in years]
    return [(_first_of(month), _first_of(month + length) - timedelta(1)) for month in begins]


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text[-2:])


def _edge_day(found: re.Match[str], first: date, last: date, asked: Asked) -> date:
    edge = found["edge"] or ""
    if found["unit"] and not (edge or found["which"]):
        raise asked.unread()
    if edge == "late":
        raise asked.vague()
    if edge == "end":
        return asked.workdays.on_or_before(last)
    if edge.startswith("mid"):
        away = (last - first).days
        first += timedelta(14 if 27 <= away <= 30 else away // 2)  # the 15th of a month
    return asked.workdays.on_or_after(first)


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


def _checked(day: date, found: re.Match[str], asked: Asked) -> date:
    """Return the day, unless it was said to be another day of the week."""
    if found["weekday"] and int(found["weekday"]) != day.weekday():
        raise asked.vague(f"contradicts itself: {day} is a {day:%A}")
    return day


def _day_of_month(found: re.Match[str], asked: Asked) -> date:
    months = range(0, 13 * asked.sign, asked.sign)
    return _checked(_nearest(int(found["day"]), months, asked), found, asked)


def _in_year(day: int, month: int, year: str | None, asked: Asked) -> date:
    if year:
        return date(_year(year), month, day)
    if not 1 <= month <= 12:
        raise ValueError(month)
    away = month - asked.today.month
    # 29 February comes round in the ninth year at worst.
    return _nearest(day, range(away, away + 108 * asked.sign, 12 * asked.sign), asked)


def _day_and_month(found: re.Match[str], asked: Asked) -> date:
    day = _in_year(int(found["day"]), int(found["month"]), found["year"], asked)
    return _checked(day, found, asked)


def _iso(found: re.Match[str], _: Asked) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _by_order(found: re.Match[str], asked: Asked) -> date:
    if not asked.order:
        raise Vague(
            f'"{found[0]}" could be day first or month first',
            "Say which once (lostsale config date-order dmy, or mdy) or write it as 2026-11-30",
        )
    first, second = int(found["first"]), int(found["second"])
    day, month = (first, second) if asked.order == "dmy" else (second, first)
    return _in_year(day, month, found["year"], asked)


def _numeric(found: re.Match[str], asked: Asked) -> date:
    """Return the day in the order that is set, or in the only one in which there is such a day."""
    days: dict[str, date] = {}
    for order in ("mdy", "dmy"):
        with suppress(ValueError):
            days[order] = _by_order(found, asked._replace(order=order))
    if not days:
        raise ValueError(found[0])
    if asked.order in days or len(set(days.values())) == 1:
        return days.get(asked.order) or next(iter(days.values()))
    return _by_order(found, asked)  # refuses


# Compiled only when a date is read: most commands read none. What goes one way alone names it: a
# group `future` or `past`. What names a period and no day of it has a group `loose`.
_GRAMMAR: tuple[tuple[str, Callable[[re.Match[str], Asked], date]], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _iso),
    (rf"(?P<certain>{'|'.join(_NAMED)})", _named),
    (_SPAN, _span),
    (rf"(?P<future>\+ ?|in |within |now ?\+ ?){_SPAN}", _span),
    (rf"{_SPAN} (?P<future>from now|later|hence|ahead)", _span),
    (rf"(?P<past>- ?){_SPAN}", _span),
    (rf"{_SPAN} (?P<past>ago)", _span),
    (rf"{_SPAN} from (?P<base>.+)", _span_from),
    (_DAY, _weekday),
    (rf"{_WHICH} {_DAY}", _weekday_of_week),
    (rf"{_DAY} (?:of )?(?P<which>(?P<future>next)|this) week", _weekday_of_week),
    (rf"(?P<which>(?P<future>next)|this) week {_DAY}", _weekday_of_week),
    (rf"(?:{_DAY} )?{_NTH}", _day_of_month),
    (rf"(?:{_DAY} )?{_ORDINAL} (?:of )?{_MONTH}{_YEAR}", _day_and_month),
    (rf"(?:{_DAY} )?{_MONTH} {_ORDINAL}{_YEAR}", _day_and_month),
    (
        (
            rf"(?:{_DAY} )?(?P<first>[0-9]{{1,2}})/(?P<second>[0-9]{{1,2}})"
            r"(?:/(?P<year>[0-9]{4}|[0-9]{2}))?"
        ),
        _numeric,
    ),
    (r"(?P<first>[0-9]{1,2})\.(?P<second>[0-9]{1,2})\.(?P<year>[0-9]{4}|[0-9]{2})?", _numeric),
    (r"(?P<future>next) (?P<unit>week|month|year)", _next_unit),
    (r"(?P<past>last) (?P<loose>week)", _last_week),
    (rf"(?:this|(?P<past>last)) (?:week|month|quarter|year|{_MONTH})", _vague),
    (
        (
            r"(?:(?P<edge>in|within) )?(?:several|[0-9]+ ?- ?[0-9]+) (?:day|week|month|year)"
            r"(?: (?P<past>ago))?"
        ),
        _vague,
    ),
    (rf"(?:(?P<edge>in|over|this|next|last|early|late|mid|end of|after|before) )*S{_YEAR}", _vague),
    (
        (
            rf"(?:in )?(?:(?P<edge>1st|1th|start|beginning|early|mid|middle|end|late)"
            rf"(?: (?:of|in|day of|week of|part of))? )?(?:{_WHICH} )?"
            rf"(?:(?:{_MONTH}|(?:q|(?=[1-4].. quarter))(?P<quarter>[1-4])(?:.. quarter)?){_YEAR}"
            r"|(?:(?P<number>[0-9]{1,2})/)?(?P<alone>20[0-9]{2})|(?P<unit>week|month|quarter|year))"
        ),
        _in_period,
    ),
    (r"(?P<edge>after|before|late|later|earlier) (?P<rest>.+)", _vague),
    (r"(?:in )?(?P<one>.+) (?:or|to|-) (?P<rest>.+)", _vague),
)


# As other programs write them; read_date knows some of them too.
_WRITTEN: tuple[tuple[str, Callable[[re.Match[str], Asked], date]], ...] = (
    (r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})", _iso),
    (r"(?P<first>[0-9]{1,2})([-/.])(?P<second>[0-9]{1,2})\2(?P<year>[0-9]{4}|[0-9]{2})", _by_order),
    (rf"(?:{_DAY} )?{_ORDINAL} (?:of )?{_MONTH} (?P<year>[0-9]{{4}}|[0-9]{{2}})", _day_and_month),
    (rf"(?:{_DAY} )?{_MONTH} {_ORDINAL} (?P<year>[0-9]{{4}})", _day_and_month),
)


# Words that a date in a sentence is made of; numbers and what is glued to them come on top.
_KNOWN = frozenset(
    {*_SIGNS, "a", "an", "few", "couple", "new", "eve", "in", "of", "or", "and", "to", "noon"}
    | {"ago", "later", "hence", "ahead", "within", "after", "before", "earlier", "next", "this"}
    | {"last", "end", "start", "beginning", "early", "mid", "middle", "late", "half", "coming"}
    | {"am", "pm", "a.m", "p.m", "morning", "afternoon", "evening", "night", "tonight", "come"}
    | {"eow", "eom", "eoq", "eoy", "labor", "memorial", "since", "now", *_NAMED, *_UNTIL}
)
_HINTS = frozenset(
    {*(word for word, sign in _SIGNS.items() if sign), *_NAMED, *NTH}
    | {
        "tonight",
        "eow",
        "eom",
        "eoq",
        "eoy",
        "morning",
        "afternoon",
        "evening",
        "night",
        "fortnight",
    }
)
_NUMERIC = r"\+?[0-9][0-9:/.-]*[a-z]{0,8}|'[0-9]{2}|q[1-4]"
_LEADS = frozenset({*_UNTIL, "in", "on", "come", "since"})
_CLAUSE_ENDS = (
    r"\s*(?:$|[][,.;:!?()\u2013\u2014-]|(?:and|but|or|so|because|then|with|at|to|said|says|he|she|they"
    r"|we|i)\b)"
)
_AFTER_SPAN = "[0-9a-z]+ [a-z]+"  # they went dark
_ADJECTIVE = r"(?<!\b1)(?<!\bone)(?<!\ba)[ -](?:day|week|month|quarter|year)$"  # 36 month lease
_LONGEST = 9  # words: the first of next month at 10 a.m.


def date_at(text: str, start: int, asked: Asked) -> Found | None:
    """Return the longest date that begins at `text[start]`, None where none does.

    For a place where a date is expected, as after "call back": a bare `march`, `2 weeks` or `10/6`
    counts. What can't be read, or lies the wrong way, is not found.
    """
    return _longest(text, _run(text, start), asked, lambda *_: True)


def find_dates(text: str, asked: Asked) -> Iterator[Found]:
    """Yield the dates in a sentence that clearly are dates, in their order.

    Names of days and months need a word like `in` or `on` in front of them, another part of a date
    beside them, or, for a day, the end of a clause behind them; so "may", "sat", "Friday Harbor",
    "in 5 stores", "2 weeks late" and "36 month lease" are none.
    """
    place = 0
    for word in re.finditer(r"\S+", text) if may_hold_date(text) else ():
        if word.start() >= place and (words := _run(text, word.start())):
            found = _longest(text, words, asked, _stands)
            away = _longest(text, words, asked.turned(), _stands)
            if away and (not found or away.end > found.end):  # the tuesday of last tuesday
                place = away.end
            elif found:
                yield found
                place = found.end


def may_hold_date(text: str) -> bool:
    """Whether a text has a word that makes a date possible; it's quick to see that it has none."""
    return any(map(_hints, text.split()))


def _hints(word: str) -> bool:
    """Whether a word alone makes a date possible; one that can only be an amount doesn't."""
    plain = word.casefold().strip("()[],.;:!?\"'\u201c\u201d\u2026-")
    number = plain.lstrip("$\u20ac\u00a3").removesuffix("k")
    if number.isdecimal() and (number[:2] not in {"19", "20"} or len(number) != len("2026")):
        return False
    parts = plain.replace("\u2019s", "s").replace("'s", "s").split("-")
    return any(part in _HINTS or any(map(str.isdigit, part)) for part in parts)


def _run(text: str, start: int) -> list[tuple[int, int]]:
    """Return where the words lie that a date beginning at `start` may consist of."""
    words: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text[: start + 120][start:]):
        plain = word[0].casefold().lstrip("(\"'") if not words else word[0].casefold()
        end = plain.rstrip(',;:!?)"')
        if not re.fullmatch(r"[0-9]+\.[0-9]+\.", end):
            end = end.removesuffix(".")
        if not end or not all(map(_is_known, re.split("(?<=[a-z])-(?=[a-z])", end))):
            break
        first = start + word.end() - len(plain)
        words.append((first, first + len(end)))
        is_short = (end in _SIGNS and len(end) < 5) or end in {"a.m", "p.m"}  # Dec. 21
        if len(words) == _LONGEST or plain[len(end) :] not in {"", ",", "." if is_short else ""}:
            break
    return words


def _is_known(word: str) -> bool:
    plain = word.replace("\u2019", "'").replace("r's", "rs")  # new year's
    return plain in _KNOWN or bool(re.fullmatch(_NUMERIC, plain)) or in_digits([plain]) != [plain]


def _longest(
    text: str,
    words: list[tuple[int, int]],
    asked: Asked,
    stands: Callable[[str, int, int, Asked], bool],
) -> Found | None:
    for _, end in reversed(words):
        start = words[0][0]
        try:
            if stands(text, start, end, asked):
                return Found(start, end, read_when(text[start:end], asked))
        except Vague:
            return Found(start, end, None)
        except BadInput:
            with suppress(BadInput):  # a part of what lies the wrong way would be another day
                read_when(text[start:end], asked.turned())
                return None
    return None


def _stands(text: str, start: int, end: int, asked: Asked) -> bool:
    """Whether `text[start:end]`, if it is a date, is one beyond doubt."""
    typed, before = text[start:end].casefold(), text[:start].split()
    rule = _rule(_split_time(_plain(typed), asked)[0])
    if not rule or re.search(
        rf"^(?:now|later|earlier)\b|later$|ahead$|^after {_AFTER_SPAN}$", typed
    ):
        return False
    given = {name for name, part in rule[0].groupdict().items() if part}
    is_led = bool(_LEADS & {typed.split()[0], *(word.casefold() for word in before[-1:])})
    ends_clause = bool(re.match(_CLAUSE_ENDS, text[end:], re.IGNORECASE))
    if "span" in given:
        is_noun = re.search(_ADJECTIVE, typed) or text.startswith(" of ", end)
        return not is_noun and bool(given & {"future", "past"})
    if given == {"month", "day"}:  # who may 5 times, 12 march in
        return is_led or not re.search("may [0-9]|[0-9] (?:may|mar|march)$", text[start:end])
    if given & {"year", "edge", "which", "future", "past", "certain"} or given >= {"month", "day"}:
        return True
    if given == {"weekday"} and not is_led:  # Ruby Tuesday, Friday Harbor
        is_name = not before or (len(before) == 1 and (before[0][0] + text[start]).isupper())
        return ends_clause and not is_name and len(typed.split()[0]) > 5
    return is_led and (ends_clause or given != {"day"})

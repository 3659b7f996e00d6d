"""Expressions to dates, given today and a direction. The only user of dateutil.

A loss is in the past and a step in the future, so an expression is read in its field's direction
and never guessed. Nothing here knows what the dates are for.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Literal

from lostsale.domain.numbers import in_digits
from lostsale.domain.periods import MONTH_NAMES, MONTHS, Period, day_text, period_around
from lostsale.domain.workdays import DAY_NAMES, Workdays
from lostsale.errors import BadInput, Vague
from lostsale.later import NamedTuple

Direction = Literal["past", "future"]

_SPANS = ("d day days", "w wk wks week weeks", "mo mos month months", "y yr yrs year years")
_UNITS = {name: same.split()[-2] for same in (*_SPANS, "quarter quarters") for name in same.split()}
_AWAY = {"today": "N0", "now": "N0", "tomorrow": "N1", "yesterday": "N-1"}
# Names become signs that nobody can type, because what is typed is in lower case by then. What
# names a time of no fixed day is S, and what adds nothing is left out.
DATE_SIGNS = {
    **{name: f"D{n}" for name, n in DAY_NAMES.items()},
    **{name: f"M{n}" for name, n in MONTH_NAMES.items()},
    **_UNITS,
    **_AWAY,
    **dict.fromkeys("spring summer fall autumn winter holidays holiday weekend".split(), "S"),
    **dict.fromkeys("easter thanksgiving christmas xmas halloween hanukkah ramadan".split(), "S"),
    **dict.fromkeys("at on the about around roughly approximately sometime maybe".split(), ""),
}
LEADS = tuple("by until till til thru through from starting".split())  # before a date only
# Several words, once names are signs, and the plainer ones that they stand for.
_PLAINER = tuple(
    tuple(f" {side} " for side in pair.split("="))
    for pair in (
        "new year=S|labor day=S|memorial day=S|S day=S|S eve=S|noon=12pm|oclock=|or so="
        "|a couple of=2|a couple=2|couple of=2|couple=2|few=several|a several=several"
        "|half a year=6 month|a year and a half=18 month|a fortnight=2 week|a day=1 day"
        "|a week=1 week|a month=1 month|a quarter=1 quarter|a year=1 year|this coming=|coming="
        "|eow=end of week|eom=end of month|eoq=end of quarter|eoy=end of year"
        "|month end=end of month|quarter end=end of quarter|year end=end of year"
        "|tonight=N0 evening|this evening=N0 evening|this morning=N0 morning"
        "|this afternoon=N0 afternoon|last night=N-1 evening|earlier N0=N0|later N0=N0"
        "|just N0=N0|right N0=N0|day after N1=N2|day before N-1=N-2|other day=several day"
        "|week after next=in 2 week|month after next=in 2 month|1th thing="
    ).split("|")
)
_UNIT, _SEVERAL = "(?:day|week|month|quarter|year)", "(?:several|[0-9]+ ?- ?[0-9]+)"
_QUANTITY = f"[0-9]{{1,5}} {_UNIT}"
_SPAN = rf"(?P<span>{_QUANTITY}(?: (?:and )?{_QUANTITY})*)"
_DAY = r"D(?P<weekday>[0-6])"
_ON = rf"(?:{_DAY} )?"
_MONTH, _NTH = r"M(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
_YEAR = r"(?: (?:of )?(?P<year>[0-9]{4}|'[0-9]{2}|(?<=of )[0-9]{2}))?"
_SHORT_YEAR = "(?(edge)|(?(quarter)|(?!)))(?P<year>[23][0-9])"  # end of march 28, q3 28
_IN = "(?P<year>[0-9]{4}|[0-9]{2})"
_FIRST, _SECOND = "(?P<first>[0-9]{1,2})", "(?P<second>[0-9]{1,2})"
_QUARTER = "(?:q|(?=[1-4].. quarter))(?P<quarter>[1-4])(?:.. quarter)?"
_NEAR = "(?P<edge>in|over|this|next|last|early|late|mid|end of|after|before)"
_WHICH = r"(?P<which>(?P<future>next)|this|(?P<past>last))"
_EDGE = (
    r"(?:in )?(?:(?P<edge>1st|1th|start|beginning|early|mid|middle|end|late)"
    rf"(?: (?:of|in|day of|(?P<week>week) of|part of))? )?(?:{_WHICH} )?"
)
_CLOCK = (
    r"(?P<hour>[0-9]{1,2}?)(?:(?P<colon>:)?(?P<minute>[0-9]{2}))?"
    r"(?:(?P<half> ?[ap]m|[ap])|(?(colon)|(?!)))"
)
_OFFICE_HOURS = range(7, 19)
_LONG = 100  # characters; no date has more
_YEARS = (1900, 9998)  # what is outside is a typo
_SIDE = {"future": "in the future", "past": "in the past"}


class When(NamedTuple):
    """A day, and a time of day (`10:00`) where one was given. `assumed` is `day` where only a week
    was named and its Monday was taken, and `hour` where `2` was taken for an office hour."""

    day: date
    time: str | None = None
    assumed: Literal["", "day", "hour"] = ""


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
        return kind(what, f"Try {self._forms()}")

    def vague(self, what: str = "could mean more than one day") -> BadInput:
        """Return the error for what has to be asked."""
        return self.refuse(f'"{self.typed}" {what}', Vague)

    def unread(self) -> BadInput:
        """Return the error for what isn't a date."""
        read = f'I can\'t read "{self.typed}" as a date'
        return self.refuse(read if self.typed else "WHEN is missing")

    def wrong_way(self, what: str) -> BadInput:
        """Return the error for what is on the other side of today."""
        return self.refuse(f"This date has to be {_SIDE[self.direction]}, not {what}")

    def _forms(self) -> str:
        away = self.today.toordinal() + 7 * self.sign
        day = date.fromordinal(min(max(away, date.min.toordinal()), date.max.toordinal()))
        parts = {"mdy": (day.month, day.day), "dmy": (day.day, day.month)}.get(self.order)
        written = "/".join(map(str, (*parts, day.year))) if parts else f"{day}"
        if self.is_meeting:
            return f"friday 10am, tomorrow 14:30 or {written} 9am"
        return f"{'friday, 2w' if self.sign > 0 else 'yesterday, 3 days ago'} or {written}"

    def turned(self) -> "Asked":
        """Return the same for the other direction."""
        return self._replace(direction="past" if self.direction == "future" else "future")

    @property
    def sign(self) -> int:
        """1 for what lies ahead, -1 for what is past."""
        return 1 if self.direction == "future" else -1

    def accepts(self, day: date) -> bool:
        """Whether `day` is on this field's side of today; today is on both."""
        return day >= self.today if self.direction == "future" else day <= self.today


def read_when(text: str, asked: Asked) -> When:
    """Return the day, and the time if one is given, that `text` means.

    Raises BadInput for what is not understood or is the wrong way, and Vague, a BadInput, for
    what has to be asked: a season, a holiday, `this week`, a date that contradicts itself.
    """
    asked = asked._replace(typed=text.strip()[:40])
    words, time, assumed = _split_time(_plain(text), asked)
    if time and asked.direction == "past":
        raise asked.refuse("A time of day only works with a date in the future")
    rule = _rule(words)
    if not rule and (words or not time):
        if re.search(r"[0-9] ?m\b", words):
            raise BadInput(f'"{asked.typed}" could be months or minutes', "Write 1mo for a month")
        raise asked.unread()
    try:
        when = _read(rule, asked) if rule else When(asked.today)
    except (OverflowError, ValueError):
        when = When(date.min)
    if not _YEARS[0] <= when.day.year <= _YEARS[1]:
        raise asked.vague("isn't on the calendar")
    if not asked.accepts(when.day):
        raise asked.wrong_way(day_text(when.day, ""))
    if time and asked.now and when.day == asked.today and time < asked.now:
        raise BadInput(f"{time} has passed today", f"Try tomorrow {time}")
    return When(when.day, time, assumed or when.assumed)


def parts_of_date(text: str, asked: Asked) -> frozenset[str] | None:
    """Return the names of a date's parts, such as `month` and `day`; None if it isn't a date."""
    rule = _rule(_split_time(_plain(text), asked)[0])
    return frozenset(rule[0]) if rule else None


def either_order(typed: str) -> Vague:
    """Return the error for 03/04 while no order of day and month is set."""
    return Vague(
        f'"{typed}" could be day first or month first',
        "Say which once (lostsale config date-order dmy, or mdy) or write it as 2026-11-30",
    )


def _plain(text: str) -> str:
    """Return the words in their plainest form: a sign for each name of a day or month, numbers in
    digits, without what does not matter."""
    text = text.casefold().replace(",", " ").replace("\u2019", "'")
    text = re.sub(r"([ap])\.m\b\.?", r"\1m", text)
    text = re.sub(r"(?<=[a-z])[-.]", " ", re.sub(r"(?<=[a-z])'", "", text))
    text = re.sub(rf"(?<=[0-9])(?=(?:{'|'.join(_UNITS)})\b)", " ", text)  # 3d
    words = [DATE_SIGNS.get(word, word) for word in text.split()]
    while words and words[0] in {*LEADS, "to"}:
        del words[0]
    plain = f" {' '.join(in_digits([word for word in words if word]))} "
    for said, plainer in _PLAINER:
        plain = plain.replace(said, plainer)
    return " ".join(plain.split())


def _split_time(text: str, asked: Asked) -> tuple[str, str | None, Literal["", "hour"]]:
    """Take a time of day off the front or the end of `text`, and what part of the day it names."""
    clock = re.match(rf"{_CLOCK}(?: |$)", text) or re.search(rf" {_CLOCK}$", text)
    if not clock and asked.is_meeting and not _rule(text):
        clock = re.search(r" (?P<hour>[0-9]{1,2}?)(?P<minute>(?:[0-5][0-9])?)(?P<half>)$", text)
    rest = text[: clock.start()] + text[clock.end() :] if clock else text
    if part := re.search(r"(?<=.) (morning|afternoon|evening|night)$", rest):
        rest = rest[: part.start()]
    said = part[1] if part else ""
    return (rest.strip(), *_time(clock, said, asked)) if clock else (rest, None, "")


def _time(clock: re.Match[str], part: str, asked: Asked) -> tuple[str, Literal["", "hour"]]:
    hour, minute, half = int(clock["hour"]), int(clock["minute"] or 0), clock["half"]
    is_possible = minute <= 59 and (1 <= hour <= 12 if half else hour <= 23)
    assumed: Literal["", "hour"] = ""
    if half:
        hour = hour % 12 + 12 * ("p" in half)
    elif part:
        hour += 12 * (part != "morning" and hour < 12)
    elif asked.is_meeting:
        if clock["hour"][0] != "0" and 1 <= hour < _OFFICE_HOURS[0]:
            hour, assumed = hour + 12, "hour"
        if not clock["minute"]:
            is_possible, assumed = is_possible and hour in _OFFICE_HOURS, "hour"
    if not is_possible or (part and (part == "morning") != (hour < 12)):
        raise BadInput(f'I can\'t read "{clock[0].strip()}" as a time of day', "Try 10am or 14:30")
    return f"{hour:02}:{minute:02}", assumed


_Parts = Mapping[str, str]
_Reader = Callable[[_Parts, Asked], date]


def _rule(text: str) -> tuple[_Parts, _Reader] | None:
    """Return the named parts of `text` and their reader, by the first rule that it follows."""
    for pattern, reader in GRAMMAR if len(text) <= _LONG else ():
        if found := re.fullmatch(pattern, text):
            return {name: part for name, part in found.groupdict().items() if part}, reader
    return None


def _read(rule: tuple[_Parts, _Reader], asked: Asked) -> When:
    parts, reader = rule
    if asked.turned().direction in parts:
        raise asked.wrong_way(f'"{asked.typed}"')
    day = reader(parts, asked)
    if int(parts.get("weekday", day.weekday())) != day.weekday():
        raise asked.vague(f"contradicts itself: {day} is a {day:%A}")
    return When(day, None, "day" if "loose" in parts else "")


def _away(parts: _Parts, asked: Asked) -> date:
    return asked.today + timedelta(int(parts["away"]))


def _span(parts: _Parts, asked: Asked) -> date:
    """Return the base, or today, moved by every quantity, clipped to the month's end."""
    base = _rule(parts["base"]) if "base" in parts else None
    if "base" in parts and not base:
        raise asked.unread()
    day = _read(base, asked).day if base else asked.today
    for number, unit in re.findall(r"([0-9]+|next) ([a-z]+)", parts["span"]):
        count = asked.sign * (1 if number == "next" else int(number))
        if unit in MONTHS:
            from dateutil.relativedelta import relativedelta

            day += relativedelta(months=count * MONTHS[unit])
        else:
            day += timedelta(count * (7 if unit == "week" else 1))
    return day


def _weekday(parts: _Parts, asked: Asked) -> date:
    """Return the nearest day of this name, or the one in last, this or next week."""
    away = int(parts.get("weekday", 0)) - asked.today.weekday()
    if which := parts.get("which"):
        return asked.today + timedelta(away + {"last": -7, "this": 0, "next": 7}[which])
    if asked.direction == "future":
        return asked.today + timedelta((away - 1) % 7 + 1)
    return asked.today - timedelta(-away % 7)


def _day(parts: _Parts, asked: Asked) -> date:
    """Return the day of this number, or second Tuesday, in the nearest month if none is told."""
    month, year = int(parts.get("month", asked.today.month)), parts.get("year")
    date(2000, month, 1)  # there is such a month
    step = asked.sign * (12 if "month" in parts else 1)
    first = (_year(year) if year else asked.today.year) * 12 + month - 1
    # 29 February takes nine years at worst.
    for months in range(first, first + step * (1 if year else 9), step):
        with suppress(ValueError):
            day = date(months // 12, months % 12 + 1, int(parts.get("day", 1)))
            if nth := parts.get("nth"):
                day += timedelta(
                    (int(parts.get("weekday", 0)) - day.weekday()) % 7 + 7 * int(nth) - 7
                )
            if year or asked.accepts(day):
                return day
    raise ValueError(first)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text[-2:])


def _numeric(parts: _Parts, asked: Asked) -> date:
    """Return the day in the order that is set, or in the only one in which there is such a day."""
    one, two = parts["first"], parts["second"]
    days: dict[str, date] = {}
    for order, day, month in (("mdy", two, one), ("dmy", one, two)):
        with suppress(ValueError):
            days[order] = _day({**parts, "day": day, "month": month}, asked)
    if not days:
        raise ValueError(asked.typed)
    if asked.order in days or len(set(days.values())) == 1:
        return days.get(asked.order) or next(iter(days.values()))
    raise either_order(asked.typed)


def _in_period(parts: _Parts, asked: Asked) -> date:
    """Return the first, middle or last working day of a period, the next one of its name."""
    days = [_edge_day(parts, period, asked) for period in _periods(parts, asked.today)]
    unit, which = parts.get("unit"), parts.get("which")
    if asked.direction == "past":
        if (unit or len(days) == 1) and days[0] > asked.today:
            return days[0]  # and is the wrong way
        raise asked.vague()
    if which == "next":
        if not unit and days[0] >= asked.today:  # in May, next June
            raise asked.vague("could be this year or next")
        days = days[1:] or days
    elif which:
        days = days[:1]
    return next((day for day in days if day >= asked.today), days[-1])


def _periods(parts: _Parts, today: date) -> list[Period]:
    """Return this period, and the next of the same name."""
    if unit := parts.get("unit"):
        this = period_around(unit, today)
        return [this, period_around(unit, this.end + timedelta(1))]
    unit = next((name for name in ("quarter", "month") if name in parts), "year")
    month = 1 if unit == "year" else int(parts[unit]) * (3 if unit == "quarter" else 1)
    years = [_year(parts["year"])] if "year" in parts else [today.year, today.year + 1]
    return [period_around(unit, date(year, month, 1)) for year in years]


def _edge_day(parts: _Parts, period: Period, asked: Asked) -> date:
    edge, day = parts.get("edge", ""), period.start
    if "unit" in parts and not (edge or "which" in parts):
        raise asked.unread()
    if edge == "late":
        raise asked.vague()
    if edge == "end":
        return asked.workdays.on_or_before(period.end)
    if edge.startswith("mid"):
        away = (period.end - period.start).days
        day += timedelta(14 if 27 <= away <= 30 else away // 2)  # the 15th of a month
    elif (edge == "early" or "week" in parts) and (day.month, day.day) == (1, 1):
        day += timedelta(1)  # nobody is called on New Year's Day
    return asked.workdays.on_or_after(day)


def _vague(parts: _Parts, asked: Asked) -> date:
    """Refuse what means more than one day, if all of its parts mean something."""
    is_date = all(_rule(parts[part]) for part in ("one", "rest") if part in parts)
    raise asked.vague() if is_date else asked.unread()


# Compiled only when a date is read: most commands read none. What goes one way alone names it: a
# group `future` or `past`. What names a period and no day of it has a group `loose`.
GRAMMAR: tuple[tuple[str, _Reader], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})", _day),
    ("N(?P<away>-?[0-2])", _away),
    (rf"(?:(?P<future>(?:N0 )?\+ ?|in |within )|(?P<past>- ?))?{_SPAN}", _span),
    (rf"{_SPAN} (?:(?P<future>from N0|later|hence|ahead)|(?P<past>ago))", _span),
    (rf"{_SPAN} from (?P<base>.+)", _span),
    ("(?P<span>(?P<future>next) (?:week|month|year))", _span),
    (rf"(?:{_WHICH} (?:week )?)?{_DAY}", _weekday),
    (rf"{_DAY} (?:of )?(?P<which>(?P<future>next)|this) week", _weekday),
    ("(?P<which>(?P<past>last)) (?P<loose>week)", _weekday),
    (rf"{_ON}{_NTH}", _day),
    (rf"(?P<nth>[1-4])(?:st|nd|rd|th) {_DAY} (?:of )?{_MONTH}{_YEAR}", _day),
    (rf"(?P<nth>[2-4])(?:nd|rd|th) week (?:of |in )?{_MONTH}{_YEAR}", _day),
    (rf"{_ON}{_NTH}? (?:of )?{_MONTH}{_YEAR}", _day),
    (rf"{_ON}{_MONTH} {_NTH}?{_YEAR}", _day),
    (rf"{_ON}{_FIRST}/{_SECOND}(?:/{_IN})?", _numeric),
    (rf"{_FIRST}\.{_SECOND}\.{_IN}?", _numeric),
    (rf"(?:this|(?P<past>last)) (?:{_UNIT}|{_MONTH})", _vague),
    (rf"(?:(?P<edge>in|within) )?{_SEVERAL} {_UNIT}(?: (?P<past>ago))?", _vague),
    (rf"(?:{_NEAR} )*(?P<season>S){_YEAR}", _vague),
    (rf"{_EDGE}(?:{_MONTH}|{_QUARTER}){_YEAR}", _in_period),
    (rf"{_EDGE}(?:{_MONTH}|{_QUARTER}) {_SHORT_YEAR}", _in_period),
    (rf"{_EDGE}(?:(?P<month>[0-9]{{1,2}})/)?(?P<year>20[0-9]{{2}})", _in_period),
    (rf"{_EDGE}(?P<unit>week|month|quarter|year)", _in_period),
    ("(?P<edge>after|before|late|later|earlier) (?P<rest>.+)", _vague),
    ("(?:in )?(?:[0-9]+|(?P<one>.+)) (?:or|to|-) (?P<rest>.+)", _vague),
)

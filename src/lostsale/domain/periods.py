"""Periods of the calendar, as `stats` and `list` take them: a year, quarter, month or range of
days; and how a day is written."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from lostsale.errors import BadInput
from lostsale.later import NamedTuple

MONTHS = {"month": 1, "quarter": 3, "year": 12}
UNITS = tuple(MONTHS)
_MONTHS_AS_SAID = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
    *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
)
MONTH_NAMES = {name: n for n, names in enumerate(_MONTHS_AS_SAID, 1) for name in names.split()}
_FEW_MONTHS, _FEW_UNITS = 6, 8
_LONG_GAP = 36  # months
_FILLERS = frozenset("for in of the during".split())
_SAME = {"past": "last", "previous": "last", "current": "this", "all-time": "all", "to": ".."}
MANY_UNITS = 24  # bars of a drawing
order_of_days: Callable[[], str] = str  # mdy, dmy or none; each run sets its own


class Period(NamedTuple):
    """Days from `start` to `end`, both included. `unit` is month, quarter, year, range or all,
    which is every day of the calendar."""

    label: str
    unit: str
    start: date
    end: date

    def before(self, today: date) -> "Period | None":
        """Return the unit before, cut to the same days when this period isn't over; None for `all`
        and for the future."""
        if self.start > today:
            return None
        if self.unit in MONTHS:
            whole = period_around(self.unit, self.start - timedelta(1))
        else:
            days = (self.end - self.start).days + 1
            if days >= self.start.toordinal():
                return None
            whole = _range(self.start - timedelta(days), self.start - timedelta(1))
        return whole if today >= self.end else _range(whole.start, _same_day(self, whole, today))

    def compared(self, today: date) -> "tuple[Period, date] | None":
        """Return the period to compare this one with, and the last day on which its wins count: as
        far from its end as today is from this one's; None where there is none."""
        before = self.before(today)
        return (before, before.end + (today - min(self.end, today))) if before else None


def _before(day: date, count: int, unit: str) -> date:
    """Return the day that lies so many days, weeks or months (`d`, `w`, `mo`) before another."""
    if unit != "mo":
        return day - timedelta(count * (7 if unit == "w" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, _last_day(year, month + 1).day))


def _same_day(period: Period, before: Period, today: date) -> date:
    """Return the day that lies as far into `before` as today lies into `period`."""
    if period.unit == "range":
        return before.start + (today - period.start)
    years, months = period.start.year - before.start.year, period.start.month - before.start.month
    return _before(today, years * 12 + months, "mo")


def _range(start: date, end: date) -> Period:
    return Period(f"{start}..{end}", "range", start, end)


def period_around(unit: str, day: date) -> Period:
    """Return the week, month, quarter or year that `day` is in; a week is a range of days."""
    if unit == "week":
        monday = day - timedelta(day.weekday())
        return _range(monday, monday + timedelta(6))
    length = MONTHS[unit]
    first = (day.month - 1) // length * length + 1
    last = first + length - 1
    label = {
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}q{first // 3 + 1}",
        "year": f"{day.year}",
    }
    return Period(label[unit], unit, date(day.year, first, 1), _last_day(day.year, last))


def _last_day(year: int, month: int) -> date:
    # As calendar.monthrange has it, which costs as much to import as all of this.
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(1)


def unit_of(month: str, by: str) -> str:
    """Return the label of the month, quarter or year that a month (2026-11) is in."""
    year, number = int(month[:4]), int(month[5:])
    return period_around(by, date(year, number, 1)).label


def every_month(months: Iterable[str]) -> list[str]:
    """Return all months (2026-11) from the first of these to the last, without those of long gaps:
    a file may hold a day of the year 2569."""
    places = sorted({int(month[:4]) * 12 + int(month[5:]) - 1 for month in months})
    found = places[:1]
    for one, following in pairwise(places):
        found += range(one + 1, following) if following - one <= _LONG_GAP else ()
        found.append(following)
    return [f"{place // 12:04}-{place % 12 + 1:02}" for place in found]


def fitting(months: list[str]) -> dict[str, str]:
    """Return the label of the unit under which each of these months in turn is in a table that
    is to stay short: past quarters, and past years of many, are taken together."""
    last = months[-1] if months else ""
    units = {month: month for month in months}
    if len(months) > _FEW_MONTHS:
        now = unit_of(last, "quarter")
        past = {month: unit_of(month, "quarter") for month in months}
        units |= {month: quarter for month, quarter in past.items() if quarter != now}
    if len(set(units.values())) > _FEW_UNITS:
        units |= {month: month[:4] for month in months if month[:4] != last[:4]}
    return units


def unit_that_fits(months: list[str]) -> str:
    """Return the shortest unit of which these months make no more than a drawing has room for, else
    a year."""
    fit = (u for u in UNITS if len({unit_of(month, u) for month in months}) <= MANY_UNITS)
    return next(fit, "year")


def read_period(text: str, today: date) -> Period:
    """Return the period that `text` names, in one word or several. Raises BadInput."""
    words = [_SAME.get(word, word) for word in text.lower().replace(",", " ").split()]
    name = "-".join(word for word in words if word not in _FILLERS).replace("-..-", "..")
    if name == "all":
        return Period("all", "all", date.min, date.max)
    with suppress(ValueError, OverflowError):
        period = _said(name, today) or labelled(name)
        if 1900 <= period.start.year <= 9998:
            return period
    raise BadInput(
        f'I can\'t read "{text.strip()[:40]}" as a period',
        "Write 2026, 2026-11, 2026q4, this-month, last-90-days, october, ytd, all or"
        " 2026-01-01..2026-03-31",
    )


def _said(name: str, today: date) -> Period | None:
    """Return the period that is named by where it lies from today. Raises ValueError or
    OverflowError where the calendar doesn't reach."""
    yesterday = today - timedelta(1)
    ranges = {
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        **{f"{unit[0]}td": (period_around(unit, today).start, today) for unit in ("week", *UNITS)},
    }
    if name in ranges:
        return _range(*ranges[name])
    which, _, rest = name.partition("-")
    if which in {"this", "last"} and (rest in MONTHS or rest == "week"):
        this = period_around(rest, today)
        return this if which == "this" else period_around(rest, this.start - timedelta(1))
    if found := re.fullmatch("(?:last-)?([1-9][0-9]{0,4})-?(d|w|mo)(?:ays?|eeks?|nths?)?", name):
        return _range(_before(today, int(found[1]), found[2]) + timedelta(1), today)
    if found := re.fullmatch("([0-9]{1,2})[-/]([0-9]{4})", name):
        return period_around("month", date(int(found[2]), int(found[1]), 1))
    quarter = re.fullmatch("q([1-4])", which)
    month = int(quarter[1]) * 3 - 2 if quarter else MONTH_NAMES.get(which)
    if not month or not re.fullmatch("(?:[0-9]{4})?", rest):
        return None
    # Without a year the latest one that has begun.
    year = int(rest) if rest else today.year - (month > today.month)
    return period_around("quarter" if quarter else "month", date(year, month, 1))


def labelled(text: str) -> Period:
    """Return the month, quarter, year or range that has this label. Raises ValueError."""
    if len(text) == 4:
        return period_around("year", date.fromisoformat(f"{text}-01-01"))
    if len(text) == 7 and text[4] == "-" != text[5] != "q":
        return period_around("month", date.fromisoformat(f"{text}-01"))
    if found := re.fullmatch(r"([0-9]{4})-?q([1-4])", text):
        return period_around("quarter", date(int(found[1]), int(found[2]) * 3, 1))
    start, end = (date.fromisoformat(day) for day in text.split(".."))
    if start > end or len(text) != len("2026-01-01..2026-03-31"):
        raise ValueError(text)
    return _range(start, end)


def period_name(label: str) -> str:
    """Return `November 2026` for 2026-11, `4th quarter 2026` for 2026q4; other labels as they
    are."""
    if label == "all" or ".." in label or label.isdigit():
        return label
    period = labelled(label)
    if period.unit == "month":
        return f"{period.start:%B %Y}"
    return f"{('1st', '2nd', '3rd', '4th')[period.start.month // 3]} quarter {label[:4]}"


def day_text(
    day: date, weekday: str = "%a", month: str = "%b", *, has_year: bool = True, usual: str = "dmy"
) -> str:
    """Return `Mon 23 Nov 2026` or, month first, `Mon, Nov 23, 2026`: in the user's order, the
    `usual` one if there is none. `weekday` and `month` are formats of strftime, or empty."""
    named, month = day.strftime(weekday), day.strftime(month)
    year = str(day.year) if has_year else ""
    if (order_of_days() or usual) == "mdy":
        return ", ".join(filter(None, (named, f"{month} {day.day}", year)))
    return " ".join(filter(None, (named, f"{day.day} {month}", year)))


def hour_text(time: str | None) -> str:
    """Return a time of day, `14:00`, as the user writes it: `2 pm` where months come first."""
    if not time or order_of_days() != "mdy":
        return time or ""
    hour, minute = time.split(":")
    minutes = f":{minute}" if minute != "00" else ""
    return f"{int(hour) % 12 or 12}{minutes} {'am' if int(hour) < 12 else 'pm'}"

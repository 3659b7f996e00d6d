"""The days that other programs write."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime

from lostsale.domain.dates import Asked, either_order, read_when
from lostsale.domain.periods import MONTH_NAMES
from lostsale.domain.workdays import DAY_NAMES
from lostsale.errors import BadInput

_PIVOT = 70  # from which on two digits mean the century before, as POSIX has it
_YEARS = range(1900, 9999)  # what lies outside is a slip of the finger
_YEAR_FIRST = r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
_YEAR_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})"
_WEEKDAY, _MONTH = (f"(?:{'|'.join(names)})[.,]*" for names in (DAY_NAMES, MONTH_NAMES))
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_IN_WORDS = (
    rf"((?:{_WEEKDAY} )?(?:{_DAY} (?:of )?{_MONTH}|{_MONTH} {_DAY}),? )([0-9]{{4}}|[0-9]{{2}})"
)
_TIME = "[T ,]+(?:at )?[0-9]{1,2}:[0-9]{2}.*"


def read_written(text: str, order: str = "") -> date:
    """Return the day that another program wrote: a whole date, perhaps with a time, which is left
    out.

    `order` says how 03/04/2026 is read, `mdy` or `dmy`; 03.04.2026 is day first everywhere, and 13
    digits are milliseconds since 1970. Raises BadInput.
    """
    text = re.sub(" (?:UTC|GMT)$", "", " ".join(text.split()))
    plain = re.sub(f"{_TIME}|-(?=[A-Za-z])|(?<=[A-Za-z])-", " ", text).strip().lower()
    day = None
    with suppress(ValueError, OverflowError, OSError):
        if re.fullmatch("[0-9]{12,13}", text):
            day = datetime.fromtimestamp(int(text) / 1000, UTC).date()
        elif found := re.fullmatch(_YEAR_FIRST, plain):
            day = date(*map(int, found.groups()))
        elif found := re.fullmatch(_YEAR_LAST, plain):
            day = _in_order(found, order)
        elif found := re.fullmatch(_IN_WORDS, plain):
            day = read_when(f"{found[1]}{_year(found[2])}", Asked(date.max, "past")).day
        elif "W" not in text:  # a week isn't a day
            day = datetime.fromisoformat(text).date()
    if day is None or day.year not in _YEARS:
        raise BadInput(f'"{text[:40]}" is no date', "Write it as 2026-11-30")
    return day


def _in_order(found: re.Match[str], order: str) -> date:
    one, point, two, year = found.groups()
    if point != "." and not order:
        raise either_order(found[0])
    day, month = (two, one) if point != "." and order == "mdy" else (one, two)
    return date(_year(year), int(month), int(day))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= _PIVOT else 2000)

"""The days, amounts and ids that other programs write."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from lostsale.crm.formats import CACHED, CURRENCY_CODE, MONTH_STEMS, SAYS_NOTHING, with_code
from lostsale.domain.amounts_in_text import read_money
from lostsale.domain.dates import Asked, either_order, read_when
from lostsale.domain.loss import NOBODY, read_contact
from lostsale.domain.money import (
    CURRENCIES,
    LIMIT,
    AmbiguousAmount,
    Money,
    currency_meant,
    decimal_sign,
    decimals,
)
from lostsale.domain.periods import MONTH_NAMES
from lostsale.domain.reasons import Reason
from lostsale.domain.workdays import DAY_NAMES
from lostsale.errors import BadInput

if TYPE_CHECKING:
    from lostsale.domain.phrases import Reading

_WITH_EMAIL = re.compile(r"([^(<]+?) *[(<]([^@\s]+@[^)>\s]+)[)>]")  # of several people the first
_NO_NAME = re.compile(
    "(?:cell|mobile|office|work|home|main|direct|tel|phone|ph|fax)[.:]*", re.IGNORECASE
)
_PHONE = 7  # digits, at least
_PIVOT = 70  # from which on two digits mean the century before, as in POSIX
_SALESFORCE = re.compile("006[0-9A-Za-z]{12}")
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_EPOCH = date(1899, 12, 30)  # where spreadsheets begin to count days
_SERIAL = re.compile(r"(?:3[3-9]|4[0-9]|5[0-2])[0-9]{3}(?:\.[0-9]+)?")  # from 1990 to 2043
_NO_ID = re.compile(r"0+|[0-9][.,]?[0-9]*[eE][+-]?[0-9]+|[0-9]{15}0+")
_YEARS = range(1900, 9999)  # what is outside is a typo
_YEAR_FIRST = r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
_EASTERN = r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?[日号號]"
_YEAR_LAST = r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})"
_WEEKDAY, _MONTH = (f"(?:{'|'.join(names)})[.,]*" for names in (DAY_NAMES, MONTH_NAMES))
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_IN_WORDS = (
    rf"((?:{_WEEKDAY} )?(?:{_DAY} (?:of )?{_MONTH}|{_MONTH} {_DAY}),? )([0-9]{{4}}|[0-9]{{2}})"
)
_TIME = "[T ,]+(?:(?:at|um|à|alle|om|a las|às|в) )?[0-9]{1,2}:[0-9]{2}.*"
_UTC_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:Z|[+]00:?00| UTC| GMT)"
_ELSEWHERE = (
    r"(?:[^\W\d]+[.,]* )?([0-9]{1,2})(?:[.º°]|er)? (?:de |d')?([^\W\d]{3,})[.,]*"
    r"(?: de| del)? ([0-9]{4})(?: ?[^\W\d]\.?)?"  # the letter is a year's, in Russian
)
_MONTHS = (
    ("([0-9]{4})[-/.]([0-9]{1,2})", (1, 2)),
    ("([0-9]{1,2})[/.]([0-9]{4})", (2, 1)),
    ("([0-9]{4}) ?年 ?([0-9]{1,2}) ?月", (1, 2)),
    (r"([^\W\d]{3,})[.,]*(?: de | |-|')([0-9]{4}|[0-9]{2})", (2, 1)),
)
_NO_DAY = re.compile(
    r"0000-00-00.*|(?:0?1[./-]){2}(?:1753|1899|1900)\b.*|(?:1753-01-01|1899-12-3[01]|1900-01-0[01])\b.*"
)


def written_out(value: object) -> str:
    """Return a cell of a workbook as a CSV file would have it: a day in ISO form, a number
    without what floating point adds, and never with three decimals, which could be thousands."""
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        return f"{text}0" if re.fullmatch(r"-?[0-9]+\.[0-9]{3}", text) else text
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")[:19]
    return value.isoformat() if isinstance(value, date) else str(value)


def read_written(text: str, order: str = "") -> date:
    """Return the day that another program wrote: a whole date, perhaps with a time, which is left
    out unless it is in UTC: then it is the day on which that was here.

    `order` says how 03/04/2026 is read, `mdy` or `dmy`; 03.04.2026 is day first everywhere, and 13
    digits are milliseconds since 1970. Raises BadInput.
    """
    if len(text) == 10 and text[4:8:3] == "--":  # most are written so
        with suppress(ValueError):
            return _in_years(date.fromisoformat(text), text)
    text = " ".join(text.split())
    day = None
    with suppress(ValueError, OverflowError, OSError):
        day = _stamped(text) or _of_words(text, order)
        if day is None and "W" not in text:  # a week isn't a day
            day = datetime.fromisoformat(text).date()
    return _in_years(day, text)


def _in_years(day: date | None, text: str) -> date:
    if day is None or day.year not in _YEARS:
        raise BadInput(f'I can\'t read "{text[:40]}" as a date', "Write it as 2026-11-30")
    return day


def _stamped(text: str) -> date | None:
    """Return the local day of a moment in UTC; midnight means a whole day."""
    if re.fullmatch("[0-9]{12,13}", text):
        stamp = datetime.fromtimestamp(int(text) / 1000, UTC)
    elif re.fullmatch(_UTC_TIME, text):
        stamp = datetime.fromisoformat(re.sub(" ?(?:Z|UTC|GMT|[+]00:?00)$", "+00:00", text))
    else:
        return None
    return (stamp if stamp.time() == time.min else stamp.astimezone()).date()


def _of_words(text: str, order: str) -> date | None:
    """Return the day of numbers and names of months, without its time."""
    plain = re.sub(" (?:UTC|GMT)$", "", text)
    plain = re.sub(f"{_TIME}|[-/](?=[A-Za-z])|(?<=[A-Za-z])[-/]", " ", plain).strip().lower()
    plain = re.sub(r"(?<=[0-9][.]) (?=[0-9])|(?<=[0-9])[.]$", "", plain)  # 26. 5. 2026
    if found := re.fullmatch(_YEAR_FIRST, plain) or re.fullmatch(_EASTERN, plain):
        return date(*map(int, found.groups()))
    if found := re.fullmatch(_YEAR_LAST, plain):
        return _in_order(found, order)
    if found := re.fullmatch(_IN_WORDS, plain):
        return read_when(f"{found[1]}{_year(found[2])}", Asked(date.max, "past")).day
    if (found := re.fullmatch(_ELSEWHERE, plain)) and (month := _month(found[2])):
        return date(int(found[3]), month, int(found[1]))
    return None


def last_of_month(text: str) -> date | None:
    """Return the last day of what is only a month: `2024-10`, `Oct 2024`, `2024年10月`."""
    for pattern, (year, month) in _MONTHS:
        if found := re.fullmatch(pattern, text.strip().lower()):
            number = int(found[month]) if found[month].isdecimal() else _month(found[month])
            if number in range(1, 13) and _year(found[year]) in _YEARS:
                return date(_year(found[year]), number, monthrange(_year(found[year]), number)[1])
    return None


def is_no_day(text: str) -> bool:
    """Whether a cell only looks like a day, as programs write where they have none."""
    return _NO_DAY.fullmatch(text) is not None


def _in_order(found: re.Match[str], order: str) -> date:
    one, point, two, year = found.groups()
    if point != "." and not order:
        raise either_order(found[0])
    day, month = (two, one) if point != "." and order == "mdy" else (one, two)
    return date(_year(year), int(month), int(day))


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= _PIVOT else 2000)


def _month(name: str) -> int:
    """Return the number of a month by its name in any of the languages; 0 for none."""
    plain = "".join(sign for sign in normalize("NFD", name) if sign.isalpha())
    return next((number for stem, number in MONTH_STEMS.items() if plain.startswith(stem)), 0)


class Unread(NamedTuple):
    """Why an amount can't be read, and whether naming the decimal sign would help."""

    why: str
    is_ambiguous: bool = False


def read_amount(text: str, currency: str, decimal: str) -> Money | Unread:
    """Return an amount as another program writes it, perhaps with more zeros than the currency has
    decimals, or with the noise of floating point."""
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    is_number = digits.isascii() and digits.isdigit() and len(whole) <= 10
    places = decimals(currency)
    if is_number and (digits == text or 0 < len(fraction) <= places):  # most are so
        return Money(int(digits) * 10 ** (places - len(fraction)), currency)
    if is_number and (len(fraction) > 3 or (len(whole) > len(fraction) == 3)):  # no thousands
        return Money(int(Decimal(text) * 10**places + Decimal("0.5")), currency)
    return _read_amount(text, currency, decimal)


@lru_cache(CACHED)
def _read_amount(text: str, currency: str, decimal: str) -> Money | Unread:
    text = re.sub(r"(?<=[^\W\d_])[.](?=\W|$)", "", with_code(text))  # kr. 500
    if re.fullmatch(r"\(.*[0-9].*\)|\D*[-\u2212].*[0-9].*", text):
        return Unread("below zero")
    sign = decimal_sign(text) or decimal
    zeros = rf"[{sign}](?:0+|[0-9]{{4,}})$" if sign else r"\.(?:0{1,2}|[0-9]{4,})$"
    tries = (text, text.rstrip("0").rstrip(".,")) if re.search(zeros, text) else (text,)
    unread = Unread("not an amount")
    for written in tries:
        try:
            return read_money(written, currency, sign)
        except AmbiguousAmount:
            if re.search("[0-9][.,][0-9]{3}", text):
                unread = Unread("it could be two amounts", is_ambiguous=True)
        except BadInput:
            pass
    return unread


@lru_cache(CACHED)
def read_times(text: str, currency: str, decimal: str, times: int) -> Money | Unread:
    """Return an amount that is given in thousands, or so many `times` less than it is; one that
    says itself by what it is counted, `12k`, is what it says."""
    plain = re.fullmatch("([0-9]+)(?:([.,])([0-9]+))?", text)
    if plain and (not plain[2] or len(plain[3]) != 3 or decimal or plain[1] == "0"):
        if plain[2] and plain[2] != (decimal or plain[2]):
            return read_times(text.replace(plain[2], ""), currency, decimal, times)
        exact = Decimal(f"{plain[1]}.{plain[3] or 0}") * times * 10 ** decimals(currency)
        return Money(round(exact), currency) if exact < LIMIT else Unread("too much")
    money = read_amount(text, currency, decimal)
    if isinstance(money, Unread) or re.search("(?i)[0-9] ?[km]", text):
        return money
    money = money._replace(minor=money.minor * times)
    return money if money.minor < LIMIT else Unread("too much")


def read_cents(text: str, currency: str) -> Money | Unread:
    """Return an amount that is given in the currency's smallest unit."""
    if not re.fullmatch("[0-9]+(?:[.]0+)?", text) or len(text) > len(str(LIMIT)):
        return Unread("not an amount in cents")
    return Money(int(text.partition(".")[0]), currency)


def says_something(cell: str) -> bool:
    """Whether a cell is not empty, and holds no word that means so."""
    return bool(cell) and cell.casefold() not in SAYS_NOTHING


def currency_of(cell: str, default: str) -> str:
    """Return the ISO 4217 code that another program means by a code, a sign or a name, to a user of
    the `default` one; empty for what isn't a currency, or could be several."""
    text = with_code(cell)
    codes = CURRENCIES.intersection(CURRENCY_CODE.findall(text))
    if len(codes) == 1 and not re.search("[0-9]", text):
        return next(iter(codes))
    try:
        return currency_meant(text.rstrip("."), default)
    except BadInput:
        return ""


def is_currency(cell: str) -> bool:
    """Whether a cell names a currency, perhaps one of several."""
    return bool(currency_of(cell, "SEK"))


def serial_day(cell: str) -> date | None:
    """Return the day that a spreadsheet's number means, if a column has such numbers; else None."""
    return _EPOCH + timedelta(int(cell[:5])) if _SERIAL.fullmatch(cell) else None


@lru_cache(CACHED)
def some_day(cell: str) -> date | None:
    """Return the day that a cell holds, in either order; None if it isn't one."""
    if not any(sign.isdigit() for sign in cell) or is_no_day(cell):
        return None
    for order in ("mdy", "dmy"):
        try:
            return read_written(cell, order)
        except BadInput:
            continue
    return last_of_month(cell)


@lru_cache(CACHED)
def some_amount(cell: str) -> bool | None:
    """Whether the amount in a cell is more than zero; None if the cell has none."""
    if not any(sign.isdigit() for sign in cell):
        return None
    for currency in ("USD", "SEK", "MXN"):  # kr and pesos aren't dollars
        read = read_amount(cell, currency, "")
        if isinstance(read, Money):
            return read.minor > 0
        if read.is_ambiguous or read.why == "below zero":
            return True
    return None


def is_id(cell: str) -> bool:
    """Whether a cell identifies a deal: not where a spreadsheet has rounded it, or nothing is
    there."""
    return says_something(cell) and _NO_ID.fullmatch(cell) is None


def whole_id(record: str) -> str:
    """Return Salesforce's id of a deal with its last three characters, which only say which of the
    others are capitals; any other id as it is."""
    if not record.startswith("006") or not _SALESFORCE.fullmatch(record):
        return record
    parts = (record[:5], record[5:10], record[10:])
    capitals = (sum(sign.isupper() << place for place, sign in enumerate(part)) for part in parts)
    return record + "".join(_CHECKSUM[number] for number in capitals)


def read_person(
    contact: str | None, email: str | None, phone: str | None
) -> tuple[str | None, str | None, str | None]:
    """Return somebody's name, e-mail and phone, also where one cell holds two of them."""
    if contact and not email and (found := _WITH_EMAIL.match(contact)):
        return found[1], found[2], phone
    as_told = contact, email, phone
    both = contact or phone or ""
    if (contact and phone) or sum(map(str.isdigit, both)) < _PHONE:
        return as_told
    name, _, number = read_contact(both)
    is_both = sum(map(str.isdigit, number or "")) >= _PHONE and (contact or name)
    return (name, email, number) if is_both and not _NO_NAME.fullmatch(name or "") else as_told


def read_rival(
    cell: str, reason: Reason, reading: "Reading | None"
) -> tuple[str | None, Reason | None]:
    """Return who got the order, or the reason given in their place, as its words were read: `do
    nothing`, `state contract`. A name may read like a reason, so most count only in lower case."""
    if reading is None or reading.lost_to:
        return cell, None
    if reading.outcome == "no-decision":
        return NOBODY, None
    return (None, reason) if reading.is_sure and cell.islower() else (cell, None)

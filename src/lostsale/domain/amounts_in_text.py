"""Amounts in a sentence, and an amount as people say it."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from lostsale.domain.cues import has_word
from lostsale.domain.money import (
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    HINT,
    LIMIT,
    TIMES,
    ZEROS,
    Money,
    below_limit,
    currency_meant,
    decimals,
    money_of,
    read_currency,
    read_digits,
    show_money,
)
from lostsale.domain.names import PHONE
from lostsale.domain.numbers import SCALES, SPOKEN, VALUES, spoken
from lostsale.domain.periods import MONTH_NAMES
from lostsale.errors import BadInput, Vague

_SAY_NUMBERS = frozenset({*VALUES, *SCALES} - {"k"})
_NAMES = "|".join(map(re.escape, sorted({*CURRENCY_WORDS, "zł"}, key=len, reverse=True)))
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY|INR|MXN|BRL|SEK|NOK|DKK|PLN|CZK|ZAR|SGD|HKD|CNY"
_NUMBER = (
    r"(?<![\w.,/:#\[])(?<![^\W\dkm]-)"
    rf"(?:(?P<before>{'|'.join(map(re.escape, CURRENCY_SIGNS))}|\b(?:{_CODES})\b) ?)?"
    r"(?:(?P<digits>[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+(?![0-9])|[0-9](?:[0-9.,']*[0-9])?)"
    rf"(?: ?(?P<times>{'|'.join(sorted(ZEROS, key=len, reverse=True))}))?"
    rf"|\b(?P<words>{SPOKEN})"
    r"|\b(?P<misheard>(?:hundred|thousand|million)(?= dollar| buck| euro| pound)))"
    rf"(?: ?(?P<after>{_NAMES}|{_CODES}))?"
    r"(?: ?-?ish| or so)?(?!\w|[.,'][0-9])"
)
_X = rf"x|{TIMES}|\*|times"
_FOR = rf"{_X}|for|over|on an?|with an?"
_LARGE = "[0-9]{1,3}(?:[,.'\u00a0\u202f][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+,[0-9]{1,2}"
_LENGTH = r"(?P<unit>month|mo|quarter|qtr|year|yr|payment)s?\b"
_EVERY = (
    r"(?: ?/ ?| an? | per | each | every | (?=monthly|yearly))"
    r"(?P<every>month(?:ly)?|mo|quarter|qtr|year(?:ly)?|yr)\b"
)
_MONTHS = {"m": 1, "q": 3, "y": 12, "p": 1}
_EACH = r" (?:each|ea|apiece|a piece|per [a-z]+)\b"
# What makes one amount of two numbers: what stands between them, and behind the second.
_JOINED = (
    ("range", r" ?(?:-|\u2013|to|or) ?", ""),
    ("between", r" and ", ""),
    ("first counts", r" (?:[a-z-]+ ){0,3}(?:at|@|for|x) (?:about )?| [a-z]+,? ", _EACH),
    ("first counts", rf"[ -]{_LENGTH}(?: [a-z]+)?,? (?:at|@|of|x) ", rf"(?:{_EVERY})?"),
    ("second counts", rf"{_EVERY}\.?,? ?(?:{_FOR})? ?", rf"[ -]?{_LENGTH}"),
    ("second counts", rf"{_EVERY} ?(?:{_X}) ?", ""),
    ("either counts", rf" ?(?:x|{TIMES}|\*) ?", rf"(?:[ -]?{_LENGTH})?"),
)
_ABOUT = r"(?:\b(?:about|around|roughly|approx(?:imately)?|circa|almost|nearly|maybe|like)|~) ?$"
_BOUND = r"\b(?:up to|under|over|less than|more than|at least|at most|point) $"
_DIFFERENCE = r" (?:cheaper|less|lower|higher|more|off|under(?! contract| lease)|below|better)\b"
_DIFFERENCE_BY = r"\b(?:by|saves?|saved|saving) $"
_RATE = rf"(?:{_EVERY}(?: for (?:an?|one) {_LENGTH})?|{_EACH})"
_NO_SUM = r" ?%|[-/:][0-9a-z]"  # 9%, 24/7, 36-month
_STREET = r"(?: \w+)? (?:st|street|ave|avenue|rd|road|blvd|ln|lane|hwy|pkwy)\b"
_LABEL = r"([^\W\d_]+|q[1-4])[./]? $"
_SMALL, _ANY_PHONE = 10**3, 10**6  # from where on a bare number is an amount, and may be a phone's
_YEARS = range(1990, 2050)


class Amount(NamedTuple):
    """An amount that stands at `text[start:end]` of a sentence. `money` is None where it has to be
    asked for: of a range, a monthly sum without a term, digits that could mean two amounts. `how`
    says what it was computed from (300 times 36). A bare number gives way to what has a greater
    `rank`: it has 1 where it's small, and 0 where it may be a year or a phone number, or count what
    follows it."""

    start: int
    end: int
    money: Money | None
    how: str = ""
    rank: int = 2


class _Number(NamedTuple):
    """A number in a sentence. `value` is 0 unless it is a plain one, `money` None if its digits
    could mean two amounts, `is_marked` says that it looks like money."""

    start: int
    end: int
    value: int
    money: Money | None
    is_marked: bool
    has_currency: bool


def read_money(text: str, currency: str, decimal: str = "") -> Money:
    """Return the amount that `text` says, in `currency` where it names none: `12k`, `$12,000.50`,
    `twelve thousand dollars`, `300 a month for 36 months`.

    `decimal` is the decimal sign, `.` or `,`; while it is empty, what could be read both ways is
    refused. Raises BadInput, and Vague, a BadInput, for a range or a monthly sum without a term.
    """
    text = text.strip()
    if money := read_digits(text, currency, decimal):
        return money
    for amount in find_amounts(text, currency, decimal):
        if (amount.start, amount.end) == (0, len(text)):
            if amount.money:
                return amount.money
            raise Vague(f'"{text[:40]}" is not one amount', "Write the whole sum, or 250/mo x 48")
    if code := re.fullmatch("[0-9.,]+ ?[km]? ?([a-z]{3})", text, re.IGNORECASE):
        read_currency(code[1])  # says that it isn't one
    raise BadInput(f'"{text[:40]}" is no amount', HINT)


def find_amounts(text: str, currency: str, decimal: str = "") -> Iterator[Amount]:
    """Yield the amounts in a sentence, in their order; `currency` and `decimal` as `read_money` has
    them. Numbers that count, name or date something are left out."""
    words = text.lower().replace("-", " ").split()
    if not re.search("[0-9]", text) and _SAY_NUMBERS.isdisjoint(words):
        return
    plain = re.sub(PHONE, lambda phone: "_" * len(phone[0]), text.replace("\u2019", "'"))
    found = list(_numbers(plain, currency, decimal))
    place = 0
    for number, following in zip(found, [*found[1:], None], strict=False):
        if number.start >= place:
            joined = following and _joined(plain, number, following, decimal)
            amount = joined or _alone(plain, number, decimal)
            place = amount.end
            if amount.rank or amount.money:
                about = re.search(_ABOUT, plain[: amount.start], re.IGNORECASE)
                yield amount._replace(start=about.start()) if about else amount


def _numbers(text: str, currency: str, decimal: str) -> Iterator[_Number]:
    for found in re.finditer(_NUMBER, text, re.IGNORECASE):
        digits, words = found["digits"] or "", (found["words"] or "").lower()
        times, before, after = found["times"] or "", found["before"], found["after"]
        is_company = found[0] == "3M"
        is_street = times == "Grand" and re.match(" [A-Z]", text[found.end() :])  # 12 Grand Ave
        if is_company or is_street or (before and after):
            continue
        said = spoken(words) if words else None
        money = None
        with suppress(BadInput):
            code = currency_meant(before or after, currency) if before or after else currency
            if digits:
                money = money_of(digits, times, code, decimal)
            elif said:
                money = below_limit(f"{said}{'0' * decimals(code)}", code)
        count = said or (int(digits) if digits.isdecimal() and len(digits) < 15 else 0)
        is_large = re.search("hundred|thousand|grand|million| k", found["misheard"] or words)
        is_large = is_large or re.fullmatch(_LARGE, digits)
        yield _Number(
            found.start(),
            found.end(),
            0 if times or before or after else count,
            money,
            bool(times or before or after or is_large),
            bool(before or after),
        )


def _joined(text: str, one: _Number, two: _Number, decimal: str) -> Amount | None:
    """Return what two numbers make together, if anything."""
    for kind, gap, tail in _JOINED:
        joint = re.fullmatch(gap, text[one.end : two.start], re.IGNORECASE)
        ending = joint and re.match(tail, text[two.end :], re.IGNORECASE)
        if not joint or not ending:
            continue
        if kind == "range":
            is_sum = two.is_marked or two.value > 999 or (one.is_marked and "o" not in joint[0])
            if one.is_marked and not is_sum:  # 12k or 3 free months
                continue
            return Amount(one.start, two.end, None, rank=2 * is_sum)
        if kind == "between":
            begins = re.search(r"\bbetween $", text[: one.start], re.IGNORECASE)
            return Amount(begins.start(), two.end, None) if begins else None
        is_first = kind == "first counts" or (kind == "either counts" and two.is_marked)
        count, price = (one.value, two) if is_first else (two.value, one)
        parts = {**joint.groupdict(), **ending.groupdict()}
        unit, every = (parts.get(part) or "" for part in ("unit", "every"))
        if count and (price.is_marked or every or price.value > 99):
            if unit and every:
                count = _count(count, unit, every)
            elif kind == "first counts" and unit[:1].lower() in {"m", "q", "y"}:
                count = 0  # of 36 months at 12k it isn't said what is paid in a month
            whole = Amount(one.start, two.end + ending.end(), None)
            return _times(whole, count, price, decimal, is_first=is_first)
    return None


def _count(length: int, unit: str, every: str) -> int:
    """Return how often is paid in a term of so many units; 0 where that's no whole number."""
    count, left = divmod(length * _MONTHS[unit[0].lower()], _MONTHS[every[0].lower()])
    return 0 if left else count


def _times(whole: Amount, count: int, price: _Number, decimal: str, *, is_first: bool) -> Amount:
    """Return the amount that is so many times a price; without money, if that's unclear or too
    much. `how` has the count and the price as they stand in the text."""
    if not count or price.money is None or price.money.minor * count >= LIMIT:
        return whole
    parts = [f"{count:,}", show_money(price.money, decimal)]
    how = f" {TIMES} ".join(parts if is_first else reversed(parts))
    return whole._replace(money=price.money._replace(minor=price.money.minor * count), how=how)


def _alone(text: str, number: _Number, decimal: str) -> Amount:
    """Return the amount that a number is by itself; without money and of rank 0, if it is none."""
    start, end, is_marked = number.start, number.end, number.is_marked
    none = Amount(start, end, None, rank=0)
    before, after = text[:start], text[end:]
    rate = re.match(_RATE, after, re.IGNORECASE)
    stop = end + rate.end() if rate else end
    is_difference = re.match(_DIFFERENCE, text[stop:], re.IGNORECASE)
    if is_difference or re.search(_DIFFERENCE_BY, before, re.IGNORECASE):
        return none
    if rate:
        count = _count(1, rate["unit"], rate["every"]) if rate["unit"] else 0
        sum_of = Amount(start, stop, None, rank=2 * (is_marked or number.value > 9))
        return _times(sum_of, count, number, decimal, is_first=False)
    if not number.has_currency and (re.match(_NO_SUM, after) or _counts(after, is_marked)):
        return none
    if bound := re.search(_BOUND, before, re.IGNORECASE):
        return Amount(bound.start(), end, None, rank=2 * is_marked)
    if is_marked:
        return Amount(start, end, number.money)
    label = re.search(_LABEL, before, re.IGNORECASE)
    name = label[1].lower() if label else ""
    if number.value < 100 or name in MONTH_NAMES or has_word("label", name):
        return none
    is_year = number.value in _YEARS and number.value % 100 > 0
    rank = 2 if number.value >= _SMALL else 0 if _may_count(after) else 1
    is_other = is_year or number.value >= _ANY_PHONE
    return Amount(start, end, number.money, rank=0 if is_other else rank)


def _counts(after: str, is_marked: bool) -> bool:
    """Whether a number counts the word behind it: what is counted by the thousand, too, if it
    `is_marked`."""
    word = _word(after)
    if is_marked:
        return has_word("measured", word)
    is_street = re.match(_STREET, after, re.IGNORECASE)
    words = (word, word.removesuffix("s"))
    return bool(is_street) or any(
        has_word(f"{kind}ed", one) for kind in ("measur", "count") for one in words
    )


def _may_count(after: str) -> bool:
    """Whether a number may count the word behind it: a plural that isn't known as anything else."""
    word = _word(after)
    is_verb = has_word("clause", word) or has_word("after noun", word)
    return bool(re.fullmatch(r"[a-z]{3,}[^s\W]s", word)) and not is_verb


def _word(after: str) -> str:
    found = re.match("[ -]([a-z]+)", after)
    return found[1] if found else ""

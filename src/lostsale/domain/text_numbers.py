"""Numbers in a sentence, in digits and in words, and what marks them as money."""

import re
from collections.abc import Iterator
from contextlib import suppress

from lostsale.domain.money import (
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    ZEROS,
    Money,
    below_limit,
    currency_meant,
    decimals,
    money_of,
)
from lostsale.domain.numbers import SPOKEN, spoken
from lostsale.errors import BadInput
from lostsale.later import NamedTuple

_NAMES = "|".join(map(re.escape, sorted({*CURRENCY_WORDS, "zł"}, key=len, reverse=True)))
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY|INR|MXN|BRL|SEK|NOK|DKK|PLN|CZK|ZAR|SGD|HKD|CNY"
_ZEROS = "|".join(sorted(ZEROS, key=len, reverse=True))
_NUMBER = (
    r"(?<![\w.,/:#\[])(?<![^\W\dkm]-)"
    rf"(?:(?P<before>{'|'.join(map(re.escape, CURRENCY_SIGNS))}|\b(?:{_CODES})\b) ?)?"
    rf"(?:\b(?P<words>{SPOKEN})"
    r"|(?P<digits>[0-9]{1,3}(?:[ \u00a0'][0-9]{3})+(?![0-9])|\.?[0-9](?:[0-9.,']*[0-9])?)"
    rf"(?: ?(?P<vague>something |some |odd )?(?P<times>{_ZEROS}))?"
    r"|\b(?P<misheard>(?:hundred|thousand|million)(?= dollar| buck| euro| pound)))"
    rf"(?: ?(?P<after>{_NAMES}|{_CODES}))?"
    r"(?: ?-?ish| or so)?(?!(?!(?:mos?|yrs?)\b)\w|[.,'][0-9])"
)
_PER = " (?:a|per|each|every) (?:month|quarter|year)\\b"
_LARGE = (
    "[0-9]{1,3}(?:[,.'\u00a0][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+,[0-9]{1,2}|[0-9]{3,}[.][0-9]{2}"
)


class TextNumber(NamedTuple):
    """A number in a sentence. `value` is 0 unless it is a plain one, `money` None if its digits
    could mean two amounts, `is_marked` says that it looks like money."""

    start: int
    end: int
    value: int
    money: Money | None
    is_marked: bool
    has_currency: bool


def numbers_in(text: str, currency: str, decimal: str) -> Iterator[TextNumber]:
    """Yield the numbers in a sentence; `currency` and `decimal` as for `read_money`."""
    for found in re.finditer(_NUMBER, text, re.IGNORECASE):
        digits, words = found["digits"] or "", (found["words"] or "").lower()
        times, before, after = found["times"] or "", found["before"], found["after"]
        is_name = found[0].lower() in {"3m", "401k"}
        is_street = times == "Grand" and re.match(" [A-Z]", text[found.end() :])  # 12 Grand Ave
        if is_name or is_street or (before and after):
            continue
        is_price = bool(after or re.match(_PER, text[found.end() :], re.IGNORECASE))
        said = spoken(words, is_price=is_price) if words else None
        money = None
        with suppress(BadInput):
            code = currency_meant(before or after, currency) if before or after else currency
            if digits and not found["vague"]:
                money = money_of(digits, times, code, decimal)
            elif said:
                money = below_limit(f"{said}{'0' * decimals(code)}", code)
        count = said or (int(digits) if digits.isdecimal() and len(digits) < 15 else 0)
        is_large = re.search("hundred|thousand|grand|million| k", found["misheard"] or words)
        is_large = is_large or re.fullmatch(_LARGE, digits)
        yield TextNumber(
            found.start(),
            found.end(),
            0 if times or before or after else count,
            money,
            bool(times or before or after or is_large),
            bool(before or after),
        )

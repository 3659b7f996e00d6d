"""Amounts: integer minor units and a currency. Reading and writing them, also in a sentence; never
a float."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from lostsale.domain.names import PHONE
from lostsale.domain.numbers import SPOKEN, spoken
from lostsale.errors import BadInput, Vague

# Minor units; what lies beyond is a slip of the finger, and SQLite adds up what lies below safely.
LIMIT = 10**13

# ISO 4217, active codes of money in use; those without two decimals are listed with their number.
CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN"
    " BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD"
    " FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY"
    " KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP"
    " MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR"
    " RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT"
    " TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER"
    " ZAR ZMW ZWG".split()
)
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_SIGNS = dict(
    sign.split("=")
    for sign in (
        "US$=USD C$=CAD CA$=CAD A$=AUD AU$=AUD NZ$=NZD R$=BRL S$=SGD HK$=HKD MX$=MXN $=USD"
        " €=EUR £=GBP ¥=JPY ₹=INR zł=PLN".split()
    )
)
# What people say, and what it can mean: the user's own currency if it is one of them, else the
# first; a dash stands for none of them.
_SAID = {
    word: meant.split()
    for words, meant in (
        ("$ dollar dollars buck bucks", "USD AUD CAD NZD SGD HKD MXN TWD BRL ARS CLP COP"),
        ("€ euro euros", "EUR"),
        ("£ pound pounds quid", "GBP EGP"),
        ("¥ yen", "JPY CNY"),
        ("₹ rs rupee rupees", "INR PKR NPR LKR"),
        ("franc francs", "CHF XOF XAF"),
        ("kr kronor kroner", "- SEK NOK DKK ISK"),
        ("peso pesos", "- MXN ARS CLP COP PHP UYU DOP"),
    )
    for word in words.split()
}
# As other programs name them.
_NAMES = dict(
    name.split("=")
    for name in (
        "us dollar=USD|euro=EUR|pound sterling=GBP|british pound=GBP|swiss franc=CHF|yen=JPY"
        "|canadian dollar=CAD|australian dollar=AUD|japanese yen=JPY|indian rupee=INR".split("|")
    )
)
_SAID_NAMES = "|".join(map(re.escape, sorted({*_SAID, "zł"}, key=len, reverse=True)))
_CURRENCY = "|".join(
    [*map(re.escape, (*_SIGNS, *sorted(_SAID, key=len, reverse=True))), "[a-z]{3}"]
)
_SPACES = " \u00a0\u202f"
_AMOUNT = (
    rf"(?P<before>{_CURRENCY})? ?(?P<digits>[0-9.,'{_SPACES}]*[0-9]) ?(?P<times>[km])??"
    rf" ?(?P<after>{_CURRENCY})?"
)
_HINT = "Write 12000, 12k or 12000.50EUR"
_ZEROS = {"k": 3, "m": 6, "mm": 6, "mil": 6, "million": 6, "thousand": 3, "grand": 3, "hundred": 2}
_WORDS = frozenset({"ALL", "TRY", "TOP", "CUP", "PEN", "GEL"})  # codes only in capitals


class AmbiguousAmount(BadInput):
    """An amount that means one thing with a decimal point, and another with a decimal comma."""


class Money(NamedTuple):
    """An amount in `minor` units (cents, or what the currency has) of `currency` (ISO 4217)."""

    minor: int
    currency: str

    def decimal(self) -> str:
        """Return the amount as a plain decimal string, `12000.00`."""
        places = decimals(self.currency)
        digits = f"{self.minor:0{places + 1}}"
        return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def decimals(currency: str) -> int:
    """Return how many decimals a currency has (ISO 4217)."""
    return _DECIMALS.get(currency, 2)


def thousandths(minor: int | None, currency: str | None) -> int:
    """Return an amount in thousandths of the currency's unit, to sort by; 0 for none."""
    return (minor or 0) * 10 ** (3 - decimals(currency)) if currency else 0


def read_currency(text: str) -> str:
    """Return the ISO 4217 code that `text` is. Raises BadInput."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise BadInput(f'"{text[:20]}" is no currency code', "Write for example USD or EUR")
    return code


def read_money(text: str, currency: str, decimal: str = "") -> Money:
    """Return the amount that `text` says, in `currency` where it names none: `12k`, `$12,000.50`,
    `twelve thousand dollars`, `300 a month for 36 months`.

    `decimal` is the decimal sign, `.` or `,`; while it is empty, what could be read both ways is
    refused. Raises BadInput, and Vague, a BadInput, for a range or a monthly sum without a term.
    """
    text = text.strip()
    found = re.fullmatch(_AMOUNT, text.replace("\u2019", "'"), re.IGNORECASE)
    named = (found["before"] or found["after"] or currency) if found else ""
    is_known = named in _SIGNS or named.lower() in _SAID or named.upper() in CURRENCIES
    if found and is_known and not (found["before"] and found["after"]):
        code = _currency(named, currency) if named != currency else currency
        return _money(found["digits"], found["times"] or "", code, decimal)
    for amount in find_amounts(text, currency, decimal):
        if (amount.start, amount.end) == (0, len(text)):
            if amount.money:
                return amount.money
            raise Vague(f'"{text[:40]}" is not one amount', "Write the whole sum, or 250/mo x 48")
    if found:
        read_currency(named)  # says which it isn't
    raise BadInput(f'"{text[:40]}" is no amount', _HINT)


def _money(digits: str, times: str, currency: str, decimal: str) -> Money:
    whole, fraction = _split(digits, decimal)
    zeros = _ZEROS.get(times.lower(), 0) + decimals(currency)
    if len(fraction) > zeros:
        raise BadInput(f"{currency} has {decimals(currency)} decimals, and this has more", _HINT)
    return _below_limit(f"{whole}{fraction.ljust(zeros, '0')[:zeros]}".lstrip("0") or "0", currency)


def _below_limit(digits: str, currency: str) -> Money:
    if len(digits) > len(str(LIMIT)) or int(digits) >= LIMIT:
        raise BadInput(f"An amount stays below {LIMIT // 10 ** decimals(currency):,}", _HINT)
    return Money(int(digits), currency)


def currency_named(text: str) -> str:
    """Return the ISO 4217 code that another program means: by its code, its sign or its name.
    Raises BadInput."""
    name = text.strip()
    return _SIGNS.get(name) or _NAMES.get(name.casefold()) or read_currency(name)


def decimal_sign(text: str) -> str:
    """Return the decimal sign that an amount shows: `.` or `,`; empty where it shows none."""
    whole, point, fraction = text.partition(".")
    if whole.isdigit() and (fraction.isdigit() or not point):  # most are
        return "." if point and (len(fraction) != 3 or whole == "0") else ""
    found = (
        re.fullmatch(_AMOUNT, text.strip(), re.IGNORECASE) if "." in text or "," in text else None
    )
    digits = re.sub(f"['{_SPACES}]", "", found["digits"]) if found else ""
    signs = [sign for sign in digits if sign in ".,"]
    if not signs:
        return ""
    last = signs[-1]
    whole, _, fraction = digits.rpartition(last)
    if len(set(signs)) > 1:  # 2.900,00
        return last if signs.count(last) == 1 else ""
    if len(signs) > 1:  # 1.200.000
        is_grouped = re.fullmatch(rf"[0-9]{{1,3}}(?:[{last}][0-9]{{3}})+", digits)
        return ("," if last == "." else ".") if is_grouped else ""
    # 12,000 and 1.234 could be either.
    return last if len(fraction) != 3 or whole in {"", "0"} else ""


def _currency(named: str, default: str) -> str:
    meant = _SAID.get(named.lower())
    if meant:
        code = default if default in meant else meant[0]
        if code == "-":
            raise BadInput(
                f'"{named}" could be {" or ".join(meant[1:4])}', "Write the code: 12kSEK"
            )
        return code
    if named.upper() in _WORDS and named != named.upper():
        raise BadInput(f'"{named}" is no currency here', f"Write {named.upper()} if you mean it")
    return _SIGNS.get(named) or read_currency(named)


def _split(digits: str, decimal: str) -> tuple[str, str]:
    """Return the digits before and after the decimal sign."""
    point = decimal or "."
    group = "," if point == "." else "."
    whole, _, fraction = re.sub(f"['{_SPACES}]", group, digits).partition(point)
    # 1.234 and 1,23 mean different amounts in different countries: one of them is a thousandth.
    unsure = not decimal and "," not in whole and len(fraction) == 3
    grouped = re.fullmatch(rf"[0-9]+|[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+", whole)
    if group == "," and not grouped:  # 1,00,000 as in India
        grouped = re.fullmatch("[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}", whole)
    is_bare = not whole and fraction and decimal  # ,50
    if unsure or not (grouped or is_bare) or not re.fullmatch("[0-9]*", fraction):
        raise AmbiguousAmount(
            f'"{digits[:40]}" is ambiguous as an amount',
            "Write 1234 or 12k, or say once which is the decimal sign",
            "config decimal ,",
        )
    return whole.replace(group, ""), fraction


def show_money(money: Money, decimal: str = "") -> str:
    """Return the amount alone, `12,000` or `12,000.50`, as the user writes it."""
    whole, _, fraction = money.decimal().partition(".")
    shown = f"{int(whole):,}".replace(",", "." if decimal == "," else ",")
    return f"{shown}{decimal or '.'}{fraction}" if fraction.strip("0") else shown


class Amount(NamedTuple):
    """An amount that stands at `text[start:end]` of a sentence. `money` is None where it has to be
    asked for: of a range, a monthly sum without a term, digits that could mean two amounts. `how`
    says what it was computed from (300 times 36). A bare number is not `is_sure` where it may be a
    year or a phone number, or count what follows it."""

    start: int
    end: int
    money: Money | None
    how: str = ""
    is_sure: bool = True


class _Number(NamedTuple):
    """A number in a sentence. `value` is 0 unless it is a plain one, `money` None if its digits
    could mean two amounts, `is_marked` says that it looks like money."""

    start: int
    end: int
    value: int
    money: Money | None
    is_marked: bool
    has_currency: bool


_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY|INR|MXN|BRL|SEK|NOK|DKK|PLN|CZK|ZAR|SGD|HKD|CNY"
_NUMBER = (
    r"(?<![\w.,/:#])(?<![^\W\dkm]-)"
    rf"(?:(?P<before>{'|'.join(map(re.escape, _SIGNS))}|\b(?:{_CODES})\b) ?)?"
    r"(?:(?P<digits>[0-9]{1,3}(?:[ \u00a0\u202f'][0-9]{3})+(?![0-9])|[0-9](?:[0-9.,']*[0-9])?)"
    rf"(?: ?(?P<times>{'|'.join(sorted(_ZEROS, key=len, reverse=True))}))?"
    rf"|\b(?P<words>{SPOKEN})"
    r"|\b(?P<misheard>(?:hundred|thousand|million)(?= dollar| buck| euro| pound)))"
    rf"(?: ?(?P<after>{_SAID_NAMES}|{_CODES}))?"
    r"(?: ?-?ish| or so)?(?!\w)"
)
_TIMES = "\u00d7"
_X = rf"x|{_TIMES}|\*|times"
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
    ("first counts", r" (?:[a-z-]+ ){0,3}(?:at|@|for|x) (?:about )?", _EACH),
    ("first counts", rf"[ -]{_LENGTH}(?: [a-z]+)?,? (?:at|@|of|x) ", rf"(?:{_EVERY})?"),
    (
        "second counts",
        rf"{_EVERY}\.?,? ?(?:{_X}|for|over|on an?|with an?)? ?",
        rf"[ -]?{_LENGTH}",
    ),
    ("second counts", rf"{_EVERY} ?(?:{_X}) ?", ""),
    ("either counts", rf" ?(?:{_X}) ?", rf"(?:[ -]?{_LENGTH})?"),
)
_ABOUT = r"(?:\b(?:about|around|roughly|approx(?:imately)?|circa|almost|nearly|maybe|like)|~) ?$"
_BOUND = r"\b(?:up to|under|over|less than|more than|at least|at most|point) $"
_DIFFERENCE = r" (?:cheaper|less|lower|higher|more|off|under|below|better)\b"
_DIFFERENCE_BY = r"\b(?:by|saves?|saved|saving) $"
# What is counted, and what has a number: no amounts.
_COUNTED = (
    r" ?%|[-/:][0-9a-z]|[ -](?:percent|pct|ppm|dpi|month|week|day|year|hour|minute|mile|acre|feet"
    r"|ft|sq|copier|copie|machine|printer|unit|bid|quote|call|visit|email|store|location|office|site"
    r"|room|bed|seat|user|licen[sc]e|employee|people|staff|student|patient|page|print|impression"
    r"|sheet|click|ream|truck|van|vehicle|device|computer|laptop|phone|line|driver|doctor|lawyer"
    r"|attorney|agent|rep|kid|point|star|time|mo|yr|lb|pm|am)s?\b"
    r"|(?i:(?: \w+)? (?:st|street|ave|avenue|rd|road|blvd|ln|lane|hwy|pkwy)\b)"
)
_LABEL = (
    r"\b(?:suite|ste|floor|room|rm|route|rte?|hwy|highway|interstate|studio|unit|apt|lot|pier|exit|gate"
    r"|building|bldg|district|local|store|box|model|ext|extension|number|po|invoice|order|zip|page"
    r"|version|class|level|channel|area|q[1-4]|in|since|until|till?|through|thru|from|of|end|early|mid|late|fiscal|fy|year"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?) $"
)


def find_amounts(text: str, currency: str, decimal: str = "") -> Iterator[Amount]:
    """Yield the amounts in a sentence, in their order; `currency` and `decimal` as `read_money` has
    them. Numbers that count, name or date something are left out."""
    plain = re.sub(PHONE, lambda phone: "_" * len(phone[0]), text.replace("\u2019", "'"))
    numbers = list(_numbers(plain, currency, decimal))
    place = 0
    for number, following in zip(numbers, [*numbers[1:], None], strict=False):
        if number.start >= place:
            joined = following and _joined(plain, number, following, decimal)
            amount = joined or _alone(plain, number)
            place = amount.end
            if amount.is_sure or amount.money:
                about = re.search(_ABOUT, plain[: amount.start], re.IGNORECASE)
                yield amount._replace(start=about.start()) if about else amount


def _numbers(text: str, currency: str, decimal: str) -> Iterator[_Number]:
    for found in re.finditer(_NUMBER, text, re.IGNORECASE):
        digits, words = found["digits"] or "", (found["words"] or "").lower()
        times, before, after = found["times"] or "", found["before"], found["after"]
        is_company = found[0] == "3M"
        is_street = times.istitle() and re.match(" [A-Z]", text[found.end() :])  # 12 Grand Ave
        if is_company or is_street or (before and after):
            continue
        said = spoken(words) if words else None
        money = None
        with suppress(BadInput):
            code = _currency(before or after, currency) if before or after else currency
            if digits:
                money = _money(digits, times, code, decimal)
            elif said:
                money = _below_limit(f"{said}{'0' * decimals(code)}", code)
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
            return Amount(one.start, two.end, None, "", is_sum)
        if kind == "between":
            begins = re.search(r"\bbetween $", text[: one.start], re.IGNORECASE)
            return Amount(begins.start(), two.end, None) if begins else None
        is_first = kind == "first counts" or (kind == "either counts" and two.is_marked)
        count, price = (one.value, two) if is_first else (two.value, one)
        parts = {**joint.groupdict(), **ending.groupdict()}
        unit, every = (parts.get(part) or "" for part in ("unit", "every"))
        if unit and every:
            count, left = divmod(count * _MONTHS[unit[0].lower()], _MONTHS[every[0].lower()])
        else:  # of 36 months at 12k it isn't said what is paid in a month
            left = kind == "first counts" and unit[:1].lower() in {"m", "q", "y"}
        if not count or not (price.is_marked or every or price.value > 99):
            continue
        if left:
            return Amount(one.start, two.end + ending.end(), None)
        return _product(price, count, one.start, two.end + ending.end(), decimal, is_first)
    return None


def _product(
    price: _Number, count: int, start: int, end: int, decimal: str, is_first: bool
) -> Amount:
    if price.money is None or price.money.minor * count >= LIMIT:
        return Amount(start, end, None)
    shown = show_money(price.money, decimal)
    how = f" {_TIMES} ".join((f"{count:,}", shown) if is_first else (shown, f"{count:,}"))
    return Amount(start, end, Money(price.money.minor * count, price.money.currency), how)


def _alone(text: str, number: _Number) -> Amount:
    """Return the amount that a number is by itself; without money and not sure, if it is none."""
    start, end, is_marked = number.start, number.end, number.is_marked
    none = Amount(start, end, None, "", is_sure=False)
    before, after = text[:start], text[end:]
    rate = re.match(f"{_EVERY}|{_EACH}", after, re.IGNORECASE)
    stop = end + rate.end() if rate else end
    is_difference = re.match(_DIFFERENCE, text[stop:], re.IGNORECASE)
    if is_difference or re.search(_DIFFERENCE_BY, before, re.IGNORECASE):
        return none
    if rate:
        return Amount(start, stop, None, "", is_marked or number.value > 9)
    if not number.has_currency and re.match(_COUNTED, after):
        return none
    if bound := re.search(_BOUND, before, re.IGNORECASE):
        return Amount(bound.start(), end, None, "", is_marked)
    if not is_marked and (number.value < 100 or re.search(_LABEL, before, re.IGNORECASE)):
        return none
    may_be_other = 1990 <= number.value < 2050 or number.value >= 10**6
    counts = re.match(r" [a-z]{3,}[^s\W]s\b", after)
    return Amount(start, end, number.money, "", is_marked or not (may_be_other or counts))

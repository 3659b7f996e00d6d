"""Amounts: integer minor units and a currency, read from digits and written; never a float."""

import re

from lostsale.errors import BadInput
from lostsale.later import NamedTuple

# Minor units; what is beyond is a typo, and SQLite adds up what is below safely.
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
CURRENCY_SIGNS = dict(
    sign.split("=")
    for sign in (
        "US$=USD C$=CAD CA$=CAD A$=AUD AU$=AUD NZ$=NZD R$=BRL S$=SGD HK$=HKD MX$=MXN $=USD"
        " €=EUR £=GBP ¥=JPY ₹=INR zł=PLN ₽=RUB ₴=UAH ₺=TRY ₩=KRW ₫=VND ₱=PHP ₪=ILS Kč=CZK"
        " TL=TRY Ft=HUF \u0433\u0440\u043d=UAH 元=CNY 円=JPY \u0440\u0443\u0431=RUB".split()
    )
)
# What people say, and what it can mean: the user's own currency if it is one of them, else the
# first; a dash stands for none of them.
CURRENCY_WORDS = {
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
_CURRENCY = "|".join(
    [*map(re.escape, (*CURRENCY_SIGNS, *sorted(CURRENCY_WORDS, key=len, reverse=True))), "[a-z]{3}"]
)
_SPACES = " \u00a0\u202f"
_AMOUNT = (
    rf"(?P<before>{_CURRENCY})?[{_SPACES}]?(?P<digits>[0-9.,'{_SPACES}]*[0-9])[{_SPACES}]?"
    rf"(?P<times>[km])??[{_SPACES}]?(?P<after>{_CURRENCY})?"
)
TIMES = "\u00d7"  # in what an amount was computed from
_PLAIN_DIGITS = range(3, 7)  # from 100 to a million
HINT = "Write 12000, 12k or 12000.50EUR"
ZEROS = {"k": 3, "m": 6, "mm": 6, "mil": 6, "million": 6, "thousand": 3, "grand": 3, "hundred": 2}
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


def from_thousandths(worth: int, currency: str) -> Money:
    """Return the amount that is so many thousandths of the currency's unit."""
    return Money(worth // 10 ** (3 - decimals(currency)), currency)


def read_currency(text: str) -> str:
    """Return the ISO 4217 code that `text` is. Raises BadInput."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise BadInput(f'"{text[:20]}" isn\'t a currency code', "Try USD or EUR")
    return code


def read_digits(text: str, currency: str, decimal: str = "") -> Money | None:
    """Return the amount that digits say, with at most `k` or `m` and a currency beside them; None
    where `text` is something else. Raises BadInput."""
    found = re.fullmatch(_AMOUNT, text.replace("\u2019", "'"), re.IGNORECASE)
    named = (found["before"] or found["after"] or currency) if found else ""
    is_known = (
        named in CURRENCY_SIGNS or named.lower() in CURRENCY_WORDS or named.upper() in CURRENCIES
    )
    if not found or not is_known or (found["before"] and found["after"]):
        return None
    code = currency_meant(named, currency) if named != currency else currency
    return money_of(found["digits"], found["times"] or "", code, decimal)


def money_of(digits: str, times: str, currency: str, decimal: str) -> Money:
    """Return the amount of digits with signs between them and one of ZEROS after. Raises
    BadInput."""
    whole, fraction = _split(digits, decimal)
    zeros = ZEROS.get(times.lower(), 0) + decimals(currency)
    if len(fraction) > zeros:
        raise BadInput(f"{currency} has {decimals(currency)} decimals, and this has more", HINT)
    return below_limit(f"{whole}{fraction.ljust(zeros, '0')[:zeros]}".lstrip("0") or "0", currency)


def below_limit(digits: str, currency: str) -> Money:
    """Return so many minor units. Raises BadInput for what is a typo."""
    if len(digits) > len(str(LIMIT)) or int(digits) >= LIMIT:
        raise BadInput(f"An amount has to be below {LIMIT // 10 ** decimals(currency):,}", HINT)
    return Money(int(digits), currency)


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


def currency_meant(named: str, default: str) -> str:
    """Return the ISO 4217 code that a sign, word or code means to a user of another. Raises
    BadInput."""
    meant = CURRENCY_WORDS.get(named.lower())
    if meant:
        code = default if default in meant else meant[0]
        if code == "-":
            raise BadInput(
                f'"{named}" could be {" or ".join(meant[1:4])}', "Write the code: 12kSEK"
            )
        return code
    if named.upper() in _WORDS and named != named.upper():
        raise BadInput(
            f'"{named}" isn\'t a currency I know', f"Write {named.upper()} if you mean it"
        )
    return CURRENCY_SIGNS.get(named) or read_currency(named)


def _split(digits: str, decimal: str) -> tuple[str, str]:
    """Return the digits before and after the decimal sign."""
    point = decimal or "."
    group = "," if point == "." else "."
    plain = digits.translate(dict.fromkeys(map(ord, f"'{_SPACES}"), group))
    whole, _, fraction = plain.partition(point)
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


def plain_money(word: str, currency: str) -> Money | None:
    """Return the amount that a word as plain as `12k` or `9500` is whatever is beside it; None
    for any other: a small number may count something, and 2026 is a year."""
    digits = word.removesuffix("k")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) not in range(1, 7):
        return None
    is_year = digits == word and 1900 <= int(digits) < 2100
    zeros = 3 * (digits != word)
    if is_year or len(digits) + zeros not in _PLAIN_DIGITS or digits[0] == "0":
        return None
    return Money(int(digits) * 10 ** (zeros + decimals(currency)), currency)

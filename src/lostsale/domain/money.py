"""Amounts: integer minor units and a currency. Reading and writing them; never a float."""

import re
from typing import NamedTuple

from lostsale.errors import BadInput

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
_DOLLARS = ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "TWD", "BRL", "ARS", "CLP", "COP")
# As other programs name them.
_NAMES = dict(
    name.split("=")
    for name in (
        "us dollar=USD|euro=EUR|pound sterling=GBP|british pound=GBP|swiss franc=CHF|yen=JPY"
        "|canadian dollar=CAD|australian dollar=AUD|japanese yen=JPY|indian rupee=INR".split("|")
    )
)
_CURRENCY = "|".join(["[A-Za-z]{3}", *map(re.escape, _SIGNS)])
_SPACES = " \u00a0\u202f"
_AMOUNT = (
    rf"(?P<before>{_CURRENCY})? ?(?P<digits>[0-9.,'{_SPACES}]*[0-9]) ?(?P<times>[kKmM])??"
    rf" ?(?P<after>{_CURRENCY})?"
)
_HINT = "Write 12000, 12k or 12000.50EUR"


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
    """Return the amount that `text` says, in `currency` where it names none.

    `decimal` is the decimal sign, `.` or `,`; while it is empty, what could be read both ways is
    refused. Raises BadInput.
    """
    found = re.fullmatch(_AMOUNT, text.strip().replace("\u2019", "'"))
    if not found or (found["before"] and found["after"]):
        raise BadInput(f'"{text.strip()[:40]}" is no amount', _HINT)
    named = found["before"] or found["after"]
    money_of = _currency(named, currency) if named else currency
    whole, fraction = _split(found["digits"], decimal)
    zeros = {"k": 3, "m": 6}.get((found["times"] or "").lower(), 0) + decimals(money_of)
    if len(fraction) > zeros:
        raise BadInput(f"{money_of} has {decimals(money_of)} decimals, and this has more", _HINT)
    digits = f"{whole}{fraction.ljust(zeros, '0')[:zeros]}".lstrip("0") or "0"
    if len(digits) > len(str(LIMIT)) or int(digits) >= LIMIT:
        raise BadInput(f"An amount stays below {LIMIT // 10 ** decimals(money_of):,}", _HINT)
    return Money(int(digits), money_of)


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
    found = re.fullmatch(_AMOUNT, text.strip()) if "." in text or "," in text else None
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
    if named == "$" and default in _DOLLARS:
        return default
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
        raise BadInput(
            f'"{digits[:40]}" is ambiguous as an amount',
            "Write 1234 or 12k, or say once which is the decimal sign: lostsale config decimal ,",
        )
    return whole.replace(group, ""), fraction


def show_money(money: Money, decimal: str = "") -> str:
    """Return the amount alone, `12,000` or `12,000.50`, as the user writes it."""
    whole, _, fraction = money.decimal().partition(".")
    shown = f"{int(whole):,}".replace(",", "." if decimal == "," else ",")
    return f"{shown}{decimal or '.'}{fraction}" if fraction.strip("0") else shown

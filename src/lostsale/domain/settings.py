"""What the user can set, each with its meaning, its default and its check. Kept in the journal as
text."""

import re
from collections.abc import Callable
from functools import cached_property

from lostsale.domain.money import read_currency
from lostsale.domain.reasons import one_of
from lostsale.domain.workdays import DAY_NAMES, WEEKDAYS, Workdays, kept_workdays
from lostsale.errors import BadInput
from lostsale.later import NamedTuple

PLAN = "plan"  # what the plan is kept under: `lostsale plan` sets it, not config
_MAP = "map "  # begins the keys of how files were read, which 0.1.0 kept: nothing reads them now


class Setting(NamedTuple):
    """One setting: its default, as text; what it means; and what makes a typed value the kept
    one."""

    default: str
    meaning: str
    check: Callable[[str], str]


class Settings:
    """The settings in force: `settings[key]` as text, the properties with their types."""

    def __init__(self, kept: dict[str, str]) -> None:
        self._kept = kept

    def __getitem__(self, key: str) -> str:
        return self._kept.get(key, SETTINGS[key].default)

    def chosen(self, key: str) -> str:
        """Return a setting that the user made; empty while its default is in force."""
        return self._kept.get(key, "")

    @property
    def currency(self) -> str:
        """The currency of an amount that names none (ISO 4217)."""
        return self["currency"]

    @property
    def decimal(self) -> str:
        """The decimal sign, or nothing while it is not settled."""
        return self["decimal"]

    @property
    def portion(self) -> int:
        """How many losses the morning list shows at a time."""
        return int(self["portion"])

    @property
    def again_before(self) -> int:
        """How many days before something comes up again it is due."""
        return int(self["again-before"])

    @property
    def target(self) -> int:
        """The share of losses to win back, in hundredths of a per cent."""
        whole, _, fraction = self["target-rate"].rstrip("%").partition(".")
        return int(whole) * 100 + int(fraction.ljust(2, "0"))

    @property
    def plan(self) -> str:
        """The user's own plan, as `plan_text` reads it; empty for lostsale's."""
        return self._kept.get(PLAN, "")

    @cached_property
    def workdays(self) -> Workdays:
        """The days on which the plan's steps fall."""
        return kept_workdays(self["workdays"])


def has_words(key: str) -> bool:
    """Whether what is kept under a key are words of the user's, and no choice."""
    return key in {PLAN, "name", "email"} or key.startswith(_MAP)


def is_setting(key: str, value: str) -> bool:
    """Whether a journal can keep this value under this key."""
    from lostsale.domain.plan_text import read_plan

    try:
        if key == PLAN:
            return bool(read_plan(value))
        return key.startswith(_MAP) or (key in SETTINGS and read_setting(key, value) == value)
    except BadInput:
        return False


def goal(lost: int, target: int) -> int:
    """Return how many wins the target, in hundredths of a per cent, is of so many losses."""
    return -(-lost * target // 10_000)


def read_setting(key: str, text: str) -> str:
    """Return the value of a setting as it is kept. Raises BadInput."""
    return SETTINGS[key].check(text.strip())


def read_email(text: str) -> str:
    """Return an e-mail as an invitation can hold it. Raises BadInput."""
    if not (text.isprintable() and re.fullmatch(r"[^@\s<>(),;:?%\"\\]+@[\w.-]+", text)):
        raise BadInput(
            f'I can\'t read "{text[:40]}" as an e-mail address', "Write it as jo@example.com"
        )
    return text


def _whole(least: int, what: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch("[0-9]{1,4}", text) or int(text) < least:
            hint = f"Write a whole number from {least} to 9999"
            raise BadInput(f'I can\'t read "{text[:20]}" as a {what}', hint)
        return str(int(text))

    return check


def _rate(text: str) -> str:
    found = re.fullmatch(r"([0-9]{1,3})(\.[0-9]{1,2})? ?%?", text)
    if not found or not 0.1 <= float(f"{found[1]}{found[2] or ''}") <= 100:
        raise BadInput(
            f'I can\'t read "{text[:20]}" as a rate',
            "Give a percentage from 0.1 to 100, such as 5 or 7.5",
        )
    return f"{int(found[1])}{(found[2] or '').rstrip('0').rstrip('.')}%"


def _workdays(text: str) -> str:
    days: set[int] = set()
    for part in re.split(r"[, ]+", text.casefold()):
        ends = [DAY_NAMES.get(name) for name in part.split("-")]
        if None in ends or len(ends) > 2:
            raise BadInput(f'I can\'t read "{text[:20]}" as workdays', "Try mon-fri or mon,tue,sat")
        start, end = ends[0] or 0, ends[-1] or 0
        days |= {day % 7 for day in range(start, end + 1 + 7 * (end < start))}
    return ",".join(WEEKDAYS[day] for day in sorted(days))


def _one_of(*known: str) -> Callable[[str], str]:
    return lambda text: one_of(text, known, "choice")


_SWITCH = _one_of("on", "off")
SETTINGS = {
    "currency": Setting("USD", "the currency of amounts without one", read_currency),
    "target-rate": Setting("5%", "the share of losses to win back", _rate),
    "portion": Setting("20", "how many losses due shows at a time", _whole(1, "portion")),
    "workdays": Setting("mon,tue,wed,thu,fri", "the days your steps can fall on", _workdays),
    "again-before": Setting(
        "90", "how many days ahead a lease or decision that comes up is due", _whole(0, "number")
    ),
    "date-order": Setting(
        "", "how dates are read and shown: mdy, dmy, or empty (automatic)", _one_of("mdy", "dmy")
    ),
    "decimal": Setting(
        "", "the decimal sign in amounts: . or , or empty if undecided", _one_of(".", ",")
    ),
    "share": Setting("off", "on: sync sends your numbers to your team's server", _SWITCH),
    "share-products": Setting("off", "on: your products, too", _SWITCH),
    "share-personal": Setting("off", "on: your personal weaknesses, too", _SWITCH),
    "name": Setting("", "your name, for scripts and invitations", str),
    "email": Setting("", "your e-mail, for invitations", read_email),
}


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

"""Words and figures as they are shown, and the one function through which foreign text goes."""

from datetime import date

from lostsale.domain.loss import KINDS, Loss, Step
from lostsale.domain.money import Money, show_money
from lostsale.domain.settings import Settings
from lostsale.domain.workdays import Workdays

DO = {  # what is to be done at a step of each kind
    "why": "ask why",
    "save": "go back",
    "thanks": "send card",
    "referral": "get a name",
    "touch": "call",
    "meet": "meet",
}
KIND_OF = {DO[kind]: kind for kind in KINDS}
FEW = 20  # losses, below which a percentage says more than is known
NARROW = 60  # columns, under which a loss takes two lines
_SPACES = frozenset("\u00a0\u1680\u202f\u205f\u3000").union(map(chr, range(0x2000, 0x200B)))


def shown(text: str) -> str:
    r"""Return text that comes from a user or a file as it may be sent to a terminal: what is
    invisible or steers the terminal stands as `\u{1b}`."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{{{ord(c):x}}}" for c in text)


def short_day(day: date, today: date) -> str:
    """Return `Mon 23 Nov`, with the year where it is not this one."""
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def amount(money: Money | None, settings: Settings) -> str:
    """Return `12,000`, with the currency where it is not the usual one; nothing for no amount."""
    if money is None:
        return ""
    usual = money.currency == settings.currency
    return show_money(money, settings.decimal) + ("" if usual else f" {money.currency}")


def full_amount(money: Money | None, settings: Settings) -> str:
    """Return `12,000 USD`; nothing for no amount."""
    return f"{show_money(money, settings.decimal)} {money.currency}" if money else ""


def who(loss: Loss) -> str:
    """Return the prospect and the contact there."""
    return ", ".join(filter(None, (loss.prospect, loss.contact)))


def when(step: Step, today: date, workdays: Workdays) -> str:
    """Return how a step stands: its time, `today`, `3d late` or its day."""
    late = workdays.late(step.on, today)
    if late or step.on < today:
        return f"{late}d late" if late else "today"
    if step.on == today:
        return step.time or "today"
    return " ".join(filter(None, (short_day(step.on, today), step.time)))


def plural(count: int, one: str) -> str:
    """Return `1 loss` or `3 losses`."""
    ending = "" if count == 1 else "es" if one.endswith("s") else "s"
    return f"{count:,} {one}{ending}"


def next_step(step: Step, today: date) -> str:
    """Return what comes next, as a sentence."""
    time = f" at {step.time}" if step.time else ""
    long = f", {step.minutes} minutes" if step.minutes else ""
    where = f", {step.where}" if step.where else ""
    return f"Next: {DO[step.kind]}, {short_day(step.on, today)}{time}{long}{where}."

"""Words and numbers as screens show them, and `shown`, which foreign text must pass through."""

from datetime import date
from typing import TYPE_CHECKING

from lostsale.domain.loss import KINDS, RENEW, Loss, Step, is_over
from lostsale.domain.money import Money, show_money
from lostsale.domain.periods import day_text, hour_text
from lostsale.domain.seen import seen
from lostsale.domain.settings import Settings
from lostsale.domain.workdays import Workdays

if TYPE_CHECKING:  # only `stats` needs them
    from collections.abc import Mapping

    from lostsale.domain.tally import Amounts, PeriodAmounts

DO = {  # what to do at a step of each kind
    "why": "ask why",
    "save": "go back",
    "thanks": "send card",
    "referral": "get a referral",
    "touch": "call",
    "meet": "meet",
    "renew": "ask again",
}
KIND_OF = {DO[kind]: kind for kind in KINDS}
FEW = 20  # losses, below which a percentage would claim too much
NARROW = 60  # columns, below which a loss takes two lines


def shown(text: str) -> str:
    r"""Return text from a user or a file, made safe for a terminal: characters that are invisible
    or control it become `\u{1b}`."""
    return seen(text, lambda sign: f"\\u{{{ord(sign):x}}}")


def short_day(day: date, today: date, weekday: str = "%a") -> str:
    """Return `Mon 23 Nov`, with the year unless it is this one; without the weekday if its format
    is empty."""
    return day_text(day, weekday, has_year=day.year != today.year)


def amount(money: Money | None, settings: Settings) -> str:
    """Return `12,000`, with the currency unless it is the usual one; nothing for no amount."""
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


def do(step: Step, today: date) -> str:
    """Return what to do at a step; of an appointment that is over, to say what came of it, and of
    one that nobody came to, to make another."""
    if step.kind == "meet" and step.tries:
        return "reschedule"
    return "note outcome" if is_over(step, today) else DO[step.kind]


def when(loss: Loss, step: Step, today: date, workdays: Workdays, weekday: str = "%a") -> str:
    """Return when a step is due: its time, `today`, `3d late` (days, once a workday has passed) or
    its day; what comes up again, by when."""
    if loss.again and step.kind == RENEW and step.on == today < loss.again.on:
        return f"by {day_text(loss.again.on, '', has_year=loss.again.on.year != today.year)}"
    if workdays.late(step.on, today):
        return f"{(today - step.on).days}d late"
    if step.on <= today:
        return (step.on == today and hour_text(step.time)) or "today"
    return " ".join(filter(None, (short_day(step.on, today, weekday), hour_text(step.time))))


def plural(count: int, one: str) -> str:
    """Return `1 loss` or `3 losses`."""
    ending = "" if count == 1 else "es" if one.endswith("s") else "s"
    return f"{count:,} {one}{ending}"


def next_step(step: Step, today: date) -> str:
    """Return what comes next, as a sentence."""
    if is_over(step, today):
        return f"{short_day(step.on, today)} meeting: no outcome noted. Next: done, or no-answer."
    time = f" at {hour_text(step.time)}" if step.time else ""
    long = f", {step.minutes} minutes" if step.minutes else ""
    where = f", {step.where}" if step.where else ""
    return f"Next: {do(step, today)}, {short_day(step.on, today)}{time}{long}{where}."


def count(number: int | None) -> str:
    """Return `1,200`; nothing for a count that isn't shown."""
    return "" if number is None else f"{number:,}"


def share(part: int, whole: int) -> str:
    """Return `60 of 1,200 (5.0%)`, without the percentage of a few."""
    return f"{part:,} of {whole:,}{percent(part, whole)}"


def percent(part: int, whole: int) -> str:
    """Return ` (5.0%)`; nothing of a few."""
    return f" ({part / whole:.1%})" if whole >= FEW else ""


def units(amount: str) -> int:
    """Return an amount in whole units, rounded."""
    whole, _, fraction = amount.partition(".")
    return int(whole) + (fraction[:1] >= "5")


def money(sums: "Mapping[str, str]") -> str:
    """Return the sum of each currency, without those of nothing: `391,200 USD + 12,000 EUR`."""
    some = ((currency, sum_) for currency, sum_ in sums.items() if sum_.strip("0."))
    return " + ".join(f"{units(sum_):,} {currency}" for currency, sum_ in some)


def won_sums(amounts: "Mapping[str, Amounts | PeriodAmounts]") -> str:
    """Return what was won back."""
    return money({currency: sums.won_back for currency, sums in amounts.items()})


def lost_sums(amounts: "Mapping[str, Amounts]", settings: Settings) -> str:
    """Return what was lost, without the currency where it is the usual one alone."""
    is_usual = list(amounts) == [settings.currency]
    return " + ".join(
        f"{units(sums.lost):,}" + ("" if is_usual else f" {currency}")
        for currency, sums in amounts.items()
    )

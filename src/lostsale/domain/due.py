"""The morning list: which losses need a person today, in which order, and how many at a time."""

from datetime import date, timedelta
from typing import NamedTuple

from lostsale.domain.loss import Kind, Loss
from lostsale.domain.money import Money
from lostsale.domain.workdays import Workdays

FRESH_DAYS = 14  # since the loss, in which asking and going back come first
COLD_AFTER = 14  # working days late


class Due(NamedTuple):
    """An open step as the list needs it; `amount` in thousandths of the currency's unit."""

    number: int
    kind: str
    on: date
    time: str | None
    lost_on: date
    amount: int


class Which(NamedTuple):
    """Which steps to list: today's and late ones, up to `days` ahead; or those `on` a day ahead; or
    those that have gone `cold`. Only of these kinds, if any are named."""

    kinds: tuple[Kind, ...] = ()
    days: int = 0
    on: date | None = None
    cold: bool = False


TODAY = Which()


class Morning(NamedTuple):
    """The day's list: `shown` in order, each number under its heading, and their `losses`; `due`
    counts all that are due, and `cold` and `ready` what is kept off the list."""

    today: date
    shown: tuple[tuple[str, int], ...]
    due: int
    cold: int
    ready: int
    first: Due | None
    losses: tuple[Loss, ...] = ()
    cold_worth: tuple[Money, ...] = ()
    cold_largest: tuple[Loss, ...] = ()

    @property
    def more(self) -> int:
        """How many are due beyond those shown."""
        return self.due - len(self.shown)


def cold_before(today: date, workdays: Workdays) -> date:
    """Return the latest day whose steps have gone cold."""
    return workdays.late_by(COLD_AFTER, today)


def heading(step: Due, today: date) -> str:
    """Return the part of the list that a step belongs to."""
    if step.time or step.kind == "meet":
        return "appointments"
    is_fresh = step.kind in {"why", "save"} and step.lost_on > today - timedelta(FRESH_DAYS)
    return "fresh" if is_fresh else "then, largest first"


def in_order(steps: list[Due], today: date) -> list[Due]:
    """Return the steps as they should be taken: appointments by time, then what is fresh, newest
    first, then the rest, largest amount first."""

    def rank(step: Due) -> tuple[object, ...]:
        part = heading(step, today)
        if part == "appointments":
            return 0, step.on, step.time or "later", step.number
        if part == "fresh":
            return 1, -step.lost_on.toordinal(), -step.amount, -step.number
        return 2, -step.amount, step.on, step.number

    return sorted(steps, key=rank)


def morning(
    steps: list[Due], today: date, cold: int, ready: int, portion: int | None = None
) -> Morning:
    """Return the list of these steps, cut to a portion if one is given."""
    ordered = in_order(steps, today)
    shown = tuple((heading(step, today), step.number) for step in ordered[:portion])
    return Morning(today, shown, len(steps), cold, ready, ordered[0] if ordered else None)

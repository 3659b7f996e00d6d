"""The morning list: which losses need a person today, in which order, and how many at a time."""

from datetime import date, timedelta

from lostsale.domain.loss import RENEW, Kind, Loss
from lostsale.domain.money import Money
from lostsale.domain.turns import FRESH_DAYS
from lostsale.later import NamedTuple


class Due(NamedTuple):
    """A step as the list needs it, with the day from which it is listed; `amount` in thousandths of
    the currency's unit. They signed and backed out if it `is_cancelled`."""

    number: int
    kind: str
    on: date
    time: str | None
    lost_on: date
    amount: int
    is_cancelled: bool = False


class Which(NamedTuple):
    """Which steps to list: today's and late ones, up to `days` ahead; or those `on` a day ahead; or
    those that have gone `cold`. Only of these kinds, if any are named."""

    kinds: tuple[Kind, ...] = ()
    days: int = 0
    on: date | None = None
    cold: bool = False


TODAY = Which()


class Cold(NamedTuple):
    """What has gone cold and waits for a later step: how many losses, what they are worth in each
    currency, and the largest of them."""

    losses: int
    worth: tuple[Money, ...]
    largest: tuple[int, ...]  # numbers of losses


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


APPOINTMENTS, AGAIN, FRESH = "appointments", "coming up again", "fresh"
REST_OF_ALL = "then, largest first"
_HEADINGS = (APPOINTMENTS, AGAIN, FRESH, REST_OF_ALL)


def heading(step: Due, today: date) -> str:
    """Return the part of the list that a step belongs to."""
    if step.time or step.kind == "meet":
        return APPOINTMENTS
    if step.kind == RENEW:
        return AGAIN
    is_fresh = step.kind in {"why", "save"} and step.lost_on > today - timedelta(FRESH_DAYS)
    return FRESH if is_fresh else REST_OF_ALL


def in_order(steps: list[Due], today: date) -> list[Due]:
    """Return the steps as they should be taken: appointments by time, then what comes up again,
    then what is fresh, who backed out first, then the rest; each part largest amount first."""

    def rank(step: Due) -> tuple[object, ...]:
        part = heading(step, today)
        if part == APPOINTMENTS:
            return 0, step.on, step.time or "later", step.number
        is_first = step.is_cancelled and part == FRESH
        return _HEADINGS.index(part), not is_first, -step.amount, step.on, step.number

    return sorted(steps, key=rank)


def morning(
    steps: list[Due], today: date, cold: int, ready: int, portion: int | None = None
) -> Morning:
    """Return the list of these steps, cut to a portion if one is given."""
    ordered = in_order(steps, today)
    shown = tuple((heading(step, today), step.number) for step in ordered[:portion])
    return Morning(today, shown, len(steps), cold, ready, ordered[0] if ordered else None)

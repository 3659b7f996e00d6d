"""The numbers of `stats` as one frozen record, and the records that they are counted from.

The records' field names are the names in the JSON, so they are a promise. What each number means
stands with its field; where a number is a fraction it is None when its base is zero.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

LEFT_OUT = "left out"  # stands for the reasons that are not shown to others


class Counted(NamedTuple):
    """A loss as it is counted. Dates are ISO texts, which sort as their days do; codes go by their
    names of today."""

    number: int
    lost_on: str
    outcome: str | None
    amount: int | None
    currency: str | None
    said: str | None
    signals: tuple[str, ...]
    guess: str | None
    real: str | None
    source: str | None
    words: str | None
    asked_on: str | None
    told_on: str | None  # or heard on
    weakness: str | None  # None for nothing
    lost_to: str | None
    won_on: str | None
    won_amount: int | None
    won_currency: str | None
    rested_on: str | None

    @property
    def reason(self) -> str | None:
        """The real reason's code, else the guess's."""
        return self.real or self.guess


class Done(NamedTuple):
    """A contact entry as it is counted, with the number of its loss."""

    loss: int
    kind: str
    on: str
    answered: int | None
    marked: int | None


class Records(NamedTuple):
    """What the journal holds about a period: the losses of its days, mistakes left out; the wins
    that were made in its days, whatever their loss's day; contact entries and the number of
    referrals of its losses; the number of mistakes; the losses of the period before; and what
    each real code shows."""

    losses: Sequence[Counted]
    wins: Sequence[Counted]
    contacts: Sequence[Done]
    referrals: int
    mistakes: int
    before: Sequence[Counted]
    weakness_of: Mapping[str, str]


class Span(NamedTuple):
    """The days that are counted, and the day on which they were counted."""

    label: str
    from_: str | None
    to: str | None
    as_of: str


class Amounts(NamedTuple):
    """Sums of money in one currency, as decimals."""

    lost: str
    won_back: str


class PeriodAmounts(NamedTuple):
    """Sums of money in one currency; `won_in_period` is of wins made then, whatever their loss's
    day."""

    lost: str
    won_back: str
    won_in_period: str


class MonthAmounts(NamedTuple):
    """Sums of money in one currency, of one month."""

    lost: str
    won_back: str
    won_in_month: str


class Right(NamedTuple):
    """Of losses with a guess and a known reason, those whose codes agree."""

    right: int
    of: int


class Month(NamedTuple):
    """The losses of one month, or of the quarter or year that months are taken together in: `month`
    is its label. `early`: it ended less than 90 days ago."""

    month: str
    lost: int
    asked: int
    told: int
    tried: int
    won_back: int
    won_back_rate: float | None
    won_in_month: int
    early: bool
    amounts: Mapping[str, MonthAmounts]


class SaidCount(NamedTuple):
    """How many losses were given that excuse."""

    code: str | None
    lost: int


class ReasonCount(NamedTuple):
    """Losses by their reason: the real one, else the guess. `quote` is the latest in their own
    words."""

    code: str | None
    weakness: str | None
    lost: int
    told: int
    heard: int
    guessed: int
    won_back: int
    amounts: Mapping[str, Amounts]
    quote: str | None


class Truth(NamedTuple):
    """How often what they said turned out to be that real reason, told or heard."""

    said: str | None
    real: str
    lost: int


class WeaknessCount(NamedTuple):
    """Losses by what their reason shows about us."""

    weakness: str | None
    lost: int
    told: int
    won_back: int
    amounts: Mapping[str, Amounts]


class LostTo(NamedTuple):
    """Losses by who got the order."""

    name: str | None
    lost: int
    won_back: int


class Kept(NamedTuple):
    """Promised meetings that were kept."""

    kept: int
    of: int


class Promises(NamedTuple):
    """Promised meetings by whether they wrote them down."""

    marked: Kept
    unmarked: Kept


class Referrals(NamedTuple):
    """Losses in which a name was asked for, and names received."""

    asked: int
    received: int


class Target(NamedTuple):
    """The goal: the share of losses to win back, how many that is, and how many are missing."""

    rate: float
    wins: int
    to_go: int


class Pace(NamedTuple):
    """What the days so far would come to."""

    lost_a_month: float | None
    lost_a_year: float | None
    won_back_a_year: float | None


class KindWins(NamedTuple):
    """Of the losses with such a contact, up to the win if there was one, those won back."""

    kind: str
    won_back: int
    of: int


class ContactsWins(NamedTuple):
    """Of the losses with so many contacts, up to the win if there was one, those won back."""

    contacts: int
    won_back: int
    of: int


class DaysWins(NamedTuple):
    """Of all losses won back, those whose win came so many days after the loss."""

    days: str
    won_back: int
    of: int


class ReasonWins(NamedTuple):
    """Of the losses with that reason, those won back."""

    reason: str | None
    won_back: int
    of: int


class WinsBy(NamedTuple):
    """What went with winning back, as counts with their base: no proof."""

    kind: tuple[KindWins, ...]
    contacts: tuple[ContactsWins, ...]
    days: tuple[DaysWins, ...]
    reason: tuple[ReasonWins, ...]


class Previous(NamedTuple):
    """The period before, its wins counted only as far from its end as today is from this one's."""

    label: str
    from_: str
    to: str
    lost: int
    won_back: int
    won_back_rate: float | None
    amounts: Mapping[str, Amounts]


class Tally(NamedTuple):
    """All numbers of a period. Losses are counted by their own day; wins of them whenever they
    came."""

    period: Span
    lost: int
    asked: int
    told: int
    heard: int
    guessed: int
    not_asked: int
    asked_within_3_days: int
    told_within_3_days: int
    guess_right: Right
    tried: int
    attempts: int
    won_back: int
    won_back_rate: float | None
    won_back_tried: int
    won_in_period: int
    still_open: int
    at_rest: int
    mistakes: int
    amounts: Mapping[str, PeriodAmounts]
    without_amount: int
    months: tuple[Month, ...]
    said: tuple[SaidCount, ...]
    reasons: tuple[ReasonCount, ...]
    truth: tuple[Truth, ...]
    weaknesses: tuple[WeaknessCount, ...]
    lost_to: tuple[LostTo, ...]
    signals: tuple[SaidCount, ...]
    promises: Promises
    referrals: Referrals
    target: Target
    pace: Pace
    wins_by: WinsBy
    previous: Previous | None

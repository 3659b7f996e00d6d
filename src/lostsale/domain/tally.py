"""The numbers of `stats` as one frozen record, and the groups of losses that they add up.

The records' field names are the names in the JSON, so they are a promise. What each number means
stands with its field; where a number is a fraction it is None when its base is zero.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

LEFT_OUT = "left out"  # stands for the reasons that are not shown to others


class Alike(NamedTuple):
    """Losses that are alike in what they are grouped by, of one currency: how many, of how many
    what is known, and the money in minor units, lost and won back."""

    lost: int
    asked: int
    told: int
    heard: int
    guessed: int
    won_back: int
    currency: str | None
    amount: int | None
    won_currency: str | None
    won_amount: int | None


class Known(NamedTuple):
    """Why losses were lost, by codes as they are called today, `weakness` None for nothing; `words`
    are the latest in which it was told, at `told_at`, which sorts."""

    said: str | None
    guess: str | None
    real: str | None
    weakness: str | None
    told_at: str | None
    words: str | None

    @property
    def reason(self) -> str | None:
        """The real reason's code, else the guess's."""
        return self.real or self.guess


class Done(NamedTuple):
    """A contact entry as it is counted: `marked` of promised meetings alone, `answered` of these
    and of referrals; `in_time`: not after the win, if there was one."""

    kind: str
    marked: bool | None
    answered: bool
    in_time: bool


class Path(NamedTuple):
    """How many losses had just these contacts, and were won back or not."""

    is_won: bool
    contacts: tuple[Done, ...]
    losses: int


class Standing(NamedTuple):
    """What needs no groups: the first day on which something was lost, and how many losses, and
    referrals of them, there are of each sort."""

    first_day: str | None
    asked_soon: int
    told_soon: int
    still_open: int
    at_rest: int
    without_amount: int
    mistakes: int
    referrals: int


class UnclearText(NamedTuple):
    """Words of a reason under no code but other, of what was `said` or a `real` one, and how many
    losses have them."""

    kind: str
    words: str
    lost: int


class Unclear(NamedTuple):
    """How many reasons stand under no code but other, and their commonest words."""

    reasons: int
    texts: tuple[UnclearText, ...]


class Records(NamedTuple):
    """What the journal holds about a period: its losses, mistakes left out, in groups; `wins`, made
    in its days, whatever their loss's day; `lost_to` by the winner's name and whether they were
    won back; of each month the losses that were `tried` again; and the losses of the period
    before. Months are 2026-11, days ISO texts."""

    standing: Standing
    months: Sequence[tuple[str, Alike]]
    wins: Sequence[tuple[str, Alike]]
    reasons: Sequence[tuple[Known, Alike]]
    lost_to: Mapping[tuple[str | None, bool], int]
    signals: Mapping[str, int]
    paths: Sequence[Path]
    tried: Mapping[str, int]
    days_to_win: Mapping[int, int]
    before: Sequence[Alike]
    weakness_of: Mapping[str, str]
    unclear: Unclear = Unclear(0, ())


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


class CodeCount(NamedTuple):
    """How many losses have that code, of what they said or of a signal before it; None: of none."""

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
    """What the days so far would come to, in losses; None before the first of them."""

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
    said: tuple[CodeCount, ...]
    reasons: tuple[ReasonCount, ...]
    truth: tuple[Truth, ...]
    weaknesses: tuple[WeaknessCount, ...]
    lost_to: tuple[LostTo, ...]
    signals: tuple[CodeCount, ...]
    promises: Promises
    referrals: Referrals
    target: Target
    pace: Pace
    wins_by: WinsBy
    previous: Previous | None
    unclear: Unclear

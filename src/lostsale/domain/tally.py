"""The numbers of `stats`, as one frozen record.

Field names are the names in the JSON, so they are a promise. Losses are counted by the day they
were lost. Rates are fractions, None when their base is zero. Amounts are by currency.
"""

from collections.abc import Mapping
from typing import Literal

from lostsale.later import NamedTuple


class UnclearWords(NamedTuple):
    """Words of a reason under no code but other, and how many losses have them."""

    words: str
    kind: Literal["said", "real"]
    lost: int


class Span(NamedTuple):
    """The days counted, and the day on which they were counted."""

    label: str
    from_: str | None
    to: str | None
    as_of: str


class Amounts(NamedTuple):
    """Sums in one currency, as decimal texts."""

    lost: str
    won_back: str


class PeriodAmounts(NamedTuple):
    """Amounts of a period; `won_in_period` is by the day of the win."""

    lost: str
    won_back: str
    won_in_period: str


class MonthAmounts(NamedTuple):
    """Amounts of a month; `won_in_month` is by the day of the win."""

    lost: str
    won_back: str
    won_in_month: str


class Right(NamedTuple):
    """Guesses that were right, of those where the real reason is known."""

    right: int
    of: int


class Month(NamedTuple):
    """A month, or the quarter or year that `month` is the label of. `early`: it ended less than 90
    days ago, too soon to tell."""

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
    """Losses with a code of what they said, or of a signal; None for those without one."""

    code: str | None
    lost: int


class ReasonCount(NamedTuple):
    """Losses by reason: the real one, else the guess. `quote` is the latest in their own words."""

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
    """Losses in which what they said turned out to be that real reason, told or heard."""

    said: str | None
    real: str
    lost: int


class WeaknessCount(NamedTuple):
    """Losses by the weakness of ours that they show."""

    weakness: str | None
    lost: int
    told: int
    won_back: int
    amounts: Mapping[str, Amounts]


class LostTo(NamedTuple):
    """Losses by who won the deal."""

    name: str | None
    lost: int
    won_back: int
    amounts: Mapping[str, Amounts]


class Kept(NamedTuple):
    """Appointments that the prospect kept."""

    kept: int
    of: int


class PartCount(NamedTuple):
    """What a rep of a team lost, or what was lost of a product."""

    name: str | None
    lost: int
    asked: int
    told: int
    won_back: int
    amounts: Mapping[str, Amounts]


class Promises(NamedTuple):
    """Appointments kept, by whether the prospect marked a calendar; of so many that are over nobody
    noted what came of them, and they're in neither."""

    marked: Kept
    unmarked: Kept
    unnoted: int | None = 0


class Referrals(NamedTuple):
    """Losses in which a referral was asked for, and referrals received."""

    asked: int
    received: int


class Target(NamedTuple):
    """The goal: the share of losses to win back, how many wins that is, and how many to go."""

    rate: float
    wins: int
    to_go: int


class Pace(NamedTuple):
    """Losses and wins at the rate of the days so far; None before the first of them."""

    lost_a_month: float | None
    lost_a_year: float | None
    won_back_a_year: float | None


class KindWins(NamedTuple):
    """Losses won back, of those with such a contact before any win."""

    kind: str
    won_back: int
    of: int


class ContactsWins(NamedTuple):
    """Losses won back, of those with so many contacts before any win."""

    contacts: int
    won_back: int
    of: int


class DaysWins(NamedTuple):
    """Wins that came so many days after the loss, of all wins."""

    days: str
    won_back: int
    of: int


class ReasonWins(NamedTuple):
    """Losses won back, of those with that reason."""

    reason: str | None
    won_back: int
    of: int


class WinsBy(NamedTuple):
    """What went with winning back (not proof)."""

    kind: tuple[KindWins, ...]
    contacts: tuple[ContactsWins, ...]
    days: tuple[DaysWins, ...]
    reason: tuple[ReasonWins, ...]


class ComingMonth(NamedTuple):
    """What comes up in one month of ComingUp."""

    month: str
    losses: int
    amounts: Mapping[str, str]


class ComingUp(NamedTuple):
    """Losses of any time whose lease or decision comes up in the 12 months from today, their
    amounts by currency, and the months that have any."""

    losses: int
    amounts: Mapping[str, str]
    months: tuple[ComingMonth, ...]


class Previous(NamedTuple):
    """The period before. Its wins are counted only as far from its end as today is from this
    one's."""

    label: str
    from_: str
    to: str
    lost: int
    won_back: int
    won_back_rate: float | None
    amounts: Mapping[str, Amounts]


class Share(NamedTuple):
    """So many losses, or appointments, of so many."""

    part: int
    of: int


class Lesson(NamedTuple):
    """One thing to work on. `reason`: so many told losses had the reason `code`, which shows a
    weakness; `not-asked`: so many losses weren't asked about; `late`: so many told why when asked
    late, and `better` when asked soon; `unmarked`: so many appointments were kept that weren't in
    their calendar, and `better` those that were."""

    kind: Literal["reason", "not-asked", "late", "unmarked"]
    share: Share
    code: str | None = None
    better: Share | None = None


class Learned(NamedTuple):
    """What the user wrote down to have learned from a loss."""

    number: int
    prospect: str
    text: str


class Tally(NamedTuple):
    """All numbers of a period. `won_back` are wins of the period's losses, whenever they came;
    `won_in_period` are wins made in the period, whenever they were lost. `learned` is empty unless
    it's asked for, since it's private. What the user has yet to do is None where others are to read
    the numbers: `not_asked`, `under_other` and the promises nobody noted."""

    period: Span
    lost: int
    asked: int
    told: int
    heard: int
    guessed: int
    not_asked: int | None
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
    under_other: int | None
    unclear: tuple[UnclearWords, ...]
    coming_up: ComingUp
    lesson_: Lesson | None = None
    learned: tuple[Learned, ...] = ()

"""The losses of a period in groups, as a database adds them up, and the tally of such groups."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import starmap
from typing import TypeVar

from lostsale.domain.lesson import clearest
from lostsale.domain.loss import ATTEMPTS
from lostsale.domain.money import Money
from lostsale.domain.periods import Period, every_month, labelled
from lostsale.domain.settings import goal
from lostsale.domain.tally import (
    Amounts,
    CodeCount,
    ComingMonth,
    ComingUp,
    ContactsWins,
    DaysWins,
    Kept,
    KindWins,
    Learned,
    LostTo,
    Month,
    MonthAmounts,
    Pace,
    PartCount,
    PeriodAmounts,
    Previous,
    Promises,
    ReasonCount,
    ReasonWins,
    Referrals,
    Right,
    Span,
    Tally,
    Target,
    Truth,
    UnclearWords,
    WeaknessCount,
    WinsBy,
)
from lostsale.later import NamedTuple

EARLY_DAYS = 90  # after a month's end, while it's too soon to judge it
YEAR_DAYS = 365.25
_BUCKETS = {"0-7": 7, "8-30": 30, "31-90": 90, "91-180": 180, "181-365": 365, "366+": 10**9}

Key = TypeVar("Key", bound=Hashable)
Sums = TypeVar("Sums", Amounts, PeriodAmounts, MonthAmounts)
Units = Callable[[list[str]], Mapping[str, str]]  # consecutive months to the row that each is in


class GroupCounts(NamedTuple):
    """How many losses, and of how many of them something is known."""

    lost: int
    asked: int
    told: int
    heard: int
    guessed: int
    won_back: int


class GroupTotals(NamedTuple):
    """What a group of losses adds up to. Amounts are in minor units of their currency, None without
    any; a win without an amount of its own is worth what was lost."""

    counts: GroupCounts
    currency: str | None
    amount: int | None
    won_currency: str | None
    won_amount: int | None


class ReasonGroup(NamedTuple):
    """Why losses were lost, by code. `weakness` is the one given, else that of the reason."""

    said: str | None
    guess: str | None
    real: str | None
    weakness: str | None

    @property
    def reason(self) -> str | None:
        """The real reason's code, else the guess's."""
        return self.real or self.guess


class ContactHistory(NamedTuple):
    """What was done about losses of a month that were won back, or not: the kinds of all contacts,
    and of those after the win."""

    month: str
    is_won: bool
    kinds: tuple[str, ...]
    late: tuple[str, ...]


class PeriodTotals(NamedTuple):
    """GroupCounts of a whole period, and the first day on which a loss was lost."""

    first_day: str | None
    asked_soon: int
    told_soon: int
    still_open: int
    at_rest: int
    without_amount: int
    mistakes: int
    referrals: int
    referrals_asked: int


class PeriodGroups(NamedTuple):
    """The losses of a period, mistakes left out, in groups with their totals or how many they are.
    Months are 2026-11, empty where that isn't told. `wins` are those made in the period, by month,
    whenever they were lost; `quotes` are the latest words of each real reason that was told;
    `appointments` are counted by whether they were marked and kept, None where nobody noted it;
    `lost_to` is by name; `previous` are the losses of the period before; `is_shared` if others are
    to read the numbers; `coming_up` are those of any time that come up again, by its month."""

    totals: PeriodTotals
    months: Sequence[tuple[str, GroupTotals]]
    wins: Sequence[tuple[str, GroupTotals]]
    reasons: Sequence[tuple[ReasonGroup, GroupTotals]]
    quotes: Mapping[str | None, str]
    histories: Sequence[tuple[ContactHistory, int]]
    appointments: Mapping[tuple[bool | None, bool | None], int]
    lost_to: Sequence[tuple[str | None, GroupTotals]]
    signals: Mapping[str, int]
    days_to_win: Mapping[int, int]
    previous: Sequence[GroupTotals]
    weakness_of: Mapping[str, str]
    is_shared: bool = False
    under_other: int = 0
    unclear: Sequence[UnclearWords] = ()
    coming_up: Sequence[tuple[str, GroupTotals]] = ()
    learned: Sequence[Learned] = ()


def tally(
    groups: PeriodGroups, period: Period, today: date, target: int, units: Units | None = None
) -> Tally:
    """Return the numbers of a period as of today. `target` is in hundredths of a percent; `units`
    says which months share a row, none unless it's given."""
    totals, (tried, attempts, won_tried) = groups.totals, _efforts(groups)
    lost, asked, told, heard, guessed, won = _add(every := [one for _, one in groups.months])
    made = [one for _, one in groups.wins]
    reasons = _reasons(groups)
    said = _ranked((group.said, one.counts.lost) for group, one in groups.reasons)
    guesses = _total(
        (group.guess == group.real, one.counts.lost)
        for group, one in groups.reasons
        if group.guess and group.real
    )
    unnoted = sum(groups.appointments.get((marked, None), 0) for marked in (True, False))
    wins = goal(lost, target)
    counted = Tally(
        period=_span(period, today, totals.first_day),
        lost=lost,
        asked=asked,
        told=told,
        heard=heard,
        guessed=guessed,
        not_asked=None if groups.is_shared else lost - asked,
        asked_within_3_days=totals.asked_soon,
        told_within_3_days=totals.told_soon,
        guess_right=Right(guesses[True], guesses.total()),
        tried=tried.total(),
        attempts=attempts,
        won_back=won,
        won_back_rate=won / lost if lost else None,
        won_back_tried=won_tried,
        won_in_period=_add(made).lost,
        still_open=totals.still_open,
        at_rest=totals.at_rest,
        mistakes=totals.mistakes,
        amounts=_sums(PeriodAmounts, every, made),
        without_amount=totals.without_amount,
        months=_months(groups, tried, today, units),
        said=tuple(starmap(CodeCount, said)),
        reasons=reasons,
        truth=_truth(groups),
        weaknesses=_weaknesses(groups),
        lost_to=tuple(LostTo(one.name, one.lost, *one[4:]) for one in parts(groups.lost_to)),
        signals=tuple(starmap(CodeCount, _ranked(groups.signals.items()))),
        promises=Promises(
            _kept(groups, marked=True),
            _kept(groups, marked=False),
            None if groups.is_shared else unnoted,
        ),
        referrals=Referrals(totals.referrals_asked, totals.referrals),
        target=Target(target / 10_000, wins, max(0, wins - won)),
        pace=_pace(period, today, totals.first_day, lost, won),
        wins_by=_wins_by(groups, reasons),
        previous=_previous(groups, period, today),
        under_other=None if groups.is_shared else groups.under_other,
        unclear=tuple(groups.unclear),
        coming_up=_coming_up(groups.coming_up),
        learned=tuple(groups.learned),
    )
    return counted._replace(lesson_=clearest(counted))


def _add(group: Iterable[GroupTotals]) -> GroupCounts:
    return GroupCounts(*map(sum, zip((0,) * 6, *(one.counts for one in group), strict=True)))


def _total(counts: Iterable[tuple[Key, int]]) -> Counter[Key]:
    sums: Counter[Key] = Counter()
    for key, count in counts:
        sums[key] += count
    return sums


def _ranked(counts: Iterable[tuple[Key, int]]) -> list[tuple[Key, int]]:
    """Return the total of each key, by count, descending, None last among equals."""
    return sorted(_total(counts).items(), key=lambda one: (-one[1], one[0] is None, str(one[0])))


def _grouped(pairs: Iterable[tuple[Key, GroupTotals]]) -> dict[Key, list[GroupTotals]]:
    """Return what is under each key, the largest group first."""
    found: dict[Key, list[GroupTotals]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    ranked = _ranked((key, one.counts.lost) for key, group in found.items() for one in group)
    return {key: found[key] for key, _ in ranked}


def _sums(
    shape: type[Sums], group: Sequence[GroupTotals], *wins: Sequence[GroupTotals]
) -> dict[str, Sums]:
    """Return, for each currency that occurs, what was lost and won back in a group and, if `wins`
    made in its time are given, won by them."""
    columns = [[(one.currency, one.amount) for one in group]]
    columns += [[(one.won_currency, one.won_amount) for one in won] for won in (group, *wins)]
    sums: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        for currency, amount in column:
            if amount is not None and currency:
                sums.setdefault(currency, [0] * len(columns))[place] += amount
    return {
        currency: shape(*(Money(amount, currency).decimal() for amount in sums[currency]))
        for currency in sorted(sums)
    }


def _span(period: Period, today: date, first_day: str | None) -> Span:
    """Return the days counted; of `all` those from the first loss until today."""
    from_, to = first_day, str(today) if first_day else None
    if period.unit != "all":
        from_, to = str(period.start), str(period.end)
    return Span(label=period.label, from_=from_, to=to, as_of=str(today))


def _months(
    groups: PeriodGroups, tried: Mapping[str, int], today: date, units: Units | None
) -> tuple[Month, ...]:
    """Count every month from the first to the last in which something was lost or won."""
    months = every_month([month for month, _ in (*groups.months, *groups.wins) if month])
    row = units(months) if units else dict(zip(months, months, strict=True))
    lost_in = _grouped((row.get(month), one) for month, one in groups.months)
    won_in = _grouped((row.get(month), one) for month, one in groups.wins)
    tried_in = _total((row.get(month), losses) for month, losses in tried.items())
    found = []
    for label in dict.fromkeys(row.values()):
        own, made = lost_in.get(label, []), won_in.get(label, [])
        counts = _add(own)
        month = Month(
            month=label,
            lost=counts.lost,
            asked=counts.asked,
            told=counts.told,
            tried=tried_in[label],
            won_back=counts.won_back,
            won_back_rate=counts.won_back / counts.lost if counts.lost else None,
            won_in_month=_add(made).lost,
            early=(today - labelled(label).end).days < EARLY_DAYS,
            amounts=_sums(MonthAmounts, own, made),
        )
        found.append(month)
    return tuple(found)


def _reasons(groups: PeriodGroups) -> tuple[ReasonCount, ...]:
    found = []
    for code, group in _grouped((group.reason, one) for group, one in groups.reasons).items():
        counts = _add(group)
        reason = ReasonCount(
            code=code,
            weakness=groups.weakness_of.get(code or ""),
            lost=counts.lost,
            told=counts.told,
            heard=counts.heard,
            guessed=counts.guessed,
            won_back=counts.won_back,
            amounts=_sums(Amounts, group),
            quote=groups.quotes.get(code),
        )
        found.append(reason)
    return tuple(found)


def parts(groups: Iterable[tuple[str | None, GroupTotals]]) -> tuple[PartCount, ...]:
    """Return what the groups of each name add up to, the largest first."""
    found = []
    for name, group in _grouped(groups).items():
        lost, asked, told, _, _, won = _add(group)
        found.append(PartCount(name, lost, asked, told, won, _sums(Amounts, group)))
    return tuple(found)


def _truth(groups: PeriodGroups) -> tuple[Truth, ...]:
    pairs = _total(((g.said, g.real), one.counts.lost) for g, one in groups.reasons if g.real)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0][0]), item[0][1]))
    return tuple(Truth(said, real, lost) for (said, real), lost in ordered)


def _weaknesses(groups: PeriodGroups) -> tuple[WeaknessCount, ...]:
    found = parts((group.weakness, one) for group, one in groups.reasons)
    return tuple(WeaknessCount(of, n, told, won, sums) for of, n, _, told, won, sums in found)


def _coming_up(groups: Sequence[tuple[str, GroupTotals]]) -> ComingUp:
    def added(group: Sequence[GroupTotals]) -> tuple[int, dict[str, str]]:
        return _add(group).lost, {of: one.lost for of, one in _sums(Amounts, group).items()}

    months = (ComingMonth(month, *added(own)) for month, own in sorted(_grouped(groups).items()))
    return ComingUp(*added([one for _, one in groups]), tuple(months))


def _efforts(groups: PeriodGroups) -> tuple[Counter[str], int, int]:
    """Count the losses that were tried again, by month, the attempts, and the wins among them."""
    tried, attempts, won = Counter[str](), 0, 0
    for (month, is_won, kinds, _), losses in groups.histories:
        if times := sum(map(ATTEMPTS.__contains__, kinds)):
            tried[month] += losses
            attempts += times * losses
            won += losses if is_won else 0
    return tried, attempts, won


def _kept(groups: PeriodGroups, *, marked: bool) -> Kept:
    # A meeting that wasn't agreed on before is neither marked nor unmarked.
    kept, broken = (groups.appointments.get((marked, was), 0) for was in (True, False))
    return Kept(kept, kept + broken)


def _pace(period: Period, today: date, first_day: str | None, lost: int, won: int) -> Pace:
    start = period.start
    if period.unit == "all":
        start = date.fromisoformat(first_day) if first_day else today
    days = (min(period.end, today) - start).days + 1
    if days < 1:
        return Pace(None, None, None)
    a_year = YEAR_DAYS / days
    return Pace(lost * a_year / 12, lost * a_year, won * a_year)


def _wins_by(groups: PeriodGroups, reasons: Iterable[ReasonCount]) -> WinsBy:
    kinds, won_kinds = Counter[str](), Counter[str]()
    contacts, won_contacts = Counter[int](), Counter[int]()
    lost_after, won_after = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for (_, is_won, every, late), losses in groups.histories:
        in_time = tuple((Counter(every) - Counter(late)).elements()) if late else every
        lost_after[in_time] += losses
        won_after[in_time] += losses if is_won else 0
    for in_time, losses in lost_after.items():
        for kind in set(in_time):
            kinds[kind] += losses
            won_kinds[kind] += won_after[in_time]
        contacts[len(in_time)] += losses
        won_contacts[len(in_time)] += won_after[in_time]
    days = _total(
        (next(label for label, end in _BUCKETS.items() if day <= end), won)
        for day, won in groups.days_to_win.items()
    )
    return WinsBy(
        tuple(KindWins(kind, won_kinds[kind], of) for kind, of in sorted(kinds.items())),
        tuple(ContactsWins(n, won_contacts[n], of) for n, of in sorted(contacts.items())),
        tuple(DaysWins(label, days[label], days.total()) for label in _BUCKETS if days[label]),
        tuple(ReasonWins(one.code, one.won_back, one.lost) for one in reasons),
    )


def _previous(groups: PeriodGroups, period: Period, today: date) -> Previous | None:
    if not (compared := period.compared(today)):
        return None
    before, counts = compared[0], _add(groups.previous)
    return Previous(
        label=before.label,
        from_=str(before.start),
        to=str(before.end),
        lost=counts.lost,
        won_back=counts.won_back,
        won_back_rate=counts.won_back / counts.lost if counts.lost else None,
        amounts=_sums(Amounts, groups.previous),
    )

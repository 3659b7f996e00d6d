"""From the groups of losses of a period, as `journal/counted.py` fetches them, to their tally; and
from a tally to what others may see of it."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from lostsale.domain.loss import ATTEMPTS
from lostsale.domain.money import Money
from lostsale.domain.periods import Period, labelled
from lostsale.domain.settings import goal
from lostsale.domain.tally import (
    LEFT_OUT,
    Alike,
    Amounts,
    CodeCount,
    ContactsWins,
    DaysWins,
    Kept,
    KindWins,
    Known,
    LostTo,
    Month,
    MonthAmounts,
    Pace,
    Path,
    PeriodAmounts,
    Previous,
    Promises,
    ReasonCount,
    ReasonWins,
    Records,
    Referrals,
    Right,
    Span,
    Tally,
    Target,
    Truth,
    WeaknessCount,
    WinsBy,
)

EARLY_DAYS = 90  # after its end, in which a month is too young to be judged
YEAR_DAYS = 365.25
_BUCKETS = {"0-7": 7, "8-30": 30, "31-90": 90, "91-180": 180, "181-365": 365, "366+": 10**9}
_NONE = Alike(0, 0, 0, 0, 0, 0, None, None, None, None)

Key = TypeVar("Key", bound=Hashable)
Units = Callable[[list[str]], Mapping[str, str]]  # months in turn to the unit that each is in


def tally(period: Period, today: date, target: int, records: Records, by: Units) -> Tally:
    """Count the records of a period as of today; `target` is in hundredths of a per cent. `by`
    gives the units in which months are taken together."""
    every, made = ([alike for _, alike in of] for of in (records.months, records.wins))
    lost, asked, told, heard, guessed, won = _add(every)
    reasons = _reasons(records)
    wins = goal(lost, target)
    return Tally(
        period=_span(period, today, records),
        lost=lost,
        asked=asked,
        told=told,
        heard=heard,
        guessed=guessed,
        not_asked=lost - asked,
        asked_within_3_days=records.standing.asked_soon,
        told_within_3_days=records.standing.told_soon,
        guess_right=_guess_right(records.reasons),
        tried=sum(records.tried.values()),
        attempts=sum(_attempts(path) * path.losses for path in records.paths),
        won_back=won,
        won_back_rate=_rate(won, lost),
        won_back_tried=_losses(path for path in records.paths if path.is_won and _attempts(path)),
        won_in_period=_add(made)[0],
        still_open=records.standing.still_open,
        at_rest=records.standing.at_rest,
        mistakes=records.standing.mistakes,
        amounts=_sums(PeriodAmounts, every, made),
        without_amount=records.standing.without_amount,
        months=_months(records, today, by),
        said=_codes((known.said, alike.lost) for known, alike in records.reasons),
        reasons=reasons,
        truth=_truth(records.reasons),
        weaknesses=_weaknesses(records.reasons),
        lost_to=_lost_to(records.lost_to),
        signals=_codes(records.signals.items()),
        promises=_promises(records.paths),
        referrals=Referrals(
            _losses(filter(_has_asked_for_names, records.paths)), records.standing.referrals
        ),
        target=Target(target / 10_000, wins, max(0, wins - won)),
        pace=_pace(period, today, records.standing.first_day, lost, won),
        wins_by=_wins_by(records, reasons),
        previous=_previous(period, today, records.before),
        unclear=records.unclear,
    )


def _attempts(path: Path) -> int:
    return sum(done.kind in ATTEMPTS for done in path.contacts)


def _has_asked_for_names(path: Path) -> bool:
    return any(done.kind == "referral" and done.answered for done in path.contacts)


def _losses(paths: Iterable[Path]) -> int:
    return sum(path.losses for path in paths)


def _add(group: Iterable[Alike]) -> tuple[int, int, int, int, int, int]:
    """Return how many were lost, asked, told, heard, guessed and won back."""
    counts = islice(zip(_NONE, *group, strict=True), 6)
    lost, asked, told, heard, guessed, won = map(sum, counts)
    return lost, asked, told, heard, guessed, won


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _in_order(counts: Mapping[Key, int]) -> list[Key]:
    """Return the keys, that of most losses first; none is the last of its size."""
    return sorted(counts, key=lambda key: (-counts[key], key is None, str(key)))


def _by(groups: Iterable[tuple[Key, Alike]]) -> list[tuple[Key, list[Alike]]]:
    """Return the losses under each key, the largest group first."""
    found: dict[Key, list[Alike]] = {}
    for key, alike in groups:
        found.setdefault(key, []).append(alike)
    sizes = {key: sum(alike.lost for alike in group) for key, group in found.items()}
    return [(key, found[key]) for key in _in_order(sizes)]


Sums = TypeVar("Sums", Amounts, PeriodAmounts, MonthAmounts)


def _sums(shape: type[Sums], group: Sequence[Alike], *made: Sequence[Alike]) -> dict[str, Sums]:
    """Return what was lost and won back in a group, and won by the wins that were made, if given:
    the sums of each currency that occurs, side by side and never added."""
    columns = [[(one.currency, one.amount) for one in group]]
    columns += [[(one.won_currency, one.won_amount) for one in wins] for wins in (group, *made)]
    sums: dict[str, list[int]] = {}
    for place, column in enumerate(columns):
        for currency, amount in column:
            if amount is not None and currency:
                sums.setdefault(currency, [0] * len(columns))[place] += amount
    return {
        currency: shape(*(Money(amount, currency).decimal() for amount in sums[currency]))
        for currency in sorted(sums)
    }


def _span(period: Period, today: date, records: Records) -> Span:
    start, end = records.standing.first_day, str(today) if records.months else None
    if period.unit != "all":
        start, end = str(period.start), str(period.end)
    return Span(period.label, start, end, str(today))


def _months(records: Records, today: date, by: Units) -> tuple[Month, ...]:
    """Count every month from the first to the last in which something was lost or won."""
    months = _every(month for month, _ in (*records.months, *records.wins))
    unit = by(months)
    lost_in = dict(_by((unit[month], alike) for month, alike in records.months))
    won_in = dict(_by((unit[month], alike) for month, alike in records.wins))
    tried_in: Counter[str] = Counter()
    for month, tried in records.tried.items():
        tried_in[unit[month]] += tried
    counted = []
    for label in dict.fromkeys(unit[month] for month in months):
        lost_then, won_then = lost_in.get(label, []), won_in.get(label, [])
        lost, asked, told, _, _, won = _add(lost_then)
        counted.append(
            Month(
                month=label,
                lost=lost,
                asked=asked,
                told=told,
                tried=tried_in[label],
                won_back=won,
                won_back_rate=_rate(won, lost),
                won_in_month=_add(won_then)[0],
                early=(today - labelled(label).end).days < EARLY_DAYS,
                amounts=_sums(MonthAmounts, lost_then, won_then),
            )
        )
    return tuple(counted)


def _every(months: Iterable[str]) -> list[str]:
    """Return all months from the first of these to the last."""
    places = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in months]
    every = range(min(places, default=0), max(places, default=-1) + 1)
    return [f"{place // 12:04}-{place % 12 + 1:02}" for place in every]


def _codes(counts: Iterable[tuple[str | None, int]]) -> tuple[CodeCount, ...]:
    sums: Counter[str | None] = Counter()
    for code, lost in counts:
        sums[code] += lost
    return tuple(CodeCount(code, sums[code]) for code in _in_order(sums))


def _reasons(records: Records) -> tuple[ReasonCount, ...]:
    quotes: dict[str | None, tuple[str, str | None]] = {}
    for known, _ in records.reasons:
        if known.told_at:
            last = quotes.get(known.reason, ("", None))
            quotes[known.reason] = max(last, (known.told_at, known.words))
    counted = []
    for code, group in _by((known.reason, alike) for known, alike in records.reasons):
        lost, _, told, heard, guessed, won = _add(group)
        quote = quotes.get(code, ("", None))[1]
        shows, amounts = records.weakness_of.get(code or ""), _sums(Amounts, group)
        counted.append(ReasonCount(code, shows, lost, told, heard, guessed, won, amounts, quote))
    return tuple(counted)


def _guess_right(reasons: Iterable[tuple[Known, Alike]]) -> Right:
    both = [(known, alike.lost) for known, alike in reasons if known.guess and known.real]
    right = sum(lost for known, lost in both if known.guess == known.real)
    return Right(right, sum(lost for _, lost in both))


def _truth(reasons: Iterable[tuple[Known, Alike]]) -> tuple[Truth, ...]:
    pairs: Counter[tuple[str | None, str]] = Counter()
    for known, alike in reasons:
        if known.real:
            pairs[known.said, known.real] += alike.lost
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0][0]), item[0][1]))
    return tuple(Truth(said, real, lost) for (said, real), lost in ordered)


def _weaknesses(reasons: Iterable[tuple[Known, Alike]]) -> tuple[WeaknessCount, ...]:
    counted = []
    for weakness, group in _by((known.weakness, alike) for known, alike in reasons):
        lost, _, told, _, _, won = _add(group)
        counted.append(WeaknessCount(weakness, lost, told, won, _sums(Amounts, group)))
    return tuple(counted)


def _lost_to(counts: Mapping[tuple[str | None, bool], int]) -> tuple[LostTo, ...]:
    lost, won = Counter[str | None](), Counter[str | None]()
    for (name, is_won), count in counts.items():
        lost[name] += count
        won[name] += is_won * count
    return tuple(LostTo(name, lost[name], won[name]) for name in _in_order(lost))


def _promises(paths: Iterable[Path]) -> Promises:
    # A talk that was never an appointment was never promised: neither marked nor not.
    kept, of = Counter[bool](), Counter[bool]()
    for path in paths:
        for done in path.contacts:
            if done.kind == "meet" and done.marked is not None:
                kept[done.marked] += done.answered * path.losses
                of[done.marked] += path.losses
    return Promises(*(Kept(kept[marked], of[marked]) for marked in (True, False)))


def _pace(period: Period, today: date, first_day: str | None, lost: int, won: int) -> Pace:
    start = period.start
    if period.unit == "all":
        start = date.fromisoformat(first_day) if first_day else today
    days = (min(period.end, today) - start).days + 1
    if days < 1:
        return Pace(None, None, None)
    a_year = YEAR_DAYS / days
    return Pace(lost * a_year / 12, lost * a_year, won * a_year)


def _wins_by(records: Records, reasons: Iterable[ReasonCount]) -> WinsBy:
    kinds, won_kinds = Counter[str](), Counter[str]()
    numbers, won_numbers = Counter[int](), Counter[int]()
    for path in records.paths:
        counting = [done.kind for done in path.contacts if done.in_time]
        for kind in set(counting):
            kinds[kind] += path.losses
            won_kinds[kind] += path.is_won * path.losses
        numbers[len(counting)] += path.losses
        won_numbers[len(counting)] += path.is_won * path.losses
    days: Counter[str] = Counter()
    for day, won in records.days_to_win.items():
        days[next(label for label, end in _BUCKETS.items() if day <= end)] += won
    all_won = days.total()
    return WinsBy(
        tuple(KindWins(kind, won_kinds[kind], of) for kind, of in sorted(kinds.items())),
        tuple(ContactsWins(n, won_numbers[n], of) for n, of in sorted(numbers.items())),
        tuple(DaysWins(label, days[label], all_won) for label in _BUCKETS if days[label]),
        tuple(ReasonWins(one.code, one.won_back, one.lost) for one in reasons),
    )


def _previous(period: Period, today: date, groups: Sequence[Alike]) -> Previous | None:
    compared = period.compared(today)
    if compared is None:
        return None
    before, _ = compared
    lost, *_, won = _add(groups)
    rate, amounts = _rate(won, lost), _sums(Amounts, groups)
    return Previous(before.label, str(before.start), str(before.end), lost, won, rate, amounts)


def shareable(tally: Tally) -> tuple[Tally, str]:
    """Return a tally without what nobody would write down if others were to read it: quotes, and
    what shows a personal weakness. Return too what was left out, as a sentence."""
    personal = {reason.code for reason in tally.reasons if reason.weakness == "personal"}
    kept = tuple(
        reason._replace(quote=None) for reason in tally.reasons if reason.code not in personal
    )
    wins_by = tally.wins_by._replace(
        reason=tuple(one for one in tally.wins_by.reason if one.reason not in personal)
    )
    shared = tally._replace(
        reasons=kept,
        truth=_without(tally.truth, personal),
        weaknesses=tuple(one for one in tally.weaknesses if one.weakness != "personal"),
        wins_by=wins_by,
        unclear=tally.unclear._replace(texts=()),
    )
    left_out = [
        *(["quotes"] if tally.unclear.texts or any(one.quote for one in tally.reasons) else []),
        *(["personal weaknesses"] if shared.weaknesses != tally.weaknesses or personal else []),
    ]
    return shared, f"Left out: {' and '.join(left_out)}" if left_out else ""


def _without(truth: Iterable[Truth], personal: set[str | None]) -> tuple[Truth, ...]:
    """Return the truths with those of personal reasons taken together, so that what remains is of
    the same whole."""
    kept = tuple(one for one in truth if one.real not in personal)
    hidden: Counter[str | None] = Counter()
    for one in truth:
        hidden[one.said] += one.lost if one.real in personal else 0
    return (*kept, *(Truth(said, LEFT_OUT, lost) for said, lost in hidden.items() if lost))

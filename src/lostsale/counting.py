"""From the losses of a period to their tally. Only counts: what is counted comes from the
journal."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from lostsale.loss import ATTEMPTS
from lostsale.money import Money
from lostsale.periods import Period, last_day
from lostsale.settings import goal
from lostsale.tally import (
    LEFT_OUT,
    Amounts,
    ContactsWins,
    Counted,
    DaysWins,
    Done,
    Kept,
    KindWins,
    LostTo,
    Month,
    MonthAmounts,
    Pace,
    PeriodAmounts,
    Previous,
    Promises,
    ReasonCount,
    ReasonWins,
    Records,
    Referrals,
    Right,
    SaidCount,
    Span,
    Tally,
    Target,
    Truth,
    WeaknessCount,
    WinsBy,
)

EARLY_DAYS = 90  # after its end, in which a month is too young to be judged
SOON_DAYS = 3  # after the loss, in which asking counts as early
YEAR_DAYS = 365.25

Key = TypeVar("Key", bound=Hashable)
Units = Callable[[list[str]], Mapping[str, str]]  # months in turn to the unit that each is in


def tally(
    period: Period, today: date, target: int, records: Records, by: Units | None = None
) -> Tally:
    """Count the records of a period as of today; `target` is in hundredths of a per cent. `by`
    gives the units in which months are taken together, else each stands alone."""
    losses = records.losses
    won = [loss for loss in losses if loss.won_on]
    tried = {done.loss for done in records.contacts if done.kind in ATTEMPTS}
    soon = [loss for loss in losses if loss.asked_on and _days(loss, loss.asked_on) <= SOON_DAYS]
    both = [loss for loss in losses if loss.guess and loss.real]
    wins = goal(len(losses), target)
    return Tally(
        period=_span(period, today, losses),
        lost=len(losses),
        asked=_count(losses, _asked),
        told=_count(losses, _told),
        heard=_count(losses, _heard),
        guessed=_count(losses, _guessed),
        not_asked=len(losses) - _count(losses, _asked),
        asked_within_3_days=len(soon),
        told_within_3_days=sum(
            _told(loss) and _days(loss, loss.told_on or "") <= SOON_DAYS for loss in losses
        ),
        guess_right=Right(sum(loss.guess == loss.real for loss in both), len(both)),
        tried=len(tried),
        attempts=sum(done.kind in ATTEMPTS for done in records.contacts),
        won_back=len(won),
        won_back_rate=_rate(len(won), len(losses)),
        won_back_tried=sum(loss.number in tried for loss in won),
        won_in_period=len(records.wins),
        still_open=sum(not loss.won_on and not loss.rested_on for loss in losses),
        at_rest=sum(not loss.won_on and loss.rested_on is not None for loss in losses),
        mistakes=records.mistakes,
        amounts=_sums(PeriodAmounts, _lost_sum(losses), _won_sum(losses), _won_sum(records.wins)),
        without_amount=sum(loss.amount is None for loss in losses),
        months=_months(losses, records.wins, tried, today, by),
        said=_codes(loss.said for loss in losses),
        reasons=_reasons(losses, records.weakness_of),
        truth=_truth(losses),
        weaknesses=_weaknesses(losses),
        lost_to=_lost_to(losses),
        signals=_codes(signal for loss in losses for signal in loss.signals),
        promises=_promises(records.contacts),
        referrals=Referrals(
            len(
                {
                    done.loss
                    for done in records.contacts
                    if done.kind == "referral" and done.answered
                }
            ),
            records.referrals,
        ),
        target=Target(target / 10_000, wins, max(0, wins - len(won))),
        pace=_pace(period, today, losses),
        wins_by=_wins_by(losses, records.contacts),
        previous=_previous(period, today, records.before),
    )


def _asked(loss: Counted) -> bool:
    return loss.asked_on is not None


def _told(loss: Counted) -> bool:
    return loss.source == "told"


def _heard(loss: Counted) -> bool:
    return loss.source == "heard"


def _guessed(loss: Counted) -> bool:
    return loss.real is None and loss.guess is not None


def _won(loss: Counted) -> bool:
    return loss.won_on is not None


def _count(losses: Iterable[Counted], what: Callable[[Counted], bool]) -> int:
    return sum(map(what, losses))


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _days(loss: Counted, until: str) -> int:
    return (date.fromisoformat(until) - date.fromisoformat(loss.lost_on)).days


def _by(
    losses: Iterable[Counted], key: Callable[[Counted], Key]
) -> list[tuple[Key, list[Counted]]]:
    """Return the losses under each key, the largest group first; without a key last of its size."""
    groups: dict[Key, list[Counted]] = {}
    for loss in losses:
        groups.setdefault(key(loss), []).append(loss)
    return sorted(
        groups.items(), key=lambda group: (-len(group[1]), group[0] is None, str(group[0]))
    )


def _lost_sum(losses: Iterable[Counted]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for loss in losses:
        if loss.amount is not None and loss.currency:
            sums[loss.currency] += loss.amount
    return sums


def _won_sum(losses: Iterable[Counted]) -> Counter[str]:
    """Sum what the wins among the losses are worth: their own amount, else what was lost."""
    sums: Counter[str] = Counter()
    for loss in losses:
        own = loss.won_amount is not None
        amount, currency = (
            (loss.won_amount, loss.won_currency) if own else (loss.amount, loss.currency)
        )
        if loss.won_on and amount is not None and currency:
            sums[currency] += amount
    return sums


Sums = TypeVar("Sums", Amounts, PeriodAmounts, MonthAmounts)


def _sums(shape: type[Sums], *sums: Counter[str]) -> dict[str, Sums]:
    """Return the sums of each currency that occurs, side by side and never added."""
    currencies = sorted({currency for each in sums for currency in each})
    return {
        currency: shape(*(Money(each[currency], currency).decimal() for each in sums))
        for currency in currencies
    }


def _amounts(losses: Sequence[Counted]) -> dict[str, Amounts]:
    return _sums(Amounts, _lost_sum(losses), _won_sum(losses))


def _span(period: Period, today: date, losses: Sequence[Counted]) -> Span:
    start = (
        period.start.isoformat() if period.start else min((x.lost_on for x in losses), default=None)
    )
    end = period.end or (today if losses else None)
    return Span(period.label, start, end.isoformat() if end else None, today.isoformat())


def _months(
    losses: Sequence[Counted],
    wins: Sequence[Counted],
    tried: set[int],
    today: date,
    by: Units | None,
) -> tuple[Month, ...]:
    """Count every month from the first to the last in which something was lost or won."""
    months = _every({loss.lost_on[:7] for loss in losses} | {(w.won_on or "")[:7] for w in wins})
    unit = by(months) if by else {month: month for month in months}
    lost_in = dict(_by(losses, lambda loss: unit[loss.lost_on[:7]]))
    won_in = dict(_by(wins, lambda loss: unit[(loss.won_on or "")[:7]]))
    counted = []
    for label in dict.fromkeys(unit[month] for month in months):
        lost, won = lost_in.get(label, []), won_in.get(label, [])
        won_back = _count(lost, _won)
        counted.append(
            Month(
                month=label,
                lost=len(lost),
                asked=_count(lost, _asked),
                told=_count(lost, _told),
                tried=sum(loss.number in tried for loss in lost),
                won_back=won_back,
                won_back_rate=_rate(won_back, len(lost)),
                won_in_month=len(won),
                early=(today - last_day(label)).days < EARLY_DAYS,
                amounts=_sums(MonthAmounts, _lost_sum(lost), _won_sum(lost), _won_sum(won)),
            )
        )
    return tuple(counted)


def _every(months: set[str]) -> list[str]:
    """Return all months from the first of these to the last."""
    every = sorted(months)[:1]
    while every and every[-1] < max(months):
        every.append(_next(every[-1]))
    return every


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _codes(codes: Iterable[str | None]) -> tuple[SaidCount, ...]:
    counts = Counter(codes).items()
    ordered = sorted(counts, key=lambda item: (-item[1], item[0] is None, item[0] or ""))
    return tuple(SaidCount(code, count) for code, count in ordered)


def _reasons(losses: Sequence[Counted], weakness_of: Mapping[str, str]) -> tuple[ReasonCount, ...]:
    return tuple(
        ReasonCount(
            code=code,
            weakness=weakness_of.get(code or ""),
            lost=len(group),
            told=_count(group, _told),
            heard=_count(group, _heard),
            guessed=_count(group, _guessed),
            won_back=_count(group, _won),
            amounts=_amounts(group),
            quote=_quote(group),
        )
        for code, group in _by(losses, lambda loss: loss.reason)
    )


def _quote(losses: Iterable[Counted]) -> str | None:
    """Return what was told last, in their words."""
    told = [loss for loss in losses if _told(loss) and loss.words]
    return max(told, key=lambda loss: (loss.told_on or "", loss.number)).words if told else None


def _truth(losses: Iterable[Counted]) -> tuple[Truth, ...]:
    pairs = Counter((loss.said, loss.real) for loss in losses if loss.real).items()
    ordered = sorted(pairs, key=lambda item: (-item[1], str(item[0][0]), str(item[0][1])))
    return tuple(Truth(said, real or "", count) for (said, real), count in ordered)


def _weaknesses(losses: Iterable[Counted]) -> tuple[WeaknessCount, ...]:
    return tuple(
        WeaknessCount(
            weakness, len(group), _count(group, _told), _count(group, _won), _amounts(group)
        )
        for weakness, group in _by(losses, lambda loss: loss.weakness)
    )


def _lost_to(losses: Iterable[Counted]) -> tuple[LostTo, ...]:
    return tuple(
        LostTo(name, len(group), _count(group, _won))
        for name, group in _by(losses, lambda loss: loss.lost_to)
    )


def _promises(contacts: Iterable[Done]) -> Promises:
    # A talk that was never an appointment was never promised: neither marked nor not.
    marked = [bool(done.answered) for done in contacts if done.kind == "meet" and done.marked == 1]
    unmarked = [
        bool(done.answered) for done in contacts if done.kind == "meet" and done.marked == 0
    ]
    return Promises(Kept(sum(marked), len(marked)), Kept(sum(unmarked), len(unmarked)))


def _pace(period: Period, today: date, losses: Sequence[Counted]) -> Pace:
    first = min((date.fromisoformat(loss.lost_on) for loss in losses), default=today)
    days = (min(period.end or today, today) - (period.start or first)).days + 1
    if days < 1:
        return Pace(None, None, None)
    a_year = YEAR_DAYS / days
    lost, won = len(losses) * a_year, _count(losses, _won) * a_year
    return Pace(lost / 12, lost, won)


def _wins_by(losses: Sequence[Counted], contacts: Iterable[Done]) -> WinsBy:
    won_on = {loss.number: loss.won_on for loss in losses}
    counting = [done for done in contacts if done.on <= (won_on[done.loss] or done.on)]
    pairs = {(done.loss, done.kind) for done in counting}
    kinds = Counter(kind for _, kind in pairs)
    won_kinds = Counter(kind for loss, kind in pairs if won_on[loss])
    touches = Counter(done.loss for done in counting)
    numbers = Counter(touches[loss.number] for loss in losses)
    won_numbers = Counter(touches[loss.number] for loss in losses if loss.won_on)
    won = [loss for loss in losses if loss.won_on]
    days = Counter(_bucket(_days(loss, loss.won_on or "")) for loss in won)
    return WinsBy(
        tuple(KindWins(kind, won_kinds[kind], of) for kind, of in sorted(kinds.items())),
        tuple(ContactsWins(n, won_numbers[n], of) for n, of in sorted(numbers.items())),
        tuple(DaysWins(label, days[label], len(won)) for label in _BUCKETS if days[label]),
        tuple(
            ReasonWins(code, _count(group, _won), len(group))
            for code, group in _by(losses, lambda loss: loss.reason)
        ),
    )


_BUCKETS = {"0-7": 7, "8-30": 30, "31-90": 90, "91-180": 180, "181-365": 365, "366+": 10**9}


def _bucket(days: int) -> str:
    return next(label for label, end in _BUCKETS.items() if days <= end)


def previous_period(period: Period, today: date) -> tuple[Period, str] | None:
    """Return the period to compare with, and the last day on which its wins count."""
    before = period.before(today)
    if before is None or before.start is None or before.end is None or period.end is None:
        return None
    distance = today - min(period.end, today)
    return before, (before.end + distance).isoformat()


def _previous(period: Period, today: date, losses: Sequence[Counted]) -> Previous | None:
    compared = previous_period(period, today)
    if compared is None:
        return None
    before, until = compared
    # A win that came later than that is taken back, so that cohorts of one age are compared.
    then = [
        loss if loss.won_on and loss.won_on <= until else loss._replace(won_on=None)
        for loss in losses
    ]
    won = _count(then, _won)
    return Previous(
        before.label,
        str(before.start),
        str(before.end),
        len(then),
        won,
        _rate(won, len(then)),
        _amounts(then),
    )


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
    )
    left_out = [
        *(["quotes"] if any(reason.quote for reason in tally.reasons) else []),
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

"""The tally of a period on one screen. Each section is one function; an empty one is left out."""

from datetime import date
from itertools import zip_longest
from shlex import quote

from lostsale.domain.loss import NOBODY
from lostsale.domain.periods import labelled
from lostsale.domain.reasons import LONGEST, OTHER
from lostsale.domain.settings import Settings
from lostsale.domain.tally import LEFT_OUT, Previous, ReasonCount, Tally
from lostsale.screen.figures import (
    amount_column,
    by_said,
    lost_sums,
    percent,
    share,
    units,
    won_sums,
)
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import FEW

WORDY = 76  # columns, from which their words fit beside the numbers
ROOMY = 66  # columns, from which the weaknesses do
SHOWN = 8  # reasons
NAMED = 3  # competitors
TELLING = 5  # truths about one excuse, from which it is worth a sentence
BAR = 10  # cells of the longest bar
_GAP = "    "


def stats_page(
    tally: Tally,
    settings: Settings,
    width: int | None,
    *,
    whole: bool,
    hints: bool = True,
) -> Page:
    """Return the screen of a period, for a terminal of `width` columns or, if None, for a pipe.
    The `whole` has what else was counted, too; without `hints` no command is named."""
    if not tally.lost and not tally.won_in_period:
        return [f"{_period(tally)} · nothing lost"]
    page: list[str | Line | Grid] = [Line(_headline(tally), "bold"), *_compared(tally)]
    sections: list[Page] = [
        _beside(_asking(tally, hints=hints), [*_going_back(tally), *_promises(tally)], width),
        [
            *_reasons(tally, settings, width, whole=whole, hints=hints),
            *_telling(tally, whole=whole),
            *_unclear(tally, hints=hints),
        ],
        _competitors(tally, whole=whole, hints=hints),
        _months(tally, width),
    ]
    if whole:
        from lostsale.screen import stats_all

        sections += [
            stats_all.said(tally),
            stats_all.truth(tally),
            stats_all.weaknesses(tally, settings),
            stats_all.wins_by(tally),
            stats_all.standing(tally),
        ]
    for section in sections:
        page += ["", *section] if section else []
    return page


def _period(tally: Tally) -> str:
    period = tally.period
    if period.to and period.to > period.as_of and (period.from_ or "") <= period.as_of:
        today = date.fromisoformat(period.as_of)
        return f"{period.label} to {today.day} {today:%b}"
    return period.label


def _headline(tally: Tally) -> str:
    target = tally.target
    goal = f"{target.to_go:,} to go" if target.to_go else "reached"
    won = f"{tally.won_back:,} won back{percent(tally.won_back, tally.lost)}"
    money = won_sums(tally.amounts)
    parts = [
        _period(tally),
        f"{tally.lost:,} lost",
        f"{won}, {money}" if money else won,
        f"{target.rate * 100:g}% is {target.wins:,}: {goal}",
    ]
    enough = tally.lost >= FEW  # 5% of three losses is no goal
    return " · ".join(parts if enough else parts[: 3 if tally.lost else 2])


def _compared(tally: Tally) -> list[str]:
    """Return the same stretch of time before, what has changed since, and what else is to be known
    of the sums."""
    lines, parts = [], []
    before = tally.previous
    if before and before.lost:
        won = f"won back {share(before.won_back, before.lost)}"
        worth = ", ".join(filter(None, (won, won_sums(before.amounts))))
        lines.append(f"Before ({before.from_} to {before.to}): {worth}")
        lines.append(f"Compared: {_change(tally, before)}")
    if tally.won_in_period:
        parts.append(f"Wins made in this time, of any loss: {tally.won_in_period:,}")
    if tally.without_amount:
        parts.append(f"lost without an amount: {tally.without_amount:,}")
    return lines + ([" · ".join(parts)] if parts else [])


def _change(tally: Tally, before: Previous) -> str:
    """Return how much more was lost and won back than before, in count, rate and money."""
    parts = [
        f"lost {tally.lost - before.lost:+,}",
        f"won back {tally.won_back - before.won_back:+,}",
    ]
    if min(tally.lost, before.lost) >= FEW:
        points = (tally.won_back_rate or 0) - (before.won_back_rate or 0)
        parts[1] += f" ({points * 100:+.1f} points)"
    for currency in sorted({*tally.amounts, *before.amounts}):
        now, then = tally.amounts.get(currency), before.amounts.get(currency)
        more = (units(now.won_back) if now else 0) - (units(then.won_back) if then else 0)
        parts += [f"{more:+,} {currency}"] if more else []
    return ", ".join(parts)


def _beside(left: list[str], right: list[str], width: int | None) -> Page:
    """Return two sections side by side where the terminal has room for that, else one below the
    other."""
    wide = max(map(len, left), default=0) + len(_GAP) + max(map(len, right), default=0)
    if width is None or wide > width or not (left and right):
        return [*left, *right]
    cells = zip_longest(left, right, fillvalue="")
    columns = (Column(""), Column(""))
    return [Grid(columns, tuple(Row((one, two and f"  {two}")) for one, two in cells))]


def _asking(tally: Tally, *, hints: bool) -> list[str]:
    soon, told_soon = tally.asked_within_3_days, tally.told_within_3_days
    later, told_later = tally.asked - soon, tally.told - told_soon
    lines = [f"Asked {share(tally.asked, tally.lost)}"] if tally.lost else []
    if soon:
        lines.append(f"  within 3 days {soon:,}, told {share(told_soon, soon)}")
    if later:
        lines.append(f"  later {later:,}, told {share(told_later, later)}")
    if tally.guess_right.of:
        lines.append(f"  your guess was right {share(*tally.guess_right)}")
    if tally.not_asked:
        see = f": lostsale list {tally.period.label} --not-asked" if hints else ""
        lines.append(f"  not asked yet {tally.not_asked:,}{see}")
    return lines


def _going_back(tally: Tally) -> list[str]:
    if not tally.tried:
        return []
    idle, idle_won = tally.lost - tally.tried, tally.won_back - tally.won_back_tried
    lines = [
        "Going back (you pick whom: no proof)",
        f"  tried {tally.tried:,}, won {share(tally.won_back_tried, tally.tried)}",
    ]
    return lines + ([f"  not tried {idle:,}, won {share(idle_won, idle)}"] if idle else [])


def _promises(tally: Tally) -> list[str]:
    marked, unmarked = tally.promises
    lines = []
    if marked.of:
        lines.append(f"Promises kept: {marked.kept:,} of {marked.of:,} in their calendar")
    if unmarked.of:
        lines.append(f"Promises kept: {unmarked.kept:,} of {unmarked.of:,} not in it")
    asked, received = tally.referrals
    if asked or received:
        lines.append(f"Names given: {received:,}, asked for in {asked:,}")
    return lines


def _reasons(
    tally: Tally, settings: Settings, width: int | None, *, whole: bool, hints: bool
) -> Page:
    known = [reason for reason in tally.reasons if reason.code]
    if not known:
        return []
    columns = (
        Column("Reason or guess"),
        Column("Lost", right=True),
        Column("Told", right=True),
        amount_column(tally),
        Column("Won", right=True),
        Column("Weakness"),
        Column("In their words", stretchy=True, style="dim"),
    )
    rows = tuple(_reason(reason, settings) for reason in (known if whole else known[:SHOWN]))
    kept = len(columns)
    if width is not None and width < WORDY:
        kept -= 1 if width >= ROOMY else 2
    grid = Grid(columns, rows, explain=True).only(range(kept))
    see = ": --all" if hints else ""
    more = [f"{len(known) - len(rows)} more{see}"] if len(known) > len(rows) else []
    more += [f"unknown: {reason.lost:,}" for reason in tally.reasons if not reason.code]
    return [grid, *([" · ".join(more)] if more else [])]


def _reason(reason: ReasonCount, settings: Settings) -> Row:
    return Row(
        (
            reason.code or "",
            f"{reason.lost:,}",
            f"{reason.told:,}",
            lost_sums(reason.amounts, settings),
            f"{reason.won_back:,}",
            reason.weakness or "-",
            f'"{reason.quote}"' if reason.quote else "",
        )
    )


def _telling(tally: Tally, *, whole: bool) -> list[str]:
    """Return the excuse of which most is known, in a sentence; the `whole` has the grid instead."""
    known = by_said(tally.truth)
    if whole or not known:
        return []
    said, truths = next((one for one in known.items() if one[0] != OTHER), (OTHER, []))
    of = sum(one.lost for one in truths)
    unnamed = {LEFT_OUT, OTHER}
    hidden = sum(one.lost for one in truths if one.real == LEFT_OUT)
    first, *more = [one for one in truths if one.real not in unnamed][:2] or truths[:1]
    if of < TELLING or first.lost <= hidden or OTHER in {said, first.real}:
        return []
    also = f", {more[0].real} {more[0].lost:,}" if more and more[0].lost > hidden else ""
    return [f"When they say {said}, it was {first.real} {first.lost:,} of {of:,} times{also}."]


def _unclear(tally: Tally, *, hints: bool) -> list[str]:
    """Return how many reasons stand under no code but other, with their commonest words and what
    gives these one."""
    if not tally.unclear.reasons:
        return []
    lines = [f"Reasons under no code but {OTHER}: {tally.unclear.reasons:,}"]
    for _, words, lost in tally.unclear.texts:
        if not hints:
            lines.append(f'  {lost:,} "{words}"')
        elif words.isprintable() and len(words) <= LONGEST:
            lines.append(f"  {lost:,}: lostsale reasons alias {quote(words)}")
    return lines


def _competitors(tally: Tally, *, whole: bool, hints: bool) -> list[str]:
    nobody = [one for one in tally.lost_to if one.name == NOBODY]
    named = [one for one in tally.lost_to if one.name and one.name != NOBODY]
    shown = [*(named if whole else named[:NAMED]), *nobody]
    if not shown:
        return []
    see = ": --all" if hints else ""
    more = f" · {len(named) - NAMED:,} more{see}" if len(named) > NAMED and not whole else ""
    parts = (
        f"{one.name} {one.lost:,} ({'' if place else 'won back '}{one.won_back:,})"
        for place, one in enumerate(shown)
    )
    return [f"Lost to {' · '.join(parts)}{more}"]


def _months(tally: Tally, width: int | None) -> Page:
    if not tally.months:
        return []
    is_wide = width is None or width >= WORDY
    columns: tuple[Column, ...] = (
        Column("When" if width is None else ""),
        Column("Lost", right=True),
        Column("Asked", right=True),
        Column("Told", right=True),
        Column("Won back since" if is_wide else "Won back", right=True),
        Column("Wins made then" if is_wide else "Wins then", right=True),
    )
    years = {month.month[:4] for month in tally.months}
    rows: list[tuple[str, ...]] = [
        (
            month.month if width is None else _named(month.month, with_year=len(years) > 1),
            f"{month.lost:,}",
            f"{month.asked:,}",
            f"{month.told:,}",
            f"{month.won_back:,}"
            + (" early" if month.early else percent(month.won_back, month.lost)),
            f"{month.won_in_month:,}",
        )
        for month in tally.months
    ]
    bars = _bars(tally)
    if width is not None and is_wide and bars:
        columns = (*columns, Column(" ", style="dim"))
        rows = [(*row, bar) for row, bar in zip(rows, bars, strict=True)]
    return [Grid(columns, tuple(map(Row, rows)), explain=True)]


def _bars(tally: Tally) -> list[str]:
    """Return a bar for the losses a day of each unit, which the numbers of quarters beside months
    hide; none where they hardly differ."""
    start = tally.period.from_ or tally.months[0].month
    end = min(tally.period.to or tally.period.as_of, tally.period.as_of)
    a_day = []
    for month in tally.months:
        unit = labelled(month.month)
        first, last = max(str(unit.start), start), min(str(unit.end), end)
        days = date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal() + 1
        a_day.append(month.lost / max(days, 1))
    cells = [round(lost / (max(a_day) or 1) * BAR) for lost in a_day]
    return ["█" * count for count in cells] if max(cells) - min(cells) > 1 else []


def _named(label: str, *, with_year: bool) -> str:
    """Return `Nov` for 2026-11, `Oct\u2013Dec` for 2026q4."""
    if label.isdigit():  # a year
        return label
    unit = labelled(label)
    first, last = f"{unit.start:%b}", f"{unit.end:%b}"
    name = first if first == last else f"{first}\u2013{last}"
    return f"{name} {label[:4]}" if with_year else name

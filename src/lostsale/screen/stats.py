"""The tally of a period on one screen. Each section is one function; an empty one is left out."""

from collections.abc import Iterable, Mapping
from datetime import date

from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import FEW
from lostsale.settings import Settings
from lostsale.tally import Amounts, PeriodAmounts, Tally

WORDY = 76  # columns, from which their words fit beside the numbers
SHOWN = 8  # reasons


def stats_page(tally: Tally, settings: Settings, width: int | None = None) -> Page:
    """Return the screen of a period, for a terminal of `width` columns or, if None, for a pipe."""
    if not tally.lost and not tally.won_in_period:
        return [f"{_period(tally)} · nothing lost"]
    page: list[str | Line | Grid] = [Line(_headline(tally), "bold"), *_compared(tally)]
    asking: list[str | Line | Grid] = [*_asking(tally), *_going_back(tally)]
    for section in (asking, _reasons(tally, settings, width), _months(tally)):
        page += ["", *section] if section else []
    return page


def share(part: int, whole: int) -> str:
    """Return `60 of 1,200 (5.0%)`; without the percentage where the numbers are small."""
    return f"{part:,} of {whole:,}{_percent(part, whole)}"


def _percent(part: int, whole: int) -> str:
    return f" ({part / whole:.1%})" if whole >= FEW else ""


def _period(tally: Tally) -> str:
    period = tally.period
    if period.to and period.to > period.as_of and (period.from_ or "") <= period.as_of:
        today = date.fromisoformat(period.as_of)
        return f"{period.label} to {today.day} {today:%b}"
    return period.label


def _headline(tally: Tally) -> str:
    target = tally.target
    goal = f"{target.to_go:,} to go" if target.to_go else "reached"
    won = f"{tally.won_back:,} won back{_percent(tally.won_back, tally.lost)}"
    money = _money((kind, sums.won_back) for kind, sums in tally.amounts.items() if _worth(sums))
    parts = [
        _period(tally),
        f"{tally.lost:,} lost",
        f"{won}, {money}" if money else won,
        f"{target.rate * 100:g}% is {target.wins:,}: {goal}",
    ]
    enough = tally.lost >= FEW  # 5% of three losses is no goal
    return " · ".join(parts if enough else parts[: 3 if tally.lost else 2])


def _worth(sums: PeriodAmounts) -> bool:
    return bool(sums.won_back.strip("0."))


def _money(sums: Iterable[tuple[str, str]]) -> str:
    """Return sums side by side, whole units only: `391,200 USD + 12,000 EUR`."""
    return " + ".join(f"{_whole(amount)} {currency}" for currency, amount in sums)


def _whole(amount: str) -> str:
    return f"{int(amount.partition('.')[0]):,}"


def _compared(tally: Tally) -> list[str]:
    parts = []
    before = tally.previous
    if before and before.lost:
        won = share(before.won_back, before.lost)
        parts.append(f"Before ({before.from_} to {before.to}): won back {won}")
    if tally.won_in_period:
        parts.append(f"wins made in these days: {tally.won_in_period:,}")
    if tally.without_amount:
        parts.append(f"without an amount: {tally.without_amount:,}")
    return [" · ".join(parts)] if parts else []


def _asking(tally: Tally) -> list[str]:
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
        label = tally.period.label
        lines.append(f"  not asked yet {tally.not_asked:,}: lostsale list {label} --not-asked")
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


def _reasons(tally: Tally, settings: Settings, width: int | None) -> list[str | Line | Grid]:
    known = [reason for reason in tally.reasons if reason.code]
    if not known:
        return []
    columns: tuple[Column, ...] = (
        Column("Real reason (told)"),
        Column("Lost", right=True),
        Column("Told", right=True),
        Column("Amount", right=True),
        Column("Won", right=True),
        Column("Weakness"),
        Column("In their words", stretchy=True, style="dim"),
    )
    rows = tuple(
        Row(
            (
                reason.code or "",
                f"{reason.lost:,}",
                f"{reason.told:,}",
                _lost(reason.amounts, settings),
                f"{reason.won_back:,}",
                reason.weakness or "-",
                f'"{reason.quote}"' if reason.quote else "",
            )
        )
        for reason in known[:SHOWN]
    )
    if width is not None and width < WORDY:
        columns, rows = columns[:-1], tuple(Row(row.cells[:-1]) for row in rows)
    more = [f"{len(known) - SHOWN} more: lostsale stats --json"] if len(known) > SHOWN else []
    return [Grid(columns, rows, explain=True), *more]


def _lost(amounts: Mapping[str, Amounts], settings: Settings) -> str:
    return " + ".join(
        _whole(sums.lost) + ("" if currency == settings.currency else f" {currency}")
        for currency, sums in amounts.items()
    )


def _months(tally: Tally) -> list[str | Line | Grid]:
    columns = (
        Column("Month"),
        Column("Lost", right=True),
        Column("Asked", right=True),
        Column("Told", right=True),
        Column("Won back since", right=True),
        Column("Wins made then", right=True),
    )
    rows = tuple(
        Row(
            (
                month.month,
                f"{month.lost:,}",
                f"{month.asked:,}",
                f"{month.told:,}",
                f"{month.won_back:,}"
                + (" early" if month.early else _percent(month.won_back, month.lost)),
                f"{month.won_in_month:,}",
            )
        )
        for month in tally.months
    )
    return [Grid(columns, rows, explain=True)] if rows else []

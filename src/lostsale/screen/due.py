"""The morning list, and the line that `lostsale` alone shows."""

from datetime import date, timedelta

from lostsale.domain.dates import long_day
from lostsale.domain.due import TODAY, Morning, Which
from lostsale.domain.loss import Loss, Step
from lostsale.domain.settings import Settings
from lostsale.screen.loss import up_again
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import DO, NARROW, amount, plural, short_day, when, who

_NAME_WIDTH = 16  # columns
KNOW = "What you know"


def due_page(
    morning: Morning,
    settings: Settings,
    width: int | None,
    which: Which = TODAY,
    next_day: date | None = None,
) -> Page:
    """Return the list for a terminal of `width` columns, or for a pipe if that is None. `next_day`
    is that of the next step, if nothing is due."""
    what = _what(which, morning.today)
    kept_off = _kept_off(morning)
    below = [f"{kept}: {command}" for kept, command in kept_off]
    if not morning.due:
        following = ' After your next "no": lostsale log' if which == TODAY else ""
        if next_day:
            following = f" The next is on {short_day(next_day, morning.today)}."
        return [f"Nothing {what}.{following}", *below]
    above = [] if which.cold else [kept for kept, _ in kept_off]
    first = f", the first {len(morning.shown)}" if morning.more else ""
    summary = [f"{morning.due:,} {what}{first}", *above]
    page: list[str | Line | Grid] = [
        Line(f"{long_day(morning.today)} · {' · '.join(summary)}", "bold"),
        *_rows(morning, settings, width),
    ]
    if morning.more:
        page.append(f"… {morning.more:,} more: the same with --all")
    return [*page, *below]


def _what(which: Which, today: date) -> str:
    """Return what the list shows, after its number: `34 due`."""
    what = "due"
    if which.cold:
        what = "gone cold"
    elif which.on:
        what = f"on {short_day(which.on, today)}"
    elif which.days:
        what = f"due by {short_day(today + timedelta(which.days), today)}"
    return f"of that kind {what}" if which.kinds else what


def _kept_off(morning: Morning) -> list[tuple[str, str]]:
    """Return what is kept off the list, each with what to do about it."""
    kept = (
        (morning.cold, "gone cold", "lostsale due --cold, or lostsale move-on --cold"),
        (morning.ready, "ready to rest", "lostsale move-on --ready"),
    )
    return [(f"{count:,} {how}", command) for count, how, command in kept if count]


def _rows(morning: Morning, settings: Settings, width: int | None) -> list[str | Line | Grid]:
    today = morning.today
    rows: list[Row | Line] = []
    under = ""
    for (heading, _), loss in zip(morning.shown, morning.losses, strict=True):
        step = loss.step
        assert step is not None
        if heading != under:
            rows.append(Line(heading, "dim italic"))
            under = heading
        rows.append(_row(loss, step, settings, today))
    if width is not None and width < NARROW:
        return _two_lines(rows)
    columns = (
        Column("When"),
        Column("No", right=True, style="bold"),
        Column("Who", stretchy=True),
        Column("Do"),
        Column("Amount", right=True),
        Column(KNOW, stretchy=True, style="dim"),
        Column("Phone"),
    )
    grid = Grid(columns, tuple(rows))
    if width is None or _is_roomy(grid, width):
        return [grid]
    return [grid.only([place for place, column in enumerate(columns) if column.title != KNOW])]


def _is_roomy(grid: Grid, width: int) -> bool:
    """Return whether what is known fits beside the rest without cutting the names short."""
    records = [row.cells for row in grid.rows if isinstance(row, Row)]
    texts = zip(grid.columns, zip(*records, strict=True), strict=True)
    fixed = sum(max(len(c.title), *map(len, cells)) + 2 for c, cells in texts if not c.stretchy)
    return fixed + _NAME_WIDTH + 2 + len(KNOW) <= width


def _row(loss: Loss, step: Step, settings: Settings, today: date) -> Row:
    is_late = settings.workdays.late(step.on, today) > 0
    return Row(
        (
            when(step, today, settings.workdays),
            str(loss.number),
            who(loss),
            DO[step.kind],
            amount(loss.money, settings) or "-",
            "; ".join(what_you_know(loss, step)),
            loss.phone or "-",
        ),
        "red" if is_late else "cyan" if step.time else "",
    )


def _two_lines(rows: list[Row | Line]) -> list[str | Line | Grid]:
    page: list[str | Line | Grid] = []
    for row in rows:
        if isinstance(row, Line):
            page.append(row)
            continue
        due, number, person, do, money, _, phone = row.cells
        page += [Line(f"{number}  {person}", "bold"), f"    {due} · {do} · {money} · {phone}"]
    return page


def what_you_know(loss: Loss, step: Step) -> list[str]:
    """Return the one thing that helps most with this step, and how often it was tried."""
    real = loss.real
    if step.kind == "meet" and (step.marked or step.where):
        marked = "in their calendar" if step.marked else ""
        what = "; ".join(filter(None, (marked, step.where)))
    elif step.kind == "renew":
        what = up_again(loss, step.on)
    elif step.kind == "save" and loss.way_in:
        what = f"way in: {loss.way_in}"
    elif step.kind == "touch" and loss.outcome == "competitor" and loss.lost_to:
        what = f"with {loss.lost_to} since {loss.lost_on:%b}"
    elif real and real.code:
        what = f"{real.source} {real.code}"
    elif real:
        what = "would not say why"
    elif loss.said:
        what = f"said {loss.said.code}"
    else:
        what = f"guess {loss.guess.code}" if loss.guess else ""
    tries = plural(step.tries, "no answer") if step.tries else ""
    return [part for part in (what, tries) if part]


def day_page(morning: Morning, month: tuple[str, int, int]) -> Page:
    """Return the day in two lines: what is due, and how the month stands (its name, lost, won
    back)."""
    name, lost, won = month
    due = "nothing due"
    if morning.first and morning.losses:
        time, prospect = morning.first.time, morning.losses[0].prospect
        which = f"at {time} ({prospect})" if time else f"is {prospect}"
        due = f"{morning.due:,} due, the first {which}"
    return [
        f"{due} · {name}: {lost:,} lost, {won:,} won back",
        "lostsale log · lostsale due · lostsale stats · lostsale --help",
    ]


def first_page(path: str) -> Page:
    """Return what is shown while there is no journal: what to do, and where it will lie."""
    return [f'After your next "no": lostsale log. The journal will lie in {path}']

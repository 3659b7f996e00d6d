"""The morning list, and the line that `lostsale` alone shows."""

from datetime import date

from lostsale.domain.due import Morning
from lostsale.domain.loss import Loss, Step
from lostsale.domain.settings import Settings
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import DO, NARROW, amount, long_day, plural, short_day, when, who

WHO = 16  # columns that a name needs
KNOW = "What you know"


def due_page(
    morning: Morning,
    losses: list[Loss],
    settings: Settings,
    width: int | None,
    what: str,
    next_day: date | None,
) -> Page:
    """Return the list for a terminal of `width` columns, or for a pipe if that is None. `what` says
    what it lists, `next_day` when the next step falls if nothing is due."""
    kept_off = _kept_off(morning)
    below = [f"{kept}: {command}" for kept, command in kept_off]
    if not morning.due:
        return [_nothing(morning, what, next_day), *below]
    above = [] if "gone cold" in what else [kept for kept, _ in kept_off]
    first = f", the first {len(morning.shown)}" if morning.more else ""
    summary = [f"{morning.due:,} {what}{first}", *above]
    page: list[str | Line | Grid] = [
        Line(f"{long_day(morning.today)} · {' · '.join(summary)}", "bold"),
        *_rows(morning, losses, settings, width),
    ]
    if morning.more:
        page.append(f"… {morning.more:,} more: the same with --all")
    return [*page, *below]


def _nothing(morning: Morning, what: str, next_day: date | None) -> str:
    following = f" The next is on {short_day(next_day, morning.today)}." if next_day else ""
    invitation = ' After your next "no": lostsale log' if what == "due" else ""
    return f"Nothing {what}.{following or invitation}"


def _kept_off(morning: Morning) -> list[tuple[str, str]]:
    """Return what is kept off the list, each with what to do about it."""
    kept = (
        (morning.cold, "gone cold", "lostsale due --cold, or lostsale move-on --cold"),
        (morning.ready, "ready to rest", "lostsale move-on --ready"),
    )
    return [(f"{count:,} {how}", command) for count, how, command in kept if count]


def _rows(
    morning: Morning, losses: list[Loss], settings: Settings, width: int | None
) -> list[str | Line | Grid]:
    today = morning.today
    by_number = {loss.number: loss for loss in losses}
    rows: list[Row | Line] = []
    under = ""
    for heading, number in morning.shown:
        loss = by_number[number]
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
    return fixed + WHO + 2 + len(KNOW) <= width


def _row(loss: Loss, step: Step, settings: Settings, today: date) -> Row:
    due = when(step, today, settings.workdays)
    return Row(
        (
            due,
            str(loss.number),
            who(loss),
            DO[step.kind],
            amount(loss.money, settings) or "-",
            "; ".join(what_you_know(loss, step)),
            loss.phone or "-",
        ),
        "red" if due.endswith("late") else "cyan" if step.time else "",
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


def day_page(morning: Morning, first: Loss | None, month: tuple[str, int, int]) -> Page:
    """Return the day in two lines: what is due, and how the month stands (its name, lost, won
    back)."""
    name, lost, won = month
    due = "nothing due"
    if morning.first and first:
        time = morning.first.time
        which = f"at {time} ({first.prospect})" if time else f"is {first.prospect}"
        due = f"{morning.due:,} due, the first {which}"
    return [
        f"{due} · {name}: {lost:,} lost, {won:,} won back",
        "lostsale log · lostsale due · lostsale stats · lostsale --help",
    ]


def first_page(path: str) -> Page:
    """Return what is shown while there is no journal: what to do, and where it will lie."""
    return [f'After your next "no": lostsale log. The journal will lie in {path}']

"""The morning list, and the line that `lostsale` alone shows."""

from collections.abc import Iterator
from datetime import date, timedelta

from lostsale.domain.due import TODAY, Morning, Which
from lostsale.domain.loss import Loss, Real, Step
from lostsale.domain.periods import day_text, hour_text
from lostsale.domain.reasons import OTHER, Reason
from lostsale.domain.settings import Settings
from lostsale.domain.workdays import COLD_AFTER
from lostsale.screen.loss import up_again
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import NARROW, amount, do, full_amount, plural, short_day, when, who

_NAME_WIDTH = 16  # columns
_AROUND = 4  # lines: above the list, the titles, how many more, and the shell's prompt
_LEAST = 10  # losses, however low the terminal
_NAMED = 3  # losses gone cold
_STAYS = 10  # working days, for which the largest are still listed when they have gone cold
_COLD = "gone cold, the largest"
_BARE = 8  # rows, of which only one has anything in a column
KNOW = "What you know"


def due_page(
    morning: Morning,
    settings: Settings,
    width: int | None,
    which: Which = TODAY,
    next_day: date | None = None,
    height: int | None = None,
    to_call: int = 0,
) -> Page:
    """Return the list for a terminal of `width` columns, or for a pipe if that is None; of as many
    rows as there is room for on a terminal of `height` lines, if that is given. `next_day` is that
    of the next step, if nothing is due; `to_call` are names."""
    what = _what(which, morning.today)
    below = [*_kept_off(morning, which, settings, width)]
    if to_call:
        below.append(f"{plural(to_call, 'referral')} to call: lostsale referrals")
    is_list = which == TODAY and width is not None
    morning = morning._replace(cold_largest=_newly_cold(morning, settings) if is_list else ())
    if height and width:
        morning = _fitting(morning, width, height - len(below) - _AROUND)
    if not morning.due:
        following = ' After your next "no": lostsale log' if which == TODAY else ""
        if next_day:
            following = f" The next is on {short_day(next_day, morning.today)}."
        return [f"Nothing {what}.{following}", *below]
    above = [] if which.cold else _counts(morning)
    first = f", the first {len(morning.shown)}" if morning.more else ""
    summary = [f"{morning.due:,} {what}{first}", *above]
    page: list[str | Line | Grid] = [
        Line(f"{day_text(morning.today)} · {' · '.join(summary)}", "bold"),
        *_rows(morning, settings, width),
    ]
    if morning.more:
        page.append(f"… {morning.more:,} more with --all")
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


def _counts(morning: Morning) -> list[str]:
    """Return how many losses are kept off the list."""
    kept = ((morning.cold, "gone cold"), (morning.ready, "ready to close"))
    return [f"{count:,} {how}" for count, how in kept if count]


def _kept_off(
    morning: Morning, which: Which, settings: Settings, width: int | None
) -> Iterator[str]:
    """Yield what is kept off the list, with what is at stake and what to do about it."""
    if morning.cold and which.cold:
        yield "lostsale due --cold --walk, or lostsale move-on --cold"
    elif morning.cold:
        worth = " + ".join(full_amount(money, settings) for money in morning.cold_worth)
        count = ", ".join(filter(None, (f"{morning.cold:,} cold", worth)))
        yield _with_largest(count, morning, settings, width)
    if morning.ready:
        yield f"{morning.ready:,} ready to close: lostsale move-on --ready"


def _with_largest(count: str, morning: Morning, settings: Settings, width: int | None) -> str:
    """Return the line about what has gone cold, with the largest as far as it has room."""
    for named in range(min(_NAMED, len(morning.cold_largest)), 0, -1):
        losses = morning.cold_largest[:named]
        names = [f"{one.prospect} {amount(one.money, settings)}".rstrip() for one in losses]
        more = " …" if named < morning.cold else ""
        line = f"{count}: {', '.join(names)}{more}: lostsale due --cold"
        if width is None or len(line) <= width:
            return line
    return f"{count}: lostsale due --cold"


def _newly_cold(morning: Morning, settings: Settings) -> tuple[Loss, ...]:
    """Return the largest that have gone cold not long ago, as while one was away."""
    late = settings.workdays.late
    return tuple(
        loss
        for loss in morning.cold_largest
        if loss.step and late(loss.step.on, morning.today) <= COLD_AFTER + _STAYS
    )


def _fitting(morning: Morning, width: int, room: int) -> Morning:
    """Return the list cut to so many lines, but never to fewer than _LEAST losses."""
    lines, cold, shown = 2 if width < NARROW else 1, morning.cold_largest, morning.shown
    room -= len(cold) * lines + bool(cold)

    def taken() -> int:
        return len(shown) * lines + len({heading for heading, _ in shown})

    while taken() > room and len(shown) + len(cold) > _LEAST:
        shown = shown[:-1]
    losses = morning.losses[: len(shown)]
    return morning._replace(shown=shown, losses=losses)


def _rows(morning: Morning, settings: Settings, width: int | None) -> list[str | Line | Grid]:
    today = morning.today
    rows: list[Row | Line] = []
    under = ""
    listed = [
        (heading, loss) for (heading, _), loss in zip(morning.shown, morning.losses, strict=True)
    ]
    for heading, loss in [*listed, *((_COLD, loss) for loss in morning.cold_largest)]:
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
    if width is None:
        return [grid]
    grid = grid.only([place for place in range(len(columns)) if not _is_bare(grid, place)])
    if not _is_roomy(grid, width):
        titles = enumerate(column.title for column in grid.columns)
        grid = grid.only([place for place, title in titles if title != KNOW])
    return [grid]


def _is_bare(grid: Grid, place: int) -> bool:
    """Whether a column is so empty that its room is worth more to the others."""
    cells = [row.cells[place] for row in grid.rows if isinstance(row, Row)]
    return sum(cell not in {"", "-"} for cell in cells) * _BARE <= len(cells)


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
            when(loss, step, today, settings.workdays),
            str(loss.number),
            who(loss),
            do(step, today),
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
        marked = "on their calendar" if step.marked else ""
        what = "; ".join(filter(None, (marked, step.where)))
    elif step.kind == "renew":
        what = up_again(loss, step.on)
    elif step.kind == "save" and loss.way_in:
        what = f"way in: {loss.way_in}"
    elif step.kind == "touch" and loss.outcome == "competitor" and loss.lost_to:
        what = f"with {loss.lost_to} since {loss.lost_on:%b}"
    elif real and real.code:
        what = f"{real.source} {_reason(real)}"
    elif real:
        what = "would not say why"
    elif loss.said:
        what = f"said {_reason(loss.said)}"
    else:
        what = f"guess {_reason(loss.guess)}" if loss.guess else ""
    tries = plural(step.tries, "no answer") if step.tries else ""
    return [part for part in (what, tries) if part]


def _reason(reason: Reason | Real) -> str:
    """Return the code of a reason, but its words where they have none."""
    is_other = reason.code == OTHER and reason.words
    return f'"{reason.words}"' if is_other else reason.code or ""


def day_page(morning: Morning, month: tuple[str, int, int]) -> Page:
    """Return the day in two lines: what is due, and how the month stands (its name, lost, won
    back)."""
    name, lost, won = month
    due = "nothing due"
    if morning.first and morning.losses:
        time, prospect = morning.first.time, morning.losses[0].prospect
        which = f"at {hour_text(time)} ({prospect})" if time else f"is {prospect}"
        due = f"{morning.due:,} due, the first {which}"
    return [
        f"{due} · {name}: {lost:,} lost, {won:,} won back",
        "lostsale log · lostsale due · lostsale stats · lostsale --help",
    ]


def first_page(path: str) -> Page:
    """Return what is shown while there is no journal: what to do, and where it will lie."""
    return [f'After your next "no": lostsale log. Your journal will be kept in {path}']

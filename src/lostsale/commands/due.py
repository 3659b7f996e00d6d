"""The day, and the morning list. The walk that `due` may start is in `walk`."""

from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import complete, fields
from lostsale.commands.options import Json
from lostsale.domain.due import Due, Morning, cold_before, in_order, morning
from lostsale.domain.periods import read_period
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import queries


def day(app: App) -> None:
    """Show the day in two lines."""
    from lostsale.screen.due import day_page, first_page

    if not app.has_journal:
        gone = app.lost_journal()
        app.show([gone.removeprefix("lostsale: ")] if gone else first_page(str(app.path)))
        return
    today = _morning(app, 1, _steps(app))
    first = app.journal.get([number for _, number in today.shown])
    lost, won = queries.lost_and_won(app.journal, read_period("this-month", app.today))
    app.show(day_page(today, first[0] if first else None, (f"{app.today:%B}", lost, won)))


def due(
    ctx: typer.Context,
    all_: Annotated[
        bool, typer.Option("--all", help="All that is due, not only a portion.")
    ] = False,
    cold: Annotated[bool, typer.Option("--cold", help="What has gone cold.")] = False,
    days: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=3650, help="Look N days ahead.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="WHEN", help="What falls on one day ahead.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Only why, save, thanks, referral, touch, meet.",
            autocompletion=complete.kinds,
        ),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Print how many, a bare number.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="With --count: exit 1 when something is due.")
    ] = False,
    walk: Annotated[bool, typer.Option("--walk", help="Go through them, one key each.")] = False,
    json: Json = False,
) -> None:
    """Show who needs you today.

    lostsale due
    lostsale due --days 7
    lostsale due --kind why --all
    """
    app: App = ctx.obj
    if walk and (count or json):
        raise BadInput("--walk goes with neither --count nor --json", "Choose one")
    if walk and not app.is_interactive:
        raise BadInput("--walk needs a terminal", "Write lostsale due")
    if sum((cold, days is not None, on is not None)) > 1:
        raise BadInput("--cold, --days and --on exclude each other", "Choose one")
    if count and json:
        raise BadInput("--count prints a bare number and no JSON", "Choose one")
    if exit_code and not count:
        raise BadInput("--exit-code goes with --count", "Write lostsale due --count --exit-code")
    kinds = tuple(fields.read_kind(text) for text in kind or ())
    ahead = None if on is None else fields.read_ahead(app, on).day
    steps = _steps(app, kinds, cold=cold, days=days, on=ahead)
    if count:
        app.show(f"{len(steps)}\n")
        raise typer.Exit(1 if exit_code and steps else 0)
    if walk and steps:
        from lostsale.commands.walk import walk as through

        through(app, in_order(steps, app.today))
        return
    portion = None if all_ or cold else app.settings.portion
    found = _morning(app, portion, steps)
    losses = app.journal.get(number for _, number in found.shown)
    if json:
        counts = {"more": found.more, "cold": found.cold, "ready_to_rest": found.ready}
        app.show(to_json("due", [*map(app.record, losses)], today=app.today.isoformat(), **counts))
        return
    from lostsale.screen.due import due_page

    following = None if steps else queries.next_day(app.journal, app.today)
    what = _what(app, kinds, cold=cold, days=days, on=ahead)
    app.show(due_page(found, losses, app.settings, app.width, what, following))


def _what(
    app: App, kinds: tuple[str, ...], *, cold: bool, days: int | None, on: date | None
) -> str:
    """Return what the list shows, after its number: `34 due`."""
    from lostsale.screen.text import short_day

    what = "due"
    if cold:
        what = "gone cold"
    elif on is not None:
        what = f"on {short_day(on, app.today)}"
    elif days:
        what = f"due by {short_day(app.today + timedelta(days), app.today)}"
    return f"of that kind {what}" if kinds else what


def _steps(
    app: App,
    kinds: tuple[str, ...] = (),
    *,
    cold: bool = False,
    days: int | None = None,
    on: date | None = None,
) -> list[Due]:
    """Return the steps that are due: today's and late ones, or as the options say."""
    warm = cold_before(app.today, app.settings.workdays)
    if cold:
        return queries.due_steps(app.journal, date.min, warm, kinds)
    if on is not None:
        return queries.due_steps(app.journal, on - timedelta(1), on, kinds)
    return queries.due_steps(app.journal, warm, app.today + timedelta(days or 0), kinds)


def _morning(app: App, portion: int | None, steps: list[Due]) -> Morning:
    cold, ready = queries.standing(app.journal, app.today, app.settings.workdays)
    return morning(steps, app.today, cold, ready, portion)

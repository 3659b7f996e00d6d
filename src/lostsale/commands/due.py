"""Looking: the day, the morning list, one loss. Nothing here writes; the walk that `due` may start
is in `walk`, several losses and names in `lists`, the tally in `numbers`."""

from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import complete, fields, refs
from lostsale.commands.options import Json, Ref
from lostsale.domain.due import Due, Morning, cold_before, in_order, morning
from lostsale.domain.periods import read_period
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import queries


def day(desk: Context) -> None:
    """Show the day in two lines."""
    from lostsale.screen.due import day_page, first_page

    if not desk.has_journal:
        gone = desk.lost_journal()
        desk.show([gone.removeprefix("lostsale: ")] if gone else first_page(str(desk.path)))
        return
    today = _morning(desk, 1, _steps(desk))
    first = desk.journal.get([number for _, number in today.shown])
    lost, won = queries.lost_and_won(desk.journal, read_period("this-month", desk.today))
    desk.show(day_page(today, first[0] if first else None, (f"{desk.today:%B}", lost, won)))


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
    desk: Context = ctx.obj
    if walk and (count or json):
        raise BadInput("--walk goes with neither --count nor --json", "Choose one")
    if walk and not desk.is_interactive:
        raise BadInput("--walk needs a terminal", "Write lostsale due")
    if sum((cold, days is not None, on is not None)) > 1:
        raise BadInput("--cold, --days and --on exclude each other", "Choose one")
    if count and json:
        raise BadInput("--count prints a bare number and no JSON", "Choose one")
    if exit_code and not count:
        raise BadInput("--exit-code goes with --count", "Write lostsale due --count --exit-code")
    kinds = tuple(fields.read_kind(text) for text in kind or ())
    ahead = None if on is None else fields.read_ahead(desk, on).day
    steps = _steps(desk, kinds, cold=cold, days=days, on=ahead)
    if count:
        desk.show(f"{len(steps)}\n")
        raise typer.Exit(1 if exit_code and steps else 0)
    if walk and steps:
        from lostsale.commands.walk import walk as through

        through(desk, in_order(steps, desk.today))
        return
    portion = None if all_ or cold else desk.settings.portion
    found = _morning(desk, portion, steps)
    losses = desk.journal.get(number for _, number in found.shown)
    if json:
        counts = {"more": found.more, "cold": found.cold, "ready_to_rest": found.ready}
        desk.show(
            to_json("due", [*map(desk.record, losses)], today=desk.today.isoformat(), **counts)
        )
        return
    from lostsale.screen.due import due_page

    following = None if steps else queries.next_day(desk.journal, desk.today)
    what = _what(desk, kinds, cold=cold, days=days, on=ahead)
    desk.show(due_page(found, losses, desk.settings, desk.width, what, following))


def _what(
    desk: Context, kinds: tuple[str, ...], *, cold: bool, days: int | None, on: date | None
) -> str:
    """Return what the list shows, after its number: `34 due`."""
    from lostsale.screen.text import short_day

    what = "due"
    if cold:
        what = "gone cold"
    elif on is not None:
        what = f"on {short_day(on, desk.today)}"
    elif days:
        what = f"due by {short_day(desk.today + timedelta(days), desk.today)}"
    return f"of that kind {what}" if kinds else what


def _steps(
    desk: Context,
    kinds: tuple[str, ...] = (),
    *,
    cold: bool = False,
    days: int | None = None,
    on: date | None = None,
) -> list[Due]:
    """Return the steps that are due: today's and late ones, or as the options say."""
    warm = cold_before(desk.today, desk.settings.workdays)
    if cold:
        return queries.due_steps(desk.journal, date.min, warm, kinds)
    if on is not None:
        return queries.due_steps(desk.journal, on - timedelta(1), on, kinds)
    return queries.due_steps(desk.journal, warm, desk.today + timedelta(days or 0), kinds)


def _morning(desk: Context, portion: int | None, steps: list[Due]) -> Morning:
    cold, ready = queries.standing(desk.journal, desk.today, desk.settings.workdays)
    return morning(steps, desk.today, cold, ready, portion)


def show(ctx: typer.Context, ref: Ref, json: Json = False) -> None:
    """Show all about one loss.

    lostsale show 42
    lostsale show "oakfield labs" --json
    """
    desk: Context = ctx.obj
    (loss,) = desk.journal.get([refs.one(desk, ref, "any")])
    if json:
        desk.show(to_json("loss", desk.record(loss)))
        return
    from lostsale.screen.loss import whole

    desk.show(whole(loss, desk.plan, desk.settings, desk.today))

"""The day, and the morning list. The walk that `due` may start is in `walk`."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.options import complete_kinds
from lostsale.domain.due import TODAY, Which, in_order
from lostsale.domain.loss import Loss
from lostsale.domain.periods import read_period
from lostsale.errors import BadInput
from lostsale.journal import queries
from lostsale.screen.page import Page


def day(app: App) -> None:
    """Show the day in two lines."""
    from lostsale.screen.due import day_page, first_page

    if not app.has_journal:
        gone = app.lost_journal()
        app.show([gone] if gone else first_page(str(app.path)))
        return
    today = app.journal.due(portion=1)
    lost, won = queries.lost_and_won(app.journal, read_period("this-month", app.today))
    app.show(day_page(today, (f"{app.today:%B}", lost, won)))


def due(
    ctx: typer.Context,
    when: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHEN]", help="tomorrow, friday, this week, all, cold; or calls, cards."
        ),
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Everything due, not just the first ones.")
    ] = False,
    cold: Annotated[bool, typer.Option("--cold", help="What has gone cold.")] = False,
    days: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=3650, help="Look N days ahead.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(metavar="WHEN", help="What's due on one day in the future.")
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Only why, save, thanks, referral, touch, meet, renew.",
            autocompletion=complete_kinds,
        ),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="Print just the number.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="With --count: exit 1 when something is due.")
    ] = False,
    walk: Annotated[bool, typer.Option("--walk", help="Go through them with single keys.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Print each loss as JSON, one per line.")
    ] = False,
) -> Result | None:
    """Show who needs you today.

    lostsale due
    lostsale due this week
    lostsale due cards --all
    """
    app: App = ctx.obj
    text = " ".join(when or ()).casefold()
    if is_day := text not in {"", "all", "cold"}:
        with suppress(BadInput):
            kind, is_day = [*(kind or ()), fields.read_kind(text)], False
    _check_one({"WHEN": is_day, "--cold": cold, "--days": days is not None, "--on": on is not None})
    all_, cold = all_ or text == "all", cold or text == "cold"
    if is_day:
        days, on = _spelled(app, text)
    forms = {"--walk": walk, "--count": count, "--csv": csv, "--jsonl": jsonl}
    _check_one({**forms, "--json": app.is_json})
    _check_one({"--cold": cold, "--days": days is not None, "--on": on is not None})
    if walk and not app.is_interactive:
        raise BadInput("--walk needs a terminal", "Try lostsale due")
    if exit_code and not count:
        raise BadInput("--exit-code needs --count", "Try lostsale due --count --exit-code")
    kinds = tuple(fields.read_kind(text) for text in kind or ())
    day = None if on is None else _read_day(app, on)
    which = Which(kinds=kinds, days=days or 0, on=day, cold=cold)
    if count or walk:
        steps = app.journal.due_steps(which)
        if count:
            app.show(f"{len(steps)}\n")
            raise typer.Exit(1 if exit_code and steps else 0)
        if steps:
            from lostsale.commands.walk import walk as through

            through(app, in_order(steps, app.today))
            return None
    found = app.journal.due(which, portion=None if all_ or cold else app.settings.portion)
    if csv or jsonl:
        _print_records(app, found.losses, is_csv=csv)
        return None

    def page() -> Page:
        from lostsale.screen.due import due_page

        following = None if found.due or cold else queries.next_day(app.journal, app.today)
        height = None if all_ or cold else app.height
        to_call = queries.names_to_call(app.journal, app.today) if which == TODAY else 0
        return due_page(found, app.settings, app.width, which, following, height, to_call)

    beside = {"more": found.more, "cold": found.cold, "ready_to_rest": found.ready}
    return Result("due", found.losses, page, {"today": app.today.isoformat(), **beside})


def _spelled(app: App, text: str) -> tuple[int | None, str | None]:
    """Return what `this week` is as --days, or any other day as --on."""
    if week := re.fullmatch("(?:this|(next)) week", text):
        return 6 - app.today.weekday() + 7 * bool(week[1]), None
    return None, text


def _read_day(app: App, text: str) -> date:
    """Return the day ahead that a text means. Raises BadInput, with what else may be meant."""
    try:
        return fields.read_ahead(app, text).day
    except BadInput as error:
        if text[:1].isalpha():
            error.hint += "; a kind of step: due cards; one loss: show oakfield"
        raise


def _check_one(asked: Mapping[str, bool]) -> None:
    """Raise BadInput unless at most one of several options is asked for."""
    named = [name for name, is_asked in asked.items() if is_asked]
    if len(named) > 1:
        raise BadInput(f"{' and '.join(named)} can't be combined", "Choose one")


def _print_records(app: App, losses: Sequence[Loss], *, is_csv: bool) -> None:
    """Print losses as CSV, or the JSON of each in a line of its own."""
    if is_csv:
        from lostsale.commands.list import show_csv

        show_csv(app, [losses])
    else:
        from lostsale.export.record import dumps

        app.show("".join(f"{dumps(app.record(loss))}\n" for loss in losses))

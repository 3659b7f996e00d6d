"""Taking back the last changes."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import confirmed
from lostsale.domain.periods import day_text, hour_text
from lostsale.domain.results import Undone
from lostsale.errors import Declined
from lostsale.screen.text import full_amount

_NAMED = 10  # losses of a change that are named one by one
_RECENT = timedelta(minutes=10)  # after which one has to look at what is the last change


def undo(
    ctx: typer.Context,
    count: Annotated[
        int, typer.Argument(metavar="[N]", min=1, max=10_000, help="How many changes.")
    ] = 1,
) -> Result:
    """Take back the last change.

    Only what was done on this machine. There's no redo.

    lostsale undo
    lostsale undo 3
    """
    app: App = ctx.obj
    ahead = app.journal.last(count)
    forgot = max((at for _, at in app.journal.forgotten()), default="")
    is_behind = any(change.at < forgot for change in ahead)
    if is_behind:
        app.tell("lostsale: What you forgot last can't come back. The change before that:")
    if app.is_interactive and not app.is_json and (is_behind or any(map(_is_old, ahead))):
        app.show([f"  {_line(app, change)}" for change in ahead])
        which = f"the last {len(ahead)} changes" if len(ahead) > 1 else "that"
        if not confirmed(f"Undo {which}?"):
            raise Declined("Not undone")
    undone = app.journal.undo(count)
    made = [{"command": one.command, "at": one.at, "losses": one.losses} for one in undone]
    return Result("undone", made, lambda: [f"Undone: {_line(app, one)}" for one in undone])


def _is_old(change: Undone) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(change.at) > _RECENT


def _line(app: App, change: Undone) -> str:
    """Return what a change was, and of which losses: `log of 4 Apex Roofing, 12,000 USD`."""
    named = [
        ", ".join(filter(None, (f"{number} {prospect}", full_amount(money, app.settings))))
        for number, prospect, money in change.touched
    ]
    which = "; ".join(named) if len(named) <= _NAMED else f"{len(named):,} losses"
    line = f"{change.command} of {which}" if which else change.command
    if not _is_old(change):
        return line
    at = datetime.fromisoformat(change.at).astimezone()
    return f"{line}, made {day_text(at)} {hour_text(f'{at:%H:%M}')}"

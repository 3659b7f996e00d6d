"""Taking back the last changes."""

from datetime import datetime
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import confirmed
from lostsale.domain.dates import long_day
from lostsale.errors import Declined
from lostsale.journal.store import Undone

_NAMED = 10  # losses of a change that are named one by one


def undo(
    ctx: typer.Context,
    count: Annotated[
        int, typer.Argument(metavar="[N]", min=1, max=10_000, help="How many changes.")
    ] = 1,
) -> Result:
    """Take the last change back.

    Only what was done on this machine. There is no redo.

    lostsale undo
    lostsale undo 3
    """
    app: App = ctx.obj
    if app.is_interactive:
        ahead = app.journal.last(count)
        many = max((len(change.losses) for change in ahead), default=0)
        if len(ahead) > 1 or many > _NAMED:
            app.show([f"  {_line(change)}" for change in ahead])
            which = f"the last {len(ahead)} changes" if len(ahead) > 1 else "that"
            if not confirmed(f"Undo {which}?"):
                raise Declined("Not undone")
    undone = app.journal.undo(count)
    return Result("undone", undone, lambda: [f"Undone: {_line(one)}" for one in undone])


def _line(change: Undone) -> str:
    at = datetime.fromisoformat(change.at).astimezone()
    which = ", ".join(map(str, change.losses))
    if len(change.losses) > _NAMED:
        which = f"({len(change.losses):,} losses)"
    what = f"{change.command} {which}".rstrip()
    return f"{what}, of {long_day(at)} {at:%H:%M}"

"""Putting right what was entered."""

from datetime import datetime
from typing import Annotated

import typer

from lostsale.commands.options import Json
from lostsale.commands.questions import confirmed
from lostsale.context import Context
from lostsale.errors import Declined
from lostsale.journal.store import Undone
from lostsale.screen.json import to_json
from lostsale.screen.page import Page
from lostsale.screen.text import long_day


def undo(
    ctx: typer.Context,
    count: Annotated[
        int, typer.Argument(metavar="[N]", min=1, max=10_000, help="How many changes.")
    ] = 1,
    json: Json = False,
) -> None:
    """Take the last change back.

    Only what was done on this machine. There is no redo. Example: lostsale undo 3
    """
    desk: Context = ctx.obj
    if count > 1 and desk.is_interactive and not confirmed(f"Undo the last {count} changes?"):
        raise Declined("Not undone")
    undone = desk.journal.undo(count)
    desk.show(to_json("undone", undone) if json else _page(undone))


def _page(undone: list[Undone]) -> Page:
    lines = []
    for change in undone:
        at = datetime.fromisoformat(change.at).astimezone()
        numbers = ", ".join(map(str, change.losses[:10])) + (
            " …" if len(change.losses) > 10 else ""
        )
        lines.append(
            f"Undone: {change.command} {numbers}".rstrip() + f", of {long_day(at)} {at:%H:%M}"
        )
    return lines

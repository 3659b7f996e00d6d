"""The sale that was made after all."""

from functools import partial
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask
from lostsale.commands.followup import answer, change
from lostsale.commands.options import (
    Json,
    On,
    Ref,
)
from lostsale.domain import acts
from lostsale.domain.loss import Win


def won(
    ctx: typer.Context,
    ref: Ref,
    amount: Annotated[
        str | None, typer.Argument(help="What it is worth, if not what was lost.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What brought them back.")
    ] = None,
    on: On = None,
    json: Json = False,
) -> None:
    """Note that the sale was made after all.

    lostsale won 42
    lostsale won 41 9500 --note "the lease did it"
    """
    app: App = ctx.obj
    number = refs.one(app, ref, "not won")
    day = fields.read_past(app, on)
    (loss,) = app.journal.get([number])
    money = fields.read_worth(app, loss, amount) if amount is not None else None
    if note is None and app.is_interactive and not json:
        note = ask("What brought them back? ")
    move = partial(acts.won, today=app.today, win=Win(day, money, note or None))
    losses = change(app, "won", [number], "not won", move)
    answer(app, losses, "well done", ref, json, closing=True)

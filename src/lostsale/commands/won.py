"""The sale that was made after all."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask
from lostsale.commands.followup import answer
from lostsale.commands.options import AgainOn, On, Ref


def won(
    ctx: typer.Context,
    ref: Ref,
    amount: Annotated[
        list[str] | None,
        typer.Argument(metavar="[AMOUNT]", help="What it is worth, if not what was lost."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What brought them back.")
    ] = None,
    on: On = None,
    again: AgainOn = None,
) -> Result:
    """Note that the sale was made after all.

    lostsale won 42
    lostsale won 41 9500 --note "the lease did it"
    """
    app: App = ctx.obj
    number = refs.one(app, ref, "won")
    day = fields.read_past(app, on)
    money = None
    if amount:
        (loss,) = app.journal.get([number])
        money = fields.read_worth(app, loss, " ".join(amount))
    if note is None and app.is_interactive and not app.is_json:
        note = ask("What brought them back? ")
    decides = fields.read_field(app, "again", again)["again"] if again else None
    losses = app.journal.on(day).won(number, money, note or None, decides)
    return answer(app, ref, losses, "well done", closing=True)

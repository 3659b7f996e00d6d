"""The sale that was made after all."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask, key
from lostsale.commands.followup import answer
from lostsale.commands.options import AgainOn, On, Ref
from lostsale.commands.script import words
from lostsale.domain.loss import Loss, Win
from lostsale.domain.plan import AFTER_WIN_KINDS
from lostsale.errors import BadInput, NotFound
from lostsale.screen.page import Page

_OFFER = "Plan that card for tomorrow, and a referral call in 30 days?"


def thank_you(app: App, won_back: Loss) -> list[str]:
    """Return the two lines of a card for a customer, with a line above them."""
    lines = words(app, "thanks", won_back).split("\n")
    return ["Thank them, for example:", *(f"  {line}" for line in lines)]


def won(
    ctx: typer.Context,
    ref: Ref,
    amount: Annotated[
        list[str] | None,
        typer.Argument(metavar="[AMOUNT]", help="What it's worth, if not the amount lost."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What brought them back.")
    ] = None,
    on: On = None,
    also: Annotated[
        str | None,
        typer.Option(
            metavar="KINDS", help="What follows: thanks, then referral; or referral alone."
        ),
    ] = None,
    again: AgainOn = None,
) -> Result:
    """Record a sale you won back.

    With --also alone, plan what follows a win that's recorded already.

    lostsale won 42
    lostsale won 41 9500 --note "the lease did it" --also thanks,referral
    """
    app: App = ctx.obj
    ref, amount = refs.split(app, ref, amount)
    day = fields.read_past(app, on)
    money, then = None, fields.read_also(also)
    if not {*then} <= {*AFTER_WIN_KINDS}:
        raise BadInput(
            "After a win, --also takes thanks and referral", "Use --also thanks,referral"
        )
    try:
        number = refs.one(app, ref, "won")
    except NotFound:
        if not then or amount or note or on or again:
            raise
        # The win is noted already, and what follows wasn't planned with it.
        losses = app.journal.thank(refs.one(app, ref, "thank"), then)
        return answer(app, ref, losses, "planned")
    (loss,) = app.journal.get([number])
    if amount:
        money = fields.read_worth(app, loss, " ".join(amount))
    if note is None and app.is_interactive and not app.is_json:
        note = ask("What brought them back? ")
    card = thank_you(app, loss._replace(won=Win(day)))
    if app.is_interactive and not app.is_json and also is None:
        app.show(card)
        if key(f"{_OFFER} y/n > ").casefold() == "y":
            then = AFTER_WIN_KINDS
        card = []
    decides = fields.read_field(app, "again", again)["again"] if again else None
    losses = app.journal.on(day).won(number, money, note or None, decides, then)
    result = answer(app, ref, losses, "well done", closing=True)

    def page() -> Page:
        about, *year = result.page()
        return [about, *card, *year]

    return result._replace(page=page)

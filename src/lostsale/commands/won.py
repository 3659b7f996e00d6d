"""The sale that was made after all."""

import re
from contextlib import suppress
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask, key
from lostsale.commands.followup import answer
from lostsale.commands.options import AgainOn, On, Ref
from lostsale.commands.script import words as script
from lostsale.domain.loss import Loss, Win
from lostsale.domain.money import Money
from lostsale.domain.plan import AFTER_WIN_KINDS
from lostsale.errors import BadInput, NotFound
from lostsale.screen.page import Page

_OFFER = "Plan that card for tomorrow, and a referral call in 30 days?"


def thank_you(app: App, won_back: Loss) -> list[str]:
    """Return the two lines of a card for a customer, with a line above them."""
    lines = script(app, "thanks", won_back).split("\n")
    return ["Thank them, for example:", *(f"  {line}" for line in lines)]


def _told(app: App, loss: Loss, text: str) -> tuple[Money | None, str]:
    """Return what words say a win is worth, and what they note behind that. Raises BadInput."""
    words = text.removeprefix("for ").split()
    is_count = len(words) > 1 and re.fullmatch("[0-9]{1,2}", words[0])  # 3 year lease
    for count in range(len(words), bool(is_count), -1):
        with suppress(BadInput):
            return fields.read_worth(app, loss, " ".join(words[:count])), " ".join(words[count:])
    if words and (is_count or words[0][0].isalpha()):
        return None, text
    return fields.read_worth(app, loss, text), ""


def won(
    ctx: typer.Context,
    ref: Ref,
    amount: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[AMOUNT] [NOTE]...",
            help="What it's worth, if not the amount lost, and what brought them back.",
        ),
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
    lostsale won 41 9500 the lease did it --also thanks,referral
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
        money, words = _told(app, loss, " ".join(amount))
        note = " ".join(filter(None, (words, note))) or None
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

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
from lostsale.domain.loss import Kind, Loss, Win
from lostsale.domain.money import Money
from lostsale.domain.plan import AFTER_WIN_KINDS
from lostsale.errors import BadInput, LostSaleError, NotFound
from lostsale.screen.page import Page

_OFFER = "Plan that card for tomorrow, and a referral call in 30 days?"


def thank_you(app: App, won_back: Loss) -> list[str]:
    """Return the two lines of a card for a customer, with a line above them."""
    lines = script(app, "thanks", won_back).split("\n")
    return ["Thank them, for example:", *(f"  {line}" for line in lines)]


def _told(app: App, loss: Loss, text: str) -> tuple[Money | None, str]:
    """Return what words say a win is worth, wherever they say it, and what they note beside that.
    Raises BadInput."""
    from lostsale.domain.amounts_in_text import find_amounts

    text = re.sub("^(?:for|at|@) +", "", text)
    with suppress(BadInput):
        return fields.read_worth(app, loss, text), ""
    usual = loss.money.currency if loss.money else app.settings.currency
    found = [one for one in find_amounts(text, usual, app.settings.decimal) if one.rank]
    if not found:
        is_number = not text[:1].isalpha() and not re.match("[0-9]{1,2} ", text)  # 3 year lease
        return (fields.read_worth(app, loss, text) if is_number else None), text
    first = found[0]
    if first.money is None or (first.start and len(found) > 1):
        hint = f"Put the amount first: {app.command} won {loss.number} 9500 {text[:40]}"
        raise BadInput("It isn't clear what the sale is worth", hint)
    return first.money, text if first.start else text[first.end :].lstrip(" ,")


def _already_won(app: App, ref: str, then: tuple[Kind, ...], error: NotFound) -> Result:
    """Plan what follows a win that was noted without it. Raises the error, with how to change the
    win, if nothing is to follow."""
    if then:
        return answer(app, ref, app.journal.thank(refs.one(app, ref, "thank"), then), "planned")
    with suppress(LostSaleError):
        number = refs.one(app, ref, "thank")
        error.hint, error.command = "To change that, first", f"edit {number} --not-won"
    raise error


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
    except NotFound as error:
        return _already_won(app, ref, () if amount or note or on or again else then, error)
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

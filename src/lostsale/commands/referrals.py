"""Names that a prospect gave: keeping one, listing them, and what came of them."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask
from lostsale.commands.followup import answer
from lostsale.commands.options import On, Ref, Words
from lostsale.export.record import plain
from lostsale.journal import search
from lostsale.screen.lists import referrals_page


def referral(
    ctx: typer.Context,
    ref: Ref,
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Who they referred you to: Bea Kim 555-0177 b@c.d."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What to know about them.")
    ] = None,
    on: On = None,
) -> Result:
    """Record a referral they gave you.

    lostsale referral 42 Bea Kim 555-0177
    lostsale referral oakfield Jo Stern --note "runs the lab next door"
    """
    app: App = ctx.obj
    ref, name = refs.split(app, ref, name)
    number, day = refs.one(app, ref, "referral"), fields.read_past(app, on)
    if not name and app.is_interactive:
        name = [ask("Who did they refer you to? ")]
    given = fields.read_name(" ".join(name), day, note or None)
    losses = app.journal.referral(number, given)
    return answer(app, ref, losses, f"saved {given.name} as a referral")


referrals = typer.Typer(add_completion=False, rich_markup_mode=None)
_Number = Annotated[str, typer.Argument(metavar="NO", help="Its number in lostsale referrals.")]


@referrals.callback(invoke_without_command=True)
def show_referrals(ctx: typer.Context) -> Result | None:
    """List the referrals you were given.

    The ones you haven't called come first. Say what came of one: called 3 wants a quote, or drop 3.

    lostsale referrals
    lostsale referrals --json
    """
    app: App = ctx.obj
    if ctx.invoked_subcommand:
        return None
    given = search.all_referrals(app.journal)
    return Result("referrals", _plain(given), lambda: referrals_page(given, app.today, app.width))


@referrals.command()
def called(ctx: typer.Context, number: _Number, note: Words = None, on: On = None) -> Result:
    """Record that you called a referral.

    lostsale referrals called 1 meets me on Friday
    """
    return _follow(ctx.obj, number, on, " ".join(note or ()) or None)


@referrals.command()
def drop(ctx: typer.Context, number: _Number, on: On = None) -> Result:
    """Drop a referral you won't call.

    lostsale referrals drop 1
    """
    return _follow(ctx.obj, number, on, is_dropped=True)


def _follow(
    app: App, number: str, on: str | None, result: str | None = None, *, is_dropped: bool = False
) -> Result:
    day, given = fields.read_past(app, on), search.all_referrals(app.journal)
    lead = refs.lead(given, number)
    uid = lead.referral.uid
    (loss,) = app.journal.on(day).follow_lead(lead.loss, uid, result, is_dropped=is_dropped)
    after = next(lead._replace(referral=name) for name in loss.referrals if name.uid == uid)
    left = sum(one.referral.is_open for one in given if one.number != lead.number)
    did = "dropped" if is_dropped else "called"
    line = f"{lead.number}  {after.referral.name}, from {loss.prospect}: {did}. {left:,} to call."
    return Result("referral", _plain([after])[0], lambda: [line])


def _plain(given: list[search.Given]) -> list[object]:
    return [
        {**plain(name), "number": number, "loss": loss, "prospect": prospect}
        for number, name, loss, prospect in given
    ]

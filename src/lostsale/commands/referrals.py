"""Names that a prospect gave: keeping one, and listing them."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask
from lostsale.commands.followup import answer
from lostsale.commands.options import On, Ref
from lostsale.export.record import plain
from lostsale.journal import search
from lostsale.screen.lists import referrals_page


def referral(
    ctx: typer.Context,
    ref: Ref,
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Whom they named: Bea Kim 555-0177 b@c.d."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What to know about them.")
    ] = None,
    on: On = None,
) -> Result:
    """Note a name that they gave you.

    lostsale referral 42 Bea Kim 555-0177
    lostsale referral oakfield Jo Stern --note "runs the lab next door"
    """
    app: App = ctx.obj
    number, day = refs.one(app, ref, "referral"), fields.read_past(app, on)
    if not name and app.is_interactive:
        name = [ask("Whom did they name? ")]
    given = fields.read_name(" ".join(name or ()), day, note or None)
    losses = app.journal.referral(number, given)
    return answer(app, ref, losses, f"{given.name} is kept")


def referrals(ctx: typer.Context) -> Result:
    """List the names that you were given.

    lostsale referrals
    lostsale referrals --json
    """
    app: App = ctx.obj
    given = search.all_referrals(app.journal)
    names = ({**plain(one.referral), "loss": one.number, "prospect": one.prospect} for one in given)
    return Result("referrals", names, lambda: referrals_page(given, app.today, app.width))

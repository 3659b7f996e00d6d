"""Names that a prospect gave: keeping one, and listing them."""

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
from lostsale.export.record import plain, to_json
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
    json: Json = False,
) -> None:
    """Note a name that they gave you.

    lostsale referral 42 Bea Kim 555-0177
    lostsale referral oakfield Jo Stern --note "runs the lab next door"
    """
    app: App = ctx.obj
    number, day = refs.one(app, ref, "real"), fields.read_past(app, on)
    if not name and app.is_interactive:
        name = [ask("Whom did they name? ")]
    given = fields.read_name(" ".join(name or ()), day, note or None)
    move = partial(acts.referred, plan=app.plan, today=app.today, name=given)
    kept = change(app, "referral", [number], "real", move)
    answer(app, kept, f"{given.name} is kept", ref, json)


def referrals(ctx: typer.Context, json: Json = False) -> None:
    """List the names that you were given.

    lostsale referrals
    lostsale referrals --json
    """
    app: App = ctx.obj
    given = search.referrals(app.journal)
    if json:
        names = [
            {**plain(name.referral), "loss": name.number, "prospect": name.prospect}
            for name in given
        ]
        app.show(to_json("referrals", names))
    else:
        app.show(referrals_page(given, app.today, app.width))

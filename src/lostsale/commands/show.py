"""Looking at one loss."""

import typer

from lostsale.app import App
from lostsale.commands import refs
from lostsale.commands.options import Json, Ref
from lostsale.export.record import to_json


def show(ctx: typer.Context, ref: Ref, json: Json = False) -> None:
    """Show all about one loss.

    lostsale show 42
    lostsale show "oakfield labs" --json
    """
    app: App = ctx.obj
    (loss,) = app.journal.get([refs.one(app, ref, "any")])
    if json:
        app.show(to_json("loss", app.record(loss)))
        return
    from lostsale.screen.loss import whole

    app.show(whole(loss, app.plan, app.settings, app.today))

"""All about one loss."""

import typer

from lostsale.app import App, Result
from lostsale.commands import refs
from lostsale.commands.options import RefWords
from lostsale.screen import loss as screen
from lostsale.screen.page import Page


def show(ctx: typer.Context, ref: RefWords) -> Result:
    """Show everything about one loss.

    lostsale show 42
    lostsale show oakfield labs --json
    """
    app: App = ctx.obj
    journal = app.journal
    (loss,) = journal.get([refs.one(app, refs.joined(ref), "show")])

    def page() -> Page:
        return screen.whole(loss, journal.plan, app.settings, journal.vocabulary, app.today)

    return Result("loss", loss, page)

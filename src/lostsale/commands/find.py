"""Finding words anywhere in the journal."""

from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands.options import Json
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import search
from lostsale.screen.lists import found_page


def find(
    ctx: typer.Context,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT...", help="Words; all of them must be there.")
    ],
    json: Json = False,
) -> None:
    """Find words anywhere in the journal.

    In losses, what was done about them, and names given; the newest first.

    lostsale find oakfield lease
    lostsale find 555-0177
    """
    app: App = ctx.obj
    words = " ".join(text).casefold().split()
    if not words:
        raise BadInput("TEXT is empty", "Write lostsale find lease")
    numbers = search.found(app.journal, words)
    if json:
        app.show(to_json("losses", [*map(app.record, app.journal.get(numbers))]))
        return
    is_empty = True
    for number in numbers:
        is_empty = False
        (loss,) = app.journal.get([number])
        app.show(found_page(loss, words, app.settings, app.width))
    if is_empty:
        app.show(["Nothing found."])

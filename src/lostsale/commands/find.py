"""Finding words anywhere in the journal."""

from collections.abc import Iterator
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.errors import BadInput
from lostsale.journal import search
from lostsale.screen.lists import found_page
from lostsale.screen.page import Page


def find(
    ctx: typer.Context,
    text: Annotated[
        list[str],
        typer.Argument(metavar="TEXT...", help="Words to look for; all of them must match."),
    ],
) -> Result:
    """Find words anywhere in the journal.

    In losses, follow-ups and referrals; newest first.

    lostsale find oakfield lease
    lostsale find 555-0177
    """
    app: App = ctx.obj
    words = " ".join(text).casefold().split()
    if not words:
        raise BadInput("TEXT is empty", "Try lostsale find lease")
    numbers = search.found(app.journal, words)

    def pages() -> Iterator[Page]:
        is_empty = True
        for number in numbers:
            is_empty = False
            (loss,) = app.journal.get([number])
            yield found_page(loss, words, app.settings, app.width)
        if is_empty:
            yield ["Nothing found."]

    return Result("losses", (app.journal.get([number])[0] for number in numbers), pages)

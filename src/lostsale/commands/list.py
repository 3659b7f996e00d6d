"""Listing losses, all or some."""

from functools import partial
from itertools import islice
from typing import Annotated, Any

import typer

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.options import Choice, Json, spread
from lostsale.domain.periods import read_period
from lostsale.domain.reasons import WEAKNESSES, one_of, read_code
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import search
from lostsale.journal.search import ORDERS as ALL_ORDERS
from lostsale.journal.search import OUTWARD, STATES, Wanted
from lostsale.screen.lists import list_page, summary


@spread
def list_(
    ctx: typer.Context,
    choice: Choice,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="date (newest first), amount or prospect.")
    ] = "date",
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
    json: Json = False,
) -> None:
    """List losses, all or some.

    All that you ask for must hold.

    lostsale list 2026 --not-asked --sort amount
    lostsale list --won --csv
    lostsale list last-month --reason no-access
    """
    app: App = ctx.obj
    if csv and json:
        raise BadInput("--csv and --json exclude each other", "Choose one")
    chosen = wanted_losses(app, choice)
    order = one_of(sort, ORDERS, "order")
    numbers = search.chosen(app.journal, chosen, app.today, app.settings.workdays, order)
    shown = list(islice(numbers, limit))
    if json:
        app.show(to_json("losses", [*map(app.record, app.journal.get(shown))]))
    elif csv:
        from lostsale.export.csv import csv_header, csv_rows
        from lostsale.screen.text import shown as as_shown

        app.show(csv_header())
        for losses in app.journal.portions(shown):
            app.show(csv_rows(map(app.record, losses), as_shown))
    elif not shown:
        app.show(["No loss fits."])
    elif app.width is None:
        for losses in app.journal.portions(shown):
            app.show(list_page(losses, app.settings, app.today, None))
    else:
        losses = app.journal.get(shown)
        page = list_page(losses, app.settings, app.today, app.width)
        count = len(shown) + sum(1 for _ in numbers)
        app.show([summary(losses, count, app.settings), *page])


ORDERS = tuple(order for order in ALL_ORDERS if order != OUTWARD)


def wanted_losses(app: App, choice: Choice) -> Wanted:
    """Return which losses are wanted: of a period, in all of these states, with these codes, and
    with these words in their names. Raises BadInput."""
    vocabulary = app.vocabulary
    readers: dict[str, Any] = {
        "said": lambda text: read_code(text, vocabulary.said, "said reason", vocabulary),
        "reason": lambda text: read_code(text, vocabulary.real, "real reason", vocabulary),
        "weakness": lambda text: one_of(text, WEAKNESSES, "weakness"),
        **{name: partial(_words, app, name) for name in ("lost_to", "prospect", "product")},
    }
    typed = choice._asdict()
    read: dict[str, Any] = {
        field: reader(typed[field]) for field, reader in readers.items() if typed[field] is not None
    }
    states = tuple(state for state in STATES if typed[state.replace(" ", "_")])
    return Wanted(read_period(choice.period, app.today), states, **read)


def _words(app: App, field: str, text: str) -> str:
    """Return the words of a name that are wanted, as `log` would keep them. Raises BadInput."""
    if not text.strip():
        option = field.replace("_", "-")
        raise BadInput(f"--{option} is empty", f"Write lostsale list --{option} Oakfield")
    name: str = fields.read_field(app, field, text)[field]
    return name

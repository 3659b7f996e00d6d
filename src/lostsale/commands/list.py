"""Listing losses, all or some."""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Annotated, Any, NamedTuple

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.options import (
    LostToOption,
    PeriodWords,
    complete_real,
    complete_said,
    complete_weaknesses,
    spread,
)
from lostsale.domain.loss import Loss
from lostsale.domain.reasons import WEAKNESSES, one_of, read_code
from lostsale.errors import BadInput, join
from lostsale.journal import search
from lostsale.journal.search import OUTWARD, SORT_ORDERS, STATES, Wanted
from lostsale.screen.lists import list_page, summary
from lostsale.screen.page import Page


class Choice(NamedTuple):
    """Which losses, as typed for list and export; all that is set must hold."""

    period: PeriodWords = None
    open: Annotated[bool, typer.Option("--open", help="Neither won back nor at rest.")] = False
    won: Annotated[bool, typer.Option("--won", help="Won back.")] = False
    at_rest: Annotated[bool, typer.Option("--at-rest", help="Moved on from.")] = False
    not_asked: Annotated[bool, typer.Option("--not-asked", help="Not asked why yet.")] = False
    cold: Annotated[bool, typer.Option("--cold", help="Next step gone cold.")] = False
    ready: Annotated[bool, typer.Option("--ready", help="Plan finished.")] = False
    again: Annotated[
        bool, typer.Option("--again", help="Comes up again, in the period or from now on.")
    ] = False
    said: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="What they said.", autocompletion=complete_said),
    ] = None
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="The real reason, else your guess.",
            autocompletion=complete_real,
        ),
    ] = None
    weakness: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="What the reason shows about us, or none.",
            autocompletion=complete_weaknesses,
        ),
    ] = None
    lost_to: LostToOption = None
    prospect: Annotated[
        str | None, typer.Option(metavar="NAME", help="Words from the prospect's name.")
    ] = None
    product: Annotated[str | None, typer.Option(metavar="NAME", help="Words from the product.")] = (
        None
    )


@spread
def list_(
    ctx: typer.Context,
    choice: Choice,
    sort: Annotated[
        str, typer.Option(metavar="ORDER", help="date (newest first), amount or prospect.")
    ] = "date",
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only the first N.")] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
) -> Result | None:
    """List losses, all or some.

    Losses must match everything you ask for.

    lostsale list 2026 --not-asked --sort amount
    lostsale list --won --csv
    lostsale list --again 2027
    """
    app: App = ctx.obj
    if csv and app.is_json:
        raise BadInput("--csv and --json can't be combined", "Choose one")
    journal, wanted = app.journal, wanted_losses(app, choice)
    order, is_won = one_of(sort, ORDERS, "sort order"), "won" in wanted.states
    if choice.again and order == "date":
        order = "again"
    if is_won and order == "amount":
        order = "won"
    found = search.chosen(journal, wanted, app.today, order)
    numbers = list(islice(found, limit and min(limit, sys.maxsize)))
    if csv:
        show_csv(app, app.journal.portions(numbers))
        return None

    def worth(losses: list[Loss]) -> list[Loss]:
        """Return losses with what they are listed for: those won back, with what that came to."""
        return [loss._replace(money=loss.won_money) for loss in losses] if is_won else losses

    def pages() -> Page | Iterator[Page]:
        if not numbers:
            return ["No loss matches."]
        if app.width is None:
            portions = map(worth, journal.portions(numbers))
            return (list_page(losses, app.settings, app.today, None) for losses in portions)
        losses = worth(journal.get(numbers))
        page = list_page(losses, app.settings, app.today, app.width)
        count = len(numbers) + sum(1 for _ in found)
        return [summary(losses, count, app.settings, is_won=is_won), *page]

    losses = chain.from_iterable(journal.portions(numbers))
    return Result("losses", losses, pages)


def show_csv(app: App, portions: Iterable[Iterable[Loss]]) -> None:
    """Print losses as CSV, one portion after the other."""
    from lostsale.export.csv import csv_header, csv_rows
    from lostsale.screen.text import shown

    app.show(csv_header())
    for losses in portions:
        app.show(csv_rows(map(app.record, losses), shown))


ORDERS = tuple(order for order in SORT_ORDERS if order not in {OUTWARD, "again", "won"})


def wanted_losses(app: App, choice: Choice) -> Wanted:
    """Return which losses are wanted: of a period, in all of these states, which may stand among
    its words, with these codes, and with these words in their names. Raises BadInput."""
    vocabulary = app.journal.vocabulary
    readers: dict[str, Any] = {
        "said": lambda text: read_code(text, vocabulary.said, "said code", vocabulary),
        "reason": lambda text: read_code(text, vocabulary.real, "real-reason code", vocabulary),
        "weakness": lambda text: one_of(text, WEAKNESSES, "weakness"),
        **{name: partial(_words, app, name) for name in ("lost_to", "prospect", "product")},
    }
    typed = choice._asdict()
    read: dict[str, Any] = {
        field: reader(typed[field]) for field, reader in readers.items() if typed[field] is not None
    }
    told = f" {' '.join(choice.period or [])} "
    states = tuple(s for s in STATES if f" {s} " in told or typed[s.replace(" ", "_")])
    words = re.sub(f" (?:{'|'.join(STATES)})(?= )", "", told).split()
    words = words or ["" if choice.period and not told.strip() else "all"]
    try:
        period = fields.read_span(app, " ".join(words))
    except BadInput as error:
        if words[0].isalpha():
            error.hint, error.command = "Words are looked for with", f"find {join(words)}"
        raise
    return Wanted(period, states, again=choice.again, **read)


def _words(app: App, field: str, text: str) -> str:
    """Return the words to look for in a name, read as `log` would. Raises BadInput."""
    if not text.strip():
        option = field.replace("_", "-")
        raise BadInput(f"--{option} is empty", f"Try lostsale list --{option} Oakfield")
    (name,) = fields.read_field(app, field, text).values()
    return str(name)

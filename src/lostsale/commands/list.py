"""Losses that were chosen, words found in them, and the names that were given."""

from itertools import islice
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import choosing
from lostsale.commands.options import Json, spread
from lostsale.domain.reasons import one_of
from lostsale.errors import BadInput
from lostsale.export.record import plain, to_json
from lostsale.journal import search
from lostsale.screen.lists import found_page, list_page, referrals_page, summary


@spread
def list_(
    ctx: typer.Context,
    choice: choosing.Choice,
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
    desk: Context = ctx.obj
    if csv and json:
        raise BadInput("--csv and --json exclude each other", "Choose one")
    wanted = choosing.wanted(desk, choice)
    order = one_of(sort, choosing.ORDERS, "order")
    numbers = search.chosen(desk.journal, wanted, desk.today, desk.settings.workdays, order)
    shown = list(islice(numbers, limit))
    if json:
        desk.show(to_json("losses", [*map(desk.record, desk.journal.get(shown))]))
    elif csv:
        from lostsale.export.csv import csv_header, csv_rows
        from lostsale.screen.text import shown as as_shown

        desk.show(csv_header())
        for losses in desk.journal.portions(shown):
            desk.show(csv_rows(map(desk.record, losses), as_shown))
    elif not shown:
        desk.show(["No loss fits."])
    elif desk.width is None:
        for losses in desk.journal.portions(shown):
            desk.show(list_page(losses, desk.settings, desk.today, None))
    else:
        losses = desk.journal.get(shown)
        page = list_page(losses, desk.settings, desk.today, desk.width)
        count = len(shown) + sum(1 for _ in numbers)
        desk.show([summary(losses, count, desk.settings), *page])


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
    desk: Context = ctx.obj
    words = " ".join(text).casefold().split()
    if not words:
        raise BadInput("TEXT is empty", "Write lostsale find lease")
    numbers = search.found(desk.journal, words)
    if json:
        desk.show(to_json("losses", [*map(desk.record, desk.journal.get(numbers))]))
        return
    is_empty = True
    for number in numbers:
        is_empty = False
        (loss,) = desk.journal.get([number])
        desk.show(found_page(loss, words, desk.settings, desk.width))
    if is_empty:
        desk.show(["Nothing found."])


def referrals(ctx: typer.Context, json: Json = False) -> None:
    """List the names that you were given.

    lostsale referrals
    lostsale referrals --json
    """
    desk: Context = ctx.obj
    given = search.referrals(desk.journal)
    if json:
        names = [
            {**plain(name.referral), "loss": name.number, "prospect": name.prospect}
            for name in given
        ]
        desk.show(to_json("referrals", names))
    else:
        desk.show(referrals_page(given, desk.today, desk.width))

"""Moving data between lostsale and other programs."""

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from lostsale.commands.options import Json
from lostsale.commands.questions import ask, confirmed
from lostsale.context import Context
from lostsale.errors import BadInput, Declined
from lostsale.exchange.crm import Deal, Layout, deals, survey
from lostsale.exchange.sheet import Sheet
from lostsale.journal.intake import FollowUp, take_in
from lostsale.loss import Loss
from lostsale.reasons import one_of
from lostsale.screen.json import to_json
from lostsale.screen.text import plural
from lostsale.screen.transfer import Imported, Skipped, imported_page, layout_page

ORDERS = ("dmy", "mdy")
_PATIENCE = 1.0  # seconds before progress is shown
_EXAMPLES = 3


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="A CSV file with a line of headers.")],
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="What a column holds: lost_on=Closed."),
    ] = None,
    lost_when: Annotated[
        list[str] | None,
        typer.Option(metavar="VALUE", help='Means lost, beside all with "lost" in it.'),
    ] = None,
    dates: Annotated[
        str, typer.Option(metavar="ORDER", help="How 03/04 is read: dmy or mdy.")
    ] = "",
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="If not UTF-8 or marked: cp1252.")
    ] = None,
    follow_up: Annotated[
        bool,
        typer.Option("--follow-up", help="Open next steps, a portion a day, largest first."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come of it, and keep nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take the best guess for the columns; do not ask.")
    ] = False,
    json: Json = False,
) -> None:
    """Bring in lost deals from another program's CSV file.

    Deals that are there already are not doubled. Example: lostsale import deals.csv --dry-run
    """
    desk: Context = ctx.obj
    desk.may_make = True  # though a dry run makes none
    order = one_of(dates, ORDERS, "order of dates") if dates else ""
    progress = _Progress()
    sheet = Sheet(Path(file), encoding, progress.show)
    words, usual = tuple(lost_when or ()), desk.settings.date_order
    with progress:
        layout = survey(sheet, _mapping(mapped or []), words, order, usual)
    layout = _settled(desk, layout)

    def found() -> Iterator[Deal]:
        settings = desk.settings
        return deals(sheet, layout, settings.currency, settings.decimal, desk.vocabulary)

    form = ", ".join(filter(None, (layout.form.name, sheet.dialect)))
    asks = desk.is_interactive and not (yes or json or dry_run)
    is_shown = asks or (dry_run and not json)
    if is_shown:
        title = f"{file}: {form}, {plural(layout.rows, 'row')}, {layout.lost:,} lost"
        first = list(islice((deal.loss for deal in found() if deal.loss), _EXAMPLES))
        desk.show(layout_page(title, layout.columns, first, desk.settings))
    if not (yes or dry_run):
        _confirm(layout, asks=asks)
    skipped: list[Skipped] = []
    undated = ahead = 0

    def losses() -> Iterator[Loss]:
        nonlocal undated, ahead
        for deal in found():
            if deal.loss:
                ahead += deal.loss.lost_on > desk.today
                yield deal.loss
            else:
                undated += deal.is_undated
                skipped.append(Skipped(deal.line, deal.why))

    steps = FollowUp(desk.plan, desk.today, desk.settings.portion) if follow_up else None
    journal = desk.journal if dry_run else desk.journal_to_fill()
    with progress:
        taken = take_in(journal, losses(), steps, keep=not dry_run)
    done = Imported(
        file=file,
        format=form,
        rows=layout.rows,
        lost=layout.lost,
        **taken._asdict(),
        ahead=ahead,
        undated=undated,
        skipped=tuple(skipped),
        columns=layout.columns,
        dry_run=dry_run,
    )
    desk.show(to_json("import", done) if json else imported_page(done)[is_shown:])


class _Progress:
    """How far a file is read, on a terminal, once it takes over a second."""

    def __init__(self) -> None:
        self._start = monotonic()
        self._is_shown = False

    def show(self, rows: int) -> None:
        """Show how many rows were read."""
        if sys.stderr.isatty() and monotonic() - self._start > _PATIENCE:
            self._is_shown = True
            sys.stderr.write(f"\r{rows:,} rows read")
            sys.stderr.flush()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            sys.stderr.write(f"\r{'':<30}\r")


def _mapping(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" maps nothing', "Write --map lost_on=close_date")
        pairs[field.strip().casefold()] = column.strip()
    return pairs


def _settled(desk: Context, layout: Layout) -> Layout:
    """Return the layout with the order of its dates asked for where nothing tells it. Raises
    BadInput where nobody can be asked."""
    for header, example in layout.unsettled.items():
        if not desk.is_interactive:
            raise BadInput(
                f'"{header}" has dates like {example[:20]}, with the day first or the month first',
                "Say which: --dates dmy or --dates mdy",
            )
        answer = ""
        while answer not in ORDERS:
            answer = ask(f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] ')
        layout = layout._replace(orders={**layout.orders, header: answer})
    return layout


def _confirm(layout: Layout, *, asks: bool) -> None:
    if asks:
        if not confirmed(
            f"Bring in {plural(layout.lost, 'lost deal')}?", default=layout.is_certain
        ):
            raise Declined("Not imported")
    elif not layout.is_certain:
        guessed = ", ".join(f"{field}={headers[0]}" for field, headers in layout.columns.items())
        raise Declined(
            f"Some of the columns are a guess: {guessed}", "Say --yes if they are right, or --map"
        )

"""Importing lost deals of other programs, and exports of lostsale."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import Back, pick_code
from lostsale.commands.import_dialog import agree, open_asking, show_layout, survey_asking
from lostsale.crm.deals import DealFile, Defaults
from lostsale.crm.detect import DATE_ORDERS, ImportOptions, read_columns
from lostsale.domain.dates import Asked, read_when
from lostsale.domain.loss import Loss
from lostsale.domain.money import read_currency
from lostsale.domain.reasons import OTHER, Code, Reason, one_of, remembered, suggested
from lostsale.domain.results import Counted, Imported, Skipped
from lostsale.domain.settings import read_setting
from lostsale.errors import BadInput
from lostsale.journal.intake import FollowUp, take_in
from lostsale.screen.text import plural
from lostsale.screen.transfer import imported_page

_PATIENCE = 1.0  # seconds before progress is shown
_REASONS = 1_000  # different ones that are counted; nobody chooses from a longer list


def import_(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(help="A CSV file, - for standard input, or an export of lostsale.")
    ],
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="What a column holds: lost_on=Closed."),
    ] = None,
    lost_when: Annotated[
        list[str] | None,
        typer.Option(metavar="VALUE", help='Means lost, beside all with "lost" in it; or all.'),
    ] = None,
    dates: Annotated[
        str, typer.Option(metavar="ORDER", help="How 03/04 is read: dmy or mdy.")
    ] = "",
    decimal: Annotated[
        str, typer.Option(metavar="SIGN", help="The decimal sign of amounts: . or a comma.")
    ] = "",
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="Of amounts that name none: EUR.")
    ] = "",
    undated: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of all losses that have none.")
    ] = None,
    encoding: Annotated[
        str, typer.Option(metavar="NAME", help="If not UTF-8 or marked: cp1252.")
    ] = "",
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
) -> Result:
    """Bring in lost deals from another program's CSV file.

    Deals that are there already are not doubled.

    lostsale import deals.csv --dry-run
    lostsale import deals.csv --map "lost_on=Close date" --follow-up
    lostsale import deals.csv --dates dmy --currency EUR
    """
    app: App = ctx.obj
    app.create_if_missing = True  # though a dry run makes none
    options = ImportOptions(
        columns=read_columns(mapped or []),
        lost_when=tuple(lost_when or ()),
        dates=one_of(dates, DATE_ORDERS, "order of dates") if dates else "",
        decimal=read_setting("decimal", decimal) if decimal else "",
        currency=read_currency(currency) if currency else "",
        encoding=encoding,
    )
    if file.lower().endswith((".json", ".json.gz")):
        if options != ImportOptions() or undated or follow_up:
            raise BadInput(
                f"{Path(file).name} is an export of lostsale", "It needs no word on how it is read"
            )
        done = _import_export(app, file, keep=not dry_run)
        return Result("import", done, lambda: imported_page(done))
    settings = app.settings
    order = settings.date_order
    defaults = Defaults(
        currency=options.currency or settings.currency,
        decimal=options.decimal or settings.decimal,
        date_order=order,
        undated=None
        if undated is None
        else read_when(undated, Asked(app.today, "past", order)).day,
    )
    asks = app.is_interactive and not (yes or app.is_json or dry_run)
    is_shown = asks or (dry_run and not app.is_json)
    progress = Progress().show
    with closing(
        open_asking(app, file, options, defaults, progress)
        if app.is_interactive
        else DealFile(file, options, defaults, progress)
    ) as deals:
        meant: list[Code] = []
        if app.is_interactive:
            survey_asking(app, deals)
        else:
            deals.survey()
            deals.check_dates()
        if is_shown:
            takeable = show_layout(app, deals)
        if asks:
            agree(app, deals, takeable)
            meant = _ask_reasons(app, deals)
        elif not (yes or dry_run):
            deals.check_certain()
        for doubt in deals.layout.doubtful:
            app.tell(f"lostsale: {doubt}")
        done, is_ambiguous = _import_deals(app, deals, meant, follow_up=follow_up, keep=not dry_run)
    said = deals.arguments()
    again = f"{app.command} import {said}" if said else ""
    page = imported_page(done, again, is_ambiguous=is_ambiguous)
    return Result("import", done, lambda: page[is_shown:])


def _import_deals(
    app: App, deals: DealFile, meant: list[Code], *, follow_up: bool, keep: bool
) -> tuple[Imported, bool]:
    """Import the lost deals of a surveyed file, with what its reasons are `meant` as; return what
    came of it, and whether amounts were ambiguous."""
    skipped: list[Skipped] = []
    reasons: Counter[Reason] = Counter()
    ahead = undated = ambiguous = 0

    def losses() -> Iterator[Loss]:
        nonlocal ahead, undated, ambiguous
        for deal in deals.read(app.journal.vocabulary):
            undated += deal.is_undated
            ambiguous += deal.is_ambiguous
            if deal.loss is None:
                skipped.append(Skipped(deal.line, deal.why))
                continue
            ahead += deal.loss.lost_on > app.today
            guess = deal.loss.guess
            if guess and (guess in reasons or len(reasons) < _REASONS):
                reasons[guess] += 1
            yield deal.loss

    steps = FollowUp(app.journal.plan, app.today, app.settings.portion) if follow_up else None
    journal = app.journal_to_fill() if keep else app.journal
    done = take_in(journal, losses(), steps, meant, keep=keep)
    journal.read_again()
    resolve = app.journal.vocabulary.resolve
    done = done._replace(
        file=deals.path,
        format=deals.format,
        rows=deals.layout.rows,
        lost=deals.layout.lost,
        ahead=ahead,
        undated=undated,
        skipped=tuple(skipped),
        columns=deals.layout.columns,
        reasons=tuple(
            Counted(words or "", resolve("real", code, words, found=bool(found)), lost)
            for (code, words, found), lost in reasons.most_common()
        ),
    )
    return done, ambiguous > 0


def _ask_reasons(app: App, deals: DealFile) -> list[Code]:
    """Ask what the unclear reasons of a file mean, each text once, the most frequent first; `q`
    leaves the rest under other."""
    vocabulary = app.journal.vocabulary
    counts: Counter[Reason] = Counter()
    for deal in deals.read(vocabulary):
        guess = deal.loss.guess if deal.loss else None
        if guess and guess.code == OTHER and (guess in counts or len(counts) < _REASONS):
            counts[guess] += 1
    meant: dict[str, Code] = {}
    for reason, count in counts.most_common():
        words = reason.words or ""
        perhaps = suggested("guess", reason, vocabulary)
        if not perhaps or vocabulary.resolve("real", OTHER, words, found=True) != OTHER:
            continue
        new = remembered(words, "real", perhaps[0])
        if new is None or new.code in meant:
            continue
        app.show([f'"{words}", {plural(count, "loss")}: which reason? (Enter other, q the rest)'])
        try:
            if code := pick_code(app, "real", perhaps):
                meant[new.code] = new._replace(alias_of=code)
        except Back:
            break
    return [*meant.values()]


def _import_export(app: App, file: str, *, keep: bool) -> Imported:
    """Import what `lostsale export` wrote as JSON."""
    from lostsale.export.json import read_json
    from lostsale.journal.intake import take_in_export

    found = read_json(Path(file))
    journal = app.journal_to_fill() if keep else app.journal
    done = take_in_export(journal, found.losses, found.settings, found.reasons, keep=keep)
    count = len(found.losses)
    return done._replace(file=file, format="lostsale", rows=count, lost=count)


class Progress:
    """How many rows were read, shown on a terminal once that takes over a second."""

    def __init__(self) -> None:
        self._start = monotonic()
        self._is_shown = False

    def show(self, rows: int) -> None:
        """Show how many rows were read by now; 0 clears the line."""
        is_late = sys.stderr.isatty() and monotonic() - self._start > _PATIENCE
        if self._is_shown or (rows and is_late):
            sys.stderr.write(f"\r{rows:,} rows read" if rows else f"\r{'':<30}\r")
            sys.stderr.flush()
            self._is_shown = rows > 0

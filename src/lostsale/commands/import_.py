"""Importing lost deals from other programs, and lostsale's own exports."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import Back
from lostsale.commands.import_dialog import Dialogue, agree, read_columns, show_layout
from lostsale.commands.settle import pick_code
from lostsale.crm.deals import DealFile, Defaults
from lostsale.crm.detect import DATE_ORDERS, ImportOptions
from lostsale.crm.formats import calling_currency, header_currency
from lostsale.domain.dates import Asked, read_when
from lostsale.domain.loss import Loss
from lostsale.domain.money import read_currency
from lostsale.domain.reasons import OTHER, Code, Reason, one_of, remembered, suggested
from lostsale.domain.results import Counted, Emptied, Imported, Skipped
from lostsale.domain.settings import read_setting
from lostsale.errors import BadInput, Declined, join
from lostsale.journal.intake import FollowUp, take_in
from lostsale.screen.progress import Working, opening
from lostsale.screen.text import plural
from lostsale.screen.transfer import imported_page

_FIRST = 3  # losses that are shown
_REASONS = 1_000  # different ones that are counted; nobody chooses from a longer list


def import_(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(help="A CSV file, a workbook, - for standard input, or lostsale's export."),
    ],
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="What a column holds: lost_on=Closed."),
    ] = None,
    lost_when: Annotated[
        list[str] | None,
        typer.Option(metavar="VALUE", help="A value that means lost without saying so; or all."),
    ] = None,
    dates: Annotated[
        str, typer.Option(metavar="ORDER", help="How 03/04 is read: dmy or mdy.")
    ] = "",
    decimal: Annotated[
        str, typer.Option(metavar="SIGN", help="The decimal sign of amounts: . or a comma.")
    ] = "",
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="The currency of the amounts: EUR.")
    ] = "",
    undated: Annotated[
        str, typer.Option(metavar="DATE", help="The date for losses that have none.")
    ] = "",
    encoding: Annotated[
        str, typer.Option(metavar="NAME", help="The file's encoding, if not UTF-8: cp1252.")
    ] = "",
    sheet: Annotated[
        str,
        typer.Option(metavar="NAME", help="The sheet, if not the one with the most losses."),
    ] = "",
    follow_up: Annotated[
        bool,
        typer.Option("--follow-up", help="Plan next steps, a few a day, largest first."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would happen, but save nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Use the best guess for the columns; don't ask.")
    ] = False,
) -> Result:
    """Bring in lost deals from another program's file.

    Deals you already have aren't added twice.

    lostsale import deals.csv --dry-run
    lostsale import deals.csv --map "lost_on=Close date" --follow-up
    lostsale import deals.csv --dates dmy --currency EUR
    """
    app: App = ctx.obj
    app.create_if_missing = True  # though a dry run makes none
    options = ImportOptions(
        columns=read_columns(mapped or []),
        lost_when=tuple(lost_when or ()),
        dates=one_of(dates, DATE_ORDERS, "date order") if dates else "",
        decimal=read_setting("decimal", decimal) if decimal else "",
        currency=read_currency(currency) if currency else "",
        encoding=encoding,
        sheet=sheet,
        undated=undated,
    )
    if file.lower().endswith((".json", ".json.gz")):
        if options != ImportOptions() or follow_up:
            raise BadInput(
                f"{Path(file).name} is a lostsale export", "Leave out the options on how to read it"
            )
        done = _import_export(app, file, keep=not dry_run)
        return Result("import", done, lambda: imported_page(done))
    settings = app.settings
    order = settings["date-order"]
    defaults = Defaults(
        currency=options.currency or settings.currency,
        decimal=options.decimal or settings.decimal,
        date_order=order,
        undated=read_when(undated, Asked(app.today, "past", order)).day if undated else None,
        today=app.today,
    )
    asks = app.is_interactive and not (yes or app.is_json or dry_run)
    is_shown = asks or (dry_run and not app.is_json)
    dialogue = Dialogue(app)
    working = Working(f"Reading {file}")
    try:
        with (
            dialogue.surveyed(file, options, defaults, working.show)
            if app.is_interactive
            else _surveyed(file, options, defaults, working.show)
        ) as deals:
            meant: list[Code] = []
            takeable = show_layout(app, deals) if is_shown else 0
            if asks:
                agree(app, dialogue, deals, takeable)
                meant = _ask_reasons(app, dialogue, deals)
            elif not (yes or dry_run):
                deals.check_certain()
                _check_currency(deals)
            for doubt in () if is_shown else deals.layout.doubtful:
                app.tell(f"lostsale: {doubt}")
            done, is_ambiguous = _import_deals(
                app, deals, meant, follow_up=follow_up, keep=not dry_run
            )
    except (BadInput, Declined) as error:
        if error.options:  # one step from here to what works
            typed = [word for word in app.args[app.args.index("import") :] if word != "--json"]
            error.command = join((*typed, *error.options))
        raise
    said = deals.arguments()
    again = f"{app.command} import {said}" if said else ""
    page = imported_page(done, again, is_ambiguous=is_ambiguous, is_shown=is_shown)
    return Result("import", done, lambda: page)


@contextmanager
def _surveyed(
    path: str, options: ImportOptions, defaults: Defaults, watch: Callable[[int], None]
) -> Iterator[DealFile]:
    """Open a file and find its layout without asking. Raises BadInput."""
    with closing(DealFile(path, options, defaults, watch, opening)) as deals:
        deals.survey()
        deals.check_dates()
        yield deals


def _check_currency(deals: DealFile) -> None:
    """Raise Declined where no amount names its currency, and all telephone numbers are where there
    is another than the usual one."""
    layout, amount = deals.layout, next(deals.cells("amount"), "")
    is_named = deals.options.currency or layout.currency or "currency" in layout.columns
    meant = calling_currency(deals.cells("phone")) if amount and not is_named else ""
    if meant not in {"", deals.currency} and not header_currency(amount)[1]:
        what = f"The amounts name no currency, and the phone numbers point to {meant}"
        raise Declined(what, "Say which. If it's that", options=("--currency", meant))


def _import_deals(
    app: App, deals: DealFile, meant: list[Code], *, follow_up: bool, keep: bool
) -> tuple[Imported, bool]:
    """Import the lost deals of a surveyed file, with what its reasons are `meant` as; return what
    came of it, and whether amounts were ambiguous."""
    skipped: list[Skipped] = []
    emptied: list[Emptied] = []
    first: list[Loss] = []
    lines = array("Q")  # of the losses
    reasons: Counter[Reason] = Counter()
    ahead = undated = months = ambiguous = 0

    def losses() -> Iterator[Loss]:
        nonlocal ahead, undated, months, ambiguous
        today = app.today
        for deal in deals.read(app.journal.vocabulary):
            line, loss, why, is_undated, is_ambiguous, is_month, left_out = deal
            undated += is_undated
            ambiguous += is_ambiguous
            months += is_month
            emptied.extend(left_out)
            if loss is None:
                skipped.append(Skipped(line, why))
                continue
            lines.append(line)
            if len(first) < _FIRST:
                first.append(loss)
            ahead += loss.lost_on > today
            guess = loss.guess
            if guess and (guess in reasons or len(reasons) < _REASONS):
                reasons[guess] += 1
            yield loss

    steps = FollowUp(app.journal.plan, app.today, app.settings.portion) if follow_up else None
    journal = app.journal_to_fill() if keep else app.journal
    done = take_in(journal, losses(), steps, meant, keep=keep)
    journal.read_again()
    resolve = app.journal.vocabulary.resolve
    layout = deals.layout
    done = done._replace(
        file=deals.path,
        format=deals.format,
        rows=layout.rows,
        lost=layout.lost,
        ahead=ahead,
        undated=undated,
        months=months,
        skipped=tuple(skipped),
        emptied=tuple(emptied),
        clashes=tuple(
            clash._replace(lines=tuple(lines[place - 1] for place in clash.lines))
            for clash in done.clashes
        ),
        columns=layout.columns,
        examples={field: next(deals.cells(field), "") for field in layout.columns},
        close=layout.close,
        unused=layout.unused,
        day=layout.day_kind,
        currency=deals.currency,
        doubts=layout.doubtful,
        reasons=tuple(
            Counted(words or "", resolve("real", code, words, found=bool(found)), lost)
            for (code, words, found), lost in reasons.most_common()
        ),
        first=tuple(first),
    )
    return done, ambiguous > 0


def _ask_reasons(app: App, dialogue: Dialogue, deals: DealFile) -> list[Code]:
    """Ask what the unclear reasons of a file mean, each text once, the most frequent first, as far
    as questions are left; `q` leaves the rest under other."""
    vocabulary = app.journal.vocabulary
    counts: Counter[Reason] = Counter()
    for deal in deals.first(vocabulary):
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
        if dialogue.left <= 0:
            break
        dialogue.left -= 1
        app.show([f'"{words}", {plural(count, "loss")}: which reason? (Enter other, q the rest)'])
        try:
            code = pick_code(app, "real", perhaps)[0] or OTHER
        except Back:
            break
        meant[new.code] = new._replace(alias_of=code)
    return [one for one in meant.values() if one.alias_of != OTHER]


def _import_export(app: App, file: str, *, keep: bool) -> Imported:
    """Import what `lostsale export` wrote as JSON."""
    from lostsale.export.json import read_json
    from lostsale.journal.intake import take_in_export

    found = read_json(Path(file))
    journal = app.journal_to_fill() if keep else app.journal
    done = take_in_export(journal, found.losses, found.settings, found.reasons, keep=keep)
    count = len(found.losses)
    return done._replace(file=file, format="lostsale", rows=count, lost=count)

"""Bringing in what another program, or lostsale itself, has written."""

import json as json_text
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from lostsale.commands import fields
from lostsale.commands.options import Json
from lostsale.commands.questions import ask, confirmed
from lostsale.context import Context
from lostsale.errors import BadInput, Declined
from lostsale.exchange.crm import Deal, Usual, deals
from lostsale.exchange.layout import ALL, Layout, Told, Unclear, survey
from lostsale.exchange.own import Exported, is_own, read_json, read_rows
from lostsale.exchange.sheet import Sheet
from lostsale.journal.intake import FollowUp, take_back, take_in
from lostsale.loss import Loss
from lostsale.money import read_currency
from lostsale.plan_text import read_plan
from lostsale.reasons import Reason, one_of
from lostsale.screen.json import to_json
from lostsale.screen.text import plural
from lostsale.screen.transfer import Counted, Imported, Skipped, imported_page, layout_page
from lostsale.settings import PLAN, SETTINGS, is_map, kept_map, read_setting

ORDERS = ("dmy", "mdy")
_PATIENCE = 1.0  # seconds before progress is shown
_EXAMPLES = 3
_REASONS = 1_000  # different ones that are counted; what is more is no list to choose from


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
    use_map: Annotated[
        str, typer.Option(metavar="NAME", help="Read it as said before, under that name.")
    ] = "",
    save_map: Annotated[
        str, typer.Option(metavar="NAME", help="Keep how it was read, under a name.")
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
    json: Json = False,
) -> None:
    """Bring in lost deals from another program's CSV file.

    Deals that are there already are not doubled. Example: lostsale import deals.csv --dry-run
    """
    desk: Context = ctx.obj
    desk.may_make = True  # though a dry run makes none
    told = _told(desk, use_map, mapped, lost_when, dates, decimal, currency, encoding)
    is_plain = told == Told() and not (save_map or undated or follow_up)
    if file.lower().endswith((".json", ".json.gz")):
        whole = _checked(read_json(Path(file)), file, is_plain=is_plain)
        _take_back(desk, file, whole, "lostsale", json=json, dry_run=dry_run)
        return
    kept = {kept_map(_named(save_map)): ""} if save_map else {}
    day = fields.read_past(desk, undated) if undated is not None else None
    progress = _Progress()
    sheet = Sheet(Path(file), told.encoding or None, progress.show)
    if is_own(sheet):
        rows = Exported(tuple(read_rows(sheet, desk.vocabulary)))
        own = _checked(rows, file, is_plain=is_plain and not told.encoding)
        form = ", ".join(filter(None, ("lostsale", sheet.dialect)))
        _take_back(desk, file, own, form, json=json, dry_run=dry_run)
        return
    layout, told = _surveyed(desk, sheet, told, progress)
    for doubt in layout.doubtful:
        desk.tell(f"lostsale: {doubt}")
    kept = {key: json_text.dumps(told._asdict()) for key in kept}
    usual = Usual(
        told.currency or desk.settings.currency, told.decimal or desk.settings.decimal, day
    )

    def found() -> Iterator[Deal]:
        return deals(sheet, layout, usual, desk.vocabulary)

    form = ", ".join(filter(None, (layout.form.name, sheet.dialect)))
    asks = desk.is_interactive and not (yes or json or dry_run)
    is_shown = asks or (dry_run and not json)
    if is_shown:
        title = f"{file}: {form}, {plural(layout.rows, 'row')}, {layout.lost:,} lost"
        first = list(islice((deal.loss for deal in found() if deal.loss), _EXAMPLES))
        desk.show(layout_page(title, layout.columns, first, desk.settings))
    if not (yes or dry_run):
        _confirm(layout, asks=asks)
    seen = _Seen(desk)
    steps = FollowUp(desk.plan, desk.today, desk.settings.portion) if follow_up else None
    journal = desk.journal if dry_run else desk.journal_to_fill()
    with progress:
        taken = take_in(journal, seen.losses(found()), steps, settings=kept, keep=not dry_run)
    done = Imported(
        file=file,
        format=form,
        rows=layout.rows,
        lost=layout.lost,
        **taken._asdict(),
        ahead=seen.ahead,
        undated=seen.undated,
        skipped=tuple(seen.skipped),
        columns=layout.columns,
        reasons=seen.reasons,
        dry_run=dry_run,
    )
    desk.show(to_json("import", done) if json else imported_page(done)[is_shown:])


def _checked(found: Exported, file: str, *, is_plain: bool) -> Exported:
    """Return what an export holds, if it can be kept. Raises BadInput."""
    if not is_plain:
        raise BadInput(
            f"{Path(file).name} is an export of lostsale", "It needs no word on how it is read"
        )
    for key, value in found.settings.items():
        if not _is_setting(key, value):
            what = f"{Path(file).name} has a setting that can't be kept: {key[:40]}"
            raise BadInput(what, "Mend it there")
    return found


def _is_setting(key: str, value: str) -> bool:
    """Whether a setting is one, and its value can be kept."""
    try:
        if key == PLAN:
            return bool(read_plan(value))
        if is_map(key):
            return bool(_told_of(value))
        return key in SETTINGS and read_setting(key, value) == value
    except (BadInput, ValueError, TypeError):
        return False


def _take_back(
    desk: Context, file: str, found: Exported, form: str, *, json: bool, dry_run: bool
) -> None:
    """Bring in what `lostsale export` wrote, and show what came of it."""
    journal = desk.journal if dry_run else desk.journal_to_fill()
    taken = take_back(journal, found.losses, found.settings, found.reasons, keep=not dry_run)
    count = len(found.losses)
    done = Imported(
        file=file,
        format=form,
        rows=count,
        lost=count,
        **taken._asdict(),
        ahead=0,
        undated=0,
        skipped=(),
        columns={},
        reasons=(),
        dry_run=dry_run,
    )
    desk.show(to_json("import", done) if json else imported_page(done))


class _Seen:
    """What is counted of lost deals while they are taken in."""

    def __init__(self, desk: Context) -> None:
        self._desk = desk
        self._reasons: Counter[Reason] = Counter()
        self.skipped: list[Skipped] = []
        self.undated = self.ahead = 0

    def losses(self, found: Iterable[Deal]) -> Iterator[Loss]:
        """Yield the losses of those deals that can be taken."""
        for deal in found:
            self.undated += deal.is_undated
            if deal.loss is None:
                self.skipped.append(Skipped(deal.line, deal.why))
                continue
            self.ahead += deal.loss.lost_on > self._desk.today
            guess = deal.loss.guess
            if guess and (guess in self._reasons or len(self._reasons) < _REASONS):
                self._reasons[guess] += 1
            yield deal.loss

    @property
    def reasons(self) -> tuple[Counted, ...]:
        """The other program's reasons, the most frequent first."""
        read = self._desk.vocabulary.read
        return tuple(
            Counted(words or "", read("real", code, words), lost)
            for (code, words), lost in self._reasons.most_common()
        )


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


def _told(
    desk: Context,
    use_map: str,
    mapped: list[str] | None,
    lost_when: list[str] | None,
    dates: str,
    decimal: str,
    currency: str,
    encoding: str,
) -> Told:
    """Return what the user says about a file: by options, and as kept under a name. Raises
    BadInput."""
    told = _kept(desk, _named(use_map)) if use_map else Told()
    given = Told(
        _mapping(mapped or []),
        tuple(lost_when or ()),
        one_of(dates, ORDERS, "order of dates") if dates else "",
        read_setting("decimal", decimal) if decimal else "",
        read_currency(currency) if currency else "",
        encoding,
    )
    options = {name: value for name, value in given._asdict().items() if value}
    return told._replace(**options | {"columns": {**told.columns, **given.columns}})


def _named(name: str) -> str:
    """Return the name of a map as it is kept. Raises BadInput."""
    plain = " ".join(name.casefold().split())
    if not plain or len(plain) > 40 or not plain.isprintable():
        raise BadInput(f'"{name[:40]}" is no name for a map', "Write a word of up to 40 letters")
    return plain


def _kept(desk: Context, name: str) -> Told:
    """Return what was kept under a name. Raises BadInput."""
    kept = desk.settings.maps
    if name not in kept:
        known = f"There are {', '.join(kept)}" if kept else "Keep one with --save-map"
        raise BadInput(f'No map is kept as "{name}"', known)
    return _told_of(kept[name])


def _told_of(kept: str) -> Told:
    """Return what was said about a file, as it was kept. Raises ValueError or TypeError."""
    told = Told(**json_text.loads(kept))
    dict(told.columns)
    return told._replace(lost_when=tuple(told.lost_when))


def _mapping(texts: list[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" maps nothing', "Write --map lost_on=close_date")
        pairs[field.strip().casefold()] = column.strip()
    return pairs


def _surveyed(
    desk: Context, sheet: Sheet, told: Told, progress: "_Progress"
) -> tuple[Layout, Told]:
    """Return how the file tells of lost deals, and what was said about it, asked for where it does
    not tell. Raises BadInput where nobody can be asked."""
    while True:
        try:
            with progress:
                layout = survey(sheet, told, desk.settings.date_order)
            break
        except Unclear as question:
            if not desk.is_interactive:
                raise
            told = _asked(desk, question, told)
    for header, example in layout.unsettled.items():
        if not desk.is_interactive:
            raise BadInput(
                f'"{header}" has dates like {example[:20]}, with the day first or the month first',
                "Say which: --dates dmy or --dates mdy",
            )
        answer = ""
        while answer not in ORDERS:
            answer = ask(f'Is {example[:20]} in "{header}" day first or month first? [dmy/mdy] ')
        orders = {sign: order or answer for sign, order in layout.orders[header].items()}
        layout = layout._replace(orders={**layout.orders, header: orders})
        told = told._replace(dates=answer)
    return layout, told


def _asked(desk: Context, question: Unclear, told: Told) -> Told:
    """Return what was said about a file with the answer to what it does not tell."""
    choices = {str(place): choice for place, choice in enumerate(question.choices, 1)}
    desk.show([f"{question.what}:", *(f"  {n}) {choice}" for n, choice in choices.items())])
    is_value = question.asked == "lost_when"
    what = "Which of them means lost?" if is_value else "Which of them does?"
    also = f", {ALL} if every row is lost" if question.asked == "status" else ""
    answer = None
    while answer not in {*choices, *([ALL] if also else [])}:
        answer = ask(f"{what} [1-{len(choices)}{also}, Enter for none] ")
        if not answer:
            raise Declined("Not imported")
    if is_value or answer == ALL:
        return told._replace(lost_when=(*told.lost_when, choices.get(answer, ALL)))
    return told._replace(columns={**told.columns, question.asked: choices[answer]})


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

"""Bringing in what another program, or lostsale itself, has written."""

import json as json_text
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import Back, pick_code
from lostsale.commands.options import Json
from lostsale.commands.reading import (
    ORDERS,
    Progress,
    Reading,
    kept_told,
    map_name,
    mapping,
    opened,
    told_of,
)
from lostsale.crm.deals import Deal
from lostsale.crm.detect import ImportOptions
from lostsale.domain.loss import Loss
from lostsale.domain.money import read_currency
from lostsale.domain.plan_text import read_plan
from lostsale.domain.reasons import OTHER, Code, Reason, one_of, remembered, suggested
from lostsale.domain.settings import PLAN, SETTINGS, is_map, kept_map, read_setting
from lostsale.errors import BadInput
from lostsale.export.json import Exported, is_own, read_json, read_rows
from lostsale.export.record import to_json
from lostsale.journal.intake import FollowUp, take_in, take_in_export
from lostsale.screen.text import plural
from lostsale.screen.transfer import Counted, Imported, Skipped, imported_page

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

    Deals that are there already are not doubled.

    lostsale import deals.csv --dry-run
    lostsale import deals.csv --map "lost_on=Close date" --follow-up
    lostsale import deals.csv --dates dmy --save-map crm
    """
    app: App = ctx.obj
    app.create_if_missing = True  # though a dry run makes none
    told = _told(app, use_map, mapped, lost_when, dates, decimal, currency, encoding)
    is_plain = told._replace(encoding="") == ImportOptions() and not (
        save_map or undated or follow_up
    )
    if file.lower().endswith((".json", ".json.gz")):
        whole = _checked(read_json(Path(file)), file, is_plain=is_plain)
        _take_back(app, file, whole, "lostsale", json=json, dry_run=dry_run)
        return
    name = map_name(save_map) if save_map else ""
    day = fields.read_past(app, undated) if undated is not None else None
    progress = Progress()
    sheet, told = opened(app, Path(file), told, progress)
    if is_own(sheet):
        rows = Exported(tuple(read_rows(sheet, app.journal.vocabulary)))
        own = _checked(rows, file, is_plain=is_plain)
        form = ", ".join(filter(None, ("lostsale", sheet.dialect)))
        _take_back(app, file, own, form, json=json, dry_run=dry_run)
        return
    asks = app.is_interactive and not (yes or json or dry_run)
    is_shown = asks or (dry_run and not json)
    reading = Reading(app, file, sheet, told, day, progress)
    reading.survey()
    if is_shown:
        reading.show()
    meant: list[Code] = []
    if asks:
        reading.agree()
        meant = _asked_reasons(app, reading)
    elif not (yes or dry_run):
        reading.check_certain()
    for doubt in reading.layout.doubtful:
        app.tell(f"lostsale: {doubt}")
    done = _taken_in(
        app, file, reading, progress, name, meant, follow_up=follow_up, keep=not dry_run
    )
    kept_as = [f"Read the next such file so: --use-map {name}"] if name else []
    app.show(to_json("import", done) if json else [*imported_page(done)[is_shown:], *kept_as])


def _taken_in(
    app: App,
    file: str,
    reading: Reading,
    progress: Progress,
    name: str,
    meant: list[Code],
    *,
    follow_up: bool,
    keep: bool,
) -> Imported:
    """Take in the lost deals of a file as it is read by now, with what its reasons are `meant` as,
    and keep under `name`, if there is one, how that is."""
    kept = {kept_map(name): json_text.dumps(reading.all_told()._asdict())} if name else {}
    seen = _Seen(app)
    steps = FollowUp(app.journal.plan, app.today, app.settings.portion) if follow_up else None
    journal = app.journal_to_fill() if keep else app.journal
    with progress:
        taken = take_in(journal, seen.losses(reading.deals()), steps, kept, meant, keep=keep)
    journal.read_again()
    return Imported(
        file=file,
        format=reading.form,
        rows=reading.layout.rows,
        lost=reading.layout.lost,
        **taken._asdict(),
        ahead=seen.ahead,
        undated=seen.undated,
        skipped=tuple(seen.skipped),
        columns=reading.layout.columns,
        reasons=seen.reasons,
        dry_run=not keep,
    )


def _asked_reasons(app: App, reading: Reading) -> list[Code]:
    """Ask what the unclear reasons of a file mean, each text once, the most frequent first; `q`
    leaves the rest under other."""
    vocabulary = app.journal.vocabulary
    counts: Counter[Reason] = Counter()
    for deal in reading.deals():
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
            return bool(told_of(value))
        return key in SETTINGS and read_setting(key, value) == value
    except (BadInput, ValueError, TypeError):
        return False


def _take_back(
    app: App, file: str, found: Exported, form: str, *, json: bool, dry_run: bool
) -> None:
    """Bring in what `lostsale export` wrote, and show what came of it."""
    journal = app.journal if dry_run else app.journal_to_fill()
    taken = take_in_export(journal, found.losses, found.settings, found.reasons, keep=not dry_run)
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
    app.show(to_json("import", done) if json else imported_page(done))


class _Seen:
    """What is counted of lost deals while they are taken in."""

    def __init__(self, app: App) -> None:
        self._desk = app
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
        resolve = self._desk.journal.vocabulary.resolve
        return tuple(
            Counted(words or "", resolve("real", code, words, found=bool(found)), lost)
            for (code, words, found), lost in self._reasons.most_common()
        )


def _told(
    app: App,
    use_map: str,
    mapped: list[str] | None,
    lost_when: list[str] | None,
    dates: str,
    decimal: str,
    currency: str,
    encoding: str,
) -> ImportOptions:
    """Return what the user says about a file: by options, and as kept under a name. Raises
    BadInput."""
    told = kept_told(app, map_name(use_map)) if use_map else ImportOptions()
    given = ImportOptions(
        mapping(mapped or []),
        tuple(lost_when or ()),
        one_of(dates, ORDERS, "order of dates") if dates else "",
        read_setting("decimal", decimal) if decimal else "",
        read_currency(currency) if currency else "",
        encoding,
    )
    options = {name: value for name, value in given._asdict().items() if value}
    return told._replace(**options | {"columns": {**told.columns, **given.columns}})

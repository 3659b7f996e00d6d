"""What was lost and won back, and why: on the screen, as JSON, and in a file to be shown."""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.options import Force, PeriodWords
from lostsale.domain.periods import UNITS, fitting, unit_of, unit_that_fits
from lostsale.domain.reasons import one_of
from lostsale.domain.tally import Tally
from lostsale.errors import BadInput, either
from lostsale.export.record import plain, to_json
from lostsale.screen.stats import stats_page

if TYPE_CHECKING:
    from lostsale.domain.groups import Units

_PAGE_WIDTH = 100  # columns of a saved page
_FORMATS = (".html", ".svg", ".txt", ".csv", ".json")
_LEFT_OUT = "Left out: quotes and personal weaknesses"


def stats(
    ctx: typer.Context,
    period: PeriodWords = None,
    all_: Annotated[bool, typer.Option("--all", help="Everything that was counted.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Rows by month, quarter or year.")
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="Save a file to share: .html, .svg, .txt, .csv or .json."
        ),
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the saved file.")] = False,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Show your lessons; save quotes and all that's your own, too."
        ),
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet.")] = False,
    force: Force = False,
) -> Result | None:
    """Show what was lost and won back, and why.

    lostsale stats last month
    lostsale stats 2026 --by quarter --all
    lostsale stats --save report.html
    """
    app: App = ctx.obj
    if save is None and (force or open_ or (private and not all_)):
        hint = "Write --all --private, or --save report.html"
        raise BadInput("--private needs --all or --save; --force and --open need --save", hint)
    period = period or ["this-year"]
    if "by" in period[:-1]:
        at = period.index("by")
        period, by = period[:at] or ["this-year"], " ".join(period[at + 1 :])
    span = fields.read_span(app, " ".join(period))

    def count(units: "Units") -> Tally:
        shows_lessons = private and save is None
        is_shared = save is not None and not private
        return app.journal.stats(span, units, private=shows_lessons, shared=is_shared)

    try:
        unit = one_of(by, UNITS, "unit of time") if by is not None else None
    except BadInput as error:
        error.hint = "Choose month, quarter, year; reasons and competitors are in --all, reps in"
        error.command = "team stats --by rep"
        raise
    return shown_or_saved(
        app,
        count,
        unit,
        save,
        csv=csv,
        whole=all_,
        open_=open_,
        private=private,
        force=force,
        hints=True,
    )


def shown_or_saved(
    app: App,
    count: "Callable[[Units], Tally]",
    unit: str | None,
    save: str | None,
    *,
    csv: bool = False,
    whole: bool,
    open_: bool,
    private: bool = True,
    note: str = "",
    force: bool,
    hints: bool,
) -> Result | None:
    """Count, and show it or save it, which `private` saves whole, under a `note` for its readers.
    `hints` name commands. Raises BadInput or CannotOpen."""
    if (save is not None) + app.is_json + csv > 1:
        raise BadInput("--save, --csv and --json can't be combined", "Choose one")
    kind = Path(save).suffix.lower() if save is not None else ""
    if save is not None and kind not in _FORMATS:
        pdf = "Save .html, and print that to a PDF. " * (kind == ".pdf")
        hint = f"{pdf}End the name in {either(_FORMATS)}"
        raise BadInput(f'I can\'t save to "{save}"', hint)
    is_screen = kind in {".svg", ".txt"} or not (kind or app.is_json or app.width is None)

    def units(months: list[str]) -> Mapping[str, str]:
        if unit is None and is_screen:
            return fitting(months)
        chosen = unit or (unit_that_fits(months) if kind == ".html" else "month")
        return {month: unit_of(month, chosen) for month in months}

    counted = count(units)
    if csv:
        app.show(_text(app, counted, ".csv", whole=whole, left_out=""))
        return None
    if save is None:
        return Result(
            "stats",
            counted,
            lambda: stats_page(counted, app.settings, app.width, whole=whole, hints=hints),
        )
    out = note if private else f"{_LEFT_OUT} (those count as if nobody had said why)"
    text = _text(app, counted, kind, whole=whole, left_out=out)
    saved = _save(app, text, Path(save), force=force)
    saved += "" if private else f" {_LEFT_OUT} (--private)."
    if open_ and not _is_opened(str(Path(save).absolute())):
        app.tell("lostsale: I couldn't find a program to open it.")
    return Result("saved", {"file": save}, lambda: [saved])


def _is_opened(file: str) -> bool:
    """Open a file with the program for its kind; return whether there is one."""
    if sys.platform != "win32":
        return typer.launch(file) == 0
    with suppress(OSError):  # there Typer looks for a program named start
        os.startfile(file)  # noqa: S606 - lostsale just wrote it
        return True
    return False


def _save(app: App, text: str, path: Path, *, force: bool) -> str:
    """Write a text into a file, its owner's alone; return what was done. Raises CannotOpen."""
    from lostsale.commands.export import new_file

    with new_file(app, str(path), replace=force) as new:
        # A spreadsheet takes what has no mark for another encoding.
        encoding = "utf-8-sig" if path.suffix.lower() == ".csv" else "utf-8"
        new.write_text(text, encoding=encoding)
    return f"Saved in {path}."


def _text(app: App, tally: Tally, kind: str, *, whole: bool, left_out: str) -> str:
    """Return what a file of this kind holds."""
    if kind == ".html":
        from lostsale.report.page import report_page

        return report_page(tally, app.settings, whole=whole, left_out=left_out)
    if kind == ".json":
        return to_json("stats", tally, record=app.record)
    if kind == ".csv":
        from lostsale.export.csv import csv_of
        from lostsale.screen.text import shown

        return csv_of(plain(tally), shown)
    from lostsale.screen.page import saved

    page = [*stats_page(tally, app.settings, _PAGE_WIDTH, whole=whole, hints=False)]
    page += ["", f"{left_out}."] if left_out else []
    return saved(page, kind, _PAGE_WIDTH)

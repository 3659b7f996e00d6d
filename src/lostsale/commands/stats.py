"""What was lost and won back, and why: on the screen, as JSON, and in a file to be shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.options import Force
from lostsale.domain.periods import UNITS, fitting, read_period, unit_of
from lostsale.domain.reasons import one_of
from lostsale.domain.tally import Tally, shareable
from lostsale.errors import BadInput
from lostsale.export.record import plain
from lostsale.screen.stats import stats_page

_PAGE_WIDTH = 100  # columns of a saved page
_FORMATS = (".svg", ".html", ".txt", ".csv")


def stats(
    ctx: typer.Context,
    period: Annotated[
        str, typer.Argument(help="2026, 2026-11, 2026q4, this-month, last-year, all or FROM..TO.")
    ] = "this-year",
    all_: Annotated[bool, typer.Option("--all", help="All that was counted.")] = False,
    by: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Rows by month, quarter or year.")
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write a file to show: .svg, .html, .txt or .csv."),
    ] = None,
    private: Annotated[
        bool,
        typer.Option(
            "--private", help="Show your lessons; save quotes and personal weaknesses, too."
        ),
    ] = False,
    force: Force = False,
) -> Result:
    """Show what was lost and won back, and why.

    lostsale stats last-month
    lostsale stats 2026 --by quarter --all
    lostsale stats --save report.html
    """
    app: App = ctx.obj
    unit = one_of(by, UNITS, "unit of time") if by is not None else None
    if save is None and (force or (private and not all_)):
        hint = "Write --all --private, or --save report.html"
        raise BadInput("--force goes with --save, --private with that or with --all", hint)
    if save is not None and app.is_json:
        raise BadInput("--save and --json exclude each other", "Choose one")
    if save is not None and Path(save).suffix.lower() not in _FORMATS:
        raise BadInput(f'"{save}" can not be saved', f"End it in {', '.join(_FORMATS)}")
    span = read_period(period, app.today)
    is_page = save is not None and not save.lower().endswith(".csv")
    is_screen = is_page or (save is None and not app.is_json and app.width is not None)

    def units(months: list[str]) -> Mapping[str, str]:
        if unit is None and is_screen:
            return fitting(months)
        return {month: unit_of(month, unit or "month") for month in months}

    counted = app.journal.stats(span, units, private=private and save is None)
    if save is None:
        return Result(
            "stats", counted, lambda: stats_page(counted, app.settings, app.width, whole=all_)
        )
    saved = _save(app, counted, Path(save), whole=all_, private=private, force=force)
    return Result("saved", {"file": save}, lambda: [saved])


def _save(app: App, counted: Tally, path: Path, *, whole: bool, private: bool, force: bool) -> str:
    """Write the numbers into a file, its owner's alone; return what was done. Raises CannotOpen."""
    from lostsale.commands.export import new_file

    share, out = (counted, "") if private else shareable(counted)
    kind = path.suffix.lower()
    if kind == ".csv":
        from lostsale.export.csv import csv_of
        from lostsale.screen.text import shown

        text = csv_of(plain(share), shown)
    else:
        from lostsale.screen.page import saved

        page = [*stats_page(share, app.settings, _PAGE_WIDTH, whole=whole, hints=False)]
        page += ["", f"{out}."] if out else []
        text = saved(page, kind, _PAGE_WIDTH)
    with new_file(app, str(path), replace=force) as new:
        new.write_text(text, encoding="utf-8")
    return f"Saved in {path}. {out} (--private)." if out else f"Saved in {path}."

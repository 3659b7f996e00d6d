"""Making lostsale one's own."""

from typing import Annotated

import typer

from lostsale.commands.options import Json
from lostsale.context import Context
from lostsale.errors import BadInput, nearest
from lostsale.screen.json import to_json
from lostsale.screen.page import Column, Grid, Page, Row
from lostsale.settings import SETTINGS, Settings, read_setting


def config(
    ctx: typer.Context,
    key: Annotated[
        str | None, typer.Argument(help="The setting; without one all are shown.")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VALUE]...", help="Its new value; '' for the default."),
    ] = None,
    json: Json = False,
) -> None:
    """Show or change a setting.

    Example: lostsale config currency EUR
    """
    desk: Context = ctx.obj
    desk.may_make = bool(value)
    keys = list(SETTINGS) if key is None else [_key(key)]
    settings = desk.settings
    if value:
        text = " ".join(value)
        kept = read_setting(keys[0], text) if text.strip() else None
        if kept is not None or desk.has_journal:
            with desk.journal_to_fill().change("config") as change:
                change.set(keys[0], kept)
            settings = desk.journal.settings()
    shown = {key: settings[key] for key in keys}
    if json:
        desk.show(to_json("settings", shown))
    else:
        where = [f"The journal lies in {desk.path}"] if key is None else []
        desk.show([*_page(settings, keys), *where])


def _key(text: str) -> str:
    """Return the setting that `text` names, or begins as the only one. Raises BadInput."""
    begun = [key for key in SETTINGS if key.startswith(text.casefold())]
    if text.casefold() in SETTINGS or len(begun) == 1:
        return begun[0]
    raise BadInput(
        f'"{text[:40]}" is no setting', nearest(text, SETTINGS, f"Known: {', '.join(SETTINGS)}")
    )


def _page(settings: Settings, keys: list[str]) -> Page:
    rows = tuple(Row((key, settings[key] or "-", SETTINGS[key].meaning)) for key in keys)
    return [
        Grid(
            (Column("Setting"), Column("Value"), Column("Meaning", stretchy=True, wrap=True)), rows
        )
    ]

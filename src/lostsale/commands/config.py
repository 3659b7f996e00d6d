"""Settings."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.options import completing
from lostsale.domain.settings import SETTINGS, Settings, read_setting
from lostsale.errors import BadInput, nearest
from lostsale.screen.page import Column, Grid, Page, Row


def config(
    ctx: typer.Context,
    key: Annotated[
        str | None,
        typer.Argument(
            help="The setting; leave it out to see them all.",
            autocompletion=completing(SETTINGS),
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VALUE]...", help="Its new value; '' for the default."),
    ] = None,
) -> Result:
    """Show or change a setting.

    lostsale config
    lostsale config currency EUR
    lostsale config workdays mon-thu
    """
    app: App = ctx.obj
    app.create_if_missing = bool(value)
    keys = list(SETTINGS) if key is None else [_key(key)]
    if value:
        text = " ".join(value)
        kept = read_setting(keys[0], text) if text.strip() else None
        if kept is not None or app.has_journal:
            with app.journal_to_fill().configure("config") as change:
                change.set(keys[0], kept)
    shown = {key: app.settings[key] for key in keys}
    where = [f"Your journal is kept in {app.path}"] if key is None else []
    return Result("settings", shown, lambda: [*_page(app.settings, keys), *where])


def _key(text: str) -> str:
    """Return the setting that `text` names, or begins as the only one. Raises BadInput."""
    begun = [key for key in SETTINGS if key.startswith(text.casefold())]
    if text.casefold() in SETTINGS or len(begun) == 1:
        return begun[0]
    raise BadInput(f'There\'s no setting "{text[:40]}"', nearest(text, SETTINGS))


def _page(settings: Settings, keys: list[str]) -> Page:
    rows = tuple(
        Row((key, settings[key] or "-", SETTINGS[key].default or "-", SETTINGS[key].meaning))
        for key in keys
    )
    meaning = Column("Meaning", stretchy=True, wrap=True)
    return [Grid((Column("Setting"), Column("Value"), Column("Default"), meaning), rows)]

"""Settings, and the made-up journal to look around in. The plan and the reasons have modules of
their own."""

import os
from contextlib import closing, suppress
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import complete
from lostsale.commands.options import Json
from lostsale.domain.periods import read_period
from lostsale.domain.settings import SETTINGS, Settings, read_setting
from lostsale.errors import BadInput, CannotOpen, NotAJournal, nearest
from lostsale.export.record import to_json
from lostsale.journal.queries import lost_and_won
from lostsale.journal.store import Journal, first_machine
from lostsale.screen.page import Column, Grid, Page, Row

_MADE_UP = "made up by lostsale demo"  # what its changes name as their machine; no host does


def config(
    ctx: typer.Context,
    key: Annotated[
        str | None,
        typer.Argument(
            help="The setting; without one all are shown.",
            autocompletion=complete.one_of(SETTINGS),
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Argument(metavar="[VALUE]...", help="Its new value; '' for the default."),
    ] = None,
    json: Json = False,
) -> None:
    """Show or change a setting.

    lostsale config
    lostsale config currency EUR
    lostsale config workdays mon-thu
    """
    desk: Context = ctx.obj
    desk.may_make = bool(value)
    keys = list(SETTINGS) if key is None else [_key(key)]
    if value:
        text = " ".join(value)
        kept = read_setting(keys[0], text) if text.strip() else None
        if kept is not None or desk.has_journal:
            with desk.change("config") as change:
                change.set(keys[0], kept)
    shown = {key: desk.settings[key] for key in keys}
    if json:
        desk.show(to_json("settings", shown))
    else:
        where = [f"The journal lies in {desk.path}"] if key is None else []
        desk.show([*_page(desk.settings, keys), *where])


def _key(text: str) -> str:
    """Return the setting that `text` names, or begins as the only one. Raises BadInput."""
    begun = [key for key in SETTINGS if key.startswith(text.casefold())]
    if text.casefold() in SETTINGS or len(begun) == 1:
        return begun[0]
    raise BadInput(f'"{text[:40]}" is no setting', nearest(text, SETTINGS))


def _page(settings: Settings, keys: list[str]) -> Page:
    rows = tuple(
        Row((key, settings[key] or "-", SETTINGS[key].default or "-", SETTINGS[key].meaning))
        for key in keys
    )
    meaning = Column("Meaning", stretchy=True, wrap=True)
    return [Grid((Column("Setting"), Column("Value"), Column("Default"), meaning), rows)]


def demo(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The file to make.")] = "lostsale-demo.db",
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier one.")] = False,
    json: Json = False,
) -> None:
    """Make a journal of a made-up year, to look around in.

    Your own journal is never touched.

    lostsale demo demo.db
    lostsale demo demo.db --force
    """
    from lostsale.demo import year

    desk: Context = ctx.obj
    path = Path(file)
    if os.path.lexists(path):
        _check_replaced(path, force=force)
    try:
        Journal.write(path, year(desk.today), _MADE_UP, replace=force)
    except FileExistsError:
        raise CannotOpen(
            f"There is a file at {path} already", "Name another file, or say --force"
        ) from None
    with closing(Journal.open(path)) as journal:
        lost, won = lost_and_won(journal, read_period("all", desk.today))
    start = f"lostsale --db {quote(file)} --today {desk.today}"
    commands = [f"{start} due", f"{start} stats all", f"{start} list --won"]
    if json:
        made = {"file": file, "lost": lost, "won_back": won, "commands": commands}
        desk.show(to_json("demo", made))
    else:
        desk.show([f"{lost:,} lost, {won:,} won back, all made up, in {file}. Look:", *commands])


def _check_replaced(path: Path, *, force: bool) -> None:
    """Refuse to replace what is there, unless that is wanted and it is no journal of the user's."""
    if not force:
        raise CannotOpen(f"There is a file at {path} already", "Name another file, or say --force")
    with suppress(NotAJournal):
        if first_machine(path) != _MADE_UP:
            raise CannotOpen(f"{path} is no made-up journal", "Name another file")

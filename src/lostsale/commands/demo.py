"""The made-up journal to look around in."""

import os
from contextlib import closing, suppress
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands.options import Json
from lostsale.domain.periods import read_period
from lostsale.errors import CannotOpen, NotAJournal
from lostsale.export.record import to_json
from lostsale.journal.queries import lost_and_won
from lostsale.journal.store import Store, first_machine

_MADE_UP = "made up by lostsale demo"  # what its changes name as their machine; no host does


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

    app: App = ctx.obj
    path = Path(file)
    if os.path.lexists(path):
        _check_replaced(path, force=force)
    try:
        Store.write(path, year(app.today), _MADE_UP, replace=force)
    except FileExistsError:
        raise CannotOpen(
            f"There is a file at {path} already", "Name another file, or say --force"
        ) from None
    with closing(Store.open(path)) as journal:
        lost, won = lost_and_won(journal, read_period("all", app.today))
    start = f"lostsale --db {quote(file)} --today {app.today}"
    commands = [f"{start} due", f"{start} stats all", f"{start} list --won"]
    if json:
        made = {"file": file, "lost": lost, "won_back": won, "commands": commands}
        app.show(to_json("demo", made))
    else:
        app.show([f"{lost:,} lost, {won:,} won back, all made up, in {file}. Look:", *commands])


def _check_replaced(path: Path, *, force: bool) -> None:
    """Refuse to replace what is there, unless that is wanted and it is no journal of the user's."""
    if not force:
        raise CannotOpen(f"There is a file at {path} already", "Name another file, or say --force")
    with suppress(NotAJournal):
        if first_machine(path) != _MADE_UP:
            raise CannotOpen(f"{path} is no made-up journal", "Name another file")

"""A made-up journal to look around in."""

import json
import os
import re
from contextlib import closing, suppress
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.domain.loss import Loss
from lostsale.domain.periods import read_period
from lostsale.domain.workdays import Workdays
from lostsale.errors import CannotOpen, NotAJournal, quote
from lostsale.journal.queries import lost_and_won
from lostsale.journal.store import Store, first_machine

DATA = Path(__file__).parents[1] / "data" / "demo.json.xz"  # tools/make_demo.py makes it
MADE_ON = date(2026, 11, 24)  # the Tuesday that is "today" in it
_MADE_UP = "made up by lostsale demo"  # what its change names as its machine; no host does
_WORKDAYS = Workdays()


def demo(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The file to create.")] = "lostsale-demo.db",
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> Result:
    """Make a sample journal to look around in.

    Your own journal is never touched.

    lostsale demo demo.db
    lostsale demo demo.db --force
    """
    app: App = ctx.obj
    path = Path(file)
    if os.path.lexists(path):
        _check_replaced(path, force=force)
    at = f"{app.today}T08:00:00.000000+00:00"
    Store.write(path, made_up_losses(app.today), _MADE_UP, at, replace=force)
    with closing(Store.open(path)) as journal:
        lost, won = lost_and_won(journal, read_period("all", app.today))
    start = f"lostsale --db {quote(file)} --today {app.today}"
    commands = [f"{start} due", f"{start} stats all", f"{start} list --won"]
    made = {"file": file, "lost": lost, "won_back": won, "commands": commands}
    what = f"{lost:,} lost, {won:,} won back, all made up, in {file}. Try:"
    return Result("demo", made, lambda: [what, *commands])


def made_up_losses(today: date) -> tuple[Loss, ...]:
    """Return the losses of a made-up year as they stand on the morning of `today`, or of the last
    working day before a day off."""
    import lzma  # nothing else needs it

    from lostsale.export.json import read_export

    weeks, weekday = divmod((today - MADE_ON).days, 7)
    days = _WORKDAYS.late(MADE_ON, MADE_ON + timedelta(weekday))

    @lru_cache(None)
    def moved(day: str) -> str:
        # By working days, so that as much is due on a Friday as on a Tuesday, and as late.
        return str(_WORKDAYS.after(date.fromisoformat(day) + timedelta(weeks=weeks), days))

    text = re.sub(
        r'(?<=")[0-9]{4}-[0-9]{2}-[0-9]{2}',  # only dates and moments begin so
        lambda found: moved(found[0]),
        lzma.decompress(DATA.read_bytes()).decode(),
    )
    return read_export(json.loads(text), DATA.name).losses


def _check_replaced(path: Path, *, force: bool) -> None:
    """Raise CannotOpen if a file may not be replaced: without --force, or because it's a real
    journal."""
    if not force:
        raise CannotOpen(f"There's already a file at {path}", "Choose another file, or add --force")
    with suppress(NotAJournal):
        if first_machine(path) != _MADE_UP:
            raise CannotOpen(f"{path} isn't a sample journal", "Choose another file")

"""Merging two journals of one person."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import confirmed
from lostsale.commands.options import Yes
from lostsale.domain.results import Merged
from lostsale.errors import BadInput, Declined
from lostsale.journal.backup import taken_copy
from lostsale.journal.merge import absorb_file
from lostsale.screen.progress import Working
from lostsale.screen.transfer import merged_page


def merge(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The other journal. It isn't changed.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would come in and what differs.")
    ] = False,
    yes: Yes = False,
) -> Result:
    """Bring in everything from another of your journals.

    Where both changed something, the later change counts. undo can't take it back, so a backup
    is made first.

    lostsale merge laptop.db --dry-run
    lostsale merge laptop.db
    """
    app: App = ctx.obj
    app.create_if_missing = True
    if os.path.exists(file) and app.has_journal and app.path.samefile(file):  # noqa: PTH110 - of any text
        raise BadInput("That is this journal itself", "Give the other one")
    with taken_copy(Path(file), "can't be merged", app.path) as other:
        if app.is_interactive and not (dry_run or yes or app.is_json):
            found = _merged(app, file, other, keep=False)
            if not (found.changes or found.forgotten):
                return Result("merge", found, lambda: merged_page(found))
            app.show(merged_page(found)[:-1])
            if not confirmed("Bring it in? undo can't take it back; restore can."):
                raise Declined("Not merged")
        done = _merged(app, file, other, keep=not dry_run)
    return Result("merge", done, lambda: merged_page(done))


def _merged(app: App, file: str, other: Path, *, keep: bool) -> Merged:
    path = app.path if app.has_journal else None
    journal = app.journal_to_fill() if keep else app.journal
    with Working(f"Merging {file}"):
        return absorb_file(journal, other, app.record, path, keep=keep)._replace(file=file)

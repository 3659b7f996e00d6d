"""Bringing two journals of one person together."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands.ask import confirmed
from lostsale.commands.options import Json, Yes
from lostsale.errors import BadInput, Declined
from lostsale.export.record import to_json
from lostsale.journal import backup as journal_backup
from lostsale.journal import forget as journal_forget
from lostsale.journal import merge as journal_merge
from lostsale.journal.merge import Differs
from lostsale.screen.transfer import Difference, Field, Merged, merged_page

_NOBODYS = {"number", "uid", "logged_at"}  # nobody entered these


def merge(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="The other journal. It is left as it is.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would come and what differs.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Bring in all that another journal of yours holds.

    Of what both changed the later change counts. undo can't take it back, so a backup is made
    first.

    lostsale merge laptop.db --dry-run
    lostsale merge laptop.db
    """
    app: App = ctx.obj
    app.create_if_missing = True
    if os.path.exists(file) and app.has_journal and app.path.samefile(file):  # noqa: PTH110 - of any text
        raise BadInput("That is this journal itself", "Name the other one")
    with journal_merge.taken_copy(Path(file)) as other:
        if app.is_interactive and not (dry_run or yes or json):
            found = _merged(app, file, other, keep=False)
            if not (found.changes or found.forgotten):
                app.show(merged_page(found))
                return
            app.show(merged_page(found)[:-1])
            if not confirmed("Bring it in? undo can't take it back; restore can."):
                raise Declined("Not merged")
        done = _merged(app, file, other, keep=not dry_run)
    app.show(to_json("merge", done) if json else merged_page(done))


def _merged(app: App, file: str, other: Path, *, keep: bool) -> Merged:
    """Merge another journal into this one, or only see what would come of it."""
    kept_as: list[Path] = []
    had_journal = app.has_journal

    def keep_this(forgotten: list[str]) -> None:
        if had_journal:
            kept_as.append(journal_backup.timestamped_path(app.path, "before-merge"))
            journal_backup.back_up(app.path, kept_as[0])
            journal_forget.clean_backups(app.path, forgotten, journal_forget.How())

    journal = app.journal_to_fill() if keep else app.journal
    came = journal_merge.merge(journal, other, keep_this, keep=keep)
    losses = tuple(_difference(app, pair) for pair in came.losses)
    return Merged(
        file=file,
        changes=came.changes,
        added=sum(loss.what == "added" for loss in losses),
        updated=sum(loss.what == "updated" for loss in losses),
        removed=sum(loss.what == "removed" for loss in losses),
        forgotten=came.forgotten,
        settings=came.settings,
        losses=losses,
        twice=came.twice,
        backup=str(kept_as[0]) if kept_as else None,
        dry_run=not keep,
    )


def _difference(app: App, pair: Differs) -> Difference:
    """Return what differs between a loss before and after."""
    before, after = (loss and app.record(loss) for loss in pair)
    one = after or before
    assert one
    number, uid, prospect = one["number"], one["uid"], one["prospect"]
    if before is None or after is None:
        what = "added" if after else "removed"
        return Difference(number, uid, prospect, what, ())
    fields = tuple(
        Field(name, before[name], after[name])
        for name in after
        if name not in _NOBODYS and before[name] != after[name]
    )
    return Difference(number, uid, prospect, "updated", fields)

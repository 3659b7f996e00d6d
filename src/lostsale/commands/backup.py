"""Keeping the journal safe: backing up, restoring, checking."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import confirm
from lostsale.commands.options import Force, Yes
from lostsale.errors import BadInput, CannotOpen, Damaged, quote
from lostsale.journal import backup as journal_backup
from lostsale.journal.file import check_file
from lostsale.journal.forget import forget_again
from lostsale.journal.verify import verify_journal
from lostsale.screen.progress import Working
from lostsale.screen.text import plural
from lostsale.screen.transfer import verified_page


def backup(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(help="Where to; if left out, with the other backups.")
    ] = None,
    force: Force = False,
) -> Result:
    """Write a copy of the journal.

    Checked, and readable only by you.

    lostsale backup
    lostsale backup journal-copy.db --force
    """
    app: App = ctx.obj
    if not app.has_journal:
        raise CannotOpen(f"There's no journal at {app.path}", "lostsale log starts one")
    check_file(app.path)
    if file and os.path.exists(file) and app.path.samefile(file):  # noqa: PTH110 - of any text
        raise CannotOpen(f"{file} is the journal", "Choose another file")
    target = Path(file) if file else journal_backup.timestamped_path(app.path, "backup")
    with Working("Copying the journal"):
        journal_backup.back_up(app.path, target, replace=force)
    made = {"file": str(target), "bytes": target.stat().st_size}
    return Result("backup", made, lambda: [f"A copy of the journal is in {target}"])


def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(help="The backup; leave it out to list them all.")
    ] = None,
    yes: Yes = False,
) -> Result:
    """Go back to a backup.

    The journal as it is now is kept next to its backups. undo can't take it back.

    lostsale restore journal-copy.db --yes
    lostsale restore journal-copy.db --yes --json
    """
    app: App = ctx.obj
    if file is None:
        return _list(app)
    source = Path(file)
    if app.path.exists() and source.exists() and app.path.samefile(source):
        raise BadInput("The journal can't be restored from itself", "Choose a backup")
    with journal_backup.taken_copy(source, "can't be restored", app.path) as copy:
        if not yes:
            what = f"replace {app.path} with {file}"
            confirm(app, what, f"R{what[1:]}? undo can't take it back.", "Not restored")
        app.create_if_missing = True
        with Working(f"Going back to {file}"):
            replaced = journal_backup.restore_journal(app.path, copy, forget_again)
    losses, kept = app.journal.count(), str(replaced) if replaced else None
    aside = [f"The journal that was there is now {replaced}"] if replaced else []
    page = [f"The journal is back to {file}, with {plural(losses, 'loss')}", *aside]
    return Result("restored", {"file": file, "losses": losses, "replaced": kept}, lambda: page)


def _list(app: App) -> Result:
    """List the backups beside the journal, the newest first."""
    rows = []
    backups = journal_backup.newest_first(app.path)
    for backup in backups:
        made = datetime.fromtimestamp(backup.stat().st_mtime)  # noqa: DTZ006 - the user's own time
        rows.append(f"{made:%Y-%m-%d %H:%M}  {app.command} restore {quote(str(backup))}")
    none = f"There's no backup next to {app.path}. Give one: lostsale restore FILE"
    return Result("backups", list(map(str, backups)), lambda: rows or [none])


def verify(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild the journal from its log of changes.")
    ] = False,
) -> None:
    """Check that the journal is intact.

    If its log of changes is whole, --repair rebuilds everything else from it, after a backup.
    Nothing you logged is lost. undo can't take it back.

    lostsale verify
    lostsale verify --json
    lostsale verify --repair
    """
    app: App = ctx.obj
    app.is_strict = False
    with Working("Checking the journal"):
        if repair and app.has_journal:
            found = journal_backup.repair(app.journal.connection, app.path)
        else:
            found = verify_journal(app.journal.connection)
    known = app.path if found.ok and app.has_journal else None
    good = journal_backup.newest_good(app.path, known)
    found = found._replace(backup=str(good) if good else None)
    hidden = ""
    try:
        hidden = "None of the backups is good" * bool(journal_backup.backups(app.path))
    except CannotOpen as error:
        hidden = error.what
    app.render(Result("verify", found, lambda: verified_page(found, hidden)))
    if not found.ok:
        which = f": loss {', '.join(map(str, found.wrong[:10]))}" if found.wrong else ""
        raise Damaged(
            f"The journal is damaged{which}", "Go back to a copy of it, or see them first"
        )

"""Keeping the journal safe: backups, going back to one, checking."""

from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands.ask import confirm
from lostsale.commands.options import Force, Json, Yes
from lostsale.errors import CannotOpen, Damaged
from lostsale.export.record import to_json
from lostsale.journal import backup as journal_backup
from lostsale.journal import forget as journal_forget
from lostsale.journal.file import check_file
from lostsale.screen.text import plural
from lostsale.screen.transfer import verified_page


def backup(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(help="Where to; else with the other backups.")
    ] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a copy of the journal.

    Checked, and readable by you alone.

    lostsale backup
    lostsale backup journal-copy.db --force
    """
    app: App = ctx.obj
    if not app.has_journal:
        raise CannotOpen(f"There is no journal at {app.path}", "lostsale log makes one")
    check_file(app.path)
    target = Path(file) if file else journal_backup.timestamped_path(app.path, "backup")
    try:
        journal_backup.back_up(app.path, target, replace=force)
    except FileExistsError:
        raise CannotOpen(
            f"There is a file at {target} already", "Name another, or say --force"
        ) from None
    if json:
        app.show(to_json("backup", {"file": str(target), "bytes": target.stat().st_size}))
    else:
        app.show([f"A copy of the journal is in {target}"])


def restore(
    ctx: typer.Context,
    file: Annotated[
        str | None, typer.Argument(help="The backup; without it those that there are.")
    ] = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Go back to a backup.

    What the journal holds now is kept beside its backups. It can't be undone.

    lostsale restore journal-copy.db --yes
    lostsale restore journal-copy.db --yes --json
    """
    app: App = ctx.obj
    if file is None:
        _list_backups(app, json=json)
        return
    source = Path(file)
    journal_backup.check_backup(source)
    if not yes:
        what = f"replace {app.path} by {file}"
        confirm(app, what, f"R{what[1:]}? undo can't take it back.", "Not restored")
    app.create_if_missing = True
    forgotten = journal_forget.forgotten_in(app.path)
    replaced = journal_backup.restore_journal(app.path, source)
    journal_forget.forget_again(app.journal, forgotten)
    losses = app.journal.count()
    if json:
        kept = str(replaced) if replaced else None
        app.show(to_json("restored", {"file": file, "losses": losses, "replaced": kept}))
        return
    aside = [f"What stood there is kept in {replaced}"] if replaced else []
    app.show([f"The journal is that of {file} again, with {plural(losses, 'loss')}", *aside])


def _list_backups(app: App, *, json: bool) -> None:
    """Show the backups beside the journal, the newest first."""
    backups = journal_backup.newest_first(app.path)
    if json:
        app.show(to_json("backups", [str(backup) for backup in backups]))
        return
    rows = []
    for backup in backups:
        made = datetime.fromtimestamp(backup.stat().st_mtime)  # noqa: DTZ006 - the user's own time
        rows.append(f"{made:%Y-%m-%d %H:%M}  {app.command} restore {quote(str(backup))}")
    app.show(rows or [f"There is no backup beside {app.path}. Name one: lostsale restore FILE"])


def verify(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Put right what the changes still tell.")
    ] = False,
    json: Json = False,
) -> None:
    """Check that all is kept as it was written.

    If the changes are whole, --repair makes all the rest of them again, after a backup: nothing
    that was logged is lost. undo can't take it back.

    lostsale verify
    lostsale verify --json
    lostsale verify --repair
    """
    app: App = ctx.obj
    if repair and app.has_journal:
        found = journal_backup.repair(app.journal.connection, app.path)
    else:
        found = journal_backup.verify_journal(app.journal.connection)
    good = journal_backup.newest_good(app.path)
    found = found._replace(backup=str(good) if good else None)
    app.show(to_json("verify", found) if json else verified_page(found))
    if not found.ok:
        which = f": loss {', '.join(map(str, found.wrong[:10]))}" if found.wrong else ""
        raise Damaged(
            f"The journal is damaged{which}", "Go back to a copy of it, or see them first"
        )

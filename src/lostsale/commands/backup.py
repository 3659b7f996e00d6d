"""Keeping the journal safe: backups, going back to one, checking."""

from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands.ask import confirm
from lostsale.commands.options import Force, Json, Yes
from lostsale.errors import CannotOpen, Damaged
from lostsale.export.record import to_json
from lostsale.journal import backup as journal_backup
from lostsale.journal import forget as journal_forget
from lostsale.journal.file import check_file
from lostsale.screen.text import plural


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
    desk: Context = ctx.obj
    if not desk.has_journal:
        raise CannotOpen(f"There is no journal at {desk.path}", "lostsale log makes one")
    check_file(desk.path)
    target = Path(file) if file else journal_backup.named_now(desk.path, "backup")
    try:
        journal_backup.back_up(desk.path, target, replace=force)
    except FileExistsError:
        raise CannotOpen(
            f"There is a file at {target} already", "Name another, or say --force"
        ) from None
    if json:
        desk.show(to_json("backup", {"file": str(target), "bytes": target.stat().st_size}))
    else:
        desk.show([f"A copy of the journal is in {target}"])


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
    desk: Context = ctx.obj
    if file is None:
        _list_backups(desk, json=json)
        return
    source = Path(file)
    journal_backup.check_backup(source)
    if not yes:
        what = f"replace {desk.path} by {file}"
        confirm(desk, what, f"R{what[1:]}? undo can't take it back.", "Not restored")
    desk.may_make = True
    forgotten = journal_forget.forgotten(desk.path)
    replaced = journal_backup.restore(desk.path, source)
    journal_forget.honour(desk.journal, forgotten)
    losses = desk.journal.count()
    if json:
        kept = str(replaced) if replaced else None
        desk.show(to_json("restored", {"file": file, "losses": losses, "replaced": kept}))
        return
    aside = [f"What stood there is kept in {replaced}"] if replaced else []
    desk.show([f"The journal is that of {file} again, with {plural(losses, 'loss')}", *aside])


def _list_backups(desk: Context, *, json: bool) -> None:
    """Show the backups beside the journal, the newest first."""
    backups = journal_backup.newest_first(desk.path)
    if json:
        desk.show(to_json("backups", [str(backup) for backup in backups]))
        return
    rows = []
    for backup in backups:
        made = datetime.fromtimestamp(backup.stat().st_mtime)  # noqa: DTZ006 - the user's own time
        rows.append(f"{made:%Y-%m-%d %H:%M}  {desk.command} restore {quote(str(backup))}")
    desk.show(rows or [f"There is no backup beside {desk.path}. Name one: lostsale restore FILE"])


def verify(ctx: typer.Context, json: Json = False) -> None:
    """Check that all is kept as it was written.

    lostsale verify
    lostsale verify --json
    """
    desk: Context = ctx.obj
    found = journal_backup.verify(desk.journal.connection)
    good = journal_backup.newest_good(desk.path)
    is_well = not found.file and not found.wrong
    if json:
        state = {"ok": is_well, **found._asdict(), "backup": str(good) if good else None}
        desk.show(to_json("verify", state))
    else:
        counts = f"{plural(found.losses, 'loss')}, {plural(found.changes, 'change')}"
        lines = [f"The file: {what}" for what in found.file]
        lines += [f"Loss {number} is not as it was written" for number in found.wrong]
        backup_line = [f"Newest good backup: {good}"] if good else ["There is no backup yet"]
        desk.show([*(lines or [f"{counts}: all as it was written"]), *backup_line])
    if not is_well:
        which = f": loss {', '.join(map(str, found.wrong[:10]))}" if found.wrong else ""
        raise Damaged(
            f"The journal is damaged{which}", "Go back to a copy of it, or see them first"
        )

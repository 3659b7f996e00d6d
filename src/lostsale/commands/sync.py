"""Keeping the journals of one person's machines the same."""

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostsale.app import App, Result
from lostsale.errors import BadInput
from lostsale.journal.paths import typed_path
from lostsale.screen.page import Page
from lostsale.screen.progress import Working
from lostsale.screen.text import plural
from lostsale.screen.transfer import difference_line, machines_line

if TYPE_CHECKING:
    from lostsale.sync.exchange import MeetingPlace, Seen, Synced
    from lostsale.sync.sealed import SyncKey


def sync(
    ctx: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="[TARGET]", help="A folder, or postgresql://host/db.")
    ] = None,
    init: Annotated[bool, typer.Option("--init", help="Set it up on the first machine.")] = False,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="The key of your other machine; - reads it.")
    ] = None,
    show_key: Annotated[bool, typer.Option("--show-key", help="Print this machine's key.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing if all went well.")
    ] = False,
) -> Result:
    """Keep your journals on several machines in sync.

    What leaves this machine is encrypted. It remembers TARGET for next time.

    lostsale sync ~/OneDrive/lostsale --init
    lostsale sync
    """
    app: App = ctx.obj
    from lostsale.journal.machine import state_file
    from lostsale.journal.unfinished import only_one
    from lostsale.sync.exchange import Memory, exchange
    from lostsale.sync.sealed import check_other_key, keep_key, kept_key, new_key, read_key

    if show_key:
        kept = kept_key()
        if kept is None:
            raise BadInput("This machine has no key yet", "Set up a folder first, with --init")
        return Result("key", str(kept), lambda: [str(kept)])
    given = None
    if key is not None:
        given = read_key(
            typer.get_text_stream("stdin", errors="replace").readline(1000) if key == "-" else key
        )
        check_other_key(given)
    address = _whole(target) if target else Memory(app.path).target
    if not address:
        raise BadInput("Nothing to sync with", "Give a folder or server", "sync ~/lostsale --init")
    keys = given or kept_key()
    if keys is None and not init:
        raise BadInput(
            "This machine has no key yet",
            "Run lostsale sync --show-key on your other machine, then add --key KEY here."
            " On the first machine, add --init",
        )
    keys = keys or new_key()
    app.create_if_missing = True
    with only_one(state_file("sync.lock")), Working("Syncing"):
        memory = Memory(app.path)
        with closing(_opened(address, keys, memory.of(address), init=init)) as place:
            keep_key(keys)  # only now, as it fits
            journal = app.journal_to_fill()
            done = exchange(journal, app.path, place, keys, app.record, app.today)
            memory.keep(address, place.seen)
    return Result("sync", done, lambda: [] if quiet else _page(done))


def _whole(target: str) -> str:
    """Return an address that means the same from any folder."""
    from lostsale.sync.server import is_server

    return target if is_server(target) else os.path.realpath(typed_path(target) or target)


def _opened(address: str, key: "SyncKey", seen: "Seen", *, init: bool) -> "MeetingPlace":
    """Return the place that an address names, set up first with `init`."""
    from lostsale.sync.server import Server, is_server

    if is_server(address):
        if init:
            Server.make(address)
        return Server(address, key, seen)
    from lostsale.sync.folder import Folder

    folder = Path(address)
    if init:
        Folder.make(folder, key)
    return Folder(folder, key, seen)


def _page(done: "Synced") -> Page:
    """Return what was sent and received, in one line, and what one would want to know."""
    counts = (
        f"{plural(done.added, 'loss')} new" if done.added else "",
        f"{done.updated:,} changed" if done.updated else "",
        f"{done.removed:,} gone" if done.removed else "",
        f"{done.forgotten:,} forgotten" if done.forgotten else "",
    )
    came = ", ".join(filter(None, counts))
    line = f"{done.sent:,} sent, {done.received:,} received" + (f": {came}" if came else "")
    line += f" · {done.shared:,} to the team" if done.shared else ""
    both = [
        f"  Changed on both, so the later one counts: {difference_line(loss)}" for loss in done.both
    ]
    behind = [machines_line(done.behind)] if done.behind else []
    return [line, *both, *done.notes, *behind]

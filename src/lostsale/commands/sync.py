"""Keeping the journals of one person's machines the same."""

import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lostsale.app import App, Result
from lostsale.errors import BadInput
from lostsale.screen.page import Page
from lostsale.screen.text import plural
from lostsale.screen.transfer import difference_line

if TYPE_CHECKING:
    from lostsale.sync.exchange import MeetingPlace, Seen, Synced
    from lostsale.sync.sealed import SyncKey


def sync(
    ctx: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="[TARGET]", help="A folder, or postgresql://host/db.")
    ] = None,
    init: Annotated[bool, typer.Option("--init", help="Set it up: once, on one machine.")] = False,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="The key of your other machine; - reads it.")
    ] = None,
    show_key: Annotated[bool, typer.Option("--show-key", help="Print this machine's key.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing if all went well.")] = False,
) -> Result:
    """Keep your journals on several machines in sync.

    What leaves this machine is encrypted. TARGET is kept for the next time.

    lostsale sync ~/OneDrive/lostsale --init
    lostsale sync
    """
    app: App = ctx.obj
    from lostsale.sync.exchange import Memory, exchange
    from lostsale.sync.sealed import keep_key, kept_key, new_key, read_key

    if show_key:
        kept = kept_key()
        if kept is None:
            raise BadInput("This machine has no key yet", "Set up a folder first, with --init")
        return Result("key", str(kept), lambda: [str(kept)])
    if key is not None:
        keep_key(read_key(typer.get_text_stream("stdin").readline() if key == "-" else key))
    memory = Memory(app.path)
    address = target or memory.target
    if not address:
        raise BadInput("Sync with what?", "Name a folder or a server", "sync ~/lostsale --init")
    keys = kept_key()
    if keys is None and not init:
        raise BadInput(
            "This machine has no key yet",
            "On your other machine see lostsale sync --show-key, then add --key KEY here;"
            " on the first machine add --init",
        )
    keys = keys or new_key()
    app.create_if_missing = True
    journal = app.journal_to_fill()
    with closing(_opened(address, keys, memory.of(address), init=init)) as place:
        done = exchange(journal, app.path, place, keys, app.record)
        memory.keep(address, place.seen)
    return Result("sync", done, lambda: [] if quiet else _page(done))


def _opened(address: str, key: "SyncKey", seen: "Seen", *, init: bool) -> "MeetingPlace":
    """Return the place that an address names, set up first with `init`."""
    if "://" in address or address.startswith("service="):
        if re.search(r"://[^/@]*:[^/@]+@|[?&]password=", address):
            raise BadInput(
                "Leave the password out of the address", "Put it into ~/.pgpass or PGPASSWORD"
            )
        from lostsale.sync.server import Server

        if init:
            Server.make(address)
        return Server(address, key, seen)
    from lostsale.sync.folder import Folder

    folder = Path(address).expanduser()
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
    both = [
        f"  Changed on both, so the later one counts: {difference_line(loss)}" for loss in done.both
    ]
    return [line, *both, *done.notes]

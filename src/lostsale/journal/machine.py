"""Which machine this is. Journals are copied and hosts are renamed, so each machine has a random id
that it keeps outside of its journals."""

import os
from contextlib import suppress
from pathlib import Path

from lostsale.domain.loss import new_uid
from lostsale.errors import AlreadyThere, LostSaleError
from lostsale.journal.file import atomic_file
from lostsale.journal.paths import own_folder
from lostsale.later import NamedTuple


class Machine(NamedTuple):
    """A machine's id, and the host name it had when the id was made: what older versions of
    lostsale did under that name was done here, too."""

    id: str
    host: str

    @property
    def alias(self) -> str:
        """What it's called where machines meet."""
        from hashlib import sha256  # only syncing needs it

        return sha256(self.id.encode()).hexdigest()[:8]


def this_machine() -> Machine:
    """Return this machine, which gets its id when first asked for. If no id can be stored or read,
    the host's name takes its place."""
    try:
        file = state_file("machine")
        if not file.exists():
            with suppress(AlreadyThere), atomic_file(file) as new:  # another run just made it
                new.write_text(f"{new_uid()}\n{_host()}\n", encoding="utf-8")
        machine_id, host = file.read_text(encoding="utf-8").splitlines()
    except (OSError, RuntimeError, ValueError, LostSaleError):
        return Machine(_host(), _host())
    return Machine(machine_id, host)


def state_file(name: str) -> Path:
    """Return where something of this machine's own is kept, outside of any journal: in the
    platform's folder for state. Raises RuntimeError where there's none."""
    return own_folder(for_state=True) / name


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")

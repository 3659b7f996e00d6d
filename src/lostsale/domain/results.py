"""What came of merging, forgetting and verifying, from the journal to the screen and JSON."""

from typing import Any, Literal, NamedTuple

What = Literal["added", "updated", "removed"]


class FieldChange(NamedTuple):
    """A field of LOSS of the README, before and after."""

    field: str
    before: Any
    after: Any


class Difference(NamedTuple):
    """A loss that is not what it was: `fields` has what was updated in it."""

    number: int
    uid: str
    prospect: str
    what: What
    fields: tuple[FieldChange, ...] = ()


class Merged(NamedTuple):
    """What came from another journal, or would come in a `dry_run`; `merge` of the README. `losses`
    has what differs now, `forgotten` counts what was forgotten there and not here, `settings` are
    the names of those that changed, reasons included, and `twice` has numbers of losses that look
    like one."""

    file: str = ""
    changes: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    forgotten: int = 0
    settings: tuple[str, ...] = ()
    losses: tuple[Difference, ...] = ()
    twice: tuple[tuple[int, ...], ...] = ()
    backup: str | None = None
    dry_run: bool = False


class Erased(NamedTuple):
    """What was forgotten: the numbers of the `losses`, and how many contacts and referrals went
    with them. Of the backups some were `cleaned`, some `deleted`, as drafts are, and some `left`,
    which could not be cleaned. `elsewhere` are losses that still hold the name. The file is
    `compact` unless it could not be written anew."""

    losses: tuple[int, ...]
    contacts: int
    referrals: int
    kept_count: bool
    compact: bool
    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    elsewhere: tuple[int, ...]


class Verified(NamedTuple):
    """What a check found; `verify` of the README. `file` says what is wrong with it as a whole,
    `wrong` are the numbers of losses that are not as they were written, and `backup` is the newest
    good one. It is `repairable` if all changes are whole; then `repaired` are numbers of losses,
    and `replaced` the copy of what was there before."""

    ok: bool
    losses: int
    changes: int
    file: tuple[str, ...]
    wrong: tuple[int, ...]
    backup: str | None = None
    repairable: bool = False
    repaired: tuple[int, ...] = ()
    replaced: str | None = None

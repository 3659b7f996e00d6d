"""What commands did, from the journal to the screen and to JSON."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from lostsale.domain.money import Money
    from lostsale.domain.reasons import TextKind

from lostsale.domain.loss import Loss
from lostsale.later import NamedTuple

What = Literal["added", "updated", "removed"]


class FieldChange(NamedTuple):
    """A field of LOSS of docs/json.md, before and after."""

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
    """What came from another journal, or would come in a `dry_run`; `merge` of docs/json.md.

    `losses` has what differs now, `forgotten` counts what was forgotten there and not here,
    `settings` are the names of those that changed, reasons included, and `twice` has numbers of
    losses that look like one."""

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


class OtherMachine(NamedTuple):
    """Another machine of the user's, and the day it last synced (ISO), as its own clock had it."""

    name: str
    synced_on: str


class Erased(NamedTuple):
    """What was forgotten: the numbers of the `losses`, and how many contacts and referrals went
    with them. Of the backups some were `cleaned`, some `deleted`, as drafts are, and some `left`,
    which could not be cleaned. `elsewhere` are losses that still hold the name, or once did, and
    `settings` are the names of settings and reasons that do. The file is
    `compact` unless it couldn't be rewritten. The `machines` erase it when they sync."""

    losses: tuple[int, ...]
    contacts: int
    referrals: int
    kept_count: bool
    compact: bool
    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    elsewhere: tuple[int, ...]
    settings: tuple[str, ...]
    machines: tuple[OtherMachine, ...] = ()


class Verified(NamedTuple):
    """What a check found; `verify` of docs/json.md. `file` says what is wrong with it as a whole,
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


class Skipped(NamedTuple):
    """A lost row that can't be imported: its line in the file, and why."""

    line: int
    why: str


class Emptied(NamedTuple):
    """A cell that can't be read, so that its field was left empty: the line in the file, the field,
    the cell, and why."""

    line: int
    field: str
    cell: str
    why: str


class Clash(NamedTuple):
    """Lines of a file that have one id and say different things; the first of them was taken."""

    record: str
    lines: tuple[int, ...]


class Stayed(NamedTuple):
    """A field of a loss that an import would have changed as `edit` never does, and that stayed."""

    number: int
    field: str


class Counted(NamedTuple):
    """A reason as another program has it, the code that it got, and how many losses have it."""

    words: str
    code: str
    lost: int


class Imported(NamedTuple):
    """What an import did, or would do in a `dry_run`; `import` of docs/json.md.

    Of the losses in the file, so many were `added`, were there and were `updated`, were `linked` to
    losses logged by hand, are `forgotten` and stay so, or were there already, or twice in the file
    (`duplicates`). So many first `steps` were opened. So many of the lost deals have a day still
    `ahead`, are `undated`, or had only the month (`months`). `columns` has the headers of each
    field, `examples` a cell of it, `close` the headers that came next, and `unused` all that hold
    nothing that is kept; `day` is what the day of
    loss is by its header. `currency` is that of amounts that name none. `emptied` was left out,
    `clashes` have one id, `stayed` was not changed, `doubts` say what else to look at, and `first`
    has the first losses as they are kept.
    """

    file: str = ""
    format: str = ""
    rows: int = 0
    lost: int = 0
    added: int = 0
    updated: int = 0
    duplicates: int = 0
    linked: int = 0
    steps: int = 0
    forgotten: int = 0
    ahead: int = 0
    undated: int = 0
    months: int = 0
    skipped: tuple[Skipped, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    clashes: tuple[Clash, ...] = ()
    stayed: tuple[Stayed, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = {}
    examples: Mapping[str, str] = {}
    close: Mapping[str, tuple[str, ...]] = {}
    unused: tuple[str, ...] = ()
    day: str = ""
    currency: str = ""
    doubts: tuple[str, ...] = ()
    reasons: tuple[Counted, ...] = ()
    first: tuple[Loss, ...] = ()
    dry_run: bool = False


class Reread(NamedTuple):
    """Words of a reason of a kind that today's tables read under another code, and how many losses
    have them; an item of `reread` of docs/json.md."""

    kind: "TextKind"
    words: str
    from_: str
    to: str
    lost: int


class Touched(NamedTuple):
    """A loss that a change touched, as it was with it."""

    number: int
    prospect: str
    money: "Money | None"


class Undone(NamedTuple):
    """A change that was taken back: its command, when it was made (UTC, ISO), and the losses it
    touched."""

    command: str
    at: str
    touched: tuple[Touched, ...]

    @property
    def losses(self) -> tuple[int, ...]:
        """The numbers of the losses."""
        return tuple(loss.number for loss in self.touched)

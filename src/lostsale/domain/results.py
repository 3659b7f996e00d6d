"""What commands did, from the journal to the screen and to JSON."""

from collections.abc import Mapping
from typing import NamedTuple


class Skipped(NamedTuple):
    """A lost row that can't be taken: its line in the file, and why."""

    line: int
    why: str


class Counted(NamedTuple):
    """A reason as another program has it, the code that it got, and how many losses have it."""

    words: str
    code: str
    lost: int


class Imported(NamedTuple):
    """What an import did, or would do in a `dry_run`; `import` of the README.

    Of the losses in the file, so many were `added`, were there and were `updated`, were `linked` to
    losses logged by hand, are `forgotten` and stay so, or were there already, or twice in the file
    (`duplicates`). So many first `steps` were opened. So many of the lost deals have a day still
    `ahead`, or are `undated`.
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
    skipped: tuple[Skipped, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = {}
    reasons: tuple[Counted, ...] = ()
    dry_run: bool = False

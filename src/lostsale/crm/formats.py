"""How programs export deals: what `data/formats.toml` says, and what its parts mean."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

LOST = {"status": ".*lost.*"}

Condition = Mapping[str, str]  # by field, the pattern that its whole cell must match


class Format(NamedTuple):
    """How one program exports deals.

    A file is the program's if it has all headers of one of the `signatures`. `columns` has, for
    each field, the headers that may hold it, the best first; one with a star is a guess. Headers
    are written as `columns.plain_header` makes them. A row is lost if it meets all of one condition
    of `lost`, and not all of one of `not_lost`. Where a file without a status may be a view of lost
    deals only, `view` has the conditions of rows that aren't lost.
    """

    name: str
    signatures: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    lost: tuple[Condition, ...] = (LOST,)
    not_lost: tuple[Condition, ...] = ()
    view: tuple[Condition, ...] | None = None


# Lines of a report that aren't deals: below them, and between its groups.
FOOTER = r"(?i)grand totals?\b|confidential information\b|copyright\b|.*\([0-9,]+ records?\)$"


def _format(usual: Mapping[str, str], program: dict[str, Any]) -> Format:
    """Return a format as the file has it: headers in one text, `usual` ones where it names none."""
    columns = {**usual, **program["columns"]}
    conditions = {name: tuple(program[name]) for name in _CONDITIONS if name in program}
    return Format(
        name=program["name"],
        signatures=tuple(frozenset(headers.split()) for headers in program["signatures"]),
        columns={field: tuple(headers.split()) for field, headers in columns.items()},
        **conditions,
    )


_CONDITIONS = ("lost", "not_lost", "view")
_FILE = Path(__file__).parents[1] / "data" / "formats.toml"
_unknown, *_known = tomllib.loads(_FILE.read_text(encoding="utf-8"))["program"]
_usual = {
    field: " ".join(header for header in headers.split() if "*" not in header)
    for field, headers in _unknown["columns"].items()
    if field != "is_lost"
}
UNKNOWN_PROGRAM = _format({}, _unknown)
FORMATS = (*(_format(_usual, program) for program in _known), UNKNOWN_PROGRAM)
DEAL_FIELDS = tuple(
    dict.fromkeys(field for form in (UNKNOWN_PROGRAM, *FORMATS) for field in form.columns)
)

"""CSV for spreadsheets: losses, and the totals of stats."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from lostsale.domain.columns import LOSS_FIELDS, OBJECTS

# LOSS of docs/json.md, a column for each field and for each part of what is an object there.
COLUMNS = tuple(cell for field in LOSS_FIELDS for cell in field.cells)
# Spreadsheets may read these as numbers and dates, but not texts that look like them.
_TYPED = frozenset(
    {"number", "amount", "currency", "lost_on", "real_on", "asked_on", "next_on", "next_time"}
    | {"won_on", "won_amount", "won_currency", "rested_on", "logged_at", "again_on"}
)
_IS_TYPED = [column in _TYPED for column in COLUMNS]
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(
    r"'*(?!(?:0|[1-9][0-9]{0,14})$)"  # a spreadsheet shows these as they are
    r"(?:[0-9.,']*[0-9][0-9.,']*(?:[eE][+-]?[0-9]+)?%?"
    r"|[0-9]{1,4}([-/.:])[0-9]{1,2}(?:\1[0-9]{1,4})?)$"
)


def csv_header() -> str:
    """Return the line of the columns' names."""
    return ",".join(COLUMNS) + "\n"


def csv_rows(losses: Iterable[Mapping[str, Any]], shown: Callable[[str], str]) -> str:
    """Return a line for each loss, given as LOSS of docs/json.md; `shown` makes a cell safe to
    print."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerows([shown(one) for one in _cells(loss)] for loss in losses)
    return lines.getvalue()


def write_csv(losses: Iterable[Mapping[str, Any]], file: IO[str]) -> None:
    """Write a line for each loss into a file, given as LOSS of docs/json.md, below the columns'
    names."""
    # Lines end as in RFC 4180; with others csv leaves a lone CR in a cell unquoted.
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(loss) for loss in losses)


def _cells(loss: Mapping[str, Any]) -> list[str]:
    """Return the cell of each column, from LOSS of docs/json.md."""
    flat = {**loss, "signals": " ".join(loss["signals"])}
    for name in OBJECTS:
        if parts := loss[name]:
            flat |= {f"{name}_{key}": value for key, value in parts.items()}
    values = zip(map(flat.get, COLUMNS), _IS_TYPED, strict=True)
    return ["" if value is None else cell(value, is_typed=is_typed) for value, is_typed in values]


def cell(value: object, *, is_typed: bool = True) -> str:
    """Return a value as a cell that a spreadsheet neither computes nor, if it is a text, takes for
    a number."""
    text = "" if value is None else str(value)
    if (first := text[:1]).isalpha() or (is_typed and first.isalnum()):
        return text  # as most do: neither of the two begins so
    marked = _FORMULA.match(text) or (not is_typed and _NUMBER.match(text))
    return f"'{text}" if marked else text


def csv_of(totals: Mapping[str, Any], shown: Callable[[str], str]) -> str:
    """Return STATS of docs/json.md for a spreadsheet: the totals, then a row for each month, reason
    and so on, with a column for each measure. `shown` makes a cell safe to print."""
    values = _flat(totals)
    lists = {name: values.pop(name) for name in [*values] if isinstance(values[name], list)}
    records = [{"section": "total", "item": totals["period"]["label"], **values}]
    for section, rows in lists.items():
        for row in rows:
            cells = list(row.items())  # the first ones name the item
            names = 2 if section == "truth" else 1
            item = ": ".join("unknown" if name is None else str(name) for _, name in cells[:names])
            records.append({"section": section, "item": item, **_flat(dict(cells[names:]))})
    columns = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([shown(cell(record.get(column))) for column in columns] for record in records)
    return text.getvalue()


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return the values of an object and of the objects in it, by path: `target rate`."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{path} {key}".strip()
        flat |= _flat(value, name) if isinstance(value, dict) else {name: value}
    return flat

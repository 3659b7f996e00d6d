"""What the cells of a column show in the rows of lost deals."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import unescape

from lostsale.crm.formats import SIGNS, WORDS, with_code
from lostsale.crm.sheet import CsvRow
from lostsale.crm.written import says_something, serial_day, some_amount, some_day
from lostsale.domain.money import CURRENCIES

MOST = 0.5  # of the cells, above which a column is what they are
Rows = Sequence[Sequence[str]]
_ENTITY = re.compile("&(?:#[0-9]+|#x[0-9a-fA-F]+|amp|lt|gt|quot|apos|nbsp);")
_LINKED = re.compile(r" \(https?://[^\s)]+\)")  # as Notion puts after what it links to
_FIRM = re.compile(WORDS["firm"])
_NAMED = f"(?:{SIGNS}|{'|'.join(CURRENCIES)})"
_MONEY = re.compile(rf"{_NAMED}\s?[0-9][0-9.,'\u2019\s]*|[0-9][0-9.,'\u2019\s]*{_NAMED}")


def cleaned(cell: str, *, is_name: bool) -> str:
    """Return a cell with its characters as they are shown, a name without its link."""
    cell = _ENTITY.sub(lambda entity: unescape(entity[0]), cell)
    return _LINKED.sub("", cell) if is_name else cell


def has_names(rows: Rows, place: int) -> bool:
    """Whether the cells of a column are names: most differ, and none is an amount or a day."""
    cells = [row[place] for row in rows if says_something(row[place])]
    are_others = len(set(cells)) > MOST * len(rows)
    return are_others and not any(some_amount(of) is not None or some_day(of) for of in cells)


def begins_with_person(rows: Rows, title: int, person: int) -> bool:
    """Whether most cells of a title begin with the name of the person in another column."""
    named = [row[title].startswith(row[person]) for row in rows if says_something(row[person])]
    return sum(named) > MOST * len(rows)


def is_firm(cell: str) -> bool:
    """Whether a name is plainly a firm's."""
    return _FIRM.search(cell) is not None


def tells_apart(rows: Iterable[CsvRow], place: int, parts: set[int]) -> bool:
    """Whether a column has another cell in each different row, as far as it isn't empty; the
    products of one deal differ in `parts`."""
    rows_of: dict[str, int] = {}
    for row in rows:
        cell = row.cells[place]
        content = hash(tuple(of for at, of in enumerate(row.cells) if at not in parts))
        if cell and rows_of.setdefault(cell, content) != content:
            return False
    return True


def days_in(rows: Rows, place: int, is_told: bool) -> dict[int, date]:
    """Return the days in a column by their rows; none where most of its cells are something else.
    Where its header tells of days, they may be a spreadsheet's numbers."""
    cells = {number: row[place] for number, row in enumerate(rows) if says_something(row[place])}
    days = {
        number: day
        for number, cell in cells.items()
        if (day := some_day(cell) or (serial_day(cell) if is_told else None))
    }
    return days if len(days) > MOST * len(cells) else {}


def lies_after(days: Mapping[int, date], changed: Mapping[int, date], today: date) -> bool:
    """Whether most days of a column lie after the last change of their deals, or are still to
    come."""
    late = sum(day > changed.get(number, today) or day > today for number, day in days.items())
    return late > MOST * len(days)


def follow(days: Mapping[int, date], born: Mapping[int, date], changed: Mapping[int, date]) -> bool:
    """Whether days lie after the beginning of their deals, and not after the last change."""
    after = [day > born[number] for number, day in days.items() if number in born]
    before = [day <= changed[number] for number, day in days.items() if number in changed]
    return sum(after) > MOST * len(days) and all(before)


def is_money(rows: Rows, place: int) -> bool:
    """Whether most cells of a column are amounts with a currency."""
    cells = [row[place] for row in rows if says_something(row[place])]
    return sum(bool(_MONEY.fullmatch(with_code(cell))) for cell in cells) > MOST * len(cells)

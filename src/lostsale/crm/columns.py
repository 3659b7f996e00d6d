"""Which column of a file holds which field: as the user says, by its header, or by its cells."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from unicodedata import normalize

from lostsale.crm.formats import DEAL_FIELDS, FOOTER, UNKNOWN_PROGRAM, Format
from lostsale.crm.sheet import CsvRow, Sheet
from lostsale.crm.written import read_written
from lostsale.errors import BadInput, nearest

CACHED = 10_000  # different texts that are parsed only once
STATUS_LENGTH = 60  # characters of a status at most; a longer cell is a note
_SAMPLE = 1_000  # rows whose cells are looked at
_STATUSES = 50  # different values of a status column at most
_DATES = 0.8  # of a date column's cells are dates at least
_FOOTER_CELLS = 3  # that a footer fills at most
_LISTED = 200  # characters of headers in a message at most
_ALSO_CALLED = {"id": "record", "outcome": "status", "reason": "guess", "name": "prospect"}
_CHAINED = ("status", "lost_on", "prospect", "guess")  # where one is empty the next may count
# Headers of days on which nothing ends, and of amounts and reasons of deals that aren't lost.
_OTHER_DAYS = re.compile(
    "creat|start|open|begin|engage|modif|updat|birth|next|due|activity|last|renew|expir"
)
_OTHERS = re.compile("weight|forecast|probab|won")

Columns = dict[str, tuple[str, ...]]
Fits = Callable[[str], bool]


def plain_header(header: str) -> str:
    """Return a header as headers are compared: its letters and digits, in lower case."""
    # Salesforce's API ends custom fields in __c; its reports put the object's name first.
    text = normalize("NFKC", header).casefold().removesuffix("__c").rpartition(": ")[2]
    return "".join(sign for sign in text if sign.isalnum())


def deal_rows(sheet: Sheet) -> Iterator[CsvRow]:
    """Yield the rows of a file, without the footers and totals of a report."""
    is_footer = re.compile(FOOTER).match
    for row in sheet.rows():
        if not (is_footer(row.cells[0]) and sum(map(bool, row.cells)) <= _FOOTER_CELLS):
            yield row


def fits(pattern: str) -> Fits:
    """Return a test of whether a whole cell matches a pattern, in any case."""
    whole = re.compile(pattern, re.DOTALL).fullmatch
    return lru_cache(CACHED)(lambda cell: whole(cell.casefold()) is not None)


def known_headers(sheet: Sheet) -> dict[str, str]:
    """Return the headers by their plain names, leaving out names that several have."""
    names = [plain_header(header) for header in sheet.headers]
    counts = Counter(names)
    pairs = zip(names, sheet.headers, strict=True)
    return {name: header for name, header in pairs if counts[name] == 1}


def columns_of(sheet: Sheet, form: Format, mapped: Mapping[str, str]) -> tuple[Columns, bool]:
    """Return the headers that may hold each field, and whether none of them is a guess."""
    known = known_headers(sheet)
    columns = dict(_by_hand(sheet, known, field, header) for field, header in mapped.items())
    taken = {header for headers in columns.values() for header in headers}
    is_certain = True
    for field, patterns in form.columns.items():
        fitting: dict[str, bool] = {}
        for pattern in patterns:
            is_sure = "*" not in pattern
            for name, header in known.items():
                is_free = header not in taken and (is_sure or not _OTHERS.search(name))
                if is_free and fnmatchcase(name, pattern):
                    fitting.setdefault(header, is_sure)
        headers = [header for header, is_sure in fitting.items() if is_sure] or list(fitting)
        if field not in columns and headers:
            is_certain = is_certain and fitting[headers[0]]
            columns[field] = tuple(headers if field in _CHAINED else headers[:1])
    if form == UNKNOWN_PROGRAM and "stage" in columns and "status" not in columns:
        columns["status"] = columns["stage"]
    return columns, is_certain


def field_named(name: str) -> str:
    """Return the field that the user means by a name. Raises BadInput."""
    field = name.replace("-", "_")
    field = _ALSO_CALLED.get(field, field)
    if field not in DEAL_FIELDS:
        raise BadInput(f'"{name[:40]}" is no field', f"Known: {', '.join(DEAL_FIELDS)}")
    return field


def _by_hand(
    sheet: Sheet, known: Mapping[str, str], field: str, header: str
) -> tuple[str, tuple[str, ...]]:
    if header in sheet.headers:
        return field, (header,)
    if plain_header(header) not in known:
        raise BadInput(
            f'{sheet.name} has no column "{header[:40]}"',
            nearest(header, sheet.headers, f"There are {listed(sheet.headers)}"),
        )
    return field, (known[plain_header(header)],)


def listed(headers: Iterable[str]) -> str:
    """Return headers as a message names them."""
    return ", ".join(headers)[:_LISTED]


def by_content(
    sheet: Sheet, columns: Columns, mapped: Mapping[str, str], lost_when: Iterable[str]
) -> Columns:
    """Return which column may hold the status, and which the day of the loss, judging by their
    cells."""
    found: Columns = {}
    by_hand = {header for field in mapped for header in columns.get(field, ())}
    sample = [row.cells for row in islice(deal_rows(sheet), _SAMPLE)]
    cells_of = {
        header: [cells[place] for cells in sample if cells[place]]
        for place, header in enumerate(sheet.headers)
        if header not in by_hand
    }
    if "status" not in mapped:
        words = "|".join([r"lost", r"won", *(re.escape(word.casefold()) for word in lost_when)])
        says = fits(rf"(?:.*\b)?(?:{words})(?:\b.*)?")
        status = {
            header: sum(len(cell) <= STATUS_LENGTH and says(cell) for cell in cells)
            for header, cells in cells_of.items()
            if header not in columns.get("status", ()) and len(set(cells)) <= _STATUSES
        }
        best = max(status, key=lambda header: status[header], default="")
        if best and status[best]:
            found["status"] = (best,)
    if "lost_on" not in columns:
        days = {
            header: ordinals
            for header, cells in cells_of.items()
            if not _OTHER_DAYS.search(plain_header(header))
            and len(ordinals := _days(cells)) > _DATES * max(len(cells), 1)
        }
        if days:  # the last thing that happens to a deal is its end
            latest = max(days, key=lambda header: sum(days[header]) / len(days[header]))
            found["lost_on"] = (latest,)
    return found


def _days(cells: list[str]) -> list[int]:
    """Return the cells that are dates, as ordinals."""
    days = []
    for cell in cells:
        for order in ("mdy", "dmy"):
            try:
                days.append(read_written(cell, order).toordinal())
            except BadInput:
                continue
            break
    return days

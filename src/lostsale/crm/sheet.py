"""Reading any program's table: finding its headers and rows, not what they mean."""

import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from io import TextIOWrapper
from itertools import islice, pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple

from lostsale.crm.formats import STATE, WORDS, is_total, is_usual, said
from lostsale.crm.number_formats import currencies_of
from lostsale.crm.unpack import (
    CELL_LIMIT,
    encoded_as,
    first_undecodable,
    legacy,
    lines_of,
    opened,
    readable,
    undecodable,
)
from lostsale.crm.workbook import sheets_of
from lostsale.crm.written import written_out
from lostsale.errors import BadInput

_HEAD = 1 << 16  # bytes that show how a file is written
_DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}
_EXCEL_HINT = re.compile("(?i)sep=.?").fullmatch
_FOOTER = re.compile(WORDS["footer"], re.IGNORECASE).match
_FOOTER_CELLS = 3  # that a footer fills at most
_TOP = 20  # rows among which the headers are
_SPACED = r'(?<!")(?:"|(?<=[,;\t|])"") +(?=[,;\t|]|\r?$)'  # after a quote that ends a cell

Watch = Callable[[int], None]


class CsvRow(NamedTuple):
    """The line of the file on which a row begins, and its cells, one under each header."""

    line: int
    cells: list[str]


class ShortRow(CsvRow):
    """A row that lacks its last cells."""


class DealTable:
    """A table in a file: its `headers`, what the rows above them say as `heading`, and `rows()`,
    from the first one whenever they are asked for.

    `watch` is told after every thousand rows how many were read, and 0 at the end. Raises BadInput
    for what isn't a table.
    """

    dialect: str  # how it is written, unless that is usual
    notice = ""  # what to say of that
    _above = _TOP  # rows before the headers

    def __init__(self, name: str, watch: Watch) -> None:
        self.name = name
        self._watch = watch

    def _raw(self) -> Iterator[CsvRow]:
        """Yield all rows that aren't blank, from the top."""
        raise NotImplementedError

    def currencies(self, place: int) -> set[str]:
        """Return the signs and codes of currencies in which a column's numbers are only shown."""
        return set()

    def _find_headers(self) -> None:
        top = [row.cells for row in islice(self._raw(), _TOP)]
        self._above = _header_place(top)
        self.heading = " ".join(cell for cells in top[: self._above] for cell in cells)
        cells = self._repeated = top[self._above] if top else []
        if sum(map(bool, cells)) < 2:
            raise BadInput(
                f"{self.name} has no columns", "Its first line should name them, with commas"
            )
        self.headers, seen = list[str](), Counter[str]()
        for place, cell in enumerate(cells, 1):
            name = cell or f"Column {place}"
            seen[name.casefold()] += 1
            count = seen[name.casefold()]
            self.headers.append(f"{name} ({count})" if count > 1 else name)
        # A list in parts, each below what its deals are, or whose: it is as another column.
        below = top[self._above + 1 :]
        says = [STATE.search(said(part[0])) for part in below if _is_part(part)]
        heads = [not two[0] for one, two in pairwise(below) if _is_part(one)]
        self._has_parts = (any(says) and _is_part(below[0])) or any(heads)
        self.headers += ["Section"] * self._has_parts
        if heads and all(heads) and cells[0]:  # the first column only says what the parts are
            self.headers[0], self.headers[-1] = self.headers[-1], self.headers[0]
        # A report is grouped by these: only the first row of each group has them.
        self._groups = [place for place, cell in enumerate(cells) if re.search("[↑↓]", cell)]

    def rows(self) -> Iterator[CsvRow]:
        """Yield the rows below the headers, without blank ones, repeated headers, and the footers
        of a report. Raises BadInput where the file is malformed."""
        width, repeated = len(self.headers), self._repeated
        empty = width - _FOOTER_CELLS
        group = dict.fromkeys(self._groups, "")
        try:
            raw = islice(self._raw(), self._above + 1, None)
            for count, row in enumerate(_with_parts(raw, width) if self._has_parts else raw, 1):
                line, cells = row
                is_short = len(cells) < width
                if is_short:
                    cells.extend([""] * (width - len(cells)))
                elif any(cells[width:]):
                    raise BadInput(
                        f"Line {line} has {len(cells)} cells, and there are {width} columns",
                        "Check that line for an extra quote or delimiter",
                    )
                else:
                    del cells[width:]
                    for place in group:
                        group[place] = "" if is_total(cells) else cells[place] or group[place]
                        cells[place] = cells[place] or group[place]
                is_header = cells[0] == repeated[0] and cells[: len(repeated)] == repeated
                if not (is_header or (cells.count("") >= empty and _FOOTER(cells[0]))):
                    yield ShortRow(line, cells) if is_short else row
                if count % 1000 == 0:
                    self._watch(count)
        finally:
            self._watch(0)


class Sheet(DealTable):
    """A CSV file, packed or not, or with `-` standard input. It stays open until `close()`. Raises
    CannotOpen for what can't be read."""

    def __init__(
        self,
        path: Path,
        encoding: str = "",
        watch: Watch = lambda _: None,
        file: IO[bytes] | None = None,
    ) -> None:
        super().__init__("standard input" if str(path) == "-" else path.name or str(path), watch)
        self._file = file or opened(path, self.name).file
        try:
            with readable(self.name):
                self._file.seek(0)
                head = self._file.read(_HEAD)
            self.encoding = encoded_as(head, encoding)
            if not encoding and self.encoding == "utf-8":
                self._take_legacy()
            text = head.decode(self.encoding, "ignore")
            self._spaced = re.compile(_SPACED) if re.search(_SPACED, text, re.MULTILINE) else None
            self._delimiter = max(_DELIMITERS, key=self._columns)
            self._find_headers()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def dialect(self) -> str:  # type: ignore[override]  # a DealTable has it, how it comes by it
        """The delimiter and the encoding, unless they are commas and UTF-8."""
        encoding = "" if self.encoding.startswith("utf-8") else self.encoding.upper()
        return ", ".join(filter(None, (_DELIMITERS[self._delimiter], encoding)))

    def _take_legacy(self) -> None:
        """Take another encoding than UTF-8 if the file is certainly in that."""
        with readable(self.name):
            is_utf8 = first_undecodable(self._file, "utf-8") is None
            found = None if is_utf8 else legacy(self._file)
        if found and found.is_sure:
            self.encoding = found.encoding
            self.notice = (
                f"{self.name} isn't UTF-8, and was read as {found.encoding}:"
                f' "{found.witness[:40]}". If that\'s wrong, add --encoding'
            )

    def _columns(self, delimiter: str) -> tuple[int, int]:
        """Return how many usual headers there are if this is the delimiter, and how many at all."""
        top = []
        self._delimiter = delimiter
        with suppress(_Malformed):  # further down; it is told when all is read
            top += [row.cells for row in islice(self._raw(), 1)]
            top += [row.cells for row in islice(self._raw(), 1, _TOP)]
        cells = top[_header_place(top)] if top else []
        return sum(map(is_usual, cells)), sum(map(bool, cells))

    def _raw(self) -> Iterator[CsvRow]:
        csv.field_size_limit(CELL_LIMIT)
        line = 1
        try:
            with (
                readable(self.name),
                os.fdopen(os.dup(self._file.fileno()), "rb") as raw,
                TextIOWrapper(raw, self.encoding, newline="") as file,
            ):
                raw.seek(0)
                unusual: list[bool] = []
                lines: Iterable[str] = lines_of(file, unusual)
                if self._spaced:
                    lines = (self._spaced.sub('"', line) for line in lines)
                reader = csv.reader(
                    lines, delimiter=self._delimiter, skipinitialspace=True, strict=True
                )
                for row in reader:
                    cells = list(map(str.strip, row))
                    if unusual:
                        _check(line, cells)
                    # A first line sep=; only tells Excel the delimiter.
                    if any(cells) and not (line == 1 and _EXCEL_HINT("".join(cells))):
                        yield CsvRow(line, cells)
                    line = reader.line_num + 1
        except csv.Error as error:
            raise _Malformed(*_what_is_wrong(str(error), line)) from error
        except UnicodeError as error:
            raise undecodable(self._file, self.encoding, self.name) from error


class WorkbookSheet(DealTable):
    """A sheet of a workbook."""

    def __init__(self, name: str, title: str, sheet: Any, file: IO[bytes], watch: Watch) -> None:
        super().__init__(name, watch)
        self.title = self.dialect = title
        self._sheet, self._file = sheet, file
        self._more: list[WorkbookSheet] = []
        self._find_headers()

    def currencies(self, place: int) -> set[str]:
        """Return the signs and codes of currencies in which a column's numbers are only shown."""
        column = (self._sheet.start or (0, 0))[1] + place
        shown = currencies_of(self._file, self.title, column)
        return shown.union(*(more.currencies(place) for more in self._more))

    def join(self, other: "WorkbookSheet") -> bool:
        """Read another sheet's rows after this one's, if they have the same columns, and no row is
        in both; return whether they have."""
        if self.headers != other.headers:
            return False
        rows = {hash(tuple(row.cells)) for row in self.rows()}
        if any(hash(tuple(row.cells)) in rows for row in other.rows()):
            return False
        self._more.append(other)
        titles = '", "'.join([self.title, *(more.title for more in self._more)])
        self.notice = f'the sheets "{titles}" were read as one, with their lines counted through'
        return True

    def _raw(self) -> Iterator[CsvRow]:
        above = line = 0
        for rows in (self._own(), *(more.rows() for more in self._more)):
            for line, cells in rows:
                yield CsvRow(above + line, cells)
            above += line

    def _merged(self) -> dict[int, list[tuple[int, int]]]:
        """Return by line the places of cells that are one with those above or below, each with the
        first row of it: all hold the same, but an amount, which is of all together."""
        found: dict[int, list[tuple[int, int]]] = {}
        left, end = (self._sheet.start or (0, 0))[1], self._sheet.total_height
        for (top, place), (bottom, _) in self._sheet.merged_cell_ranges or ():
            for row in range(top, min(bottom, end) + 1) if left <= place and bottom > top else ():
                found.setdefault(row + 1, []).append((place - left, top))
        return found

    def _own(self) -> Iterator[CsvRow]:
        """Yield the rows of this sheet alone."""
        count = 0
        merged, shared = self._merged(), dict[tuple[int, int], str]()
        for line, values in enumerate(self._sheet.iter_rows(), 1):
            cells = [
                value.strip() if type(value) is str else written_out(value) for value in values
            ]
            if any(cells):
                for at in merged.get(line, ()) if count > self._above else ():
                    if not isinstance(values[at[0]], int | float):
                        cells[at[0]] = shared.setdefault(at, cells[at[0]])
                count += 1
                if any(len(cell) > CELL_LIMIT or "\0" in cell for cell in cells):
                    _check(line, cells)
                yield CsvRow(line, cells)


def tables(
    path: Path,
    encoding: str,
    wanted: str,
    watch: Watch,
    opening: Callable[[str], AbstractContextManager[object]],
) -> tuple[Sequence[DealTable], Callable[[], None]]:
    """Return the tables of a file, the one sheet of a workbook that is `wanted` if any, and what
    closes it. A workbook is opened inside of `opening`, which takes a while. Raises BadInput and
    CannotOpen."""
    name = "standard input" if str(path) == "-" else path.name or str(path)
    file, is_workbook = opened(path, name)
    if not is_workbook:
        if wanted:
            file.close()
            raise BadInput(f"{name} isn't a workbook, so it has no sheets", "Leave out --sheet")
        sheet = Sheet(path, encoding, watch, file)
        return [sheet], sheet.close
    try:
        with opening(name):
            return _sheets(file, name, wanted, watch), file.close
    except BaseException:
        file.close()
        raise


def _sheets(file: IO[bytes], name: str, wanted: str, watch: Watch) -> Sequence[DealTable]:
    from python_calamine import CalamineError, PasswordError

    found: list[WorkbookSheet] = []
    try:
        sheets = sheets_of(file)
        titles = [title for title in sheets if wanted.casefold() in {"", title.casefold()}]
        for title in titles:
            try:
                table = WorkbookSheet(name, title, sheets[title](), file, watch)
            except BadInput:  # an empty sheet, or a chart
                if len(titles) == 1:
                    raise
            else:
                if not any(of.join(table) for of in found):
                    found.append(table)
    except PasswordError as error:
        raise BadInput(f"{name} is locked with a password", "Save a copy without one") from error
    except (CalamineError, OSError, ValueError) as error:
        raise BadInput(f"{name} can't be read as a workbook", "Save it as .xlsx or .csv") from error
    if not found:
        names = ", ".join(f'"{title}"' for title in sheets)
        raise BadInput(
            f'{name} has no sheet "{wanted[:40]}"' if wanted else f"{name} holds no table",
            f"Its sheets: {names}",
        )
    return found


def _header_place(top: list[list[str]]) -> int:
    """Return which of the first rows has the headers: among the rows that fill half of the width,
    the one with the most usual headers, and fewest numbers, else the first."""
    filled = [sum(map(bool, cells)) for cells in top]
    wide = [place for place, count in enumerate(filled) if count * 2 >= max(filled)]
    usual = {
        place: sum(is_usual(cell) - cell[:1].isdecimal() for cell in top[place]) for place in wide
    }
    best = max(wide, key=lambda place: usual[place], default=0)
    return best if usual.get(best, 0) > 1 else next(iter(wide), 0)


def _is_part(cells: Sequence[str]) -> bool:
    """Whether a row of a wide table holds nothing but the title of the rows below it."""
    return len(cells) > 2 and bool(cells[0]) and not any(cells[1:]) and not is_total(cells)


def _with_parts(rows: Iterable[CsvRow], width: int) -> Iterator[CsvRow]:
    """Yield rows with the title of their part of the list as a last cell, without its total."""
    part = ""
    for line, cells in rows:
        if _is_part(cells):
            part = cells[0]
        elif not part or STATE.search(said(part)) or part not in cells[0]:
            cells.extend([""] * (width - 1 - len(cells)))
            yield CsvRow(line, [*cells[: width - 1], part, *filter(None, cells[width - 1 :])])


class _Malformed(BadInput):
    """The file breaks the rules of CSV."""


def _check(line: int, cells: list[str]) -> None:
    """Refuse what a journal can't keep exactly."""
    if any("\0" in cell for cell in cells):
        raise BadInput(
            f"Line {line} has a NUL character in it",
            "Take it out, or say how the file is written with --encoding",
        )
    if any(len(cell.encode()) > CELL_LIMIT for cell in cells):
        raise BadInput(f"Line {line} has a cell of over 1 MB", "Is a quote left open?")


def _what_is_wrong(error: str, line: int) -> tuple[str, str]:
    """Return what is wrong in the row that begins at a line, by the csv module's error, and what to
    do."""
    if "field larger" in error:
        return f"Line {line} has a cell of over {CELL_LIMIT:,} characters", "Is a quote left open?"
    if "unexpected end" in error:
        return f"Line {line} opens a quote that is never closed", "Close it"
    return f"Line {line} is malformed: {error}", "Check that line for an extra quote"

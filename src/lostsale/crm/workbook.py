"""The sheets of a workbook. Calamine holds a whole one, so it gets that of a large .xlsx in lots
of rows, each as a workbook of its own."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from shutil import copyfile, copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any

from lostsale.crm.number_formats import UNREAD, sheet_parts
from lostsale.errors import BadInput

_LARGE = 1 << 26  # bytes of a sheet's XML, of which calamine makes about 2.5 times as much
_LOT = 1 << 23  # bytes of it that are read at once


def sheets_of(file: IO[bytes]) -> dict[str, Callable[[], Any]]:
    """Return by title what opens each sheet of a workbook, as calamine has them. Raises BadInput,
    and what calamine raises."""
    from python_calamine import CalamineWorkbook

    with suppress(*UNREAD), zipfile.ZipFile(file) as zipped:
        parts = sheet_parts(zipped)
        if any(zipped.getinfo(part).file_size > _LARGE for part in parts.values()):
            others = [name for name in zipped.namelist() if name not in parts.values()]
            return {
                title: partial(_LargeSheet, file, others, title, part)
                for title, part in parts.items()
            }
    file.seek(0)
    at = file.name  # without a path calamine holds all of the file in memory
    is_path = isinstance(at, str) and Path(at).is_file()
    book = CalamineWorkbook.from_path(at) if is_path else CalamineWorkbook.from_filelike(file)
    return {title: partial(book.get_sheet_by_name, title) for title in book.sheet_names}


class _LargeSheet:
    """A sheet that is read in lots. All its rows begin in the first column, and are at least as
    wide as those of the first lot. Raises BadInput."""

    start = (0, 0)
    total_height = 1 << 20

    def __init__(self, file: IO[bytes], others: list[str], title: str, part: str) -> None:
        self._file, self._others, self._title, self._part = file, others, title, part
        first = next(self._lots(), None)
        self.merged_cell_ranges = first.merged_cell_ranges if first else ()

    def iter_rows(self) -> Iterator[list[Any]]:
        """Yield all rows, from the top of the sheet."""
        count = width = 0
        for lot in self._lots():
            top, left = lot.start or (0, 0)
            if top < count:
                raise BadInput("The rows of that workbook have no numbers", "Save it as .csv")
            width = width or left + lot.width
            for values in islice(lot.iter_rows(), count, None):  # from the top of the sheet
                row = [""] * left + values
                yield row + [""] * (width - len(row))
                count += 1
            del lot  # so that only one is held at a time

    def _lots(self) -> Iterator[Any]:
        from python_calamine import CalamineError, CalamineWorkbook

        try:
            with zipfile.ZipFile(self._file) as book, TemporaryDirectory() as folder:
                empty, lot = Path(folder) / "empty.xlsx", Path(folder) / "lot.xlsx"
                with zipfile.ZipFile(empty, "w") as copy:
                    for name in self._others:
                        with book.open(name) as part, copy.open(name, "w") as new:
                            copyfileobj(part, new)
                for xml in self._xml(book):
                    copyfile(empty, lot)
                    with zipfile.ZipFile(lot, "a") as copy, copy.open(self._part, "w") as new:
                        new.writelines(xml)
                    yield CalamineWorkbook.from_path(lot).get_sheet_by_name(self._title)
        except (CalamineError, *UNREAD) as error:
            what = f'The sheet "{self._title}" can\'t be read'
            raise BadInput(what, "Save it as .csv") from error

    def _xml(self, book: zipfile.ZipFile) -> Iterator[tuple[bytes, ...]]:
        """Yield the XML of the sheet in parts: what is around the rows, with the next of them."""
        with book.open(self._part) as sheet:
            head, begin, text = re.split(rb"(<(?:\w+:)?sheetData>)", sheet.read(_LOT), maxsplit=1)
            end = begin.replace(b"<", b"</")
            row_end, tail = end.replace(b"sheetData", b"row"), self._tail(book, end)
            while text:
                cut = text.rfind(row_end) + len(row_end)
                if cut >= len(row_end):
                    yield head, begin, text[:cut], tail
                more = sheet.read(_LOT)
                text = text[cut if cut >= len(row_end) else 0 :] + more if more else b""

    def _tail(self, book: zipfile.ZipFile, end: bytes) -> bytes:
        """Return what follows the rows, from their end on: which cells are merged."""
        tail = b""
        with book.open(self._part) as sheet:
            while chunk := sheet.read(_LOT):
                tail += chunk
                place = tail.find(end)
                tail = tail[place:] if place >= 0 else tail[-len(end) :]
        return tail

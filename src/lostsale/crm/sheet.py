"""A CSV file, whichever program wrote it: its encoding, its delimiter, its rows. Nothing here knows
what they mean."""

import codecs
import csv
import gzip
import os
import re
import shutil
import stat
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from lostsale.errors import BadInput, CannotOpen

CELL_LIMIT = 1024 * 1024  # characters, and bytes in UTF-8
_CHUNK = 1 << 16  # bytes
_LONG = 1 << 16  # characters of a line whose cells are measured
_DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}
_PACKED = b"\x1f\x8b"  # how a gzip file begins
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Row(NamedTuple):
    """The line of the file on which a row begins, and its cells, one under each header."""

    line: int
    cells: list[str]


class Sheet:
    """A CSV file, packed by gzip or not, or with `-` standard input: its `headers`, and `rows()`,
    read anew whenever they are asked for, of cells up to `limit` characters.

    `watch` is told after every thousand rows how many were read. Raises BadInput for what is no
    table, CannotOpen for what can't be read.
    """

    def __init__(
        self, path: Path, encoding: str | None = None, watch: Callable[[int], None] = lambda _: None
    ) -> None:
        self.name = path.name or str(path)
        self.limit = CELL_LIMIT
        self._path = path
        self._taken: IO[bytes] | None = None
        if str(path) == "-":  # it can't be read twice
            self.name, self._taken = "standard input", TemporaryFile()  # noqa: SIM115 - lives as long
            shutil.copyfileobj(sys.stdin.buffer, self._taken)
            self._taken.flush()
        self._watch = watch
        marked = self._marked()
        self.encoding = encoding or marked
        if re.sub("[-_ ]", "", self.encoding.casefold()) == "utf8":
            self.encoding = marked if marked == "utf-8-sig" else "utf-8"
        try:
            "".encode(self.encoding)
        except (LookupError, ValueError) as error:  # also hex, zlib and their like
            raise BadInput(
                f'"{self.encoding[:40]}" is no encoding', "Write for example cp1252 or utf-16-le"
            ) from error
        self._delimiter = max(_DELIMITERS, key=self._columns)
        self.headers = next((row.cells for row in self._read(self._delimiter)), [])
        self._check_headers()

    def _marked(self) -> str:
        """Return the encoding that the file's first bytes name. Raises for what is no text."""
        try:
            if not self._taken and not stat.S_ISREG(self._path.stat().st_mode):
                raise CannotOpen(f"{self.name} is no ordinary file", "Name a CSV file")
            with self._bytes() as file:
                head = file.read(4)
        except (OSError, ValueError, EOFError, zlib.error) as error:
            raise self._unreadable(error) from error
        if head == b"PK\x03\x04":
            raise BadInput(f"{self.name} is a workbook and no CSV", "Save it as CSV first")
        return next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes] | gzip.GzipFile]:
        """Open the file anew, unpacked."""
        taken = self._taken
        with os.fdopen(os.dup(taken.fileno()), "rb") if taken else self._path.open("rb") as file:
            file.seek(0)
            is_packed = file.read(2) == _PACKED
            file.seek(0)
            if is_packed:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    yield unpacked
            else:
                yield file

    def _columns(self, delimiter: str) -> int:
        try:
            return len(next((row.cells for row in self._read(delimiter)), []))
        except _Malformed:
            return 0

    def _check_headers(self) -> None:
        if len(self.headers) < 2:
            raise BadInput(
                f"{self.name} has no columns", "Its first line names them, parted by commas"
            )
        for header, count in Counter(header.casefold() for header in self.headers).items():
            if not header:
                raise BadInput("Line 1 has a column without a name", "Give it one")
            if count > 1:
                raise BadInput(f'Line 1 names the column "{header[:40]}" twice', "Rename one")

    @property
    def dialect(self) -> str:
        """How the file is written, where it is not with commas and in UTF-8."""
        encoding = "" if self.encoding.startswith("utf-8") else self.encoding.upper()
        return ", ".join(filter(None, (_DELIMITERS[self._delimiter], encoding)))

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headers, blank ones left out. Raises BadInput where the file is
        malformed."""
        rows = self._read(self._delimiter)
        next(rows, None)
        width = len(self.headers)
        for count, row in enumerate(rows, 1):
            line, cells = row
            if len(cells) == width:
                yield row
            elif any(cells[width:]):
                raise BadInput(
                    f"Line {line} has {len(cells)} cells, and there are {width} columns",
                    "Look there for a quote or a delimiter too many",
                )
            else:
                yield Row(line, cells[:width] + [""] * (width - len(cells)))
            if count % 1000 == 0:
                self._watch(count)

    def _read(self, delimiter: str) -> Iterator[Row]:
        csv.field_size_limit(self.limit)
        line = 1
        try:
            with self._bytes() as raw, TextIOWrapper(raw, self.encoding, newline="") as file:
                unusual: list[int] = []
                reader = csv.reader(_marked_lines(file, unusual), delimiter=delimiter, strict=True)
                for row in reader:
                    cells = list(map(str.strip, row))
                    if unusual:
                        _check(line, cells, self.limit)
                        unusual.clear()
                    if any(cells) and not (line == 1 and _is_hint(cells)):
                        yield Row(line, cells)
                    line = reader.line_num + 1
        except csv.Error as error:
            raise _Malformed(*_meaning(str(error), line, self.limit)) from error
        except UnicodeError as error:
            raise self._undecodable() from error
        except (OSError, EOFError, zlib.error) as error:
            raise self._unreadable(error) from error

    def _undecodable(self) -> BadInput:
        """Return the error that says where in the file the bytes are no text."""
        decoder, offset = codecs.getincrementaldecoder(self.encoding)(), 0
        with self._bytes() as file:
            try:
                while chunk := file.read(_CHUNK):
                    held = len(decoder.getstate()[0])
                    decoder.decode(chunk, final=len(chunk) < _CHUNK)
                    offset += len(chunk)
            except UnicodeDecodeError as error:
                offset += error.start - held
            except UnicodeError:  # it does not begin as it should
                pass
        return Undecodable(
            f"{self.name} is no {self.encoding.upper()} from byte {offset}",
            "Say what it is with --encoding, for example --encoding cp1252",
        )

    def _unreadable(self, error: Exception) -> CannotOpen:
        why = "no path" if isinstance(error, ValueError) else "it is broken"
        if isinstance(error, OSError):
            why = error.strerror or "it is broken"
        return CannotOpen(f"{self.name} can't be read ({why})", "Look at the file")


class Undecodable(BadInput):
    """The file is in another encoding."""


class _Malformed(BadInput):
    """The file does not follow the rules of CSV."""


def _marked_lines(file: Iterable[str], unusual: list[int]) -> Iterator[str]:
    """Yield the lines of a file, and say of each that may hold what a journal can't keep."""
    for line in file:
        if len(line) > _LONG or "\0" in line:
            unusual.append(len(line))
        yield line


def _is_hint(cells: list[str]) -> bool:
    """Whether a first line only tells Excel how the cells are parted."""
    return re.fullmatch("(?i)sep=.?", "".join(cells)) is not None


def _check(line: int, cells: list[str], limit: int) -> None:
    """Refuse what a journal can't keep to the letter."""
    if any("\0" in cell for cell in cells):
        raise BadInput(
            f"Line {line} holds a NUL character",
            "Take it out, or say how the file is written with --encoding",
        )
    if any(len(cell.encode()) > limit for cell in cells):
        raise BadInput(f"Line {line} has a cell of over 1 MB", "Is a quote left open?")


def _meaning(error: str, line: int, limit: int) -> tuple[str, str]:
    """Return what the csv module found wrong in the row that begins there, and what to do."""
    if "field larger" in error:
        return f"Line {line} has a cell of over {limit:,} characters", "Is a quote left open?"
    if "unexpected end" in error:
        return f"Line {line} opens a quote that is never closed", "Close it"
    return f"Line {line} is malformed: {error}", "Look there for a quote too many"

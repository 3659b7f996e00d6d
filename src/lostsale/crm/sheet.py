"""Reading a CSV file of any program: its encoding, its delimiter, its rows, not what they mean."""

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
_LONG = 1 << 16  # characters of a line, beyond which its cells are measured
_DELIMITERS = {",": "", ";": "semicolons", "\t": "tabs", "|": "bars"}
_GZIP = b"\x1f\x8b"  # the first bytes of a gzip file
_EXCEL_HINT = re.compile("(?i)sep=.?").fullmatch
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class CsvRow(NamedTuple):
    """The line of the file on which a row begins, and its cells, one under each header."""

    line: int
    cells: list[str]


class Sheet:
    """A CSV file, compressed by gzip or not, or with `-` standard input: its `headers`, and
    `rows()`, from the first one whenever they are asked for. It stays open until `close()`.

    `watch` is told after every thousand rows how many were read, and 0 at the end. With `check_all`
    the file is read to its end at once. Raises BadInput for what isn't a table, CannotOpen for what
    can't be read.
    """

    def __init__(
        self,
        path: Path,
        encoding: str = "",
        watch: Callable[[int], None] = lambda _: None,
        *,
        check_all: bool = False,
    ) -> None:
        self.name = "standard input" if str(path) == "-" else path.name or str(path)
        self._watch = watch
        try:
            self._file = _opened(path, self.name)
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from error
        try:
            self.encoding = self._encoding(encoding)
            self._delimiter = max(_DELIMITERS, key=self._columns)
            self.headers = next((row.cells for row in self._read(self._delimiter)), [])
            self._check_headers()
            for _ in self.rows() if check_all else ():
                pass
        except BaseException:
            self.close()
            raise

    def _encoding(self, named: str) -> str:
        """Return the encoding that is named, else the one that the file's first bytes show. Raises
        BadInput or CannotOpen."""
        try:
            with self._bytes() as file:
                head = file.read(4)
        except (OSError, EOFError, zlib.error) as error:
            raise self._unreadable(error) from error
        if head == b"PK\x03\x04":
            raise BadInput(f"{self.name} is a workbook and no CSV", "Save it as CSV first")
        marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
        named = named or marked
        if re.sub("[-_ ]", "", named.casefold()) == "utf8":
            return marked if marked == "utf-8-sig" else "utf-8"
        try:
            "".encode(named)
        except (LookupError, ValueError) as error:  # also hex, zlib and their like
            raise BadInput(
                f'"{named[:40]}" is no encoding', "Write for example cp1252 or utf-16-le"
            ) from error
        return named

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @contextmanager
    def _bytes(self) -> Iterator[IO[bytes] | gzip.GzipFile]:
        """Give the file from its start, uncompressed."""
        with os.fdopen(os.dup(self._file.fileno()), "rb") as file:
            file.seek(0)
            is_gzip = file.read(2) == _GZIP
            file.seek(0)
            if is_gzip:
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
        """The delimiter and the encoding, unless they are commas and UTF-8."""
        encoding = "" if self.encoding.startswith("utf-8") else self.encoding.upper()
        return ", ".join(filter(None, (_DELIMITERS[self._delimiter], encoding)))

    def rows(self) -> Iterator[CsvRow]:
        """Yield the rows below the headers, blank ones left out. Raises BadInput where the file is
        malformed."""
        rows = self._read(self._delimiter)
        next(rows, None)
        width = len(self.headers)
        try:
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
                    yield CsvRow(line, cells[:width] + [""] * (width - len(cells)))
                if count % 1000 == 0:
                    self._watch(count)
        finally:
            self._watch(0)

    def _read(self, delimiter: str) -> Iterator[CsvRow]:
        csv.field_size_limit(CELL_LIMIT)
        line = 1
        try:
            with self._bytes() as raw, TextIOWrapper(raw, self.encoding, newline="") as file:
                unusual: list[int] = []
                reader = csv.reader(_marked_lines(file, unusual), delimiter=delimiter, strict=True)
                for row in reader:
                    cells = list(map(str.strip, row))
                    if unusual:
                        _check(line, cells)
                        unusual.clear()
                    # A first line sep=; only tells Excel the delimiter.
                    if any(cells) and not (line == 1 and _EXCEL_HINT("".join(cells))):
                        yield CsvRow(line, cells)
                    line = reader.line_num + 1
        except csv.Error as error:
            raise _Malformed(*_what_is_wrong(str(error), line)) from error
        except UnicodeError as error:
            raise self._undecodable() from error
        except (OSError, EOFError, zlib.error) as error:
            raise self._unreadable(error) from error

    def _undecodable(self) -> BadInput:
        """Return the error that says from which byte on the file is in another encoding."""
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


def _opened(path: Path, name: str) -> IO[bytes]:
    """Open a file that can be read more than once. Raises CannotOpen, OSError or ValueError."""
    if str(path) == "-":
        copy = TemporaryFile()  # noqa: SIM115 - the sheet closes it
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        return copy
    if not stat.S_ISREG(path.stat().st_mode):
        raise CannotOpen(f"{name} is no ordinary file", "Name a CSV file")
    return path.open("rb")


class Undecodable(BadInput):
    """The file is in another encoding."""


class _Malformed(BadInput):
    """The file breaks the rules of CSV."""


def _marked_lines(file: Iterable[str], unusual: list[int]) -> Iterator[str]:
    """Yield the lines of a file, and note in `unusual` each that may hold what a journal can't
    keep."""
    for line in file:
        if len(line) > _LONG or "\0" in line:
            unusual.append(len(line))
        yield line


def _check(line: int, cells: list[str]) -> None:
    """Refuse what a journal can't keep to the letter."""
    if any("\0" in cell for cell in cells):
        raise BadInput(
            f"Line {line} holds a NUL character",
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
    return f"Line {line} is malformed: {error}", "Look there for a quote too many"

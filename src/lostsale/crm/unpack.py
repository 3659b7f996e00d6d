"""Opening a file that holds a table: packed or not, a text or a workbook."""

import codecs
import re
import stat
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from io import StringIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from lostsale.crm.formats import is_usual, languages
from lostsale.errors import BadInput, CannotOpen

UNPACKED_LIMIT = 1 << 30  # bytes of an unpacked file
CELL_LIMIT = 1024 * 1024  # characters, and bytes in UTF-8
_LINE_LIMIT = CELL_LIMIT + 4096  # characters
_CHUNK = 1 << 16  # bytes, or characters
_SCHEMA = "ListSchema="  # how the first line of what Microsoft Lists writes begins
_CELLS = 1 << 26  # of a sheet, up to its last column and row
_WIDE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{2,3})\d+"[^>]*[^/]><(?!/)')  # filled, beyond Z
_SHEET = r"xl/worksheets/[^/]+\.xml"
_CELL_LENGTH = 100  # bytes in which a cell begins
_GZIP = b"\x1f\x8b"  # the first bytes of a gzip file
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|meta|table|\?xml|style|div|body)", re.IGNORECASE)
_TABLES = re.compile(r"(?i)[^/]\.(?:csv|tsv|txt|xlsx?|xlsb|xlsm|ods)(?:\.gz)?$")
_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xef\xbb\xbf": "utf-8-sig"}
_MARKS |= {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Those of letters, where two say the same the likelier first, and those of syllables.
_OF_LETTERS = (
    *("cp1252", "cp1250", "cp1251", "cp1254", "iso8859_2", "mac_roman"),
    *("mac_latin2", "cp850", "cp852", "koi8_r", "cp866", "mac_cyrillic"),
)
_OF_SYLLABLES = ["cp932", "gb18030", "big5", "euc_kr", "utf_16_le"]
_WORD = re.compile(rb"[0-9A-Za-z]*[\x80-\xff][0-9A-Za-z\x80-\xff]*")
_ENOUGH = 0.9  # of the words, in one language's letters
_AROUND = 50_000  # bytes from which an encoding of syllables is guessed


class Opened(NamedTuple):
    """A file that can be read more than once, and whether it is a workbook."""

    file: IO[bytes]
    is_workbook: bool


class Undecodable(BadInput):
    """The file is in another encoding; `likely` is what it looks like, if anything."""

    def __init__(self, what: str, likely: str) -> None:
        looks = f"; it looks like {likely}" if likely else ", for example --encoding cp1252"
        options = ("--encoding", likely) if likely else ()
        super().__init__(what, f"Say what it is with --encoding{looks}", options=options)
        self.likely = likely


def opened(path: Path, name: str) -> Opened:
    """Open a file, or with `-` standard input, unpacked. Raises BadInput for what holds no table,
    CannotOpen for what can't be read."""
    with readable(name):
        file = _from_disk(path, name)
    try:
        for _ in range(3):  # a table in a zip may be packed again
            with readable(name):
                head = file.read(512)
                file.seek(0)
                packed = _packed(file, head, name)
            if not packed:
                break
            with packed, readable(name):
                outer, file = file, _copy(packed, name)
                outer.close()
        if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
            raise BadInput(  # noqa: TRY301 - the file is closed below
                f"{name} is a web page (HTML or XML), whatever its name ends in",
                "Open it in a spreadsheet, and save it as .xlsx or .csv",
            )
        if head.startswith(_ZIP):
            with readable(name):
                _check_reach(file, name)
        file.seek(0)
        return Opened(file, is_workbook=head.startswith((_ZIP, _OLD_OFFICE)))
    except BaseException:
        file.close()
        raise


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Raise CannotOpen where a file turns out to be broken."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise BadInput(f"{name} is a broken workbook or zip", "Save it as CSV first") from error
    except (OSError, EOFError, ValueError, zlib.error, RuntimeError) as error:
        if isinstance(error, UnicodeError):
            raise
        why = "no path" if type(error) is ValueError else "it is broken"
        if isinstance(error, OSError):
            why = error.strerror or why
        elif isinstance(error, RuntimeError):  # as zipfile says it
            why = "it needs a password"
        raise CannotOpen(f"{name} can't be read ({why})", "Check the file") from error


def _from_disk(path: Path, name: str) -> IO[bytes]:
    if str(path) == "-":
        return _copy(sys.stdin.buffer, name)
    if not stat.S_ISREG(path.stat().st_mode):
        raise CannotOpen(f"{name} isn't a regular file", "Choose a CSV file or a workbook")
    return path.open("rb")


def _packed(file: IO[bytes], head: bytes, name: str) -> IO[bytes] | None:
    """Return what is packed in a file, or None if it isn't packed, or is a workbook."""
    if head.startswith(_GZIP):
        import gzip

        return gzip.open(file)  # type: ignore[return-value]  # it reads as a file does
    if not head.startswith(_ZIP):
        return None
    archive = zipfile.ZipFile(file)
    names = archive.namelist()
    if "[Content_Types].xml" in names or "mimetype" in names:
        return None
    tables = [one for one in names if _TABLES.search(one) and not one.startswith("__MACOSX")]
    # A readme beside the table is none.
    tables = [one for one in tables if not re.search(r"(?i)\.txt$|readme", one)] or tables
    if len(tables) != 1:
        held = ", ".join(tables[:5]) or "none"
        raise BadInput(f"{name} holds {len(tables)} tables: {held}", "Unpack the right one")
    return archive.open(tables[0])


def _copy(packed: IO[bytes], name: str) -> IO[bytes]:
    """Return what is packed or piped as a file of its own. Raises BadInput if it is too large."""
    copy, size = TemporaryFile(), 0  # noqa: SIM115 - the sheet closes it
    try:
        while chunk := packed.read(_CHUNK):
            size += copy.write(chunk)
            if size > UNPACKED_LIMIT:
                raise BadInput(  # noqa: TRY301 - the copy is closed below
                    f"{name} is over 1 GB", "Import it in parts"
                )
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def lines_of(file: TextIOWrapper, unusual: list[bool]) -> Iterator[str]:
    """Yield the lines of a file. From where on some may hold what a journal can't keep, `unusual`
    isn't empty."""
    first = file.readline(_LINE_LIMIT)
    lines = "\n" if first.removeprefix("\ufeff").startswith(_SCHEMA) else first
    while lines:
        rest = file.readline(_LINE_LIMIT)
        lines += rest
        if "\0" in lines or len(lines) * 4 > CELL_LIMIT:  # bytes of a letter at most
            unusual.append(True)
        yield from StringIO(lines, newline="")
        if len(rest) == _LINE_LIMIT and not rest.endswith(("\n", "\r")):
            raise BadInput("A line is longer than 1 MB", "Is it a table, with a row on each line?")
        lines = file.read(_CHUNK)


def _check_reach(file: IO[bytes], name: str) -> None:
    """Raise BadInput for an .xlsx with a cell so far out that no memory holds all up to it."""
    with zipfile.ZipFile(file) as book:
        for part in (one for one in book.namelist() if re.fullmatch(_SHEET, one)):
            height, width, far, text = 0, 0, b"", b""
            with book.open(part) as sheet:
                while chunk := sheet.read(_CHUNK):
                    text = text[-_CELL_LENGTH:] + chunk
                    for row in re.findall(rb'<(?:\w+:)?row r="(\d{1,9})"', text)[-1:]:
                        height = int(row)
                    for cell in _WIDE.findall(text):
                        column = reduce(lambda n, letter: n * 26 + letter - 64, cell, 0)
                        width, far = max((width, far), (column, cell))
            if height * width > _CELLS:
                raise BadInput(
                    f"{name} has something far out, in column {far.decode()}",
                    "Delete that column, and save it again",
                )


class Legacy(NamedTuple):
    """The encoding that a file's words are likely in, the longest of them as a witness, and whether
    they make less sense in any other."""

    encoding: str
    witness: str
    is_sure: bool


def undecodable(file: IO[bytes], encoding: str, name: str) -> Undecodable:
    """Return the error that says from which byte on a file is in another encoding, and which that
    may be."""
    offset = first_undecodable(file, encoding) or 0
    found = legacy(file)
    file.seek(max(offset - _AROUND // 2, 0))
    likely = found.encoding if found else _of_syllables(file.read(_AROUND))
    return Undecodable(f"{name} isn't {encoding.upper()} from byte {offset}", likely)


def first_undecodable(file: IO[bytes], encoding: str) -> int | None:
    """Return the place of the first byte of a file that isn't in an encoding; None for none."""
    decoder, offset = codecs.getincrementaldecoder(encoding)(), 0
    file.seek(0)
    chunk = b"first"
    while chunk:
        held = len(decoder.getstate()[0])
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:  # without a place where it doesn't begin as it should
            return offset + getattr(error, "start", held) - held
        offset += len(chunk)
    return None


def legacy(file: IO[bytes]) -> Legacy | None:
    """Return the encoding of letters in which nearly all words that aren't ASCII are in the letters
    of one language; None for none."""
    words = Counter[bytes]()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        words.update(_WORD.findall(chunk))
    found: dict[str, tuple[int, str]] = {}
    for encoding in _OF_LETTERS:
        with suppress(UnicodeError):
            read = {word.decode(encoding): count for word, count in words.items()}
            best = max(sum(count for word, count in read.items() if of(word)) for of in languages())
            found.setdefault(" ".join(read), (best, encoding))
    ranked = sorted(found.items(), key=lambda one: -one[1][0])
    if not ranked or ranked[0][1][0] < max(_ENOUGH * words.total(), 1):
        return _of_usual_headers(file)
    (text, (count, encoding)), *others = ranked
    return Legacy(encoding, max(text.split(), key=len), not others or others[0][1][0] < count)


def _of_usual_headers(file: IO[bytes]) -> Legacy | None:
    """Return the one encoding of syllables in which a file begins with several usual headers; None
    for none."""
    file.seek(0)
    head = file.read(_CHUNK).partition(b"\n")[0]
    found = []
    for encoding in _OF_SYLLABLES[:-1]:
        with suppress(UnicodeError):
            cells = re.split('[,;\t|"\r\n]+', head.decode(encoding))
            usual = [cell for cell in cells if not cell.isascii() and is_usual(cell)]
            if len(usual) > 1:
                found.append(Legacy(encoding, max(usual, key=len), is_sure=True))
    return found[0] if len(found) == 1 else None


def _of_syllables(content: bytes) -> str:
    """Return the encoding of syllables that some bytes are likely in, or nothing."""
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=_OF_SYLLABLES, enable_fallback=False).best()
    return best.encoding if best else ""


def encoded_as(head: bytes, named: str) -> str:
    """Return the encoding that is named, else the one that the file's first bytes show. Raises
    BadInput."""
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
    named = named or marked
    if re.sub("[-_ ]", "", named.casefold()) == "utf8":
        return marked if marked == "utf-8-sig" else "utf-8"
    try:
        "".encode(named)
    except (LookupError, ValueError) as error:  # also hex, zlib and their like
        raise BadInput(
            f'I don\'t know the encoding "{named[:40]}"', "Try cp1252 or utf-16-le"
        ) from error
    return named

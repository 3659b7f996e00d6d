"""Opening a file that holds a table: packed or not, a text or a workbook."""

import codecs
import re
import shutil
import stat
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from lostsale.errors import BadInput, CannotOpen

UNPACKED_LIMIT = 1 << 30  # bytes of an unpacked file
_CHUNK = 1 << 16  # bytes
_GZIP = b"\x1f\x8b"  # the first bytes of a gzip file
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|meta|table|\?xml|style|div|body)", re.IGNORECASE)
_TABLES = re.compile(r"(?i)[^/]\.(?:csv|tsv|txt|xlsx?|xlsb|xlsm|ods)(?:\.gz)?$")
_LEGACY = ("cp1252", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr", "utf_16_le")
_AROUND = 50_000  # bytes from which an encoding is guessed


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
        copy = TemporaryFile()  # noqa: SIM115 - the sheet closes it
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        return copy
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
    """Return what is packed as a file of its own. Raises BadInput if it is too large."""
    copy, size = TemporaryFile(), 0  # noqa: SIM115 - the sheet closes it
    try:
        while chunk := packed.read(_CHUNK):
            size += copy.write(chunk)
            if size > UNPACKED_LIMIT:
                raise BadInput(  # noqa: TRY301 - the copy is closed below
                    f"{name} unpacks to over 1 GB", "Unpack it, and import a part of it"
                )
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def undecodable(file: IO[bytes], encoding: str, name: str) -> Undecodable:
    """Return the error that says from which byte on a file is in another encoding, and which that
    may be."""
    decoder, offset = codecs.getincrementaldecoder(encoding)(), 0
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            held = len(decoder.getstate()[0])
            decoder.decode(chunk, final=len(chunk) < _CHUNK)
            offset += len(chunk)
    except UnicodeDecodeError as error:
        offset += error.start - held
    except UnicodeError:  # it does not begin as it should
        pass
    file.seek(max(offset - _AROUND // 2, 0))
    return Undecodable(
        f"{name} isn't {encoding.upper()} from byte {offset}", _likely(file.read(_AROUND))
    )


def _likely(content: bytes) -> str:
    """Return the legacy encoding that some bytes are likely in, or nothing."""
    from charset_normalizer import from_bytes

    best = from_bytes(content, cp_isolation=list(_LEGACY), enable_fallback=False).best()
    if not best:
        return ""
    # Where the encodings of Windows say the same, the one of the West is the likeliest.
    is_western = content.decode(_LEGACY[0], "replace") == str(best)
    return _LEGACY[0] if is_western else best.encoding

"""The currencies that the cells of a workbook show, though only the formats of their numbers say
it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from html import unescape
from typing import IO

from lostsale.crm.formats import LOCALES
from lostsale.crm.written import currency_of
from lostsale.domain.money import CURRENCY_WORDS

_LIMIT = 1 << 24  # bytes that are looked at of a part
# How a book can be broken, or written in another way, that the amounts are read from all the same.
UNREAD = (LookupError, ValueError, RuntimeError, EOFError, zipfile.BadZipFile, zlib.error)
_NAME = (
    r"\[\$([^\]-]+)(?:-[0-9A-F]*?([0-9A-F]{1,4}))?[^\]]*\]|\[[^\]]*\]"
    r'|"([^"]+)"|([$€£¥₹₽₺₩₴₪₱₫]|[A-Z]{3})'
)


@lru_cache
def currencies_of(file: IO[bytes], sheet: str, column: int) -> set[str]:
    """Return the signs and codes of currencies in which numbers in a column of a sheet are shown,
    the first column being 0, or in any of an .ods; none where the file isn't that or an .xlsx."""
    with suppress(*UNREAD), zipfile.ZipFile(file) as book:
        if "content.xml" in book.namelist():
            tables = _text(book, "content.xml").split("<table:table ")[1:]
            (table,) = (of for of in tables if _attributes(of.partition(">")[0])["name"] == sheet)
            return set(re.findall('office:currency="([^"]*)"', table))
        return _in_xlsx(book, sheet, column)
    return set()


def sheet_parts(book: zipfile.ZipFile) -> dict[str, str]:
    """Return by title in which part of an .xlsx each of its sheets is."""
    relations = _tags(book, "_rels/workbook.xml.rels", "Relationship ")
    links = {tag["Id"]: tag["Target"].removeprefix("/xl/") for tag in relations}
    sheets = _tags(book, "workbook.xml", "sheet ")
    return {tag["name"]: f"xl/{links[tag['id']]}" for tag in sheets}


def _in_xlsx(book: zipfile.ZipFile, sheet: str, column: int) -> set[str]:
    part = sheet_parts(book)[sheet].removeprefix("xl/")
    of_column = f"c (?=[^>]*\\br=[\"']{_letters(column)}[0-9]+[\"'])"
    cells = _tags(book, part, of_column)
    used = {tag.get("s", "0") for tag in cells}
    codes = {tag["numFmtId"]: tag["formatCode"] for tag in _tags(book, "styles.xml", "numFmt ")}
    formats = list(_tags(book, "styles.xml", "xf ", "cellXfs"))
    shown = {codes.get(formats[int(style)].get("numFmtId", ""), "") for style in used}
    return {named for code in shown if (named := _named(code))}


def _letters(column: int) -> str:
    """Return the name of a column, `A` for 0."""
    high, low = divmod(column, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)


def _tags(
    book: zipfile.ZipFile, part: str, begin: str, inside: str = ""
) -> Iterator[dict[str, str]]:
    """Yield the attributes of the tags in a part of a workbook, without their namespaces, of cells
    those that aren't empty."""
    text = _text(book, f"xl/{part}")
    if inside:
        text = text.partition(f"<{inside}")[2].partition(f"</{inside}")[0]
    filled = r"(?<!/)" if begin.startswith("c ") else ""
    for tag in re.finditer(rf"<(?:\w+:)?{begin}([^>]*){filled}>", text):
        yield _attributes(tag[1])


def _text(book: zipfile.ZipFile, part: str) -> str:
    with book.open(part) as file:
        return file.read(_LIMIT).decode("utf-8", "replace")


def _attributes(tag: str) -> dict[str, str]:
    found = re.findall(r"(\w+)=[\"']([^\"']*)[\"']", tag)
    return {name: unescape(value) for name, value in found}


def _named(code: str) -> str:
    """Return the sign or the code of the currency that a number format names; empty for none."""
    for found in re.finditer(_NAME, code.replace("\\", "").partition(";")[0]):
        locale, name = (found[2] or "").lstrip("0"), found[1] or found[3] or found[4] or ""
        name = name.strip()
        if sure := LOCALES.get(f"{name}-{locale}"):
            return sure
        if name.casefold() in CURRENCY_WORDS or (name := currency_of(name, "")):
            return name
    return ""

"""How programs export deals, and what headers and cells say in many languages: what
`data/formats.toml` says, and what its parts mean."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast
from unicodedata import normalize

from lostsale.domain.money import CURRENCIES, CURRENCY_SIGNS, CURRENCY_WORDS
from lostsale.domain.names import unaccented

Condition = Mapping[str, str]  # by field, the pattern that its whole cell must match
Fits = Callable[[str], bool]
HeaderDay = Literal["lost", "closed", "stage", "created", "changed", "expected", "other"]
COMMON_CURRENCIES = frozenset(
    "USD EUR GBP CAD AUD NZD CHF JPY INR MXN BRL SEK NOK DKK PLN CZK ZAR SGD HKD CNY RUB".split()
)
_WORDS = frozenset({"ALL", "TOP", "CUP", "PEN", "GEL"})  # codes that are words, too
_ALONE = r"(?<![^\W\d_])(?:{})(?![^\W\d_])"  # no letter is beside it
_SIGNS = sorted(CURRENCY_SIGNS, key=len, reverse=True)
SIGNS = "|".join(_ALONE.format(re.escape(of)) if of.isalpha() else re.escape(of) for of in _SIGNS)
_SAYS_LITTLE = "kr|kronor|kroner|pesos|rs|rupees|dollars?|francs?|yen"  # which of several
_HEADER_CURRENCY = re.compile(
    rf"[\s_(\[,.]*(?:\bin\b )?({SIGNS}|(?i:{_ALONE.format(_SAYS_LITTLE)})"
    r"|(?<![^\W_])[A-Za-z]{3}(?![^\W_]))\.?[)\]]?"
)
_TYPE = re.compile(
    r"(?i) \((?:currency|money|number|text|short text|date|drop down|labels?|formula)\)$"
)
TITLE = "title"  # what a deal is called: of columns, its prospect where no customer is named
_SEVERAL = 3  # headers that begin alike
CACHED = 10_000  # different texts that are looked at only once


class Format(NamedTuple):
    """How one program exports deals.

    A file may be the program's if it has all headers of one of the `signatures`; it is if its
    columns then say which deals are lost, and when. `columns` has, for each field, the headers that
    may hold it, the best first; one with a star is a guess. Headers are written as `plain_header`
    makes them. A row is lost if it meets all of one condition of `lost`, and not all of one of
    `not_lost`. Where a file without a status may be a view of lost deals only, `view` has the
    conditions of rows that aren't lost.
    """

    name: str
    signatures: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[str, ...]]
    lost: tuple[Condition, ...] = ()
    not_lost: tuple[Condition, ...] = ()
    view: tuple[Condition, ...] | None = None


_CONDITIONS = ("lost", "not_lost", "view")


def letters(header: str) -> str:
    """Return the letters and digits of a header, in lower case."""
    # Salesforce's API ends custom fields in __c.
    text = normalize("NFKC", header).casefold().removesuffix("__c")
    return "".join(sign for sign in text if sign.isalnum())


def plain_header(header: str) -> str:
    """Return a header as headers are compared: its letters without accents, as databases name their
    columns. What belongs to a company or a contact keeps that before it."""
    return unaccented(letters(header))


def bare_header(header: str) -> str:
    """Return a plain header without the deal that it is of."""
    return plain_header(_OBJECT.sub("", unaccented(header)))


def said(cell: str) -> str:
    """Return a cell as its words are compared: in lower case, without accents."""
    return unaccented(cell.casefold())


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row begins with a word for a sum."""
    first = cells[0] or next(filter(None, cells))
    return said(first.rstrip(":")) in _TOTALS


def fits(pattern: str) -> Fits:
    """Return a test of whether a whole cell matches a pattern, in any case and without accents."""
    whole = re.compile(unaccented(pattern), re.DOTALL).fullmatch
    return lru_cache(CACHED)(lambda cell: whole(said(cell)) is not None)


def _patterns(table: Mapping[str, str]) -> dict[str, str]:
    """Return regular expressions that the file breaks into lines."""
    return {name: re.sub(r"\n\s*", "", pattern.strip()) for name, pattern in table.items()}


_data = tomllib.loads(
    (Path(__file__).parents[1] / "data" / "formats.toml").read_text(encoding="utf-8")
)
SPELLED = _patterns(_data["words"])
# What `said` of a cell is compared with, and the words of headers; names of firms are as written.
WORDS = {name: words if name == "firm" else unaccented(words) for name, words in SPELLED.items()}
_OBJECT = re.compile(rf"(?i)^(?:{WORDS['object']})(?:: | - )| - start$")
_BEGINNING = re.compile("([^_:.]{2,30}?)(?: - |: |_|[.])(.+)")
_WRAPPED = re.compile(r"(?i)custom field \((.+)\)")  # as Jira has them
STATE = re.compile("|".join(WORDS[name] for name in ("lost", "won", "open")))
_TOTALS = frozenset(WORDS["total"].split("|"))
SAYS_NOTHING = frozenset(WORDS["nothing"].split("|"))
DAYS: Mapping[HeaderDay, re.Pattern[str]] = {
    cast("HeaderDay", name): re.compile(unaccented(words))
    for name, words in _patterns(_data["days"]).items()
}
DATE = re.compile(WORDS["date"])
# A header with nothing in it but words for an end and for a day.
_ENDED = f"(?!end)\\w*(?:{DAYS['lost'].pattern}|{DAYS['closed'].pattern})\\w*"
_DAY = f"{DATE.pattern}|{WORDS['on']}"
_END = re.compile(
    rf"(?=.*\b(?:{_DAY}))(?=(?:.* )?{_ENDED})"
    rf"(?:(?:{_DAY}|{WORDS['actual']}|{_ENDED})(?: |$))+"
)
NEVER = {field: re.compile(unaccented(words)) for field, words in _patterns(_data["never"]).items()}
NEVER[TITLE] = NEVER["prospect"]
_CROWNS = {code: re.compile(words) for code, words in _data["crowns"].items()}
_NEAR = (
    r"(?<=[0-9(])(?:{0})(?![^\W_])|(?<=[0-9(][ ])(?:{0})(?![^\W_])|(?<![^\W_])(?:{0})(?=[ ]?[0-9)])"
)
_CALLING = {code: tuple(begins.split()) for code, begins in _data["calling"].items()}
_CALLED, _BESIDE = (
    re.compile(
        "|".join(
            f"(?P<{code}>{where.format(names)})" for code, names in _patterns(_data[table]).items()
        )
    )
    for table, where in (("currencies", _ALONE), ("beside", _NEAR))
)
LOCALES: Mapping[str, str] = {
    f"{sign}-{number}": code
    for sign, of in _data["locales"].items()
    for number, code in (one.split("=") for one in of.split())
}
CURRENCY_CODE = re.compile(_ALONE.format("[A-Z]{3}"))
COUNTED_BY = {
    re.compile(words, re.IGNORECASE): int(times)
    for times, words in _patterns(_data["units"]).items()
}
MONTH_STEMS = {
    stem: number
    for number, stems in enumerate(_data["months"]["stems"].split(), 1)
    for stem in stems.split("|")
}


def _with_words(pattern: str) -> str:
    """Return a pattern that has the words in it which it names."""
    return re.sub(r"\{([a-z]+)\}", lambda word: WORDS[word[1]], pattern)


def _spells(letters: str) -> Fits:
    """Return a test of whether a word has only some letters, with signs around it, and none that
    shows the wrong encoding: a capital behind a small letter, or a number behind one."""
    sign = _data["signs"]
    word = f"{sign['before']}*(?:{letters}|{sign['between']})*{sign['behind']}*"
    whole = re.compile(f"{word}|{sign['number']}*[km]?").fullmatch
    return lambda word: (
        whole(word.lower()) is not None
        and not any(
            (one.islower() and two.isupper()) or (one.isalpha() and two.isdecimal())
            for one, two in pairwise(word)
            if not (one + two).isascii()
        )
    )


@lru_cache(1)
def languages() -> list[Fits]:
    """Return a test for each language of whether a word is in its letters."""
    return [_spells(letters) for letters in _data["letters"].values()]


# Of short values, which mean lost, and below which headers.
SHORT_LOST = [(fits(of), _with_words(like)) for like, of in _patterns(_data["short"]).items()]


def _format(usual: Mapping[str, str], program: dict[str, Any]) -> Format:
    """Return a format as the file has it: headers in one text, `usual` ones where it names none,
    and conditions with the names of words in them."""
    columns = {**usual, **program["columns"]}
    if usual:  # a program's own headers come first
        columns["prospect"] = f"{program['columns'].get('prospect', '')} {usual['prospect']}"
    conditions = {
        name: tuple(
            {field: _with_words(like) for field, like in of.items()} for of in program[name]
        )
        for name in _CONDITIONS
        if name in program
    }
    return Format(
        name=program["name"],
        signatures=tuple(frozenset(headers.split()) for headers in program["signatures"]),
        columns={
            field: tuple(unaccented(headers.casefold()).split())
            for field, headers in columns.items()
        },
        **conditions,
    )


_unknown, *_known = _data["program"]
_usual = {
    field: headers
    for field, headers in _unknown["columns"].items()
    if field not in {"is_lost", "is_won", "is_closed"}
}
UNKNOWN_PROGRAM = _format({}, _unknown)
LOST = {"status": UNKNOWN_PROGRAM.lost[0]["status"]}
FORMATS = (*(_format(_usual, {"lost": [LOST], **program}) for program in _known), UNKNOWN_PROGRAM)
DEAL_FIELDS = tuple(
    dict.fromkeys(
        field for form in (UNKNOWN_PROGRAM, *FORMATS) for field in form.columns if field != TITLE
    )
)
_USUAL = {
    header
    for form in FORMATS
    for headers in form.columns.values()
    for header in headers
    if "*" not in header
}


_STATUSES = frozenset(UNKNOWN_PROGRAM.columns["status"])


@lru_cache(CACHED)
def is_usual(header: str) -> bool:
    """Whether some program names a column so."""
    return bare_header(header) in _USUAL


class Header(NamedTuple):
    """A column that may hold a field: its place, and whether its header is a usual one and does not
    only resemble it."""

    place: int
    is_sure: bool


def header_words(header: str) -> str:
    """Return the words of a header, in lower case and without accents; `#` is the word number, and
    `/` behind a currency is per."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])| - start$", " ", header).replace("#", " number ")
    apart = re.sub(rf"(?:{SIGNS}|\b[A-Z]{{3}}) ?/(?= ?[a-z])", " per ", apart)
    return " ".join(re.split(r"[\W_]+", unaccented(apart.lower()))).strip()


def with_code(text: str) -> str:
    """Return a text with the code of a currency that it names in another way: `500 $ CA`, `(RM)`,
    `$500 CAD`."""
    for called in (_CALLED, _BESIDE):
        text = called.sub(lambda found: found.lastgroup or "", text)
    code = next((code for code in CURRENCY_CODE.findall(text) if code in CURRENCIES), "")
    for sign, of in CURRENCY_SIGNS.items() if code else ():
        if code in CURRENCY_WORDS.get(sign, (of,)):
            text = text.replace(sign, "")
    return text.strip()


def header_currency(header: str) -> tuple[str, str]:
    """Return a header without the currency or the kind of field in it, and that currency: `Amount
    (EUR)`, `amount_usd`, `Бюджет ₽`, `kEUR`, `Size (currency)`."""
    header = _TYPE.sub("", header)
    for unit in COUNTED_BY:
        header = unit.sub("", header)
    header = with_code(header)
    for found in _HEADER_CURRENCY.finditer(header):
        named = found[1]
        is_end = header[: found.start(1)].endswith("_") and found.end(1) == len(header)
        sure = CURRENCIES - _WORDS if is_end else COMMON_CURRENCIES  # osszeg_huf
        is_code = named.upper() in sure or (named.isupper() and named in CURRENCIES)
        if is_code or named in CURRENCY_SIGNS or named.lower() in CURRENCY_WORDS:
            rest = header[: found.start()] + header[found.end() :]
            return rest, named.upper() if is_end else named
    return header, ""


def said_currency(text: str) -> str:
    """Return the one currency that a text above the headers names: `Offers in CHF`, not `ALL`."""
    rest, named = header_currency(text)
    known = COMMON_CURRENCIES.intersection(re.findall(r"\w+", text)) | CURRENCY_SIGNS.keys()
    return named if named in known and not header_currency(rest)[1] else ""


def calling_currency(phones: Iterable[str]) -> str:
    """Return the currency of where all telephone numbers are; empty if they don't show one."""
    found = {
        next((code for code, begins in _CALLING.items() if phone.startswith(begins)), "")
        for phone in (phone.lstrip("'( ") for phone in phones)
    }
    return found.pop() if len(found) == 1 else ""


def crown(headers: Iterable[str]) -> str:
    """Return the code of what is called kr in the language of headers; empty if none shows it."""
    text = " ".join(headers).lower()
    return next((code for code, words in _CROWNS.items() if words.search(text)), "")


def header_times(header: str) -> int:
    """Return by how much the amounts below a header have to be multiplied: 1000 for `kEUR`."""
    return next((times for unit, times in COUNTED_BY.items() if unit.search(header)), 1)


def own_headers(headers: Sequence[str]) -> list[str]:
    """Return headers without what several of them begin with, where that only says that they are of
    a deal: `oppo_status`."""
    headers = [_WRAPPED.sub(r"\1", header) for header in headers]
    parts = [_BEGINNING.match(header) for header in headers]
    counts = Counter(part[1] for part in parts if part)
    begin, count = max(counts.items(), key=lambda one: one[1], default=("", 0))
    own = [
        part[2] if part and part[1] == begin else header
        for part, header in zip(parts, headers, strict=True)
    ]
    has_status = not _STATUSES.isdisjoint(map(bare_header, {*own} - {*headers}))
    is_deal = has_status and count >= _SEVERAL and not NEVER["record"].search(header_words(begin))
    return own if is_deal else list(headers)


def known_headers(headers: Sequence[str]) -> dict[str, int]:
    """Return the places of headers by their plain names, with and without the deal before them,
    leaving out names that several have."""
    places: dict[str, int] = {}
    own = own_headers(headers)
    bare = list(map(bare_header, own))
    counts = Counter(name for name, of in zip(bare, headers, strict=True) if "%" not in of)
    # Fee, and Fee %: what counts is the first.
    in_order = sorted(range(len(headers)), key=lambda place: "%" in headers[place])
    for names in (
        [*map(plain_header, headers)],
        bare,
        [bare_header(header_currency(of)[0]) for of in own],
    ):
        for place in in_order:
            places.setdefault(names[place], place)
    return {name: place for name, place in places.items() if counts[name] < 2}


def by_header(headers: Sequence[str], form: Format) -> dict[str, list[Header]]:
    """Return the columns that may hold each field by their headers, the best first."""
    known, own = known_headers(headers), own_headers(headers)
    plain, words = list(map(bare_header, own)), list(map(header_words, own))
    found: dict[str, list[Header]] = {}
    for field, patterns in form.columns.items():
        never = NEVER.get(field)
        sure = {known[pattern] for pattern in patterns if pattern in known}
        fit = [
            place
            for pattern in patterns
            for place, name in enumerate(plain)
            if known.get(pattern) == place
            or (
                "*" in pattern
                and fnmatchcase(name, pattern)
                and not (never and never.search(words[place]))
            )
        ]
        if field == "lost_on" and form is UNKNOWN_PROGRAM:
            own_names = (place for place, name in enumerate(plain) if known.get(name) == place)
            ends = [place for place in own_names if _END.fullmatch(words[place])]
            fit += ends
            sure |= {*ends}
        if field == "amount":
            assert never
            fit += [
                place
                for place, header in enumerate(headers)
                if (header_currency(header)[1] or f"{plain[place]}currency" in plain)
                and not never.search(words[place])
            ]
            last = NEVER["last_amount"].findall
            fit.sort(key=lambda place: place not in sure and len(last(words[place])))
            if any(name in form.columns["currency"] for name in plain):  # one is converted
                fit.sort(key=lambda place: header_currency(headers[place])[1] != "")
        found[field] = [Header(place, is_sure=place in sure) for place in dict.fromkeys(fit)]
    return found

"""How a file tells of lost deals: which program wrote it, which column holds what, which rows are
lost, how its dates and amounts are written. Nothing is kept of any row here."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from lostsale.dates import read_written
from lostsale.errors import BadInput, nearest
from lostsale.exchange.formats import FIELDS, FORMATS, LOST, UNKNOWN, Condition, Format
from lostsale.exchange.sheet import Sheet
from lostsale.money import decimal_sign

CACHED = 10_000  # texts of a file that are read once, since many rows have them
ALL = "all"  # among the values that mean lost: every row is
_SAMPLE = 1_000  # rows that are looked at to know a column by its content
_SHORT = 40  # characters of what may be a status; what is longer tells a story
_KINDS = 50  # different values of a status
_MOST = 0.8  # of the cells of a column of dates
_SHOWN = 200  # characters of what is listed in a message
_ALSO_CALLED = {"id": "record", "outcome": "status", "reason": "guess", "name": "prospect"}
_MISSING = {"lost_on": "on which day a deal was lost", "status": "what became of a deal"}
_IDENTITY = ("record", "lost_on", "status")  # by their headers alone: contents change
_CHAINED = ("status", "lost_on", "prospect", "guess")  # what one leaves empty the next may tell
# Days of something else than an end.
_OTHER_DAYS = re.compile("creat|start|open|begin|engage|modif|updat|birth|next|due|activity|last")

Columns = dict[str, tuple[str, ...]]


class Told(NamedTuple):
    """What the user says about a file: the headers of fields, the values that mean lost, the order
    of numeric dates, the decimal sign and the currency of amounts, the encoding."""

    columns: Mapping[str, str] = {}
    lost_when: tuple[str, ...] = ()
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""


class Layout(NamedTuple):
    """What a survey of a file found. `columns` has the headers that hold each field, and
    `is_certain` says that none of them is a guess; `is_lost` tells from the cells of a row. Of each
    column of dates `orders` says how the numbers follow one another, for each sign between them,
    and `unsettled` has a date that does not tell; `decimal` is the sign that amounts show;
    `identity` are the columns that a program which is not known is known by."""

    form: Format
    columns: Columns
    is_certain: bool
    is_lost: Callable[[list[str]], bool]
    rows: int
    lost: int
    orders: dict[str, dict[str, str]]
    unsettled: dict[str, str]
    decimal: str
    identity: str


class Unclear(BadInput):
    """What a file does not tell, and its user may: the column of the field `asked`, or with
    `lost_when` the value that means lost. `choices` are those that there are."""

    def __init__(self, what: str, hint: str, asked: str, choices: Iterable[str]) -> None:
        super().__init__(what, hint)
        self.asked = asked
        self.choices = tuple(choices)


def plain(header: str) -> str:
    """Return a header as headers are compared: its letters and digits, in lower case."""
    text = normalize("NFKC", header).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def survey(sheet: Sheet, told: Told, usual_order: str = "") -> Layout:
    """Read a file to its end, and return where its lost deals are told.

    `usual_order` is how numeric dates are read where neither the file nor the user tells. Raises
    BadInput for all that is wrong with the file, and Unclear where the user may help.
    """
    known = _known(sheet)
    form = next(form for form in FORMATS if any(signs <= known.keys() for signs in form.signatures))
    columns, is_certain = _columns(sheet, form, told.columns)
    lost_when = told.lost_when
    if form.all_lost and "status" not in columns and not lost_when:
        is_certain, lost_when = False, (ALL,)
    conditions, exceptions = _conditions(form, told._replace(lost_when=lost_when))
    guessed = _by_content(sheet, columns, told) if form == UNKNOWN else {}
    if "lost_on" not in columns and "lost_on" in guessed:
        columns["lost_on"], is_certain = guessed["lost_on"], False
    # The first of these columns in which a row is lost tells; the last is a guess.
    telling = (*columns.get("status", ()), *guessed.get("status", ()))
    _check_needed(sheet, columns, conditions, telling)
    tests = [
        _Lost(
            sheet, {**columns, "status": (header,)} if header else columns, conditions, exceptions
        )
        for header in telling or ("",)
    ]
    seen = _Seen(sheet, columns)
    lost = [0] * len(tests)
    for row in sheet.rows():
        says = [test(row.cells) for test in tests]
        lost = [count + is_lost for count, is_lost in zip(lost, says, strict=True)]
        seen.see(row.cells, may_be_lost=any(says))
    identity = {**({"status": telling} if telling else {}), **columns}
    place = next((place for place, count in enumerate(lost) if count), None)
    if place is None:
        raise _nothing_lost(sheet, telling, columns)
    if telling:
        is_certain = is_certain and telling[place] in columns.get("status", ())
        columns["status"] = (telling[place],)
    orders, unsettled = seen.orders(told.dates, usual_order)
    return Layout(
        form,
        columns,
        is_certain,
        tests[place],
        seen.rows,
        lost[place],
        orders,
        unsettled,
        seen.decimal,
        "+".join(plain(identity[field][0]) for field in _IDENTITY if field in identity),
    )


def _known(sheet: Sheet) -> dict[str, str]:
    """Return the headers by their plain names, without those that can't be told apart."""
    names = [plain(header) for header in sheet.headers]
    pairs = zip(names, sheet.headers, strict=True)
    return {name: header for name, header in pairs if names.count(name) == 1}


def _columns(sheet: Sheet, form: Format, mapped: Mapping[str, str]) -> tuple[Columns, bool]:
    """Return the headers that hold each field, several where the content has to tell, and whether
    none of them is a guess."""
    known = _known(sheet)
    columns = dict(_by_hand(sheet, known, field, header) for field, header in mapped.items())
    taken = {header for headers in columns.values() for header in headers}
    is_certain = True
    for field, patterns in form.columns.items():
        fitting: dict[str, bool] = {}
        for pattern in patterns:
            for name, header in known.items():
                if fnmatchcase(name, pattern) and header not in taken:
                    fitting.setdefault(header, "*" not in pattern)
        headers = [header for header, is_sure in fitting.items() if is_sure] or list(fitting)
        if field not in columns and headers:
            is_certain = is_certain and fitting[headers[0]]
            columns[field] = tuple(headers if field in _CHAINED else headers[:1])
    if form == UNKNOWN and "stage" in columns and "status" not in columns:
        columns["status"] = columns["stage"]
    return columns, is_certain


def _by_hand(
    sheet: Sheet, known: Mapping[str, str], name: str, header: str
) -> tuple[str, tuple[str, ...]]:
    field = name.replace("-", "_")
    field = _ALSO_CALLED.get(field, field)
    if field not in FIELDS:
        raise BadInput(f'"{name[:40]}" is no field', f"Known: {', '.join(FIELDS)}")
    if header in sheet.headers:
        return field, (header,)
    if plain(header) not in known:
        raise BadInput(
            f'{sheet.name} has no column "{header[:40]}"',
            nearest(header, sheet.headers, f"There are {_listed(sheet.headers)}"),
        )
    return field, (known[plain(header)],)


def _listed(headers: Iterable[str]) -> str:
    return ", ".join(headers)[:_SHOWN]


def _conditions(form: Format, told: Told) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """Return when a row is lost, and when it is not for all that."""
    if ALL in map(str.casefold, told.lost_when):
        return ({},), form.not_lost if form.all_lost and not told.lost_when else ()
    words = ({"status": re.escape(word.strip().casefold())} for word in told.lost_when)
    return ((LOST,) if "status" in told.columns else form.lost) + tuple(words), form.not_lost


def _check_needed(
    sheet: Sheet, columns: Columns, conditions: tuple[Condition, ...], telling: tuple[str, ...]
) -> None:
    there = {*columns, *(["status"] if telling else [])}
    missing = [
        *(["lost_on"] if "lost_on" not in columns else []),
        *(["status"] if not any(condition.keys() <= there for condition in conditions) else []),
    ]
    for field in missing:
        hint = f"Name it with --map {field}=…; there are {_listed(sheet.headers)}"
        if field == "status":
            hint = f"Say --lost-when {ALL} if every row is lost. Else n{hint[1:]}"
        raise Unclear(
            f"No column of {sheet.name} says {_MISSING[field]}", hint, field, sheet.headers
        )


def _nothing_lost(sheet: Sheet, telling: tuple[str, ...], columns: Columns) -> BadInput:
    """Return the error for a file in which no row is lost, with what it says instead."""
    header = telling[0] if telling else columns[next(iter({"guess", *columns} & set(columns)))][0]
    place = sheet.headers.index(header)
    values = [cell for cell, _ in Counter(row.cells[place] for row in sheet.rows()).most_common()]
    held = ", ".join(f'"{value[:20]}"' for value in list(filter(None, values))[:6])
    return Unclear(
        f'No row of {sheet.name} is lost: "{header}" holds {held or "nothing"}',
        "Name the value that means lost with --lost-when, or the column with --map status=…",
        "lost_when",
        filter(None, values[:20]),
    )


class _Lost:
    """Whether a row is lost: all of one condition holds, and of no exception."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        conditions: tuple[Condition, ...],
        exceptions: tuple[Condition, ...],
    ) -> None:
        def tests(conditions: tuple[Condition, ...]) -> list[list[tuple[int, _Fits]]]:
            return [
                [
                    (sheet.headers.index(columns[field][0]), _fits(like))
                    for field, like in of.items()
                ]
                for of in conditions
                if of.keys() <= columns.keys()
            ]

        self._lost = tests(conditions)
        self._not_lost = tests(exceptions)

    def __call__(self, cells: list[str]) -> bool:
        return _holds(self._lost, cells) and not _holds(self._not_lost, cells)


_Fits = Callable[[str], bool]


def _holds(any_of: list[list[tuple[int, _Fits]]], cells: list[str]) -> bool:
    for all_of in any_of:
        for place, fits in all_of:
            if not fits(cells[place]):
                break
        else:
            return True
    return False


def _fits(pattern: str) -> _Fits:
    whole = re.compile(pattern, re.DOTALL).fullmatch
    return lru_cache(CACHED)(lambda cell: whole(cell.casefold()) is not None)


class _Seen:
    """What the cells of a file tell about how it is written."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.rows = 0
        self._dates = {header: _Order() for header in columns["lost_on"]}
        self._places = [(sheet.headers.index(header), of) for header, of in self._dates.items()]
        self._amounts = [sheet.headers.index(header) for header in columns.get("amount", ())]
        self._signs: set[str] = set()

    def see(self, cells: list[str], *, may_be_lost: bool) -> None:
        """Learn from a row."""
        self.rows += 1
        for place in self._amounts:
            self._signs.add(decimal_sign(cells[place]))
        for place, evidence in self._places:
            cell = cells[place]
            evidence.see(cell, tells=may_be_lost)
            may_be_lost = may_be_lost and not cell  # what the first tells the next need not

    @property
    def decimal(self) -> str:
        """The decimal sign of amounts, empty where they show none, or both."""
        return "" if {".", ","} <= self._signs else "".join(self._signs)

    def orders(self, named: str, usual: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """Return how the numbers of each column's dates follow one another, by the sign between
        them, and a date of those columns that do not tell. Raises BadInput."""
        orders: dict[str, dict[str, str]] = {}
        unsettled = {}
        for header, evidence in self._dates.items():
            if evidence.is_mixed and not named:
                raise BadInput(
                    f'"{header}" has dates with the day first, and others with the month first',
                    "Say which are right: --dates dmy or --dates mdy",
                )
            orders[header] = {
                sign: named or evidence.order(sign) or usual for sign in evidence.signs
            }
            for sign, order in orders[header].items():
                if not order and sign in evidence.examples:
                    unsettled[header] = evidence.examples[sign]
        return orders, unsettled


class _Order:
    """What the dates of a column tell about the order of their numbers, which may be another for
    each sign between them."""

    _NUMERIC = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})\b")

    def __init__(self) -> None:
        self._told: dict[str, set[str]] = {}
        self.examples: dict[str, str] = {}

    def see(self, cell: str, *, tells: bool) -> None:
        """Learn from a cell, of which the day of a loss depends if it `tells`."""
        found = self._NUMERIC.match(cell)
        if found:
            told = self._told.setdefault(found[2], set())
            first, second = int(found[1]), int(found[3])
            if first > 12:
                told.add("dmy")
            elif second > 12:
                told.add("mdy")
            elif tells and first != second:
                self.examples[found[2]] = cell

    @property
    def signs(self) -> Iterable[str]:
        """The signs between the numbers."""
        return self._told.keys()

    @property
    def is_mixed(self) -> bool:
        """Whether some cells have the day first, and others the month, with the same sign."""
        return any(len(told) > 1 for told in self._told.values())

    def order(self, sign: str) -> str:
        """`dmy` or `mdy`, empty where nothing tells."""
        told = self._told[sign]
        return "" if len(told) > 1 else "".join(told)


def _by_content(sheet: Sheet, columns: Columns, told: Told) -> Columns:
    """Return which column may hold a status, and which the day of a loss, by what is in them."""
    found: Columns = {}
    by_hand = {header for field in told.columns for header in columns.get(field, ())}
    sample = [row.cells for row in islice(sheet.rows(), _SAMPLE)]
    cells_of = {
        header: [cells[place] for cells in sample if cells[place]]
        for place, header in enumerate(sheet.headers)
        if header not in by_hand
    }
    if "status" not in told.columns:
        words = "|".join(
            [r"lost", r"won", *(re.escape(word.casefold()) for word in told.lost_when)]
        )
        says = _fits(rf"(?:.*\b)?(?:{words})(?:\b.*)?")
        status = {
            header: sum(len(cell) <= _SHORT and says(cell) for cell in cells)
            for header, cells in cells_of.items()
            if header not in columns.get("status", ()) and len(set(cells)) <= _KINDS
        }
        best = max(status, key=lambda header: status[header], default="")
        if best and status[best]:
            found["status"] = (best,)
    if "lost_on" not in columns:
        days = {
            header: ordinals
            for header, cells in cells_of.items()
            if not _OTHER_DAYS.search(plain(header))
            and len(ordinals := _days(cells)) > _MOST * max(len(cells), 1)
        }
        if days:  # a deal ends after all else
            found["lost_on"] = (
                max(days, key=lambda header: sum(days[header]) / len(days[header])),
            )
    return found


def _days(cells: list[str]) -> list[int]:
    """Return the days that the cells of a column hold, as numbers."""
    days = []
    for cell in cells:
        for order in ("mdy", "dmy"):
            try:
                days.append(read_written(cell, order).toordinal())
            except BadInput:
                continue
            break
    return days

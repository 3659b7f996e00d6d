"""How a file tells of lost deals: which program wrote it, which rows are lost, how its dates and
amounts are written. Nothing is kept of any row here."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lostsale.crm.columns import (
    SHORT,
    Columns,
    Fits,
    by_content,
    columns_of,
    deal_rows,
    field_named,
    fits,
    known_headers,
    listed,
    plain,
)
from lostsale.crm.formats import FORMATS, LOST, UNKNOWN, Condition, Format
from lostsale.crm.sheet import Sheet
from lostsale.domain.money import decimal_sign
from lostsale.errors import BadInput

ALL = "all"  # among the values that mean lost: every row is
_PLAINLY = fits(r"(?:closed|deal|opportunity)?\W*lost(?:\W*closed)?")
_VALUES = 1_000  # different ones of a column that are counted
_NAMED = 5  # values of a status that are named


class ImportOptions(NamedTuple):
    """What the user says about a file: the headers of fields, the values that mean lost, the order
    of numeric dates, the decimal sign and the currency of amounts, the encoding."""

    columns: Mapping[str, str] = {}
    lost_when: tuple[str, ...] = ()
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""


class Unclear(BadInput):
    """What a file does not tell, and its user may: the column of the field `asked`, or with
    `lost_when` the value that means lost. `choices` are those that there are."""

    def __init__(self, what: str, hint: str, asked: str, choices: Iterable[str]) -> None:
        super().__init__(what, hint)
        self.asked = asked
        self.choices = tuple(choices)


class Layout(NamedTuple):
    """What a survey of a file found: so many `rows`, and of them so many `lost`. `columns` has the
    headers that hold each field, and `is_certain` says that none of them is a guess; `is_lost`
    tells from the cells of a row, and `doubtful` says where that may not be what the user meant. Of
    each column of dates `orders` says how the numbers follow one another (`dmy` or `mdy`, empty
    while nobody knows), for each sign between them, and `unsettled` has a date that does not tell;
    `decimal` is the sign that amounts show, empty for none or both; `identity` names the columns
    that a program which is not known is known by."""

    form: Format
    columns: Columns
    is_certain: bool
    is_lost: Callable[[list[str]], bool]
    doubtful: tuple[str, ...]
    rows: int
    lost: int
    orders: dict[str, dict[str, str]]
    unsettled: dict[str, str]
    decimal: str
    identity: str


def survey(sheet: Sheet, told: ImportOptions, usual_order: str = "") -> Layout:
    """Read a file to its end, and return where its lost deals are told.

    `usual_order` is how numeric dates are read where neither the file nor the user tells. Raises
    BadInput for all that is wrong with the file, and Unclear where the user may help.
    """
    mapped = {field_named(name): header for name, header in told.columns.items()}
    told = told._replace(columns=mapped)
    known = known_headers(sheet)
    form = next(form for form in FORMATS if any(signs <= known.keys() for signs in form.signatures))
    columns, is_certain = columns_of(sheet, form, told.columns)
    conditions, exceptions = _conditions(form, told), form.not_lost
    if form.view is not None and "status" not in columns and not told.lost_when:
        conditions, exceptions, is_certain = ({},), form.view, False
    guessed = by_content(sheet, columns, told.columns, told.lost_when) if form == UNKNOWN else {}
    if "lost_on" not in columns and "lost_on" in guessed:
        columns["lost_on"], is_certain = guessed["lost_on"], False
    # The first of these columns in which a row is lost tells; the last is a guess.
    telling = (*columns.get("status", ()), *guessed.get("status", ()))
    _check_needed(sheet, columns, conditions, telling)
    candidates = [
        _Candidate(sheet, columns, header, conditions, exceptions) for header in telling or ("",)
    ]
    seen = _Seen(sheet, columns)
    for row in deal_rows(sheet):
        says = [candidate.see(row.cells) for candidate in candidates]
        seen.see(row.cells, may_be_lost=any(says))
    known_by = (columns.get("record"), columns["lost_on"], telling)  # by headers: contents change
    tells = _telling(sheet, candidates)
    if tells.header:
        is_certain = is_certain and tells.header in columns.get("status", ())
        columns["status"] = (tells.header,)
    orders, unsettled = seen.orders(told.dates, usual_order)
    return Layout(
        form=form,
        columns=columns,
        is_certain=is_certain,
        is_lost=tells.is_lost,
        doubtful=tells.doubtful(told.lost_when),
        rows=seen.rows,
        lost=tells.lost,
        orders=orders,
        unsettled=unsettled,
        decimal=seen.decimal,
        identity="+".join(plain(headers[0]) for headers in known_by if headers),
    )


def _conditions(form: Format, told: ImportOptions) -> tuple[Condition, ...]:
    """Return when a row is lost: as the program says it, or the user."""
    if ALL in map(str.casefold, told.lost_when):
        return ({},)
    words = ({"status": re.escape(word.strip().casefold())} for word in told.lost_when)
    return ((LOST,) if "status" in told.columns else form.lost) + tuple(words)


def _check_needed(
    sheet: Sheet, columns: Columns, conditions: tuple[Condition, ...], telling: tuple[str, ...]
) -> None:
    there = {*columns, *(["status"] if telling else [])}
    if "lost_on" not in columns:
        asked, what, name_it = "lost_on", "on which day a deal was lost", "Name it"
    elif not any(condition.keys() <= there for condition in conditions):
        asked, what = "status", "what became of a deal"
        name_it = f"Say --lost-when {ALL} if every row is lost. Else name it"
    else:
        return
    hint = f"{name_it} with --map {asked}=…; there are {listed(sheet.headers)}"
    raise Unclear(f"No column of {sheet.name} says {what}", hint, asked, sheet.headers)


class _Candidate:
    """A column that may tell whether a deal is lost, and what it says; without a header others tell
    alone."""

    def __init__(
        self,
        sheet: Sheet,
        columns: Columns,
        header: str,
        conditions: tuple[Condition, ...],
        exceptions: tuple[Condition, ...],
    ) -> None:
        self.header = header
        self.lost = 0
        self.values: Counter[tuple[str, bool]] = Counter()  # with whether they are taken as lost
        told = {**columns, "status": (header,)} if header else columns
        self.is_lost = _test_of(sheet, told, conditions, exceptions)
        others = (columns[field][0] for field in ("guess", "stage") if field in columns)
        self._place = sheet.headers.index(header or next(others, sheet.headers[0]))

    def see(self, cells: list[str]) -> bool:
        """Learn from a row; return whether it is lost."""
        is_lost = self.is_lost(cells)
        self.lost += is_lost
        value = (cells[self._place], is_lost)
        if value in self.values or len(self.values) < _VALUES:
            self.values[value] += 1
        return is_lost

    @property
    def is_plain(self) -> bool:
        """Whether something is plainly lost, and not only in a part of what it says."""
        return any(is_lost and _PLAINLY(value) for value, is_lost in self.values)

    def doubtful(self, named: tuple[str, ...]) -> tuple[str, ...]:
        """Return where what is lost may not be what the user meant: values that were named and that
        no row has, and others with lost in them that were not taken."""
        if not self.header:
            return ()
        there = {ALL, *(value.casefold() for value, _ in self.values)}
        unused = [word for word in named if word.casefold() not in there]
        near = [
            (value, count)
            for (value, is_lost), count in self.values.most_common()
            if not is_lost and "lost" in value.casefold()
        ]
        return (
            *(f'no row says "{word[:SHORT]}"' for word in unused),
            *(
                f'"{value[:SHORT]}" ({count:,}) was not taken as lost: --lost-when takes it'
                for value, count in near[:_NAMED]
            ),
        )


def _telling(sheet: Sheet, candidates: list[_Candidate]) -> _Candidate:
    """Return the column that tells: the first in which something is plainly lost, else in which
    lost is a part of what it says. Raises Unclear where nothing is."""
    said = [candidate for candidate in candidates if candidate.lost]
    if said:
        return next((candidate for candidate in said if candidate.is_plain), said[0])
    first = candidates[0]
    values = [value for (value, _), _ in first.values.most_common() if value]
    held = ", ".join(f'"{value[:SHORT]}{"…" * (len(value) > SHORT)}"' for value in values[:6])
    raise Unclear(
        f'No row of {sheet.name} is lost: "{first.header}" holds {held or "nothing"}',
        "Name the value that means lost with --lost-when, or the column with --map status=…",
        "lost_when",
        values[:20],
    )


def _test_of(
    sheet: Sheet,
    columns: Columns,
    conditions: tuple[Condition, ...],
    exceptions: tuple[Condition, ...],
) -> Callable[[list[str]], bool]:
    """Return whether the cells of a row are a lost deal: all of one condition holds, and of no
    exception."""

    def tests(conditions: tuple[Condition, ...]) -> list[list[tuple[int, Fits]]]:
        return [
            [(sheet.headers.index(columns[field][0]), fits(like)) for field, like in of.items()]
            for of in conditions
            if of.keys() <= columns.keys()
        ]

    lost, not_lost = tests(conditions), tests(exceptions)
    return lambda cells: _holds(lost, cells) and not _holds(not_lost, cells)


def _holds(any_of: list[list[tuple[int, Fits]]], cells: list[str]) -> bool:
    for all_of in any_of:
        for place, fit in all_of:
            if not fit(cells[place]):
                break
        else:
            return True
    return False


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
            orders[header] = evidence.orders(named, usual)
            for sign, order in orders[header].items():
                if not order:
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
            if 12 < first <= 31 and second <= 12:
                told.add("dmy")
            elif first <= 12 < second <= 31:
                told.add("mdy")
            elif tells and first != second and max(first, second) <= 12:
                self.examples[found[2]] = cell

    @property
    def is_mixed(self) -> bool:
        """Whether some cells have the day first, and others the month, with the same sign."""
        return any(len(told) > 1 for told in self._told.values())

    def orders(self, named: str, usual: str) -> dict[str, str]:
        """Return `dmy` or `mdy` for each sign, empty where a date depends on it and nothing tells;
        of a column that is mixed only what is `named` counts."""
        return {  # 03/03/2026 is the same both ways
            sign: named or "".join(told) or usual or ("" if sign in self.examples else "dmy")
            for sign, told in self._told.items()
        }

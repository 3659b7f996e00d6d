"""Finding out how a file says what was lost: which program wrote it, which column holds what, which
rows are lost, how dates and amounts are written."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from lostsale.crm.columns import (
    STATUS_LENGTH,
    Columns,
    Fits,
    by_content,
    columns_of,
    deal_rows,
    field_named,
    fits,
    known_headers,
    listed,
    plain_header,
)
from lostsale.crm.formats import FORMATS, LOST, UNKNOWN_PROGRAM, Condition, Format
from lostsale.crm.sheet import Sheet
from lostsale.domain.money import decimal_sign
from lostsale.errors import BadInput

DATE_ORDERS = ("dmy", "mdy")  # of the numbers in dates
ALL = "all"  # as a value that means lost: every row is lost
_PLAINLY = fits(r"(?:closed|deal|opportunity)?\W*lost(?:\W*closed)?")
_OWN_CSV = {"uid", "saidcode", "realcode", "loggedat"}  # headers of what lostsale exports
_VALUES = 1_000  # different values of a status column that are counted
_NAMED = 5  # values of a status column that a message names


Question = Literal["status", "lost_on", "lost_when"]


class ImportOptions(NamedTuple):
    """What the user says about a file: the header of each field, the values that mean lost, the
    order of numeric dates, the decimal sign and the currency of amounts, the encoding."""

    columns: Mapping[str, str] = {}
    lost_when: tuple[str, ...] = ()
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""


def read_columns(texts: Iterable[str]) -> dict[str, str]:
    """Return the columns of fields, each written as `field=column`. Raises BadInput."""
    columns = {}
    for text in texts:
        field, equals, column = text.partition("=")
        if not (field.strip() and equals and column.strip()):
            raise BadInput(f'"{text[:40]}" maps nothing', "Write --map lost_on=close_date")
        columns[field.strip().casefold()] = column.strip()
    return columns


class Unclear(BadInput):
    """Something that only the user can say: one of the `choices`, as the column of the field
    `asked` or, where that is `lost_when`, as the value that means lost."""

    def __init__(self, what: str, hint: str, asked: Question, choices: Iterable[str]) -> None:
        super().__init__(what, hint)
        self.asked = asked
        self.choices = tuple(choices)


class Layout(NamedTuple):
    """What a survey of a file found.

    `columns` has the headers that hold each field, and `is_certain` says that none is a guess.
    `is_lost` tells from a row's cells whether the deal is lost, and `doubtful` says where the user
    may have meant something else. `rows` and `lost` are counts. For each date column `orders` has
    the order of the numbers (`dmy`, `mdy`, or empty if unknown) by the sign between them, and
    `unsettled` an example where it is unknown. `decimal` is the sign in amounts, empty for none or
    both. `identity` names the columns that identify files of an unknown program.
    """

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


def survey(sheet: Sheet, options: ImportOptions, default_order: str = "") -> Layout:
    """Read a file to its end, and return how it says what was lost.

    `default_order` is how numeric dates are read where neither the file nor the user tells. Raises
    BadInput for what is wrong with the file, and Unclear where the user can help.
    """
    named = {field_named(name): header for name, header in options.columns.items()}
    options = options._replace(columns=named)
    known = known_headers(sheet)
    if known.keys() >= _OWN_CSV:
        raise BadInput(
            f"{sheet.name} is lostsale's own CSV, for spreadsheets",
            "Import the .json of the same losses: lostsale export writes it",
        )
    form = next(form for form in FORMATS if any(signs <= known.keys() for signs in form.signatures))
    columns, is_certain = columns_of(sheet, form, options.columns)
    conditions, exceptions = _conditions(form, options), form.not_lost
    if form.view is not None and "status" not in columns and not options.lost_when:
        conditions, exceptions, is_certain = ({},), form.view, False
    guessed = (
        by_content(sheet, columns, options.columns, options.lost_when)
        if form == UNKNOWN_PROGRAM
        else {}
    )
    if "lost_on" not in columns and "lost_on" in guessed:
        columns["lost_on"], is_certain = guessed["lost_on"], False
    # The first of these columns that says lost of any row counts; the last one is a guess.
    statuses = (*columns.get("status", ()), *guessed.get("status", ()))
    _check_needed(sheet, columns, conditions, statuses)
    candidates = [
        _Candidate(sheet, columns, header, conditions, exceptions) for header in statuses or ("",)
    ]
    evidence = _Evidence(sheet, columns)
    for row in deal_rows(sheet):
        are_lost = [candidate.see(row.cells) for candidate in candidates]
        evidence.see(row.cells, may_be_lost=any(are_lost))
    identity = (columns.get("record"), columns["lost_on"], statuses)
    status = _status_column(sheet, candidates)
    if status.header:
        is_certain = is_certain and status.header in columns.get("status", ())
        columns["status"] = (status.header,)
    orders, unsettled = evidence.orders(options.dates, default_order)
    return Layout(
        form=form,
        columns=columns,
        is_certain=is_certain,
        is_lost=status.is_lost,
        doubtful=status.doubtful(options.lost_when),
        rows=evidence.rows,
        lost=status.lost,
        orders=orders,
        unsettled=unsettled,
        decimal=evidence.decimal,
        identity="+".join(plain_header(headers[0]) for headers in identity if headers),
    )


def _conditions(form: Format, options: ImportOptions) -> tuple[Condition, ...]:
    """Return when a row is lost, as the program has it or the user says."""
    if ALL in map(str.casefold, options.lost_when):
        return ({},)
    words = ({"status": re.escape(word.strip().casefold())} for word in options.lost_when)
    return ((LOST,) if "status" in options.columns else form.lost) + tuple(words)


def _check_needed(
    sheet: Sheet, columns: Columns, conditions: tuple[Condition, ...], statuses: tuple[str, ...]
) -> None:
    """Raise Unclear where no column can say that a deal is lost, or when it was."""
    found = {*columns, *(["status"] if statuses else [])}
    if "lost_on" not in columns:
        asked: Question = "lost_on"
        what, name_it = "on which day a deal was lost", "Name it"
    elif not any(condition.keys() <= found for condition in conditions):
        asked, what = "status", "what became of a deal"
        name_it = f"Say --lost-when {ALL} if every row is lost. Else name it"
    else:
        return
    hint = f"{name_it} with --map {asked}=…; there are {listed(sheet.headers)}"
    raise Unclear(f"No column of {sheet.name} says {what}", hint, asked, sheet.headers)


class _Candidate:
    """A column that may be the status, with what it says. If the header is empty, other columns
    decide whether a deal is lost."""

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
        self.values: Counter[tuple[str, bool]] = Counter()  # with whether they mean lost
        columns = {**columns, "status": (header,)} if header else columns
        self.is_lost = _test_of(sheet, columns, conditions, exceptions)
        others = (columns[field][0] for field in ("guess", "stage") if field in columns)
        self._place = sheet.headers.index(header or next(others, sheet.headers[0]))

    def see(self, cells: list[str]) -> bool:
        """Count a row; return whether it is lost."""
        is_lost = self.is_lost(cells)
        self.lost += is_lost
        value = (cells[self._place], is_lost)
        if value in self.values or len(self.values) < _VALUES:
            self.values[value] += 1
        return is_lost

    def doubtful(self, named: tuple[str, ...]) -> tuple[str, ...]:
        """Return where the user may have meant something else: values that they named and no row
        has, and values with "lost" in them that don't count as lost."""
        if not self.header:
            return ()
        found = {ALL, *(value.casefold() for value, _ in self.values)}
        unused = [word for word in named if word.casefold() not in found]
        near = [
            (value, count)
            for (value, is_lost), count in self.values.most_common()
            if not is_lost and "lost" in value.casefold()
        ]
        return (
            *(f'no row says "{word[:STATUS_LENGTH]}"' for word in unused),
            *(
                f'"{value[:STATUS_LENGTH]}" ({count:,}) was not taken as lost: --lost-when takes it'
                for value, count in near[:_NAMED]
            ),
        )


def _status_column(sheet: Sheet, candidates: list[_Candidate]) -> _Candidate:
    """Return the column that is the status: the first that says plain "lost", else the first that
    has it in a longer value. Raises Unclear where none says it."""
    saying_lost = [candidate for candidate in candidates if candidate.lost]
    for candidate in saying_lost:
        if any(is_lost and _PLAINLY(value) for value, is_lost in candidate.values):
            return candidate
    if saying_lost:
        return saying_lost[0]
    first = candidates[0]
    values = [value for (value, _), _ in first.values.most_common() if value]
    held = ", ".join(
        f'"{value[:STATUS_LENGTH]}{"…" * (len(value) > STATUS_LENGTH)}"' for value in values[:6]
    )
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
    """Return a test of whether a row's cells are a lost deal: they meet all of one condition, and
    not all of any exception."""

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


class _Evidence:
    """What the cells of a file show about how it is written."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        self.rows = 0
        self._dates = {header: _DateOrder() for header in columns["lost_on"]}
        self._places = [(sheet.headers.index(header), of) for header, of in self._dates.items()]
        self._amounts = [sheet.headers.index(header) for header in columns.get("amount", ())]
        self._signs: set[str] = set()

    def see(self, cells: list[str], *, may_be_lost: bool) -> None:
        """Learn from a row."""
        self.rows += 1
        for place in self._amounts:
            self._signs.add(decimal_sign(cells[place]))
        for place, order in self._places:
            cell = cells[place]
            order.see(cell, is_needed=may_be_lost)
            may_be_lost = may_be_lost and not cell  # the first column with a day counts

    @property
    def decimal(self) -> str:
        """The decimal sign of amounts, empty where they show none, or both."""
        return "" if {".", ","} <= self._signs else "".join(self._signs)

    def orders(self, named: str, default: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """Return the order of the numbers in each column's dates, by the sign between them, and an
        example of each column that doesn't show it. Raises BadInput."""
        orders: dict[str, dict[str, str]] = {}
        unsettled = {}
        for header, evidence in self._dates.items():
            if any(len(shown) > 1 for shown in evidence.shown.values()) and not named:
                raise BadInput(
                    f'"{header}" has dates with the day first, and others with the month first',
                    "Say which are right: --dates dmy or --dates mdy",
                )
            orders[header] = evidence.orders(named, default)
            for sign, order in orders[header].items():
                if not order:
                    unsettled[header] = evidence.examples[sign]
        return orders, unsettled


class _DateOrder:
    """What a column shows about the order of the numbers in its dates, by the sign between them."""

    _NUMERIC = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})\b")

    def __init__(self) -> None:
        self.shown: dict[str, set[str]] = {}
        self.examples: dict[str, str] = {}

    def see(self, cell: str, *, is_needed: bool) -> None:
        """Learn from a cell; `is_needed` says that a lost deal's day may depend on it."""
        found = self._NUMERIC.match(cell)
        if found:
            shown = self.shown.setdefault(found[2], set())
            first, second = int(found[1]), int(found[3])
            if 12 < first <= 31 and second <= 12:
                shown.add("dmy")
            elif first <= 12 < second <= 31:
                shown.add("mdy")
            elif is_needed and first != second and max(first, second) <= 12:
                self.examples[found[2]] = cell

    def orders(self, named: str, default: str) -> dict[str, str]:
        """Return `dmy` or `mdy` for each sign, empty where a date depends on it and nothing shows
        it. What is `named` counts first."""
        return {  # 03/03/2026 is the same both ways
            sign: named or "".join(shown) or default or ("" if sign in self.examples else "dmy")
            for sign, shown in self.shown.items()
        }

"""Finding out how a file says what was lost: which program wrote it, which column holds what, which
rows are lost, how dates and amounts are written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Literal, NamedTuple

from lostsale.crm.cells import begins_with_person
from lostsale.crm.columns import (
    ENDS,
    Chooser,
    ChosenColumns,
    Columns,
    DayKind,
    by_hand,
    field_named,
    listed,
)
from lostsale.crm.evidence import Evidence, date_orders
from lostsale.crm.formats import (
    DEAL_FIELDS,
    FORMATS,
    STATE,
    TITLE,
    UNKNOWN_PROGRAM,
    Format,
    crown,
    header_currency,
    header_times,
    known_headers,
    letters,
    said,
    said_currency,
)
from lostsale.crm.sheet import CsvRow, DealTable
from lostsale.crm.states import (
    ALL,
    MAY_BE_LOST,
    SAYS_YES,
    STATUS_LENGTH,
    StatusTest,
    View,
    doubtful,
    likely_states,
    reason_behind,
)
from lostsale.crm.written import currency_of, some_day
from lostsale.domain.money import CURRENCY_WORDS
from lostsale.errors import BadInput, either

DATE_ORDERS = ("dmy", "mdy")  # of the numbers in dates
_OWN_CSV = {"uid", "saidcode", "realcode", "loggedat"}  # headers of what lostsale exports
_HEAD = 1_000  # rows that show which columns to look at
_CROWNS = re.compile(r"(?<![^\W\d_])kr(?:onor|oner)?(?![^\W\d_])")
# Fields whose columns are chosen by what is in them, or only tell which rows are lost.
_NO_TEXT = frozenset("status lost_on amount currency record is_lost is_won is_closed".split())
_NO_TEXT |= {"active", "probability", TITLE}

Question = Literal["status", "lost_on", "lost_when"]


class ImportOptions(NamedTuple):
    """What the user says about a file: the header of each field, the values that mean lost, the
    order of numeric dates, the decimal sign and the currency of amounts, the encoding, the sheet,
    and the day of losses that have none."""

    columns: Mapping[str, str] = {}
    lost_when: tuple[str, ...] = ()
    dates: str = ""
    decimal: str = ""
    currency: str = ""
    encoding: str = ""
    sheet: str = ""
    undated: str = ""


class Unclear(BadInput):
    """Something that only the user can say: one of the `choices`, as the column of the field
    `asked` or, where that is `lost_when`, as the value that means lost. `likely` is the best
    answer, if there is one, and `options` are what to add to the command for it."""

    def __init__(
        self,
        what: str,
        hint: str,
        asked: Question,
        choices: Iterable[str],
        options: tuple[str, ...],
        likely: str = "",
    ) -> None:
        super().__init__(what, hint)
        self.asked = asked
        self.choices = tuple(choices)
        self.options = options
        self.likely = likely


class Layout(NamedTuple):
    """What a survey of a file found.

    `columns` has the headers that hold each field, `close` those that came next, and `is_certain`
    says that none is a guess. `is_lost` tells from a row's cells whether the deal is lost, and
    `doubtful` says where the user may have meant something else. `rows` and `lost` are counts, and
    `sample` has the first lost rows. `day_kind` is what the day of loss is by its header. For each
    date column `orders` has the order of the numbers (`dmy`, `mdy`, or empty if unknown) by the
    sign between them, and `unsettled` an example where it is unknown. `decimal` is the sign in
    amounts, empty for none or both, and `currency` what the header of the amounts names, and by how
    many `times` they are to be taken. `identity` names the columns that identify files of an
    unknown program, `unused` are the headers of what isn't taken, and rows may add up
    others where it `has_totals`.
    """

    form: Format
    columns: Columns
    close: Columns
    is_certain: bool
    is_lost: Callable[[Sequence[str]], bool]
    doubtful: tuple[str, ...]
    rows: int
    lost: int
    sample: Sequence[CsvRow]
    day_kind: DayKind
    orders: dict[str, dict[str, str]]
    unsettled: dict[str, str]
    decimal: str
    currency: str
    times: int
    identity: str
    unused: tuple[str, ...]
    has_totals: bool


def survey(
    sheet: DealTable, options: ImportOptions, today: date, default_order: str = ""
) -> Layout:
    """Read a file to its end, once, and return how it says what was lost.

    `default_order` is how numeric dates are read where neither the file nor the user tells. Raises
    BadInput for what is wrong with the file, and Unclear where the user can help.
    """
    named = {field_named(name): header for name, header in options.columns.items()}
    known = known_headers(sheet.headers)
    if known.keys() >= _OWN_CSV:
        raise BadInput(
            f"{sheet.name} is lostsale's own CSV, for spreadsheets",
            "Import the .json of the same losses: lostsale export writes it",
        )
    mapped = by_hand(sheet.name, sheet.headers, named)
    if options.currency:  # it always wins
        mapped["currency"] = ()
    rows = sheet.rows()
    head = list(islice(rows, _HEAD))
    views = [
        View(sheet.headers, form, mapped, options.lost_when, head)
        for form in FORMATS
        if any(signs <= known.keys() for signs in form.signatures)
    ]
    evidence = Evidence(sheet.headers, views, head)
    evidence.see(chain(head, rows))
    findings = (_Finding(sheet, view, mapped, options, evidence, today) for view in views)
    finding = next(of for of in findings if of.is_proven)
    if refused := finding.refusals():
        layout = survey(sheet, options._replace(lost_when=refused), today, default_order)
        said = (f'"{value}" counts as lost, as no row says so' for value in refused)
        is_certain = layout.is_certain and layout.day_kind in {*ENDS, "stage"}
        return layout._replace(doubtful=(*said, *layout.doubtful), is_certain=is_certain)
    return finding.layout(default_order)


class _Finding:
    """What a file says if one program wrote it. `is_proven` says that the program's own columns
    tell what was lost, and when; a file of any other program has nothing to prove."""

    def __init__(
        self,
        sheet: DealTable,
        view: View,
        mapped: Columns,
        options: ImportOptions,
        evidence: Evidence,
        today: date,
    ) -> None:
        self._sheet, self._view, self._mapped = sheet, view, mapped
        self._options, self._evidence, self._today = options, evidence, today
        self._status = view.status(evidence.states, evidence.lost)
        is_lost = self._status[0].is_lost if self._status else lambda _: True
        seen = [*evidence.lost, *evidence.others]
        self._rows = [row for row in seen if is_lost(row.cells)]
        self._lost = [row.cells for row in self._rows]
        header = self._status[0].header if self._status else ""
        taken = {of for headers in mapped.values() for of in headers} | {header} - {""}
        others = [row.cells for row in seen if not is_lost(row.cells)]
        self._choose = Chooser(sheet.headers, view.names, taken, others)
        self._day: tuple[ChosenColumns, DayKind] | None = (
            (ChosenColumns(mapped["lost_on"]), "closed")
            if "lost_on" in mapped
            else self._choose.days(self._lost, self._open(is_lost), today)
        )

    def _open(self, is_lost: Callable[[Sequence[str]], bool]) -> list[Sequence[str]]:
        """Return rows of deals that are neither lost nor won."""
        place = self._status[0].place if self._status else 0
        seen = (row.cells for row in (*self._evidence.others, *self._evidence.lost))
        rows = [cells for cells in seen if not is_lost(cells)]
        return [cells for cells in rows if not SAYS_YES.search(said(cells[place]))]

    @property
    def is_proven(self) -> bool:
        """Whether the file is this program's."""
        if self._view.form == UNKNOWN_PROGRAM:
            return True
        place = self._sheet.headers.index
        own = {header.place for header in self._view.names["lost_on"]}
        days = [place(header) for header in (self._day[0].headers if self._day else ())]
        is_own = "lost_on" in self._mapped or (days and days[0] in own)
        has_days = any(some_day(cells[of]) for cells in self._lost for of in days)
        return self._status is not None and bool(is_own and has_days)

    def refusals(self) -> tuple[str, ...]:
        """Return the values that are a customer's no, where no row says lost and others are a
        yes."""
        named = self._view.names.get("status", ())
        tests = [] if self._status else [of for of in self._view.tests if of.status in named]
        return next(filter(None, (of.refusals(self._evidence.states) for of in tests)), ())

    def layout(self, default_order: str) -> Layout:
        """Return how the file says what was lost. Raises BadInput, and Unclear."""
        if self._view.tests and not self._day and not self._options.undated:
            raise self._no_day()
        if not self._status:
            raise self._no_status()
        view, headers, options = self._view, self._sheet.headers, self._options
        test, values = self._status
        lost = sum(count for (_, is_lost), count in values.items() if is_lost)
        chosen: dict[str, ChosenColumns] = {}
        if test.status:
            states = sum(STATE.search(said(value)) is not None for value, _ in values)
            is_certain = test.status.is_sure or states > 1 or lost > 1
            chosen["status"] = ChosenColumns((test.header,), is_certain=is_certain)
        if self._day:
            chosen["lost_on"] = self._day[0]
        doubts = self._choose_others(chosen)
        self._choose_titles(chosen)
        columns = {field: choice.headers for field, choice in chosen.items()} | self._mapped
        columns = {field: columns[field] for field in DEAL_FIELDS if columns.get(field)}
        days, amounts = columns.get("lost_on", ()), columns.get("amount", ())
        times = header_times(amounts[0]) if amounts else 1
        if times > 1:
            doubts.append(f'"{amounts[0]}": each amount was multiplied by {times:,}')
        orders, unsettled = date_orders(
            days, headers, self._evidence, self._lost, options.dates, default_order
        )
        signs = self._evidence.signs_in(headers.index(amounts[0])) if amounts else set()
        first_status = view.first_status or test.header
        identity = (*columns.get("record", ())[:1], *days[:1], first_status)
        return Layout(
            form=view.form,
            columns=columns,
            close={field: choice.close for field, choice in chosen.items() if choice.close},
            is_certain=not view.is_lost_view and all(of.is_certain for of in chosen.values()),
            is_lost=test.is_lost,
            doubtful=(*doubts, *(doubtful(values, options.lost_when) if test.status else ())),
            rows=self._evidence.rows,
            lost=lost,
            sample=self._rows,
            day_kind=self._day[1] if self._day else "closed",
            orders=orders,
            unsettled=unsettled,
            decimal="" if {".", ","} <= signs else "".join(signs),
            currency=self._currency(amounts[0], columns.get("currency", ())) if amounts else "",
            times=times,
            unused=tuple(
                header
                for place, header in enumerate(headers)
                if place not in test.places | test.filled
                and not any(header in of for of in columns.values())
            ),
            has_totals=self._evidence.has_totals,
            identity="+".join(letters(header) for header in identity if header),
        )

    def _currency(self, amount: str, beside: Sequence[str]) -> str:
        """Return the currency of the amounts that name none, as their header says it, and by the
        language of the headers where kr could be several; empty where nothing says it."""
        headers, named = self._sheet.headers, header_currency(amount)[1]
        shown = set() if named or beside else self._sheet.currencies(headers.index(amount))
        if len(shown) > 1:
            codes = sorted(currency_of(sign, "USD") or sign for sign in shown)
            raise BadInput(
                f'The numbers in "{amount}" are shown as {either(codes)}',
                "Add a column that says which. If all are the same",
                options=("--currency", codes[0]),
            )
        named = named or "".join(shown) or ("" if beside else said_currency(self._sheet.heading))
        places = [headers.index(header) for header in (amount, *beside)]
        cells = (cells[place] for cells in self._lost for place in places)
        if any(_CROWNS.search(text.casefold()) for text in ((named,) if named else cells)):
            named = crown(headers) or named
        return "" if beside and "-" in CURRENCY_WORDS.get(named.casefold(), ()) else named

    def _choose_others(self, chosen: dict[str, ChosenColumns]) -> list[str]:
        """Choose the columns of the other fields; return what is doubtful about them."""
        choose, lost, doubts = self._choose, self._lost, []
        amount = self._mapped.get("amount")
        if amount is None and (choice := choose.amount(lost)):
            amount = choice.headers
            is_money = self._sheet.currencies(self._sheet.headers.index(amount[0]))
            is_certain = choice.is_certain or (bool(is_money) and not choice.close)
            chosen["amount"] = choice._replace(is_certain=is_certain)
        if "currency" not in self._mapped:
            currency, without = choose.currency(lost, amount[0] if amount else "")
            if currency:
                chosen["currency"] = currency
            elif without:
                doubts.append(f'"{without}" has no currencies in it, so it was left out')
        if "record" not in self._mapped and (
            record := choose.record(lost, self._evidence.rows, self._sheet.rows)
        ):
            chosen["record"] = record
        for field in self._view.form.columns:
            if field not in _NO_TEXT | self._mapped.keys() and (text := choose.text(field, lost)):
                chosen[field] = text
        if "guess" not in self._mapped and self._status:
            self._choose_reason(chosen, self._status[0])
        return doubts

    def _choose_titles(self, chosen: dict[str, ChosenColumns]) -> None:
        """Choose what a deal is called as its product, where it has a customer beside it, or begins
        with the name of a person."""
        names = chosen.get("prospect", ChosenColumns(())).headers
        titles = {header.place for header in self._view.names[TITLE]}
        called = tuple(of for of in names if self._sheet.headers.index(of) in titles)
        if not called or "product" in chosen.keys() | self._mapped:
            return
        if called[0] == names[0]:
            person = chosen.get("contact", ChosenColumns(())).headers
            places = [self._sheet.headers.index(of) for of in (*called[:1], *person[:1])]
            if not (person and begins_with_person(self._lost, *places)):
                return
            chosen["prospect"] = chosen.pop("contact")._replace(headers=(*person, *names))
        chosen["product"] = ChosenColumns(called)

    def _choose_reason(self, chosen: dict[str, ChosenColumns], state: StatusTest) -> None:
        """Choose what else tells the reason: the end of a status, `Lost - price`, and comments."""
        guess, note = chosen.get("guess"), chosen.get("note")
        if state.status and any(reason_behind(cells[state.place]) for cells in self._lost):
            headers = (*(guess.headers if guess else ()), state.header)
            chosen["guess"] = (guess or ChosenColumns(()))._replace(headers=headers)
        elif not guess and note and self._choose.is_comment(note.headers[0], self._lost):
            chosen["guess"] = chosen.pop("note")

    def _no_status(self) -> Unclear:
        """Return the question which column, or which value, means lost."""
        name, headers = self._sheet.name, self._sheet.headers
        header, values = likely_states(headers, self._evidence.others)
        if tests := self._view.tests:
            header, counts = tests[0].header, tests[0].values(self._evidence.states)
            values = [value for (value, _), _ in counts.most_common() if value]
        elif not header:
            more = () if self._day or self._options.undated else ("--undated", f"{self._today}")
            return Unclear(
                f"No column of {name} says what became of a deal",
                f"The columns are {listed(headers)}. Pick one with --map status=…, or say"
                " that every row is lost",
                "status",
                headers,
                ("--lost-when", ALL, *more),
                ALL if self._view.names.get("guess") else "",
            )
        held = ", ".join(
            f'"{value[:STATUS_LENGTH]}{"…" * (len(value) > STATUS_LENGTH)}"' for value in values[:6]
        )
        likely = next((value for value in values if MAY_BE_LOST.search(said(value))), "")
        # What may be lost is none that says won or open.
        perhaps = likely or next((of for of in values if not STATE.search(said(of))), "")
        return Unclear(
            f'No row of {name} is a lost deal: "{header}" has {held or "no values"}',
            "Give the value that means lost with --lost-when, or the column with --map status=…"
            + f'. If it\'s "{perhaps[:STATUS_LENGTH]}"' * bool(perhaps),
            "lost_when",
            values[:20],
            ("--lost-when", perhaps) if perhaps else (),
            likely,
        )

    def _no_day(self) -> Unclear:
        """Return the question which column has the day of the loss."""
        return Unclear(
            f"No column of {self._sheet.name} says when a deal was lost",
            f"The columns are {listed(self._sheet.headers)}. Pick one with --map lost_on=…, or give"
            " all lost deals one day",
            "lost_on",
            self._sheet.headers,
            ("--undated", f"{self._today}"),
        )

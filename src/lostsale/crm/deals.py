"""Turns the lost deals in other programs' files into losses. `detect` finds the layout."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from lostsale.crm.cells import cleaned, is_firm
from lostsale.crm.detect import ImportOptions, Layout, survey
from lostsale.crm.formats import CACHED, SAYS_NOTHING, UNKNOWN_PROGRAM, is_total
from lostsale.crm.sheet import CsvRow, DealTable, ShortRow, WorkbookSheet, tables
from lostsale.crm.states import reason_behind
from lostsale.crm.written import (
    Unread,
    currency_of,
    is_currency,
    is_id,
    is_no_day,
    last_of_month,
    read_amount,
    read_cents,
    read_person,
    read_rival,
    read_times,
    read_written,
    says_something,
    serial_day,
    some_amount,
    some_day,
    whole_id,
)
from lostsale.domain.loss import Again, Loss, Source, uid_of
from lostsale.domain.money import CURRENCY_WORDS, Money, currency_meant
from lostsale.domain.reasons import Vocabulary, coded
from lostsale.domain.results import Emptied
from lostsale.errors import BadInput, Declined, quote

UNNAMED = "unnamed"
_FIRST_YEAR = 1990  # an earlier day is a typo
_YEARS_AHEAD = 5
_ELSEWHERE = re.compile(r"\b(?:GST|VAT|ABN|[Pp]ost ?code)\b")  # headers outside the US
_LONG_TEXTS = frozenset({"guess", "note"})
_OWN = ("record", "prospect", "contact", "guess")  # fields that no sum has


class Deal(NamedTuple):
    """A lost deal: the line of the file on which it begins, and its loss, or `why` it can't be
    taken. `emptied` has the cells that can't be read, and were left out; of some only the month in
    which it was lost is known, or the decimal sign of its amount isn't."""

    line: int
    loss: Loss | None = None
    why: str = ""
    is_undated: bool = False
    is_ambiguous: bool = False
    is_month: bool = False
    emptied: tuple[Emptied, ...] = ()


class Defaults(NamedTuple):
    """How to read what a file leaves open: the currency of amounts without one; their decimal
    sign, or empty to refuse ambiguous ones; the order of numeric dates, `dmy` or `mdy`, or empty
    if unknown; the day of losses that are `undated`, or None to refuse them; and today."""

    currency: str
    decimal: str = ""
    date_order: str = ""
    undated: date | None = None
    today: date = date.max


class DealFile:
    """A file of another program at a `path`, open until `close()`. What the user says about it are
    `options`, which may change before `survey()` finds its `layout`."""

    layout: Layout

    def __init__(
        self,
        path: str,
        options: ImportOptions,
        defaults: Defaults,
        watch: Callable[[int], None],
        opening: Callable[[str], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self.path = path
        self.options = options
        self.defaults = defaults
        self._tables, self.close = tables(
            Path(path), options.encoding, options.sheet, watch, opening
        )
        self._table: DealTable = self._tables[0]

    def survey(self) -> None:
        """Find the layout, of the sheet with most lost rows where there are several. Raises
        BadInput, and Unclear where the user may help."""
        found: list[tuple[Layout, DealTable]] = []
        unclear: BadInput | None = None
        for table in self._tables:
            try:
                layout = survey(table, self.options, self.defaults.today, self.defaults.date_order)
            except BadInput as error:
                unclear = unclear or error
            else:
                found.append((layout, table))
        if not found and unclear:
            raise unclear
        self.layout, self._table = max(found, key=lambda one: one[0].lost)
        others = tuple(
            f'the sheet "{table.dialect}" has {layout.lost:,} lost, too: --sheet'
            f" {quote(table.dialect)} takes them"
            for layout, table in found
            if table != self._table and layout.lost
        )
        doubts = (*filter(None, (self._table.notice,)), *self.layout.doubtful, *others)
        self.layout = self.layout._replace(doubtful=doubts)

    def read(self, vocabulary: Vocabulary) -> Iterator[Deal]:
        """Yield the lost deals of the surveyed file. Raises BadInput where it is malformed."""
        reader, is_lost = self._reader(vocabulary), self.layout.is_lost
        return (reader.deal(row) for row in self._table.rows() if is_lost(row.cells))

    def first(self, vocabulary: Vocabulary) -> Iterator[Deal]:
        """Yield the first lost deals, as many as the survey kept: of most files all."""
        return map(self._reader(vocabulary).deal, self.layout.sample)

    def _reader(self, vocabulary: Vocabulary) -> "_Reader":
        return _Reader(self._table, self.layout, self.defaults, self.currency, vocabulary)

    def check_dates(self) -> None:
        """Raise BadInput where nothing says whether the day or the month comes first."""
        for header, example in self.layout.unsettled.items():
            what = f'"{header}" has dates like {example[:20]}, either day first or month first'
            # Those who count in US dollars write the month first, and hardly anybody else.
            code = (*self.cells("currency"), self.currency)[0]
            is_usual = code == "USD" and not _ELSEWHERE.search(" ".join(self._table.headers))
            first, order = ("month", "mdy") if is_usual else ("day", "dmy")
            hint = f"Say which: --dates dmy or --dates mdy. With the {first} first"
            raise BadInput(what, hint, options=("--dates", order))

    def settle_dates(self, header: str, order: str) -> None:
        """Read a column's dates in an order, `dmy` or `mdy`, where they don't show it."""
        orders = {sign: shown or order for sign, shown in self.layout.orders[header].items()}
        self.layout = self.layout._replace(orders={**self.layout.orders, header: orders})
        self.options = self.options._replace(dates=order)

    def check_certain(self) -> None:
        """Raise Declined where a column is only a guess, for which somebody has to agree."""
        if not self.layout.is_certain:
            columns = self.layout.columns.items()
            guessed = ", ".join(f"{field}={headers[0]}" for field, headers in columns)
            what, hint = f"Some of the columns are a guess: {guessed}", "Fix it with --map, or add"
            raise Declined(what, f"{hint} --yes if it's right", options=("--yes",))

    @property
    def format(self) -> str:
        """The program that wrote the file, and how."""
        name, dialect = self.layout.form.name, self._table.dialect
        if isinstance(self._table, WorkbookSheet):
            name = "workbook" if self.layout.form == UNKNOWN_PROGRAM else name
            dialect = f'sheet "{dialect}"'
        return ", ".join(filter(None, (name, dialect)))

    @property
    def currency(self) -> str:
        """The currency of amounts that name none."""
        named = "" if self.options.currency else self.layout.currency
        if not named:
            return self.defaults.currency
        try:
            return currency_meant(named, self.defaults.currency)
        except BadInput as error:  # kr, pesos
            meant = CURRENCY_WORDS[named.lower()][1]
            error.hint, error.options = "Say which", ("--currency", meant)
            raise

    def cells(self, field: str) -> Iterator[str]:
        """Yield the first cells of a field that aren't empty."""
        places = map(self._table.headers.index, self.layout.columns.get(field, ()))
        cells = (row.cells[place] for place in places for row in self.layout.sample)
        return filter(says_something, cells)

    def arguments(self) -> str:
        """Return what to type after `lostsale import` to read the file this way without being
        asked; empty if nobody had to say anything."""
        options, columns = self.options, dict(self.options.columns)
        if not self.layout.is_certain:
            columns = {field: names[0] for field, names in self.layout.columns.items()} | columns
        words = [word for pair in columns.items() for word in ("--map", "=".join(pair))]
        words += [word for value in options.lost_when for word in ("--lost-when", value)]
        for name in ("dates", "decimal", "currency", "encoding", "sheet", "undated"):
            if value := getattr(options, name):
                words += [f"--{name}", value]
        return " ".join(map(quote, (self.path, *words))) if words else ""


class _Reader:
    """Makes losses of the rows of a file."""

    def __init__(
        self,
        table: DealTable,
        layout: Layout,
        defaults: Defaults,
        currency: str,
        vocabulary: Vocabulary,
    ) -> None:
        self._headers = table.headers
        columns = {
            field: [table.headers.index(header) for header in headers]
            for field, headers in layout.columns.items()
        }
        self._days = columns.pop("lost_on", [])
        self._amount = next(iter(columns.get("amount", ())), 0)
        self._state = next(iter(columns.get("status", ())), -1)
        for field in ("status", "is_lost", "is_won", "is_closed"):
            columns.pop(field, None)
        # The first column of a field that isn't empty counts: it comes last, and overwrites.
        self._places = [
            (field, place) for field, places in columns.items() for place in reversed(places)
        ]
        self._currency = currency
        self._undated = defaults.undated
        self._last_year = min(defaults.today.year + _YEARS_AHEAD, date.max.year)
        # Files of unknown programs are identified by their id, date and stage columns.
        self._system = layout.identity if layout.form == UNKNOWN_PROGRAM else layout.form.name
        self._same: Counter[str] = Counter()
        self._orders = {
            table.headers.index(header): orders.items() for header, orders in layout.orders.items()
        }
        self._day = lru_cache(CACHED)(self._read_day)
        decimal = layout.decimal or defaults.decimal
        self._code = lru_cache(CACHED)(partial(currency_of, default=currency))
        times = layout.times
        read = read_amount if times == 1 else partial(read_times, times=times)
        self._money: Callable[[str, str], Money | Unread] = partial(read, decimal=decimal)
        self._reason = lru_cache(CACHED)(partial(coded, vocabulary=vocabulary))
        self._totals = self._totals_of(table.rows()) if layout.has_totals else frozenset()

    def deal(self, row: CsvRow) -> Deal:
        """Return the deal of a lost row."""
        line, cells = row
        why, is_undated = "no day of the loss", True
        if line in self._totals:
            return Deal(line, why=f'"{next(filter(None, cells))}" looks like a sum of other rows')
        if type(row) is ShortRow and (place := self._misplaced(cells)) is not None:
            found = f'"{cells[place][:40]}" is under {self._headers[place][:40]}'
            return Deal(line, why=f"cells are missing, and {found}")
        for place in self._days:
            cell = cells[place]
            if not cell:
                continue
            day, is_month, unread = self._day(cell, place)
            if day and _FIRST_YEAR <= day.year <= self._last_year:
                return self._taken(row, day, is_undated=False, is_month=is_month)
            if day:
                ahead = "too far ahead" if day.year > self._last_year else f"before {_FIRST_YEAR}"
                unread = f'"{cell[:40]}" is {ahead}'
            if unread:
                why, is_undated = unread, is_undated and day is not None
        if self._undated and is_undated:
            return self._taken(row, self._undated, is_undated=True, is_month=False)
        return Deal(line, why=why, is_undated=is_undated)

    def _totals_of(self, rows: Iterable[CsvRow]) -> frozenset[int]:
        """Return the lines of rows that add up others: each begins with a word for that, and no
        other name is in it. Where a customer may be called so, it holds amounts only, or the sum of
        those before it."""
        lines, amounts, told = [], 0, 0
        for line, cells in rows:
            money = self._money(cells[self._amount], self._currency)
            amount = money.minor if isinstance(money, Money) else 0
            is_sum = amount in {amounts, amounts - told} - {0}
            if is_total(cells) and self._is_nobody(cells, is_sum=is_sum):
                lines.append(line)
                told = amounts
            else:
                amounts += amount
        return frozenset(lines)

    def _is_nobody(self, cells: Sequence[str], *, is_sum: bool) -> bool:
        first, *others = filter(None, cells)
        said = {field: cells[place] for field, place in self._places if cells[place]}
        if any(said.get(field, first) != first for field in _OWN):
            return False
        is_customer = said.get("prospect") == first and not is_sum
        return not is_customer or all(some_amount(cell) is not None for cell in others)

    def _read_day(self, text: str, place: int) -> tuple[date | None, bool, str]:
        """Return the day of a cell, whether it is only the last one of a month, and why there is
        none."""
        if not says_something(text) or is_no_day(text):
            return None, False, ""
        if serial := serial_day(text):
            return serial, False, ""
        order = next((order for sign, order in self._orders[place] if sign in text), "")
        try:
            return read_written(text, order), False, ""
        except BadInput as error:
            last = last_of_month(text)
            return last, last is not None, error.what

    def _misplaced(self, cells: list[str]) -> int | None:
        """Return the place of a cell that belongs under another header, in a row that lacks some;
        None if all is where it should be."""
        for field, place in (*self._places, *(("lost_on", place) for place in self._days)):
            cell = cells[place]
            is_right = {
                "lost_on": (some_day(cell) or serial_day(cell)) is not None,
                "currency": is_currency(cell),
                "amount": some_amount(cell) is not None,
            }.get(field, some_day(cell) is None)
            if says_something(cell) and not is_right:
                return place
        return None

    def _taken(self, row: CsvRow, day: date, *, is_undated: bool, is_month: bool) -> Deal:
        line, cells = row
        fields, state = dict[str, str](), self._state
        for field, place in self._places:
            cell = reason_behind(cells[place]) if place == state else cells[place]
            if cell.casefold() not in SAYS_NOTHING:  # nor is it empty
                fields[field] = cell
        whole = "".join(fields.values())
        if "&" in whole or "(http" in whole:
            for field, cell in fields.items():
                fields[field] = cleaned(cell, is_name=field not in _LONG_TEXTS)
        get = fields.get
        record, guess, rival = get("record"), get("guess"), get("lost_to")
        record = whole_id(record) if record and is_id(record) else None
        reason, reading = self._reason(guess) if guess else (None, None)
        ended = reading if reading and reading.answer == "open" else None  # tells only the outcome
        source = Source(self._system, record or self._identity(cells))
        contact, email, phone = read_person(get("contact"), get("email"), get("phone"))
        lost_to, thought = read_rival(rival, *self._reason(rival)) if rival else (None, None)
        money, emptied, is_ambiguous = self._money_of(
            line, get("amount"), get("cents"), get("currency")
        )
        prospect, product = get("prospect"), get("product")
        if prospect and prospect == product:  # only what the deal is called
            is_person = contact and not is_firm(prospect)
            prospect, product = (contact, prospect) if is_person else (prospect, None)
        loss = Loss(
            number=None,
            uid=uid_of(source),
            prospect=prospect or contact or record or UNNAMED,
            lost_on=day,
            contact=contact,
            email=email,
            phone=phone,
            product=product,
            money=money,
            stage=get("stage"),
            given_outcome=ended.outcome if ended and not ended.lost_to else None,
            lost_to=lost_to or (ended and ended.lost_to),
            guess=reason or thought,
            note=get("note"),
            again=self._comes_up(again) if (again := get("again")) else None,
            source=source,
        )
        return Deal(line, loss, "", is_undated, is_ambiguous, is_month, emptied)

    def _comes_up(self, text: str) -> Again | None:
        """Return when it comes up again, read like the day of the loss; None if there's no date."""
        orders = [order for column in self._orders.values() for _, order in column]
        for order in (*orders, ""):
            with suppress(BadInput):
                return Again(read_written(text, order))
        return None

    def _money_of(
        self, line: int, amount: str | None, cents: str | None, currency: str | None
    ) -> tuple[Money | None, tuple[Emptied, ...], bool]:
        """Return an amount, what of it can't be read, and whether its decimal sign isn't known."""
        emptied: tuple[Emptied, ...] = ()
        if not (amount or cents):
            return None, (), False
        code = self._code(currency) if currency else ""
        if currency and not code:
            emptied = (Emptied(line, "currency", currency, "not a currency"),)
        money_of = code or self._currency
        money = self._money(amount, money_of) if amount else None
        if cents and not isinstance(money, Money):  # $500 monthly
            money = read_cents(cents, money_of)
        if isinstance(money, Unread):
            emptied += (Emptied(line, "amount", amount or cents or "", money.why),)
            return None, emptied, money.is_ambiguous
        return money, emptied, False

    def _identity(self, cells: list[str]) -> str:
        """Return what identifies a row without an id: its cells, and its number among equal
        rows."""
        content = hashlib.sha256("\0".join(cells).encode()).hexdigest()[:16]
        self._same[content] += 1
        return f"row {content}.{self._same[content]}"

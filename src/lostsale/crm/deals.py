"""Lost deals in the files that other programs export, each as a loss. `detect` finds where a file
has what."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from lostsale.crm.columns import CACHED, deal_rows
from lostsale.crm.detect import ImportOptions, Layout, survey
from lostsale.crm.formats import UNKNOWN_PROGRAM
from lostsale.crm.sheet import CsvRow, Sheet
from lostsale.crm.written import read_written
from lostsale.domain.amounts_in_text import read_money
from lostsale.domain.loss import Again, Loss, Source, uid_of
from lostsale.domain.money import (
    LIMIT,
    AmbiguousAmount,
    Money,
    currency_named,
    decimal_sign,
    decimals,
)
from lostsale.domain.reasons import Reason, Vocabulary, coded
from lostsale.errors import BadInput, Declined

if TYPE_CHECKING:
    from lostsale.domain.phrases import Reading

UNNAMED = "unnamed"


class Deal(NamedTuple):
    """A lost deal: the line of the file on which it begins, and its loss, or `why` it can't be
    taken."""

    line: int
    loss: Loss | None = None
    why: str = ""
    is_undated: bool = False
    is_ambiguous: bool = False


class Defaults(NamedTuple):
    """How to read what a file leaves open: the currency of amounts that name none; their decimal
    sign, or empty to refuse ambiguous ones; the order of numeric dates, `dmy` or `mdy`, or empty
    if unknown; and the day of losses that are `undated`, or None to refuse them."""

    currency: str
    decimal: str = ""
    date_order: str = ""
    undated: date | None = None


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
        *,
        check_all: bool = False,
    ) -> None:
        self.path = path
        self.options = options
        self.defaults = defaults
        self._sheet = Sheet(Path(path), options.encoding, watch, check_all=check_all)
        self.close = self._sheet.close

    def survey(self) -> None:
        """Find the layout. Raises BadInput, and Unclear where the user may help."""
        self.layout = survey(self._sheet, self.options, self.defaults.date_order)

    def read(self, vocabulary: Vocabulary) -> Iterator[Deal]:
        """Yield the lost deals of the surveyed file. Raises BadInput where it is malformed."""
        reader = _Reader(self._sheet, self.layout, self.defaults, vocabulary)
        for row in deal_rows(self._sheet):
            if self.layout.is_lost(row.cells):
                yield reader.deal(row)

    def check_dates(self) -> None:
        """Raise BadInput where nothing says whether the day or the month comes first."""
        for header, example in self.layout.unsettled.items():
            what = f'"{header}" has dates like {example[:20]}, with the day first or the month'
            raise BadInput(f"{what} first", "Say which: --dates dmy or --dates mdy")

    def settle_dates(self, header: str, order: str) -> None:
        """Have a column's dates read in an order, `dmy` or `mdy`, where they don't show it."""
        orders = {sign: shown or order for sign, shown in self.layout.orders[header].items()}
        self.layout = self.layout._replace(orders={**self.layout.orders, header: orders})
        self.options = self.options._replace(dates=order)

    def check_certain(self) -> None:
        """Raise Declined where a column is only a guess, for which somebody has to agree."""
        if not self.layout.is_certain:
            columns = self.layout.columns.items()
            guessed = ", ".join(f"{field}={headers[0]}" for field, headers in columns)
            hint = "Say --yes if they are right, or --map"
            raise Declined(f"Some of the columns are a guess: {guessed}", hint)

    @property
    def format(self) -> str:
        """The program that wrote the file, and how."""
        return ", ".join(filter(None, (self.layout.form.name, self._sheet.dialect)))

    def arguments(self) -> str:
        """Return what to write behind `lostsale import` to read the file like this without asking;
        empty where nobody had to say anything."""
        options, columns = self.options, dict(self.options.columns)
        if not self.layout.is_certain:
            columns = {field: names[0] for field, names in self.layout.columns.items()} | columns
        words = [word for pair in columns.items() for word in ("--map", "=".join(pair))]
        words += [word for value in options.lost_when for word in ("--lost-when", value)]
        for name in ("dates", "decimal", "currency", "encoding"):
            if value := getattr(options, name):
                words += [f"--{name}", value]
        return " ".join(map(quote, (self.path, *words))) if words else ""


def _amount(text: str, currency: str, decimal: str) -> Money:
    """Return an amount as another program writes it, perhaps with more zeros than the currency has
    decimals."""
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    is_number = digits.isascii() and digits.isdigit()
    if is_number and len(fraction) == decimals(currency) and len(whole) <= 10:
        return Money(int(digits), currency)  # most are written so
    if re.fullmatch(r"\(.*[0-9].*\)|\D*-.*[0-9].*", text):
        raise BadInput(f'"{text[:40]}" is below zero')
    sign = decimal_sign(text) or decimal
    try:
        return read_money(text, currency, sign)
    except BadInput:
        zeros = rf"[{sign}](?:0+|[0-9]{{4,}})$" if sign else r"\.(?:0{1,2}|[0-9]{4,})$"
        if not re.search(zeros, text):
            raise
        return read_money(text.rstrip("0").rstrip(".,"), currency, sign)


def _contact(name: str | None, email: str | None) -> tuple[str | None, str | None]:
    """Return a name and an e-mail, which may share a cell: `Ana Ruiz (ana@example.com)`; of several
    people the first."""
    if name and "@" in name and not email:
        found = re.match(r"([^(<]+?) *[(<]([^@\s]+@[^)>\s]+)[)>]", name)
        if found:
            return found[1], found[2]
    return name, email


def _cents(text: str, currency: str) -> Money:
    """Return an amount that is given in the currency's smallest unit."""
    if not re.fullmatch("[0-9]+(?:[.]0+)?", text) or len(text) > len(str(LIMIT)):
        raise BadInput(f'"{text[:40]}" is no amount in cents')
    return Money(int(text.partition(".")[0]), currency)


class _Reader:
    """Makes losses of the rows of a file."""

    def __init__(
        self, sheet: Sheet, layout: Layout, defaults: Defaults, vocabulary: Vocabulary
    ) -> None:
        # The first column of a field that isn't empty counts: it comes last, and overwrites.
        self._places = [
            (field, sheet.headers.index(header))
            for field, headers in layout.columns.items()
            for header in reversed(headers)
        ]
        self._currency = defaults.currency
        self._undated = defaults.undated
        # Files of unknown programs are identified by their id, date and stage columns.
        self._system = layout.identity if layout.form == UNKNOWN_PROGRAM else layout.form.name
        self._same: Counter[str] = Counter()
        orders = {
            sheet.headers.index(header): layout.orders[header].items()
            for header in layout.columns["lost_on"]
        }
        self._days = tuple(orders)
        self._orders = {order: None for column in orders.values() for _, order in column}
        self._day: Callable[[str, int], date] = lru_cache(CACHED)(
            lambda text, place: read_written(
                text, next((order for sign, order in orders[place] if sign in text), "")
            )
        )
        decimal = layout.decimal or defaults.decimal
        code = lru_cache(CACHED)(currency_named)
        self._money: Callable[[str, str], Money] = lru_cache(CACHED)(
            lambda text, currency: _amount(text, code(currency), decimal)
        )
        self._cents: Callable[[str, str], Money] = lru_cache(CACHED)(
            lambda text, currency: _cents(text, code(currency))
        )
        self._reason: Callable[[str], tuple[Reason, Reading | None]] = lru_cache(CACHED)(
            lambda text: coded(text, vocabulary)
        )

    def deal(self, row: CsvRow) -> Deal:
        """Return the deal of a lost row."""
        line, cells = row
        try:
            for place in self._days:
                if cells[place]:
                    return Deal(line, self._loss(cells, self._day(cells[place], place)))
            if self._undated:
                return Deal(line, self._loss(cells, self._undated), is_undated=True)
        except BadInput as error:
            is_ambiguous = isinstance(error, AmbiguousAmount)
            return Deal(line, why=error.what, is_ambiguous=is_ambiguous)
        return Deal(line, why="no day of the loss", is_undated=True)

    def _loss(self, cells: list[str], day: date) -> Loss:
        fields = {}
        for field, place in self._places:
            cell = cells[place]
            if cell and not (cell[0] == "-" and cell.strip("-").casefold() == "none"):
                fields[field] = cell
        get = fields.get
        record, guess = get("record"), get("guess")
        reason, reading = self._reason(guess) if guess else (None, None)
        ended = reading if reading and reading.answer == "open" else None  # tells only the outcome
        source = Source(self._system, record or self._identity(cells))
        contact, email = _contact(get("contact"), get("email"))
        return Loss(
            number=None,
            uid=uid_of(source),
            prospect=get("prospect") or record or UNNAMED,
            lost_on=day,
            contact=contact,
            email=email,
            phone=get("phone"),
            product=get("product"),
            money=self._money_of(get("amount"), get("cents"), get("currency")),
            stage=get("stage"),
            given_outcome=ended.outcome if ended and not ended.lost_to else None,
            lost_to=get("lost_to") or (ended and ended.lost_to),
            guess=reason,
            note=get("note"),
            again=self._comes_up(get("again") or ""),
            source=source,
        )

    def _comes_up(self, text: str) -> Again | None:
        """Return when it comes up again, read like the day of the loss; None for no such day."""
        for order in (*self._orders, ""):
            with suppress(BadInput):
                return Again(read_written(text, order))
        return None

    def _money_of(
        self, amount: str | None, cents: str | None, currency: str | None
    ) -> Money | None:
        money_of = currency or self._currency
        try:
            if amount:
                return self._money(amount, money_of)
        except BadInput:  # $500 monthly
            if not cents:
                raise
        return self._cents(cents, money_of) if cents else None

    def _identity(self, cells: list[str]) -> str:
        """Return what identifies a row without an id: its cells, and its number among equal
        rows."""
        content = hashlib.sha256("\0".join(cells).encode()).hexdigest()[:16]
        self._same[content] += 1
        return f"row {content}.{self._same[content]}"

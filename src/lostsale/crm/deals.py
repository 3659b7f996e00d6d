"""Lost deals in the files that other programs export, each as a loss. How a file tells of them is
found in `layout`."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from lostsale.crm.columns import CACHED, deal_rows
from lostsale.crm.detect import Layout
from lostsale.crm.formats import UNKNOWN
from lostsale.crm.sheet import Row, Sheet
from lostsale.crm.written import read_written
from lostsale.domain.amounts_in_text import read_money
from lostsale.domain.loss import Loss, Source, uid_of
from lostsale.domain.money import LIMIT, Money, currency_named, decimal_sign, decimals
from lostsale.domain.reasons import Reason, Vocabulary, coded
from lostsale.errors import BadInput

UNNAMED = "unnamed"


class Deal(NamedTuple):
    """A lost deal: the line of the file on which it begins, and the loss that it is, or why it
    can't be taken."""

    line: int
    loss: Loss | None
    why: str = ""
    is_undated: bool = False


class Defaults(NamedTuple):
    """How amounts are written that do not tell: in `currency`, with the sign `decimal` or, where
    it is empty, never ambiguously; and the day of a loss that has none, if it is to have one."""

    currency: str
    decimal: str = ""
    undated: date | None = None


def deals(sheet: Sheet, layout: Layout, usual: Defaults, vocabulary: Vocabulary) -> Iterator[Deal]:
    """Yield the lost deals of a surveyed file. Raises BadInput where the file is malformed."""
    reader = _Reader(sheet, layout, usual, vocabulary)
    for row in deal_rows(sheet):
        if layout.is_lost(row.cells):
            yield reader.deal(row)


def _amount(text: str, currency: str, decimal: str) -> Money:
    """Return an amount as another program writes it, perhaps with more noughts than the currency
    has decimals."""
    whole, _, fraction = text.partition(".")
    if len(fraction) == decimals(currency) and len(whole) <= 10 and _is_digits(whole + fraction):
        return Money(int(whole + fraction), currency)  # most are written so
    if re.fullmatch(r"\(.*[0-9].*\)|\D*-.*[0-9].*", text):
        raise BadInput(f'"{text[:40]}" is below zero')
    sign = decimal_sign(text) or decimal
    try:
        return read_money(text, currency, sign)
    except BadInput:
        noughts = rf"[{sign}](?:0+|[0-9]{{4,}})$" if sign else r"\.(?:0{1,2}|[0-9]{4,})$"
        if not re.search(noughts, text):
            raise
        return read_money(text.rstrip("0").rstrip(".,"), currency, sign)


def _contact(name: str | None, email: str | None) -> tuple[str | None, str | None]:
    """Return a name and an e-mail, also where they stand in one cell: Ana Ruiz (ana@example.com),
    of several the first."""
    if name and "@" in name and not email:
        found = re.match(r"([^(<]+?) *[(<]([^@\s]+@[^)>\s]+)[)>]", name)
        if found:
            return found[1], found[2]
    return name, email


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _cents(text: str, currency: str) -> Money:
    """Return an amount that is given in the currency's smallest unit."""
    if not re.fullmatch("[0-9]+(?:[.]0+)?", text) or len(text) > len(str(LIMIT)):
        raise BadInput(f'"{text[:40]}" is no amount in cents')
    return Money(int(text.partition(".")[0]), currency)


class _Reader:
    """From a row of a file to the loss that it is."""

    def __init__(
        self, sheet: Sheet, layout: Layout, usual: Defaults, vocabulary: Vocabulary
    ) -> None:
        # Of several columns of a field the first that holds anything counts: it comes last.
        self._places = [
            (field, sheet.headers.index(header))
            for field, headers in layout.columns.items()
            for header in reversed(headers)
        ]
        self._currency = usual.currency
        self._undated = usual.undated
        # Who knows no program knows the file by the columns that tell what a deal is.
        self._system = layout.identity if layout.form == UNKNOWN else layout.form.name
        self._same: Counter[str] = Counter()
        self._orders = {
            sheet.headers.index(header): layout.orders[header]
            for header in layout.columns["lost_on"]
        }
        self._day: Callable[[str, str], date] = lru_cache(CACHED)(read_written)
        decimal = layout.decimal or usual.decimal
        self._money: Callable[[str, str], Money] = lru_cache(CACHED)(
            lambda text, of: _amount(text, currency_named(of), decimal)
        )
        self._cents: Callable[[str, str], Money] = lru_cache(CACHED)(
            lambda text, of: _cents(text, currency_named(of))
        )
        self._reason: Callable[[str], Reason] = lru_cache(CACHED)(
            lambda text: coded(text, vocabulary)
        )

    def deal(self, row: Row) -> Deal:
        """Return the deal of a lost row."""
        told = next((place for place in self._orders if row.cells[place]), None)
        try:
            day = self._undated if told is None else self._read_day(row.cells[told], told)
            if day is None:
                return Deal(row.line, None, "no day of the loss", is_undated=True)
            return Deal(row.line, self._loss(row.cells, day), is_undated=told is None)
        except BadInput as error:
            return Deal(row.line, None, error.what)

    def _read_day(self, text: str, place: int) -> date:
        orders = self._orders[place]
        return self._day(text, next((orders[sign] for sign in orders if sign in text), ""))

    def _loss(self, cells: list[str], day: date) -> Loss:
        told = {}
        for field, place in self._places:
            cell = cells[place]
            if cell and not (cell[0] == "-" and cell.strip("-").casefold() == "none"):
                told[field] = cell
        tell = told.get
        record, guess = tell("record"), tell("guess")
        source = Source(self._system, record or self._known_by(cells))
        contact, email = _contact(tell("contact"), tell("email"))
        return Loss(
            number=None,
            uid=uid_of(source),
            prospect=tell("prospect") or record or UNNAMED,
            lost_on=day,
            contact=contact,
            email=email,
            phone=tell("phone"),
            product=tell("product"),
            money=self._money_of(tell("amount"), tell("cents"), tell("currency")),
            stage=tell("stage"),
            lost_to=tell("lost_to"),
            guess=self._reason(guess) if guess else None,
            note=tell("note"),
            source=source,
        )

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

    def _known_by(self, cells: list[str]) -> str:
        """Return what a row without an id is known by: its content, and its count among its
        like."""
        content = hashlib.sha256("\0".join(cells).encode()).hexdigest()[:16]
        self._same[content] += 1
        return f"row {content}.{self._same[content]}"

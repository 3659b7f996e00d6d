"""Lost deals in the files that other programs export: what each column holds, which rows are lost,
and each of those as a loss. A format is a row of data, FORMATS."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from lostsale.dates import read_written
from lostsale.errors import BadInput, nearest
from lostsale.exchange.sheet import Row, Sheet
from lostsale.loss import Loss, Source
from lostsale.money import Money, read_currency, read_money
from lostsale.reasons import Reason, Vocabulary, coded

UNNAMED = "unnamed"
_CACHED = 10_000  # texts of a file that are read once, since many rows have them
_VALUES = 100  # of a status column, before it is no status


class Format(NamedTuple):
    """How one program exports deals. `signature` are headers by which it is known; `columns` has,
    for each field, the headers that may hold it, the best first: one with a star is a guess.

    Headers are written as `plain` makes them.
    """

    name: str
    signature: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]


FORMATS = (
    Format(
        "CSV",
        frozenset(),
        {
            "record": ("recordid", "dealid", "opportunityid", "oppid", "leadid", "id"),
            "status": (
                *("outcome", "dealoutcome", "result", "status", "dealstatus", "statuslabel"),
                *("opportunitystatus", "stage", "dealstage", "stagename", "salesstage"),
                *("opportunitystage", "pipelinestage", "*outcome*", "*status*", "*stage*"),
            ),
            "lost_on": (
                *("lostdate", "datelost", "losttime", "loston", "lostat", "closedate"),
                *("closeddate", "dateclosed", "closedon", "closedat", "closingdate"),
                *("actualclosedate", "dealclosedon", "closetime", "*lost*date*", "*date*lost*"),
                *("*clos*date*", "*date*clos*", "*clos*time*"),
            ),
            "prospect": (
                *("prospect", "account", "accountname", "company", "companyname", "organization"),
                *("organizationname", "organisation", "customer", "customername", "client"),
                *("clientname", "leadname", "dealname", "opportunityname", "opportunity", "deal"),
                *("dealtitle", "title", "name"),
            ),
            "contact": ("contact", "contactname", "contactperson", "primarycontact"),
            "email": ("email", "emailaddress", "contactemail"),
            "phone": ("phone", "phonenumber", "contactphone", "telephone", "mobile"),
            "product": ("product", "productname", "products"),
            "amount": (
                *("amount", "dealamount", "totalamount", "value", "dealvalue", "closevalue"),
                *("revenue", "expectedrevenue", "estrevenue", "estimatedrevenue", "totalvalue"),
                *("*amount*", "*value*", "*revenue*"),
            ),
            "currency": ("currency", "currencycode", "currencyisocode", "dealcurrency"),
            "guess": (
                *("lossreason", "lostreason", "closedlostreason", "reasonforloss", "reasonlost"),
                *("reason", "*reason*"),
            ),
            "lost_to": ("competitor", "competitorname", "maincompetitor", "lostto"),
            "stage": ("lostatstage", "stagelost", "stagewhenlost", "laststage"),
            "note": ("description", "note", "notes", "comment", "comments"),
        },
    ),
)
FIELDS = tuple(FORMATS[-1].columns)
_ALSO_CALLED = {"id": "record", "outcome": "status", "reason": "guess", "name": "prospect"}
_NEEDED = {"status": "what became of a deal", "lost_on": "on which day a deal was lost"}
_IDENTITY = ("record", "lost_on", "status")  # by their headers alone: contents change
_CHAINED = ("lost_on", "prospect")  # what one column leaves empty the next may tell


class Layout(NamedTuple):
    """What a survey of a file found. `columns` has the headers that hold each field, and
    `is_certain` says that none of them is a guess; `orders` how the numbers of each date column
    follow one another, `unsettled` a date of each that does not tell; `lost_when` the words of the
    status that mean lost, beside any with "lost" in it; `identity` the columns that a program which
    is not known is known by."""

    form: Format
    columns: dict[str, tuple[str, ...]]
    is_certain: bool
    rows: int
    lost: int
    orders: dict[str, str]
    unsettled: dict[str, str]
    lost_when: tuple[str, ...]
    identity: str


class Deal(NamedTuple):
    """A lost deal: the line of the file on which it begins, and the loss that it is, or why it
    can't be taken."""

    line: int
    loss: Loss | None
    why: str = ""
    is_undated: bool = False


def plain(header: str) -> str:
    """Return a header as headers are compared: its letters and digits, in lower case."""
    text = normalize("NFKC", header).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def _known(sheet: Sheet) -> dict[str, str]:
    """Return the headers by their plain names, without those that can't be told apart."""
    names = [plain(header) for header in sheet.headers]
    pairs = zip(names, sheet.headers, strict=True)
    return {name: header for name, header in pairs if names.count(name) == 1}


def survey(
    sheet: Sheet,
    mapped: Mapping[str, str],
    lost_when: tuple[str, ...] = (),
    order: str = "",
    usual_order: str = "",
) -> Layout:
    """Read a file to its end, and return where its lost deals are told.

    `mapped` names the headers of fields by hand. `order` is how numeric dates are read, and
    `usual_order` how they are where the file does not tell. Raises BadInput for all that is wrong
    with the file.
    """
    form = next(form for form in FORMATS if form.signature <= _known(sheet).keys())
    columns, is_certain = _columns(sheet, form, mapped)
    is_lost = _lost_test(lost_when)
    status = {header: Counter[str]() for header in columns["status"]}
    dates = {header: _Order() for header in columns["lost_on"]}
    values_of = [(sheet.headers.index(header), values) for header, values in status.items()]
    dates_of = [(sheet.headers.index(header), evidence) for header, evidence in dates.items()]
    rows = 0
    for row in sheet.rows():
        rows += 1
        may_be_lost = False
        for place, values in values_of:
            cell = row.cells[place]
            says_lost = is_lost(cell)
            may_be_lost = may_be_lost or says_lost
            if says_lost or cell in values or len(values) < _VALUES:
                values[cell] += 1
        for place, evidence in dates_of:
            cell = row.cells[place]
            evidence.see(cell, tells=may_be_lost)
            may_be_lost = may_be_lost and not cell  # what the first tells the next need not
    telling = next((header for header in status if any(map(is_lost, status[header]))), None)
    if telling is None:
        header = columns["status"][0]
        held = ", ".join(f'"{cell[:20]}"' for cell, _ in status[header].most_common(6) if cell)
        raise BadInput(
            f'No row of {sheet.name} is lost: "{header}" holds {held or "nothing"}',
            "Name the value that means lost with --lost-when, or the column with --map status=…",
        )
    for header, evidence in dates.items():
        if evidence.is_mixed and not order:
            raise BadInput(
                f'"{header}" has dates with the day first, and others with the month first',
                "Say which are right: --dates dmy or --dates mdy",
            )
    orders = {header: order or evidence.order or usual_order for header, evidence in dates.items()}
    return Layout(
        form,
        {**columns, "status": (telling,)},
        is_certain,
        rows,
        sum(count for cell, count in status[telling].items() if is_lost(cell)),
        orders,
        {h: dates[h].example for h, order in orders.items() if not order and dates[h].example},
        lost_when,
        "+".join(plain(columns[field][0]) for field in _IDENTITY if field in columns),
    )


def _columns(
    sheet: Sheet, form: Format, mapped: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], bool]:
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
            columns[field] = tuple(headers if field in {"status", *_CHAINED} else headers[:1])
    if "stage" in columns and "status" not in columns:
        columns["status"] = columns["stage"]
    for field, what in _NEEDED.items():
        if field not in columns:
            raise BadInput(
                f"No column of {sheet.name} says {what}",
                f"Name it with --map {field}=…; there are {', '.join(sheet.headers)[:200]}",
            )
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
            nearest(header, sheet.headers, f"There are {', '.join(sheet.headers)[:200]}"),
        )
    return field, (known[plain(header)],)


def _lost_test(lost_when: tuple[str, ...]) -> Callable[[str], bool]:
    words = {word.casefold() for word in lost_when}

    @lru_cache(_CACHED)
    def is_lost(cell: str) -> bool:
        folded = cell.casefold()
        return "lost" in folded or folded in words

    return is_lost


class _Order:
    """What the dates of a column tell about the order of their numbers."""

    _NUMERIC = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-](?:[0-9]{4}|[0-9]{2})\b")

    def __init__(self) -> None:
        self._told: set[str] = set()
        self.example = ""

    def see(self, cell: str, *, tells: bool) -> None:
        """Learn from a cell, of which the day of a loss depends if it `tells`."""
        found = self._NUMERIC.match(cell)
        if found:
            first, second = int(found[1]), int(found[2])
            if first > 12:
                self._told.add("dmy")
            elif second > 12:
                self._told.add("mdy")
            elif tells and first != second:
                self.example = cell

    @property
    def is_mixed(self) -> bool:
        """Whether some cells have the day first, and others the month."""
        return len(self._told) > 1

    @property
    def order(self) -> str:
        """`dmy` or `mdy`, empty where nothing tells."""
        return "" if self.is_mixed else "".join(self._told)


def deals(
    sheet: Sheet, layout: Layout, currency: str, decimal: str, vocabulary: Vocabulary
) -> Iterator[Deal]:
    """Yield the lost deals of a surveyed file; an amount that names no currency is in `currency`,
    and `decimal` is its decimal sign. Raises BadInput where the file is malformed."""
    reader = _Reader(sheet, layout, currency, decimal, vocabulary)
    is_lost = _lost_test(layout.lost_when)
    (status,) = (sheet.headers.index(header) for header in layout.columns["status"])
    for row in sheet.rows():
        if is_lost(row.cells[status]):
            yield reader.deal(row)


def _amount(text: str, currency: str, decimal: str) -> Money:
    """Return an amount as another program writes it, perhaps with more noughts than the currency
    has decimals."""
    try:
        return read_money(text, currency, decimal)
    except BadInput:
        if not re.search(r"\.(?:0{1,2}|[0-9]{4,})$", text):
            raise
        return read_money(text.rstrip("0").rstrip("."), currency, decimal)


class _Reader:
    """From a row of a file to the loss that it is."""

    def __init__(
        self, sheet: Sheet, layout: Layout, currency: str, decimal: str, vocabulary: Vocabulary
    ) -> None:
        self._places = {
            field: [sheet.headers.index(header) for header in headers]
            for field, headers in layout.columns.items()
        }
        self._currency = currency
        # Who knows no program knows the file by the columns that tell what a deal is.
        self._system = layout.form.name if layout.form.signature else layout.identity
        self._same: Counter[str] = Counter()
        orders = [layout.orders[header] for header in layout.columns["lost_on"]]
        self._orders = dict(zip(self._places["lost_on"], orders, strict=True))
        self._day: Callable[[str, str], date] = lru_cache(_CACHED)(read_written)
        self._money: Callable[[str, str], Money] = lru_cache(_CACHED)(
            lambda text, of: _amount(text, read_currency(of), decimal)
        )
        self._reason: Callable[[str], Reason] = lru_cache(_CACHED)(
            lambda text: coded(text, vocabulary)
        )

    def deal(self, row: Row) -> Deal:
        """Return the deal of a lost row."""
        told = next((place for place in self._places["lost_on"] if row.cells[place]), None)
        if told is None:
            return Deal(row.line, None, "no day of the loss", is_undated=True)
        try:
            day = self._day(row.cells[told], self._orders[told])
            return Deal(row.line, self._loss(row.cells, day))
        except BadInput as error:
            return Deal(row.line, None, error.what)

    def _loss(self, cells: list[str], day: date) -> Loss:
        def told(field: str) -> str | None:
            places = self._places.get(field, ())
            return next((cells[place] for place in places if cells[place]), None)

        record, amount, guess = told("record"), told("amount"), told("guess")
        known_by = record or self._by_content(cells)
        identity = f"{self._system}\0{known_by}".encode()
        return Loss(
            number=None,
            uid=hashlib.sha256(identity).hexdigest()[:24],
            prospect=told("prospect") or record or UNNAMED,
            lost_on=day,
            contact=told("contact"),
            email=told("email"),
            phone=told("phone"),
            product=told("product"),
            money=self._money(amount, told("currency") or self._currency) if amount else None,
            stage=told("stage"),
            lost_to=told("lost_to"),
            guess=self._reason(guess) if guess else None,
            note=told("note"),
            source=Source(self._system, known_by),
        )

    def _by_content(self, cells: list[str]) -> str:
        """Return what a row without an id is known by: its content, and its count among its
        like."""
        content = hashlib.sha256("\0".join(cells).encode()).hexdigest()[:16]
        self._same[content] += 1
        return f"row {content}.{self._same[content]}"

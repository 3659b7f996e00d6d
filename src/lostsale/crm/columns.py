"""Which column of a file holds which field: what the user says, then its header, then what the lost
deals have in it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from lostsale.crm.cells import (
    MOST,
    Rows,
    days_in,
    follow,
    has_names,
    is_firm,
    is_money,
    lies_after,
    tells_apart,
)
from lostsale.crm.formats import (
    COMMON_CURRENCIES,
    DATE,
    DAYS,
    DEAL_FIELDS,
    NEVER,
    STATE,
    TITLE,
    WORDS,
    Header,
    bare_header,
    header_currency,
    header_words,
    known_headers,
    own_headers,
    plain_header,
    said,
)
from lostsale.crm.sheet import CsvRow
from lostsale.crm.written import (
    is_currency,
    is_id,
    says_something,
    some_amount,
    some_day,
)
from lostsale.domain.money import CURRENCIES
from lostsale.errors import BadInput, nearest

NONE = "none"  # as a column: there is none of this field
_LISTED = 200  # characters of headers in a message at most
_LIKE_ID = re.compile(r"(?=.*[0-9])[\w/.#-]+")
_PROOF = 2  # lost deals that prove a column whose header only resembles a usual one
_SHORT = 60  # characters of a comment at most that is a reason
_COMMENT = re.compile(WORDS["comment"])
_SOME = 0.2  # of the cells, that are names of firms
_ALSO_CALLED = {
    "id": "record",
    "outcome": "status",
    "reason": "guess",
    "name": "prospect",
    TITLE: "prospect",
}
_CHAINED = ("status", "lost_on", "prospect", "guess")  # where one is empty the next may count

DayKind = Literal["lost", "closed", "other day", "stage", "expected", "changed", "open too"]
# The best day first; the first three tell when a deal ended, the others what comes nearest.
_DAY_KINDS: tuple[DayKind, ...] = (
    *("lost", "closed", "other day", "stage", "expected", "changed", "open too"),
)
_STATES = {"status", "is_lost", "is_won", "is_closed"}  # whose columns may hold something else
ENDS = frozenset(_DAY_KINDS[:3])
Columns = dict[str, tuple[str, ...]]


class ChosenColumns(NamedTuple):
    """The columns that hold a field, the best first, whether they are certain, and those that came
    next."""

    headers: tuple[str, ...]
    is_certain: bool = True
    close: tuple[str, ...] = ()


def field_named(name: str) -> str:
    """Return the field that the user means by a name. Raises BadInput."""
    field = name.replace("-", "_")
    field = _ALSO_CALLED.get(field, field)
    if field not in DEAL_FIELDS:
        raise BadInput(f'There\'s no field "{name[:40]}"', f"Choose from {', '.join(DEAL_FIELDS)}")
    return field


def by_hand(name: str, headers: Sequence[str], mapped: Mapping[str, str]) -> Columns:
    """Return the columns that the user says hold a field, none for `none`. Raises BadInput."""
    known, columns = known_headers(headers), Columns()
    for field, header in mapped.items():
        if header in headers:
            columns[field] = (header,)
        elif header.casefold() == NONE:
            columns[field] = ()
        elif plain_header(header) in known:
            columns[field] = (headers[known[plain_header(header)]],)
        else:
            hint = nearest(header, headers, f"The columns are {listed(headers)}")
            raise BadInput(f'{name} has no column "{header[:40]}"', hint)
    return columns


def listed(headers: Iterable[str]) -> str:
    """Return headers as a message names them: as many as there is room for."""
    names = list(headers)
    shown = [name[:_LISTED] for name in names]
    while len(", ".join(shown)) > _LISTED:
        shown.pop()
    more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
    return f"{', '.join(shown)}{more}"


class Chooser:
    """Chooses the columns of fields by their headers and by what the lost deals have in them; the
    other deals are a check. A column holds one field only; `taken` are those that do."""

    def __init__(
        self,
        headers: Sequence[str],
        names: Mapping[str, list[Header]],
        taken: Iterable[str],
        others: Rows,
    ) -> None:
        self._headers = headers
        self._names = names
        self._others = others
        self._taken = {headers.index(header) for header in taken}
        self._sure: dict[int, set[str]] = {}
        for field in names.keys() - _STATES:
            for header in names[field]:
                if header.is_sure:
                    self._sure.setdefault(header.place, set()).add(field)

    def _free(self, field: str) -> list[Header]:
        return [header for header in self._names.get(field, ()) if header.place not in self._taken]

    def _choice(
        self, places: Sequence[int], close: Sequence[int] = (), **how: bool
    ) -> ChosenColumns:
        self._taken.update(places)
        name = self._headers.__getitem__
        return ChosenColumns(tuple(map(name, places)), close=tuple(map(name, close[:2])), **how)

    def days(self, lost: Rows, open_: Rows, today: date) -> tuple[ChosenColumns, DayKind] | None:
        """Choose the columns of the day of loss, and say what kind of day that is; None if there is
        none."""
        usual = [header.place for header in self._free("lost_on") if header.is_sure]
        sure = {place: rank for rank, place in enumerate(usual)}
        days = {
            place: found
            for place in range(len(self._headers))
            if place not in self._taken and not self._sure.get(place, set()) - {"lost_on"}
            if (found := days_in(lost, place, self._tells_days(place, place in sure)))
        }
        kinds = {place: self._kind(place, open_, place in sure) for place in days}
        changes = next((days[place] for place, kind in kinds.items() if kind == "changed"), {})
        is_born = DAYS["created"].search
        born = [of for place, of in days.items() if is_born(header_words(self._headers[place]))]
        for place, kind in kinds.items():
            is_plain = DATE.fullmatch(header_words(self._headers[place]))
            if kind == "open too" and is_plain and born and follow(days[place], born[0], changes):
                kinds[place] = "other day"
        ends = [place for place, kind in kinds.items() if kind in {"lost", "closed"}]
        planned = {place for place in ends if self._is_filled(place, open_)}
        if not any(len(days[place]) * 2 >= len(lost) for place in {*ends} - planned):
            planned = set()  # no other says when deals ended
        if "stage" in kinds.values():  # an end that is still to come was planned
            planned |= {place for place in ends if max(days[place].values()) > today}
        kinds |= dict.fromkeys(planned, "expected")
        late = {
            place
            for place, kind in kinds.items()
            if kind == "expected" and lies_after(days[place], changes, today)
        }
        ranked = sorted(
            (place for place in days if kinds[place]),
            key=lambda place: (
                kinds[place] not in ENDS,
                place in late,  # on an expected day that came later it wasn't lost
                len(days[place]) * 2 < len(lost),  # most lost deals have one
                _DAY_KINDS.index(kinds[place] or "open too"),
                sure.get(place, len(sure)),
                -len(days[place]),
                -sum(map(date.toordinal, days[place].values())),
            ),
        )
        if not ranked:
            places = list(sure)
            return (self._choice(places), "closed") if places else None
        best = ranked[0]
        kind = kinds[best]
        assert kind
        ending = [place for place in ranked if place in sure and kinds[place] in ENDS]
        is_proven = kind != "open too" and (len(days[best]) >= _PROOF or kind not in ENDS)
        close = [place for place in ranked[1:] if place not in ending]
        alone = not any(kinds[place] == kind for place in close)
        if best in sure:
            return self._choice(ending, close if kind not in ENDS else ()), kind
        return self._choice([best], close, is_certain=is_proven and alone), kind

    def _tells_days(self, place: int, is_sure: bool) -> bool:
        words = header_words(self._headers[place])
        return is_sure or any(of.search(words) for of in (DATE, *DAYS.values()))

    def _kind(self, place: int, open_: Rows, is_sure: bool) -> DayKind | None:
        words = header_words(self._headers[place])
        name = next((name for name, of in DAYS.items() if of.search(words)), None)
        if is_sure:
            return "lost" if DAYS["lost"].search(words) else "closed"
        if name == "created" or name == "other":  # noqa: PLR1714 - mypy narrows it so
            return None
        if name:
            return name
        return "open too" if self._is_filled(place, open_) else "other day"

    def _is_filled(self, place: int, rows: Rows) -> bool:
        return sum(says_something(cells[place]) for cells in rows) > MOST * max(len(rows), 1)

    def amount(self, lost: Rows) -> ChosenColumns | None:
        """Choose the column of amounts; None if there is none."""
        free = self._free("amount")
        like = [header for header in free if self._sure.get(header.place, set()) <= {"amount"}]
        scores: dict[int, int] = {}
        for header in free:
            cells = [row[header.place] for row in lost if says_something(row[header.place])]
            read = [some_amount(cell) for cell in cells]
            if sum(number is not None for number in read) > MOST * len(read):
                scores[header.place] = 1 + any(read)
        if not scores:
            free = [
                Header(place, is_sure=False)
                for place in range(len(self._headers))
                if place not in self._taken | self._sure.keys()
                and is_money(lost, place)
                and not NEVER["amount"].search(header_words(self._headers[place]))
            ]
            scores = {header.place: 1 for header in free}
        if not scores and not like:
            for place, cells in self._unnamed(lost, "amount").items():
                if (
                    not NEVER["record"].search(header_words(self._headers[place]))
                    and all(map(some_amount, cells))
                    and not all(map(some_day, cells))
                    and max(map(len, cells)) > _PROOF
                ):
                    return self._choice([place], is_certain=False)
        best = max(scores.values(), default=0)
        fitting = [header for header in free if scores.get(header.place) == best] if best else like
        if not fitting:
            return None
        if not fitting[0].is_sure:
            named = [of for of in fitting if header_currency(self._headers[of.place])[1]]
            fitting = named or fitting
        first, *others = fitting
        has_rival = any(
            other.is_sure == first.is_sure
            and not NEVER["last_amount"].search(header_words(self._headers[other.place]))
            for other in others
        )
        is_certain = first.is_sure or (len(lost) >= _PROOF and not has_rival and best > 0)
        return self._choice([first.place], [of.place for of in others], is_certain=is_certain)

    def currency(self, lost: Rows, amount: str) -> tuple[ChosenColumns | None, str]:
        """Choose the column of currencies. Return the header of a column that should hold some but
        doesn't, if any."""
        own = own_headers(self._headers)
        names = list(map(bare_header, own))
        plain = bare_header(header_currency(own[self._headers.index(amount)])[0]) if amount else ""
        beside = (f"{plain}currency", f"currencyof{plain}", f"{plain}currencyname")
        named = [names.index(name) for name in beside if amount and name in names]
        free = self._free("currency")
        named += [header.place for header in free if header.is_sure and header.place not in named]
        for place in (*named, *(header.place for header in free if not header.is_sure)):
            cells = [row[place] for row in lost if says_something(row[place])]
            if sum(map(is_currency, cells)) >= MOST * len(cells):
                return self._choice([place]), ""
        for place in range(len(self._headers)):
            codes = {row[place] for row in lost if says_something(row[place])}
            if place not in self._taken and codes <= CURRENCIES and codes & COMMON_CURRENCIES:
                return self._choice([place]), ""
        return None, self._headers[named[0]] if named else ""

    def record(
        self, lost: Rows, rows: int, all_rows: Callable[[], Iterable[CsvRow]]
    ) -> ChosenColumns | None:
        """Choose the column of ids in a file of so many rows; None if there is none. A column whose
        header only resembles one must have another id in each different row of the file, and not
        count them."""
        parts = {h.place for of in ("product", "amount") for h in self._names.get(of, ())}
        for header in self._free("record"):
            cells = [row[header.place] for row in lost if row[header.place]]
            is_own = header.is_sure or (
                len(cells) == len(lost) >= _PROOF
                and all(_LIKE_ID.fullmatch(cell) and not some_day(cell) for cell in cells)
                and any(not cell.isdecimal() or int(cell) > rows for cell in cells)
                and tells_apart(all_rows(), header.place, parts)
            )
            if is_own and sum(map(is_id, cells)) >= MOST * len(cells):
                return self._choice([header.place])
        return None

    def text(self, field: str, lost: Rows) -> ChosenColumns | None:
        """Choose the column of a text, or for some fields several; None if there is none."""
        free = self._unclaimed(field)
        if field == "guess":  # a word for what became of a deal gives no reason
            says = STATE.fullmatch
            free = [
                h for h in free if h.is_sure or not any(says(said(row[h.place])) for row in lost)
            ]
        titles = self._unclaimed(TITLE) if field == "prospect" else []
        free, titles = (
            [h for h in of if any(says_something(row[h.place]) for row in lost)] or of
            for of in (free, titles)
        )
        filled = free
        if field == "prospect":
            firms, titles = (
                [h for h in of if h.is_sure or has_names(lost, h.place)] for of in (free, titles)
            )
            firms = firms or self._firms(lost, titles)
            titles.sort(key=lambda header: not has_names(lost, header.place))
            filled = [*firms, *titles] or free
        if not filled:
            by_cells = {"prospect": self._some_names, "guess": self._some_reasons}
            return by_cells[field](lost) if field in by_cells else None
        best = filled[0]
        if any(header.is_sure for header in filled):
            places = [header.place for header in filled if header.is_sure or header == best]
            return self._choice(places if field in _CHAINED else places[:1])
        is_alone = len(filled) == 1 or (field == "prospect" and has_names(lost, best.place))
        return self._choice([best.place], is_certain=is_alone and len(lost) >= _PROOF)

    def _unclaimed(self, field: str) -> list[Header]:
        """Return the free columns of a field, without those that resemble it and surely have
        another."""
        return [h for h in self._free(field) if h.is_sure or not self._sure.get(h.place)]

    def _firms(self, lost: Rows, titles: Iterable[Header]) -> list[Header]:
        """Return the columns that have names of firms in them, where no title has."""
        are_others = self._taken | {
            of for of, fields in self._sure.items() if fields != {"contact"}
        }
        if not titles or any(is_firm(row[of.place]) for of in titles for row in lost):
            return []
        return [
            Header(place, is_sure=False)
            for place, header in enumerate(self._headers)
            if place not in are_others
            and not NEVER["prospect"].search(header_words(header))
            and has_names(lost, place)
            and sum(is_firm(row[place]) for row in lost) > _SOME * len(lost)
        ]

    def _unnamed(self, lost: Rows, never: str) -> dict[int, list[str]]:
        """Return the filled cells of the columns whose headers say nothing, where there are
        enough."""
        named = {header.place for of in self._names.values() for header in of} | self._taken
        cells = {
            place: [row[place] for row in lost if says_something(row[place])]
            for place, header in enumerate(self._headers)
            if place not in named and not NEVER[never].search(header_words(header))
        }
        return {place: of for place, of in cells.items() if len(of) > max(MOST * len(lost), 1)}

    def _some_names(self, lost: Rows) -> ChosenColumns | None:
        """Choose a column of names by its cells, a guess where several may be; None for none."""
        places = [
            place
            for place, cells in self._unnamed(lost, "prospect").items()
            if has_names(lost, place)
            and not any(
                "@" in cell or len(cell) > _SHORT or _LIKE_ID.fullmatch(cell) for cell in cells
            )
        ]
        return self._choice(places[:1], places[1:], is_certain=len(places) == 1) if places else None

    def _some_reasons(self, lost: Rows) -> ChosenColumns | None:
        """Choose a column of texts that only lost deals have; None if there is none."""
        places = [
            place
            for place, cells in self._unnamed(lost, "guess").items()
            if len(self._others) >= _PROOF
            and not any(says_something(row[place]) for row in self._others)
            and not any(some_day(of) or some_amount(of) is not None for of in cells)
        ]
        return self._choice(places[:1], places[1:], is_certain=len(places) == 1) if places else None

    def is_comment(self, header: str, lost: Rows) -> bool:
        """Whether a column has short comments on several lost deals, which then tell why."""
        cells = [row[self._headers.index(header)] for row in lost]
        cells = list(filter(says_something, cells))
        is_short = len(cells) >= _PROOF and max(map(len, cells)) <= _SHORT
        return is_short and _COMMENT.search(header_words(header)) is not None

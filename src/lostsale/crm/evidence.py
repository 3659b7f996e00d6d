"""What the rows of a file show: which states occur, and how dates and amounts are written."""

import re
from collections.abc import Hashable, Iterable, Sequence
from operator import itemgetter

from lostsale.crm.formats import is_total
from lostsale.crm.sheet import CsvRow
from lostsale.crm.states import States, View
from lostsale.crm.written import says_something
from lostsale.domain.money import decimal_sign
from lostsale.errors import BadInput

_SAMPLE = 5_000  # lost rows by which columns are chosen
_OTHERS = 1_000  # rows that aren't lost, for a check
_SIGNS = 3  # that can be found in amounts: none, a point, a comma


class Evidence:
    """What all rows of a file show, by whichever program it is: how often each state occurs, with
    one row that has it; the first lost rows, and others; how dates and amounts are written."""

    def __init__(
        self, headers: Sequence[str], views: Iterable[View], head: Sequence[CsvRow]
    ) -> None:
        self.rows = 0
        self.has_totals = False
        self.lost: list[CsvRow] = []
        self.others: list[CsvRow] = []
        self._tests = [test for view in views for test in view.tests]
        places = sorted({place for test in self._tests for place in test.places})
        self._filled = sorted({place for test in self._tests for place in test.filled})
        self._key = itemgetter(*places) if places else lambda _: ""
        self._states: dict[Hashable, _State] = {}
        days = {header.place for view in views for header in view.names.get("lost_on", ())}
        days |= {
            place
            for place in range(len(headers))
            if any(_DateOrder.NUMERIC.match(row.cells[place]) for row in head)
        }
        self.days = {place: _DateOrder() for place in days}
        amounts = {header.place for view in views for header in view.names.get("amount", ())}
        self._signs: dict[int, set[str]] = {place: set() for place in amounts}

    def see(self, rows: Iterable[CsvRow]) -> None:
        """Learn from rows."""
        states, key_of, filled = self._states, self._key, self._filled
        days, signs = [*self.days.items()], [*self._signs.items()]
        for row in rows:
            cells = row.cells
            key = key_of(cells)
            if filled:
                key = (key, *(bool(cells[place]) for place in filled))
            state = states.get(key)
            if state is None:
                is_lost = any(test.is_lost(cells) for test in self._tests)
                sample = (self.lost, _SAMPLE) if is_lost else (self.others, _OTHERS)
                state = states[key] = _State(cells, *sample)
            state.count += 1
            if len(state.sample) < state.wanted:
                state.sample.append(row)
            for place, order in days:
                if cells[place]:
                    order.see(cells[place])
            for place, found in signs:
                if len(found) < _SIGNS:
                    found.add(decimal_sign(cells[place]))
            self.has_totals = self.has_totals or is_total(cells)
            self.rows += 1

    def signs_in(self, place: int) -> set[str]:
        """Return the decimal signs in a column of amounts."""
        return self._signs.get(place, set()) - {""}

    @property
    def states(self) -> States:
        """How many rows have each state, with one that has it."""
        return [(state.count, state.cells) for state in self._states.values()]


class _State:
    """How many rows have the same state, the first of them, and the sample that they belong to,
    with how many are wanted for it."""

    __slots__ = ("cells", "count", "sample", "wanted")

    def __init__(self, cells: Sequence[str], sample: list[CsvRow], wanted: int) -> None:
        self.cells, self.sample, self.wanted = cells, sample, wanted
        self.count = 0


class _DateOrder:
    """What a column shows about the order of the numbers in its dates, by the sign between them."""

    NUMERIC = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2(?:[0-9]{4}|[0-9]{2})\b")

    def __init__(self) -> None:
        self.shown: dict[str, set[str]] = {}

    def see(self, cell: str) -> None:
        """Learn from a cell."""
        found = self.NUMERIC.match(cell)
        if found:
            shown = self.shown.setdefault(found[2], set())
            first, second = int(found[1]), int(found[3])
            if 12 < first <= 31 and second <= 12:
                shown.add("dmy")
            elif first <= 12 < second <= 31:
                shown.add("mdy")

    def example(self, cells: Iterable[str], sign: str) -> str:
        """Return the first cell that means one day or another, or nothing."""
        for cell in cells:
            found = self.NUMERIC.match(cell)
            if found and found[2] == sign and found[1].lstrip("0") != found[3].lstrip("0"):
                return cell
        return ""


def date_orders(
    columns: Sequence[str],
    headers: Sequence[str],
    evidence: Evidence,
    lost: Sequence[Sequence[str]],
    named: str,
    default: str,
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Return the order of the numbers in each column of days, by the sign between them, and an
    example of each column that doesn't show it. What is `named` counts first. Raises BadInput."""
    orders: dict[str, dict[str, str]] = {}
    unsettled = {}
    shown_at_all: dict[str, set[str]] = {}  # by all columns together
    for dates in evidence.days.values():
        for sign, shown in dates.shown.items():
            shown_at_all[sign] = shown_at_all.get(sign, set()) | shown
    for header in columns:
        place = headers.index(header)
        dates = evidence.days.get(place, _DateOrder())
        if any(len(shown) > 1 for shown in dates.shown.values()) and not named:
            raise BadInput(
                f'"{header}" has some dates with the day first and some with the month first',
                "Say which are right: --dates dmy or --dates mdy. With the day first",
                options=("--dates", "dmy"),
            )
        orders[header] = {}
        for sign, shown in dates.shown.items():
            example = dates.example((cells[place] for cells in lost), sign)
            told = shown or (shown_at_all[sign] if len(shown_at_all[sign]) == 1 else ())
            # 03/03/2026 is the same both ways.
            order = named or "".join(told) or default or ("" if example else "dmy")
            orders[header][sign] = order
            if not order:
                unsettled[header] = example
        # In these rows no column so far has a day.
        lost = [cells for cells in lost if not says_something(cells[place])]
    return orders, unsettled

"""Which rows of a file are lost: the columns that may say so, and what they say."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lostsale.crm.columns import Columns
from lostsale.crm.formats import (
    DAYS,
    LOST,
    NEVER,
    SHORT_LOST,
    SPELLED,
    STATE,
    UNKNOWN_PROGRAM,
    WORDS,
    Condition,
    Fits,
    Format,
    Header,
    by_header,
    fits,
    header_words,
    is_usual,
    said,
)
from lostsale.crm.sheet import CsvRow
from lostsale.crm.written import some_amount

ALL = "all"  # as a value that means lost: every row is lost
STATUS_LENGTH = 60  # characters of a status at most; a longer cell is a note
_FEW = 12  # different values of a column that looks like a status
_STATUSES = 50  # different values of a status column at most
_FILLED = ".+"
_PLAIN = rf"\b(?:{WORDS['closed']}|{WORDS['filler']})\b|[\W_]"
_LEAVES_PLAIN = re.compile(rf"(?:{WORDS['lost']}|{_PLAIN})*")
_MORE = rf"(?!(?:{WORDS['lost']}|{_PLAIN})*$).*(?:{WORDS['lost']}).*"  # not lost alone
_OPEN = f"(?:{WORDS['open']})"
_BEHIND = re.compile(
    rf"(?i)(?:{_PLAIN})*(?:{SPELLED['lost']})(?:{_PLAIN})*[-\u2013\u2014:(,]\s*(\w.*?)[\s)]*"
)
_REFUSED = re.compile(WORDS["refused"])
MAY_BE_LOST = re.compile("|".join(WORDS[name] for name in ("refused", "bad", "lost")))
SAYS_YES = re.compile("|".join(WORDS[name] for name in ("agreed", "won")))
_NAMED = 5  # values of a status column that a message names
_Able = list[list[tuple[int, str, Fits]]]
States = Sequence[tuple[int, Sequence[str]]]  # how many rows have a state, and one of them


def reason_behind(state: str) -> str:
    """Return what is behind the word in a state that means lost: `Lost - price`."""
    found = _BEHIND.fullmatch(state)
    return found[1] if found and not _LEAVES_PLAIN.fullmatch(said(found[1])) else ""


class StatusTest:
    """A column that may be the status, with when it means lost. Without one, other columns decide
    whether a deal is lost. `is_able` says that some condition can be tested."""

    def __init__(
        self,
        headers: Sequence[str],
        places: Mapping[str, int],
        status: Header | None,
        conditions: Iterable[Condition],
        exceptions: Iterable[Condition],
        beside: Iterable[Header] = (),
    ) -> None:
        self.status = status
        self.header = headers[status.place] if status else ""
        places = {**places, "status": status.place} if status else {**places}
        if not status:
            places.pop("status", None)
        words = header_words(self.header)
        short = [
            {"status": like}
            for of, like in SHORT_LOST
            if status
            and of(words)
            # An open deal isn't won either, which another column says then.
            and not (WORDS["no"] in like and {"is_closed", "is_lost"} & places.keys())
        ]
        self._lost = _able((*conditions, *short), places)
        self._not_lost = _able(exceptions, places)
        if status:  # "Lost in review" doesn't count where another status says open
            self._not_lost += [
                [(status.place, _MORE, fits(_MORE)), (of.place, _OPEN, fits(_OPEN))]
                for of in beside
                if of.is_sure and of != status
            ]
        self.is_able = bool(self._lost)
        others = (places[field] for field in ("guess", "stage") if field in places)
        self.place = status.place if status else next(others, 0)
        used = [test for of in (*self._lost, *self._not_lost) for test in of]
        self.places = {place for place, like, _ in used if like != _FILLED} | {self.place}
        self.filled = {place for place, like, _ in used if like == _FILLED} - self.places

    def is_lost(self, cells: Sequence[str]) -> bool:
        """Whether a row's cells are a lost deal: they meet all of one condition, and not all of any
        exception."""
        return _holds(self._lost, cells) and not _holds(self._not_lost, cells)

    def leave_open(self, rows: Iterable[CsvRow]) -> None:
        """Leave out the longer values of deals that are still open: a number, such as the
        probability, is 0 in most plainly lost rows, and never in theirs."""
        longer: dict[str, list[Sequence[str]]] = {"": []}
        for _, cells in rows:
            if self.is_lost(cells):
                value = said(cells[self.place])
                value = "" if _LEAVES_PLAIN.fullmatch(value) else value
                longer.setdefault(value, []).append(cells)
        plain = longer.pop("")
        for place in range(len(plain[0]) if len(plain) > 1 and longer else 0):
            if _amounts(plain, place).count(False) * 2 > len(plain):
                for value, of in longer.items():
                    if all(_amounts(of, place)) and not any(_amounts(plain, place)):
                        like = re.escape(value)
                        self._not_lost.append([(self.place, like, fits(like))])

    def values(self, states: States) -> Counter[tuple[str, bool]]:
        """Return how many rows have each value, with whether it means lost."""
        values = Counter[tuple[str, bool]]()
        for count, cells in states:
            values[cells[self.place], self.is_lost(cells)] += count
        return values

    def refusals(self, states: States) -> tuple[str, ...]:
        """Return the values that are a customer's no, where another is a yes."""
        values = [value for value, _ in self.values(states)]
        no = tuple(value for value in values if _REFUSED.search(said(value)))
        says_yes = any(SAYS_YES.search(said(of)) for of in values if of not in no)
        return no if says_yes else ()


def doubtful(values: Counter[tuple[str, bool]], named: Iterable[str]) -> Iterator[str]:
    """Yield where the user may have meant something else: values that they named and no row has,
    and values that don't count as lost, but may mean it."""
    found = {ALL, *(value.casefold() for value, _ in values)}
    for word in named:
        if word.casefold() not in found:
            yield f'no row says "{word[:STATUS_LENGTH]}"'
    near = [
        (value, count)
        for (value, is_lost), count in values.most_common()
        if not is_lost and MAY_BE_LOST.search(said(value))
    ]
    for value, count in near[:_NAMED]:
        yield f'"{value[:STATUS_LENGTH]}" ({count:,}) isn\'t counted as lost: --lost-when counts it'


def _amounts(rows: Iterable[Sequence[str]], place: int) -> list[bool | None]:
    return [some_amount(cells[place].rstrip("% ")) for cells in rows]


def _able(conditions: Iterable[Condition], places: Mapping[str, int]) -> _Able:
    """Return the conditions whose columns exist."""
    return [
        [(places[field], like, fits(like)) for field, like in of.items()]
        for of in conditions
        if of.keys() <= places.keys()
    ]


def _holds(any_of: _Able, cells: Sequence[str]) -> bool:
    for all_of in any_of:
        for place, _, fit in all_of:
            if not fit(cells[place]):
                break
        else:
            return True
    return False


class View:
    """A file as one program would have written it: by their headers, which columns may hold what,
    and the tests that may tell a lost row."""

    def __init__(
        self,
        headers: Sequence[str],
        form: Format,
        mapped: Columns,
        lost_when: Sequence[str],
        head: Sequence[CsvRow],
    ) -> None:
        self.form = form
        self.names = by_header(headers, form)
        places = {field: found[0].place for field, found in self.names.items() if found}
        places |= {field: headers.index(of[0]) for field, of in mapped.items() if of}
        taken = {headers.index(header) for of in mapped.values() for header in of}
        statuses = [header for header in self.names.get("status", ()) if header.place not in taken]
        is_unknown = form == UNKNOWN_PROGRAM
        if is_unknown:
            statuses += _by_content(headers, head, lost_when, self.names, taken)
        by_hand = mapped.get("status") or (not statuses and mapped.get("stage")) or ()
        if by_hand:
            statuses = [Header(headers.index(by_hand[0]), is_sure=True)]
        is_all = ALL in map(str.casefold, lost_when)
        words = ({"status": re.escape(word.strip().casefold())} for word in lost_when)
        own = (LOST,) if "status" in mapped else form.lost
        conditions: tuple[Condition, ...] = ({},) if is_all else (*own, *words)
        exceptions = form.not_lost
        lost_on = headers[places["lost_on"]] if "lost_on" in places else ""
        if is_unknown and not statuses and DAYS["lost"].search(header_words(lost_on)):
            conditions = ({"lost_on": _FILLED}, *conditions)
        self.is_lost_view = form.view is not None and not statuses and not lost_when
        if self.is_lost_view:
            conditions, exceptions = ({},), form.view or ()
        self._is_told = bool(lost_when)
        beside = () if lost_when else statuses
        candidates: list[Header | None] = [*statuses] or [None]
        tests = (
            StatusTest(headers, places, status, conditions, exceptions, beside)
            for status in candidates
        )
        self.tests = [test for test in tests if test.is_able]
        self.first_status = headers[statuses[0].place] if statuses else ""

    def status(
        self, states: States, rows: Sequence[CsvRow]
    ) -> tuple[StatusTest, Counter[tuple[str, bool]]] | None:
        """Return the test that tells which rows are lost, as the first ones show: the first whose
        column says plainly lost, else the first that has it in a longer value; None where none says
        it."""
        told = ((test, test.values(states)) for test in self.tests)
        found = [(test, values) for test, values in told if any(lost for _, lost in values)]
        for test, values in found:
            if any(is_lost and _LEAVES_PLAIN.fullmatch(said(value)) for value, is_lost in values):
                if test.status and not self._is_told:
                    test.leave_open(rows)
                return test, test.values(states)
        return found[0] if found else None


def likely_states(headers: Sequence[str], rows: Sequence[CsvRow]) -> tuple[str, list[str]]:
    """Return the header of the column that looks most like a status, in whatever language, with its
    values, the most frequent first: a few short ones that come again. Both are empty for none."""
    found: list[tuple[int, str, list[str]]] = []
    for place, header in enumerate(headers):
        values = Counter(row.cells[place] for row in rows if row.cells[place])
        if (
            1 < len(values) <= min(_FEW, values.total() // 2)
            and values.total() * 2 > len(rows)
            and not any(len(of) > STATUS_LENGTH or re.search("[0-9@]", of) for of in values)
            and not (is_usual(header) or NEVER["status"].search(header_words(header)))
        ):
            found.append((len(values), header, [value for value, _ in values.most_common()]))
    return min(found, default=(0, "", []))[1:]


def _by_content(
    headers: Sequence[str],
    head: Sequence[CsvRow],
    lost_when: Iterable[str],
    names: Mapping[str, list[Header]],
    taken: set[int],
) -> list[Header]:
    """Return the columns that may hold the status by their cells: a few short ones, of which some
    say what became of a deal."""
    words = [re.escape(said(word)) for word in lost_when]
    says = re.compile("|".join([STATE.pattern, *words]))
    others = {
        header.place
        for field, of in names.items()
        for header in of
        if header.is_sure or field == "status"
    }
    found: dict[int, int] = {}
    for place, header in enumerate(headers):
        values = {said(row.cells[place]) for row in head}
        is_free = place not in others | taken and not NEVER["status"].search(header_words(header))
        if (
            is_free
            and len(values) <= _STATUSES
            and max(map(len, values), default=0) <= STATUS_LENGTH
        ):
            found[place] = sum(says.search(value) is not None for value in values)
            found[place] += any(of(header_words(header)) for of, _ in SHORT_LOST)
    return [
        Header(place, is_sure=False)
        for place in sorted(found, key=lambda place: -found[place])
        if found[place]
    ]

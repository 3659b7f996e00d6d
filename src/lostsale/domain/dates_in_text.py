"""Dates in a sentence."""

import re
from collections.abc import Iterator
from contextlib import suppress

from lostsale.domain.dates import DATE_SIGNS, GRAMMAR, LEADS, Asked, When, parts_of_date, read_when
from lostsale.domain.numbers import NTH, in_digits
from lostsale.errors import BadInput, Vague
from lostsale.later import NamedTuple

# Words that a date is made of beside those of the grammar and numbers.
_KNOWN = frozenset(
    {*DATE_SIGNS, *LEADS, *re.findall("[a-z]+", " ".join(pattern for pattern, _ in GRAMMAR))}
    | set("a an few couple new half eve noon coming labor memorial eow eom eoq eoy".split())
    | set("am pm a.m p.m morning afternoon evening night tonight come since and".split())
)
# Words, without which and a digit there is no date.
_HINTS = frozenset(
    {*(word for word, sign in DATE_SIGNS.items() if sign), *NTH}
    | set("tonight morning afternoon evening night fortnight eow eom eoq eoy".split())
)
_NUMERIC = r"\+?[0-9][0-9:/.-]*[a-z]{0,8}|'[0-9]{2}|q[1-4]"
_LEADS = frozenset({*LEADS, "in", "on", "come", "since"})
_CLAUSE_ENDS = (
    r"\s*(?:$|[][,.;:!?()\u2013\u2014-]|(?:and|but|or|so|because|then|with|at|to|said|says|he|she"
    r"|they|we|i)\b)"
)
_NO_DATE = "^(?:now|later|earlier)\\b|later$|ahead$|^after [0-9a-z]+ [a-z]+$"  # after 2 months they
_ADJECTIVE = (
    r"(?<!\b1)(?<!\bone)(?<!\ba)(?<!next)[ -](?:day|week|month|quarter|year)$"  # 36 month lease
)
_LONGEST = 9  # words: the first of next month at 10 a.m.


class Found(NamedTuple):
    """A date that is at `text[start:end]` of a sentence; `when` is None where it has to be
    asked which day is meant (`after Easter`)."""

    start: int
    end: int
    when: When | None


def date_at(text: str, start: int, asked: Asked) -> Found | None:
    """Return the longest date that begins at `text[start]`, None where none does.

    For a place where a date is expected, as after "call back": a bare `march`, `2 weeks` or `10/6`
    counts. What can't be read, or is the wrong way, is not found.
    """
    return _longest(text, start, asked, is_clear=False)[0]


def find_dates(text: str, asked: Asked) -> Iterator[Found]:
    """Yield the dates in a sentence that clearly are dates, in order.

    Names of days and months need a word like `in` or `on` before them, another part of a date
    beside them, or, for a day, the end of a clause after them; so "may", "sat", "Friday Harbor",
    "in 5 stores", "2 weeks late" and "36 month lease" are none.
    """
    place = 0
    for word in re.finditer(r"\S+", text) if may_hold_date(text) else ():
        if word.start() >= place:
            found, place = _longest(text, word.start(), asked, is_clear=True)
            if found:
                yield found


def may_hold_date(text: str) -> bool:
    """Whether a text has a word that makes a date possible; it's quick to see that it has none."""
    return any(map(_hints, text.split()))


def _hints(word: str) -> bool:
    """Whether a word alone makes a date possible; one that can only be an amount doesn't."""
    plain = word.casefold().strip("()[],.;:!?\"'\u201c\u201d\u2026-")
    number = plain.lstrip("$\u20ac\u00a3").removesuffix("k")
    if number.isdecimal() and (number[:2] not in {"19", "20"} or len(number) != len("2026")):
        return False
    parts = re.sub("['\u2019]", "", plain).split("-")
    return any(part in _HINTS or any(map(str.isdigit, part)) for part in parts)


def _longest(text: str, place: int, asked: Asked, *, is_clear: bool) -> tuple[Found | None, int]:
    """Return the longest date that begins at a place, None if it is the wrong way, and its end; a
    part of what is the wrong way would be another day."""
    for start, end in reversed(_spans(text, place)):
        for side in (asked, asked.turned()):
            with suppress(BadInput):
                if is_clear and not _stands(text, start, end, asked):
                    break
                found = _found(text, start, end, side)
                return (found if side is asked else None), end
    return None, place


def _found(text: str, start: int, end: int, asked: Asked) -> Found:
    try:
        return Found(start, end, read_when(text[start:end], asked))
    except Vague:
        return Found(start, end, None)


def _spans(text: str, place: int) -> list[tuple[int, int]]:
    """Return where texts of nothing but words of dates lie from a place on, the shortest first."""
    spans: list[tuple[int, int]] = []
    start = place
    for word in re.finditer(r"[^\s|]+", text[: place + 120][place:]):
        plain = word[0].casefold()
        if not spans:
            start += len(plain) - len(plain := plain.lstrip("(\"'"))
        bare = plain.rstrip(',;:!?)"')
        if not re.fullmatch(r"[0-9]+\.[0-9]+\.", bare):
            bare = bare.removesuffix(".")
        if not bare or not all(map(_is_known, re.split("(?<=[a-z])-(?=[a-z])", bare))):
            break
        behind = plain[len(bare) :]
        spans.append((start, place + word.end() - len(behind)))
        is_short = (bare in DATE_SIGNS and len(bare) < 5) or bare in {"a.m", "p.m"}  # Dec. 21
        if len(spans) == _LONGEST or behind not in {"", ",", "." if is_short else ""}:
            break
    return spans


def _is_known(word: str) -> bool:
    plain = re.sub("(?<=[a-z])['\u2019]", "", word).replace("\u2019", "'")  # new year's
    return plain in _KNOWN or bool(re.fullmatch(_NUMERIC, plain)) or in_digits([plain]) != [plain]


def _stands(text: str, start: int, end: int, asked: Asked) -> bool:
    """Whether `text[start:end]`, if it is a date, is one beyond doubt."""
    typed, before = text[start:end].casefold(), text[:start].split()
    parts = parts_of_date(typed, asked)
    if parts is None or re.search(_NO_DATE, typed):
        return False
    is_led = bool(_LEADS & {typed.split()[0], *(word.casefold() for word in before[-1:])})
    ends_clause = bool(re.match(_CLAUSE_ENDS, text[end:], re.IGNORECASE))
    if "span" in parts:
        is_noun = re.search(_ADJECTIVE, typed) or text.startswith(" of ", end)
        return not is_noun and bool(parts & {"future", "past"})
    if parts == {"month", "day"}:  # who may 5 times, 12 march in
        return is_led or not re.search("may [0-9]|[0-9] (?:may|mar|march)$", text[start:end])
    is_whole = "year" in parts or parts >= {"month", "day"}
    if parts != {"year"} and (is_whole or parts & {"edge", "which", "future", "past", "away"}):
        return True
    if parts == {"weekday"} and not is_led:  # Ruby Tuesday, Friday Harbor
        is_name = not before or (len(before) == 1 and (before[0][0] + text[start]).isupper())
        return ends_clause and not is_name and len(typed.split()[0]) > 5
    is_placing = before[-1:] == ["in"]  # came in 3rd
    return is_led and (parts != {"day"} or (ends_clause and not is_placing))

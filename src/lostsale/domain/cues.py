"""A sentence as words, and the phrases of `data/sentence.txt` that are in it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lostsale.domain.numbers import VALUES
from lostsale.later import NamedTuple

_DATA = Path(__file__).parents[1] / "data" / "sentence.txt"
_AROUND = ".,;:!?|()[]=<>\"'\u2018\u2019\u201c\u201d\u2013\u2014-\u2026"

_SHORT = {"w": "with", "w/": "with", "frm": "from", "@": "at"}  # as people write them


class TextWord(NamedTuple):
    """A word at `text[start:end]`, without the punctuation around it.

    `plain` is in lower case without apostrophes; `is_capital` says whether it begins with a capital
    or a digit, and `ends` whether a clause or a sentence is over after it.
    """

    start: int
    end: int
    plain: str
    is_capital: bool
    ends: bool


_Phrase = tuple[str, ...]  # of words as the table has them: `a|b`, `(a)`, `*`


def _apart(body: str) -> str:
    for sign in "|()\n":
        body = body.replace(sign, " ")
    return f" {body} "


class _Section(NamedTuple):
    """A section of the table: its lines, and all its words, each with a space on both sides."""

    lines: list[str]
    words: str


@cache
def _sections() -> dict[str, _Section]:
    """Return the sections by name. What they hold is taken apart only for the words of a sentence,
    since a log waits for it."""
    parts = _DATA.read_text(encoding="utf-8").split("\n[")[1:]
    named = (part.split("\n", 1) for part in parts)
    return {
        head[: head.index("]")]: _Section(body.split("\n"), _apart(body)) for head, body in named
    }


@cache
def has_word(section: str, word: str) -> bool:
    """Whether a section has this word, in lower case, anywhere."""
    return bool(word) and f" {word} " in _sections()[section].words


@cache
def _beginning(section: str, word: str) -> list[_Phrase]:
    """Return the phrases of a section that can begin with a word, from that word on."""
    found = []
    for line in _sections()[section].lines if has_word(section, word) else ():
        parts = tuple(line.split()) if word in line else ()
        for place, part in enumerate(parts):
            if _fits(part, word):
                found.append(parts[place:])
            if part[0] != "(":
                break
    return found


@cache
def _fits(part: str, word: str) -> bool:
    words = part.strip("()").split("|")
    is_number = "#" in words and (word.lstrip("$")[:1].isdigit() or word in VALUES)
    return word in words or "*" in words or is_number


class Utterance:
    """A sentence while it is read: its words, and which parts of it were taken for which field. A
    part is taken once. Places are those of words; those after a part are given as its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [_word(text, match) for match in re.finditer(r"[^\s|]+|\|", text)]
        upper = re.finditer(r"[A-Z]{2}[A-Z'&.-]*(?: [A-Z'&.-]+){3,}(?= |$)", text)
        loud = [found.span() for found in upper]  # words in capitals, of which none tells a name
        for place, word in enumerate(self.words):
            if any(start <= word.start < end for start, end in loud):
                self.words[place] = word._replace(is_capital=False)
        for place, word in enumerate(self.words[1:]):
            if word.plain.endswith(":"):
                self.words[place] = self.words[place]._replace(ends=True)
        self.taken: list[tuple[int, int, str]] = []  # from and to, in the text, and the field
        self.unsure: list[str] = []  # fields that have to be asked for
        self.inferred: dict[str, str] = {}  # fields that were put right or put together, and how

    def __len__(self) -> int:
        return len(self.words)

    def at(self, section: str, place: int) -> int:
        """Return the place after the longest phrase of a section at a place, 0 for none."""
        if place >= len(self):
            return 0
        found = _beginning(section, self.words[place].plain)
        return max((self._behind(phrase, place) for phrase in found), default=0)

    def _behind(self, phrase: _Phrase, place: int) -> int:
        if not phrase:
            return place
        part, rest = phrase[0], phrase[1:]
        between = ("lost_on", "amount") if part == "to" else ("lost_on",)
        while self.is_taken(place, *between) and not self.words[place].ends:
            if self.plain(place) == part:
                break
            place += 1  # lost monday to, lost the bid 5k to
        if (plain := self.plain(place)) and _fits(part, plain):
            is_joined = self.plain(place + 1) in {"and", "but", "then"}  # signed, then cancelled
            if is_joined or not self.words[place].ends:
                end = self._behind(rest, place + 1)
            else:
                end = (place + 1) * all(one[0] == "(" for one in rest)
            if end:
                return end
        return self._behind(rest, place) if part[0] == "(" else 0

    def holds(self, section: str, place: int) -> bool:
        """Whether the word at a place is one that a section of single words has."""
        return has_word(section, self.plain(place))

    def is_capital(self, place: int) -> bool:
        """Whether there is a word at a place that begins with a capital or a digit."""
        return 0 <= place < len(self) and self.words[place].is_capital

    def plain(self, place: int) -> str:
        """Return the word at a place, in lower case; nothing where there is none."""
        return self.words[place].plain if 0 <= place < len(self) else ""

    def is_apart(self, place: int) -> bool:
        """Whether a part of the sentence begins at a place, or it is over there."""
        is_inside = 0 < place < len(self) and not self.opens(place)
        return not is_inside or self.words[place - 1].ends or self.is_taken(place - 1)

    def opens(self, place: int) -> bool:
        """Whether a parenthesis begins at a place."""
        return place > 0 and "(" in self.text[self.words[place - 1].end : self.words[place].start]

    def is_label(self, place: int) -> bool:
        """Whether a colon or an equals sign follows the word at a place, or is that."""
        is_sign = 0 <= place < len(self) and self.part(place, place + 1) in {"", "="}
        behind = self.text[self.words[place].end :] if 0 <= place < len(self) else ""
        return behind.lstrip(" ")[:1] == "=" or behind[:1] == ":" or is_sign

    def is_behind(self, section: str, place: int, reach: int) -> bool:
        """Whether a section has one of so many words in front of a place, in the same clause."""
        first = next((at for at in range(place, 0, -1) if self.words[at - 1].ends), 0)
        places = range(max(place - reach, first), place)
        return any(self.holds(section, at) and not self.is_taken(at, "amount") for at in places)

    def places(self, section: str) -> Iterator[tuple[int, int]]:
        """Yield where phrases of a section are in words that were not taken, and their ends."""
        for place in range(len(self)):
            if not self.is_taken(place) and (end := self.at(section, place)):
                yield place, end

    def is_taken(self, place: int, *fields: str, but: str = "") -> bool:
        """Whether a word was taken, for one of these fields, or for any `but` one."""
        if not 0 <= place < len(self):
            return False
        return self.has_taken(self.words[place].start, *fields, but=but)

    def has_taken(self, start: int, *fields: str, but: str = "") -> bool:
        """Whether the part that a place of the text is in was taken, as in `is_taken`."""
        return any(
            begin <= start < end and field != but and (not fields or field in fields)
            for begin, end, field in self.taken
        )

    def is_free(self, place: int, end: int, but: str = "") -> bool:
        """Whether no word of a part was taken, `but` for one field."""
        return not any(self.is_taken(at, but=but) for at in range(place, end))

    def part(self, place: int, end: int) -> str:
        """Return the text of these words."""
        return self.text[self.words[place].start : self.words[end - 1].end]

    def take(self, place: int, end: int, field: str) -> str:
        """Take these words for a field, and return their text."""
        return self.take_text(self.words[place].start, self.words[end - 1].end, field)

    def take_text(self, start: int, end: int, field: str) -> str:
        """Take a part of the text for a field, and return it."""
        self.taken.append((start, end, field))
        return self.text[start:end]

    def took(self, field: str) -> str | None:
        """Return the text that was taken for a field, None for none."""
        return next((self.text[start:end] for start, end, one in self.taken if one == field), None)

    def clause_end(self, place: int) -> int:
        """Return the place after the clause that the word at a place is in."""
        while place < len(self) and not self.words[place].ends:
            place += 1
        return min(place + 1, len(self))

    def capitals_end(self, place: int, last: int | None = None) -> int:
        """Return the place after the capitalized words that begin at a place, at most `last`."""
        while self.is_capital(place) and place != last:
            place += 1
            if self.words[place - 1].ends:
                break
        return place


def take_no_reason(line: Utterance) -> None:
    """Take what gives no reason: that a sale was lost, what is denied, when they were called."""
    for place, end in line.places("status"):
        line.take(place, end, "outcome")
    for place, end in line.places("no reason"):
        if line.is_apart(end):
            line.take(place, end, "denied")
    for place, last in line.places("told before"):
        is_asked = line.plain(place - 1) in {"be", "want", "wants"}  # to be called in october
        end = last
        while (end := line.at("month", end)) and not is_asked:
            line.take(place, end, "denied")


def _word(text: str, match: re.Match[str]) -> TextWord:
    bare = match[0].strip(_AROUND) if re.search(r"[\w&@+#%$]", match[0]) else ""
    start = match.start() + match[0].find(bare)
    end = start + len(bare)
    plain = bare.lower().replace("'", "").replace("\u2019", "").replace("`", "")
    plain = _SHORT.get(plain, plain) if start else plain
    if plain.endswith("in") and has_word("clause", f"{plain}g"):  # goin with
        plain += "g"
    plain += ":" * (text.startswith(":", end) and has_word("label", plain))
    after = text[end : match.end()].strip("'\u2019\"\u201d")
    is_short = "." in after and (  # St., P.F.
        has_word("abbreviated", plain) or all(len(part) == 1 for part in plain.split("."))
    )
    ends = not bare or bool(after.strip(".")) or ("." in after and not is_short)
    # A line in capitals has none, and neither has "I".
    is_upper = bare[:1].isupper() and not text.isupper()
    is_upper = is_upper and bare[:2] not in {"I", "I'", "I\u2019"}
    is_capital = is_upper or bare[:1].isdigit() or bare[:1] in {"&", "#"}
    return TextWord(start, end, plain, is_capital, ends)

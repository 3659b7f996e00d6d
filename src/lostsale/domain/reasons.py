"""Why sales are lost: the codes, the weakness that each shows, what the user makes of them, and
reading `code: their words`. What words alone mean is read in `phrases`, which most commands don't
load. Where reasons are kept isn't known here."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from lostsale.errors import BadInput, nearest
from lostsale.later import NamedTuple

if TYPE_CHECKING:
    from lostsale.domain.phrases import Reading

Word = TypeVar("Word", bound=str)
OTHER = "other"
LONGEST_ALIAS = 100  # letters of words that mean a reason
CODE = r"[^\W\d_][\w-]{0,39}"  # what a code may be, beside one's own wishes


SAID = (
    *("budget", "board", "home-office", "partner", "call-later", "think-it-over", "price"),
    *("satisfied", "bought-elsewhere", "no-reason", OTHER),
)
SIGNALS = ("silence", "delay", "no-show")
REAL = (
    *("price-value", "product-gap", "our-company", "inflexible", "selling", "no-access"),
    *("too-slow", "indecision", "status-quo", "poor-fit", "relationship", "no-money"),
    *("circumstance", OTHER),
)
WeaknessCode = Literal["competitive", "company", "personal", "relationship", "none"]
WEAKNESSES: tuple[WeaknessCode, ...] = get_args(WeaknessCode)
_CODES_OF: dict[WeaknessCode, str] = {
    "competitive": "price-value product-gap",
    "company": "our-company inflexible",
    "personal": "selling no-access too-slow indecision status-quo poor-fit",
    "relationship": "relationship",
}
WEAKNESS_OF = {code: weakness for weakness, codes in _CODES_OF.items() for code in codes.split()}


TextKind = Literal["said", "real", "guess"]  # what a reason is given as
ReasonKind = Literal["said", "real"]  # a guess is of the kind real
REASON_KINDS: tuple[ReasonKind, ...] = get_args(ReasonKind)


def reason_kind(field: str) -> ReasonKind:
    """Return the kind of the codes of a field: `said`, `real`, `heard`, or `guess`."""
    return "said" if field == "said" else "real"


class Reason(NamedTuple):
    """A reason under one code, in the words it was given in, if any.

    `found` says whether lostsale found the code in the words, or the user gave it; None where
    nobody wrote that down, as before 0.2.0: then the journal works it out.
    """

    code: str
    words: str | None = None
    found: bool | None = None


def code_and_words(code: str, words: str | None) -> str:
    """Return a reason as one would type it: `code: words`."""
    return f"{code}: {words}" if words else code


class Code(NamedTuple):
    """What the user made of a code of `kind` said or real: a code of their own, with another
    weakness, or only another name of the code `alias_of`."""

    code: str
    kind: ReasonKind
    weakness: WeaknessCode | None = None
    alias_of: str | None = None


class Vocabulary:
    """The codes in force, lostsale's and the user's own: `said` and `real`, `weakness_of` with what
    each real one shows; `own` are those that the user made.

    A change keeps the code that it was written with. `current` says what that code is called now,
    and `resolve` which code the reason is under in the journal.
    """

    def __init__(self, own: Iterable[Code] = ()) -> None:
        self.own = tuple(own)
        codes = {code.code: code for code in self.own}
        aliases = {code.code: code.alias_of for code in codes.values() if code.alias_of}
        self._current = {alias: _followed(alias, aliases) for alias in aliases}
        self._words: dict[str, dict[str, list[str]]] = {"said": {}, "real": {}}
        for alias, name in self._current.items():
            self._words[codes[alias].kind].setdefault(name, []).append(alias)
        self.said, self.real = (
            tuple(
                dict.fromkeys(
                    map(self.current, (*known, *(c for c in codes if codes[c].kind == kind)))
                )
            )
            for kind, known in (("said", SAID), ("real", REAL))
        )
        own_weakness = {code.code: code.weakness for code in codes.values() if code.weakness}
        shows = WEAKNESS_OF | own_weakness
        self.weakness_of = {
            code: shows[code] for code in self.real if shows.get(code, "none") != "none"
        }

    def of(self, kind: ReasonKind) -> tuple[str, ...]:
        """Return the codes of a kind."""
        return self.said if kind == "said" else self.real

    def named(self, kind: ReasonKind) -> tuple[str, ...]:
        """Return the codes of a kind that are called what the user calls them."""
        return tuple(code for code in self.of(kind) if code not in {*SAID, *REAL})

    def current(self, code: str) -> str:
        """Return what a code is called now."""
        return self._current.get(code, code)

    def resolve(self, kind: ReasonKind, code: str, words: str | None, *, found: bool) -> str:
        """Return the code that a reason is under today: what its words are another name of,
        unless the user gave the code; else what the code is called now."""
        aliases = self._words[kind]
        if words and aliases and (found or code == OTHER):
            plain = _plain(words)
            if code == OTHER:
                return _phrased(plain, aliases.items()) or OTHER
            for name, phrases in aliases.items():
                if any(plain == _plain(phrase) for phrase in phrases):
                    return name
        return self._current.get(code, code)

    def moved(self, to: "Vocabulary") -> tuple[frozenset[str], frozenset[str]]:
        """Return what tells a reason that `to` may resolve otherwise: the code that it resolves to
        here, or a phrase in its words."""
        names = {code.code for code in (*self.own, *to.own)}
        moved = {name for name in names if self.alias_of(name) != to.alias_of(name)}
        return frozenset(map(self.current, moved)), frozenset(map(plain_words, moved))

    def alias_of(self, name: str) -> str | None:
        """Return the code that a name or words mean, None if they aren't an alias."""
        return self._current.get(name)

    def names(self, code: str) -> list[str]:
        """Return a code with the other names that losses may have been written with."""
        return [code, *(alias for alias, name in self._current.items() if name == code != alias)]


def _followed(code: str, aliases: dict[str, str]) -> str:
    seen = [code]
    while (name := aliases.get(seen[-1])) and name not in seen:
        seen.append(name)
    # Two machines may each have renamed one to the other: then both take the same of them.
    return min(seen[seen.index(name) :]) if name else seen[-1]


PLAIN = Vocabulary()


def read(
    text: str, kind: TextKind, vocabulary: Vocabulary = PLAIN
) -> "tuple[Reason, Reading | None]":
    """Return a reason, typed as `code: words`, `code`, or just words, and how the words were read,
    None where the code was given. What the user says that words mean is resolved in the journal,
    so that it can be changed. Raises BadInput for an empty text."""
    text = text.strip()
    if not text:
        raise BadInput("A reason is empty", "Write a code, or what they said")
    if given := given_code(text, kind, vocabulary):
        return given, None
    reading = understood(text, kind, vocabulary)
    return Reason(reading.code, text, found=True), reading


def given_code(text: str, kind: TextKind, vocabulary: Vocabulary = PLAIN) -> Reason | None:
    """Return the reason that a text gives as `code` or `code: words`, with what the code of the
    other list stands for in this one; None if it's just words."""
    before, colon, words = text.partition(":")
    # Without a colon, "too slow" is what was said, and kept.
    typed = ("-".join(before.split()) if colon else text.strip()).casefold()
    code = vocabulary.current(typed)
    is_code = code in vocabulary.of(reason_kind(kind))
    if colon and not is_code and typed in {*SAID, *REAL}:
        from lostsale.domain.phrases import partner

        code = vocabulary.current(partner(typed, reason_kind(kind)) or "")
        is_code = bool(code)
    return Reason(code, words.strip() or None, found=False) if is_code else None


def coded(text: str, vocabulary: Vocabulary = PLAIN) -> "tuple[Reason, Reading | None]":
    """Return what another program gives as the reason, its words exactly, and how they were
    read, None where they begin with a code."""
    reason, reading = read(text, "guess", vocabulary)
    return Reason(reason.code, text, found=True), reading


def understood(text: str, kind: TextKind, vocabulary: Vocabulary) -> "Reading":
    """Return what words mean, under codes by their names of today."""
    from lostsale.domain.phrases import read_reason

    codes = sorted(vocabulary.named(reason_kind(kind)))  # in whichever order they were made
    reading = read_reason(text, reason_kind(kind), codes)
    if not vocabulary.own:
        return reading
    suggested = dict.fromkeys(map(vocabulary.current, reading.suggested))
    code = vocabulary.current(reading.code)
    return reading._replace(code=code, suggested=tuple(one for one in suggested if one != code))


@lru_cache(maxsize=1_000)
def suggested(kind: TextKind, reason: Reason, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the likeliest codes of a reason that is under `other`, as its words are unclear;
    none for any other, where `other` was given, and for words that give no reason."""
    if reason.code != OTHER or not reason.words or not reason.found:
        return ()
    reading = understood(reason.words, kind, vocabulary)
    return () if reading.is_sure or reading.answer != "reason" else reading.suggested


def remembered(text: str, kind: ReasonKind, code: str) -> Code | None:
    """Return that words mean a code from now on; None for words that can't, as they are too many or
    the name of a code, and for `other`."""
    phrase = plain_words(text)
    is_name = "-".join(phrase.split()) in {*SAID, *REAL, *SIGNALS}
    can = 0 < len(phrase) <= LONGEST_ALIAS and not is_name and code != OTHER
    return Code(phrase, kind, None, code) if can else None


def read_signal(text: str, vocabulary: Vocabulary = PLAIN) -> str:
    """Return the code of a signal that came before the no. Raises BadInput."""
    return read_code(text, (*SIGNALS, *vocabulary.said), "signal", vocabulary)


def read_code(text: str, known: Iterable[str], what: str, vocabulary: Vocabulary = PLAIN) -> str:
    """Return the code that `text` is, by its name of today. Raises BadInput."""
    code = "-".join(text.casefold().split())
    return one_of(vocabulary.current(code), known, what)


def one_of(text: str, known: Iterable[Word], what: str) -> Word:
    """Return `text` as one of the known words. Raises BadInput that names the nearest."""
    code = "-".join(text.casefold().split())
    words = list(known)
    for word in words:
        if word == code:
            return word
    raise BadInput(f'There\'s no {what} "{text[:40]}"', nearest(code, words))


def _phrased(plain: str, codes: Iterable[tuple[str, Iterable[str]]]) -> str | None:
    """Return the code of which a phrase is first in a text, the longest of those."""
    places = [
        (plain.find(_plain(phrase)), -len(phrase), code)
        for code, phrases in codes
        for phrase in phrases
    ]
    found = min((place for place in places if place[0] >= 0), default=None)
    return found[2] if found else None


def plain_words(text: str) -> str:
    """Return the words of `text` in lower case, with a space between them."""
    return _plain(text).strip()


def _plain(text: str) -> str:
    """Return the words of `text`, in lower case, each with a space on both sides."""
    words = re.findall(r"[\w']+", text.casefold().replace("\u2019", "'"))
    return " ".join(["", *words, ""])

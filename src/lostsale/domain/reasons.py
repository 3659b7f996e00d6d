"""Why sales are lost: the codes, the phrases that name each, the weakness that it shows, what the
user makes of them, and reading `code: their words`. Where they are kept is not known here."""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar, get_args

from lostsale.errors import BadInput, nearest

Word = TypeVar("Word", bound=str)
OTHER = "other"
CODE = re.compile(r"[^\W\d_][\w-]{0,39}")  # what a code may be, beside one's own wishes


def _table(phrases: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(filter(None, text.split("|"))) for code, text in phrases.items()}


# Each code with plain phrases that name it; the code itself, hyphens as spaces, always does.
SAID = _table(
    {
        "budget": "over budget|can't afford|cannot afford|no money|no funds",
        "board": "committee|the management|upstairs",
        "home-office": "head office|headquarters|corporate|hq",
        "partner": "my wife|my husband|my spouse|co-owner|business partner",
        "call-later": "call me|call back|next week|next month|next quarter|next year|later",
        "think-it-over": "think about it|think it through|sleep on it|consider it",
        "price": "too expensive|too dear|too much money|expensive|cheaper|costs too much",
        "satisfied": "happy with|content with|no need|don't need|all set",
        "bought-elsewhere": "went with|chose|bought from|other supplier|competitor",
        "no-reason": "no reason given|just no|not interested",
        OTHER: "",
    }
)
SIGNALS = ("silence", "delay", "no-show")
REAL = _table(
    {
        "price-value": "too dear|too expensive|price|cheaper|not worth it|a month less",
        "product-gap": "missing feature|missing features|doesn't do|does not do|lacks|lacked",
        "our-company": "trust|terms|delivery|stock|out of stock|reputation|references",
        "inflexible": "wouldn't budge|would not budge|no exceptions|rigid",
        "selling": "didn't listen|did not listen|pushy|never followed up|no follow-up",
        "no-access": "never met|signs|decision maker|never reached|not the one who decides",
        "too-slow": "too late|slow|took too long|already ordered|we'd ordered",
        "indecision": "couldn't decide|could not decide|undecided|no decision|stalled",
        "status-quo": "stay as they are|keep what they have|do nothing|no change",
        "poor-fit": "no fit|not a fit|wrong fit|too big for them|too small for them",
        "relationship": "friend|brother|brother-in-law|cousin|incumbent|old supplier",
        "no-money": "no budget|budget|bankrupt|can't afford|cannot afford|no funds",
        "circumstance": "merger|merged|moved away|closed down|layoffs|reorganisation",
        OTHER: "",
    }
)
# What other programs offer to choose from, where it names no code by itself. These phrases are too
# short to be looked for in what somebody writes.
PICKLIST = _table(
    {
        "price-value": "cost|costs|pricing|discount|roi|too costly|no value",
        "product-gap": "feature|features|functionality|functionalities|product|integration"
        "|competitor|competition|competitors|out-sold|outsold|lost to",
        "our-company": "contract|legal|lead time|support|service|security",
        "inflexible": "payment|flexibility",
        "selling": "follow up|sales process|no follow up|proposal|demo",
        "no-access": "doesn't answer|does not answer|didn't answer|no answer|no response|no reply"
        "|not responding|unresponsive|non responsive|unreachable|ghosted|can't reach|cannot reach"
        "|couldn't reach|could not reach|not reachable|went dark|went silent|went cold"
        "|lost contact|authority|wrong contact|lost champion|champion left|no champion"
        "|stopped responding|no contact",
        "too-slow": "response time",
        "indecision": "no decision|decision|momentum|lost interest|not interested|no interest"
        "|no urgency|not a priority|no priority|priority|priorities",
        "status-quo": "current solution|current vendor|current supplier|current system|no need"
        "|in house|inhouse|internal|build|built|diy|status quo|happy with",
        "poor-fit": "fit|not qualified|unqualified|disqualified|bad lead|wrong target|too small"
        "|too large|out of scope|not suitable",
        "relationship": "existing relationship|existing vendor|existing supplier|nepotism",
        "no-money": "funding|funds|money|finance|financing|afford",
        "circumstance": "timing|bad timing|time frame|timeline|not now|postponed|on hold|deferred"
        "|cancelled|canceled|cancellation|project cancelled|acquired|acquisition|bankruptcy"
        "|restructuring|reorganization|went out of business|out of business|season|regulation"
        "|policy",
    }
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


ReasonKind = Literal["said", "real"]  # a guess is of the kind real
REASON_KINDS: tuple[ReasonKind, ...] = get_args(ReasonKind)


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

    @property
    def is_words(self) -> bool:
        """Whether it is another name as somebody writes it, and not a code of lostsale's that was
        renamed."""
        return self.alias_of is not None and self.code not in {*SAID, *REAL}


class Vocabulary:
    """The codes in force, lostsale's and the user's own: `said` and `real` with the phrases that
    name each, `weakness_of` with what each real one shows; `own` are those that the user made.

    A change keeps the code that it was written with. `current` says what that code is called now,
    and `resolve` which code the reason stands under in the journal.
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
            self._phrases(known, [code for code in codes.values() if code.kind == kind])
            for kind, known in (("said", SAID), ("real", REAL))
        )
        own_weakness = {code.code: code.weakness for code in codes.values() if code.weakness}
        shows = WEAKNESS_OF | own_weakness
        self.weakness_of = {
            code: shows[code] for code in self.real if shows.get(code, "none") != "none"
        }

    def _phrases(
        self, known: dict[str, tuple[str, ...]], own: list[Code]
    ) -> dict[str, tuple[str, ...]]:
        phrases = {code: known.get(code, ()) for code in [*known, *(code.code for code in own)]}
        for alias in [code for code in phrases if self.current(code) != code]:
            name = self.current(alias)
            phrases[name] = (*phrases.get(name, ()), *phrases.pop(alias), alias)
        return phrases

    def current(self, code: str) -> str:
        """Return what a code is called now."""
        return self._current.get(code, code)

    @cached_property
    def without_aliases(self) -> "Vocabulary":
        """The same codes, without their other names."""
        return Vocabulary(code for code in self.own if not code.alias_of)

    def resolve(self, kind: ReasonKind, code: str, words: str | None, *, found: bool) -> str:
        """Return the code that a reason stands under today: what its words are another name of,
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


def read_said(text: str, vocabulary: Vocabulary = PLAIN) -> Reason:
    """Return what the prospect said. Raises BadInput for an unknown code before a colon."""
    return _read(text, vocabulary.said, vocabulary)


def read_real(text: str, vocabulary: Vocabulary = PLAIN) -> Reason:
    """Return a real or guessed reason. Raises BadInput for an unknown code before a colon."""
    return _read(text, vocabulary.real, vocabulary)


def coded(text: str, vocabulary: Vocabulary = PLAIN) -> Reason:
    """Return what another program gives as the reason: its words to the letter, under the code that
    they name, or that programs offer such words for. What the user says that words mean is resolved
    in the journal, so that it can be said anew."""
    plain = vocabulary.without_aliases
    code = _named_in(text, plain.real, plain)
    if code is None:
        code = _phrased(_plain(text), PICKLIST.items())
    return Reason(vocabulary.current(code or OTHER), text, found=True)


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
    raise BadInput(f'"{text[:40]}" is no {what}', nearest(code, words))


def _read(text: str, codes: dict[str, tuple[str, ...]], vocabulary: Vocabulary) -> Reason:
    text = text.strip()
    if not text:
        raise BadInput("A reason is empty", "Write a code, or what they said")
    before, colon, words = text.partition(":")
    code = vocabulary.current(before.strip().casefold())
    if code in codes:
        return Reason(code, words.strip() or None, found=False)
    if colon and CODE.fullmatch(code) and not words.startswith("/"):
        raise BadInput(f'"{before[:40]}" is no reason', nearest(code, codes))
    return Reason(_named_in(text, codes, vocabulary) or OTHER, text, found=True)


def _named_in(text: str, codes: dict[str, tuple[str, ...]], vocabulary: Vocabulary) -> str | None:
    """Return the code that `text` names first, by itself or, failing that, by one of its
    phrases."""
    plain = _plain(text)
    own_names = ((code, vocabulary.names(code)) for code in codes if code != OTHER)
    return _phrased(plain, own_names) or _phrased(plain, codes.items())


def _phrased(plain: str, codes: Iterable[tuple[str, Iterable[str]]]) -> str | None:
    """Return the code of which a phrase stands first in a text, the longest of those."""
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

"""Why sales are lost: the codes, the weakness that each shows, and reading `code: their words`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from lostsale.errors import BadInput, nearest

OTHER = "other"

# Each code with plain phrases that name it; the code itself, hyphens as spaces, always does.
SAID = {
    "budget": ("over budget", "can't afford", "cannot afford", "no money", "no funds"),
    "board": ("committee", "the management", "upstairs"),
    "home-office": ("head office", "headquarters", "corporate", "hq"),
    "partner": ("my wife", "my husband", "my spouse", "co-owner", "business partner"),
    "call-later": (
        "call me",
        "call back",
        "next week",
        "next month",
        "next quarter",
        "next year",
        "later",
    ),
    "think-it-over": ("think about it", "think it through", "sleep on it", "consider it"),
    "price": (
        "too expensive",
        "too dear",
        "too much money",
        "expensive",
        "cheaper",
        "costs too much",
    ),
    "satisfied": ("happy with", "content with", "no need", "don't need", "all set"),
    "bought-elsewhere": ("went with", "chose", "bought from", "other supplier", "competitor"),
    "no-reason": ("no reason given", "just no", "not interested"),
    OTHER: (),
}
SIGNALS = ("silence", "delay", "no-show")
REAL = {
    "price-value": (
        "too dear",
        "too expensive",
        "price",
        "cheaper",
        "not worth it",
        "a month less",
    ),
    "product-gap": (
        "missing feature",
        "missing features",
        "doesn't do",
        "does not do",
        "lacks",
        "lacked",
    ),
    "our-company": (
        "trust",
        "terms",
        "delivery",
        "stock",
        "out of stock",
        "reputation",
        "references",
    ),
    "inflexible": ("wouldn't budge", "would not budge", "no exceptions", "rigid"),
    "selling": ("didn't listen", "did not listen", "pushy", "never followed up", "no follow-up"),
    "no-access": (
        "never met",
        "signs",
        "decision maker",
        "never reached",
        "not the one who decides",
    ),
    "too-slow": ("too late", "slow", "took too long", "already ordered", "we'd ordered"),
    "indecision": ("couldn't decide", "could not decide", "undecided", "no decision", "stalled"),
    "status-quo": ("stay as they are", "keep what they have", "do nothing", "no change"),
    "poor-fit": ("no fit", "not a fit", "wrong fit", "too big for them", "too small for them"),
    "relationship": ("friend", "brother", "brother-in-law", "cousin", "incumbent", "old supplier"),
    "no-money": ("no budget", "budget", "bankrupt", "can't afford", "cannot afford", "no funds"),
    "circumstance": ("merger", "merged", "moved away", "closed down", "layoffs", "reorganisation"),
    OTHER: (),
}
WEAKNESS_OF = {
    "price-value": "competitive",
    "product-gap": "competitive",
    "our-company": "company",
    "inflexible": "company",
    "selling": "personal",
    "no-access": "personal",
    "too-slow": "personal",
    "indecision": "personal",
    "status-quo": "personal",
    "poor-fit": "personal",
    "relationship": "relationship",
}
WEAKNESSES = ("competitive", "company", "personal", "relationship", "none")


class Reason(NamedTuple):
    """A reason under one code, in the words it was given in, if any."""

    code: str
    words: str | None = None


def read_said(text: str) -> Reason:
    """Return what the prospect said. Raises BadInput for an unknown code before a colon."""
    return _read(text, SAID)


def read_real(text: str) -> Reason:
    """Return a real or guessed reason. Raises BadInput for an unknown code before a colon."""
    return _read(text, REAL)


def read_signal(text: str) -> str:
    """Return the code of a signal that came before the no. Raises BadInput."""
    return one_of(text, (*SIGNALS, *SAID), "signal")


def one_of(text: str, known: Iterable[str], what: str) -> str:
    """Return `text` as one of the known words. Raises BadInput that names the nearest."""
    code = "-".join(text.casefold().split())
    codes = list(known)
    if code in codes:
        return code
    raise BadInput(f'"{text[:40]}" is no {what}', _nearest(code, codes))


def _nearest(code: str, codes: list[str]) -> str:
    return nearest(code, codes, f"Known: {', '.join(codes)}")


def _read(text: str, vocabulary: dict[str, tuple[str, ...]]) -> Reason:
    text = text.strip()
    if not text:
        raise BadInput("A reason is empty", "Write a code, or what they said")
    before, colon, words = text.partition(":")
    code = before.strip().casefold()
    if code in vocabulary:
        return Reason(code, words.strip() or None)
    if colon and re.fullmatch(r"[a-z][a-z-]*", code) and not words.startswith("/"):
        raise BadInput(f'"{before[:40]}" is no reason', _nearest(code, list(vocabulary)))
    return Reason(_named_in(text, vocabulary) or OTHER, text)


def _named_in(text: str, vocabulary: dict[str, tuple[str, ...]]) -> str | None:
    """Return the code that `text` names first, by itself or, failing that, by one of its
    phrases."""
    plain = _plain(text)
    own_names = ((code, (code,)) for code in vocabulary if code != OTHER)
    for names in (own_names, vocabulary.items()):
        places = [
            (plain.find(_plain(phrase)), -len(phrase), code)
            for code, phrases in names
            for phrase in phrases
        ]
        found = min((place for place in places if place[0] >= 0), default=None)
        if found:
            return found[2]
    return None


def _plain(text: str) -> str:
    """Return the words of `text`, in lower case, each with a space on both sides."""
    words = re.findall(r"[\w']+", text.casefold().replace("\u2019", "'"))
    return " ".join(["", *words, ""])

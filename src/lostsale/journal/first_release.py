"""How 0.1.0 read reasons, by `data/first_release.json`: never to be changed.

Its changes and its exports do not say whether a code was found in the words or given by the user,
so that is worked out from what it would have found.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from lostsale.domain.reasons import ReasonKind


def was_found(kind: ReasonKind, code: str, words: str | None) -> bool:
    """Whether 0.1.0 found the code in the words, typed or imported."""
    return words is not None and code in _codes_in(kind, words)


@lru_cache(maxsize=64)  # a loss is folded twice when it is written: to be checked, too
def _codes_in(kind: ReasonKind, words: str) -> set[str]:
    """Return what 0.1.0 made of words, as they were typed and, of a real reason, imported."""
    plain = _plain(words)
    typed = _first(plain, _OWN_NAMES[kind]) or _first(plain, _PHRASES[kind]) or "other"
    if kind == "said" or typed != "other":
        return {typed}
    return {typed, _first(plain, _OFFERED) or "other"}


def _first(plain: str, phrases: list[tuple[str, str]]) -> str | None:
    """Return the code of the phrase that is first in a text, the longest of those."""
    there = [(phrase, code) for phrase, code in phrases if phrase in plain]
    return (
        min((plain.find(phrase), -len(phrase), code) for phrase, code in there)[2]
        if there
        else None
    )


def _plain(text: str) -> str:
    words = re.findall(r"[\w']+", text.casefold().replace("\u2019", "'"))
    return " ".join(["", *words, ""])


def _pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(_plain(phrase), code) for code, phrases in table.items() for phrase in phrases]


_TABLES = json.loads((Path(__file__).parents[1] / "data" / "first_release.json").read_bytes())
_PHRASES = {kind: _pairs(_TABLES[kind]) for kind in ("said", "real")}
# What other programs offer to choose from: looked for where none of the others is.
_OFFERED = _pairs(_TABLES["offered"])
# A code itself, hyphens as spaces, goes before all phrases.
_OWN_NAMES = {
    kind: [(_plain(code), code) for code in _TABLES[kind] if code != "other"]
    for kind in ("said", "real")
}

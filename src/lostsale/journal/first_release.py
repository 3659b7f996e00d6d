"""How 0.1.0 read reasons, never to be changed.

Its changes and its exports do not say whether a code was found in the words or given by the user,
so that is worked out from what it would have found.
"""

import re
from functools import lru_cache

from lostsale.domain.reasons import ReasonKind

_SAID = {
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
    "other": "",
}
_REAL = {
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
    "other": "",
}
# What other programs offer to choose from: looked for where none of the above is.
_PICKLIST = {
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
    """Return the code of the phrase that stands first in a text, the longest of those."""
    there = [(phrase, code) for phrase, code in phrases if phrase in plain]
    return (
        min((plain.find(phrase), -len(phrase), code) for phrase, code in there)[2]
        if there
        else None
    )


def _plain(text: str) -> str:
    words = re.findall(r"[\w']+", text.casefold().replace("\u2019", "'"))
    return " ".join(["", *words, ""])


def _pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(_plain(p), code) for code, phrases in table.items() for p in phrases.split("|") if p]


_PHRASES = {"said": _pairs(_SAID), "real": _pairs(_REAL)}
_OFFERED = _pairs(_PICKLIST)
# A code itself, hyphens as spaces, goes before all phrases.
_OWN_NAMES = {
    kind: [(_plain(code), code) for code in table if code != "other"]
    for kind, table in (("said", _SAID), ("real", _REAL))
}

"""Reading why a sale was lost from the words that people use. The words, the phrases, and what the
codes mean are data: `words.txt`, `said.txt`, `real.txt`, `codes.txt`, and `languages.txt` in
`data/` say how they are written.

A log waits for this, so no table is taken apart as a whole: a file stays one string, in which the
entries that begin or end with a word of the text are looked up.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from lostsale.domain.phrase_index import entries, is_known, paired_entries, spelled
from lostsale.later import NamedTuple

_Table = Literal["said", "real"]  # a guess is read with the codes of real
Answer = Literal["reason", "open", "would-not-say"]
Ending = Literal["competitor", "no-decision", "cancelled", "mistake"]

_OTHER, _NO_REASON = "other", "no-reason"
OFFERED = 3
MAX_GAP = 2  # other words that may be between those of a phrase
_MISLED = 8  # percent, for each of a match's length, by which words must lead to deny it
_CLEAR = 35  # percent by which they must lead to do without a match
_VOICE = 15  # percent from which on a word speaks for a code
_TELLING = 4  # length of a phrase above which it needs no word that speaks for its code
PROSE = 40  # words from which on a text is a story, of which only the stated cause is read

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:st|nd|rd|th)\b|\d+(?:[.,/]\d+)*|%|[.;!?\n,:()]|\u2013|\u2014")
_SENTENCE = 3  # words in lower case that a title hardly has
_STOPS, _PAUSES = ".;!?\n", ",:()\u2013\u2014"
_TURNS = frozenset({"but", "because", "although"})
_DENIALS = frozenset({"not", "no"})
_DENYING = _DENIALS | {"cant", "wont", "nobody", "nothing"}  # a phrase with one denies by itself


class Reading(NamedTuple):
    """What a text says about why a sale was lost."""

    #: The reason's code; `other` where none was found, or several are as likely.
    code: str
    #: Whether the code can be kept without asking.
    is_sure: bool
    #: Other likely codes, best first, at most three, never `other`.
    suggested: tuple[str, ...] = ()
    #: How the sale ended, if the text says so.
    outcome: Ending | None = None
    #: Who got the order, if the text names them.
    lost_to: str | None = None
    #: `open` if the text gives no reason (nobody knows, or it only says how the sale ended),
    #: `would-not-say` if they refused to give one.
    answer: Answer = "reason"


# Up to where a thought ends: its rank, greater after "but" and "because", less after "although",
# and its head words.
_Clause = tuple[int, list[str]]


class _Match(NamedTuple):
    """A phrase found in a text; the greatest says most."""

    rank: int  # of its clause
    tells: bool  # has a word that speaks for the code by itself
    length: int  # two for a word, one for a light one
    place: int  # of its last word
    code: str
    start: int  # of its first word

    def covers(self, other: "_Match") -> bool:
        """Whether it is the whole of what another is a part of: "already decided" of "decided"."""
        is_around = self.start <= other.start and other.place <= self.place
        return is_around and self.length > other.length and self.tells >= other.tells


def read_reason(text: str, kind: _Table, codes: Collection[str] = ()) -> Reading:
    """Return what `text` says as a reason of `kind`. Of `codes`, the user's own, each counts where
    its name stands as a word and isn't denied."""
    words = _words(text)
    plain = [word for word in words if word[0].isalnum()]
    lost_to = _named(text)
    if codes and (own := _own_code(plain, kind, codes)):
        return Reading(own, is_sure=True, lost_to=lost_to)
    name = frozenset(_heads(folded_words(lost_to or ""), "english"))
    language = _language(plain)
    heads = _heads(words if language else _words(_without_names(text)), language or "english")
    reading = _read(heads, kind, name, is_prose=len(plain) > PROSE)
    if lost_to:
        reading = reading._replace(lost_to=lost_to, outcome=reading.outcome or "competitor")
    return reading


def folded_words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: lower case, without apostrophes, accents,
    and punctuation."""
    return [word for word in _words(text) if word[0].isalnum()]


def partner(code: str, kind: _Table) -> str | None:
    """Return the code of `kind` that stands for what a code of the other list does, if one does."""
    return next(iter(entries(f"partner {kind}", code)), None)


def _read(heads: list[str], table: str, name: frozenset[str], *, is_prose: bool) -> Reading:
    clauses = list(_clauses(heads, is_prose=is_prose))
    said = [head for _, heads in clauses for head in heads]
    present = set(said)
    stated = {" ".join(heads) for rank, heads in clauses if rank > 0 or not is_prose}
    picks = list(_phrases(f"picklist {table}", "", present))
    phrases = [pick for pick in picks if pick[0] in stated]
    phrases += [phrase for word in present for phrase in _phrases(table, word, present)]
    matches = _strongest(_matches(phrases, clauses, f"telling {table}"), table)
    hints = _matches(picks, clauses)
    outcome, answer = (
        next((match.code for match in _matches(_phrases(section, "", present), clauses)), None)
        for section in ("outcome", "answers")
    )
    rest = present.difference(name, entries("words", "light"), entries("words", "outcome"))
    told = present.difference(name, entries("words", "light"), {"9"})  # a number says nothing
    shares = _weighed(clauses, table, told)
    code = dict(picks).get(" ".join(said), _OTHER)
    if code == _OTHER:
        is_whole = bool(matches) and told & _clause_of(clauses, matches[0]) <= {
            *said[matches[0].start : matches[0].place + 1]
        }
        code = _weightiest(matches, shares, is_prose=is_prose, is_whole=is_whole)
    if answer == "would-not-say" and table == "real" and code != _OTHER:
        # "Just not interested, won't say": what they gave isn't a reason either.
        matches = (
            [] if _read(heads, "said", name, is_prose=is_prose).code == _NO_REASON else matches
        )
        code, rest = (code, rest) if matches else (_OTHER, set())
    ranked = [match.code for match in (*matches, *hints)] + list(shares)
    ranked += [near for found in (*ranked, _OTHER) for near in entries(f"near {table}", found)]
    is_reason = code != _OTHER or matches or (rest and not answer)
    likely = dict.fromkeys(found for found in ranked if found not in {code, _OTHER})
    return Reading(
        code=code,
        is_sure=code != _OTHER or said == [_OTHER],
        suggested=tuple(likely)[:OFFERED],
        outcome=outcome,  # type: ignore[arg-type] # a test holds it
        answer="reason" if is_reason else answer or "open",  # type: ignore[arg-type] # as above
    )


def _clause_of(clauses: list[_Clause], match: _Match) -> set[str]:
    """Return the words of the clause that a match is in."""
    begin = 0
    for _, heads in clauses:
        if match.start < begin + len(heads):
            return set(heads)
        begin += len(heads)
    return set()


def _weighed(clauses: list[_Clause], table: str, words: set[str]) -> dict[str, list[int]]:
    """Return how much the words of the clauses of the highest rank speak for each code, most first:
    the share, in percent, that the code has of the phrases that each of them is in."""
    highest = max((rank for rank, _ in clauses), default=0)
    shares: dict[str, list[int]] = {}
    for word in {word for rank, heads in clauses if rank == highest for word in heads} & words:
        for code, share in paired_entries(f"weight {table}", word):
            shares.setdefault(code, []).append(int(share))
    return dict(sorted(shares.items(), key=lambda item: (-sum(item[1]), item[0])))


def _weightiest(
    matches: list[_Match], shares: dict[str, list[int]], *, is_prose: bool, is_whole: bool
) -> str:
    """Return the code of the first match, if it is sure and is the whole text or the words together
    don't speak for another; where none is sure, the code that several words clearly speak for."""
    is_told = bool(matches) and _is_sure(matches, is_prose=is_prose)
    code = matches[0].code if is_told else next(iter(shares), _OTHER)
    of_code, *rest = shares.get(code, []), *(shares[other] for other in shares if other != code)
    lead = sum(of_code) - max(map(sum, rest), default=0)
    if is_told:
        return code if is_whole or lead >= -_MISLED * matches[0].length else _OTHER
    is_clear = lead >= _CLEAR and sum(share >= _VOICE for share in of_code) > 1
    is_open = not is_prose and all(match.code != _OTHER for match in matches)
    return code if is_clear and is_open else _OTHER


def _strongest(matches: list[_Match], table: str) -> list[_Match]:
    """Leave out what gives way to a reason that is told beside it: who wants to think it over and
    has no budget has no budget."""
    weak = entries("yields", table)
    ranks = {code: place for place, code in enumerate(weak, 1)}
    told = [match for match in matches if match.tells and match.rank == matches[0].rank]
    strongest = min((ranks.get(match.code, 0) for match in told), default=len(weak))
    return [match for match in matches if ranks.get(match.code, 0) <= strongest]


def _is_sure(matches: list[_Match], *, is_prose: bool) -> bool:
    """Whether the first match says more than those of other codes: by itself, or, where they say as
    much, by what else speaks for its code. What doesn't tell may be a word longer."""
    best, support = matches[0], Counter[str]()
    for match in matches:
        support[match.code] += match.length * match.tells
    rivals = (match for match in matches if match.rank == best.rank and match.code != best.code)
    is_clear = all(
        (match[1:3], support[match.code]) < (best[1:3], support[best.code])
        and match.length <= best.length + (not match.tells)
        for match in rivals
    )
    return best.tells and is_clear and (best.rank > 0 or not is_prose)


def _matches(
    phrases: Iterable[tuple[str, str]], clauses: list[_Clause], telling: str = ""
) -> list[_Match]:
    """Return the phrases, each with its code, that run through a clause, the greatest first."""
    found, light = [], entries("words", "light")
    for phrase, code in phrases:
        words = phrase.split()
        length = sum(1 if word in light else 2 for word in words)
        tells = bool(telling) and (
            length > _TELLING or any(code in entries(telling, word) for word in words)
        )
        place = 0
        for rank, heads in clauses:
            if span := _found(words, heads):
                start, end = span
                found.append(_Match(rank, tells, length, place + end, code, place + start))
            place += len(heads)
    whole = [match for match in found if not any(other.covers(match) for other in found)]
    return sorted(whole, reverse=True)


def _found(phrase: list[str], heads: list[str]) -> tuple[int, int] | None:
    """Return the last places from which and to which a phrase runs that isn't denied."""
    light = entries("words", "light")
    for start in reversed([at for at, head in enumerate(heads) if head == phrase[0]]):
        end, gap, rest = start, 0, phrase[1:]
        while rest and end + 1 < len(heads) and gap <= MAX_GAP:
            end += 1
            if heads[end] == rest[0]:
                rest, gap = rest[1:], 0
            else:
                gap += MAX_GAP + 1 if heads[end] in _DENIALS else heads[end] not in light
        if not rest and not _denied(phrase, heads, start, end):
            return start, end
    return None


def _denied(phrase: list[str], heads: list[str], start: int, end: int) -> bool:
    light = entries("words", "light")
    before = [head for head in heads[:start] if head not in light][-2:]
    after = [head for head in heads[end + 1 :] if head not in light][:4]
    if "issue" in after and "not" in [phrase[-1], *after[: after.index("issue")]]:
        return True
    if after[:1] == ["issue"] and phrase[0] in _DENIALS:
        return True  # never a delivery problem
    if not _DENYING.isdisjoint(phrase):
        return phrase[0] not in _DENYING and not _DENIALS.isdisjoint(before[-1:])
    return not _DENIALS.isdisjoint(before) or (
        len(phrase) == 1 and after[:1] in (["fine"], ["love"])
    )


def _clauses(heads: list[str], *, is_prose: bool) -> Iterator[_Clause]:
    """Split a text where a thought ends. What follows "but" or "because" ranks above what stands
    before, and what follows "although" below everything; in prose a cause alone ranks."""
    marks = rank = 0
    clause: list[str] = []
    for head in [*heads, "."]:
        if head not in _TURNS and head not in _STOPS + _PAUSES:
            clause.append(head)
            continue
        if clause:
            yield rank, clause
            clause = []
        if head in _TURNS:
            marks += 1
            rank = -1 if head == "although" else 0 if is_prose and head == "but" else marks
        elif head in _STOPS or rank < 0:
            rank = 0


def _words(text: str) -> list[str]:
    """Return the words and the punctuation of a text, folded."""
    if not text.islower() and not text.isupper():
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # PriceTooHigh
    return _TOKEN.findall(_folded(text))


def _folded(text: str) -> str:
    text = text.replace("\u2019", "'").casefold()
    if "$" in text:
        text = re.sub(
            r"(^|[-/,;|])\s*\$+\s*(?=$|[-/,;|])", r"\1 price ", text
        )  # a field of its own
        text = re.sub(r"\$+(?![\d.])", " money ", text)  # no $ for it
    if "'" in text:  # l'offre and dell'anno are two words, didn't and they'll one
        text = re.sub(r"\b([ldnjcsmt]|qu|un|\w*ll)'(?=[^\W\d_])", r"\1 ", text).replace("'", "")
    if text.isascii():
        return text
    import unicodedata

    parts = unicodedata.normalize("NFKD", text.replace("\u0142", "l"))
    return re.sub("[\u0300-\u036f]+", "", parts)


def _heads(words: list[str], language: str) -> list[str]:
    """Return the head words of a text; words that mean nothing here are left out."""
    fillers = entries("words", "filler")
    words = [word if word in fillers else spelled(word, language) for word in words]
    heads: list[str] = []
    at = 0
    while at < len(words):
        run, head = words[at], "filler" if words[at] in fillers else None
        for entry, meaning in paired_entries(language, run) if head is None else []:
            size = entry.count(" ") + 1
            if (head is None or len(entry) > len(run)) and entry.split() == words[at : at + size]:
                run, head = entry, meaning
        if head in {None, "plain"}:
            heads.append("9" if run[-1].isdigit() else run)  # 4th is none
        elif head and head != "filler":
            heads += head.split()
        at += run.count(" ") + 1
    return heads


def _phrases(section: str, word: str, present: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the phrases under a word that consist of words of a text, each with its code."""
    for phrase, code in paired_entries(section, word):
        if present.issuperset(phrase.split()):
            yield phrase, code


def _named(text: str) -> str | None:
    """Return who got the order, if the text names them with capitals, or by a word after "went
    with" that isn't known as anything else."""
    folded, verbs = text.lower(), [f"{verb} " for verb in entries("words", "chose")]
    place = max((folded.find(verb) + len(verb) for verb in verbs if verb in folded), default=-1)
    words = re.findall(r"[\w&'./-]+|,", text[place:]) if place >= 0 else []
    name = words[:1]
    for word in words[1:] if name and not name[0].islower() else []:
        if not word[0].isupper() and not word[0].isdigit() and word != "&":
            break
        name.append(word)
    if _are_known(name):
        return None
    return " ".join(name).rstrip(".'-")


def _are_known(names: Iterable[str]) -> bool:
    return all(is_known(word, "english") for word in folded_words(" ".join(names)))


def _without_names(text: str) -> str:
    """Return a sentence without the names in it that look like a reason: Budget Blinds, Mr. Price.
    These are words with capitals in a row, not all of them known."""
    words, names, kept = text.split(), list[str](), list[str]()
    if sum(word[0].islower() for word in words) < _SENTENCE:
        return text
    for word in [*words, ""]:
        is_short = word.isupper() and _are_known([word])  # HQ, CFO
        if word[:1].isupper() and len(word) > 1 and not is_short:
            names.append(word)
            continue
        has_title = names and names[0].lower().rstrip(".") in entries("words", "title")
        is_name = len(names) > 1 and (has_title or not _are_known(names))
        kept += [*([] if is_name else names), word]
        names = []
    return " ".join(kept)


def _own_code(words: list[str], table: str, own: Collection[str]) -> str | None:
    """Return the code of the user's own that a text names, unless it names a longer one."""
    text = f" {' '.join(words)} "
    known = [code for code in entries("codes", table) if "-" in code]
    for code in sorted([*own, *known], key=len, reverse=True):
        before, name, _ = text.partition(f" {' '.join(folded_words(code))} ")
        if name and "not" not in _heads(before.split()[-2:], "english"):
            return code if code in own else None
    return None


def _language(words: list[str]) -> str | None:
    """Return the language that knows most of a text's words, if English knows fewer."""
    english = _known(words, "english")
    if english * 3 > len(words) * 2:
        return None
    known = {language: _known(words, language) for language in entries("languages")}
    best = max(known, key=lambda language: known[language])
    return best if known[best] > english else None


def _known(words: Iterable[str], language: str) -> int:
    return sum(is_known(word, language) for word in words)

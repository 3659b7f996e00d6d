"""Reading why a sale was lost from the words that people use. The words, phrases, and definitions
are data, in `data/phrases.txt` and `data/languages.txt`; those files say how they are written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["said", "real", "guess"]
Answer = Literal["reason", "open", "would-not-say"]
Outcome = Literal["competitor", "no-decision", "cancelled", "mistake"]

OTHER = "other"
MAX_GAP = 2  # words that may stand between those of a phrase
PROSE = 40  # words from which a text is a story, of which only the stated cause is read
OFFERED = 3

_DATA = Path(__file__).parent.parent / "data"
_ELISION = re.compile(r"\b([ldnjcsmt]|qu|un|\w*ll)'(?=[^\W\d_])")  # l'offre, dell'anno
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|%|[.;!?\n,:()\u2013\u2014]|(?<=\s)-(?=\s)")
_STOPS = frozenset(".;!?\n")
_PAUSES = frozenset(",:()-\u2013\u2014")
_DENIALS = frozenset({"not", "no"})
_TURNED = frozenset({"not", "no", "cant", "wont", "nobody", "nothing"})
_CHOSE = re.compile(
    r"\b(?:went|going|go|gone|signed|sticking|stuck|staying|stayed) with |\b(?:lost|awarded)"
    r"(?: it| out)? to |\b(?:chose|picked|selected) |\b(?:bought|ordered|leased) (?:it )?from "
    r"|\b(?:undercut|underbid|outbid) by ",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Z0-9][\w&'.-]*(?: (?:(?:of|and|&|the) )?[A-Z0-9&][\w&'.-]*)*")


class Reading(NamedTuple):
    """What a text says about why a sale was lost."""

    #: The reason's code; `other` where none was found or several are as likely.
    code: str
    #: Whether the code can be kept without asking.
    is_sure: bool
    #: Other likely codes, best first, at most three, never `other`.
    suggested: tuple[str, ...] = ()
    #: How the sale ended, if the text says so.
    outcome: Outcome | None = None
    #: Who got the order, if the text names them.
    lost_to: str | None = None
    #: `open` if the text is no reason (nobody knows, or only an outcome), `would-not-say` if they
    #: were asked and refused.
    answer: Answer = "reason"


class Definition(NamedTuple):
    """What a code stands for, in one line, and an example of what is said."""

    meaning: str
    example: str


class _Match(NamedTuple):
    """A phrase found in a text; the greatest is the most telling."""

    rank: int  # of its clause: greater behind "but" or "because"
    length: int  # in head words
    place: int
    code: str


class _Clause(NamedTuple):
    rank: int
    is_cause: bool
    heads: list[str]


def read_reason(
    text: str,
    kind: Kind,
    aliases: Mapping[str, str] | None = None,
    codes: Iterable[str] = (),
) -> Reading:
    """Return what `text` says as a reason of `kind`; a guess is read with the codes of real.

    `aliases` are words that the user gave a code: they win if they are the whole text. `codes` are
    the user's own: each counts where its name stands as a word and isn't denied.
    """
    words = _words(text)
    plain = [word for word in words if word[0].isalnum()]
    lost_to = _named(text)
    meant = {tuple(plain_words(alias)): code for alias, code in (aliases or {}).items()}
    own = meant.get(tuple(plain)) or _own_code(plain, codes)
    if own:
        return Reading(own, is_sure=True, lost_to=lost_to)
    table = "said" if kind == "said" else "real"
    reading = _read(_heads(words, *_english()), table)
    if not reading.is_sure and reading.answer == "reason":
        language = _language(plain)
        if language:
            reading = _read(_heads(words, *language), table)
    return reading._replace(lost_to=lost_to, outcome=reading.outcome or _competitor(lost_to))


def plain_words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: lower case, without apostrophes, accents,
    and punctuation."""
    return [word for word in _words(text) if word[0].isalnum()]


@cache
def definitions(kind: Kind) -> dict[str, Definition]:
    """Return what each code of `kind` stands for, in the order in which they are offered."""
    lines = _lines("phrases", f"define {'said' if kind == 'said' else 'real'}")
    shown = ((code, rest.partition(" | ")) for code, rest in lines)
    return {code: Definition(meaning, example) for code, (meaning, _, example) in shown}


def _read(heads: list[str], table: str) -> Reading:
    clauses = list(_clauses(heads))
    said = " ".join(head for clause in clauses for head in clause.heads)
    present = {head for clause in clauses for head in clause.heads}
    is_prose = len(heads) > PROSE
    matches = sorted(_matches(table, clauses, present, is_prose=is_prose), reverse=True)
    hints = list(_matches(f"picklist {table}", clauses, present, is_prose=False))
    outcome = max(_matches("outcome", clauses, present, is_prose=False), default=None)
    whole = {phrase: code for code, phrase in _phrases(f"picklist {table}", present)}.get(said)
    answer = max(_matches("answers", clauses, present, is_prose=False), default=None)
    ranked = list(dict.fromkeys(match.code for match in [*matches, *sorted(hints, reverse=True)]))
    code = whole or (matches[0].code if matches and _is_sure(matches, is_prose=is_prose) else OTHER)
    likely = dict.fromkeys([*ranked, *(near for code in ranked for near in _near(table, code))])
    return Reading(
        code=code,
        is_sure=bool(whole) or code != OTHER,
        suggested=tuple(near for near in likely if near not in {code, OTHER})[:OFFERED],
        outcome=outcome.code if outcome else None,  # type: ignore[arg-type] # a test holds it
        answer=_answered(code, matches, answer, outcome),
    )


def _answered(
    code: str, matches: list[_Match], answer: _Match | None, outcome: _Match | None
) -> Answer:
    if code != OTHER or matches:
        return "reason"
    if answer:
        return answer.code  # type: ignore[return-value] # a test holds it
    return "open" if outcome else "reason"


def _is_sure(matches: list[_Match], *, is_prose: bool) -> bool:
    best = matches[0]
    rivals = [match for match in matches if match[:2] == best[:2] and match.code != best.code]
    return not rivals and (best.rank > 0 or not is_prose)


def _matches(
    table: str, clauses: list[_Clause], present: set[str], *, is_prose: bool
) -> Iterator[_Match]:
    phrases = [(code, phrase.split()) for code, phrase in _phrases(table, present)]
    place = 0
    for clause in clauses:
        rank = clause.rank if clause.is_cause or not is_prose else 0
        for code, phrase in phrases:
            end = _found(phrase, clause.heads)
            if end is not None:
                length = len(phrase) - sum(word in _light() for word in phrase)
                yield _Match(rank, length, place + end, code)
        place += len(clause.heads)


def _phrases(table: str, present: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the phrases of a table, and what each means, that may stand in a text."""
    for code, phrases in _table(table):
        for phrase in phrases:
            if phrase.partition(" ")[0] in present and present.issuperset(phrase.split()):
                yield code, phrase


def _found(phrase: list[str], heads: list[str]) -> int | None:
    """Return where a phrase ends that runs through `heads` and isn't denied, the last such place."""
    for start in range(len(heads) - 1, -1, -1):
        if heads[start] != phrase[0]:
            continue
        end = start
        for word in phrase[1:]:
            gap = 0
            end += 1
            while end < len(heads) and heads[end] != word and gap <= MAX_GAP:
                gap += heads[end] not in _light()
                end += 1
            if end >= len(heads) or heads[end] != word or gap > MAX_GAP:
                break
        else:
            if not _denied(phrase, heads, start, end):
                return end
    return None


def _denied(phrase: list[str], heads: list[str], start: int, end: int) -> bool:
    if not _TURNED.isdisjoint(phrase):
        return False
    before = [head for head in heads[:start] if head not in _light()][-2:]
    after = [head for head in heads[end + 1 :] if head not in _light()][:4]
    if not _DENIALS.isdisjoint(before):
        return True
    if "issue" in after and "not" in after[: after.index("issue")]:
        return True
    return len(phrase) == 1 and after[:1] == ["fine"]


def _clauses(heads: list[str]) -> Iterator[_Clause]:
    """Split a text where a thought ends. What follows "but" or "because" ranks above what stands
    before, and what follows "although" below everything."""
    marks = rank = 0
    is_cause = False
    clause: list[str] = []
    for head in [*heads, "."]:
        turns = head in {"but", "because", "although"}
        if not turns and head not in _STOPS and head not in _PAUSES:
            clause.append(head)
            continue
        if clause:
            yield _Clause(rank, is_cause, clause)
            clause = []
        if head in {"but", "because"}:
            marks += 1
            rank, is_cause = marks, head == "because"
        elif head == "although":
            rank, is_cause = -1, False
        elif head in _STOPS or rank < 0:
            rank, is_cause = 0, False


def _words(text: str) -> list[str]:
    """Return the words and the punctuation of a text, folded."""
    return _TOKEN.findall(_folded(_CAMEL.sub(" ", text)))


def _folded(text: str) -> str:
    text = _ELISION.sub(r"\1 ", text.replace("\u2019", "'").casefold()).replace("'", "")
    if text.isascii():
        return text
    import unicodedata

    parts = unicodedata.normalize("NFKD", text.replace("\u0142", "l"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _heads(words: list[str], synonyms: dict[str, str], known: frozenset[str]) -> list[str]:
    """Return the head words of a text; words that mean nothing here are left out."""
    words = ["9" if word[0].isdigit() else _spelled(word, known) for word in words]
    heads: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(6, len(words) - at), 0, -1):
            run = " ".join(words[at : at + length])
            head = synonyms.get(run)
            if head is not None or length == 1:
                heads += [run] if head is None else head.split()
                at += length
                break
    return heads


def _spelled(word: str, known: frozenset[str]) -> str:
    """Return the known word that `word` is but for one typing error behind its first letter."""
    if len(word) < 5 or word in known or not word.isascii():
        return word
    letters = "abcdefghijklmnopqrstuvwxyz"
    for at in range(1, len(word) + 1):
        left, right = word[:at], word[at:]
        nearby = [left + right[1:], left + right[1:2] + right[:1] + right[2:]]
        nearby += [left + letter + rest for letter in letters for rest in (right, right[1:])]
        for other in nearby:
            if len(other) > 3 and other in known:
                return other
    return word


def _named(text: str) -> str | None:
    """Return who got the order, if the text names them with a capital, or by a word behind "went
    with" that isn't known as anything else."""
    known = _english()[1]
    for chose in _CHOSE.finditer(text):
        rest = text[chose.end() :]
        name = _NAME.match(rest)
        found = name[0] if name else (re.match(r"[\w&-]+", rest) or [""])[0]
        words = plain_words(found)
        if words and not known.issuperset(words):
            return found.rstrip(".'-")
    return None


def _competitor(lost_to: str | None) -> Outcome | None:
    return "competitor" if lost_to else None


def _own_code(words: list[str], codes: Iterable[str]) -> str | None:
    text = f" {' '.join(words)} "
    for code in codes:
        before, name, _ = text.partition(f" {' '.join(plain_words(code))} ")
        if name:
            heads = _heads(before.split()[-2:], *_english())
            if _DENIALS.isdisjoint(heads):
                return code
    return None


def _language(words: list[str]) -> tuple[dict[str, str], frozenset[str]] | None:
    """Return the words of the language that knows most of a text's, if English knows fewer."""
    best = None
    most = sum(word in _english()[1] for word in words)
    for language in _languages():
        known = sum(word in language[1] for word in words)
        if known > most:
            best, most = language, known
    return best


@cache
def _sections(file: str) -> dict[str, str]:
    text = (_DATA / f"{file}.txt").read_text(encoding="utf-8")
    parts = (part.partition("]\n") for part in text.split("\n[")[1:])
    return {name: body for name, _, body in parts}


def _lines(file: str, section: str) -> Iterator[tuple[str, str]]:
    for line in _sections(file)[section].splitlines():
        name, colon, rest = line.partition(": ")
        if colon and line[0] != "#":
            yield name, rest


@cache
def _table(section: str) -> list[tuple[str, list[str]]]:
    return [(code, rest.split(", ")) for code, rest in _lines("phrases", section)]


@cache
def _english() -> tuple[dict[str, str], frozenset[str]]:
    return _synonyms(_lines("phrases", "words"))


@cache
def _languages() -> list[tuple[dict[str, str], frozenset[str]]]:
    return [_synonyms(_lines("languages", language)) for language in _sections("languages")]


@cache
def _light() -> frozenset[str]:
    return frozenset(dict(_lines("phrases", "words"))["light"].split(", "))


@cache
def _near(table: str, code: str) -> list[str]:
    return dict(_table(f"near {table}")).get(code, [])


def _synonyms(lines: Iterable[tuple[str, str]]) -> tuple[dict[str, str], frozenset[str]]:
    """Return the head of each word or run of words ("" for fillers), and all words known."""
    synonyms: dict[str, str] = {}
    known: set[str] = set()
    for head, rest in lines:
        if not rest.isascii():
            rest = _folded(rest)
        known.update(rest.replace(",", "").split())
        words = rest.split(", ")
        if head == "filler":
            synonyms.update(dict.fromkeys(words, ""))
        elif head not in {"light", "plain"}:
            known.add(head)
            synonyms.update(dict.fromkeys(words, head))
    return synonyms, frozenset(known)

"""Reading why a sale was lost from the words that people use. The words, the phrases, and what the
codes mean are data, in `data/phrases.txt` and `data/languages.txt`; they say how they are written.

A log waits for this, so no table is taken apart as a whole: a section stays one string, in which
the entries that begin or end with a word of the text are looked up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["said", "real", "guess"]
Answer = Literal["reason", "open", "would-not-say"]
Outcome = Literal["competitor", "no-decision", "cancelled", "mistake"]

OTHER = "other"
OFFERED = 3
MAX_GAP = 2  # other words between those of a phrase
PROSE = 40  # words from which on a text is a story, of which only the stated cause is read

_DATA = Path(__file__).parent.parent / "data"
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|%|[.;!?\n,:()\u2013\u2014]")
_STOPS = frozenset(".;!?\n")
_PAUSES = frozenset(",:()\u2013\u2014")
_DENIALS = frozenset({"not", "no"})
_TURNED = frozenset({"not", "no", "cant", "wont", "nobody", "nothing"})


class Reading(NamedTuple):
    """What a text says about why a sale was lost."""

    #: The reason's code; `other` where none was found, or several are as likely.
    code: str
    #: Whether the code can be kept without asking.
    is_sure: bool
    #: Other likely codes, best first, at most three, never `other`.
    suggested: tuple[str, ...] = ()
    #: How the sale ended, if the text says so.
    outcome: Outcome | None = None
    #: Who got the order, if the text names them.
    lost_to: str | None = None
    #: `open` if the text gives no reason (nobody knows, or it only says how the sale ended),
    #: `would-not-say` if they refused to give one.
    answer: Answer = "reason"


class Definition(NamedTuple):
    """What a code stands for, in one line, and an example of what is said."""

    meaning: str
    example: str


class _Match(NamedTuple):
    """A phrase found in a text; the greatest tells most."""

    rank: int  # of its clause: greater behind "but" or "because"
    tells: bool  # has a word that speaks for the code by itself
    length: int  # two for a word, one for a light one
    place: int
    code: str


def read_reason(
    text: str, kind: Kind, aliases: Mapping[str, str] | None = None, codes: Iterable[str] = ()
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
    reading = _read(_heads(words, _section("phrases", "words")), table)
    if not reading.is_sure and reading.answer == "reason":
        language = _language(plain)
        if language:
            reading = _read(_heads(words, language), table)
    outcome = reading.outcome or ("competitor" if lost_to else None)
    return reading._replace(lost_to=lost_to, outcome=outcome)


def plain_words(text: str) -> list[str]:
    """Return the words of `text` as they are compared: lower case, without apostrophes, accents,
    and punctuation."""
    return [word for word in _words(text) if word[0].isalnum()]


@cache
def definitions(kind: Kind) -> dict[str, Definition]:
    """Return what each code of `kind` stands for, in the order in which they are offered."""
    section = _section("phrases", "define said" if kind == "said" else "define real")
    lines = (line.rstrip(",").partition(": ") for line in section.splitlines() if line)
    parts = ((code, *rest.split(" | ")) for code, _, rest in lines)
    return {code: Definition(meaning, example) for code, meaning, example in parts}


def _read(heads: list[str], table: str) -> Reading:
    clauses = list(_clauses(heads))
    present = {head for _, _, clause in clauses for head in clause}
    is_prose = len(heads) > PROSE
    matches = sorted(_matches(table, clauses, present), reverse=True)
    hints = sorted(_matches(f"picklist {table}", clauses, present), reverse=True)
    outcome = max(_matches("outcome", clauses, present), default=None)
    answer = max(_matches("answers", clauses, present), default=None)
    whole = " ".join(head for _, _, clause in clauses for head in clause)
    code = dict(_ending(f"picklist {table}", present)).get(whole)
    if code is None:
        code = matches[0].code if matches and _is_sure(matches, is_prose=is_prose) else OTHER
    ranked = list(dict.fromkeys(match.code for match in [*matches, *hints]))
    likely = dict.fromkeys([*ranked, *(near for code in ranked for near in _near(table, code))])
    is_reason = code != OTHER or matches or not (answer or outcome)
    return Reading(
        code=code,
        is_sure=code != OTHER or whole == OTHER,
        suggested=tuple(near for near in likely if near not in {code, OTHER})[:OFFERED],
        outcome=outcome.code if outcome else None,  # type: ignore[arg-type] # a test holds it
        answer="reason" if is_reason else answer.code if answer else "open",  # type: ignore[arg-type] # as above
    )


def _is_sure(matches: list[_Match], *, is_prose: bool) -> bool:
    best = matches[0]
    rivals = [match for match in matches if match[:3] == best[:3] and match.code != best.code]
    return best.tells and not rivals and (best.rank > 0 or not is_prose)


def _matches(
    table: str, clauses: list[tuple[int, bool, list[str]]], present: set[str]
) -> Iterator[_Match]:
    phrases = [(phrase.split(), code) for phrase, code in _ending(table, present)]
    place = 0
    for rank, _, clause in clauses:
        for phrase, code in phrases:
            end = _found(phrase, clause)
            if end is not None:
                tells = any(f" {word}," in _telling(table, code) for word in phrase)
                length = sum(1 if word in _light() else 2 for word in phrase)
                yield _Match(rank, tells, length, place + end, code)
        place += len(clause)


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


def _clauses(heads: list[str]) -> Iterator[tuple[int, bool, list[str]]]:
    """Yield the clauses of a text, each with its rank and whether it states a cause. What follows
    "but" or "because" ranks above what stands before, what follows "although" below everything."""
    marks = rank = 0
    is_cause = False
    clause: list[str] = []
    is_prose = len(heads) > PROSE
    for head in [*heads, "."]:
        turns = head in {"but", "because", "although"}
        if not turns and head not in _STOPS and head not in _PAUSES:
            clause.append(head)
            continue
        if clause:
            yield rank if is_cause or not is_prose else 0, is_cause, clause
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
    if text != text.lower() and text != text.upper():
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)  # PriceTooHigh
    return _TOKEN.findall(_folded(text))


def _folded(text: str) -> str:
    text = text.replace("\u2019", "'").casefold()
    if "'" in text:  # l'offre and dell'anno are two words, didn't and they'll one
        text = re.sub(r"\b([ldnjcsmt]|qu|un|\w*ll)'(?=[^\W\d_])", r"\1 ", text).replace("'", "")
    if text.isascii():
        return text
    import unicodedata

    parts = unicodedata.normalize("NFKD", text.replace("\u0142", "l"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def _heads(words: list[str], synonyms: str) -> list[str]:
    """Return the head words of a text; words that mean nothing here are left out."""
    words = [_spelled(word, synonyms) for word in words]
    heads: list[str] = []
    at = 0
    while at < len(words):
        run, head = words[at], None
        for entry, meaning in _starting(synonyms, words[at]):
            size = entry.count(" ") + 1
            if (head is None or len(entry) > len(run)) and entry.split() == words[at : at + size]:
                run, head = entry, meaning
        if head in {None, "plain"}:
            heads.append("9" if run[0].isdigit() else run)
        elif head and head != "filler":
            heads += head.split()
        at += run.count(" ") + 1
    return heads


@cache
def _starting(section: str, word: str) -> list[tuple[str, str]]:
    """Return the entries of a section that start with `word`, each with the head of its line."""
    found = []
    needle = f" {word}"
    at = section.find(needle)
    while at >= 0:
        end = at + len(needle)
        if section[at - 1] in ",:" and section[end] in ", ":
            line = section.rfind("\n", 0, at) + 1
            found.append((section[at + 1 : section.index(",", end)], _head(section, line)))
        at = section.find(needle, end)
    return found


def _ending(table: str, present: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the phrases of a table that consist of words of a text, each with its code."""
    section = _section("phrases", table)
    for word in present:
        needle = f" {word},"
        at = section.find(needle)
        while at >= 0:
            end = at + len(needle) - 1
            start = max(section.rfind(",", 0, at + 1), section.rfind(":", 0, at + 1)) + 2
            phrase = section[start:end]
            if phrase == word or present.issuperset(phrase.split()):
                yield phrase, _head(section, section.rfind("\n", 0, at) + 1)
            at = section.find(needle, end)


def _head(section: str, line: int) -> str:
    return section[line : section.index(":", line)]


def _spelled(word: str, synonyms: str) -> str:
    """Return the known word that `word` is but for one typing error behind its first letter."""
    if len(word) < 5 or _knows(synonyms, word):
        return word
    half = len(word) // 2
    for part in (f" {word[:half]}", word[half + 1 :]):  # one of them is right
        at = synonyms.find(part)
        while at >= 0:
            start = max(synonyms.rfind(" ", 0, at + 1), at - 20) + 1
            end = min(synonyms.index(",", at + 1), synonyms.find(" ", at + 1) % len(synonyms))
            other = synonyms[start:end]
            if other[:1] == word[0] and len(other) > 3 and _is_one_off(word, other):
                return other
            at = synonyms.find(part, at + 1)
    return word


def _is_one_off(word: str, other: str) -> bool:
    """Whether one letter too many, too few, wrong, or changed with the next makes the words differ."""
    short, long = sorted((word, other), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(long) - len(short) == 1:
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return len(long) == len(short) and (short[at + 1 :] == long[at + 1 :] or swapped == long[at:])


@cache
def _knows(section: str, word: str) -> bool:
    return f" {word}," in section or f" {word} " in section or f"\n{word}:" in section


def _named(text: str) -> str | None:
    """Return who got the order, if the text names them with a capital, or by a word behind "went
    with" that isn't known as anything else."""
    chose = re.search(
        r"\b(?:went|going|go|gone|signed|sticking|stuck|staying|stayed) with |\b(?:lost|awarded)"
        r"(?: it| out)? to |\b(?:chose|picked|selected) |\b(?:bought|ordered|leased) (?:it )?from "
        r"|\b(?:undercut|underbid|outbid) by ",
        text,
        re.IGNORECASE,
    )
    if not chose:
        return None
    name = re.match(
        r"[A-Z0-9][\w&'.-]*(?: (?:(?:of|and|&|the) )?[A-Z0-9&][\w&'.-]*)*|[\w&-]+",
        text[chose.end() :],
    )
    words = plain_words(name[0]) if name else []
    if not name or all(_knows(_section("phrases", "words"), word) for word in words):
        return None
    return name[0].rstrip(".'-")


def _own_code(words: list[str], codes: Iterable[str]) -> str | None:
    text = f" {' '.join(words)} "
    for code in codes:
        before, name, _ = text.partition(f" {' '.join(plain_words(code))} ")
        heads = _heads(before.split()[-2:], _section("phrases", "words"))
        if name and _DENIALS.isdisjoint(heads):
            return code
    return None


def _language(words: list[str]) -> str | None:
    """Return the words of the language that knows most of a text's, if English knows fewer."""
    known = {
        section: sum(_knows(section, word) for word in words)
        for section in [_section("phrases", "words"), *_sections("languages").values()]
    }
    best = max(known, key=lambda section: known[section])  # the first of equals: English
    return None if best == _section("phrases", "words") else best


@cache
def _sections(file: str) -> dict[str, str]:
    """Return the sections of a data file by name; in them every entry ends with a comma."""
    text = (_DATA / f"{file}.txt").read_text(encoding="utf-8")
    if not text.isascii():
        text = _folded(text)
    parts = (part.partition("]\n") for part in text.split("\n[")[1:])
    return {name: body.replace("\n", ",\n") + ",\n" for name, _, body in parts}


def _section(file: str, name: str) -> str:
    return _sections(file)[name]


@cache
def _lines(table: str) -> dict[str, str]:
    """Return the lines of a short section by their head, each entry with " " before, "," after."""
    lines: dict[str, str] = {}
    for line in _section("phrases", table).splitlines():
        head, _, rest = line.partition(":")
        lines[head] = lines.get(head, "") + rest
    return lines


def _telling(table: str, code: str) -> str:
    return _lines(f"telling {table}").get(code, "") if table in {"said", "real"} else ""


@cache
def _light() -> frozenset[str]:
    return frozenset(_section("phrases", "light").replace(",", " ").split())


def _near(table: str, code: str) -> list[str]:
    return _lines(f"near {table}").get(code, "").replace(",", " ").split()

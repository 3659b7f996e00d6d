"""From a sentence about a lost sale to the parts of a loss: what the journal and the settings say
about it, and which reason it gives."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lostsale.app import App
from lostsale.commands import fields
from lostsale.domain.dates import When
from lostsale.domain.loss import LossParts, Outcome
from lostsale.domain.money import plain_money
from lostsale.domain.reasons import OTHER, Reason, given_code, understood
from lostsale.errors import BadInput
from lostsale.journal import queries
from lostsale.journal.store import check_text
from lostsale.later import NamedTuple

if TYPE_CHECKING:
    from lostsale.domain.capture import Knows, Sentence

_ELSEWHERE, _LATER = "bought-elsewhere", "call-later"
_UNDECIDED = (_LATER, "think-it-over")  # what nobody says who has bought
_NO, _SATISFIED = "no-reason", "satisfied"  # say less than that somebody got the order
_PLAIN = frozenset({"prospect", "amount", "said"})  # what NAME 12k CODE tells
_LONGEST = 2000  # characters of what is read as a sentence
_LEFT = r"\b(?:drop|ditch|dump|swap|replac|leav|left|fire)\w* .* (?:for|with) "  # their vendor
_QUOTED = r"\s*[\"\u201c]([^\"\u201c\u201d]+)[\"\u201d]\s*(.*)"


class Understood(NamedTuple):
    """What a sentence tells, as parts of a loss, without a prospect if there is none to be sure of.

    `unsure` are the fields that have to be asked for, `suggested` the codes that the reason may
    have, and `inferred` says of what was put together from what.
    """

    parts: LossParts
    next_: When | None = None
    unsure: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    inferred: Mapping[str, str] = {}


def understand(
    app: App, words: list[str], day: date, given: frozenset[str] = frozenset()
) -> Understood:
    """Return what the words of a sentence tell on a day, but for the fields that are `given`
    otherwise. A first word that has spaces was quoted: it is the whole name."""
    _check(words)
    if not words:
        return Understood(LossParts())
    if given.isdisjoint(_PLAIN) and (plain := _plain(app, words)):
        return Understood(plain)
    sentence = _read(app, words, knows(app, day))
    parts = _parts(sentence)
    unsure = list(sentence.unsure)
    suggested: tuple[str, ...] = ()
    if sentence.said and "said" not in given:
        parts["said"], outcome, suggested = _reason(app, sentence)
        if outcome and not sentence.lost_to and not sentence.given_outcome:
            parts["given_outcome"] = outcome
        if suggested:
            unsure.append("said")
    for field in given:
        for part in fields.parts_of(field):
            parts.pop(part, None)  # type: ignore[misc]  # a name of LossParts
    if sentence.plain and "said" in given:  # no word is lost
        parts["note"] = sentence.said
    return Understood(
        parts=parts,
        next_=None if "next" in given else sentence.next,
        unsure=tuple(field for field in unsure if field not in given),
        suggested=suggested,
        inferred={
            name: how for name, how in sentence.inferred.items() if not _is_given(name, given)
        },
    )


def _check(words: list[str]) -> None:
    for word in words:
        check_text(word)
    if words and not words[0].strip():
        raise BadInput("A loss needs a name", 'Try lostsale log "Oakfield Dental" 12k')


def _plain(app: App, words: list[str]) -> LossParts | None:
    """Return what `NAME 12k CODE` tells, which needs no reader of sentences: a log of every day
    starts much faster so. None where words could tell more."""
    name, amount, code = (*words, "", "", "")[:3]
    money = plain_money(amount, app.settings.currency) if amount else None
    is_name = bool(amount) if len(name.split()) > 1 else name.isalpha() and not _is_cue(name)
    if not is_name or (amount and money is None) or len(words) > 3:
        return None
    parts = LossParts(prospect=name.strip())
    if money:
        parts["money"] = money
    if code:
        known = app.journal.vocabulary.current(code.casefold())
        if known not in app.journal.vocabulary.said:
            return None
        parts["said"] = Reason(known, found=False)
    return parts


def _is_cue(name: str) -> bool:
    """Whether a word is anywhere in the table that sentences are read with."""
    table = Path(__file__).parents[1] / "data" / "sentence.txt"
    return name.lower() in table.read_text(encoding="utf-8")


def _is_given(name: str, given: Collection[str]) -> bool:
    return name in given or (name in {"phone", "email"} and "contact" in given)


def knows(app: App, day: date) -> "Knows":
    """Return what helps to read a sentence of a day."""
    from lostsale.domain.capture import Knows  # what most logs do without

    settings = app.settings
    competitors, products = queries.rivals_and_products(app.journal)
    return Knows(
        today=day,
        currency=settings.currency,
        decimal=settings.decimal,
        date_order=app.date_order,
        workdays=settings.workdays,
        competitors=competitors,
        products=products,
    )


def _read(app: App, words: list[str], known: "Knows") -> "Sentence":
    from lostsale.domain.capture import read_sentence

    text = " ".join(words)
    name = None
    if text.lstrip()[:1] in {'"', "\u201c"} and (quoted := re.fullmatch(_QUOTED, text, re.DOTALL)):
        name, text = quoted[1], quoted[2]
    elif words and len(words[0].split()) > 1:
        alone = read_sentence(words[0], known) if len(words) == 1 else None
        if alone and _is_sentence(alone):
            return alone
        name, text = words[0].strip(), " ".join(words[1:])
    if name is None and len(words) == 1 and not re.search(r"\s", text):
        alone = read_sentence(text, known)
        is_other = alone.money or alone.phone or alone.email or "amount" in alone.unsure
        return alone if is_other else read_sentence("", known, text)
    end = text.rfind(" ", 0, _LONGEST) if len(text) > _LONGEST else len(text)
    sentence = read_sentence(text[:end], known, name)
    if text[end:]:  # what is longer than any sentence is kept, too
        sentence = sentence._replace(said=f"{sentence.said or ''}{text[end:]}")
    found = "" if name else _known_name(app, text)
    if len(found) > len(sentence.prospect or ""):
        name, text = found, text[len(found) :].lstrip(" ,-:")
        sentence = read_sentence(text, known, name)
    if sentence.money is None and ("amount" not in sentence.unsure or len(words) == 2):
        return _with_amount(sentence, words if name is None else [name, *text.split()], known)
    return sentence


def _is_sentence(alone: "Sentence") -> bool:
    """Whether the only quoted text is the whole sentence and not a name."""
    from lostsale.domain.phrases import read_reason

    tells = (alone.money, alone.phone, alone.email)
    tells_much = (alone.lost_to, alone.next, alone.again)
    is_sure = bool(alone.plain) and read_reason(alone.plain, "said").is_sure
    return any(tells) or (alone.prospect is not None and (any(tells_much) or is_sure))


def _known_name(app: App, text: str) -> str:
    """Return the longest beginning of a text that the journal knows as a prospect, if any."""
    from lostsale.domain.rivals import LONGEST_NAME

    ends = [found.end() for found in re.finditer(r"\S+", text)][:LONGEST_NAME]
    names = [text[:end].rstrip(" ,.;:-") for end in ends]
    return max(queries.known_prospects(app.journal, names), key=len, default="")


def _with_amount(sentence: "Sentence", words: list[str], known: "Knows") -> "Sentence":
    """Return the sentence with the word after a name of one word as its amount, as in `Acme 5`, if
    it can be one and was taken for a part of the name."""
    name, amount = (*words, "", "")[:2]
    is_open = sentence.prospect in {None, name, f"{name} {amount}"}
    if not is_open or not re.match(r"[0-9$\u20ac\u00a3.]", amount):
        return sentence
    from lostsale.domain.amounts_in_text import read_money
    from lostsale.domain.capture import read_sentence

    with suppress(BadInput):
        money = read_money(amount, known.currency, known.decimal)
        rest = " ".join(words[2:])
        return read_sentence(rest, known, name)._replace(money=money)
    if len(words) == 2 and re.fullmatch(r"[0-9.,']+[km]?[A-Za-z]{0,3}", amount):
        return read_sentence(amount, known, name)._replace(unsure=("amount",), plain="")
    return sentence


def _parts(sentence: "Sentence") -> LossParts:
    """Return what needs no more reading: of the same name in a sentence and in a loss."""
    named = LossParts.__annotations__.keys() - {"said"}
    told = {name: one for name, one in sentence._asdict().items() if one and name in named}
    return LossParts(**told)  # type: ignore[typeddict-item,no-any-return]  # by name


def _reason(
    app: App, sentence: "Sentence"
) -> tuple[Reason | None, Outcome | None, tuple[str, ...]]:
    """Return what they said under its code, how it ended if that is told, and which codes it may
    have if that is unclear. A stated reason beats what follows from who got the order, or from when
    to call."""
    said, vocabulary = sentence.said or "", app.journal.vocabulary
    if given := given_code(said, "said", vocabulary):
        return given, None, ()
    reading = understood(sentence.plain, "said", vocabulary) if sentence.plain else None
    elsewhere, later = map(vocabulary.current, (_ELSEWHERE, _LATER))
    tells = reading is not None and reading.answer == "reason" and later not in reading.suggested
    is_cancelled = sentence.given_outcome == "cancelled"
    is_elsewhere = bool(sentence.lost_to) or sentence.given_outcome == "competitor"
    is_over = is_elsewhere or is_cancelled
    less = [*_UNDECIDED] * is_over + [_NO] * is_elsewhere
    less += [_SATISFIED] * (sentence.given_outcome == "competitor")
    past = {elsewhere, *map(vocabulary.current, less)}
    if reading and reading.is_sure and reading.code not in past:
        code = reading.code
    elif is_elsewhere or (reading and reading.code == elsewhere):
        whole = understood(said, "said", vocabulary).code  # happy with Ricoh
        is_kept = sentence.lost_to and whole == vocabulary.current(_SATISFIED)
        is_kept = is_kept and not re.search(_LEFT, said, re.IGNORECASE)
        code = whole if is_kept else elsewhere
    elif (sentence.next or "next" in sentence.unsure) and not tells:
        code = later
    elif not (sentence.plain or sentence.again or is_cancelled or "amount" in sentence.unsure):
        return None, None, ()
    else:
        code = OTHER
    outcome = reading.outcome if reading and reading.outcome != "competitor" else None
    is_unclear = vocabulary.resolve("said", code, said, found=True) == OTHER
    suggested = reading.suggested if reading and is_unclear and not reading.is_sure else ()
    return Reason(code, said, found=True), outcome, suggested

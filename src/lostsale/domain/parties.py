"""Who is named in a sentence about a lost sale: the prospect, who got the order, and the person one
talks to."""

import re
from collections.abc import Callable, Sequence

from lostsale.domain.cues import Utterance
from lostsale.domain.names import folded, nearest
from lostsale.domain.numbers import in_digits
from lostsale.domain.phrase_index import is_known

HEADER = ("amount", "phone", "email", "contact", "product")  # stands beside the name
LONGEST_NAME = 10  # words of a name
_UNCLEAR = 4  # words that may be a name though nothing says where it ends
_FEW = 3  # words of a person, a product or a rival
_BEHIND = frozenset({"with", "to", "by"})
_AND = frozenset({"&", "and"})
_FROM = frozenset({"from"})
_AT = frozenset({"at", "from"})


def find_rival(
    line: Utterance, competitors: Sequence[str], *, is_named: bool
) -> tuple[str | None, int | None]:
    """Return who got the order, and the place behind them if the prospect begins there.

    `competitors` are those that the journal knows; with `is_named` the prospect isn't looked for.
    """
    if not is_named:
        rival, start = _rival_around(line, competitors)
        if start is not None:
            return rival, start
    led = [(place, end) for place, end in line.places("went to") if line.is_capital(end)]
    for place, end in (*line.places("went with"), *led):
        if _is_denied(line, place):
            continue
        rival, behind = _rival_at(line, competitors, end, is_same=line.holds("stays", place))
        if rival:
            tells = any(line.holds("reason", at) for at in range(place, end))
            line.take(end - 1 if tells else place, behind, "lost_to")  # lost on price to them
            return rival, None
    for place, _ in line.places("got it"):
        first, behind = _before_verb(line, place)
        if first < behind:
            name = line.take(first, behind, "lost_to")
            return _spelled(competitors, name) or name, None
    return None, None


def _before_verb(line: Utterance, place: int) -> tuple[int, int]:
    """Return where a rival stands that a clause begins with, before its verb: Yamaha in Troy beat
    us. Nobody, if nothing tells that it is a name."""
    opening = _opening(line)
    first = next((at for at in range(place - 1, opening, -1) if _is_apart(line, at)), place)
    words = line.words[first:place]
    end = line.capitals_end(first) if first < place else first
    while first < end < place and line.holds("firm", end):
        end += 1
    if words and all(_is_unknown(word.plain) and not word.is_capital for word in words):
        end = place if len(words) < _FEW else first
    if end == first and line.is_capital(place - 1):  # pumps Sulzer won
        first, end = place - 1, place
        while first - 1 > opening and line.is_capital(first - 1):
            first -= 1
    is_name = first > opening and line.words[first].plain[:1].isalpha()
    is_clause = any(line.at("clause", at) for at in range(first + 1, place))
    is_other = line.holds("no rival", first) or is_clause or not line.is_free(first, place)
    return (first, min(end, place)) if is_name and not is_other else (place, place)


def _is_unknown(word: str) -> bool:
    """Whether a word in small letters means nothing that reasons are told with."""
    return word.isalpha() and not is_known(word, "english")


def _rival_around(line: Utterance, competitors: Sequence[str]) -> tuple[str | None, int | None]:
    """Read "lost Acme to Ricoh", "Ricoh got the Hampton Inn job" and "Xerox undercut us at Acme",
    where the prospect is named between or behind."""
    start = _opening(line)
    clause = range(start + 1, line.clause_end(start))
    if line.part_is(start - 1, frozenset({"lost", "the"})):
        places = range(start + 1, min(start + LONGEST_NAME, len(line)))
        place = next((at for at in places if line.words[at].plain in {"to", "lost"}), 0)
        is_behind = place in clause or line.is_taken(place - 1, "amount")
        if is_behind and line.words[place].plain == "to":
            rival, end = _rival_at(line, competitors, place + 1, is_same=False)
            if rival or "lost_to" in line.unsure:
                line.take(place, end, "lost_to")
                return rival, start
    for place in range(start + 1, min(start + _FEW + 1, len(line))):
        behind = first = line.at("got the", place)
        if end := line.at("beat us", place):
            at = (at + 1 for at in clause if at >= end and line.holds("at", at))
            first = next(at, first)
        rival = _spelled(competitors, line.part(start, place))
        is_job = any(line.holds("job", at) for at in range(behind, line.clause_end(place)))
        if 0 < first < len(line) and (rival or is_job):
            name = line.take(start, place, "lost_to")
            return rival or name, first
    return None, None


def _is_denied(line: Utterance, place: int) -> bool:
    """Whether one of the words in front, in the same clause, says that it isn't so."""
    first = next((at for at in range(place, 0, -1) if line.words[at - 1].ends), 0)
    return any(line.holds("denied", at) for at in range(max(place - 3, first), place))


def _is_apart(line: Utterance, place: int) -> bool:
    """Whether a part of the sentence begins at a place."""
    return place == 0 or line.words[place - 1].ends or line.is_taken(place - 1)


def _rival_at(
    line: Utterance, competitors: Sequence[str], place: int, *, is_same: bool
) -> tuple[str | None, int]:
    """Return the rival that is named at a place, and the place behind the name. One without a name
    is unsure, unless it `is_same` as before: they stay with what they have."""
    if place >= len(line) or line.words[place - 1].ends:
        return None, place
    named = (at for at in range(place, line.clause_end(place) - 1) if line.holds("called", at))
    place = next((at + 1 for at in named if at < place + 4), place)
    place += line.words[place].plain == "the" and line.capitals_end(place + 1) > place + 1
    for end in range(min(place + _FEW + 1, len(line)), place, -1):
        if known := _spelled(competitors, line.part(place, end)):
            return known, end
    word = line.words[place]
    if line.at("somebody", place) and not is_same:
        line.unsure.append("lost_to")
    if line.holds("no rival", place) or line.is_taken(place) or not word.plain[:1].isalpha():
        return None, place
    if len(word.plain) > _FEW and (meant := nearest(word.plain, competitors)):
        line.inferred["lost_to"] = f"you typed {line.part(place, place + 1)}"
        return meant, place + 1
    end = place + 1
    while end < min(place + _FEW + 1, len(line)) and not (
        _is_apart(line, end) or line.is_taken(end)
    ):
        if line.holds("rival ends", end) or not _is_of_rival(line, place, end):
            break
        end += 1
    return line.part(place, end), end


def _is_of_rival(line: Utterance, place: int, at: int) -> bool:
    """Whether a word belongs to the rival's name that begins at a place: a capital does, and in
    small letters a firm's word, or one that means nothing else."""
    if line.words[place].is_capital:
        return line.words[at].is_capital or line.holds("firm", at)
    is_other = line.at("clause", at) or line.holds("product", at)
    return line.holds("firm", at) or (_is_unknown(line.words[at].plain) and not is_other)


def _spelled(competitors: Sequence[str], name: str) -> str | None:
    """Return a competitor that the journal knows, as it is written there; None for another."""
    if not competitors:
        return None
    wanted = folded(name.removesuffix("'s").removesuffix("\u2019s"))
    return next((known for known in competitors if folded(known) == wanted), None)


def known_rival(line: Utterance, competitors: Sequence[str], start: int) -> str | None:
    """Return a competitor that the journal knows and that is named from a place on."""
    for place in range(start, len(line) if competitors else start):
        for end in range(min(place + _FEW + 1, len(line)), place, -1):
            known = _spelled(competitors, line.part(place, end))
            if known and not _is_denied(line, place):
                line.take(place, end, "lost_to")
                return known
        word = line.part(place, place + 1)  # wnet with rioch
        is_behind = line.part_is(place - 1, _BEHIND) and not _is_denied(line, place)
        if is_behind and len(word) > _FEW and (meant := nearest(word, competitors)):
            line.inferred["lost_to"] = f"you typed {line.take(place, place + 1, 'lost_to')}"
            return meant
    return None


def find_prospect(
    line: Utterance,
    competitors: Sequence[str],
    products: Sequence[str],
    name: str | None,
    between: int | None,
) -> tuple[str | None, int]:
    """Return the prospect, and the place where the rest begins: 0 where the name isn't in front.
    None where there is none, or nothing tells where it ends. The name is `between` other words, if
    that place is given, and else in front."""
    if name is not None:
        return name, 0
    start = _person_first(line, _opening(line)) if between is None else between
    while line.is_taken(start, *HEADER):  # 12k, Acme Roofing
        start += 1
    is_article = between is not None and line.part_is(start, frozenset({"the"}))
    start += is_article and start + 1 < len(line)
    if not _begins(line, start):
        return None, 0
    end, is_over = start + 1, False
    while end < len(line) and not (is_over := _is_over(line, competitors, start, end)):
        if between is not None and line.holds("job", end):
            is_over = True
            break
        end += 1
    while end > start + 1 and line.holds("joint", end - 1):
        end -= 1
    last = _capitals_end(line, start, end)
    if last < end:
        is_over, end = True, last
    product = _product_from(line, products, start, end)
    if product < end:
        line.take(product, end, "product")
        is_over, end = True, product
    if end - start > (LONGEST_NAME if is_over else _UNCLEAR):
        return None, 0
    return _named(line, start, end), end if between is None else 0


def _named(line: Utterance, start: int, end: int) -> str:
    last = line.words[end - 1].end
    last += line.text[last : last + 1] == "." and line.holds("abbreviated", end - 1)
    return line.take_text(line.words[start].start, last, "prospect")


def _opening(line: Utterance) -> int:
    """Return the place behind what is said before a name: "okay so", "just left"."""
    place = 0
    while end := line.at("opening", place):
        if end == len(line):
            break
        is_title = (
            line.words[place].is_capital
            and line.words[place].plain != "i"
            and (place or line.words[end].is_capital)
        )
        if is_title and not line.words[end - 1].ends:
            break
        place = end
    return place


def _person_first(line: Utterance, start: int) -> int:
    """Take the person in "talked to Mike at Riverside Auto" and "Jim from Gateway Tire"; return
    where the firm begins."""
    behind = min(start + 1 + line.holds("title", start), len(line))
    is_talk = line.part_is(start - 1, frozenset({"to", "with", "from"})) and start > 1
    if is_talk:
        behind = max(behind, line.capitals_end(start))
    firm = behind
    while line.holds("post", firm) and not line.part_is(firm, _AT):
        firm += 1
    is_told = is_talk or line.took("phone") or line.took("email")
    is_person = behind <= start + 2 and not line.is_taken(start)
    if is_person and line.part_is(firm, _AT if is_told else _FROM) and firm + 1 < len(line):
        line.take(start, behind, "contact")
        return firm + 1
    is_listed = is_talk and behind < len(line) and line.words[behind - 1].ends
    if (
        is_listed
        and is_person
        and line.is_capital(behind)
        and (behind == start + 1 or line.holds("title", start))
    ):
        line.take(start, behind, "contact")
        return behind
    return start


def begins_with_name(text: str) -> bool:
    """Whether a sentence may begin with the name of who said no."""
    line = Utterance(text)
    return _begins(line, _opening(line))


def _begins(line: Utterance, place: int) -> bool:
    """Whether a name can begin at a place, where no clause does."""
    if place >= len(line) or not line.words[place].plain or line.is_taken(place):
        return False
    is_behind = line.capitals_end(place) > place + 1 or line.is_taken(place + 1, "amount")
    if line.words[place].is_capital and is_behind:  # Told 5k
        return True
    is_reason = line.holds("after noun", line.at("noun", place))
    is_person = line.holds("title", place) and line.at("clause", place + 1)  # coach said
    return not (line.at("clause", place) or line.at("went with", place) or is_reason or is_person)


def _is_over(line: Utterance, competitors: Sequence[str], start: int, place: int) -> bool:
    """Whether a name that began at `start` is over before a word."""
    word, before = line.words[place], line.words[place - 1]
    if "(" in line.text[before.end : word.start]:
        return True
    if before.ends:
        return not (
            (line.holds("legal", place) and word.is_capital) or _is_list(line, start, place)
        )
    is_number = in_digits([word.plain])[0].isdigit()
    if line.is_taken(place) or not word.plain or (is_number and _counts(line, start, place)):
        return True
    is_inside = word.is_capital and line.capitals_end(place) > place + 1
    if _spelled(competitors, line.part(place, place + 1)):
        return not (is_inside and before.is_capital)
    if is_inside or (word.is_capital and before.is_capital and not is_number):
        return False
    if line.at("clause", place) or line.at("went with", place):
        return True
    end = line.at("noun", place)
    is_subject = line.holds("after noun", end) or bool(line.at("clause", end))
    is_last = end == len(line) or line.words[end - 1].ends or line.is_taken(end)
    return bool(end) and (is_subject or (is_last and line.holds("reason", place)))


def _counts(line: Utterance, start: int, place: int) -> bool:
    """Whether a number behind a name counts what follows it: Kelly Tire 4 bays."""
    if any(line.holds(kind, place + 1) for kind in ("product", "unit", "measured")):
        return True
    following = line.words[place + 1] if place + 1 < len(line) else line.words[place]
    is_told = line.words[start].is_capital and place > start + 1
    is_plural = bool(re.search("[^aius]s$", following.plain))
    return is_told and not following.is_capital and is_plural


def _is_list(line: Utterance, start: int, place: int) -> bool:
    """Whether a comma stands in a list of names: Harris, Klein & Webb."""
    joint = next((at for at in range(place + 1, place + 4) if line.part_is(at, _AND)), 0)
    names = [at for at in range(start, joint + 2) if at != joint]
    return bool(joint) and joint + 1 < len(line) and all(line.words[at].is_capital for at in names)


def _capitals_end(line: Utterance, start: int, end: int) -> int:
    """Return where a capitalized name ends before words in small letters, unless they name a trade
    before an amount, or stand behind one word: Dee's nails."""
    last = start + 1
    while last < end and (line.words[last].is_capital or _joins(line, last)):
        last += 1
    small = end - last
    if not line.words[start].is_capital or not small or line.holds("product", end - 1):
        return end
    if small > _FEW or not (line.is_taken(end, "amount") or line.words[end - 1].ends):
        return last
    trades = [at + 1 for at in range(last, end) if line.holds("trade", at)]
    return max(trades, default=end if last == start + 1 else last)


def _joins(line: Utterance, place: int) -> bool:
    """Whether a small word joins two capitalized ones: First Church of Tulsa."""
    at = place
    while line.holds("joint", at) and not line.words[at].ends:
        at += 1
    return place < at < len(line) and line.words[at].is_capital


def _product_from(line: Utterance, products: Sequence[str], start: int, end: int) -> int:
    """Return where a product begins that stands behind a name up to `end`; `end` for none."""
    known = {folded(product) for product in products}
    for first in range(max(start + 1, end - _FEW), end):
        is_small = not any(word.is_capital for word in line.words[first:end])
        is_thing = line.holds("product", end - 1) and line.holds("describes", first)
        is_told = (
            line.words[start].is_capital
            or line.holds("device", end - 1)
            or (line.holds("device", first) and first > start + 1)
        )
        if folded(line.part(first, end)) in known or (is_small and is_thing and is_told):
            return first
    return end


def find_contact(line: Utterance, start: int, is_date: Callable[[int], bool]) -> str | None:
    """Return the person who is named behind "talked to", with a title, or before a phone number;
    `is_date` tells whether a date begins at a place of the text."""
    if contact := line.took("contact"):
        return contact
    for place in range(start, len(line)):
        first = line.at("contact", place) or place
        is_titled = line.holds("title", first)
        if (first == place and not is_titled) or line.words[first - 1].ends and first > place:
            continue
        end = line.capitals_end(first + is_titled)
        if first == end and line.at("person", place) == first and _is_first_name(line, first):
            end += 1  # ask for mike
        end = min(end, first + is_titled + 2)
        is_name = first + is_titled < end and line.is_free(first, end, but="next")
        if is_name and not (
            line.holds("no rival", first)
            or not line.words[first].plain.isalpha()
            or is_date(line.words[first].start)
        ):
            return line.take(first, end, "contact")
    return _before_number(line, start)


def _is_first_name(line: Utterance, place: int) -> bool:
    """Whether a word in small letters means nothing else, and ends what is said."""
    plain = line.words[place].plain if place < len(line) else ""
    is_last = place + 1 >= len(line) or _is_apart(line, place + 1) or line.is_taken(place + 1)
    is_whole = is_last or line.holds("rival ends", place + 1)
    return is_whole and _is_unknown(plain)


def _before_number(line: Utterance, start: int) -> str | None:
    """Return the person before a phone number or an e-mail address, with their post in between:
    Ann Lee, service mgr, 614-555-0199."""
    numbers = [taken[0] for taken in line.taken if taken[2] in {"phone", "email"}]
    end = next((at for at, word in enumerate(line.words) if numbers and word.end > min(numbers)), 0)
    while line.holds("post", end - 1):
        end -= 1
    first = end
    while (
        first > start
        and line.words[first - 1].is_capital
        and (first == end or not line.words[first - 1].ends)
    ):
        first -= 1
    if 1 < end - first <= _FEW and line.is_free(first, end):
        return line.take(first, end, "contact")
    return None

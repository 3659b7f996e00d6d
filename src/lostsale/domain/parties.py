"""Which prospect a sentence about a lost sale names."""

import re
from collections.abc import Iterator, Sequence

from lostsale.domain.contacts import ends_firm, is_name_list, is_person
from lostsale.domain.cues import Utterance, has_word
from lostsale.domain.names import folded
from lostsale.domain.numbers import in_digits
from lostsale.domain.rivals import LONGEST_NAME, Rivals, begins_day, is_unknown, rival_at, to_rival
from lostsale.later import NamedTuple

HEADER = ("amount", "phone", "email", "contact", "product")  # is beside the name
_UNCLEAR = 4  # words that may be a name though nothing says where it ends
_FEW = 3  # words of a person or a product
_PLAIN = 4  # evidence from which on talk gives way to a name
_SIZE = r"[0-9]+(?:\.[0-9]+|-[a-z]{2,}|(?:\.[0-9]+)?(?!st|nd|rd|th)[a-z]{2,})"  # 2.5, 3-yr, 9.6kw
_NO_PLACE = ("goods", "product", "given", "role")  # no part of a name before more capitals


class _Span(NamedTuple):
    """Where a name is: from `start` to before `last`, with a person from there to before `person`,
    and a product from `thing`, if it's one, to before `end`."""

    start: int
    last: int
    person: int
    thing: int | None
    end: int


def find_prospect(
    line: Utterance, known: Rivals, products: Sequence[str], start: int, *, is_between: bool
) -> tuple[str | None, int]:
    """Return the prospect that is named from a place on, or where most speaks for a name if that is
    talk; and the place where the rest begins. None where there is none, or nothing tells where the
    name ends. If it `is_between` the rival and the rest, "job" and "account" end it."""
    while line.is_taken(start, *HEADER):  # 12k, Acme Roofing
        start += 1
    start = _behind_thing(line, start)
    is_the = line.plain(start) == "the" and start + 1 < len(line)
    is_name = not line.is_capital(start) and line.is_capital(start + 1)
    start += is_the and (is_between or is_name)
    if next(line.places("nameless"), None):
        return None, 0
    span = _span(line, known, products, start, is_between=is_between)
    for place, end in line.places("correction"):
        is_near = span is not None and span.last <= place <= span.last + _FEW
        if is_near and (line.is_capital(end) or is_unknown(line.plain(end))):
            span = _span(line, known, products, end, is_between=is_between) or span
    if span is None or _is_talk(line, span):
        told = [_span(line, known, products, at, is_between=True) for at in _leads(line, start)]
        found = [(_evidence(line, one), -one.start, one) for one in told if one]
        evidence, _, best = max(found, default=(0, 0, None))
        line.unsure += ["prospect"] * (span is not None and evidence < _PLAIN)
        is_number = span is not None and line.plain(span.last - 1).isdigit()  # gave 2 prices
        span = best if evidence >= _PLAIN else None if is_number else span
    span = span or _before_amount(line)
    if span is None:
        return None, 0
    if begins_day(line, span.start - 2) and re.fullmatch("20[0-9]{2}", line.plain(span.start - 1)):
        line.take(span.start - 2, span.start, "day")  # of what was to be bought
    if span.thing:
        line.take(span.thing, span.end, "product")
    if span.last < span.person:
        line.take(span.last, span.person, "contact")
    behind = line.words[span.last - 1].end
    behind += line.text[behind : behind + 1] == "." and line.holds("abbreviated", span.last - 1)
    return line.take_text(line.words[span.start].start, behind, "prospect"), span.last


def _before_amount(line: Utterance) -> _Span | None:
    """Return where words end like a firm's name in front of an amount, and mean nothing
    else: says wait till crops are in schmidt farms 110k."""
    amount = next((at for at in range(len(line)) if line.is_taken(at, "amount")), 0)
    last = next((at + 1 for at in range(amount - 1, 0, -1) if ends_firm(line, at)), 0)
    first = last - 1
    while first > 0 and last - first < _UNCLEAR and not line.is_apart(first):
        word = line.plain(first - 1)
        is_name = is_unknown(word) or ends_firm(line, first - 1) or line.holds("given", first - 1)
        if not is_name or line.holds("filler", first - 1) or has_word("brand", word.rstrip("s")):
            break
        first -= 1
    line.unsure.append("prospect")  # a guess, or none
    return _Span(first, last, last, None, last) if 0 <= first < last - 1 else None


def _span(
    line: Utterance, known: Rivals, products: Sequence[str], start: int, *, is_between: bool
) -> _Span | None:
    """Return where the name is that begins at a place, None where nothing tells where it ends."""
    if not _begins(line, start):
        return None
    end, is_over = start + 1, False
    while end < len(line) and not is_over:
        is_job = line.holds("job", end) or line.plain(end) == "back"  # they got Acme back
        is_over = _is_over(line, known, start, end) or (is_between and is_job)
        end += not is_over
    while end > start + 1 and (line.holds("joint", end - 1) or line.holds("filler", end - 1)):
        end -= 1
    last, thing = _name_end(line, products, start, end)
    is_counted = thing == last > start + 2 and line.plain(end - 1).endswith("s")
    last -= is_counted and line.plain(last - 1).isdigit() and not line.holds("numbered", last - 2)
    if last == start + 1 and not line.is_capital(start) and is_goods_at(line, start):
        return None  # fence 6200
    person = _person_behind(line, start, last)
    if person - start > (LONGEST_NAME if is_over or person < end else _UNCLEAR):
        return None
    if rival_at(line, known, start)[1] == person:  # Ricoh at Acme
        return None
    return _Span(start, person, last, thing, end)


def _is_talk(line: Utterance, span: _Span) -> bool:
    """Whether a part is talk rather than a name: hit a wall at Corwin Freight."""
    places = range(span.start, span.last)
    first = next((at for at in places if line.is_capital(at)), span.start)
    if first > span.start and sum(map(line.is_capital, places)) > 1:
        is_place = ends_firm(line, span.start) and line.plain(span.start + 1) == "of"
        return not is_place and first > span.start + (line.plain(span.start) == "the")
    told = [at for at in places if line.holds("talk", at) and not line.is_capital(at)]
    is_title = all(line.is_capital(at - 1) and line.is_capital(at + 1) for at in told)
    is_whole = line.is_taken(span.last, "amount") and ends_firm(line, span.last - 1)
    is_named = line.is_capital(span.start) or told[:1] != [span.start]  # made by hand studios 4k
    if told and not (is_named and (is_title or (is_whole and len(told) == 1))):
        return True
    is_name = line.is_taken(span.last, "amount") or any(ends_firm(line, at) for at in places)
    return not (is_name or any(is_unknown(line.plain(at)) for at in places))


def _leads(line: Utterance, start: int) -> Iterator[int]:
    """Yield the places behind one at which a name may begin: led to, capitalized, or after a
    pause."""
    for place in range(start + 1, len(line)):
        is_first = line.is_capital(place) and not line.is_capital(place - 1)
        is_led = line.holds("leads", place - 1) or line.is_apart(place) or is_first
        is_count = line.plain(place).isdigit() and not line.is_capital(place + 1)
        is_joint = line.holds("joint", place) and not line.is_capital(place)
        is_other = is_count or is_joint or line.is_taken(place) or not line.plain(place)
        is_dated = begins_day(line, place - 1) or begins_day(line, place - 2)  # nov 2027 Acme
        is_led = is_led or (line.is_capital(place) and is_dated)
        is_day = begins_day(line, place - 1) or begins_day(line, place)
        is_other = is_other or (is_day and line.plain(place)[:1].isdigit())
        if is_led and not is_other:
            yield place


def _evidence(line: Utterance, span: _Span) -> int:
    """Return how much speaks for a part as a name: what leads to it, its capitals, what it ends
    with, and what follows it."""
    start, last = span.start, span.last
    capitals = sum(line.is_capital(at) for at in range(start, last))
    before = start - 1 - (line.plain(start - 1) == "the")
    is_led = line.holds("leads", before) and not line.words[before].ends
    is_over = line.is_apart(last) or bool(line.at("clause", last)) or line.holds("job", last)
    is_person = line.holds("given", start) or line.holds("title", start)
    small = [at for at in range(start, last) if not line.is_capital(at)]
    mixed = sum(not line.holds("joint", at) for at in small) * (capitals > 0)
    many, is_firm = _PLAIN if capitals > 1 else capitals, ends_firm(line, last - 1)
    evidence = 2 * is_led + line.is_apart(start) + many + 2 * is_firm + is_over
    evidence += line.is_taken(last, "amount") - 3 * is_person - mixed
    is_person = is_person or line.plain(before) in {"from", "per", "to", "with", "by"}
    is_other = is_person and any(line.plain(at) in {"at", "from", "with"} for at in small)
    is_goods = is_goods_at(line, last - 1) and not (capitals or is_firm)
    is_goods = is_goods or line.at("noun", start) == last  # Home Office
    is_other = is_other or is_goods or _is_talk(line, span)
    return 0 if is_other else evidence


def _behind_thing(line: Utterance, start: int) -> int:
    """Take what is sold in "2019 f-250 for Mel Dunbar"; return where the prospect begins."""
    led = next((at for at in range(start + 1, start + 5) if line.plain(at) == "for"), 0)
    word = line.plain(led - 1)
    is_thing = is_goods_at(line, led - 1) or (word[-1:].isdigit() and not word.isdigit())
    is_thing = is_thing and not (line.is_capital(start) and line.plain(start).isalpha())
    is_name = line.is_capital(led + 1 + (line.plain(led + 1) == "the"))
    is_name = is_name or (led - start > 1 and bool(line.plain(led + 1)))
    if not (led and is_thing and is_name and line.is_free(start, led)):
        return start
    line.take(start, led, "product")
    return led + 1


def behind_opening(line: Utterance) -> int:
    """Return the place after what is said before a name: "okay so", "just left"."""
    place = next((end for _, end in line.places("name label")), 0)
    while line.is_taken(place, "lost_on") or (0 < place < len(line) and not line.plain(place)):
        place += 1  # 11/20 - Acme
    place = _behind_referrer(line, place)
    while (end := _behind_speaker(line, place)) and end < len(line):
        is_title = all(line.is_capital(at) for at in range(place, end + 1))  # Lost Creek
        is_lost = line.plain(place) == "lost" and to_rival(line, end)  # Lost Acme to Ricoh
        is_title = is_title and not (is_lost or line.holds("no title", end - 1))
        is_small = end == place + 1 and not line.is_capital(end)
        is_thing = is_small and (is_part(line, end) or line.holds("trade", end))
        if (is_title or is_thing) and not line.words[end - 1].ends:  # log cabin homes
            break
        place = next((at for at in range(end, len(line)) if line.plain(at)), end)  # a dash
    return place


def _behind_speaker(line: Utterance, place: int) -> int:
    """Return the place after what is said before a name, and after who says it: "this is Marty, put
    down a loss for"; 0 for nothing."""
    is_speaker = (line.plain(place), line.plain(place + 1)) == ("this", "is")
    is_speaker = is_speaker and line.holds("given", place + 2) and line.words[place + 2].ends
    if is_speaker and line.is_capital(place + 3) and line.plain(place + 3).isalpha():
        return place + 3
    return (is_speaker and line.at("opening", place + 3)) or line.at("opening", place)


def _behind_referrer(line: Utterance, place: int) -> int:
    """Take who logs the loss ("dan here") or brought it in, named from a place up to a pause;
    return the place behind them, the same one for nobody."""
    is_here = line.holds("given", place) and line.plain(place + 1) == "here"
    end = place + 2 if is_here else line.at("referrer", place)
    behind = line.clause_end(end - 1) if end else place
    if behind >= len(line) or not line.is_free(end, behind + 1):
        behind = end if is_here else place
    if not place < behind < len(line):
        return place
    line.take(place, behind, "referrer")
    return behind + (not line.plain(behind))  # a dash


def begins_with_name(text: str) -> bool:
    """Whether a sentence may begin with the name of who said no."""
    line = Utterance(text)
    return _begins(line, behind_opening(line))


def _begins(line: Utterance, place: int) -> bool:
    """Whether a name can begin at a place, where no clause does."""
    if not line.plain(place) or line.is_taken(place):
        return False
    is_behind = line.capitals_end(place) > place + 1 or line.is_taken(place + 1, "amount")
    is_joint = line.plain(place + 1) in {"of", "in", "and", "&"}  # Call of the Wild
    is_title = is_joint and _joins(line, place + 1)
    if line.is_capital(place) and (is_behind or is_title):  # Told 5k
        return True
    if line.plain(place).isdigit() and line.at("clause", place + 1):  # quoted 5 then 4
        return False
    behind = line.at("noun", place)
    is_reason = behind > 0 and line.holds("after noun", behind)
    is_person = line.holds("title", place) and line.at("clause", place + 1)  # coach said
    return not (line.at("clause", place) or line.at("went with", place) or is_reason or is_person)


def _is_over(line: Utterance, known: Rivals, start: int, place: int) -> bool:
    """Whether a name that began at `start` is over before a word."""
    word, before = line.words[place], line.words[place - 1]
    if before.ends or line.opens(place):
        is_legal = line.holds("legal", place) and word.is_capital
        is_given = place == start + 1 < len(line) - 1 and line.holds("given", place)
        is_given = is_given and is_person(line, start) and not line.plain(place + 1)
        return not (is_legal or is_given or is_name_list(line, start, place))  # Lopez, Maria - 5k
    is_title = word.is_capital and word.plain.isalpha() and not line.is_capital(place + 1)
    is_day = place > start + 1 and begins_day(line, place) and not is_title  # but Ruby Tuesday
    is_number = in_digits([word.plain])[0].replace(",", "").isdigit()
    is_count = is_number and _counts(line, start, place)
    is_size = not line.is_capital(place + 1) and re.fullmatch(_SIZE, word.plain)
    if line.is_taken(place) or not word.plain or is_day or is_count or is_size:
        return True
    is_inside = word.is_capital and line.capitals_end(place) > place + 1
    if rival_at(line, known, place)[0]:
        return not (is_inside and before.is_capital)
    if is_inside or (word.is_capital and before.is_capital and not is_number):
        return False
    return bool(line.at("clause", place) or line.at("went with", place)) or _is_reason(line, place)


def _is_reason(line: Utterance, place: int) -> bool:
    """Whether a reason begins with a noun at a place: "board said", "price"."""
    end = line.at("noun", place)
    is_subject = line.holds("after noun", end) or bool(line.at("clause", end))
    is_last = end == len(line) or line.is_apart(end) or line.is_taken(end)
    return bool(end) and (is_subject or (is_last and line.holds("reason", place)))


def _counts(line: Utterance, start: int, place: int) -> bool:
    """Whether a number behind a name counts what follows it: Kelly Tire 4 bays."""
    if line.holds("numbered", place - 1):  # hwy 12 truck stop
        return False
    is_behind = line.holds("trade", place - 1) and not line.is_capital(place + 1)  # apts 150 units
    is_behind = is_behind and not line.is_apart(place + 1)
    is_long = place > start + 1
    is_far = is_long and line.holds("product", place + 2) and not line.words[place + 1].ends
    is_behind = is_behind or (is_long and line.holds("brand", place + 1))  # 2019 Freightliner
    kinds = ("product", "unit", "measured")
    if is_behind or any(line.holds(kind, place + 1 + is_far) for kind in kinds):
        return True  # 3 ricoh mfps
    is_title = line.is_capital(start) and not line.is_capital(place + 1)
    is_told = is_long and (is_title or line.text.isupper())
    return is_told and bool(re.search("[^aius]s$", line.plain(place + 1)))


def _name_end(
    line: Utterance, products: Sequence[str], start: int, end: int
) -> tuple[int, int | None]:
    """Return where a name ends that began at `start`, of the words up to `end`, and where a product
    begins behind it, if one does.

    A capitalized name ends before words in small letters, unless they name a trade before an
    amount, or stand behind one word: Dee's nails. Any name ends before what no firm is named after.
    """
    known = {folded(product) for product in products}
    for first in range(max(start + 1, end - _FEW), end):
        if folded(line.part(first, end)) in known:
            return first, first
    last = start + 1
    while last < end and (line.is_capital(last) or _joins(line, last)):
        last += 1
    inner = (at for at in range(start + 1, last) if line.plain(at).isalpha())
    is_title = line.is_capital(start) or any(map(line.is_capital, inner))
    is_goods = is_goods_at(line, end - 1)
    last = end if is_title and _runs_on(line, last, end) else last
    if is_title and last < end:
        trades = [at + 1 for at in range(last, end) if line.holds("trade", at)]
        if is_goods and (last > start + 1 or end not in trades):
            plain = (at for at in trades if not is_part(line, at - 1))
            first = max(plain, default=last)
            return first, first
        is_over = line.is_taken(end, "amount") or line.words[end - 1].ends
        is_over = is_over or (line.holds("trade", last) and line.at("clause", end) > 0)
        if end - last > _FEW or not (is_over or line.plain(end).isdigit()):
            return last, None
        return max(trades, default=end if last == start + 1 else last), None
    first = end if is_title else _goods_behind(line, start, end)
    return first, first if first < end else None


def _goods_behind(line: Utterance, start: int, end: int) -> int:
    """Return where goods begin behind a name in small letters that began at `start`: juniper cafe
    payroll; the `end` for none."""
    places = [at for at in range(start + 1, end - 1) if line.holds("business", at)]
    behind = places[-1] + 1 if places else end
    behind += line.plain(behind).isdigit()  # elks lodge 44 ice machine
    is_firm = line.holds("firm", end - 1)
    if behind < end and not is_firm and all(is_part(line, at) for at in range(behind, end)):
        return behind
    first = end - 1
    is_firm = is_firm or line.holds("trade", first)
    is_firm = is_firm or line.part(first - 1, first).endswith(("'s", "\u2019s"))  # ro's kitchen
    if is_firm or not is_goods_at(line, first):
        return end
    while first > start + 1 and line.holds("describes", first - 1):
        first -= 1
    is_joined = line.holds("joint", first - 1) or line.plain(first - 1) == "&"
    return end if is_joined or (first == start + 1 and end - first <= 1) else first


def _runs_on(line: Utterance, place: int, end: int) -> bool:
    """Whether a name goes on through small words to more capitals and the amount: Menards dist
    center Eau Claire 22k."""
    small = [at for at in range(place, end) if not line.is_capital(at)]
    is_other = any(line.holds(kind, at) for kind in _NO_PLACE for at in small)
    is_end = line.is_taken(end, "amount") or (line.holds("trade", place) and line.at("clause", end))
    return not is_other and line.is_capital(end - 1) and bool(is_end)


def _person_behind(line: Utterance, start: int, end: int) -> int:
    """Return where the person begins whose name is behind the firm's in a name that began at
    `start`: zeta law tom smith 555-0188; the `end` for nobody."""
    is_reached = line.is_taken(end, "phone", "email")
    for first in () if line.holds("given", start) else range(max(end - 2, start + 1), end):
        is_firm = line.holds("trade", first - 1) or line.holds("firm", first - 1)
        is_behind = is_firm or (end - first > 1 and (is_reached or first > start + 1))
        is_plain = not line.is_capital(first) and line.is_taken(end, "amount")
        is_joined = any(line.holds(kind, first - 1) for kind in ("joint", "abbreviated", "role"))
        is_other = (
            is_joined or line.plain(first - 1) in {"&", "temple"} or is_goods_at(line, end - 1)
        )
        is_name = line.holds("given", first) and is_person(line, end - 1)
        if is_name and is_behind and not is_other and (is_reached or is_plain):
            return first
    return end


def is_part(line: Utterance, place: int) -> bool:
    """Whether the word at a place is of what is bought: its last, or one that describes it."""
    return line.holds("describes", place) or is_goods_at(line, place)


def is_goods_at(line: Utterance, place: int) -> bool:
    """Whether the word at a place is the last of a thing that is bought: home+auto, too."""
    words = line.plain(place).replace("/", "+").split("+")
    return all(has_word("product", word) or has_word("goods", word) for word in words)


def _joins(line: Utterance, place: int) -> bool:
    """Whether a small word joins two capitalized ones: First Church of Tulsa."""
    at = place
    while line.holds("joint", at) and not line.words[at].ends:
        at += 1
    return place < at and line.is_capital(at)

"""Reading one sentence about a lost sale, as a rep types or dictates it: who said no, how much,
what they said, who got the order, and when to come back.

A sentence and what the journal knows go in; a draft with sure and unsure fields comes out. Nothing
is taken that the sentence doesn't hold. What is looked for is in `data/sentence.txt`; who is
named in it is found in `parties`, `rivals` and `contacts`, and its days in `told_days`.
"""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from lostsale.domain.amounts_in_text import Amount, find_amounts
from lostsale.domain.contacts import (
    behind_person,
    find_contact,
    find_email,
    find_phone,
    find_reachable,
)
from lostsale.domain.cues import Utterance, has_word, take_no_reason
from lostsale.domain.dates import Asked, When
from lostsale.domain.dates_in_text import date_at
from lostsale.domain.loss import Again, Outcome
from lostsale.domain.money import Money
from lostsale.domain.names import folded
from lostsale.domain.numbers import SCALES, VALUES
from lostsale.domain.parties import HEADER, behind_opening, find_prospect, is_goods_at, is_part
from lostsale.domain.rivals import find_rival, folded_names, known_rival
from lostsale.domain.told_days import find_again, find_call_back, find_lost_on, find_told_first
from lostsale.domain.workdays import Workdays
from lostsale.later import NamedTuple

_FEW = 3  # words of a product
_ROUNDED = 20  # an amount is rounded by at most a twentieth of it
_LONG_AGO = 12  # words between that they signed and that they backed out
_NUMBERS = VALUES.keys() | SCALES.keys()
_ASKED = r"^(?!remind)\w+ (?:me|us)\b"  # call me in may: that's what they said
# What a reason is read with in place of what a field holds.
_INSTEAD = {"difference": " cheaper "} | dict.fromkeys(
    ("next", "again", "outcome", "denied"), " , "
)
# How words of a reason are written in short, and what is read.
_WRITTEN = (
    (r"\b(?:sa(?:y|ys|id) )?no \$+(?!\S)", "no money"),
    (r"(?<!\S)\$+(?!\S)", "price"),
    (r"\b2 (?=(?:much|high|slow|late|pricey)\b)", "too "),
    (r"\ban? [0-9]+[ -](?:mo|month|yr|year)s?\b", "a"),  # a 12 mo out clause
    (r"\b(?:[2-9]|two|three|four) prices\b", ""),  # gave three prices
    (r"^twice(?=$|,)", "entered twice"),
    (r"(^|, |['\"]|\bsa(?:id|ys) |\bto )call (me|us) back\b", r"\1call \2"),
    (r"(?:^|(?<=, ))(?:[2-9]|two|three|four) (?:other )?(?:bids|quotes), ", ""),
    (r"\b(?:its? )?(?:and )?the (?:company|customer|account|name) (?:is|was)$", ""),
)


class Knows(NamedTuple):
    """What helps to read a sentence: the day it is typed; the user's currency (ISO 4217), decimal
    sign, order of dates and working days; and names that the journal holds."""

    today: date
    currency: str = "USD"
    decimal: str = ""
    date_order: str = ""
    workdays: Workdays = Workdays()
    competitors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class Sentence(NamedTuple):
    """What a sentence tells; None where it tells nothing.

    `said` is all that isn't the name and what goes with it, exactly; `plain` is the same
    without what other fields hold, to be read as a reason. `unsure` names the fields that have to
    be asked for; `inferred` says of fields that were put right or put together from what.
    """

    prospect: str | None = None
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    product: str | None = None
    money: Money | None = None
    said: str | None = None
    plain: str = ""
    lost_to: str | None = None
    given_outcome: Outcome | None = None
    lost_on: date | None = None
    next: When | None = None
    again: Again | None = None
    way_in: str | None = None
    unsure: tuple[str, ...] = ()
    inferred: Mapping[str, str] = MappingProxyType({})


def read_sentence(text: str, knows: Knows, name: str | None = None) -> Sentence:
    """Return what a sentence tells of a lost sale; with the prospect's `name`, if that is known
    already and `text` is only what comes after it."""
    line = Utterance(text)
    phone, email = find_phone(line), find_email(line)
    reachable = find_reachable(line)
    way_in = _way_in(line)
    money = _amount(line, knows, may_begin=name is not None)
    ahead = Asked(knows.today, "future", knows.date_order, workdays=knows.workdays)
    lost_on = find_told_first(line, ahead.turned())
    rivals, first = folded_names(knows.competitors), behind_opening(line) if name is None else -1
    rival, between = find_rival(line, rivals, first)
    again = find_again(line, ahead)
    following = find_call_back(line, first, ahead, again)
    prospect, start, beside = name, 0, 0
    if name is None:
        begin = between or behind_person(line, first)
        is_between = between > 0 or line.plain(begin - 1) in {"lost", "the", "on", "over"}
        prospect, start = find_prospect(line, rivals, knows.products, begin, is_between=is_between)
        is_told = between > 0 or any(line.holds("answer", at) for at in range(begin))  # no response
        is_told = is_told or (begin > 1 and line.at("name label", begin - 1) == begin)
        is_told = is_told or (prospect is not None and not _opens(line, begin))
        beside, start = start, 0 if is_told else start
    rival = rival or known_rival(line, rivals, start)
    lost_on = lost_on or find_lost_on(line, ahead.turned())
    contact = reachable or find_contact(line, start, lambda at: bool(date_at(text, at, ahead)))
    product = _product(line, knows, start) or _product(line, knows, beside)
    cancelled = next(line.places("cancelled"), None) or _backed_out(line)
    if cancelled:
        line.take(*cancelled, "outcome")
    take_no_reason(line)
    is_mistake = any(line.places("mistake"))
    is_unnamed = rival is None and "lost_to" in line.unsure  # from a friend of his
    for place, end in line.places("relative") if is_unnamed else ():
        line.take(place, end, "lost_to")  # don't tell why
    begins = {field: begin for begin, _, field in reversed(line.taken)}
    is_open = "amount" in line.unsure and begins["amount"] < begins.get("prospect", 0)  # 8-10k Acme
    if rival:
        for place, end in line.places("by less"):
            line.take(place, end, "difference")
    said, plain = _rest(line, start, is_behind=name is not None or (start > 0 and not is_open))
    if prospect is None:
        line.unsure.append("prospect")
    return Sentence(
        prospect=prospect,
        contact=contact,
        phone=phone,
        email=email,
        product=product,
        money=money,
        said=said,
        plain=plain,
        lost_to=rival,
        given_outcome=(
            "mistake"
            if is_mistake
            else "cancelled"
            if cancelled
            else "competitor"
            if is_unnamed
            else None
        ),
        lost_on=lost_on,
        next=following,
        again=again,
        way_in=way_in,
        unsure=tuple(dict.fromkeys(line.unsure)),
        inferred=line.inferred,
    )


def _opens(line: Utterance, begin: int) -> bool:
    """Whether the name is the first of what begins at a place, but for what goes with it."""
    beside = (
        line.is_taken(at, *HEADER) or line.plain(at) in {"", "the"} for at in range(len(line))
    )
    first = next((at for at, is_beside in enumerate(beside) if at >= begin and not is_beside), 0)
    return line.is_taken(first, "prospect")


def _amount(line: Utterance, knows: Knows, *, may_begin: bool) -> Money | None:
    """Return the amount; one after "no wait" corrects the other."""
    found = [
        amount
        for amount in find_amounts(line.text, knows.currency, knows.decimal)
        if not any(start < amount.end and amount.start < end for start, end, _ in line.taken)
    ]
    if len(found) > 1 and not may_begin and found[0].start == line.words[0].start:
        found = found[1:]  # of a name: 1800 Flowers
    for place, end in line.places("down to"):  # 21k came down to 18.5
        small = re.fullmatch(r"[0-9]{1,3}(?:\.[0-9])?", line.plain(end))
        is_behind = found and found[0].money and found[0].end <= line.words[place].start
        for amount in find_amounts(f"{small[0]}k", knows.currency) if small and is_behind else ():
            begin = line.words[end]
            found.append(amount._replace(start=begin.start, end=begin.end))
            found.sort()
    corrected = (*line.places("correction"), *line.places("down to"))
    corrections = [line.words[place].start for place, _ in corrected]
    for before, after in pairwise(found):
        is_no = line.text[before.end : after.start].strip(" ,.-").lower() in {"no", "wait", "er"}
        if is_no or any(before.end <= start < after.start for start in corrections):
            line.inferred["amount"] = f"corrected from {line.text[before.start : before.end]}"
            line.take_text(before.start, after.start, "amount")
            found = [after]
            break
    rank = max((amount.rank for amount in found), default=0)
    found = [amount for amount in found if amount.rank == rank]
    most = max((amount.money.minor for amount in found if amount.money), default=0)
    found = [one for one in found if not one.money or one.money.minor * 100 > most]  # 4 dollars
    found = _ours(line, found)
    for amount in found:
        line.take_text(amount.start, amount.end, "amount")
    whole = next((one.money.minor for one in found if one.money and not one.how), 0)
    found = [one for one in found if not (one.how and _is_part(one.money, whole))]
    if not found:
        return None
    first, *others = found
    if (
        not first.rank
        or first.money is None
        or any(amount.money != first.money for amount in others)
    ):
        line.unsure.append("amount")
        return None
    if first.how:
        line.inferred["amount"] = first.how
    return first.money


def _is_part(rate: Money | None, whole: int) -> bool:
    """Whether a rate only says how a `whole` (0 if none was told) is paid: 22k, 36 months at
    610."""
    return whole > 0 if rate is None else abs(rate.minor - whole) * _ROUNDED <= whole


def _ours(line: Utterance, found: list[Amount]) -> list[Amount]:
    """Return the amounts but those of others: we were at 9,800 and Ricoh came in at 8,600."""
    ours, theirs, limits = (
        {line.words[end].start for _, end in line.places(section) if end < len(line)}
        for section in ("ours", "theirs", "limit")
    )
    for amount in [
        amount for amount in found if not limits.isdisjoint(range(amount.start, amount.end))
    ]:
        line.take_text(amount.start, amount.end, "limit")
        found.remove(amount)
    if len(found) < 2:
        return found
    told = [amount for amount in found if amount.start in ours]
    told = told or [amount for amount in found if amount.start not in theirs] or found
    others = [amount for amount in found if amount not in told]
    for amount in others:
        line.take_text(amount.start, amount.end, "difference")
    is_rate = any(amount.how for amount in others)  # 1,280 a month, ours was 1,310
    return [one._replace(money=None) if is_rate and not one.how else one for one in told]


def _backed_out(line: Utterance) -> tuple[int, int] | None:
    """Return where it is told that they signed, then backed out, and where that ends."""
    signings = [
        (place, end)
        for place, end in line.places("signed")
        if not line.is_behind("unsigned", place, 2) and line.plain(end) not in {"with", "off"}
    ]
    for signed, end in signings:
        for place, behind in line.places("backed out"):
            is_after = "after" in map(line.plain, range(behind, signed))
            if is_after or end <= place <= end + _LONG_AGO:
                return min(signed, place), max(end, behind)
    return None


def _way_in(line: Utterance) -> str | None:
    for place, end in line.places("way in"):
        first, behind = end - (line.plain(end - 1) == "a"), line.clause_end(end)
        if end < behind and not line.words[end - 1].ends:
            line.take(place, first, "way_in")
            return line.take(first, behind, "way_in")
    return None


def _product(line: Utterance, knows: Knows, start: int) -> str | None:
    """Return what it was about: "for the toner plan", "24 copiers", or what is beside the
    name."""
    if product := line.took("product"):
        return product
    products = {folded(product) for product in knows.products}
    about = {end for _, end in line.places("about")}
    of = (at for at in range(1, len(line)) if line.plain(at) == "of")  # 14k of light fixtures
    about |= {at + 1 for at in of if line.is_taken(at - 1, "amount")}
    for place in range(start, len(line)):
        first = max(_lead(line, place), start)
        is_led = first < place
        is_beside = all(
            line.is_taken(at, *HEADER)
            or not line.plain(at)
            or (line.is_capital(at) and line.words[first - 1].ends)
            for at in range(start, first)
        )
        is_counted = is_led and _is_number(line.plain(place - 1))
        is_counted = is_counted and line.is_taken(first, "amount") <= line.is_taken(place, "amount")
        is_bought = is_counted or (is_led and line.plain(first) == "for") or first in about
        if not (is_led or is_beside or first in about) or _is_no_thing(line, place, first):
            continue
        for end in range(place + 1, min(place + _FEW, line.clause_end(place)) + 1):
            if not line.is_free(place, end, but="amount" if is_counted else ""):
                break
            is_set_off = line.is_apart(place) and _is_set_off(line, place, end)
            is_it = line.holds("product", end - 1)
            if is_it and not line.holds("device", end - 1):  # not the state's contract
                is_described = is_beside and (line.holds("describes", place) or is_set_off)
                is_it = is_bought or is_described
            if (is_beside and (is_bought or is_set_off)) or first in about:
                is_it = is_it or _is_goods(line, end - 1, first if is_counted else end)
            is_it = is_it or (first in about and line.is_taken(end, "amount"))
            is_who = line.at("noun", end - 1) > 0 and line.holds("after noun", end)
            is_it = is_it and (line.words[end - 1].ends or not (is_who or is_part(line, end)))
            is_whole = is_led or is_bought or is_set_off or line.is_apart(end) or line.is_taken(end)
            if is_whole and (is_it or folded(line.part(place, end)) in products):
                word = line.plain(place)
                is_size = line.holds("measured", place) or has_word("counted", word[:-1])
                first = place - (is_counted and is_size and place + 1 < end)  # 40 ft dock
                return line.take(first, end, "product")
    return None


def _lead(line: Utterance, place: int) -> int:
    """Return where begins what leads to a thing at a place: for the, 24."""
    if _is_number(line.plain(place - 1)) and not line.words[place - 1].ends:
        return place - 1
    first = place - (line.plain(place - 1) in {"a", "an", "the"})
    return first - (line.plain(first - 1) == "for")


def _is_no_thing(line: Utterance, place: int, first: int) -> bool:
    """Whether no product begins at a place, led to from `first` on: went with a printer."""
    word = line.plain(place)
    is_other = any(line.holds(kind, place) for kind in ("unit", "kept", "lead", "rival ends"))
    is_other = is_other or line.at("down to", place) > 0
    return is_other or not word.isalpha() or word in _NUMBERS or line.is_taken(first - 1, "lost_to")


def _is_set_off(line: Utterance, place: int, end: int) -> bool:
    """Whether a part ends before a number or "for", or, after an amount, like it: with a comma if
    one is there, else before a clause, too."""
    behind = end + (end < len(line) and not line.plain(end))  # a dash
    if line.is_taken(behind, *HEADER) or line.plain(end) == "for":
        return True
    is_clause = line.at("clause", end) or line.at("noun", end)
    is_clause = is_clause and not line.words[place - 1].ends
    return line.is_taken(place - 1, "amount") and (bool(is_clause) or line.is_apart(end))


def _is_goods(line: Utterance, place: int, count: int) -> bool:
    """Whether a word is of what is bought, or a plural that measures nothing behind its `count`."""
    if count >= place or is_goods_at(line, place):
        return is_goods_at(line, place)
    word, kinds = line.plain(place), ("unit", "measured", "clause")
    is_sum = line.is_taken(place, "amount") and line.plain(place + 1) in {"at", "@"}
    is_alone = line.is_free(count, place + 1) and line.is_apart(place + 1)
    is_plural = word.endswith("s") and not word.endswith(("as", "is", "us", "ss"))
    is_measure = any(line.holds(kind, place) for kind in kinds) or has_word("counted", word[:-1])
    return (is_sum or is_alone) and is_plural and not is_measure


def _is_number(word: str) -> bool:
    is_nth = word.endswith(("st", "nd", "rd", "th"))  # 1st floor
    return (word[:1].isdigit() and not is_nth) or word in VALUES


def _rest(line: Utterance, start: int, *, is_behind: bool) -> tuple[str | None, str]:
    """Return what is said beside the name and what goes with it, all of it unless it `is_behind`
    the name; and that without what fields hold."""
    first, is_open = start, "amount" in line.unsure
    while first < len(line) and (
        (line.is_taken(first, *HEADER) and not (is_open and line.is_taken(first, "amount")))
        or not line.words[first].plain
        or (line.words[first].plain in {"for", "at", "about"} and line.is_taken(first + 1, *HEADER))
    ):
        first += 1
    if first == len(line) and (is_behind or not is_open):
        return None, ""
    begin = line.words[first].start if is_behind else 0
    begin -= begin > 0 and line.text[begin - 1] in "\"'\u201c\u2018(."
    plain, place = "", begin
    for part, end, field in sorted(line.taken):
        if (
            end > place
            and field not in {"waits", "limit"}
            and not (field == "next" and re.search(_ASKED, line.text[part:end].lower()))
            and line.text[part:end].split()[0] != "vote"
        ):
            plain += line.text[place : max(part, place)]
            plain += _INSTEAD.get(field, " ")
            place = end
    plain = " ".join((plain + line.text[place:]).split())
    for written, meant in _WRITTEN:
        plain = re.sub(written, meant, plain, flags=re.IGNORECASE)
    plain = plain.strip(" ,.;:-\u2013\u2014")
    is_other = line.took("denied") and not (line.took("lost_to") or "lost_to" in line.unsure)
    return line.text[begin:].strip(), plain or "other" * bool(is_other)

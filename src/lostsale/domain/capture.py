"""Reading one sentence about a lost sale, as a rep types or dictates it: who said no, how much, what
they said, who got the order, and when to come back.

A sentence and what the journal knows go in; a draft with sure and unsure fields comes out. Nothing
is taken that the sentence doesn't hold. What is looked for stands in `data/sentence.txt`.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from lostsale.domain.dates import EVERY_DAY, Asked, Found, When, Workdays, date_at, find_dates
from lostsale.domain.money import Money, find_amounts
from lostsale.domain.names import folded, nearest
from lostsale.domain.numbers import in_digits

_DATA = Path(__file__).parents[1] / "data" / "sentence.txt"
_REACH = 6  # words between "call" and its date
_LONGEST_NAME = 10  # words

Field = str


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

    `how` says how an amount was reckoned (`300 × 36`). `said` is all that is not the name and what
    goes with it, to the letter; `plain` is the same without what other fields hold, to be read as a
    reason. `unsure` names the fields that are to be asked for, `inferred` those that were put right
    or put together.
    """

    prospect: str | None = None
    contact: str | None = None
    phone: str | None = None
    email: str | None = None
    product: str | None = None
    money: Money | None = None
    how: str = ""
    said: str | None = None
    plain: str = ""
    lost_to: str | None = None
    outcome: str | None = None
    lost_on: date | None = None
    next: When | None = None
    again: date | None = None
    again_what: str | None = None
    way_in: str | None = None
    unsure: tuple[Field, ...] = ()
    inferred: tuple[Field, ...] = ()


class Word(NamedTuple):
    """A word at `text[start:end]`, without what stands around it: `plain` in lower case without
    apostrophes, whether it begins with a capital or a digit, and whether a clause ends behind it."""

    start: int
    end: int
    plain: str
    is_capital: bool
    ends: bool


Phrase = tuple[tuple[frozenset[str], bool], ...]  # a word's alternatives, and whether it must be


@cache
def _tables() -> dict[str, dict[str, list[Phrase]]]:
    """Return the phrases of each section by the word that they begin with."""
    tables: dict[str, dict[str, list[Phrase]]] = {}
    section: dict[str, list[Phrase]] = {}
    for line in _DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = tables.setdefault(line[1 : line.index("]")], {})
        elif line and not line.startswith("#"):
            parts = [(frozenset(part.strip("()").split("|")), part[0] != "(") for part in line.split()]
            for place, (first, is_needed) in enumerate(parts):
                for word in first:
                    section.setdefault(word, []).append(tuple(parts[place:]))
                if is_needed:
                    break
    return tables


def _fits(phrase: Phrase, words: list[Word], at: int) -> int:
    """Return the place behind a phrase that stands at a place, the longest way; 0 if it doesn't."""
    if not phrase:
        return at
    (alternatives, is_needed), *rest = phrase
    if at < len(words) and words[at].plain:
        word = words[at].plain
        is_it = word in alternatives or "*" in alternatives or "#" in alternatives and word[0].isdigit()
        is_open = not rest or not words[at].ends
        if is_it and is_open and (end := _fits(tuple(rest), words, at + 1)):
            return end
    return 0 if is_needed else _fits(tuple(rest), words, at)


def _words(text: str) -> list[Word]:
    found = []
    for match in re.finditer(r"\S+", text):
        bare = match[0].strip(".,;:!?()[]\"\u201c\u201d\u2013\u2014-\u2026")
        start = match.start() + match[0].find(bare) if bare else match.start()
        end = start + len(bare)
        plain = re.sub("['\u2019`]", "", bare.lower())
        after = text[end : match.end()]
        is_short = plain in _tables()["abbreviated"] or len(plain) == 1
        ends = not bare or bool(after.strip(".")) or ("." in after and not is_short)
        is_capital = bool(bare) and (bare[0].isupper() or bare[0].isdigit() or bare == "&")
        found.append(Word(start, end, plain, is_capital, ends))
    return found


def read_sentence(text: str, knows: Knows, name: str | None = None) -> Sentence:
    """Return what a sentence tells of a lost sale, given the prospect's `name` if that is known
    already and `text` is only the rest."""
    return _Reader(text, knows, name).sentence()


class _Reader:
    """One sentence while it is read. Each part that is taken for a field is taken once."""

    def __init__(self, text: str, knows: Knows, name: str | None) -> None:
        self.text = text
        self.knows = knows
        self.name = name
        self.words = _words(text)
        self.taken: list[tuple[int, int, Field]] = []  # from, to, and what for
        self.unsure: list[Field] = []
        self.inferred: list[Field] = []

    def sentence(self) -> Sentence:
        """Return all that the sentence tells."""
        phone, email = self._phone(), self._email()
        money, how = self._amount()
        way_in = self._way_in()
        rival, where = self._rival()
        again, what = self._again()
        following = self._call_back(again)
        prospect, start = self._prospect(where)
        rival = rival or self._known_rival(start)
        lost_on = self._lost_on()
        contact = self._contact(start, has_number=bool(phone or email))
        product = self._product(start)
        is_cancelled = any(True for _ in self._places("cancelled"))
        said, plain = self._rest(start)
        if prospect is None and self.name is None:
            self.unsure.append("prospect")
        return Sentence(
            prospect=prospect,
            contact=contact,
            phone=phone,
            email=email,
            product=product,
            money=money,
            how=how,
            said=said,
            plain=plain,
            lost_to=rival,
            outcome="cancelled" if is_cancelled else None,
            lost_on=lost_on,
            next=following,
            again=again,
            again_what=what,
            way_in=way_in,
            unsure=tuple(dict.fromkeys(self.unsure)),
            inferred=tuple(dict.fromkeys(self.inferred)),
        )

    # Finding things.

    def _at(self, section: str, place: int) -> int:
        """Return the place behind the longest phrase of a section that stands at a place, else 0."""
        if not place < len(self.words):
            return 0
        phrases = _tables()[section]
        found = (phrases.get(self.words[place].plain) or []) + (phrases.get("*") or [])
        return max((_fits(phrase, self.words, place) for phrase in found), default=0)

    def _places(self, section: str) -> Iterator[tuple[int, int]]:
        """Yield where phrases of a section stand that nothing was taken of: from, and up to."""
        for place in range(len(self.words)):
            end = 0 if self._is_taken(place) else self._at(section, place)
            if end:
                yield place, end

    def _is_taken(self, place: int, *fields: Field, but: tuple[Field, ...] = ()) -> bool:
        """Whether a word was taken, for one of these fields or for any `but` some."""
        start = self.words[place].start
        return any(
            begin <= start < end and (not fields or field in fields) and field not in but
            for begin, end, field in self.taken
        )

    def _take(self, start: int, end: int, field: Field) -> str:
        self.taken.append((start, end, field))
        return self.text[start:end]

    def _span(self, first: int, behind: int) -> tuple[int, int]:
        return self.words[first].start, self.words[behind - 1].end

    def _is(self, section: str, place: int) -> bool:
        """Whether a word of a section of single words stands at a place."""
        return place < len(self.words) and self.words[place].plain in _tables()[section]

    def _asked(self, direction: str, workdays: Workdays | None = None) -> Asked:
        knows = self.knows
        return Asked(
            knows.today, direction, knows.date_order, workdays=workdays or knows.workdays
        )

    # What numbers and dates tell.

    def _phone(self) -> str | None:
        if found := _PHONE.search(self.text):
            return self._take(*found.span(), "phone")
        if found := _SPOKEN_PHONE.search(self.text):
            self._take(*found.span(), "phone")
            self.inferred.append("phone")
            digits = "".join(_DIGITS[word] for word in found[0].lower().split())
            return "-".join((digits[:-7], digits[-7:-4], digits[-4:])).lstrip("-")
        return None

    def _email(self) -> str | None:
        if found := _EMAIL.search(self.text):
            return self._take(*found.span(), "email")
        if " dot " in self.text.lower() and (found := _SPOKEN_EMAIL.search(self.text)):
            self._take(*found.span(), "email")
            self.inferred.append("email")
            signs = {" dot ": ".", " underscore ": "_", " dash ": "-", " hyphen ": "-"}
            spoken = f"{found[1]}@{found[2]}".lower()
            for said, sign in signs.items():
                spoken = spoken.replace(said, sign)
            return spoken
        return None

    def _amount(self) -> tuple[Money | None, str]:
        found = [
            amount
            for amount in find_amounts(self.text, self.knows.currency, self.knows.decimal)
            if not any(begin < amount.end and amount.start < end for begin, end, _ in self.taken)
        ]
        if len(found) > 1 and self.name is None and found[0].start == self.words[0].start:
            found = found[1:]  # of a name: 1800 Flowers
        for before, after in zip(found, found[1:], strict=False):
            between = [
                place
                for place, end in self._places("correction")
                if before.end <= self.words[place].start and self.words[end - 1].end <= after.start
            ]
            if between:
                found = [after]
                self.inferred.append("amount")
                self._take(before.start, after.start, "amount")
                break
        for amount in found:
            self._take(amount.start, amount.end, "amount")
        if len({amount.money for amount in found}) != 1 or found[0].money is None:
            if found:
                self.unsure.append("amount")
            return None, ""
        if found[0].how:
            self.inferred.append("amount")
        return found[0].money, found[0].how

    def _date(self, place: int, reach: int, direction: str, workdays: Workdays) -> Found | None:
        """Return the first date that begins at a place or so many words behind it, in one clause."""
        for at in range(place, min(place + reach, len(self.words))):
            found = date_at(self.text, self.words[at].start, self._asked(direction, workdays))
            if found and self.words[at - 1].plain not in {"a", "an"}:  # a 36 month lease
                return found
            if self.words[at].ends:
                break
        return None

    def _again(self) -> tuple[date | None, str | None]:
        ends = [(at, end) for at, end in self._places("until") if self._is_taken(at - 1, "lost_to")]
        for place, end in [*self._places("again"), *ends]:
            found = self._date(end, 3, "future", EVERY_DAY)
            year = re.compile(r"(?:in |at |by )?(20[2-9]\d)\b").match(
                self.text, self.words[min(end, len(self.words) - 1)].start
            )
            if found is None and year and int(year[1]) > self.knows.today.year:
                found = Found(year.start(), year.end(), When(date(int(year[1]), 1, 1)))
                self.inferred.append("again")
            if found:
                self._take(self.words[place].start, found.end, "again")
                if found.when is None:
                    self.unsure.append("again")
                    return None, None
                nouns = (word.plain for word in self.words[place:end])
                what = next((noun for noun in nouns if noun in _ENDING), None)
                return found.when.day, what
        return None, None

    def _call_back(self, again: date | None) -> When | None:
        for place, end in self._places("call back"):
            found = self._before(end, again) or self._date(
                end, _REACH, "future", self.knows.workdays
            )
            if found and not any(begin <= found.start < stop for begin, stop, _ in self.taken):
                self._take(self.words[place].start, found.end, "next")
                if found.when is None:
                    self.unsure.append("next")
                return found.when
        return None

    def _before(self, place: int, again: date | None) -> Found | None:
        """Return the day of "60 days before", once it is known before what."""
        pattern = re.compile(r"(?:\w+ ){0,3}?(\d{1,3}) (day|week|month)s? before\b")
        found = place < len(self.words) and pattern.match(self.text, self.words[place].start)
        if not found:
            return None
        if again is None:
            return Found(*found.span(), None)
        asked = Asked(again, "past", workdays=EVERY_DAY)
        back = date_at(f"{found[1]} {found[2]}s ago", 0, asked)
        self.inferred.append("next")
        day = back.when.day if back and back.when else again
        return Found(*found.span(), When(self.knows.workdays.on_or_after(day)))

    def _lost_on(self) -> date | None:
        """Return the day of the loss: a near one that stands at the end, or behind what ended it."""
        for found in find_dates(self.text, self._asked("past")):
            typed = self.text[found.start : found.end].lower()
            is_free = not any(begin <= found.start < end for begin, end, _ in self.taken)
            before = sorted(taken for taken in self.taken if taken[1] <= found.start)
            gap = self.text[max((end for _, end, _ in before), default=0) : found.start]
            is_behind_rival = bool(before) and not gap.strip() and before[-1][2] == "lost_to"
            is_last = not self.text[found.end :].strip(" .,;!?)")
            if is_free and found.when and (is_last or is_behind_rival) and _IS_DAY.search(typed):
                if (self.knows.today - found.when.day).days > _RECENT:
                    continue
                self._take(found.start, found.end, "lost_on")
                if found.when.assumed:
                    self.unsure.append("lost_on")
                    return None
                return found.when.day
        return None

    # Who got the order.

    def _rival(self) -> tuple[str | None, tuple[int, int] | None]:
        """Return who got the order by what stands before or behind the name; and where the prospect
        stands, if the rival comes first."""
        if self.name is None and (first := self._rival_first()):
            return first
        for place, end in self._places("went with"):
            if self._is_denied(place):
                continue
            rival, behind = self._rival_name(end, self.words[place].plain)
            if rival:
                self._take(*self._span(place, behind), "lost_to")
                return rival, None
        for place, end in self._places("got it"):
            first = place
            while first and self.words[first - 1].is_capital and not self.words[first - 1].ends:
                first -= 1
            if 0 < first < place and (self.words[first - 1].ends or self._is_taken(first - 1)):
                name = self.text[slice(*self._span(first, place))]
                self._take(*self._span(first, end if "it" in self.words[end - 1].plain else place), "lost_to")
                return self._spelled(name) or name, None
        return None, None

    def _rival_first(self) -> tuple[str, tuple[int, int]] | None:
        """Return the rival and the place of the prospect in "Ricoh got the Hampton Inn job", "Xerox
        undercut us at Carlisle Tax" and "lost Acme to Ricoh"."""
        words = self.words
        start = self._opening()
        if start and words[start - 1].plain == "lost":
            for place in range(start + 1, min(start + _LONGEST_NAME, len(words))):
                if words[place - 1].ends or words[place].plain == "lost" or self._is_taken(place):
                    break
                if words[place].plain == "to":
                    rival, behind = self._rival_name(place + 1, "lost")
                    if rival:
                        self._take(*self._span(place, behind), "lost_to")
                        return rival, self._without_job(start, place)
        for place in range(start + 1, min(start + 4, len(words))):
            end = self._at("got it", place)
            known = self._spelled(self.text[slice(*self._span(start, place))])
            is_job = any(self._is("job", at) for at in range(place, min(place + 8, len(words))))
            if (known or is_job) and words[place].plain in _BEATS:
                is_beaten = place + 1 < len(words) and words[place + 1].plain == "us"
                first, behind = (end or place + 1), len(words)
                if is_beaten or end == 0 and words[place].plain not in _TAKES:
                    first = next((at + 1 for at in range(place, behind) if words[at].plain in _AT), 0)
                stop = next(
                    (
                        at
                        for at in range(first, behind)
                        if self._is_taken(at) or self._is("job", at) or words[at].ends
                    ),
                    behind,
                )
                stop += stop < behind and words[stop].ends and not self._is("job", stop)
                if first and first < stop:
                    rival = known or self.text[slice(*self._span(start, place))]
                    self._take(*self._span(start, place), "lost_to")
                    return rival, self._without_job(first, stop)
        return None

    def _without_job(self, first: int, behind: int) -> tuple[int, int]:
        while first < behind - 1 and self.words[first].plain in {"the", "job", "at"}:
            first += 1
        while behind - 1 > first and self._is("job", behind - 1):
            behind -= 1
        return first, behind

    def _is_denied(self, place: int) -> bool:
        return any(self._is("denied", at) for at in range(max(place - 2, 0), place))

    def _rival_name(self, place: int, verb: str) -> tuple[str | None, int]:
        """Return the rival that is named at a place, and the place behind the name."""
        words = self.words
        if place >= len(words) or words[place - 1].ends:
            return None, place
        for at in range(place, min(place + 4, len(words))):
            if words[at].plain in {"called", "named"} and at + 1 < len(words):
                place = at + 1
                break
            if words[at].ends:
                break
        if words[place].plain == "the" and place + 1 < len(words) and words[place + 1].is_capital:
            place += 1
        for behind in range(min(place + 4, len(words)), place, -1):
            if known := self._spelled(self.text[slice(*self._span(place, behind))]):
                return known, behind
        word = words[place]
        if word.plain in _SOMEBODY and verb not in _STAYS:
            self.unsure.append("lost_to")
        if self._is("no rival", place) or self._is_taken(place) or word.plain[:1].isdigit():
            return None, place
        behind = place + 1
        if len(word.plain) > 3 and (meant := nearest(word.plain, self.knows.competitors)):
            self.inferred.append("lost_to")
            return meant, behind
        while behind < len(words) and not words[behind - 1].ends and not self._is_taken(behind):
            is_name = word.is_capital and words[behind].is_capital
            if self._is("rival ends", behind) or not (is_name or self._is("firm", behind)):
                break
            behind += 1
        return self.text[slice(*self._span(place, behind))], behind

    def _spelled(self, name: str) -> str | None:
        """Return a competitor that the journal knows as it writes the name; None for another."""
        wanted = folded(re.sub("['\u2019]s$", "", name))
        return next((known for known in self.knows.competitors if folded(known) == wanted), None)

    def _known_rival(self, start: int) -> str | None:
        """Return a competitor that the journal knows and that is named behind the prospect."""
        for place in range(start, len(self.words)):
            for behind in range(min(place + 4, len(self.words)), place, -1):
                known = self._spelled(self.text[slice(*self._span(place, behind))])
                if known and not self._is_taken(place, "lost_to") and not self._is_denied(place):
                    self._take(*self._span(place, behind), "lost_to")
                    return known
        return None

    # Who said no, and about what.

    def _opening(self) -> int:
        """Return the place behind what is said before a name: "okay so", "just left"."""
        place = 0
        while end := self._at("opening", place):
            following = self.words[end] if end < len(self.words) else None
            word = self.words[end - 1]
            is_name = self.words[place].is_capital and (place or not following or following.is_capital)
            if is_name and not word.ends or following is None:
                break
            place = end
        return place

    def _prospect(self, first: tuple[int, int] | None) -> tuple[str | None, int]:
        """Return the name, and the place of the first word behind it."""
        if self.name is not None:
            return self.name, 0
        if first:
            return self._name(*first), 0
        start = self._opening()
        start = self._person_first(start)
        while start < len(self.words) and self._is_taken(start, *_HEADER):
            start += 1  # 12k, Acme Roofing
        if start == len(self.words) or not self._begins_name(start):
            return None, 0
        behind, is_clear = start + 1, False
        while behind < len(self.words) and not is_clear:
            is_clear = self._is_over(start, behind)
            behind += not is_clear
        while behind > start + 1 and self._is("joint", behind - 1):
            behind -= 1
        behind, is_clear = self._cut(start, behind, is_clear=is_clear)
        if not is_clear and behind - start > _UNCLEAR or behind - start > _LONGEST_NAME:
            return None, 0
        return self._name(start, behind), behind

    def _person_first(self, start: int) -> int:
        """Take the person in "talked to Mike at Riverside Auto"; return where the firm begins."""
        words = self.words
        is_talk = start > 1 and words[start - 1].plain in _TO
        if is_talk and start + 2 < len(words) and not words[start].ends:
            if words[start + 1].plain in {"at", "from"} and not self._is_taken(start):
                self._take(*self._span(start, start + 1), "contact")
                return start + 2
        return start

    def _name(self, start: int, behind: int) -> str:
        begin, end = self._span(start, behind)
        if self.text[end : end + 1] == "." and self._is("abbreviated", behind - 1):
            end += 1
        return self._take(begin, end, "prospect")

    def _begins_name(self, place: int) -> bool:
        words = self.words
        following = words[place + 1] if place + 1 < len(words) else None
        is_name = words[place].is_capital and following and following.is_capital
        return bool(words[place].plain) and not self._is_taken(place) and bool(
            is_name or not (self._at("clause", place) or self._at("went with", place))
        )

    def _is_over(self, start: int, place: int) -> bool:
        """Whether a name that began at `start` is over before a word."""
        words = self.words
        word, before = words[place], words[place - 1]
        if before.ends:
            joint = next(
                (at for at in range(place + 1, min(place + 4, len(words))) if words[at].plain in _AND), 0
            )
            names = [at for at in range(start, joint + 2) if at < len(words) and at != joint]
            is_list = joint and len(names) > 2 and all(words[at].is_capital for at in names)
            return not (self._is("legal", place) and word.is_capital or is_list)
        following = words[place + 1] if place + 1 < len(words) else None
        is_number = in_digits([word.plain])[0].isdigit()
        if self._is_taken(place) or not word.plain or is_number and self._is("product", place + 1):
            return True
        is_title = word.is_capital and before.is_capital and not word.plain[0].isdigit()
        if self._spelled(self.text[word.start : word.end]) and not (
            is_title and following and following.is_capital
        ):
            return True
        if is_title or word.is_capital and following and following.is_capital:
            return False
        if self._at("clause", place) or self._at("went with", place):
            return True
        end = self._at("noun", place)
        is_last = end == len(words) or words[end - 1].ends or self._is_taken(end)
        is_subject = self._is("after noun", end) or bool(self._at("clause", end))
        return bool(end) and (is_subject or is_last and self._is("reason", place))

    def _cut(self, start: int, behind: int, *, is_clear: bool) -> tuple[int, bool]:
        """Return where a name ends whose words run up to a place: a product at its end is none of
        it, nor are words in small letters behind capitals where no amount stands behind them."""
        words = self.words
        last = start + 1
        while last < behind and (words[last].is_capital or self._joins(last)):
            last += 1
        small = behind - last
        if words[start].is_capital and small and not self._is("product", behind - 1):
            is_before_amount = behind < len(words) and self._is_taken(behind, "amount")
            if small > _FEW or not (is_before_amount or words[behind - 1].ends):
                return last, True
        products = {folded(product) for product in self.knows.products}
        for first in range(max(start + 1, behind - _FEW), behind):
            what = self.text[slice(*self._span(first, behind))]
            is_device = words[behind - 1].plain in _DEVICES or words[first].plain in _DEVICES
            is_small = not any(word.is_capital for word in words[first:behind])
            is_thing = self._is("product", behind - 1) and (
                words[start].is_capital or is_device and first - start > 1
            )
            if is_small and (is_thing or folded(what) in products):
                if words[first].plain in _DESCRIBES or self._is("product", first):
                    self._take(*self._span(first, behind), "product")
                    return first, True
        return behind, is_clear

    def _joins(self, place: int) -> bool:
        """Whether a small word joins two capitalized ones: First Church of Tulsa."""
        at = place
        while self._is("joint", at) and not self.words[at].ends:
            at += 1
        return at > place and at < len(self.words) and self.words[at].is_capital

    def _contact(self, start: int, *, has_number: bool) -> str | None:
        """Return the person who is named behind "talked to", before a phone, or with a title."""
        words = self.words
        for begin, end, field in self.taken:
            if field == "contact":
                return self.text[begin:end]
        for place in range(start, len(words)):
            end = self._at("contact", place)
            first = end or place
            if self._is("title", first) and first + 1 < len(words):
                behind = first + 2
            elif end and first < len(words) and not words[end - 1].ends:
                behind = first + 1
                while behind < len(words) and words[behind].is_capital and not words[behind - 1].ends:
                    behind += 1
            else:
                continue
            is_date = date_at(self.text, words[first].start, self._asked("future"))
            is_free = not any(self._is_taken(at, but=("next",)) for at in range(first, behind))
            is_person = words[first].plain.isalpha() and words[behind - 1].is_capital
            if is_person and words[first].is_capital and is_free and not is_date:
                return self._take(*self._span(first, behind), "contact")
        if not has_number:
            return None
        numbers = [taken for taken in self.taken if taken[2] in {"phone", "email"}]
        behind = next(at for at, word in enumerate(words) if word.end > min(numbers)[0])
        first = behind
        while first > start and words[first - 1].is_capital and not words[first - 1].ends:
            first -= 1
        if 1 < behind - first <= _FEW and not any(map(self._is_taken, range(first, behind))):
            return self._take(*self._span(first, behind), "contact")
        return None

    def _product(self, start: int) -> str | None:
        """Return what it was about: "for the toner plan", "24 copiers", a part between commas."""
        for begin, end, field in self.taken:
            if field == "product":
                return self.text[begin:end]
        words = self.words
        for place in range(start, len(words)):
            is_part = all(self._is_taken(at, *_HEADER) for at in range(start, place))
            is_counted = place > 0 and (
                words[place - 1].plain.isdigit()
                or words[place - 1].plain in _COUNTS
                or in_digits([words[place - 1].plain])[0].isdigit()
            )
            is_number = words[place].plain[:1].isdigit()
            if not (is_part or is_counted) or is_number or self._is_taken(place, but=("amount",)):
                continue
            behind = place
            while behind < min(place + _FEW, len(words)) and not self._is_taken(
                behind, but=("amount",)
            ):
                behind += 1
                what = self.text[slice(*self._span(place, behind))]
                is_known = folded(what) in {folded(product) for product in self.knows.products}
                is_it = self._is("product", behind - 1) and not self._is("product", behind)
                is_whole = words[behind - 1].ends or behind == len(words) or self._is_taken(behind)
                if (is_known or is_it) and (is_counted or is_whole):
                    return self._take(*self._span(place, behind), "product")
                if words[behind - 1].ends:
                    break
        return None

    def _way_in(self) -> str | None:
        for _, end in self._places("way in"):
            behind = end
            while behind < len(self.words) and not self.words[behind - 1].ends:
                behind += 1
            if behind > end:
                return self._take(*self._span(end, behind), "way_in")
        return None

    def _rest(self, start: int) -> tuple[str | None, str]:
        """Return what is said beside the name and what goes with it, and the same without what
        fields hold."""
        first = start
        while first < len(self.words) and (
            self._is_taken(first, *_HEADER)
            or not self.words[first].plain
            or (self.words[first].plain in _LEADS and first + 1 < len(self.words)
                and self._is_taken(first + 1, *_HEADER))
        ):
            first += 1
        if first == len(self.words):
            return None, ""
        begin = self.words[first].start if start else 0
        said = self.text[begin:].strip()
        plain, at = [], begin
        for start_of, end, field in sorted(self.taken):
            if end > at:
                plain.append(self.text[at : max(start_of, at)])
                plain.append(" , " if field in {"next", "again"} else " ")
                at = end
        plain.append(self.text[at:])
        return said, " ".join("".join(plain).split()).strip(" ,.;:-\u2013\u2014")


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN_EMAIL = re.compile(
    r"\b([a-z0-9]+(?: (?:dot|underscore|dash|hyphen) [a-z0-9]+)*) at ([a-z0-9]+(?: dot [a-z0-9]+)*"
    r" dot [a-z]{2,4})\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w$.,-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}"
    r"(?: ?(?:x|ext\.?|extension) ?\d{1,5})?(?![\w-])|(?<!\w)\+\d[\d ()./-]{6,17}\d\b",
    re.IGNORECASE,
)
_DIGIT = "oh|o|zero|one|two|three|four|five|six|seven|eight|nine"
_DIGITS = dict(zip(_DIGIT.split("|"), "000123456789", strict=True))
_SPOKEN_PHONE = re.compile(rf"\b(?:(?:{_DIGIT})\s+){{6,9}}(?:{_DIGIT})\b", re.IGNORECASE)
_IS_DAY = re.compile(r"day|night|morning|afternoon|ago|\d|week|mon|tue|wed|thu|fri|sat|sun")
_RECENT = 45  # days for which a loss is logged late
_UNCLEAR = 4  # words that may be a name though nothing says where it ends
_FEW = 3
_HEADER = ("amount", "phone", "email", "contact", "product")  # stands beside the name
_ENDING = frozenset("lease contract agreement warranty subscription license policy renewal".split())
_TAKES = frozenset("got won took landed snagged grabbed stole".split())
_BEATS = _TAKES | frozenset("undercut underbid outbid beat undersold".split())
_AT = frozenset("at on for with".split())
_STAYS = frozenset("stay stayed staying stick sticking stuck happy satisfied content".split())
_SOMEBODY = frozenset("a an some someone somebody another his her their other".split())
_DEVICES = frozenset("copier copiers printer printers mfp mfps scanner scanners".split())
_DESCRIBES = _DEVICES | frozenset(
    "color colour big used new phone security alarm service maintenance copier office".split()
)
_TO = frozenset("to with from".split())
_AND = frozenset({"&", "and"})
_COUNTS = frozenset("a an the two three four five six seven eight nine ten twelve".split())
_LEADS = frozenset("for at about".split())

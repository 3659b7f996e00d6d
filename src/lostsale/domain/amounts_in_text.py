"""Amounts in a sentence, and an amount as people say it."""

import re
from collections.abc import Iterator, Mapping

from lostsale.domain.cues import has_word
from lostsale.domain.money import (
    HINT,
    LIMIT,
    TIMES,
    Money,
    read_currency,
    read_digits,
    show_money,
)
from lostsale.domain.names import phones
from lostsale.domain.numbers import SCALES, VALUES
from lostsale.domain.periods import MONTH_NAMES
from lostsale.domain.text_numbers import TextNumber, numbers_in
from lostsale.errors import BadInput, Vague
from lostsale.later import NamedTuple

_SAY_NUMBERS = frozenset({*VALUES, *SCALES, "mil"} - {"k"})
_X = rf"x|{TIMES}|\*|times"
_LENGTH = (
    r"(?P<unit>month|mo|quarter|qtr|year|yr|payment)s?\b"
    r"(?: (?:lease|contract|term|agreement)\b(?! (?:is|was|ends|runs|up|expires|buyout)\b))?"
)
_EVERY = (
    r"(?: ?/ ?| an? | per | each | every | (?:in |of )?(?=monthly|yearly|mrr))"
    r"(?P<every>month(?:ly)?|mo|mrr|quarter|qtr|year(?:ly)?|yr)\b"
)
_MONTHS = {"a": 12, "m": 1, "q": 3, "y": 12, "p": 1}
_PER = r"(?:an? |per |/ ?)"
_EACH = (
    r"(?: (?:each|ea|apiece|an? (?:piece|unit|pop|truck)|per [a-z]+)| ?/ ?(?:seat|user|head|person"
    r"|unit|device|employee|license|door|copy|page|foot|ft|hour|hr))\b"
)
_UNIT = rf"(?:{_EACH}| ?/ ?[a-z]+(?= ?/))"
# What makes one amount of several numbers, where each number is a run of zero bytes.
_RANGE = "\0+(?P<joint> ?(?:-|\u2013|to|or|,? maybe) ?| and )(?P<two>\0+)"
_COUNT, _PRICE = "(?P<count>\0+)", "(?P<price>\0+)"
_SUMS = (
    (
        rf"{_COUNT} (?:[a-z-]+,? ){{0,3}}(?:@ ?|(?:at |x )?(?=\0+{_UNIT}))"
        rf"{_PRICE}(?:{_UNIT})?{_EVERY},? ?(?:{_X}|for|over)? ?(?P<terms>\0+)[ -]?{_LENGTH}"
    ),
    rf"{_COUNT} (?:(?:[a-z-]+ ){{0,2}}@|[a-z-]+ x) ?{_PRICE}(?!{_EVERY})",
    rf"{_COUNT} (?:[a-z-]+ )?(?:at|@|for|x) {_PRICE}{_EACH}{_EVERY},? (?P<unit>annual)(?:ly)?\b",
    rf"{_COUNT} (?:(?:[a-z-]+ ){{0,3}}(?:at|@|for|x) (?:about )?|[a-z]+,? ){_PRICE}{_EACH}",
    rf"{_COUNT}[ -]{_LENGTH}(?: [a-z]+)?,? (?:at|@|of|x) {_PRICE}(?:{_EVERY})?",
    rf"{_COUNT}[ -]{_LENGTH}(?: [a-z]+){{0,3}},? {_PRICE}{_EVERY}",
    rf"{_PRICE}{_EVERY}\.?,? ?(?:{_X}|for|over|on an?|with an?)? ?{_COUNT}[ -]?{_LENGTH}",
    rf"{_PRICE}{_EVERY} ?(?:{_X}) ?{_COUNT}",
    rf"{_PRICE} ?(?:x|{TIMES}|\*) ?{_COUNT}(?:[ -]?{_LENGTH})?",
    rf"{_PRICE} {_PER}(?P<each>[a-z]+),? ?(?:{_X}|for) ?{_COUNT} (?P=each)e?s\b",
    rf"{_COUNT} (?P<each>[a-z]+?)e?s,? (?:at |@ ?|x )?{_PRICE} {_PER}(?P=each)\b",
    rf"{_PRICE}{_EVERY} for (?:an?|one) {_LENGTH}",
)
_MONTHLY = r"(?<=[0-9])x(?=(?:12|24|36|39|48|60|63|72|84)\b(?! ?(?:in|ft|\"|')))"  # 412x60
_NO_CENTS = r"(?<=[0-9])([.,])[-\u2013\u2014]{1,2}(?![0-9])"  # 500,-
_ABOUT = (
    r"(?:\b(?:between|a?bout|around|roughly|approx(?:imately)?|circa|almost|nearly"
    r"|maybe|like)|~) ?$"
)
_BOUND = (
    r"\b(?:up to|under|(?<!it )(?<!take )(?<!took )over|less than|more than|at least|at most"
    r"|point) $"
)
_DIFFERENCE = (
    r" (?:cheaper|less|lower|higher|more(?! than (?:he|she|they|we) (?:can|could|want|ha[ds]))|off"
    r"|under(?! contract| lease)|below|better)\b"
)
_BY = r"\b(?:by|saves?|saved|saving) $"
_RATE = rf"(?:{_EVERY}|{_EACH}| an? (?:hour|day|week|head|page|click)\b)"
_NO_SUM = r" ?%|[-:][0-9a-z]|/(?![0-9]+ ?(?:yr|year)s?\b)[0-9a-z]"  # 9%, 24/7, 36-month
_STREET = r"(?: \w+)? (?:st|street|ave|avenue|rd|road|blvd|ln|lane|hwy|pkwy)\b"
_LABEL = r"([^\W\d_]+|q[1-4])([./]?) $"
_SMALL, _ANY_PHONE = 10**3, 10**6  # from where on a bare number is an amount, and may be a phone's
_YEARS = range(1990, 2050)


class Amount(NamedTuple):
    """An amount that is at `text[start:end]` of a sentence. `money` is None where it has to be
    asked for: of a range, a monthly sum without a term, digits that could mean two amounts. `how`
    says what it was computed from (300 times 36), and of what can't be computed that it should be.
    A bare number gives way to what has a greater `rank`: it has 1 where it's small, and 0 where it
    may be a year or a phone number, or count what follows it."""

    start: int
    end: int
    money: Money | None
    how: str = ""
    rank: int = 2


def read_money(text: str, currency: str, decimal: str = "") -> Money:
    """Return the amount that `text` says, in `currency` where it names none: `12k`, `$12,000.50`,
    `twelve thousand dollars`, `300 a month for 36 months`.

    `decimal` is the decimal sign, `.` or `,`; while it is empty, what could be read both ways is
    refused. Raises BadInput, and Vague, a BadInput, for a range or a monthly sum without a term.
    """
    text = text.strip()
    if dash := re.search(_NO_CENTS, text):
        text, decimal = text.replace(dash[0], ""), dash[1]
    if money := read_digits(text, currency, decimal):
        return money
    for amount in find_amounts(text, currency, decimal):
        if (amount.start, amount.end) == (0, len(text)):
            if amount.money:
                return amount.money
            rate = text[:40] if amount.how == TIMES else "250/mo"
            term = 3 if re.search(r"(?i)(?:/ ?|a |per )y", rate) else 36
            hint = f"Write the total, or {rate} x {term}"
            raise Vague(f'"{text[:40]}" isn\'t a single amount', hint)
    if code := re.fullmatch("[0-9.,]+ ?[km]? ?([a-z]{3})", text, re.IGNORECASE):
        read_currency(code[1])  # says that it isn't one
    raise BadInput(f'I can\'t read "{text[:40]}" as an amount', HINT)


def find_amounts(text: str, currency: str, decimal: str = "") -> Iterator[Amount]:
    """Yield the amounts in a sentence, in order; `currency` and `decimal` as `read_money` has
    them. Numbers that count, name or date something are left out."""
    if not re.search("[0-9]", text) and _SAY_NUMBERS.isdisjoint(re.findall("[a-z]+", text.lower())):
        return
    plain = text.replace("\u2019", "'").replace("\0", " ").replace("\u202f", "\u00a0")
    plain = re.sub(_MONTHLY, "*", plain)
    plain = re.sub(r"(?<![0-9])\|", " ", plain)  # 90 monthly|24 months
    for phone in phones(plain):
        plain = f"{plain[: phone.start()]}{'_' * len(phone[0])}{plain[phone.end() :]}"
    numbers = {number.start: number for number in numbers_in(plain, currency, decimal)}
    masked = plain
    for start, number in numbers.items():
        masked = masked[:start] + "\0" * (number.end - start) + masked[number.end :]
    is_sum = len(numbers) > 1 or " for a" in plain or " for one" in plain
    place = 0
    for start, number in numbers.items():
        if start >= place:
            several = len(numbers) > 1 and _range(masked, numbers, start)
            several = several or (is_sum and _sum(masked, numbers, start, decimal))
            amount = several or _alone(plain, number)
            place = amount.end
            if amount.rank or amount.money:
                about = re.search(_ABOUT, plain[:start], re.IGNORECASE)
                yield amount._replace(start=about.start()) if about else amount


def _range(masked: str, numbers: Mapping[int, TextNumber], start: int) -> Amount | None:
    """Return the range that begins at a place, if one does; of rank 0, if it's none of money."""
    found = re.compile(_RANGE, re.IGNORECASE).match(masked, start)
    if not found or _is_labeled(masked[:start]):
        return None
    if re.search(r"(?i)\b(?:this|that|the) $", masked[:start]):
        return None  # got this one - 7k
    if found["joint"] == " and " and not re.search("(?i)between $", masked[:start]):
        return None
    one, two = numbers[start], numbers[found.start("two")]
    is_sum = two.is_marked or two.value >= _SMALL or (one.is_marked and "o" not in found["joint"])
    is_other = one.is_marked and not is_sum  # 12k or 3 free months
    return None if is_other else Amount(start, two.end, None, rank=2 * is_sum)


def _sum(masked: str, numbers: Mapping[int, TextNumber], start: int, decimal: str) -> Amount | None:
    """Return what is so many times a price from a place on, if anything is. It has no money where
    that's no whole number of times, or too much."""
    for pattern in _SUMS if len(numbers) > 1 else _SUMS[-1:]:
        found = re.compile(pattern, re.IGNORECASE).match(masked, start)
        if not found:
            continue
        parts = found.groupdict()
        unit, every = (parts.get(part) or "" for part in ("unit", "every"))
        price = numbers[found.start("price")]
        count = numbers[found.start("count")] if "count" in parts else None
        terms = numbers[found.start("terms")].value if "terms" in parts else 1
        if count and count.is_marked:  # 48 x $250
            price, count = count, price
        times = count.value if count else 1
        is_price = price.is_marked or every or "each" in parts or price.value > 99
        if not (times and is_price):
            continue
        if unit and every:
            length = times if "terms" not in parts else terms
            length, left = divmod(length * _MONTHS[unit[0].lower()], _MONTHS[every[0].lower()])
            times = length * (times if "terms" in parts else 1) * (not left)
        elif count and count.start == start and unit[:1].lower() in {"m", "q", "y"}:
            times = 0  # of 36 months at 12k it isn't said what is paid in a month
        whole = Amount(start, found.end(), None, TIMES)
        if not times or price.money is None or price.money.minor * times >= LIMIT:
            return whole
        factors = [show_money(price.money, decimal), f"{times:,}"]
        if count and count.start == start:
            factors.reverse()
        money = price.money._replace(minor=price.money.minor * times)
        return whole._replace(money=money, how=f" {TIMES} ".join(factors))
    return None


def _alone(text: str, number: TextNumber) -> Amount:
    """Return the amount that a number is by itself; without money and of rank 0, if it is none."""
    (start, end, value), is_marked = number[:3], number.is_marked
    before, after = text[:start], text[end:]
    rate = re.match(_RATE, after, re.IGNORECASE)
    behind = after[rate.end() :] if rate else after
    money, how, rank = None, "", 0
    if re.match(_DIFFERENCE, behind, re.IGNORECASE) or re.search(_BY, before, re.IGNORECASE):
        pass
    elif re.search(r"\b(?:mrr|monthly|per month):? $", before, re.IGNORECASE):
        how, rank = TIMES, 2
    elif rate:
        is_small = value in range(1, 10)  # 2 a week, but 8.5/mo
        end, how, rank = end + rate.end(), TIMES, 2 * (is_marked or not is_small)
    elif not number.has_currency and _counts(after, value, is_marked):
        pass
    elif bound := re.search(_BOUND, before, re.IGNORECASE):
        start, rank = bound.start(), 2 * is_marked
    elif is_marked or (value > 99 and not _is_labeled(before)):
        money, rank = number.money, 2 if is_marked else _rank(value, after)
    return Amount(start, end, money, how, rank)


def _counts(after: str, value: int, is_marked: bool) -> bool:
    """Whether a number counts or belongs to what is after it: what is counted by the thousand, if
    it `is_marked`."""
    word = _word(after)
    if re.match(_NO_SUM, after) or has_word("measured", word):
        return True
    is_street = re.match(_STREET, after, re.IGNORECASE)
    can_count = word.endswith("s") or value < _SMALL  # Lone Star 3100 call in may
    is_counted = can_count and has_word("counted", word.removesuffix("s"))
    return not is_marked and (bool(is_street) or is_counted)


def _is_labeled(before: str) -> bool:
    """Whether a number names or dates something: floor 3, June 2027."""
    label = re.search(_LABEL, before, re.IGNORECASE)
    name = label[1].lower() if label else ""
    if label and label[2] == "." and not (name in MONTH_NAMES or has_word("abbreviated", name)):
        return False  # the board came in. 5200
    return name in MONTH_NAMES or has_word("numbered", name)


def _rank(value: int, after: str) -> int:
    """Return the rank of a bare number: whether it may be a year, a phone number, or count a plural
    that isn't known as anything else."""
    if (value in _YEARS and value % 100) or value >= _ANY_PHONE:
        return 0
    word = _word(after)
    is_verb = has_word("clause", word) or has_word("after noun", word)
    counts = re.fullmatch(r"[a-z]{3,}[^s\W]s", word) and not is_verb
    return 2 if value >= _SMALL else 0 if counts else 1


def _word(after: str) -> str:
    found = re.match("[ -](?!head office)([a-z]+)", after)
    return found[1] if found else ""

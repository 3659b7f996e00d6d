"""Numbers in words, as people say and dictate them: `twenty-four`, `sixty five hundred`."""

import re

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
VALUES = {
    **{word: n for n, word in enumerate(_ONES + _TEENS, 1)},
    **{word: n * 10 for n, word in enumerate(_TENS, 2)},
}
NTH = {
    **{f"{word}th": n for word, n in VALUES.items()},
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "twentieth": 20,
    "thirtieth": 30,
}
SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "k": 1000, "million": 10**6}

_SHARES = {"half": 2, "quarter": 4}
_SCALE = "|".join(SCALES)
_VALUE = "|".join(sorted(VALUES, key=len, reverse=True))
_HUNDREDS = rf"[0-9]{{1,3}} thousand (?:and )?(?:{_VALUE}|[1-9]) hundred"
# In lower case; what follows this form may still be no number (`six one four`).
SPOKEN = (
    rf"(?:{_HUNDREDS}|(?:a )?couple(?: of)?(?= (?:{_SCALE}))"
    rf"|(?:a )?hundred and(?= (?:{_VALUE}) thousand)|(?:half )?a (?:{_SCALE}|mil)"
    rf"|(?:a )?quarter (?:of a )?mil(?:lion)?|{_VALUE})"
    rf"(?:(?: and a half |[ -](?:and |point )?)(?:{_VALUE}|{_SCALE}))*(?: and a half)?(?!\w)"
)


def spoken(words: str, *, is_price: bool = False) -> int | None:
    """Return the number that words of the form SPOKEN say, None if they say several. "Fifteen five"
    is 15,500, "fourteen fifty" 1,450, and of what surely `is_price` "six fifty" 650."""
    total = part = 0
    room, largest = 100, 10**9  # the next word must be smaller, the next scale, too
    share = 1  # of the next scale that is counted: 10 after a point
    words = re.sub(r"(?:a )?couple(?: of)?\b", "two", words.replace("-", " "))
    words = re.sub(r"\bmil\b", "million", words)
    whole = re.sub(" and a half$", "", words)  # a grand and a half
    *before, last = whole.split()
    for at, word in enumerate([*before, last]):
        if parts := _SHARES.get(word):
            part, share = parts * part + 1, parts
        elif word == "point":
            part, share, room = 10 * part, 10, 10
        elif scale := SCALES.get(word):
            if scale >= largest or (word == "hundred" and part > 99 * share):
                return None
            part = (part or 1) * scale // share  # a hundred is one
            if word != "hundred":
                total, part, largest = total + part, 0, scale
            room, share = 100, 1
        elif value := VALUES.get(word) or (word.isdecimal() and int(word)):
            if value >= room and not word.isdecimal():
                if at < len(before) or share != 1:
                    return None
                return _shortened(part, value, 0 if is_price else 12, total)
            part += value
            room = 10 if value >= 20 else 1
    half = SCALES.get(last, 0) // 2 * (whole != words)
    return total + part + half if share == 1 else None


def _shortened(before: int, value: int, least: int, total: int) -> int | None:
    """Return the sum that two numbers shorten, None if they may be a year or a time of day: the
    first is at most `least`. Behind a `total` of thousands they are hundreds: six thousand seven
    fifty."""
    if total:
        return total + 100 * before + value if before < 10 <= value else None
    if value < 10 <= before < 100:
        return before * 1000 + value * 100
    is_short = value >= 20 and least < before < 100 and before not in {19, 20}
    return before * 100 + value if is_short else None


def in_digits(words: list[str]) -> list[str]:
    """Return the words with the numbers below 100 among them in digits, and years of this century:
    `21st` for twenty first, `2029` for twenty twenty nine."""
    digits: list[str] = []
    before = ""  # the word in front
    for word in words:
        tens = VALUES[before] if before in _TENS else 0
        number, ending = (VALUES.get(word), "") if word in VALUES else (NTH.get(word), "th")
        if number is None:
            digits.append(word)
        elif tens and number < 10:
            digits[-1] = f"{int(digits[-1]) + number}{ending}"
        elif tens == 20 and not ending and digits[-1] == "20":
            digits[-1] = f"20{number}"
        else:
            digits.append(f"{number}{ending}")
        before = word
    return digits

"""Comparing names and phone numbers, however they are written. Names are folded here, nowhere
else."""

import re
from collections.abc import Iterable, Iterator

_NEAR = 0.74  # the share of equal letters above which a name may be a misspelt one
LOCAL = 7  # digits of a phone number that are the same wherever one calls from

# Ten or seven digits as North America writes them, with an extension, those of other countries with
# their plus, and seven to ten that were dictated one by one.
_SAID = "oh=0|o=0|zero=0|one=1|two=2|three=3|four=4|five=5|six=6|seven=7|eight=8|nine=9"
DIGITS = dict(pair.split("=") for pair in _SAID.split("|"))
_DIGIT = f"(?:{'|'.join(DIGITS)})"
_SUM = " [0-9]{1,3} [0-9]{3} ?(?:kr|eur|€|chf|zł)"  # is after one
_PHONE = (
    r"(?i)(?<![\w$€£.,])(?:(?:\(?0[0-9]{1,4}\)?[ /-](?:[0-9]{3,4}[ -][0-9]{3,4}|[0-9]{6,8})"
    r"|(?:\+?1[ .-]?)?(?:\([0-9]{3}\) ?|[0-9]{3}[ .-])?[0-9]{3}[-. ][0-9]{4}"
    r"|[0-9]{10})(?: ?(?:x|ext\.?|extension) ?[0-9]{1,5})?"
    rf"|\+[0-9](?:(?!{_SUM})[0-9 ()./-]){{6,18}}[0-9]|(?:{_DIGIT} ){{6,9}}{_DIGIT})(?![\w-])"
)

# ASCII's punctuation first, then the quotation marks, dashes and dots of other scripts.
_BETWEEN_WORDS = (
    r"[-_/,;:!?()\[\]{}\"*|\\<>~.\u00a1\u00ab\u00b7\u00bb\u00bf"
    r"\u2010-\u2027\u2030-\u205e\u3001-\u3020]+"
)
_INITIAL = r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_](?![^\W_])|[\W_]|$)"
_SIGNS = str.maketrans(
    dict.fromkeys("'`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07", "") | {"&": " and "}
)
# The marks of Latin, Greek and Cyrillic letters; and letters that Unicode doesn't take apart.
_MARKS = str.maketrans(
    dict.fromkeys(map(chr, range(0x300, 0x370)), "")
    | dict(pair.split("=") for pair in "ø=o ł=l đ=d ð=d ħ=h \u0131=i æ=ae œ=oe þ=th".split())
)


def folded(name: str) -> str:
    """Return what a name is compared by: its words without case, accents, apostrophes, dots and
    hyphens, one space apart. `ST. MARY'S` and `St Marys` are the same, as are `Müller` and
    `MULLER`. A name of nothing but such characters is compared by them."""
    whole = name.lower()
    if name.isascii() and whole.replace(" ", "").isalnum():  # most are
        return " ".join(whole.split())
    plain = whole.translate(_SIGNS)
    if not name.isascii():
        whole = _decomposed(name)
        plain = _decomposed(name.translate(_SIGNS)).translate(_SIGNS).translate(_MARKS)
    plain = re.sub(_INITIAL, r"\1", plain)  # U.S. is us, and St.Mary is st mary
    return " ".join(re.sub(_BETWEEN_WORDS, " ", plain).split()) or " ".join(whole.split())


def unaccented(text: str) -> str:
    """Return a text without the marks of its Latin, Greek and Cyrillic letters."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", normalize("NFKD", text).translate(_MARKS))


def _decomposed(text: str) -> str:
    from unicodedata import normalize  # most names need none of it

    # Folding the case can make letters that come apart.
    return normalize("NFKD", normalize("NFKD", text).casefold())


def matches(words: Iterable[str], *names: str | None) -> bool:
    """Whether a word of one of the names begins with each of these folded words. A word may run
    words of the name together (`rentacar`), and have an s too many (`joes` for Joe)."""
    wholes = [folded(name) for name in names if name]
    return all(any(_holds(whole, word) for whole in wholes) for word in words)


def _holds(whole: str, word: str) -> bool:
    if word.removesuffix("s") not in whole.replace(" ", ""):  # most are not
        return False
    if f" {word}" in f" {whole}" or (not word.isascii() and word in whole):  # no spaces in Chinese
        return True
    parts = whole.split()
    if len(word) > 3 and word.endswith("s") and word[:-1] in parts:
        return True
    ends = range(len(parts) + 1)
    return any("".join(parts[first:last]) == word for last in ends for first in ends[:last])


def nearest(typed: str, names: Iterable[str]) -> str | None:
    """Return the name that `typed` may be a misspelling of, wholly or of as many of its words;
    None where none is near. The first letter must be right."""
    from difflib import SequenceMatcher  # a name is rarely misspelt

    wanted = folded(typed)
    count = len(wanted.split())
    pairs = SequenceMatcher(b=wanted, autojunk=False)
    best, found = _NEAR, None
    for name in names:
        parts = folded(name).split()
        for place in range(max(len(parts) - count, 0) + 1):
            part = " ".join(parts[place : place + count])
            if part and part[0] == wanted[0] and abs(len(part) - len(wanted)) <= 2:
                pairs.set_seq1(part)
                if pairs.quick_ratio() > best and (share := pairs.ratio()) > best:
                    best, found = share, name
    return found


def phones(text: str) -> Iterator[re.Match[str]]:
    """Yield where phone numbers are in a text, in digits or dictated (`six one four`)."""
    count = sum(map(str.isdigit, text)) + sum(word in DIGITS for word in text.lower().split())
    if count >= LOCAL:  # few texts have so many
        yield from re.finditer(_PHONE, text)


def digits(phone: str) -> str:
    """Return the digits of a phone number, without its extension."""
    return re.sub(r"\D", "", re.split(r"(?<=[0-9)]) *(?:x|ext|#)", phone.lower())[0])


def is_same_phone(one: str, other: str) -> bool:
    """Whether two phone numbers end in the same digits: seven, or as many more as both have."""
    shorter, longer = sorted((digits(one), digits(other)), key=len)
    return len(shorter) >= LOCAL and longer.endswith(shorter)

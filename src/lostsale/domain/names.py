"""Comparing names and phone numbers, however they are written. Names are folded here, nowhere
else."""

import re
from collections.abc import Iterable, Sequence

_NEAR = 0.74  # the share of equal letters above which a name may be a misspelt one
_LOCAL = 7  # digits of a phone number that are the same wherever one calls from

# ASCII's punctuation first, then the quotation marks, dashes and dots of other scripts.
_BETWEEN_WORDS = re.compile(
    r"[-_/,;:!?()\[\]{}\"*|\\<>~.\u00a1\u00ab\u00b7\u00bb\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3020]+"
)
_INITIAL = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_](?![^\W_])|[\W_]|$)")
_SIGNS = str.maketrans(
    dict.fromkeys("'`\u00b4\u02bb\u02bc\u2018\u2019\u201b\u2032\uff07", "") | {"&": " and "}
)
# The marks of Latin, Greek and Cyrillic letters; and letters that Unicode doesn't take apart.
_MARKS = str.maketrans(
    dict.fromkeys(map(chr, range(0x300, 0x370)), "")
    | dict(pair.split("=") for pair in "ø=o ł=l đ=d ð=d ħ=h ı=i æ=ae œ=oe þ=th".split())
)


def folded(name: str) -> str:
    """Return what a name is compared by: its words without case, accents, apostrophes, dots and
    hyphens, one space apart. `ST. MARY'S` and `St Marys` are the same, as are `Müller` and
    `MULLER`. A name of nothing but such signs is compared by them."""
    if name.isascii():
        whole = name.lower()
        plain = whole.translate(_SIGNS)
    else:
        from unicodedata import normalize  # most names need none of it

        def decomposed(text: str) -> str:  # folding the case can make letters to take apart
            return normalize("NFKD", normalize("NFKD", text).casefold())

        whole = decomposed(name)
        plain = decomposed(name.translate(_SIGNS)).translate(_SIGNS).translate(_MARKS)
    if not plain.isalnum():
        plain = _BETWEEN_WORDS.sub(" ", _INITIAL.sub(r"\1", plain))  # U.S. is us, St.Mary st mary
    return " ".join(plain.split()) or " ".join(whole.split())


def matches(words: Sequence[str], name: str) -> bool:
    """Whether a name holds all these folded words, wherever they stand in it. They may run words of
    the name together (`rentacar`), and have an s too many (`joes` for Joe)."""
    whole = folded(name)
    return all(word in whole or _fits_across(word, whole.split()) for word in words)


def _fits_across(word: str, parts: list[str]) -> bool:
    ends = range(len(parts) - 1)
    return any("".join(parts[place:]).startswith(word) for place in ends) or (
        len(word) > 3 and word.endswith("s") and word[:-1] in parts
    )


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
            if part[:1] == wanted[:1] and abs(len(part) - len(wanted)) <= 2:
                pairs.set_seq1(part)
                if pairs.quick_ratio() > best and (share := pairs.ratio()) > best:
                    best, found = share, name
    return found


def digits(phone: str) -> str:
    """Return the digits of a phone number, without its extension."""
    return re.sub(r"\D", "", re.split(r"(?<=[0-9)]) *(?:x|ext|#)", phone.lower())[0])


def is_same_phone(one: str, other: str) -> bool:
    """Whether two phone numbers end in the same digits: seven, or as many more as both have."""
    shorter, longer = sorted((digits(one), digits(other)), key=len)
    return len(shorter) >= _LOCAL and longer.endswith(shorter)

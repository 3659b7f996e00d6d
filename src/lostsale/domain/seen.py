"""Which characters of a text are seen where it is shown. Names can hold some that are not: by
mistake, to pass for another name, or since their script needs them."""

from collections.abc import Callable

_SPACES = frozenset("\u00a0\u1680\u202f\u205f\u3000").union(map(chr, range(0x2000, 0x200B)))
# Printable for Python, and nothing to the eye: fillers, the empty cell of Braille.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U00016fe4")
_VARIANTS = frozenset(  # of the character before: an ideograph of a family's name, an emoji
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_VIRAMA = 9  # Unicode's class of the signs that take a letter its vowel
_JOINING = frozenset(
    "ARABIC SYRIAC MANDAIC NKO MONGOLIAN DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU"
    " KANNADA MALAYALAM SINHALA TIBETAN MYANMAR KHMER BALINESE JAVANESE".split()
)


def seen(text: str, instead: Callable[[str], str]) -> str:
    """Return a text with something else `instead` of each character that can't be seen or moves
    those beside it."""
    if text.isascii() and text.isprintable():  # most are
        return text
    beside = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return "".join(three[1] if _is_seen(*three) else instead(three[1]) for three in beside)


def _is_seen(before: str, sign: str, after: str) -> bool:
    if sign in "\u200c\u200d":
        from unicodedata import combining

        return _is_joined(before) and (_is_joined(after) or combining(before) == _VIRAMA)
    if sign in _VARIANTS:  # the last one makes a key of a digit
        is_base = before.isprintable() and before not in _BLANK | _VARIANTS
        return is_base and (not before.isascii() or after == "\u20e3")
    return (sign.isprintable() and sign not in _BLANK) or sign in _SPACES


def _is_joined(sign: str) -> bool:
    """Whether it is a letter, or its mark, of a script in which joiners change how words look."""
    from unicodedata import category, name

    return category(sign)[0] in "LM" and name(sign, "").split(" ")[0] in _JOINING

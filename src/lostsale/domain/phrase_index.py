"""Looking up words and phrases in the index of the tables in `data/`, which is one file of sorted
lines: of a section, a word, and what it has there. Only what is asked for is taken apart."""

from functools import cache, lru_cache
from pathlib import Path

TABLES_FOLDER = Path(__file__).parent.parent / "data"
_LONG = 5  # letters of a word in which a typing error is forgiven


@cache
def _index() -> bytes:
    return (TABLES_FOLDER / "index.txt").read_bytes()


def _place(key: str) -> int:
    """Return where the first line of the index begins that isn't less than a key."""
    index, sought = _index(), key.encode()
    low, high = 1, len(index)
    while low < high:
        middle = (low + high) // 2
        start = index.rfind(b"\n", 0, middle) + 1
        if index[start : start + len(sought)] < sought:
            low = index.index(b"\n", middle) + 1
        else:
            high = start
    return low


@cache
def _line(section: str, word: str = "") -> str | None:
    """Return what the index has for a word in a section; None if it doesn't know the word."""
    index, key = _index(), f"{section}\t{word}\t"
    start = _place(key)
    if not index.startswith(key.encode(), start):
        return None
    return index[start + len(key.encode()) : index.index(b"\n", start)].decode()


@cache
def paired_entries(section: str, word: str = "") -> list[tuple[str, str]]:
    """Return the entries of a line, each with its head word or its code."""
    groups = (group.partition("=") for group in (_line(section, word) or "").split(",") if group)
    return [(entry, of) for same, _, of in groups for entry in same.split("|")]


@cache
def entries(section: str, word: str = "") -> tuple[str, ...]:
    """Return the entries of a line. Of words it has those that are `light` (may be between any
    others), `filler` (mean nothing here), or `outcome` (say only how the sale ended)."""
    line = _line(section, word)
    return tuple(line.split(",")) if line else ()


def is_known(word: str, language: str) -> bool:
    """Whether a word is anywhere in the table of a language."""
    return _line(language, word) is not None


@lru_cache(4_096)
def spelled(word: str, language: str) -> str:
    """Return the known word that `word` is but for one typing error after its first letter; a
    maker's name stays as it is."""
    if len(word) < _LONG or is_known(word, language) or word in entries("words", "name"):
        return word
    if word.endswith("in") and is_known(f"{word}g", language):  # stayin
        return f"{word}g"
    index, half = _index(), len(word) // 2
    start, end = (_place(f"{language}\t{letter}") for letter in (word[0], f"{word[0]}\U0010ffff"))
    for part in (f"\t{word[:half]}", f"{word[half + 1 :]}\t"):  # one of them is right
        at = index.find(part.encode(), start, end)
        while at >= 0:
            line = index[index.rfind(b"\n", 0, at) + 1 : index.index(b"\n", at)]
            other = line.decode().split("\t")[1]
            if len(other) >= _LONG - 1 and _is_one_off(word, other):
                return other
            at = index.find(part.encode(), at + 1, end)
    return word


def _is_one_off(word: str, other: str) -> bool:
    """Whether words of one first letter differ by a letter that is wrong, left out, put in, or
    changed with the next."""
    short, long = sorted((word, other), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) < len(long):
        return at > 0 and short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return at > 0 and (short[at + 1 :] == long[at + 1 :] or swapped == long[at:])

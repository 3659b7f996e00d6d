"""Write the index of the tables of words and phrases, in which lostsale looks a reason up.

Run it after a change of a table in `src/lostsale/data`; with --check it says whether that is due.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

DATA = Path(__file__).parent.parent / "src" / "lostsale" / "data"
INDEX = DATA / "index.txt"


def lines(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the lines of a table, without accents: the section, the head, and the entries."""
    section = ""
    folded = re.sub("[\u0300-\u036f]+", "", normalize("NFKD", _read(name).casefold()))
    for line in folded.replace("\u0142", "l").splitlines():
        head, colon, entries = line.partition(": ")
        if line.startswith("["):
            section = line.strip("[]")
        elif colon and not line.startswith("#"):
            yield section, head, entries.split(", ")


def _read(name: str) -> str:
    return (DATA / f"{name}.txt").read_text(encoding="utf-8")


def words(name: str) -> dict[str, list[str]]:
    """Return each word of a table of words, behind its section, with the entries that begin with
    it, each with its head. English heads are words, too."""
    found: dict[str, list[str]] = {}
    for section, head, entries in lines(name):
        key = f"{section or 'english'}\t{{}}".format
        for entry in entries:
            found.setdefault(key(entry.split()[0]), []).append(f"{entry}={head}")
            for word in entry.split():
                found.setdefault(key(word), [])
        if not section:
            for word in head.split():
                found.setdefault(key(word), [])
    return found


def phrases(name: str) -> dict[str, list[str]]:
    """Return the phrases of a table, each with its code, under the word that the fewest have."""
    found: dict[str, list[str]] = {}
    entries = [(phrase, code) for _, code, line in lines(name) for phrase in line]
    counts = Counter(word for phrase, _ in entries for word in phrase.split())
    for phrase, code in entries:
        rarest = min(phrase.split(), key=lambda word: (counts[word], word))
        found.setdefault(f"{name}\t{rarest}", []).append(f"{phrase}={code}")
    return found


def weights(name: str) -> dict[str, list[str]]:
    """Return the share, in percent, that each code has of the phrases in which a word stands, as if
    it stood in two more of none."""
    counts: dict[str, Counter[str]] = {}
    for _, code, line in lines(name):
        for phrase in line:
            for word in set(phrase.split()):
                counts.setdefault(word, Counter())[code] += 1
    return {
        f"weight {name}\t{word}": [
            f"{code}={100 * count // (codes.total() + 2)}" for code, count in codes.most_common()
        ]
        for word, codes in counts.items()
    }


def lists() -> dict[str, list[str]]:
    """Return the short lists: phrases, each with its code, what a code has by itself, and the codes
    for which a word tells."""
    found: dict[str, list[str]] = {}
    for section, code, entries in lines("codes"):
        if section.startswith("telling"):
            for entry in entries:
                found.setdefault(f"{section}\t{entry}", []).append(code)
        elif section.startswith(("near", "words", "partner", "yields")):
            found.setdefault(f"{section}\t{code}", []).extend(entries)
        elif not section.startswith("define"):
            found.setdefault(f"{section}\t", []).extend(f"{entry}={code}" for entry in entries)
    return found


def index() -> str:
    """Return the index: a line for each key, sorted, with a tab before and behind its word."""
    languages = dict.fromkeys(section for section, *_ in lines("languages"))
    found = words("words") | words("languages") | phrases("said") | phrases("real") | lists()
    found |= weights("said") | weights("real")
    found["languages\t"] = list(languages)
    for section, code, _ in lines("codes"):
        if section.startswith("define"):
            found.setdefault(f"codes\t{section.split()[1]}", []).append(code)
    made = (f"{key}\t{','.join(grouped(entries))}\n" for key, entries in found.items())
    return "\n" + "".join(sorted(made))


def grouped(entries: list[str]) -> list[str]:
    """Return entries, those of one head or code together: `a|b=head`."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        same, equals, of = entry.partition("=")
        found.setdefault(equals + of, []).append(same)
    alone = found.pop("", [])
    return [*alone, *("|".join(same) + of for of, same in found.items())]


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(None if INDEX.read_text(encoding="utf-8") == index() else "The index is outdated")
    INDEX.write_text(index(), encoding="utf-8", newline="\n")

"""The tables of words and phrases: whoever mends them is told what doesn't fit together."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import lostsale
from lostsale.domain.definitions import definitions
from lostsale.domain.phrases import Ending
from lostsale.domain.reasons import REAL, SAID

FILES = Path(lostsale.__file__).parent / "data"


def lines(name: str) -> list[tuple[str, str, list[str]]]:
    """The lines of a file, each as its section, its head, and its entries."""
    found, section = [], ""
    for line in (FILES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            head, colon, entries = line.partition(": ")
            assert colon, line
            found.append((section, head, entries.split(", ")))
    return found


WORDS = lines("words")
CODES = lines("codes")
HEADS = {word for _, head, _ in WORDS for word in head.split()} - {"filler", "plain"}
HEADS |= {word for _, head, entries in WORDS if head == "plain" for word in entries} | {"9"}
LIGHT = {word for section, head, words in CODES if head == "light" for word in words}
FILLERS = {word for section, head, words in CODES if head == "filler" for word in words}
PHRASES = [
    *(("said", code, phrase) for _, code, phrases in lines("said") for phrase in phrases),
    *(("real", code, phrase) for _, code, phrases in lines("real") for phrase in phrases),
    *(
        (section, code, phrase)
        for section, code, phrases in CODES
        if section.split()[0] in {"picklist", "telling", "outcome", "answers"}
        for phrase in phrases
    ),
]


def twice(entries) -> list:
    return [entry for entry, count in Counter(entries).items() if count > 1]


def test_every_phrase_is_made_of_head_words():
    strange = {word for _, _, phrase in PHRASES for word in phrase.split()} - HEADS - LIGHT
    assert strange == set()


def test_a_head_is_no_synonym_of_another():
    entries = {entry: head for _, head, words in WORDS for entry in words if head != "plain"}
    heads = {head for _, head, _ in WORDS} - {"filler", "plain"}
    assert {head: entries[head] for head in heads & entries.keys()} == {}


def test_no_word_stands_in_two_groups():
    assert twice(entry for _, _, words in WORDS for entry in words) == []


def test_no_phrase_stands_under_two_codes():
    assert twice((table, phrase) for table, _, phrase in PHRASES if "telling" not in table) == []


def test_a_phrase_has_one_to_four_words():
    assert [phrase for _, _, phrase in PHRASES if not 1 <= len(phrase.split()) <= 4] == []


def test_no_entry_starts_with_a_filler():
    starts = {entry for _, _, words in WORDS for entry in words if entry.split()[0] in FILLERS}
    assert starts == set()


@pytest.mark.parametrize(("kind", "known"), [("said", SAID), ("real", REAL)])
def test_the_tables_have_the_codes_that_there_are(kind, known):
    assert set(definitions(kind)) == set(known)
    sections = (kind, f"picklist {kind}", f"telling {kind}")
    assert {code for table, code, _ in PHRASES if table in sections} == set(known)
    near = {code: words for section, code, words in CODES if section == f"near {kind}"}
    assert set(near) == set(known)
    assert {code for codes in near.values() for code in codes} <= set(known) - {"other"}


def test_the_tables_have_the_outcomes_and_answers_that_there_are():
    outcomes = {code for table, code, _ in PHRASES if table == "outcome"}
    assert outcomes == set(Ending.__args__)
    assert {code for table, code, _ in PHRASES if table == "answers"} == {"open", "would-not-say"}


def test_other_languages_lead_to_head_words():
    heads = {word for _, head, _ in lines("languages") for word in head.split()}
    assert heads - HEADS - LIGHT - {"filler"} == set()


def test_no_word_of_a_language_stands_twice():
    assert twice((lang, word) for lang, _, words in lines("languages") for word in words) == []


@pytest.mark.parametrize("name", ["words", "said", "real", "codes", "languages"])
def test_a_file_is_written_as_it_is_read(name):
    text = (FILES / f"{name}.txt").read_text(encoding="utf-8")
    assert text.endswith("\n")
    entries = [line for line in text.splitlines() if not line.startswith("#")]
    assert not [line for line in entries if line != line.strip() or line.endswith(",")]


def test_the_index_is_that_of_the_tables():
    tool = Path(__file__).parents[2] / "tools" / "index_reasons.py"
    subprocess.run([sys.executable, tool, "--check"], check=True)

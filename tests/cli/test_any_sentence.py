"""What holds for every sentence that `log` is given, whatever it says."""

import json
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import TODAY
from door import door
from lostsale.domain.amounts_in_text import find_amounts
from lostsale.domain.capture import Knows, read_sentence
from lostsale.domain.dates_in_text import may_hold_date
from lostsale.domain.names import folded

KNOWS = Knows(date(2026, 11, 24), date_order="mdy", competitors=("Kyolab", "Ricoh"))
WORDS = (
    "acme Oak Hill & St. Mary's dental school 7-11 went with Ricoh lost to Copyland price board"
    " said no budget 12k 4200 8-10k $500 call back in june Dave 614-555-0142 jo@acme.com lease"
    " is up 2028 copier a month for 36 months yesterday signed then cancelled , . - (the old one)"
).split()
SENTENCES = (
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=16)
    .map(" ".join)
    .filter(lambda text: text != "-")  # is stdin
)
OPTIONS = {
    "product": "zinc tiles",
    "said": "would not say",
    "contact": "Zoe Quill",
    "lost-to": "Zork",
    "outcome": "no-decision",
    "way-in": "a zebra lease",
    "on": "2026-10-05",
    "next": "2027-08-09",
    "again": "2027-11-08",
}


def bare(text):
    return [word for word in re.split(r"[^\w&@'$-]+", text) if word.strip("-&'$")]


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """Log a loss in an empty journal: `logged("acme 12k", "--amount", "5k")` is its JSON, None
    where it's refused."""
    path = tmp_path_factory.mktemp("any") / "journal.db"
    with door(path) as tell:

        def logged(*args):
            path.unlink(missing_ok=True)
            code, out = tell(TODAY, "log", "--json", *args)
            assert (code == 0) == bool(out)
            assert code in {0, 2}
            return json.loads(out)["loss"] if out else None

        yield logged


@given(SENTENCES)
@example("lost Acme to Copyland, 12k")
@example("Ricoh got the Oak Hill job, 12k")
@example("12k acme price")
@example("8-10k acme")
@example("yesterday acme")
def test_no_word_is_lost(text):
    found = read_sentence(text, KNOWS)
    spans = [text[one.start : one.end] for one in find_amounts(text, "USD")] if found.money else []
    parts = (found.prospect, found.contact, found.phone, found.email, found.product, found.said)
    kept = Counter(bare(" ".join(filter(None, (*parts, *spans)))))
    left = {
        word for word in Counter(bare(text)) - kept if not (found.lost_on and may_hold_date(word))
    }
    # "lost Acme" and "another one: Acme" say no more than "Acme", and what leads to an amount no
    # more than it.
    assert left <= {"lost", "one", "the", "a", "for", "to", "said"}


@given(SENTENCES)
def test_what_they_said_stands_in_the_sentence_to_the_letter(text):
    said = read_sentence(text, KNOWS).said
    assert said is None or text.endswith(said)


@given(SENTENCES)
def test_no_day_is_read_where_no_word_names_one(text):
    plain = " ".join(word for word in text.split() if not may_hold_date(word))
    found = read_sentence(plain, KNOWS)
    assert (found.lost_on, found.next, found.again) == (None, None, None)


@given(SENTENCES)
def test_names_stand_in_the_sentence_or_in_the_journal(text):
    found = read_sentence(text, KNOWS)
    assert found.lost_to in {None, *KNOWS.competitors} or found.lost_to in text
    assert all(one is None or one in text for one in (found.prospect, found.contact, found.email))


@given(
    text=st.one_of(st.text(min_size=1, max_size=300).filter(lambda text: text != "-"), SENTENCES)
)
def test_any_text_gives_a_loss_with_its_words_kept_or_one_error(logged, text):
    loss = logged("--", *text.split(" "))
    if loss is not None:
        said = (loss["said"] or {}).get("words") or (loss["said"] or {}).get("code") or ""
        together = "".join(text.split())
        assert "".join(loss["prospect"].split()) in together
        assert "".join(said.split()) in together or folded(said) in folded(text)


@given(SENTENCES, st.sets(st.sampled_from(sorted(OPTIONS)), min_size=1, max_size=4))
def test_an_option_always_wins_over_the_words(logged, text, names):
    options = [part for name in sorted(names) for part in (f"--{name}", OPTIONS[name])]
    loss = logged(*options, "--", *text.split(" "))
    if loss is None:  # no option makes a sentence wrong
        assert logged("--", *text.split(" ")) is None
        return
    got = {
        **{name: loss[name.replace("-", "_")] for name in ("product", "contact")},
        **{name: loss[name.replace("-", "_")] for name in ("lost-to", "outcome", "way-in")},
        "said": (loss["said"] or {}).get("words"),
        "on": loss["lost_on"],
        "next": loss["next"] and loss["next"]["on"],
        "again": loss["again"] and loss["again"]["on"],
    }
    assert {name: got[name] for name in names} == {name: OPTIONS[name] for name in names}

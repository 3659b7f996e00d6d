"""Codes, weaknesses, and reading `code: their words`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.reasons import (
    PLAIN,
    REAL,
    SAID,
    SIGNALS,
    WEAKNESS_OF,
    WEAKNESSES,
    Reason,
    one_of,
    read,
    read_signal,
)
from lostsale.errors import BadInput


def read_said(text, vocabulary=PLAIN):
    return read(text, "said", vocabulary)[0]


def read_real(text, vocabulary=PLAIN):
    return read(text, "real", vocabulary)[0]


SAID_CODES = (
    "budget board home-office partner call-later think-it-over price satisfied bought-elsewhere"
    " no-reason other"
).split()
WEAKNESS_OF_REAL = {
    "price-value": "competitive",
    "product-gap": "competitive",
    "our-company": "company",
    "inflexible": "company",
    "selling": "personal",
    "no-access": "personal",
    "too-slow": "personal",
    "indecision": "personal",
    "status-quo": "personal",
    "poor-fit": "personal",
    "relationship": "relationship",
    "no-money": None,
    "circumstance": None,
    "other": None,
}


def test_what_is_said_has_the_designs_codes():
    assert list(SAID) == SAID_CODES


def test_signals_have_the_designs_codes():
    assert set(SIGNALS) == {"silence", "delay", "no-show"}


def test_every_real_code_shows_the_designs_weakness():
    assert {code: WEAKNESS_OF.get(code) for code in REAL} == WEAKNESS_OF_REAL
    assert set(WEAKNESSES) == {*WEAKNESS_OF.values(), "none"}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("budget", "budget", None),
        (" Budget ", "budget", None),
        ("budget:", "budget", None),
        ("board: they voted it down", "board", "they voted it down"),
        ("BOARD :  they voted", "board", "they voted"),
        ("other: the dog ate it", "other", "the dog ate it"),
        ("price: 12:30 is too late: no", "price", "12:30 is too late: no"),
        ("no budget this year", "budget", "no budget this year"),
        ("No BUDGET.", "budget", "No BUDGET."),
        ("the home office said no", "home-office", "the home office said no"),
        ("home-office decides", "home-office", "home-office decides"),
        ("we must think it over", "think-it-over", "we must think it over"),
        ("the board froze the budget", "budget", "the board froze the budget"),
        ("too expensive", "price", "too expensive"),
        ("call me in spring", "call-later", "call me in spring"),
        ("do not contact them again", "no-reason", "do not contact them again"),
        ("don't call back ever", "no-reason", "don't call back ever"),
        ("quote was way over what they had", "price", "quote was way over what they had"),
        ("price, no wait, it was the board", "board", "price, no wait, it was the board"),
        ("she's on board, he isn't", "other", "she's on board, he isn't"),
        ("can\u2019t afford it", "budget", "can\u2019t afford it"),
        ("went with Globex", "bought-elsewhere", "went with Globex"),
        ("budgetary matters", "budget", "budgetary matters"),
        ("he was boarding", "other", "he was boarding"),
        ("it rained", "other", "it rained"),
        ("see https://example.com", "other", "see https://example.com"),
        ("https://example.com", "other", "https://example.com"),
        ("10:30 was no good", "other", "10:30 was no good"),
        ("?", "other", "?"),
    ],
)
def test_what_they_said_is_kept_under_one_code(text, code, words):
    assert read_said(text)[:2] == (code, words)


@pytest.mark.parametrize("code", SAID)
def test_a_said_code_is_named_by_itself(code):
    assert read_said(code) == Reason(code, None, found=False)
    assert read_said(f"{code}: so") == Reason(code, "so", found=False)


@pytest.mark.parametrize("code", REAL)
def test_a_real_code_is_named_by_itself(code):
    assert read_real(code) == Reason(code, None, found=False)
    assert read_real(f"{code}: so") == Reason(code, "so", found=False)


@pytest.mark.parametrize("code", ["budget", "home-office", "call-later", "price", "no-reason"])
def test_the_name_of_a_code_counts_in_a_sentence(code):
    assert read_said(f"well, it is {code.replace('-', ' ')}").code == code


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (read_real, "price: 9% higher", Reason("price-value", "9% higher", found=False)),
        (read_real, "budget: none left", Reason("no-money", "none left", found=False)),
        (read_said, "no-money: broke", Reason("budget", "broke", found=False)),
        (
            read_said,
            "product-gap: we had bought",
            Reason("bought-elsewhere", "product-gap: we had bought"),
        ),
    ],
)
def test_a_code_of_the_other_list_means_its_partner_if_it_has_one(read, text, reason):
    assert read(text)[:2] == reason[:2]


@pytest.mark.parametrize("text", ["bugdet: it's gone", "note: no money left", "Q3: no budget"])
def test_a_colon_is_never_an_error(text):
    assert read_said(text)[:2] == ("budget", text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("too dear", "price-value"),
        ("Too expensive for what it is", "price-value"),
        ("it lacked single sign-on", "product-gap"),
        ("they had no trust in us", "our-company"),
        ("we never followed up", "selling"),
        ("I never met who signs", "no-access"),
        ("you came too late", "too-slow"),
        ("they could not decide", "indecision"),
        ("his brother-in-law sells them", "relationship"),
        ("no budget after all", "no-money"),
        ("a merger", "circumstance"),
        ("the ceiling", "other"),
    ],
)
def test_a_real_reason_takes_the_code_that_its_words_name(text, code):
    assert read_real(text) == Reason(code, text, found=True)


@pytest.mark.parametrize(
    ("read", "text", "near"),
    [
        (read_signal, "silense", "silence"),
        (read_signal, "noshow", "no-show"),
    ],
)
def test_an_unknown_code_is_refused_and_names_the_nearest(read, text, near):
    with pytest.raises(BadInput) as refused:
        read(text)
    assert refused.value.hint.startswith("Did you mean ")
    assert near in refused.value.hint


def test_an_unknown_code_near_to_nothing_names_all_codes():
    with pytest.raises(BadInput) as refused:
        read_signal("xyzzy")
    assert refused.value.hint == f"Choose from {', '.join([*SIGNALS, *SAID_CODES])}"


@pytest.mark.parametrize("read", [read_said, read_real, read_signal])
@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_reason_is_refused(read, text):
    with pytest.raises(BadInput):
        read(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((code, code) for code in (*SIGNALS, *SAID_CODES)),
        ("No Show", "no-show"),
        (" home office ", "home-office"),
        ("DELAY", "delay"),
    ],
)
def test_a_signal_is_one_of_its_own_or_a_said_code(text, code):
    assert read_signal(text) == code


def test_a_real_code_is_no_signal():
    with pytest.raises(BadInput, match="There's no signal"):
        read_signal("price-value")


def test_one_of_says_what_it_looked_for():
    assert one_of("No Decision", ("no-decision", "cancelled"), "outcome") == "no-decision"
    with pytest.raises(BadInput, match='There\'s no outcome "canceled"') as refused:
        one_of("canceled", ("no-decision", "cancelled"), "outcome")
    assert refused.value.hint == "Did you mean cancelled?"


WORDS = [*SAID, *REAL, "too expensive", "the board", "lost to Ricoh", ":", "\n", "X"]
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join))


@given(text=TEXTS, kind=st.sampled_from([(read_said, SAID), (read_real, REAL)]))
def test_any_text_keeps_its_words_under_a_known_code_or_is_bad_input(text, kind):
    read, codes = kind
    whole = text.strip()
    try:
        reason = read(text)
    except BadInput:
        assert not whole or ":" in whole
    else:
        assert reason.code in codes
        if reason.words != whole:
            _, _, words = whole.partition(":")
            assert reason == Reason(reason.code, words.strip() or None, found=False)
        else:
            assert reason.found

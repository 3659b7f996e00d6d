"""The codes of reasons in force: lostsale's own, and what the user makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.reasons import (
    PLAIN,
    REAL,
    SAID,
    WEAKNESS_OF,
    WEAKNESSES,
    Code,
    Reason,
    Vocabulary,
    coded,
    plain_words,
    read,
    read_code,
    read_signal,
)
from lostsale.errors import BadInput


def read_said(text, vocabulary=PLAIN):
    return read(text, "said", vocabulary)[0]


def read_real(text, vocabulary=PLAIN):
    return read(text, "real", vocabulary)[0]


FROZEN = Code("frozen", "said")
TIMING = Code("bad-timing", "real", "company")
# no-access is called never-met by now, and too-slow is merged into selling.
RENAMED = Vocabulary(
    [
        Code("never-met", "real", "personal"),
        Code("no-access", "real", None, "never-met"),
        Code("too-slow", "real", None, "selling"),
        Code("price", "said", None, "budget"),
    ]
)


def test_without_codes_of_ones_own_it_holds_those_of_the_design():
    assert (PLAIN.said, PLAIN.real, PLAIN.weakness_of) == (SAID, REAL, WEAKNESS_OF)
    assert [PLAIN.current(code) for code in (*SAID, *REAL)] == [*SAID, *REAL]


def test_what_a_user_makes_of_the_codes_leaves_the_plain_ones_alone():
    assert read_real("too late", RENAMED).code == "selling"
    assert read_real("too late", PLAIN).code == read_real("too late").code == "too-slow"


def test_own_codes_come_after_those_of_the_design_each_among_its_kind():
    words = Vocabulary([FROZEN, TIMING])
    assert list(words.said) == [*SAID, "frozen"]
    assert list(words.real) == [*REAL, "bad-timing"]


@pytest.mark.parametrize(
    ("weakness", "shown"), [("company", "company"), ("none", None), (None, None)]
)
def test_an_own_code_shows_the_weakness_that_it_was_given(weakness, shown):
    words = Vocabulary([Code("bad-timing", "real", weakness)])
    assert words.weakness_of.get("bad-timing") == shown


@pytest.mark.parametrize(
    ("code", "weakness", "shown"),
    [
        ("too-slow", "company", "company"),
        ("too-slow", "none", None),
        ("too-slow", None, "personal"),
        ("no-money", "company", "company"),
        ("no-money", None, None),
    ],
)
def test_a_known_code_shows_another_weakness_if_it_was_given_one(code, weakness, shown):
    words = Vocabulary([Code(code, "real", weakness)])
    assert words.weakness_of.get(code) == shown
    assert list(words.real) == list(REAL)


def test_what_they_said_shows_no_weakness():
    assert set(Vocabulary([FROZEN, TIMING]).weakness_of) == {*WEAKNESS_OF, "bad-timing"}


@pytest.mark.parametrize(
    ("code", "current"),
    [
        ("no-access", "never-met"),
        ("never-met", "never-met"),
        ("too-slow", "selling"),
        ("selling", "selling"),
        ("price", "budget"),
        ("price-value", "price-value"),
        ("unheard-of", "unheard-of"),
    ],
)
def test_a_code_has_one_current_name(code, current):
    assert RENAMED.current(code) == current


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("never-met", ["never-met", "no-access"]),
        ("selling", ["selling", "too-slow"]),
        ("poor-fit", ["poor-fit"]),
    ],
)
def test_a_code_has_all_names_that_losses_may_be_written_with(code, names):
    assert RENAMED.names(code) == names


def test_only_current_names_are_codes():
    assert {"no-access", "too-slow"} & set(RENAMED.real) == set()
    assert set(RENAMED.real) == {*REAL, "never-met"} - {"no-access", "too-slow"}
    assert set(RENAMED.said) == {*SAID} - {"price"}


def test_a_merged_code_shows_the_weakness_of_the_one_that_took_it_in():
    words = Vocabulary([Code("too-slow", "real", "company", "no-money")])
    assert "too-slow" not in words.weakness_of
    assert "no-money" not in words.weakness_of


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("never-met", Reason("never-met", None, found=False)),
        ("no-access", Reason("never-met", None, found=False)),
        ("No-Access: the boss", Reason("never-met", "the boss", found=False)),
        ("never-met: the boss", Reason("never-met", "the boss", found=False)),
        ("we had no access", Reason("never-met", "we had no access", found=True)),
        ("her partner signs", Reason("never-met", "her partner signs", found=True)),
        ("you came too late", Reason("selling", "you came too late", found=True)),
        ("never followed up", Reason("selling", "never followed up", found=True)),
    ],
)
def test_all_names_and_phrases_of_a_code_lead_to_its_current_name(text, reason):
    assert read_real(text, RENAMED) == reason


def test_signals_and_what_they_said_follow_too():
    assert read_said("too expensive", RENAMED).code == "budget"
    assert read_said("price: x", RENAMED) == Reason("budget", "x", found=False)
    assert read_signal("Price", RENAMED) == "budget"
    assert read_signal("No Show", RENAMED) == "no-show"


@pytest.mark.parametrize("text", ["bad-timing", "bad-timing: x", "such Bad Timing", "BAD-TIMING:"])
def test_an_own_code_is_read_by_itself_and_in_a_sentence(text):
    words = Vocabulary([FROZEN, TIMING])
    assert read_real(text, words).code == "bad-timing"
    assert read_signal("frozen", words) == "frozen"


@pytest.mark.parametrize(
    ("read", "text", "near"),
    [
        (read_signal, "frozn", "frozen"),
        (read_signal, "bad-timing", ""),
    ],
)
def test_an_own_code_keeps_to_its_kind_and_is_named_as_the_nearest(read, text, near):
    with pytest.raises(BadInput) as refused:
        read(text, Vocabulary([FROZEN, TIMING]))
    assert near in refused.value.hint


def test_an_own_code_beats_a_phrase_of_another():
    words = Vocabulary([Code("trust", "real")])
    assert read_real("no trust", PLAIN).code == "our-company"
    assert read_real("no trust", words).code == "trust"


def test_a_code_is_read_by_any_name_that_it_had():
    assert read_code("No Access", RENAMED.real, "reason", RENAMED) == "never-met"
    with pytest.raises(BadInput, match='There\'s no reason "budget"'):
        read_code("budget", RENAMED.real, "reason", RENAMED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Too expensive", "price-value"),
        ("no access", "never-met"),
        ("never-met", "never-met"),
        ("Too late", "selling"),
        ("zork: whatever", "other"),
        ("budget: none", "no-money"),
        (" it rained ", "other"),
        ("?", "other"),
    ],
)
def test_the_reason_of_another_program_keeps_its_words_under_a_code_of_today(text, code):
    assert coded(text, RENAMED)[0] == Reason(code, text, found=True)


# Chains and cycles of names, as a merge of two machines' journals may make.


@pytest.mark.parametrize(
    "names",
    [
        {"a": "b", "b": "c", "c": "d"},
        {"b": "c", "a": "b", "c": "d"},
        {"a": "d", "b": "d", "c": "d"},
        {"a": "a", "b": "d", "c": "b"},
    ],
)
def test_a_chain_of_names_ends_in_its_last(names):
    words = Vocabulary(Code(code, "real", None, name) for code, name in names.items())
    ends = {code: "a" if code == name else "d" for code, name in names.items()}
    assert {code: words.current(code) for code in names} == ends
    assert set(words.real) == {*REAL, *ends.values()}


@pytest.mark.parametrize(
    ("names", "end"),
    [
        ({"no-access": "selling", "selling": "no-access"}, "no-access"),
        ({"selling": "no-access", "no-access": "selling"}, "no-access"),
        ({"c": "b", "b": "a", "a": "c"}, "a"),
        ({"z": "c", "c": "b", "b": "c"}, "b"),  # led to by another
    ],
)
def test_names_that_lead_to_each_other_end_in_one_code(names, end):
    words = Vocabulary(Code(code, "real", None, name) for code, name in names.items())
    assert {words.current(code) for code in names} == {end}
    assert end in words.real
    assert (set(names) - {end}) & set(words.real) == set()
    assert set(words.names(end)) == set(names)


LETTERS = ["a-one", "b-two", "c-three", "d-four", "no-access", "selling", "no-money"]
weaknesses = st.none() | st.sampled_from(WEAKNESSES)


@st.composite
def own_codes(draw):
    """Codes that a user, or two on two machines, may have made: real ones with any names, and a few
    that were said."""
    names = draw(st.lists(st.sampled_from(LETTERS), unique=True))
    real = [
        Code(name, "real", draw(weaknesses), draw(st.none() | st.sampled_from(LETTERS)))
        for name in names
    ]
    said = draw(st.sampled_from([[], [FROZEN], [Code("budget", "said", None, "frozen"), FROZEN]]))
    return [*real, *said]


@given(own_codes())
def test_every_code_ends_in_one_current_code_of_its_kind(codes):
    words = Vocabulary(codes)
    for code in codes:
        current = words.current(code.code)
        assert words.current(current) == current
        assert current in (words.said if code.kind == "said" else words.real)
        assert code.code in words.names(current)
        if code.alias_of:
            assert words.current(code.alias_of) == current
    for known in (words.said, words.real):
        assert [words.current(code) for code in known] == list(known)


@given(own_codes())
def test_no_kind_takes_in_what_belongs_to_the_other(codes):
    words = Vocabulary(codes)
    assert set(words.said) - {*SAID, "frozen"} == set()
    assert set(words.real) - {*REAL, *LETTERS} == set()


@given(own_codes())
def test_no_code_is_lost_each_is_known_under_one_of_its_names(codes):
    words = Vocabulary(codes)
    assert {words.current(code) for code in SAID} <= set(words.said)
    assert {words.current(code) for code in REAL} <= set(words.real)
    assert {code for name in words.real for code in words.names(name)} >= set(REAL)


@given(own_codes())
def test_what_a_code_shows_is_a_weakness_and_none_is_left_out(codes):
    words = Vocabulary(codes)
    assert set(words.weakness_of) <= set(words.real)
    assert set(words.weakness_of.values()) <= {*WEAKNESSES} - {"none"}


texts = st.lists(
    st.sampled_from([*LETTERS, "signs", "no budget", "budget", "frozen", "pushy", ":", "x"]),
    min_size=1,
).map(" ".join)


@given(own_codes().flatmap(lambda codes: st.tuples(st.just(codes), st.permutations(codes))), texts)
def test_the_order_in_which_codes_were_made_does_not_matter(orders, text):
    one, other = map(Vocabulary, orders)
    assert (set(one.said), set(one.real)) == (set(other.said), set(other.real))
    assert one.weakness_of == other.weakness_of
    for code in (*LETTERS, *SAID, *REAL):
        assert one.current(code) == other.current(code)
        assert set(one.names(code)) == set(other.names(code))
    assert coded(text, one) == coded(text, other)


@given(own_codes())
def test_any_name_of_a_code_reads_as_its_current_one(codes):
    words = Vocabulary(codes)
    for name in words.real:
        for code in words.names(name):
            assert read_real(code, words) == Reason(name, None, found=False)
            assert read_real(f"{code}: why", words) == Reason(name, "why", found=False)
    for name in words.said:
        for code in words.names(name):
            assert read_signal(code, words) == name


@pytest.mark.parametrize("own", ["call", "call-later-on"])
def test_of_codes_that_begin_alike_the_longest_that_is_named_counts(own):
    words = Vocabulary([Code(own, "said")])
    assert read_said("call later, please", words).code == "call-later"
    assert read_said("call later on, please", words).code == max(own, "call-later", key=len)


@pytest.mark.parametrize(
    ("kind", "code", "words", "found", "resolved"),
    [
        ("said", "price", "Too expensive", True, "budget"),
        ("said", "price", "too expensive for us", True, "price"),
        ("said", "price", "too expensive", False, "price"),
        ("real", "price-value", "too expensive", True, "price-value"),
        ("said", "other", "it was too expensive", True, "budget"),
        ("said", "other", "too expensive", False, "budget"),
        ("said", "other", "it rained", True, "other"),
        ("said", "price", None, False, "price"),
    ],
)
def test_words_mean_what_the_user_says_unless_a_code_was_given(kind, code, words, found, resolved):
    vocabulary = Vocabulary([Code("too expensive", "said", None, "budget")])
    assert vocabulary.resolve(kind, code, words, found=found) == resolved


@given(own_codes(), own_codes(), texts, st.booleans(), st.sampled_from(["said", "real"]))
def test_a_reason_that_resolves_otherwise_is_told_by_its_code_or_its_words(a, b, text, found, kind):
    one, other = Vocabulary(a), Vocabulary(b)
    codes, phrases = one.moved(other)
    for code in ("no-access", "selling", "a-one", "budget", "other"):
        before = one.resolve(kind, code, text, found=found)
        if before != other.resolve(kind, code, text, found=found):
            plain = plain_words(text)
            assert before in codes or any(phrase in plain for phrase in phrases)

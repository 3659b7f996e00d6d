"""The plan as a text, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.plan import DEFAULT, PlanStep
from lostsale.domain.plan_text import LAST_DAY, PLAN_KINDS, annotated, read_plan, written
from lostsale.domain.scripts import FALLBACKS, unknown_placeholder
from lostsale.errors import BadInput

LINE = st.text(
    st.characters(codec="utf-8", exclude_characters="\n{}\0"), min_size=1, max_size=20
).filter(lambda line: line == line.strip())
PIECE = st.one_of(LINE, st.sampled_from([f"{{{name}}}" for name in FALLBACKS] + ["}{", "# no"]))
WORDING = (
    st.lists(PIECE, min_size=1, max_size=3)
    .map("\n".join)
    .filter(lambda text: unknown_placeholder(text) is None)
)


@st.composite
def plans(draw):
    days = sorted(draw(st.lists(st.integers(0, LAST_DAY), min_size=1, max_size=8)))
    steps, seen = [], []
    for day in days:
        kind = draw(st.sampled_from(PLAN_KINDS))
        seen.append(kind)
        key = kind if seen.count(kind) == 1 else f"{kind}-{seen.count(kind)}"
        words = tuple(draw(st.lists(WORDING, max_size=3)))
        steps.append(PlanStep(key, kind, day, words))
    return tuple(steps)


def refused(text):
    with pytest.raises(BadInput) as caught:
        read_plan(text)
    assert "\n" not in str(caught.value)
    return caught.value.what


@given(plans())
def test_a_plan_that_is_written_reads_the_same(steps):
    assert read_plan(written(steps)) == steps
    assert read_plan(annotated(steps)) == steps
    assert read_plan(annotated(steps).replace("\n", "\r\n")) == steps
    assert read_plan("\ufeff" + written(steps)) == steps


PARTS = "1 3 30 99999 -1 save why touch # { } {name} {0} \ufeff \ud800 ٣".split()
SPACES = (" ", "    ", "\n", "\n\n", "\t", "\r", "\x0c", "\u2028", "\0")
TOKENS = st.lists(st.sampled_from((*PARTS, *SPACES)), max_size=25).map("".join)


@given(st.one_of(st.text(), TOKENS))
def test_any_text_reads_or_is_refused(text):
    try:
        steps = read_plan(text)
    except BadInput:
        return
    assert steps
    assert read_plan(written(steps)) == steps
    assert [step.days for step in steps] == sorted(step.days for step in steps)
    assert {step.kind for step in steps} <= set(PLAN_KINDS)
    assert len({step.key for step in steps}) == len(steps)


@pytest.mark.parametrize("days", [0, 9, 10, 99, 100, 999, 1000, LAST_DAY])
def test_a_day_of_any_length_is_written_as_it_reads(days):
    assert read_plan(written((PlanStep("touch", "touch", days),)))[0].days == days


def test_lostsales_own_plan_reads_as_it_is():
    assert read_plan(written(DEFAULT)) == read_plan(annotated(DEFAULT)) == DEFAULT


def test_an_explained_plan_holds_each_kinds_own_words_only_where_there_are_no_others():
    steps = (PlanStep("why", "why", 1, ("Why, {contact}?",)), PlanStep("save", "save", 3))
    why, save = annotated(steps).split("\n3   save\n")
    assert why.endswith("1   why\n    Why, {contact}?\n")
    assert all(line.startswith("#") for line in save.splitlines())
    assert "{greeting}" in save


def test_words_stand_below_their_step_parted_by_empty_lines():
    text = "\n\n1 why\n\n  One.\n\tTwo.  \n# not this\n  Three.\n \n\n    Four.\n3  SAVE\n8 save\n"
    assert read_plan(text) == (
        PlanStep("why", "why", 1, ("One.\nTwo.\nThree.", "Four.")),
        PlanStep("save", "save", 3),
        PlanStep("save-2", "save", 8),
    )


def test_what_begins_with_a_number_sign_counts_only_set_in():
    assert read_plan("#1 why\n3 save\n #2 why\n")[0].words == ("#2 why",)


@pytest.mark.parametrize(
    "text", ["0 why", "3650 touch", "003 why", "3\tsave", "3   save   ", "3 Save"]
)
def test_these_are_steps(text):
    assert len(read_plan(text)) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "There's no step in the plan"),
        ("\n \n# 3 save\n", "There's no step in the plan"),
        ("  Hello\n3 save", "Line 1: words before the first step"),
        ("# a\n\nsave", 'Line 3: I can\'t read "save" as a step'),
        ("3", 'Line 1: I can\'t read "3" as a step'),
        ("-3 save", 'Line 1: I can\'t read "-3 save" as a step'),
        ("+3 save", 'Line 1: I can\'t read "+3 save" as a step'),
        ("3.5 save", 'Line 1: I can\'t read "3.5 save" as a step'),
        ("3d save", 'Line 1: I can\'t read "3d save" as a step'),
        ("٣ save", 'Line 1: I can\'t read "٣ save" as a step'),
        ("10000 save", 'Line 1: I can\'t read "10000 save" as a step'),
        ("3651 save", "Line 1: day 3651 is too far"),
        ("1 why\n3 sav", 'Line 2: There\'s no kind of step in a plan "sav"'),
        ("3 meet", 'Line 1: There\'s no kind of step in a plan "meet"'),
        ("3 move-on", 'Line 1: There\'s no kind of step in a plan "move-on"'),
        ("3 save # soon", 'Line 1: There\'s no kind of step in a plan "save # soon"'),
        ("3 save\n1 why", "Line 2: day 1 comes after day 3"),
        ("3 save\n  Hi {contact}\n  {cometitor}", "Line 3: there's no placeholder {cometitor}"),
        ("3 save\n {opening}", "Line 2: there's no placeholder {opening}"),
        ("3 save\n {}", "Line 2: there's no placeholder {}"),
        ("3 save\n {0}", "Line 2: there's no placeholder {0}"),
        ("3 save\n {Contact}", "Line 2: there's no placeholder {Contact}"),
        ("3 save\n {contact!r}", "Line 2: there's no placeholder {contact!r}"),
        ("3 save\n {__class__}", "Line 2: there's no placeholder {__class__}"),
        ("3 save\n {contact.__class__}", "Line 2: there's no placeholder {contact.__class__}"),
        ("3 save\n {{contact}} {{x}}", "Line 2: there's no placeholder {x}"),
        (f"3 save\n {{{'x' * 9000}}}", f"Line 2: there's no placeholder {{{'x' * 40}}}"),
    ],
)
def test_what_can_not_be_is_refused_by_its_line(text, what):
    assert refused(text) == what
    assert refused(text.replace("\n", "\r\n")) == what


def test_a_placeholder_over_two_lines_is_refused():
    with pytest.raises(BadInput, match=r"^Line 2: there's no placeholder \{con"):
        read_plan("3 save\n  {con\n  tact} {x")


def test_stray_braces_are_only_braces():
    assert read_plan("3 save\n } {name} {\n")[0].words == ("} {name} {",)


@pytest.mark.parametrize("words", ["Hello {contact, how", "I have {way_in", "{name {contact}"])
def test_a_placeholder_that_is_not_closed_is_refused(words):
    assert "Line 2: there's no placeholder {" in refused(f"3 save\n    {words}\n")


@pytest.mark.parametrize(("line", "wordings"), [("    a\n", 1), ("    a\n\n", 40_000)])
def test_a_text_of_many_words_is_read(line, wordings):
    assert len(read_plan("3 save\n" + line * 40_000)[0].words) == wordings

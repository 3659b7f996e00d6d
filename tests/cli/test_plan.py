"""`plan`: shown as a text that can be given back, taken from a file or an editor, and undone."""

import re

import pytest

from lostsale.domain.plan import DEFAULT
from lostsale.domain.plan_text import read_plan

OWN = """\
2   thanks
10  save
    Hey {contact}, about {way_in}?

    Once more, {contact}:
    {way_in}?
40  touch
90  touch
"""
DEFAULT_JSON = [{**step._asdict(), "words": []} for step in DEFAULT]
FROM_NOW_ON = "New days apply to steps planned from now on, new words right away."


@pytest.fixture
def plan(run):
    """The plan as JSON has it."""
    return lambda: run("plan --json").json["plan"]


@pytest.fixture
def file(tmp_path):
    """A file with a plan, and how `plan set` is told of it."""

    def file(content):
        path = tmp_path / "plan.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return f"plan set {path}"

    return file


def step(loss, ref=1):
    return loss(ref)["next"] and (loss(ref)["next"]["kind"], loss(ref)["next"]["on"])


# Shown


def test_lostsales_own_plan_is_shown_without_a_journal(run, db, plan):
    assert read_plan(run("plan").out) == DEFAULT
    assert plan() == DEFAULT_JSON
    assert set(run("plan --json").json) == {"schema", "plan"}
    assert not db.exists()


def test_what_is_shown_can_be_given_back(run, file, plan):
    run("log Acme")
    run(file(OWN))
    before = plan()
    run(file(run("plan").out))
    assert plan() == before
    assert [(one["key"], one["days"], len(one["words"])) for one in before] == [
        ("thanks", 2, 0),
        ("save", 10, 2),
        ("touch", 40, 0),
        ("touch-2", 90, 0),
    ]
    assert before[1]["words"][1] == "Once more, {contact}:\n{way_in}?"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_what_is_shown_on_a_terminal_can_be_given_back(screen, width):
    assert read_plan("\n".join(screen("plan", width))) == DEFAULT


@pytest.mark.parametrize(
    "text", ["\U0001f468\u200d\U0001f469", "a\tb", "soft\u00adhyphen", "\x1b[31m"]
)
def test_a_plan_with_what_is_invisible_can_be_given_back(run, file, text):
    run(file(f"3 save\n    {text}\n"))
    shown = run("plan").out
    assert not re.search("[\x1b\u202e]", shown)
    run(file(shown))


# Set


def test_a_plan_that_is_set_says_what_it_is_and_from_when(run, file):
    run("log Acme")
    assert run(file(OWN)).lines == [
        "The plan: thanks 2, save 10, touch 40, touch 90.",
        FROM_NOW_ON,
    ]
    assert run("plan reset").lines[1] == FROM_NOW_ON


def test_a_new_loss_follows_its_own_plan_to_the_end(run, loss, file):
    run(file(OWN))
    run("log Acme")
    seen = []
    while step(loss):
        seen.append(step(loss))
        run("done 1", today=seen[-1][1])
    assert seen == [
        ("thanks", "2026-11-26"),
        ("save", "2026-12-04"),
        ("touch", "2027-01-04"),
        ("touch", "2027-02-22"),
    ]


@pytest.mark.parametrize("kind", ["save", "thanks", "referral"])
def test_a_step_that_the_plan_holds_twice_comes_twice(run, loss, file, kind):
    run(file(f"3 {kind}\n10 {kind}\n"))
    run("log Acme")
    run("done 1", today="2026-11-27")
    assert step(loss) == (kind, "2026-12-04")


def test_an_open_step_stays_and_the_next_one_is_the_new_plans(run, loss, file):
    run("log Acme --real too-slow")
    run(file("3 save\n20 referral\n"))
    assert step(loss) == ("save", "2026-11-27")
    run("done 1", today="2026-11-27")
    assert step(loss) == ("referral", "2026-12-14")


def test_a_plan_that_lost_the_open_step_goes_on_with_the_next_later_one(run, loss, file):
    run("log Acme")
    run(file(OWN))
    assert step(loss) == ("why", "2026-11-25")
    run("why 1 too-slow", today="2026-11-25")
    assert step(loss) == ("thanks", "2026-11-27")


def test_ones_own_words_are_said(run, file):
    run("log Acme --contact 'Ana Ruiz' --way-in 'a lease'")
    default = run("script thanks 1").out
    run(file(OWN))
    said = {run("script save 1", today=f"2026-11-{day}").out for day in (24, 25, 26, 27)}
    assert said == {"Hey Ana, about a lease?\n", "Once more, Ana:\na lease?\n"}
    assert run("script thanks 1").out == default


def test_each_touch_has_words_of_its_own(run, file):
    run("log Acme --next 2d")
    run(file("1 touch\n First.\n5 touch\n Second.\n9 touch\n"))
    run("log Beta")
    said = []
    for day in ("2026-11-25", "2026-11-30", "2026-12-03"):
        said.append(run("script 2", today=day).out)
        run("done 2", today=day)
    assert said == ["First.\n", "Second.\n", "First.\n"]


@pytest.mark.parametrize("days", ["1000", "3650"])
def test_a_day_far_ahead_is_kept_and_the_journal_can_be_used(run, loss, file, days):
    run("log Acme --real too-slow")
    run(file(f"1 why\n{days} touch\n"))
    run("done 1")
    assert step(loss)[0] == "touch"


def test_hostile_words_are_shown_harmless(run, file, screen):
    run(file("3 save\n  \x1b]0;x\x07 \u202e [red] } {\n"))
    for lines in (
        run("plan").lines,
        run("script save").lines,
        screen("plan"),
        screen("script save"),
    ):
        assert not set("".join(lines)) & {"\x1b", "\x07", "\u202e"}
        assert "[red] } {" in "".join(lines)


# Taken back


def test_undo_takes_a_plan_back_and_reset_too(run, file, plan):
    run("log Acme")
    run(file(OWN))
    own = plan()
    run("plan reset")
    assert plan() == DEFAULT_JSON
    run("undo")
    assert plan() == own
    run("undo")
    assert plan() == DEFAULT_JSON


def test_reset_makes_no_journal(run, db):
    assert run("plan reset --json").json["plan"] == DEFAULT_JSON
    assert not db.exists()

"""`show`: all about one loss."""

import re
from datetime import date

import pytest

from lostsale.screen.text import DO


def test_everything_that_is_kept_is_shown(run):
    run(
        "log Acme 12k --product lathe --said 'price: too dear' --guess 'product-gap: no app'"
        " --real 'too-slow: you came late' --contact 'Ana Ruiz 555-0134 a@b.c' --way-in 'a lease'"
        " --signal silence --signal delay --lost-to Kyolab --lesson 'call first'"
        " --note 'met twice' --on yesterday"
    )
    run("done 1 sent the offer")
    assert run("show 1").lines == [
        "1  Acme, Ana Ruiz · lathe · 12,000 USD · lost Mon 23 Nov 2026",
        "Phone\t555-0134",
        "E-mail\ta@b.c",
        "Said\tprice: too dear",
        "Signals\tsilence, delay",
        "Guess\tproduct-gap: no app",
        "Real\ttoo-slow: you came late (told Mon 23 Nov)",
        "Weakness\tpersonal",
        "Way in\ta lease",
        "Lost to\tKyolab",
        "Outcome\tcompetitor",
        "Lesson\tcall first",
        "Note\tmet twice",
        "Tue 24 Nov\tgo back\t\tsent the offer",
        "Next: send card, Fri 27 Nov.",
        "Then: get a referral Wed 23 Dec · call Mon 22 Feb 2027 · call Mon 24 May 2027.",
    ]


def test_what_is_not_known_is_left_out(run):
    run("log Acme")
    lines = run("show 1").lines
    assert lines[0] == "1  Acme · no amount · lost Tue 24 Nov 2026"
    assert lines[1] == "Next: ask why, Wed 25 Nov."
    assert lines[2].startswith("Then: go back Fri 27 Nov · send card Mon 30 Nov · ")


def test_a_try_that_met_nobody_is_marked(run):
    run("log Acme --on yesterday")
    run("no-answer 1 voice mail")
    assert "Tue 24 Nov\task why\tno answer\tvoice mail" in run("show 1").lines


def test_would_not_say_is_shown(run):
    run("log Acme")
    run("why 1 --would-not-say")
    assert "Real\twould not say, asked Tue 24 Nov" in run("show 1").lines


def test_how_it_ended_is_shown(run):
    run("log Acme 12k")
    run("won 1 9500 --note 'the lease did it'")
    assert run("show 1").lines[-1] == "Won back Tue 24 Nov for 9,500 USD. the lease did it"
    run("log Brandt")
    run("move-on 2 enough")
    assert "At rest since Tue 24 Nov." in run("show 2").lines


def test_every_loss_can_be_shown_by_name(run):
    for name, close in (("Acme", "won 1"), ("Brandt", "move-on 2")):
        run(f"log {name}")
        run(close)
    run("log Corvo --outcome mistake")
    assert [run(f"show {name}").out[0] for name in ("acme", "brandt", "corvo")] == ["1", "2", "3"]


def test_json_and_text_hold_the_same_words(run, loss):
    run("log Acme --note 'a\nb'")
    assert loss()["note"] == "a\nb"
    assert "Note\ta\\u{a}b" in run("show 1").lines


STATES = [
    [],
    ["why 1 too-slow"],
    ["edit 1 --way-in dead"],
    ["edit 1 --outcome cancelled"],
    ["meet 1 2027-01-11 10am"],
    ["snooze 1 2027-03-01"],
    ["skip 1", "skip 1"],
    ["no-answer 1"],
    ["done 1", "meet 1 friday 10am"],
    ["touch 1 hello --next 2027-01-15"],
    ["move-on 1", "touch 1 hello"],
    ["won 1 --also thanks"],
]


@pytest.mark.parametrize("acts", STATES, ids=", ".join)
def test_what_comes_next_is_what_show_says_will(run, loss, acts):
    run("log Acme")
    for line in acts:
        run(line)
    for day in ("2026-11-24", "2026-12-03", "2026-12-20", "2027-02-03", "2027-03-02", "2027-07-01"):
        shown = run("show 1", today=day).lines
        parts = {line.partition(": ")[0]: line.partition(": ")[2] for line in shown}
        then = parts.get("Then", ".")[:-1].split(", ") if "Then" in parts else []
        is_cold = run("due --cold --count", today=day).lines == ["1"]
        if not loss(today=day)["next"]:
            assert not then
            continue
        kinds = [
            DO[loss(today=day)["next"]["kind"]],
            *(re.match("[a-z ]+", one)[0] for one in then),
        ]
        skipped = parts.get("Skipped", ".")[:-1].split(", ")
        assert not {*kinds} & {*skipped}
        if is_cold or loss(today=day)["next"]["on"] > day:
            continue
        after = run("done 1 --json", today=day).json["loss"]["next"]
        run("undo")
        on = after and f"{date.fromisoformat(after['on']):%a %d %b}".replace(" 0", " ")
        assert (f"{DO[after['kind']]} {on}" if after else "") in (then or [""])[0]


@pytest.mark.parametrize(
    ("logged", "then"),
    [("", "ask why Wed 2 Dec · go back Fri 4 Dec"), ("--real too-slow", "go back Thu 3 Dec")],
)
def test_show_tells_of_the_step_that_waits_behind_an_appointment(run, logged, then):
    run(f"log Acme {logged}")
    run("meet 1 tuesday 10am")
    assert f"Then: {then}" in run("show 1").out

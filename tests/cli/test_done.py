"""`done`: the next step was done, and the plan goes on."""

import pytest


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"]


def contacts(loss):
    return [(contact["kind"], contact["on"], contact["note"]) for contact in loss["contacts"]]


def test_done_keeps_what_was_done_and_opens_the_next_step(run, loss):
    run("log Acme 5")
    result = run("done 1 she calls back", today="2026-11-25")
    assert result.lines == ["1  Acme: done; the reason is still open. Next: go back, Fri 27 Nov."]
    (contact,) = loss()["contacts"]
    assert (contact["kind"], contact["on"], contact["answered"], contact["marked"]) == (
        "why",
        "2026-11-25",
        True,
        None,
    )
    assert contact["note"] == "she calls back"
    assert step(loss()) == ("save", "2026-11-27")


def test_the_whole_plan_is_walked_in_order(run, loss):
    run("log Acme 5")
    walked = []
    while loss()["next"]:
        walked.append((*step(loss()), loss()["next"]["plan_step"]))
        run("done 1", today=loss()["next"]["on"])
    assert walked == [
        ("why", "2026-11-25", "why"),
        ("save", "2026-11-27", "save"),
        ("thanks", "2026-11-30", "thanks"),
        ("referral", "2026-12-24", "referral"),
        ("touch", "2027-02-22", "touch"),
        ("touch", "2027-05-24", "touch-2"),
    ]
    assert "Ready to close from Wed 23 Jun" in run("show 1", today="2027-05-25").out


def test_on_dates_what_was_done(run, loss):
    run("log Acme 5 --on 5d")
    run("done 1 --on yesterday")
    assert contacts(loss()) == [("why", "2026-11-23", None)]
    assert step(loss()) == ("save", "2026-11-25")


def test_next_dates_the_next_step_by_hand(run, loss):
    run("log Acme 5")
    run("done 1 decides in March --next '1 mar'")
    assert step(loss()) == ("save", "2027-03-01")


def test_also_skips_what_was_done_in_the_same_go(run, loss):
    run("log Acme 5 --on 5d")
    run("done 1 --also save,thanks")
    assert sorted(kind for kind, _, _ in contacts(loss())) == ["save", "thanks", "why"]
    assert step(loss()) == ("referral", "2026-12-23")


def test_done_counts_as_no_truth(run, loss):
    run("log Acme 5")
    run("done 1")
    assert (loss()["real"], loss()["asked_on"]) == (None, None)


def test_several_are_done_at_once(run, loss):
    for name in "ABCDE":
        run(f"log {name}")
    result = run("done 1,3-4 --json")
    assert [found["number"] for found in result.json["losses"]] == [1, 3, 4]
    assert [bool(loss(number)["contacts"]) for number in range(1, 6)] == [
        True,
        False,
        True,
        True,
        False,
    ]


def test_a_range_takes_those_that_have_an_open_step(run):
    for name in "ABC":
        run(f"log {name}")
    run("won 2")
    assert [found["number"] for found in run("done 1-9 --json").json["losses"]] == [1, 3]


@pytest.mark.parametrize("refs", ["1,2", "2,1", "1,9"])
def test_a_list_with_one_that_does_not_fit_changes_none(run, refuses, refs):
    run("log A")
    run("log B")
    run("won 2")
    refuses(f"done {refs}", 1)


def test_several_are_one_change(run, loss):
    run("log A")
    run("log B")
    run("done 1,2")
    run("undo")
    assert loss(1)["contacts"] == loss(2)["contacts"] == []


def test_a_list_of_one_number_is_one_loss_in_json(run):
    run("log Acme")
    assert run("done 1 --json").json["loss"]["number"] == 1


@pytest.mark.parametrize("command", ["won 1", "move-on 1"])
def test_a_closed_loss_has_nothing_to_be_done(run, refuses, command):
    run("log Acme")
    run(command)
    assert "lostsale: 1 " in refuses("done 1", 1)


def test_a_loss_through_with_the_plan_has_nothing_to_be_done(run, refuses):
    run("log Acme 5 --real too-slow --way-in dead --also thanks,referral")
    assert "1 has no open step" in refuses("done 1", 1)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("--on 2026-11-01", "2026-11-01 is before the loss"),
        ("--on tomorrow", "This date has to be"),
        ("--next yesterday", "This date has to be"),
        ("--also lunch", 'There\'s no kind of step "lunch"'),
    ],
)
def test_what_can_not_be_is_refused(run, refuses, options, what):
    run("log Acme")
    assert what in refuses(f"done 1 {options}", 2)


def test_a_list_stays_a_list_in_json_when_one_of_it_fits(run):
    run("log A")
    run("log B")
    run("won 2")
    assert [found["number"] for found in run("done 1-2 --json").json["losses"]] == [1]


def test_a_meeting_that_lies_ahead_is_refused_with_commands_that_work(run, refuses, loss):
    run("log Acme 5k")
    run("meet 1 friday 10am")
    error = refuses("done 1", 1)
    assert "The meeting with 1 Acme is still ahead, on Fri 27 Nov 2026 at 10:00." in error
    for typed in (" meet 1 friday 10am", " skip 1", " touch 1 what came of it"):
        assert f"lostsale{typed}" in error
        run(typed.replace("friday", "thursday"))
        run("undo")
    assert error.endswith("over already: lostsale done 1 --yes\n")
    run("done 1 --yes")
    assert loss()["contacts"][0]["kind"] == "meet"


def test_a_meeting_of_today_is_done_without_a_question(run):
    run("log Acme 5k")
    run("meet 1 today 6pm")
    assert "done." in run("done 1").out


@pytest.mark.parametrize(
    ("note", "kind", "answered", "did"),
    [
        ("mailed a thank you card", "thanks", True, "card sent. Next: ask why"),
        ("left vm", "why", False, "no answer. Next: ask why"),
        ("left her a message", "why", False, "no answer. Next: ask why"),
        ("mailed a card and asked why", "why", True, "done; the reason is still open"),
        ("gave her my business card", "why", True, "done; the reason is still open"),
    ],
)
def test_a_note_that_tells_of_something_else_never_marks_the_open_step_done(
    run, loss, note, kind, answered, did
):
    run("log Acme --on yesterday")
    assert did in run(f"done 1 {note}").out
    (entry,) = loss()["contacts"]
    assert (entry["kind"], entry["answered"], entry["note"]) == (kind, answered, note)

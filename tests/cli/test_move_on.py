"""`move-on`: letting a loss rest, without guilt."""

import pytest

PLAN_IS_DONE = "--real too-slow --way-in dead --also thanks,referral"


def rested(loss, *numbers):
    return [loss(number)["rested_on"] is not None for number in numbers]


def test_a_loss_rests_without_a_step(run, loss):
    run("log Acme")
    assert run("move-on 1").lines == [
        "1  Acme: moved on. At rest since Tue 24 Nov.",
        "Won back so far: 0 of 1 lost this year.",
    ]
    assert (loss()["rested_on"], loss()["next"], loss()["contacts"]) == ("2026-11-24", None, [])


def test_a_note_is_kept_as_an_entry(run, loss):
    run("log Acme --on 5d")
    run("move-on 1 they closed the branch --on yesterday")
    (contact,) = loss()["contacts"]
    assert (contact["kind"], contact["on"], contact["answered"], contact["note"]) == (
        "note",
        "2026-11-23",
        None,
        "they closed the branch",
    )
    assert loss()["rested_on"] == "2026-11-23"


def test_several_rest_at_once(run, loss):
    for name in "ABCDE":
        run(f"log {name}")
    result = run("move-on 1,3-4 --json")
    assert [found["number"] for found in result.json["losses"]] == [1, 3, 4]
    assert rested(loss, 1, 2, 3, 4, 5) == [True, False, True, True, False]


def test_ready_lets_all_rest_that_are_through_with_the_plan(run, loss):
    run(f"log A {PLAN_IS_DONE} --on 2026-10-01")
    run(f"log B {PLAN_IS_DONE} --on 2026-10-25")
    run(f"log C {PLAN_IS_DONE} --on 2026-11-20")
    run("log D")
    assert [line[:10] for line in run("move-on --ready --yes").lines] == [
        "1  A: move",
        "2  B: move",
        "Won back s",
    ]
    assert rested(loss, 1, 2, 3, 4) == [True, True, False, False]


def test_cold_lets_all_rest_that_have_gone_cold(run, loss):
    run("log Cold", today="2026-11-03")
    run("log Late", today="2026-11-04")
    run("move-on --cold --yes")
    assert rested(loss, 1, 2) == [True, False]


def test_many_take_a_note_too(run, loss):
    run("log Cold", today="2026-11-03")
    run("move-on --cold --yes spring cleaning")
    assert loss()["contacts"][0]["note"] == "spring cleaning"


def test_many_are_one_change(run, loss):
    run("log A", today="2026-11-02")
    run("log B", today="2026-11-03")
    run("move-on --cold --yes")
    run("undo")
    assert rested(loss, 1, 2) == [False, False]


def test_off_a_terminal_many_need_yes(run, refuses):
    run("log Cold", today="2026-11-03")
    assert "--yes" in refuses("move-on --cold", 1)


@pytest.mark.parametrize("option", ["--ready", "--cold"])
def test_none_to_move_on_from_is_fine(run, option):
    run("log Acme")
    assert run(f"move-on {option}").lines == ["Nothing ready to close."]
    assert run(f"move-on {option} --json").json == {"schema": 1, "losses": []}


def test_none_to_move_on_from_changes_nothing(run, db):
    run("log Acme")
    before = db.read_bytes()
    run("move-on --cold --yes --json")
    assert db.read_bytes() == before


def test_a_loss_at_rest_keeps_its_first_day_of_rest(run, refuses):
    run("log Acme")
    run("move-on 1")
    assert "1 has been at rest since Tue 24 Nov 2026" in refuses("move-on 1", 1, today="2026-12-01")


def test_a_loss_won_back_does_not_rest(run, refuses):
    run("log Acme")
    run("won 1")
    assert "already won back" in refuses("move-on 1", 1)


@pytest.mark.parametrize("arguments", ["", "1 --on tomorrow", "1 --on 2026-11-01"])
def test_what_can_not_be_is_refused(run, refuses, arguments):
    run("log Acme")
    refuses(f"move-on {arguments}", 2)


@pytest.mark.parametrize("line", ["move-on 2 --cold --yes", "move-on --ready --cold --yes"])
def test_what_shall_rest_is_named_once(run, refuses, line):
    run("log Acme", today="2026-01-05")
    run("log Pike")
    assert "can't be combined" in refuses(line, 2)

"""`no-answer`: a try that met nobody."""

import pytest


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"]


def test_the_try_is_kept_and_the_step_returns_in_two_working_days(run, loss):
    run("log Acme --on yesterday")
    assert run("no-answer 1 voice mail").lines == [
        "1  Acme: no answer. Next: ask why, Thu 26 Nov.",
    ]
    (contact,) = loss()["contacts"]
    assert (contact["kind"], contact["on"], contact["answered"], contact["note"]) == (
        "why",
        "2026-11-24",
        False,
        "voice mail",
    )
    assert step(loss()) == ("why", "2026-11-26")


def test_after_three_in_a_row_the_plan_goes_on(run, loss):
    run("log Acme --on yesterday")
    steps = []
    for day in ("2026-11-24", "2026-11-26", "2026-11-30"):
        run("no-answer 1", today=day)
        steps.append(step(loss(today=day)))
    assert steps == [("why", "2026-11-26"), ("why", "2026-11-30"), ("save", "2026-12-02")]
    assert [contact["answered"] for contact in loss()["contacts"]] == [False, False, False]


def test_a_snooze_does_not_break_the_row(run, loss):
    run("log Acme --on yesterday")
    run("no-answer 1")
    run("no-answer 1")
    run("snooze 1 friday")
    run("no-answer 1")
    assert step(loss())[0] == "save"


def test_an_unanswered_try_is_not_a_step_done(run, loss):
    run("log Acme --real too-slow --on 4d")
    for _ in range(3):
        run("no-answer 1")
    assert step(loss())[0] == "thanks"
    assert [contact["kind"] for contact in loss()["contacts"]] == ["save"] * 3


def test_on_dates_the_try(run, loss):
    run("log Acme --on 5d")
    run("no-answer 1 --on yesterday")
    assert loss()["contacts"][0]["on"] == "2026-11-23"
    assert step(loss()) == ("why", "2026-11-25")


def test_next_dates_the_step_by_hand(run, loss):
    run("log Acme")
    run("no-answer 1 back in January --next '2027-01-11 9am'")
    assert (*step(loss()), loss()["next"]["time"]) == ("why", "2027-01-11", "09:00")


def test_a_time_goes_with_the_try_that_missed_it(run, loss):
    run("log Acme --next '10am'")
    run("no-answer 1")
    assert loss()["next"]["time"] is None


@pytest.mark.parametrize(
    ("options", "code"), [("--on tomorrow", 2), ("--next yesterday", 2), ("--on 1w", 2)]
)
def test_a_day_on_the_wrong_side_is_refused(run, refuses, options, code):
    run("log Acme")
    refuses(f"no-answer 1 {options}", code)


def test_a_loss_without_an_open_step_can_not_be_tried(run, refuses):
    run("log Acme")
    run("won 1")
    assert "already won back" in refuses("no-answer 1", 1)


def test_another_contact_begins_the_count_anew(run, loss):
    run("log Acme --on yesterday")
    run("no-answer 1")
    run("no-answer 1")
    run("touch 1 they called back")
    run("no-answer 1")
    assert step(loss())[0] == "why"

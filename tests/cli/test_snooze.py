"""`snooze`: the next step moves to another day."""

import pytest


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"], loss["next"]["time"]


@pytest.mark.parametrize(
    ("when", "on", "time"),
    [
        ("", "2026-11-25", None),
        ("friday", "2026-11-27", None),
        ("next friday", "2026-12-04", None),
        ("2w", "2026-12-08", None),
        ("next month", "2026-12-24", None),
        ("2026-11-29", "2026-11-29", None),  # a Sunday, as given
        ("tomorrow 10am", "2026-11-25", "10:00"),
        ("noon", "2026-11-24", "12:00"),
        ("today", "2026-11-24", None),
        ("30.11.", "2026-11-30", None),
        ("end of march", "2027-03-31", None),
    ],
)
def test_the_step_moves_as_said(run, loss, when, on, time):
    run("log Acme --on yesterday")
    run(f"snooze 1 {when}")
    assert step(loss()) == ("why", on, time)
    assert loss()["contacts"] == []


def test_a_day_without_a_time_drops_the_old_time(run, loss):
    run("log Acme --next 'friday 10am'")
    run("snooze 1 2w")
    assert step(loss()) == ("why", "2026-12-08", None)


@pytest.mark.parametrize(("currency", "on"), [("USD", "2027-10-06"), ("EUR", "2027-06-10")])
def test_the_currency_that_was_chosen_says_how_numbers_are_read(run, loss, currency, on):
    run("log Acme")
    run(f"config currency {currency}")
    run("snooze 1 10/6")
    assert step(loss()) == ("why", on, None)


def test_the_locale_says_how_numbers_are_read(run, loss, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    run("log Acme")
    run("snooze 1 10/6")
    assert step(loss()) == ("why", "2027-10-06", None)


def test_without_a_day_it_is_the_next_working_day(run, loss):
    run("log Acme")
    run("snooze 1", today="2026-11-27")  # a Friday
    assert step(loss()) == ("why", "2026-11-30", None)


def test_the_answer_says_the_new_day(run):
    run("log Acme")
    assert run("snooze 1 next friday").lines == ["1  Acme: snoozed. Next: ask why, Fri 4 Dec."]


def test_the_plan_goes_on_behind_a_step_put_off(run, loss):
    run("log Acme")
    run("snooze 1 2027-01-15")
    run("done 1", today="2027-01-15")
    assert step(loss()) == ("save", "2027-01-18", None)


def test_a_loss_at_rest_is_open_again(run, loss):
    run("log Acme")
    run("move-on 1")
    run("snooze 1 1 march")
    assert loss()["rested_on"] is None
    assert step(loss()) == ("why", "2027-03-01", None)


def test_several_are_put_off_at_once(run, loss):
    for name in "ABCD":
        run(f"log {name}")
    result = run("snooze 1,3-4 friday --json")
    assert [found["number"] for found in result.json["losses"]] == [1, 3, 4]
    assert [loss(number)["next"]["on"] for number in range(1, 5)] == [
        "2026-11-27",
        "2026-11-25",
        "2026-11-27",
        "2026-11-27",
    ]


@pytest.mark.parametrize(
    "when", ["yesterday", "3d ago", "last friday", "whenever", "30m", "10/6", "2026-11-01"]
)
def test_a_day_not_understood_or_in_the_past_is_refused(run, refuses, when):
    run("log Acme")
    refuses(f"snooze 1 {when}", 2)


def test_a_loss_won_back_has_nothing_to_put_off(run, refuses):
    run("log Acme")
    run("won 1")
    assert "already won back" in refuses("snooze 1 friday", 1)


@pytest.mark.parametrize(
    ("stands", "moved"), [("2026-11-24", "2026-11-25"), ("2026-12-18", "2026-12-21")]
)
def test_without_a_day_a_step_moves_to_the_working_day_after_it_stood(run, loss, stands, moved):
    run(f"log Acme --next {stands}")
    run("snooze 1")
    assert loss()["next"]["on"] == moved


@pytest.mark.parametrize("closed", ["move-on 1", "won 1"])
@pytest.mark.parametrize(
    ("logged", "told", "then"),
    [
        ("log Acme", "why 1 too-slow", "save"),
        (
            "log Acme --on 2026-10-15 --real too-slow --also save,thanks",
            "referral 1 Bea Kim",
            "touch",
        ),
    ],
)
def test_what_was_done_while_a_loss_was_closed_is_not_asked_for_again(
    run, loss, closed, logged, told, then
):
    run(logged)
    run(closed)
    run(told)
    run("snooze 1 friday" if closed == "move-on 1" else "edit 1 --not-won")
    assert loss()["next"]["kind"] == then


def test_a_step_after_a_win_can_be_put_off(run, loss):
    run("log Acme 12k price")
    run("won 1 --also thanks")
    run("snooze 1 2w")
    assert loss()["next"]["on"] == "2026-12-08"
    assert loss()["won"]["on"] == "2026-11-24"

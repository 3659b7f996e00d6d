"""`meet`: an appointment goes before the plan's next step, which waits behind it."""

import re

import pytest

from lostsale.app import App
from test_questions import ended


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"], loss["next"]["time"]


def waiting(loss):
    return loss["next"]["kind"], loss["next"]["plan_step"]


def promises(run):
    """How many appointments were kept, of how many: marked by them, and not."""
    found = run("stats --json").json["stats"]["promises"]
    return tuple((found[how]["kept"], found[how]["of"]) for how in ("marked", "unmarked"))


# Made.


@pytest.mark.parametrize(
    ("when", "on", "time"),
    [
        ("tuesday 10am", "2026-12-01", "10:00"),
        ("today 3pm", "2026-11-24", "15:00"),
        ("5pm", "2026-11-24", "17:00"),
        ("tomorrow morning at 5:30", "2026-11-25", "05:30"),
        ("30 nov 14:00", "2026-11-30", "14:00"),
        ("friday noon", "2026-11-27", "12:00"),
        ("next friday, 9:15 pm", "2026-12-04", "21:15"),
        ("2026-11-29 10:30", "2026-11-29", "10:30"),  # a Sunday, as given
        ("at 1pm in 2 weeks", "2026-12-08", "13:00"),
    ],
)
def test_an_appointment_has_the_day_and_the_time_that_were_said(run, loss, when, on, time):
    run("log Acme")
    run(f"meet 1 {when}")
    assert step(loss()) == ("meet", on, time)
    assert loss()["contacts"] == []


def test_the_answer_says_all_that_was_understood(run):
    run("log Acme")
    assert run("meet 1 tuesday 10am --minutes 30 --where 'her office'").lines == [
        "1  Acme: an appointment. Next: meet, Tue 1 Dec at 10:00, 30 minutes, her office."
    ]
    assert run("meet 1 tuesday 10am --marked").lines == [
        "1  Acme: on their calendar. Next: meet, Tue 1 Dec at 10:00."
    ]


def test_all_about_an_appointment_is_kept(run, loss):
    run("log Acme")
    run("meet 1 tuesday 10am --marked --minutes 45 --where 'Pier 3, Łódź'")
    assert loss()["next"] == {
        "kind": "meet",
        "on": "2026-12-01",
        "time": "10:00",
        "late_days": 0,
        "plan_step": "why",
        "marked": True,
        "minutes": 45,
        "where": "Pier 3, Łódź",
    }


def test_what_was_not_said_of_an_appointment_is_null(run, loss):
    run("log Acme")
    run("meet 1 tuesday 10am")
    found = loss()["next"]
    assert (found["marked"], found["minutes"], found["where"]) == (False, None, None)


# In front of the plan.


@pytest.mark.parametrize(
    ("logged", "waits"),
    [
        ("", "why"),
        ("--real too-slow", "save"),
        ("--real too-slow --also save,thanks,referral", "touch"),
        ("--real too-slow --way-in dead --also thanks,referral", "rest"),
    ],
)
def test_the_plans_step_waits_behind_an_appointment(run, loss, logged, waits):
    run(f"log Acme {logged}")
    run("meet 1 tuesday 10am")
    assert waiting(loss()) == ("meet", waits)


def test_a_second_appointment_takes_the_place_of_the_first(run, loss):
    run("log Acme")
    run("meet 1 tuesday 10am --marked --minutes 30 --where 'her office'")
    run("meet 1 friday 3pm")
    assert loss()["next"] == {
        "kind": "meet",
        "on": "2026-11-27",
        "time": "15:00",
        "late_days": 0,
        "plan_step": "why",
        "marked": False,
        "minutes": None,
        "where": None,
    }
    run("done 1 --yes")
    assert step(loss()) == ("why", "2026-11-25", None)


@pytest.mark.parametrize("command", ["done 1", "skip 1"])
@pytest.mark.parametrize(
    ("logged", "then"),
    [
        ("", ("why", "2026-11-25", None)),
        ("--real too-slow", ("save", "2026-11-27", None)),
        ("--real too-slow --also save,thanks", ("referral", "2026-12-24", None)),
    ],
)
def test_after_it_the_plans_step_is_open_again_on_its_day(run, loss, command, logged, then):
    run(f"log Acme {logged}")
    run("meet 1 today 3pm")
    run(command)
    assert step(loss()) == then
    assert loss()["next"]["plan_step"] == then[0]


def test_a_plan_that_was_through_is_through_again_after_it(run, loss):
    run("log Acme --real too-slow --way-in dead --also thanks,referral --on 2026-10-01")
    run("meet 1 today 3pm")
    assert run("due --json").json["ready_to_rest"] == 0
    run("done 1")
    assert loss()["next"] is None
    assert run("due --json", today="2026-12-23").json["ready_to_rest"] == 0
    assert run("due --json", today="2026-12-24").json["ready_to_rest"] == 1


def test_a_snoozed_appointment_has_no_time_until_one_is_given(run, loss):
    run("log Acme")
    run("meet 1 tuesday 10am --where 'Pier 3'")
    run("snooze 1 2026-12-03")
    assert step(loss()) == ("meet", "2026-12-03", None)
    run("snooze 1 2026-12-04 noon")
    assert step(loss()) == ("meet", "2026-12-04", "12:00")
    assert (loss()["next"]["where"], loss()["next"]["plan_step"]) == ("Pier 3", "why")


@pytest.mark.parametrize(
    ("when", "on", "time"),
    [
        ("tuesday 10", "2026-12-01", "10:00"),
        ("wed 2", "2026-11-25", "14:00"),
        ("wed 2:30", "2026-11-25", "14:30"),
        ("friday 9", "2026-11-27", "09:00"),
    ],
)
def test_an_hour_is_an_office_hour_and_the_answer_says_so(run, loss, when, on, time):
    run("log Acme")
    said = run(f"meet 1 {when}").lines[0]
    assert step(loss()) == ("meet", on, time)
    assert f"({time}, assuming office hours)" in said


def test_an_hour_that_is_written_out_needs_no_remark(run):
    run("log Acme")
    assert "office hours" not in run("meet 1 tuesday 10am").out


# On the morning list.


def test_appointments_come_first_by_time(run):
    run("log Fresh 900k --on yesterday")
    run("log Late 1 --on yesterday")
    run("log Early 5 --on yesterday")
    run("meet 2 today 4pm")
    run("meet 3 today 9:30")
    rows = [line.split("\t") for line in run("due").lines[1:]]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("09:30", "Early", "meet"),
        ("16:00", "Late", "meet"),
        ("today", "Fresh", "ask why"),
    ]


def test_on_a_terminal_they_stand_under_their_heading(run, monkeypatch):
    run("log Fresh --on yesterday")
    run("log Acme --on yesterday")
    run("meet 2 today 3pm --marked")
    monkeypatch.setattr(App, "width", property(lambda _: 100))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", run("due").out).splitlines()
    assert lines[2] == "appointments"
    assert lines[3].startswith("15:00")
    assert "on their calendar" in lines[3]
    assert lines[4] == "fresh"


def test_the_list_says_where_and_whether_it_is_in_their_calendar(run):
    run("log Acme --on yesterday --contact 'Ana 555-0134' --said budget")
    run("meet 1 today 3pm --marked --where 'Pier 3'")
    assert run("due").lines[1] == (
        "15:00\t1\tAcme, Ana\tmeet\t-\ton their calendar; Pier 3\t555-0134"
    )


def test_an_appointment_is_not_due_before_its_day(run):
    run("log Acme --on yesterday")
    run("meet 1 tomorrow 10am")
    assert run("due --json").json["due"] == []
    assert run("due --days 1").lines[1].split("\t")[:4] == ["Wed 25 Nov 10:00", "1", "Acme", "meet"]


def test_an_appointment_is_late_from_the_next_working_day_on(run):
    run("log Acme")
    run("meet 1 friday 10am")
    (found,) = run("due --json", today="2026-11-27").json["due"]
    assert found["next"]["late_days"] == 0
    (found,) = run("due --json", today="2026-11-30").json["due"]
    assert found["next"]["late_days"] == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [("[red]x[/]", "[red]x[/]"), ("\x1b[2Jx\ny", r"\u{1b}[2Jx\u{a}y"), ("Łódź", "Łódź")],
)
def test_the_place_is_kept_and_shown_to_the_letter(run, loss, text, shown):
    run("log Acme")
    echo = run(["meet", "1", "today", "3pm", "--where", text]).out
    assert loss()["next"]["where"] == text
    for out in (echo, run("show 1").out, run("due").out):
        assert shown in out
        assert "\x1b" not in out


# Kept, or not.


@pytest.mark.parametrize(("option", "marked"), [("--marked", True), ("", False)])
def test_done_keeps_that_the_promise_was_kept(run, loss, option, marked):
    run("log Acme")
    run(f"meet 1 today 3pm {option}")
    run("done 1 she likes it")
    (entry,) = loss()["contacts"]
    assert {name: entry[name] for name in ("kind", "on", "answered", "marked", "note")} == {
        "kind": "meet",
        "on": "2026-11-24",
        "answered": True,
        "marked": marked,
        "note": "she likes it",
    }
    assert loss()["signals"] == []


@pytest.mark.parametrize(("option", "marked"), [("--marked", True), ("", False)])
def test_no_answer_keeps_that_nobody_came(run, loss, option, marked):
    run("log Acme --signal silence")
    run(f"meet 1 today 3pm {option}")
    run("no-answer 1 on vacation")
    (entry,) = loss()["contacts"]
    assert (entry["kind"], entry["answered"], entry["marked"]) == ("meet", False, marked)
    assert entry["note"] == "on vacation"
    assert loss()["signals"] == ["silence", "no-show"]


def test_a_call_that_meets_nobody_before_an_appointment_is_asked_about(terminal, run, loss):
    run("log Acme")
    run("meet 1 dec 3 10am")
    child = terminal("no-answer", "1", "left", "vm")
    child.expect_exact("Is it over already?")
    child.send("n\r")
    ended(child)
    assert (loss()["next"]["kind"], loss()["signals"], loss()["contacts"]) == ("meet", [], [])


@pytest.mark.parametrize(
    ("lines", "marked", "unmarked"),
    [
        (["meet 1 today 3pm --marked", "done 1"], (1, 1), (0, 0)),
        (["meet 1 today 3pm", "done 1"], (0, 0), (1, 1)),
        (["meet 1 today 3pm --marked", "no-answer 1"], (0, 1), (0, 0)),
        (["meet 1 today 3pm", "no-answer 1"], (0, 0), (0, 1)),
        (["meet 1 today 3pm --marked"], (0, 0), (0, 0)),
        (["meet 1 today 3pm --marked", "skip 1"], (0, 0), (0, 0)),
        (["meet 1 today 3pm --marked", "meet 1 today 4pm", "done 1"], (0, 0), (1, 1)),
        (["meet 1 today 3pm --marked", "done 1", "undo"], (0, 0), (0, 0)),
        (["meet 1 today 3pm --marked", "done 1", "meet 1 today", "no-answer 1"], (1, 1), (0, 1)),
        (["done 1 --also meet"], (0, 0), (0, 0)),  # a talk that nobody had promised
    ],
)
def test_stats_counts_promises_kept_apart_by_whether_they_were_marked(run, lines, marked, unmarked):
    run("log Acme")
    for line in lines:
        run(line)
    assert promises(run) == (marked, unmarked)


@pytest.mark.parametrize(("command", "tried"), [("done", 1), ("no-answer", 1), ("skip", 0)])
def test_an_appointment_is_an_attempt_once_it_came(run, command, tried):
    run("log Acme")
    run("meet 1 today 3pm")
    assert run("stats --json").json["stats"]["tried"] == 0
    run(f"{command} 1")
    assert run("stats --json").json["stats"]["tried"] == tried


# Losses that are closed, or have no step.


def test_a_loss_at_rest_is_open_again(run, loss):
    run("log Acme")
    run("move-on 1")
    run("meet 1 tuesday 10am")
    assert loss()["rested_on"] is None
    assert step(loss()) == ("meet", "2026-12-01", "10:00")
    run("skip 1")
    assert loss()["next"]["kind"] == "why"


@pytest.mark.usefixtures("imported")
def test_an_imported_loss_without_a_step_gets_the_appointment_alone(run, loss):
    assert loss()["next"] is None
    run("meet 1 today 3pm")
    assert waiting(loss()) == ("meet", "rest")
    run("done 1")
    assert loss()["next"] is None
    assert run("due --json", today="2026-12-24").json["ready_to_rest"] == 1


def test_a_mistake_has_no_appointment(run, refuses):
    run("log Acme --outcome mistake")
    assert "1 is marked as a mistake" in refuses("meet 1 tuesday 10am", 1)


# One of which nobody notes what came of it


def test_an_appointment_that_is_over_is_asked_about_while_it_is_due(run):
    run("log Acme")
    run("meet 1 2026-12-07 10am --marked")
    assert "\tmeet\t" in run("due", today="2026-12-07").out
    assert "1d late\t1\tAcme\tnote outcome" in run("due", today="2026-12-08").out
    asks = "Mon 7 Dec meeting: no outcome noted. Next: done, or no-answer."
    assert asks in run("show 1", today="2026-12-08").lines


@pytest.mark.parametrize(
    ("line", "code"), [("show 1", 0), ("done 1", 0), ("edit 1 --note hi", 0), ("won 1", 0)]
)
def test_an_appointment_that_the_plan_has_passed_over_stays_named(run, line, code):
    later = "2027-02-15"  # when the call of the 90th day is due
    run("log Acme")
    run("meet 1 2026-12-07 10am --marked")
    run(line, today=later, code=code)
    for day in (later, "2027-03-01"):
        shown = run("show 1", today=day).lines
        assert [row for row in shown if "\tmeet\t" in row] == [
            "Mon 7 Dec 2026\tmeet\tno outcome noted\t"
        ]
        promises = run("stats 2026 --json", today=day).json["stats"]["promises"]
        assert promises["unnoted"] == 1
        assert "  no outcome noted 1" in run("stats 2026", today=day).lines
    assert "all intact" in run("verify").out


@pytest.mark.parametrize("line", ["won 1", "move-on 1", "meet 1 2027-01-11 10am", "skip 1"])
def test_an_appointment_that_was_called_off_lacks_no_outcome(run, line):
    run("log Acme")
    run("meet 1 2026-12-07 10am")
    run(line, today="2026-12-04")
    assert "no outcome" not in run("show 1", today="2027-01-08").out
    assert "no outcome" not in run("stats 2026 --all", today="2027-01-08").out


# Taken back.


# What is refused.


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ("yesterday", "This date has to be"),
        ("yesterday 10am", "This date has to be"),
        ("3d ago", "This date has to be"),
        ("last friday 10am", "This date has to be"),
        ("2026-11-23 10am", "This date has to be"),
        ("whenever", 'read "whenever" as a date'),
        ("''", "WHEN is missing"),
        ("friday 25:00", '"25:00" as a time'),
        ("03/04 10am", "03/04"),
        ("monday 2026-11-27", "2026-11-27"),  # a Friday
        ("friday 10am --minutes 0", "--minutes"),
        ("friday 10am --minutes -30", "--minutes"),
        ("friday 10am --minutes 1441", "--minutes"),
        ("friday 10am --minutes half", "--minutes"),
    ],
)
def test_what_can_not_be_is_refused(run, refuses, arguments, what):
    run("log Acme")
    assert what in refuses(f"meet 1 {arguments}", 2)


def test_a_day_is_needed(run, refuses):
    run("log Acme")
    assert "WHEN is missing" in refuses("meet 1", 2)


@pytest.mark.parametrize(
    ("words", "time", "minutes", "where"),
    [
        ("thursday 10 at their office", "10:00", None, "their office"),
        ("thursday at 10 at 5 Main St", "10:00", None, "5 Main St"),
        ("thursday 2-3pm", "14:00", 60, None),
        ("thursday 11-1pm at the plant", "11:00", 120, "the plant"),
        ("thursday 130", "13:30", None, None),
        ("thursday 10am w/ CIO at the plant", "10:00", None, "w/ CIO at the plant"),
        ("thursday 14:00-15:30", "14:00", 90, None),
    ],
)
def test_words_tell_how_long_it_takes_and_where(run, loss, words, time, minutes, where):
    run("log Acme")
    run(f"meet 1 {words}")
    ahead = loss()["next"]
    assert (ahead["time"], ahead["minutes"], ahead["where"]) == (time, minutes, where)

"""What comes up again: `--again`, and the losses that it brings back."""

import pytest
from icalendar import Calendar

ON = "2027-06-15"
BEFORE, DUE = "2027-03-16", "2027-03-17"  # 90 days before


def kinds(run, day):
    found = run("due --all --json", today=day).json["due"]
    return [(loss["number"], loss["next"]["kind"]) for loss in found]


@pytest.mark.parametrize(
    "line",
    ["why 1 too-slow", "why 1", "touch 1 hello", "won 1", "edit 1"],
)
def test_each_of_these_keeps_when_it_comes_up_again(run, loss, line):
    run("log Acme")
    run(f"{line} --again {ON}")
    assert loss()["again"] == {"on": ON, "what": None}


def test_an_empty_day_clears_it(run, loss):
    run(f"log Acme --again {ON}")
    run("touch 1 they bought the house --again ''")
    assert loss()["again"] is None


@pytest.mark.parametrize("end", ["", "move-on 1", f"won 1 --again {ON}"])
def test_it_is_due_90_days_before_at_rest_won_or_not(run, end):
    run(f"log Acme --again {ON}")
    if end:
        run(end)
    assert kinds(run, BEFORE) == []
    assert kinds(run, DUE) == [(1, "renew")]


def test_how_long_before_is_a_setting(run):
    run(f"log Acme --again {ON}")
    run("config again-before 30")
    assert kinds(run, DUE) == []
    assert kinds(run, "2027-05-17") == [(1, "renew")]
    run("undo")
    assert kinds(run, DUE) == [(1, "renew")]


def test_a_win_is_the_end_of_what_bound_them(run, loss):
    run(f"log Acme --again {ON}")
    run("won 1")
    assert loss()["again"] is None
    assert kinds(run, DUE) == []
    run("undo")
    assert kinds(run, DUE) == [(1, "renew")]


@pytest.mark.parametrize("act", ["done 1 they listen", "touch 1 they listen", "skip 1"])
def test_after_it_the_plans_calls_go_on_from_there(run, loss, act):
    run(f"log Acme --again {ON}")
    run(act, today=DUE)
    assert kinds(run, DUE) == []
    after = loss(today=DUE)["next"]
    assert (after["kind"], after["on"] > DUE) == ("touch", True)


def test_done_opens_a_loss_at_rest(run, loss):
    run(f"log Acme --again {ON}")
    run("move-on 1")
    run("done 1 they listen", today=DUE)
    assert loss(today=DUE)["rested_on"] is None
    assert loss(today=DUE)["contacts"][0]["kind"] == "renew"


def test_whoever_is_moved_on_from_while_it_is_due_stays_at_rest(run):
    run(f"log Acme --again {ON}")
    run("move-on 1", today=DUE)
    assert kinds(run, "2027-03-18") == []


def test_after_three_calls_that_nobody_answers_it_rests(run):
    run(f"log Acme --again {ON}")
    run("move-on 1")
    for day in (DUE, "2027-03-19", "2027-03-23"):
        assert kinds(run, day) == [(1, "renew")]
        run("no-answer 1", today=day)
    assert kinds(run, "2027-03-25") == []


def test_it_stands_above_all_but_appointments_and_says_what_comes_up(run):
    run(f"log Acme 5 --lost-to Xerox --again {ON}")
    run("log Large 900k", today="2027-03-16")
    run("log Met 5 --next '2027-03-17 10am'")
    assert [number for number, _ in kinds(run, DUE)] == [3, 1, 2]
    assert "their decision with Xerox is up in June" in run("due", today=DUE).out


def test_list_again_has_what_comes_up_the_soonest_first(run):
    run("log Late --again 2028-01-10")
    run(f"log Soon --again {ON}")
    run("log Never")
    assert [line.split("\t")[2] for line in run("list --again").lines] == ["Soon", "Late"]
    assert [line.split("\t")[2] for line in run("list --again 2028").lines] == ["Late"]
    assert run("list --again 2030").lines == ["No loss matches."]


def test_stats_say_how_many_come_up_in_a_year_and_for_how_much(run):
    run(f"log Acme 12k --again {ON}")
    run("log Bolt 8k --again 2027-11-23")
    run("log Crux 5k --again 2027-11-24")
    assert "2 come up in the next 12 months, for 20,000 USD" in run("stats --all").lines
    coming = run("stats --json").json["stats"]["coming_up"]
    months = [("2027-06", 1, "12000.00"), ("2027-11", 1, "8000.00")]
    assert coming == {
        "losses": 2,
        "amounts": {"USD": "20000.00"},
        "months": [{"month": m, "losses": n, "amounts": {"USD": sum_}} for m, n, sum_ in months],
    }


def test_the_calendar_has_its_day(run, tmp_path):
    run(f"log Acme --again {ON}")
    run(f"export {tmp_path}/due.ics")
    events = Calendar.from_ical((tmp_path / "due.ics").read_bytes()).walk("VEVENT")
    days = {str(event["SUMMARY"]): f"{event['DTSTART'].dt}" for event in events}
    assert days["Decision comes up: Acme"] == ON


def test_an_export_and_a_merge_bring_it_along(run, tmp_path):
    run(f"log Acme --again {ON}")
    run("move-on 1")
    run(f"export {tmp_path}/all.json")
    for line in (f"import {tmp_path}/all.json", f"merge {tmp_path}/journal.db --yes"):
        run(f"--db {tmp_path}/{line[:5]}.db {line}")
        found = run(f"--db {tmp_path}/{line[:5]}.db due --json", today=DUE).json["due"]
        assert [loss["next"]["kind"] for loss in found] == ["renew"], line


def test_an_import_takes_the_day_of_a_renewal(run, loss, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal ID,Company,Stage,Close date,Amount,Renewal date\n"
        "1,Acme,Closed Lost,2024-06-01,5000,2027-06-15\n2,Bolt,Closed Lost,2024-06-02,5000,\n"
    )
    run(f"import {file}")
    assert [loss(number)["again"] for number in (1, 2)] == [{"on": ON, "what": None}, None]
    assert kinds(run, DUE) == [(1, "renew")]
    run("undo")
    assert kinds(run, DUE) == []


def test_due_says_by_when_to_ask_again_and_how_late_that_is(run):
    run(f"log Acme --again {ON}")
    assert run("due", today="2027-05-03").lines[1].startswith("by 15 Jun\t1\tAcme\task again")
    assert run("due", today="2027-06-18").lines[1].startswith("3d late\t1\tAcme\task again")

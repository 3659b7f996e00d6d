"""`referrals`: the names that were given, those to call first, and what came of them."""

import re

import pytest
from rich.cells import cell_len


def names(result):
    return [line.split("\t")[1] for line in result.lines]


def test_a_row_says_who_was_named_when_and_by_whom(run):
    run("log Brandt --on 9d")
    run("log 'Oakfield Dental' --on 9d")
    run("referral 2 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    assert run("referrals").lines == [
        "1\tBea Kim\t555-0177\tto call, 1 day old\t2 Oakfield Dental\tb@c.d\ther sister"
    ]


def test_a_row_of_a_name_alone_has_its_cells_too(run):
    run("log Acme")
    run("referral 1 Bea")
    assert run("referrals").lines == ["1\tBea\t-\tto call, new\t1 Acme\t-\t-"]


def test_a_day_of_another_year_has_its_year(run):
    run("log Acme --on 2025-12-01")
    run("referral 1 Bea --on 2025-12-31")
    run("referrals called 1 --on 2026-01-02")
    assert run("referrals", today="2027-01-03").lines[0].split("\t")[3] == "called Fri 2 Jan 2026"


def test_the_newest_comes_first_and_of_a_day_what_was_kept_last(run):
    run("log Acme --on 30d")
    run("log Brandt --on 20d")
    for line in ("1 A --on 5d", "2 B --on 9d", "2 C --on 2d", "1 D --on 2d", "1 E --on 7d"):
        run(f"referral {line}")
    assert names(run("referrals")) == ["D", "C", "A", "E", "B"]
    found = run("referrals --json").json["referrals"]
    assert [name["name"] for name in found] == ["D", "C", "A", "E", "B"]


def test_json_has_each_name_with_the_loss_it_came_from(run, loss):
    run("log Brandt --on 9d")
    run("log 'Oakfield Dental' --on 9d")
    run("referral 2 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    run("referral 1 Jörg")
    assert run("referrals --json").json == {
        "schema": 1,
        "referrals": [
            {
                "uid": loss(1)["referrals"][0]["uid"],
                "name": "Jörg",
                "phone": None,
                "email": None,
                "on": "2026-11-24",
                "note": None,
                "called_on": None,
                "dropped_on": None,
                "result": None,
                "number": 2,
                "loss": 1,
                "prospect": "Brandt",
            },
            {
                "uid": loss(2)["referrals"][0]["uid"],
                "name": "Bea Kim",
                "phone": "555-0177",
                "email": "b@c.d",
                "on": "2026-11-23",
                "note": "her sister",
                "called_on": None,
                "dropped_on": None,
                "result": None,
                "number": 1,
                "loss": 2,
                "prospect": "Oakfield Dental",
            },
        ],
    }


def test_several_names_of_one_loss_have_a_row_each(run):
    run("log Acme")
    run("referral 1 Bea")
    run("referral 1 Jo")
    assert names(run("referrals")) == ["Jo", "Bea"]


@pytest.mark.parametrize("closed", ["won 1", "move-on 1"])
def test_a_name_stays_when_its_loss_is_closed(run, closed):
    run("log Acme")
    run("referral 1 Bea")
    run(closed)
    assert names(run("referrals")) == ["Bea"]


def test_a_prospect_is_named_as_it_is_called_now(run):
    run("log Acme")
    run("referral 1 Bea")
    run("edit 1 --prospect 'Acme Ltd'")
    assert run("referrals").lines[0].split("\t")[4] == "1 Acme Ltd"


@pytest.mark.parametrize("undone", [1, 2])
def test_a_name_that_was_undone_is_gone(run, undone):
    run("log Acme")
    run("referral 1 Pia")
    run(f"undo {undone}")
    assert "Pia" not in run("referrals").out
    assert run("referrals --json").json == {"schema": 1, "referrals": []}


def test_without_a_name_it_says_how_to_keep_one(run):
    run("log Acme")
    (line,) = run("referrals").lines
    assert line.startswith("No referrals yet.")
    assert "lostsale referral 42 Bea Kim 555-0177" in line
    assert run("referrals --json").json == {"schema": 1, "referrals": []}


def test_without_a_journal_there_are_no_names_and_none_is_made(run, db):
    result = run("referrals")
    assert result.lines[0].startswith("No referrals yet.")
    assert "there's no journal yet" in result.err
    assert not db.exists()


def test_a_record_stays_on_one_line_whatever_its_texts_hold(run):
    run(["log", "Acme\nx"])
    run(["referral", "1", "Bea\t\x1b[2J", "--note", "[red]y[/]\n\u202e"])
    assert run("referrals").lines == [
        "1\tBea\\u{9}\\u{1b}[2J\t-\tto call, new\t1 Acme\\u{a}x\t-\t[red]y[/]\\u{a}\\u{202e}"
    ]


def test_nothing_is_cut_in_a_pipe(run):
    run(["log", "Acme " * 60])
    run(["referral", "1", "Bea " * 60, "--note", "sister " * 60])
    cells = run("referrals").lines[0].split("\t")
    assert cells[1] == ("Bea " * 60).strip()
    assert cells[4] == "1 " + ("Acme " * 60).strip()
    assert cells[6].strip() == ("sister " * 60).strip()


def test_on_a_terminal_it_is_a_table_with_titles(run, screen):
    run("log 'Oakfield Dental' --on 9d")
    run("referral 1 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    run("referral 1 Jo")
    rest = ["1 Oakfield Dental", "b@c.d", "her sister"]
    titles, *rows, say = screen("referrals", 100)
    assert say == "What to say: lostsale script lead 2"
    assert titles.split() == ["No", "Name", "Phone", "Stands", "From", "E-mail", "Note"]
    assert [re.split(r" {2,}", row.strip()) for row in rows] == [
        ["2", "Jo", "-", "to call, new", "1 Oakfield Dental", "-", "-"],
        ["1", "Bea Kim", "555-0177", "to call, 1 day old", *rest],
    ]


@pytest.mark.parametrize("width", [120, 100, 80, 60])
def test_no_line_is_wider_than_the_terminal_and_no_phone_is_cut(run, screen, width):
    run("log 'Corvo Hotels and Restaurants of the Whole Northern Seaboard'")
    run("referral 1 Leonora Marinescu +44 20 7946 0018 l@the-whole-seaboard.example")
    run("referral 1 日本語の名前日本語の名前 555-0177 --note 'her sister in law'")
    lines = screen("referrals", width)
    assert [line for line in lines if cell_len(line) > width] == []
    assert sum("+44 20 7946 0018" in line for line in lines) == 1
    assert sum("555-0177" in line for line in lines) == 1


def test_without_a_name_it_is_one_line_on_a_wide_terminal(run, screen):
    run("log Acme")
    (line,) = screen("referrals", 100)
    assert line.startswith("No referrals yet.")


@pytest.mark.parametrize("line", ["referrals 1", "referrals --csv", "referrals bea"])
def test_what_is_not_understood_is_refused(run, refuses, line):
    run("log Acme")
    refuses(line, 2)


@pytest.mark.parametrize("width", [59, 50, 40, 30])
def test_under_60_columns_a_name_and_its_phone_are_whole(run, screen, width):
    run("log 'Oakfield Dental'")
    run("referral 1 Leonora Marinescu +44 20 7946 0018")
    out = " ".join("\n".join(screen("referrals", width)).split())
    assert "Leonora Marinescu" in out
    assert "+44 20 7946 0018" in out


# Names are leads


@pytest.fixture
def leads(run):
    """Two names of one loss, 1 and 2, and one of another, 3."""
    run("log Acme --on 30d")
    run("log Brandt --on 20d")
    for line in (
        "1 'Dave O\u2019Connell at Lakeside Title' 555-0177 --on 9d",
        "1 Bea",
        "2 Jo --on 2d",
    ):
        run(f"referral {line}")


@pytest.mark.usefixtures("leads")
def test_those_to_call_come_first_and_keep_their_numbers(run):
    assert [line.split("\t")[0] for line in run("referrals").lines] == ["2", "3", "1"]
    assert run("referrals called 2 meets me on Friday").lines == [
        "2  Bea, from Acme: called. 2 to call."
    ]
    assert run("referrals drop 3").lines == ["3  Jo, from Brandt: dropped. 1 to call."]
    assert run("referrals").lines == [
        "1\tDave O\u2019Connell at Lakeside Title\t555-0177\tto call, 9 days old\t1 Acme\t-\t-",
        "2\tBea\t-\tcalled Tue 24 Nov\t1 Acme\t-\tmeets me on Friday",
        "3\tJo\t-\tdropped Tue 24 Nov\t2 Brandt\t-\t-",
    ]


@pytest.mark.usefixtures("leads")
def test_a_name_called_again_keeps_what_came_of_it_and_is_no_longer_dropped(run):
    for line in ("called 1 nobody home", "drop 1", "called 1 --on yesterday"):
        run(f"referrals {line}")
    found = run("referrals called 1 --on yesterday --json").json["referral"]
    assert (found["result"], found["called_on"], found["dropped_on"]) == (
        "nobody home",
        "2026-11-23",
        None,
    )
    assert (found["number"], found["loss"], found["prospect"]) == (1, 1, "Acme")


@pytest.mark.usefixtures("leads")
@pytest.mark.parametrize("line", ["called 2 hello", "drop 2"])
def test_what_came_of_a_name_is_taken_back_found_moved_and_merged(run, line, tmp_path, db):
    before = run("referrals --json").json
    run(f"referrals {line}")
    after = run("referrals --json").json
    assert run("verify --json").json["verify"]["ok"]
    run(f"export {tmp_path}/all.json")
    run(f"--db {tmp_path}/copy.db import {tmp_path}/all.json --yes", today="2026-11-25")
    run(f"--db {tmp_path}/merged.db merge {db}")
    ends = ("name", "called_on", "dropped_on", "result")
    for journal in ("copy", "merged"):
        moved = run(f"--db {tmp_path}/{journal}.db referrals --json").json["referrals"]
        assert {tuple(map(name.get, ends)) for name in moved} == {
            tuple(map(name.get, ends)) for name in after["referrals"]
        }
    assert run("undo").lines == ["Undone: referrals of 1 Acme"]
    assert run("referrals --json").json == before


@pytest.mark.usefixtures("leads")
def test_due_ends_with_the_names_to_call(run, loss):
    assert run("due").lines[-1] == "3 referrals to call: lostsale referrals"
    run("referrals called 1")
    run("referrals drop 2")
    assert run("due").lines[-1] == "1 referral to call: lostsale referrals"
    run("referrals called 3")
    assert "to call" not in run("due").out
    assert loss()["referrals"][0]["called_on"] == "2026-11-24"


def test_due_asks_for_no_name_that_has_grown_old(run):
    run("log Acme --on 2026-08-01")
    run("referral 1 Bea --on 2026-08-27")
    assert run("due").lines[-1] == "1 referral to call: lostsale referrals"
    assert "to call" not in run("due", today="2026-11-25").out
    assert "to call, 90 days old" in run("referrals", today="2026-11-25").out


@pytest.mark.usefixtures("leads")
def test_a_forgotten_name_is_not_to_be_called(run):
    run("forget 2 --yes")
    assert run("due").lines[-1] == "2 referrals to call: lostsale referrals"


@pytest.mark.usefixtures("leads")
@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("called 9", 1, "There's no referral 9"),
        ("drop jörg", 1, "There's no referral jörg"),
        ("called", 2, "NO is missing"),
        ("drop 1 --on tomorrow", 2, "This date has to be"),
        ("called 3 --on 25d", 2, "is before the loss"),
    ],
)
def test_a_name_that_there_is_not_is_refused(refuses, line, code, what):
    assert what in refuses(f"referrals {line}", code)

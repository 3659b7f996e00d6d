"""`referrals`: the names that were given, the newest first."""

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
        "Mon 23 Nov\tBea Kim\t555-0177\tb@c.d\tOakfield Dental\t2\ther sister"
    ]


def test_a_row_of_a_name_alone_has_its_cells_too(run):
    run("log Acme")
    run("referral 1 Bea")
    assert run("referrals").lines == ["Tue 24 Nov\tBea\t-\t-\tAcme\t1\t-"]


def test_a_day_of_another_year_has_its_year(run):
    run("log Acme --on 2025-12-01")
    run("referral 1 Bea --on 2025-12-31")
    assert run("referrals").lines[0].split("\t")[0] == "Wed 31 Dec 2025"


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
    assert run("referrals").lines[0].split("\t")[4] == "Acme Ltd"


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
    assert line.startswith("No names yet.")
    assert "lostsale referral 42 Bea Kim 555-0177" in line
    assert run("referrals --json").json == {"schema": 1, "referrals": []}


def test_without_a_journal_there_are_no_names_and_none_is_made(run, db):
    result = run("referrals")
    assert result.lines[0].startswith("No names yet.")
    assert "there is no journal yet" in result.err
    assert not db.exists()


def test_a_record_stays_on_one_line_whatever_its_texts_hold(run):
    run(["log", "Acme\nx"])
    run(["referral", "1", "Bea\t\x1b[2J", "--note", "[red]y[/]\n\u202e"])
    assert run("referrals").lines == [
        "Tue 24 Nov\tBea\\u{9}\\u{1b}[2J\t-\t-\tAcme\\u{a}x\t1\t[red]y[/]\\u{a}\\u{202e}"
    ]


def test_nothing_is_cut_in_a_pipe(run):
    run(["log", "Acme " * 60])
    run(["referral", "1", "Bea " * 60, "--note", "sister " * 60])
    cells = run("referrals").lines[0].split("\t")
    assert cells[1] == ("Bea " * 60).strip()
    assert cells[4] == ("Acme " * 60).strip()
    assert cells[6].strip() == ("sister " * 60).strip()


def test_on_a_terminal_it_is_a_table_with_titles(run, screen):
    run("log 'Oakfield Dental' --on 9d")
    run("referral 1 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    run("referral 1 Jo")
    titles, *rows = screen("referrals", 100)
    assert titles.split() == ["Given", "Name", "Phone", "E-mail", "By", "No", "Note"]
    assert [re.split(r" {2,}", row.strip()) for row in rows] == [
        ["Tue 24 Nov", "Jo", "-", "-", "Oakfield Dental", "1", "-"],
        ["Mon 23 Nov", "Bea Kim", "555-0177", "b@c.d", "Oakfield Dental", "1", "her sister"],
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
    assert line.startswith("No names yet.")


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

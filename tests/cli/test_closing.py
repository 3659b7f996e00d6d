"""The line that won and move-on close with, and what log says of a promised call."""

import re
from datetime import date

import pytest

from lostsale.screen.loss import closing


def logged(run, count, day="2026-11-03"):
    for number in range(count):
        run(f"log 'Firm {day} {number}' --on {day}")


@pytest.fixture
def many(run, tmp_path):
    """Import so many losses of a day."""

    def many(count, day="2026-11-03"):
        file = tmp_path / f"{day}.csv"
        rows = (f"{day}-{number},Firm {number},Closed Lost,{day}\n" for number in range(count))
        file.write_text("".join(["Deal ID,Account,Stage,Close Date\n", *rows]))
        run(["import", str(file), "--yes"])

    return many


# How it is written.


@pytest.mark.parametrize(
    ("lost", "won", "target", "year", "line"),
    [
        (
            1104,
            47,
            500,
            2026,
            "Won back so far: 47 of 1,104 lost this year (4.3%). Your 5% goal is 56.",
        ),
        (
            1104,
            1104,
            500,
            2026,
            "Won back so far: 1,104 of 1,104 lost this year (100.0%). Your 5% goal is 56.",
        ),
        (20, 0, 500, 2026, "Won back so far: 0 of 20 lost this year (0.0%). Your 5% goal is 1."),
        (20, 1, 750, 2025, "Won back so far: 1 of 20 lost in 2025 (5.0%). Your 7.5% goal is 2."),
        (100, 1, 10, 2026, "Won back so far: 1 of 100 lost this year (1.0%). Your 0.1% goal is 1."),
        (19, 5, 500, 2026, "Won back so far: 5 of 19 lost this year."),
        (1, 0, 500, 2025, "Won back so far: 0 of 1 lost in 2025."),
        (1, 0, 500, 2027, "Won back so far: 0 of 1 lost in 2027."),
    ],
)
def test_the_line_says_how_the_year_stands(lost, won, target, year, line):
    assert closing(lost, won, target, year, date(2026, 11, 24)) == [line]


# After which commands.


@pytest.mark.parametrize(("command", "won"), [("won 1", 1), ("move-on 1", 0), ("move-on 1,1", 0)])
def test_it_closes_what_is_said_of_one_loss(run, command, won):
    logged(run, 3)
    assert run(command).lines[-1] == f"Won back so far: {won} of 3 lost this year."


@pytest.mark.parametrize("command", ["touch 1 hello", "won 1", "move-on 1", "move-on 1,2"])
def test_json_has_no_line_after_it(run, command):
    logged(run, 3)
    result = run(f"{command} --json")
    assert result.json["schema"] == 1
    assert "Won back so far" not in result.out


@pytest.mark.parametrize(
    "command",
    [
        *["done 1", "touch 1 hello", "no-answer 1", "snooze 1 2w", "skip 1", "why 1 too-slow"],
        *["referral 1 Bea Kim", "meet 1 friday 10am", "edit 1 --note x", "show 1"],
    ],
)
def test_other_commands_do_without_it(run, command):
    logged(run, 3)
    assert "Won back so far" not in run(command).out


@pytest.mark.parametrize("command", ["move-on 1,2,3", "move-on --ready --yes"])
def test_it_is_said_once_at_most(run, command):
    logged(run, 3, "2026-05-04")
    for number in (1, 2, 3):
        run(f"why {number} too-slow --way-in dead --also thanks,referral --on 2026-05-05")
    lines = run(command).lines
    assert len(lines) - 3 == sum("Won back so far" in line for line in lines) <= 1


def test_a_refusal_is_a_line_alone(run, refuses):
    logged(run, 1)
    assert "Won back so far" not in refuses("won 1 --on 2026-11-01", 2)


# What it counts.


def test_the_percentage_comes_with_the_twentieth_loss(run, many):
    many(18)
    run("log Acme --on 2026-11-20")
    assert run("won acme").lines[-1] == "Won back so far: 1 of 19 lost this year."
    run("log Brandt --on 2026-11-21")
    assert run("move-on brandt").lines[-1] == (
        "Won back so far: 1 of 20 lost this year (5.0%). Your 5% goal is 1."
    )


def test_a_large_year_is_written_with_its_thousands(run, many):
    many(1103)
    run("log Acme --on 2026-11-20")
    for number in range(1, 47):
        run(f"won {number} --json")
    assert run("won acme").lines[-1] == (
        "Won back so far: 47 of 1,104 lost this year (4.3%). Your 5% goal is 56."
    )


def test_it_speaks_of_the_year_of_that_loss(run, many):
    many(25, "2025-06-02")
    many(4)
    assert (
        run("won 1").lines[-1] == "Won back so far: 1 of 25 lost in 2025 (4.0%). Your 5% goal is 2."
    )
    assert run("won 26").lines[-1] == "Won back so far: 1 of 4 lost this year."


def test_new_years_eve_and_new_years_day_are_two_years(run):
    run("log Old --on 2025-12-31", today="2026-01-01")
    run("log New --on 2026-01-01", today="2026-01-01")
    assert run("won 1", today="2026-01-01").lines[-1] == "Won back so far: 1 of 1 lost in 2025."
    assert run("move-on 2", today="2026-01-01").lines[-1] == (
        "Won back so far: 0 of 1 lost this year."
    )


def test_the_win_may_come_in_a_later_year(run):
    logged(run, 2, "2025-06-02")
    run("won 1")
    assert run("move-on 2").lines[-1] == "Won back so far: 1 of 2 lost in 2025."


def test_mistakes_and_what_was_undone_count_nowhere(run):
    logged(run, 4)
    run("edit 4 --outcome mistake")
    run("won 2")
    run("undo")
    run("won 3")
    assert run("move-on 1").lines[-1] == "Won back so far: 1 of 3 lost this year."
    run("edit 3 --not-won")
    assert run("move-on 2").lines[-1] == "Won back so far: 0 of 3 lost this year."


def test_the_target_is_the_users(run, many):
    many(200)
    run("config target-rate 7.5%")
    assert (
        run("won 1").lines[-1]
        == "Won back so far: 1 of 200 lost this year (0.5%). Your 7.5% goal is 15."
    )


def test_the_oldest_year_is_a_year(run):
    run("log Old --on 1900-01-01")
    assert run("move-on 1").lines[-1] == "Won back so far: 0 of 1 lost in 1900."


# A promised call.

HINT = "Set a time for that call: lostsale meet 1 tuesday 10am --marked"


@pytest.mark.parametrize(
    ("line", "is_promised"),
    [
        ("log Acme 12k call me next week", True),
        ("log Acme 12k call me in January", False),
        ("log Acme --said 'call me in January'", False),
        ("log Acme --said 'call me next week'", True),
        ("log Acme --said call-later --next 'in 2 months'", False),
        ("log Acme --said call-later", True),
        ("log Acme --signal call-later", True),
        ("log Acme --signal silence --signal no-show", True),
        ("log Acme --said budget --signal silence", False),
        ("log Acme", False),
        ("log Acme --guess selling --real too-slow", False),
        ("log Acme --said call-later --outcome mistake", False),
    ],
)
def test_a_promised_call_is_given_a_time(run, line, is_promised):
    assert (HINT in run(line).out) is is_promised


@pytest.mark.parametrize("how", ["{}", "--said '{}'"])
@pytest.mark.parametrize(
    ("words", "day"), [("call me in January", "2027-01-01"), ("call me on 15 March", "2027-03-15")]
)
def test_a_call_far_ahead_is_given_a_date(run, loss, how, words, day):
    shown = run(f"log Acme {how.format(words)}").out
    for command in re.findall("next step .*[?] lostsale (.*)", shown):
        run(command)
    assert (loss()["next"]["on"], loss()["next"]["kind"]) == (day, "why")


def test_it_is_known_by_the_users_own_name_too(run):
    run("reasons rename call-later next-week --yes")
    assert HINT in run("log Acme --said next-week").out


def test_it_is_no_part_of_the_json(run):
    assert "Set a time" not in run("log Acme --said call-later --json").out


def test_the_command_that_it_shows_works(run, loss):
    shown = run("log Acme --said call-later").out.split(": lostsale ")[1].splitlines()[0]
    run(shown)
    assert (loss()["next"]["kind"], loss()["next"]["marked"]) == ("meet", True)

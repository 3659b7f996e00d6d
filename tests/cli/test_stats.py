"""`stats`: the screen of a period, and its numbers as JSON."""

import csv
from collections import Counter
from itertools import islice

import pytest

from conftest import DATA
from independent_tally import in_order
from independent_tally import stats as tallied

MAVEN = DATA / "maven_sales_pipeline.csv"


@pytest.mark.skipif(not MAVEN.exists(), reason=f"{MAVEN} is not there")
def test_months_of_a_real_file_are_those_counted_in_its_csv(run):
    with MAVEN.open(newline="", encoding="utf-8") as file:
        lost = (row for row in csv.DictReader(file) if row["deal_stage"] == "Lost")
        rows = list(islice(lost, 300))
    for row in rows:
        name = row["account"] or row["opportunity_id"]
        run(["log", name, "--on", row["close_date"], "--product", row["product"]])
    counted = Counter(row["close_date"][:7] for row in rows)
    months = run("stats 2017 --json").json["stats"]["months"]
    assert sum(counted.values()) == 300
    assert {row["month"]: row["lost"] for row in months if row["lost"]} == counted


def test_a_small_journal_is_shown_in_counts(run):
    run("log Acme 10k budget is frozen")
    assert run("stats").lines == [
        "2026 through 24 Nov · 1 lost, 10,000 USD · 0 won back",
        "",
        "Asked 0 of 1",
        "  not asked yet 1: lostsale list 2026 --not-asked",
        "",
        "They said: budget 1",
        "",
        "When\tLost\tAsked\tTold\tWon so far\tWon that month",
        "2026-11\t1\t0\t0\t0 too soon to tell\t0",
    ]


def test_each_section_shows_what_its_numbers_are(run):
    run("log Acme 10k --on 2026-03-02 --guess price-value")
    run("log Bolt 5k --on 2026-03-02")
    run("why 1 price-value: 40 a month less --on 2026-03-04")
    run("why 2 --would-not-say --on 2026-03-20")
    run("touch 1 the lease --on 2026-04-01")
    run("won 1 9000 --on 2026-04-02")
    assert run("stats").lines == [
        "2026 through 24 Nov · 2 lost, 15,000 USD · 1 won back, 9,000 USD",
        "Won in this period, whenever lost: 1",
        "",
        "Asked 2 of 2",
        "  your guess was right 1 of 1",
        "Second tries (your pick, so not proof)",
        "  tried 1, won 1 of 1",
        "",
        "Reason or guess\tLost\tTold\tAmount\tWon\tWeakness\tIn their words",
        'price-value\t1\t1\t10,000\t1\tcompetitive\t"40 a month less"',
        "not known yet: 1",
        "",
        "When\tLost\tAsked\tTold\tWon so far\tWon that month",
        "2026-03\t2\t2\t1\t1\t0",
        "2026-04\t0\t0\t0\t0\t1",
    ]


@pytest.mark.parametrize(
    ("lost", "won"),
    [(19, "1 won back\n"), (20, "1 won back (5.0%) ·"), (40, "1 won back (2.5%) ·")],
)
def test_a_percentage_needs_twenty_losses(run, lost, won):
    for number in range(lost):
        run(f"log {number}th --on 2026-03-02")
    run("won 1")
    screen = run("stats").out
    assert won in screen
    assert ("%)" in screen) is (lost >= 20)


def test_empty_sections_are_left_out(run):
    run("log Acme 10k")
    screen = run("stats").out
    for section in ("Going back", "Real reason", "guess", "Before", "without an amount", "wins"):
        assert section not in screen
    assert "\n\n\n" not in screen


def test_without_a_loss_nothing_is_said_about_asking(run):
    run("log Acme --on 2025-12-30")
    run("won 1 --on 2026-01-02")
    screen = run("stats 2026")
    assert screen.lines[0] == "2026 through 24 Nov · 0 lost"
    assert "Won in this period, whenever lost: 1" in screen.out
    assert "Asked 0 of 0" not in screen.out


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("", "2026 through 24 Nov"),
        ("this-month", "November 2026 through 24 Nov"),
        ("last-year", "2025"),
        ("2026q3", "3rd quarter 2026"),
        ("2026-10-01..2026-10-05", "2026-10-01..2026-10-05"),
    ],
)
def test_a_period_without_a_loss_says_nothing_lost(run, period, label):
    run("log Acme --on 2024-02-02")
    more = "" if period == "all" else ". All years: lostsale stats all"
    assert run(f"stats {period}").lines == [f"{label} · nothing lost{more}"]


def test_without_a_journal_nothing_is_lost_and_none_is_made(run, db):
    result = run("stats")
    assert result.lines == ["2026 through 24 Nov · nothing lost. All years: lostsale stats all"]
    assert "there's no journal yet" in result.err
    assert not db.exists()


def test_currencies_stand_side_by_side(run):
    run("log Acme 1000")
    run("log Bolt 2000EUR")
    run("won 1")
    run("won 2")
    assert "2 won back, 2,000 EUR + 1,000 USD" in run("stats").lines[0]


@pytest.mark.parametrize(
    "period",
    "2026-13 2026-00 2026q5 2026q0 26 2026-1 tomorrow next-month ..2026-01-01"
    " 2026-03-05..2026-03-04 2026-02-29..2026-03-01 ''".split(),
)
def test_what_is_no_period_is_refused(run, refuses, period):
    run("log Acme")
    said = refuses(f"stats {period}", 2)
    assert "as a period" in said
    assert "2026q4, this-month" in said


def test_what_is_no_period_is_refused_in_json(run):
    result = run("stats 2026q5 --json", code=2)
    assert result.out == ""
    assert result.json["error"]["code"] == "bad-input"
    assert result.json["schema"] == 1


@pytest.mark.parametrize("period", ["all", "2026", "2025", "2026q3", "this-month", "last-year"])
def test_the_demo_counts_as_the_independent_tally_does(run, demo, period):
    losses = run(f"--db {demo} list --json").json["losses"]
    found = run(f"--db {demo} stats {period} --json").json["stats"]
    counted = tallied(losses, period, "2026-11-24") | {"mistakes": found["mistakes"]}
    assert in_order(found) == in_order(counted)


def test_a_quarter_on_a_terminal_is_early_as_in_the_json(run, screen):
    for month in range(1, 8):
        run(f"log {month} --on 2026-0{month}-05")
    for unit in ("quarter", "year"):
        assert "too soon to tell" in screen(f"stats --by {unit}", 100)[-1]


@pytest.mark.parametrize("period", ["all", "2026", "2026q2"])
def test_the_list_that_the_screen_names_has_as_many(run, period):
    for number, rest in enumerate(("", "--outcome mistake", "--real too-slow", "--on 2025-02-02")):
        run(f"log P{number} --on 2026-05-02 {rest}")
    run("log Won --on 2026-05-03")
    run("won 5")
    run("log Rested --on 2026-05-03 --way-in dead")
    run("move-on 6")
    missing = run(f"stats {period} --json").json["stats"]["not_asked"]
    assert f"{missing}: lostsale list {period} --not-asked" in run(f"stats {period}").out
    assert len(run(f"list {period} --not-asked --json").json["losses"]) == missing


@pytest.mark.parametrize("unit", ["week", "", "Q1"])
def test_another_unit_is_refused(run, refuses, unit):
    run("log Acme")
    assert "month, quarter, year" in refuses(f"stats --by '{unit}'", 2)


def test_the_last_line_is_the_one_thing_to_work_on_with_its_base(run):
    for number in range(1, 22):
        code = "no-access" if number < 10 else ("selling", "poor-fit", "no-money")[number % 3]
        run(f"log P{number} 5k --real {code}")
    line = run("stats").lines[-1]
    assert line == (
        "To work on: 9 of 21 told losses never got to the person who signs:"
        " lostsale list --reason no-access 2026"
    )
    assert len(run(line.split(": lostsale ")[1] + " --json").json["losses"]) == 9
    share = {"part": 9, "of": 21}
    lesson = {"kind": "reason", "share": share, "code": "no-access", "better": None}
    assert run("stats --json").json["stats"]["lesson"] == lesson


def test_a_few_losses_teach_nothing_yet(run):
    for number in range(1, 8):
        run(f"log P{number} 5k --real no-access")
    assert "To work on" not in run("stats --all").out
    assert run("stats --json").json["stats"]["lesson"] is None


def test_the_lessons_of_the_period_are_listed_only_if_asked_for(run, refuses):
    run("log Acme 5k --lesson 'call the boss first' --on 2026-03-02")
    run("log Bolt 5k --lesson 'quote the same day' --on 2026-02-02")
    run("log Cord 5k --lesson 'long ago' --on 2025-02-02")
    run("log Dorn 5k --lesson never --outcome mistake")
    learned = ["Lessons", "  2 Bolt: quote the same day", "  1 Acme: call the boss first"]
    assert run("stats --all --private").lines[-3:] == learned
    assert [
        one["number"] for one in run("stats --all --private --json").json["stats"]["learned"]
    ] == [2, 1]
    assert "call the boss" not in run("stats --all").out
    assert "--private" in refuses("stats --private", 2)


@pytest.mark.parametrize("command", ["stats", "list"])
def test_a_period_is_all_its_words(run, command):
    run("log Acme 5 --on 2026-10-05")
    run("log Brandt 6")
    as_one = run([command, "last-month", "--json"]).json
    assert run(f"{command} last month --json").json == as_one
    assert run("stats last month by quarter --json").json != run("stats --json").json


@pytest.mark.parametrize("line", ["stats --by rep", "stats last month by competitor"])
def test_what_is_counted_elsewhere_is_named(run, refuses, line):
    run("log Acme")
    said = refuses(line, 2)
    assert "reasons and competitors are in --all" in said
    assert said.endswith(": lostsale team stats --by rep\n")


@pytest.mark.parametrize(
    "period",
    [
        "nov 1 to nov 30",
        "11/1/2026-11/30/2026",
        "2026-11-01..nov",
        "october to november",
        "since nov 1",
    ],
)
def test_a_period_may_be_any_two_days_or_periods(run, period):
    run("log Acme 10k --on '1 nov'")
    run("log Brandt 5k --on '30 oct'")
    start = 2 if period.startswith("october") else 1
    run("config date-order mdy")
    assert run(f"stats {period} --json").json["stats"]["lost"] == start

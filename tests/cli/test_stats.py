"""`stats`: the screen of a period, and its numbers as JSON."""

import csv
import json
from collections import Counter
from itertools import islice

import pytest

from conftest import DATA
from independent_tally import in_order
from independent_tally import stats as tallied
from made_up_year import COUNTED_ON, LOST, MISTAKES, door, losses, make

MAVEN = DATA / "maven_sales_pipeline.csv"


@pytest.fixture(scope="module")
def made_up_year(tmp_path_factory):
    """The path of the made-up year's journal; nobody changes it."""
    path = tmp_path_factory.mktemp("year") / "journal.db"
    make(path)
    return path


@pytest.mark.slow
def test_a_year_of_1200_losses_with_60_won_back_reads_5_percent(made_up_year):
    with door(made_up_year) as tell:
        code, out = tell(COUNTED_ON, "stats", "2025")
    assert code == 0
    assert out.startswith("2025 · 1,200 lost · 60 won back (5.0%), ")
    assert "5% is 60: reached" in out.splitlines()[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("period", "as_of"),
    [
        ("2025", "2026-06-30"),
        ("all", "2026-06-30"),
        ("2026", "2026-06-30"),
        ("2025q2", "2025-05-31"),
        ("this-month", "2025-12-31"),
        ("last-month", "2025-03-30"),
    ],
)
def test_the_made_up_year_counts_as_the_independent_tally_does(made_up_year, period, as_of):
    with door(made_up_year) as tell:
        there = losses(tell, COUNTED_ON, LOST + MISTAKES)
        _, out = tell(as_of, "stats", period, "--json")
    assert in_order(json.loads(out)["stats"]) == in_order(tallied(there, period, as_of))


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
        "2026 to 24 Nov · 1 lost · 0 won back",
        "",
        "Asked 0 of 1",
        "  not asked yet 1: lostsale list 2026 --not-asked",
        "",
        "When\tLost\tAsked\tTold\tWon back since\tWins made then",
        "2026-11\t1\t0\t0\t0 early\t0",
    ]


def test_each_section_shows_what_its_numbers_are(run):
    run("log Acme 10k --on 2026-03-02 --guess price-value")
    run("log Bolt 5k --on 2026-03-02")
    run("why 1 price-value: 40 a month less --on 2026-03-04")
    run("why 2 --would-not-say --on 2026-03-20")
    run("touch 1 the lease --on 2026-04-01")
    run("won 1 9000 --on 2026-04-02")
    assert run("stats").lines == [
        "2026 to 24 Nov · 2 lost · 1 won back, 9,000 USD",
        "Wins made in this time, of any loss: 1",
        "",
        "Asked 2 of 2",
        "  within 3 days 1, told 1 of 1",
        "  later 1, told 0 of 1",
        "  your guess was right 1 of 1",
        "Going back (you pick whom: no proof)",
        "  tried 1, won 1 of 1",
        "  not tried 1, won 0 of 1",
        "",
        "Reason or guess\tLost\tTold\tAmount\tWon\tWeakness\tIn their words",
        'price-value\t1\t1\t10,000\t1\tcompetitive\t"40 a month less"',
        "unknown: 1",
        "",
        "When\tLost\tAsked\tTold\tWon back since\tWins made then",
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
    assert screen.lines[0] == "2026 to 24 Nov · 0 lost"
    assert "Wins made in this time, of any loss: 1" in screen.out
    assert "Asked 0 of 0" not in screen.out


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("", "2026 to 24 Nov"),
        ("this-month", "2026-11 to 24 Nov"),
        ("last-year", "2025"),
        ("2026q3", "2026q3"),
        ("2026-10-01..2026-10-05", "2026-10-01..2026-10-05"),
    ],
)
def test_a_period_without_a_loss_says_nothing_lost(run, period, label):
    run("log Acme --on 2024-02-02")
    assert run(f"stats {period}").lines == [f"{label} · nothing lost"]


def test_without_a_journal_nothing_is_lost_and_none_is_made(run, db):
    result = run("stats")
    assert result.lines == ["2026 to 24 Nov · nothing lost"]
    assert "there is no journal yet" in result.err
    assert not db.exists()


def test_currencies_stand_side_by_side(run):
    run("log Acme 1000")
    run("log Bolt 2000EUR")
    run("won 1")
    run("won 2")
    assert "2 won back, 2,000 EUR + 1,000 USD" in run("stats").lines[0]


@pytest.mark.parametrize(
    "period",
    "2026-13 2026-00 2026q5 2026q0 26 2026-1 tomorrow next-month 2026..2027 ..2026-01-01"
    " 2026-03-05..2026-03-04 2026-02-29..2026-03-01 ''".split(),
)
def test_what_is_no_period_is_refused(run, refuses, period):
    run("log Acme")
    said = refuses(f"stats {period}", 2)
    assert "is no period" in said
    assert "2026q4, this-month" in said


def test_what_is_no_period_is_refused_in_json(run):
    result = run("stats 2026q5 --json", code=2)
    assert result.out == ""
    assert result.json["error"]["code"] == "bad-input"
    assert result.json["schema"] == 1


def shape(value):
    """The keys of an object and theirs; of a list those of its first row."""
    if isinstance(value, dict):
        return {key: shape(field) for key, field in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def keys(names):
    return dict.fromkeys(names.split())


def test_json_has_the_fields_that_are_promised(run):
    run("log Acme 10k --said budget --guess too-slow --real too-slow --lost-to Kyolab --also save")
    run("won 1")
    run("log Bolt 10k --on 2025-03-02 --signal delay")
    run("log Cord 10k --signal delay")
    found = run("stats --json").json
    sums, won = keys("lost won_back"), "won_back of"
    promised = {
        **keys(
            "lost asked told heard guessed not_asked asked_within_3_days told_within_3_days tried"
            " attempts won_back won_back_rate won_back_tried won_in_period still_open at_rest"
            " mistakes without_amount"
        ),
        "period": keys("label from to as_of"),
        "guess_right": keys("right of"),
        "amounts": {"USD": {**sums, "won_in_period": None}},
        "months": [
            {
                **keys("month lost asked told tried won_back won_back_rate won_in_month early"),
                "amounts": {"USD": {**sums, "won_in_month": None}},
            }
        ],
        "said": [keys("code lost")],
        "reasons": [
            {
                **keys("code weakness lost told heard guessed won_back quote"),
                "amounts": {"USD": sums},
            }
        ],
        "truth": [keys("said real lost")],
        "weaknesses": [{**keys("weakness lost told won_back"), "amounts": {"USD": sums}}],
        "lost_to": [keys("name lost won_back")],
        "signals": [keys("code lost")],
        "promises": {"marked": keys("kept of"), "unmarked": keys("kept of")},
        "referrals": keys("asked received"),
        "target": keys("rate wins to_go"),
        "pace": keys("lost_a_month lost_a_year won_back_a_year"),
        "wins_by": {
            name: [keys(f"{name} {won}")] for name in ("kind", "contacts", "days", "reason")
        },
        "previous": {
            **keys("label from to lost won_back won_back_rate"),
            "amounts": {"USD": sums},
        },
    }
    assert list(found) == ["schema", "stats"]
    assert found["schema"] == 1
    assert shape(found["stats"]) == promised


def test_json_of_an_empty_year_has_all_fields(run):
    run("log Acme")
    run("undo")
    found = run("stats --json").json["stats"]
    assert set(found) == set(tallied([], "2026", "2026-11-24"))
    assert found["amounts"] == {}
    assert found["won_back_rate"] is None
    assert found["period"] == {
        "label": "2026",
        "from": "2026-01-01",
        "to": "2026-12-31",
        "as_of": "2026-11-24",
    }


@pytest.mark.parametrize("period", ["all", "2026", "2025", "2026q3", "this-month", "last-year"])
def test_the_demo_counts_as_the_independent_tally_does(run, demo, period):
    losses = run(f"--db {demo} list --json").json["losses"]
    found = run(f"--db {demo} stats {period} --json").json["stats"]
    counted = tallied(losses, period, "2026-11-24") | {"mistakes": found["mistakes"]}
    assert in_order(found) == in_order(counted)

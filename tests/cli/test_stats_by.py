"""`stats --by`: months, quarters and years of the same losses, against a count of their own."""

import json
from calendar import monthrange
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.test_counting import LAST, LIFE, QUESTION, live
from independent_tally import in_order
from independent_tally import stats as tallied
from made_up_year import door

UNITS = ("month", "quarter", "year")
COUNTS = ("lost", "asked", "told", "tried", "won_back", "won_in_month")
SUMS = ("lost", "won_back", "won_in_month")


def label(day, unit):
    """The unit that a day lies in."""
    year, month = day[:4], int(day[5:7])
    return {"month": day[:7], "quarter": f"{year}q{(month + 2) // 3}", "year": year}[unit]


def last_day(name):
    """The last day of a unit."""
    year, part = int(name[:4]), name[4:]
    month = int(part[1:]) * 3 if part[:1] == "q" else int(part[1:] or 12)
    return date(year, month, monthrange(year, month)[1])


def units(first, last, unit):
    """All units from one day to another."""
    every = [
        label(f"{year}-{month:02}-01", unit)
        for year in range(int(first[:4]), int(last[:4]) + 1)
        for month in range(1, 13)
        if first[:7] <= f"{year}-{month:02}" <= last[:7]
    ]
    return list(dict.fromkeys(every))


def money(pairs):
    total = Counter()
    for amount, currency in pairs:
        if amount is not None:
            total[currency] += Decimal(amount)
    return total


def own_count(losses, period, unit, as_of):
    """The rows of a period , from what `list` has."""
    real = [loss for loss in losses if loss["outcome"] != "mistake"]
    start, end = (period["from"], period["to"]) if period["label"] != "all" else ("0", "9999-99")
    lost = [loss for loss in real if start <= loss["lost_on"] <= end]
    made = [loss for loss in real if loss["won"] and start <= loss["won"]["on"] <= end]
    days = sorted([*(loss["lost_on"] for loss in lost), *(loss["won"]["on"] for loss in made)])
    for name in units(days[0], days[-1], unit) if days else ():
        own = [loss for loss in lost if label(loss["lost_on"], unit) == name]
        back = [loss for loss in own if loss["won"]]
        then = [loss for loss in made if label(loss["won"]["on"], unit) == name]
        tries = {"save", "touch", "meet"}
        sums = {
            "lost": money((loss["amount"], loss["currency"]) for loss in own),
            "won_back": money((x["won"]["amount"], x["won"]["currency"]) for x in back),
            "won_in_month": money((x["won"]["amount"], x["won"]["currency"]) for x in then),
        }
        yield {
            "month": name,
            "lost": len(own),
            "asked": sum(loss["asked_on"] is not None for loss in own),
            "told": sum(bool(x["real"] and x["real"]["source"] == "told") for x in own),
            "tried": sum(any(c["kind"] in tries for c in x["contacts"]) for x in own),
            "won_back": len(back),
            "won_back_rate": len(back) / len(own) if own else None,
            "won_in_month": len(then),
            "early": (date.fromisoformat(as_of) - last_day(name)).days < 90,
            "amounts": {
                currency: {column: sums[column][currency] for column in SUMS}
                for currency in {name for each in sums.values() for name in each}
            },
        }


def plain(rows):
    """Rows with their sums as numbers."""
    return [
        {
            **row,
            "amounts": {
                currency: {column: Decimal(value) for column, value in sums.items()}
                for currency, sums in row["amounts"].items()
            },
        }
        for row in rows
    ]


def totals(rows):
    """All that the rows count, together."""
    found = Counter({name: sum(row[name] for row in rows) for name in COUNTS})
    for row in rows:
        for currency, sums in row["amounts"].items():
            for column, value in sums.items():
                found[currency, column] += Decimal(value)
    return found


@settings(
    max_examples=settings.default.max_examples // 4,
    phases=set(Phase) - {Phase.explain},
)
@given(st.lists(LIFE, max_size=25), st.lists(QUESTION, min_size=1, max_size=4))
def test_units_count_what_the_list_holds(lives, questions):
    with TemporaryDirectory() as folder, door(Path(folder) / "journal.db") as tell:
        live(tell, lives)
        losses = json.loads(tell(LAST, "list", "--json")[1])["losses"]
        for period, as_of in questions:
            found = {
                unit: json.loads(tell(as_of, "stats", period, "--by", unit, "--json")[1])["stats"]
                for unit in UNITS
            }
            bare = json.loads(tell(as_of, "stats", period, "--json")[1])["stats"]
            assert bare == found["month"]
            for unit, one in found.items():
                expected = own_count(losses, one["period"], unit, str(as_of))
                assert plain(one["months"]) == list(expected)
                assert totals(one["months"]) == totals(bare["months"])
                assert {**one, "months": []} == {**bare, "months": []}
            expected = tallied(losses, period, str(as_of)) | {"mistakes": bare["mistakes"]}
            assert in_order(bare) == in_order(expected)  # mistakes are not listed
            assert bare["told_within_3_days"] <= bare["asked_within_3_days"]
            assert bare["told"] <= bare["asked"] == bare["lost"] - bare["not_asked"]


@pytest.fixture
def rows(run):
    """Some fields of the rows: `rows("all", "quarter", "lost")`."""

    def rows(period, unit, *fields, **day):
        found = run(f"stats {period} --by {unit} --json", **day).json["stats"]["months"]
        return [tuple(row[field] for field in ("month", *fields)) for row in found]

    return rows


def test_the_last_and_the_first_day_of_a_year_are_in_their_own_units(run, rows):
    run("log Acme --on 2025-12-31")
    run("log Bolt --on 2026-01-01")
    run("log Cord --on 2024-02-29")
    assert rows("2025-12-31..2026-01-01", "quarter", "lost") == [("2025q4", 1), ("2026q1", 1)]
    assert rows("all", "year", "lost") == [("2024", 1), ("2025", 1), ("2026", 1)]
    assert rows("2024", "quarter", "lost") == [("2024q1", 1)]
    assert len(rows("all", "quarter")) == 9


def test_a_win_in_another_year_counts_in_both_for_what_it_is(run, rows):
    run("log Acme 100 --on 2025-12-31")
    run("won 1 90EUR --on 2026-01-01")
    assert rows("all", "year", "won_back", "won_in_month") == [("2025", 1, 0), ("2026", 0, 1)]
    assert rows("2026", "quarter", "lost", "won_back", "won_in_month") == [("2026q1", 0, 0, 1)]
    assert rows("2025", "year", "won_back", "won_in_month") == [("2025", 1, 0)]


def test_a_win_after_the_day_of_the_count_still_counts(run, rows):
    run("log Acme 100 --on 2025-12-31")
    run("won 1 --on 2026-11-20")
    assert rows("2025", "quarter", "won_back", today="2026-01-15") == [("2025q4", 1)]


def test_a_mistake_makes_no_unit(run, rows):
    run("log Acme --on 2026-05-05 --outcome mistake")
    run("log Bolt --on 2026-09-05")
    assert rows("2026", "quarter", "lost") == [("2026q3", 1)]


@pytest.mark.parametrize(
    ("today", "early"),
    [("2026-08-01", True), ("2026-09-30", True), ("2026-12-28", True), ("2026-12-29", False)],
)
def test_a_quarter_is_early_until_90_days_after_its_own_end(run, rows, today, early):
    run("log Acme --on 2026-07-05")
    assert rows("2026", "quarter", "early", today=today) == [("2026q3", early)]


@pytest.mark.parametrize(
    ("today", "early"), [("2026-12-31", True), ("2027-03-30", True), ("2027-03-31", False)]
)
def test_a_year_is_early_until_90_days_after_its_own_end(run, rows, today, early):
    run("log Acme --on 2026-01-05")
    assert rows("2026", "year", "early", today=today) == [("2026", early)]


def test_a_quarter_on_a_terminal_is_early_as_in_the_json(run, screen):
    for month in range(1, 8):
        run(f"log {month} --on 2026-0{month}-05")
    for unit in ("quarter", "year"):
        assert " early" in screen(f"stats --by {unit}", 100)[-1]


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

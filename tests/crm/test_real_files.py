"""Public CRM files, imported and counted: against their published figures, and against a tally that
shares nothing with the program. The files lie beside this checkout; see their README."""

import csv
import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from conftest import DATA, TODAY
from door import door
from independent_tally import in_order
from independent_tally import stats as tallied
from lostsale.journal import changes
from lostsale.journal.store import Store

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not there")

CODES = {
    "Price": "price-value",
    "Chose Competitor": "other",
    "No Decision / Stalled": "indecision",
    "Missing Features": "product-gap",
    "Timing / Budget Cycle": "no-money",
}


class File(NamedTuple):
    """A real file: in which columns it tells what, and what its README says of it. `years` has the
    lost deals of each year, and what they come to; `months` those of some months."""

    name: str
    status: str
    lost: str
    record: str
    amount: str
    rows: int
    years: dict[str, tuple[int, str]]
    months: dict[str, int]
    prospect: str = ""
    product: str = ""
    reason: str = ""
    stage: str = ""
    reasons: dict[str, int] | None = None
    without_amount: int = 0


FILES = [
    File(
        "maven_sales_pipeline.csv",
        "deal_stage",
        "Lost",
        "opportunity_id",
        "close_value",
        rows=8800,
        years={"2017": (2473, "0")},
        months={
            "2017-03": 116,
            "2017-04": 301,
            "2017-05": 367,
            "2017-06": 110,
            "2017-07": 319,
            "2017-08": 339,
            "2017-09": 132,
            "2017-10": 287,
            "2017-11": 362,
            "2017-12": 140,
        },
        prospect="account",
        product="product",
    ),
    File(
        "revops_opportunities.csv",
        "stage",
        "Closed Lost",
        "opportunity_id",
        "amount",
        rows=6000,
        years={
            "2023": (674, "31291500"),
            "2024": (1089, "53701000"),
            "2025": (1253, "64780000"),
            "2026": (744, "38604500"),
        },
        months={
            "2026-01": 152,
            "2026-02": 110,
            "2026-03": 129,
            "2026-04": 124,
            "2026-05": 110,
            "2026-06": 119,
        },
        prospect="account_name",
        product="product",
        reason="loss_reason",
        stage="lost_at_stage",
        reasons={
            "Price": 1166,
            "Chose Competitor": 1022,
            "No Decision / Stalled": 811,
            "Missing Features": 446,
            "Timing / Budget Cycle": 315,
        },
    ),
    File(
        "platform_opportunities.csv",
        "stage",
        "Closed Lost",
        "opportunity_id",
        "expected_revenue",
        rows=1200,
        years={
            "2023": (54, "2599375.46"),
            "2024": (80, "4072553.99"),
            "2025": (74, "3761625.03"),
        },
        months={},
    ),
    File(
        "duckflow_deals.csv",
        "stage",
        "Closed Lost",
        "deal_id",
        "amount",
        rows=150,
        years={"2024": (31, "237481")},
        months={},
        without_amount=6,
    ),
]


@pytest.fixture(scope="module", params=FILES, ids=[file.name for file in FILES])
def file(request):
    return request.param


# What depends on how many deals there are alone in how long it takes.
on_the_smaller = pytest.mark.parametrize(
    "file", FILES[2:], ids=[file.name for file in FILES[2:]], indirect=True
)


@pytest.fixture(scope="module")
def deals(file):
    """The rows of the file that are lost, as Python's csv module reads them."""
    with (DATA / file.name).open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    assert len(found) == file.rows
    return [row for row in found if row[file.status] == file.lost]


@pytest.fixture(scope="module")
def imported(file, tmp_path_factory):
    """A journal with the file in it, and what the import said."""
    path = tmp_path_factory.mktemp("real") / "journal.db"
    with door(path) as tell:
        code, out = tell(TODAY, "import", DATA / file.name, "--json")
    assert code == 0
    return path, json.loads(out)["import"]


@pytest.fixture
def here(run, imported, db):  # noqa: ARG001 - run wants to begin without a journal
    """This test's own copy of that journal."""
    shutil.copy(imported[0], db)
    return db


@pytest.fixture
def stats(run):
    """Return STATS of a period."""
    return lambda period: run(f"stats {period} --json").json["stats"]


@pytest.fixture
def listed(run):
    """Return the losses that `list` with these words names."""
    return lambda words="": run(f"list {words} --json").json["losses"]


def of(deals, period):
    """The deals lost in a year or a month, 2026 or 2026-01; in all of them for `all`."""
    return [row for row in deals if period == "all" or row["close_date"].startswith(period)]


def worth(file, deals):
    return sum((Decimal(row[file.amount]) for row in deals if row[file.amount]), Decimal(0))


def periods(deals):
    days = {row["close_date"] for row in deals}
    return ["all", *sorted({day[:4] for day in days} | {day[:7] for day in days})]


def contents(path):
    with closing(sqlite3.connect(path)) as connection:
        tables = ("losses", "contacts", "referrals", "settings", "reasons", "changes", "changed")
        return {table: list(connection.execute(f"SELECT * FROM {table}")) for table in tables}


def test_the_file_is_what_its_readme_says(file, deals):
    assert sum(count for count, _ in file.years.values()) == len(deals)
    for year, (count, money) in file.years.items():
        assert len(of(deals, year)) == count
        assert worth(file, of(deals, year)) == Decimal(money)
    for month, count in file.months.items():
        assert len(of(deals, month)) == count
    if file.reasons:
        assert Counter(row[file.reason] for row in deals) == file.reasons
    assert sum(not row[file.amount] for row in deals) == file.without_amount


def test_all_its_lost_deals_are_imported(file, deals, imported):
    _, found = imported
    counts = ("added", "updated", "duplicates", "linked", "undated", "skipped")
    assert (found["rows"], found["lost"]) == (file.rows, len(deals))
    assert [found[name] for name in counts] == [len(deals), 0, 0, 0, 0, []]
    assert (found["file"], found["format"]) == (str(DATA / file.name), "CSV")


def test_its_columns_are_recognised_with_certainty(file, imported):
    expected = {
        "record": file.record,
        "status": file.status,
        "lost_on": "close_date",
        "amount": file.amount,
        "prospect": file.prospect,
        "product": file.product,
        "guess": file.reason,
        "stage": file.stage,
    }
    told = {field: [header] for field, header in expected.items() if header}
    assert imported[1]["columns"] == told


@pytest.mark.usefixtures("here")
def test_every_loss_is_what_its_row_says(file, deals, listed):
    kept = {loss["source"]["record"]: loss for loss in listed()}
    assert len(kept) == len(deals)
    for row in deals:
        loss = kept[row[file.record]]
        assert loss["lost_on"] == row["close_date"]
        assert loss["prospect"] == (file.prospect and row[file.prospect]) or row[file.record]
        assert loss["product"] == (row[file.product] if file.product else None)
        assert loss["stage"] == (row[file.stage] if file.stage else None)
        if row[file.amount]:
            assert Decimal(loss["amount"]) == Decimal(row[file.amount])
        else:
            assert loss["amount"] is None
        words = row[file.reason] if file.reason else None
        assert loss["guess"] == (
            {"code": CODES[words], "words": words, "suggested": []} if words else None
        )
        assert loss["next"] is loss["real"] is loss["said"] is loss["won"] is None


@pytest.mark.usefixtures("here")
def test_the_numbers_follow_the_days(deals, listed):
    by_number = sorted(listed(), key=lambda loss: loss["number"])
    assert [loss["number"] for loss in by_number] == list(range(1, len(deals) + 1))
    assert [loss["lost_on"] for loss in by_number] == sorted(row["close_date"] for row in deals)


@pytest.mark.usefixtures("here")
def test_stats_count_every_year_and_month_as_the_tally_does(file, deals, stats):
    for period in periods(deals):
        found, own = stats(period), of(deals, period)
        assert found["lost"] == found["not_asked"] == found["still_open"] == len(own), period
        assert {row["month"]: row["lost"] for row in found["months"] if row["lost"]} == Counter(
            row["close_date"][:7] for row in own
        ), period
        assert found["without_amount"] == sum(not row[file.amount] for row in own), period
        assert set(found["amounts"]) <= {"USD"}
        assert Decimal(found["amounts"].get("USD", {"lost": 0})["lost"]) == worth(file, own), period
        for row in found["months"]:
            month = worth(file, of(own, row["month"]))
            assert Decimal(row["amounts"].get("USD", {"lost": 0})["lost"]) == month, row
        codes = Counter(CODES[row[file.reason]] if file.reason else None for row in own)
        assert {row["code"]: row["lost"] for row in found["reasons"]} == codes, period
        assert found["guessed"] == sum(codes[code] for code in codes if code), period
        for row in found["reasons"] if file.reason else ():
            these = [deal for deal in own if CODES[deal[file.reason]] == row["code"]]
            assert Decimal(row["amounts"]["USD"]["lost"]) == worth(file, these), (period, row)


@pytest.mark.usefixtures("here")
def test_stats_give_the_published_figures(file, stats):
    for year, (count, money) in file.years.items():
        found = stats(year)
        assert (found["lost"], found["amounts"]["USD"]["lost"]) == (
            count,
            str(Decimal(money).quantize(Decimal("0.01"))),
        )
        months = {row["month"]: row["lost"] for row in found["months"]}
        assert {month: months[month] for month in file.months if month[:4] == year} == {
            month: count for month, count in file.months.items() if month[:4] == year
        }


@pytest.mark.usefixtures("here")
def test_all_other_numbers_of_stats_are_what_the_independent_tally_counts(file, stats, listed):
    losses = listed()
    for period in ("all", *file.years):
        assert in_order(stats(period)) == in_order(tallied(losses, period, TODAY)), period


def test_importing_it_again_adds_and_updates_nothing_and_writes_nothing(file, deals, run, here):
    before = here.read_bytes()
    found = run(["import", str(DATA / file.name), "--json"]).json["import"]
    assert (found["added"], found["updated"], found["duplicates"]) == (0, 0, len(deals))
    assert here.read_bytes() == before


@on_the_smaller
def test_a_dry_run_says_the_same_and_makes_nothing(file, imported, run, db):
    found = run(["import", str(DATA / file.name), "--dry-run", "--json"]).json["import"]
    assert found == {**imported[1], "dry_run": True}
    assert not db.exists()


@on_the_smaller
def test_undo_leaves_nothing_and_the_numbers_stay_used(deals, run, here):
    assert run("undo --json").json["undone"][0]["losses"] == list(range(1, len(deals) + 1))
    left = contents(here)
    assert left["losses"] == left["contacts"] == left["referrals"] == []
    assert run("list --json").json["losses"] == []
    assert run("stats all --json").json["stats"]["lost"] == 0
    assert run("log Acme --json").json["loss"]["number"] == len(deals) + 1


@on_the_smaller
@pytest.mark.usefixtures("here")
def test_undone_and_imported_again_it_is_the_same(file, deals, run, listed):
    def facts():
        return [{**loss, "number": None, "logged_at": None} for loss in listed()]

    before = facts()
    run("undo")
    found = run(["import", str(DATA / file.name), "--json"]).json["import"]
    assert (found["added"], found["duplicates"]) == (len(deals), 0)
    assert facts() == before


def test_the_import_is_one_change_whose_checksum_is_right(here):
    with closing(sqlite3.connect(here)) as connection:
        ((change, command, kept),) = connection.execute("SELECT id, command, checksum FROM changes")
        assert (command, changes.checksum(connection, change)) == ("import", kept)


@on_the_smaller
def test_the_tables_are_the_fold_of_the_changes(deals, here):
    before = contents(here)
    assert len(before["changed"]) == len(deals)
    with closing(Store.open(here)) as journal:
        journal.connection.execute("BEGIN")
        for (uid,) in journal.connection.execute("SELECT uid FROM losses").fetchall():
            changes.refold(journal.connection, uid)
        journal.connection.execute("COMMIT")
    assert contents(here) == before


@on_the_smaller
@pytest.mark.usefixtures("here")
def test_first_steps_come_a_portion_a_day_the_largest_first(file, deals, run, listed):
    run(["import", str(DATA / file.name), "--follow-up"])
    steps = sorted(
        (loss["next"]["on"], -Decimal(loss["amount"] or 0)) for loss in listed() if loss["next"]
    )
    assert len(steps) == len(deals)
    assert [amount for _, amount in steps] == sorted(amount for _, amount in steps)
    days = Counter(day for day, _ in steps)
    assert set(sorted(days.values())[1:]) <= {20}
    assert all(date.fromisoformat(day).weekday() < 5 for day in days)
    assert min(days) == TODAY
    assert run("due --count").out == f"{days[TODAY]}\n"


@on_the_smaller
@pytest.mark.usefixtures("here")
def test_lists_find_what_the_file_has(file, deals, run, listed):
    for period in ("all", *file.years):
        assert len(listed(period)) == len(of(deals, period))
    largest = max(Decimal(row[file.amount] or 0) for row in deals)
    assert Decimal(listed("--sort amount --limit 1")[0]["amount"]) == largest
    assert listed("--sort date --limit 1")[0]["lost_on"] == max(row["close_date"] for row in deals)
    assert len(listed("--open --not-asked")) == len(deals)
    assert listed("--won") == listed("--at-rest") == listed("--cold") == listed("--ready") == []
    for words, code in CODES.items():
        if file.reasons:
            alike = [row for row in deals if CODES[row[file.reason]] == code]
            assert len(listed(f"--reason {code}")) == len(alike), words
    for column, option in ((file.product, "product"), (file.prospect, "prospect")):
        for name in sorted({row[column] for row in deals})[:5] if column else ():
            words = name.casefold().split()
            fitting = [row for row in deals if all(w in row[column].casefold() for w in words)]
            assert len(run(["list", f"--{option}", name, "--json"]).json["losses"]) == len(fitting)
    record = deals[len(deals) // 2][file.record]
    assert record in {
        loss["source"]["record"] for loss in run(f"find {record} --json").json["losses"]
    }


@on_the_smaller
def test_a_days_work_on_it_keeps_its_numbers_and_undo_goes_all_the_way_back(
    file, deals, run, here, stats, listed, loss
):
    before, tables = stats("all"), contents(here)
    number, other = len(deals), len(deals) // 2
    old = loss(number)
    assert old["number"] == run(f"show {number} --json").json["loss"]["number"] == number
    run(f"edit {number} --amount 1234.50 --product saw")
    run(f"why {number} too-slow: we came late")
    run(f"touch {number} called")
    run(f"won {number} 999 --note 'asked again'")
    run(f"move-on {other}")
    after = stats("all")
    assert (after["lost"], after["won_back"], after["at_rest"], after["told"]) == (
        *(before["lost"], 1, 1, 1),
    )
    sums = after["amounts"]["USD"], before["amounts"]["USD"]
    lost = Decimal(sums[0]["lost"]) - Decimal(sums[1]["lost"])
    assert lost == Decimal("1234.50") - Decimal(old["amount"] or 0)
    assert sums[0]["won_back"] == "999.00"
    assert in_order(after) == in_order(tallied(listed(), "all", TODAY))
    again = run(["import", str(DATA / file.name), "--json"]).json["import"]
    assert (again["added"], again["updated"]) == (0, 0)
    assert (loss(number)["amount"], loss(number)["product"]) == ("1234.50", "saw")
    run("undo 5")
    assert stats("all") == before
    assert loss(number) == old
    for table in ("losses", "contacts", "referrals"):
        assert contents(here)[table] == tables[table]

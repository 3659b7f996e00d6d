"""How `stats` asks the journal: by its indexes, and as often however much it holds."""

import re
from datetime import date

import pytest

from conftest import TODAY
from lostsale.domain.periods import read_period
from lostsale.journal.stats import period_groups
from lostsale.journal.store import Store

DAY = date.fromisoformat(TODAY)
PERIODS = ("2026", "2025", "2026-11", "2026q3", "2026-02-28..2026-03-02", "2027")
SMALL = {"reasons", "settings"}  # tables that do not grow with the losses


@pytest.fixture
def one(run, db):
    """The path of a journal with one loss."""
    run("log Acme 10k --real too-slow --also save,referral")
    return db


@pytest.fixture
def asked():
    """Return (statements with their values, how SQLite goes about each) of a period's count."""

    def asked(path, period, *, first=""):
        journal, statements = Store.open(path), []
        connection = journal.connection
        try:
            connection.executescript(first)
            connection.set_trace_callback(statements.append)
            period_groups(journal, read_period(period, DAY), DAY)
            connection.set_trace_callback(None)
            plans = [
                [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
                for statement in statements
            ]
        finally:
            journal.close()
        return statements, plans

    return asked


def scanned(plans):
    """The steps that go through a whole table or index, but for the small ones."""
    return [
        step
        for plan in plans
        for step in plan
        if (found := re.match(r"SCAN (\w+)", step)) and found[1] not in SMALL
    ]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("which", ["demo", "one"])
def test_no_statement_goes_through_a_whole_table(asked, request, which, period):
    statements, plans = asked(request.getfixturevalue(which), period)
    assert len(statements) >= 6
    assert all(plans)
    assert scanned(plans) == []


@pytest.mark.parametrize("period", PERIODS)
def test_nor_with_what_analyze_knows_of_the_tables(asked, demo, period, tmp_path):
    path = tmp_path / "copy.db"
    path.write_bytes(demo.read_bytes())
    _, plans = asked(path, period, first="ANALYZE;")
    assert scanned(plans) == []


@pytest.mark.parametrize("period", PERIODS)
def test_losses_are_found_by_the_days_of_the_period(asked, demo, period):
    _, plans = asked(demo, period)
    found = [step for plan in plans for step in plan if re.search(r"\blosses\b", step)]
    by_days = r"SEARCH losses USING (COVERING )?INDEX losses_(lost_on|won_on|again) .*>\? AND .*<\?"
    assert len(found) >= 6
    assert [step for step in found if not re.match(by_days, step)] == []


@pytest.mark.parametrize("period", [*PERIODS, "all"])
def test_no_more_statements_for_more_losses(asked, demo, one, period):
    assert len(asked(demo, period)[0]) == len(asked(one, period)[0])


@pytest.mark.parametrize("period", [*PERIODS, "all"])
def test_counting_writes_nothing(asked, demo, period):
    statements, _ = asked(demo, period)
    assert [s for s in statements if not s.lstrip().upper().startswith("SELECT")] == []


@pytest.mark.parametrize("options", ["", "--all", "--by year", "--json"])
def test_the_command_runs_no_more_statements_for_more_losses(run, demo, one, monkeypatch, options):
    counts = []
    opened = Store.open.__func__

    def traced(cls, path, **how):
        journal = opened(cls, path, **how)
        journal.connection.set_trace_callback(lambda _: counts.append(path))
        return journal

    monkeypatch.setattr(Store, "open", classmethod(traced))
    for path in (demo, one):
        run(f"--db {path} stats {options}")
    assert counts.count(demo) == counts.count(one) > 0

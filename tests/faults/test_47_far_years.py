"""A day of a far year, which a file may hold, makes no long list."""

import pytest


@pytest.mark.parametrize("line", ["stats all", "stats all --by quarter", "stats all --json"])
def test_47_a_loss_of_a_far_year_makes_no_long_list(run, line):
    for day in ("1900-01-02", "2026-03-01", "2026-07-01", "2569-11-02", "8999-12-31"):
        run("log Acme", today=day)
    shown = run(line)
    assert len(shown.lines) < 30
    if line.endswith("--json"):
        months = [month["month"] for month in shown.json["stats"]["months"]]
        here = [f"2026-{n:02}" for n in range(3, 8)]
        assert months == ["1900-01", *here, "2569-11", "8999-12"]

"""How long the morning list is: `python tests/simulated_year.py [MONTHS]` lives through a year of
100 losses a month, in which each working day's list is done to the end, and prints rows a day."""

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import mean, quantiles
from tempfile import TemporaryDirectory

from dateutil.relativedelta import relativedelta

from door import door

SAID = "budget board home-office partner call-later think-it-over price satisfied".split()
REAL = (
    "price-value product-gap our-company inflexible selling no-access too-slow indecision"
    " status-quo poor-fit relationship no-money circumstance other"
).split()
START, A_MONTH, WARM_UP = date(2025, 1, 1), 100, 60  # days


def working_days(start, end):
    """Return the days from Monday to Friday from `start` up to `end`, itself left out."""
    days = [start + timedelta(n) for n in range((end - start).days)]
    return [day for day in days if day.weekday() < 5]


def lost_a_day(dice, end):
    """Return how many are lost on each day: so many a month, on working days chosen at random."""
    lost = dict.fromkeys(working_days(START, end), 0)
    first = START
    while first < end:
        days = working_days(first, first + relativedelta(months=1))
        for _ in range(A_MONTH):
            lost[dice.choice(days)] += 1
        first += relativedelta(months=1)
    return lost


def log(dice):
    """Return the words that log a loss; some already know more than others."""
    words = ["log", f"Prospect {dice.randrange(10**6)}", f"{dice.randrange(2, 200) * 500}"]
    words += ["--said", dice.choice(SAID)]
    for chance, more in (
        (0.1, ["--real", dice.choice(REAL)]),
        (0.1, ["--way-in", "dead"]),
        (0.3, ["--guess", dice.choice(REAL)]),
    ):
        words += more if dice.random() < chance else []
    return words


def deed(dice, loss):
    """Return what is done about a row of the list."""
    kind, number, luck = loss["next"]["kind"], loss["number"], dice.random()
    if kind != "thanks" and luck < 0.15:
        return ["no-answer", number]
    if kind == "why" and luck < 0.75:
        return ["why", number, *(["--would-not-say"] if luck < 0.3 else [dice.choice(REAL)])]
    if kind in {"save", "touch"} and luck < 0.17:
        return ["won", number]
    return ["done", number]


def simulate(tell, months, seed=100):
    """Live through the months; return {day: rows of its list}."""
    dice, rows = Random(seed), {}
    for day, lost in lost_a_day(dice, START + relativedelta(months=months)).items():
        rows[day] = due(tell, day)
        for loss in rows[day]:
            told(tell, day, deed(dice, loss))
        if day.weekday() == 4:
            told(tell, day, ["move-on", "--ready", "--yes"])
        for _ in range(lost):
            told(tell, day, log(dice))
    return {day: len(some) for day, some in rows.items()}


def told(tell, day, words):
    code, out = tell(day, *words)
    assert code == 0, (day, words)
    return out


def due(tell, day, key="due"):
    return json.loads(told(tell, day, ["due", "--all", "--json"]))[key]


def summary(name, rows):
    """Return a line on so many days."""
    return (
        f"{name:<28} {len(rows):4} working days: mean {mean(rows):.1f},"
        f" 95th percentile {quantiles(rows, n=20)[-1]:.0f}, maximum {max(rows)}"
    )


def report(months):
    """Return the lines that say how long the list was."""
    end = START + relativedelta(months=months)
    with TemporaryDirectory() as folder, door(Path(folder) / "journal.db") as tell:
        rows = simulate(tell, months)
        yield summary("all", list(rows.values()))
        warm = {day: n for day, n in rows.items() if day >= START + timedelta(WARM_UP)}
        yield summary(f"without the first {WARM_UP} days", list(warm.values()))
        for after in range(6, months, 6):
            since = START + relativedelta(months=after)
            until = since + relativedelta(months=6)
            half = [n for day, n in rows.items() if since <= day < until]
            yield summary(f"months {after + 1} to {after + 6}", half)
        for weeks in (2, 4):
            day = working_days(end, end + timedelta(60))[weeks * 5]
            kept_off = {key: due(tell, day, key) for key in ("cold", "ready_to_rest")}
            yield (
                f"{weeks} weeks away, back on {day}: {len(due(tell, day))} due,"
                f" {kept_off['cold']} cold, {kept_off['ready_to_rest']} ready to rest"
            )
        stats = json.loads(told(tell, end, ["stats", "all", "--json"]))["stats"]
        yield f"{stats['lost']} lost, {stats['won_back']} won back, {stats['at_rest']} at rest"


if __name__ == "__main__":
    for line in report(int(sys.argv[1]) if len(sys.argv) > 1 else 12):
        sys.stdout.write(f"{line}\n")

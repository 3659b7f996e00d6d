"""How the plan goes on: `python tests/simulated_year.py [MONTHS]` lives through a year of 100
losses a month as four reps. On each day what is due is compared with what the rules say, by
`independent_plan`, which shares nothing with the program; no list has more than MOST rows, and each
open loss is back on its next plan day at the latest. Figures are printed for each rep.

Due on a working day after 60 days, cold, and how many of those that went cold came up again:

- does all that is due: 27, none
- does half of the rows shown: 198 (the portion has 20), 196, 788 of 876
- never asks why: 72, 27, 985 of 1,028
- away for two weeks: 31, none

Somebody who does half of all that is due, and not just of the portion, has 52 due, 97 at most:
twice what comes up in a day waits. Hence it's the portion that keeps a list under MOST rows. A
year takes two minutes of one processor for each rep."""

import json
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import mean, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from door import door
from independent_plan import Followed

SAID = "budget board home-office partner call-later think-it-over price satisfied".split()
REAL = (
    "price-value product-gap our-company inflexible selling no-access too-slow indecision"
    " status-quo poor-fit relationship no-money circumstance other"
).split()
START, A_MONTH, WARM_UP = date(2025, 1, 1), 100, 60  # days
AWAY = (date(2025, 6, 2), date(2025, 6, 16))
SHOWN, MOST = 20, 30  # rows of a list by itself, and at most


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


def deed(dice, kind):
    """Return what is done about a row of the list."""
    luck = dice.random()
    if kind != "thanks" and luck < 0.15:
        return "no-answer"
    if kind in {"save", "touch"} and luck < 0.17:
        return "won"
    return "done"


def does_all(_, rows):
    return rows


def does_half(_, rows):
    return rows[:SHOWN:2]


def never_asks(_, rows):
    return [row for row in rows if row[1] != "why"]


def is_away(day, rows):
    return [] if AWAY[0] <= day < AWAY[1] else rows


REPS = {
    "does all": does_all,
    "does half": does_half,
    "never asks why": never_asks,
    "away for two weeks": is_away,
}


class Year(NamedTuple):
    """What a rep saw: how many were due each day and how many rows that took, how many were cold,
    kinds that were listed of losses never asked why, and losses that came up again after they had
    gone cold, of those that had."""

    due: dict
    rows: dict
    cold: dict
    unasked: Counter
    again: set
    gone: set


def simulate(tell, works, months, seed=100):
    """Live through the months as a rep; raise AssertionError where the list is not as it should."""
    dice, known = Random(seed), {}
    seen = Year({}, {}, {}, Counter(), set(), set())
    end = START + relativedelta(months=months)
    lost_on = lost_a_day(dice, end)
    for n in range((end - START).days):
        day = START + timedelta(n)
        for loss in known.values():
            loss.look(day)
        if day not in lost_on:
            continue
        expected = {number: loss.kind for number, loss in known.items() if loss.state == "due"}
        cold = {number for number, loss in known.items() if loss.state == "cold"}
        found = json.loads(told(tell, day, ["due", "--all", "--json"]))
        listed = [(loss["number"], loss["next"]["kind"]) for loss in found["due"]]
        assert dict(listed) == expected, (day, set(listed) ^ set(expected.items()))
        assert found["cold"] == len(cold), (day, found["cold"], len(cold))
        assert found["ready_to_rest"] == sum(one.state == "rest" for one in known.values()), day
        shown = sum("\t" in line for line in told(tell, day, ["due"]).splitlines())
        assert shown <= MOST, (day, shown)
        assert all(comes_up(loss) > day for loss in known.values() if is_off_the_list(loss)), day
        seen.due[day], seen.rows[day], seen.cold[day] = len(listed), shown, len(cold)
        seen.again.update(seen.gone & expected.keys())
        seen.gone.update(cold)
        seen.unasked.update(kind for number, kind in listed if not known[number].asked)
        for number, kind in works(day, listed):
            did = deed(dice, kind)
            told(tell, day, [did, number])
            known[number].asked |= kind == "why" and did == "done"
            {"done": known[number].done, "no-answer": known[number].no_answer}.get(
                did, lambda _, loss=known[number]: loss.end()
            )(day)
        if day.weekday() == 4:
            told(tell, day, ["move-on", "--ready", "--yes"])
            for loss in known.values():
                if loss.state == "rest":
                    loss.end()
        for _ in range(lost_on[day]):
            known[len(known) + 1] = logged(tell, day, log(dice))
    return seen


def logged(tell, day, words):
    """Log a loss, and return it as it is to be followed."""
    told(tell, day, words)
    loss = Followed(day, told="--real" in words, dead="dead" in words)
    loss.asked = "--real" in words
    return loss


def is_off_the_list(loss):
    return not loss.is_over and loss.state in {"waits", "cold"}


def comes_up(loss):
    """Return the day on which a loss that's off the list is on it again, or may rest."""
    return loss.line[0][1] if loss.state == "cold" else loss.on


def told(tell, day, words):
    code, out = tell(day, *words)
    assert code == 0, (day, words)
    return out


def summary(name, rows):
    """Return a line on so many days."""
    return (
        f"{name:<28} {len(rows):4} working days: mean {mean(rows):.1f},"
        f" 95th percentile {quantiles(rows, n=20)[-1]:.0f}, maximum {max(rows)}"
    )


def report(months):
    """Return the lines that say what each rep saw."""
    for name, works in REPS.items():
        with TemporaryDirectory() as folder, door(Path(folder) / "journal.db") as tell:
            year = simulate(tell, works, months)
        yield summary(f"{name}: due", list(year.due.values()))
        warm = START + timedelta(WARM_UP)
        if months > 2:  # else there is nothing after them
            yield summary("  after 60 days", [n for day, n in year.due.items() if day >= warm])
        yield summary("  rows shown", list(year.rows.values()))
        yield summary("  cold", list(year.cold.values()))
        yield f"  gone cold: {len(year.gone)}, of which came up again: {len(year.again)}"
        kinds = ", ".join(f"{kind} {count}" for kind, count in year.unasked.most_common())
        yield f"  rows of losses not asked why: {kinds}"


if __name__ == "__main__":
    for line in report(int(sys.argv[1]) if len(sys.argv) > 1 else 12):
        sys.stdout.write(f"{line}\n")

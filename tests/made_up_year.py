"""A made-up year, the same every time: `python tests/made_up_year.py FILE` makes a journal of 1,200
losses in 2025, 60 of them won back, through the commands that a user types."""

import io
import json
import os
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from random import Random

from lostsale.cli import run

LOST, WON, MISTAKES = 1200, 60, 5
NEW_YEAR, COUNTED_ON = date(2025, 1, 1), date(2026, 6, 30)
SAID = "budget board home-office partner call-later think-it-over price satisfied".split()
REAL = (
    "price-value product-gap our-company inflexible selling no-access too-slow indecision"
    " status-quo poor-fit relationship no-money circumstance other"
).split()
PLACES = "Oakfield Pike Halden Corvo Nordby Brandt Sella Marlow Tarn Ostrava".split()
TRADES = "Dental|Logistics|School|Hotels|Print|Labs|Foods|& Sons|Clinic|Tools".split("|")


@contextmanager
def door(path):
    """Give `tell(day, *args)`: it runs a command on the journal at `path` as on that day, and
    returns its exit code and what it printed on stdout."""
    kept = {name: os.environ.get(name) for name in ("LOSTSALE_DB", "LOSTSALE_TODAY")}
    os.environ["LOSTSALE_DB"] = str(path)

    def tell(day, *args):
        os.environ["LOSTSALE_TODAY"] = str(day)
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            code = run([str(arg) for arg in args])
        return code, out.getvalue()

    try:
        yield tell
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def losses(tell, day, last):
    """Return LOSS of all numbers up to `last`, without those that were undone."""
    shown = (tell(day, "show", number, "--json") for number in range(1, last + 1))
    return [json.loads(out)["loss"] for code, out in shown if code == 0]


def events(dice):
    """Return what happens in order: (day, loss or None for a new one, words of the command)."""
    days = sorted(NEW_YEAR + timedelta(dice.randrange(365)) for _ in range(LOST + MISTAKES))
    mistakes = set(dice.sample(range(1, LOST + MISTAKES + 1), MISTAKES))
    real_deals = [number for number in range(1, LOST + MISTAKES + 1) if number not in mistakes]
    won = set(dice.sample(real_deals, WON))
    found = []
    for number, lost_on in enumerate(days, 1):
        words = logged(dice, number) + (["--outcome", "mistake"] if number in mistakes else [])
        found.append((lost_on, None, words))
        if number not in mistakes:
            found += followed(dice, number, lost_on, number in won)
    return sorted(found, key=lambda event: event[0])


def logged(dice, number):
    """Return the words that log a loss."""
    words = ["log", f"{dice.choice(PLACES)} {dice.choice(TRADES)} {number}"]
    if dice.random() < 0.9:
        words.append(f"{dice.randrange(2, 400) * 250}{dice.choice(['', '', '', 'EUR', 'JPY'])}")
    for chance, option, values in (
        (0.8, "--said", [f"{code}: said {number}" for code in SAID]),
        (0.5, "--guess", REAL),
        (0.1, "--real", [f"{code}: told {number}" for code in REAL]),
        (0.5, "--lost-to", ["Kyolab", "Ostra", "nobody"]),
        (0.3, "--signal", ["silence", "delay", "no-show", "budget"]),
        (0.1, "--way-in", ["dead", "36-month lease"]),
        (0.1, "--weakness", ["company", "personal", "none"]),
        (0.1, "--also", ["thanks", "thanks,referral"]),
        (0.1, "--outcome", ["cancelled", "no-decision"]),
    ):
        if dice.random() < chance:
            words += [option, dice.choice(values)]
    return words


def followed(dice, number, lost_on, is_won):
    """Return what is done about a loss after it, each thing later than the one before."""
    day, found = lost_on, []

    def then(most, *words):
        nonlocal day
        day = min(day + timedelta(dice.randint(1, most)), COUNTED_ON)
        found.append((day, number, list(words)))

    if dice.random() < 0.6:
        reason = f"{dice.choice(REAL)}: words {number}"
        answers = ([reason], [reason], ["--heard", reason], ["--would-not-say"])
        then(6, "why", number, *dice.choice(answers))
    for _ in range(dice.randrange(3)):
        then(20, dice.choice(["done", "done", "no-answer"]), number)
    if dice.random() < 0.3:
        then(60, "touch", number, "happy with the others so far")
    if is_won:
        own = [dice.randrange(1, 100) * 100] if dice.random() < 0.3 else []
        then(200, "won", number, *own)
    elif dice.random() < 0.4:
        then(90, "move-on", number)
    return found


def make(path, seed=1200):
    """Make the journal at `path`, which must not exist."""
    with door(path) as tell:
        for day, _, words in events(Random(seed)):
            code, _ = tell(day, *words)
            # Who is through with the plan has no open step to do.
            assert code == 0 or words[0] in {"done", "no-answer"}, (day, words)


if __name__ == "__main__":
    if len(sys.argv) != 2 or Path(sys.argv[1]).exists():
        sys.exit("Write python tests/made_up_year.py FILE, of a file that does not exist yet")
    make(sys.argv[1])

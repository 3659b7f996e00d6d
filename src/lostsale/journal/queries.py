"""What the daily commands ask of many losses at once: the morning list, names, the year so far.
This SQL must be fast. Choosing and searching are in `search`, the numbers of `stats` in `stats`."""

from datetime import date
from typing import NamedTuple

from lostsale.domain.acts import Applies
from lostsale.domain.dates import Workdays
from lostsale.domain.due import Due, cold_before
from lostsale.domain.money import thousandths
from lostsale.domain.names import folded, matches
from lostsale.domain.periods import Period
from lostsale.journal.store import Store

# Word for word the condition of the index losses_open, or SQLite wouldn't use it.
_OPEN = (
    "next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'"
)
STEP = f"{_OPEN} AND (next_kind = 'rest') = 0"
# What the morning list leaves out: steps gone cold since :cold, and losses ready to close.
COLD = f"{STEP} AND next_on <= :cold"
READY = f"{_OPEN} AND (next_kind = 'rest') = 1 AND next_on <= :today"

# Which losses a command applies to.
_APPLIES: dict[Applies, str] = {
    "any": "1",
    "open step": STEP,
    "not won": "won_on IS NULL AND outcome IS NOT 'mistake'",
    "at work": "won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'",
    "no mistake": "outcome IS NOT 'mistake'",
}


class Name(NamedTuple):
    """What a user can name a loss by."""

    number: int
    prospect: str
    contact: str | None
    product: str | None
    lost_on: date


def due_steps(journal: Store, after: date, until: date, kinds: tuple[str, ...] = ()) -> list[Due]:
    """Return the open steps after one day and up to another, of these kinds or of all."""
    found = journal.connection.execute(
        f"""
        SELECT number, next_kind, next_on, next_time, lost_on, amount, currency FROM losses
        WHERE {STEP} AND next_on > ? AND next_on <= ?
        """,
        (after.isoformat(), until.isoformat()),
    )
    day = date.fromisoformat
    return [
        Due(number, kind, day(on), time, day(lost_on), thousandths(amount, currency))
        for number, kind, on, time, lost_on, amount, currency in found
        if not kinds or kind in kinds
    ]


def cold_and_ready(journal: Store, today: date, workdays: Workdays) -> tuple[int, int]:
    """Count what the morning list leaves out: what has gone cold, and what is ready to rest."""
    days = {"cold": cold_before(today, workdays).isoformat(), "today": today.isoformat()}
    cold, ready = (
        journal.connection.execute(f"SELECT count(*) FROM losses WHERE {which}", days).fetchone()[0]
        for which in (COLD, READY)
    )
    return cold, ready


def next_day(journal: Store, today: date) -> date | None:
    """Return the next day after today on which a step falls."""
    (day,) = journal.connection.execute(
        f"SELECT min(next_on) FROM losses WHERE {STEP} AND next_on > ?", (today.isoformat(),)
    ).fetchone()
    return date.fromisoformat(day) if day else None


def by_name(journal: Store, text: str, applies: Applies) -> list[Name]:
    """Return the losses with all words of `text` in their names, of those that a command applies
    to. If `text` is someone's whole name, only those."""
    whole = folded(text)
    words = whole.split()
    fitting = []
    exact = []
    for number, *names, lost_on in journal.connection.execute(
        f"SELECT number, prospect, contact, product, lost_on FROM losses WHERE {_APPLIES[applies]}"
    ):
        if matches(words, *names):
            name = Name._make((number, *names, date.fromisoformat(lost_on)))
            fitting.append(name)
            if whole in (folded(part or "") for part in names):
                exact.append(name)
    return exact or fitting


def beginning(journal: Store, digits: str, most: int) -> list[int]:
    """Return at most so many numbers that begin with these digits, newest first."""
    query = "SELECT number FROM losses WHERE number LIKE ? || '%' ORDER BY number DESC LIMIT ?"
    return [number for (number,) in journal.connection.execute(query, (digits, most))]


def applicable(journal: Store, first: int, last: int, applies: Applies) -> list[int]:
    """Return the numbers in a range that a command applies to."""
    query = f"SELECT number FROM losses WHERE number BETWEEN ? AND ? AND {_APPLIES[applies]}"
    return sorted(number for (number,) in journal.connection.execute(query, (first, last)))


def ends(period: Period) -> tuple[str, str]:
    """Return the first and last day of a period as the journal writes them."""
    return str(period.start), str(period.end)


def lost_and_won(journal: Store, period: Period) -> tuple[int, int]:
    """Count the losses of a period, and the wins of the same period."""
    lost, won = (
        journal.connection.execute(
            f"SELECT count(*) FROM losses WHERE {day} BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
            ends(period),
        ).fetchone()[0]
        for day in ("lost_on", "won_on")
    )
    return lost, won


def won_back(journal: Store, period: Period) -> tuple[int, int]:
    """Count the losses of a period, and how many of those were ever won back."""
    lost, won = journal.connection.execute(
        "SELECT count(*), count(won_on) FROM losses"
        " WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
        ends(period),
    ).fetchone()
    return lost, won

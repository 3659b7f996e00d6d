"""Questions over many losses at once: the morning list, and names. The SQL that must be fast."""

from datetime import date
from typing import NamedTuple

from lostsale.dates import Workdays
from lostsale.journal.store import Journal
from lostsale.money import thousandths
from lostsale.morning import Due, cold_before
from lostsale.periods import Period

# Word for word the condition of the index losses_open, or SQLite would not use it.
_OPEN = (
    "next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'"
)
STEP = f"{_OPEN} AND (next_kind = 'rest') = 0"
READY = f"{_OPEN} AND (next_kind = 'rest') = 1"

# Which losses a command can apply to, by its own words.
APPLIES = {
    "any": "1",
    "open step": STEP,
    "not won": "won_on IS NULL AND outcome IS NOT 'mistake'",
    "at work": "won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'",
    "real": "outcome IS NOT 'mistake'",
}


class Standing(NamedTuple):
    """How many losses lie off the morning list: gone cold, and ready to rest."""

    cold: int
    ready: int


class Name(NamedTuple):
    """What a loss is named by."""

    number: int
    prospect: str
    contact: str | None
    product: str | None
    lost_on: date


def due_steps(journal: Journal, after: date, until: date, kinds: tuple[str, ...] = ()) -> list[Due]:
    """Return the open steps of the days after `after` up to `until`, of these kinds or of all."""
    found = journal.connection.execute(
        f"""
        SELECT number, next_kind, next_on, next_time, lost_on, amount, currency FROM losses
        WHERE {STEP} AND next_on > ? AND next_on <= ?
        """,
        (after.isoformat(), until.isoformat()),
    )
    return [
        Due(
            number,
            kind,
            date.fromisoformat(on),
            time,
            date.fromisoformat(lost_on),
            thousandths(amount, currency),
        )
        for number, kind, on, time, lost_on, amount, currency in found
        if not kinds or kind in kinds
    ]


def standing(journal: Journal, today: date, workdays: Workdays) -> Standing:
    """Count what has gone cold and what is ready to rest."""
    cold = f"SELECT count(*) FROM losses WHERE {STEP} AND next_on <= ?"
    ready = f"SELECT count(*) FROM losses WHERE {READY} AND next_on <= ?"
    (cold_count,) = journal.connection.execute(
        cold, (cold_before(today, workdays).isoformat(),)
    ).fetchone()
    (ready_count,) = journal.connection.execute(ready, (today.isoformat(),)).fetchone()
    return Standing(cold_count, ready_count)


def next_day(journal: Journal, today: date) -> date | None:
    """Return the next day after today on which a step falls."""
    (day,) = journal.connection.execute(
        f"SELECT min(next_on) FROM losses WHERE {STEP} AND next_on > ?", (today.isoformat(),)
    ).fetchone()
    return date.fromisoformat(day) if day else None


def ready_to_rest(journal: Journal, today: date) -> list[int]:
    """Return the numbers of the losses that are through with the plan."""
    query = f"SELECT number FROM losses WHERE {READY} AND next_on <= ? ORDER BY number"
    return [number for (number,) in journal.connection.execute(query, (today.isoformat(),))]


def gone_cold(journal: Journal, today: date, workdays: Workdays) -> list[int]:
    """Return the numbers of the losses whose step has gone cold."""
    query = f"SELECT number FROM losses WHERE {STEP} AND next_on <= ? ORDER BY number"
    until = cold_before(today, workdays).isoformat()
    return [number for (number,) in journal.connection.execute(query, (until,))]


def named(journal: Journal, text: str, applies: str) -> list[Name]:
    """Return the losses that all words of `text` fit, of those that a command can apply to.

    An exact name beats a part of one.
    """
    whole = " ".join(text.casefold().split())
    words = whole.split()
    fitting = []
    exact = []
    for number, *names, lost_on in journal.connection.execute(
        f"SELECT number, prospect, contact, product, lost_on FROM losses WHERE {APPLIES[applies]}"
    ):
        folded = [" ".join((name or "").casefold().split()) for name in names]
        if all(any(word in name for name in folded) for word in words):
            name = Name._make((number, *names, date.fromisoformat(lost_on)))
            fitting.append(name)
            if whole in folded:
                exact.append(name)
    return exact or fitting


def beginning(journal: Journal, digits: str, most: int) -> list[int]:
    """Return the numbers that begin with these digits, the newest first."""
    query = "SELECT number FROM losses WHERE number LIKE ? || '%' ORDER BY number DESC LIMIT ?"
    return [number for (number,) in journal.connection.execute(query, (digits, most))]


def applicable(journal: Journal, first: int, last: int, applies: str) -> list[int]:
    """Return those of a range of numbers that a command can apply to."""
    query = f"SELECT number FROM losses WHERE number BETWEEN ? AND ? AND {APPLIES[applies]}"
    return sorted(number for (number,) in journal.connection.execute(query, (first, last)))


def ends(period: Period) -> tuple[str, str]:
    """Return the first and last day of a period as they stand in the journal."""
    return str(period.start or "0000-00-00"), str(period.end or "9999-12-31")


def wins_and_losses(journal: Journal, period: Period) -> tuple[int, int]:
    """Count what was lost and what was won back in the days of a period."""
    counts = (
        journal.connection.execute(
            f"SELECT count(*) FROM losses WHERE {day} BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
            ends(period),
        ).fetchone()[0]
        for day in ("lost_on", "won_on")
    )
    lost, won = counts
    return lost, won


def won_back(journal: Journal, period: Period) -> tuple[int, int]:
    """Count what was lost in the days of a period, and how much of that was won back, whenever."""
    lost, won = journal.connection.execute(
        "SELECT count(*), count(won_on) FROM losses"
        " WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
        ends(period),
    ).fetchone()
    return lost, won

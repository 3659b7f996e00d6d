"""Questions of every day over many losses at once: the morning list, names, how the year stands.
The SQL that must be fast; choosing and finding is in `listed`, what `stats` needs in `counted`."""

from datetime import date
from typing import NamedTuple

from lostsale.domain.acts import Applies
from lostsale.domain.due import Due, cold_before
from lostsale.domain.loss import NOBODY
from lostsale.domain.money import thousandths
from lostsale.domain.names import LOCAL, digits, folded, is_same_phone, matches, nearest
from lostsale.domain.periods import Period
from lostsale.domain.workdays import Workdays
from lostsale.journal.store import Journal

# Word for word the condition of the index losses_open, or SQLite would not use it.
_OPEN = (
    "next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'"
)
STEP = f"{_OPEN} AND (next_kind = 'rest') = 0"
# What is kept off the morning list: up to the day :cold, and up to :today.
COLD = f"{STEP} AND next_on <= :cold"
READY = f"{_OPEN} AND (next_kind = 'rest') = 1 AND next_on <= :today"

# Which losses a command can apply to, by its own words.
APPLIES: dict[Applies, str] = {
    "any": "1",
    "open step": STEP,
    "not won": "won_on IS NULL AND outcome IS NOT 'mistake'",
    "at work": "won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'",
    "no mistake": "outcome IS NOT 'mistake'",
}
_LATEST = 500  # losses from which names in a sentence are known: reading it costs the same for ever


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
    day = date.fromisoformat
    return [
        Due(number, kind, day(on), time, day(lost_on), thousandths(amount, currency))
        for number, kind, on, time, lost_on, amount, currency in found
        if not kinds or kind in kinds
    ]


def standing(journal: Journal, today: date, workdays: Workdays) -> tuple[int, int]:
    """Count what is kept off the morning list: what has gone cold, and what is ready to rest."""
    days = {"cold": cold_before(today, workdays).isoformat(), "today": today.isoformat()}
    cold, ready = (
        journal.connection.execute(f"SELECT count(*) FROM losses WHERE {which}", days).fetchone()[0]
        for which in (COLD, READY)
    )
    return cold, ready


def next_day(journal: Journal, today: date) -> date | None:
    """Return the next day after today on which a step falls."""
    (day,) = journal.connection.execute(
        f"SELECT min(next_on) FROM losses WHERE {STEP} AND next_on > ?", (today.isoformat(),)
    ).fetchone()
    return date.fromisoformat(day) if day else None


def named(journal: Journal, text: str, applies: Applies) -> list[Name]:
    """Return the losses that all words of `text` fit, of those that a command can apply to.

    An exact name beats a part of one; digits fit a phone number, however it's written.
    """
    whole = folded(text)
    words = whole.split()
    is_phone = len(digits(text)) >= LOCAL and not any(map(str.isalpha, text))
    fitting = []
    exact = []
    for number, *names, phone, lost_on in journal.connection.execute(
        "SELECT number, prospect, contact, product, phone, lost_on FROM losses"
        f" WHERE {APPLIES[applies]}"
    ):
        if matches(words, *names) or (is_phone and phone and is_same_phone(text, phone)):
            name = Name._make((number, *names, date.fromisoformat(lost_on)))
            fitting.append(name)
            if whole in (folded(part or "") for part in names):
                exact.append(name)
    return exact or fitting


def nearest_named(journal: Journal, text: str, applies: Applies) -> Name | None:
    """Return the latest loss whose prospect or contact `text` may be a misspelling of."""
    found = journal.connection.execute(
        "SELECT number, prospect, contact, product, lost_on FROM losses"
        f" WHERE {APPLIES[applies]} ORDER BY lost_on DESC, number DESC"
    ).fetchall()
    for place in (1, 2):
        near = nearest(text, dict.fromkeys(row[place] for row in found if row[place]))
        for number, *names, lost_on in found:
            if near and names[place - 1] == near:
                return Name._make((number, *names, date.fromisoformat(lost_on)))
    return None


def rivals_and_products(journal: Journal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who got the order, and what was lost, in the latest losses: each name once."""
    found = journal.connection.execute(
        "SELECT lost_to, product FROM losses WHERE number > (SELECT max(number) FROM losses) - ?",
        (_LATEST,),
    ).fetchall()
    rivals, products = (dict.fromkeys(row[place] for row in found) for place in (0, 1))
    return (
        tuple(name for name in rivals if name and name != NOBODY),
        tuple(name for name in products if name),
    )


def known_prospects(journal: Journal, names: list[str]) -> list[str]:
    """Return those of the names that a prospect has, however it's written."""
    keys = {folded(name): name for name in names}
    marks = ", ".join("?" * len(keys))
    query = f"SELECT DISTINCT prospect_key FROM losses WHERE prospect_key IN ({marks})"
    return [keys[key] for (key,) in journal.connection.execute(query, [*keys])]


def beginning(journal: Journal, digits: str, most: int) -> list[int]:
    """Return the numbers that begin with these digits, the newest first."""
    query = "SELECT number FROM losses WHERE number LIKE ? || '%' ORDER BY number DESC LIMIT ?"
    return [number for (number,) in journal.connection.execute(query, (digits, most))]


def applicable(journal: Journal, first: int, last: int, applies: Applies) -> list[int]:
    """Return those of a range of numbers that a command can apply to."""
    query = f"SELECT number FROM losses WHERE number BETWEEN ? AND ? AND {APPLIES[applies]}"
    return sorted(number for (number,) in journal.connection.execute(query, (first, last)))


def ends(period: Period) -> tuple[str, str]:
    """Return the first and last day of a period as they stand in the journal."""
    return str(period.start), str(period.end)


def lost_and_won(journal: Journal, period: Period) -> tuple[int, int]:
    """Count what was lost and what was won back in the days of a period."""
    lost, won = (
        journal.connection.execute(
            f"SELECT count(*) FROM losses WHERE {day} BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
            ends(period),
        ).fetchone()[0]
        for day in ("lost_on", "won_on")
    )
    return lost, won


def won_back(journal: Journal, period: Period) -> tuple[int, int]:
    """Count what was lost in the days of a period, and how much of that was won back, whenever."""
    lost, won = journal.connection.execute(
        "SELECT count(*), count(won_on) FROM losses"
        " WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake'",
        ends(period),
    ).fetchone()
    return lost, won

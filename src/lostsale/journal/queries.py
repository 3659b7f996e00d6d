"""What the daily commands ask of many losses at once: the morning list, names, the year so far.
This SQL must be fast. Choosing and searching are in `search`, the numbers of `stats` in `stats`."""

from datetime import date, timedelta
from typing import NamedTuple

from lostsale.domain.acts import Applies
from lostsale.domain.due import Due, cold_before
from lostsale.domain.loss import NOBODY
from lostsale.domain.money import thousandths
from lostsale.domain.names import LOCAL, digits, folded, is_same_phone, matches, nearest
from lostsale.domain.periods import Period
from lostsale.domain.workdays import Workdays
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
_STALE_AFTER = 90  # days, after which `due` no longer asks for a name to be called
_LATEST = 500  # losses from which names in a sentence are known: reading it costs the same for ever


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


def names_to_call(journal: Store, today: date) -> int:
    """Count the names that were given lately, and that nobody has called yet."""
    since = today - timedelta(_STALE_AFTER)
    query = (
        "SELECT count(*) FROM referrals"
        " WHERE called_on IS NULL AND dropped_on IS NULL AND given_on > ?"
    )
    return int(journal.connection.execute(query, (since.isoformat(),)).fetchone()[0])


def next_day(journal: Store, today: date) -> date | None:
    """Return the next day after today on which a step falls."""
    (day,) = journal.connection.execute(
        f"SELECT min(next_on) FROM losses WHERE {STEP} AND next_on > ?", (today.isoformat(),)
    ).fetchone()
    return date.fromisoformat(day) if day else None


def by_name(journal: Store, text: str, applies: Applies) -> list[Name]:
    """Return the losses with all words of `text` in their names, of those that a command applies
    to. If `text` is someone's whole name, only those. Digits fit a phone number, however it's
    written."""
    whole = folded(text)
    words = whole.split()
    is_phone = len(digits(text)) >= LOCAL and not any(map(str.isalpha, text))
    fitting = []
    exact = []
    for number, *names, phone, lost_on in journal.connection.execute(
        "SELECT number, prospect, contact, product, phone, lost_on FROM losses"
        f" WHERE {_APPLIES[applies]}"
    ):
        if matches(words, *names) or (is_phone and phone and is_same_phone(text, phone)):
            name = Name._make((number, *names, date.fromisoformat(lost_on)))
            fitting.append(name)
            if whole in (folded(part or "") for part in names):
                exact.append(name)
    return exact or fitting


def nearest_named(journal: Store, text: str, applies: Applies) -> Name | None:
    """Return the latest loss whose prospect or contact `text` may be a misspelling of."""
    found = journal.connection.execute(
        "SELECT number, prospect, contact, product, lost_on FROM losses"
        f" WHERE {_APPLIES[applies]} ORDER BY lost_on DESC, number DESC"
    ).fetchall()
    for place in (1, 2):
        near = nearest(text, dict.fromkeys(row[place] for row in found if row[place]))
        for number, *names, lost_on in found:
            if near and names[place - 1] == near:
                return Name._make((number, *names, date.fromisoformat(lost_on)))
    return None


def rivals_and_products(journal: Store) -> tuple[tuple[str, ...], tuple[str, ...]]:
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


def known_prospects(journal: Store, names: list[str]) -> list[str]:
    """Return those of the names that a prospect has, however it's written."""
    keys = {folded(name): name for name in names}
    marks = ", ".join("?" * len(keys))
    query = f"SELECT DISTINCT prospect_key FROM losses WHERE prospect_key IN ({marks})"
    return [keys[key] for (key,) in journal.connection.execute(query, [*keys])]


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

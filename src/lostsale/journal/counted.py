"""What the tally of a period is counted from. Apart from the other queries, which run every day."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from lostsale.counting import previous_period
from lostsale.journal.queries import ends
from lostsale.journal.store import Journal
from lostsale.periods import Period
from lostsale.reasons import Vocabulary
from lostsale.tally import Counted, Done, Records

_COUNTED = """
    number, lost_on, outcome, amount, currency, said_code, signals, guess_code, real_code,
    real_source, real_words, asked_on, real_on, weakness, lost_to, won_on, won_amount, won_currency,
    rested_on, said_words, guess_words
"""


def records(journal: Journal, period: Period, today: date) -> Records:
    """Return all that the tally of a period is counted from."""
    days, vocabulary = ends(period), journal.vocabulary()
    compared = previous_period(period, today)
    (referrals,) = journal.connection.execute(
        """
        SELECT count(*) FROM referrals JOIN losses ON losses.uid = referrals.loss
        WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake'
        """,
        days,
    ).fetchone()
    (mistakes,) = journal.connection.execute(
        "SELECT count(*) FROM losses WHERE lost_on BETWEEN ? AND ? AND outcome = 'mistake'", days
    ).fetchone()
    contacts = _tuples(
        journal,
        """
        SELECT number, kind, done_on, answered, marked
        FROM losses CROSS JOIN contacts ON contacts.loss = losses.uid
        WHERE lost_on BETWEEN ? AND ? AND outcome IS NOT 'mistake' AND kind <> 'note'
        """,
        days,
    )
    return Records(
        losses=_counted(journal, "lost_on", days, vocabulary),
        wins=_counted(journal, "won_on", days, vocabulary),
        contacts=[*map(Done._make, contacts)],
        referrals=referrals,
        mistakes=mistakes,
        before=_counted(journal, "lost_on", ends(compared[0]), vocabulary) if compared else (),
        weakness_of=vocabulary.weakness_of,
    )


def _counted(
    journal: Journal, day: str, days: tuple[str, str], vocabulary: Vocabulary
) -> list[Counted]:
    query = f"SELECT {_COUNTED} FROM losses WHERE {day} BETWEEN ? AND ?"
    found = _tuples(journal, f"{query} AND outcome IS NOT 'mistake'", days)
    return [_loss(row, vocabulary) for row in found]


def _tuples(journal: Journal, query: str, days: tuple[str, str]) -> Iterable[tuple[Any, ...]]:
    """Return what a query finds, without names: thousands of rows are read here."""
    cursor = journal.connection.cursor()
    cursor.row_factory = None
    found: Iterable[tuple[Any, ...]] = cursor.execute(query, days)
    return found


def _loss(row: tuple[Any, ...], vocabulary: Vocabulary) -> Counted:
    said, guess, real = (
        code and vocabulary.read(kind, code, words)
        for kind, code, words in (
            ("said", row[5], row[19]),
            ("real", row[7], row[20]),
            ("real", row[8], row[10]),
        )
    )
    signals = () if row[6] == "[]" else tuple(map(vocabulary.current, json.loads(row[6])))
    weakness = row[13] or vocabulary.weakness_of.get(real or guess or "")
    shows = None if weakness == "none" else weakness
    return Counted._make((*row[:5], said, signals, guess, real, *row[9:13], shows, *row[14:19]))

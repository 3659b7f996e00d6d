"""What the tally of a period is added up from: SQLite groups the losses, so that thousands of them
cost neither time nor memory. Apart from the other queries, which run every day."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from lostsale.domain.loss import ATTEMPTS
from lostsale.domain.periods import Period
from lostsale.domain.reasons import OTHER, Vocabulary
from lostsale.domain.tally import Alike, Done, Known, Path, Records, Standing, Unclear, UnclearText
from lostsale.journal.queries import ends
from lostsale.journal.store import Journal

COMMONEST = 3  # words of reasons under no code but other
SOON_DAYS = 3  # after the loss, in which asking counts as early
_EVER = "9999-12-31"
_MONTH = "substr({}, 1, 7)"
_SOON = f"julianday({{}}) - julianday(lost_on) <= {SOON_DAYS}"
# A win has an amount of its own, or is worth what was lost; one after :until is none yet.
_ALIKE = """
    count(*), count(asked_on), sum(real_source IS 'told'), sum(real_source IS 'heard'),
    sum(real_code IS NULL AND guess_code IS NOT NULL), count(iif(won_on <= :until, 1, NULL)),
    currency, sum(amount),
    iif(won_on <= :until, iif(won_amount IS NULL, currency, won_currency), NULL) AS won_in,
    sum(iif(won_on <= :until, coalesce(won_amount, amount), NULL))
"""
_LOST = "lost_on BETWEEN :start AND :end AND outcome IS NOT 'mistake'"


def records(journal: Journal, period: Period, today: date) -> Records:
    """Return all that the tally of a period is added up from."""
    days, vocabulary = ends(period), journal.vocabulary
    compared = period.compared(today)
    month = _MONTH.format("lost_on")
    made = _alike(journal, _MONTH.format("won_on"), days, day="won_on")
    before = _alike(journal, month, ends(compared[0]), until=str(compared[1])) if compared else []
    paths, tried = _paths(journal, days)
    return Records(
        standing=_standing(journal, days),
        months=[(key, alike) for (key, _), alike in _alike(journal, month, days)],
        wins=[(key, alike) for (key, _), alike in made],
        reasons=_reasons(journal, days, vocabulary),
        lost_to=Counter(
            _rows(journal, f"SELECT lost_to, won_on IS NOT NULL FROM losses WHERE {_LOST}", days)
        ),
        signals=_signals(journal, days),
        paths=paths,
        tried=tried,
        days_to_win=dict(
            _rows(
                journal,
                f"""
                SELECT CAST(julianday(won_on) - julianday(lost_on) AS INTEGER) AS days, count(*)
                FROM losses WHERE {_LOST} AND won_on IS NOT NULL GROUP BY days
                """,
                days,
            )
        ),
        before=[alike for _, alike in before],
        weakness_of=vocabulary.weakness_of,
        unclear=_unclear(journal, days),
    )


def _rows(
    journal: Journal, query: str, days: tuple[str, str], until: str = _EVER
) -> Iterable[tuple[Any, ...]]:
    cursor = journal.connection.cursor()
    cursor.row_factory = None
    found: Iterable[tuple[Any, ...]] = cursor.execute(
        query, {"start": days[0], "end": days[1], "until": until}
    )
    return found


def _standing(journal: Journal, days: tuple[str, str]) -> Standing:
    query = f"""
        SELECT min(lost_on), count(iif({_SOON.format("asked_on")}, 1, NULL)),
            count(iif(real_source = 'told' AND {_SOON.format("real_on")}, 1, NULL)),
            count(*) - count(coalesce(won_on, rested_on)),
            count(iif(won_on IS NULL, rested_on, NULL)), count(*) - count(amount),
            (SELECT count(*) FROM losses
             WHERE lost_on BETWEEN :start AND :end AND outcome = 'mistake'),
            (SELECT count(*) FROM losses CROSS JOIN referrals ON loss = losses.uid WHERE {_LOST})
        FROM losses WHERE {_LOST}
    """
    return Standing(*next(iter(_rows(journal, query, days))))


def _alike(
    journal: Journal,
    keys: str,
    days: tuple[str, str],
    *,
    day: str = "lost_on",
    until: str = _EVER,
    also: str = "NULL",
) -> list[tuple[tuple[Any, ...], Alike]]:
    """Return the losses of some days, grouped by `keys` and currencies: of each group the keys and
    what is `also` asked, and what it adds up to."""
    query = f"""
        SELECT {_ALIKE}, {keys}, {also} FROM losses
        WHERE {day} BETWEEN :start AND :end AND outcome IS NOT 'mistake'
        GROUP BY {keys}, currency, won_in
    """
    size = len(Alike._fields)
    return [(row[size:], Alike._make(row[:size])) for row in _rows(journal, query, days, until)]


def _reasons(
    journal: Journal, days: tuple[str, str], vocabulary: Vocabulary
) -> list[tuple[Known, Alike]]:
    """Return the losses by why they were lost, with the words of each group that were told last."""
    keys = "said_code, guess_code, real_code, weakness"
    # Of one max() and a plain column beside it, SQLite takes the column from the row of the max.
    told = "real_on || printf('%020d', number)"
    last = f"max(iif(real_source = 'told' AND real_words <> '', {told}, NULL)), real_words"
    found = []
    for row, alike in _alike(journal, keys, days, also=last):
        said, guess, real, given, *words = row
        weakness = given or vocabulary.weakness_of.get(real or guess or "")
        shows = None if weakness == "none" else weakness
        found.append((Known(said, guess, real, shows, *words), alike))
    return found


def _signals(journal: Journal, days: tuple[str, str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    found = Counter(_rows(journal, f"SELECT signals FROM losses WHERE {_LOST}", days))
    for (signals,), lost in found.items():
        for code in json.loads(signals):
            counts[code] += lost
    return counts


def _unclear(journal: Journal, days: tuple[str, str]) -> Unclear:
    """Return how many reasons stand under no code but other, with their commonest words."""
    query = f"""
        SELECT 'real', iif(real_code IS NULL, guess_words, real_words) AS words, count(*) AS lost
        FROM losses WHERE {_LOST} AND coalesce(real_code, guess_code) = '{OTHER}' GROUP BY words
        UNION ALL
        SELECT 'said', said_words AS words, count(*) AS lost
        FROM losses WHERE {_LOST} AND said_code = '{OTHER}' GROUP BY words
        ORDER BY lost DESC, words
    """
    count, texts = 0, list[UnclearText]()
    for kind, words, lost in _rows(journal, query, days):
        count += lost
        if words and len(texts) < COMMONEST:
            texts.append(UnclearText(kind, words, lost))
    return Unclear(count, tuple(texts))


def _paths(journal: Journal, days: tuple[str, str]) -> tuple[list[Path], Counter[str]]:
    """Return the losses by what was done about them, and of each month how many were tried again.
    Of entries only what counts is asked for, so that few losses differ."""
    query = f"""
        SELECT {_MONTH.format("lost_on")}, won_on IS NOT NULL, (
            SELECT group_concat(
                CASE WHEN kind = 'referral' THEN kind || ' - ' || coalesce(answered, 0)
                    WHEN marked IS NOT NULL THEN kind || ' ' || marked || ' ' || answered
                    ELSE kind END || iif(done_on > won_on, ' late', '')
            ) FROM contacts WHERE loss = losses.uid AND kind <> 'note'
        ) FROM losses WHERE {_LOST}
    """
    # Faster than a GROUP BY, and as sparing, as only texts that differ are kept.
    found = Counter(_rows(journal, query, days))
    contacts = {text: _contacts(text) for _, _, text in found}
    attempts = {text for text in contacts if any(one.kind in ATTEMPTS for one in contacts[text])}
    paths: Counter[tuple[bool, str | None]] = Counter()
    tried: Counter[str] = Counter()
    for (month, is_won, text), losses in found.items():
        paths[bool(is_won), text] += losses
        tried[month] += losses if text in attempts else 0
    return [Path(won, contacts[text], losses) for (won, text), losses in paths.items()], tried


def _contacts(text: str | None) -> tuple[Done, ...]:
    """Return the entries that _paths has written as `meet 1 0 late,touch`."""
    return tuple(map(_done, text.split(","))) if text else ()


@cache
def _done(entry: str) -> Done:
    kind, *words = entry.split()
    marked, answered = words[:2] if len(words) > 1 else ("-", "0")
    is_marked = None if marked == "-" else marked == "1"
    return Done(kind, is_marked, answered == "1", "late" not in words)

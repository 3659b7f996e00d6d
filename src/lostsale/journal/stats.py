"""The groups of losses that `stats` counts. SQLite adds them up, so that thousands of losses cost
neither time nor memory."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import cache
from typing import Any

from lostsale.domain.groups import (
    ContactHistory,
    GroupCounts,
    GroupTotals,
    PeriodGroups,
    PeriodTotals,
    ReasonGroup,
)
from lostsale.domain.loss import AFTER_WIN
from lostsale.domain.periods import Period
from lostsale.domain.reasons import OTHER
from lostsale.domain.tally import Learned, UnclearWords
from lostsale.journal.store import Store
from lostsale.journal.tables import TABLES

COMMONEST = 3  # words of reasons under no code but other
SOON_DAYS = 3  # after the loss, in which asking counts as early
_NOTED = {"": None, "0": False, "1": True}
_EVER = "9999-12-31"
_LOST = "lost_on BETWEEN :start AND :end AND outcome IS NOT 'mistake'"
_SOON = f"julianday({{}}) - julianday(lost_on) <= {SOON_DAYS}"
# A win has an amount of its own, or is worth what was lost; one after :until isn't one yet.
_COUNTS = """
    count(*), count(asked_on), sum(real_source IS 'told'), sum(real_source IS 'heard'),
    sum(real_code IS NULL AND guess_code IS NOT NULL), count(iif(won_on <= :until, 1, NULL))
"""
_AMOUNTS = """
    currency, sum(amount),
    iif(won_on <= :until, iif(won_amount IS NULL, currency, won_currency), NULL) AS won_in,
    sum(iif(won_on <= :until, coalesce(won_amount, amount), NULL))
"""
_TOTALS = f"""
    SELECT min(lost_on), count(iif({_SOON.format("asked_on")}, 1, NULL)),
        count(iif(real_source = 'told' AND {_SOON.format("real_on")}, 1, NULL)),
        count(*) - count(coalesce(won_on, rested_on)),
        count(iif(won_on IS NULL, rested_on, NULL)), count(*) - count(amount),
        (SELECT count(*) FROM losses
         WHERE lost_on BETWEEN :start AND :end AND outcome = 'mistake'),
        (SELECT count(*) FROM losses CROSS JOIN referrals ON loss = losses.uid WHERE {_LOST})
    FROM losses WHERE {_LOST}
"""
_LEARNED = f"""
    SELECT number, prospect, lesson FROM losses WHERE {_LOST} AND lesson <> ''
    ORDER BY lost_on, number
"""
_OUTCOME = "signals, julianday(won_on) - julianday(lost_on)"
# Each with all that is counted of it, so that the contacts of a loss are looked up once.
_CONTACTS = """
    SELECT group_concat(iif(kind IN ('meet', 'referral'),
        kind || ' ' || ifnull(marked, '') || ' ' || ifnull(answered, ''), kind))
    FROM contacts WHERE loss = losses.uid AND kind <> 'note'
"""
_HISTORY = f"""
    substr(lost_on, 1, 7), won_on IS NOT NULL, ({_CONTACTS}),
    iif(won_on IS NULL, NULL, ({_CONTACTS} AND done_on > won_on))
"""
_UNNOTED = f"""
    SELECT next_marked, count(*) FROM losses
    WHERE {_LOST} AND next_kind = 'meet' AND next_on < :until
        AND (plan_step LIKE '%{AFTER_WIN}' OR next_on < coalesce(won_on, rested_on, :until))
        AND NOT EXISTS (SELECT 1 FROM contacts WHERE loss = losses.uid
            AND kind = 'meet' AND answered IS NULL AND done_on = next_on)
    GROUP BY 1
"""
_QUOTES = f"""
    SELECT real_code, real_words FROM losses
    WHERE {_LOST} AND real_source = 'told' AND real_words <> '' ORDER BY real_on, number
"""


def period_groups(
    journal: Store, period: Period, today: date, *, private: bool = False, shared: bool = False
) -> PeriodGroups:
    """Return the losses of a period in groups, and those of the period before as of today; with
    what was learned from them if it's `private`, and if it's `shared`, without quotes, and as if no
    answer showed a personal weakness."""
    with _impersonal(journal) if shared else nullcontext():
        groups = _period_groups(journal, period, today, private=private)
    return groups._replace(quotes={}, unclear=[], is_shared=True) if shared else groups


@contextmanager
def _impersonal(journal: Store) -> Iterator[None]:
    """Have every query find losses without the answers that show a personal weakness. A number that
    doesn't depend on an answer can't give it away, nor can two of them together."""
    shows = journal.vocabulary.weakness_of
    personal = ", ".join(f"'{code}'" for code, weakness in shows.items() if weakness == "personal")
    hides = f"weakness IS 'personal' OR coalesce(real_code, guess_code) IN ({personal})"
    shown = {
        **{name: name for name in ("uid", "number", *TABLES["loss"].columns)},
        **{
            name: f"iif({hides}, NULL, {name}) AS {name}"
            for name in ("real_code", "real_source", "weakness")
        },
        "guess_code": f"iif({hides} OR guess_code IN ({personal}), NULL, guess_code) AS guess_code",
    }
    # A temporary view hides the table of its name.
    execute = journal.connection.execute
    execute(f"CREATE TEMP VIEW losses AS SELECT {', '.join(shown.values())} FROM main.losses")
    try:
        yield
    finally:
        execute("DROP VIEW temp.losses")


def _period_groups(journal: Store, period: Period, today: date, *, private: bool) -> PeriodGroups:
    weakness_of = journal.vocabulary.weakness_of
    lost_in, won_in = "substr(lost_on, 1, 7)", "substr(won_on, 1, 7)"
    lost = _grouped(journal, period, f"{lost_in}, lost_to")  # to be added up both ways
    wins = _grouped(journal, period, won_in, of_day="won_on")
    compared = period.compared(today)
    before = _grouped(journal, compared[0], lost_in, until=str(compared[1])) if compared else []
    signals, days_to_win = Counter[str](), Counter[int]()
    outcomes = _counted(journal, period, _OUTCOME)
    came_before = json.loads(f"[{','.join(codes for codes, _ in outcomes)}]")
    for codes, ((_, days), losses) in zip(came_before, outcomes.items(), strict=True):
        for code in codes:
            signals[code] += losses
        if days is not None:
            days_to_win[int(days)] += losses
    under_other, unclear = _unclear(journal, period)
    histories, appointments, asked = _contacts(journal, period)
    for marked, count in _rows(journal, _UNNOTED, period, str(today)):
        appointments[marked, None] += count
    return PeriodGroups(
        totals=PeriodTotals._make((*next(iter(_rows(journal, _TOTALS, period))), asked)),
        months=[(month, totals) for (month, _), totals in lost],
        wins=[(month, totals) for (month,), totals in wins],
        reasons=_reasons(journal, period, weakness_of),
        quotes=dict(_rows(journal, _QUOTES, period)),  # of each the latest
        histories=histories,
        appointments=appointments,
        lost_to=[(name, totals) for (_, name), totals in lost],
        signals=signals,
        days_to_win=days_to_win,
        previous=[totals for _, totals in before],
        weakness_of=weakness_of,
        under_other=under_other,
        unclear=unclear,
        coming_up=_coming_up(journal, today),
        learned=[Learned._make(row) for row in _rows(journal, _LEARNED, period)] if private else [],
    )


def _coming_up(journal: Store, today: date) -> list[tuple[str, GroupTotals]]:
    query = """
        SELECT substr(again_on, 1, 7), count(*), currency, sum(amount) FROM losses
        WHERE again_on >= ?1 AND again_on < date(?1, '+12 months') AND outcome IS NOT 'mistake'
        GROUP BY 1, currency
    """
    return [
        (month, GroupTotals(GroupCounts(losses, *(0,) * 5), currency, amount, None, None))
        for month, losses, currency, amount in journal.connection.execute(query, (str(today),))
    ]


def _rows(
    journal: Store, query: str, period: Period, until: str = _EVER
) -> Iterable[tuple[Any, ...]]:
    cursor = journal.connection.cursor()
    cursor.row_factory = None
    values = {"start": str(period.start), "end": str(period.end), "until": until}
    rows: Iterable[tuple[Any, ...]] = cursor.execute(query, values)
    return rows


def _counted(journal: Store, period: Period, columns: str) -> Counter[tuple[Any, ...]]:
    """Return how many losses of a period have the same columns."""
    # Faster than GROUP BY, and takes no more memory: only what differs is kept.
    return Counter(_rows(journal, f"SELECT {columns} FROM losses WHERE {_LOST}", period))


def _grouped(
    journal: Store, period: Period, keys: str, *, of_day: str = "lost_on", until: str = _EVER
) -> list[tuple[tuple[Any, ...], GroupTotals]]:
    """Return the losses of a period in groups of the same keys and currencies: for each the keys
    and its totals."""
    query = f"""
        SELECT {_COUNTS}, {_AMOUNTS}, {keys} FROM losses
        WHERE {of_day} BETWEEN :start AND :end AND outcome IS NOT 'mistake'
        GROUP BY {keys}, currency, won_in
    """
    counts = len(GroupCounts._fields)
    totals = counts + len(GroupTotals._fields) - 1
    return [
        (row[totals:], GroupTotals(GroupCounts._make(row[:counts]), *row[counts:totals]))
        for row in _rows(journal, query, period, until)
    ]


def _reasons(
    journal: Store, period: Period, weakness_of: Mapping[str, str]
) -> list[tuple[ReasonGroup, GroupTotals]]:
    found = []
    keys = "said_code, guess_code, real_code, weakness"
    for (said, guess, real, given), totals in _grouped(journal, period, keys):
        weakness = given or weakness_of.get(real or guess or "")
        shown = None if weakness == "none" else weakness
        found.append((ReasonGroup(said, guess, real, shown), totals))
    return found


def _contacts(
    journal: Store, period: Period
) -> tuple[list[tuple[ContactHistory, int]], Counter[tuple[bool | None, bool | None]], int]:
    """Return what was done about losses, the appointments by whether they were marked and kept, and
    how many losses were asked for a referral."""
    histories, appointments, asked = [], Counter[tuple[bool | None, bool | None]](), 0
    for (month, is_won, every, late), losses in _counted(journal, period, _HISTORY).items():
        kinds, meets, is_asked = _read_contacts(every)
        histories.append(
            (ContactHistory(month, bool(is_won), kinds, _read_contacts(late)[0]), losses)
        )
        for meet in meets:
            appointments[meet] += losses
        asked += losses * is_asked
    return histories, appointments, asked


@cache  # they are much the same
def _read_contacts(
    text: str | None,
) -> tuple[tuple[str, ...], list[tuple[bool | None, bool | None]], bool]:
    """Return the kinds of contacts, the appointments, and whether a referral was asked for."""
    kinds, meets, is_asked = [], [], False
    for one in text.split(",") if text else ():
        kind, *noted = one.split(" ")
        marked, answered = map(_NOTED.get, noted or ("", ""))
        if kind == "meet":
            meets.append((marked, answered))
        if kind != "meet" or answered is not None:  # else nobody noted whether it was kept
            kinds.append(kind)
        is_asked |= kind == "referral" and answered is not False
    return tuple(kinds), meets, is_asked


def _unclear(journal: Store, period: Period) -> tuple[int, list[UnclearWords]]:
    """Return how many reasons are under no code but other, with their commonest words."""
    query = f"""
        SELECT 'real' AS kind, iif(real_code IS NULL, guess_words, real_words) AS words,
            count(*) AS lost
        FROM losses WHERE {_LOST} AND coalesce(real_code, guess_code) = '{OTHER}' GROUP BY words
        UNION ALL
        SELECT 'said' AS kind, said_words AS words, count(*) AS lost
        FROM losses WHERE {_LOST} AND said_code = '{OTHER}' GROUP BY words
        ORDER BY lost DESC, words, kind
    """
    count, texts = 0, list[UnclearWords]()
    for kind, words, lost in _rows(journal, query, period):
        count += lost
        if words and len(texts) < COMMONEST:
            texts.append(UnclearWords(words, kind, lost))
    return count, texts

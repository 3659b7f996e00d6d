"""The turns of the losses, kept in a table beside them: `domain.turns` works them out, and what the
list needs is read from an index of them. The fold writes them with each loss that it writes."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lostsale.domain.loss import AFTER_WIN, RENEW, Loss
from lostsale.domain.money import thousandths
from lostsale.domain.plan import DEFAULT, Plan, PlanStep
from lostsale.domain.settings import Settings
from lostsale.domain.turns import turns
from lostsale.errors import BadInput
from lostsale.journal import rows
from lostsale.journal.tables import UNREADABLE

ON_WHICH_TURNS_DEPEND = frozenset({"plan", "workdays", "again-before"})  # settings
_HAS_TURNS = f"""outcome IS NOT 'mistake' AND (
    again_on IS NOT NULL OR plan_step LIKE '%{AFTER_WIN}'
    OR (next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL)
)"""


def plan_of(settings: Settings) -> Plan:
    """Return the plan in force. Raises BadInput if the user's own can't be read."""
    steps = _read(settings.plan) if settings.plan else DEFAULT
    return Plan(steps, settings.workdays, settings.again_before)


@lru_cache(maxsize=1)
def _read(plan: str) -> tuple[PlanStep, ...]:
    from lostsale.domain.plan_text import read_plan  # most people use lostsale's plan

    return read_plan(plan)


def open_losses(connection: sqlite3.Connection, change: int | None = None) -> list[str]:
    """Return the uids of the losses that may have turns, of all or of those that a change made."""
    of = "?1 IS NULL OR uid IN (SELECT subject FROM changed WHERE change = ?1)"
    query = f"SELECT uid FROM losses WHERE {_HAS_TURNS} AND ({of})"
    return [uid for (uid,) in connection.execute(query, (change,))]


def rewrite_turns(connection: sqlite3.Connection, losses: Iterable[str]) -> None:
    """Work the turns of these losses out again, given the uids."""
    execute, plan = connection.execute, _plan(connection)
    uids = list(losses)
    for start in range(0, len(uids), _PORTION):
        among = json.dumps(uids[start : start + _PORTION])
        numbers = f"SELECT number FROM losses WHERE {_AMONG}"
        execute(f"DELETE FROM turns WHERE number IN ({numbers})", (among,))
        found = rows.read_losses(connection, f"{_AMONG} AND {_HAS_TURNS}", among)
        execute(_INSERT, (json.dumps([row for loss in found for row in _rows(loss, plan)]),))


def wrong_turns(connection: sqlite3.Connection) -> set[str]:
    """Return the uids of the losses whose turns would come out differently today."""
    plan, wrong = _plan(connection), set[str]()
    kept: dict[int, set[tuple[object, ...]]] = {}
    for row in map(tuple, connection.execute("SELECT * FROM turns")):
        kept.setdefault(row[_NUMBER], set()).add(row)

    def look(uids: list[str]) -> None:
        try:
            losses = rows.read_losses(connection, _AMONG, json.dumps(uids))
            anew = {loss.uid: (loss.number or 0, set(_rows(loss, plan))) for loss in losses}
        except UNREADABLE:
            if len(uids) == 1:
                wrong.update(uids)
            else:  # one of them hides what is true of the others
                for uid in uids:
                    look([uid])
        else:
            wrong.update({*uids} - anew.keys())
            wrong.update(
                uid for uid, (number, its) in anew.items() if kept.pop(number, set()) != its
            )

    uids = open_losses(connection)
    for start in range(0, len(uids), _PORTION):
        look(uids[start : start + _PORTION])
    others = connection.execute(
        "SELECT uid FROM losses WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps([*kept]),),
    )
    return wrong | {uid for (uid,) in others}


def _plan(connection: sqlite3.Connection) -> Plan:
    settings = Settings(dict(connection.execute("SELECT key, value FROM settings").fetchall()))
    try:
        return plan_of(settings)
    except BadInput:  # then nothing can be done about a loss before that is fixed
        return Plan(DEFAULT, settings.workdays)


_AMONG = "uid IN (SELECT value FROM json_each(?))"
_PORTION = 200
_NUMBER = 3  # the place of a loss's number in a row
_VALUES = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(10))
_INSERT = f"INSERT INTO turns SELECT {_VALUES} FROM json_each(?)"


def _rows(loss: Loss, plan: Plan) -> Iterator[tuple[object, ...]]:
    money = loss.money
    worth = thousandths(money.minor, money.currency) if money else 0
    of_loss = (loss.lost_on.isoformat(), worth, money and money.currency)
    is_cancelled = int(loss.outcome == "cancelled")
    for step, since, until, state in turns(loss, plan):
        if since < until:
            named = RENEW if state == "due" and step.kind == RENEW else state
            days = since.isoformat(), until.isoformat()
            yield (named, *days, loss.number, step.kind, step.time, *of_loss, is_cancelled)

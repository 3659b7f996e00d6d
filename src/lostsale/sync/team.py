"""The team's shared tally, which the server adds up, and what its managers keep there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostsale.domain.groups import (
    ContactHistory,
    GroupCounts,
    GroupTotals,
    PeriodGroups,
    PeriodTotals,
    ReasonGroup,
    Units,
    parts,
    tally,
)
from lostsale.domain.periods import Period
from lostsale.domain.reasons import PLAIN, Code
from lostsale.domain.tally import PartCount, Tally
from lostsale.errors import BadInput, CannotOpen
from lostsale.sync.exchange import Memory
from lostsale.sync.server import OLDER, SHARING, errors, is_server, schema_of, server_at
from lostsale.sync.share import team_codes

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

_SUMS = "SELECT * FROM lostsale_sums(%s, %s, %s)"
_IS_MANAGER = "SELECT 1 FROM lostsale_managers WHERE name = current_user"


@contextmanager
def team_server(path: Path, address: str | None) -> "Iterator[Connection]":
    """Connect to the team's server: at this address, else where it was the last time, which is kept
    with what is known of a journal's machines. Raises BadInput, CannotOpen or NewerJournal."""
    memory = Memory(path)
    address = address or memory.server
    if not is_server(address):
        raise BadInput("No server yet", "Give it once", "team stats --server postgresql://host/db")
    with server_at(address) as connection, errors():
        if schema_of(connection) < SHARING:
            raise BadInput(f"There's no team yet: {OLDER}")
        if address != memory.server:
            memory.keep(address, memory.of(address), is_target=False)
        yield connection


def keep_code(connection: "Connection", code: Code, *, drop: bool) -> None:
    """Put a code on the team's list, or take it off. Raises CannotOpen for those who aren't
    managers."""
    if not connection.execute(_IS_MANAGER).fetchone():
        raise CannotOpen("Only managers can change the team's list", "See", "team roles")
    if drop:
        connection.execute("DELETE FROM lostsale_codes WHERE code = %s", (code.code,))
        return
    connection.execute(
        "INSERT INTO lostsale_codes VALUES (%s, %s, %s) ON CONFLICT (code)"
        " DO UPDATE SET kind = excluded.kind, weakness = excluded.weakness",
        code[:3],
    )


def roles_sql(reps: Iterable[str], managers: Iterable[str]) -> list[str]:
    """Return what the owner of a database runs to make roles of these names."""

    def quoted(name: str, mark: str) -> str:
        return f"{mark}{name.replace(mark, mark * 2)}{mark}"

    managers = list(managers)
    names = [*reps, *managers]
    return [
        *(f"CREATE ROLE {quoted(name, chr(34))} LOGIN;" for name in names),
        *(f"INSERT INTO lostsale_managers VALUES ({quoted(name, chr(39))});" for name in managers),
    ]


def _totals(one: Any) -> GroupTotals:
    """Return what a row of lostsale_sums adds up to."""
    counts = (one.lost, one.asked, one.told, one.heard, one.guessed, one.won)
    amount, won = (None if sums is None else int(sums) for sums in (one.amount, one.won_amount))
    numbers = GroupCounts(*(int(count or 0) for count in counts))
    return GroupTotals(numbers, one.currency, amount, one.won_in, won)


def team_tally(
    connection: "Connection",
    period: Period,
    today: date,
    target: int,
    units: Units,
    part: str | None,
) -> tuple[Tally, tuple[PartCount, ...]]:
    """Return the numbers of all who share, as the server adds them up, and those of each `part`,
    rep or product. Reasons, competitors and parts are those of whole years, and empty for a shorter
    period. Raises BadInput for a period that doesn't consist of months."""
    is_all = period.unit == "all"
    if not is_all and (period.start.day, (period.end + timedelta(1)).day) != (1, 1):
        raise BadInput("The team's losses are counted by whole months", "Write 2026-11 or 2026")
    has_years = is_all or (period.start.month, period.end.month) == (1, 12)
    if part and not has_years:
        raise BadInput(f"--by {part} counts whole years", "Write 2026")
    months = range(_month(period.start), _month(period.end) + 1)
    found: dict[str, list[Any]] = {}
    from psycopg.rows import namedtuple_row

    cursor = connection.cursor(row_factory=namedtuple_row)
    rows: Iterable[Any] = cursor.execute(_SUMS, (period.start.year, period.end.year, part))
    for one in rows:
        is_in = has_years or (one.cut in {"lost", "won"} and one.month in months)
        if is_in or one.cut == "again":
            found.setdefault(one.cut, []).append(one)
    counted = tally(_groups(found, today, team_codes(connection)), period, today, target, units)
    attempts = sum(one.more[5] for one in found.get("lost", ()))
    wins = counted.wins_by._replace(kind=(), contacts=())  # nobody shares what they did
    counted = counted._replace(attempts=attempts, wins_by=wins, previous=None)
    return counted, parts((one.name, _totals(one)) for one in found.get("part", ()))


def _groups(found: Mapping[str, list[Any]], today: date, codes: Iterable[Code]) -> PeriodGroups:
    lost = found.get("lost", [])
    months = [one.month for one in lost if one.month is not None]
    more = [sum(column) for column in zip(*(one.more for one in lost), strict=True)] or [0] * 7
    asked_soon, told_soon, rested, without_amount, *_ = more
    histories = [
        (ContactHistory(_label(one.month), is_won, ("touch",), ()), losses)
        for one in lost
        for is_won, losses in ((True, one.more[6]), (False, one.more[4] - one.more[6]))
    ]
    days = Counter[int]()
    for one in found.get("days", ()):
        if one.month is not None:
            days[one.month] += one.lost
    return PeriodGroups(
        totals=PeriodTotals(
            first_day=f"{_label(min(months))}-01" if months else None,
            asked_soon=asked_soon,
            told_soon=told_soon,
            still_open=sum(one.lost - one.won for one in lost) - rested,
            at_rest=rested,
            without_amount=without_amount,
            mistakes=0,
            referrals=0,
            referrals_asked=0,
        ),
        months=[(_label(one.month), _totals(one)) for one in lost],
        wins=[(_label(one.month), _totals(one)) for one in found.get("won", ())],
        reasons=[
            (ReasonGroup(one.said_code, one.guess_code, one.real_code, one.weakness), _totals(one))
            for one in found.get("reason", ())
        ],
        quotes={},
        histories=histories,
        appointments={},
        lost_to=[(one.name, _totals(one)) for one in found.get("name", ())],
        signals={},
        days_to_win=days,
        previous=[],
        weakness_of={
            **PLAIN.weakness_of,
            **{one.code: one.weakness for one in codes if one.weakness not in {None, "none"}},
        },
        coming_up=[
            (_label(one.month), _totals(one))
            for one in found.get("again", ())
            if 0 <= (one.month or 0) - _month(today) < 12
        ],
    )


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _label(month: int | None) -> str:
    return "" if month is None else f"{month // 12:04}-{month % 12 + 1:02}"

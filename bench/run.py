# ruff: noqa: INP001, T201, S311, S603 - a script that prints, makes data up, and runs what it says
"""How long lostsale takes, and how much that grows: `python bench/run.py`. See bench/README.md."""

import argparse
import csv
import os
import platform
import pty
import random
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from peers import PACKAGES, PEERS, Peer, taskwarrior

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 24)
SIZES = (1_200, 12_000, 120_000)
LARGE = 1_000_000
OPEN = 600  # losses with a next step, whatever the size: nobody works more
YEARS = 10  # over which a larger journal reaches back
IMPORTED = 100_000
PATIENCE = 30  # seconds, after which a program's run is broken off,
STOPPED = 124  # as timeout(1) says
REASONS = ("Price", "Chose Competitor", "No Decision / Stalled", "Missing Features", "Timing")
HEADERS = "Deal ID,Company,Contact,Email,Phone,Product,Stage,Close date,Amount,Lost reason".split(
    ","
)


# Gives the change that add_work makes its checksum, and the losses their turns: else the journal
# would count as damaged.
SIGN = """
import sqlite3, sys
from lostsale.journal.agenda import open_losses, rewrite_turns
from lostsale.journal.changes import checksum
journal = sqlite3.connect(sys.argv[1])
journal.row_factory = sqlite3.Row
rewrite_turns(journal, open_losses(journal))
(change,) = journal.execute("SELECT id FROM changes WHERE uid = 'bench'").fetchone()
journal.execute("UPDATE changes SET checksum = ? WHERE id = ?", (checksum(journal, change), change))
journal.commit()
"""


class Spent(NamedTuple):
    """What a process took: user and system time with its children's, time on the clock (both in
    seconds), and memory at its peak (KiB)."""

    cpu: float
    wall: float
    memory: int


class Measured(NamedTuple):
    """A command on a journal of some size: what its runs took, and the CPU time of each as a
    multiple of that of a bare Python started just before."""

    name: str
    size: int
    spent: list[Spent]
    ratios: list[float]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return statistics.median(self.ratios)

    @property
    def memory(self) -> float:
        """The median of the memory at its peak, in KiB."""
        return statistics.median(spent.memory for spent in self.spent)


def spend(command: list[str], env: dict[str, str], *, terminal: bool = False) -> Spent:
    """Run a command to its end, off a terminal or on one of 100 columns; it must end well."""
    if terminal:
        here, there = pty.openpty()
        import fcntl
        import termios

        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        reader = threading.Thread(target=_drain, args=(here,), daemon=True)
        reader.start()
    out = there if terminal else subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdin=out, stdout=out, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if terminal:
        os.close(there)
        reader.join(1)
        os.close(here)
    said = process.stderr.read().decode() if process.stderr else ""
    if process.stderr:
        process.stderr.close()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Spent(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 1 << 16):
            pass
    except OSError:
        pass


class House:
    """lostsale, installed from its wheel into an environment of its own, and its journals."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.bin = work / "env" / "bin"
        if not (self.bin / "lostsale").exists():
            subprocess.run([sys.executable, "-m", "venv", work / "env"], check=True)
            pip: list[str | Path] = [self.bin / "pip", "install", "-q"]
            # With pipx's pip, which is the newest: the commands that older ones make load re first.
            subprocess.run([*pip, "--upgrade", "pip", "build"], check=True)
            build: list[str | Path] = [self.bin / "python", "-m", "build", "-w"]
            subprocess.run(
                [*build, "-o", work / "dist", ROOT], check=True, stdout=subprocess.DEVNULL
            )
            subprocess.run([*pip, *(work / "dist").glob("*.whl")], check=True)
            for _ in range(2):  # so that all is compiled
                subprocess.run([self.bin / "lostsale", "--version"], check=True)

    def env(self, journal: Path) -> dict[str, str]:
        """Return the environment of a command on a journal."""
        base = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        day = {"LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": TODAY.isoformat()}
        return {**base, **day, "TERM": "xterm", "LANG": "C.UTF-8"}

    def lostsale(self, journal: Path, *args: str) -> None:
        """Run a command, unmeasured."""
        command = [str(self.bin / "lostsale"), *args]
        subprocess.run(command, env=self.env(journal), check=True, stdout=subprocess.DEVNULL)

    def journal(self, size: int) -> Path:
        """Return a journal of so many losses, made unless it is there: about four contacts each, 5%
        won back, a day's work due."""
        path = self.work / f"{size}.db"
        if not path.exists():
            days = 365 if size <= SIZES[0] else 365 * YEARS
            write_deals(self.work / "old.csv", size - OPEN, days, 100, "OLD")
            write_deals(self.work / "new.csv", OPEN, 90, 1, "NEW")
            self.lostsale(path, "import", str(self.work / "old.csv"))
            self.lostsale(path, "import", str(self.work / "new.csv"), "--follow-up")
            add_work(path)
            subprocess.run([self.bin / "python", "-c", SIGN, path], check=True)
            self.lostsale(path, "log", "The first change of a day", "1")  # makes the backup
        return path


def write_deals(path: Path, count: int, days: int, since: int, begin: str) -> None:
    """Write so many lost deals of the days before `since` days ago."""
    chance = random.Random(count)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADERS)
        for n in range(count):
            day = TODAY - timedelta(since + n * days // max(count, 1))
            name = f"Company {chance.randrange(count)}"
            who = [f"Ana Ruiz {n % 97}", f"ana{n}@example.com", f"555-{n % 10_000:04}"]
            deal = [f"{begin}-{n}", name, *who, f"Product {n % 7}", "Closed Lost", day.isoformat()]
            rows.writerow([*deal, f"{chance.randrange(100, 90_000)}.00", chance.choice(REASONS)])


def add_work(path: Path) -> None:
    """Add to a journal what takes commands too long: four contacts for each loss, and wins, as one
    change, straight into the tables."""
    with closing(sqlite3.connect(path)) as journal, journal:
        journal.execute(
            "INSERT INTO changes (uid, at, machine, command, by_hand, checksum)"
            " SELECT 'bench', max(at), 'bench', 'bench', 1, 0 FROM changes"
        )
        (change,) = journal.execute("SELECT id FROM changes WHERE uid = 'bench'").fetchone()
        for kind, after in (("why", 1), ("save", 4), ("thanks", 5), ("touch", 40)):
            journal.execute(
                f"""
                INSERT INTO contacts (uid, loss, kind, done_on, answered, note, at, place)
                SELECT '{kind}-' || uid, uid, '{kind}', date(lost_on, '+{after} days'), 1,
                    'talked about the lease', logged_at, 0 FROM losses
                """
            )
        journal.execute(
            """
            INSERT INTO changed (change, subject, kind, row, value)
            SELECT ?, loss, 'contact', uid, json_object('loss', loss, 'kind', kind, 'done_on',
                done_on, 'answered', 1, 'marked', NULL, 'note', note, 'at', at, 'place', 0)
            FROM contacts
            """,
            (change,),
        )
        win = "date(lost_on, '+60 days')"
        journal.execute(
            f"""
            INSERT INTO changed (change, subject, kind, row, value)
            SELECT ?, uid, 'loss', uid, json_object('won_on', {win}, 'won_amount', NULL,
                'won_currency', NULL, 'won_note', NULL)
            FROM losses WHERE next_kind IS NULL AND number % 20 = 0
            """,
            (change,),
        )
        journal.execute(
            f"UPDATE losses SET won_on = {win} WHERE next_kind IS NULL AND number % 20 = 0"
        )


def commands(open_numbers: list[int], names: list[str]) -> dict[str, Callable[[int], list[str]]]:
    """Return what is measured, as the arguments of its run of a number; a name that ends in `tty`
    is run on a terminal."""
    return {
        "log": lambda n: ["log", f"Oakfield {n}", "12k", "budget"],
        "undo": lambda _: ["undo"],
        "due": lambda _: ["due"],
        "due tty": lambda _: ["due"],
        "due --count": lambda _: ["due", "--count"],
        "done": lambda n: ["done", str(open_numbers[3 * n])],
        "done by a name": lambda n: ["done", names[n]],
        "won": lambda n: ["won", str(open_numbers[3 * n + 1])],
        "snooze": lambda n: ["snooze", str(open_numbers[3 * n + 2]), "friday"],
        "show": lambda n: ["show", str(open_numbers[n])],
        "show tty": lambda n: ["show", str(open_numbers[n])],
        "list --limit 50": lambda _: ["list", "--limit", "50"],
        "find": lambda n: ["find", "ana", "ruiz", f"ana{n}@example.com"],
        "stats": lambda _: ["stats", "2026"],
        "stats tty": lambda _: ["stats", "2026"],
        "--help": lambda _: ["--help"],
        "--version": lambda _: ["--version"],
    }


def measure(house: House, size: int, rounds: int) -> list[Measured]:
    """Measure all commands in rounds, each run beside a bare Python."""
    journal = house.work / "measured.db"
    shutil.copyfile(house.journal(size), journal)
    shutil.rmtree(f"{journal}-backups", ignore_errors=True)
    env = house.env(journal)
    house.lostsale(journal, "log", "The first change of a day", "1")
    with closing(sqlite3.connect(journal)) as opened:
        query = "SELECT number FROM losses WHERE next_kind <> 'rest' ORDER BY number LIMIT 300"
        numbers = [number for (number,) in opened.execute(query)]
        once = (
            "SELECT prospect FROM losses WHERE next_kind <> 'rest' GROUP BY prospect"
            " HAVING count(*) = 1 AND max(number) > ?"
        )
        names = [name for (name,) in opened.execute(once, (numbers[-1],))]
    found = {name: Measured(name, size, [], []) for name in (*commands(numbers, names), "error")}
    found["completion"] = Measured("completion", size, [], [])
    bare = [str(house.bin / "python"), "-c", "pass"]
    tab = {"_LOSTSALE_COMPLETE": "complete_bash", "COMP_WORDS": "lostsale du", "COMP_CWORD": "1"}
    for n in range(rounds + 1):  # the first is not counted
        for name, args in commands(numbers, names).items():
            base = spend(bare, env)
            command = [str(house.bin / "lostsale"), *args(n)]
            _note(found[name], spend(command, env, terminal=name.endswith("tty")), base, n)
        base = spend(bare, env)
        wrong = ["sh", "-c", f"{house.bin}/lostsale frobnicate 2> /dev/null || true"]
        _note(found["error"], spend(wrong, env), base, n)
        base = spend(bare, env)
        _note(found["completion"], spend([str(house.bin / "lostsale")], env | tab), base, n)
    return list(found.values())


def _note(measured: Measured, spent: Spent, base: Spent, round_: int) -> None:
    if round_:
        measured.spent.append(spent)
        measured.ratios.append(spent.cpu / base.cpu)


def measure_bulk(house: House, rounds: int) -> dict[str, tuple[float, float]]:
    """Return the CPU time (seconds) and memory (MiB) of work on many losses, by its name."""
    deals = house.work / "deals.csv"
    write_deals(deals, IMPORTED, 365 * YEARS, 1, "BULK")
    journal, other = house.work / "bulk.db", house.work / "other.db"
    shutil.copyfile(house.journal(SIZES[1]), other)
    names = ",".join(f"c{n}" for n in range(len(HEADERS)))
    shell = ["sqlite3", str(house.work / "bare.db"), f"CREATE TABLE deals ({names})", ".mode csv"]

    def first_change() -> list[str]:
        shutil.rmtree(f"{journal}-backups")
        return [str(house.bin / "lostsale"), "log", "Oakfield 12k budget"]

    work: dict[str, Callable[[], list[str]]] = {
        ".import of the sqlite3 shell": lambda: [*shell, f".import --skip 1 {deals} deals"],
        "sqlite-utils insert --csv": lambda: [
            *(str(house.bin / "sqlite-utils"), "insert", str(house.work / "utils.db")),
            *("deals", str(deals), "--csv"),
        ],
        "import": lambda: [str(house.bin / "lostsale"), "import", str(deals)],
        "import again": lambda: [str(house.bin / "lostsale"), "import", str(deals)],
        "backup": lambda: [str(house.bin / "lostsale"), "backup"],
        "merge of 12,000": lambda: [str(house.bin / "lostsale"), "merge", str(other)],
        "verify": lambda: [str(house.bin / "lostsale"), "verify"],
        "find nothing": lambda: [str(house.bin / "lostsale"), "find", "nowhere to be found"],
        "first change of a day": first_change,
    }
    if not shutil.which("sqlite3"):
        del work[".import of the sqlite3 shell"]
    found: dict[str, list[Spent]] = {name: [] for name in work}
    for _ in range(rounds):
        for file in ("bare.db", "utils.db", "bulk.db"):
            (house.work / file).unlink(missing_ok=True)
        shutil.rmtree(f"{journal}-backups", ignore_errors=True)
        for name, command in work.items():
            found[name].append(spend(command(), house.env(journal)))
    return {
        name: (
            statistics.median(one.cpu for one in spent),
            statistics.median(one.memory for one in spent) / 1024,
        )
        for name, spent in found.items()
    }


def measure_peers(house: House, size: int, rounds: int) -> list[list[str]]:
    """Return, for lostsale and each peer that is there, the CPU time (seconds) of adding, listing
    and counting, and how many times ours that is."""
    bin_ = house.work / "peers" / "bin"
    if not bin_.exists():
        subprocess.run([sys.executable, "-m", "venv", house.work / "peers"], check=True)
        subprocess.run([bin_ / "pip", "install", "-q", *PACKAGES], check=True)
    journal = house.work / "measured.db"
    shutil.copyfile(house.journal(size), journal)
    ours = Peer(
        "lostsale",
        {"LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": TODAY.isoformat()},
        [str(house.bin / "lostsale"), "log", "Acme", "12k", "budget"],
        [str(house.bin / "lostsale"), "list", "--limit", "50"],
        [str(house.bin / "lostsale"), "stats", "2026"],
    )
    rows: list[list[str]] = []
    first: list[float | None] = []
    with tempfile.TemporaryDirectory() as scratch:
        for make in PEERS if shutil.which("task") else [p for p in PEERS if p is not taskwarrior]:
            folder = Path(scratch) / make.__name__
            folder.mkdir()
            peers = [ours, make(folder, bin_, size)] if not rows else [make(folder, bin_, size)]
            for peer in peers:
                env = house.env(journal) | {"HOME": scratch} | peer.env
                taken = [patiently(one, env, rounds) for one in (peer.add, peer.some, peer.number)]
                first = first or taken
                cells = [
                    f"{t:.2f} ({t / o:.1f})" if t and o else f"over {PATIENCE}"
                    for t, o in zip(taken, first, strict=True)
                ]
                print(peer.name, f"{size:,}", *cells, file=sys.stderr)
                rows.append([peer.name, f"{size:,}", *cells])
    return rows


def patiently(command: list[str], env: dict[str, str], rounds: int) -> float | None:
    """Return the median CPU time of a command's runs but for the first, which makes what is made
    once; None where that one takes too long to go on."""
    stopped = ["timeout", str(PATIENCE), *command]
    if subprocess.run(stopped, env=env, capture_output=True, check=False).returncode == STOPPED:
        return None
    return statistics.median(spend(command, env).cpu for _ in range(rounds))


def table(
    house: House,
    sizes: list[int],
    found: list[Measured],
    bulk: dict[str, tuple[float, float]],
    peers: list[list[str]],
) -> str:
    """Return the results as Markdown."""
    asked = "import sys, sqlite3; print(sys.version.split()[0], sqlite3.sqlite_version)"
    version: list[str | Path] = [house.bin / "python", "-c", asked]
    python, sqlite = subprocess.check_output(version, text=True).split()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    titles = " | ".join(f"{size:,} losses" for size in sizes)
    lines = [
        "# Results",
        "",
        f"{date.today()}, {machine}, Python {python}, SQLite {sqlite}.",  # noqa: DTZ011 - here
        "",
        "CPU time of the whole process with its children, as a multiple of `python -c pass` run",
        "just before it: the median of the rounds, and the middle half of them. Growth is against",
        "the smallest journal.",
        "",
        f"| command | {titles} | growth | memory growth |",
        f"| --- |{' ---: |' * (len(sizes) + 2)}",
    ]
    for name in dict.fromkeys(one.name for one in found):
        rows = [one for one in found if one.name == name]
        cells = []
        for one in rows:
            low, _, high = statistics.quantiles(one.ratios, n=4)
            cells.append(f"{one.ratio:.2f} ({low:.2f} to {high:.2f})")
        grown = statistics.median(s.cpu for s in rows[-1].spent) / statistics.median(
            s.cpu for s in rows[0].spent
        )
        memory = rows[-1].memory / rows[0].memory
        lines.append(f"| {name} | {' | '.join(cells)} | {grown:.2f} | {memory:.2f} |")
    if bulk:
        lines += [
            "",
            f"| {IMPORTED:,} deals, into a new journal | CPU s | MiB | ÷ .import |",
            "| --- | ---: | ---: | ---: |",
        ]
        unit = bulk.get(".import of the sqlite3 shell", (0.0, 0.0))[0]
        for name, (cpu, memory) in bulk.items():
            ratio = f"{cpu / unit:.1f}" if unit else "-"
            lines.append(f"| {name} | {cpu:.2f} | {memory:.0f} | {ratio} |")
    if peers:
        lines += ["", "CPU seconds, and how many times ours:", ""]
        lines += [
            "| program | records | add | list | count |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        lines += [f"| {' | '.join(row)} |" for row in peers]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure what the options ask for, and write the results down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--large", action="store_true", help="a journal of 1,000,000, too")
    parser.add_argument("--sizes", type=int, nargs="*", help="other sizes")
    parser.add_argument("--no-bulk", action="store_true", help="without import, merge and backup")
    parser.add_argument("--peers", action="store_true", help="other programs of the kind, too")
    parser.add_argument("--work", type=Path, help="keep the environment and the journals there")
    given = parser.parse_args()
    sizes = given.sizes or [*SIZES, *([LARGE] if given.large else [])]
    with tempfile.TemporaryDirectory(prefix="lostsale-bench-") as scratch:
        work = given.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        house = House(work)
        found = []
        for size in sizes:
            print(f"measuring {size:,} losses", file=sys.stderr)
            found += measure(house, size, given.rounds)
        bulk = {} if given.no_bulk else measure_bulk(house, 3)
        sizes_of_peers = [size for size in sizes if given.peers and size < LARGE]
        peers = [row for size in sizes_of_peers for row in measure_peers(house, size, 3)]
        results = table(house, sizes, found, bulk, peers)
    print(results)
    if not (given.sizes or given.no_bulk):
        (ROOT / "bench" / "RESULTS.md").write_text(results, encoding="utf-8")


if __name__ == "__main__":
    main()

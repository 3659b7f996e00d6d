"""Many at once, locked, killed, interrupted: what was acknowledged is there, and nothing half
done."""

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from conftest import is_private, on_unix

WRITERS = 8
# Runs lostsale, and says on stdout when it has begun to write.
SAYING_WHEN = """
import sqlite3, sys
from lostsale.__main__ import main
connect = sqlite3.connect
def traced(*args, **options):
    connection = connect(*args, **options)
    def say(statement):
        if statement.startswith("BEGIN IMMEDIATE"):
            sys.stdout.write("BEGIN\\n")
            sys.stdout.flush()
    connection.set_trace_callback(say)
    return connection
sqlite3.connect = traced
main()
"""


def losses(journal):
    with closing(sqlite3.connect(journal)) as opened:
        return opened.execute("SELECT number, prospect FROM losses ORDER BY number").fetchall()


def test_01_many_writers_at_once_lose_nothing(start, journal, times):
    each = times(50, 4)

    def write(writer):
        codes = []
        for turn in range(each):
            process = start("log", f"Prospect {writer}.{turn}", "12k", "budget")
            process.communicate()
            codes.append(process.returncode)
        return codes

    with ThreadPoolExecutor(WRITERS) as pool:
        codes = [code for codes in pool.map(write, range(WRITERS)) for code in codes]
    assert codes == [0] * WRITERS * each
    found = losses(journal)
    assert len({prospect for _, prospect in found}) == WRITERS * each
    assert [number for number, _ in found] == list(range(1, WRITERS * each + 1))
    with closing(sqlite3.connect(journal)) as opened:
        assert opened.execute("SELECT count(*) FROM changes").fetchone() == (WRITERS * each,)


def test_02_a_lock_ends_in_a_draft_within_eleven_seconds(lostsale, journal):
    lostsale("log", "Acme")
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        ended = lostsale("log", "Bolt & Co", "5k", "the board said no", "--on", "2d", code=5)
        # Python takes seconds to start in wine, and ten of SQLite's are more there.
        assert time.monotonic() - began < (20 if sys.platform == "win32" else 11)
        other.execute("ROLLBACK")
    (draft,) = journal.parent.glob("*-draft-*")
    assert str(draft) in ended.err
    assert "lostsale log --draft" in ended.err
    assert "Bolt" not in ended.err
    assert is_private(draft)
    lostsale("log", "--draft")
    found = json.loads(lostsale("show", "2", "--json").out)["loss"]
    assert (found["prospect"], found["amount"], found["lost_on"]) == (
        "Bolt & Co",
        "5000.00",
        "2026-11-22",
    )
    assert found["said"] == {"code": "board", "words": "the board said no", "suggested": []}
    assert list(journal.parent.glob("*-draft-*")) == []


def ended_early(environment, how, delay, args):
    """Run lostsale, and send it a signal so many seconds after it has begun to write, or after its
    start if that is negative. Return its exit code, and whether it had begun."""
    command = [sys.executable, "-c", SAYING_WHEN, *args]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    has_begun = False
    if delay >= 0:
        has_begun = process.stdout.readline() == "BEGIN\n"
        time.sleep(delay)
    else:
        time.sleep(-delay)
    process.send_signal(how)
    process.communicate()
    return process.returncode, has_begun


def tries(count, dice):
    """Yield when to strike: three in four just after the writing began, the rest anywhere."""
    for turn in range(count):
        yield -dice.uniform(0.01, 0.2) if turn % 4 == 3 else dice.uniform(0, 0.012)


@pytest.mark.usefixtures("unmeasured")
def test_03_a_kill_loses_nothing_that_was_acknowledged(environment, journal, lostsale, times):
    lostsale("log", "First")
    acknowledged, counts = {"First"}, Counter()
    for turn, delay in enumerate(tries(times(200, 16), random.Random(3))):
        name = f"Prospect {turn}"
        code, has_begun = ended_early(
            environment, signal.SIGKILL, delay, ["log", name, "12k", "--also", "thanks"]
        )
        counts[code, has_begun] += 1
        if code == 0:
            acknowledged.add(name)
        lostsale("due", "--count")
    assert sum(count for (code, begun), count in counts.items() if begun) >= times(50, 4)
    assert acknowledged <= {prospect for _, prospect in losses(journal)}
    lostsale("verify")


@on_unix("Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
def test_04_an_interrupted_log_is_whole_or_absent(environment, journal, lostsale, times):
    lostsale("log", "First")
    for turn, delay in enumerate(tries(times(100, 8), random.Random(4))):
        name = f"Prospect {turn}"
        code, _ = ended_early(environment, signal.SIGINT, delay, ["log", name, "12k"])
        # An interrupt before Python is up is Python's own end.
        assert code in {0, 130, -signal.SIGINT, 1}
        found = {prospect for _, prospect in losses(journal)}
        if code == 0:
            assert name in found
    lostsale("verify")


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A file of 20,000 lost deals."""
    path = tmp_path_factory.mktemp("export") / "deals.csv"
    rows = (f"{n},Prospect {n},Lost,2026-10-{n % 28 + 1:02},{n}" for n in range(20_000))
    path.write_text("\n".join(["id,company,status,close date,amount", *rows]))
    return path


@on_unix("Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_05_an_import_that_is_ended_leaves_no_row_unless_all_were_kept(
    environment, journal, lostsale, times, export, how
):
    lostsale("log", "First")
    dice, none = random.Random(5), 0
    for _ in range(times(20, 4)):
        delay = dice.choice([-1, 1]) * dice.uniform(0.01, 0.4)
        code, _ = ended_early(environment, how, delay, ["import", str(export)])
        lostsale("due", "--count")
        found = losses(journal)
        if code == 0 or len(found) > 1:  # it was over when the signal came
            assert len(found) == 20_001
            lostsale("undo")
        else:
            none += 1
        assert losses(journal) == [(1, "First")]
    assert none
    lostsale("verify")

"""Ended at any moment, by a signal or since nobody reads any longer: an exit code that is true, no
traceback, and nothing half done."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from conftest import on_unix

# Strikes itself with a signal at the nth module that is imported once the program has begun.
STRUCK = """
import os, sys
number, at = int(sys.argv[1]), int(sys.argv[2])
from lostsale.__main__ import main
count = 0
def strike(event, _):
    global count
    count += event == "import"
    if event == "import" and count == at:
        os.kill(os.getpid(), number)
sys.addaudithook(strike)
del sys.argv[1:3]
main()
"""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@on_unix("Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("how", SIGNALS)
def test_44_a_signal_at_any_import_ends_without_a_word_of_pythons(
    environment, lostsale, times, how
):
    lostsale("log", "First")
    codes = set()
    for at in range(1, 320, times(3, 40)):
        command = [sys.executable, "-c", STRUCK, str(how.value), str(at), "log", f"N{at} Ltd", "5k"]
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        codes.add(ended.returncode)
        assert ended.returncode in {0, 128 + how, -how}
        assert "Traceback" not in ended.stderr
        assert (f"N{at} Ltd" in lostsale("list").out) or ended.returncode
    assert 128 + how in codes
    lostsale("verify")


def test_44_nothing_is_imported_before_a_ctrl_c_can_be_met():
    code = (
        "import sys; before = {*sys.modules}; import lostsale.__main__;"
        " print(sorted({*sys.modules} - before))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "['lostsale', 'lostsale.__main__']\n"


# Runs lostsale, and says on stdout when it begins to write.
SAYING_WHEN = """
import sqlite3, sys
from lostsale.__main__ import main
connect = sqlite3.connect
def traced(*args, **options):
    connection = connect(*args, **options)
    def say(statement):
        if statement.startswith("BEGIN IMMEDIATE"):
            print("BEGIN", flush=True)
    connection.set_trace_callback(say)
    return connection
sqlite3.connect = traced
main()
"""


@on_unix("Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize(("how", "code"), [(2, 130), (15, 143), (1, 129)])
def test_44_a_signal_while_another_program_writes_keeps_a_draft(
    environment, lostsale, journal, how, code
):
    lostsale("log", "First")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        command = [sys.executable, "-c", SAYING_WHEN, "log", "Acme", "5k"]
        with subprocess.Popen(command, env=environment, **pipes) as process:
            assert process.stdout.readline() == "BEGIN\n"
            time.sleep(0.3)  # what is raised while SQLite calls `say` would be lost
            process.send_signal(how)
            other.execute("ROLLBACK")
            _, err = process.communicate()
    assert process.returncode == code
    assert "Traceback" not in err
    assert "What you typed is in" in err
    lostsale("log", "--draft")
    assert "Acme" in lostsale("list").out


@on_unix("Windows sends no such signals")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(
    "line", [["import", "deals.csv", "--yes"], ["backup"], ["export", "x.json"]]
)
def test_08_what_a_signal_breaks_off_leaves_no_half_made_file(
    environment, lostsale, journal, how, line
):
    rows = "".join(f"{n},Prospect {n},Lost,2026-10-03,{n}\n" for n in range(3000))
    deals = journal.with_name("deals.csv")
    deals.write_text(f"id,company,status,close date,amount\n{rows}")
    lostsale("import", str(deals), "--yes")
    for at in range(1, 40, 7):
        script = STRUCK.replace('event == "import"', 'event in {"open", "sqlite3.connect"}')
        command = [sys.executable, "-c", script, str(how.value), str(at), *line]
        subprocess.run(
            command, env=environment, capture_output=True, check=False, cwd=journal.parent
        )
        left = [file for file in journal.parent.rglob("*") if ".new" in file.name]
        assert left == []


@pytest.mark.usefixtures("unmeasured")
def test_08_what_a_kill_left_is_swept_by_the_next_run_and_what_is_being_made_is_not(
    lostsale, journal
):
    lostsale("log", "First")
    folder = journal.with_name("journal.db-backups")
    dead = folder / ".backup-1.db.0123456789ab.new"
    dead.write_bytes(journal.read_bytes())
    dead.with_name(f"{dead.name}-journal").write_bytes(b"First")
    beside = journal.with_name(".journal.db.ab0123456789.new")
    beside.write_bytes(b"First")
    mine = journal.with_name(".journal.db-notes.new")
    mine.write_bytes(b"mine")
    for file in (dead, beside, mine):  # from the age of a file Windows tells that nobody makes it
        os.utime(file, (0, 0))
    maker = """
import sys
from pathlib import Path
from lostsale.journal.file import atomic_file
with atomic_file(Path(sys.argv[1])) as new:
    print(new, flush=True)
    input()
"""
    target = folder / "backup-2.db"
    command = [sys.executable, "-c", maker, str(target)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as making:
        making.stdout.readline()
        lostsale("list")
        left = {file.name for file in folder.iterdir() if ".new" in file.name}
        assert len(left) == 1
        assert not beside.exists()
        assert mine.exists()
        making.communicate("\n")
    assert making.returncode == 0
    assert target.exists()


@on_unix("Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("command", ["merge", "restore"])
def test_08_a_copy_of_another_journal_does_not_outlive_the_next_run(
    environment, lostsale, journal, tmp_path, command, how
):
    other = tmp_path / "other.db"
    lostsale("--db", str(other), "log", "Zeta Works")
    lostsale("log", "First")
    seen_alive = 0
    for at in range(2, 12, 2):
        script = STRUCK.replace('event == "import"', 'event == "sqlite3.connect"')
        line = [sys.executable, "-c", script, str(how.value), str(at), command, str(other), "--yes"]
        subprocess.run(line, env=environment, capture_output=True, check=False)
        seen_alive += any(".new" in file.name for file in journal.parent.rglob("*"))
        lostsale("list")
        assert [file for file in journal.parent.rglob("*") if ".new" in file.name] == []
    assert seen_alive if how == signal.SIGKILL else not seen_alive


def unread(environment, *args):
    """Run lostsale where nobody reads what it prints; return its code."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "lostsale", *args]
    ended = subprocess.run(command, env=environment, stdout=writing, stderr=writing, check=False)
    os.close(writing)
    return ended.returncode


def test_11_nobody_to_read_a_warning_stops_no_log(environment, lostsale, journal):
    lostsale("log", "Acme")
    journal.unlink()  # so that there is something to be said before the work
    assert unread(environment, "log", "Bolt", "5k") == 0
    assert "Bolt" in lostsale("list").out


def test_11_all_lines_are_logged_though_nobody_reads(environment, lostsale, tmp_path):
    lines = "".join(f"Prospect {n} 5k budget\nthey said too expensive\n" for n in range(5))
    (tmp_path / "lines").write_text(lines)
    reading, writing = os.pipe()
    os.close(reading)
    with (tmp_path / "lines").open() as stdin:
        command = [sys.executable, "-m", "lostsale", "log", "-"]
        ended = subprocess.run(
            command, env=environment, stdin=stdin, stdout=writing, stderr=writing, check=False
        )
    os.close(writing)
    assert ended.returncode == 3  # for the lines without a name
    assert lostsale("list").out.count("Prospect") == 5


def test_11_damage_is_no_success_though_nobody_reads_of_it(environment, lostsale, journal):
    lostsale("log", "Acme", "12k", "the budget was frozen")
    raw = journal.read_bytes()
    assert unread(environment, "verify") == 0
    journal.write_bytes(raw.replace(b"budget was", b"budget is "))
    assert unread(environment, "verify") == 4
    assert unread(environment, "show", "9") == 1


def test_11_what_could_not_be_forgotten_everywhere_is_no_success(environment, lostsale, journal):
    lostsale("log", "Acme")
    folder = journal.with_name("journal.db-backups")
    (folder / "2026-01-01.db").write_text("broken")
    assert unread(environment, "forget", "1", "--yes") == 3
    assert "Acme" not in lostsale("list").out


def test_11_a_list_whose_reader_has_enough_ends_well(environment, lostsale):
    lostsale("log", "Acme")
    for line in (["list"], ["due"], ["stats"], ["--help"], ["list", "--help"], ["show", "1"]):
        assert unread(environment, *line) == 0

"""What keeps the daily commands fast, looked at without a clock: what they load, how they ask the
journal, and how often they wait for the disk. Times are for bench/."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import date

import pytest

from conftest import on_unix
from lostsale import later
from lostsale.domain.periods import Period
from lostsale.journal import file as journal_file
from lostsale.journal import queries
from lostsale.journal.file import backup_of
from lostsale.journal.search import Wanted, chosen
from lostsale.journal.store import Store
from lostsale.journal.verify import verify_journal
from test_house import loaded

# The first part is third-party; Typer brings the rest along, and loads them all at its start.
PACKAGES = {"lostsale", "typer", "shellingham", "annotated_doc"}
# Of the standard library what takes over a millisecond, that Typer or sqlite3 loads in any case.
NEEDED = {"inspect", "importlib", "typing", "sqlite3", "datetime", "json", "re", "enum"}
COSTLY = (
    NEEDED
    | {*later._RARE_IN_TYPER}
    | {"csv", "urllib", "decimal", "fractions", "hashlib", "random", "socket"}
)
COSTLY |= {"ssl", "http", "email", "asyncio", "concurrent", "logging", "tempfile", "zoneinfo"}
COSTLY |= {"multiprocessing", "unittest", "xml", "statistics", "argparse", "ctypes", "gzip"}
DAILY = [
    *("log Pike 31k budget", "due", "due --count --days 7", "due --json", "done 1", "no-answer 1"),
    *(
        "snooze 1 friday",
        "touch 1 hello",
        "why 1 no-access",
        "won 1",
        "show 1",
        "list",
        "find acme",
    ),
    *("stats", "undo", "edit 1 --amount 5", "move-on 1", "config", "reasons", "--help"),
]


@on_unix("Windows has modules of its own")
@pytest.mark.parametrize("command", DAILY)
def test_a_daily_command_loads_exactly_these(command, run, db):
    run("log Acme 12k budget")
    backup = backup_of(db, date.today())  # noqa: DTZ011
    backup.parent.mkdir(exist_ok=True)
    backup.touch()  # the day's is made
    tops = {name.partition(".")[0] for name in loaded(command, db)}
    others = {name for name in tops if not name.startswith("_")} - set(sys.stdlib_module_names)
    assert others - {"click"} <= PACKAGES  # Typer before 0.27 used Click beside it
    of_help = {"textwrap", "shutil", "zlib", "bz2", "lzma"} if command == "--help" else set()
    assert tops & COSTLY - of_help - {"zlib"} == NEEDED  # which checksums need


@on_unix("it's the prompts of Unix shells that ask")
def test_a_prompt_that_counts_loads_next_to_nothing(run, db):
    run("log Acme 12k budget")
    found = loaded("due --count", db)
    assert not found & {"typing", "re", "enum", "pathlib", "json", "lostsale.cli"}
    ours = {name for name in found if name.startswith("lostsale.")}
    assert ours == {
        *("lostsale.__main__", "lostsale.domain", "lostsale.domain.workdays", "lostsale.errors"),
        *("lostsale.journal", "lostsale.journal.forms", "lostsale.journal.paths"),
        "lostsale.journal.waiting",
    }


@pytest.mark.parametrize("line", ["log Pike 31k budget", "log 'Pike & Sons' 9500", "due", "stats"])
def test_what_needs_no_reader_of_sentences_loads_none(line, run, db):
    run("log Acme 12k budget")
    readers = {"capture", "cues", "parties", "phrases"}
    assert not {f"lostsale.domain.{name}" for name in readers} & loaded(line, db)


@pytest.fixture
def statements(run, monkeypatch):
    """Return the statements that a command runs, with how SQLite goes about each that reads."""
    opened = Store.open.__func__

    def statements(line, path):
        seen, plans = [], []

        def traced(cls, at, **how):
            journal = opened(cls, at, **how)
            journal.connection.set_trace_callback(seen.append)
            return journal

        with monkeypatch.context() as patch:
            patch.setattr(Store, "open", classmethod(traced))
            run(f"--db {path} {line}")
        journal = Store.open(path)
        for statement in seen:
            if re.match(r"\s*(WITH|SELECT|UPDATE|DELETE|INSERT)", statement):
                explained = journal.connection.execute(f"EXPLAIN QUERY PLAN {statement}")
                plans.append((statement, [row["detail"] for row in explained]))
        journal.close()
        return seen, plans

    return statements


SMALL = {"forgotten", "reasons", "settings"}  # tables that do not grow with the losses
GIVEN = {"json_each", "new", "CONSTANT"}  # what a statement is handed
TOUCHED = ["log Pike 5", "done {}", "won {}", "snooze {} friday", "touch {} hello", "undo"]


@pytest.mark.parametrize("line", ["due", "due --count", "show 700", *TOUCHED, "sync"])
def test_a_daily_command_goes_through_no_table_that_grows(statements, run, demo, tmp_path, line):
    path = tmp_path / "copy.db"
    shutil.copyfile(demo, path)
    if line == "sync":
        (tmp_path / "cloud").mkdir()
        run(f"--db {path} sync {tmp_path / 'cloud'} --init")
    run(f"--db {path} log 'The last change here'")
    seen, plans = statements(line.format(1190), path)
    assert plans
    for statement, plan in plans:
        for step in plan:
            # The newest change that can be undone is the first of its index that fits.
            scanned = re.match(r"SCAN (?!changes USING INDEX changes_at)(\w+)", step)
            assert not scanned or scanned[1] in {*SMALL, *GIVEN}, (statement, step)
            if "TEMP B-TREE" in step:  # the few rows of a loss or a prospect, and the cold ones
                few = "prospect_key = |subject = |loss IN|change [=>] |json_each|state = 'cold'"
                assert re.search(f"{few}|FROM forgotten", statement)
    assert len(seen) < 60


@pytest.mark.parametrize("line", TOUCHED)
def test_a_daily_command_runs_as_many_statements_whatever_the_journal_holds(
    statements, run, demo, db, tmp_path, line
):
    run("log Acme 12k budget")
    path = tmp_path / "copy.db"
    shutil.copyfile(demo, path)
    run(f"--db {path} log Acme 12k budget")
    counts = [
        len(statements(line.format(number), journal)[0])
        for number, journal in ((1, db), (1204, path))
    ]
    assert counts[0] == counts[1]


@pytest.fixture
def traced(run, monkeypatch):
    """Return the statements that a command runs in all the files that it opens, and their paths."""

    def traced(line):
        seen, opened = [], journal_file.open_file

        def open_file(path):
            connection = opened(path)
            seen.append(str(path))
            connection.set_trace_callback(seen.append)
            return connection

        with monkeypatch.context() as patch:
            patch.setattr(journal_file, "open_file", open_file)
            run(line)
        return seen

    return traced


def test_verify_goes_through_the_file_of_a_backup_once(run, traced):
    run("log Acme 12k budget")
    run("backup")
    seen = traced("verify")
    assert sum("integrity_check" in statement for statement in seen) == 2  # and of the journal


def test_a_backup_is_compared_with_a_good_journal_and_not_folded_again(demo, tmp_path):
    older, now = tmp_path / "older.db", tmp_path / "now.db"
    shutil.copyfile(demo, older)
    shutil.copyfile(demo, now)
    with closing(Store.open(now)) as journal:
        (loss,) = journal.get([700])
        with journal.change("edit") as change:
            change.save(loss, loss._replace(note="changed since"))
    seen: list[str] = []
    with journal_file.looked_at(older) as connection:
        connection.set_trace_callback(seen.append)
        assert verify_journal(connection, now).ok
        connection.set_trace_callback(None)
        plans = [
            row["detail"]
            for statement in seen
            if "FROM changed" in statement and "known." not in statement
            for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert [plan for plan in plans if "SEARCH changed" in plan]
    assert not [plan for plan in plans if "SCAN changed" in plan]
    assert len(seen) < 60


def test_a_backup_is_a_copy_of_pages(run, traced):
    run("log Acme 12k budget")
    seen = traced("backup")
    assert not [statement for statement in seen if "VACUUM" in statement]
    assert sum("quick_check" in statement for statement in seen) == 1
    assert len(seen) < 20


def test_a_merge_with_nothing_forgotten_opens_no_backup(run, tmp_path, traced):
    run("log Acme 12k budget")
    backup = run("backup --json").json["backup"]["file"]
    other = tmp_path / "other.db"
    run(f"--db {other} log Bolt")
    assert backup not in traced(f"merge {other}")
    run(f"--db {other} forget 1 --yes")
    assert backup in traced(f"merge {other}")


def test_a_merge_writes_new_losses_once_and_reads_none_back(run, demo, traced, monkeypatch):
    run("log Acme 12k budget")
    read, by_uid = [], Store.by_uid
    monkeypatch.setattr(Store, "by_uid", lambda *args: read.append(by_uid(*args)) or read[-1])
    seen = traced(f"merge {demo}")
    assert any("INSERT INTO losses" in statement for statement in seen)
    assert not any("UPDATE losses" in statement for statement in seen)
    assert not any(read)


def test_the_answer_is_read_before_the_days_backup_is_made(run, capsys, monkeypatch):
    read = []
    monkeypatch.setattr("lostsale.app.backup_of", lambda path, _: path.with_name("none"))
    monkeypatch.setattr(
        "lostsale.journal.backup.keep_backup", lambda *_: read.append(capsys.readouterr().out)
    )
    run("log Acme 12k budget")
    assert "Acme" in read[0]


def test_a_checked_journal_is_read_in_portions(demo):
    journal, seen = Store.open(demo), []
    journal.connection.set_trace_callback(seen.append)
    assert verify_journal(journal.connection).ok
    assert len(seen) < 60  # of over a thousand losses
    journal.close()


def test_an_export_decodes_no_text_by_itself(run, demo, tmp_path, monkeypatch):
    monkeypatch.setattr("lostsale.journal.rows._tolerant", None)
    assert len(run(f"--db {demo} export {tmp_path / 'all.json'}").lines) == 1


def test_log_runs_28_statements(statements, run, db):
    run("log Acme 12k budget")
    seen, _ = statements("log Pike 5k board", db)
    assert len(seen) == 28


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.usefixtures("unmeasured")
def test_log_waits_for_the_disk_as_often_as_a_rollback_journal_needs(run, db, tmp_path):
    run("log Acme 12k budget")
    traced = tmp_path / "strace.txt"
    command = [sys.executable, "-m", "lostsale", "log", "Pike", "5k"]
    tracing = ["strace", "-f", "-e", "trace=fsync,fdatasync", "-o", str(traced)]
    environment = {**os.environ, "LOSTSALE_DB": str(db)}
    (db.parent / f"{db.name}-backups").mkdir()
    for _ in range(2):  # the first may make the day's backup
        subprocess.run([*tracing, *command], env=environment, check=True, capture_output=True)
    waits = re.findall(r"f(?:data)?sync\(", traced.read_text())
    # Its journal, its folder, the file itself, and the folder once the journal is gone.
    assert len(waits) <= 5


def test_a_list_begins_before_all_of_the_journal_was_gone_through(demo):
    journal, worked = Store.open(demo), []
    wanted = (Wanted(Period("all", "all", date.min, date.max)), date(2026, 11, 24))
    journal.connection.set_progress_handler(lambda: worked.append(1), 100)  # steps of SQLite
    next(chosen(journal, *wanted))
    first = len(worked)
    assert len(list(chosen(journal, *wanted))) > 1000
    assert len(worked) > 20 * max(first, 1)
    journal.close()


def test_the_wins_of_a_year_are_counted_from_an_index_alone(statements, db, run):
    run("log Acme 12k budget")
    _, plans = statements("won 1", db)
    (plan,) = (plan for statement, plan in plans if "count(won_on)" in statement)
    assert plan == ["SEARCH losses USING COVERING INDEX losses_lost_on (lost_on>? AND lost_on<?)"]


def test_a_name_is_compared_only_where_its_letters_are(monkeypatch, run, demo):
    compared, matches = [], queries.matches

    def counted(words, *names):
        compared.append(names)
        return matches(words, *names)

    monkeypatch.setattr(queries, "matches", counted)
    run(f"--db {demo} show reese", code=1)
    assert 0 < len(compared) < 800  # of 1,204, twice


def test_the_newest_losses_are_listed_without_all_of_them_being_sorted(statements, db, run):
    run("log Acme 12k budget")
    _, plans = statements("list --limit 5", db)
    (plan,) = (plan for statement, plan in plans if "ORDER BY lost_on DESC, number" in statement)
    assert len(plan) == 1
    assert "INDEX losses_lost_on (lost_on>" in plan[0]

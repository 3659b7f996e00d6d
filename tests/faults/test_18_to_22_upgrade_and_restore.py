"""First runs and upgrades at once, an upgrade that fails, restoring over what a crash left, copies
of a file in use."""

import json
import shutil
import sqlite3
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlite_utils import Database

from conftest import is_private
from lostsale.journal import file as journal_file
from lostsale.journal import schema
from lostsale.journal.file import APPLICATION_ID, SCHEMA


def contents(lostsale, *before):
    """All losses as JSON, without their numbers."""
    losses = json.loads(lostsale(*before, "list", "--json").out)["losses"]
    return sorted(json.dumps({**loss, "number": None}) for loss in losses)


def made_old(path, losses=3):
    """Make a journal of the first schema, with losses."""
    names = [each.name for each in schema.migrations.pending(Database(memory=True))]
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        schema.migrations.apply(Database(old, execute_plugins=False), stop_before=names[1])
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        for number in range(losses):
            day = f"2026-11-{number + 1:02}"
            value = {"prospect": f"P{number}", "lost_on": day, "signals": "[]", "logged_at": day}
            old.execute(
                "INSERT INTO losses (uid, prospect, lost_on, signals, logged_at)"
                " VALUES (?, ?, ?, '[]', ?)",
                (f"u{number}", f"P{number}", day, day),
            )
            row = (f"u{number}", "loss", f"u{number}", json.dumps(value))
            head = (f"c{number}", f"{day}T10:00:00.000000+00:00", "m", "log", 1, None)
            crc = zlib.crc32(json.dumps(row).encode(), zlib.crc32(json.dumps(head).encode()))
            old.execute(
                "INSERT INTO changes (uid, at, machine, command, by_hand, undoes, checksum)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*head, crc),
            )
            old.execute("INSERT INTO changed VALUES (last_insert_rowid(), ?, ?, ?, ?)", row)


def rows_of(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.row_factory = sqlite3.Row
        return [dict(row) for row in opened.execute("SELECT * FROM losses ORDER BY number")]


@pytest.mark.parametrize("is_old", [False, True], ids=["first runs", "upgrades"])
def test_18_eight_at_once_make_one_journal(start, lostsale, journal, is_old):
    if is_old:
        made_old(journal)
    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(lambda n: start("log", f"New {n}").wait(), range(8)))
    assert ended == [0] * 8
    with closing(sqlite3.connect(journal)) as opened:
        assert opened.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
    assert len(rows_of(journal)) == 8 + (3 if is_old else 0)
    backups = journal.with_name("journal.db-backups")
    kept = [path for path in backups.iterdir() if path.name.startswith("before-upgrade")]
    assert len(kept) == is_old
    if is_old:
        assert [row["prospect"] for row in rows_of(kept[0])] == ["P0", "P1", "P2"]
        assert is_private(kept[0])
    lostsale("verify")


def test_19_an_upgrade_that_fails_in_the_middle_leaves_the_old_journal(run, db, monkeypatch):
    run("log Acme 12k budget")
    before = rows_of(db)

    def half(opened, _):
        opened.execute("ALTER TABLE losses ADD COLUMN colour TEXT")
        opened.execute("UPDATE losses SET colour = 'red'")
        raise ZeroDivisionError

    monkeypatch.setattr(journal_file, "SCHEMA", SCHEMA + 1)
    monkeypatch.setattr(schema, "migrate", half)
    error = run("list", code=3).err
    assert error == (
        "lostsale: The journal could not be upgraded (ZeroDivisionError). Nothing was changed."
        " Please report it.\n"
    )
    monkeypatch.undo()
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    assert rows_of(db) == before
    (kept,) = db.with_name("journal.db-backups").iterdir()
    assert rows_of(kept) == before


# Leaves a transaction half done, as a power cut does: pages written, and the journal beside them.
CRASH = """
import os, sqlite3, sys
opened = sqlite3.connect(sys.argv[1], isolation_level=None)
opened.execute(f"PRAGMA journal_mode = {sys.argv[2]}")
opened.execute("PRAGMA cache_size = 1")
opened.execute("BEGIN IMMEDIATE")
for n in range(2000):
    opened.execute("INSERT INTO settings VALUES (?, ?)", (f"k{n}", "x" * 500))
opened.execute("UPDATE losses SET prospect = 'half done'")
if sys.argv[2] == "WAL":
    opened.execute("COMMIT")
os._exit(9)
"""


def crash(path, mode="DELETE"):
    subprocess.run([sys.executable, "-c", CRASH, str(path), mode], check=False)


@pytest.mark.parametrize(
    "left", ["hot journal", "stale journal", "wal", "stale wal", "broken head"]
)
def test_20_restoring_over_what_a_crash_left_gives_the_backup(lostsale, journal, tmp_path, left):
    lostsale("log", "Acme", "12k", "budget")
    lostsale("log", "Bolt", "5k")
    copy = tmp_path / "copy.db"
    lostsale("backup", str(copy))
    good = contents(lostsale)
    lostsale("log", "Corvo")
    other = tmp_path / "other.db"
    shutil.copy(journal, other)
    if left == "hot journal":
        crash(journal)
    elif left == "wal":
        crash(journal, "WAL")
    elif left == "broken head":
        data = bytearray(journal.read_bytes())
        data[16:18] = b"\0\3"  # no page is of that size
        journal.write_bytes(data)
    else:
        crash(other, "WAL" if "wal" in left else "DELETE")
        ending = "-wal" if "wal" in left else "-journal"
        shutil.copy(f"{other}{ending}", f"{journal}{ending}")
    if left != "broken head":
        assert any(path.name.endswith(("-journal", "-wal")) for path in journal.parent.iterdir())
    stood = shutil.copytree(journal.parent, tmp_path / "stood") / journal.name
    lostsale("restore", str(copy), "--yes")
    assert contents(lostsale) == good
    lostsale("verify")
    (replaced,) = journal.with_name("journal.db-backups").glob("replaced-*.db")
    if left == "broken head":
        assert replaced.read_bytes() == stood.read_bytes()
    else:
        assert rows_of(replaced) == rows_of(stood)
    assert {path.name for path in journal.parent.iterdir()} == {
        journal.name,
        f"{journal.name}-backups",
    }
    lostsale("log", "Brandt")
    assert len(contents(lostsale)) == 3


def test_21_a_copy_of_the_main_file_between_commands_has_all_that_was_acknowledged(
    lostsale, journal, tmp_path
):
    for number in range(5):
        lostsale("log", f"Prospect {number}")
        copy = tmp_path / f"copy{number}.db"
        shutil.copy(journal, copy)
        assert len(contents(lostsale, "--db", str(copy))) == number + 1
        lostsale("--db", str(copy), "verify")


def test_21_a_copy_with_its_journal_inside_a_crash_has_all_that_was_acknowledged(
    lostsale, journal, tmp_path
):
    lostsale("log", "Acme")
    good = contents(lostsale)
    crash(journal)
    (tmp_path / "away").mkdir()
    for path in (journal, journal.with_name("journal.db-journal")):
        shutil.copy(path, tmp_path / "away")
    copy = tmp_path / "away" / "journal.db"
    assert contents(lostsale, "--db", str(copy)) == good
    lostsale("--db", str(copy), "verify")


def test_22_an_upgrade_keeps_rows_numbers_and_all_else(lostsale, journal):
    made_old(journal)
    before = rows_of(journal)
    lostsale("list")
    after = rows_of(journal)
    assert [{name: row[name] for name in before[0]} for row in after] == before
    with closing(sqlite3.connect(journal)) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        indexes = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
    assert {"losses_open", "losses_lost_on", "losses_source"} <= indexes
    lostsale("verify")
    (kept,) = journal.with_name("journal.db-backups").glob("before-upgrade-*.db")
    assert rows_of(kept) == before


def test_20_restoring_beside_writers_loses_nothing_that_was_acknowledged(
    lostsale, start, journal, tmp_path, times
):
    lostsale("log", "First")
    copy = tmp_path / "copy.db"
    lostsale("backup", str(copy))
    rounds = times(60, 4)

    def write(writer):
        for n in range(rounds):
            if ended(start("log", f"P{writer}-{n}")):
                yield f"P{writer}-{n}"

    def ended(process):
        """Whether it did its work; on a busy machine another may hold the journal for too long."""
        code = process.wait()
        assert code in {0, 5}
        return code == 0

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(lambda writer=writer: [*write(writer)]) for writer in range(3)]
        restored = [ended(start("restore", str(copy), "--yes")) for _ in range(rounds)]
        logged = {name for each in writing for name in each.result()}
    replaced = [*journal.with_name("journal.db-backups").glob("replaced-*.db")]
    assert len(replaced) == sum(restored) > 0
    assert logged
    found = {row["prospect"] for path in (journal, *replaced) for row in rows_of(path)}
    assert logged <= found
    for path in (journal, *replaced):
        lostsale("--db", str(path), "verify")


def test_20_a_loss_that_a_restore_took_away_at_once_was_logged_all_the_same(
    run, db, tmp_path, monkeypatch
):
    copy = tmp_path / "copy.db"
    run("log First")
    run(f"backup {copy}")
    kept = journal_file.transaction

    @contextmanager
    def then_restored(connection, **options):
        with kept(connection, **options):
            yield
        with closing(sqlite3.connect(copy)) as good, closing(sqlite3.connect(db)) as over:
            good.backup(over)

    monkeypatch.setattr(journal_file, "transaction", then_restored)
    assert run("log Bolt 5k").out.startswith("2  Bolt")
    assert run("touch 1 hello --json").json["loss"]["contacts"][0]["note"] == "hello"


def test_20_a_restore_waits_for_a_writer_and_then_gives_up(run, refuses, db, tmp_path, monkeypatch):
    run("log Acme")
    copy = tmp_path / "copy.db"
    run(f"backup {copy}")
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.2)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        for begin in ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"):
            other.execute(begin)
            assert "Another program" in refuses(f"restore {copy} --yes", 5)
            other.execute("ROLLBACK")
    run(f"restore {copy} --yes")
    assert [path.name for path in db.parent.glob("*-journal")] == []


def test_20_what_was_forgotten_stays_forgotten_after_a_restore(run, db, tmp_path):
    for name in ("Acme", "Evil"):
        run(f"log {name}")
    run(f"backup {tmp_path / 'with.db'}")
    run("forget 2 --yes")
    run("log Bolt")
    run(f"backup {tmp_path / 'without.db'}")
    for name in ("with", "without"):
        done = run(f"restore {tmp_path / f'{name}.db'} --yes --json").json["restored"]
        held = [db, *db.with_name("journal.db-backups").iterdir()]
        assert [path for path in held if b"Evil" in path.read_bytes()] == []
        assert done["losses"] == (1 if name == "with" else 2)
        assert run(f"merge {tmp_path / 'with.db'} --json").json["merge"]["added"] == 0

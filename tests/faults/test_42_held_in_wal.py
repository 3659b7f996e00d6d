"""Another tool has set the journal to WAL, and holds it open."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lostsale.journal import file as journal_file


@pytest.fixture
def held(run, db, monkeypatch):
    """A program that reads the journal in WAL mode, and goes on to hold it."""
    run("log Acme 5k")
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.3)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM losses").fetchone()
        yield other


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("line", ["", "list", "due", "show 1", "stats", "find acme", "verify"])
def test_42_reading_goes_on(run, line):
    assert "Acme" in run("list").out
    assert run(line).out


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize("line", ["log Bolt", "done 1", "undo", "config name Jo", "forget 1 --yes"])
def test_42_writing_waits_and_then_says_why(run, line):
    error = run(line, code=5).err
    assert error.startswith("lostsale: Another program has the journal open")
    assert "Acme" in run("list").out


def test_42_once_it_is_closed_there_it_is_written_without_wal(run, db, held):
    held.close()
    run("log Bolt")
    assert db.read_bytes()[18:20] == b"\1\1"  # what the header says of the mode
    assert not db.with_name(f"{db.name}-wal").exists()
    assert run("log --draft", code=1)


def test_42_a_backup_needs_no_file_beside_it(run, held):
    backup = Path(run("backup --json").json["backup"]["file"])
    assert backup.read_bytes()[18:20] == b"\1\1"
    assert [*backup.parent.iterdir()] == [backup]
    assert "all intact" in run(f"--db {backup} verify").out
    held.close()

"""A journal that is gone, beside backups of it: said, and never taken for none yet. And what undo
and restore take back is said before."""

import shlex
import shutil

import pytest

from lostsale.journal import backup as journal_backup
from lostsale.journal.file import backup_of


@pytest.fixture
def lost(run, db):
    """A journal with a backup beside it, deleted; the path of the backup."""
    run("log Acme 12k")
    backup = journal_backup.timestamped_path(db, "backup")
    journal_backup.back_up(db, backup)
    db.unlink()
    return backup


@pytest.mark.parametrize("line", ["due", "list", "stats", "verify", "show 1"])
def test_12_a_command_that_reads_names_the_way_back(run, lost, line):
    result = run(line, code=1 if line == "show 1" else 0)
    if line != "show 1":
        assert f"is gone. Its newest good backup: lostsale restore {lost}" in result.err


def test_12_alone_lostsale_names_the_way_back(run, lost):
    assert f"lostsale restore {lost}" in run("").out


def test_12_a_new_journal_is_made_with_a_warning(run, lost):
    result = run("log Bolt 5k")
    assert f"Its newest good backup: lostsale restore {lost}. Starting a new one." in result.err
    assert "1  Bolt" in result.out


def test_12_where_there_never_was_one_nothing_is_gone(run):
    assert "there's no journal yet" in run("due").err
    assert run("log Acme").err == ""


def test_the_backups_are_listed_the_newest_first(run, db, lost):
    older = backup_of(db, journal_backup.date(2026, 11, 1)).with_name("2026-11-01.db")
    shutil.copyfile(lost, older)
    lines = run("restore").lines
    assert {line.rpartition(" ")[2] for line in lines} == {str(older), str(lost)}
    assert run("restore --json").json["backups"] == [str(older), str(lost)]
    shutil.rmtree(lost.parent)
    assert "There's no backup next to" in run("restore").out


def test_what_was_forgotten_since_is_not_restored(run, tmp_path):
    run("log Acme 12k")
    run("log Bolt 5k")
    run(f"backup {tmp_path / 'copy.db'}")
    run("forget acme --yes")
    run(f"restore {tmp_path / 'copy.db'} --yes")
    assert [one["prospect"] for one in run("list --json").json["losses"]] == ["Bolt"]
    assert "all intact" in run("verify").out


def test_12_the_way_back_can_be_pasted_whatever_the_folder_is_called(run, tmp_path, monkeypatch):
    monkeypatch.setenv("LOSTSALE_DB", str(tmp_path / "my files" / "journal.db"))
    path = tmp_path / "my files" / "journal.db"
    run("log Acme 12k")
    journal_backup.back_up(path, journal_backup.timestamped_path(path, "backup"))
    path.unlink()
    command = run("list").err.rpartition("lostsale restore ")[2]
    run(["restore", *shlex.split(command), "--yes"])
    assert [one["prospect"] for one in run("list --json").json["losses"]] == ["Acme"]

"""A full disk and a read-only one: one line, and what was there stands."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from lostsale.cli import COMMANDS
from lostsale.cli import run as run_cli

NOBODY = 65534


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with room for little more than a journal. Give a function that fills it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform == "win32":
        pytest.skip("Windows mounts none")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k,mode=700", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk here")

    def fill():
        with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
            while True:
                file.write(bytes(512))

    yield disk, fill
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def journal(small_disk):
    """The journal lies on the small disk."""
    return small_disk[0] / "journal.db"


def test_06_a_full_disk_keeps_what_was_there_and_a_draft_elsewhere(
    lostsale, small_disk, journal, environment, tmp_path
):
    _, fill = small_disk
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment["TMPDIR"] = str(elsewhere)
    lostsale("log", "Acme", "12k")
    fill()
    before = journal.read_bytes()
    ended = lostsale("log", "Bolt", "5k", "x" * 30_000, code=3)
    assert ended.err.count("\n") == 1
    (draft,) = elsewhere.glob("*-draft-*")
    assert str(draft) in ended.err
    assert journal.read_bytes() == before
    assert lostsale("list").out.count("\n") == 1
    (journal.parent / "filler").unlink()
    lostsale("log", "--draft")
    assert "Bolt" in lostsale("list").out
    assert list(elsewhere.iterdir()) == []


def test_07_a_backup_on_a_full_disk_leaves_the_earlier_one(lostsale, small_disk):
    disk, fill = small_disk
    lostsale("log", "Acme", "12k")
    lostsale("backup", str(disk / "copy.db"))
    earlier = (disk / "copy.db").read_bytes()
    fill()
    names = {path.name for path in disk.iterdir()}
    lostsale("backup", str(disk / "copy.db"), "--force", code=3)
    lostsale("backup", str(disk / "other.db"), code=3)
    assert (disk / "copy.db").read_bytes() == earlier
    assert {path.name for path in disk.iterdir()} == names


def test_20_a_first_log_on_a_full_disk_leaves_nothing_half_made(lostsale, small_disk, environment):
    disk, fill = small_disk
    environment["TMPDIR"] = str(disk)
    environment["XDG_STATE_HOME"] = str(disk)
    fill()
    assert "What you typed is in" in lostsale("log", "Acme", code=3).err
    assert [path.name for path in disk.rglob("*") if path.is_file()] == ["filler"]
    (disk / "filler").unlink()
    lostsale("log", "--draft")
    assert "Acme" in lostsale("list").out


def test_06_where_the_disk_is_full_when_all_is_to_be_kept_nothing_is_said_to_be_kept(
    run, monkeypatch
):
    monkeypatch.setattr("lostsale.app.backup_of", lambda path, _: path.with_name("none"))
    assert run("log Acme 12k").code == 0

    @contextlib.contextmanager
    def full(connection, **_):
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr("lostsale.journal.file.transaction", full)
    monkeypatch.setattr("lostsale.journal.backup.keep_backup", pytest.fail)
    for line in ("touch 1 hello", "log Bolt 5k", "undo", "config portion 5"):
        error = run(line, code=3).err
        assert "The disk is full. Nothing was changed." in error
        assert "What you did is saved" not in error


def as_nobody(journal, *args):
    """Run lostsale without root's powers, in a process of its own; return (code, out, err).

    Its modules are imported before: the interpreter may lie where nobody can read.
    """
    for name in {room for group in COMMANDS.values() for room, _ in group.values()}:
        __import__(f"lostsale.commands.{name}")
    for name in ("dateutil.relativedelta", "rich.table", "sqlite_utils", "lostsale.journal.backup"):
        __import__(name)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        out, err, code = io.StringIO(), io.StringIO(), 99
        with contextlib.suppress(BaseException):
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.environ |= {"LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": "2026-11-24"}
            tempfile.tempdir = "/nowhere"
            with redirect_stdout(out), redirect_stderr(err):
                code = run_cli([*map(str, args)])
        with os.fdopen(writing, "w") as pipe:
            pipe.write(f"{code}\0{out.getvalue()}\0{err.getvalue()}")
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        code, out, err = pipe.read().split("\0")
    os.waitpid(child, 0)
    return int(code), out, err


@pytest.fixture
def shared(tmp_path):
    """A folder that everybody can look into, with those above it."""
    folder = tmp_path / "shared"
    folder.mkdir()
    root = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir())
    for each in (folder, *folder.parents):
        if each.owner() == tmp_path.owner() and root in each.parents:
            each.chmod(0o755)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_08_what_can_only_be_read_is_read_and_not_written(shared, monkeypatch, what, capsys):
    db = shared / "journal.db"
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    assert run_cli(["log", "Acme", "12k"]) == 0
    for path in (db, *db.with_name("journal.db-backups").iterdir()):
        path.chmod(0o444 if what == "file" else 0o666)
    shared.chmod(0o555)
    capsys.readouterr()
    before = db.read_bytes()
    for args in ([], ["due"], ["list"], ["show", "1"], ["find", "acme"], ["stats"], ["verify"]):
        code, out, err = as_nobody(db, *args)
        assert (code, err) == (0, "")
        assert out
    code, _, err = as_nobody(db, "log", "Bolt")
    assert code == 3
    assert err.count("\n") == 1
    assert "What you typed is lost" in err
    assert db.read_bytes() == before
    shared.chmod(0o755)


@pytest.fixture
def ours(shared, monkeypatch):
    """A journal that is nobody's own, with a backup, in a folder of theirs."""
    db = shared / "journal.db"
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    assert run_cli(["log", "Acme", "12k"]) == 0
    assert run_cli(["backup"]) == 0
    folder = db.with_name("journal.db-backups")
    for path in (shared, db, folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    return db


not_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else"
)


@not_root
@pytest.mark.parametrize("mode", [0o700, 0o600])
def test_38_backups_of_somebody_else_stop_no_write_and_are_named(ours, mode):
    folder = ours.with_name("journal.db-backups")
    os.chown(folder, 0, 0)
    folder.chmod(mode)
    code, out, err = as_nobody(ours, "log", "Bolt")
    assert (code, err.count("\n")) == (0, 1)
    assert "Bolt" in out
    assert "No backup was made today. What you did is saved." in err
    code, out, err = as_nobody(ours, "verify")
    assert (code, err) == (0, "")
    assert f"The backups in {folder} can't be read (Permission denied)" in out
    code, out, err = as_nobody(ours, "forget", "1", "--yes")
    assert code == 3
    assert f"Couldn't be cleaned, so delete it yourself: {folder}" in out
    assert "See above, and then: lostsale" in err  # 1 names nobody any more
    assert err.rstrip().endswith("forget --prospect Acme")
    assert "Acme" not in as_nobody(ours, "list")[1]


@not_root
def test_38_one_backup_of_somebody_else_costs_no_other_one(ours):
    folder = ours.with_name("journal.db-backups")
    theirs = folder / "2026-11-01.db"
    theirs.write_bytes(ours.read_bytes())
    theirs.chmod(0o600)
    os.utime(theirs, (2e9, 2e9))
    assert as_nobody(ours, "log", "Bolt")[::2] == (0, "")
    _, out, _ = as_nobody(ours, "verify")
    assert "Newest good backup: " in out
    assert "2026-11-01.db" not in out
    assert as_nobody(ours, "restore")[0] == 0
    code, out, err = as_nobody(ours, "forget", "1", "--yes")
    assert code == 3
    assert f"delete it yourself: {theirs}" in out
    assert "Traceback" not in err
    assert b"Acme" in theirs.read_bytes()
    theirs.unlink()
    assert [
        path for path in ours.parent.rglob("*") if path.is_file() and b"Acme" in path.read_bytes()
    ] == []


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_38_backups_that_are_out_of_reach_are_named_and_stop_no_work(shared, monkeypatch, capsys):
    db = shared / "journal.db"
    backups = db.with_name("journal.db-backups")
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    for name in ("Acme", "Bolt"):
        assert run_cli(["log", name, "12k"]) == 0
    shared.chmod(0o777)
    db.chmod(0o666)
    for rights in (0o700, 0o744):
        backups.chmod(rights)
        capsys.readouterr()
        for args in (["touch", "1", "hello"], ["edit", "1", "--note", "x"], ["undo"]):
            code, _, err = as_nobody(db, *args)
            assert (code, err.count("\n")) == (0, 1)
            assert str(backups) in err
            assert err.endswith("No backup was made today. What you did is saved.\n")
        code, out, _ = as_nobody(db, "verify")
        assert (code, str(backups) in out) == (0, True)
        code, _, err = as_nobody(db, "restore")
        assert (code, str(backups) in err) == (3, True)
    code, out, _ = as_nobody(db, "forget", "2", "--yes", "--json")
    assert code == 3
    assert json.loads(out)["forgotten"]["left"] == [str(backups)]

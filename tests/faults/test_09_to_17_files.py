"""Files that are no journal, no whole one, or a newer one: refused as they are, and left as they
are."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from conftest import on_unix
from lostsale import cli
from lostsale.journal import file as journal_file
from lostsale.journal.file import APPLICATION_ID, SCHEMA

READING = ["due", "list", "find acme", "stats", "referrals", "reasons", "config", "verify"]


def put_pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize(
    "put",
    [Path.mkdir, put_pipe, lambda path: path.symlink_to("/dev/null")],
    ids=["folder", "pipe", "device"],
)
def test_09_what_is_no_ordinary_file_is_refused_at_once(start, journal, put):
    put(journal)
    for args in (["list"], ["verify"], ["log", "Acme"]):
        began = time.monotonic()
        process = start(*args, stdin=subprocess.DEVNULL)
        out, err = process.communicate(timeout=10)
        assert time.monotonic() - began < 5
        assert (process.returncode, out, err.count("\n")) == (3, "", 1)
        assert "The journal's path is " in err
    assert not journal.is_file()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"Dear diary,\nAcme said no.\n", "That file is not a lostsale journal"),
        (b"SQLite format", "That file is not a lostsale journal"),
        (os.urandom(5000), "That file is not a lostsale journal"),
        (b"", "That file is empty: not a lostsale journal"),
    ],
    ids=["text", "short", "noise", "empty"],
)
def test_10_and_11_another_file_is_never_adopted(refuses, db, content, what, monkeypatch):
    monkeypatch.chdir(db.parent)
    db.write_bytes(content)
    for line in ["", *READING, "log Acme", "undo", "config currency EUR", "show 1"]:
        assert what in refuses(line, 3)
    refuses("backup copy.db", 3)
    assert not Path("copy.db").exists()


@pytest.mark.parametrize("line", READING)
def test_12_reading_where_no_journal_is_says_so_and_makes_none(run, db, line):
    result = run(line)
    assert f"there's no journal yet; lostsale log starts one at {db}" in result.err
    assert result.err.count("\n") == 1
    error = run(f"--db {db} {line}", code=3).err
    assert error == (
        f"lostsale: There's no journal at {db}. Nothing was changed. lostsale log starts one.\n"
    )
    assert list(db.parent.iterdir()) == []


def test_12_alone_it_says_where_the_journal_will_lie(run, db):
    assert run("").out.endswith(f"Your journal will be kept in {db}\n")
    run(f"--db {db}", code=3)
    assert not db.exists()


def test_12_the_default_path_is_not_made_by_reading(run, tmp_path, monkeypatch):
    monkeypatch.delenv("LOSTSALE_DB")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    assert str(tmp_path / "data" / "lostsale" / "lostsale.db") in run("list").err
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", ["", " ", ":memory:", "file:x?mode=memory", "folder/"])
def test_13_a_path_that_is_none_is_refused_and_nothing_written(lostsale, environment, path):
    here = Path(environment["LOSTSALE_DB"]).parent
    environment["LOSTSALE_DB"] = path
    for args in (["log", "Acme"], ["list"], ["--db", path, "log", "Acme"]):
        ended = lostsale(*args, code=2, cwd=here)
        assert "isn't the path of a file" in ended.err
    assert list(here.iterdir()) == []


ODD = ["a#b", "a%20b", "it's", "two words", "naïve-日本", "-x", "[a]", "~a", "a;b&c"]
ODD += [
    pytest.param(name, marks=on_unix("Windows has no such names, or none of that length"))
    for name in ("a?mode=ro", 'a "b"', "[a]*", " spaces around ", "x" * 240)
]


@pytest.mark.parametrize("name", ODD)
def test_13_an_odd_path_is_an_ordinary_file_of_that_name(run, db, monkeypatch, name):
    monkeypatch.chdir(db.parent)
    monkeypatch.setenv("LOSTSALE_DB", name)
    monkeypatch.setattr("lostsale.app.backup_of", journal_file.backup_of)
    run("log Acme 12k")
    assert {path.name for path in db.parent.iterdir()} == {name, f"{name}-backups"}
    assert run([f"--db={db.parent / name}", "list"]).lines == run("list").lines != []
    copy = json.loads(run("backup --json").out)["backup"]["file"]
    run("log Bolt")
    assert [loss["prospect"] for loss in run("list --json").json["losses"]] == ["Bolt", "Acme"]
    assert "2 losses, 2 changes: all intact" in run("verify").out
    run(["restore", f"./{copy}", "--yes"])
    assert [loss["prospect"] for loss in run("list --json").json["losses"]] == ["Acme"]
    assert {path.name for path in db.parent.iterdir()} == {name, f"{name}-backups"}


@pytest.mark.parametrize("application", [0, 0x0F055112, APPLICATION_ID + 1])
def test_14_another_programs_database_is_refused(refuses, db, application):
    with closing(sqlite3.connect(db)) as other:
        other.execute("CREATE TABLE losses (number INTEGER PRIMARY KEY, prospect TEXT)")
        other.execute("INSERT INTO losses (prospect) VALUES ('Theirs')")
        other.execute(f"PRAGMA application_id = {application}")
        other.execute("PRAGMA user_version = 99")
        other.commit()
    for line in ["", *READING, "log Acme", "undo", "config currency EUR", "backup copy.db"]:
        assert "That file belongs to another program" in refuses(line, 3)


@pytest.fixture
def filled(run, db):
    """A journal of three losses with all that hangs on them, and one backup."""
    run("log Acme 12k budget is frozen --on 3d --contact 'Ana Ruiz 555-0134 a@b.c'")
    run("log Bolt 5k --said 'the board said no' --also thanks --guess too-slow")
    run("log Corvo 700 --lost-to Kyolab --on 1w")
    run("referral 1 Bea Kim 555-0177")
    run("why 1 too-slow: nobody called back")
    run("config portion 7")
    run("reasons add bad-timing --kind real --weakness company")
    return db, json.loads(run("backup --json").out)["backup"]["file"]


def test_09_restoring_over_what_is_no_ordinary_file_is_refused(run, refuses, db, tmp_path):
    run(f"--db {tmp_path / 'a.db'} log Acme")
    db.symlink_to("/dev/null")  # of /dev/zero it would copy until the disk is full
    error = refuses(f"restore {tmp_path / 'a.db'} --yes", 3)
    assert "The journal's path is not a regular file" in error
    assert not db.with_name("journal.db-backups").exists()


@pytest.mark.parametrize("length", [16, 50, 70, 100, 512, 4096, 4097, 0.5, -4096])
def test_15_a_truncated_journal_is_damaged_and_its_backup_named(refuses, filled, length):
    db, backup = filled
    whole = db.read_bytes()
    kept = int(len(whole) * length) if isinstance(length, float) else length
    db.write_bytes(whole[:kept])
    # A backup that is broken, too, is none.
    broken = Path(backup).with_name("backup-newest.db")
    broken.write_bytes(whole[: len(whole) // 2])
    os.utime(broken, (2e9, 2e9))
    for line in ("list", "", "log Acme", "undo", "stats", "find acme", "verify"):
        error = refuses(line, 4)
        assert error.startswith("lostsale: The journal is damaged. Nothing was changed. ")
        assert error.endswith(f"Its newest good backup: lostsale restore {backup}\n")


def test_15_a_draft_of_a_damaged_journal_is_named_with_the_backup(run, db):
    run("log Acme")
    run("backup")
    db.write_bytes(db.read_bytes()[:8192])
    error = run("log Bolt 5k", code=4).err
    assert "lostsale log --draft" in error
    assert "lostsale restore" in error


@pytest.mark.parametrize("missing", [1, 40, 400])
def test_15_a_last_page_cut_short_is_found_by_the_check(run, db, missing):
    run(["log", "Acme", "12k", "--note", "n" * 30_000])  # so that the last page is full
    run(["log", "Bolt", "--note", "n" * 30_000])
    db.write_bytes(db.read_bytes()[:-missing])
    assert "Loss 2 is damaged" in run("verify", code=4).out


def flip(path, place, bit):
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << bit
    path.write_bytes(data)


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("before", [b"board", b'"said_words": "'], ids=["losses", "changes"])
def test_16_a_flipped_bit_in_a_reason_is_found_and_the_others_listed(run, filled, before, bit):
    db, _ = filled
    text = before + b"the board said no"
    assert db.read_bytes().count(text) == 1
    flip(db, db.read_bytes().index(text) + len(before) + 4, bit)
    result = run("verify", code=4)
    assert result.lines[0] == "Loss 2 is damaged"
    assert "The journal is damaged: loss 2." in result.err
    assert run("verify --json", code=4).json["verify"]["wrong"] == [2]
    losses = run("list --json").json["losses"]
    assert {"Acme", "Corvo"} < {loss["prospect"] for loss in losses}


@pytest.mark.parametrize(
    "text", [b"number INTEGER PRIMARY", b"won_on IS NOT NULL", b"(prospect_key)"]
)
def test_16_a_flipped_bit_in_the_schema_is_found(run, db, text):
    run("log Acme")
    flip(db, db.read_bytes().index(text) + 3, 0)
    run("verify", code=4)


@pytest.mark.usefixtures("filled")
def test_16_no_flipped_bit_changes_what_is_shown_and_passes_the_check(db, capsys, times):
    whole = db.read_bytes()
    dice = random.Random(16)

    def shown():
        """What is kept, as JSON and with the codes."""
        capsys.readouterr()
        commands = ("list", "config", "reasons", "referrals")
        codes = [cli.run([command, "--json"]) for command in commands]
        assert set(codes) <= {0, 3, 4, 6}
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return codes, out

    before = shown()
    assert before[0] == [0, 0, 0, 0]
    missed, found = [], 0
    for _ in range(times(300, 25)):
        place, bit = dice.randrange(len(whole)), dice.randrange(8)
        db.write_bytes(whole)
        flip(db, place, bit)
        is_changed = shown() != before
        db.write_bytes(whole)
        flip(db, place, bit)
        code = cli.run(["verify"])
        found += code != 0
        if is_changed and code == 0:
            missed.append((place, bit))
    assert missed == []
    assert found


NEWER = {
    "log": "log Acme",
    "due": "due",
    "stats": "stats",
    "done": "done 1",
    "no-answer": "no-answer 1",
    "snooze": "snooze 1 friday",
    "skip": "skip 1",
    "why": "why 1 too-slow",
    "touch": "touch 1 hello",
    "meet": "meet 1 friday 10am",
    "referral": "referral 1 Bea Kim",
    "won": "won 1",
    "move-on": "move-on 1",
    "list": "list",
    "show": "show 1",
    "find": "find acme",
    "referrals": "referrals",
    "edit": "edit 1 --amount 5k",
    "undo": "undo",
    "import": "import deals.csv --yes",
    "export": "export losses.json",
    "merge": "merge newer.db",
    "sync": "sync meeting --init",
    "forget": "forget acme --yes",
    "backup": "backup copy.db",
    "restore": "restore newer.db --yes",
    "verify": "verify",
    "script": "script why 1",
    "plan": "plan",
    "reasons": "reasons",
    "config": "config",
    "demo": "demo journal.db --force",
}


def test_17_a_newer_journal_is_refused_by_every_command(run, refuses, db, monkeypatch):
    monkeypatch.chdir(db.parent)
    assert {*NEWER, "team"} == {name for group in cli.COMMANDS.values() for name in group}
    run("log Acme 12k")
    with closing(sqlite3.connect(db)) as newer:
        newer.execute("ALTER TABLE losses ADD COLUMN colour TEXT")
        newer.execute(f"PRAGMA user_version = {SCHEMA + 1}")
        newer.commit()
    shutil.copy(db, "newer.db")
    Path("deals.csv").write_text("id,company,status,close date,amount\n1,B,Lost,2026-11-01,5\n")
    lines = [*NEWER.values(), "", "config currency EUR", "list --csv", "reasons rename price cost"]
    for line in lines:
        assert "A newer lostsale wrote this journal" in refuses(line, 6)
    assert run("list --json", code=6).json["error"]["code"] == "newer-journal"
    assert not Path("copy.db").exists()

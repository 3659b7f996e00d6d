"""What lostsale does not make in a journal: objects of SQLite, values, bytes. It is named as damage
wherever it is met, and never followed, waited for, or passed on."""

import json
import os
import sqlite3
from contextlib import closing, suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from conftest import STATE_HOME
from journal.test_migrations import seal_anew
from lostsale.cli import run as run_cli
from lostsale.errors import Damaged
from lostsale.journal import changes

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
# What stands in the file beside what belongs there, and makes the file no worse.
BESIDE = {
    "a trigger": (
        "CREATE TRIGGER more AFTER INSERT ON losses BEGIN UPDATE losses SET amount = 1; END"
    ),
    "a trigger named like those of another": (
        "CREATE TRIGGER _sqlite_more AFTER INSERT ON losses BEGIN UPDATE losses SET amount = 1; END"
    ),
    "a view": f"CREATE VIEW _sqlite_view AS {ENDLESS}",
    "an index": "CREATE INDEX _sqlite_more ON losses (prospect)",
    "a table": "CREATE TABLE _sqlite_table (x)",
    "an index less": "DROP INDEX losses_lost_on",
    "a view less": "DROP VIEW due_readable",
    "another view": f"DROP VIEW losses_readable; CREATE VIEW losses_readable AS {ENDLESS}",
    "another index": "DROP INDEX losses_lost_on; CREATE INDEX losses_lost_on ON losses (number)",
}
INSTEAD = {
    "a table less": "DROP TABLE referrals",
    "an endless view": f"DROP TABLE settings; CREATE VIEW settings AS {ENDLESS}",
    "a view": (
        "DROP TABLE forgotten; CREATE VIEW forgotten AS"
        f" {ENDLESS.replace('SELECT x FROM n', 'SELECT x AS uid, x AS at FROM n')}"
    ),
    "another table": "ALTER TABLE losses ADD COLUMN more TEXT",
}
LINES = ("due", "list", "log Bolt 5k", "touch 1 hello", "stats", "undo", "export all.json")


def changed(path, script):
    with closing(sqlite3.connect(path)) as opened:
        opened.executescript(script)


@pytest.fixture
def elsewhere(run, tmp_path, monkeypatch):
    """A copy of the journal of this test, somewhere else."""
    monkeypatch.chdir(tmp_path)
    run("log Acme 12k budget --contact 'Ana 555-0134'")
    run("touch 1 called")
    copy = tmp_path / "copy.db"
    run(f"backup {copy}")
    return copy


@pytest.mark.parametrize("script", [*BESIDE.values(), *INSTEAD.values()], ids=[*BESIDE, *INSTEAD])
def test_whatever_stands_in_a_journal_that_lostsale_did_not_make_is_damage(
    run, refuses, elsewhere, script
):
    changed(elsewhere, script)
    before = elsewhere.read_bytes()
    for line in LINES:
        assert "damaged" in run(f"--db {elsewhere} {line}", code=4).err
    assert "didn't create" in run(f"--db {elsewhere} verify", code=4).out.splitlines()[0]
    assert elsewhere.read_bytes() == before
    for line in (f"merge {elsewhere}", f"restore {elsewhere} --yes"):
        assert str(elsewhere) in refuses(line, 4)


@pytest.mark.parametrize("script", BESIDE.values(), ids=BESIDE)
def test_40_indexes_and_views_are_made_anew_and_what_is_not_ours_is_dropped(run, db, script):
    run("log Acme 12k budget")
    run("log Bolt 5k")
    before = run("list --json").json
    changed(db, script)
    assert run("verify", code=4).err.endswith(": lostsale verify --repair\n")
    assert "all intact" in run("verify --repair").out
    assert run("list --json").json == before
    run("log Corvo 7k")
    assert [loss["amount"] for loss in run("list --json").json["losses"]][1:] == [
        loss["amount"] for loss in before["losses"]
    ]


@pytest.mark.parametrize("script", INSTEAD.values(), ids=INSTEAD)
def test_40_where_a_table_is_another_the_way_back_is_a_backup(run, db, script):
    run("log Acme 12k budget")
    copy = run("backup --json").json["backup"]["file"]
    changed(db, script)
    assert copy in run("verify --repair", code=4).err
    run(f"restore {copy} --yes")
    assert "all intact" in run("verify").out


def test_what_another_tool_keeps_for_its_plans_is_no_damage(run, db):
    run("log Acme 12k budget")
    changed(db, "ANALYZE")
    run("log Bolt 5k")
    assert "all intact" in run("verify").out


@pytest.mark.parametrize("command", ["verify", "restore", "list", "forget 1 --yes", "log Bolt"])
def test_a_backup_that_sqlite_answers_about_in_no_utf_8_stops_nothing(run, db, command):
    run("log Acme 12k budget")
    bad = run("backup --json").json["backup"]["file"]
    data = Path(bad).read_bytes()
    assert data.count(b"CREATE TABLE losses") == 1
    Path(bad).write_bytes(data.replace(b"CREATE TABLE losses", b"CREATE \xff\xfe\xfa\xf9E losses"))
    good = run("backup --json").json["backup"]["file"]
    if command == "forget 1 --yes":
        assert bad in run(command, code=3).out
    else:
        run(command)
    assert bad in run(f"restore {bad} --yes", code=4).err
    assert bad in run(f"merge {bad}", code=4).err
    db.write_bytes(db.read_bytes()[:5000])
    assert good in run("list", code=4).err


# Of a loss, of its contact or of others what no lostsale writes: the column in the changes.
VALUES = {
    "lost_on": ("loss", "2026-13-40"),
    "lost_on of a year": ("loss", "0001-01-01"),
    "amount": ("loss", 10**15),
    "amount below zero": ("loss", -5),
    "amount as text": ("loss", "12"),
    "currency": ("loss", "XXQ"),
    "outcome": ("loss", "victory"),
    "said_code": ("loss", "$(touch x)"),
    "signals": ("loss", '["a b"]'),
    "signals that are none": ("loss", "none"),
    "next_kind": ("loss", "dance"),
    "next_on": ("loss", "soon"),
    "next_time": ("loss", "25:00"),
    "next_tries": ("loss", "many"),
    "real_source": ("loss", "guessed"),
    "note": ("loss", 5),
    "color": ("loss", "red"),
    "kind": ("contact", "dance"),
    "done_on": ("contact", "2026-11-31"),
    "answered": ("contact", 7),
    "loss": ("contact", "x"),
    "value": ("setting", "many"),
}


def with_value(path, name, kind, value):
    """Write a value into the changes of a journal and fold it into the tables, as lostsale would
    that had written it."""
    column = name.split()[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.row_factory = sqlite3.Row
        found = "SELECT rowid, subject, value FROM changed WHERE kind = ? ORDER BY rowid LIMIT 1"
        row, subject, text = opened.execute(found, (kind,)).fetchone()
        text = json.dumps({**json.loads(text), column: value})
        opened.execute("UPDATE changed SET value = ? WHERE rowid = ?", (text, row))
        seal_anew(opened)
        with suppress(Damaged, ValueError, TypeError, LookupError):  # then the tables differ, too
            changes.refold(opened, subject)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_that_no_lostsale_writes_is_neither_merged_nor_restored(
    run, refuses, elsewhere, name
):
    run(f"--db {elsewhere} config portion 5")
    with_value(elsewhere, name, *VALUES[name])
    for line in (f"merge {elsewhere}", f"restore {elsewhere} --yes"):
        assert str(elsewhere) in refuses(line, 4)
    shown = run(f"--db {elsewhere} verify", code=4).out
    named = "setting portion" if name == "value" else f"{name.split()[0]} of a"
    assert f"lostsale would never write that {named}" in shown


@pytest.fixture
def ends(elsewhere, capsys):
    """Run a command on the journal elsewhere, which may or may not meet what is odd in it."""

    def ends(line):
        code = run_cli(["--db", str(elsewhere), "--today", "2026-11-24", *line.split()])
        error = capsys.readouterr().err
        assert code in {0, 4} or (code == 1 and "has no open step" in error), error
        assert error.count("\n") == (code > 0)
        return code

    return ends


@pytest.mark.parametrize("name", VALUES)
def test_a_command_that_meets_such_a_value_says_that_the_journal_is_damaged(
    run, elsewhere, ends, name
):
    run(f"--db {elsewhere} config portion 5")
    with_value(elsewhere, name, *VALUES[name])
    for line in ("due", "list", "show 1", "done 1", "stats", "no-answer 1", "find acme", "log X"):
        ends(line)


@pytest.mark.parametrize(
    "at", ["yesterday", "2026-11-24T10:00:00", "9999-12-31T23:59:59.999999+00:00", "2026-11-24"]
)
def test_a_change_of_no_time_is_damage(refuses, elsewhere, ends, at):
    with closing(sqlite3.connect(elsewhere, isolation_level=None)) as opened:
        opened.execute("UPDATE changes SET at = ? WHERE id = 1", (at,))
        seal_anew(opened)
    for line in (f"merge {elsewhere}", f"restore {elsewhere} --yes"):
        assert str(elsewhere) in refuses(line, 4)
    for line in ("log Bolt", "undo", "touch 1 x", "list"):
        ends(line)


@pytest.mark.parametrize("uid", ["CAST(x'61ff' AS TEXT)", f"'{'a' * 70}'"])
def test_what_was_forgotten_under_no_uid_is_damage(run, refuses, elsewhere, uid):
    at = "'2026-11-24T10:00:00.000000+00:00'"
    changed(elsewhere, f"INSERT INTO forgotten (uid, at) VALUES ({uid}, {at})")
    run(f"--db {elsewhere} verify", code=4)
    assert str(elsewhere) in refuses(f"merge {elsewhere}", 4)


def test_a_loss_that_does_not_get_into_its_table_is_no_success(run, refuses, monkeypatch):
    run("log Acme 5k")
    monkeypatch.setattr("lostsale.journal.changes.refold", lambda *_: None)
    assert "Nothing was changed" in refuses("log Bolt 5k", 4)
    monkeypatch.undo()
    assert "all intact" in run("verify").out


def put_pipe(file):
    os.mkfifo(file)


def put_endless(file):
    file.symlink_to("/dev/zero")


IN_A_FOLDER = {
    "nothing": "",
    "a list": "[]",
    "no key": '{"format": 1}',
    "an endless number": '{"format": 1e999, "check": ""}',
    "a key that is none": '{"format": 1, "check": "x"}',
    "a short key": '{"format": 1, "check": "eA=="}',
    "deep": "[" * 200_000,
    "a folder": Path.mkdir,
    "a pipe": put_pipe,
    "an endless file": put_endless,
}


@pytest.mark.parametrize("put", IN_A_FOLDER.values(), ids=IN_A_FOLDER)
@pytest.mark.parametrize(
    "name", ["lostsale-sync.json", "ffffffffffff-0001.changes", "ffffffff.machine"]
)
def test_whatever_lies_in_a_folder_to_sync_with_is_taken_or_refused(
    run, tmp_path, capsys, put, name
):
    folder = tmp_path / "folder"
    folder.mkdir()
    run("log Acme 5k")
    run(f"sync {folder} --init")
    file = folder / name
    file.unlink(missing_ok=True)
    file.write_text(put) if isinstance(put, str) else put(file)
    code = run_cli(["sync", str(folder)])
    error = capsys.readouterr().err
    assert code in ({2, 3, 6} if "sync.json" in name else {0}), error
    assert error.count("\n") == (code > 0)


def test_a_key_of_any_bytes_is_no_key(refuses, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(b"\xff\xfe" * 10_000)))
    assert "That's no key" in refuses(f"sync {tmp_path} --key -", 2)
    for name in STATE_HOME:
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / "lostsale").mkdir()
    (tmp_path / "lostsale" / "sync.key").write_bytes(b"\xff\xfe")
    assert "That's no key" in refuses("sync --show-key", 2)

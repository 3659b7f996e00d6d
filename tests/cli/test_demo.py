"""`demo`: a journal of a made-up year, in a file of its own."""

import os
import shlex
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from conftest import TODAY, is_private, on_unix
from door import door
from journal.test_fold import contents, folded, ordered
from journal.test_migrations import journal_of_schema
from lostsale.commands import demo
from lostsale.journal import changes
from lostsale.journal.machine import Machine
from lostsale.journal.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A demo in a folder with a space in its name, and what was said when it was made; nobody
    changes it."""
    folder = tmp_path_factory.mktemp("a demo")
    with door(folder / "own.db") as tell:
        code, out = tell(TODAY, "demo", folder / "demo.db")
    assert code == 0
    return folder / "demo.db", out.splitlines()


@pytest.fixture
def demo_db(made, tmp_path):
    """A demo of one's own, in the test's folder."""
    return Path(shutil.copy(made[0], tmp_path / "demo.db"))


@pytest.fixture(scope="module")
def beginning():
    """The first few losses of the made-up year."""
    return demo.made_up_losses(date.fromisoformat(TODAY))[:20]


@pytest.fixture
def small(beginning, monkeypatch):
    """Let a demo be made at once, of those few losses."""
    monkeypatch.setattr(demo, "made_up_losses", lambda _: beginning)


@pytest.fixture
def interrupted(beginning, monkeypatch):
    """Let whoever makes a demo press Ctrl-C in the middle."""

    def made_up_losses(_):
        yield from beginning
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "made_up_losses", made_up_losses)


# What is made


def test_it_says_what_was_made_and_where_to_look(made):
    path, lines = made
    assert lines[0] == f"1,200 lost, 60 won back, all made up, in {path}. Try:"
    start = f"lostsale --db '{path}' --today {TODAY}"
    assert lines[1:] == [f"{start} due", f"{start} stats all", f"{start} list --won"]


@pytest.mark.parametrize(
    ("place", "count", "first"),
    [
        (1, None, "Tue 24 Nov 2026 · 30 due, the first 20"),
        (2, None, "all · 1,200 lost, 22,531,127 USD · 60 won back (5.0%), "),
        (3, 60, ""),
    ],
    ids=["due", "stats", "list"],
)
def test_the_commands_that_it_names_work(run, made, place, count, first):
    _, lines = made
    command, *args = shlex.split(lines[place])
    assert command == "lostsale"
    shown = run(args, today="2031-05-05").lines
    assert shown[0].startswith(first)
    assert len(shown) == count or count is None


@pytest.mark.usefixtures("small")
def test_what_was_made_is_there_as_json(run, tmp_path):
    path = tmp_path / "my demo.db"
    start = f"lostsale --db '{path}' --today 2026-11-24"
    made = run(["demo", str(path), "--json"]).json
    won_back = len(run(["--db", str(path), "list", "--won", "--json"]).json["losses"])
    assert {**made["demo"], "lost": None} == {
        "file": str(path),
        "lost": None,
        "won_back": won_back,
        "commands": [f"{start} due", f"{start} stats all", f"{start} list --won"],
    }
    assert made["demo"]["lost"] == len(run(["--db", str(path), "list", "--json"]).json["losses"])
    assert made["schema"] == 1


def test_a_year_before_new_year_reads_5_percent_of_that_year(run, tmp_path):
    path = tmp_path / "x.db"
    run(f"--today 2026-01-01 demo {path}")
    assert (
        run(f"--db {path} stats 2025")
        .lines[0]
        .startswith("2025 · 1,200 lost, 22,531,127 USD · 60 won back (5.0%), ")
    )
    stats = run(f"--db {path} stats 2025 --json").json["stats"]
    assert (stats["lost"], stats["won_back"], stats["won_in_period"]) == (1200, 60, 60)
    assert stats["won_back_rate"] == 0.05


def test_the_same_day_makes_the_same_year_and_another_day_another(run, made, tmp_path):
    def listed(path):
        return run(["--db", str(path), "list", "--json"]).json["losses"]

    run(f"demo {tmp_path / 'same.db'}")
    run(f"demo {tmp_path / 'other.db'}", today="2026-11-25")
    assert listed(tmp_path / "same.db") == listed(made[0])
    assert contents(tmp_path / "same.db") == contents(made[0])
    assert listed(tmp_path / "other.db") != listed(made[0])


def test_its_tables_are_the_fold_of_its_changes(made):
    present = ordered(contents(made[0]))
    assert len(present["losses"]) >= 1200
    assert present == folded(made[0])


def test_its_changes_have_their_checksums_and_the_file_is_sound(made):
    with closing(sqlite3.connect(made[0])) as connection:
        kept = connection.execute("SELECT id, checksum FROM changes").fetchall()
        assert kept == [(change, changes.checksum(connection, change)) for change, _ in kept]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_all_of_it_lies_in_the_365_days_before_today(run, made):
    losses = run(["--db", str(made[0]), "list", "--json"]).json["losses"]
    days = {loss["lost_on"] for loss in losses}
    assert (min(days) >= "2025-11-24", max(days) < TODAY) == (True, True)
    done = {entry["on"] for loss in losses for entry in loss["contacts"] + loss["referrals"]}
    assert max(done | {loss["won"]["on"] for loss in losses if loss["won"]}) <= TODAY


def test_what_was_made_up_is_not_undone(run, demo_db):
    assert "nothing to undo" in run(f"--db {demo_db} undo", code=1).err


def test_one_can_go_on_in_it_as_in_any_journal(run, demo_db):
    run(f"--db {demo_db} log 'One More' 12k budget")
    assert (
        run(f"--db {demo_db} stats all")
        .lines[0]
        .startswith("all · 1,201 lost, 22,543,127 USD · 60 won back")
    )
    assert run(f"--db {demo_db} undo --json").json["undone"][0]["command"] == "log"
    assert run(f"--db {demo_db} stats all").lines[0].startswith("all · 1,200 lost")


# Where it lies


@pytest.mark.usefixtures("small")
def test_it_lies_in_this_folder_unless_another_file_is_named(run, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert ", in lostsale-demo.db. Try:" in run("demo").lines[0]
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["lostsale-demo.db"]


@pytest.mark.usefixtures("small")
def test_it_is_for_its_owner_alone_and_so_is_a_folder_made_for_it(run, tmp_path):
    before = os.umask(0o022)
    try:
        run(f"demo {tmp_path}/new/deeper/demo.db")
    finally:
        os.umask(before)
    assert is_private(tmp_path / "new" / "deeper" / "demo.db")
    assert is_private(tmp_path / "new")
    assert is_private(tmp_path / "new" / "deeper")
    assert [path.name for path in (tmp_path / "new" / "deeper").iterdir()] == ["demo.db"]


@pytest.mark.usefixtures("small")
def test_no_journal_of_ones_own_is_made(run, db, tmp_path):
    run(f"demo {tmp_path / 'demo.db'}")
    assert not db.exists()


@pytest.mark.usefixtures("small")
def test_ones_own_journal_is_left_as_it_is(run, db, tmp_path):
    run("log Acme 12k")
    before = db.read_bytes()
    run(f"demo {tmp_path / 'demo.db'}")
    assert db.read_bytes() == before


# What is there already


@pytest.fixture
def there(run, db, tmp_path, monkeypatch):
    """Files that one may come upon, by what they are."""
    run("log Acme 12k")
    names = ("text", "empty", "demo", "own", "undone", "config", "unused")
    files = {name: tmp_path / name for name in names}
    files["text"].write_text("a letter")
    files["empty"].touch()
    shutil.copy(db, files["own"])
    Store.make(files["unused"]).close()
    monkeypatch.setenv("LOSTSALE_DB", str(files["undone"]))
    run("log Acme 12k")
    run("undo")
    monkeypatch.setenv("LOSTSALE_DB", str(files["config"]))
    run("config portion 9")
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    run(f"demo {files['demo']}")
    return files


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["text", "empty", "demo", "own"])
def test_a_file_that_is_there_is_left_as_it_is(run, there, name):
    path = there[name]
    before = path.read_bytes()
    result = run(["demo", str(path)], code=3)
    assert (result.out, result.err.count("\n")) == ("", 1)
    assert f"There's already a file at {path}. Nothing was changed." in result.err
    assert path.read_bytes() == before


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["text", "empty", "demo"])
def test_force_replaces_an_earlier_demo_and_what_is_no_journal(run, there, name):
    path = there[name]
    run(["--db", str(there["demo"]), "log", "Mine", "5"])
    run(["demo", str(path), "--force"])
    listed = run(["--db", str(path), "list", "--json"]).json["losses"]
    assert listed
    assert "Mine" not in {loss["prospect"] for loss in listed}
    assert is_private(path)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["own", "undone", "config", "unused"])
def test_force_never_replaces_a_journal_that_is_no_demo(run, there, name):
    path = there[name]
    before = path.read_bytes()
    result = run(["demo", str(path), "--force"], code=3)
    assert f"{path} isn't a sample journal. Nothing was changed." in result.err
    assert path.read_bytes() == before


@pytest.mark.usefixtures("small")
def test_force_never_replaces_ones_own_journal_through_a_link(run, there, tmp_path):
    (tmp_path / "link").symlink_to(there["own"])
    before = there["own"].read_bytes()
    run(["demo", str(tmp_path / "link"), "--force"], code=3)
    assert there["own"].read_bytes() == before
    assert (tmp_path / "link").is_symlink()


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("damage", "code"),
    [(lambda raw: raw[:5000], 4), (lambda raw: raw[:60] + b"\0\0\0\x63" + raw[64:], 6)],
    ids=["damaged", "of a newer lostsale"],
)
def test_force_never_replaces_a_journal_that_can_not_be_read(run, there, damage, code):
    path = there["own"]
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    run(["demo", str(path), "--force"], code=code)
    assert path.read_bytes() == before


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("options", ["", "--force"])
def test_a_folder_is_no_file_to_make(run, tmp_path, options):
    (tmp_path / "folder").mkdir()
    run(f"demo {tmp_path}/folder {options}", code=3)
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.usefixtures("small")
def test_force_makes_a_demo_where_nothing_is(run, tmp_path):
    run(f"demo {tmp_path}/demo.db --force")
    assert run(f"--db {tmp_path}/demo.db list --json").json["losses"]


# When it fails


@pytest.mark.usefixtures("interrupted")
def test_one_that_is_interrupted_leaves_nothing(run, tmp_path):
    (tmp_path / "here").mkdir()
    assert run(f"demo {tmp_path}/here/demo.db", code=130).out == ""
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.usefixtures("interrupted")
def test_one_that_is_interrupted_leaves_an_earlier_one_as_it_was(run, demo_db):
    before = demo_db.read_bytes()
    files = set(demo_db.parent.iterdir())
    run(f"demo {demo_db} --force", code=130)
    assert demo_db.read_bytes() == before
    assert set(demo_db.parent.iterdir()) == files


def test_a_file_that_appears_in_the_meantime_is_left_as_it_is(
    run, beginning, tmp_path, monkeypatch
):
    path = tmp_path / "demo.db"

    def made_up_losses(_):
        yield from beginning
        path.write_text("a letter")

    monkeypatch.setattr(demo, "made_up_losses", made_up_losses)
    assert f"There's already a file at {path}" in run(f"demo {path}", code=3).err
    assert path.read_text() == "a letter"
    assert [file.name for file in tmp_path.iterdir()] == ["demo.db"]


@on_unix("no folder of Windows is kept from its owner so")
@pytest.mark.usefixtures("small")
def test_one_that_can_not_be_written_leaves_nothing(run, tmp_path):
    run(f"demo {tmp_path / 'first.db'}")  # what is imported later may not be readable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        is_root = not os.geteuid()
        if is_root:  # whom the rights of files do not bind
            os.seteuid(65534)
        try:
            result = run(f"demo {folder / 'demo.db'}", code=3)
        finally:
            if is_root:
                os.seteuid(0)
        assert "can't be written (Permission denied). Nothing was changed." in result.err
        assert list(folder.iterdir()) == []
        folder.chmod(0o700)


@pytest.mark.usefixtures("small")
def test_a_file_where_a_folder_belongs_is_said(run, tmp_path):
    (tmp_path / "text").write_text("a letter")
    result = run(f"demo {tmp_path}/text/demo.db", code=3)
    assert result.err.count("\n") == 1
    assert (tmp_path / "text").read_text() == "a letter"


@pytest.mark.usefixtures("small")
def test_force_never_replaces_a_journal_kept_on_a_computer_named_demo(run, db, monkeypatch):
    monkeypatch.setattr("lostsale.journal.machine.this_machine", lambda: Machine("demo", "demo"))
    run("log Precious 12k")
    before = db.read_bytes()
    run(f"demo {db} --force", code=3)
    assert db.read_bytes() == before


@pytest.mark.usefixtures("small")
def test_force_refused_leaves_a_journal_of_an_older_schema_as_it_is(run, tmp_path):
    journal_of_schema(tmp_path / "old.db", 1)
    before = (tmp_path / "old.db").read_bytes()
    run(f"demo {tmp_path}/old.db --force", code=3)
    assert (tmp_path / "old.db").read_bytes() == before

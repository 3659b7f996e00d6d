"""A machine is known by an id of its own, whatever its host is called: `undo` takes back what was
done on it, and nothing else."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
from platformdirs import user_state_path

from conftest import is_private, on_unix
from lostsale.journal import machine as journal_machine
from lostsale.journal.machine import this_machine

# There it's kept in LOCALAPPDATA; tests/sync have machines there, too.
pytestmark = on_unix("its homes are those of Unix")


@pytest.fixture
def home(db, monkeypatch):
    """A machine that never ran lostsale; `home("desktop")` makes it another, of that folder."""

    def home(name):
        monkeypatch.setenv("HOME", str(db.parent / name))
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)

    home("laptop")
    return home


@pytest.fixture
def rename(monkeypatch):
    """Give the host another name."""

    def rename(name):
        named = SimpleNamespace(nodename=name)
        monkeypatch.setattr(journal_machine.os, "uname", lambda: named, raising=False)

    rename("laptop.home")
    return rename


def written_under(db, machine):
    """Have all changes of a journal bear the name of a machine, as older versions wrote it."""
    with closing(sqlite3.connect(db)) as opened:
        opened.execute("UPDATE changes SET machine = ?", (machine,))
        opened.commit()


@pytest.mark.usefixtures("home")
def test_41_what_was_done_before_the_host_was_renamed_is_undone(run, rename):
    run("log Acme")
    rename("laptop.office")
    run("log Bolt")
    assert [u["losses"] for u in run("undo 2 --json").json["undone"]] == [[2], [1]]


def test_41_two_machines_of_one_host_name_undo_only_their_own(run, home, rename):
    run("log Acme")
    home("desktop")
    rename("laptop.home")
    assert "nothing to undo" in run("undo", code=1).err
    run("log Bolt")
    assert [u["losses"] for u in run("undo 9 --json").json["undone"]] == [[2]]
    home("laptop")
    assert [u["losses"] for u in run("undo 9 --json").json["undone"]] == [[1]]


@pytest.mark.usefixtures("home")
def test_41_the_id_adopts_what_an_older_lostsale_did_under_the_host_name(run, rename, db):
    run("log Acme")
    written_under(db, "laptop.home")
    rename("laptop.office")
    assert [u["losses"] for u in run("undo --json").json["undone"]] == [[1]]


@pytest.mark.usefixtures("home")
def test_41_what_an_older_lostsale_did_elsewhere_is_left_alone(run, rename, db):
    run("log Acme")
    written_under(db, "desktop.home")
    rename("desktop.home")
    assert "nothing to undo" in run("undo", code=1).err


@pytest.mark.usefixtures("home", "rename")
def test_41_a_copied_journal_does_not_carry_the_id(run, db, tmp_path):
    run("log Acme")
    shutil.copyfile(db, tmp_path / "copy.db")
    assert this_machine().id.encode() in db.read_bytes()  # as the name of who made the change
    shutil.rmtree(tmp_path / "laptop")
    assert "nothing to undo" in run(f"--db {tmp_path / 'copy.db'} undo", code=1).err


@pytest.mark.usefixtures("home")
def test_41_without_a_folder_for_its_id_the_host_name_stands_for_it(run, rename, tmp_path):
    (tmp_path / "laptop").write_text("no folder\n")
    run("log Acme")
    assert this_machine() == ("laptop.home", "laptop.home")
    run("undo")
    run("log Bolt")
    (tmp_path / "laptop").unlink()
    assert this_machine().id != "laptop.home"
    rename("laptop.office")
    assert [u["losses"] for u in run("undo --json").json["undone"]] == [[2]]


@pytest.mark.usefixtures("rename")
@pytest.mark.parametrize("state", ["", "one line", "three\nlines\n\n", "\xff"])
def test_41_an_id_that_cannot_be_read_is_left_and_the_host_name_taken(home, run, tmp_path, state):
    home("laptop")
    file = tmp_path / "laptop/.local/state/lostsale/machine"
    file.parent.mkdir(parents=True)
    file.write_text(state, encoding="latin-1")
    run("log Acme")
    run("undo")
    assert file.read_text(encoding="latin-1") == state


@pytest.mark.parametrize("folder", ["relative", "", " "])
def test_41_a_state_folder_that_is_no_path_makes_nothing_in_the_folder_one_is_in(
    home, run, monkeypatch, tmp_path, folder
):
    home("laptop")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_STATE_HOME", folder)
    run("log Acme")
    run("undo")
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.usefixtures("home")
def test_41_the_id_is_its_owners_alone_and_stays(tmp_path):
    first = this_machine()
    file = tmp_path / "laptop/.local/state/lostsale/machine"
    assert is_private(file)
    assert this_machine() == first


@pytest.mark.usefixtures("home")
def test_41_runs_that_start_at_once_agree_on_the_id():
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: this_machine(), range(8)))
    assert len(found) == 1


@pytest.mark.parametrize("xdg", [None, "/var/state"])
def test_41_the_id_lies_where_the_platform_keeps_state(home, monkeypatch, xdg):
    home("laptop")
    if xdg:
        monkeypatch.setenv("XDG_STATE_HOME", xdg)
    assert journal_machine.state_file("machine") == user_state_path("lostsale") / "machine"

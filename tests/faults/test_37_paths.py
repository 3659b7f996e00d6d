"""Wherever a path is taken: the home folder, links, folders that are gone, names of any bytes and
of any length."""

import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lostsale.journal.store import Store


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to work in, beside a home folder of its own."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("export ~/all.json", "all.json"),
        ("stats --save=~/page.html", "page.html"),
        ("backup ~/copy.db", "copy.db"),
        ("demo ~/demo.db", "demo.db"),
        ("meet 1 friday 10am --invite=~/talk.ics", "talk.ics"),
        ("--db=~/other.db log Bolt", "other.db"),
    ],
)
def test_37_a_tilde_is_the_home_folder_wherever_a_file_is_written(run, tmp_path, line, made):
    run("log Acme 5k --contact 'Ana ana@example.com'")
    run("config email jo@example.com")
    run(line)
    assert (tmp_path / made).exists()
    assert list(Path().iterdir()) == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "line", ["import ~/all.json", "merge ~/copy.db", "restore ~/copy.db --yes", "plan set ~/plan"]
)
def test_37_a_tilde_is_the_home_folder_wherever_a_file_is_read(run, tmp_path, line):
    run("log Acme 5k")
    run(f"export {tmp_path / 'all.json'}")
    run(f"backup {tmp_path / 'copy.db'}")
    (tmp_path / "plan").write_text(run("plan").out)
    run(line)


def test_37_a_journal_in_the_home_folder_is_found_by_its_variable(run, here, tmp_path, monkeypatch):
    monkeypatch.setenv("LOSTSALE_DB", "~/mine.db")
    run("log Acme")
    assert (tmp_path / "mine.db").exists()
    assert list(here.iterdir()) == []


@pytest.mark.usefixtures("here")
def test_37_a_home_of_nobody_is_refused_and_no_folder_made(run):
    assert "I can't find the home" in run("--db=~no-such-user/a.db log Acme", code=2).err
    assert list(Path().iterdir()) == []


def test_13_all_that_belongs_to_a_journal_lies_beside_the_file_and_not_beside_a_link(
    lostsale, journal, environment, tmp_path
):
    lostsale("log", "Acme")
    shutil.rmtree(journal.with_name("journal.db-backups"))
    link = tmp_path / "links" / "link.db"
    link.parent.mkdir()
    link.symlink_to(journal)
    environment["LOSTSALE_DB"] = str(link)
    lostsale("touch", "1", "hello")
    lostsale("backup")
    whole = journal.read_bytes()
    journal.write_bytes(whole[:8192])
    assert str(journal.parent) in lostsale("log", "Bolt", code=4).err
    journal.write_bytes(whole)
    assert list(link.parent.iterdir()) == [link]
    assert link.is_symlink()
    with closing(Store.open(link)) as opened:
        assert opened.count() == 1
    environment["LOSTSALE_DB"] = str(journal)
    lostsale("log", "--draft")
    assert lostsale("list").out.count("\n") == 2


def test_13_a_draft_for_a_link_that_leads_nowhere_yet_is_found_when_it_does(
    lostsale, journal, environment, tmp_path
):
    there = tmp_path / "drive" / "journal.db"
    link = tmp_path / "link.db"
    link.symlink_to(there)
    environment["LOSTSALE_DB"] = str(link)
    lostsale("log", "Bolt", code=3)
    assert not there.parent.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "link.db"]
    lostsale("--db", str(journal), "log", "Acme")
    journal.parent.rename(there.parent)
    lostsale("log", "--draft")
    assert "Bolt" in lostsale("list").out


def test_13_a_restore_through_a_link_leaves_the_link(lostsale, journal, environment, tmp_path):
    lostsale("log", "Acme")
    lostsale("backup", str(tmp_path / "copy.db"))
    link = tmp_path / "link.db"
    link.symlink_to(journal)
    environment["LOSTSALE_DB"] = str(link)
    journal.write_bytes(journal.read_bytes()[:9000])
    lostsale("restore", str(tmp_path / "copy.db"), "--yes")
    assert link.is_symlink()
    assert "Acme" in lostsale("--db", str(journal), "list").out


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="paths are text there")
def test_15_a_path_of_any_bytes_is_an_ordinary_path(lostsale, journal, environment):
    odd = os.fsdecode(b"caf\xe9")
    environment["LOSTSALE_DB"] = str(journal.with_name(f"{odd}.db"))
    assert lostsale("log", "Acme", "5k").err == ""
    copy = str(journal.with_name(f"{odd}-copy.db"))
    for line in (
        ["backup"],
        ["backup", copy],
        ["restore"],
        ["merge", copy],
        ["restore", copy, "--yes"],
        ["export", f"{copy}.csv"],
        ["export", f"{copy}.json"],
        ["import", f"{copy}.json"],
        ["stats", "--save", f"{copy}.html"],
        ["verify"],
        ["forget", "1", "--yes"],
    ):
        lostsale(*line)
        json.loads(lostsale("list", "--json").out)
    Path(environment["LOSTSALE_DB"]).write_bytes(b"broken")
    lostsale("log", "Bolt", code=3)
    Path(environment["LOSTSALE_DB"]).unlink()
    assert "Bolt" in lostsale("log", "--draft").out


@pytest.mark.skipif(sys.platform == "win32", reason="no folder can be deleted under a program")
@pytest.mark.parametrize("line", ["log Acme 5k", "list", "due", "export x.csv", "verify"])
def test_39_in_a_folder_that_is_gone_a_journal_there_is_not_to_be_had(
    run, tmp_path, monkeypatch, line
):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = run(f"--db there.db {line}", code=3)
    assert "Nothing was changed" in result.err
    assert "kept" not in result.err
    assert "What you typed" not in result.err


@pytest.mark.skipif(sys.platform == "win32", reason="no folder can be deleted under a program")
def test_39_in_a_folder_that_is_gone_the_usual_journal_works(run, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    run("log Acme 5k")
    assert "Acme" in run("list").out
    for line in ("export x.csv", "stats --save x.html", "backup x.db"):
        assert "can't be written" in run(line, code=3).err


@pytest.mark.parametrize("length", [240, 250, 300])
def test_39_a_name_that_is_too_long_is_said_to_be_and_the_draft_named(lostsale, tmp_path, length):
    name = str(tmp_path / f"{'x' * (length - 3)}.db")
    ended = lostsale("--db", name, "log", "Acme", "5k", code=0 if length == 240 else 3)
    if ended.code:
        assert "What you did is saved" not in ended.err
        kept = ended.err.partition("What you typed is in ")[2].partition(": lostsale")[0]
        assert json.loads(Path(kept).read_text())["typed"]["words"] == ["Acme", "5k"]


@pytest.mark.skipif(sys.platform == "win32", reason="Links take a privilege there")
def test_37_a_link_that_leads_in_a_circle_is_named_wherever_it_stands(refuses, tmp_path):
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    assert "symbolic links" in refuses(f"--db {tmp_path / 'one'} log Acme 5k", 3)
    refuses(f"sync {tmp_path / 'one'} --init", 3)
    assert "I can't find the home" in refuses("sync ~no-one-here/folder --init", 2)

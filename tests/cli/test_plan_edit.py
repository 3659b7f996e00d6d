"""`plan edit`: the plan in the user's editor, on a real terminal."""

import re
import shlex
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from lostsale.domain.plan import DEFAULT
from lostsale.domain.plan_text import read_plan
from test_questions import ended

GOOD, OTHER, BAD = "5 save\n  Hey {contact}!\n", "7 touch\n", "5 save\n6 touhc\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where the text lies while it is edited."""
    folder = tmp_path / "tmp folder"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def editor(tmp_path, monkeypatch, folder):
    """Make an editor that writes these texts, one each time that it is opened, or runs a line of
    shell; what it found the first time it leaves in `seen`."""

    def editor(*texts, shell="", name="EDITOR"):
        for place, text in enumerate(texts):
            (tmp_path / f"draft{place}").write_text(text)
        assert not left(folder)
        script = tmp_path / "an editor"
        script.write_text(
            f'#!/bin/sh\ncd "{tmp_path}"\n[ -e seen ] || cp "$1" seen\n{shell}\n'
            'for draft in draft*; do [ -e "$draft" ] && mv "$draft" "$1"; exit 0; done\n'
        )
        script.chmod(0o700)
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv(name, f"'{script}'")

    return editor


@pytest.fixture
def days(run):
    """The plan's steps: `5 save`."""
    return lambda: [f"{s['days']} {s['kind']}" for s in run("plan --json").json["plan"]]


def left(folder):
    return [path.read_text() for path in folder.iterdir()]


def test_what_is_written_is_kept_and_the_text_is_gone(terminal, editor, folder, tmp_path, days):
    editor(GOOD)
    child = terminal("plan", "edit")
    child.expect_exact("The plan: save 5.")
    child.expect_exact("New days apply to steps planned from now on, new words right away.")
    assert ended(child) == 0
    assert days() == ["5 save"]
    assert left(folder) == []
    assert read_plan((tmp_path / "seen").read_text()) == DEFAULT


def test_the_editor_is_given_ones_own_plan(terminal, editor, run, tmp_path):
    plan = tmp_path / "plan.txt"
    plan.write_text(GOOD)
    run(f"plan set {plan}")
    editor(OTHER)
    assert ended(terminal("plan", "edit")) == 0
    assert read_plan((tmp_path / "seen").read_text()) == read_plan(GOOD)


def test_visual_comes_before_editor(terminal, editor, monkeypatch, days):
    editor(GOOD, name="VISUAL")
    monkeypatch.setenv("EDITOR", "/nowhere/editor")
    assert ended(terminal("plan", "edit")) == 0
    assert days() == ["5 save"]


@pytest.mark.parametrize("yes", ["", "y"])
def test_what_is_wrong_is_said_and_can_be_mended(terminal, editor, folder, days, yes):
    editor(BAD, OTHER)
    child = terminal("plan", "edit")
    child.expect_exact("Edit again? [Y/n]")
    assert 'Line 2: There\'s no kind of step in a plan "touhc".' in child.before
    assert re.search(r"Did you mean touch\?\s*$", child.before)
    child.sendline(yes)
    child.expect_exact("The plan: touch 7.")
    assert ended(child) == 0
    assert days() == ["7 touch"]
    assert left(folder) == []


def test_what_is_not_mended_now_is_left_to_be_mended_later(terminal, editor, folder, db, run, days):
    editor(BAD)
    child = terminal("plan", "edit", columns=400)
    child.expect_exact("Edit again?")
    child.sendline("n")
    child.expect(r"lostsale: (.*)\r\n")
    said = child.match[1]
    assert ended(child) == 2
    assert 'Line 2: There\'s no kind of step in a plan "touhc". Nothing was changed.' in said
    assert not db.exists()
    (path,) = folder.iterdir()
    assert path.read_text() == BAD
    # The command can be taken as it stands: no full stop is copied with it.
    assert said.endswith(f"lostsale plan set '{path}'")
    path.write_text(GOOD)
    run(["plan", "set", str(path)])
    assert days() == ["5 save"]


def test_the_text_is_its_owners_alone(terminal, editor, tmp_path):
    editor(GOOD, shell='ls -l "$1" > rights')
    assert ended(terminal("plan", "edit")) == 0
    assert (tmp_path / "rights").read_text().startswith("-rw-------")


@pytest.mark.parametrize("key", ["c", "d"])
def test_where_it_is_interrupted_the_user_learns_where_the_text_is(
    terminal, editor, folder, db, key
):
    editor(BAD)
    child = terminal("plan", "edit", columns=400)
    child.expect_exact("Edit again?")
    child.sendcontrol(key)
    assert ended(child) == 130
    (path,) = folder.iterdir()
    assert path.read_text() == BAD
    assert str(path) in child.before
    assert not db.exists()


def test_where_the_journal_is_held_the_user_learns_where_the_text_is(
    terminal, editor, folder, db, run
):
    run("log Acme")
    editor(GOOD)
    holder = sqlite3.connect(db, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    child = terminal("plan", "edit", columns=400)
    child.timeout = 30
    assert ended(child) == 5
    holder.close()
    assert left(folder) == [GOOD]
    assert str(next(folder.iterdir())) in child.before


@pytest.mark.parametrize("name", ["/nowhere/editor", "'", "/"])
def test_an_editor_that_is_not_there_is_said_in_a_line_and_leaves_nothing(
    terminal, folder, monkeypatch, db, name
):
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", name)
    child = terminal("plan", "edit", columns=400)
    assert ended(child) == 2
    assert child.before.count("\n") == 1
    assert "can't be run. Nothing was changed." in child.before
    assert left(folder) == []
    assert not db.exists()


@pytest.mark.parametrize("ending", ["exit 3", "kill -9 $$"])
def test_an_editor_that_fails_keeps_nothing_but_the_text(terminal, editor, folder, db, ending):
    editor(shell=f'mv draft0 "$1" 2>/dev/null\nprintf "9 save\\n" > "$1"\n{ending}')
    child = terminal("plan", "edit", columns=400)
    assert ended(child) == 2
    assert child.before.count("\n") == 1
    assert "failed. Nothing was changed. What you wrote is saved. Use it:" in child.before
    assert left(folder) == ["9 save\n"]
    assert str(next(folder.iterdir())) in child.before
    assert not db.exists()


def test_a_text_that_the_editor_removed_is_said_in_a_line(terminal, editor, db):
    editor(shell='rm "$1"; exit 0')
    child = terminal("plan", "edit", columns=400)
    assert ended(child) == 3
    assert child.before.count("\n") == 1
    assert "can't be read" in child.before
    assert not db.exists()


def test_bytes_that_are_no_text_can_be_mended_too(terminal, editor, tmp_path, days):
    editor("", GOOD)
    Path(tmp_path / "draft0").write_bytes(b"3 save\n  \xff\n")
    child = terminal("plan", "edit", columns=400)
    child.expect_exact("isn't UTF-8")
    child.expect_exact("Edit again?")
    child.sendline("")
    assert ended(child) == 0
    assert days() == ["5 save"]


def test_what_was_not_changed_changes_nothing(terminal, editor, folder, run):
    run("log Acme")
    editor()
    assert ended(terminal("plan", "edit")) == 0
    assert left(folder) == []
    run("undo")
    assert run("list --json").json["losses"] == []  # the loss was the last change


def test_the_answer_can_be_json(terminal, editor):
    editor(GOOD)
    child = terminal("plan", "edit", "--json", columns=400)
    assert ended(child) == 0
    assert '{"schema": 1, "plan": [{"key": "save"' in child.before


def test_a_plan_that_was_kept_meanwhile_is_not_overwritten(terminal, editor, run, folder):
    command = f"'{sys.executable}' -m lostsale"
    editor("1 why\n", shell=f"printf '2 why\\n9 thanks\\n' | {command} plan set -")
    child = terminal("plan", "edit", columns=400)
    assert ended(child) == 1
    assert "Another plan was saved in the meantime." in child.before
    assert [step["days"] for step in run("plan --json").json["plan"]] == [2, 9]
    assert left(folder) == ["1 why\n"]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_killed_in_the_editor_it_leaves_no_file_behind(terminal, editor, folder, tmp_path, how):
    editor(shell=f"echo here > {shlex.quote(str(tmp_path / 'here'))}; sleep 30")
    child = terminal("plan", "edit")
    while not (tmp_path / "here").exists():
        time.sleep(0.02)
    assert len(left(folder)) == 1
    child.kill(how)
    child.wait()
    if how == signal.SIGKILL:  # the next one sweeps it up
        editor_that_ends(tmp_path)
        ended(terminal("plan", "edit"))
    assert left(folder) == []


def editor_that_ends(tmp_path):
    (tmp_path / "an editor").write_text("#!/bin/sh\nexit 0\n")

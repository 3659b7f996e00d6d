"""Completion, as the shells ask for it and in the shells themselves: commands, options, codes and
numbers, and never a text of the journal, which a shell might run (fault 31)."""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pexpect
import pytest

from conftest import HOME
from lostsale.cli import COMMANDS

EVIL = "Evil$(touch ran)`touch ran`; touch ran"
NAMES = [name for group in COMMANDS.values() for name in group]


@pytest.fixture
def completed(run, monkeypatch):
    """Return what a shell is offered for a line so far."""

    def completed(line, shell="bash"):
        words = line.split(" ")
        monkeypatch.setenv("_LOSTSALE_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        out = run([]).out
        monkeypatch.delenv("_LOSTSALE_COMPLETE")
        return out.split("\n")[:-1]

    return completed


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_all_commands_are_offered(completed, shell):
    assert completed("lostsale ", shell) == NAMES


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("lostsale du", ["due"]),
        ("lostsale --to", ["--today"]),
        ("lostsale log --way", ["--way-in"]),
        ("lostsale log Acme --said bu", ["budget"]),
        ("lostsale log Acme --guess price", ["price-value"]),
        ("lostsale log Acme --signal s", ["silence", "satisfied"]),
        ("lostsale log Acme --also thanks,re", ["thanks,referral"]),
        ("lostsale log Acme --outcome c", ["competitor", "cancelled"]),
        ("lostsale list --weakness p", ["personal"]),
        ("lostsale due --kind t", ["thanks", "touch"]),
        ("lostsale script m", ["meet", "move-on"]),
        ("lostsale config date", ["date-order"]),
        ("lostsale reasons w", ["weakness"]),
        ("lostsale reasons rename late", ["late-offer"]),
        ("lostsale show ", ["3", "2", "1"]),
        ("lostsale done 1,2", ["1,2"]),
        ("lostsale show E", []),
        ("lostsale show Evil", []),
        ("lostsale frobnicate ", []),
    ],
)
def test_codes_and_numbers_are_offered(run, completed, line, offered):
    run(["log", EVIL, "--contact", EVIL])
    run("log Acme")
    run("log Bolt")
    run("reasons add late-offer --kind real")
    assert [text for text in completed(line) if text] == offered


def test_nothing_is_offered_and_nothing_made_without_a_journal(completed, db):
    assert [text for text in completed("lostsale show ") if text] == []
    assert not db.exists()


def test_a_journal_that_can_not_be_read_says_nothing_to_a_shell(completed, db):
    db.write_text("no journal")
    assert [text for text in completed("lostsale show ") if text] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("line", ["lostsale show ", "lostsale find ", "lostsale log ", "lostsale "])
def test_31_no_text_of_the_journal_is_offered(run, completed, shell, line):
    for n in range(3):
        run(["log", f"{EVIL} {n}", "--said", f"other: {EVIL}", "--lost-to", EVIL])
    run(["reasons", "alias", "Evil touch ran", "price-value"])
    assert "ran" not in " ".join(completed(line, shell)).replace("reasons", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_it_is_installed_by_one_command_and_only_once(run, tmp_path, monkeypatch, shell):
    for home in HOME:
        monkeypatch.setenv(home, str(tmp_path))
    for _ in range(2):
        out = run(["--install-completion", shell]).out
        assert out.startswith(f"Completion is in {tmp_path}{os.sep}")
        assert f", for every {shell}" in out
    rc = {"bash": ".bashrc", "zsh": ".zshrc"}.get(shell)
    if rc:
        lines = (tmp_path / rc).read_text().split("\n")
        assert len([line for line in lines if "source" in line or "fpath" in line]) == 1


def test_another_shell_is_refused(refuses):
    assert "Write bash, zsh, fish, powershell or pwsh" in refuses("--install-completion tcsh", 2)


CLEAR = "\x15"  # Ctrl-U
SHELLS = {
    "bash": (["bash", "--noprofile", "--rcfile", "{home}/.bashrc", "-i"], "PS1='READY> '"),
    "zsh": (["zsh", "-i"], "PS1='READY> '"),
    "fish": (["fish", "-i"], "function fish_prompt; echo 'READY> '; end"),
}


@pytest.mark.faults
@pytest.mark.parametrize("shell", SHELLS)
def test_31_in_the_shell_itself_nothing_is_run(run, db, tmp_path, monkeypatch, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    monkeypatch.setenv("HOME", str(tmp_path))
    run(["log", EVIL, "--contact", EVIL])
    run("log Acme")
    run(["--install-completion", shell])
    command, prompt = SHELLS[shell]
    child = pexpect.spawn(
        command[0],
        [part.format(home=tmp_path) for part in command[1:]],
        env={
            "HOME": str(tmp_path),
            "LOSTSALE_DB": str(db),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TERM": "xterm",
        },
        cwd=str(tmp_path),
        dimensions=(40, 100),
        encoding="utf-8",
        timeout=20,
    )
    try:
        child.sendline(prompt)
        child.expect("READY> ")
        for typed, shown in (("verif\t", "verify"), ("show Evil\t", "Evil"), ("done 1,\t", "1,")):
            child.send(f"lostsale {typed}")
            child.expect_exact(shown)
            child.send(f"{CLEAR}echo do''ne\r")
            child.expect(r"\bdone\b")  # the shell has asked
        child.send("lostsale show \t\t" if shell == "bash" else "lostsale show \t")
        child.expect(r"1(\x1b\[[0-9;]*[A-Za-z]|[^0-9])+2\b|2(\x1b\[[0-9;]*[A-Za-z]|[^0-9])+1\b")
    finally:
        child.close(force=True)
    assert not (tmp_path / "ran").exists()


def test_a_code_of_ones_own_is_offered_before_the_first_loss(run, completed):
    run("reasons add bad-timing --kind real")
    assert completed("lostsale log Acme --guess bad") == ["bad-timing"]


HOSTILE = ["x$(touch ran)", "x`touch ran`", "x;touch", "x y", "-x", "\\$(touch ran)", "x" * 60]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_31_only_what_is_a_code_or_a_number_leaves_a_journal(run, completed, db, shell):
    run("log Acme")
    with closing(sqlite3.connect(db)) as opened:
        for code in HOSTILE:
            opened.execute("INSERT INTO reasons VALUES (?, 'real', 'none', NULL)", (code,))
            opened.execute("INSERT INTO reasons VALUES (?, 'said', NULL, NULL)", (f"{code} said",))
        opened.commit()
    for option in ("--guess x", "--said x", "--signal x", "--guess ", "--said \\"):
        offered = completed(f"lostsale log Acme {option}", shell)
        assert not [text for text in offered if "ran" in text or "touch" in text or "xx" in text]
    assert not {*completed("lostsale done 1;$(touch ran),", shell)} - {"", "_files"}

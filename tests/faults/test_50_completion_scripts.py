"""Completion goes where the shell looks for it, and leaves all that stands there alone."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from shutil import which

import pytest

LATIN = b"# caf\xe9\nalias x=y\n"


@pytest.mark.parametrize(("shell", "start"), [("bash", ".bashrc"), ("zsh", ".zshrc")])
def test_50_a_start_file_of_any_bytes_is_added_to_once(run, tmp_path, shell, start):
    (tmp_path / start).write_bytes(LATIN)
    run(["--install-completion", shell])
    once = (tmp_path / start).read_bytes()
    assert once.startswith(LATIN)
    run(["--install-completion", shell])
    assert (tmp_path / start).read_bytes() == once


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_50_the_shell_finds_it_where_the_user_keeps_its_files(run, tmp_path, monkeypatch, shell):
    if not which(shell):
        pytest.skip(f"{shell} is not installed")
    for name in ("dot files", "settings"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("ZDOTDIR", str(tmp_path / "dot files"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    path = run(["--install-completion", shell]).out.split(" is in ")[1].split(", for every")[0]
    assert tmp_path / {"bash": "", "zsh": "dot files", "fish": "settings"}[shell] in [
        *(tmp_path / path).parents
    ]
    asked = {
        "bash": ["bash", "-ic", "complete -p lostsale"],
        "zsh": ["zsh", "-ic", "echo $_comps[lostsale]"],
        "fish": ["fish", "-c", "complete --do-complete 'lostsale --vers'"],
    }[shell]
    bin_ = str(tmp_path / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "lostsale").symlink_to(f"{sys.prefix}/bin/lostsale")
    monkeypatch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
    found = subprocess.run(
        asked, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ("--version" if shell == "fish" else "lostsale") in found.stdout, found


def test_50_nothing_is_written_where_no_configuration_is_moved(run, tmp_path):
    run("--install-completion fish")
    assert (tmp_path / ".config/fish/completions/lostsale.fish").exists()


def test_20_tab_waits_for_nobody(lostsale, environment, journal):
    lostsale("log", "Acme")
    environment |= {
        "_LOSTSALE_COMPLETE": "complete_bash",
        "COMP_WORDS": "lostsale show ",
        "COMP_CWORD": "2",
    }
    assert lostsale().out == "1\n"
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        assert lostsale().out.strip() == ""
        assert time.monotonic() - began < 5  # and not the 10 seconds that others wait

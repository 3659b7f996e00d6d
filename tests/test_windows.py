"""lostsale in a real Windows Python under wine, where there is one in `LOSTSALE_WINDOWS`, as
windows_python.py makes it; and what lostsale does for Windows that can be looked at anywhere."""

import json
import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pexpect
import pytest
from openpyxl import Workbook

from lostsale import errors
from lostsale.commands import stats
from lostsale.commands.ask import ask
from lostsale.journal.paths import moved_up
from lostsale.journal.unfinished import swept, unfinished_file

PYTHON = Path(os.environ.get("LOSTSALE_WINDOWS", "")) / "cp313" / "python.exe"
on_wine = pytest.mark.skipif(
    not (os.environ.get("LOSTSALE_WINDOWS") and shutil.which("wine")),
    reason="no wine, or no LOSTSALE_WINDOWS",
)
LISTED = "Deal ID,Account,Stage,Amount,Close Date\n"


@pytest.mark.parametrize(
    ("shell", "text", "quoted"),
    [
        ("cmd", "Pike & Sons", '"Pike & Sons"'),
        ("cmd", r"C:\My Sales\j.db", r'"C:\My Sales\j.db"'),
        ("cmd", "C:\\My Sales\\", '"C:\\My Sales\\\\"'),
        ("cmd", 'the "best"', r'"the \"best\""'),
        ("cmd", r"C:\j.db", r"C:\j.db"),
        ("powershell", "O'Brien & $ons", "'O''Brien & $ons'"),
        ("powershell", "O\u2019Brien", "'O\u2019\u2019Brien'"),
        ("powershell", "", "''"),
        ("bash", "O'Brien", "'O'\"'\"'Brien'"),
    ],
)
def test_a_printed_command_is_quoted_for_the_shell_at_hand(monkeypatch, shell, text, quoted):
    monkeypatch.setattr(errors.os, "name", "nt")
    monkeypatch.delenv("MSYSTEM", raising=False)
    if shell == "bash":  # Git's
        monkeypatch.setenv("MSYSTEM", "MINGW64")
    monkeypatch.setenv("PSMODULEPATH", "a;b;c" if shell == "powershell" else "a;b")
    assert errors.quote(text) == quoted


def test_what_the_first_release_kept_a_folder_deeper_moves_up_once(tmp_path):
    old = tmp_path / "lostsale"
    (old / "lostsale.db-backups").mkdir(parents=True)
    for name in ("lostsale.db", "machine", "lostsale.db-backups/2026-11-24.db"):
        (old / name).write_text(name)
    assert moved_up(tmp_path)
    assert not old.exists()
    assert (tmp_path / "machine").read_text() == "machine"
    assert (tmp_path / "lostsale.db-backups/2026-11-24.db").exists()
    assert not moved_up(tmp_path)


def test_a_journal_that_is_there_is_not_moved_over(tmp_path):
    (tmp_path / "lostsale").mkdir()
    for name in ("lostsale.db", "lostsale/lostsale.db"):
        (tmp_path / name).write_text(name)
    assert not moved_up(tmp_path)
    assert (tmp_path / "lostsale.db").read_text() == "lostsale.db"


def test_a_copy_that_is_still_open_hides_no_error_and_is_swept_later(tmp_path, monkeypatch):
    def held(*_, **__):
        raise PermissionError

    with (  # noqa: PT012 - what it raises comes last
        monkeypatch.context() as patch,
        pytest.raises(KeyError),
        unfinished_file(tmp_path, "journal.db"),
    ):
        patch.setattr(Path, "unlink", held)
        raise KeyError
    assert len(swept(tmp_path, ".journal.db", even_held=True)) == 1
    assert list(tmp_path.iterdir()) == []


def test_ctrl_d_and_enter_at_a_question_of_a_windows_console_end_it(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "\x04")
    with pytest.raises(errors.Interrupted):
        ask("Who said no? ")


def test_completion_in_powershell_is_loaded_by_its_start_file(run, tmp_path, monkeypatch):
    profile = tmp_path / "Own Documents" / "profile.ps1"
    program = tmp_path / "bin" / "pwsh"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{profile}'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    for _ in range(2):
        run("--install-completion pwsh")
    assert profile.read_text().count("lostsale-completion.ps1") == 1
    script = profile.with_name("lostsale-completion.ps1").read_text()
    assert script.startswith("$scriptblock")
    assert "Register-ArgumentCompleter" in script


def test_windows_opens_a_saved_page(monkeypatch):
    opened = []
    monkeypatch.setattr(stats.sys, "platform", "win32")
    monkeypatch.setattr("os.startfile", opened.append, raising=False)
    assert stats._is_opened("page.html")
    assert opened == ["page.html"]


@pytest.mark.parametrize("is_private", [True, False])
def test_only_you_can_read_it_is_said_where_it_is_so(run, tmp_path, monkeypatch, is_private):
    run("log Acme 12k budget")
    if not is_private:  # as a file system without rights has it
        there = Path.stat
        monkeypatch.setattr(Path, "stat", lambda path, **more: _open_to_all(there(path, **more)))
    said = run(["export", str(tmp_path / "all.csv")]).out
    assert ("only you can read" in said) == is_private


def _open_to_all(found):
    return os.stat_result((found.st_mode | 0o66, *found[1:]))


# Runs lostsale for each line that comes, in one process: starting Python takes seconds there.
DOOR = """
import io, json, os, sys
from lostsale import cli
usual = dict(os.environ)
for line in sys.stdin:
    args, more, folder, given = json.loads(line)
    os.environ.clear()
    os.environ.update(usual | more)
    os.chdir(folder)
    pipes = [io.BytesIO(given.encode()), io.BytesIO(), io.BytesIO()]
    stays = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = [io.TextIOWrapper(pipe, "cp1252") for pipe in pipes]
    code = cli.run(args)
    sys.stdout.flush(), sys.stderr.flush()
    said = [pipe.getvalue().decode("utf-8") for pipe in pipes[1:]]
    sys.stdin, sys.stdout, sys.stderr = stays
    print(json.dumps([code, *said]), flush=True)
"""


@pytest.fixture(scope="module")
def wine(tmp_path_factory):
    """The environment of a Windows of this module's own."""
    home = tmp_path_factory.mktemp("wine")
    env = {name: value for name, value in os.environ.items() if not name.startswith("LOSTSALE")}
    env |= {"WINEPREFIX": str(home / "prefix"), "WINEDEBUG": "-all", "LOSTSALE_TODAY": "2026-11-24"}
    # Its services outlive what started them: no pipe of theirs may be read to the end.
    ask = {"env": env, **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)}
    subprocess.run(["wine", "winecfg", "-v", "win10"], **ask, check=False, timeout=120)
    # Without a program that stays, Windows shuts down behind each, and starts again.
    stays = subprocess.Popen(["wine", str(PYTHON), "-c", "import time; time.sleep(1000)"], **ask)
    time.sleep(1)
    yield env
    stays.kill()
    subprocess.run(["wineserver", "-k"], **ask, check=False)
    stays.wait()


@pytest.fixture(scope="module")
def door(wine):
    """A Windows Python that runs lostsale again and again."""
    # It needs three streams that wine can open, which those of pytest aren't.
    streams = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE) | {"stderr": subprocess.DEVNULL}
    start = ["wine", str(PYTHON), "-c", DOOR]
    with subprocess.Popen(start, env=wine, **streams, text=True) as door:
        yield door
        door.kill()


@pytest.fixture
def windows(door, tmp_path):
    """Run lostsale as Windows does; return what it printed. It must end with the code."""

    def windows(*args, code=0, db="journal.db", stdin="", **more):
        env = ({"LOSTSALE_DB": at(tmp_path / db)} if db else {}) | more
        door.stdin.write(json.dumps([args, env, at(tmp_path), stdin]) + "\n")
        door.stdin.flush()
        ended, said, error = json.loads(door.stdout.readline())
        assert ended == code, (args, said, error)
        assert "Traceback" not in error
        return said if code == 0 else error

    return windows


@pytest.fixture
def started(wine, tmp_path):
    """Run lostsale in a process of its own; return the bytes that it printed."""

    def started(*args):
        ended = subprocess.run(
            ["wine", str(PYTHON), "-m", "lostsale", *args],
            env=wine | {"LOSTSALE_DB": at(tmp_path / "journal.db")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert ended.returncode == 0, ended
        return ended.stdout

    return started


def at(path):
    """Return a path as Windows has it."""
    return "Z:" + str(path).replace("/", "\\")


@on_wine
def test_what_goes_nowhere_is_no_terminal(wine, tmp_path):
    line = f'{at(PYTHON)} -m lostsale log "Acme" 12k >NUL <NUL'
    env = wine | {"LOSTSALE_DB": at(tmp_path / "journal.db")}
    ask = {"stdin": subprocess.DEVNULL, "capture_output": True, "timeout": 300}
    ended = subprocess.run(["wine", "cmd", "/c", line], env=env, check=False, **ask)
    assert (ended.returncode, (tmp_path / "journal.db").exists()) == (0, True), ended


@on_wine
def test_a_day_on_windows(windows, started, tmp_path):
    said = started("log", "Müller & Söhne", "12k,", "partners", "froze", "the", "budget").decode()
    assert "Müller & Söhne · 12,000 USD" in said
    assert "no-access" in windows("why", "müller", "her partner signs, I never met him")
    assert json.loads(windows("due", "--days", "9", "--json"))["due"][0]["number"] == 1
    assert "1 lost" in windows("stats")
    windows("stats", "--save", at(tmp_path / "page.html"))
    assert "</html>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    windows("log", "--said", "-", "Brandt", stdin="zu teuer für uns")
    book = Workbook()
    for line in (LISTED, "7,Köhler,Closed Lost,900,2026-11-03"):
        book.active.append(line.strip().split(","))
    book.save(tmp_path / "deals.xlsx")
    assert "1 added" in windows("import", at(tmp_path / "deals.xlsx"), "--yes")
    (tmp_path / "west.csv").write_bytes(
        f"{LISTED}8,Größe,Closed Lost,5,2026-11-02\n".encode("cp1252")
    )
    windows("import", at(tmp_path / "west.csv"), "--yes", "--encoding", "cp1252")
    assert "Größe" in windows("list")
    windows("undo")
    assert "Größe" not in windows("list")
    assert "only you" not in windows("export", at(tmp_path / "all.csv"))
    assert (tmp_path / "all.csv").read_bytes().count(b"\r\n") == 4


@on_wine
def test_journals_move_on_windows(windows, tmp_path):
    windows("log", "Brandt", "5k", "budget")
    windows("backup", at(tmp_path / "copy.db"))
    windows("forget", "brandt", "--yes")
    windows("restore", at(tmp_path / "copy.db"), "--yes")
    windows("log", "Acme", "5", db="other.db")
    windows("merge", at(tmp_path / "journal.db"), db="other.db")
    (tmp_path / "shared").mkdir()
    assert "sent" in windows("sync", at(tmp_path / "shared"), "--init")
    assert "0 received" in windows("sync")
    assert "all intact" in windows("verify")
    # No other computer's share is there, and none is called damaged.
    windows("due", db=None, LOSTSALE_DB=r"\\server\share\journal.db")
    extended = f"\\\\?\\{at(tmp_path / 'other.db')}"
    counted = windows("due", "--count", "--days", "9", db=None, LOSTSALE_DB=extended)
    assert counted.strip() == "1"
    windows("backup", "NUL", code=3)
    assert "no file named CON" in windows("backup", "CON", code=3)


@on_wine
def test_eight_log_at_once_on_windows(windows, started):
    windows("log", "First", "5")
    with ThreadPoolExecutor(8) as pool:
        assert len([*pool.map(lambda number: started("log", f"Acme {number}", "5"), range(8))]) == 8
    assert windows("list").count("\n") == 9
    assert "9 losses" in windows("verify")


@on_wine
def test_the_journal_of_the_first_release_is_found_on_windows(windows, wine):
    windows("log", "Acme", "5", db=None)
    (new,) = Path(wine["WINEPREFIX"]).glob("drive_c/users/*/AppData/Local/lostsale")
    assert (new / "lostsale.db").exists()
    old = new.with_name("old")
    new.rename(old)
    new.mkdir()
    old.rename(new / "lostsale")
    assert windows("due", "--count", "--days", "9", db=None).strip() == "1"
    assert not (new / "lostsale").exists()


@on_wine
def test_the_keys_of_a_windows_console(windows, wine, tmp_path):
    for name in ("Acme", "Brandt"):
        windows("log", name, "5k", "budget", LOSTSALE_TODAY="2026-11-20")
    env = wine | {"LOSTSALE_DB": at(tmp_path / "journal.db"), "TERM": "xterm"}
    walk = [str(PYTHON), "-m", "lostsale", "due", "--walk"]
    child = pexpect.spawn("wine", walk, env=env, encoding="utf-8", timeout=60, dimensions=(40, 100))
    for key, shown in (("à", "Space next"), ("\x1b[C", "2 of 2"), ("n\r", "Saved")):
        child.expect("Press a key")
        time.sleep(0.5)  # the console of wine loses what comes while it draws
        child.send(key)
        child.expect(shown)
    child.close(force=True)

"""What the tests share: `run("log Acme 12k")`, a journal for each test, and a fixed day."""

import io
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest
import typer
from hypothesis import HealthCheck, settings

from lostsale import cli
from lostsale.app import App
from lostsale.cli import run as run_cli
from lostsale.journal import file as journal_file
from lostsale.journal.store import Store

TODAY = "2026-11-24"  # a Tuesday
# What says where the user's files are; the last on Windows.
HOME, STATE_HOME = ("HOME", "USERPROFILE"), ("XDG_STATE_HOME", "LOCALAPPDATA")
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

settings.register_profile("ci", max_examples=40, deadline=None)
settings.register_profile(
    "full", max_examples=5_000, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# The settings and the journal of whoever runs the tests are not theirs to see.
for _name in ("LOSTSALE_DB", "LOSTSALE_TODAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
    os.environ.pop(_name, None)

if sys.platform == "win32":  # where every path in a line has backslashes

    def _split(line: str) -> list[str]:
        words = shlex.shlex(line, posix=True)
        words.whitespace_split, words.commenters, words.escape = True, "", ""
        return list(words)

    _unix_quote = shlex.quote

    def _quote(text: str) -> str:
        return text if re.fullmatch(r"[\w.:/\\+~-]+", text) else _unix_quote(text)

    # Printed commands are as elsewhere. What cmd and PowerShell get is in test_windows.
    os.environ["MSYSTEM"], shlex.split, shlex.quote = "MINGW64", _split, _quote

    def _not_here(*given: object) -> None:
        if given and re.search("-draft-|current$", str(given[0])):
            raise OSError  # lostsale and pytest do without their links
        pytest.skip("Windows has no such files, users or processes")

    os.mkfifo = os.fork = Path.owner = Path.symlink_to = _not_here
    # No test that sends them runs there, but their modules are read.
    signal.SIGHUP = signal.SIGKILL = signal.SIGTERM

_MEMORY = Path("/dev/shm")  # where a file system in memory lies
_ROOMY = 1 << 30  # bytes


def pytest_configure(config: pytest.Config) -> None:
    """Work in memory where there is room, and programs may run: most of a test's time is waiting
    for a disk."""
    is_there = sys.platform == "linux" and _MEMORY.is_dir()
    is_there = is_there and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    if is_there and shutil.disk_usage(_MEMORY).free > _ROOMY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
        os.environ.setdefault("TMPDIR", str(_MEMORY))
        tempfile.tempdir = None
    # Nothing of the user's is touched, nothing is left, drafts in the temporary folder included,
    # and all that a session runs is done on one machine.
    home = tempfile.mkdtemp(prefix="lostsale-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ["TMPDIR"] = tempfile.tempdir = home
    Path(home).chmod(0o755)  # tests without the rights of root look in
    os.environ |= {"PAGER": "", **dict.fromkeys(HOME, home)}
    os.environ |= dict.fromkeys(STATE_HOME, str(Path(home) / "state"))
    _make_once()


def _make_once() -> None:
    """Build each command, and the empty journal, once and not in every test: what they are is the
    same each time."""
    cli.LazyGroup.get_command = _once_for_each(cli.LazyGroup.get_command)
    typer.main.get_command = cache(typer.main.get_command)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        path.touch()
        journal_file.fill(path)
        empty = path.read_bytes()

    def in_memory() -> sqlite3.Connection:
        made = sqlite3.connect(":memory:", isolation_level=None)
        made.row_factory = sqlite3.Row
        made.deserialize(empty)
        return made

    journal_file.fill = lambda new: new.write_bytes(empty)
    journal_file.in_memory = in_memory


def _once_for_each(get_command: Callable[..., Any]) -> Callable[..., Any]:
    commands: dict[str, Any] = {}

    def known(group: Any, ctx: Any, name: str) -> Any:
        if name not in commands:
            commands[name] = get_command(group, ctx, name)
        return commands[name]

    return known


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """Have Ctrl-C interrupt, in this process and those it starts, where whoever started the tests
    ignores it, as a shell does for what runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def on_unix(reason: str) -> pytest.MarkDecorator:
    """Leave a test out on Windows, for this reason."""
    return pytest.mark.skipif(sys.platform == "win32", reason=reason)


def is_private(path: Path) -> bool:
    """Whether only its owner can read a file or a folder. On Windows the folder around it decides,
    which no test can look at."""
    return sys.platform == "win32" or not path.stat().st_mode & 0o77


class Result(NamedTuple):
    """What a run printed and how it ended."""

    out: str
    err: str
    code: int

    @property
    def lines(self) -> list[str]:
        """The lines on stdout."""
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        """What was printed as JSON, on stdout or else as an error."""
        return json.loads(self.out or self.err)


Run = Callable[..., Result]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of this test's journal, which does not exist yet."""
    path = tmp_path / "journal.db"
    monkeypatch.setenv("LOSTSALE_DB", str(path))
    monkeypatch.setenv("LOSTSALE_TODAY", TODAY)
    for home in HOME:
        monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.delenv("NO_COLOR", raising=False)
    for locale in ("LC_ALL", "LC_TIME", "LANG"):  # would say how days are read and written
        monkeypatch.delenv(locale, raising=False)
    # A backup of each test's journal would take longer than the test. tests/faults have them.
    monkeypatch.setattr("lostsale.app.backup_of", lambda path, _: path)
    return path


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start processes without coverage: one that is interrupted while coverage holds its lock would
    wait for it for ever."""
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture
def run(
    db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Run]:
    """Run a command line as a shell would split it, off a terminal.

    Unless told which `code` to expect, the command must end well and say nothing on stderr. `today`
    is the day for this run alone.
    """

    def run(line: str | list[str], *, code: int = 0, today: str = TODAY) -> Result:
        monkeypatch.setenv("LOSTSALE_TODAY", today)
        capsys.readouterr()
        ended = run_cli(shlex.split(line) if isinstance(line, str) else line)
        out, err = capsys.readouterr()
        monkeypatch.setenv("LOSTSALE_TODAY", TODAY)
        result = Result(out, err, ended)
        assert ended == code, result
        return result

    assert not db.exists()
    yield run
    sys.stdout.flush()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The path of the made-up year of `lostsale demo`; nobody changes it."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    assert run_cli(["--today", TODAY, "demo", str(path)]) == 0
    return path


@pytest.fixture
def loss(run: Run) -> Callable[..., Any]:
    """Return a loss as its JSON has it: `loss(1)`."""
    return lambda ref=1, **options: run(f"show {ref} --json", **options).json["loss"]


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> None:
    """Import one loss, which has no step."""
    file = tmp_path / "deals.csv"
    file.write_text("Deal ID,Account,Stage,Close Date\n77,Acme,Closed Lost,2026-11-03\n")
    run(["import", str(file), "--yes"])


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Pipe bytes into the next command: `piped(b"budget")`."""
    return lambda content: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.fixture
def refuses(run: Run, db: Path) -> Callable[..., str]:
    """Run a command that must fail in one line on stderr and leave the journal as it was, to the
    byte; return the line."""

    def refuses(line: str | list[str], code: int, **options: Any) -> str:
        before = db.read_bytes() if db.exists() else None
        result = run(line, code=code, **options)
        assert result.out == ""
        assert result.err.startswith("lostsale: ")
        assert result.err.count("\n") == 1
        assert "Traceback" not in result.err
        assert (db.read_bytes() if db.exists() else None) == before
        return result.err

    return refuses


@pytest.fixture
def screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return the lines, without their colours, that a command shows on a terminal of that many
    columns: `screen("due", 80)`."""

    def screen(line: str, width: int = 100, **options: Any) -> list[str]:
        with monkeypatch.context() as terminal:
            terminal.setattr(App, "width", property(lambda _: width))
            return re.sub(r"\x1b\[[0-9;]*m", "", run(line, **options).out).splitlines()

    return screen


@pytest.fixture
def terminal(db: Path) -> Iterator[Callable[..., Any]]:
    """Start a command in a pseudo-terminal; its `logfile_read` has all that it shows. A `log` finds
    a journal, unless it is the `first`."""

    if not hasattr(pexpect, "spawn"):
        pytest.skip("Windows has no pseudo-terminals")

    class Person(pexpect.spawn):
        # Python's readline misses a signal between showing its prompt and waiting for a key.
        def sendcontrol(self, char: str) -> int:
            time.sleep(0.1)
            return super().sendcontrol(char)

        def kill(self, sig: int) -> None:
            time.sleep(0.1)
            super().kill(sig)

    def start(*args: object, columns: int = 80, timeout: float = 10, first: bool = False) -> Any:
        if "log" in args and not first and not db.exists():
            Store.make(db).close()
        env = {**os.environ, "LOSTSALE_DB": str(db), "TERM": "xterm", "PYTHONUTF8": "1"}
        env.pop("COLUMNS", None)  # pytest-xdist sets it, and it would hide the terminal's own
        child = Person(
            sys.executable,
            ["-m", "lostsale", *map(str, args)],
            env=env,
            dimensions=(40, columns),
            encoding="utf-8",
            timeout=timeout,
        )
        child.logfile_read = io.StringIO()
        child.delaybeforesend = None
        child.ptyproc.delayafterclose = 0
        started.append(child)
        return child

    started: list[Any] = []
    yield start
    for child in started:
        if child.isalive():
            child.kill(9)
            child.wait()
        child.close()


@pytest.fixture
def zone():
    """Give this computer another time zone."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows has its own way to change the time zone")
    with pytest.MonkeyPatch.context() as patch:

        def zone(name):
            patch.setenv("TZ", name)
            time.tzset()

        yield zone
    time.tzset()

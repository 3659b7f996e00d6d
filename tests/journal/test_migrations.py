"""A journal of any earlier schema opens as it is, upgraded, with all that it held."""

import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest
from sqlite_utils import Database

from lostsale.journal import changes
from lostsale.journal.file import APPLICATION_ID, SCHEMA, looked_at
from lostsale.journal.file import version as journal_version
from lostsale.journal.schema import migrations
from lostsale.journal.store import Store

NAMES = [migration.name for migration in migrations.pending(Database(memory=True))]


def test_migrations_run_in_the_order_of_their_numbers():
    assert sorted(NAMES) == NAMES


def journal_of_schema(path, version):
    """Make an empty journal as the lostsale of that schema did."""
    connection = sqlite3.connect(path, isolation_level=None)
    db = Database(connection, execute_plugins=False)
    following = NAMES[version] if version < len(NAMES) else None
    migrations.apply(db, stop_before=following)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def fill_as_of_old(old, journal):
    """Put what a journal holds into an empty one of an older schema, as if it was written there: no
    change says which schema wrote it."""
    with closing(sqlite3.connect(journal, isolation_level=None)) as opened:
        opened.execute("UPDATE changes SET schema = NULL")
        seal_anew(opened)
    with closing(sqlite3.connect(old)) as opened:
        opened.execute("ATTACH ? AS new", (str(journal),))
        for table in "losses contacts referrals settings reasons changes changed".split():
            names = [name for _, name, *_ in opened.execute(f"PRAGMA main.table_info({table})")]
            columns = ", ".join(names)
            opened.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}")
        last = "(SELECT seq FROM new.sqlite_sequence WHERE name = 'losses')"
        opened.execute(f"UPDATE sqlite_sequence SET seq = {last} WHERE name = 'losses'")
        opened.commit()


def seal_anew(opened):
    """Give all changes the checksums of what they are by now."""
    for (change,) in opened.execute("SELECT id FROM changes").fetchall():
        changes.seal(opened, change)


def schema(path):
    connection = sqlite3.connect(path)
    found = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '_sqlite_migrations%'"
    ).fetchall()
    connection.close()
    return set(found)


def test_the_schema_has_one_number_for_each_migration():
    assert len(NAMES) == SCHEMA


# Of what each migration leaves; those of a version that somebody has are never changed.
LEFT = (
    "65f752aaaad5c6b1",
    "7e8d5b9bfc396e3a",
    "4923943c79d7851c",
    "7f57dd14421d465d",
    "93af33fc48aa6585",
    "a8777ae3782b07c6",
    "bd22435b70337875",
    "f764153f20289129",
    "8792a8a8064849c1",
    "8792a8a8064849c1",
    "648f9c181b8119ef",
)


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_a_migration_does_what_it_did_when_it_was_written(tmp_path, version):
    journal_of_schema(tmp_path / "journal.db", version)
    found = "\n".join(sorted(map(str, schema(tmp_path / "journal.db"))))
    assert sha256(found.encode()).hexdigest()[:16] == LEFT[version - 1]


@pytest.mark.parametrize("version", range(1, SCHEMA + 1))
def test_what_belongs_to_a_schema_is_known_by_its_digest(tmp_path, monkeypatch, version):
    monkeypatch.setattr("lostsale.journal.file.in_memory", None)  # the slow way isn't needed
    journal_of_schema(tmp_path / "journal.db", version)
    if version == SCHEMA:
        (tmp_path / "journal.db").unlink()
        Store.make(tmp_path / "journal.db").close()
    with looked_at(tmp_path / "journal.db") as opened:
        assert journal_version(opened) == version


@pytest.mark.parametrize("version", range(1, SCHEMA))
def test_a_journal_of_an_older_schema_becomes_one_of_today(tmp_path, version):
    journal_of_schema(tmp_path / "old.db", version)
    Store.open(tmp_path / "old.db").close()
    Store.make(tmp_path / "new.db").close()
    assert schema(tmp_path / "old.db") == schema(tmp_path / "new.db")


@pytest.mark.parametrize("version", range(1, SCHEMA))
def test_an_upgrade_keeps_the_losses(tmp_path, monkeypatch, loss, version):
    journal_of_schema(tmp_path / "old.db", version)
    monkeypatch.setenv("LOSTSALE_DB", str(tmp_path / "old.db"))
    connection = sqlite3.connect(tmp_path / "old.db")
    connection.execute(
        "INSERT INTO losses (uid, prospect, lost_on, signals, logged_at, next_kind, next_on,"
        " next_tries, plan_step) VALUES ('a', 'Acme', '2026-11-20', '[]', '2026-11-20T10:00:00',"
        " 'why', '2026-11-23', 1, 'why')"
    )
    connection.commit()
    connection.close()
    assert loss()["prospect"] == "Acme"
    assert loss()["next"]["kind"] == "why"
    assert loss()["next"]["minutes"] is None

"""The one door for what other machines did: changes are taken in whole, in any order, as often as
they come, and what only a newer lostsale knows is kept and passed on."""

import json
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from lostsale.domain.results import Merged
from lostsale.errors import Damaged
from lostsale.export.record import plain
from lostsale.journal import changes as journal_changes
from lostsale.journal import file as journal_file
from lostsale.journal import schema
from lostsale.journal.merge import absorb
from lostsale.journal.records import ChangedRow, ChangeRecord
from lostsale.journal.store import Store
from lostsale.journal.tables import TABLES
from lostsale.journal.verify import verify_journal


@pytest.fixture
def do(run):
    """Run a command line on an open journal."""

    def do(journal, line):
        (_, _, path) = journal.connection.execute("PRAGMA database_list").fetchone()
        return run(f"--db {path} {line}")

    return do


@pytest.fixture
def made(do, tmp_path):
    """Make a journal by these commands; return it, open."""
    opened = []

    def made(*lines):
        opened.append(Store.make(tmp_path / f"{len(opened)}.db"))
        for line in lines:
            do(opened[-1], line)
        return opened[-1]

    yield made
    for journal in opened:
        journal.close()


def told(journal):
    """All changes of a journal as they travel: through JSON."""
    kept = [change._replace(changed=list(change.changed)) for change in journal.changes()]
    return [
        ChangeRecord(**{**one, "changed": [ChangedRow(**row) for row in one["changed"]]})
        for one in json.loads(json.dumps(plain(kept)))
    ]


def take(journal, changes, forgotten=()):
    return absorb(journal, changes, forgotten, lambda loss: loss._asdict())


def contents(journal):
    """All rows, but for the numbers of losses and the ids of changes."""
    assert verify_journal(journal.connection).ok
    tables = {table.name: ", ".join((table.key, *table.columns)) for table in TABLES.values()} | {
        "forgotten": "uid"
    }
    rows = {
        name: sorted(map(repr, map(tuple, journal.connection.execute(f"SELECT {of} FROM {name}"))))
        for name, of in tables.items()
    }
    return rows, sorted(map(repr, told(journal)))


LINES = (
    "log Acme 12k --said budget --also thanks",
    "edit 1 --amount 11k",
    "log Bolt 5k",
    "undo",
    "config currency EUR",
    "reasons add own --kind real --weakness none",
    "why 1 own",
)


def test_changes_that_come_as_json_give_the_same_journal(made):
    one, other = made(*LINES), made()
    came = take(other, told(one))
    assert (came.changes, came.added, came.settings) == (7, 1, ("currency", "reason own"))
    assert contents(other) == contents(one)


def test_any_order_gives_the_same(made):
    one = made("log Acme 12k", "log Bolt 5k", "undo", "edit 1 --amount 1k")
    for order in permutations(told(one)):
        other = made()
        for change in order:
            take(other, [change])
        assert contents(other) == contents(one)


def test_what_is_here_already_changes_nothing(made):
    one = made(*LINES)
    before = contents(one)
    assert take(one, [*told(one), *told(one)]) == Merged()
    assert contents(one) == before


def test_only_the_losses_that_changed_are_named_with_the_fields_that_did(made, do):
    one, other = made(*LINES), made()
    take(other, told(one))
    do(one, "edit 1 --lesson 'ask first'")
    (loss,) = take(other, told(one)).losses
    fields = [tuple(field) for field in loss.fields]
    assert (loss.number, loss.what, fields) == (1, "updated", [("lesson", None, "ask first")])


def test_a_reason_that_changed_updates_no_loss_that_did_not(made, do):
    one, other = made(*LINES), made()
    take(other, told(one))
    do(one, "reasons weakness own company")
    do(one, "edit 1 --lesson 'ask first'")
    came = take(other, told(one))
    assert came.settings == ("reason own",)
    assert [field.field for loss in came.losses for field in loss.fields] == ["lesson"]


def test_an_undo_that_comes_before_what_it_takes_back_still_does(made):
    one, other = made("log Acme 12k", "log Bolt 5k", "undo"), made()
    *done, undo = told(one)
    assert take(other, [undo]).losses == ()
    take(other, done)
    assert [loss.prospect for loss in other.get([1])] == ["Acme"]
    assert contents(other) == contents(one)


def test_what_is_forgotten_is_erased_here_and_not_taken_in(made, do):
    one, other = made("log Acme 12k", "log Bolt 5k", "touch 1 hello"), made()
    take(other, told(one))
    do(one, "forget 1 --yes")
    new = made()
    assert take(new, told(other), one.forgotten()).added == 1
    came = take(other, told(one), one.forgotten())
    assert (came.forgotten, came.removed, came.changes) == (1, 1, 0)
    assert contents(one) == contents(other) == contents(new)


def test_a_change_that_is_not_as_it_was_written_is_refused_and_nothing_kept(made):
    one, other = made("log Acme 12k", "log Bolt 5k"), made()
    first, second = told(one)
    wrong = second.changed[0]._replace(value=second.changed[0].value.replace("Bolt", "Evil"))
    with pytest.raises(Damaged, match="came in is damaged"):
        take(other, [first, second._replace(changed=[wrong])])
    assert told(other) == []


@pytest.mark.parametrize("field", ["command", "machine", "at"])
def test_a_common_change_of_which_the_head_differs_is_damage(made, field):
    one, other = made("log Acme 12k"), made()
    take(other, told(one))
    other.connection.execute(f"UPDATE changes SET {field} = {field} || 'x'")
    journal_changes.seal(other.connection, 1)
    with pytest.raises(Damaged, match="different changes"):
        take(one, told(other))


def test_a_dry_run_says_what_would_come_and_keeps_nothing(made):
    one, other = made(*LINES), made()
    would = absorb(other, told(one), [], lambda loss: loss._asdict(), keep=False)
    assert told(other) == []
    assert would == take(other, told(one))._replace(dry_run=True)


NEWER = 99


@pytest.fixture
def newer(made):
    """A journal that took in a change of a newer lostsale, which knows moods of a loss, and rooms
    that it was lost in."""
    journal = made("log Acme 12k", "edit 1 --note hello")
    (uid,) = journal.connection.execute("SELECT uid FROM losses").fetchone()
    head = ("new", "2999-01-01T00:00:00.000000+00:00", "elsewhere", "feel", 1, None, NEWER)
    rows = [
        ChangedRow(uid, "loss", uid, json.dumps({"mood": "sad", "product": "lathe"})),
        ChangedRow(uid, "room", "r1", json.dumps({"loss": uid, "floor": 3})),
        ChangedRow("house", "house", "house", json.dumps({"rooms": 7})),
    ]
    with journal.transaction():
        change = journal_changes.append(journal.connection, head, rows)
        journal_changes.seal(journal.connection, change)
        journal_changes.refold(journal.connection, uid)
    return journal


def test_what_only_a_newer_lostsale_knows_is_kept_and_passed_on(newer, made, do):
    first, second = made(), made()
    assert take(first, told(newer)).changes == 3
    take(second, told(first))
    assert told(newer) == told(first) == told(second)
    assert contents(newer) == contents(second)
    assert second.get([1])[0].product == "lathe"
    assert "all intact" in do(second, "verify").out


def test_work_goes_on_beside_what_only_a_newer_lostsale_knows(newer, do):
    for line in ("edit 1 --note x", "undo", "done 1", "forget 1 --yes"):
        do(newer, line)
    assert "all intact" in do(newer, "verify").out
    assert "sad" not in repr(told(newer))
    assert contents(newer)


def test_a_file_that_holds_more_than_is_known_is_merged(newer, made, do):
    other = made()
    (_, _, path) = newer.connection.execute("PRAGMA database_list").fetchone()
    assert do(other, f"merge {path} --json").json["merge"]["changes"] == 3
    assert contents(other) == contents(newer)


def test_an_upgrade_folds_what_the_older_lostsale_did_not_know(newer, monkeypatch):
    with_moods = Migrations("lostsale")

    @with_moods()
    def m_moods(db):
        db.execute("ALTER TABLE losses ADD COLUMN mood TEXT")

    loss = TABLES["loss"]._replace(columns=(*TABLES["loss"].columns, "mood"))
    monkeypatch.setitem(TABLES, "loss", loss)
    monkeypatch.setattr(journal_file, "SCHEMA", NEWER)
    monkeypatch.setattr(schema, "migrations", with_moods)
    (_, _, path) = newer.connection.execute("PRAGMA database_list").fetchone()
    newer.close()
    with closing(Store.open(Path(path))) as upgraded:
        uid, mood = upgraded.connection.execute("SELECT uid, mood FROM losses").fetchone()
        assert mood == "sad"
        assert journal_changes.matches_changes(upgraded.connection, uid)


def test_each_change_says_which_schema_wrote_it(made):
    journal = made("log Acme")
    assert [change.schema for change in told(journal)] == [journal_file.SCHEMA]


def test_the_schema_is_part_of_the_checksum(made):
    journal = made("log Acme")
    journal.connection.execute("UPDATE changes SET schema = schema - 1")
    assert not verify_journal(journal.connection).ok

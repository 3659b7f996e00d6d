"""Where the changes are whole, what else was damaged is made of them again, and nothing that was
logged is lost."""

import json
import sqlite3
from contextlib import closing

import pytest

from lostsale.cli import run as run_cli

DAMAGE = {
    "a cell": "UPDATE losses SET prospect = 'Evil', amount = 1 WHERE number = 1",
    "a day that is none": "UPDATE losses SET lost_on = 'xx' WHERE number = 1",
    "a code that is none": "UPDATE losses SET signals = 'none' WHERE number = 1",
    "what a name is found by": "UPDATE losses SET prospect_key = 'evil' WHERE number = 2",
    "an identity": "UPDATE losses SET uid = 'x' WHERE number = 2",
    "a loss that is gone": "DELETE FROM losses WHERE number = 2",
    "a loss that nobody logged": (
        "INSERT INTO losses (uid, prospect, lost_on, signals, logged_at)"
        " VALUES ('x', 'Evil', '2026-11-20', '[]', '2026-11-20')"
    ),
    "all contacts": "DELETE FROM contacts",
    "a contact's loss": "UPDATE contacts SET loss = (SELECT uid FROM losses WHERE number = 2)",
    "a contact of no loss": "UPDATE contacts SET loss = 'x'",
    "a referral": "UPDATE referrals SET name = 'Evil'",
    "a setting": "UPDATE settings SET value = 'JPY'",
    "all settings": "DELETE FROM settings",
    "a reason": "UPDATE reasons SET weakness = 'company'",
}


@pytest.fixture
def kept(run, db):
    """A journal with a backup; return what it holds, but for the numbers of losses."""
    run("log Acme 12k --said budget --contact 'Ana 555-0134' --on 2026-11-20")
    run("log Bolt 5k board --also thanks")
    run("referral 1 'Bea Kim 555-0177'")
    run("done 1 hello")
    run("config currency EUR")
    run("reasons add own --kind real --weakness none")
    run("edit 1 --lesson 'ask first'")
    run("backup")

    def kept():
        file = db.with_suffix(".json")
        run(["export", str(file), "--force"])
        whole = json.loads(file.read_text())
        return [{**loss, "number": 0} for loss in whole.pop("losses")], whole

    return kept


def spoil(db, statement):
    with closing(sqlite3.connect(db)) as opened:
        opened.execute(statement)
        opened.commit()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_40_what_was_damaged_beside_whole_changes_is_made_again(run, db, kept, damage):
    before = kept()
    spoil(db, damage)
    told = run("verify", code=4)
    assert told.err.endswith(": lostsale verify --repair\n")
    assert "restore" not in told.err
    assert "all intact" in run("verify --repair").out
    assert kept() == before
    assert run("verify --json").json["verify"]["ok"]
    assert run("undo --json").json["undone"][0]["command"] == "edit"


def test_40_the_losses_that_were_put_right_are_named(run, db, kept):
    kept()
    spoil(db, "UPDATE losses SET note = 'Evil'")
    found = json.loads(run("verify --json", code=4).out)["verify"]
    assert (found["wrong"], found["repairable"], found["repaired"]) == ([1, 2], True, [])
    done = run("verify --repair --json").json["verify"]
    assert (done["ok"], done["wrong"], done["repaired"]) == (True, [], [1, 2])


@pytest.mark.usefixtures("kept")
def test_40_what_was_there_before_a_repair_is_kept(run, db):
    spoil(db, "UPDATE losses SET note = 'Evil' WHERE number = 1")
    copy = run("verify --repair --json").json["verify"]["replaced"]
    with closing(sqlite3.connect(copy)) as opened:
        assert opened.execute("SELECT note FROM losses ORDER BY number").fetchone() == ("Evil",)


@pytest.mark.usefixtures("kept")
def test_40_a_repair_is_no_change_that_undo_could_take_back(run, db):
    count = run("verify --json").json["verify"]["changes"]
    spoil(db, "UPDATE losses SET note = 'Evil'")
    assert run("verify --repair --json").json["verify"]["changes"] == count


@pytest.mark.usefixtures("kept")
def test_40_an_index_that_differs_from_its_table_is_made_again(run, db):
    run("log Corvo 9kUSD --on 2021-03-07")
    data = db.read_bytes()
    assert data.count(b"USD2021-03-07") == 1
    db.write_bytes(data.replace(b"USD2021-03-07", b"USD2029-03-07"))
    assert "index" in run("verify", code=4).out
    run("verify --repair")
    assert run("list 2021 --json").json["losses"][0]["prospect"] == "Corvo"


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE changed SET value = replace(value, 'Acme', 'Acne')",
        "DELETE FROM changed WHERE kind = 'contact'",
        "UPDATE changes SET command = 'lag'",
        "DELETE FROM changes WHERE command = 'edit'",
        "DROP TABLE forgotten",
    ],
)
def test_40_what_is_damaged_in_the_changes_is_not_folded_but_restored(run, db, damage):
    spoil(db, damage)
    spoil(db, "UPDATE losses SET note = 'Evil'")
    before = db.read_bytes()
    for line in ("verify", "verify --repair"):
        error = run(line, code=4).err
        assert ": lostsale restore " in error
        assert "--repair" not in error
    assert db.read_bytes() == before


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("line", ["show 1", "find acme", "edit 1 --note x", "touch 1 hello"])
def test_40_whoever_meets_the_damage_is_sent_to_the_repair(run, db, line):
    spoil(db, "UPDATE losses SET lost_on = 'xx' WHERE number = 1")
    assert run(line, code=4).err.endswith(": lostsale verify --repair\n")
    run("verify --repair")
    run(line)


@pytest.mark.usefixtures("kept")
def test_40_a_whole_journal_is_left_as_it_is(run, db):
    before, files = db.read_bytes(), sorted(db.parent.rglob("*"))
    done = run("verify --repair --json").json["verify"]
    assert (done["ok"], done["repaired"], done["replaced"]) == (True, [], None)
    assert (db.read_bytes(), sorted(db.parent.rglob("*"))) == (before, files)


def test_40_where_there_is_no_journal_none_is_made(db, capsys):
    assert run_cli(["verify", "--repair"]) == 0
    assert "there's no journal yet" in capsys.readouterr().err
    assert not db.exists()

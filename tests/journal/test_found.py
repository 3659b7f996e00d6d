"""Whether the code of a reason was found in its words or given: written down, worked out for what
0.1.0 wrote, and what an alias changes by it."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from journal.test_migrations import fill_as_of_old, journal_of_schema
from lostsale.domain import reasons
from lostsale.domain.reasons import PLAIN
from lostsale.journal import changes
from lostsale.journal.first_release import was_found

FOUND = ("said_found", "guess_found", "real_found")
DEALS = """id,company,status,close date,amount,lost reason
1,Alder,Lost,2026-11-02,500,Lost to competitor
2,Birch,Lost,2026-11-03,600,lost to Competitor!
3,Cedar,Lost,2026-11-03,700,Lost to competitor for price
"""


def flags(path):
    """Of each loss whether its reasons were found: said, guess, real."""
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute(f"SELECT {', '.join(FOUND)} FROM losses ORDER BY number").fetchall()


def as_0_1_0_wrote_it(path, to):
    """Write a journal as the first release would have: each code as it was written, and no word of
    whether it was found."""
    shutil.copyfile(path, to)
    with closing(sqlite3.connect(to)) as opened:
        opened.row_factory = sqlite3.Row
        for rowid, value in opened.execute("SELECT rowid, value FROM changed").fetchall():
            kept = {key: of for key, of in json.loads(value).items() if key not in FOUND}
            opened.execute(
                "UPDATE changed SET value = ? WHERE rowid = ?", (json.dumps(kept), rowid)
            )
        for (uid,) in opened.execute("SELECT uid FROM losses").fetchall():
            changes._refold(opened, uid, PLAIN)
        for (id_,) in opened.execute("SELECT id FROM changes").fetchall():
            sums = (changes.checksum(opened, id_), id_)
            opened.execute("UPDATE changes SET checksum = ? WHERE id = ?", sums)
        opened.commit()
    old = to.with_suffix(".schema4")
    journal_of_schema(old, 4)
    fill_as_of_old(old, to)
    shutil.move(old, to)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("log A --said 'too expensive for us'", (1, None, None)),
        ("log A --said price", (0, None, None)),
        ("log A --said 'price: too expensive'", (0, None, None)),
        ("log A --said 'it rained'", (1, None, None)),
        ("log A --guess 'never met him'", (None, 1, None)),
        ("log A --guess no-access", (None, 0, None)),
        ("log A --real 'no-access: never met him'", (None, None, 0)),
        ("log A --heard 'they never met us'", (None, None, 1)),
        ("log A", (None, None, None)),
    ],
)
def test_it_is_kept_whether_a_code_was_found_or_given(run, db, line, found):
    run(line)
    assert flags(db) == [found]


def test_an_answer_changes_it_with_the_code(run, db):
    run("log A")
    run("why 1 we never met him")
    run("why 1 no-access")
    assert flags(db) == [(None, None, 0)]
    run("undo")
    assert flags(db) == [(None, None, 1)]
    run("edit 1 --real 'no-access: we never met him'")
    assert flags(db) == [(None, None, 0)]


def test_would_not_say_is_neither(run, db):
    run("log A")
    run("why 1 --would-not-say")
    assert flags(db) == [(None, None, None)]


def test_what_an_import_reads_is_found(run, db, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    run(f"import {tmp_path}/deals.csv")
    assert flags(db) == [(None, 1, None)] * 3


@pytest.mark.parametrize(
    ("kind", "code", "words", "found"),
    [
        ("said", "price", "It was too expensive", True),
        ("said", "budget", "It was too expensive", False),
        ("said", "other", "it rained", True),
        ("said", "other", "too expensive", False),
        ("said", "price", None, False),
        ("real", "relationship", "her brother-in-law", True),
        ("real", "product-gap", "Lost to competitor", True),
        ("real", "other", "Lost to competitor", True),  # typed, not imported
        ("real", "own-code", "own code", False),
    ],
)
def test_what_the_first_release_found_is_known(kind, code, words, found):
    assert was_found(kind, code, words) is found


@pytest.fixture
def renamed(run, tmp_path):
    """A journal with names and aliases of all kinds, and reasons that were found and given."""
    (tmp_path / "deals.csv").write_text(DEALS)
    for line in (
        "log A --said 'too expensive' --real 'we had no access' --signal partner --signal price",
        "log B --said 'board: too expensive' --guess 'other: Zu teuer war es'",
        "log C --real 'too-slow: late' --guess selling",
        "log D --heard 'lost interest'",
        f"import {tmp_path}/deals.csv",
        "reasons rename no-access never-met",
        "reasons rename never-met never-met-them",
        "reasons rename partner spouse",
        "reasons rename too-slow selling --yes",
        "reasons alias 'Zu teuer' price-value",
        "reasons alias 'too expensive' budget",
        "reasons alias 'Lost to competitor' relationship",
        "log E --real 'they never met us' --guess no-access",
        "reasons rename price budget --yes",
        "undo",
        "reasons rename circumstance other --yes",
    ):
        run(line)


@pytest.mark.usefixtures("renamed")
def test_a_journal_of_the_first_release_means_the_same_and_is_sound(run, db, tmp_path):
    looks = ["list --json", "reasons --json", "stats all --json", "find never --json"]
    before = [run(look).out for look in looks]
    as_0_1_0_wrote_it(db, tmp_path / "old.db")
    shutil.move(tmp_path / "old.db", db)
    assert [run(look).out for look in looks] == before
    assert "all intact" in run("verify").out
    assert flags(db)[:3] == [(1, None, 1), (0, 1, None), (None, 0, 0)]
    run("reasons rename never-met-them nobody-there")
    run("undo 3")
    run("edit 1 --product lathe")
    assert "all intact" in run("verify").out


@pytest.mark.usefixtures("renamed")
def test_changes_of_the_first_release_come_by_a_merge_as_they_were_read_there(run, db, tmp_path):
    before = run("list --json").json["losses"]
    as_0_1_0_wrote_it(db, tmp_path / "old.db")
    db.unlink()
    run("log Zed")
    run(f"merge {tmp_path}/old.db")
    found = {loss["uid"]: loss for loss in run("list --json").json["losses"]}
    for loss in before:
        assert {**found[loss["uid"]], "number": 0} == {**loss, "number": 0}
    assert "all intact" in run("verify").out


def test_a_later_change_of_the_first_release_does_not_keep_what_an_earlier_one_found(run, db):
    run("log A --said 'too expensive'")
    run("edit 1 --said 'budget: too expensive'")
    with closing(sqlite3.connect(db)) as opened:
        opened.row_factory = sqlite3.Row
        opened.execute(
            "UPDATE changed SET value = json_remove(value, '$.said_found')"
            " WHERE change = (SELECT max(change) FROM changed)"
        )
        (uid,) = opened.execute("SELECT uid FROM losses").fetchone()
        changes.refold(opened, uid)
        opened.commit()
    assert flags(db) == [(0, None, None)]


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("is_old", [False, True])
def test_an_export_brings_it_along_and_one_of_the_first_release_is_read_anew(
    run, db, tmp_path, is_old
):
    before = flags(db)
    path = tmp_path / "all.json"
    run(f"export {path}")
    if is_old:
        kept = json.loads(path.read_text())
        for loss in kept["losses"]:
            del loss["as_kept"]["found"]
        path.write_text(json.dumps(kept))
    else:
        assert json.loads(path.read_text())["losses"][-1]["as_kept"]["found"]
    db.unlink()
    run(f"import {path}")
    if not is_old:
        assert sorted(flags(db), key=str) == sorted(before, key=str)
    assert "all intact" in run("verify").out


@pytest.fixture
def guesses(run):
    """The codes of all guesses."""
    return lambda: [
        loss["guess"]["code"]
        for loss in reversed(run("list --json --sort prospect").json["losses"])
    ]


def test_an_alias_holds_when_the_tables_find_something_else(run, tmp_path, guesses, monkeypatch):
    (tmp_path / "deals.csv").write_text(DEALS)
    run(f"import {tmp_path}/deals.csv")
    run("reasons alias 'Lost to competitor' relationship")
    aliased = ["price-value", "relationship", "relationship"]
    assert guesses() == aliased
    read = reasons.understood

    def read_otherwise(text, kind, vocabulary):
        reading = read(text, kind, vocabulary)
        return reading._replace(code="selling") if "Lost to" in text else reading

    monkeypatch.setattr(reasons, "understood", read_otherwise)
    assert guesses() == aliased
    for number in (1, 2, 3):
        run(f"touch {number} hello")
    assert guesses() == aliased
    run(f"import {tmp_path}/deals.csv")
    assert guesses() == aliased
    assert "all intact" in run("verify").out


def test_an_alias_leaves_a_code_alone_that_was_given(run, loss):
    run("log A --guess 'selling: lost interest'")
    run("log B --guess 'lost interest, never followed up'")
    run("log C --guess 'never followed up'")
    run("reasons alias 'never followed up' inflexible")
    codes = [loss(number)["guess"]["code"] for number in (1, 2, 3)]
    assert codes == ["selling", "selling", "inflexible"]
    run("edit 3 --guess 'selling: never followed up'")
    assert loss(3)["guess"]["code"] == "selling"


def test_a_rename_reads_only_the_changes_of_losses_that_it_may_concern(run, db, monkeypatch):
    run("log A --real too-slow")
    run("log B --real selling --said 'it is too slow'")
    run("log C --guess selling")
    read = []
    codes_of = changes._codes_of
    monkeypatch.setattr(changes, "_codes_of", lambda *args: read.append(args[1]) or codes_of(*args))
    run("reasons rename too-slow late")
    with closing(sqlite3.connect(db)) as opened:
        losses = opened.execute("SELECT uid FROM losses WHERE prospect IN ('A', 'B')").fetchall()
    assert set(read) == {uid for (uid,) in losses}


@pytest.mark.parametrize(
    "damage",
    [
        'UPDATE losses SET signals = \'["price", "x"]\'',
        "UPDATE changed SET value = json_set(value, '$.real_code', 'x') WHERE kind = 'loss'",
        "UPDATE changed SET value = '{' WHERE kind = 'loss'",
        "DELETE FROM changed WHERE kind = 'loss'",
    ],
)
def test_a_reason_that_is_not_as_it_was_written_is_not_renamed(run, db, refuses, damage):
    run("log A --real selling --signal price")
    with closing(sqlite3.connect(db)) as opened:
        opened.execute(damage)
        opened.commit()
    for line in ("rename selling pitch", "rename price cost"):
        assert "damaged" in refuses(f"reasons {line}", 4)

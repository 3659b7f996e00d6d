"""Backups that keep themselves, and going back to one."""

import json
import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from conftest import is_private
from journal.test_migrations import fill_as_of_old, journal_of_schema
from lostsale.errors import LostSaleError
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal.file import SCHEMA
from lostsale.journal.verify import _not_as_in, is_well
from test_questions import answer, ended

TODAY = date(2026, 11, 24)


@pytest.fixture
def backups(db):
    """The folder of the journal's backups."""
    return db.with_name("journal.db-backups")


@pytest.fixture
def kept_daily(run, monkeypatch):  # noqa: ARG001 - which switches them off
    """Switch automatic backups on, and give what sets the real day."""

    class Day(date):
        now = TODAY

        @classmethod
        def today(cls):
            return cls.now

    monkeypatch.setattr("lostsale.app.backup_of", journal_file.backup_of)
    monkeypatch.setattr("lostsale.app.date", Day)
    return lambda day: setattr(Day, "now", day)


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def prospects(run, *before):
    return sorted(loss["prospect"] for loss in run([*before, "list", "--json"]).json["losses"])


def test_the_first_change_of_a_day_makes_a_backup_in_a_real_process(lostsale, journal):
    folder = journal.with_name("journal.db-backups")
    lostsale("log", "Acme", umask=0o022)
    (backup,) = folder.iterdir()
    assert is_private(backup)
    assert is_private(folder)
    first = backup.read_bytes()
    lostsale("log", "Bolt")
    lostsale("undo")
    assert backup.read_bytes() == first
    assert list(folder.iterdir()) == [backup]
    with closing(sqlite3.connect(backup)) as opened:
        assert opened.execute("SELECT prospect FROM losses").fetchall() == [("Acme",)]


def test_each_day_has_one_with_what_was_there_after_its_first_change(run, backups, kept_daily):
    run("log Acme")
    kept_daily(TODAY + timedelta(1))
    run("log Bolt")
    run("log Corvo")
    assert names(backups) == ["2026-11-24.db", "2026-11-25.db"]
    assert prospects(run, "--db", str(backups / "2026-11-24.db")) == ["Acme"]
    assert prospects(run, "--db", str(backups / "2026-11-25.db")) == ["Acme", "Bolt"]
    run(f"--db {backups / '2026-11-25.db'} verify")


def test_reading_and_what_fails_make_no_backup(run, backups, kept_daily):
    run("log Acme")
    kept_daily(TODAY + timedelta(1))
    for line in ("", "list", "due", "show 1", "stats", "find acme", "verify", "config", "reasons"):
        run(line)
    run("done 2", code=1)
    run("edit 1 --amount 1.234", code=2)
    assert names(backups) == ["2026-11-24.db"]


def by_age(is_large, every, days=366):
    """Make backups for a year, every so many days; return how old those are that are left."""
    left = set()
    for n in range(0, days, every):
        day = TODAY - timedelta(days - 1 - n)
        left = journal_backup.kept_days({*left, day}, is_large=is_large)
        last = day
    return sorted((last - day).days for day in left)


# 24 November 2026 is a Tuesday: weeks end 2, 9, 16… days before it. The first of the four may be
# the one that the last seven days began in.
@pytest.mark.parametrize(
    ("is_large", "every", "days", "ages"),
    [
        (False, 1, 3, [0, 1, 2]),
        (False, 1, 8, [0, 1, 2, 3, 4, 5, 6, 7]),
        (False, 1, 366, [0, 1, 2, 3, 4, 5, 6, 7, 9, 16, 23]),
        (False, 2, 365, [0, 2, 4, 6, 8, 10, 12, 14, 16, 24, 30]),
        (False, 7, 365, [0, 7, 14, 21, 28, 35, 42, 49, 56, 63, 70]),
        (False, 30, 361, [0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300]),
        (True, 7, 365, [0, 7, 14]),
        (True, 30, 361, [0, 30, 60]),
    ],
)
def test_what_is_kept_over_a_year(is_large, every, days, ages):
    assert by_age(is_large, every, days) == ages


@pytest.mark.parametrize("weekday", range(7))
def test_a_year_of_days_always_leaves_a_week_and_four_weeks_before_it(weekday):
    left, start = set(), date(2026, 1, 1) + timedelta(weekday)
    for n in range(400):
        day = start + timedelta(n)
        left = journal_backup.kept_days({*left, day}, is_large=False)
        ages = sorted((day - one).days for one in left)
        assert ages[:7] == list(range(min(n + 1, 7)))
        if n >= 45:
            assert len(ages) == 11
            weeks = [one.isocalendar()[:2] for one in left if (day - one).days > 6]
            assert len(set(weeks)) == 4
            assert ages[-1] in range(22, 29)


def test_a_year_of_use_keeps_eleven_files_and_what_is_not_ours(run, backups, kept_daily):
    for n in range(60, -1, -1):
        kept_daily(TODAY - timedelta(n))
        run("log Acme" if n == 60 else "touch 1 hello")
        if n == 60:
            for name in ("notes.db", "2026-13-45.db", "before-upgrade-2026-01-01.db"):
                (backups / name).write_text("mine")
    ours = [name for name in names(backups) if name[:2] == "20" and "13-45" not in name]
    assert len(ours) == 11
    assert ours[-7:] == [f"2026-11-{day}.db" for day in range(18, 25)]
    assert {"notes.db", "2026-13-45.db", "before-upgrade-2026-01-01.db"} < set(names(backups))


def test_backups_that_are_dated_ahead_take_no_place_of_others(run, backups, kept_daily):
    run("log Acme")
    ahead = [f"2031-01-{day:02}.db" for day in range(1, 13)]
    for name in ahead:
        shutil.copy(run("backup --json").json["backup"]["file"], backups / name)
    for n in range(1, 15):
        kept_daily(TODAY + timedelta(n))
        run("touch 1 hello")
    ours = [name for name in names(backups) if name.startswith("2026-")]
    assert ours[-7:] == [f"{TODAY + timedelta(n)}.db" for n in range(8, 15)]
    assert set(ahead) < set(names(backups))


def test_a_large_journal_has_one_a_week_and_three_in_all(run, backups, kept_daily, monkeypatch):
    monkeypatch.setattr(journal_backup, "LARGE", 1000)
    run("log Acme")
    for n in range(1, 36):
        kept_daily(TODAY + timedelta(n))
        run("touch 1 hello")
    days = [TODAY + timedelta(n) for n in (21, 28, 35)]
    assert names(backups) == [f"{day}.db" for day in days]


def test_a_journal_that_has_shrunk_drops_no_backup(run, db, backups, kept_daily):
    run(["log", "Acme", "--note", "n" * 500_000])
    small = db.with_name("small.db")
    run(f"--db {small} log Bolt")
    for n in range(1, 10):
        kept_daily(TODAY + timedelta(n))
        run("touch 1 hello")
    many = names(backups)
    shutil.copy(small, db)
    for n in range(10, 30):
        kept_daily(TODAY + timedelta(n))
        run("touch 1 hello")
    assert set(many) < set(names(backups))
    assert len(names(backups)) == len(many) + 20


@pytest.mark.usefixtures("kept_daily")
def test_a_backup_that_can_not_be_made_is_one_line_and_no_failure(run, backups):
    backups.write_text("in the way")
    result = run("log Acme")
    assert result.lines[0].startswith("1  Acme")
    assert result.err.startswith("lostsale: ")
    assert result.err.endswith("No backup was made today. What you did is saved.\n")
    assert result.err.count("\n") == 1
    assert prospects(run) == ["Acme"]
    backups.unlink()
    assert run("log Bolt").err == ""
    assert names(backups) == ["2026-11-24.db"]


@pytest.mark.parametrize("how", ["cut", "flipped", "text", "empty", "other", "newer"])
def test_the_newest_good_backup_passes_over_what_is_broken(run, db, backups, how):
    run("log Acme 12k budget")
    run(["log", "Bolt", "--note", "n" * 30_000])
    good = json.loads(run("backup --json").out)["backup"]["file"]
    bad = backups / "backup-9999.db"
    data = bytearray((backups / good).read_bytes())
    if how == "cut":
        data = data[: len(data) // 2]
    elif how == "flipped":
        data[data.index(b"nnnnn")] ^= 1
    elif how in {"text", "empty"}:
        data = b"Dear diary" if how == "text" else b""
    bad.write_bytes(data)
    if how in {"other", "newer"}:
        with closing(sqlite3.connect(bad)) as opened:
            pragma = "application_id = 7" if how == "other" else f"user_version = {SCHEMA + 1}"
            opened.execute(f"PRAGMA {pragma}")
    shutil.copy(good, backups / "replaced-9999.db")  # whole, and no backup
    for newest in ("backup-9999.db", "replaced-9999.db"):
        os.utime(backups / newest, (2e9, 2e9))
    assert journal_backup.newest_good(db) == backups / good
    assert run("verify --json").json["verify"]["backup"] == good


@pytest.fixture
def older(run, db):
    """A backup of the journal, which has changed since in every way."""
    run("log Acme 12k budget --note first")
    run("log Bolt 3k")
    run("log Corvo")
    run("touch 1 hello")
    run("referral 1 'Bea Lind'")
    run("reasons add zeta --kind real --weakness personal")
    run("config portion 30")
    run("edit 2 --lesson price")
    older = Path(run("backup --json").json["backup"]["file"])
    run("undo")
    run("done 1 'sent the card'")
    run("won 2")
    run("config portion 25")
    run("log Delta 5k zeta")
    assert is_well(older, db)
    assert is_well(older)
    with journal_file.looked_at(older) as connection:
        assert _not_as_in(db, connection)  # so it isn't checked by itself
    return older


TAMPERED = {
    "a loss": "UPDATE losses SET note = 'second' WHERE number = 1",
    "what an undo took back since": "UPDATE losses SET lesson = NULL WHERE number = 2",
    "the key of a name": "UPDATE losses SET prospect_key = 'acmes' WHERE number = 1",
    "a contact": "UPDATE contacts SET note = 'goodbye'",
    "a contact that is gone": "DELETE FROM contacts",
    "a contact that was added": (
        "INSERT INTO contacts SELECT uid || 'a', loss, kind, done_on, answered, marked, note, at,"
        " place FROM contacts"
    ),
    "a referral": "DELETE FROM referrals",
    "a setting": "UPDATE settings SET value = '31' WHERE key = 'portion'",
    "a setting, as it is now": "UPDATE settings SET value = '25' WHERE key = 'portion'",
    "a reason": "UPDATE reasons SET weakness = 'company'",
    "a turn": "DELETE FROM turns",
    "a change": "UPDATE changes SET machine = 'mine' WHERE id = 2",
    "a change, with all of it": "DELETE FROM changed WHERE change = 4",
    "what a change holds": "UPDATE changed SET value = replace(value, 'first', 'third')",
    "a change with its checksum": "UPDATE changes SET checksum = checksum + 1 WHERE id = 1",
    "what was forgotten": "INSERT INTO forgotten VALUES ('?', '?')",
    "a number": "UPDATE losses SET number = -1 WHERE number = 3",
}


@pytest.mark.parametrize("tampered", TAMPERED)
def test_a_good_journal_hides_no_damage_of_its_backup(db, older, tampered):
    with closing(sqlite3.connect(older)) as opened, opened:
        assert opened.execute(TAMPERED[tampered]).rowcount
    assert not is_well(older)
    assert not is_well(older, db)


def test_a_loss_of_later_is_damage_in_a_backup(db, older):
    with closing(sqlite3.connect(older)) as opened, opened:
        opened.execute("ATTACH ? AS now", (str(db),))
        opened.execute("INSERT INTO losses SELECT * FROM now.losses WHERE prospect = 'Delta'")
    assert not is_well(older, db)


def test_a_backup_is_compared_with_a_good_journal_as_it_is_checked_by_itself(db, older, times):
    whole = older.read_bytes()
    chance = random.Random(16)
    for _ in range(times(600, 60)):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        older.write_bytes(data)
        alone, beside = (_is_well(older, *known) for known in ((), (db,)))
        assert alone == beside


def _is_well(backup, *known):
    try:
        return is_well(backup, *known)
    except LostSaleError:
        return False


@pytest.mark.parametrize("how", ["forgotten", "restored", "another"])
def test_a_backup_with_other_changes_than_the_journal_is_checked_by_itself(run, db, older, how):
    kept = older.with_name("kept.db")
    shutil.copy(older, kept)
    if how == "forgotten":
        run("forget 3 --yes")
    elif how == "restored":
        run(f"restore {kept} --yes")
        run("log Echo")
    else:
        db.unlink()
        run("log Foxtrot")
    assert is_well(kept, db)


def test_a_backup_whose_index_is_damaged_is_restored_with_a_new_index(run, db, tmp_path):
    run("log Corvo --on 2021-03-07")
    with closing(sqlite3.connect(db)) as opened:
        where = "WHERE name = 'losses_lost_on'"
        (page,) = opened.execute(f"SELECT rootpage FROM sqlite_master {where}").fetchone()
        (size,) = opened.execute("PRAGMA page_size").fetchone()
    data = bytearray(db.read_bytes())
    index = slice((page - 1) * size, page * size)
    assert b"2021-03-07" in data[index]
    data[index] = data[index].replace(b"2021-03-07", b"2029-03-07")
    db.write_bytes(data)
    assert "index" in run("verify", code=4).out
    run(f"backup {tmp_path / 'copy.db'}")
    run(f"restore {tmp_path / 'copy.db'} --yes")
    assert "all intact" in run("verify").out
    assert run("list 2021 --json").json["losses"][0]["prospect"] == "Corvo"


@pytest.mark.parametrize("is_changed", [True, False])
def test_a_backup_of_an_older_schema_is_good_if_it_can_be_restored(run, db, backups, is_changed):
    run("log Acme 5k")
    backups.mkdir(exist_ok=True)
    old = backups / "before-upgrade-2026-11-20-100000-000000.db"
    journal_of_schema(old, SCHEMA - 1)
    copy = db.with_name("copy.db")
    shutil.copy(db, copy)
    fill_as_of_old(old, copy)
    if is_changed:
        with closing(sqlite3.connect(old)) as opened, opened:
            opened.execute("UPDATE losses SET prospect = 'Evil'")
    last = run("verify").lines[-1]
    assert last == ("None of the backups is good" if is_changed else f"Newest good backup: {old}")
    run(f"restore {old} --yes", code=4 if is_changed else 0)


def test_without_a_good_backup_none_is_named(run, db, backups):
    run("log Acme")
    assert journal_backup.newest_good(db) is None
    assert run("verify").lines[-1] == "There's no backup yet"
    backups.mkdir()
    (backups / "2026-11-20.db").write_text("broken")
    assert journal_backup.newest_good(db) is None
    db.write_bytes(db.read_bytes()[:8192])
    assert run("list", code=4).err.endswith("Go back to a copy of it.\n")


@pytest.fixture
def two(run, tmp_path):
    """A journal of two losses, and a backup with the first alone."""
    run("log Acme 12k")
    copy = tmp_path / "copy.db"
    run(f"backup {copy}")
    run("log Bolt")
    return copy


def test_restoring_what_is_no_journal_is_refused(refuses, run, two, tmp_path, db):
    text, empty, newer, cut = (tmp_path / name for name in ("text", "empty", "newer", "cut"))
    text.write_text("Dear diary")
    empty.touch()
    cut.write_bytes(two.read_bytes()[:9000])
    shutil.copy(two, newer)
    with closing(sqlite3.connect(newer)) as opened:
        opened.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    assert "not a lostsale journal" in refuses(f"restore {text} --yes", 3)
    assert "That file is empty" in refuses(f"restore {empty} --yes", 3)
    assert "can't be opened (" in refuses(f"restore {tmp_path / 'missing'} --yes", 3)
    assert "is a folder" in refuses(f"restore {tmp_path} --yes", 3)
    assert "A newer lostsale" in refuses(f"restore {newer} --yes", 6)
    assert "damaged" in refuses(f"restore {cut} --yes", 4)
    assert "can't be restored from itself" in refuses(f"restore {db} --yes", 2)
    (tmp_path / "link").symlink_to(db)
    assert "can't be restored from itself" in refuses(f"restore {tmp_path / 'link'} --yes", 2)
    assert prospects(run) == ["Acme", "Bolt"]


def test_restoring_keeps_what_stood_there_and_is_not_undone(run, two, db, backups):
    result = run(f"restore {two} --yes --json").json["restored"]
    assert (result["losses"], result["file"]) == (1, str(two))
    assert prospects(run) == ["Acme"]
    assert [str(backups / name) for name in names(backups)] == [result["replaced"]]
    assert prospects(run, "--db", result["replaced"]) == ["Acme", "Bolt"]
    assert run("undo --json").json["undone"][0]["command"] == "log"
    run(f"restore {result['replaced']} --yes")
    assert prospects(run) == ["Acme", "Bolt"]
    assert is_private(db)


def test_restoring_an_older_schema_upgrades_it(run, two, backups):
    whole = two.rename(two.with_name("whole.db"))
    journal_of_schema(two, 1)
    fill_as_of_old(two, whole)
    before = two.read_bytes()
    run(f"restore {two} --yes")
    assert prospects(run) == ["Acme"]
    run("meet 1 friday 10am --minutes 30")
    assert "all intact" in run("verify").out
    assert two.read_bytes() == before
    assert [name.partition("-")[0] for name in names(backups)] == ["replaced"]


def test_restoring_where_no_journal_was_makes_it(run, two, tmp_path):
    there = tmp_path / "new" / "journal.db"
    result = run(f"--db {there} restore {two} --yes --json").json["restored"]
    assert (result["losses"], result["replaced"]) == (1, None)
    assert prospects(run, "--db", str(there)) == ["Acme"]
    assert is_private(there)
    assert names(there.parent) == ["journal.db"]


def test_restoring_asks_first(refuses, run, two, terminal):
    two = two.rename(two.with_name("Copy.db"))
    assert "Add --yes if you mean it" in refuses(f"restore {two}", 1)
    for text, code, left in (("n", 1, ["Acme", "Bolt"]), ("y", 0, ["Acme"])):
        child = terminal("restore", str(two), columns=300)
        answer(child, (f" with {two}? undo can't take it back. [y/N]", text))
        assert ended(child) == code
        assert prospects(run) == left


def test_backup_replaces_a_file_only_when_forced(run, refuses, tmp_path):
    assert "There's no journal" in refuses("backup copy.db", 3)
    run("log Acme")
    target = tmp_path / "copy.db"
    target.write_text("mine")
    assert "Choose another, or add --force" in refuses(f"backup {target}", 3)
    assert target.read_text() == "mine"
    made = run(f"backup {target} --force --json").json["backup"]
    assert made == {"file": str(target), "bytes": target.stat().st_size}
    assert is_private(target)
    assert prospects(run, "--db", str(target)) == ["Acme"]


def test_a_backup_waits_no_longer_than_a_change_for_another_program(run, db, backups, monkeypatch):
    run("log Acme")
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert run("backup", code=5).err.startswith("lostsale: Another program is using")
    assert names(backups) == []


@pytest.mark.parametrize("how", ["itself", "relative", "link", "hard link"])
def test_a_backup_is_not_written_over_the_journal_by_any_name(
    run, refuses, db, tmp_path, monkeypatch, how
):
    run("log Acme")
    target = db if how == "itself" else tmp_path / "other.db"
    if how == "relative":
        (tmp_path / "y").mkdir()
        monkeypatch.chdir(tmp_path / "y")
        target = Path("..", db.name)
    elif how == "link":
        target.symlink_to(db)
    elif how == "hard link":
        target.hardlink_to(db)
    assert "is the journal" in refuses(f"backup {target} --force", 3)

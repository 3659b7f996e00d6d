"""Who is forgotten is found nowhere: not in the journal's bytes, nor in its backups, and nothing
brings them back."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest

from conftest import is_private
from journal.test_migrations import fill_as_of_old, journal_of_schema
from lostsale.cli import run as run_cli
from lostsale.journal import backup as journal_backup
from lostsale.journal import file as journal_file
from lostsale.journal import forget as journal_forget
from lostsale.journal.store import Store

TODAY = date(2026, 11, 24)
DEALS = """id,company,status,close date,amount,lost reason
7,Quimby Evans,Lost,2026-11-02,500,Zu teuer
8,Frank,Lost,2026-11-03,600,Timing
"""
# What is known of one who is to be forgotten; none of it may stand anywhere.
TRACES = (
    *("Zeta Works", "Zeta Old", "Ana Lopez", "555-0134", "ana@zeta.example", "zinc tiles"),
    *("the zoo said no", "zircon first", "a zebra lease", "Zork Ltd", "zipped note", "Kim Zander"),
    *("555-0199", "zonal win", "zigzag undone", "zephyr real", "room zed"),
)


def traces(*files):
    """Return which of the traces stand in the bytes of files, written plainly or as JSON."""
    found = set()
    for file in files:
        raw = file.read_bytes().lower()
        found |= {trace for trace in TRACES if trace.lower().encode() in raw}
        found |= {trace for trace in TRACES if trace.lower().encode("utf-16-le") in raw}
    return sorted(found)


@pytest.fixture
def backups(db):
    """Return the files beside the journal that lostsale made by itself."""
    folder = db.with_name(f"{db.name}-backups")
    return lambda: sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def zeta(run, db):
    """Log one loss of which much is known, between others, with a long history."""
    for line in (
        "log Bolt 5k board --on 3d --also thanks --note 'others stay'",
        "log 'Zeta Old' 12k --said 'the zoo said no'",
        "edit 2 --contact 'Ana Lopez 555-0134 ana@zeta.example'",
        "edit 2 --product 'zinc tiles' --lost-to 'Zork Ltd' --guess price-value",
        "edit 2 --lesson 'zircon first' --way-in 'a zebra lease'",
        "log Corvo 7kEUR --lost-to nobody",
        "edit 2 --prospect 'Zeta Works' --note 'zipped note'",
        "referral 2 'Kim Zander 555-0199'",
        "touch 2 'zigzag undone'",
        "undo",
        "why 2 'too-slow: zephyr real'",
        "meet 2 friday 10am --where 'room zed'",
        "won 2 9k --note 'zonal win'",
        "skip 1,3",
    ):
        run(line)
    assert len(traces(db)) == len(TRACES)


@pytest.fixture
def others(run, tmp_path):
    """Return all that is kept of all others, in one text."""

    def others():
        run(["export", str(tmp_path / "others.json"), "--force"])
        kept = json.loads((tmp_path / "others.json").read_text())
        named = ("Zeta Works", "Zeta Old", "Quimby Evans", "forgotten")
        kept["losses"] = [loss for loss in kept["losses"] if loss["prospect"] not in named]
        return json.dumps(kept)

    return others


@pytest.mark.usefixtures("zeta")
@pytest.mark.parametrize("which", ["2", "--prospect 'Zeta Works'", "--prospect ' zeta  OLD'"])
def test_32_nothing_of_one_who_is_forgotten_is_left_in_the_bytes(
    run, db, backups, others, tmp_path, which
):
    run("backup")
    journal_backup.keep_backup(db, TODAY)
    before = others()
    stats = run("stats all --json").json["stats"]["lost"]
    done = run(f"forget {which} --yes --json").json["forgotten"]
    assert (done["losses"], done["kept_count"], done["elsewhere"]) == ([2], False, [])
    assert (done["contacts"], done["referrals"]) == (3, 1)
    assert done["cleaned"] == [str(file) for file in backups()]
    assert (len(done["cleaned"]), done["deleted"], done["left"]) == (2, [], [])
    (tmp_path / "others.json").unlink()
    assert traces(*[file for file in tmp_path.rglob("*") if file.is_file()]) == []
    assert others() == before
    assert run("stats all --json").json["stats"]["lost"] == stats - 1
    for path in (db, *backups()):
        assert "all intact" in run(["--db", str(path), "verify"]).out
        assert is_private(path)
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("PRAGMA freelist_count").fetchone() == (0,)


@pytest.mark.usefixtures("zeta")
def test_32_an_undone_loss_is_forgotten_by_its_name(run, db, backups):
    undone = run("undo 11 --json").json["undone"]
    assert (undone[-1]["command"], undone[-1]["losses"]) == ("log", [2])
    assert traces(db) != []
    journal_backup.keep_backup(db, TODAY)
    done = run("forget --prospect 'Zeta Works' --yes --json").json["forgotten"]
    assert done["losses"] == []
    assert traces(db, *backups()) == []
    assert "all intact" in run("verify").out


def test_32_a_loss_is_named_by_several_words(run):
    run("log 'Zeta Works North' 12k")
    run("log 'Zeta Works South' 12k")
    assert run("forget zeta works north --yes --json").json["forgotten"]["losses"] == [1]


def test_32_all_losses_of_a_prospect_go_at_once(run, db):
    for name in ("Zeta Works", "zeta works", "Bolt", "ZETA  WORKS"):
        run(["log", name])
    done = run("forget --prospect 'Zeta Works' --yes --json").json["forgotten"]
    assert done["losses"] == [1, 2, 4]
    assert [loss["prospect"] for loss in run("list --json").json["losses"]] == ["Bolt"]
    assert traces(db) == []


def test_32_a_name_written_with_other_bytes_is_the_same_name(run):
    run(["log", "M\u00fcller"])
    run(["log", "Mu\u0308ller"])
    done = run(["forget", "--prospect", "M\u00fcller", "--yes", "--json"]).json["forgotten"]
    assert sorted([*done["losses"], *done["elsewhere"]]) == [1, 2]


@pytest.mark.usefixtures("zeta")
def test_32_without_yes_off_a_terminal_nothing_goes(refuses):
    assert "--yes" in refuses("forget 2", 1)
    assert "--yes" in refuses("forget --all --keep-count", 1)
    refuses("forget --all --yes", 2)
    refuses("forget 2 --all --keep-count --yes", 2)
    refuses("forget --yes", 2)
    refuses("forget 99 --yes", 1)
    refuses("forget --prospect Nobody --yes", 1)


@pytest.mark.usefixtures("zeta")
def test_32_where_the_name_stands_elsewhere_is_said(run):
    run("touch 1 called 'met Zeta Works there'")
    run("referral 3 'Zeta Works 555-0134'")
    done = run("forget 2 --yes --json").json["forgotten"]
    assert done["elsewhere"] == [1, 3]


@pytest.mark.usefixtures("zeta")
def test_32_drafts_and_the_log_of_faults_go_with_the_name(run, db):
    typed = {"day": "2026-11-24", "is_asked": False, "typed": {"prospect": "zeta works"}}
    draft = db.with_name(f"{db.name}-draft-20261124-100000.json")
    draft.write_text(json.dumps(typed))
    other = db.with_name(f"{db.name}-draft-20261124-110000.json")
    other.write_text(json.dumps({**typed, "typed": {"prospect": "Bolt"}}))
    log = db.with_name("lostsale-faults.log")
    log.write_text("Traceback: 'Ana Lopez'\n")
    done = run("forget 2 --yes --json").json["forgotten"]
    assert sorted(done["deleted"]) == sorted([str(draft), str(log)])
    assert other.exists()
    assert not draft.exists()
    assert not log.exists()


@pytest.mark.usefixtures("zeta")
def test_32_no_import_or_merge_brings_them_back(run, db, others, tmp_path):
    run(["backup", str(tmp_path / "copy.db")])
    run(["export", str(tmp_path / "all.json")])
    run("forget 2 --yes")
    before = others()
    assert run(["import", str(tmp_path / "all.json"), "--json"]).json["import"]["added"] == 0
    assert run(["merge", str(tmp_path / "copy.db"), "--json"]).json["merge"]["changes"] == 0
    assert traces(db) == []
    assert others() == before


def test_32_an_import_does_not_bring_a_forgotten_deal_back(run, db, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    run("forget 1 --yes")
    for options in ("--dry-run", ""):
        line = ["import", str(tmp_path / "deals.csv"), "--yes", "--json", *options.split()]
        done = run(line).json["import"]
        assert (done["added"], done["updated"]) == (0, 0)
    assert [loss["prospect"] for loss in run("list --json").json["losses"]] == ["Frank"]
    assert b"Quimby" not in db.read_bytes()


def test_32_an_import_does_not_bring_back_a_deal_that_was_logged_by_hand(run, db, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    run("log 'Quimby Evans' 500 --on 2026-11-02")
    linked = run(["import", str(tmp_path / "deals.csv"), "--yes", "--json"]).json["import"]
    assert linked["linked"] == 1
    run("forget --prospect 'Quimby Evans' --yes")
    again = run(["import", str(tmp_path / "deals.csv"), "--yes", "--json"]).json["import"]
    assert again["added"] == 0
    assert b"Quimby" not in db.read_bytes()


def test_32_a_merge_does_not_bring_back_a_deal_logged_here_and_imported_there(run, db, tmp_path):
    deals, there = str(tmp_path / "deals.csv"), str(tmp_path / "there.db")
    Path(deals).write_text(DEALS)
    run("log 'Quimby Evans' 500 --on 2026-11-02")
    run(["import", deals, "--yes"])
    run(["--db", there, "import", deals, "--yes"])
    run("forget --prospect 'Quimby Evans' --yes")
    run(["merge", there])
    assert b"Quimby" not in db.read_bytes()


def test_32_a_merge_takes_away_nothing_that_it_does_not_name(run, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    run("forget --prospect 'Quimby Evans' --yes")
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    run(["--db", str(tmp_path / "other.db"), "log", "Bolt"])
    before = {loss["uid"] for loss in run("list --json").json["losses"]}
    came = run(["merge", str(tmp_path / "other.db"), "--json"]).json["merge"]
    gone = before - {loss["uid"] for loss in run("list --json").json["losses"]}
    assert gone == {loss["uid"] for loss in came["losses"] if loss["what"] == "removed"}


@pytest.mark.usefixtures("zeta")
def test_32_a_backup_that_was_cleaned_does_not_make_a_kept_count_older(run, backups, loss):
    run("backup")
    run("edit 2 --amount 15k")
    run("forget 2 --keep-count --yes")
    kept = loss(4)
    for backup in backups():
        run(["merge", str(backup)])
    assert loss(4) == kept


@pytest.mark.usefixtures("zeta")
def test_32_the_number_of_one_who_is_forgotten_is_never_used_again(run):
    run("forget 3 --yes")
    run("forget 2 --keep-count --yes")
    assert run("log Dent --json").json["loss"]["number"] == 5


def test_32_a_forgotten_deal_kept_for_its_count_is_not_counted_twice_by_an_import(run, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    run("forget --all --keep-count --yes")
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    assert run("stats all --json").json["stats"]["lost"] == 2


@pytest.mark.usefixtures("zeta")
def test_32_backups_of_an_older_schema_are_deleted_and_damaged_ones_named(run, db, backups):
    run("backup")
    folder = backups()[0].parent
    old, damaged = folder / "2026-11-01.db", folder / "2026-11-02.db"
    journal_of_schema(old, journal_file.SCHEMA - 1)
    fill_as_of_old(old, db)
    clean = folder / "2026-10-01.db"
    journal_of_schema(clean, journal_file.SCHEMA - 1)
    newer = folder / "2026-10-02.db"
    shutil.copyfile(backups()[-1], newer)
    with closing(sqlite3.connect(newer)) as opened:
        opened.execute(f"PRAGMA user_version = {journal_file.SCHEMA + 1}")
    text = folder / "notes.db"
    text.write_text("Zeta Works")
    shutil.copyfile(db, damaged)
    os.truncate(damaged, damaged.stat().st_size - 20_000)
    assert traces(damaged) != []
    done = run("forget 2 --yes --json", code=3).json["forgotten"]
    assert done["deleted"] == [str(old)]
    assert not old.exists()
    assert clean.exists()
    assert sorted(done["left"]) == sorted(map(str, (damaged, newer, text)))
    cleaned = [Path(name) for name in done["cleaned"]]
    assert len(cleaned) == 1
    assert traces(*cleaned) == []


@pytest.mark.usefixtures("zeta")
def test_32_a_backup_keeps_its_time_and_can_be_gone_back_to(run, db, backups, others):
    run("backup")
    (backup,) = backups()
    os.utime(backup, (1_700_000_000, 1_700_000_000))
    before = others()
    run("forget 2 --yes")
    assert backups() == [backup]
    assert backup.stat().st_mtime == 1_700_000_000
    run("edit 1 --amount 1k")
    run(["restore", str(backup), "--yes"])
    assert others() == before
    assert traces(db, *backups()) == []


def test_32_one_whom_only_a_backup_knows_is_forgotten_there(run, db, backups, tmp_path):
    run("log Bolt")
    run(["backup", str(tmp_path / "old.db")])
    run("log 'Zeta Works'")
    run(["restore", str(tmp_path / "old.db"), "--yes"])
    (replaced,) = backups()
    assert traces(replaced) == ["Zeta Works"]
    run("forget --prospect 'Zeta Works' --yes")
    assert traces(db, *backups()) == []


@pytest.mark.usefixtures("zeta")
def test_32_what_a_killed_backup_left_is_cleaned_too(run, backups):
    run("backup")
    (backup,) = backups()
    shutil.copyfile(backup, backup.with_name(".2026-11-24.db.0123456789ab.new"))
    done = run("forget 2 --yes --json").json["forgotten"]
    named = {*done["left"], *done["deleted"]}
    assert [file.name for file in backups() if traces(file) and str(file) not in named] == []


@pytest.mark.usefixtures("zeta")
def test_32_it_can_not_be_undone_and_earlier_changes_still_can(run):
    run("forget 2 --yes")
    assert [u["command"] for u in run("undo 2 --json").json["undone"]] == ["skip", "log"]
    assert "nothing to undo" not in run("undo --json").out
    assert run("list --json").json["losses"] == []
    assert "nothing to undo" in run("undo", code=1).err
    assert "all intact" in run("verify").out


@pytest.mark.usefixtures("zeta")
def test_32_a_count_that_was_kept_is_not_undone(run):
    run("forget --all --keep-count --yes")
    assert "nothing to undo" in run("undo", code=1).err
    assert len(run("list --json").json["losses"]) == 3


def tallied(stats):
    """Return what the numbers say but for names and words."""
    stats = json.loads(json.dumps(stats))
    del stats["lost_to"], stats["unclear"]
    for reason in stats["reasons"]:
        reason["quote"] = None
    return stats


@pytest.mark.usefixtures("zeta")
def test_32_with_the_count_kept_the_numbers_stay(run, db, others):
    before, rest = run("stats all --json").json["stats"], others()
    done = run("forget 2 --keep-count --yes --json").json["forgotten"]
    assert done["kept_count"] is True
    assert traces(db) == []
    assert tallied(run("stats all --json").json["stats"]) == tallied(before)
    assert others() == rest
    assert "all intact" in run("verify").out


@pytest.mark.usefixtures("zeta")
def test_32_a_kept_count_has_codes_dates_and_amounts_and_no_word(run, loss):
    run("forget 2 --keep-count --yes")
    kept = loss(4)
    assert (kept["prospect"], kept["amount"], kept["lost_on"]) == (
        "forgotten",
        "12000.00",
        "2026-11-24",
    )
    assert kept["said"] == {"code": "other", "words": None, "suggested": []}
    assert (kept["real"]["code"], kept["real"]["words"]) == ("too-slow", None)
    assert kept["guess"] == {"code": "price-value", "words": None, "suggested": []}
    assert kept["outcome"] == "competitor"
    assert kept["won"] == {**kept["won"], "amount": "9000.00", "note": None}
    assert {entry["note"] for entry in kept["contacts"]} == {None}
    assert [name["name"] for name in kept["referrals"]] == ["forgotten"]
    for field in ("contact", "phone", "email", "product", "lost_to", "lesson", "note", "way_in"):
        assert kept[field] is None
    assert kept["next"] is None


def test_32_a_year_without_names_gives_the_same_numbers(demo, db, run, backups):
    shutil.copyfile(demo, db)
    run("backup")
    with closing(sqlite3.connect(db)) as opened:
        names = {name for row in opened.execute(NAMES_AND_WORDS) for name in row if name}
    before = {line: run(f"{line} --json").json for line in ("stats all", "stats 2026q3")}
    numbers = len(run("list --json").json["losses"])
    done = run("forget --all --keep-count --yes --json").json["forgotten"]
    assert len(done["losses"]) == 1203
    assert len(run("list --json").json["losses"]) == numbers
    for line, stats in before.items():
        assert tallied(run(f"{line} --json").json["stats"]) == tallied(stats["stats"]), line
    for path in (db, *backups()):
        raw = path.read_bytes()
        assert [name for name in names if name.encode() in raw] == []
        assert "all intact" in run(["--db", str(path), "verify"]).out


# Names and words of at least eight letters; shorter ones may stand in any file.
NAMES_AND_WORDS = """
SELECT prospect, contact FROM losses WHERE length(prospect) > 7 AND length(contact) > 7
UNION SELECT email, said_words FROM losses WHERE length(said_words) > 7
UNION SELECT real_words, lesson FROM losses WHERE length(real_words) > 7
UNION SELECT note, NULL FROM contacts WHERE length(note) > 7
UNION SELECT name, note FROM referrals WHERE length(name) > 7
"""


@pytest.mark.usefixtures("zeta")
def test_32_a_change_of_jobs_leaves_no_name_or_word_anywhere(run, db, backups, tmp_path):
    (tmp_path / "deals.csv").write_text(DEALS)
    (tmp_path / "plan.txt").write_text("1 why\n9 thanks\n    Ana Lopez says hi, {contact}\n")
    run("edit 1 --guess 'the zoo said no'")
    run("reasons alias 'the zoo said no' price-value")
    run(["import", str(tmp_path / "deals.csv"), "--yes"])
    run(["plan", "set", str(tmp_path / "plan.txt")])
    run("backup")
    before = run("stats all --json").json["stats"]
    run("forget --all --keep-count --yes")
    assert tallied(run("stats all --json").json["stats"]) == tallied(before)
    assert traces(db, *backups()) == []


def test_32_forgetting_what_is_forgotten_already_is_harmless(run):
    run("log 'Zeta Works' 5k")
    run("forget --all --keep-count --yes")
    run("forget --all --keep-count --yes")
    assert run("stats all --json").json["stats"]["lost"] == 1
    assert "all intact" in run("verify").out


def test_32_a_journal_without_losses_has_nothing_to_forget(run):
    run("config portion 5")
    done = run("forget --all --keep-count --yes --json").json["forgotten"]
    assert done["losses"] == []


STRIKE = """
import os, signal, sys
from lostsale.journal import forget as journal_forget
place, how = sys.argv[1:3]
del sys.argv[1:3]
def strike(*args, real=getattr(journal_forget, place), **options):
    result = real(*args, **options) if place == "erase" else None
    # Windows, too, ends by the first at once; it would by any.
    os.kill(os.getpid(), 9) if how == "SIGKILL" else signal.raise_signal(signal.SIGINT)
    return result
setattr(journal_forget, place, strike)
from lostsale.__main__ import main
main()
"""


def struck(db, place, how, *args):
    """Run lostsale, and send it a signal at some place; return what it said."""
    return subprocess.run(
        [sys.executable, "-c", STRIKE, place, how, *args],
        env={**os.environ, "LOSTSALE_DB": str(db)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("zeta", "unmeasured")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_32_broken_off_in_the_journal_it_has_not_happened(run, db, others, how):
    before = others(), run("show 2 --json").out
    ended = struck(db, "erase", how, "forget", "2", "--yes")
    assert abs(ended.returncode) == (9 if how == "SIGKILL" else 130)
    assert (others(), run("show 2 --json").out) == before
    assert "all intact" in run("verify").out
    run("forget 2 --yes")
    assert traces(db) == []


@pytest.mark.usefixtures("zeta", "unmeasured")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
def test_32_broken_off_between_journal_and_backups_it_can_be_said_again(run, db, backups, how):
    run("backup")
    struck(db, "clean_backups", how, "forget", "--prospect", "Zeta Works", "--yes")
    run("forget --prospect 'Zeta Works' --yes")
    assert traces(db, *backups()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own with little room."""
    if not shutil.which("mount"):
        pytest.skip("Windows mounts none")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1400k,mode=700", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_32_a_disk_too_full_to_write_the_file_anew_does_not_say_that_nothing_was_changed(
    run, small_disk
):
    db = small_disk / "journal.db"
    run(["--db", str(db), "log", "Zeta Works", "5k"])
    for n in range(110):
        run(["--db", str(db), "log", f"Firm {n}", "5k", "--note", "x" * 400])
    run(["--db", str(db), "backup"])
    (small_disk / "filler").write_bytes(bytes(1_250_000 - _used(small_disk)))
    ended = run(["--db", str(db), "forget", "1", "--yes"], code=3)
    assert ("Nothing was changed" in ended.err) == (b"Zeta Works" in db.read_bytes())
    (small_disk / "filler").unlink()
    run(["--db", str(db), "forget", "--prospect", "Zeta Works", "--yes"])
    assert traces(db, *db.with_name("journal.db-backups").iterdir()) == []


def _used(disk):
    return sum(file.stat().st_size for file in disk.rglob("*") if file.is_file())


@pytest.mark.usefixtures("zeta")
def test_32_a_locked_backup_is_named_as_left(run, db, backups, monkeypatch):
    run("backup")
    (backup,) = backups()
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    with closing(sqlite3.connect(backup, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = run("forget 2 --yes --json", code=3).json["forgotten"]
        other.execute("ROLLBACK")
    assert done["left"] == [str(backup)]
    assert traces(db) == []


@pytest.mark.usefixtures("zeta")
def test_32_a_locked_journal_forgets_nothing(run, db, backups, refuses, monkeypatch):
    run("backup")
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    kept = backups()[0].read_bytes()
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refuses("forget 2 --yes", 5)
        other.execute("ROLLBACK")
    assert backups()[0].read_bytes() == kept


@pytest.mark.usefixtures("zeta")
def test_32_a_reader_that_holds_the_file_up_does_not_make_it_say_what_is_not_so(
    run, db, backups, monkeypatch, capsys
):
    # The reader begins between the erasing and the writing anew.
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    run("backup")
    erased = Store.transaction
    with closing(sqlite3.connect(db, isolation_level=None)) as reader:

        @contextmanager
        def transaction(journal, **options):
            with erased(journal, **options):
                yield
            (file,) = journal.connection.execute("SELECT file FROM pragma_database_list")
            if not options and file[0] == str(db):
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM losses").fetchone()

        with monkeypatch.context() as patch:
            patch.setattr(Store, "transaction", transaction)
            ended = run_cli(["forget", "2", "--yes"])
        reader.execute("ROLLBACK")
    assert ended == 3
    assert "Nothing was changed" not in capsys.readouterr().err
    assert traces(db, *backups()) == []


def meanwhile(monkeypatch, do):
    """Have something done after the backups were cleaned, and before the journal is."""
    real = journal_forget.forget_losses

    def forget_losses(journal, *args):
        do(journal)
        return real(journal, *args)

    monkeypatch.setattr(journal_forget, "forget_losses", forget_losses)


@pytest.mark.usefixtures("zeta")
def test_32_a_backup_that_is_made_meanwhile_is_cleaned_too(run, db, backups, monkeypatch):
    run("backup")

    def back_up(_):
        journal_backup.back_up(db, backups()[0].with_name("2026-11-24.db"))
        monkeypatch.undo()

    meanwhile(monkeypatch, back_up)
    monkeypatch.setenv("LOSTSALE_DB", str(db))
    done = run("forget 2 --yes --json").json["forgotten"]
    assert len(done["cleaned"]) == 2
    assert traces(db, *backups()) == []


MAKING = """
import shutil, sys
from pathlib import Path
from lostsale.journal.file import atomic_file
source, target = map(Path, sys.argv[1:])
with atomic_file(target) as new:
    shutil.copyfile(source, new)
    print("made", flush=True)
    input()
"""


@pytest.mark.usefixtures("zeta")
def test_32_a_copy_that_another_process_is_making_never_gets_its_name(run, db, backups):
    run("backup")
    target = backups()[0].with_name("2026-11-24.db")
    command = [sys.executable, "-c", MAKING, str(db), str(target)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as making:
        making.stdout.readline()
        assert len(backups()) == 2
        run("forget 2 --yes")
        making.communicate("\n")
    assert making.returncode == 1
    assert not target.exists()
    assert traces(db, *backups()) == []


@pytest.mark.usefixtures("zeta")
@pytest.mark.parametrize(
    ("lines", "where"),
    [
        (["config name 'Kim of Zeta Works'"], ["name"]),
        (["config name 'Kim of Zeta Works'", "config name Jo"], ["name"]),
        (["reasons alias 'zeta works took long' too-slow"], ["reason zeta works took long"]),
        (["plan set {plan}"], ["plan"]),
        (["plan set {plan}", "plan reset", "config name 'Zeta Works'"], ["name", "plan"]),
        (["config name Jo", "reasons alias 'the boss' board"], []),
    ],
)
def test_32_where_the_name_stands_in_settings_and_reasons_is_said(run, db, tmp_path, lines, where):
    (tmp_path / "plan.txt").write_text("1 why\n9 thanks\n    As at Zeta Works, {contact}\n")
    for line in lines:
        run(line.format(plan=tmp_path / "plan.txt"))
    done = run("forget 2 --yes --json").json["forgotten"]
    assert sorted(done["settings"]) == where
    run("forget --all --keep-count --yes")
    assert traces(db) == []


def test_32_how_a_file_is_read_is_said_to_hold_the_name(run, tmp_path):
    (tmp_path / "deals.csv").write_text(
        "id,Zeta Works name,status,close date\n7,Zeta Works,Lost,2026-11-02\n"
    )
    run(["import", str(tmp_path / "deals.csv"), "--map", "prospect=Zeta Works name", "--yes"])
    done = run("forget 1 --yes --json").json["forgotten"]
    kept = [key for key in run("config --json").json["settings"] if key.startswith("map")]
    assert done["settings"] == kept


def test_32_why_a_loss_goes_that_is_called_otherwise_is_said(run, refuses):
    for name in ("Zeta Works", "Zeta Works", "Bolt"):
        run(["log", name])
    run("edit 2 --prospect Corvo")
    assert "(1 Zeta Works, 2 Corvo, which once had that name)" in refuses(
        "forget --prospect 'zeta works'", 1
    )


@pytest.mark.usefixtures("zeta")
def test_38_backups_that_can_not_be_read_are_named_by_forget_and_verify(
    run, db, backups, monkeypatch
):
    run("backup")
    folder = backups()[0].parent

    def refuse(path):
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return there(path)

    there = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert f"The backups in {folder} can't be read" in run("verify").out
    done = run("forget 2 --yes --json", code=3).json["forgotten"]
    assert done["left"] == [str(folder)]
    assert traces(db) == []
    assert "can't be read" in run("restore", code=3).err

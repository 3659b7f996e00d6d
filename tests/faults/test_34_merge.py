"""Two journals of one person, worked on apart, become one, whichever takes in which, and how
often."""

import contextlib
import io
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Result, is_private
from journal.test_migrations import fill_as_of_old, journal_of_schema, seal_anew
from lostsale.cli import run as run_cli
from lostsale.journal import changes, store
from lostsale.journal import file as journal_file
from lostsale.journal.machine import Machine as MachineId

DEALS = """id,company,status,close date,amount,lost reason
7,Evans,Lost,2026-11-02,500,Zu teuer
8,Frank,Lost,2026-11-03,600,No Decision / Stalled
9,Gold,Won,2026-11-03,5,
11,Acme,Lost,2026-11-20,12000,Timing
"""
LATER_DEALS = DEALS.replace("600,", "650,") + "10,Hahn,Lost,2026-11-09,70,Too expensive\n"
PLAN = "1 why\n9 thanks\n    Hi {contact}\n"
DAY = timedelta(days=1)


class Machine:
    """A computer with a journal: its name, and how far its clock is off."""

    def __init__(self, name: str, db: Path, off: timedelta = timedelta()) -> None:
        self.name, self.db, self.off = name, db, off

    def __call__(self, line: str | list[str], code: int | None = 0, today: str = "") -> Result:
        """Run a command line here; it must end with `code`, if one is given."""
        words = shlex.split(line) if isinstance(line, str) else line
        day = ["--today", today] if today else []
        out, err = io.StringIO(), io.StringIO()
        with self._at_it(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = run_cli(["--db", str(self.db), *day, *words])
        result = Result(out.getvalue(), err.getvalue(), ended)
        assert code is None or ended == code, (words, result)
        assert "itself failed" not in result.err, (words, result)
        return result

    @contextlib.contextmanager
    def _at_it(self) -> Iterator[None]:
        off = self.off

        class Clock(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:
                return datetime.now(tz) + off

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "lostsale.journal.machine.this_machine", lambda: MachineId(self.name, self.name)
            )
            patch.setattr(store, "datetime", Clock)
            yield

    def merge(self, other: "Machine", *options: str) -> dict[str, Any]:
        """Take in another's journal; return what came of it."""
        return dict(self(["merge", str(other.db), "--json", *options]).json["merge"])

    def contents(self) -> str:
        """All that the journal holds but the numbers, in one text."""
        file = self.db.with_suffix(".json")
        self(["export", str(file), "--force"])
        kept = json.loads(file.read_text())
        file.unlink()
        kept["losses"] = sorted(json.dumps({**loss, "number": 0}) for loss in kept["losses"])
        return json.dumps(kept, indent=1)

    def numbers(self) -> dict[str, int]:
        """The number of each loss, by its uid."""
        with closing(sqlite3.connect(self.db)) as opened:
            return dict(opened.execute("SELECT uid, number FROM losses"))

    def number(self, prospect: str) -> int:
        """The number of the newest loss of a prospect."""
        with closing(sqlite3.connect(self.db)) as opened:
            query = "SELECT max(number) FROM losses WHERE prospect = ?"
            return int(opened.execute(query, (prospect,)).fetchone()[0])

    def shown(self, prospect: str) -> dict[str, Any]:
        """Return the loss of a prospect as its JSON has it."""
        return dict(self(f"show {self.number(prospect)} --json").json["loss"])

    def names(self) -> list[str]:
        """All prospects."""
        return sorted(loss["prospect"] for loss in json.loads(self("list --json").out)["losses"])


@pytest.fixture
def machines(db, monkeypatch, tmp_path):
    """Give two machines with their journals: copies of one, or with `met=False` two that never
    met. The desktop's clock is six days behind."""
    monkeypatch.chdir(tmp_path)
    Path("deals.csv").write_text(DEALS)
    Path("later.csv").write_text(LATER_DEALS)
    Path("plan.txt").write_text(PLAN)

    def machines(*, met=True):
        laptop = Machine("laptop", db.with_name("laptop.db"))
        desktop = Machine("desktop", db.with_name("desktop.db"), -6 * DAY)
        if met:
            begun(laptop)
            shutil.copyfile(laptop.db, desktop.db)
        return laptop, desktop

    return machines


def begun(machine):
    """Log what is known before the ways part."""
    for line in (
        "log Acme 12k --said budget --contact 'Ana 555-0134' --product tiles",
        "log Bolt 5k board --on 3d --also thanks",
        "log Corvo --way-in dead --lost-to nobody",
        "log Dent 900EUR price",
        "config currency EUR",
        "reasons add bad-timing --kind real --weakness none",
    ):
        machine(line)


def merged_both_ways(one, other):
    """Let each take in the other, and the first the other once more: all that differs is gone."""
    one.merge(other)
    other.merge(one)
    assert one.contents() == other.contents()
    for taker, giver in ((one, other), (other, one)):
        before = taker.db.read_bytes()
        again = taker.merge(giver)
        assert (again["changes"], again["losses"], again["backup"]) == (0, [], None)
        assert taker.db.read_bytes() == before
        assert "all intact" in taker("verify").out
    return one.contents()


WORDS = ("budget", "price", "board", "they stalled", "call-later")
REAL = ("price-value", "too-slow: late", "no-access", "bad-timing", "Zu teuer")


def a_deed(dice, prospects, day):
    """Return something that one does on a day."""
    ref = str(dice.randint(1, 12))
    name = dice.choice(prospects)
    return dice.choice(
        [
            f"log '{name}' {dice.randrange(1, 90)}k {dice.choice(WORDS)}",
            f"log '{name}' --real '{dice.choice(REAL)}' --also thanks",
            f"why {ref} '{dice.choice(REAL)}'",
            f"why {ref} --would-not-say",
            f"done {ref} did it",
            f"no-answer {ref}",
            f"touch {ref} hello --also referral",
            f"won {ref} {dice.randrange(500, 9000)} --note back",
            f"edit {ref} --not-won",
            f"edit {ref} --amount {dice.randrange(1, 90)}k --note moved",
            f"edit {ref} --prospect '{name}' --contact 'Bea 555-0177'",
            f"edit {ref} --outcome mistake",
            f"snooze {ref} {dice.randrange(2, 30)}d",
            f"meet {ref} {day + timedelta(3)} 10am --where here",
            f"referral {ref} 'Kim 555-0199'",
            f"move-on {ref} enough",
            f"skip {ref}",
            f"config portion {dice.randrange(3, 9)}",
            f"config currency {dice.choice(['EUR', 'JPY', 'USD', ''])}",
            f"reasons add own-{dice.randrange(4)} --kind real --weakness company",
            f"reasons rename own-{dice.randrange(4)} own-{dice.randrange(4)} --yes",
            "reasons rename too-slow late-again",
            "reasons alias 'Zu teuer' price-value",
            "import deals.csv --yes",
            "import later.csv --yes --follow-up",
            "plan set plan.txt",
            "plan reset",
            "undo",
            "undo 2",
        ]
    )


def a_month(machine, seed, prospects):
    """Live through a month."""
    dice = Random(seed)
    for n in range(20):
        day = date(2026, 11, 24) + timedelta(n)
        for _ in range(dice.randrange(1, 4)):
            machine(a_deed(dice, prospects, day), code=None, today=str(day))


@pytest.mark.parametrize("met", [True, False])
def test_34_a_month_apart_becomes_one_in_either_order(machines, met, times):
    for seed in range(times(40, 3)):
        laptop, desktop = machines(met=met)
        a_month(laptop, seed, ["Acme", "Bolt", "Iris", "Jade"])
        a_month(desktop, seed + 1000, ["Acme", "Kern", "Iris", "Lund"])
        for machine in (laptop, desktop):
            shutil.copyfile(machine.db, machine.db.with_suffix(".kept"))
        one_way = merged_both_ways(laptop, desktop)
        for machine in (laptop, desktop):
            shutil.copyfile(machine.db.with_suffix(".kept"), machine.db)
        assert merged_both_ways(desktop, laptop) == one_way
        laptop.db.unlink()
        desktop.db.unlink()


def test_34_what_each_did_to_other_fields_of_a_loss_is_all_kept(machines):
    laptop, desktop = machines()
    laptop("why 1 'too-slow: late'")
    laptop("edit 1 --product slate")
    desktop("edit 1 --amount 11k --contact 'Bea 555-0177'")
    desktop("touch 1 called")
    merged_both_ways(laptop, desktop)
    found = desktop.shown("Acme")
    assert (found["amount"], found["contact"], found["phone"]) == ("11000.00", "Bea", "555-0177")
    assert (found["product"], found["real"]["code"]) == ("slate", "too-slow")
    assert sorted(entry["kind"] for entry in found["contacts"]) == ["touch", "why"]


def test_34_of_what_both_changed_the_later_change_counts(machines):
    laptop, desktop = machines()
    laptop("edit 1 --amount 1k")
    desktop.off = DAY
    desktop("edit 1 --amount 2k")
    desktop.off = -6 * DAY
    desktop("edit 2 --amount 3k")
    laptop.off = 2 * DAY
    laptop("edit 2 --amount 4k")
    merged_both_ways(laptop, desktop)
    assert [laptop.shown(name)["amount"] for name in ("Acme", "Bolt")] == ["2000.00", "4000.00"]


def test_34_a_clock_years_ahead_elsewhere_does_not_make_later_work_here_count_less(machines):
    laptop, desktop = machines()
    desktop.off = 2000 * DAY
    desktop("edit 1 --amount 2k")
    laptop.merge(desktop)
    laptop("edit 1 --amount 3k")
    merged_both_ways(desktop, laptop)
    assert laptop.shown("Acme")["amount"] == "3000.00"
    laptop("undo")
    assert laptop.shown("Acme")["amount"] == "2000.00"


def test_34_a_loss_undone_here_and_edited_there_is_gone_from_both(machines):
    laptop, desktop = machines()
    laptop("log Evil 3k")
    desktop.merge(laptop)
    laptop("undo")
    desktop(f"edit {desktop.number('Evil')} --amount 4k")
    desktop(f"touch {desktop.number('Evil')} called")
    came = desktop.merge(laptop)
    assert (came["removed"], [loss["what"] for loss in came["losses"]]) == (1, ["removed"])
    merged_both_ways(laptop, desktop)
    assert "Evil" not in desktop.names()
    assert [u["command"] for u in desktop("undo 2 --json").json["undone"]] == ["touch", "edit"]
    assert "all intact" in desktop("verify").out


def test_34_undo_afterwards_takes_back_only_what_was_done_on_this_machine(machines):
    laptop, desktop = machines()
    laptop("edit 1 --amount 1k")
    desktop("snooze 2 3w")
    desktop("log Iris 2k")
    merged_both_ways(laptop, desktop)
    assert [u["command"] for u in desktop("undo 9 --json").json["undone"]] == ["log", "snooze"]
    assert "nothing to undo" in desktop("undo", code=1).err
    assert desktop.shown("Acme")["amount"] == "1000.00"
    merged_both_ways(laptop, desktop)
    assert "Iris" not in laptop.names()
    (undone,) = laptop("undo --json").json["undone"]
    assert (undone["command"], undone["losses"]) == ("edit", [1])
    assert laptop.shown("Acme")["amount"] == "12000.00"


def test_34_numbers_of_losses_never_move_and_new_ones_get_the_next(machines):
    laptop, desktop = machines()
    for name in ("Iris", "Jade"):
        laptop(f"log {name}")
        desktop(f"log {name}-2")
    laptop("undo")
    before = laptop.numbers(), desktop.numbers()
    merged_both_ways(laptop, desktop)
    for machine, numbers in zip((laptop, desktop), before, strict=True):
        after = machine.numbers()
        assert {uid: after[uid] for uid in numbers} == numbers
    assert sorted(laptop.numbers().values()) == [1, 2, 3, 4, 5, 7, 8]
    assert sorted(desktop.numbers().values()) == [1, 2, 3, 4, 5, 6, 7]


def test_34_imports_of_one_file_on_both_double_nothing(machines):
    laptop, desktop = machines(met=False)
    laptop("import deals.csv --yes")
    desktop("import later.csv --yes --follow-up")
    laptop(f"edit {laptop.number('Evans')} --amount 444")
    merged_both_ways(laptop, desktop)
    assert laptop.names() == ["Acme", "Evans", "Frank", "Hahn"]
    for machine in (laptop, desktop):
        again = machine("import later.csv --yes --json").json["import"]
        assert again["added"] == 0
    merged_both_ways(laptop, desktop)
    assert laptop.shown("Evans")["amount"] == desktop.shown("Evans")["amount"] == "444.00"


def test_34_a_loss_that_is_as_it_was_is_not_reported_as_updated(machines):
    laptop, desktop = machines()
    laptop("log Kiln --real bad-timing")
    shutil.copyfile(laptop.db, desktop.db)
    desktop("reasons weakness bad-timing company")
    desktop("touch Kiln hello")
    desktop("undo")
    done = laptop.merge(desktop)
    assert (done["updated"], done["losses"], done["settings"]) == (0, [], ["reason bad-timing"])
    assert laptop.shown("Kiln")["weakness"] == "company"


def test_34_a_deal_logged_here_and_imported_there_is_named_as_kept_twice(machines):
    laptop, desktop = machines(met=False)
    laptop("log Acme 12k --on 2026-11-20")
    desktop("import deals.csv --yes")
    came = laptop.merge(desktop)
    assert came["twice"] == [[1, laptop.number("Acme")]]
    desktop.merge(laptop)
    assert laptop.contents() == desktop.contents()


def test_34_exports_as_json_taken_in_by_both_double_nothing(machines):
    laptop, desktop = machines()
    laptop("log Iris 3k --said price --also thanks")
    laptop("export all.json")
    desktop("import all.json")
    laptop("edit 5 --amount 4k")
    merged_both_ways(laptop, desktop)
    assert laptop.names() == ["Acme", "Bolt", "Corvo", "Dent", "Iris"]
    assert desktop.shown("Iris")["amount"] == "4000.00"


def test_34_who_is_forgotten_here_is_forgotten_there(machines):
    laptop, desktop = machines()
    desktop("won 1 9k --note 'Ana came back'")
    laptop("forget 1 --yes")
    came = desktop.merge(laptop)
    assert (came["forgotten"], came["removed"]) == (1, 1)
    for word in (b"Acme", b"Ana", b"555-0134"):
        assert word not in desktop.db.read_bytes()
    laptop.merge(desktop)
    merged_both_ways(laptop, desktop)
    assert laptop.names() == ["Bolt", "Corvo", "Dent"]


def test_34_what_comes_with_the_forgetting_of_the_newest_change_is_there(machines):
    laptop, desktop = machines()
    desktop("log Evil")
    laptop.merge(desktop)
    laptop(f"forget {laptop.number('Evil')} --yes")
    laptop("log Iris 3k")
    assert desktop.merge(laptop)["added"] == 1
    assert desktop.names() == ["Acme", "Bolt", "Corvo", "Dent", "Iris"]
    merged_both_ways(laptop, desktop)


@pytest.mark.parametrize("kept_there", [True, False])
def test_34_forgotten_on_both_with_the_count_kept_is_counted_once(machines, kept_there):
    laptop, desktop = machines()
    desktop("edit 1 --amount 11k")
    laptop("forget 1 --keep-count --yes")
    desktop(f"forget 1 --yes {'--keep-count' if kept_there else ''}")
    merged_both_ways(laptop, desktop)
    assert laptop.names() == ["Bolt", "Corvo", "Dent", "forgotten"]
    assert laptop("stats all --json").json["stats"]["lost"] == 4


def test_34_an_import_of_which_one_loss_was_forgotten_is_undone_on_both(machines):
    laptop, desktop = machines()
    laptop("import deals.csv --yes")
    desktop.merge(laptop)
    desktop(f"forget {desktop.number('Evans')} --yes")
    (undone,) = laptop("undo --json").json["undone"]
    assert undone["command"] == "import"
    merged_both_ways(laptop, desktop)
    assert desktop.names() == ["Acme", "Bolt", "Corvo", "Dent"]
    assert b"Evans" not in laptop.db.read_bytes()


def test_34_reasons_renamed_to_each_other_end_as_one(machines):
    laptop, desktop = machines()
    laptop("reasons add own-1 --kind real")
    laptop("reasons add own-2 --kind real")
    laptop("why 1 own-1")
    laptop("why 2 own-2")
    desktop.merge(laptop)
    laptop("reasons rename own-1 own-2 --yes")
    desktop("reasons rename own-2 own-1 --yes")
    merged_both_ways(laptop, desktop)
    codes = {laptop.shown(name)["real"]["code"] for name in ("Acme", "Bolt")}
    assert len(codes) == 1
    assert codes <= {"own-1", "own-2"}


def test_34_a_reason_that_is_real_here_and_said_there_does_not_stop_either(machines):
    laptop, desktop = machines()
    laptop("reasons add own --kind real --weakness company")
    laptop("why 1 own")
    desktop("reasons add own --kind said")
    desktop("edit 2 --said own")
    merged_both_ways(laptop, desktop)
    for machine in (laptop, desktop):
        for line in ("stats all", "list", "reasons", "due --all", "show 1", "show 2"):
            machine(line)


def test_34_a_dry_run_changes_nothing_and_says_what_then_comes(machines):
    laptop, desktop = machines()
    a_month(laptop, 5, ["Acme", "Iris"])
    a_month(desktop, 6, ["Acme", "Kern"])
    desktop("forget 2 --yes")
    before = laptop.db.read_bytes(), desktop.db.read_bytes()
    would = laptop.merge(desktop, "--dry-run")
    assert (laptop.db.read_bytes(), desktop.db.read_bytes()) == before
    assert not laptop.db.with_name("laptop.db-backups").exists()
    did = laptop.merge(desktop)
    assert (would.pop("dry_run"), would.pop("backup")) == (True, None)
    assert did.pop("dry_run") is False
    assert Path(did.pop("backup")).exists()
    assert would == did
    assert did["changes"] > 0
    assert desktop.db.read_bytes() == before[1]


def test_34_the_backup_made_first_goes_back_to_before(machines):
    laptop, desktop = machines()
    laptop("edit 1 --amount 1k")
    desktop("edit 1 --amount 2k")
    desktop("log Iris")
    before = laptop.contents()
    backup = laptop.merge(desktop)["backup"]
    assert laptop.contents() != before
    assert Path(backup).name.startswith("before-merge-")
    assert is_private(Path(backup))
    laptop(["restore", backup, "--yes"])
    assert laptop.contents() == before


def test_34_where_there_is_no_journal_yet_all_comes(machines, tmp_path):
    laptop, _ = machines()
    new = Machine("new", tmp_path / "new.db")
    would = new.merge(laptop, "--dry-run")
    assert not new.db.exists()
    did = new.merge(laptop)
    assert would["losses"] == did["losses"]
    assert did["added"] == 4
    assert new.contents() == laptop.contents()
    assert new.numbers() == laptop.numbers()
    new("verify")


@pytest.mark.parametrize("version", range(1, journal_file.SCHEMA))
def test_34_a_journal_of_an_older_schema_is_taken_in_and_left_as_it_is(machines, tmp_path, version):
    laptop, _ = machines()
    old = Machine("old", tmp_path / "old.db")
    journal_of_schema(old.db, version)
    fill_as_of_old(old.db, laptop.db)
    before = old.db.read_bytes()
    new = Machine("new", tmp_path / "new.db")
    assert new.merge(old)["added"] == 4
    assert old.db.read_bytes() == before
    assert not old.db.with_name("old.db-backups").exists()
    assert new.contents() == laptop.contents()
    new("verify")


def broken(path):
    path.write_bytes(path.read_bytes()[:9000])


def of_a_newer_lostsale(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(f"PRAGMA user_version = {journal_file.SCHEMA + 1}")


def with_a_damaged_change(path):
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE changed SET value = replace(value, 'Acme', 'Acne')")
        opened.commit()


def of_another_program(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE losses (uid)")
        opened.commit()


def a_text(path):
    path.write_text("hello\n")


def empty(path):
    path.write_bytes(b"")


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("has_journal", [True, False])
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (broken, 4),
        (with_a_damaged_change, 4),
        (of_a_newer_lostsale, 6),
        (of_another_program, 3),
        (a_text, 3),
        (empty, 3),
        (Path.unlink, 3),
        (a_folder, 3),
        (a_pipe, 3),
    ],
)
def test_34_what_is_no_good_journal_changes_nothing(machines, spoil, code, has_journal):
    laptop, desktop = machines()
    spoil(desktop.db)
    if not has_journal:
        laptop.db.unlink()
    before = laptop.db.read_bytes() if has_journal else None
    for options in ((), ("--dry-run",)):
        result = laptop(["merge", str(desktop.db), *options], code=code)
        assert result.out == ""
        assert "Nothing was changed" in result.err
        assert result.err.count("\n") == 1
        assert "desktop.db" in result.err
        assert (laptop.db.read_bytes() if laptop.db.exists() else None) == before
        assert not laptop.db.with_name("laptop.db-backups").exists()


def test_34_of_a_damaged_file_nobody_is_told_to_restore_the_journal(machines):
    laptop, desktop = machines()
    laptop("backup")
    for spoil in (broken, with_a_damaged_change):
        spoil(desktop.db)
        error = laptop(["merge", str(desktop.db)], code=4).err
        assert "desktop.db" in error
        assert "restore" not in error
        shutil.copyfile(laptop.db, desktop.db)


def test_34_two_of_whom_only_the_count_was_kept_are_not_one_kept_twice(machines):
    laptop, desktop = machines(met=False)
    for name in ("Acme", "Bolt"):
        laptop(f"log {name} --on 2026-11-20")
    laptop("forget --all --keep-count --yes")
    came = desktop.merge(laptop)
    assert (came["added"], came["twice"]) == (2, [])


def test_34_a_name_too_long_for_a_file_is_told_as_such(machines):
    laptop, _ = machines()
    error = laptop(["merge", "x" * 5000], code=3).err
    assert "Nothing was changed" in error
    assert "can't be written" not in error


def test_34_the_journal_itself_is_refused_by_any_name(machines, tmp_path):
    laptop, _ = machines()
    before = laptop.db.read_bytes()
    (tmp_path / "other-name.db").symlink_to(laptop.db)
    os.link(laptop.db, tmp_path / "hard.db")
    for name in ("laptop.db", str(laptop.db), "other-name.db", "hard.db"):
        assert "itself" in laptop(["merge", name], code=2).err
    assert laptop.db.read_bytes() == before


def test_34_one_change_that_differs_in_two_journals_is_damage(machines):
    laptop, desktop = machines()
    with closing(sqlite3.connect(desktop.db, isolation_level=None)) as opened:
        opened.row_factory = sqlite3.Row
        opened.execute("UPDATE changed SET value = replace(value, 'tiles', 'slate')")
        seal_anew(opened)
        for (uid,) in opened.execute("SELECT uid FROM losses").fetchall():
            changes.refold(opened, uid)
    desktop("verify")
    before = laptop.db.read_bytes()
    assert "different changes" in laptop(["merge", str(desktop.db)], code=4).err
    assert laptop.db.read_bytes() == before


@pytest.mark.parametrize("which", ["laptop", "desktop"])
def test_34_a_locked_journal_changes_nothing(machines, which, monkeypatch, tmp_path):
    laptop, desktop = machines()
    desktop("log Iris")
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.2)
    with closing(sqlite3.connect(tmp_path / f"{which}.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        error = laptop(["merge", "desktop.db"], code=5).err
        other.execute("ROLLBACK")
    assert "Nothing was changed" in error
    assert "Iris" not in laptop.names()
    assert laptop.merge(desktop)["added"] == 1


def test_34_a_change_that_came_while_it_was_copied_comes_next_time(machines):
    laptop, desktop = machines()
    desktop("log Iris")
    with closing(sqlite3.connect(desktop.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # another program is about to write there
        other.execute("UPDATE losses SET prospect = 'half' WHERE number = 1")
        assert laptop.merge(desktop)["added"] == 1
        other.execute("ROLLBACK")
    assert laptop.names() == ["Acme", "Bolt", "Corvo", "Dent", "Iris"]


STRIKE = """
import os, signal, sys
from lostsale.journal import backup as journal_backup
from lostsale.journal import forget as journal_forget
from lostsale.journal import merge as journal_merge
place, how = sys.argv[1:3]
del sys.argv[1:3]
module, name = {
    "copying": (journal_backup, "_copy_pages"), "taking": (journal_merge, "_take"),
    "folding": (journal_merge, "refold"), "erasing": (journal_merge, "forget_as_there"),
    "cleaning": (journal_forget, "clean_backups"),
}[place]
def strike(*args, real=getattr(module, name), **options):
    result = real(*args, **options) if place != "cleaning" else None
    # Windows, too, ends by the first at once; it would by any.
    os.kill(os.getpid(), 9) if how == "SIGKILL" else signal.raise_signal(signal.SIGINT)
    return result
setattr(module, name, strike)
from lostsale.__main__ import main
main()
"""


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("place", ["copying", "taking", "folding", "erasing"])
def test_34_a_merge_that_is_broken_off_leaves_the_journal_whole(machines, place, how, tmp_path):
    laptop, desktop = machines()
    a_month(desktop, 3, ["Acme", "Iris"])
    desktop("forget 3 --yes")
    before = laptop.contents()
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", STRIKE, place, how, "merge", str(desktop.db)],
        env={**os.environ, "LOSTSALE_DB": str(laptop.db), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert abs(ended.returncode) == (9 if how == "SIGKILL" else 130), ended
    assert "Traceback" not in ended.stderr
    if how == "SIGINT":
        assert list(temporary.iterdir()) == []
    assert laptop.contents() == before
    assert "all intact" in laptop("verify").out
    merged_both_ways(laptop, desktop)


def test_34_what_comes_is_folded_where_the_newest_change_here_is_forgotten(machines):
    laptop, desktop = machines()
    laptop("log Zeller 9k budget")
    desktop.merge(laptop)
    desktop("forget Zeller --yes")
    desktop("log Quist 2k price")
    laptop.merge(desktop)
    assert "Quist" in laptop.names()
    assert "all intact" in laptop("verify").out


@pytest.mark.usefixtures("unmeasured")
def test_34_a_merge_broken_off_before_the_backups_were_cleaned_is_made_up_for(machines):
    laptop, desktop = machines()
    laptop("backup")
    desktop("forget 1 --yes")
    subprocess.run(
        [sys.executable, "-c", STRIKE, "cleaning", "SIGKILL", "merge", str(desktop.db)],
        env={**os.environ, "LOSTSALE_DB": str(laptop.db)},
        capture_output=True,
        check=False,
    )
    laptop.merge(desktop)
    assert "Acme" not in laptop.names()
    (folder,) = laptop.db.parent.glob("laptop.db-backups")
    held = [file.name for file in folder.iterdir() if b"Acme" in file.read_bytes()]
    assert held == []


def test_34_the_other_machines_backups_forget_too(machines):
    laptop, desktop = machines()
    laptop("backup")
    desktop("forget 1 --yes")
    laptop.merge(desktop)
    files = list(laptop.db.with_name("laptop.db-backups").iterdir())
    assert len(files) == 2  # its own, and that from before the merge
    assert [file.name for file in files if b"Acme" in file.read_bytes()] == []
    for file in files:
        Machine("laptop", file)("verify")


def test_34_a_backup_from_before_a_change_is_known_already(machines):
    laptop, _ = machines()
    laptop("backup old.db")
    laptop("edit 1 --amount 1k")
    laptop("undo")
    laptop("undo")
    before = laptop.db.read_bytes()
    assert laptop(["merge", "old.db", "--json"]).json["merge"]["changes"] == 0
    assert laptop.db.read_bytes() == before


def test_34_the_next_merge_is_quick_in_a_long_journal(machines):
    laptop, desktop = machines(met=False)
    rows = [f"{n},Firm {n},Lost,2026-11-{n % 20 + 1:02},{n}" for n in range(1, 3001)]
    Path("many.csv").write_text("\n".join(["id,company,status,close date,amount", *rows]))
    laptop("import many.csv --yes")
    began = time.monotonic()
    assert desktop.merge(laptop)["added"] == 3000
    assert desktop.merge(laptop)["changes"] == 0
    assert time.monotonic() - began < 30
    assert laptop.contents() == desktop.contents()


# Random work on several machines, merged at random, until all have seen all.

NUMBER = st.integers(1, 7).map(str)
DEED = st.one_of(
    st.sampled_from(
        [
            "log Acme 12k budget --on 2026-11-20",
            "log Pike --real too-slow --also thanks",
            "log Corvo 9kEUR --way-in dead --lost-to nobody --on 5d",
            "import deals.csv --yes",
            "import later.csv --yes --follow-up",
            "export own.json --force",
            "config portion 5",
            "config portion ''",
            "config currency JPY",
            "reasons add own --kind real --weakness company",
            "reasons add own --kind said",
            "reasons rename own own-2",
            "reasons rename too-slow no-access --yes",
            "reasons rename no-access too-slow --yes",
            "reasons weakness too-slow none",
            "reasons alias 'Zu teuer' price-value",
            "plan set plan.txt",
            "plan reset",
            "undo",
            "undo 3",
            "forget --prospect Acme --yes",
            "forget --prospect Evans --yes --keep-count",
        ]
    ),
    st.builds(
        "{} {}".format,
        st.sampled_from(["done", "no-answer", "skip", "won", "move-on"]),
        NUMBER,
    ),
    st.builds(
        str.format,
        st.sampled_from(
            [
                "snooze {} 2w",
                "touch {} called",
                "why {} --would-not-say",
                "why {} 'no-access: never met'",
                "meet {} friday 10am",
                "referral {} 'Bea Kim 555-0177'",
                "edit {} --amount 7k",
                "edit {} --prospect Acme --on 2026-11-01",
                "edit {} --not-won --product ''",
                "edit {} --outcome mistake",
                "edit {} --guess 'Zu teuer'",
                "forget {} --yes",
                "forget {} --yes --keep-count",
            ]
        ),
        NUMBER,
    ),
)
WHO = st.integers(0, 2)
STEP = st.one_of(
    st.tuples(WHO, DEED),
    st.tuples(WHO, DEED),
    st.tuples(WHO, DEED),
    st.tuples(WHO, st.builds("merge {}.db".format, WHO)),
    st.tuples(WHO, st.builds("import {}.json".format, WHO)),
    st.tuples(WHO, st.integers(-9, 9)),  # the clock is set by so many days
)
EXAMPLES = max(settings.default.max_examples // 5, 1)
JOURNALS = list(permutations(range(3), 2))


@given(
    st.booleans(),
    st.lists(STEP, min_size=4, max_size=25),
    st.permutations(JOURNALS),
)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_34_random_work_on_three_machines_ends_the_same_everywhere(met, steps, order):
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("deals.csv").write_text(DEALS)
        Path("later.csv").write_text(LATER_DEALS)
        Path("plan.txt").write_text(PLAN)
        desks = [Machine(f"machine {n}", Path(folder) / f"{n}.db") for n in range(3)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOSTSALE_TODAY", "2026-11-24")
            patch.setattr("lostsale.app.backup_of", lambda path, _: path)
            desks[0]("log First 5k price")
            for desk in desks[1:]:
                shutil.copyfile(desks[0].db, desk.db) if met else desk("log First 5k price")
            for who, deed in steps:
                if isinstance(deed, int):
                    desks[who].off = deed * DAY
                else:
                    own = desks[who].db.with_suffix(".json").name
                    assert desks[who](deed.replace("own.json", own), code=None).code in {0, 1, 2, 3}
            for one, other in (*order, *order, *order):
                desks[one](["merge", str(desks[other].db)])
            assert len({desk.contents() for desk in desks}) == 1
            for desk in desks:
                before = desk.db.read_bytes()
                assert desk.merge(desks[0] if desk is not desks[0] else desks[1])["changes"] == 0
                assert desk.db.read_bytes() == before
                assert "all intact" in desk("verify").out


def test_a_merge_that_brings_nothing_says_so_on_a_terminal(run, tmp_path, terminal):
    run("log Acme 12k budget")
    run(f"backup {tmp_path}/copy.db")
    child = terminal("merge", tmp_path / "copy.db", columns=200)
    child.expect("has nothing new")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize("uid", ["0" * 24, "f" * 24])
def test_34_entries_stay_with_their_loss_where_another_machine_copied_them(machines, uid):
    laptop, desktop = machines(met=False)
    laptop("log Acme 12k")
    laptop("touch 1 called")
    laptop("referral 1 'Bea Kim 555-0177'")
    laptop("export all.json")
    found = json.loads(Path("all.json").read_text())
    found["losses"][0] |= {"uid": uid, "prospect": "Copy"}
    Path("copied.json").write_text(json.dumps(found))
    desktop("import copied.json")
    merged_both_ways(laptop, desktop)
    for machine in (laptop, desktop):
        for name in ("Acme", "Copy"):
            loss = machine.shown(name)
            assert [entry["kind"] for entry in loss["contacts"]] == ["touch", "referral"]
            assert [given["name"] for given in loss["referrals"]] == ["Bea Kim"]
        machine(f"touch {machine.number('Acme')} again")
        machine(f"edit {machine.number('Copy')} --amount 5k")
    merged_both_ways(laptop, desktop)
    laptop(f"forget {laptop.number('Acme')} --yes")
    merged_both_ways(desktop, laptop)
    assert desktop.names() == ["Copy"]
    assert len(desktop.shown("Copy")["contacts"]) == 2


def test_34_what_forget_all_erases_with_the_losses_stays_erased_on_both(machines):
    laptop, desktop = machines()
    laptop("config name 'Evil Name'")
    laptop("config name 'Other Evil'")
    laptop("plan set plan.txt")
    laptop("reasons alias 'evil words' price-value")
    desktop.merge(laptop)
    desktop("log Kern --guess 'xyzzy evil words'")
    assert desktop.shown("Kern")["guess"]["code"] == "price-value"
    laptop("forget --all --keep-count --yes")
    came = desktop.merge(laptop)
    assert came["settings"] == ["name", "plan", "reason evil words"]
    assert desktop.names() == ["Kern", *["forgotten"] * 4]
    assert desktop.shown("Kern")["guess"]["code"] == "other"
    merged_both_ways(laptop, desktop)
    for machine in (laptop, desktop):
        assert b"Evil Name" not in machine.db.read_bytes()
        assert b"Other Evil" not in machine.db.read_bytes()
    laptop("config name 'New Name'")
    desktop("config name")
    merged_both_ways(desktop, laptop)
    assert desktop("config name --json").json["settings"]["name"] == "New Name"

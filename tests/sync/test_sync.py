"""Machines that meet in a folder or on a server end the same, and nobody else can read along."""

import base64
import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import is_private
from lostsale.sync.folder import Folder, _read
from lostsale.sync.sealed import read_key

SECRETS = ("Oakfield", "Ana Ruiz", "555-0134", "partners froze")


def meet(*machines):
    """Have each sync, and each again, so that all have all."""
    for machine in (*machines, *machines):
        machine("sync")


def test_what_one_machine_logs_the_other_has(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    assert laptop("sync") == "1 sent, 0 received\n"
    assert desktop("sync") == "0 sent, 1 received: 1 loss new\n"
    assert desktop.names() == ["Oakfield"]
    assert desktop("sync") == "0 sent, 0 received\n"


def test_work_on_both_ends_the_same(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    meet(laptop, desktop)
    laptop("why 1 too-slow")
    desktop("touch 1 called them")
    desktop("log Pike 9k price")
    meet(laptop, desktop)
    assert laptop.contents() == desktop.contents()
    assert laptop.names() == ["Oakfield", "Pike"]


def test_a_field_changed_on_both_is_named_and_the_later_one_holds(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    meet(laptop, desktop)
    laptop("edit 1 --amount 8k")
    desktop("edit 1 --amount 9k")
    desktop("sync")
    said = laptop("sync")
    assert "Changed on both, so the later one counts: 1 Oakfield: amount 8000.00 → 9000.00" in said
    desktop("sync")
    assert laptop.contents() == desktop.contents()


def test_the_target_is_remembered_and_quiet_says_nothing(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    laptop("log Oakfield 12k budget")
    assert laptop("sync --quiet") == ""
    assert laptop("sync") == "0 sent, 0 received\n"


def test_json_counts_what_was_exchanged(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    found = json.loads(desktop("sync --json"))["sync"]
    assert (found["sent"], found["received"], found["added"]) == (0, 1, 1)


def test_what_one_forgets_all_forget(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("log Pike 9k price")
    meet(laptop, desktop)
    desktop("forget Oakfield --yes")
    meet(desktop, laptop)
    assert laptop.names() == desktop.names() == ["Pike"]
    assert "all intact" in laptop("verify")


STILL = "Your other machines still have what you erased until they sync after this one"


def test_machines_that_hold_yet_what_was_forgotten_are_named_until_they_sync(machines, meeting):
    laptop, desktop, _ = three = machines(meeting, "laptop", "desktop", "tablet")
    assert STILL not in laptop("sync")
    laptop("log Oakfield 12k budget")
    meet(*three)
    both = "desktop (last synced Tue 24 Nov 2026), tablet (last synced Tue 24 Nov 2026)"
    for machine in three:
        machine.env["LOSTSALE_TODAY"] = "2026-11-26"
    assert f"{STILL}: {both}\n" in laptop("forget Oakfield --yes")
    assert f"{STILL}: {both}\n" in laptop("sync")
    desktop("sync")
    assert laptop("sync").endswith(f"{STILL}: tablet (last synced Tue 24 Nov 2026)\n")
    (found,) = json.loads(laptop("sync --json"))["sync"]["behind"]
    assert found == {"name": "tablet", "synced_on": "2026-11-24"}
    meet(*three)
    assert [STILL in machine("sync") for machine in three] == [False] * 3


def test_what_a_machine_says_of_itself_is_nothing_to_an_older_lostsale(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    assert b"laptop" not in sent_bytes(meeting)
    if "://" in meeting:
        import psycopg

        with psycopg.connect(meeting) as owner:
            query = "SELECT kind, seq FROM lostsale_entries"  # it reads those above 0
            assert owner.execute(query).fetchall() == [("forgotten", 0)]
    else:  # it reads *.changes
        assert [file.suffix for file in Path(meeting).iterdir()].count(".machine") == 1
    for file in Path(meeting).glob("*.machine"):
        file.write_text("half of i")
    assert laptop("sync") == "0 sent, 0 received\n"


@pytest.mark.parametrize("said", [[], {}, ["tablet", "someday", ""], ["tablet", 1, ""], 7])
def test_what_a_machine_says_of_itself_in_another_form_is_passed_over(machines, folder, said):
    (laptop,) = machines(str(folder), "laptop")
    (key,) = laptop("sync --show-key").split()
    entry = read_key(key).sealed("0123abcd", "machine", said)
    body = base64.b64encode(entry.body).decode()
    (folder / "0123abcd.machine").write_text(f"machine 0123abcd - {body}")
    assert laptop("sync") == "0 sent, 0 received\n"


def test_words_that_are_forgotten_again_are_forgotten_everywhere_again(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Acme 12k budget")
    for name in ("Jo", "Al"):
        laptop(f"config name {name}")
        laptop("config portion 5")  # the last change, which stays
        meet(laptop, desktop)
        laptop("forget --all --keep-count --yes")
        meet(laptop, desktop)
        assert name not in desktop("config --json")
    assert laptop.contents() == desktop.contents()


def sent_bytes(meeting):
    """All bytes that lie where machines meet."""
    if "://" not in meeting:
        return b"".join(file.read_bytes() for file in Path(meeting).iterdir())
    import psycopg

    with psycopg.connect(meeting) as owner:
        rows = owner.execute("SELECT uid, kind, mark, body FROM lostsale_entries").fetchall()
    return b"".join(str(row[:3]).encode() + bytes(row[3]) for row in rows)


def test_nothing_of_a_customer_can_be_read_where_they_meet(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    laptop("log Oakfield 12k the partners froze it --contact 'Ana Ruiz 555-0134'")
    laptop("sync")
    there = sent_bytes(meeting)
    assert len(there) > 100
    assert [secret for secret in SECRETS if secret.encode() in there] == []


def test_what_is_forgotten_is_gone_where_they_meet(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    laptop("log Pike 9k price")
    laptop("sync")
    before = len(sent_bytes(meeting))
    laptop("forget 1 --yes")
    laptop("sync")
    assert len(sent_bytes(meeting)) < before


def test_what_is_forgotten_of_a_change_of_several_leaves_the_others_to_all(machines, meeting):
    laptop, desktop, tablet = machines(meeting, "laptop", "desktop", "tablet")
    file = laptop.home / "deals.csv"
    lost = ("Oak,Closed Lost,2026-03-01", "Pike,Closed Lost,2026-03-02")
    file.write_text("\n".join(("Account,Stage,Close Date", *lost, "")))
    laptop(["import", str(file), "--yes"])
    meet(laptop, desktop)
    desktop("forget Oak --yes")
    meet(desktop, laptop)
    meet(tablet)
    assert tablet.names() == desktop.names() == ["Pike"]
    assert tablet.contents() == laptop.contents()


def test_a_restored_backup_gets_everything_again(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop(["backup", str(laptop.home / "old.db")])
    laptop("log Pike 9k price")
    meet(laptop, desktop)
    laptop(["restore", str(laptop.home / "old.db"), "--yes"])
    laptop("log Corvo 7k price")
    laptop("sync")  # once is enough
    assert laptop.names() == ["Corvo", "Oakfield", "Pike"]
    meet(laptop, desktop)
    assert laptop.contents() == desktop.contents()
    laptop.db.unlink()
    laptop("sync")
    assert laptop.names() == ["Corvo", "Oakfield", "Pike"]


def test_what_was_forgotten_last_of_all_is_told_once(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    laptop("log Oakfield 12k budget")
    laptop(["backup", str(laptop.home / "copy.db")])
    laptop("forget 1 --yes")
    laptop(["restore", str(laptop.home / "copy.db"), "--yes"])
    assert laptop("sync") == "1 sent, 0 received\n"
    assert laptop("sync") == "0 sent, 0 received\n"
    laptop("log Pike 9k price")
    assert laptop("sync") == "1 sent, 0 received\n"


def test_a_machine_that_was_copied_whole_loses_nothing(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    laptop.copy_to(desktop)
    laptop("log Pike 9k price")
    desktop("log Corvo 7k price")
    for machine in (laptop, desktop, laptop, desktop):
        machine(["sync", meeting])
    assert laptop.contents() == desktop.contents()
    assert laptop.names() == ["Corvo", "Oakfield", "Pike"]


def test_another_key_is_refused(machines, meeting, tmp_path):
    (laptop,) = machines(meeting, "laptop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    stranger = type(laptop)(tmp_path, "stranger", laptop.capsys)
    assert "another key" in stranger(["sync", meeting, "--init"], code=2)
    assert "no key yet" in type(laptop)(tmp_path, "new", laptop.capsys)(["sync", meeting], code=2)


def test_a_key_that_is_none_is_refused(machines, meeting):
    (laptop,) = machines(meeting, "laptop")
    for text in ("x", "", "A" * 44, "é" * 44):
        assert "key" in laptop(["sync", "--key", text], code=2)


@pytest.mark.usefixtures("capsys")
def test_the_key_and_the_batches_are_their_owners_alone(machines, tmp_path):
    (tmp_path / "meeting").mkdir()
    (laptop,) = machines(str(tmp_path / "meeting"), "laptop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    files = [*laptop.home.rglob("sync*"), *(tmp_path / "meeting").iterdir()]
    assert len(files) >= 4
    assert all(map(is_private, files))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "meeting").mkdir()
    return tmp_path / "meeting"


def test_a_batch_on_its_way_is_left_alone_and_said(machines, folder):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    (batch,) = folder.glob("*.changes")
    whole = batch.read_bytes()
    for cut in (0, 20, len(whole) // 2, len(whole) - 3):
        batch.write_bytes(whole[:cut])
        assert f"Still on its way: {batch.name}" in desktop("sync")
        assert desktop.names() == []
    batch.write_bytes(whole)
    desktop("sync")
    assert desktop.names() == ["Oakfield"]


def test_a_batch_that_was_tampered_with_is_damage_and_changes_nothing(machines, folder):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    (batch,) = folder.glob("*.changes")
    lines = batch.read_text().splitlines()
    kind, uid, mark, body = lines[1].split(" ")
    flipped = body[:30] + ("A" if body[30] != "A" else "B") + body[31:]
    batch.write_text("\n".join([lines[0], f"{kind} {uid} {mark} {flipped}", *lines[2:]]) + "\n")
    assert "was changed on the way" in desktop("sync", code=4)
    assert desktop.names() == []


@pytest.mark.parametrize(
    ("about", "code"), [("{}", 3), ("", 3), ('{"format": 99, "check": ""}', 6), ("[1]", 3)]
)
def test_a_folder_that_is_not_as_it_was_set_up_is_refused(machines, folder, about, code):
    (laptop,) = machines(str(folder), "laptop")
    (folder / "lostsale-sync.json").write_text(about)
    laptop("sync", code=code)


def test_a_folder_that_is_not_there_or_not_set_up_says_what_to_do(machines, folder, tmp_path):
    (laptop,) = machines(str(folder), "laptop")
    assert "no folder" in laptop(["sync", str(tmp_path / "none")], code=3)
    (tmp_path / "plain").mkdir()
    assert "--init" in laptop(["sync", str(tmp_path / "plain")], code=2)
    assert "Nothing to sync with" in type(laptop)(tmp_path, "x", laptop.capsys)("sync", code=2)


def test_files_of_others_in_the_folder_are_left_alone(machines, folder):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    for name in ("notes.txt", "x.changes", ".hidden", "aaaaaaaaaaaa-0001-LAPTOP.changes"):
        (folder / name).write_text("mine")
    laptop("log Oakfield 12k budget")
    meet(laptop, desktop)
    assert desktop.names() == ["Oakfield"]
    assert (folder / "notes.txt").read_text() == "mine"


def test_what_the_carrier_of_the_folder_renames_is_sent_again(machines, folder, tmp_path):
    (laptop,) = machines(str(folder), "laptop")
    for name in ("Oakfield", "Pike", "Corvo"):
        laptop(f"log {name} 12k budget")
        laptop("sync")
    first, *_ = sorted(folder.glob("*.changes"))
    first.rename(first.with_name(f"{first.stem}-LAPTOP.changes"))
    assert "sent again" in laptop("sync")
    new = type(laptop)(tmp_path, "new", laptop.capsys)
    new(["sync", str(folder), "--key", laptop("sync --show-key").strip()])
    assert new.names() == ["Corvo", "Oakfield", "Pike"]


def test_an_address_with_a_password_is_refused_and_not_shown(machines, folder):
    (laptop,) = machines(str(folder), "laptop")
    for address in ("postgresql://jo:hush@localhost/x", "postgresql://localhost/x?password=hush"):
        said = laptop(["sync", address], code=2)
        assert "hush" not in said
        assert "PGPASSWORD" in said


def test_a_server_that_is_not_there_is_one_line(machines, folder):
    (laptop,) = machines(str(folder), "laptop")
    said = laptop(["sync", "postgresql://jo@127.0.0.1:1/x"], code=3)
    assert said.count("\n") == 1
    assert "127.0.0.1" in said


def test_a_database_that_is_not_set_up_or_newer_says_so(machines, folder, database):
    import psycopg

    (laptop,) = machines(str(folder), "laptop")
    assert "--init" in laptop(["sync", database], code=2)
    laptop(["sync", database, "--init"])
    with psycopg.connect(database) as owner:
        owner.execute("UPDATE lostsale_schema SET version = 99")
    assert "newer" in laptop(["sync", database], code=6)


def test_whoever_holds_the_server_keeps_a_sync_waiting_for_a_while(machines, database, monkeypatch):
    import psycopg

    monkeypatch.setattr("lostsale.sync.server._PATIENCE", "100ms")
    (laptop,) = machines(database, "laptop")
    laptop("log Oakfield 12k budget")
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE lostsale_entries, lostsale_owners")
        said = laptop(["sync"], code=5)
        assert said.startswith("lostsale: Another sync holds the server.")
    assert laptop("sync").startswith("1 sent")


def test_a_role_sees_and_changes_nothing_of_another(machines, database, as_rep, tmp_path):
    import psycopg

    (owner,) = machines(database, "owner")
    jo = type(owner)(tmp_path, "jo", owner.capsys)
    jo(["sync", as_rep("jo"), "--key", owner("sync --show-key").strip()])
    jo("log Oakfield 12k budget")
    jo("sync")
    with psycopg.connect(as_rep("eve"), autocommit=True) as eve:
        assert eve.execute("SELECT * FROM lostsale_entries").fetchall() == []
        assert eve.execute("SELECT * FROM lostsale_owners").fetchall() == []
        assert eve.execute("UPDATE lostsale_entries SET body = ''").rowcount == 0
        assert eve.execute("DELETE FROM lostsale_entries").rowcount == 0
        assert eve.execute("UPDATE lostsale_owners SET last = 9").rowcount == 0
        for forged in (
            "INSERT INTO lostsale_owners (owner, known_by) VALUES ('jo', '')",
            "INSERT INTO lostsale_entries VALUES ('jo', 'x', 'change', 1, '', '')",
            "DROP TABLE lostsale_entries",
            "ALTER TABLE lostsale_entries DISABLE ROW LEVEL SECURITY",
            "DROP POLICY lostsale_own ON lostsale_entries",
            "TRUNCATE lostsale_entries",
            "UPDATE lostsale_schema SET version = 9",
        ):
            with pytest.raises(psycopg.Error):
                eve.execute(forged)
    assert jo("sync") == "0 sent, 0 received\n"


DEED = st.sampled_from(
    [
        "log Acme 12k budget",
        "log Pike 9k price --contact 'Ana 555-0134'",
        "done 1",
        "edit 1 --amount 7k",
        "why 2 too-slow",
        "undo",
        "forget 1 --yes",
        "forget 2 --yes --keep-count",
        "config portion 5",
        "won 3",
        "reasons add own --kind real",
        "sync",
        "sync",
    ]
)


@given(steps=st.lists(st.tuples(st.integers(0, 2), DEED), min_size=3, max_size=20))
@settings(
    max_examples=max(settings.default.max_examples // 10, 1),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_random_work_on_three_machines_ends_the_same_everywhere(machines, tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("three")
    (folder / "meeting").mkdir()
    three = machines(str(folder / "meeting"), "a", "b", "c", folder=folder)
    for who, deed in steps:
        three[who](deed, code=None)
    meet(*three, *three)
    assert len({machine.contents() for machine in three}) == 1
    for machine in three:
        assert "all intact" in machine("verify")
        assert machine("sync").splitlines()[0] == "0 sent, 0 received"


def cut_off_all(database):
    """What a server's restart does to those who are connected."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.slow
def test_syncs_that_break_off_are_made_up_for_by_the_next(machines, meeting):
    three = laptop, desktop, _ = machines(meeting, "laptop", "desktop", "tablet")
    for number in range(15):
        for machine in three:
            machine(f"log {machine.home.name}{number} 12k budget")
        laptop(f"edit {number + 1} --amount 7k")
        going = three[number % 3].start("sync")
        try:
            going.communicate(timeout=0.2 + number * 0.04)
        except subprocess.TimeoutExpired:  # it's still running
            if "://" in meeting and number % 2:
                cut_off_all(meeting)
            else:
                going.send_signal(signal.SIGKILL)
            _, err = going.communicate()
            assert err.count("\n") <= 1, err
    meet(*three)
    assert len({machine.contents() for machine in three}) == 1
    assert len(desktop.names()) == 45


@pytest.mark.usefixtures("unmeasured")  # coverage writes more
def test_a_disk_that_is_full_loses_nothing(machines, folder):
    resource = pytest.importorskip("resource")
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    full = (resource.RLIMIT_FSIZE, (300, 300))
    going = laptop.start("sync", preexec_fn=lambda: resource.setrlimit(*full))
    _, err = going.communicate()
    assert (going.returncode, err.count("\n")) == (3, 1), err
    assert not [*folder.glob(".*"), *folder.glob("*.changes")]
    meet(laptop, desktop)
    assert desktop.names() == ["Oakfield"]


class Yesterday(datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - timedelta(1)


def test_a_clock_that_is_a_day_wrong_leaves_all_with_the_same(machines, meeting, monkeypatch):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    meet(laptop, desktop)
    laptop("edit 1 --amount 8k")
    with monkeypatch.context() as patch:
        for module in ("store", "forget"):
            patch.setattr(f"lostsale.journal.{module}.datetime", Yesterday)
        desktop("log Pike 9k price")
        desktop("edit 1 --amount 9k")
        desktop("forget Pike --yes")
        desktop("sync")
    meet(laptop, desktop)
    assert laptop.contents() == desktop.contents()
    assert laptop.names() == ["Oakfield"]


def test_two_syncs_at_once_end_well(machines, meeting):
    laptop, desktop = machines(meeting, "laptop", "desktop")
    for place in range(10):
        laptop(f"log P{place} 12k budget")
        desktop(f"log Q{place} 12k budget")
    both = [machine.start("sync") for machine in (laptop, desktop, laptop, desktop)]
    for going in both:
        _, err = going.communicate(timeout=60)
        assert going.returncode in {0, 5}, err
    meet(laptop, desktop)
    assert laptop.contents() == desktop.contents()
    assert len(laptop.names()) == 20
    with closing(sqlite3.connect(laptop.db)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_only_syncing_loads_what_syncing_needs(run):
    import subprocess
    import sys

    del run
    code = "import sys, lostsale.cli; lostsale.cli.run(['due']); print(sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"'cryptography'", "'psycopg'", "'lostsale.sync'"} & set(
        out.stdout.strip("[]\n").split(", ")
    )


def test_a_batch_that_arrives_while_one_syncs_is_read_the_next_time(
    machines, folder, tmp_path, monkeypatch
):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    (batch,) = folder.glob("*.changes")
    elsewhere = batch.rename(tmp_path / batch.name)
    send = Folder.send

    def late(place, entries):
        if elsewhere.exists():
            elsewhere.rename(batch)
        return send(place, entries)

    monkeypatch.setattr(Folder, "send", late)
    desktop("log Pike 9k price")
    desktop("sync")
    assert desktop.names() == ["Pike"]
    desktop("sync")
    assert desktop.names() == ["Oakfield", "Pike"]


def open_words(folder, machine):
    """All that lies in the folder, opened with the key."""
    key = read_key(machine("sync --show-key"))
    entries = [one for file in folder.glob("*.changes") for one in _read(file)]
    return "".join(str(key.unseal(one)) for one in entries if one.kind == "change")


@pytest.mark.parametrize("lost", ["memory", "spelling"])
def test_what_is_forgotten_is_gone_from_the_folder_whatever_name_it_was_sent_under(
    machines, folder, lost
):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    if lost == "memory":
        for file in laptop.home.rglob("sync-*.json"):
            file.unlink()
        laptop(["sync", str(folder)])
    else:
        laptop(["sync", f"{folder}/../meeting/"])
    assert "Oakfield" in open_words(folder, laptop)
    laptop("forget 1 --yes")
    laptop("sync")
    assert "Oakfield" not in open_words(folder, laptop)
    meet(laptop, desktop)
    assert "Oakfield" not in open_words(folder, laptop)


def test_what_a_killed_sync_left_in_the_folder_is_swept(machines, folder):
    laptop, _ = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    (batch,) = folder.glob("*.changes")
    left = folder / f".{batch.name}.0123456789ab.new"
    left.write_bytes(batch.read_bytes())
    os.utime(left, (0, 0))  # from its age Windows tells that nobody makes it
    laptop("sync")
    assert not left.exists()


def test_a_folder_is_the_same_from_wherever_it_is_named(machines, folder, monkeypatch):
    (laptop,) = machines(str(folder), "laptop")
    monkeypatch.chdir(folder.parent)
    laptop("log Oakfield 12k budget")
    assert laptop("sync meeting") == "1 sent, 0 received\n"
    monkeypatch.chdir("/")
    assert laptop("sync") == "0 sent, 0 received\n"


def test_a_wrong_key_is_not_kept(machines, folder, tmp_path):
    laptop, _ = machines(str(folder), "laptop", "desktop")
    new = type(laptop)(tmp_path, "new", laptop.capsys)
    wrong = "A" * 43 + "="
    assert "another key" in new(["sync", str(folder), "--key", wrong], code=2)
    new(["sync", str(folder), "--key", laptop("sync --show-key").strip()])


def test_a_damaged_batch_is_named_and_no_backup_is_offered(machines, folder):
    laptop, desktop = machines(str(folder), "laptop", "desktop")
    laptop("log Oakfield 12k budget")
    laptop("sync")
    (batch,) = folder.glob("*.changes")
    head, line, end = batch.read_text().splitlines()
    words = line.split(" ")
    words[3] = words[3][:30] + ("A" if words[3][30] != "A" else "B") + words[3][31:]
    batch.write_text("\n".join([head, " ".join(words), end]) + "\n")
    said = desktop("sync", code=4)
    assert batch.name in said
    assert "restore" not in said

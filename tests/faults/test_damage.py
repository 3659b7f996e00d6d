"""Damage is never spread: what is damaged is neither laid over what is good nor restored."""

import json
import os

from lostsale.cli import run as run_cli


def damaged(path, good, bad):
    data = path.read_bytes()
    assert data.count(good) == 1
    path.write_bytes(data.replace(good, bad))


def test_a_damaged_change_is_not_laid_over_a_good_row(run, refuses, db, loss):
    run("log Acme 5k --said 'other: they read our badges'")
    run("log Bolt 5k")
    damaged(db, b'"said_words": "they read', b'"said_words": "they sead')
    for line in ("edit 1 --lesson x", "touch 1 hello", "won 1"):
        assert "The journal is damaged" in refuses(line, 4)
    assert loss(1)["said"]["words"] == "they read our badges"
    run("touch 2 hello")


def test_an_undo_is_not_laid_over_a_good_row_either(run, db, loss):
    run("log Acme 5k --said 'other: they read our badges'")
    run("edit 1 --lesson x")
    damaged(db, b'"said_words": "they read', b'"said_words": "they sead')
    run("undo", code=4)
    assert loss(1)["lesson"] == "x"


def test_a_damaged_backup_is_not_restored(run, refuses, tmp_path):
    copy = tmp_path / "copy.db"
    run("log Acme 5k --note old-badges")
    run(f"backup {copy}")
    damaged(copy, b'"note": "old-badges', b'"note": "odd-badges')
    error = refuses(f"restore {copy} --yes", 4)
    assert f"{copy} can't be restored" in error


def test_what_is_no_journal_is_not_replaced(run, refuses, db, tmp_path):
    run(f"--db {tmp_path / 'good.db'} log Acme")
    for content in (b"a text\n", b""):
        db.write_bytes(content)
        refuses(f"restore {tmp_path / 'good.db'} --yes", 3)


def test_the_way_back_names_the_journal_that_was_named(run, tmp_path, capsys):
    path = tmp_path / "my own.db"
    run(["--db", str(path), "log", "Acme"])
    run(["--db", str(path), "backup"])
    path.write_bytes(path.read_bytes()[:5000])
    capsys.readouterr()
    assert run_cli(["--db", str(path), "list"]) == 4
    assert f"lostsale --db '{path}' restore '{path}-backups{os.sep}" in capsys.readouterr().err


def test_a_dry_run_and_a_repeated_import_make_no_backup(lostsale, journal, tmp_path):
    export = tmp_path / "deals.csv"
    export.write_text("id,company,status,close date\n7,Acme,Lost,2026-11-20\n")
    ended = lostsale("import", str(export), "--dry-run", "--json")
    assert "No backup" not in ended.err
    assert json.loads(ended.out)["import"]["added"] == 1
    assert list(journal.parent.iterdir()) == []


def test_who_reads_only_the_first_line_ends_it_quietly(start, lostsale):
    for name in ("Acme", "Bolt"):
        lostsale("log", name)
    process = start("list")
    process.stdout.close()
    assert process.wait() == 0
    assert process.stderr.read() == ""
    process.stdout = None  # nothing is left to read in the end


def test_a_newer_journal_is_not_replaced(run, refuses, db, tmp_path):
    run(f"--db {tmp_path / 'good.db'} log Acme")
    run("log Bolt")
    data = bytearray(db.read_bytes())
    data[60:64] = (99).to_bytes(4, "big")  # its user_version
    db.write_bytes(data)
    refuses(f"restore {tmp_path / 'good.db'} --yes", 6)


def test_a_change_that_cannot_even_be_read_is_damage(run, refuses, db):
    run("log Acme 5k --note old-badges")
    damaged(db, b'"note": "old-badges', b'"note"; "old-badges')
    assert "The journal is damaged where that would be written" in refuses("edit 1 --lesson x", 4)


def test_who_would_write_over_damage_is_sent_to_verify(run, refuses, db):
    run("log Acme 5k --note old-badges")
    damaged(db, b'"note": "old-badges', b'"note": "odd-badges')
    assert refuses("edit 1 --lesson x", 4) == (
        "lostsale: The journal is damaged where that would be written. Nothing was changed."
        " See lostsale verify.\n"
    )


def test_what_a_search_through_damage_stumbles_over_is_said_in_one_line(lostsale, journal):
    lostsale("log", "Acme", "5k", "--said", "other: they read our badges")
    data = journal.read_bytes()
    good = b'"said_words": "they read'
    for bad in (b'"said_words"; "they read', b'"said_words": "they\xe8read'):
        journal.write_bytes(data.replace(good, bad))
        ended = lostsale("forget", "--prospect", "Acme", "--yes", code=4)
        assert ended.err.count("\n") == 1
        assert "The journal is damaged" in ended.err

"""`import`: lost deals from another program's file, all or none, again and again without doubling
any. The files are synthetic, written by hand."""

import os
import random
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import is_private
from lostsale.crm import detect
from lostsale.crm.formats import UNKNOWN_PROGRAM
from test_questions import ended

HEADERS = "Id,Name,Stage,Close date,Amount,Reason,Product"
DEALS = """\
Id,Name,Stage,Close date,Amount,Reason,Product
1,Acme,Closed Lost,2026-03-02,5000,Price,Lathe
2,Bolt,Closed Won,2026-03-03,7000,,Lathe
3,Cord,Closed Lost,2026-01-15,,No budget this year,Mill
4,Dorn,Negotiation,2026-04-01,100,Price,
5,Esk,Closed Lost,,900,,
6,Fenn,Closed Lost,2026-02-30,900,,
1,Acme,Closed Lost,2026-03-02,5000,Price,Lathe
7,Gale,Closed Lost,someday,900,,

8,Holm,Closed Lost,2025-12-31,0,Chose another,
"""
COUNTS = ("rows", "lost", "added", "updated", "duplicates", "linked", "undated")


@pytest.fixture
def file(tmp_path):
    """Write a file and return its path."""

    def file(content=DEALS, name="deals.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


@pytest.fixture
def imports(run, file):
    """Import a file of this content and return what its JSON says: `imports(DEALS, "--yes")`."""

    def imports(content=DEALS, options="", name="deals.csv", **run_options):
        line = ["import", str(file(content, name)), *shlex.split(options), "--json"]
        return run(line, **run_options).json["import"]

    return imports


@pytest.fixture
def listed(run):
    """Return all losses, by the record that they come from."""
    return lambda: {
        (one["source"] or {}).get("record"): one for one in run("list --json").json["losses"]
    }


def counts(found, *names):
    return tuple(found[name] for name in names or COUNTS)


def table(*lines, headers=HEADERS):
    return "".join(f"{line}\n" for line in (headers, *lines))


def rows(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


# What it says


def test_the_json_says_what_became_of_each_row(imports, file):
    found = imports()
    first = found.pop("first")
    assert [(one["prospect"], one["lost_on"], one["amount"]) for one in first] == [
        ("Acme", "2026-03-02", "5000.00"),
        ("Cord", "2026-01-15", None),
        ("Acme", "2026-03-02", "5000.00"),
    ]
    assert found == {
        "file": str(file()),
        "format": "CSV",
        "rows": 9,
        "lost": 7,
        "added": 3,
        "updated": 0,
        "duplicates": 1,
        "linked": 0,
        "steps": 0,
        "forgotten": 0,
        "ahead": 0,
        "undated": 1,
        "months": 0,
        "emptied": [],
        "clashes": [],
        "stayed": [],
        "close": {},
        "day": "closed",
        "currency": "USD",
        "doubts": [],
        "unused": [],
        "examples": {
            "record": "1",
            "status": "Closed Lost",
            "lost_on": "2026-03-02",
            "prospect": "Acme",
            "product": "Lathe",
            "amount": "5000",
            "guess": "Price",
        },
        "skipped": [
            {"line": 6, "why": "no day of the loss"},
            {"line": 7, "why": 'I can\'t read "2026-02-30" as a date'},
            {"line": 9, "why": 'I can\'t read "someday" as a date'},
        ],
        "columns": {
            "record": ["Id"],
            "status": ["Stage"],
            "lost_on": ["Close date"],
            "prospect": ["Name"],
            "product": ["Product"],
            "amount": ["Amount"],
            "guess": ["Reason"],
        },
        "reasons": [
            {"words": "Price", "code": "price-value", "lost": 2},
            {"words": "No budget this year", "code": "no-money", "lost": 1},
            {"words": "Chose another", "code": "other", "lost": 1},
        ],
        "dry_run": False,
    }


def test_the_losses_are_what_the_file_says(imports, listed):
    imports()
    found = listed()
    assert set(found) == {"1", "3", "8"}
    assert [
        found["1"][key] for key in ("prospect", "amount", "currency", "lost_on", "product")
    ] == [*("Acme", "5000.00", "USD", "2026-03-02", "Lathe")]
    assert found["1"]["guess"] == {"code": "price-value", "words": "Price", "suggested": []}
    assert found["3"]["guess"] == {
        "code": "no-money",
        "words": "No budget this year",
        "suggested": [],
    }
    assert found["8"]["guess"] == {"code": "other", "words": "Chose another", "suggested": []}
    assert (found["3"]["amount"], found["8"]["amount"]) == (None, "0.00")
    for one in found.values():
        assert one["next"] is one["real"] is one["said"] is one["asked_on"] is None
        assert one["source"]["system"] == "id+closedate+stage"


def test_the_numbers_follow_the_day_of_the_loss(imports, listed):
    imports()
    assert {record: one["number"] for record, one in listed().items()} == {"8": 1, "3": 2, "1": 3}


def test_the_echo_counts_names_what_was_not_taken_and_how_to_take_it_back(run, file):
    assert run(["import", str(file())]).lines == [
        f"{file()}: CSV, 9 rows, 7 lost.",
        "3 added · 1 already there · 3 not imported",
        "  line 6: no day of the loss",
        '  line 7: I can\'t read "2026-02-30" as a date',
        '  line 9: I can\'t read "someday" as a date',
        "--undated DATE gives all lost deals without a date the same one.",
        "Field\tColumn\tExample",
        "record\tId\t1",
        "status\tStage\tClosed Lost",
        "lost_on\tClose date\t2026-03-02",
        "prospect\tName\tAcme",
        "product\tProduct\tLathe",
        "amount\tAmount\t5000",
        "guess\tReason\tPrice",
        "Amounts without a currency are in USD.",
        (
            "Your guesses: Price → price-value 2 · No budget this year → no-money 1."
            " Change one with lostsale reasons alias."
        ),
        "25% of the reasons are under other.",
        "Still under other: Chose another 1",
        "Give them one: lostsale reasons alias 'Chose another' CODE",
        "Wrong? lostsale undo takes it all back.",
    ]


def test_many_rows_that_were_not_taken_are_counted_and_not_all_listed(run, file, imports):
    content = table(*(f"{n},A,Lost,never,,," for n in range(14)), "99,B,Lost,2026-01-02,,,")
    lines = run(["import", str(file(content))]).lines
    assert sum(line.startswith("  line ") for line in lines) == 10
    assert "  … 4 more with --json" in lines
    assert len(imports(content)["skipped"]) == 14


@pytest.mark.parametrize("content", [DEALS, DEALS.replace("Closed Lost", "Negotiation", 3)])
@pytest.mark.parametrize("logged", [None, "log Acme --on 2026-03-01", "log Holm 0 --on 2026-01-05"])
@pytest.mark.parametrize("before", [None, DEALS.replace("5000", "4000"), DEALS])
def test_every_lost_row_is_accounted_for(run, imports, content, logged, before):
    if logged:
        run(logged)
    if before:
        imports(before)
    found = imports(content)
    parts = counts(found, "added", "updated", "duplicates", "linked")
    assert found["lost"] == sum(parts) + len(found["skipped"])
    assert found["undated"] <= len(found["skipped"])


def test_what_is_not_lost_is_counted_and_leaves_no_trace(imports, db):
    found = imports(table("1,Acme,Lost,2026-01-02,,,", "2,Secret,Won,2026-01-02,,,", "3,S,,,,,"))
    assert counts(found, "rows", "lost", "added") == (3, 1, 1)
    assert b"Secret" not in db.read_bytes()


# Again


def test_the_same_file_again_adds_and_updates_nothing_and_writes_nothing(imports, db):
    imports()
    before = db.read_bytes()
    assert counts(imports(), "added", "updated", "duplicates") == (0, 0, 4)
    assert db.read_bytes() == before


def test_a_file_without_ids_again_adds_nothing(imports):
    lines = ["Acme,Lost,2026-01-02,5", "Acme,Lost,2026-01-02,5", "Bolt,Lost,2026-01-02,5"]
    headers = "Name,Stage,Close date,Amount"
    assert counts(imports(table(*lines, headers=headers)), "added", "duplicates") == (3, 0)
    assert counts(imports(table(*lines[::-1], headers=headers)), "added", "duplicates") == (0, 3)
    more = table(*lines, lines[0], headers=headers)
    assert counts(imports(more), "added", "duplicates") == (1, 3)


@pytest.mark.parametrize(
    "again",
    [
        DEALS.replace(",", ";").encode(),
        DEALS.replace(",", "\t").encode("utf-16"),
        DEALS.encode("utf-8-sig"),
        DEALS.replace("\n", "\r\n").encode(),
        DEALS.replace("\n", "\r").encode(),
        DEALS.replace("Closed Lost", "lost").encode(),
    ],
    ids=["semicolons", "tabs in UTF-16", "marked", "CRLF", "CR", "in other words"],
)
def test_the_same_deals_written_otherwise_are_known_again(imports, again):
    imports()
    assert counts(imports(again, name="other.csv"), "added", "updated") == (0, 0)


def test_a_row_that_changed_is_updated_but_for_what_was_changed_by_hand(run, imports, loss):
    imports(table("1,Acme,Lost,2026-03-02,5000,Price,Lathe"))
    run("edit 1 --amount 7k")
    news = table("1,Acme,Lost,2026-03-02,6000,Price,Mill")
    assert counts(imports(news), "added", "updated", "duplicates") == (0, 1, 0)
    assert (loss()["product"], loss()["amount"]) == ("Mill", "7000.00")
    assert counts(imports(news), "added", "updated", "duplicates") == (0, 0, 1)
    assert (loss()["product"], loss()["amount"]) == ("Mill", "7000.00")
    run("undo")
    assert (loss()["product"], loss()["amount"]) == ("Lathe", "7000.00")


def test_a_code_that_was_renamed_between_two_imports_updates_nothing(run, imports, listed):
    imports()
    run("reasons rename price-value too-costly")
    assert counts(imports(), "added", "updated") == (0, 0)
    assert listed()["1"]["guess"] == {"code": "too-costly", "words": "Price", "suggested": []}


def test_a_code_of_ones_own_is_found_in_the_programs_words(run, imports, listed):
    run("reasons add bad-timing --kind real --weakness none")
    imports(table('1,A,Lost,2026-01-02,,"Bad timing, again",'))
    assert listed()["1"]["guess"] == {
        "code": "bad-timing",
        "words": "Bad timing, again",
        "suggested": [],
    }


def test_two_journals_that_import_the_same_file_have_the_same_losses(run, file, tmp_path):
    found = []
    for name in ("one.db", "two.db"):
        run(["--db", str(tmp_path / name), "import", str(file())])
        losses = run(["--db", str(tmp_path / name), "list", "--json"]).json["losses"]
        found.append([{**one, "logged_at": None} for one in losses])
    assert found[0] == found[1]
    assert len({one["uid"] for one in found[0]}) == 3


def test_what_was_logged_by_hand_is_linked_and_not_doubled(run, imports, loss):
    run("log acme --on 2026-02-27 --guess too-slow")
    found = imports()
    assert counts(found, "added", "linked", "duplicates") == (2, 1, 1)
    kept = loss()
    assert (kept["prospect"], kept["lost_on"], kept["guess"]["code"]) == (
        *("acme", "2026-02-27", "too-slow"),
    )
    assert (kept["amount"], kept["product"]) == ("5000.00", "Lathe")
    assert counts(imports(), "added", "linked", "duplicates") == (0, 0, 4)


def test_the_echo_tells_of_links_and_updates(run, imports, file):
    run("log Acme --on 2026-03-02")
    imports(table("3,Cord,Lost,2026-01-15,1,,"))
    lines = run(["import", str(file())]).lines
    assert lines[1].split(" · ") == [
        "1 added",
        "1 updated",
        "1 linked to what you logged",
        "1 already there",
        "3 not imported",
    ]


# One change


def test_an_import_is_one_change_that_one_undo_takes_back(run, imports, db):
    run("log Zeta 9")
    imports()
    assert rows(db, "SELECT command, by_hand FROM changes") == [("log", 1), ("import", 0)]
    assert run("undo --json").json["undone"][0]["losses"] == [2, 3, 4]
    assert [one["prospect"] for one in run("list --json").json["losses"]] == ["Zeta"]
    assert rows(db, "SELECT count(*) FROM contacts") == [(0,)]


def test_an_undone_import_can_be_made_again_under_new_numbers(run, imports, listed):
    imports()
    uids = {record: one["uid"] for record, one in listed().items()}
    run("undo")
    assert counts(imports(), "added", "duplicates") == (3, 1)
    assert {record: one["uid"] for record, one in listed().items()} == uids
    assert sorted(one["number"] for one in listed().values()) == [4, 5, 6]


def test_the_journal_is_made_for_its_owner_alone_and_nothing_else_is_left(imports, db, tmp_path):
    old = os.umask(0o022)
    try:
        imports()
    finally:
        os.umask(old)
    assert is_private(db)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deals.csv", "journal.db"]


def test_a_journal_is_made_where_db_says(run, file, tmp_path):
    path = tmp_path / "new folder" / "mine.db"
    run(["--db", str(path), "import", str(file())])
    assert rows(path, "SELECT count(*) FROM losses") == [(3,)]


# Looking first


def test_a_dry_run_shows_what_was_found_and_what_would_come_of_it(run, file):
    run("log Acme --on 2026-03-02")
    lines = run(["import", str(file()), "--dry-run"]).lines
    assert lines[0] == f"{file()}: CSV, 9 rows, 7 lost"
    assert "lost_on\tClose date\t2026-03-02" in lines
    assert "guess\tReason\tPrice" in lines
    first = lines[lines.index("The first ones:") :]
    assert first[1:5] == [
        "Lost\tWho\tAmount\tWhy",
        "2026-03-02\tAcme\t5,000\tguess price-value: Price",
        "2026-01-15\tCord\t-\tguess no-money: No budget this year",
        "2026-03-02\tAcme\t5,000\tguess price-value: Price",
    ]
    assert (
        "2 would be added · 1 linked to what you logged · 1 already there · 3 not imported" in first
    )
    assert lines[-1] == "Nothing was saved: that was a dry run."


@pytest.mark.parametrize("options", ["--dry-run", "--dry-run --follow-up", "--dry-run --yes"])
def test_a_dry_run_leaves_the_journal_as_it_was_to_the_byte(run, imports, db, options):
    run("log Acme --on 2026-03-02")
    imports(table("3,Cord,Lost,2026-01-15,1,,"))
    before, changed = db.read_bytes(), db.stat().st_mtime_ns
    found = imports(DEALS, options)
    assert found["dry_run"] is True
    assert counts(found) == (9, 7, 1, 1, 1, 1, 1)
    assert (db.read_bytes(), db.stat().st_mtime_ns) == (before, changed)
    assert {**imports(DEALS, options.replace("--dry-run", "")), "dry_run": True} == found


def test_a_dry_run_shows_no_deals_where_none_can_be_taken(run, file):
    lines = run(["import", str(file(table("1,A,Lost,,,,"))), "--dry-run"]).lines
    assert "The first ones:" not in lines
    assert lines[-4:] == [
        "0 would be added · 1 not imported",
        "  line 2: no day of the loss",
        "--undated DATE gives all lost deals without a date the same one.",
        "Nothing was saved: that was a dry run.",
    ]


def test_a_dry_run_makes_no_journal(run, file, db, tmp_path):
    result = run(["import", str(file()), "--dry-run"])
    assert "3 would be added" in result.out
    assert not db.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["deals.csv"]


# The first steps


def test_imported_losses_are_not_due(run, imports):
    imports()
    assert run("due --all --days 3650 --count").out == "0\n"
    assert run("list --cold --json").json["losses"] == []


def test_first_steps_come_a_portion_a_working_day_the_largest_first(run, imports, listed):
    run("config portion 2")
    lines = [f"{n},P{n},Lost,2026-06-01,{n}00,," for n in range(1, 7)]
    imports(table(*lines), "--follow-up", today="2026-11-26")  # a Thursday
    assert {record: one["next"]["on"] for record, one in listed().items()} == {
        **dict.fromkeys("65", "2026-11-26"),
        **dict.fromkeys("43", "2026-11-27"),
        **dict.fromkeys("21", "2026-11-30"),
    }
    due = run("due --json", today="2026-11-26").json
    assert [one["prospect"] for one in due["due"]] == ["P6", "P5"]


def test_first_steps_are_opened_later_too_and_taken_back_by_one_undo(run, imports):
    imports()
    again = imports(DEALS, "--follow-up")
    assert counts(again, "added", "updated", "duplicates") == (0, 0, 4)
    assert run("due --count").out == "3\n"
    run("undo")
    assert run("due --all --days 3650 --count").out == "0\n"
    assert len(run("list --json").json["losses"]) == 3


def test_what_is_won_at_rest_or_has_a_step_gets_no_other(run, imports, loss):
    run("log Cord --on 2026-01-15")
    imports()
    run("won 2")  # Holm
    run("move-on 3")  # Acme
    before = loss(1)["next"]
    imports(DEALS, "--follow-up")
    assert (loss(1)["next"], loss(2)["next"], loss(3)["next"]) == (before, None, None)


# Formats


@pytest.mark.parametrize(
    ("content", "options", "form"),
    [
        (DEALS.encode(), "", "CSV"),
        (DEALS.encode("utf-8-sig"), "", "CSV"),
        (DEALS.replace(",", ";").encode("utf-16"), "", "CSV, semicolons, UTF-16"),
        (DEALS.replace(",", "\t").encode(), "", "CSV, tabs"),
        (DEALS.replace(",", "|").encode(), "", "CSV, bars"),
        (DEALS.replace("\n", "\r").encode(), "", "CSV"),
        (DEALS.encode("cp1252"), "--encoding cp1252", "CSV, CP1252"),
        (DEALS.encode("utf-16-be"), "--encoding utf-16-be", "CSV, UTF-16-BE"),
    ],
)
def test_the_format_is_found_and_named(imports, content, options, form):
    found = imports(content, options)
    assert (found["format"], *counts(found, "rows", "lost", "added")) == (form, 9, 7, 3)


def test_an_encoding_that_was_named_is_taken(imports, listed):
    imports(table("1,Café Zoë,Lost,2026-01-02,,,").encode("cp1252"), "--encoding cp1252")
    assert listed()["1"]["prospect"] == "Café Zoë"


@pytest.mark.parametrize(
    "text",
    [
        *("0044 20 7946 0958", "01234", "+49 30 1234", "=HYPERLINK(1)", "+cmd", "@SUM(A1)", "-1"),
        *("x\x1b[2J\x07y", "a\u202eb\u200bc", "two\nlines", "two\r\nlines", "[red]x[/]", "{x}%s"),
        *("Łódź 日本 🙂", "it's \\n", "1e5", "TRUE"),
    ],
)
def test_a_text_is_kept_to_the_letter(imports, listed, text):
    headers = "Id,Stage,Close date,Name,Phone,Reason,Notes"
    row = f'1,Lost,2026-01-02,"{text}","{text}","{text}","{text}"'
    imports(table(row, headers=headers))
    kept = listed()["1"]
    assert kept["prospect"] == kept["phone"] == kept["guess"]["words"] == kept["note"] == text
    assert counts(imports(table(row, headers=headers)), "added", "updated") == (0, 0)


def raw(text):
    """The characters that would steer a terminal, but for what parts the records."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}} - set("\n\t")


EVIL = "x\x1b[2J\x9b\u202e\x07\u200b"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", 0),
        ("--dry-run", 0),
        (f"--map 'lost_on={EVIL}'", 2),
        (f"--map '{EVIL}=Name'", 2),
        (f"--map '{EVIL}'", 2),
        (f"--encoding '{EVIL}'", 2),
        (f"--dates '{EVIL}'", 2),
        ("--map 'status=Name' --lost-when nothing", 2),
        ("--map 'lost_on=Day'", 2),
    ],
)
def test_nothing_in_a_file_steers_the_terminal(run, file, line, code):
    content = table(
        f'"{EVIL}",Lost,2026-01-02,"{EVIL}",03/04/2026 {EVIL}',
        f'"{EVIL}",Lost,2026-01-02{EVIL},"{EVIL}",',
        f'"{EVIL}",Lost{EVIL},,5{EVIL},',
        headers=f"Name,Stage,Close date,Am{EVIL}ount,Day",
    )
    name = "deals.csv" if sys.platform == "win32" else f"de{EVIL}als.csv"
    result = run(["import", str(file(content, name)), *shlex.split(line)], code=code)
    assert raw(result.out + result.err) == set()
    assert r"\u{1b}" in result.out + result.err


# By hand


def test_columns_and_the_word_for_lost_are_named_by_hand(imports, listed):
    content = table("Acme,gone,2026-01-02,x", headers="Site,How it went,Day,Id")
    options = "--map prospect=site --map 'outcome=how_it_went' --map lost_on=Day --lost-when Gone"
    found = imports(content, options)
    assert found["columns"] == {
        "prospect": ["Site"],
        "status": ["How it went"],
        "lost_on": ["Day"],
        "record": ["Id"],
    }
    assert listed()["x"]["prospect"] == "Acme"


GUESSED = table("1,Acme,Lost,2026-01-02", headers="Id,Name,Final outcome,Close date")


def test_a_guess_for_a_column_is_not_taken_unless_told_to(refuses, file, imports):
    line = ["import", str(file(GUESSED))]
    told = refuses(line, 1)
    assert "a guess: record=Id, status=Final outcome, lost_on=Close date, prospect=Name." in told
    assert "--yes" in told
    assert imports(GUESSED, "--yes")["added"] == 1


@pytest.mark.parametrize("field", ["status", "outcome"])
def test_a_guess_that_is_mapped_by_hand_is_none(imports, field):
    assert imports(GUESSED, f"--map {field}='final outcome'")["added"] == 1


def test_a_field_mapped_by_its_other_name_is_read_as_by_its_own(imports):
    headers = "Record ID,Deal Name,Deal Stage,Close Date,Amount"
    content = table("7,Acme,Lost: too late,2026-01-02,5", headers=headers)
    by_own, by_other = (
        imports(content, f"--map {name}='deal stage' --dry-run") for name in ("status", "outcome")
    )
    assert by_own == by_other
    assert by_own["lost"] == 1


def test_a_guess_can_be_looked_at(imports):
    assert imports(GUESSED, "--dry-run")["added"] == 1


NUMERIC = table("1,A,Lost,03/04/2026,,,")


@pytest.mark.parametrize(("order", "day"), [("dmy", "2026-04-03"), ("mdy", "2026-03-04")])
def test_the_order_of_dates_is_named_by_an_option_or_once_for_all(run, imports, listed, order, day):
    imports(NUMERIC, f"--dates {order}")
    assert listed()["1"]["lost_on"] == day
    run("undo")
    run(f"config date-order {order}")
    imports(NUMERIC)
    assert listed()["1"]["lost_on"] == day


def test_the_option_beats_the_setting(run, imports, listed):
    run("config date-order dmy")
    imports(NUMERIC, "--dates mdy")
    assert listed()["1"]["lost_on"] == "2026-03-04"


@pytest.mark.parametrize("options", ["", "--yes", "--dry-run"])
def test_an_order_that_nothing_settles_is_never_guessed(refuses, file, options):
    told = refuses(["import", str(file(NUMERIC)), *options.split()], 2)
    assert '"Close date" has dates like 03/04/2026, either day first or month first' in told
    assert "--dates dmy or --dates mdy" in told


def test_amounts_take_the_settings_of_the_journal(run, imports, listed):
    run("config currency EUR")
    run("config decimal ,")
    imports(table('1,A,Lost,2026-01-02,"1.234,50",,'))
    assert (listed()["1"]["amount"], listed()["1"]["currency"]) == ("1234.50", "EUR")


# Much


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    """A file of 20,000 made-up deals with ids, 16,000 of them lost, and what they come to."""
    dice = random.Random(20_000)
    path = tmp_path_factory.mktemp("big") / "big.csv"
    reasons = {"Price": "price-value", "No budget": "no-money", "Chose another": "other", "": None}
    lost, months, codes, sums = 0, Counter(), Counter(), Counter()
    without = 0
    with path.open("w", encoding="utf-8") as out:
        out.write("Deal ID,Account,Stage,Close date,Amount,Currency,Reason\n")
        for number in range(20_000):
            day = date(2023, 1, 1) + timedelta(dice.randrange(1000))
            amount = dice.choice(["", "0", f"{dice.randrange(10**7) / 100:.2f}"])
            currency, reason = dice.choice(["USD", "EUR", ""]), dice.choice(list(reasons))
            stage = "Closed Won" if number % 5 == 0 else "Closed Lost"
            out.write(
                f'D{number},"Account, {dice.randrange(5000)}",{stage},{day},{amount},'
                f"{currency},{reason}\n"
            )
            if stage == "Closed Lost":
                lost += 1
                months[f"{day:%Y-%m}"] += 1
                codes[reasons[reason]] += 1
                without += not amount
                sums[currency or "USD"] += Decimal(amount or 0)
    return path, lost, months, codes, sums, without


def test_twenty_thousand_deals_come_to_what_python_makes_of_them(run, big):
    path, lost, months, codes, sums, without = big
    found = run(["import", str(path), "--json"]).json["import"]
    assert counts(found) == (20_000, 16_000, 16_000, 0, 0, 0, 0)
    assert lost == 16_000
    stats = run("stats all --json").json["stats"]
    assert stats["lost"] == 16_000
    assert {row["month"]: row["lost"] for row in stats["months"]} == months
    assert {row["code"]: row["guessed"] for row in stats["reasons"] if row["code"]} == {
        code: count for code, count in codes.items() if code
    }
    assert {key: Decimal(row["lost"]) for key, row in stats["amounts"].items()} == sums
    assert stats["without_amount"] == without
    again = run(["import", str(path), "--json"]).json["import"]
    assert counts(again, "added", "updated", "duplicates") == (0, 0, 16_000)


def started(*args, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "lostsale", *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def broken_off(file, sign, watched):
    """Start an import and send it a signal as soon as the watched file is there; return whether it
    came in time."""
    process = started("import", file)
    while process.poll() is None and not watched.exists():
        time.sleep(0.001)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) in {
        (0, ""),
        (130, "lostsale: Interrupted. What you did before that is saved.\n"),
        (-signal.SIGKILL, ""),
    }
    return process.returncode != 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("logged", ["Acme", ""], ids=["while it writes", "while it reads"])
def test_an_import_that_is_broken_off_leaves_no_row_and_the_journal_opens(
    run, db, big, sign, logged
):
    for _ in range(5):  # on a busy machine the signal may come too late
        db.unlink(missing_ok=True)
        if logged:
            run(f"log {logged}")
        # The first thing that an import makes is the journal, and then in it SQLite's own one.
        watched = db.with_name("journal.db-journal") if logged else db
        if broken_off(big[0], sign, watched):
            break
    else:
        pytest.fail("No signal came in time")
    assert [one["prospect"] for one in run("list --json").json["losses"]] == logged.split()
    assert rows(db, "SELECT count(*) FROM changes WHERE command = 'import'") == [(0,)]
    assert run("log Bolt --json").json["loss"]["number"] == len(logged.split()) + 1


def test_two_imports_of_the_same_file_at_once_double_nothing(db, big):
    processes = [started("import", big[0], "--json") for _ in range(2)]
    ended = [(process.communicate(timeout=120), process.returncode) for process in processes]
    assert [code for _, code in ended] == [0, 0], ended
    assert rows(db, "SELECT count(*), count(DISTINCT source_record) FROM losses") == [
        (16_000, 16_000)
    ]
    assert rows(db, "SELECT count(*) FROM changes") == [(1,)]


def test_a_journal_that_another_program_writes_in_is_left_alone(run, file, db, monkeypatch):
    run("log Zeta")
    monkeypatch.setattr("lostsale.journal.file.TIMEOUT", 0.05)
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run(["import", str(file())], code=5)
    assert "Another program is using" in result.err
    assert rows(db, "SELECT count(*) FROM losses") == [(1,)]


def test_rows_are_counted_on_a_terminal_while_they_are_read(terminal, file, monkeypatch):
    monkeypatch.setenv("LOSTSALE_TODAY", "2026-11-24")
    path = file(table(*[f"{n},A{n},Lost,2026-01-02,,," for n in range(60_000)]))
    child = terminal("import", path, "--yes", columns=120, timeout=60)
    child.expect(r"Reading .*deals.csv: [0-9,]+ rows")
    child.expect("60,000")
    assert ended(child) == 0


# What is refused


def one(line, headers="Id,Name,Stage,Close date"):
    return table(line, headers=headers)


REFUSED = {
    "no day": (one("1,Lost", "Id,Stage"), "", 2, "deals.csv says when a deal was lost"),
    "no status": (
        one("1,2026-01-02", "Id,Close date"),
        "",
        2,
        "No column of deals.csv says what became of a deal",
    ),
    "nothing lost": (
        one("1,A,Won,2026-01-02") + "2,B,Open,,\n",
        "",
        2,
        'No row of deals.csv is a lost deal: "Stage" has "Won", "Open"',
    ),
    "headers alone": (table(), "", 2, 'No row of deals.csv is a lost deal: "Stage" has no values'),
    "an unclosed quote": (
        one("1,A,Lost,2026-01-02") + '2,"B,Lost,2026-01-02\n3,C,Lost,2026-01-02\n',
        "",
        2,
        "Line 3 opens a quote that is never closed",
    ),
    "a quote too many": (one('1,"A"x,Lost,2026-01-02'), "", 2, "Line 2 is malformed"),
    "a cell too many": (
        one("1,A,Lost,2026-01-02") + "2,B,Lost,2026-01-02,x\n",
        "",
        2,
        "Line 3 has 5 cells, and there are 4 columns",
    ),
    "a cell too many in a row that is not lost": (
        one("1,A,Lost,2026-01-02") + "2,B,Won,2026-01-02,x\n",
        "",
        2,
        "Line 3 has 5 cells",
    ),
    "bytes that are no text": (
        one("1,Zoê,Lost,2026-01-02").encode("cp1252"),
        "",
        2,
        "deals.csv isn't UTF-8 from byte 29. Nothing was changed. Say what it is with --encoding",
    ),
    "another encoding than named": (
        one("1,Zoë,Lost,2026-01-02"),
        "--encoding ascii",
        2,
        "deals.csv isn't ASCII from byte 29",
    ),
    "a NUL": (one("1,A\0,Lost,2026-01-02"), "", 2, "Line 2 has a NUL character in it"),
    "a cell of ten megabytes": (
        one(f"1,{'x' * 10**7},Lost,2026-01-02"),
        "",
        2,
        "Line 2 has a cell of over 1,048,576 characters",
    ),
    "a column that is not there": (DEALS, "--map lost_on=Closed", 2, 'has no column "Closed"'),
    "a field that is not there": (
        DEALS,
        "--map loston=Id",
        2,
        'There\'s no field "loston". Nothing was changed. Choose from record, status',
    ),
    "a mapping without a column": (DEALS, "--map lost_on=", 2, '"lost_on=" isn\'t FIELD=COLUMN'),
    "a mapping without a field": (DEALS, "--map =Id", 2, '"=Id" isn\'t FIELD=COLUMN'),
    "a mapping without a sign": (DEALS, "--map Id", 2, '"Id" isn\'t FIELD=COLUMN'),
    "an open order of dates": (NUMERIC, "", 2, "Say which: --dates dmy or --dates mdy"),
    "both orders of dates": (
        table("1,A,Lost,13/04/2026,,,", "2,B,Lost,04/13/2026,,,"),
        "",
        2,
        '"Close date" has some dates with the day first and some with the month first',
    ),
    "an unknown order of dates": (DEALS, "--dates ymd", 2, 'There\'s no date order "ymd"'),
    "an empty file": ("", "", 2, "deals.csv has no columns"),
    "a file of blank lines": ("\n\n \n", "", 2, "deals.csv has no columns"),
    "one column": ("Id\n1\n", "", 2, "deals.csv has no columns"),
    "an unknown encoding": (DEALS, "--encoding klingon", 2, 'I don\'t know the encoding "klingon"'),
    "a binary file": (bytes(range(256)) * 9, "", 2, "deals.csv isn't UTF-8 from byte 128"),
    "a guess": (GUESSED, "", 1, "Some of the columns are a guess"),
    "telephone numbers from elsewhere": (
        "Customer,Status,Close date,Amount,Phone\nA,Lost,2026-03-01,5,+52 55 1143\n",
        "",
        1,
        "--currency MXN",
    ),
}


@pytest.mark.parametrize(("content", "options", "code", "what"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_taken_is_refused_whole(
    run, refuses, file, db, content, options, code, what
):
    line = ["import", str(file(content)), *shlex.split(options)]
    assert what in refuses(line, code)
    assert not db.exists()
    run("log Acme")
    assert what in refuses(line, code)


@pytest.mark.parametrize(
    ("path", "code", "what"),
    [
        ("{}", 3, "isn't a regular file"),
        ("{}/gone.csv", 3, "gone.csv can't be read ("),
        ("{}/deals.csv/x", 3, "x can't be read ("),
        ("/dev/null", 3, "null isn't a regular file"),
    ],
)
def test_what_is_no_file_is_refused(refuses, file, db, tmp_path, path, code, what):
    file()
    assert what in refuses(["import", path.format(tmp_path)], code)
    assert not db.exists()


def test_a_file_must_be_named(refuses):
    assert "is missing" in refuses("import", 2)


def test_a_refusal_in_json_has_its_code(run, file, db):
    result = run(["import", str(file("")), "--json"], code=2)
    assert result.out == ""
    assert result.json["error"]["code"] == "bad-input"
    assert "deals.csv has no columns. Nothing was changed." in result.json["error"]["message"]
    assert not db.exists()


# On a terminal


def unstyled(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "")


@pytest.mark.parametrize("answer", ["", "y"])
def test_it_shows_what_it_found_and_asks(terminal, file, listed, answer):
    child = terminal("import", file())
    child.expect_exact("Import 4 of 7 lost deals? [Y/n")
    seen = unstyled(child.before)
    assert "CSV, 9 rows, 7 lost" in seen.replace("\n", " ")
    assert re.search(r"lost_on +Close date", seen)
    assert re.search(r"2026-03-02 +Acme +5,000 +guess price-value: Price", seen)
    child.sendline(answer)
    child.expect_exact("3 added · 1 already there · 3 not imported")
    assert ended(child) == 0
    assert set(listed()) == {"1", "3", "8"}


def test_no_imports_nothing(terminal, file, db):
    child = terminal("import", file())
    child.expect_exact("Import 4 of 7 lost deals?")
    child.sendline("n")
    child.expect_exact("lostsale: Not imported. Nothing was changed.")
    assert ended(child) == 1
    assert not db.exists()


def test_a_guess_has_to_be_agreed_to(terminal, file, db):
    child = terminal("import", file(GUESSED))
    child.expect_exact("[y/N")
    assert re.search(r"status +Final outcome", unstyled(child.before))
    child.sendline("")
    assert ended(child) == 1
    assert not db.exists()
    child = terminal("import", file(GUESSED))
    child.expect_exact("[y/N")
    child.sendline("y")
    assert ended(child) == 0
    assert rows(db, "SELECT prospect FROM losses") == [("Acme",)]


def test_the_order_of_dates_is_asked_for(terminal, file, listed):
    child = terminal("import", file(NUMERIC))
    for answer in ("", "perhaps", "dmy"):
        child.expect_exact('Is 03/04/2026 in "Close date" day first or month first? [dmy/mdy]')
        child.sendline(answer)
    child.expect_exact("2026-04-03")
    child.expect_exact("Import")
    child.sendline("y")
    assert ended(child) == 0
    assert listed()["1"]["lost_on"] == "2026-04-03"


def test_yes_asks_nothing_but_the_order_of_dates(terminal, file, listed):
    child = terminal("import", file(), "--yes")
    assert ended(child) == 0
    assert "?" not in child.before.replace("Wrong?", "")
    child = terminal("import", file(NUMERIC.replace("1,A", "x,A")), "--yes")
    child.expect_exact("[dmy/mdy]")
    child.sendline("mdy")
    assert ended(child) == 0
    assert listed()["x"]["lost_on"] == "2026-03-04"


@pytest.mark.parametrize("key", ["c", "d"])
@pytest.mark.parametrize(
    ("content", "question"), [(DEALS, "FIELD=COLUMN] "), (NUMERIC, "[dmy/mdy]")]
)
def test_ctrl_c_and_ctrl_d_at_a_question_import_nothing(terminal, file, db, key, content, question):
    child = terminal("import", file(content))
    child.expect_exact(question)
    child.sendcontrol(key)
    child.expect_exact("lostsale: Interrupted. Nothing was changed.")
    assert ended(child) == 130
    assert not db.exists()


def test_a_dry_run_asks_nothing(terminal, file, db):
    child = terminal("import", file(GUESSED), "--dry-run")
    assert ended(child) == 0
    assert "1 would be added" in unstyled(child.before)
    assert not db.exists()


def test_another_encoding_is_asked_for(terminal, file, listed):
    child = terminal(
        "import", file("Id,Name,Stage,Close date\n1,Zoê,Lost,2026-01-02\n".encode("cp1252"))
    )
    child.expect_exact("isn't UTF-8 from byte")
    child.expect_exact("[Enter for cp1252, usual on Windows in the West]")
    child.sendline("")
    child.expect_exact("Import 1 lost deal? [Y/n")
    child.sendline("y")
    assert ended(child) == 0
    assert listed()["1"]["prospect"] == "Zoê"


def test_a_column_is_put_right_at_the_question(terminal, file, listed):
    child = terminal("import", file())
    for answer in ("what?", "foo=Name", "note=Name", "y"):
        child.expect_exact("or FIELD=COLUMN]")
        child.sendline(answer)
    assert ended(child) == 0
    assert listed()["1"]["note"] == "Acme"


# What was once wrong.


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Id,Name,Stage,Close date\n1,A,Lost,2026-01-02\n", "id,NAME,stage,close_date\n"),
        (
            "Id,Name,Status,Stage,Close date\n1,A,Open,Closed Lost,2026-01-02\n",
            "Id,Name,Status,Stage,Close date\n2,B,Lost,Closed Lost,2026-01-03\n",
        ),
        ("Id,Name,Stage,Close date\n1,A,Lost,2026-01-02\n", "\ufeffId,Name,Stage,Close date\n"),
    ],
    ids=["other spelling", "another column tells", "a mark"],
)
def test_the_same_deals_are_known_again_in_another_export(imports, first, then):
    assert imports(first)["added"] == 1
    row = first.splitlines()[1].replace("Open", "Lost")
    found = imports(f"{then}{row}\n")
    assert (found["duplicates"], found["added"]) == (1, found["lost"] - 1)


def test_changes_of_another_machine_come_back_with_an_undone_import(imports, run, db, loss):
    imports()
    run("edit 1 --product mill")
    run("touch 1 hi")
    with closing(sqlite3.connect(db)) as journal, journal:
        journal.execute("UPDATE changes SET machine = 'other' WHERE command <> 'import'")
    uid = loss()["uid"]
    run("undo")
    imports()
    (found,) = [one for one in run("list --json").json["losses"] if one["uid"] == uid]
    assert found["product"] == "mill"
    assert [entry["note"] for entry in found["contacts"]] == ["hi"]


def test_a_loss_that_another_program_puts_ahead_can_be_worked(imports, run, loss):
    imports("Id,Name,Stage,Close date\n1,Acme,Lost,2027-01-02\n2,Bolt,Lost,13/12/99\n")
    assert loss(2)["lost_on"] == "2027-01-02"
    assert loss(1)["lost_on"] == "1999-12-13"
    for line in ("why 2 price-value", "touch 2 hello", "won 2"):
        run(line)
    assert loss(2)["won"]["on"] == "2026-11-24"


def test_the_nearest_deals_are_linked_whatever_their_order(imports, run, loss):
    run("log Acme --on 2026-11-20")
    found = imports(f"{HEADERS}\n1,Acme,Lost,2026-11-14,100,,\n2,Acme,Lost,2026-11-20,100,,\n")
    assert (found["linked"], found["added"]) == (1, 1)
    assert loss(1)["source"]["record"] == "2"


def test_a_loss_without_an_amount_takes_that_of_its_deal(imports, run, loss):
    run("log Acme --on 2026-11-20")
    found = imports(f"{HEADERS}\n1,Acme,Lost,2026-11-20,200,,\n")
    assert found["linked"] == 1
    assert loss(1)["amount"] == "200.00"


def test_columns_that_can_not_be_told_apart_are_named_to_the_letter(imports, run, refuses, file):
    content = "Id,Close Date,close_date,Stage\n1,2026-01-02,2026-03-04,Lost\n"
    assert "lost_on=close_date" in refuses(["import", str(file(content))], 1)
    imports(content, '--map "lost_on=Close Date"')
    assert run("list --json").json["losses"][0]["lost_on"] == "2026-01-02"


@pytest.mark.parametrize(
    ("amount", "options", "kept"),
    [("1000.0000", "", "1000.00"), ("50000.00", "JPY", "50000"), ("18070.3700", "", "18070.37")],
)
def test_noughts_behind_the_decimals_are_no_decimals(imports, loss, amount, options, kept):
    imports(f"Id,Stage,Close date,Amount,Currency\n1,Lost,2026-01-02,{amount},{options}\n")
    assert loss()["amount"] == kept


def test_three_digits_behind_a_point_stay_ambiguous_until_the_sign_is_said(
    imports, run, file, loss
):
    content = "Id,Stage,Close date,Amount\n1,Lost,2026-01-02,1.500\n"
    found = imports(content)
    assert found["emptied"][0]["why"] == "it could be two amounts"
    assert "--decimal . or --decimal ," in run(["import", str(file(content))]).out
    assert imports(content, "--decimal ,")["updated"] == 1
    assert loss()["amount"] == "1500.00"


@pytest.mark.parametrize("encoding", ["hex", "rot13", "zlib", "undefined", "klingon"])
def test_an_encoding_that_is_none_of_text_is_refused(refuses, file, encoding):
    assert "know the encoding" in refuses(["import", str(file()), "--encoding", encoding], 2)


def test_a_file_without_the_mark_that_its_encoding_needs_is_refused(refuses, file):
    path = file(DEALS.encode("utf-16-le"))
    assert "UTF-16" in refuses(["import", str(path), "--encoding", "utf-16"], 2)


def test_the_steps_that_are_opened_are_told(imports):
    imports()
    found = imports(options="--follow-up")
    assert (found["added"], found["steps"]) == (0, 3)


def test_no_day_gets_more_than_a_portion(imports, run):
    run("config portion 2")
    rows = "\n".join(f"{n},P{n},Lost,2026-11-24,{n},," for n in range(1, 8))
    imports(f"{HEADERS}\n{rows}\n", "--follow-up")
    days = Counter(one["next"]["on"] for one in run("list --json").json["losses"])
    assert set(days.values()) <= {1, 2}


@pytest.mark.parametrize(
    "content",
    [
        "Id,Stage,Lost date,Close date\n1,Lost,2026-01-02,03/04/2026\n",
        "Id,Stage,Close date\n1,Lost,2026-01-02\n2,Won,03/04/2026\n",
        "Id,Stage,Close date\n1,Lost,03/03/2026\n",
    ],
    ids=["another column tells", "only a won deal", "the same both ways"],
)
def test_an_order_that_no_lost_deal_needs_is_not_asked_for(imports, content):
    assert imports(content)["lost"] == 1


def test_a_workbook_is_told_from_a_table(refuses, file):
    path = file(b"PK\x03\x04" + bytes(100), "deals.xlsx")
    assert "save it as csv" in refuses(["import", str(path)], 2).casefold()


def test_names_written_with_other_signs_are_the_same(imports, run):
    run("log Café --on 2026-11-20")
    decomposed = unicodedata.normalize("NFD", "Café")
    found = imports(f"Id,Name,Stage,Close date\n1,{decomposed},Lost,2026-11-20\n")
    assert found["linked"] == 1


def test_deals_of_a_program_that_lostsale_has_come_to_know_are_not_doubled(
    imports, monkeypatch, listed
):
    headers = "Record ID,Deal Name,Deal Stage,Close Date,Amount"
    content = table("7,Acme,Closed Lost,2026-01-02,5", headers=headers)
    content += "8,Bolt,Closed Lost,2026-01-03,6\n"
    with monkeypatch.context() as before:
        before.setattr(detect, "FORMATS", (UNKNOWN_PROGRAM,))
        assert imports(content, "--yes")["format"] == "CSV"
    found = imports(content)
    assert found["format"] == "HubSpot"
    assert (found["added"], len(listed())) == (0, 2)
    assert imports(content)["duplicates"] == 2


def test_a_stage_that_only_says_lost_is_none_and_leaves_the_journal_sound(run, tmp_path, loss):
    file = tmp_path / "deals.csv"
    file.write_text("Account,Close Date,Stage\nFirm B,2026-10-02,Closed Lost\n")
    run(f"import {file} --map stage=Stage --yes")
    assert loss()["stage"] is None
    assert "all intact" in run("verify").out

"""What goes wrong is said in one line on stderr, with its exit code, and changes nothing.

`refuses` checks the line, the code and that the journal is the same to the byte.
"""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from conftest import is_private, on_unix
from lostsale.__main__ import main
from lostsale.journal import file as journal_file

MIB = 1024 * 1024
READING = ("", "due", "due --json", "stats", "show 1", "config")
WRITING = ("log Brandt 5", "done 1", "won 1", "undo", "config currency EUR")
COMMANDS = (*READING, *WRITING)


@pytest.fixture
def journal(run, db):
    """Keep a loss and a win; return the journal's path."""
    run("log Acme 12k budget: frozen")
    run("log Brandt 5k")
    run("won 2")
    return db


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("log", 2, "Who said no is missing"),
        ("due --days x", 2, "--days takes a whole number from 0 to 3,650"),
        ("undo 0", 2, "N takes a whole number from 1 to 10,000"),
        ("list --limit x", 2, "--limit takes a whole number, at least 1"),
        ("list --limit", 2, "--limit needs a value"),
        ("list --json=yes", 2, "--json takes no value"),
        ("log --amount 5 Acme", 2, "Write: lostsale log Acme 5"),
        ("won 1 --amount 9k", 2, "Write: lostsale won 1 9k"),
        ("edit 1 --name New Name", 2, "Write: lostsale edit 1 --prospect 'New Name'"),
        ("edit 1 --won 9k", 2, "Write: lostsale won 1 9k"),
        ("why 1 they were late --heard", 2, "Write: lostsale why 1 --heard 'they were late'"),
        ("edit 1 --amount 250 a month", 2, "lostsale edit 1 --amount '250 a month'"),
        ("edit acme 9k", 1, "for example: lostsale edit 1 --amount 9k"),
        ("edit 1 moved away", 1, "for example: lostsale edit 1 --note 'moved away'"),
        ("plan frob", 2, "There's no command lostsale plan frob"),
        ("edit 1 --amount 1.234", 2, "ambiguous"),
        ("edit 1 --amount 12XYZ", 2, '"XYZ" isn\'t a currency code'),
        ("edit 1 --amount 100000000000", 2, "has to be below 100,000,000,000"),
        ("edit 1 --amount 0.5JPY", 2, "JPY has 0 decimals"),
        ("log Acme -5", 2, ""),
        ("log Acme 5 --on tomorrow", 2, "This date has to be"),
        ("log Acme 5 --on 2026-11-25", 2, "This date has to be"),
        ("log Acme 5 --on 'next friday'", 2, "This date has to be"),
        ("log Acme 5 --next yesterday", 2, "This date has to be"),
        ("log Acme 5 --next 3d-ago", 2, ""),
        ("log Acme 5 --on someday", 2, 'read "someday" as a date'),
        ("log Acme 5 --on 03/04/2026", 2, "day first or month first"),
        ("log Acme 5 --on 2026-02-30", 2, "isn't on the calendar"),
        ("log Acme 5 --on 11-30", 2, ""),
        ("log Acme 5 --next 5m", 2, "months or minutes"),
        ("log Acme 5 --on '10am'", 2, "time of day"),
        ("log Acme 5 --next 99999y", 2, "isn't on the calendar"),
        ("log Acme 5 --signal silense", 2, "Did you mean silence"),
        ("log Acme 5 --outcome canceled", 2, "Did you mean cancelled"),
        ("won 2", 1, "2 is already won back"),
        ("won 2 9k", 1, "To change that, first: lostsale edit 2 --not-won"),
        ("done 2", 1, "2 is already won back"),
        ("show 3", 1, "There's no loss 3"),
        ("show corvo", 1, '"corvo"'),
        ("show 1,5", 2, "1,5 is a list"),
        ("why 1,5 too-slow", 2, "1,5 is a list"),
        ("won 1,5", 2, "1,5 is a list"),
        ("stats 2026-13", 2, 'I can\'t read "2026-13" as a period'),
        ("stats 2026-11-30..2026-11-01", 2, "as a period"),
        ("due --days many", 2, "--days"),
        ("due --on", 2, "--on"),
        (
            "show 1 2",
            2,
            "1,2 is a list, and this command takes one loss. Nothing was changed. Pick",
        ),
        ("undo 0", 2, ""),
        ("--today 24.11.2026 due", 2, "as a day"),
    ],
)
@pytest.mark.usefixtures("journal")
def test_bad_input_is_said_in_one_line_and_changes_nothing(refuses, line, code, what):
    assert what in refuses(line, code)


def test_a_name_that_fits_several_is_no_name(run, refuses):
    run("log 'Acme East'")
    run("log 'Acme West'")
    assert "2 losses match" in refuses("done acme", 1)


def test_a_loss_through_with_the_plan_has_nothing_to_be_done(run, refuses):
    run("log Acme --real too-slow --way-in dead --also thanks,referral")
    assert "1 has no open step" in refuses("done 1", 1)


@pytest.mark.usefixtures("journal")
def test_a_message_has_the_form_of_all_messages(refuses):
    assert refuses("show 3", 1) == (
        "lostsale: There's no loss 3. Nothing was changed. See them with lostsale list.\n"
    )


def test_a_message_holds_no_customers_words(run, refuses):
    run("log Zyzzyx 5 budget: Quuxly --contact Wibble --note Frob")
    run("won 1 --note Blarg")
    said = refuses("won 1", 1) + refuses("done zyz", 1) + refuses("move-on 1", 1)
    assert not {"Zyzzyx", "Quuxly", "Wibble", "Frob", "Blarg"} & set(said.split())


def test_an_unknown_command_names_the_nearest(refuses):
    assert "Did you mean snooze?" in refuses("snoze 1", 2)


def test_an_unknown_option_names_the_nearest(refuses):
    assert "Did you mean --lost-to" in refuses("log Acme --lostto X", 2)
    assert "Write: lostsale log Acme --lost-to X" in refuses("log Acme --lost_to X", 2)


def test_a_global_option_may_stand_behind_the_command(run, tmp_path):
    other = tmp_path / "other.db"
    run(f"log Acme 12k --db {other} --today 2026-11-20")
    assert run(f"show 1 --json --db {other}").json["loss"]["lost_on"] == "2026-11-20"
    assert "\x1b[" in run(f"list --color always --db {other}").out
    assert "\x1b[" not in run(f"--color always list --color never --db {other}").out


@pytest.mark.parametrize("line", ["due", "log Acme"])
@pytest.mark.parametrize("kind", ["a file in the way", "a link to nowhere"])
def test_a_path_that_can_be_no_file_is_refused_unless_nothing_is_there(
    run, db, monkeypatch, kind, line
):
    if kind == "a file in the way":
        db.touch()
        monkeypatch.setenv("LOSTSALE_DB", str(db / "journal.db"))
    else:
        db.symlink_to(db.with_name("nowhere") / "else.db")
    is_there = line == "log Acme" or kind == "a link to nowhere"
    result = run(line, code=3 if is_there else 0)
    assert (result.out == "") is is_there
    assert result.err.count("\n") == 1


def test_the_default_path_is_the_platforms_data_folder(run, tmp_path, monkeypatch):
    monkeypatch.delenv("LOSTSALE_DB")
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    run("due")
    assert list(tmp_path.iterdir()) == []
    run("log Acme")
    made = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert made - {"machine"} == {"lostsale.db"}  # which Windows keeps in the same folder


@pytest.mark.parametrize("line", ["done 1", "won 1", "undo"])
def test_a_missing_journal_that_was_named_is_an_error(run, tmp_path, line):
    result = run(["--db", str(tmp_path / "typo.db"), *line.split()], code=3)
    assert result.out == ""
    assert "There's no journal at" in result.err
    assert list(tmp_path.iterdir()) == []


def test_log_makes_the_journal_that_was_named(run, tmp_path):
    run(["--db", str(tmp_path / "new.db"), "log", "Acme"])
    assert [path.name for path in tmp_path.iterdir()] == ["new.db"]


TEXTS = [
    *("log {}", "edit 1 --prospect {}", "config name {}", "won 1 --note {}"),
    *(f"log Corvo --{name} {{}}" for name in "contact product said real heard guess".split()),
    *(f"edit 1 --{name} {{}}" for name in "way-in lost-to lesson note".split()),
    *(f"{command} 1 {{}}" for command in "done no-answer why touch move-on".split()),
]


@pytest.mark.parametrize("line", TEXTS)
@pytest.mark.parametrize(
    ("text", "what"),
    [("a\udcffb", "UTF-8"), ("a\0b", "NUL"), ("ü" * (MIB // 2) + "x", "1 MB")],
    ids=["lone surrogate", "NUL", "too long"],
)
@pytest.mark.usefixtures("journal")
def test_a_text_that_can_not_be_kept_is_refused(refuses, line, text, what):
    assert what in refuses([word.replace("{}", text) for word in line.split()], 2)


@pytest.mark.parametrize(
    "line",
    ["show", "show Acme", "done", "snooze 1", "due --on", "stats", "config", "frobnicate", "\0"],
)
@pytest.mark.usefixtures("journal")
def test_a_word_that_is_no_text_is_an_ordinary_mistake(run, line):
    result = run(
        [*line.split(" "), "a\udcffb"], code=1 if line in {"show", "show Acme", "done"} else 2
    )
    assert result.err.startswith("lostsale: ")
    assert "itself failed" not in result.err


@pytest.mark.parametrize("option", ["--note", "--said", "--way-in", "--lesson"])
def test_a_text_of_1_mib_is_kept_whole(run, loss, option):
    run(["log", "Acme", option, "ü" * (MIB // 2)])
    field = option[2:].replace("-", "_")
    kept = loss()[field]["words"] if field == "said" else loss()[field]
    assert kept == "ü" * (MIB // 2)


def test_a_piped_text_of_1_mib_is_kept_whole(run, loss, piped):
    piped(b"x" * MIB + b"\n")
    run("log Acme --said -")
    assert loss()["said"]["words"] == "x" * MIB


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"x" * (MIB + 1), "1 MB"),
        (b"x" * 10 * MIB, "1 MB"),
        ("ü".encode() * (5 * MIB), "1 MB"),
        (b"x" + "ü".encode() * (5 * MIB), "1 MB"),
        (b"budget: a\0b", "NUL"),
    ],
)
@pytest.mark.usefixtures("journal")
def test_a_piped_text_that_can_not_be_kept_is_refused(refuses, piped, content, what):
    piped(content)
    assert what in refuses("log Corvo --said -", 2)


@pytest.mark.parametrize("line", COMMANDS)
def test_a_journal_held_by_another_program_is_locked(journal, refuses, monkeypatch, line):
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "Another program" in refuses(line.replace(" --json", ""), 5)


@pytest.mark.parametrize("line", READING)
def test_reading_goes_on_while_another_program_prepares_to_write(journal, run, monkeypatch, line):
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run(line).out


@pytest.mark.parametrize("line", WRITING)
def test_one_writes_at_a_time(journal, refuses, monkeypatch, line):
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    with closing(sqlite3.connect(journal, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refuses(line, 5)


@on_unix("Windows keeps no such mode")
def test_the_mode_of_a_journal_that_is_there_is_left_alone(journal, run):
    journal.chmod(0o640)
    run("log Corvo")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o640


def test_a_folder_that_may_not_be_entered_is_no_missing_journal(refuses, monkeypatch, tmp_path):
    def denied(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "lstat", denied)
    assert "can't be opened" in refuses("due", 3)


def test_text_that_is_no_utf_8_in_the_file_is_shown_and_found_by_the_check(run):
    run("log Acme12345")
    path = os.environ["LOSTSALE_DB"]
    raw = Path(path).read_bytes()
    Path(path).write_bytes(raw.replace(b"Acme12345", b"Acme\xff\xfe\xff45"))
    assert r"Acme\xff\xfe\xff45" in run("show 1").out
    assert run("verify --json", code=4).out.count('"wrong": [1]') == 1


def test_a_table_that_is_gone_is_damage(run, db):
    run("log Acme")
    with closing(sqlite3.connect(db)) as journal, journal:
        journal.execute("DROP TABLE contacts")
    assert "damaged" in run("show 1", code=4).err


@on_unix("there's no /dev/full")
def test_a_result_that_can_not_be_written_does_not_hide_that_the_work_is_done(run, db):
    ended = subprocess.run(
        f"{sys.executable} -m lostsale log Acme > /dev/full",
        shell=True,
        env={**os.environ, "LOSTSALE_DB": str(db)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3
    assert "What you did is saved" in ended.stderr
    assert "Nothing was changed" not in ended.stderr
    assert "Acme" in run("show 1").out


@on_unix("its shell closes none")
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_the_shell_closed_is_no_reason_to_fail(run, db, closed):
    ended = subprocess.run(
        f"{sys.executable} -m lostsale log Acme 5k {closed}",
        shell=True,
        env={**os.environ, "LOSTSALE_DB": str(db)},
        check=False,
    )
    assert ended.returncode == 0
    assert "Acme" in run("show 1").out


def test_ctrl_c_before_anything_was_read_ends_in_one_line(monkeypatch, capsys):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lostsale.cli.run", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_a_mistake_of_our_own_is_one_line_that_names_a_log(run, db, monkeypatch):
    def broken(*_):
        raise KeyError("Acme's secret")

    run("log Acme")
    monkeypatch.setattr("lostsale.journal.store.Store.get", broken)
    result = run("show 1", code=1)
    log = db.parent / "lostsale-faults.log"
    assert result.err == (
        f"lostsale: lostsale itself failed (KeyError). Please report it with {log}.\n"
    )
    assert "in broken" in log.read_text()
    assert is_private(log)


CTRL_C = """
from lostsale.journal import search
def interrupted(*_):
    raise KeyboardInterrupt
search.matches = interrupted
from lostsale.__main__ import main
main()
"""


def test_ctrl_c_in_a_function_that_sqlite_calls_is_not_taken_for_an_error(run):
    run("log Acme")
    command = [sys.executable, "-c", CTRL_C, "list", "--prospect", "acme"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr == "lostsale: Interrupted. What you did before that is saved.\n"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("why acme --guess we took 2 weeks to quote", "--guess 'we took 2 weeks to quote'"),
        ("why 1 --heard=too slow --on today", "--heard 'too slow' --on today"),
        ("won 1 9500 --note the lease", "--note 'the lease'"),
        ("referral 1 Bea Kim --note runs the lab", "--note 'runs the lab'"),
        ("edit 1 --note changed jobs --amount 5", "--note 'changed jobs' --amount 5"),
        ("meet 1 friday 10am --where their office", "--where 'their office'"),
    ],
)
def test_a_text_option_never_gets_only_the_first_of_its_words(run, refuses, typed, whole):
    run("log Acme")
    option, first = whole.split()[:2]
    said = refuses(typed, 2)
    assert f'{option} gets only "{first[1:]}"' in said
    assert typed.partition(option)[0] + whole in said


@pytest.mark.parametrize(
    "line",
    [
        "why 1 --guess 'we were late' they said price",
        "why --guess selling 1",
        "why 1 price was high --guess selling",
        "why 1 --guess selling --on yesterday",
        "touch 1 --next friday still happy",
        "log Brandt --product chairs 5k budget",
    ],
)
def test_words_that_are_not_an_options_may_stand_where_they_can_not_be_taken_for_its(run, line):
    run("log Acme --on 3d")
    run(line)


def test_help_may_be_asked_for_as_a_command(run):
    assert run("help won").out == run("won --help").out

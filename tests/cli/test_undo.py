"""`undo`: what was done last is taken back."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pexpect
import pytest

WRITES = [
    ("log Brandt 5", "log"),
    ("done 1 hello", "done"),
    ("no-answer 1 hello", "no-answer"),
    ("snooze 1 friday", "snooze"),
    ("skip 1", "skip"),
    ("why 1 too-slow: late --way-in dead", "why"),
    ("touch 1 hello --also thanks", "touch"),
    ("won 1 9500 --note lease", "won"),
    ("move-on 1 enough", "move-on"),
    ("meet 1 friday 10am --marked --minutes 30 --where 'her office'", "meet"),
    ("referral 1 Bea Kim 555-0177 --note 'her sister'", "referral"),
    ("edit 1 --amount 9k --note hello", "edit"),
    ("config currency EUR", "config"),
]


@pytest.fixture
def contents(run, loss):
    """Return all that the journal holds as its commands show it."""
    return lambda: json.dumps(
        [
            run("config --json").json,
            run("due --all --days 3650 --json").json,
            run("stats all --json").json,
            loss(1),
        ]
    )


# What the loss was before: with a plan's step, an appointment, at rest, or with a name given.
STATES = [
    "show 1",
    "meet 1 today 3pm --marked --minutes 30 --where 'her office'",
    "move-on 1",
    "referral 1 Jo Stern",
]


NOTHING_TO_DO = {"done", "no-answer", "skip", "move-on"}  # about a loss at rest


@pytest.mark.parametrize(
    ("state", "line", "command"),
    [
        (state, line, command)
        for state in STATES
        for line, command in WRITES
        if not (state == "move-on 1" and command in NOTHING_TO_DO)
    ],
)
def test_undo_takes_back_what_any_command_wrote(run, contents, state, line, command):
    run("log Acme 12k --said budget --contact 'Ana 555-0134' --on yesterday")
    run(state)
    before = contents()
    run(line)
    assert contents() != before
    (undone,) = run("undo --json").json["undone"]
    assert undone["command"] == command
    assert contents() == before


def test_undo_takes_back_many_the_latest_first(run, contents):
    run("log Acme 12k --said budget --on yesterday")
    before = contents()
    for line in ("no-answer 1", "why 1 too-slow", "touch 1 hello", "skip 1", "won 1"):
        run(line)
    undone = run("undo 5 --json").json["undone"]
    assert [change["command"] for change in undone] == ["won", "skip", "touch", "why", "no-answer"]
    assert [change["losses"] for change in undone] == [[1]] * 5
    assert contents() == before


def test_undo_says_what_was_undone(run):
    run("log Acme")
    run("snooze 1 friday")
    assert run("undo").lines == ["Undone: snooze of 1 Acme"]


def test_undo_names_whom_it_takes_back_and_their_amounts(run):
    run("log 'Apex Roofing' 12k")
    run("log Brandt")
    run("snooze 1,2 friday")
    assert run("undo").lines == ["Undone: snooze of 1 Apex Roofing, 12,000 USD; 2 Brandt"]
    run("undo")
    assert run("undo").lines == ["Undone: log of 1 Apex Roofing, 12,000 USD"]


def test_undo_of_a_setting_names_the_command(run):
    run("log Acme")
    run("config currency EUR")
    assert run("undo").lines == ["Undone: config"]


@pytest.fixture
def long_ago(db):
    """Move all changes so many minutes into the past."""

    def moved(minutes):
        at = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="microseconds")
        with closing(sqlite3.connect(db)) as journal, journal:
            journal.execute("UPDATE changes SET at = ?", (at,))

    return moved


def test_undo_of_something_old_says_when_that_was(run, long_ago):
    run("log Acme")
    long_ago(11)
    assert re.fullmatch(
        r"Undone: log of 1 Acme, made \w{3} \d+ \w{3} \d{4} \d\d:\d\d\n", run("undo").out
    )


@pytest.mark.parametrize(("minutes", "answer", "left"), [(9, None, 0), (11, "", 1), (11, "y", 0)])
def test_on_a_terminal_undo_asks_about_what_is_older_than_ten_minutes(
    run, terminal, long_ago, minutes, answer, left
):
    run("log Acme 5k")
    long_ago(minutes)
    child = terminal("undo")
    if answer is not None:
        child.expect_exact("  log of 1 Acme, 5,000 USD, made ")
        child.expect_exact("Undo that? [y/N]")
        child.sendline(answer)
    child.expect("Undone: log of 1 Acme, 5,000 USD" if not left else "Not undone")
    child.expect(pexpect.EOF)
    assert len(run("list --json").json["losses"]) == left


@pytest.mark.parametrize("is_old", [False, True])
def test_how_much_undo_takes_back_is_no_reason_to_ask(run, terminal, long_ago, is_old):
    for number in range(12):
        run(f"log Acme{number}")
    run("snooze 1-12 friday")
    if is_old:
        long_ago(11)
    child = terminal("undo", "2")
    child.expect("Undo the last 2" if is_old else "Undone: snooze of 12 losses")
    child.close()


def test_undo_names_all_losses_of_a_change(run):
    run("log Acme")
    run("log Brandt")
    run("snooze 1,2 friday")
    assert sorted(run("undo --json").json["undone"][0]["losses"]) == [1, 2]


def test_undo_passes_over_what_is_undone_already(run, loss):
    run("log Acme")
    run("done 1 first")
    run("done 1 second")
    run("undo")
    run("undo")
    assert loss()["contacts"] == []
    assert loss()["next"]["kind"] == "why"


def test_what_was_done_after_an_undo_is_undone_first(run, loss):
    run("log Acme")
    run("done 1")
    run("undo")
    run("touch 1 hello")
    assert run("undo --json").json["undone"][0]["command"] == "touch"
    assert loss()["contacts"] == []


def test_more_than_there_is_takes_back_all(run):
    run("log Acme")
    run("log Brandt")
    assert len(run("undo 9 --json").json["undone"]) == 2


def test_an_undone_loss_is_gone_and_its_number_stays_used(run, refuses):
    run("log Acme")
    assert run("undo --json").json["undone"][0]["losses"] == [1]
    assert "There's no loss 1" in refuses("show 1", 1)
    assert run("log Brandt --json").json["loss"]["number"] == 2


def test_a_change_that_changed_nothing_is_not_undone(run, loss):
    run("log Acme")
    run("snooze 1 friday")
    run("snooze 1 friday")
    run("undo")
    assert loss()["next"]["on"] == "2026-11-25"


def test_a_change_of_another_machine_is_not_undone(run, refuses, monkeypatch, tmp_path):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(
            "lostsale.journal.machine.state_file", lambda name: tmp_path / f"other-{name}"
        )
        run("log Acme")
    assert "nothing to undo" in refuses("undo", 1)
    run("log Brandt")
    assert len(run("undo 2 --json").json["undone"]) == 1


def test_nothing_to_undo_is_said(run, refuses):
    assert "There's nothing to undo" in refuses("undo", 1)
    run("log Acme")
    run("undo")
    assert "There's nothing to undo" in refuses("undo", 1)


@pytest.mark.parametrize("count", ["0", "-1", "many", "1.5"])
def test_a_number_of_changes_is_one_or_more(run, refuses, count):
    run("log Acme")
    refuses(f"undo {count}", 2)


def test_undo_says_what_was_forgotten_since(run):
    run("log Acme")
    run("log Brandt")
    run("forget 2 --yes")
    assert "What you forgot last can't come back" in run("undo").err
    run("log Corvo")
    assert run("undo").err == ""

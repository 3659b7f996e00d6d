"""The present is a fold over the changes, shown by random commands and a model of its own."""

import contextlib
import io
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from lostsale.cli import run
from lostsale.domain.columns import REASON_COLUMNS
from lostsale.domain.due import Which
from lostsale.domain.names import folded as names_folded
from lostsale.journal import changes, queries
from lostsale.journal.first_release import was_found
from lostsale.journal.store import Store
from lostsale.journal.verify import wrong_subjects

TABLES = ("losses", "contacts", "referrals", "settings", "reasons")


@contextlib.contextmanager
def own_journal() -> Iterator[Path]:
    """A folder with a journal of its own, outside of any fixture's life."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        kept = {key: os.environ.get(key) for key in ("LOSTSALE_DB", "LOSTSALE_TODAY")}
        os.environ |= {"LOSTSALE_DB": str(path), "LOSTSALE_TODAY": "2026-11-24"}
        try:
            yield path
        finally:
            for key, value in kept.items():
                os.environ.pop(key) if value is None else os.environ.update({key: value})


def ended(args: list[str]) -> int:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return run(args)


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for the numbers, which belong to the file."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    found = {
        table: sorted(
            ({k: row[k] for k in row.keys() if k != "number"} for row in rows),  # noqa: SIM118 - Row
            key=json.dumps,
        )
        for table in TABLES
        for rows in [connection.execute(f"SELECT * FROM {table}")]
    }
    connection.close()
    return found


def folded(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The same, folded from the changes by the plainest code there is."""
    connection = sqlite3.connect(path)
    all_changes = list(
        connection.execute("SELECT id, uid, undoes FROM changes ORDER BY by_hand, at, uid")
    )
    undone = {undoes for _, _, undoes in all_changes}
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for id_, uid, _ in all_changes:
        if uid not in undone:
            for kind, row, value in connection.execute(
                "SELECT kind, row, value FROM changed WHERE change = ?", (id_,)
            ):
                rows.setdefault((kind, row), {}).update(json.loads(value))
    connection.close()
    alive = {row for (kind, row), v in rows.items() if kind == "loss" and v.get("logged_at")}
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for (kind, row), values in rows.items():
        table = changes.TABLES[kind]
        is_there = row in alive if kind == "loss" else values.get("loss", "-") in {*alive, "-"}
        if is_there and (kind != "setting" or values["value"] is not None):
            full = {column: values.get(column) for column in table.columns}
            for of, code, words, flag in REASON_COLUMNS if kind == "loss" else ():
                if full[code] and full[flag] is None:  # as the first release wrote it
                    full[flag] = int(was_found(of, full[code], full[words]))
            if kind == "loss":
                full["prospect_key"] = names_folded(values["prospect"])
            found[table.name].append({**full, table.key: row})
    return {
        table: sorted((dict(sorted(row.items())) for row in rows), key=json.dumps)
        for table, rows in found.items()
    }


def ordered(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {
        table: sorted((dict(sorted(row.items())) for row in rows), key=json.dumps)
        for table, rows in found.items()
    }


number = st.integers(1, 4).map(str)
command = st.one_of(
    st.sampled_from(
        [
            ["log", "Acme", "12k", "budget"],
            ["log", "Pike", "--real", "too-slow", "--also", "thanks"],
            ["log", "Corvo", "9k", "--way-in", "dead", "--lost-to", "nobody", "--on", "5d"],
        ]
    ),
    st.tuples(
        st.sampled_from(["done", "no-answer", "skip", "snooze", "won", "move-on"]), number
    ).map(list),
    st.tuples(st.just("touch"), number, st.sampled_from(["hello", "called"])).map(list),
    st.tuples(
        st.just("why"),
        number,
        st.sampled_from(["--would-not-say", "no-access: never met", "--guess=price-value"]),
    ).map(list),
    st.tuples(st.just("config"), st.just("portion"), st.sampled_from(["5", "7", ""])).map(list),
)


@given(st.lists(command, max_size=12))
@given_settings(deadline=None)
def test_undoing_every_command_in_turn_goes_back_through_every_state(commands):
    with own_journal() as path:
        ended(["config", "portion", "9"])
        states = []
        for args in commands:
            before = contents(path)
            count = _changes(path)
            ended(args)
            if _changes(path) > count:
                states.append(before)
            else:
                assert contents(path) == before, "a command that failed left something behind"
        while states:
            assert ended(["undo"]) == 0
            assert contents(path) == states.pop()


@given(st.lists(st.one_of(command, st.just(["undo"]), st.just(["undo", "3"])), max_size=16))
@given_settings(deadline=None)
def test_the_tables_are_the_fold_of_the_changes(commands):
    with own_journal() as path:
        ended(["log", "First"])
        for args in commands:
            ended(args)
        assert ordered(contents(path)) == folded(path)


def _changes(path: Path) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute("SELECT count(*) FROM changes").fetchone()
    connection.close()
    return int(count)


def test_undo_n_takes_back_the_last_n_at_once_and_passes_over_undone_ones(run, loss):
    run("log Acme 12k")
    run("done 1")
    run("undo")
    run("snooze 1 2w")
    run("touch 1 hello")
    assert [u["command"] for u in run("undo 2 --json").json["undone"]] == ["touch", "snooze"]
    assert loss()["contacts"] == []
    assert [u["command"] for u in run("undo 9 --json").json["undone"]] == ["log"]


def test_the_number_of_an_undone_loss_is_never_used_again(run):
    run("log Acme")
    run("undo")
    assert run("log Pike --json").json["loss"]["number"] == 2


def test_a_change_made_by_hand_beats_a_later_import(run, db, loss):
    run("log Acme --product lathe")
    connection = sqlite3.connect(db)
    connection.execute(
        "INSERT INTO changes (uid, at, machine, command, by_hand, checksum)"
        " VALUES ('x', '2999-01-01T00:00:00.000000+00:00', 'm', 'import', 0, 0)"
    )
    (uid,) = connection.execute("SELECT uid FROM losses").fetchone()
    imported = json.dumps({"product": "mill", "stage": "Offer"})
    connection.execute(
        "INSERT INTO changed VALUES (last_insert_rowid(), ?, 'loss', ?, ?)", (uid, uid, imported)
    )
    changes.refold(connection, uid)
    connection.commit()
    connection.close()
    assert (loss()["product"], loss()["stage"]) == ("lathe", "Offer")


def test_a_change_is_later_than_every_earlier_one_when_the_clock_goes_back(run, db):
    run("log Acme")
    connection = sqlite3.connect(db)
    connection.execute("UPDATE changes SET at = '2999-01-01T00:00:00.000000+00:00'")
    connection.commit()
    run("done 1")
    times = [at for (at,) in connection.execute("SELECT at FROM changes ORDER BY id")]
    connection.close()
    assert times[1] == "2999-01-01T00:00:00.000001+00:00"


def test_undo_leaves_other_machines_changes_alone(run, db, refuses):
    run("log Acme")
    connection = sqlite3.connect(db)
    connection.execute("UPDATE changes SET machine = 'another'")
    connection.commit()
    connection.close()
    assert "nothing to undo" in refuses("undo", code=1)


def test_a_field_group_is_set_whole_and_others_are_left(run, db):
    run("log Acme 12k budget")
    run("why 1 no-access")
    connection = sqlite3.connect(db)
    (value,) = connection.execute(
        "SELECT value FROM changed JOIN changes ON changes.id = change"
        " WHERE command = 'why' AND kind = 'loss'"
    ).fetchone()
    connection.close()
    real = {"asked_on", "real_code", "real_words", "real_found", "real_source", "real_on"}
    step = {
        *("next_kind", "next_on", "next_time", "next_marked", "next_tries", "next_minutes"),
        *("next_where", "plan_step"),
    }
    assert set(json.loads(value)) == real | step


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE changed SET value = value || ' ' WHERE kind = 'loss'",
        "UPDATE changed SET row = row || 'x' WHERE kind = 'contact'",
        "DELETE FROM changed WHERE kind = 'contact'",
        "UPDATE changes SET command = 'lag'",
        "UPDATE changes SET machine = machine || 'x'",
    ],
)
def test_the_checksum_covers_what_a_change_is_and_all_that_it_changed(run, db, damage):
    run("log Acme 12k --also thanks")
    connection = sqlite3.connect(db)
    (change, kept) = connection.execute("SELECT id, checksum FROM changes").fetchone()
    assert changes.checksum(connection, change) == kept
    connection.execute(damage)
    assert changes.checksum(connection, change) != kept
    connection.close()


def test_the_morning_list_is_read_from_ranges_of_indexes_alone(run, db):
    run("log Acme")
    journal = Store.open(db)
    plans = []
    journal.connection.set_trace_callback(plans.append)

    day = date(2026, 11, 24)
    queries.due_steps(journal, Which(), day)
    queries.due_steps(journal, Which(cold=True), day)
    queries.cold(journal, day, 5)
    queries.ready(journal, day)
    queries.next_day(journal, day)
    journal.connection.set_trace_callback(None)
    explained = [
        row["detail"]
        for sql in plans
        for row in journal.connection.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    journal.connection.close()
    read = [detail for detail in explained if " turns" in detail]
    ranges = r"SEARCH turns USING (PRIMARY KEY|COVERING INDEX turns_until) \(state=\? AND .*"
    assert len(read) == 8
    assert [detail for detail in read if not re.fullmatch(ranges, detail)] == []
    assert [detail for detail in explained if "losses" in detail] == []


@pytest.mark.parametrize(
    "group",
    [
        "amount currency",
        "said_code said_words said_found",
        "guess_code guess_words guess_found",
        "asked_on real_code real_words real_found real_source real_on",
        "next_kind next_on next_time next_marked next_tries next_minutes next_where plan_step",
        "won_on won_amount won_currency won_note",
        "source_system source_record",
    ],
)
def test_a_change_of_any_column_of_a_group_sets_the_whole_group(group):
    before = dict.fromkeys(changes.TABLES["loss"].columns)
    for column in group.split():
        assert set(changes.whole_groups(before, {**before, column: 1})) == set(group.split())


@pytest.fixture
def checked(monkeypatch):
    """The subjects that are compared with their changes before they are written."""
    subjects = []
    matches = changes.matches_changes

    def seen(connection, subject, *codes):
        subjects.append(subject)
        return matches(connection, subject, *codes)

    monkeypatch.setattr(changes, "matches_changes", seen)
    return subjects


def test_a_new_loss_is_not_looked_for_in_tables_that_it_can_not_be_in(run, loss, checked):
    run("log Acme 12k --also thanks")
    assert checked == []
    run("touch 1 hello")
    assert checked == [loss()["uid"]]


def test_a_new_loss_of_which_changes_are_kept_is_checked(run, loss, checked, tmp_path):
    run("log Acme 12k")
    run(f"export {tmp_path}/all.json")
    uid = loss()["uid"]
    run("undo")
    checked.clear()
    run(f"import {tmp_path}/all.json")
    assert checked == [uid]


@pytest.mark.parametrize("portion", [1, 7, 5000])
def test_what_differs_is_found_alike_in_portions_and_one_by_one(
    demo, tmp_path, monkeypatch, portion
):
    path = tmp_path / "copy.db"
    shutil.copyfile(demo, path)
    query = changes._END_OF_PORTION.replace(str(changes._PORTION), str(portion))
    monkeypatch.setattr(changes, "_END_OF_PORTION", query)
    with closing(sqlite3.connect(path)) as journal:
        uids = [uid for (uid,) in journal.execute("SELECT uid FROM losses LIMIT 9")]
        journal.execute("UPDATE losses SET note = 'x' WHERE uid = ?", uids[:1])
        journal.execute("UPDATE contacts SET note = 'x' WHERE loss = ?", uids[1:2])
        journal.execute("DELETE FROM contacts WHERE loss = ?", uids[2:3])
        journal.execute("DELETE FROM losses WHERE uid = ?", uids[3:4])
        journal.execute("DELETE FROM changed WHERE subject = ?", uids[4:5])
        journal.execute("UPDATE changed SET value = '{' WHERE subject = ?", uids[5:6])
        journal.execute("INSERT INTO settings VALUES ('portion', '7'), ('', '7'), ('~', '7')")
        every = "SELECT subject FROM changed UNION SELECT uid FROM losses"
        subjects = [subject for (subject,) in journal.execute(every)] + ["portion", "", "~"]
        one_by_one = {one for one in subjects if not changes.matches_changes(journal, one)}
        assert {uids[0], *uids[3:6], "portion", "", "~"} <= one_by_one
        assert sorted(changes.differing(journal)) == sorted(one_by_one)
        assert {*wrong_subjects(journal)} >= one_by_one

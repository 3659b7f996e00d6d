"""One name is one name, however it is written: composed or not, in any case, with accents,
apostrophes and dots or without."""

import shutil
from unicodedata import normalize

import pytest

from lostsale.journal.store import Store

SAME = [
    ("Müller GmbH", normalize("NFD", "Müller GmbH")),
    ("Müller GmbH", "MULLER GMBH"),
    ("St. Mary's", "st marys"),
    ("Ítaca  Café", "itaca cafe"),
    ("ΑΘΗΝΑ", "αθηνα"),
]


@pytest.fixture(params=SAME, ids=[f"{one}-{other}" for one, other in SAME])
def same(request):
    return request.param


def test_48_log_says_that_the_prospect_is_there_and_keeps_the_name_as_typed(run, loss, same):
    one, other = same
    run(["log", one, "5k"])
    assert "Lost here before" in run(["log", other, "7k"]).out
    assert [loss(1)["prospect"], loss(2)["prospect"]] == [one, other]


def test_48_a_merge_names_what_looks_like_one_loss_kept_twice(run, tmp_path, same):
    one, other = same
    there = tmp_path / "there.db"
    run(["--db", str(there), "log", other, "5k", "--on", "2026-11-20"])
    run(["log", one, "5k", "--on", "2026-11-20"])
    assert run(f"merge {there} --json").json["merge"]["twice"] == [[1, 2]]


def test_48_an_import_finds_what_was_logged_by_hand(run, tmp_path, same):
    one, other = same
    run(["log", one, "5k", "--on", "2026-11-20"])
    file = tmp_path / "deals.csv"
    file.write_text(
        f"id,company,status,close date,amount\n7,{other},Lost,2026-11-20,5000\n", "utf-8"
    )
    found = run(["import", str(file), "--yes", "--json"]).json["import"]
    assert (found["linked"], found["added"]) == (1, 0)


def test_48_a_prospect_is_forgotten_by_any_way_to_write_it(run, same):
    one, other = same
    run(["log", one, "5k"])
    run("log Zeta")
    done = run(["forget", "--prospect", other, "--yes", "--json"]).json["forgotten"]
    assert done["losses"] == [1]


def test_48_a_loss_is_named_by_any_way_to_write_it(run, same):
    one, other = same
    run(["log", one, "5k"])
    run("log Zeta")
    assert run(["show", other, "--json"]).json["loss"]["number"] == 1


def test_48_a_list_of_a_prospect_has_all_its_ways_to_be_written(run, same):
    one, other = same
    for name in (one, other, "Zeta"):
        run(["log", name])
    found = run(["list", "--prospect", other, "--json"]).json["losses"]
    assert sorted(loss["number"] for loss in found) == [1, 2]


def test_48_the_key_follows_the_name_and_its_undo(run):
    run("log Acme 5k")
    run(["edit", "1", "--prospect", "Müller"])
    assert "Lost here before" in run("log MULLER").out
    run("undo 2")
    assert "Lost here before" not in run("log Muller").out
    assert "all intact" in run("verify").out


def test_48_what_log_asks_costs_as_much_in_any_journal(demo, tmp_path):
    path = tmp_path / "copy.db"
    shutil.copyfile(demo, path)
    worked = []
    for journal_path in (path, tmp_path / "small.db"):
        journal = Store.make(journal_path)
        steps = []
        journal.connection.set_progress_handler(lambda steps=steps: steps.append(1), 10)
        journal.before("Nobody at all")
        journal.close()
        worked.append(len(steps))
    assert worked[0] <= worked[1] + 5


@pytest.mark.parametrize("word", ["Café", normalize("NFD", "café"), "CAFE"])
@pytest.mark.parametrize("note", ["the café", normalize("NFD", "the café"), "the cafe"])
def test_48_find_finds_words_however_their_accents_are_written(run, note, word):
    run(["log", "Acme", "--note", note])
    assert [loss["number"] for loss in run(["find", word, "--json"]).json["losses"]] == [1]

"""What was found beside the great doors: bombs, words like options, Tab, contacts, entries' ids."""

import gzip
import json

import pytest
from openpyxl import Workbook

from lostsale.export import json as export_json
from test_questions import answer, ended


def test_20_an_export_that_unpacks_beyond_the_limit_is_refused(refuses, run, tmp_path, monkeypatch):
    run("log Acme")
    monkeypatch.setattr(export_json, "_LIMIT", 1 << 20)
    bomb = tmp_path / "bomb.json.gz"
    with gzip.open(bomb, "wb") as file:
        file.write(b'{"schema": 1, "losses": []}' + b" " * (2 << 20))
    assert "unpacks to over 1 GB" in refuses(f"import {bomb}", 2)


def test_20_an_export_up_to_the_limit_is_taken(run, tmp_path, monkeypatch):
    run("log Acme")
    run(f"export {tmp_path / 'all.json'}")
    whole = (tmp_path / "all.json").read_bytes()
    monkeypatch.setattr(export_json, "_LIMIT", len(whole))
    (tmp_path / "all.json.gz").write_bytes(gzip.compress(whole))
    run("undo")
    assert run(f"import {tmp_path / 'all.json.gz'} --json").json["import"]["added"] == 1


def test_20_a_cell_far_out_in_a_workbook_is_named(run, refuses, tmp_path):
    book = Workbook()
    for row in (["Company", "Close date", "Status"], ["Acme", "2026-11-01", "Lost"]):
        book.active.append(row)
    book.active["AZ2"] = "a note to oneself"
    book.save(tmp_path / "deals.xlsx")
    run(f"import {tmp_path / 'deals.xlsx'} --yes")
    book.active["XFD1048576"] = "x"
    book.save(tmp_path / "deals.xlsx")
    assert "far out, in column XFD" in refuses(f"import {tmp_path / 'deals.xlsx'}", 2)


@pytest.mark.parametrize(
    "line",
    [
        "log Acme 12k -10% too dear",
        "log Acme -5k",
        "touch 1 called -they- were out",
        "done 1 -2 weeks",
        "find -12",
    ],
)
def test_21_words_like_options_are_advised_to_go_behind_two_hyphens(run, refuses, line):
    run("log Bolt")
    assert "Words that begin with a hyphen go after --" in refuses(line, 2)
    run(line.replace(" -", " -- -", 1))


def test_21_a_command_without_words_says_only_that_there_is_no_such_option(run, refuses):
    run("log Bolt")
    assert refuses("undo -1", 2).endswith("See lostsale undo --help.\n")


@pytest.mark.parametrize(
    ("typed", "contact", "phone", "email"),
    [
        ("Ana Ruiz 555-0134 ext. 12 a@b.co", "Ana Ruiz", "555-0134 ext. 12", "a@b.co"),
        ("Ana Ruiz, 555-0134, ext. 12, a@b.co", "Ana Ruiz", "555-0134 ext. 12", "a@b.co"),
        ("Ana Ruiz; 555-0134 extension 12; a@b.co;", "Ana Ruiz", "555-0134 extension 12", "a@b.co"),
        ("Ana Ruiz 555-0134 Ext 12 <a@b.co>", "Ana Ruiz", "555-0134 Ext 12", "a@b.co"),
        ("Ana Ruiz 555-0134 a@b.co c@d.co", "Ana Ruiz c@d.co", "555-0134", "a@b.co"),
        ("a@b.co", None, None, "a@b.co"),
    ],
)
def test_21_an_extension_and_a_second_e_mail_are_kept(run, loss, typed, contact, phone, email):
    run(["log", "Acme", "--contact", typed])
    found = loss()
    assert (found["contact"], found["phone"], found["email"]) == (contact, phone, email)


def test_21_a_snooze_to_a_time_that_has_passed_moves_nothing_into_the_past(run, monkeypatch):
    run("log Bolt")
    monkeypatch.delenv("LOSTSALE_TODAY")
    monkeypatch.setattr("lostsale.app.App.now", "10:00", raising=False)
    assert run("snooze 1 tomorrow 0:01").out


def test_21_a_tab_typed_at_a_question_is_a_space(terminal, loss):
    child = terminal("log", columns=200)
    answer(child, ("What happened?", "?"), ("Who said no?", "Acme\tRoofing "))
    answer(child, ("How much?", "5k"), ("Who's your contact?", "."))
    assert ended(child) == 0
    assert loss()["prospect"] == "Acme Roofing"


def entries(run):
    return [
        entry["uid"]
        for loss in run("list --json").json["losses"]
        for entry in [*loss["contacts"], *loss["referrals"]]
    ]


def test_20_losses_of_an_export_that_share_an_entry_id_get_their_own(run, tmp_path):
    run("log Acme --also thanks")
    run("log Bolt --also thanks")
    run("referral 1 'Kim Zander'")
    run(f"export {tmp_path / 'all.json'}")
    kept = json.loads((tmp_path / "all.json").read_text())
    first = next(loss for loss in kept["losses"] if loss["referrals"])
    for place, loss in enumerate(kept["losses"]):
        for entry in [*loss["contacts"], *loss["referrals"]]:
            entry["uid"] = first["contacts"][0]["uid"]
        loss["uid"] = f"copy-{place}"
    (tmp_path / "copies.json").write_text(json.dumps(kept))
    for _ in range(2):
        run(f"import {tmp_path / 'copies.json'}")
        found = entries(run)
        assert len(found) == len(set(found)) == 8
        assert "all intact" in run("verify").out

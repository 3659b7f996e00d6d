"""Drafts: what was typed for a loss that could not be kept is taken up again, to the letter."""

import json
import os
import signal
import sqlite3
import subprocess
from contextlib import closing

import pytest

from conftest import is_private, on_unix
from lostsale.journal import file as journal_file
from test_questions import answer, ended

SAID = "the board said: no, not this year"
EVERYTHING = [
    ["log", "Bolt & Co", "5k", "--on", "2d", "--contact", "Ana Ruiz 555-0134 a@b.c"],
    ["--product", "tiles", "--said", SAID, "--real", "too-slow: nobody called"],
    ["--guess", "price-value", "--way-in", "the lease ends", "--signal", "silence"],
    ["--signal", "delay", "--lost-to", "Kyolab", "--outcome", "competitor"],
    ["--weakness", "company", "--lesson", "call first", "--note", "naïve 日本 \x1b[1m"],
    ["--also", "thanks,referral", "--next", "friday"],
]
LINES = [
    [word for words in EVERYTHING for word in words],
    ["log", "Bolt", "12,000.50EUR", "--heard", "no-access", "--on", "yesterday", "--next", "2w"],
    ["log", "Bolt", "7k", "the", "budget", "is", "frozen", "--next", "eom"],
    ["log", "Bolt"],
]


@pytest.fixture
def lock(db, monkeypatch):
    """Hold the journal's lock, for as long as a `with` block lasts."""
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)

    class Lock:
        def __enter__(self):
            self.other = sqlite3.connect(db, isolation_level=None)
            self.other.execute("BEGIN EXCLUSIVE")

        def __exit__(self, *_):
            self.other.close()

    return Lock()


@pytest.fixture
def drafts(db):
    return lambda: sorted(db.parent.glob("*-draft-*"))


def content(loss):
    """What was logged, without what belongs to this writing of it."""
    entries = [{**entry, "uid": None} for entry in loss["contacts"]]
    return {**loss, "contacts": entries, "uid": None, "number": None, "logged_at": None}


@pytest.mark.parametrize("line", LINES, ids=["everything", "heard", "words", "name"])
@pytest.mark.parametrize("later", ["2026-11-24", "2026-12-09"], ids=["same day", "later"])
def test_a_draft_logs_exactly_what_was_typed(run, refuses, loss, lock, drafts, line, later):
    run("log Acme")
    run(line)
    wanted = content(loss(2, today=later))
    run("undo")
    with lock:
        error = refuses(line, 5)
    (draft,) = drafts()
    assert f"What you typed is in {draft}: lostsale log --draft picks it up again" in error
    assert is_private(draft)
    run("log --draft", today=later)
    found = content(loss(3, today=later))
    if later == "2026-11-24" or "--next" in line:
        assert found == wanted
    else:  # a step that the plan sets comes after today
        assert {**found, "next": None} == {**wanted, "next": None}
        assert found["next"]["on"] >= later
    assert drafts() == []


def test_several_drafts_come_the_newest_first_and_each_once(run, refuses, lock, drafts):
    run("log Acme")
    with lock:
        for name in ("One", "Two", "Three"):
            refuses(f"log {name} 5k", 5)
    assert len(drafts()) == 3
    for left in (2, 1, 0):
        run("log --draft")
        assert len(drafts()) == left
    losses = run("list --json").json["losses"]
    assert [(loss["number"], loss["prospect"]) for loss in losses] == [
        (4, "One"),
        (3, "Two"),
        (2, "Three"),
        (1, "Acme"),
    ]
    assert "There's no draft" in refuses("log --draft", 1)


def test_what_is_typed_with_a_draft_goes_before_it_and_stays_if_it_fails_again(
    run, refuses, loss, lock, drafts
):
    run("log Acme")
    with lock:
        refuses("log Bolt 5k --product tiles", 5)
        (draft,) = drafts()
        assert str(draft) in refuses("log --draft --product doors", 5)
    assert drafts() == [draft]
    run("log --draft --lost-to Kyolab")
    found = loss(2)
    assert (found["prospect"], found["product"], found["lost_to"]) == ("Bolt", "doors", "Kyolab")


def test_a_draft_that_is_bad_input_by_now_is_kept(run, refuses, lock, drafts):
    run("log Acme")
    with lock:
        refuses("log Bolt 5k", 5)
    kept = drafts()
    refuses("log --draft --on tomorrow", 2)
    assert drafts() == kept
    run("log --draft")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"day": "2026-11-24"}', '{"day": "x", "typed": {}, "is_asked": 0}',
     '{"day": "2026-11-24", "typed": 5, "is_asked": false}', "\xff"],
)  # fmt: skip
def test_a_broken_draft_is_refused_in_one_line_and_left(run, refuses, db, text):
    run("log Acme")
    draft = db.with_name("journal.db-draft-1.json")
    draft.write_bytes(text.encode("latin-1"))
    assert f"{draft} isn't a draft" in refuses("log --draft", 2)
    assert draft.read_bytes() == text.encode("latin-1")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="chown is root's")
def test_a_draft_of_somebody_else_is_not_taken_up(run, refuses, lock, drafts, db):
    run("log Acme")
    with lock:
        refuses("log Bolt", 5)
    os.chown(drafts()[0], 65534, 65534)
    assert "There's no draft" in refuses("log --draft", 1)
    assert db.exists()


def test_bad_input_and_a_good_log_leave_no_draft(run, refuses, drafts):
    run("log Acme")
    for line in (
        "log Bolt --on tomorrow",
        "log Bolt --lost-to '' --also x",
        "log Bolt --signal x",
        "log",
    ):
        refuses(line, 2)
    run("log Bolt 5k")
    assert drafts() == []
    assert "There's no draft" in refuses("log --draft", 1)


@pytest.mark.parametrize("name", ["a[b]c.db", "a*.db", "?.db", "it's.db", "two words.db"])
def test_odd_file_names_have_their_own_drafts(run, refuses, lock, db, name, drafts, monkeypatch):
    path = db.with_name(name)
    other = db.with_name("abc.db-draft-1.json")
    other.write_text('{"day": "2026-11-24", "is_asked": false, "typed": {"prospect": "Theirs"}}')
    os.utime(other, (2e9, 2e9))
    db.symlink_to(path)  # so that the lock is on it
    monkeypatch.setenv("LOSTSALE_DB", str(path))
    run("log Acme")
    assert "There's no draft" in refuses("log --draft", 1)
    with lock:
        refuses("log Bolt", 5)
    run("log --draft")
    assert [loss["prospect"] for loss in run("list --json").json["losses"]] == ["Bolt", "Acme"]
    assert drafts() == [other]


def test_what_was_said_on_stdin_is_in_the_draft(lostsale, journal, tmp_path):
    lostsale("log", "Acme")
    words = f"{SAID}\nand a second line"
    (tmp_path / "said").write_text(words)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:8192])  # damaged: quicker than a lock
    with (tmp_path / "said").open() as stdin:
        lostsale("log", "Bolt", "--said", "-", code=4, stdin=stdin)
    journal.write_bytes(whole)
    lostsale("log", "--draft", stdin=subprocess.DEVNULL)
    found = json.loads(lostsale("show", "2", "--json").out)["loss"]
    assert found["said"] == {"code": "board", "words": words, "suggested": []}


@pytest.mark.parametrize("typed", [["Acme", "7k"], []], ids=["options", "questions"])
def test_declined_keeps_what_was_answered_and_nothing_else(terminal, run, db, drafts, typed):
    run("log Acme 5k")
    child = terminal("log", *typed, columns=200)
    if not typed:
        answer(
            child,
            ("What happened?", "?"),
            ("Who said no?", "Acme"),
            ("How much?", "7k"),
            ("Who's your contact?", "."),
        )
    child.expect_exact("Log another? [y/N]")
    assert len(drafts()) == (not typed)
    child.sendline("n")
    assert ended(child) == 1
    assert len(drafts()) == (not typed)
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("SELECT count(*) FROM losses").fetchone() == (1,)


@pytest.mark.parametrize("how", ["ctrl-c", "ctrl-d", signal.SIGKILL, signal.SIGHUP])
def test_broken_off_questions_keep_the_answers_and_ask_only_the_rest(
    terminal, loss, db, drafts, how
):
    child = terminal("log", "--product", "tiles", "--on", "2026-11-20", columns=200, first=True)
    answer(child, ("Your currency?", ""))
    answer(
        child,
        ("What happened?", "?"),
        ("Who said no?", "Acme"),
        ("How much?", "5k"),
        ("Who's your contact?", ""),
    )
    answer(child, ("What did they say?", SAID))
    child.expect_exact("Real reason, if they told you")
    if isinstance(how, str):
        child.sendcontrol(how[-1])
        assert ended(child) == 130
    else:
        child.kill(how)
        ended(child)
    assert not db.exists()
    (draft,) = drafts()
    assert is_private(draft)
    child = terminal("log", "--draft", columns=200)
    child.expect_exact("Who's your contact?")
    assert "Who said" not in child.before
    assert "How much" not in child.before
    child.sendline("Ana Ruiz")
    child.expect_exact("Real reason, if they told you")
    assert "What did they" not in child.before
    child.sendline(".")
    assert ended(child) == 0
    found = loss()
    assert (found["prospect"], found["amount"], found["contact"]) == ("Acme", "5000.00", "Ana Ruiz")
    assert (found["said"]["words"], found["product"], found["lost_on"]) == (
        SAID,
        "tiles",
        "2026-11-20",
    )
    assert drafts() == []


def test_answers_are_kept_when_the_loss_can_not_be(terminal, run, loss, db, drafts):
    run("log Acme")
    child = terminal("log", columns=200)
    answer(child, ("What happened?", "?"), ("Who said no?", "Bolt"), ("How much?", "7k"))
    child.expect_exact("Who's your contact?")
    whole = db.read_bytes()
    with closing(sqlite3.connect(db)) as other:
        other.execute("DROP TABLE changed")
    child.sendline(".")
    assert ended(child) == 4
    db.write_bytes(whole)
    (draft,) = drafts()
    assert json.loads(draft.read_text())["typed"] == {"prospect": "Bolt", "amount": "7k"}
    run("log --draft")
    assert (loss(2)["prospect"], loss(2)["amount"]) == ("Bolt", "7000.00")


@pytest.fixture
def draft_of(lostsale, journal):
    """Keep drafts of these names, the last one the newest, since the journal can't be written."""

    def draft_of(*names):
        lostsale("log", "Acme")
        whole = journal.read_bytes()
        journal.write_bytes(whole[:8192])
        for name in names:
            lostsale("log", name, "5k", code=4)
        journal.write_bytes(whole)

    return draft_of


def test_17_a_draft_is_taken_up_once_by_one_process(start, lostsale, draft_of):
    draft_of("Bolt")
    runs = [start("log", "--draft", stdin=subprocess.DEVNULL) for _ in range(4)]
    for process in runs:
        process.communicate()
    assert sorted(process.returncode for process in runs) == [0, 1, 1, 1]
    assert lostsale("list").out.count("Bolt") == 1


def test_17_as_many_drafts_as_processes_are_taken_up_each_once(start, lostsale, draft_of):
    names = ["Bolt", "Corvo", "Dent"]
    draft_of(*names)
    runs = [start("log", "--draft", stdin=subprocess.DEVNULL) for _ in names]
    for process in runs:
        process.communicate()
    for process in [process for process in runs if process.returncode]:  # lost a race for one
        assert process.returncode == 1
        lostsale("log", "--draft")
    assert sorted(
        loss["prospect"] for loss in json.loads(lostsale("list", "--json").out)["losses"]
    ) == [
        "Acme",
        *names,
    ]


def test_17_a_draft_whose_loss_was_logged_before_a_kill_logs_no_second_one(
    lostsale, draft_of, journal
):
    draft_of("Bolt")
    (draft,) = journal.parent.glob("*-draft-*")
    kept = draft.read_text()
    lostsale("log", "--draft")
    draft.write_text(kept)  # as a kill leaves it between the two
    assert "That's already logged" in lostsale("log", "--draft", code=1).err
    assert lostsale("list").out.count("Bolt") == 1
    assert not draft.exists()


@on_unix("no link leads there")
def test_17_a_draft_is_found_where_it_was_made_under_another_temporary_folder(
    lostsale, environment, journal, tmp_path
):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    environment |= {"TMPDIR": str(tmp_path / "one"), "XDG_STATE_HOME": str(tmp_path / "state")}
    lostsale("log", "Acme")
    whole = journal.rename(journal.with_name("whole"))
    journal.mkdir()  # so that nothing can be kept there
    assert str(tmp_path / "one") in lostsale("log", "Bolt", "5k", code=3).err
    journal.rmdir()
    whole.rename(journal)
    environment["TMPDIR"] = str(tmp_path / "other")
    lostsale("log", "--draft")
    assert "Bolt" in lostsale("list").out
    assert list((tmp_path / "one").iterdir()) == []


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (RuntimeError("a mistake of lostsale's"), 1),
        (OSError(5, "Input/output error"), 3),
        (BrokenPipeError(32, "Broken pipe"), 3),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
        (sqlite3.OperationalError("disk I/O error"), 4),
        (RecursionError(), 1),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_17_whatever_fails_what_was_typed_is_kept_and_named(
    run, drafts, monkeypatch, failure, code
):
    run("log Acme")

    def fail(*_, **__):
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr("lostsale.api.Journal.log", fail)
        error = run("log Bolt 5k", code=code).err
    (draft,) = drafts()
    assert f"What you typed is in {draft}: lostsale log --draft picks it up again" in error
    assert error.count("\n") == 1
    run("log --draft")
    assert "Bolt" in run("list").out


def test_17_a_file_that_is_no_journal_costs_nothing_that_was_typed(run, db):
    db.write_text("Dear diary")
    assert "What you typed is in" in run("log Bolt 5k", code=3).err
    db.unlink()
    run("log --draft")
    assert "Bolt" in run("list").out

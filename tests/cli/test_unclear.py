"""Reasons whose words are unclear: named off a terminal, asked with one key on it, remembered, and
read anew with `reasons reread`."""

import pexpect
import pytest

from lostsale.domain import reasons
from lostsale.domain.phrases import read_reason
from test_questions import answer, ended

UNCLEAR = "no budget, too slow"  # two reasons alike
DEALS = "id,company,status,close date,lost reason\n" + "".join(
    f"{number},Acme {number},Lost,2026-11-01,{words}\n"
    for number, words in enumerate(["zork", "blip", "blip", "Lost to competitor", "Duplicate"], 1)
)


@pytest.fixture
def deals(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(DEALS)
    return path


@pytest.mark.parametrize(
    ("line", "settles"),
    [
        (f"log A --real '{UNCLEAR}'", "lostsale why 1 too-slow"),
        (f"log A --guess '{UNCLEAR}'", "lostsale edit 1 --guess too-slow"),
        ("log A --said 'the stars are wrong'", "lostsale edit 1 --said "),
    ],
)
def test_off_a_terminal_the_answer_names_what_settles_it(run, loss, line, settles):
    out = run(line).out
    assert "reason unclear: perhaps " in out
    assert settles in out
    command = out.partition("; lostsale ")[2].strip()
    words = (loss()["real"] or loss()["guess"] or loss()["said"])["words"]
    assert "unclear" not in run(command).out
    kept = loss()["real"] or loss()["guess"] or loss()["said"]
    assert (kept["code"] != "other", kept["words"], kept["suggested"]) == (True, words, [])


def test_json_has_the_likely_codes_of_what_is_unclear_alone(run, loss):
    run(["log", "A", "--real", UNCLEAR, "--said", "too expensive", "--guess", "lost interest"])
    assert set(loss()["real"]["suggested"]) >= {"no-money", "too-slow"}
    assert (loss()["said"]["suggested"], loss()["guess"]["suggested"]) == ([], [])


def test_settling_an_answer_makes_no_second_contact(run, loss):
    run(["log", "A"])
    run(["why", "1", UNCLEAR])
    run("why 1 too-slow")
    assert [entry["kind"] for entry in loss()["contacts"]] == ["why"]
    assert loss()["real"]["words"] == UNCLEAR


@pytest.mark.parametrize(
    ("words", "asked", "outcome", "lost_to"),
    [
        ("don't know", None, "unknown", None),
        ("lost to a competitor", None, "competitor", None),
        ("went with Ricoh", None, "competitor", "Ricoh"),
        ("duplicate", None, "mistake", None),
        ("wouldn't say", "2026-11-24", "unknown", None),
    ],
)
def test_words_that_give_no_reason_leave_it_open(run, loss, words, asked, outcome, lost_to):
    run("log A")
    run(["why", "1", words])
    found = loss()
    assert (found["real"], found["asked_on"]) == (None, asked)
    assert (found["outcome"], found["lost_to"]) == (outcome, lost_to)


def test_who_got_the_order_is_not_changed_by_the_way(run, loss):
    run("log A --lost-to Kyolab")
    run("why 1 'went with Ricoh, cheaper'")
    assert (loss()["lost_to"], loss()["real"]["code"]) == ("Kyolab", "price-value")


@pytest.mark.parametrize("columns", [60, 80])
def test_one_key_picks_the_code_and_is_remembered_for_past_losses_too(terminal, run, loss, columns):
    run("log Before --real zork")
    run("log Now")
    child = terminal("why", "2", "zork", columns=columns)
    child.expect_exact("1 price-value  2 indecision  3 selling  4 other  ? all")
    child.send("2")
    assert ended(child) == 0
    assert [loss(number)["real"]["code"] for number in (1, 2)] == ["indecision", "indecision"]
    run("undo")
    assert (loss(1)["real"]["code"], loss(2)["real"]) == ("other", None)
    run("log After --real Zork!")
    assert loss(3)["real"]["code"] == "other"


def test_enter_keeps_other_and_a_question_mark_shows_all(terminal, run, loss):
    run("log A")
    child = terminal("why", "1", "zork")
    child.expect_exact("? all")
    child.send("?")
    child.expect_exact("Someone was cheaper")
    answer(child, ("Which? (Enter: other)", "poor fit"))
    assert ended(child) == 0
    assert loss()["real"]["code"] == "poor-fit"
    child = terminal("edit", "1", "--guess", "blip")
    child.expect_exact("? all")
    child.send("\r")
    assert ended(child) == 0
    assert loss()["guess"]["code"] == "other"


@pytest.mark.parametrize(
    ("command", "question"), [("done 1", "Real reason"), ("log", "Your guess?"), ("due --walk", "")]
)
def test_every_question_why_asks_what_is_unclear(terminal, run, command, question):
    if command == "log":
        child = terminal("log")
        answer(
            child,
            ("What happened?", "?"),
            ("Who said no?", "A"),
            ("How much?", ""),
            ("your contact?", ""),
            ("did they say", ""),
        )
        answer(child, ("Real reason", ""), (question, "zork"))
    else:
        run("log A", today="2026-11-20")
        child = terminal(*command.split())
        if "walk" in command:
            child.expect_exact("quit")
            child.send("d")
        answer(child, ("Real reason", "zork"))
    child.expect_exact("? all")
    child.send("3")
    child.expect_exact("= selling")
    child.close()


_ASKED = [("Real reason", "zork")], [("tell you?", ""), ("How could you get back in?", "")]
_TO_SAID = [
    ("Who said no?", "Acme"),
    ("How much?", ""),
    ("your contact?", ""),
    ("did they say", "zork"),
]
# How a reason comes in: the command, what is answered before the pick, and what behind it.
PICKS = [
    ("why 1 zork", [], []),
    ("why 1 --heard zork", [], []),
    ("why 1 --guess zork", [], []),
    ("why 1", *_ASKED),
    ("done 1", *_ASKED),
    ("due --walk", *_ASKED),
    ("edit 1 --said zork", [], []),
    ("edit 1", _TO_SAID, [("Real reason", ".")]),
    ("log Acme 5k zork", [], []),
    ("log Acme --said zork", [], []),
    ("log", [("What happened?", "Acme 5k zork")], []),
    ("log", [("What happened?", "?"), *_TO_SAID], [("Real reason", ".")]),
]


@pytest.mark.parametrize(("command", "before", "after"), PICKS)
def test_what_is_picked_is_remembered_however_it_comes_in(terminal, run, command, before, after):
    run("log Old", today="2026-11-20")
    child = terminal(*command.split())
    if "walk" in command:
        child.expect_exact("quit")
        child.send("d")
    answer(child, *before)
    child.expect_exact("? all")
    child.send("1")
    answer(child, *after)
    child.send("q" if "walk" in command else "")
    assert ended(child) == 0
    meant = [one["aliases"] for one in run("reasons --json").json["reasons"] if one["aliases"]]
    assert meant == [["zork"]]


@pytest.mark.parametrize("words", ["--said zork", "5k zork"])
def test_with_yes_log_asks_for_no_reason(terminal, loss, words):
    child = terminal("log", "Acme", *words.split(), "--yes")
    assert ended(child) == 0
    assert loss()["said"]["code"] == "other"


def test_q_at_the_pick_goes_back_to_the_question(terminal, run, loss):
    run("log A")
    child = terminal("why", "1")
    answer(child, ("Real reason", "zork"))
    child.expect_exact("? all")
    child.send("q")
    answer(child, ("Real reason", "too slow"), *_ASKED[1])
    assert ended(child) == 0
    assert loss()["real"]["code"] == "too-slow"


def test_words_at_the_pick_are_taken_as_words(terminal, run, loss):
    run("log A")
    child = terminal("why", "1", "zork")
    child.expect_exact("? all")
    child.send("too slow\r")
    assert ended(child) == 0
    assert (loss()["real"]["code"], loss()["real"]["words"]) == ("too-slow", "zork; too slow")
    assert not any(one["aliases"] for one in run("reasons --json").json["reasons"])


def test_other_that_was_picked_is_not_asked_for_again(terminal, run, loss):
    run("log A")
    child = terminal("why", "1", "zork")
    child.expect_exact("? all")
    child.send("4")
    assert ended(child) == 0
    assert loss()["real"] == {
        "code": "other",
        "words": "zork",
        "suggested": [],
        "source": "told",
        "on": "2026-11-24",
    }


def test_import_asks_once_for_each_unclear_text_the_most_frequent_first(terminal, run, loss, deals):
    child = terminal("import", deals)
    answer(child, ("Import", "y"))
    child.expect_exact('"blip", 2 losses: which reason?')
    child.send("1")
    child.expect_exact('"zork", 1 loss: which reason?')
    child.send("q")
    child.expect(pexpect.EOF)
    assert [loss(n)["guess"]["code"] for n in (1, 2, 3)] == ["other", "price-value", "price-value"]
    assert [loss(n)["outcome"] for n in (4, 5)] == ["competitor", "mistake"]
    run("undo")
    assert run("list --json").json["losses"] == []
    assert all(not one["aliases"] for one in run("reasons --json").json["reasons"])


def test_alias_without_a_code_says_what_the_words_may_mean(run, refuses):
    run(["log", "A", "--real", UNCLEAR])
    said = refuses(["reasons", "alias", UNCLEAR], 2)
    assert f"lostsale reasons alias '{UNCLEAR}' too-slow" in said


@pytest.fixture
def better(monkeypatch):
    """Have the tables read zork as selling."""
    read = reasons.understood

    def understood(text, kind, vocabulary):
        reading = read(text, kind, vocabulary)
        return reading._replace(code="selling", is_sure=True) if text == "zork" else reading

    def improve():
        monkeypatch.setattr(reasons, "understood", understood)
        monkeypatch.setattr("lostsale.commands.reasons.understood", understood)

    return improve


def test_better_tables_change_nothing_until_reasons_are_reread(run, loss, db, better):
    run("log A --guess zork --real 'other: zork'")
    run("log B --guess zork")
    better()
    before = db.read_bytes()
    assert loss(1)["guess"]["code"] == "other"
    shown = {"kind": "guess", "words": "zork", "from": "other", "to": "selling", "lost": 2}
    assert run("reasons reread --dry-run --json").json["reread"] == [shown]
    assert db.read_bytes() == before
    assert run("reasons reread --json").json["reread"] == [shown]
    assert [loss(n)["guess"]["code"] for n in (1, 2)] == ["selling", "selling"]
    assert loss(1)["real"]["code"] == "other"  # given
    assert run("reasons reread --json").json["reread"] == []
    assert "all intact" in run("verify").out
    run("undo")
    assert loss(1)["guess"]["code"] == "other"


def test_an_alias_beats_what_the_tables_would_reread(run, loss, better):
    run("log A --guess zork")
    run("reasons alias zork relationship")
    better()
    assert run("reasons reread --json").json["reread"] == []
    assert loss()["guess"]["code"] == "relationship"


def test_stats_name_the_commonest_words_under_other_with_what_settles_them(run):
    for words in ("zork", "blip", "blip", "the ceiling", "mauve", "mauve", "mauve"):
        run(["log", words, "--guess", words])
    lines = run("stats").lines
    at = lines.index("Reasons still under other: 7 (each command asks which reason it is)")
    assert lines[at + 1 : at + 3] == [
        "  3: lostsale reasons alias mauve",
        "  2: lostsale reasons alias blip",
    ]
    assert run("stats --json").json["stats"]["under_other"] == 7
    assert len(run("stats --json").json["stats"]["unclear"]) == 3


def test_the_telling_sentence_never_says_other(run):
    for number in range(6):
        run(["log", f"A{number}", "--said", "budget", "--real", "zork"])
    assert "When they say" not in run("stats").out


@pytest.mark.parametrize("command", ["due", "stats", "list", "show 1"])
def test_looking_reads_no_reason(run, command, monkeypatch):
    run("log A --said zork --real 'too slow'")
    monkeypatch.setattr("lostsale.domain.phrase_index._index", lambda: 1 / 0)
    run(command)


def test_the_demos_own_words_are_read(run, demo):
    losses = run(f"--db {demo} list --json").json["losses"]
    wrong = 0
    for kind, least in (("said", 0.9), ("real", 0.6)):
        # What was heard elsewhere is kept with who said so, not with the reason.
        told = [loss[kind] for loss in losses if loss[kind] and loss[kind].get("source") != "heard"]
        read = {(one["code"], one["words"]) for one in told}
        found = [(code, read_reason(words, kind).code) for code, words in read if words]
        assert len(found) > 20
        assert sum(code == now for code, now in found) >= least * len(found)
        wrong += sum(now not in {code, "other"} for code, now in found) / len(found) / 2
    assert wrong <= 0.05

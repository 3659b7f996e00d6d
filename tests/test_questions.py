"""The questions, asked in a real terminal: a pseudo-terminal with a person's keys."""

import shlex
import sqlite3
from contextlib import closing

import pexpect
import pytest


def answer(child, *pairs):
    for question, text in pairs:
        child.expect_exact(question)
        child.sendline(text)


def ended(child):
    child.expect(pexpect.EOF)
    child.wait()
    child.close()
    return child.exitstatus


def test_log_asks_echoes_what_it_understood_and_keeps_it(terminal, loss):
    child = terminal("log")
    answer(child, ("What happened?", "?"))
    child.expect_exact("Enter skips · < back · . saves now · Ctrl-C saves nothing")
    answer(
        child,
        ("Who said no?", "Oakfield Dental"),
        ("How much?", "12k"),
        ("Who's your contact?", "Ana Ruiz 555-0134"),
        ("What did they say?", "the partners froze the budget"),
    )
    child.expect_exact("= budget")
    child.expect_exact("If they're still on the phone:")
    answer(child, ("Real reason, if they told you", ""), ("Your guess?", "too dear"))
    child.expect_exact("= price-value")
    answer(child, ("How could you get back in?", ""), ("Who got the order?", "nobody"))
    child.expect_exact("1  Oakfield Dental, Ana Ruiz · 12,000 USD · lost Tue 24 Nov 2026")
    child.expect_exact("Next: ask why, Wed 25 Nov.")
    assert ended(child) == 0
    kept = loss()
    assert kept["said"] == {
        "code": "budget",
        "words": "the partners froze the budget",
        "suggested": [],
    }
    assert kept["guess"] == {"code": "price-value", "words": "too dear", "suggested": []}
    assert (kept["amount"], kept["phone"], kept["lost_to"]) == ("12000.00", "555-0134", "nobody")
    assert (kept["real"], kept["way_in"]) == (None, None)


# What was done before, the command, its questions (as far as they are asked, ` = `: with what is
# typed), its exit code, and what the loss holds then.
DIALOGS = {
    "a dot saves at once what was answered": (
        ("", "log", 0, {"prospect": "Acme", "amount": None}),
        ("Who said no? = Acme", "How much? = ."),
    ),
    "back from the way in passes over a guess that was not asked": (
        ("", "log", 0, {"real.code": "no-access"}),
        (
            "no? = Acme",
            "How much? = ",
            "your contact? =  ",
            "What did they = ",
            "Real reason =  too slow",
        ),
        (
            "How could you get back in? = <",
            "Real reason, if they told you = no-access",
            "How could you get back in? = .",
        ),
    ),
    "a wrong answer is explained and asked again": (
        ("", "log", 0, {"amount": None}),
        ("Who said no? = ", "A loss needs a name", "Who said no? = Acme", "How much? = 1.234"),
        ("is ambiguous as an amount = ", "Who's your contact? = ."),
    ),
    "a dot before there is a name is no name": (
        ("", "log", 0, {"prospect": "Acme"}),
        ("Who said no? = .", "A loss needs a name = Acme", "How much? = ."),
    ),
    "what was given as an option is not asked": (
        ("", "log --contact 'Ana 555-0134'", 0, {"contact": "Ana"}),
        ("Who said no? = Acme", "How much? = 5k", "What did they say? = ."),
    ),
    "who heard the truth is not asked for it": (
        ("", "log --heard 'relationship: his cousin'", 0, {"real.source": "heard"}),
        ("Who said no? = Acme", "How much? = ", "your contact? =  ", "What did they = "),
        (
            "How could you get back in? = <",
            "What did they say? = ",
            "How could you get back in? = .",
        ),
    ),
    "a question mark shows the codes": (
        ("", "log", 0, {"said.code": "board"}),
        ("Who said no? = Acme", "How much? = ", "your contact? =  ", "What did they say? = ?"),
        ("None of these fits = board", "Real reason = ."),
    ),
    "no choice among several changes nothing": (
        ("log 'Oakfield Dental' 1k; log 'Oakfield Labs' 2k", "won oakfield", 1, {"won": None}),
        ("Which? [1-2, Enter for none] = ",),
    ),
    "a place that is not in the list is asked again": (
        ("log 'Oakfield Labs'; log 'Oakfield Spa'", "won oakfield --note x", 0, {"won.note": "x"}),
        ("2) Oakfield Labs, 2026-11-24 (1)", "Which? = 7", "Which? = 2", "y/n > = "),
    ),
    "done on asking why asks for the answer and the way in": (
        ("log Acme 5k", "done 1", 0, {"real.source": "told", "way_in": "meet the partner"}),
        (
            "Real reason =  her partner signs, I never met him",
            "= no-access",
            "Did they tell you?",
        ),
        (
            "[Y/h heard/g guess/w would not say] = ",
            "How could you get back in? = meet the partner",
            "Next: go back, Fri 27 Nov.",
        ),
    ),
    "why takes a refusal for an answer": (
        ("log Acme 5k", "why 1", 0, {"real": None, "asked_on": "2026-11-24"}),
        (
            "Real reason, if they told you = they wouldn't say",
            "= they would not say",
            "How could you get back in? = ",
        ),
    ),
    "why takes what was heard": (
        ("log Acme 5k", "why 1", 0, {"real.source": "heard"}),
        (
            "Real reason, if they told you = too slow",
            "Did they tell you? [Y/h heard/g guess/w would not say] = h",
            "How could you get back in? = ",
        ),
    ),
    "what the user only believes is a guess, and the question stays": (
        ("log Acme 5k", "why 1", 0, {"real": None, "asked_on": None, "guess.words": "too slow"}),
        (
            "Real reason, if they told you = too slow",
            "Did they tell you? = n",
        ),
        ("y: they told you; h: you heard it", "say] = g", "How could you get back in? = "),
    ),
    "what they would not say is kept as a guess": (
        ("log Acme 5k", "why 1", 0, {"asked_on": "2026-11-24", "guess.words": "too slow"}),
        (
            "Real reason, if they told you = too slow",
            "would not say] = would not say",
            "How could you get back in? = ",
        ),
    ),
    "a slip at yes or no is asked again": (
        ("log Acme 5k", "why 1", 0, {"real.source": "told"}),
        (
            "Real reason, if they told you = too slow",
            "Did they tell you? = lostsale done pike",
        ),
        (
            "Did they tell you? [Y/h heard/g guess/w would not say] = y",
            "How could you get back in? = ",
        ),
    ),
    "a smaller sign leaves the question why": (
        ("log Acme 5k", "why 1", 1, {"asked_on": None}),
        ("Real reason, if they told you = <", "Left as it was. Nothing was changed."),
    ),
    "a question mark at why shows the codes": (
        ("log Acme 5k", "why 1", 0, {"real.code": "no-access"}),
        ("Real reason, if they told you = ?", "Someone was cheaper"),
        (
            "Real reason, if they told you = no-access",
            "would not say] = ",
            "How could you get back in? =  ",
        ),
    ),
    "won asks what brought them back": (
        ("log Acme 5k", "won 1", 0, {"won.note": "the lease did it"}),
        ("What brought them back? = the lease did it", "a referral call in 30 days? y/n > = n"),
    ),
    "a call without a note is asked for one": (
        ("log Acme 5k", "touch 1", 0, {"contacts.0.note": "happy so far"}),
        ("What came of it? = happy so far",),
    ),
}


@pytest.mark.parametrize(("case", "questions"), [(c, q) for c, *q in DIALOGS.values()], ids=DIALOGS)
def test_a_dialog(terminal, run, loss, case, questions):
    before, command, code, kept = case
    for line in filter(None, before.split("; ")):
        run(line)
    child = terminal(*shlex.split(command), columns=200)
    if command.startswith("log"):
        answer(child, ("What happened?", "?"))
    for question in (each for line in questions for each in line):
        asked, typed, text = question.partition(" = ")
        child.expect_exact(asked)
        if typed:
            child.sendline(text)
    assert ended(child) == code
    for path, value in kept.items():
        found = loss()
        for key in path.split("."):
            found = found[int(key) if key.isdigit() else key]
        assert found == value, path


def test_back_asks_the_last_question_again_and_enter_keeps_its_answer(terminal, loss):
    child = terminal("log")
    answer(
        child,
        ("What happened?", "?"),
        ("Who said no?", "Acme"),
        ("How much?", "5k"),
        ("Who's your contact?", "<"),
    )
    answer(child, ("How much?", "<"))
    child.expect_exact("(Acme)")
    child.sendline("")
    answer(child, ("(5k)", "7k"), ("Who's your contact?", "."))
    assert ended(child) == 0
    assert (loss()["prospect"], loss()["amount"]) == ("Acme", "7000.00")


@pytest.mark.parametrize("key", ["c", "d"])
def test_ctrl_c_and_ctrl_d_save_nothing(terminal, db, key):
    child = terminal("log", first=True)
    answer(child, ("Your currency?", ""), ("What happened?", "?"), ("Who said no?", "Acme"))
    child.expect_exact("How much?")
    child.sendcontrol(key)
    child.expect_exact("Interrupted. Nothing was changed.")
    assert ended(child) == 130
    assert not db.exists()


def test_an_option_that_is_wrong_is_refused_before_anything_is_asked(terminal, db):
    child = terminal("log", "--next", "yesterday", first=True)
    child.expect_exact("lostsale: ")
    assert ended(child) == 2
    assert "Who said no?" not in child.before
    assert not db.exists()


def test_an_earlier_loss_is_told_and_another_within_30_days_is_asked_about(terminal, run, loss):
    run("log Acme 3400", today="2026-11-20")
    child = terminal("log")
    answer(child, ("What happened?", "?"), ("Who said no?", "Acme"))
    child.expect_exact("Lost here before: 1, November, 3,400 USD, open.")
    answer(child, ("How much?", "."), ("Log another? [y/N]", "n"))
    assert ended(child) == 1
    assert "There's no loss 2" in run("show 2", code=1).err
    child = terminal("log", "acme", "5k")
    answer(child, ("Log another? [y/N]", "y"))
    assert ended(child) == 0
    assert loss(2)["amount"] == "5000.00"


def test_a_name_that_fits_several_is_chosen_by_its_place_in_a_list(terminal, run, loss):
    run("log 'Oakfield Dental' 1k")
    run("log 'Oakfield Labs' 2k")
    child = terminal("won", "oakfield", "--note", "x")
    child.expect_exact('2 losses match "oakfield":')
    answer(child, ("Which? [1-2, Enter for none]", "2"), ("y/n >", ""))
    assert ended(child) == 0
    assert loss(1)["won"]["note"] == "x"
    child = terminal("snooze", "oakfield", "2w")
    assert ended(child) == 0
    assert loss(2)["next"]["on"] == "2026-12-08"


def test_moving_on_from_many_is_confirmed_with_their_count(terminal, run, loss):
    run("log Acme 5k", today="2026-10-30")
    run("log Pike 5k", today="2026-10-30")
    child = terminal("move-on", "--cold")
    answer(child, ("Move on from 2 losses? [y/N]", "n"))
    assert ended(child) == 1
    assert loss()["rested_on"] is None
    child = terminal("move-on", "--cold")
    answer(child, ("Move on from 2 losses? [y/N]", "y"))
    assert ended(child) == 0
    assert loss()["rested_on"] == loss(2)["rested_on"] == "2026-11-24"


def test_the_morning_list_on_a_terminal_has_headings_and_fits(terminal, run):
    run("log 'Oakfield Dental with a very long name indeed' 12k budget", today="2026-11-23")
    child = terminal("due", columns=60)
    child.expect(pexpect.EOF)
    lines = child.before.replace("\r", "").splitlines()
    assert any("fresh" in line for line in lines)
    assert any("ask why  12,000" in line for line in lines)


def test_undoing_several_old_ones_is_confirmed_with_their_count(terminal, run, loss, db):
    run("log Acme 5k")
    run("touch 1 hello")
    run("touch 1 again")
    with closing(sqlite3.connect(db)) as opened, opened:
        opened.execute("UPDATE changes SET at = '2026-11-24T08:00:00.000000+00:00'")
    child = terminal("undo", "2")
    answer(child, ("Undo the last 2 changes? [y/N]", "n"))
    assert ended(child) == 1
    assert len(loss()["contacts"]) == 2
    child = terminal("undo", "2")
    answer(child, ("Undo the last 2 changes? [y/N]", "y"))
    assert ended(child) == 0
    assert loss()["contacts"] == []


def test_a_log_by_questions_is_never_more_than_nine(terminal, run):
    run("log Oakfield 12k")
    child = terminal("log", columns=200)
    answer(child, ("What happened?", "?"))
    child.expect_exact("Ctrl-C saves nothing")
    asked = []
    for text in ("Oakfield", *[""] * 8):
        child.expect(r"\n([A-Z][^\n]*\? [^\n]*)$")
        asked.append(child.match[1].partition("?")[0])
        child.sendline(text)
    assert ended(child) == 1  # "Log another?" was not agreed to
    assert asked == [
        "Who said no",
        "How much",
        "Who's your contact",
        "What did they say",
        "Real reason, if they told you",
        "Your guess",
        "How could you get back in",
        "Who got the order",
        "You already have Oakfield: 1, November, 12,000 USD, open. Log another",
    ]


# The first time.


@pytest.mark.parametrize(
    ("locale", "usual", "answer_given", "kept"),
    [("C", "USD", "", "USD"), ("C", "USD", "chf", "CHF"), ("C", "USD", "usd", "USD")],
)
def test_the_first_log_says_where_and_asks_for_the_currency_once(
    terminal, monkeypatch, run, loss, locale, usual, answer_given, kept
):
    monkeypatch.setenv("LC_ALL", locale)
    child = terminal("log", "Acme", "12k", first=True)
    child.expect_exact("Your journal will be kept in")
    child.expect_exact("journal.db")
    answer(child, (f"Your currency? [{usual}]", answer_given))
    child.expect_exact(f"1  Acme · 12,000 {kept} · lost")
    assert ended(child) == 0
    assert (loss()["currency"], run("config currency --json").json) == (
        kept,
        {"schema": 1, "settings": {"currency": kept}},
    )
    run("undo")
    child = terminal("log", "Bolt")
    child.expect_exact("Bolt · no amount · lost")
    assert "currency" not in child.before
    assert ended(child) == 0


def test_a_currency_that_is_none_is_asked_for_again(terminal, loss):
    child = terminal("log", "Acme", "5", first=True)
    answer(child, ("Your currency?", "beans"), ("not a currency I know", ""))
    assert ended(child) == 0
    assert loss()["currency"] == "USD"


def test_breaking_off_at_the_first_question_makes_nothing(terminal, db):
    child = terminal("log", "Acme", "5", first=True)
    child.expect_exact("Your currency?")
    child.sendcontrol("c")
    assert ended(child) == 130
    assert not db.exists()


def test_a_wrong_date_is_told_before_the_first_question(terminal, db):
    child = terminal("log", "Acme", "5", "--on", "someday", first=True)
    child.expect_exact('I can\'t read "someday" as a date')
    assert ended(child) == 2
    assert not db.exists()


def test_off_a_terminal_the_first_log_asks_nothing(run):
    assert "currency" not in run("log Acme 5").out


def test_one_sentence_and_enter_keep_a_loss(terminal, loss):
    child = terminal("log")
    answer(child, ("What happened?", "Metro Vet 12 grand went with Canon, price, call in june"))
    child.expect_exact("12,000 USD")
    answer(child, ("Enter saves", ""))
    assert ended(child) == 0
    kept = loss()
    assert (kept["prospect"], kept["amount"], kept["lost_to"]) == ("Metro Vet", "12000.00", "Canon")
    assert (kept["said"]["code"], kept["next"]["on"]) == ("price", "2027-06-01")


def test_only_what_is_unclear_is_asked_and_enter_leaves_it_open(terminal, loss):
    child = terminal("log", "Beacon", "8-10k", "price, bought from a friend of his")
    answer(child, ("How much?", "nine"), ("How much?", "9k"), ("Who got the order?", ""))
    child.expect_exact("Left open because it wasn't clear: who got the order.")
    assert ended(child) == 0
    assert (loss()["prospect"], loss()["amount"], loss()["lost_to"]) == ("Beacon", "9000.00", None)


def test_yes_asks_nothing(terminal, loss):
    child = terminal("log", "--yes", "Beacon", "8-10k", "price")
    assert ended(child) == 0
    assert loss()["amount"] is None


def test_a_question_mark_behind_a_sentence_goes_through_all_questions(terminal, loss):
    child = terminal("log")
    answer(child, ("What happened?", "Metro Vet 12 grand price"), ("Enter saves", "?"))
    answer(
        child,
        ("Who said no? (Metro Vet)", ""),
        ("How much? (12,000)", "13k"),
        ("your contact?", "."),
    )
    assert ended(child) == 0
    assert (loss()["prospect"], loss()["amount"]) == ("Metro Vet", "13000.00")
    assert loss()["said"]["code"] == "price"


def test_what_is_typed_where_enter_saves_corrects_what_was_understood(terminal, loss):
    child = terminal("log")
    answer(child, ("What happened?", "Metro Vet 2450 went with Canon"), ("Enter saves", "no Jo"))
    answer(child, ("Enter saves", "its 2450 a month for 36 months"))
    child.expect_exact("88,200 USD")
    answer(child, ("Enter saves", "y"))
    assert ended(child) == 0
    kept = loss()
    assert (kept["amount"], kept["lost_to"], kept["said"]["words"]) == (
        "88200.00",
        "Canon",
        "went with Canon",
    )
    assert kept["note"] == "Jo; its 2450 a month for 36 months"


def test_no_where_enter_saves_keeps_a_draft_alone(terminal, run):
    child = terminal("log")
    answer(child, ("What happened?", "Metro Vet 9k price"), ("Enter saves", "n"))
    child.expect_exact("Not logged.")
    assert ended(child) == 1
    assert run("list --json").json["losses"] == []
    assert run("log --draft").code == 0


def test_who_got_the_order_is_a_name(terminal, loss):
    child = terminal("log", "Beacon 8k went with the cheaper guy")
    answer(child, ("Who got the order?", "dont know, some outfit from toledo"))
    child.expect_exact("names nobody")
    answer(child, ("Who got the order?", "nobody"))
    assert ended(child) == 0
    assert (loss()["lost_to"], loss()["outcome"]) == ("nobody", "no-decision")


def test_a_way_back_in_is_no_yes(terminal, run, loss):
    run("log Acme 5k")
    child = terminal("why", "1")
    answer(child, ("Real reason", "too slow"), ("tell you?", ""), ("get back in?", "y"))
    child.expect_exact("doesn't say how")
    answer(child, ("get back in?", "no"))
    assert ended(child) == 0
    assert loss()["way_in"] == "dead"


def test_a_reason_typed_behind_done_is_the_answer_to_why(terminal, run, loss):
    run("log Acme 5k")
    child = terminal("done", "1", "our", "quote", "came", "too", "late")
    answer(child, ("tell you?", ""), ("get back in?", ""))
    assert ended(child) == 0
    assert (loss()["real"]["code"], loss()["contacts"][0]["note"]) == (
        "too-slow",
        "our quote came too late",
    )

"""The walk through the morning list, in a real terminal: one loss at a time, one key each."""

import re
import signal
import sqlite3

import pexpect
import pytest

termios = pytest.importorskip("termios", reason="Windows has no pseudo-terminals")
KEYS = "n no answer  y why  s snooze"
READLINES = re.compile(r"\x1b\[\?2004[hl]\r?")
STYLES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def walk(terminal, run):
    """Begin a walk through three losses: 1 ask why, 2 go back, 3 send card."""
    run("log Oakfield 12k budget --contact 'Ana Ruiz 555-0134'", today="2026-11-23")
    run("log Pike 3100 board --real selling", today="2026-11-20")
    run("log Acme 5k --real too-slow --also save", today="2026-11-20")

    def begin(*options, **how):
        child = terminal("due", "--walk", *options, **how)
        child.expect_exact("Press a key > ")
        return child

    return begin


def press(child, key, *answers):
    """Press a key, answer the questions; return what is shown until a key is asked for again."""
    child.send(key)
    for question, text in answers:
        child.expect_exact(question)
        child.sendline(text)
    child.expect(["Press a key > ", pexpect.EOF])
    return STYLES.sub("", child.before)


def ended(child):
    """Return the exit code, what was shown, and whether the terminal is as before the walk."""
    child.expect(pexpect.EOF)
    modes = termios.tcgetattr(child.child_fd)[3]
    child.wait()
    child.close()
    is_restored = bool(modes & termios.ECHO) and bool(modes & termios.ICANON)
    return child.exitstatus, STYLES.sub("", child.before), is_restored


def seen(child):
    """All that came to the terminal, without styles and what readline says to it."""
    return STYLES.sub("", READLINES.sub("", child.logfile_read.getvalue())).replace("\r\n", "\n")


# Questions, some with their answers.
SLOW, MUTE = ("Real reason, if they told you", "too slow"), ("Real reason, if they told you", "")
TOLD, SURE = (
    ("Did they tell you? [Y/h heard/g guess/w would not say]", ""),
    ("Did they refuse to say? [y/N]", "y"),
)
WAY, UNTIL, CAME = (
    "How could you get back in?",
    "Until when? (Enter: a day later)",
    "What came of it?",
)
NO_WAY, FRIDAY, MARK = (
    (WAY, ""),
    ("When? e.g. tuesday 10am", "friday 10am"),
    "on their calendar? [y/N]",
)
NAME, WORTH = ("Who did they refer you to?", "Bea Kim 555-0177"), "What did it sell for? (12,000)"
MEET, BACK = "Next: meet, Fri 27 Nov at 10:00.", ("What brought them back?", "the lease")


def test_the_walk_begins_with_the_first_loss_of_the_list_its_words_and_the_keys(walk):
    shown = seen(walk())
    assert shown.startswith("1 of 3 · 1 Oakfield · Ana Ruiz · 555-0134\nASK WHY, today")
    assert re.search(r"^Said +budget$", shown, re.MULTILINE)
    assert re.search(r"^Say  +.*Ana", shown, re.MULTILINE)
    assert KEYS in shown


# What is done: to which loss, by which key, with which answers; how it stands then, what is kept.
ASKED, LATER = "Next: go back, Thu 26 Nov.", "Next: ask why, Thu 26 Nov."
NOT_UNDONE, CARD = "Next: ask why, Tue 24 Nov.", "Next: send card, Wed 25 Nov."
ACTS = [
    ("1 d", [SLOW, TOLD, (WAY, "May")], ASKED, "real code too-slow, real source told, way_in May"),
    ("2 d", [("Note?", "ok")], CARD, "contacts 0 note ok"),
    ("2 d", [("Note?", "")], CARD, "contacts 0 kind save"),
    ("1 n", [], LATER, "contacts 0 kind why, contacts 0 answered False, next on 2026-11-26"),
    ("1 Y", [SLOW, TOLD, NO_WAY], ASKED, "real source told, contacts 0 kind why, next kind save"),
    ("1 y", [SLOW, (TOLD[0], "h"), NO_WAY], ASKED, "real code too-slow, real source heard"),
    ("1 y", [SLOW, (TOLD[0], "g"), NO_WAY], NOT_UNDONE, "real None, guess code too-slow"),
    ("1 y", [SLOW, (TOLD[0], "w"), NO_WAY], ASKED, "real None, guess code too-slow"),
    ("1 y", [MUTE, SURE, NO_WAY], ASKED, "real None, guess None, asked_on 2026-11-24"),
    ("2 y", [SLOW, TOLD, NO_WAY], "Next: go back, Mon 23 Nov.", "real words too slow"),
    ("1 s", [(UNTIL, "")], "Next: ask why, Wed 25 Nov.", "next kind why, next on 2026-11-25"),
    ("1 s", [(UNTIL, "2w")], "Next: ask why, Tue 8 Dec.", "next kind why, next on 2026-12-08"),
    ("1 m", [FRIDAY, (MARK, "y")], MEET, "next on 2026-11-27, next time 10:00, next marked True"),
    ("1 m", [FRIDAY, (MARK, "")], MEET, "next kind meet, next marked False"),
    ("1 c", [(CAME, "ok")], NOT_UNDONE, "contacts 0 kind touch, contacts 0 note ok, next kind why"),
    ("1 g", [NAME], NOT_UNDONE, "referrals 0 name Bea Kim, referrals 0 phone 555-0177"),
    ("1 w", [(WORTH, "9500"), BACK], "Won back Tue 24 Nov for 9,500 USD.", "won amount 9500.00"),
    ("1 w", [(WORTH, ""), BACK], "Won back Tue 24 Nov for 12,000 USD.", "won note the lease"),
    ("1 R", [], "At rest since Tue 24 Nov.", "rested_on 2026-11-24"),
]


@pytest.mark.parametrize("act", ACTS, ids=[f"{act[0]}: {act[-1]}" for act in ACTS])
def test_a_key_asks_keeps_and_says_how_the_loss_stands_and_how_many_are_left(walk, loss, act):
    (number, key), answers, stands, facts = act[0].split(), *act[1:]
    child = walk()
    if number == "2":
        press(child, " ")
    shown = " ".join(press(child, key, *answers).split())
    left = 3 if stands == NOT_UNDONE or act[0] == "2 y" else 2  # which leave the step undone
    name = {"1": "Oakfield", "2": "Pike"}[number]
    assert f"Saved {number} {name}. {stands} {left} left. u takes it back." in shown
    for fact in facts.split(", "):
        kept, path = loss(number), fact.split()
        while isinstance(kept, dict | list):
            kept, path = kept[int(path[0]) if path[0].isdigit() else path[0]], path[1:]
        assert str(kept) == " ".join(path), fact


# A key, the answer that keeps nothing to its last question, what is said to it, and answers before.
USELESS = [
    *(
        ("s", UNTIL, "yesterday", "This date has to be in the future"),
        ("s", UNTIL, "03/04", '"03/04"'),
    ),
    *(("m", "When?", "whenever", '"whenever"'), ("w", WORTH, "1.234", '"1.234"')),
    *(("g", NAME[0], "555-0177", "NAME is missing"), ("g", NAME[0], "", "")),
    *(("y", SURE[0], "", "", MUTE), ("d", SLOW[0], "<", ""), ("d", SURE[0], "n", "", MUTE)),
    *(("s", UNTIL, "<", ""), ("m", "When?", "", ""), ("m", "When?", "<", "")),
    ("m", MARK, "<", "", FRIDAY),
    *(("c", CAME, "<", ""), ("g", NAME[0], "<", ""), ("w", WORTH, "<", "")),
    *(("w", BACK[0], "<", "", (WORTH, "9k")), ("y", TOLD[0], "<", "", SLOW)),
    *(("y", SURE[0], "<", "", MUTE), ("y", WAY, "<", "", SLOW, TOLD)),
]


@pytest.mark.parametrize("useless", USELESS, ids=[f"{u[0]} {u[1]} {u[2]}" for u in USELESS])
def test_a_wrong_answer_and_a_smaller_sign_keep_nothing_and_stay_at_the_keys(walk, loss, useless):
    key, question, text, said, *answers = useless
    child, before = walk(timeout=4), loss()
    again = [(question, "<")] if said else []  # what is not understood is asked again
    press(child, key, *answers, (question, text), *again)
    assert said in seen(child)
    assert loss() == before
    assert "Saved 1 Oakfield. Next: ask why, Thu 26 Nov. 2 left." in press(child, "n")


def test_v_shows_other_words_and_stays(walk):
    child = walk()
    said = {" ".join(press(child, "v").split()) for _ in range(2)}
    assert len(said) == 2
    assert all("Say" in words and "of 3" not in words for words in said)
    assert "Saved 1" in press(child, "n")


@pytest.mark.parametrize(("on", "back"), [(" ", "b"), ("\x1b[C", "\x1b[D"), ("\x1bOC", "B")])
def test_space_and_arrows_go_on_and_back_and_keep_nothing(walk, loss, on, back):
    child, before = walk(), loss()
    assert "2 of 3 · 2 Pike" in press(child, on)
    assert "1 of 3 · 1 Oakfield" in press(child, back)
    assert "1 of 3 · 1 Oakfield" in press(child, back)
    assert loss() == before


def test_enter_alone_shows_the_keys_and_stays(walk, loss):
    child, before = walk(), loss()
    shown = press(child, "\r")
    assert KEYS in shown
    assert "of 3" not in shown
    assert loss() == before


def test_an_enter_typed_right_after_a_key_belongs_to_it(walk, loss):
    child = walk(timeout=4)
    shown = press(child, "n\r")
    assert "Saved 1" in shown
    assert "2 of 3 · 2 Pike" in shown
    child.send("c\r")
    child.expect_exact(CAME)
    child.sendline("he will look")
    child.expect_exact("Saved 2")
    assert loss(2)["contacts"][0]["note"] == "he will look"
    assert loss(3)["contacts"][1:] == []


def test_the_card_of_an_undone_step_stays_after_a_call_note_and_a_name(walk):
    child = walk()
    for key, answer in (("c", (CAME, "ok")), ("g", NAME)):
        shown = press(child, key, answer)
        assert "Saved 1" in shown
        assert "1 of 3 · 1 Oakfield" in shown
    assert "1 call, 1 referral · 3 left." in press(child, "q")


def test_a_call_note_on_a_call_is_the_call(run, terminal):
    run("log Acme 5k --also why,save,thanks,referral", today="2026-08-20")
    child = terminal("due", "--walk")
    child.expect_exact("Press a key > ")
    assert "Saved 1 Acme. Next: call, Tue 16 Feb 2027. 0 left." in press(child, "c", (CAME, "ok"))


def test_on_asking_why_one_key_is_shown_for_it(walk):
    child = walk()
    assert "d done" not in seen(child)
    assert "d done" in press(child, " ")


def test_going_back_in_the_same_breath_is_one_key(walk, loss):
    child = walk()
    shown = " ".join(press(child, "y", SLOW, TOLD, NO_WAY).split())
    assert '"If I could fix that, would you look again?" Did you ask it? a' in shown
    shown = " ".join(press(child, "a").split())
    assert "Saved 1 Oakfield. Next: send card, Fri 27 Nov. 2 left." in shown
    kept = loss()["contacts"]
    assert [(entry["kind"], entry["on"]) for entry in kept] == [
        ("why", "2026-11-24"),
        ("save", "2026-11-24"),
    ]
    assert "Undone: done 1." in press(child, "u")
    assert loss()["next"]["kind"] == "save"


def test_after_a_win_one_key_plans_the_card_and_the_name(walk, loss):
    child = walk()
    shown = press(child, "w", (WORTH, ""), BACK)
    assert "Thank them, for example:" in shown
    assert "a plans that card and a referral call in 30 days." in shown
    shown = " ".join(press(child, "a").split())
    assert "Won back Tue 24 Nov for 12,000 USD. Next: send card, Wed 25 Nov. 2 left." in shown
    assert loss()["next"]["kind"] == "thanks"
    press(child, "u")
    press(child, "u")
    assert (loss()["won"], loss()["next"]["kind"]) == (None, "why")


def test_a_customer_is_called_with_the_keys_that_are_offered(run, terminal, loss):
    run("log Acme 5k", today="2026-11-20")
    run("won 1 --also thanks", today="2026-11-23")
    child = terminal("due", "--walk")
    child.expect_exact("Press a key > ")
    assert "w won" not in seen(child)
    press(child, "c", (CAME, "board decides in June"), ("save that? [y/N]", "y"))
    assert "Saved 1 Acme. Won back Mon 23 Nov for 5,000 USD. Next: send card, Tue" in seen(child)
    assert [entry["kind"] for entry in loss()["contacts"]] == ["touch"]
    assert loss()["again"]["on"] == "2027-06-01"
    press(child, "u")
    assert loss()["again"] is None
    shown = press(child, "m", ("When? e.g. tuesday 10am", "today 23:00"), (MARK, "n"))
    assert "at 23:00. 1 left." in " ".join(shown.split())  # since that's today


def test_only_a_sale_that_is_to_be_saved_is_gone_on_with(walk, loss):
    child = walk()
    assert "Right after that" not in press(child, "y", SLOW, TOLD, (WAY, "dead"))
    before = loss()
    press(child, "a")
    assert loss() == before


def test_done_on_a_meeting_that_lies_ahead_asks(run, terminal, loss):
    run("log Acme 5k")
    run("meet 1 friday 10am")
    child, before = terminal("due", "--walk", "--days", 7), loss()
    child.expect_exact("Press a key > ")
    question = "is still ahead, on Fri 27 Nov 2026 at 10:00. Is it over already? [y/N]"
    press(child, "d", (question, ""))
    assert loss() == before
    assert "Say" not in seen(child)
    assert "Saved 1" in press(child, "d", (question, "y"), ("Note?", ""))


def test_u_takes_the_last_act_back_and_shows_that_loss_again(walk, loss):
    child, before = walk(), loss(2)
    press(child, "n")
    press(child, "n")
    assert "  Undone: no-answer 2.\r\n\r\n2 of 3 · 2 Pike" in press(child, "u")
    assert loss(2) == before
    assert len(loss(1)["contacts"]) == 1
    assert " 1 left." in press(child, "n")


def test_u_takes_back_only_what_was_done_in_this_walk(walk, run, loss):
    child = walk()
    assert "You haven't done anything in this walk yet." in press(child, "u")
    press(child, "n")
    run("touch 3 'he called me'")
    assert "Undone: no-answer 1." in press(child, "u")
    assert "You haven't done anything in this walk yet." in press(child, "u")
    assert (loss(1)["contacts"], len(loss(3)["contacts"])) == ([], 2)


def test_u_shows_a_loss_again_that_was_taken_back_elsewhere(walk, run):
    child = walk()
    press(child, "n")
    run("undo")
    assert "1 of 3 · 1 Oakfield" in press(child, "u")


@pytest.mark.parametrize("key", ["q", "\x04"], ids=["q", "Ctrl-D"])
def test_q_and_ctrl_d_end_the_walk_and_tell_what_was_done_and_what_is_left(walk, loss, key):
    child = walk()
    child.delaybeforesend = None
    press(child, "n")
    child.send(key)
    code, shown, is_restored = ended(child)
    assert "1 no answer · 2 left.\r\nWon back so far: 0 of 3 lost this year." in shown
    assert (code, is_restored, loss(2)["contacts"]) == (0, True, [])


def test_the_walk_ends_behind_the_last_loss_with_all_that_was_done(walk):
    child = walk()
    press(child, "s", (UNTIL, ""))
    press(child, "w", ("sell for?", ""), ("back?", ""))
    shown = press(child, "m", ("When?", "friday 10am"), ("calendar?", "y"))
    assert "0 left. lostsale undo: back." in shown
    assert "\r\n1 snoozed, 1 appointment, 1 won back · 0 left.\r\nWon back so far: 1 of 3" in shown
    assert ended(child)[0] == 0


@pytest.mark.parametrize("key", "x ß Ä 日 \x1b[A \x1bOP \x1b \t \x7f ?".split(" "))
def test_any_other_key_shows_the_keys_and_changes_nothing(walk, loss, key):
    child, before = walk(), loss()
    assert KEYS in press(child, key)
    assert loss() == before
    assert "Saved 1" in press(child, "n")


@pytest.mark.parametrize("key", ["\x1b[B", "ä"])
def test_a_key_typed_ahead_behind_one_without_meaning_is_not_lost(walk, key):
    child = walk(timeout=4)
    child.send(f"{key}n")
    child.expect_exact("Saved 1")


def test_what_is_typed_ahead_of_a_question_is_its_answer(walk, loss):
    child = walk()
    child.send("ndhe will look\rdnice\r")
    assert ended(child)[0] == 0
    assert loss(1)["contacts"][0]["answered"] is False
    assert loss(2)["contacts"][0]["note"] == "he will look"
    assert loss(3)["contacts"][-1]["note"] == "nice"


@pytest.mark.usefixtures("unmeasured")
@pytest.mark.parametrize("typed", ["c", "dhalf a no c", "d d"])
def test_ctrl_c_and_ctrl_d_in_a_note_keep_what_was_done_before_and_not_this(walk, loss, typed):
    child, begun = walk(), typed[:-1].strip()
    press(child, "n")
    if begun:
        child.send(begun)
        child.expect_exact(f"(Enter: none)         {begun[1:]}")
    child.sendcontrol(typed[-1])
    code, shown, is_restored = ended(child)
    assert (code, is_restored) == (130, True)
    assert (len(loss(1)["contacts"]), loss(2)["contacts"]) == (1, [])
    assert "1 no answer · 2 left.\r\n" in shown
    assert shown.endswith("lostsale: Interrupted. What you did before that is saved.\r\n")


@pytest.mark.parametrize("typed", ["", "dhalf a no"])
def test_a_terminal_that_is_closed_keeps_what_was_done_and_not_what_was_begun(
    walk, run, loss, typed
):
    child = walk()
    press(child, "n")
    child.send(typed)
    if typed:
        child.expect_exact("half a no")
    child.ptyproc.delayafterclose = 1
    child.close()
    assert child.exitstatus == 128 + signal.SIGHUP
    assert (len(loss(1)["contacts"]), loss(2)["contacts"]) == (1, [])
    assert run("verify --json").json["verify"]["ok"] is True


def test_a_loss_that_was_seen_to_elsewhere_is_passed_over_and_said_so(walk, run, loss):
    child = walk()
    run("won 2")
    assert "2 was already taken care of elsewhere.\r\n\r\n3 of 3 · 3 Acme" in press(child, "n")
    assert loss(2)["contacts"] == []


def test_a_loss_that_was_seen_to_elsewhere_is_not_left_to_do(walk, run):
    child = walk()
    run("won 2")
    press(child, "n")
    assert "1 no answer · 1 left." in press(child, "q")


def test_b_goes_past_a_loss_that_was_seen_to_elsewhere(walk, run):
    child = walk()
    press(child, " ")
    press(child, " ")
    run("won 2")
    assert "1 of 3 · 1 Oakfield" in press(child, "b")


def test_a_call_note_is_kept_whatever_others_did_meanwhile(walk, run, loss):
    child = walk()
    run("why 1 too slow")
    assert "Saved 1" in press(child, "c", (CAME, "precious"))
    assert loss(1)["contacts"][-1]["note"] == "precious"


def test_what_does_not_fit_any_more_is_said_not_to_be_kept_and_the_card_is_shown_anew(walk, run):
    child = walk()
    run("why 1 too slow")
    shown = press(child, "s", (UNTIL, "2w"))
    assert "1 changed in the meantime, so this wasn't saved." in shown
    assert "GO BACK" in shown


def test_what_is_pasted_at_the_keys_does_nothing(walk, loss):
    child, before = walk(), [loss(number) for number in (1, 2, 3)]
    press(child, "\x1b[200~r\rr\rn\x1b[201~")
    assert [loss(number) for number in (1, 2, 3)] == before
    assert "Saved 1" in press(child, "n")


def test_what_is_pasted_at_a_question_is_one_answer(walk, loss):
    child = walk()
    assert "Saved 1" in press(child, "c", (CAME, "\x1b[200~line one\rr\rr\rline two\x1b[201~"))
    assert loss(1)["contacts"][-1]["note"] == "line one r r line two"
    assert [loss(number)["rested_on"] for number in (1, 2, 3)] == [None] * 3


def test_how_a_question_is_left_is_said_once(walk):
    child = walk()
    hint = "(< goes back to the keys)"
    assert hint not in press(child, "n")
    press(child, "c", (CAME, "<"))
    press(child, "c", (CAME, "<"))
    assert seen(child).count(hint) == 1


ELSEWHERE = [("why 1 too slow", "n"), ("why 1 too slow", "s", (UNTIL, "2w")), ("won 1 9k", "n")]


@pytest.mark.parametrize("done", ELSEWHERE, ids=[" ".join(done[:2]) for done in ELSEWHERE])
def test_a_key_does_nothing_to_a_loss_that_was_seen_to_elsewhere_while_it_was_shown(
    walk, run, loss, done
):
    child = walk()
    run(done[0])
    before = loss()
    press(child, *done[1:])
    assert loss() == before


@pytest.mark.slow
def test_an_act_is_tried_again_while_another_program_holds_the_journal(walk, db, loss):
    child = walk(timeout=20)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    child.send("c")
    child.expect_exact(CAME)
    child.sendline("precious")
    child.expect_exact("Another program is using the journal. Try again? [Y/n]")
    other.close()
    child.sendline("")
    child.expect_exact("Saved 1")
    assert [entry["note"] for entry in loss(1)["contacts"]] == ["precious"]


@pytest.mark.slow
def test_what_can_not_be_taken_back_now_is_said_and_the_walk_stays(walk, db, loss):
    child = walk(timeout=20)
    press(child, "n")
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "Another program is using the journal." in press(child, "u")
    other.close()
    assert "Undone: no-answer 1." in press(child, "u")
    assert loss(1)["contacts"] == []


@pytest.mark.slow
@pytest.mark.usefixtures("unmeasured")
def test_ctrl_c_while_the_journal_is_locked_is_still_an_interruption(walk, db):
    child = walk(timeout=20)
    other = sqlite3.connect(db, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    child.sendcontrol("c")
    assert ended(child)[0] == 130
    other.close()


HOSTILE = "x\x1b[2J\x1b]0;evil\x07\x9b2J\u202ey\x85\u2028[red]z"
SHOWN = r"x\u{1b}[2J\u{1b}]0;evil\u{7}\u{9b}2J\u{202e}y\u{85}\u{2028}[red]z"


def test_only_plain_lines_come_to_the_terminal_whatever_the_texts_hold(run, terminal, loss):
    texts = "product guess way-in lost-to note".split()
    options = [part for name in texts for part in (f"--{name}", f"other: {HOSTILE}")]
    run(["config", "name", HOSTILE])
    who = [HOSTILE, "1k", "--said", HOSTILE, "--contact", f"{HOSTILE} 555-0134"]
    run(["log", *who, *options], today="2026-11-20")
    run(["touch", "1", HOSTILE])
    run(["meet", "1", "today", "10am", "--where", HOSTILE])
    child = terminal("due", "--walk", columns=1000)
    child.expect_exact("Press a key > ")
    press(child, "v")
    # Ctrl-V takes the key behind it as a letter.
    press(child, "s", (UNTIL, "\x16\x1b[2J"), (UNTIL, "<"))
    press(child, "c", (CAME, "a\x16\x1b[2Jz"))
    assert loss()["contacts"][-1]["note"] == "a\x1b[2Jz"
    assert seen(child).count(SHOWN) >= 9
    assert {c for c in seen(child) if not c.isprintable()} == {"\n"}


@pytest.mark.parametrize("columns", [80, 60])
def test_no_line_is_wider_than_the_terminal(terminal, run, columns):
    long = "a long story of many words about what they told me and why "
    options = f"--product '{long}' --note '{long * 5}' --contact 'Ana Maria Ruiz {'de ' * 20}'"
    run(f"log '{long}' 12k budget {long} --guess 'price {long}' {options}", today="2026-11-20")
    run(f"meet 1 today 10am --where '{long}'")
    run("log Acme 12k", today="2026-11-20")
    child = terminal("due", "--walk", columns=columns)
    child.expect_exact("Press a key > ")
    for key in ("v", "x", "\r", "b", "n"):
        press(child, key)
    press(child, "s", ("Until when?", "whenever"), ("Until when?", "<"))
    press(child, "y", SLOW, TOLD, NO_WAY)
    child.expect(pexpect.EOF)
    widest = max(map(len, seen(child).split("\n")))
    assert columns - 15 < widest <= columns


def test_off_a_terminal_the_walk_is_refused(run, refuses):
    run("log Acme", today="2026-11-20")
    assert "--walk needs a terminal" in refuses("due --walk", 2)


@pytest.mark.parametrize("option", ["--json", "--count"])
def test_the_walk_goes_with_neither_json_nor_count(terminal, option):
    code, shown, _ = ended(terminal("due", "--walk", option))
    assert "can't be combined" in shown
    assert (code, shown.count("\n")) == (2, 1)


def test_with_nothing_due_the_walk_says_when_the_next_is(terminal, run):
    run("log Acme")
    shown = "Nothing due. The next is on Wed 25 Nov.\r\n"
    assert ended(terminal("due", "--walk"))[:2] == (0, shown)


CHOICES = {"kind thanks": "1 of 1 · 3 Acme", "cold": "1 of 1 · 4 Old", "days 1": "1 of 4 · 5 New"}


@pytest.mark.parametrize("options", CHOICES)
def test_the_walk_goes_through_what_the_options_choose(walk, run, options):
    run("log Old 1k", today="2026-11-02")
    run("log New 99k")
    assert seen(walk(*f"--{options}".split())).startswith(CHOICES[options])

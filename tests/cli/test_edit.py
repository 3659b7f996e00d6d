"""`edit`: what is kept about a loss is put right."""

import sys

import pexpect
import pytest

from test_questions import answer, ended

FULL = (
    "log Acme 12k --product lathe --said 'price: too dear' --guess 'product-gap: no app'"
    " --real 'too-slow: late' --contact 'Ana Ruiz 555-0134 a@b.c' --way-in 'a lease'"
    " --signal silence --lost-to Kyolab --outcome cancelled --weakness company"
    " --lesson 'call first' --note 'met twice' --on 2026-11-19"
)
# What each option makes of a loss of which only the name and the day are known.
SETS = [
    ("--prospect 'Brandt & Sons'", {"prospect": "Brandt & Sons"}),
    ("--amount 11k", {"amount": "11000.00", "currency": "USD"}),
    ("--amount 9500.50EUR", {"amount": "9500.50", "currency": "EUR"}),
    ("--on 2026-11-20", {"lost_on": "2026-11-20"}),
    (
        "--contact 'Ana Ruiz 555-0134 a@b.c'",
        {"contact": "Ana Ruiz", "phone": "555-0134", "email": "a@b.c"},
    ),
    ("--product lathe", {"product": "lathe"}),
    ("--said 'budget: frozen'", {"said": {"code": "budget", "words": "frozen", "suggested": []}}),
    (
        "--said 'the board met'",
        {"said": {"code": "board", "words": "the board met", "suggested": []}},
    ),
    (
        "--guess 'too dear'",
        {
            "guess": {"code": "price-value", "words": "too dear", "suggested": []},
            "weakness": "competitive",
        },
    ),
    ("--way-in 'a lease'", {"way_in": "a lease"}),
    ("--signal silence --signal 'No Show'", {"signals": ["silence", "no-show"]}),
    ("--signal delay --signal delay", {"signals": ["delay"]}),
    ("--lost-to Kyolab", {"lost_to": "Kyolab", "outcome": "competitor"}),
    ("--lost-to 'no one'", {"lost_to": "nobody", "outcome": "no-decision"}),
    ("--outcome cancelled", {"outcome": "cancelled"}),
    ("--weakness personal", {"weakness": "personal"}),
    ("--lesson 'ask who signs'", {"lesson": "ask who signs"}),
]
# What clearing each field takes from a loss of which all is known.
CLEARS = [
    ("--amount ''", {"amount": None, "currency": None}),
    ("--contact ''", {"contact": None, "phone": None, "email": None}),
    ("--product ''", {"product": None}),
    ("--product '  '", {"product": None}),
    ("--said ''", {"said": None}),
    ("--real ''", {"real": None, "asked_on": None}),
    ("--heard ''", {"real": None, "asked_on": None}),
    ("--guess ''", {"guess": None}),
    ("--way-in ''", {"way_in": None}),
    ("--signal ''", {"signals": []}),
    ("--lost-to ''", {"lost_to": None}),
    ("--outcome ''", {"outcome": "competitor"}),
    ("--weakness ''", {"weakness": "personal"}),
    ("--lesson ''", {"lesson": None}),
    ("--note ''", {"note": None}),
]
# Each says what a full loss says already.
SAME = [
    "--prospect Acme",
    "--amount 12,000.00",
    "--on 2026-11-19",
    "--contact 555-0134",
    "--contact 'Ana Ruiz 555-0134 a@b.c'",
    "--product lathe",
    "--said 'price: too dear'",
    "--real 'too-slow: late'",
    "--guess 'product-gap: no app'",
    "--way-in 'a lease'",
    "--signal silence",
    "--lost-to Kyolab",
    "--outcome cancelled",
    "--weakness company",
    "--lesson 'call first'",
]


def changed(before, after):
    """The fields of a loss that differ, with what they hold now; of a cleared truth without the
    step, which is to ask for it again, and of a buyer who backed out, which is to go back."""
    found = {field: value for field, value in after.items() if value != before[field]}
    if after["outcome"] == "cancelled":
        assert after["next"]["kind"] == "save"
        found.pop("next", None)
    elif before["real"] and not after["real"]:
        assert found.pop("next")["kind"] == "why"
    return found


@pytest.mark.parametrize(("options", "fields"), SETS)
def test_an_option_sets_its_field_and_leaves_all_others(run, loss, options, fields):
    run("log Acme --on 2026-11-19")
    before = loss()
    run(f"edit 1 {options}")
    assert changed(before, loss()) == fields


@pytest.mark.parametrize(("options", "fields"), CLEARS)
def test_an_empty_text_clears_its_field_and_leaves_all_others(run, loss, options, fields):
    run(FULL)
    before = loss()
    run(f"edit 1 {options}")
    assert changed(before, loss()) == fields


def test_several_options_are_one_change(run, loss):
    run(FULL)
    before = loss()
    run("edit 1 --amount 11k --product '' --lesson 'ask who signs' --note hello")
    assert set(changed(before, loss())) == {"amount", "product", "lesson", "contacts"}
    run("undo")
    assert loss() == before


def test_the_answer_is_the_loss_as_it_is_now(run):
    run("log Acme 12k budget")
    assert run("edit 1 --amount 11k --product lathe").lines == [
        "1  Acme · lathe · 11,000 USD · lost Tue 24 Nov 2026",
        "      said budget",
        "      Next: ask why, Wed 25 Nov.",
    ]


@pytest.mark.parametrize(
    ("contact", "name", "email", "phone"),
    [
        ("555-0199", "Ana Ruiz", "a@b.c", "555-0199"),
        ("'Bob Stern'", "Bob Stern", "a@b.c", "555-0134"),
        ("x@y.z", "Ana Ruiz", "x@y.z", "555-0134"),
        ("'Bob Stern 555-0199'", "Bob Stern", "a@b.c", "555-0199"),
    ],
)
def test_of_a_contact_only_the_parts_given_change(run, loss, contact, name, email, phone):
    run("log Acme --contact 'Ana Ruiz 555-0134 a@b.c'")
    run(f"edit 1 --contact {contact}")
    assert (loss()["contact"], loss()["email"], loss()["phone"]) == (name, email, phone)


def test_signals_take_the_place_of_those_that_were_there(run, loss):
    run("log Acme --signal silence --signal budget")
    run("edit 1 --signal delay --signal budget")
    assert loss()["signals"] == ["delay", "budget"]


def test_what_they_said_may_come_from_stdin(run, loss, monkeypatch, tmp_path):
    run("log Acme")
    words = tmp_path / "words"
    words.write_text("budget: frozen\nuntil May\n")
    with words.open() as file:
        monkeypatch.setattr(sys, "stdin", file)
        run("edit 1 --said -")
    assert loss()["said"] == {"code": "budget", "words": "frozen\nuntil May", "suggested": []}


# Notes


def test_a_note_is_an_entry_of_today(run, loss):
    run("log Acme --note 'met twice'", today="2026-11-20")
    run("edit 1 --note 'the partner is ill'")
    (entry,) = loss()["contacts"]
    assert {**entry, "uid": None} == {
        "uid": None,
        "kind": "note",
        "on": "2026-11-24",
        "answered": None,
        "marked": None,
        "note": "the partner is ill",
    }
    assert loss()["note"] == "met twice"


def test_notes_add_up(run, loss):
    run("log Acme")
    run("edit 1 --note first")
    run("edit 1 --note second")
    assert [entry["note"] for entry in loss()["contacts"]] == ["first", "second"]


def test_a_note_is_no_attempt_and_leaves_the_step(run, loss):
    run("log Acme")
    before = loss()["next"]
    run("edit 1 --note 'save: not yet'")
    assert loss()["next"] == before
    stats = run("stats all --json").json["stats"]
    assert (stats["tried"], stats["attempts"], stats["asked"]) == (0, 0, 0)


def test_clearing_the_note_leaves_the_entries(run, loss):
    run("log Acme --note 'met twice'")
    run("edit 1 --note hello")
    run("edit 1 --note ''")
    assert (loss()["note"], [entry["note"] for entry in loss()["contacts"]]) == (None, ["hello"])


# The day of the loss


def test_the_day_moves_and_the_step_keeps_its_own(run, loss):
    run("log Acme")
    before = loss()
    run("edit 1 --on friday")
    assert changed(before, loss()) == {"lost_on": "2026-11-20"}


def test_what_was_noted_for_the_day_itself_goes_along_when_it_moves_later(run, loss):
    run("log Acme --on 2026-11-19 --real 'too-slow: late' --also thanks")
    run("edit 1 --on 2026-11-21")
    kept = loss()
    assert (kept["lost_on"], kept["asked_on"]) == ("2026-11-21", "2026-11-21")
    assert kept["real"]["on"] == "2026-11-21"
    assert [(entry["kind"], entry["on"]) for entry in kept["contacts"]] == [
        ("thanks", "2026-11-21")
    ]


def test_what_was_done_later_keeps_its_day(run, loss):
    run("log Acme --on 2026-11-19")
    run("why 1 too-slow --on 2026-11-21")
    run("touch 1 hello --on 2026-11-23")
    before = loss()
    run("edit 1 --on 2026-11-21")
    assert changed(before, loss()) == {"lost_on": "2026-11-21"}


def test_what_was_done_keeps_its_day_when_the_loss_moves_earlier(run, loss):
    run("log Acme --on 2026-11-19 --also thanks --real too-slow")
    before = loss()
    run("edit 1 --on 2026-11-16")
    assert changed(before, loss()) == {"lost_on": "2026-11-16"}


@pytest.mark.parametrize(
    "done",
    [
        "touch 1 hello --on 2026-11-20",
        "why 1 too-slow --on 2026-11-20",
        "why 1 --would-not-say --on 2026-11-20",
        "referral 1 Bea Kim --on 2026-11-20",
        "won 1 --on 2026-11-20",
        "move-on 1 --on 2026-11-20",
    ],
)
def test_a_loss_does_not_move_behind_what_was_done_about_it(run, refuses, done):
    run("log Acme --on 2026-11-19")
    run(done)
    assert "done about it on 2026-11-20, before 2026-11-21" in refuses("edit 1 --on 2026-11-21", 2)


# The real reason


@pytest.mark.parametrize(("option", "source"), [("--real", "told"), ("--heard", "heard")])
def test_a_reason_put_right_keeps_the_day_since_which_it_is_known(run, loss, option, source):
    run("log Acme --guess selling --on 2026-11-16")
    run("why 1 --heard 'too-slow: late' --on 2026-11-19")
    run(f"edit 1 {option} 'no-access: the boss signs'")
    assert loss()["real"] == {
        "code": "no-access",
        "words": "the boss signs",
        "suggested": [],
        "source": source,
        "on": "2026-11-19",
    }
    assert loss()["asked_on"] == "2026-11-19"
    assert loss()["guess"] == {"code": "selling", "words": None, "suggested": []}


@pytest.mark.parametrize("asked", ["show 1", "why 1 --would-not-say --on 2026-11-19"])
def test_a_reason_that_nobody_knew_is_known_since_today(run, loss, asked):
    run("log Acme --on 2026-11-16")
    run(asked)
    run("edit 1 --real too-slow")
    assert (loss()["real"]["on"], loss()["asked_on"]) == ("2026-11-24", "2026-11-24")


def test_a_refusal_to_say_can_be_taken_back(run, loss):
    run("log Acme --on 2026-11-16")
    run("why 1 --would-not-say")
    run("edit 1 --real ''")
    assert loss()["asked_on"] is None


# The step


@pytest.mark.parametrize("option", ["--real too-slow", "--heard too-slow"])
def test_who_knows_the_reason_need_not_ask_for_it(run, loss, option):
    run("log Acme")
    run(f"edit 1 {option}")
    assert loss()["next"] == {**loss()["next"], "kind": "save", "on": "2026-11-27"}
    assert loss()["next"]["plan_step"] == "save"


def test_a_guess_leaves_the_question_open(run, loss):
    run("log Acme")
    run("edit 1 --guess too-slow")
    assert loss()["next"]["kind"] == "why"


@pytest.mark.parametrize("dead", ["dead", "Dead"])
def test_a_dead_way_in_gives_up_an_open_going_back(run, loss, dead):
    run("log Acme --real too-slow")
    run(f"edit 1 --way-in {dead}")
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("thanks", "2026-11-30")


def test_the_next_step_falls_on_a_day_that_is_still_to_come(run, loss):
    run("log Acme", today="2026-11-02")
    run("edit 1 --real too-slow")
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("save", "2026-11-26")


def test_an_appointment_stays_in_front_of_a_plan_that_moves_on(run, loss):
    run("log Acme")
    run("meet 1 tomorrow 10am --marked")
    before = loss()["next"]
    run("edit 1 --real too-slow --way-in dead")
    assert loss()["next"] == {**before, "plan_step": "thanks"}


@pytest.mark.parametrize(
    "options",
    [
        *(
            options
            for options, _ in SETS
            if not options.startswith(("--way-in", "--on", "--outcome"))
        ),
        "--on 2026-11-09",
        "--note hello",
    ],
)
def test_another_edit_leaves_a_late_step_and_its_tries(run, loss, options):
    run("log Acme", today="2026-11-10")
    run("no-answer 1", today="2026-11-11")
    run("no-answer 1", today="2026-11-13")
    before = loss()["next"]
    run(f"edit 1 {options}")
    assert loss()["next"] == before
    run("no-answer 1")  # the third in a row
    assert loss()["next"]["kind"] == "save"


# Wins and mistakes


def test_a_win_is_taken_back_and_the_plans_step_is_open_again(run, loss):
    run("log Acme 12k")
    before = loss()
    run("won 1 9500 --note 'the lease did it'")
    run("edit 1 --not-won")
    assert loss() == before


@pytest.mark.parametrize("known", ["why 1 too-slow", "edit 1 --real too-slow"])
def test_a_reason_known_by_now_is_not_asked_for_when_a_win_is_taken_back(run, loss, known):
    run("log Acme")
    run("won 1")
    run(known)
    run("edit 1 --not-won")
    assert loss()["next"]["kind"] == "save"


def test_a_win_taken_back_counts_no_more(run):
    run("log Acme 12k")
    run("won 1")
    run("edit 1 --not-won")
    stats = run("stats all --json").json["stats"]
    assert (stats["lost"], stats["won_back"], stats["won_in_period"]) == (1, 0, 0)
    assert run("list --won").lines == ["No loss matches."]


def test_a_win_of_a_loss_at_rest_leaves_it_at_rest_when_taken_back(run, loss):
    run("log Acme 12k")
    run("move-on 1")
    before = loss()
    run("won 1")
    run("edit 1 --not-won")
    assert loss() == before


@pytest.mark.parametrize("state", ["show 1", "move-on 1", "edit 1 --outcome mistake"])
def test_no_win_can_not_be_taken_back(run, refuses, state):
    run("log Acme")
    run(state)
    assert "1 hasn't been won back" in refuses("edit 1 --not-won --product lathe", 1)


@pytest.fixture
def numbers(run):
    """All that is counted, listed and due."""
    return lambda: [
        run("stats all --json").json,
        run("list --json").json,
        run("due --days 9 --json").json,
        run("reasons --json").json,
        run("").out,
    ]


def test_a_mistake_is_left_out_of_every_number(run, numbers):
    run("log Brandt 12k budget --real too-slow --lost-to Kyolab")
    run("touch 1 hello")
    without = numbers()
    run("log Acme 5k price --guess selling --signal silence --lost-to Ostra --also thanks")
    run("referral 2 Bea Kim 555-0177")
    assert numbers() != without
    run("edit 2 --outcome mistake")
    after = numbers()
    assert after[0]["stats"].pop("mistakes") == 1
    assert without[0]["stats"].pop("mistakes") == 0
    assert after == without


def test_a_mistake_needs_nothing_any_more(run, loss, refuses):
    run("log Acme")
    run("edit 1 --outcome mistake")
    assert loss()["next"] is None
    assert "1 is marked as a mistake" in refuses("done 1", 1)


def test_a_mistake_that_was_none_is_brought_back(run, numbers):
    run("log Acme 5k price --guess selling --signal silence --lost-to Ostra --also thanks")
    before = numbers()
    run("edit 1 --outcome mistake")
    run("edit 1 --outcome ''")
    assert numbers() == before


def test_a_mistake_that_was_won_is_no_win(run):
    run("log Acme 5k")
    run("won 1")
    run("edit 1 --outcome mistake")
    stats = run("stats all --json").json["stats"]
    assert (stats["lost"], stats["won_back"], stats["won_in_period"]) == (0, 0, 0)


def test_a_mistake_says_that_it_counts_nowhere(run):
    run("log Acme")
    assert run("edit 1 --outcome mistake").lines[-1] == "      A mistake, so it isn't counted."


@pytest.mark.parametrize("close", ["won 1 9500", "move-on 1", "edit 1 --outcome mistake"])
@pytest.mark.parametrize(("options", "fields"), [each for each in SETS if "outcome" not in each[1]])
def test_a_closed_loss_is_put_right_and_stays_closed(run, loss, close, options, fields):
    run("log Acme 3kGBP --on 2026-11-19")
    run(close)
    before = loss()
    run(f"edit 1 {options}")
    assert changed(before, loss()) == fields


def test_a_closed_loss_has_no_step_when_its_reason_becomes_known(run, loss):
    run("log Acme")
    run("move-on 1")
    run("edit 1 --real too-slow --way-in dead")
    assert (loss()["next"], loss()["rested_on"]) == (None, "2026-11-24")


def test_a_win_without_an_amount_of_its_own_is_worth_what_was_lost(run, loss):
    run("log Acme 12k")
    run("won 1")
    run("edit 1 --amount 11kEUR")
    assert (loss()["won"]["amount"], loss()["won"]["currency"]) == ("11000.00", "EUR")


# Taking back, and what changes nothing


@pytest.mark.parametrize(
    "options",
    [
        *(options for options, _ in (*SETS, *CLEARS) if options not in SAME),
        *("--real 'no-access: x'", "--heard 'too-slow: late'", "--outcome mistake", "--not-won"),
        "--note hello",
    ],
)
def test_undo_restores_the_loss_to_the_letter(run, options):
    run(FULL)
    run("won 1 9500 --note 'the lease did it'")
    before = run("show 1 --json").out
    run(f"edit 1 {options}")
    assert run("show 1 --json").out != before
    assert run("undo --json").json["undone"][0]["losses"] == [1]
    assert run("show 1 --json").out == before


@pytest.mark.parametrize("options", SAME)
def test_an_edit_that_changes_nothing_is_no_change(run, db, options):
    run(FULL)
    before = db.read_bytes()
    run(f"edit 1 {options}")
    assert db.read_bytes() == before
    assert run("undo --json").json["undone"][0]["command"] == "log"


@pytest.mark.parametrize(("options", "_"), CLEARS)
def test_clearing_what_is_empty_is_no_change(run, db, options, _):
    run("log Acme")
    before = db.read_bytes()
    run(f"edit 1 {options}")
    assert db.read_bytes() == before


# What is refused


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("edit", 2, "REF is missing"),
        ("edit 1", 2, "You didn't say what to change"),
        ("edit 1 --json", 2, "You didn't say what to change"),
        ("edit 1 --prospect ''", 2, "A loss needs a name"),
        ("edit 1 --prospect '  '", 2, "A loss needs a name"),
        ("edit 1 --amount twelve", 2, 'I can\'t read "twelve" as an amount'),
        ("edit 1 --on tomorrow", 2, "This date has to be"),
        ("edit 1 --on ''", 2, "WHEN is missing"),
        ("edit 1 --real too-slow --heard price-value", 2, "twice"),
        ("edit 1 --signal price-value", 2, 'There\'s no signal "price-value"'),
        ("edit 1 --outcome canceled", 2, "Did you mean cancelled"),
        ("edit 1 --weakness personel", 2, "Did you mean personal"),
        ("edit 1 --product --lesson", 2, "--lesson is where some words should be"),
        ("edit 1 --product lathe --lesson x --outcome canceled", 2, "Did you mean cancelled"),
        ("edit 1 --product lathe --on tomorrow", 2, "This date has to be"),
        ("edit 1 --lession x", 2, "--lesson"),
        ("edit 1 lathe", 1, ""),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(run, refuses, db, line, code, what):
    run(FULL)
    if "--json" in line:
        before = db.read_bytes()
        assert what in run(line, code=code).json["error"]["message"]
        assert db.read_bytes() == before
    else:
        assert what in refuses(line, code)


# The questions, in a pseudo-terminal

QUESTIONS = [
    ("Who said no? (Acme)", "prospect"),
    ("How much? (12,000)", "amount"),
    ("Who's your contact? (Ana Ruiz 555-0134 a@b.c)", "contact"),
    ("What did they say? (price: too dear)", "said"),
    ("Real reason, if they told you? (too-slow: late)", "real"),
    ("Your guess? (product-gap: no app)", "guess"),
    ("How could you get back in? (a lease)", "way_in"),
    ("Who got the order? (Kyolab)", "lost_to"),
]


def test_every_question_shows_what_is_there_and_enter_keeps_it(terminal, run, db):
    run(FULL)
    before = db.read_bytes()
    child = terminal("edit", "1")
    child.expect_exact("Enter keeps · - clears · < back · . saves now · Ctrl-C saves nothing")
    answer(child, *((question, "") for question, _ in QUESTIONS))
    child.expect_exact("1  Acme, Ana Ruiz · lathe · 12,000 USD · lost Thu 19 Nov 2026")
    assert ended(child) == 0
    assert db.read_bytes() == before


def test_nothing_stands_in_brackets_where_nothing_is_there(terminal, run):
    run("log Acme")
    child = terminal("edit", "1")
    answer(child, ("Who said no? (Acme)", ""), ("How much?  ", ""), ("Who's your contact?  ", ""))
    answer(child, ("What did they say?  ", ""), ("Real reason, if they told you? ", ""))
    answer(child, ("Your guess?  ", ""), ("How could you get back in? ", ""))
    answer(child, ("Who got the order?  ", ""))
    assert ended(child) == 0


@pytest.mark.parametrize(
    ("place", "text", "fields"),
    [
        (0, "Brandt", {"prospect": "Brandt"}),
        (1, "11kEUR", {"amount": "11000.00", "currency": "EUR"}),
        (2, "555-0199", {"phone": "555-0199"}),
        (3, "board: in May", {"said": {"code": "board", "words": "in May", "suggested": []}}),
        (5, "selling", {"guess": {"code": "selling", "words": None, "suggested": []}}),
        (6, "a pilot", {"way_in": "a pilot"}),
        (7, "nobody", {"lost_to": "nobody"}),
        (1, "-", {"amount": None, "currency": None}),
        (2, "-", {"contact": None, "phone": None, "email": None}),
        (3, "-", {"said": None}),
        (4, "-", {"real": None, "asked_on": None}),
        (5, "-", {"guess": None}),
        (6, "-", {"way_in": None}),
        (7, "-", {"lost_to": None}),
    ],
)
def test_an_answer_changes_its_field_alone_and_a_dash_clears_it(
    terminal, run, loss, place, text, fields
):
    run(FULL)
    before = loss()
    child = terminal("edit", "1")
    answer(child, *((question, "") for question, _ in QUESTIONS[:place]))
    answer(child, (QUESTIONS[place][0], text))
    if place < len(QUESTIONS) - 1:
        child.expect_exact("? (")
        child.sendline(".")
    assert ended(child) == 0
    assert changed(before, loss()) == fields


def test_a_reason_told_is_put_right_and_keeps_its_day(terminal, run, loss):
    run(FULL)
    child = terminal("edit", "1")
    answer(child, *((question, "") for question, _ in QUESTIONS[:4]))
    answer(child, ("Real reason, if they told you", "the boss signs"))
    child.expect_exact("= no-access")
    answer(child, ("How could you get back in?", "."))
    assert ended(child) == 0
    assert loss()["real"] == {
        "code": "no-access",
        "words": "the boss signs",
        "suggested": [],
        "source": "told",
        "on": "2026-11-19",
    }


def test_the_name_can_not_be_cleared(terminal, run, loss):
    run(FULL)
    child = terminal("edit", "1")
    answer(child, ("Who said no?", "-"), ("A loss needs a name", ""), ("How much?", "."))
    assert ended(child) == 0
    assert loss()["prospect"] == "Acme"


def test_back_asks_the_last_question_again_and_enter_keeps_the_new_answer(terminal, run, loss):
    run(FULL)
    child = terminal("edit", "1")
    answer(child, ("(Acme)", "Brandt"), ("How much? (12,000)", "11k"), ("Who's your contact?", "<"))
    answer(child, ("How much? (11k)", "<"), ("Who said no? (Brandt)", ""), ("(11k)", ""))
    answer(child, ("Who's your contact?", "."))
    assert ended(child) == 0
    assert (loss()["prospect"], loss()["amount"]) == ("Brandt", "11000.00")


def test_back_to_what_was_only_kept_keeps_it_still(terminal, run, db):
    run(FULL)
    before = db.read_bytes()
    child = terminal("edit", "1")
    answer(child, ("Who said no?", ""), ("How much?", ""), ("Who's your contact?", "<"))
    answer(child, ("How much? (12,000)", ""), ("Who's your contact?", "."))
    assert ended(child) == 0
    assert db.read_bytes() == before


def test_a_dot_at_once_changes_nothing(terminal, run, db):
    run(FULL)
    before = db.read_bytes()
    child = terminal("edit", "1")
    answer(child, ("Who said no?", "."))
    assert ended(child) == 0
    assert db.read_bytes() == before


@pytest.mark.parametrize("key", ["c", "d"])
def test_ctrl_c_and_ctrl_d_change_nothing(terminal, run, db, key):
    run(FULL)
    before = db.read_bytes()
    child = terminal("edit", "1")
    answer(child, ("Who said no?", "Brandt"), ("How much?", "-"))
    child.expect_exact("Who's your contact?")
    for _ in range(9):  # what comes in the moment between the question and input() is lost
        child.sendcontrol(key)
        if not child.expect_exact(["Interrupted. Nothing was changed.", pexpect.TIMEOUT], 1):
            break
    assert ended(child) == 130
    assert db.read_bytes() == before


def test_a_wrong_answer_is_explained_and_asked_again(terminal, run, loss):
    run(FULL)
    child = terminal("edit", "1")
    answer(child, ("Who said no?", ""), ("How much?", "1.234"), ("is ambiguous", "11k"))
    answer(child, ("Who's your contact?", "."))
    assert ended(child) == 0
    assert loss()["amount"] == "11000.00"


def test_an_option_on_a_terminal_asks_nothing(terminal, run, loss):
    run(FULL)
    child = terminal("edit", "1", "--product", "")
    child.expect(pexpect.EOF)
    assert "Enter keeps" not in child.before
    assert loss()["product"] is None


AMOUNTS = [  # settings, what was typed, how it is shown, what is kept
    ("currency EUR|decimal ,", "1.234.567,25", "1.234.567,25", "1234567.25"),
    ("currency EUR|decimal ,", "12000", "12.000", "12000.00"),
    ("currency EUR|decimal ,", "1.234,567KWD", "1.234,567 KWD", "1234.567"),
    ("decimal .", "1234.567KWD", "1,234.567 KWD", "1234.567"),
    ("currency JPY", "123456", "123,456", "123456"),
    ("decimal ,", "123456JPY", "123.456 JPY", "123456"),
    ("portion 9", "0.05", "0.05", "0.05"),
]


@pytest.mark.parametrize(
    ("settings", "typed", "seen", "kept"),
    # Typed anew, this one would be ambiguous.
    [*AMOUNTS, ("currency KWD", "5.5", "5.500", "5.500")],
)
def test_an_amount_is_shown_in_the_users_style_and_kept_to_the_unit(
    terminal, run, db, loss, settings, typed, seen, kept
):
    for setting in settings.split("|"):
        run(f"config {setting}")
    run(f"log Acme '{typed}'")
    before = db.read_bytes()
    child = terminal("edit", "1")
    answer(child, ("Who said no?", ""), (f"How much? ({seen})", ""), ("Who's your contact?", "."))
    assert ended(child) == 0
    assert db.read_bytes() == before
    assert loss()["amount"] == kept


@pytest.mark.parametrize(("settings", "typed", "seen", "kept"), AMOUNTS)
def test_an_amount_as_it_is_shown_is_understood(run, loss, settings, typed, seen, kept):
    for setting in settings.split("|"):
        run(f"config {setting}")
    run(f"log Acme '{typed}'")
    before = loss()
    run(f"edit 1 --amount '{seen}'")
    assert loss() == before
    assert loss()["amount"] == kept


def test_a_reason_heard_stays_heard_when_its_words_are_put_right_at_the_question(
    terminal, run, loss
):
    run("log Acme --heard 'relationship: his brother'")
    child = terminal("edit", "1")
    answer(child, ("Who said no?", ""), ("How much?", ""), ("your contact?", ""), ("What did", ""))
    answer(
        child,
        ("Real reason, if they told you", "relationship: his cousin"),
        ("How could you get back", "."),
    )
    assert ended(child) == 0
    assert loss()["real"]["source"] == "heard"


@pytest.mark.parametrize("option", ["--way-in lease", "--way-in dead"])
def test_a_way_in_leaves_the_tries_of_another_step(run, loss, option):
    run("log Acme", today="2026-11-10")
    run("no-answer 1", today="2026-11-11")
    run("no-answer 1", today="2026-11-13")
    run(f"edit 1 {option}")
    run("no-answer 1")  # the third in a row
    assert loss()["next"]["kind"] != "why"


def test_words_put_right_leave_the_tries(run, loss):
    run("log Acme --real 'too-slow: lat'", today="2026-11-10")
    run("no-answer 1", today="2026-11-13")
    run("no-answer 1", today="2026-11-17")
    run("edit 1 --real 'too-slow: late'")
    run("no-answer 1")
    assert loss()["next"]["kind"] == "thanks"


def test_a_loss_does_not_move_behind_its_step(run, loss):
    run("log Acme", today="2026-11-10")
    run("edit 1 --on 2026-11-20")
    assert loss()["next"]["on"] >= "2026-11-20"


def test_a_name_given_on_the_day_of_the_loss_goes_along(run, loss):
    run("log Acme --on 2026-11-19")
    run("referral 1 Bea Kim --on 2026-11-19")
    run("edit 1 --on 2026-11-21")
    assert loss()["referrals"][0]["on"] == "2026-11-21"


@pytest.mark.parametrize("note", ["'  '", "--amount"])
def test_a_blank_note_is_no_entry(run, loss, note):
    run("log Acme")
    from lostsale.cli import run as r

    r(["edit", "1", "--note", note.strip("'")])
    assert loss()["contacts"] == []


def test_a_guess_is_asked_for_again_once_the_reason_is_cleared(terminal, run):
    run("log Acme --real too-slow --guess selling")
    child = terminal("edit", "1")
    answer(child, ("Who said no?", ""), ("How much?", ""), ("your contact?", ""), ("What did", ""))
    answer(child, ("Real reason, if they told you", "-"))
    assert child.expect_exact(["Your guess?", "How could you get back in?"]) == 0


def test_the_loss_itself_is_no_earlier_loss(terminal, run):
    run("log Acme 5")
    child = terminal("edit", "1")
    answer(child, ("Who said no?", "ACME"))
    assert child.expect_exact(["How much?", "Lost here before"]) == 0


def test_a_mistake_is_no_earlier_loss(run):
    run("log Acme 5")
    run("edit 1 --outcome mistake")
    assert "Lost here before" not in run("log Acme 6").out


def test_codes_at_a_question_mark_are_not_broken_over_lines(terminal, run):
    run("reasons add bad-timing --kind real")
    child = terminal("log")
    answer(
        child,
        ("What happened?", "?"),
        ("Who said no?", "A"),
        ("How much", ""),
        ("your contact?", ""),
        ("What did", ""),
        ("Real reason", "?"),
    )
    child.expect_exact("bad-timing", timeout=3)


def test_who_got_the_order_settles_how_it_ended(run, loss):
    run("log Acme --outcome competitor")
    run("edit 1 --lost-to nobody")
    assert loss()["outcome"] == "no-decision"
    run("edit 1 --outcome cancelled")
    run("edit 1 --lost-to Kyolab")
    assert loss()["outcome"] == "cancelled"

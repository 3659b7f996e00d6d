"""`won`: the sale was made after all."""

import pexpect
import pytest


def test_a_win_is_worth_what_was_lost_unless_said(run, loss):
    run("log Acme 12k")
    about, *_, year = run("won 1").lines
    assert about == "1  Acme: well done. Won back Tue 24 Nov for 12,000 USD."
    assert year == "Won back so far: 1 of 1 lost this year."
    won = loss()["won"]
    assert (won["on"], won["amount"], won["note"]) == ("2026-11-24", "12000.00", None)
    assert (loss()["amount"], loss()["next"]) == ("12000.00", None)


def test_a_win_may_be_worth_something_else(run, loss):
    run("log Acme 12k")
    run("won 1 9500 --note 'the lease did it'")
    assert (loss()["won"]["amount"], loss()["won"]["note"]) == ("9500.00", "the lease did it")
    assert loss()["amount"] == "12000.00"
    assert "the lease did it" in run("show 1").out


@pytest.mark.parametrize(
    ("lost", "won", "amount", "currency"),
    [
        ("12kEUR", "9500", "9500.00", "EUR"),
        ("12kEUR", "9500USD", "9500.00", "USD"),
        ("", "9500", "9500.00", "USD"),
        ("12kJPY", "9500", "9500", "JPY"),
    ],
)
def test_an_amount_is_in_the_currency_of_what_was_lost(run, loss, lost, won, amount, currency):
    run(f"log Acme {lost}")
    run(f"won 1 {won}")
    assert (loss()["won"]["amount"], loss()["won"]["currency"]) == (amount, currency)


def test_a_win_without_any_amount_has_none(run, loss):
    run("log Acme")
    assert run("won 1").lines[0] == "1  Acme: well done. Won back Tue 24 Nov."
    assert loss()["won"]["amount"] is None


def test_on_dates_the_win(run, loss):
    run("log Acme --on 10d")
    run("won 1 --on 'last friday'")
    assert loss()["won"]["on"] == "2026-11-20"


def test_a_loss_at_rest_can_be_won(run, loss):
    run("log Acme 5")
    run("move-on 1")
    run("won 1")
    assert loss()["won"]["on"] == "2026-11-24"


def test_a_loss_is_won_once(run, refuses):
    run("log Acme 5")
    run("won 1")
    assert "1 is already won back, on Tue 24 Nov 2026" in refuses("won 1", 1)


def test_a_mistake_can_not_be_won(run, refuses):
    run("log Acme --outcome mistake")
    assert "mistake" in refuses("won 1", 1)


@pytest.mark.parametrize("arguments", ["1.234", "''", "5 --on tomorrow", "5 --on 2026-11-01", "-5"])
def test_what_can_not_be_is_refused(run, refuses, arguments):
    run("log Acme")
    refuses(f"won 1 {arguments}", 2)


def test_an_amount_may_be_several_words(run, loss):
    run("log Acme 10k")
    run("won 1 12 grand")
    assert loss()["won"]["amount"] == "12000.00"


# After it


def test_the_answer_shows_the_two_lines_of_a_thank_you(run):
    run("log Acme 12k --contact 'Ana Ruiz'")
    _, title, *card, _ = run("won 1").lines
    assert title == "Thank them, for example:"
    assert len(card) == 2
    assert card[0].startswith("  Hello Ana, ")
    assert "".join(line.strip() for line in card) in run("script thanks 1").out.replace("\n", "")


@pytest.mark.parametrize(
    ("also", "then"),
    [
        ("thanks", [("2026-11-25", "thanks"), ("2026-12-25", "referral")]),
        ("referral", [("2026-12-24", "referral")]),
        ("thanks,referral", [("2026-11-25", "thanks"), ("2026-12-25", "referral")]),
    ],
)
def test_a_card_and_in_30_days_a_name_may_follow(run, loss, also, then):
    run("log Acme 12k --on 60d")
    last = run(f"won 1 --also {also}").lines[0]
    assert last.startswith("1  Acme: well done. Won back Tue 24 Nov for 12,000 USD. Next: ")
    for day, kind in then:
        assert loss(today=day)["next"]["kind"] == kind
        (due,) = run("due --json", today=day).json["due"]
        assert (due["number"], due["next"]["kind"]) == (1, kind)
        run("done 1", today=day)
    assert loss(today="2027-03-01")["next"] is None
    assert run("due --days 3000 --json").json["due"] == []


def test_without_also_nothing_follows(run, loss):
    run("log Acme 12k --on 60d")
    run("won 1")
    assert loss(today="2026-12-24")["next"] is None


def test_what_follows_a_win_can_be_planned_later(run, loss, refuses):
    run("log Acme 12k")
    run("won 1")
    assert "already won back" in refuses("won 1 9500 --also thanks", 1)
    assert "Next: send card, Thu 26 Nov." in run("won acme --also thanks", today="2026-11-25").out
    assert loss()["won"]["on"] == "2026-11-24"
    run("undo")
    assert loss()["next"] is None


@pytest.mark.parametrize("also", ["", " --also thanks"])
def test_a_customer_is_called_and_met_like_anybody(run, loss, also):
    run("log Acme 12k")
    run(f"won 1{also}")
    waits = loss()["next"]
    run("meet 1 friday 10am")
    run("touch 1 likes it")
    assert loss()["next"]["kind"] == "meet"
    run("done 1", today="2026-11-27")
    assert [entry["kind"] for entry in loss()["contacts"]] == ["touch", "meet"]
    assert (loss()["next"] is None) == (waits is None)
    run("touch 1 again --next 2027-01-15")
    assert "Acme" in run("due", today="2027-01-15").out
    assert loss()["won"]


def test_what_follows_a_win_is_over_for_list_and_show_when_it_is_for_due(run, loss):
    run("log Acme 12k")
    run("won 1 --also thanks")
    for day, is_due in (("2026-12-09", True), ("2027-03-15", False)):
        assert ("Acme" in run("due", today=day).out) is is_due
        assert ("send card 14d late" in run("list", today=day).out) is is_due
        assert (loss(today=day)["next"] is not None) is is_due


def test_list_won_has_what_was_won(run, screen):
    run("log Acme 12k")
    run("log Brandt 10k")
    run("won 1 9500")
    run("won 2")
    rows = [line.split("\t") for line in run("list --won --sort amount").lines]
    assert [(row[2], row[3]) for row in rows] == [("Brandt", "10,000"), ("Acme", "9,500")]
    assert screen("list --won")[0] == "2 losses · 19,500 USD won back"
    assert screen("list")[0] == "2 losses · 22,000 USD"


@pytest.mark.parametrize("kind", ["why", "call", "meet", "nonsense"])
def test_nothing_else_follows_a_win(run, refuses, kind):
    run("log Acme 12k")
    refuses(f"won 1 --also {kind}", 2)


def test_what_follows_a_win_is_taken_back_with_it(run, loss):
    run("log Acme 12k")
    before = loss()
    run("won 1 --also thanks,referral")
    run("undo")
    assert loss() == before
    run("won 1 --also thanks")
    run("edit 1 --not-won")
    assert loss()["next"]["kind"] == "why"


@pytest.mark.parametrize(("pressed", "follows"), [("y", "thanks"), ("n", None), ("\r", None)])
def test_on_a_terminal_one_key_plans_both(run, terminal, loss, pressed, follows):
    run("log Acme 12k")
    child = terminal("won", "1", "--note", "x")
    child.expect_exact("Thank them, for example:")
    child.expect_exact("a referral call in 30 days? y/n > ")
    child.send(pressed)
    child.expect_exact("1  Acme: well done.")
    child.expect(pexpect.EOF)
    step = loss()["next"]
    assert (step and step["kind"]) == follows


@pytest.mark.parametrize(
    ("words", "amount", "note"),
    [
        ("20k they came back", "20000.00", "they came back"),
        ("for 20k", "20000.00", None),
        ("they came back for good", "12000.00", "they came back for good"),
        ("3 year lease", "12000.00", "3 year lease"),
    ],
)
def test_words_behind_the_amount_are_the_note(run, loss, words, amount, note):
    run("log Acme 12k")
    run(f"won 1 {words}")
    assert (loss()["won"]["amount"], loss()["won"]["note"]) == (amount, note)


@pytest.mark.parametrize(
    ("words", "amount", "note"),
    [
        ("pilot 6500", "6500.00", "pilot 6500"),
        ("at 82,500 the board liked the 3 yr price lock", "82500.00", "the board liked the 3 yr"),
        ("yes 20k", "20000.00", "yes 20k"),
        ("3 year lease", "40000.00", "3 year lease"),
    ],
)
def test_a_win_is_worth_what_any_of_its_words_say(run, loss, words, amount, note):
    run("log Acme 40k")
    run(f"won 1 {words}")
    assert loss()["won"]["amount"] == amount
    assert loss()["won"]["note"].startswith(note)


def test_of_several_amounts_none_is_guessed(run, refuses):
    run("log Acme 40k")
    assert "Put the amount first" in refuses("won 1 pilot 6500, later 9000", 2)

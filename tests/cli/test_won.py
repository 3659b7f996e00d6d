"""`won`: the sale was made after all."""

import pytest


def test_a_win_is_worth_what_was_lost_unless_said(run, loss):
    run("log Acme 12k")
    assert run("won 1").lines == [
        "1  Acme: well done. Won back Tue 24 Nov, 12,000 USD.",
        "1 of 1 lost this year won back so far.",
    ]
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
    assert run("won 1").lines == [
        "1  Acme: well done. Won back Tue 24 Nov.",
        "1 of 1 lost this year won back so far.",
    ]
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


@pytest.mark.parametrize(
    "arguments", ["1.234", "much", "''", "5 --on tomorrow", "5 --on 2026-11-01", "-5"]
)
def test_what_can_not_be_is_refused(run, refuses, arguments):
    run("log Acme")
    refuses(f"won 1 {arguments}", 2)


def test_an_amount_may_be_several_words(run, loss):
    run("log Acme 10k")
    run("won 1 12 grand")
    assert loss()["won"]["amount"] == "12000.00"

"""What can be told from one loss alone."""

from datetime import date

import pytest

from lostsale.domain.loss import Loss, Real, Step, Win, new_uid, read_contact
from lostsale.domain.money import Money
from lostsale.domain.reasons import PLAIN, Reason

DAY = date(2026, 11, 24)
STEP = Step("save", DAY, plan_step="save")


def lost(**fields):
    return Loss(1, "u1", "Acme", DAY, **fields)


@pytest.mark.parametrize(
    ("text", "name", "email", "phone"),
    [
        ("Ana Ruiz 555-0134 a@b.c", "Ana Ruiz", "a@b.c", "555-0134"),
        ("a@b.c 555-0134 Ana Ruiz", "Ana Ruiz", "a@b.c", "555-0134"),
        ("Ana Ruiz", "Ana Ruiz", None, None),
        ("Ana Ruiz, 555-0134, a@b.c", "Ana Ruiz", "a@b.c", "555-0134"),
        ("Ana Ruiz <ana@b.co.uk>", "Ana Ruiz", "ana@b.co.uk", None),
        ("Ana +1 (555) 010-4477", "Ana", None, "+1 (555) 010-4477"),
        ("(0711) 12.34/56", None, None, "(0711) 12.34/56"),
        ("a@b.c", None, "a@b.c", None),
        ("José Muñoz-O'Neil  III", "José Muñoz-O'Neil III", None, None),
        ("  ", None, None, None),
        ("Ana 555-0134 x12", "Ana", None, "555-0134 x12"),
        ("Ana 555-0134x12 a@b.c", "Ana", "a@b.c", "555-0134x12"),
        ("Ana Ruiz, 555-0134 ext. 12, a@b.c", "Ana Ruiz", "a@b.c", "555-0134 ext. 12"),
        ("Ana (614) 555-0134 Ext 12", "Ana", None, "(614) 555-0134 Ext 12"),
        ("Malcolm X", "Malcolm X", None, None),
        ("Dave O'Connell at Lakeside Title", "Dave O'Connell at Lakeside Title", None, None),
        ("Ana a@b.c ana@home.org", "Ana ana@home.org", "a@b.c", None),
    ],
)
def test_a_contact_is_told_apart_into_name_email_and_phone(text, name, email, phone):
    assert read_contact(text) == (name, email, phone)


@pytest.mark.parametrize(
    ("lost_to", "given", "outcome"),
    [
        (None, None, "unknown"),
        ("nobody", None, "no-decision"),
        ("Globex", None, "competitor"),
        ("Globex", "cancelled", "cancelled"),
        (None, "no-decision", "no-decision"),
        ("nobody", "mistake", "mistake"),
    ],
)
def test_the_outcome_is_as_given_or_follows_from_who_got_the_order(lost_to, given, outcome):
    loss = lost(lost_to=lost_to, given_outcome=given)
    assert loss.outcome == outcome
    assert loss.is_mistake is (outcome == "mistake")


def test_an_open_loss_has_its_planned_step():
    assert lost(planned=STEP).step == STEP


@pytest.mark.parametrize(
    "closing",
    [
        {"won": Win(DAY)},
        {"rested_on": DAY},
        {"given_outcome": "mistake"},
        {"planned": Step("rest", DAY)},
        {"planned": None},
    ],
)
def test_a_loss_won_at_rest_mistaken_or_through_with_the_plan_has_no_step(closing):
    assert lost(**{"planned": STEP} | closing).step is None


@pytest.mark.parametrize(
    ("way_in", "dead"), [("dead", True), ("Dead", True), ("dead end", False), (None, False)]
)
def test_only_the_word_dead_alone_makes_a_dead_way_in(way_in, dead):
    assert lost(way_in=way_in).is_dead is dead


@pytest.mark.parametrize(
    ("real", "guess", "given", "reason", "weakness"),
    [
        (None, None, None, None, None),
        (None, "selling", None, "selling", "personal"),
        ("price-value", "selling", None, "price-value", "competitive"),
        ("no-money", "selling", None, "no-money", None),
        ("relationship", None, None, "relationship", "relationship"),
        ("price-value", None, "company", "price-value", "company"),
        ("price-value", None, "none", "price-value", None),
        (None, None, "personal", None, "personal"),
    ],
)
def test_the_reason_is_the_real_one_else_the_guess_and_shows_a_weakness(
    real, guess, given, reason, weakness
):
    loss = lost(
        real=Real(DAY, real, None, "told", DAY) if real else None,
        guess=Reason(guess) if guess else None,
        given_weakness=given,
    )
    assert (loss.reason, loss.weakness(PLAIN)) == (reason, weakness)


def test_the_guess_stays_the_reason_when_they_would_not_say():
    assert lost(real=Real(DAY), guess=Reason("too-slow")).reason == "too-slow"


FIVE, SIX = Money(500, "USD"), Money(600, "EUR")


@pytest.mark.parametrize(
    ("money", "won", "worth"),
    [
        (FIVE, None, None),
        (FIVE, Win(DAY), FIVE),
        (FIVE, Win(DAY, SIX), SIX),
        (None, Win(DAY, SIX), SIX),
        (None, Win(DAY), None),
        (FIVE, Win(DAY, Money(0, "USD")), Money(0, "USD")),
    ],
)
def test_a_win_is_worth_its_own_amount_else_what_was_lost(money, won, worth):
    assert lost(money=money, won=won).won_money == worth


def test_no_two_uids_are_the_same():
    uids = {new_uid() for _ in range(1000)}
    assert len(uids) == 1000
    assert {len(uid) for uid in uids} == {24}

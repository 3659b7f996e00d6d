"""What a loss asks for on which day while nobody does anything about it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from independent_plan import Followed
from lostsale.domain.loss import RENEW, Again, Contact, Loss, Real, Step, Win
from lostsale.domain.plan import DEFAULT, Plan, opened
from lostsale.domain.turns import ahead, as_of, turns

PLAN = Plan(DEFAULT)
LOST = date(2026, 10, 5)  # a Monday


def lost(**fields):
    loss = Loss(1, "u1", "Acme", **{"lost_on": LOST, **fields})
    return loss if loss.planned else opened(loss, PLAN, loss.lost_on, PLAN.left(loss))


def listed(loss):
    return [(turn.step.kind, f"{turn.since}") for turn in turns(loss, PLAN) if turn.state == "due"]


def state(loss, day):
    """Whose turn it is on a day: the step, and whether it is due, cold or rest."""
    day = date.fromisoformat(day)
    for turn in turns(loss, PLAN):
        if turn.since <= day < turn.until:
            return turn.step.kind, turn.state
    return None


def test_a_loss_that_nobody_asks_about_comes_up_again_at_each_later_step():
    assert listed(lost()) == [
        ("why", "2026-10-06"),
        ("referral", "2026-11-04"),
        ("touch", "2027-01-04"),
        ("touch", "2027-04-05"),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-10-05", None),
        ("2026-10-06", ("why", "due")),
        ("2026-10-23", ("why", "due")),
        ("2026-10-26", ("why", "cold")),
        ("2026-11-03", ("why", "cold")),
        ("2026-11-04", ("referral", "due")),
        ("2026-11-24", ("referral", "cold")),
        ("2027-04-22", ("touch", "due")),
        ("2027-04-23", ("rest", "rest")),
        ("2036-04-23", ("rest", "rest")),
    ],
)
def test_what_is_14_working_days_late_waits_for_a_later_step_or_may_rest(day, expected):
    assert state(lost(), day) == expected


def test_a_card_is_left_out_once_its_time_is_over_and_nothing_is_cold_then():
    loss = lost(real=Real(LOST), contacts=(Contact("c", "save", LOST, answered=True),))
    assert listed(loss)[:2] == [("thanks", "2026-10-09"), ("referral", "2026-11-04")]
    assert state(loss, "2026-10-23") == ("thanks", "due")
    assert state(loss, "2026-10-24") is None
    assert as_of(loss, PLAN, date(2026, 10, 24)).step.kind == "referral"
    later = as_of(loss, PLAN, date(2026, 10, 24))
    assert PLAN.left_out(later, ahead(later, PLAN, date(2026, 10, 24))) == ["thanks"]


def test_an_appointment_far_ahead_keeps_the_spacing_of_what_follows_and_no_card_comes():
    meeting = Step("meet", date(2027, 1, 11), "09:00", "why")
    assert listed(lost(planned=meeting)) == [
        ("meet", "2027-01-11"),
        ("referral", "2027-02-10"),
        ("touch", "2027-03-12"),
        ("touch", "2027-04-12"),
    ]


JUNE = Again(date(2027, 6, 15), "lease")


def test_what_comes_up_again_is_due_ninety_days_before_and_late_only_after_its_day():
    loss = lost(again=JUNE)
    assert state(loss, "2027-03-16") == ("touch", "cold")
    for day, on in (("2027-03-17", "2027-03-17"), ("2027-05-05", "2027-05-05")):
        step = as_of(loss, PLAN, date.fromisoformat(day)).step
        assert (step.kind, f"{step.on}") == (RENEW, on)
    assert f"{as_of(loss, PLAN, date(2027, 6, 20)).step.on}" == "2027-06-15"
    assert state(loss, "2027-07-05") == ("rest", "rest")


@pytest.mark.parametrize("end", [{"rested_on": LOST}, {"won": Win(LOST)}])
def test_what_comes_up_again_wakes_a_loss_that_has_ended(end):
    loss = lost(again=JUNE, **end)
    assert as_of(loss, PLAN, date(2027, 3, 16)).step is None
    assert as_of(loss, PLAN, date(2027, 3, 17)).step.kind == RENEW
    assert as_of(loss, PLAN, date(2027, 7, 5)).step is None


@pytest.mark.parametrize("kind", ["renew", "touch", "meet"])
def test_what_comes_up_again_is_seen_to_by_any_way_of_asking_again(kind):
    called = Contact("c", kind, date(2027, 4, 1), answered=True)
    assert RENEW not in [kind for kind, _ in listed(lost(again=JUNE, contacts=(called,)))]


def test_a_fresh_loss_is_asked_first_however_soon_it_comes_up_again():
    loss = lost(again=Again(LOST + timedelta(40)))
    assert listed(loss)[:2] == [("why", "2026-10-06"), (RENEW, "2026-10-19")]


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(lost_on=DAYS, told=st.booleans(), dead=st.booleans(), cancelled=st.booleans())
def test_each_day_it_is_the_turn_of_what_the_rules_say(lost_on, told, dead, cancelled):
    loss = lost(
        lost_on=lost_on,
        real=Real(lost_on) if told else None,
        way_in="dead" if dead else None,
        given_outcome="cancelled" if cancelled else None,
    )
    model = Followed(lost_on, told=told, dead=dead, cancelled=cancelled)
    for n in range(260):
        day = lost_on + timedelta(n)
        model.look(day)
        expected = None if model.state == "waits" else (model.kind, model.state)
        assert state(loss, f"{day}") == expected, day


@given(lost_on=DAYS, first=st.integers(0, 250), later=st.integers(0, 250))
def test_a_loss_that_is_kept_as_of_a_day_has_the_same_turns_ahead(lost_on, first, later):
    loss = lost(lost_on=lost_on)
    first, last = lost_on + timedelta(first), lost_on + timedelta(first + later)
    assert as_of(as_of(loss, PLAN, first), PLAN, last) == as_of(loss, PLAN, last)

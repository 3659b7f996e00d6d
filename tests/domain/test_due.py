"""The morning list: its order, headings and portion."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TODAY as TUESDAY
from lostsale.domain.due import Due, heading, in_order, morning
from lostsale.domain.workdays import Workdays
from lostsale.journal.waiting import cold_before

TODAY = date.fromisoformat(TUESDAY)
REST = "then, largest first"


def due(number, kind="touch", *, on=0, time=None, lost=90, amount=0):
    return Due(
        number, kind, TODAY - timedelta(on), time, TODAY - timedelta(lost), amount=amount * 1000
    )


def numbers(steps):
    return [step.number for step in in_order(steps, TODAY)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (due(1, "meet", time="10:00"), "appointments"),
        (due(1, "why", time="10:00", lost=1), "appointments"),
        (due(1, "why", lost=1), "fresh"),
        (due(1, "save", lost=13), "fresh"),
        (due(1, "save", lost=14), REST),
        (due(1, "why", lost=14), REST),
        (due(1, "thanks", lost=1), REST),
        (due(1, "referral", lost=1), REST),
        (due(1, "touch", lost=1), REST),
        (due(1, "meet", lost=1), "appointments"),
        (due(1, "renew", lost=1), "coming up again"),
    ],
)
def test_a_step_stands_under_the_heading_of_its_part(step, expected):
    assert heading(step, TODAY) == expected


def test_appointments_come_first_then_fresh_then_the_rest():
    steps = [due(1, amount=9000), due(2, "save", lost=3), due(3, "meet", time="17:00")]
    assert numbers(steps) == [3, 2, 1]


def test_appointments_stand_by_time_the_missed_ones_first():
    late = due(1, "meet", on=1, time="16:00")
    steps = [due(2, "meet", time="14:00"), due(3, "meet", time="09:30", amount=1), late]
    assert numbers(steps) == [1, 3, 2]


def test_of_fresh_losses_those_who_backed_out_stand_first_then_the_largest():
    steps = [
        due(1, "why", lost=5, amount=900),
        due(2, "save", lost=3, amount=1)._replace(is_cancelled=True),
        due(3, "why", lost=5, amount=1000),
        due(4, "why", lost=1),
    ]
    assert numbers(steps) == [2, 3, 1, 4]


def test_what_comes_up_again_stands_below_appointments_alone():
    steps = [due(1, amount=9), due(2, "why", lost=1), due(3, "renew"), due(4, "meet")]
    assert numbers(steps) == [4, 3, 2, 1]


def test_the_rest_stands_largest_amount_first_then_longest_waiting():
    steps = [
        due(1, amount=10),
        due(2, on=3, amount=10),
        due(3, "thanks", amount=5000),
        due(4, "referral"),
    ]
    assert numbers(steps) == [3, 2, 1, 4]


def test_a_portion_cuts_what_is_shown_and_counts_the_rest():
    steps = [due(1), due(2, "save", lost=2), due(3, amount=7), due(4, "meet", time="10:00")]
    list_ = morning(steps, TODAY, cold=5, ready=6, portion=3)
    assert list_.shown == (("appointments", 4), ("fresh", 2), (REST, 3))
    assert (list_.due, list_.more, list_.cold, list_.ready) == (4, 1, 5, 6)
    assert list_.first == steps[3]
    assert list_.today == TODAY


def test_without_a_portion_everything_is_shown():
    list_ = morning([due(n) for n in range(1, 31)], TODAY, cold=0, ready=0)
    assert [number for _, number in list_.shown] == list(range(1, 31))
    assert list_.more == 0


def test_a_morning_with_nothing_due_has_no_first_step():
    list_ = morning([], TODAY, cold=2, ready=3, portion=20)
    assert (list_.shown, list_.due, list_.more, list_.first) == ((), 0, 0, None)


@pytest.mark.parametrize(
    ("workdays", "expected"),
    [
        (Workdays(), date(2026, 11, 4)),
        (Workdays(frozenset(range(7))), date(2026, 11, 10)),
        (Workdays(frozenset({0})), date(2026, 8, 23)),
    ],
)
def test_a_step_goes_cold_fourteen_working_days_late(workdays, expected):
    assert cold_before(TODAY, workdays) == expected
    assert workdays.late(expected, TODAY) == 14
    assert workdays.late(expected + timedelta(1), TODAY) == 13


STEPS = st.builds(
    due,
    st.integers(1, 10**6),
    st.sampled_from("why save thanks referral touch meet".split()),
    on=st.integers(0, 40),
    time=st.sampled_from([None, "09:00", "14:30"]),
    lost=st.integers(0, 200),
    amount=st.integers(0, 10**6),
)


@given(steps=st.lists(STEPS, unique_by=lambda step: step.number), portion=st.integers(1, 9))
def test_a_portion_is_the_head_of_the_whole_list_however_the_steps_came(steps, portion):
    whole = morning(steps, TODAY, 0, 0).shown
    assert sorted(number for _, number in whole) == sorted(step.number for step in steps)
    assert morning(steps[::-1], TODAY, 0, 0, portion).shown == whole[:portion]

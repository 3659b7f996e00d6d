"""`read_period` of every form, and the unit before."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TODAY as TUESDAY
from lostsale.domain import periods
from lostsale.domain.periods import Period, hour_text, read_period
from lostsale.errors import BadInput

TODAY = date.fromisoformat(TUESDAY)


@pytest.mark.parametrize(
    ("text", "label", "unit", "start", "end"),
    [
        ("2026", "2026", "year", "2026-01-01", "2026-12-31"),
        ("2026-11", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("2028-02", "2028-02", "month", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12", "month", "2026-12-01", "2026-12-31"),
        ("2026q1", "2026q1", "quarter", "2026-01-01", "2026-03-31"),
        ("2026q2", "2026q2", "quarter", "2026-04-01", "2026-06-30"),
        ("2026q3", "2026q3", "quarter", "2026-07-01", "2026-09-30"),
        ("2026Q4", "2026q4", "quarter", "2026-10-01", "2026-12-31"),
        ("this-month", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10", "month", "2026-10-01", "2026-10-31"),
        ("this-year", "2026", "year", "2026-01-01", "2026-12-31"),
        ("last-year", "2025", "year", "2025-01-01", "2025-12-31"),
        (" This-Year ", "2026", "year", "2026-01-01", "2026-12-31"),
        ("this-week", "2026-11-23..2026-11-29", "range", "2026-11-23", "2026-11-29"),
        ("last week", "2026-11-16..2026-11-22", "range", "2026-11-16", "2026-11-22"),
        ("today", "2026-11-24..2026-11-24", "range", "2026-11-24", "2026-11-24"),
        ("yesterday", "2026-11-23..2026-11-23", "range", "2026-11-23", "2026-11-23"),
        ("this-quarter", "2026q4", "quarter", "2026-10-01", "2026-12-31"),
        ("last quarter", "2026q3", "quarter", "2026-07-01", "2026-09-30"),
        ("oct", "2026-10", "month", "2026-10-01", "2026-10-31"),
        ("October", "2026-10", "month", "2026-10-01", "2026-10-31"),
        ("november", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("december", "2025-12", "month", "2025-12-01", "2025-12-31"),
        ("oct-2025", "2025-10", "month", "2025-10-01", "2025-10-31"),
        ("dec 2026", "2026-12", "month", "2026-12-01", "2026-12-31"),
        ("q4", "2026q4", "quarter", "2026-10-01", "2026-12-31"),
        ("Q1", "2026q1", "quarter", "2026-01-01", "2026-03-31"),
        ("q4-2025", "2025q4", "quarter", "2025-10-01", "2025-12-31"),
        ("ytd", "2026-01-01..2026-11-24", "range", "2026-01-01", "2026-11-24"),
        ("last-90-days", "2026-08-27..2026-11-24", "range", "2026-08-27", "2026-11-24"),
        ("last 7 days", "2026-11-18..2026-11-24", "range", "2026-11-18", "2026-11-24"),
        ("last 1 day", "2026-11-24..2026-11-24", "range", "2026-11-24", "2026-11-24"),
        ("mtd", "2026-11-01..2026-11-24", "range", "2026-11-01", "2026-11-24"),
        ("30d", "2026-10-26..2026-11-24", "range", "2026-10-26", "2026-11-24"),
        ("the past 2 weeks", "2026-11-11..2026-11-24", "range", "2026-11-11", "2026-11-24"),
        ("last 3 months", "2026-08-25..2026-11-24", "range", "2026-08-25", "2026-11-24"),
        ("11/2026", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("for november", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("nov, 2026", "2026-11", "month", "2026-11-01", "2026-11-30"),
        ("2026-01-15..2026-03-31", "2026-01-15..2026-03-31", "range", "2026-01-15", "2026-03-31"),
        ("2026-01-15 to 2026-03-31", "2026-01-15..2026-03-31", "range", "2026-01-15", "2026-03-31"),
        ("2026-11-24..2026-11-24", "2026-11-24..2026-11-24", "range", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_period_is_read_with_both_its_ends(text, label, unit, start, end):
    ends = date.fromisoformat(start), date.fromisoformat(end)
    assert read_period(text, TODAY) == Period(label, unit, *ends)


def test_all_is_every_day_of_the_calendar():
    assert read_period("all", TODAY) == Period("all", "all", date.min, date.max)


def test_q4_in_spring_is_last_years():
    assert read_period("q4", date(2027, 3, 5)).label == "2026q4"


def test_the_month_before_january_is_december():
    assert read_period("last-month", date(2027, 1, 31)).label == "2026-12"


@pytest.mark.parametrize(
    "text",
    [
        *"|26|2026-1|2026-13|2026-00|2026q0|2026q5|20261|tuesday|next-month|next-week".split("|"),
        *"0000|last-|..|2026-01-01|2026-01-01..|..2026-01-01|2026-02-30..2026-03-01".split("|"),
        *("last-0-days", "last--days", "last-99999-days", "oct-26", "q5", "q4-26", "octo"),
        "2026-03-31..2026-01-01",
        "2026-01-01..2026-02-01..2026-03-01",
        "2026-01-01...2026-02-01",
        "9" * 5000,
    ],
)
def test_anything_else_is_no_period(text):
    with pytest.raises(BadInput, match="as a period"):
        read_period(text, TODAY)


def test_the_refusal_shows_forms_that_work():
    with pytest.raises(BadInput) as refused:
        read_period("whenever", TODAY)
    forms = re.split(r", | or ", refused.value.hint.removeprefix("Write "))
    units = [read_period(form, TODAY).unit for form in forms]
    assert units == ["year", "month", "quarter", "month", "range", "month", "range", "all", "range"]


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("2025", "2026-11-24", "2024"),
        ("2026", "2026-12-31", "2025"),
        ("2026", "2026-11-24", "2025-01-01..2025-11-24"),
        ("2026", "2026-01-01", "2025-01-01..2025-01-01"),
        ("2028", "2028-02-29", "2027-01-01..2027-02-28"),
        ("2029", "2029-02-28", "2028-01-01..2028-02-28"),
        ("2026-10", "2026-11-24", "2026-09"),
        ("2026-01", "2026-11-24", "2025-12"),
        ("2026-11", "2026-11-24", "2026-10-01..2026-10-24"),
        ("2026-01", "2026-01-15", "2025-12-01..2025-12-15"),
        ("2026-03", "2026-03-28", "2026-02-01..2026-02-28"),
        ("2026-03", "2026-03-30", "2026-02-01..2026-02-28"),
        ("2028-03", "2028-03-30", "2028-02-01..2028-02-29"),
        ("2026-03", "2026-03-31", "2026-02"),
        ("2026q3", "2026-11-24", "2026q2"),
        ("2026q1", "2026-11-24", "2025q4"),
        ("2026q4", "2026-11-24", "2026-07-01..2026-08-24"),
        ("2026q2", "2026-05-31", "2026-01-01..2026-02-28"),
        ("2027q1", "2027-02-28", "2026-10-01..2026-11-28"),
        ("2026-10-11..2026-10-20", "2026-11-24", "2026-10-01..2026-10-10"),
        ("2026-11-20..2026-11-29", "2026-11-24", "2026-11-10..2026-11-14"),
    ],
)
def test_the_unit_before_is_cut_to_the_same_days_while_this_one_runs(text, today, expected):
    today = date.fromisoformat(today)
    before = read_period(text, today).before(today)
    assert before == read_period(expected, today)


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("all", "2026-11-24"),
        ("2027", "2026-11-24"),
        ("2026-12", "2026-11-30"),
        ("2026-11-25..2026-11-30", "2026-11-24"),
        ("1900-01-01..9999-12-31", "2026-11-24"),
    ],
)
def test_nothing_comes_before_all_what_lies_ahead_or_the_whole_calendar(text, today):
    today = date.fromisoformat(today)
    assert read_period(text, today).before(today) is None


DAYS = st.dates(date(1901, 1, 1), date(2200, 12, 31))
TEXTS = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{4}(-[0-9]{1,2}|-?[qQ][0-9])?", fullmatch=True),
    st.sampled_from("all this-month last-month this-year last-year oct q4 ytd last-week".split()),
    st.integers(0, 10**6).map(lambda count: f"last-{count}-days"),
    st.tuples(st.dates(), st.dates()).map(lambda days: f"{days[0]}..{days[1]}"),
)


@given(text=TEXTS, today=DAYS)
def test_any_text_is_a_period_in_the_calendars_order_or_bad_input(text, today):
    try:
        period = read_period(text, today)
    except BadInput:
        return
    assert period.unit in {"month", "quarter", "year", "range", "all"}
    assert (period.start == date.min) == (period.unit == "all")
    assert period.start <= period.end


@given(text=TEXTS.filter(lambda text: text != "all"), today=DAYS)
def test_the_unit_before_ends_where_this_one_starts_and_is_never_longer_than_it_ran(text, today):
    try:
        period = read_period(text, today)
    except BadInput:
        return
    before = period.before(today)
    if before is None:
        return
    if today >= period.end:
        assert before.end == period.start - timedelta(1)
    else:
        assert before.start < before.end + timedelta(1) <= period.start
        assert before.end.day <= today.day or period.unit == "range"


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("00:05", "12:05 am"),
        ("09:00", "9 am"),
        ("12:00", "12 pm"),
        ("14:30", "2:30 pm"),
        (None, ""),
    ],
)
def test_a_time_is_of_twelve_hours_where_months_come_first(monkeypatch, time, shown):
    for order, expected in (("mdy", shown), ("dmy", time or ""), ("", time or "")):
        monkeypatch.setattr(periods, "order_of_days", order.__str__)
        assert hour_text(time) == expected

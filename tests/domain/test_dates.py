"""Every row of the design's table in both directions; and working days."""

import csv
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import DATA
from conftest import TODAY as TUESDAY
from lostsale.domain.dates import Asked, When, read_when
from lostsale.domain.dates_in_text import date_at, find_dates
from lostsale.domain.settings import date_order
from lostsale.domain.workdays import EVERY_DAY, Workdays
from lostsale.errors import BadInput, Vague

TODAY = date.fromisoformat(TUESDAY)
CASES = DATA / "dates.csv"


def read_date(text, today, direction, order=""):
    return read_when(text, Asked(today, direction, order))


def said(text, today=TODAY, direction="future", order=""):
    try:
        when = read_date(text, today, direction, order)
    except BadInput:
        return "error"
    return f"{when.day} {when.time}" if when.time else f"{when.day}"


def refusal(text, direction="future", today=TODAY):
    with pytest.raises(BadInput) as refused:
        read_date(text, today, direction)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "future", "past"),
    [
        ("today", "2026-11-24", "2026-11-24"),
        ("tomorrow", "2026-11-25", "error"),
        ("yesterday", "error", "2026-11-23"),
        ("friday", "2026-11-27", "2026-11-20"),
        ("Fri", "2026-11-27", "2026-11-20"),
        ("fri.", "2026-11-27", "2026-11-20"),
        ("on friday", "2026-11-27", "2026-11-20"),
        ("tuesday", "2026-12-01", "2026-11-24"),
        ("tues", "2026-12-01", "2026-11-24"),
        ("monday", "2026-11-30", "2026-11-23"),
        ("wed", "2026-11-25", "2026-11-18"),
        ("thurs", "2026-11-26", "2026-11-19"),
        ("saturday", "2026-11-28", "2026-11-21"),
        ("sun", "2026-11-29", "2026-11-22"),
        ("next friday", "2026-12-04", "error"),
        ("next-friday", "2026-12-04", "error"),
        ("next monday", "2026-11-30", "error"),
        ("next tuesday", "2026-12-01", "error"),
        ("next sunday", "2026-12-06", "error"),
        ("this friday", "2026-11-27", "error"),
        ("this sunday", "2026-11-29", "error"),
        ("this tuesday", "2026-11-24", "2026-11-24"),
        ("this monday", "error", "2026-11-23"),
        ("last friday", "error", "2026-11-20"),
        ("last monday", "error", "2026-11-16"),
        ("last tuesday", "error", "2026-11-17"),
        ("last sunday", "error", "2026-11-22"),
        ("3d", "2026-11-27", "2026-11-21"),
        ("2w", "2026-12-08", "2026-11-10"),
        ("1mo", "2026-12-24", "2026-10-24"),
        ("1y", "2027-11-24", "2025-11-24"),
        ("3 days", "2026-11-27", "2026-11-21"),
        ("0d", "2026-11-24", "2026-11-24"),
        ("a week", "2026-12-01", "2026-11-17"),
        ("two weeks and three days", "2026-12-11", "2026-11-07"),
        ("twelve months", "2027-11-24", "2025-11-24"),
        ("+3d", "2026-11-27", "error"),
        ("in 3 days", "2026-11-27", "error"),
        ("within a month", "2026-12-24", "error"),
        ("5 weeks from now", "2026-12-29", "error"),
        ("3w later", "2026-12-15", "error"),
        ("6 months hence", "2027-05-24", "error"),
        ("1 week ahead", "2026-12-01", "error"),
        ("now + 1 day", "2026-11-25", "error"),
        ("+2 months, 5 days", "2027-01-29", "error"),
        ("-3d", "error", "2026-11-21"),
        ("3 days ago", "error", "2026-11-21"),
        ("three weeks ago", "error", "2026-11-03"),
        ("a month ago", "error", "2026-10-24"),
        ("1 year, 2 months ago", "error", "2025-09-24"),
        ("day after tomorrow", "2026-11-26", "error"),
        ("the day after tomorrow", "2026-11-26", "error"),
        ("day before yesterday", "error", "2026-11-22"),
        ("next week", "2026-12-01", "error"),
        ("next month", "2026-12-24", "error"),
        ("next year", "2027-11-24", "error"),
        ("eow", "2026-11-27", "error"),
        ("eom", "2026-11-30", "error"),
        ("eoq", "2026-12-31", "error"),
        ("eoy", "2026-12-31", "error"),
        ("end of week", "2026-11-27", "error"),
        ("end of the month", "2026-11-30", "error"),
        ("end of quarter", "2026-12-31", "error"),
        ("end of year", "2026-12-31", "error"),
        ("30 nov", "2026-11-30", "2025-11-30"),
        ("nov 30", "2026-11-30", "2025-11-30"),
        ("November 30th", "2026-11-30", "2025-11-30"),
        ("24 nov", "2026-11-24", "2026-11-24"),
        ("nov 23", "2027-11-23", "2026-11-23"),
        ("Dec. 21", "2026-12-21", "2025-12-21"),
        ("march 3rd", "2027-03-03", "2026-03-03"),
        ("3rd week of jan", "2027-01-18", "2026-01-19"),
        ("1st of sept", "2027-09-01", "2026-09-01"),
        ("30 nov 2026", "2026-11-30", "error"),
        ("nov 30, 2025", "error", "2025-11-30"),
        ("Mon, Nov. 30, 2026", "2026-11-30", "error"),
        ("monday 30 nov", "2026-11-30", "error"),
        ("sunday 30 nov", "error", "2025-11-30"),
        ("the 15th", "2026-12-15", "2026-11-15"),
        ("15th", "2026-12-15", "2026-11-15"),
        ("on the 24th", "2026-11-24", "2026-11-24"),
        ("25th", "2026-11-25", "2026-10-25"),
        ("31st", "2026-12-31", "2026-10-31"),
        ("friday of next week", "2026-12-04", "error"),
        ("2026-11-30", "2026-11-30", "error"),
        ("2026-11-24", "2026-11-24", "2026-11-24"),
        ("2026-11-23", "error", "2026-11-23"),
        ("2027-1-5", "2027-01-05", "error"),
        ("2026-1-5", "error", "2026-01-05"),
    ],
)
def test_an_expression_is_read_in_its_fields_direction(text, future, past):
    assert (said(text), said(text, direction="past")) == (future, past)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tomorrow 10am", "2026-11-25 10:00"),
        ("10am tomorrow", "2026-11-25 10:00"),
        ("friday 10:30", "2026-11-27 10:30"),
        ("9:15 pm tuesday", "2026-12-01 21:15"),
        ("noon friday", "2026-11-27 12:00"),
        ("friday at noon", "2026-11-27 12:00"),
        ("friday at 1pm", "2026-11-27 13:00"),
        ("at 1pm on friday", "2026-11-27 13:00"),
        ("tomorrow morning at 5:30", "2026-11-25 05:30"),
        ("5:30 tomorrow morning", "2026-11-25 05:30"),
        ("tomorrow evening at 8:30", "2026-11-25 20:30"),
        ("tomorrow afternoon at 3pm", "2026-11-25 15:00"),
        ("tomorrow afternoon at 12:30", "2026-11-25 12:30"),
        ("fri 4a.m.", "2026-11-27 04:00"),
        ("fri 4 p.m.", "2026-11-27 16:00"),
        ("friday 12am", "2026-11-27 00:00"),
        ("friday 12:01 pm", "2026-11-27 12:01"),
        ("friday 00:00", "2026-11-27 00:00"),
        ("friday 23:59", "2026-11-27 23:59"),
        ("next friday, 9:00", "2026-12-04 09:00"),
        ("in 2 weeks at 9:00", "2026-12-08 09:00"),
        ("10am the 15th", "2026-12-15 10:00"),
        ("30 nov 2026 7pm", "2026-11-30 19:00"),
        ("2026-11-30 7pm", "2026-11-30 19:00"),
        ("10:30 2w", "2026-12-08 10:30"),
        ("eom at 5pm", "2026-11-30 17:00"),
        ("10am", "2026-11-24 10:00"),
    ],
)
def test_a_time_before_or_after_a_date_ahead_is_kept(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize("text", ["10am", "today 10am", "10:30 yesterday", "friday at noon"])
def test_a_time_in_the_past_is_refused(text):
    assert "A time of day only works with a date in the future" in refusal(text, "past")


@pytest.mark.parametrize(
    "text",
    ["fri 24:00", "fri 10:60", "fri 13pm", "fri 0am", "tomorrow morning at 5pm", "fri 9am 10am"],
)
def test_an_impossible_time_is_refused(text):
    assert said(text) == "error"


@pytest.mark.parametrize(
    ("text", "order", "future", "past"),
    [
        ("11/30", "mdy", "2026-11-30", "2025-11-30"),
        ("30/11", "dmy", "2026-11-30", "2025-11-30"),
        ("30.11.", "dmy", "2026-11-30", "2025-11-30"),
        ("03/04", "mdy", "2027-03-04", "2026-03-04"),
        ("03/04", "dmy", "2027-04-03", "2026-04-03"),
        ("03/04/2026", "mdy", "error", "2026-03-04"),
        ("03/04/2027", "dmy", "2027-04-03", "error"),
        ("3.4.2027", "dmy", "2027-04-03", "error"),
        ("30.11.26", "dmy", "2026-11-30", "error"),
        ("29/2", "dmy", "2028-02-29", "2024-02-29"),
        ("11/30", "dmy", "2026-11-30", "2025-11-30"),
        ("30/11", "mdy", "2026-11-30", "2025-11-30"),
        ("30.11.", "mdy", "2026-11-30", "2025-11-30"),
        ("0/5", "mdy", "error", "error"),
    ],
)
def test_numbers_alone_are_read_in_the_order_that_is_set(text, order, future, past):
    assert (said(text, order=order), said(text, direction="past", order=order)) == (future, past)


@pytest.mark.parametrize("text", ["10/6", "03/04/2026", "3.4.", "3.4.2026"])
@pytest.mark.parametrize("direction", ["past", "future"])
def test_numbers_alone_are_refused_while_no_order_is_set(text, direction):
    assert "config date-order" in refusal(text, direction)


@pytest.mark.parametrize(
    ("text", "today", "direction", "expected"),
    [
        ("1mo", "2027-01-31", "future", "2027-02-28"),
        ("next month", "2028-01-31", "future", "2028-02-29"),
        ("1mo", "2026-03-31", "past", "2026-02-28"),
        ("1y", "2028-02-29", "future", "2029-02-28"),
        ("next year", "2028-02-29", "future", "2029-02-28"),
        ("1y", "2028-02-29", "past", "2027-02-28"),
        ("eom", "2028-02-10", "future", "2028-02-29"),
        ("eom", "2026-11-30", "future", "2026-11-30"),
        ("eoq", "2027-02-14", "future", "2027-03-31"),
        ("eoq", "2027-04-01", "future", "2027-06-30"),
        ("feb 29", "2026-11-24", "future", "2028-02-29"),
        ("feb 29", "2026-11-24", "past", "2024-02-29"),
        ("feb 29", "2097-01-01", "future", "2104-02-29"),
        ("feb 29", "2103-12-31", "past", "2096-02-29"),
        ("the 30th", "2027-02-01", "future", "2027-03-30"),
        ("the 30th", "2027-03-01", "past", "2027-01-30"),
        ("31st", "2026-04-01", "future", "2026-05-31"),
        ("31st", "2026-03-30", "past", "2026-01-31"),
        ("tomorrow", "2026-12-31", "future", "2027-01-01"),
        ("friday", "2026-12-31", "future", "2027-01-01"),
        ("eow", "2026-12-31", "future", "2027-01-01"),
        ("eoy", "2026-12-31", "future", "2026-12-31"),
        ("30 nov", "2026-12-31", "future", "2027-11-30"),
        ("1st", "2026-12-31", "future", "2027-01-01"),
        ("yesterday", "2027-01-01", "past", "2026-12-31"),
        ("31st", "2027-01-01", "past", "2026-12-31"),
        ("dec 31", "2027-01-01", "past", "2026-12-31"),
        ("friday", "2026-11-27", "future", "2026-12-04"),
        ("friday", "2026-11-27", "past", "2026-11-27"),
        ("next monday", "2026-11-29", "future", "2026-11-30"),
        ("last sunday", "2026-11-29", "past", "2026-11-22"),
        ("this monday", "2026-11-29", "past", "2026-11-23"),
        ("eow", "2026-11-28", "future", "2026-12-04"),
    ],
)
def test_the_edges_of_weeks_months_and_years_come_out_right(text, today, direction, expected):
    assert said(text, date.fromisoformat(today), direction) == expected


@pytest.mark.skipif(not CASES.exists(), reason="the shared data folder is absent")
def test_every_case_found_in_other_date_parsers_comes_out_as_designed():
    with CASES.open(newline="") as file:
        rows = list(csv.DictReader(file))
    got = [said(row["expression"], date.fromisoformat(row["today"])) for row in rows]
    assert len(rows) == 57
    assert list(zip(rows, got, strict=True)) == [(row, row["expected"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("friday 30 nov", "future"),
        ("tuesday, december 24", "future"),
        ("mon 20 nov 2026", "past"),
    ],
)
def test_a_weekday_that_contradicts_its_date_is_refused(text, direction):
    assert "contradicts itself" in refusal(text, direction)


@pytest.mark.parametrize("text", ["3m", "3 m", "in 3m", "+2m", "5m ago", "-2m", "1m"])
@pytest.mark.parametrize("direction", ["past", "future"])
def test_a_bare_m_is_refused_as_month_or_minute(text, direction):
    assert "could be months or minutes" in refusal(text, direction)


@pytest.mark.parametrize("text", ["tomorrow", "in 3 days", "next friday", "eom", "2026-11-25"])
def test_what_lies_ahead_is_refused_as_the_wrong_way_in_the_past(text):
    assert "This date has to be in the past, not " in refusal(text, "past")


@pytest.mark.parametrize("text", ["yesterday", "3 days ago", "last friday", "2026-11-23"])
def test_what_is_past_is_refused_as_the_wrong_way_ahead(text):
    assert "This date has to be in the future, not " in refusal(text)


@pytest.mark.parametrize(
    "text",
    "feb 30|nov 31|32nd|0th|2026-13-01|2027-02-29|2026-00-10|0000-01-01|99999y|99999mo".split("|"),
)
@pytest.mark.parametrize("direction", ["past", "future"])
def test_a_day_that_no_calendar_has_is_refused(text, direction):
    assert "isn't on the calendar" in refusal(text, direction)


@pytest.mark.parametrize(
    "text", ["tomorrow", "saturday", "next friday", "eow", "1d", "next week", "nov 30", "1st"]
)
def test_the_last_day_of_the_calendar_has_nothing_ahead(text):
    assert said(text, date.max) == "error"


@pytest.mark.parametrize("text", ["yesterday", "sunday", "last friday", "1d", "dec 31", "2nd"])
def test_the_first_day_of_the_calendar_has_nothing_behind(text):
    assert said(text, date.min, "past") == "error"


@pytest.mark.parametrize(
    "text",
    [
        *"|   |at|soon|asap|friday friday|2026-11|26-11-30|20261130|2026/11/30|30|week".split("|"),
        *"next|3|days|-|1.5 days|3 days 2|hundred days|morning|٣d|\x00|30-nov".split("|"),
        "friday of last week",
        "x" * 5000,
        "1" * 5000 + "d",
    ],
)
@pytest.mark.parametrize("direction", ["past", "future"])
def test_anything_else_is_refused(text, direction):
    assert said(text, direction=direction) == "error"


@pytest.mark.parametrize("today", ["2026-11-24", "2027-06-01", "2031-02-28"])
@pytest.mark.parametrize("direction", ["past", "future"])
def test_a_refusal_shows_three_forms_that_work(today, direction):
    day = date.fromisoformat(today)
    shown = re.search(r"Try (.+), (.+) or (.+)\.", refusal("whenever", direction, day)).groups()
    assert "error" not in [said(form, day, direction) for form in shown]


VOCABULARY = (
    "today tomorrow yesterday now day days d w week weeks mo month m y year years one a twelve"
    " 0 1 3 11 29 30 31 99999 3d 2w + - , . : / in within from later hence ago ahead and of end"
    " eow eom eoq eoy next this last after before the at on 1st 15th 31st 10am 12pm noon 10:30"
    " 9:60 am pm a.m. morning evening mon friday sunday jan feb nov. december 2026 9999 0001"
    " 2026-11-24 9999-12-31 0001-1-1 11/30 29/2 30.11. 1/1/0000"
).split()
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join),
    st.lists(st.sampled_from(VOCABULARY), max_size=4).map("".join),
)


@given(
    text=TEXTS,
    today=st.dates(),
    direction=st.sampled_from(["past", "future"]),
    order=st.sampled_from(["", "mdy", "dmy"]),
)
def test_any_text_is_a_date_on_the_right_side_of_today_or_bad_input(text, today, direction, order):
    try:
        when = read_date(text, today, direction, order)
    except BadInput:
        return
    assert type(when) is When
    assert when.day >= today if direction == "future" else when.day <= today
    assert when.time is None or (
        direction == "future" and re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", when.time)
    )


FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (27, 28, 29, 30))
WEEK = Workdays()
ANY_WORKDAYS = st.frozensets(st.integers(0, 6), min_size=1).map(Workdays)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "expected"),
    [(FRIDAY, FRIDAY), (SATURDAY, MONDAY), (SUNDAY, MONDAY), (MONDAY, MONDAY)],
)
def test_a_day_off_gives_way_to_the_next_working_day(day, expected):
    assert WEEK.on_or_after(day) == expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 1, MONDAY),
        (SATURDAY, 1, MONDAY),
        (SATURDAY, 2, date(2026, 12, 1)),
        (FRIDAY, 5, date(2026, 12, 4)),
        (FRIDAY, 0, FRIDAY),
    ],
)
def test_after_counts_working_days_only(day, count, expected):
    assert WEEK.after(day, count) == expected


@pytest.mark.parametrize(
    ("due", "today", "expected"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, SATURDAY, 0),
        (FRIDAY, MONDAY, 1),
        (SATURDAY, MONDAY, 1),
        (MONDAY, FRIDAY, 0),
        (date(2026, 11, 4), TODAY, 14),
        (date(2026, 11, 5), TODAY, 13),
    ],
)
def test_late_counts_the_working_days_since(due, today, expected):
    assert WEEK.late(due, today) == expected


def naive_late(workdays, due, today):
    since = ((due + timedelta(n)) for n in range(1, (today - due).days + 1))
    return sum(day.weekday() in workdays.days for day in since)


@given(workdays=ANY_WORKDAYS, due=DAYS, away=st.integers(-30, 400))
def test_late_agrees_with_counting_day_by_day(workdays, due, away):
    today = due + timedelta(away)
    assert workdays.late(due, today) == naive_late(workdays, due, today)


@given(workdays=ANY_WORKDAYS, today=DAYS, count=st.integers(0, 20))
def test_late_by_is_the_latest_day_that_is_so_late(workdays, today, count):
    day = workdays.late_by(count, today)
    assert naive_late(workdays, day, today) >= count
    assert day == today or naive_late(workdays, day + timedelta(1), today) < count


@given(workdays=ANY_WORKDAYS, day=DAYS, count=st.integers(1, 20))
def test_after_lands_on_the_working_day_that_makes_the_count(workdays, day, count):
    landed = workdays.after(day, count)
    assert landed.weekday() in workdays.days
    assert naive_late(workdays, day, landed) == count


def test_an_hour_in_the_afternoon_needs_no_pm():
    assert said("tomorrow afternoon at 3:30") == "2026-11-25 15:30"


@pytest.mark.parametrize(
    ("today", "end"), [("2027-03-05", "2027-03-31"), ("2026-12-05", "2026-12-31")]
)
def test_the_last_month_of_a_quarter_ends_with_it(today, end):
    assert said("eoq", date.fromisoformat(today)) == end


def test_january_is_a_month_in_numbers_too():
    assert said("15/1", order="dmy") == "2027-01-15"


def test_there_is_no_thirteenth_month():
    assert said("13/13", order="dmy") == "error"


@pytest.mark.parametrize(("text", "direction"), [("1900-06-01", "past"), ("9998-06-01", "future")])
def test_the_first_and_the_last_year_are_in_the_calendar(text, direction):
    assert said(text, direction=direction) == text


def test_an_impossible_time_is_quoted_and_a_possible_one_shown():
    assert refusal("fri 10:60").startswith('I can\'t read "10:60" as a time of day.')
    assert refusal("fri 10:60").endswith("Try 10am or 14:30.")


def test_a_bare_m_is_told_how_to_write_a_month():
    assert refusal("3m").endswith("Write 1mo for a month.")


def test_what_could_be_day_first_is_quoted_in_full():
    assert refusal("03/04/2026").startswith('"03/04/2026" could be day first or month first.')


def test_a_contradiction_is_quoted_in_full():
    assert refusal("friday 30 nov").startswith('"friday 30 nov" contradicts itself')


def test_what_is_no_date_is_quoted():
    assert refusal("whenever").startswith('I can\'t read "whenever" as a date.')


@pytest.mark.parametrize("text", ["x" * 41, "3m " + "x" * 38, "feb" + " " * 40 + "30"])
def test_a_refusal_quotes_no_more_than_forty_characters(text):
    assert refusal(text).split('"')[1] == text[:40]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("january", "2027-01-01"),
        ("in june", "2027-06-01"),
        ("may", "2027-05-03"),  # the 1st is a Saturday
        ("november", "2027-11-01"),
        ("june 2029", "2029-06-01"),
        ("June of 2029", "2029-06-01"),
        ("june '30", "2030-06-03"),
        ("6/2028", "2028-06-01"),
        ("in 2029", "2029-01-01"),
        ("q1", "2027-01-01"),
        ("Q2", "2027-04-01"),
        ("in q3 2028", "2028-07-03"),
        ("first quarter of 2028", "2028-01-03"),
        ("next quarter", "2027-01-01"),
        ("end of march", "2027-03-31"),
        ("end of may", "2027-05-31"),
        ("end of january", "2027-01-29"),
        ("end of next month", "2026-12-31"),
        ("end of q1 2027", "2027-03-31"),
        ("end of the week", "2026-11-27"),
        ("end of next week", "2026-12-04"),
        ("year end", "2026-12-31"),
        ("first of the year", "2027-01-01"),
        ("beginning of next month", "2026-12-01"),
        ("start of april", "2027-04-01"),
        ("early april", "2027-04-01"),
        ("first week of may", "2027-05-03"),
        ("first week of january", "2027-01-04"),
        ("to jan 4", "2027-01-04"),
        ("mid march", "2027-03-15"),
        ("mid-may", "2027-05-17"),
        ("middle of next month", "2026-12-15"),
        ("next december", "error"),
        ("next march", "2027-03-01"),
        ("monday morning", "2026-11-30"),
        ("tonight", "2026-11-24"),
        ("this afternoon", "2026-11-24"),
        ("first thing monday", "2026-11-30"),
        ("a couple of weeks", "2026-12-08"),
        ("in a couple of months", "2027-01-24"),
        ("in about six months", "2027-05-24"),
        ("thirty six months", "2029-11-24"),
        ("half a year", "2027-05-24"),
        ("in a year and a half", "2028-05-24"),
        ("a week from friday", "2026-12-04"),
        ("the week after next", "2026-12-08"),
        ("until friday", "2026-11-27"),
        ("by the 15th", "2026-12-15"),
        ("february tenth", "2027-02-10"),
        ("the twenty-first of march", "2027-03-21"),
        ("monday the 30th", "2026-11-30"),
        ("monday the 29th", "error"),
        ("tuesday next week", "2026-12-01"),
        ("9/30", "2027-09-30"),
        ("11/15/27", "2027-11-15"),
        ("5/5", "2027-05-05"),
        ("tues 230pm", "2026-12-01 14:30"),
        ("fri 2p", "2026-11-27 14:00"),
    ],
)
def test_what_people_say_of_days_ahead_is_understood(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("last night", "2026-11-23"),
        ("this morning", "2026-11-24"),
        ("earlier today", "2026-11-24"),
        ("just now", "2026-11-24"),
        ("yesterday afternoon", "2026-11-23"),
        ("friday night", "2026-11-20"),
        ("a couple of days ago", "2026-11-22"),
        ("twenty one days ago", "2026-11-03"),
        ("9/30", "2026-09-30"),
        ("the first", "2026-11-01"),
        ("last week", "2026-11-16"),
    ],
)
def test_what_people_say_of_days_past_is_understood(text, expected):
    assert said(text, direction="past") == expected


def test_of_last_week_its_monday_is_only_assumed():
    assert read_date("last week", TODAY, "past").assumed == "day"
    assert read_date("last monday", TODAY, "past").assumed == ""


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        *((text, "future") for text in ("next fall", "in the spring", "summer 2027", "easter")),
        *((text, "future") for text in ("after Thanksgiving", "new year's", "over the holidays")),
        *((text, "future") for text in ("in a few weeks", "2-3 weeks", "in two or three months")),
        *((text, "future") for text in ("march or april", "after march 15", "late april")),
        *((text, "future") for text in ("this week", "later this month", "next december")),
        *((text, "past") for text in ("last month", "october", "june 2025", "the other day")),
        *((text, "past") for text in ("earlier this week", "a few days ago", "last summer")),
    ],
)
def test_what_could_be_several_days_is_to_be_asked(text, direction):
    with pytest.raises(Vague, match=f'"{text}" could '):
        read_date(text, TODAY, direction)


@pytest.mark.parametrize("text", ["whenever", "falling", "after lunch", "monday or never"])
def test_what_is_no_date_is_not_to_be_asked(text):
    with pytest.raises(BadInput) as refused:
        read_date(text, TODAY, "future")
    assert type(refused.value) is BadInput


def test_words_without_end_are_refused():
    assert said("after " * 5000 + "friday") == "error"
    assert said("a week from " * 500 + "friday") == "error"


@pytest.mark.parametrize(
    ("text", "workdays", "expected"),
    [
        ("june 2030", EVERY_DAY, "2030-06-01"),
        ("june 2030", Workdays(), "2030-06-03"),
        ("eow", Workdays(frozenset({0, 1, 2, 5})), "2026-11-28"),
        ("eom", Workdays(frozenset({1, 2})), "2026-11-25"),
    ],
)
def test_a_period_begins_and_ends_with_a_working_day(text, workdays, expected):
    assert str(read_when(text, Asked(TODAY, "future", workdays=workdays)).day) == expected


@pytest.mark.parametrize(
    ("text", "expected", "assumed"),
    [
        ("tuesday 10", "2026-12-01 10:00", "hour"),
        ("wed 2", "2026-11-25 14:00", "hour"),
        ("wed 2:30", "2026-11-25 14:30", "hour"),
        ("2:30", "2026-11-24 14:30", "hour"),
        ("fri 6", "2026-11-27 18:00", "hour"),
        ("fri 7", "2026-11-27 07:00", "hour"),
        ("wed at 2 o'clock", "2026-11-25 14:00", "hour"),
        ("nov 30 10", "2026-11-30 10:00", "hour"),
        ("nov 30", "2026-11-30 None", ""),
        ("friday 9:00", "2026-11-27 09:00", ""),
        ("friday 230pm", "2026-11-27 14:30", ""),
        ("friday 02:30", "2026-11-27 02:30", ""),
        ("friday morning at 5:30", "2026-11-27 05:30", ""),
        ("friday afternoon 2", "2026-11-27 14:00", ""),
    ],
)
def test_the_hours_of_a_meeting_are_office_hours(text, expected, assumed):
    when = read_when(text, Asked(TODAY, "future", is_meeting=True))
    assert (f"{when.day} {when.time}", when.assumed) == (expected, assumed)


@pytest.mark.parametrize("text", ["friday 19", "friday 25", "10", "friday 2 3"])
def test_what_is_no_office_hour_needs_a_time(text):
    with pytest.raises(BadInput):
        read_when(text, Asked(TODAY, "future", is_meeting=True))


@pytest.mark.parametrize("text", ["tuesday 10", "wed 2"])
def test_a_bare_hour_is_for_meetings(text):
    assert said(text) == "error"


@pytest.mark.parametrize("text", ["10am", "today 13:59", "noon"])
def test_a_time_that_has_passed_today_is_refused(text):
    with pytest.raises(BadInput, match="has passed today"):
        read_when(text, Asked(TODAY, "future", now="14:00"))


@pytest.mark.parametrize("text", ["2pm", "today 14:00", "tomorrow 10am"])
def test_a_time_to_come_is_taken(text):
    assert read_when(text, Asked(TODAY, "future", now="14:00")).time


@pytest.mark.parametrize("order", ["", "mdy", "dmy"])
@pytest.mark.parametrize(
    ("direction", "is_meeting"), [("future", False), ("past", False), ("future", True)]
)
def test_every_refusal_shows_three_forms_for_its_field(direction, is_meeting, order):
    asked = Asked(TODAY, direction, order, is_meeting=is_meeting)
    with pytest.raises(BadInput) as refused:
        read_when("whenever", asked)
    forms = re.fullmatch("Try (.+), (.+) or (.+)", refused.value.hint).groups()
    shown = [read_when(form, asked) for form in forms]
    assert all(bool(when.time) is is_meeting for when in shown)
    assert ("/" in forms[2]) is bool(order)


@pytest.mark.parametrize(
    ("setting", "currency", "locale", "order"),
    [
        ("dmy", "USD", "en_US.UTF-8", "dmy"),
        ("", "USD", "de_DE.UTF-8", "mdy"),
        ("", "GBP", "en_US.UTF-8", "dmy"),
        ("", "CAD", "en_US.UTF-8", "mdy"),
        ("", "", "en_US", "mdy"),
        ("", "", "en_GB.UTF-8", "dmy"),
        ("", "", "de_DE@euro", "dmy"),
        ("", "CAD", "en_CA.UTF-8", ""),
        ("", "", "C.UTF-8", ""),
        ("", "", "", ""),
    ],
)
def test_the_order_comes_from_the_setting_the_currency_then_the_locale(
    setting, currency, locale, order
):
    assert date_order(setting, currency, locale) == order


def spans(text, direction="future"):
    return {
        text[found.start : found.end]: found.when and str(found.when.day)
        for found in find_dates(text, Asked(TODAY, direction, "mdy"))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call me back in January she said", {"in January": "2027-01-01"}),
        ("try again feb 10", {"feb 10": "2027-02-10"}),
        ("check back March 15.", {"March 15": "2027-03-15"}),
        ("call back on the 15th, he's out", {"on the 15th": "2026-12-15"}),
        ("lease up June 2030, ask for Bob", {"June 2030": "2030-06-03"}),
        ("locked in until 2028", {"until 2028": "2028-01-03"}),
        ("under contract till March", {"till March": "2027-03-01"}),
        ("expires in 18 months, 12k", {"in 18 months": "2028-05-24"}),
        ("call in a couple of weeks", {"in a couple of weeks": "2026-12-08"}),
        ("email her next tuesday", {"next tuesday": "2026-12-01"}),
        ("back in Q2", {"in Q2": "2027-04-01"}),
        ("decides end of the month", {"end of the month": "2026-11-30"}),
        ("call first of the year", {"first of the year": "2027-01-01"}),
        ("call mid-march or so", {"mid-march": "2027-03-15"}),
        ("meet on Fri. at 10am", {"on Fri. at 10am": "2026-11-27"}),
        ("meet Dec. 21 with Ann", {"Dec. 21": "2026-12-21"}),
        ("call 2027-01-15", {"2027-01-15": "2027-01-15"}),
        ("call on 10/6", {"on 10/6": "2027-10-06"}),
        ("call 10/6/27", {"10/6/27": "2027-10-06"}),
        ("call tomorrow", {"tomorrow": "2026-11-25"}),
        ("ask monday", {"monday": "2026-11-30"}),
        ("call Monday, then Friday", {"Monday": "2026-11-30", "Friday": "2026-11-27"}),
        ("call in June. Lease ends in May", {"in June": "2027-06-01", "in May": "2027-05-03"}),
        ("call February tenth said he", {"February tenth": "2027-02-10"}),
        ("call eom", {"eom": "2026-11-30"}),
        ("call after Easter", {"after Easter": None}),
        ("wait till after new years", {"till after new years": None}),
        ("look at it next fall", {"next fall": None}),
        ("call in two or three weeks", {"in two or three weeks": None}),
        ("call in a few weeks", {"in a few weeks": None}),
        ("on sat we close", {"on sat": "2026-11-28"}),
        ("in May they move", {"in May": "2027-05-03"}),
    ],
)
def test_a_date_is_found_in_a_sentence(text, expected):
    assert spans(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("went with Ricoh last tuesday", {"last tuesday": "2026-11-17"}),
        ("told me no friday", {"friday": "2026-11-20"}),
        ("the committee met on Sunday and", {"on Sunday": "2026-11-22"}),
        ("lost it yesterday, 9k", {"yesterday": "2026-11-23"}),
        ("said no 3 days ago", {"3 days ago": "2026-11-21"}),
        ("heard last night", {"last night": "2026-11-23"}),
        ("lost it this morning", {"this morning": "2026-11-24"}),
        ("email her next tuesday", {}),
        ("delivery in three days", {}),
    ],
)
def test_a_day_past_is_found_in_a_sentence(text, expected):
    assert spans(text, "past") == expected


@pytest.mark.parametrize(
    "text",
    [
        *("they may call", "we march on", "the second bid", "sat on it for 2 months", "a sun room"),
        *("in 5 stores", "2 weeks late", "36 month lease", "in a 36 month lease", "15% higher"),
        *("friday harbor kayaks 4100", "Friday Harbor", "Ruby Tuesday, 5k", "May Company, 3k"),
        *(
            "April Jones",
            "Mar Vista Dental",
            "Jan Smith 8k",
            "7-11 on Grand",
            "open 24/7",
            "3M 85k",
        ),
        *("no money this year", "signed then cancelled a week later, 2700", "60 days before"),
        *("4 calls", "a month of toner", "on second thought", "on the 5th floor", "prices fall"),
        *("spring water", "Winter Park", "after 2 months they went dark", "now they like it"),
        *("a quarter of it", "year of the rat", "kept the old one another year", "they may 3 or 4"),
        *("the day care", "week in week out", "first in line", "10am", "he is 36", "sunday school"),
        *("400 a month for 36 months", "at the end of the day", "a year", "to the end", "mon ami"),
        "wed their fortunes",
    ],
)
@pytest.mark.parametrize("direction", ["future", "past"])
def test_what_only_looks_like_a_date_is_none_in_a_sentence(text, direction):
    assert spans(text, direction) == {}


@pytest.mark.parametrize(
    ("text", "expected", "day"),
    [
        ("call march 15 with Bob", "march 15", "2027-03-15"),
        ("call march", "march", "2027-03-01"),
        ("call 2 weeks from now or never", "2 weeks from now", "2026-12-08"),
        ("call 10/6, he said", "10/6", "2027-10-06"),
        ("call sat", "sat", "2026-11-28"),
        ("call next fall again", "next fall", None),
        ("call feb 30 then", "feb 30", None),
        ("call friday nov 30", "friday nov 30", None),
        ("call the first of next month please", "the first of next month", "2026-12-01"),
    ],
)
def test_where_a_date_is_expected_the_longest_is_taken(text, expected, day):
    found = date_at(text, len("call "), Asked(TODAY, "future", "mdy"))
    assert text[found.start : found.end] == expected
    assert (found.when and str(found.when.day)) == day


@pytest.mark.parametrize("text", ["", "Bob", "5 stores", "last tuesday", "15%", "march 15 2020"])
def test_where_no_date_stands_none_is_found(text):
    assert date_at(text, 0, Asked(TODAY, "future")) is None


def test_a_date_whose_order_is_not_settled_is_to_be_asked():
    (found,) = find_dates("call on 10/6", Asked(TODAY, "future"))
    assert found.when is None


SENTENCES = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from([*VOCABULARY, "call", "Bob,", "Ricoh.", "in", "march", "fall", "a", "few"]),
        max_size=12,
    ).map(" ".join),
)


@given(text=SENTENCES, today=st.dates(), direction=st.sampled_from(["past", "future"]))
def test_what_is_found_in_any_sentence_reads_as_the_same_date(text, today, direction):
    asked = Asked(today, direction)
    end = 0
    for found in find_dates(text, asked):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        if found.when:
            assert read_when(text[found.start : found.end], asked) == found.when
            assert asked.accepts(found.when.day)
        else:
            with pytest.raises(Vague):
                read_when(text[found.start : found.end], asked)

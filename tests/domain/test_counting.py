"""What the numbers of `stats` mean: against an independent tally, and by hand on the edge days."""

import json
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from independent_tally import in_order
from independent_tally import stats as tallied
from lostsale.domain.counting import _in_order
from made_up_year import door, losses

LAST = date(2027, 6, 30)  # the day on which the random journals are made
EDGES = [date(y, m, d) for y in (2024, 2025, 2026) for m, d in ((1, 1), (3, 31), (12, 31))]
DAYS = st.sampled_from([*EDGES, date(2024, 2, 29)]) | st.dates(date(2024, 1, 1), date(2026, 12, 31))
SAID = st.sampled_from("budget price board no-reason".split())
REAL = st.sampled_from("price-value too-slow relationship no-money other".split())
WORDS = st.sampled_from(["", ": twice", ": never met you", ": 40 a month less"])
REASON = st.tuples(REAL, WORDS).map("".join)


def option(name, values):
    """Nothing, or the option with a value."""
    return st.just([]) | values.map(lambda value: [name, value])


def phrase(*parts):
    """A command line of these lists of words."""
    return st.tuples(*parts).map(lambda lists: [word for words in lists for word in words])


LOGGED = phrase(
    st.just(["log"]),
    st.sampled_from([["Acme"], ["Acme", "1200.50"], ["Acme", "700EUR"], ["Acme", "0"]]),
    option("--said", SAID),
    option("--guess", REASON),
    option("--real", REASON) | option("--heard", REASON),
    option("--lost-to", st.sampled_from(["Kyolab", "Ostra", "nobody"])),
    option("--signal", st.sampled_from("silence delay budget".split())),
    option("--signal", st.sampled_from("silence no-show".split())),
    option("--way-in", st.just("dead")),
    option("--weakness", st.sampled_from("company none".split())),
    option("--also", st.sampled_from(["thanks", "referral,save", "touch", "meet"])),
    option("--outcome", st.sampled_from("mistake cancelled no-decision".split())),
)
DEED = st.one_of(
    st.sampled_from([["done"], ["done"], ["no-answer"], ["touch", "a", "talk"]]),
    st.sampled_from([["move-on"], ["move-on", "no", "use"], ["won"], ["won", "99.50"]]),
    st.sampled_from([["won", "300EUR"], ["why", "--would-not-say"]]),
    REASON.map(lambda reason: ["why", reason]),
    REASON.map(lambda reason: ["why", "--heard", reason]),
)
DELAY = st.sampled_from([0, 1, 3, 4, 7, 8, 30, 31, 90, 91, 180, 181, 365, 366]) | st.integers(
    0, 500
)
LIFE = st.tuples(
    DAYS, LOGGED, st.lists(st.tuples(DELAY, DEED), max_size=4), st.sampled_from([0, 0, 0, 0, 1, 2])
)
RANGE = st.tuples(DAYS, DAYS).map(lambda days: f"{min(days)}..{max(days)}")
PERIOD = RANGE | st.one_of(
    st.sampled_from("all this-month last-month this-year last-year".split()),
    st.sampled_from("this-quarter last-quarter".split()),
    DAYS.map(lambda day: f"{day.year}"),
    DAYS.map(lambda day: f"{day.year}-{day.month:02}"),
    DAYS.map(lambda day: f"{day.year}q{(day.month + 2) // 3}"),
)
QUESTION = st.tuples(PERIOD, DAYS | st.dates(date(2023, 12, 1), LAST))


def live(tell, lives):
    """Make the journal of these losses, with what was done about each and what was undone; what a
    command refuses is not done."""
    for number, (lost_on, words, deeds, undone) in enumerate(lives, 1):
        code, _ = tell(LAST, *words, "--on", lost_on)
        assert code == 0, words
        for delay, (command, *rest) in deeds:
            day = min(lost_on + timedelta(delay), LAST)
            code, _ = tell(LAST, command, number, *rest, "--on", day)
            assert code in {0, 1}, (command, rest)
        if undone:
            tell(LAST, "undo", undone)


@settings(
    max_examples=settings.default.max_examples * 3 // 10,  # 30, or 1,500 in full
    phases=set(Phase) - {Phase.explain},  # which takes minutes
)
@given(
    st.lists(LIFE, max_size=40),
    st.lists(QUESTION, min_size=1, max_size=8),
    st.sampled_from(["5", "7.5", "0.1", "100"]),
)
def test_stats_count_what_an_independent_tally_counts(lives, questions, rate):
    with TemporaryDirectory() as folder, door(Path(folder) / "journal.db") as tell:
        live(tell, lives)
        tell(LAST, "config", "target-rate", rate)
        there = losses(tell, LAST, len(lives))
        for period, as_of in questions:
            _, out = tell(as_of, "stats", period, "--json")
            expected = tallied(there, period, str(as_of), str(float(rate) / 100))
            assert in_order(json.loads(out)["stats"]) == in_order(expected)


@pytest.fixture
def stats(run):
    """Return the numbers of a period: `stats("2026", today="2026-11-24")`."""
    return lambda period="this-year", **day: run(f"stats {period} --json", **day).json["stats"]


def rows(found, *keys):
    """The rows of a list as tuples of these fields."""
    return [tuple(row[key] for key in keys) for row in found]


def test_the_last_and_the_first_day_of_a_year_belong_to_their_own(run, stats):
    run("log Acme --on 2025-12-31")
    run("log Bolt --on 2026-01-01")
    run("log Cord --on 2026-01-01")
    assert (stats("2025")["lost"], stats("2026")["lost"]) == (1, 2)
    assert (stats("2025-12")["lost"], stats("2026-01")["lost"]) == (1, 2)
    assert (stats("2025q4")["lost"], stats("2026q1")["lost"]) == (1, 2)
    assert stats("2025-12-31..2025-12-31")["lost"] == 1


def test_a_leap_day_belongs_to_its_february(run, stats):
    run("log Acme --on 2024-02-29")
    assert stats("2024-02")["lost"] == 1
    assert stats("2024-03")["lost"] == 0
    assert stats("2024-02")["period"]["to"] == "2024-02-29"


def test_the_year_before_a_leap_day_is_cut_to_the_28th(stats):
    before = stats("this-year", today="2024-02-29")["previous"]
    assert (before["from"], before["to"]) == ("2023-01-01", "2023-02-28")


def test_a_win_in_another_year_belongs_to_its_loss_and_its_day_to_its_own_year(run, stats):
    run("log Acme 1000 --on 2025-12-01")
    run("won 1 --on 2026-02-01")
    lost, won = stats("2025"), stats("2026")
    assert (lost["won_back"], lost["won_in_period"], lost["won_back_rate"]) == (1, 0, 1.0)
    assert (won["won_back"], won["won_in_period"], won["won_back_rate"]) == (0, 1, None)
    assert rows(lost["months"], "month", "won_back", "won_in_month") == [("2025-12", 1, 0)]
    assert rows(won["months"], "month", "won_back", "won_in_month") == [("2026-02", 0, 1)]
    assert won["amounts"]["USD"]["lost"] == "0.00"
    assert won["amounts"]["USD"]["won_back"] == "0.00"
    assert won["amounts"]["USD"]["won_in_period"] == "1000.00"


def test_a_win_after_the_day_of_counting_counts(run, stats):
    run("log Acme --on 2026-03-01")
    run("won 1 --on 2026-07-01")
    assert stats("2026", today="2026-06-01")["won_back"] == 1


def test_a_mistake_is_counted_as_nothing_but_a_mistake(run, stats):
    run("log Acme 1000 budget --on 2026-03-01 --outcome mistake --real too-slow --signal delay")
    found = stats("2026")
    assert (found["lost"], found["mistakes"], found["asked"]) == (0, 1, 0)
    assert (found["amounts"], found["months"], found["said"], found["signals"]) == ({}, [], [], [])
    assert (found["reasons"], found["wins_by"]["contacts"]) == ([], [])


def test_a_journal_with_one_loss_counts_one(run, stats):
    run("log Acme 1000")
    found = stats("2026")
    assert (found["lost"], found["still_open"], found["not_asked"], found["at_rest"]) == (
        1,
        1,
        1,
        0,
    )
    assert found["won_back_rate"] == 0.0
    assert found["target"] == {"rate": 0.05, "wins": 1, "to_go": 1}


def test_a_journal_with_no_loss_has_no_rate(run, stats):
    run("log Acme")
    run("undo")
    found = stats("2026")
    assert (found["lost"], found["won_back"], found["won_back_rate"]) == (0, 0, None)
    assert found["target"] == {"rate": 0.05, "wins": 0, "to_go": 0}
    assert (found["months"], found["reasons"], found["amounts"]) == ([], [], {})


def test_told_on_the_third_day_is_within_three_and_on_the_fourth_is_not(run, stats):
    run("log Acme --on 2026-03-02")
    run("log Bolt --on 2026-03-02")
    run("why 1 too-slow --on 2026-03-05")
    run("why 2 too-slow --on 2026-03-06")
    found = stats("2026")
    assert (found["asked"], found["asked_within_3_days"]) == (2, 1)
    assert (found["told"], found["told_within_3_days"]) == (2, 1)


def test_who_would_not_say_was_asked_but_has_not_told(run, stats):
    run("log Acme --guess too-slow")
    run("why 1 --would-not-say")
    found = stats("2026")
    assert (found["asked"], found["told"], found["heard"], found["guessed"]) == (1, 0, 0, 1)
    assert rows(found["reasons"], "code", "told", "guessed") == [("too-slow", 0, 1)]


def test_heard_is_known_but_not_told(run, stats):
    run("log Acme --said budget --heard too-slow")
    found = stats("2026")
    assert (found["asked"], found["told"], found["heard"]) == (1, 0, 1)
    assert found["truth"] == [{"said": "budget", "real": "too-slow", "lost": 1}]


def test_a_guess_is_right_when_its_code_is_the_real_one(run, stats):
    run("log Acme --guess too-slow --real 'too-slow: late'")
    run("log Bolt --guess too-slow --heard no-money")
    run("log Cord --guess too-slow")
    assert stats("2026")["guess_right"] == {"right": 1, "of": 2}


def test_a_reason_is_the_real_one_before_the_guess(run, stats):
    run("log Acme --guess too-slow --real no-money")
    run("log Bolt --guess too-slow")
    run("log Cord")
    keys = ("code", "lost", "told", "guessed", "weakness")
    assert sorted(rows(stats("2026")["reasons"], *keys), key=str) == [
        ("no-money", 1, 1, 0, None),
        ("too-slow", 1, 0, 1, "personal"),
        (None, 1, 0, 0, None),
    ]


def test_a_given_weakness_counts_in_place_of_the_codes(run, stats):
    run("log Acme --real too-slow --weakness company")
    found = stats("2026")
    assert rows(found["reasons"], "code", "weakness") == [("too-slow", "personal")]
    assert rows(found["weaknesses"], "weakness", "lost") == [("company", 1)]


def test_the_quote_is_what_was_told_last(run, stats):
    run("log Acme --on 2026-03-02")
    run("log Bolt --on 2026-03-03")
    run("log Cord --on 2026-03-07 --heard 'too-slow: only hearsay'")
    run("why 2 too-slow: first --on 2026-03-05")
    run("why 1 too-slow: last --on 2026-03-06")
    assert rows(stats("2026")["reasons"], "quote") == [("last",)]


def test_currencies_are_never_added(run, stats):
    run("log Acme 1000")
    run("log Bolt 2000EUR")
    run("log Cord 500EUR")
    run("log Dorn 70JPY")
    lost = {currency: sums["lost"] for currency, sums in stats("2026")["amounts"].items()}
    assert lost == {"USD": "1000.00", "EUR": "2500.00", "JPY": "70"}


def test_a_loss_without_an_amount_is_counted_beside_the_sums(run, stats):
    run("log Acme")
    run("log Bolt 0")
    run("log Cord 10.05")
    found = stats("2026")
    assert (found["lost"], found["without_amount"]) == (3, 1)
    assert found["amounts"]["USD"]["lost"] == "10.05"


@pytest.mark.parametrize(
    ("amount", "sums"),
    [
        ("", {"USD": ("1000.00", "1000.00", "1000.00")}),
        ("800", {"USD": ("1000.00", "800.00", "800.00")}),
        ("300EUR", {"USD": ("1000.00", "0.00", "0.00"), "EUR": ("0.00", "300.00", "300.00")}),
    ],
)
def test_a_win_is_worth_what_was_lost_unless_told(run, stats, amount, sums):
    run("log Acme 1000")
    run(f"won 1 {amount}")
    amounts = stats("2026")["amounts"]
    assert {currency: tuple(found.values()) for currency, found in amounts.items()} == sums


@pytest.mark.parametrize(("as_of", "early"), [("2026-04-30", True), ("2026-05-01", False)])
def test_a_month_is_early_until_ninety_days_after_its_end(run, stats, as_of, early):
    run("log Acme --on 2026-01-02")
    assert rows(stats("2026-01", today=as_of)["months"], "month", "early") == [("2026-01", early)]


def test_months_run_without_gaps_from_the_first_loss_to_the_last_win(run, stats):
    run("log Acme --on 2026-02-28")
    run("won 1 --on 2026-05-01")
    months = rows(stats("2026")["months"], "month", "lost", "won_back_rate", "won_in_month")
    assert months == [
        ("2026-02", 1, 1.0, 0),
        ("2026-03", 0, None, 0),
        ("2026-04", 0, None, 0),
        ("2026-05", 0, None, 1),
    ]


def test_the_period_before_is_cut_to_the_same_days(run, stats):
    run("log Acme --on 2025-06-15")
    run("log Bolt --on 2025-06-16")
    before = stats("2026", today="2026-06-15")["previous"]
    assert (before["from"], before["to"], before["lost"]) == ("2025-01-01", "2025-06-15", 1)


def test_wins_of_a_cut_period_before_count_up_to_its_last_day(run, stats):
    run("log Acme 100 --on 2025-03-01")
    run("log Bolt 200 --on 2025-03-01")
    run("won 1 --on 2025-06-15")
    run("won 2 --on 2025-06-16")
    before = stats("2026", today="2026-06-15")["previous"]
    assert (before["lost"], before["won_back"], before["won_back_rate"]) == (2, 1, 0.5)
    assert before["amounts"] == {"USD": {"lost": "300.00", "won_back": "100.00"}}


def test_wins_of_a_whole_period_before_count_as_far_from_its_end_as_today_is(run, stats):
    run("log Acme --on 2026-01-10")
    run("log Bolt --on 2026-01-10")
    run("won 1 --on 2026-02-20")
    run("won 2 --on 2026-02-21")
    before = stats("2026-02", today="2026-03-20")["previous"]  # 20 days after its end
    assert (before["label"], before["lost"], before["won_back"]) == ("2026-01", 2, 1)


@pytest.mark.parametrize(
    ("period", "today", "label", "days"),
    [
        ("2026-03", "2026-11-24", "2026-02", ("2026-02-01", "2026-02-28")),
        ("2026q1", "2026-11-24", "2025q4", ("2025-10-01", "2025-12-31")),
        ("2025", "2026-11-24", "2024", ("2024-01-01", "2024-12-31")),
        ("this-month", "2026-03-31", "2026-02", ("2026-02-01", "2026-02-28")),
        ("this-month", "2026-03-30", "2026-02-01..2026-02-28", ("2026-02-01", "2026-02-28")),
        (
            "2026-03-01..2026-03-10",
            "2026-11-24",
            "2026-02-19..2026-02-28",
            ("2026-02-19", "2026-02-28"),
        ),
    ],
)
def test_the_period_before_is_the_unit_before(stats, period, today, label, days):
    before = stats(period, today=today)["previous"]
    assert (before["label"], (before["from"], before["to"])) == (label, days)


@pytest.mark.parametrize("period", ["all", "2027"])
def test_all_days_and_days_ahead_have_no_period_before(run, stats, period):
    run("log Acme")
    assert stats(period)["previous"] is None


def test_a_tried_loss_has_an_attempt_and_a_card_is_none(run, stats):
    run("log Acme --also save")
    run("log Bolt --also thanks,referral")
    run("touch 1 a talk")
    run("won 1")
    found = stats("2026")
    assert (found["tried"], found["attempts"], found["won_back_tried"]) == (1, 2, 1)
    assert found["referrals"] == {"asked": 1, "received": 0}


def test_who_did_not_answer_was_not_asked_for_a_name(run, stats):
    run("log Acme --real too-slow --also save,thanks --on 2026-10-01")  # the referral is next
    run("no-answer 1")
    assert stats("2026")["referrals"]["asked"] == 0


def test_a_meeting_that_nobody_promised_is_no_promise(run, stats):
    run("log Acme --also meet")
    assert stats("2026")["promises"] == {
        "marked": {"kept": 0, "of": 0},
        "unmarked": {"kept": 0, "of": 0},
    }


def test_a_win_of_a_loss_at_rest_is_a_win_and_not_at_rest(run, stats):
    run("log Acme")
    run("log Bolt")
    run("move-on 1,2")
    run("won 1")
    found = stats("2026")
    assert (found["won_back"], found["at_rest"], found["still_open"]) == (1, 1, 0)


def test_contacts_up_to_the_day_of_the_win_went_with_it_and_a_note_is_none(run, stats):
    run("log Acme --on 2026-03-02")
    run("touch 1 before --on 2026-03-10")
    run("touch 1 the day --on 2026-03-11")
    run("touch 1 after --on 2026-03-12")
    run("won 1 --on 2026-03-11")
    run("log Bolt --on 2026-03-02")
    run("move-on 2 no use any more")
    found = stats("2026")["wins_by"]
    assert rows(found["kind"], "kind", "won_back", "of") == [("touch", 1, 1)]
    assert rows(found["contacts"], "contacts", "won_back", "of") == [(0, 0, 1), (2, 1, 1)]


def test_wins_are_grouped_by_the_days_after_the_loss(run, stats):
    for number, won_on in enumerate(("2025-01-08", "2025-01-09", "2026-01-01", "2026-01-02"), 1):
        run(f"log {'ABCD'[number - 1]} --on 2025-01-01")
        run(f"won {number} --on {won_on}")
    assert rows(stats("2025")["wins_by"]["days"], "days", "won_back", "of") == [
        ("0-7", 1, 4),
        ("8-30", 1, 4),
        ("181-365", 1, 4),
        ("366+", 1, 4),
    ]


@pytest.mark.parametrize(
    ("rate", "lost", "wins"), [("5", 1, 1), ("5", 20, 1), ("5", 21, 2), ("7.5", 40, 3)]
)
def test_the_target_is_the_next_whole_win(run, stats, rate, lost, wins):
    run(f"config target-rate {rate}")
    for number in range(lost):
        run(f"log {number}th")
    found = stats("2026")["target"]
    assert (found["wins"], found["to_go"]) == (wins, wins)


def test_the_pace_counts_the_days_so_far_with_today(run, stats):
    run("log Acme --on 2026-01-01", today="2026-01-10")
    run("log Bolt --on 2026-01-02", today="2026-01-10")
    run("won 2", today="2026-01-10")
    pace = stats("2026", today="2026-01-10")["pace"]
    assert pace["lost_a_year"] == pytest.approx(73.05)
    assert pace["lost_a_month"] == pytest.approx(73.05 / 12)
    assert pace["won_back_a_year"] == pytest.approx(36.525)


def test_a_period_that_is_over_has_the_pace_of_its_own_days(run, stats):
    run("log Acme --on 2025-05-05")
    assert stats("2025")["pace"]["lost_a_year"] == pytest.approx(365.25 / 365)


def test_what_was_lost_most_stands_first(run, stats):
    run("log Acme --said price --real too-slow --lost-to Kyolab")
    for name in ("Bolt", "Cord"):
        run(f"log {name} --said budget --real selling --lost-to Ostra --signal delay")
    run("log Dorn --said budget --real no-money --lost-to Ostra --signal silence")
    found = stats("2026")
    assert rows(found["said"], "code", "lost") == [("budget", 3), ("price", 1)]
    assert rows(found["lost_to"], "name", "lost") == [("Ostra", 3), ("Kyolab", 1)]
    assert rows(found["signals"], "code", "lost") == [("delay", 2), ("silence", 1)]
    assert rows(found["reasons"], "code", "lost")[0] == ("selling", 2)
    assert rows(found["truth"], "real", "lost")[0] == ("selling", 2)
    assert rows(found["weaknesses"], "weakness", "lost")[0] == ("personal", 3)


def test_groups_of_one_size_stand_by_name_and_none_is_the_last():
    assert _in_order({"b": 1, None: 1, "a": 1, "c": 2}) == ["c", "a", "b", None]


@pytest.mark.parametrize(
    ("days", "label"),
    [
        *((7, "0-7"), (8, "8-30"), (30, "8-30"), (31, "31-90"), (90, "31-90"), (91, "91-180")),
        *((180, "91-180"), (181, "181-365"), (365, "181-365"), (366, "366+")),
    ],
)
def test_a_win_counts_among_the_days_that_it_took(run, stats, days, label):
    run("log Acme --on 2025-01-01")
    run(f"won 1 --on {date(2025, 1, 1) + timedelta(days)}")
    assert rows(stats("2025")["wins_by"]["days"], "days", "won_back") == [(label, 1)]


def test_all_of_a_journal_without_a_loss_has_a_pace_of_zero(run, stats):
    run("log Acme")
    run("undo")
    assert set(stats("all")["pace"].values()) == {0.0}

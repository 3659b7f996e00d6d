"""What the numbers of `stats` mean: against an independent tally, and by hand on the edge days."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from conftest import TODAY
from door import door, losses
from independent_tally import WEAKNESS, in_order
from independent_tally import stats as tallied
from lostsale.domain.groups import GroupCounts, GroupTotals, PeriodGroups, PeriodTotals, tally
from lostsale.domain.periods import read_period
from lostsale.domain.settings import Settings
from lostsale.screen.stats import stats_page

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
    option("--weakness", st.sampled_from("company none personal".split())),
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
    max_examples=settings.default.max_examples * 3 // 10,  # 12, or 1,500 in full
    phases=set(Phase) - {Phase.explain},  # which takes minutes
)
@given(
    st.lists(LIFE, max_size=40),
    st.lists(QUESTION, min_size=1, max_size=8),
    st.sampled_from(["5", "7.5", "0.1", "100"]),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_stats_count_what_an_independent_tally_counts(lives, questions, rate, by):
    with TemporaryDirectory() as folder, door(Path(folder) / "journal.db") as tell:
        live(tell, lives)
        tell(LAST, "config", "target-rate", rate)
        there = losses(tell, LAST, len(lives))
        for period, as_of in questions:
            unit = [] if by == "month" else ["--by", by]
            _, out = tell(as_of, "stats", period, *unit, "--json")
            expected = tallied(there, period, str(as_of), str(float(rate) / 100), by)
            assert in_order(json.loads(out)["stats"]) == in_order(expected)


def without_personal_answers(path, there):
    """Make a journal one in which nobody gave an answer that shows a personal weakness."""
    with closing(sqlite3.connect(path)) as journal, journal:
        for loss in there:
            real, guess = ((loss[name] or {}).get("code") for name in ("real", "guess"))
            gone = ["guess_code"] if WEAKNESS.get(guess) == "personal" else []
            if "personal" in {loss["weakness"], WEAKNESS.get(real or guess)}:
                gone = ["guess_code", "real_code", "real_source", "weakness"]
            for name in gone:
                query = f"UPDATE losses SET {name} = NULL WHERE number = ?"
                journal.execute(query, (loss["number"],))


@settings(max_examples=settings.default.max_examples * 3 // 10, phases=set(Phase) - {Phase.explain})
@given(st.lists(LIFE, min_size=1, max_size=40), st.lists(QUESTION, min_size=1, max_size=3))
def test_what_is_saved_to_share_is_the_same_without_the_answers_that_it_hides(lives, questions):
    with TemporaryDirectory() as name:
        folder = Path(name)
        with door(folder / "journal.db") as tell:
            live(tell, lives)
            there = losses(tell, LAST, len(lives))
        shutil.copy(folder / "journal.db", folder / "without.db")
        without_personal_answers(folder / "without.db", there)
        for period, as_of in questions:
            for ending in ("html", "csv", "txt"):
                texts = set()
                for journal in ("journal.db", "without.db"):
                    file = folder / f"{journal}.{ending}"
                    with door(folder / journal) as tell:
                        line = ("stats", period, "--all", "--force", "--save", file)
                        code, _ = tell(as_of, *line)
                    assert code == 0
                    texts.add(file.read_text())
                assert len(texts) == 1


@pytest.fixture
def stats(run):
    """The numbers that a question asks for: `stats("2025 --by year on 2026-11-24")`."""

    def stats(question):
        line, _, day = question.partition(" on ")
        return run(f"stats {line} --json", today=day or TODAY).json["stats"]

    return stats


# What was done, and for some questions the numbers that they must have: `a.b` is a field, `a:b,c`
# are these fields of all rows.
BY_HAND = """
the first and the last day of a year are its own
$ log A --on 2025-12-31
$ log B --on 2026-01-01
$ log C --on 2026-01-01
$ log D --on 2024-02-29
2025 | lost 1
2026 | lost 2
2025-12 | lost 1
2026-01 | lost 2
2025q4 | lost 1
2026q1 | lost 2
2025-12-31..2025-12-31 | lost 1
2025-12-31..2026-01-01 --by quarter | months:month,lost [["2025q4",1],["2026q1",2]]
all --by year | months:month,lost [["2024",1],["2025",1],["2026",2]]
2024 --by quarter | months:month [["2024q1"]]

a leap day is one of February's
$ log A --on 2024-02-29
2024-02 | lost 1 | period.to "2024-02-29"
2024-03 | lost 0
this-year on 2024-02-29 | previous.from "2023-01-01" | previous.to "2023-02-28"

a win in another year is of its loss's, and its day of its own
$ log A 1000 --on 2025-12-01
$ won 1 900EUR --on 2026-02-01
2025 | won_back 1 | won_in_period 0 | won_back_rate 1.0
2025 | months:month,won_back,won_in_month [["2025-12",1,0]]
2025 | amounts.EUR {"lost":"0.00","won_back":"900.00","won_in_period":"0.00"}
2026 | won_back 0 | won_in_period 1 | won_back_rate null
2026 | months:month,won_back,won_in_month [["2026-02",0,1]]
2026 | amounts {"EUR":{"lost":"0.00","won_back":"0.00","won_in_period":"900.00"}}
all --by year | months:month,won_back,won_in_month [["2025",1,0],["2026",0,1]]
2025 on 2026-01-15 | won_back 1

a mistake is counted as nothing but a mistake
$ log A 9 budget --on 2026-03-01 --outcome mistake --real too-slow --signal delay
2026 | lost 0 | mistakes 1 | asked 0 | amounts {} | months [] | said [] | signals []
2026 | reasons [] | wins_by.contacts []

one loss counts one
$ log A 1000
2026 | lost 1 | still_open 1 | not_asked 1 | at_rest 0 | won_back_rate 0.0
2026 | target {"rate":0.05,"wins":1,"to_go":1}
all | previous null
2027 | previous null

a journal with no loss has no rate
$ log A
$ undo
2026 | lost 0 | won_back 0 | won_back_rate null | months [] | amounts {}
2026 | target {"rate":0.05,"wins":0,"to_go":0}
all | pace {"lost_a_month":0.0,"lost_a_year":0.0,"won_back_a_year":0.0}

the third day is within three and the fourth is not
$ log A --on 2026-03-02
$ log B --on 2026-03-02
$ why 1 too-slow --on 2026-03-05
$ why 2 too-slow --on 2026-03-06
2026 | asked 2 | asked_within_3_days 1 | told 2 | told_within_3_days 1

who would not say was asked and has not told
$ log A --guess too-slow
$ why 1 --would-not-say
2026 | asked 1 | told 0 | heard 0 | guessed 1
2026 | reasons:code,told,guessed [["too-slow",0,1]]

what was heard is known and not told
$ log A --said budget --heard too-slow
2026 | asked 1 | told 0 | heard 1 | truth [{"said":"budget","real":"too-slow","lost":1}]

a guess is right when its code is the real one
$ log A --guess too-slow --real 'too-slow: late'
$ log B --guess too-slow --heard no-money
$ log C --guess too-slow
2026 | guess_right {"right":1,"of":2}

the real reason counts before the guess
$ log A --guess too-slow --real no-money
$ log B --guess too-slow
$ log C
2026 | reasons:code,told,guessed [["no-money",1,0],["too-slow",0,1],[null,0,0]]
2026 | reasons:weakness,lost [[null,1],["personal",1],[null,1]]

a given weakness counts in place of the code's
$ log A --real too-slow --weakness company
$ log B --real selling --weakness none
2026 | reasons:code,weakness [["selling","personal"],["too-slow","personal"]]
2026 | weaknesses:weakness,lost [["company",1],[null,1]]

the quote is what was told last
$ log A --on 2026-03-02
$ log B --on 2026-03-03
$ log C --on 2026-03-07 --heard 'too-slow: only hearsay'
$ why 2 'too-slow: first' --on 2026-03-05
$ why 1 'too-slow: last' --on 2026-03-06
2026 | reasons:quote [["last"]]

currencies are never added, and what has no amount stands beside them
$ log A 1000
$ log B 2000EUR
$ log C 500EUR
$ log D 70JPY
$ log E
$ log F 0
$ log G 10.05
2026 | lost 7 | without_amount 1
2026 | amounts.USD.lost "1010.05" | amounts.EUR.lost "2500.00" | amounts.JPY.lost "70"

a win is worth what was lost
$ log A 1000
$ won 1
2026 | amounts.USD {"lost":"1000.00","won_back":"1000.00","won_in_period":"1000.00"}

a win is worth what was told of it
$ log A 1000
$ won 1 800
2026 | amounts.USD {"lost":"1000.00","won_back":"800.00","won_in_period":"800.00"}

a month, quarter or year is early until ninety days after its end
$ log A --on 2026-01-02
2026-01 on 2026-04-30 | months:early [[true]]
2026-01 on 2026-05-01 | months:early [[false]]
2026 --by quarter on 2026-06-28 | months:month,early [["2026q1",true]]
2026 --by quarter on 2026-06-29 | months:month,early [["2026q1",false]]
2026 --by year on 2027-03-30 | months:month,early [["2026",true]]
2026 --by year on 2027-03-31 | months:month,early [["2026",false]]

months run without gaps from the first loss to the last win
$ log A --on 2026-03-28
$ won 1 --on 2026-05-01
2026 | months:month,lost,won_in_month [["2026-03",1,0],["2026-04",0,0],["2026-05",0,1]]
2026 | months:won_back_rate [[1.0],[null],[null]]

the period before is cut to the same days, and so are its wins
$ log A 100 --on 2025-06-15
$ log B 200 --on 2025-03-01
$ log C --on 2025-06-16
$ won 1 --on 2025-06-15
$ won 2 --on 2025-06-16
2026 on 2026-06-15 | previous.label "2025-01-01..2025-06-15" | previous.to "2025-06-15"
2026 on 2026-06-15 | previous.lost 2 | previous.won_back 1 | previous.won_back_rate 0.5
2026 on 2026-06-15 | previous.amounts {"USD":{"lost":"300.00","won_back":"100.00"}}

wins of a whole period before count as far from its end as today is
$ log A --on 2026-01-10
$ log B --on 2026-01-10
$ won 1 --on 2026-02-20
$ won 2 --on 2026-02-21
2026-02 on 2026-03-20 | previous.label "2026-01" | previous.lost 2 | previous.won_back 1

a tried loss has an attempt, and a card is none
$ log A --also save
$ log B --also thanks,referral
$ touch 1 a talk
$ won 1
2026 | tried 1 | attempts 2 | won_back_tried 1 | referrals {"asked":1,"received":0}

an appointment that nobody came to is a promise not kept, and a meeting without one is none
$ log A
$ meet 1 2026-11-25 10am --marked
$ no-answer 1
$ log B --also meet
2026 | tried 2 | attempts 2
2026 | promises {"marked":{"kept":0,"of":1},"unmarked":{"kept":0,"of":0},"unnoted":0}

an appointment that nobody noted the outcome of is neither kept nor broken, and no attempt
$ log A
$ meet 1 2026-11-25 10am --marked
2026 on 2026-11-25 | promises.unnoted 0
2026 on 2026-11-26 | promises {"marked":{"kept":0,"of":0},"unmarked":{"kept":0,"of":0},"unnoted":1}
2026 on 2027-01-15 | promises.unnoted 1 | tried 0
$ edit 1 --note hello
2026 on 2027-01-15 | promises.unnoted 1 | tried 0
$ move-on 1
2026 on 2027-01-15 | promises.unnoted 0 | tried 0

who did not answer was not asked for a name
$ log A --real too-slow --also save,thanks --on 2026-10-01
$ no-answer 1
2026 | referrals.asked 0

a win of a loss at rest is a win and not at rest
$ log A
$ log B
$ move-on 1,2
$ won 1
2026 | won_back 1 | at_rest 1 | still_open 0

contacts up to the day of the win went with it, and a note is none
$ log A --on 2026-03-02
$ touch 1 before --on 2026-03-10
$ touch 1 the day --on 2026-03-11
$ touch 1 after --on 2026-03-12
$ won 1 --on 2026-03-11
$ log B --on 2026-03-02
$ move-on 2 no use any more
2026 | wins_by.kind [{"kind":"touch","won_back":1,"of":1}]
2026 | wins_by.contacts:contacts,won_back,of [[0,0,1],[2,1,1]]

the pace counts the days so far with today
$ log A --on 2026-01-01
$ log B --on 2026-01-02
$ won 2 --on 2026-01-10
2026 on 2026-01-10 | pace.lost_a_year 73.05 | pace.won_back_a_year 36.525
2026 on 2026-01-10 | pace.lost_a_month 6.0875

a period that is over has the pace of its own days
$ log A --on 2024-05-05
2024 | pace.lost_a_year 0.997951

what was lost most stands first, then by name, and none is the last
$ log A --said price --real too-slow --lost-to Kyolab
$ log B --said budget --real selling --lost-to Ostra --signal delay
$ log C --said budget --real selling --lost-to Ostra --signal delay
$ log D --said budget --real no-money --lost-to Ostra --signal silence
$ log E
$ log F --said board
2026 | said:code,lost [["budget",3],["board",1],["price",1],[null,1]]
2026 | lost_to:name,lost [["Ostra",3],[null,2],["Kyolab",1]]
2026 | signals:code,lost [["delay",2],["silence",1]]
2026 | reasons:code,lost [["selling",2],[null,2],["no-money",1],["too-slow",1]]
2026 | truth:real [["selling"],["no-money"],["too-slow"]]
2026 | weaknesses:weakness,lost [["personal",3],[null,3]]

the period before is the unit before
$ log A
2026-03 | previous.label "2026-02" | previous.from "2026-02-01" | previous.to "2026-02-28"
2026q1 | previous.label "2025q4" | previous.from "2025-10-01" | previous.to "2025-12-31"
2025 | previous.label "2024" | previous.from "2024-01-01" | previous.to "2024-12-31"
this-month on 2026-03-31 | previous.label "2026-02"
this-month on 2026-03-30 | previous.label "2026-02-01..2026-02-28"
2026-03-01..2026-03-10 | previous.label "2026-02-19..2026-02-28"
"""
CASES = [case.splitlines() for case in BY_HAND.strip().split("\n\n")]


def picked(found, path):
    path, _, fields = path.partition(":")
    for key in path.split("."):
        found = found[key]
    return [[row[field] for field in fields.split(",")] for row in found] if fields else found


@pytest.mark.parametrize("lines", [lines for _, *lines in CASES], ids=[name for name, *_ in CASES])
def test_by_hand(run, stats, lines):
    for line in lines:
        if line.startswith("$ "):
            run(line[2:])
            continue
        question, *numbers = line.split(" | ")
        found = stats(question)
        for path, value in (number.split(" ", 1) for number in numbers):
            expected = json.loads(value)
            close = isinstance(expected, float)
            assert picked(found, path) == (pytest.approx(expected) if close else expected), line


@pytest.mark.parametrize(
    ("rate", "lost", "wins"), [("5", 1, 1), ("5", 20, 1), ("5", 21, 2), ("7.5", 40, 3)]
)
def test_the_target_is_the_next_whole_win(run, stats, rate, lost, wins):
    run(f"config target-rate {rate}")
    for number in range(lost):
        run(f"log {number}th")
    found = stats("2026")["target"]
    assert (found["wins"], found["to_go"]) == (wins, wins)


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
    assert picked(stats("2025"), "wins_by.days:days,won_back,of") == [[label, 1, 1]]


def test_a_meeting_of_which_nobody_knows_whether_it_took_place_counts_as_that_alone(run, tmp_path):
    run("log Acme")
    run("meet 1 2026-11-25 10am --marked")
    run("done 1", today="2026-11-25")
    run(f"export {tmp_path}/all.json")
    text = (tmp_path / "all.json").read_text()
    assert text.count('"answered": true') == 1
    (tmp_path / "new.json").write_text(text.replace('"answered": true', '"answered": null'))
    run(f"--db {tmp_path}/new.db import {tmp_path}/new.json")
    found = run(f"--db {tmp_path}/new.db stats --json").json["stats"]
    assert (found["tried"], found["attempts"]) == (0, 0)
    assert (found["promises"]["marked"], found["promises"]["unnoted"]) == ({"kept": 0, "of": 0}, 1)


def test_groups_make_a_tally_and_a_year_of_1200_losses_with_60_won_back_reads_5_percent():
    year = [("2025-01", GroupTotals(GroupCounts(1200, 0, 0, 0, 0, 60), "USD", 500, "USD", 300))]
    totals = PeriodTotals("2025-01-01", *(0,) * 8)
    groups = PeriodGroups(totals, year, [], [], {}, [], {}, {}, {}, {}, [], {})
    counted = tally(groups, read_period("2025", LAST), LAST, 500, lambda _: {"2025-01": "2025-01"})
    headline, *_ = stats_page(counted, Settings({}), None, whole=False)
    expected = "2025 · 1,200 lost, 5 USD · 60 won back (5.0%), 3 USD · goal 5% = 60 wins, reached"
    assert headline.text == expected

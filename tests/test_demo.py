"""The demo year: made up, the same every time, and just as the commands would have left it."""

import lzma
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from lostsale.cli import run as run_cli
from lostsale.commands.demo import DATA, made_up_losses
from lostsale.domain.loss import ATTEMPTS, DEAD, KINDS, NOBODY, OUTCOMES, REST
from lostsale.domain.reasons import SAID, SIGNALS, WEAKNESSES
from lostsale.domain.workdays import Workdays
from lostsale.journal.store import Store
from lostsale.journal.waiting import cold_before

NEW_YEAR = date(2026, 1, 1)
# One week holds all there is to differ; the others are days on which calendars go wrong.
TODAYS = [
    *(date(2026, 11, 16) + timedelta(day) for day in range(7)),
    *(NEW_YEAR, date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2027, 12, 31)),
    *(date(1900, 1, 1), date(1999, 12, 31), date(2101, 3, 1)),
]
WORKDAYS = Workdays()

losses_on = cache(made_up_losses)
every_today = pytest.mark.parametrize("today", TODAYS, ids=str)

HELD = [kind for kind in KINDS if kind != "renew"]  # nothing comes up again in the made-up year


@cache
def left(today):
    """The losses that count."""
    return [loss for loss in losses_on(today) if not loss.is_mistake]


def due(today):
    cold = cold_before(today, WORKDAYS)
    return [loss for loss in left(today) if loss.step and cold < loss.step.on <= today]


def tried(loss):
    return any(done.kind in ATTEMPTS for done in loss.contacts)


def working_day(today):
    """The day itself, or on a day off the working day before it."""
    return WORKDAYS.late_by(1, today) + timedelta(1)


def days_in(losses):
    """All days that the losses hold."""
    for loss in losses:
        yield loss.lost_on
        yield from (done.on for done in (*loss.contacts, *loss.referrals))
        yield from (loss.won.on,) if loss.won else ()
        yield from (loss.real.asked_on,) if loss.real else ()


def test_the_data_are_what_the_tool_makes(tmp_path):
    tool = Path(__file__).parents[1] / "tools" / "make_demo.py"
    subprocess.run([sys.executable, tool, tmp_path / "made"], check=True)
    assert lzma.decompress((tmp_path / "made").read_bytes()) == lzma.decompress(DATA.read_bytes())


def test_the_same_day_makes_the_same_losses():
    assert made_up_losses(NEW_YEAR) == losses_on(NEW_YEAR)


def test_a_week_later_every_day_is_a_week_later():
    later = made_up_losses(NEW_YEAR + timedelta(7))
    assert list(days_in(later)) == [day + timedelta(7) for day in days_in(losses_on(NEW_YEAR))]


def test_from_one_working_day_to_the_next_every_day_moves_by_one_working_day():
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    moved = [WORKDAYS.after(day) for day in days_in(losses_on(friday))]
    assert list(days_in(losses_on(monday))) == moved


def test_a_day_off_shows_the_working_day_before_it():
    assert losses_on(date(2026, 11, 22)) == losses_on(date(2026, 11, 20))


@every_today
def test_1200_losses_count_and_3_were_mistakes(today):
    assert Counter(loss.is_mistake for loss in losses_on(today)) == {False: 1200, True: 3}


@every_today
def test_60_are_won_back_after_the_loss_and_before_today(today):
    wins = [loss for loss in left(today) if loss.won]
    assert len(wins) == 60
    assert all(loss.lost_on < loss.won.on < today and loss.won.note for loss in wins)


@every_today
def test_30_are_due_today(today):
    assert len(due(today)) == 30


@every_today
def test_what_is_due_is_of_every_kind_with_three_to_five_appointments(today):
    steps = [loss.step for loss in due(today)]
    meetings = [step for step in steps if step.time]
    assert 3 <= len(meetings) <= 5
    assert {(step.kind, step.on) for step in meetings} == {("meet", working_day(today))}
    assert {step.marked for step in meetings} == {True, False}
    assert min(Counter(step.kind for step in steps)[kind] for kind in HELD) >= 3


@every_today
def test_most_of_what_is_due_is_of_today_and_some_up_to_4_days_late(today):
    late = Counter(WORKDAYS.late(loss.step.on, today) for loss in due(today))
    assert 15 < late[0] < 26
    assert max(late) <= 4


@every_today
def test_several_due_are_fresh(today):
    fresh = [loss for loss in due(today) if (today - loss.lost_on).days < 14]
    assert sum(loss.step.kind in {"why", "save"} for loss in fresh) >= 8


@every_today
def test_9_have_gone_cold_and_6_are_ready_to_rest(today):
    cold = cold_before(today, WORKDAYS)
    unfinished = [loss for loss in left(today) if not (loss.won or loss.rested_on)]
    ready = [loss for loss in unfinished if not loss.step and loss.planned.on <= today]
    assert sum(loss.step is not None and loss.step.on <= cold for loss in unfinished) == 9
    assert len(ready) == 6


@every_today
def test_about_half_of_the_older_ones_are_at_rest(today):
    older = [loss for loss in left(today) if loss.lost_on < today - timedelta(180)]
    assert 0.43 < sum(loss.rested_on is not None for loss in older) / len(older) < 0.57


@every_today
def test_losses_are_spread_over_the_working_days_of_the_year_before(today):
    days = Counter(loss.lost_on for loss in left(today))
    assert today - timedelta(365) <= min(days) <= max(days) < today
    assert all(day.weekday() in WORKDAYS.days for day in days)
    months = Counter(f"{day:%Y-%m}" for day in days.elements())
    whole = sorted(months)[1:-1]
    assert all(80 <= months[month] <= 120 for month in whole)


@every_today
def test_wins_are_spread_over_the_year(today):
    quarters = Counter((today - loss.won.on).days // 91 for loss in left(today) if loss.won)
    assert min(quarters[quarter] for quarter in range(4)) >= 9


@every_today
def test_nothing_is_done_after_the_early_morning_of_today(today):
    assert max(loss.logged_at for loss in losses_on(today)) < f"{today}T08:00"
    assert max(days_in(losses_on(today))) <= today


@every_today
def test_nothing_is_done_before_the_loss(today):
    for loss in losses_on(today):
        assert min(days_in([loss])) == loss.lost_on
        assert loss.logged_at[:10] == str(loss.lost_on)


@every_today
def test_steps_fall_on_working_days(today):
    assert all(loss.step.on.weekday() in WORKDAYS.days for loss in left(today) if loss.step)


def test_identities_are_24_hexadecimal_digits_and_none_occurs_twice():
    losses = losses_on(NEW_YEAR)
    uids = [each.uid for loss in losses for each in (loss, *loss.contacts, *loss.referrals)]
    assert len(set(uids)) == len(uids)
    assert all(len(uid) == 24 and int(uid, 16) for uid in uids)


def test_every_code_outcome_weakness_and_signal_occurs():
    losses = losses_on(NEW_YEAR)
    assert {loss.said.code for loss in losses} == {*SAID} - {"relationship"}
    told = {loss.real.code for loss in losses if loss.real}
    assert told == {loss.guess.code for loss in losses if loss.guess} | {None}
    assert len(told) > 12
    assert {loss.outcome for loss in losses} == set(OUTCOMES)
    assert {loss.given_weakness for loss in losses} == {*WEAKNESSES, None}
    assert {signal for loss in losses for signal in loss.signals} == {*SIGNALS, *SAID}


def test_every_kind_of_step_is_open_and_every_kind_of_contact_is_noted():
    losses = left(NEW_YEAR)
    assert {loss.planned.kind for loss in losses} == {*HELD, REST}
    assert {done.kind for loss in losses for done in loss.contacts} == {*HELD, "note"}


def test_what_may_be_missing_is_there_and_is_missing():
    for field in "contact email phone product money lost_to guess way_in lesson note".split():
        given = [getattr(loss, field) is not None for loss in left(NEW_YEAR)]
        assert {True, False} == set(given), field
    assert {DEAD, NOBODY} <= {
        word for loss in left(NEW_YEAR) for word in (loss.way_in, loss.lost_to)
    }


def test_the_names_are_many_and_some_prospects_were_lost_twice():
    names = Counter(loss.prospect for loss in left(NEW_YEAR))
    assert 1000 < len(names) < 1200
    assert len({loss.lost_to for loss in left(NEW_YEAR)} - {None, NOBODY}) == 4


def test_phones_and_addresses_belong_to_nobody():
    losses = left(NEW_YEAR)
    people = [*losses, *(name for loss in losses for name in loss.referrals)]
    assert {who.phone[:6] for who in people if who.phone} == {"555-01"}
    domains = {who.email.partition("@")[2] for who in people if who.email}
    assert domains == {"example.com", "example.org"}


def test_amounts_lie_between_a_thousand_and_ninety_thousand_dollars_and_most_are_round():
    amounts = [loss.money for loss in left(NEW_YEAR) if loss.money]
    assert {money.currency for money in amounts} == {"USD"}
    assert all(100_000 <= money.minor <= 9_000_000 for money in amounts)
    assert sum(money.minor % 50_000 == 0 for money in amounts) > 0.8 * len(amounts)


@every_today
def test_who_asks_soon_is_told_more_often(today):
    asked = [loss for loss in left(today) if loss.real]
    told = {True: [], False: []}
    for loss in asked:
        is_soon = loss.real.asked_on <= loss.lost_on + timedelta(3)
        told[is_soon].append(loss.real.source == "told")
    soon, later = (sum(told[key]) / len(told[key]) for key in (True, False))
    assert 0.54 < len(asked) / 1200 < 0.66
    # "Soon" counts days, and the year moves by working days: by weekday some change sides.
    assert 0.65 < soon < 0.75
    assert 0.4 < later < soon - 0.15


@every_today
def test_a_guess_is_right_about_a_third_of_the_time(today):
    both = [loss for loss in left(today) if loss.guess and loss.real and loss.real.code]
    assert 0.26 < sum(loss.guess.code == loss.real.code for loss in both) / len(both) < 0.4


@every_today
def test_a_budget_is_most_often_a_matter_of_price(today):
    said = [loss for loss in left(today) if loss.said.code == "budget" and loss.real]
    codes = Counter(loss.real.code for loss in said if loss.real.code)
    assert codes.most_common(1)[0][0] == "price-value"


@every_today
def test_those_tried_are_won_back_more_often(today):
    rates = []
    for was_tried in (True, False):
        group = [loss for loss in left(today) if tried(loss) is was_tried]
        rates.append(sum(loss.won is not None for loss in group) / len(group))
    assert rates[0] > 2 * rates[1]


@every_today
def test_a_promise_that_was_marked_is_kept_more_often(today):
    meetings = [done for loss in left(today) for done in loss.contacts if done.kind == "meet"]
    marked, unmarked = (
        [done.answered for done in meetings if done.marked is mark and done.answered is not None]
        for mark in (True, False)
    )
    assert sum(marked) / len(marked) > 0.7 > sum(unmarked) / len(unmarked)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The path of a demo of the year before 2026."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    assert run_cli(["--today", str(NEW_YEAR), "demo", str(path)]) == 0
    return path


def test_a_journal_keeps_the_losses_as_they_were_made(kept):
    with closing(Store.open(kept)) as journal:
        read = journal.get(range(1, 1204))
    made = sorted(losses_on(NEW_YEAR), key=lambda loss: loss.logged_at)
    assert [loss._replace(number=None) for loss in read] == made


def test_a_year_of_1200_losses_with_60_won_back_reads_5_percent(kept, run):
    out = run(f"--db {kept} stats 2025", today="2026-01-01").out
    assert out.startswith("2025 · 1,200 lost, 22,531,127 USD · 60 won back (5.0%), ")


def test_stats_count_what_was_made(kept, run):
    losses = left(NEW_YEAR)
    stats = run(f"--db {kept} stats 2025 --json", today="2026-01-01").json["stats"]
    assert (stats["lost"], stats["won_back"], stats["mistakes"]) == (1200, 60, 3)
    assert stats["asked"] == sum(loss.real is not None for loss in losses)
    assert stats["tried"] == sum(tried(loss) for loss in losses)
    assert stats["at_rest"] == sum(loss.rested_on is not None and not loss.won for loss in losses)
    assert stats["without_amount"] == sum(loss.money is None for loss in losses)


def test_the_morning_list_holds_30_and_counts_the_rest(kept, run):
    found = run(f"--db {kept} due --json", today="2026-01-01").json
    assert len(found["due"]) + found["more"] == 30
    assert (found["cold"], found["ready_to_rest"]) == (9, 6)

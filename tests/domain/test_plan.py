"""The plan: which step comes next after a loss, and when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TODAY as TUESDAY
from lostsale.domain.dates import When
from lostsale.domain.loss import REST, Contact, Loss, Real, Referral, Step, Win
from lostsale.domain.plan import (
    DEFAULT,
    Plan,
    PlanStep,
    contacted,
    dated,
    moved_on,
    opened,
    reopened,
    unanswered,
)
from lostsale.domain.workdays import Workdays

TODAY = date.fromisoformat(TUESDAY)
PLAN = Plan(DEFAULT)
KEYS = [step.key for step in DEFAULT] + [REST]
TOLD = Real(TODAY, "too-slow", None, "told", TODAY)
NAME = Referral("r1", "Lee", TODAY)
FLOOR = date(2026, 11, 25)


def day(text):
    return date.fromisoformat(text)


def lost(**fields):
    return Loss(1, "u1", "Acme", TODAY, **fields)


def at(key, on="2026-11-27", **fields):
    kind = key.partition("-")[0]
    return lost(planned=Step(kind, day(on), plan_step=key), **fields)


def meeting(behind, **fields):
    planned = Step("meet", day("2026-12-01"), "10:00", plan_step=behind, marked=True)
    return lost(planned=planned, **fields)


def entry(kind, on=TODAY, answered=True):
    return Contact(f"{kind}{on}", kind, on, answered)


def keys(steps):
    return [step.key for step in steps]


def planned(loss):
    return loss.planned.kind, f"{loss.planned.on}", loss.planned.plan_step


def moved(loss, *kinds, plan=PLAN, floor=FLOOR, done=TODAY):
    return planned(moved_on(loss, plan, frozenset(kinds), floor, done))


def test_the_default_plan_is_the_designs():
    assert list(DEFAULT) == [
        PlanStep("why", "why", 1),
        PlanStep("save", "save", 3),
        PlanStep("thanks", "thanks", 4, within=14),
        PlanStep("referral", "referral", 30),
        PlanStep("touch", "touch", 90),
        PlanStep("touch-2", "touch", 180),
    ]


def test_each_step_falls_on_its_day_or_the_next_working_one():
    assert [f"{PLAN.day(lost(), step)}" for step in DEFAULT] == [
        "2026-11-25",
        "2026-11-27",
        "2026-11-30",
        "2026-12-24",
        "2027-02-22",
        "2027-05-24",
    ]


def test_workdays_that_are_set_decide_where_steps_fall():
    plan = Plan(DEFAULT, Workdays(frozenset({5})))
    assert f"{plan.day(lost(), DEFAULT[0])}" == "2026-11-28"
    assert planned(opened(lost(), plan, TODAY, plan.left(lost()))) == ("why", "2026-11-28", "why")


@pytest.mark.parametrize(
    ("on", "today", "days", "floor"),
    [
        ("2026-11-24", "2026-11-24", 1, "2026-11-25"),
        ("2026-11-27", "2026-11-27", 1, "2026-11-30"),
        ("2026-11-27", "2026-11-27", 2, "2026-12-01"),
        ("2026-11-20", "2026-11-24", 1, "2026-11-24"),
        ("2026-11-23", "2026-11-24", 2, "2026-11-25"),
    ],
)
def test_the_floor_is_the_next_working_day_and_never_past(on, today, days, floor):
    assert PLAN.floor(day(today), day(on), days) == day(floor)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({}, "why save thanks referral touch touch-2"),
        ({"real": TOLD}, "save thanks referral touch touch-2"),
        ({"real": Real(TODAY)}, "save thanks referral touch touch-2"),
        ({"way_in": "dead"}, "why thanks referral"),
        ({"way_in": "the new CFO"}, "why save thanks referral touch touch-2"),
        ({"referrals": (NAME,)}, "why save thanks touch touch-2"),
        (
            {"contacts": (Contact("c1", "thanks", TODAY), entry("referral"))},
            "why save touch touch-2",
        ),
        ({"contacts": (entry("save"),)}, "why thanks referral touch touch-2"),
        (
            {"contacts": (entry("save", answered=False), entry("note", answered=None))},
            "why save thanks referral touch touch-2",
        ),
        ({"contacts": (entry("touch"),)}, "why save thanks referral touch touch-2"),
        (
            {"real": TOLD, "way_in": "dead", "contacts": (entry("thanks"), entry("referral"))},
            "",
        ),
    ],
)
def test_steps_known_to_be_done_or_without_sense_are_skipped(fields, left):
    assert keys(PLAN.left(lost(**fields))) == left.split()


def test_what_is_left_from_a_step_starts_with_it_and_after_it_does_not():
    loss = at("thanks")
    assert keys(PLAN.left(loss, "thanks")) == ["thanks", "referral", "touch", "touch-2"]
    assert keys(PLAN.after(loss, "thanks")) == ["referral", "touch", "touch-2"]
    assert keys(PLAN.after(loss, "touch")) == ["touch-2"]
    assert keys(PLAN.left(loss, REST)) == []


@pytest.mark.parametrize(
    ("fields", "today", "expected"),
    [
        ({}, "2026-11-24", ("why", "2026-11-25", "why")),
        ({"real": TOLD}, "2026-11-24", ("save", "2026-11-27", "save")),
        ({}, "2026-12-01", ("why", "2026-12-01", "why")),
        ({}, "2026-11-28", ("why", "2026-11-30", "why")),
    ],
)
def test_a_new_loss_opens_its_first_step_not_before_today(fields, today, expected):
    loss = lost(**fields)
    assert planned(opened(loss, PLAN, day(today), PLAN.left(loss))) == expected


@pytest.mark.parametrize(
    ("contacts", "on"),
    [
        ((), "2026-12-24"),
        ((entry("touch", day("2027-05-24")), entry("thanks")), "2027-06-23"),
    ],
)
def test_with_no_step_left_a_loss_is_ready_to_rest_thirty_days_after_the_last_contact(contacts, on):
    loss = opened(at("touch-2", contacts=contacts), PLAN, FLOOR, ())
    assert planned(loss) == (REST, on, REST)
    assert loss.step is None


@pytest.mark.parametrize(
    ("key", "following"),
    [
        ("why", ("save", "2026-11-27", "save")),
        ("save", ("thanks", "2026-11-30", "thanks")),
        ("thanks", ("referral", "2026-12-24", "referral")),
        ("referral", ("touch", "2027-02-22", "touch")),
        ("touch", ("touch", "2027-05-24", "touch-2")),
        ("touch-2", (REST, "2026-12-24", REST)),
    ],
)
def test_a_contact_of_the_open_steps_kind_opens_the_plans_next(key, following):
    assert moved(at(key), key.partition("-")[0]) == following


def test_the_next_step_does_not_fall_before_the_floor():
    assert moved(at("why"), "why", floor=day("2026-12-05")) == ("save", "2026-12-07", "save")


@pytest.mark.parametrize("kind", ["why", "thanks", "touch", "meet", "note"])
def test_another_contact_leaves_the_open_step(kind):
    loss = at("save")
    assert moved_on(loss, PLAN, frozenset({kind}), FLOOR, TODAY) == loss


def test_a_step_snoozed_by_hand_keeps_its_day_when_another_contact_comes():
    assert moved(at("save", "2027-01-02"), "touch") == ("save", "2027-01-02", "save")


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (at("why", real=TOLD), ("save", "2026-11-27", "save")),
        (at("save", way_in="dead"), ("thanks", "2026-11-30", "thanks")),
        (at("referral", referrals=(NAME,)), ("touch", "2027-02-22", "touch")),
        (at("touch", way_in="dead"), (REST, "2026-12-24", REST)),
    ],
)
def test_an_open_step_that_proves_done_or_without_sense_gives_way(loss, expected):
    assert moved(loss) == expected


def test_contacts_of_several_kinds_skip_what_they_did():
    entries = (entry("why"), entry("save"), entry("referral"))
    loss = contacted(at("why"), PLAN, entries, FLOOR, TODAY)
    assert planned(loss) == ("thanks", "2026-11-30", "thanks")
    assert [contact.kind for contact in loss.contacts] == ["why", "save", "referral"]


def test_a_contact_joins_those_before_it():
    loss = contacted(at("save", contacts=(entry("why"),)), PLAN, (entry("touch"),), FLOOR, TODAY)
    assert loss.contacts == (entry("why"), entry("touch"))
    assert planned(loss) == ("save", "2026-11-27", "save")


def test_a_meeting_that_is_done_opens_the_plans_step_behind_it_again():
    assert moved(meeting("save"), "meet") == ("save", "2026-11-27", "save")


def test_a_meeting_that_is_done_passes_over_what_was_done_meanwhile():
    assert moved(meeting("why", real=TOLD, way_in="dead"), "meet") == (
        "thanks",
        "2026-11-30",
        "thanks",
    )


def test_a_contact_completes_the_step_behind_a_meeting_and_leaves_the_meeting():
    loss = moved_on(meeting("save"), PLAN, frozenset({"save"}), FLOOR, TODAY)
    assert loss.planned == meeting("thanks").planned


def test_a_reason_told_completes_the_why_behind_a_meeting():
    loss = moved_on(meeting("why", real=TOLD), PLAN, frozenset({"why"}), FLOOR, TODAY)
    assert loss.planned == meeting("save").planned


def test_the_last_step_done_behind_a_meeting_leaves_nothing_behind_it():
    assert moved_on(meeting("touch-2"), PLAN, frozenset({"touch"}), FLOOR, TODAY).planned == (
        meeting(REST).planned
    )


@pytest.mark.parametrize("kind", ["why", "thanks", "touch"])
def test_a_contact_of_yet_another_kind_leaves_a_meeting_and_what_is_behind_it(kind):
    assert moved_on(meeting("save"), PLAN, frozenset({kind}), FLOOR, TODAY) == meeting("save")


def test_a_meeting_with_nothing_behind_leads_to_rest():
    loss = contacted(meeting(REST), PLAN, (entry("meet", day("2026-12-01")),), FLOOR, TODAY)
    assert planned(loss) == (REST, "2026-12-31", REST)


def test_a_contact_puts_off_the_day_of_being_ready_to_rest():
    loss = lost(planned=Step(REST, day("2026-12-24")))
    assert planned(contacted(loss, PLAN, (entry("touch", day("2026-12-10")),), FLOOR, TODAY)) == (
        REST,
        "2027-01-09",
        REST,
    )


@pytest.mark.parametrize("closing", [{"won": Win(TODAY)}, {"rested_on": TODAY}])
def test_what_was_done_about_a_closed_loss_is_not_asked_for_when_it_opens_again(closing):
    loss = moved_on(at("save", **closing), PLAN, frozenset({"save"}), FLOOR, TODAY)
    assert loss.step is None
    assert planned(loss)[0] == "thanks"


def try_thrice(loss, *tries):
    for on in tries:
        loss = unanswered(loss, PLAN, entry(loss.step.kind, day(on), answered=False), day(on))
        yield planned(loss)


def test_an_unanswered_step_returns_in_two_working_days_and_gives_way_after_the_third():
    loss = at("save", "2026-11-26")
    assert list(try_thrice(loss, "2026-11-26", "2026-11-30", "2026-12-02")) == [
        ("save", "2026-11-30", "save"),
        ("save", "2026-12-02", "save"),
        ("thanks", "2026-12-03", "thanks"),
    ]


def test_a_try_is_kept_as_an_unanswered_contact():
    loss = unanswered(at("save"), PLAN, entry("save", answered=False), TODAY)
    assert loss.contacts == (Contact("save2026-11-24", "save", TODAY, answered=False),)
    assert loss.signals == ()
    assert loss.planned.tries == 1


def test_a_try_noted_late_returns_no_earlier_than_today():
    late = entry("save", day("2026-11-16"), answered=False)
    assert planned(unanswered(at("save", "2026-11-16"), PLAN, late, TODAY)) == (
        "save",
        "2026-11-24",
        "save",
    )


def test_an_answered_step_starts_the_count_of_tries_anew():
    loss = unanswered(at("why"), PLAN, entry("why", answered=False), TODAY)
    assert contacted(loss, PLAN, (entry("why"),), FLOOR, TODAY).planned.tries == 0


def test_a_meeting_nobody_came_to_is_a_no_show_without_hour_or_promise():
    no_show = entry("meet", day("2026-12-01"), answered=False)
    loss = unanswered(meeting("save", signals=("delay",)), PLAN, no_show, day("2026-12-01"))
    assert loss.signals == ("delay", "no-show")
    assert loss.planned == Step("meet", day("2026-12-03"), plan_step="save", tries=1)


def test_three_meetings_nobody_came_to_open_the_plans_step_with_one_no_show():
    tries = try_thrice(meeting("save"), "2026-12-01", "2026-12-03", "2026-12-07")
    assert list(tries)[-1] == ("save", "2026-12-09", "save")
    loss = meeting("save", signals=("no-show",))
    again = unanswered(loss, PLAN, entry("meet", answered=False), TODAY)
    assert again.signals == ("no-show",)


def test_a_step_never_returns_before_the_day_it_was_put_off_to():
    tries = try_thrice(at("save", "2026-12-03"), "2026-11-24", "2026-11-25", "2026-11-26")
    assert [on for _, on, _ in tries] == ["2026-12-03"] * 3


def test_a_day_given_by_hand_stays_as_given_even_on_a_sunday():
    loss = dated(at("save"), When(day("2026-11-29"), "10:00"))
    assert loss.planned == Step("save", day("2026-11-29"), "10:00", "save")


@pytest.mark.parametrize("step", [None, Step(REST, TODAY)])
def test_a_day_given_by_hand_where_no_step_is_left_makes_a_call(step):
    loss = dated(lost(planned=step), When(day("2027-03-01")))
    assert planned(loss) == ("touch", "2027-03-01", REST)
    assert moved(loss, "touch") == (REST, "2026-12-24", REST)


@pytest.mark.parametrize(
    ("on", "expected"), [("2026-11-20", "2026-11-25"), ("2027-02-22", "2027-02-22")]
)
def test_a_loss_at_rest_opens_again_with_its_step_not_before_the_floor(on, expected):
    loss = reopened(at("touch", on, rested_on=TODAY), FLOOR)
    assert loss.rested_on is None
    assert loss.step == Step("touch", day(expected), plan_step="touch")


@pytest.mark.parametrize("step", [None, Step(REST, TODAY)])
def test_a_loss_at_rest_without_a_step_opens_without_one(step):
    loss = reopened(lost(planned=step, rested_on=TODAY), FLOOR)
    assert (loss.rested_on, loss.planned) == (None, step)


def test_a_loss_that_is_not_at_rest_is_not_opened_again():
    assert reopened(at("save", "2026-11-01"), FLOOR) == at("save", "2026-11-01")


EDITED = Plan(tuple(step for step in DEFAULT if step.key not in {"save", "touch-2"}))


@pytest.mark.parametrize("kinds", [(), ("save",), ("touch",)])
def test_a_plan_that_lost_the_open_step_opens_the_next_later_one(kinds):
    assert moved(at("save"), *kinds, plan=EDITED) == ("thanks", "2026-11-30", "thanks")


def test_a_plan_that_lost_its_last_step_leads_to_rest():
    assert moved(at("touch-2", "2027-05-24"), "touch", plan=EDITED)[0] == REST


def test_a_plan_that_lost_the_step_behind_a_meeting_opens_what_is_later_than_the_meeting():
    assert moved(meeting("save"), "meet", plan=EDITED) == ("referral", "2026-12-24", "referral")


def test_ahead_lists_what_is_behind_the_open_step_with_its_days():
    assert [(step.kind, f"{step.on}") for step in PLAN.following(at("why", "2026-11-25"))] == [
        ("save", "2026-11-27"),
        ("thanks", "2026-11-30"),
        ("referral", "2026-12-24"),
        ("touch", "2027-02-22"),
        ("touch", "2027-05-24"),
    ]


def test_ahead_of_a_late_step_puts_each_on_a_working_day_of_its_own():
    ahead = PLAN.following(at("why", "2026-12-04", way_in="dead"))
    assert [(step.kind, f"{step.on}") for step in ahead] == [
        ("thanks", "2026-12-07"),
        ("referral", "2027-01-04"),
    ]


def test_nothing_is_ahead_of_a_loss_that_is_through_with_the_plan():
    assert list(PLAN.following(lost(planned=Step(REST, TODAY)))) == []


MOVES = st.lists(
    st.tuples(
        st.sampled_from("why save thanks referral touch meet skip none dead told plan".split()),
        st.integers(0, 40),
    ),
    max_size=15,
)


def move(loss, plan, name, today):
    floor = plan.floor(today, today)
    if name == "dead":
        return loss._replace(way_in="dead")
    if name == "told":
        return moved_on(loss._replace(real=TOLD), plan, frozenset({"why"}), floor, today)
    if name == "plan":
        return loss._replace(planned=Step("meet", floor, "10:00", loss.planned.plan_step))
    if name not in {"skip", "none"}:
        return contacted(loss, plan, (entry(name, today),), floor, today)
    if name == "skip" or not loss.step:
        return moved_on(loss, plan, frozenset(loss.step[:1] if loss.step else ()), floor, today)
    return unanswered(loss, plan, entry(loss.step.kind, today, answered=False), today)


@given(moves=MOVES, workdays=st.frozensets(st.integers(0, 6), min_size=1).map(Workdays))
def test_whatever_is_done_a_new_step_keeps_to_the_floor_and_the_plan_never_goes_back(
    moves, workdays
):
    plan, today = Plan(DEFAULT, workdays), TODAY
    loss = opened(lost(), plan, today, plan.left(lost()))
    for name, days in moves:
        today += timedelta(days)
        before = loss.planned
        loss = move(loss, plan, name, today)
        after = loss.planned
        assert KEYS.index(after.plan_step) >= KEYS.index(before.plan_step)
        assert after.kind in {"meet", after.plan_step.partition("-")[0]}
        if (after.kind, after.on) != (before.kind, before.on) and after.kind != REST:
            assert after.on >= plan.floor(today, today)
            assert after.on.weekday() in workdays.days


@given(lost_on=st.dates(date(2020, 1, 1), date(2030, 1, 1)), late=st.integers(0, 30))
def test_doing_every_step_takes_the_plan_through_to_rest(lost_on, late):
    loss = lost()._replace(lost_on=lost_on)
    loss = opened(loss, PLAN, lost_on, PLAN.left(loss))
    done = []
    while loss.step:
        on = loss.step.on + timedelta(late)
        done.append(loss.step.plan_step)
        loss = contacted(loss, PLAN, (entry(loss.step.kind, on),), PLAN.floor(on, on), on)
    assert done in (KEYS[:-1], [key for key in KEYS[:-1] if key != "thanks"])  # a card is in time
    assert loss.planned.on == loss.contacts[-1].on + timedelta(30)


def test_a_plan_that_lost_the_open_step_passes_over_one_of_the_same_day():
    loss = at("save", "2026-11-30")  # the day of thanks
    assert moved(loss, "save", plan=EDITED) == ("referral", "2026-12-24", "referral")

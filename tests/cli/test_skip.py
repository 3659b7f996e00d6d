"""`skip`: the plan goes on without a contact entry."""


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"]


def test_the_next_step_opens_and_nothing_is_kept(run, loss):
    run("log Acme")
    assert run("skip 1").lines == ["1  Acme: skipped. Next: go back, Fri 27 Nov."]
    assert step(loss()) == ("save", "2026-11-27")
    assert loss()["contacts"] == []


def test_the_last_step_left_out_leaves_the_loss_to_rest(run, loss):
    run("log Acme --real too-slow --way-in dead --also thanks")
    assert "Plan finished. Ready to close from Thu 24 Dec." in run("skip 1").out
    assert loss()["next"] is None


def test_the_second_call_of_the_plan_is_a_step_of_its_own(run, loss):
    run("log Acme --real too-slow --also save,thanks,referral")
    assert (*step(loss()), loss()["next"]["plan_step"]) == ("touch", "2027-02-22", "touch")
    run("skip 1")
    assert (*step(loss()), loss()["next"]["plan_step"]) == ("touch", "2027-05-24", "touch-2")


def test_several_are_left_out_at_once(run, loss):
    for name in "ABC":
        run(f"log {name}")
    assert [found["number"] for found in run("skip 1,3 --json").json["losses"]] == [1, 3]
    assert [loss(number)["next"]["kind"] for number in (1, 2, 3)] == ["save", "why", "save"]


def test_a_loss_without_an_open_step_has_nothing_to_leave_out(run, refuses):
    run("log Acme")
    run("move-on 1")
    assert "at rest" in refuses("skip 1", 1)


def test_what_is_skipped_takes_along_the_day_they_named(run, loss):
    run("log Acme 5k said call em back in 6 months")
    named = step(loss())[1]
    run("skip 1")
    assert step(loss()) == ("save", named)

"""`touch`: a call or a talk, planned or not."""

import pytest


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"]


def test_a_call_out_of_turn_is_kept_and_leaves_the_open_step(run, loss):
    run("log Acme")
    assert run("touch 1 happy with Kyolab so far").lines == [
        "1  Acme: saved. Next: ask why, Wed 25 Nov.",
        "      lost to Kyolab? lostsale edit 1 --lost-to Kyolab",
    ]
    (contact,) = loss()["contacts"]
    assert (contact["kind"], contact["on"], contact["answered"], contact["note"]) == (
        "touch",
        "2026-11-24",
        True,
        "happy with Kyolab so far",
    )
    assert step(loss()) == ("why", "2026-11-25")


def test_a_call_completes_an_open_call(run, loss):
    run("log Acme --real too-slow --also save,thanks,referral")
    run("touch 1 still fine", today="2027-02-22")
    assert (*step(loss()), loss()["next"]["plan_step"]) == ("touch", "2027-05-24", "touch-2")


def test_on_also_and_next_go_with_it(run, loss):
    run("log Acme --on 5d")
    run("touch 1 decides in May --on yesterday --also thanks --next '3 may'")
    assert sorted((c["kind"], c["on"]) for c in loss()["contacts"]) == [
        ("thanks", "2026-11-23"),
        ("touch", "2026-11-23"),
    ]
    assert step(loss()) == ("why", "2027-05-03")


def test_a_loss_at_rest_is_open_again(run, loss):
    run("log Acme")
    run("move-on 1")
    run("touch 1 she called me")
    assert loss()["rested_on"] is None
    assert step(loss()) == ("why", "2026-11-25")


def test_a_call_after_the_plan_puts_rest_off(run):
    run("log Acme --real too-slow --way-in dead --also thanks,referral --on 2026-10-25")
    run("touch 1 still fine")
    assert "Ready to close from Thu 24 Dec" in run("show 1").out


def test_next_gives_a_call_to_a_loss_that_has_no_step(run, loss):
    run("log Acme --real too-slow --way-in dead --also thanks,referral")
    run("touch 1 call in spring --next '1 mar'")
    assert step(loss()) == ("touch", "2027-03-01")


def test_a_note_is_needed(run, refuses):
    run("log Acme")
    assert "NOTE" in refuses("touch 1", 2)


@pytest.mark.parametrize("options", ["--on tomorrow", "--on 2026-11-01", "--next yesterday"])
def test_a_day_on_the_wrong_side_is_refused(run, refuses, options):
    run("log Acme")
    refuses(f"touch 1 talked {options}", 2)


def test_a_customer_can_be_called(run, loss):
    run("log Acme")
    run("won 1")
    run("touch 1 hello")
    assert [contact["note"] for contact in loss()["contacts"]] == ["hello"]

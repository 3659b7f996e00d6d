"""`referral`: a name that the prospect gave."""

import pytest


def step(loss):
    return loss["next"]["kind"], loss["next"]["on"]


def given(loss):
    return [
        (name["name"], name["phone"], name["email"], name["note"]) for name in loss["referrals"]
    ]


ASKING = "--on 2026-10-15 --real too-slow --also save,thanks"  # the name is what comes next


# What is kept.


@pytest.mark.parametrize(
    ("words", "name", "phone", "email"),
    [
        ("Bea", "Bea", None, None),
        ("Bea Kim", "Bea Kim", None, None),
        ("'Bea Kim'", "Bea Kim", None, None),
        ("Bea Kim 555-0177", "Bea Kim", "555-0177", None),
        ("Bea Kim b@c.d", "Bea Kim", None, "b@c.d"),
        ("Bea Kim 555-0177 b@c.d", "Bea Kim", "555-0177", "b@c.d"),
        ("'Bea Kim 555-0177 b@c.d'", "Bea Kim", "555-0177", "b@c.d"),
        ("b@c.d 555-0177 Bea Kim", "Bea Kim", "555-0177", "b@c.d"),
        ("Bea Kim, 555-0177, b@c.d", "Bea Kim", "555-0177", "b@c.d"),
        ("Bea '<b@c.d>'", "Bea", None, "b@c.d"),
        ("Bea +44 20 7946 0018", "Bea", "+44 20 7946 0018", None),
        ("Bea '(020) 7946-0018'", "Bea", "(020) 7946-0018", None),
        ("Jörg Müller-Łoś", "Jörg Müller-Łoś", None, None),
        ("3M Printing", "3M Printing", None, None),
    ],
)
def test_a_name_has_the_phone_and_the_e_mail_that_stand_with_it(
    run, loss, words, name, phone, email
):
    run("log Acme")
    run(f"referral 1 {words}")
    assert given(loss()) == [(name, phone, email, None)]


def test_all_about_a_name_is_kept(run, loss):
    run("log Acme --on 9d")
    run("referral 1 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    (found,) = loss()["referrals"]
    assert found.pop("uid")
    assert found == {
        "name": "Bea Kim",
        "phone": "555-0177",
        "email": "b@c.d",
        "on": "2026-11-23",
        "note": "her sister",
        "called_on": None,
        "dropped_on": None,
        "result": None,
    }


def test_it_was_given_today_unless_said(run, loss):
    run("log Acme --on 9d")
    run("referral 1 Bea Kim")
    assert loss()["referrals"][0]["on"] == "2026-11-24"


def test_an_empty_note_is_none(run, loss):
    run("log Acme")
    run("referral 1 Bea Kim --note ''")
    assert loss()["referrals"][0]["note"] is None


def test_that_they_were_asked_is_kept_as_a_contact(run, loss):
    run("log Acme --on 9d")
    run("referral 1 Bea Kim --on yesterday")
    (entry,) = loss()["contacts"]
    assert (entry["kind"], entry["on"], entry["answered"]) == ("referral", "2026-11-23", True)


def test_several_names_are_kept_in_the_order_in_which_they_were_given(run, loss):
    run("log Acme --on 9d")
    run("referral 1 Bea Kim 555-0177")
    run("referral 1 Jo Stern --on yesterday")
    run("referral 1 Al Fry")
    assert [name["name"] for name in loss()["referrals"]] == ["Jo Stern", "Bea Kim", "Al Fry"]
    assert len({name["uid"] for name in loss()["referrals"]}) == 3


def test_the_answer_says_the_name_and_what_comes_next(run):
    run("log Acme --on yesterday")
    assert run("referral 1 Bea Kim 555-0177").lines == [
        "1  Acme: saved Bea Kim as a referral. Next: ask why, Tue 24 Nov."
    ]


def test_show_shows_each_name_with_the_day(run):
    run("log Acme --on 9d")
    run("referral 1 Bea Kim 555-0177 b@c.d --note 'her sister' --on yesterday")
    run("referral 1 Jo Stern")
    lines = run("show 1").lines
    assert "Referral Mon 23 Nov: Bea Kim, 555-0177, b@c.d, her sister" in lines
    assert "Referral Tue 24 Nov: Jo Stern" in lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [("[red]x[/]", "[red]x[/]"), ("\x1b[2Jx", r"\u{1b}[2Jx"), ("x\ny", r"x\u{a}y")],
)
def test_a_name_and_its_note_are_kept_and_shown_to_the_letter(run, loss, text, shown):
    run("log Acme")
    echo = run(["referral", "1", text, "--note", text]).out
    assert given(loss()) == [(text, None, None, text)]
    assert f"saved {shown} as a referral" in echo
    assert f"Referral Tue 24 Nov: {shown}, {shown}" in run("show 1").lines
    assert "\x1b" not in echo + run("show 1").out


# The plan goes on.


def test_it_completes_the_step_and_the_next_one_opens(run, loss):
    run(f"log Acme {ASKING}")
    assert step(loss()) == ("referral", "2026-11-25")
    result = run("referral 1 Bea Kim")
    assert result.lines == ["1  Acme: saved Bea Kim as a referral. Next: call, Wed 13 Jan 2027."]
    assert step(loss()) == ("touch", "2027-01-13")
    assert loss()["next"]["plan_step"] == "touch"


def test_a_second_name_leaves_the_step_that_followed_the_first(run, loss):
    run(f"log Acme {ASKING}")
    run("referral 1 Bea Kim")
    run("referral 1 Jo Stern")
    assert loss()["next"]["plan_step"] == "touch"


def test_a_name_makes_a_loss_that_was_ready_to_rest_wait_again(run):
    run("log Acme --real too-slow --way-in dead --also thanks,referral --on 2026-10-01")
    assert run("due --json").json["ready_to_rest"] == 1
    run("referral 1 Bea Kim --on yesterday")
    assert run("due --json", today="2026-12-22").json["ready_to_rest"] == 0
    assert run("due --json", today="2026-12-23").json["ready_to_rest"] == 1


# Losses that are closed, or have no step.


@pytest.mark.parametrize(
    ("closed", "field"), [("won 1", "won"), ("move-on 1", "rested_on")], ids=["won", "at rest"]
)
def test_a_closed_loss_takes_a_name_and_stays_closed(run, loss, closed, field):
    run("log Acme")
    run(closed)
    before = loss()[field]
    run("referral 1 Bea Kim")
    assert given(loss()) == [("Bea Kim", None, None, None)]
    assert (loss()[field], loss()["next"]) == (before, None)
    assert before


@pytest.mark.parametrize(
    ("closed", "ending"),
    [("won 1", "Won back Tue 24 Nov for 5 USD."), ("move-on 1", "At rest since Tue 24 Nov.")],
)
def test_the_answer_says_that_it_stays_closed(run, closed, ending):
    run("log Acme 5")
    run(closed)
    assert run("referral 1 Bea Kim").lines == [f"1  Acme: saved Bea Kim as a referral. {ending}"]


@pytest.mark.usefixtures("imported")
def test_an_imported_loss_without_a_step_takes_a_name(run, loss):
    run("referral 1 Bea Kim")
    assert given(loss()) == [("Bea Kim", None, None, None)]
    assert loss()["next"] is None


# Counted.


@pytest.mark.parametrize(
    ("lines", "asked", "received"),
    [
        ([], 0, 0),
        (["referral 1 Bea Kim"], 1, 1),
        (["referral 1 Bea Kim", "referral 1 Jo Stern"], 1, 2),
        (["referral 1 Bea Kim", "referral 2 Jo Stern"], 2, 2),
        (["done 1 --also referral"], 1, 0),
        (["done 1 --also referral", "referral 1 Bea Kim"], 1, 1),
        (["referral 1 Bea Kim", "undo"], 0, 0),
        (["won 1", "referral 1 Bea Kim"], 1, 1),
        (["referral 1 Bea Kim", "edit 1 --outcome mistake"], 0, 0),
    ],
)
def test_stats_counts_who_was_asked_and_the_names_received(run, lines, asked, received):
    run("log Acme")
    run("log Brandt")
    for line in lines:
        run(line)
    found = run("stats --json").json["stats"]["referrals"]
    assert found == {"asked": asked, "received": received}


# Taken back.


# What is refused.


@pytest.mark.parametrize("words", ["", "''", "' '", "555-0177", "b@c.d", "555-0177 b@c.d"])
def test_a_name_is_needed(run, refuses, words):
    run("log Acme")
    assert "NAME is missing" in refuses(f"referral 1 {words}", 2)


@pytest.mark.parametrize(
    ("when", "what"),
    [
        ("2026-11-01", "2026-11-01 is before the loss"),
        ("tomorrow", "This date has to be"),
        ("2w", "before the loss"),
        ("whenever", 'I can\'t read "whenever" as a date'),
    ],
)
def test_a_day_that_can_not_be_is_refused(run, refuses, when, what):
    run("log Acme --on yesterday")
    assert what in refuses(f"referral 1 Bea Kim --on {when}", 2)


def test_a_mistake_takes_no_name(run, refuses):
    run("log Acme --outcome mistake")
    assert "1 is marked as a mistake" in refuses("referral 1 Bea Kim", 1)

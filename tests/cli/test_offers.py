"""What notes and reasons tell beside themselves is offered, and not taken in silence."""

import pytest


@pytest.mark.parametrize(
    ("line", "hints"),
    [
        (
            "why 1 we were too slow, lease is up in June 2028, try again then",
            [
                (
                    '      Right after that: "If I could fix that, would you look again?"'
                    " Did you ask it? lostsale done 1"
                ),
                "      lease Thu 1 Jun 2028? lostsale edit 1 --again 2028-06-01",
            ],
        ),
        (
            "touch 1 call back in january",
            ["      next step Fri 1 Jan 2027? lostsale snooze 1 2027-01-01"],
        ),
        (
            "touch 1 call back 12/15 2pm",
            ["      next step Tue 15 Dec 2026 at 14:00? lostsale snooze 1 2026-12-15 14:00"],
        ),
        (
            "touch 1 their board decides in January",
            ["      comes up Fri 1 Jan 2027? lostsale edit 1 --again 2027-01-01"],
        ),
        ("done 1 went with Canon", ["      lost to Canon? lostsale edit 1 --lost-to Canon"]),
        ("touch 1 call back in january --next friday", []),
        ("touch 1 talked about the weather", []),
        ("done 1", []),
    ],
)
def test_what_a_text_tells_beside_is_offered_with_its_command(run, loss, line, hints):
    run("log Acme 5k")
    lines = run(line).lines
    assert [hint for hint in lines if hint.startswith("      ")] == hints
    assert (loss()["again"], loss()["lost_to"]) == (None, None)


def test_a_hint_keeps_what_it_says_when_it_is_pasted(run, loss):
    run("log Acme 5k")
    (_, hint, *_) = run("touch 1 still with Xerox, lease ends march 2028").lines
    run(hint.partition("? lostsale ")[2])
    assert loss()["again"] == {"on": "2028-03-01", "what": None}


@pytest.mark.parametrize(("key", "on"), [("y", "2027-01-01"), ("", "2026-11-25")])
def test_one_key_takes_what_is_offered_on_a_terminal(terminal, run, loss, key, on):
    run("log Acme 5k")
    child = terminal("touch", "1", "call back in january")
    child.expect_exact("Next step Fri 1 Jan 2027: save that? [y/N]")
    child.sendline(key)
    child.expect_exact("saved.")
    assert loss()["next"]["on"] == on

"""`why`: the real reason, once it was asked for."""

import pytest


def test_the_reason_told_is_kept_and_the_plan_goes_on(run, loss):
    run("log Acme --said budget --on yesterday")
    result = run("why 1 no-access: her partner signs")
    assert result.lines == [
        "1  Acme: said budget, told no-access. Next: go back, Thu 26 Nov.",
        (
            '      Right after that: "If I could fix that, would you look again?"'
            " Did you ask it? lostsale done 1"
        ),
    ]
    run("done 1")
    assert [entry["kind"] for entry in loss()["contacts"]] == ["why", "save"]
    run("undo")
    assert loss()["real"] == {
        "code": "no-access",
        "words": "her partner signs",
        "suggested": [],
        "source": "told",
        "on": "2026-11-24",
    }
    assert (loss()["asked_on"], loss()["weakness"]) == ("2026-11-24", "personal")
    assert loss()["next"]["kind"] == "save"
    (contact,) = loss()["contacts"]
    assert (contact["kind"], contact["answered"], contact["note"]) == (
        "why",
        True,
        "her partner signs",
    )


def test_words_without_a_code_find_theirs(run, loss):
    run("log Acme")
    run("why 1 you came too late")
    assert loss()["real"]["code"] == "too-slow"
    assert loss()["real"]["words"] == "you came too late"


def test_a_reason_heard_elsewhere_says_so(run, loss):
    run("log Acme")
    run("why 1 --heard 'relationship: his brother sells them'")
    assert (loss()["real"]["source"], loss()["real"]["code"]) == ("heard", "relationship")
    assert loss()["next"]["kind"] == "save"


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("heard from the receptionist they went cheaper", "heard"),
        ("I heard that they went cheaper", "heard"),
        ("heard from him they went cheaper", "told"),
        ("they went cheaper, I heard that before", "told"),
    ],
)
def test_what_somebody_else_told_is_heard(run, loss, words, source):
    run("log Acme")
    run(["why", "1", *words.split()])
    assert (loss()["real"]["source"], loss()["real"]["code"]) == (source, "price-value")


def test_an_excuse_without_a_reason_and_a_refusal_is_a_refusal(run, loss):
    run("log Acme")
    run("log Bolt")
    run(["why", "1", *"just not interested, won't say".split()])
    run(["why", "2", *"went with a cheaper one, won't say who".split()])
    assert (loss()["real"], loss()["asked_on"]) == (None, "2026-11-24")
    assert loss(2)["real"]["code"] == "price-value"


def test_would_not_say_counts_as_asked(run, loss):
    run("log Acme")
    assert "would not say why" in run("why 1 --would-not-say").out
    assert (loss()["real"], loss()["asked_on"]) == (None, "2026-11-24")
    assert loss()["next"]["kind"] == "save"


def test_a_guess_is_no_truth_and_leaves_the_step(run, loss):
    run("log Acme")
    run("why 1 --guess 'price-value: too dear'")
    assert loss()["guess"] == {"code": "price-value", "words": "too dear", "suggested": []}
    assert (loss()["real"], loss()["asked_on"], loss()["contacts"]) == (None, None, [])
    assert loss()["next"]["kind"] == "why"


def test_the_guess_stays_when_the_truth_arrives(run, loss):
    run("log Acme --guess price-value")
    run("why 1 too-slow")
    assert loss()["guess"]["code"] == "price-value"
    assert loss()["real"]["code"] == "too-slow"


def test_the_truth_told_later_takes_the_place_of_the_refusal(run, loss):
    run("log Acme --on 5d")
    run("why 1 --would-not-say --on 4d")
    run("why 1 too-slow")
    assert loss()["asked_on"] == "2026-11-24"
    assert loss()["real"]["on"] == "2026-11-24"


def test_a_way_in_is_kept_and_dead_leaves_out_going_back(run, loss):
    run("log Acme")
    run("why 1 too-slow --way-in dead")
    assert (loss()["way_in"], loss()["next"]["kind"]) == ("dead", "thanks")
    run("log Brandt")
    run("why 2 too-slow --way-in 'a lease'")
    assert (loss(2)["way_in"], loss(2)["next"]["kind"]) == ("a lease", "save")


def test_asking_early_leaves_another_open_step(run, loss):
    run("log Acme")
    run("skip 1")
    run("why 1 too-slow")
    assert loss()["next"]["kind"] == "save"


def test_also_on_and_next_go_with_it(run, loss):
    run("log Acme --on 5d")
    run("why 1 too-slow --on yesterday --also thanks --next '1 mar'")
    assert sorted((c["kind"], c["on"]) for c in loss()["contacts"]) == [
        ("thanks", "2026-11-23"),
        ("why", "2026-11-23"),
    ]
    assert loss()["real"]["on"] == "2026-11-23"
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("save", "2027-03-01")


@pytest.mark.parametrize(
    ("close", "state"), [("won 1", "won"), ("move-on 1", "rested_on")], ids=["won", "at rest"]
)
def test_the_truth_may_come_after_the_end(run, loss, close, state):
    run("log Acme")
    run(close)
    ended = loss()[state]
    run("why 1 too-slow")
    assert loss()["real"]["code"] == "too-slow"
    assert (loss()[state], loss()["next"]) == (ended, None)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        ("", "The reason is missing"),
        ("too-slow --heard price-value", "more than one answer"),
        ("too-slow --would-not-say", "more than one answer"),
        ("too-slow --on tomorrow", "This date has to be"),
        ("too-slow --on 2026-11-01", "before the loss"),
        ("--heard ''", "empty"),
    ],
)
def test_what_is_no_answer_is_refused(run, refuses, answer, what):
    run("log Acme")
    assert what in refuses(f"why 1 {answer}", 2)


def test_a_mistake_has_no_reason(run, refuses):
    run("log Acme --outcome mistake")
    assert "is marked as a mistake" in refuses("why 1 too-slow", 1)


@pytest.mark.parametrize(
    "command",
    ["log Acme --also why", "log Acme;touch 1 hello --also why", "log Acme;done 1 --also why"],
)
def test_asking_why_in_the_same_go_counts_as_asked(run, loss, command):
    for line in command.split(";"):
        run(line)
    assert loss()["asked_on"] == "2026-11-24"
    assert loss()["real"] is None
    assert run("stats --json").json["stats"]["asked"] == 1
    assert run("list --not-asked --json").json["losses"] == []


def test_asking_why_again_keeps_the_reason_that_is_known(run, loss):
    run("log Acme --real too-slow --on 2026-11-20")
    run("touch 1 hello --also why")
    assert (loss()["real"]["code"], loss()["asked_on"]) == ("too-slow", "2026-11-20")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("price but i think its really the bro in law", "guess"),
        ("she wouldnt say but i bet its price", "guess"),
        ("probably too slow", "guess"),
        ("my guess: price", "guess"),
        ("he said i think you are too expensive", "real"),
    ],
)
def test_what_the_rep_believes_is_a_guess(run, loss, words, field):
    run("log Acme")
    run(f"why 1 {words}")
    other = "real" if field == "guess" else "guess"
    assert (loss()[field]["words"], loss()[other]) == (words, None)

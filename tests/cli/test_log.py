"""`log`: keeping a loss from arguments."""

import json

import pytest

from lostsale.domain.money import TIMES


def test_log_says_what_was_understood_and_what_comes_next(run):
    result = run(
        'log "Oakfield Dental" 12k the partners froze the budget'
        ' --contact "Ana Ruiz 555-0134" --guess "too dear" --lost-to nobody'
    )
    assert result.lines == [
        "1  Oakfield Dental, Ana Ruiz · 12,000 USD · lost Tue 24 Nov 2026",
        "      555-0134 · said budget · guess price-value · nobody got it",
        "      Next: ask why, Wed 25 Nov.  Wrong? lostsale undo or edit 1",
    ]
    assert result.err == ""


def test_a_truth_told_at_once_skips_asking(run, loss):
    run("log Acme 5000 --real 'too-slow: you came late'")
    assert loss()["real"] == {
        "code": "too-slow",
        "words": "you came late",
        "suggested": [],
        "source": "told",
        "on": "2026-11-24",
    }
    assert loss()["asked_on"] == "2026-11-24"
    assert loss()["next"]["kind"] == "save"


def test_every_option_is_kept(run):
    kept = run(
        "log Acme 12k --product lathe --said 'price: too dear' --guess 'product-gap: no app'"
        " --contact 'Ana Ruiz 555-0134 a@b.c' --way-in 'a lease' --signal silence --signal budget"
        " --lost-to Kyolab --outcome cancelled --weakness personal --lesson 'call first'"
        " --note 'met twice' --on yesterday --json"
    ).json["loss"]
    assert {
        "prospect": "Acme",
        "amount": "12000.00",
        "currency": "USD",
        "product": "lathe",
        "said": {"code": "price", "words": "too dear", "suggested": []},
        "guess": {"code": "product-gap", "words": "no app", "suggested": []},
        "real": None,
        "asked_on": None,
        "contact": "Ana Ruiz",
        "phone": "555-0134",
        "email": "a@b.c",
        "way_in": "a lease",
        "signals": ["silence", "budget"],
        "lost_to": "Kyolab",
        "outcome": "cancelled",
        "weakness": "personal",
        "lesson": "call first",
        "note": "met twice",
        "lost_on": "2026-11-23",
        "contacts": [],
    }.items() <= kept.items()


def test_a_name_is_enough(run, loss):
    assert run("log Acme").lines == [
        "1  Acme · no amount · lost Tue 24 Nov 2026",
        "      Next: ask why, Wed 25 Nov.  Wrong? lostsale undo or edit 1",
    ]
    assert (loss()["amount"], loss()["currency"], loss()["said"]) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "name", "phone", "email"),
    [
        ("Ana Ruiz", "Ana Ruiz", None, None),
        ("555-0134", None, "555-0134", None),
        ("a@b.c", None, None, "a@b.c"),
        ("Ana Ruiz, 555-0134, a@b.c", "Ana Ruiz", "555-0134", "a@b.c"),
        ("a@b.c Ana 555-0134", "Ana", "555-0134", "a@b.c"),
        ("Ana Ruiz <a@b.c>", "Ana Ruiz", None, "a@b.c"),
        ("Ana +1 (555) 0134", "Ana", "+1 (555) 0134", None),
        ("Ana 0044 20 7946 0018", "Ana", "0044 20 7946 0018", None),
        ("Ana 555.0134", "Ana", "555.0134", None),
    ],
)
def test_a_contact_is_taken_apart(run, loss, text, name, phone, email):
    run(["log", "Acme", "--contact", text])
    assert (loss()["contact"], loss()["phone"], loss()["email"]) == (name, phone, email)


@pytest.mark.parametrize(
    ("text", "amount", "currency", "shown"),
    [
        ("12000", "12000.00", "USD", "12,000 USD"),
        ("12,000", "12000.00", "USD", "12,000 USD"),
        ("12k", "12000.00", "USD", "12,000 USD"),
        ("1.2m", "1200000.00", "USD", "1,200,000 USD"),
        ("$12,000.50", "12000.50", "USD", "12,000.50 USD"),
        ("12000EUR", "12000.00", "EUR", "12,000 EUR"),
        ("12kUSD", "12000.00", "USD", "12,000 USD"),
        ("5000JPY", "5000", "JPY", "5,000 JPY"),
        ("1.5KWD", "1.500", "KWD", "1.500 KWD"),
        ("0", "0.00", "USD", "0 USD"),
        ("99999999999.99", "99999999999.99", "USD", "99,999,999,999.99 USD"),
    ],
)
def test_an_amount_is_understood_and_echoed(run, loss, text, amount, currency, shown):
    assert run(["log", "Acme", text]).lines[0] == f"1  Acme · {shown} · lost Tue 24 Nov 2026"
    assert (loss()["amount"], loss()["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("budget", {"code": "budget", "words": None, "suggested": []}),
        (
            "budget: frozen till May",
            {"code": "budget", "words": "frozen till May", "suggested": []},
        ),
        (
            "no budget this year",
            {"code": "budget", "words": "no budget this year", "suggested": []},
        ),
        ("far too dear", {"code": "price", "words": "far too dear", "suggested": []}),
        (
            "the stars are wrong",
            {
                "code": "other",
                "words": "the stars are wrong",
                "suggested": ["call-later", "satisfied", "think-it-over"],
            },
        ),
        (
            "Home-Office: they decide",
            {"code": "home-office", "words": "they decide", "suggested": []},
        ),
    ],
)
def test_words_and_said_give_the_same_reason(run, loss, words, said):
    run(["log", "Acme", "5k", *words.split()])
    run(["log", "Brandt", "5k", "--said", words])
    assert loss(1)["said"] == loss(2)["said"] == said


@pytest.mark.parametrize(("mark", "end"), [("", "\n"), ("\ufeff", "\r\n")])  # PowerShell's
def test_said_is_read_from_stdin(run, loss, piped, mark, end):
    piped(f"{mark}price: zu teuer,{end}sagt Jürgen{end}".encode())
    run("log Acme 12k --said -")
    assert loss()["said"] == {"code": "price", "words": "zu teuer,\nsagt Jürgen", "suggested": []}


def test_stdin_that_is_no_text_is_refused(refuses, piped):
    piped(b"price: \xff\xfe")
    assert "isn't UTF-8, from byte 7" in refuses("log Acme 12k --said -", 2)


def test_empty_stdin_is_no_reason(refuses, piped):
    piped(b"\n")
    assert "empty" in refuses("log Acme 12k --said -", 2)


def test_a_reason_heard_elsewhere_names_its_source(run, loss):
    run("log Acme 5 --heard 'relationship: his brother sells them'")
    assert loss()["real"] == {
        "code": "relationship",
        "words": "his brother sells them",
        "suggested": [],
        "source": "heard",
        "on": "2026-11-24",
    }
    assert loss()["weakness"] == "relationship"
    assert loss()["next"]["kind"] == "save"


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        ("", "unknown"),
        ("--lost-to nobody", "no-decision"),
        ("--lost-to Kyolab", "competitor"),
        ("--lost-to Kyolab --outcome cancelled", "cancelled"),
        ("--outcome no-decision", "no-decision"),
    ],
)
def test_the_outcome_is_given_or_follows_from_who_got_the_order(run, loss, options, outcome):
    run(f"log Acme {options}")
    assert loss()["outcome"] == outcome


def test_a_mistake_has_no_step(run, loss):
    assert "A mistake, so it isn't counted." in run("log Acme 5 --outcome mistake").out
    assert loss()["next"] is None


def test_a_dead_way_in_leaves_out_going_back(run, loss):
    run("log Acme 5 --real too-slow --way-in dead")
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("thanks", "2026-11-30")


def test_also_is_kept_and_skips_what_is_done(run, loss):
    run("log Acme 5 --real too-slow --also save,thanks --on yesterday")
    assert sorted((c["kind"], c["on"], c["answered"]) for c in loss()["contacts"]) == [
        ("save", "2026-11-23", True),
        ("thanks", "2026-11-23", True),
    ]
    assert loss()["next"]["kind"] == "referral"


@pytest.mark.parametrize(("on", "first"), [("2026-06-01", "25"), ("yesterday", "24")])
def test_a_loss_that_is_logged_after_its_first_step_begins_like_one_of_today(run, loss, on, first):
    run(f"log Acme 5 --on {on}")
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("why", f"2026-11-{first}")


def test_the_first_step_waits_for_a_working_day(run, loss):
    run("log Acme 5", today="2026-11-27")  # a Friday
    assert loss()["next"]["on"] == "2026-11-30"


@pytest.mark.parametrize(
    ("when", "on", "time"),
    [
        ("2027-03-01", "2027-03-01", None),
        ("saturday", "2026-11-28", None),
        ("tomorrow 10am", "2026-11-25", "10:00"),
    ],
)
def test_next_dates_the_step_by_hand(run, loss, when, on, time):
    run(["log", "Acme", "5", "--next", when])
    assert (loss()["next"]["kind"], loss()["next"]["on"], loss()["next"]["time"]) == (
        "why",
        on,
        time,
    )


def test_the_same_prospect_within_30_days_is_logged_with_a_warning(run):
    run("log Acme 5 --on 30d")
    again = run("log ACME 6")
    assert again.err.count("\n") == 1
    assert "You already have Acme: 1, October, 5 USD, open" in again.err
    assert again.lines[0].startswith("2  ACME")


def test_the_same_prospect_after_30_days_is_a_new_loss_without_a_warning(run):
    run("log Acme 5 --on 31d")
    assert run("log Acme 6").err == ""


@pytest.mark.parametrize(
    ("command", "state"),
    [("won 1", "won back"), ("move-on 1", "at rest"), ("skip 1", "open")],
)
def test_an_earlier_loss_is_told_with_how_it_ended(run, command, state):
    run("log Acme 3400 --on 2026-06-02")
    run(command)
    assert f"      Lost here before: 1, June, 3,400 USD, {state}." in run("log Acme 5k").lines


def test_lost_again_after_a_win_is_a_new_loss(run, loss):
    run("log Acme 3400 --on 2026-06-02")
    run("won 1")
    run("log Acme 5k")
    assert loss(1)["won"]["on"] == "2026-11-24"
    assert loss(2)["won"] is None


@pytest.mark.parametrize(
    "line", ["log Oakfield Dental", "log Oakfield Dental 12k", "log Oakfield Dental no budget"]
)
def test_a_name_of_several_words_needs_no_quotes(run, loss, line):
    run(line)
    assert loss()["prospect"] == "Oakfield Dental"


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        (
            "log midtown dental folks flaked out on us at the very end --product 'a copier'",
            "log \"midtown dental\" folks flaked out on us at the very end --product 'a copier'",
        ),
        ("log went with ricoh", 'log "Acme Roofing" went with ricoh'),
    ],
)
def test_a_name_that_does_not_end_is_asked_for_with_the_line_in_quotes(refuses, line, quoted):
    error = refuses(line, 2)
    assert error.endswith(f"lostsale {quoted}\n")
    assert "lostsale log --draft picks it up" in error


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("log Acme --real too-slow --heard price-value", "twice"),
        ("log '' 5", "A loss needs a name"),
        ("log ' ' 5", "A loss needs a name"),
        ("log Acme --said ''", "empty"),
        ("log Acme --weakness strength", 'There\'s no weakness "strength"'),
        ("log Acme --also lunch", 'There\'s no kind of step "lunch"'),
    ],
)
def test_what_can_not_be_kept_is_refused(refuses, line, said):
    assert said in refuses(line, 2)


def test_numbers_go_up_and_are_never_used_again(run):
    run("log Acme")
    run("undo")
    assert run("log Brandt --json").json["loss"]["number"] == 2


def test_asking_that_is_done_already_is_skipped(run, loss):
    run("log Acme --also why")
    assert loss()["next"]["kind"] == "save"


def test_an_option_does_not_swallow_the_next_one(refuses):
    assert "--heard is where some words should be" in refuses("log Acme 5k --guess --heard x", 2)


@pytest.mark.parametrize("day", ["0001-01-01", "1026-11-20", "1899-12-31"])
def test_a_year_that_is_a_slip_of_the_finger_is_refused(refuses, day):
    assert "isn't on the calendar" in refuses(f"log Acme --on {day}", 2)


def test_words_under_no_code_are_echoed_with_it(run):
    assert '      said other: "no-no"' in run("log Acme 12000 --said 'other: no-no'").lines


def test_a_way_to_reach_them_is_echoed_where_there_is_no_name(run):
    assert "      555-0134 a@b.c" in run("log Acme --contact 'a@b.c 555-0134'").lines


def test_what_is_done_already_is_echoed(run):
    lines = run("log Acme 12k --also thanks,referral").lines
    assert lines[1] == "      done: send card, get a referral"


@pytest.mark.parametrize(
    "amount",
    ["1.234", "1,23", "12XYZ", "100000000000", "1.005", "0.5JPY", "9" * 500, "8-10k", "300/mo"],
)
def test_an_amount_that_is_unclear_is_left_open_and_named(run, amount):
    result = run(["log", "Acme", amount, "--json"])
    assert (result.json["loss"]["prospect"], result.json["loss"]["amount"]) == ("Acme", None)
    assert result.json["unsure"] == ["amount"]
    assert result.err.endswith("the amount. For example: lostsale edit 1 --amount 12k\n")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("--lost-to Sharp", "lost_to", "Sharp"),
        ("--on 2026-11-20", "lost_on", "2026-11-20"),
        ("--way-in 'a grant'", "way_in", "a grant"),
        ("--contact Ana", "contact", "Ana"),
        ("--product desk", "product", "desk"),
        ("--outcome no-decision", "outcome", "no-decision"),
        ("--again 'june 2030'", "again", {"on": "2030-06-03", "what": None}),
    ],
)
def test_an_option_wins_over_the_words(run, loss, line, field, value):
    run(
        "log Acme, Dave Kowalski 614-555-0142, 24 copiers, 5k went with Canon yesterday, would look"
        f" at a lease, contract is up in june 2029 {line}"
    )
    assert loss()[field] == value


def test_a_sentence_fills_every_field_that_it_tells(run, loss):
    run("log Metro Vet, Dave Kowalski 614-555-0142, 16k, price, signed with Canon until 2029")
    told = {"prospect": "Metro Vet", "contact": "Dave Kowalski", "phone": "614-555-0142"}
    told |= {"amount": "16000.00", "lost_to": "Canon", "outcome": "competitor"}
    told |= {"again": {"on": "2029-01-01", "what": None}}
    assert told.items() <= loss().items()
    assert loss()["said"]["code"] == "price"


def test_what_was_put_together_is_shown_with_what_it_was_made_from(run):
    run("log Seed 1k --lost-to Ricoh")
    lines = run("log Hudson Fitness 300 a month for 36 months went with rioch").lines
    assert f"      10,800 USD = 300 {TIMES} 36 · lost to Ricoh (you typed rioch)" in lines


def test_a_sentence_in_quotes_is_no_name(run, loss):
    run(["log", "Acme Roofing went with Ricoh, 12k"])
    assert (loss()["prospect"], loss()["amount"], loss()["lost_to"]) == (
        "Acme Roofing",
        "12000.00",
        "Ricoh",
    )


@pytest.mark.parametrize("name", ["Went With The Wind", "Budget Rent-a-Car", "Studio 54 Hair"])
def test_a_name_in_quotes_is_the_whole_name(run, loss, name):
    run(["log", name])
    run(["log", name, "5k", "price"])
    assert [loss(number)["prospect"] for number in (1, 2)] == [name, name]


def test_a_prospect_that_the_journal_knows_ends_a_name(run, loss):
    run(["log", "Too Good Bakery", "1k", "--on", "2026-01-05"])
    run("log too good bakery sat on it for weeks")
    assert loss(2)["prospect"] == "too good bakery"


def test_the_longer_name_that_the_journal_knows_is_no_product(run, loss):
    run('log "Big Tex Trailers" 20k')
    run("log big tex trailers 31k price")
    assert (loss(2)["prospect"], loss(2)["product"]) == ("big tex trailers", None)


def test_each_line_of_stdin_is_a_loss_and_what_can_not_be_kept_is_named(run, piped, db):
    piped(b"Acme Tools 5k price\n\nwent with nobody\nBrandt 7k no budget\n")
    result = run("log - --json", code=3)
    shown, _ = json.JSONDecoder().raw_decode(result.out)
    assert [loss["prospect"] for loss in shown["losses"]] == ["Acme Tools", "Brandt"]
    assert [failed["line"] for failed in shown["failed"]] == [3]
    assert run("undo").out.count("Brandt") <= 1
    assert len(run("list --json").json["losses"]) == 1
    assert len(list(db.parent.glob("*-draft-*"))) == 1


def test_a_reason_that_is_unclear_stays_open_and_what_it_may_be_is_named(run):
    result = run("log Acme 5k the moon was full --json")
    said = result.json["loss"]["said"]
    assert (said["code"], said["words"]) == ("other", "the moon was full")
    assert result.json["suggested"] == said["suggested"]
    assert result.json["unsure"] == ["said"]
    assert len(result.json["suggested"]) > 0
    assert "lostsale edit 1 --said " in result.err


@pytest.mark.parametrize("words", ["happy w ricoh", "staying with Ricoh", "renewed with Ricoh"])
def test_who_stays_with_a_supplier_is_satisfied(run, loss, words):
    run(f"log Acme 5k {words}")
    assert (loss(1)["said"]["code"], loss(1)["lost_to"].lower()) == ("satisfied", "ricoh")


def test_who_stays_for_another_reason_has_that(run, loss):
    run("log Acme 5k staying with Ricoh, price")
    assert loss(1)["said"]["code"] == "price"


def test_an_amount_of_which_a_shell_took_the_beginning_is_refused(refuses):
    assert "dollar sign" in refuses("log Acme ,500 budget", 2)
    assert "dollar sign" in refuses("log Acme ,500.00", 2)


@pytest.mark.parametrize(
    "words", ["dumped their old vendor for Ricoh", "replaced Xerox with Ricoh"]
)
def test_who_leaves_a_supplier_bought_elsewhere(run, loss, words):
    run(f"log Eden Vet 5k {words}")
    assert (loss(1)["said"]["code"], loss(1)["lost_to"]) == ("bought-elsewhere", "Ricoh")

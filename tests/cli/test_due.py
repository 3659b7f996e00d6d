"""`due`: who needs a person today, in which order, and what is kept off the list."""

import json

import pytest


def prospects(result):
    """The names on a list that was printed for a pipe, in order."""
    return [line.split("\t")[2] for line in result.lines if "\t" in line]


def cells(run, line="due", **options):
    """The cells of the one row."""
    (row,) = [row for row in run(line, **options).lines if "\t" in row]
    return row.split("\t")


def numbers(result):
    return [loss["number"] for loss in result.json["due"]]


def test_a_row_says_all_that_the_call_needs(run):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    assert run("due").lines == [
        "Tue 24 Nov 2026 · 1 due",
        "today\t1\tOakfield Dental, Ana Ruiz\task why\t12,000\tsaid budget\t555-0134",
    ]


def test_a_row_of_a_name_alone_has_its_cells_too(run):
    run("log Acme --on yesterday")
    assert cells(run) == ["today", "1", "Acme", "ask why", "-", "", "-"]


def test_a_currency_that_is_not_the_usual_one_is_named(run):
    run("log Acme 12kEUR --on yesterday")
    assert cells(run)[4] == "12,000 EUR"


def test_appointments_come_first_by_time(run):
    run("log Late 5 --next '4pm'")
    run("log Early 5 --next '9:30'")
    run("log Fresh 900k --on yesterday")
    assert prospects(run("due")) == ["Early", "Late", "Fresh"]


def test_fresh_losses_come_largest_first_whatever_their_age(run):
    run("log Older 900k --on 6d", today="2026-11-23")
    run("log Newest 5 --on yesterday")
    run("log Between 50 --on 3d", today="2026-11-23")
    assert prospects(run("due")) == ["Older", "Between", "Newest"]


def test_the_rest_comes_largest_amount_first_and_after_the_fresh(run):
    for name, amount in (("Small", "2k"), ("Large", "90k"), ("Nothing", ""), ("Middle", "30k")):
        run(f"log {name} {amount} --on 2026-11-01", today="2026-11-23")
    run("log Fresh 1 --on yesterday")
    assert prospects(run("due")) == ["Fresh", "Large", "Middle", "Small", "Nothing"]


def test_a_loss_is_fresh_for_less_than_14_days(run):
    run("log Fourteen 900k --on 2026-11-10", today="2026-11-23")
    run("log Thirteen 5 --on 2026-11-11", today="2026-11-23")
    assert prospects(run("due")) == ["Thirteen", "Fourteen"]


def test_only_asking_why_and_going_back_are_fresh(run):
    run("log Card 900k --real too-slow --also save --on 5d", today="2026-11-23")
    run("log Back 50 --real too-slow --on 6d", today="2026-11-23")
    run("log Why 5 --on 6d", today="2026-11-23")
    assert [(loss["prospect"], loss["next"]["kind"]) for loss in run("due --json").json["due"]] == [
        ("Back", "save"),
        ("Why", "why"),
        ("Card", "thanks"),
    ]


def test_a_portion_is_shown_and_the_rest_counted(run):
    run("config portion 2")
    for name in "ABCDE":
        run(f"log {name} --on yesterday")
    result = run("due")
    assert result.lines[0] == "Tue 24 Nov 2026 · 5 due, the first 2"
    assert len(prospects(result)) == 2
    assert result.lines[3] == "… 3 more with --all"
    found = run("due --json").json
    assert (len(found["due"]), found["more"]) == (2, 3)


def test_the_portion_is_20_unless_set(run):
    for number in range(22):
        run(f"log A{number} --on yesterday")
    assert run("due --json").json["more"] == 2
    assert len(prospects(run("due"))) == 20


def test_all_shows_what_the_portion_leaves_out(run):
    run("config portion 2")
    for name in "ABCDE":
        run(f"log {name} --on yesterday")
    assert sorted(prospects(run("due --all"))) == ["A", "B", "C", "D", "E"]
    assert run("due --all --json").json["more"] == 0


@pytest.mark.parametrize(
    ("due_on", "today", "shown", "late_days"),
    [
        ("2026-11-24", "2026-11-24", "today", 0),
        ("2026-11-24", "2026-11-25", "1d late", 1),
        ("2026-11-20", "2026-11-21", "today", 0),  # the weekend after a Friday
        ("2026-11-20", "2026-11-22", "today", 0),
        ("2026-11-20", "2026-11-23", "3d late", 1),
        ("2026-11-20", "2026-11-27", "7d late", 5),
        ("2026-11-21", "2026-11-23", "2d late", 1),  # a Saturday, chosen by hand
    ],
)
def test_lateness_begins_on_a_working_day_and_is_shown_in_days(
    run, due_on, today, shown, late_days
):
    run(f"log Acme --next {due_on}", today="2026-11-19")
    assert cells(run, today=today)[0] == shown
    assert run("due --json", today=today).json["due"][0]["next"]["late_days"] == late_days


def test_lateness_follows_the_working_days_that_are_set(run):
    run("config workdays mon-sat")
    run("log Acme --next 2026-11-20", today="2026-11-19")
    assert cells(run, today="2026-11-21")[0] == "1d late"


def test_a_step_goes_cold_when_it_is_14_working_days_late(run):
    run("log Cold", today="2026-11-03")  # asking falls on the 4th
    run("log Late", today="2026-11-04")
    assert run("due").lines == [
        "Tue 24 Nov 2026 · 1 due · 1 gone cold",
        "19d late\t2\tLate\task why\t-\t\t-",
        "1 cold: Cold: lostsale due --cold",
    ]
    assert run("due --json").json["cold"] == 1


def test_cold_shows_what_has_gone_cold_whatever_the_portion(run):
    run("config portion 1")
    for name in ("A", "B"):
        run(f"log {name} --on 2026-11-03", today="2026-11-03")
    run("log Late", today="2026-11-04")
    result = run("due --cold --json").json
    assert ([loss["prospect"] for loss in result["due"]], result["more"]) == (["A", "B"], 0)
    assert result["due"][0]["next"]["late_days"] == 14


def test_a_loss_is_ready_to_rest_30_days_after_the_last_contact(run):
    plan_is_done = "--real too-slow --way-in dead --also thanks,referral"
    run(f"log Ready 5 {plan_is_done} --on 2026-10-25")
    run(f"log Tomorrow 5 {plan_is_done} --on 2026-10-26")
    assert run("due").lines[-1] == "1 ready to close: lostsale move-on --ready"
    found = run("due --json").json
    assert (found["ready_to_rest"], found["due"]) == (1, [])
    assert run("due --json", today="2026-11-25").json["ready_to_rest"] == 2


def test_ready_to_rest_waits_for_the_latest_contact(run):
    run("log Acme 5 --real too-slow --way-in dead --also thanks,referral --on 2026-10-25")
    run("touch 1 still fine --on 2026-11-20")
    assert run("due --json").json["ready_to_rest"] == 0
    assert run("due --json", today="2026-12-20").json["ready_to_rest"] == 1


def test_days_looks_ahead(run):
    run("log Tomorrow")
    run("log Friday --next friday")
    run("log Saturday --next saturday")
    assert numbers(run("due --days 0 --json")) == []
    assert numbers(run("due --days 1 --json")) == [1]
    assert sorted(numbers(run("due --days 3 --json"))) == [1, 2]
    assert cells(run, "due --days 1")[0] == "Wed 25 Nov"


def test_on_shows_one_day_alone(run):
    run("log Tomorrow")
    run("log Friday --next friday")
    run("log Late --on yesterday")
    assert prospects(run("due --on friday")) == ["Friday"]
    assert prospects(run("due --on today")) == ["Late"]


def test_kind_narrows_the_list(run):
    run("log Ask --on yesterday")
    run("log Back --real too-slow --on 4d", today="2026-11-23")
    run("log Card --real too-slow --also save --on 5d", today="2026-11-23")
    assert prospects(run("due --kind save")) == ["Back"]
    assert sorted(prospects(run("due --kind why --kind thanks"))) == ["Ask", "Card"]


def test_count_is_a_bare_number(run):
    assert run("due --count").out == "0\n"
    run("config portion 1")
    for name in "ABC":
        run(f"log {name} --on yesterday")
    assert run("due --count").out == "3\n"
    assert run("due --count --kind save").out == "0\n"


def test_exit_code_tells_a_prompt_whether_something_is_due(run):
    run("log Acme")
    assert run("due --count --exit-code").out == "0\n"
    assert run("due --count --exit-code", today="2026-11-25", code=1).out == "1\n"


def test_a_loss_that_needs_nobody_is_not_due(run):
    for name in "ABCD":
        run(f"log {name} --on yesterday")
    run("won 1")
    run("move-on 2")
    run("snooze 3 2w")
    run("log E --on yesterday --outcome mistake")
    assert prospects(run("due")) == ["D"]


@pytest.mark.parametrize(
    ("options", "then", "known"),
    [
        ("--said budget", "", "said budget"),
        ("--guess price-value", "", "guess price-value"),
        ("--said budget --guess price-value", "", "said budget"),
        ("--said board", "no-answer 1 --on yesterday", "said board; 1 no answer"),
        ("--real too-slow", "", "told too-slow"),
        ("--heard too-slow", "", "heard too-slow"),
        ("--said budget", "why 1 --would-not-say", "would not say why"),
        ("--real too-slow --way-in '36-month lease'", "", "way in: 36-month lease"),
        (
            "--real too-slow --lost-to Kyolab --also save,thanks,referral",
            "",
            "with Kyolab since Aug",
        ),
        ("--real too-slow --lost-to nobody --also save,thanks,referral", "", "told too-slow"),
    ],
)
def test_a_row_says_what_helps_most(run, options, then, known):
    run(f"log Acme --on 2026-08-20 {options}")
    if then:
        run(then)
    assert cells(run, "due --days 10")[5] == known


def test_nothing_due_names_the_next_day(run):
    run("log Acme")
    assert run("due").lines == ["Nothing due. The next is on Wed 25 Nov."]


def test_nothing_ahead_is_one_friendly_line(run):
    run("log Acme")
    run("won 1")
    assert run("due").lines == ['Nothing due. After your next "no": lostsale log']


@pytest.mark.parametrize("option", ["--cold", "--kind thanks", "--on friday"])
def test_an_empty_part_of_the_list_does_not_say_that_nothing_is_due(run, option):
    run("log Acme --on yesterday")
    assert prospects(run("due")) == ["Acme"]
    assert "Nothing due" not in run(f"due {option}").out


def test_without_a_journal_the_list_is_empty_and_says_so(run, db):
    result = run("due")
    assert result.lines == ['Nothing due. After your next "no": lostsale log']
    assert result.err == f"lostsale: there's no journal yet; lostsale log starts one at {db}\n"
    assert not db.exists()


def test_without_a_journal_the_json_is_whole(run):
    assert run("due --json").json == {
        "schema": 1,
        "today": "2026-11-24",
        "due": [],
        "more": 0,
        "cold": 0,
        "ready_to_rest": 0,
    }


@pytest.mark.parametrize(
    "options",
    [
        "--cold --days 3",
        "--days 3 --on friday",
        "--on yesterday",
        "--kind lunch",
        "--days -1",
        "--exit-code",
    ],
)
def test_what_contradicts_itself_is_refused(refuses, run, options):
    run("log Acme")
    refuses(f"due {options}", 2)


def test_lostsale_alone_shows_the_day(run):
    run("log Acme --on 30d")
    run("log 'Brandt Logistics' --next 'today 10:00'")
    run("won 1")
    assert run("").lines == [
        "1 due, the first at 10:00 (Brandt Logistics) · November: 1 lost, 1 won back",
        "lostsale log · lostsale due · lostsale stats · lostsale --help",
    ]


def test_lostsale_alone_without_a_journal_says_how_to_begin(run, db):
    result = run("")
    assert 'After your next "no": lostsale log' in result.out
    assert str(db) in result.out
    assert not db.exists()


def test_kinds_are_named_by_code_or_as_the_list_prints_them(run):
    run("log Acme --on yesterday")
    assert prospects(run("due --kind why")) == prospects(run("due --kind 'Ask why'")) == ["Acme"]
    assert prospects(run("due --kind call")) == []


def test_a_bare_number_is_no_json(run):
    assert run("due --count --json", code=2).json["error"]["code"] == "bad-input"


def test_an_appointment_without_a_time_is_an_appointment(run, screen):
    run("log Fresh 900k --on yesterday")
    run("log Acme --on yesterday")
    run("meet 2 today")
    lines = screen("due", 100)
    assert lines.index("appointments") < lines.index("fresh")
    assert "Acme" in lines[3]


def test_the_list_is_printed_for_a_spreadsheet_and_line_by_line(run):
    run("log Acme 12k budget --on 2026-11-20")
    header, row = run("due --days 3 --csv").lines
    assert dict(zip(header.split(","), row.split(","), strict=True))["prospect"] == "Acme"
    (line,) = run("due --days 3 --jsonl").lines
    assert json.loads(line) == run("due --days 3 --json").json["due"][0]
    run("due --csv --json", code=2)


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("tomorrow", "--on tomorrow"),
        ("this week", "--days 5"),
        ("next week", "--days 12"),
        ("all", "--all"),
        ("cold", "--cold"),
    ],
)
def test_a_day_or_a_week_needs_no_option(run, words, options):
    run("log Acme")
    run("log Brandt --next 2026-12-02")
    run("log Corvo", today="2026-10-01")
    assert run(f"due {words}").out == run(f"due {options}").out


def test_two_ways_of_saying_which_days_are_not_combined(refuses):
    for option in ("--days 3", "--on monday", "--cold"):
        said = refuses(f"due friday {option}", 2)
        assert all(one in said for one in ("WHEN", option.split()[0], "can't be combined"))

"""`list`: losses chosen by what is known of them, for screen, pipe, program and spreadsheet."""

import csv
import io
import json
import re
import shlex
import shutil

import pytest
from rich.cells import cell_len

from door import door

TODAY = "2026-11-24"
STYLE = re.compile(r"\x1b\[[0-9;]*m")


def prospects(result):
    """The names on a list that was printed for a pipe, in order."""
    return [line.split("\t")[2] for line in result.lines if "\t" in line]


def cells(run, line="list", **options):
    """The cells of the one row."""
    (row,) = run(line, **options).lines
    return row.split("\t")


# Which losses: periods.

DAYS = "2025-12-31 2026-01-01 2026-09-30 2026-10-01 2026-10-31 2026-11-01 2026-11-24".split()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("", "2025-12-31", "2026-11-24"),
        ("all", "2025-12-31", "2026-11-24"),
        ("2025", "2025-12-31", "2025-12-31"),
        ("2026", "2026-01-01", "2026-11-24"),
        ("this-year", "2026-01-01", "2026-11-24"),
        ("last-year", "2025-12-31", "2025-12-31"),
        ("2026q3", "2026-09-30", "2026-09-30"),
        ("2026q4", "2026-10-01", "2026-11-24"),
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-11", "2026-11-01", "2026-11-24"),
        ("this-month", "2026-11-01", "2026-11-24"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("2026-01-01..2026-10-01", "2026-01-01", "2026-10-01"),
        ("2026-10-31..2026-11-01", "2026-10-31", "2026-11-01"),
        ("2026-11-24..2026-11-24", "2026-11-24", "2026-11-24"),
    ],
)
def test_a_period_takes_the_losses_of_its_days_both_ends_included(run, period, first, last):
    for day in DAYS:
        run(f"log Acme{day} --on {day}")
    listed = [line.split("\t")[1] for line in run(f"list {period}").lines]
    assert listed == [day for day in reversed(DAYS) if first <= day <= last]


def test_a_period_without_a_loss_lists_none(run):
    run("log Acme")
    assert run("list 2024").lines == ["No loss matches."]


# Which losses: how they stand.


PLAN_IS_DONE = "--real too-slow --way-in dead --also thanks,referral"
STATES = (
    ("2026-11-03", "log Cold"),  # asking falls on the 4th, 14 working days ago
    ("2026-11-03", "log ColdWon"),
    ("2026-11-03", "log ColdAtRest"),
    ("2026-11-03", "log Mistake --outcome mistake"),
    ("2026-11-04", "log Late"),
    (TODAY, f"log Ready {PLAN_IS_DONE} --on 2026-10-25"),
    (TODAY, f"log ReadyTomorrow {PLAN_IS_DONE} --on 2026-10-26"),
    (TODAY, f"log ReadyWon {PLAN_IS_DONE} --on 2026-10-25"),
    (TODAY, "log RestThenWon"),
    (TODAY, "log Told --real too-slow"),
    (TODAY, "log Silent"),
    (TODAY, "won coldwon"),
    (TODAY, "won readywon"),
    (TODAY, "move-on coldatrest"),
    (TODAY, "move-on restthenwon"),
    (TODAY, "won restthenwon"),
    (TODAY, "why silent --would-not-say"),
)
REASONS = (
    (TODAY, "log Guessed --said 'budget: frozen' --guess price-value"),
    (TODAY, "log Corrected --said board --guess price-value --real 'no-access: they sign'"),
    (TODAY, "log Heard --heard relationship"),
    (TODAY, "log NoMoney --guess no-money"),
    (TODAY, "log OwnWeakness --real too-slow --weakness company"),
    (TODAY, "log NoWeakness --real price-value --weakness none"),
    (TODAY, "log Silent --guess selling"),
    (TODAY, "why silent --would-not-say"),
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """The paths of journals with a loss in each state and with each way to know a reason, the
    losses named by it."""
    folder = tmp_path_factory.mktemp("prepared")
    for name, lines in (("states", STATES), ("reasons", REASONS)):
        with door(folder / name) as tell:
            assert [line for day, line in lines if tell(day, *shlex.split(line))[0]] == []
    return folder


@pytest.fixture
def every_state(db, monkeypatch, prepared):
    copied = shutil.copy(prepared / "states", db.with_name("states"))
    monkeypatch.setenv("LOSTSALE_DB", str(copied))


@pytest.fixture
def every_reason(db, monkeypatch, prepared):
    copied = shutil.copy(prepared / "reasons", db.with_name("reasons"))
    monkeypatch.setenv("LOSTSALE_DB", str(copied))


@pytest.mark.parametrize(
    ("states", "names"),
    [
        (
            "",
            "Cold ColdAtRest ColdWon Late Ready ReadyTomorrow ReadyWon RestThenWon Silent Told",
        ),
        ("--open", "Cold Late Ready ReadyTomorrow Silent Told"),
        ("--won", "ColdWon ReadyWon RestThenWon"),
        ("--at-rest", "ColdAtRest"),
        ("--not-asked", "Cold ColdAtRest ColdWon Late RestThenWon"),
        ("--cold", "Cold"),
        ("--ready", "Ready"),
        ("--open --not-asked", "Cold Late"),
        ("--won --not-asked", "ColdWon RestThenWon"),
        ("--at-rest --not-asked", "ColdAtRest"),
        ("--cold --open --not-asked", "Cold"),
        ("--ready --not-asked", ""),
        ("--cold --ready", ""),
        ("--open --won", ""),
        ("--won --at-rest", ""),
        ("2026-10 --open", "Ready ReadyTomorrow"),
        ("2026-11 --won", "ColdWon RestThenWon"),
    ],
)
@pytest.mark.usefixtures("every_state")
def test_a_state_takes_the_losses_that_stand_so_and_several_must_all_hold(run, states, names):
    assert sorted(prospects(run(f"list {states}"))) == names.split()


@pytest.mark.usefixtures("every_state")
def test_what_is_ready_to_rest_grows_by_the_day(run):
    listed = prospects(run("list --ready", today="2026-11-25"))
    assert sorted(listed) == ["Ready", "ReadyTomorrow"]


@pytest.mark.usefixtures("every_state")
def test_what_has_gone_cold_is_what_due_counts_as_cold(run):
    cold = run("due --cold --json", today="2026-11-25").json["due"]
    assert sorted(loss["prospect"] for loss in cold) == ["Cold", "Late"]
    assert sorted(prospects(run("list --cold", today="2026-11-25"))) == ["Cold", "Late"]


def test_a_mistake_is_listed_nowhere(run):
    run("log Acme 12k --said budget --on 2026-11-03 --outcome mistake")
    for options in ("", "--open", "--not-asked", "--cold", "--said budget", "--prospect acme"):
        assert run(f"list {options}").lines == ["No loss matches."]
    assert run("list --json").json["losses"] == []


# Which losses: codes.


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--said budget", "Guessed"),
        ("--said board", "Corrected"),
        ("--said Board", "Corrected"),
        ("--said partner", ""),
        ("--reason price-value", "Guessed NoWeakness"),  # a guess gives way to the real reason
        ("--reason 'Price value'", "Guessed NoWeakness"),
        ("--reason no-access", "Corrected"),
        ("--reason relationship", "Heard"),
        ("--reason selling", "Silent"),  # they would not say: the guess stands
        ("--weakness competitive", "Guessed"),
        ("--weakness company", "OwnWeakness"),
        ("--weakness personal", "Corrected Silent"),
        ("--weakness relationship", "Heard"),
        ("--weakness none", "NoMoney NoWeakness"),
        ("--said budget --reason price-value --weakness competitive", "Guessed"),
        ("--said board --reason price-value", ""),
        ("--reason price-value --weakness none", "NoWeakness"),
        ("--not-asked --weakness competitive", "Guessed"),
    ],
)
@pytest.mark.usefixtures("every_reason")
def test_a_code_takes_the_losses_under_it(run, options, names):
    assert sorted(prospects(run(f"list {options}"))) == names.split()


@pytest.mark.parametrize("code", ["price-value", "too-dear"])
@pytest.mark.usefixtures("every_reason")
def test_a_renamed_reason_takes_its_losses_under_both_names(run, code):
    run("reasons rename price-value too-dear")
    assert sorted(prospects(run(f"list --reason {code}"))) == ["Guessed", "NoWeakness"]
    assert prospects(run("list --weakness competitive")) == ["Guessed"]


@pytest.mark.parametrize("code", ["budget", "no-cash"])
@pytest.mark.usefixtures("every_reason")
def test_a_renamed_excuse_takes_its_losses_under_both_names(run, code):
    run("reasons rename budget no-cash")
    assert prospects(run(f"list --said {code}")) == ["Guessed"]


@pytest.mark.usefixtures("every_reason")
def test_a_reason_merged_into_another_brings_its_losses_along(run):
    run("reasons rename no-money price-value --yes")
    listed = sorted(prospects(run("list --reason price-value")))
    assert listed == ["Guessed", "NoMoney", "NoWeakness"]
    assert sorted(prospects(run("list --weakness competitive"))) == ["Guessed", "NoMoney"]


@pytest.mark.usefixtures("every_reason")
def test_a_weakness_is_what_the_user_made_of_the_reason(run):
    run("reasons weakness no-money company")
    assert sorted(prospects(run("list --weakness company"))) == ["NoMoney", "OwnWeakness"]
    assert prospects(run("list --weakness none")) == ["NoWeakness"]


def test_a_reason_of_the_users_own_is_a_filter_too(run):
    run("reasons add bad-timing --kind real --weakness personal")
    run("log Acme --real bad-timing")
    run("log Brandt")
    assert prospects(run("list --reason bad-timing")) == ["Acme"]
    assert prospects(run("list --weakness personal")) == ["Acme"]


# Which losses: names.


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--lost-to Kyolab", "Łódź_Druk"),
        ("--lost-to kYOlab", "Łódź_Druk"),
        ("--lost-to 'kyolab europe'", "Łódź_Druk"),
        ("--lost-to 'europe kyo'", "Łódź_Druk"),
        ("--lost-to Ostra", ""),
        ("--lost-to nobody", "Straße_und_Söhne"),
        ("--prospect druk", "Łódź_Druk"),
        ("--prospect łÓDŹ", "Łódź_Druk"),
        ("--prospect STRASSE", "Straße_und_Söhne"),
        ("--prospect 'SÖHNE und'", "Straße_und_Söhne"),
        ("--prospect 'und druk'", ""),
        ("--prospect %", ""),
        ("--prospect [/]", "[/]"),
        ("--product lease", "[/] Łódź_Druk"),
        ("--product 'LEASE copier'", "Łódź_Druk"),
        ("--product lease --lost-to kyolab", "Łódź_Druk"),
        ("--product lease --lost-to nobody", ""),
    ],
)
def test_a_name_takes_the_losses_that_have_all_its_words_in_any_case(run, options, names):
    run("log Łódź_Druk --lost-to 'Kyolab Europe' --product 'Copier lease'")
    run("log Straße_und_Söhne --lost-to nobody --product scanner")
    run("log [/] --product lease")
    assert sorted(prospects(run(f"list {options}"))) == names.split()


def test_a_contact_is_no_prospect(run):
    run("log Acme --contact 'Ana Brandt'")
    run("log Brandt")
    assert prospects(run("list --prospect brandt")) == ["Brandt"]


# In which order, and how many.


@pytest.mark.parametrize(
    ("losses", "sort", "names"),
    [
        # The newest first, and of a day what was logged last.
        ("Mid --on 5d; Old --on 9d; New --on 2d; Newer --on 2d", "", "Newer New Mid Old"),
        ("Mid --on 5d; Old --on 9d; New --on 2d; Newer --on 2d", "date", "Newer New Mid Old"),
        # The largest first, whatever the currency, and no amount last.
        ("Less 500.50; None; More 2k; Mid 700", "amount", "More Mid Less None"),
        ("A 100USD; B 20.5KWD; C 900JPY; D 50.01EUR; E 50JPY", "amount", "C A D E B"),
        ("Old 5 --on 5d; New 5 --on 2d; Older 5 --on 9d", "amount", "New Old Older"),
        ("Zero 0 --on 5d; None", "amount", "Zero None"),
        # By the alphabet in any case of any language, and then the newest.
        ("pike; Acme; brandt; Oakfield", "prospect", "Acme brandt Oakfield pike"),
        ("Acme --on 90d; ACME --on 2d; acme --on 60d", "prospect", "ACME acme Acme"),
        ("Éb; éa", "prospect", "éa Éb"),
    ],
)
def test_losses_come_in_the_order_asked_for(run, losses, sort, names):
    for loss in losses.split("; "):
        run(f"log {loss}")
    assert prospects(run(f"list {sort and f'--sort {sort}'}")) == names.split()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("--limit 2", "C B"),
        ("--limit 2 --sort amount", "A C"),
        ("--limit 1 --sort prospect", "A"),
        ("--limit 9", "C B A"),
        ("--limit 1 --prospect b", "B"),
    ],
)
def test_limit_takes_the_first_ones_of_the_order(run, options, names):
    run("log A 300 --on 5d")
    run("log B 100 --on 3d")
    run("log C 200 --on 2d")
    assert prospects(run(f"list {options}")) == names.split()
    listed = run(f"list {options} --json").json["losses"]
    assert [loss["prospect"] for loss in listed] == names.split()
    rows = list(csv.DictReader(io.StringIO(run(f"list {options} --csv").out)))
    assert [row["prospect"] for row in rows] == names.split()


# For a pipe.


def test_a_row_says_what_was_lost_why_and_how_it_stands(run):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    assert cells(run) == [
        "1",
        "2026-11-23",
        "Oakfield Dental, Ana Ruiz",
        "12,000",
        "said budget",
        "ask why today",
    ]


def test_a_row_of_a_name_alone_has_its_cells_too(run):
    run("log Acme --outcome unknown")
    run("skip 1")
    assert cells(run) == ["1", TODAY, "Acme", "-", "-", "go back Fri 27 Nov"]


@pytest.mark.parametrize(
    ("logged", "then", "why"),
    [
        ("", "", "-"),
        ("--said budget", "", "said budget"),
        ("--said budget --guess price-value", "", "guess price-value"),
        ("--said budget --guess price-value --real too-slow", "", "told too-slow"),
        ("--guess price-value --heard too-slow", "", "heard too-slow"),
        ("--said budget --guess price-value", "why 1 --would-not-say", "would not say"),
    ],
)
def test_a_row_says_the_best_that_is_known_of_why(run, logged, then, why):
    run(f"log Acme {logged}")
    if then:
        run(then)
    assert cells(run)[4] == why


@pytest.mark.parametrize(
    ("logged", "then", "stands"),
    [
        ("", "", "ask why Wed 25 Nov"),
        ("--on yesterday", "", "ask why today"),
        ("--on yesterday", "snooze 1 2027-03-01", "ask why Mon 1 Mar 2027"),
        ("--on yesterday", "meet 1 friday 10am", "meet Fri 27 Nov 10:00"),
        ("--on yesterday", "meet 1 today 3pm", "meet 15:00"),
        ("", "won 1", "won back Tue 24 Nov"),
        ("", "move-on 1", "at rest"),
        (f"--on 2026-10-25 {PLAN_IS_DONE}", "", "ready to close"),
        (f"--on 2026-10-26 {PLAN_IS_DONE}", "", "-"),
    ],
)
def test_a_row_says_how_it_stands(run, logged, then, stands):
    run(f"log Acme {logged}")
    if then:
        run(then)
    assert cells(run)[5] == stands


def test_lateness_is_said_in_days(run):
    run("log Acme --on yesterday")  # asking falls on Tuesday
    assert cells(run, today="2026-11-30")[5] == "ask why 6d late"


@pytest.mark.parametrize(
    ("setting", "amount", "shown"),
    [
        ("currency USD", "12kEUR", "12,000 EUR"),
        ("currency EUR", "12kEUR", "12,000"),
        ("currency USD", "12000.50", "12,000.50"),
        ("decimal ,", "1234567,50", "1.234.567,50"),
        ("currency USD", "1.5kKWD", "1,500 KWD"),
        ("currency USD", "0", "0"),
    ],
)
def test_an_amount_is_written_as_the_user_writes_it(run, setting, amount, shown):
    run("log First")
    run(f"config {setting}")
    run(f"log Acme {amount}")
    assert cells(run, "list --prospect acme")[3] == shown


def test_nothing_is_cut_in_a_pipe(run):
    name = "Hotels and Restaurants of the Whole Northern Seaboard " * 8
    run(["log", name.strip(), "99999999999.99EUR", "--contact", "Ana " * 60])
    found = cells(run)
    assert found[2] == f"{name.strip()}, {('Ana ' * 60).strip()}"
    assert found[3] == "99,999,999,999.99 EUR"


def test_a_record_stays_on_one_line_whatever_its_texts_hold(run):
    run(["log", "Acme\n2\t2026-11-24\tBrandt\x1b[2J\r", "--contact", "Ana\nRuiz"])
    found = cells(run)
    assert len(found) == 6
    assert found[2] == (r"Acme\u{a}2\u{9}2026-11-24\u{9}Brandt\u{1b}[2J, Ana\u{a}Ruiz")


def test_a_pipe_has_no_line_that_is_no_record(run):
    run("log Acme 12k")
    run("log Brandt 5kEUR")
    assert [line.count("\t") for line in run("list").lines] == [5, 5]


def test_without_a_journal_none_is_listed_and_none_is_made(run, db):
    result = run("list")
    assert result.lines == ["No loss matches."]
    assert result.err == f"lostsale: there's no journal yet; lostsale log starts one at {db}\n"
    assert run("list --json").json == {"schema": 1, "losses": []}
    assert run("list --csv").out.count("\n") == 1
    assert not db.exists()


# For a program.


def test_json_has_whole_losses_in_the_order_of_the_list(run, loss):
    run("log Acme 12k --said 'budget: frozen' --contact 'Ana 555-0134 a@b.c' --on 5d")
    run("log Brandt 90kEUR --on 9d")
    run("log Corvo --on 2d")
    run("done 1")
    run("won 2 80k --note lease")
    assert run("list --json").json == {"schema": 1, "losses": [loss(3), loss(1), loss(2)]}
    by_amount = run("list --sort amount --json").json["losses"]
    assert [found["number"] for found in by_amount] == [2, 1, 3]
    assert [found["number"] for found in run("list --won --json").json["losses"]] == [2]


def test_json_of_no_loss_is_an_empty_list(run):
    run("log Acme")
    assert run("list --won --json").json == {"schema": 1, "losses": []}


# For a spreadsheet.

HEADER = (
    "number uid prospect contact email phone product amount currency lost_on stage outcome lost_to"
    " said_code said_words signals guess_code guess_words real_code real_words real_source real_on"
    " asked_on way_in weakness lesson note next_kind next_on next_time won_on won_amount"
    " won_currency won_note rested_on logged_at source_system source_record again_on again_what"
)


def rows(result):
    """The rows of a CSV, each a dict of its cells by their header."""
    return list(csv.DictReader(io.StringIO(result.out), strict=True))


def test_csv_begins_with_the_names_of_its_columns(run):
    run("log Acme")
    assert run("list --csv").lines[0] == HEADER.replace(" ", ",")


def test_csv_of_no_loss_is_its_header(run):
    run("log Acme")
    assert run("list --won --csv").lines == [HEADER.replace(" ", ",")]


def test_a_row_of_csv_has_all_that_a_loss_holds(run, loss):
    run(
        "log Acme 12k --product lathe --said 'price: too much' --guess 'product-gap: no app'"
        " --real 'too-slow: you came late' --contact 'Ana Ruiz 555-0134 a@b.c' --way-in lease"
        " --signal silence --signal budget --lost-to Kyolab --lesson 'call first' --note met"
        " --on yesterday"
    )
    found = loss()
    parts = {name: found[name] for name in ("said", "guess", "real", "next")}
    flat = {f"{name}_{key}": value for name, part in parts.items() for key, value in part.items()}
    expected = {**found, **flat, "signals": "silence budget"}
    assert rows(run("list --csv")) == [
        {name: str(expected.get(name) or "") for name in HEADER.split()}
    ]
    filled = [name for name in HEADER.split() if expected.get(name)]
    assert len(filled) == 29


def test_a_row_of_csv_has_the_appointment_the_win_and_the_rest(run):
    run("log Meeting")
    run("log Won 12kEUR --on 3d")
    run("log Rest --on 4d")
    run("meet 1 friday 10am")
    run("won 2 9500 --note lease")
    run("move-on 3")
    meeting, won, rest = rows(run("list --csv"))
    assert [meeting[f"next_{name}"] for name in ("kind", "on", "time")] == [
        "meet",
        "2026-11-27",
        "10:00",
    ]
    assert [won[f"won_{name}"] for name in ("on", "amount", "currency", "note")] == [
        TODAY,
        "9500.00",
        "EUR",
        "lease",
    ]
    assert (rest["rested_on"], rest["next_kind"], rest["won_on"]) == (TODAY, "", "")


@pytest.mark.usefixtures("imported")
def test_a_row_of_csv_names_where_an_import_came_from(run):
    (row,) = rows(run("list --csv"))
    assert (row["prospect"], row["source_record"]) == ("Acme", "77")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Pike, Sons", '"Pike, Sons"'),
        ('the "big" one', '"the ""big"" one"'),
        ("it's", "it's"),
        ("a;b", "a;b"),
        ("Łódź 日本", "Łódź 日本"),
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ('=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'),
        ("a=1", "a=1"),
        ("2+2", "2+2"),
        ("line\nend", r"line\u{a}end"),
        ("tab\tstop", r"tab\u{9}stop"),
        ("\x1b[31mred", r"\u{1b}[31mred"),
        ("\u202eevil", r"\u{202e}evil"),
        ("[red]x[/]", "[red]x[/]"),
    ],
)
def test_a_cell_of_csv_is_quoted_where_it_must_be_and_never_computed(run, text, written):
    run(["log", "Acme", "--product", text])
    header, row = run("list --csv").lines
    assert f",Acme,,,,{written},,," in row
    assert len(next(csv.reader([row]))) == len(header.split(","))


@pytest.mark.parametrize(
    ("options", "column", "cell"),
    [
        (["--contact", "Ana +44 20 7946 0018"], "phone", "'+44 20 7946 0018"),
        (["--said", "other: =1+1"], "said_words", "'=1+1"),
        (["--guess", "other: =1+1"], "guess_words", "'=1+1"),
        (["--real", "other: @x"], "real_words", "'@x"),
        (["--way-in", "-lease"], "way_in", "'-lease"),
        (["--lost-to", "=Kyolab"], "lost_to", "'=Kyolab"),
        (["--lesson", "+1"], "lesson", "'+1"),
        (["--contact", "=Ana"], "contact", "'=Ana"),
        (["--contact", "Ana =a@b.c"], "email", "'=a@b.c"),
        (["--prospect", "=Acme"], "prospect", "'=Acme"),
        (["won", "=lease"], "won_note", "'=lease"),
        (["won", "\t=1+1"], "won_note", r"'\u{9}=1+1"),
        (["won", "\r=1+1"], "won_note", r"'\u{d}=1+1"),
        (["won", "x\n=1+1"], "won_note", r"x\u{a}=1+1"),
    ],
)
def test_no_column_of_csv_is_computed(run, options, column, cell):
    run("log Acme")
    if options[0] == "won":
        run(["won", "1", "--note", options[1]])
    else:
        run(["edit", "1", *options])
    (row,) = rows(run("list --csv"))
    assert row[column] == cell


# On a terminal.


@pytest.fixture
def three(run):
    """Keep three losses: with all that a row shows, with little, and with long names."""
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    run("log Acme --on 3d")
    run(
        "log 'Corvo Hotels and Restaurants of the Whole Northern Seaboard' 9500EUR"
        " --contact 'Leonora Marinescu' --real no-access --on 6d"
    )
    run("won 2")


@pytest.mark.usefixtures("three")
def test_a_row_at_100_columns_says_it_all_under_its_titles(screen):
    _, titles, *found = screen("list", 100)
    assert titles.split() == ["No", "Lost", "Who", "Amount", "Why", "Stands"]
    assert [re.split(r" {2,}", row.strip()) for row in found[:2]] == [
        ["1", "23 Nov", "Oakfield Dental, Ana Ruiz", "12,000", "said budget", "ask why today"],
        ["2", "21 Nov", "Acme", "-", "-", "won back 24 Nov"],
    ]


@pytest.mark.usefixtures("three")
def test_a_name_that_does_not_fit_is_cut_visibly_and_numbers_never(screen):
    row = screen("list", 100)[4]
    number, day, name, amount, why, stands = re.split(r" {2,}", row.strip())
    assert (number, day, amount, why) == ("3", "18 Nov", "9,500 EUR", "told no-access")
    assert stands == "go back 25 Nov"
    assert name.startswith("Corvo Hotels and Rest")
    assert name.endswith("…")


@pytest.mark.usefixtures("three")
def test_at_60_columns_a_loss_takes_one_line_with_its_number_day_and_amount(screen):
    lines = screen("list", 60)
    assert len(lines) == 5
    for row, number, day, name, amount in zip(
        lines[2:],
        "123",
        ("23", "21", "18"),
        ("Oak", "Ac", "Cor"),
        ("12,000", "-", "9,500 EUR"),
        strict=True,
    ):
        assert row.split()[:2] == [number, day]
        assert f"  {name}" in row
        assert f"  {amount}  " in row


@pytest.mark.parametrize("width", [59, 50])
def test_under_60_columns_a_loss_takes_two_lines(run, screen, width):
    run("log 'Oakfield Dental' 12k --contact 'Ana Ruiz 555-0134' --on yesterday")
    run("log Acme --on 9d")
    assert screen("list", width)[1:] == [
        "1  Oakfield Dental, Ana Ruiz",
        "    23 Nov · 12,000 · - · ask why today",
        "2  Acme",
        "    15 Nov · - · - · ask why 25 Nov",
    ]


@pytest.mark.parametrize("width", [120, 100, 80, 60, 59, 40, 30])
@pytest.mark.usefixtures("three")
def test_no_line_is_wider_than_the_terminal(run, screen, width):
    run("log 日本語の会社名日本語の会社名 5kJPY --contact '山田太郎 555-0199' --on 20d")
    lines = screen("list", width)
    assert [line for line in lines if cell_len(line) > width] == []


@pytest.mark.parametrize("width", [120, 100, 80, 60, 59, 40])
@pytest.mark.usefixtures("three")
def test_every_loss_has_its_row(screen, width):
    lines = screen("list", width)
    assert all(any(re.match(rf" *{n}  ", line) for line in lines[1:]) for n in (1, 2, 3))


@pytest.mark.parametrize("width", [100, 40])
def test_what_a_name_holds_is_no_markup(run, screen, width):
    run(["log", "[red]x[/] :smiley:\x1b[2J"])
    assert r"[red]x[/] :smiley:\u{1b}[2J" in "\n".join(screen("list", width))


def test_the_first_line_says_how_many_and_what_they_were_worth(run, screen):
    run("log Acme 12k")
    assert screen("list", 100)[0] == "1 loss · 12,000 USD"


def test_the_sums_of_currencies_stand_side_by_side(run, screen):
    for amount in ("12k", "5000.50EUR", "900JPY", "3k", "0.50EUR", ""):
        run(f"log A{amount} {amount}")
    assert screen("list", 100)[0] == "6 losses · 5,001 EUR + 900 JPY + 15,000 USD"


def test_without_an_amount_there_is_no_sum(run, screen):
    run("log Acme")
    assert screen("list", 100)[0] == "1 loss"


def test_of_a_list_cut_short_the_first_line_sums_what_is_shown(run, screen):
    run("log A 300")
    run("log B 100")
    run("log C 200EUR")
    assert screen("list --limit 2 --sort amount", 100)[0] == "2 of 3 losses · 200 EUR + 300 USD"


def test_no_loss_is_one_line_on_a_terminal_too(run, screen):
    run("log Acme")
    assert screen("list --won", 100) == ["No loss matches."]


@pytest.mark.parametrize("options", ["--csv", "--json"])
def test_csv_and_json_are_the_same_on_a_terminal(run, screen, options):
    run(["log", "Acme " * 40])
    assert screen(f"list {options}", 60) == run(f"list {options}").lines


# What is refused.


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("--said nope", 'There\'s no said code "nope"'),
        ("--said price-value", 'There\'s no said code "price-value"'),
        ("--said budgett", "Did you mean budget?"),
        ("--reason budget", 'There\'s no real-reason code "budget"'),
        ("--reason no-acces", "Did you mean no-access?"),
        ("--weakness weak", 'There\'s no weakness "weak"'),
        ("--weakness personel", "Did you mean personal?"),
        ("--sort size", 'There\'s no sort order "size"'),
        ("--sort ''", 'There\'s no sort order ""'),
        ("2026q5", 'I can\'t read "2026q5" as a period'),
        ("2026-11-30..2026-11-01", "as a period"),
        ("tomorrow", 'I can\'t read "tomorrow" as a period'),
        ("''", 'I can\'t read "" as a period'),
        ("2026 2025", "2025"),
        ("--limit 0", "--limit"),
        ("--limit -3", "--limit"),
        ("--limit many", "--limit"),
        ("--lost", "There's no option --lost"),
    ],
)
def test_what_is_not_understood_is_refused(run, refuses, options, what):
    run("log Acme")
    assert what in refuses(f"list {options}", 2)


def test_csv_is_no_json(run):
    result = run("list --csv --json", code=2)
    assert result.out == ""
    assert result.json["error"]["code"] == "bad-input"
    assert "--csv and --json can't be combined" in result.json["error"]["message"]


# Over the made-up year.


def test_a_long_list_is_whole_in_every_form(run, monkeypatch, demo):
    monkeypatch.setenv("LOSTSALE_DB", str(demo))
    numbers = [str(loss["number"]) for loss in json.loads(run("list --json").out)["losses"]]
    assert len(numbers) == len(set(numbers)) == 1200
    assert [line.split("\t")[0] for line in run("list").lines] == numbers
    assert [row["number"] for row in rows(run("list --csv"))] == numbers


def test_bytes_that_are_no_text_are_refused(run, refuses):
    run("log Acme")
    for option in ("--prospect", "--product", "--lost-to"):
        assert "isn't UTF-8" in refuses(["list", option, "\udcff"], 2)


@pytest.mark.parametrize("width", [60, 70, 80])
def test_a_name_never_vanishes(run, screen, width):
    run("log 'Oakfield Dental' 12k budget --on yesterday")
    run("log Corvo 99999999.99EUR --real no-access --on 6d")
    run("meet 2 22 feb 2027 10:00")
    lines = screen("list", width)
    assert "  Oakf" in "\n".join(lines)
    assert "  Corvo" in "\n".join(lines)


@pytest.mark.parametrize(
    "option", ["--said", "--reason", "--weakness", "--lost-to", "--prospect", "--product"]
)
@pytest.mark.parametrize("text", ["''", "' '"])
def test_an_empty_filter_is_refused(run, refuses, option, text):
    run("log Acme")
    refuses(f"list {option} {text}", 2)


@pytest.mark.parametrize("text", ["no one", "noone", "none"])
def test_nobody_is_meant_as_log_means_it(run, text):
    run(f"log Acme --lost-to '{text}'")
    assert len(run(f"list --lost-to '{text}' --json").json["losses"]) == 1


def test_states_may_stand_among_the_words_of_a_period(run):
    run("log Acme --on 2026-10-05")
    run("log Brandt")
    run("won 2 900")
    for words, options in (
        ("open", "--open"),
        ("won", "--won"),
        ("this month won", "2026-11 --won"),
    ):
        assert run(f"list {words}").out == run(f"list {options}").out


def test_other_words_are_for_find(run, refuses):
    run("log Canon Falls Clinic")
    assert refuses("list canon falls", 2).endswith(": lostsale find canon falls\n")

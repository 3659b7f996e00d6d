"""The morning list on terminals of several widths."""

import re

import pytest
from rich.cells import cell_len

from lostsale.app import App

WIDTHS = (50, 60, 80, 120)
STYLE = re.compile(r"\x1b\[[0-9;]*m")
COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")


@pytest.fixture
def screen(run, monkeypatch):
    """Run a line as on a terminal of that many columns; return its lines, without bold and dim."""

    def screen(line, width, **options):
        with monkeypatch.context() as terminal:
            terminal.setattr(App, "width", property(lambda _: width))
            out = run(line, **options).out
        return STYLE.sub("", out).splitlines()

    monkeypatch.setenv("NO_COLOR", "1")
    return screen


@pytest.fixture
def morning(run):
    """Keep a morning with all that it can hold."""
    run("log 'Brandt Logistics' 48k --contact 'Ines B. 555-0171' --next 'today 10:00'")
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    run(
        "log 'Corvo Hotels and Restaurants of the Whole Northern Seaboard' 99999999.99EUR"
        " --contact 'Leonora Marinescu +44 20 7946 0018' --real 'no-access'"
        " --way-in 'meet the partner of the partner in January, with the second offer'",
        today="2026-11-18",
    )
    who = "日本語の会社名日本語の会社名 5kJPY --contact '山田太郎 555-0199'"
    run(f"log {who} --next 2026-11-18", today="2026-11-10")
    run("log Cold 5", today="2026-07-01")
    run("log Ready 5 --real too-slow --way-in dead --also thanks,referral --on 2026-10-01")


def row(lines, number):
    """The row of a loss."""
    (found,) = [line for line in lines if re.search(rf"(^| ){number}  ", line)]
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", ["due", "due --cold", "due --days 90", "due --kind meet", ""])
@pytest.mark.usefixtures("morning")
def test_no_line_is_wider_than_the_terminal(screen, line, width):
    lines = screen(line, width)
    assert lines
    assert [wide for wide in lines if cell_len(wide) > width] == []


@pytest.mark.parametrize("width", range(30, 131, 5))
@pytest.mark.usefixtures("morning")
def test_every_loss_that_is_due_has_its_row(screen, width):
    assert all(row(screen("due", width), number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_the_headings_part_the_list_in_their_order(screen, width):
    lines = screen("due", width)
    headings = [line for line in lines if line in {"appointments", "fresh", "then, largest first"}]
    assert headings == ["appointments", "fresh", "then, largest first"]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_heading_without_losses_is_left_out(run, screen, width):
    run("log Acme --on yesterday")
    lines = screen("due", width)
    assert "fresh" in lines
    assert not {"appointments", "then, largest first"} & set(lines)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_the_first_line_counts_what_is_due_and_what_is_not_shown(run, screen, width):
    run("config portion 2")
    assert " ".join(screen("due", width)).startswith(
        "Tue 24 Nov 2026 · 4 due, the first 2 · 1 gone cold · 1 ready to close "
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_what_the_portion_leaves_out_is_counted_below(run, screen, width):
    run("config portion 2")
    assert "… 2 more with --all" in screen("due", width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_what_is_cold_and_ready_to_rest_has_a_line_below(screen, width):
    cold, ready = screen("due", width)[-2:]
    assert cold == "1 cold, 5 USD: Cold 5: lostsale due --cold"
    assert ready == "1 ready to close: lostsale move-on --ready"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_columns_have_titles(run, screen, width):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    titles = screen("due", width)[1].split()
    assert titles[:4] == ["When", "No", "Who", "Do"]
    assert titles[-1] == "Phone"
    assert ("know" in titles) == (width >= 80)


def test_a_row_at_100_columns_says_it_all(run, screen):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    title, heading, found = screen("due", 100)[1:]
    assert title.split("  ")[0] == "When"
    assert heading == "fresh"
    assert re.split(r" {2,}", found) == [
        "today",
        "1",
        "Oakfield Dental, Ana Ruiz",
        "ask why",
        "12,000",
        "said budget",
        "555-0134",
    ]


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.usefixtures("morning")
def test_numbers_kinds_amounts_and_phones_are_never_cut(screen, width):
    lines = screen("due", width)
    assert row(lines, 1).startswith("10:00")
    for number, kind, amount, phone in (
        (1, "ask why", "48,000", "555-0171"),
        (2, "ask why", "12,000", "555-0134"),
        (3, "go back", "99,999,999.99 EUR", "+44 20 7946 0018"),
        (4, "ask why", "5,000 JPY", "555-0199"),
    ):
        cells = re.split(r" {2,}", row(lines, number))
        assert cells[-1] == phone
        assert {kind, amount} <= set(cells)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.usefixtures("morning")
def test_a_name_that_does_not_fit_is_cut_visibly(screen, width):
    assert "…" in row(screen("due", width), 3)


@pytest.mark.parametrize("width", [40, 50, 59])
def test_under_60_columns_a_loss_takes_two_lines(run, screen, width):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    run("log Acme", today="2026-11-23")
    assert screen("due", width)[1:] == [
        "fresh",
        "1  Oakfield Dental, Ana Ruiz",
        "    today · ask why · 12,000 · 555-0134",
        "2  Acme",
        "    today · ask why · - · -",
    ]


def test_at_60_columns_a_loss_takes_one_line(run, screen):
    run("log 'Oakfield Dental' 12k budget --contact 'Ana Ruiz 555-0134' --on yesterday")
    lines = screen("due", 60)
    assert len(lines) == 4
    assert lines[3].split()[0] == "today"
    assert lines[3].endswith("555-0134")


@pytest.mark.parametrize("width", WIDTHS)
def test_lateness_is_said_in_words(run, screen, width):
    run("log Acme", today="2026-11-18")
    assert any("5d late" in line for line in screen("due", width))


@pytest.mark.usefixtures("morning")
def test_no_color_is_honoured(run, monkeypatch):
    monkeypatch.setattr(App, "width", property(lambda _: 100))
    run("log Late --on 2026-11-19", today="2026-11-19")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(run("due").out)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert COLOUR.search(run("due").out)


# Its height


@pytest.fixture
def high(screen, monkeypatch):
    """The list on a terminal of so many lines."""

    def high(lines, width=100, line="due"):
        monkeypatch.setattr(App, "height", property(lambda _: lines))
        return screen(line, width)

    return high


@pytest.fixture
def many(run):
    """Fifteen fresh losses, and fifteen that are a month old, all due."""
    for number in range(1, 16):
        run(f"log 'Old {number}' {number}k --real no-money --also save,thanks", today="2026-10-22")
        run(f"log 'New {number}' {number}k", today="2026-11-23")


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("lines", [20, 24, 25, 26])
@pytest.mark.parametrize("width", [60, 100])
def test_the_list_fits_its_terminal_with_the_shells_prompt(high, lines, width):
    shown = high(lines, width)
    assert len(shown) == lines - 1
    rows = sum("ask why" in line or "get a referral" in line for line in shown)
    assert f"30 due, the first {rows}" in shown[0]
    assert f"… {30 - rows} more with --all" in shown


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("lines", "rows"), [(5, 10), (14, 10), (200, 20)])
def test_there_are_at_least_ten_rows_and_at_most_a_portion(high, lines, rows):
    assert f"30 due, the first {rows} " in f"{high(lines)[0]} "


@pytest.mark.usefixtures("many")
def test_all_and_a_pipe_know_no_height(run, high):
    assert sum("ask why" in line for line in high(20, line="due --all")) == 15
    run("config portion 30")
    assert sum("ask why" in line for line in run("due").lines) == 15


# Which losses stand where


def numbers(lines):
    return [int(line.split("\t")[1]) for line in lines if line.count("\t") > 3]


def test_who_backed_out_stands_first_then_the_largest(run):
    run("log Large 90k", today="2026-11-23")
    run("log Small 5k", today="2026-11-23")
    run("log Backed 41k --outcome cancelled", today="2026-11-23")
    run("log Meeting 1k", today="2026-11-23")
    run("meet 4 today 23:00")
    assert numbers(run("due").lines) == [4, 3, 1, 2]


@pytest.mark.parametrize("field", ["said", "guess", "real"])
def test_words_stand_in_place_of_other(run, field):
    run(["log", "Acme", "5k", f"--{field}", "other: the landlord decides"], today="2026-11-20")
    assert '"the landlord decides"' in run("due").out
    assert "other" not in run("due").out


@pytest.mark.parametrize(("phones", "is_shown"), [(0, False), (1, False), (2, True)])
def test_a_column_that_is_nearly_empty_goes_on_a_terminal(run, screen, phones, is_shown):
    for number in range(1, 11):
        contact = f"--contact 'Ana 555-010{number}'" if number <= phones else ""
        run(f"log Acme{number} 5k {contact}", today="2026-11-23")
    assert ("Phone" in screen("due", 100)[1]) is is_shown
    assert ("555-0101" in run("due").out) is (phones > 0)


# What has gone cold


@pytest.fixture
def away(run):
    """Seven losses of which all steps until the 30th day have gone cold."""
    for number in range(1, 8):
        run(f"log Firm{number} {number}k", today="2026-10-30")


@pytest.mark.usefixtures("away")
def test_the_cold_line_says_what_is_at_stake(run, screen):
    line = "7 cold, 28,000 USD: Firm7 7,000, Firm6 6,000, Firm5 5,000 …: lostsale due --cold"
    assert line in run("due").lines
    assert line in screen("due", 100)
    assert "7 cold, 28,000 USD: Firm7 7,000, Firm6 6,000 …: lostsale due --cold" in screen(
        "due", 75
    )
    assert "7 cold, 28,000 USD: lostsale due --cold" in screen("due", 40)


@pytest.mark.usefixtures("away")
def test_each_currency_is_at_stake_by_itself(run):
    run("log Euro 9kEUR", today="2026-10-30")
    assert any(line.startswith("8 cold, 28,000 USD + 9,000 EUR: ") for line in run("due").lines)


@pytest.mark.usefixtures("away")
def test_the_largest_stay_on_the_list_for_a_while(run, screen):
    run("log Fresh 1k --on yesterday")
    shown = screen("due", 100)
    at = shown.index("gone cold, the largest")
    rows = [re.split(r" {2,}", line) for line in shown[at + 1 : at + 6]]
    assert [cells[2] for cells in rows] == ["Firm7", "Firm6", "Firm5", "Firm4", "Firm3"]
    assert shown[at + 6].startswith("7 cold, ")
    run("done 7")
    assert not any("  Firm7  " in line for line in screen("due", 100))
    assert "gone cold, the largest" not in "".join(run("due").lines)


def test_what_went_cold_long_ago_is_in_the_cold_line_alone(run, screen):
    run("log Long 5k", today="2026-07-01")
    run("log Fresh 1k --on yesterday")
    shown = screen("due", 100)
    assert "gone cold, the largest" not in shown
    assert shown[-1] == "1 cold, 5,000 USD: Long 5,000: lostsale due --cold"


@pytest.mark.usefixtures("away")
def test_what_is_cold_can_be_walked_through(screen):
    assert screen("due --cold", 100)[-1] == "lostsale due --cold --walk, or lostsale move-on --cold"

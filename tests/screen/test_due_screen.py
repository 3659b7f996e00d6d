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
        " --contact 'Leonora Marinescu +44 20 7946 0018' --real 'no-access' --on 6d"
        " --way-in 'meet the partner of the partner in January, with the second offer'",
        today="2026-11-23",
    )
    japanese = "log 日本語の会社名日本語の会社名 5kJPY --contact '山田太郎 555-0199' --on 20d"
    run(japanese, today="2026-11-23")
    run("log Cold 5", today="2026-11-02")
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
        "Tue 24 Nov 2026 · 4 due, the first 2 · 1 gone cold · 1 ready to rest "
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_what_the_portion_leaves_out_is_counted_below(run, screen, width):
    run("config portion 2")
    assert "… 2 more: the same with --all" in screen("due", width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.usefixtures("morning")
def test_what_is_cold_and_ready_to_rest_has_a_line_below(screen, width):
    below = " ".join(screen("due", width)[-4:])
    assert "1 gone cold: lostsale due --cold, or lostsale move-on --cold" in below
    assert below.endswith("1 ready to rest: lostsale move-on --ready")


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
    run("log Acme --on 9d", today="2026-11-23")
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
    assert any("3d late" in line for line in screen("due", width))


@pytest.mark.usefixtures("morning")
def test_no_color_is_honoured(run, monkeypatch):
    monkeypatch.setattr(App, "width", property(lambda _: 100))
    run("log Late --on 2026-11-19", today="2026-11-19")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(run("due").out)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert COLOUR.search(run("due").out)

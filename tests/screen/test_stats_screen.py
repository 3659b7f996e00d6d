"""The numbers on terminals of several widths and in a pipe."""

import os
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

WIDTHS = (60, 80, 100, 200)
HOSTILE = (
    '[red]x[/] :smile: <script>alert(1)</script> =HYPERLINK("a") \x1b[31m \u202e \x9b2J \u2028'
)
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def busy(run):
    """Two years in two currencies, with something for every line that the screen can have."""
    for month, name in enumerate(("Acme", "Bolt", "Cord", "Dorn", "Elm", "Fern", "Gale"), 1):
        run(f"log {name} {month}000 --on 2026-0{month}-02 --said budget --guess selling")
        run(f"log '{name} & Sons' {month}00EUR --on 2026-0{month}-03 --lost-to Kyolab")
        run(f"log '{name} Ltd' {month}0 --on 2025-0{month}-28 --signal delay --lost-to nobody")
        told_on = f"2026-0{month}-{month + 2:02}"
        run(f"why {3 * month - 2} too-slow: {name} had {month} offers --on {told_on}")
        run(f"touch {3 * month} we talked --on 2026-01-04")
    run("log Hull --on 2026-02-28 --lost-to Ostra")
    for number, rest in ((1, "--on 2026-02-01"), (2, "77EUR"), (3, "500EUR --on 2025-12-31")):
        run(f"won {number} {rest}")
    run("log Slip 9k --outcome mistake")
    run("log Iris --also referral")
    run("referral 24 Bea Kim 555-0177")
    for number, marked, came in ((25, "--marked", "done"), (26, "", "no-answer")):
        run("log Jade")
        run(f"meet {number} today 11pm {marked}")
        run(f"{came} {number}")
    for day in range(1, 21):
        run(f"log 'Old {day}' --on 2025-10-{day:02}")
    reasons = "price-value no-access status-quo poor-fit relationship no-money circumstance other"
    for place, code in enumerate(reasons.split()):
        rival = ("Ostra", "Marlow", "Tarn", "Sella")[place % 4]
        run(f"log 'New {place}' 5k --on 2026-08-0{place + 1} --guess {code} --lost-to {rival}")
    for day in range(1, 10):
        run(f"touch 54 again --on 2026-09-0{day}")
    run("move-on 54")


PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("width", [None, 72, 100])
@pytest.mark.parametrize("line", ["stats", "stats all --all --by quarter"])
@pytest.mark.usefixtures("busy")
def test_a_page_reads_as_the_one_that_is_kept(run, screen, line, width):
    """With NEW_PAGES=1 in the environment the pages are written anew, to be read in the diff."""
    text = "\n".join([*(screen(line, width) if width else run(line).lines), ""])
    page = PAGES / f"{line.replace(' ', '_')}_{width or 'pipe'}.txt"
    if os.environ.get("NEW_PAGES"):
        page.write_text(text, encoding="utf-8")
    assert text == page.read_text(encoding="utf-8")


@pytest.fixture
def numbers(run):
    return lambda line: run(f"{line} --json").json["stats"]


@pytest.mark.parametrize("period", ["all", "2026"])
def test_what_fits_on_a_terminal_adds_up_to_the_months(screen, numbers, demo, period):
    line = f"--db {demo} stats {period}"
    rows = [
        re.findall(r"  +([\d,]+)", row.replace(" early", ""))
        for row in screen(line, 100)
        if re.match(r"[A-Z][a-z]{2}(\u2013[A-Z][a-z]{2})?( \d{4})?  ", row)
    ]
    months = numbers(line)["months"]
    assert 2 < len(rows) <= 6
    for place, field in ((0, "lost"), (1, "asked"), (2, "told"), (-1, "won_in_month")):
        assert sum(int(row[place]) for row in rows) == sum(month[field] for month in months)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", ["stats", "stats all", "stats all --all", "stats --by month"])
def test_no_line_of_the_demo_is_wider_than_the_terminal(screen, demo, width, line):
    lines = screen(f"--db {demo} {line}", width)
    assert [line for line in lines if cell_len(line) > width] == []


@pytest.mark.parametrize("period", ["", "all"])
def test_a_year_fits_100_by_40(screen, demo, period):
    assert len(screen(f"--db {demo} stats {period}", 100)) < 40


@pytest.mark.parametrize("width", WIDTHS)
def test_no_figure_title_or_code_of_the_demo_is_cut(screen, demo, width):
    cut = [
        cell
        for line in screen(f"--db {demo} stats all --all", width)
        for cell in re.split(r" {2,}", line)
        if "…" in cell and not cell.startswith('"')
    ]
    assert cut == []


@pytest.fixture
def hostile(run):
    """All texts that the screen shows, at their worst, with sums in several currencies."""
    code = "x" * 40
    run(f"reasons add {code} --kind real --weakness relationship")
    for place, currency in enumerate(("USD", "EUR", "GBP", "JPY")):
        for reason in ("price-value", code):
            run(
                [
                    "log",
                    "A",
                    f"98765432{currency}",
                    "--real",
                    f"{reason}: {HOSTILE}",
                    "--said",
                    f"budget: {HOSTILE}",
                    "--lost-to",
                    f"{place} {HOSTILE} {'日本' * 40}",
                    "--on",
                    f"2026-0{place + 1}-0{place + 1}",
                ]
            )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("line", ["stats", "stats --all"])
@pytest.mark.usefixtures("hostile")
def test_hostile_texts_neither_widen_nor_steer_the_terminal(screen, width, line):
    lines = screen(line, width)
    assert [line for line in lines if cell_len(line) > width] == []
    assert not RAW.search("".join(lines))
    text = " ".join(lines)
    for harmless in ("[red]x[/] :smile:", "<script>", r"\u{1b}[31m"):  # a long name takes lines
        assert harmless in text


@pytest.mark.usefixtures("hostile")
def test_hostile_texts_come_harmless_through_a_pipe(run):
    assert not RAW.search(run("stats --all").out.replace("\t", "").replace("\n", ""))


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.usefixtures("hostile")
def test_counts_of_a_reason_stand_whole_beside_long_sums(screen, width):
    (row,) = [line for line in screen("stats", width) if line.startswith("price-value ")]
    assert re.match(r"price-value +4 +4 ", row)


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.usefixtures("hostile")
def test_a_sum_is_whole_or_not_there(screen, width):
    figures = re.findall(r"\d+(?:,\d+)+", " ".join(screen("stats --all", width)))
    assert set(figures) <= {"98,765,432", "197,530,864"}


@pytest.mark.parametrize("options", ["", "--all", "--by quarter", "--by year --all", "2025"])
@pytest.mark.usefixtures("busy")
def test_json_is_the_same_on_a_terminal(run, screen, options):
    assert screen(f"stats {options} --json", 80) == run(f"stats {options} --json").lines


def test_units_with_as_many_losses_a_day_have_no_bars(run, screen):
    for day in ("2025-12-05", "2025-12-06", "2025-12-07"):
        run(f"log {day} --on {day}")
    for month in range(1, 10):
        for day in "567":
            run(f"log {month}-{day} --on 2026-0{month}-0{day}")
    lines = screen("stats 2025-12-01..2026-09-30", 100)
    bars = [line.count("█") for line in lines if re.match(r"[A-Z]\w\w(\u2013\w{3})? \d{4} ", line)]
    assert len(bars) > 2
    assert set(bars) == {0}


def test_a_bar_stands_for_the_losses_a_day_of_the_days_in_the_period(run, screen):
    for day in "12345678":
        run(f"log a{day} --on 2026-10-0{day}")
    for day in "12":
        run(f"log b{day} --on 2026-11-0{day}")
    (october, november) = (line for line in screen("stats 2026", 100) if line[:3] in {"Oct", "Nov"})
    assert (october.count("█"), november.count("█")) == (10, 3)  # 8 in 31 days, 2 in 24


def test_a_sum_below_one_unit_is_not_shown_as_nothing(run, screen):
    run("log Acme 0.60 --on 2026-03-02")
    run("won 1")
    assert "0 USD" not in screen("stats", 100)[0]

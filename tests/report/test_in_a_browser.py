"""The saved page in a real browser: its figures are those of the JSON, at any width, light and
dark, on paper, and for those who can't see it."""

import base64
import csv
import io
import shutil
from pathlib import Path
from random import Random

import pytest
from pypdf import PdfReader
from selenium import webdriver

from conftest import DATA

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver"),
    # One browser for all of them.
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for switch in (
        "headless=new no-sandbox disable-gpu disable-quic no-first-run disable-sync hide-scrollbars"
        " disable-background-networking disable-component-update"
    ).split():
        options.add_argument(f"--{switch}")
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('browser')}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def seen(run, browser, tmp_path):
    """Show the page of some options in the browser; return the JSON of the same numbers."""

    def seen(options="2026 --all --private", line="stats", width=1000, dark=False):
        file = tmp_path / "page.html"
        run(f"{line} {options} --force --save {file}")
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        browser.get(file.as_uri())
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        wanted = [word for word in options.split() if word not in {"--all", "--private"}]
        drawn = [title for title, _ in browser.execute_script(TABLES) if title.startswith("By ")]
        wanted += ["--by", drawn[0].split()[1]] if drawn else []
        return run(f"{line} {' '.join(wanted)} --json").json["stats"]

    return seen


TABLES = """
    return [...document.querySelectorAll('table')].map(table => [
        table.caption.innerText, [...table.rows].map(row => [...row.cells].map(cell => {
            const copy = cell.cloneNode(true);
            copy.querySelectorAll('small, q, .tag').forEach(extra => extra.remove());
            return copy.textContent.replace(/\\s+/g, ' ').trim();
        }))])
"""


def money(amounts, field):
    sums = ((currency, round(float(one[field]) + 1e-9)) for currency, one in amounts.items())
    return " + ".join(f"{whole:,} {currency}" for currency, whole in sums if whole) or "0 USD"


def in_words(code):
    return code.replace("-", " ").capitalize()


def share(part, whole):
    return f"{part:,} of {whole:,}" + (f" · {part / whole:.1%}" if whole >= 20 else "")


def check_figures(browser, stats):
    """Compare every figure that the page shows with the numbers of the JSON."""
    tables = dict(browser.execute_script(TABLES))
    rows = [rows for caption, rows in tables.items() if caption.startswith("The real reason")]
    if any(reason["code"] for reason in stats["reasons"]):
        shown = {row[0]: row[1:] for row in rows[0][1:]}
        for reason in stats["reasons"]:
            if reason["code"]:
                lost, told, worth, _, won = shown.pop(in_words(reason["code"]))
                assert (lost, told) == (f"{reason['lost']:,}", f"{reason['told']:,}")
                assert worth == money(reason["amounts"], "lost")
                assert won == f"{reason['won_back']:,}"
        assert shown == {}
    months = [rows for caption, rows in tables.items() if caption.startswith("By ")]
    if months:
        for row, month in zip(months[0][1:], stats["months"], strict=True):
            assert row[1] == f"{month['lost']:,}"
            assert row[2] == money(month["amounts"], "lost")
            assert row[3:5] == [f"{month['asked']:,}", f"{month['told']:,}"]
            assert row[5].split()[0].rstrip(",") == f"{month['won_back']:,}"
            assert row[6] == f"{month['won_in_month']:,}"
    rivals = next((r for c, r in tables.items() if c.startswith("Who got")), [[]])[1:]
    named = [one for one in stats["lost_to"] if one["name"] not in {None, "nobody"}]
    found = [
        [o["name"], f"{o['lost']:,}", money(o["amounts"], "lost"), f"{o['won_back']:,}"]
        for o in named
    ]
    assert rivals == found[:40]
    grid = next((r for c, r in tables.items() if c.startswith("Rows:")), [])
    counted = {
        (in_words(one["said"]), in_words(one["real"])): one["lost"]
        for one in stats["truth"]
        if one["said"]
    }
    for said, *cells in grid[1:]:
        of = {real: lost for (excuse, real), lost in counted.items() if excuse == said}
        for real, cell in zip(grid[0][1:-1], cells, strict=False):
            if real != "The rest":
                assert cell == (f"{of[real]:,}" if real in of else "·")
        assert cells[-1] == f"{sum(of.values()):,}"
    assert len(grid[1:]) == len({said for said, _ in counted})
    tried = dict(next((r for c, r in tables.items() if c.startswith("You picked")), [[0, 0]])[1:])
    if stats["tried"]:
        assert tried["Won back after a second try"] == share(
            stats["won_back_tried"], stats["tried"]
        )
    figures = browser.execute_script(
        "return [...document.querySelectorAll('.figures dd')].map(dd => dd.innerText)"
    )
    assert f"{stats['lost']:,}" in figures
    assert f"{stats['won_back']:,}" in figures
    assert money(stats["amounts"], "lost") in figures
    assert f"{stats['told']:,} of {stats['asked']:,} asked" in figures


@pytest.mark.parametrize("period", ["2026", "all", "2026q1", "2026-03"])
def test_every_figure_is_that_of_the_json(seen, browser, demo, period):
    check_figures(browser, seen(f"{period} --all --private", line=f"--db {demo} stats"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_of_a_random_journal_is_that_of_the_json(run, seen, browser, tmp_path, seed):
    chance = Random(seed)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id", "company", "status", "close date", "amount", "lost reason", "competitor"])
    for number in range(chance.choice([5, 60, 400])):
        day = f"2026-{chance.randint(1, 11):02}-{chance.randint(1, 20):02}"
        status = "Won" if chance.random() < 0.2 else "Lost"
        reason = chance.choice(["Price", "No budget", "Lost to competitor", "Bad timing", ""])
        rival = chance.choice(["Kyolab", "Ostra & Sons", "", "<b>Bold</b>"])
        amount = chance.choice(["", chance.randint(1, 90_000)])
        rows.writerow([number, f"Firm {number}", status, day, amount, reason, rival])
    (tmp_path / "deals.csv").write_text(text.getvalue())
    run(f"import {tmp_path / 'deals.csv'} --yes")
    check_figures(browser, seen())


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the files beside the project")
@pytest.mark.parametrize("name", ["maven_sales_pipeline.csv", "revops_opportunities.csv"])
def test_every_figure_of_a_real_file_is_that_of_the_json(run, seen, browser, name):
    run(f"import {DATA / name} --yes")
    check_figures(browser, seen("all --all --private"))


@pytest.mark.parametrize("width", [320, 360, 768, 1280, 1600])
def test_nothing_scrolls_sideways(seen, browser, demo, width):
    seen("all --all --private", line=f"--db {demo} stats", width=width)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width


def test_a_long_name_scrolls_nothing_sideways(run, seen, browser):
    for number in range(3):
        run(["log", f"P{number}", "5k", "--lost-to", "W" * 150, "--real", f"selling: {'w' * 400}"])
        run(["log", f"Q{number}", "5EUR", "--said", "budget", "--real", "price-value"])
    seen("2026 --all --private", width=360)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360


def test_the_browser_asks_nobody_and_complains_of_nothing(seen, browser, demo):
    browser.get_log("browser")
    browser.get_log("performance")
    seen("all --all --private", line=f"--db {demo} stats")
    assert browser.get_log("browser") == []
    asked = [
        entry["message"]
        for entry in browser.get_log("performance")
        if "Network.requestWillBeSent" in entry["message"]
    ]
    assert [message for message in asked if "file://" not in message] == []


def test_dark_and_light_differ_and_both_are_read_easily(seen, browser, demo):
    pictures = set()
    for dark in (False, True):
        seen("all --all --private", line=f"--db {demo} stats", dark=dark)
        pictures.add(browser.get_screenshot_as_base64())
        assert faint(browser) == []
    assert len(pictures) == 2


CONTRASTS = """
    const light = rgb => {
        const [r, g, b] = rgb.map(c => {
            c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
        });
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const parse = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    const behind = node => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) {
            layers.push(parse(getComputedStyle(at).backgroundColor));
        }
        return layers.reverse().reduce((below, [r, g, b, a = 1]) =>
            [r, g, b].map((c, i) => c * a + below[i] * (1 - a)), [255, 255, 255]);
    };
    const found = [];
    for (const node of document.querySelectorAll('body *:not(title, desc)')) {
        const text = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
        if (!text) continue;
        const style = getComputedStyle(node);
        const ink = light(parse(node instanceof SVGElement ? style.fill : style.color).slice(0, 3));
        const paper = light(behind(node));
        const ratio = (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
        if (ratio < 4.5) found.push([node.tagName, node.textContent.trim().slice(0, 30), ratio]);
    }
    return found;
"""


def faint(browser):
    """The texts whose contrast with what is behind them is below 4.5 to 1."""
    return browser.execute_script(CONTRASTS)


@pytest.mark.parametrize(("name", "inches"), [("A4", (8.27, 11.69)), ("Letter", (8.5, 11))])
def test_it_prints_on_few_pages_with_all_of_its_rows(seen, browser, demo, name, inches):
    seen("2026", line=f"--db {demo} stats", dark=True)
    printed = browser.execute_cdp_cmd(
        "Page.printToPDF",
        {"paperWidth": inches[0], "paperHeight": inches[1], "printBackground": False},
    )
    pages = PdfReader(io.BytesIO(base64.b64decode(printed["data"]))).pages
    assert 1 <= len(pages) <= 4, name
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert text.startswith("Lost sales, 2026")
    assert "Made with lostsale" in text
    assert "Price value" in text


def test_those_who_can_not_see_it_hear_headings_tables_and_what_the_chart_shows(
    seen, browser, demo
):
    seen("2026 --all", line=f"--db {demo} stats")
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = {}
    for node in nodes:
        role = node.get("role", {}).get("value")
        roles.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    assert "Lost sales, 2026" in roles["heading"]
    assert "What an excuse turned out to be" in roles["heading"]
    pictures = [*roles.get("image", []), *roles.get("img", [])]
    assert any("Losses and win-backs" in name for name in pictures)
    assert all(roles["table"])
    assert len(roles["table"]) > 4


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core from npm")
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_serious(seen, browser, demo, dark):
    seen("all --all --private", line=f"--db {demo} stats", dark=dark)
    browser.execute_script(AXE.read_text(encoding="utf-8"))
    found = browser.execute_async_script(
        "const done = arguments[0]; axe.run().then(r => done(r.violations))"
    )
    serious = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["help"]) for one in serious] == []

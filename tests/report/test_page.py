"""The saved page: whole HTML, every text only text, and nothing in it that others must not see."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conftest import on_unix

VOID = {"meta", "rect", "line", "br"}
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> </style><style>*{display:none} "
    "javascript:alert(1) {{ 7*7 }} {% raw %} &lt;b&gt; \x1b[31m \u202e\u2066 ]]> -->"
)
PERSONAL = "selling no-access too-slow indecision status-quo poor-fit".split()


class Outline(HTMLParser):
    """The elements of a page, each checked to be closed where it was opened, and its text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def all(self, tag):
        return [attrs for found, attrs in self.seen if found == tag]


@pytest.fixture
def page(run, tmp_path):
    """The source of the page that these options save."""

    def page(options="", line="stats"):
        path = tmp_path / "page.html"
        run(f"{line} {options} --force --save {path}")
        return path.read_text(encoding="utf-8")

    return page


def log_some(run, count, name="P", **options):
    given = " ".join(f"--{key.replace('_', '-')} '{value}'" for key, value in options.items())
    for number in range(count):
        run(f"log {name}{number} 100 --on 2026-11-02 {given}")


def test_the_page_is_one_document_with_its_language_title_and_headings_in_order(page, demo):
    found = Outline(page("all --all --private", line=f"--db {demo} stats"))
    assert found.all("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in found.seen if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert set(headings[1:]) == {2}
    assert any(meta.get("name") == "viewport" for meta in found.all("meta"))


def test_each_table_says_what_it_holds_and_which_cells_are_titles(page, demo):
    found = Outline(page("all --all", line=f"--db {demo} stats"))
    assert len(found.all("table")) == len(found.all("caption")) > 4
    assert {cell.get("scope") for cell in found.all("th")} == {"col", "row"}


def test_the_page_asks_nothing_of_anybody(page, demo):
    text = page("all --all --private", line=f"--db {demo} stats")
    found = Outline(text)
    (policy,) = [meta for meta in found.all("meta") if "http-equiv" in meta]
    assert policy["content"].startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "link", "img", "iframe", "object", "form"} & {
        tag for tag, _ in found.seen
    }
    assert re.findall(r"https?:|@import|url\((?!#)| on\w+=| style=| href=| src=", text) == []


def test_a_year_of_losses_fits_in_60_kilobytes(page, demo):
    assert len(page("all --all --private", line=f"--db {demo} stats").encode()) < 60_000


@pytest.mark.parametrize("options", ["", "--all", "--all --private"])
def test_hostile_texts_are_only_text(run, page, options):
    run(["config", "name", HOSTILE[:60]])
    run(["reasons", "add", "zz-own", "--kind", "real", "--weakness", "company"])
    for place in range(3):
        name = f"{HOSTILE} {place}"
        run(["log", f"P{place}", "900", "--lost-to", name, "--real", f"zz-own: {name}"])
    plain = page(options)
    found = Outline(plain)
    tags = {tag for tag, _ in found.seen}
    assert not {"script", "img", "b", "object"} & tags
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", plain)
    assert not any(name.startswith("on") for _, attrs in found.seen for name in attrs)
    assert "<script>alert(1)</script>" in found.text
    assert "{{ 7*7 }}" in found.text
    assert len(found.all("style")) == 1


def test_a_text_of_a_megabyte_is_cut_and_the_page_stays_small(run, page):
    run(["log", "Acme", "5k", "--real", f"price-value: {'long ' * 200_000}"])
    run(["log", "Bolt", "5k", "--lost-to", "Kyolab " * 100])
    text = page("--all --private")
    assert len(text) < 60_000
    assert "long long" in text
    assert "…" in text


def test_nothing_lost_is_said(page):
    assert "Nothing was lost in this period." in page()


def test_empty_sections_are_left_out(run, page):
    run("log Acme 5k")
    found = Outline(page("--all"))
    assert "Who you lost to" not in found.text
    assert "What an excuse turned out to be" not in found.text
    assert "before the no" not in found.text


def test_few_losses_get_no_rates_and_no_goal(run, page):
    log_some(run, 3, said="budget", real="price-value")
    text = Outline(page("--all")).text
    assert "%" not in text
    assert "goal" not in text


@pytest.mark.parametrize(("before", "is_compared"), [(19, False), (20, True)])
def test_what_was_before_is_shown_where_both_count_twenty(run, page, before, is_compared):
    log_some(run, 20)
    for number in range(before):
        run(f"log Q{number} 100 --on 2026-10-02")
    assert (f"{before} before" in Outline(page("2026-11")).text) is is_compared


def test_private_adds_quotes_and_personal_weaknesses(run, page):
    log_some(run, 2, real="too-slow: you came after we signed")
    text = page("--private")
    assert "you came after we signed" in text
    assert "Too slow" in text
    shared = page()
    assert "signed" not in shared
    assert "Too slow" not in shared
    assert "Left out: quotes and personal weaknesses" in shared


def cells(text):
    """The rows of all tables, as tuples of texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", text, flags=re.DOTALL)
    strip = re.compile(r"<small>.*?</small>|<span class=\"tag\">.*?</span>|<[^>]+>", re.DOTALL)
    return [
        tuple(
            strip.sub("", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        )
        for row in rows
    ]


@pytest.mark.parametrize("ending", ["html", "csv", "txt", "svg", "json"])
def test_how_many_personal_reasons_there_are_does_not_follow_from_what_is_shown(
    run, tmp_path, ending
):
    # Two journals that differ only in how many of the unknown are personal read the same.
    texts = []
    for personal in (3, 7):
        journal = tmp_path / f"{personal}.db"
        line = ["--db", str(journal)]
        for number in range(30):
            real = ["--guess", "too-slow"] if number < personal else []
            real = ["--real", "price-value"] if number >= 20 else real
            run([*line, "log", f"P{number}", "100", "--said", "price", *real])
        file = tmp_path / f"{personal}.{ending}"
        run([*line, "stats", "--all", "--save", str(file)])
        texts.append(file.read_text(encoding="utf-8-sig"))
    assert texts[0] == texts[1]


def test_a_reason_is_explained_and_its_costliest_stands_first(run, page):
    log_some(run, 3, name="A", real="price-value")
    run("log Big 90k --real product-gap --on 2026-11-03")
    rows = [row[0] for row in cells(page()) if row and row[0] in {"Price value", "Product gap"}]
    assert rows[:2] == ["Product gap", "Price value"]
    assert "Someone was cheaper" in page()


def test_only_saving_a_page_loads_jinja(run, tmp_path, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == "jinja2"]:
        monkeypatch.delitem(sys.modules, name)
    run("log Acme 5k")
    run("stats --all")
    run(f"stats --save {tmp_path / 'a.csv'}")
    assert "jinja2" not in sys.modules
    run(f"stats --save {tmp_path / 'a.html'}")
    assert "jinja2" in sys.modules


@on_unix("there Windows is asked, see test_windows")
def test_open_hands_the_saved_file_to_the_browser(run, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("typer.launch", lambda url: opened.append(url) or 0)
    monkeypatch.chdir(tmp_path)
    run("log Acme 5k")
    run("stats --save page.html --open")
    assert opened == [str(Path("page.html").absolute())]
    monkeypatch.setattr("typer.launch", lambda _: 1)
    assert "couldn't find a program" in run("stats --save page.html --force --open").err


def test_open_without_a_file_is_refused(refuses):
    assert "--save" in refuses("stats --open", 2)


def test_what_comes_up_again_is_on_the_page_by_month(run, page):
    run("log Acme 12k --again 'june 2027'")
    run("log Bolt 6k --again 'july 2027'")
    text = page().replace("\u00a0", " ")
    assert "Together: 2 · 18,000 USD" in text
    assert [row[:3] for row in cells(text) if row[0].endswith(" 2027")] == [
        ("June 2027", "1", "12,000 USD"),
        ("July 2027", "1", "6,000 USD"),
    ]
    assert re.findall(r'class="bar"><svg.*?width="([\d.]+)"', text)[-2:] == ["100.0", "50.0"]


def test_what_is_compared_is_shown_where_both_sides_count_twenty(run, page):
    for place in range(39):
        run(f"log P{place} 100 --on 2026-11-02")
        run(f"why {place + 1} price-value --on 2026-11-{3 if place < 20 else 10}")
        run(f"touch {place + 1} hello --on 2026-11-11" if place < 20 else "due")
    assert "within 3 days" not in Outline(page()).text + run("stats").out
    assert "without one" not in Outline(page()).text
    assert "not tried" not in run("stats").out
    run("log P39 100 --on 2026-11-02")
    run("why 40 price-value --on 2026-11-10")
    assert "within 3 days: 100.0% of 20" in Outline(page()).text
    assert "without one" in Outline(page()).text
    assert "not tried 20" in run("stats").out


@pytest.mark.parametrize(("code", "is_shown"), [("price-value", True), ("too-slow", False)])
def test_what_to_work_on_is_shown_to_others_unless_it_is_personal(run, page, code, is_shown):
    log_some(run, 15, real=code)
    assert ("What to work on next" in page()) is is_shown
    assert "What to work on next" in page("--private")


def test_what_is_left_to_do_is_only_on_the_page_for_oneself(run, page):
    log_some(run, 12)
    run("meet 1 tomorrow 10am")
    run("touch 2 hello")
    shared = page(options="--all").replace("&#39;", "'")
    assert "weren't asked" not in shared
    assert "12 of 12 losses weren't asked about" in page("--private").replace("&#39;", "'")
    run("meet 3 tomorrow 10am")
    for options, is_there in (("", False), ("--private", True)):
        text = page(options, line="--today 2026-12-10 stats all").replace("&#39;", "'")
        assert ("no outcome noted" in text) is is_there


def test_a_page_of_some_days_names_them_in_words(page, run):
    run("log Acme 5k --on 2026-11-02")
    assert "Lost sales, October 30, 2026 to November 6, 2026" in page("2026-10-30..2026-11-06")


def test_nobody_is_graded_before_anyone_was_asked_and_what_they_said_is_shown(run, page):
    for number in range(12):
        run(f'log "Acme {number}" 5k --said price')
    text = page("")
    assert "To work on" not in text
    assert "weren&#39;t asked" not in text
    assert "What they said" in text

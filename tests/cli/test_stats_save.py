"""`stats --save`: the numbers of the JSON in each kind of file, whole or not at all, its owner's
alone; and nothing in it that nobody would write down if others were to read it."""

import csv
import html
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from conftest import is_private
from faults import test_06_to_08_no_room_no_right as no_room

small_disk, shared = no_room.small_disk, no_room.shared  # fixtures
ENDINGS = ("html", "svg", "txt", "csv", "json")
HOSTILE = '[red]x[/] <script>alert(1)</script> & "q" \x1b[31m \u202e\x85 :smile: </pre>'
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]")
PERSONAL = "selling no-access too-slow indecision status-quo poor-fit".split()


@pytest.fixture
def saved(run, tmp_path):
    """Save with these options in a file with this ending; return its text and what was said."""

    def saved(ending, options="", line="stats"):
        path = tmp_path / f"report.{ending}"
        said = run(f"{line} {options} --force --save {path}").out
        assert said.startswith(f"Saved in {path}.")
        assert is_private(path)
        return path.read_text(encoding="utf-8-sig"), said

    return saved


@pytest.fixture
def journal(run):
    """Two currencies, secrets, and some of everything."""
    run("reasons add my-blunder --kind real --weakness personal")
    run("reasons add their-move --kind real --weakness none")
    given = {"price-value": "WORDS-A", "my-blunder": "WORDS-B", "their-move": "WORDS-C"}
    for place, (code, words) in enumerate([*given.items(), ("too-slow", "WORDS-D")], 1):
        run(
            f"log P{place} {place}000 --on 2026-0{place}-02 --said budget --real '{code}: {words}'"
            " --contact 'CONTACT 555' --lesson LESSON --note NOTE --way-in WAY-IN"
        )
    run("log Q 700EUR --on 2026-02-03 --guess indecision --signal delay --lost-to Kyolab")
    run("log R 800EUR --on 2026-02-04 --heard 'no-money: WORDS-E' --weakness personal")
    run("won 5 --note WIN-NOTE")
    run("touch 1 TALK")


def words_of(text, ending):
    """What can be read in a saved page."""
    if ending == "svg":
        lines = map(html.unescape, re.findall(r"<text[^>]*>(.*?)</text>", text))
        return " ".join(" ".join(lines).replace("\u00a0", " ").split())
    text = re.sub(r"<style>.*?</style>|<[^>]+>", "", text, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


@pytest.mark.parametrize("ending", ["svg", "txt"])
@pytest.mark.parametrize("options", ["2026", "all --all --by quarter"])
def test_a_page_reads_as_the_terminal_does_but_names_no_command(
    screen, saved, demo, ending, options
):
    line = f"--db {demo} stats {options}"
    text, _ = saved(ending, "--private", line=line)
    shown = " ".join(" ".join(screen(line, 100)).split())
    assert words_of(text, ending) == re.sub(
        r": lostsale reasons alias '?([^']+?)'?(?= \d+:| Lost to)",
        r' "\1"',
        re.sub(r": (lostsale list \S+ --not-asked|--all)| \(each command [^)]+\)", "", shown),
    )


def flat(value, path=()):
    if isinstance(value, dict):
        return {
            name: leaf for key in value for name, leaf in flat(value[key], (*path, key)).items()
        }
    return {" ".join(path): "" if value is None else str(value)}


@pytest.mark.parametrize("which", ["demo", "journal"])
@pytest.mark.parametrize("private", ["", "--private"])
@pytest.mark.parametrize("by", ["", "--by quarter", "--by year"])
def test_a_csv_holds_all_numbers_of_the_json_and_no_others(saved, request, which, private, by):
    made = request.getfixturevalue(which)
    line = f"{f'--db {made} ' if made else ''}stats all {by}"
    text, _ = saved("csv", private, line=line)
    found = json.loads(saved("json", private, line=line)[0])["stats"]
    lists = {name: found.pop(name) for name in [*found] if isinstance(found[name], list)}
    lists |= {f"wins_by {name}": rows for name, rows in found.pop("wins_by").items()}
    lists |= {"coming_up months": found["coming_up"].pop("months")}
    expected = [{"section": "total", "item": "all", **flat(found)}]
    for section, rows in lists.items():
        for row in rows:
            labels = [row.pop(name) for name in [*row][: 2 if section == "truth" else 1]]
            item = ": ".join("unknown" if label is None else str(label) for label in labels)
            expected.append({"section": section, "item": item, **flat(row)})
    there = [{k: v for k, v in row.items() if v} for row in csv.DictReader(text.splitlines())]
    rows = [{k: v for k, v in row.items() if v} for row in expected]
    assert sorted(there, key=str) == sorted(rows, key=str)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("options", ["", "--all"])
@pytest.mark.usefixtures("journal")
def test_nothing_private_is_saved_unless_asked_for_and_it_says_so(saved, ending, options):
    text, said = saved(ending, options)
    words = text.replace("&#160;", " ").replace("personal weaknesses", "")
    secrets = "WORDS CONTACT LESSON NOTE WAY-IN TALK personal my-blunder".split()
    assert [secret for secret in secrets if secret in words] == []
    codes = words.replace(" ", "-").lower()  # a page has them in words
    assert [code for code in [*PERSONAL, "my-blunder"] if code in codes] == []
    assert said.endswith("Left out: quotes and personal weaknesses (--private).\n")
    assert ending in {"csv", "json"} or "Left out: quotes and" in words
    text, said = saved(ending, f"{options} --private")
    assert [
        word
        for word in ("WORDS-A", "WORDS-B", "my-blunder", "personal")
        if word.lower() not in text.replace("My blunder", "my-blunder").lower()
    ] == []
    assert [secret for secret in "CONTACT LESSON NOTE WAY-IN TALK".split() if secret in text] == []
    assert "Left out" not in said + text


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_single_loss_that_shows_a_personal_weakness_does_not_show_it(run, saved, ending):
    run("log Acme --real no-money --weakness personal --on 2026-03-02")
    text, said = saved(ending, "--all")
    assert "personal weaknesses" in said
    assert "personal" not in text.replace("&#160;", " ").replace("personal weaknesses", "")


def test_a_renamed_code_and_one_that_became_personal_are_left_out(run, saved):
    run("log Acme --said price --real too-slow --on 2026-03-02")
    run("log Bolt --said price --real no-money --on 2026-03-02")
    run("reasons rename too-slow dawdled --yes")
    run("reasons weakness no-money personal")
    text, _ = saved("csv")
    assert not re.search("too-slow|dawdled|no-money", text)


def test_what_is_left_out_does_not_make_another_reason_the_telling_one(run, saved):
    for number in range(6):
        run(f"log P{number} --on 2026-03-02 --said budget --real too-slow")
    run("log Acme --on 2026-03-02 --said budget --real price-value")
    assert "it was price-value 1 of 7 times" not in saved("txt")[0]


@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_texts_come_harmless_into_a_file(run, saved, ending):
    for place, name in enumerate((f"=HYPERLINK(1) {HOSTILE}", "+1", "@x", "-2", "\t=3")):
        run(["log", f"P{place}", "--lost-to", name, "--real", f"price-value: {name}"])
    text, _ = saved(ending, "--all --private")
    assert not RAW.search(text)
    assert (r"\u001b[31m" if ending == "json" else r"\u{1b}[31m") in text.replace("&#160;", " ")
    if ending == "csv":
        cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    if ending in {"svg", "html"}:
        assert "<script" not in text
        assert "[red]x[/]" in words_of(text, ending)
    if ending == "svg":
        ET.fromstring(text)


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_file_points_to_the_net(saved, demo, ending):
    text, _ = saved(ending, line=f"--db {demo} stats --all")
    text = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert re.findall(r"https?://\S*|url\((?!#)|@import|href=|src=|<link", text) == []


@pytest.mark.parametrize("ending", ["svg", "html", "txt"])
def test_a_page_is_the_same_whatever_the_terminal(saved, demo, monkeypatch, ending):
    pages = set()
    for term, columns, colour in (("xterm", "40", ""), ("dumb", "300", "1"), ("", "", "")):
        for name, value in (("TERM", term), ("COLUMNS", columns), ("NO_COLOR", colour)):
            monkeypatch.setenv(name, value)
        pages.add(saved(ending, line=f"--db {demo} stats all")[0])
    assert len(pages) == 1


@pytest.mark.usefixtures("journal")
def test_a_file_is_replaced_only_with_force(run, refuses, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("mine")
    assert "already" in refuses(f"stats --save {path}", 3)
    assert path.read_text() == "mine"
    run(f"stats --force --save {path}")
    assert path.read_text().startswith("2026 through 24 Nov")
    (tmp_path / "dir.txt").mkdir()
    for force in ("", "--force"):
        refuses(f"stats {force} --save {tmp_path / 'dir.txt'}", 3)


@pytest.mark.parametrize("named", ["journal.txt", "link.txt", "./journal.txt"])
def test_the_journal_is_never_replaced(run, tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOSTSALE_DB", str(tmp_path / "journal.txt"))
    run("log Acme")
    Path("link.txt").symlink_to("journal.txt")
    before = Path("journal.txt").read_bytes()
    if named != "link.txt":
        run(f"stats --force --save {named}", code=3)
    run(f"stats --save {named}", code=3)
    assert Path("journal.txt").read_bytes() == before


@pytest.mark.parametrize("name", ["x.pdf", "x", ".csv", "''", "x.csv.gz", "-", "x.db"])
@pytest.mark.usefixtures("journal")
def test_an_unknown_ending_is_refused(refuses, name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    there = sorted(tmp_path.iterdir())
    assert ".html, .svg, .txt, .csv or .json" in refuses(f"stats --save {name}", 2)
    assert sorted(tmp_path.iterdir()) == there


@pytest.mark.usefixtures("journal")
def test_saving_and_json_exclude_each_other(run, tmp_path):
    path = tmp_path / "x.txt"
    assert run(f"stats --save {path} --json", code=2).json["error"]["code"] == "bad-input"
    assert not path.exists()


@pytest.mark.usefixtures("journal")
def test_a_full_disk_leaves_the_file_that_was_there(refuses, small_disk):
    disk, fill = small_disk
    (disk / "a.html").write_text("mine")
    fill()
    there = sorted(disk.iterdir())
    for name in ("a.html", "b.svg"):
        assert refuses(f"stats --all --force --save {disk / name}", 3).count("\n") == 1
    assert (disk / "a.html").read_text() == "mine"
    assert sorted(disk.iterdir()) == there


def test_a_folder_that_cannot_be_written_is_named(run, shared, monkeypatch):
    monkeypatch.setenv("LOSTSALE_DB", str(shared / "journal.db"))
    run("log Acme")
    run(f"stats --save {shared / 'first.svg'}")  # which imports all that it needs
    (shared / "journal.db").chmod(0o644)
    shared.chmod(0o555)
    code, out, err = no_room.as_nobody(shared / "journal.db", "stats", "--save", shared / "a.svg")
    shared.chmod(0o755)
    assert (code, out) == (3, ""), err
    assert "a.svg can't be written (Permission denied)" in err
    assert err.count("\n") == 1
    assert sorted(path.name for path in shared.glob("*.svg")) == ["first.svg"]


def test_a_private_page_holds_their_words_whole(run, tmp_path):
    run("log Acme 5k --real 'selling: you gave us one price: --all or nothing'")
    run(f"stats --save {tmp_path}/page.txt --private")
    assert '"you gave us one price: --all or nothing"' in (tmp_path / "page.txt").read_text()

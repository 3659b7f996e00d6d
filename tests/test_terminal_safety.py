r"""Nothing that a user or a file put into the journal steers a terminal or is read as markup.

It is stored to the letter, and shown as `\u{1b}` where it is a control character.
"""

import csv
import re
import sys
import unicodedata

import pytest

from lostsale.app import App
from lostsale.screen.page import Column, Grid, Line, Row, to_plain, to_terminal

MARKUP = ("[/]", "[red]x[/]", "[link=http://x]y[/link]", ":smiley:", "\\[x]", "[bold", "{x}%s")
CONTROLS = {
    "ESC": ("\x1b[2J\x1b[31m", r"\u{1b}[2J\u{1b}[31m"),
    "OSC 8": ("\x1b]8;;http://x\x1b\\y", r"\u{1b}]8;;http://x\u{1b}" + "\\y"),
    "OSC 52": ("\x1b]52;c;ZXZpbA==\x07", r"\u{1b}]52;c;ZXZpbA==\u{7}"),
    "C1": ("\x9b2J", r"\u{9b}2J"),
    "CR": ("\r", r"\u{d}"),
    "line ends": ("\n\x85", r"\u{a}\u{85}"),
    "tab and backspace": ("\t\b\x7f", r"\u{9}\u{8}\u{7f}"),
    "bidi": ("\u202eevil\u2066", r"\u{202e}evil\u{2066}"),
    "zero width": ("\u200b\u200d\ufeff\u2060", r"\u{200b}\u{200d}\u{feff}\u{2060}"),
    "line separators": ("\u2028\u2029", r"\u{2028}\u{2029}"),
    "soft hyphen and tag": ("\xad\U000e0041", r"\u{ad}\u{e0041}"),
}
EACH = [
    *(pytest.param(text, text, id=text) for text in MARKUP),
    *(pytest.param(text, shown, id=name) for name, (text, shown) in CONTROLS.items()),
]
HOSTILE = [
    pytest.param("".join(MARKUP), "".join(MARKUP), id="markup"),
    pytest.param(*map("".join, zip(*CONTROLS.values(), strict=True)), id="controls"),
]
FIELDS = {
    "prospect": ["log", "{}"],
    "contact": ["log", "Acme", "--contact", "{}"],
    "email": ["log", "Acme", "--contact", "{}@b.c"],
    "product": ["log", "Acme", "--product", "{}"],
    "said": ["log", "Acme", "--said", "other: {}"],
    "guess": ["log", "Acme", "--guess", "other: {}"],
    "real": ["log", "Acme", "--real", "other: {}"],
    "way_in": ["log", "Acme", "--way-in", "{}"],
    "lost_to": ["log", "Acme", "--lost-to", "{}"],
    "lesson": ["log", "Acme", "--lesson", "{}"],
    "note": ["log", "Acme", "--note", "{}"],
}
LATER = {
    "done": ["done", "1", "{}"],
    "no-answer": ["no-answer", "1", "{}"],
    "touch": ["touch", "1", "{}"],
    "why": ["why", "1", "other:", "{}"],
    "why heard": ["why", "1", "--heard", "other: {}"],
    "referral": ["referral", "1", "{}"],
    "referral note": ["referral", "1", "Bea", "--note", "{}"],
    "edit": ["edit", "1", "--note", "{}"],
    "meet": ["meet", "1", "friday", "--where", "{}"],
    "move-on": ["move-on", "1", "{}"],
    "won": ["won", "1", "--note", "{}"],
    "config": ["config", "name", "{}"],
}
SHOWING = (
    *("", "due --days 400", "show 1", "stats", "why 1 other", "touch 1 hello", "config"),
    *("list", "list --csv", "find x", "referrals", "reasons", "edit 1 --amount 5"),
)


def with_text(line, text):
    return [part.replace("{}", f"x{text}y") for part in line]


def raw(text):
    """The characters of an output that would steer a terminal, but for what parts its records."""
    return {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}} - set("\n\t")


@pytest.fixture
def terminal(monkeypatch):
    """Show everything as on a terminal of some width, until told another."""

    def terminal(width):
        monkeypatch.setattr(App, "width", property(lambda _: width))

    return terminal


def unstyled(out):
    return re.sub(r"\x1b\[[0-9;]*m", "", out)


def texts(value):
    """All texts in a JSON value."""
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return [text for item in items for text in texts(item)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_stored_to_the_letter_and_shown_in_full(run, loss, field, text, shown):
    run(with_text(FIELDS[field], text))
    stored = loss()[field]["words"] if field in {"said", "guess", "real"} else loss()[field]
    assert stored == f"x{text}y" + ("@b.c" if field == "email" else "")
    out = run("show 1").out
    assert f"x{shown}y" in out
    assert raw(out) == set()


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("command", LATER)
def test_a_note_is_stored_to_the_letter_and_shown_in_full(run, command, text, shown):
    run("log Acme")
    echo = run(with_text(LATER[command], text))
    where = "config name" if command == "config" else "show 1"
    assert f"x{text}y" in texts(run(f"{where} --json").json)
    out = run(where).out
    assert f"x{shown}y" in out
    assert raw(echo.out + echo.err + out) == set()


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("width", [None, 2000, 80, 50])
def test_no_command_lets_a_control_character_through(run, terminal, text, shown, width):
    terminal(width)
    options = [option for line in FIELDS.values() for option in line[2:]]
    logged = ["log", "{}", *options, "--on", "yesterday"]
    lines = [with_text(line, text) for line in (logged, *LATER.values(), logged)]
    lines.insert(-1, ["undo", "3"])  # open again, so that the list has it
    for result in [run(line) for line in [*lines, *SHOWING]]:
        assert raw(unstyled(result.out)) == set()
        assert raw(unstyled(result.err)) == set()
    if width in {None, 2000}:
        assert unstyled(run("show 1").out).count(f"x{shown}y") >= len(FIELDS)


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("width", [None, 2000])
def test_the_list_shows_a_name_to_the_letter(run, terminal, text, shown, width):
    run(["log", f"x{text}y", "--on", "yesterday", "--way-in", f"w{text}w", "--real", "selling"])
    terminal(width)
    out = unstyled(run("due --days 9").out)
    assert f"x{shown}y" in out
    assert f"w{shown}w" in out
    assert f"x{shown}y" in run("", today="2026-11-26").out


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("width", [None, 2000])
def test_the_tally_quotes_to_the_letter(run, terminal, text, shown, width):
    run(["log", "Acme", "--real", f"other: x{text}y"])
    terminal(width)
    assert f'"x{shown}y"' in unstyled(run("stats").out)


@pytest.mark.parametrize(("text", "shown"), EACH)
def test_a_warning_and_a_choice_show_names_to_the_letter(run, text, shown):
    line = ["log", f"x{text}y", "--contact", "Ana", "--product", f"z{text}z"]
    run(line)
    warned = run(line)
    assert f"You already have x{shown}y" in warned.err
    assert raw(warned.err) == set()
    listed = run("show ana", code=1).err
    assert f"x{shown}y, Ana, z{shown}z" in listed
    assert listed.count("\n") == 1
    assert raw(listed) == set()


@pytest.mark.parametrize("text", [param.values[0] for param in HOSTILE])
@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "edit 1 --amount {}",
        "log Acme --on {}",
        "log Acme --next {}",
        "log Acme --outcome {}",
        "log Acme --signal {}",
        "log Acme --also {}",
        "edit 1 --amount {}{}",
        "due --{}",
        "due --kind {}",
        "due --days {}",
        "show {}",
        "show 1 {}",
        "done {}",
        "snooze 1 {}",
        "undo {}",
        "stats {}",
        "list {}",
        "list --said {}",
        "list --sort {}",
        "meet 1 {}",
        "edit 1 --on {}",
        "reasons {}",
        "reasons add late --kind {}",
        "reasons rename {} budget",
        "reasons alias late {}",
        "import {}",
        "import deals.csv --encoding {}",
        "export {}",
        "merge {}",
        "forget {} --yes",
        "forget --prospect {} --yes",
        "config {}",
        "config currency {}",
        "config portion {}",
        "config workdays {}",
        "--today {} due",
        "--db {} due",
        "--{} due",
    ],
)
def test_an_error_shows_what_was_typed_without_being_steered(run, line, text):
    run("log Acme")
    typed = with_text(line.split(" "), text)
    missing = {
        "show {}": 1,
        "show 1 {}": 1,
        "done {}": 1,
        "--db {} due": 3,
        "import {}": 3,
        "merge {}": 3,
    }
    missing |= {"forget {} --yes": 1, "forget --prospect {} --yes": 1}
    missing |= {"import deals.csv --encoding {}": 3}
    result = run(typed, code=missing.get(line, 2))
    assert result.err.count("\n") == 1
    assert raw(result.err) == set()
    error = run([*typed, "--json"], code=result.code)
    assert error.err.isascii()
    assert raw(error.err) == set()


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
@pytest.mark.parametrize("width", [None, 2000])
def test_an_imported_text_is_kept_to_the_letter_and_steers_nothing(
    run, loss, tmp_path, terminal, text, shown, width
):
    export = tmp_path / "deals.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        headers = ["id", "company", "status", "close date", "contact", "loss reason", f"x{text}y"]
        cells = [f"x{text}y" for _ in headers]
        cells[2], cells[3] = "lost", "2026-11-20"
        bad = [*cells[:3], f"x{text}y", *cells[4:]]
        csv.writer(file).writerows([headers, cells, [f"2{text}2", *bad[1:]]])
    terminal(width)
    outputs = [run(["import", str(export), *more]) for more in (["--dry-run"], [])]
    assert loss()["prospect"] == loss()["contact"] == loss()["guess"]["words"] == f"x{text}y"
    lines = ["list", "show 1", "find x", "stats all", "reasons"]
    outputs += [run(line) for line in lines]
    for name, code in (("all.json", 0), ("all.csv", 2)):
        outputs.append(run(["export", str(tmp_path / name)]))
        outputs.append(run(["import", str(tmp_path / name)], code=code))
    run(["backup", str(tmp_path / "other.db")])
    run("touch 1 hello")
    outputs += [run(["merge", str(tmp_path / "other.db"), *dry]) for dry in ([], ["--dry-run"])]
    outputs += [run("undo 2")]
    outputs.append(run(["import", str(export), "--map", f"id=x{text}y"]))
    outputs.append(run(["import", str(export), "--map", f"id=z{text}z"], code=2))
    for result in outputs:
        assert raw(unstyled(result.out)) == set()
        assert raw(unstyled(result.err)) == set()
    assert f"x{shown}y" in unstyled(outputs[0].out)


@pytest.mark.parametrize(("text", "shown"), HOSTILE)
def test_the_path_of_the_journal_steers_nothing(run, tmp_path, monkeypatch, text, shown):
    if sys.platform == "win32" and re.search(r'[\0-\x1f<>:"/|?*]', text):
        pytest.skip("Windows has no files with such names")
    monkeypatch.setenv("LOSTSALE_DB", str(tmp_path / f"x{text}y".replace("/", "|")))
    for line in ("", "due"):
        result = run(line)
        assert f"x{shown}y".replace("/", "|") in result.out + result.err
        assert raw(result.out + result.err) == set()
    for line in ("log Acme", "backup", "verify", "config", "demo"):
        result = run(line, code=0) if line != "demo" else run(["demo", str(tmp_path)], code=3)
        assert raw(result.out + result.err) == set()


@pytest.mark.parametrize(("text", "shown"), EACH)
def test_a_page_escapes_every_text_that_it_holds(text, shown):
    columns = (
        Column("A", stretchy=True),
        Column("B", stretchy=True, wrap=True),
        Column("C", right=True, style="dim"),
    )
    page = [
        text,
        Line(text, "bold"),
        Grid(columns, (Line(text, "dim"), Row((text, text, text), "red")), explain=True),
        Grid(columns, (Line(text, "dim"), Row((text, text, text), "red"))),
    ]
    piped = to_plain(page)
    assert raw(piped) == set()
    assert piped.count(shown) == 8
    for width in (500, 60, 10):
        drawn = unstyled(to_terminal(page, width))
        assert raw(drawn) == set()
    # A heading is not shown in a grid that wraps.
    assert unstyled(to_terminal(page, 500)).count(shown) >= 8


@pytest.mark.parametrize("text", ["Łódź", "日本", "Zoë", "a\u00a0b", "naïve — “x”", "🙂", "שלום"])
def test_ordinary_words_of_any_language_are_left_alone(run, text):
    run(["log", text])
    assert text in run("show 1").out


NEEDED = {
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Hindi": "\u0915\u094d\u200d\u0937",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "Malayalam, at the end of a word": "\u0d28\u0d4d\u200d works",
    "a family's ideograph": "\u845b\U000e0100\u57ce",
    "an emoji": "\u2764\ufe0f 1\ufe0f\u20e3",
    "Mongolian": "\u182d\u180b",
}
HIDDEN = {
    "fillers": ("a\u3164b\u115fc\u1160d\uffa0", "a\\u{3164}b\\u{115f}c\\u{1160}d\\u{ffa0}"),
    "nothing but a filler": ("\u3164", "\\u{3164}"),
    "the empty cell of Braille": ("\u2800", "\\u{2800}"),
    "a joiner of graphemes": ("a\u034fb", "a\\u{34f}b"),
    "vowels that are never seen": ("\u1780\u17b4\u17b5", "\u1780\\u{17b4}\\u{17b5}"),
    "a joiner in Latin": ("Ac\u200dme \u200c", "Ac\\u{200d}me \\u{200c}"),
    "a lone joiner": ("\u200c", "\\u{200c}"),
    "a joiner after a word": ("\u0645\u06cc\u200c x", "\u0645\u06cc\\u{200c} x"),
    "two joiners": ("\u0645\u200c\u200c\u062e", "\u0645\\u{200c}\\u{200c}\u062e"),
    "a variant of a Latin letter": ("a\ufe0fb", "a\\u{fe0f}b"),
    "a variant of a variant": ("\u2764\ufe0f\ufe0f", "\u2764\ufe0f\\u{fe0f}"),
    "bidi in Arabic": ("\u0645\u202e\u062e", "\u0645\\u{202e}\u062e"),
    "a lone variant": ("\U000e0101", "\\u{e0101}"),
}


@pytest.mark.parametrize("name", NEEDED.values(), ids=NEEDED)
def test_24_what_a_script_needs_is_shown_as_it_is(run, name):
    run(["log", "--note", "x", name])
    assert name in run("list").out
    assert name in run("show 1").out


@pytest.mark.parametrize(("name", "shows"), HIDDEN.values(), ids=HIDDEN)
def test_24_what_is_not_seen_is_shown_by_its_code(run, loss, name, shows):
    run(["log", "Acme", "--contact", f"x{name}x"])
    run(["edit", "1", "--note", name])
    assert loss()["contacts"][0]["note"] == name
    assert shows in run("show 1").out

"""`find`: words anywhere in the journal, with the sentence that they stand in."""

import re
from contextlib import closing

import pytest
from rich.cells import cell_len

from lostsale.app import App
from lostsale.errors import BadInput
from lostsale.journal import search
from lostsale.journal.store import Store

STYLE = re.compile(r"\x1b\[[0-9;]*m")
CUT = 200  # characters that are shown before and after a hit in a text without end


def numbers(result):
    """The numbers of the losses that were found, in order."""
    return [int(line.split("\t")[0]) for line in result.lines if "\t" in line]


def hits(run, words):
    """What is shown of the one loss that holds the words."""
    (row,) = run(["find", *words.split(" ")]).lines
    return row.split("\t")[3]


@pytest.fixture
def drawn(run, monkeypatch):
    """Run a line as on a terminal of that many columns; return all that is printed, with bold."""

    def drawn(line, width=100):
        with monkeypatch.context() as terminal:
            terminal.setattr(App, "width", property(lambda _: width))
            return run(line).out

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    return drawn


# Where words are found.


@pytest.mark.parametrize(
    "options",
    [
        "--contact 'Bea Needle'",
        "--contact 'Bea b@needle.com'",
        "--product 'a needle press'",
        "--said 'budget: the needle froze'",
        "--guess 'price-value: the needle is cheaper'",
        "--real 'no-access: needle signs'",
        "--heard 'relationship: needle is his brother'",
        "--way-in 'needle by needle'",
        "--lost-to 'Needle & Sons'",
        "--lesson 'ask for the needle'",
        "--note 'met at the needle fair'",
    ],
)
def test_a_word_is_found_in_every_text_of_a_loss(run, options):
    run(f"log Acme {options}")
    run("log Brandt")
    assert numbers(run("find needle")) == [1]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ("--contact 'Ana 555-0134'", "0134"),
        ("--said budget", "budget"),
        ("--guess price-value", "price-value"),
        ("--real no-access", "no-access"),
        ("--heard no-access", "no-access"),
        ("--signal silence", "silence"),
        ("--signal partner", "partner"),
        ("--signal müde", "müde"),
    ],
)
def test_a_phone_and_a_code_are_found(run, options, word):
    run("reasons add müde --kind said")
    run(f"log Acme {options}")
    run("log Brandt")
    assert numbers(run(f"find {word}")) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "done 1 gave her the needle",
        "no-answer 1 needle on the machine",
        "touch 1 the needle works",
        "why 1 other: the needle broke",
        "why 1 --heard 'other: the needle broke'",
        "move-on 1 the needle is lost",
        "won 1 --note 'the needle did it'",
        "edit 1 --note 'a needle more'",
        "meet 1 friday --where 'Needle Street'",
        "referral 1 Bea Needle",
        "referral 1 Bea b@needle.com",
        "referral 1 Bea 555-0177 --note needle",
        "referral 1 Bea --note 'her needle sister'",
        "edit 1 --product 'a needle press'",
    ],
)
def test_a_word_is_found_in_what_was_done_and_in_names_given(run, line):
    run("log Acme --on yesterday")
    run("log Brandt --on yesterday")
    run(line)
    assert numbers(run("find needle")) == [1]
    run("undo")
    assert run("find needle").lines == ["Nothing found."]


def test_the_stage_and_the_record_of_an_import_are_found(run, tmp_path):
    file = tmp_path / "deals.csv"
    file.write_text(
        "Deal ID,Account,Outcome,Stage,Close Date\nN77,Acme,Lost,Proposal,2026-11-03\n"
        "N78,Brandt,Lost,Demo,2026-11-03\n"
    )
    run(["import", str(file), "--yes", "--map", "status=Outcome", "--map", "stage=Stage"])
    assert numbers(run("find proposal")) == [1]
    assert numbers(run("find n78")) == [2]


@pytest.mark.parametrize("state", ["won 1", "move-on 1", "edit 1 --outcome mistake"])
def test_a_loss_is_found_however_it_ended(run, state):
    run("log Acme --note needle")
    run(state)
    assert numbers(run("find needle")) == [1]


# Which words.


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("oakfield", [2, 1]),
        ("oakfield lease", [1]),
        ("lease oakfield", [1]),
        ("lease", [3, 1]),
        ("lea field", [1]),
        ("lease may", [3]),
        ("lease oakfield may", []),
        ("'oakfield lease'", [1]),
        ("'  oakfield   lease '", [1]),
        ("oakfieldlease", []),
    ],
)
def test_all_words_must_be_there_in_any_order_and_place(run, words, found):
    run("log 'Oakfield Dental' --way-in '36-month lease' --on 3d")
    run("log 'Oakfield Labs' --on 2d")
    run("log Pike --note 'a lease in May' --on yesterday")
    assert numbers(run(f"find {words}")) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Oakfield", "oakfield"),
        ("oakfield", "OAKFIELD"),
        ("Łódź Druk", "łÓDŹ"),
        ("Straße", "STRASSE"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("Печать", "пЕЧАТЬ"),
        ("Zoë", "ZOË"),
        ("日本語の会社", "会社"),
    ],
)
@pytest.mark.parametrize("line", ["log", "log Acme --note", "log Acme --contact"])
def test_case_makes_no_difference_in_any_language(run, line, text, words):
    run([*line.split(), text])
    run("log Brandt")
    assert numbers(run(f"find {words}")) == [1]


@pytest.mark.parametrize("words", ["%", "_", "*", "a.c", "a%c", ".", '"', "\\"])
def test_a_sign_stands_for_itself_alone(run, words):
    run("log Acme --note abc")
    run(["log", "Brandt", "--note", f"x{words}y"])
    assert numbers(run(["find", words])) == [2]


@pytest.mark.parametrize(
    "lines",
    [
        ["log press --contact ure"],
        ["log Acme", "touch 1 press", "touch 1 ure"],
        ["log Acme", "referral 1 press --note ure"],
    ],
)
def test_words_do_not_reach_from_one_text_into_the_next(run, lines):
    for line in lines:
        run(line)
    assert numbers(run("find press ure")) == [1]
    assert run("find pressure").lines == ["Nothing found."]


@pytest.mark.parametrize("words", ["''", "'  '", "'' ''"])
def test_an_empty_text_is_refused(run, refuses, words):
    run("log Acme")
    assert "TEXT is empty" in refuses(f"find {words}", 2)


def test_no_text_is_refused(run, refuses):
    run("log Acme")
    assert "TEXT is missing" in refuses("find", 2)


def test_nothing_found_is_said(run, screen):
    run("log Acme")
    assert run("find needle").lines == screen("find needle") == ["Nothing found."]
    assert run("find needle --json").json == {"schema": 1, "losses": []}


def test_without_a_journal_nothing_is_found_and_none_is_made(run, db):
    result = run("find needle")
    assert result.lines == ["Nothing found."]
    assert "there's no journal yet" in result.err
    assert not db.exists()


# Codes by their names of today.


@pytest.mark.parametrize(
    ("logged", "old", "new"),
    [
        ("--real no-access", "no-access", "never-met-them"),
        ("--heard no-access", "no-access", "never-met-them"),
        ("--guess no-access", "no-access", "never-met-them"),
        ("--said budget", "budget", "no-cash"),
        ("--signal budget", "budget", "no-cash"),
    ],
)
def test_a_renamed_reason_is_found_by_its_new_name_alone(run, logged, old, new):
    run(f"log Acme {logged}")
    run("log Brandt")
    assert numbers(run(f"find {old}")) == [1]
    run(f"reasons rename {old} {new}")
    assert numbers(run(f"find {new}")) == [1]
    assert new in hits(run, new)
    assert run(f"find {old}").lines == ["Nothing found."]


def test_a_reason_merged_into_another_is_found_by_the_others_name(run):
    run("log Acme --real no-access")
    run("log Brandt --real too-slow")
    run("reasons rename no-access too-slow --yes")
    assert numbers(run("find too-slow")) == [2, 1]


# In which order, and as they are met.


def test_the_newest_loss_comes_first_and_of_a_day_what_was_logged_last(run):
    for day in ("5d", "9d", "2d", "2d", "7d"):
        run(f"log Acme{day} --on {day} --note needle")
    assert numbers(run("find needle")) == [4, 3, 1, 5, 2]


def test_losses_are_read_only_as_they_are_asked_for(run, db):
    for number in range(60):
        run(f"log Acme{number} --note needle")
    read = []
    with closing(Store.open(db)) as journal:
        found = search.found(journal, ["needle"])
        journal.connection.set_progress_handler(lambda: read.append(1), 5)
        assert next(found) == 60
        at_first = len(read)
        assert list(found) == list(range(59, 0, -1))
    assert 0 < at_first * 10 < len(read)


@pytest.mark.parametrize("width", [None, 100])
def test_a_loss_is_shown_before_the_next_is_looked_for(run, monkeypatch, width):
    run("log Acme --note needle --on yesterday")

    def failing(*_):
        yield 1
        raise BadInput("The rest is unreadable", "Wait")

    monkeypatch.setattr(search, "found", failing)
    monkeypatch.setattr(App, "width", property(lambda _: width))
    result = run("find needle", code=2)
    assert "Acme" in result.out


# What is shown of it.


def test_a_row_names_the_loss_and_shows_the_sentence(run):
    run(
        "log 'Oakfield Dental' --contact 'Ana Ruiz' --on yesterday"
        " --note 'Met twice. She wants the lease in May. Her partner signs.'"
    )
    assert run("find lease").lines == [
        "1\tOakfield Dental, Ana Ruiz\t2026-11-23\tnote: She wants the lease in May."
    ]


@pytest.mark.parametrize(
    ("options", "words", "shown"),
    [
        ("--contact 'Ana 555-0134 a@b.c'", "0134", "phone: 555-0134"),
        ("--contact 'Ana 555-0134 a@b.c'", "a@b", "e-mail: a@b.c"),
        ("--said 'budget: it froze'", "froze", "said: budget: it froze"),
        ("--said 'budget: it froze'", "budget", "said: budget: it froze"),
        ("--guess too-slow", "slow", "guess: too-slow"),
        ("--real 'too-slow: a week late'", "week", "real: too-slow: a week late"),
        ("--signal silence --signal delay", "delay", "signals: silence, delay"),
        ("--way-in lease", "lease", "way in: lease"),
        ("--lost-to Kyolab", "kyo", "lost to: Kyolab"),
        ("--lesson 'call first'", "call", "lesson: call first"),
        ("--note 'a lease'", "lease", "note: a lease"),
        ("--note 'a lease'", "acme", ""),  # the name itself is shown anyway
    ],
)
def test_a_hit_says_where_it_stands(run, options, words, shown):
    run(f"log Acme {options}")
    assert hits(run, words) == shown


@pytest.mark.parametrize(
    ("line", "words", "shown"),
    [
        ("done 1 left a message", "message", "2026-11-24 ask why: left a message"),
        ("touch 1 happy so far", "happy", "2026-11-24 call: happy so far"),
        ("touch 1 happy so far --on yesterday", "happy", "2026-11-23 call: happy so far"),
        ("move-on 1 no more", "more", "2026-11-24 note: no more"),
        ("won 1 --note 'the lease did it'", "lease", "won: the lease did it"),
        ("meet 1 friday --where 'Pier 3'", "pier", "where: Pier 3"),
        (
            "referral 1 Bea Kim 555-0177 b@c.d --note 'her sister'",
            "sister",
            "2026-11-24 name: Bea Kim, 555-0177, b@c.d, her sister",
        ),
    ],
)
def test_a_hit_in_what_came_later_says_what_it_was_and_when(run, line, words, shown):
    run("log Acme --on 3d")
    run(line)
    assert hits(run, words) == shown


def test_every_text_that_holds_one_of_the_words_is_shown(run):
    run("log Acme --way-in 'a lease in May' --note 'May is late' --lesson 'call first' --on 3d")
    run("touch 1 they like the LEASE")
    run("touch 1 nothing new")
    assert hits(run, "lease may") == (
        "way in: a lease in May; note: May is late; 2026-11-24 call: they like the LEASE"
    )


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("One two.", "two", "One two."),
        ("One. Two needle. Three.", "needle", "Two needle."),
        ("One! Two needle? Three.", "needle", "Two needle?"),
        ("Needle one. Two.", "needle", "Needle one."),
        ("One. Two needle", "needle", "Two needle"),
        ("One\nTwo needle\nThree", "needle", "Two needle"),
        ("At 9.30 the needle cost 3.50. Two.", "needle", "At 9.30 the needle cost 3.50."),
        ("One needle. Two needle.", "needle", "One needle."),
        ("One two. Three needle.", "needle two", "One two."),
        ("The NEEDLE is here. No more.", "needle", "The NEEDLE is here."),
    ],
)
def test_the_sentence_of_the_first_hit_is_shown(run, text, words, shown):
    run(["log", "Acme", "--note", text])
    assert hits(run, words) == f"note: {shown}"


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, 0), (CUT, CUT - 6), (CUT + 1, 0), (0, CUT + 1), (5000, 5000)],
)
def test_a_text_without_end_is_cut_around_the_hit_and_says_so(run, before, after):
    run(["log", "Acme", "--note", f"{'x' * before}needle{'y' * after}"])
    shown = hits(run, "needle").removeprefix("note: ")
    start, end = shown.split("needle")
    assert start == ("…" + "x" * CUT if before > CUT else "x" * before)
    assert end.rstrip("…") == "y" * min(after, CUT - len("needle"))
    assert end.endswith("…") == (after > CUT - len("needle"))


def test_a_text_is_never_cut_where_nothing_is_left_out(run):
    run(["log", "Acme", "--note", f"{'x' * 40}. The needle is here. {'y' * 4000}"])
    assert hits(run, "needle") == "note: The needle is here."


def test_a_record_stays_on_one_line_whatever_its_texts_hold(run):
    run(["log", "Acme\n2\tBrandt", "--note", "one\ttwo\x1b[2Jneedle"])
    (row,) = run("find needle").lines
    assert row == "1\tAcme\\u{a}2\\u{9}Brandt\t2026-11-24\tnote: one\\u{9}two\\u{1b}[2Jneedle"


# JSON.


def test_json_has_whole_losses_newest_first(run, loss):
    run("log Acme 12k --note needle --on 5d")
    run("log Brandt --on 3d")
    run("log Corvo --real 'other: needle' --on yesterday")
    run("done 1 sent the card")
    assert run("find needle --json").json == {"schema": 1, "losses": [loss(3), loss(1)]}


# On a terminal.


def test_on_a_terminal_each_hit_has_a_line_below_its_loss(run, screen):
    run("log Acme 12k --product lease --way-in 'a lease' --note 'May is late' --on 3d")
    run("log Brandt --contact 'Ana Ruiz' --note 'the lease ends. Then May' --on 2d")
    assert screen("find lease may") == [
        "2  Brandt, Ana Ruiz · no amount · lost Sun 22 Nov 2026",
        "      note: the lease ends.",
        "1  Acme · lease · 12,000 USD · lost Sat 21 Nov 2026",
        "      way in: a lease",
        "      note: May is late",
    ]


@pytest.mark.parametrize("words", ["needle", "NEEDLE", "needle acme", "e", ". [", "]"])
def test_the_words_stand_out_and_nothing_else_changes(run, drawn, words):
    run("log Acme. --note 'x [needle] E.'")
    out = drawn(f"find {words}")
    assert STYLE.sub("", out).splitlines() == [
        "1  Acme. · no amount · lost Tue 24 Nov 2026",
        "      note: x [needle] E.",
    ]
    assert STYLE.search(out)


@pytest.mark.parametrize(
    ("words", "bold"),
    [("needle", ["Needle"]), ("ACME", ["Acme"]), ("need acme y", ["Acme", "Need", "y"])],
)
def test_a_word_stands_out_in_bold_in_the_name_and_in_the_hit(run, drawn, words, bold):
    run("log Acme --note 'x Needle y' --on 2026-11-01")
    out = drawn(f"find {words}")
    assert re.findall(r"\x1b\[(?:[0-9]+;)*1m([^\x1b]*)", out) == bold


MARKUP = "[red]x[/] :smiley: [link=http://x]needle[/link] \\["
CONTROLS = "\x1b[31m\x1b]8;;http://x\x1b\\needle\r\b\x9b2J\u202e\u200b"
ESCAPED = r"\u{1b}[31m\u{1b}]8;;http://x\u{1b}\needle\u{d}\u{8}\u{9b}2J\u{202e}\u{200b}"


@pytest.mark.parametrize(("text", "shown"), [(MARKUP, MARKUP), (CONTROLS, ESCAPED)])
@pytest.mark.parametrize("width", [None, 100])
def test_what_a_text_holds_is_shown_to_the_letter(run, screen, text, shown, width):
    run(["log", "Acme", "--note", f"x{text}y", "--contact", f"x{text}y", "--lost-to", f"x{text}y"])
    run(["touch", "1", f"x{text}y"])
    run(["referral", "1", f"x{text}y"])
    lines = screen("find needle", 4000) if width else run("find needle").lines
    assert len(lines) == (5 if width else 1)
    assert "".join(lines).count(f"x{shown}y") == 5
    assert re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b]", "".join(lines)) is None


@pytest.mark.parametrize("width", [100, 60, 40, 20])
def test_no_line_is_wider_than_the_terminal(run, screen, width):
    run(["log", "Corvo Hotels and Restaurants", "99999kEUR", "--note", "needle " * 30 + "x" * 90])
    run("log 日本語の会社名日本語の会社名 --note 'needle 日本語の会社名日本語の会社名'")
    lines = screen("find needle", width)
    assert len(lines) > 4
    assert [line for line in lines if cell_len(line) > width] == []


def test_the_brackets_of_the_journal_are_no_text(run):
    run("log Acme")
    run("log Brandt --signal silence")
    for words in ("[", "]", '"', "[]"):
        assert run(["find", words]).lines == ["Nothing found."]


@pytest.mark.parametrize("sign", ["ß", "İ", "ﬃ"])
def test_the_sentence_is_right_behind_letters_that_fold_to_several(run, sign):
    run(["log", "Acme", "--note", f"{sign * 300}. The lease is here. {'x' * 900}"])
    assert run("find lease").lines[0].endswith("note: The lease is here.")


def test_a_point_inside_a_number_never_ends_a_sentence(run):
    run(["log", "Acme", "--note", f"needle {'a' * 190} 3.50 euros"])
    assert run("find needle").lines[0].endswith(" 3.…")


def test_words_are_found_wherever_each_of_them_stands(run):
    run(["log", "Acme", "12k", "budget"])
    run(["touch", "1", "Talked about the LEASE with Åsa"])
    run(["touch", "1", "call 555-123-4567"])
    run(["referral", "1", "Benoît 020 7946 0018"])
    run(["log", "Müller & Söhne", "5k", "budget"])
    for words in (["lease", "acme"], ["asa"], ["ÅSA", "12"], ["benoit", "lease"], ["BENOÎT"]):
        assert "Acme" in run(["find", *words]).out, words
    for number in ("5551234567", "(555) 123-4567", "2079460018"):
        assert "Acme" in run(["find", number]).out, number
    assert "Acme" in run(["find", *["lease"] * 2000]).out
    assert "Acme" not in run(["find", "lease", "muller"]).out
    assert "ller" in run(["find", "muller", "söhne"]).out

"""`reasons`: the codes, how many losses have each, and making one's own."""

import sqlite3
from contextlib import closing

import pexpect
import pytest

from lostsale.domain.definitions import definitions
from lostsale.domain.reasons import REAL, SAID, WEAKNESS_OF, Code
from lostsale.journal.store import Store
from test_questions import answer, ended

MEANT = {
    code: {"meaning": meant.meaning, "example": meant.example.strip('"')}
    for code, meant in definitions("real").items()
}


@pytest.fixture
def listed(run):
    """A code as `reasons --json` lists it, None where it is not there: `listed("too-slow")`."""

    def listed(code, kind="real"):
        found = [
            reason
            for reason in run("reasons --json").json["reasons"]
            if (reason["code"], reason["kind"]) == (code, kind)
        ]
        assert len(found) <= 1
        return found[0] if found else None

    return listed


@pytest.fixture
def numbers(run):
    """The numbers of the losses that `list` finds with these options."""
    return lambda options: sorted(
        loss["number"] for loss in run(f"list {options} --json").json["losses"]
    )


@pytest.fixture
def stats(run):
    """The tally of all time."""
    return lambda: run("stats all --json").json["stats"]


def rows(path, query, *values):
    connection = sqlite3.connect(path)
    found = connection.execute(query, values).fetchall()
    connection.close()
    return found


# The list


def test_all_codes_are_listed_with_what_they_show(run):
    reasons = run("reasons --json").json["reasons"]
    assert [(reason["kind"], reason["code"], reason["weakness"]) for reason in reasons] == [
        *(("said", code, None) for code in SAID),
        *(("real", code, WEAKNESS_OF.get(code)) for code in REAL),
    ]


def test_a_loss_counts_under_what_they_said_and_its_real_reason_else_the_guess(run):
    run("log A --said budget --real too-slow --guess selling")
    run("log B --said budget --guess selling")
    run("log C --said price --heard selling --signal board")
    run("log D")
    run("log E --said budget --real too-slow --outcome mistake")
    counts = {
        (reason["kind"], reason["code"]): reason["lost"]
        for reason in run("reasons --json").json["reasons"]
        if reason["lost"]
    }
    assert counts == {
        ("said", "budget"): 2,
        ("said", "price"): 1,
        ("real", "too-slow"): 1,
        ("real", "selling"): 2,
    }


def test_who_would_not_say_counts_under_the_guess(run, listed):
    run("log A --guess selling")
    run("why 1 --would-not-say")
    assert listed("selling")["lost"] == 1


def test_what_is_said_and_what_is_real_are_counted_apart_under_other(run, listed):
    run("log A --said 'it rained' --real 'the ceiling'")
    run("log B --said 'it rained'")
    assert (listed("other", "said")["lost"], listed("other")["lost"]) == (2, 1)


def test_a_code_in_json_has_its_kind_weakness_count_and_other_names(run, listed):
    run("log A --real no-access")
    run("reasons rename no-access never-met")
    run("reasons rename never-met never-met-them")
    assert {**listed("never-met-them"), "aliases": set(listed("never-met-them")["aliases"])} == {
        "code": "never-met-them",
        "kind": "real",
        "weakness": "personal",
        "lost": 1,
        "aliases": {"no-access", "never-met"},
        "meaning": "You never reached the person who decides, or they went silent",
        "example": "my partner signs, and you never met him",
    }


def test_the_list_is_a_line_for_each_code(run):
    run("log A --real too-slow --said budget")
    lines = run("reasons").lines
    assert len(lines) == len(SAID) + len(REAL)
    assert [line.split("\t")[:4] for line in lines if "1" in line.split("\t")] == [
        ["said", "budget", "-", "1"],
        ["real", "too-slow", "personal", "1"],
    ]
    assert "You were late: the quote, the answer, the call" in run("reasons").out


def test_looking_makes_no_journal(run, db):
    assert len(run("reasons --json").json["reasons"]) == len(SAID) + len(REAL)
    assert not db.exists()


# Adding


@pytest.mark.parametrize(
    ("options", "code", "kind", "weakness"),
    [
        ("bad-timing --kind real", "bad-timing", "real", None),
        ("bad-timing --kind real --weakness none", "bad-timing", "real", None),
        ("bad-timing --kind real --weakness company", "bad-timing", "real", "company"),
        ("frozen --kind said", "frozen", "said", None),
        ("'Bad Timing' --kind REAL", "bad-timing", "real", None),
        ("zu-spät --kind said", "zu-spät", "said", None),
        ("q3_freeze --kind said", "q3_freeze", "said", None),
        (f"{'x' * 40} --kind said", "x" * 40, "said", None),
    ],
)
def test_a_reason_of_ones_own_is_kept(run, listed, options, code, kind, weakness):
    result = run(f"reasons add {options} --json")
    kept = {
        "code": code,
        "kind": kind,
        "weakness": weakness,
        "lost": 0,
        "aliases": [],
        "meaning": None,
        "example": None,
    }
    assert result.json == {"schema": 1, "reasons": [kept]}
    assert result.err == ""
    assert listed(code, kind) == kept


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("add", "CODE is missing"),
        ("add bad-timing", "--kind is missing"),
        ("add bad-timing --kind", "--kind"),
        ("add bad-timing --kind guess", 'There\'s no kind of reason "guess"'),
        ("add bad-timing --kind real --weakness personel", "Did you mean personal"),
        ("add frozen --kind said --weakness none", "What they said can't show a weakness"),
        ("add too-slow --kind real", "too-slow already exists"),
        ("add 'Too Slow' --kind real", "too-slow already exists"),
        ("add too-slow --kind said", "too-slow already exists"),
        ("add budget --kind said", "budget already exists"),
        ("add budget --kind real", "budget already exists"),
        ("add other --kind real", "other already exists"),
        ("add mine --kind real", "mine already exists"),
        ("add mine --kind said", "mine already exists"),
        ("add silence --kind said", "silence already exists"),
        ("add no-show --kind said", "no-show already exists"),
        ("add delay --kind real", "delay already exists"),
        ("add selling --kind real", "selling is another name for pitch"),
        ("add selling --kind said", "selling is another name for pitch"),
        ("add '' --kind real", '"" can\'t be a code'),
        ("add '  ' --kind real", "can't be a code"),
        ("add 'a:b' --kind real", '"a:b" can\'t be a code'),
        ("add 'a,b' --kind real", '"a,b" can\'t be a code'),
        ("add 1st --kind real", '"1st" can\'t be a code'),
        ("add _x --kind real", '"_x" can\'t be a code'),
        ("add 'red[x]' --kind real", "can't be a code"),
        ("add too/slow --kind real", "can't be a code"),
        (f"add {'x' * 41} --kind real", "can't be a code"),
        ("rename", "OLD is missing"),
        ("rename too-slow", "NEW is missing"),
        ("rename nothing-like-it x", 'There\'s no reason "nothing-like-it"'),
        ("rename to-slow late", "Did you mean too-slow"),
        ("rename bugdet frozen", "Did you mean budget"),
        ("rename min yours", "Did you mean mine"),
        ("rename silence quiet", 'There\'s no reason "silence"'),
        ("rename other rest", "other is for what fits nowhere else"),
        ("rename other too-slow --yes", "other is for what fits nowhere else"),
        ("rename too-slow too-slow", "too-slow already has that name"),
        ("rename too-slow 'Too Slow'", "too-slow already has that name"),
        ("rename selling pitch", "pitch already has that name"),
        ("rename too-slow ''", '"" can\'t be a code'),
        ("rename too-slow 'a:b'", '"a:b" can\'t be a code'),
        ("rename too-slow silence", "silence already exists"),
        ("rename budget delay", "delay already exists"),
        ("rename budget no-money", "no-money already exists"),
        ("rename budget no-money --yes", "no-money already exists"),
        ("rename no-money budget --yes", "budget already exists"),
        ("rename mine budget --yes", "budget already exists"),
        ("rename budget mine --yes", "mine already exists"),
        ("rename budget pitch --yes", "pitch already exists"),
        ("rename budget selling --yes", "selling is another name for pitch"),
        ("weakness too-slow", "WEAKNESS is missing"),
        ("weakness too-slow personel", "Did you mean personal"),
        ("weakness too-slow ''", 'There\'s no weakness ""'),
        ("weakness to-slow company", "Did you mean too-slow"),
        ("weakness budget company", "What they said can't show a weakness"),
        ("weakness silence company", 'There\'s no reason "silence"'),
        ("forget too-slow", "forget"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(run, refuses, line, what):
    run("log A --said budget --real too-slow")
    run("reasons add mine --kind real")
    run("reasons rename selling pitch")
    assert what in refuses(f"reasons {line}", 2)


def test_what_is_refused_makes_no_journal(refuses, db):
    refuses("reasons add too-slow --kind real", 2)
    assert not db.exists()


def test_a_reason_may_be_the_first_thing_in_a_journal(run, listed):
    run("reasons add bad-timing --kind real")
    run("log A --real bad-timing")
    assert listed("bad-timing")["lost"] == 1


@pytest.mark.parametrize(
    ("line", "new", "near"),
    [
        ("add too-slows --kind real", "too-slows", "too-slow"),
        ("add budgets --kind said", "budgets", "budget"),
        ("add budgets --kind real", "budgets", "budget"),
        ("add my-timming --kind real", "my-timming", "my-timing"),
        ("rename selling no-acces", "no-acces", "no-access"),
    ],
)
def test_a_code_much_like_another_is_warned_of_and_kept_all_the_same(run, line, new, near):
    run("reasons add my-timing --kind real")
    result = run(f"reasons {line} --json")
    assert result.err == f"lostsale: {new} is a lot like {near}. lostsale undo takes it back.\n"
    assert result.json["reasons"][0]["code"] == new
    run("undo")
    assert new not in {reason["code"] for reason in run("reasons --json").json["reasons"]}


@pytest.mark.parametrize(
    "line",
    ["add bad-timing --kind real", "rename selling pitch", "rename selling too-slow --yes"],
)
def test_a_code_like_no_other_is_not_warned_of(run, line):
    assert run(f"reasons {line}").err == ""


# Own codes where codes are understood


@pytest.fixture
def own(run):
    """A journal with codes of its own: frozen, said, and bad-timing, real and a company's."""
    run("reasons add frozen --kind said")
    run("reasons add bad-timing --kind real --weakness company")


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("log A 5 frozen", "said", {"code": "frozen", "words": None, "suggested": []}),
        (
            "log A 5k Frozen: since May",
            "said",
            {"code": "frozen", "words": "since May", "suggested": []},
        ),
        (
            "log A 5 all is frozen here",
            "said",
            {"code": "frozen", "words": "all is frozen here", "suggested": []},
        ),
        ("log A --said 'frozen: now'", "said", {"code": "frozen", "words": "now", "suggested": []}),
        (
            "log A --guess bad-timing",
            "guess",
            {"code": "bad-timing", "words": None, "suggested": []},
        ),
        (
            "log A --guess 'so bad timing'",
            "guess",
            {"code": "bad-timing", "words": "so bad timing", "suggested": []},
        ),
        ("log A --signal frozen --signal delay", "signals", ["frozen", "delay"]),
        ("log A --guess bad-timing", "weakness", "company"),
        ("log A --real bad-timing", "weakness", "company"),
    ],
)
def test_log_understands_own_codes(run, loss, line, field, value):
    run(line)
    assert loss()[field] == value


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("line", "field", "code", "words"),
    [
        ("why 1 bad-timing: too early", "real", "bad-timing", "too early"),
        ("why 1 it was bad timing", "real", "bad-timing", "it was bad timing"),
        ("why 1 --heard bad-timing", "real", "bad-timing", None),
        ("why 1 --guess bad-timing", "guess", "bad-timing", None),
        ("edit 1 --real 'bad-timing: x'", "real", "bad-timing", "x"),
        ("edit 1 --said frozen", "said", "frozen", None),
    ],
)
def test_why_and_edit_understand_own_codes(run, loss, line, field, code, words):
    run("log A")
    run(line)
    assert (loss()[field]["code"], loss()[field]["words"]) == (code, words)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("edit 1 --signal bad-timing", "no signal"),
        ("list --said bad-timing", "no said code"),
        ("list --reason frozen", "no real-reason code"),
        ("list --reason bad-timng", "Did you mean bad-timing"),
    ],
)
def test_own_codes_keep_to_their_kind_and_are_named_as_the_nearest(run, refuses, line, what):
    run("log A")
    assert what in refuses(line, 2)


@pytest.mark.usefixtures("own")
@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--said frozen", [1]),
        ("--said Frozen", [1]),
        ("--reason bad-timing", [1, 2]),
        ("--reason 'bad timing'", [1, 2]),
        ("--weakness company", [1, 2]),
    ],
)
def test_list_filters_by_own_codes(run, numbers, options, found):
    run("log A --said frozen --real bad-timing")
    run("log B --said budget --guess bad-timing")
    run("log C --said budget --real too-slow")
    assert numbers(options) == found


@pytest.mark.usefixtures("own")
def test_stats_count_own_codes(run, stats):
    run("log A --said frozen --real bad-timing --signal frozen")
    counted = stats()
    assert counted["said"] == [{"code": "frozen", "lost": 1}]
    assert counted["signals"] == [{"code": "frozen", "lost": 1}]
    assert counted["truth"] == [{"said": "frozen", "real": "bad-timing", "lost": 1}]
    assert [(row["code"], row["weakness"]) for row in counted["reasons"]] == [
        ("bad-timing", "company")
    ]


@pytest.mark.usefixtures("own")
def test_a_question_mark_shows_own_codes_and_they_are_understood(terminal, loss):
    child = terminal("log", columns=200)
    answer(child, ("What happened?", "?"))
    answer(
        child,
        ("Who said no?", "Acme"),
        ("How much?", ""),
        ("your contact?", ""),
        ("did they say?", "?"),
    )
    child.expect_exact("frozen")
    answer(child, ("What did they say?", "frozen"), ("Real reason, if they told you", "?"))
    child.expect_exact("bad-timing")
    answer(child, ("Real reason, if they told you", "such bad timing"))
    child.expect_exact("= bad-timing")
    answer(child, ("How could you get back in?", "."))
    assert ended(child) == 0
    assert (loss()["said"]["code"], loss()["real"]["code"]) == ("frozen", "bad-timing")


# Renaming


@pytest.fixture
def renamed(run):
    """Losses with no-access as the real reason, heard, and guessed, and one more; then it is
    renamed."""
    run("log A --said 'partner: his' --real 'no-access: the boss signs'")
    run("log B --said budget --guess no-access --signal partner")
    run("log C --heard no-access")
    run("log D --real too-slow --guess no-access")
    run("reasons rename no-access never-met-them")
    run("reasons rename partner spouse")


@pytest.mark.usefixtures("renamed")
def test_past_losses_are_shown_under_the_new_name(run, loss):
    assert loss(1)["said"] == {"code": "spouse", "words": "his", "suggested": []}
    assert loss(1)["real"]["code"] == "never-met-them"
    assert loss(1)["real"]["words"] == "the boss signs"
    assert loss(2)["guess"]["code"] == "never-met-them"
    assert loss(2)["signals"] == ["spouse"]
    assert loss(4)["real"]["code"] == "too-slow"
    screen = run("show 1").out + run("show 2").out
    assert "never-met-them: the boss signs" in screen
    assert "no-access" not in screen
    assert "partner" not in screen


@pytest.mark.usefixtures("renamed")
def test_past_losses_are_listed_under_the_new_name(run):
    for command in ("list", "list --csv", "list --json", "due --all --days 30", "find A"):
        assert "no-access" not in run(command).out
    assert "told never-met-them" in run("list").out
    assert "never-met-them" in run("list --csv").out


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("name", ["no-access", "never-met-them", "'Never Met Them'"])
def test_list_understands_the_old_name_and_the_new_one(numbers, name):
    assert numbers(f"--reason {name}") == [1, 2, 3]


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize("name", ["partner", "spouse"])
def test_list_understands_the_old_and_the_new_name_of_what_they_said(numbers, name):
    assert numbers(f"--said {name}") == [1]


@pytest.mark.usefixtures("renamed")
def test_stats_count_past_losses_under_the_new_name(run, stats):
    run("log E --real no-access")
    counted = stats()
    lost = {row["code"]: (row["lost"], row["told"]) for row in counted["reasons"]}
    assert lost == {"never-met-them": (4, 2), "too-slow": (1, 1)}
    assert {row["code"] for row in counted["said"]} == {"spouse", "budget", None}
    assert counted["signals"] == [{"code": "spouse", "lost": 1}]
    assert {"said": "spouse", "real": "never-met-them", "lost": 1} in counted["truth"]
    assert "no-access" not in run("stats all").out


@pytest.mark.usefixtures("renamed")
def test_past_losses_are_found_by_the_new_name(run):
    found = run("find never-met-them --json").json["losses"]
    assert sorted(loss["number"] for loss in found) == [1, 2, 3, 4]


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize(("text", "found"), [("spouse", [1, 2]), ("spouse budget", [2])])
def test_a_signal_is_found_by_its_new_name(run, text, found):
    losses = run(f"find {text} --json").json["losses"]
    assert sorted(loss["number"] for loss in losses) == found


@pytest.mark.usefixtures("renamed")
def test_the_tables_hold_the_code_of_today_and_the_changes_what_was_written(run, db):
    run("log E --real no-access --guess never-met-them")
    assert rows(db, "SELECT real_code, guess_code, said_code, signals FROM losses") == [
        ("never-met-them", None, "spouse", "[]"),
        (None, "never-met-them", "budget", '["spouse"]'),
        ("never-met-them", None, None, "[]"),
        ("too-slow", "never-met-them", None, "[]"),
        ("never-met-them", "never-met-them", None, "[]"),
    ]
    written = "json_extract(value, '$.real_code')"
    found = rows(db, f"SELECT {written} FROM changed WHERE kind = 'loss' AND {written} NOT NULL")
    assert found == [("no-access",), ("no-access",), ("too-slow",), ("never-met-them",)]


@pytest.mark.usefixtures("renamed")
def test_an_edit_of_something_else_writes_no_code(run, db):
    run("edit 2 --product lathe")
    run("touch 1 hello")
    written = "SELECT value FROM changed JOIN changes ON id = change WHERE command = ?"
    for command in ("edit", "touch"):
        for (value,) in rows(db, written, command):
            assert "code" not in value
            assert "signals" not in value


@pytest.mark.usefixtures("renamed")
@pytest.mark.parametrize(
    "text",
    [
        *("no-access", "no-access: x", "never-met-them: x", "NEVER MET THEM", "they had no access"),
        *("I never met who signs", "we never reached him"),  # phrases of the old code
    ],
)
def test_old_name_new_name_and_phrases_of_the_old_one_lead_to_the_new_one(run, loss, text):
    run(["log", "E", "--guess", text])
    assert loss(5)["guess"]["code"] == "never-met-them"


@pytest.mark.usefixtures("renamed")
def test_a_signal_may_have_the_old_name_or_the_new_one(run, loss):
    run("log E --signal partner --signal spouse --signal silence")
    assert loss(5)["signals"] == ["spouse", "silence"]


def test_weakness_goes_along_with_a_new_name(run, loss, listed):
    run("log A --real no-access")
    run("reasons rename no-access never-met-them")
    assert (listed("never-met-them")["weakness"], loss()["weakness"]) == ("personal", "personal")


def test_a_weakness_of_ones_own_goes_along_with_a_new_name_and_back(run, loss):
    run("log A --real no-access")
    run("reasons weakness no-access company")
    run("reasons rename no-access never-met-them")
    assert loss()["weakness"] == "company"
    run("reasons rename never-met-them no-access")
    assert loss()["weakness"] == "company"


def test_a_name_that_it_had_is_taken_again_without_a_question(run, loss, listed):
    run("log A --real no-access")
    run("reasons rename no-access never-met-them")
    run("log B --real never-met-them")
    run("reasons rename never-met-them no-access")
    assert (loss(1)["real"]["code"], loss(2)["real"]["code"]) == ("no-access", "no-access")
    assert listed("no-access") == {
        "code": "no-access",
        "kind": "real",
        "weakness": "personal",
        "lost": 2,
        "aliases": ["never-met-them"],
        **MEANT["no-access"],
    }
    assert listed("never-met-them") is None


def test_all_names_of_a_code_that_was_renamed_again_and_again_lead_to_the_last(run, numbers):
    run("log A --real no-access")
    for old, new in (("no-access", "first"), ("no-access", "second"), ("first", "third")):
        run(f"reasons rename {old} {new}")
    for name in ("no-access", "first", "second", "third"):
        assert numbers(f"--reason {name}") == [1]
    assert run("reasons").out.count("third") == 1


def test_a_renamed_code_stands_once_in_the_list(run, listed):
    run("reasons rename no-access never-met-them")
    assert listed("no-access") is None
    assert len(run("reasons").lines) == len(SAID) + len(REAL)


def test_the_answer_to_a_new_name_is_the_one_code(run):
    run("log A --real too-slow")
    (line,) = run("reasons rename too-slow late").lines
    assert line.startswith("real\tlate\tpersonal\t1\ttoo-slow\tYou were late")


def test_an_own_code_is_renamed_too(run, loss):
    run("reasons add frozen --kind said")
    run("log A --said frozen")
    run("reasons rename frozen on-ice")
    assert loss()["said"]["code"] == "on-ice"


# Merging


@pytest.mark.parametrize("line", ["rename too-slow selling", "rename too-slow pitch"])
def test_a_merge_that_nobody_confirms_is_declined(run, refuses, line):
    run("log A --real too-slow")
    run("reasons rename selling pitch")
    assert "would merge too-slow into pitch" in refuses(f"reasons {line}", 1)


def test_a_merge_declined_says_so_in_json(run):
    error = run("reasons rename too-slow selling --json", code=1).json["error"]
    assert error["code"] == "declined"


@pytest.fixture
def merged(run):
    """A loss of each of two reasons; then one is merged into the other."""
    run("log A --real 'too-slow: late' --guess selling")
    run("log B --real selling")
    run("reasons weakness too-slow company")
    run("reasons rename too-slow selling --yes")


@pytest.mark.usefixtures("merged")
def test_a_merge_counts_both_under_one_code_with_its_own_weakness(listed, stats):
    assert listed("too-slow") is None
    assert listed("selling") == {
        "code": "selling",
        "kind": "real",
        "weakness": "personal",
        "lost": 2,
        "aliases": ["too-slow"],
        **MEANT["selling"],
    }
    counted = stats()
    assert [(row["code"], row["weakness"], row["lost"]) for row in counted["reasons"]] == [
        ("selling", "personal", 2)
    ]
    assert counted["guess_right"] == {"right": 1, "of": 1}


@pytest.mark.usefixtures("merged")
@pytest.mark.parametrize("name", ["too-slow", "selling"])
def test_both_names_of_a_merge_find_the_losses_of_both(numbers, name):
    assert numbers(f"--reason {name}") == [1, 2]


@pytest.mark.usefixtures("merged")
def test_phrases_of_a_merged_code_lead_to_the_one_that_took_it_in(run, loss):
    run("log C --guess 'you came too late'")
    run("log D --guess 'you never followed up'")
    assert (loss(3)["guess"]["code"], loss(4)["guess"]["code"]) == ("selling", "selling")


@pytest.mark.usefixtures("merged")
def test_a_merge_undone_brings_both_back(run, loss, listed):
    run("undo")
    assert (listed("too-slow")["lost"], listed("selling")["lost"]) == (1, 1)
    assert (listed("too-slow")["weakness"], loss()["weakness"]) == ("company", "company")
    assert (loss(1)["real"]["code"], loss(2)["real"]["code"]) == ("too-slow", "selling")


def test_the_answer_to_a_merge_is_the_one_code_even_when_it_was_named_by_an_old_name(run):
    run("reasons rename selling pitch")
    (reason,) = run("reasons rename too-slow selling --yes --json").json["reasons"]
    assert (reason["code"], set(reason["aliases"])) == ("pitch", {"selling", "too-slow"})


def test_signals_that_are_merged_stand_once(run, loss, stats):
    run("log A --signal price --signal budget --signal silence")
    run("reasons rename price budget --yes")
    run("edit 1 --signal price --signal budget")
    assert loss()["signals"] == ["budget"]
    assert stats()["signals"] == [{"code": "budget", "lost": 1}]


def test_a_code_may_be_merged_into_other(run, listed, loss):
    run("log A --real circumstance")
    run("reasons rename circumstance other --yes")
    assert loss()["real"]["code"] == "other"
    assert listed("other") == {
        "code": "other",
        "kind": "real",
        "weakness": None,
        "lost": 1,
        "aliases": ["circumstance"],
        **MEANT["other"],
    }


def test_two_machines_that_merged_each_into_the_other_share_one_code(run, db, loss, listed):
    run("log A --real too-slow")
    run("log B --real selling")
    run("reasons rename too-slow selling --yes")
    with closing(Store.open(db)) as journal, journal.change("reasons") as change:
        change.name(Code("selling", "real", None, "too-slow"))  # as a merge may bring it
    assert (loss(1)["real"]["code"], loss(2)["real"]["code"]) == ("selling", "selling")
    assert (listed("selling")["lost"], listed("too-slow")) == (2, None)
    run("reasons rename selling too-slow")
    assert (loss(1)["real"]["code"], loss(2)["real"]["code"]) == ("too-slow", "too-slow")


@pytest.mark.parametrize(("key", "code", "left"), [("n", 1, 1), ("", 1, 1), ("y", 0, 2)])
def test_a_merge_is_asked_about_on_a_terminal(terminal, run, listed, key, code, left):
    run("log A --real too-slow")
    run("log B --real selling")
    child = terminal("reasons", "rename", "too-slow", "selling")
    answer(child, ("You already have selling. Merge too-slow into it? [y/N]", key))
    assert ended(child) == code
    assert listed("selling")["lost"] == left


def test_a_new_name_is_not_asked_about_on_a_terminal(terminal, listed):
    child = terminal("reasons", "rename", "too-slow", "late")
    child.expect(pexpect.EOF)
    assert "[y/N]" not in child.before
    assert listed("late")["aliases"] == ["too-slow"]


# Weakness


def test_a_weakness_set_holds_for_past_losses_everywhere(run, loss, listed, numbers, stats):
    run("log A --real no-money")
    run("log B --guess no-money")
    run("log C --real too-slow")
    run("reasons weakness no-money company")
    assert (loss(1)["weakness"], loss(2)["weakness"]) == ("company", "company")
    assert (listed("no-money")["weakness"], numbers("--weakness company")) == ("company", [1, 2])
    assert numbers("--weakness none") == []
    assert {(row["weakness"], row["lost"]) for row in stats()["weaknesses"]} == {
        ("company", 2),
        ("personal", 1),
    }
    assert {(row["code"], row["weakness"]) for row in stats()["reasons"]} == {
        ("no-money", "company"),
        ("too-slow", "personal"),
    }


def test_no_weakness_is_a_weakness_that_can_be_set(run, loss, listed, numbers, stats):
    run("log A --real too-slow")
    run("reasons weakness too-slow none")
    assert (loss()["weakness"], listed("too-slow")["weakness"]) == (None, None)
    assert (numbers("--weakness none"), numbers("--weakness personal")) == ([1], [])
    assert [(row["weakness"], row["lost"]) for row in stats()["weaknesses"]] == [(None, 1)]


def test_a_weakness_given_by_hand_stays(run, loss, numbers, stats):
    run("log A --real no-money --weakness relationship")
    run("log B --real no-money --weakness none")
    run("reasons weakness no-money company")
    assert (loss(1)["weakness"], loss(2)["weakness"]) == ("relationship", None)
    assert (numbers("--weakness relationship"), numbers("--weakness none")) == ([1], [2])
    assert numbers("--weakness company") == []
    assert {row["weakness"] for row in stats()["weaknesses"]} == {"relationship", None}


def test_a_weakness_is_set_by_an_old_name_too(run, listed):
    run("reasons rename no-access never-met-them")
    run("reasons weakness no-access company")
    assert listed("never-met-them")["weakness"] == "company"
    assert listed("never-met-them")["aliases"] == ["no-access"]


def test_the_answer_to_a_weakness_is_the_one_code(run):
    (line,) = run("reasons weakness no-money company").lines
    assert line.startswith("real\tno-money\tcompany\t0\t\tThere was no money")


# Undo


@pytest.mark.parametrize(
    "line",
    [
        "add bad-timing --kind real",
        "add bad-timing --kind real --weakness company",
        "add frozen --kind said",
        "rename too-slow late",
        "rename budget frozen",
        "rename pitch selling",  # back
        "rename too-slow pitch --yes",
        "rename pitch too-slow --yes",
        "rename price budget --yes",
        "weakness too-slow none",
        "weakness no-money company",
        "weakness pitch company",
    ],
)
def test_undo_takes_any_of_it_back(run, line):
    run("log A --said budget --real too-slow --guess selling --signal price")
    run("log B --said price --real selling")
    run("log C --real no-money")
    run("reasons rename selling pitch")

    def contents():
        lines = ("reasons --json", "list --json", "stats all --json", "list --weakness personal")
        return [run(line).out for line in lines]

    before = contents()
    run(f"reasons {line}")
    assert contents() != before
    (undone,) = run("undo --json").json["undone"]
    assert (undone["command"], undone["losses"]) == ("reasons", [])
    assert contents() == before


def test_a_new_name_is_not_compared_with_the_one_it_replaces(run):
    assert run("reasons rename no-access no-acces").err == ""


def test_the_answer_about_real_other_is_the_one_code(run):
    assert len(run("reasons weakness other company --json").json["reasons"]) == 1


def test_a_weakness_that_it_has_is_no_change(run, db):
    run("reasons weakness no-money company")
    before = db.read_bytes()
    run("reasons weakness no-money company")
    assert db.read_bytes() == before


def test_json_before_the_verb_holds_for_the_verb(run):
    assert run("reasons --json weakness no-money company").out.startswith("{")

"""`script`: the words to say, for a kind, for a loss, or all of them."""

import pytest

from lostsale.domain.reasons import REAL
from lostsale.domain.scripts import SCRIPT_KINDS, wordings

FULL = [
    *("log", "Oakfield Dental", "12k", "--contact", "Ana Ruiz 555-0134"),
    *("--product", "the scanner lease", "--said", "budget: the partners froze it"),
    *("--way-in", "a 36-month lease", "--lost-to", "Initech"),
]


@pytest.fixture
def script(run):
    """What is said, as JSON has it: `script("why 1")`."""
    return lambda line, **options: run(f"script {line} --json", **options).json["script"]


def in_turn(script, line, days=(24, 25, 26)):
    return [script(line, today=f"2026-11-{day:02}")["words"] for day in days]


def test_the_words_of_a_kind_are_filled_in_for_a_loss(run, script):
    run(FULL)
    run("referral 1 Bea Kim")
    run(["config", "name", "Jo Park"])
    said = {kind: "\n".join(in_turn(script, f"{kind} 1")) for kind in SCRIPT_KINDS}
    assert "Ana, it's Jo Park." in said["why"]
    assert "You said that there was no budget" in said["why"]
    assert "the scanner lease" in said["referral"]
    assert "Initech" in said["referral"]
    assert "Initech" in said["touch"]
    assert "{" not in "".join(said.values())
    assert "None" not in "".join(said.values())


def test_a_pipe_gets_just_what_is_to_be_said(run, script):
    run(FULL)
    result = run("script why oakfield")
    assert result.out == script("why 1")["words"] + "\n"
    assert result.err == ""


def test_a_terminal_is_told_for_whom_the_words_are(run, screen):
    run(FULL)
    title, noted, gap, *rest = screen("script save 1")
    assert title == "1  Oakfield Dental, Ana Ruiz · save"
    assert noted == "You noted: they said the partners froze it; way in a 36-month lease"
    assert gap == ""
    assert rest[0].startswith(("Hi Ana", "Hello Ana"))


def test_what_was_noted_is_no_part_of_the_words(run, screen):
    run(FULL)
    run("touch 1 he hates the color")
    run("edit 1 --note 'a difficult man'")
    run("referral 1 Bea Kim")
    for kind in SCRIPT_KINDS:
        text = run(f"script {kind} 1 --json").out + run(f"script {kind} 1").out
        for secret in ("froze it", "36-month", "hates", "difficult"):
            assert secret not in text
        assert "hates" not in "".join(screen(f"script {kind} 1"))


def test_a_quotation_is_kept_as_one(run):
    run(["log", "Acme", "5k", "--said", 'budget: "the partners froze it"'])
    said = [run("script why 1", today=f"2026-11-{day}").out for day in (24, 25, 26)]
    assert any('You said "the partners froze it"' in words for words in said)


def test_the_words_for_a_name_are_in_the_name_of_who_gave_it(run, refuses, screen):
    run("log 'Henderson Law'")
    run(FULL)
    run("referral 2 Bea Kim")
    run("referral 2 Jo Stern")
    assert run("script lead 1").out.startswith("Hi Bea.")
    assert "Ana Ruiz at Oakfield Dental" in run("script lead 1").out
    assert run("script lead jo stern").out.startswith("Hi Jo.")
    assert run("script lead 2").out.startswith("Hi Jo.")
    assert screen("script lead 2")[0].startswith("Jo Stern, from 2  Oakfield Dental")
    assert screen("referrals")[-1] == "What to say: lostsale script lead 2"
    for nobody in ("henderson", "3", "0"):
        assert "See them: lostsale referrals" in refuses(f"script lead {nobody}", 1)
    assert '2 referrals match "oakfield"' in refuses("script lead oakfield", 1)


def test_a_customer_hears_no_words_of_ones_own_plan_for_prospects(run, script, tmp_path):
    (tmp_path / "plan.txt").write_text("4 thanks\n    It didn't come together.\n")
    run(f"plan set {tmp_path}/plan.txt")
    run(FULL)
    assert script("thanks 1")["words"] == "It didn't come together."
    run("won 1")
    thanks = "\n".join(in_turn(script, "thanks 1"))
    assert "second chance" in thanks
    assert "didn't come together" not in thanks


def test_in_json_the_words_have_their_kind_and_loss(run):
    run(FULL)
    answer = run("script THANKS 1 --json").json
    assert set(answer) == {"schema", "script"}
    assert set(answer["script"]) == {"kind", "loss", "words"}
    assert (answer["script"]["kind"], answer["script"]["loss"]) == ("thanks", 1)
    assert run("script touch --json").json["script"]["loss"] is None


def test_without_a_kind_and_a_loss_all_kinds_are_shown(run):
    run(FULL)
    answer = run("script --json").json
    assert set(answer) == {"schema", "scripts"}
    assert [said["kind"] for said in answer["scripts"]] == list(SCRIPT_KINDS)
    assert {said["loss"] for said in answer["scripts"]} == {None}
    assert [line for line in run("script").lines if line in SCRIPT_KINDS] == list(SCRIPT_KINDS)


def test_reading_words_makes_no_journal_and_says_that_there_is_none(run, db):
    for line in ("script", "script why", "script move-on --json"):
        assert "there's no journal yet" in run(line).err
    assert not db.exists()


def test_reading_words_changes_nothing(run, db):
    run(FULL)
    run("referral 1 Bea Kim")
    before = db.read_bytes()
    for kind in SCRIPT_KINDS:
        run(f"script {kind} 1")
    assert db.read_bytes() == before


def test_for_a_loss_the_words_are_those_of_its_next_step(run, loss, script):
    run(FULL)
    kinds = []
    while loss()["next"]:
        step = loss()["next"]
        kinds.append((step["kind"], script("1", today=step["on"])["kind"]))
        run("why 1 too-slow" if step["kind"] == "why" else "done 1", today=step["on"])
    assert kinds == [
        (kind, kind) for kind in ("why", "save", "thanks", "referral", "touch", "touch")
    ]


def test_for_an_appointment_the_words_are_those_of_what_waits_behind_it(run, script):
    run(FULL)
    run("meet 1 1 dec 10am")
    assert script("1")["kind"] == "why"
    assert all("Tuesday, December 1 at 10" in text for text in in_turn(script, "meet 1"))


@pytest.mark.parametrize("line", ["won 1", "move-on 1"])
def test_a_closed_loss_has_words_too(run, script, line):
    run(FULL)
    run("why 1 too-slow")
    run(line)
    assert script("1")["words"]
    run("referral 1 Bea Kim")
    assert [script(f"{kind} 1")["kind"] for kind in SCRIPT_KINDS] == list(SCRIPT_KINDS)


# In turn


@pytest.mark.parametrize("kind", SCRIPT_KINDS)
def test_the_words_are_others_each_day_until_all_were_shown(run, script, kind):
    run(FULL)
    run("referral 1 Bea Kim")
    count = len(wordings(kind))
    shown = in_turn(script, f"{kind} 1", range(1, 1 + 2 * count))
    assert len(set(shown)) == count
    assert shown[:count] == shown[count:]
    assert script(f"{kind} 1") == script(f"{kind} 1")


@pytest.mark.parametrize("kind", SCRIPT_KINDS)
def test_the_words_are_others_for_the_next_loss_and_when_a_try_is_repeated(run, script, kind):
    run("log Acme")
    run("log Acme --on today")
    run("referral 1 Bea Kim")
    run("referral 2 Jo Stern")
    first = script(f"{kind} 1")["words"]
    assert script(f"{kind} 2")["words"] != first
    run("no-answer 1")
    assert script(f"{kind} 1", today="2026-11-26")["words"] != first


def test_without_a_loss_the_words_are_others_each_day_too(run, script):
    run("log Acme")
    assert len(set(in_turn(script, "why"))) == 3


# To save the sale


def test_each_real_reason_begins_in_its_own_way(run, script):
    begins = set()
    for number, code in enumerate(REAL, 1):
        run(["log", f"Firm{number}", "--real", code])
        begins.add(script(f"save {number}")["words"].partition("\n")[0].replace(f"{number}", ""))
    assert len(begins) == len(REAL)


def test_a_renamed_reason_begins_as_before(run, script):
    run("log Acme --real no-access")
    before = script("save 1")["words"]
    run("reasons rename no-access never-met")
    run("reasons rename never-met never-met-them")
    assert script("save 1")["words"] == before
    run("why 1 never-met-them")
    assert script("save 1", today="2026-11-26")["words"].startswith(before.partition("\n")[0])


def test_ones_own_reason_has_words_too(run, script):
    run("reasons add bad-timing --kind real")
    run("log Acme --real bad-timing")
    run("log Other --real other")
    days = {text.partition("\n")[0] for ref in (1, 2) for text in in_turn(script, f"save {ref}")}
    assert len(days) == 1


@pytest.mark.parametrize("line", ["oakfield dental", "why oakfield dental"])
def test_a_name_of_several_words_needs_no_quotes(run, script, line):
    run(FULL)
    assert script(line)["loss"] == 1


# What is refused


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("wyh 1", 2, 'There\'s no script for "wyh". Nothing was changed. Did you mean why?'),
        ("Oakfield Dental Group", 1, 'matches "Oakfield Dental Group"'),
        ("why 99", 1, "There's no loss 99"),
        ("99", 1, "There's no loss 99"),
        ("nowhere", 1, 'matches "nowhere"'),
        ("why ''", 2, "REF is empty"),
        ("''", 2, "REF is empty"),
        ("why 1,2", 2, "takes one loss"),
        ("why oak", 1, "2 losses match"),
        ("why 1 2", 2, "takes one loss"),
        ("why 3", 1, "3 is marked as a mistake"),
    ],
)
def test_what_can_not_be_is_refused(run, refuses, line, code, what):
    run(FULL)
    run("log Oakdale")
    run("log Twin --outcome mistake")
    assert what in refuses(f"script {line}", code)


@pytest.mark.parametrize(
    "text", ["\x1b[31mred", "\u202eevil", "{__class__}", "{0}", "{}", "}{", "[red]x", "w" * 9000]
)
def test_hostile_text_is_only_text(run, screen, text):
    fields = ("--contact", "--product", "--way-in", "--lost-to")
    told = [part for field in fields for part in (field, text)]
    run(["log", text, *told, "--said", f"other: {text}"])
    run(["referral", "1", text])
    for kind in SCRIPT_KINDS:
        for day in ("24", "25", "26"):
            shown = run(f"script {kind} 1", today=f"2026-11-{day}")
            assert not set(shown.out) & {"\x1b", "\u202e"}
            assert "None" not in shown.out
            assert shown.err == ""
            lines = screen(f"script {kind} 1", 80, today=f"2026-11-{day}")
            assert not set("".join(lines)) & {"\x1b", "\u202e"}


def test_without_a_loss_its_help_says_what_it_does(run):
    said = " ".join(run("script --help").out.split())
    filled_in = "{" not in run("script why").out
    assert ("not filled in" not in said) == filled_in

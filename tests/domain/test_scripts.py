"""The words to say: every wording, with all that is known of a loss and with nothing."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import TODAY as TUESDAY
from lostsale.domain.loss import Contact, Loss, Real, Referral, Step, Win
from lostsale.domain.reasons import OTHER, REAL, SAID, Code, Reason, Vocabulary
from lostsale.domain.scripts import FALLBACKS, SCRIPT_KINDS, close_sentence, filled, texts, wordings

TODAY = date.fromisoformat(TUESDAY)
NOTHING = Loss(1, "u1", "Oakfield Dental", TODAY)
EVERYTHING = NOTHING._replace(
    contact="Ana Ruiz",
    product="the scanner lease",
    lost_to="Initech",
    said=Reason("budget", "the partners froze the budget"),
    real=Real(TODAY, "too-slow", "our quote came late", "told", TODAY),
    way_in="a 36-month lease",
    planned=Step("meet", date(2026, 12, 1), "10:00", "save"),
)


def all_said(loss, name="", kinds=SCRIPT_KINDS):
    return [filled(text, loss, name) for kind in kinds for text in wordings(kind, loss)]


def said(text, name="", **fields):
    return filled(text, NOTHING._replace(**fields), name)


def because(code, source="told"):
    return NOTHING._replace(real=Real(TODAY, code, None, source, TODAY))


@pytest.mark.parametrize("name", ["", "Jo Park"])
@pytest.mark.parametrize("loss", [None, NOTHING, EVERYTHING])
@pytest.mark.parametrize("kind", SCRIPT_KINDS)
def test_every_wording_makes_a_sentence_whatever_is_known(kind, loss, name):
    texts = all_said(loss, name, [kind])
    assert len(set(texts)) == len(texts) >= 2
    for text in texts:
        assert not re.search(r"[{}]|\bNone\b|\s\s|\s[.,:;?!]|[.,:;?!]{2}|^\s|\s$", text), text
        assert not re.search(r"\b(\w+) \1\b", text, re.IGNORECASE), text
        assert text[0].isupper()
        assert text[-1] in ".?"


@pytest.mark.parametrize("loss", [None, NOTHING, EVERYTHING])
def test_a_thank_you_is_a_note_of_two_lines(loss):
    assert all(text.count("\n") == 1 for text in all_said(loss, kinds=["thanks"]))


@pytest.mark.parametrize("loss", [NOTHING, EVERYTHING])
def test_asking_for_a_name_begins_with_how_they_get_on_with_what_they_chose(loss):
    chosen = "Initech" if loss.lost_to else FALLBACKS["competitor"]
    for text in all_said(loss, kinds=["referral"]):
        first, _, rest = text.partition("\n")
        assert chosen in first
        assert "?" in first
        assert "?" in rest


def test_a_meeting_names_its_day_and_hour():
    assert all("Tuesday, December 1 at 10" in text for text in all_said(EVERYTHING, kinds=["meet"]))


@pytest.mark.parametrize(
    ("time", "said_so"), [("09:00", "9"), ("12:00", "12"), ("14:00", "2"), ("14:30", "2:30")]
)
def test_an_hour_is_said_as_people_do(time, said_so):
    meeting = Step("meet", date(2026, 12, 1), time)
    assert said("{when}", planned=meeting) == f"Tuesday, December 1 at {said_so}"


def test_a_meeting_without_an_hour_names_its_day():
    assert said("{when}", planned=Step("meet", date(2026, 12, 1))) == "Tuesday, December 1"


def test_a_step_that_is_no_meeting_is_no_appointment():
    assert said("{when}", planned=Step("save", TODAY)) == FALLBACKS["when"]


def test_a_meeting_that_is_asked_for_without_a_day_asks_for_one():
    for text in all_said(NOTHING, kinds=["meet"]):
        assert "say a day and time that suit you" not in text
        assert "make it a day and time that suit you" not in text


# To save the sale


def test_every_real_code_has_an_opening_of_its_own():
    openings = {code: tuple(wordings("save", because(code))) for code in REAL}
    assert len(set(openings.values())) == len(REAL)
    for saved in openings.values():
        assert len(saved) == 3
        assert len({text.partition("\n")[0] for text in saved}) == 1


@pytest.mark.parametrize("code", REAL)
@pytest.mark.parametrize("fields", [{}, EVERYTHING._asdict()])
def test_every_opening_makes_a_sentence(code, fields):
    loss = NOTHING._replace(**{**fields, "real": Real(TODAY, code, None, "told", TODAY)})
    for text in all_said(loss, "Jo", ["save"]):
        assert not re.search(r"[{}]|\bNone\b|\s\s|[.,:;?!]{2}", text)
        assert not re.search(r"\b(\w+) \1\b", text, re.IGNORECASE)


def test_a_sale_is_saved_from_the_guess_while_the_truth_is_not_known():
    guessed = NOTHING._replace(guess=Reason("too-slow"))
    assert wordings("save", guessed) == wordings("save", because("too-slow"))
    told = because("selling")._replace(guess=Reason("too-slow"))
    assert wordings("save", told) == wordings("save", because("selling"))


@pytest.mark.parametrize("loss", [None, NOTHING, because(None, None), because("of-their-own")])
def test_without_a_known_reason_there_is_an_opening_too(loss):
    assert wordings("save", loss) == wordings("save", because(OTHER))


def test_a_renamed_code_keeps_its_opening():
    renamed = Vocabulary(
        [Code("late", "real", alias_of=None), Code("too-slow", "real", None, "late")]
    )
    assert wordings("save", because("late"), renamed) == wordings("save", because("too-slow"))
    twice = Vocabulary(
        [Code("late", "real", None, "tardy"), Code("too-slow", "real", None, "late")]
    )
    assert wordings("save", because("tardy"), twice) == wordings("save", because("too-slow"))


# What is filled in


@pytest.mark.parametrize(
    ("contact", "called"),
    [
        (None, FALLBACKS["contact"]),
        ("Ana", "Ana"),
        ("Ana Ruiz", "Ana"),
        ("M. Osei", "M. Osei"),
        ("Dr. Lee", "Dr. Lee"),
        ("Mr Smith", "Mr Smith"),
        ("Mrs Jane Smith", "Mrs Jane Smith"),
        ("Dr Lee", "Dr Lee"),
        ("Ruiz, Ana", "Ana"),
        ("Ana Ruiz, CFO", "Ana"),
        ("Ana Ruiz (CFO)", "Ana"),
        ("CEO Ana Ruiz", "Ana"),
        ("Tom, the owner", "Tom"),
        ("Pastor Mike", "Pastor Mike"),
        ("Lee, Dr.", "Lee"),
        ("Ana  Ruiz", "Ana"),
        ("Anne-Marie Roux", "Anne-Marie"),
        ("李 明", "李"),
    ],
)
def test_a_contact_is_called_as_one_speaks_to_somebody(contact, called):
    assert said("Hi {contact}, well?", contact=contact) == f"Hi {called}, well?"


@pytest.mark.parametrize(
    "role",
    ["CFO", "CEO", "owner", "the owner", "Office manager", "Kitchen manager", "Dr.", "VP Sales"],
)
def test_a_role_is_no_first_name(role):
    assert said("{greeting}", contact=role) == "Hello."


@pytest.mark.parametrize("code", [*SAID, "of-their-own"])
def test_what_they_said_stands_after_you_said(code):
    text = said("You said {said}, and", said=Reason(code))
    assert re.fullmatch(r"You said (no|that .+|to .+), and", text)


def test_what_they_said_is_quoted_only_where_it_is_kept_as_a_quotation_and_cut_where_long():
    assert said("{said}", said=Reason("budget", '"no  money\nleft"')) == '"no money left"'
    assert said("{said}", said=Reason("budget", "\u201cno money left\u201d")) == '"no money left"'
    long = said("{said}", said=Reason(OTHER, f'"{"word " * 200_000}"'))
    assert len(long) <= 82
    assert long.endswith('…"')


PRIVATE = {
    "said": Reason("budget", "SECRET they are broke"),
    "guess": Reason("no-money", "SECRET guess"),
    "real": Real(TODAY, "no-money", "SECRET real", "told", TODAY),
    "way_in": "SECRET way",
    "lesson": "SECRET lesson",
    "note": "SECRET note",
    "stage": "SECRET stage",
}


@pytest.mark.parametrize("left", [None, *PRIVATE])
@pytest.mark.parametrize("case", ["open", "won", "cancelled"])
def test_no_wording_tells_what_the_seller_wrote_down(left, case):
    ends = {"won": {"won": Win(TODAY, None, "SECRET win")}, "cancelled": {"given_outcome": case}}
    noted = {name: value for name, value in PRIVATE.items() if name != left}
    entry = Contact("c1", "touch", TODAY, answered=True, note="SECRET call")
    loss = NOTHING._replace(contacts=(entry,), **noted, **ends.get(case, {}))
    assert not [text for text in all_said(loss) if "SECRET" in text]


# What fits the loss


def test_every_wording_fits_a_customer():
    won = EVERYTHING._replace(won=Win(TODAY))
    for kind in SCRIPT_KINDS:
        if kind not in {"meet", "lead"}:  # which fit anybody
            assert not {*wordings(kind, won)} & {*wordings(kind)}
            assert len({*wordings(kind, won)}) >= 2
    said = "\n".join(all_said(won))
    assert not re.search("didn.t come together|hard feelings|I lost|sale is over|Initech", said)
    assert all(text.count("\n") == 1 for text in all_said(won, kinds=["thanks"]))


@pytest.mark.parametrize("kind", ["why", "save", "thanks", "referral", "touch", "renew"])
def test_who_backed_out_after_signing_is_talked_to_in_words_of_their_own(kind):
    cancelled = NOTHING._replace(given_outcome="cancelled")
    assert len({*wordings(kind, cancelled)} - {*wordings(kind, NOTHING)}) == 3
    assert kind != "thanks" or all(one.count("\n") == 1 for one in wordings(kind, cancelled))


@pytest.mark.parametrize("kind", ["touch", "referral"])
def test_a_call_about_a_loss_that_was_never_asked_why_asks_why(kind):
    asked = NOTHING._replace(real=Real(TODAY))
    for text, usual in zip(wordings(kind, NOTHING), wordings(kind, asked), strict=True):
        before, _, ask = text.rpartition("\n")
        assert before == usual
        assert ask in texts()["not asked"]
    assert wordings(kind, asked) == wordings(kind)


def test_a_lead_is_called_by_name_and_told_who_gave_it():
    lead = Referral("r1", "Dave O'Connell at Lakeside Title", TODAY)
    for text in wordings("lead", EVERYTHING):
        words = filled(text, EVERYTHING, "Jo", lead=lead)
        assert words.startswith("Hi Dave, it's Jo.")
        assert "Ana Ruiz at Oakfield Dental" in words


def test_a_renamed_code_of_what_they_said_keeps_its_words():
    frozen = Vocabulary([Code("budget", "said", None, "frozen"), Code("frozen", "said")])
    text = filled("{said}", NOTHING._replace(said=Reason("frozen")), "", frozen)
    assert text == said("{said}", said=Reason("budget"))


@pytest.mark.parametrize(
    ("fields", "competitor"),
    [
        ({"lost_to": "Initech"}, "Initech"),
        ({"lost_to": "nobody"}, FALLBACKS["competitor"]),
        ({"lost_to": "Initech", "given_outcome": "cancelled"}, FALLBACKS["competitor"]),
        ({"given_outcome": "competitor"}, FALLBACKS["competitor"]),
    ],
)
def test_a_competitor_is_named_if_one_got_the_order(fields, competitor):
    assert said("{competitor}", **fields) == competitor


def test_a_way_in_that_is_dead_is_not_said():
    assert said("{way_in}", way_in="Dead") == FALLBACKS["way_in"]


def test_ones_own_name_is_filled_in():
    assert said("It's {name}.", "Jo Park") == "It's Jo Park."


@pytest.mark.parametrize(
    "fields",
    [
        {"prospect": "Acme Inc.", "real": Real(TODAY, "status-quo", None, "told", TODAY)},
        {"lost_to": "Initech Ltd."},
        {"product": "the scanner etc."},
        {"way_in": "a 36-month lease."},
        {"way_in": "Would a lease help?"},
        {"contact": "J. Ruiz Jr."},
    ],
)
def test_a_stop_at_the_end_of_what_is_filled_in_is_not_doubled(fields):
    for text in all_said(NOTHING._replace(**fields)):
        assert not re.search(r"\.\.|\?[.?]|lease\.\?", text), text


@pytest.mark.parametrize("field", ["prospect", "product", "lost_to", "way_in", "contact"])
def test_what_is_filled_in_stays_in_its_line(field):
    for kind in SCRIPT_KINDS:
        for text in wordings(kind, NOTHING):
            assert said(text, **{field: "a\nb"}).count("\n") == text.count("\n")


@given(st.text(st.sampled_from("{}_ .0![]contact\n") | st.characters(), max_size=60))
def test_whatever_stands_in_a_loss_is_filled_in_to_the_letter_and_read_as_nothing(text):
    assert filled("{prospect}|", NOTHING._replace(prospect=text or "x"), "").endswith("|")
    braces = NOTHING._replace(prospect="{product}", product="{0.__class__}", contact="{}")
    assert filled("{prospect} {product}", braces, "{name}") == "{product} {0.__class__}"
    assert filled(text, None, "").count("\n") <= text.count("\n")


def test_the_sentence_that_asks_for_the_truth_is_another_each_turn():
    assert [close_sentence(turn) for turn in range(len(texts()["close"]) + 1)] == [
        *texts()["close"],
        texts()["close"][0],
    ]

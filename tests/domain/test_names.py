"""Names as they are compared, and phone numbers."""
# ruff: noqa: RUF001 - letters of other scripts are what is tested

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.names import digits, folded, is_same_phone, matches, nearest


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("MÜLLER", "muller"),
        ("Müller", "Mu\u0308ller"),
        ("St. Mary's Hospital", "st marys hospital"),
        ("St.Mary\u2019s", "St Mary's"),
        ("O'Brien\u2019s", "obriens"),
        ("U.S. Bank", "us bank"),
        ("J.P. Morgan", "JP Morgan"),
        ("Tri-County  Electric", "tri county electric"),
        ("Board & Brew", "Board and Brew"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("İstanbul", "istanbul"),
        ("STRASSE", "Straße"),
        ("Ａｃｍｅ", "acme"),
        ("Smith, Jones", "smith jones"),
        ("ΑΘΗΝΑ", "αθήνα"),
        ("МОСКВА", "москва"),
    ],
)
def test_names_that_are_the_same_fold_to_the_same(name, other):
    assert folded(name) == folded(other)


@pytest.mark.parametrize(
    ("name", "other"), [("Acme", "Acme 2"), ("!!!", "???"), ("A+", "A"), ("कि", "की"), ("3M", "3")]
)
def test_names_that_differ_stay_apart(name, other):
    assert folded(name) != folded(other)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("obrien", "O'Brien's Pub"),
        ("st marys", "St. Mary's Hospital"),
        ("muller", "MÜLLER Bau GmbH"),
        ("rentacar", "Budget Rent-a-Car"),
        ("joes", "Joe Garage"),
        ("den", "Oakfield Dental"),
        ("商事", "三菱商事"),
        ("dental oak", "Oakfield Dental"),
    ],
)
def test_a_name_is_found_by_what_is_typed_of_it(typed, name):
    assert matches(folded(typed).split(), name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("oakfieldd", "Oakfield Dental"), ("field", "Oakfield"), ("bob", "Oakfield"), ("us", "U")],
)
def test_a_name_is_not_found_by_other_words(typed, name):
    assert not matches(folded(typed).split(), name)


def test_the_words_may_stand_in_several_names():
    assert matches(["oak", "ana"], "Oakfield", None, "Ana Ruiz")
    assert not matches(["oak", "bea"], "Oakfield", None, "Ana Ruiz")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("delgdo", "Delgado Insurance"),
        ("rioch", "Ricoh"),
        ("konika", "Konica"),
        ("oakfeild dental", "Oakfield Dental"),
        ("insurence", "Delgado Insurance"),
        ("zzz", None),
        ("", None),
    ],
)
def test_a_misspelt_name_suggests_the_nearest(typed, found):
    assert (
        nearest(typed, ["Acme", "Delgado Insurance", "Ricoh", "Konica", "Oakfield Dental"]) == found
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("555-0134", "(555) 0134", True),
        ("614-555-0134", "+1 614 555 0134", True),
        ("555-0134", "+1 (614) 555-0134 x12", True),
        ("555-0134 ext. 12", "5550134", True),
        ("555-0134", "555-0135", False),
        ("0134", "555-0134", False),
        ("", "", False),
    ],
)
def test_phone_numbers_are_the_same_by_their_last_digits(one, other, same):
    assert is_same_phone(one, other) is same


def test_the_digits_of_a_phone_number_are_without_its_extension():
    assert digits("+1 (614) 555-0134 x12") == "16145550134"


@given(name=st.text(max_size=40))
def test_folding_twice_changes_nothing(name):
    assert folded(folded(name)) == folded(name)


@given(name=st.text(max_size=40))
def test_composed_and_decomposed_names_are_the_same(name):
    assert folded(normalize("NFC", name)) == folded(normalize("NFD", name)) == folded(name)


@given(name=st.text(st.characters(codec="latin-1"), max_size=40))
def test_capitals_are_no_difference(name):
    assert folded(name.upper().lower()) == folded(name.lower())


@given(name=st.text(max_size=40).filter(str.strip))
def test_a_name_folds_to_something_and_is_found_by_itself(name):
    assert folded(name)
    assert matches(folded(name).split(), name)

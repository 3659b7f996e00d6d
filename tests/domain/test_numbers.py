"""Numbers in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.numbers import SPOKEN, in_digits, spoken


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("nine", 9),
        ("twenty-five", 25),
        ("a hundred", 100),
        ("fifteen hundred", 1_500),
        ("twelve hundred fifty", 1_250),
        ("one hundred and five", 105),
        ("fourteen thousand five hundred", 14_500),
        ("a hundred and twenty grand", 120_000),
        ("twenty-five k", 25_000),
        ("half a million", 500_000),
        ("two and a half million", 2_500_000),
        ("two million three hundred thousand", 2_300_000),
    ],
)
def test_a_number_is_read_from_its_words(words, number):
    assert re.fullmatch(SPOKEN, words)
    assert spoken(words) == number


@pytest.mark.parametrize(
    "words", ["six one four", "twenty twelve", "five thousand two thousand", "five five thousand"]
)
def test_several_numbers_are_not_one(words):
    assert re.fullmatch(SPOKEN, words)
    assert spoken(words) is None


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("thirty six months", "36 months"),
        ("the twenty first of march", "the 21th of march"),
        ("second", "2th"),
        ("one two", "1 2"),
        ("no numbers", "no numbers"),
    ],
)
def test_numbers_below_a_hundred_are_put_in_digits(words, digits):
    assert " ".join(in_digits(words.split())) == digits


WORDS = "a and half hundred thousand grand k million one nine ten nineteen twenty ninety".split()


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_any_such_words_are_a_number_above_zero_or_several(words):
    if re.fullmatch(SPOKEN, words):
        number = spoken(words)
        assert number is None or number > 0

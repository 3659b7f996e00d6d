"""Amounts, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.money import (
    CURRENCIES,
    LIMIT,
    Money,
    decimal_sign,
    decimals,
    read_currency,
    read_money,
    show_money,
    thousandths,
)
from lostsale.errors import BadInput


@pytest.mark.parametrize("decimal", ["", ".", ","])
@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("12000", 1_200_000, "USD"),
        (" 12000 ", 1_200_000, "USD"),
        ("12k", 1_200_000, "USD"),
        ("12K", 1_200_000, "USD"),
        ("12 k", 1_200_000, "USD"),
        ("3m", 300_000_000, "USD"),
        ("0", 0, "USD"),
        ("12000EUR", 1_200_000, "EUR"),
        ("12000 eur", 1_200_000, "EUR"),
        ("EUR 12000", 1_200_000, "EUR"),
        ("EUR12k", 1_200_000, "EUR"),
        ("12kUSD", 1_200_000, "USD"),
        ("12 k USD", 1_200_000, "USD"),
        ("€12k", 1_200_000, "EUR"),
        ("12k€", 1_200_000, "EUR"),
        ("£12", 1_200, "GBP"),
        ("¥12k", 12_000, "JPY"),
        ("12MXN", 1_200, "MXN"),
        ("12KWD", 12_000, "KWD"),
        ("12kKWD", 12_000_000, "KWD"),
        ("12'000", 1_200_000, "USD"),
        ("12 000", 1_200_000, "USD"),
        ("007", 700, "USD"),
    ],
)
def test_an_amount_is_read_whatever_the_decimal_sign(text, minor, currency, decimal):
    assert read_money(text, "USD", decimal) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "unsettled", "point", "comma"),
    [
        ("12,000", 1_200_000, 1_200_000, None),
        ("12.000", None, None, 1_200_000),
        ("1.2m", 120_000_000, 120_000_000, None),
        ("1,2m", None, None, 120_000_000),
        ("1.25k", 125_000, 125_000, None),
        ("$12,000.50", 1_200_050, 1_200_050, None),
        ("12.000,50", None, None, 1_200_050),
        ("1,234,567.89", 123_456_789, 123_456_789, None),
        ("1.234.567,89", None, None, 123_456_789),
        ("1'234.50", 123_450, 123_450, None),
        ("0.29", 29, 29, None),
        ("0.5", 50, 50, None),
        ("1.234", None, None, 123_400),
        ("1,23", None, None, 123),
        ("1.234k", None, 123_400, 123_400_000),
        ("0.0005m", 50_000, 50_000, None),
        (",5", None, None, 50),
        (",5k", None, None, 50_000),
        (",500", None, None, None),
        ("1,2,3", None, None, None),
        ("1,0000", None, None, None),
        ("12..5", None, None, None),
        ("12.005", None, None, 1_200_500),
        ("12,000,000k", 1_200_000_000_000, 1_200_000_000_000, None),
    ],
)
def test_points_and_commas_mean_what_the_decimal_sign_says(text, unsettled, point, comma):
    def read(decimal):
        try:
            return read_money(text, "USD", decimal).minor
        except BadInput:
            return None

    assert (read(""), read("."), read(",")) == (unsettled, point, comma)


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_a_space_that_does_not_break_sets_thousands_apart_too(space):
    assert read_money(f"12{space}000", "USD") == Money(1_200_000, "USD")


@pytest.mark.parametrize("text", ["1.234", "1,23", ",5", ",500", "0.123", "1.234.567"])
def test_what_could_be_read_both_ways_is_refused_and_says_how_to_settle_it(text):
    with pytest.raises(BadInput, match=r"ambiguous.*config decimal"):
        read_money(text, "USD")


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "minor"),
    [
        ("1500", "JPY", "", 1_500),
        ("1.5k", "JPY", "", 1_500),
        ("1,500", "JPY", "", 1_500),
        ("1500.5", "JPY", "", None),
        ("1.5", "KWD", "", 1_500),
        ("1.234", "KWD", ".", 1_234),
        ("1,234.567", "KWD", "", 1_234_567),
        ("1.2345", "KWD", ".", None),
        ("1.005", "USD", ".", None),
        ("1.2345k", "USD", ".", 123_450),
        ("1.23456k", "USD", ".", 123_456),
        ("1.234567k", "USD", ".", None),
    ],
)
def test_a_currency_has_its_own_number_of_decimals(text, currency, decimal, minor):
    if minor is None:
        with pytest.raises(BadInput, match=f"{currency} has {decimals(currency)} decimals"):
            read_money(text, currency, decimal)
    else:
        assert read_money(text, currency, decimal) == Money(minor, currency)


@pytest.mark.parametrize(
    ("default", "currency"), [("USD", "USD"), ("CAD", "CAD"), ("AUD", "AUD"), ("EUR", "USD")]
)
def test_a_dollar_sign_is_the_dollar_of_the_default_currency(default, currency):
    assert read_money("$12", default).currency == currency


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("99999999999.99", "USD", LIMIT - 1),
        ("99,999,999,999.99", "USD", LIMIT - 1),
        ("9999999999999", "JPY", LIMIT - 1),
        ("9,999,999,999.999", "KWD", LIMIT - 1),
        ("99999.99999m", "USD", 9_999_999_999_000),
    ],
)
def test_an_amount_just_below_the_limit_is_kept_to_the_last_digit(text, currency, minor):
    assert read_money(text, currency).minor == minor


@pytest.mark.parametrize(
    ("text", "currency", "limit"),
    [
        ("100000000000", "USD", "100,000,000,000"),
        ("100000m", "USD", "100,000,000,000"),
        ("10000000000000", "JPY", "10,000,000,000,000"),
        ("10000000000", "KWD", "10,000,000,000"),
        ("9" * 5000, "USD", "100,000,000,000"),
        ("9" * 5000 + "m", "USD", "100,000,000,000"),
        ("1" + ",000" * 1700, "USD", "100,000,000,000"),
    ],
)
def test_an_amount_at_the_limit_is_refused(text, currency, limit):
    with pytest.raises(BadInput, match=f"stays below {limit}"):
        read_money(text, currency)


@pytest.mark.parametrize(
    "text",
    [
        *"|k|m|$|EUR|-5|+5|1e5|12kk|12km|½|١٢|0x10|12%|12 apples|$12EUR|EUR 12 EUR|12$$".split("|"),
        "12XYZ",
        "a 12",
        "12\n13k",
        "1." + "9" * 5000,
    ],
)
def test_anything_else_is_no_amount(text):
    with pytest.raises(BadInput):
        read_money(text, "USD")


@pytest.mark.parametrize("text", ["EUR", " eur ", "Eur"])
def test_a_currency_is_read_in_any_case(text):
    assert read_currency(text) == "EUR"


@pytest.mark.parametrize("text", ["", "EU", "EURO", "XYZ", "$", "12"])
def test_a_currency_that_does_not_exist_is_refused(text):
    with pytest.raises(BadInput, match="is no currency code"):
        read_currency(text)


@pytest.mark.parametrize(
    ("money", "plain", "shown", "with_comma"),
    [
        (Money(1_200_000, "USD"), "12000.00", "12,000", "12.000"),
        (Money(1_200_050, "USD"), "12000.50", "12,000.50", "12.000,50"),
        (Money(5, "USD"), "0.05", "0.05", "0,05"),
        (Money(0, "USD"), "0.00", "0", "0"),
        (Money(12_000, "JPY"), "12000", "12,000", "12.000"),
        (Money(0, "JPY"), "0", "0", "0"),
        (Money(1_234_567, "KWD"), "1234.567", "1,234.567", "1.234,567"),
        (Money(5, "KWD"), "0.005", "0.005", "0,005"),
        (Money(LIMIT - 1, "USD"), "99999999999.99", "99,999,999,999.99", "99.999.999.999,99"),
    ],
)
def test_an_amount_is_written_as_the_user_writes_it(money, plain, shown, with_comma):
    assert money.decimal() == plain
    assert (show_money(money), show_money(money, ".")) == (shown, shown)
    assert show_money(money, ",") == with_comma


ANY_MONEY = st.builds(Money, st.integers(0, LIMIT - 1), st.sampled_from(sorted(CURRENCIES)))


@given(money=ANY_MONEY, decimal=st.sampled_from([".", ","]))
def test_an_amount_reads_back_as_it_was_shown(money, decimal):
    shown = show_money(money, decimal)
    assert read_money(shown, money.currency, decimal) == money
    assert read_money(f"{shown} {money.currency}", "USD", decimal) == money


@given(money=ANY_MONEY)
def test_the_decimal_text_of_an_amount_reads_back_in_either_notation(money):
    assert read_money(money.decimal(), money.currency, ".") == money
    assert read_money(money.decimal().replace(".", ","), money.currency, ",") == money


@given(
    text=st.one_of(st.text(max_size=30), st.text("0123456789.,' kKmM$€złEURKWD-+e", max_size=30)),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
    decimal=st.sampled_from(["", ".", ","]),
)
def test_any_text_is_an_amount_below_the_limit_or_bad_input(text, currency, decimal):
    try:
        money = read_money(text, currency, decimal)
    except BadInput:
        return
    assert type(money.minor) is int
    assert 0 <= money.minor < LIMIT
    assert money.currency in CURRENCIES


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("12", ""),
        ("12.50", "."),
        ("$12.50", "."),
        ("12,50", ","),
        ("1.234", ""),
        ("1,234", ""),
        ("0.500", "."),
        ("$0.500", "."),
        ("0,500", ","),
        (".500", "."),
        (",500", ","),
        ("1.234.567", ","),
        ("1,234,567", "."),
        ("1,234.50", "."),
        ("1.234,50", ","),
        ("1.2.3", ""),
        ("1,2.3,4", ""),
        ("apples, pears", ""),
    ],
)
def test_an_amount_shows_its_decimal_sign_or_none(text, sign):
    assert decimal_sign(text) == sign


def test_an_apostrophe_as_printers_set_it_sets_thousands_apart_too():
    assert read_money("12\u2019000", "USD") == Money(1_200_000, "USD")


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1,00,000", 10_000_000), ("12,34,567", 123_456_700), ("1,00,00,000.50", 1_000_000_050)],
)
def test_thousands_are_set_apart_as_in_india_too(text, minor):
    assert read_money(text, "INR") == Money(minor, "INR")


def test_a_dot_before_the_cents_needs_the_sign_to_be_set():
    with pytest.raises(BadInput, match="ambiguous"):
        read_money(".,50", "USD", ",")


@pytest.mark.parametrize(
    ("minor", "currency", "thousandths_of"),
    [
        (1250, "USD", 12_500),
        (12, "JPY", 12_000),
        (1250, "KWD", 1250),
        (None, "USD", 0),
        (5, None, 0),
    ],
)
def test_amounts_of_different_currencies_sort_by_thousandths(minor, currency, thousandths_of):
    assert thousandths(minor, currency) == thousandths_of


@pytest.mark.parametrize("text", ["apples", "12.345", "100000000000"])
def test_what_is_no_amount_is_told_how_to_write_one(text):
    with pytest.raises(BadInput) as refused:
        read_money(text, "USD", ".")
    assert refused.value.hint == "Write 12000, 12k or 12000.50EUR"


def test_what_is_no_amount_is_quoted_to_forty_characters():
    with pytest.raises(BadInput, match=f'^"{"x" * 40}" is no amount\\.'):
        read_money("x" * 41, "USD")


def test_an_ambiguous_amount_is_quoted_to_forty_characters():
    with pytest.raises(BadInput, match=f'^"{"1," * 20}" is ambiguous') as refused:
        read_money("1," * 20 + "1", "USD")
    assert refused.value.hint.startswith("Write 1234 or 12k, or say once")


def test_what_is_no_currency_is_quoted_to_twenty_letters_and_two_are_shown():
    with pytest.raises(BadInput, match=f'^"{"x" * 20}" is no currency code\\.') as refused:
        read_currency("x" * 21)
    assert refused.value.hint == "Write for example USD or EUR"


def test_the_limit_is_shown_without_decimals():
    with pytest.raises(BadInput) as refused:
        read_money("100000000000", "USD")
    assert refused.value.what == "An amount stays below 100,000,000,000"

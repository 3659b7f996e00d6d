"""Amounts, read and written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.amounts_in_text import find_amounts, read_money
from lostsale.domain.money import (
    CURRENCIES,
    LIMIT,
    Money,
    decimal_sign,
    decimals,
    read_currency,
    show_money,
    thousandths,
)
from lostsale.errors import BadInput, Vague


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
        ("500,-", 50_000, "USD"),
        ("4'200.\u2013", 420_000, "USD"),
        ("1.250,-- EUR", 125_000, "EUR"),
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
    with pytest.raises(BadInput, match=f"has to be below {limit}"):
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
    with pytest.raises(BadInput, match="isn't a currency code"):
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
    with pytest.raises(BadInput, match=f'^I can.t read "{"x" * 40}" as an amount'):
        read_money("x" * 41, "USD")


def test_an_ambiguous_amount_is_quoted_to_forty_characters():
    with pytest.raises(BadInput, match=f'^"{"1," * 20}" is ambiguous') as refused:
        read_money("1," * 20 + "1", "USD")
    assert refused.value.hint.startswith("Write 1234 or 12k, or say once")


def test_what_is_no_currency_is_quoted_to_twenty_letters_and_two_are_shown():
    with pytest.raises(BadInput, match=f'^"{"x" * 20}" isn\'t a currency code\\.') as refused:
        read_currency("x" * 21)
    assert refused.value.hint == "Try USD or EUR"


def test_the_limit_is_shown_without_decimals():
    with pytest.raises(BadInput) as refused:
        read_money("100000000000", "USD")
    assert refused.value.what == "An amount has to be below 100,000,000,000"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 grand", Money(1_200_000, "USD")),
        ("twelve thousand", Money(1_200_000, "USD")),
        ("Twelve Thousand dollars", Money(1_200_000, "USD")),
        ("12 thousand", Money(1_200_000, "USD")),
        ("1.2 million", Money(120_000_000, "USD")),
        ("two and a half million", Money(250_000_000, "USD")),
        ("half a million", Money(50_000_000, "USD")),
        ("5 hundred", Money(50_000, "USD")),
        ("fifteen hundred", Money(150_000, "USD")),
        ("sixty five hundred", Money(650_000, "USD")),
        ("fourteen thousand five hundred", Money(1_450_000, "USD")),
        ("one hundred and twenty thousand", Money(12_000_000, "USD")),
        ("twenty-five k", Money(2_500_000, "USD")),
        ("a hundred grand", Money(10_000_000, "USD")),
        ("$18,500", Money(1_850_000, "USD")),
        ("12 000 €", Money(1_200_000, "EUR")),
        ("£4k", Money(400_000, "GBP")),
        ("about 8k", Money(800_000, "USD")),
        ("8k ish", Money(800_000, "USD")),
        ("8kish", Money(800_000, "USD")),
        ("around 8 grand", Money(800_000, "USD")),
        ("~8k", Money(800_000, "USD")),
        ("8k or so", Money(800_000, "USD")),
        ("500 bucks", Money(50_000, "USD")),
        ("500 dollars", Money(50_000, "USD")),
        ("40 Euros", Money(4_000, "EUR")),
        ("12k pounds", Money(1_200_000, "GBP")),
        ("₹500", Money(50_000, "INR")),
        ("C$500", Money(50_000, "CAD")),
        ("A$4k", Money(400_000, "AUD")),
        ("500 CAD", Money(50_000, "CAD")),
        ("250/mo x 48", Money(1_200_000, "USD")),
        ("$1,200/mo for 5 years", Money(7_200_000, "USD")),
        ("2 copiers at 8k each", Money(1_600_000, "USD")),
        ("6 @ $640", Money(384_000, "USD")),
        ("14 phones @ 22.50/mo 36 mos", Money(1_134_000, "USD")),
        ("4 trucks gps 29/truck/mo 36mo", Money(417_600, "USD")),
        ("3-yr print deal 1,150/mo", Money(4_140_000, "USD")),
        ("a grand and a half", Money(150_000, "USD")),
        ("half a mil", Money(50_000_000, "USD")),
        ("a couple thousand", Money(200_000, "USD")),
        ("six thousand seven fifty", Money(675_000, "USD")),
    ],
)
def test_what_people_say_of_amounts_is_understood(text, expected):
    assert read_money(text, "USD") == expected


@pytest.mark.parametrize(("default", "currency"), [("CAD", "CAD"), ("EUR", "USD")])
def test_dollars_are_those_of_the_default_currency(default, currency):
    assert read_money("500 bucks", default).currency == currency


@pytest.mark.parametrize(("default", "currency"), [("SEK", "SEK"), ("NOK", "NOK")])
def test_crowns_are_those_of_the_default_currency(default, currency):
    assert read_money("500 kr", default).currency == currency


@pytest.mark.parametrize("text", ["500 kr", "12k kr", "500 pesos"])
def test_a_currency_that_could_be_several_is_refused(text):
    with pytest.raises(BadInput, match="could be"):
        read_money(text, "USD")


@pytest.mark.parametrize("text", ["12 all", "4100 try", "12k top"])
def test_a_word_is_no_currency_code(text):
    with pytest.raises(BadInput, match="isn't a currency I know"):
        read_money(text, "USD")


@pytest.mark.parametrize(("decimal", "minor"), [(",", 1_250_000), (".", None), ("", None)])
def test_a_comma_before_k_needs_the_decimal_sign(decimal, minor):
    if minor is None:
        with pytest.raises(BadInput):
            read_money("12,5k", "USD", decimal)
    else:
        assert read_money("12,5k", "USD", decimal).minor == minor


@pytest.mark.parametrize(
    "text",
    [
        *("8-10k", "8 to 10 grand", "between 8 and 10k", "$2,000-3,000", "12k-15k", "8 or 9k"),
        *("300 a month", "$250/mo", "8k each", "up to 10k", "over 10k", "thousand dollars"),
    ],
)
def test_what_is_not_one_amount_is_to_be_asked(text):
    with pytest.raises(Vague):
        read_money(text, "USD")


@pytest.mark.parametrize(
    "text", ["24 copiers", "36 months", "12 grand ave", "twelve", "15%", "12 apples", "12k 13k"]
)
def test_a_number_of_other_things_is_refused(text):
    with pytest.raises(BadInput) as refused:
        read_money(text, "USD")
    assert type(refused.value) is BadInput


def amounts(text, decimal=""):
    return [
        (
            text[found.start : found.end],
            found.money and found.money.decimal(),
            found.how.replace("\u00d7", "x") if found.money else "",
        )
        for found in find_amounts(text, "USD", decimal)
    ]


@pytest.mark.parametrize(
    ("text", "span", "amount", "how"),
    [
        ("midtown ortho 12 grand went with", "12 grand", "12000.00", ""),
        ("harbor dental, 9500, lost to", "9500", "9500.00", ""),
        ("Westfield, $18,500, chose", "$18,500", "18500.00", ""),
        ("Studio 54 Hair 2400 not", "2400", "2400.00", ""),
        ("route 66 diner 1800 too much", "1800", "1800.00", ""),
        ("3M 85k went with", "85k", "85000.00", ""),
        ("7-11 on Grand Ave, 3k, owner", "3k", "3000.00", ""),
        ("Müller Bau, 12 000 €, zu teuer", "12 000 €", "12000.00", ""),
        ("sunset grill about 8k, lost", "about 8k", "8000.00", ""),
        ("peachtree 404 555 0156 five thousand", "five thousand", "5000.00", ""),
        (
            "ray one two three four five six seven eight nine oh two grand",
            "two grand",
            "2000.00",
            "",
        ),
        ("kayaks 4100 try again", "4100", "4100.00", ""),
        ("19k partners couldn't agree", "19k", "19000.00", ""),
        ("forty two thousand dollars for six", "forty two thousand dollars", "42000.00", ""),
        ("2 quotes, we were at 6k.", "6k", "6000.00", ""),
        ("spa 250/mo x 48 went", "250/mo x 48", "12000.00", "250 x 48"),
        ("300 a month for 36 months", "300 a month for 36 months", "10800.00", "300 x 36"),
        ("three hundred dollars a month for three years", None, "10800.00", "300 x 36"),
        ("12k a year for 3 years", "12k a year for 3 years", "36000.00", "12,000 x 3"),
        ("36 month lease at $300", "36 month lease at $300", None, ""),
        ("Oak, 2 copiers at 8k each, no", "2 copiers at 8k each", "16000.00", "2 x 8,000"),
        ("two vans at eight thousand each no", None, "16000.00", "2 x 8,000"),
        ("48 months at 250 a month", "48 months at 250 a month", "12000.00", "48 x 250"),
        ("60 month lease at 300", "60 month lease at 300", None, ""),
        ("36 payments of $300", "36 payments of $300", "10800.00", "36 x 300"),
        ("12k a year for 30 months", "12k a year for 30 months", None, ""),
        ("we were at 12k or 3 free months", "12k", "12000.00", ""),
        ("told me no 8500 price", "8500", "8500.00", ""),
        ("lost the order 12k price", "12k", "12000.00", ""),
        ("Farm $12k-15 price", "$12k-15", None, ""),
        ("Farm 8-10k price", "8-10k", None, ""),
        ("between 8 and 10k they said", "between 8 and 10k", None, ""),
        ("they pay 300 a month now", "300 a month", None, ""),
        ("Corbin 12,00 lost", "12,00", None, ""),
        ("Baker for thousand dollars", "thousand dollars", None, ""),
        ("one point two million", "one point two million", "1200000.00", ""),
    ],
)
def test_an_amount_is_found_in_a_sentence(text, span, amount, how):
    assert amounts(text) == [(span or text.removesuffix(" no"), amount, how)]


@pytest.mark.parametrize(
    "text",
    [
        *("24 copiers", "60 ppm model", "3 bids", "2 weeks late", "36 month lease", "15% higher"),
        *("undercut us by 40 a month", "40 a month cheaper", "2k cheaper", "floor 3", "suite 200"),
        *("up for renewal in 2029", "June 2027", "since 1998", "614-555-0142", "(614) 555-0142"),
        *("+49 711 1234567", "7-11", "3M", "Studio 54", "12k pages a month", "500 employees"),
        *("no reply to 4 calls", "9 percent", "12 Grand Ave", "1200 Main St", "4 Seasons", "11x17"),
        *(
            "24/7",
            "2026-11-24",
            "9/30",
            "F-150",
            "v2.0",
            "A4",
            "Five Guys",
            "36-month lease",
            "1st",
        ),
        *("six one four five five five", "saved 2k", "10:30", "Q2 2027", "a thousand pages", "mp3"),
    ],
)
def test_a_number_that_counts_or_names_is_no_amount(text):
    assert amounts(text) == []


@pytest.mark.parametrize("text", ["acme 2025 no", "200 nurses", "call 5550142"])
def test_a_bare_number_that_may_be_something_else_is_unsure(text):
    (found,) = find_amounts(text, "USD")
    assert (found.rank, bool(found.money)) == (0, True)


def test_an_amount_in_a_sentence_is_read_with_the_decimal_sign():
    assert amounts("Bau 1.234,50 und", ",") == [("1.234,50", "1234.50", "")]


SENTENCES = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            "12 8k 10k $5 3M 12,00 twelve thousand half a million grand - to between and x 48 at"
            " each /mo a month for years 36 copiers % 555-0134 kr € EUR about ish 99999999999999"
            " million . , 2027 in June by Müller\u2019s".split()
        ),
        max_size=12,
    ).map(" ".join),
)


@given(text=SENTENCES, decimal=st.sampled_from(["", ".", ","]))
def test_what_is_found_in_any_sentence_is_an_amount_in_its_place(text, decimal):
    end = 0
    for found in find_amounts(text, "USD", decimal):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        assert found.money is None or 0 <= found.money.minor < LIMIT


@given(text=SENTENCES)
def test_an_amount_reads_alone_as_it_was_found_or_is_refused(text):
    for found in find_amounts(text, "USD"):
        try:
            alone = read_money(text[found.start : found.end], "USD")
        except BadInput:
            continue
        assert found.money in {None, alone}

"""Every setting's check, and the settings in force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostsale.domain.settings import SETTINGS, Settings, read_setting
from lostsale.domain.workdays import Workdays
from lostsale.errors import BadInput


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("currency", "eur", "EUR"),
        ("currency", " USD ", "USD"),
        ("target-rate", "5", "5%"),
        ("target-rate", "5%", "5%"),
        ("target-rate", "7.5 %", "7.5%"),
        ("target-rate", "7.50", "7.5%"),
        ("target-rate", "5.00", "5%"),
        ("target-rate", "10.0%", "10%"),
        ("target-rate", "0.25", "0.25%"),
        ("target-rate", "100", "100%"),
        ("portion", "1", "1"),
        ("portion", "050", "50"),
        ("portion", "9999", "9999"),
        ("workdays", "mon-fri", "mon,tue,wed,thu,fri"),
        ("workdays", "Monday-Friday", "mon,tue,wed,thu,fri"),
        ("workdays", "mon,tue,sat", "mon,tue,sat"),
        ("workdays", "sat, mon tue", "mon,tue,sat"),
        ("workdays", "sun-thu", "mon,tue,wed,thu,sun"),
        ("workdays", "mon-wed,sat", "mon,tue,wed,sat"),
        ("workdays", "sun", "sun"),
        ("workdays", "mon-sun", "mon,tue,wed,thu,fri,sat,sun"),
        ("date-order", "MDY", "mdy"),
        ("date-order", "dmy", "dmy"),
        ("decimal", ".", "."),
        ("decimal", " , ", ","),
        ("name", " Ana Ruiz ", "Ana Ruiz"),
    ],
)
def test_a_good_value_is_kept_in_one_form(key, text, kept):
    assert read_setting(key, text) == kept
    assert read_setting(key, kept) == kept


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("currency", text) for text in ("", "XYZ", "$", "euro")),
        *(("target-rate", t) for t in ("", "0", "0.00", "100.01", "101", "-5", "5,5", "x", "1e1")),
        *(("portion", text) for text in ("", "0", "-1", "1.5", "10000", "all", "٣")),
        *(
            ("workdays", text)
            for text in ("", "mon,", "mon-", "-fri", "xyz", "mon-xyz", "weekdays")
        ),
        *(("workdays", text) for text in ("mon-tue-wed", "monkey", "mon-frightful")),
        *(("date-order", text) for text in ("ymd", "us", "m")),
        *(("decimal", text) for text in ("point", ";", "..")),
    ],
)
def test_a_bad_value_is_refused(key, text):
    with pytest.raises(BadInput) as refused:
        read_setting(key, text)
    assert refused.value.hint.startswith(("Write ", "Try ", "Give ", "Choose ", "Did you "))


def test_unset_settings_have_their_defaults():
    settings = Settings({})
    assert (settings.currency, settings.decimal, settings["date-order"]) == ("USD", "", "")
    assert (settings.portion, settings.target) == (20, 500)
    assert settings.workdays == Workdays(frozenset(range(5)))
    assert settings["name"] == ""


def test_settings_in_force_are_the_kept_ones():
    kept = {
        "currency": "EUR",
        "decimal": ",",
        "date-order": "dmy",
        "portion": "7",
        "target-rate": "7.5%",
        "workdays": "tue,sat",
        "name": "Ana",
        "email": "ana@example.com",
        "again-before": "60",
        "share": "on",
        "share-products": "on",
        "share-personal": "off",
    }
    settings = Settings(kept)
    assert (settings.currency, settings.decimal, settings["date-order"]) == ("EUR", ",", "dmy")
    assert (settings.portion, settings.target, settings.again_before) == (7, 750, 60)
    assert settings.workdays == Workdays(frozenset({1, 5}))
    assert {key: settings[key] for key in SETTINGS} == kept


@pytest.mark.parametrize(
    ("rate", "hundredths"), [("5%", 500), ("0.25%", 25), ("0.05%", 5), ("100%", 10_000)]
)
def test_the_target_is_in_hundredths_of_a_per_cent(rate, hundredths):
    assert Settings({"target-rate": rate}).target == hundredths


@given(
    key=st.sampled_from(sorted(SETTINGS)),
    text=st.one_of(
        st.text(max_size=20),
        st.text("0123456789.%, -", max_size=8),
        st.lists(st.sampled_from("mon tue sunday - , 5 %".split()), max_size=5).map("".join),
    ),
)
def test_whatever_is_accepted_can_be_used_and_reads_back_the_same(key, text):
    try:
        kept = read_setting(key, text)
    except BadInput:
        return
    settings = Settings({key: kept})
    assert read_setting(key, kept) == kept
    assert settings[key] == kept
    assert settings.workdays.days
    assert settings.portion >= 1
    assert 0 < settings.target <= 10_000

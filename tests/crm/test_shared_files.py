"""Small files with a fault each, as seen in real exports, and six deals in the form of other
programs: what is taken of each without a word about how to read it. The files lie beside this
checkout."""

import os
from collections import Counter

import pytest

from conftest import DATA

FOLDER = DATA / "import"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the files are not there")

# By file: of each loss the day, the amount and currency, the prospect and the words of its reason.
TRUTH = {
    "01_currency_text.csv": [("2026-02-10", "500.00 USD", "Acme", None)],
    "02_taken_for_pipedrive.csv": [("2026-02-10", "500.00 USD", "Acme", "Price")],
    "03_taken_for_salesforce.csv": [("2026-02-10", "500.00 USD", "Acme", "Price")],
    "04_stage_beats_status.csv": [("2026-02-10", "500.00 USD", "Acme", "Price")],
    "05_bitrix24.csv": [("2026-02-10", "500.00 USD", "Acme roof", None)],
    "06_trailing_comma.csv": [("2026-02-10", "500.00 USD", "Acme", None)],
    "07_account_revenue.csv": [("2026-02-10", "47160.00 USD", "Acme", None)],
    "08_na_and_noise.csv": [
        ("2026-02-10", None, "Acme", None),
        ("2026-02-12", "1834974.00 USD", "Gamma", None),
        ("2026-02-13", None, "Delta", None),
    ],
    "09a_closed_text.csv": [("2026-02-10", "500.00 USD", "1", None)],
    "09b_modified_wins.csv": [("2026-02-10", None, "Acme", None)],
    "09c_amocrm.csv": [("2026-02-10", None, "1", None)],
    "10_snake_reasons.csv": [
        ("2026-02-10", None, "Acme", "no_budget"),
        ("2026-02-11", None, "Beta", "PRICE_TOO_HIGH"),
        ("2026-02-12", None, "Gamma", "chose_competitor"),
    ],
    "11_amount_currency.csv": [("2026-02-10", "500.00 EUR", "Acme", None)],
    "13_month_only.csv": [("2024-10-31", None, "Acme", None)],
    "14_amount_not_found.csv": [("2026-02-10", "500.00 USD", "Acme", None)],
    "15_zoho_default_reasons.csv": [
        ("2026-02-10", None, "A", "Lack of response"),
        ("2026-02-10", None, "B", "Future Interest"),
        ("2026-02-10", None, "C", "Expectation Mismatch"),
        ("2026-02-10", None, "D", "Missed Follow Ups"),
    ],
    "16a.csv": [("2026-02-10", "500.00 USD", "Acme", None)],
    "16b_one_more_column.csv": [("2026-02-10", "500.00 USD", "Acme", None)],
}
# The two lost deals of every program: their currency, prospects and words.
VENDORS = {
    "amocrm_ru": ("RUB", "Alpha GmbH", "Beta Ltd", "Слишком дорого", "Выбрали других"),
    "dynamics_de": ("EUR", "Alpha GmbH", "Beta Ltd", "Zu teuer", "Ausverkauft"),
    "erpnext": ("USD", "Alpha GmbH", "Beta Ltd", "Price too high", "Went with a competitor"),
    "highlevel": (
        "USD",
        "Alpha rollout",
        "Beta upgrade",
        "Price too high",
        "Went with a competitor",
    ),
    "monday_board": ("USD", "Alpha GmbH", "Beta Ltd", "Price too high", "Went with a competitor"),
    "pipedrive_de": ("EUR", "Alpha GmbH", "Beta Ltd", "Preis", "Wettbewerber"),
    "suitecrm": ("USD", "Alpha GmbH", "Beta Ltd", None, None),
    "zendesk_sell": ("USD", "Alpha GmbH", "Beta Ltd", "Price too high", "Went with a competitor"),
}
for _vendor, (_currency, _one, _two, _why, _reason) in VENDORS.items():
    _second = "5500.00" if _vendor == "amocrm_ru" else "5500.50"
    TRUTH[f"vendor_{_vendor}.csv"] = [
        ("2026-02-10", f"12000.00 {_currency}", _one, _why),
        ("2026-03-04", f"{_second} {_currency}", _two, _reason),
    ]


@pytest.fixture(params=TRUTH)
def name(request):
    return request.param


@pytest.fixture
def losses(run):
    """Return what is kept of all losses, the earliest first."""

    def losses():
        found = [
            (
                one["lost_on"],
                f"{one['amount']} {one['currency']}" if one["amount"] else None,
                one["prospect"],
                (one["guess"] or {}).get("words"),
            )
            for one in run("list --json").json["losses"]
        ]
        return sorted(found, key=lambda loss: (loss[0], loss[2]))

    return losses


def test_every_file_has_its_truth():
    assert {path.name for path in FOLDER.glob("*.csv")} == {*TRUTH, "12_no_date_column.csv"}


def test_the_losses_of_a_file_are_taken_as_they_are(run, name, losses):
    run(["import", str(FOLDER / name)])
    assert losses() == TRUTH[name]


def test_a_file_again_adds_and_changes_nothing(run, name):
    run(["import", str(FOLDER / name)])
    again = run(["import", str(FOLDER / name), "--json"]).json["import"]
    assert (again["added"], again["updated"], again["duplicates"]) == (0, 0, len(TRUTH[name]))


def test_a_row_without_a_day_is_named_and_a_way_out_offered(run):
    said = run(["import", str(FOLDER / "08_na_and_noise.csv")]).out
    assert "line 3: no day of the loss" in said
    assert "--undated DATE" in said
    assert 'amount left empty in 1, below zero: line 5 "-23.59"' in said


def test_a_file_without_any_day_or_state_says_the_command_that_takes_it(run, refuses, losses):
    path = FOLDER / "12_no_date_column.csv"
    said = refuses(["import", str(path)], 2)
    command = f"import {path} --lost-when all --undated 2026-11-24"
    assert f"import {path.name}" in said.replace(f"{FOLDER}{os.sep}", "")
    assert "--lost-when all --undated 2026-11-24" in said
    run(command)
    assert losses() == [("2026-11-24", None, "Acme", "Price")]


def test_the_same_deals_with_one_more_column_add_nothing(run):
    run(["import", str(FOLDER / "16a.csv")])
    found = run(["import", str(FOLDER / "16b_one_more_column.csv"), "--json"]).json["import"]
    assert (found["added"], found["updated"], found["duplicates"]) == (0, 0, 1)


def test_what_was_not_sure_is_said(run):
    said = run(["import", str(FOLDER / "vendor_zendesk_sell.csv")]).out
    assert 'Lost on "last_stage_change_at": the day on which the stage last changed.' in said
    assert "lost_on could also be updated_at or estimated_close_date" in said
    said = run(["import", str(FOLDER / "03_taken_for_salesforce.csv")]).out
    assert "an expected day, since there isn't another." in said


def test_all_files_at_once_double_nothing_but_what_they_share(run, losses):
    for name in TRUTH:
        run(["import", str(FOLDER / name)])
    kept = losses()
    assert Counter(kept)["2026-02-10", "500.00 USD", "Acme", "Price"] == 1

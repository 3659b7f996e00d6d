"""`config`: making lostsale one's own."""

import os

import pytest

DEFAULTS = {
    "currency": "USD",
    "target-rate": "5%",
    "portion": "20",
    "workdays": "mon,tue,wed,thu,fri",
    "date-order": "",
    "decimal": "",
    "name": "",
}


def test_all_settings_have_a_default(run, db):
    assert DEFAULTS.items() <= run("config --json").json["settings"].items()
    assert not db.exists()


def test_all_settings_are_shown_with_their_meaning(run):
    *lines, where = run("config").lines
    assert where == f"Your journal is kept in {os.environ['LOSTSALE_DB']}"
    assert [line.split("\t")[:2] for line in lines][:2] == [
        ["currency", "USD"],
        ["target-rate", "5%"],
    ]
    assert all(line.split("\t")[2] for line in lines)


@pytest.mark.parametrize(
    ("key", "text", "kept"),
    [
        ("currency", "eur", "EUR"),
        ("target-rate", "7.5", "7.5%"),
        ("target-rate", "7%", "7%"),
        ("portion", "12", "12"),
        ("workdays", "mon-sat", "mon,tue,wed,thu,fri,sat"),
        ("workdays", "sun-thu", "mon,tue,wed,thu,sun"),
        ("workdays", "mon tue sat", "mon,tue,sat"),
        ("workdays", "Monday,Friday", "mon,fri"),
        ("date-order", "DMY", "dmy"),
        ("decimal", ",", ","),
        ("name", "Jo Stern", "Jo Stern"),
    ],
)
def test_a_setting_is_changed_and_kept(run, key, text, kept):
    assert run(f"config {key} {text} --json").json == {"schema": 1, "settings": {key: kept}}
    assert run("config --json").json["settings"][key] == kept


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("currency", "XXY"),
        ("currency", "dollars"),
        ("target-rate", "0"),
        ("target-rate", "101"),
        ("target-rate", "five"),
        ("portion", "0"),
        ("portion", "-1"),
        ("portion", "many"),
        ("workdays", "someday"),
        ("workdays", "mon/tue"),
        ("date-order", "ymd"),
        ("decimal", ";"),
        ("colour", "red"),
    ],
)
def test_what_a_setting_can_not_be_is_refused(run, refuses, key, text):
    run("log Acme")
    refuses(["config", key, text], 2)


def test_a_setting_is_named_by_its_beginning(run):
    assert run("config port --json").json["settings"] == {"portion": "20"}


def test_an_unknown_setting_names_the_nearest(refuses):
    assert "Did you mean portion" in refuses("config portin", 2)


def test_an_ambiguous_beginning_is_refused(refuses):
    refuses("config d", 2)


def test_empty_goes_back_to_the_default(run):
    run("config currency EUR")
    run("config currency ''")
    assert run("config currency --json").json["settings"] == {"currency": "USD"}


def test_a_setting_can_be_undone(run):
    run("config currency EUR")
    run("config currency GBP")
    run("undo")
    assert run("config currency --json").json["settings"] == {"currency": "EUR"}


def test_the_currency_is_that_of_amounts_that_name_none(run, loss):
    run("config currency EUR")
    run("log Acme 12k")
    assert loss()["currency"] == "EUR"


def test_a_new_currency_leaves_old_amounts(run, loss):
    run("log Acme 12k")
    run("config currency EUR")
    assert loss()["currency"] == "USD"


@pytest.mark.parametrize(("sign", "amount"), [(",", "1234.00"), (".", "1.23")])
def test_the_decimal_sign_settles_an_ambiguous_amount(run, loss, sign, amount):
    run(f"config decimal {sign}")
    run(["log", "Acme", "1.234" if sign == "," else "1.23"])
    assert loss()["amount"] == amount


@pytest.mark.parametrize(("order", "day"), [("mdy", "2026-03-04"), ("dmy", "2026-04-03")])
def test_the_date_order_settles_an_ambiguous_date(run, loss, order, day):
    run(f"config date-order {order}")
    run("log Acme --on 03/04/2026")
    assert loss()["lost_on"] == day


@pytest.mark.parametrize(
    ("settled", "lost", "next_", "spoken"),
    [
        ("date-order mdy", "Tue, Nov 24, 2026", "Tue, Dec 1 at 10 am", "Tuesday, December 1 at 10"),
        ("currency USD", "Tue, Nov 24, 2026", "Tue, Dec 1 at 10 am", "Tuesday, December 1 at 10"),
        ("date-order dmy", "Tue 24 Nov 2026", "Tue 1 Dec at 10:00", "Tuesday 1 December at 10"),
        ("currency EUR", "Tue 24 Nov 2026", "Tue 1 Dec at 10:00", "Tuesday 1 December at 10"),
        ("date-order ''", "Tue 24 Nov 2026", "Tue 1 Dec at 10:00", "Tuesday, December 1 at 10"),
    ],
)
def test_days_are_shown_and_spoken_in_the_order_they_are_read_in(
    run, tmp_path, settled, lost, next_, spoken
):
    run(f"config {settled}")
    assert lost in run("log Acme --again 2028-06-01").out
    assert f"meet, {next_}" in run("meet 1 tuesday 10am").out
    assert lost in run("show 1").out
    assert next_.partition(" at")[0] in run("due").out
    assert spoken in run("script meet 1").out
    shown = "Nov 24" if "," in lost else "24 Nov"
    assert f"2026 through {shown} " in run("stats").out
    run(f"stats --save {tmp_path / 'page.html'}")
    on_page = "24 November 2026" if "," not in spoken else "November 24, 2026"
    assert on_page in (tmp_path / "page.html").read_text(encoding="utf-8")
    run("won 1")
    assert f"on {lost}" in run("won 1", code=1).err


def test_the_working_days_move_the_plan(run, loss):
    run("config workdays mon-sat")
    run("log Acme", today="2026-11-27")  # a Friday
    assert loss()["next"]["on"] == "2026-11-28"


def test_the_target_is_the_goal_of_stats(run):
    run("config target-rate 10")
    for name in range(20):
        run(f"log A{name}")
    assert run("stats --json").json["stats"]["target"] == {"rate": 0.1, "wins": 2, "to_go": 2}

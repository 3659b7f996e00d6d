"""What other programs see: the views of losses and of what is due, read with SQLite alone."""

import json
import shutil
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest

from journal.test_migrations import fill_as_of_old, journal_of_schema
from lostsale.journal.file import SCHEMA
from lostsale.journal.store import Store
from lostsale.screen.text import DO

LOSSES = (
    *("number", "prospect", "contact", "phone", "email", "product", "amount", "currency"),
    *("lost_on", "outcome", "lost_to", "stage", "said", "said_in_their_words", "real_reason"),
    *("real_reason_in_their_words", "told_or_heard", "asked_on", "your_guess"),
    *("your_guess_in_words", "way_in", "lesson", "note", "again_on", "again_what"),
    *("contacts", "last_contact", "won_on"),
    *("won_amount", "won_currency", "rested_on", "imported_from", "record"),
)
DUE = (
    *("due_on", "at", "do", "number", "prospect", "contact", "phone", "email", "amount"),
    *("currency", "said", "real_reason", "way_in", "lost_on", "until"),
)


def read(path, query):
    """Return what a program that knows nothing of lostsale reads, as dicts."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as opened:
        opened.row_factory = sqlite3.Row
        return [dict(row) for row in opened.execute(query)]


@pytest.fixture
def losses(db):
    """Return a loss as the view has it: `losses(1)`."""
    return lambda number=1: read(db, f"SELECT * FROM losses_readable WHERE number = {number}")[0]


@pytest.fixture
def due(db):
    """Return all rows of what is due, or those of a day."""

    def due(day=None):
        which = f" WHERE '{day}' >= due_on AND '{day}' < until" if day else ""
        return read(db, f"SELECT * FROM due_readable{which}")

    return due


def test_a_loss_is_shown_by_plain_names_with_a_decimal_amount(run, losses):
    run(
        "log Acme 12000.50 --on 2026-11-20 --contact 'Ana 555-0134 a@b.c' --product tiles"
        " --said 'budget: not this year' --lost-to Kyolab --way-in 'a lease' --lesson ask"
        " --guess 'price-value: too dear'"
    )
    run("why 1 --heard 'too-slow: we had ordered' --also thanks")
    run("won 1 9500 --note lease")
    found = losses()
    assert tuple(found) == LOSSES
    assert found == dict.fromkeys(LOSSES) | {
        "number": 1,
        "prospect": "Acme",
        "contact": "Ana",
        "phone": "555-0134",
        "email": "a@b.c",
        "product": "tiles",
        "amount": 12000.5,
        "currency": "USD",
        "lost_on": "2026-11-20",
        "outcome": "competitor",
        "lost_to": "Kyolab",
        "said": "budget",
        "said_in_their_words": "not this year",
        "real_reason": "too-slow",
        "real_reason_in_their_words": "we had ordered",
        "told_or_heard": "heard",
        "your_guess": "price-value",
        "your_guess_in_words": "too dear",
        "way_in": "a lease",
        "lesson": "ask",
        "contacts": 2,  # why, and the card
        "last_contact": "2026-11-24",
        "won_on": "2026-11-24",
        "won_amount": 9500.0,
        "won_currency": "USD",
        "asked_on": found["asked_on"],
    }


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12000", "USD", 12000.0),
        ("0.07EUR", "EUR", 0.07),
        ("1234567JPY", "JPY", 1234567.0),
        ("500KRW", "KRW", 500.0),
        ("12.345KWD", "KWD", 12.345),
        ("0.005BHD", "BHD", 0.005),
    ],
)
def test_an_amount_is_in_units_of_its_currency(run, losses, due, typed, currency, amount):
    run("config decimal .")
    run(f"log Acme {typed}")
    assert (losses()["amount"], losses()["currency"]) == (amount, currency)
    assert (due()[0]["amount"], due()[0]["currency"]) == (amount, currency)
    run("won 1")
    assert (losses()["won_amount"], losses()["won_currency"]) == (amount, currency)
    run("edit 1 --amount ''")
    assert losses()["amount"] is None


def test_a_win_in_another_currency_is_shown_in_its_own_units(run, losses):
    run("log Acme 5000JPY")
    run("won 1 12.5KWD")
    found = losses()
    assert (found["amount"], found["currency"]) == (5000.0, "JPY")
    assert (found["won_amount"], found["won_currency"]) == (12.5, "KWD")


def test_every_currency_has_the_units_that_lostsale_gives_it(run, db):
    from lostsale.domain.money import Money

    run("log Acme 1")
    with closing(sqlite3.connect(db)) as opened:
        for currency in sorted(CURRENCIES):
            opened.execute("UPDATE losses SET amount = 123456, currency = ?", (currency,))
            (shown,) = opened.execute("SELECT amount FROM losses_readable").fetchone()
            assert shown == float(Money(123456, currency).decimal()), currency


CURRENCIES = (
    "AED AUD BHD BIF BRL CAD CHF CLP CNY DJF EUR GBP GNF HUF INR IQD ISK JOD JPY KMF KRW KWD LYD"
    " MXN OMR PLN PYG RWF TND UGX USD VND VUV XAF XOF XPF ZAR"
).split()


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("", "unknown"),
        ("--lost-to nobody", "no-decision"),
        ("--lost-to Kyolab", "competitor"),
        ("--outcome mistake", "mistake"),
    ],
)
def test_the_outcome_is_what_lostsale_says_it_is(run, losses, loss, typed, outcome):
    run(f"log Acme {typed}")
    assert losses()["outcome"] == outcome == loss()["outcome"]


@pytest.mark.parametrize("day", ["2026-11-25", "2026-12-04", "2026-12-21", "2027-02-24"])
def test_what_is_due_on_a_day_is_what_the_list_has(run, due, day):
    for line in (
        "log Late 1k --next 2026-12-20",
        "log Won 1k",
        "log Rest 1k",
        "log Wrong 1k",
        "log Soon 2k --next 2026-11-25",
        "log Met 3k",
        "won 2",
        "move-on 3",
        "edit 4 --outcome mistake",
        "meet 6 2026-11-25 10am --where here",
    ):
        run(line)
    run("log Renewed --again 2027-03-20")
    listed = run("due --all --json", today=day).json["due"]
    rows = due(day)
    assert tuple(rows[0]) == DUE
    assert [row["due_on"] for row in rows] == sorted(row["due_on"] for row in rows)
    assert {(row["number"], row["at"], row["do"]) for row in rows} == {
        (loss["number"], loss["next"]["time"], DO[loss["next"]["kind"]]) for loss in listed
    }
    assert len(rows) == len(listed) > 0


def test_each_kind_of_step_has_a_name(run, due):
    run("log Acme 12k")
    shown = []
    for _ in range(12):
        rows = due()
        if not rows:
            break
        shown.append(rows[0]["do"])
        run("done 1", today=rows[0]["due_on"])
    assert None not in shown
    assert {"ask why", "send card", "get a referral", "call"} <= set(shown)


def test_a_renamed_reason_is_shown_by_its_name_of_today(run, losses, due, loss):
    run("log Acme --said budget --guess too-slow --real no-access")
    run("reasons rename no-access never-met-them")
    run("reasons rename budget no-budget")
    run("reasons rename too-slow late")
    assert losses()["real_reason"] == due()[0]["real_reason"] == loss()["real"]["code"]
    assert losses()["said"] == due()[0]["said"] == "no-budget"
    assert losses()["your_guess"] == loss()["guess"]["code"] == "late"


def test_a_reason_is_shown_by_its_name_of_today_however_often_it_was_renamed(
    run, losses, due, loss
):
    run("log Acme --real no-access --guess other")
    names = ["no-access", *(f"never-{'x' * n}" for n in range(1, 27))]
    for before, after in pairwise(names):
        run(f"reasons rename {before} {after} --yes")
    assert loss()["real"]["code"] == names[-1]
    assert losses()["real_reason"] == due()[0]["real_reason"] == names[-1]
    run("undo 3")
    assert losses()["real_reason"] == due()[0]["real_reason"] == loss()["real"]["code"] == names[-4]


def test_a_reason_that_was_renamed_twice_is_shown_by_its_name_of_today(run, losses, due, loss):
    run("log Acme --real no-access")
    run("reasons rename no-access never-met")
    run("reasons rename never-met never-met-them")
    assert loss()["real"]["code"] == "never-met-them"
    assert losses()["real_reason"] == due()[0]["real_reason"] == "never-met-them"


def test_words_that_were_given_a_reason_are_shown_under_it(run, losses, loss):
    run("log Acme --guess 'Zu teuer'")
    run("reasons alias 'Zu teuer' price-value")
    assert loss()["guess"]["code"] == "price-value"
    assert losses()["your_guess"] == "price-value"


def test_all_text_is_shown_to_the_letter(run, losses):
    run(["log", "<b>[/] Evil$(x)\x1b[31m", "--note", "=1+1"])
    assert losses()["prospect"] == "<b>[/] Evil$(x)\x1b[31m"


@pytest.mark.parametrize("version", range(1, SCHEMA))
def test_22_an_upgrade_with_rows_keeps_all_and_gives_the_views(run, db, tmp_path, version):
    run("log Acme 12kJPY --said budget --also thanks --contact 'Ana 555-0134'")
    run("referral 1 'Bea Kim 555-0177'")
    run("log Bolt 5KWD --lost-to nobody")
    run("log Corvo")
    run("undo")
    run("won 2 4.5KWD")
    run("config currency EUR")
    run("reasons rename budget no-budget")
    run(["export", str(tmp_path / "before.json")])
    rows = {view: read(db, f"SELECT * FROM {view}") for view in ("losses_readable", "due_readable")}
    old = tmp_path / "old.db"
    journal_of_schema(old, version)
    fill_as_of_old(old, db)
    db.unlink()
    shutil.copyfile(old, db)
    run(["export", str(tmp_path / "after.json")])
    kept = [json.loads((tmp_path / f"{when}.json").read_text()) for when in ("before", "after")]
    assert kept[0] == kept[1]
    for view, before in rows.items():
        assert read(db, f"SELECT * FROM {view}") == before
    assert "all intact" in run("verify").out
    with closing(sqlite3.connect(db)) as opened:
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        objects = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '_sqlite_mig%'"
        upgraded = set(opened.execute(objects))
    Store.make(tmp_path / "new.db").close()
    with closing(sqlite3.connect(tmp_path / "new.db")) as opened:
        assert set(opened.execute(objects)) == upgraded
    assert run("log Dent --json").json["loss"]["number"] == 4  # 3 was undone

"""Taking in what another program knows: known again, brought up to date, linked to what was logged
by hand, undone. The deals are synthetic."""

import hashlib
import json
import random
import shlex
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import pytest

from lostsale.cli import run as run_cli
from lostsale.domain.loss import Loss, Source
from lostsale.domain.money import Money
from lostsale.domain.plan import DEFAULT, Plan
from lostsale.domain.reasons import Code, Reason
from lostsale.domain.workdays import Workdays
from lostsale.errors import BadInput
from lostsale.journal import changes
from lostsale.journal.intake import FollowUp, take_in
from lostsale.journal.store import Store

TODAY = date(2026, 11, 24)  # a Tuesday
TABLES = ("losses", "contacts", "referrals", "settings", "reasons")


def deal(record, prospect="Acme", on="2026-11-20", **parts):
    """A lost deal as a program tells it."""
    uid = hashlib.sha256(f"CRM {record}".encode()).hexdigest()[:24]
    source = Source("CRM", str(record))
    return Loss(None, uid, prospect, date.fromisoformat(on), source=source, **parts)


def found(code, words):
    """A reason as it is found in a program's words."""
    return Reason(code, words, found=True)


def usd(whole):
    return Money(whole * 100, "USD")


@pytest.fixture
def take(db):
    """Take deals into the journal; return (added, updated, duplicates, linked)."""

    def take(*deals, follow_up=None, keep=True, path=db):
        with closing(Store.make(path)) as journal:
            done = take_in(journal, deals, follow_up, keep=keep)
        return done.added, done.updated, done.duplicates, done.linked

    return take


@pytest.fixture
def listed(run):
    """Return all losses by their numbers."""
    return lambda: {one["number"]: one for one in run("list --json").json["losses"]}


def rows(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def contents(path):
    """All that the tables hold, but for the numbers, which belong to the file."""
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table in TABLES:
            kept = map(dict, connection.execute(f"SELECT * FROM {table}"))
            found[table] = sorted(
                json.dumps({k: v for k, v in row.items() if k != "number"}) for row in kept
            )
    return found


def refolded(path):
    """The same after every subject's present was folded anew from the changes."""
    with closing(Store.open(path)) as journal:
        journal.connection.execute("BEGIN")
        subjects = journal.connection.execute("SELECT DISTINCT subject FROM changed").fetchall()
        for (subject,) in subjects:
            changes.refold(journal.connection, subject)
        journal.connection.execute("COMMIT")
    return contents(path)


@pytest.fixture
def is_sound(db):
    """Whether the tables are the fold of the changes, and every checksum is right."""

    def is_sound():
        with closing(sqlite3.connect(db)) as connection:
            kept = connection.execute("SELECT id, checksum FROM changes").fetchall()
            right = [changes.checksum(connection, change) for change, _ in kept]
        return right == [checksum for _, checksum in kept] and contents(db) == refolded(db)

    return is_sound


# Known again


def test_new_deals_are_added_and_told_apart_from_those_that_are_there(take):
    assert take(deal(1), deal(2)) == (2, 0, 0, 0)
    assert take(deal(1), deal(2), deal(3)) == (1, 0, 2, 0)
    assert take(deal(1), deal(2), deal(3)) == (0, 0, 3, 0)


def test_taking_the_same_in_again_writes_nothing(take, db):
    take(deal(1, money=usd(5)), deal(2))
    before = db.read_bytes()
    assert take(deal(1, money=usd(5)), deal(2)) == (0, 0, 2, 0)
    assert db.read_bytes() == before


def test_an_import_is_one_change_by_the_program_and_not_by_hand(take, db):
    take(deal(1), deal(2), deal(3))
    assert rows(db, "SELECT command, by_hand, undoes FROM changes") == [("import", 0, None)]
    assert len(rows(db, "SELECT * FROM changed")) == 3


def test_no_deals_make_no_change(take, db):
    assert take() == (0, 0, 0, 0)
    assert rows(db, "SELECT * FROM changes") == []


def test_the_numbers_follow_the_day_of_the_loss_and_then_the_file(take, run, listed):
    run("log Bolt")
    days = {4: "2026-03-01", 5: "2025-01-01", 6: "2026-03-01", 7: "2026-02-28"}
    take(*(deal(record, f"P{record}", day) for record, day in days.items()))
    found = {number: one["prospect"] for number, one in listed().items()}
    assert found == {1: "Bolt", 2: "P5", 3: "P7", 4: "P4", 5: "P6"}


def test_a_record_twice_in_one_go_is_taken_once_as_it_stands_first(take, listed):
    twice = [deal(1, money=usd(5)), deal(2), deal(1, money=usd(6))]
    assert take(*twice) == (2, 0, 1, 0)
    assert take(*twice) == (0, 0, 3, 0)
    assert listed()[1]["amount"] == "5.00"


def test_the_same_record_of_another_program_is_another_deal(take):
    other = deal(1)._replace(uid="another", source=Source("Else", "1"))
    take(deal(1))
    assert take(other) == (1, 0, 0, 0)


def test_all_that_a_program_tells_is_kept(take, loss):
    told = deal(
        1,
        contact="Ana Ruiz",
        email="a@b.c",
        phone="0044 20",
        product="Lathe",
        money=Money(1_200_050, "EUR"),
        stage="Proposal",
        lost_to="Kyolab",
        guess=found("price-value", "too\ndear"),
        note="a 'note' with \"quotes\" and \\ and \u202e",
    )
    take(told)
    kept = loss()
    assert (kept["contact"], kept["email"], kept["phone"]) == ("Ana Ruiz", "a@b.c", "0044 20")
    assert (kept["product"], kept["amount"], kept["currency"]) == ("Lathe", "12000.50", "EUR")
    assert (kept["stage"], kept["lost_to"], kept["outcome"]) == ("Proposal", "Kyolab", "competitor")
    assert kept["guess"] == {"code": "price-value", "words": "too\ndear", "suggested": []}
    assert kept["note"] == told.note
    assert kept["source"] == {"system": "CRM", "record": "1"}
    assert (kept["uid"], kept["lost_on"]) == (told.uid, "2026-11-20")
    assert kept["said"] is kept["real"] is kept["asked_on"] is kept["next"] is None


def test_two_journals_that_take_in_the_same_hold_the_same(take, tmp_path):
    deals = [deal(record, f"P{record}", money=usd(record)) for record in range(50)]
    paths = tmp_path / "one.db", tmp_path / "two.db"
    for path, order in zip(paths, (deals, deals[::-1]), strict=True):
        take(*order, path=path)
    uids = [rows(path, "SELECT uid, prospect, amount FROM losses ORDER BY uid") for path in paths]
    assert uids[0] == uids[1]
    assert len(uids[0]) == 50


# Brought up to date


def test_what_changed_in_the_program_is_brought_up_to_date(take, loss, is_sound):
    take(deal(1, product="Lathe", money=usd(5), guess=found("other", "x")), deal(2))
    news = deal(1, "Acme Ltd", "2026-11-21", product="Mill", guess=found("no-money", "budget"))
    assert take(news, deal(2)) == (0, 1, 1, 0)
    kept = loss()
    assert (kept["prospect"], kept["lost_on"], kept["product"]) == (
        "Acme Ltd",
        "2026-11-21",
        "Mill",
    )
    assert (kept["amount"], kept["currency"]) == (None, None)  # emptied there
    assert kept["guess"] == {"code": "no-money", "words": "budget", "suggested": []}
    assert take(news, deal(2)) == (0, 0, 2, 0)
    assert is_sound()


def test_what_was_changed_by_hand_stays_and_the_rest_follows(take, run, loss, is_sound):
    take(deal(1, product="Lathe", money=usd(5)))
    run("edit 1 --amount 7EUR")
    assert take(deal(1, product="Mill", money=usd(6))) == (0, 1, 0, 0)
    assert (loss()["product"], loss()["amount"], loss()["currency"]) == ("Mill", "7.00", "EUR")
    assert take(deal(1, product="Mill", money=usd(6))) == (0, 0, 1, 0)
    assert is_sound()


def test_what_says_nothing_new_is_left_to_one_statement(take, run, db):
    deals = [deal(n, f"Firm {n}", guess=found("other", "x"), money=usd(5)) for n in range(50)]
    take(*deals)
    counts = []
    for edit in ("config portion 5", "edit 1 --product Mill", "edit 1 --product ''"):
        run(edit)
        seen = []
        with closing(Store.open(db)) as journal:
            journal.connection.set_trace_callback(seen.append)
            assert take_in(journal, deals, keep=True).duplicates == 50
        counts.append(len(seen))
    assert 0 < counts[1] - counts[0] < 10  # of the one loss that was changed by hand
    assert counts[1] == counts[2]
    assert take(*deals[:48], deal(48, "Firm 48"), deals[49]) == (0, 1, 49, 0)


@pytest.mark.parametrize(
    ("edit", "field", "kept"),
    [
        ("--prospect Bolt", "prospect", "Bolt"),
        ("--on 2026-11-02", "lost_on", "2026-11-02"),
        ("--product ''", "product", None),
        ("--amount ''", "amount", None),
        ("--guess too-slow", "guess", {"code": "too-slow", "words": "x", "suggested": []}),
        ("--guess ''", "guess", None),
        ("--lost-to ''", "lost_to", None),
    ],
)
def test_a_field_edited_by_hand_beats_all_later_imports(take, run, loss, edit, field, kept):
    before = {"product": "Lathe", "money": usd(5), "lost_to": "Kyolab"}
    take(deal(1, **before, guess=found("other", "x")))
    run(f"edit 1 {edit}")
    after = {"product": "Mill", "money": usd(6), "lost_to": "Ostra"}
    news = deal(1, "Acme Ltd", "2026-11-19", **after, guess=found("other", "y"))
    take(news)
    assert take(news) == (0, 0, 1, 0)
    assert loss()[field] == kept


def test_what_was_done_about_a_loss_outlives_an_update(take, run, loss, is_sound):
    take(deal(1, product="Lathe"))
    run("touch 1 hello")
    run("why 1 too-slow")
    run("won 1 50 --note lease")
    take(deal(1, product="Mill"))
    kept = loss()
    assert kept["product"] == "Mill"
    assert [entry["note"] for entry in kept["contacts"] if entry["kind"] == "touch"] == ["hello"]
    assert (kept["real"]["code"], kept["won"]["amount"]) == ("too-slow", "50.00")
    assert is_sound()


def test_a_deal_marked_as_a_mistake_does_not_come_back(take, run, loss):
    take(deal(1))
    run("edit 1 --outcome mistake")
    assert take(deal(1, product="Mill")) == (0, 1, 0, 0)
    assert loss()["outcome"] == "mistake"


def test_a_code_that_was_renamed_is_no_news(take, run, db, loss):
    take(deal(1, guess=found("price-value", "Price")))
    run("reasons rename price-value too-costly")
    before = db.read_bytes()
    assert take(deal(1, guess=found("too-costly", "Price"))) == (0, 0, 1, 0)
    assert db.read_bytes() == before
    assert loss()["guess"] == {"code": "too-costly", "words": "Price", "suggested": []}


# Linked to what was logged by hand


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ("log Acme 5", deal(1, money=usd(5))),
        ("log Acme 5", deal(1)),
        ("log Acme", deal(1, money=usd(5))),
        ("log Acme", deal(1)),
        ("log Acme 0", deal(1, money=usd(0))),
        ("log Acme 5EUR", deal(1, money=Money(500, "EUR"))),
        ("log '  aCME '", deal(1)),
        ("log 'Acme  & Sons'", deal(1, "ACME & sons")),
        ("log Straße", deal(1, "STRASSE")),
        ("log Acme --outcome cancelled", deal(1)),
    ],
)
def test_what_fits_a_loss_that_was_logged_is_linked_and_not_doubled(
    run, take, listed, logged, told
):
    run(f"{logged} --on 2026-11-20")
    assert take(told) == (0, 0, 0, 1)
    assert list(listed()) == [1]
    assert listed()[1]["source"] == {"system": "CRM", "record": "1"}
    assert take(told) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        ("log Acme 6", deal(1, money=usd(5))),
        ("log Acme 0", deal(1, money=usd(5))),
        ("log Acme 5EUR", deal(1, money=usd(5))),
        ("log 'Acme Ltd'", deal(1)),
        ("log Ac", deal(1)),
        ("log Acme --outcome mistake", deal(1)),
    ],
)
def test_what_does_not_fit_is_added(run, take, logged, told):
    run(f"{logged} --on 2026-11-20")
    assert take(told) == (1, 0, 0, 0)
    assert take(told) == (0, 0, 1, 0)


@pytest.mark.parametrize(("away", "linked"), [(-8, 0), (-7, 1), (0, 1), (7, 1), (8, 0)])
def test_a_week_to_either_side_fits(run, take, away, linked):
    run("log Acme --on 2026-11-10")
    day = date(2026, 11, 10) + timedelta(away)
    assert take(deal(1, on=str(day))) == (1 - linked, 0, 0, linked)


def test_a_loss_that_is_won_or_at_rest_is_linked_too(run, take, loss):
    for name in ("Acme", "Bolt"):
        run(f"log {name} --on 2026-11-20")
    run("won 1")
    run("move-on 2")
    assert take(deal(1), deal(2, "Bolt")) == (0, 0, 0, 2)
    assert loss(1)["won"]["on"] == loss(2)["rested_on"] == "2026-11-24"


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_the_nearest_is_linked(run, take, loss, order):
    days = ["2026-11-14", "2026-11-19", "2026-11-22"][::order]
    for day in days:
        run(f"log Acme --on {day}")
    assert take(deal(1)) == (0, 0, 0, 1)
    linked = {loss(number)["lost_on"]: loss(number)["source"] for number in (1, 2, 3)}
    assert [day for day, source in linked.items() if source] == ["2026-11-19"]


def test_a_loss_is_linked_to_one_deal_alone(run, take, listed):
    run("log Acme --on 2026-11-20")
    assert take(deal(1), deal(2)) == (1, 0, 0, 1)
    assert len(listed()) == 2
    assert take(deal(1), deal(2)) == (0, 0, 2, 0)


def test_two_deals_are_linked_to_two_losses(run, take, listed):
    run("log Acme --on 2026-11-20")
    run("log Acme --on 2026-11-21")
    assert take(deal(1), deal(2, on="2026-11-21")) == (0, 0, 0, 2)
    assert {one["lost_on"]: one["source"]["record"] for one in listed().values()} == {
        "2026-11-20": "1",
        "2026-11-21": "2",
    }


def test_a_linked_loss_takes_no_second_deal_later(run, take):
    run("log Acme --on 2026-11-20")
    take(deal(1))
    assert take(deal(2)) == (1, 0, 0, 0)


def test_an_imported_loss_is_never_linked_to(take):
    take(deal(1))
    assert take(deal(2)) == (1, 0, 0, 0)


def test_a_link_fills_what_is_empty_and_leaves_what_was_logged(run, take, loss, is_sound):
    run("log acme --on 2026-11-18 --product lathe --guess 'too-slow: late' --contact Ana")
    before = loss()
    told = {"product": "Mill", "money": usd(5), "email": "a@b.c", "stage": "Proposal"}
    take(deal(1, contact="Bea", guess=found("other", "x"), **told))
    news = {
        "amount": "5.00",
        "currency": "USD",
        "email": "a@b.c",
        "stage": "Proposal",
        "source": {"system": "CRM", "record": "1"},
    }
    assert loss() == {**before, **news}
    assert is_sound()


def test_a_linked_loss_follows_the_program_where_the_hand_was_not(run, take, loss):
    run("log Acme --on 2026-11-20 --product lathe")
    take(deal(1, product="Mill", money=usd(5)))
    assert take(deal(1, product="Press", money=usd(6))) == (0, 1, 0, 0)
    assert (loss()["product"], loss()["amount"]) == ("lathe", "6.00")


def test_undoing_an_import_unlinks(run, take, loss, is_sound):
    run("log Acme --on 2026-11-20")
    before = loss()
    take(deal(1, money=usd(5)))
    run("undo")
    assert loss() == before
    assert is_sound()
    assert take(deal(1, money=usd(5))) == (0, 0, 0, 1)


# Undone


def test_undoing_an_import_leaves_what_was_there(run, take, db, is_sound):
    run("log Bolt 7 --on 2026-11-01")
    run("touch 1 hello")
    before = contents(db)
    take(*(deal(record, f"P{record}") for record in range(40)))
    run("undo")
    assert contents(db) == before
    assert is_sound()


def test_an_undone_import_can_be_made_again(run, take, listed, is_sound):
    take(deal(1, money=usd(5)), deal(2))
    before = {one["uid"]: one["amount"] for one in listed().values()}
    run("undo")
    assert listed() == {}
    assert take(deal(1, money=usd(5)), deal(2)) == (2, 0, 0, 0)
    assert {one["uid"]: one["amount"] for one in listed().values()} == before
    assert sorted(listed()) == [3, 4]  # a number is never used again
    assert is_sound()


def test_undoing_an_update_goes_back_to_what_the_program_said_before(run, take, loss, is_sound):
    take(deal(1, product="Lathe", money=usd(5)))
    before = loss()
    take(deal(1, money=usd(6)), deal(2))
    run("undo")
    assert loss() == before
    assert "no loss 2" in run("show 2", code=1).err
    assert take(deal(1, money=usd(6))) == (0, 1, 0, 0)
    assert is_sound()


def test_undoing_all_of_a_long_story_empties_the_journal(run, take, db, is_sound):
    run("log Acme --on 2026-11-20")
    take(deal(1), deal(2, "Bolt", product="Lathe"))
    run("edit 2 --product Saw")
    run("touch 2 hello")
    take(deal(1, money=usd(5)), deal(2, "Bolt", product="Mill"), deal(3, "Cord"))
    run("won 3")
    assert is_sound()
    for _ in range(6):
        run("undo")
        assert is_sound()
    assert not any(contents(db).values())
    assert "nothing to undo" in run("undo", code=1).err


# Said what would come of it


def test_what_is_not_to_be_kept_is_told_and_nothing_is_written(run, take, db):
    run("log Acme --on 2026-11-20")
    take(deal(2, "Bolt"), deal(3, "Cord"))
    before = db.read_bytes()
    told = (deal(1), deal(2, "Bolt", product="Mill"), deal(3, "Cord"), deal(4), deal(4))
    assert take(*told, keep=False) == (1, 1, 2, 1)
    assert db.read_bytes() == before
    assert take(*told) == (1, 1, 2, 1)


# All or nothing


@pytest.mark.parametrize(
    "bad",
    [
        deal(3, note="a\0b"),
        deal(3, note="x" * (1024 * 1024 + 1)),
        deal(3, product="\ud800"),
    ],
)
def test_a_text_that_can_not_be_kept_takes_the_whole_import_with_it(run, take, db, bad):
    run("log Acme")
    before = db.read_bytes()
    with pytest.raises(BadInput):
        take(deal(1), deal(2), bad, deal(4))
    assert db.read_bytes() == before
    assert take(deal(1, "Bolt"), deal(2, "Bolt")) == (2, 0, 0, 0)


def test_a_change_of_new_losses_has_no_nulls_whatever_their_texts_are(take, db, is_sound):
    tricky = [',"note":null', "x\\", '","note":null,"', ",", '"', "null", ',"product":null}']
    parts = [{"note": text, "product": text} for text in tricky]
    take(*(deal(n, **part) for n, part in enumerate([*parts, {"note": ","}, {"product": '"'}, {}])))
    kept = [json.loads(value) for (value,) in rows(db, "SELECT value FROM changed ORDER BY row")]
    told = [{key: one[key] for key in ("note", "product") if key in one} for one in kept]
    assert sorted(map(str, told)) == sorted(map(str, [*parts, {"note": ","}, {"product": '"'}, {}]))
    assert is_sound()


def test_new_losses_are_written_in_the_order_of_the_checksum_and_not_sorted_for_it(db, is_sound):
    seen = []
    with closing(Store.make(db)) as journal:
        journal.connection.set_trace_callback(seen.append)
        take_in(journal, map(deal, range(50)), keep=True)
        take_in(journal, map(deal, range(100)), reasons=[Code("x", "real")], keep=True)
    asked = [one for one in seen if one.startswith("SELECT subject, kind, row, value")]
    assert [one.rpartition("ORDER BY ")[2] for one in asked] == [
        "rowid",
        "subject, kind, row, value",  # with what isn't a loss
    ]
    assert is_sound()


def test_what_goes_wrong_while_deals_are_read_takes_none(db):
    def broken():
        yield deal(1)
        raise KeyboardInterrupt

    with closing(Store.make(db)) as journal:
        with pytest.raises(KeyboardInterrupt):
            take_in(journal, broken(), keep=True)
        assert take_in(journal, [deal(1)], keep=True).added == 1


# The first steps, where they are asked for


@pytest.fixture
def steps(listed):
    """Return the day of each open step by the record of its loss."""
    return lambda: {
        one["source"]["record"]: (one["next"]["kind"], one["next"]["on"])
        for one in listed().values()
        if one["next"] and one["source"]
    }


def portions(size, today=TODAY, workdays=Workdays()):  # noqa: B008 - a plain tuple
    return FollowUp(Plan(DEFAULT, workdays), today, size)


def test_an_imported_loss_has_no_step(take, run, steps):
    take(deal(1), deal(2))
    assert steps() == {}
    assert run("due --all --days 3650 --json").json["due"] == []


def test_first_steps_are_opened_a_portion_a_working_day_the_largest_first(take, steps):
    amounts = [10, 70, None, 30, 60, 20, 50]
    deals = [
        deal(record, f"P{record}", "2026-10-01", money=amount and usd(amount))
        for record, amount in enumerate(amounts)
    ]
    take(*deals, follow_up=portions(2, date(2026, 11, 26)))  # a Thursday
    days = {record: on for record, (_, on) in steps().items()}
    assert days == {
        **dict.fromkeys("14", "2026-11-26"),
        **dict.fromkeys("63", "2026-11-27"),
        **dict.fromkeys("50", "2026-11-30"),
        **dict.fromkeys("2", "2026-12-01"),
    }
    assert {kind for kind, _ in steps().values()} == {"why"}


@pytest.mark.parametrize(
    ("days", "today", "first", "second"),
    [
        ((0, 1, 2, 3, 4), "2026-11-28", "2026-11-30", "2026-12-01"),
        ((0, 3), "2026-11-24", "2026-11-26", "2026-11-30"),
        ((5, 6), "2026-11-24", "2026-11-28", "2026-11-29"),
    ],
)
def test_steps_fall_on_the_users_working_days_alone(take, steps, days, today, first, second):
    deals = (deal(1, "A", "2026-10-01", money=usd(2)), deal(2, "B", "2026-10-01", money=usd(1)))
    take(*deals, follow_up=portions(1, date.fromisoformat(today), Workdays(frozenset(days))))
    assert steps() == {"1": ("why", first), "2": ("why", second)}


def test_equal_amounts_keep_the_order_of_the_file(take, steps):
    deals = [deal(n, f"P{n}", f"2026-10-0{9 - n}", money=usd(5)) for n in range(1, 4)]
    take(*deals, follow_up=portions(1))
    days = [on for _, (_, on) in sorted(steps().items())]
    assert days == ["2026-11-24", "2026-11-25", "2026-11-26"]


def test_amounts_of_other_currencies_are_compared_by_their_units(take, steps):
    deals = [
        deal(1, "A", "2026-10-01", money=Money(900, "USD")),  # 9
        deal(2, "B", "2026-10-01", money=Money(10, "JPY")),  # 10
        deal(3, "C", "2026-10-01", money=Money(8000, "KWD")),  # 8
    ]
    take(*deals, follow_up=portions(1))
    assert [record for record, _ in sorted(steps().items(), key=lambda item: item[1][1])] == [
        "2",
        "1",
        "3",
    ]


def test_no_step_falls_before_its_day_in_the_plan(take, steps):
    take(deal(1, on="2026-11-24"), follow_up=portions(5))
    assert steps() == {"1": ("why", "2026-11-25")}


def test_losses_that_are_there_without_a_step_get_one_later(take, run, steps, is_sound):
    old = (deal(1, "A", "2026-10-01", money=usd(1)), deal(2, "B", "2026-10-01", money=usd(9)))
    take(*old)
    new = deal(3, "C", "2026-10-01", money=usd(5))
    assert take(*old, new, follow_up=portions(1)) == (1, 0, 2, 0)
    assert steps() == {
        "2": ("why", "2026-11-24"),
        "3": ("why", "2026-11-25"),
        "1": ("why", "2026-11-26"),
    }
    assert is_sound()
    run("undo")
    assert steps() == {}
    assert is_sound()


def test_steps_are_not_opened_twice(take, steps, db):
    deals = [deal(n, f"P{n}", "2026-10-01") for n in range(5)]
    take(*deals, follow_up=portions(2))
    before, bytes_ = steps(), db.read_bytes()
    take(*deals, follow_up=portions(2, date(2026, 12, 1)))
    assert steps() == before
    assert db.read_bytes() == bytes_


@pytest.mark.parametrize("end", ["won 1", "move-on 1", "edit 1 --outcome mistake"])
def test_a_loss_that_is_closed_gets_no_step(take, run, db, end):
    take(deal(1, on="2026-10-01"))
    run(end)
    take(deal(1, on="2026-10-01"), follow_up=portions(5))
    assert rows(db, "SELECT next_kind FROM losses") == [(None,)]


def test_a_loss_that_has_a_step_or_is_through_with_the_plan_keeps_it_so(take, run, loss):
    run("log Acme --on 2026-11-20")
    run("log Bolt --on 2026-11-20 --real too-slow --way-in dead --also thanks,referral")
    before = loss(1)["next"]
    assert take(deal(1), deal(2, "Bolt"), follow_up=portions(5)) == (0, 0, 0, 2)
    assert loss(1)["next"] == before
    assert loss(2)["next"] is None


def test_a_step_that_was_opened_can_be_done(take, run, loss):
    take(deal(1, on="2026-10-01"), follow_up=portions(5))
    run("done 1")
    assert (loss()["next"]["kind"], loss()["next"]["on"]) == ("save", "2026-11-26")


def test_what_is_known_already_of_a_loss_is_left_out_of_its_first_step(take, run, loss):
    take(deal(1, on="2026-10-01"))
    run("edit 1 --heard too-slow")
    take(deal(1, on="2026-10-01"), follow_up=portions(5))
    assert loss()["next"]["kind"] == "save"


# Any story at all


@pytest.mark.parametrize("seed", range(8))
def test_after_any_story_the_tables_are_the_fold_and_the_next_import_is_at_rest(
    seed, take, db, is_sound
):
    dice = random.Random(seed)
    story, told = [], []

    def some():
        names = ["Acme", "Bolt", "Cord", "Dorn"]
        return [
            deal(
                record,
                dice.choice(names),
                f"2026-11-{dice.randrange(1, 24):02}",
                product=dice.choice([None, "Lathe", "Mill"]),
                money=dice.choice([None, usd(5), usd(6), Money(700, "EUR")]),
                guess=dice.choice([None, found("other", "x"), found("too-slow", "late")]),
            )
            for record in dice.sample(range(9), 5)
        ]

    for _ in range(14):
        number = dice.randrange(1, 10)
        command = dice.choice(
            [
                *("import", "import", "import", "undo"),
                f"log {dice.choice(['Acme', 'Bolt'])} --on 2026-11-{dice.randrange(1, 24):02}",
                f"edit {number} --amount {dice.choice(['', '8', '9EUR'])!r}",
                f"edit {number} --product saw",
                *(f"touch {number} hello", f"won {number}", f"move-on {number}"),
            ]
        )
        story.append(command)
        if command == "import":
            told = some()
            take(*told, follow_up=dice.choice([None, portions(2)]))
            assert take(*told)[:2] == (0, 0), story
            assert take(*told)[3] == 0, story
        elif db.exists():
            assert run_cli(shlex.split(command)) in {0, 1}, story
        else:
            continue
        assert is_sound(), story

"""All that is known of a loss gets everywhere: into the journal and back, on the screen, into what
is found, and through files. A new field is looked for here without being named."""

import csv
import typing
from datetime import date

import pytest

from lostsale.domain.loss import Loss, new_uid
from lostsale.journal.store import Store

# These hold no text of the user's.
ELSEWHERE = {"uid", "given_outcome", "given_weakness", "logged_at"}
TEXTS = [
    name
    for name, kind in typing.get_type_hints(Loss).items()
    if kind in {str, str | None} and name not in ELSEWHERE
]


@pytest.fixture
def loss(db):
    """A loss with a text in every field that is one."""
    texts = {name: f"the {name.replace('_', ' ')} here" for name in TEXTS}
    loss = Loss(number=None, uid=new_uid(), lost_on=date(2026, 11, 20), **texts)
    journal = Store.make(db)
    with journal.change("log") as change:
        change.save(None, loss)
    journal.close()
    return loss


def shape(found):
    return {name: found["losses"][0][name] for name in TEXTS}


def test_a_field_comes_back_from_the_journal(run, loss):
    assert shape(run("list --json").json) == {name: getattr(loss, name) for name in TEXTS}


@pytest.mark.parametrize("name", TEXTS)
def test_a_field_stands_on_the_screen_of_its_loss(run, loss, name):
    assert getattr(loss, name) in run("show 1").out


@pytest.mark.parametrize("name", TEXTS)
def test_a_field_is_found_and_shown_where_it_is(run, loss, name):
    out = run(["find", *getattr(loss, name).split()]).out
    assert getattr(loss, name) in out


def test_a_field_comes_back_from_an_export(run, loss, tmp_path):
    before = shape(run("list --json").json)
    run(f"export {tmp_path}/losses.json")
    run(f"--db {tmp_path}/other.db import {tmp_path}/losses.json")
    assert (
        shape(run(f"--db {tmp_path}/other.db list --json").json)
        == before
        == {name: getattr(loss, name) for name in TEXTS}
    )


def test_a_field_is_a_column_of_a_csv_export(run, loss, tmp_path):
    run(f"export {tmp_path}/losses.csv")
    (row,) = csv.DictReader((tmp_path / "losses.csv").read_text("utf-8-sig").splitlines())
    assert {name: row[name] for name in TEXTS} == {name: getattr(loss, name) for name in TEXTS}

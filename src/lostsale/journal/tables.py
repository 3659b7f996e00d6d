"""The tables that hold what the changes fold to, and what is in their columns."""

import sqlite3
from typing import Literal

from lostsale.domain.columns import LOSS_FIELDS
from lostsale.later import NamedTuple


class Table(NamedTuple):
    """Where rows of a kind are kept: the key column, the one that names what a row belongs to (its
    loss, else the row itself), the columns but for the key, and the one that every existing row has
    a value in."""

    name: str
    key: str
    subject: Literal["uid", "loss", "key", "code"]
    columns: tuple[str, ...]
    made_by: str


TABLES = {
    "loss": Table(
        "losses",
        "uid",
        "uid",
        # The last is worked out by the fold, so that a name is found however it is written.
        (*(column for field in LOSS_FIELDS for column in field.columns), "prospect_key"),
        "logged_at",
    ),
    "contact": Table(
        "contacts",
        "uid",
        "loss",
        ("loss", "kind", "done_on", "answered", "marked", "note", "at", "place"),
        "loss",
    ),
    "referral": Table(
        "referrals",
        "uid",
        "loss",
        (
            *("loss", "name", "given_on", "phone", "email", "note"),
            *("called_on", "dropped_on", "result", "at", "place"),
        ),
        "loss",
    ),
    "setting": Table("settings", "key", "key", ("value",), "value"),
    "reason": Table("reasons", "code", "code", ("kind", "weakness", "alias_of"), "kind"),
}

Value = str | int | None
Values = dict[str, Value]


def entry_uid(key: str) -> str:
    """Return the uid of an entry, given the key of its row. Two losses may have entries of one uid,
    where one was copied into another journal; then the key of one names its loss, too."""
    return key.partition("/")[0]


# What is raised where a change or a row is so damaged that it can't even be read.
UNREADABLE = (sqlite3.Error, ValueError, LookupError, TypeError, AttributeError, RecursionError)

"""`meet --invite`: an appointment as a file that they can accept."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from conftest import is_private, on_unix
from lostsale.journal import file as journal_file

MEET = "meet 1 tuesday 10am"


@pytest.fixture
def acme(run, tmp_path, monkeypatch):
    """Log a loss that can be invited, and work in an empty folder, whose path is returned."""
    run("log Acme 12k --contact 'Ana Ruiz ana@example.com' --product lease --said budget")
    run("config name 'Jo Smith'")
    run("config email jo@example.com")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(journal_file, "TIMEOUT", 0.1)
    return folder


def invited(path):
    """What icalendar reads in a file: the calendar and its one event."""
    calendar = Calendar.from_ical(path.read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert not event.errors
    return calendar, event


# Written.


def test_the_answer_says_what_to_do_with_it(run, acme):
    assert run(f"{MEET} --invite lease.ics").lines == [
        "1  Acme, Ana Ruiz: an appointment. Next: meet, Tue 1 Dec at 10:00.",
        "Attach lease.ics to an e-mail.",
    ]
    assert [path.name for path in acme.iterdir()] == ["lease.ics"]


def test_a_calendar_reads_all_that_was_agreed(run, acme):
    run(f"{MEET} --minutes 45 --where 'Pier 3, Łódź; 2nd floor' --invite lease.ics")
    calendar, event = invited(acme / "lease.ics")
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event["SUMMARY"] == "Jo Smith and Ana Ruiz: lease"
    assert event["LOCATION"] == "Pier 3, Łódź; 2nd floor"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=45)
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 12, 1, 10).astimezone(UTC)
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        "mailto:jo@example.com",
        "Jo Smith",
    )
    assert event["ATTENDEE"] == "mailto:ana@example.com"
    assert {name: event["ATTENDEE"].params[name] for name in ("CN", "PARTSTAT", "RSVP")} == {
        "CN": "Ana Ruiz",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt) == ("DISPLAY", timedelta(minutes=-15))


def test_their_place_is_yours_to_those_who_are_invited(run, acme):
    run("meet 1 tuesday 10am --where 'their plant' --invite lease.ics")
    assert invited(acme / "lease.ics")[1]["LOCATION"] == "your plant"


def test_it_takes_half_an_hour_if_nothing_is_said(run, acme):
    run(f"{MEET} --invite lease.ics")
    _, event = invited(acme / "lease.ics")
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=30)


def test_without_names_it_has_the_addresses(run, acme):
    run("edit 1 --contact ''")
    run("edit 1 --contact ana@example.com")
    run("config name ''")
    run(f"{MEET} --invite lease.ics")
    _, event = invited(acme / "lease.ics")
    assert event["SUMMARY"] == "jo@example.com and Acme: lease"
    assert not {"CN"} & {*event["ORGANIZER"].params, *event["ATTENDEE"].params}


def test_in_json_nothing_is_said_of_it(run, loss, acme):
    assert run(f"{MEET} --invite lease.ics --json").json == {"schema": 1, "loss": loss()}
    invited(acme / "lease.ics")


def test_only_its_owner_can_read_it(run, acme):
    before = os.umask(0o022)
    try:
        run(f"{MEET} --invite lease.ics")
    finally:
        os.umask(before)
    assert is_private(acme / "lease.ics")


@on_unix("Windows has no files with such names")
@pytest.mark.usefixtures("acme")
def test_a_files_name_is_shown_safely(run):
    out = run(["meet", "1", "tuesday", "10am", "--invite", "a\x1b[2J\n.ics"]).out
    assert out.endswith("Attach a\\u{1b}[2J\\u{a}.ics to an e-mail.\n")


def test_no_line_can_be_smuggled_in(run, acme):
    evil = "x\r\nX-EVIL:1\r\nEND:VEVENT\nX-EVIL:2"
    run(["log", "Evil", "--contact", f"{evil} ana@example.com", "--product", evil])
    run(["config", "name", evil])
    run(["meet", "2", "tuesday", "10am", "--where", evil, "--invite", "lease.ics"])
    _, event = invited(acme / "lease.ics")
    assert event["ATTENDEE"] == "mailto:ana@example.com"
    assert "X-EVIL" not in event
    assert event["LOCATION"] == "x  X-EVIL:1  END:VEVENT X-EVIL:2"


# The same appointment, or another.


@pytest.mark.parametrize(
    ("between", "is_same"),
    [
        ([], True),
        (["touch 1 she asks for another day"], True),
        (["skip 1"], True),
        (["snooze 1 2026-12-03"], True),
        (["done 1 --yes", "undo"], True),
        (["done 1 --yes"], False),
        (["no-answer 1"], False),
    ],
)
def test_a_later_one_takes_its_place_until_it_was_held(run, acme, between, is_same):
    run(f"{MEET} --invite 1.ics")
    for line in between:
        run(line)
    run("meet 1 friday 3pm --invite 2.ics")
    first, second = invited(acme / "1.ics")[1], invited(acme / "2.ics")[1]
    assert (first["UID"] == second["UID"]) is is_same
    assert (first["SEQUENCE"], first["DTSTAMP"].dt) <= (second["SEQUENCE"], second["DTSTAMP"].dt)


def test_two_losses_have_two_appointments(run, acme):
    run("log Acme2 --contact bea@example.com")
    run(f"{MEET} --invite 1.ics")
    run("meet 2 tuesday 10am --invite 2.ics")
    assert invited(acme / "1.ics")[1]["UID"] != invited(acme / "2.ics")[1]["UID"]


# What is refused: no file, and the journal as it was.


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("meet 1 tuesday --invite lease.ics", 2, "needs a time"),
        ("meet 1 yesterday 10am --invite lease.ics", 2, "This date has to be"),
        ("meet 1 whenever --invite lease.ics", 2, "I can't read"),
        (f"{MEET} --minutes 0 --invite lease.ics", 2, "--minutes"),
        (f"{MEET} --minutes 1441 --invite lease.ics", 2, "--minutes"),
        ("meet 7 tuesday 10am --invite lease.ics", 1, "There's no loss 7"),
        pytest.param(
            f"{MEET} --invite /proc/lease.ics", 3, "can't be written", marks=on_unix("no /proc")
        ),
        (f"{MEET} --invite {'x' * 300}.ics", 3, "can't be written"),
        (f"{MEET} --invite .", 2, "--invite"),
        (f"{MEET} --invite lease.txt", 2, "--invite"),
        (f"{MEET} --invite new/lease.ics", 3, "no folder new"),
        (f"{MEET} --invite ''", 2, "--invite"),
        (f"{MEET} --invite ' '", 2, "--invite"),
        (f"{MEET} --invite folder/", 2, "--invite"),
        (f"{MEET} --invite --marked", 2, "--marked"),
        (
            ["meet", "1", "tuesday", "10am", "--where", "\udcff", "--invite", "a.ics"],
            2,
            "isn't UTF-8",
        ),
    ],
)
def test_what_can_not_be_is_refused(refuses, acme, line, code, what):
    assert what in refuses(line, code)
    assert list(acme.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ("edit 1 --contact ''", "There's no e-mail address for 1"),
        ("config email ''", "I don't know your e-mail address"),
        (["edit", "1", "--contact", "a@b.c\r\nX-EVIL:1"], "as an e-mail address"),
        (["edit", "1", "--contact", "a\x1b[2J@b.c"], "as an e-mail address"),
        (["edit", "1", "--contact", "a@b.c?bcc=eve%40x.y"], "as an e-mail address"),
        ("edit 1 --contact a@b.c;CN=Eve", "as an e-mail address"),
    ],
)
def test_without_two_addresses_there_is_none(run, refuses, acme, before, what):
    run(before)
    assert what in refuses(f"{MEET} --invite lease.ics", 2)
    assert list(acme.iterdir()) == []


@pytest.mark.parametrize("text", ["jo", "jo@", "a@b@c", "jo@x y", "jo@b.c\r\nX:1", "j\x1b@b.c"])
def test_no_own_address_is_kept_that_is_none(refuses, text):
    assert "as an e-mail address" in refuses(["config", "email", text], 2)


def test_a_time_that_has_passed_today_is_refused(run, refuses, acme, monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return cls(2026, 11, 24, 15, 30, tzinfo=zone)

    monkeypatch.setattr("lostsale.app.datetime", Clock)
    assert "15:29 has passed today" in refuses("meet 1 15:29 --invite a.ics", 2, today="")
    assert list(acme.iterdir()) == []
    run("meet 1 15:31 --invite a.ics", today="")


@pytest.mark.parametrize("make", ["touch", "mkdir", "symlink_to"])
def test_a_file_that_is_there_stays(refuses, acme, make):
    path = acme / "lease.ics"
    getattr(path, make)(*(["nowhere"] if make == "symlink_to" else []))
    assert "already a file at lease.ics" in refuses(f"{MEET} --invite lease.ics", 3)
    assert [path.name for path in acme.iterdir()] == ["lease.ics"]


@pytest.mark.parametrize("file", ["lease.ics", "new/folder/lease.ics"])
def test_while_the_journal_is_locked_nothing_is_made(db, refuses, acme, file):
    with closing(sqlite3.connect(db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "Another program" in refuses(f"{MEET} --invite {file}", 5)
    assert list(acme.iterdir()) == []


@pytest.mark.parametrize("error", [FileExistsError(17, "File exists"), OSError(5, "I/O error")])
def test_where_it_can_not_appear_at_the_end_the_journal_is_as_it_was(
    refuses, acme, monkeypatch, error
):
    def fails(*_):
        raise error

    monkeypatch.setattr(
        journal_file, "_publish", fails
    )  # another program was quicker; a disk failed
    assert "Nothing was changed" in refuses(f"{MEET} --invite lease.ics", 3)
    assert list(acme.iterdir()) == []


def test_the_last_day_of_the_calendar_is_no_mistake_of_lostsales(run, acme):
    run("meet 1 9998-12-31 10am --invite lease.ics")
    assert "DTSTART" in invited(acme / "lease.ics")[1]


def test_an_invitation_says_where_it_is_as_its_guest_would(run, acme):
    run(["meet", "1", "tuesday 10am w/ CIO at their plant", "--invite", "a.ics"])
    assert "LOCATION:your plant" in (acme / "a.ics").read_text()

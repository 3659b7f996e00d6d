"""Invitations: what other programs read in them, at which moment, whatever the names hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from lostsale.domain.dates import When
from lostsale.domain.loss import Contact, Loss, Real
from lostsale.domain.reasons import Reason
from lostsale.domain.settings import read_email
from lostsale.errors import BadInput
from lostsale.export.calendar import invitation

NOW = datetime(2026, 11, 24, 9, 15, 30, tzinfo=UTC)
ANA = Loss(42, "7f" * 12, "Oakfield Dental", date(2026, 11, 1), "Ana Ruiz", "ana@example.com")
JO = ("Jo Smith", "jo@example.com")
BERLIN, NEW_YORK, HOWE = "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"


def written(loss=ANA, at="2026-12-01 10:00", minutes=None, where=None, organizer=JO, now=NOW):
    day, _, hour = at.partition(" ")
    return invitation(loss, When(date.fromisoformat(day), hour), minutes, where, organizer, now)


def event(raw):
    """The one event of a file in which icalendar finds nothing wrong."""
    calendar = Calendar.from_ical(raw)
    assert [part.errors for part in calendar.walk()] == [[]] * len(calendar.walk())
    (found,) = calendar.walk("VEVENT")
    return found


def lines(raw):
    """The lines of a file, unfolded."""
    return raw.replace(b"\r\n ", b"").decode().split("\r\n")


def properties(raw):
    return [line.partition(":")[0].partition(";")[0] for line in lines(raw)]


# When.


@pytest.mark.parametrize(
    ("name", "at", "minutes", "start"),
    [
        ("UTC", "2026-12-01 10:00", 30, "2026-12-01 10:00"),
        ("UTC", "2026-12-31 23:50", 30, "2026-12-31 23:50"),
        ("Asia/Kolkata", "2026-12-01 10:00", 30, "2026-12-01 04:30"),
        ("Asia/Kolkata", "2027-01-01 00:00", 1440, "2026-12-31 18:30"),
        (BERLIN, "2026-03-28 10:00", 60, "2026-03-28 09:00"),  # before summer time
        (BERLIN, "2026-03-28 23:45", 180, "2026-03-28 22:45"),  # across the change
        (BERLIN, "2026-03-29 01:45", 30, "2026-03-29 00:45"),
        (BERLIN, "2026-03-29 02:30", 30, "2026-03-29 01:30"),  # on no clock: RFC 5545, 3.3.5
        (BERLIN, "2026-03-29 10:00", 60, "2026-03-29 08:00"),
        (BERLIN, "2026-03-30 10:00", 60, "2026-03-30 08:00"),
        (BERLIN, "2026-10-24 10:00", 1440, "2026-10-24 08:00"),  # until 9 o'clock
        (BERLIN, "2026-10-25 00:00", 180, "2026-10-24 22:00"),  # ends in the hour that comes twice
        (BERLIN, "2026-10-25 01:30", 180, "2026-10-24 23:30"),
        (BERLIN, "2026-10-25 02:30", 30, "2026-10-25 00:30"),  # begins and ends in it
        (BERLIN, "2026-10-25 10:00", 60, "2026-10-25 09:00"),
        (BERLIN, "2026-10-26 10:00", 60, "2026-10-26 09:00"),
        (NEW_YORK, "2026-03-07 23:30", 240, "2026-03-08 04:30"),
        (NEW_YORK, "2026-03-08 10:00", 60, "2026-03-08 14:00"),
        (NEW_YORK, "2026-10-31 10:00", 60, "2026-10-31 14:00"),
        (NEW_YORK, "2026-10-31 23:45", 180, "2026-11-01 03:45"),
        (NEW_YORK, "2026-11-01 10:00", 60, "2026-11-01 15:00"),
        (HOWE, "2026-04-04 10:00", 60, "2026-04-03 23:00"),
        (HOWE, "2026-04-05 01:45", 30, "2026-04-04 14:45"),  # half an hour comes twice
        (HOWE, "2026-04-05 10:00", 60, "2026-04-04 23:30"),
        (HOWE, "2026-10-03 23:45", 240, "2026-10-03 13:15"),
        (HOWE, "2026-10-04 10:00", 60, "2026-10-03 23:00"),
        (BERLIN, "2040-07-02 10:00", 60, "2040-07-02 08:00"),
        (BERLIN, "2040-12-03 10:00", 60, "2040-12-03 09:00"),
        (NEW_YORK, "2100-07-05 23:50", 30, "2100-07-06 03:50"),
        (HOWE, "2045-01-02 10:00", 60, "2045-01-01 23:00"),
        (BERLIN, "9998-12-31 10:00", 60, "9998-12-31 09:00"),  # the last day of the calendar
    ],
)
def test_it_begins_and_ends_at_the_right_moment(zone, name, at, minutes, start):
    zone(name)
    raw = written(at=at, minutes=minutes)
    found = event(raw)
    want = datetime.fromisoformat(f"{start}Z")
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (want, want + timedelta(minutes=minutes))


HALVES = [
    ("Europe/Berlin", "20270115T090000Z", "20270715T080000Z"),
    ("America/New_York", "20270115T150000Z", "20270715T140000Z"),
    ("Europe/London", "20270115T100000Z", "20270715T090000Z"),
    ("Australia/Sydney", "20270114T230000Z", "20270715T000000Z"),
    ("CET-1CEST,M3.5.0,M10.5.0/3", "20270115T090000Z", "20270715T080000Z"),  # it has no name
]


@pytest.mark.parametrize(("name", "winter", "summer"), HALVES)
def test_49_whoever_knows_no_zone_reads_the_right_hour_in_both_halves_of_the_year(
    zone, name, winter, summer
):
    zone(name)
    for day, start in (("2027-01-15", winter), ("2027-07-15", summer)):
        raw = lines(written(at=f"{day} 10:00"))
        assert f"DTSTART:{start}" in raw
        assert not [line for line in raw if "TZID" in line or "VTIMEZONE" in line]


# What it says.


def test_the_later_one_takes_the_place_of_the_earlier():
    first, later = event(written()), event(written(now=NOW + timedelta(minutes=1)))
    assert first["UID"] == later["UID"]
    assert first["SEQUENCE"] < later["SEQUENCE"] < 2**31
    soon = event(written(now=NOW + timedelta(seconds=1)))
    assert first["SEQUENCE"] <= soon["SEQUENCE"]
    assert first["DTSTAMP"].dt < soon["DTSTAMP"].dt


def test_after_one_was_held_the_next_is_another():
    held = (Contact("c", "meet", date(2026, 11, 20), True),)
    called = (Contact("c", "touch", date(2026, 11, 20), True),)
    uid = event(written())["UID"]
    assert event(written(ANA._replace(contacts=called)))["UID"] == uid
    assert event(written(ANA._replace(contacts=held)))["UID"] != uid


def test_nothing_of_why_the_sale_was_lost_is_in_it():
    told = Real(date(2026, 11, 2), "too-slow", "SECRET", "told", date(2026, 11, 2))
    held = (Contact("c", "why", date(2026, 11, 2), True, None, "SECRET"),)
    words = dict.fromkeys(["stage", "lost_to", "way_in", "lesson", "note", "phone"], "SECRET")
    said = Reason("budget", "SECRET")
    loss = ANA._replace(**words, said=said, signals=("silence",), real=told, contacts=held)
    raw = written(loss).lower()
    for word in (b"secret", b"budget", b"silence", b"too-slow"):
        assert word not in raw


# Hostile texts (fault 28).

TEXTS = [
    "x\r\nATTENDEE:mailto:eve@example.com",
    "x\nX-EVIL:1\rX-EVIL:2",
    "x\\nX-EVIL:1",
    "x\r\n X\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "a, b; c: d",
    'Ana "Queen" Ruiz',
    "^n ^' ^^",
    "\u202eevil \u2028 \x85",
    "Łódź " * 40,
    "😀" * 50,
    "x\x1b[2J\x07\x7f",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("place", ["contact", "prospect", "product", "where", "name"])
def test_a_text_stays_a_text(place, text):
    plain, asked = ANA._replace(product="p"), {"where": "w"}
    loss = plain._replace(**({place: text} if place in Loss._fields else {}))
    if place == "prospect":
        plain, loss = plain._replace(contact=None), loss._replace(contact=None)
    organizer = (text, JO[1]) if place == "name" else JO
    raw = written(loss, organizer=organizer, **{"where": text} if place == "where" else asked)
    assert properties(raw) == properties(written(plain, **asked))
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert not [sign for sign in raw.replace(b"\r\n", b"") if sign < 32 or sign == 127]
    found = event(raw)
    assert found["ATTENDEE"] == "mailto:ana@example.com"
    assert found["ORGANIZER"] == "mailto:jo@example.com"
    shown = {
        "where": str(found["LOCATION"]),
        "contact": found["ATTENDEE"].params.get("CN"),
        "name": found["ORGANIZER"].params.get("CN"),
    }.get(place, str(found["SUMMARY"]))
    assert "".join(sign if sign.isprintable() else " " for sign in text) in shown


@pytest.mark.parametrize("email", ["ana@example.com", "a.b+c@x-y.example", "o'hara@example.com"])
def test_an_e_mail_is_taken_as_it_is(email):
    assert read_email(email) == email


@pytest.mark.parametrize(
    "email",
    [
        *["", "ana", "@", "a@b@c", "a b@c.d", "a@b.c,d@e.f", "<a@b.c>", '"a"@b.c', "mailto:a@b.c"],
        *["a@b.c\r\nX-EVIL:1", "a@b.c\n", "a@b.c;CN=x", "a@b.c\u2028x"],
        *["a@b.c?bcc=eve%40x.y", "a\x1b[2J@b.c", "a@b.c\x7f", "a\u202e@b.c", "a\udcff@b.c"],
    ],
)
def test_what_is_no_e_mail_is_refused(email):
    with pytest.raises(BadInput, match="as an e-mail address"):
        read_email(email)

"""Invitations: what other programs read in them, at which moment, whatever the names hold."""

import io
import warnings
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
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


def by_name(_, moment):
    return moment.astimezone(UTC)


def by_definition(raw, moment):
    """The moment for a program that knows no zone but the one that the file defines."""
    if b"TZID" not in raw:
        return moment.astimezone(UTC)
    defined = tzical(io.StringIO("\n".join(lines(raw)))).get()
    return moment.replace(tzinfo=defined).astimezone(UTC)


# When.


@pytest.mark.parametrize("reader", [by_name, by_definition])
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
def test_it_begins_and_ends_at_the_right_moment(zone, name, at, minutes, start, reader):
    zone(name)
    raw = written(at=at, minutes=minutes)
    found = event(raw)
    starts = reader(raw, found["DTSTART"].dt)
    ends = reader(raw, found["DTEND"].dt) if "DTEND" in found else starts + found["DURATION"].dt
    want = datetime.fromisoformat(f"{start}Z")
    assert (starts, ends) == (want, want + timedelta(minutes=minutes))


def test_it_names_and_defines_the_zone_of_this_computer(zone):
    zone(BERLIN)
    raw = written()
    assert "DTSTART;TZID=Europe/Berlin:20261201T100000" in lines(raw)
    assert [str(part["TZID"]) for part in Calendar.from_ical(raw).walk("VTIMEZONE")] == [BERLIN]


@pytest.mark.parametrize("name", ["CET-1CEST,M3.5.0,M10.5.0/3", "<+01>-1"])
def test_a_zone_without_a_name_is_written_in_utc(zone, name):
    zone(name)
    assert "DTSTART:20261201T090000Z" in lines(written())


def test_a_computer_with_a_nameless_zone_file_names_none_that_nobody_knows(zone, monkeypatch):
    zone(BERLIN)  # where /etc/localtime is a file and no link, tzlocal says "local"
    with Path(f"/usr/share/zoneinfo/{BERLIN}").open("rb") as file:
        nameless = ZoneInfo.from_file(file, key="local")
    monkeypatch.setattr("lostsale.export.calendar.get_localzone", lambda: nameless)
    raw = written()
    known = [str(part["TZID"]) for part in Calendar.from_ical(raw).walk("VTIMEZONE")]
    (start,) = [line for line in lines(raw) if line.startswith("DTSTART") and "20261201" in line]
    assert start == "DTSTART:20261201T090000Z" or known


def test_a_zone_that_is_not_the_clocks_is_not_taken_and_nothing_is_warned_of(zone, monkeypatch):
    zone(BERLIN)

    def stale():  # as tzlocal does with an old /etc/timezone; pytest makes an error of a warning
        warnings.warn("Timezone offset does not match system offset", stacklevel=1)
        return ZoneInfo("Asia/Kolkata")

    monkeypatch.setattr("lostsale.export.calendar.get_localzone", stale)
    start = event(written())["DTSTART"].dt.astimezone(UTC)
    assert start == datetime(2026, 12, 1, 9, tzinfo=UTC)


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
    with pytest.raises(BadInput, match="is no e-mail"):
        read_email(email)

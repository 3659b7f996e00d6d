"""iCalendar (RFC 5545): invitations to appointments, which the other side can accept (RFC 5546),
and the user's own calendar of open steps.

Prospects read invitations: they say nothing about a lost sale.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from lostsale.domain.dates import When
from lostsale.domain.loss import Loss
from lostsale.domain.seen import seen

USUAL_MINUTES = 30  # of an appointment whose length isn't given
_EPOCH = 1_577_836_800  # 2020: seconds since then fit into iCalendar's integers until 2088
REMINDER = timedelta(minutes=-15)


class Entry(NamedTuple):
    """Something to do on a day, or at a time of it. Imported again with the same `uid`, it replaces
    the earlier one."""

    uid: str
    at: When
    summary: str
    description: str
    minutes: int | None = None
    where: str | None = None


def agenda(entries: Iterable[Entry], now: datetime) -> bytes:
    """Return a calendar of these entries, whose times are of this computer's clock, written
    `now`."""
    calendar = _calendar()
    for entry in entries:
        event = _event(entry.uid, entry.summary, entry.where, now)
        event.add("description", "\n".join(map(_visible, entry.description.split("\n"))))
        event.add("class", "PRIVATE")
        if entry.at.time is None:
            event.add("dtstart", entry.at.day)
            event.add("dtend", entry.at.day + timedelta(1))
            event.add("transp", "TRANSPARENT")  # it takes up no time
        else:
            _set_time(event, entry.at, entry.minutes, entry.summary)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def invitation(
    loss: Loss,
    at: When,
    minutes: int | None,
    where: str | None,
    organizer: tuple[str, str],
    now: datetime,
) -> bytes:
    """Return an invitation to an appointment for the contact of a loss, by this computer's clock,
    written `now`.

    `organizer` is the user's name, which may be empty, and e-mail. Sent again for the same
    appointment, it replaces the earlier one.
    """
    met = sum(entry.kind == "meet" for entry in loss.contacts)
    name, email = organizer
    names = f"{name or email} and {loss.contact or loss.prospect}"
    summary = f"{names}: {loss.product}" if loss.product else names
    if where:  # the user's "their plant" is the reader's own
        where = re.sub(r"^(?:their|his|her)\b", "your", where, flags=re.IGNORECASE)
    event = _event(f"{loss.uid}-{met}", summary, where, now)
    _set_time(event, at, minutes, names)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _person(email, name))
    guest = _person(loss.email or "", loss.contact or "")
    guest.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    event.add("attendee", guest)
    calendar = _calendar()
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//appointments//EN")  # which doesn't call them a lost sale
    calendar.add("version", "2.0")
    return calendar


def _event(uid: str, summary: str, where: str | None, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", int(now.timestamp()) - _EPOCH)  # the later one is the newer one
    event.add("dtstamp", now)
    event.add("summary", _visible(summary))
    if where:
        event.add("location", _visible(where))
    return event


def _set_time(event: Event, at: When, minutes: int | None, reminder: str) -> None:
    # In UTC, which every program reads right: some know nothing of a zone but one of its rules.
    local = datetime.combine(at.day, time.fromisoformat(at.time or "00:00"))
    starts = local.replace(tzinfo=UTC)
    with suppress(OSError):  # Windows knows no clock of the years after 3000
        starts = local.astimezone(UTC)
        if starts.astimezone().replace(tzinfo=None) != local:  # a skipped hour is the next one
            # By fold the one or the other moment, which differs among Pythons.
            starts = max(starts, local.replace(fold=1).astimezone(UTC))
    ends = starts + timedelta(minutes=minutes or USUAL_MINUTES)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _visible(reminder))
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)


def _visible(text: str) -> str:
    """Return a text without invisible and control characters."""
    return seen(text, lambda _: " ")


def _person(email: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{email}")
    if name:
        person.params["CN"] = vText(_visible(name))
    return person

"""iCalendar (RFC 5545): an invitation to an appointment, that the other side can accept (RFC 5546),
and the user's own calendar of what is to be done.

An invitation says nothing of why a sale was lost: it is for the prospect's eyes.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import NamedTuple
from warnings import catch_warnings
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText
from tzlocal import get_localzone

from lostsale.domain.dates import When
from lostsale.domain.loss import Loss

USUAL_MINUTES = 30  # of an appointment of which nothing else is said
_EPOCH = 1_577_836_800  # 2020, so that seconds fit into iCalendar's integers for long
REMINDER = timedelta(minutes=-15)


class Entry(NamedTuple):
    """What is to be done on a day, or at a time of it: `uid` is the same whenever it is written
    anew, so that it takes the place of what was there."""

    uid: str
    at: When
    summary: str
    description: str
    minutes: int | None = None
    where: str | None = None


def agenda(entries: Iterable[Entry], now: datetime) -> bytes:
    """Return a calendar of these entries, in this computer's time zone; `now` is the moment of
    writing."""
    calendar = _calendar()
    days = [now.date()]
    for entry in entries:
        event = _event(entry.uid, entry.summary, entry.where, now)
        event.add("description", "\n".join(map(_plain, entry.description.split("\n"))))
        event.add("class", "PRIVATE")
        if entry.at.time is None:
            event.add("dtstart", entry.at.day)
            event.add("dtend", entry.at.day + timedelta(1))
            event.add("transp", "TRANSPARENT")  # it takes no hour of the day
        else:
            _set_time(event, entry.at, entry.minutes, entry.summary)
        days.append(entry.at.day)
        calendar.add_component(event)
    return _written(calendar, min(days), max(days))


def invitation(
    loss: Loss,
    at: When,
    minutes: int | None,
    where: str | None,
    organizer: tuple[str, str],
    now: datetime,
) -> bytes:
    """Return the invitation of a loss's contact to an appointment, in this computer's time zone.

    `organizer` is the user's name, which may be empty, and e-mail; `now` is the moment of writing.
    Sent again for the same appointment, it takes the place of the former one.
    """
    met = sum(entry.kind == "meet" for entry in loss.contacts)
    name, email = organizer
    names = f"{name or email} and {loss.contact or loss.prospect}"
    summary = f"{names}: {loss.product}" if loss.product else names
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
    return _written(calendar, at.day, at.day)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//appointments//EN")  # it does not call them a lost sale
    calendar.add("version", "2.0")
    return calendar


def _event(uid: str, summary: str, where: str | None, now: datetime) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", int(now.timestamp()) - _EPOCH)  # any later one is the newer
    event.add("dtstamp", now)
    event.add("summary", _plain(summary))
    if where:
        event.add("location", _plain(where))
    return event


def _set_time(event: Event, at: When, minutes: int | None, reminder: str) -> None:
    said = _local(datetime.combine(at.day, time.fromisoformat(at.time or "00:00")))
    starts = said.astimezone(UTC).astimezone(said.tzinfo)  # an hour that is left out is the next
    length = timedelta(minutes=minutes or USUAL_MINUTES)
    ends = (starts.astimezone(UTC) + length).astimezone(starts.tzinfo)
    if ends.fold:  # in the hour that comes twice, which only UTC can tell apart
        starts, ends = starts.astimezone(UTC), ends.astimezone(UTC)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(reminder))
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)


def _written(calendar: Calendar, first: date, last: date) -> bytes:
    # The zone's changes to summer time, of the years around the days.
    start, end = first.year - 1, min(last.year + 2, MAXYEAR)
    calendar.add_missing_timezones(date(start, 1, 1), date(end, 1, 1))
    return bytes(calendar.to_ical())


def _local(moment: datetime) -> datetime:
    """Return a moment of this computer's clock in its time zone, or in UTC where the zone has no
    name that calendars know, or is said to be another than the clock's."""
    logging.getLogger("tzlocal").disabled = True  # what it has to say means nothing to a user
    with suppress(LookupError, OSError, ValueError), catch_warnings(action="ignore"):
        local = moment.replace(tzinfo=ZoneInfo(str(get_localzone())))
        if local.utcoffset() == moment.astimezone().utcoffset():
            return local
    return moment.astimezone(UTC)


def _plain(text: str) -> str:
    """Return a text without what is invisible or steers a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _person(email: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{email}")
    if name:
        person.params["CN"] = vText(_plain(name))
    return person

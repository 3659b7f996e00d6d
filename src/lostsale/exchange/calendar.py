"""iCalendar (RFC 5545): an invitation to an appointment, that the other side can accept (RFC 5546).

It says nothing of why a sale was lost: it is for the prospect's eyes.
"""

from datetime import UTC, datetime, time, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vText
from tzlocal import get_localzone

from lostsale.dates import When
from lostsale.loss import Loss

USUAL_MINUTES = 30  # of an appointment of which nothing else is said
REMINDER = timedelta(minutes=-15)


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
    starts = _local(datetime.combine(at.day, time.fromisoformat(at.time or "00:00")))
    event = Event()
    event.add("uid", f"{loss.uid}-{met}@lostsale")
    event.add("sequence", int(now.timestamp()) // 60)  # any later one is the newer
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    length = timedelta(minutes=minutes or USUAL_MINUTES)
    event.add("dtend", (starts.astimezone(UTC) + length).astimezone(starts.tzinfo))
    names = " and ".join(filter(None, (organizer[0], loss.contact or loss.prospect)))
    event.add("summary", f"{names}: {loss.product}" if loss.product else names)
    if where:
        event.add("location", where)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    event.add("organizer", _person(organizer[1], organizer[0]))
    guest = _person(loss.email or "", loss.contact or "")
    guest.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
    event.add("attendee", guest)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", names)
    alarm.add("trigger", REMINDER)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//lostsale//lostsale//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    calendar.add_component(event)
    year = timedelta(366)  # of the zone's changes to summer time, around the day
    calendar.add_missing_timezones(at.day - year, at.day + year)
    return bytes(calendar.to_ical())


def _local(moment: datetime) -> datetime:
    """Return a moment of this computer's clock with its time zone."""
    try:
        return moment.replace(tzinfo=get_localzone())
    except (LookupError, OSError, ValueError):  # a zone without a name that calendars know
        return moment.astimezone(UTC)


def _person(email: str, name: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{email}")
    if name:
        person.params["CN"] = vText(name)
    return person

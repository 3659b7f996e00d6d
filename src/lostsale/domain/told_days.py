"""The days that a sentence about a lost sale tells: when they said no, when to call again, and when
they decide again."""

import re
from datetime import date, timedelta

from lostsale.domain.cues import Utterance
from lostsale.domain.dates import Asked, When, parts_of_date
from lostsale.domain.dates_in_text import Found, date_at, find_dates
from lostsale.domain.loss import Again
from lostsale.domain.numbers import NTH, in_digits
from lostsale.domain.periods import day_text
from lostsale.domain.workdays import EVERY_DAY

_REACH = 6  # words between "call" and its date
_FEW = 3  # words between "lease is up" and its date, or before it
_PAST = ("last ", "yesterday", "this morning")
_SHORT = "(?:(?:^| )[0-9]{1,2}/|[a-z] )([0-9]{2})$"  # 3/28, june 28
_SOON = 10  # years for which they are bound
_FAR = 366  # days, from which on somebody rather is bound than waits
_RECENT = 45  # days for which a loss is logged late
_SAYS = r"[ .,;!?)]*(?:(?:s?he|they) (?:said|says))?[ .,;!?)]*"
_IS_DAY = r"day|night|morning|afternoon|ago|\d|week|\b(?:mon|tues?|wed|thurs?|fri|sat|sun)\b"
_BEFORE = r"(?:\w+ ){0,3}?(\d{1,3} (?:day|week|month)s?) (?:before|ahead|prior|early|in advance)\b"


def _date(line: Utterance, place: int, reach: int, asked: Asked) -> Found | None:
    """Return the first date that begins at a place, or so many words after it in its clause."""
    for at in range(place, len(line)):
        reach += line.is_taken(at, "phone", "email")
        if at >= place + reach:
            break
        found = date_at(line.text, line.words[at].start, asked)
        is_noun = line.plain(at - 1) in {"a", "an"}  # a 36 month lease
        if found and not is_noun and line.text[found.start : found.end].lower() not in NTH:
            behind = sum(word.start < found.end for word in line.words)
            if re.match(" (?:after|before|following) [a-z]", line.text[found.end :].lower()):
                return found._replace(when=None)  # Tuesday after Labor Day
            corrected, reach = line.at("correction", behind), _FEW
            if not corrected and line.plain(behind) in {"no", "wait", "er"}:  # in may, no, june
                corrected, reach = behind + 1, 1
            return (_date(line, corrected, reach, asked) if corrected else None) or found
        if line.words[at].ends:
            break
    return None


def find_again(line: Utterance, ahead: Asked) -> Again | None:
    """Return when what binds them ends, or they decide again, and what that is."""
    plainly = ahead._replace(workdays=EVERY_DAY)  # a lease ends on any day
    behind_rival = [
        (place, end) for place, end in line.places("until") if line.is_taken(place - 1, "lost_to")
    ]
    calls = [place for place, _ in line.places("call back")]
    for place, end in (*line.places("again"), *behind_rival):
        first = end - (line.plain(end - 1) == "end")  # lease ends end of may
        reach = next((at - first for at in calls if at >= first), _FEW)
        is_over = "." in line.text[line.words[end - 1].end :].split(" ")[0]  # they vote again. no
        found = None if is_over else _date(line, first, min(reach, _FEW), plainly)
        later = line.places("decided already")
        if found and not any(place > end for place, _ in later):
            line.take_text(line.words[place].start, found.end, "again")
            text = line.text[found.start : found.end].lower()
            if found.when is None or _may_be_year(text, found.when.day, ahead.today):
                line.unsure.append("again")
                return None
            begin = max(place - _FEW, 0) if line.is_taken(place - 1, "lost_to") else place
            what = next((at for at in range(begin, end) if line.holds("what ends", at)), None)
            day = found.when.day
            if "end" in line.text[found.start : found.end]:
                day = ahead.workdays.on_or_before(day)
            return Again(day, None if what is None else line.words[what].plain)
    return None


def _may_be_year(text: str, day: date, today: date) -> bool:
    """Whether the second number of a date may be a year soon: a lease that is up 3/28, june 28,
    but not dec 31."""
    found = re.search(_SHORT, " ".join(in_digits(text.split())))
    is_last = "/" not in text and (day + timedelta(1)).day == 1
    is_plain = is_last or day.year > today.year + 1
    return found is not None and not is_plain and 0 <= int(found[1]) - today.year % 100 <= _SOON


def find_call_back(line: Utterance, start: int, ahead: Asked, again: Again | None) -> When | None:
    """Return the day on which the prospect is to be called again, told from a place on or behind a
    label."""
    for place, end in line.places("call back"):
        if place < start and not line.is_label(place):  # call with Ann from Acme today
            continue
        found = _days_before(line, end, ahead, again) or _date(line, end, _REACH, ahead)
        last = min(end + _FEW, line.clause_end(end - 1))
        if then := next((at for at in range(end, last) if line.plain(at) == "then"), 0):
            return _day_told(line, place, then + 1, ahead, again)
        if line.plain(place) in {"check-in", "checkin"}:  # Q2 check-in
            found = date_at(line.text, line.words[place - 1].start, ahead) or found
        if found and not line.has_taken(found.start):
            begin, last = line.words[place].start, line.words[end - 1].end
            line.take_text(min(begin, found.start), max(last, found.end), "next")
            if found.when is None:
                line.unsure.append("next")
            return found.when
    return _waits_until(line, ahead)


def _waits_until(line: Utterance, ahead: Asked) -> When | None:
    """Return the day until which nothing goes on: no budget till July. What may be an offer's last
    day, or next year's first, is unsure. It still is part of the reason."""
    for place, _ in line.places("waits"):
        event = Found(line.words[place].start, line.words[place].end, None)
        is_event = line.is_behind("holds off", place, _FEW)
        if found := date_at(line.text, event.start, ahead) or (event if is_event else None):
            line.take_text(found.start, found.end, "waits")
            if line.is_behind("away", place, _FEW):  # on vacation till 12/7
                continue
            is_far = found.when and (found.when.day - ahead.today).days > _FAR
            is_unsure = line.is_behind("offered", place, _REACH) or line.plain(place + 1) == "next"
            if found.when and not (is_far or is_unsure):
                return found.when
            line.unsure.append("again" if is_far else "next")
            break
    return None


def _day_told(
    line: Utterance, place: int, end: int, ahead: Asked, again: Again | None
) -> When | None:
    """Return the day that "call back then" means, told in front of it, if it's clear."""
    line.take(place, end, "next")
    told = [*find_dates(line.text[: line.words[place].start], ahead)]
    if again and told and line.has_taken(told[-1].start, "again"):
        return None  # it comes up by itself
    if not told or told[-1].when is None or "again" in line.unsure:
        line.unsure.append("next")
        return None
    line.inferred["next"] = line.take_text(*told[-1][:2], "waits")  # of the reason, too
    return told[-1].when


def _days_before(line: Utterance, place: int, ahead: Asked, again: Again | None) -> Found | None:
    """Return the day that "60 days before" means, once it is known before what."""
    is_over = place >= len(line)
    found = None if is_over else re.compile(_BEFORE).match(line.text, line.words[place].start)
    if not found or again is None:
        return found and Found(*found.span(), None)
    line.inferred["next"] = f"{found[0]} {day_text(again.on)}"
    back = date_at(f"{found[1]} ago", 0, Asked(again.on, "past"))
    when = back.when.day if back and back.when else again.on
    return Found(*found.span(), When(ahead.workdays.on_or_after(when)))


def find_told_first(line: Utterance, past: Asked) -> date | None:
    """Return the day of the loss told behind "lost", or before all else: no name holds it."""
    for place in (0, *(end for _, end in line.places("lost"))):
        if (found := _day_at(line, place, past)) and (place or _is_near(found, past)):
            return _take_lost_on(line, found)
    return None


def find_lost_on(line: Utterance, past: Asked) -> date | None:
    """Return the day of the loss: a near one at the end, or after who got the order, the name, the
    amount, or that the committee met. A near one anywhere else is unsure."""
    places = range(1, len(line))
    behind = [at for at in places if line.is_taken(at - 1, "lost_to", "prospect", "amount")]
    for begin, place in (*((-1, at) for at in behind), *line.places("decided")):
        found = _day_at(line, place, past)
        is_other = begin < 0 and line.is_behind("other day", place, place)  # sent Acme last friday
        if found and not (is_other or line.has_taken(found.start)) and _is_near(found, past):
            is_last = re.fullmatch(_SAYS, line.text[found.end :], re.IGNORECASE)
            if found.when and begin >= 0 and not is_last:
                line.inferred["lost_on"] = line.text[line.words[begin].start : found.end]
            return _take_lost_on(line, found)
    plain = (word.start for word in line.words if re.fullmatch("[0-9]+/[0-9]+", word.plain))
    bare = filter(None, (date_at(line.text, start, past) for start in plain))
    for found in (*find_dates(line.text, past), *bare):
        start, end = found.start, found.end
        text = line.text[start:end].lower()
        is_other_day = line.text[:start].rstrip().endswith(("signing", "signed"))  # not the no
        is_other_day = is_other_day or text.startswith("by ")
        place = sum(word.end <= start for word in line.words)
        is_other = line.is_behind("other day", place, place)  # quoted last Friday
        is_past = text.startswith(_PAST) and not is_other
        is_past = is_past or bool(re.fullmatch(_SAYS, line.text[end:], re.IGNORECASE))
        parts = parts_of_date(text, past) or frozenset()
        is_whole = bool(parts & {"month", "first"}) and not is_other  # RFP 11/5
        is_free = not (is_other_day or line.has_taken(start)) and (found.when or "first" in parts)
        if is_free and (is_past or is_whole) and re.search(_IS_DAY, text) and _is_near(found, past):
            line.unsure += [] if is_past else ["lost_on"]
            return _take_lost_on(line, found)
    return None


def _take_lost_on(line: Utterance, found: Found) -> date | None:
    """Take the day of the loss; one that could be another is unsure."""
    if found.when is None or found.when.assumed:
        line.unsure.append("lost_on")
    line.take_text(found.start, found.end, "lost_on")
    return found.when.day if found.when else None


def _is_near(found: Found, past: Asked) -> bool:
    return found.when is None or (past.today - found.when.day).days <= _RECENT


def _day_at(line: Utterance, place: int, past: Asked) -> Found | None:
    """Return the past day that begins at a place where one is expected."""
    found = date_at(line.text, line.words[place].start, past) if place < len(line) else None
    if found is None:
        return None
    text = line.text[found.start : found.end]
    parts = parts_of_date(text.casefold(), past) or frozenset()
    end = sum(word.start < found.end for word in line.words)
    if parts == {"weekday"} and not re.match("(?i)on ", text):  # Monday Properties
        is_over = any(line.at(section, end) for section in ("clause", "noun", "rival ends"))
        is_over = is_over or line.is_taken(end)
        is_name = text.islower() and (line.is_capital(end) or line.plain(end) == "lost")
        is_name = is_name and place == 0
        return found if is_name or (place and (is_over or line.is_apart(end))) else None
    is_day = bool(parts & {"weekday", "away", "first"}) or parts >= {"month", "day"}
    is_day = is_day and bool(re.search(_IS_DAY, text.lower()))
    is_vague = place > 0 and bool(re.match("(?i)(?:in|last|this) |[0-9]+/", text))
    return found if (is_day if found.when else is_vague) else None

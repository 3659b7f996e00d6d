"""The person one talks to, as a sentence about a lost sale names them, and how to reach them."""

import re
from collections.abc import Callable

from lostsale.domain.cues import Utterance
from lostsale.domain.names import DIGITS, phones
from lostsale.domain.rivals import is_unknown

_FEW = 3  # words of a person
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_SPOKEN_EMAIL = (
    r"\b([a-z0-9]+(?: (?:dot|underscore|dash) [a-z0-9]+)*) at ([a-z0-9]+(?: [a-z0-9]+){0,2}?"
    r"(?: dot [a-z0-9]+)* dot [a-z]{2,4})\b"
)
_SPOKEN_SIGNS = {" dot ": ".", " underscore ": "_", " dash ": "-"}


def find_phone(line: Utterance) -> str | None:
    """Return the phone number, in digits if it was dictated."""
    found = next(phones(line.text), None)
    if found is None:
        return None
    phone = line.take_text(*found.span(), "phone")
    if not phone[0].isalpha():
        return phone
    line.inferred["phone"] = f"from {phone}"
    spoken = "".join(DIGITS[word] for word in phone.lower().split())
    return "-".join((spoken[:-7], spoken[-7:-4], spoken[-4:])).lstrip("-")


def find_email(line: Utterance) -> str | None:
    """Return the e-mail address, with its signs if it was dictated."""
    if "@" in line.text and (found := re.search(_EMAIL, line.text)):
        return line.take_text(*found.span(), "email")
    if " dot " in line.text and (found := re.search(_SPOKEN_EMAIL, line.text, re.IGNORECASE)):
        line.take_text(*found.span(), "email")
        line.inferred["email"] = f"from {found[0]}"
        spoken = f"{found[1]}@{found[2]}".lower()
        for word, sign in _SPOKEN_SIGNS.items():
            spoken = spoken.replace(word, sign)
        return spoken.replace(" ", "")
    return None


def find_contact(line: Utterance, start: int, is_date: Callable[[int], bool]) -> str | None:
    """Return the person who is named after "talked to", with a title, or before a phone number;
    `is_date` tells whether a date begins at a place of the text."""
    if contact := line.took("contact"):
        return contact
    for place in range(start, len(line)):
        if line.is_apart(place) and place < (end := _given_end(line, place)):
            behind = end + (line.plain(end) == "the")
            while line.holds("role", behind):
                behind += 1
            is_owner = behind > end and line.is_apart(behind)  # Lund Boats, dave lund owner
            if is_owner or line.holds("tells", behind):
                return line.part(place, end)  # that they said it, and what, stays together
        role = _behind_role(line, place)
        first = line.at("contact", place) or role
        is_titled = line.holds("title", first)
        is_over = first > place and line.words[first - 1].ends and not line.is_label(first - 1)
        is_named = line.is_capital(place - 1) and not line.is_taken(place - 1)
        is_over = is_over or (is_named and line.holds("role", place))  # Ann Lee, VP Sales
        if is_over or (first == place and not is_titled):
            continue
        name = first + is_titled
        end = line.capitals_end(name, name + 2)
        while end > name and line.is_taken(end - 1, but="next"):  # ask for Pastor Lee 5k
            end -= 1
        if line.at("person", place) == end:  # ask for mike
            end = max(end + _is_first_name(line, end), _given_end(line, end))
        is_name = name < end and line.is_free(first, end, but="next")
        is_other = line.holds("no rival", first) or not line.plain(first).isalpha()
        if is_name and not is_other and not is_date(line.words[first].start):
            line.take(place if role > place else first, _behind_post(line, end), "contact")
            return line.part(first, end)
    return find_reachable(line, start)


def _behind_post(line: Utterance, place: int) -> int:
    """Return the place after a post behind a name: Ann Lee, VP Sales; the same one for none."""
    end = line.clause_end(place)
    is_post = all(line.is_capital(at) or line.holds("post", at) for at in range(place, end))
    is_post = (is_post and line.holds("role", place)) or line.holds("role", end - 1)
    return end if is_post and place < end <= place + _FEW else place


def _behind_role(line: Utterance, place: int) -> int:
    """Return the place after a role that a name in capitals follows: VP ops Lyle Banner; the same
    place for none."""
    end = place + line.holds("role", place)
    while end > place and line.holds("post", end):
        end += 1
    return end if line.is_capital(end) else place


def _given_end(line: Utterance, place: int) -> int:
    """Return the place after a first name, and a last one behind it; the same place for none."""
    is_name = line.holds("given", place) and not line.is_taken(place)
    if not is_name or line.part(place, place + 1).isupper():  # the DON
        return place
    end = place + 1
    is_over = line.is_apart(end) or line.is_taken(end) or line.holds("role", end)
    is_last = line.is_capital(end) or is_unknown(line.plain(end))
    return end + (is_last and not is_over and not line.at("clause", end))


def _is_first_name(line: Utterance, place: int) -> bool:
    """Whether a word in small letters means nothing else, and ends what is said."""
    is_last = line.is_apart(place + 1) or line.is_taken(place + 1)
    is_whole = is_last or line.holds("rival ends", place + 1)
    return is_whole and is_unknown(line.plain(place))


def find_reachable(line: Utterance, start: int = -1) -> str | None:
    """Return the person before a phone number or an e-mail address, with their post in between:
    Ann Lee, service mgr, 614-555-0199. With nobody before it is looked for what leads to one (talk
    to tom 555-0188), and with a place where the name is over, where a part of the sentence begins
    behind it."""
    numbers = [begin for begin, _, field in line.taken if field in {"phone", "email"}]
    end = next((at for at, word in enumerate(line.words) if numbers and word.end > min(numbers)), 0)
    behind = end
    while end and (
        line.holds("post", end - 1) or re.fullmatch("(?:(?:x|ext)[0-9]+)?", line.plain(end - 1))
    ):
        end -= 1
    first = end
    while first > max(start, 0) and end - first < _FEW and is_person(line, first - 1):
        if first < end and line.is_apart(first):
            break
        first -= 1
        is_titled = line.holds("title", first - 1) and not line.is_apart(first)
        name = first - is_titled
        is_led = start < 0 and _is_led(line, name)
        if is_led or (start >= 0 and line.is_apart(name) and len(line.plain(first)) > 2):
            line.take(name, behind, "contact")
            return line.part(name, end)
    is_whole = end - first > 1 and all(line.is_capital(at) for at in range(first, end))
    if start < 0 or first == end or not (is_whole or line.holds("given", first)):
        return None
    line.take(first, behind, "contact")
    return line.part(first, end)


def is_person(line: Utterance, place: int) -> bool:
    """Whether a word can be of a person's name; behind a first name, nearly any can."""
    word = line.plain(place)
    is_name = any(line.holds("given", at) for at in (place - 1, place))
    is_name = is_name or line.is_capital(place) or is_unknown(word)
    kinds = ("no rival",) if line.is_capital(place) else ("no rival", "trade")
    is_other = any(line.holds(kind, place) for kind in kinds) or not word.isalpha()
    return is_name and not (is_other or line.is_taken(place))


def _is_led(line: Utterance, place: int) -> bool:
    """Whether what leads to a person ends at a place: ask for, contact, w/, ghosted by."""
    if line.plain(place - 1) in {"with", "by"}:
        return True
    begins = range(max(place - _FEW, 0), place)
    is_near = place > 0 and (line.is_label(place - 1) or not line.words[place - 1].ends)
    return is_near and any(
        line.at(section, at) == place for at in begins for section in ("contact", "person")
    )


def behind_person(line: Utterance, start: int) -> int:
    """Take the person in "talked to Mike at Riverside Auto" and "Jim from Gateway Tire"; return
    where the firm begins."""
    while line.is_taken(start, "phone", "email"):
        start += 1
    is_talk = start > 1 and line.plain(start - 1) in {"to", "with", "from"}
    is_told = is_talk or line.took("phone") or line.took("email") or is_unknown(line.plain(start))
    is_titled = line.holds("title", start)
    named = line.capitals_end(start + is_titled)
    has_post = line.holds("post", named) and named > start + is_titled  # Amy Chen, manager at
    is_at = line.holds("given", start) and line.plain(named) in {"from", "of"}
    is_whole = is_talk or has_post or is_at
    behind = max(named if is_whole else 0, start + 1 + is_titled)
    is_told = is_told or has_post
    is_firm = line.holds("trade", start) and not (is_talk or is_titled)  # Inn at Cedar Creek
    if is_firm or line.holds("talk", start) or line.at("clause", start) > 0:  # voicemail from
        return start
    firm = behind
    while line.plain(firm) == "the" or (line.holds("post", firm) and line.plain(firm) != "at"):
        firm += 1
    is_firm = line.plain(firm + 1) != "the" or line.holds("given", start)
    is_firm = is_firm and not line.is_taken(firm + 1)
    is_shared = line.plain(firm + 1).startswith(line.plain(behind - 1))  # Jo Bell of Bell Paving
    is_of = is_titled or is_shared or (is_talk and behind > start + 1)
    is_of = is_of and line.plain(firm) == "of" and line.is_capital(firm + 1)
    is_from = line.plain(firm) in {"from", "fr"} or (is_talk and line.plain(firm) == "that")
    if is_from or is_of or (is_told and is_firm and line.plain(firm) == "at"):
        firm += 1  # but the Marriott at the airport
    elif _is_firm_behind(line, start, named):
        firm = behind = named  # Wanda Fitch, Fitch Upholstery
    elif not (is_talk and behind - start == 1 + is_titled and line.is_capital(firm)):
        return start  # met Coach Reyes, Lincoln High
    elif not line.words[behind - 1].ends:
        return start
    if firm >= len(line) or behind > start + _FEW or line.is_taken(start):
        return start
    line.take(start, behind, "contact")
    return firm


def _is_firm_behind(line: Utterance, start: int, end: int) -> bool:
    """Whether a part is a person's first and last name, and behind its comma a firm is named, after
    them or else by its trade."""
    last = line.capitals_end(end)
    if end != start + 2 or last < end + 2 or not line.words[end - 1].ends:
        return False
    if line.plain(end).removesuffix("s") == line.plain(end - 1).removesuffix("s"):
        return True
    is_other = line.holds("legal", end) or is_name_list(line, start, end)
    is_whole = line.is_apart(last) or not line.plain(last)
    return line.holds("given", start) and ends_firm(line, last - 1) and is_whole and not is_other


def ends_firm(line: Utterance, place: int) -> bool:
    """Whether a word ends names of firms."""
    return any(line.holds(kind, place) for kind in ("trade", "firm", "legal"))


def is_name_list(line: Utterance, start: int, place: int) -> bool:
    """Whether a comma is in a list of names: Harris, Klein & Webb."""
    places = range(place + 1, place + 4)
    last = next((at for at in places if line.plain(at) in {"&", "and"}), 0)
    last = last + 1 if last else next((at for at in places if line.holds("legal", at)), 0)
    names = (at for at in range(start, last + 1) if line.plain(at) not in {"&", "and"})
    return last > 0 and all(map(line.is_capital, names))

"""Who got the order, as a sentence about a lost sale names them."""

import re
from collections.abc import Iterable, Mapping

from lostsale.domain.cues import Utterance, has_word
from lostsale.domain.dates import DATE_SIGNS
from lostsale.domain.names import folded, nearest
from lostsale.domain.phrase_index import is_known

LONGEST_NAME = 10  # words of a prospect's name
_ONE = ("a", "an", "another")
_FEW = 3  # words of a rival's name, but for one
_SUBJECTS = ("they", "he", "she")
Rivals = Mapping[str, str]  # competitors that the journal knows, by their folded names


def folded_names(competitors: Iterable[str]) -> Rivals:
    """Return competitors as they are looked up."""
    return {folded(name): name for name in competitors}


def rival_at(line: Utterance, known: Rivals, place: int) -> tuple[str | None, int]:
    """Return the known competitor that is named at a place, as the journal writes it, and the place
    after the name."""
    for end in range(min(place + _FEW + 1, len(line)), place, -1) if known else ():
        name = line.part(place, end).removesuffix("'s").removesuffix("\u2019s")
        if line.plain(end - 1) and (found := known.get(folded(name))):
            return found, end
    return None, place


def find_rival(line: Utterance, known: Rivals, start: int) -> tuple[str | None, int]:
    """Return who got the order, and the place after them if the prospect is named there. `start`
    is where the sentence begins for good, -1 if the prospect is known already."""
    if next(line.places("either"), None):
        line.unsure.append("lost_to")
        return None, 0
    rival, behind = _rival_first(line, known, start) if start >= 0 else (None, 0)
    if behind:
        return rival, behind
    to = to_rival(line, start)
    led = [(to, to + 1)] if to else []
    named = [
        (place, end)
        for place, end in line.places("went to")
        if place > start and _is_firm(line, end, line.plain(end - 1))
        if not _is_left_for(line, place, end)
    ]
    named += _named_brand(line, start)
    turned = [
        (place, end)
        for place, end in line.places("but it was")
        if any(line.holds("supposed", at) for at in range(place)) and _is_firm(line, end, "")
    ]
    named += turned
    if line.is_behind("beaten", start, start):  # got beat at Acme by Sharp
        by = (at + 1 for at in range(start, len(line)) if line.plain(at) == "by")
        named += [(at - 1, at) for at in by if line.is_capital(at)]
    for place, end in (*led, *line.places("went with"), *named):
        is_denied = _is_denied(line, place) and line.plain(place) != "by"
        rival, behind = (None, 0) if is_denied else _named_at(line, known, place, end)
        if rival:
            rival, behind = _corrected(line, known, rival, behind)
        if rival or "lost_to" in line.unsure:
            tells = any(line.holds("reason", at) for at in range(place, end))
            first = end - 1 if tells else place  # lost on price to them
            line.take(first, behind if rival else max(end, first + 1), "lost_to")
            return rival, 0
    for place, _ in line.places("got it"):
        first, behind = _before_verb(line, place, start)
        begin = next((at for at in range(place - 1, start, -1) if line.is_apart(at)), place)
        if first == behind and line.at("somebody", begin):  # the outfit down the road
            line.unsure.append("lost_to")
            return None, 0
        if first < behind:
            name, behind = _corrected(line, known, line.part(first, behind), behind)
            line.take(first, behind, "lost_to")
            return known.get(folded(name), name), 0
    return None, 0


def _corrected(line: Utterance, known: Rivals, rival: str, behind: int) -> tuple[str, int]:
    """Return the rival that the last correction behind one names, and the place after them: to
    Ricoh no sorry to Konica."""
    other: str | None = rival
    while other:
        rival, end = other, line.at("got it", behind) or behind
        corrected = line.at("correction", end + (not line.plain(end)))  # a dash
        begin = line.at("went with", corrected) or corrected + (line.plain(corrected) == "to")
        other, last = _named_at(line, known, corrected, begin) if corrected else (None, 0)
        behind = last if other else behind
    return rival, behind


def _named_brand(line: Utterance, start: int) -> list[tuple[int, int]]:
    """Return the place of a well-known firm that is a field of its own, or of which a word before
    says enough: went Kenworth."""
    for at in range(start + 1, len(line)) if start >= 0 else ():
        is_field = line.is_apart(at) and (line.is_apart(at + 1) or line.plain(at + 1).isdigit())
        is_led = line.plain(at - 1) in {"went", "still", "preferred"}
        if line.holds("brand", at) and (is_led or is_field) and not _is_denied(line, at):
            return [(at, at)]
    return []


def _is_denied(line: Utterance, place: int) -> bool:
    """Whether what is at a place is denied: not cintas, but not, they went with unifirst."""
    subjects = (at for at in (place - 1, place - 2) if line.plain(at) in _SUBJECTS)
    return line.is_behind("denied", place, place - next(subjects, place - _FEW))


def _is_firm(line: Utterance, place: int, before: str) -> bool:
    """Whether a firm may be named at a place, behind a word that other things stand behind."""
    word = line.plain(place)
    is_known = line.holds("shop", place) or (before not in {"to", *_ONE} and is_unknown(word))
    is_known = is_known or (before not in _ONE and line.holds("brand", place))
    is_thing = line.holds("goods", place) or line.holds("product", place)
    return (line.is_capital(place) and word not in DATE_SIGNS) or (is_known and not is_thing)


def _is_left_for(line: Utterance, place: int, end: int) -> bool:
    """Whether something is left there for a person or a firm: left a voicemail for Dana."""
    is_for = "for" in map(line.plain, range(place, end))
    return is_for and (line.holds("given", end) or line.is_behind("not for", end - 1, end - place))


def to_rival(line: Utterance, start: int) -> int:
    """Return the place of "to" in "lost Acme to Ricoh" and "Acme 24k to Ricoh", where the name
    begins at `start`; 0 for none."""
    places = range(start + 1, min(start + LONGEST_NAME, len(line)))
    ends = (at for at in places if line.plain(at) in {"to", "lost"})
    place = next((at for at in ends if not line.is_taken(at + 1, "amount")), 0)
    if line.plain(place) != "to" or line.at("clause", place - 1):  # went to
        return 0
    is_near = place < line.clause_end(start) or line.is_taken(place - 1, "amount")
    is_near = is_near and line.plain(start - 1) in {"lost", "the"}
    is_near = is_near or (line.is_taken(place - 1, "amount") and _is_firm(line, place + 1, ""))
    return place * is_near


def _rival_first(line: Utterance, known: Rivals, start: int) -> tuple[str | None, int]:
    """Read "Ricoh got the Hampton Inn job" and "Xerox undercut us by 40 a month at Carlisle"."""
    clause_end = line.clause_end(start)
    rival, end = rival_at(line, known, start)
    if rival and not line.plain(end) and not (line.is_taken(end + 1) or end + 2 > len(line)):
        line.take(start, end, "lost_to")  # ricoh / tipton isd
        return rival, end + 1
    is_the = line.plain(start) == "the"
    for place in range(start + 1, min(start + _FEW + 1, len(line))):
        behind = line.at("got the", place)
        is_rep = line.holds("rep", place - 1) and line.is_capital(place - 2)  # the Kubota guy
        is_direct = line.holds("stole", place) and line.is_capital(behind)  # won Acme on price
        if (end := line.at("beat us", place)) and not is_direct:
            behind = next((at + 1 for at in range(end, clause_end) if line.holds("at", at)), behind)
        is_us = not (line.holds("no rival", start) or line.at("clause", start)) and any(
            line.plain(at) in {"us", "me"} and (at <= end or line.plain(at - 1) in {"off", "from"})
            for at in range(place, clause_end)
        )
        rival, rival_end = rival_at(line, known, start)
        is_job = any(line.holds("job", at) for at in range(behind, clause_end))
        named = behind + (line.plain(behind) == "the")
        site = line.capitals_end(named)
        is_site = line.plain(named - 1) == "the" and line.is_capital(start)
        is_job = is_job or (is_site and site > named and line.holds("site", site))
        back = next((at for at in range(named + 1, clause_end) if line.plain(at) == "back"), 0)
        is_back = back > 0 and (line.is_apart(back + 1) or line.is_taken(back + 1))  # got Acme back
        is_back = is_back and (line.is_capital(named) or is_unknown(line.plain(named)))
        is_job = is_job or is_back
        is_brand = place == start + 1 and line.holds("brand", start)
        is_named = (rival and rival_end == place) or is_us or is_brand
        is_named = is_named or is_direct or (is_rep and line.is_capital(behind))
        if 0 < behind < len(line) and (is_job or is_named):
            line.take(start, place, "lost_to")
            if is_back:
                line.take(back, back + 1, "lost_to")
            name = line.part(start + is_the, place - is_rep)
            return known.get(folded(name), name), behind
    return None, 0


def _named_at(line: Utterance, known: Rivals, verb: int, place: int) -> tuple[str | None, int]:
    """Return the rival that is named at a place, after a verb, and the place after the name. One
    without a name is unsure, unless they stay with what they have."""
    is_over = verb < place and line.words[place - 1].ends and not line.is_label(place - 1)
    if place >= len(line) or is_over:
        return None, place
    ahead = range(place, min(place + _FEW + 1, line.clause_end(place) - 1))
    place = next((at + 1 for at in ahead if line.holds("called", at)), place)
    place += line.plain(place) in {"the", "incumbent", "incumb"} and line.is_capital(place + 1)
    rival, end = rival_at(line, known, place)
    if rival is None and line.plain(place) == "the" and is_unknown(line.plain(place + 1)):
        reps = (at for at in range(place + 2, place + _FEW + 2) if line.holds("rep", at))
        end = next(reps, place)  # the henry schein guy
        rival = line.part(place + 1, end) if end > place else None
    if rival:
        return rival, end
    is_own = line.plain(place + 1) == "own"  # their own guy
    is_name = line.is_capital(place)  # Brother, Old Town
    is_nameless = line.at("somebody", place) and not (is_own or line.holds("stays", verb))
    is_won = line.at("got it", place) > 0  # low bid won
    if (is_nameless or is_won) and not is_name:
        line.unsure.append("lost_to")
    word = line.plain(place)
    is_nobody = (line.holds("no rival", place) or is_won) and not is_name
    is_word = not word.rstrip("stndrh").isdigit() or line.is_capital(place + 1)  # 84 Lumber
    if is_nobody or line.is_taken(place) or not is_word:
        return None, place
    if len(word) > _FEW and (meant := nearest(word, known.values())):
        line.inferred["lost_to"] = f"you typed {line.part(place, place + 1)}"
        return meant, place + 1
    end = place + 1
    while end < min(place + _FEW + 1, len(line)) and _goes_on(line, place, end):
        end += 1
    return line.part(place, end), end


def _goes_on(line: Utterance, place: int, at: int) -> bool:
    """Whether a word belongs to the rival's name that begins at a place: a capital does, and in
    small letters a firm's word, or one that means nothing else."""
    is_counted = line.holds("unit", at + 1)  # 2 weeks ago
    is_counted = is_counted or (line.holds("brand", place) and line.plain(at).isdigit())
    if line.is_apart(at) or line.is_taken(at) or is_counted or begins_day(line, at):
        return False
    if line.holds("firm", at) or line.is_capital(place):
        return line.holds("firm", at) or line.is_capital(at)
    is_last = line.holds("joint", at) and line.is_apart(at + 1)  # snap on
    is_called = line.holds("called", place - 1) and not line.holds("rival ends", at)
    is_last = is_last or has_word("brand", line.plain(at - 1) + line.plain(at))  # quick books
    is_name = is_last or is_called or is_unknown(line.plain(at)) or line.holds("trade", at)
    return is_name and not (line.at("clause", at) or line.holds("product", at))


def begins_day(line: Utterance, at: int) -> bool:
    """Whether a day, and nothing of a name, begins at a place behind one: nov 9, Monday, 11/12."""
    word, sign = line.plain(at), DATE_SIGNS.get(line.plain(at), "")
    is_number = line.plain(at + 1)[:1].isdigit()
    if sign.startswith("D") and word not in {"sat", "sun"}:
        return not line.is_capital(at + 1) or is_number
    return (sign.startswith("M") and is_number) or bool(re.match("[0-9]{1,2}/[0-9]", word))


def _before_verb(line: Utterance, place: int, start: int) -> tuple[int, int]:
    """Return where a rival is named before a verb: "Sulzer won", "Yamaha in Troy beat
    us". Nobody, if nothing tells that it is a name."""
    first = next((at for at in range(place - 1, max(start, 0), -1) if line.is_apart(at)), place)
    end = first if line.holds("talk", first) else line.capitals_end(first, place)  # Turns out
    while first < end < place and line.holds("firm", end):
        end += 1
    if first == end and place - first < _FEW and not line.is_capital(place - 1):
        kinds = ("reason", "no rival", "unit", "job", "goods")
        is_firm = line.plain(place + 1) == "us" and not any(
            line.at("noun", at) or any(line.holds(kind, at) for kind in kinds)
            for at in range(first, place)
        )
        is_alone = line.is_apart(place + 1) and is_unknown(line.plain(first))  # verizon connect won
        is_firm = is_firm or all(
            is_unknown(line.plain(at)) for at in range(first + is_alone, place)
        )
        end = place if is_firm else first
    if first == end:
        end = first = place
        while line.holds("firm", first - 1) and not line.is_capital(first - 1):
            first -= 1  # the generator Generac dealer
        while first - 1 > max(start, 0) and line.is_capital(first - 1):
            first -= 1
        if first == start + 1 and line.is_capital(start) and not line.words[start].ends:
            first = end  # Pine Street Bistro was
    is_clause = any(line.at("clause", at) for at in range(first + 1, place))
    is_clause = is_clause or line.at("noun", first) == place  # Board gave them
    is_nobody = line.holds("no rival", first) and not line.is_capital(first + 1)  # US Foods won
    is_other = is_nobody or is_clause or not line.is_free(first, place)
    is_name = first < place and line.plain(first)[:1].isalpha()
    return (first, end) if is_name and not is_other else (place, place)


def known_rival(line: Utterance, known: Rivals, start: int) -> str | None:
    """Return a known competitor that is named from a place on."""
    for place in range(start, len(line) if known else start):
        if _is_denied(line, place):
            continue
        rival, end = rival_at(line, known, place)
        if rival is None and line.plain(place - 1) in {"with", "to", "by"}:  # wnet with rioch
            word = line.plain(place)
            rival, end = nearest(word, known.values()) if len(word) > _FEW else None, place + 1
            if rival:
                line.inferred["lost_to"] = f"you typed {line.part(place, end)}"
        if rival and not line.at("got nothing", end):
            rival, end = _corrected(line, known, rival, end)
            line.take(place, end, "lost_to")
            return rival
    return None


def is_unknown(word: str) -> bool:
    """Whether a word in small letters means nothing that reasons are told with."""
    return word.isalpha() and not is_known(word, "english")

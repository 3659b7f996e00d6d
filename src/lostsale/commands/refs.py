"""Finding the losses that a user means: by number, by a list of numbers, or by words. Never a
guess."""

import re
from typing import TYPE_CHECKING

from lostsale.app import App
from lostsale.domain.acts import APPLIES, Command, check_applies
from lostsale.domain.names import LOCAL, digits, folded, matches
from lostsale.errors import Ambiguous, BadInput, NotFound
from lostsale.journal import queries

if TYPE_CHECKING:
    from lostsale.journal.search import Given

_ANY = {"any", "no mistake"}
_LISTED = 10  # losses that a name fits, before the rest is only counted
_LONGEST = 5  # words that a name without quotes may have
_LIST = r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*"


def _listed(words: list[str], *, has_spaces: bool) -> list[str]:
    """Return the leading words that are a list of numbers, `2, 24, 19`; all of them may be one that
    `has_spaces` alone."""
    parts = [word.strip(",") for word in words]
    count = next((n for n, part in enumerate(parts) if not re.fullmatch(_LIST, part)), len(parts))
    if not has_spaces or count < len(words):
        ends = (n for n in range(1, count) if "," not in words[n - 1][-1:] + words[n][:1])
        count = next(ends, count)
    return parts[:count]


def joined(words: list[str]) -> str:
    """Return the reference that several words are: a name, or a list with spaces in it."""
    listed = _listed(words, has_spaces=True)
    return ",".join(listed) if len(listed) == len(words) else " ".join(words)


def split(
    app: App, ref: str, words: list[str] | None, *, many: bool = False
) -> tuple[str, list[str]]:
    """Return the reference that the leading words of a command line are, and the rest: as many of
    them as stand together in a name, or in a list of numbers, which has no commas only where the
    command takes `many`. What was quoted is never more."""
    rest = words or []
    if listed := _listed([ref, *rest], has_spaces=many):
        return ",".join(listed), rest[len(listed) - 1 :]
    if rest and len(ref.split()) == 1:
        together = [ref, *rest[: _LONGEST - 1]]
        count = queries.count_named(app.journal, together)
        ref, rest = " ".join(together[:count]), rest[count - 1 :]
    return ref, rest


def lead(given: "list[Given]", ref: str) -> "Given":
    """Return the referral that `ref` means, of those that were given: by the number that
    `referrals` shows, by its name, or by who gave it. Raises NotFound or Ambiguous."""
    words = folded(ref).split()
    found = [
        one
        for one in given
        if (ref.lstrip("0") == str(one.number))
        or (not ref.isdigit() and matches(words, one.referral.name, one.prospect))
    ]
    if not found:
        raise NotFound(f"There's no referral {ref[:40]}", "See them", "referrals")
    if len(found) > 1:
        raise Ambiguous(f'{len(found)} referrals match "{ref[:40]}"', "See them", "referrals")
    return found[0]


def is_list(ref: str) -> bool:
    """Whether `ref` has the form of a list of numbers, whatever it turns out to contain."""
    return not ref.isdigit() and bool(re.fullmatch(_LIST, ref))


def one(app: App, ref: str, command: Command) -> int:
    """Return the number of the loss that `ref` means, among those that the command applies to.

    Raises NotFound, Ambiguous, or BadInput for a list.
    """
    if is_list(ref) and not _is_name(app, ref):
        raise BadInput(
            f"{ref[:40]} is a list, and this command takes one loss",
            f"Pick one: {re.split('[,-]', ref)[0]}",
        )
    return several(app, ref, command)[0]


def several(app: App, ref: str, command: Command) -> list[int]:
    """Return the numbers of the losses that `ref` means: a number, a list with ranges, or a name.

    Of a range only the losses that the command applies to count; each single number must fit.
    """
    is_number = ref.isascii() and ref.isdigit()
    if not is_number and (not is_list(ref) or _is_name(app, ref)):
        return [_by_name(app, ref, command)]
    numbers: list[int] = []
    for part in ref.split(","):
        first, _, last = part.partition("-")
        if len(first) > 12 or len(last) > 12:
            raise NotFound(f"There's no loss {part[:40]}", "See them with lostsale list")
        if last:
            numbers += queries.applicable(app.journal, int(first), int(last), APPLIES[command])
        else:
            check_applies(app.journal.get([int(first)])[0], APPLIES[command])
            numbers.append(int(first))
    if not numbers:
        raise NotFound(f"None of {ref[:40]} works for this command", "See one with lostsale show")
    return list(dict.fromkeys(numbers))


def _is_name(app: App, ref: str) -> bool:
    """Whether what looks like a list of numbers is a prospect's name (7-11) or a phone number."""
    is_phone = len(digits(ref)) >= LOCAL and "," not in ref
    return is_phone or bool(app.journal.before(ref))


def _by_name(app: App, text: str, command: Command) -> int:
    if not text.strip():
        raise BadInput("REF is empty", "Give a loss's number or name")
    fitting = queries.by_name(app.journal, text, APPLIES[command])
    if not fitting and folded(text) in queries.NO_NAMES:
        raise NotFound(f'"{text[:40]}" names no loss', "Give a number, a name or 41,43,50-55")
    if not fitting and len(others := queries.by_name(app.journal, text, "any")) == 1:
        check_applies(app.journal.get([others[0].number])[0], APPLIES[command])
    if not fitting:
        near = queries.nearest_named(app.journal, text, APPLIES[command])
        raise NotFound(
            f'No {"" if APPLIES[command] in _ANY else "open "}loss matches "{text[:40]}"',
            f"Did you mean {near.prospect}, {near.number}?"
            if near
            else "Try lostsale list, or find",
        )
    if len(fitting) == 1:
        return fitting[0].number
    said = f'{len(fitting)} losses match "{text[:40]}"'
    newest = sorted(fitting, key=lambda name: (name.lost_on, name.number), reverse=True)[:_LISTED]
    more = f" and {len(fitting) - len(newest)} more" if len(fitting) > len(newest) else ""
    if not app.is_interactive:
        lines = [f"{name.number} {_described(name)}" for name in newest]
        raise Ambiguous(f"{said}: {'; '.join(lines)}{more}", "Pick one by its number")
    from lostsale.commands.ask import pick

    # Its own number is last, so that nobody takes it for the one to type.
    lines = [f"  {n}) {_described(name)} ({name.number})" for n, name in enumerate(newest, 1)]
    lines += [f"  {more.strip()}: type more of the name"] if more else []
    app.show([f"{said}:", *lines])
    numbers = {str(name.number): name.number for name in newest}
    places = numbers | {str(place): name.number for place, name in enumerate(newest, 1)}
    return places[pick(f"Which? [1-{len(newest)}, Enter for none] ", places, "No loss was chosen")]


def _described(name: queries.Name) -> str:
    who = ", ".join(filter(None, (name.prospect, name.contact, name.product)))
    return f"{who[:60]}, {name.lost_on}"

"""What a sentence leaves unclear: asked on a terminal, one short question each, and named with how
to put it right where it stays open."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import Back, ask
from lostsale.commands.sentence import Understood, understand
from lostsale.commands.settle import settle
from lostsale.domain.loss import NOBODY, LossParts
from lostsale.domain.reasons import OTHER
from lostsale.errors import BadInput, Declined, either
from lostsale.later import NamedTuple
from lostsale.screen.loss import understood_page


class _Field(NamedTuple):
    """A field that can be unclear: what it is, the question for it, and what puts it right."""

    what: str
    question: str
    option: str


_FIELDS = {
    "prospect": _Field("who said no", "Who said no?", "--prospect Acme"),
    "amount": _Field("the amount", "How much?", "--amount 12k"),
    "lost_to": _Field("who got the order", "Who got the order?", "--lost-to Kyolab"),
    "said": _Field("the reason", "", "--said {}"),
    "lost_on": _Field("the day of the loss", "When did they say no?", "--on yesterday"),
    "again": _Field("when they decide again", "When does it come up again?", "--again june"),
    "next": _Field("when to come back", "When should you call back?", ""),
}


class AskAll(Exception):
    """The user wants to go through all questions."""


def ask_unsure(app: App, told: Understood, day: date, *, confirms: bool) -> Understood:
    """Ask for what is missing and for what is unclear, of a loss that is told on a day; where
    nothing is and the user `confirms`, whether it is right, until it is. Enter leaves open what may
    be open, and `.` all the rest. Raises AskAll for `?`, Declined and Interrupted."""
    while confirms and not told.unsure:
        text = ask("Enter saves · n doesn't · ? asks one by one · or correct it: ")
        if text == "?":
            raise AskAll
        if text.casefold() in {"n", "no", "q"}:
            raise Declined("Not logged")
        if text.casefold() in {"", ".", "y", "yes"}:
            break
        told = _corrected(app, told, text, day)
        app.show(understood_page(told.parts, told.next_, app.settings, app.today))
    left = [name for name in _FIELDS if name in told.unsure]
    with suppress(Back):
        for name in tuple(left):
            answered = _answered(app, told, name, day)
            if answered:
                told = answered
                left.remove(name)
    return told._replace(unsure=tuple(left))


def _corrected(app: App, told: Understood, text: str, day: date) -> Understood:
    """Return what is told with what more words say of the same loss; words that give no clear
    reason are a note."""
    text = re.sub("^no,? +", "", text, flags=re.IGNORECASE)
    more = understand(app, [f'"{told.parts["prospect"]}"', *text.split()], day)
    parts, said = LossParts(**{**told.parts, **more.parts}), more.parts.get("said")
    if said and said.code == OTHER and "said" in told.parts:
        notes = (told.parts.get("note"), text)
        parts |= {"said": told.parts["said"], "note": "; ".join(filter(None, notes))}
        more = more._replace(unsure=tuple(name for name in more.unsure if name != "said"))
    inferred = {**told.inferred, **more.inferred}
    return more._replace(parts=parts, next_=more.next_ or told.next_, inferred=inferred)


def _answered(app: App, told: Understood, name: str, day: date) -> Understood | None:
    """Return what is told with the answer to a question; None where it is left open. Raises AskAll
    for `?`, and Back for `.`, with which all the rest is left open."""
    if name == "said":
        app.show(["Why is unclear:"])
        parts = settle(app, told.parts, told.suggested)
        return None if parts == told.parts else told._replace(parts=parts)
    how = "" if name == "prospect" else " (Enter: leave open)"
    while (text := ask(f"{_FIELDS[name].question}{how} ")) or name == "prospect":
        if text == "?":
            raise AskAll
        if text == "." and name != "prospect":
            raise Back
        try:
            if name == "next":
                return told._replace(next_=fields.read_ahead(app, text, day))
            read = fields.read_field(app, name, "" if text == "." else text, day)
            parts = LossParts(**{**told.parts, **read})
            if read.get("lost_to") == NOBODY and parts.get("given_outcome") == "competitor":
                del parts["given_outcome"]
            return told._replace(parts=parts)
        except BadInput as error:
            app.show([f"  {error.what}. {error.advice}"])
    return None


def left_open(unsure: Sequence[str], suggested: Sequence[str], number: int | None) -> str:
    """Return the line that names what is unclear about a loss, and how to put it right; empty where
    all is clear."""
    if not unsure:
        return ""
    names = [name for name in _FIELDS if name in unsure]
    whats = [
        f"the reason (perhaps {either(suggested)})" if name == "said" else _FIELDS[name].what
        for name in names
    ]
    code = suggested[0] if suggested else OTHER
    options = [_FIELDS[name].option.format(code) for name in names if _FIELDS[name].option]
    commands = [f"lostsale edit {number} {' '.join(options)}"] if options else []
    commands += [f"lostsale snooze {number} jan 15"] if "next" in names else []
    fixes = " · ".join(commands)
    return f"Left open because it wasn't clear: {', '.join(whats)}. For example: {fixes}"

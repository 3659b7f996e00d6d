"""What a sentence leaves unclear: asked on a terminal, one short question each, and named with how
to put it right where it stays open."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import ask, key
from lostsale.commands.sentence import Understood
from lostsale.domain.reasons import OTHER, Reason
from lostsale.errors import BadInput


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
    "next": _Field("when to come back", "When will you come back?", ""),
}


class AskAll(Exception):
    """The user wants to go through all questions."""


def ask_unsure(app: App, told: Understood, day: date, *, confirms: bool) -> Understood:
    """Ask for what is missing and for what is unclear, of a loss that is told on a day; where
    nothing is and the user `confirms`, whether it is right. Enter leaves open what may be open, and
    `.` all the rest. Raises AskAll for `?`, and Interrupted."""
    if confirms and not told.unsure and ask("Enter saves · ? asks one by one ") == "?":
        raise AskAll
    left: list[str] = []
    is_over = False
    for name in [name for name in _FIELDS if name in told.unsure]:
        answer = ""
        while not is_over or name == "prospect":
            answer = _answer(app, told, name)
            if answer == "?":
                raise AskAll
            is_over = answer == "."
            if name != "prospect" and answer in {"", "."}:
                break
            try:
                told = _with(app, told, name, "" if is_over else answer, day)
                break
            except BadInput as error:
                app.show([f"  {error.what}. {error.advice}"])
        if name != "prospect" and answer in {"", "."}:
            left.append(name)
    return told._replace(unsure=tuple(left))


def _answer(app: App, told: Understood, name: str) -> str:
    if name != "said":
        how = "" if name == "prospect" else " (Enter: leave open)"
        return ask(f"{_FIELDS[name].question}{how} ")
    codes = {str(place): code for place, code in enumerate((*told.suggested, OTHER), 1)}
    shown = "  ".join(f"{place} {code}" for place, code in codes.items())
    app.show([f"Why is unclear: {shown}  ? all questions"])
    while (pressed := key("Which? (Enter: other) ")) not in {*codes, "\n", "?", "."}:
        if pressed in {"q", "\x03"}:
            break
    return codes.get(pressed, "?" if pressed == "?" else "")


def _with(app: App, told: Understood, name: str, answer: str, day: date) -> Understood:
    """Return what is told with an answer. Raises BadInput."""
    if name == "next":
        return told._replace(next_=fields.read_ahead(app, answer, day))
    parts = told.parts.copy()
    said = parts.get("said")
    if name == "said" and said:
        parts["said"] = Reason(answer, said.words, found=False)
    else:
        parts.update(fields.read_field(app, name, answer, day))
    return told._replace(parts=parts)


def left_open(unsure: Sequence[str], suggested: Sequence[str], number: int | None) -> str:
    """Return the line that names what is unclear about a loss, and how to put it right; empty where
    all is clear."""
    if not unsure:
        return ""
    names = [name for name in _FIELDS if name in unsure]
    whats = [
        f"the reason (perhaps {' or '.join(suggested)})" if name == "said" else _FIELDS[name].what
        for name in names
    ]
    code = suggested[0] if suggested else OTHER
    options = [_FIELDS[name].option.format(code) for name in names if _FIELDS[name].option]
    commands = [f"lostsale edit {number} {' '.join(options)}"] if options else []
    commands += [f"lostsale snooze {number} jan 15"] if "next" in names else []
    return f"Left open, as it is unclear: {', '.join(whats)}. For example {' · '.join(commands)}"

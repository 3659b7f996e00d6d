"""The walk through the morning list: plain lines, one below the other, never drawn again."""

from collections.abc import Mapping
from datetime import date

from lostsale.domain.loss import Loss
from lostsale.domain.scripts import GO_ON
from lostsale.domain.settings import Settings
from lostsale.screen.loss import earlier, ending, facts, facts_grid, outcome
from lostsale.screen.page import Page
from lostsale.screen.text import DO, do, full_amount, plural, short_day, when

_KEYS = (
    "d done|n no answer|y why|s snooze|m meet|c call note|g got a referral",
    "w won|r move on|v other words|Space next|b back|u undo|q quit",
)
_DONE = "d done|"  # which is one with y on asking why
_ENDING = "w won|r move on|"  # of a customer, who is won already
_TELLING = ("Said", "Signals", "Guess", "Real", "Way in", "Lost to", "Note")
# What was achieved, by command; the counted ones take an s.
_ACHIEVED = {
    "done": "done",
    "no-answer": "no answer",
    "why": "asked why",
    "snooze": "snoozed",
    "meet": "appointment",
    "touch": "call",
    "referral": "referral",
    "won": "won back",
    "move-on": "at rest",
}
_LONG = 300  # characters of a fact; lostsale show has it whole
_COUNTED = frozenset({"meet", "touch", "referral"})


def keys(width: int, loss: Loss) -> Page:
    """Return what each key does about a loss, on a terminal of that many columns."""
    lines: list[str] = []
    is_why = loss.step is not None and loss.step.kind == "why"
    useless = _ENDING if loss.won else _DONE if is_why else ""
    for line in _KEYS:
        lines.append("")
        for part in line.removeprefix(useless).split("|"):
            together = f"{lines[-1]}  {part}".lstrip()
            if len(together) <= width:
                lines[-1] = together
            else:
                lines.append(part)
    return lines


def loss_page(loss: Loss, where: str, before: list[Loss], settings: Settings, today: date) -> Page:
    """Return a loss as the walk shows it, `where` in the list, with the earlier losses of the same
    prospect."""
    step = loss.step
    head = [where, f"{loss.number} {loss.prospect}", loss.contact, loss.phone or loss.email]
    stands = (
        f"{do(step, today).upper()}, {when(loss, step, today, settings.workdays)}"
        if step
        else ending(loss, settings, today).rstrip(".")
    )
    money = full_amount(loss.money, settings)
    second = [stands, f"lost {short_day(loss.lost_on, today)}", money, loss.product]
    known = [(name, text) for name, text in facts(loss, today) if name in _TELLING]
    if step and step.kind == "meet":
        marked = "on their calendar" if step.marked else "not on their calendar"
        known.append(("Meeting", ", ".join(filter(None, (marked, step.where)))))
    if loss.contacts:
        last = loss.contacts[-1]
        what = [short_day(last.on, today), DO.get(last.kind, last.kind)]
        what += filter(None, [outcome(last)])
        known.append(("Last", ", ".join(what) + (f": {last.note}" if last.note else "")))
    known += [("Before", earlier(other, settings, today)) for other in before[:2]]
    lines = [" · ".join(filter(None, part)) for part in (head, second)]
    return [*lines, *facts_grid([(name, _cut(text)) for name, text in known])]


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def say(words: str, loss: Loss) -> Page:
    """Return the words to say about a loss, and what to go on with once they've told why."""
    first, *more = words.split("\n")
    lines = [("Say", first), *(("", line) for line in more)]
    if loss.step and loss.step.kind == "why" and not loss.is_dead:
        lines.append(("Then", GO_ON))
    return ["", *facts_grid(lines)]


def achieved(counts: Mapping[str, int], left: int) -> Page:
    """Return what a walk came to: how often each command was given, and what is left."""
    parts = [
        plural(counts[command], what) if command in _COUNTED else f"{counts[command]:,} {what}"
        for command, what in _ACHIEVED.items()
        if counts.get(command)
    ]
    return [f"{', '.join(parts) or 'Nothing done'} · {left:,} left."]

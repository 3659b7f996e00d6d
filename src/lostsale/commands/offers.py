"""What a note or a reason tells beside itself: when to come back, when their lease is up, and who
got the order. It's offered, and never taken in silence."""

from lostsale.app import App
from lostsale.commands.ask import confirmed
from lostsale.commands.sentence import knows
from lostsale.domain.dates import When
from lostsale.domain.dates_in_text import may_hold_date
from lostsale.domain.loss import Loss, LossParts
from lostsale.domain.periods import day_text, hour_text
from lostsale.errors import quote
from lostsale.later import NamedTuple

_NAMED_BEHIND = frozenset({"with", "to", "by", "from", "chose", "picked", "got", "won"})


class Offer(NamedTuple):
    """What could be kept of a loss: in words, as the command that keeps it, and as its parts or the
    day of the next step."""

    what: str
    command: str
    parts: LossParts
    next_: When | None = None


def offers(app: App, loss: Loss, text: str, *, is_dated: bool) -> list[Offer]:
    """Return what a text about a loss offers to keep; no next step if it `is_dated` already."""
    words = text.casefold().split()
    if not (may_hold_date(text) or _NAMED_BEHIND.intersection(words)):
        return []
    from lostsale.domain.capture import read_sentence  # what most notes do without

    told = read_sentence(text, knows(app, app.today), loss.prospect)
    found = []
    if told.next and not is_dated and loss.step:
        day, hour = told.next.day, told.next.time
        what = f"next step {day_text(day)}{f' at {hour_text(hour)}' if hour else ''}"
        command = f"snooze {loss.number} {day}{f' {hour}' if hour else ''}"
        found.append(Offer(what, command, LossParts(), told.next))
    if told.again and told.again != loss.again:
        what = f"{told.again.what or 'comes up'} {day_text(told.again.on)}"
        command = f"edit {loss.number} --again {told.again.on}"
        found.append(Offer(what, command, LossParts(again=told.again)))
    if told.lost_to and loss.lost_to is None:
        command = f"edit {loss.number} --lost-to {quote(told.lost_to)}"
        found.append(Offer(f"lost to {told.lost_to}", command, LossParts(lost_to=told.lost_to)))
    return found


def hint(app: App, offer: Offer) -> str:
    """Return the line that offers something, with the command that keeps it."""
    return f"      {offer.what}? {app.command} {offer.command}"


def take(app: App, loss: Loss, text: str | None, *, is_dated: bool) -> tuple[Loss, list[str]]:
    """Ask on a terminal for what a text offers, and keep what is agreed to; return the loss as it
    is then, and a line for each offer that was kept, or elsewhere for each."""
    found = offers(app, loss, text, is_dated=is_dated) if text else []
    if not app.is_interactive or app.is_json:
        return loss, [hint(app, offer) for offer in found]
    saved = []
    for offer in found:
        if confirmed(f"  {offer.what[:1].upper()}{offer.what[1:]}: save that?", default=False):
            number = loss.number or 0
            if offer.next_:
                (loss,) = app.journal.on(app.today).snooze([number], offer.next_)
            else:
                (loss,) = app.journal.edit(number, offer.parts)
                saved.append(f"      {offer.what}: saved")
    return loss, saved

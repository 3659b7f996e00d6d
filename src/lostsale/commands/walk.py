"""Walking through the morning list: one loss at a time, one key each."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from lostsale import acts
from lostsale.commands import fields
from lostsale.commands.followup import Move, change, read_name, year_line
from lostsale.commands.interview import ask_reason
from lostsale.commands.questions import ask, confirmed, key
from lostsale.commands.words import next_kind, words
from lostsale.context import Context
from lostsale.errors import BadInput, Interrupted, Locked, NotFound
from lostsale.loss import Loss, Win
from lostsale.money import read_money
from lostsale.morning import Due
from lostsale.screen import walk as screen
from lostsale.screen.losses import ending
from lostsale.screen.text import amount as shown_amount


class Act(NamedTuple):
    """What a key does to a loss: the command that it stands for, to which losses that applies, and
    the move."""

    command: str
    applies: str
    move: Move


class Made(NamedTuple):
    """What was done in this walk: the place in the list, the command, and the change's uid."""

    place: int
    command: str
    change: str


class Back(Exception):
    """The user thought better of it and goes back to the keys."""


def walk(desk: Context, steps: list[Due]) -> None:
    """Go through the losses of these steps on a terminal, in this order. What is done is kept at
    once."""
    going = Walk(desk, steps)
    try:
        while going.place < len(steps):
            going.visit()
    except Interrupted:
        raise KeyboardInterrupt from None  # what was done before is kept
    finally:
        going.end()


class Walk:
    """How far one is, and what was done."""

    def __init__(self, desk: Context, steps: list[Due]) -> None:
        self.desk = desk
        self.steps = steps
        self.place = 0
        self.made: list[Made] = []

    @property
    def left(self) -> int:
        """How many have nothing done about them yet."""
        return len(self.steps) - len({made.place for made in self.made})

    def visit(self) -> None:
        """Show a loss, and do what the keys say until that is done or left."""
        place, turn = self.place, 0
        loss = self._loss()
        if loss is None:
            return
        self._show(loss)
        while self.place == place:
            pressed = key("> ").casefold()
            if pressed == "v":
                turn += 1
                self.desk.show(screen.say(self._words(loss, turn)))
            elif pressed == "u":
                if self._undone():
                    return
            elif pressed in _MOVES:
                self.place = max(0, _MOVES[pressed](self))
                return
            elif pressed in _ACTS:
                self._do(_ACTS[pressed], loss)
            else:
                self.desk.show(screen.keys(self.desk.width or 80))

    def _loss(self) -> Loss | None:
        """Return the loss at this place, None if somebody else saw to it: then the walk goes on."""
        due = self.steps[self.place]
        try:
            (loss,) = self.desk.journal.get([due.number])
        except NotFound:
            loss = None
        is_due = loss and loss.step and (loss.step.kind, loss.step.on) == (due.kind, due.on)
        if loss and (is_due or self.place in {made.place for made in self.made}):
            return loss
        self.desk.show([f"{due.number} was seen to elsewhere.", ""])
        self.place += 1
        return None

    def _show(self, loss: Loss) -> None:
        desk = self.desk
        before = [other for other in desk.journal.before(loss.prospect) if other.uid != loss.uid]
        where = f"{self.place + 1:,} of {len(self.steps):,}"
        desk.show(screen.loss_page(loss, where, before, desk.settings, desk.today))
        desk.show(screen.say(self._words(loss, 0)))
        desk.show(["", *screen.keys(desk.width or 80)])

    def _words(self, loss: Loss, turn: int) -> str:
        return words(self.desk, next_kind(loss), loss, turn)

    def _do(self, asks: "Callable[[Context, Loss], Act]", loss: Loss) -> None:
        """Do what a key stands for, and go on to the next loss; stay where it can't be done."""
        desk, kept = self.desk, len(self.desk.journal.written)
        try:
            act = asks(desk, loss)
            (after,) = change(desk, act.command, [self.steps[self.place].number], *act[1:])
        except Back:
            return
        except (BadInput, NotFound, Locked) as error:
            desk.show([f"  {error.what}. {error.hint}".rstrip()])
            return
        if len(desk.journal.written) == kept:
            desk.show(["  Nothing to keep."])
            return
        self.made.append(Made(self.place, act.command, desk.journal.written[-1]))
        stands = ending(after, desk.settings, desk.today)
        back = "u takes it back." if self.place + 1 < len(self.steps) else "lostsale undo: back."
        desk.show([f"  {after.number} kept. {stands} {self.left:,} left. {back}", ""])
        self.place += 1

    def _undone(self) -> bool:
        """Take back what was done last in this walk, and go to its loss."""
        if not self.made:
            self.desk.show(["  Nothing was done in this walk yet."])
            return False
        last = self.made[-1]
        try:
            self.desk.journal.take_back(last.change)
        except Locked as error:
            self.desk.show([f"  {error.what}. {error.hint}".rstrip()])
            return False
        except NotFound:
            pass  # by lostsale undo elsewhere
        self.made.pop()
        self.desk.show([f"  Undone: {last.command} {self.steps[last.place].number}.", ""])
        self.place = last.place
        return True

    def end(self) -> None:
        """Say what was achieved."""
        counts = Counter(made.command for made in self.made)
        self.desk.show(
            [*screen.achieved(counts, self.left), *year_line(self.desk, self.desk.today.year)]
        )


_MOVES: dict[str, Callable[[Walk], int]] = {
    "\n": lambda going: going.place + 1,
    "b": lambda going: going.place - 1,
    "q": lambda going: len(going.steps),
}


def _asked(question: str, *, needed: bool = False) -> str:
    """Return the answer to a question. Raises Back for `<`, and for nothing where it is needed."""
    text = ask(f"{question:<27} ")
    if text == "<" or (needed and not text):
        raise Back
    return text


def _done(desk: Context, loss: Loss) -> Act:
    learned, note = {}, None
    if loss.step and loss.step.kind == "why":
        learned = ask_reason(desk, loss, desk.today)
        if not learned:
            raise Back
    else:
        note = _asked("Note? (Enter: none)") or None
    move = partial(
        acts.done, plan=desk.plan, today=desk.today, day=desk.today, note=note, learned=learned
    )
    return Act("done", "open step", move)


def _no_answer(desk: Context, _: Loss) -> Act:
    move = partial(acts.tried, plan=desk.plan, today=desk.today, day=desk.today)
    return Act("no-answer", "open step", move)


def _why(desk: Context, loss: Loss) -> Act:
    learned = ask_reason(desk, loss, desk.today)
    if not learned:
        raise Back
    move = partial(acts.asked, plan=desk.plan, today=desk.today, day=desk.today, learned=learned)
    return Act("why", "real", move)


def _snooze(desk: Context, _: Loss) -> Act:
    text = _asked("Until? (Enter: a day later)")
    until = fields.read_ahead(desk, text) if text else None
    return Act(
        "snooze", "not won", partial(acts.snoozed, plan=desk.plan, today=desk.today, until=until)
    )


def _meet(desk: Context, _: Loss) -> Act:
    at = fields.read_appointment(desk, _asked("When? (tuesday 10am)", needed=True))
    marked = confirmed("Did they write it down?")
    move = partial(acts.met, today=desk.today, at=at, marked=marked, minutes=None, where=None)
    return Act("meet", "not won", move)


def _call(desk: Context, _: Loss) -> Act:
    note = _asked("What came of it?") or None
    move = partial(acts.touched, plan=desk.plan, today=desk.today, day=desk.today, note=note)
    return Act("touch", "not won", move)


def _name(desk: Context, _: Loss) -> Act:
    name = read_name(_asked("Whom did they name?", needed=True), desk.today)
    return Act(
        "referral", "real", partial(acts.referred, plan=desk.plan, today=desk.today, name=name)
    )


def _won(desk: Context, loss: Loss) -> Act:
    lost = shown_amount(loss.money, desk.settings)
    text = _asked(f"What is it worth?{f' ({lost})' if lost else ''}")
    currency = loss.money.currency if loss.money else desk.settings.currency
    money = read_money(text, currency, desk.settings.decimal) if text else None
    note = _asked("What brought them back?") or None
    return Act(
        "won", "not won", partial(acts.won, today=desk.today, win=Win(desk.today, money, note))
    )


def _rest(desk: Context, _: Loss) -> Act:
    return Act("move-on", "at work", partial(acts.rested, today=desk.today, day=desk.today))


_ACTS = {
    "d": _done,
    "n": _no_answer,
    "y": _why,
    "s": _snooze,
    "m": _meet,
    "c": _call,
    "g": _name,
    "w": _won,
    "r": _rest,
}

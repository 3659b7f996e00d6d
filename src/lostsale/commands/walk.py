"""The walk through the morning list: one loss at a time, one key for each act."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import NamedTuple, TypeVar

from lostsale.api import ChangedMeanwhile, Journal
from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import (
    Back,
    ask_or_back,
    confirmed,
    key,
    take_pastes_whole,
)
from lostsale.commands.followup import check_over, year_line
from lostsale.commands.meet import read_meeting
from lostsale.commands.offers import take
from lostsale.commands.questions import ask_reason, going_on
from lostsale.commands.script import next_kind, words
from lostsale.commands.won import thank_you
from lostsale.domain.acts import Command
from lostsale.domain.due import Due
from lostsale.domain.loss import Loss
from lostsale.domain.plan import AFTER_WIN_KINDS
from lostsale.domain.scripts import may_go_on
from lostsale.errors import BadInput, Interrupted, Locked, NotFound
from lostsale.journal.file import to_user_error
from lostsale.screen import walk as screen
from lostsale.screen.loss import ending
from lostsale.screen.page import Page
from lostsale.screen.text import amount as shown_amount

_T = TypeVar("_T")
_LOCKED = "Another program is using the journal"
_ARROWS = {
    **dict.fromkeys(("\x1b[C", "\x1bOC"), " "),
    **dict.fromkeys(("\x1b[D", "\x1bOD"), "b"),
}
_BESIDE = frozenset({"touch", "referral", "edit"})  # beside the step, unless it's of their kind
# Acts that make sense whatever the step is by now.
_ANYWAY = frozenset({"touch", "referral", "why"})


class Act(NamedTuple):
    """What a key stands for: a command, what it does to the loss of a number in a journal, and the
    note that was typed with it."""

    command: Command
    do: Callable[[Journal, int], list[Loss]]
    note: str | None = None


class Made(NamedTuple):
    """Something done in this walk: its place in the list, the command, the change's uid, and
    whether the loss was seen to by that."""

    place: int
    command: str
    change: str
    is_through: bool


def walk(app: App, steps: list[Due]) -> None:
    """Go through the losses of these steps on a terminal, in this order. What is done is kept at
    once."""
    going = Walk(app, steps)
    take_pastes_whole()
    try:
        while going.place < len(steps):
            going.visit()
    except (Interrupted, KeyboardInterrupt):
        going.end()
        raise KeyboardInterrupt from None  # whose message says that what was done is kept
    except Exception as error:
        known = to_user_error(error)
        if known and going.made:
            known.assurance = "What you did before that is saved."
        raise known or error from error
    going.end(year_line(app, app.today.year))


class Walk:
    """Where the walk is, what was done, and what somebody else has taken care of."""

    def __init__(self, app: App, steps: list[Due]) -> None:
        self.app = app
        self.steps = steps
        self.place = 0
        self.way = 1  # forward
        self.made: list[Made] = []
        self.gone: set[int] = set()
        self.offered: tuple[Loss, Act] | None = None  # what may follow the last act, by one key
        self.is_new_to_questions = True

    @property
    def left(self) -> int:
        """How many losses are still to do today."""
        through = {made.place for made in self.made if made.is_through}
        return len(self.steps) - len(through | self.gone)

    def visit(self) -> None:
        """Show a loss, and follow the keys until something was done or the loss is left."""
        place, turn = self.place, 0
        loss = self._loss()
        if loss is None:
            return
        self.way = 1
        self._show(loss)
        while self.place == place:
            pressed = key("Press a key > ")
            pressed = _ARROWS.get(pressed, pressed.casefold())
            if pressed == "v":
                turn += 1
                self.app.show(screen.say(self._words(loss, turn), loss))
            elif pressed == "u":
                if self._undone():
                    return
            elif pressed in {" ", "b", "q"}:
                to = {" ": place + 1, "b": max(0, place - 1), "q": len(self.steps)}
                self.place, self.way = to[pressed], -1 if pressed == "b" else 1
                return
            elif pressed == "a" and self.offered:
                self._accept(*self.offered)
            elif pressed in _ACTS:
                self._hint(pressed)
                if not self._do(_ACTS[pressed], loss):
                    return
            else:
                self._show_keys(loss)

    def _loss(self) -> Loss | None:
        """Return the loss at this place; if somebody else has taken care of it, go on and return
        None."""
        due = self.steps[self.place]
        try:
            (loss,) = self.app.journal.get([due.number])
        except NotFound:
            loss = None
        if loss and (self._is_due(loss) or self.place in {made.place for made in self.made}):
            return loss
        self.app.show([f"{due.number} was already taken care of elsewhere.", ""])
        self.gone.add(self.place)
        self.place += self.way
        if self.place < 0:
            self.place, self.way = 0, 1
        return None

    def _is_due(self, loss: Loss) -> bool:
        """Whether the step of the loss is the one that's listed at this place: whatever is done
        about that puts the next one on a later day."""
        due, step = self.steps[self.place], loss.step
        return step is not None and step.kind == due.kind and step.on <= due.on

    def _show(self, loss: Loss) -> None:
        app = self.app
        before = [other for other in app.journal.before(loss.prospect) if other.uid != loss.uid]
        where = f"{self.place + 1:,} of {len(self.steps):,}"
        app.show(screen.loss_page(loss, where, before, app.settings, app.today))
        if not (loss.step and loss.step.kind == "meet"):  # whose words come after it
            app.show(screen.say(self._words(loss, 0), loss))
        app.show([""])
        self._show_keys(loss)

    def _show_keys(self, loss: Loss) -> None:
        self.app.show(screen.keys(self.app.width or 80, loss))

    def _hint(self, pressed: str) -> None:
        """Say how to get out of a question, once."""
        if self.is_new_to_questions and pressed not in {"n", "r"}:  # which ask nothing
            self.app.show(["  (< goes back to the keys)"])
            self.is_new_to_questions = False

    def _words(self, loss: Loss, turn: int) -> str:
        return words(self.app, next_kind(loss), loss, turn)

    def _do(self, asks: "Callable[[App, Loss], Act]", loss: Loss) -> bool:
        """Do what a key means and go on to the next loss, or stay if it can't be done. Return
        whether the loss is still as it was shown."""
        app, kept = self.app, len(self.app.journal.written)
        try:
            act = asks(app, loss)
            after = self._changed(act, loss)
        except Back:
            return True
        except ChangedMeanwhile:
            app.show([f"  {loss.number} changed in the meantime, so this wasn't saved.", ""])
            self._look_again()
            return False
        except (BadInput, NotFound) as error:
            app.show([f"  {error.what}. {error.advice}".rstrip()])
            return True
        if len(app.journal.written) == kept:
            app.show(["  Nothing to save."])
            return True
        stays, place = act.command in _BESIDE and self._is_due(after), self.place
        self.place += not stays
        is_left = stays or (after.step is not None and after.step.on <= app.today)
        self._keep(place, act.command, after, is_through=not is_left)
        if act.note:
            self._offer(place, act.note, after, is_through=not is_left)
        return not stays

    def _keep(self, place: int, command: str, after: Loss, *, is_through: bool) -> None:
        """Take note of what was done, and say so."""
        app = self.app
        self.made.append(Made(place, command, app.journal.written[-1], is_through))
        stands = ending(after, app.settings, app.today)
        is_last = self.place == len(self.steps)
        back = "lostsale undo: back." if is_last else "u takes it back."
        who = f"{after.number} {after.prospect}".rstrip(".")
        app.show([f"  Saved {who}. {stands} {self.left:,} left. {back}"])
        self.offered = None
        if command == "why" and may_go_on(after):
            self.offered = after, Act("done", Journal.done)
            app.show([f"  {going_on(f'lostsale done {after.number}' if is_last else 'a')}"])
        elif command == "won":
            self.offered = after, Act("thank", partial(Journal.thank, then=AFTER_WIN_KINDS))
            plans = [] if is_last else ["  a plans that card and a referral call in 30 days."]
            app.show([f"  {line}" for line in thank_you(app, after)] + plans)
        app.show([""])

    def _offer(self, place: int, note: str, loss: Loss, *, is_through: bool) -> None:
        """Ask for what a note tells beside itself."""
        journal, kept = self.app.journal, len(self.app.journal.written)
        with suppress(Back):
            take(self.app, loss, note, is_dated=False)
        self.made += (Made(place, "edit", one, is_through) for one in journal.written[kept:])

    def _accept(self, loss: Loss, act: Act) -> None:
        """Do what was offered about the loss that was seen to last."""
        try:
            after = self._changed(act, loss)
        except NotFound as error:
            self.app.show([f"  {error.what}, so this wasn't saved.", ""])
            self.offered = None
        else:
            self._keep(self.made[-1].place, act.command, after, is_through=True)

    def _look_again(self) -> None:
        """Update the step at this place, if the loss still has one."""
        due = self.steps[self.place]
        step = self.app.journal.get([due.number])[0].step
        if step:
            self.steps[self.place] = due._replace(kind=step.kind, on=step.on)

    def _changed(self, act: Act, shown: Loss) -> Loss:
        """Do an act, as often as it takes while another program holds the journal. Raises
        ChangedMeanwhile unless the loss is still as it was shown."""
        journal = self.app.journal.on(seen=None if act.command in _ANYWAY else shown)
        while True:
            try:
                return act.do(journal, shown.number or 0)[0]
            except Exception as error:
                if not _is_to_try_again(error):
                    raise

    def _undone(self) -> bool:
        """Undo the last act of this walk, and go to its loss. Return whether that worked."""
        if not self.made:
            self.app.show(["  You haven't done anything in this walk yet."])
            return False
        last = self.made[-1]
        try:
            self.app.journal.take_back(last.change)
        except NotFound:
            pass  # by lostsale undo elsewhere
        except Exception as error:
            if not isinstance(to_user_error(error), Locked):
                raise
            self.app.show([f"  {_LOCKED}."])
            return False
        self.made.pop()
        self.offered = None
        self.app.show([f"  Undone: {last.command} {self.steps[last.place].number}.", ""])
        self.place = last.place
        return True

    def end(self, closing: Page = ()) -> None:
        """Show what was achieved."""
        counts = Counter(made.command for made in self.made)
        self.app.show([*screen.achieved(counts, self.left), *closing])


def _is_to_try_again(error: Exception) -> bool:
    """Whether an act failed because another program holds the journal, and the user wants to try
    again."""
    return isinstance(to_user_error(error), Locked) and confirmed(f"  {_LOCKED}. Try again?", True)


def _asked(question: str) -> str:
    return ask_or_back(f"{question:<27} ")


def _wanted(app: App, question: str, read: Callable[[str], _T]) -> _T | None:
    """Ask until the answer can be read, and return what it means; None for an empty one."""
    while text := _asked(question):
        try:
            return read(text)
        except BadInput as error:
            app.show([f"  {error.what}. {error.advice}"])
    return None


def _done(app: App, loss: Loss) -> Act:
    if loss.step and loss.step.kind == "why":
        return _why(app, loss)
    check_over(app, [loss])
    note = _asked("Note? (Enter: none)") or None
    return Act("done", partial(Journal.done, note=note), note)


def _why(app: App, loss: Loss) -> Act:
    learned = ask_reason(app, loss, app.today)
    if not learned:
        raise Back
    return Act("why" if "real" in learned else "edit", partial(Journal.why, learned=learned))


def _snooze(app: App, _: Loss) -> Act:
    until = _wanted(app, "Until when? (Enter: a day later)", partial(fields.read_ahead, app))
    return Act("snooze", partial(Journal.snooze, until=until))


def _meet(app: App, _: Loss) -> Act:
    told = _wanted(app, "When? e.g. tuesday 10am", partial(read_meeting, app))
    if told is None:
        raise Back
    at, minutes, where = told
    marked = confirmed("Is it on their calendar?")
    meet = partial(Journal.meet, at=at, marked=marked, minutes=minutes, where=where)
    return Act("meet", meet)


def _call(_app: App, _: Loss) -> Act:
    note = _asked("What came of it?") or None
    return Act("touch", partial(Journal.touch, note=note), note)


def _name(app: App, _: Loss) -> Act:
    given = _wanted(
        app, "Who did they refer you to?", lambda text: fields.read_name(text, app.today)
    )
    if given is None:
        raise Back
    return Act("referral", partial(Journal.referral, given=given))


def _won(app: App, loss: Loss) -> Act:
    lost = shown_amount(loss.money, app.settings)
    question = f"What did it sell for?{f' ({lost})' if lost else ''}"
    money = _wanted(app, question, partial(fields.read_worth, app, loss))
    note = _asked("What brought them back?") or None
    return Act("won", partial(Journal.won, money=money, note=note))


_ACTS: dict[str, Callable[[App, Loss], Act]] = {
    "d": _done,
    "n": lambda *_: Act("no-answer", Journal.no_answer),
    "y": _why,
    "s": _snooze,
    "m": _meet,
    "c": _call,
    "g": _name,
    "w": _won,
    "r": lambda *_: Act("move-on", Journal.move_on),
}

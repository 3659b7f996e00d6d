"""The journal as Python programs and the commands use it: log a loss, see who needs you, record
what was done, count. Neither the terminal nor the command line is known here."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from datetime import date, timedelta
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, Unpack

from lostsale.domain.acts import APPLIES, Command, Occasion, and_asked, check_applies
from lostsale.domain.dates import When
from lostsale.domain.due import TODAY, Due, Morning, Which, cold_before, morning
from lostsale.domain.loss import Contact, Kind, Loss, LossParts, new_uid
from lostsale.domain.plan import DEFAULT, Plan, dated, opened
from lostsale.errors import BadInput, NotFound
from lostsale.journal import queries
from lostsale.journal.store import Change, Store

if TYPE_CHECKING:
    from lostsale.domain.groups import Units
    from lostsale.domain.periods import Period
    from lostsale.domain.tally import Tally

Numbers = int | Iterable[int]  # of one loss, or of several
P = ParamSpec("P")
# What holds for an act whichever it is: `day`, `next_`, `seen` and `beside` of `Journal.on`.
_How = tuple[date | None, When | None, Loss | None, AbstractContextManager[None]]


class ChangedMeanwhile(NotFound):
    """The loss isn't as it was seen any more."""


def _act(
    command: Command, act: Callable[Concatenate[Occasion, Loss, P], Loss]
) -> Callable[Concatenate["Journal", Numbers, P], list[Loss]]:
    """Make a method of an act: it does that to the losses of some numbers, as one change."""

    @wraps(act)
    def method(
        self: "Journal", numbers: Numbers, /, *args: P.args, **kwargs: P.kwargs
    ) -> list[Loss]:
        numbers = [numbers] if isinstance(numbers, int) else list(numbers)
        day, next_, seen, beside = self._how
        occasion = Occasion(self.plan, self.today, day or self.today)
        with self.change(command) as change, beside:
            for before in self.get(numbers):
                check_applies(before, APPLIES[command])
                if seen and _standing(before) != _standing(seen):
                    raise ChangedMeanwhile(f"{before.number} changed meanwhile")
                after = act(occasion, before, *args, **kwargs)
                change.save(before, dated(after, next_) if next_ else after)
        return self.get(numbers)

    return method


class Journal(Store):
    """A journal of lost sales: `with Journal.make("losses.db") as journal: ...`.

    The acts take the number of a loss, or several, and then what `Occasion` says: for example
    `journal.done(42, "sent the card")`. Each is one change, of all its losses or of none, and
    returns them as they are then. It raises NotFound for a number that there isn't, or whose loss
    it doesn't apply to, and BadInput for a day before the loss.
    """

    _how: _How = (None, None, None, nullcontext())
    done = _act("done", Occasion.done)
    no_answer = _act("no-answer", Occasion.no_answer)
    snooze = _act("snooze", Occasion.snooze)
    skip = _act("skip", Occasion.skip)
    why = _act("why", Occasion.why)
    touch = _act("touch", Occasion.touch)
    meet = _act("meet", Occasion.meet)
    referral = _act("referral", Occasion.referral)
    won = _act("won", Occasion.won)
    move_on = _act("move-on", Occasion.move_on)
    edit = _act("edit", Occasion.edit)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def today(self) -> date:
        """The day that counts as today: the computer's, unless another one is set."""
        return date.today()  # noqa: DTZ011 - where the user is

    @cached_property
    def plan(self) -> Plan:
        """The steps after a loss, on the user's workdays. Raises BadInput."""
        steps = DEFAULT
        if self.settings.plan:
            from lostsale.domain.plan_text import read_plan

            try:
                steps = read_plan(self.settings.plan)
            except BadInput as error:
                raise BadInput(
                    f"The plan can't be read ({error.what})", "Go back", "plan reset"
                ) from None
        return Plan(steps, self.settings.workdays)

    @contextmanager
    def configure(self, command: str) -> Iterator[Change]:
        """Write one change of settings, the plan or reasons, which are read again after it."""
        with self.change(command) as change:
            yield change
        self.read_again()

    def log(
        self, *, also: tuple[Kind, ...] = (), next_: When | None = None, **parts: Unpack[LossParts]
    ) -> Loss:
        """Log a lost sale, `lost_on` today unless said otherwise, and open its first step: what was
        done with it `also`, is skipped. Return it with its number."""
        lost_on = parts.setdefault("lost_on", self.today)
        done = tuple(Contact(new_uid(), kind, lost_on, answered=True) for kind in also)
        loss = and_asked(Loss(None, new_uid(), **parts), also, lost_on)._replace(contacts=done)
        loss = opened(loss, self.plan, self.today, self.plan.left(loss))
        with self.change("log") as change:
            change.save(None, dated(loss, next_) if next_ else loss)
        (logged,) = self.by_uid([loss.uid])
        return logged

    def on(
        self,
        day: date | None = None,
        *,
        next_: When | None = None,
        seen: Loss | None = None,
        beside: AbstractContextManager[None] | None = None,
    ) -> Self:
        """Return the journal for an act of that day: `journal.on(monday).done(42)`.

        `next_` dates the next step by hand; `seen` is the loss as it was shown, and the act raises
        ChangedMeanwhile if it stands otherwise by now; `beside` has to succeed with it.
        """
        journal = copy(self)
        journal._how = day, next_, seen, beside or nullcontext()  # noqa: SLF001 - our own
        return journal

    def due(self, which: Which = TODAY, portion: int | None = None) -> Morning:
        """Return who needs the user, cut to a portion if one is given."""
        cold, ready = queries.cold_and_ready(self, self.today, self.settings.workdays)
        found = morning(self.due_steps(which), self.today, cold, ready, portion)
        return found._replace(losses=tuple(self.get(number for _, number in found.shown)))

    def due_steps(self, which: Which = TODAY) -> list[Due]:
        """Return the steps that `due` lists, in no order."""
        after, until = cold_before(self.today, self.settings.workdays), self.today
        if which.cold:
            after, until = date.min, after
        elif which.on:
            after, until = which.on - timedelta(1), which.on
        else:
            until += timedelta(which.days)
        return queries.due_steps(self, after, until, which.kinds)

    def stats(self, period: "Period", by: "Units | None" = None) -> "Tally":
        """Count the losses of a period as of today; `by` says which months are counted together,
        each by itself unless it's given."""
        from lostsale.domain.groups import tally
        from lostsale.journal.stats import period_groups

        groups = period_groups(self, period, self.today)
        return tally(groups, period, self.today, self.settings.target, by)


def _standing(loss: Loss) -> tuple[object, ...]:
    return loss.planned, loss.won, loss.rested_on

"""The journal as Python programs and the commands use it: log a loss, see who needs you, record
what was done, count. Neither the terminal nor the command line is known here."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from lostsale.domain.acts import APPLIES, NOTHING, Command, Occasion, and_asked, check
from lostsale.domain.dates import When
from lostsale.domain.due import TODAY, Due, Morning, Which, cold_before, morning
from lostsale.domain.loss import Contact, Kind, Loss, LossParts, Referral, new_uid
from lostsale.domain.money import Money
from lostsale.domain.plan import DEFAULT, Plan, dated, opened
from lostsale.errors import BadInput, NotFound
from lostsale.journal import queries
from lostsale.journal.store import Change
from lostsale.journal.store import Journal as Store

if TYPE_CHECKING:
    from lostsale.domain.counting import Units
    from lostsale.domain.periods import Period
    from lostsale.domain.tally import Tally

Numbers = int | Iterable[int]  # of one loss, or of several


class ChangedMeanwhile(NotFound):
    """The loss isn't as it was seen any more."""


class How(TypedDict, total=False):
    """What every act takes beside its own arguments."""

    on: date | None  #: the day on which it was done, if not today
    next_: When | None  #: the day of the next step, set by hand
    seen: Loss  #: the loss as it was shown: ChangedMeanwhile if it stands otherwise by now
    beside: AbstractContextManager[None]  #: what has to succeed with it, or nothing is kept


class Journal(Store):
    """A journal of lost sales: `with Journal.make("losses.db") as journal: ...`.

    Each act (`done` to `edit`) is one change, of all its losses or of none, and returns them as
    they are then. It raises NotFound for a number that there isn't, or to whose loss it doesn't
    apply, and BadInput for a day before the loss.
    """

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

    def done(
        self,
        numbers: Numbers,
        note: str | None = None,
        *,
        also: tuple[Kind, ...] = (),
        learned: LossParts = NOTHING,
        **how: Unpack[How],
    ) -> list[Loss]:
        """Record that the open step was done, what was done `also`, and what was learned."""
        return self._act("done", numbers, lambda at, one: at.done(one, note, also, learned), how)

    def no_answer(
        self, numbers: Numbers, note: str | None = None, **how: Unpack[How]
    ) -> list[Loss]:
        """Record an attempt at the open step that reached nobody."""
        return self._act("no-answer", numbers, lambda at, one: at.no_answer(one, note), how)

    def snooze(self, numbers: Numbers, until: When | None = None, **how: Unpack[How]) -> list[Loss]:
        """Put the next step off, by one working day unless said otherwise."""
        return self._act("snooze", numbers, lambda at, one: at.snooze(one, until), how)

    def skip(self, numbers: Numbers, **how: Unpack[How]) -> list[Loss]:
        """Leave the open step out."""
        return self._act("skip", numbers, Occasion.skip, how)

    def why(
        self,
        numbers: Numbers,
        learned: LossParts,
        *,
        also: tuple[Kind, ...] = (),
        **how: Unpack[How],
    ) -> list[Loss]:
        """Record what was learned about why it was lost: `real`, `guess`, `way_in`."""
        return self._act("why", numbers, lambda at, one: at.why(one, learned, also), how)

    def touch(
        self,
        numbers: Numbers,
        note: str | None = None,
        *,
        also: tuple[Kind, ...] = (),
        **how: Unpack[How],
    ) -> list[Loss]:
        """Record a call or a conversation, planned or not."""
        return self._act("touch", numbers, lambda at, one: at.touch(one, note, also), how)

    def meet(
        self,
        numbers: Numbers,
        when: When,
        *,
        marked: bool = False,
        minutes: int | None = None,
        where: str | None = None,
        **how: Unpack[How],
    ) -> list[Loss]:
        """Record an appointment ahead, `marked` if they wrote it down."""

        def act(at: Occasion, one: Loss) -> Loss:
            return at.meet(one, when, marked=marked, minutes=minutes, where=where)

        return self._act("meet", numbers, act, how)

    def referral(self, numbers: Numbers, given: Referral, **how: Unpack[How]) -> list[Loss]:
        """Record somebody whom the prospect referred the user to."""
        how.setdefault("on", given.on)
        return self._act("referral", numbers, lambda at, one: at.referral(one, given), how)

    def won(
        self,
        numbers: Numbers,
        money: Money | None = None,
        note: str | None = None,
        **how: Unpack[How],
    ) -> list[Loss]:
        """Record that the sale was made after all, for what was lost unless said otherwise."""
        return self._act("won", numbers, lambda at, one: at.won(one, money, note), how)

    def move_on(self, numbers: Numbers, note: str | None = None, **how: Unpack[How]) -> list[Loss]:
        """Let losses rest."""
        return self._act("move-on", numbers, lambda at, one: at.move_on(one, note), how)

    def edit(self, numbers: Numbers, parts: LossParts, note: str | None = None) -> list[Loss]:
        """Change what is kept about a loss, and add a note."""
        return self._act("edit", numbers, lambda at, one: at.edit(one, parts, note), {})

    def _act(
        self, command: Command, numbers: Numbers, act: Callable[[Occasion, Loss], Loss], how: How
    ) -> list[Loss]:
        numbers = [numbers] if isinstance(numbers, int) else list(numbers)
        occasion = Occasion(self.plan, self.today, how.get("on") or self.today)
        next_, seen = how.get("next_"), how.get("seen")
        with self.change(command) as change, how.get("beside") or nullcontext():
            for before in self.get(numbers):
                check(before, APPLIES[command])
                if seen and _standing(before) != _standing(seen):
                    raise ChangedMeanwhile(f"{before.number} changed meanwhile")
                after = act(occasion, before)
                change.save(before, dated(after, next_) if next_ else after)
        return self.get(numbers)

    def due(self, which: Which = TODAY, portion: int | None = None) -> Morning:
        """Return who needs the user, cut to a portion if one is given."""
        cold, ready = queries.standing(self, self.today, self.settings.workdays)
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
        from lostsale.domain.counting import tally
        from lostsale.journal.stats import records

        found = records(self, period, self.today)
        return tally(period, self.today, self.settings.target, found, by or _by_month)


def _standing(loss: Loss) -> tuple[object, ...]:
    return loss.planned, loss.won, loss.rested_on


def _by_month(months: list[str]) -> dict[str, str]:
    return {month: month for month in months}

"""The journal as Python programs and the commands use it: log a loss, see who needs you, record
what was done, count. Neither the terminal nor the command line is known here."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from copy import copy
from datetime import date
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, Unpack

from lostsale.domain.acts import APPLIES, Command, Occasion, and_asked, check_applies
from lostsale.domain.dates import When
from lostsale.domain.due import TODAY, Due, Morning, Which, morning
from lostsale.domain.loss import Contact, Kind, Loss, LossParts, new_uid
from lostsale.domain.plan import Plan, dated, opened
from lostsale.domain.turns import as_of
from lostsale.errors import BadInput, NotFound
from lostsale.journal import queries
from lostsale.journal.agenda import plan_of
from lostsale.journal.store import Change, Store

if TYPE_CHECKING:
    from lostsale.domain.groups import Units
    from lostsale.domain.periods import Period
    from lostsale.domain.tally import Tally

Numbers = int | Iterable[int]  # of one loss, or of several
_LARGEST = 5  # losses gone cold that the list names
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
            kept = super(Journal, self).get(numbers)
            change.shown = tuple(loss.uid for loss in kept)
            for loss, before in zip(kept, self._as_of_today(kept), strict=True):
                check_applies(before, APPLIES[command])
                if seen and _standing(before) != _standing(seen):
                    raise ChangedMeanwhile(f"{before.number} changed in the meantime")
                after = act(occasion, before, *args, **kwargs)
                # An appointment that nobody noted the outcome of gets its entry now.
                change.save(
                    before._replace(contacts=loss.contacts),
                    dated(after, next_) if next_ else after,
                )
        return change.losses

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
    follow_lead = _act("referrals", Occasion.follow_lead)
    won = _act("won", Occasion.won)
    thank = _act("thank", Occasion.thank)
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
        try:
            return plan_of(self.settings)
        except BadInput as error:
            raise BadInput(
                f"The plan can't be read ({error.what})", "Go back", "plan reset"
            ) from None

    def get(self, numbers: Iterable[int]) -> list[Loss]:
        """Return the losses of these numbers as they stand today, in the order asked for. Raises
        NotFound."""
        return self._as_of_today(super().get(numbers))

    def by_uid(self, uids: Iterable[str]) -> list[Loss]:
        """Return the losses with these uids that exist, as they stand today."""
        return self._as_of_today(super().by_uid(uids))

    def before(self, prospect: str) -> list[Loss]:
        """Return the losses of this prospect as they stand today, latest first."""
        return self._as_of_today(super().before(prospect))

    def _as_of_today(self, losses: list[Loss]) -> list[Loss]:
        try:
            plan = self.plan
        except BadInput:  # it has to be fixed; losses can be looked at anyway
            return losses
        return [as_of(loss, plan, self.today) for loss in losses]

    @contextmanager
    def configure(self, command: str) -> Iterator[Change]:
        """Write one change of settings, the plan or reasons, which are read again after it."""
        with self.change(command) as change:
            yield change
        self.read_again()

    def log(
        self,
        *,
        also: tuple[Kind, ...] = (),
        next_: When | None = None,
        uid: str | None = None,
        **parts: Unpack[LossParts],
    ) -> Loss:
        """Log a lost sale, `lost_on` today unless said otherwise, and open its first step: what was
        done with it `also`, is skipped. Return it with its number. With a `uid` it is logged once,
        and ChangedMeanwhile raised the second time."""
        lost_on = parts.setdefault("lost_on", self.today)
        done = tuple(Contact(new_uid(), kind, lost_on, answered=True) for kind in also)
        new = Loss(None, uid or new_uid(), **parts)
        loss = and_asked(new, also, lost_on)._replace(contacts=done)
        steps = self.plan.left(loss)
        # One that is logged later than its first step falls begins like one of today.
        is_late = bool(steps) and self.plan.day(loss, steps[0]) < self.today
        floor = self.plan.floor(self.today, self.today) if is_late else self.today
        loss = opened(loss, self.plan, floor, steps)
        with self.change("log") as change:
            change.save(None, dated(loss, next_) if next_ else loss)
            if not change.is_new(loss.uid):
                raise ChangedMeanwhile("That's already logged")
            change.shown = (loss.uid,)
        return change.losses[0]

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
        ChangedMeanwhile if it has changed since; `beside` has to succeed with it.
        """
        journal = copy(self)
        journal._how = day, next_, seen, beside or nullcontext()  # noqa: SLF001 - our own
        return journal

    def due(self, which: Which = TODAY, portion: int | None = None) -> Morning:
        """Return who needs the user, cut to a portion if one is given."""
        cold = queries.cold(self, self.today, _LARGEST)
        steps, ready = self.due_steps(which), queries.ready(self, self.today)
        found = morning(steps, self.today, cold.losses, ready, portion)
        listed = super().get(number for _, number in found.shown)
        numbers = {number for _, number in found.shown}
        days = {one.number: max(one.on, self.today) for one in steps if one.number in numbers}
        return found._replace(
            losses=tuple(as_of(loss, self.plan, days[loss.number or 0]) for loss in listed),
            cold_worth=cold.worth,
            cold_largest=tuple(self.get(cold.largest)),
        )

    def due_steps(self, which: Which = TODAY) -> list[Due]:
        """Return the steps that `due` lists, in no order."""
        return queries.due_steps(self, which, self.today)

    def stats(
        self,
        period: "Period",
        by: "Units | None" = None,
        *,
        private: bool = False,
        shared: bool = False,
    ) -> "Tally":
        """Count the losses of a period as of today; `by` says which months are counted together,
        each by itself unless it's given. `private` adds what was learned from them; `shared` leaves
        out what others shouldn't read: quotes, what the user has yet to do, and each answer that
        shows a personal weakness, as if it had never been given."""
        from lostsale.domain.groups import tally
        from lostsale.journal.stats import period_groups

        groups = period_groups(self, period, self.today, private=private, shared=shared)
        return tally(groups, period, self.today, self.settings.target, by)


def _standing(loss: Loss) -> tuple[object, ...]:
    return loss.planned, loss.won, loss.rested_on

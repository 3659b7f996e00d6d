"""The plan: which step comes next after a loss, and when. Every change of a loss's step is made
here; what becomes of a step that nobody does is in `turns`."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from lostsale.domain.dates import When
from lostsale.domain.loss import AFTER_WIN, ATTEMPTS, RENEW, REST, Contact, Kind, Loss, Step
from lostsale.domain.workdays import Workdays
from lostsale.later import NamedTuple

REST_AFTER = 30  # days after the last contact
TRIES = 3  # unanswered tries in a row, after which the plan goes on
RETRY_AFTER = 2  # working days
MOST_APART = 30  # days between what was done late and the plan's next step


class PlanStep(NamedTuple):
    """A step of the plan: its kind, and when it falls in days from the loss. `key` is the kind,
    numbered where the plan repeats it. `words` are the user's own wordings for it, if any. Later
    than `within` so many days after its day it makes no sense any more."""

    key: str
    kind: Kind
    days: int
    words: tuple[str, ...] = ()
    within: int | None = None


class Plan(NamedTuple):
    """The steps in order, the days on which they may fall, and how many days before something comes
    up again that is due."""

    steps: tuple[PlanStep, ...]
    workdays: Workdays = Workdays()
    again_before: int = 90

    def floor(self, today: date, on: date, days: int = 1) -> date:
        """Return the day before which no step falls once something was done: so many working days
        later, and never a day that has passed."""
        return max(today, self.workdays.after(on, days))

    def left(self, loss: Loss, from_key: str | None = None) -> tuple[PlanStep, ...]:
        """Return the steps still to do from that one on, or of the whole plan: without those that
        are known to be done or have no sense any more."""
        steps = self.steps_of(loss)
        keys = [step.key for step in steps]
        if from_key in keys:
            rest = steps[keys.index(from_key) :]
        elif from_key is None:
            rest = steps
        elif kind_of(from_key) == REST or not loss.planned:
            rest = ()
        else:  # an edited plan has lost the step
            rest = tuple(s for s in steps if self.day(loss, s) > loss.planned.on)
        return tuple(step for step in rest if not _is_done(loss, step))

    def steps_of(self, loss: Loss) -> tuple[PlanStep, ...]:
        """Return the steps after this loss: those of the plan, but somebody who backed out after
        signing is gone back to first; or those after its win."""
        if is_customer(loss):
            return CUSTOMER
        first = next((n for n, step in enumerate(self.steps) if step.kind == "save"), None)
        if loss.outcome != "cancelled" or first is None:
            return self.steps
        upto = self.steps[: first + 1]
        days = (1, *(step.days for step in upto[1:]))
        order = (upto[-1], *upto[:-1])
        moved = (step._replace(days=n) for step, n in zip(order, days, strict=True))
        return (*moved, *self.steps[first + 1 :])

    def after(self, loss: Loss, key: str) -> tuple[PlanStep, ...]:
        """Return the steps still to do after that one."""
        return tuple(step for step in self.left(loss, key) if step.key != key)

    def following(self, loss: Loss, done: date = date.min) -> Iterator[Step]:
        """Yield the steps that the plan still holds after the one in front, each on its day if
        those before it are done on theirs, but the one in front not before the day `done`."""
        step = loss.planned
        if step and step.kind != REST:
            waits = step.kind != kind_of(step.plan_step)
            steps = (self.left if waits else self.after)(loss, step.plan_step)
            at = self.place(loss, step.plan_step, waits=waits)
            done = max(step.on, done)
            yield from self.in_turn(loss, steps, self.workdays.after(done), done, at)

    def in_turn(
        self, loss: Loss, steps: tuple[PlanStep, ...], floor: date, done: date, at: int
    ) -> Iterator[Step]:
        """Yield these steps, none before the floor: each on its own day or, if what came before was
        done later, as many days after that as the plan has between the two. The first comes after
        what was `done` on that day, and falls `at` so many days from the loss. A step whose time is
        over by then is left out."""
        begin = _begin(loss)
        for step in steps:
            day = begin + timedelta(step.days)
            in_time = begin + timedelta(at)
            if done > (self.workdays.on_or_after(in_time) if at else in_time):
                day = max(day, done + timedelta(min(step.days - at, MOST_APART)))
            day = self.workdays.on_or_after(max(day, floor))
            last = self.last_day(loss, step)
            if last is None or day <= last:
                yield Step(step.kind, day, plan_step=step.key)
                floor, done, at = self.workdays.after(day), day, step.days

    def place(self, loss: Loss, key: str, *, waits: bool) -> int:
        """Return how many days from the loss the plan has the step of that key; if it waits, the
        step before it."""
        days = 0
        for step in self.steps_of(loss):
            if step.key == key:
                return days if waits else step.days
            days = step.days
        return 0

    def words(self, kind: str, key: str | None) -> tuple[str, ...]:
        """Return the user's own wordings for a kind: those of the step of that key, else of the
        first that has any."""
        steps = [step for step in self.steps if step.kind == kind and step.words]
        steps.sort(key=lambda step: step.key != key)
        return steps[0].words if steps else ()

    def day(self, loss: Loss, step: PlanStep) -> date:
        """Return the working day on which a step of the plan falls."""
        return self.workdays.on_or_after(_begin(loss) + timedelta(step.days))

    def last_day(self, loss: Loss, step: PlanStep) -> date | None:
        """Return the last day on which a step makes sense; None for any day."""
        return None if step.within is None else self.day(loss, step) + timedelta(step.within)

    def left_out(self, loss: Loss, ahead: Iterable[Step]) -> list[Kind]:
        """Return the kinds of the steps that nobody tried, and that are neither open nor `ahead`:
        skipped, passed over, or too late to make sense."""
        open_or_ahead = {(s.kind, s.plan_step) for s in (loss.planned, *ahead) if s}
        tried = {entry.kind for entry in loss.contacts}
        return [
            step.kind
            for step in self.steps_of(loss)
            if (step.kind, step.key) not in open_or_ahead
            if step.kind not in tried and not _is_done(loss, step)
        ]


DEFAULT: tuple[PlanStep, ...] = (
    PlanStep("why", "why", 1),
    PlanStep("save", "save", 3),
    PlanStep("thanks", "thanks", 4, within=14),
    PlanStep("referral", "referral", 30),
    PlanStep("touch", "touch", 90),
    PlanStep("touch-2", "touch", 180),
)
# After a win, in days from it.
CUSTOMER: tuple[PlanStep, ...] = (
    PlanStep(f"thanks{AFTER_WIN}", "thanks", 1, within=14),
    PlanStep(f"referral{AFTER_WIN}", "referral", 30),
)
AFTER_WIN_KINDS = tuple(step.kind for step in CUSTOMER)


def kind_of(key: str) -> str:
    """Return the kind of the plan's step of this key: `touch` of `touch-2`."""
    return key.partition("-")[0]


def _begin(loss: Loss) -> date:
    """Return the day from which a loss's steps are counted."""
    return loss.won.on if loss.won and is_customer(loss) else loss.lost_on


def is_customer(loss: Loss) -> bool:
    """Whether what follows are the steps after a win."""
    return bool(loss.won and loss.planned and loss.planned.plan_step.endswith(AFTER_WIN))


def _is_done(loss: Loss, step: PlanStep) -> bool:
    kind, _, place = step.key.partition("-")
    if kind == "why" and loss.real:
        return True
    if kind in {"save", "touch"} and loss.is_dead:
        return True
    if kind == "referral" and loss.referrals and not place:
        return True
    since = _begin(loss) if is_customer(loss) else date.min
    done = sum(
        entry.kind == kind and entry.answered is not False and entry.on >= since
        for entry in loss.contacts
    )
    # Calls out of turn leave those of the plan; of the rest a plan may ask twice.
    return kind != "touch" and done >= (int(place) if place.isdigit() else 1)


def opened(
    loss: Loss,
    plan: Plan,
    floor: date,
    steps: tuple[PlanStep, ...],
    done: date | None = None,
    at: int = 0,
) -> Loss:
    """Return the loss with the first of the steps open, not before the floor; with none left,
    waiting to be ready to close. `done` and `at` are those of `Plan.in_turn`, by themselves the day
    of the loss."""
    first = next(plan.in_turn(loss, steps, floor, done or _begin(loss), at), None)
    if first is None:
        first = Step(REST, ready_on(loss))
    return loss._replace(planned=first)


def ready_on(loss: Loss) -> date:
    """Return the day from which a loss may rest if its plan holds nothing more."""
    last = max([loss.lost_on, *(done.on for done in loss.contacts if done.kind != "note")])
    return last + timedelta(REST_AFTER)


def moved_on(loss: Loss, plan: Plan, kinds: frozenset[str], floor: date, done: date) -> Loss:
    """Return the loss after contacts of these kinds on the day `done`, or after a skip: an open
    step of such a kind, and one known to be done, gives way to what waits behind it, a plan's step
    to the plan's next; any other step stays ahead of the plan."""
    step = loss.planned
    if step is None or step.kind == REST:
        return opened(loss, plan, floor, ())
    plan_kind = kind_of(step.plan_step)
    behind = (plan.after if plan_kind in kinds else plan.left)(loss, step.plan_step)
    key = behind[0].key if behind else no_step(loss)
    if step.kind in kinds or (step.kind == plan_kind and key != step.plan_step):
        at = plan.place(loss, step.plan_step, waits=plan_kind not in {step.kind, *kinds})
        if step.kind == RENEW and not behind:  # they may still be won: its calls begin again
            behind = tuple(s for s in plan.steps_of(loss) if s.kind == "touch" and not loss.is_dead)
        return opened(loss, plan, floor, behind, done, at)
    # Learning something is not a contact, so unanswered tries still count as in a row.
    return loss._replace(planned=step._replace(plan_step=key, tries=0 if kinds else step.tries))


def contacted(
    loss: Loss, plan: Plan, entries: tuple[Contact, ...], floor: date, done: date
) -> Loss:
    """Return the loss with these contact entries, of the day `done`, its step moved on by them."""
    loss = loss._replace(contacts=(*loss.contacts, *entries))
    kinds = frozenset(entry.kind for entry in entries)
    if kinds & ATTEMPTS:  # in whichever way they were asked again
        kinds |= {RENEW}
    return moved_on(loss, plan, kinds, floor, done)


def unanswered(loss: Loss, plan: Plan, entry: Contact, today: date) -> Loss:
    """Return the loss after a try at its open step that met nobody: the step comes back in two
    working days, or on its day if that is later, until it was tried three times in a row."""
    step = loss.step
    assert step is not None
    loss = loss._replace(contacts=(*loss.contacts, entry))
    if step.kind == "meet":
        loss = loss._replace(signals=tuple(dict.fromkeys((*loss.signals, "no-show"))))
    if step.tries + 1 >= TRIES:
        floor = max(step.on, plan.floor(today, entry.on))
        return moved_on(loss, plan, frozenset({step.kind}), floor, entry.on)
    retry = max(step.on, plan.floor(today, entry.on, RETRY_AFTER))
    again = step._replace(on=retry, time=None, marked=None, tries=step.tries + 1)
    return loss._replace(planned=again)


def dated(loss: Loss, when: When) -> Loss:
    """Return the loss with its step on a day of the user's own; a call, if the plan has no step."""
    step = loss.planned
    if step is None or step.kind == REST or (loss.won and not loss.step):
        step = Step("touch", when.day, plan_step=_behind(loss))
    return loss._replace(planned=step._replace(on=when.day, time=when.time))


def _behind(loss: Loss) -> str:
    """Return the key of the plan's step that waits behind one by hand: none of those from before
    its win."""
    if loss.planned is None or (loss.won and not is_customer(loss)):
        return no_step(loss)
    return loss.planned.plan_step


def no_step(loss: Loss) -> str:
    """Return the key that stands for no step of the plan, or none after a win."""
    return REST + AFTER_WIN if loss.won else REST


def appointed(
    loss: Loss, when: When, *, marked: bool, minutes: int | None, where: str | None
) -> Loss:
    """Return the loss with an appointment ahead of the plan's step, which waits."""
    step = Step("meet", when.day, when.time, _behind(loss), marked, 0, minutes, where)
    return loss._replace(planned=step)


def reopened(loss: Loss, floor: date) -> Loss:
    """Return a loss at rest as open again, its step not before the floor."""
    if not loss.rested_on:
        return loss
    loss = loss._replace(rested_on=None)
    if loss.planned is None or loss.planned.kind == REST:
        return loss
    return loss._replace(planned=loss.planned._replace(on=max(loss.planned.on, floor)))

"""The plan: which step comes next after a loss, and when. Every change of a loss's step is made
here."""

from datetime import date, timedelta
from typing import NamedTuple

from lostsale.domain.dates import When
from lostsale.domain.loss import REST, Contact, Kind, Loss, Step
from lostsale.domain.workdays import Workdays

REST_AFTER = 30  # days after the last contact
TRIES = 3  # unanswered tries in a row, after which the plan goes on
RETRY_AFTER = 2  # working days


class PlanStep(NamedTuple):
    """A step of the plan: its kind, and when it falls in days from the loss. `key` is the kind,
    numbered where the plan repeats it. `words` are the user's own wordings for it, if any."""

    key: str
    kind: Kind
    days: int
    words: tuple[str, ...] = ()


class Plan(NamedTuple):
    """The steps in order, and the days on which they may fall."""

    steps: tuple[PlanStep, ...]
    workdays: Workdays = Workdays()

    def floor(self, today: date, on: date, days: int = 1) -> date:
        """Return the day before which no step falls once something was done: so many working days
        later, and never a day that has passed."""
        return max(today, self.workdays.after(on, days))

    def left(self, loss: Loss, from_key: str | None = None) -> tuple[PlanStep, ...]:
        """Return the steps still to do from that one on, or of the whole plan: without those that
        are known to be done or have no sense any more."""
        keys = [step.key for step in self.steps]
        if from_key in keys:
            rest = self.steps[keys.index(from_key) :]
        elif from_key is None:
            rest = self.steps
        elif from_key == REST or not loss.planned:
            rest = ()
        else:  # an edited plan has lost the step
            rest = tuple(s for s in self.steps if self.day(loss, s) > loss.planned.on)
        return tuple(step for step in rest if not _is_done(loss, step))

    def after(self, loss: Loss, key: str) -> tuple[PlanStep, ...]:
        """Return the steps still to do after that one."""
        return tuple(step for step in self.left(loss, key) if step.key != key)

    def ahead(self, loss: Loss) -> list[tuple[Kind, date]]:
        """Return the kinds that the plan still holds behind the open step, with their days if each
        is done on its own."""
        step, ahead = loss.step, []
        if step:
            day = step.on
            waits = step.kind != kind_of(step.plan_step)
            for following in (self.left if waits else self.after)(loss, step.plan_step):
                day = max(self.day(loss, following), self.workdays.after(day))
                ahead.append((following.kind, day))
        return ahead

    def words(self, kind: str, key: str | None) -> tuple[str, ...]:
        """Return the user's own wordings for a kind: those of the step of that key, else of the
        first that has any."""
        steps = [step for step in self.steps if step.kind == kind and step.words]
        steps.sort(key=lambda step: step.key != key)
        return steps[0].words if steps else ()

    def day(self, loss: Loss, step: PlanStep) -> date:
        """Return the working day on which a step of the plan falls."""
        return self.workdays.on_or_after(loss.lost_on + timedelta(step.days))


DEFAULT: tuple[PlanStep, ...] = (
    PlanStep("why", "why", 1),
    PlanStep("save", "save", 3),
    PlanStep("thanks", "thanks", 4),
    PlanStep("referral", "referral", 30),
    PlanStep("touch", "touch", 90),
    PlanStep("touch-2", "touch", 180),
)


def kind_of(key: str) -> str:
    """Return the kind of the plan's step of this key: `touch` of `touch-2`."""
    return key.partition("-")[0]


def _is_done(loss: Loss, step: PlanStep) -> bool:
    kind, _, place = step.key.partition("-")
    if kind == "why" and loss.real:
        return True
    if kind in {"save", "touch"} and loss.is_dead:
        return True
    if kind == "referral" and loss.referrals and not place:
        return True
    done = [entry for entry in loss.contacts if entry.kind == kind and entry.answered is not False]
    # Calls out of turn leave those of the plan; of the rest a plan may ask twice.
    return kind != "touch" and len(done) >= int(place or 1)


def opened(loss: Loss, plan: Plan, floor: date, steps: tuple[PlanStep, ...]) -> Loss:
    """Return the loss with the first of the steps open, not before the floor; with none left,
    waiting to be ready to rest."""
    if not steps:
        last = max([loss.lost_on, *(done.on for done in loss.contacts if done.kind != "note")])
        return loss._replace(planned=Step(REST, last + timedelta(REST_AFTER)))
    first = steps[0]
    day = plan.workdays.on_or_after(max(plan.day(loss, first), floor))
    return loss._replace(planned=Step(first.kind, day, plan_step=first.key))


def moved_on(loss: Loss, plan: Plan, kinds: frozenset[str], floor: date) -> Loss:
    """Return the loss after contacts of these kinds, or after a skip: an open step of such a kind,
    and one known to be done, gives way to what waits behind it, a plan's step to the plan's next;
    any other step stays in front of the plan."""
    step = loss.planned
    if step is None or step.kind == REST:
        return opened(loss, plan, floor, ())
    plan_kind = kind_of(step.plan_step)
    behind = (plan.after if plan_kind in kinds else plan.left)(loss, step.plan_step)
    key = behind[0].key if behind else REST
    if step.kind in kinds or (step.kind == plan_kind and key != step.plan_step):
        return opened(loss, plan, floor, behind)
    # Learning something is not a contact, so unanswered tries still count as in a row.
    return loss._replace(planned=step._replace(plan_step=key, tries=0 if kinds else step.tries))


def contacted(loss: Loss, plan: Plan, entries: tuple[Contact, ...], floor: date) -> Loss:
    """Return the loss with these contact entries, its step moved on by them."""
    loss = loss._replace(contacts=(*loss.contacts, *entries))
    return moved_on(loss, plan, frozenset(entry.kind for entry in entries), floor)


def unanswered(loss: Loss, plan: Plan, entry: Contact, today: date) -> Loss:
    """Return the loss after a try at its open step that met nobody: the step comes back in two
    working days, until it was tried three times in a row."""
    step = loss.step
    assert step is not None
    loss = loss._replace(contacts=(*loss.contacts, entry))
    if step.kind == "meet":
        loss = loss._replace(signals=tuple(dict.fromkeys((*loss.signals, "no-show"))))
    if step.tries + 1 >= TRIES:
        return moved_on(loss, plan, frozenset({step.kind}), plan.floor(today, entry.on))
    retry = plan.floor(today, entry.on, RETRY_AFTER)
    again = step._replace(on=retry, time=None, marked=None, tries=step.tries + 1)
    return loss._replace(planned=again)


def dated(loss: Loss, when: When) -> Loss:
    """Return the loss with its step on a day of the user's own; a call, if the plan has no step."""
    step = loss.planned
    if step is None or step.kind == REST:
        step = Step("touch", when.day)
    return loss._replace(planned=step._replace(on=when.day, time=when.time))


def appointed(
    loss: Loss, when: When, *, marked: bool, minutes: int | None, where: str | None
) -> Loss:
    """Return the loss with an appointment in front of the plan's step, which waits."""
    behind = loss.planned.plan_step if loss.planned else REST
    step = Step("meet", when.day, when.time, behind, marked, 0, minutes, where)
    return loss._replace(planned=step)


def reopened(loss: Loss, floor: date) -> Loss:
    """Return a loss at rest as open again, its step not before the floor."""
    if not loss.rested_on:
        return loss
    loss = loss._replace(rested_on=None)
    if loss.planned is None or loss.planned.kind == REST:
        return loss
    return loss._replace(planned=loss.planned._replace(on=max(loss.planned.on, floor)))

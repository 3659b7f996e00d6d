"""What a loss asks for on which day while nobody does anything about it: its turns. They follow
from the loss and the plan, so what is listed depends on the journal and today alone."""

from collections.abc import Iterator
from datetime import MAXYEAR, date, timedelta
from typing import Literal

from lostsale.domain.loss import AFTER_WIN, ATTEMPTS, RENEW, REST, Loss, Step, is_over, unnoted
from lostsale.domain.plan import TRIES, Plan, no_step, ready_on
from lostsale.domain.workdays import COLD_AFTER
from lostsale.later import NamedTuple

FRESH_DAYS = 14  # since the loss, in which asking and going back come first


class Turn(NamedTuple):
    """What a loss asks for from the day `since` and before the day `until`: its step is on the
    list, or has gone cold and waits for a later one, or the loss is ready to close."""

    step: Step
    since: date
    until: date
    state: Literal["due", "cold", "rest"]


def turns(loss: Loss, plan: Plan) -> list[Turn]:
    """Return the turns of a loss in order; between two of them there's nothing to do."""
    found = _turns_of_plan(loss, plan)
    renewal = _renewal(loss, plan)
    if renewal is None:
        return found
    # What comes up again goes before the plan.
    before = [turn for turn in found if turn.since < renewal.since]
    after = [turn for turn in found if turn.until > renewal.until]
    return [
        *(turn._replace(until=min(turn.until, renewal.since)) for turn in before),
        renewal,
        *(turn._replace(since=max(turn.since, renewal.until)) for turn in after),
    ]


def as_of(loss: Loss, plan: Plan, today: date) -> Loss:
    """Return a loss of the journal as it stands on a day: with the step whose turn it is, or comes
    next."""
    found = turns(loss, plan)
    turn = _at(found, today)
    if turn is None and loss.step and found:  # after an end nothing waits for a later step
        over = Step(REST, found[-1].until, plan_step=no_step(loss))
        return _noted(loss, over, today)
    if turn is None or (loss.ended_on and today < turn.since):
        return _noted(loss, loss.step, today)
    step = turn.step
    if loss.again and step.kind == RENEW and step != loss.planned:
        # On the list all the time until it comes up, it is late only after that.
        step = step._replace(on=max(step.on, min(today, loss.again.on)))
        waiting = _at(_turns_of_plan(loss, plan), today)
        behind = waiting.step if waiting else loss.planned
        step = step._replace(plan_step=behind.plan_step if behind else REST)
    return _noted(loss, step, today)


def ahead(loss: Loss, plan: Plan, today: date) -> list[Step]:
    """Return the steps that come after a loss's current step, as it stands today: if that is
    done today or on its day, or by themselves once it has gone cold."""
    found = turns(loss, plan)
    turn = _at(found, today)
    if not loss.step or turn is None:
        return []
    if turn.state == "cold":
        return [turn.step for turn in found if turn.state == "due" and turn.since > today]
    return [*plan.following(loss, today)]


def _noted(loss: Loss, step: Step | None, today: date) -> Loss:
    """Return the loss with this step in front, if any, and with an entry for the appointment that
    stood there, if the plan went on without a word on what came of it."""
    meeting = loss.planned
    if step:
        loss = loss._replace(planned=step)
    if not meeting or meeting == step or not is_over(meeting, today):
        return loss
    end = None if meeting.plan_step.endswith(AFTER_WIN) else loss.ended_on
    if end and end <= meeting.on:  # it was called off, or was what ended it
        return loss
    entry = unnoted(loss, meeting)
    if any(entry.uid == other.uid for other in loss.contacts):
        return loss
    return loss._replace(contacts=(*loss.contacts, entry))


def _at(found: list[Turn], today: date) -> Turn | None:
    return next((turn for turn in found if today < turn.until), None)


def _turns_of_plan(loss: Loss, plan: Plan) -> list[Turn]:
    """Return the turns of the step in front and of those that the plan has after it."""
    front = loss.planned
    if front is None or loss.is_mistake or (loss.ended_on and not loss.step):
        return []
    found: list[Turn] = []
    over, is_cold = date.min, False
    for step in _in_line(loss, front, plan):
        if is_cold and step.on < over:
            continue  # its day came while the one before it was on the list, and it is left with it
        until, goes_cold = _until(loss, step, plan)
        since = max(step.on, over)
        if is_cold and over < since:
            found.append(Turn(found[-1].step, over, since, "cold"))
        found.append(Turn(step, since, until, "due"))
        over, is_cold = until, goes_cold
    if not loss.ended_on:
        day = max(over, ready_on(loss)) if found else front.on
        found.append(Turn(Step(REST, day), day, date.max, "rest"))
    return found


def _in_line(loss: Loss, front: Step, plan: Plan) -> Iterator[Step]:
    if front.kind != REST:
        yield front
        if max(front.on, loss.lost_on).year < MAXYEAR - 100:  # else days may run out
            yield from plan.following(loss)


def _until(loss: Loss, step: Step, plan: Plan) -> tuple[date, bool]:
    """Return the day from which a step is off the list, and whether it has gone cold then; else its
    time is over."""
    due = max(step.on, loss.again.on) if loss.again and step.kind == RENEW else step.on
    cold = plan.workdays.after(due, COLD_AFTER)
    for planned in plan.steps_of(loss) if step.kind != RENEW else ():
        if planned.key == step.plan_step and planned.kind == step.kind:
            last = plan.last_day(loss, planned)
            if last and step.on <= last < cold - timedelta(1):
                return last + timedelta(1), False
    return cold, True


def _renewal(loss: Loss, plan: Plan) -> Turn | None:
    """Return the turn of what comes up again, unless it was seen to or is in front already."""
    again, front = loss.again, loss.planned
    if again is None or loss.is_mistake or (front and front.kind == RENEW and loss.step):
        return None
    # While the loss is fresh its own steps come first, unless that is too late.
    fresh = min(again.on, loss.lost_on + timedelta(FRESH_DAYS))
    since = max(again.on - timedelta(plan.again_before), fresh)
    if loss.ended_on:
        since = max(since, loss.ended_on + timedelta(1))
    since = plan.workdays.on_or_after(since)
    tried = [entry for entry in loss.contacts if entry.kind in ATTEMPTS and entry.on >= since]
    if any(entry.answered for entry in tried) or sum(e.answered is False for e in tried) >= TRIES:
        return None
    until = plan.workdays.after(max(again.on, since), COLD_AFTER)
    if front and front.kind == "meet" and loss.step:  # that is when they talk about it
        since = max(since, _until(loss, front, plan)[0])
    return Turn(Step(RENEW, since), since, until, "due") if since < until else None

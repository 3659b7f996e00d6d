"""What can be done about a loss: each act makes a new loss of one, with its contact entries and its
next step."""

import re
from datetime import date, timedelta
from typing import Literal, TypeVar

from lostsale.domain.dates import When
from lostsale.domain.loss import (
    RENEW,
    REST,
    Again,
    Contact,
    ContactKind,
    Kind,
    Loss,
    LossParts,
    Real,
    Referral,
    Step,
    Win,
    new_uid,
)
from lostsale.domain.money import Money
from lostsale.domain.periods import day_text
from lostsale.domain.plan import (
    CUSTOMER,
    Plan,
    appointed,
    contacted,
    dated,
    is_customer,
    moved_on,
    opened,
    reopened,
    unanswered,
)
from lostsale.domain.reasons import OTHER, Reason
from lostsale.errors import BadInput, NotFound
from lostsale.later import NamedTuple

# fmt: off
Command = Literal[
    "done", "no-answer", "snooze", "skip", "why", "touch", "meet", "referral", "referrals", "won",
    "thank", "move-on", "edit", "show", "script", "forget",
]
# fmt: on
# To which losses a command applies; what "may wait" is not won, or has a step after its win.
Applies = Literal["any", "no mistake", "not won", "won", "may wait", "at work", "open step"]
APPLIES: dict[Command, Applies] = {
    "done": "open step",
    "no-answer": "open step",
    "snooze": "may wait",
    "skip": "open step",
    "why": "no mistake",
    "touch": "no mistake",
    "meet": "no mistake",
    "referral": "no mistake",
    "referrals": "any",
    "won": "not won",
    "thank": "won",
    "move-on": "at work",
    "edit": "any",
    "show": "any",
    "script": "no mistake",
    "forget": "any",
}
NOTHING = LossParts()
# What a note may tell was done, whatever step is open; unless it tells of a talk, too.
_CARD = (
    r"\bthank[- ]?you\b"
    r"|\b(?:sent|mailed|wrote)(?: (?:her|him|them|off|out|a|an|the|my))* card\b"
)
_SILENCE = (
    r"\b(?:l?vms?|voice ?mails?|left (?:(?:her|him|them|an?|another|my) )*(?:msg|message|word)"
    "|(?:no one|nobody|didn.?t|did not|never) (?:pick(?:ed)? up|answer(?:ed)?)|no answer)"
)
_TALK = r"\b(?:asked|said|says|told|talked|spoke|met|reached|because|called (?:me )?back)\b"
_R = TypeVar("_R", Reason, Real)


def check_applies(loss: Loss, applies: Applies) -> None:
    """Raise NotFound, which says how the loss stands, unless `applies` holds for it."""
    held: tuple[Applies, ...]
    if loss.is_mistake:
        held, state = ("any",), "is marked as a mistake"
    elif loss.won:
        held = ("any", "no mistake", "won")
        state = f"is already won back, on {day_text(loss.won.on)}"
    elif loss.rested_on:
        held = ("any", "no mistake", "not won", "may wait")
        state = f"has been at rest since {day_text(loss.rested_on)}"
    elif not loss.step:
        held = ("any", "no mistake", "not won", "may wait", "at work")
        state = "has no open step"
    else:
        return
    if loss.step:  # what comes after an end can be done like any step
        held = (*held, "open step", "may wait")
    if applies not in held:
        raise NotFound(f"{loss.number} {state}", f"See it with lostsale show {loss.number}")


def told_done(note: str) -> Literal["thanks", "silence"] | None:
    """Return what a note tells was done: a card was sent, or a call met nobody."""
    note = note.casefold()
    if re.search(_TALK, note):
        return None
    return "thanks" if re.search(_CARD, note) else "silence" if re.search(_SILENCE, note) else None


class Occasion(NamedTuple):
    """When something is done about a loss, and under which plan: `day` is the day of the act, on
    which the contact was made, and `today` the day on which it's written down.

    Each act raises BadInput if its day is before the loss.
    """

    plan: Plan
    today: date
    day: date

    def done(
        self,
        loss: Loss,
        note: str | None = None,
        also: tuple[Kind, ...] = (),
        learned: LossParts = NOTHING,
        kind: Kind | None = None,
    ) -> Loss:
        """Return the loss with its open step done, or one of another `kind`, with what else was
        done at the same time, and with what was learned."""
        step = loss.step
        assert step is not None
        entry = self._entry(kind or step.kind, note)
        entry = entry._replace(marked=step.marked if entry.kind == step.kind else None)
        return self._contacted(reopened(loss, self.floor)._replace(**learned), entry, also)

    def no_answer(self, loss: Loss, note: str | None = None) -> Loss:
        """Return the loss after an attempt at its open step that reached nobody."""
        step = loss.step
        assert step is not None
        self._check(loss)
        entry = self._entry(step.kind, note)._replace(marked=step.marked, answered=False)
        return unanswered(loss, self.plan, entry, self.today)

    def why(self, loss: Loss, learned: LossParts, also: tuple[Kind, ...] = ()) -> Loss:
        """Return the loss with what was learned about why it was lost."""
        real, former = learned.get("real"), loss.real
        if real and former and _settled(former, real) != real:
            return self.edit(loss, learned)  # the same answer, under another code
        loss = loss._replace(**learned)
        if real:
            return self._contacted(loss, self._entry("why", real.words), also)
        if also or "way_in" in learned:
            return self._contacted(loss, None, also)
        self._check(loss)
        return loss

    def touch(
        self,
        loss: Loss,
        note: str | None = None,
        also: tuple[Kind, ...] = (),
        learned: LossParts = NOTHING,
    ) -> Loss:
        """Return the loss after a call or a conversation in which something was `learned`, open
        again if it was at rest."""
        loss = reopened(loss, self.floor)._replace(**learned)
        return self._contacted(loss, self._entry("touch", note), also)

    def meet(
        self,
        loss: Loss,
        at: When,
        *,
        marked: bool = False,
        minutes: int | None = None,
        where: str | None = None,
    ) -> Loss:
        """Return the loss with an appointment ahead, open again if it was at rest."""
        loss = reopened(loss, self.today)
        return appointed(loss, at, marked=marked, minutes=minutes, where=where)

    def snooze(self, loss: Loss, until: When | None = None) -> Loss:
        """Return the loss with its step put off, by one working day unless said otherwise."""
        loss = reopened(loss, self.today)
        due = loss.step.on if loss.step else self.today
        return dated(loss, until or When(self.plan.workdays.after(max(due, self.today))))

    def skip(self, loss: Loss) -> Loss:
        """Return the loss with its open step left out; what comes up again, with it."""
        step = loss.step
        assert step is not None
        # What comes after a day that they named doesn't come before it.
        floor = self.floor if step.kind in {"meet", RENEW} else max(self.floor, step.on)
        after = moved_on(loss, self.plan, frozenset({step.kind}), floor, self.day)
        return after._replace(again=None) if step.kind == RENEW else after

    def referral(self, loss: Loss, given: Referral) -> Loss:
        """Return the loss with a name that its prospect gave, on the day of that."""
        at = self._replace(day=given.on)
        loss = loss._replace(referrals=(*loss.referrals, given))
        return at._contacted(loss, at._entry("referral"))  # noqa: SLF001 - our own

    def follow_lead(
        self, loss: Loss, uid: str, result: str | None = None, *, is_dropped: bool = False
    ) -> Loss:
        """Return the loss with a name that its prospect gave called, or dropped."""
        self._check(loss)

        def followed(name: Referral) -> Referral:
            if is_dropped:
                return name._replace(dropped_on=self.day)
            came_of_it = result or name.result
            return name._replace(called_on=self.day, dropped_on=None, result=came_of_it)

        names = (followed(name) if name.uid == uid else name for name in loss.referrals)
        return loss._replace(referrals=tuple(names))

    def won(
        self,
        loss: Loss,
        money: Money | None = None,
        note: str | None = None,
        again: Again | None = None,
        then: tuple[Kind, ...] = (),
    ) -> Loss:
        """Return the loss as won back. What bound them is over; `again` is when they
        decide on the next sale, and `then` names the steps after a win that are wanted."""
        self._check(loss)
        return self.thank(loss._replace(won=Win(self.day, money, note), again=again), then)

    def thank(self, loss: Loss, then: tuple[Kind, ...]) -> Loss:
        """Return a loss that was won back with the first of the wanted steps after a win ahead."""
        steps = [step for step in CUSTOMER if step.kind in then]
        if not steps or not loss.won:
            return loss
        first = Step(steps[0].kind, self.floor, plan_step=steps[0].key)
        loss = loss._replace(planned=first)
        return opened(loss, self.plan, self.floor, self.plan.left(loss, first.plan_step))

    def move_on(self, loss: Loss, note: str | None = None) -> Loss:
        """Return the loss at rest. What comes up again wakes it, unless it is due already: then
        that is left out, too."""
        self._check(loss)
        entries = (self._entry("note", note),) if note else ()
        before = timedelta(self.plan.again_before)
        if loss.again and loss.again.on - before <= self.today:
            loss = loss._replace(again=None)
            if loss.planned and loss.planned.kind == RENEW:
                step = loss.planned._replace(kind=REST, plan_step=REST)
                loss = loss._replace(planned=step)
        return loss._replace(rested_on=self.day, contacts=(*loss.contacts, *entries))

    def edit(self, loss: Loss, parts: LossParts, note: str | None = None) -> Loss:
        """Return the loss with these parts changed, and its step as it follows from them. A real
        reason that's put right is known since the former one was."""
        lost_on = parts.get("lost_on")
        edited = _of_day(loss, lost_on, self.plan) if lost_on else loss
        parts = _put_right(edited, parts)
        entries = (self._entry("note", note),) if note else ()
        edited = edited._replace(**parts)
        edited = edited._replace(contacts=(*edited.contacts, *entries))
        if loss.real and not edited.real and edited.planned and edited.planned.kind != "meet":
            # To ask why is to be done again.
            return opened(edited, self.plan, self.floor, self.plan.left(edited))
        begins_anew = edited.planned and edited.planned.kind != "meet" and _backed_out(loss, edited)
        if begins_anew or (is_customer(loss) and not edited.won):
            return opened(edited, self.plan, self.floor, self.plan.left(edited))
        if edited.planned and edited.planned.kind == RENEW and edited.again != loss.again:
            return moved_on(edited, self.plan, frozenset({RENEW}), self.floor, self.day)
        if edited.planned and (edited.real, edited.way_in) != (loss.real, loss.way_in):
            # A step that is known to be done, or pointless now, gives way to the plan's next one.
            return moved_on(edited, self.plan, frozenset(), self.floor, self.day)
        return edited

    @property
    def floor(self) -> date:
        """The day before which the next step can't fall."""
        return self.plan.floor(self.today, self.day)

    def _entry(self, kind: ContactKind, note: str | None = None) -> Contact:
        answered = None if kind == "note" else True
        return Contact(new_uid(), kind, self.day, answered=answered, note=note)

    def _contacted(self, loss: Loss, entry: Contact | None, also: tuple[Kind, ...] = ()) -> Loss:
        """Return the loss with a contact entry, and with one of each other kind."""
        self._check(loss)
        entries = [entry] if entry else []
        entries += [self._entry(kind) for kind in also if not entry or kind != entry.kind]
        asked = and_asked(loss, also, self.day)
        return contacted(asked, self.plan, tuple(entries), self.floor, self.day)

    def _check(self, loss: Loss) -> None:
        """Refuse a day before the loss, except today: an imported loss may be in the future."""
        if self.day < min(loss.lost_on, self.today):
            raise BadInput(f"{self.day} is before the loss, on {loss.lost_on}", "Check --on")


def _backed_out(before: Loss, after: Loss) -> bool:
    """Whether it turned out that they had signed: then they are gone back to first."""
    return after.outcome == "cancelled" != before.outcome


def _put_right(loss: Loss, parts: LossParts) -> LossParts:
    """Return what is to change in a loss, with what of the former reasons stays, and without an
    outcome that who got the order contradicts."""
    former, real = loss.real, parts.get("real")
    if former and real:
        real = _settled(former, real)
        if former.code:
            real = real._replace(asked_on=former.asked_on, on=former.on)
        parts = {**parts, "real": real}
    for of in ("said", "guess"):
        if (was := getattr(loss, of)) and (now := parts.get(of)):
            parts = {**parts, of: _settled(was, now)}  # type: ignore[misc]  # by name
    is_ended = parts.get("lost_to") and loss.given_outcome in {"competitor", "no-decision"}
    return {"given_outcome": None, **parts} if is_ended else parts


def _settled(former: _R, given: _R) -> _R:
    """Return a reason with the words that stood under no code, if only their code is given."""
    if former.code == OTHER and given.code and given.words is None:
        return given._replace(words=former.words)
    return given


def and_asked(loss: Loss, also: tuple[Kind, ...], day: date) -> Loss:
    """Return the loss as asked why on a day if that was one of the other things done."""
    return loss._replace(real=Real(day)) if "why" in also and not loss.real else loss


def _of_day(loss: Loss, day: date, plan: Plan) -> Loss:
    """Return the loss as of another day: what was noted on the day of the loss moves along if it
    would be before it, and so does the step. Raises BadInput for other things before that day."""

    def moved(on: date) -> date:
        return max(on, day) if on == loss.lost_on else on

    contacts = tuple(entry._replace(on=moved(entry.on)) for entry in loss.contacts)
    referrals = tuple(name._replace(on=moved(name.on)) for name in loss.referrals)
    step, real = loss.planned, loss.real
    if step and step.on < day:
        step = step._replace(on=plan.workdays.on_or_after(day))
    if real:
        real = real._replace(asked_on=moved(real.asked_on), on=real.on and moved(real.on))
    after = [entry.on for entry in contacts] + [name.on for name in referrals]
    after += [on for on in (real and real.asked_on, loss.won and loss.won.on, loss.rested_on) if on]
    if after and min(after) < day:
        raise BadInput(f"Something was done about it on {min(after)}, before {day}", "Check --on")
    return loss._replace(
        lost_on=day, contacts=contacts, referrals=referrals, real=real, planned=step
    )

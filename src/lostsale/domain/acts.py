"""What can be done about a loss after it: each act makes a new loss of one, with its contact entry
and its next step. `day` is the day of the act; one before the loss raises BadInput."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lostsale.domain.dates import When
from lostsale.domain.loss import Contact, Loss, Referral, Win, new_uid
from lostsale.domain.plan import Plan, appointed, contacted, dated, moved_on, reopened, unanswered
from lostsale.errors import BadInput

NOTHING: Mapping[str, Any] = {}


def done(
    loss: Loss,
    plan: Plan,
    today: date,
    day: date,
    note: str | None = None,
    also: tuple[str, ...] = (),
    learned: Mapping[str, Any] = NOTHING,
) -> Loss:
    """Return the loss with its open step done, and with what else was done or learned with it:
    kinds of contact, and parts of the loss."""
    _not_before(loss, day, today)
    step = loss.step
    assert step is not None
    entry = Contact(new_uid(), step.kind, day, True, step.marked, note)
    entries = (entry, *_entries(also, step.kind, day))
    return contacted(loss._replace(**learned), plan, entries, plan.floor(today, day))


def tried(loss: Loss, plan: Plan, today: date, day: date, note: str | None = None) -> Loss:
    """Return the loss after a try at its open step that met nobody."""
    _not_before(loss, day, today)
    step = loss.step
    assert step is not None
    entry = Contact(new_uid(), step.kind, day, False, step.marked, note)
    return unanswered(loss, plan, entry, today)


def asked(
    loss: Loss,
    plan: Plan,
    today: date,
    day: date,
    learned: Mapping[str, Any],
    also: tuple[str, ...] = (),
) -> Loss:
    """Return the loss with what was learned of why it was lost, as parts of it."""
    _not_before(loss, day, today)
    entries = _entries(also, None, day)
    if real := learned.get("real"):
        entries = (Contact(new_uid(), "why", day, True, None, real.words), *entries)
    loss = loss._replace(**learned)
    if entries or "way_in" in learned:
        loss = contacted(loss, plan, entries, plan.floor(today, day))
    return loss


def touched(
    loss: Loss, plan: Plan, today: date, day: date, note: str | None, also: tuple[str, ...] = ()
) -> Loss:
    """Return the loss after a call or a talk, open again if it was at rest."""
    _not_before(loss, day, today)
    floor = plan.floor(today, day)
    entries = (
        Contact(new_uid(), "touch", day, True, None, note),
        *_entries(also, "touch", day),
    )
    return contacted(reopened(loss, floor), plan, entries, floor)


def met(
    loss: Loss, today: date, at: When, *, marked: bool, minutes: int | None, where: str | None
) -> Loss:
    """Return the loss with an appointment ahead, open again if it was at rest."""
    return appointed(reopened(loss, today), at, marked=marked, minutes=minutes, where=where)


def snoozed(loss: Loss, plan: Plan, today: date, until: When | None) -> Loss:
    """Return the loss with its step put off, by a working day if nothing is said."""
    loss = reopened(loss, today)
    stands = loss.step.on if loss.step else today
    return dated(loss, until or When(plan.workdays.after(max(stands, today))))


def skipped(loss: Loss, plan: Plan, today: date) -> Loss:
    """Return the loss with its open step left out."""
    assert loss.step is not None
    return moved_on(loss, plan, frozenset({loss.step.kind}), plan.floor(today, today))


def referred(loss: Loss, plan: Plan, today: date, name: Referral) -> Loss:
    """Return the loss with a name that was given."""
    _not_before(loss, name.on, today)
    loss = loss._replace(referrals=(*loss.referrals, name))
    entry = Contact(new_uid(), "referral", name.on, True)
    return contacted(loss, plan, (entry,), plan.floor(today, name.on))


def won(loss: Loss, today: date, win: Win) -> Loss:
    """Return the loss as won back."""
    _not_before(loss, win.on, today)
    return loss._replace(won=win)


def rested(loss: Loss, today: date, day: date, note: str | None = None) -> Loss:
    """Return the loss at rest."""
    _not_before(loss, day, today)
    entries = (Contact(new_uid(), "note", day, None, None, note),) if note else ()
    return loss._replace(rested_on=day, contacts=(*loss.contacts, *entries))


def _entries(kinds: tuple[str, ...], but: str | None, day: date) -> tuple[Contact, ...]:
    return tuple(Contact(new_uid(), kind, day, True) for kind in kinds if kind != but)


def _not_before(loss: Loss, on: date, today: date) -> None:
    """Refuse a day before the loss for what followed it; today never is, though another program
    may put a loss ahead."""
    if on < min(loss.lost_on, today):
        raise BadInput(f"{on} lies before the loss, on {loss.lost_on}", "Look at --on")

"""Changing what is kept about a loss."""

from datetime import date
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import fields, refs
from lostsale.commands.interview import ask_loss
from lostsale.commands.options import Facts, Json, On, Ref, spread
from lostsale.domain.loss import Contact, Loss, new_uid
from lostsale.domain.plan import Plan, moved_on, opened
from lostsale.domain.reasons import Reason
from lostsale.errors import BadInput, NotFound
from lostsale.export.record import to_json
from lostsale.screen import loss as screen
from lostsale.screen.text import amount as shown_amount


@spread
def edit(
    ctx: typer.Context,
    *,
    ref: Ref,
    prospect: Annotated[str | None, typer.Option(metavar="NAME", help="Who said no.")] = None,
    amount: Annotated[str | None, typer.Option(help="12000, 12k, 12kEUR.")] = None,
    on: On = None,
    facts: Facts,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="A note of today; '' clears that of log.")
    ] = None,
    not_won: Annotated[bool, typer.Option("--not-won", help="Take a win back.")] = False,
    json: Json = False,
) -> None:
    """Change what is kept about a loss.

    Without options it asks; an option with '' clears its field.

    lostsale edit 42 --amount 11k --product ""
    lostsale edit oakfield --contact "Ana Ruiz 555-0134" --note "changed jobs"
    """
    app: App = ctx.obj
    if facts.said == "-":
        facts = facts._replace(said=fields.from_stdin())
    typed = {"prospect": prospect, "amount": amount, **facts._asdict()}
    signal = typed.pop("signal")
    given = {name: text for name, text in typed.items() if text is not None}
    if "real" in given and "heard" in given:
        raise BadInput("The real reason is given twice", "Write --real, or --heard")
    number = refs.one(app, ref, "any")
    read: fields.Fields = {}
    for name, text in given.items():
        read |= fields.read_or_clear(app, name, text)
    if signal is not None:
        read["signals"] = fields.read_signals(app, [text for text in signal if text.strip()])
    day = fields.read_past(app, on) if on is not None else None
    if note is not None:
        note = fields.read_field(app, "note", note)["note"] or ""
    if not (read or day or not_won) and note is None:
        if not app.is_interactive:
            raise BadInput("What to change is missing", "Write lostsale edit 42 --amount 12k")
        read = ask_loss(app, {}, _there(app, app.journal.get([number])[0]))
    with app.journal.change("edit") as change:
        (before,) = refs.check(app.journal, [number], "any")
        if not_won and not before.won:
            raise NotFound(f"{number} is not won back", f"See it with lostsale show {number}")
        former = before.real.source if before.real else None
        source = "heard" if facts.heard else "told" if facts.real else former or "told"
        change.save(before, _edited(app, before, read, source, day, note, not_won=not_won))
    (kept,) = app.journal.get([number])
    if json:
        app.show(to_json("loss", app.record(kept)))
    else:
        app.show(screen.edited(kept, app.settings, app.today))


def _edited(
    app: App,
    before: Loss,
    read: fields.Fields,
    source: str,
    day: date | None,
    note: str | None,
    *,
    not_won: bool,
) -> Loss:
    """Return the loss with these parts changed."""
    loss = _of_day(before, day, app.plan) if day else before
    if "heard" in read:
        read["real"] = read.pop("heard")
    if "real" in read:
        read["real"] = fields.known(read["real"], source, app.today, loss.real)
    if note == "":
        read["note"] = None
    elif note is not None:
        entry = Contact(new_uid(), "note", app.today, None, None, note)
        read["contacts"] = (*loss.contacts, entry)
    if not_won:
        read["won"] = None
    loss = loss._replace(**read)
    if before.real and not loss.real and loss.planned and loss.planned.kind != "meet":
        # To ask why is to be done again.
        return opened(loss, app.plan, app.plan.floor(app.today, app.today), app.plan.left(loss))
    if loss.planned and (loss.real, loss.way_in) != (before.real, before.way_in):
        # What is known to be done, or has no sense any more, gives way to the plan's next step.
        return moved_on(loss, app.plan, frozenset(), app.plan.floor(app.today, app.today))
    return loss


def _of_day(loss: Loss, day: date, plan: Plan) -> Loss:
    """Return the loss as of another day; what was noted for its own day does not come before it,
    and its step does not either. Raises BadInput."""

    def moved(on: date) -> date:
        return max(on, day) if on == loss.lost_on else on

    contacts = tuple(entry._replace(on=moved(entry.on)) for entry in loss.contacts)
    referrals = tuple(name._replace(on=moved(name.on)) for name in loss.referrals)
    step = loss.planned
    if step and step.on < day:
        step = step._replace(on=plan.workdays.on_or_after(day))
    real = loss.real
    if real:
        real = real._replace(asked_on=moved(real.asked_on), on=real.on and moved(real.on))
    after = [entry.on for entry in contacts] + [name.on for name in referrals]
    after += [on for on in (real and real.asked_on, loss.won and loss.won.on, loss.rested_on) if on]
    if after and min(after) < day:
        raise BadInput(f"Something was done about it on {min(after)}, before {day}", "Look at --on")
    return loss._replace(
        lost_on=day, contacts=contacts, referrals=referrals, real=real, planned=step
    )


def _there(app: App, loss: Loss) -> dict[str, str]:
    """Return what is kept already, as one would type it."""

    def typed(reason: Reason | None) -> str:
        return ": ".join(filter(None, reason)) if reason else ""

    return {
        "prospect": loss.prospect,
        "amount": shown_amount(loss.money, app.settings),
        "contact": " ".join(filter(None, (loss.contact, loss.phone, loss.email))),
        "said": typed(loss.said),
        "real": typed(
            Reason(loss.real.code, loss.real.words) if loss.real and loss.real.code else None
        ),
        "guess": typed(loss.guess),
        "way_in": loss.way_in or "",
        "lost_to": loss.lost_to or "",
    }

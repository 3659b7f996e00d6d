"""What is done about a loss after it: each command moves its one next step."""

from collections.abc import Callable
from typing import Annotated

import typer

from lostsale.commands import fields, refs
from lostsale.commands.interview import ask_reason
from lostsale.commands.options import Also, Json, Next, On, Ref, Refs, Words
from lostsale.commands.questions import ask, confirmed
from lostsale.context import Context
from lostsale.dates import When
from lostsale.errors import BadInput, Declined
from lostsale.journal import queries
from lostsale.loss import Contact, Loss, Referral, Win, new_uid, read_contact
from lostsale.money import read_money
from lostsale.plan import appointed, contacted, dated, moved_on, reopened, unanswered
from lostsale.screen import losses as screen
from lostsale.screen.json import loss_json, to_json

Move = Callable[[Loss], Loss]


def _change(
    desk: Context, command: str, numbers: list[int], applies: str, move: Move
) -> list[Loss]:
    """Keep what `move` makes of each loss, all or none, and return them as they are now."""
    with desk.journal.change(command) as change:
        for before in refs.check(desk.journal, numbers, applies):
            change.save(before, move(before))
    return desk.journal.get(numbers)


def _answer(desk: Context, losses: list[Loss], did: str, ref: str | None, json: bool) -> None:
    """Show what became of the losses; as one in JSON if the user named one."""
    if not json:
        desk.show(screen.answered(losses, did, desk.settings, desk.today))
        return
    shown = [loss_json(loss, desk.today, desk.settings.workdays) for loss in losses]
    is_one = ref is not None and not refs.is_list(ref)
    desk.show(to_json("loss", shown[0]) if is_one else to_json("losses", shown))


def _note(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def _when(desk: Context, text: str | None) -> When | None:
    return None if text is None else fields.read_ahead(desk, text)


def done(
    ctx: typer.Context,
    ref: Refs,
    note: Words = None,
    on: On = None,
    also: Also = None,
    next_: Next = None,
    json: Json = False,
) -> None:
    """Note that the next step was done.

    Example: lostsale done 42 sent the card
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "open step")
    day, when, others = fields.read_past(desk, on), _when(desk, next_), fields.read_also(also)
    (first, *more) = desk.journal.get(numbers)
    is_why = not more and first.step is not None and first.step.kind == "why"
    asked = is_why and desk.is_interactive and not json
    real, way_in = ask_reason(desk, first, day) if asked else (None, None)

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        step = loss.step
        assert step is not None
        entry = Contact(new_uid(), step.kind, day, True, step.marked, _note(note))
        rest = (Contact(new_uid(), kind, day, True) for kind in others if kind != step.kind)
        loss = loss._replace(real=real or loss.real, way_in=way_in or loss.way_in)
        loss = contacted(loss, desk.plan, (entry, *rest), desk.plan.floor(desk.today, day))
        return dated(loss, when) if when else loss

    losses = _change(desk, "done", numbers, "open step", move)
    unknown = is_why and losses[0].real is None
    did = "done; the reason is still open" if unknown else "done"
    _answer(desk, losses, did, ref, json)


def no_answer(
    ctx: typer.Context,
    ref: Ref,
    note: Words = None,
    on: On = None,
    next_: Next = None,
    json: Json = False,
) -> None:
    """Note that you tried and met nobody.

    The step comes back in two working days; after the third time the plan goes on. Example:
    lostsale no-answer 42 left a message
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "open step")
    day, when = fields.read_past(desk, on), _when(desk, next_)

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        step = loss.step
        assert step is not None
        entry = Contact(new_uid(), step.kind, day, False, step.marked, _note(note))
        loss = unanswered(loss, desk.plan, entry, desk.today)
        return dated(loss, when) if when else loss

    _answer(desk, _change(desk, "no-answer", [number], "open step", move), "no answer", ref, json)


def snooze(
    ctx: typer.Context,
    ref: Refs,
    when: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHEN]...", help="friday, 2w, next month; else a working day later."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Put the next step off.

    Example: lostsale snooze 42 next friday
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "not won")
    until = fields.read_ahead(desk, " ".join(when)) if when else None

    def move(loss: Loss) -> Loss:
        loss = reopened(loss, desk.today)
        stands = loss.step.on if loss.step else desk.today
        later = When(desk.plan.workdays.after(max(stands, desk.today)))
        return dated(loss, until or later)

    _answer(desk, _change(desk, "snooze", numbers, "not won", move), "moved", ref, json)


def skip(ctx: typer.Context, ref: Refs, json: Json = False) -> None:
    """Leave the next step out.

    Example: lostsale skip 41,43
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "open step")
    floor = desk.plan.floor(desk.today, desk.today)

    def move(loss: Loss) -> Loss:
        assert loss.step is not None
        return moved_on(loss, desk.plan, frozenset({loss.step.kind}), floor)

    _answer(desk, _change(desk, "skip", numbers, "open step", move), "left out", ref, json)


def touch(
    ctx: typer.Context,
    ref: Ref,
    note: Annotated[
        list[str] | None,
        typer.Argument(metavar="NOTE...", help="What came of it; no quotes needed."),
    ] = None,
    on: On = None,
    also: Also = None,
    next_: Next = None,
    json: Json = False,
) -> None:
    """Note a call or a talk, planned or not.

    Example: lostsale touch 42 happy with Kyolab so far, decides again in May
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "not won")
    day, when, others = fields.read_past(desk, on), _when(desk, next_), fields.read_also(also)
    if not note and not desk.is_interactive:
        raise BadInput("NOTE is missing", "Write lostsale touch 42 what came of it")
    came_of_it = _note(note) or ask("What came of it? ")

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        floor = desk.plan.floor(desk.today, day)
        entry = Contact(new_uid(), "touch", day, True, None, came_of_it or None)
        rest = (Contact(new_uid(), kind, day, True) for kind in others if kind != "touch")
        loss = contacted(reopened(loss, floor), desk.plan, (entry, *rest), floor)
        return dated(loss, when) if when else loss

    _answer(desk, _change(desk, "touch", [number], "not won", move), "kept", ref, json)


def meet(
    ctx: typer.Context,
    ref: Ref,
    when: Annotated[
        list[str], typer.Argument(metavar="WHEN...", help="tuesday 10am, 30 nov 14:00.")
    ],
    minutes: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1440, help="How long it takes.")
    ] = None,
    where: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it is.")] = None,
    marked: Annotated[
        bool, typer.Option("--marked", help="They wrote it in their calendar.")
    ] = False,
    json: Json = False,
) -> None:
    """Make an appointment.

    It goes before the plan's next step. done says that it was kept, no-answer that they did not
    come. Example: lostsale meet 42 tuesday 10am --marked
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "not won")
    at = fields.read_ahead(desk, " ".join(when))

    def move(loss: Loss) -> Loss:
        loss = reopened(loss, desk.today)
        return appointed(loss, at, marked=marked, minutes=minutes, where=where or None)

    did = "in their calendar" if marked else "an appointment"
    _answer(desk, _change(desk, "meet", [number], "not won", move), did, ref, json)


def referral(
    ctx: typer.Context,
    ref: Ref,
    name: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Whom they named: Bea Kim 555-0177 b@c.d."),
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What to know about them.")
    ] = None,
    on: On = None,
    json: Json = False,
) -> None:
    """Note a name that they gave you.

    Example: lostsale referral 42 Bea Kim 555-0177
    """
    desk: Context = ctx.obj
    number, day = refs.one(desk, ref, "real"), fields.read_past(desk, on)
    if not name and desk.is_interactive:
        name = [ask("Whom did they name? ")]
    person, email, phone = read_contact(" ".join(name or ()))
    if not person:
        raise BadInput("NAME is missing", "Write lostsale referral 42 Bea Kim 555-0177")
    given = Referral(new_uid(), person, day, phone, email, note or None)

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        loss = loss._replace(referrals=(*loss.referrals, given))
        entry = Contact(new_uid(), "referral", day, True)
        return contacted(loss, desk.plan, (entry,), desk.plan.floor(desk.today, day))

    kept = _change(desk, "referral", [number], "real", move)
    _answer(desk, kept, f"{person} is kept", ref, json)


def won(
    ctx: typer.Context,
    ref: Ref,
    amount: Annotated[
        str | None, typer.Argument(help="What it is worth, if not what was lost.")
    ] = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What brought them back.")
    ] = None,
    on: On = None,
    json: Json = False,
) -> None:
    """Note that the sale was made after all.

    Example: lostsale won 42 9500 --note "the lease did it"
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "not won")
    day = fields.read_past(desk, on)
    (loss,) = desk.journal.get([number])
    currency = loss.money.currency if loss.money else desk.settings.currency
    money = read_money(amount, currency, desk.settings.decimal) if amount is not None else None
    if note is None and desk.is_interactive and not json:
        note = ask("What brought them back? ")

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        return loss._replace(won=Win(day, money, note or None))

    _answer(desk, _change(desk, "won", [number], "not won", move), "well done", ref, json)


def move_on(
    ctx: typer.Context,
    ref: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="The loss, or several: 42, 41,43,50-55.")
    ] = None,
    note: Words = None,
    ready: Annotated[
        bool, typer.Option("--ready", help="All that are through with the plan.")
    ] = False,
    cold: Annotated[bool, typer.Option("--cold", help="All whose step has gone cold.")] = False,
    on: On = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Let a loss rest.

    Example: lostsale move-on --ready
    """
    desk: Context = ctx.obj
    day = fields.read_past(desk, on)
    if (ready and cold) or ((ready or cold) and ref and ref[0].isdigit()):
        raise BadInput("REF, --ready and --cold exclude each other", "Choose one")
    if ready or cold:
        note = [*([ref] if ref else []), *(note or [])]
        ref, numbers = None, _many(desk, ready=ready)
    elif ref is None:
        raise BadInput("REF is missing", "Write lostsale move-on 42, or --ready, or --cold")
    else:
        numbers, yes = refs.several(desk, ref, "at work"), True
    if not numbers and not json:
        desk.show(["None to move on from."])
        return
    if not yes and numbers:
        _confirm(desk, len(numbers))

    def move(loss: Loss) -> Loss:
        fields.not_before(loss, day, desk.today)
        entries = (Contact(new_uid(), "note", day, None, None, _note(note)),) if note else ()
        return loss._replace(rested_on=day, contacts=(*loss.contacts, *entries))

    _answer(desk, _change(desk, "move-on", numbers, "at work", move), "moved on", ref, json)


def _many(desk: Context, *, ready: bool) -> list[int]:
    if ready:
        return queries.ready_to_rest(desk.journal, desk.today)
    return queries.gone_cold(desk.journal, desk.today, desk.settings.workdays)


def _confirm(desk: Context, count: int) -> None:
    question = f"Let {count:,} rest?" if count > 1 else "Let one loss rest?"
    if not desk.is_interactive:
        raise Declined(f"That would let {count:,} rest", "Say --yes if you mean it")
    if not confirmed(question):
        raise Declined("Not moved on")

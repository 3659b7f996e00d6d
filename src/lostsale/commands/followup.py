"""What is done about a loss after it: a command for each of `acts`, but for `meet`, which is in
`appointments`. The walk does the same through `change`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask, confirm
from lostsale.commands.interview import ask_reason, show_close
from lostsale.commands.options import (
    Also,
    Guess,
    Heard,
    Json,
    Next,
    On,
    Ref,
    Refs,
    WayIn,
    Words,
    Yes,
)
from lostsale.domain import acts
from lostsale.domain.dates import When
from lostsale.domain.loss import Loss, Real, Win
from lostsale.domain.periods import read_period
from lostsale.domain.plan import dated
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import queries
from lostsale.screen import loss as screen
from lostsale.screen.page import Page

Move = Callable[[Loss], Loss]


def change(
    desk: Context,
    command: str,
    numbers: list[int],
    applies: str,
    move: Move,
    when: When | None = None,
    beside: AbstractContextManager[None] | None = None,
) -> list[Loss]:
    """Keep what `move` makes of each loss, its step dated by hand if `when` is given, all or none,
    and only if what is to happen `beside` it does; return them as they are now, in the order of
    `numbers`. Raises NotFound where `applies` (a key of `queries.APPLIES`) does not hold any more,
    and what `move` raises."""
    with desk.journal.change(command) as changing, beside or nullcontext():
        for before in refs.check(desk.journal, numbers, applies):
            after = move(before)
            changing.save(before, dated(after, when) if when else after)
    return desk.journal.get(numbers)


def answer(
    desk: Context,
    losses: list[Loss],
    did: str,
    ref: str | None,
    json: bool,
    *,
    closing: bool = False,
) -> None:
    """Show what became of the losses, with a line on how the year stands if it is `closing`.
    `did` is what was done, in a few words; `ref` is what the user typed: one loss is an object in
    JSON, a list or none an array."""
    if not json:
        years = {loss.lost_on.year for loss in losses}
        year = years.pop() if len(years) == 1 else desk.today.year
        last = year_line(desk, year) if closing else []
        desk.show([*screen.answered(losses, did, desk.settings, desk.today), *last])
        return
    shown = [*map(desk.record, losses)]
    is_one = ref is not None and not refs.is_list(ref)
    desk.show(to_json("loss", shown[0]) if is_one else to_json("losses", shown))


def year_line(desk: Context, year: int) -> Page:
    """Return the line that says how many losses of a year were won back, none without any."""
    lost, won = queries.won_back(desk.journal, read_period(str(year), desk.today))
    return screen.closing(lost, won, desk.settings.target, year, desk.today) if lost else []


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

    lostsale done 42 sent the card
    lostsale done oakfield --on yesterday --also thanks
    lostsale done 41,42,43
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "open step")
    day, when, others = fields.read_past(desk, on), _when(desk, next_), fields.read_also(also)
    (first, *more) = desk.journal.get(numbers)
    is_why = not more and first.step is not None and first.step.kind == "why"
    learned: fields.Fields = {}
    if is_why and desk.is_interactive and not json:
        show_close(desk, first)
        learned = ask_reason(desk, first, day)
    move = partial(
        acts.done,
        plan=desk.plan,
        today=desk.today,
        day=day,
        note=_note(note),
        also=others,
        learned=learned,
    )
    losses = change(desk, "done", numbers, "open step", move, when)
    unknown = is_why and losses[0].real is None
    did = "done; the reason is still open" if unknown else "done"
    answer(desk, losses, did, ref, json)


def no_answer(
    ctx: typer.Context,
    ref: Ref,
    note: Words = None,
    on: On = None,
    next_: Next = None,
    json: Json = False,
) -> None:
    """Note that you tried and met nobody.

    The step comes back in two working days; after the third time the plan goes on.

    lostsale no-answer 42 left a message
    lostsale no-answer oakfield --next friday
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "open step")
    day, when = fields.read_past(desk, on), _when(desk, next_)
    move = partial(acts.tried, plan=desk.plan, today=desk.today, day=day, note=_note(note))
    losses = change(desk, "no-answer", [number], "open step", move, when)
    answer(desk, losses, "no answer", ref, json)


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

    lostsale snooze 42 next friday
    lostsale snooze 41,43 2w
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "not won")
    until = fields.read_ahead(desk, " ".join(when)) if when else None
    move = partial(acts.snoozed, plan=desk.plan, today=desk.today, until=until)
    answer(desk, change(desk, "snooze", numbers, "not won", move), "moved", ref, json)


def skip(ctx: typer.Context, ref: Refs, json: Json = False) -> None:
    """Leave the next step out.

    lostsale skip 42
    lostsale skip 41,43
    """
    desk: Context = ctx.obj
    numbers = refs.several(desk, ref, "open step")
    move = partial(acts.skipped, plan=desk.plan, today=desk.today)
    answer(desk, change(desk, "skip", numbers, "open step", move), "left out", ref, json)


def why(
    ctx: typer.Context,
    ref: Ref,
    reason: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REASON]...", help="What they told you; no quotes needed."),
    ] = None,
    heard: Heard = None,
    guess: Guess = None,
    would_not_say: Annotated[
        bool, typer.Option("--would-not-say", help="You asked, and they would not say.")
    ] = False,
    way_in: WayIn = None,
    on: On = None,
    also: Also = None,
    next_: Next = None,
    json: Json = False,
) -> None:
    """Note the real reason, once you asked.

    lostsale why 42 too-slow: our quote came late
    lostsale why oakfield --heard relationship
    lostsale why 41 --would-not-say
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "real")
    day = fields.read_past(desk, on)
    when, others = _when(desk, next_), fields.read_also(also)
    learned = fields.read_field(desk, "guess", guess) if guess is not None else {}
    if way_in is not None:
        learned["way_in"] = way_in or None
    told = " ".join(reason or ())
    if not (told or learned or would_not_say) and heard is None:
        if not desk.is_interactive:
            raise BadInput(
                "The reason is missing",
                "Write lostsale why 42 too slow, --heard, --guess or --would-not-say",
            )
        (loss,) = desk.journal.get([number])
        show_close(desk, loss)
        learned = ask_reason(desk, loss, day)
    elif real := _told(desk, told, heard, day, would_not_say=would_not_say):
        learned["real"] = real
    move = partial(
        acts.asked, plan=desk.plan, today=desk.today, day=day, learned=learned, also=others
    )
    (kept,) = change(desk, "why", [number], "real", move, when)
    answer(desk, [kept], ", ".join(screen.known(kept)) or "kept", ref, json)


def _told(
    desk: Context, told: str, heard: str | None, day: date, *, would_not_say: bool
) -> Real | None:
    """Return the answer that the arguments give, None for none. Raises BadInput for several."""
    if sum((bool(told), heard is not None, would_not_say)) > 1:
        raise BadInput(
            "There is more than one answer", "Give one reason, --heard or --would-not-say"
        )
    if would_not_say:
        return Real(day)
    if not told and heard is None:
        return None
    reason = fields.read_field(desk, "real", told or heard or "")["real"]
    return fields.known(reason, "told" if told else "heard", day, None)


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

    lostsale touch 42 met at the fair
    lostsale touch oakfield still happy with us --next 2mo
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "not won")
    day, when, others = fields.read_past(desk, on), _when(desk, next_), fields.read_also(also)
    if not note and not desk.is_interactive:
        raise BadInput("NOTE is missing", "Write lostsale touch 42 what came of it")
    came_of_it = _note(note) or ask("What came of it? ") or None
    move = partial(
        acts.touched, plan=desk.plan, today=desk.today, day=day, note=came_of_it, also=others
    )
    losses = change(desk, "touch", [number], "not won", move, when)
    answer(desk, losses, "kept", ref, json, closing=True)


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

    lostsale referral 42 Bea Kim 555-0177
    lostsale referral oakfield Jo Stern --note "runs the lab next door"
    """
    desk: Context = ctx.obj
    number, day = refs.one(desk, ref, "real"), fields.read_past(desk, on)
    if not name and desk.is_interactive:
        name = [ask("Whom did they name? ")]
    given = fields.read_name(" ".join(name or ()), day, note or None)
    move = partial(acts.referred, plan=desk.plan, today=desk.today, name=given)
    kept = change(desk, "referral", [number], "real", move)
    answer(desk, kept, f"{given.name} is kept", ref, json)


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

    lostsale won 42
    lostsale won 41 9500 --note "the lease did it"
    """
    desk: Context = ctx.obj
    number = refs.one(desk, ref, "not won")
    day = fields.read_past(desk, on)
    (loss,) = desk.journal.get([number])
    money = fields.read_worth(desk, loss, amount) if amount is not None else None
    if note is None and desk.is_interactive and not json:
        note = ask("What brought them back? ")
    move = partial(acts.won, today=desk.today, win=Win(day, money, note or None))
    losses = change(desk, "won", [number], "not won", move)
    answer(desk, losses, "well done", ref, json, closing=True)


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
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Let a loss rest.

    lostsale move-on 42 they closed down
    lostsale move-on --ready
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
        count = f"{len(numbers):,}"
        which = count if len(numbers) > 1 else "one loss"
        confirm(desk, f"let {count} rest", f"Let {which} rest?", "Not moved on")
    move = partial(acts.rested, today=desk.today, day=day, note=_note(note))
    losses = change(desk, "move-on", numbers, "at work", move)
    answer(desk, losses, "moved on", ref, json, closing=True)


def _many(desk: Context, *, ready: bool) -> list[int]:
    """Return the numbers of the losses that are through with the plan, else of those gone cold."""
    from lostsale.journal.search import Wanted, chosen

    wanted = Wanted(read_period("all", desk.today), ("ready" if ready else "cold",))
    return sorted(chosen(desk.journal, wanted, desk.today, desk.settings.workdays))

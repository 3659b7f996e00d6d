"""What is done about the next step of a loss: done, no answer, snoozed, skipped, called, moved on.
The walk does the same through `change`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask, confirm
from lostsale.commands.interview import ask_reason, show_close
from lostsale.commands.options import (
    Also,
    Json,
    Next,
    On,
    Ref,
    Refs,
    Words,
    Yes,
)
from lostsale.domain import acts
from lostsale.domain.dates import When
from lostsale.domain.loss import Loss
from lostsale.domain.periods import read_period
from lostsale.domain.plan import dated
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal import queries
from lostsale.screen import loss as screen
from lostsale.screen.page import Page

Move = Callable[[Loss], Loss]


def change(
    app: App,
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
    with app.journal.change(command) as changing, beside or nullcontext():
        for before in refs.check(app.journal, numbers, applies):
            after = move(before)
            changing.save(before, dated(after, when) if when else after)
    return app.journal.get(numbers)


def answer(
    app: App,
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
        year = years.pop() if len(years) == 1 else app.today.year
        last = year_line(app, year) if closing else []
        app.show([*screen.answered(losses, did, app.settings, app.today), *last])
        return
    shown = [*map(app.record, losses)]
    is_one = ref is not None and not refs.is_list(ref)
    app.show(to_json("loss", shown[0]) if is_one else to_json("losses", shown))


def year_line(app: App, year: int) -> Page:
    """Return the line that says how many losses of a year were won back, none without any."""
    lost, won = queries.won_back(app.journal, read_period(str(year), app.today))
    return screen.closing(lost, won, app.settings.target, year, app.today) if lost else []


def _note(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def when_of(app: App, text: str | None) -> When | None:
    """Return the day that --next names, None where it is not given. Raises BadInput."""
    return None if text is None else fields.read_ahead(app, text)


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
    app: App = ctx.obj
    numbers = refs.several(app, ref, "open step")
    day, when, others = fields.read_past(app, on), when_of(app, next_), fields.read_also(also)
    (first, *more) = app.journal.get(numbers)
    is_why = not more and first.step is not None and first.step.kind == "why"
    learned: fields.Fields = {}
    if is_why and app.is_interactive and not json:
        show_close(app, first)
        learned = ask_reason(app, first, day)
    move = partial(
        acts.done,
        plan=app.plan,
        today=app.today,
        day=day,
        note=_note(note),
        also=others,
        learned=learned,
    )
    losses = change(app, "done", numbers, "open step", move, when)
    unknown = is_why and losses[0].real is None
    did = "done; the reason is still open" if unknown else "done"
    answer(app, losses, did, ref, json)


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
    app: App = ctx.obj
    number = refs.one(app, ref, "open step")
    day, when = fields.read_past(app, on), when_of(app, next_)
    move = partial(acts.tried, plan=app.plan, today=app.today, day=day, note=_note(note))
    losses = change(app, "no-answer", [number], "open step", move, when)
    answer(app, losses, "no answer", ref, json)


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
    app: App = ctx.obj
    numbers = refs.several(app, ref, "not won")
    until = fields.read_ahead(app, " ".join(when)) if when else None
    move = partial(acts.snoozed, plan=app.plan, today=app.today, until=until)
    answer(app, change(app, "snooze", numbers, "not won", move), "moved", ref, json)


def skip(ctx: typer.Context, ref: Refs, json: Json = False) -> None:
    """Leave the next step out.

    lostsale skip 42
    lostsale skip 41,43
    """
    app: App = ctx.obj
    numbers = refs.several(app, ref, "open step")
    move = partial(acts.skipped, plan=app.plan, today=app.today)
    answer(app, change(app, "skip", numbers, "open step", move), "left out", ref, json)


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
    app: App = ctx.obj
    number = refs.one(app, ref, "not won")
    day, when, others = fields.read_past(app, on), when_of(app, next_), fields.read_also(also)
    if not note and not app.is_interactive:
        raise BadInput("NOTE is missing", "Write lostsale touch 42 what came of it")
    came_of_it = _note(note) or ask("What came of it? ") or None
    move = partial(
        acts.touched, plan=app.plan, today=app.today, day=day, note=came_of_it, also=others
    )
    losses = change(app, "touch", [number], "not won", move, when)
    answer(app, losses, "kept", ref, json, closing=True)


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
    app: App = ctx.obj
    day = fields.read_past(app, on)
    if (ready and cold) or ((ready or cold) and ref and ref[0].isdigit()):
        raise BadInput("REF, --ready and --cold exclude each other", "Choose one")
    if ready or cold:
        note = [*([ref] if ref else []), *(note or [])]
        ref, numbers = None, _many(app, ready=ready)
    elif ref is None:
        raise BadInput("REF is missing", "Write lostsale move-on 42, or --ready, or --cold")
    else:
        numbers, yes = refs.several(app, ref, "at work"), True
    if not numbers and not json:
        app.show(["None to move on from."])
        return
    if not yes and numbers:
        count = f"{len(numbers):,}"
        which = count if len(numbers) > 1 else "one loss"
        confirm(app, f"let {count} rest", f"Let {which} rest?", "Not moved on")
    move = partial(acts.rested, today=app.today, day=day, note=_note(note))
    losses = change(app, "move-on", numbers, "at work", move)
    answer(app, losses, "moved on", ref, json, closing=True)


def _many(app: App, *, ready: bool) -> list[int]:
    """Return the numbers of the losses that are through with the plan, else of those gone cold."""
    from lostsale.journal.search import Wanted, chosen

    wanted = Wanted(read_period("all", app.today), ("ready" if ready else "cold",))
    return sorted(chosen(app.journal, wanted, app.today, app.settings.workdays))

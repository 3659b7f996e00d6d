"""What happens to the next step of a loss: done, no answer, snoozed, skipped; or a call, or moving
on."""

from collections.abc import Collection
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.options import AgainOn, Also, Next, On, Ref, Refs, RefWords, Words, Yes
from lostsale.domain.acts import NOTHING, told_done
from lostsale.domain.loss import Loss
from lostsale.domain.periods import day_text, hour_text, read_period
from lostsale.errors import BadInput, Declined
from lostsale.journal import queries
from lostsale.screen import loss as screen
from lostsale.screen.page import Page


def answer(
    app: App,
    ref: str | None,
    losses: list[Loss],
    did: str,
    learned: Collection[str] = (),
    *,
    closing: bool = False,
    text: str | None = None,
    is_dated: bool = False,
) -> Result:
    """Return what became of the losses, with what is unclear about the reasons that were `learned`,
    and with a line on how the year stands if it is `closing`.
    `did` is what was done, in a few words; `ref` is what the user typed: one loss is an object in
    JSON, a list or none an array. What the `text` tells beside is offered, but for a next step that
    `is_dated`."""
    hints: Page = []
    if text and len(losses) == 1:
        from lostsale.commands.offers import take  # most acts have no text

        loss, hints = take(app, losses[0], text, is_dated=is_dated)
        losses = [loss]

    def page() -> Page:
        years = {loss.lost_on.year for loss in losses}
        year = years.pop() if len(years) == 1 else app.today.year
        last = year_line(app, year) if closing else []
        unclear = fields.unclear(app, losses[0], learned) if learned else []
        about = screen.answered(losses, did, app.settings, app.today)
        if "real" in learned:
            from lostsale.commands.questions import going_on
            from lostsale.domain.scripts import may_go_on

            if may_go_on(losses[0]):
                about = [*about, f"      {going_on(f'{app.command} done {losses[0].number}')}"]
        return [*about, *unclear, *hints, *last]

    if ref is not None and not refs.is_list(ref):
        return Result("loss", losses[0], page)
    return Result("losses", losses, page)


def year_line(app: App, year: int) -> Page:
    """Return the line that says how many losses of a year were won back, none without any."""
    lost, won = queries.won_back(app.journal, read_period(str(year), app.today))
    return screen.closing(lost, won, app.settings.target, year, app.today) if lost else []


def _note(words: list[str] | None) -> str | None:
    return " ".join(words or ()) or None


def check_over(app: App, losses: list[Loss], *, yes: bool = False) -> None:
    """Ask whether an appointment that lies ahead is over already. Raises Declined unless it is, off
    a terminal with the commands for what may be meant."""
    for loss in losses:
        step, number = loss.step, loss.number
        if yes or not step or step.kind != "meet" or step.on <= app.today:
            continue
        when = " at ".join(filter(None, (day_text(step.on), hour_text(step.time))))
        what = f"The meeting with {number} {loss.prospect} is still ahead, on {when}"
        if not app.is_interactive or app.is_json:
            others = {"moved": f"meet {number} friday 10am", "called off": f"skip {number}"}
            others["a call before it"] = f"touch {number} what came of it"
            hint = "; ".join(f"{how}: {app.command} {other}" for how, other in others.items())
            raise Declined(what, f"If {hint}; over already", f"done {number} --yes")
        from lostsale.commands.ask import Back, confirmed

        if not confirmed(f"  {what}. Is it over already?"):
            raise Back


def done(
    ctx: typer.Context,
    ref: Refs,
    note: Words = None,
    on: On = None,
    also: Also = None,
    next_: Next = None,
    yes: Yes = False,
) -> Result:
    """Mark the next step done.

    lostsale done 42 sent the card
    lostsale done oakfield --on yesterday --also thanks
    lostsale done 41,42,43
    """
    app: App = ctx.obj
    ref, note = refs.split(app, ref, note, many=True)
    numbers = refs.several(app, ref, "done")
    day, when = fields.read_past(app, on), fields.read_next(app, next_)
    others = fields.read_also(also)
    named = app.journal.get(numbers)
    first, came_of_it = named[0], _note(note)
    acting = app.journal.on(day, next_=when)
    if came_of_it and len(numbers) == 1 and first.step and not others:
        told, kind = told_done(came_of_it), first.step.kind
        if told == "silence" and kind not in {"thanks", "touch", "meet"}:
            losses, did = acting.no_answer(numbers, came_of_it), "no answer"
            return answer(app, ref, losses, did, text=came_of_it, is_dated=when is not None)
        if told == "thanks" != kind:
            losses = acting.done(numbers, came_of_it, kind="thanks")
            return answer(app, ref, losses, "card sent")
    check_over(app, named, yes=yes)
    is_why = len(numbers) == 1 and first.step is not None and first.step.kind == "why"
    learned = NOTHING
    if is_why and app.is_interactive and not app.is_json:
        from lostsale.commands.questions import ask_reason

        learned = ask_reason(app, first, day, came_of_it or "")
    losses = acting.done(numbers, came_of_it, others, learned)
    is_open = is_why and losses[0].real is None
    did = "done; the reason is still open" if is_open else "done"
    return answer(app, ref, losses, did, learned, text=came_of_it, is_dated=when is not None)


def no_answer(
    ctx: typer.Context,
    ref: Refs,
    note: Words = None,
    on: On = None,
    next_: Next = None,
) -> Result:
    """Record that you couldn't reach anyone.

    The step comes back in two workdays; after three no-answers in a row, on to the next step.

    lostsale no-answer 42 left a message
    lostsale no-answer 41,43,50
    lostsale no-answer oakfield --next friday
    """
    app: App = ctx.obj
    ref, note = refs.split(app, ref, note, many=True)
    numbers = refs.several(app, ref, "no-answer")
    day, when = fields.read_past(app, on), fields.read_next(app, next_)
    if app.is_interactive and not app.is_json:  # elsewhere it means that nobody came
        check_over(app, app.journal.get(numbers))
    losses = app.journal.on(day, next_=when).no_answer(numbers, _note(note))
    return answer(app, ref, losses, "no answer", text=_note(note), is_dated=when is not None)


def snooze(
    ctx: typer.Context,
    ref: Refs,
    when: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WHEN]...", help="friday, 2w, next month; if left out, one workday later."
        ),
    ] = None,
) -> Result:
    """Put the next step off.

    lostsale snooze 42 next friday
    lostsale snooze 41,43 2w
    """
    app: App = ctx.obj
    ref, when = refs.split(app, ref, when, many=True)
    numbers = refs.several(app, ref, "snooze")
    until = fields.read_ahead(app, " ".join(when)) if when else None
    return answer(app, ref, app.journal.snooze(numbers, until), "snoozed")


def skip(ctx: typer.Context, ref: RefWords) -> Result:
    """Skip the next step.

    lostsale skip 42
    lostsale skip 41,43
    """
    app: App = ctx.obj
    named = refs.joined(ref)
    return answer(app, named, app.journal.skip(refs.several(app, named, "skip")), "skipped")


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
    again: AgainOn = None,
) -> Result:
    """Log a call or conversation.

    lostsale touch 42 met at the fair
    lostsale touch oakfield still happy with us --next 2mo
    """
    app: App = ctx.obj
    ref, note = refs.split(app, ref, note)
    number = refs.one(app, ref, "touch")
    learned = NOTHING if again is None else fields.read_or_clear(app, "again", again)
    day, when = fields.read_past(app, on), fields.read_next(app, next_)
    others = fields.read_also(also)
    if not note and not app.is_interactive:
        raise BadInput("NOTE is missing", "Try lostsale touch 42 what came of it")
    came_of_it = _note(note)
    if came_of_it is None:
        from lostsale.commands.ask import ask

        came_of_it = ask("What came of it? ") or None
    losses = app.journal.on(day, next_=when).touch(number, came_of_it, others, learned)
    is_dated = when is not None
    return answer(app, ref, losses, "saved", text=came_of_it, is_dated=is_dated)


def move_on(
    ctx: typer.Context,
    ref: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="The loss, or several: 42, 41,43,50-55.")
    ] = None,
    note: Words = None,
    ready: Annotated[bool, typer.Option("--ready", help="All whose plan is finished.")] = False,
    cold: Annotated[
        bool, typer.Option("--cold", help="All whose next step has gone cold.")
    ] = False,
    on: On = None,
    yes: Yes = False,
) -> Result:
    """Move on from a loss.

    lostsale move-on 42 they closed down
    lostsale move-on --ready
    """
    app: App = ctx.obj
    day = fields.read_past(app, on)
    if (ready and cold) or ((ready or cold) and ref and ref[0].isdigit()):
        raise BadInput("REF, --ready and --cold can't be combined", "Choose one")
    if ready or cold:
        note = [*([ref] if ref else []), *(note or [])]
        ref, numbers = None, _many(app, ready=ready)
    elif ref is None:
        raise BadInput("REF is missing", "Try lostsale move-on 42, or --ready, or --cold")
    else:
        ref, note = refs.split(app, ref, note, many=True)
        numbers, yes = refs.several(app, ref, "move-on"), True
    if not numbers:
        return Result("losses", [], lambda: ["Nothing ready to close."])
    if not yes:
        from lostsale.commands.ask import confirm
        from lostsale.screen.text import plural

        count = plural(len(numbers), "loss")
        confirm(app, f"move on from {count}", f"Move on from {count}?", "Not moved on")
    losses = app.journal.on(day).move_on(numbers, _note(note))
    return answer(app, ref, losses, "moved on", closing=True)


def _many(app: App, *, ready: bool) -> list[int]:
    """Return the numbers of the losses whose plan is finished, or of the ones that have gone
    cold."""
    from lostsale.journal.search import Wanted, chosen

    wanted = Wanted(read_period("all", app.today), ("ready" if ready else "cold",))
    return sorted(chosen(app.journal, wanted, app.today))

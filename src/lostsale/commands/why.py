"""The real reason, once it was asked for."""

from datetime import date
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.ask import ask_reason, show_close
from lostsale.commands.followup import answer
from lostsale.commands.options import Also, Guess, Heard, Next, On, Ref, WayIn
from lostsale.domain.loss import Real
from lostsale.errors import BadInput
from lostsale.screen import loss as screen


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
) -> Result:
    """Note the real reason, once you asked.

    lostsale why 42 too-slow: our quote came late
    lostsale why oakfield --heard relationship
    lostsale why 41 --would-not-say
    """
    app: App = ctx.obj
    number = refs.one(app, ref, "why")
    day = fields.read_past(app, on)
    when, others = fields.read_next(app, next_), fields.read_also(also)
    learned = fields.read_field(app, "guess", guess) if guess is not None else {}
    if way_in is not None:
        learned["way_in"] = way_in or None
    told = " ".join(reason or ())
    if not (told or learned or would_not_say) and heard is None:
        if not app.is_interactive:
            raise BadInput(
                "The reason is missing",
                "Write lostsale why 42 too slow, --heard, --guess or --would-not-say",
            )
        (loss,) = app.journal.get([number])
        show_close(app, loss)
        learned = ask_reason(app, loss, day)
    elif real := _answer(app, told, heard, day, would_not_say=would_not_say):
        learned["real"] = real
    losses = app.journal.on(day, next_=when).why(number, learned, others)
    did = ", ".join(screen.known(losses[0], app.today)) or "kept"
    return answer(app, ref, losses, did, text=told or heard, is_dated=when is not None)


def _answer(
    app: App, told: str, heard: str | None, day: date, *, would_not_say: bool
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
    return fields.read_field(app, "real" if told else "heard", told or heard or "", day)["real"]

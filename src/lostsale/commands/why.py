"""The real reason, once it was asked for."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.followup import answer
from lostsale.commands.options import AgainOn, Also, Guess, Heard, Next, On, Ref, WayIn
from lostsale.commands.questions import ask_reason
from lostsale.commands.settle import settle
from lostsale.domain.loss import LossParts, Real
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
        bool, typer.Option("--would-not-say", help="You asked, and they wouldn't say.")
    ] = False,
    way_in: WayIn = None,
    on: On = None,
    also: Also = None,
    next_: Next = None,
    again: AgainOn = None,
) -> Result:
    """Record the real reason, once you've asked.

    lostsale why 42 too-slow: our quote came late
    lostsale why oakfield --heard relationship
    lostsale why 41 --would-not-say
    """
    app: App = ctx.obj
    ref, reason = refs.split(app, ref, reason)
    number = refs.one(app, ref, "why")
    day = fields.read_past(app, on)
    when, others = fields.read_next(app, next_), fields.read_also(also)
    (loss,) = app.journal.get([number])
    told = " ".join(reason)
    if sum((bool(told), heard is not None, would_not_say)) > 1:
        raise BadInput(
            "You gave more than one answer", "Give one reason, --heard or --would-not-say"
        )
    given = {"guess": guess, "real": told or None, "heard": heard}
    texts = {field: text for field, text in given.items() if text is not None}
    learned = LossParts()
    for field, text in texts.items():
        read = fields.read_field(app, field, text, day)
        fields.add_field(learned, field, read, fields.ending_known(loss))
    learned = settle(app, learned)
    if way_in is not None:
        learned |= fields.read_or_clear(app, "way_in", way_in)
    if again is not None:
        learned |= fields.read_or_clear(app, "again", again)
    if would_not_say:
        learned["real"] = Real(day)
    elif not texts and way_in is None and again is None:
        if not app.is_interactive:
            raise BadInput(
                "The reason is missing",
                "Try lostsale why 42 too slow, --heard, --guess or --would-not-say",
            )
        learned = ask_reason(app, loss, day, "")
    losses = app.journal.on(day, next_=when).why(number, learned, others)
    did = ", ".join(screen.known(losses[0], app.today)) or "saved"
    is_open = (told or heard) and "real" not in learned
    did = f"{did}; the reason is still open" if is_open else did
    return answer(app, ref, losses, did, learned, text=told or heard, is_dated=when is not None)

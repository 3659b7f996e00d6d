"""Changing what's recorded about a loss."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields, refs
from lostsale.commands.facts import Facts
from lostsale.commands.options import On, RefWords, spread
from lostsale.commands.questions import as_typed, ask_loss
from lostsale.commands.settle import settle
from lostsale.domain.loss import Loss, LossParts
from lostsale.errors import BadInput, LostSaleError, NotFound, join
from lostsale.screen import loss as screen
from lostsale.screen.page import Page


@spread
def edit(
    ctx: typer.Context,
    *,
    ref: RefWords,
    prospect: Annotated[str | None, typer.Option(metavar="NAME", help="Who said no.")] = None,
    amount: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="12000, 12k, 12kEUR.")
    ] = None,
    on: On = None,
    facts: Facts,
    note: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="A note dated today; '' clears the one from log."),
    ] = None,
    not_won: Annotated[bool, typer.Option("--not-won", help="Take back a win.")] = False,
) -> Result:
    """Change what's recorded about a loss.

    Without options it asks; an option with '' clears its field.

    lostsale edit 42 --amount 11k --product ""
    lostsale edit oakfield --contact "Ana Ruiz 555-0134" --note "changed jobs"
    """
    app: App = ctx.obj
    if facts.real is not None and facts.heard is not None:
        raise BadInput("You gave the real reason twice", "Use --real or --heard")
    number = _named(app, ref)
    (loss,) = app.journal.get([number])
    parts = _parts(app, loss, {"prospect": prospect, "amount": amount, **facts._asdict()})
    if on is not None:
        parts["lost_on"] = fields.read_past(app, on)
    if note is not None:
        note = fields.read_field(app, "note", note)["note"]
        if note is None:
            parts["note"] = None
    if not_won:
        _check_won(loss)
        parts["won"] = None
    if not (parts or note):
        if not app.is_interactive:
            raise BadInput("You didn't say what to change", "Try lostsale edit 42 --amount 12k")
        parts = ask_loss(app, as_typed(loss, app.settings))
        if (real := parts.get("real")) and loss.real and loss.real.source:
            parts["real"] = real._replace(source=loss.real.source)
    (edited,) = app.journal.edit(number, parts, note)

    def page() -> Page:
        unclear = fields.unclear(app, edited, parts)
        return [*screen.edited(edited, app.settings, app.today), *unclear]

    return Result("loss", edited, page)


def _named(app: App, words: list[str]) -> int:
    """Return the number of the loss that words name. Raises NotFound, with the option that may be
    meant by what is behind a name."""
    try:
        return refs.one(app, refs.joined(words), "edit")
    except NotFound as error:
        ref, more = refs.split(app, words[0], words[1:])
        with suppress(LostSaleError):
            number, text = refs.one(app, ref, "edit"), " ".join(more)
            option = "note"
            with suppress(BadInput):
                option = "amount" if fields.read_field(app, "amount", text) else "note"
            error.hint = "What changes goes behind an option, for example"
            error.command = join(["edit", str(number), f"--{option}", text])
        raise


def _check_won(loss: Loss) -> None:
    """Raise NotFound for a loss that hasn't been won back."""
    if not loss.won:
        raise NotFound(
            f"{loss.number} hasn't been won back", f"See it with lostsale show {loss.number}"
        )


def _parts(app: App, loss: Loss, typed: Mapping[str, str | list[str] | None]) -> LossParts:
    """Return the parts that options give, `None` for those that clear them. Raises BadInput."""
    parts = LossParts()
    for name, given in typed.items():
        if isinstance(given, list):
            signals = [signal for signal in given if signal.strip()]
            parts["signals"] = fields.read_signals(app, signals)
        elif given is not None:
            text = fields.from_stdin() if (name, given) == ("said", "-") else given
            read = fields.read_or_clear(app, name, text)
            fields.add_field(parts, name, read, fields.ending_known(loss))
    return settle(app, parts)

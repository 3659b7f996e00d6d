"""The words to say."""

from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import complete, refs
from lostsale.commands.options import Json
from lostsale.domain.loss import REST, Loss
from lostsale.domain.plan import kind_of
from lostsale.domain.scripts import KINDS, filled, wordings
from lostsale.errors import BadInput, nearest
from lostsale.export.record import to_json
from lostsale.screen.page import Line, Page
from lostsale.screen.text import KIND_OF, who


def script(
    ctx: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help="why, save, thanks, referral, touch, meet, move-on.",
            autocompletion=complete.one_of(KINDS),
        ),
    ] = None,
    ref: Annotated[
        str | None,
        typer.Argument(
            metavar="[REF]",
            help="The loss to speak about.",
            autocompletion=complete.numbers,
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Show the words to say.

    For a loss without KIND those of its next step; without a loss they name nobody.

    lostsale script why 42
    lostsale script save oakfield
    lostsale script
    """
    app: App = ctx.obj
    if kind is not None:
        kind = KIND_OF.get(kind.casefold(), kind)
    if kind is not None and kind.casefold() not in KINDS:
        if ref is not None:
            known = f"Known: {', '.join(KINDS)}. A name of several words is quoted"
            raise BadInput(f'"{kind[:40]}" is no kind of words', nearest(kind, KINDS, known))
        kind, ref = None, kind
    loss = app.journal.get([refs.one(app, ref, "real")])[0] if ref is not None else None
    kinds = [kind.casefold()] if kind else [next_kind(loss)] if loss else KINDS
    said = [(one, words(app, one, loss)) for one in kinds]
    if json:
        number = loss.number if loss else None
        found = [{"kind": one, "loss": number, "words": text} for one, text in said]
        app.show(to_json("script", found[0]) if len(found) == 1 else to_json("scripts", found))
    else:
        app.show(_page(app, loss, said))


def words(app: App, kind: str, loss: Loss | None, turn: int = 0) -> str:
    """Return the words of a kind, others each day and for each loss; `turn` goes on to the next."""
    key = loss.planned.plan_step if loss and loss.planned else None
    texts = app.plan.words(kind, key) or wordings(kind, loss, app.vocabulary)
    # Two working days later, when a try is repeated, it is never the same of three.
    turn += app.today.toordinal() + ((loss.number or 0) if loss else 0)
    return filled(texts[turn % len(texts)], loss, app.settings["name"], app.vocabulary)


def next_kind(loss: Loss) -> str:
    """Return the kind of words that a loss needs next: those of its step, and for an appointment
    those of what waits behind it."""
    if loss.won:
        return "referral"
    planned = loss.planned if not loss.rested_on else None
    kind = planned.kind if planned else None
    if planned and kind == "meet":
        kind = kind_of(planned.plan_step)
        kind = "touch" if kind == REST else kind
    if kind == REST:
        return "move-on"
    return kind or ("touch" if loss.real else "why")


def _page(app: App, loss: Loss | None, said: list[tuple[str, str]]) -> Page:
    """Return the words; with what they are for only on a terminal, or where they are several, so
    that a pipe takes just what is to be said."""
    page: list[str | Line] = []
    for kind, text in said:
        title = f"{loss.number}  {who(loss)} · {kind}" if loss else kind
        if app.width is not None or len(said) > 1:
            page += [*([""] if page else []), Line(title, "bold")]
        page += text.split("\n")
    return page

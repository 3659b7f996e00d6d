"""The words to say."""

from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import refs
from lostsale.commands.options import complete_numbers, completing
from lostsale.domain.loss import REST, Loss, Referral
from lostsale.domain.plan import kind_of
from lostsale.domain.scripts import SCRIPT_KINDS, filled, wordings
from lostsale.errors import BadInput, nearest
from lostsale.screen.page import Line, Page
from lostsale.screen.text import KIND_OF, who


def script(
    ctx: typer.Context,
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]",
            help="why, save, thanks, referral, touch, meet, renew, move-on, lead.",
            autocompletion=completing(SCRIPT_KINDS),
        ),
    ] = None,
    ref: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REF]...",
            help="The loss, by number or name; for lead, its number in lostsale referrals.",
            autocompletion=complete_numbers,
        ),
    ] = None,
) -> Result:
    """Show what to say.

    Without KIND, what to say at the loss's next step; without a loss, no names.

    lostsale script why 42
    lostsale script save oakfield
    lostsale script
    """
    app: App = ctx.obj
    if kind is not None:
        kind = KIND_OF.get(kind.casefold(), kind)
    words_of_ref = ref or []
    if kind is not None and kind.casefold() not in SCRIPT_KINDS:
        if words_of_ref and words_of_ref[-1].isdigit():
            raise BadInput(f'There\'s no script for "{kind[:40]}"', nearest(kind, SCRIPT_KINDS))
        words_of_ref, kind = [kind, *words_of_ref], None
    named = refs.joined(words_of_ref)
    loss = lead = None
    if words_of_ref and kind and kind.casefold() == "lead":
        from lostsale.journal.search import all_referrals  # what few ask for

        given = refs.lead(all_referrals(app.journal), named)
        (loss,), lead = app.journal.get([given.loss]), given.referral
    elif words_of_ref:
        (loss,) = app.journal.get([refs.one(app, named, "script")])
    kinds = [kind.casefold()] if kind else [next_kind(loss)] if loss else SCRIPT_KINDS
    said = [(one, words(app, one, loss, lead=lead)) for one in kinds]
    number = loss.number if loss else None
    found = [{"kind": one, "loss": number, "words": text} for one, text in said]
    noun, value = ("script", found[0]) if len(found) == 1 else ("scripts", found)
    return Result(noun, value, lambda: _page(app, loss, said, lead))


def words(
    app: App, kind: str, loss: Loss | None, turn: int = 0, lead: Referral | None = None
) -> str:
    """Return the words of a kind, which vary with the day and the loss; `turn` skips that many. A
    `lead` is who they're said to, if not who the loss is about."""
    key = loss.planned.plan_step if loss and loss.planned else None
    own = app.journal.plan.words(kind, key) if not (loss and loss.won) else ()  # to a prospect
    texts = own or wordings(kind, loss, app.journal.vocabulary)
    # Two working days later, when a try is repeated, it is never the same of three.
    turn += app.today.toordinal() + ((loss.number or 0) if loss else 0)
    text, own_name = texts[turn % len(texts)], app.settings["name"]
    return filled(text, loss, own_name, app.journal.vocabulary, lead)


def next_kind(loss: Loss) -> str:
    """Return the kind of words that a loss needs next: its step's or, for an appointment, those of
    the step that waits behind it."""
    if loss.won:
        return loss.step.kind if loss.step else "referral"
    planned = loss.planned if not loss.rested_on else None
    kind: str | None = planned.kind if planned else None
    if planned and kind == "meet":
        kind = kind_of(planned.plan_step)
        kind = "touch" if kind == REST else kind
    if kind == REST:
        return "move-on"
    return kind or ("touch" if loss.real else "why")


def _noted(loss: Loss) -> list[str]:
    """Return what the user has in mind, and doesn't say as it was typed."""
    way_in = None if loss.is_dead else loss.way_in
    said = loss.said and loss.said.words
    noted = "; ".join(filter(None, (said and f"they said {said}", way_in and f"way in {way_in}")))
    return [f"You noted: {noted}", ""] if noted else []


def _page(app: App, loss: Loss | None, said: list[tuple[str, str]], lead: Referral | None) -> Page:
    """Return the words. What they're for is added only on a terminal, or if there are several, so
    that a pipe gets just the words to say."""
    page: list[str | Line] = []
    for kind, text in said:
        title = f"{loss.number}  {who(loss)} · {kind}" if loss else kind
        title = f"{lead.name}, from {title}" if lead else title
        if app.width is not None or len(said) > 1:
            page += [*([""] if page else []), Line(title, "bold")]
        if app.width is not None and loss:
            page += _noted(loss)
        page += text.split("\n")
    return page

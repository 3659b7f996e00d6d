"""Keeping a new loss. Its questions are in `interview`, what can't be kept goes to `drafts`; the
real reason that comes later is in `followup`."""

from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import fields
from lostsale.commands.ask import confirmed
from lostsale.commands.drafts import Draft
from lostsale.commands.interview import ask_loss
from lostsale.commands.options import Also, Facts, Json, Next, On, spread
from lostsale.domain.loss import Contact, Loss, new_uid
from lostsale.domain.plan import dated, opened
from lostsale.errors import BadInput, Declined
from lostsale.export.record import to_json
from lostsale.screen import loss as screen
from lostsale.screen.text import long_day

_DOUBLE_DAYS = 30  # within which the same prospect is probably the same loss


@spread
def log(
    ctx: typer.Context,
    *,
    prospect: Annotated[
        str | None, typer.Argument(help="Who said no; several words are quoted.")
    ] = None,
    amount: Annotated[str | None, typer.Argument(help="12000, 12k, 12kEUR.")] = None,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[SAID]...", help="What they said.")
    ] = None,
    on: On = None,
    facts: Facts,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything else.")] = None,
    also: Also = None,
    next_: Next = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Take up what you typed and could not be kept.")
    ] = False,
    json: Json = False,
) -> None:
    """Keep a lost sale, right after the no.

    Without PROSPECT it asks.

    lostsale log "Oakfield Dental" 12k the board said no
    lostsale log "Pike & Sons" 31k --contact "Tom Pike 555-0188" --on yesterday
    lostsale log Corvo --lost-to Kyolab --guess price-value --way-in lease
    """
    desk: Context = ctx.obj
    desk.may_make = True
    if words and facts.said is not None:
        raise BadInput("What they said is given twice", "Leave out --said, or the words")
    said = fields.from_stdin() if facts.said == "-" else facts.said
    typed = {
        "prospect": prospect,
        "amount": amount,
        **facts._asdict(),
        "said": said if said is not None else " ".join(words or ()) or None,
        "note": note,
        "on": on,
        "next": next_,
        "also": also,
    }
    typed["signal"] = typed.pop("signal") or None  # last, as a draft shows it
    kept = Draft.newest(desk) if draft else Draft(desk)
    if draft and desk.is_interactive:
        desk.show([f"Taken up from {long_day(kept.day)}: {kept}"])
    kept.typed |= {name: text for name, text in typed.items() if text is not None}
    with kept.saving():
        _log(desk, kept, words or [], json)


def _log(desk: Context, draft: Draft, words: list[str], json: bool) -> None:
    """Keep the loss of a draft, asking for what is not typed where no prospect was named."""
    typed = draft.typed
    if "real" in typed and "heard" in typed:
        raise BadInput(
            "The real reason is given twice", "Write --real if they told you, --heard if not"
        )
    lost_on = fields.read_past(desk, typed.get("on"), draft.day)
    when = fields.read_ahead(desk, typed["next"], draft.day) if "next" in typed else None
    also = fields.read_also(typed.get("also"))
    done = tuple(Contact(new_uid(), kind, lost_on, True) for kind in also)
    signals = fields.read_signals(desk, typed.get("signal", []))
    given = {name: text for name, text in typed.items() if name in fields.FIELDS}
    if desk.is_interactive and not (desk.is_named or desk.has_journal or json):
        from lostsale.commands.welcome import welcome

        _read(desk, given, words)  # what is wrong is said before anything is asked
        welcome(desk)
    if "prospect" not in typed or (draft.is_asked and desk.is_interactive):
        read = ask_loss(desk, given, draft=draft)
    else:
        read = _read(desk, given, words)
    parts = {**_real(read, lost_on), "signals": signals, "contacts": done}
    loss = Loss(number=None, uid=new_uid(), lost_on=lost_on, **parts)
    loss = opened(loss, desk.plan, desk.today, desk.plan.left(loss))
    _keep(desk, dated(loss, when) if when else loss, json)


def _keep(desk: Context, loss: Loss, json: bool) -> None:
    """Keep a new loss and show what was understood. Raises Declined if it is there already."""
    before = desk.journal.before(loss.prospect)
    near = _near(loss, before)
    if near and desk.is_interactive and not confirmed(f"{_twice(desk, near)}. Log another?"):
        raise Declined("Not logged")
    if desk.journal.is_nowhere and desk.is_interactive and not (desk.is_named or json):
        from lostsale.commands.welcome import keep_currency

        keep_currency(desk)
    with desk.journal_to_fill().change("log") as change:
        change.save(None, loss)
    (kept,) = desk.journal.by_uid([loss.uid])
    if near and not desk.is_interactive:
        desk.tell(
            f"lostsale: {_twice(desk, near)}. Logged all the same; lostsale undo takes it back."
        )
    if json:
        desk.show(to_json("loss", desk.record(kept)))
    else:
        desk.show(screen.logged(kept, before, desk.settings, desk.today, _is_promised(desk, kept)))


def _is_promised(desk: Context, loss: Loss) -> bool:
    """Return whether they spoke of a call to come, which is worth nothing until it has a time."""
    promises = {desk.vocabulary.current("call-later"), "no-show"}
    return bool(promises & {loss.said.code if loss.said else "", *loss.signals})


def _twice(desk: Context, near: Loss) -> str:
    return f"{near.prospect} is there already: {screen.earlier(near, desk.settings, desk.today)}"


def _read(desk: Context, given: dict[str, str], words: list[str]) -> fields.Fields:
    """Return the parts of the loss that the arguments give. Raises BadInput."""
    read: fields.Fields = {}
    for name, text in given.items():
        try:
            read |= fields.read_field(desk, name, text)
        except BadInput as error:
            if name != "amount" or any(sign.isdigit() for sign in text):
                raise
            names = [given["prospect"], text, *words]
            amount = f" {names.pop()}" if len(names) > 2 and names[-1][:1].isdigit() else ""
            raise BadInput(
                error.what,
                "Words without an amount go behind --said. A name of several words is quoted:"
                f' lostsale log "{" ".join(names)}"{amount}',
            ) from None
    return read


def _real(read: fields.Fields, lost_on: date) -> fields.Fields:
    """Return the parts of a loss with the real reason, told or heard, as known since the loss."""
    told, heard = read.pop("real", None), read.pop("heard", None)
    source = "told" if told else "heard"
    return {**read, "real": fields.known(told or heard, source, lost_on, None)}


def _near(loss: Loss, before: list[Loss]) -> Loss | None:
    """Return the latest loss of the same prospect, if it is so near that it may be the same."""
    for other in before:
        if abs(other.lost_on - loss.lost_on) <= timedelta(_DOUBLE_DAYS):
            return other
    return None

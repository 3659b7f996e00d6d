"""Keeping a new loss. Its questions are in `interview`, what can't be kept goes to `drafts`; the
real reason that comes later is in `followup`."""

import locale
from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import ask, confirmed
from lostsale.commands.drafts import Draft
from lostsale.commands.interview import ask_loss
from lostsale.commands.options import Also, Facts, Json, Next, On, spread
from lostsale.domain.loss import Contact, Loss, new_uid
from lostsale.domain.money import CURRENCIES, read_currency
from lostsale.domain.plan import dated, opened
from lostsale.domain.settings import SETTINGS, Settings
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
    app: App = ctx.obj
    app.create_if_missing = True
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
    kept = Draft.newest(app) if draft else Draft(app)
    if draft and app.is_interactive:
        app.show([f"Taken up from {long_day(kept.day)}: {kept}"])
    kept.typed |= {name: text for name, text in typed.items() if text is not None}
    with kept.saving():
        _log(app, kept, words or [], json)


def _log(app: App, draft: Draft, words: list[str], json: bool) -> None:
    """Keep the loss of a draft, asking for what is not typed where no prospect was named."""
    typed = draft.typed
    if "real" in typed and "heard" in typed:
        raise BadInput(
            "The real reason is given twice", "Write --real if they told you, --heard if not"
        )
    lost_on = fields.read_past(app, typed.get("on"), draft.day)
    when = fields.read_ahead(app, typed["next"], draft.day) if "next" in typed else None
    also = fields.read_also(typed.get("also"))
    done = tuple(Contact(new_uid(), kind, lost_on, True) for kind in also)
    signals = fields.read_signals(app, typed.get("signal", []))
    given = {name: text for name, text in typed.items() if name in fields.FIELDS}
    if app.is_interactive and not (app.is_named or app.has_journal or json):
        _read(app, given, words)  # what is wrong is said before anything is asked
        welcome(app)
    if "prospect" not in typed or (draft.is_asked and app.is_interactive):
        read = ask_loss(app, given, draft=draft)
    else:
        read = _read(app, given, words)
    parts = {**_real(read, lost_on), "signals": signals, "contacts": done}
    loss = Loss(number=None, uid=new_uid(), lost_on=lost_on, **parts)
    loss = opened(loss, app.plan, app.today, app.plan.left(loss))
    _keep(app, dated(loss, when) if when else loss, json)


def _keep(app: App, loss: Loss, json: bool) -> None:
    """Keep a new loss and show what was understood. Raises Declined if it is there already."""
    before = app.journal.before(loss.prospect)
    near = _near(loss, before)
    if (
        near
        and app.is_interactive
        and not confirmed(f"{_possible_duplicate(app, near)}. Log another?")
    ):
        raise Declined("Not logged")
    if app.journal.is_in_memory and app.is_interactive and not (app.is_named or json):
        keep_currency(app)
    with app.journal_to_fill().change("log") as change:
        change.save(None, loss)
    (kept,) = app.journal.by_uid([loss.uid])
    if near and not app.is_interactive:
        app.tell(
            f"lostsale: {_possible_duplicate(app, near)}. Logged all the same;"
            " lostsale undo takes it back."
        )
    if json:
        app.show(to_json("loss", app.record(kept)))
    else:
        app.show(screen.logged(kept, before, app.settings, app.today, _is_promised(app, kept)))


def _is_promised(app: App, loss: Loss) -> bool:
    """Return whether they spoke of a call to come, which is worth nothing until it has a time."""
    promises = {app.vocabulary.current("call-later"), "no-show"}
    return bool(promises & {loss.said.code if loss.said else "", *loss.signals})


def _possible_duplicate(app: App, near: Loss) -> str:
    return f"{near.prospect} is there already: {screen.earlier(near, app.settings, app.today)}"


def _read(app: App, given: dict[str, str], words: list[str]) -> fields.Fields:
    """Return the parts of the loss that the arguments give. Raises BadInput."""
    read: fields.Fields = {}
    for name, text in given.items():
        try:
            read |= fields.read_field(app, name, text)
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


def welcome(app: App) -> None:
    """Say where the journal will lie, and ask for the currency; Enter takes that of the user's
    locale. It is kept with the first loss."""
    usual = _local_currency()
    app.show([f"Your journal will lie in {app.path}"])
    while True:
        try:
            currency = read_currency(ask(f"Your currency? [{usual}] ") or usual)
            break
        except BadInput as error:
            app.tell(f"  {error.what}. {error.hint}.")
    app.settings = Settings({"currency": currency})


def keep_currency(app: App) -> None:
    """Keep the currency that was asked for, if it is not the usual one."""
    currency = app.settings.currency
    journal = app.journal_to_fill()
    if currency != journal.settings().currency:
        with journal.change("config") as change:
            change.set("currency", currency)


def _local_currency() -> str:
    """Return the currency of the user's locale, else the default one."""
    try:
        locale.setlocale(locale.LC_MONETARY, "")
        code = str(locale.localeconv()["int_curr_symbol"]).strip()
    except locale.Error:
        code = ""
    return code if code in CURRENCIES else SETTINGS["currency"].default

"""Logging a lost sale. Its questions are in `ask`, and what can't be kept goes to `drafts`."""

import locale
from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.ask import ask, ask_loss, confirmed, settle
from lostsale.commands.drafts import Draft
from lostsale.commands.options import Also, Facts, Next, On, spread
from lostsale.domain.dates import long_day
from lostsale.domain.loss import Loss, LossParts
from lostsale.domain.money import CURRENCIES, read_currency
from lostsale.domain.settings import SETTINGS, Settings
from lostsale.errors import BadInput, Declined
from lostsale.screen import loss as screen
from lostsale.screen.page import Page

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
) -> Result:
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
    taken_up = Draft.newest(app) if draft else Draft(app)
    if draft and app.is_interactive:
        app.show([f"Taken up from {long_day(taken_up.day)}: {taken_up}"])
    taken_up.typed |= {name: text for name, text in typed.items() if text is not None}
    with taken_up.saving():
        return _log(app, taken_up, words or [])


def _log(app: App, draft: Draft, words: list[str]) -> Result:
    """Log the loss of a draft, asking for what isn't typed where no prospect was named."""
    typed = draft.typed
    if "real" in typed and "heard" in typed:
        raise BadInput(
            "The real reason is given twice", "Write --real if they told you, --heard if not"
        )
    lost_on = fields.read_past(app, typed.get("on"), draft.day)
    when = fields.read_ahead(app, typed["next"], draft.day) if "next" in typed else None
    also = fields.read_also(typed.get("also"))
    signals = fields.read_signals(app, typed.get("signal", []))
    given = {name: text for name, text in typed.items() if name in fields.TYPED_FIELDS}
    is_first = app.is_interactive and not (app.is_named or app.has_journal or app.is_json)
    if is_first:
        _read(app, given, words, lost_on)  # what is wrong is said before anything is asked
        welcome(app)
    if "prospect" not in typed or (draft.is_asked and app.is_interactive):
        parts = ask_loss(app, given, keep=draft.add, day=lost_on)
    else:
        parts = settle(app, _read(app, given, words, lost_on))
    before = app.journal.before(parts["prospect"])
    duplicate = _possible_duplicate(app, before, lost_on)
    if duplicate and app.is_interactive and not confirmed(f"{duplicate}. Log another?"):
        raise Declined("Not logged")
    if is_first:
        keep_currency(app)
    parts["lost_on"], parts["signals"] = lost_on, signals
    loss = app.journal_to_fill().log(**parts, also=also, next_=when)
    if duplicate and not app.is_interactive:
        app.tell(f"lostsale: {duplicate}. Logged all the same; lostsale undo takes it back.")

    def page() -> Page:
        promised = _is_promised(app, loss)
        unclear = fields.unclear(app, loss, given)
        return [*screen.logged(loss, before, app.settings, app.today, promised), *unclear]

    return Result("loss", loss, page)


def _is_promised(app: App, loss: Loss) -> bool:
    """Whether they promised a call, which needs a time to be worth anything."""
    promises = {app.journal.vocabulary.current("call-later"), "no-show"}
    return bool(promises & {loss.said.code if loss.said else "", *loss.signals})


def _read(app: App, given: dict[str, str], words: list[str], lost_on: date) -> LossParts:
    """Return the parts of the loss that were typed. Raises BadInput."""
    parts = LossParts()
    for name, text in given.items():
        try:
            fields.add_field(parts, name, fields.read_field(app, name, text, lost_on))
        except BadInput as error:
            if name != "amount" or any(sign.isdigit() for sign in text):
                raise
            names = [given["prospect"], text, *words]
            amount = f" {names.pop()}" if len(names) > 2 and names[-1][:1].isdigit() else ""
            raise BadInput(
                error.what,
                "Words without an amount go behind --said. A name of several words is quoted",
                f'log "{" ".join(names)}"{amount}',
            ) from None
    return parts


def _possible_duplicate(app: App, before: list[Loss], lost_on: date) -> str:
    """Return what there is already, if the prospect's latest loss may be the same one; else
    nothing."""
    for loss in before:
        if abs(loss.lost_on - lost_on) <= timedelta(_DOUBLE_DAYS):
            known = screen.earlier(loss, app.settings, app.today)
            return f"{loss.prospect} is there already: {known}"
    return ""


def welcome(app: App) -> None:
    """Say where the journal will be, and ask for the currency, by default that of the locale. It is
    saved with the first loss."""
    default = _local_currency()
    app.show([f"Your journal will lie in {app.path}"])
    while True:
        try:
            currency = read_currency(ask(f"Your currency? [{default}] ") or default)
            break
        except BadInput as error:
            app.tell(f"  {error.what}. {error.advice}.")
    app.journal.settings = Settings({"currency": currency})


def keep_currency(app: App) -> None:
    """Save the currency that was asked for, unless it's the default."""
    currency = app.settings.currency
    journal = app.journal_to_fill()
    if currency != journal.settings.currency:
        with journal.configure("config") as change:
            change.set("currency", currency)


def _local_currency() -> str:
    """Return the currency of the user's locale, else the default one."""
    try:
        locale.setlocale(locale.LC_MONETARY, "")
        code = str(locale.localeconv()["int_curr_symbol"]).strip()
    except locale.Error:
        code = ""
    return code if code in CURRENCIES else SETTINGS["currency"].default

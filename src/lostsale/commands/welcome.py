"""The first loss that is logged on a terminal: where the journal will lie, and its currency."""

import locale

from lostsale.app import Context
from lostsale.commands.ask import ask
from lostsale.domain.money import CURRENCIES, read_currency
from lostsale.domain.settings import SETTINGS, Settings
from lostsale.errors import BadInput


def welcome(desk: Context) -> None:
    """Say where the journal will lie, and ask for the currency; Enter takes that of the user's
    locale. It is kept with the first loss."""
    usual = _local_currency()
    desk.show([f"Your journal will lie in {desk.path}"])
    while True:
        try:
            currency = read_currency(ask(f"Your currency? [{usual}] ") or usual)
            break
        except BadInput as error:
            desk.tell(f"  {error.what}. {error.hint}.")
    desk.settings = Settings({"currency": currency})


def keep_currency(desk: Context) -> None:
    """Keep the currency that was asked for, if it is not the usual one."""
    currency = desk.settings.currency
    journal = desk.journal_to_fill()
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

"""Logging a lost sale: one sentence is enough. What it tells is read in `sentence`, what it leaves
unclear is asked in `unclear`, all questions are in `questions`, and what can't be kept goes to
`drafts`."""

import re
from datetime import date, timedelta
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.ask import ask, confirmed
from lostsale.commands.drafts import Draft, Typed
from lostsale.commands.facts import Facts
from lostsale.commands.options import Also, Next, On, Yes, spread
from lostsale.commands.sentence import Understood, understand
from lostsale.commands.settle import settle
from lostsale.domain.dates import When
from lostsale.domain.loss import Kind, Loss, LossParts
from lostsale.domain.money import CURRENCIES, read_currency
from lostsale.domain.periods import day_text
from lostsale.domain.settings import SETTINGS, Settings
from lostsale.errors import BadInput, Declined, LostSaleError, Unfinished, quote
from lostsale.later import NamedTuple
from lostsale.screen import loss as screen
from lostsale.screen.page import Page
from lostsale.screen.text import plural

_DOUBLE_DAYS = 30  # within which the same prospect is probably the same loss
_SOON_DAYS = 14  # within which a call needs a time, not just a day
_EXAMPLE = "e.g. Acme Roofing 12k went with Kyolab, price, call back in June"


class _Options(NamedTuple):
    """What was given beside the words: parts of the loss, the fields that give them, and what is
    done with it; and the loss's uid."""

    uid: str
    parts: LossParts
    given: frozenset[str]
    lost_on: date
    next_: When | None
    also: tuple[Kind, ...]
    signals: tuple[str, ...]


class _Logged(NamedTuple):
    """A loss that was kept, what was understood of it, and which fields options gave."""

    loss: Loss
    before: list[Loss]
    told: Understood
    given: frozenset[str]
    next_: When | None


class _Failed(NamedTuple):
    """A line of stdin that couldn't be logged, and why."""

    line: int
    message: str


@spread
def log(
    ctx: typer.Context,
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORDS]...",
            help="Who said no, how much, and what happened, in any words; - reads a loss per line.",
        ),
    ] = None,
    on: On = None,
    facts: Facts,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything else.")] = None,
    also: Also = None,
    next_: Next = None,
    yes: Yes = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Pick up what you typed that couldn't be saved.")
    ] = False,
) -> Result:
    """Log a lost sale, right after the no.

    Without WORDS it asks what happened. A name in quotes is taken whole; options win over words.

    lostsale log Acme Roofing 12k went with Kyolab, price, call back in june
    lostsale log "Oakfield Dental" 12k the board said no
    lostsale log "Pike & Sons" 31k --contact "Tom Pike 555-0188" --on yesterday
    """
    app: App = ctx.obj
    app.create_if_missing = True
    if cut := [word for word in words or () if re.fullmatch(",[0-9]{3}(?:[,.][0-9]+)*", word)]:
        what = f'The shell took the dollar sign and what followed it from "{cut[0][:40]}"'
        raise BadInput(what, "Write the amount without the sign: 4500")
    typed = {"words": words or None, **facts._asdict(), "note": note, "on": on, "next": next_}
    typed["also"] = also
    typed["signal"] = typed.pop("signal") or None  # last, as a draft shows it
    if words == ["-"]:
        return _log_lines(app, {name: text for name, text in typed.items() if text is not None})
    typed["said"] = fields.from_stdin() if facts.said == "-" else facts.said
    kept = Draft.newest(app) if draft else Draft(app)
    if draft and app.is_interactive:
        app.show([f"Picked up from {day_text(kept.day)}: {kept}"])
    kept.typed |= {name: text for name, text in typed.items() if text is not None}
    with kept.saving():
        return _log(app, kept, is_asking=app.is_interactive and not (yes or app.is_json))


def _log(app: App, draft: Draft, *, is_asking: bool) -> Result:
    """Log the loss of a draft, asking for what isn't told if somebody is there."""
    options = _options(app, draft)  # what is wrong there is said before anything is asked
    is_first = is_asking and not (app.is_named or app.has_journal)
    if is_first:
        welcome(app)
        options = _options(app, draft)  # amounts are in the user's currency
    if is_asking:
        options = options._replace(parts=settle(app, options.parts))
    if "words" in draft.typed or not (draft.is_asked and app.is_interactive):
        told = _told(app, draft, options, is_asking=is_asking)
    else:
        told = Understood(_ask_all(app, draft, options))
    logged = _keep(app, told, options, is_asking=is_asking, is_first=is_first)
    beside = {"unsure": told.unsure, "suggested": told.suggested}
    return Result("loss", logged.loss, lambda: _page(app, logged), beside)


def _options(app: App, draft: Draft) -> _Options:
    """Return what was given beside the words. Raises BadInput."""
    typed = draft.typed
    if "real" in typed and "heard" in typed:
        raise BadInput(
            "You gave the real reason twice", "Use --real if they told you, --heard if not"
        )
    lost_on = fields.read_past(app, typed.get("on"), draft.day)
    parts = LossParts()
    for name in sorted(fields.TYPED_FIELDS & typed.keys()):
        fields.add_field(parts, name, fields.read_field(app, name, typed[name], lost_on))
    given = {"on": "lost_on"}
    return _Options(
        uid=draft.uid,
        parts=parts,
        given=frozenset(given.get(name, name) for name in typed),
        lost_on=lost_on,
        next_=fields.read_ahead(app, typed["next"], draft.day) if "next" in typed else None,
        also=fields.read_also(typed.get("also")),
        signals=fields.read_signals(app, typed.get("signal", [])),
    )


def _told(app: App, draft: Draft, options: _Options, *, is_asking: bool) -> Understood:
    """Return what the words tell, after asking for them if there are none and about what's unclear.
    Raises BadInput if it isn't clear who said no and nobody can be asked."""
    is_asked = "words" not in draft.typed and "prospect" not in options.given
    if is_asked:
        if not app.is_interactive:
            raise BadInput("Who said no is missing", 'Try lostsale log "Oakfield Dental" 12k')
        app.show([_EXAMPLE, "Enter or ? asks one by one · Ctrl-C saves nothing"])
        text = ask("What happened? ")
        if text in {"", "?", "<", "."}:
            return Understood(_ask_all(app, draft, options))
        draft.add({"words": text.split()})
    told = understand(app, draft.typed.get("words", []), draft.day, options.given)
    if is_asked and is_asking:
        app.show(screen.understood_page(told.parts, told.next_, app.settings, app.today))
    if not is_asking:
        if "prospect" in told.unsure and "prospect" not in told.parts:
            raise _nameless(draft)
        return told
    if not (told.unsure or is_asked):
        return told
    from lostsale.commands.unclear import AskAll, ask_unsure

    try:
        return ask_unsure(app, told, draft.day, confirms=is_asked)
    except AskAll:
        parts = _ask_all(app, draft, options, told.parts)
        return told._replace(parts=parts, unsure=(), suggested=())


def _ask_all(
    app: App, draft: Draft, options: _Options, parts: LossParts | None = None
) -> LossParts:
    """Go through all questions, with what was understood in them."""
    from lostsale.commands.questions import ask_loss

    return ask_loss(
        app,
        keep=draft.add,
        day=options.lost_on,
        understood=LossParts(**{**(parts or {}), **options.parts}),
        given=options.given,
    )


def _nameless(draft: Draft) -> BadInput:
    """Return the error for a sentence that doesn't tell who said no, or not up to where; the draft
    is kept."""
    from lostsale.domain.parties import begins_with_name

    draft.keep()
    words = draft.typed["words"]
    is_name = words[0][:1].isalpha() and begins_with_name(" ".join(words))
    count = max(1, min(2, len(words) - 1)) if is_name else 0
    name = " ".join(words[:count]) or "Acme Roofing"
    rest = [*words[count:], *_option_words(draft.typed)]
    kept = "What you typed is saved: lostsale log --draft picks it up. " if draft.path else ""
    error = BadInput(
        "I can't tell from these words who said no",
        f"{kept}Put the name in quotes, for example",
        " ".join(["log", f'"{name}"', *map(quote, rest)]),
    )
    error.has_draft = draft.path is not None
    return error


def _option_words(typed: Typed) -> list[str]:
    """Return the options as they were typed."""
    options = {name: text for name, text in typed.items() if name != "words"}
    return [
        word
        for name, texts in options.items()
        for text in (texts if isinstance(texts, list) else [texts])
        for word in (f"--{name.replace('_', '-')}", text)
    ]


def _keep(
    app: App, told: Understood, options: _Options, *, is_asking: bool, is_first: bool = False
) -> _Logged:
    """Keep a loss. Raises Declined if it's there already, and the user says so."""
    parts = LossParts(**{"lost_on": options.lost_on, **told.parts, **options.parts})
    if words := told.parts.get("note"):
        parts["note"] = "; ".join(filter(None, (options.parts.get("note"), words)))
    parts["signals"] = options.signals
    before = app.journal.before(parts["prospect"])
    duplicate = _possible_duplicate(app, before, parts["lost_on"])
    if duplicate and is_asking and not confirmed(f"{duplicate}. Log another?"):
        raise Declined("Not logged")
    if is_first:
        keep_currency(app)
    next_ = options.next_ or told.next_
    journal = app.journal_to_fill()
    loss = journal.log(**parts, also=options.also, next_=next_, uid=options.uid)
    if duplicate and not is_asking:
        app.tell(f"lostsale: {duplicate}. Logged anyway; lostsale undo takes it back.")
    if told.unsure and not app.is_interactive:
        app.tell(f"lostsale: {loss.number} {loss.prospect}: {_left_open(loss, told)}")
    return _Logged(loss=loss, before=before, told=told, given=options.given, next_=next_)


def _left_open(loss: Loss, told: Understood) -> str:
    if not told.unsure:
        return ""
    from lostsale.commands.unclear import left_open

    return left_open(told.unsure, told.suggested, loss.number)


def _page(app: App, logged: _Logged) -> Page:
    """Return what was understood, and what comes next."""
    loss, before, told, given, next_ = logged
    promised, dates = _is_promised(app, loss), list[str]()
    if promised and not next_ and loss.said and loss.said.words:
        from lostsale.commands.offers import hint, offers

        for offer in offers(app, loss, loss.said.words, is_dated=False):
            next_ = offer.next_ or next_
            dates += [hint(app, offer)] if _is_far(app, offer.next_) else []
    promised = promised and not _is_far(app, next_)
    page = screen.logged(loss, before, app.settings, app.today, promised, told.inferred)
    return [
        *page,
        *dates,
        *fields.unclear(app, loss, given),
        *([f"      {_left_open(loss, told)}"] if told.unsure and app.is_interactive else []),
    ]


def _log_lines(app: App, typed: Typed) -> Result:
    """Log a loss for each line of stdin, each by itself: what can't be kept is named, and kept as a
    draft."""
    logged: list[_Logged] = []
    failed: list[_Failed] = []
    for number, line in enumerate(fields.from_stdin().splitlines(), 1):
        if not line.strip():
            continue
        draft = Draft(app)
        draft.typed = {**typed, "words": line.split()}
        try:
            with draft.saving():
                options = _options(app, draft)
                told = _told(app, draft, options, is_asking=False)
                logged.append(_keep(app, told, options, is_asking=False))
        except LostSaleError as error:
            failed.append(_Failed(number, str(error)))
            app.tell(f"lostsale: line {number}: {error}")
    if not (logged or failed):
        raise BadInput("There's nothing on stdin", "Write one sentence per line")

    def page() -> Page:
        return [text for one in logged for text in _page(app, one)]

    losses = [one.loss for one in logged]
    beside = {
        "unsure": [one.told.unsure for one in logged],
        "failed": [one._asdict() for one in failed],
    }
    result = Result("losses", losses, page, beside)
    if failed:
        app.render(result)
        raise Unfinished(f"{plural(len(failed), 'line')} couldn't be logged", "See above")
    return result


def _is_promised(app: App, loss: Loss) -> bool:
    """Whether they promised a call, which needs a time to be worth anything."""
    promises = {app.journal.vocabulary.current("call-later"), "no-show"}
    return bool(promises & {loss.said.code if loss.said else "", *loss.signals})


def _is_far(app: App, when: When | None) -> bool:
    """Whether a call lies so far ahead that it needs a date, and no appointment yet."""
    return when is not None and when.day > app.today + timedelta(_SOON_DAYS)


def _possible_duplicate(app: App, before: list[Loss], lost_on: date) -> str:
    """Return what there is already, if the prospect's latest loss may be the same one; else
    nothing."""
    for loss in before:
        if abs(loss.lost_on - lost_on) <= timedelta(_DOUBLE_DAYS):
            known = screen.earlier(loss, app.settings, app.today)
            return f"You already have {loss.prospect}: {known}"
    return ""


def welcome(app: App) -> None:
    """Say where the journal will be, and ask for the currency, by default that of the locale. It is
    saved with the first loss."""
    default = _local_currency()
    app.show([f"Your journal will be kept in {app.path}"])
    while True:
        try:
            currency = read_currency(ask(f"Your currency? [{default}] ") or default)
            break
        except BadInput:
            app.tell(
                f"  That's not a currency I know. Type a code such as EUR; Enter takes {default}."
            )
    app.journal.settings = Settings({"currency": currency})


def keep_currency(app: App) -> None:
    """Save the currency that was asked for: it settles how dates are read, too."""
    currency = app.settings.currency
    journal = app.journal_to_fill()
    if currency != journal.settings.chosen("currency"):
        with journal.configure("config") as change:
            change.set("currency", currency)


def _local_currency() -> str:
    """Return the currency of the user's locale, else the default one."""
    import locale

    try:
        locale.setlocale(locale.LC_MONETARY, "")
        code = str(locale.localeconv()["int_curr_symbol"]).strip()
    except locale.Error:
        code = ""
    return code if code in CURRENCIES else SETTINGS["currency"].default

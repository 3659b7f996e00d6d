"""The codes of reasons: showing them, and making your own."""

import re
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.ask import confirm
from lostsale.commands.options import WeaknessOption, Yes, complete_real, complete_reasons
from lostsale.commands.settle import defined, pick_code
from lostsale.domain.reasons import (
    CODE,
    LONGEST_ALIAS,
    OTHER,
    REASON_KINDS,
    SIGNALS,
    WEAKNESSES,
    Code,
    ReasonKind,
    Vocabulary,
    WeaknessCode,
    one_of,
    plain_words,
    read_code,
    understood,
)
from lostsale.errors import BadInput, quote
from lostsale.journal.search import lost_by_reason, reread_reasons
from lostsale.journal.store import check_text
from lostsale.screen.page import Page
from lostsale.screen.reasons import Listed, reasons_page, reread_page

reasons = typer.Typer(add_completion=False, rich_markup_mode=None)
_NEAR = 0.8  # how alike two codes are that may be one


@reasons.callback(invoke_without_command=True)
def show_reasons(ctx: typer.Context) -> Result | None:
    """Show the reasons, or make your own.

    Each with what it shows about us, and how many losses have it.

    lostsale reasons
    lostsale reasons rename no-access never-met-them
    lostsale reasons alias "Zu teuer" price-value
    """
    return _listed(ctx.obj) if ctx.invoked_subcommand is None else None


@reasons.command()
def add(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Its name: too-late.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="said, by them, or real.", show_default=False)
    ],
    weakness: WeaknessOption = None,
) -> Result:
    """Add a reason of your own.

    lostsale reasons add bad-timing --kind real --weakness none
    """
    app: App = ctx.obj
    app.create_if_missing = True
    of_kind = one_of(kind, REASON_KINDS, "kind of reason")
    shows = _weakness(of_kind, weakness) if weakness is not None else None
    words = app.journal.vocabulary
    new = _new(words, code)
    _warn(app, new, {*words.said, *words.real})
    _keep(app, Code(new, of_kind, shows))
    return _listed(app, (of_kind, new))


@reasons.command()
def rename(
    ctx: typer.Context,
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A reason.", autocompletion=complete_reasons),
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="Its new name, or the reason to merge it into.")
    ],
    yes: Yes = False,
) -> Result:
    """Rename a reason, or merge it into another; past losses follow.

    lostsale reasons rename no-access never-met-them
    """
    app: App = ctx.obj
    app.create_if_missing = True
    words = app.journal.vocabulary
    code, kind = _known(words, old)
    name = _written(new)
    if code == OTHER:
        raise BadInput(f"{OTHER} is for what fits nowhere else, and keeps its name", "Add another")
    if name == code:
        raise BadInput(f"{name} already has that name", "Write another name")
    main = words.current(name)
    if main != code and main in words.of(kind):
        if not yes:
            question = f"You already have {main}. Merge {code} into it?"
            confirm(app, f"merge {code} into {main}", question, "Not merged")
        _keep(app, Code(code, kind, None, main))
        name = main
    else:
        if main != code:  # else back to a name that it had
            name = _new(words, new)
            _warn(app, name, {*words.said, *words.real} - {code})
        weakness = words.weakness_of.get(code, "none") if kind == "real" else None
        _keep(app, Code(name, kind, weakness), Code(code, kind, None, name))
    return _listed(app, (kind, name))


@reasons.command("weakness")
def set_weakness(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="A real reason.", autocompletion=complete_real)],
    weakness: Annotated[
        str,
        typer.Argument(
            metavar="WEAKNESS", help="competitive, company, personal, relationship or none."
        ),
    ],
) -> Result:
    """Say what a reason shows about us.

    lostsale reasons weakness no-money company
    """
    app: App = ctx.obj
    app.create_if_missing = True
    name, kind = _known(app.journal.vocabulary, code)
    shows = _weakness(kind, weakness)
    if shows != app.journal.vocabulary.weakness_of.get(name, "none"):
        _keep(app, Code(name, kind, shows))
    return _listed(app, (kind, name))


@reasons.command()
def alias(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="WORDS", help="The words as written: Zu teuer.")],
    code: Annotated[
        str | None,
        typer.Argument(
            help="The reason they mean; leave it out to be asked.",
            autocompletion=complete_reasons,
        ),
    ] = None,
) -> Result:
    """Say which reason some words mean; past losses follow.

    It covers the ones under other now, and all future ones.

    lostsale reasons alias "Zu teuer" price-value
    """
    app: App = ctx.obj
    app.create_if_missing = True
    words = app.journal.vocabulary
    name, kind = _known(words, code) if code else _picked(app, text)
    if name == OTHER:
        raise BadInput(f"{OTHER} is for what fits nowhere else", "Choose another reason")
    check_text(text)
    phrase = plain_words(text)
    if not phrase or len(phrase) > LONGEST_ALIAS:
        raise BadInput(
            f'I can\'t find "{text[:40]}" among your reasons', "Use words as you logged them"
        )
    if "-".join(phrase.split()) in {*words.said, *words.real, *SIGNALS}:
        raise BadInput(f'"{phrase}" already means a reason', "See lostsale reasons")
    _keep(app, Code(phrase, kind, None, name))
    return _listed(app, (kind, name))


def _picked(app: App, text: str) -> tuple[str, ReasonKind]:
    """Return the code that the user picks for words, and the kind of the reasons that have these
    words. Raises BadInput if nobody can be asked."""
    _, left = lost_by_reason(app.journal)
    kind: ReasonKind = "said" if text in left["said"] and text not in left["real"] else "real"
    reading = understood(text, kind, app.journal.vocabulary)
    perhaps = reading.suggested if reading.code == OTHER else (reading.code, *reading.suggested[:2])
    if not app.is_interactive or app.is_json:
        likely = f"Perhaps {' or '.join(perhaps[:2])}"
        raise BadInput("CODE is missing", likely, f"reasons alias {quote(text)} {perhaps[0]}")
    return pick_code(app, kind, perhaps)[0] or OTHER, kind


@reasons.command()
def reread(
    ctx: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show what would change, but save nothing.")
    ] = False,
) -> Result:
    """Read past reasons again, the way lostsale reads today.

    Only those whose code lostsale found in the words, not those you gave.

    lostsale reasons reread --dry-run
    """
    app: App = ctx.obj
    words = app.journal.vocabulary

    journal = app.journal if dry_run else app.journal_to_fill()
    changed = reread_reasons(
        journal, lambda kind, text: understood(text, kind, words).code, keep=not dry_run
    )
    return Result("reread", changed, lambda: reread_page(changed, dry_run=dry_run))


def _known(words: Vocabulary, text: str) -> tuple[str, ReasonKind]:
    """Return a code by its name of today, and its kind. Raises BadInput."""
    code = read_code(text, (*words.real, *words.said), "reason", words)
    return code, "real" if code in words.real else "said"


def _written(text: str) -> str:
    """Return `text` as a code. Raises BadInput if it can't be one."""
    code = "-".join(text.casefold().split())
    if not re.fullmatch(CODE, code):
        raise BadInput(f'"{text[:40]}" can\'t be a code', "Use letters and dashes, as in too-late")
    return code


def _new(words: Vocabulary, text: str) -> str:
    """Return `text` as a code that isn't taken yet. Raises BadInput."""
    code = _written(text)
    if code in {*words.said, *words.real, *SIGNALS}:
        raise BadInput(f"{code} already exists", "See lostsale reasons")
    if words.current(code) != code:
        raise BadInput(f"{code} is another name for {words.current(code)}", "Pick a new one")
    return code


def _weakness(kind: ReasonKind, text: str) -> WeaknessCode:
    if kind == "said":
        raise BadInput("What they said can't show a weakness", "Only a real reason does")
    return one_of(text, WEAKNESSES, "weakness")


def _warn(app: App, code: str, known: set[str]) -> None:
    from difflib import get_close_matches

    near = get_close_matches(code, known, n=1, cutoff=_NEAR)
    if near:
        app.tell(f"lostsale: {code} is a lot like {near[0]}. lostsale undo takes it back.")


def _keep(app: App, *codes: Code) -> None:
    with app.journal_to_fill().configure("reasons") as change:
        for code in codes:
            change.name(code)


def _listed(app: App, only: tuple[str, str] | None = None) -> Result:
    """Return the reasons in force, or one of them, by its kind and code."""
    words = app.journal.vocabulary
    counts, left = lost_by_reason(app.journal)
    shown = [
        Listed(
            code=code,
            kind=kind,
            weakness=words.weakness_of.get(code) if kind == "real" else None,
            lost=counts[kind][code],
            aliases=tuple(words.names(code)[1:]),
            meaning=meant.meaning if meant else None,
            example=meant.example.strip('"') if meant else None,
        )
        for kind in REASON_KINDS
        for code in dict.fromkeys([*words.of(kind), *sorted(counts[kind])])
        if only in {None, (kind, code)}
        for meant in (defined(app, kind, code),)
    ]
    if only:
        return Result("reasons", shown, lambda: reasons_page(shown, []))
    other = [
        {"kind": kind, "words": text, "lost": lost}
        for kind, counted in left.items()
        for text, lost in counted.most_common()
    ]
    unread = left["real"].most_common()

    def page() -> Page:
        return reasons_page(shown, unread, explain=app.width is not None)

    return Result("reasons", shown, page, {"other": other})

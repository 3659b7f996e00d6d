"""The codes of reasons, and making one's own."""

from difflib import get_close_matches
from typing import Annotated

import typer

from lostsale.app import App
from lostsale.commands import complete
from lostsale.commands.ask import confirm
from lostsale.commands.options import Json, Weakness, Yes
from lostsale.domain.reasons import (
    CODE,
    OTHER,
    SIGNALS,
    WEAKNESSES,
    Code,
    Vocabulary,
    one_of,
    plain_words,
    read_code,
)
from lostsale.errors import BadInput
from lostsale.export.record import to_json
from lostsale.journal.search import lost_by_reason
from lostsale.journal.store import check_text
from lostsale.screen.lists import Listed, reasons_page

reasons = typer.Typer(add_completion=False, rich_markup_mode=None)
_LONGEST = 100  # letters of words that mean a reason
_NEAR = 0.8  # how alike two codes are that may be one


@reasons.callback(invoke_without_command=True)
def show_reasons(ctx: typer.Context, json: Json = False) -> None:
    """Show the reasons, or make your own.

    Each with what it shows about us, and how many losses have it.

    lostsale reasons
    lostsale reasons rename no-access never-met-them
    lostsale reasons alias "Zu teuer" price-value
    """
    if ctx.invoked_subcommand is None:
        _show(ctx, None, json)


@reasons.command()
def add(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="Its name: too-late.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="said, by them, or real.", show_default=False)
    ],
    weakness: Weakness = None,
    json: Json = False,
) -> None:
    """Add a reason of your own.

    lostsale reasons add bad-timing --kind real --weakness none
    """
    app: App = ctx.obj
    app.create_if_missing = True
    kind = one_of(kind, ("said", "real"), "kind of reason")
    shows = _weakness(kind, weakness) if weakness is not None else None
    words = app.vocabulary
    new = _new(words, code)
    _warn(app, new, {*words.said, *words.real})
    _keep(app, Code(new, kind, shows))
    _show(ctx, (kind, new), json)


@reasons.command()
def rename(
    ctx: typer.Context,
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A reason.", autocompletion=complete.reasons),
    ],
    new: Annotated[
        str, typer.Argument(metavar="NEW", help="Its new name, or a reason that takes it in.")
    ],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Rename a reason, or merge it into another; past losses follow.

    lostsale reasons rename no-access never-met-them
    """
    app: App = ctx.obj
    app.create_if_missing = True
    words = app.vocabulary
    code, kind = _known(words, old)
    name = _written(new)
    if code == OTHER:
        raise BadInput(f"{OTHER} takes what fits nowhere else, and keeps its name", "Add another")
    if name == code:
        raise BadInput(f"{name} is called so already", "Write another name")
    main = words.current(name)
    if main != code and main in _codes(words, kind):
        if not yes:
            question = f"{main} is there already. Merge {code} into it?"
            confirm(app, f"merge {code} into {main}", question, "Not merged")
        _keep(app, Code(code, kind, None, main))
        name = main
    else:
        if main != code:  # else back to a name that it had
            name = _new(words, new)
            _warn(app, name, {*words.said, *words.real} - {code})
        weakness = words.weakness_of.get(code, "none") if kind == "real" else None
        _keep(app, Code(name, kind, weakness), Code(code, kind, None, name))
    _show(ctx, (kind, name), json)


@reasons.command("weakness")
def set_weakness(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(help="A real reason.", autocompletion=complete.real)],
    weakness: Annotated[
        str,
        typer.Argument(
            metavar="WEAKNESS", help="competitive, company, personal, relationship or none."
        ),
    ],
    json: Json = False,
) -> None:
    """Say what a reason shows about us.

    lostsale reasons weakness no-money company
    """
    app: App = ctx.obj
    app.create_if_missing = True
    name, kind = _known(app.vocabulary, code)
    shows = _weakness(kind, weakness)
    if shows != app.vocabulary.weakness_of.get(name, "none"):
        _keep(app, Code(name, kind, shows))
    _show(ctx, (kind, name), json)


@reasons.command()
def alias(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="WORDS", help="As they are written: Zu teuer.")],
    code: Annotated[
        str,
        typer.Argument(help="The reason that they mean.", autocompletion=complete.reasons),
    ],
    json: Json = False,
) -> None:
    """Say which reason some words mean; past losses follow.

    Those that stand under no code but other, and all to come.

    lostsale reasons alias "Zu teuer" price-value
    """
    app: App = ctx.obj
    app.create_if_missing = True
    words = app.vocabulary
    name, kind = _known(words, code)
    if name == OTHER:
        raise BadInput(f"{OTHER} takes what fits nowhere else", "Name another reason")
    check_text(text)
    phrase = plain_words(text)
    if not phrase or len(phrase) > _LONGEST:
        raise BadInput(f'"{text[:40]}" are no words for a reason', "Write those that are kept")
    if "-".join(phrase.split()) in {*words.said, *words.real, *SIGNALS}:
        raise BadInput(f'"{phrase}" names a reason already', "See lostsale reasons")
    _keep(app, Code(phrase, kind, None, name))
    _show(ctx, (kind, name), json)


def _codes(words: Vocabulary, kind: str) -> dict[str, tuple[str, ...]]:
    return words.said if kind == "said" else words.real


def _known(words: Vocabulary, text: str) -> tuple[str, str]:
    """Return a code by its name of today, and its kind. Raises BadInput."""
    code = read_code(text, (*words.real, *words.said), "reason", words)
    return code, "real" if code in words.real else "said"


def _written(text: str) -> str:
    """Return the code that `text` writes. Raises BadInput for what can't be one."""
    code = "-".join(text.casefold().split())
    if not CODE.fullmatch(code):
        raise BadInput(f'"{text[:40]}" is no code', "Write letters and dashes, as in too-late")
    return code


def _new(words: Vocabulary, text: str) -> str:
    """Return a code that nothing is called yet. Raises BadInput."""
    code = _written(text)
    if code in {*words.said, *words.real, *SIGNALS}:
        raise BadInput(f"{code} is there already", "See lostsale reasons")
    if words.current(code) != code:
        raise BadInput(f"{code} is another name of {words.current(code)}", "Take a new one")
    return code


def _weakness(kind: str, text: str) -> str:
    if kind == "said":
        raise BadInput("What they said shows no weakness", "Only a real reason does")
    return one_of(text, WEAKNESSES, "weakness")


def _warn(app: App, code: str, known: set[str]) -> None:
    near = get_close_matches(code, known, n=1, cutoff=_NEAR)
    if near:
        app.tell(f"lostsale: {code} is much like {near[0]}. lostsale undo takes it back.")


def _keep(app: App, *codes: Code) -> None:
    with app.change("reasons") as change:
        for code in codes:
            change.name(code)


def _show(ctx: typer.Context, only: tuple[str, str] | None, json: bool) -> None:
    """Show the reasons in force, or one; as JSON, too, if that was said before the verb."""
    app: App = ctx.obj
    words = app.vocabulary
    counts, left = lost_by_reason(app.journal)
    shown = [
        Listed(
            code,
            kind,
            words.weakness_of.get(code) if kind == "real" else None,
            counts[kind][code],
            tuple(words.names(code)[1:]),
        )
        for kind in ("said", "real")
        for code in dict.fromkeys([*_codes(words, kind), *sorted(counts[kind])])
        if only in {None, (kind, code)}
    ]
    if json or (ctx.parent and ctx.parent.params.get("json")):
        other = [
            {"kind": kind, "words": text, "lost": lost}
            for kind, counted in left.items()
            for text, lost in counted.most_common()
        ]
        app.show(to_json("reasons", shown, **({} if only else {"other": other})))
    else:
        app.show(reasons_page(shown, [] if only else left["real"].most_common()))

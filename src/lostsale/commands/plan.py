"""The words to say, and the plan that says when."""

import os
import subprocess
import sys
from pathlib import Path
from shlex import quote, split
from tempfile import mkstemp
from typing import Annotated

import typer

from lostsale.app import Context
from lostsale.commands import complete, fields, refs
from lostsale.commands.ask import confirmed
from lostsale.commands.options import Json
from lostsale.domain.loss import REST, Loss
from lostsale.domain.plan import kind_of
from lostsale.domain.plan_text import LONGEST, explained, read_plan, written
from lostsale.domain.scripts import KINDS, filled, wordings
from lostsale.domain.settings import PLAN
from lostsale.errors import BadInput, CannotOpen, Declined, Interrupted, LostSaleError, nearest
from lostsale.export.record import to_json
from lostsale.journal.file import explained as explained_error
from lostsale.journal.store import TEXT_LIMIT, check_text
from lostsale.screen.page import Line, Page
from lostsale.screen.text import KIND_OF, who

plan = typer.Typer(add_completion=False, rich_markup_mode=None)
_FROM_NOW_ON = "Its days hold for steps that are opened from now on, its words at once."


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
    desk: Context = ctx.obj
    if kind is not None:
        kind = KIND_OF.get(kind.casefold(), kind)
    if kind is not None and kind.casefold() not in KINDS:
        if ref is not None:
            known = f"Known: {', '.join(KINDS)}. A name of several words is quoted"
            raise BadInput(f'"{kind[:40]}" is no kind of words', nearest(kind, KINDS, known))
        kind, ref = None, kind
    loss = desk.journal.get([refs.one(desk, ref, "real")])[0] if ref is not None else None
    kinds = [kind.casefold()] if kind else [next_kind(loss)] if loss else KINDS
    said = [(one, words(desk, one, loss)) for one in kinds]
    if json:
        number = loss.number if loss else None
        found = [{"kind": one, "loss": number, "words": text} for one, text in said]
        desk.show(to_json("script", found[0]) if len(found) == 1 else to_json("scripts", found))
    else:
        desk.show(_page(desk, loss, said))


def words(desk: Context, kind: str, loss: Loss | None, turn: int = 0) -> str:
    """Return the words of a kind, others each day and for each loss; `turn` goes on to the next."""
    key = loss.planned.plan_step if loss and loss.planned else None
    texts = desk.plan.words(kind, key) or wordings(kind, loss, desk.vocabulary)
    # Two working days later, when a try is repeated, it is never the same of three.
    turn += desk.today.toordinal() + ((loss.number or 0) if loss else 0)
    return filled(texts[turn % len(texts)], loss, desk.settings["name"], desk.vocabulary)


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


def _page(desk: Context, loss: Loss | None, said: list[tuple[str, str]]) -> Page:
    """Return the words; with what they are for only on a terminal, or where they are several, so
    that a pipe takes just what is to be said."""
    page: list[str | Line] = []
    for kind, text in said:
        title = f"{loss.number}  {who(loss)} · {kind}" if loss else kind
        if desk.width is not None or len(said) > 1:
            page += [*([""] if page else []), Line(title, "bold")]
        page += text.split("\n")
    return page


@plan.callback(invoke_without_command=True)
def show_plan(ctx: typer.Context, json: Json = False) -> None:
    """Show the plan after a loss, or make your own.

    What it shows can be changed and given to plan set.

    lostsale plan
    lostsale plan set my-plan.txt
    lostsale plan reset
    """
    if ctx.invoked_subcommand is None:
        _show(ctx.obj, json)


@plan.command("set")
def set_plan(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A text as lostsale plan prints it; - for stdin.")
    ],
    json: Json = False,
) -> None:
    """Take the plan from a file.

    It is checked whole before it is kept.

    lostsale plan set my-plan.txt
    """
    desk: Context = ctx.obj
    _keep(desk, fields.from_stdin() if file == "-" else _content(Path(file)))
    _answer(desk, json)


@plan.command()
def edit(ctx: typer.Context, json: Json = False) -> None:
    """Change the plan in your editor.

    VISUAL or EDITOR says which.

    lostsale plan edit
    """
    desk: Context = ctx.obj
    if not desk.is_interactive:
        raise BadInput("plan edit needs a terminal", "Write lostsale plan set FILE")
    desk.may_make = True
    before = explained(desk.plan.steps)
    handle, name = mkstemp(prefix="lostsale-plan-", suffix=".txt")  # its owner's alone
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(before)
    try:
        _edited(desk, path, before)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the text is to be found
        told = _told(error)
        if path.exists() and path.read_bytes() != before.encode():
            kept = f"What you wrote is kept. Take it: {desk.command} plan set {quote(name)}"
            told.hint = f"{told.hint}. {kept}" if told.hint else kept
        else:
            path.unlink(missing_ok=True)
        raise told from None
    path.unlink()
    if desk.journal.written:
        _answer(desk, json)
    else:
        desk.show(["The plan is as it was."])


def _told(error: BaseException) -> LostSaleError:
    """Return an error as the user is told of it. Raises it where it is lostsale's own mistake."""
    if isinstance(error, KeyboardInterrupt):
        return Interrupted("Interrupted")
    known = explained_error(error) if isinstance(error, Exception) else None
    if known is None:
        raise error
    return known


def _edited(desk: Context, path: Path, before: str) -> None:
    """Have the plan in a file changed, and keep it. Raises what stands in the way."""
    is_kept = False
    while not is_kept:
        _run_editor(path)
        try:
            text = _content(path)
            if text != before:
                _keep(desk, text, desk.settings.plan)
            is_kept = True
        except BadInput as error:
            desk.show([f"{error.what}. {error.hint}"])
            if not confirmed("Edit again?", default=True):
                raise


@plan.command()
def reset(ctx: typer.Context, json: Json = False) -> None:
    """Go back to lostsale's own plan.

    lostsale plan reset
    """
    desk: Context = ctx.obj
    if desk.has_journal:
        with desk.change("plan") as change:
            change.set(PLAN, None)
    _answer(desk, json)


def _show(desk: Context, json: bool) -> None:
    if json:
        desk.show(to_json("plan", [step._asdict() for step in desk.plan.steps]))
    else:
        desk.show(explained(desk.plan.steps, desk.width or 80).rstrip("\n").split("\n"))


def _answer(desk: Context, json: bool) -> None:
    if json:
        _show(desk, json)
        return
    steps = ", ".join(f"{step.kind} {step.days}" for step in desk.plan.steps)
    desk.show([f"The plan: {steps}.", _FROM_NOW_ON])


def _keep(desk: Context, text: str, former: str | None = None) -> None:
    """Keep a plan, in the place of the `former` one alone if that is given. Raises BadInput or
    Declined."""
    check_text(text)
    kept = written(read_plan(text))
    if len(kept) > LONGEST:
        raise BadInput(f"The plan is longer than {LONGEST:,} signs", "Shorten the words")
    desk.may_make = True
    with desk.change("plan") as change:
        if former is not None and desk.journal.settings().plan != former:
            raise Declined("Another plan was kept meanwhile", "Look at it: lostsale plan")
        change.set(PLAN, kept)


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(TEXT_LIMIT + 1)
        text = "x" * len(raw) if len(raw) > TEXT_LIMIT else raw.decode("utf-8-sig")
    except OSError as error:
        raise CannotOpen(f"{path} can't be read ({error.strerror})", "Look at the path") from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path} holds bytes that are no UTF-8, from byte {error.start}", "Convert it"
        ) from None
    return text.replace("\r\n", "\n")


def _run_editor(path: Path) -> None:
    named = (os.environ.get(name, "").strip() for name in ("VISUAL", "EDITOR"))
    editor = next(filter(None, named), "vi")
    sys.stdout.flush()
    try:
        ended = subprocess.run([*split(editor), str(path)], check=False)  # noqa: S603 - the user's
    except (OSError, ValueError):
        raise BadInput(f"The editor {editor[:40]} can't be run", "Set EDITOR") from None
    if ended.returncode:
        raise BadInput(f"The editor {editor[:40]} failed")

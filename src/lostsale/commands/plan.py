"""The plan after a loss: showing and changing it."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shlex import split
from tempfile import gettempdir, mkstemp
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import fields
from lostsale.commands.ask import confirmed
from lostsale.domain.plan_text import LONGEST, annotated, read_plan, told, written
from lostsale.domain.settings import PLAN, Settings
from lostsale.errors import BadInput, CannotOpen, Declined, Interrupted, LostSaleError, quote
from lostsale.journal.file import to_user_error
from lostsale.journal.store import TEXT_LIMIT, check_text
from lostsale.screen.page import Page

plan = typer.Typer(add_completion=False, rich_markup_mode=None)
_FROM_NOW_ON = "New days apply to steps planned from now on, new words right away."


@plan.callback(invoke_without_command=True)
def show_plan(ctx: typer.Context) -> Result | None:
    """Show the plan after a loss, or make your own.

    Edit what it shows, then give it to plan set.

    lostsale plan
    lostsale plan set my-plan.txt
    lostsale plan reset
    """
    app: App = ctx.obj
    if ctx.invoked_subcommand is not None:
        return None
    return _steps(
        app, lambda: annotated(app.journal.plan.steps, app.width or 80).rstrip("\n").split("\n")
    )


@plan.command("set")
def set_plan(
    ctx: typer.Context,
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A file like what lostsale plan prints; - for stdin."),
    ],
) -> Result:
    """Use the plan in a file.

    All of it is checked before it is saved.

    lostsale plan set my-plan.txt
    """
    app: App = ctx.obj
    _keep(app, fields.from_stdin() if file == "-" else _content(Path(file)))
    return _answer(app)


@plan.command("edit")
def edit_plan(ctx: typer.Context) -> Result:
    """Change the plan in your editor.

    VISUAL or EDITOR says which one.

    lostsale plan edit
    """
    app: App = ctx.obj
    if not app.is_interactive:
        raise BadInput("plan edit needs a terminal", "Try lostsale plan set FILE")
    app.create_if_missing = True
    before = annotated(app.journal.plan.steps)
    for killed in Path(gettempdir()).glob("lostsale-plan-*.txt"):
        with suppress(OSError):
            if killed.read_bytes() == before.encode():  # and nothing was written in it
                killed.unlink()
    handle, name = mkstemp(prefix="lostsale-plan-", suffix=".txt")  # its owner's alone
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(before)
    try:
        _edited(app, path, before)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the text is to be found
        known = _to_user_error(error)
        if path.exists() and path.read_bytes() != before.encode():
            advice = f"{known.advice}. " if known.hint else ""
            known.hint = f"{advice}What you wrote is saved. Use it"
            known.command = f"plan set {quote(name)}"
        else:
            path.unlink(missing_ok=True)
        raise known from None
    path.unlink()
    if app.journal.written:
        return _answer(app)
    return _steps(app, lambda: ["The plan wasn't changed."])


def _to_user_error(error: BaseException) -> LostSaleError:
    """Return what an error means to the user. Raises it if it is a bug of lostsale."""
    if isinstance(error, KeyboardInterrupt):
        return Interrupted("Interrupted")
    known = to_user_error(error) if isinstance(error, Exception) else None
    if known is None:
        raise error
    return known


def _edited(app: App, path: Path, before: str) -> None:
    """Let the user edit the plan in a file, and save it. Raises whatever prevents that."""
    is_kept = False
    while not is_kept:
        _run_editor(path)
        try:
            text = _content(path)
            if text != before:
                _keep(app, text, app.settings.plan)
            is_kept = True
        except BadInput as error:
            app.show([f"{error.what}. {error.advice}"])
            if not confirmed("Edit again?", default=True):
                raise


@plan.command()
def reset(ctx: typer.Context) -> Result:
    """Go back to lostsale's own plan.

    lostsale plan reset
    """
    app: App = ctx.obj
    if app.has_journal:
        with app.journal_to_fill().configure("plan") as change:
            change.set(PLAN, None)
    return _answer(app)


def _steps(app: App, page: Callable[[], Page]) -> Result:
    return Result("plan", [step._asdict() for step in app.journal.plan.steps], page)


def _answer(app: App) -> Result:
    return _steps(app, lambda: [f"The plan: {told(app.journal.plan.steps)}.", _FROM_NOW_ON])


def _keep(app: App, text: str, former: str | None = None) -> None:
    """Save a plan; if a `former` one is given, only in its place. Raises BadInput or Declined."""
    check_text(text)
    kept = written(read_plan(text))
    if len(kept) > LONGEST:
        raise BadInput(f"The plan is longer than {LONGEST:,} characters", "Shorten the words")
    app.create_if_missing = True
    with app.journal_to_fill().configure("plan") as change:
        if former is not None and Settings(app.journal.kept_settings()).plan != former:
            raise Declined("Another plan was saved in the meantime", "Check it", "plan")
        change.set(PLAN, kept)


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(TEXT_LIMIT + 1)
        text = "x" * len(raw) if len(raw) > TEXT_LIMIT else raw.decode("utf-8-sig")
    except OSError as error:
        raise CannotOpen(f"{path} can't be read ({error.strerror})", "Check the path") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} isn't UTF-8, from byte {error.start} on", "Convert it") from None
    return text.replace("\r\n", "\n")


def _run_editor(path: Path) -> None:
    named = (os.environ.get(name, "").strip() for name in ("VISUAL", "EDITOR"))
    editor = next(filter(None, named), "notepad" if os.name == "nt" else "vi")
    sys.stdout.flush()
    is_path = Path(editor).is_file()  # which may have spaces in it
    try:
        typed: str | list[str] = [*([editor] if is_path else split(editor)), str(path)]
        if is_on_windows := os.name == "nt":  # cmd finds code.cmd, and leaves backslashes alone
            typed = f'"{editor}" "{path}"' if is_path else f'{editor} "{path}"'
        ended = subprocess.run(typed, shell=is_on_windows, check=False)  # noqa: S603 - the user's
    except (OSError, ValueError):
        raise BadInput(f"The editor {editor[:40]} can't be run", "Set EDITOR") from None
    if ended.returncode:
        raise BadInput(f"The editor {editor[:40]} failed")

"""The commands by their names, the options that all share, and the one place that shows errors.

A command's module is imported only when the command is run: what one run does not use costs it
nothing.
"""

import os
import sys
from datetime import UTC, datetime
from errno import EINVAL
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lostsale.app import App, Result, write
from lostsale.errors import BadInput, CannotOpen, Damaged, Fault, LostSaleError, NotShown
from lostsale.parameters import check_quoted, finished, in_range, named
from lostsale.screen.text import shown

# Group, then command: the module that it lives in, and its purpose as its own help has it.
COMMANDS = {
    "Every day": {
        "log": ("log", "Log a lost sale, right after the no."),
        "due": ("due", "Show who needs you today."),
        "stats": ("stats", "Show what was lost and won back, and why."),
    },
    "Follow up": {
        "done": ("followup", "Mark the next step done."),
        "no-answer": ("followup", "Record that you couldn't reach anyone."),
        "snooze": ("followup", "Put the next step off."),
        "skip": ("followup", "Skip the next step."),
        "why": ("why", "Record the real reason, once you've asked."),
        "touch": ("followup", "Log a call or conversation."),
        "meet": ("meet", "Make an appointment."),
        "referral": ("referrals", "Record a referral they gave you."),
        "won": ("won", "Record a sale you won back."),
        "move-on": ("followup", "Move on from a loss."),
        "script": ("script", "Show what to say."),
    },
    "Look": {
        "list": ("list", "List losses, all or some."),
        "show": ("show", "Show everything about one loss."),
        "find": ("find", "Find words anywhere in the journal."),
        "referrals": ("referrals", "List the referrals you were given."),
        "team": ("team", "Count what your whole team lost."),
    },
    "Put right": {
        "edit": ("edit", "Change what's recorded about a loss."),
        "undo": ("undo", "Take back the last change."),
        "forget": ("forget", "Erase a loss or a prospect for good."),
    },
    "Move data": {
        "import": ("import_", "Bring in lost deals from another program's file."),
        "export": ("export", "Write losses to a file for other programs."),
        "merge": ("merge", "Bring in everything from another of your journals."),
        "sync": ("sync", "Keep your journals on several machines in sync."),
        "backup": ("backup", "Write a copy of the journal."),
        "restore": ("backup", "Go back to a backup."),
        "verify": ("backup", "Check that the journal is intact."),
    },
    "Set up": {
        "plan": ("plan", "Show the plan after a loss, or make your own."),
        "reasons": ("reasons", "Show the reasons, or make your own."),
        "config": ("config", "Show or change a setting."),
        "demo": ("demo", "Make a sample journal to look around in."),
    },
}
INTERRUPTED = 130
_MODULE_OF = {name: room for group in COMMANDS.values() for name, (room, _) in group.items()}


class LazyGroup(TyperGroup):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(_MODULE_OF)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name. Raises BadInput that names the nearest."""
        if cmd_name not in _MODULE_OF:
            from lostsale.commands.meant import command_meant

            app, given = ctx.find_root().obj, ctx.find_root().params
            app.begin(given.get("db"), given.get("today"))
            try:
                cmd_name = command_meant(app, cmd_name, _MODULE_OF, app.args)
            finally:
                app.close()
        module = import_module(f"lostsale.commands.{_MODULE_OF[cmd_name]}")
        # list and import are words of Python's.
        name = cmd_name.replace("-", "_")
        found = getattr(module, name, None) or getattr(module, f"{name}_")
        if isinstance(found, typer.Typer):
            inner = typer.main.get_command(found)
            for command in (inner, *getattr(inner, "commands", {}).values()):
                finished(command, self)
            return inner
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(cmd_name)(found)
        return finished(typer.main.get_command(one), self)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the arguments name, with the rest of them. Raises BadInput."""
        name, command, rest = super().resolve_command(ctx, args)
        rest = ["\u2192" if word in {"->", "-->"} else word for word in rest]  # no option
        if command and not "".join(rest).isascii():
            from lostsale.commands.meant import check_dashes

            check_dashes(
                ctx.find_root().obj.args,
                (option for param in command.params for option in param.opts),
            )
        if name and name != "log" and len(rest) > 2:  # whose options may stand among its words
            check_quoted(command, name, rest)
        return name, command, rest

    def invoke(self, ctx: Any) -> Any:
        """Run a command, and print what it answers while the journal is still open."""
        result = super().invoke(ctx)
        if isinstance(result, Result):
            ctx.find_root().obj.render(result)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands and options that begin so, without importing any command."""
        # Typer has brought Click along since 0.27; the class lives beside the context's.
        beside = type(ctx).__module__.rpartition(".")[0]
        item = import_module(f"{beside}.shell_completion").CompletionItem
        if incomplete.startswith("-"):
            options = (name for param in self.get_params(ctx) for name in param.opts)
            return [item(name) for name in options if name.startswith(incomplete)]
        return [item(name) for name in _MODULE_OF if name.startswith(incomplete)]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write what lostsale is for, without a blank line, so that all fits a screen."""
        formatter.write(f"{self.help}\n")

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by intention, without importing any."""
        formatter.write("\n")
        for group, commands in COMMANDS.items():
            for name, (_, purpose) in commands.items():
                is_first = name == next(iter(commands))
                formatter.write(f"{group if is_first else '':<13}{name:<11}{purpose}\n")


cli = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 80, "help_option_names": ["-h", "--help"]},
)


@cli.callback(invoke_without_command=True)
def lostsale(
    ctx: typer.Context,
    db: Annotated[
        str | None, typer.Option(metavar="FILE", help="The journal file (or set LOSTSALE_DB).")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Use this day as today (or set LOSTSALE_TODAY)."),
    ] = None,
    color: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Color: always, never, or auto, on a terminal."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False,
    install_completion: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Keep a private journal of lost sales. On its own it shows your day."""
    if install_completion:
        from lostsale.commands.completion import install_completion as install

        install(install_completion)
        raise typer.Exit
    if version:
        import lostsale as package

        sys.stdout.write(f"lostsale {package.__version__}\n")
        raise typer.Exit
    ctx.call_on_close(ctx.obj.close)
    ctx.obj.begin(db, today, color)
    if ctx.invoked_subcommand is None:
        from lostsale.commands.due import day

        day(ctx.obj)


def run(args: list[str]) -> int:
    """Run lostsale with these arguments and return its exit code. Every error is shown here."""
    _prepare_streams()
    if args[:1] == ["help"]:
        args = [*args[1:], "--help"]
    app = App()
    app.args = args
    is_completing = bool(os.environ.get("_LOSTSALE_COMPLETE"))  # PowerShell leaves it empty
    if is_completing:
        import_module("typer.completion").completion_init()
    try:
        command = typer.main.get_command(cli)
        code = command.main(args=args, prog_name="lostsale", standalone_mode=False, obj=app)
    except SystemExit as ended:
        if is_completing:
            return int(ended.code or 0)
        return _unread(app)  # so Typer ends then
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches a user
        if is_completing:
            return 0  # a shell has no place for an error
        if os.name == "nt" and "journal" not in vars(app) and getattr(error, "errno", 0) == EINVAL:
            return _unread(app)  # as Windows says it
        known = _to_user_error(error, app)
        known.program = app.command
        return _show(known, args)
    if code == INTERRUPTED:
        write(sys.stderr, "lostsale: Interrupted. What you did before that is saved.\n")
    return code if isinstance(code, int) else 0


def _prepare_streams() -> None:
    if sys.platform == "win32":  # whose console shows the escapes of colors unless it's told
        from colorama import just_fix_windows_console  # type: ignore[import-untyped]

        just_fix_windows_console()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal without UTF-8; and Windows, where what is piped isn't UTF-8 by itself.
            utf8 = {"encoding": "utf-8"} if os.name == "nt" and not stream.isatty() else {}
            stream.reconfigure(errors="backslashreplace", **utf8)


def _unread(app: App) -> int:
    """Go on where nobody reads. Of a help text that is enough; work isn't done by it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NotShown.exit_code if "journal" in vars(app) else 0


def _show(error: LostSaleError, args: list[str]) -> int:
    if "--json" in args:
        from lostsale.export.record import to_json

        write(sys.stderr, to_json("error", {"code": error.code, "message": str(error)}))
    else:
        write(sys.stderr, f"lostsale: {shown(str(error))}\n")
    return error.exit_code


def _to_user_error(error: Exception, app: App) -> LostSaleError:
    """Return what an error means to the user."""
    if hasattr(error, "format_message"):  # Typer's, whose class has moved between its versions
        return _usage(error, app.args)
    from lostsale.journal.file import damaged, to_user_error

    known = to_user_error(error)
    if known is None and not isinstance(error, OSError) and _is_damaged(app):
        known = damaged()
    if isinstance(known, Damaged) and known.is_own:
        help_, command = app.remedy()
        if command:
            draft = f"{known.hint}. " if known.has_draft else ""
            known.hint, known.command = f"{draft}{help_}", command
    if known:
        return known
    if isinstance(error, OSError):
        failed = CannotOpen(f"That can't be done ({error.strerror})", "Check the paths")
        if "journal" in vars(app) and app.journal.written:
            failed.assurance = ""
        return failed
    # The error's own words may hold a customer's, so they are not shown.
    what = f"lostsale itself failed ({type(error).__name__})"
    log = f"Please report it with {_write_crash_log(error, app)}"
    return Fault(what, ". ".join([*getattr(error, "__notes__", ()), log]))


def _is_damaged(app: App) -> bool:
    """Whether it is the journal that is at fault, and not lostsale."""
    from lostsale.journal.verify import is_well

    try:
        return app.path.exists() and is_well(app.path) is False
    except Exception:  # noqa: BLE001 - whatever it is, the journal can't be read
        return True


def _write_crash_log(error: Exception, app: App) -> str:
    """Write what went wrong in lostsale into a log that its user alone can read; return where."""
    from tempfile import gettempdir
    from traceback import format_exception

    for folder in (app.path.parent, Path(gettempdir())):
        log = folder / "lostsale-faults.log"
        try:
            file = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
            with os.fdopen(file, "a", encoding="utf-8", errors="backslashreplace") as text:
                text.write(f"{datetime.now(UTC)}\n{''.join(format_exception(error))}\n")
        except OSError:
            continue
        return str(log)
    return "what you did"


def _usage(error: Any, args: list[str]) -> BadInput:
    """Return what Typer found wrong with these arguments, in our form."""
    ctx, kind = getattr(error, "ctx", None), type(error).__name__
    param, name = getattr(error, "param", None), getattr(error, "option_name", None)
    path = ctx.command_path if ctx else "lostsale"
    what, hint = error.format_message().rstrip(".")[:200], f"See {path} --help"
    if kind == "MissingParameter" and param is not None:
        what = f"{named(param)} is missing"
        if param.name == "ref":
            hint = "Give a loss's number or name: 42, without a #, which a shell drops"
    elif kind == "BadParameter" and param is not None:
        what = f"{named(param)} takes a whole number{in_range(param)}"
    elif name == "--version":
        what, hint = "--version goes before the command", "Try lostsale --version"
    elif "extra argument" in what:
        what = f'{path} has no use for "{what.rpartition(" (")[2].removesuffix(")")}"'
    elif name and kind in {"BadOptionUsage", "NoSuchOption"}:
        from lostsale.commands.meant import option_error

        return option_error(error, name, args, hint)
    elif ctx and hasattr(ctx.command, "commands") and "'" in what:
        what = f"There's no command {path} {what.split(chr(39))[1]}"
    return BadInput(what, hint)

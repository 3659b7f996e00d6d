"""What Typer's commands get beside what each of them states: options that all share, help as it is
written, and values without a detour. All use of Typer's inner parts stands here and in `cli`."""

import re
from copy import copy
from itertools import takewhile
from typing import Any

from typer import core

from lostsale.errors import BadInput, join
from lostsale.journal.paths import typed_path

_PATHS = frozenset({"file", "save", "invite"})  # parameters
# What options call what may be several words; WHEN, too, where no other words may follow.
_TEXTS = frozenset({"TEXT", "REASON", "NAME", "AMOUNT"})
_ANYWHERE = ("db", "today", "color")  # options that may stand before or after a command


def finished(command: Any, group: Any) -> Any:
    """Give a command --json, the options that may also stand before it, and the home folder for the
    `~` of its paths; have its help end in the examples of its docstring; return it."""
    for param in command.params:
        if param.name in _PATHS:
            param.callback = lambda _, __, text: typed_path(text)
        if param.param_type_name == "argument":
            _show_as_written(param)
    lines = (command.help or "").splitlines()
    examples = [line for line in lines if line.startswith("lostsale ")]
    command.help = "\n".join(line for line in lines if line not in examples)
    command.epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in examples)])
    # Copies of the group's options, since each Typer has its own way of making one.
    root = {param.name: param for param in group.params}
    changes = {"opts": ["--json"], "help": "Print JSON instead of text.", "callback": _ask_for_json}
    command.params.append(_copied(root["version"], name="json", **changes))
    also = (_copied(root[name], callback=_begin_again, hidden=True) for name in _ANYWHERE)
    command.params += also
    return command


def check_quoted(command: Any, name: str, args: list[str]) -> None:
    """Raise BadInput for a text option behind a REF that gets one word of several without quotes:
    the others would count as something else."""
    kinds = {*_TEXTS, "WHEN"} if name == "edit" else _TEXTS
    texts = {one for param in command.params if param.metavar in kinds for one in param.opts}
    apart = (arg.split("=", 1) if arg.split("=")[0] in texts else [arg] for arg in args)
    args = [part for parts in apart for part in parts]
    for place, arg in enumerate(args[:-2] if args[0][:1] != "-" else ()):
        words = list(takewhile(lambda word: word[:1] != "-", args[place + 1 :]))
        if arg in texts and len(words) > 1 and len(words[0].split()) == 1:
            whole = [*args[: place + 1], " ".join(words), *args[place + 1 + len(words) :]]
            how = "Put its words in quotes, and others before it"
            raise BadInput(f'{arg} gets only "{words[0][:40]}"', how, join([name, *whole]))


def named(param: Any) -> str:
    """Return what a parameter is called where it's typed: --days, or the REF of a command."""
    is_option = param.param_type_name == "option"
    return str(param.opts[0] if is_option else (param.metavar or param.name.upper()).strip("[]."))


def in_range(param: Any) -> str:
    """Return which numbers a parameter takes, to be put behind `a number`."""
    kind = getattr(param, "type_descriptor", None)  # since Typer 0.29
    known = kind.parameter_info if kind else param.type
    return f" from {known.min} to {known.max:,}" if known.max else f", at least {known.min}"


def _show_as_written(argument: Any) -> None:
    """Have the help show an argument as its command writes it: since 0.29 Typer adds its type."""
    name, record = argument.metavar or argument.name.upper(), argument.get_help_record
    form = "{}" if name.startswith("[") else "{{{}}}" if argument.required else "[{}]"
    argument.get_usage_pieces = lambda _: [form.format(name)]
    argument.get_help_record = lambda ctx: (name, re.sub("; [0-9]+<=x<=.*]", "]", record(ctx)[1]))


def _copied(option: Any, **changes: Any) -> Any:
    made = copy(option)
    vars(made).update(expose_value=False, **changes)
    return made


def _begin_again(ctx: Any, param: Any, given: str | None) -> None:
    """Take an option that is after the command as if it stood before it."""
    if given is not None:
        root = ctx.find_root()
        root.params[param.name] = given
        root.obj.begin(*map(root.params.get, _ANYWHERE))


def _ask_for_json(ctx: Any, _: Any, is_asked: bool) -> None:
    if is_asked:
        ctx.find_root().obj.is_json = True


_parameter: Any = getattr(core, "_TyperParameter", None)
_slow: Any = getattr(_parameter, "get_runtime_param", None)


class _AsTyped:
    """What Typer asks, since 0.29, for the value of a parameter. Its own way there goes through
    pydantic, whose import takes longer than all the rest: it's left what isn't as it's to be.
    What we ask Typer's makers for is in docs/typer-request.txt."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value as its command takes it. Raises what Typer raises."""
        known, kind = param.type_descriptor.parameter_info, param.type_descriptor.annotation
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if kind is str and isinstance(value, str):
            return value
        if kind == list[str] and isinstance(value, tuple | list):
            return list(value)
        if kind is int and (text := str(value)).isascii() and text.isdecimal() and len(text) < 10:
            number = int(text)
            if (known.min or 0) <= number <= (number if known.max is None else known.max):
                return number
        return _slow(param).coerce(value, param=param, ctx=ctx)


if _slow:  # a later Typer may do without, or be slower
    _parameter.get_runtime_param = lambda _: _AsTyped()

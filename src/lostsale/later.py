"""What a run does without as long as it can. Records are made ready when the first of their kind is
made. Of modules that Typer and pathlib load a run uses next to nothing: while these two are loaded,
others are in their place, and the real ones are loaded at the first use. Python 3.15 can do that
itself (PEP 810)."""

import os
import sys
from _thread import _local
from collections import _tuplegetter  # type: ignore[attr-defined] # what namedtuple uses
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING or sys.version_info >= (3, 14):  # which keeps annotations elsewhere
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - for all records
else:

    class _Kind(type):
        def __new__(cls, name: str, bases: tuple[type, ...], names: dict[str, Any]) -> type:
            fields = tuple(names.get("__annotations__", ()))
            defaults = {field: names.pop(field) for field in fields if field in names}
            names |= {field: _tuplegetter(place, None) for place, field in enumerate(fields)}
            names |= {"_fields": fields, "__match_args__": fields, "_field_defaults": defaults}
            return super().__new__(cls, name, bases, {"__slots__": (), **names})

    class NamedTuple(tuple, metaclass=_Kind):  # noqa: SLOT001 - each has them of its kind
        """A record as typing's: that one compiles what makes it, which takes a while, for each."""

        def __new__(cls, *given: object, **named: object) -> Self:
            """Make the first one, and what makes the others."""
            names = "".join(f"{name}, " for name in cls._fields)
            made = eval(f"lambda _cls, {names}: new(_cls, ({names}))", {"new": tuple.__new__})  # noqa: S307
            made.__name__, made.__defaults__ = "__new__", tuple(cls._field_defaults.values())
            cls.__new__ = made
            return made(cls, *given, **named)

        @classmethod
        def _make(cls, values: Iterable[object]) -> Self:
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(made)
            return made

        def _replace(self, **named: object) -> Self:
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise ValueError(*named)
            return made

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            told = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({told})"


def _loaded(name: str) -> Any:
    if type(sys.modules.get(name)) is Later:
        del sys.modules[name]
    __import__(name)
    return sys.modules[name]


class Later(type(sys)):  # type: ignore[misc] # the type of modules
    """A module that is loaded when something in it is asked for."""

    __name__: str

    def __getattr__(self, name: str) -> object:
        if name == "__path__":  # which imports ask for
            raise AttributeError(name)
        found: object = getattr(_loaded(self.__name__), name)
        setattr(self, name, found)
        return found


def _call(module: str, name: str, *given: object, **named: object) -> object:
    return getattr(_loaded(module), name)(*given, **named)


def _visit(visitor: object, name: str) -> object:
    return getattr(_loaded("ast").NodeVisitor, name).__get__(visitor)


def _from_list(frames: object) -> object:
    return _loaded("traceback").StackSummary.from_list(frames)


def _record(kind: type | None = None, /, **how: object) -> object:
    """Do what Typer needs of `dataclass`: have its records made from named fields. To compile what
    else it offers takes a tenth of a run."""
    if kind is None:
        return partial(_record, **how)
    if set(vars(kind)) & {*kind.__annotations__, "__init__", "__post_init__"}:  # or has defaults
        return _call("dataclasses", "dataclass", kind, **how)
    kind.__init__ = lambda record, **fields: record.__dict__.update(fields)  # type: ignore[misc]
    return kind


def _copy(made: Any) -> object:
    """Copy what holds all it has in its attributes, as Typer's options do."""
    new = object.__new__(type(made))
    vars(new).update(vars(made))
    return new


_CALLED = {
    "ipaddress": "ip_address",
    "difflib": "get_close_matches",
    "shutil": "get_terminal_size",
    "typer.completion": "get_completion_inspect_parameters",
    "urllib.parse": "quote_from_bytes",
}
# What inspect names the flags of functions by, without those of later versions.
_FLAGS = dict(enumerate("OPTIMIZED NEWLOCALS VARARGS VARKEYWORDS NESTED GENERATOR NOFREE".split()))
_FLAGS |= {7: "COROUTINE", 8: "ITERABLE_COROUTINE", 9: "ASYNC_GENERATOR"}
_FLAGS |= {26: "HAS_DOCSTRING", 27: "METHOD"}
_ASYNC = "get_event_loop get_running_loop sleep to_thread wait_for".split()
# With what is asked of them before a run uses any.
_RARE: dict[str, dict[str, object]] = {
    **{name: {} for name in ("bz2", "linecache", "locale", "lzma", "subprocess", "tempfile")},
    **{name: {} for name in ("shellingham", "textwrap", "tokenize", "zlib")},
    **{module: {name: partial(_call, module, name)} for module, name in _CALLED.items()},
    # psycopg names these, for those who wait in other ways; some only before 3.3.6.
    "asyncio": {
        **dict.fromkeys(("Event", "Future", "Lock", "Queue", "Task"), list),
        "CancelledError": GeneratorExit,
        "TimeoutError": TimeoutError,
        **{name: partial(_call, "asyncio", name) for name in _ASYNC},
    },
    "importlib.metadata": {"version": str},
    "ast": {"NodeVisitor": type("NodeVisitor", (), {"__getattr__": _visit})},
    "traceback": {
        "FrameSummary": partial(_call, "traceback", "FrameSummary"),
        "StackSummary": type("StackSummary", (), {"from_list": staticmethod(_from_list)}),
    },
    "gettext": {"gettext": str},  # no one translates Typer
    "platform": {"system": lambda: os.uname().sysname} if hasattr(os, "uname") else {},
    "threading": {"local": _local},
}

# Only Typer does without these: psycopg, for one, uses more of them.
_RARE_IN_TYPER: dict[str, dict[str, object]] = {
    **_RARE,
    "copy": {"copy": _copy},
    "dataclasses": {"dataclass": _record},
    "dis": {"COMPILER_FLAG_NAMES": {1 << place: name for place, name in _FLAGS.items()}},
    "uuid": {"UUID": type("UUID", (), {})},  # of which no command takes any
}


def put_in_place(*, is_typer: bool = False) -> None:
    """Have the modules that no one has loaded yet be loaded when they're used."""
    for name, known in (_RARE_IN_TYPER if is_typer else _RARE).items():
        if name not in sys.modules:
            sys.modules[name] = Later(name)
            vars(sys.modules[name]).update(known)


def take_away() -> None:
    """Have what is imported from now on be the real ones."""
    for name in [name for name, module in sys.modules.items() if type(module) is Later]:
        del sys.modules[name]

"""Modules of the standard library that come with Typer and of which a run uses next to nothing: put
in place here, loaded at the first use. Python 3.15 can do that itself (PEP 810)."""

import sys

_RARE = (
    *("bz2", "ipaddress", "linecache", "locale", "lzma", "platform", "subprocess", "textwrap"),
    "tokenize",
)


class Later(type(sys)):  # type: ignore[misc] # the type of modules
    """A module that is loaded when something in it is asked for."""

    __name__: str

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        found: object = getattr(__import__(self.__name__), name)
        return found


def put_in_place() -> None:
    """Have the modules that no one has loaded yet be loaded when they're used."""
    for name in _RARE:
        sys.modules.setdefault(name, Later(name))

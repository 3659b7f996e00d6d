"""Modules that are loaded when they are used: nothing may differ by that."""

import copy
import pickle
import subprocess
import sys
import typing

import pytest

from lostsale import later
from lostsale.domain.reasons import Reason

LINES = ["--help", "log --help", "due", "stats", "frobnicate", "due --days x", "find nothing"]


@pytest.mark.parametrize("line", LINES)
def test_a_command_says_the_same_with_all_modules_loaded_before(line, demo):
    said = []
    for first in ("", f"import {', '.join(later._RARE_IN_TYPER)}"):
        program = f"{first}\nfrom lostsale.__main__ import main\nmain()"
        command = [sys.executable, "-c", program, "--db", str(demo), *line.split()]
        ended = subprocess.run(command, capture_output=True, check=False)
        said.append((ended.returncode, ended.stdout, ended.stderr))
    assert said[0] == said[1]


def test_what_stands_in_for_a_module_is_as_good_as_the_real_one():
    program = """
import importlib, inspect, sys
from lostsale import later
later.put_in_place(is_typer=True)
import pathlib, typer
stood_in = [module for module in sys.modules.values() if type(module) is later.Later]
assert stood_in
later.take_away()
for module in stood_in:
    assert not hasattr(module, "no_such_thing")
    real = importlib.import_module(module.__name__)
    assert real is not module
    own = {*later._RARE_IN_TYPER[real.__name__], "__doc__", "__name__", "__package__"}
    own |= {"__getattr__", "__loader__", "__path__", "__spec__"}
    assert all(getattr(module, each) is value for each, value in vars(real).items()
               if each not in own)
import dataclasses, dis
assert dis.COMPILER_FLAG_NAMES.items() <= later._RARE_IN_TYPER["dis"]["COMPILER_FLAG_NAMES"].items()
class Base:
    one: int
class Record(Base):
    two: int
    @property
    def both(self):
        return self.one, self.two
class Rare:
    one: int = 1
    many: list = dataclasses.field(default_factory=list)
kept = later._record(frozen=True)(later._record(Base) and Record)(one=1, two=2)
assert kept.both == later._copy(kept).both == (1, 2)
assert later._record(Rare)(2).many == []
ours = {name: known for names in later._RARE_IN_TYPER.values() for name, known in names.items()}
import difflib, gettext, platform, shutil, threading, urllib.parse
assert ours["local"] is threading.local
assert ours.get("system", platform.system)() == platform.system()  # not on Windows
assert ours["gettext"]("Usage") == gettext.gettext("Usage")
assert ours["get_terminal_size"]((5, 6)) == shutil.get_terminal_size((5, 6))
assert ours["get_close_matches"]("lgo", ["log"]) == difflib.get_close_matches("lgo", ["log"])
assert ours["quote_from_bytes"](b"a b") == urllib.parse.quote_from_bytes(b"a b")
assert inspect.getsource(later.Later).startswith("class Later(")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("", "")


class Theirs(typing.NamedTuple):
    code: str
    words: str | None = None
    found: bool | None = None


def test_a_record_is_as_one_of_typings():
    ours, theirs = Reason("price", found=True), Theirs("price", found=True)
    assert repr(ours) == repr(theirs).replace("Theirs", "Reason")
    assert ours == theirs == Reason._make(theirs)
    assert ours._replace(code="other") == theirs._replace(code="other")
    assert pickle.loads(pickle.dumps(ours)) == copy.copy(ours) == ours
    for name in ("_fields", "_field_defaults", "__annotations__", "__match_args__", "__slots__"):
        assert getattr(Reason, name) == getattr(Theirs, name)
    for wrong in (Reason, lambda: Reason(a=1), lambda: Reason._make([1])):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match="a"):
        ours._replace(a=1)
    with pytest.raises(AttributeError):
        ours.a = 1

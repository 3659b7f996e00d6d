"""Modules that are loaded when they are used: nothing may differ by that."""

import subprocess
import sys

import pytest

from lostsale import later

LINES = ["--help", "log --help", "due", "stats", "frobnicate", "due --days x", "find nothing"]


@pytest.mark.parametrize("line", LINES)
def test_a_command_says_the_same_with_all_modules_loaded_before(line, demo):
    said = []
    for first in ("", f"import {', '.join(later._RARE)}"):
        program = f"{first}\nfrom lostsale.__main__ import main\nmain()"
        command = [sys.executable, "-c", program, "--db", str(demo), *line.split()]
        ended = subprocess.run(command, capture_output=True, check=False)
        said.append((ended.returncode, ended.stdout, ended.stderr))
    assert said[0] == said[1]


def test_a_module_that_is_used_is_the_real_one():
    program = """
import sys
from lostsale import later
later.put_in_place()
import pathlib, typer
for name in later._RARE:
    module = __import__(name)
    if type(module) is not later.Later: continue
    __import__("warnings").warn  # what else is asked for goes there, too
    assert not hasattr(module, "no_such_thing")
    real = sys.modules[name]
    assert real is not module and __import__(name) is real
    assert all(getattr(module, each) is value for each, value in vars(real).items()
               if each not in {"__spec__", "__loader__", "__package__", "__name__", "__doc__"})
print("real")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr) == ("real\n", "")

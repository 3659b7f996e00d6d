"""Asking on a terminal."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from select import select
from typing import TypeVar

import typer

from lostsale.errors import Interrupted
from lostsale.screen.text import shown

_T = TypeVar("_T")


def ask(question: str) -> str:
    """Return the answer to a question, without white space around it. Raises Interrupted."""
    with suppress(ImportError):  # Windows has its own
        import readline  # noqa: F401 - gives input() its line editing
    try:
        return input(shown(question)).strip()
    except (KeyboardInterrupt, EOFError):
        sys.stdout.write("\n")
        raise Interrupted("Interrupted") from None
    except UnicodeDecodeError:
        sys.stdout.write("  That was no UTF-8. Once more:\n")
        return ask(question)


def choose(question: str, answers: Mapping[str, _T]) -> _T:
    """Return what the answer stands for; any other than these asks again."""
    while (answer := ask(question).casefold()) not in answers:
        pass
    return answers[answer]


def confirmed(question: str, default: bool = False) -> bool:
    """Return whether the answer is yes; Enter takes the default."""
    answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
    return choose(f"{question} {'[Y/n]' if default else '[y/N]'} ", answers)


def key(prompt: str) -> str:
    """Return the key that is pressed next, without waiting for Enter, which is a line end; `q` when
    the input is over. A key that is no character is not shown. Raises KeyboardInterrupt."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    pressed = _pressed()
    sys.stdout.write(f"{pressed if pressed.isprintable() else ''}\n")
    return pressed


def _pressed() -> str:
    try:
        import termios
        import tty
    except ImportError:  # Windows
        return typer.getchar().replace("\r", "\n")
    # Typer's getchar takes along what was typed ahead, which belongs to the next question.
    here = sys.stdin.fileno()
    before = termios.tcgetattr(here)
    try:
        tty.setcbreak(here, termios.TCSADRAIN)
        raw = os.read(here, 1)
        while raw[:1] == b"\x1b" or raw[:1] >= b"\x80":  # an arrow, a letter of several bytes
            if not select([here], [], [], 0.02)[0]:
                break
            raw += os.read(here, 1)
    finally:
        termios.tcsetattr(here, termios.TCSADRAIN, before)
    end = {b"": "q", b"\x04": "q", b"\r": "\n"}
    return end.get(raw) or raw.decode(errors="replace")

"""Asking on a terminal."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar

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

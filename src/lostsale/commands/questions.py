"""Asking on a terminal."""

import sys
from contextlib import suppress

from lostsale.errors import Interrupted
from lostsale.screen.text import shown


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


def confirmed(question: str, default: bool = False) -> bool:
    """Return whether the answer is yes; Enter takes the default, and anything else asks again."""
    answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
    answer = None
    while answer not in answers:
        answer = ask(f"{question} {'[Y/n]' if default else '[y/N]'} ").casefold()
    return answers[answer]

"""Asking on a terminal: one question, one answer, or one key."""

import os
import sys
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import TypeVar

from lostsale.app import App
from lostsale.errors import Declined, Interrupted
from lostsale.screen.text import shown

_T = TypeVar("_T")
_SPACED = {
    ord("\n"): " ",
    ord("\t"): " ",
}  # lines that were pasted, and Tab, which completes nothing
# Has a terminal mark what is pasted, and stop to; and how it does.
_PASTE_MARKS = ("\x1b[?2004h", "\x1b[?2004l")
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"
_TOGETHER = 0.05  # seconds within which the bytes of one key arrive
_HABIT = 0.2  # seconds within which an Enter belongs to the key before it
_typed_ahead: list[bytes] = []  # a key that came where such an Enter was looked for


def ask(question: str) -> str:
    """Return the answer to a question, stripped of white space. Raises Interrupted for
    Ctrl-C and Ctrl-D."""
    begun = _typed_ahead.pop().decode(errors="replace") if _typed_ahead else ""
    begun = begun if begun.isprintable() else ""
    shown_too = ""
    with suppress(ImportError):
        if sys.platform == "win32":  # whose console edits lines itself, from here on
            shown_too = begun
        else:
            import readline  # gives input() its line editing

            readline.set_startup_hook((lambda: readline.insert_text(begun)) if begun else None)
    try:
        answer = shown_too + input(shown(question + shown_too))
        if answer != "\x04":  # Ctrl-D, which a Windows console takes for a letter
            return answer.translate(_SPACED).strip()
    except UnicodeDecodeError:
        sys.stdout.write("  That wasn't UTF-8. Try again:\n")
        return ask(question)
    except (KeyboardInterrupt, EOFError):
        pass
    sys.stdout.write("\n")
    raise Interrupted("Interrupted")


def take_pastes_whole() -> None:
    """Make what's pasted at a question one answer, so that its lines aren't taken for keys."""
    with suppress(ImportError):
        if sys.platform != "win32":
            import readline

            is_edit = "libedit" in (readline.__doc__ or "")  # macOS's own, which has no such mode
            readline.parse_and_bind("" if is_edit else "set enable-bracketed-paste on")


class Back(Declined):
    """The user answered `<`, to go back."""

    def __init__(self) -> None:
        super().__init__("Left as it was")


def ask_or_back(question: str) -> str:
    """Return the answer to a question. Raises Back for `<`."""
    text = ask(question)
    if text == "<":
        raise Back
    return text


def ask_on(question: str, pressed: str) -> str:
    """Return the answer to a question that began with a key. Raises Back for `<`."""
    _typed_ahead[:] = [b"".join([pressed.encode(), *_typed_ahead])]
    return ask_or_back(question)


def choose(question: str, answers: Mapping[str, _T], known: str) -> _T:
    """Ask until the answer is one of these, and return what it stands for; say what is `known` to
    any other. Raises Back for `<`."""
    while (answer := ask_or_back(question).casefold()) not in answers:
        from shutil import get_terminal_size
        from textwrap import wrap

        lines = wrap(known, max(get_terminal_size().columns - 3, 20), break_long_words=False)
        sys.stdout.write("".join(f"  {line}\n" for line in lines))
    return answers[answer]


def confirmed(question: str, default: bool = False) -> bool:
    """Return whether the answer is yes; Enter takes the default."""
    answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
    known = "Type y or n, or < to go back."
    return choose(f"{question} {'[Y/n]' if default else '[y/N]'} ", answers, known)


def confirm(app: App, what: str, question: str, otherwise: str) -> None:
    """Ask whether to do `what`. Raises Declined, with `otherwise` as its text, unless the answer is
    yes."""
    if not app.is_interactive:
        raise Declined(f"That would {what}", "Add --yes if you mean it")
    if not confirmed(question):
        raise Declined(otherwise)


def pick(question: str, answers: Collection[str], otherwise: str) -> str:
    """Ask until the answer is one of these, and return it. Raises Declined, with `otherwise` as its
    text, for an empty one."""
    while (answer := ask(question)) not in answers:
        if not answer:
            raise Declined(otherwise)
    return answer


def key(prompt: str) -> str:
    """Return the key that is pressed next, without waiting for Enter, which is a line end; `q` when
    the input is over. An Enter typed right after another key, out of habit, is dropped. Keys that
    aren't characters aren't shown. Raises KeyboardInterrupt."""
    pressed = _pressed(prompt)
    sys.stdout.write(f"{pressed if pressed.isprintable() else ''}\n")
    return pressed


def _console_key() -> str:
    """Read one key of a Windows console, an arrow as other terminals send it; or, as one, all that
    was pasted."""
    if sys.platform != "win32":
        return ""
    import msvcrt
    from time import monotonic, sleep

    def is_more(wait: float = 0.0) -> bool:
        until = monotonic() + wait
        while not (is_there := msvcrt.kbhit()) and monotonic() < until:
            sleep(0.01)
        return is_there

    def typed() -> str:
        char = msvcrt.getwch()
        if char not in _SPECIAL:
            return char
        try:  # there's room for another only if it is an à
            msvcrt.ungetwch("-")
        except OSError:
            return _CONSOLE_ARROWS.get(msvcrt.getwch(), "\x1b")
        msvcrt.getwch()
        return char

    first = _typed_ahead.pop().decode() if _typed_ahead else typed()
    while is_more():
        first += typed()
    first = first.rstrip("\r") or first  # an Enter that followed at once belongs to it
    if first not in _CONSOLE_ENDS and is_more(_HABIT) and (following := typed()) != "\r":
        _typed_ahead.append(following.encode(errors="replace"))
    if first == "\x03":
        raise KeyboardInterrupt
    return _CONSOLE_ENDS.get(first, first)


_SPECIAL = ("\0", "\xe0")  # what an arrow begins with
_CONSOLE_ARROWS = {"H": "\x1b[A", "P": "\x1b[B", "M": "\x1b[C", "K": "\x1b[D"}
_CONSOLE_ENDS = {"\r": "\n", "\x03": "\x03", "\x04": "q", "\x1a": "q"}


def _pressed(prompt: str) -> str:
    if sys.platform == "win32":
        sys.stdout.write(prompt)
        sys.stdout.flush()
        return _console_key()
    import termios
    import tty

    # Typer's getchar takes along what was typed ahead, which belongs to the next question.
    here = sys.stdin.fileno()
    before = termios.tcgetattr(here)
    marks = _PASTE_MARKS if os.environ.get("TERM", "dumb") != "dumb" else ("", "")
    try:
        tty.setcbreak(here, termios.TCSADRAIN)
        sys.stdout.write(prompt + marks[0])
        sys.stdout.flush()
        raw = _typed_ahead.pop() if _typed_ahead else _whole_key(here)
        if raw not in {b"", *_ENTER} and _has_more(here, _HABIT):
            following = _whole_key(here)
            _typed_ahead.extend([following] if following not in _ENTER else [])
    finally:
        termios.tcsetattr(here, termios.TCSADRAIN, before)
        sys.stdout.write(marks[1])
    end = {b"": "q", b"\x04": "q", b"\r": "\n"}
    return end.get(raw) or raw.decode(errors="replace")


def _has_more(here: int, seconds: float) -> bool:
    """Wait so long for something typed; return whether there is."""
    from select import select  # most commands ask nothing

    return bool(select([here], [], [], seconds)[0])


_ENTER = (b"\r", b"\n")


def _whole_key(here: int) -> bytes:
    """Read one key: all bytes of a letter, all that an arrow sends. A whole paste counts as one key
    too, not as a command for each of its letters."""

    def more() -> bytes:
        return os.read(here, 1) if _has_more(here, _TOGETHER) else b""

    raw = os.read(here, 1)
    if raw == b"\x1b":
        raw += more()
        while raw[1:2] in {b"[", b"O"} and (byte := more()):
            raw += byte
            if b"@" <= byte <= b"~":
                break
        while raw.startswith(_PASTE) and not raw.endswith(_PASTED) and (byte := more()):
            raw += byte
    elif raw >= b"\xc0":
        for _ in range((raw >= b"\xc0") + (raw >= b"\xe0") + (raw >= b"\xf0")):
            raw += more()
    return raw

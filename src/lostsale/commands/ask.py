"""Asking on a terminal: one question, one key, what was lost, and why. Enter skips, and nothing is
asked twice."""

import os
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import date
from select import select
from typing import TypeVar

import typer

from lostsale.app import App
from lostsale.commands import fields
from lostsale.domain.columns import TEXTS
from lostsale.domain.loss import Loss, LossParts, Real, RealSource
from lostsale.domain.reasons import Reason, code_and_words
from lostsale.domain.scripts import close_sentence
from lostsale.domain.settings import Settings
from lostsale.errors import BadInput, Declined, Interrupted
from lostsale.screen.loss import earlier
from lostsale.screen.text import DO, amount, shown

_T = TypeVar("_T")
# Has a terminal mark what is pasted, and stop to; and how it does.
_PASTE_MARKS = ("\x1b[?2004h", "\x1b[?2004l")
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"
_TOGETHER = 0.05  # seconds within which the bytes of one key arrive


def ask(question: str) -> str:
    """Return the answer to a question, stripped of white space. Raises Interrupted for
    Ctrl-C and Ctrl-D."""
    with suppress(ImportError):  # Windows has its own
        import readline  # noqa: F401 - gives input() its line editing
    try:
        return " ".join(input(shown(question)).split("\n")).strip()
    except (KeyboardInterrupt, EOFError):
        sys.stdout.write("\n")
        raise Interrupted("Interrupted") from None
    except UnicodeDecodeError:
        sys.stdout.write("  That was no UTF-8. Once more:\n")
        return ask(question)


def take_pastes_whole() -> None:
    """Make what's pasted at a question one answer, so that its lines aren't taken for keys."""
    with suppress(ImportError):
        import readline

        readline.parse_and_bind("set enable-bracketed-paste on")


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


def choose(question: str, answers: Mapping[str, _T]) -> _T:
    """Ask until the answer is one of these, and return what it stands for. Raises Back for `<`."""
    while (answer := ask_or_back(question).casefold()) not in answers:
        pass
    return answers[answer]


def confirmed(question: str, default: bool = False) -> bool:
    """Return whether the answer is yes; Enter takes the default."""
    answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
    return choose(f"{question} {'[Y/n]' if default else '[y/N]'} ", answers)


def confirm(app: App, what: str, question: str, otherwise: str) -> None:
    """Ask whether to do `what`. Raises Declined, with `otherwise` as its text, unless the answer is
    yes."""
    if not app.is_interactive:
        raise Declined(f"That would {what}", "Say --yes if you mean it")
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
    the input is over. Keys that aren't characters aren't shown. Raises KeyboardInterrupt."""
    pressed = _pressed(prompt)
    sys.stdout.write(f"{pressed if pressed.isprintable() else ''}\n")
    return pressed


def _pressed(prompt: str) -> str:
    try:
        import termios
        import tty
    except ImportError:  # Windows
        sys.stdout.write(prompt)
        sys.stdout.flush()
        return typer.getchar().replace("\r", "\n")
    # Typer's getchar takes along what was typed ahead, which belongs to the next question.
    here = sys.stdin.fileno()
    before = termios.tcgetattr(here)
    marks = _PASTE_MARKS if os.environ.get("TERM", "dumb") != "dumb" else ("", "")
    try:
        tty.setcbreak(here, termios.TCSADRAIN)
        sys.stdout.write(prompt + marks[0])
        sys.stdout.flush()
        raw = _whole_key(here)
    finally:
        termios.tcsetattr(here, termios.TCSADRAIN, before)
        sys.stdout.write(marks[1])
    end = {b"": "q", b"\x04": "q", b"\r": "\n"}
    return end.get(raw) or raw.decode(errors="replace")


def _whole_key(here: int) -> bytes:
    """Read one key: all bytes of a letter, all that an arrow sends. A whole paste counts as one key
    too, not as a command for each of its letters."""

    def more() -> bytes:
        return os.read(here, 1) if select([here], [], [], _TOGETHER)[0] else b""

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


_WIDTH = 29
_SOURCES: dict[str, RealSource | None] = {
    **dict.fromkeys(("", "y", "yes"), "told"),
    **dict.fromkeys(("n", "no"), "heard"),
    **dict.fromkeys(("w", "would not say")),
}
_QUESTIONS = (
    ("prospect", "Who said no?"),
    ("amount", "How much?"),
    ("contact", "Whom do you talk to?"),
    ("said", "What did they say?"),
    ("real", "What was it really?"),
    ("guess", "Your guess?"),
    ("way_in", "Way back in? (dead: none)"),
    ("lost_to", "Who got the order?"),
)


def ask_loss(
    app: App,
    given: dict[str, str],
    there: Mapping[str, str] | None = None,
    keep: Callable[[dict[str, str]], None] | None = None,
    day: date | None = None,
    understood: LossParts | None = None,
) -> LossParts:
    """Ask for a loss of a day, of which perhaps something was `understood`, or for what changes in
    one that has `there` already, and return its parts. What was given as an option isn't asked for;
    `keep` gets all answers after each one.

    Raises BadInput where nobody is there to ask, Interrupted when the user breaks off.
    """
    if not app.is_interactive:
        raise BadInput("Who said no is missing", 'Write lostsale log "Oakfield Dental" 12k budget')
    answers = {name: fields.read_field(app, name, text, day) for name, text in given.items()}
    typed = dict(given)
    former_texts = _as_understood(app, understood or {}) if there is None else there
    questions = [question for question in _QUESTIONS if question[0] not in given]
    is_new = there is None
    keeps = "Enter skips" if is_new else "Enter keeps · - clears"
    app.show([f"{keeps} · < back · . saves now · Ctrl-C saves nothing"])
    place, step = 0, 1
    while place < len(questions):
        name, question = questions[place]
        if _is_known(name, answers):
            place += step
            continue
        former = typed.get(name) or former_texts.get(name)
        hint = "  (Enter: I'll ask later)" if name == "real" and is_new else ""
        text = ask(f"{question + (f' ({former})' if former else hint):<{_WIDTH - 1}} ")
        if text == "<":
            place, step = max(0, place - 1), -1 if place > 1 else 1
            continue
        needs_name = name == "prospect" and is_new and not former
        if text == "." and not needs_name:
            break
        text = text or typed.get(name, "")
        if text or needs_name:
            read = _read(app, name, text, day, is_new=is_new)
            if read is None:
                continue
            answers[name], typed[name] = read, text
            if keep:
                keep(typed)
        place, step = place + 1, 1
    parts = LossParts(**(understood or {}))
    for answer in answers.values():
        parts.update(answer)
    return parts


def _as_understood(app: App, parts: LossParts) -> dict[str, str]:
    none = LossParts(prospect="", lost_on=app.today)
    return as_typed(Loss(None, "", **none | parts), app.settings)


def as_typed(loss: Loss, settings: Settings) -> dict[str, str]:
    """Return what is asked for of a loss, as one would type it."""

    def typed(reason: Reason | Real | None) -> str:
        return code_and_words(reason.code, reason.words) if reason and reason.code else ""

    return {
        **{name: getattr(loss, name) or "" for name in TEXTS},
        "amount": amount(loss.money, settings),
        "contact": " ".join(filter(None, (loss.contact, loss.phone, loss.email))),
        "said": typed(loss.said),
        "real": typed(loss.real),
        "guess": typed(loss.guess),
    }


def _read(app: App, name: str, text: str, day: date | None, *, is_new: bool) -> LossParts | None:
    """Return the parts that an answer gives, after saying what was understood; None if the question
    has to be asked again."""
    if text == "?" and name in {"said", "real", "guess"}:
        codes = app.journal.vocabulary.said if name == "said" else app.journal.vocabulary.real
        app.show([f"  {' '.join(codes)}"])
        return None
    if text == "?":
        app.show(["  Any words will do."])
        return None
    try:
        if is_new:
            read = fields.read_field(app, name, "" if text == "." else text, day)
        else:
            read = fields.read_or_clear(app, name, "" if text == "-" else text)
    except BadInput as error:
        app.show([f"  {error.what}. {error.advice}"])
        return None
    if text != "-":
        _echo(app, name, read, is_new=is_new)
    return read


def _is_known(name: str, answers: dict[str, LossParts]) -> bool:
    """Whether a question is pointless by now: whoever knows the reason needn't guess."""
    return (name == "guess" and bool(answers.get("real", {}).get("real"))) or (
        name in {"real", "guess"} and "heard" in answers
    )


def _echo(app: App, name: str, read: LossParts, *, is_new: bool) -> None:
    """Say what was understood, if that isn't just what was typed, and what helps right now."""
    if name == "prospect" and is_new:
        before = app.journal.before(read["prospect"])
        lines = [
            f"  Lost here before: {earlier(loss, app.settings, app.today)}." for loss in before[:3]
        ]
        app.show(lines)
    if name == "said" and is_new:
        close = close_sentence(app.today.toordinal())
        app.show([f"  = {_code(read)}. If they are still with you: {close}"])
    elif name in {"said", "real", "guess"}:
        app.show([f"  = {_code(read)}"])


def _code(read: LossParts) -> str | None:
    reason = read.get("said") or read.get("real") or read.get("guess")
    return reason.code if reason else None


def show_close(app: App, loss: Loss) -> None:
    """Show a sentence that asks the prospect for the truth."""
    app.show([f"{loss.prospect}: {DO['why']}", f"  {close_sentence(app.today.toordinal())}"])


def ask_reason(app: App, loss: Loss, day: date) -> LossParts:
    """Ask for the prospect's answer, and for a way back in unless one is known. Return what was
    learned. Raises Back for `<`."""
    learned = _answer(app, day)
    if learned and not loss.way_in:
        way_in = ask_or_back(f"{'Way back in? (dead: none)':<{_WIDTH}}")
        if way_in:
            learned["way_in"] = way_in
    return learned


def _answer(app: App, day: date) -> LossParts:
    while text := ask_or_back(f"{'What was it really?':<{_WIDTH}}"):
        if text == "?":
            app.show([f"  {' '.join(app.journal.vocabulary.real)}"])
            continue
        try:
            reason = fields.read_field(app, "guess", text)["guess"]
        except BadInput as error:
            app.show([f"  {error.what}. {error.advice}"])
            continue
        assert reason is not None
        question = f"  = {reason.code}. Told by them? [Y/n/would not say] "
        source = choose(question, _SOURCES)
        if source is None:  # then it is what the user believes
            return {"real": Real(day), "guess": reason}
        return {"real": fields.real_of(reason, source, day)}
    return {"real": Real(day)} if confirmed("  Would they not say?") else {}

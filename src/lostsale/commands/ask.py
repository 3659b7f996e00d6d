"""Asking on a terminal: one question, one key, what was lost, and why. Enter skips, and nothing is
asked twice."""

import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from select import select
from typing import TYPE_CHECKING, Literal, TypeVar, cast

import typer

from lostsale.app import App
from lostsale.commands import fields
from lostsale.domain.columns import TEXTS
from lostsale.domain.loss import Loss, LossParts, Real, RealSource
from lostsale.domain.reasons import (
    OTHER,
    Reason,
    ReasonKind,
    code_and_words,
    remembered,
    suggested,
)
from lostsale.domain.scripts import GO_ON, close_sentence
from lostsale.domain.settings import Settings
from lostsale.errors import BadInput, Declined, Interrupted
from lostsale.screen.loss import earlier, facts_grid
from lostsale.screen.page import Page
from lostsale.screen.text import DO, amount, shown

if TYPE_CHECKING:
    from lostsale.domain.phrases import Definition

_T = TypeVar("_T")
# Has a terminal mark what is pasted, and stop to; and how it does.
_PASTE_MARKS = ("\x1b[?2004h", "\x1b[?2004l")
_PASTE, _PASTED = b"\x1b[200~", b"\x1b[201~"
_TOGETHER = 0.05  # seconds within which the bytes of one key arrive
_HABIT = 0.2  # seconds within which an Enter belongs to the key before it
_typed_ahead: list[bytes] = []  # a key that came where such an Enter was looked for


def ask(question: str) -> str:
    """Return the answer to a question, stripped of white space. Raises Interrupted for
    Ctrl-C and Ctrl-D."""
    with suppress(ImportError):  # Windows has its own
        import readline  # gives input() its line editing

        begun = _typed_ahead.pop().decode(errors="replace") if _typed_ahead else ""
        begun = begun if begun.isprintable() else ""
        readline.set_startup_hook((lambda: readline.insert_text(begun)) if begun else None)
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
    the input is over. An Enter typed right after another key, out of habit, is dropped. Keys that
    aren't characters aren't shown. Raises KeyboardInterrupt."""
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
        raw = _typed_ahead.pop() if _typed_ahead else _whole_key(here)
        if raw not in {b"", *_ENTER} and select([here], [], [], _HABIT)[0]:
            following = _whole_key(here)
            _typed_ahead.extend([following] if following not in _ENTER else [])
    finally:
        termios.tcsetattr(here, termios.TCSADRAIN, before)
        sys.stdout.write(marks[1])
    end = {b"": "q", b"\x04": "q", b"\r": "\n"}
    return end.get(raw) or raw.decode(errors="replace")


_ENTER = (b"\r", b"\n")


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
    answers = {
        name: settle(app, fields.read_field(app, name, text, day)) for name, text in given.items()
    }
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
    known = [part for part in ("lost_to",) if (there or {}).get(part)]
    for name, answer in answers.items():
        fields.add_field(parts, name, answer, known)
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
    if text == "?" and name in fields.REASONS:
        app.show(meanings(app, "said" if name == "said" else "real"))
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
        read = settle(app, read)
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
        app.show([f"  = {_understood(app, read)}. If they are still with you: {close}"])
    elif name in {"said", "real", "guess"}:
        app.show([f"  = {_understood(app, read)}"])


def _understood(app: App, read: LossParts) -> str:
    """Return what an answer to why was understood as."""
    for name, kind in _KINDS.items():
        reason = read.get(name)
        if isinstance(reason, Real | Reason) and reason.code:
            resolve = app.journal.vocabulary.resolve
            return resolve(kind, reason.code, reason.words, found=bool(reason.found))
    if "real" in read:
        return "they would not say"
    ended = read.get("lost_to") or read.get("given_outcome")
    return f"{ended}; why is still open" if ended else "still open"


_KINDS: dict[Literal["said", "guess", "real"], ReasonKind] = {
    "said": "said",
    "guess": "real",
    "real": "real",
}


def settle(app: App, read: LossParts) -> LossParts:
    """Return what an answer gives, with its reasons under the codes that the user picks where
    their words are unclear: the same words mean that code from then on."""
    for name, kind in _KINDS.items() if app.is_interactive and not app.is_json else ():
        given = read.get(name)
        if not isinstance(given, Real | Reason) or not given.code or not given.words:
            continue
        reason = Reason(given.code, given.words, given.found)
        vocabulary = app.journal.vocabulary
        perhaps = suggested(name, reason, vocabulary)
        if not perhaps or vocabulary.resolve(kind, given.code, given.words, found=True) != OTHER:
            continue
        if code := pick_code(app, kind, perhaps):
            read = cast("LossParts", {**read, name: given._replace(code=code, found=False)})
            if meant := remembered(given.words, kind, code):
                app.journal.remember(meant)
    return read


def pick_code(app: App, kind: ReasonKind, perhaps: Sequence[str], about: str = "") -> str | None:
    """Return the code that the user picks by one key of those that a reason may have, or of all;
    None for Enter. Raises Back for `q`."""
    offered = [*perhaps, OTHER]
    line = "  ".join(f"{place} {code}" for place, code in enumerate(offered, 1))
    while True:
        pressed = key(f"  {about}{line}  ? all ")
        if pressed == "?":
            app.show(meanings(app, kind))
            code = "-".join(ask_or_back("  Which? (Enter: other) ").casefold().split())
            codes = getattr(app.journal.vocabulary, kind)
            if not code or code in codes:
                return None if code in {"", OTHER} else code
            app.show([f"  {code[:40]} isn't one of them."])
        elif pressed in {"q", "\x1b"}:
            raise Back
        elif pressed == "\n":
            return None
        elif pressed.isdigit() and 1 <= int(pressed) <= len(offered):
            return None if offered[int(pressed) - 1] == OTHER else offered[int(pressed) - 1]


def meanings(app: App, kind: ReasonKind) -> Page:
    """Return what each code in force stands for, with an example."""
    codes: tuple[str, ...] = getattr(app.journal.vocabulary, kind)
    return facts_grid([(code, ", e.g. ".join(defined(app, kind, code) or ("",))) for code in codes])


def defined(app: App, kind: ReasonKind, code: str) -> "Definition | None":
    """Return what a code stands for, whatever it is called now; None for one of the user's own."""
    from lostsale.domain.phrases import definitions

    known = definitions(kind)
    return next((known[name] for name in app.journal.vocabulary.names(code) if name in known), None)


def show_close(app: App, loss: Loss) -> None:
    """Show a sentence that asks the prospect for the truth, and the one that goes on from there."""
    lines = [f"{loss.prospect}: {DO['why']}", f"  {close_sentence(app.today.toordinal())}"]
    app.show(lines if loss.is_dead else [*lines, f"  Then: {GO_ON}"])


def going_on(did: str) -> str:
    """Return what to go on with once they've told why, and how to note that one `did`."""
    return f'In the same breath: "{GO_ON}" Asked it? {did}'


def ask_reason(app: App, loss: Loss, day: date) -> LossParts:
    """Ask for the prospect's answer, and for a way back in unless one is known. Return what was
    learned. Raises Back for `<`."""
    learned = LossParts()
    fields.add_field(learned, "real", _answer(app, day), fields.ending_known(loss))
    if learned and not loss.way_in:
        way_in = ask_or_back(f"{'Way back in? (dead: none)':<{_WIDTH}}")
        if way_in:
            learned["way_in"] = way_in
    return learned


def _answer(app: App, day: date) -> LossParts:
    while text := ask_or_back(f"{'What was it really?':<{_WIDTH}}"):
        if text == "?":
            app.show(meanings(app, "real"))
            continue
        try:
            learned = settle(app, fields.read_field(app, "real", text, day))
        except BadInput as error:
            app.show([f"  {error.what}. {error.advice}"])
            continue
        real = learned.get("real")
        if not real or not real.code:
            app.show([f"  = {_understood(app, learned)}"])
            return learned
        question = f"  = {_understood(app, learned)}. Told by them? [Y/n/would not say] "
        source = choose(question, _SOURCES)
        if source is None:  # then it is what the user believes
            guess = Reason(real.code, real.words, real.found)
            return {**learned, "real": Real(day), "guess": guess}
        return {**learned, "real": real._replace(source=source)}
    return {"real": Real(day)} if confirmed("  Would they not say?") else {}

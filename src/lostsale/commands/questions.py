"""What is asked about a loss: all of it, one question after the other, and why it was lost. Enter
skips, and nothing is asked twice."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Literal

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import Back, ask, ask_or_back, choose, confirmed
from lostsale.commands.settle import meanings, settle
from lostsale.domain.columns import TEXTS
from lostsale.domain.loss import Loss, LossParts, Real, RealSource
from lostsale.domain.reasons import OTHER, Reason, code_and_words, reason_kind
from lostsale.domain.scripts import GO_ON, close_sentence
from lostsale.domain.settings import Settings
from lostsale.errors import BadInput
from lostsale.screen.loss import earlier
from lostsale.screen.text import DO, amount

_WIDTH = 31
_SOURCES: dict[str, RealSource | Literal["guess"] | None] = {
    **dict.fromkeys(("", "y", "yes"), "told"),
    **dict.fromkeys(("h", "heard"), "heard"),
    **dict.fromkeys(("g", "guess"), "guess"),
    **dict.fromkeys(("w", "would not say")),
}
_SOURCES_KNOWN = (
    "y: they told you; h: you heard it from someone else; g: it's your guess;"
    " w: they wouldn't say, and it's your guess."
)
_QUESTIONS = {
    "prospect": "Who said no?",
    "amount": "How much?",
    "contact": "Who's your contact?",
    "said": "What did they say?",
    "real": "Real reason, if they told you?",
    "guess": "Your guess?",
    "way_in": "How could you get back in?",
    "lost_to": "Who got the order?",
}
_STOP, _ON, _BACK = 0, 1, -1


def ask_loss(
    app: App,
    there: Mapping[str, str] | None = None,
    keep: Callable[[dict[str, str]], None] | None = None,
    day: date | None = None,
    understood: LossParts | None = None,
    given: Collection[str] = (),
) -> LossParts:
    """Ask for a loss of a day, of which perhaps something was `understood`, or for what changes in
    one that has `there` already, and return its parts. The fields that were `given` aren't asked
    for; `keep` gets all answers after each one.

    Raises BadInput where nobody is there to ask, Interrupted when the user breaks off.
    """
    if not app.is_interactive:
        raise BadInput("Who said no is missing", 'Try lostsale log "Oakfield Dental" 12k')
    parts = LossParts(**(understood or {}))
    none = LossParts(prospect="", lost_on=app.today)
    former = there or as_typed(Loss(None, "", **none | parts), app.settings)
    dialog = _Dialog(app, former, keep, day, is_new=there is None)
    enter = "Enter skips" if there is None else "Enter keeps · - clears"
    app.show([f"{enter} · < back · . saves now · Ctrl-C saves nothing"])
    # Who knows the reason, or that they won't say, need not guess.
    told = ("real", "guess") if "heard" in given else ("guess",) if "real" in parts else ()
    questions = [name for name in _QUESTIONS if name not in {*given, *told}]
    place, step = 0, _ON
    while step and place < len(questions):
        if questions[place] != "guess" or not dialog.answers.get("real", {}).get("real"):
            step = dialog.ask(questions[place])
        place = max(0, place + step)
    ending = ["lost_to"] if there and there["lost_to"] else []
    for name, answer in dialog.answers.items():
        fields.add_field(parts, name, answer, ending)
    return parts


class _Dialog:
    """The questions about one loss: what was answered, and what was typed for it."""

    def __init__(
        self,
        app: App,
        former: Mapping[str, str],
        keep: Callable[[dict[str, str]], None] | None,
        day: date | None,
        *,
        is_new: bool,
    ) -> None:
        self.app, self._former, self._keep, self._day, self._is_new = app, former, keep, day, is_new
        self._typed: dict[str, str] = {}
        self.answers: dict[str, LossParts] = {}

    def ask(self, name: str) -> int:
        """Ask for a field, and return whether to go on, back, or no further."""
        former = self._typed.get(name) or self._former.get(name)
        hint = "  (Enter: not asked yet)" if name == "real" and self._is_new else ""
        question = f"{_QUESTIONS[name]}{f' ({former})' if former else hint}"
        needs_name = name == "prospect" and self._is_new and not former
        while (text := ask(f"{question:<{_WIDTH - 1}} ")) != "<":
            if text == "." and not needs_name:
                return _STOP
            text = text or self._typed.get(name, "")
            if not text and not needs_name:
                return _ON
            if (read := _read(self.app, name, text, self._reads)) is None:
                continue
            if text != "-":
                self._echo(name, read)
            self.answers[name], self._typed[name] = read, text
            if self._keep:
                self._keep(self._typed)
            return _ON
        return _BACK

    def _reads(self, name: str, text: str) -> LossParts:
        if self._is_new:
            return fields.read_field(self.app, name, "" if text == "." else text, self._day)
        return fields.read_or_clear(self.app, name, "" if text == "-" else text)

    def _echo(self, name: str, read: LossParts) -> None:
        """Say what was understood, if that isn't just what was typed, and what helps right now."""
        app = self.app
        if name == "prospect" and self._is_new:
            for loss in app.journal.before(read["prospect"])[:3]:
                app.show([f"  Lost here before: {earlier(loss, app.settings, app.today)}."])
        elif name in fields.REASONS:
            close = f". If they're still on the phone: {close_sentence(app.today.toordinal())}"
            app.show([f"  = {_understood(app, read)}{close * (name == 'said' and self._is_new)}"])


def _read(
    app: App, name: str, text: str, read: Callable[[str, str], LossParts]
) -> LossParts | None:
    """Return the parts that an answer gives, with its reason settled; None, once it was said why,
    if the question has to be asked again."""
    if text == "?":
        is_reason = name in fields.REASONS
        app.show(meanings(app, reason_kind(name)) if is_reason else ["  Any words will do."])
        return None
    try:
        return settle(app, read(name, text))
    except BadInput as error:
        app.show([f"  {error.what}. {error.advice}"])
    except Back:
        pass
    return None


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


def _understood(app: App, read: LossParts) -> str:
    """Return what an answer to why was understood as."""
    for name in ("said", "guess", "real"):
        reason = read.get(name)
        if isinstance(reason, Real | Reason) and reason.code:
            resolve = app.journal.vocabulary.resolve
            return resolve(reason_kind(name), reason.code, reason.words, found=bool(reason.found))
    if "real" in read:
        return "they would not say"
    ended = read.get("lost_to") or read.get("given_outcome")
    return f"{ended}; the reason is still open" if ended else "still open"


def show_close(app: App, loss: Loss) -> None:
    """Show a sentence that asks the prospect for the truth, and the one that goes on from there."""
    lines = [f"{loss.prospect}: {DO['why']}", f"  {close_sentence(app.today.toordinal())}"]
    app.show(lines if loss.is_dead else [*lines, f"  Then: {GO_ON}"])


def going_on(did: str) -> str:
    """Return what to go on with once they've told why, and how to note that one `did`."""
    return f'Right after that: "{GO_ON}" Did you ask it? {did}'


def ask_reason(app: App, loss: Loss, day: date, told: str | None = None) -> LossParts:
    """Ask for the prospect's answer, unless it was `told` with clear words, and for a way back in
    unless one is known; None where the words to ask with are on the screen already. Return what was
    learned. Raises Back for `<`."""
    learned = LossParts()
    fields.add_field(learned, "real", _answer(app, loss, day, told), fields.ending_known(loss))
    way_in = None if learned and not loss.way_in else LossParts()
    while way_in is None:
        text = ask_or_back(f"{_QUESTIONS['way_in']:<{_WIDTH}}")
        way_in = LossParts()
        if text:
            way_in = _read(app, "way_in", text, partial(fields.read_field, app))
    return LossParts(**{**learned, **way_in})


def _answer(app: App, loss: Loss, day: date, told: str | None) -> LossParts:
    def reads(name: str, text: str) -> LossParts:
        return fields.read_field(app, name, text, day)

    learned = _read(app, "real", told, reads) if told else None
    reason = (learned or {}).get("real") or (learned or {}).get("guess")
    if not reason or (reason.code == OTHER and reason.found):
        learned = None
        if told is not None:
            show_close(app, loss)
    while learned is None:
        text = ask_or_back(f"{_QUESTIONS['real']:<{_WIDTH}}")
        if not text:
            return {"real": Real(day)} if confirmed("  Did they refuse to say?") else {}
        learned = _read(app, "real", text, reads)
    real = learned.get("real")
    app.show([f"  = {_understood(app, learned)}"])
    if not real or not real.code:
        return learned
    question = "  Did they tell you? [Y/h heard/g guess/w would not say] "
    source = choose(question, _SOURCES, _SOURCES_KNOWN)
    if source and source != "guess":
        return {**learned, "real": real._replace(source=source)}
    learned["guess"] = Reason(real.code, real.words, real.found)  # what the user believes
    del learned["real"]
    return learned if source else {**learned, "real": Real(day)}

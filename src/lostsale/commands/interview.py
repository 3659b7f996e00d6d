"""The questions about a loss, for `log` and `edit`, and about the real reason, for `why`, `done`
and the walk: one at a time, Enter skips, nothing is asked twice."""

from collections.abc import Mapping
from datetime import date

from lostsale.app import App
from lostsale.commands import fields
from lostsale.commands.ask import ask, ask_or_back, choose, confirmed
from lostsale.commands.drafts import Draft
from lostsale.domain.loss import Loss, Real
from lostsale.domain.scripts import close_sentence
from lostsale.errors import BadInput
from lostsale.screen.loss import earlier
from lostsale.screen.text import DO

_WIDTH = 29
_SOURCES = {
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
    draft: Draft | None = None,
) -> fields.Fields:
    """Ask for a loss, or for what changes in one that has `there` already; what was given as an
    option is not asked, and each answer goes into the draft. Return the parts of the loss.

    Raises BadInput where nobody is there to ask, Interrupted when the user breaks off.
    """
    if not app.is_interactive:
        raise BadInput("Who said no is missing", 'Write lostsale log "Oakfield Dental" 12k budget')
    answers = {name: fields.read_field(app, name, text) for name, text in given.items()}
    typed = dict(given)
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
        former = typed.get(name) or (there or {}).get(name)
        hint = "  (Enter: I'll ask later)" if name == "real" and is_new else ""
        text = ask(f"{question + (f' ({former})' if former else hint):<{_WIDTH - 1}} ")
        if text == "<":
            place, step = max(0, place - 1), -1 if place > 1 else 1
            continue
        needs_name = name == "prospect" and is_new
        if text == "." and not needs_name:
            break
        text = text or typed.get(name, "")
        if text or needs_name:
            read = _read(app, name, text, is_new=is_new)
            if read is None:
                continue
            answers[name], typed[name] = read, text
            if draft:
                draft.add(typed)
        place, step = place + 1, 1
    return {part: value for answer in answers.values() for part, value in answer.items()}


def _read(app: App, name: str, text: str, *, is_new: bool) -> fields.Fields | None:
    """Return what an answer gives, and say what was understood; None where it has to be asked
    again."""
    if text == "?" and name in {"said", "real", "guess"}:
        codes = app.vocabulary.said if name == "said" else app.vocabulary.real
        app.show([f"  {' '.join(codes)}"])
        return None
    if text == "?":
        app.show(["  Any words will do."])
        return None
    try:
        if is_new:
            read = fields.read_field(app, name, "" if text == "." else text)
        else:
            read = fields.read_or_clear(app, name, "" if text == "-" else text)
    except BadInput as error:
        app.show([f"  {error.what}. {error.hint}"])
        return None
    if text != "-":
        _echo(app, name, read, is_new=is_new)
    return read


def _is_known(name: str, answers: dict[str, fields.Fields]) -> bool:
    """Whether a question has no sense any more: who knows the truth need not guess."""
    return (name == "guess" and bool(answers.get("real", {}).get("real"))) or (
        name in {"real", "guess"} and "heard" in answers
    )


def _echo(app: App, name: str, read: fields.Fields, *, is_new: bool) -> None:
    """Say what was understood where it is not just what was typed, and help at the moment of
    need."""
    if name == "prospect" and is_new:
        before = app.journal.before(read["prospect"])
        lines = [
            f"  Lost here before: {earlier(loss, app.settings, app.today)}." for loss in before[:3]
        ]
        app.show(lines)
    if name == "said" and is_new:
        close = close_sentence(app.today.toordinal())
        app.show([f"  = {read[name].code}. If they are still with you: {close}"])
    elif name in {"said", "real", "guess"}:
        app.show([f"  = {read[name].code}"])


def show_close(app: App, loss: Loss) -> None:
    """Show a sentence that asks the prospect for the truth."""
    app.show([f"{loss.prospect}: {DO['why']}", f"  {close_sentence(app.today.toordinal())}"])


def ask_reason(app: App, loss: Loss, day: date) -> fields.Fields:
    """Ask what the prospect answered, and for a way back in where there is none yet. Return what
    was learned, as parts of the loss. Raises Back for `<`."""
    learned = _answer(app, day)
    if learned and not loss.way_in:
        way_in = ask_or_back(f"{'Way back in? (dead: none)':<{_WIDTH}}")
        learned |= {"way_in": way_in} if way_in else {}
    return learned


def _answer(app: App, day: date) -> fields.Fields:
    while text := ask_or_back(f"{'What was it really?':<{_WIDTH}}"):
        if text == "?":
            app.show([f"  {' '.join(app.vocabulary.real)}"])
            continue
        try:
            reason = fields.read_field(app, "real", text)["real"]
        except BadInput as error:
            app.show([f"  {error.what}. {error.hint}"])
            continue
        question = f"  = {reason.code}. Told by them? [Y/n/would not say] "
        source = choose(question, _SOURCES)
        if source is None:  # then it is what the user believes
            return {"real": Real(day), "guess": reason}
        return {"real": fields.known(reason, source, day, None)}
    return {"real": Real(day)} if confirmed("  Would they not say?") else {}

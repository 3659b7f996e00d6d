"""Which code a reason has where its words are unclear: one key picks it, and the same words mean it
from then on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from lostsale.app import App
from lostsale.commands.ask import Back, ask_or_back, key
from lostsale.domain.loss import LossParts, Real
from lostsale.domain.reasons import (
    OTHER,
    Reason,
    ReasonKind,
    TextKind,
    reason_kind,
    remembered,
    suggested,
)
from lostsale.screen.loss import facts_grid
from lostsale.screen.page import Page

if TYPE_CHECKING:
    from lostsale.domain.definitions import Definition


def settle(app: App, read: LossParts, perhaps: Sequence[str] = ()) -> LossParts:
    """Return what was read, with its reasons under the codes that the user picks where their words
    are unclear, if somebody is there to ask: of those that were suggested, or of `perhaps`. Raises
    Back for `q`."""
    if app.is_json or not app.is_interactive:
        return read
    kinds: tuple[TextKind, ...] = ("said", "guess", "real")
    given = {kind: reason for kind in kinds if (reason := read.get(kind))}
    settled = {kind: _settled(app, kind, one, perhaps) for kind, one in given.items()}
    return cast("LossParts", {**read, **settled})


def _settled(
    app: App, field: TextKind, given: Real | Reason, perhaps: Sequence[str]
) -> Real | Reason:
    if not given.code or not given.words:
        return given
    kind, vocabulary = reason_kind(field), app.journal.vocabulary
    reason = Reason(given.code, given.words, given.found)
    perhaps = perhaps or suggested(field, reason, vocabulary)
    if not perhaps or vocabulary.resolve(kind, *reason[:2], found=True) != OTHER:
        return given
    code = pick_code(app, kind, perhaps)
    if code and (meant := remembered(given.words, kind, code)):
        app.journal.remember(meant)
    return given._replace(code=code, found=False) if code else given


def pick_code(app: App, kind: ReasonKind, perhaps: Sequence[str]) -> str | None:
    """Return the code that the user picks by one key of those that a reason may have, or of all;
    None for Enter. Raises Back for `q`."""
    offered = dict(enumerate([*perhaps, OTHER], 1))
    line = "  ".join(f"{place} {code}" for place, code in offered.items())
    while True:
        pressed = key(f"  {line}  ? all ")
        if pressed == "?":
            app.show(meanings(app, kind))
            code = "-".join(ask_or_back("  Which? (Enter: other) ").casefold().split())
            if not code or code in app.journal.vocabulary.of(kind):
                return code or None
            app.show([f"  {code[:40]} isn't one of them."])
        elif pressed in {"q", "\x1b"}:
            raise Back
        elif pressed == "\n":
            return None
        elif pressed.isdecimal() and int(pressed) in offered:
            return offered[int(pressed)]


def meanings(app: App, kind: ReasonKind) -> Page:
    """Return what each code in force stands for, with an example."""
    codes = app.journal.vocabulary.of(kind)
    return facts_grid([(code, ", e.g. ".join(defined(app, kind, code) or ("",))) for code in codes])


def defined(app: App, kind: ReasonKind, code: str) -> "Definition | None":
    """Return what a code stands for, whatever it is called now; None for one of the user's own."""
    from lostsale.domain.definitions import definitions

    known = definitions(kind)
    return next((known[name] for name in app.journal.vocabulary.names(code) if name in known), None)

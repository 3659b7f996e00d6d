"""The words to say, for each thing that is done after a loss, in lostsale's own wording.

A wording holds placeholders in braces; what is not known of a loss has words of its own there, so
that every wording makes sense for every loss.
"""

import re
from functools import cache
from pathlib import Path

from lostsale.domain.loss import KINDS, Loss, Referral
from lostsale.domain.periods import day_text
from lostsale.domain.reasons import OTHER, PLAIN, Vocabulary

SCRIPT_KINDS = (*KINDS, "move-on", "lead")
_CALLS = frozenset({"referral", "touch", "renew"})  # which ask why, too, where nobody asked
# What a placeholder becomes where its value is not known.
FALLBACKS = {
    "greeting": "Hello.",
    "contact": "there",
    "prospect": "you",
    "product": "something like this",
    "competitor": "your choice",
    "said": "no",
    "way_in": "another way to do this",
    "when": "a day and time",
    "name": "me",
    "giver": "someone we both know",
}
# Said with the name: Dr Lee, Pastor Mike.
_TITLES = frozenset(
    "mr mrs ms miss dr doctor prof professor sir madam herr frau mme rev reverend pastor father"
    " judge coach captain officer".split()
)
# What somebody does, and where, which is nobody's name.
_INITIALS = frozenset("ceo cfo coo cto cio cmo cro vp svp evp avp gm md hr it".split())
_ROLES = _INITIALS | frozenset(
    "owner co-owner manager director president chairman chairwoman chairperson chair chief head"
    " founder co-founder partner principal boss buyer secretary receptionist assistant"
    " administrator admin controller treasurer accountant bookkeeper supervisor"
    " superintendent foreman executive officer deputy vice managing general regional office plant"
    " site facility facilities project operations finance sales marketing purchasing"
    " procurement engineering maintenance somebody someone unknown".split()
)
_NO_NAME = frozenset("the a an of for at in my our your his her their".split())
GO_ON = "If I could fix that, would you look again?"  # once they've told why
_LONGEST = 80  # characters of theirs that one repeats
_PLACEHOLDER = r"\{([^{}]*)\}"
_UNCLOSED = rf"\{{((?:{'|'.join(FALLBACKS)})[^{{}}]*)(?=\{{|$)"


@cache
def texts() -> dict[str, list[str]]:
    """Return lostsale's texts of `data/scripts.txt`: the wordings of each kind; under `close` the
    sentences that ask for the truth after the no; under `opening CODE` what a talk begins with that
    is to save a sale lost for that reason, and under `said CODE` what they said, after "You said";
    under `won KIND` what is said to a customer, and under `cancelled KIND` to who backed out."""
    text = (Path(__file__).parents[1] / "data" / "scripts.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^\[(.+)\]\n", text, flags=re.MULTILINE)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {name: words.strip("\n").split("\n\n") for name, words in pairs}


def close_sentence(turn: int) -> str:
    """Return one sentence that asks for the truth after the no, a different one each turn."""
    close = texts()["close"]
    return close[turn % len(close)]


def may_go_on(loss: Loss) -> bool:
    """Whether going back is next, and may follow in the same breath: they have just told why."""
    is_known = loss.real is not None and loss.real.source == "told"
    return is_known and loss.step is not None and loss.step.kind == "save"


def wordings(kind: str, loss: Loss | None = None, vocabulary: Vocabulary = PLAIN) -> list[str]:
    """Return lostsale's wordings of a kind, unfilled, as they fit the loss: a customer by now,
    somebody who backed out, or somebody who was never asked why. Those that are to save a sale
    begin from its reason."""
    codes = vocabulary.names(loss.reason) if loss and loss.reason else []
    (opening,) = _first("opening", [*codes, OTHER])
    said = [words.replace("{opening}", f"{{greeting}} {opening}") for words in texts()[kind]]
    if loss and loss.won:
        return texts().get(f"won {kind}", said)
    if loss and loss.outcome == "cancelled":
        said = texts().get(f"cancelled {kind}", said)
    if loss and kind in _CALLS and not loss.real:
        asks = texts()["not asked"]
        return [f"{words}\n{asks[place % len(asks)]}" for place, words in enumerate(said)]
    return said


def _first(what: str, codes: list[str]) -> list[str]:
    """Return the text of the first of the codes that has one, none without any."""
    return next((texts()[name] for code in codes if (name := f"{what} {code}") in texts()), [])


def filled(
    text: str,
    loss: Loss | None,
    name: str,
    vocabulary: Vocabulary = PLAIN,
    lead: Referral | None = None,
) -> str:
    """Return a wording with what is known of a loss, and with the user's own name; said to the
    contact there, or to a `lead` that they gave."""
    known = _known(loss, vocabulary) if loss else {}
    if lead:
        known["contact"] = _called(lead.name)
    hello = f"Hi {known['contact']}" if known.get("contact") else "Hello"
    if hello == "Hello":  # nobody writes "Hello there," on a card
        text = text.replace("Hello {contact},", "Hello,")
    known["name"] = name
    known["greeting"] = f"{hello}, it's {name}." if name else f"{hello.rstrip('.')}."

    def value(found: re.Match[str]) -> str:
        given = " ".join((known.get(found[1]) or "").split())
        if given.endswith(".") and text[found.end() :].startswith("."):
            given = given[:-1]  # of Acme Inc., at the end of a sentence
        return given or FALLBACKS.get(found[1], found[0])

    return re.sub(_PLACEHOLDER, value, text)


def unknown_placeholder(text: str) -> str | None:
    """Return the first placeholder of a text that doesn't exist, None if all do."""
    unclosed = (f"{name} without its end" for name in re.findall(_UNCLOSED, text))
    names = [*re.findall(_PLACEHOLDER, text), *unclosed]
    return next((name for name in names if name not in FALLBACKS), None)


def _known(loss: Loss, vocabulary: Vocabulary) -> dict[str, str | None]:
    step = loss.step
    when = None
    if step and step.kind == "meet":
        when = day_text(step.on, "%A", "%B", has_year=False, usual="mdy")
        if step.time:  # 14:00 is said as 2, 14:30 as 2:30
            hour, minute = step.time.split(":")
            when += f" at {int(hour) % 12 or 12}" + f":{minute}" * (minute != "00")
    return {
        "contact": _called(loss.contact or ""),
        "prospect": loss.prospect if loss.contact else None,  # else it may be the contact
        "product": loss.product,
        "competitor": loss.lost_to if loss.outcome == "competitor" else None,
        "said": _said(loss, vocabulary),
        "way_in": None if loss.is_dead else (loss.way_in or "").rstrip(" .?!"),
        "when": when,
        "giver": f"{loss.contact} at {loss.prospect}" if loss.contact else loss.prospect,
    }


def _called(contact: str) -> str | None:
    """Return how somebody is addressed: `Ana` for `Ana Ruiz`, `Ruiz, Ana` and `Ana Ruiz, CFO`, but
    `M. Osei` and `Mrs Ruiz` whole; None for a role, such as `CFO` or `the office manager`."""
    before, _, after = contact.partition(",")
    behind = set(_plain(after))
    is_reversed = behind and not (behind & _ROLES or behind <= _TITLES)
    words = (after if is_reversed else before).split()
    while words and _plain(words[0])[0] in _ROLES - _TITLES:
        del words[0]
    while len(words) > 1 and _plain(words[-1])[0] in _INITIALS:
        del words[-1]
    plain = _plain(" ".join(words))
    if not words or plain[0] in _NO_NAME or {*plain} <= _TITLES or plain[-1] in _ROLES:
        return None
    return " ".join(words) if "." in words[0] or plain[0] in _TITLES else words[0]


def _plain(words: str) -> list[str]:
    return [word.strip(".()").casefold() for word in words.split()]


def _said(loss: Loss, vocabulary: Vocabulary) -> str | None:
    if not loss.said:
        return None
    # What was typed is the seller's own note, unless it is in quotation marks.
    if quoted := re.fullmatch(
        r'["\u201c](.+)["\u201d]', (loss.said.words or "").strip(), re.DOTALL
    ):
        from textwrap import shorten

        words = shorten(quoted[1], _LONGEST, placeholder="\u2026")
        return f'"{words.rstrip(" .?!")}"'
    return next(iter(_first("said", vocabulary.names(loss.said.code))), None)

"""The words to say, for each thing that is done after a loss, in lostsale's own wording.

A wording holds placeholders in braces; what is not known of a loss has words of its own there, so
that every wording makes sense for every loss.
"""

import re
from textwrap import shorten

from lostsale.domain.loss import Loss
from lostsale.domain.reasons import OTHER, PLAIN, Vocabulary

# One sentence that asks for the truth after the no.
CLOSE = (
    "It's over, and that's fine. What could I have done better? It would help me next time.",
    "You've decided, and I won't try to change that. Would you help me see what I missed?",
    "No more selling from me, I promise. Just between us: what was the real reason?",
)
# Wordings, separated by an empty line.
WORDS = {
    "why": """\
{greeting} You've decided, and I won't try to change that: this sale is over.
May I ask for your help instead? You said {said}, and I took you at your word. What else did I \
get wrong? I'd like to do better by the next one.

{greeting} I'm not calling to sell you anything: I lost, fair and square.
You saw my work from your side of the table, as I never can. If you were my coach, what would \
you tell me about how I went about it with {prospect}?

{greeting} The decision is made, and I respect it.
I'd be grateful for the plain truth, even if it stings: what was the real reason, and when did \
you know that it wouldn't be us?""",
    "save": """\
{opening}
I've had one more thought: {way_in}. Could we talk about it for ten minutes? If it's still a no, \
I'll leave it there.

{opening}
May I come back to one thing: {way_in}? Tell me where it falls short; if it does, I'll stop.

{opening}
I'd like your honest opinion on one thing: {way_in}. A second no is all right with me.""",
    "thanks": """\
Hello {contact}, thank you for the time you gave me.
I enjoyed our talks, and I'm glad to help whenever I can be of use.

Hello {contact}, thank you for looking so carefully at what I had to offer.
I wish you every success with {competitor}.

Hello {contact}, a short thank-you for hearing me out, though it didn't come together this time.
Should anything change, I'd love to hear of it.""",
    "referral": """\
{greeting} How are you getting on with {competitor}? Is it working out as you hoped?
One more thing: you know how I work. Who comes to mind that I could be of use to?

{greeting} How is it going with {competitor}? Is there anything you'd like to be different?
And a favour, if I may: in my place, who would you call next? A name is all I need.

{greeting} May I ask how things are working out with {competitor}?
Do you know anyone who has the same on their mind: {product}? May I say that the two of us have \
talked?""",
    "touch": """\
{greeting} I just wanted to hear how it's going with {competitor}, and how you're being treated.
If you could change one thing, what would it be?

{greeting} Nothing to sell today: what's new with you since we last talked?
If you had to decide again now, would it come out the same?

{greeting} You've been on my mind, so I thought I'd ask how things are.
When does this come up again? I'd like to be in touch in good time.""",
    "meet": """\
Good, let's settle on {when}. Have you got your calendar there? I'll put it in mine while you \
put it in yours.

Then let's fix {when}. Would you write it down right now, with my name beside it? I'll do the \
same, and neither of us has to chase the other.

So that we don't miss each other, let's hold {when}. Please note it while we're on the line, and \
I'll send you an invitation.""",
    "move-on": """\
{greeting} I won't keep calling: you've made your choice, and I hope that it serves you well.
You have my number, and you'll always get a straight answer from me.

{greeting} I'll leave {prospect} in peace now, and thank you for your patience.
Should it come up again one day, call me first: we'd pick up where we left off.

{greeting} This is my last call about this, and there are no hard feelings.
If I can ever help, with this or with something else, I'm one call away.""",
}
SCRIPT_KINDS = tuple(WORDS)
# What a talk begins with that is to save the sale, by its real reason.
OPENINGS = {
    "price-value": "I don't think I ever showed you the second half of the sum: what it brings you,"
    " month by month. I'd like to.",
    "product-gap": "You needed something that we didn't do. I'd like to show you how it could be"
    " got done all the same.",
    "our-company": "Something about us as a company didn't sit right with you. What would you need"
    " to see in writing?",
    "inflexible": "I told you too quickly what couldn't be done. What would have to give for this"
    " to work?",
    "selling": "I've thought about how I went about this, and I talked where I should have"
    " listened. I'd like to begin again with your side of it.",
    "no-access": "I never sat down with the person who decides, and left it to you to make my case."
    " Would you bring the three of us together?",
    "too-slow": "We were slow, and it cost you time. Which day would still be soon enough? I'll"
    " tell you honestly whether we can keep it.",
    "indecision": "I left you with too many choices and no easy first step. What if we took just"
    " one, that you can take back?",
    "status-quo": "Staying as you are looked safe, and I never showed you what waiting costs. May I"
    " put that into figures with you?",
    "poor-fit": "What I proposed wasn't made to your measure. Which part of it would really be of"
    " use to you?",
    "relationship": "You have someone you trust, and I won't come between you. But a second source"
    " keeps you safe if they ever can't deliver.",
    "no-money": "There was no money for it this time. I'd like to look with you for a way that"
    " needs none of this year's budget.",
    "circumstance": "A lot was going on when we talked. How does it look now, and is the time any"
    " better?",
    OTHER: "Our last talk has stayed on my mind, and there is something I should have put to you"
    " then.",
}
# What they said, after "You said": their words if they are kept, else this.
_SAID = {
    "budget": "that there was no budget",
    "board": "that the board decides",
    "home-office": "that the home office decides",
    "partner": "that your partner was against it",
    "call-later": "to call later",
    "think-it-over": "that you'd think it over",
    "price": "that the price was too high",
    "satisfied": "that you're happy as you are",
    "bought-elsewhere": "that you'd bought elsewhere",
}
# What a placeholder becomes where its value is not known.
FALLBACKS = {
    "greeting": "Hello.",
    "contact": "there",
    "prospect": "you",
    "product": "something like this",
    "competitor": "the way you've chosen",
    "said": "no",
    "way_in": "another way to do this",
    "when": "a day and an hour",
    "name": "me",
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
_LONGEST = 80  # characters of theirs that one repeats
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNCLOSED = re.compile(rf"\{{((?:{'|'.join(FALLBACKS)})[^{{}}]*)(?=\{{|$)")


def close_sentence(turn: int) -> str:
    """Return one sentence that asks for the truth after the no, a different one each turn."""
    return CLOSE[turn % len(CLOSE)]


def wordings(kind: str, loss: Loss | None = None, vocabulary: Vocabulary = PLAIN) -> list[str]:
    """Return lostsale's wordings of a kind, unfilled; those that are to save a sale begin from its
    reason."""
    codes = vocabulary.names(loss.reason) if loss and loss.reason else []
    code = next((code for code in codes if code in OPENINGS), OTHER)
    return WORDS[kind].replace("{opening}", f"{{greeting}} {OPENINGS[code]}").split("\n\n")


def filled(text: str, loss: Loss | None, name: str, vocabulary: Vocabulary = PLAIN) -> str:
    """Return a wording with what is known of a loss, and with the user's own name."""
    known = _known(loss, vocabulary) if loss else {}
    hello = f"Hi {known['contact']}" if known.get("contact") else "Hello"
    known["name"] = name
    known["greeting"] = f"{hello}, it's {name}." if name else f"{hello.rstrip('.')}."

    def value(found: re.Match[str]) -> str:
        given = " ".join((known.get(found[1]) or "").split())
        if given.endswith(".") and text[found.end() :].startswith("."):
            given = given[:-1]  # of Acme Inc., at the end of a sentence
        return given or FALLBACKS.get(found[1], found[0])

    return _PLACEHOLDER.sub(value, text)


def unknown_placeholder(text: str) -> str | None:
    """Return the first placeholder of a text that there is none of, None for no such."""
    unclosed = (f"{name} without its end" for name in _UNCLOSED.findall(text))
    names = [*_PLACEHOLDER.findall(text), *unclosed]
    return next((name for name in names if name not in FALLBACKS), None)


def _known(loss: Loss, vocabulary: Vocabulary) -> dict[str, str | None]:
    step = loss.step
    when = None
    if step and step.kind == "meet":
        time = f" at {step.time}" if step.time else ""
        when = f"{step.on:%A} {step.on.day} {step.on:%B}{time}"
    return {
        "contact": _called(loss.contact or ""),
        "prospect": loss.prospect if loss.contact else None,  # else it may be the contact
        "product": loss.product,
        "competitor": loss.lost_to if loss.outcome == "competitor" else None,
        "said": _said(loss, vocabulary),
        "way_in": None if loss.is_dead else (loss.way_in or "").rstrip(" .?!"),
        "when": when,
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
    if loss.said.words:
        words = shorten(loss.said.words, _LONGEST, placeholder="\u2026")
        return f'"{words.rstrip(" .?!")}"'
    codes = vocabulary.names(loss.said.code)
    return next((_SAID[code] for code in codes if code in _SAID), None)

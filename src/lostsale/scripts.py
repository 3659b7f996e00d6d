"""The words to say, for each thing that is done after a loss, in lostsale's own wording.

A wording holds placeholders in braces; what is not known of a loss has words of its own there, so
that every wording makes sense for every loss.
"""

import re
from textwrap import shorten

from lostsale.loss import Loss
from lostsale.reasons import OTHER, PLAIN, Vocabulary

# One sentence that asks for the truth after the no.
CLOSE = (
    "It's over, and that's fine. What could I have done better? It would help me next time.",
    "You've decided, and I won't try to change that. Would you help me see what I missed?",
    "No more selling from me, I promise. Just between us: what was the real reason?",
)
# Wordings, parted by an empty line.
WORDS = {
    "why": """\
Hi {contact}, it's {name}. You've decided, and I won't try to change that: this sale is over.
May I ask for your help instead? You said {said}, and I take you at your word. What else would I \
have had to get right? I'd like to do better by the next one.

Hello {contact}, it's {name}. I'm not calling to sell you anything: I lost, fair and square.
You saw my work from your side of the table, as I never can. If you were my coach, what would \
you tell me about how I went about it with {prospect}?

Hi {contact}, it's {name}. The decision is made, and I respect it.
I'd be grateful for the plain truth, even where it stings: what was the real reason, and when \
did you know that it wouldn't be us?""",
    "save": """\
{opening}
I have one idea that we haven't talked about: {way_in}. Could we look at it for ten minutes? If \
it is still a no after that, I'll leave it there.

{opening}
There is a thing that I'd still like to try: {way_in}. Tell me where it falls short, and I'll \
stop if it does.

{opening}
May I show you one more thing: {way_in}? You've nothing to lose by a look, and a second no is \
all right with me.""",
    "thanks": """\
Hello {contact}, thank you for the time that you and {prospect} gave me.
I enjoyed our talks, and I'm glad to help whenever I can be of use.

Hello {contact}, thank you for looking at {product} so carefully, and for a straight answer.
I wish you every success with {competitor}.

Hello {contact}, a short thank-you for hearing me out, though it didn't come together this time.
Should anything change at {prospect}, I'd love to hear of it.""",
    "referral": """\
Hi {contact}, it's {name}. How are you getting on with {competitor}? Does it do what you hoped \
for?
One more thing: you know how I work. Who comes to mind that I could be of use to?

Hello {contact}, it's {name}. How is it going with {competitor}? Is there anything you'd like to \
be different?
And a favour, if I may: in my place, whom would you call next? A name is plenty.

Hi {contact}, it's {name}. I'm not after anything for myself: how are things working out with \
{competitor}?
Do you know someone in your trade to whom {product} might matter? May I say that the two of us \
have talked?""",
    "touch": """\
Hi {contact}, it's {name}. I just wanted to hear how you're getting on with {competitor}, and \
how they're treating you.
If you could change one thing about it, what would it be?

Hello {contact}, it's {name}. Nothing to sell today: what's new at {prospect} since we last \
talked?
If you had to decide again now, would it come out the same?

Hi {contact}, it's {name}. Something made me think of {prospect} today, so I thought I'd ask how \
things are.
When will you look at this again? I'd like to be there in good time.""",
    "meet": """\
Good, let's settle on {when}. Have you got your calendar there? I'll write you into mine while \
you write me into yours.

Shall we say {when}? Would you put it down right now, with my name beside it? I'll do the same, \
and neither of us has to chase the other.

Then let's make it {when}. Please note it while I'm on the line, and I'll send you an invitation \
that you can accept.""",
    "move-on": """\
Hi {contact}, it's {name}. I won't keep calling: you've made your choice, and I hope that it \
serves you well.
You have my number, and you'll always get a straight answer from me.

Hello {contact}, it's {name}. I'm closing my notes about {product} for {prospect}, with thanks \
for your patience.
Should it come up again one day, call me first: we'd start from where we are, and not from \
nothing.""",
}
KINDS = tuple(WORDS)
# What a talk begins with that is to save the sale, by its real reason.
OPENINGS = {
    "price-value": "I went over the sum again, what {product} costs you and what it brings you,"
    " month by month. I think I only ever showed you the first half.",
    "product-gap": "You needed something that {product} didn't do. I asked around here how others"
    " get it done, and there is an answer that I didn't have when we talked.",
    "our-company": "Something about us as a company didn't sit right with you. I took it to those"
    " here who can change it, and I can tell you what they'd put in writing.",
    "inflexible": "I told you what couldn't be done. I asked again, and there is more room than I"
    " offered you.",
    "selling": "I thought about how I went about this, and I talked where I should have listened."
    " I'd like to begin again with your side of it.",
    "no-access": "I never sat down with the person who decides, who knows my case from hearsay"
    " alone. With your help I'd like to change that.",
    "too-slow": "We were slow, and it cost you time. It's all ready now: you wouldn't wait a day"
    " for anything.",
    "indecision": "I left you with too many choices and no easy first step. I've cut it down to one"
    " that you can take back.",
    "status-quo": "To stay as you are looked safe, and I never showed you what waiting costs. I've"
    " worked it out for {prospect}.",
    "poor-fit": "What I proposed wasn't made to your measure. I've cut it down to what {prospect}"
    " really needs.",
    "relationship": "You have someone there whom you trust, and I won't come between you. But a"
    " second source keeps you safe on the day that they can't deliver.",
    "no-money": "There was no money for it this time. I looked for a way that needs none of this"
    " year's.",
    "circumstance": "A lot was in motion at {prospect} when we talked. I'd like to know how it"
    " looks now, and whether the time is better.",
    OTHER: "Our last talk has stayed on my mind, and there is something that I should have put to"
    " you then.",
}
_OPENING = "Hi {{contact}}, it's {{name}}. {}"
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
# What stands for a placeholder of which nothing is known.
UNKNOWN = {
    "contact": "there",
    "prospect": "your company",
    "product": "our offer",
    "competitor": "what you have now",
    "said": "no",
    "way_in": "a different way to go about it",
    "when": "a day and an hour that suit you",
    "name": "me",
}
_LONGEST = 80  # characters of theirs that one repeats
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def close_sentence(turn: int) -> str:
    """Return one sentence that asks for the truth after the no, a different one each turn."""
    return CLOSE[turn % len(CLOSE)]


def wordings(kind: str, loss: Loss | None = None, vocabulary: Vocabulary = PLAIN) -> list[str]:
    """Return lostsale's wordings of a kind, unfilled; those that are to save a sale begin from its
    reason."""
    codes = vocabulary.names(loss.reason) if loss and loss.reason else []
    code = next((code for code in codes if code in OPENINGS), OTHER)
    opening = _OPENING.format(OPENINGS[code])
    return WORDS[kind].replace("{opening}", opening).split("\n\n")


def filled(text: str, loss: Loss | None, name: str, vocabulary: Vocabulary = PLAIN) -> str:
    """Return a wording with what is known of a loss, and with the user's own name."""
    known = _known(loss, vocabulary) if loss else {}
    known["name"] = name
    return _PLACEHOLDER.sub(
        lambda found: known.get(found[1]) or UNKNOWN.get(found[1], found[0]), text
    )


def unknown_placeholder(text: str) -> str | None:
    """Return the first placeholder of a text that there is none of, None for no such."""
    names = _PLACEHOLDER.findall(text)
    return next((name for name in names if name not in UNKNOWN), None)


def _known(loss: Loss, vocabulary: Vocabulary) -> dict[str, str | None]:
    step = loss.step
    when = None
    if step and step.kind == "meet":
        time = f" at {step.time}" if step.time else ""
        when = f"{step.on:%A} {step.on.day} {step.on:%B}{time}"
    return {
        "contact": _first_name(loss.contact),
        "prospect": loss.prospect,
        "product": loss.product,
        "competitor": loss.lost_to if loss.outcome == "competitor" else None,
        "said": _said(loss, vocabulary),
        "way_in": None if loss.is_dead else loss.way_in,
        "when": when,
    }


def _first_name(contact: str | None) -> str | None:
    """Return how one speaks to somebody: `Ana` for `Ana Ruiz`, but `M. Osei` whole."""
    first = (contact or "").partition(" ")[0]
    return contact if "." in first else first or None


def _said(loss: Loss, vocabulary: Vocabulary) -> str | None:
    if not loss.said:
        return None
    if loss.said.words:
        return f'"{shorten(loss.said.words, _LONGEST, placeholder="…")}"'
    codes = vocabulary.names(loss.said.code)
    return next((_SAID[code] for code in codes if code in _SAID), None)

"""What a period teaches: the line that ends `stats`, and what the user wrote down."""

from lostsale.domain.tally import Tally

_PHRASES = {  # what so many of the losses whose reason was told did
    "price-value": "went on price or value",
    "product-gap": "wanted something yours lacks",
    "our-company": "had doubts about your company",
    "inflexible": "came down to terms you wouldn't bend",
    "selling": "came down to the selling itself",
    "no-access": "never got to the person who signs",
    "too-slow": "came down to being late",
    "indecision": "never came to a decision",
    "status-quo": "saw no reason to change",
    "poor-fit": "weren't the right fit",
    "relationship": "went to a friend or an old supplier",
}


def lesson_line(tally: Tally, width: int | None, *, hints: bool) -> list[str]:
    """Return the one thing to work on, with its base and where to look."""
    what, see = to_work_on(tally)
    if not what:
        return []
    line = f"To work on: {what}"
    if not (see and hints):
        return [line]
    together = f"{line}: {see}"
    return [together] if width is None or len(together) <= width else [f"{line}:", f"  {see}"]


def to_work_on(tally: Tally) -> tuple[str, str]:
    """Return the one thing to work on, with its base, and the command that lists where; empty for
    nothing."""
    if tally.lesson_ is None:
        return "", ""
    kind, (part, of), code, better = tally.lesson_
    against = f"{better.part:,} of {better.of:,}" if better else ""
    see = ""
    if kind == "reason":
        what = f"told losses {_PHRASES.get(code or '', f'came down to {code}')}"
        see = f"lostsale list --reason {code} {tally.period.label}"
    elif kind == "not-asked":
        what = "losses weren't asked about"
        see = f"lostsale list --not-asked {tally.period.label}"
    elif kind == "late":
        what = f"told you why when you asked late, {against} when you asked within 3 days"
    else:
        what = f"kept an appointment that wasn't on their calendar, {against} one that was"
    return f"{part:,} of {of:,} {what}", see


def lessons_page(tally: Tally) -> list[str]:
    """Return what the user learned from the losses, in their own words."""
    lines = [f"  {number} {prospect}: {text}" for number, prospect, text in tally.learned]
    return ["Lessons", *lines] if lines else []

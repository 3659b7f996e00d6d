"""The plan as a text that a person can read and change, and reading it back."""

import re
import textwrap
from collections import Counter

from lostsale.domain.loss import KINDS, RENEW
from lostsale.domain.plan import REST_AFTER, PlanStep
from lostsale.domain.reasons import one_of
from lostsale.domain.scripts import FALLBACKS, unknown_placeholder, wordings
from lostsale.errors import BadInput

PLAN_KINDS = tuple(kind for kind in KINDS if kind not in {"meet", RENEW})  # whose day is given
LAST_DAY = 3650
LONGEST = 64 * 1024  # characters: every command that opens a step reads it
_ESCAPED = re.compile(r"\\u\{([0-9a-f]{1,5})\}")  # as the screen shows what is invisible
_PLACEHOLDERS = " ".join(f"{{{name}}}" for name in FALLBACKS)
_HEAD = f"""\
The plan, one step per line: days after the loss, what to do and, if you like, its last day \
("within 14"). Your own words to say go below it, indented. Put an empty line between wordings; \
they take turns.
Filled in: {_PLACEHOLDERS}. {{said}} goes after "You said".
Lines that start with # are ignored: they show lostsale's own words. The ones for save start with \
the real reason: lostsale script save 42.
{REST_AFTER} days after the last contact a loss is ready to close."""


def read_plan(text: str) -> tuple[PlanStep, ...]:
    """Return the steps of a plan: a line `3 save` for each, and indented below it the words to say,
    wordings separated by an empty line. Lines that begin with # are comments.

    Raises BadInput that names the first line that can't be kept.
    """
    steps: list[PlanStep] = []
    words: list[list[tuple[int, list[str]]]] = []  # of each step, its wordings: line and lines
    count: Counter[str] = Counter()
    is_apart = True  # from what stands above
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if line.startswith("#"):
            continue
        if not line.strip():
            is_apart = True
        elif line[0].isspace():
            if not steps:
                raise BadInput(f"Line {number}: words before the first step", "Move them below it")
            if is_apart:
                words[-1].append((number, []))
            said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), line.strip())
            words[-1][-1][1].append(said)
            is_apart = False
        else:
            steps.append(_step(number, line, steps[-1].days if steps else 0, count))
            words.append([])
            is_apart = True
    if not steps:
        raise BadInput("There's no step in the plan", "Put one on each line: 3 save")
    return tuple(
        step._replace(words=tuple(_checked(*wording) for wording in own))
        for step, own in zip(steps, words, strict=True)
    )


def _step(number: int, line: str, after: int, count: Counter[str]) -> PlanStep:
    found = _STEP.fullmatch(line.strip()) or _NAMED.fullmatch(line.strip())
    if not found:
        raise BadInput(
            f'Line {number}: I can\'t read "{line.strip()[:40]}" as a step',
            "Write days and a kind: 3 save, or 4 thanks within 14",
        )
    days, words, within = found.group("days", "kind", "within")
    try:
        kind = one_of(" ".join(words.split()), PLAN_KINDS, "kind of step in a plan")
    except BadInput as error:
        raise BadInput(f"Line {number}: {error.what}", error.hint) from None
    for day in (days, within or "0"):
        if int(day) > LAST_DAY:
            raise BadInput(f"Line {number}: day {day} is too far", f"The last is {LAST_DAY}")
    if int(days) < after:
        raise BadInput(f"Line {number}: day {days} comes after day {after}", "Put steps in order")
    count[kind] += 1
    key = kind if count[kind] == 1 else f"{kind}-{count[kind]}"
    return PlanStep(key, kind, int(days), within=int(within) if within else None)


_WITHIN = r"(?:\s+within\s+(?P<within>[0-9]{1,4}))?"
_STEP = re.compile(rf"(?P<days>[0-9]{{1,4}})\s+(?P<kind>\S.*?){_WITHIN}")
_NAMED = re.compile(rf"(?P<kind>\S.*?)\s+(?P<days>[0-9]{{1,4}}){_WITHIN}")  # as it is told


def told(steps: tuple[PlanStep, ...]) -> str:
    """Return a plan in a line: `why 1, save 3, thanks 4 within 14`."""
    return ", ".join(f"{step.kind} {step.days}{_within(step)}" for step in steps)


def _within(step: PlanStep) -> str:
    return "" if step.within is None else f" within {step.within}"


def _checked(number: int, lines: list[str]) -> str:
    """Return a wording of lines, the first of which is that of this number. Raises BadInput."""
    name = unknown_placeholder("\n".join(lines))
    if name is None:
        return "\n".join(lines)
    place = number + next((at for at, line in enumerate(lines) if f"{{{name}}}" in line), 0)
    raise BadInput(
        f"Line {place}: there's no placeholder {{{name[:40]}}}", f"Choose from {_PLACEHOLDERS}"
    )


def written(steps: tuple[PlanStep, ...]) -> str:
    """Return a plan as the text that `read_plan` reads, with nothing beside it."""
    return "\n".join(
        f"{step.days:<3} {step.kind}{_within(step)}\n{_indented(step.words)}" for step in steps
    )


def annotated(steps: tuple[PlanStep, ...], width: int = 80) -> str:
    """Return a plan as `written`, with lostsale's own words, and what can be changed, in lines that
    do not count, each of at most `width` columns."""
    parts = [_remarks(_HEAD, width)]
    for step in steps:
        own = "" if step.words else _remarks("\n\n".join(wordings(step.kind)), width, "#   ")
        parts.append(written((step,)) + own)
    return "\n".join(parts)


def _remarks(text: str, width: int, mark: str = "# ") -> str:
    lines = (
        textwrap.fill(line, width, initial_indent=mark, subsequent_indent=mark)
        for line in text.split("\n")
    )
    return "".join(f"{line or '#'}\n" for line in lines)


def _indented(words: tuple[str, ...]) -> str:
    return "\n".join("    " + wording.replace("\n", "\n    ") + "\n" for wording in words)

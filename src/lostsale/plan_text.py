"""The plan as a text that a person can read and change, and reading it back."""

from collections import Counter

from lostsale.errors import BadInput
from lostsale.plan import DEFAULT, PlanStep
from lostsale.reasons import one_of
from lostsale.scripts import UNKNOWN, unknown_placeholder, wordings

KINDS = tuple(dict.fromkeys(step.kind for step in DEFAULT))
LAST_DAY = 3650
_INDENT = "    "
_HEAD = """\
# The plan: days after the loss, what to do, and below it the words to say if you want your own,
# set in from the margin, with an empty line between one wording and the next. They are shown in
# turn. Filled in: {}
# Lines that begin with # do not count: they show lostsale's own words.
# The words of save begin with the real reason: lostsale script save 42.
# 30 days after the last contact a loss is ready to rest.
"""


def read_plan(text: str) -> tuple[PlanStep, ...]:
    """Return the steps of a plan: a line `3 save` for each, and indented below it the words to say,
    wordings parted by an empty line. Lines that begin with # do not count.

    Raises BadInput that names the first line that can't be kept.
    """
    steps: list[PlanStep] = []
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
            steps[-1] = _with_words(steps[-1], number, line.strip(), apart=is_apart)
            is_apart = False
        else:
            steps.append(_step(number, line, steps[-1].days if steps else 0, count))
            is_apart = True
    if not steps:
        raise BadInput("The plan holds no step", "Write one a line: 3 save")
    return tuple(steps)


def _step(number: int, line: str, after: int, count: "Counter[str]") -> PlanStep:
    days, *words = line.split()
    if not (days.isascii() and days.isdigit() and len(days) < 5 and words):
        raise BadInput(
            f'Line {number}: "{line.strip()[:40]}" is no step', "Write days and a kind: 3 save"
        )
    try:
        kind = one_of(" ".join(words), KINDS, "kind of step in a plan")
    except BadInput as error:
        raise BadInput(f"Line {number}: {error.what}", error.hint) from None
    if int(days) > LAST_DAY:
        raise BadInput(f"Line {number}: day {days} is too far", f"The last is {LAST_DAY}")
    if int(days) < after:
        raise BadInput(f"Line {number}: day {days} comes after day {after}", "Put steps in order")
    count[kind] += 1
    key = kind if count[kind] == 1 else f"{kind}-{count[kind]}"
    return PlanStep(key, kind, int(days))


def _with_words(step: PlanStep, number: int, text: str, *, apart: bool) -> PlanStep:
    name = unknown_placeholder(text)
    if name is not None:
        known = " ".join(f"{{{name}}}" for name in UNKNOWN)
        raise BadInput(f"Line {number}: there is no placeholder {{{name[:40]}}}", f"Known: {known}")
    *former, last = step.words or ("",)
    if apart and last:
        former, last = [*former, last], ""
    return step._replace(words=(*former, f"{last}\n{text}".lstrip()))


def written(steps: tuple[PlanStep, ...]) -> str:
    """Return a plan as the text that `read_plan` reads, with nothing beside it."""
    return "\n".join(
        "\n".join([f"{step.days:<4}{step.kind}", *_indented(step.words)]) + "\n" for step in steps
    )


def explained(steps: tuple[PlanStep, ...]) -> str:
    """Return a plan as `written`, with lostsale's own words, and what can be changed, in lines that
    do not count."""
    parts = [_HEAD.format(" ".join(f"{{{name}}}" for name in UNKNOWN))]
    for step in steps:
        text = written((step,))
        if not step.words:
            own = "\n\n".join(wordings(step.kind)).split("\n")
            text += "".join(f"#   {line}".rstrip() + "\n" for line in own)
        parts.append(text)
    return "\n".join(parts)


def _indented(wordings: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    for wording in wordings:
        lines += ["", *(_INDENT + line for line in wording.split("\n"))]
    return lines[1:]

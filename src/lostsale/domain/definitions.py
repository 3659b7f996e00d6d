"""What the codes of reasons stand for, each in one line with an example."""

from functools import cache

from lostsale.domain.phrase_index import TABLES_FOLDER
from lostsale.domain.reasons import ReasonKind
from lostsale.later import NamedTuple


class Definition(NamedTuple):
    """What a code stands for, in one line, and an example of what is said."""

    meaning: str
    example: str


@cache
def definitions(kind: ReasonKind) -> dict[str, Definition]:
    """Return what each code of `kind` stands for, in the order in which they are offered."""
    text = (TABLES_FOLDER / "codes.txt").read_text(encoding="utf-8")
    _, _, section = text.partition(f"[define {kind}]\n")
    lines = (line.partition(": ") for line in section.split("\n\n")[0].splitlines())
    return {code: Definition._make(line.split(" | ")) for code, _, line in lines}

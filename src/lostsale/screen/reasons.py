"""The reasons, as they are listed and put right."""

from collections.abc import Sequence
from typing import NamedTuple

from lostsale.domain.results import Reread
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.transfer import reasons_left

_PERSONAL = (
    "Personal doesn't mean your fault: it's what you can do differently next time, whatever the"
    " price and the product."
)


class Listed(NamedTuple):
    """A reason's code as it is listed: how many losses have it, and its other names; an item of
    `reasons` of docs/json.md."""

    code: str
    kind: str
    weakness: str | None
    lost: int
    aliases: tuple[str, ...]
    meaning: str | None
    example: str | None


def reasons_page(
    reasons: list[Listed], left: list[tuple[str, int]], *, explain: bool = False
) -> Page:
    """Return the reasons, a row each, and the words `left` under no code but other, with how many
    losses have each; `explain` has several lines each, for a terminal."""
    columns = (
        Column("Kind"),
        Column("Reason"),
        Column("Weakness"),
        Column("Lost", right=True),
        Column("Also called"),
        Column("Means"),
    )
    rows = tuple(
        Row(
            (
                one.kind,
                one.code,
                one.weakness or "-",
                f"{one.lost:,}",
                ", ".join(one.aliases),
                f'{one.meaning}, e.g. "{one.example}"' if one.meaning else "",
            )
        )
        for one in reasons
    )
    grid = Grid(columns, rows)
    if not explain:
        return [grid, *reasons_left(left)]
    page: list[str | Line | Grid] = []
    for one in reasons:
        lost = f"{one.lost:,} lost" if one.lost else ""
        also = f"also {', '.join(one.aliases)}" if one.aliases else ""
        head = (one.code, one.kind, one.weakness, lost, also)
        page.append(Line(" · ".join(filter(None, head)), "bold"))
        page += [f"    {one.meaning}", f'    "{one.example}"'] if one.meaning else []
    return [*page, "", _PERSONAL, *reasons_left(left)]


def reread_page(changed: Sequence[Reread], *, dry_run: bool) -> Page:
    """Return what reasons were read as, and what they are read as today."""
    if not changed:
        return ["Every reason is still read the same way."]
    columns = (Column("Kind"), Column("Was"), Column("Is"), Column("Lost", right=True))
    rows = tuple(Row((one.kind, one.from_, one.to, f"{one.lost:,}", one.words)) for one in changed)
    last = "Nothing was saved: that was a dry run." if dry_run else "Wrong? lostsale undo."
    return [Grid((*columns, Column("Words", stretchy=True)), rows), last]

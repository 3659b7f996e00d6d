"""The codes of reasons, a row each, and the words that stay under none."""

from typing import NamedTuple

from lostsale.screen.page import Column, Grid, Page, Row
from lostsale.screen.transfer import reasons_left


class Listed(NamedTuple):
    """A reason's code as it is listed: how many losses have it, and its other names; an item of
    `reasons` of the README."""

    code: str
    kind: str
    weakness: str | None
    lost: int
    aliases: tuple[str, ...]


def reasons_page(reasons: list[Listed], left: list[tuple[str, int]]) -> Page:
    """Return the reasons, a row each, and the words `left` under no code but other, with how many
    losses have each."""
    columns = (
        Column("Kind"),
        Column("Reason"),
        Column("Weakness"),
        Column("Lost", right=True),
        Column("Also called", stretchy=True),
    )
    rows = tuple(
        Row((one.kind, one.code, one.weakness or "-", f"{one.lost:,}", " ".join(one.aliases)))
        for one in reasons
    )
    return [Grid(columns, rows), *reasons_left(left)]

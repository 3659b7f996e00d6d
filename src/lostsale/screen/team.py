"""The table of `team stats --by rep` and `--by product`, and what the team's numbers leave out."""

from collections.abc import Sequence

from lostsale.domain.settings import Settings
from lostsale.domain.tally import PartCount
from lostsale.screen.page import Column, Grid, Page, Row
from lostsale.screen.text import lost_sums

SMALL_GROUPS = (
    "Groups with fewer than 5 losses of other people aren't named here; reasons and competitors are"
    " counted by whole years"
)


def parts_page(parts: Sequence[PartCount], title: str | None, settings: Settings) -> Page:
    """Return the rows of each rep or product, if there are any, and how the team is counted."""
    numbers = (Column(name, right=True) for name in ("Lost", "Asked", "Told", "Won", "Amount"))
    rows = tuple(
        Row(
            (
                part.name or "-",
                *(f"{n:,}" for n in (part.lost, part.asked, part.told, part.won_back)),
                lost_sums(part.amounts, settings),
            )
        )
        for part in parts
    )
    columns = (Column((title or "").capitalize()), *numbers)
    grid: Page = [Grid(columns, rows), ""] if rows else []
    return ["", *grid, SMALL_GROUPS]

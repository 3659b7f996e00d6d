"""Where the shapes of the page's charts go. Lengths are in units of the drawing; what they mean is
in a table beside each chart."""

from collections.abc import Sequence
from typing import NamedTuple

from lostsale.domain.tally import Month

WIDTH, HEIGHT = 720, 180  # of the months' bars
_GAP = 0.25  # of a bar's room
LEVELS = 5  # of a heat grid


class MonthBar(NamedTuple):
    """A bar of a month's losses, from `top` down to the base, the lower part of it won back. `left`
    is where its room begins, `middle` where its label stands."""

    month: Month
    left: float
    middle: float
    width: float
    top: float
    won_top: float

    @property
    def height(self) -> float:
        """Of the whole bar."""
        return round(HEIGHT - self.top, 1)

    @property
    def won_height(self) -> float:
        """Of the part that was won back."""
        return round(HEIGHT - self.won_top, 1)


def month_bars(months: Sequence[Month]) -> tuple[MonthBar, ...]:
    """Return a bar for each month, the highest as high as the drawing."""
    room = WIDTH / max(len(months), 1)
    most = max((month.lost for month in months), default=0)
    return tuple(
        MonthBar(
            month,
            left=round(room * (place + _GAP / 2), 1),
            middle=round(room * (place + 0.5), 1),
            width=round(room * (1 - _GAP), 1),
            top=round(HEIGHT - length(month.lost, most, HEIGHT), 1),
            won_top=round(HEIGHT - length(month.won_back, most, HEIGHT), 1),
        )
        for place, month in enumerate(months)
    )


def length(value: float, most: float, full: int) -> float:
    """Return how long the bar of a value is, where that of the greatest is `full`."""
    return round(full * value / most, 1) if most > 0 and value > 0 else 0.0


def level(count: int, most: int) -> int:
    """Return how dark a cell of a heat grid is: from 1 for the least to LEVELS; 0 for nothing."""
    return -(-count * LEVELS // most) if count else 0

"""The shapes of the page's charts follow from the numbers alone."""

from itertools import pairwise

from lostsale.domain.tally import Month
from lostsale.report import charts


def month(label, lost, won_back=0):
    return Month(
        month=label,
        lost=lost,
        asked=0,
        told=0,
        tried=0,
        won_back=won_back,
        won_back_rate=None,
        won_in_month=0,
        early=False,
        amounts={},
    )


def test_the_highest_bar_fills_the_drawing_and_the_others_are_in_proportion():
    bars = charts.month_bars([month("2026-01", 20), month("2026-02", 10), month("2026-03", 0)])
    assert [bar.height for bar in bars] == [charts.HEIGHT, charts.HEIGHT / 2, 0]


def test_the_part_won_back_stands_at_the_bottom_of_its_bar():
    (bar,) = charts.month_bars([month("2026-01", 20, won_back=5)])
    assert (bar.won_height, bar.won_top) == (charts.HEIGHT / 4, charts.HEIGHT * 3 / 4)


def test_bars_stand_side_by_side_within_the_drawing():
    bars = charts.month_bars([month(f"2026-{n:02}", n) for n in range(1, 13)])
    for bar, after in pairwise(bars):
        assert bar.left + bar.width < after.left
    assert bars[0].left > 0
    assert bars[-1].left + bars[-1].width < charts.WIDTH


def test_nothing_lost_draws_nothing():
    assert charts.month_bars([]) == ()
    (bar,) = charts.month_bars([month("2026-01", 0)])
    assert (bar.height, bar.won_height) == (0, 0)


def test_a_cell_is_darker_the_more_losses_it_holds():
    levels = [charts.level(count, 50) for count in range(51)]
    assert levels == sorted(levels)
    assert (levels[0], levels[1], levels[50]) == (0, 1, charts.LEVELS)

"""What the counts of a period say most clearly to work on."""

from collections.abc import Iterator
from math import sqrt

from lostsale.domain.tally import Lesson, Share, Tally

ENOUGH = 10  # losses, below which a count says nothing
USUAL = 0.2  # the share of one reason among many that nobody has to work on
HALF = 0.5  # of the losses may still have to be asked about
_SURE = 1.28  # standard deviations: of ten such counts, one is so far off by chance


def clearest(tally: Tally) -> Lesson | None:
    """Return the lesson whose counts leave least to chance; None if they may all be chance."""
    found = max(_candidates(tally), key=lambda item: item[0], default=(0, None))
    return found[1] if found[0] > 0 else None


def _candidates(tally: Tally) -> Iterator[tuple[float, Lesson]]:
    """Yield each lesson with how far its counts are from what may be chance."""
    if tally.told >= ENOUGH:
        for reason in tally.reasons:
            if reason.code and reason.weakness:
                share = Share(reason.told or 0, tally.told)
                yield _at_least(*share) - USUAL, Lesson("reason", share, code=reason.code)
    if tally.lost >= ENOUGH and tally.not_asked is not None:
        share = Share(tally.not_asked, tally.lost)
        yield _at_least(*share) - HALF, Lesson("not-asked", share)
    soon = Share(tally.told_within_3_days, tally.asked_within_3_days)
    asked_late = tally.asked - soon.of
    late = Share(min(tally.told - soon.part, asked_late), asked_late)  # some are asked twice
    yield _apart(late, soon), Lesson("late", late, better=soon)
    marked, unmarked = (Share(*kept) for kept in tally.promises[:2])
    yield _apart(unmarked, marked), Lesson("unmarked", unmarked, better=marked)


def _apart(worse: Share, better: Share) -> float:
    """Return how far the better share surely is above the worse one."""
    if min(worse.of, better.of) < ENOUGH:
        return 0
    missed = worse.of - worse.part
    return _at_least(*better) - (1 - _at_least(missed, worse.of))


def _at_least(part: int, of: int) -> float:
    """Return the rate that is surely there: the lower end of Wilson's interval."""
    rate, square = part / of, _SURE**2
    middle = rate + square / (2 * of)
    spread = _SURE * sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return (middle - spread) / (1 + square / of)

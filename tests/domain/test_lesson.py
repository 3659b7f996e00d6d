"""The lesson that a period's counts teach: the clearest one, or none."""

import pytest

from lostsale.domain.lesson import clearest
from lostsale.domain.tally import Kept, Lesson, Promises, Share, Tally


class _Reason:
    """What a lesson reads of a ReasonCount."""

    def __init__(self, code, told, weakness="personal"):
        self.code, self.told, self.weakness = code, told, weakness


def counted(*reasons, **counts):
    told = counts.setdefault("told", sum(reason.told for reason in reasons))
    nothing = dict.fromkeys(Tally._fields, 0)
    given = {"lost": told, "asked": told, "promises": Promises(Kept(0, 0), Kept(0, 0)), **counts}
    return Tally(**{**nothing, **given, "reasons": reasons})


def test_the_reason_of_many_told_losses_is_the_lesson():
    found = clearest(counted(_Reason("no-access", 9), _Reason("too-slow", 4), told=21))
    assert found == Lesson("reason", Share(9, 21), code="no-access")


@pytest.mark.parametrize(
    "reasons",
    [
        [],
        [_Reason("no-access", 5), _Reason("too-slow", 4)],  # too few in all
        [_Reason(code, 4) for code in ("no-access", "too-slow", "selling", "poor-fit")],
        [_Reason("no-money", 15, weakness=None), _Reason("selling", 2)],  # nothing to work on
        [_Reason(None, 15, weakness=None)],
    ],
    ids=["nothing", "few", "spread out", "no weakness", "no code"],
)
def test_counts_that_may_be_chance_teach_nothing(reasons):
    assert clearest(counted(*reasons)) is None


def test_the_clearest_of_several_is_taken():
    reasons = [_Reason("no-access", 9), _Reason("selling", 12)]
    found = clearest(counted(*reasons, lost=100, not_asked=60))
    assert found == Lesson("reason", Share(12, 21), code="selling")
    found = clearest(counted(*reasons, lost=300, not_asked=279))
    assert found == Lesson("not-asked", Share(279, 300))


def test_appointments_that_nobody_wrote_down_are_a_lesson():
    promises = Promises(Kept(17, 19), Kept(8, 21))
    found = clearest(counted(promises=promises))
    assert found == Lesson("unmarked", Share(8, 21), better=Share(17, 19))
    assert clearest(counted(promises=Promises(Kept(3, 3), Kept(0, 3)))) is None


def test_asking_late_is_a_lesson():
    soon = {"asked_within_3_days": 40, "told_within_3_days": 36}
    found = clearest(counted(lost=80, asked=80, told=46, **soon))
    assert found == Lesson("late", Share(10, 40), better=Share(36, 40))


def test_told_long_after_asking_is_no_more_than_asked_late():
    soon = {"asked_within_3_days": 20, "told_within_3_days": 2}
    assert clearest(counted(lost=30, asked=30, told=30, **soon)) is None

"""Acts: what each makes of a loss is what the command of its name keeps."""

from datetime import date

import pytest

from lostsale.domain.acts import Occasion
from lostsale.domain.dates import When
from lostsale.domain.loss import Contact, Loss, Real, Referral
from lostsale.domain.money import Money
from lostsale.domain.plan import DEFAULT, Plan
from lostsale.domain.reasons import Reason
from lostsale.errors import BadInput
from lostsale.journal.store import Store

TODAY, YESTERDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 28)
PLAN = Plan(DEFAULT)
TOLD = Real(TODAY, "too-slow", None, "told", TODAY, found=False)
FRIDAY = When(date(2026, 11, 27), "10:00")


@pytest.fixture
def kept(db):
    """Return a loss as the journal has it."""

    def kept(number=1):
        journal = Store.open(db)
        try:
            (loss,) = journal.get([number])
        finally:
            journal.close()
        return loss

    return kept


def plain(loss):
    """A loss without the identities of its entries, which differ each time."""
    return loss._replace(
        contacts=tuple(entry._replace(uid="") for entry in loss.contacts),
        referrals=tuple(name._replace(uid="") for name in loss.referrals),
    )


def at(day=TODAY):
    return Occasion(PLAN, TODAY, day)


def done(loss, day=TODAY, **more):
    return at(day).done(loss, **more)


def tried(loss, day=TODAY, **more):
    return at(day).no_answer(loss, **more)


def asked(loss, **learned):
    return at().why(loss, learned)


def touched(loss, day=TODAY, **more):
    return at(day).touch(loss, "hello", **more)


def met(loss, **more):
    return at().meet(loss, FRIDAY, **more)


def bea(loss, day=TODAY):
    return at(day).referral(loss, Referral("", "Bea Kim", day, "555-0177"))


LOGGED = ["log Acme 12k --on 2026-11-20"]
TOLD_WHY = ["log Acme 12k --on 2026-11-20 --real too-slow"]
MEETING = [*LOGGED, "meet 1 today 3pm --marked --minutes 45 --where 'Pier 3'"]
AT_REST = [*LOGGED, "move-on 1"]
OVER = ["log Acme --on 2026-10-01 --real too-slow --way-in dead --also thanks,referral"]

CASES = [
    (LOGGED, "done 1 sent it", lambda loss: done(loss, note="sent it")),
    (LOGGED, "done 1 --on yesterday", lambda loss: done(loss, day=YESTERDAY)),
    (TOLD_WHY, "done 1 --also thanks", lambda loss: done(loss, also=("thanks",))),
    (MEETING, "done 1 she likes it", lambda loss: done(loss, note="she likes it")),
    (LOGGED, "no-answer 1 left a word", lambda loss: tried(loss, note="left a word")),
    (LOGGED, "no-answer 1 --on yesterday", lambda loss: tried(loss, day=YESTERDAY)),
    ([*LOGGED, "no-answer 1", "no-answer 1"], "no-answer 1", tried),
    (MEETING, "no-answer 1", tried),
    (LOGGED, "why 1 too-slow", lambda loss: asked(loss, real=TOLD)),
    (LOGGED, "why 1 --would-not-say", lambda loss: asked(loss, real=Real(TODAY))),
    (
        LOGGED,
        "why 1 --guess selling",
        lambda loss: asked(loss, guess=Reason("selling", found=False)),
    ),
    (TOLD_WHY, "why 1 --way-in dead", lambda loss: asked(loss, way_in="dead")),
    (MEETING, "why 1 too-slow", lambda loss: asked(loss, real=TOLD)),
    (LOGGED, "touch 1 hello", touched),
    (TOLD_WHY, "touch 1 hello --also save", lambda loss: touched(loss, also=("save",))),
    (AT_REST, "touch 1 hello", touched),
    (OVER, "touch 1 hello", touched),
    (LOGGED, "meet 1 friday 10am", met),
    (
        LOGGED,
        "meet 1 friday 10am --marked --minutes 45 --where 'Pier 3'",
        lambda loss: met(loss, marked=True, minutes=45, where="Pier 3"),
    ),
    (MEETING, "meet 1 friday 10am", met),
    (AT_REST, "meet 1 friday 10am", met),
    (LOGGED, "snooze 1", lambda loss: at().snooze(loss)),
    (
        LOGGED,
        "snooze 1 2026-11-28",
        lambda loss: at().snooze(loss, When(SATURDAY)),
    ),
    (MEETING, "snooze 1 friday 10am", lambda loss: at().snooze(loss, FRIDAY)),
    (AT_REST, "snooze 1", lambda loss: at().snooze(loss)),
    (OVER, "snooze 1 friday 10am", lambda loss: at().snooze(loss, FRIDAY)),
    (LOGGED, "skip 1", lambda loss: at().skip(loss)),
    (MEETING, "skip 1", lambda loss: at().skip(loss)),
    (LOGGED, "referral 1 Bea Kim 555-0177", bea),
    (LOGGED, "referral 1 Bea Kim 555-0177 --on yesterday", lambda loss: bea(loss, YESTERDAY)),
    (
        LOGGED,
        "won 1 9500 --note 'the lease'",
        lambda loss: at().won(loss, Money(950_000, "USD"), "the lease"),
    ),
    (AT_REST, "won 1", lambda loss: at().won(loss)),
    (LOGGED, "move-on 1", lambda loss: at().move_on(loss)),
    (
        MEETING,
        "move-on 1 no hope --on yesterday",
        lambda loss: at(YESTERDAY).move_on(loss, "no hope"),
    ),
]


@pytest.mark.parametrize(
    ("before", "command", "act"), CASES, ids=[f"{at}-{case[1]}" for at, case in enumerate(CASES)]
)
def test_an_act_makes_what_its_command_keeps(run, kept, before, command, act):
    for line in before:
        run(line)
    loss = kept()
    made = act(loss)
    run(command)
    assert plain(made) == plain(kept())
    assert made != loss


@pytest.mark.parametrize(("before", "act"), [(before, act) for before, _, act in CASES])
def test_an_act_alone_keeps_nothing_and_says_the_same_twice(run, db, kept, before, act):
    for line in before:
        run(line)
    bytes_before, loss = db.read_bytes(), kept()
    assert plain(act(loss)) == plain(act(loss))
    assert loss == kept()
    assert db.read_bytes() == bytes_before


LOSS = Loss(1, "u", "Acme", date(2026, 11, 20))
DATED = {
    "done": lambda loss, day: done(loss, day=day),
    "tried": lambda loss, day: tried(loss, day=day),
    "asked": lambda loss, day: at(day).why(loss, {"real": TOLD}),
    "touched": lambda loss, day: touched(loss, day=day),
    "referred": bea,
    "won": lambda loss, day: at(day).won(loss),
    "rested": lambda loss, day: at(day).move_on(loss),
}


@pytest.mark.parametrize("act", DATED.values(), ids=DATED)
def test_nothing_was_done_before_the_loss(act):
    loss = met(LOSS)
    with pytest.raises(BadInput, match="2026-11-19 is before the loss, on 2026-11-20"):
        act(loss, date(2026, 11, 19))
    assert act(loss, loss.lost_on) != loss


@pytest.mark.parametrize("act", DATED.values(), ids=DATED)
def test_today_is_never_before_a_loss_that_another_program_put_ahead(act):
    loss = met(LOSS._replace(lost_on=date(2026, 12, 24)))
    assert act(loss, TODAY) != loss
    with pytest.raises(BadInput, match="is before the loss"):
        act(loss, YESTERDAY)


def test_an_appointment_that_was_held_keeps_whether_it_was_marked():
    (entry,) = done(met(LOSS, marked=True), note="fine").contacts
    assert entry._replace(uid="") == Contact("", "meet", TODAY, True, True, "fine")


def test_each_entry_has_an_identity_of_its_own():
    loss = done(met(LOSS), also=("thanks", "referral"))
    assert [entry.kind for entry in loss.contacts] == ["meet", "thanks", "referral"]
    assert len({entry.uid for entry in loss.contacts}) == 3
    assert done(met(LOSS)).contacts[0].uid != done(met(LOSS)).contacts[0].uid

"""A lost sale and its parts, as frozen records, and what can be told from one alone. No rules of
the plan."""

import os
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Literal, TypedDict, get_args

from lostsale.domain.money import Money
from lostsale.domain.reasons import Reason, Vocabulary, WeaknessCode
from lostsale.later import NamedTuple

Outcome = Literal["competitor", "no-decision", "cancelled", "unknown", "mistake"]
Kind = Literal["why", "save", "thanks", "referral", "touch", "meet", "renew"]  # of a step
StepKind = Literal[Kind, "rest"]
ContactKind = Literal[StepKind, "note"]
RealSource = Literal["told", "heard"]  # by the prospect, from someone else
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
KINDS: tuple[Kind, ...] = get_args(Kind)
ATTEMPTS = frozenset({"save", "touch", "meet", "renew"})
DEAD = "dead"  # a way in that says there is honestly none
NOBODY = "nobody"  # got the order: they decided against buying
# Where the plan has no step left: from the day of this step on, the loss is ready to close.
REST: Literal["rest"] = "rest"
RENEW: Literal["renew"] = "renew"  # what binds them comes up again
SEEN_TO = tuple(kind for kind in KINDS if kind != RENEW)  # what may be done at the same time
AFTER_WIN = "-won"  # ends the keys of the steps after a win


class Real(NamedTuple):
    """What asking brought: the real reason, told by the prospect or heard from someone else, and
    since when it is known; `source` and `code` are None when they would not say. `found` as in
    Reason."""

    asked_on: date
    code: str | None = None
    words: str | None = None
    source: RealSource | None = None
    on: date | None = None
    found: bool | None = None


class Step(NamedTuple):
    """The one next thing to do. `plan_step` is the plan's step that is open, or that waits behind
    this one; `tries` counts the unanswered tries at it. Of an appointment `marked` says whether
    they wrote it down, `minutes` how long it takes, and `where` it is."""

    kind: StepKind
    on: date
    time: str | None = None
    plan_step: str = REST
    marked: bool | None = None
    tries: int = 0
    minutes: int | None = None
    where: str | None = None


class Win(NamedTuple):
    """The sale that was made after all. Without a `money` of its own it is worth what was lost."""

    on: date
    money: Money | None = None
    note: str | None = None


class Again(NamedTuple):
    """When what binds them comes up, or they decide again; `what` that is: a lease, a contract."""

    on: date
    what: str | None = None


class Contact(NamedTuple):
    """A thing done about a loss. `answered` is None where the question makes no sense, and of an
    appointment where nobody noted what came of it."""

    uid: str
    kind: ContactKind
    on: date
    answered: bool | None = None
    marked: bool | None = None
    note: str | None = None


class Referral(NamedTuple):
    """A name that the prospect gave: a lead, until it's called, with that `result`, or dropped."""

    uid: str
    name: str
    on: date
    phone: str | None = None
    email: str | None = None
    note: str | None = None
    called_on: date | None = None
    dropped_on: date | None = None
    result: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to be called."""
        return not (self.called_on or self.dropped_on)


class Source(NamedTuple):
    """Where an imported loss came from: the program, and its id of the record."""

    system: str
    record: str | None


class Loss(NamedTuple):
    """One lost deal. `number` belongs to this file and is None until the loss is kept; `uid` is the
    same everywhere. `given_outcome` and `given_weakness` are what the user said, where `outcome`
    and `weakness` would follow otherwise. `planned` is the step as it is in the journal: ask
    `step` for what is open. `logged_at` is UTC (ISO, microseconds)."""

    number: int | None
    uid: str
    prospect: str
    lost_on: date
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    product: str | None = None
    money: Money | None = None
    stage: str | None = None
    given_outcome: Outcome | None = None
    lost_to: str | None = None
    said: Reason | None = None
    signals: tuple[str, ...] = ()
    guess: Reason | None = None
    real: Real | None = None
    way_in: str | None = None
    given_weakness: WeaknessCode | None = None
    lesson: str | None = None
    note: str | None = None
    planned: Step | None = None
    won: Win | None = None
    rested_on: date | None = None
    logged_at: str | None = None
    source: Source | None = None
    again: Again | None = None
    contacts: tuple[Contact, ...] = ()
    referrals: tuple[Referral, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """How it ended: as given, else what follows from who got the order."""
        implied: Outcome = "unknown" if self.lost_to is None else "competitor"
        if self.lost_to == NOBODY:
            implied = "no-decision"
        return self.given_outcome or implied

    @property
    def is_mistake(self) -> bool:
        """Whether it never was a real deal, and counts nowhere."""
        return self.outcome == "mistake"

    @property
    def step(self) -> Step | None:
        """The open step; none once the loss is a mistake or through with the plan. Once it is won
        or at rest, only what comes after that: the steps after a win, and what comes up again."""
        step = self.planned
        if step is None or step.kind == REST or self.is_mistake:
            return None
        comes_after = step.kind == RENEW or step.plan_step.endswith(AFTER_WIN)
        end = self.ended_on
        return step if end is None or (comes_after and step.on > end) else None

    @property
    def ended_on(self) -> date | None:
        """The day on which the loss was won back or put at rest."""
        return self.won.on if self.won else self.rested_on

    @property
    def is_dead(self) -> bool:
        """Whether the user sees no way back in."""
        return (self.way_in or "").casefold() == DEAD

    @property
    def reason(self) -> str | None:
        """The code of the real reason, else of the guess."""
        if self.real and self.real.code:
            return self.real.code
        return self.guess.code if self.guess else None

    def weakness(self, vocabulary: Vocabulary) -> WeaknessCode | None:
        """Return what the reason shows about us, as given or as the code has it; None for
        nothing."""
        weakness = self.given_weakness or vocabulary.weakness_of.get(self.reason or "")
        return None if weakness == "none" else weakness

    @property
    def won_money(self) -> Money | None:
        """What the win is worth, if the loss is won and an amount is known."""
        return (self.won.money or self.money) if self.won else None


class LossParts(TypedDict, total=False):
    """Parts of a Loss that a command has read: what `Loss._replace` takes."""

    prospect: str
    lost_on: date
    contact: str | None
    email: str | None
    phone: str | None
    product: str | None
    money: Money | None
    stage: str | None
    given_outcome: Outcome | None
    lost_to: str | None
    said: Reason | None
    signals: tuple[str, ...]
    guess: Reason | None
    real: Real | None
    way_in: str | None
    given_weakness: WeaknessCode | None
    lesson: str | None
    note: str | None
    planned: Step | None
    won: Win | None
    rested_on: date | None
    source: Source | None
    again: Again | None
    contacts: tuple[Contact, ...]
    referrals: tuple[Referral, ...]


def uid_of(source: Source) -> str:
    """Return the identity of what is a record of another program, the same wherever it is
    imported."""
    return str(_sha256()(f"{source.system}\0{source.record}".encode()).hexdigest())[:24]


@cache  # looking for it each time takes longer than the hash
def _sha256() -> Callable[[bytes], Any]:
    from hashlib import sha256  # what is logged by hand needs none

    return sha256


def is_over(step: Step, today: date) -> bool:
    """Whether a step is an appointment on a day that has passed. Trying to reach them after it
    isn't one."""
    return step.kind == "meet" and step.marked is not None and step.on < today


def unnoted(loss: Loss, meeting: Step) -> Contact:
    """Return the entry for an appointment of which nobody noted what came of it: the same one
    whenever it is made."""
    uid = uid_of(Source(loss.uid, meeting.on.isoformat()))
    return Contact(uid, "meet", meeting.on, None, meeting.marked)


def new_uid() -> str:
    """Return an identity that nothing else has, in any journal."""
    return os.urandom(12).hex()


def read_contact(text: str) -> tuple[str | None, str | None, str | None]:
    """Return the name, e-mail and phone that `"Ana Ruiz 555-0134 x12 a@b.c"` holds, None for what
    it lacks. A company (`Dave at Lakeside Title`) and a second e-mail stay with the name."""
    name: list[str] = []
    phone: list[str] = []
    email = None
    for word in filter(None, text.split(" ")):
        if re.fullmatch("[^@]+@[^@]+", word) and not email:
            email = word.strip("<>,;")
        elif re.fullmatch(r"[+(]*[0-9][0-9()./+-]*(?:x[0-9]+)?[,;]?", word) or (
            phone and re.fullmatch("(?:ext[.]?|extension|x|#)[0-9]*[,;]?", word.lower())
        ):
            phone.append(word.rstrip(",;"))
        else:
            name.append(word)
    return " ".join(name).rstrip(",;") or None, email, " ".join(phone) or None

"""A lost sale and its parts, as frozen records, and what can be told from one alone. No rules of
the plan."""

import os
import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from lostsale.domain.money import Money
from lostsale.domain.reasons import WEAKNESS_OF, Reason

OUTCOMES = ("competitor", "no-decision", "cancelled", "unknown", "mistake")
KINDS = ("why", "save", "thanks", "referral", "touch", "meet")
ATTEMPTS = frozenset({"save", "touch", "meet"})
DEAD = "dead"  # a way in that says there is honestly none
NOBODY = "nobody"  # got the order: they decided against buying
REST = "rest"  # stands where the plan has no step left: from its day on the loss is ready to rest


class Real(NamedTuple):
    """What asking brought: the real reason, told by the prospect or heard from someone else, and
    since when it is known; `source` is told or heard, and None, as `code` is, when they would not
    say."""

    asked_on: date
    code: str | None = None
    words: str | None = None
    source: str | None = None
    on: date | None = None


class Step(NamedTuple):
    """The one next thing to do. `plan_step` is the plan's step that is open, or that waits behind
    this one; `tries` counts the unanswered tries at it. Of an appointment `marked` says whether
    they wrote it down, `minutes` how long it takes, and `where` it is."""

    kind: str
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


class Contact(NamedTuple):
    """A thing done about a loss. `answered` is None where the question makes no sense."""

    uid: str
    kind: str
    on: date
    answered: bool | None = None
    marked: bool | None = None
    note: str | None = None


class Referral(NamedTuple):
    """A name that the prospect gave."""

    uid: str
    name: str
    on: date
    phone: str | None = None
    email: str | None = None
    note: str | None = None


class Source(NamedTuple):
    """Where an imported loss came from: the program, and its id of the record."""

    system: str
    record: str | None


class Loss(NamedTuple):
    """One lost deal. `number` belongs to this file and is None until the loss is kept; `uid` is the
    same everywhere. `given_outcome` and `given_weakness` are what the user said, where `outcome`
    and `weakness` would follow otherwise. `planned` is the step as it stands in the journal: ask
    `step` for what is open. `logged_at` is UTC (ISO, microseconds). `weakness_of` says what each
    code shows in this journal."""

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
    given_outcome: str | None = None
    lost_to: str | None = None
    said: Reason | None = None
    signals: tuple[str, ...] = ()
    guess: Reason | None = None
    real: Real | None = None
    way_in: str | None = None
    given_weakness: str | None = None
    lesson: str | None = None
    note: str | None = None
    planned: Step | None = None
    won: Win | None = None
    rested_on: date | None = None
    logged_at: str | None = None
    source: Source | None = None
    contacts: tuple[Contact, ...] = ()
    referrals: tuple[Referral, ...] = ()
    weakness_of: Mapping[str, str] = WEAKNESS_OF

    @property
    def outcome(self) -> str:
        """How it ended: as given, else what follows from who got the order."""
        implied = {None: "unknown", NOBODY: "no-decision"}.get(self.lost_to, "competitor")
        return self.given_outcome or implied

    @property
    def is_mistake(self) -> bool:
        """Whether it never was a real deal, and counts nowhere."""
        return self.outcome == "mistake"

    @property
    def step(self) -> Step | None:
        """The open step; none once the loss is won, at rest, a mistake, or through with the
        plan."""
        closed = self.won or self.rested_on or self.is_mistake
        return self.planned if self.planned and self.planned.kind != REST and not closed else None

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

    @property
    def weakness(self) -> str | None:
        """What the reason shows about us, as given or as the code has it; None for nothing."""
        weakness = self.given_weakness or self.weakness_of.get(self.reason or "")
        return None if weakness == "none" else weakness

    @property
    def won_money(self) -> Money | None:
        """What the win is worth, if the loss is won and an amount is known."""
        return (self.won.money or self.money) if self.won else None


class Deed(NamedTuple):
    """Something that was done: when (UTC, ISO, microseconds), by which command, and a loss before
    (None for a new one) and after it."""

    at: str
    command: str
    before: Loss | None
    after: Loss


def uid_of(source: Source) -> str:
    """Return the identity of the loss that is a record of another program, the same wherever it is
    imported."""
    from hashlib import sha256  # what is logged by hand has none

    return sha256(f"{source.system}\0{source.record}".encode()).hexdigest()[:24]


def new_uid() -> str:
    """Return an identity that nothing else has, in any journal."""
    return os.urandom(12).hex()


def folded(name: str) -> str:
    """Return a name as names are compared: in any case, width and spacing."""
    from unicodedata import normalize  # no daily command needs it

    return " ".join(normalize("NFKC", name).casefold().split())


def read_contact(text: str) -> tuple[str | None, str | None, str | None]:
    """Return the name, e-mail and phone that `"Ana Ruiz 555-0134 a@b.c"` holds, None for what it
    lacks."""
    name, phone, email = [], [], None
    for word in filter(None, text.split(" ")):
        if re.fullmatch("[^@]+@[^@]+", word) and not email:
            email = word.strip("<>,;")
        elif re.fullmatch(r"[+(]*[0-9][0-9()./+-]*,?", word):
            phone.append(word.rstrip(","))
        else:
            name.append(word)
    return " ".join(name).rstrip(",") or None, email, " ".join(phone) or None

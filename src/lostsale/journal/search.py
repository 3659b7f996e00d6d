"""Choosing losses by what is known of them, and finding words anywhere in them. Apart from the
other queries, which run every day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from lostsale.domain.columns import TEXTS
from lostsale.domain.due import cold_before
from lostsale.domain.loss import Referral
from lostsale.domain.money import thousandths
from lostsale.domain.names import LOCAL, digits, folded, matches
from lostsale.domain.periods import Period
from lostsale.domain.reasons import OTHER
from lostsale.domain.workdays import Workdays
from lostsale.journal.queries import COLD, READY, ends
from lostsale.journal.rows import referral_of
from lostsale.journal.store import Journal

# What comes first; of equals the newest. Numbers belong to the file, so what leaves it is in an
# order of its own.
OUTWARD = "outward"
ORDERS = {
    "date": "lost_on DESC, number DESC",
    "amount": "amount IS NULL, thousandths(amount, currency) DESC, lost_on DESC, number DESC",
    "prospect": "folded(prospect), lost_on DESC, number DESC",
    OUTWARD: "lost_on, logged_at, uid",
}
STATES = {
    "open": "won_on IS NULL AND rested_on IS NULL",
    "won": "won_on IS NOT NULL",
    "at rest": "rested_on IS NOT NULL AND won_on IS NULL",
    "not asked": "asked_on IS NULL",
    "cold": COLD,
    "ready": READY,
}
_REASON = "coalesce(real_code, guess_code)"
_CODES = {
    "said": "said_code = :said",
    "reason": f"{_REASON} = :reason",
    "weakness": f"shows(weakness, {_REASON}) = :weakness",
}
_TEXTS = f"""
    {", ".join(TEXTS)}, said_code, said_words, guess_code, guess_words, real_code, real_words,
    iif(signals = '[]', NULL, (SELECT group_concat(value, char(10)) FROM json_each(signals))),
    next_where, won_note, source_record,
    (SELECT group_concat(note, char(10)) FROM contacts WHERE loss = losses.uid),
    (SELECT group_concat(name || char(10) || coalesce(phone, '') || char(10) || coalesce(email, '')
                         || char(10) || coalesce(note, ''), char(10))
     FROM referrals WHERE loss = losses.uid)
"""


class Wanted(NamedTuple):
    """Which losses are wanted: all that is set must hold. `states` are open, won, at rest, not
    asked, cold or ready; `said`, `reason` and `weakness` are codes; then come words of a name;
    `mistakes` says whether those are wanted, too."""

    period: Period
    states: tuple[str, ...] = ()
    said: str | None = None
    reason: str | None = None
    weakness: str | None = None
    lost_to: str | None = None
    prospect: str | None = None
    product: str | None = None
    mistakes: bool = False


class Given(NamedTuple):
    """A referral, and the loss whose prospect gave it."""

    referral: Referral
    number: int
    prospect: str


def chosen(
    journal: Journal, wanted: Wanted, today: date, workdays: Workdays, order: str = "date"
) -> Iterator[int]:
    """Yield the numbers of the losses that are wanted, in one of ORDERS, as they are met."""
    vocabulary = journal.vocabulary

    def shows(given: str | None, reason: str | None) -> str:
        return given or vocabulary.weakness_of.get(reason or "", "none")

    for name, arguments, function in (
        ("fits", 2, _fits),
        ("thousandths", 2, thousandths),
        ("shows", 2, shows),
        ("folded", 1, folded),
    ):
        journal.connection.create_function(name, arguments, function, deterministic=True)
    names = [name for name in ("lost_to", "prospect", "product") if getattr(wanted, name)]
    conditions = [
        "lost_on BETWEEN :start AND :end",
        *(() if wanted.mistakes else ("outcome IS NOT 'mistake'",)),
        *(STATES[state] for state in wanted.states),
        *(condition for code, condition in _CODES.items() if getattr(wanted, code)),
        *(f"fits({name}, :{name})" for name in names),
    ]
    start, end = ends(wanted.period)
    for (number,) in journal.connection.execute(
        f"SELECT number FROM losses WHERE {' AND '.join(conditions)} ORDER BY {ORDERS[order]}",
        {
            **wanted._asdict(),
            "start": start,
            "end": end,
            "today": today.isoformat(),
            "cold": cold_before(today, workdays).isoformat(),
        },
    ):
        yield number


def found(journal: Journal, words: list[str]) -> Iterator[int]:
    """Yield the numbers of the losses that hold all the words, in any case and anywhere, the
    newest first, as they are met."""
    wanted = [word.casefold() for word in words]
    names = [folded(word) if word.isalnum() else "" for word in words]  # obrien for O'Brien
    numbers = [digits(word) if len(digits(word)) >= LOCAL else "" for word in words]
    ways = list(zip(wanted, names, numbers, strict=True))

    def holds(*texts: str | None) -> bool:
        present = [text for text in texts if text]
        whole = "\n".join(present).casefold()
        return all(
            word in whole
            or (name and any(name in folded(text) for text in present))
            or (number and any(number in digits(text) for text in present))
            for word, name, number in ways
        )

    journal.connection.create_function("holds", -1, holds, deterministic=True)
    for (number,) in journal.connection.execute(
        f"SELECT number FROM losses WHERE holds({_TEXTS}) ORDER BY lost_on DESC, number DESC"
    ):
        yield number


Counts = dict[str, Counter[str]]  # of said and real: how many losses


def lost_by_reason(journal: Journal) -> tuple[Counts, Counts]:
    """Count the losses under each code of today, and those under no code but other by their words:
    `said` and `real` (else guessed), mistakes left out."""
    codes: Counts = {"said": Counter(), "real": Counter()}
    other: Counts = {"said": Counter(), "real": Counter()}
    for kind, code, words in (
        ("said", "said_code", "said_words"),
        (
            "real",
            _REASON,
            "iif(real_code IS NULL, guess_words, real_words)",
        ),
    ):
        for name, text, lost in journal.connection.execute(
            f"SELECT {code} AS code, {words} AS words, count(*) FROM losses"
            " WHERE outcome IS NOT 'mistake' AND code IS NOT NULL GROUP BY 1, 2"
        ):
            codes[kind][name] += lost
            if name == OTHER and text:
                other[kind][text] += lost
    return codes, other


def referrals(journal: Journal) -> list[Given]:
    """Return all referrals, the newest first."""
    return [
        Given(referral_of(row), row["number"], row["prospect"])
        for row in journal.connection.execute(
            "SELECT referrals.*, number, prospect FROM referrals"
            " JOIN losses ON losses.uid = referrals.loss"
            " ORDER BY given_on DESC, referrals.at DESC, place DESC"
        )
    ]


def _fits(name: str | None, words: str) -> bool:
    return matches(folded(words).split(), name)

"""Choosing losses by their fields, and searching them for words. Kept out of `queries`, which
every daily command loads."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from lostsale.domain.columns import REASON_COLUMNS, TEXTS
from lostsale.domain.loss import Referral
from lostsale.domain.money import thousandths
from lostsale.domain.names import LOCAL, digits, folded, matches
from lostsale.domain.periods import Period
from lostsale.domain.reasons import OTHER, TextKind
from lostsale.journal.queries import COLD, READY, ends
from lostsale.journal.rows import REFERRAL, referral_of
from lostsale.journal.store import Store
from lostsale.later import NamedTuple

if TYPE_CHECKING:
    from lostsale.domain.results import Reread

# Ties go to the newest. Numbers belong to the file, so an export has an order without them.
OUTWARD = "outward"
SORT_ORDERS = {
    "date": "lost_on DESC, number DESC",
    "again": "again_on, number",
    "amount": "amount IS NULL, thousandths(amount, currency) DESC, lost_on DESC, number DESC",
    "won": "thousandths(coalesce(won_amount, amount), coalesce(won_currency, currency)) DESC,"
    " won_on DESC, number DESC",
    "prospect": "folded(prospect), lost_on DESC, number DESC",
    OUTWARD: "lost_on, logged_at, uid",
}
STATES = {
    "open": "won_on IS NULL AND rested_on IS NULL",
    "won": "won_on IS NOT NULL",
    "at rest": "rested_on IS NOT NULL AND won_on IS NULL",
    "not asked": "asked_on IS NULL",
    "cold": f"number IN (SELECT number FROM turns WHERE {COLD})",
    "ready": f"number IN (SELECT number FROM turns WHERE {READY})",
}
_REASON = "coalesce(real_code, guess_code)"
_CODES = {
    "said": "said_code = :said",
    "reason": f"{_REASON} = :reason",
    "weakness": f"shows(weakness, {_REASON}) = :weakness",
}


def _lines(*texts: str) -> str:
    """Return the SQL for texts, of which some may be null, below one another."""
    return f"printf('{chr(10).join(['%s'] * len(texts))}', {', '.join(texts)})"


_GIVEN = _lines("name", "phone", "email", "note", "result")
_OWN = _lines(
    *(*TEXTS, "said_code", "said_words", "guess_code", "guess_words", "real_code"),
    *("real_words", "next_where", "won_note", "source_record"),
    "iif(signals = '[]', '', (SELECT group_concat(value, char(10)) FROM json_each(signals)))",
)
_LONG = 500  # letters of all words, as neither an expression of SQLite nor a pattern may be long
_BESIDE = f"""
    (SELECT group_concat(note, char(10)) FROM contacts WHERE loss = losses.uid),
    (SELECT group_concat({_GIVEN}, char(10)) FROM referrals WHERE loss = losses.uid)
"""


class Wanted(NamedTuple):
    """Which losses are wanted: all that is set must hold. `states` are keys of STATES; `said`,
    `reason` and `weakness` are codes; `lost_to`, `prospect` and `product` are words of the name;
    `mistakes` lets those in, too. If `again`, what comes up again in the period, or from today on
    if that is all of time."""

    period: Period
    states: tuple[str, ...] = ()
    said: str | None = None
    reason: str | None = None
    weakness: str | None = None
    lost_to: str | None = None
    prospect: str | None = None
    product: str | None = None
    mistakes: bool = False
    again: bool = False


class Given(NamedTuple):
    """A referral, its number among all in the order in which they were written down, and the loss
    whose prospect gave it."""

    number: int
    referral: Referral
    loss: int
    prospect: str


def chosen(journal: Store, wanted: Wanted, today: date, order: str = "date") -> Iterator[int]:
    """Yield the numbers of the losses that are wanted, in one of SORT_ORDERS, while they are being
    found."""
    weakness_of = journal.vocabulary.weakness_of if wanted.weakness else {}

    def shows(given: str | None, reason: str | None) -> str:
        return given or weakness_of.get(reason or "", "none")

    for name, arguments, function in (
        ("fits", 2, _fits),
        ("thousandths", 2, thousandths),
        ("shows", 2, shows),
        ("folded", 1, folded),
    ):
        journal.connection.create_function(name, arguments, function, deterministic=True)
    names = [name for name in ("lost_to", "prospect", "product") if getattr(wanted, name)]
    conditions = [
        f"{'again_on' if wanted.again else 'lost_on'} BETWEEN :start AND :end",
        *(() if wanted.mistakes else ("outcome IS NOT 'mistake'",)),
        *(STATES[state] for state in wanted.states),
        *(condition for code, condition in _CODES.items() if getattr(wanted, code)),
        *(f"fits({name}, :{name})" for name in names),
    ]
    start, end = ends(wanted.period)
    if wanted.again and wanted.period.unit == "all":
        start = today.isoformat()
    for (number,) in journal.connection.execute(
        f"SELECT number FROM losses WHERE {' AND '.join(conditions)} ORDER BY {SORT_ORDERS[order]}",
        {
            **wanted._asdict(),
            "start": start,
            "end": end,
            "today": today.isoformat(),
        },
    ):
        yield number


def found(journal: Store, words: list[str]) -> Iterator[int]:
    """Yield the numbers of the losses that hold all the words, anywhere, in any case, with accents
    or without, newest first, while they are being found."""
    wanted, plain = [word.casefold() for word in words], [*map(folded, words)]
    numbers = [digits(word) if len(digits(word)) >= LOCAL else "" for word in words]
    are_ascii = "".join(words).isascii()

    def holds(own: str, *beside: str | None) -> bool:
        whole = "\n".join(filter(None, (own, *beside))) if beside else own
        cased = whole.casefold()
        for word in wanted:  # all() takes twice as long
            if word not in cased:
                break
        else:
            return True
        if all(numbers) and all(number in digits(whole) for number in numbers):
            return True
        if are_ascii and whole.isascii():
            return False  # which is quicker to see
        whole = folded(whole)
        return all(word in whole for word in plain)

    execute = journal.connection.execute
    journal.connection.create_function("holds", -1, holds, deterministic=True)
    # Contacts and referrals are gone through once, and those of a loss read only where one of them
    # has one of the words, or may have it in another form.
    # LIKE is by far the fastest; a sign of its own in a word finds too many at worst.
    speaks = " OR ".join(["{0} LIKE ?"] * len(words))
    speaks += " OR length({0}) <> length(CAST({0} AS BLOB))"
    is_read = not are_ascii or all(numbers) or len(" ".join(words)) > _LONG
    if is_read:
        speaks = "{0} IS NOT NULL"
    execute("DROP TABLE IF EXISTS temp.beside")
    execute("CREATE TEMP TABLE beside (loss TEXT PRIMARY KEY) WITHOUT ROWID")
    for table, text in (("contacts", "note"), ("referrals", _GIVEN)):
        which = speaks.format(f"({text})")
        execute(
            f"INSERT OR IGNORE INTO beside SELECT loss FROM {table} WHERE {which}",
            () if is_read else [f"%{word}%" for word in wanted],
        )
    for (number,) in execute(
        f"SELECT number FROM losses WHERE CASE WHEN uid IN beside THEN holds({_OWN}, {_BESIDE})"
        f" ELSE holds({_OWN}) END ORDER BY lost_on DESC, number DESC"
    ):
        yield number


Counts = dict[str, Counter[str]]  # of said and real: how many losses


def lost_by_reason(journal: Store) -> tuple[Counts, Counts]:
    """Count the losses under each code, and those under `other` by their words: of what was said,
    and of the real reason, else the guess. Mistakes don't count."""
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


def reread_reasons(
    journal: Store, reads: "Callable[[TextKind, str], str]", *, keep: bool
) -> "list[Reread]":
    """Return the reasons whose code was found in their words, and would be another one today, the
    most frequent first; `keep` these codes, as one change. `reads` gives the code of words."""
    from lostsale.domain.results import Reread  # only `reasons reread` needs one

    resolve, changed = journal.vocabulary.resolve, []
    with journal.change("reasons reread", keep=keep) as change:
        for (kind, code_of, words_of, found), name in zip(REASON_COLUMNS, _NAMES, strict=True):
            which = f"{found} AND {words_of} IS NOT NULL"
            for code, words, lost in journal.connection.execute(
                f"SELECT {code_of}, {words_of}, count(*) FROM losses WHERE {which} GROUP BY 1, 2"
            ).fetchall():
                read = reads(name, words)
                if (now := resolve(kind, read, words, found=True)) == code:
                    continue
                changed.append(Reread(name, words, code, now, lost))
                of = f"{which} AND {code_of} = ? AND {words_of} = ?"
                numbers = journal.connection.execute(
                    f"SELECT number FROM losses WHERE {of}", (code, words)
                ).fetchall()
                for losses in journal.portions([number for (number,) in numbers] if keep else []):
                    for loss in losses:
                        reason = getattr(loss, name)._replace(code=read, found=True)
                        change.save(loss, loss._replace(**{name: reason}))
    return sorted(changed, key=lambda one: -one.lost)


_NAMES: tuple[TextKind, ...] = ("said", "guess", "real")  # in the order of REASON_COLUMNS


def all_referrals(journal: Store) -> list[Given]:
    """Return all referrals: those to be called, then the others, the newest first."""
    given = [
        Given(lead, referral_of(row), number, prospect)
        for lead, number, prospect, *row in journal.connection.execute(
            "SELECT row_number() OVER (ORDER BY referrals.at, place, referrals.uid) AS lead,"
            f" number, prospect, {REFERRAL} FROM referrals JOIN losses ON losses.uid = loss"
            " ORDER BY given_on DESC, referrals.at DESC, place DESC"
        )
    ]
    return sorted(given, key=lambda one: not one.referral.is_open)


def _fits(name: str | None, words: str) -> bool:
    return matches(folded(words).split(), name)

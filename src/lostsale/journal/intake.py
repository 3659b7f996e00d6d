"""Taking in many losses as one change: what another program knows, or an export of lostsale.

Another program's are laid out in a temporary table first, so that SQL finds which are there already
and writes the new ones: what grows with the file lies on the disk.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from lostsale.domain.loss import Loss, new_uid, uid_of
from lostsale.domain.money import thousandths
from lostsale.domain.names import folded
from lostsale.domain.plan import Plan, opened
from lostsale.domain.reasons import Code
from lostsale.journal import rows
from lostsale.journal.changes import NOT_UNDONE, Value, group_of, imported, whole_groups
from lostsale.journal.store import Change, Store, check_text

_OWN = "import of an export"  # the change that takes one in: no other program tells it
_USUAL = 10_000  # characters of what is told of a loss, whose texts need not be measured
_FITS_WITHIN = 7  # days between what was logged by hand and what the other program says
# What another program can tell of a loss.
_TOLD = (
    *("prospect", "contact", "email", "phone", "product", "amount", "currency", "lost_on"),
    *("stage", "outcome", "lost_to", "signals", "guess_code", "guess_words", "guess_found", "note"),
    *("source_system", "source_record"),
)
_STEP = group_of("next_kind")
_COLUMNS = (*_TOLD, *_STEP)
_INCOMING = f"""
    CREATE TEMP TABLE incoming (
        place INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        prospect_key TEXT NOT NULL,
        loss TEXT, -- uid of the loss in the journal that it is, null while it is none
        is_linked INTEGER NOT NULL DEFAULT 0,
        is_known INTEGER NOT NULL DEFAULT 0, -- new, and changes that wait for it are kept
        {", ".join(_COLUMNS)}
    )
"""


class Taken(NamedTuple):
    """How many losses were new; were there and changed; were there already, or twice in the file;
    were found among those logged by hand; and are forgotten, and not brought back. And how many
    first steps were opened."""

    added: int
    updated: int
    duplicates: int
    linked: int
    steps: int
    forgotten: int


class FollowUp(NamedTuple):
    """How the first steps of losses without one are opened: so many a working day, from today."""

    plan: Plan
    today: date
    portion: int


def take_in(
    journal: Store,
    losses: Iterable[Loss],
    follow_up: FollowUp | None = None,
    settings: Mapping[str, str] | None = None,
    reasons: Iterable[Code] = (),
    *,
    keep: bool,
) -> Taken:
    """Take in losses that have a source, all or none; those that are there already are brought up
    to date, but for what was changed by hand. `settings` and `reasons` are kept with them.
    Where `keep` is false only say what would come of it.

    Raises BadInput for a text that can't be kept.
    """
    execute = journal.connection.execute
    execute(_INCOMING)
    try:
        twice = _lay_out(journal, losses)
        with journal.change("import", by_hand=False, keep=keep) as change:
            forgotten = execute(
                "DELETE FROM incoming WHERE uid IN (SELECT uid FROM forgotten)"
            ).rowcount
            _recognise(journal)
            linked = _link(journal)
            steps = _open_steps(journal, follow_up) if follow_up else 0
            updated = _update(journal, change)
            _bring_back(journal, change)
            new, there = execute(
                "SELECT count(*) - count(loss), count(loss) FROM incoming"
            ).fetchone()
            if new:
                change.bulk(*_new(journal))
            for key, value in (settings or {}).items():
                change.set(key, value)
            for code in reasons:
                change.name(code)
    finally:
        execute("DROP TABLE incoming")
    return Taken(new, updated, there - updated - linked + twice, linked, steps, forgotten)


def take_in_export(
    journal: Store,
    losses: Iterable[Loss],
    settings: Mapping[str, str],
    reasons: Iterable[Code],
    *,
    keep: bool,
) -> Taken:
    """Take in what another journal, or this one, wrote down whole: losses that are not there yet,
    settings and reasons that are not set. Nothing that is there is changed.

    Raises BadInput for a text that can't be kept.
    """
    new = there = forgotten = 0
    with journal.change(_OWN, by_hand=False, keep=keep) as change:
        known = _Known(journal)
        for loss in losses:
            if known.is_forgotten(loss):
                forgotten += 1
            elif known.has(loss):
                there += 1
            else:
                new += 1
                change.save(None, known.with_own_entries(loss))
        set_already = journal.kept_settings()
        named_already = {code.code for code in journal.own_reasons()}
        for key, value in settings.items():
            if key not in set_already:
                change.set(key, value)
        for code in reasons:
            if code.code not in named_already:
                change.name(code)
    return Taken(new, 0, there, 0, 0, forgotten)


class _Known:
    """Which losses are there, by their uid and their record, and which nothing may bring back; and
    to which loss each of their entries belongs."""

    def __init__(self, journal: Store) -> None:
        execute = journal.connection.execute
        self._forgotten = {uid for (uid,) in execute("SELECT uid FROM forgotten")}
        self._uids = {uid for (uid,) in execute("SELECT uid FROM losses")}
        found = execute("SELECT source_system, source_record FROM losses")
        self._records = {tuple(record) for record in found}
        found = execute("SELECT row, subject FROM changed WHERE kind IN ('contact', 'referral')")
        self._loss_of: dict[str, str] = dict(map(tuple, found))
        self._given: set[str] = set()

    def is_forgotten(self, loss: Loss) -> bool:
        """Whether a loss is forgotten, or the record that it is."""
        record = loss.source and loss.source.record and uid_of(loss.source)
        return loss.uid in self._forgotten or record in self._forgotten

    def has(self, loss: Loss) -> bool:
        """Whether a loss is there; from now on it is."""
        is_there = loss.uid in self._uids
        if loss.source and loss.source.record:
            is_there = is_there or loss.source in self._records
            self._records.add(loss.source)
        self._uids.add(loss.uid)
        return is_there

    def with_own_entries(self, loss: Loss) -> Loss:
        """Return a loss whose entries are its own: those of another, of which it was copied, get
        identities anew."""
        return loss._replace(
            contacts=tuple(e._replace(uid=self._own(e.uid, loss)) for e in loss.contacts),
            referrals=tuple(e._replace(uid=self._own(e.uid, loss)) for e in loss.referrals),
        )

    def _own(self, uid: str, loss: Loss) -> str:
        is_free = self._loss_of.get(uid, loss.uid) == loss.uid
        own = uid if is_free and uid not in self._given else new_uid()
        self._given.add(own)
        self._loss_of[own] = loss.uid
        return own


def _lay_out(journal: Store, losses: Iterable[Loss]) -> int:
    """Lay the losses out, each record once; return how many came again."""
    columns, marks = ", ".join(_TOLD), ", ?" * len(_TOLD)
    insert = f"INSERT OR IGNORE INTO incoming (uid, prospect_key, {columns}) VALUES (?, ?{marks})"
    count = 0

    def laid_out() -> Iterator[tuple[Value, ...]]:
        nonlocal count
        for loss in losses:
            count += 1
            told = _told(loss)
            _check_texts(told)
            yield (loss.uid, folded(loss.prospect), *told)

    journal.connection.execute("BEGIN")  # touches nothing but the temporary table
    try:
        taken = journal.connection.executemany(insert, laid_out()).rowcount
    finally:
        journal.connection.execute("COMMIT")
    return count - taken


def _new(journal: Store) -> tuple[str, str]:
    """Return the statements that write the new losses, and the change that they are, of the columns
    that hold anything."""
    holds = ", ".join(f"max({column} IS NOT NULL)" for column in _COLUMNS)
    (flags,) = journal.connection.execute(f"SELECT {holds} FROM incoming")
    used = [column for column, flag in zip(_COLUMNS, flags, strict=True) if flag]
    names, pairs = ", ".join(used), ", ".join(f"'{column}', {column}" for column in used)
    resolve = partial(journal.vocabulary.resolve, "real", found=True)
    journal.connection.create_function("resolved", 2, resolve, deterministic=True)
    values = names.replace("guess_code", "resolved(guess_code, guess_words)")
    return (
        f"""
        INSERT INTO losses (uid, logged_at, prospect_key, {names})
        SELECT uid, :at, prospect_key, {values} FROM incoming
        WHERE loss IS NULL AND NOT is_known ORDER BY lost_on, place
        """,
        # Patching leaves out what is null, as every change does.
        f"""
        INSERT INTO changed (change, subject, kind, row, value)
        SELECT :change, uid, 'loss', uid,
            json_patch('{{}}', json_object('logged_at', :at, {pairs}))
        FROM incoming WHERE loss IS NULL AND NOT is_known ORDER BY place
        """,
    )


def _told(loss: Loss) -> tuple[Value, ...]:
    """Return the columns of _TOLD."""
    money, guess, source = loss.money, loss.guess, loss.source
    return (
        *(loss.prospect, loss.contact, loss.email, loss.phone, loss.product),
        *((money.minor, money.currency) if money else (None, None)),
        *(loss.lost_on.isoformat(), loss.stage, loss.given_outcome, loss.lost_to, "[]"),
        *((guess.code, guess.words, 1) if guess else (None, None, None)),  # found, not given
        loss.note,
        *(source or (None, None)),
    )


def _check_texts(values: tuple[Value, ...]) -> None:
    """Raise BadInput for a text that can't be kept."""
    whole = "".join(map(str, values))
    if len(whole) > _USUAL or "\0" in whole or not whole.isascii():
        for value in values:
            check_text(str(value))


def _recognise(journal: Store) -> None:
    """Find the losses that are there by their record; those that came from a program that was not
    known by the name of the prospect, too: its file may have got other columns, or lostsale may
    know it by now."""
    journal.connection.execute(
        """
        UPDATE incoming SET loss = coalesce(
            (SELECT uid FROM losses WHERE source_record = incoming.source_record
             AND source_system = incoming.source_system ORDER BY number LIMIT 1),
            (SELECT uid FROM losses WHERE uid = incoming.uid),
            (SELECT uid FROM losses WHERE source_record = incoming.source_record
             AND instr(source_system, '+') AND iif(instr(incoming.source_system, '+'),
                 substr(source_system, 1, instr(source_system, '+'))
                   = substr(incoming.source_system, 1, instr(incoming.source_system, '+')),
                 lost_on = incoming.lost_on)
             AND prospect_key = incoming.prospect_key AND prospect <> source_record
             ORDER BY number LIMIT 1)
        )
        """
    )


def _link(journal: Store) -> int:
    """Find the new losses among those that were logged by hand; return how many."""
    by_hand: dict[str, list[tuple[date, str, int | None, str | None]]] = {}
    for key, day, uid, amount, currency in journal.connection.execute(
        "SELECT prospect_key, lost_on, uid, amount, currency FROM losses"
        " WHERE source_system IS NULL AND outcome IS NOT 'mistake' ORDER BY number"
    ):
        logged = (date.fromisoformat(day), uid, amount, currency)
        by_hand.setdefault(key, []).append(logged)
    pairs = []
    new = "SELECT place, prospect_key, lost_on, amount, currency FROM incoming WHERE loss IS NULL"
    for place, key, day, amount, currency in journal.connection.execute(new) if by_hand else ():
        for logged_on, uid, *money in by_hand.get(key, []):
            away = abs((logged_on - date.fromisoformat(day)).days)
            is_equal = [amount, currency] == money
            if away <= _FITS_WITHIN and (is_equal or None in {amount, money[0]}):
                pairs.append((away, not is_equal, place, uid))
    links: dict[str, int] = {}
    linked: set[int] = set()
    for _, _, place, uid in sorted(pairs):  # the best first, each loss and each row once
        if uid not in links and place not in linked:
            links[uid] = place
            linked.add(place)
    journal.connection.executemany(
        "UPDATE incoming SET loss = ?, is_linked = 1 WHERE place = ?", links.items()
    )
    return len(links)


def _open_steps(journal: Store, follow_up: FollowUp) -> int:
    """Open the first step of those that have none and are not closed, the largest first; return how
    many."""
    waiting = journal.connection.execute(
        """
        SELECT place, uid, loss, prospect, lost_on, amount, currency FROM incoming
        WHERE loss IS NULL OR EXISTS (
            SELECT 1 FROM losses WHERE losses.uid = incoming.loss AND next_kind IS NULL
            AND won_on IS NULL AND rested_on IS NULL AND outcome IS NOT 'mistake'
        )
        """
    ).fetchall()
    waiting.sort(key=lambda row: (-thousandths(row["amount"], row["currency"]), row["place"]))
    plan, day = follow_up.plan, follow_up.plan.workdays.on_or_after(follow_up.today)
    steps, falling = [], Counter[date]()
    for row in waiting:
        while falling[day] >= follow_up.portion:
            day = plan.workdays.after(day)
        loss = (
            journal.by_uid([row["loss"]])[0]
            if row["loss"]
            else Loss(None, row["uid"], row["prospect"], date.fromisoformat(row["lost_on"]))
        )
        loss = opened(loss, plan, day, plan.left(loss))
        while loss.planned and falling[loss.planned.on] >= follow_up.portion:
            loss = opened(loss, plan, plan.workdays.after(loss.planned.on), plan.left(loss))
        values = rows.loss_values(loss)
        falling[date.fromisoformat(str(values["next_on"]))] += 1
        steps.append((*(values[column] for column in _STEP), row["place"]))
    sets = ", ".join(f"{column} = ?" for column in _STEP)
    journal.connection.executemany(f"UPDATE incoming SET {sets} WHERE place = ?", steps)
    return len(steps)


def _bring_back(journal: Store, change: Change) -> None:
    """Put those of the new losses into the change for which changes are kept that count: of an
    undone import, made by another machine. They are folded with them."""
    journal.connection.execute(
        f"""
        UPDATE incoming SET is_known = 1 WHERE loss IS NULL AND EXISTS (
            SELECT 1 FROM changed JOIN changes ON changes.id = changed.change
            WHERE subject = incoming.uid AND undoes IS NULL AND {NOT_UNDONE}
        )
        """
    )
    for row in journal.connection.execute("SELECT * FROM incoming WHERE is_known"):
        told = {column: row[column] for column in _COLUMNS if row[column] is not None}
        change.put(row["uid"], "loss", row["uid"], {"logged_at": change.at, **told})


def _update(journal: Store, change: Change) -> int:
    """Put what the other program tells anew into the change, but for what somebody else has changed
    since; return how many losses that changes."""
    updated, vocabulary = 0, journal.vocabulary
    for row in journal.connection.execute("SELECT * FROM incoming WHERE loss IS NOT NULL"):
        (now,) = journal.connection.execute("SELECT * FROM losses WHERE uid = ?", (row["loss"],))
        old = imported(journal.connection, row["loss"], "import", vocabulary)
        told = {column: row[column] for column in _TOLD}
        if told["guess_words"] == old.get("guess_words"):  # found otherwise since: that is no news
            told |= {column: old.get(column) for column in group_of("guess_code")}
        news = {
            column: value
            for column, value in whole_groups(old, told).items()
            if all(now[of] in {None, old.get(of)} for of in group_of(column))
        }
        updated += bool(news) and not row["is_linked"]
        if row["next_kind"]:
            news |= {column: row[column] for column in _STEP}
        change.put(row["loss"], "loss", row["loss"], news)
    return updated

"""Importing many losses as one change: from another program, or from an export of lostsale.

Another program's losses go into a temporary table first, where SQL finds those that the journal has
and writes the new ones: what grows with the file is on the disk.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from sqlite3 import Row
from typing import NamedTuple

from lostsale.domain.loss import Loss, new_uid, uid_of
from lostsale.domain.money import thousandths
from lostsale.domain.names import folded
from lostsale.domain.plan import Plan, opened
from lostsale.domain.reasons import Code
from lostsale.domain.results import Clash, Imported, Stayed
from lostsale.journal import rows
from lostsale.journal.alike import find_present, is_same_record, link, news_of
from lostsale.journal.changes import NOT_UNDONE, group_of, imported, whole_groups
from lostsale.journal.store import Change, Store, check_text
from lostsale.journal.tables import Value

_OF_EXPORT = "import of an export"  # the command of such a change: no program knows better
_CACHE = 6_000  # KiB of the journal held in memory, for indexes that fill up out of order
_SHORT = 10_000  # characters of a whole loss, whose texts need not be measured one by one
# What another program can know of a loss.
_PROGRAM_COLUMNS = (
    *("prospect", "contact", "email", "phone", "product", "amount", "currency", "lost_on"),
    *("stage", "outcome", "lost_to", "signals", "guess_code", "guess_words", "guess_found", "note"),
    *("source_system", "source_record", "again_on", "again_what"),
)
_STEP = group_of("next_kind")
_COLUMNS = (*_PROGRAM_COLUMNS, *_STEP)
_values_in: Callable[[Row], tuple[Value, ...]] = itemgetter(*_PROGRAM_COLUMNS)
_beside_product: Callable[[Row], tuple[Value, ...]] = itemgetter(
    *(of for of in _PROGRAM_COLUMNS if of not in {"product", "amount", "currency"})
)
_WHOLE = "%s" * len(_PROGRAM_COLUMNS)  # all values as one text; joining takes twice as long
_INCOMING = f"""
    CREATE TEMP TABLE incoming (
        place INTEGER PRIMARY KEY,
        uid TEXT NOT NULL,
        loss TEXT, -- uid of this loss in the journal, null if it is new
        is_linked INTEGER NOT NULL DEFAULT 0, -- to one that was logged by hand
        has_changes INTEGER NOT NULL DEFAULT 0, -- new here, but another machine has edited it
        prospect_key TEXT NOT NULL,
        guess_now TEXT, -- the code that guess_code is resolved to, if that is another
        {", ".join(_COLUMNS)}
    )
"""


class FollowUp(NamedTuple):
    """How to open the first steps of losses that have none: a portion each working day, from today
    on."""

    plan: Plan
    today: date
    portion: int


def take_in(
    journal: Store,
    losses: Iterable[Loss],
    follow_up: FollowUp | None = None,
    reasons: Iterable[Code] = (),
    *,
    keep: bool,
) -> Imported:
    """Import losses of another program, all or none, with what the user makes of their `reasons`.
    Losses that the journal has are updated, except what was changed by hand. Without `keep` only
    return what would be done; the lines of its clashes count the `losses` from 1.

    Raises BadInput for a text that can't be kept.
    """
    execute = journal.connection.execute
    execute(f"PRAGMA cache_size = -{_CACHE}")
    execute(_INCOMING)
    try:
        count = _lay_out(journal, losses)
        clashes = _join_twins(journal)
        with journal.change("import", by_hand=False, keep=keep) as change:
            forgotten = execute(
                "DELETE FROM incoming WHERE uid IN (SELECT uid FROM forgotten)"
            ).rowcount
            linked, updated, stayed = 0, 0, tuple[Stayed, ...]()
            is_empty = not execute("SELECT EXISTS (SELECT 1 FROM changes)").fetchone()[0]
            if not is_empty:
                find_present(journal)
                linked = link(journal)
            steps = _open_steps(journal, follow_up) if follow_up else 0
            if not is_empty:
                updated, stayed = _update(journal, change)
                _add_edited(journal, change)
            new, there = execute(
                "SELECT count(*) - count(loss), count(loss) FROM incoming"
            ).fetchone()
            twice = count - new - there - forgotten
            if new:
                change.bulk(*_new(journal))
            for code in reasons:
                change.name(code)
    finally:
        execute("DROP TABLE incoming")
    return Imported(
        added=new,
        updated=updated,
        duplicates=there - updated - linked + twice,
        linked=linked,
        steps=steps,
        forgotten=forgotten,
        clashes=clashes,
        stayed=stayed,
        dry_run=not keep,
    )


def take_in_export(
    journal: Store,
    losses: Iterable[Loss],
    settings: Mapping[str, str],
    reasons: Iterable[Code],
    *,
    keep: bool,
) -> Imported:
    """Import an export of lostsale: losses that the journal doesn't have, settings and reasons that
    it doesn't set. Nothing in it changes.

    Raises BadInput for a text that can't be kept.
    """
    added = duplicates = forgotten = 0
    with journal.change(_OF_EXPORT, by_hand=False, keep=keep) as change:
        present = _Present(journal)
        for loss in losses:
            if present.is_forgotten(loss):
                forgotten += 1
            elif present.has(loss):
                duplicates += 1
            else:
                added += 1
                change.save(None, present.with_own_entries(loss))
        own_settings = journal.kept_settings()
        own_codes = {code.code for code in journal.vocabulary.own}
        for key, value in settings.items():
            if key not in own_settings:
                change.set(key, value)
        for code in reasons:
            if code.code not in own_codes:
                change.name(code)
    return Imported(added=added, duplicates=duplicates, forgotten=forgotten, dry_run=not keep)


class _Present:
    """Which losses the journal has, by uid and by record in another program, which ones are
    forgotten, and which loss each contact and referral belongs to."""

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
        """Whether a loss is forgotten, by its uid or as a record of another program."""
        record = loss.source and loss.source.record and uid_of(loss.source)
        return loss.uid in self._forgotten or record in self._forgotten

    def has(self, loss: Loss) -> bool:
        """Whether the journal has a loss; from now on it has."""
        is_present = loss.uid in self._uids
        if loss.source and loss.source.record:
            is_present = is_present or loss.source in self._records
            self._records.add(loss.source)
        self._uids.add(loss.uid)
        return is_present

    def with_own_entries(self, loss: Loss) -> Loss:
        """Return a loss with new uids for those entries that another loss has, of which it is a
        copy."""
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
    """Put the losses into the temporary table; return how many there are. Raises BadInput for a
    text that can't be kept."""
    insert = (
        f"INSERT INTO incoming (uid, prospect_key, {', '.join(_PROGRAM_COLUMNS)})"
        f" VALUES (?, ?{', ?' * len(_PROGRAM_COLUMNS)})"
    )

    def laid_out() -> Iterator[tuple[Value, ...]]:
        for loss in losses:
            values = rows.program_values(loss)
            whole = _WHOLE % values
            for text in (whole,) if len(whole) < _SHORT else values:
                check_text(str(text))
            yield (loss.uid, folded(loss.prospect), *values)

    journal.connection.execute("BEGIN")  # touches nothing but the temporary table
    try:
        return max(journal.connection.executemany(insert, laid_out()).rowcount, 0)
    finally:
        journal.connection.execute("CREATE INDEX incoming_uid ON incoming (uid)")
        journal.connection.execute("COMMIT")


def _join_twins(journal: Store) -> tuple[Clash, ...]:
    """Leave each record once: of the products of one deal their names and the sum, or the total if
    each has it; else the first, and return the records that say different things."""
    execute = journal.connection.execute
    twins = "SELECT uid FROM incoming GROUP BY uid HAVING count(*) > 1"
    found = execute(f"SELECT * FROM incoming WHERE uid IN ({twins}) ORDER BY uid, place").fetchall()
    clashes = []
    for uid, group in groupby(found, itemgetter("uid")):
        different = list({_values_in(row): row for row in reversed([*group])}.values())[::-1]
        first, *others = different
        products = dict.fromkeys(row["product"] for row in different)
        amounts = dict.fromkeys(row["amount"] for row in different if row["amount"] is not None)
        currencies = {row["currency"] for row in different} - {None}
        is_one_deal = len({_beside_product(row) for row in different}) == 1
        if is_one_deal and len(products) == len(different) and len(currencies) < 2:
            # The same amount on each is the deal's; else each is its product's.
            total = (
                sum(amounts) if len(amounts) < 2 else sum(row["amount"] or 0 for row in different)
            )
            execute(
                "UPDATE incoming SET product = ?, amount = ?, currency = ? WHERE place = ?",
                (
                    ", ".join(filter(None, products)) or None,
                    total if amounts else None,
                    next(iter(currencies), None),
                    first["place"],
                ),
            )
        elif others:
            lines = tuple(sorted(row["place"] for row in different))
            clashes.append(Clash(first["source_record"], lines))
        execute("DELETE FROM incoming WHERE uid = ? AND place > ?", (uid, first["place"]))
    return tuple(clashes)


def _new(journal: Store) -> tuple[str, str]:
    """Return the statements that write the new losses into their table, and as a change."""
    counts = ", ".join(f"count({column})" for column in _COLUMNS)
    ((most, *filled),) = journal.connection.execute(f"SELECT count(*), {counts} FROM incoming")
    used = {column: count for column, count in zip(_COLUMNS, filled, strict=True) if count}
    names, pairs = ", ".join(used), ", ".join(f"'{column}', {column}" for column in used)
    value = f"json_object('logged_at', :at, {pairs})"
    for column in (column for column, count in used.items() if count < most):
        # A change of a new loss has no nulls. In a text the quotes would be escaped.
        value = f"""replace({value}, ',"{column}":null', '')"""
    _resolve_guesses(journal)
    values = names.replace("guess_code", "coalesce(guess_now, guess_code)")
    return (
        f"""
        INSERT INTO losses (uid, logged_at, prospect_key, {names})
        SELECT uid, :at, prospect_key, {values} FROM incoming
        WHERE loss IS NULL AND NOT has_changes ORDER BY lost_on, place
        """,
        f"""
        INSERT INTO changed (change, subject, kind, row, value)
        SELECT :change, uid, 'loss', uid, {value} FROM incoming
        WHERE loss IS NULL AND NOT has_changes ORDER BY +uid -- as its index and the checksum do
        """,
    )


def _resolve_guesses(journal: Store) -> None:
    """Find the codes that the user's own names for reasons make of the guesses."""
    # Not by a function called from SQL: SQLite hides what interrupts that.
    vocabulary = journal.vocabulary
    found = "SELECT DISTINCT guess_code, guess_words FROM incoming WHERE guess_code IS NOT NULL"
    moved = [
        (now, code, words)
        for code, words in (journal.connection.execute(found) if vocabulary.own else ())
        if (now := vocabulary.resolve("real", code, words, found=True)) != code
    ]
    if moved:
        execute = journal.connection.execute
        execute("CREATE INDEX incoming_guess ON incoming (guess_code, guess_words)")
        journal.connection.executemany(
            "UPDATE incoming SET guess_now = ? WHERE guess_code = ? AND guess_words IS ?", moved
        )


def _open_steps(journal: Store, follow_up: FollowUp) -> int:
    """Open the first steps of open losses that have none, the largest first; return how many."""
    waiting = journal.connection.execute(
        """
        SELECT place, uid, loss, prospect, lost_on, amount, currency FROM incoming
        WHERE loss IS NULL OR EXISTS (
            SELECT 1 FROM losses WHERE losses.uid = incoming.loss AND next_kind IS NULL
            AND won_on IS NULL AND rested_on IS NULL AND losses.outcome IS NOT 'mistake'
        )
        """
    ).fetchall()
    waiting.sort(key=lambda row: (-thousandths(row["amount"], row["currency"]), row["place"]))
    plan, day = follow_up.plan, follow_up.plan.workdays.on_or_after(follow_up.today)
    steps, per_day = [], Counter[date]()
    for row in waiting:
        while per_day[day] >= follow_up.portion:
            day = plan.workdays.after(day)
        loss = (
            journal.by_uid([row["loss"]])[0]
            if row["loss"]
            else Loss(None, row["uid"], row["prospect"], date.fromisoformat(row["lost_on"]))
        )
        loss = opened(loss, plan, day, plan.left(loss))
        while loss.planned and per_day[loss.planned.on] >= follow_up.portion:
            loss = opened(loss, plan, plan.workdays.after(loss.planned.on), plan.left(loss))
        values = rows.loss_values(loss)
        per_day[date.fromisoformat(str(values["next_on"]))] += 1
        steps.append((*(values[column] for column in _STEP), row["place"]))
    sets = ", ".join(f"{column} = ?" for column in _STEP)
    journal.connection.executemany(f"UPDATE incoming SET {sets} WHERE place = ?", steps)
    return len(steps)


def _add_edited(journal: Store, change: Change) -> None:
    """Record new losses that another machine already edited, after an import that was undone here:
    they are folded with those changes."""
    journal.connection.execute(
        f"""
        UPDATE incoming SET has_changes = 1 WHERE loss IS NULL AND EXISTS (
            SELECT 1 FROM changed JOIN changes ON changes.id = changed.change
            WHERE subject = incoming.uid AND undoes IS NULL AND {NOT_UNDONE}
        )
        """
    )
    for row in journal.connection.execute("SELECT * FROM incoming WHERE has_changes"):
        values = {column: row[column] for column in _COLUMNS if row[column] is not None}
        change.put(row["uid"], "loss", row["uid"], {"logged_at": change.at, **values})


def _update(journal: Store, change: Change) -> tuple[int, tuple[Stayed, ...]]:
    """Record what is new in the other program, except what was changed here since, and what `edit`
    would refuse; return how many losses that updates, and which fields stayed."""
    updated, stayed, vocabulary = 0, [], journal.vocabulary
    for row in news_of(journal, _PROGRAM_COLUMNS):
        (now,) = journal.connection.execute("SELECT * FROM losses WHERE uid = ?", (row["loss"],))
        old = imported(journal.connection, row["loss"], "import", vocabulary)
        new = {column: row[column] for column in _PROGRAM_COLUMNS}
        if new["guess_words"] == old.get("guess_words"):  # read differently since: that's no news
            new |= {column: old.get(column) for column in group_of("guess_code")}
        if is_same_record(str(now["source_record"] or ""), row["source_record"]):
            new |= {column: old.get(column) for column in group_of("source_record")}
        news = {
            column: value
            for column, value in whole_groups(old, new).items()
            if all(now[of] in {None, old.get(of)} for of in group_of(column))
        }
        for field in _refused(journal, now, news):
            stayed.append(Stayed(now["number"], field))
            news = {column: news[column] for column in news.keys() - {*group_of(field)}}
        updated += bool(news) and not row["is_linked"]
        if row["next_kind"]:
            news |= {column: row[column] for column in _STEP}
        change.put(row["loss"], "loss", row["loss"], news)
    return updated, tuple(stayed)


def _refused(journal: Store, now: Row, news: Mapping[str, Value]) -> list[str]:
    """Return the fields that can't change any more: a day after something was done, and what a win
    was worth that has no amount of its own."""
    refused = []
    if "lost_on" in news:
        found = journal.connection.execute(
            "SELECT min(done_on) FROM contacts WHERE loss = :uid UNION ALL"
            " SELECT min(given_on) FROM referrals WHERE loss = :uid",
            {"uid": now["uid"]},
        )
        days = [day for (day,) in found]
        days += [now[column] for column in ("asked_on", "real_on", "won_on", "rested_on")]
        if any(day and day < str(news["lost_on"]) for day in days):
            refused.append("lost_on")
    if "amount" in news and now["won_on"] and now["won_amount"] is None and now["amount"]:
        refused.append("amount")
    return refused

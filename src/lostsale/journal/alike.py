"""Finding the losses of an import that the journal has: by their records, by what they say, or
logged by hand. The import is in the temporary table `incoming`."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from sqlite3 import Cursor

from lostsale.journal.store import Store

_NAMELESS = "row ????????????????.*"  # the record of a row without an id
_SAME_WITHIN = 7  # days between a loss logged by hand and the same one in another program


def find_present(journal: Store) -> None:
    """Find the losses that the journal has, by their record. Those of an unknown program must also
    be of the same prospect: its file may have other columns now, or lostsale may know it by now."""
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
             AND prospect_key = incoming.prospect_key
             AND (prospect <> source_record OR lost_on = incoming.lost_on)
             ORDER BY number LIMIT 1),
            -- Salesforce's ids come with their last three characters, and without.
            (SELECT uid FROM losses WHERE source_record = substr(incoming.source_record, 1, 15)
             AND source_system = incoming.source_system AND incoming.source_record GLOB '006*'
             AND length(incoming.source_record) = 18 ORDER BY number LIMIT 1)
        )
        """
    )
    _find_alike(journal)


def _find_alike(journal: Store) -> None:
    """Find losses without an id, here or in the file, by name, day and amount: as many as are the
    same."""
    execute = journal.connection.execute
    if not execute("SELECT 1 FROM losses WHERE source_record IS NOT NULL LIMIT 1").fetchone():
        return
    nth = "row_number() OVER (PARTITION BY prospect_key, lost_on, amount, currency ORDER BY"
    columns = "prospect_key, lost_on, amount, currency, source_record"
    found = execute(
        f"""
        WITH new AS (
            SELECT place, {columns}, {nth} place) AS nth FROM incoming
            WHERE loss IS NULL AND prospect NOT IN ('unnamed', source_record)
        ), old AS (
            SELECT uid, {columns}, {nth} number) AS nth FROM losses
            WHERE source_record IS NOT NULL AND prospect_key IN (SELECT prospect_key FROM new)
            AND uid NOT IN (SELECT loss FROM incoming WHERE loss IS NOT NULL)
        )
        SELECT old.uid, place FROM new JOIN old USING (prospect_key, lost_on, nth)
        WHERE new.amount IS old.amount AND new.currency IS old.currency
        AND (new.source_record GLOB '{_NAMELESS}' OR old.source_record GLOB '{_NAMELESS}')
        """
    )
    journal.connection.executemany("UPDATE incoming SET loss = ? WHERE place = ?", found.fetchall())


def link(journal: Store) -> int:
    """Link new losses to the same ones logged by hand; return how many there are."""
    pairs = journal.connection.execute(
        """
        SELECT abs(julianday(incoming.lost_on) - julianday(losses.lost_on)) AS away,
            (incoming.amount, incoming.currency) IS NOT (losses.amount, losses.currency) AS differs,
            place, losses.uid
        FROM incoming JOIN losses USING (prospect_key)
        WHERE loss IS NULL AND losses.source_system IS NULL AND losses.outcome IS NOT 'mistake'
            AND away <= ? AND (NOT differs OR incoming.amount IS NULL OR losses.amount IS NULL)
        ORDER BY away, differs, place, losses.uid
        """,
        (_SAME_WITHIN,),
    )
    links: dict[str, int] = {}
    linked: set[int] = set()
    for _, _, place, uid in pairs.fetchall():  # the nearest first, each loss and each row once
        if uid not in links and place not in linked:
            links[uid] = place
            linked.add(place)
    journal.connection.executemany(
        "UPDATE incoming SET loss = ?, is_linked = 1 WHERE place = ?", links.items()
    )
    return len(links)


def is_same_record(known: str, record: str) -> bool:
    """Whether what is known of a loss identifies it as well as a record of the file does."""
    is_shorter = record[:15] == known and record.startswith("006")
    return bool(known) and (is_shorter or fnmatchcase(record, _NAMELESS))


def news_of(journal: Store, columns: Iterable[str]) -> Cursor:
    """Return the rows of losses that the journal has, without those that say in these `columns`
    what it holds, where nothing but imports ever wrote it."""
    # A code that was found in the same words isn't news, whatever it's called by now.
    told = [column for column in columns if column not in {"guess_code", "guess_found"}]
    new, old = (
        ", ".join(f"{table}.{column}" for column in told) for table in ("incoming", "losses")
    )
    return journal.connection.execute(
        f"""
        SELECT incoming.* FROM incoming CROSS JOIN losses ON losses.uid = incoming.loss
        WHERE is_linked OR incoming.next_kind IS NOT NULL OR ({new}) IS NOT ({old})
            OR loss IN (SELECT subject FROM changed JOIN changes ON changes.id = change
                WHERE by_hand OR command <> 'import')
        """
    )

"""The journal's schema, as migrations that are only ever appended.

Imported only when a journal is made or upgraded: sqlite-utils costs more than a whole command.
"""

import json
import sqlite3
from collections.abc import Callable

from sqlite_utils import Database, Migrations

from lostsale.domain.columns import LABELED, LOSS_FIELDS, REASON_COLUMNS, LossField
from lostsale.domain.names import folded
from lostsale.domain.reasons import ReasonKind
from lostsale.journal.agenda import open_losses, rewrite_turns
from lostsale.journal.changes import refold, vocabulary
from lostsale.journal.first_release import was_found

migrations = Migrations("lostsale")


@migrations()
def m001_the_journal(db: Database) -> None:
    """Make the tables of 0.1.0: the present, and the changes that it is folded from."""
    for statement in _TABLES:
        db.execute(statement)


@migrations()
def m002_appointments_and_imports(db: Database) -> None:
    """Add how long an appointment takes and where it is, and find an imported loss by its
    record."""
    db.execute("ALTER TABLE losses ADD COLUMN next_minutes INTEGER")
    db.execute("ALTER TABLE losses ADD COLUMN next_where TEXT")
    db.execute(
        "CREATE INDEX losses_source ON losses (source_record, source_system)"
        " WHERE source_record IS NOT NULL"
    )


@migrations()
def m003_views_for_other_programs(db: Database) -> None:
    """Add views that show losses, and what is due, by plain names and with decimal amounts."""
    for statement in _views(_resolved_by_the_view, ("lesson", "note")):
        db.execute(statement)


@migrations()
def m004_contacts_counted_from_their_index(db: Database) -> None:
    """Let the tally read contacts from their index alone, where those of a loss are together."""
    db.execute("DROP INDEX contacts_loss")
    db.execute("CREATE INDEX contacts_loss ON contacts (loss, kind, done_on, answered, marked)")


@migrations()
def m005_codes_resolved(db: Database) -> None:
    """Keep each reason under what its code is called now, and whether that was found in its
    words."""
    connection, codes = db.conn, vocabulary(db.conn)

    def resolve(kind: ReasonKind, code: str | None, words: str | None, found: int) -> str | None:
        return code and codes.resolve(kind, code, words, found=bool(found))

    def current(signals: str) -> str:
        return json.dumps([codes.current(code) for code in json.loads(signals)])

    connection.create_function("was_found", 3, was_found, deterministic=True)
    connection.create_function("resolved", 4, resolve, deterministic=True)
    connection.create_function("current", 1, current, deterministic=True)
    for kind, code, words, found in REASON_COLUMNS:
        db.execute(f"ALTER TABLE losses ADD COLUMN {found} INTEGER")
        db.execute(
            f"UPDATE losses SET {found} = was_found('{kind}', {code}, {words})"
            f" WHERE {code} IS NOT NULL"
        )
        if codes.own:
            db.execute(f"UPDATE losses SET {code} = resolved('{kind}', {code}, {words}, {found})")
    if codes.own:
        db.execute("UPDATE losses SET signals = current(signals) WHERE signals <> '[]'")


@migrations()
def m006_who_wrote_a_change_and_how_names_are_found(db: Database) -> None:
    """Say which schema wrote a change, and find the losses of a prospect however it is written."""
    db.execute("ALTER TABLE changes ADD COLUMN schema INTEGER")
    db.execute("ALTER TABLE losses ADD COLUMN prospect_key TEXT NOT NULL DEFAULT ''")
    names = db.execute("SELECT prospect, number FROM losses").fetchall()
    keys = ((folded(prospect), number) for prospect, number in names)
    db.conn.executemany("UPDATE losses SET prospect_key = ? WHERE number = ?", keys)
    db.execute("DROP INDEX losses_prospect")
    db.execute("CREATE INDEX losses_prospect ON losses (prospect_key)")


def _add(field: LossField) -> None:
    """Register the migration that adds a field of a loss, whose columns are texts."""

    @migrations(name=f"m{field.since:03}_{field.name}")
    def add(db: Database) -> None:
        for column in field.columns:
            db.execute(f"ALTER TABLE losses ADD COLUMN {column} TEXT")


_BY_SCHEMA = sorted(LOSS_FIELDS, key=lambda field: field.since)
for _field in _BY_SCHEMA:
    if 1 < _field.since < 8:
        _add(_field)


@migrations()
def m008_turns(db: Database) -> None:
    """Keep beside each loss whose turn it is when, so that the list need not look at all losses."""
    for statement in _TURNS:
        db.execute(statement)


for _field in _BY_SCHEMA:
    if _field.since > 8:
        _add(_field)


@migrations()
def m009_names_are_called(db: Database) -> None:
    """Keep which of the names that were given have been called, or dropped, and find the others."""
    for column in ("called_on", "dropped_on", "result"):
        db.execute(f"ALTER TABLE referrals ADD COLUMN {column} TEXT")
    db.execute(
        "CREATE INDEX referrals_open ON referrals (given_on)"
        " WHERE called_on IS NULL AND dropped_on IS NULL"
    )


@migrations()
def m010_what_is_due_as_it_is_listed(_: Database) -> None:
    """Rebuild the view of what is due, as `migrate` does below."""


@migrations()
def m011_wins_counted_from_an_index(db: Database) -> None:
    """Let the wins among the losses of a year be counted from an index alone, which still has them
    in the order of `list`."""
    db.execute("DROP INDEX losses_lost_on")
    db.execute("CREATE INDEX losses_lost_on ON losses (lost_on, number, outcome, won_on)")


def migrate(connection: sqlite3.Connection, schema: int) -> None:
    """Bring a journal of an older schema to today's, inside the caller's transaction, with what it
    got from a newer lostsale in the meantime. The turns are worked out again; the views hold
    nothing, so they are rebuilt from the fields that a loss has now."""
    migrations.apply(Database(connection, execute_plugins=False))
    newer = "SELECT DISTINCT subject FROM changed JOIN changes ON id = change WHERE schema > ?"
    refold(connection, *(subject for (subject,) in connection.execute(newer, (schema,)).fetchall()))
    rewrite_turns(connection, open_losses(connection))
    texts = tuple(field.name for field in LABELED)
    connection.execute("DROP VIEW losses_readable")
    connection.execute("DROP VIEW due_readable")
    losses, _ = _views("{}_code".format, (*texts, "again_on", "again_what"))
    connection.execute(losses)
    connection.execute(_DUE)


_TABLES = (
    # Column names are the keys of a change's values: see changes.py.
    """
    CREATE TABLE losses (
        number INTEGER PRIMARY KEY AUTOINCREMENT, -- belongs to this file, never used again
        uid TEXT NOT NULL UNIQUE,                 -- the same in every journal
        prospect TEXT NOT NULL,
        contact TEXT, email TEXT, phone TEXT, product TEXT,
        amount INTEGER,                           -- minor units of currency
        currency TEXT,
        lost_on TEXT NOT NULL,                    -- every date is ISO
        stage TEXT,                               -- where an imported deal died
        outcome TEXT,                             -- as given; null: what follows from lost_to
        lost_to TEXT,
        said_code TEXT, said_words TEXT,
        signals TEXT NOT NULL,                    -- JSON list of codes
        guess_code TEXT, guess_words TEXT,
        asked_on TEXT,                            -- set without real_code: they would not say
        real_code TEXT, real_words TEXT,
        real_source TEXT CHECK (real_source IN ('told', 'heard')),
        real_on TEXT,
        way_in TEXT,
        weakness TEXT,                            -- as given; null: what the reason's code has
        lesson TEXT, note TEXT,
        next_kind TEXT,                           -- 'rest': ready to rest from next_on
        next_on TEXT, next_time TEXT,
        next_marked INTEGER, next_tries INTEGER,
        plan_step TEXT,
        won_on TEXT, won_amount INTEGER, won_currency TEXT, won_note TEXT,
        rested_on TEXT,
        source_system TEXT, source_record TEXT,
        logged_at TEXT NOT NULL
    ) STRICT
    """,
    # A closed loss keeps its step, so that taking the end back brings the step back; it isn't open.
    """
    CREATE INDEX losses_open ON losses (next_kind = 'rest', next_on)
    WHERE next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL
      AND outcome IS NOT 'mistake'
    """,
    "CREATE INDEX losses_lost_on ON losses (lost_on)",
    "CREATE INDEX losses_won_on ON losses (won_on) WHERE won_on IS NOT NULL",
    "CREATE INDEX losses_prospect ON losses (prospect COLLATE NOCASE)",
    """
    CREATE TABLE contacts (
        uid TEXT PRIMARY KEY,
        loss TEXT NOT NULL REFERENCES losses (uid) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        done_on TEXT NOT NULL,
        answered INTEGER, marked INTEGER, note TEXT,
        at TEXT NOT NULL,                         -- when it was written down: orders a day
        place INTEGER NOT NULL                    -- among the entries written down with it
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX contacts_loss ON contacts (loss)",
    """
    CREATE TABLE referrals (
        uid TEXT PRIMARY KEY,
        loss TEXT NOT NULL REFERENCES losses (uid) ON DELETE CASCADE,
        name TEXT NOT NULL,
        phone TEXT, email TEXT,
        given_on TEXT NOT NULL,
        note TEXT,
        at TEXT NOT NULL,
        place INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX referrals_loss ON referrals (loss)",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """
    CREATE TABLE reasons (
        code TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('said', 'real')),
        weakness TEXT,
        alias_of TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,                         -- UTC, microseconds, later than any before
        machine TEXT NOT NULL,                    -- host name
        command TEXT NOT NULL,
        by_hand INTEGER NOT NULL,                 -- 0 for an import, which any change by hand beats
        undoes TEXT,                              -- uid of the change that this one takes back
        checksum INTEGER NOT NULL                 -- CRC-32 of all this and of what it changed
    ) STRICT
    """,
    "CREATE INDEX changes_at ON changes (at)",
    "CREATE INDEX changes_undoes ON changes (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TABLE changed (
        change INTEGER NOT NULL REFERENCES changes (id),
        subject TEXT NOT NULL,                    -- uid of the loss concerned, else the row itself
        kind TEXT NOT NULL,                       -- loss, contact, referral, setting or reason
        row TEXT NOT NULL,                        -- uid, setting's key or reason's code
        value TEXT NOT NULL                       -- JSON: the columns set, whole field groups
    ) STRICT
    """,
    "CREATE INDEX changed_change ON changed (change)",
    "CREATE INDEX changed_subject ON changed (subject)",
    """
    CREATE TABLE forgotten (
        uid TEXT PRIMARY KEY,                     -- of a loss that nothing may bring back
        at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


_TURNS = (
    # Worked out from the losses and the plan: see domain/turns.py. No part of any change.
    """
    CREATE TABLE turns (
        state TEXT NOT NULL,    -- due, renew (due, too), cold or rest
        since TEXT NOT NULL,
        until TEXT NOT NULL,    -- the first day that is no part of it
        number INTEGER NOT NULL REFERENCES losses (number) ON DELETE CASCADE,
        kind TEXT NOT NULL,     -- of the step
        time TEXT,
        lost_on TEXT NOT NULL,  -- this and below as the loss has it: the list reads nothing else
        worth INTEGER NOT NULL, -- in thousandths of the currency's unit
        currency TEXT,
        is_cancelled INTEGER NOT NULL,
        PRIMARY KEY (state, since, number)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX turns_until ON turns (state, until, since, currency, worth)",
    "CREATE INDEX turns_number ON turns (number)",
    "CREATE INDEX losses_again ON losses (again_on) WHERE again_on IS NOT NULL",
)


def _decimal(amount: str, currency: str) -> str:
    """Return the SQL for an amount in the units of its currency, to be looked at and sorted by; to
    add up cents, take the column of the table."""
    # As they were when this migration was written, which no later version may change.
    none = (
        "'BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW',"
        " 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'"
    )
    three = "'BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'"
    return (
        f"{amount} / CASE WHEN {currency} IN ({none}) THEN 1.0"
        f" WHEN {currency} IN ({three}) THEN 1000.0 ELSE 100.0 END"
    )


def _resolved_by_the_view(reason: str) -> str:
    """Return the SQL for what the code of a reason is called now, or what its words mean under no
    code but other; however often it was renamed. Until m005 the tables did not hold that."""
    code, words = f"{reason}_code", f"lower({reason}_words)"
    first = (
        f"CASE WHEN {code} = 'other' AND {words} IN (SELECT code FROM reasons) THEN {words}"
        f" ELSE {code} END"
    )
    return f"""(
        WITH RECURSIVE named (code, place) AS (
            SELECT {first}, 0 UNION ALL
            SELECT alias_of, place + 1 FROM named JOIN reasons USING (code)
            WHERE alias_of IS NOT NULL AND place < 20
        ) SELECT code FROM named ORDER BY place DESC LIMIT 1
    )"""


_KINDS = " ".join(
    f"WHEN '{kind}' THEN '{words}'"
    for kind, words in {
        "why": "ask why",
        "save": "go back",
        "thanks": "send card",
        "referral": "get a name",
        "touch": "call",
        "meet": "meet",
    }.items()
)


def _views(code_of: Callable[[str], str], texts: tuple[str, ...]) -> tuple[str, str]:
    """Return the statements that make the views, given the SQL for the code of a reason, and the
    texts that are together."""
    return (
        f"""
    CREATE VIEW losses_readable AS
    SELECT number, prospect, contact, phone, email, product,
        {_decimal("amount", "currency")} AS amount, currency,
        lost_on, coalesce(outcome, CASE WHEN lost_to IS NULL THEN 'unknown'
            WHEN lost_to = 'nobody' THEN 'no-decision' ELSE 'competitor' END) AS outcome,
        lost_to, stage,
        {code_of("said")} AS said, said_words AS said_in_their_words,
        {code_of("real")} AS real_reason, real_words AS real_reason_in_their_words,
        real_source AS told_or_heard, asked_on,
        {code_of("guess")} AS your_guess, guess_words AS your_guess_in_words,
        way_in, {", ".join(texts)},
        (SELECT count(*) FROM contacts WHERE loss = losses.uid) AS contacts,
        (SELECT max(done_on) FROM contacts WHERE loss = losses.uid) AS last_contact,
        won_on, {
            _decimal(
                "coalesce(won_amount, CASE WHEN won_on IS NOT NULL THEN amount END)",
                "coalesce(won_currency, currency)",
            )
        } AS won_amount,
        CASE WHEN won_on IS NOT NULL THEN coalesce(won_currency, currency) END AS won_currency,
        rested_on, source_system AS imported_from, source_record AS record
    FROM losses
    """,
        f"""
    CREATE VIEW due_readable AS
    SELECT next_on AS due_on, next_time AS at, CASE next_kind {_KINDS} END AS "do", number,
        prospect, contact, phone, email, {_decimal("amount", "currency")} AS amount, currency,
        {code_of("said")} AS said, {code_of("real")} AS real_reason, way_in, lost_on
    FROM losses
    WHERE next_kind IS NOT NULL AND won_on IS NULL AND rested_on IS NULL
      AND outcome IS NOT 'mistake' AND (next_kind = 'rest') = 0
    ORDER BY next_on, next_time, amount DESC
    """,
    )


# What the list has on a day are the rows with that day from due_on up to, but not on, until.
_DUE = f"""
    CREATE VIEW due_readable AS
    SELECT since AS due_on, time AS at,
        CASE kind WHEN 'referral' THEN 'get a referral' WHEN 'renew' THEN 'ask again' {_KINDS}
            END AS "do",
        number, prospect, contact, phone, email, {_decimal("amount", "losses.currency")} AS amount,
        losses.currency AS currency, said_code AS said, real_code AS real_reason, way_in,
        losses.lost_on AS lost_on, until
    FROM turns JOIN losses USING (number) WHERE state IN ('due', 'renew')
    ORDER BY since, time, worth DESC
"""

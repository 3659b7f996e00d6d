"""A PostgreSQL server between machines. It sees whose a change is, in which order they came and how
long they are; what they say is encrypted."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lostsale.errors import BadInput, CannotOpen, Locked, NewerJournal
from lostsale.later import put_in_place, take_away
from lostsale.sync.sealed import EntryKind, SealedEntry, SyncKey
from lostsale.sync.share import share_losses

if TYPE_CHECKING:
    import psycopg

    from lostsale.journal.store import Store

_SCHEMA = 2
_PATIENCE = "1min"  # that is waited for a lock
SHARING = 2  # the first schema that has a team
OLDER = "that database was set up by an older lostsale; its owner runs sync --init again"
_DATA = Path(__file__).parents[1] / "data"
_PORTION = 500  # entries sent at a time
# All or nothing, without a transaction's round trips. Settings and reasons can be forgotten again.
_SEND = """
    WITH portion AS (SELECT %s::bigint AS size), taken AS (
        UPDATE lostsale_owners SET last = last + (SELECT size FROM portion)
        WHERE owner = current_user RETURNING last
    )
    INSERT INTO lostsale_entries (uid, kind, mark, body, seq)
    SELECT uid, kind, mark, body, last - size + place
    FROM taken, portion, unnest(%s::text[], %s::text[], %s::text[], %s::bytea[])
        WITH ORDINALITY AS sent (uid, kind, mark, body, place)
    ON CONFLICT (owner, kind, uid) DO UPDATE
        SET seq = excluded.seq, mark = excluded.mark, body = excluded.body
        WHERE excluded.kind = 'forgotten' AND lostsale_entries.mark <> excluded.mark
    RETURNING seq
"""


class Server:
    """A server as one machine sees it: `seen` is what this machine knows of it from last time, and
    is kept by its maker."""

    def __init__(self, address: str, key: SyncKey, seen: dict[str, Any]) -> None:
        self.seen = seen
        self.notes: list[str] = []
        self.at = "the server"
        self._connection = server_at(address)
        try:
            with errors():
                self._schema = schema_of(self._connection)
                self._last = self._take_part(key)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @classmethod
    def make(cls, address: str) -> None:
        """Make the tables, as the owner of the database, or bring them up to date. Where they are,
        anybody may ask for it."""
        with errors(), server_at(address) as connection:
            from psycopg.errors import InsufficientPrivilege

            with suppress(BadInput):  # not set up
                schema_of(connection)
            try:
                with connection.transaction():
                    for name in ("sync.sql", "team.sql"):
                        connection.execute((_DATA / name).read_text(encoding="utf-8"))
            except InsufficientPrivilege:
                schema_of(connection)  # it's there: a rep's first machine

    def _take_part(self, key: SyncKey) -> int:
        """Return how far this owner's entries go."""
        query = "SELECT known_by, last FROM lostsale_owners WHERE owner = current_user"
        owner = self._one(query)
        if owner is None:
            self._connection.execute(
                "INSERT INTO lostsale_owners (known_by) VALUES (%s) ON CONFLICT DO NOTHING",
                (key.check(),),
            )
            self.seen["sent"] = self.seen["seq"] = None
            owner = self._one(query)  # another machine may have been first
        if not key.fits(bytes(owner[0])):
            raise BadInput(
                "That database was set up with another key",
                "On the other machine",
                "sync --show-key",
            )
        return int(owner[1])

    def _one(self, query: str) -> Any:
        return self._connection.execute(query).fetchone()

    def entries(self, kind: EntryKind) -> Iterator[SealedEntry]:
        """Yield what the machines sent since last time. Raises CannotOpen."""
        since = self.seen.get("seq") or 0
        if kind == "change" and since == self._last:
            return  # a round trip less
        with errors(), self._connection.cursor() as cursor:
            found = cursor.stream(
                "SELECT uid, CASE seq WHEN 0 THEN 'machine' ELSE kind END, mark, body"
                " FROM lostsale_entries WHERE owner = current_user AND kind = %s"
                " AND (seq = 0 OR seq > %s AND seq <= %s) ORDER BY seq",
                (kind, since, self._last),
            )
            for uid, of, mark, body in found:
                yield SealedEntry(uid, of, mark, bytes(body))

    def mark_read(self) -> None:
        """Remember how far has been read."""
        self.seen["seq"] = self._last

    def share(self, journal: "Store", touched: set[str]) -> int:
        """Bring what the team sees of this journal up to date; return how many rows that took.
        Raises CannotOpen."""
        if self._schema < SHARING:
            self.seen["shared"] = None
            if journal.settings["share"] == "on":
                self.notes.append(f"Nothing was shared: {OLDER}")
            return 0
        with errors():
            return share_losses(journal, self._connection, self.seen, touched)

    def send(self, entries: Iterable[SealedEntry]) -> int:
        """Send these; return how many weren't there yet. Raises CannotOpen."""
        sent, entries = 0, iter(entries)
        while portion := list(islice(entries, _PORTION)):
            columns = [list(column) for column in zip(*portion, strict=True)]
            with errors():
                found = self._connection.execute(_SEND, (len(portion), *columns)).fetchall()
            sent += len(found)
            if (self._last + 1,) in found[:1]:  # nobody else sent anything
                self._last += len(portion)
        return sent

    def say(self, machine: SealedEntry) -> None:
        """Have it known what this machine says of itself. Raises CannotOpen."""
        with errors():
            self._connection.execute(
                "INSERT INTO lostsale_entries (uid, kind, seq, mark, body)"
                " VALUES (%s, 'forgotten', 0, '', %s)"
                " ON CONFLICT (owner, kind, uid) DO UPDATE SET body = excluded.body",
                (machine.uid, machine.body),
            )

    def refresh(self, current: Callable[[SealedEntry], SealedEntry | None]) -> None:
        """Keep each change as `current` has it, or not at all."""
        with errors(), self._connection.transaction():
            self._one("SELECT last FROM lostsale_owners WHERE owner = current_user FOR UPDATE")
            own = "FROM lostsale_entries WHERE owner = current_user AND kind = 'change'"
            query = f"SELECT uid, kind, mark {own} AND seq <= %s"
            found = self._connection.execute(query, (self._last,)).fetchall()
            there = [SealedEntry(uid, kind, mark, b"") for uid, kind, mark in found]
            now = {old.uid: current(old) for old in there}
            stale = [old.uid for old in there if now[old.uid] is not old]
            self._connection.execute(f"DELETE {own} AND uid = ANY(%s)", (stale,))
            self.send(new for uid in stale if (new := now[uid]))


def is_server(address: str) -> bool:
    """Whether an address is a server's, not a folder."""
    return "://" in address or address.startswith("service=")


def server_at(address: str) -> "psycopg.Connection[Any]":
    """Return a connection to a server. Raises BadInput or CannotOpen."""
    if re.search(r"://[^/@]*:[^/@]+@|[?&]password=", address):
        raise BadInput(
            "Leave the password out of the address", "Put it into ~/.pgpass or PGPASSWORD"
        )
    put_in_place()  # before anything loads psycopg
    try:
        import psycopg
    except ImportError:
        raise BadInput(
            "Syncing with a server needs psycopg",
            "Install it: pipx inject lostsale psycopg[binary]",
        ) from None
    finally:
        take_away()
    with errors():
        return psycopg.connect(address, connect_timeout=10, autocommit=True)


def schema_of(connection: "psycopg.Connection[Any]") -> int:
    """Return the version of a database's tables, and wait for none of them too long: whoever may
    use the tables could hold them. Raises BadInput or NewerJournal."""
    from psycopg.errors import UndefinedTable

    try:
        # One round trip for both.
        query = "SELECT max(version), set_config('lock_timeout', %s, false) FROM lostsale_schema"
        version, _ = connection.execute(query, (_PATIENCE,)).fetchone() or (0, "")
    except UndefinedTable:
        raise BadInput(
            "That database isn't set up for syncing", "Its owner adds --init once"
        ) from None
    if version > _SCHEMA:
        raise NewerJournal("A newer lostsale set up that database", "Install it here, too")
    return int(version)


@contextmanager
def errors() -> Iterator[None]:
    """Raise what psycopg raises as CannotOpen or Locked, in one line and without a password."""
    import psycopg

    try:
        yield
    except psycopg.errors.LockNotAvailable:
        raise Locked("Another sync holds the server", "Try again in a minute") from None
    except psycopg.Error as error:
        first, *_ = str(error).strip().splitlines() or [type(error).__name__]
        raise CannotOpen(f"The server said no: {first[:200]}", "Check the address") from None

"""What a rep's machine puts on the team's server: one row per loss, without anybody's words."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from lostsale.domain.loss import ATTEMPTS
from lostsale.domain.reasons import OTHER, PLAIN, Code, ReasonKind
from lostsale.journal.store import Store

if TYPE_CHECKING:
    import psycopg

_PORTION = 2_000  # rows sent at a time
_ROWS = f"""
    SELECT uid, lost_on, amount, currency, substr(product, 1, 200) AS product,
        said_code, guess_code, real_code, weakness, real_source, asked_on, real_on,
        coalesce(outcome, CASE WHEN lost_to IS NULL THEN 'unknown'
            WHEN lost_to = 'nobody' THEN 'no-decision' ELSE 'competitor' END) AS outcome,
        substr(lost_to, 1, 200) AS lost_to, won_on, won_amount, won_currency,
        rested_on IS NOT NULL AS rested,
        (SELECT count(*) FROM contacts WHERE loss = losses.uid
            AND kind IN ({", ".join(f"'{kind}'" for kind in sorted(ATTEMPTS))})) AS tried,
        substr(again_on, 1, 4) * 12 + substr(again_on, 6, 2) - 1 AS again_month
    FROM losses WHERE outcome IS NOT 'mistake'
"""


def share_losses(
    journal: Store, connection: "psycopg.Connection[Any]", seen: dict[str, Any], touched: set[str]
) -> int:
    """Have the server hold a row for each loss that counts, or none if the user shares nothing;
    return how many rows that took. `touched` are the losses that changed since the last time, of
    which `seen` says how all were shared. Raises what psycopg raises."""
    if journal.settings["share"] != "on":
        seen["shared"] = None
        query = "DELETE FROM lostsale_shared WHERE owner = current_user"
        return connection.execute(query).rowcount
    (salt,) = connection.execute("SELECT salt FROM lostsale_team").fetchone() or ("",)
    codes = team_codes(connection)
    shows = [journal.settings[key] for key in ("share-products", "share-personal")]
    (gone,) = journal.connection.execute("SELECT count(*) FROM forgotten").fetchone()
    how = json.dumps([salt, codes, shows, gone, journal.vocabulary.own])
    whole = seen.get("shared") != (digest := hashlib.sha256(how.encode()).hexdigest())
    which = "" if whole else " AND uid IN (SELECT value FROM json_each(?))"
    cursor = journal.connection.cursor()
    cursor.row_factory = None
    found = cursor.execute(_ROWS + which, () if whole else (json.dumps([*touched]),))
    columns = [column for column, *_ in found.description]
    as_shared = _Shared(journal, codes, shows)
    shared = (as_shared.row(dict(zip(columns, values, strict=True))) for values in found)
    rows = (row | {"uid": _hashed(salt, row["uid"])} for row in shared)
    names, news, olds = (
        ", ".join(f"{table}{name}" for name in columns)
        for table in ("", "excluded.", "lostsale_shared.")
    )
    there: set[str] = set()
    changed: list[str] = []
    while portion := list(islice(rows, _PORTION)):
        there.update(row["uid"] for row in portion)
        changed += (
            uid
            for (uid,) in connection.execute(
                f"INSERT INTO lostsale_shared ({names}) SELECT {names}"
                " FROM jsonb_populate_recordset(NULL::lostsale_shared, %s::jsonb)"
                f" ON CONFLICT (owner, uid) DO UPDATE SET ({names}) = ROW({news})"
                f" WHERE ({olds}) IS DISTINCT FROM ({news}) RETURNING uid",
                (json.dumps(portion),),
            )
        )
    own = "FROM lostsale_shared WHERE owner = current_user"
    may_lack = (
        {uid for (uid,) in connection.execute(f"SELECT uid {own}")}
        if whole
        else {_hashed(salt, uid) for uid in touched}
    )
    lacking = 0
    if gone_there := [*(may_lack - there)]:
        lacking = connection.execute(f"DELETE {own} AND uid = ANY(%s)", (gone_there,)).rowcount
    connection.execute("SELECT lostsale_settle(%s)", (changed,))
    seen["shared"] = digest
    return len(changed) + lacking


def _hashed(salt: str, uid: str) -> str:
    return hmac.new(salt.encode(), uid.encode(), hashlib.sha256).hexdigest()[:24]


class _Shared:
    """Losses as the team may see them."""

    def __init__(self, journal: Store, codes: Iterable[Code], shows: list[str]) -> None:
        self._words = journal.vocabulary
        self._products, self._personal = (choice == "on" for choice in shows)
        self._weakness_of = {**PLAIN.weakness_of, **{one.code: one.weakness for one in codes}}
        self._known = {
            kind: {*PLAIN.of(kind), *(one.code for one in codes if one.kind == kind)}
            for kind in ("said", "real")
        }

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row of a journal without what the user doesn't share."""
        said, guess, real = row["said_code"], row["guess_code"], row["real_code"]
        weakness = row["weakness"] or self._words.weakness_of.get(real or guess or "")
        hides = weakness == "none" or (weakness == "personal" and not self._personal)
        row |= {
            "product": row["product"] if self._products else None,
            "said_code": self._code("said", said),
            "guess_code": self._code("real", guess),
            "real_code": self._code("real", real),
            "weakness": None if hides else weakness,
            "rested": bool(row["rested"]),
        }
        # Two that are both hidden would look as if the guess had been right.
        both = ((row["guess_code"], guess), (row["real_code"], real))
        if real and any(shared == OTHER != code for shared, code in both):
            row["guess_code"] = None
        return row

    def _code(self, kind: ReasonKind, code: str | None) -> str | None:
        """Return the team's name of a code, other where it has none or shows a weakness that is
        not shared."""
        if code is None:
            return None
        name = next((name for name in self._words.names(code) if name in self._known[kind]), OTHER)
        weaknesses = {self._words.weakness_of.get(code), self._weakness_of.get(name)}
        return OTHER if "personal" in weaknesses and not self._personal else name


def team_codes(connection: "psycopg.Connection[Any]") -> list[Code]:
    """Return the team's own codes of reasons."""
    query = "SELECT code, kind, weakness FROM lostsale_codes ORDER BY kind DESC, code"
    return [Code(*row) for row in connection.execute(query)]

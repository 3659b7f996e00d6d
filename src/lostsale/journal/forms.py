"""What belongs into a journal's file: its tables, indexes and views, known by a digest for each
schema. A table, a view or a trigger beside them, or one that is otherwise, is damage."""

import sqlite3
from _blake2 import blake2b  # what hashlib has, too, which loads OpenSSL

APPLICATION_ID = 0x4C6F5361  # "LoSa"
CAUTIONS = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
# All that SQLite keeps of a schema but what ANALYZE leaves and how sqlite-utils writes its table;
# and the views, as an upgrade rebuilds them.
_FORM = """
    SELECT json_group_array(json_array(
        type, name, tbl_name, iif(tbl_name = '_sqlite_migrations' OR type = 'view', '', sql)
    )), json_group_array(json_array(type, name, tbl_name, sql)) FILTER (WHERE type = 'view')
    FROM (SELECT * FROM sqlite_master ORDER BY type, name)
    WHERE type <> 'table' OR name NOT IN ('sqlite_stat1', 'sqlite_stat4')
"""
# Digests: of that by the schema, and of the views of today.
_FORMS = {
    1: "38c400bd874fdfee81247142a975654f",
    2: "a1db777fd1eef2cc307221304d0de307",
    3: "c44bd1cb29405434429d36a637ceeded",
    4: "e04f0a6f26a40d84900ac9c7833c7a0b",
    5: "be3dcbbb04dacf94112eee96c3f397dc",
    6: "1403f32e45a55b63d6b6eefbd9109490",
    7: "5c0578c7791ec24e8a915d93904cbf1b",
    8: "08f32e6d0a7381e4dc460ade936c0b16",
    9: "c9e83491cb3859385e30349d38e46ac8",
    10: "c9e83491cb3859385e30349d38e46ac8",
    11: "aef6d189b8eed93d2219631f3bc3ac34",
}
_VIEWS = "ee8d826d14015f673fa9f30d0afec2c3"


NEWEST = max(_FORMS)


def form(connection: sqlite3.Connection) -> tuple[str, str]:
    """Return what SQLite keeps of a journal's schema, and of its views, as JSON lists of type,
    name, table and SQL."""
    tables, views = connection.execute(_FORM).fetchone()
    return tables, views


def is_made_by_us(found: tuple[str, str], schema: int, *, is_newest: bool) -> bool:
    """Whether a `form` is that of a schema. Only the views of the newest one are looked at: those
    of others are rebuilt."""
    tables, views = found
    return digest(tables) == _FORMS.get(schema) and (not is_newest or digest(views) == _VIEWS)


def digest(found: str) -> str:
    """Return what stands for a part of a form in the tables above."""
    return blake2b(found.encode(), digest_size=16).hexdigest()

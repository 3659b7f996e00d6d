"""The fields of a loss, as data: the one place that names a text of a loss beside `Loss` itself.

What the journal keeps of a loss, LOSS of docs/json.md, CSV, the views for other programs, and what
`find` and `show` look through and show: all follow from here.
"""

from lostsale.domain.reasons import ReasonKind
from lostsale.later import NamedTuple


class LossField(NamedTuple):
    """A field of LOSS of docs/json.md.

    `columns` are what the journal keeps of it: one value, of which no part changes alone, in the
    order of the fields of its record. `cells` are its columns in CSV. A text has a `label` under
    which it is shown, unless it has a place of its own on the screen. `since` is the journal's
    schema that added it.
    """

    name: str
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    is_text: bool = False
    label: str = ""
    since: int = 1


def _text(name: str, label: str = "", since: int = 1) -> LossField:
    """Return a text: its name is its field in Loss, its column in the journal and in CSV."""
    return LossField(name, (name,), (name,), is_text=True, label=label, since=since)


def _value(name: str, *columns: str) -> LossField:
    """Return what is a single value in LOSS; without columns it is part of another's, or made."""
    return LossField(name, columns, (name,))


def _object(name: str, parts: str, columns: str, since: int = 1) -> LossField:
    """Return what is an object in LOSS, and a column for each of its parts in CSV."""
    cells = tuple(f"{name}_{part}" for part in parts.split())
    return LossField(name, tuple(columns.split()), cells, since=since)


LOSS_FIELDS = (
    _value("number"),
    _value("uid"),
    _text("prospect"),
    _text("contact"),
    _text("email"),
    _text("phone"),
    _text("product"),
    _value("amount", "amount", "currency"),
    _value("currency"),
    _value("lost_on", "lost_on"),
    _text("stage"),
    _value("outcome", "outcome"),
    _text("lost_to"),
    _object("said", "code words", "said_code said_words said_found"),
    _value("signals", "signals"),
    _object("guess", "code words", "guess_code guess_words guess_found"),
    _object(
        "real",
        "code words source on",
        "asked_on real_code real_words real_source real_on real_found",
    ),
    _value("asked_on"),
    _text("way_in"),
    _value("weakness", "weakness"),
    _text("lesson", "Lesson"),
    _text("note", "Note"),
    _object(
        "next",
        "kind on time",
        "next_kind next_on next_time plan_step next_marked next_tries next_minutes next_where",
    ),
    LossField("contacts", (), ()),  # a table of their own, and so are referrals
    LossField("referrals", (), ()),
    _object("won", "on amount currency note", "won_on won_amount won_currency won_note"),
    _value("rested_on", "rested_on"),
    _value("logged_at", "logged_at"),
    _object("source", "system record", "source_system source_record"),
    _object("again", "on what", "again_on again_what", since=7),
)
COLUMNS_OF = {field.name: field.columns for field in LOSS_FIELDS}
TEXTS = tuple(field.name for field in LOSS_FIELDS if field.is_text)
LABELED = tuple(field for field in LOSS_FIELDS if field.label)
OBJECTS = tuple(field.name for field in LOSS_FIELDS if field.cells and field.cells != (field.name,))
# The codes of reasons by their kind, each with the column of the words and whether it was found.
REASON_COLUMNS: tuple[tuple[ReasonKind, str, str, str], ...] = (
    ("said", "said_code", "said_words", "said_found"),
    ("real", "guess_code", "guess_words", "guess_found"),
    ("real", "real_code", "real_words", "real_found"),
)

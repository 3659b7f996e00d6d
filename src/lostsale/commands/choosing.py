"""Which losses are wanted, as list and export ask for them."""

from collections.abc import Mapping
from typing import Any

from lostsale.commands import fields
from lostsale.context import Context
from lostsale.errors import BadInput
from lostsale.journal.listed import ORDERS as ALL_ORDERS
from lostsale.journal.listed import OUTWARD, STATES, Wanted
from lostsale.periods import read_period
from lostsale.reasons import WEAKNESSES, one_of, read_code

ORDERS = tuple(order for order in ALL_ORDERS if order != OUTWARD)


def states(*wanted: bool) -> tuple[str, ...]:
    """Return the states that are wanted, given whether each of them is."""
    return tuple(state for state, is_wanted in zip(STATES, wanted, strict=True) if is_wanted)


def wanted(
    desk: Context,
    period: str,
    states: tuple[str, ...],
    codes: Mapping[str, str | None],
    names: Mapping[str, str | None],
) -> Wanted:
    """Return which losses are wanted: of a period, in all of these states, with these codes, and
    with these words in their names. Raises BadInput."""
    words = desk.vocabulary
    known = {
        "said": lambda text: read_code(text, words.said, "said reason", words),
        "reason": lambda text: read_code(text, words.real, "real reason", words),
        "weakness": lambda text: one_of(text, WEAKNESSES, "weakness"),
    }
    read: dict[str, Any] = {
        field: known[field](text) for field, text in codes.items() if text is not None
    }
    read |= {name: _words(desk, name, text) for name, text in names.items() if text is not None}
    return Wanted(read_period(period, desk.today), states, **read)


def _words(desk: Context, field: str, text: str) -> str:
    """Return the words of a name that are wanted, as `log` would keep them. Raises BadInput."""
    if not text.strip():
        option = field.replace("_", "-")
        raise BadInput(f"--{option} is empty", f"Write lostsale list --{option} Oakfield")
    name: str = fields.read_field(desk, field, text)[field]
    return name

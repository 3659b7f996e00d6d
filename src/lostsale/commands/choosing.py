"""Which losses are wanted: the options by which list and export ask for them, and what they mean.
The query is in `journal/listed`."""

from functools import partial
from typing import Annotated, Any, NamedTuple

import typer

from lostsale.app import Context
from lostsale.commands import complete, fields
from lostsale.commands.options import LostTo
from lostsale.domain.periods import read_period
from lostsale.domain.reasons import WEAKNESSES, one_of, read_code
from lostsale.errors import BadInput
from lostsale.journal.search import ORDERS as ALL_ORDERS
from lostsale.journal.search import OUTWARD, STATES, Wanted

ORDERS = tuple(order for order in ALL_ORDERS if order != OUTWARD)


class Choice(NamedTuple):
    """Which losses, as typed for list and export; all that is set must hold."""

    period: Annotated[
        str, typer.Argument(help="2026, 2026-11, 2026q4, last-month, FROM..TO; else all.")
    ] = "all"
    open: Annotated[bool, typer.Option("--open", help="Neither won back nor at rest.")] = False
    won: Annotated[bool, typer.Option("--won", help="Won back.")] = False
    at_rest: Annotated[bool, typer.Option("--at-rest", help="Moved on from.")] = False
    not_asked: Annotated[bool, typer.Option("--not-asked", help="Not asked why yet.")] = False
    cold: Annotated[bool, typer.Option("--cold", help="Whose step has gone cold.")] = False
    ready: Annotated[bool, typer.Option("--ready", help="Through with the plan.")] = False
    said: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="What they said.", autocompletion=complete.said),
    ] = None
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="The real reason, else your guess.",
            autocompletion=complete.real,
        ),
    ] = None
    weakness: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="What the reason shows about us, or none.",
            autocompletion=complete.weaknesses,
        ),
    ] = None
    lost_to: LostTo = None
    prospect: Annotated[str | None, typer.Option(metavar="NAME", help="Words of who said no.")] = (
        None
    )
    product: Annotated[
        str | None, typer.Option(metavar="NAME", help="Words of what it was about.")
    ] = None


def wanted(desk: Context, choice: Choice) -> Wanted:
    """Return which losses are wanted: of a period, in all of these states, with these codes, and
    with these words in their names. Raises BadInput."""
    vocabulary = desk.vocabulary
    readers: dict[str, Any] = {
        "said": lambda text: read_code(text, vocabulary.said, "said reason", vocabulary),
        "reason": lambda text: read_code(text, vocabulary.real, "real reason", vocabulary),
        "weakness": lambda text: one_of(text, WEAKNESSES, "weakness"),
        **{name: partial(_words, desk, name) for name in ("lost_to", "prospect", "product")},
    }
    typed = choice._asdict()
    read: dict[str, Any] = {
        field: reader(typed[field]) for field, reader in readers.items() if typed[field] is not None
    }
    states = tuple(state for state in STATES if typed[state.replace(" ", "_")])
    return Wanted(read_period(choice.period, desk.today), states, **read)


def _words(desk: Context, field: str, text: str) -> str:
    """Return the words of a name that are wanted, as `log` would keep them. Raises BadInput."""
    if not text.strip():
        option = field.replace("_", "-")
        raise BadInput(f"--{option} is empty", f"Write lostsale list --{option} Oakfield")
    name: str = fields.read_field(desk, field, text)[field]
    return name

"""The options of log and edit: what is known of a loss."""

from typing import Annotated, NamedTuple

import typer

from lostsale.commands.options import (
    AgainOn,
    Guess,
    Heard,
    LostToOption,
    WayIn,
    WeaknessOption,
    complete_real,
    complete_said,
    completing,
    completing_codes,
)
from lostsale.domain.loss import OUTCOMES
from lostsale.domain.reasons import SIGNALS


class Facts(NamedTuple):
    """What a loss holds, as typed for log and edit; None where nothing was typed."""

    contact: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help='Your contact: "Ana Ruiz 555-0134 a@b.c".'),
    ] = None
    product: Annotated[str | None, typer.Option(metavar="TEXT", help="What it was about.")] = None
    said: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="What they said: a code, code: words, just words, or - to read them.",
            autocompletion=complete_said,
        ),
    ] = None
    real: Annotated[
        str | None,
        typer.Option(
            metavar="REASON",
            help="The real reason, as they told it.",
            autocompletion=complete_real,
        ),
    ] = None
    heard: Heard = None
    guess: Guess = None
    way_in: WayIn = None
    signal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="A warning before the no: silence, delay, budget.",
            autocompletion=completing_codes(lambda words: (*SIGNALS, *words.said)),
        ),
    ] = None
    lost_to: LostToOption = None
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="no-decision, cancelled, competitor, mistake.",
            autocompletion=completing(OUTCOMES),
        ),
    ] = None
    weakness: WeaknessOption = None
    again: AgainOn = None
    lesson: Annotated[str | None, typer.Option(metavar="TEXT", help="What you learned.")] = None

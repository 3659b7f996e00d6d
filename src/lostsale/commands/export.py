"""Writing what the journal holds for other programs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from json import dumps
from pathlib import Path
from typing import IO, Annotated

import typer

from lostsale.app import Context
from lostsale.commands import choosing
from lostsale.commands.files import new_file
from lostsale.commands.options import Force, Json, spread
from lostsale.domain.dates import When
from lostsale.errors import BadInput
from lostsale.export.record import kept_json, plain, to_json
from lostsale.journal.search import OUTWARD, chosen
from lostsale.screen.text import DO, plural, who
from lostsale.screen.transfer import step_note


@spread
def export(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="Ends in .json (all), .csv or .ics (a calendar).")],
    choice: choosing.Choice,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write losses into a file for other programs.

    All, or as list chooses them. lostsale import takes .json and .csv back.

    lostsale export losses.csv 2026 --won
    lostsale export losses.json
    lostsale export due.ics
    """
    desk: Context = ctx.obj
    path = Path(file)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise BadInput(f'"{file}" can not be exported', f"End it in {', '.join(_WRITERS)}")
    wanted = choosing.wanted(desk, choice)._replace(mistakes=True)
    numbers = list(chosen(desk.journal, wanted, desk.today, desk.settings.workdays, OUTWARD))
    encoding = "utf-8-sig" if write == _write_csv else "utf-8"  # spreadsheets want to be told
    with (
        new_file(desk, file, replace=force) as new,
        new.open("w", encoding=encoding, newline="") as out,
    ):
        count = write(desk, numbers, out)
    if json:
        made = {"file": file, "losses": count, "bytes": path.stat().st_size}
        desk.show(to_json("export", made))
    else:
        what = plural(count, "step" if path.suffix.lower() == ".ics" else "loss")
        desk.show([f"{what} in {file}, readable by you alone."])


def _records(desk: Context, numbers: list[int]) -> Iterator[dict[str, object]]:
    """Yield LOSS of the README for each, with what is needed to read it back."""
    for loss in chain.from_iterable(desk.journal.portions(numbers)):
        yield {**desk.record(loss), "as_kept": kept_json(loss)}


def _write_json(desk: Context, numbers: list[int], out: IO[str]) -> int:
    """Write the whole journal, a loss on each line."""
    own = [plain(code) for code in desk.journal.own_reasons()]
    settings = desk.journal.kept_settings()
    out.write(f'{{"schema": 1,\n"settings": {dumps(settings)},\n"reasons": {dumps(own)},\n')
    out.write('"losses": [')
    for place, record in enumerate(_records(desk, numbers)):
        out.write(f"{',' if place else ''}\n{dumps(record)}")
    out.write("\n]}\n")
    return len(numbers)


def _write_csv(desk: Context, numbers: list[int], out: IO[str]) -> int:
    from lostsale.export.csv import write_csv

    write_csv(_records(desk, numbers), out)
    return len(numbers)


def _write_calendar(desk: Context, numbers: list[int], out: IO[str]) -> int:
    """Write the open steps as entries of a calendar; return how many."""
    from lostsale.export.calendar import Entry, agenda

    entries = [
        Entry(
            f"{loss.uid}-next",
            When(step.on, step.time),
            f"{DO[step.kind].capitalize()}: {who(loss)}",
            step_note(loss, step, desk.settings),
            step.minutes,
            step.where,
        )
        for loss in chain.from_iterable(desk.journal.portions(numbers))
        if (step := loss.step)
    ]
    out.write(agenda(entries, datetime.now(UTC)).decode())
    return len(entries)


_WRITERS: dict[str, Callable[[Context, list[int], IO[str]], int]] = {
    ".json": _write_json,
    ".csv": _write_csv,
    ".ics": _write_calendar,
}

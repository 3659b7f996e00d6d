"""Writing losses into files for other programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands.list import Choice, wanted_losses
from lostsale.commands.options import Force, spread
from lostsale.domain.dates import When
from lostsale.domain.loss import Loss
from lostsale.errors import BadInput, CannotOpen, either
from lostsale.export.record import dumps, kept_json, plain
from lostsale.journal.file import atomic_file
from lostsale.journal.search import OUTWARD, chosen
from lostsale.screen.loss import up_again
from lostsale.screen.progress import Working
from lostsale.screen.text import DO, plural, who
from lostsale.screen.transfer import step_note


@spread
def export(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(help="A name ending in .json (everything), .csv or .ics (a calendar).")
    ],
    choice: Choice,
    force: Force = False,
) -> Result:
    """Write losses to a file for other programs.

    Everything, or a selection, with the options of list. lostsale import reads .json back in.

    lostsale export losses.csv 2026 --won
    lostsale export losses.json
    lostsale export due.ics
    """
    app: App = ctx.obj
    path = Path(file)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        excel = "Excel opens .csv. " * (path.suffix.lower() in {".xlsx", ".xls"})
        hint = f"{excel}End the name in {either(_WRITERS)}"
        raise BadInput(f'I can\'t export to "{file}"', hint)
    wanted = wanted_losses(app, choice)._replace(mistakes=True)
    numbers = list(chosen(app.journal, wanted, app.today, OUTWARD))
    # Without the mark at its start spreadsheets take a CSV file for one of another encoding.
    encoding = "utf-8-sig" if write == _write_csv else "utf-8"
    with (
        Working(f"Writing {file}"),
        new_file(app, file, replace=force) as new,
        new.open("w", encoding=encoding, newline="") as out,
    ):
        count = write(app, numbers, out)
    made = {"file": file, "losses": count, "bytes": path.stat().st_size}
    what = plural(count, "step" if path.suffix.lower() == ".ics" else "loss")
    if mistakes := len(numbers) - len(
        [*chosen(app.journal, wanted._replace(mistakes=False), app.today)]
    ):
        what += f" ({plural(mistakes, 'mistake')} among them)" * (path.suffix.lower() != ".ics")
    is_ours = not path.stat().st_mode & 0o77  # unlike on Windows, or a stick
    private = ", which only you can read" * is_ours
    return Result("export", made, lambda: [f"Wrote {what} to {file}{private}."])


def _losses(app: App, numbers: list[int]) -> Iterator[Loss]:
    return chain.from_iterable(app.journal.portions(numbers))


def _write_json(app: App, numbers: list[int], out: IO[str]) -> int:
    """Write settings, reasons and losses, a loss on each line."""
    own = [plain(code) for code in app.journal.vocabulary.own]
    settings = app.journal.kept_settings()
    out.write(f'{{"schema": 1,\n"settings": {dumps(settings)},\n"reasons": {dumps(own)},\n')
    out.write('"losses": [')
    for place, loss in enumerate(_losses(app, numbers)):
        record = {**app.record(loss), "as_kept": kept_json(loss)}  # so that it can be read back
        out.write(f"{',' if place else ''}\n{dumps(record)}")
    out.write("\n]}\n")
    return len(numbers)


def _write_csv(app: App, numbers: list[int], out: IO[str]) -> int:
    from lostsale.export.csv import write_csv

    write_csv(map(app.record, _losses(app, numbers)), out)
    return len(numbers)


def _write_calendar(app: App, numbers: list[int], out: IO[str]) -> int:
    """Write the open steps, and what comes up again, as calendar entries; return how many."""
    from lostsale.export.calendar import Entry, agenda

    losses = list(_losses(app, numbers))
    entries = [
        Entry(
            uid=f"{loss.uid}-next",
            at=When(step.on, step.time),
            summary=f"{DO[step.kind].capitalize()}: {who(loss)}",
            description=step_note(loss, step, app.settings),
            minutes=step.minutes,
            where=step.where,
        )
        for loss in losses
        if (step := loss.step)
    ]
    entries += [
        Entry(
            uid=f"{loss.uid}-again",
            at=When(loss.again.on),
            summary=f"{(loss.again.what or 'decision').capitalize()} comes up: {who(loss)}",
            description=up_again(loss, app.today),
        )
        for loss in losses
        if loss.again and loss.again.on >= app.today and not loss.is_mistake
    ]
    out.write(agenda(entries, datetime.now(UTC)).decode())
    return len(entries)


_WRITERS: dict[str, Callable[[App, list[int], IO[str]], int]] = {
    ".json": _write_json,
    ".csv": _write_csv,
    ".ics": _write_calendar,
}


@contextmanager
def new_file(app: App, file: str, *, replace: bool) -> Iterator[Path]:
    """Give the path of a new file to write, which then appears as `file`, readable by its owner
    alone; an existing file only to `replace` it. Raises BadInput or CannotOpen."""
    path = Path(file)
    if "\0" in file:
        raise BadInput("The file name has a NUL character in it", "Leave it out")
    try:
        is_journal = path.absolute() == app.path.absolute() or (
            path.exists() and app.path.exists() and path.samefile(app.path)
        )
        is_there = path.parent.is_dir()
    except OSError as error:
        raise CannotOpen(
            f"{file[:80]} can't be written ({error.strerror})", "Choose another"
        ) from None
    if is_journal:
        raise CannotOpen(f"{path} is the journal", "Choose another file")
    if not is_there:
        raise CannotOpen(f"There's no folder {path.parent}", "Create it, or choose another")
    with atomic_file(path, replace=replace) as new:
        yield new

"""Files that a user asks for: where they may lie, and that they appear whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lostsale.app import Context
from lostsale.errors import BadInput, CannotOpen
from lostsale.journal.file import drafted


@contextmanager
def new_file(desk: Context, file: str, *, replace: bool) -> Iterator[Path]:
    """Give the path to write, which then lies at `file`, for its owner alone; over a file that is
    there only to `replace` it. Raises BadInput or CannotOpen."""
    path = Path(file)
    if "\0" in file:
        raise BadInput("The name of a file holds a NUL character", "Leave it out")
    try:
        is_journal = path.absolute() == desk.path.absolute() or (
            path.exists() and desk.path.exists() and path.samefile(desk.path)
        )
        is_there = path.parent.is_dir()
    except OSError as error:
        raise CannotOpen(
            f"{file[:80]} can't be written ({error.strerror})", "Name another"
        ) from error
    if is_journal:
        raise CannotOpen(f"{path} is the journal", "Name another file")
    if not is_there:
        raise CannotOpen(f"There is no folder {path.parent}", "Make it, or name another")
    try:
        with drafted(path, replace=replace) as new:
            yield new
    except FileExistsError:
        raise CannotOpen(
            f"There is a file at {path} already", "Name another, or say --force"
        ) from None

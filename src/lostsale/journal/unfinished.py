"""Files that are being made, each held by the process that makes it as long as that lives: so what
a killed one left is known from what another is busy with."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from pathlib import Path
from time import time

SIDECARS = ("-journal", "-wal", "-shm")
_LONG = 3600.0  # seconds: nothing takes so long to make
_UNFINISHED = r"(.+\.[0-9a-f]{12}\.new)(?:-journal|-wal|-shm)?"


@contextmanager
def unfinished_file(folder: Path, name: str) -> Iterator[Path]:
    """Give an empty file, its owner's alone, whose name has another `name` in it. In the end it is
    gone, unless it was renamed."""
    while True:
        new = folder / f".{name[:200]}.{os.urandom(6).hex()}.new"
        file = os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        if sys.platform == "win32":  # where no file can be renamed that is open
            os.close(file)
            file = -1  # another file may have its number in the end
            break
        _lock(file, waits=True)
        if new.exists():  # else it was swept before it was held
            break
        os.close(file)
    try:
        yield new
    finally:
        with suppress(OSError):
            os.close(file)
        with suppress(PermissionError):  # open on Windows; it's swept later
            new.unlink(missing_ok=True)
            remove_sidecars(new)  # SQLite leaves its own where the disk is full


def sweep(path: Path, backups: Path, *, even_held: bool = False) -> list[str]:
    """Remove the unfinished files beside a journal and in the folder of its backups that nobody
    holds, and `even_held` ones there; return which. Raises OSError if a folder can't be read."""
    removed = swept(path.parent, f".{path.name[:200]}")
    return removed + swept(backups, ".", even_held=even_held)


def swept(folder: Path, begin: str, *, even_held: bool = False) -> list[str]:
    """Remove the unfinished files in a folder whose names begin so, but those that are held; return
    which. Raises OSError if the folder can't be read."""
    removed = []
    with suppress(FileNotFoundError):
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 - in each run: texts are quicker
            is_ours = name.startswith(begin) and ".new" in name
            found = re.fullmatch(_UNFINISHED, name) if is_ours else None
            if found and (even_held or _is_left(folder / found[1])):
                with suppress(PermissionError):
                    (folder / name).unlink(missing_ok=True)
                    removed.append(str(folder / name))
    return removed


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Wait until no other process is in here with the same file, which is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        _lock(file, waits=True)
        yield
    finally:
        os.close(file)


def remove_sidecars(path: Path) -> None:
    """Delete what SQLite keeps beside a file, which was replaced or is gone."""
    for sidecar in SIDECARS:
        path.with_name(path.name + sidecar).unlink(missing_ok=True)


def _is_left(path: Path) -> bool:
    if not path.exists():  # only its sidecars are there
        return True
    if sys.platform == "win32":  # where it isn't held
        return time() - path.stat().st_mtime > _LONG
    with path.open("rb") as file:
        return _lock(file.fileno())


def _lock(file: int, *, waits: bool = False) -> bool:
    """Lock an open file for this process; return whether that went well."""
    while True:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file, msvcrt.LK_LOCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except OSError as error:  # another holds it, or a network's folder has no locks
            if sys.platform == "win32" and error.errno != EINVAL:
                continue  # it waited for no more than 10 seconds
            return False
        return True

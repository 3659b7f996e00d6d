"""What is typed as the path of a file, and where it leads."""

import os
from contextlib import suppress
from pathlib import Path

from lostsale.errors import BadInput


def typed_path(text: str | None) -> str | None:
    """Return a path as typed, with the home folder that `~/` or `~user/` means. Raises BadInput."""
    if not text or text[0] != "~" or (os.sep not in text and text != "~"):
        return text
    try:
        return str(Path(text).expanduser())
    except RuntimeError:
        raise BadInput(f"{text} begins with nobody's home", "Write ./~ for a folder here") from None


def real_path(path: Path) -> Path:
    """Return the file that a path leads to, beside which all that belongs to it lies."""
    with suppress(OSError, RuntimeError):  # what is wrong is said when it is opened
        return path.resolve() if path.is_symlink() and path.exists() else path
    return path

"""What is typed as the path of a file, and where it leads."""

import os
import sys

from lostsale.errors import BadInput

TYPE_CHECKING = False  # a shell's prompt asks for the usual path, and loads neither
if TYPE_CHECKING:
    from pathlib import Path


def usual_path() -> str:
    """Return where the journal is kept unless a path is named, on Linux without folders of the
    user's own; empty elsewhere. It is what platformdirs has, whose import is a quarter as long as
    a run."""
    home = "~/.local/share/lostsale/lostsale.db"
    is_plain = sys.platform == "linux" and "XDG_DATA_HOME" not in os.environ
    path = os.path.expanduser(home) if is_plain else ""  # noqa: PTH111
    return path if path.startswith("/") else ""


def typed_path(text: str | None) -> str | None:
    """Return a path as typed, with the home folder that `~/` or `~user/` means. Raises BadInput."""
    if not text or text[0] != "~" or (os.sep not in text and text != "~"):
        return text
    from pathlib import Path

    try:
        return str(Path(text).expanduser())
    except RuntimeError:
        raise BadInput(f"{text} begins with nobody's home", "Write ./~ for a folder here") from None


def real_path(path: "Path") -> "Path":
    """Return the file that a path leads to, beside which all that belongs to it lies."""
    try:
        return path.resolve() if path.is_symlink() and path.exists() else path
    except (OSError, RuntimeError):  # what is wrong is said when it is opened
        return path

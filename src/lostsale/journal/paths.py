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
    ends = (os.sep, os.altsep or os.sep)  # of the home folder's name
    if not text or text[0] != "~" or (text != "~" and not any(sep in text for sep in ends)):
        return text
    from pathlib import Path

    try:
        return str(Path(text).expanduser())
    except RuntimeError:
        raise BadInput(f"I can't find the home in {text}", "Write ./~ for a folder here") from None


def own_folder(*, for_state: bool = False) -> "Path":
    """Return the folder of the user's for the journal, or `for_state`, of what this machine keeps
    outside of any. Raises RuntimeError where there's none."""
    from pathlib import Path

    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "").strip()
        return (Path(local) if local else Path.home() / "AppData/Local") / "lostsale"
    if sys.platform == "linux" and for_state:  # as in platformdirs, which costs more
        state = Path(os.environ.get("XDG_STATE_HOME", "").strip() or Path.home() / ".local/state")
        if not state.is_absolute():
            raise RuntimeError
        return state / "lostsale"
    from platformdirs import user_data_path, user_state_path

    return user_state_path("lostsale") if for_state else user_data_path("lostsale")


def moved_up(folder: "Path") -> bool:
    """Move what 0.1.0 kept on Windows in a folder of the same name inside the folder; return
    whether a journal came along. What another program holds open stays until the next time."""
    old = folder / "lostsale"
    journal = folder / "lostsale.db"
    if not old.is_dir() or journal.exists():
        return False
    try:
        for file in sorted(old.iterdir(), key=lambda file: file.name != journal.name):
            file.replace(folder / file.name)  # the journal first
        old.rmdir()
    except OSError:
        return journal.exists()
    return True


def sqlite_uri(path: str) -> str:
    """Return a file's address as SQLite takes it: unlike pathlib's also for what a share of another
    computer holds."""
    quoted = (
        f"%{byte:02x}" if byte > 126 or byte in b"%?#" else chr(byte) for byte in os.fsencode(path)
    )
    return f"file:{''.join(quoted)}"


def real_path(path: "Path") -> "Path":
    """Return the file that a path leads to, beside which all that belongs to it lies."""
    try:
        return path.resolve() if path.is_symlink() and path.exists() else path
    except (OSError, RuntimeError):  # what is wrong is said when it is opened
        return path

"""What a command is at, shown on a terminal once that takes over a second."""

import sys
from threading import Timer
from typing import TYPE_CHECKING, Self

from lostsale.screen.text import shown

if TYPE_CHECKING:
    from rich.status import Status
    from rich.text import Text

_PATIENCE = 1.0  # seconds


class Working:
    """Work that may take long, from entering it, or from its first rows, until it is left. `what`
    says which: Checking the journal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._rows = 0
        self._timer: Timer | None = None
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._timer = Timer(_PATIENCE, self._show)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()  # it may be about to show it
        if self._status:
            self._status.stop()
        self._timer = self._status = None

    def show(self, rows: int) -> None:
        """Show how many rows it came to; 0 leaves it."""
        self._rows = rows
        if not rows:
            self.__exit__()
        elif not self._timer:
            self.__enter__()
        elif self._status:
            self._status.update(self._text())

    def _text(self) -> "Text":
        from rich.text import Text

        rows = f": {self._rows:,} rows" if self._rows else ""
        return Text(f"{shown(self._what)}{rows}")

    def _show(self) -> None:
        from rich.console import Console

        self._status = Console(stderr=True).status(self._text())
        self._status.start()


def opening(name: str) -> Working:
    """Return the work of opening a file."""
    return Working(f"Opening {name}")

"""Drafts: what was typed for a loss that couldn't be logged, one file each until it's taken up.

Every `log` loads this, so what only a draft needs is imported inside the functions.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from lostsale.app import App
from lostsale.domain.names import folded
from lostsale.errors import BadInput, Declined, LostSaleError, NotAJournal, NotFound
from lostsale.journal.file import atomic_file, to_user_error

Typed = dict[str, Any]  # texts by the names of options and answers


class Draft:
    """The options and answers of one `log`, as typed on `day`."""

    def __init__(self, app: App, path: Path | None = None) -> None:
        self._app = app
        self.path = path
        self.day = app.today
        self.typed: Typed = {}
        self.is_asked = False  # by questions, so that there may be more to say

    @classmethod
    def newest(cls, app: App) -> "Draft":
        """Return the latest draft. Raises NotFound."""
        ours = _drafts(app)
        if not ours:
            raise NotFound("There is no draft")
        path = max(ours, key=lambda path: path.stat().st_mtime_ns)
        draft = cls(app, path)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            draft.day, draft.typed = date.fromisoformat(kept["day"]), dict(kept["typed"])
            draft.is_asked = bool(kept["is_asked"])
        except (OSError, ValueError, KeyError, TypeError):
            raise BadInput(f"{path} is no draft", "Look at it, and remove it") from None
        return draft

    def add(self, answers: dict[str, Any]) -> None:
        """Add the answers so far, and write the draft."""
        self.typed |= answers
        self.is_asked = True
        self.keep()

    def keep(self) -> None:
        """Write what was typed so far, beside the journal or else in the temporary folder."""
        now = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        kept = {"day": self.day.isoformat(), "is_asked": self.is_asked, "typed": self.typed}
        for begin in _begins(self._app):
            path = self.path or begin.with_name(f"{begin.name}{now}.json")
            with suppress(LostSaleError):
                with atomic_file(path, replace=True) as new:
                    new.write_text(json.dumps(kept, indent=1), encoding="utf-8")
                self.path = path
                return

    def __str__(self) -> str:
        return " · ".join(str(text) for text in self.typed.values())

    def drop(self) -> None:
        """Remove the draft, which has been logged."""
        if self.path:
            self.path.unlink(missing_ok=True)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Remove the draft once the loss is logged; if it can't be, say where the draft is."""
        try:
            yield
        except Exception as error:
            known = to_user_error(error)
            if known is None or not self.typed or isinstance(known, BadInput | NotAJournal):
                raise
            if isinstance(known, Declined) and not self.path:
                raise  # one line in the shell, which still has it
            if self._app.path.exists() and not self._app.path.is_file():
                raise  # not a place for a journal
            self.keep()
            kept = f"What you typed is in {self.path}: lostsale log --draft takes it up again"
            known.hint = kept if self.path else f"What you typed is lost. {known.hint}"
            known.has_draft = self.path is not None
            raise known from error
        self.drop()


def traces(app: App, texts: set[str]) -> list[Path]:
    """Return the paths of drafts, and of the crash log, that contain one of the texts in any case
    and spacing."""
    names = [folded(text) for text in texts if len(text) > 1]
    held = []
    for path in (*_drafts(app), app.path.with_name("lostsale-faults.log")):
        with suppress(OSError, ValueError):
            written = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".json":
                written = json.dumps(json.loads(written), ensure_ascii=False)
            if any(name in folded(written) for name in names):
                held.append(path)
    return held


def _drafts(app: App) -> list[Path]:
    """Return the paths of the user's own drafts for this journal."""
    from glob import escape

    begins = _begins(app)
    paths = [path for begin in begins for path in begin.parent.glob(f"{escape(begin.name)}*")]
    return [path for path in paths if path.stat().st_uid == _user()]


def _begins(app: App) -> tuple[Path, ...]:
    """Return how the paths of drafts begin: beside the journal, or in the temporary folder if there
    is no room."""
    import hashlib
    from tempfile import gettempdir

    path = app.path.absolute()
    elsewhere = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    return (
        path.with_name(f"{path.name}-draft-"),
        Path(gettempdir()) / f"lostsale-{elsewhere}-draft-",
    )


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0

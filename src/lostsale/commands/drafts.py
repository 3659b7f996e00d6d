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

from lostsale.api import ChangedMeanwhile
from lostsale.app import App
from lostsale.domain.loss import new_uid
from lostsale.domain.names import folded
from lostsale.errors import BadInput, CannotOpen, Declined, Interrupted, LostSaleError, NotFound
from lostsale.journal.file import atomic_file, to_user_error
from lostsale.journal.machine import state_file
from lostsale.journal.unfinished import swept

Typed = dict[str, Any]  # texts by the names of options and answers


class Draft:
    """The options and answers of one `log`, as typed on `day`. Its loss has a `uid` already, so
    that it is logged once, even if that is interrupted before the draft is gone."""

    def __init__(self, app: App, path: Path | None = None) -> None:
        self._app = app
        self.path = path
        self.day = app.today
        self.uid = new_uid()
        self.typed: Typed = {}
        self.is_asked = False  # by questions, so that there may be more to say

    @classmethod
    def newest(cls, app: App) -> "Draft":
        """Return the latest draft. Raises NotFound."""
        ours = _drafts(app)
        if not ours:
            raise NotFound("There's no draft")
        path = max(ours, key=lambda path: ours[path])
        draft = cls(app, path)
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            draft.day, draft.typed = date.fromisoformat(kept["day"]), dict(kept["typed"])
            draft.is_asked, draft.uid = bool(kept["is_asked"]), kept.get("uid", draft.uid)
        except FileNotFoundError:
            raise NotFound("Another lostsale is already using that draft") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise BadInput(f"{path} isn't a draft", "Check it, and delete it") from None
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
        kept["uid"] = self.uid
        for begin in _begins(self._app):
            path = self.path or begin.with_name(f"{begin.name}{now}.json")
            with suppress(LostSaleError):
                with atomic_file(path, replace=True) as new:
                    new.write_text(json.dumps(kept, indent=1), encoding="utf-8")
                self.path = path
                if begin.parent == _temporary():  # which another run may have elsewhere
                    with suppress(OSError, RuntimeError):
                        state_file(path.name).symlink_to(path)
                return

    def __str__(self) -> str:
        texts = (" ".join(t) if isinstance(t, list) else str(t) for t in self.typed.values())
        return " · ".join(texts)

    def drop(self) -> None:
        """Remove the draft, which has been logged."""
        if self.path:
            self.path.unlink(missing_ok=True)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Remove the draft once the loss is logged; if it can't be, say where the draft is."""
        try:
            yield
        except (Exception, KeyboardInterrupt) as error:
            known = _known(error)
            if isinstance(known, ChangedMeanwhile):  # it is logged
                self.drop()
                raise
            is_declined = isinstance(known, Declined) and not self.path  # the shell still has it
            if not self.typed or is_declined or isinstance(known, BadInput):
                raise
            self.keep()
            again = f"{self._app.command} log --draft picks it up again"
            kept = f"What you typed is in {self.path}: {again}" if self.path else ""
            if known is None:
                error.add_note(kept)
                raise
            known.hint = kept or f"What you typed is lost. {known.hint}"
            known.has_draft = self.path is not None
            raise known from error
        self.drop()


def _known(error: BaseException) -> LostSaleError | None:
    """Return what an error means to the user; None if lostsale itself is at fault."""
    if isinstance(error, KeyboardInterrupt):
        ended = Interrupted("Interrupted")
        ended.assurance = ""  # perhaps it was logged just before
        return ended
    if isinstance(error, OSError):
        return CannotOpen(f"The journal can't be written ({error.strerror})")
    return to_user_error(error) if isinstance(error, Exception) else None


def traces(app: App, texts: set[str]) -> list[Path]:
    """Return the paths of drafts, and of the crash log, that contain one of the texts in any case
    and spacing."""
    names = [folded(text) for text in texts if len(text) > 1]
    held = []
    logs = (folder / "lostsale-faults.log" for folder in (app.path.parent, _temporary()))
    for path in (*_drafts(app), *logs):
        with suppress(OSError, ValueError):
            written = path.read_text(encoding="utf-8", errors="replace")
            if path.suffix == ".json":
                written = json.dumps(json.loads(written), ensure_ascii=False)
            if any(name in folded(written) for name in names):
                held.append(path)
    return held


def _drafts(app: App) -> dict[Path, int]:
    """Return the user's own drafts for this journal, and when they were written (ns), after those
    that were never finished are swept away."""
    found, begins = {}, _begins(app)
    begins.append(Path("/tmp") / begins[-1].name)  # noqa: S108 - where Python goes if TMPDIR is full
    for begin in begins:
        with suppress(OSError):
            swept(begin.parent, f".{begin.name}")
            for path in begin.parent.iterdir():
                with suppress(OSError):
                    if path.name.startswith(begin.name):
                        found[path.resolve()] = path.stat()
    return {path: kept.st_mtime_ns for path, kept in found.items() if kept.st_uid == _user()}


def _begins(app: App) -> list[Path]:
    """Return how the paths of drafts begin: beside the journal, if there is room and it is a file,
    or in the temporary folder, to which the folder for state leads."""
    import hashlib

    path, begins = app.path.absolute(), []
    with suppress(OSError):  # a name that is too long
        path = Path(os.path.realpath(path))
        if path.is_file() or not (path.exists() or app.path.is_symlink()):
            begins.append(path.with_name(f"{path.name}-draft-"))
    elsewhere = f"lostsale-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}-draft-"
    begins.append(_temporary() / elsewhere)
    with suppress(RuntimeError):
        begins.append(state_file(elsewhere))
    return begins


def _temporary() -> Path:
    from tempfile import gettempdir

    return Path(gettempdir())


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0

"""What came of bringing two journals together, or would come of it."""

from typing import Any, NamedTuple

from lostsale.screen.page import Page
from lostsale.screen.text import plural

_LISTED = 20  # losses that differ, before the rest is only counted
_SHORT = 30  # letters of a value


class Field(NamedTuple):
    """A field of LOSS of the README, before and after."""

    field: str
    before: Any
    after: Any


class Difference(NamedTuple):
    """A loss that was `added`, `updated` or `removed`, and what differs in it."""

    number: int
    uid: str
    prospect: str
    what: str
    fields: tuple[Field, ...]


class Merged(NamedTuple):
    """What came of it; `merge` of the README. `twice` are numbers of losses that look like one."""

    file: str
    changes: int
    added: int
    updated: int
    removed: int
    forgotten: int
    settings: tuple[str, ...]
    losses: tuple[Difference, ...]
    twice: tuple[tuple[int, ...], ...]
    backup: str | None
    dry_run: bool


def merged_page(done: Merged) -> Page:
    """Return what came, which losses differ, and how to go back."""
    if not (done.changes or done.forgotten):
        return [f"{done.file} holds nothing that is not here."]
    would = "would be " if done.dry_run else ""
    counts = (
        f"{done.added:,} {would}added" if done.added else "",
        f"{done.updated:,} {would}updated" if done.updated else "",
        f"{done.removed:,} {would}gone: undone or forgotten there" if done.removed else "",
        f"{done.forgotten:,} {would}forgotten here, too" if done.forgotten else "",
        f"{', '.join(done.settings)} {would}changed" if done.settings else "",
    )
    differing = [loss for loss in done.losses if loss.what != "added"]
    page = [
        f"{done.file}: {plural(done.changes, 'change')} more than here",
        " · ".join(filter(None, counts)) or "No loss differs.",
        *(f"  {_line(loss)}" for loss in differing[:_LISTED]),
    ]
    if len(differing) > _LISTED:
        page.append(f"  … {len(differing) - _LISTED:,} more: the same with --json")
    if done.twice:
        first = ", ".join(map(str, done.twice[0]))
        more = f" and {plural(len(done.twice) - 1, 'more pair')}" if len(done.twice) > 1 else ""
        page.append(
            f"{first}{more} may be one loss kept twice: lostsale edit {done.twice[0][-1]}"
            " --outcome mistake leaves one out"
        )
    if done.dry_run:
        page.append("Nothing was changed: that was a dry run.")
    elif done.backup:
        page.append(f"undo can't take it back. What was here before: {done.backup}")
    return page


def _line(loss: Difference) -> str:
    if loss.what == "removed":
        return f"{loss.number} {loss.prospect}: gone"
    changed = (f"{one.field} {_brief(one.before)} → {_brief(one.after)}" for one in loss.fields)
    return f"{loss.number} {loss.prospect}: {', '.join(changed)}"


def _brief(value: Any) -> str:
    """Return a value of LOSS in a few letters."""
    if isinstance(value, list):
        return f"{len(value)}"
    if isinstance(value, dict):
        value = " ".join(str(part) for part in value.values() if part and part is not True)
    text = "-" if value is None or value == "" else str(value)
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"

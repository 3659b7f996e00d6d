"""What is about to be forgotten, and what was: `forgotten` of the README."""

from typing import NamedTuple

from lostsale.domain.loss import Loss
from lostsale.domain.settings import Settings
from lostsale.screen.text import amount, long_day, plural, who

LISTED = 20  # losses that are named before the rest is only counted


class Erased(NamedTuple):
    """What was erased; `losses` are numbers; `elsewhere` are those that
    still hold the name, and the file is `compact` unless it could not be written anew."""

    losses: tuple[int, ...]
    contacts: int
    referrals: int
    kept_count: bool
    compact: bool
    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    elsewhere: tuple[int, ...]


def goes_page(losses: list[Loss], settings: Settings, *, keep_count: bool) -> list[str]:
    """Return what goes, before it does."""
    lines = [
        f"  {loss.number} {who(loss)}, {amount(loss.money, settings) or 'no amount'},"
        f" lost {long_day(loss.lost_on)}"
        for loss in losses[:LISTED]
    ]
    if len(losses) > LISTED:
        lines.append(f"  … {len(losses) - LISTED:,} more")
    contacts = sum(len(loss.contacts) for loss in losses)
    referrals = sum(len(loss.referrals) for loss in losses)
    also = (plural(contacts, "contact"), f"names given: {referrals:,}")
    kept = " Codes, dates and amounts stay, for the numbers." if keep_count else ""
    return [
        (
            f"These go for good, with what was done about them ({', '.join(also)}),"
            f" from the journal and its backups.{kept}"
        ),
        *lines,
    ]


def forgotten_page(done: Erased) -> list[str]:
    """Return what was erased, and where it may still be."""
    lines = [
        (
            f"{plural(len(done.losses), 'loss')} forgotten, and in"
            f" {plural(len(done.cleaned), 'backup')}. No merge or import brings them back."
        )
    ]
    lines += [f"Deleted, since the name was in it: {file}" for file in done.deleted]
    lines += [f"Could not be cleaned, delete it yourself: {file}" for file in done.left]
    if done.elsewhere:
        where = ", ".join(map(str, done.elsewhere[:LISTED]))
        lines.append(
            f"The name also stands, or once stood, in {where}: forget them, too; edit leaves in the"
            " file what was there before."
        )
    if not done.compact:
        lines.append(
            "It is overwritten, but the file could not be made smaller: no room, or in use."
        )
    lines.append("Copies that you made elsewhere still have it.")
    return lines

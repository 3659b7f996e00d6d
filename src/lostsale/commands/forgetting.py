"""Erasing losses for good, for those who have a right to be forgotten."""

from typing import Annotated, NamedTuple

import typer

from lostsale.commands import refs
from lostsale.commands.drafts import traces
from lostsale.commands.options import Json, Yes
from lostsale.commands.questions import confirmed
from lostsale.context import Context
from lostsale.errors import BadInput, Declined, NotFound
from lostsale.journal import forgetting
from lostsale.journal.listed import found
from lostsale.loss import Loss
from lostsale.screen.json import to_json
from lostsale.screen.text import amount, long_day, plural, who

_LISTED = 20  # losses that are named before the rest is only counted


class Erased(NamedTuple):
    """What was erased; `forgotten` of the README. `losses` are numbers; `elsewhere` are those that
    still hold the name."""

    losses: tuple[int, ...]
    contacts: int
    referrals: int
    kept_count: bool
    cleaned: tuple[str, ...]
    deleted: tuple[str, ...]
    left: tuple[str, ...]
    elsewhere: tuple[int, ...]


def forget(
    ctx: typer.Context,
    ref: Annotated[
        str | None, typer.Argument(metavar="[REF]", help="The loss: its number, or its name.")
    ] = None,
    prospect: Annotated[
        str | None, typer.Option(metavar="NAME", help="All losses of this prospect.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="All losses, with --keep-count: a change of jobs.")
    ] = False,
    keep_count: Annotated[
        bool, typer.Option("--keep-count", help="Keep codes, dates and amounts, for the numbers.")
    ] = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Erase a loss or a prospect for good.

    From the journal, its changes and its backups; undo can't take it back. Example: lostsale forget
    oakfield --yes
    """
    desk: Context = ctx.obj
    if sum((ref is not None, prospect is not None, all_)) != 1:
        raise BadInput("REF is missing, or --prospect, or --all", "Name one of them")
    if all_ and not keep_count:
        raise BadInput(
            "--all goes with --keep-count", f"To erase all, delete {desk.path} and its backups"
        )
    uids = _wanted(desk, ref, prospect)
    losses = desk.journal.by_uid(uids)
    if not yes:
        if not desk.is_interactive:
            raise Declined(
                f"That would erase {plural(len(losses), 'loss')} for good",
                "Say --yes if you mean it",
            )
        desk.show(_goes(desk, losses, keep_count=keep_count))
        if not confirmed("Erase that for good? undo can't take it back."):
            raise Declined("Not forgotten")
    forgetting.forget(desk.journal, uids, keep_count=keep_count)
    cleaned = forgetting.clean_backups(desk.path, uids, prospect, keep_count=keep_count)
    names = {loss.prospect for loss in losses} | ({prospect} if prospect else set())
    files = traces(desk, names | {loss.contact for loss in losses if loss.contact})
    for file in files:
        file.unlink(missing_ok=True)
    done = Erased(
        losses=tuple(loss.number for loss in losses if loss.number),
        contacts=sum(len(loss.contacts) for loss in losses),
        referrals=sum(len(loss.referrals) for loss in losses),
        kept_count=keep_count,
        cleaned=cleaned.cleaned,
        deleted=(*cleaned.deleted, *map(str, files)),
        left=cleaned.left,
        elsewhere=() if all_ else _elsewhere(desk, names),
    )
    desk.show(to_json("forgotten", done) if json else _page(done))


def _wanted(desk: Context, ref: str | None, prospect: str | None) -> list[str]:
    """Return the uids of what is to be forgotten. Raises NotFound."""
    if ref is not None:
        return [loss.uid for loss in desk.journal.get([refs.one(desk, ref, "any")])]
    if prospect is None:
        return forgetting.every(desk.journal)
    uids = forgetting.named(desk.journal, prospect)
    if not uids:
        raise NotFound(f'No prospect is named "{prospect[:40]}"', "Look with lostsale list")
    return uids


def _elsewhere(desk: Context, names: set[str]) -> tuple[int, ...]:
    """Return the numbers of other losses that hold one of the names somewhere."""
    numbers = {number for name in names for number in found(desk.journal, [name])}
    return tuple(sorted(numbers))


def _goes(desk: Context, losses: list[Loss], *, keep_count: bool) -> list[str]:
    """Return what goes, before it does."""
    lines = [
        f"  {loss.number} {who(loss)}, {amount(loss.money, desk.settings) or 'no amount'},"
        f" lost {long_day(loss.lost_on)}"
        for loss in losses[:_LISTED]
    ]
    if len(losses) > _LISTED:
        lines.append(f"  … {len(losses) - _LISTED:,} more")
    contacts = sum(len(loss.contacts) for loss in losses)
    referrals = sum(len(loss.referrals) for loss in losses)
    also = (plural(contacts, "contact"), plural(referrals, "name given"))
    kept = " Codes, dates and amounts stay, for the numbers." if keep_count else ""
    return [
        (
            f"These go for good, with what was done about them ({', '.join(also)}),"
            f" from the journal and its backups.{kept}"
        ),
        *lines,
    ]


def _page(done: Erased) -> list[str]:
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
        where = ", ".join(map(str, done.elsewhere[:_LISTED]))
        lines.append(f"The name also stands in {where}: forget or edit them, too.")
    lines.append("Copies that you made elsewhere still have it.")
    return lines

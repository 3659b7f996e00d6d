"""Erasing losses for good, for people with a right to be forgotten."""

from contextlib import suppress
from typing import Annotated

import typer

from lostsale.app import App, Result
from lostsale.commands import refs
from lostsale.commands.ask import confirm
from lostsale.commands.drafts import traces
from lostsale.commands.options import Yes
from lostsale.domain.loss import Loss
from lostsale.domain.names import folded
from lostsale.domain.results import Erased
from lostsale.errors import BadInput, NotFound, Unfinished, join
from lostsale.journal import forget as journal_forget
from lostsale.journal.file import to_user_error
from lostsale.journal.forget import Cleaned, ForgetOptions
from lostsale.journal.queries import known_prospects
from lostsale.screen.progress import Working
from lostsale.screen.text import plural
from lostsale.screen.transfer import LISTED_AT_MOST, forgotten_page, goes_page, machines_line
from lostsale.sync.exchange import Memory


def forget(
    ctx: typer.Context,
    ref: Annotated[
        list[str] | None,
        typer.Argument(metavar="[REF]...", help="The loss: its number, or part of its name."),
    ] = None,
    prospect: Annotated[
        str | None, typer.Option(metavar="NAME", help="All losses of this prospect.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="All losses, with --keep-count, when you change jobs.")
    ] = False,
    keep_count: Annotated[
        bool, typer.Option("--keep-count", help="Keep codes, dates and amounts, for the numbers.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Erase a loss or a prospect for good.

    From the journal, its changes and its backups; undo can't take it back.

    lostsale forget 42
    lostsale forget --prospect "Oakfield Labs" --keep-count
    """
    app: App = ctx.obj
    named = refs.joined(ref) if ref else None
    if sum((named is not None, prospect is not None, all_)) != 1:
        raise BadInput("REF is missing, or --prospect, or --all", "Give one of them")
    if all_ and not keep_count:
        raise BadInput(
            "--all needs --keep-count", f"To erase everything, delete {app.path} and its backups"
        )
    uids = _wanted(app, named, prospect)
    if prospect and not uids and (where := _elsewhere(app, {prospect})):
        numbers = ", ".join(map(str, where[:LISTED_AT_MOST]))
        raise NotFound(
            f"No prospect has that name now, but it appears, or once did, in {numbers}",
            "Forget them by number",
            f"forget {where[0]}",
        )
    losses = sorted(app.journal.by_uid(uids), key=lambda loss: loss.number or 0)
    renamed = [loss for loss in losses if prospect and folded(loss.prospect) != folded(prospect)]
    once = ", which once had that name"
    whose = ", ".join(
        f"{loss.number} {loss.prospect}{once if loss in renamed else ''}"
        for loss in losses[:LISTED_AT_MOST]
    ) + (", …" if len(losses) > LISTED_AT_MOST else "")
    if not yes:
        if app.is_interactive:
            app.show(goes_page(losses, renamed, app.settings, keep_count=keep_count))
        what = f"erase {plural(len(losses), 'loss')} for good ({whose})"
        confirm(app, what, "Erase that for good? undo can't take it back.", "Not forgotten")
    with Working("Erasing, in the backups too"):
        done = _erased(app, uids, losses, ForgetOptions(keep_count, words=all_), prospect)
    others: list[str] = []
    with suppress(RuntimeError):  # where a machine can keep nothing of its own, nothing is synced
        if (memory := Memory(app.path)).target:
            done = done._replace(machines=memory.machines)
            others = [machines_line(done.machines)]
    app.render(Result("forgotten", done, lambda: [*forgotten_page(done, whose), *others]))
    if done.left or not done.compact:
        names = [*dict.fromkeys(loss.prospect for loss in losses)]
        is_gone = len(names) == 1 and not known_prospects(app.journal, names)
        again = join(["forget", "--prospect", *names]) if is_gone else ""
        hint = "See above, and then" if again else "See above"
        raise Unfinished("Forgotten in the journal, but not everywhere yet", hint, again)


def _erased(
    app: App,
    uids: list[str],
    losses: list[Loss],
    options: ForgetOptions,
    prospect: str | None,
) -> Erased:
    """Erase losses wherever they are kept: in backups, drafts and the journal. With `options.words`
    they are all losses. Raises NotFound if no backup has the prospect either."""
    with app.journal.transaction(keep=False):
        pass  # fails now, not halfway, if another program is writing
    # Backups first: if this is interrupted, the same command can be given again.
    cleaned = journal_forget.clean_backups(app.path, uids, options, prospect)
    if prospect is not None and not cleaned.uids:
        raise NotFound(f'No prospect is named "{prospect[:40]}"', "Try lostsale list")
    typed = {prospect} if prospect else set()
    who = {text for one in losses for text in (one.prospect, one.contact, one.phone, one.email)}
    files = traces(app, typed | set(filter(None, who)))
    for file in files:
        file.unlink(missing_ok=True)
    names = typed | {text for loss in losses for text in (loss.prospect, loss.contact) if text}
    if not options.words:  # else undone losses are among them already
        holding = set(journal_forget.mentioning(app.journal, names))
        undone = holding - {loss.uid for loss in app.journal.by_uid(holding)}
        cleaned = cleaned._replace(uids=cleaned.uids | undone)
    is_compact = _forgotten(app, cleaned, options)
    # And those that another process made in the meantime.
    again = journal_forget.clean_backups(app.path, cleaned.uids, options)
    return Erased(
        losses=tuple(loss.number for loss in losses if loss.number),
        contacts=sum(len(loss.contacts) for loss in losses),
        referrals=sum(len(loss.referrals) for loss in losses),
        kept_count=options.keep_count,
        compact=is_compact,
        cleaned=tuple(dict.fromkeys(cleaned.cleaned + again.cleaned)),
        deleted=(*cleaned.deleted, *again.deleted, *map(str, files)),
        left=again.left,
        elsewhere=() if options.words else _elsewhere(app, names),
        settings=tuple(journal_forget.common_mentioning(app.journal, names)),
    )


def _forgotten(app: App, cleaned: Cleaned, options: ForgetOptions) -> bool:
    """Forget in the journal what the backups have forgotten; return whether it was compacted."""
    try:
        return journal_forget.forget_losses(app.journal, cleaned.uids, options)
    except Exception as error:
        known = to_user_error(error)
        if known is None or not (cleaned.cleaned or cleaned.deleted):
            raise
        known.assurance = "It's gone from the backups, but not from the journal yet."
        raise known from error


def _wanted(app: App, ref: str | None, prospect: str | None) -> list[str]:
    """Return the uids of what the journal has of what is to be forgotten. Raises NotFound."""
    if ref is not None:
        return [loss.uid for loss in app.journal.get([refs.one(app, ref, "forget")])]
    if prospect is None:
        return journal_forget.all_uids(app.journal)
    if not prospect.strip():
        raise BadInput("--prospect is empty", 'Write --prospect "Oakfield Dental"')
    return journal_forget.with_prospect(app.journal, prospect)


def _elsewhere(app: App, names: set[str]) -> tuple[int, ...]:
    """Return the numbers of losses that hold one of the names anywhere, or once did."""
    losses = app.journal.by_uid(journal_forget.mentioning(app.journal, names))
    return tuple(sorted(loss.number for loss in losses if loss.number))

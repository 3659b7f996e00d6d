"""What importing, exporting, merging and forgetting show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from lostsale.domain.loss import Loss, Step
from lostsale.domain.periods import day_text
from lostsale.domain.reasons import OTHER
from lostsale.domain.results import Difference, Erased, Imported, Merged, OtherMachine, Verified
from lostsale.domain.settings import Settings
from lostsale.errors import either, quote
from lostsale.screen.due import what_you_know
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import amount, full_amount, plural, who

_LISTED = 10  # rows or words that are listed; the rest is only counted
_REASON_WIDTH = 38  # columns


def _fields(columns: Mapping[str, tuple[str, ...]], examples: Mapping[str, str]) -> Grid:
    """Return a table of the fields, each with its columns and a cell of them."""
    titles = (
        Column("Field", style="dim"),
        Column("Column", stretchy=True, wrap=True),
        Column("Example", stretchy=True),
    )
    cells = (
        (field, ", ".join(headers), _short(examples[field])) for field, headers in columns.items()
    )
    return Grid(titles, tuple(map(Row, cells)), explain=True)


def layout_page(
    title: str,
    columns: Mapping[str, tuple[str, ...]],
    examples: Mapping[str, str],
    first: list[Loss],
    settings: Settings,
) -> Page:
    """Return how a file is read: which columns hold what, and the first lost deals."""
    deals = tuple(
        Row(
            (
                loss.lost_on.isoformat(),
                loss.prospect,
                amount(loss.money, settings) or "-",
                f"guess {loss.guess.code}: {loss.guess.words}" if loss.guess else "-",
            )
        )
        for loss in first
    )
    page: list[str | Line | Grid] = [
        Line(title, "bold"),
        _fields(columns, examples),
    ]
    if deals:
        titles = (
            Column("Lost"),
            Column("Who", stretchy=True),
            Column("Amount", right=True),
            Column("Why", stretchy=True),
        )
        page += ["", "The first ones:", Grid(titles, deals, explain=True)]
    return [*page, ""]


def step_note(loss: Loss, step: Step, settings: Settings) -> str:
    """Return what a calendar entry says about a loss whose step comes up."""
    money = full_amount(loss.money, settings)
    reached = " · ".join(filter(None, (loss.phone, loss.email)))
    lines = (reached, money, *what_you_know(loss, step), loss.product, f"Loss {loss.number}")
    return "\n".join(filter(None, lines))


def imported_page(
    done: Imported, again: str = "", *, is_ambiguous: bool = False, is_shown: bool = False
) -> Page:
    """Return what an import did, how to take it back, and the command that reads the next such file
    `again` in the same way. Some amounts may be ambiguous; how the file is read may be shown
    already."""
    counts = [
        f"{done.added:,} {'would be added' if done.dry_run else 'added'}",
        f"{done.updated:,} updated" if done.updated else "",
        f"{done.linked:,} linked to what you logged" if done.linked else "",
        f"{done.duplicates:,} already there" if done.duplicates else "",
        f"{len(done.skipped):,} not imported" if done.skipped else "",
        f"{done.forgotten:,} forgotten, and skipped" if done.forgotten else "",
        f"{plural(done.steps, 'first step')} opened" if done.steps else "",
        f"{done.ahead:,} with a date in the future, as in the file" if done.ahead else "",
    ]
    title = f"{done.file}: {done.format}, {plural(done.rows, 'row')}, {done.lost:,} lost."
    page: list[str | Line | Grid] = [] if is_shown else [title]
    page.append(" · ".join(filter(None, counts)))
    page += [f"  line {line}: {why}" for line, why in done.skipped[:_LISTED]]
    if len(done.skipped) > _LISTED:
        page.append(f"  … {len(done.skipped) - _LISTED:,} more with --json")
    page += _left_out(done)
    if is_ambiguous:
        page.append("--decimal . or --decimal , says which one is the decimal point.")
    if done.undated and done.skipped:
        page.append("--undated DATE gives all lost deals without a date the same one.")
    if done.columns and not is_shown:
        page += _how_read(done)
    coded = [reason for reason in done.reasons if reason.code != OTHER][:_LISTED]
    if coded:
        named = (f"{_short(reason.words)} → {reason.code} {reason.lost:,}" for reason in coded)
        page.append(f"Your guesses: {' · '.join(named)}. Change one with lostsale reasons alias.")
    other = [(reason.words, reason.lost) for reason in done.reasons if reason.code == OTHER]
    if other:
        share = sum(count for _, count in other) / sum(reason.lost for reason in done.reasons)
        page.append(f"{share:.0%} of the reasons are under {OTHER}.")
    page += reasons_left(other)
    if done.dry_run:
        page.append("Nothing was saved: that was a dry run.")
    elif done.added or done.updated or done.linked or done.steps:
        page.append("Wrong? lostsale undo takes it all back.")
    if again:
        page.append(f"To read the next file the same way: {again}")
    return page


def _left_out(done: Imported) -> list[str]:
    """Return which cells were left out, by their field and why, and what else is not as the file
    has it."""
    groups: dict[tuple[str, str], list[str]] = {}
    for line, field, cell, why in done.emptied:
        groups.setdefault((field, why), []).append(f'line {line} "{_short(cell)}"')
    lines = []
    for (field, why), cells in groups.items():
        more = f" and {len(cells) - _NAMED:,} more" if len(cells) > _NAMED else ""
        lines.append(
            f"{field} left empty in {len(cells):,}, {why}: {', '.join(cells[:_NAMED])}{more}"
        )
    for record, where in done.clashes[:_LISTED]:
        named = ", ".join(map(str, where[:_LISTED]))
        lines.append(
            f"Lines {named} have the id {_short(record)} and differ: the first one was used."
        )
    for number, field in done.stayed[:_LISTED]:
        lines.append(f"{field} of {number} stays: something was done about it since.")
    if done.months:
        months = plural(done.months, "loss")
        lines.append(f"{months} with only a month: counted as lost on its last day.")
    return lines


_DAYS = {
    "expected": "an expected day, since there isn't another",
    "changed": "the day of the last change, since there isn't a better one",
    "stage": "the day on which the stage last changed",
    "open too": "a day that open deals have, too",
}
_NAMED = 3  # cells that are named
_UNUSED = 12  # columns


def _how_read(done: Imported) -> Iterator[str | Line | Grid]:
    """Yield which columns hold what, and what to know about them."""
    yield _fields(done.columns, done.examples)
    yield from how_chosen(done.columns, done.day, done.close, done.unused)
    if "amount" in done.columns:
        yield f"Amounts without a currency are in {done.currency}."
    if "prospect" not in done.columns:
        yield "No column says who said no: name it with --map prospect=…"


def how_chosen(
    columns: Mapping[str, tuple[str, ...]],
    day: str,
    close: Mapping[str, tuple[str, ...]],
    unused: Sequence[str],
) -> Iterator[str]:
    """Yield what to know about the columns that were chosen, and which weren't."""
    if day in _DAYS and "lost_on" in columns:
        yield f'Lost on "{columns["lost_on"][0]}": {_DAYS[day]}.'
    for field, headers in close.items():
        yield f"{field} could also be {either(headers)}: --map {field}=…"
    if unused:
        more = len(unused) - _UNUSED
        named = ", ".join(unused[:_UNUSED])
        yield f"Not used: {named}{f' and {more:,} more' if more > 0 else ''}."


def reasons_left(words: list[tuple[str, int]]) -> list[str]:
    """Return the words that have no code but `other`, with how many losses have each, and how to
    give them one."""
    if not words:
        return []
    named = " · ".join(f"{_short(text)} {lost:,}" for text, lost in words[:_LISTED])
    more = f" · {len(words) - _LISTED:,} more" if len(words) > _LISTED else ""
    # The example is one that can be typed.
    plain = (text for text, _ in words if text.isprintable() and len(text) <= _REASON_WIDTH)
    return [
        f"Still under {OTHER}: {named}{more}",
        f"Give them one: lostsale reasons alias {quote(next(plain, 'WORDS'))} CODE",
    ]


def _short(text: str) -> str:
    """Return a text in one line's part, cut between words where it has any."""
    if len(text) <= _REASON_WIDTH:
        return text
    cut = text[: _REASON_WIDTH - 1]
    return (
        f"{cut if text[len(cut)].isspace() else cut.rsplit(maxsplit=1)[0] if ' ' in cut else cut}…"
    )


_DIFFERING = 20  # losses that differ, before the rest is only counted


_SHORT = 30  # letters of a value


def merged_page(done: Merged) -> Page:
    """Return what came, which losses differ, and how to go back."""
    if not (done.changes or done.forgotten):
        return [f"{done.file} has nothing new."]
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
        f"{done.file}: {plural(done.changes, 'more change')} than here",
        " · ".join(filter(None, counts)) or "No losses differ.",
        *(f"  {difference_line(loss)}" for loss in differing[:_DIFFERING]),
    ]
    if len(differing) > _DIFFERING:
        page.append(f"  … {len(differing) - _DIFFERING:,} more with --json")
    if done.twice:
        first = ", ".join(map(str, done.twice[0]))
        more = f" and {plural(len(done.twice) - 1, 'more pair')}" if len(done.twice) > 1 else ""
        page.append(
            f"{first}{more} may be the same loss logged twice: lostsale edit {done.twice[0][-1]}"
            " --outcome mistake leaves one out"
        )
    if done.dry_run:
        page.append("Nothing was changed: that was a dry run.")
    elif done.backup:
        page.append(f"undo can't take it back. What was here before: {done.backup}")
    return page


def difference_line(loss: Difference) -> str:
    """Return what differs in a loss."""
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


def machines_line(machines: Iterable[OtherMachine]) -> str:
    """Return which machines still hold what was forgotten here."""
    named = ", ".join(
        f"{one.name} (last synced {day_text(date.fromisoformat(one.synced_on))})"
        for one in machines
    )
    line = "Your other machines still have what you erased until they sync after this one"
    return f"{line}: {named}" if named else line


LISTED_AT_MOST = 20  # losses; the rest is only counted


def goes_page(
    losses: list[Loss], renamed: list[Loss], settings: Settings, *, keep_count: bool
) -> list[str]:
    """Return what goes, before it does, with those that were `renamed` since."""
    lines = [
        f"  {loss.number} {who(loss)}, {amount(loss.money, settings) or 'no amount'},"
        f" lost {day_text(loss.lost_on)}{', which once had that name' if loss in renamed else ''}"
        for loss in losses[:LISTED_AT_MOST]
    ]
    if len(losses) > LISTED_AT_MOST:
        lines.append(f"  … {len(losses) - LISTED_AT_MOST:,} more")
    contacts = sum(len(loss.contacts) for loss in losses)
    referrals = sum(len(loss.referrals) for loss in losses)
    also = (plural(contacts, "contact"), plural(referrals, "referral"))
    kept = " Codes, dates and amounts stay, for the numbers." if keep_count else ""
    return [
        (
            f"These go for good, with what was done about them ({', '.join(also)}),"
            f" from the journal and its backups.{kept}"
        ),
        *lines,
    ]


def forgotten_page(done: Erased, whose: str) -> list[str]:
    """Return what was erased, `whose` it was, and where it may still be."""
    backups = plural(len(done.cleaned), "backup")
    whose = f" ({whose})" if whose else ""
    gone = f"{plural(len(done.losses), 'loss')} forgotten{whose}, here and in {backups}."
    lines = [f"{gone} No merge or import brings them back."]
    lines += [f"Deleted, since the name was in it: {file}" for file in done.deleted]
    lines += [f"Couldn't be cleaned, so delete it yourself: {file}" for file in done.left]
    if done.elsewhere:
        where = ", ".join(map(str, done.elsewhere[:LISTED_AT_MOST]))
        lines.append(
            f"The name also appears, or once did, in {where}: forget them, too, or"
            " change the text with edit, which leaves the old one in the file."
        )
    if done.settings:
        lines.append(
            f"The name also appears, or once did, in {', '.join(done.settings)}: forget --all"
            " --keep-count erases those, too."
        )
    if not done.compact:
        lines.append("It's overwritten, but the file couldn't be made smaller: no room, or in use.")
    lines.append("Copies you made elsewhere aren't changed.")
    return lines


def verified_page(found: Verified, hidden: str = "") -> list[str]:
    """Return what is wrong or was put right, if anything, and the newest good backup, or why those
    are `hidden`."""
    counts = f"{plural(found.losses, 'loss')}, {plural(found.changes, 'change')}"
    lines = [f"The file: {what}" for what in found.file]
    lines += [f"Loss {number} is damaged" for number in found.wrong]
    lines += [f"Loss {number} is repaired" for number in found.repaired]
    if found.ok:
        lines.append(f"{counts}: all intact")
    if found.replaced:
        lines.append(f"What was here before: {found.replaced}")
    none = hidden or "There's no backup yet"
    return [*lines, f"Newest good backup: {found.backup}" if found.backup else none]

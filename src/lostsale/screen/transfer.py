"""What came of moving data, and what was found before."""

from shlex import quote
from typing import NamedTuple

from lostsale.domain.loss import Loss, Step
from lostsale.domain.reasons import OTHER
from lostsale.domain.settings import Settings
from lostsale.screen.due import what_you_know
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import amount, full_amount, plural

LISTED = 10  # rows that can't be taken, before the rest is only counted
SHORT = 38  # letters of a reason


class Skipped(NamedTuple):
    """A lost row that can't be taken: its line in the file, and why."""

    line: int
    why: str


class Counted(NamedTuple):
    """A reason as another program has it, the code that it got, and how many losses have it."""

    words: str
    code: str
    lost: int


class Imported(NamedTuple):
    """What came of an import, or would come of it in a `dry_run`; `import` of the README."""

    file: str
    format: str
    rows: int
    lost: int
    added: int
    updated: int
    duplicates: int
    linked: int
    steps: int
    forgotten: int
    ahead: int
    undated: int
    skipped: tuple[Skipped, ...]
    columns: dict[str, tuple[str, ...]]
    reasons: tuple[Counted, ...]
    dry_run: bool


def layout_page(
    title: str, columns: dict[str, tuple[str, ...]], first: list[Loss], settings: Settings
) -> Page:
    """Return what was found in a file: which columns hold what, and its first lost deals."""
    found = tuple(Row((field, ", ".join(headers))) for field, headers in columns.items())
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
        Grid((Column("Field", style="dim"), Column("Column", stretchy=True)), found, explain=True),
    ]
    if deals:
        titles = (
            Column("Lost"),
            Column("Who", stretchy=True),
            Column("Amount", right=True),
            Column("Why", stretchy=True),
        )
        page += ["", "The first of them:", Grid(titles, deals, explain=True)]
    return [*page, ""]


def step_note(loss: Loss, step: Step, settings: Settings) -> str:
    """Return what one wants to know of a loss when its step comes up in a calendar."""
    money = full_amount(loss.money, settings)
    reached = " · ".join(filter(None, (loss.phone, loss.email)))
    lines = (reached, money, *what_you_know(loss, step), loss.product, f"Loss {loss.number}")
    return "\n".join(filter(None, lines))


def imported_page(done: Imported) -> Page:
    """Return what came of an import, and how to take it back."""
    counts = [
        f"{done.added:,} {'would be added' if done.dry_run else 'added'}",
        f"{done.updated:,} updated" if done.updated else "",
        f"{done.linked:,} linked to what you logged" if done.linked else "",
        f"{done.duplicates:,} there already" if done.duplicates else "",
        f"{len(done.skipped):,} not taken" if done.skipped else "",
        f"{done.forgotten:,} forgotten, and left so" if done.forgotten else "",
        f"{plural(done.steps, 'first step')} opened" if done.steps else "",
        f"{done.ahead:,} with a day still ahead, as the file has it" if done.ahead else "",
    ]
    page: list[str] = [
        f"{done.file}: {done.format}, {plural(done.rows, 'row')}, {done.lost:,} lost.",
        " · ".join(filter(None, counts)),
        *(f"  line {line}: {why}" for line, why in done.skipped[:LISTED]),
    ]
    if done.columns and "prospect" not in done.columns:
        page.append("No column says who said no: name it with --map prospect=…")
    if len(done.skipped) > LISTED:
        page.append(f"  … {len(done.skipped) - LISTED:,} more: the same with --json")
    if any("ambiguous" in row.why for row in done.skipped):
        page.append("--decimal . or --decimal , says which is the decimal sign.")
    if done.undated and done.skipped:
        page.append("--undated DATE gives all lost deals without a day the same one.")
    coded = [reason for reason in done.reasons if reason.code != OTHER][:LISTED]
    if coded:
        named = (f"{_short(reason.words)} → {reason.code} {reason.lost:,}" for reason in coded)
        page.append(f"Your guesses: {' · '.join(named)}. lostsale reasons alias says otherwise.")
    page += reasons_left(
        [(reason.words, reason.lost) for reason in done.reasons if reason.code == OTHER]
    )
    if done.dry_run:
        page.append("Nothing was kept: that was a dry run.")
    elif done.added or done.updated or done.linked or done.steps:
        page.append("Wrong? lostsale undo takes it all back.")
    return page


def reasons_left(words: list[tuple[str, int]]) -> list[str]:
    """Return the words that stay under no code but other, with how many losses have each, and how
    to give them one."""
    if not words:
        return []
    named = " · ".join(f"{_short(text)} {lost:,}" for text, lost in words[:LISTED])
    more = f" · {len(words) - LISTED:,} more" if len(words) > LISTED else ""
    # What is long or can't be typed is no phrase to name.
    plain = (text for text, _ in words if text.isprintable() and len(text) <= SHORT)
    return [
        f"Under no code but {OTHER}: {named}{more}",
        f"Give one to all that say so: lostsale reasons alias {quote(next(plain, 'WORDS'))} CODE",
    ]


def _short(text: str) -> str:
    return f"{text[: SHORT - 1]}…" if len(text) > SHORT else text

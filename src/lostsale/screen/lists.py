"""Many losses, a row each: chosen ones, those that hold certain words, and the names given."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from lostsale.domain.loss import REST, Loss, Referral
from lostsale.domain.money import Money
from lostsale.domain.periods import day_text
from lostsale.domain.reasons import code_and_words
from lostsale.domain.settings import Settings
from lostsale.screen.loss import head, labeled, reached
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import (
    DO,
    NARROW,
    amount,
    do,
    full_amount,
    plural,
    short_day,
    when,
    who,
)

_NAME_WIDTH = 12  # columns
AROUND = 200  # characters of a sentence without end


def summary(losses: list[Loss], of: int, settings: Settings, *, is_won: bool) -> Line:
    """Return the line above a list of losses, of so many in all: how many, and what they were
    worth, each currency by itself; that was won back if it `is_won`."""
    sums: Counter[str] = Counter()
    for loss in losses:
        if loss.money:
            sums[loss.money.currency] += loss.money.minor
    count = plural(of, "loss") if of == len(losses) else f"{len(losses):,} of {of:,} losses"
    worth = " + ".join(
        full_amount(Money(minor, currency), settings) for currency, minor in sorted(sums.items())
    )
    worth += " won back" if worth and is_won else ""
    return Line(" · ".join(filter(None, (count, worth))), "bold")


def list_page(losses: list[Loss], settings: Settings, today: date, width: int | None) -> Page:
    """Return losses, a row each, or two lines on a narrow terminal."""
    rows = tuple(_row(loss, settings, today, is_plain=width is None) for loss in losses)
    room = _room(rows, width)
    if width is not None and (width < NARROW or room < _NAME_WIDTH):
        return [line for row in rows for line in _two_lines(row)]
    columns = (
        Column("No", right=True, style="bold"),
        Column("Lost"),
        Column("Who", stretchy=True),
        Column("Amount", right=True),
        Column("Why", stretchy=True),
        Column("Stands"),
    )
    grid = Grid(columns, rows)
    return [grid if room >= 2 * _NAME_WIDTH else grid.only((0, 1, 2, 3, 5))]


def _room(rows: Sequence[Row], width: int | None) -> int:
    """Return how many columns of a terminal are left for who, and why."""
    if width is None or not rows:
        return 2 * _NAME_WIDTH
    wide = [max(map(len, cells)) + 2 for cells in zip(*(row.cells for row in rows), strict=True)]
    return width - wide[0] - wide[1] - wide[3] - wide[5]


def _row(loss: Loss, settings: Settings, today: date, *, is_plain: bool) -> Row:
    return Row(
        (
            str(loss.number),
            loss.lost_on.isoformat() if is_plain else short_day(loss.lost_on, today, ""),
            who(loss),
            amount(loss.money, settings) or "-",
            _why(loss),
            _stands(loss, settings, today, "%a" if is_plain else ""),
        )
    )


def _two_lines(row: Row) -> list[str | Line]:
    number, day, person, money, reason, stands = row.cells
    return [Line(f"{number}  {person}", "bold"), f"    {day} · {money} · {reason} · {stands}"]


def _why(loss: Loss) -> str:
    if loss.real:
        return f"{loss.real.source} {loss.real.code}" if loss.real.code else "would not say"
    if loss.guess:
        return f"guess {loss.guess.code}"
    return f"said {loss.said.code}" if loss.said else "-"


def _stands(loss: Loss, settings: Settings, today: date, weekday: str) -> str:
    is_up = loss.again and loss.again.on >= today
    up = f"; up {short_day(loss.again.on, today, weekday)}" if loss.again and is_up else ""
    return _state(loss, settings, today, weekday) + up


def _state(loss: Loss, settings: Settings, today: date, weekday: str) -> str:
    step, waits = loss.step, loss.planned
    if step:
        return f"{do(step, today)} {when(loss, step, today, settings.workdays, weekday)}"
    if loss.won:
        return f"won back {short_day(loss.won.on, today, weekday)}"
    if loss.rested_on:
        return "at rest"
    is_ready = waits and waits.kind == REST and waits.on <= today
    return "ready to close" if is_ready else "-"


def found_page(loss: Loss, words: list[str], settings: Settings, width: int | None) -> Page:
    """Return a loss that holds the words: its name, and the sentences that they are in."""
    texts = [*_texts(loss, str if width is None else partial(day_text, weekday=""))]
    if width is None and loss.product:
        texts.insert(0, ("product", loss.product))
    hits = [f"{label}: {hit}" for label, text in texts if (hit := _sentence(text, words))]
    if width is None:
        cells = (str(loss.number), who(loss), loss.lost_on.isoformat(), "; ".join(hits))
        return [Grid((Column(""),) * len(cells), (Row(cells),))]
    marks = tuple(words)
    return [Line(head(loss, settings), marks=marks)] + [
        Line(f"      {hit}", "dim", marks) for hit in hits
    ]


def _texts(loss: Loss, day: Callable[[date], str]) -> Iterator[tuple[str, str]]:
    """Yield what a loss holds beside what it is named by: what it is, and the text; days as that
    writes them."""
    for label, text in (
        ("phone", loss.phone),
        ("e-mail", loss.email),
        ("said", loss.said and code_and_words(*loss.said[:2])),
        ("signals", ", ".join(loss.signals)),
        ("guess", loss.guess and code_and_words(*loss.guess[:2])),
        ("real", loss.real and loss.real.code and code_and_words(loss.real.code, loss.real.words)),
        ("way in", loss.way_in),
        ("lost to", loss.lost_to),
        ("stage", loss.stage),
        *((label.lower(), text) for label, text in labeled(loss)),
        ("where", loss.planned and loss.planned.where),
        ("won", loss.won and loss.won.note),
        ("record", loss.source and loss.source.record),
        *((f"{day(done.on)} {DO.get(done.kind, done.kind)}", done.note) for done in loss.contacts),
        *((f"{day(name.on)} name", reached(name)) for name in loss.referrals),
    ):
        if text:
            yield label, text


def _sentence(text: str, words: list[str]) -> str:
    """Return the first sentence of `text` in which one of the words stands; nothing if none
    does."""
    folded = text.casefold()
    place = min((at for word in words if (at := folded.find(word)) >= 0), default=None)
    if place is None:
        return ""
    if len(folded) != len(text):  # some letters fold to several: ß to ss
        place = [at for at, letter in enumerate(text) for _ in letter.casefold()][place]
    start = max((end.end() for end in re.finditer(r"[.!?]\s+|\n+", text[:place])), default=0)
    begin = max(start, place - AROUND)
    end = re.compile(r"[.!?](?!\S)|\n").search(text, place)
    last = end.end() if end else len(text)
    stop = min(last, place + AROUND)
    cut = ("…" if begin > start else "", "…" if stop < last else "")
    return f"{cut[0]}{text[begin:stop].strip()}{cut[1]}"


def referrals_page(
    given: Sequence[tuple[int, Referral, int, str]], today: date, width: int | None
) -> Page:
    """Return the names that were given, each with its number, a row each, or two lines on a narrow
    terminal, with the loss whose prospect gave them."""
    if not given:
        return [
            "No referrals yet. Ask for one when you call: lostsale referral 42 Bea Kim 555-0177"
        ]
    columns = (
        Column("No", right=True, style="bold"),
        Column("Name", stretchy=True),
        Column("Phone"),
        Column("Stands"),
        Column("From", stretchy=True),
        Column("E-mail", stretchy=True),
        Column("Note", stretchy=True),
    )
    rows = [
        (
            str(number),
            name.name,
            name.phone or "-",
            _lead_stands(name, today),
            f"{loss} {prospect}",
            name.email or "-",
            "; ".join(filter(None, (name.note, name.result))) or "-",
        )
        for number, name, loss, prospect in given
    ]
    to_call = next((number for number, name, *_ in given if name.is_open), None)
    say = [f"What to say: lostsale script lead {to_call}"] if to_call and width else []
    if width is None or width >= NARROW:
        return [Grid(columns, tuple(map(Row, rows))), *say]
    lines: list[str | Line | Grid] = []
    for number, person, *facts in rows:
        known = " · ".join(fact for fact in facts if fact != "-")
        lines += [Line(f"{number}  {person}", "bold"), f"    {known}"]
    return [*lines, *say]


def _lead_stands(name: Referral, today: date) -> str:
    """Return how old a name is that's to be called, else what became of it."""
    if name.dropped_on:
        return f"dropped {short_day(name.dropped_on, today)}"
    if name.called_on:
        return f"called {short_day(name.called_on, today)}"
    days = (today - name.on).days
    return f"to call, {plural(days, 'day')} old" if days > 0 else "to call, new"

"""The screen of `stats`. Each section is a function; an empty one is left out."""

from collections.abc import Iterable
from datetime import date
from itertools import zip_longest

from lostsale.domain.loss import NOBODY
from lostsale.domain.periods import day_text, labelled, period_name
from lostsale.domain.reasons import LONGEST_ALIAS, OTHER
from lostsale.domain.settings import Settings
from lostsale.domain.tally import Kept, Previous, Tally, Truth
from lostsale.errors import quote
from lostsale.screen.lesson import lesson_line, lessons_page
from lostsale.screen.page import Column, Grid, Line, Page, Row
from lostsale.screen.text import DO, FEW, count, lost_sums, money, percent, share, units, won_sums

WORDY = 76  # columns, from which quotes fit beside the numbers
ROOMY = 66  # columns, from which weaknesses do
SHOWN = 8  # reasons
NAMED = 3  # competitors
TELLING = 5  # losses after an excuse, from which it is worth a sentence
MANY = 8  # contacts, from which losses share a row
BAR = 10  # cells of the longest bar
_GAP = "    "
_LOST, _ASKED, _TOLD, _WON, _KNOWN = (
    Column(title, right=True) for title in ("Lost", "Asked", "Told", "Won", "Known")
)


def stats_page(
    tally: Tally,
    settings: Settings,
    width: int | None,
    *,
    whole: bool,
    hints: bool = True,
) -> Page:
    """Return the screen of a period, for a terminal `width` columns wide or, if None, for a pipe.
    `whole` adds the sections of --all; without `hints` no command is named."""
    if not tally.lost and not tally.won_in_period:
        more = ". All years: lostsale stats all" if hints and tally.period.from_ else ""
        return [f"{_period(tally)} · nothing lost{more}"]
    page: list[str | Line | Grid] = [Line(_headline(tally), "bold"), *_compared(tally)]
    sections: list[Page] = [
        _beside(_asking(tally, hints=hints), _efforts(tally), width),
        [
            *_reasons(tally, settings, width, whole=whole, hints=hints),
            *([] if whole else _telling(tally) or _said(tally)[:1]),
            *_unclear(tally, hints=hints),
        ],
        _competitors(tally, settings, whole=whole, hints=hints),
        _months(tally, width),
    ]
    if whole:
        sections += [
            _said(tally),
            _truth(tally),
            _weaknesses(tally, settings),
            _wins_by(tally),
            _standing(tally),
            _coming_up(tally),
            lessons_page(tally),
        ]
    sections.append(lesson_line(tally, width, hints=hints))
    for section in sections:
        page += ["", *section] if section else []
    return page


def _amount_column(tally: Tally) -> Column:
    """Return the column of sums. Those of many currencies wrap rather than being cut."""
    is_mixed = len(tally.amounts) > 1
    return Column("Amount", right=True, stretchy=is_mixed, wrap=is_mixed)


def _grid(columns: Iterable[Column], rows: Iterable[tuple[str, ...]]) -> list[Grid]:
    """Return a grid with its titles, nothing without rows."""
    made = tuple(map(Row, rows))
    return [Grid(tuple(columns), made, explain=True)] if made else []


def _period(tally: Tally) -> str:
    period = tally.period
    if period.to and period.to > period.as_of and (period.from_ or "") <= period.as_of:
        today = day_text(date.fromisoformat(period.as_of), "", has_year=False)
        return f"{period_name(period.label)} through {today}"
    return period_name(period.label)


def _headline(tally: Tally) -> str:
    target = tally.target
    goal = f"{target.to_go:,} to go" if target.to_go else "reached"
    won = f"{tally.won_back:,} won back{percent(tally.won_back, tally.lost)}"
    worth = won_sums(tally.amounts)
    sums = money({currency: one.lost for currency, one in tally.amounts.items()})
    parts = [
        _period(tally),
        f"{tally.lost:,} lost{', ' * bool(sums)}{sums}",
        f"{won}, {worth}" if worth else won,
        f"goal {target.rate * 100:g}% = {target.wins:,} win{'s' * (target.wins != 1)}, {goal}",
    ]
    enough = tally.lost >= FEW  # 5% of three losses isn't a goal
    return " · ".join(parts if enough else parts[: 3 if tally.lost else 2])


def _compared(tally: Tally) -> list[str]:
    """Return the period before, what has changed since, and what the sums leave out."""
    lines, parts = [], []
    before = tally.previous
    if before and min(tally.lost, before.lost) >= FEW:
        won = f"won back {share(before.won_back, before.lost)}"
        worth = ", ".join(filter(None, (won, won_sums(before.amounts))))
        lines.append(f"Before ({before.from_} to {before.to}): {worth}")
        lines.append(f"Compared: {_change(tally, before)}")
    if tally.won_in_period:
        parts.append(f"Won in this period, whenever lost: {tally.won_in_period:,}")
    if tally.without_amount:
        parts.append(f"lost without an amount: {tally.without_amount:,}")
    return lines + ([" · ".join(parts)] if parts else [])


def _change(tally: Tally, before: Previous) -> str:
    """Return how much more was lost and won back than before, in count, rate and money."""
    points = (tally.won_back_rate or 0) - (before.won_back_rate or 0)
    parts = [
        f"lost {tally.lost - before.lost:+,}",
        f"won back {tally.won_back - before.won_back:+,} ({points * 100:+.1f} points)",
    ]
    for currency in sorted({*tally.amounts, *before.amounts}):
        now, then = tally.amounts.get(currency), before.amounts.get(currency)
        more = (units(now.won_back) if now else 0) - (units(then.won_back) if then else 0)
        parts += [f"{more:+,} {currency}"] if more else []
    return ", ".join(parts)


def _beside(left: list[str], right: list[str], width: int | None) -> Page:
    """Return two sections side by side if the terminal has room, else one below the other."""
    wide = max(map(len, left), default=0) + len(_GAP) + max(map(len, right), default=0)
    if width is None or wide > width or not (left and right):
        return [*left, *right]
    cells = zip_longest(left, right, fillvalue="")
    return [Grid((Column(""),) * 2, tuple(Row((one, two and f"  {two}")) for one, two in cells))]


def _asking(tally: Tally, *, hints: bool) -> list[str]:
    soon, told_soon = tally.asked_within_3_days, tally.told_within_3_days
    later, told_later = tally.asked - soon, tally.told - told_soon
    lines = [f"Asked {share(tally.asked, tally.lost)}"] if tally.lost else []
    if min(soon, later) >= FEW:
        lines.append(f"  within 3 days {soon:,}, told {share(told_soon, soon)}")
        lines.append(f"  later {later:,}, told {share(told_later, later)}")
    if tally.guess_right.of:
        lines.append(f"  your guess was right {share(*tally.guess_right)}")
    if tally.not_asked and not (tally.lesson_ and tally.lesson_.kind == "not-asked"):
        see = f": lostsale list {tally.period.label} --not-asked" if hints else ""
        lines.append(f"  not asked yet {tally.not_asked:,}{see}")
    return lines


def _efforts(tally: Tally) -> list[str]:
    """Return what came of going back, of promises and of asking for referrals."""
    lines = []
    if tally.tried:
        lines.append("Second tries (your pick, so not proof)")
        lines.append(f"  tried {tally.tried:,}, won {share(tally.won_back_tried, tally.tried)}")
        idle, idle_won = tally.lost - tally.tried, tally.won_back - tally.won_back_tried
        lines += (
            [f"  not tried {idle:,}, won {share(idle_won, idle)}"]
            if min(tally.tried, idle) >= FEW
            else []
        )
    marked, unmarked, unnoted = tally.promises
    places = {"on their calendar": marked, "not on their calendar": unmarked}
    if min(marked.of, unmarked.of) < FEW:
        places = {"in all": Kept(marked.kept + unmarked.kept, marked.of + unmarked.of)}
    kept = [f"  {where} {held.kept:,} of {held.of:,}" for where, held in places.items() if held.of]
    kept += [f"  no outcome noted {unnoted:,}"] if unnoted else []
    lines += ["Appointments kept", *kept] if kept else []
    asked, received = tally.referrals
    if asked or received:
        lines.append(f"Referrals: {received:,}, from {asked:,} ask{'s' * (asked != 1)}")
    return lines


def _reasons(
    tally: Tally, settings: Settings, width: int | None, *, whole: bool, hints: bool
) -> Page:
    known = [reason for reason in tally.reasons if reason.code]
    if not known:
        return []
    columns = [Column("Reason or guess"), _LOST, _TOLD, _amount_column(tally), _WON]
    columns += [Column("Weakness"), Column("In their words", stretchy=True, style="dim")]
    listed = known if whole else known[:SHOWN]
    rows = [
        (
            reason.code or "",
            f"{reason.lost:,}",
            count(reason.told),
            lost_sums(reason.amounts, settings),
            f"{reason.won_back:,}",
            reason.weakness or "-",
            f'"{reason.quote}"' if reason.quote else "",
        )
        for reason in listed
    ]
    fitting = len(columns)
    if width is not None and width < WORDY:
        fitting -= 1 if width >= ROOMY else 2
    grid = _grid(columns[:fitting], (row[:fitting] for row in rows))
    see = ": --all" if hints else ""
    more = [f"{len(known) - len(rows)} more{see}"] if len(known) > len(rows) else []
    more += [f"not known yet: {reason.lost:,}" for reason in tally.reasons if not reason.code]
    return [*grid, *([" · ".join(more)] if more else [])]


def _by_said(truth: Iterable[Truth]) -> dict[str, list[Truth]]:
    """Return what each excuse turned out to be, by losses, descending."""
    found: dict[str, list[Truth]] = {}
    for one in truth:
        if one.said:
            found.setdefault(one.said, []).append(one)
    return dict(sorted(found.items(), key=lambda item: -_known(item[1])))


def _known(truths: Iterable[Truth]) -> int:
    return sum(one.lost for one in truths)


def _telling(tally: Tally) -> list[str]:
    """Return what the excuse that most is known of turned out to be, as a sentence."""
    if not (known := _by_said(one for one in tally.truth if one.said != OTHER)):
        return []
    said, truths = next(iter(known.items()))
    first, *more = [one for one in truths if one.real != OTHER][:2] or truths[:1]
    if (of := _known(truths)) < TELLING or first.real == OTHER:
        return []
    also = f", {more[0].real} {count(more[0].lost)}" if more else ""
    return [f"When they say {said}, it was {first.real} {count(first.lost)} of {of:,} times{also}."]


def _unclear(tally: Tally, *, hints: bool) -> list[str]:
    """Return how many reasons are under no code but other, with their commonest words and what
    gives these one."""
    if not tally.under_other:
        return []
    asks = " (each command asks which reason it is)" if hints and tally.unclear else ""
    lines = [f"Reasons still under {OTHER}: {tally.under_other:,}{asks}"]
    for words, _, lost in tally.unclear:
        if not hints:
            lines.append(f'  {lost:,} "{words}"')
        elif words.isprintable() and len(words) <= LONGEST_ALIAS:
            lines.append(f"  {lost:,}: lostsale reasons alias {quote(words)}")
    return lines


def _competitors(tally: Tally, settings: Settings, *, whole: bool, hints: bool) -> Page:
    nobody = [one for one in tally.lost_to if one.name == NOBODY]
    named = [one for one in tally.lost_to if one.name and one.name != NOBODY]
    if whole:
        columns = [Column("Lost to", stretchy=True, wrap=True), _LOST, _amount_column(tally), _WON]
        rows = (
            (name or "", f"{lost:,}", lost_sums(amounts, settings), f"{won:,}")
            for name, lost, won, amounts in (*named, *nobody)
        )
        return _grid(columns, rows)
    if not (shown := [*named[:NAMED], *nobody]):
        return []
    see = ": --all" if hints else ""
    more = f" · {len(named) - NAMED:,} more{see}" if len(named) > NAMED else ""
    parts = (
        f"{one.name} {one.lost:,} ({'' if place else 'won back '}{one.won_back:,})"
        for place, one in enumerate(shown)
    )
    return [f"Lost to {' · '.join(parts)}{more}"]


def _months(tally: Tally, width: int | None) -> Page:
    if not tally.months:
        return []
    is_wide = width is None or width >= WORDY
    columns = [Column("When" if width is None else ""), _LOST, _ASKED, _TOLD]
    wins = ("Won so far", "Won that month") if is_wide else ("Won so far", "That month")
    columns += [Column(title, right=True) for title in wins]
    early = " too soon to tell" if is_wide else " too soon"
    years = {month.month[:4] for month in tally.months}
    rows: list[tuple[str, ...]] = [
        (
            month.month if width is None else _name(month.month, with_year=len(years) > 1),
            f"{month.lost:,}",
            f"{month.asked:,}",
            f"{month.told:,}",
            f"{month.won_back:,}" + (early if month.early else percent(month.won_back, month.lost)),
            f"{month.won_in_month:,}",
        )
        for month in tally.months
    ]
    bars = _bars(tally) if width is not None and is_wide else []
    if bars:
        columns.append(Column(" ", style="dim"))
        rows = [(*row, bar) for row, bar in zip(rows, bars, strict=True)]
    return _grid(columns, rows)


def _bars(tally: Tally) -> list[str]:
    """Return a bar for the losses a day in each row, since months may be next to quarters; none
    if they hardly differ."""
    start = tally.period.from_ or tally.months[0].month
    end = min(tally.period.to or tally.period.as_of, tally.period.as_of)
    a_day = []
    for month in tally.months:
        unit = labelled(month.month)
        first, last = max(str(unit.start), start), min(str(unit.end), end)
        days = date.fromisoformat(last).toordinal() - date.fromisoformat(first).toordinal() + 1
        a_day.append(month.lost / max(days, 1))
    cells = [round(lost / (max(a_day) or 1) * BAR) for lost in a_day]
    return ["█" * count for count in cells] if max(cells) - min(cells) > 1 else []


def _name(label: str, *, with_year: bool) -> str:
    """Return `Nov` for 2026-11, `Oct\u2013Dec` for 2026q4."""
    if label.isdigit():  # a year
        return label
    unit = labelled(label)
    first, last = f"{unit.start:%b}", f"{unit.end:%b}"
    name = first if first == last else f"{first}\u2013{last}"
    return f"{name} {label[:4]}" if with_year else name


def _said(tally: Tally) -> Page:
    """Return what they said, and which signals came before the no."""
    lines: list[str] = []
    for title, counts in (("They said", tally.said), ("Signals before the no", tally.signals)):
        parts = [f"{count.code or 'nothing noted'} {count.lost:,}" for count in counts]
        lines += [f"{title}: {' · '.join(parts)}"] if any(c.code for c in counts) else []
    return lines


def _truth(tally: Tally) -> Page:
    """Return what each excuse turned out to be."""
    columns = [Column("When they say"), _KNOWN, Column("It was", stretchy=True, wrap=True)]
    return _grid(
        columns,
        (
            (said, f"{_known(truths):,}", ", ".join(f"{one.real} {one.lost:,}" for one in truths))
            for said, truths in _by_said(tally.truth).items()
        ),
    )


def _weaknesses(tally: Tally, settings: Settings) -> Page:
    """Return what the losses show about us."""
    columns = [Column("Weakness"), _LOST, _TOLD, _amount_column(tally), _WON]
    rows = (
        (weakness, f"{lost:,}", count(told), lost_sums(amounts, settings), f"{won:,}")
        for weakness, lost, told, won, amounts in tally.weaknesses
        if weakness
    )
    return _grid(columns, rows)


def _wins_by(tally: Tally) -> Page:
    """Return what went with winning back, always with its base."""
    if not tally.won_back:
        return []
    by = tally.wins_by
    kinds = sorted(by.kind, key=lambda one: [*DO, one.kind].index(one.kind))
    rows = [("after a contact", DO.get(kind, kind), won, of) for kind, won, of in kinds]
    few = [one for one in by.contacts if one.contacts < MANY]
    rows += [("after contacts", f"{count:,}", won, of) for count, won, of in few]
    many = [one for one in by.contacts if one.contacts >= MANY]
    if many:
        won, of = sum(one.won_back for one in many), sum(one.of for one in many)
        rows.append(("after contacts", f"{MANY} or more", won, of))
    rows += [("days after the loss", days, won, of) for days, won, of in by.days]
    rows += [("of a reason", reason or "unknown", won, of) for reason, won, of in by.reason]
    columns = [Column("Before a win (not proof)"), Column(""), _WON]
    return _grid(columns, ((what, which, share(won, of)) for what, which, won, of in rows))


def _coming_up(tally: Tally) -> Page:
    """Return how many come up again in the next 12 months, and for how much, by month."""
    losses, amounts, months = tally.coming_up
    if not losses:
        return []
    verb = "comes" if losses == 1 else "come"
    worth = f", for {money(amounts)}" if money(amounts) else ""
    rows = [(period_name(one.month), f"{one.losses:,}", money(one.amounts)) for one in months]
    columns = [Column("Comes up"), Column("Losses", right=True), _amount_column(tally)]
    return [f"{losses:,} {verb} up in the next 12 months{worth}", *_grid(columns, rows)]


def _standing(tally: Tally) -> Page:
    """Return how the losses stand, and what the days so far would come to in a year."""
    parts = [f"Still open {tally.still_open:,}", f"at rest {tally.at_rest:,}"]
    parts += [f"attempts {tally.attempts:,}"] if tally.attempts else []
    parts += [f"mistakes, not counted {tally.mistakes:,}"] if tally.mistakes else []
    pace = tally.pace
    if pace.lost_a_year is not None and tally.lost >= FEW:
        parts.append(f"at this pace {pace.lost_a_year:,.0f} lost a year")
    return [" · ".join(parts)]

"""The page of `stats --save FILE.html`: what is in it, and how it is filled in.

It is one file that asks nothing of anybody: no script, no font, no picture from elsewhere. Every
text is data: `_as_text` sees each before Jinja escapes it.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from lostsale.domain.loss import NOBODY
from lostsale.domain.periods import MANY_UNITS, day_text, period_name
from lostsale.domain.settings import Settings
from lostsale.domain.tally import Amounts, CodeCount, Month, ReasonCount, Tally, Truth
from lostsale.report import charts
from lostsale.screen.lesson import to_work_on
from lostsale.screen.text import DO, FEW, count, plural, shown, units

_LONGEST = 160  # letters of a text
_COMMON = 8  # codes across the heat grid
_MOST_ROWS = 40  # of a table
_REST = "the rest"  # the last column of the grid


class Figure(NamedTuple):
    """A large figure: what it counts, the figure, what explains it, and the period before's."""

    label: str
    value: str
    notes: tuple[str, ...] = ()
    compared: str = ""


_Cells = tuple[str | None, ...]  # of a table's row
_Facts = tuple[str, tuple[str, ...], Sequence[_Cells]]  # what it says, its titles, its rows


class Heat(NamedTuple):
    """What each excuse turned out to be: a row for each, a count for each real reason and all."""

    reals: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int], ...], int], ...]


def report_page(tally: Tally, settings: Settings, *, whole: bool, left_out: str = "") -> str:
    """Return the page of a tally, as HTML. `whole` adds what --all shows; `left_out` says what is
    not in the tally because others are to read it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from lostsale.domain.definitions import definitions

    environment = Environment(
        autoescape=True,
        loader=PackageLoader("lostsale.report", ""),
        undefined=StrictUndefined,
        finalize=_as_text,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"charts": charts, "enough": FEW}
    environment.filters |= {
        "count": count,
        "money": partial(_money, settings),
        "in_words": _in_words,
        "month_name": period_name,
        "short_month": _short_month,
        "bar_length": charts.length,
    }
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    currency = settings.currency
    if currency not in tally.amounts:
        currency = next(iter(tally.amounts), currency)
    reasons = _reasons(tally.reasons, currency)
    heat = _heat(tally.truth)
    months = tally.months[-MANY_UNITS:]
    return environment.get_template("page.html").render(
        tally=tally,
        earlier=len(tally.months) - len(months),
        title=_title(tally),
        days=_days(tally),
        whose=settings["name"],
        left_out=left_out,
        figures=_figures(tally, settings),
        bars=charts.month_bars(months),
        unit=_unit(months),
        early=any(month.early for month in months),
        months=_month_rows(months, settings),
        reasons=reasons,
        meanings={code: one.meaning for code, one in definitions("real").items()},
        coming=[(one, units(one.amounts.get(currency, "0"))) for one in tally.coming_up.months],
        shows_quotes=any(reason.quote for reason, _ in reasons),
        heat=heat,
        rivals=[
            (
                one.name,
                count(one.lost),
                _money(settings, one.amounts, "lost"),
                count(one.won_back),
            )
            for one in tally.lost_to
            if one.name not in {None, NOBODY}
        ][:_MOST_ROWS],
        nobody=[one for one in tally.lost_to if one.name == NOBODY],
        efforts=_efforts(tally),
        next_work=to_work_on(tally)[0],
        rest=_rest(tally, settings)[: None if whole else not reasons],  # at least what they said
        style=style,
        digest=digest,
    )


def _as_text(value: Any) -> Any:
    """Return a text as it may be seen: nothing invisible in it, and not too much of it."""
    if type(value) is not str:
        return value
    text = value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
    return shown(text)


def _short_month(label: str) -> str:
    """Return what fits below a bar: `Nov` for 2026-11, `Q4` for 2026q4."""
    name = period_name(label)
    return f"Q{name[0]}" if "quarter" in name else name if name.isdigit() else name[:3]


def _title(tally: Tally) -> str:
    label = tally.period.label
    if label == "all":
        return "All lost sales"
    days = " to ".join(map(_day, label.split(".."))) if ".." in label else ""
    return f"Lost sales, {days or period_name(label)}"


def _in_words(code: str) -> str:
    """Return a code as others read it: `Price value`."""
    return code.replace("-", " ").capitalize()


def _day(text: str) -> str:
    return day_text(date.fromisoformat(text), "", "%B", usual="mdy")


def _days(tally: Tally) -> str:
    """Return the days that were counted, as a sentence."""
    period = tally.period
    made = _day(period.as_of)
    if period.from_ is None or period.to is None:
        return f"Counted on {made}"
    end = "today" if period.to > period.as_of >= period.from_ else _day(period.to)
    return f"{_day(period.from_)} to {end} · counted on {made}"


def _money(settings: Settings, amounts: Mapping[str, Any], field: str = "") -> str:
    """Return a sum in each currency, or that field of it: `882,544 USD + 12,000 EUR`."""
    sums = ((of, units(getattr(one, field) if field else one)) for of, one in amounts.items())
    shown_sums = [f"{whole:,}\u00a0{currency}" for currency, whole in sums if whole]
    return " + ".join(shown_sums) or f"0\u00a0{settings.currency}"


def _share(part: int, whole: int) -> str:
    """Return `60 of 1,200 · 5.0%`, without the percentage of a few."""
    rate = f" · {part / whole:.1%}" if whole >= FEW else ""
    return f"{part:,} of {whole:,}{rate}"


def _figures(tally: Tally, settings: Settings) -> list[Figure]:
    """Return the large figures, with those of the period before where both count many losses."""
    many = tally.lost >= FEW
    before = tally.previous if many and tally.previous and tally.previous.lost >= FEW else None
    blank = tally.without_amount
    is_shared = tally.not_asked is None  # some of those who told count as not having told
    soon, told_soon = tally.asked_within_3_days, tally.told_within_3_days
    later, told_later = tally.asked - soon, tally.told - told_soon
    times = (("within 3 days", told_soon, soon), ("later", told_later, later))
    compared = (f"{when}: {told / of:.1%} of {of:,}" for when, told, of in times)
    return [
        Figure("Lost", count(tally.lost), (), f"{before.lost:,} before" if before else ""),
        Figure(
            "Money lost",
            _money(settings, tally.amounts, "lost").replace("\u00a0", " "),
            (f"{blank:,} without an amount",) if blank else (),
            f"{_money(settings, before.amounts, 'lost')} before" if before else "",
        ),
        Figure(
            "Won back",
            count(tally.won_back),
            (
                *([f"{tally.won_back / tally.lost:.1%} of what was lost"] if many else []),
                *([_money(settings, tally.amounts, "won_back")] if tally.won_back else []),
                *([_goal(tally)] if many else []),
            ),
            f"{_share(before.won_back, before.lost)} before" if before else "",
        ),
        Figure(
            "Told a reason shown here" if is_shared else "Told the real reason",
            count(tally.told)
            if is_shared or tally.asked < FEW
            else f"{tally.told / tally.asked:.0%}",
            (
                f"{tally.told:,} of {tally.asked:,} asked",
                *(compared if min(soon, later) >= FEW else ()),
            ),
        ),
    ]


def _goal(tally: Tally) -> str:
    target = tally.target
    left = f"{target.to_go:,} to go" if target.to_go else "reached"
    return f"goal of {target.rate * 100:g}%: {target.wins:,}, {left}"


def _reasons(reasons: Iterable[ReasonCount], currency: str) -> list[tuple[ReasonCount, int]]:
    """Return the known reasons, the costliest first, each with what it cost in whole units of a
    currency."""
    nothing = Amounts("0", "0")
    known = [
        (reason, units(reason.amounts.get(currency, nothing).lost))
        for reason in reasons
        if reason.code
    ]
    return sorted(known, key=lambda found: (-found[1], -found[0].lost))[:_MOST_ROWS]


def _heat(truth: Iterable[Truth]) -> Heat | None:
    """Return what each excuse turned out to be, None where that is not known of any."""
    counts = {(one.said, one.real): one.lost for one in truth if one.said}
    if not counts:
        return None
    most = max(counts.values())
    reals = _by_count((real, lost) for (_, real), lost in counts.items())
    columns = (*reals[:_COMMON], *([_REST] if len(reals) > _COMMON else []))
    rows = []
    for said in _by_count((said, lost) for (said, _), lost in counts.items())[:_MOST_ROWS]:
        of = {real: lost for (excuse, real), lost in counts.items() if excuse == said}
        of[_REST] = sum(lost for real, lost in of.items() if real not in columns)
        cells = tuple((of.get(real, 0), charts.level(of.get(real, 0), most)) for real in columns)
        rows.append((said or "", cells, sum(lost for lost, _ in cells)))
    return Heat(columns, tuple(rows))


def _by_count(found: Iterable[tuple[str | None, int]]) -> tuple[str, ...]:
    """Return codes, most losses first."""
    counted: Counter[str] = Counter()
    for code, lost in found:
        counted[code or ""] += lost
    return tuple(code for code, _ in counted.most_common())


def _unit(months: Iterable[Month]) -> str:
    """Return what the bars stand for."""
    labels = [month.month for month in months]
    if all(label.isdigit() for label in labels):
        return "year"
    return "quarter" if all("q" in label for label in labels) else "month"


def _month_rows(months: Iterable[Month], settings: Settings) -> list[_Cells]:
    """Return the table of the bars."""
    return [
        (
            period_name(month.month),
            count(month.lost),
            _money(settings, month.amounts, "lost"),
            count(month.asked),
            count(month.told),
            f"{month.won_back:,}, too soon to tell"
            if month.early
            else _share(month.won_back, month.lost),
            count(month.won_in_month),
        )
        for month in months
    ]


def _efforts(tally: Tally) -> list[_Cells]:
    """Return what came of going back, of promises and of asking for names."""
    rows: list[_Cells] = []
    if tally.tried:
        idle, idle_won = tally.lost - tally.tried, tally.won_back - tally.won_back_tried
        rows.append(("Won back after a second try", _share(tally.won_back_tried, tally.tried)))
        rows += (
            [("Won back without one", _share(idle_won, idle))]
            if min(tally.tried, idle) >= FEW
            else []
        )
    marked, unmarked, unnoted = tally.promises
    if min(marked.of, unmarked.of) >= FEW:
        rows.append(("Appointments kept, on their calendar", _share(*marked)))
        rows.append(("Appointments kept, not on their calendar", _share(*unmarked)))
    elif of := marked.of + unmarked.of:
        rows.append(("Appointments kept", _share(marked.kept + unmarked.kept, of)))
    rows += [("Appointments with no outcome noted", f"{unnoted:,}")] if unnoted else []
    asked, received = tally.referrals
    names = f"{received:,}, from {plural(asked, 'ask')}"
    rows += [("Referrals", names)] if asked or received else []
    return rows


def _rest(tally: Tally, settings: Settings) -> list[_Facts]:
    """Return the tables of what --all adds."""
    by = tally.wins_by
    won: list[_Cells] = [
        *((f"after: {DO.get(kind, kind)}", _share(back, of)) for kind, back, of in by.kind),
        *((f"after {plural(n, 'contact')}", _share(back, of)) for n, back, of in by.contacts),
        *((f"{days} days after the loss", _share(back, of)) for days, back, of in by.days),
        *(
            (f"lost for: {_in_words(why or 'unknown')}", _share(back, of))
            for why, back, of in by.reason
        ),
    ]
    standing: list[_Cells] = [
        ("Still open", count(tally.still_open)),
        ("At rest", count(tally.at_rest)),
        ("Attempts", count(tally.attempts)),
        ("Mistakes, not counted", count(tally.mistakes)),
    ]
    return [
        ("What they said", _LOST, _codes(tally.said)),
        ("Signals before the no", _LOST, _codes(tally.signals)),
        (
            "What the losses show about us",
            ("Weakness", "Lost", "Money lost", "Won back"),
            [
                (
                    _in_words(one.weakness),
                    count(one.lost),
                    _money(settings, one.amounts, "lost"),
                    count(one.won_back),
                )
                for one in tally.weaknesses
                if one.weakness
            ],
        ),
        (
            "What came before a win (no proof that it helped)",
            ("", "Won back"),
            won[:_MOST_ROWS],
        ),
        ("Where the losses stand", ("", "Losses"), standing),
    ]


_LOST = ("", "Lost")


def _codes(counts: Iterable[CodeCount]) -> Sequence[_Cells]:
    found = [(_in_words(one.code or "nothing noted"), count(one.lost)) for one in counts]
    return found[:_MOST_ROWS] if any(one.code for one in counts) else ()

"""What `stats --all` shows beside the usual sections."""

from lostsale.domain.settings import Settings
from lostsale.domain.tally import Tally
from lostsale.screen.figures import amount_column, by_said, lost_sums, share
from lostsale.screen.page import Column, Grid, Page, Row
from lostsale.screen.text import DO, FEW

MANY = 8  # contacts, from which on losses are taken together


def said(tally: Tally) -> Page:
    """Return what they said, and which signals came before the no."""
    lines = []
    for title, counts in (("They said", tally.said), ("Signals before the no", tally.signals)):
        parts = [f"{count.code or 'nothing noted'} {count.lost:,}" for count in counts]
        lines += [f"{title}: {' · '.join(parts)}"] if any(c.code for c in counts) else []
    return [*lines]


def truth(tally: Tally) -> Page:
    """Return what each excuse turned out to be."""
    rows = tuple(
        Row(
            (
                said,
                f"{sum(one.lost for one in truths):,}",
                ", ".join(f"{one.real} {one.lost:,}" for one in truths),
            )
        )
        for said, truths in by_said(tally.truth).items()
    )
    columns = (
        Column("When they say"),
        Column("Known", right=True),
        Column("It was", stretchy=True, wrap=True),
    )
    return [Grid(columns, rows, explain=True)] if rows else []


def weaknesses(tally: Tally, settings: Settings) -> Page:
    """Return what the losses show about us."""
    known = [one for one in tally.weaknesses if one.weakness]
    columns = (
        Column("Weakness"),
        Column("Lost", right=True),
        Column("Told", right=True),
        amount_column(tally),
        Column("Won", right=True),
    )
    rows = tuple(
        Row(
            (
                one.weakness or "",
                f"{one.lost:,}",
                f"{one.told:,}",
                lost_sums(one.amounts, settings),
                f"{one.won_back:,}",
            )
        )
        for one in known
    )
    return [Grid(columns, rows, explain=True)] if rows else []


def wins_by(tally: Tally) -> Page:
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
    columns = (Column("Won back (no proof)"), Column(""), Column("Won", right=True))
    cells = tuple(Row((what, which, share(won, of))) for what, which, won, of in rows)
    return [Grid(columns, cells, explain=True)]


def standing(tally: Tally) -> Page:
    """Return how the losses stand, and what the days so far would come to in a year."""
    parts = [f"Still open {tally.still_open:,}", f"at rest {tally.at_rest:,}"]
    parts += [f"attempts {tally.attempts:,}"] if tally.attempts else []
    parts += [f"mistakes, not counted {tally.mistakes:,}"] if tally.mistakes else []
    pace = tally.pace
    if pace.lost_a_year is not None and tally.lost >= FEW:
        parts.append(f"at this pace {pace.lost_a_year:,.0f} lost a year")
    return [" · ".join(parts)]

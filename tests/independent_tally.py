"""STATS once more, written from DESIGN's words and sharing nothing with the program: plain, slow,
and fed with what `show N --json` prints. Before two STATS are compared, `in_order` puts the rows of
their lists into one order."""

from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, sqrt
from typing import NamedTuple

WEAKNESS = {
    "price-value": "competitive",
    "product-gap": "competitive",
    "our-company": "company",
    "inflexible": "company",
    "selling": "personal",
    "no-access": "personal",
    "too-slow": "personal",
    "indecision": "personal",
    "status-quo": "personal",
    "poor-fit": "personal",
    "relationship": "relationship",
}
DAYS = ((7, "0-7"), (30, "8-30"), (90, "31-90"), (180, "91-180"), (365, "181-365"))
LONGER = "366+"
LENGTH = {"month": 1, "quarter": 3, "year": 12}


class Asked(NamedTuple):
    """The days that a typed period means; both ends are None for `all`."""

    label: str
    months: int  # of a calendar unit, 0 for a range and for `all`
    start: date | None
    end: date | None

    def has(self, day):
        return self.start is None or self.start <= date.fromisoformat(day) <= self.end


def asked_for(text, today):
    """What a typed period means on that day."""
    if text == "all":
        return Asked("all", 0, None, None)
    if ".." in text:
        start, end = (date.fromisoformat(day) for day in text.split(".."))
        return Asked(text, 0, start, end)
    if "-" in text and text.split("-")[0] in {"this", "last"}:
        which, unit = text.split("-")
        months = LENGTH[unit]
        this = unit_with(today, months)
        return this if which == "this" else unit_with(this.start - timedelta(1), months)
    year = int(text[:4])
    if "q" in text:
        return unit_with(date(year, int(text[-1]) * 3, 1), 3)
    if "-" in text:
        return unit_with(date(year, int(text[5:]), 1), 1)
    return unit_with(date(year, 1, 1), 12)


def unit_with(day, months):
    """The month, quarter or year that a day lies in."""
    nth = (day.month - 1) // months
    first, last = nth * months + 1, nth * months + months
    label = {1: f"{day.year}-{first:02}", 3: f"{day.year}q{nth + 1}", 12: f"{day.year}"}[months]
    end = date(day.year, last, monthrange(day.year, last)[1])
    return Asked(label, months, date(day.year, first, 1), end)


def before(period, today):
    """The unit before, cut to the same days when the period isn't over."""
    if period.start is None or period.start > today:
        return None
    day_before = period.start - timedelta(1)
    length = period.end - period.start
    if period.months:
        start, end = unit_with(day_before, period.months)[2:]
        label = unit_with(day_before, period.months).label
    else:
        start, end = day_before - length, day_before
        label = f"{start}..{end}"
    if today < period.end:
        if period.months:
            month = start.month + today.month - period.start.month
            end = date(start.year, month, min(today.day, monthrange(start.year, month)[1]))
        else:
            end = start + (today - period.start)
        label = f"{start}..{end}"
    return Asked(label, 0, start, end)


def unclear(lost):
    """How many reasons are under other, and the three commonest words of these."""
    reasons = [("real", loss["real"] or loss["guess"]) for loss in lost]
    reasons += [("said", loss["said"]) for loss in lost]
    others = [(kind, one["words"]) for kind, one in reasons if one and one["code"] == "other"]
    counted = Counter((words, kind) for kind, words in others if words)
    first = sorted(counted, key=lambda key: (-counted[key], *key))[:3]
    return {
        "under_other": len(others),
        "unclear": [{"words": w, "kind": k, "lost": counted[w, k]} for w, k in first],
    }


def coming_up(losses, today):
    """How many of all losses come up again in the 12 months from today, and for how much."""
    until = f"{int(today[:4]) + 1}{today[4:]}"
    some = [loss for loss in losses if loss["again"] and loss["outcome"] != "mistake"]
    some = [loss for loss in some if today <= loss["again"]["on"] < until]

    def added(some):
        amounts = {}
        for loss in some:
            if loss["amount"] is not None:
                worth = amounts.get(loss["currency"], Decimal(0)) + Decimal(loss["amount"])
                amounts[loss["currency"]] = worth
        return {"losses": len(some), "amounts": {key: str(sum_) for key, sum_ in amounts.items()}}

    of = {}
    for loss in some:
        of.setdefault(loss["again"]["on"][:7], []).append(loss)
    return added(some) | {"months": [{"month": key, **added(of[key])} for key in sorted(of)]}


def surely(part, of):
    """The least rate of which so many of so many are no more than 1.28 deviations off."""
    low, high = 0.0, part / of
    for _ in range(60):
        middle = (low + high) / 2
        is_near = part / of - middle <= 1.28 * sqrt(middle * (1 - middle) / of)
        low, high = (low, middle) if is_near else (middle, high)
    return high


def lesson(counted):
    """What the counts say most clearly to work on, None if it may all be chance."""
    told, lost, found = counted["told"], counted["lost"], [(0, None)]

    def learn(surplus, kind, part, of, code=None, better=None):
        share = {"part": part, "of": of}
        better = better and dict(zip(("part", "of"), better, strict=True))
        found.append((surplus, {"kind": kind, "share": share, "code": code, "better": better}))

    for row in counted["reasons"] if told >= 10 else ():
        if row["code"] and row["weakness"]:
            surplus = surely(row["told"], told) - 0.2
            learn(surplus, "reason", row["told"], told, code=row["code"])
    if lost >= 10:
        learn(surely(counted["not_asked"], lost) - 0.5, "not-asked", counted["not_asked"], lost)
    soon = counted["told_within_3_days"], counted["asked_within_3_days"]
    asked_late = counted["asked"] - soon[1]
    late = min(told - soon[0], asked_late), asked_late
    pairs = [("late", late, soon)]
    kept = counted["promises"]
    pairs.append(("unmarked", *(tuple(kept[of].values()) for of in ("unmarked", "marked"))))
    for kind, worse, better in pairs:
        if worse[1] >= 10 and better[1] >= 10:
            surplus = surely(*better) - 1 + surely(worse[1] - worse[0], worse[1])
            learn(surplus, kind, *worse, better=better)
    return max(found, key=lambda one: one[0])[1]


def stats(losses, text, today, rate="0.05", by="month"):
    """The whole STATS of a typed period, counted on the day `today`, an ISO text, with a row for
    each month, quarter or year."""
    as_of = date.fromisoformat(today)
    period = asked_for(text, as_of)
    real_deals = [loss for loss in losses if loss["outcome"] != "mistake"]
    lost = [loss for loss in real_deals if period.has(loss["lost_on"])]
    wins = [loss for loss in real_deals if loss["won"] and period.has(loss["won"]["on"])]
    won, back, known = won_of(lost), len(won_of(lost)), [loss for loss in lost if loss["real"]]
    asked = [loss for loss in lost if loss["asked_on"]]
    told = [loss for loss in lost if is_told(loss)]
    both = [loss for loss in known if loss["guess"]]
    tried = [loss for loss in lost if attempts(loss)]
    goal = ceil(Fraction(rate) * len(lost))
    first = min((loss["lost_on"] for loss in lost), default=None)
    from_, to = (period.start and str(period.start), period.end and str(period.end))
    if not period.start and first:  # all days: from the first loss till now
        from_, to = first, today
    counted = {
        "period": {"label": period.label, "from": from_, "to": to, "as_of": today},
        "lost": len(lost),
        "asked": len(asked),
        "told": len(told),
        "heard": len(known) - len(told),
        "guessed": sum(1 for loss in lost if loss["guess"] and not loss["real"]),
        "not_asked": len(lost) - len(asked),
        "asked_within_3_days": sum(days(loss, loss["asked_on"]) <= 3 for loss in asked),
        "told_within_3_days": sum(days(loss, loss["real"]["on"]) <= 3 for loss in told),
        "guess_right": {
            "right": sum(loss["guess"]["code"] == loss["real"]["code"] for loss in both),
            "of": len(both),
        },
        "tried": len(tried),
        "attempts": sum(len(attempts(loss)) for loss in tried),
        "won_back": back,
        "won_back_rate": share(back, len(lost)),
        "won_back_tried": len(won_of(tried)),
        "won_in_period": len(wins),
        "still_open": sum(not loss["won"] and not loss["rested_on"] for loss in lost),
        "at_rest": sum(bool(loss["rested_on"]) and not loss["won"] for loss in lost),
        "mistakes": sum(
            loss["outcome"] == "mistake" and period.has(loss["lost_on"]) for loss in losses
        ),
        **unclear(lost),
        "coming_up": coming_up(losses, today),
        "amounts": sums(lost=money(lost), won_back=won_money(won), won_in_period=won_money(wins)),
        "without_amount": sum(loss["amount"] is None for loss in lost),
        "months": months(lost, wins, as_of, LENGTH[by]),
        "said": rows(lost, said, "code"),
        "reasons": [reason_row(code, some) for code, some in groups(lost, reason)],
        "truth": [
            {"said": key[0], "real": key[1], "lost": len(some)}
            for key, some in groups(known, lambda loss: (said(loss), loss["real"]["code"]))
        ],
        "weaknesses": [
            {
                "weakness": weakness,
                "lost": len(some),
                "told": sum(loss in told for loss in some),
                "won_back": len(won_of(some)),
                "amounts": sums(lost=money(some), won_back=won_money(won_of(some))),
            }
            for weakness, some in groups(lost, lambda loss: loss["weakness"])
        ],
        "lost_to": [
            {
                "name": name,
                "lost": len(some),
                "won_back": len(won_of(some)),
                "amounts": sums(lost=money(some), won_back=won_money(won_of(some))),
            }
            for name, some in groups(lost, lambda loss: loss["lost_to"])
        ],
        "signals": [
            {"code": code, "lost": sum(code in loss["signals"] for loss in lost)}
            for code in sorted({code for loss in lost for code in loss["signals"]})
        ],
        "promises": {
            "marked": kept(lost, marked=True),
            "unmarked": kept(lost, marked=False),
            "unnoted": unnoted(lost, today),
        },
        "referrals": {
            "asked": sum(is_asked_for_a_name(loss) for loss in lost),
            "received": sum(len(loss["referrals"]) for loss in lost),
        },
        "target": {"rate": float(rate), "wins": goal, "to_go": max(0, goal - back)},
        "pace": pace(lost, back, from_, to, today),
        "wins_by": wins_by(lost),
        "previous": previous(real_deals, period, as_of),
    }
    return counted | {"lesson": lesson(counted), "learned": []}


def is_told(loss):
    return bool(loss["real"]) and loss["real"]["source"] == "told"


def won_of(losses):
    return [loss for loss in losses if loss["won"]]


def days(loss, day):
    return (date.fromisoformat(day) - date.fromisoformat(loss["lost_on"])).days


def said(loss):
    return loss["said"] and loss["said"]["code"]


def reason(loss):
    found = loss["real"] or loss["guess"]
    return found and found["code"]


def attempts(loss):
    return [
        entry
        for entry in loss["contacts"]
        if entry["kind"] in {"save", "touch", "meet", "renew"} and entry["answered"] is not None
    ]


def talks(loss):
    """The contact entries up to and including the day of the win."""
    until = loss["won"]["on"] if loss["won"] else "9999"
    return [
        entry
        for entry in loss["contacts"]
        if entry["kind"] != "note" and entry["on"] <= until
        if entry["kind"] != "meet" or entry["answered"] is not None
    ]


def is_asked_for_a_name(loss):
    """Whether they were reached: who did not answer was not asked."""
    return any(c["kind"] == "referral" and c["answered"] is not False for c in loss["contacts"])


def kinds(loss):
    return {entry["kind"] for entry in talks(loss)}


def share(part, whole):
    return part / whole if whole else None


def money(losses):
    return [(loss["amount"], loss["currency"]) for loss in losses if loss["amount"] is not None]


def won_money(losses):
    return money([loss["won"] for loss in losses])


def sums(**columns):
    """{currency: {column: sum}} of the currencies that occur."""
    zero = {"JPY": "0", "KWD": "0.000"}
    used = sorted({currency for pairs in columns.values() for _, currency in pairs})
    return {
        currency: {
            column: str(
                sum(
                    (Decimal(amount) for amount, own in pairs if own == currency),
                    Decimal(zero.get(currency, "0.00")),
                )
            )
            for column, pairs in columns.items()
        }
        for currency in used
    }


def groups(losses, key):
    """(key, losses) of each key that occurs, None being one of its own."""
    found = {}
    for loss in losses:
        found.setdefault(key(loss), []).append(loss)
    return sorted(found.items(), key=lambda item: str(item[0]))


def rows(losses, key, name):
    return [{name: code, "lost": len(some)} for code, some in groups(losses, key)]


def months(lost, wins, as_of, length):
    """The units of so many months from the first to the last in which something was lost or won,
    none left out but those of a gap of more than three years."""
    used = sorted([*(loss["lost_on"] for loss in lost), *(loss["won"]["on"] for loss in wins)])
    found = []
    unit = unit_with(date.fromisoformat(used[0]), length) if used else None
    while used and unit.start <= date.fromisoformat(used[-1]):
        before = [day for day in used if day < str(unit.start)]
        after = [day for day in used if day > str(unit.end)]
        if before and after and len(before) + len(after) == len(used):
            gap = [int(day[:4]) * 12 + int(day[5:7]) for day in (before[-1], after[0])]
            if gap[1] - gap[0] > 36:
                unit = unit_with(unit.end + timedelta(1), length)
                continue
        own = [loss for loss in lost if unit.has(loss["lost_on"])]
        made = [loss for loss in wins if unit.has(loss["won"]["on"])]
        back = won_of(own)
        found.append(
            {
                "month": unit.label,
                "lost": len(own),
                "asked": sum(bool(loss["asked_on"]) for loss in own),
                "told": sum(is_told(loss) for loss in own),
                "tried": sum(bool(attempts(loss)) for loss in own),
                "won_back": len(back),
                "won_back_rate": share(len(back), len(own)),
                "won_in_month": len(made),
                "early": (as_of - unit.end).days < 90,
                "amounts": sums(
                    lost=money(own), won_back=won_money(back), won_in_month=won_money(made)
                ),
            }
        )
        unit = unit_with(unit.end + timedelta(1), length)
    return found


def reason_row(code, losses):
    known = [loss for loss in losses if loss["real"]]
    told = sum(is_told(loss) for loss in losses)
    quoted = [loss for loss in losses if is_told(loss) and loss["real"]["words"]]
    latest = max(quoted, key=lambda loss: (loss["real"]["on"], loss["number"]), default=None)
    return {
        "code": code,
        "weakness": WEAKNESS.get(code),
        "lost": len(losses),
        "told": told,
        "heard": len(known) - told,
        "guessed": len(losses) - len(known) if code else 0,
        "won_back": len(won_of(losses)),
        "amounts": sums(lost=money(losses), won_back=won_money(won_of(losses))),
        "quote": latest and latest["real"]["words"],
    }


def kept(losses, *, marked):
    """Promised meetings, kept or not; who just met has promised nothing."""
    met = [
        entry
        for loss in losses
        for entry in loss["contacts"]
        if entry["kind"] == "meet" and entry["marked"] is marked and entry["answered"] is not None
    ]
    return {"kept": sum(entry["answered"] for entry in met), "of": len(met)}


def unnoted(losses, today):
    """Appointments that are over and of which nobody noted what came of them."""
    steps = [loss["next"] for loss in losses if loss["next"]]
    waiting = [one for one in steps if one["kind"] == "meet" and one["on"] < today]
    met = [entry for loss in losses for entry in loss["contacts"] if entry["kind"] == "meet"]
    passed = [entry for entry in met if entry["answered"] is None]
    return sum(one["marked"] is not None for one in [*waiting, *passed])


def pace(lost, back, from_, to, today):
    """What the days so far would come to in a year; nothing before the first of them."""
    ends = [date.fromisoformat(day) for day in (from_ or today, min(today, to or today))]
    past = (ends[1] - ends[0]).days + 1
    if past < 1:
        return {"lost_a_month": None, "lost_a_year": None, "won_back_a_year": None}
    year = len(lost) * 365.25 / past
    return {
        "lost_a_month": year / 12,
        "lost_a_year": year,
        "won_back_a_year": back * 365.25 / past,
    }


def wins_by(lost):
    won = won_of(lost)

    def row(name, value, some):
        return {name: value, "won_back": len(won_of(some)), "of": len(some)}

    def lasted(loss):
        after = days(loss, loss["won"]["on"])
        return next((name for most, name in DAYS if after <= most), LONGER)

    return {
        "kind": [
            row("kind", kind, [loss for loss in lost if kind in kinds(loss)])
            for kind in sorted({kind for loss in lost for kind in kinds(loss)})
        ],
        "contacts": [
            row("contacts", count, some) for count, some in groups(lost, lambda x: len(talks(x)))
        ],
        "days": [
            {"days": name, "won_back": len(some), "of": len(won)}
            for name, some in groups(won, lasted)
        ],
        "reason": [row("reason", code, some) for code, some in groups(lost, reason)],
    }


def previous(real_deals, period, as_of):
    """The unit before; of its wins those made as far from its end as today is from this one's."""
    unit = before(period, as_of)
    if unit is None:
        return None
    since_end = max(timedelta(0), as_of - period.end)
    lost = [loss for loss in real_deals if unit.has(loss["lost_on"])]
    won = [loss for loss in won_of(lost) if loss["won"]["on"] <= str(unit.end + since_end)]
    return {
        "label": unit.label,
        "from": str(unit.start),
        "to": str(unit.end),
        "lost": len(lost),
        "won_back": len(won),
        "won_back_rate": share(len(won), len(lost)),
        "amounts": sums(lost=money(lost), won_back=won_money(won)),
    }


LISTS = ("said", "reasons", "truth", "weaknesses", "lost_to", "signals")


def in_order(found):
    """STATS to be compared: the rows of its lists in one order, its floats to nine digits."""
    lists = {name: sorted(found[name], key=row_key) for name in LISTS}
    wins = {name: sorted(some, key=row_key) for name, some in found["wins_by"].items()}
    return rounded({**found, **lists, "wins_by": wins})


def row_key(row):
    return str(list(row.values())[:2])


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(field) for key, field in value.items()}
    if isinstance(value, list):
        return [rounded(field) for field in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value

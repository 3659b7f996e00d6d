"""Figures as the screens of `stats` write them."""

from collections.abc import Iterable, Mapping

from lostsale.domain.settings import Settings
from lostsale.domain.tally import Amounts, PeriodAmounts, Tally, Truth
from lostsale.screen.page import Column
from lostsale.screen.text import FEW


def share(part: int, whole: int) -> str:
    """Return `60 of 1,200 (5.0%)`; without the percentage where the numbers are small."""
    return f"{part:,} of {whole:,}{percent(part, whole)}"


def percent(part: int, whole: int) -> str:
    """Return ` (5.0%)`; nothing where the numbers are small."""
    return f" ({part / whole:.1%})" if whole >= FEW else ""


def won_sums(amounts: Mapping[str, Amounts | PeriodAmounts]) -> str:
    """Return what was won back, whole units of each currency: `391,200 USD + 12,000 EUR`; nothing
    for nothing."""
    won = ((currency, sums.won_back) for currency, sums in amounts.items())
    return " + ".join(f"{units(sum_):,} {currency}" for currency, sum_ in won if sum_.strip("0."))


def units(amount: str) -> int:
    """Return an amount in whole units, rounded."""
    whole, _, fraction = amount.partition(".")
    return int(whole) + (fraction[:1] >= "5")


def lost_sums(amounts: Mapping[str, Amounts], settings: Settings) -> str:
    """Return what was lost, each currency by its name unless it is the usual one alone."""
    is_usual = list(amounts) == [settings.currency]
    return " + ".join(
        f"{units(sums.lost):,}" + ("" if is_usual else f" {currency}")
        for currency, sums in amounts.items()
    )


def amount_column(tally: Tally) -> Column:
    """Return the column of sums, which go on in the next line rather than be cut if many."""
    is_mixed = len(tally.amounts) > 1
    return Column("Amount", right=True, stretchy=is_mixed, wrap=is_mixed)


def by_said(truth: Iterable[Truth]) -> dict[str, list[Truth]]:
    """Return what each excuse turned out to be, the excuse with most truths first."""
    found: dict[str, list[Truth]] = {}
    for one in truth:
        if one.said:
            found.setdefault(one.said, []).append(one)
    return dict(sorted(found.items(), key=lambda item: -sum(one.lost for one in item[1])))

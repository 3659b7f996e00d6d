"""Losses as rows of CSV, for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from lostsale.screen.text import shown

# LOSS of the README, a column for each field; what hangs on a loss in lists is left out.
COLUMNS = (
    *("number", "uid", "prospect", "contact", "email", "phone", "product", "amount", "currency"),
    *("lost_on", "stage", "outcome", "lost_to", "said_code", "said_words", "signals"),
    *("guess_code", "guess_words", "real_code", "real_words", "real_source", "real_on", "asked_on"),
    *("way_in", "weakness", "lesson", "note", "next_kind", "next_on", "next_time"),
    *("won_on", "won_amount", "won_currency", "won_note", "rested_on", "logged_at"),
    *("source_system", "source_record"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


def csv_header() -> str:
    """Return the line of the columns' names."""
    return ",".join(COLUMNS) + "\n"


def csv_rows(losses: Iterable[dict[str, Any]]) -> str:
    """Return a line for each loss, given as LOSS of the README."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for loss in losses:
        flat = {**loss, "signals": " ".join(loss["signals"])}
        for name in ("said", "guess", "real", "next", "won", "source"):
            flat |= {f"{name}_{key}": value for key, value in (loss[name] or {}).items()}
        writer.writerow(cell(flat.get(column)) for column in COLUMNS)
    return lines.getvalue()


def cell(value: object) -> str:
    """Return a value for a spreadsheet, which must not compute it."""
    text = "" if value is None else str(value)
    return shown(f"'{text}" if text.startswith(_FORMULA) else text)

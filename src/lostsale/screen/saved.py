"""The numbers as a file that can be shown: a picture, a page, a text, or rows for a spreadsheet."""

import csv
import re
from io import StringIO
from typing import Any

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from lostsale.screen.json import plain
from lostsale.screen.page import HEIGHT, Page, drawn
from lostsale.screen.table import cell
from lostsale.tally import Tally

TITLE = "lostsale stats"


def saved(page: Page, kind: str, width: int) -> str:
    """Return a page as `.svg`, `.html` or `.txt`, on white, to be printed or mailed."""
    screen = Console(
        file=StringIO(), force_terminal=True, color_system="standard", width=width, height=HEIGHT
    )
    paper = Console(file=StringIO(), record=True, width=width, height=HEIGHT)
    for line in drawn(screen, page):
        paper.print(Text.from_ansi(line.rstrip()), soft_wrap=True)
    if kind == ".txt":
        return paper.export_text()
    if kind == ".html":
        return paper.export_html(theme=DEFAULT_TERMINAL_THEME)
    picture = paper.export_svg(title=TITLE, theme=DEFAULT_TERMINAL_THEME)
    # Rich names fonts on the net: whoever looked at the picture would ask for them there.
    return re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", picture, flags=re.DOTALL)


def csv_of(tally: Tally) -> str:
    """Return the numbers of a tally for a spreadsheet: the totals, then a row for each month,
    reason and so on, with a column for each measure."""
    totals = plain(tally)
    by = totals.pop("wins_by")
    lists = {name: totals.pop(name) for name in [*totals] if isinstance(totals[name], list)}
    lists |= {f"wins_by {name}": rows for name, rows in by.items()}
    records = [{"section": "total", "item": totals["period"]["label"], **_flat(totals)}]
    for section, rows in lists.items():
        for row in rows:
            labels = ("said", "real") if section == "truth" else (next(iter(row)),)
            named = (row.pop(label) for label in labels)
            item = ": ".join("unknown" if name is None else str(name) for name in named)
            records.append({"section": section, "item": item, **_flat(row)})
    columns = list(dict.fromkeys(name for record in records for name in record))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(record.get(column)) for column in columns] for record in records)
    return text.getvalue()


def _flat(values: dict[str, Any], path: str = "") -> dict[str, object]:
    """Return the values of an object and of those inside it, by their path: `target rate`."""
    flat: dict[str, object] = {}
    for key, value in values.items():
        name = f"{path} {key}".strip()
        flat |= _flat(value, name) if isinstance(value, dict) else {name: value}
    return flat

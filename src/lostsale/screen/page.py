"""Pages of lines and grids, and how they become text for a pipe, a terminal or a file.

Every text on a page passes through `shown` on its way out: foreign text never gets out raw.
"""

import os
import re
from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from lostsale.later import NamedTuple
from lostsale.screen.text import shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text


class Line(NamedTuple):
    """A line of text. `style` is a Rich style that says nothing the words don't; `marks` are words
    to highlight."""

    text: str
    style: str = ""
    marks: tuple[str, ...] = ()


class Column(NamedTuple):
    """A column of a grid. On a narrow terminal a `stretchy` one shrinks: its texts are cut, or
    continue on the next line if they `wrap`."""

    title: str
    right: bool = False
    stretchy: bool = False
    wrap: bool = False
    style: str = ""


class Row(NamedTuple):
    """A row of a grid: a text for each column, and a style for the first."""

    cells: tuple[str, ...]
    style: str = ""


class Grid(NamedTuple):
    """Rows under columns. A Line among the rows is a heading, only shown on a terminal and never in
    a grid that wraps. `explain`: show the titles in a pipe, too."""

    columns: tuple[Column, ...]
    rows: tuple[Row | Line, ...]
    explain: bool = False

    def only(self, places: Sequence[int]) -> "Grid":
        """Return the grid with only the columns at these places."""
        rows = (
            row if isinstance(row, Line) else Row(tuple(row.cells[at] for at in places), row.style)
            for row in self.rows
        )
        return Grid(tuple(self.columns[at] for at in places), tuple(rows), self.explain)


HEIGHT = 25  # lines; without a height Rich treats a dumb terminal as 80 columns wide
_GAP = "  "
_NOTHING = ("", "-")
Page = Sequence[str | Line | Grid]


def to_plain(page: Page) -> str:
    """Return a page for a pipe: one record a line, cells separated by tabs, nothing cut."""
    lines = []
    for part in page:
        if isinstance(part, Grid):
            records = [row.cells for row in part.rows if isinstance(row, Row)]
            if part.explain:
                records.insert(0, tuple(column.title for column in part.columns))
            lines += ["\t".join(map(shown, record)) for record in records]
        else:
            lines.append(shown(part if isinstance(part, str) else part.text))
    return "".join(f"{line}\n" for line in lines)


def to_terminal(page: Page, width: int, *, is_colored: bool = True) -> str:
    """Return a page for a terminal of so many columns."""
    lines = [part for part in page if isinstance(part, str)]
    if len(lines) == len(page):  # Rich costs more than a whole daily command
        return linked("".join(f"{_wrapped(shown(line), width)}\n" for line in lines))
    console = _console(width, force_terminal=True, no_color=not is_colored)
    return linked("".join(f"{line.rstrip()}\n" for line in drawn(console, page)))


def _console(width: int, **more: Any) -> "Console":
    """Return what draws on paper of so many columns, the same on every system."""
    from rich.console import Console

    return Console(file=StringIO(), width=width, height=HEIGHT, legacy_windows=False, **more)


# What tells of itself that it is a terminal with links.
_WITH_LINKS = ("WT_SESSION", "VTE_VERSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE")
_PROGRAMS_WITH_LINKS = frozenset({"iTerm.app", "vscode", "ghostty", "Hyper", "Tabby", "rio"})
_MAIL = r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
_PHONE = (
    r"(?<![\w-])(?:[+][0-9][0-9 ()-]{6,}[0-9]|(?:[(]?[0-9]{3}[)]?[ -])?[0-9]{3}-[0-9]{4})(?![\w-])"
)


def linked(text: str) -> str:
    """Return what is ready for the terminal, with links to call or to mail where it knows them."""
    has_links = os.environ.get("TERM_PROGRAM") in _PROGRAMS_WITH_LINKS
    if not has_links and not any(os.environ.get(name) for name in _WITH_LINKS):
        return text

    def link(found: re.Match[str]) -> str:
        to = f"mailto:{found[0]}" if found["mail"] else f"tel:{re.sub('[^0-9+]', '', found[0])}"
        return f"\x1b]8;;{to}\x1b\\{found[0]}\x1b]8;;\x1b\\"

    return re.sub(f"{_MAIL}|{_PHONE}", link, text, flags=re.ASCII)


def drawn(console: "Console", page: Page) -> list[str]:
    """Return the lines of a page, drawn by a console."""
    from rich.text import Text

    lines: list[str] = []
    for part in page:
        if isinstance(part, Grid):
            grid = _without_empty_columns(part)
            lines += _with_headings(grid, _print(console, _table(grid)))
        else:
            line = part if isinstance(part, Line) else Line(part)
            text = Text(shown(line.text), style=line.style)
            if line.marks:
                text.highlight_words(line.marks, "bold not dim", case_sensitive=False)
            lines += _print(console, text)
    return lines


def _wrapped(line: str, width: int) -> str:
    """Break a line between words, and indent the rest as its first line is."""
    from textwrap import fill

    indent = " " * (len(line) - len(line.lstrip()))
    return fill(line, width, subsequent_indent=indent, break_on_hyphens=False) or line


def _print(console: "Console", part: "Table | Text") -> list[str]:
    with console.capture() as capture:
        console.print(part)
    return capture.get().splitlines()


def _without_empty_columns(grid: Grid) -> Grid:
    """Return a grid without its empty columns."""
    records = [row.cells for row in grid.rows if isinstance(row, Row)]
    keep = [
        place
        for place, column in enumerate(grid.columns)
        if not column.title or any(cells[place] not in _NOTHING for cells in records)
    ]
    return grid.only(keep)


def _with_headings(grid: Grid, lines: list[str]) -> list[str]:
    """Insert the headings between the drawn lines; in a cell they'd widen its column."""
    if not any(isinstance(row, Line) for row in grid.rows):
        return lines
    drawn = iter(lines[1:])
    rest = (shown(row.text) if isinstance(row, Line) else next(drawn) for row in grid.rows)
    return [lines[0], *rest]


def _table(grid: Grid) -> "Table":
    from rich.table import Table
    from rich.text import Text

    titled = any(column.title for column in grid.columns)
    # The gap is part of the texts: as Rich's padding it would make a run 5% slower.
    table = Table(box=None, padding=0, header_style="dim", show_header=titled)
    gaps = ("", *(_GAP,) * (len(grid.columns) - 1))
    for gap, column in zip(gaps, grid.columns, strict=True):
        table.add_column(
            Text(gap + column.title, no_wrap=True, overflow="ellipsis"),
            justify="right" if column.right else "left",
            style=column.style,
            no_wrap=not column.stretchy,  # Rich narrows only what may wrap
        )
    for row in grid.rows:
        if isinstance(row, Row):
            styles = (row.style, *("",) * (len(gaps) - 1))
            table.add_row(*map(_cell, grid.columns, gaps, row.cells, styles))
    return table


def _cell(column: Column, gap: str, text: str, style: str) -> "Padding | Text":
    from rich.text import Text

    if not column.wrap:
        return Text(gap + shown(text), style, no_wrap=True, overflow="ellipsis")
    from rich.padding import Padding

    return Padding(Text(shown(text), overflow="fold"), (0, 0, 0, len(gap)))


# As Rich fills it in, without its window and its fonts from the web, which would be told who looks.
_PICTURE = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>lostsale stats</title>
<style>
.{unique_id}-matrix {{ font: {char_height}px/{line_height}px monospace; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def saved(page: Page, kind: str, width: int) -> str:
    """Return a page as `.svg` or `.txt`, on white, to print or mail."""
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME
    from rich.text import Text

    screen = _console(width, force_terminal=True, color_system="standard")
    paper = _console(width, record=True)
    for line in drawn(screen, page):
        paper.print(Text.from_ansi(line.rstrip()), soft_wrap=True)
    if kind == ".txt":
        return paper.export_text()
    return paper.export_svg(theme=DEFAULT_TERMINAL_THEME, code_format=_PICTURE)

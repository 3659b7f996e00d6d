"""A page as a file that can be shown: a picture, a page of the web, a text."""

import re
from io import StringIO

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from lostsale.screen.page import HEIGHT, Page, drawn

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

# ruff: noqa: INP001 - a script, and no package
"""Draws the pictures of the README from the made-up year: `python docs/pictures.py`."""

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME
from rich.text import Text

from lostsale.app import App
from lostsale.cli import run

HERE = Path(__file__).parent
TODAY = "2026-11-24"
WIDTH = 100
THEMES = {"light": DEFAULT_TERMINAL_THEME, "dark": SVG_EXPORT_THEME}
SCREENS = {
    "log": 'log "Oakfield Dental" 12k --contact "Ana Ruiz 555-0134" the partners froze the budget',
    "due": "due",
    "stats": "stats",
}


def draw(folder: Path) -> None:
    """Write each screen into the folder, light and dark."""
    with tempfile.TemporaryDirectory() as scratch:
        journal = str(Path(scratch) / "demo.db")
        screen(["--today", TODAY, "demo", journal])
        for name, line in SCREENS.items():
            shown = screen(["--db", journal, "--today", TODAY, *shlex.split(line)])
            for theme, colours in THEMES.items():
                paper = Console(file=io.StringIO(), record=True, width=WIDTH)
                for text in [f"$ lostsale {line}", *shown.rstrip().split("\n")]:
                    paper.print(Text.from_ansi(text), soft_wrap=True)
                svg = paper.export_svg(title="lostsale", theme=colours, unique_id=f"{name}-{theme}")
                # Rich names fonts on the net, which whoever looks at the picture would ask for.
                svg = re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", svg, flags=re.DOTALL)
                (folder / f"{name}-{theme}.svg").write_text(svg, encoding="utf-8")


def screen(args: list[str]) -> str:
    """Return what a command shows on a terminal."""
    before = App.width
    App.width = property(lambda _: WIDTH)  # type: ignore[assignment,method-assign]  # as a test does
    try:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = run(args)
    finally:
        App.width = before  # type: ignore[method-assign]  # and back
    if code:
        raise SystemExit(f"lostsale {' '.join(args)} ended with {code}")
    return out.getvalue()


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    draw(HERE)
    sys.stdout.write(f"{len(SCREENS) * len(THEMES)} pictures in {HERE}\n")

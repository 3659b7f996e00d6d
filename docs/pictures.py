# ruff: noqa: INP001 - a script, not a package
"""Draws the pictures of the README and docs from the made-up year: `python docs/pictures.py`.

The saved page needs chromium and chromedriver."""

import contextlib
import html
import io
import os
import re
import shlex
import shutil
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
            for theme, colors in THEMES.items():
                paper = Console(file=io.StringIO(), record=True, width=WIDTH)
                for text in [f"$ lostsale {line}", *shown.rstrip().split("\n")]:
                    paper.print(Text.from_ansi(text), soft_wrap=True)
                svg = paper.export_svg(title="lostsale", theme=colors, unique_id=f"{name}-{theme}")
                # Rich names fonts on the net, which whoever looks at the picture would ask for.
                svg = re.sub(r"@font-face \{.*?\}|<!--.*?-->", "", svg, flags=re.DOTALL)
                title = f"<title>lostsale {html.escape(line)}</title>"
                svg = svg.replace("<style>", f"{title}<style>", 1)
                (folder / f"{name}-{theme}.svg").write_text(svg, encoding="utf-8")


PAGES = {  # of the saved page: width, height, dark or light
    "light": (1000, 1150, "light"),
    "dark": (1000, 1150, "dark"),
    "phone": (390, 844, "light"),
}


def photograph(folder: Path) -> None:
    """Write what a browser shows of the saved page into the folder."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for switch in ("headless=new", "no-sandbox", "hide-scrollbars"):
        options.add_argument(f"--{switch}")
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    browser = webdriver.Chrome(options=options, service=service)
    with tempfile.TemporaryDirectory() as scratch:
        journal, page = str(Path(scratch) / "demo.db"), Path(scratch) / "page.html"
        screen(["--today", TODAY, "demo", journal])
        screen(["--db", journal, "--today", TODAY, "stats", "--save", str(page)])
        for name, (width, height, scheme) in PAGES.items():
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            feature = {"name": "prefers-color-scheme", "value": scheme}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
            browser.get(page.as_uri())
            browser.save_screenshot(str(folder / f"report-{name}.png"))
    browser.quit()


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
    photograph(HERE)
    sys.stdout.write(f"{len(SCREENS) * len(THEMES) + len(PAGES)} pictures in {HERE}\n")

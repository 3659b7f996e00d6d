"""Writes docs/commands.md from the help of every command: `python tools/command_pages.py`."""

import contextlib
import io
from pathlib import Path

from lostsale.cli import COMMANDS, run

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
VERBS = {
    "team": ("stats", "reasons", "roles"),
    "plan": ("set", "edit", "reset"),
    "reasons": ("add", "rename", "alias", "weakness"),
}


def commands_page() -> str:
    """Return the page: a section for each command, in the order of `lostsale --help`."""
    parts = [
        "# Every command\n",
        "This is what `--help` shows. A unique beginning is enough, as in `lostsale st`.\n",
        _help(),
    ]
    for group, commands in COMMANDS.items():
        parts.append(f"## {group}\n")
        for name in commands:
            parts += [f"### lostsale {name}\n", _help(name)]
            parts += [_help(name, verb) for verb in VERBS.get(name, ())]
    return "\n".join(parts)


def _help(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run([*words, "--help"])
    return f"```text\n{out.getvalue().strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")

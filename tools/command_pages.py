"""Writes docs/commands.md and the man page docs/lostsale.1 from the help of every command:
`python tools/command_pages.py`."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

from lostsale.cli import COMMANDS, run

DOCS = Path(__file__).resolve().parents[1] / "docs"
VERBS = {
    "team": ("stats", "reasons", "roles"),
    "plan": ("set", "edit", "reset"),
    "reasons": ("add", "rename", "alias", "weakness"),
}
_TOP = r""".TH LOSTSALE 1 "" lostsale "User Commands"
.SH NAME
lostsale \- a private journal of lost sales
.SH SYNOPSIS
.B lostsale
.RI [ options ]
.RI [ command " [" arguments ]]
"""
_END = r""".SH FILES
Your journal is one file; \fBlostsale config\fR shows where.
Its backups are in the folder next to it whose name ends in \fI\-backups\fR.
.SH ENVIRONMENT
.TP
.B LOSTSALE_DB
The journal to use.
.TP
.B LOSTSALE_TODAY
The day to take as today.
.TP
.BR NO_COLOR ", " PAGER ", " VISUAL ", " EDITOR
Mean what they mean elsewhere.
.SH EXIT STATUS
0 fine, 1 not found, ambiguous or declined, 2 bad input,
3 the file can't be opened or written, 4 damaged, 5 locked by another program,
6 written by a newer lostsale; 129, 130 and 143 interrupted.
.SH SEE ALSO
https://github.com/lostsale/lostsale
"""
# What groff would print as another character: a hyphen that can't be pasted, a curved quote.
_ESCAPES = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti"}


def commands_page() -> str:
    """Return the page: a section for each command, in the order of `lostsale --help`."""
    parts = [
        "# Every command\n",
        "What `--help` and `man lostsale` show. A command's start is enough: `lostsale st`.\n",
        _block(_help()),
    ]
    for group, commands in COMMANDS.items():
        parts.append(f"## {group}\n")
        for name in commands:
            parts.append(f"### lostsale {name}\n")
            parts += map(_block, _helps(name))
    return "\n".join(parts)


def man_page() -> str:
    """Return the same as a man page."""
    parts = [_TOP, ".SH DESCRIPTION\n", _example(_help()), ".SH COMMANDS\n"]
    for name in [name for commands in COMMANDS.values() for name in commands]:
        parts.append(f".SS {_escaped(name)}\n")
        parts += map(_example, _helps(name))
    return "".join([*parts, _END])


def _helps(command: str) -> Iterator[str]:
    """Yield the help of a command, and of what may follow it."""
    yield _help(command)
    yield from (_help(command, verb) for verb in VERBS.get(command, ()))


def _help(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        run([*words, "--help"])
    return out.getvalue().strip()


def _block(text: str) -> str:
    return f"```text\n{text}\n```\n"


def _example(text: str) -> str:
    """Return a text that is shown line by line, as it is."""
    lines = (rf"\&{_escaped(line)}" if line else "" for line in text.splitlines())
    return "\n".join([".PP", ".EX", *lines, ".EE", ""])


def _escaped(line: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in line)


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
    (DOCS / "lostsale.1").write_text(man_page(), encoding="utf-8")

# ruff: noqa: INP001, S603 - a script, which runs what it says
"""Count the functions of lostsale's own, and the files that they stand in, which a command enters.

usage: entered.py [--list]

Counted on a journal that is there: from argv to disk and back, imports of modules included, without
comprehensions, lambdas and class bodies.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

DEALS = Path(__file__).parent.parent / "tests/crm/exports/hubspot.csv"
COMMANDS = {
    "log": ["log", "Acme", "12k", "no budget"],
    "import": ["import", str(DEALS), "--yes"],
    "stats": ["stats"],
}
_COUNTED = """
import json, sys
from pathlib import Path
import lostsale
from lostsale.__main__ import main
source = str(Path(lostsale.__file__).parent)
entered = set()
def count(frame, event, arg):
    code = frame.f_code
    # The body of a class or a module has no fast locals, which CO_OPTIMIZED says.
    if event == "call" and code.co_flags & 1 and code.co_filename.startswith(source):
        if not code.co_name.startswith("<"):
            entered.add((code.co_filename[len(source) + 1:], code.co_firstlineno, code.co_name))
sys.setprofile(count)
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended
finally:
    sys.setprofile(None)
    sys.stderr.write(json.dumps(sorted(entered)))
"""


def entered(args: list[str], journal: Path) -> list[tuple[str, int, str]]:
    """Return the file, line and name of each function that a command enters."""
    env = {**os.environ, "LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": "2026-11-24"}
    run = [sys.executable, "-c", _COUNTED, *args]
    ended = subprocess.run(run, env=env, capture_output=True, text=True, check=True)
    found: list[tuple[str, int, str]] = json.loads(ended.stderr.splitlines()[-1])
    return found


def main() -> None:
    """Print how many functions and files each command enters; with --list, which."""
    with TemporaryDirectory() as folder:
        for name, args in COMMANDS.items():
            journal = Path(folder) / f"{name}.db"
            entered(["log", "First", "1k"], journal)
            found = entered(args, journal)
            files = {file for file, _, _ in found}
            sys.stdout.write(f"{name:<8}{len(found):>4} functions in {len(files)} files\n")
            if "--list" in sys.argv:
                lines = (f"    {file}:{line} {function}\n" for file, line, function in found)
                sys.stdout.write("".join(lines))


if __name__ == "__main__":
    main()

"""Print the Pythons that lostsale is tested on, as pyproject.toml's classifiers name them.

One line each; with `--json` as a list, which a workflow makes its matrix of.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def pythons() -> list[str]:
    """Return the versions, oldest first: `["3.11", …]`."""
    classifiers = tomllib.loads(PROJECT.read_text())["project"]["classifiers"]
    named = (re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", c) for c in classifiers)
    return [found[1] for found in named if found]


if __name__ == "__main__":
    versions = pythons()
    sys.stdout.write((json.dumps(versions) if "--json" in sys.argv else "\n".join(versions)) + "\n")

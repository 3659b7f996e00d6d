"""Starts lostsale: the command, and `python -m lostsale`."""

import gc
import os
import sys
from pathlib import Path


def main() -> None:
    """Run lostsale with the arguments it was started with, and exit with its code."""
    # A run is over before there is garbage worth collecting: neither look for it on the way nor,
    # once more through all modules, at the end.
    gc.disable()
    for name in ("stdin", "stdout", "stderr"):  # None where the shell closed them
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open("r+", encoding="utf-8")  # noqa: SIM115 - open to the end
            setattr(sys, name, nothing)
    try:
        from lostsale.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("lostsale: Interrupted. What was done before is kept.\n")
        code = 130
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()

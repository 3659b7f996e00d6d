"""Starts lostsale: the command, and `python -m lostsale`."""

import gc
import sys


def main() -> None:
    """Run lostsale with the arguments it was started with, and exit with its code."""
    # A run is over before there is garbage worth collecting: neither look for it on the way nor,
    # once more through all modules, at the end.
    gc.disable()
    from lostsale.cli import run

    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()

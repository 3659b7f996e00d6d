"""Starts lostsale: the command, and `python -m lostsale`."""

import gc
import sys


def main() -> None:
    """Run lostsale with the arguments it was started with, and exit with its code."""
    # A run is over before there is garbage worth collecting, and looking for it costs 5% of it.
    gc.disable()
    from lostsale.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

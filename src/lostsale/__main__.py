"""Starts lostsale: the command, and `python -m lostsale`."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Run lostsale with the arguments it was started with, and exit with its code."""
    code = _INTERRUPTED  # by a Ctrl-C, before there is anything to end
    try:  # noqa: SIM105 - contextlib would have to be imported
        code = _run(sys.argv[1:])
    except KeyboardInterrupt:
        pass
    sys.exit(code)


def _run(args: list[str]) -> int:
    # Whatever is imported here can be broken off by a Ctrl-C without a word.
    import gc
    import os
    import signal

    # A run is over before there is garbage worth collecting: neither look for it on the way nor,
    # once more through all modules, at the end.
    gc.disable()
    ended, run = [0], None

    def end(number: int, _: object) -> None:
        ended[0] = 128 + number
        if run is None:  # an import would hide the interrupt, or tell of it
            os._exit(ended[0])
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, end)
    for name in ("stdin", "stdout", "stderr"):  # None where the shell closed them
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r+"))
    from lostsale import cli

    run = cli.run
    code = run(args)
    for number in numbers:  # all is done
        signal.signal(number, signal.SIG_IGN)
    gc.freeze()
    return ended[0] or code if code == _INTERRUPTED else code


if __name__ == "__main__":
    main()

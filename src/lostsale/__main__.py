"""Starts lostsale: the command, and `python -m lostsale`."""

import sys

_INTERRUPTED = 130
_KEPT = "lostsale: Interrupted. What you did before that is saved."


def main() -> None:
    """Run lostsale with the arguments it was started with, and exit with its code."""
    ended: list[int] = []  # the codes of the signals that came
    try:
        code = _run(sys.argv[1:], ended)
    except KeyboardInterrupt:
        code = _INTERRUPTED
        try:  # noqa: SIM105 - contextlib may not have been imported
            print(_KEPT, file=sys.stderr)  # noqa: T201 - what app would write is not there yet
        except OSError:  # the terminal is gone
            pass
    sys.exit(ended[-1] if ended and code == _INTERRUPTED else code)


def _run(args: list[str], ended: list[int]) -> int:
    # Whatever is imported here can be interrupted by a Ctrl-C without a message from Python.
    import _signal as signal  # type: ignore[import-not-found] # what signal makes enums of
    import gc
    import os

    # A run is over before there is garbage worth collecting: neither look for it on the way nor,
    # once more through all modules, at the end.
    gc.disable()
    run = None

    def end(number: int, _: object) -> None:
        ended.append(128 + number)
        if run is None:  # an import would hide the interrupt, or tell of it
            os._exit(ended[-1])
        raise KeyboardInterrupt

    names = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, end)
    for name in ("stdin", "stdout", "stderr"):  # None where the shell closed them
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r+"))
    count = _count(args)
    if count is not None:
        return int(count > 0 and "--exit-code" in args)
    from lostsale.later import put_in_place, take_away

    put_in_place(is_typer=True)  # before anything loads Typer
    from lostsale import cli

    take_away()
    run = cli.run
    code = run(args)
    for number in numbers:  # all is done, and Python's own end is not for interrupts
        signal.signal(number, signal.SIG_DFL)
    gc.freeze()
    return code


def _count(args: list[str]) -> int | None:
    """Answer `due --count`, which shells ask before each line, without Typer; return the number,
    None if another command was typed, or if this one is not that plain."""
    import os

    is_asked = args[:2] == ["due", "--count"] and args[2:] in ([], ["--exit-code"])
    if not is_asked or "_LOSTSALE_COMPLETE" in os.environ:
        return None
    from lostsale.journal.waiting import count_due

    count = count_due()
    try:
        if count is not None:
            os.write(sys.stdout.fileno(), f"{count}{os.linesep}".encode())
    except (OSError, ValueError):  # as due says
        return None
    return count


if __name__ == "__main__":
    main()

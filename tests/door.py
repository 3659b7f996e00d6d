"""A way to run commands as on any day where no test's fixtures are, as in property tests."""

import io
import json
import os
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from lostsale.cli import run


@contextmanager
def door(path):
    """Give `tell(day, *args)`: it runs a command on the journal at `path` as on that day, and
    returns its exit code and what it printed on stdout."""
    kept = {name: os.environ.get(name) for name in ("LOSTSALE_DB", "LOSTSALE_TODAY")}
    os.environ["LOSTSALE_DB"] = str(path)

    def tell(day, *args):
        os.environ["LOSTSALE_TODAY"] = str(day)
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            code = run([str(arg) for arg in args])
        return code, out.getvalue()

    try:
        yield tell
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def losses(tell, day, last):
    """Return LOSS of all numbers up to `last`, without those that were undone."""
    shown = (tell(day, "show", number, "--json") for number in range(1, last + 1))
    return [json.loads(out)["loss"] for code, out in shown if code == 0]

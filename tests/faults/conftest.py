"""What the fault tests share: real processes, and how often a thing is tried.

`pytest -m faults` tries everything in full; any other run a reduced number of times.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Result

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("faults")


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Return how often to try: `times(200, 20)` is 200 with `-m faults`, else 20."""
    is_full = request.config.getoption("-m") == "faults"
    return lambda full, reduced: full if is_full else reduced


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """The path of a journal in a folder of its own, which does not exist yet."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "journal.db"


@pytest.fixture
def environment(journal: Path) -> dict[str, str]:
    """The environment of real processes that work on the journal."""
    return {**os.environ, "LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": "2026-11-24"}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start lostsale as a process of its own: `start("log", "Acme")`."""
    started: list[subprocess.Popen[str]] = []

    def start(*args: str, **options: Any) -> "subprocess.Popen[str]":
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        command = [sys.executable, "-m", "lostsale", *args]
        started.append(subprocess.Popen(command, env=environment, encoding="utf-8", **options))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def lostsale(start: Callable[..., "subprocess.Popen[str]"]) -> Callable[..., Result]:
    """Run lostsale as a process of its own; return what it printed. It must end with `code`, and
    without a traceback."""

    def lostsale(*args: str, code: int = 0, **options: Any) -> Result:
        process = start(*args, **options)
        out, err = process.communicate()
        assert process.returncode == code, err
        assert "Traceback" not in (err or "")
        return Result(out, err, process.returncode)

    return lostsale

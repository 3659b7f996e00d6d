"""What long work shows, and that short work, and work off a terminal, shows nothing."""

import sys
from time import sleep

import pytest

from lostsale.screen import progress
from lostsale.screen.progress import Working


@pytest.fixture
def shown(monkeypatch):
    """Catch what is shown, on a terminal unless that is taken back, at once."""
    shown = []

    class Status:
        def __init__(self, text):
            shown.append(text.plain)

        def start(self):
            shown.append("on")

        def stop(self):
            shown.append("off")

        def update(self, text):
            shown.append(text.plain)

    monkeypatch.setattr("rich.console.Console.status", lambda _, text: Status(text))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    return shown


def test_work_that_takes_long_says_what_it_is_and_how_far_it_came(shown):
    with Working("Reading\x1b[31m deals.csv") as working:
        while "on" not in shown:
            sleep(0.01)
        working.show(3000)
    assert "Reading" in shown[0]
    assert "\x1b" not in shown[0]
    assert shown[1:] == ["on", f"{shown[0]}: 3,000 rows", "off"]


def test_rows_begin_the_work_and_none_left_ends_it(shown):
    working = Working("Reading")
    working.show(1000)
    while "on" not in shown:
        sleep(0.01)
    working.show(2000)
    working.show(0)
    working.show(0)
    assert shown == ["Reading: 1,000 rows", "on", "Reading: 2,000 rows", "off"]


def test_short_work_and_work_off_a_terminal_show_nothing(shown, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    with Working("Checking") as working:
        working.show(1000)
        sleep(0.05)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "_PATIENCE", 60)
    with Working("Checking"):
        pass
    assert shown == []

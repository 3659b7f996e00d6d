"""The journal from Python: what docs/json.md shows, and what an act of several losses promises."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from lostsale import Journal
from lostsale.api import ChangedMeanwhile
from lostsale.errors import BadInput, NotFound

PAGE = (Path(__file__).parents[1] / "docs" / "json.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 24)


@pytest.fixture
def journal(tmp_path):
    with Journal.make(tmp_path / "journal.db") as journal:
        journal.today = TODAY
        for name in ("Acme", "Brandt", "Corvo"):
            journal.log(prospect=name)
        yield journal


def test_what_the_readme_shows_runs_without_the_command_line(tmp_path):
    (example,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    loaded = "import sys\nassert not {'typer', 'rich'} & set(sys.modules)\n"
    ended = subprocess.run(
        [sys.executable, "-c", f"{example}\n{loaded}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "1 Oakfield Dental save\n1\n"


def test_the_package_alone_loads_nothing_of_it():
    loaded = "import sys, lostsale; print(sorted(one for one in sys.modules if 'lostsale' in one))"
    ended = subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True)
    assert ended.stdout.split() == [b"['lostsale']"]


def test_an_act_of_several_losses_is_one_change(journal):
    before = len(journal.written)
    losses = journal.move_on([1, 3], "they closed down")
    assert [(loss.number, loss.rested_on) for loss in losses] == [(1, TODAY), (3, TODAY)]
    assert len(journal.written) == before + 1
    assert journal.undo(1)[0].losses == (1, 3)


def test_an_act_is_done_for_all_its_losses_or_for_none(journal):
    journal.won(2)
    with pytest.raises(NotFound, match="2 is already won back"):
        journal.done([1, 2, 3], "sent a card")
    assert all(not loss.contacts for loss in journal.get([1, 3]))


def test_an_act_refuses_a_loss_that_changed_since_it_was_seen(journal):
    (seen,) = journal.get([1])
    journal.snooze(1)
    with pytest.raises(ChangedMeanwhile):
        journal.on(seen=seen).skip(1)


def test_a_day_before_the_loss_is_refused(journal):
    with pytest.raises(BadInput, match="is before the loss"):
        journal.on(date(2026, 11, 23)).touch(1, "hello")


def test_settings_are_read_again_after_a_change_and_after_undo(journal):
    assert journal.settings.portion == 20
    with journal.configure("config") as change:
        change.set("portion", "5")
    assert journal.settings.portion == 5
    journal.undo(1)
    assert journal.settings.portion == 20

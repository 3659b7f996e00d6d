"""A line whose first word is no command: one that is right is given, to be pasted."""

import shlex

import pytest


@pytest.fixture
def losses(run):
    """Keep three losses."""
    run("log 'Lorain Mills' 12k price --contact 'Jim Doe'")
    run("log 'Stark Title' 39k price")
    run("log 'Mercy Rehab' 42k price")


@pytest.mark.parametrize(
    ("line", "right"),
    [
        # The name or the number of a loss, and what is to be done about it.
        ("lorain", "show lorain"),
        ("2", "show 2"),
        ("lorain called back, jim said maybe", "touch lorain called back, jim said maybe"),
        ("Stark Title done", "done 'Stark Title'"),
        ("stark no show", "no-answer stark"),
        ("mercy contact is Tim Novak", "edit mercy --contact 'Tim Novak'"),
        ("2 won 9k", "won 2 9k"),
        # The words of a rep.
        ("who do i call", "due"),
        ("remind me friday about stark", "snooze stark friday"),
        ("how much did i lose this month", "stats this month"),
        ("rename 2 Holmes Lumber", "edit 2 --prospect 'Holmes Lumber'"),
        ("left vm for lorain", "no-answer lorain"),
        ("card sent mercy", "done mercy sent the card"),
        ("what did mercy say", "show mercy"),
        ("add Acme 12k", "log Acme 12k"),
        ("move on 2", "move-on 2"),
        # A day, and a loss that isn't there yet.
        ("next friday", "due next friday"),
        ("Kent State went w/ ComDoc, 42k", "log Kent State went w/ ComDoc, 42k"),
    ],
)
@pytest.mark.usefixtures("losses")
def test_what_is_no_command_gives_the_line_that_was_meant(run, refuses, line, right):
    said = refuses(line, 2)
    assert f"You probably want: lostsale {right}" in said
    if not right.startswith(("touch", "log")):
        run(shlex.split(right))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("snoze 1", "Did you mean snooze?"),
        ("mery 1", "See lostsale --help."),  # neither merge nor Mercy
        ("frobnicate", "See lostsale --help."),
        ("delete 2", "edit 2 --outcome mistake, or forget 2 for good"),
    ],
)
@pytest.mark.usefixtures("losses")
def test_only_a_typo_of_a_command_is_taken_for_one(refuses, line, says):
    assert says in refuses(line, 2)


def test_without_a_journal_a_wrong_command_is_only_that(refuses, db):
    assert "See lostsale --help" in refuses("lorain", 2)
    assert not db.exists()

"""`plan set`: files and pipes of every kind, and what is refused."""

import pytest

from cli import test_plan

OWN, file = test_plan.OWN, test_plan.file  # a fixture


@pytest.mark.parametrize(
    "content",
    [
        OWN.replace("\n", "\r\n"),
        "\ufeff" + OWN,
        "\ufeff" + OWN.replace("\n", "\r\n"),
        OWN.rstrip("\n"),
        "# mine\n" + OWN,
    ],
)
@pytest.mark.parametrize("source", ["a file", "a pipe"])
def test_line_ends_and_marks_of_other_programs_are_understood(run, file, piped, content, source):
    piped(content.encode())
    line = file(content)
    answer = run("plan set - --json" if source == "a pipe" else f"{line} --json").json
    assert answer == {"schema": 1, "plan": run("plan --json").json["plan"]}
    assert [one["words"] for one in answer["plan"]][1] == [
        "Hey {contact}, about {way_in}?",
        "Once more, {contact}:\n{way_in}?",
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "There's no step in the plan"),
        ("1 why\n3 sav\n", 'Line 2: There\'s no kind of step in a plan "sav"'),
        ("3 save\n1 why\n", "Line 2: day 1 comes after day 3"),
        ("3 save\n  {x}\n4 why", "Line 2: there's no placeholder {x}"),
        ("3 save\n  \x1b[31m{\u202e}\n", "Line 2"),
        ("3 save\n  a\0b\n", "NUL"),
        (b"3 save\n  \xff\n", "isn't UTF-8, from byte 9"),
        ("3 save\n  a\n".encode("utf-16"), "isn't UTF-8"),
        ("3 save\n  " + "x" * 2_000_000, "longer than 1 MB"),
        ("3 save\n   " + "é" * 1_000_000, "longer than 1 MB"),
        ("3 save\n" + " a\n" * 200_000, "longer than 65,536 characters"),
    ],
)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_plan_is_checked_whole_before_it_is_kept(run, refuses, db, file, content, what, is_there):
    if is_there:
        run(file(OWN))
    assert what in refuses(file(content), 2)
    assert db.exists() == is_there


@pytest.mark.parametrize(
    ("line", "code", "what"),
    [
        ("set /nowhere/plan.txt", 3, "No such file or directory"),
        ("set .", 3, "can't be read"),
        ("set ''", 3, "can't be read"),
        ("set", 2, "FILE is missing"),
        ("set a b", 2, 'no use for "b"'),
        ("sett a", 2, "sett"),
        ("edit", 2, "plan edit needs a terminal"),
        ("reset now", 2, 'no use for "now"'),
    ],
)
def test_what_can_not_be_is_refused(refuses, db, line, code, what):
    assert what in refuses(f"plan {line}", code)
    assert not db.exists()


def test_words_of_64_kb_are_kept_and_said(run, file):
    run(file(f"3 save\n{'w' * 65_000}\n".replace("\nw", "\n    w")))
    assert run("script save").out == "w" * 65_000 + "\n"

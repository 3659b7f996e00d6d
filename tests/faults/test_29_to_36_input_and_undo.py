"""Too much of a thing, who may read what lostsale writes, undo, arbitrary dates and amounts, and
clocks that go wrong."""

import json
import subprocess
import sys
import time
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import on_unix
from lostsale.cli import COMMANDS
from lostsale.crm.written import read_written
from lostsale.domain.amounts_in_text import read_money
from lostsale.domain.dates import Asked, read_when
from lostsale.domain.money import LIMIT
from lostsale.domain.phrases import Reading
from lostsale.errors import BadInput
from lostsale.journal import store

LIMIT_NAMED = "A text is longer than 1 MB (1,048,576 bytes). Nothing was changed."


def said(lostsale, tmp_path, name, text, code=0):
    """Run `log` with what they said on stdin."""
    file = tmp_path / "said.txt"
    file.write_text(text, encoding="utf-8")
    with file.open() as stdin:
        return lostsale("log", name, "--said", "-", code=code, stdin=stdin)


def test_29_a_text_above_a_megabyte_is_refused_and_one_of_it_kept_whole(
    lostsale, journal, tmp_path
):
    for text in ("x" * 10_000_000, "x" * 1_048_577, "é" * 524_289):
        assert LIMIT_NAMED in said(lostsale, tmp_path, "Acme", text, code=2).err
    assert not journal.exists()
    longest = "they said price " + "é" * 524_200 + " needle"
    said(lostsale, tmp_path, "Acme", longest + "\n")
    assert json.loads(lostsale("show", "1", "--json").out)["loss"]["said"]["words"] == longest
    began = time.monotonic()
    assert "Acme" in lostsale("list").out
    assert "Acme" in lostsale("find", "NEEDLE").out
    assert time.monotonic() - began < 3
    lostsale("verify")


@pytest.mark.parametrize("sign", ["", "-", "1.", "0,", "1e", "k", "EUR"])
def test_29_amounts_of_five_thousand_digits_are_refused(run, refuses, sign):
    run("log Acme")
    error = refuses(["edit", "1", f"--amount={sign}{'9' * 5000}"], 2)
    assert len(error) < 300


MODES = """
import os, sqlite3, sys
from lostsale.__main__ import main
connect = sqlite3.connect
def traced(*args, **options):
    connection = connect(*args, **options)
    connection.set_trace_callback(lambda sql: sql == "COMMIT" and os._exit(9))
    return connection
if sys.argv.pop(1) == "die":
    sqlite3.connect = traced
else:
    from lostsale.commands import show
    show.show.__code__ = (lambda ctx, ref: 1 / 0).__code__
main()
"""


def modes(folder):
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
    }


@on_unix("rights are others there")
def test_30_all_that_is_written_is_its_owners_alone(lostsale, environment, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    there.chmod(0o755)
    journal = there / "new" / "deep" / "journal.db"
    environment["LOSTSALE_DB"] = str(journal)

    def under_patches(how, *args):
        command = [sys.executable, "-c", MODES, how, *args]
        return subprocess.run(command, env=environment, capture_output=True, check=False, umask=18)

    lostsale("log", "Acme", umask=0o022)
    lostsale("backup", umask=0o022)
    lostsale("backup", str(there / "copy.db"), umask=0o022)
    lostsale("demo", str(there / "demo.db"), umask=0o022)
    lostsale("restore", str(there / "copy.db"), "--yes", umask=0o022)
    lostsale("log", "Bolt", umask=0o022)
    assert under_patches("fail", "show", "1").returncode == 1
    with journal.open("r+b") as file:  # damaged: what is typed is kept as a draft
        kept = file.read()
        file.truncate(8192)
    lostsale("log", "Corvo", umask=0o022, code=4)
    journal.write_bytes(kept)
    assert under_patches("die", "log", "Dent", "12k").returncode == 9
    found = modes(there)
    folders = {"new", "new/deep", "new/deep/journal.db-backups"}
    assert {name: found.pop(name) for name in folders} == dict.fromkeys(folders, "0o700")
    assert set(found.values()) == {"0o600"}
    names = " ".join(found)
    for part in ("journal.db ", "-journal", "-draft-", "faults.log", "demo.db", "copy.db"):
        assert part in f"{names} ", part
    assert sum(name.startswith("new/deep/journal.db-backups/") for name in found) == 3
    assert there.stat().st_mode & 0o777 == 0o755


WRITES = [
    ("log Brandt 5k budget --on 2d --also thanks", "log", [2]),
    ("done 1 sent the card", "done", [1]),
    ("no-answer 1 left a message", "no-answer", [1]),
    ("snooze 1 friday", "snooze", [1]),
    ("skip 1,2", "skip", [1, 2]),
    ("why 1 too-slow: late --way-in lease", "why", [1]),
    ("touch 2 hello --also referral", "touch", [2]),
    ("meet 2 friday 10am --minutes 30 --where here --marked", "meet", [2]),
    ("referral 1 Bea Kim 555-0177 b@c.d", "referral", [1]),
    ("won 1 9500 --note lease", "won", [1]),
    ("edit 1 --not-won --amount 11k --product '' --note moved", "edit", [1]),
    ("move-on 1,2 enough", "move-on", [1, 2]),
    ("config currency EUR", "config", []),
    ("reasons add bad-timing --kind real --weakness none", "reasons", []),
    ("reasons rename too-slow never-met-them", "reasons", []),
    ("reasons weakness no-access company", "reasons", []),
    ("reasons alias 'Zu teuer' price-value", "reasons", []),
    ("reasons rename never-met-them no-access --yes", "reasons", []),
    ("config currency ''", "config", []),
    ("plan set plan.txt", "plan", []),
    ("plan reset", "plan", []),
    ("import deals.csv --yes --follow-up", "import", [3, 4]),
    ("edit 3 --prospect Dent --signal silence --on 2026-10-01", "edit", [3]),
    ("won 3", "won", [3]),
    ("reasons reread", "reasons reread", [1]),
]
NO_UNDO = {"due", "stats", "list", "show", "find", "referrals", "script", "undo"}
NO_UNDO |= {"backup", "restore", "verify", "demo", "export", "merge", "sync", "team", "forget"}


@pytest.fixture
def contents(run):
    """Return all that the journal holds, without the numbers, which are never used again."""

    def contents():
        losses = run("list --json").json["losses"]
        losses = sorted(json.dumps({**loss, "number": 0}) for loss in losses)
        return [losses, *(run(f"{line} --json").json for line in ("config", "reasons", "plan"))]

    return contents


@pytest.fixture
def written(run, contents, tmp_path, monkeypatch):
    """Run every command that writes; return the contents before each, and at the end."""
    monkeypatch.chdir(tmp_path)
    Path("deals.csv").write_text(
        "id,company,status,close date,amount\n"
        "7,Evans,Lost,2026-11-02,500\n8,Frank,Lost,2026-11-03,600\n9,Gold,Won,2026-11-03,5\n"
    )
    Path("plan.txt").write_text("1 why\n9 thanks\n    Hi {contact}\n")
    run("log Acme 12k --said zork --contact 'Ana 555-0134' --product tiles --on 1w")
    better = Reading("board", is_sure=True)  # today's tables know the word
    monkeypatch.setattr("lostsale.commands.reasons.understood", lambda *_: better)
    stages = [contents()]
    for line, _, _ in WRITES:
        run(line)
        stages.append(contents())
        assert stages[-1] != stages[-2], line
    return stages


def test_33_every_command_that_writes_is_undone_one_by_one(run, contents, written):
    assert {command.split()[0] for _, command, _ in WRITES} == {
        name for group in COMMANDS.values() for name in group
    } - NO_UNDO
    assert contents() == written.pop()
    for _, command, numbers in reversed(WRITES):
        (undone,) = run("undo --json").json["undone"]
        assert (undone["command"], undone["losses"]) == (command, numbers)
        assert contents() == written.pop(), command
    assert "all intact" in run("verify").out
    run("undo")
    assert run("list --json").json["losses"] == []


@pytest.mark.parametrize("count", [2, 7, len(WRITES)])
def test_33_many_are_undone_at_once(run, contents, written, count):
    undone = run(f"undo {count} --json").json["undone"]
    commands = [(command, numbers) for _, command, numbers in WRITES]
    assert [(change["command"], change["losses"]) for change in undone] == commands[
        : -count - 1 : -1
    ]
    assert contents() == written[-count - 1]
    assert "all intact" in run("verify").out


TODAY = date(2026, 11, 24)
_WORDS = (
    "today tomorrow yesterday friday fri next last this week month year eow eom days 3d 2w 1mo 1y"
    " in ago from now within a an three 30 nov 29 feb 31 the 15th 2026-11-30 2027-02-29 11/30"
    " 03/04/2026 30.11. 10am 25:00 noon at + - 99999 0 of and end day after before later ,"
)
_MONEY = (
    "12 000 , . k m K EUR $ € kr JPY BHD - + 1.234 1,23 0 ' 9999999999999 e5 \u0661 ² ½ \u00a0 zł"
)


def mixed(words):
    """Arbitrary text, and text made of words that mean something."""
    pieces = st.lists(st.sampled_from(words.split(" ")), max_size=6)
    return st.text(max_size=40) | st.builds(str.join, st.sampled_from(["", " "]), pieces)


@pytest.fixture(params=range(1, 11))
def part(request):
    """One of ten parts of 100,000 cases: any takes a minute, and all cores share them."""
    return request.param


def in_full(count):
    checks = list(HealthCheck)
    return settings(
        max_examples=count, deadline=None, derandomize=False, suppress_health_check=checks
    )


def tried(read, *args):
    """Return what is read, None for bad input; every other error goes through."""
    try:
        return read(*args)
    except BadInput:
        return None


@pytest.mark.usefixtures("part")
def test_35_a_date_is_a_day_on_its_side_or_bad_input(times):
    days = st.dates(date(1901, 1, 1), date(9000, 12, 31)) | st.just(TODAY)

    @in_full(times(10_000, 200))
    @given(mixed(_WORDS), days, st.sampled_from(["", "mdy", "dmy"]))
    def check(text, today, order):
        ahead = tried(read_when, text, Asked(today, "future", order))
        back = tried(read_when, text, Asked(today, "past", order))
        assert ahead is None or ahead.day >= today
        assert back is None or (back.day <= today and back.time is None)
        if ahead and ahead.time:
            assert time.strptime(ahead.time, "%H:%M")
        assert isinstance(tried(read_written, text, order), date | None)

    check()


@pytest.mark.usefixtures("part")
def test_35_an_amount_is_a_whole_number_of_minor_units_or_bad_input(times):
    @in_full(times(10_000, 200))
    @given(mixed(_MONEY), st.sampled_from(["USD", "JPY", "BHD"]), st.sampled_from(["", ".", ","]))
    def check(text, currency, decimal):
        money = tried(read_money, text, currency, decimal)
        if money:
            assert isinstance(money.minor, int)
            assert 0 <= money.minor < LIMIT
            assert any(sign.isdigit() for sign in text)
            # What is kept and typed again is the same.
            assert read_money(f"{money.decimal()}{money.currency}", "USD", ".") == money

    check()


def test_35_bad_input_ends_with_2(run, refuses):
    assert BadInput.exit_code == 2
    run("log Acme")
    refuses("log Acme --on tomorrow", 2)
    refuses("edit 1 --amount 1.234", 2)


@pytest.mark.parametrize("text", ["\ud800", "\0", "x" * 100_000, "9" * 5000, "9y " * 5000])
def test_35_what_no_keyboard_types_is_bad_input(text):
    for read in (
        lambda: read_when(text, Asked(TODAY, "future")),
        lambda: read_when(text, Asked(TODAY, "past")),
        lambda: read_written(text),
        lambda: read_money(text, "USD", ""),
    ):
        with pytest.raises(BadInput):
            read()


def test_36_a_clock_that_goes_back_keeps_the_order_of_what_was_done(run, loss, monkeypatch):
    run("log Acme 12k")

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2031, 1, 1, tzinfo=tz)

    with monkeypatch.context() as later:
        later.setattr(store, "datetime", Later)
        run("edit 1 --amount 1k")
    run("edit 1 --amount 2k")
    run("touch 1 third")
    assert loss()["amount"] == "2000.00"
    undone = [run("undo --json").json["undone"][0]["command"] for _ in range(2)]
    assert (undone, loss()["amount"]) == (["touch", "edit"], "1000.00")
    run("undo")
    assert loss()["amount"] == "12000.00"
    run("verify")


def test_36_leap_days_and_short_months(run, loss):
    def step(today, when):
        return run(f"snooze 1 {when} --json", today=today).json["loss"]["next"]["on"]

    run("log Acme --on 2024-02-29", today="2024-02-29")
    assert loss()["lost_on"] == "2024-02-29"
    assert step("2024-02-29", "1y") == "2025-02-28"
    assert step("2024-02-29", "4y") == "2028-02-29"
    assert step("2026-01-31", "1mo") == "2026-02-28"
    assert step("2024-01-31", "next month") == "2024-02-29"
    assert step("2025-12-31", "2mo") == "2026-02-28"
    assert "29 feb" in run("snooze 1 29 feb 2027", today="2026-01-31", code=2).err
    assert loss()["lost_on"] == "2024-02-29"


# The night in which summer time ends, in zones half a world apart.
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Pacific/Kiritimati", "UTC"])
def test_36_no_loss_or_step_moves_with_the_zone_or_the_day(lostsale, environment, zone):
    environment |= {"TZ": "Europe/Berlin", "LOSTSALE_TODAY": "2026-10-24"}
    lostsale("log", "Acme", "12k", "--next", "sunday 2:30")
    lostsale("log", "Bolt", "--on", "yesterday")
    lostsale("meet", "2", "2026-11-01", "1:30am")
    before = json.loads(lostsale("list", "--json").out)["losses"]
    environment["TZ"] = zone
    for today in ("2026-10-25", "2026-10-26", "2026-11-01", "2027-03-28"):
        is_cold = today > "2026-11-15"  # then the plan goes on from the step
        environment["LOSTSALE_TODAY"] = today
        for loss, former in zip(
            json.loads(lostsale("list", "--json").out)["losses"], before, strict=True
        ):
            loss["next"]["late_days"] = former["next"]["late_days"]
            own = {"next": {}, "contacts": []}  # the meeting that was passed over is one
            assert loss | own == former | own
            assert is_cold or loss == former
    environment["LOSTSALE_TODAY"] = "2026-11-02"
    lostsale("due", "--count")
    found = json.loads(lostsale("show", "1", "--json").out)["loss"]
    assert (found["lost_on"], found["next"]["on"], found["next"]["time"]) == (
        "2026-10-24",
        "2026-10-25",
        "02:30",
    )


def test_35_an_empty_day_and_a_limit_above_all_limits_are_no_fault(run, refuses):
    assert "WHEN is missing" in refuses("due --on ''", 2)
    run("log Acme 5k")
    assert "Acme" in run(f"list --limit {10**30}").out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file")
def test_29_an_import_that_never_ends_ends_at_the_limit(refuses, monkeypatch):
    monkeypatch.setattr("lostsale.crm.unpack.UNPACKED_LIMIT", 100_000)
    with Path("/dev/zero").open("rb") as endless:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(endless))
        assert "over 1 GB" in refuses("import -", 2)

"""Every command that the README and the pages of docs/ show is run."""

import io
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from conftest import on_unix
from door import door
from lostsale.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOR_DEVELOPERS = {"release.md", "commands.md"}
PAGES = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if path.name not in FOR_DEVELOPERS
}
ALL = "\n".join(PAGES.values())
MENTIONED = list(dict.fromkeys(re.findall(r"`(lostsale [^`]*)`", ALL)))
BLOCKS = re.findall(r"^```sh\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
SESSIONS = {
    name: found
    for name, page in PAGES.items()
    if (found := re.findall(r"^\$ (lostsale .*)$", page, re.MULTILINE))
}


def test_the_readme_is_short():
    assert len(README.encode()) <= 6 * 1024
    assert len(README.splitlines()) <= 130
    assert len(SESSIONS["README.md"]) == 8


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("page", SESSIONS)
def test_the_commands_of_a_page_work_from_top_to_bottom(run, page):
    if page not in {"README.md", "guide.md"}:  # those begin on the first day
        run("log Acme 12k no-access: never met her")
    for line in SESSIONS[page]:
        run(line.removeprefix("lostsale "))


@pytest.mark.parametrize("shell", ["bash -c", "zsh -f -c", "fish --no-config -c"])
def test_every_command_means_the_same_in_every_shell(shell, tmp_path):
    name, *options = shell.split()
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    shown = [line for found in SESSIONS.values() for line in found] + MENTIONED
    lines = [line for line in dict.fromkeys(shown) if not re.search("[~…|]", line)]
    told = tmp_path / "lostsale"
    told.write_text("#!/bin/sh\nprintf '%s|' \"$@\"\necho\n")
    told.chmod(0o755)
    script = "\n".join(line.replace("lostsale", str(told), 1) for line in lines)
    done = subprocess.run(
        [name, *options, script], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    wanted = [f"{'|'.join(shlex.split(line)[1:])}|" for line in lines]
    assert done.stdout.splitlines() == wanted


@pytest.mark.parametrize("name", PAGES)
def test_the_links_between_the_pages_lead_somewhere(name):
    folder = ROOT if name == "README.md" else ROOT / "docs"
    prose = re.sub(r"^```.*?^```$", "", PAGES[name], flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", prose)
    assert [target for target in targets if not (folder / target).is_file()] == []


def test_every_page_is_reached_from_the_readme():
    linked = set(re.findall(r"\]\(docs/([^)#]+\.md)", README))
    assert linked == {*PAGES, "commands.md"} - {"README.md"}


@pytest.mark.parametrize("name", PAGES)
def test_pictures_have_addresses_that_hold_on_pypi_and_words_for_those_who_cannot_see(name):
    pictures = re.findall(r"<img ([^>]*)>", PAGES[name])
    for picture in pictures:
        assert len(re.search('alt="(.*?)"', picture)[1]) > 20
    addresses = re.findall(r'(?:src|srcset)="([^"]*)"', PAGES[name])
    assert all(address.startswith("https://raw.githubusercontent.com/") for address in addresses)
    for address in addresses:
        assert (ROOT / address.partition("/main/")[2]).is_file()


def test_the_page_of_commands_and_the_man_page_are_what_their_help_says():
    spec = spec_from_file_location("command_pages", ROOT / "tools" / "command_pages.py")
    pages = module_from_spec(spec)
    spec.loader.exec_module(pages)
    for made, name in ((pages.commands_page(), "commands.md"), (pages.man_page(), "lostsale.1")):
        kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert made == kept, "run python tools/command_pages.py"


def test_the_man_page_is_installed_and_reads_without_a_warning():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {"docs/lostsale.1": "share/man/man1/lostsale.1"}
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    groff = ["groff", "-man", "-ww", "-Tutf8", "-P-cbou", "-rLL=100n", "docs/lostsale.1"]
    done = subprocess.run(groff, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == ""
    assert 'lostsale edit 42 --amount 11k --product ""' in done.stdout  # it can be pasted


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Work in a folder of one's own, in which another program's export lies."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deals.csv").write_text(
        "Deal ID,Company,Stage,Close date,Amount,Lost reason\n"
        "7,Acme,Closed Lost,2026-10-30,12000,Too expensive\n"
        "8,Bolt,Closed Won,2026-10-30,9000,\n"
    )
    (tmp_path / "my-plan.txt").write_text(
        "1 why\n2 save\n    Hi {contact}, one more idea.\n5 thanks\n"
    )
    return tmp_path


@pytest.fixture(scope="module")
def sixty(tmp_path_factory):
    """A journal in which 42 is `ana ruiz` of Oakfield Labs, due, among 60; nobody changes it."""
    path = tmp_path_factory.mktemp("sixty") / "journal.db"
    with door(path) as tell:
        for number in range(1, 61):
            who = (
                ("Oakfield Labs", "Ana Ruiz 555 ana@example.com")
                if number == 42
                else (f"Prospect {number}", "")
            )
            assert tell("2026-11-20", "log", who[0], "12k", "budget", "--contact", who[1])[0] == 0
        assert tell("2026-11-20", "config", "email", "jo@example.com")[0] == 0
        assert tell("2026-11-20", "referral", "41", "Bea Kim 555-0177")[0] == 0
    return path


@pytest.fixture
def filled(run, folder, sixty, db):  # noqa: ARG001 - those are made first
    """This test's own copy of it."""
    shutil.copy(sixty, db)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("line", MENTIONED)
def test_a_command_that_a_page_mentions_works(line, run, monkeypatch):
    args = shlex.split(line)[1:]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Acme Roofing 5k price\n")))
    # Some need a person to answer, and one a draft.
    codes = {"log": 2, "edit 42": 2, "due --walk": 2, "log --draft": 1}
    codes |= {"--install-completion powershell": 2}  # where there is none
    codes |= {line.removeprefix("lostsale "): 1 for line in MENTIONED if " forget " in line}
    no_server = ("lostsale team stats", "lostsale team reasons")
    codes |= {one.removeprefix("lostsale "): 2 for one in MENTIONED if one.startswith(no_server)}
    codes |= {line.removeprefix("lostsale "): 3 for line in MENTIONED if "postgresql:" in line}
    if args[0] == "import":
        run("export losses.json")
    if args[0] == "merge":
        run("backup laptop.db")
    if args[0] == "sync":
        run("sync ~/OneDrive/lostsale --init")
        key = run("sync --show-key").out.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(key)))
    run(args, code=codes.get(line.removeprefix("lostsale "), 0))


@pytest.mark.parametrize(
    "query", re.findall(r'^\$ sqlite3 lostsale\.db "(.*)"$', ALL, re.MULTILINE)
)
def test_a_query_that_a_page_shows_finds_something(run, db, query):
    run("log Acme 12k budget", today="2026-11-20")
    with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as opened:
        found = opened.execute(query.replace("'now'", "'2026-11-24'")).fetchall()
    assert "Acme" in found[0]


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
@pytest.mark.parametrize(
    "line",
    "".join(re.findall(r"^```shell\n(.*?)^```$", ALL, re.MULTILINE | re.DOTALL)).splitlines(),
)
def test_what_a_page_shows_with_jq_finds_something(run, db, line):
    run("log Acme 12k --contact 'Ana 555-0134' --lost-to Kyolab", today="2026-11-23")
    ended = subprocess.run(
        ["bash", "-ec", f"set -o pipefail; {line}"],
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
            "LOSTSALE_DB": str(db),
            "LOSTSALE_TODAY": "2026-11-24",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout in {"1  Kyolab\n", "555-0134  Acme  why\n"}


def test_the_pictures_are_those_of_today(tmp_path):
    spec = spec_from_file_location("pictures", ROOT / "docs" / "pictures.py")
    pictures = module_from_spec(spec)
    spec.loader.exec_module(pictures)
    pictures.draw(tmp_path)
    drawn = {path.name: path for path in tmp_path.iterdir()}
    assert set(drawn) == {path.name for path in (ROOT / "docs").glob("*.svg")}
    assert set(drawn) == {name.split("/")[1] for name in re.findall(r"docs/[\w-]+\.svg", ALL)}
    for name, path in drawn.items():
        assert words(path) == words(ROOT / "docs" / name), "run python docs/pictures.py"


def words(picture):
    """What stands in a picture; how it is drawn may change with Rich."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.read_text())


def reminders():
    """The commands of the guide that something else runs, as a shell takes them."""
    blocks = dict(
        re.findall(r"^```(bash|crontab|ini|toml|xml)\n(.*?)\n```$", ALL, re.MULTILINE | re.DOTALL)
    )
    unit = re.search(r"^ExecStart=sh -c '(.*)'$", blocks["ini"], re.MULTILINE)
    agent = re.search(r"<string>\n(.*?)\n *</string>", blocks["xml"], re.DOTALL)
    return {
        "shell": blocks["bash"],
        "cron": blocks["crontab"].split("  ", 1)[1],
        "systemd": unit[1].replace("$$", "$"),
        "launchd": agent[1].strip().replace("&amp;", "&"),
        "prompt": re.search('^command = "(.*)"$', blocks["toml"], re.MULTILINE)[1],
        "prompt when": re.search('^when = "(.*)"$', blocks["toml"], re.MULTILINE)[1],
    }


@on_unix("schtasks reminds on Windows")
@pytest.mark.parametrize(
    ("name", "said", "idle"),
    [
        ("shell", "1 due, the first is Acme", ""),
        ("cron", "1 due", "Nothing due"),
        ("systemd", "lostsale: 1 due", ""),
        ("launchd", 'display notification "lostsale: 1 due"', ""),
        ("prompt", "1\n", "0\n"),
        ("prompt when", "1\n", "0\n"),
    ],
)
def test_what_reminds_speaks_only_when_something_is_due(run, db, tmp_path, name, said, idle):
    for program, echoed in (("notify-send", "$1"), ("osascript", "$2")):
        (tmp_path / program).write_text(f'#!/bin/sh\necho "{echoed}"\n')
        (tmp_path / program).chmod(0o755)
    path = f"{tmp_path}:{Path(sys.executable).parent}:/usr/bin:/bin"
    environment = {"PATH": path, "LOSTSALE_DB": str(db)}

    def reminded(today):
        command = ["bash", "-c", reminders()[name]]
        return subprocess.run(
            command,
            env={**environment, "LOSTSALE_TODAY": today},
            capture_output=True,
            text=True,
            check=False,
        )

    run("log Acme 12k")
    now, later = reminded("2026-11-25"), reminded("2026-11-24")
    assert said in now.stdout
    assert later.stdout.startswith(idle)
    assert bool(idle) == bool(later.stdout)
    assert (now.stderr, later.stderr) == ("", "")
    if name == "prompt when":
        assert (now.returncode, later.returncode) == (0, 1)


def test_every_command_stands_in_the_guide():
    names = {name for group in COMMANDS.values() for name in group}
    guide = PAGES["guide.md"]
    assert [name for name in sorted(names) if f"lostsale {name}" not in guide] == []


NAMES = [name for group in COMMANDS.values() for name in group]


@pytest.mark.parametrize("name", NAMES)
def test_a_commands_own_help_has_the_purpose_that_the_list_shows(run, name):
    (purpose,) = (group[name][1] for group in COMMANDS.values() if name in group)
    assert purpose in " ".join(run([name, "--help"]).out.split())


SUBCOMMANDS = [
    *(f"plan {verb}" for verb in ("set", "edit", "reset")),
    *(f"reasons {verb}" for verb in ("add", "rename", "alias", "weakness")),
    *(f"referrals {verb}" for verb in ("called", "drop")),
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("name", [*NAMES, *SUBCOMMANDS])
def test_the_examples_in_a_commands_help_work_one_after_the_other(run, name):
    """On a journal in which 42 is Oakfield, due, and 41 and 43 are others."""
    out = run([*name.split(), "--help"]).out
    examples = re.findall(r"^  +lostsale (.*)$", out.partition("Examples:")[2], re.MULTILINE)
    assert 2 - (name in SUBCOMMANDS) <= len(examples) <= 3
    assert not set("$#") & set(out)
    assert max(map(len, out.splitlines())) <= 80
    for copy in ("journal-copy.db", "laptop.db") if name in {"restore", "merge"} else ():
        run(["backup", copy])
    for example in examples:
        args = shlex.split(example)
        assert " ".join(args).startswith(name.split()[0])
        asks = {"plan edit": 2, "forget": 1, "team": 2 - 2 * ("roles" in args)}  # which server
        run(args, code=asks.get(name, 0))


def test_help_groups_the_commands_and_fits_80_columns(run):
    lines = run("--help").lines
    assert max(map(len, lines)) <= 80
    assert len(lines) <= 43
    groups = [line[:13].strip() for line in lines[-len(NAMES) :]]
    assert [group for group in groups if group] == list(COMMANDS)
    assert [line[13:24].strip() for line in lines[-len(NAMES) :]] == NAMES


def test_the_tests_are_run_by_the_second_command():
    assert len(BLOCKS) == 2
    assert BLOCKS[1].endswith(".venv/bin/pytest -q -n auto")


@pytest.mark.slow
def test_the_first_command_installs_and_does_the_main_job(tmp_path):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split():
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    command = BLOCKS[0].replace("python3 ", f"{sys.executable} ", 1)
    ended = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "1  Oakfield Dental · 12,000 USD · lost " in ended.stdout
    assert "1 lost, 12,000 USD · 0 won back" in ended.stdout

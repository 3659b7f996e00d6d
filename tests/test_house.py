"""The rules of the house: who imports whom, and what a daily command may load."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lostsale

SOURCE = Path(lostsale.__file__).parent

# Each room and those below it that it may import; errors are everybody's.
RULES = {
    "__init__": set(),
    "__main__": {"cli"},
    "cli": {"commands", "app", "journal", "export", "screen", "errors"},
    "commands": {"app", "journal", "crm", "export", "screen", "domain", "demo", "errors"},
    "app": {"journal", "export", "screen", "domain", "errors"},
    "demo": {"demo_words", "domain"},
    "demo_words": set(),
    "crm": {"domain", "errors"},
    "export": {"crm", "domain", "errors"},
    "journal": {"domain", "errors"},
    "screen": {"domain", "errors"},
    "domain": {"errors"},
    "errors": set(),
}
# Third-party libraries, and the standard library's sqlite3, by the only rooms that may use them.
KNOWN_BY = {
    "typer": {"cli", "commands"},
    "sqlite3": {"journal"},
    "sqlite_utils": {"journal"},
    "rich": {"screen"},
    "dateutil": {"domain"},
    "platformdirs": {"app"},
    "icalendar": {"export"},
    "tzlocal": {"export"},
}
FILES = sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """All modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            below = {f"{module}.{alias.name}" for alias in node.names}
            names |= below if module == "lostsale" else {module, *below}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path):
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("lostsale.")}
    assert rooms - {room(path)} <= RULES[room(path)]


def test_no_modules_import_each_other_in_a_circle():
    names = [path.relative_to(SOURCE.parent).with_suffix("").parts for path in FILES]
    modules = {
        ".".join(name).removesuffix(".__init__"): path
        for name, path in zip(names, FILES, strict=True)
    }
    below = {name: imported(path) & modules.keys() - {name} for name, path in modules.items()}
    assert len(list(TopologicalSorter(below).static_order())) == len(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_each_library_is_known_in_one_room(path):
    libraries = {name.split(".")[0] for name in imported(path)} - {"lostsale"}
    others = libraries - set(sys.stdlib_module_names) - set(KNOWN_BY)
    assert not others
    assert all(room(path) in KNOWN_BY[name] for name in libraries & set(KNOWN_BY))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_and_public_function_explains_itself(path):
    tree = ast.parse(path.read_text())
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inner = {node for outer in functions for node in ast.walk(outer) if node is not outer}
    lacking = [node.name for node in public if node not in inner and not ast.get_docstring(node)]
    assert ast.get_docstring(tree)
    assert lacking == []


HEAVY = {
    *("pydantic", "sqlite_utils", "dateutil", "platformdirs", "importlib.metadata", "rich"),
    *(
        "rich.traceback",
        "rich.progress",
        "rich.markdown",
        "pygments",
        "asyncio",
        "concurrent.futures",
        "decimal",
        "fractions",
        "csv",
        "http",
    ),
}
DAILY = {
    "log Pike 31k budget --contact 'Tom 555'": set(),
    "due": set(),
    "due --count": set(),
    "due --json": set(),
    "done 1": set(),
    "no-answer 1": set(),
    "snooze 1 friday": set(),
    "snooze 1 2w": {"dateutil"},
    "touch 1 hello": set(),
    "why 1 no-access": set(),
    "won 1": set(),
    "show 1": set(),
    "stats": set(),
    "undo": set(),
    "meet 1 friday 10am": set(),
    "referral 1 Bea Kim": set(),
    "edit 1 --amount 11k": set(),
    "list": set(),
    "find acme": set(),
    "reasons": set(),
    "move-on 1": set(),
}


@pytest.mark.parametrize(("command", "allowed"), DAILY.items())
def test_a_daily_command_loads_nothing_heavy(command, allowed, run, db):
    run("log Acme 12k budget")
    assert loaded(command, db) & HEAVY == allowed


def loaded(command: str, db: Path, width: int | None = None) -> set[str]:
    """The modules that a process has loaded after a command, on a terminal if a width is given."""
    terminal = f"App.width = property(lambda self: {width})" if width else ""
    program = f"""
import shlex, sys
from lostsale.app import App
from lostsale.cli import run
{terminal}
code = run(shlex.split({command!r}))
assert code == 0, code
sys.stderr.write(" ".join(sys.modules))
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"LOSTSALE_DB": str(db), "LOSTSALE_TODAY": "2026-11-25", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stderr.split())


def test_a_table_on_a_terminal_loads_rich_without_what_it_does_not_need(run, db):
    run("log Acme 12k budget")
    found = loaded("due", db, width=100)
    assert "rich.table" in found
    assert found & HEAVY == {"rich", "decimal", "fractions"}  # its own arithmetic

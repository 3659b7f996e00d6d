"""The rules of the house: who imports whom, and what a daily command may load."""

import ast
import io
import os
import re
import shlex
import subprocess
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import lostsale
from conftest import STATE_HOME
from lostsale.cli import COMMANDS
from lostsale.domain.columns import LABELED, TEXTS

SOURCE = Path(lostsale.__file__).parent
ROOT = Path(__file__).resolve().parents[1]

# Each room and those below it that it may import, beside what is everybody's.
RULES = {
    "__init__": {"api"},
    "__main__": {"cli", "journal"},
    "cli": {"parameters", "commands", "app", "journal", "export", "screen"},
    "parameters": {"journal"},
    "commands": {"app", "api", "journal", "crm", "export", "report", "sync", "screen", "domain"},
    "api": {"journal", "domain"},
    "app": {"api", "journal", "export", "screen", "domain"},
    "crm": {"domain"},
    "export": {"domain"},
    "journal": {"domain"},
    "report": {"screen", "domain"},
    "sync": {"journal", "domain"},
    "screen": {"domain"},
    "domain": set(),
    "errors": set(),
    "later": set(),
}
EVERYBODYS = {"errors", "later"}
# Third-party libraries and sqlite3, by the only folders and modules that may use them.
KNOWN_BY = {
    "typer": {"cli", "parameters", "commands"},
    "sqlite3": {"journal", "sync"},
    "sqlite_utils": {"journal"},
    "rich": {"screen"},
    "colorama": {"cli"},
    "dateutil": {"domain/dates"},
    "platformdirs": {"app", "journal"},
    "icalendar": {"export"},
    "python_calamine": {"crm"},
    "charset_normalizer": {"crm"},
    "openpyxl": {"crm"},
    "jinja2": {"report"},
    "psycopg": {"sync"},
    "cryptography": {"sync"},
}
FILES = sorted(SOURCE.rglob("*.py"))


def module(path: Path) -> str:
    """The name of a module as this file writes it: `journal/rows`."""
    return path.relative_to(SOURCE).with_suffix("").as_posix()


each_file = pytest.mark.parametrize("path", FILES, ids=module)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Every node of the source, with the module that it is in."""
    return [(module(path), node) for path in FILES for node in ast.walk(tree_of(path))]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such list of users")
def test_no_test_sees_the_users_own_home():
    import pwd

    assert Path.home() != Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert not {"LOSTSALE_DB", "XDG_DATA_HOME", "XDG_CONFIG_HOME"} & os.environ.keys()


def room(path: Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """All modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            below = {f"{module}.{alias.name}" for alias in node.names}
            names |= below if module == "lostsale" else {module, *below}
    return names


@each_file
def test_imports_point_down(path):
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("lostsale.")}
    assert rooms - {room(path)} - EVERYBODYS <= RULES[room(path)]


def test_no_modules_import_each_other_in_a_circle():
    names = [path.relative_to(SOURCE.parent).with_suffix("").parts for path in FILES]
    modules = {
        ".".join(name).removesuffix(".__init__"): path
        for name, path in zip(names, FILES, strict=True)
    }
    below = {name: imported(path) & modules.keys() - {name} for name, path in modules.items()}
    assert len(list(TopologicalSorter(below).static_order())) == len(FILES)


@each_file
def test_each_library_is_known_in_one_room(path):
    libraries = {name.split(".")[0] for name in imported(path)} - {"lostsale"}
    others = libraries - set(sys.stdlib_module_names) - set(KNOWN_BY)
    assert not others
    for name in libraries & set(KNOWN_BY):
        assert {room(path), module(path)} & KNOWN_BY[name], name


@each_file
def test_every_module_and_public_function_explains_itself(path):
    tree = tree_of(path)
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


# Files that are longer than 400 lines. This list only gets shorter.
@each_file
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


# Words of SQL that begin a statement; prose has none of them in capitals or before such a word.
SQL = re.compile(
    r"\b(SELECT|INSERT INTO|DELETE FROM|PRAGMA|CREATE (TABLE|VIEW|INDEX))\b"
    r"|\b(select|with) .{1,200}? from [a-z_]+\b.{0,200}?\b(where|group by|order by|limit|join)\b"
    r"|\b(insert|replace) into [a-z_]+ ?\(|\bdelete from [a-z_]+ where\b|\bupdate [a-z_]+ set\b",
    re.DOTALL,
)
SQL_ROOMS = {"journal", "sync"}


def test_only_the_journal_and_sync_write_sql():
    written = {
        name
        for name, node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    }
    assert {name.split("/")[0] for name in written} <= SQL_ROOMS
    assert len(written) > 5  # else the pattern finds nothing


# Names that two modules still have. This list only gets shorter.
SHARED = {
    "TYPE_CHECKING",
    *("ORDERS", "Row", "SCHEMA", "WORDS", "check", "forget", "named", "nearest", "opened", "plain"),
    *("records", "referrals", "TYPE_CHECKING"),
}


def defined(tree: ast.Module) -> set[str]:
    """The public names that a module gives at its top level."""
    names = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def test_no_two_modules_share_a_public_name():
    homes = defaultdict(list)
    for path in FILES:
        for name in defined(tree_of(path)):
            homes[name].append(module(path))
    assert {name: where for name, where in homes.items() if len(where) > 1}.keys() <= SHARED


# Modules of several commands.
COMMANDS_OF = {
    "followup": {"done", "no-answer", "snooze", "skip", "touch", "move-on"},
    "backup": {"backup", "restore", "verify"},
    "referrals": {"referral", "referrals"},
}


@pytest.mark.parametrize(
    ("command", "file"),
    [(name, file) for group in COMMANDS.values() for name, (file, _) in group.items()],
)
def test_the_module_of_a_command_bears_its_name(command, file):
    bears = file.removesuffix("_").replace("_", "-") == command
    assert bears or command in COMMANDS_OF.get(file, ())


# Comparisons with a part of a sentence of lostsale's own. This list only gets shorter.
READ_BACK = {
    ("parameters", "lostsale "),  # examples in a command's docstring, which its help sets apart
    ("crm/detect", "lost"),  # a value of somebody's file
    ("app", "file:"),  # a path that SQLite would read as an address
    ("journal/stats", "late"),
}
# Names that a text has even where nothing else says that it is one.
TEXT_NAMES = {"what", "hint", "message", "why", "text", "words", "line", "sentence", "otherwise"}
TEXT_METHODS = {"startswith", "endswith", "removeprefix", "removesuffix", "partition", "find"}


def strings(node: ast.AST) -> list[str]:
    """The string that a node is, or those of a tuple, list or set."""
    inner = getattr(node, "elts", [node])
    return [one.value for one in inner if isinstance(one, ast.Constant) and type(one.value) is str]


def is_str(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in {"str", "str | None"}


@cache
def annotated() -> dict[str, set[str]]:
    """By their annotated type, the parameters and fields: each as `module.name` and `.name`."""
    found = defaultdict(set)
    for where, node in nodes():
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            name = node.arg if isinstance(node, ast.arg) else getattr(node.target, "id", "")
            kind = "str" if is_str(node.annotation) else "other"
            found[kind] |= {f"{where}.{name}", f".{name}"}
    return found


def is_text(node: ast.expr, where: str) -> bool:
    """Whether something is a text, as far as its name, its annotation or its method says."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") in {"casefold", "lower", "strip", "getvalue"}
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    full = f".{name}" if isinstance(node, ast.Attribute) else f"{where}.{name}"
    return name in TEXT_NAMES or full in annotated()["str"] - annotated()["other"]


def text_comparisons(source: Iterable[tuple[str, ast.AST]]) -> Iterator[tuple[str, str]]:
    """Each string that some text is compared with, and the module. Comparisons with a code, as
    `kind == "why"` and `"real" in parts`, are none."""
    for name, node in source:
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in TEXT_METHODS:
            yield from ((name, string) for one in node.args[:1] for string in strings(one))
        elif isinstance(node, ast.Compare):
            left, right = node.left, node.comparators[0]
            if isinstance(node.ops[0], ast.In | ast.NotIn):
                for string in strings(left):
                    is_code = re.fullmatch(r"[a-z_]+|--[a-z-]+", string)
                    if is_text(right, name) or not is_code:
                        yield name, string
            else:
                found = (string for side in (left, right) for string in strings(side))
                yield from ((name, string) for string in found if " " in string)


@pytest.mark.parametrize(
    ("code", "string"),
    [
        ('"gone cold" in what', "gone cold"),
        ('due.endswith("late")', "late"),
        ('": lostsale" in said', ": lostsale"),
        ('"--draft" in otherwise', "--draft"),
        ('"ambiguous" in row.why', "ambiguous"),
        ('state == "gone cold"', "gone cold"),
        ('kind == "why"', None),
        ('"real" in parts', None),
        ('"--json" in args', None),
    ],
)
def test_a_comparison_of_a_text_is_told_from_that_of_a_code(code, string):
    source = [("due", node) for node in ast.walk(ast.parse(code))]
    assert [found for _, found in text_comparisons(source)] == [string] * (string is not None)


def part_of(string: str, text: str) -> bool:
    """Whether whole words of a longer text are the string."""
    whole = rf"(?<!\w){re.escape(string)}(?!\w)"
    return string in text and string != text and re.search(whole, text) is not None


def sentences() -> set[str]:
    """The texts of several words that lostsale writes, without docstrings."""
    docs = {
        id(node.body[0].value)
        for _, node in nodes()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
    }
    written = set()
    for _, node in nodes():
        if isinstance(node, ast.JoinedStr):
            parts = (getattr(part, "value", "") for part in node.values)
            written.add("\N{REPLACEMENT CHARACTER}".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and type(node.value) is str and id(node) not in docs:
            written.add(node.value)
    return {" ".join(text.split()) for text in written if len(text.split()) > 1}


def test_no_decision_reads_a_sentence_of_lostsales_own():
    own = sentences()
    read = {
        (name, string)
        for name, string in text_comparisons(nodes())
        if re.search(r"[a-z]{4}", string, re.IGNORECASE)
        and not re.fullmatch(r"\.\w+", string)  # the end of a file's name
        and any(part_of(string.strip(), text) for text in own)
    }
    assert read <= READ_BACK


# Modules that may name many texts of a loss: what they are, and what other programs call them.
LISTING = {"domain/columns", "domain/capture", "crm/deals", "crm/formats", "journal/intake"}
ALSO_OTHERS = {
    "contact",
    "email",
    "phone",
    "note",
}  # contacts, referrals and settings have them, too
# Modules that a text needs that is only kept and shown. The journal's first schema is not touched.
NAMING = {"domain/columns", "domain/loss", "commands/facts", "commands/ask", "journal/schema"}


def named() -> Iterator[tuple[str, str]]:
    """Every module with the words that it has as a string, an argument or an attribute."""
    for where, node in nodes():
        if isinstance(node, ast.keyword | ast.arg):
            yield where, node.arg or ""
        elif isinstance(node, ast.Attribute | ast.Name):
            yield where, getattr(node, "attr", getattr(node, "id", ""))
        elif isinstance(node, ast.Constant) and type(node.value) is str:
            yield where, node.value


def test_the_texts_of_a_loss_are_listed_in_one_place():
    texts = defaultdict(set)
    for where, node in nodes():
        words = strings(node) if isinstance(node, ast.Constant) else [getattr(node, "arg", "")]
        texts[where].update({*words} & {*TEXTS} - ALSO_OTHERS)
    assert {where for where, names in texts.items() if len(names) > 3} <= LISTING


@pytest.mark.parametrize("text", [one.name for one in LABELED if one.name != "note"])
def test_a_text_that_is_only_kept_is_named_in_few_modules(text):
    assert {where for where, word in named() if word == text} <= NAMING


# Records of text where a loss has fields of its own types. This list only gets shorter.
LOOSE = {"journal/merge", "journal/rows"} | {
    "commands/drafts",
    "commands/export",
    "commands/list",
    "commands/options",
}


def test_parts_of_a_loss_are_typed():
    loose = {
        name
        for name, node in nodes()
        if isinstance(node, ast.Subscript)
        and re.match(r"(dict|Mapping)\[str, (Any|object)\]", ast.unparse(node))
    }
    typed = {name for name in loose if name.split("/")[0] in {"domain", "commands", "journal"}}
    assert typed <= LOOSE


# Fields that are compared with a fixed word, and whose type is `str` all the same. This list only
# gets shorter.
FIXED = {
    *("Code.kind", "Due.kind", "Done.kind", "KindWins.kind", "Listed.kind", "Difference.what"),
    *("Undone.command", "Period.unit", "Asked.order", "Deal.why", "Skipped.why"),
    *("ChangedRow.kind", "ChangedRow.subject"),
    # What somebody typed, or a word of it.
    *("TextWord.plain", "Sentence.plain", "Asked.typed", "_Field.what", "Again.what", "Offer.what"),
}
# Fields of any word that are compared with one: names, and codes, of which users add their own.
OPEN = {"name", "code", "command", "weakness"}
CODE = re.compile(r"[a-z][a-z_-]*")


@cache
def calls() -> dict[str, list[tuple[str, ast.Call]]]:
    """The calls of each function or method by its bare name, with the modules that they are in."""
    found = defaultdict(list)
    for where, node in nodes():
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            found[name].append((where, node))
    return found


def given(function: ast.FunctionDef, name: str, where: str) -> list[ast.expr]:
    """What the source gives for a parameter of a function: of a private one, in its own module."""
    parameters = [one.arg for one in function.args.args if one.arg != "self"]
    values = []
    for caller, call in calls()[function.name]:
        if caller == where or not function.name.startswith("_"):
            values += [keyword.value for keyword in call.keywords if keyword.arg == name]
            values += call.args[parameters.index(name) :][:1] if name in parameters else []
    return values


def compared_with_words(tree: ast.AST) -> Iterator[ast.expr]:
    """What is compared with a code of lostsale's own in a part of the source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(CODE.fullmatch(string) for side in sides for string in strings(side)):
                yield from sides


def test_a_function_that_is_given_one_of_a_few_words_names_them():
    loose = set()
    for where, function in nodes():
        if not isinstance(function, ast.FunctionDef):
            continue
        compared = {getattr(side, "id", "") for side in compared_with_words(function)}
        for one in [*function.args.args, *function.args.kwonlyargs]:
            if one.arg in compared and is_str(one.annotation):
                values = given(function, one.arg, where)
                if values and all(map(strings, values)):
                    loose.add(f"{where}.{function.name}.{one.arg}")
    assert loose == set()


def test_a_field_that_is_compared_with_a_fixed_word_is_a_literal():
    sides = (side for path in FILES for side in compared_with_words(tree_of(path)))
    compared = {side.attr for side in sides if isinstance(side, ast.Attribute)}
    loose = {
        f"{record.name}.{field.target.id}"
        for _, record in nodes()
        if isinstance(record, ast.ClassDef)
        for field in record.body
        if isinstance(field, ast.AnnAssign) and is_str(field.annotation)
        if field.target.id in compared - OPEN
    }
    assert loose <= FIXED


# Constructions that read as translated. This list only gets longer.
STILTED = re.compile(
    r"\b((?<!there )(is|are) no(?! longer| more| better)|whom|noughts?|parted by|shall"
    r"|lies? (in|at)|favour|colour|honour|behaviour|grey|those of all|be it|anew|broken off"
    r"|to the letter|slip of the finger|in the same go|for ever|stands? (in|at|beside))\b",
    re.IGNORECASE,
)


@each_file
def test_docstrings_and_comments_are_plain_english(path):
    text = path.read_text(encoding="utf-8")
    told = [
        ast.get_docstring(node) or ""
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    told += [token.string for token in tokens if token.type == tokenize.COMMENT]
    found = [match[0] for one in told for match in STILTED.finditer(" ".join(one.split()))]
    assert not found


def named_in_documents() -> set[tuple[str, str]]:
    """The files and modules that the documents for developers name, each with a name in it or
    none: `journal/rows.loss_values`, `tests/cli/`, `errors.py`."""
    found = set()
    for document in ("CONTRIBUTING.md", "docs/release.md", "SECURITY.md"):
        for quoted in re.findall(r"`([^`\s]+)`", (ROOT / document).read_text(encoding="utf-8")):
            if path := re.fullmatch(r"([\w./-]+/[\w-]*)\.([A-Za-z_]\w*)", quoted):
                is_file = path[2] in {"py", "md", "toml", "yml", "txt", "db"}
                found.add((quoted, "") if is_file else (f"{path[1]}.py", path[2]))
            elif not quoted.startswith(".venv") and re.fullmatch(
                r"[\w.-]+/[\w./-]*|\w+\.(py|md|toml)", quoted
            ):
                found.add((quoted, ""))
    return found


@pytest.mark.parametrize(("file", "name"), sorted(named_in_documents()))
def test_what_the_documents_for_developers_name_exists(file, name):
    path = next((root / file for root in (ROOT, SOURCE) if (root / file).exists()), None)
    assert path, file
    assert not name or re.search(rf"\b{name}\b", path.read_text(encoding="utf-8"))


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
    "snooze 1 2w": set(),
    "snooze 1 2mo": {"dateutil"},
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
    wide = f"from lostsale.app import App; App.width = property(lambda self: {width})"
    program = f"""
import sys
{wide if width else ""}
from lostsale.__main__ import _run
code = _run({shlex.split(command)!r}, [])
assert code == 0, code
later = {{name for name, module in sys.modules.items() if type(module).__name__ == "Later"}}
sys.stderr.write(" ".join(sys.modules.keys() - later))
"""
    ended = subprocess.run(
        [sys.executable, "-"],  # what -c runs, Python 3.13 loads linecache for
        input=program,
        env={
            "LOSTSALE_DB": str(db),
            "LOSTSALE_TODAY": "2026-11-25",
            **{name: os.environ[name] for name in STATE_HOME},
            "PATH": "",
        },
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

"""What a user reads is plain American English: no text of lostsale's is put as nobody would say it.

Docstrings count where they are a command's help. Comments and SQL don't.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "lostsale"
# Constructions of somebody who translates, each with what is said instead.
FOREIGN = {
    r"(?<![Tt]here )\b(?:is|are) no (?!longer\b|one\b)": "isn't a, can't be read as",
    r"\b[Ww]hom\b": "who",
    r"\bnoughts?\b": "zeros",
    r"\b(?:lies|lie) in\b": "is kept in",
    r"\bparted by\b": "separated by",
    r"\b\d[\d,]* signs\b|\} signs\b": "characters",
    r"\bexclude each other\b": "can't be combined",
    r"\bWrite for example\b": "Try",
    r"\bLook at\b(?! it, and)": "Check",
    r"\ball the same\b": "anyway",
    r"\bmeanwhile\b": "in the meantime",
    r"\bcan not\b": "can't",
    r"\bfavour|colour|honour|neighbour\b": "American spelling",
    r"\bin peace\b": "I'll stop calling",
    r"\bNote that (?:you|the|they)\b": "an imperative of what the command does",
    r"\b(?:[Aa]new|for ever|broken off|in the same go)\b": "again, forever, interrupted, together",
    r"\b[Mm]end(?:ed|s)? (?:it|that|them|there)\b": "fix",
    r"\bstands? (?:in|at|under|beside|behind) ": "is in, comes after",
    r"\b(?:quote|comma|delimiter|row) too many\b": "an extra",
    r"\bto the letter\b": "exactly",
    r"\b[Tt]hose [a-z ]+ who\b": "everyone who",
    r"\b(?:is|are) to be (?!\w+ing)": "should be, needs",
    r"\bkept for the next time\b": "remembered for next time",
    r"\bin front of (?:it|them|the)\b": "before, ahead of",
    r"\bKnown: ": "Choose from",
    r"(?<!\w )\bName (?:another|one|them|it)\b": "Choose another",
    r"\bstart file\b": "startup file",
    r"\bgetting on\b|\bsuits? you\b": "how are things going, works for you",
    r"\bmakes? themselves\b|\bnobody to ask\b": "are made automatically, off a terminal",
    r"\bnot taken as\b": "isn't counted as",
}
_SQL = re.compile(r"\b(?:SELECT|UPDATE|INSERT|DELETE|CREATE|WHERE|FROM|TEXT|PRAGMA)\b")


@cache  # each construction looks through all of them
def shown_texts(path: Path) -> list[str]:
    """Return the texts of a module that a user may see: its strings, and the help of commands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    hidden = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        and ast.get_docstring(node)
        and isinstance(node.body[0], ast.Expr)
        and not _is_command(path, node)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in hidden
        and not _SQL.search(node.value)
    ]


def _is_command(path: Path, node: ast.AST) -> bool:
    """Whether a function is a command, whose docstring is its help: its first parameter is the
    context."""
    if path.parent.name != "commands" or not isinstance(node, ast.FunctionDef):
        return False
    return bool(node.args.args) and node.args.args[0].arg == "ctx"


def pages() -> list[Path]:
    return [
        ROOT / "README.md",
        *(ROOT / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY")),
        *sorted((ROOT / "docs").glob("*.md")),
        SOURCE / "data" / "scripts.txt",
        SOURCE / "report" / "page.html",
    ]


@pytest.mark.parametrize(("pattern", "better"), FOREIGN.items())
def test_no_text_of_the_program_is_put_as_nobody_would_say_it(pattern, better):
    found = [
        f"{path.relative_to(SOURCE)}: {text}"
        for path in sorted(SOURCE.rglob("*.py"))
        for text in shown_texts(path)
        if re.search(pattern, text)
    ]
    assert found == [], better


@pytest.mark.parametrize(("pattern", "better"), FOREIGN.items())
def test_no_page_is_put_as_nobody_would_say_it(pattern, better):
    found = [
        f"{path.name}: {line}"
        for path in pages()
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(pattern, line)
    ]
    assert found == [], better


@pytest.mark.parametrize(
    "text",
    [
        *('"x" is no amount', "Whom did they name?", "It lies in ~/x", "Write for example 5"),
        *("Mend it there", "It stands under the total", "Look for a quote too many"),
        *("Those share their numbers who turned it on", "TARGET is kept for the next time"),
        *("Known: date, amount", "Name another file", "How are you getting on?"),
    ],
)
def test_a_sentence_of_the_old_kind_is_found(text):
    assert any(re.search(pattern, text) for pattern in FOREIGN)

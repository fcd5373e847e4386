"""How code looks here: short functions, short files, names that say something, fakes instead of patches."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.conftest import ROOT

LONGEST_FUNCTION = 40
LONGEST_FILE = 250
CODE = [ROOT / "app.py", *(path for name in ("chalicelib", "infra", "tests") for path in (ROOT / name).rglob("*.py"))]

SAYING_NOTHING = {"manager", "processor", "helper", "util", "utils", "utilities", "common", "misc", "base", "data"}
SAYING_NOTHING |= {"info", "my", "helpers", "managers", "processors"}

LONG_FILES = {
    "chalicelib/bootstrap.py": "one function for each port, and nowhere else",
    "chalicelib/ports.py": "everything that is asked of the outside world, on one page",
    "chalicelib/web/static/verify_draw.py": "one file that people download and run: it cannot be more than one",
    "infra/local/country_names.py": "a list of names, not code",
    "tests/unit/test_country.py": "one subject, one population that takes seconds to make",
}
NAMES = {
    "_data_key": "a data key is what KMS calls it",
    "_base64": "the encoding's own name",
}
"""What may be otherwise, and why."""


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text("utf-8"))))


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def says_nothing(name: str) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    return bool(SAYING_NOTHING & set(words)) or words[-1:] == ["service"]


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("PayoutService", True),
        ("user_data", True),
        ("ApplicantManager", True),
        ("HTTPHelper", True),
        ("settle_payout", False),
        ("database", False),
        ("service_level", False),
    ],
)
def test_words_are_told_apart(name: str, verdict: bool) -> None:
    assert says_nothing(name) is verdict


def test_functions_are_short() -> None:
    long = [
        f"{place(path)}:{node.lineno} {node.name}"
        for path in CODE
        for node in definitions(path)
        if not isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_files_are_short() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in CODE}
    long = {name for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert long - LONG_FILES.keys() == set()


def test_names_say_something() -> None:
    named = [(path, node.name) for path in CODE for node in definitions(path)]
    named += [(path, part) for path in CODE for part in path.relative_to(ROOT).with_suffix("").parts]
    assert not [f"{place(path)}: {name}" for path, name in named if says_nothing(name) and name not in NAMES]


def test_no_exception_outlives_its_cause() -> None:
    assert all((ROOT / name).exists() for name in LONG_FILES)
    names = {node.name for path in CODE for node in definitions(path)}
    assert NAMES.keys() <= names


def test_nothing_is_patched() -> None:
    """Pass a fake."""
    assert not [place(path) for path in CODE if any(_patches(node) for node in nodes(path))]


def _patches(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").startswith(("unittest.mock", "mock"))
    if isinstance(node, ast.Import):
        return any(alias.name in ("unittest.mock", "mock") for alias in node.names)
    return isinstance(node, ast.arg) and node.arg == "mocker"

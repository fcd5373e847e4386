"""Who may know whom."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.conftest import ROOT

CODE = sorted((ROOT / "chalicelib").rglob("*.py"))


def test_the_layers_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(str(ROOT))
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path), no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_only_handlers_know_the_framework() -> None:
    """Leaving Chalice must stay cheap. In a comment it may be named."""
    knowing = {path for path in CODE if any(re.match(r"chalice(\.|$)", name) for name in _imported(path))}
    elsewhere = {path for path in knowing if path.parent.name != "handlers"}
    assert knowing, "nothing imports Chalice: this test looks in the wrong place"
    assert not elsewhere
    assert not {path for path in CODE if path.parent.name != "handlers" and "chalice" in _strings(path)}


def test_only_the_settings_read_the_environment() -> None:
    readers = {path.relative_to(ROOT).as_posix() for path in [*CODE, ROOT / "app.py"] if _reads_environment(path)}
    assert readers == {"chalicelib/settings.py"}


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def _strings(path: Path) -> set[str]:
    """``import_module("chalice")`` would be an import too."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _reads_environment(path: Path) -> bool:
    reading = {"environ", "environb", "getenv"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in reading and ast.unparse(node.value) == "os":
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "os" and reading & {alias.name for alias in node.names}:
            return True
    return False

"""Who may know whom."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.conftest import ROOT

CODE = sorted((ROOT / "chalicelib").rglob("*.py"))


def test_the_layers_hold(tmp_path: Path) -> None:
    # In a process of its own: it sets up logging anew, which would silence every logger that is there already.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    options = ["--config", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path)]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


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

"""Reads out of the code which errors it can raise, and which reasons and steps it can tell, without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain import errors
from chalicelib.domain.errors import Fault
from chalicelib.domain.verification import PhotoKind

ROOT = Path(__file__).parents[2]
FAULTS = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Fault)}


@dataclass(frozen=True)
class Raised:
    """``blanks`` are the details given along, which may fill the sentence's blanks."""

    code: str
    fault: type[Fault]
    blanks: frozenset[str]
    where: str


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """(name called, the call, where) throughout the application."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield name, node, f"{path.relative_to(ROOT)}:{node.lineno}"
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
                bare = ast.Call(node.exc, [], [])
                yield node.exc.id, bare, f"{path.relative_to(ROOT)}:{node.lineno}"


def raised() -> list[Raised]:
    found = []
    for name, call, where in calls():
        if name in FAULTS:
            blanks = frozenset(str(keyword.arg) for keyword in call.keywords) - {"field"}
            codes = _texts(call.args[0]) if call.args else [FAULTS[name].default_code]
            found += [Raised(code, FAULTS[name], blanks, where) for code in codes]
    return found


def refused_by(path: str, kind: type[Fault]) -> set[str]:
    """Codes of this kind of error that a file of the application raises: whoever catches the kind may tell them all."""
    return {each.code for each in raised() if path in each.where and issubclass(each.fault, kind)}


def texts_of(path: str) -> set[str]:
    """Every text that stands in a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def argument(name: str, place: int, keyword: str) -> set[str]:
    """The texts that stand in this place of every call of ``name``."""
    found: set[str] = set()
    for called, call, _ in calls():
        if called == name:
            values = [each.value for each in call.keywords if each.arg == keyword]
            for value in call.args[place : place + 1] + values:
                found |= set(_texts(value))
    return found


def _texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and node.value else []
    if isinstance(node, ast.Tuple | ast.List):
        return [text for each in node.elts for text in _texts(each)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return _written(node)
    return []


def _written(text: ast.JoinedStr) -> list[str]:
    """``photo_{kind}`` for each kind of photo; of anything else an example."""
    start = str(getattr(text.values[0], "value", ""))
    return [f"{start}{kind}" for kind in PhotoKind] if start in ("photo_", "upload_") else [f"{start}1"]

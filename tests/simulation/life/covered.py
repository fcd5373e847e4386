"""Which use cases write, and which of them are swept: enumerated from the code, so that none is forgotten."""

import ast
from functools import cache
from pathlib import Path

import chalicelib.use_cases
from tests.simulation.life.plain import lived, plain_town

_USE_CASES = Path(chalicelib.use_cases.__path__[0])
_UNIT_TESTS = Path(__file__).parents[2] / "unit" / "use_cases"
_METHODS = """
add add_each add_entry add_offer add_session append activate award exclude pay give_back save save_claim save_each
save_entry save_failures save_plan save_backlog save_release save_selfie save_verified save_with keep write
write_flaws write_parts write_rows publish settle copy receive pass_on put put_partner put_schedule remove
take_in_hand revoke end post send transfer transfer_each sketch end_session
"""
_WRITES = frozenset(_METHODS.split())
"""Methods of ports by which something outside is changed."""
_NAMES = """
accounts answers applicants audit_log audit_roots bank batches buckets budgets channels corrections courses
documents draw_files draw_works entries files gates journal ledger lists list_entries list_files log memberships
messages outbox payout_accounts payout_batches payout_channels payouts photos places purchases receipts registry
seen suppressions surveys traffic waiting waves works
"""
_PORTS = frozenset(_NAMES.split())
"""What ports are called where they are used."""
_SWEPT_OTHERWISE = {
    "eligibility/sign_decision": "signs; what it makes is kept by keep_decision",
}
"""Not a workflow of its own, and why."""


def uncovered() -> list[str]:
    """Use cases that write and are neither a part of the plain life nor of a sweep among the unit tests."""
    return sorted(writing() - lived_through() - swept_in_unit_tests() - _SWEPT_OTHERWISE.keys())


def writing() -> set[str]:
    return {name for name, tree in _modules().items() if _writes(tree)}


def _writes(tree: ast.Module) -> bool:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    methods = [each for each in calls if isinstance(each, ast.Attribute) and each.attr in _WRITES]
    return any(_last_name(each.value) in _PORTS for each in methods)


def _last_name(node: ast.expr) -> str:
    """``desk.waves`` and ``waves`` are both called waves."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _modules() -> dict[str, ast.Module]:
    files = [each for each in _USE_CASES.rglob("*.py") if each.stem != "__init__"]
    return {_name(each, _USE_CASES): ast.parse(each.read_text("utf-8")) for each in files}


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()


def swept_in_unit_tests() -> set[str]:
    """Every use case that a test module imports, itself or by a module beside it, if it sweeps accidents."""
    swept: set[str] = set()
    for file in _UNIT_TESTS.rglob("*.py"):
        text = file.read_text("utf-8")
        if "assert_survives_every_accident" in text and file.stem != "crashes":
            swept |= _imported(file)
    return swept


def _imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= _named(node)
    return found


def _named(node: ast.ImportFrom) -> set[str]:
    module = str(node.module)
    if module.startswith("chalicelib.use_cases."):
        name = module.removeprefix("chalicelib.use_cases.").replace(".", "/")
        return {name, *_used_by(name)}
    if module.startswith("tests.unit.use_cases"):
        folder = _UNIT_TESTS.joinpath(*module.split(".")[3:])
        files = [folder.with_suffix(".py"), *(folder / f"{each.name}.py" for each in node.names)]
        return {each for file in files if file.is_file() and file.stem != "crashes" for each in _imported(file)}
    return set()


def _used_by(name: str) -> set[str]:
    """Use cases that this one calls."""
    tree = _modules().get(name)
    nodes = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)] if tree else []
    modules = [str(each.module) for each in nodes if str(each.module).startswith("chalicelib.use_cases.")]
    return {each.removeprefix("chalicelib.use_cases.").replace(".", "/") for each in modules}


@cache
def lived_through() -> frozenset[str]:
    """Use cases of which the plain life runs a line."""
    import sys

    seen: set[str] = set()

    def note(frame: object, _event: str, _argument: object) -> None:
        seen.add(frame.f_code.co_filename)  # type: ignore[attr-defined]

    sys.setprofile(note)
    try:
        lived(plain_town())
    finally:
        sys.setprofile(None)
    inside = [Path(each) for each in seen if each.startswith(str(_USE_CASES))]
    return frozenset(_name(each, _USE_CASES) for each in inside)

"""Documents that are written by the code itself: ``python -m infra.docs`` writes them, ``--check`` tells what is stale.

docs/life-cycles.md    every life cycle as a diagram, from its table
ARCHITECTURE.md        the table of functions, between its two markers
"""

import argparse
import ast
import importlib
import inspect
import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_BEGIN, _END = "<!-- functions: written by `make docs` -->", "<!-- end of functions -->"


def main() -> int:
    arguments = _arguments()
    os.environ["STAGE"] = "local"  # names of queues bear the stage: the documents name them without
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-3")
    stale = [path for path, text in documents() if not path.exists() or path.read_text("utf-8") != text]
    if arguments.check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not what the code says: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for path, text in documents():
        path.write_text(text, "utf-8")
    print(f"{len(stale)} documents changed")
    return 0


def documents() -> Iterator[tuple[Path, str]]:
    yield ROOT / "docs" / "life-cycles.md", life_cycles()
    architecture = ROOT / "ARCHITECTURE.md"
    before, _, rest = architecture.read_text("utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    yield architecture, f"{before}{_BEGIN}\n\n{functions_table()}\n{_END}{after}"


# --- Life cycles --------------------------------------------------------------------------------------------------


def life_cycles() -> str:
    sections = "\n".join(_section(cycle) for cycle in sorted(_cycles(), key=lambda cycle: str(cycle.name)))
    source = "Written by `make docs` from the tables in `chalicelib/domain`; what has no arrow cannot happen."
    return f"# Life cycles\n\n{source}\n\n{sections}"


def _cycles() -> Iterator[Any]:
    import chalicelib.domain as domain
    from chalicelib.domain.lifecycle import LifeCycle

    modules = pkgutil.walk_packages(domain.__path__, f"{domain.__name__}.")
    values = (value for found in modules for value in vars(importlib.import_module(found.name)).values())
    # Some are imported by others, and found there as well.
    yield from {id(value): value for value in values if isinstance(value, LifeCycle)}.values()


def _section(cycle: Any) -> str:
    targets = set(cycle.transitions.values())
    first = [state for state, _ in cycle.transitions if state not in targets]
    begin = first[0] if first else next(iter(cycle.transitions))[0]
    final = sorted(targets - {state for state, _ in cycle.transitions})
    arrows = [f"    {state} --> {after}: {event}" for (state, event), after in cycle.transitions.items()]
    lines = [f"    [*] --> {begin}", *arrows, *(f"    {state} --> [*]" for state in final)]
    title = str(cycle.name).replace("_", " ")
    return f"## {title.capitalize()}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"


# --- Functions ----------------------------------------------------------------------------------------------------


def functions_table() -> str:
    rows = "".join(f"| {' | '.join(row)} |\n" for row in _functions())
    return f"| Function | Trigger | Use case | Time-out |\n|---|---|---|---|\n{rows}"


def _functions() -> Iterator[tuple[str, str, str, str]]:
    from app import app
    from infra.local.registrations import registrations

    time_outs = json.loads((ROOT / ".chalice" / "config.json").read_text())["lambda_functions"]
    found = registrations(app)
    routes = sum(len(methods) for methods in app.routes.values())
    limit = time_outs["api_handler"]["lambda_timeout"]
    yield "`api_handler`", f"{routes} routes", "one per route: see `/docs`", f"{limit} s"
    triggers = [(each, f"queue `{each.queue.partition('-local-')[2]}`") for each in found.queues]
    triggers += [(each, f"stream of `{each.table.partition('-local-')[2]}`") for each in found.streams]  # type: ignore[misc]
    triggers += [(each, f"`{each.expression}`") for each in found.schedules]  # type: ignore[misc]
    for function, trigger in triggers:
        yield f"`{function.name}`", trigger, _use_case(function.path), f"{time_outs[function.name]['lambda_timeout']} s"


def _use_case(path: str) -> str:
    """The use cases that a handler's source calls, directly or by way of a function of its module."""
    module_name, _, function_name = path.rpartition(".")
    module = importlib.import_module(module_name)
    tree = ast.parse(inspect.getsource(module))
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    named = {name.id for name in ast.walk(bodies[function_name]) if isinstance(name, ast.Name)}
    for name in named & bodies.keys() - {function_name}:
        named |= {each.id for each in ast.walk(bodies[name]) if isinstance(each, ast.Name)}
    places = [name for name in sorted(named) if _is_use_case(getattr(module, name, None))]
    verbs = [name for name in places if getattr(module, name).__module__.endswith(f".{name}")]
    return ", ".join(f"`{name}`" for name in verbs or places)


def _is_use_case(value: object) -> bool:
    return inspect.isfunction(value) and value.__module__.startswith("chalicelib.use_cases.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say what is stale; exit 1 if anything is")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""What the application registers, told as JSON: ``python -m tests.architecture.survey``.

In a process of its own: names of queues are made when a handler module is imported, from the stage of that moment.
"""

import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any

from app import app
from chalicelib.handlers.doors import Access, Door
from chalicelib.settings import resource_name


def routes() -> Iterator[dict[str, Any]]:
    for path, methods in app.routes.items():
        for method, entry in methods.items():
            door = getattr(entry.view_function, "door", None)
            yield {
                "route": f"{method} {path}",
                "name": entry.view_function.__name__,
                "module": entry.view_function.__module__,
                "access": door.access.name if isinstance(door, Door) and isinstance(door.access, Access) else None,
                "view": door.view.__name__ if isinstance(door, Door) else None,
                "keep": door.keep if isinstance(door, Door) else None,
            }


def sources() -> Iterator[dict[str, Any]]:
    for source in app.event_sources:
        module, _, name = source.handler_string.rpartition(".")
        handler = getattr(sys.modules[module], name)
        yield {
            "kind": type(source).__name__.removesuffix("EventConfig").removesuffix("Config").lower(),
            "name": source.name,
            "handler": source.handler_string,
            "reads": _reads(source),
            "takes": list(inspect.signature(handler, follow_wrapped=False).parameters),
            "is_callable": callable(handler),
        }


def _reads(source: Any) -> str | None:
    """The queue or table, as the fragments call it: without programme and stage."""
    arn = getattr(source, "stream_arn", None)
    name: str | None = arn.split("/")[1] if arn else getattr(source, "queue", None)
    return name.removeprefix(resource_name("")) if name else None


if __name__ == "__main__":
    json.dump({"routes": list(routes()), "sources": list(sources())}, sys.stdout)

"""Every function of the application but its routes, as it registers itself, down to the body of its handler.

What stands between (envelopes, batches, partial failures) is played by ``workers.py``.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import signature
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.settings import resource_name
from infra.local.registrations import registrations


@dataclass(frozen=True)
class QueueFunction:
    name: str
    queue: Queue
    batch_size: int
    handle: Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class StreamFunction:
    """``takes_all``: its handler gets a whole batch and a name for it."""

    name: str
    table: str
    takes_all: bool
    handle: Callable[..., None]


@dataclass(frozen=True)
class Schedule:
    name: str
    minutes: int
    handle: Callable[[Any], None]


@dataclass(frozen=True)
class Functions:
    queues: dict[Queue, QueueFunction]
    streams: tuple[StreamFunction, ...]
    schedules: tuple[Schedule, ...]

    @cached_property
    def by_name(self) -> dict[str, Schedule]:
        return {each.name: each for each in self.schedules}


@cache
def functions() -> Functions:
    from app import app

    known, own = registrations(app), resource_name("")
    queues = [
        QueueFunction(each.name, Queue(each.queue.removeprefix(own)), each.batch_size, _body_of(each.path))
        for each in known.queues
    ]
    streams = [_stream(each.name, each.table.removeprefix(own), each.path) for each in known.streams]
    schedules = [Schedule(each.name, _minutes(each.expression), _attribute(each.path)) for each in known.schedules]
    return Functions({each.queue: each for each in queues}, tuple(streams), tuple(schedules))


def _stream(name: str, table: str, path: str) -> StreamFunction:
    handle = _attribute(path).__wrapped__
    return StreamFunction(name, table, len(signature(handle).parameters) > 1, handle)


def _body_of(path: str) -> Callable[[dict[str, Any]], None]:
    """What a handler prepares for a whole batch it also does alone, when it is given None."""
    handle = _attribute(path).__wrapped__
    if len(signature(handle).parameters) > 1:
        return lambda body: handle(body, None)
    return handle  # type: ignore[no-any-return]


def _attribute(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name).func


_UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}


def _minutes(expression: str) -> int:
    """``rate(5 minutes)``; what runs by the calendar (``cron(...)``) comes a few times a day."""
    kind, _, rest = expression.rstrip(")").partition("(")
    if kind != "rate":
        return 3 * _UNITS["hour"]
    number, unit = rest.split()
    return int(number) * _UNITS[unit.rstrip("s")]

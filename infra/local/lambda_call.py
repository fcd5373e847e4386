"""Calls a function as Lambda would: by its path, with an event that is plain JSON and a context object."""

import base64
import importlib
import json
import logging
import threading
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chalice.app import EventSourceHandler

from infra.local.engine import ACCOUNT, REGION

_log = logging.getLogger(__name__)

Event = dict[str, Any]


@dataclass(frozen=True)
class Limits:
    """What ``.chalice/config.json`` gives a function; these are Chalice's defaults."""

    timeout_seconds: float = 60.0
    memory_mb: int = 128


class LambdaContext:
    """The names are Amazon's."""

    function_version = "$LATEST"
    client_context = None
    identity = None

    def __init__(self, function_name: str, limits: Limits, region: str = REGION) -> None:
        self.function_name = function_name
        self.aws_request_id = str(uuid.uuid4())
        self.memory_limit_in_mb = str(limits.memory_mb)
        self.invoked_function_arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function_name}"
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = "local"
        self._deadline = time.monotonic() + limits.timeout_seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


class Calls:
    """What runs now, how much was begun, and what failed; shared by all functions of a pump."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = 0
        self._running = 0
        self._failures: Counter[str] = Counter()

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            self._begun += 1
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def state(self) -> tuple[int, int]:
        with self._lock:
            return self._begun, self._running

    def count_failure(self, name: str) -> None:
        with self._lock:
            self._failures[name] += 1

    @property
    def failures(self) -> dict[str, int]:
        with self._lock:
            return dict(self._failures)


class CallFailed(Exception):
    """The function raised, or returned what is not JSON. It was logged and counted already."""


class LambdaFunction:
    def __init__(self, name: str, path: str, deployed_name: str, calls: Calls, limits: Limits | None = None) -> None:
        self.name = name
        self._deployed_name = deployed_name
        self._limits = limits or Limits()
        self._calls = calls
        self._handler = handler_at(path)

    def call(self, event: Event) -> Any:
        """The result as it comes back over the wire. Raises ``CallFailed``."""
        with self._calls.one():
            try:
                context = LambdaContext(self._deployed_name, self._limits)
                return json.loads(json.dumps(self._handler(json.loads(json.dumps(event, default=_base64)), context)))
            # A handler that exits ends its sandbox on Lambda, and must not end our thread.
            except (Exception, SystemExit) as error:
                self.note_failure(_where(error))
                raise CallFailed(self.name) from None

    def note_failure(self, what: str) -> None:
        _log.error("%s failed: %s", self.name, what)
        self._calls.count_failure(self.name)  # last: whoever waits for the count finds the line as well


def handler_at(path: str) -> Callable[[Event, Any], Any]:
    """The object that Lambda would call, with its middleware chain built.

    Chalice builds the chain in the first call, from an iterator, so that of two first calls at once one goes without.
    A module other than ``app`` is imported alone on Lambda: there no middleware of the application is registered.
    """
    module, _, attribute = path.rpartition(".")
    found: Callable[[Event, Any], Any] = getattr(importlib.import_module(module), attribute)
    if isinstance(found, EventSourceHandler) and found.handler is None:
        middleware = list(found.middleware_handlers) if module == "app" else []
        found.handler = found._build_middleware_handlers(middleware, original_handler=found.func)
    return found


def _where(error: BaseException) -> str:
    """Type and place, never the text: it may quote the message that it choked on."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))


def _base64(value: bytes) -> str:
    """Streams bring binary attributes to a function as base64 text; moto keeps them as bytes."""
    return base64.b64encode(value).decode()

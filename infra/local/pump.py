"""Feeds queues, streams and the clock to an application's own functions: Lambda's part, on a laptop."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config
from chalice.app import Chalice

from infra.local.checkpoints import Checkpoint
from infra.local.engine import REGION, Direct, RecordReader
from infra.local.lambda_call import Calls, LambdaFunction, Limits
from infra.local.lean_clients import LeanClient
from infra.local.pause import Pause
from infra.local.queue_pump import QueuePump, SqsQueue
from infra.local.registrations import QueueFunction, Registrations, ScheduledFunction, StreamFunction, registrations
from infra.local.schedule_pump import Clock, SchedulePump
from infra.local.stream_pump import StreamPump
from infra.local.stream_reader import ApiRecordReader

DEFAULT_CONCURRENCY = 2
# More threads than this only wait for each other on two cores.
MOST_CONCURRENCY = 6

# Each look costs an engine in another process 2 ms of a core; Lambda itself looks at a stream four times a second.
_SHORTEST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 0.5
_SHORTEST_DIRECT_PAUSE_SECONDS = 0.02
_GATHERING_SECONDS = 0.2
# A look into moto's memory costs next to nothing, so it may be repeated sooner.
_LONGEST_DIRECT_PAUSE_SECONDS = 0.05
# An engine in another process keeps an empty receive waiting itself. Longer would make stopping slow.
_LONG_POLL_SECONDS = 2
_SERVICES = ("sqs", "dynamodb", "dynamodbstreams")


class OnePump(Protocol):
    function: LambdaFunction

    def start(self) -> None: ...

    def begin_stop(self) -> None: ...

    def join(self, timeout_seconds: float) -> bool: ...

    def is_alive(self) -> bool: ...

    def is_idle(self) -> bool: ...

    def nudge(self) -> None: ...


class Pump:
    """Build it when the stack is deployed. ``direct`` is the engine's; without it all goes through the API."""

    def __init__(
        self,
        app: Chalice,
        *,
        clock: Clock,
        state_dir: Path,
        region: str = REGION,
        direct: Direct | None = None,
        limits: Mapping[str, Limits] | None = None,
    ) -> None:
        self._app_name = app.app_name
        self._clock = clock
        self._state_dir = state_dir
        self._region = region
        self._direct = direct
        self._limits = limits or {}
        self._calls = Calls()
        self._sqs, self._dynamodb, self._streams = (_client(kind, region) for kind in _SERVICES)
        self._make_pumps(registrations(app))

    def _make_pumps(self, found: Registrations) -> None:
        self._queues = [self._queue_pump(function) for function in found.queues]
        self._schedules = [self._schedule_pump(function) for function in found.schedules]
        streams = [self._stream_pump(function) for function in found.streams]
        self._all: list[OnePump] = [*self._queues, *streams, *self._schedules]

    def _function(self, found: QueueFunction | StreamFunction | ScheduledFunction) -> LambdaFunction:
        deployed_name = f"{self._app_name}-local-{found.name}"
        return LambdaFunction(found.name, found.path, deployed_name, self._calls, self._limits.get(found.name))

    @property
    def _in_process(self) -> bool:
        return "amazonaws.com" in self._sqs.meta.endpoint_url

    def _pause(self) -> Pause:
        if self._direct is None:
            return Pause(_SHORTEST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        return Pause(_SHORTEST_DIRECT_PAUSE_SECONDS, _LONGEST_DIRECT_PAUSE_SECONDS)

    def _queue_pump(self, found: QueueFunction) -> QueuePump:
        concurrency = min(found.concurrency or DEFAULT_CONCURRENCY, MOST_CONCURRENCY)
        wait_seconds = 0 if self._in_process else _LONG_POLL_SECONDS
        # Who was kept waiting by the engine need not rest long as well.
        pause = Pause(_GATHERING_SECONDS, _GATHERING_SECONDS) if wait_seconds else self._pause()
        queue = SqsQueue(self._sqs, found.queue, self._direct, wait_seconds)
        return QueuePump(self._function(found), queue, found.batch_size, concurrency, pause)

    def _stream_pump(self, found: StreamFunction) -> StreamPump:
        checkpoint = Checkpoint(self._state_dir / "streams", found.name)
        return StreamPump(self._function(found), self._reader(found.table), found.batch_size, checkpoint, self._pause())

    def _reader(self, table: str) -> RecordReader:
        if self._direct is not None:
            return self._direct.record_reader(table)
        return ApiRecordReader(self._dynamodb, self._streams, table)

    def _schedule_pump(self, found: ScheduledFunction) -> SchedulePump:
        checkpoint = Checkpoint(self._state_dir / "schedules", found.name)
        return SchedulePump(self._function(found), found.expression, self._clock, checkpoint, self._region)

    def start(self) -> None:
        for pump in self._all:
            pump.start()

    def stop(self, timeout_seconds: float = 30.0) -> bool:
        """True when every thread has ended. A function that is running is waited for, up to the time-out."""
        for pump in self._all:
            pump.begin_stop()
        deadline = time.monotonic() + timeout_seconds
        ended = all([pump.join(max(0.0, deadline - time.monotonic())) for pump in self._all])
        for client in (self._sqs, self._dynamodb, self._streams):
            client.close()
        return ended

    def is_alive(self) -> bool:
        return all(pump.is_alive() for pump in self._all)

    def nudge(self) -> None:
        """Something was written: look now. Only where a look is cheap enough to follow every request."""
        if self._direct is None:
            return
        for pump in self._all:
            pump.nudge()

    def run_schedules(self) -> list[str]:
        """Run what is due now, in this thread, and name it: for right after the clock was moved."""
        return [pump.function.name for pump in self._schedules if pump.run_if_due()]

    def idle(self) -> bool:
        """Nothing visible or in flight on a queue, no record unread, no tick due, and nothing running."""
        before = self._calls.state()
        # Work moves only through calls, so if none began while we looked, we missed none on its way.
        return before[1] == 0 and all(pump.is_idle() for pump in self._all) and self._calls.state() == before

    def nothing_delayed(self) -> bool:
        """No message waits to be seen later."""
        return not any(pump.queue.depth().delayed for pump in self._queues)

    def wait_until_idle(self, timeout_seconds: float) -> bool:
        """False when it was still busy at the time-out."""
        deadline = time.monotonic() + timeout_seconds
        look_seconds = 0.01 if self._direct is not None else 0.1
        while not self.idle():
            if time.monotonic() > deadline:
                return False
            time.sleep(look_seconds)
        return True

    def failures(self) -> dict[str, int]:
        """By function: calls that raised, or that reported failed messages."""
        return self._calls.failures

    def queue_depths(self) -> dict[str, dict[str, int]]:
        return {pump.queue.name: asdict(pump.queue.depth()) for pump in self._queues}

    def dead_letters(self) -> dict[str, int]:
        """By dead-letter queue."""
        names = {name for pump in self._queues if (name := pump.queue.dead_letter_queue()) is not None}
        return {name: self._stored(name) for name in sorted(names)}

    def _stored(self, queue: str) -> int:
        depth = SqsQueue(self._sqs, queue, self._direct, 0).depth()
        return depth.visible + depth.in_flight + depth.delayed

    def functions(self) -> list[dict[str, Any]]:
        """What is served, for a health page."""
        return [{"name": pump.function.name, "alive": pump.is_alive()} for pump in self._all]


def _client(service: str, region: str) -> Any:
    """Made once: a client costs milliseconds. More connections than threads, so that none waits for another."""
    if endpoint_url := os.environ.get("AWS_ENDPOINT_URL"):
        return LeanClient(service, region=region, endpoint_url=endpoint_url)
    config = Config(max_pool_connections=64, connect_timeout=2, read_timeout=15, retries={"total_max_attempts": 2})
    return boto3.client(service, region_name=region, config=config)

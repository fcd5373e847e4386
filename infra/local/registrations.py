"""What a Chalice application registered besides its routes, blueprints included: nothing is wired by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from chalice.app import (
    BaseEventSourceConfig,
    Chalice,
    DynamoDBEventConfig,
    ScheduledEventConfig,
    ScheduleExpression,
    SQSEventConfig,
)

_Kind = TypeVar("_Kind", bound=BaseEventSourceConfig)


@dataclass(frozen=True)
class QueueFunction:
    name: str
    path: str
    queue: str
    batch_size: int
    concurrency: int | None


@dataclass(frozen=True)
class StreamFunction:
    name: str
    path: str
    table: str
    batch_size: int


@dataclass(frozen=True)
class ScheduledFunction:
    name: str
    path: str
    expression: str


@dataclass(frozen=True)
class Registrations:
    queues: list[QueueFunction]
    streams: list[StreamFunction]
    schedules: list[ScheduledFunction]


def registrations(app: Chalice) -> Registrations:
    known = (SQSEventConfig, DynamoDBEventConfig, ScheduledEventConfig)
    strange = [source for source in app.event_sources if not isinstance(source, known)]
    if strange:
        raise NotImplementedError(f"{strange[0].name}: {type(strange[0]).__name__} does not run on the laptop")
    return Registrations(
        [_queue_function(source) for source in _of_kind(app, SQSEventConfig)],
        [_stream_function(source) for source in _of_kind(app, DynamoDBEventConfig)],
        [_scheduled_function(source) for source in _of_kind(app, ScheduledEventConfig)],
    )


def _of_kind(app: Chalice, kind: type[_Kind]) -> Iterator[_Kind]:
    return (source for source in app.event_sources if isinstance(source, kind))


def _queue_function(source: SQSEventConfig) -> QueueFunction:
    queue = source.queue or str(source.queue_arn).rpartition(":")[2]
    return QueueFunction(source.name, source.handler_string, queue, source.batch_size, source.maximum_concurrency)


def _stream_function(source: DynamoDBEventConfig) -> StreamFunction:
    # "arn:aws:dynamodb:<region>:<account>:table/<name>/stream/latest": the label is not known at registration.
    table = source.stream_arn.rpartition(":")[2].split("/")[1]
    return StreamFunction(source.name, source.handler_string, table, source.batch_size)


def _scheduled_function(source: ScheduledEventConfig) -> ScheduledFunction:
    expression = source.schedule_expression
    text = expression.to_string() if isinstance(expression, ScheduleExpression) else expression
    return ScheduledFunction(source.name, source.handler_string, text)

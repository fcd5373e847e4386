"""A look into moto's memory, past botocore: an idle poll through the API costs 2 ms of CPU under the engine's lock, and
each stream record 0.85 ms of parsing.

Queues are looked at without the lock: moto replaces or appends to its lists, so a copy of one is whole. Streams are
not, because a transaction under way has written records there that it may yet take back.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from infra.local.engine import ACCOUNT, REGION, Page, QueueDepth
from infra.local.stream_events import as_lambda_gets_it

_ONLY_SHARD = "shardId-00000001541626099285-f35f62ef"


class MotoDirect:
    def __init__(self, lock: AbstractContextManager[Any], region: str = REGION) -> None:
        self._lock = lock
        self._region = region

    def _messages(self, queue: str) -> list[Any]:
        return list(sqs_backends[ACCOUNT][self._region].queues[queue]._messages)

    def has_visible(self, queue: str) -> bool:
        now = time.time() * 1000.0
        return any(message.visible_at < now >= message.delayed_until for message in self._messages(queue))

    def depth(self, queue: str) -> QueueDepth:
        now = time.time() * 1000.0
        messages = self._messages(queue)
        in_flight = sum(message.visible_at >= now for message in messages)
        delayed = sum(message.delayed_until > now for message in messages)
        return QueueDepth(len(messages) - in_flight - delayed, in_flight, delayed)

    def record_reader(self, table: str) -> "MotoRecordReader":
        return MotoRecordReader(table, self._lock, self._region)


class MotoRecordReader:
    """Reads the live shard each time: one found earlier may hold records of a transaction that was taken back."""

    def __init__(self, table: str, lock: AbstractContextManager[Any], region: str) -> None:
        self._tables = dynamodb_backends[ACCOUNT][region].tables
        self._table = table
        self._lock = lock
        self._region = region
        live = self._tables.get(table)
        if live is None or live.stream_shard is None:
            raise LookupError(f"there is no table {table} with a stream")
        self._first = live.stream_shard.starting_sequence_number
        self.stream_arn = f"{live.table_arn}/stream/{live.latest_stream_label}"

    def open_shards(self, finished: Sequence[str]) -> list[str]:
        return [shard for shard in (_ONLY_SHARD,) if shard not in finished]

    def is_finished(self, shard: str) -> bool:  # noqa: ARG002  moto's one shard never closes
        return False

    def read(self, shard: str, after: str | None, limit: int) -> Page:  # noqa: ARG002
        start = 0 if after is None else int(after) + 1 - self._first
        # One more than asked for: only its successor shows that a record is half of a pair.
        found = self._records(start, start + limit + 1)
        last = found[:limit][-1]["dynamodb"]["SequenceNumber"] if found else None
        wanted = [record for place, record in enumerate(found[:limit]) if _would_aws_write(*found[place : place + 2])]
        return Page([as_lambda_gets_it(record, self._region) for record in wanted], last)

    def _records(self, start: int, end: int) -> list[dict[str, Any]]:
        with self._lock:
            shard = self._tables[self._table].stream_shard
            return [] if shard is None else [item.record for item in shard.items[start:end]]


def _would_aws_write(record: dict[str, Any], successor: dict[str, Any] | None = None) -> bool:
    """Amazon writes no record for a change of nothing, and one, not two, for an update that makes its item."""
    change = record["dynamodb"]
    if record["eventName"] == "MODIFY" and "OldImage" in change and "NewImage" in change:
        return bool(change["OldImage"] != change["NewImage"])
    if record["eventName"] != "INSERT" or successor is None:
        return True
    return not (successor["eventName"] == "INSERT" and successor["dynamodb"]["Keys"] == change["Keys"])

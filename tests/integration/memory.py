"""A look into moto's memory: every item and message as it lies there, and a way to put all of it back as it was."""

import copy
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from infra.local.engine import ACCOUNT, REGION

Row = tuple[str, str, str]
"""Table, partition key, sort key."""
Tables = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """``objects`` by bucket: the names of all files."""

    tables: Tables
    objects: dict[str, set[str]]


class Memory:
    def __init__(self, lock: AbstractContextManager[Any], prefix: str) -> None:
        self._lock = lock
        self._prefix = prefix

    def rows(self) -> dict[Row, dict[str, Any]]:
        """Every item of every table, raw."""
        with self._lock:
            return {(name, item["pk"]["S"], item["sk"]["S"]): item for name, item in self._items()}

    def messages(self, queue: str | None = None) -> list[Any]:
        """Those on one queue (named without programme and stage), or on all."""
        with self._lock:
            return [
                message
                for name, held in _queues().items()
                if queue in (None, name.removeprefix(self._prefix))
                for message in held._messages
            ]

    def queues(self) -> list[str]:
        return [name.removeprefix(self._prefix) for name in _queues()]

    def waiting(self, queue: str | None = None) -> list[dict[str, Any]]:
        """The bodies of our own messages."""
        found = [json.loads(message.body) for message in self.messages(queue)]
        return [envelope["body"] for envelope in found if "body" in envelope]

    def kept(self) -> Kept:
        """Everything as it is now; the engine's own copies of tables share items, which it never changes in place."""
        with self._lock:
            tables = {name: copy.deepcopy(table) for name, table in _tables().items()}
            return Kept(tables, {name: set(bucket.keys) for name, bucket in _buckets().items()})

    def put_back(self, kept: Kept) -> None:
        """Tables as they were then, later files gone, queues empty."""
        with self._lock:
            for name, table in kept.tables.items():
                _tables()[name] = copy.deepcopy(table)
            for name, bucket in _buckets().items():
                for key in set(bucket.keys) - kept.objects[name]:
                    bucket.keys.pop(key)
            self.empty_queues()

    def empty_queues(self) -> None:
        for queue in _queues().values():
            queue._messages = []

    def _items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, table in _tables().items():
            for item in table.all_items():
                yield name.removeprefix(self._prefix), item.to_json()["Attributes"]


def _tables() -> Tables:
    tables: Tables = dynamodb_backends[ACCOUNT][REGION].tables
    return tables


def _buckets() -> dict[str, Any]:
    buckets: dict[str, Any] = s3_backends[ACCOUNT]["aws"].buckets
    return buckets


def _queues() -> dict[str, Any]:
    queues: dict[str, Any] = sqs_backends[ACCOUNT][REGION].queues
    return queues

"""Calls of Amazon's, and the request units that DynamoDB would charge for them, worked out from what was sent and told.

Moto does not meter. A write unit is 1 KB of an item, a read unit 4 KB of strongly consistent reading; within a
transaction both count twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import botocore.client

from chalicelib.adapters.lean_aws import LeanAws

_LAMBDAS = {"ReceiveMessage", "DeleteMessage"}
_OF_ONCE = {"GetQueueUrl", "GetSecretValue", "GenerateDataKey", "Decrypt", "DescribeTable"}
"""Once in an environment's life, or once an hour."""


@dataclass
class Meter:
    calls: Counter[str] = field(default_factory=Counter)
    write_units: float = 0
    read_units: float = 0
    queried_units: float = 0
    """Of these what queries read, not rounded up: pages are far larger than a unit."""

    @property
    def made(self) -> int:
        return sum(times for operation, times in self.calls.items() if operation not in _OF_ONCE | _LAMBDAS)

    def note(self, operation: str, asked: Any, told: Any) -> None:
        self.calls[operation] += 1
        if operation == "PutItem":
            self.write_units += ceil(_size(asked["Item"]) / 1024)
        if operation == "TransactWriteItems":
            puts = [each["Put"]["Item"] for each in asked["TransactItems"]]
            self.write_units += 2 * sum(ceil(_size(item) / 1024) for item in puts)
        if operation in ("GetItem", "BatchGetItem", "Query"):
            self.read_units += _read_units(operation, told)
        if operation == "Query":
            self.queried_units += sum(map(_size, told.get("Items", ()))) / 4096


def _read_units(operation: str, told: Any) -> int:
    if operation == "GetItem":
        return max(1, ceil(_size(told.get("Item", {})) / 4096))
    if operation == "Query":
        return max(1, ceil(sum(map(_size, told.get("Items", ()))) / 4096))
    found = [item for items in told.get("Responses", {}).values() for item in items]
    return max(1, sum(ceil(_size(item) / 4096) for item in found))


def _size(item: Any) -> int:
    """As DynamoDB counts it, nearly: names and values."""
    return sum(len(name) + sum(_length(value) for value in typed.values()) for name, typed in item.items())


def _length(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(str(value))


@contextmanager
def metered() -> Iterator[Meter]:
    """Whoever carries the calls. One that is tried again counts once."""
    meter = Meter()
    carriers: list[tuple[Any, str]] = [(botocore.client.BaseClient, "_make_api_call"), (LeanAws, "call")]
    originals = [getattr(*carrier) for carrier in carriers]

    def metering(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: Any, operation: str, arguments: Any) -> Any:
            told = original(self, operation, arguments)
            meter.note(operation, arguments, told)
            return told

        return call

    try:
        for carrier, original in zip(carriers, originals, strict=True):
            setattr(*carrier, metering(original))
        yield meter
    finally:
        for carrier, original in zip(carriers, originals, strict=True):
            setattr(*carrier, original)

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
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def made(self) -> int:
        return sum(times for operation, times in self.calls.items() if operation not in _OF_ONCE | _LAMBDAS)

    def note(self, operation: str, asked: Any, told: Any) -> None:
        self.calls[operation] += 1
        if operation == "PutItem":
            self.write_units += ceil(_size(asked["Item"]) / 1024)
        if operation == "TransactWriteItems":
            self.write_units += 2 * sum(map(self._units_of, asked["TransactItems"]))
        if operation in ("GetItem", "BatchGetItem", "Query"):
            self.read_units += _read_units(operation, told)
        if operation == "Query":
            self.queried_units += sum(map(_size, told.get("Items", ()))) / 4096
        self._seen |= {_key(item): _size(item) for item in _items(told)}

    def _units_of(self, part: Any) -> int:
        """A condition check is charged as a write of the item that is checked: as large as when it was read."""
        ((kind, written),) = part.items()
        size = _size(written["Item"]) if kind == "Put" else self._seen.get(_key(written["Key"]), 0)
        return max(1, ceil(size / 1024))


def _items(told: Any) -> Iterator[Any]:
    yield from [told["Item"]] if "Item" in told else told.get("Items", ())
    yield from (item for items in told.get("Responses", {}).values() for item in items)


def _key(item: Any) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


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

"""Habits of moto that cost a laptop more than all the rest, put right while the engine runs; the answers stay the same.

Queues: every call walks all messages several times and asks the calendar twice for each (5 microseconds a time); with
2,000 waiting, one receive and delete of ten took 1,100 ms of CPU. Transactions: each copies every item and every stream
record of every table it touches, to be able to roll back: 687 ms at 20,000 items. Here a roll back keeps the old dict
of items and not their copies, and an update never changes an item in place.
"""

import copy
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.sqs.exceptions import ReceiptHandleIsInvalid
from moto.sqs.models import Queue


def _visible_messages(queue: Any) -> list[Any]:
    now = time.time() * 1000.0
    return [message for message in queue._messages if message.visible_at < now >= message.delayed_until]


def _in_flight(queue: Any) -> int:
    now = time.time() * 1000.0
    return sum(message.visible_at >= now for message in queue._messages)


def _delayed(queue: Any) -> int:
    now = time.time() * 1000.0
    return sum(message.delayed_until > now for message in queue._messages)


def _place_of(queue: Any, receipt: str) -> int:
    for place, message in enumerate(queue._messages):
        if message.receipt_handle == receipt or receipt in message._old_receipt_handles:
            return place
    raise ReceiptHandleIsInvalid


def _delete_message(queue: Any, receipt_handle: str) -> None:
    if receipt_handle in queue.deleted_messages:
        return
    place = _place_of(queue, receipt_handle)
    message = queue._messages[place]
    # A new list, as moto does: whoever reads without the lock keeps a whole old one.
    queue._messages = queue._messages[:place] + queue._messages[place + 1 :]
    queue.pending_messages.discard(message)
    queue.deleted_messages.update(message.all_receipt_handles)


def _shallow_table(table: Any, _memo: Any) -> Any:
    twin = copy.copy(table)
    shelves = ((key, dict(item) if isinstance(item, dict) else item) for key, item in table.items.items())
    twin.items = defaultdict(dict, shelves)
    if table.stream_shard is not None:
        twin.stream_shard = copy.copy(table.stream_shard)
        twin.stream_shard.items = list(table.stream_shard.items)
        twin.stream_shard.table = twin
    return twin


def _unshare(table: Any, key: Mapping[str, Any]) -> None:
    """Put a copy of the item in its place, for the update to change: a roll back may hold the old one."""
    names = [name for name in (table.hash_key_attr, table.range_key_attr) if name is not None]
    if any(name not in key for name in names):
        return
    parts = [DynamoType(key[name]) for name in names]
    item = table.get_item(*parts)
    if item is not None:
        shelf = table.items if len(parts) == 1 else table.items[parts[0]]
        shelf[parts[-1]] = copy.deepcopy(item)


def _updating_a_copy(update_item: Callable[..., Any]) -> Callable[..., Any]:
    def update(backend: Any, table_name: str, key: Mapping[str, Any], *arguments: Any, **options: Any) -> Any:
        _unshare(backend.get_table(table_name), key)
        return update_item(backend, table_name, key, *arguments, **options)

    return update


_BETTER: tuple[tuple[type, str, Any], ...] = (
    (Queue, "messages", property(_visible_messages)),
    (Queue, "approximate_number_of_messages_not_visible", property(_in_flight)),
    (Queue, "approximate_number_of_messages_delayed", property(_delayed)),
    (Queue, "delete_message", _delete_message),
    (Table, "__deepcopy__", _shallow_table),
    (DynamoDBBackend, "update_item", _updating_a_copy(DynamoDBBackend.update_item)),
)


@contextmanager
def brisk() -> Iterator[None]:
    """The better ways, until the block ends."""
    kept = [(owner, name, owner.__dict__.get(name)) for owner, name, _ in _BETTER]
    for owner, name, better in _BETTER:
        setattr(owner, name, better)
    try:
        yield
    finally:
        for owner, name, old in kept:
            delattr(owner, name) if old is None else setattr(owner, name, old)

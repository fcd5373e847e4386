"""What all items share, and the only two ways to write them: one under a condition, or several together.

Every item bears a version (its condition) and an attempt id. A reply may be lost after the write: the retry then fails
on the condition although we wrote the row. So a failed condition is looked at before it is believed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.observability import correlation_id
from chalicelib.settings import region

TIME_OUTS: dict[str, Any] = {"connect_timeout_seconds": 1.5, "read_timeout_seconds": 3, "max_retry_attempts": 2}
_CONNECTIONS = 50  # more than the laptop has threads; on Lambda one is used
_FAILED = "ConditionalCheckFailed"


class Item(Model):
    """``kind``, ``id`` and ``state`` are what the table's stream tells others (see ``domain/commands.py: Change``)."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    id = UnicodeAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute(default=0)
    attempt = UnicodeAttribute(default="")
    correlation_id = UnicodeAttribute(default="")

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """pynamodb makes a botocore session and client per model (60-100 ms each); ours share one."""
        connection = super()._get_connection()
        if connection.connection is not _connection():
            _connection()._tables.update(connection.connection._tables)
            connection.connection = _connection()
        return connection


AnyItem = TypeVar("AnyItem", bound=Item)


@dataclass(frozen=True)
class Write:
    """One item to put, if it is still at the version that was read (0: if there is none yet)."""

    item: Item
    read_version: int


def found(kind: type[AnyItem], pk: str, sk: str = "-") -> AnyItem | None:
    """The item as last written, or None."""
    if not (pk and sk):
        return None  # nothing goes by an empty name, and DynamoDB does not allow to ask
    try:
        return kind.get(pk, sk, consistent_read=True)
    except kind.DoesNotExist:
        return None
    except PynamoDBException as error:
        raise StoreUnavailable from error


def found_each(kind: type[AnyItem], pks: Iterable[str], sk: str = "-") -> list[AnyItem]:
    """Those that there are, as last written, up to 100 in one call."""
    keys = [(pk, sk) for pk in dict.fromkeys(pks) if pk]
    try:
        return list(kind.batch_get(keys, consistent_read=True)) if keys else []
    except PynamoDBException as error:
        raise StoreUnavailable from error


def add(item: Item) -> None:
    """Write what must be new; ``AlreadyDone`` when there is one that another attempt wrote."""
    try:
        save(item, read_version=0)
    except StaleWrite:
        raise AlreadyDone from None


def save(item: Item, *, read_version: int) -> None:
    """Write one item on from the version that was read; ``StaleWrite`` when someone moved it first."""
    _stamp(item, read_version)
    try:
        item.save(condition=_unmoved(read_version))
    except PutError as error:
        if _code_of(error) != "ConditionalCheckFailedException":
            raise StoreUnavailable from error
        if not _is_ours(item):
            raise StaleWrite from None
    except PynamoDBException as error:
        raise StoreUnavailable from error


MOST_AT_ONCE = 25
"""Statements that DynamoDB takes in one call."""


def add_each(items: Sequence[Item]) -> list[bool]:
    """Write what must be new, up to 25 in one call, each under a condition of its own. True: this call wrote it. False:
    it was there, or was not taken this time; ``add`` finds out which.

    ``BatchWriteItem`` knows no conditions; an ``INSERT`` is one (it fails where the key exists)."""
    for item in items:
        _stamp(item, 0)
    try:
        answer = _connection().dispatch("BatchExecuteStatement", {"Statements": [_insert(item) for item in items]})
    except (PynamoDBException, ClientError, BotoCoreError) as error:
        raise StoreUnavailable from error
    return ["Error" not in response for response in answer["Responses"]]


def _insert(item: Item) -> dict[str, Any]:
    attributes = item.serialize()
    blanks = ", ".join(f"'{name}': ?" for name in attributes)
    return {
        "Statement": f'INSERT INTO "{item.Meta.table_name}" VALUE {{{blanks}}}',
        "Parameters": list(attributes.values()),
    }


def _code_of(error: PutError) -> str:
    """Amazon's word for it; nothing when no answer came (pynamodb's own property stumbles over a time-out)."""
    response = getattr(error.cause, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


class Refused(Exception):
    """A transaction's conditions did not hold; ``places`` are those of the writes that failed."""

    def __init__(self, places: frozenset[int]) -> None:
        self.places = places
        super().__init__(f"conditions failed at {sorted(places)}")


@dataclass(frozen=True)
class Unmoved:
    """An item that is not written, but must be as it was read."""

    kind: type[Item]
    pk: str
    sk: str
    read_version: int


def save_together(writes: Sequence[Write], *, unmoved: Sequence[Unmoved] = ()) -> None:
    """Write all or nothing; ``Refused`` says whose condition failed (those ``unmoved`` come after the writes),
    ``Unavailable`` to try again."""
    for write in writes:
        _stamp(write.item, write.read_version)
    try:
        # No request token: moto ignores it and Amazon forgets it after ten minutes. The conditions are the guard.
        with TransactWrite(connection=_connection()) as transaction:
            for each in unmoved:
                transaction.condition_check(each.kind, each.pk, each.sk, condition=_unmoved(each.read_version))
            for write in writes:
                transaction.save(write.item, condition=_unmoved(write.read_version))
    except TransactWriteError as error:
        _explain(error, writes, first=len(unmoved))
    except PynamoDBException as error:
        raise StoreUnavailable from error


def _explain(error: TransactWriteError, writes: Sequence[Write], *, first: int) -> None:
    """``first``: what Amazon was asked to look at before the writes."""
    failed = [n for n, why in enumerate(error.cancellation_reasons) if why and why.code == _FAILED]
    places = frozenset((place - first) % (first + len(writes)) for place in failed)
    if not places:
        raise StoreUnavailable("transaction_not_taken") from error
    if not _is_ours(writes[0].item):
        raise Refused(places) from None


def _stamp(item: Item, read_version: int) -> None:
    item.version = read_version + 1
    item.attempt = uuid4().hex
    item.correlation_id = correlation_id()


def _unmoved(read_version: int) -> Condition:
    return Item.version == read_version if read_version else Item.pk.does_not_exist()


def _is_ours(item: Item) -> bool:
    stored = found(type(item), item.pk, item.sk)
    return stored is not None and stored.attempt == item.attempt


@cache
def _connection() -> Connection:
    return _make_connection[0](region=region(), max_pool_connections=_CONNECTIONS, **TIME_OUTS)


_make_connection: list[Callable[..., Connection]] = [Connection]


def use_connections(make: Callable[..., Connection]) -> None:
    """For the laptop, which has two cores for what Amazon spreads over hundreds (``infra/local/lean_tables.py``)."""
    _make_connection[:] = [make]
    _connection.cache_clear()

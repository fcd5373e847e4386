"""DynamoDB over a bad line. Through botocore's own events, so that the SDK's retries are the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from chalicelib.adapters.storage import items

_OPERATIONS = ("PutItem", "TransactWriteItems", "BatchExecuteStatement")
_WRITES = [f"before-send.dynamodb.{operation}" for operation in _OPERATIONS]


@contextmanager
def one_reply_lost() -> Iterator[None]:
    """Inside, the first write reaches the engine and its reply is lost; the retry after it goes through."""
    with _replies_lost(at_most=1):
        yield


@contextmanager
def no_reply_comes() -> Iterator[None]:
    """Inside, the first write reaches the engine, and so does every retry, and no reply ever comes back."""
    with _replies_lost(at_most=1_000):
        yield


@contextmanager
def _replies_lost(*, at_most: int) -> Iterator[None]:
    lost: list[str] = []

    def lose(request: AWSPreparedRequest, event_name: str, **_: Any) -> None:
        if len(lost) < at_most:
            answer = botocore_stubber(event_name, request)
            assert answer is not None, "the engine is not running"
            assert lost or answer.status_code == 200, "the write was not made: there was no reply to lose"
            lost.append(event_name)
            raise ReadTimeoutError(endpoint_url=request.url)

    events = items._connection().client.meta.events
    for write in _WRITES:
        events.register_first(write, lose)
    try:
        yield
    finally:
        for write in _WRITES:
            events.unregister(write, lose)
    assert lost, "nothing was written"


@contextmanager
def no_line() -> Iterator[None]:
    """Inside, nothing reaches the engine. The client is used up by it: so many failures leave it no more retries."""

    def fail(request: AWSPreparedRequest, **_: Any) -> None:
        raise ReadTimeoutError(endpoint_url=request.url)

    items._connection.cache_clear()
    items._connection().client.meta.events.register_first("before-send.dynamodb.*", fail)
    try:
        yield
    finally:
        items._connection.cache_clear()

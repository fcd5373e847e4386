"""A reply lost on the way back from DynamoDB: the write was made, the SDK does not know, and asks again by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ReadTimeoutError
from moto.core.models import botocore_stubber

from chalicelib.adapters.storage import items

_WRITES = [f"before-send.dynamodb.{operation}" for operation in ("PutItem", "TransactWriteItems")]


@contextmanager
def one_reply_lost() -> Iterator[None]:
    """Inside, the first write reaches the engine and its reply is lost; the retry after it goes through."""
    lost: list[str] = []

    def lose(request: AWSPreparedRequest, event_name: str, **_: Any) -> None:
        if not lost:
            answer = botocore_stubber(event_name, request)
            assert answer is not None, "the engine is not running"
            assert answer.status_code == 200, "the write was not made: there was no reply to lose"
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

"""SQS: commands in an envelope that carries the correlation id and the format's version."""

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.observability import correlation_id
from chalicelib.settings import queue_name

ENVELOPE_VERSION = 1
_BATCH = 10
_ATTEMPTS = 3

_gathering: ContextVar[defaultdict[str, list[str]] | None] = ContextVar("gathering", default=None)


@contextmanager
def gathering() -> Iterator[Mapping[str, Sequence[str]]]:
    """What is sent inside, by whatever sender, is not: it is in what this yields, for ``pass_on`` (decision 9)."""
    gathered: defaultdict[str, list[str]] = defaultdict(list)
    token = _gathering.set(gathered)
    try:
        yield gathered
    finally:
        _gathering.reset(token)


class SqsMessages:
    def __init__(self, call: AwsCall) -> None:
        self._sqs = call
        self._url = lru_cache(maxsize=64)(self._look_up_url)

    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        envelope = {"version": ENVELOPE_VERSION, "correlation_id": correlation_id(), "sent_at": int(time.time())}
        texts = [json.dumps({**envelope, "body": body}) for body in bodies]
        gathering = _gathering.get()
        if gathering is not None:
            gathering[queue.value] += texts
            return
        self._send_texts(queue.value, texts)

    def pass_on(self, gathered: Mapping[str, Sequence[str]]) -> None:
        """What was gathered, by queue."""
        for queue, texts in gathered.items():
            self._send_texts(queue, texts)

    def _send_texts(self, queue: str, texts: Sequence[str]) -> None:
        for batch in _batches(texts):
            self._send_all(queue, batch, delay_seconds=0)

    def postpone(self, queue: str, text: str, *, delay_seconds: int) -> None:
        """Send a message's text again, to be seen after ``delay_seconds`` (at most 900)."""
        self._send_all(queue, [text], delay_seconds=delay_seconds)

    def _send_all(self, queue: str, texts: Sequence[str], *, delay_seconds: int) -> None:
        left = list(texts)
        for _ in range(_ATTEMPTS):
            send = self._send_one if len(left) == 1 else self._send_batch
            left = send(queue, left, delay_seconds)
            if not left:
                return
        raise StoreUnavailable("queue_refuses", queue=queue)

    def _send_one(self, queue: str, texts: Sequence[str], delay_seconds: int) -> list[str]:
        """As ``_send_batch``, for the one message of a registration: half the work at both ends."""
        (text,) = texts
        message = {"QueueUrl": self._url(queue), "MessageBody": text, "DelaySeconds": delay_seconds}
        answer = self._call("SendMessage", message)
        return [] if answer.get("MD5OfMessageBody") == _digest(text) else [text]

    def _send_batch(self, queue: str, texts: Sequence[str], delay_seconds: int) -> list[str]:
        """The texts that were not taken, or not taken as they were sent."""
        entries = [
            {"Id": str(place), "MessageBody": text, "DelaySeconds": delay_seconds} for place, text in enumerate(texts)
        ]
        answer = self._call("SendMessageBatch", {"QueueUrl": self._url(queue), "Entries": entries})
        taken = {each["Id"]: each.get("MD5OfMessageBody") for each in answer.get("Successful", ())}
        return [text for place, text in enumerate(texts) if taken.get(str(place)) != _digest(text)]

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._sqs(operation, arguments)
        except CallFailed as failure:
            raise StoreUnavailable("queue_unavailable") from failure

    def _look_up_url(self, queue: str) -> str:
        url: str = self._call("GetQueueUrl", {"QueueName": queue_name(queue)})["QueueUrl"]
        return url


def _digest(text: str) -> str:
    """What SQS says it stored. No secret: it only tells a message from a mangled one."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, _BATCH)):
        yield batch

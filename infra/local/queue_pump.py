"""Takes messages from one queue to one function, as Lambda's event source mapping does."""

import json
import logging
import threading
from typing import Any, Protocol

from botocore.exceptions import ClientError

from infra.local.engine import ACCOUNT, Direct, QueueDepth
from infra.local.lambda_call import CallFailed, LambdaFunction
from infra.local.pause import Pause
from infra.local.queue_events import failed_items, queue_event

_log = logging.getLogger(__name__)

# What SQS gives in one call at most.
_RECEIVE_LIMIT = 10

_TROUBLE_SECONDS = 0.5


class Queue(Protocol):
    name: str
    arn: str

    def receive(self, limit: int, *, patient: bool) -> list[dict[str, Any]]: ...

    def delete(self, receipts: list[str]) -> None: ...

    def depth(self) -> QueueDepth: ...

    def dead_letter_queue(self) -> str | None: ...


class SqsQueue:
    """``direct`` is moto's memory; without it an idle receive waits at the engine, which costs nobody anything."""

    def __init__(self, sqs: Any, name: str, direct: Direct | None, wait_seconds: int) -> None:
        self.name = name
        self.arn = f"arn:aws:sqs:{sqs.meta.region_name}:{ACCOUNT}:{name}"
        self._sqs = sqs
        self._direct = direct
        self._wait_seconds = wait_seconds
        self._url = self._found_url()

    def _found_url(self) -> str:
        try:
            url: str = self._sqs.get_queue_url(QueueName=self.name)["QueueUrl"]
        except ClientError as error:
            raise LookupError(f"there is no queue {self.name}") from error
        return url

    def receive(self, limit: int, *, patient: bool) -> list[dict[str, Any]]:
        if self._direct is not None and not self._direct.has_visible(self.name):
            return []
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(limit, _RECEIVE_LIMIT),
            WaitTimeSeconds=self._wait_seconds if patient else 0,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def delete(self, receipts: list[str]) -> None:
        for start in range(0, len(receipts), _RECEIVE_LIMIT):
            some = receipts[start : start + _RECEIVE_LIMIT]
            entries = [{"Id": str(place), "ReceiptHandle": receipt} for place, receipt in enumerate(some)]
            failed = self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries).get("Failed", [])
            if failed:
                _log.warning("%s: %d handled messages were not deleted and will come again", self.name, len(failed))

    def depth(self) -> QueueDepth:
        if self._direct is not None:
            return self._direct.depth(self.name)
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return QueueDepth(*(int(found.get(name, 0)) for name in names))

    def dead_letter_queue(self) -> str | None:
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["RedrivePolicy"])
        policy = found.get("Attributes", {}).get("RedrivePolicy")
        return json.loads(policy)["deadLetterTargetArn"].rpartition(":")[2] if policy else None


class QueuePump:
    """As many threads as the function may run at once, of which one at a time asks for messages: idle is cheap."""

    def __init__(self, function: LambdaFunction, queue: Queue, batch_size: int, concurrency: int, pause: Pause) -> None:
        self.function = function
        self.queue = queue
        self._batch_size = batch_size
        self._pause = pause
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        names = [f"queue {function.name} {place}" for place in range(1, concurrency + 1)]
        self._threads = [threading.Thread(target=self._work, name=name, daemon=True) for name in names]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def begin_stop(self) -> None:
        self._stopping.set()
        self.nudge()

    def join(self, timeout_seconds: float) -> bool:
        for thread in self._threads:
            thread.join(timeout_seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def nudge(self) -> None:
        self._pause.nudge()

    def is_idle(self) -> bool:
        return self.queue.depth().idle

    def _work(self) -> None:
        while not self._stopping.is_set():
            with self._turn:
                batch = self._next_batch()
            if batch:
                self._deliver(batch)

    def _next_batch(self) -> list[dict[str, Any]]:
        while not self._stopping.is_set():
            batch = self._received()
            if batch:
                self._pause.start_anew()
            if len(batch) < min(self._batch_size, _RECEIVE_LIMIT):
                self._pause.rest()  # after a few messages, too: the next ones gather meanwhile
            if batch:
                return batch
        return []

    def _received(self) -> list[dict[str, Any]]:
        """Up to a batch; the engine may be away for a while."""
        batch: list[dict[str, Any]] = []
        try:
            while len(batch) < self._batch_size:
                some = self.queue.receive(self._batch_size - len(batch), patient=not batch)
                batch += some
                if len(some) < _RECEIVE_LIMIT:
                    break
        except Exception as error:
            _log.warning("%s: cannot receive: %s", self.queue.name, type(error).__name__)
            self._stopping.wait(_TROUBLE_SECONDS)
        return batch

    def _deliver(self, batch: list[dict[str, Any]]) -> None:
        identifiers = [message["MessageId"] for message in batch]
        try:
            failed = failed_items(self.function.call(queue_event(batch, self.queue.arn)), identifiers)
        except CallFailed:
            return
        if failed:
            self.function.note_failure(f"{len(failed)} of {len(batch)} messages")
        self._delete([message["ReceiptHandle"] for message in batch if message["MessageId"] not in failed])

    def _delete(self, receipts: list[str]) -> None:
        try:
            self.queue.delete(receipts)
        except Exception as error:
            _log.warning("%s: cannot delete: %s", self.queue.name, type(error).__name__)

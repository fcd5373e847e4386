"""How much lies on a queue, as SQS counts it: about, and some seconds late."""

from functools import lru_cache

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.settings import queue_name

_WAITING = "ApproximateNumberOfMessages"
_UNFINISHED = (_WAITING, "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible")


class SqsDepths:
    def __init__(self, call: AwsCall) -> None:
        self._call = call
        self._url = lru_cache(maxsize=64)(self._look_up_url)

    def waiting(self, queue: Queue) -> int:
        return self._sum(queue, _WAITING)

    def unfinished(self, queue: Queue) -> int:
        return self._sum(queue, *_UNFINISHED)

    def _sum(self, queue: Queue, *names: str) -> int:
        try:
            asked = {"QueueUrl": self._url(queue), "AttributeNames": list(names)}
            found = self._call("GetQueueAttributes", asked)["Attributes"]
            return sum(int(found[name]) for name in names)
        except CallFailed as failure:
            raise StoreUnavailable("queue_unavailable") from failure

    def _look_up_url(self, queue: Queue) -> str:
        url: str = self._call("GetQueueUrl", {"QueueName": queue_name(queue.value)})["QueueUrl"]
        return url

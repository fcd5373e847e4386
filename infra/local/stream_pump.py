"""Takes the records of one table's stream to one function, in order, as Lambda's event source mapping does."""

import logging
import threading
from typing import Any

from infra.local.checkpoints import Checkpoint
from infra.local.engine import RecordReader
from infra.local.lambda_call import CallFailed, LambdaFunction
from infra.local.pause import Pause
from infra.local.queue_events import failed_items

_log = logging.getLogger(__name__)

_RETRY_SECONDS = (0.05, 5.0)


class StreamPump:
    """One thread. It keeps trying the record that fails: a stream never goes past one, or the order would be lost."""

    def __init__(
        self, function: LambdaFunction, reader: RecordReader, batch_size: int, checkpoint: Checkpoint, pause: Pause
    ) -> None:
        self.function = function
        self._reader = reader
        self._batch_size = batch_size
        self._checkpoint = checkpoint
        self._pause = pause
        self._retry_pause = Pause(*_RETRY_SECONDS)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"stream {function.name}", daemon=True)
        self._after: dict[str, str] = {}
        self._finished: list[str] = []

    def start(self) -> None:
        state = self._checkpoint.load()
        # A stream by another name is a new one, of a table made anew.
        if state.get("stream_arn") == self._reader.stream_arn:
            self._after, self._finished = state["after"], state["finished"]
        self._thread.start()

    def begin_stop(self) -> None:
        self._stopping.set()
        self._pause.nudge()
        self._retry_pause.nudge()

    def join(self, timeout_seconds: float) -> bool:
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def nudge(self) -> None:
        self._pause.nudge()

    def is_idle(self) -> bool:
        shards = self._reader.open_shards(self._finished)
        return all(self._reader.read(shard, self._after.get(shard), 1).last is None for shard in shards)

    def _work(self) -> None:
        while not self._stopping.is_set():
            if self._any_progress():
                self._pause.start_anew()
            # After progress, too: the next records gather meanwhile, and one look takes them all.
            self._pause.rest()

    def _any_progress(self) -> bool:
        try:
            return any([self._follow(shard) for shard in self._reader.open_shards(self._finished)])
        except Exception as error:
            _log.warning("%s: cannot read its stream: %s", self.function.name, type(error).__name__)
            return False

    def _follow(self, shard: str) -> bool:
        page = self._reader.read(shard, self._after.get(shard), self._batch_size)
        if page.last is not None:
            self._deliver(shard, page.records, page.last)
        elif self._reader.is_finished(shard):
            self._finished.append(shard)
            self._save()
        return page.last is not None

    def _deliver(self, shard: str, records: list[dict[str, Any]], last: str) -> None:
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        failed = self._failed(records, numbers) if records else set()
        first_bad = next((place for place, number in enumerate(numbers) if number in failed), None)
        if first_bad is None:
            self._advance(shard, last)
            self._retry_pause.start_anew()
            return
        # The ones before it are done; from there on all come again.
        if first_bad > 0:
            self._advance(shard, numbers[first_bad - 1])
        self._retry_pause.rest()

    def _advance(self, shard: str, number: str) -> None:
        self._after[shard] = number
        self._save()

    def _failed(self, records: list[dict[str, Any]], sequence_numbers: list[str]) -> set[str]:
        event = {"Records": [{**record, "eventSourceARN": self._reader.stream_arn} for record in records]}
        try:
            failed = failed_items(self.function.call(event), sequence_numbers)
        except CallFailed:
            return set(sequence_numbers)
        if failed:
            self.function.note_failure(f"from record {min(failed, key=sequence_numbers.index)} on")
        return failed

    def _save(self) -> None:
        state = {"stream_arn": self._reader.stream_arn, "after": self._after, "finished": self._finished}
        self._checkpoint.save(state)

"""Reads a table's stream through the API, shard by shard."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from infra.local.engine import Page
from infra.local.stream_events import as_lambda_gets_it

_EXPIRED = {"ExpiredIteratorException", "TrimmedDataAccessException"}


class ApiRecordReader:
    def __init__(self, dynamodb: Any, streams: Any, table: str) -> None:
        self._streams = streams
        self._region: str = streams.meta.region_name
        # In this process an iterator of moto's may belong to a transaction that was taken back: never keep one.
        self._keeps_iterators = "amazonaws.com" not in streams.meta.endpoint_url
        self._shards: list[dict[str, Any]] = []
        self._finished: set[str] = set()
        self._finished_at_look = 0
        self._iterators: dict[str, tuple[str | None, str]] = {}
        try:
            self.stream_arn: str = dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        except (ClientError, KeyError) as error:
            raise LookupError(f"there is no table {table} with a stream") from error

    def open_shards(self, finished: Sequence[str]) -> list[str]:
        # Children appear when their parent closes, so that is when to look again.
        if not self._shards or len(self._finished) > self._finished_at_look:
            self._finished_at_look = len(self._finished)
            self._shards = self._described()
        known = {shard["ShardId"] for shard in self._shards}
        waiting = known - set(finished)
        return [
            shard["ShardId"]
            for shard in self._shards
            if shard["ShardId"] in waiting and shard.get("ParentShardId") not in waiting
        ]

    def _described(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        start: dict[str, str] = {}
        while True:
            page = self._streams.describe_stream(StreamArn=self.stream_arn, **start)["StreamDescription"]
            found += page["Shards"]
            if "LastEvaluatedShardId" not in page:
                return found
            start = {"ExclusiveStartShardId": page["LastEvaluatedShardId"]}

    def is_finished(self, shard: str) -> bool:
        return shard in self._finished

    def read(self, shard: str, after: str | None, limit: int) -> Page:
        try:
            answer = self._streams.get_records(ShardIterator=self._iterator(shard, after), Limit=limit)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _EXPIRED:
                raise
            self._iterators.pop(shard, None)
            return Page([], None)
        records = answer["Records"]
        last = records[-1]["dynamodb"]["SequenceNumber"] if records else None
        self._remember(shard, last or after, answer.get("NextShardIterator"))
        return Page([as_lambda_gets_it(record, self._region) for record in records], last)

    def _iterator(self, shard: str, after: str | None) -> str:
        kept_after, kept = self._iterators.get(shard, (None, None))
        if kept is not None and kept_after == after:
            return kept
        return self._new_iterator(shard, after)

    def _new_iterator(self, shard: str, after: str | None) -> str:
        place: dict[str, str] = {"ShardIteratorType": "TRIM_HORIZON"}
        if after is not None:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": after}
        try:
            answer = self._streams.get_shard_iterator(StreamArn=self.stream_arn, ShardId=shard, **place)
        except ClientError as error:
            if after is None or error.response["Error"]["Code"] != "TrimmedDataAccessException":
                raise
            # What we had read last is gone from the stream (a day old, or the engine restarted): take all there is.
            return self._new_iterator(shard, None)
        iterator: str = answer["ShardIterator"]
        return iterator

    def _remember(self, shard: str, after: str | None, iterator: str | None) -> None:
        if iterator is None:
            self._finished.add(shard)
        elif self._keeps_iterators:
            self._iterators[shard] = (after, iterator)

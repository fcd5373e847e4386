"""Table ``checks``: what waits for a registry. No model of pynamodb's stands around it: thousands are moved in a look.

pk = ``waiting#`` registry ``#`` shard, sk = place (``domain/waiting_checks.py``): read in order, a page at a time
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from heapq import merge
from itertools import islice, repeat
from typing import Any

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.adapters.storage.fields import structured, to_fields
from chalicelib.adapters.storage.registries import Documents
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import SHARDS, Backlog, Landmark, WaitingCheck, page_sizes
from chalicelib.settings import resource_name

_BATCH = 25
_PAGE = 250
_MOST_SEEN = 20_000
"""Of one shard in one look: beyond lies what will be looked at a minute later."""
_BACKLOG_AGE_SECONDS = 10.0


class WaitingCheckTable:
    def __init__(self, dynamodb: AwsCall, backlogs: Documents[Backlog]) -> None:
        self._dynamodb = dynamodb
        self._table_name = resource_name("checks")
        self._backlogs = backlogs

    def add_each(self, checks: Sequence[WaitingCheck]) -> None:
        for check in checks:
            self._call("PutItem", Item=_item(check), ConditionExpression="attribute_not_exists(pk)")

    def save(self, check: WaitingCheck) -> None:
        self._call("PutItem", Item=_item(check))

    def remove(self, check: WaitingCheck) -> None:
        self._call("DeleteItem", Key=_key(check))

    def first_due(self, registry: Registry, *, now: datetime, limit: int) -> Sequence[WaitingCheck]:
        shards = [self._due_in_shard(registry, shard, now) for shard in range(SHARDS)]
        return list(islice(merge(*shards, key=lambda check: check.place), limit))

    def take_in_hand(self, checks: Sequence[WaitingCheck], *, until: datetime) -> Sequence[WaitingCheck]:
        taken: list[WaitingCheck] = []
        for first in range(0, len(checks), _BATCH):
            resting = [replace(check, not_before=until) for check in checks[first : first + _BATCH]]
            puts = [{"PutRequest": {"Item": _item(check)}} for check in resting]
            answer = self._ask("BatchWriteItem", {"RequestItems": {self._table_name: puts}})
            left = answer.get("UnprocessedItems", {}).get(self._table_name, [])
            not_taken = {put["PutRequest"]["Item"]["sk"]["S"] for put in left}
            taken += [check for check in resting if check.place not in not_taken]
        return taken

    def landmarks(self, registry: Registry, *, every: int) -> Sequence[Landmark]:
        return [landmark for shard in range(SHARDS) for landmark in self._landmarks_of(registry, shard, every)]

    def backlog(self, registry: Registry) -> Backlog | None:
        return self._backlogs.look(f"backlog#{registry}", seconds=_BACKLOG_AGE_SECONDS)

    def save_backlog(self, backlog: Backlog) -> None:
        self._backlogs.save(f"backlog#{backlog.registry}", backlog)

    def _due_in_shard(self, registry: Registry, shard: int, now: datetime) -> Iterator[WaitingCheck]:
        for page in self._pages(registry, shard, repeat(_PAGE, _MOST_SEEN // _PAGE)):
            checks = map(_check, page["Items"])
            yield from (check for check in checks if check.is_due(now))

    def _landmarks_of(self, registry: Registry, shard: int, every: int) -> Iterator[Landmark]:
        for page in self._pages(registry, shard, page_sizes(every), Select="COUNT"):
            last = page.get("LastEvaluatedKey")
            if page["Count"]:
                yield Landmark(shard, last["sk"]["S"] if last else "~", int(page["Count"]))

    def _pages(
        self, registry: Registry, shard: int, limits: Iterator[int], **how: object
    ) -> Iterator[Mapping[str, Any]]:
        asked = {
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": "pk"},
            "ExpressionAttributeValues": {":pk": {"S": _partition(registry, shard)}},
            **how,
        }
        for limit in limits:
            page = self._call("Query", Limit=limit, **asked)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _call(self, operation: str, **asked: object) -> Mapping[str, Any]:
        return self._ask(operation, {"TableName": self._table_name, **asked})

    def _ask(self, operation: str, asked: dict[str, Any]) -> Mapping[str, Any]:
        try:
            return self._dynamodb(operation, asked)
        except CallFailed as failure:
            if failure.code == "ConditionalCheckFailedException":
                return {}
            raise StoreUnavailable from failure


def _partition(registry: str, shard: int) -> str:
    return f"waiting#{registry}#{shard}"


def _key(check: WaitingCheck) -> dict[str, Any]:
    return {"pk": {"S": _partition(check.registry, check.shard)}, "sk": {"S": check.place}}


def _item(check: WaitingCheck) -> dict[str, Any]:
    fields = {name: _typed(value) for name, value in to_fields(check).items()}
    return {**_key(check), **fields, "kind": {"S": "waiting_check"}, "state": {"S": "waiting"}}


def _typed(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _check(item: Mapping[str, Mapping[str, str]]) -> WaitingCheck:
    plain = {name: int(typed["N"]) if "N" in typed else typed["S"] for name, typed in item.items()}
    return structured(WaitingCheck, plain)

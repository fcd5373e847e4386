"""Table ``limits``: buckets of tokens, kept as the moment when each is full. What is full needs no item.

No read and no version: two conditions (partly used, full) cover every case between them, so that hundreds of workers
may take from one bucket at once without getting in each other's way. A reply that is lost after the write takes a token
too many, which is why nothing but pace may hang on a bucket. No model of pynamodb's stands around it: a launch takes
from as many buckets as there are networks, and a model would cost ten times the call.

    pk = what for and whose, sk = ``-``; ``full_at`` in microseconds since 1970; ``expires`` (epoch seconds) lets
    DynamoDB tidy up what is full
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.adapters.aws_calls import AwsCall, CallFailed
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.limits import CLOCK_STEPPED_BACK, NONE_AHEAD, Allowance
from chalicelib.settings import resource_name

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PARTLY_USED = ("SET full_at = full_at + :cost", "full_at BETWEEN :now AND :latest_before")
_FULL = ("SET full_at = :anew", "attribute_not_exists(full_at) OR full_at < :now OR full_at > :absurd")
_SAME = ("SET full_at = full_at", "last_by = :by")
_ALWAYS = ", last_by = :by, expires = :expires, #kind = :kind, id = :id, #state = :kept"
_NAMES = {"#kind": "kind", "#state": "state"}


class BucketTable:
    def __init__(self, dynamodb: AwsCall) -> None:
        self._dynamodb = dynamodb
        self._table_name = resource_name("limits")

    def take(
        self,
        key: str,
        allowance: Allowance,
        *,
        now: datetime,
        count: int = 1,
        ahead: timedelta = NONE_AHEAD,
        by: str = "",
    ) -> datetime | None:
        at, cost = (now - _EPOCH) // _MICROSECOND, count * (allowance.one_per // _MICROSECOND)
        latest = at + (allowance.fills_in + ahead) // _MICROSECOND
        if at + cost > latest:
            return None
        expires = {":expires": latest // 1_000_000 + 1}
        used = _PARTLY_USED, {":now": at, ":cost": cost, ":latest_before": latest - cost}
        full = _FULL, {":now": at, ":anew": at + cost, ":absurd": latest + CLOCK_STEPPED_BACK // _MICROSECOND}
        # What is booked ahead is mostly in use, all else mostly full: one write instead of two. Nothing empties itself
        # between two looks of one `now`; but a full one may be used by another.
        for case, numbers in (used, full, used) if ahead else (full, used):
            updated = self._updated(key, *case, numbers | expires, by)
            if updated is not None:
                full_at = _EPOCH + int(updated["full_at"]["N"]) * _MICROSECOND
                return max(now, full_at - allowance.fills_in)
        is_same = by and self._updated(key, *_SAME, expires, by) is not None
        return now if is_same else None

    def _updated(
        self, key: str, change: str, condition: str, numbers: dict[str, int], by: str
    ) -> Mapping[str, Any] | None:
        """What was changed, or None when the condition did not hold."""
        values: dict[str, Any] = {name: {"N": str(number)} for name, number in numbers.items()}
        values |= {":kind": {"S": "bucket"}, ":id": {"S": key}, ":kept": {"S": "kept"}, ":by": {"S": by}}
        asked = {
            "TableName": self._table_name,
            "Key": {"pk": {"S": key}, "sk": {"S": "-"}},
            "UpdateExpression": change + _ALWAYS,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _NAMES,
            "ExpressionAttributeValues": values,
            "ReturnValues": "UPDATED_NEW",
        }
        try:
            return dict(self._dynamodb("UpdateItem", asked).get("Attributes", {}))
        except CallFailed as failure:
            if failure.code == "ConditionalCheckFailedException":
                return None
            raise StoreUnavailable from failure

"""Table ``limits``: buckets of tokens, kept as the moment when each is full. What is full needs no item.

No read and no version: two conditions (partly used, full) cover every case between them, so that hundreds of workers
may take from one bucket at once without getting in each other's way. A reply that is lost after the write takes a token
too many, which is why nothing but pace may hang on a bucket.
"""

from datetime import UTC, datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.storage.items import TIME_OUTS, Item, code_of
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.limits import NONE_AHEAD, Allowance
from chalicelib.settings import region, resource_name

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BucketItem(Item):
    """pk = what for and whose, sk = ``-``. ``expires`` (epoch seconds) lets DynamoDB tidy up a bucket that is full."""

    class Meta:
        table_name = resource_name("limits")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    key = UnicodeAttribute()
    full_at = NumberAttribute()
    """Microseconds since 1970: moments that DynamoDB can add to."""
    expires = NumberAttribute()


class BucketTable:
    def take(
        self,
        key: str,
        allowance: Allowance,
        *,
        now: datetime,
        count: int = 1,
        ahead: timedelta = NONE_AHEAD,
    ) -> datetime | None:
        at, cost = _micros(now), count * (allowance.one_per // _MICROSECOND)
        latest = at + (allowance.fills_in + ahead) // _MICROSECOND
        if at + cost > latest:
            return None
        partly_used = BucketItem.full_at.between(at, latest - cost)
        full = BucketItem.full_at.does_not_exist() | (BucketItem.full_at < at)
        expires = BucketItem.expires.set(latest // 1_000_000 + 1)
        more, anew = BucketItem.full_at.set(BucketItem.full_at + cost), BucketItem.full_at.set(at + cost)
        # In between, another may have used a full one, or time filled a used one: never more than once for one `now`.
        for condition, filled in ((partly_used, more), (full, anew), (partly_used, more)):
            full_at = _updated(key, condition, [filled, expires])
            if full_at is not None:
                return max(now, _EPOCH + full_at * _MICROSECOND - allowance.fills_in)
        return None


def _updated(key: str, condition: Condition, actions: list[Action]) -> int | None:
    """When the bucket is full after this, or None when the condition did not hold."""
    item = BucketItem(key, "-")
    names = [
        BucketItem.key.set(key),
        BucketItem.kind.set("bucket"),
        BucketItem.id.set(key),
        BucketItem.state.set("kept"),
    ]
    try:
        item.update([*actions, *names], condition=condition)
    except UpdateError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise StoreUnavailable from error
        return None
    except PynamoDBException as error:
        raise StoreUnavailable from error
    return int(item.full_at)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND

"""Table ``memberships``: what all its items share, and the index by which what is due is found."""

import hashlib
from datetime import UTC, datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.storage.items import TIME_OUTS, Item
from chalicelib.domain.errors import InvalidInput, StoreUnavailable
from chalicelib.settings import region, resource_name

SHARDS = 8
"""All recipients of a wave have the same day, and many the same second."""


class MembershipsMeta:
    table_name = resource_name("memberships")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByDueIndex(GlobalSecondaryIndex["MembershipsItem"]):  # type: ignore[no-untyped-call]
    """Only memberships for which time has something in store are in it."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class MembershipsItem(Item):
    """One model for all kinds of the table, because the index belongs to the table."""

    class Meta(MembershipsMeta):
        pass

    by_due = ByDueIndex()
    due_shard = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


def due_shard(applicant_id: str) -> str:
    return str(int(hashlib.sha256(applicant_id.encode()).hexdigest()[:8], 16) % SHARDS)


def due_page(now: datetime, after: str | None, limit: int) -> tuple[list[str], str | None]:
    """``after`` is ``<shard>|<due_at>|<pk>`` of the last row seen; shards are walked in turn."""
    shard, _, row = (after or "0").partition("|")
    if shard not in map(str, range(SHARDS)):
        raise InvalidInput("cursor_invalid", field="after")
    for number in range(int(shard), SHARDS):
        pks, last_row = _page(now, str(number), row if number == int(shard) else "", limit)
        if pks or last_row:
            following = f"{number}|{last_row}" if last_row else str(number + 1)
            return pks, None if following == str(SHARDS) else following
    return [], None


def _page(now: datetime, shard: str, row: str, limit: int) -> tuple[list[str], str | None]:
    due_at, _, pk = row.partition("|")
    start = {"pk": pk, "sk": "-", "due_shard": shard, "due_at": due_at} if row else None
    raw_start = {name: {"S": value} for name, value in start.items()} if start else None
    # Moments are written alike, in UTC, so that text sorts as time does.
    past = MembershipsItem.due_at < now.astimezone(UTC).isoformat()
    try:
        rows = MembershipsItem.by_due.query(shard, past, limit=limit, last_evaluated_key=raw_start)
        pks = [item.pk for item in rows]
    except PynamoDBException as error:
        raise StoreUnavailable from error
    last = rows.last_evaluated_key
    return pks, f"{last['due_at']['S']}|{last['pk']['S']}" if last else None

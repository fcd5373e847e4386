"""Where waves are found other than by their number. The indexes belong to the table: every model of it comes from
``WavesItem``. Entries, works and places have neither moment, and are in none.
"""

from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.adapters.storage.items import TIME_OUTS, Item
from chalicelib.settings import region, resource_name


class WavesMeta:
    table_name = resource_name("waves")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByDueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Only waves that the clock has yet to move: no plan that nobody approved, and none that is announced."""

    class Meta:
        index_name = "by_due"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class ByOpeningIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Approved waves, by when they open."""

    class Meta:
        index_name = "by_opening"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    opening = UnicodeAttribute(range_key=True)


class WavesItem(Item):
    """``due_at`` and ``opening`` are moments of UTC, so that they sort."""

    class Meta(WavesMeta):
        pass

    by_due = ByDueIndex()
    due_at = UnicodeAttribute(null=True)
    by_opening = ByOpeningIndex()
    opening = UnicodeAttribute(null=True)

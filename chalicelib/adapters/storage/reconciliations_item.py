"""Table ``reconciliations``: what all its items share, because the index belongs to the table."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.storage.items import TIME_OUTS, Item
from chalicelib.settings import region, resource_name


class ReconciliationsMeta:
    table_name = resource_name("reconciliations")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByOpenIndex(GlobalSecondaryIndex["ReconciliationsItem"]):  # type: ignore[no-untyped-call]
    """Only days with differences that stand are in it: a few dozen."""

    class Meta:
        index_name = "by_open"
        projection = KeysOnlyProjection()

    standing = UnicodeAttribute(hash_key=True)
    standing_since = UnicodeAttribute(range_key=True)


class ReconciliationsItem(Item):
    class Meta(ReconciliationsMeta):
        pass

    by_open = ByOpenIndex()
    standing = UnicodeAttribute(null=True)
    standing_since = UnicodeAttribute(null=True)

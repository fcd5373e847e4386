"""Table ``payouts``: what all its items share, because the index belongs to the table."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.storage.items import TIME_OUTS, Item
from chalicelib.settings import region, resource_name


class PayoutsMeta:
    table_name = resource_name("payouts")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByStateIndex(GlobalSecondaryIndex["PayoutsItem"]):  # type: ignore[no-untyped-call]
    """Payouts under way, in the order in which somebody should look at them, and batches. What is over is not in it."""

    class Meta:
        index_name = "by_state"
        projection = KeysOnlyProjection()

    state_shard = UnicodeAttribute(hash_key=True)
    turn_at = UnicodeAttribute(range_key=True)


class ByReferenceIndex(GlobalSecondaryIndex["PayoutsItem"]):  # type: ignore[no-untyped-call]
    """Payouts that a bank was asked to make, by the reference of the present attempt."""

    class Meta:
        index_name = "by_reference"
        projection = KeysOnlyProjection()

    reference = UnicodeAttribute(hash_key=True)


class PayoutsItem(Item):
    """One model for all kinds of the table, because the index belongs to the table."""

    class Meta(PayoutsMeta):
        pass

    by_state = ByStateIndex()
    state_shard = UnicodeAttribute(null=True)
    turn_at = UnicodeAttribute(null=True)
    by_reference = ByReferenceIndex()
    reference = UnicodeAttribute(null=True)

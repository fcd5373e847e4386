"""What all items of table ``applicants`` have in common."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.adapters.storage.case_indexes import ByReferenceIndex, ByWaitingIndex
from chalicelib.adapters.storage.items import TIME_OUTS, Item
from chalicelib.settings import region, resource_name


class ApplicantsMeta:
    table_name = resource_name("applicants")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ApplicantsItem(Item):
    """All kinds of the table bear its indexes: one connection serves them all, and knows the table as the last of them
    described it."""

    class Meta(ApplicantsMeta):
        pass

    by_reference = ByReferenceIndex()
    by_waiting = ByWaitingIndex()
    reference = UnicodeAttribute(null=True)
    waiting_shard = UnicodeAttribute(null=True)
    waiting_place = UnicodeAttribute(null=True)
    reasons = JSONAttribute(null=True)
    selfie_reasons = JSONAttribute(null=True)

"""Table ``outbox``, its other half: what providers did with our mail of late, the plan made of it, and addresses to
which nothing goes any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, found, save
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.mail_fates import Suppression
from chalicelib.domain.mail_routes import MailPlan
from chalicelib.domain.mail_traffic import Slot
from chalicelib.settings import region, resource_name

_SLOTS_LIVE = timedelta(days=2)


class _Meta:
    table_name = resource_name("outbox")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class SlotItem(Item):
    """pk = ``traffic#`` provider, sk = when the slot begins. ``expires`` (epoch seconds) lets DynamoDB tidy up."""

    class Meta(_Meta):
        pass

    begins_at = UnicodeAttribute()
    taken = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    quick = NumberAttribute(default=0)
    late = NumberAttribute(default=0)
    bounced = NumberAttribute(default=0)
    complained = NumberAttribute(default=0)
    expires = NumberAttribute()


class PlanItem(Item):
    """pk = ``plan``, sk = ``-``."""

    class Meta(_Meta):
        pass

    routes = JSONAttribute()
    as_of = UnicodeAttribute()
    moved_at = UnicodeAttribute()


class SuppressionItem(Item):
    """pk = ``suppressed#`` applicant id, sk = ``-``."""

    class Meta(_Meta):
        pass

    applicant_id = UnicodeAttribute()
    because = UnicodeAttribute()
    since = UnicodeAttribute()
    lifted_at = UnicodeAttribute(null=True)


class MailTrafficTable:
    def count(self, provider: str, slot: datetime, /, **counts: int) -> None:
        """Unconditional addition: a reply that is lost counts twice, which a share of hundreds can bear."""
        begins_at = slot.isoformat()
        item = SlotItem(f"traffic#{provider}", begins_at)
        added = [getattr(SlotItem, name).add(count) for name, count in counts.items() if count]
        kept = (SlotItem.kind.set("mail_traffic"), SlotItem.id.set(provider), SlotItem.state.set("kept"))
        expires = SlotItem.expires.set(int((slot + _SLOTS_LIVE).timestamp()))
        try:
            item.update([*added, *kept, SlotItem.begins_at.set(begins_at), expires])
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def newest(self, provider: str, *, since: datetime, limit: int = 100) -> Sequence[Slot]:
        later = SlotItem.sk >= since.isoformat()
        try:
            items = SlotItem.query(f"traffic#{provider}", later, scan_index_forward=False, limit=limit)
            return [from_fields(Slot, item) for item in items]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def plan(self) -> MailPlan | None:
        item = found(PlanItem, "plan")
        return from_fields(MailPlan, item) if item else None

    def save_plan(self, plan: MailPlan) -> None:
        item = PlanItem("plan", "-", kind="mail_plan", id="plan", state="kept", **to_fields(plan))
        save(item, read_version=plan.version)


class SuppressionTable:
    def get(self, applicant_id: ApplicantId) -> Suppression | None:
        item = found(SuppressionItem, f"suppressed#{applicant_id}")
        return from_fields(Suppression, item) if item else None

    def save(self, suppression: Suppression) -> None:
        id = suppression.applicant_id
        fields = to_fields(suppression)
        item = SuppressionItem(f"suppressed#{id}", "-", kind="suppression", id=id, state="kept", **fields)
        save(item, read_version=suppression.version)

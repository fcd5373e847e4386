"""Table ``training``: purchases, and the pointers by which invoices, redeem codes and buyers find them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Item, Refused, Write, add, found, found_each, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.adapters.storage.memberships import MembershipItem, membership_item
from chalicelib.adapters.storage.training import ScheduleItem, TrainingMeta, schedule_item
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound, StaleWrite, StoreUnavailable
from chalicelib.domain.grant_dues import count_sale, uncount_sale
from chalicelib.domain.identifiers import ApplicantId, ClientCode, InvoiceCode, PurchaseId, RedeemCode
from chalicelib.domain.ledger import Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.training import Purchase, Schedule


class PurchaseItem(Item):
    """pk = ``purchase#`` and the id, sk = ``-``."""

    class Meta(TrainingMeta):
        pass

    applicant_id = UnicodeAttribute()
    card_number = UnicodeAttribute()
    course_code = UnicodeAttribute()
    schedule_code = UnicodeAttribute()
    platform = UnicodeAttribute()
    provider = UnicodeAttribute()
    amount = NumberAttribute()
    offered_at = UnicodeAttribute()
    sequences = JSONAttribute()
    by_buyer = NumberAttribute(default=0)
    code_failures = NumberAttribute(default=0)
    invoice_code = UnicodeAttribute(null=True)
    invoice_url = UnicodeAttribute(null=True)
    transaction_code = UnicodeAttribute(null=True)
    redeem_code = UnicodeAttribute(null=True)
    redeemed_at = UnicodeAttribute(null=True)
    attended = JSONAttribute(null=True)
    completed_at = UnicodeAttribute(null=True)
    certificate_no = UnicodeAttribute(null=True)
    certified_at = UnicodeAttribute(null=True)
    review = JSONAttribute(null=True)


class PointerItem(Item):
    """``invoice#<platform>`` / invoice code, ``redeem#<code>`` / ``-``, ``buyer#<applicant>`` / moment and id:
    id = purchase id. Written with the sale, so that each invoice and code leads to one purchase for ever."""

    class Meta(TrainingMeta):
        pass


class PurchaseTable:
    def add_offer(self, purchase: Purchase) -> None:
        add(_item(purchase))

    def get(self, id: PurchaseId) -> Purchase | None:
        item = found(PurchaseItem, f"purchase#{id}")
        return from_fields(Purchase, item) if item else None

    def get_each(self, ids: Sequence[PurchaseId]) -> Mapping[PurchaseId, Purchase]:
        items = found_each(PurchaseItem, (f"purchase#{id}" for id in ids))
        return {PurchaseId(item.id): from_fields(Purchase, item) for item in items}

    def by_invoice(self, platform: ClientCode, invoice: InvoiceCode) -> Purchase | None:
        return self._behind(found(PointerItem, f"invoice#{platform}", invoice))

    def by_redeem_code(self, code: RedeemCode) -> Purchase | None:
        return self._behind(found(PointerItem, f"redeem#{code}"))

    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Purchase]:
        return self.of_each([applicant_id])[applicant_id]

    def of_each(self, applicant_ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Sequence[Purchase]]:
        ids = {each: _bought_by(each) for each in applicant_ids}
        behind = self.get_each([id for mine in ids.values() for id in mine])
        return {each: [behind[id] for id in mine if id in behind] for each, mine in ids.items()}

    def save(self, purchase: Purchase) -> None:
        save(_item(purchase), read_version=purchase.version)

    def pay(self, purchase: Purchase, posting: Posting) -> None:
        seat = _seat_write(purchase, taken=1)
        buyer = _buyer_write(purchase, lambda membership: count_sale(membership, now=posting.posted_at))
        pointers = [Write(pointer, 0) for pointer in _pointers(purchase)]
        self._write([Write(_item(purchase), purchase.version), *pointers, seat, buyer, *posting_writes(posting)])

    def give_back(self, purchase: Purchase, posting: Posting) -> None:
        seat = _seat_write(purchase, taken=-1)
        buyer = _buyer_write(purchase, lambda membership: uncount_sale(membership, now=posting.posted_at))
        self._write([Write(_item(purchase), purchase.version), seat, buyer, *posting_writes(posting)])

    def _write(self, writes: list[Write]) -> None:
        try:
            save_together(writes)
        except Refused as refused:
            kinds = {writes[place].item.pk.partition("#")[0] for place in refused.places}
            if "invoice" in kinds and "purchase" not in kinds:
                raise AlreadyDone("invoice_already_used", field="invoice_code") from None
            raise StaleWrite("sale_contended", kinds=sorted(kinds)) from None

    def _behind(self, pointer: PointerItem | None) -> Purchase | None:
        return self.get(PurchaseId(pointer.id)) if pointer else None


def _bought_by(applicant_id: ApplicantId) -> list[PurchaseId]:
    """Oldest first."""
    try:
        pointers = list(PointerItem.query(f"buyer#{applicant_id}", consistent_read=True, limit=50))
    except PynamoDBException as error:
        raise StoreUnavailable from error
    return [PurchaseId(pointer.id) for pointer in pointers]


def _seat_write(purchase: Purchase, *, taken: int) -> Write:
    item = found(ScheduleItem, f"course#{purchase.course_code}", purchase.schedule_code)
    if item is None:
        raise Conflict("schedule_unknown", field="schedule_code")
    schedule = from_fields(Schedule, item)
    if schedule.seats_left < taken:
        raise Conflict("schedule_full", field="schedule_code")
    return Write(schedule_item(replace(schedule, seats_taken=schedule.seats_taken + taken)), schedule.version)


def _buyer_write(purchase: Purchase, change: Callable[[Membership], Membership]) -> Write:
    """A sale and a revocation at the same moment both move this item: one of them finds the other done."""
    item = found(MembershipItem, purchase.applicant_id)
    if item is None:
        raise NotFound("not_a_recipient")
    membership = from_fields(Membership, item)
    return Write(membership_item(change(membership)), membership.version)


def _pointers(purchase: Purchase) -> list[PointerItem]:
    places = (
        (f"invoice#{purchase.platform}", str(purchase.invoice_code)),
        (f"redeem#{purchase.redeem_code}", "-"),
        (f"buyer#{purchase.applicant_id}", f"{purchase.offered_at.isoformat()}#{purchase.id}"),
    )
    return [PointerItem(pk, sk, kind="pointer", id=purchase.id, state="kept") for pk, sk in places]


def _item(purchase: Purchase) -> PurchaseItem:
    written = to_fields(purchase)
    return PurchaseItem(f"purchase#{purchase.id}", "-", kind="purchase", **written)

"""Table ``debts``: what is asked back of whom, of which payments, and the treasury's receipts."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Refused, Write, found, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.domain.debts import Debt, DebtState, Repayment
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.ledger import Posting
from chalicelib.settings import region, resource_name


class _Meta:
    table_name = resource_name("debts")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByDueIndex(GlobalSecondaryIndex["DebtsItem"]):  # type: ignore[no-untyped-call]
    """All that were not declined, by state: even of what is repaid something may come back."""

    class Meta:
        index_name = "by_due"
        projection = KeysOnlyProjection()

    due = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class DebtsItem(Item):
    class Meta(_Meta):
        pass

    by_due = ByDueIndex()
    due = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)


class DebtItem(DebtsItem):
    """pk = ``debt#`` and the id, sk = ``-``."""

    class Meta(_Meta):
        pass

    applicant_id = UnicodeAttribute()
    reference = UnicodeAttribute()
    reason = UnicodeAttribute()
    entitlements = JSONAttribute()
    amount = NumberAttribute()
    proposed_by = UnicodeAttribute()
    proposed_at = UnicodeAttribute()
    approved_by = UnicodeAttribute(null=True)
    repayments = JSONAttribute()
    stated = JSONAttribute(null=True)
    owed_back = JSONAttribute(null=True)
    came_back = JSONAttribute()
    came_back_amount = NumberAttribute(default=0)
    rest = NumberAttribute()
    """For whoever follows the stream."""
    write_off_reason = UnicodeAttribute(null=True)
    write_off_asked_by = UnicodeAttribute(null=True)
    written_off_by = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)


class OwedItem(DebtsItem):
    """pk = ``person#`` and the applicant, sk = ``debt#`` and the id: by which a person's are found."""

    class Meta(_Meta):
        pass

    debt = UnicodeAttribute()


class ReclaimedItem(DebtsItem):
    """pk = ``reclaimed#`` and the applicant, sk = the ledger's key: asked back once. ``debt`` is empty where it was
    declined."""

    class Meta(_Meta):
        pass

    debt = UnicodeAttribute(default="")


class ReceiptItem(DebtsItem):
    """pk = ``receipt#`` and the receipt's digest, sk = ``-``: counted once."""

    class Meta(_Meta):
        pass


class SweptItem(DebtsItem):
    """pk = ``swept#`` and the state, sk = ``-``: up to which place of the index the sweep has come."""

    class Meta(_Meta):
        pass

    after = UnicodeAttribute(null=True)


class DebtTable:
    def add(self, debt: Debt) -> None:
        owed = OwedItem(
            f"person#{debt.applicant_id}", f"debt#{debt.id}", kind="owed", id=debt.id, state="kept", debt=debt.id
        )
        claims = [self._claim(debt, key) for key in debt.entitlements]
        try:
            save_together([_write(debt), Write(owed, 0), *claims])
        except Refused as refused:
            if min(refused.places) > 1:
                raise Conflict("entitlement_reclaimed", field="entitlements") from None
            raise AlreadyDone from None

    def get(self, id: str) -> Debt | None:
        item = found(DebtItem, f"debt#{id}")
        return _debt(item) if item else None

    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Debt]:
        try:
            ids = [item.debt for item in OwedItem.query(f"person#{applicant_id}", consistent_read=True)]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return sorted(filter(None, map(self.get, ids)), key=lambda debt: debt.proposed_at)

    def page(
        self, state: DebtState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[str], str | None]:
        start = _row_at(after, state) if after else None
        by = DebtsItem.due_at <= until.isoformat() if until else None
        try:
            rows = DebtsItem.by_due.query(state.value, by, limit=limit, last_evaluated_key=start)
            ids = [item.pk.removeprefix("debt#") for item in rows]
        except PynamoDBException as error:
            raise StoreUnavailable from error
        last = rows.last_evaluated_key
        return ids, f"{last['pk']['S']}|{last['due_at']['S']}" if last else None

    def swept_to(self, state: DebtState) -> str | None:
        item = found(SweptItem, f"swept#{state}")
        return item.after if item else None

    def keep_swept(self, state: DebtState, after: str | None) -> None:
        item = found(SweptItem, f"swept#{state}")
        kept = SweptItem(f"swept#{state}", "-", kind="swept", id=state.value, state="kept", after=after)
        save(kept, read_version=int(item.version) if item else 0)

    def save(self, debt: Debt) -> None:
        write = _write(debt)
        save(write.item, read_version=write.read_version)

    def save_with(self, debt: Debt, posting: Posting, *, after: int | None = None) -> None:
        entry, head = posting_writes(posting)
        if after is not None and head.item.to_simple_dict()["number"] != after + 1:
            raise StaleWrite("debt_contended")
        _together([_write(debt), entry, head])

    def decline(self, debt: Debt) -> None:
        freed = [_claim_write(debt, key, "", _version_of(debt, key)) for key in debt.entitlements]
        _together([_write(debt), *freed])

    def save_repayment(self, debt: Debt, repayment: Repayment, posting: Posting) -> None:
        digest = hashlib.sha256(repayment.receipt.encode()).hexdigest()
        once = ReceiptItem(f"receipt#{digest}", "-", kind="receipt", id=debt.id, state="counted")
        try:
            save_together([_write(debt), Write(once, 0), *posting_writes(posting)])
        except Refused as refused:
            if 1 in refused.places:
                raise AlreadyDone("receipt_counted", field="receipt") from None
            raise StaleWrite("debt_contended") from None

    def _claim(self, debt: Debt, key: str) -> Write:
        """Free where it was declined before; else it must not be there."""
        item = found(ReclaimedItem, f"reclaimed#{debt.applicant_id}", key)
        return _claim_write(debt, key, debt.id, int(item.version) if item and not item.debt else 0)


def _claim_write(debt: Debt, key: str, by: str, version: int) -> Write:
    state = "reclaimed" if by else "free"
    item = ReclaimedItem(f"reclaimed#{debt.applicant_id}", key, kind="reclaimed", id=key, state=state, debt=by)
    return Write(item, version)


def _version_of(debt: Debt, key: str) -> int:
    item = found(ReclaimedItem, f"reclaimed#{debt.applicant_id}", key)
    return int(item.version) if item else 0


def _together(writes: list[Write]) -> None:
    try:
        save_together(writes)
    except Refused as refused:
        raise StaleWrite("debt_contended", places=sorted(refused.places)) from None


def _write(debt: Debt) -> Write:
    item = DebtItem(
        f"debt#{debt.id}", "-", kind="debt", id=debt.id, rest=int(debt.rest), **to_fields(debt, without=("id",))
    )
    if debt.state is not DebtState.DECLINED:
        item.due = debt.state.value
        item.due_at = (debt.due_at or debt.proposed_at).isoformat()
    return Write(item, debt.version)


def _debt(item: DebtItem) -> Debt:
    known = {} if item.approved_by else {"due_at": None}
    return from_fields(Debt, item, **known)


def _row_at(place: str, state: DebtState) -> dict[str, dict[str, str]]:
    pk, separator, due_at = place.partition("|")
    if not (pk and separator and due_at):
        raise InvalidInput("cursor_invalid", field="after")
    return {"pk": {"S": pk}, "sk": {"S": "-"}, "due": {"S": state.value}, "due_at": {"S": due_at}}

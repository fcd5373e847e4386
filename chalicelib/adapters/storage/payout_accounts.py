"""Table ``payouts``: where incentives go, and whose account a number is."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.account_namings import naming_item, naming_write, read_naming, suspicious_page
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Write, found, found_each, save, save_together
from chalicelib.adapters.storage.payouts_item import PayoutsItem, PayoutsMeta
from chalicelib.domain.account_changes import next_look_at
from chalicelib.domain.account_namings import AccountNaming
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import PayoutAccount, is_same_number
from chalicelib.ports import Indexer

_CHANGING = "account_changing"
_PERSONAL = ("account", "change", "claimed")


class AccountItem(PayoutsItem):
    """pk = applicant id, sk = ``-``."""

    class Meta(PayoutsMeta):
        pass

    applicant_id = UnicodeAttribute()
    account = BinaryAttribute(legacy_encoding=False)
    change = BinaryAttribute(legacy_encoding=False, null=True)
    claimed = BinaryAttribute(legacy_encoding=False, null=True)
    changes = NumberAttribute(default=0)
    reminders = NumberAttribute(default=0)
    linked_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)


class HolderItem(PayoutsItem):
    """pk = ``holder#`` and the account's index, sk = ``-``; id = applicant id: one person per account. Its state tells
    whether the person still holds it."""

    class Meta(PayoutsMeta):
        pass


class PayoutAccountTable:
    def __init__(self, sealer: KmsSealer, indexer: Indexer) -> None:
        self._sealer = sealer
        self._indexer = indexer

    def get(self, applicant_id: ApplicantId) -> PayoutAccount | None:
        item = found(AccountItem, applicant_id)
        return self._account(item) if item else None

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, PayoutAccount]:
        return {ApplicantId(item.pk): self._account(item) for item in found_each(AccountItem, ids)}

    def save(self, account: PayoutAccount) -> None:
        save(self._account_item(account), read_version=account.version)

    def save_verified(
        self, account: PayoutAccount, *, naming: AccountNaming | None = None, released: BankAccount | None = None
    ) -> None:
        writes = [self._account_write(account), self._claim(account)]
        if released and not is_same_number(released, account.account):
            writes += self._release(released, account.applicant_id)
        if naming:
            writes.append(naming_write(self._account_index(account.account), naming))
        _together(writes)

    def save_refused(self, account: PayoutAccount, naming: AccountNaming) -> None:
        _together([self._account_write(account), naming_write(self._account_index(account.account), naming)])

    def naming(self, account: BankAccount) -> AccountNaming:
        return read_naming(naming_item(self._account_index(account))) or AccountNaming(account.bank)

    def to_look_at(self, *, now: datetime, limit: int) -> Sequence[ApplicantId]:
        due = PayoutsItem.watched_at <= now.isoformat()
        try:
            return [ApplicantId(item.pk) for item in PayoutsItem.by_watch.query(_CHANGING, due, limit=limit)]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def suspicious(self, *, after: str | None, limit: int) -> tuple[Sequence[AccountNaming], str | None]:
        return suspicious_page(after=after, limit=limit)

    def _claim(self, account: PayoutAccount) -> Write:
        holder = self._holder(account.account)
        if holder and holder.state == "held" and holder.id != account.applicant_id:
            raise AlreadyDone("account_claimed")
        return self._holder_write(account.account, account.applicant_id, "held", holder)

    def _release(self, account: BankAccount, applicant_id: ApplicantId) -> list[Write]:
        holder = self._holder(account)
        if holder is None or holder.id != applicant_id:
            return []
        return [self._holder_write(account, applicant_id, "released", holder)]

    def _holder(self, account: BankAccount) -> HolderItem | None:
        return found(HolderItem, f"holder#{self._account_index(account)}")

    def _holder_write(self, account: BankAccount, id: ApplicantId, state: str, before: HolderItem | None) -> Write:
        item = HolderItem(f"holder#{self._account_index(account)}", "-", kind="holder", id=id, state=state)
        return Write(item, int(before.version) if before else 0)

    def _account_write(self, account: PayoutAccount) -> Write:
        return Write(self._account_item(account), account.version)

    def _account(self, item: AccountItem) -> PayoutAccount:
        return from_fields(PayoutAccount, item, **{name: self._opened(item, name) for name in _PERSONAL})

    def _account_item(self, account: PayoutAccount) -> AccountItem:
        id = account.applicant_id
        sealed = {name: self._sealed(account, name) for name in _PERSONAL if getattr(account, name)}
        written = to_fields(account, without=_PERSONAL) | sealed | _watch(account)
        return AccountItem(id, "-", kind="payout_account", id=id, **written)

    def _sealed(self, account: PayoutAccount, name: str) -> bytes:
        document = json.dumps(to_fields(getattr(account, name))).encode()
        return self._sealer.seal(document, place=_place(account.applicant_id, name))

    def _opened(self, item: AccountItem, name: str) -> Any:
        sealed = getattr(item, name)
        return json.loads(self._sealer.open(sealed, place=_place(item.pk, name))) if sealed else None

    def _account_index(self, account: BankAccount) -> str:
        return self._indexer.index("account", f"{account.bank}/{account.account_no}")


def _watch(account: PayoutAccount) -> dict[str, Any]:
    """In the index until the change has taken effect or was stopped; the reminder is told to the stream."""
    due_at = next_look_at(account.change) if account.change else None
    if account.change is None or due_at is None:
        return {}
    return {"watch": _CHANGING, "watched_at": due_at.isoformat(), "reminders": int(account.change.reminded)}


def _together(writes: list[Write]) -> None:
    try:
        save_together(writes)
    except Refused as refused:
        raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _place(id: str, name: str) -> str:
    return f"payouts/{id}/{name}"

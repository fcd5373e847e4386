"""Table ``payouts``: where incentives go, and whose account a number is."""

import json
from collections.abc import Mapping, Sequence

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Write, found, found_each, save, save_together
from chalicelib.adapters.storage.payouts_item import PayoutsItem, PayoutsMeta
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.ports import Indexer


class AccountItem(PayoutsItem):
    """pk = applicant id, sk = ``-``."""

    class Meta(PayoutsMeta):
        pass

    applicant_id = UnicodeAttribute()
    account = BinaryAttribute(legacy_encoding=False)
    linked_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)


class HolderItem(PayoutsItem):
    """pk = ``holder#`` and the account's index, sk = ``-``; id = applicant id: one person per account."""

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

    def save_verified(self, account: PayoutAccount) -> None:
        key = f"holder#{self._account_index(account.account)}"
        held = found(HolderItem, key)
        if held and held.id != account.applicant_id:
            raise AlreadyDone("account_claimed")
        holder = HolderItem(key, "-", kind="holder", id=account.applicant_id, state="held")
        version = int(held.version) if held else 0
        _together([Write(self._account_item(account), account.version), Write(holder, version)])

    def _account(self, item: AccountItem) -> PayoutAccount:
        opened = json.loads(self._sealer.open(item.account, place=_place(item.pk)))
        return from_fields(PayoutAccount, item, account=opened)

    def _account_item(self, account: PayoutAccount) -> AccountItem:
        id = account.applicant_id
        document = json.dumps(to_fields(account.account)).encode()
        sealed = self._sealer.seal(document, place=_place(id))
        written = to_fields(account, without=("account",))
        return AccountItem(id, "-", kind="payout_account", id=id, account=sealed, **written)

    def _account_index(self, account: BankAccount) -> str:
        return self._indexer.index("account", f"{account.bank}/{account.account_no}")


def _together(writes: list[Write]) -> None:
    try:
        save_together(writes)
    except Refused as refused:
        raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _place(id: str) -> str:
    return f"payouts/{id}/account"

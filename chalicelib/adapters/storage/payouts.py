"""Table ``payouts``: payout accounts, whose they are, and payouts with the index by which they are found."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Refused, Write, add, found, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payouts import Payout, PayoutAccount, PayoutState
from chalicelib.ports import Indexer
from chalicelib.settings import region, resource_name

_SHARDS = 8
_FINAL = {PayoutState.SETTLED, PayoutState.REJECTED}


class _Meta:
    table_name = resource_name("payouts")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ByStateIndex(GlobalSecondaryIndex["PayoutsItem"]):  # type: ignore[no-untyped-call]
    """Only payouts under way are in it: the two final states leave no entry."""

    class Meta:
        index_name = "by_state"
        projection = KeysOnlyProjection()

    state_shard = UnicodeAttribute(hash_key=True)
    prepared_at = UnicodeAttribute(range_key=True)


class PayoutsItem(Item):
    """One model for all kinds of the table, because the index belongs to the table."""

    class Meta(_Meta):
        pass

    by_state = ByStateIndex()
    state_shard = UnicodeAttribute(null=True)
    prepared_at = UnicodeAttribute(null=True)


class AccountItem(PayoutsItem):
    """pk = applicant id, sk = ``-``."""

    class Meta(_Meta):
        pass

    applicant_id = UnicodeAttribute()
    account = BinaryAttribute(legacy_encoding=False)
    linked_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)


class HolderItem(PayoutsItem):
    """pk = ``holder#`` and the account's index, sk = ``-``; id = applicant id: one person per account."""

    class Meta(_Meta):
        pass


class PayoutItem(PayoutsItem):
    """pk = ``payout#`` and the id, sk = ``-``."""

    class Meta(_Meta):
        pass

    applicant_id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    period = NumberAttribute()
    amount = NumberAttribute()
    first_approver = UnicodeAttribute(null=True)
    second_approver = UnicodeAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)
    settled_at = UnicodeAttribute(null=True)
    response_code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class PayoutTable:
    def __init__(self, sealer: KmsSealer, indexer: Indexer) -> None:
        self._sealer = sealer
        self._indexer = indexer

    def account(self, applicant_id: ApplicantId) -> PayoutAccount | None:
        item = found(AccountItem, applicant_id)
        if item is None:
            return None
        opened = json.loads(self._sealer.open(item.account, place=_place(applicant_id)))
        return replace(from_fields(PayoutAccount, item, account=opened))

    def save_account(self, account: PayoutAccount) -> None:
        save(self._account_item(account), read_version=account.version)

    def save_verified_account(self, account: PayoutAccount) -> None:
        key = f"holder#{self._account_index(account.account)}"
        held = found(HolderItem, key)
        if held and held.id != account.applicant_id:
            raise AlreadyDone("account_claimed")
        holder = HolderItem(key, "-", kind="holder", id=account.applicant_id, state="held")
        version = int(held.version) if held else 0
        _together([Write(self._account_item(account), account.version), Write(holder, version)])

    def add(self, payout: Payout) -> None:
        add(_payout_item(payout))

    def get(self, id: PayoutId) -> Payout | None:
        item = found(PayoutItem, f"payout#{id}")
        return from_fields(Payout, item) if item else None

    def save(self, payout: Payout) -> None:
        save(_payout_item(payout), read_version=payout.version)

    def save_with(self, payout: Payout, posting: Posting) -> None:
        _together([Write(_payout_item(payout), payout.version), *posting_writes(posting)])

    def page(self, state: PayoutState, *, after: str | None, limit: int) -> tuple[Sequence[PayoutId], str | None]:
        """``after`` is ``<shard>|<prepared_at>|<pk>`` of the last row seen; shards are walked in turn."""
        shard, _, row = (after or "0").partition("|")
        if shard not in map(str, range(_SHARDS)):
            raise InvalidInput("cursor_invalid", field="after")
        for number in range(int(shard), _SHARDS):
            pks, last_row = _index_page(state, number, row if number == int(shard) else "", limit)
            if pks:
                ids = [PayoutId(pk.removeprefix("payout#")) for pk in pks]
                following = f"{number}|{last_row}" if last_row else str(number + 1)
                return ids, None if following == str(_SHARDS) else following
        return [], None

    def _account_item(self, account: PayoutAccount) -> AccountItem:
        id = account.applicant_id
        document = json.dumps(to_fields(account.account)).encode()
        sealed = self._sealer.seal(document, place=_place(id))
        written = to_fields(account, without=("account",))
        return AccountItem(id, "-", kind="payout_account", id=id, account=sealed, **written)

    def _account_index(self, account: BankAccount) -> str:
        return self._indexer.index("account", f"{account.bank}/{account.account_no}")


def _index_page(state: PayoutState, shard: int, row: str, limit: int) -> tuple[list[str], str | None]:
    """(partition keys, the row to go on from or None at the shard's end)."""
    prepared_at, _, pk = row.partition("|")
    key = f"{state}#{shard}"
    start = {"pk": pk, "sk": "-", "state_shard": key, "prepared_at": prepared_at} if row else None
    raw_start = {name: {"S": value} for name, value in start.items()} if start else None
    try:
        rows = PayoutsItem.by_state.query(key, limit=limit, last_evaluated_key=raw_start)
        pks = [item.pk for item in rows]
    except PynamoDBException as error:
        raise StoreUnavailable from error
    last = rows.last_evaluated_key
    return pks, f"{last['prepared_at']['S']}|{last['pk']['S']}" if last else None


def _together(writes: list[Write]) -> None:
    try:
        save_together(writes)
    except Refused as refused:
        raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _payout_item(payout: Payout) -> PayoutItem:
    shard = int(hashlib.sha256(payout.id.encode()).hexdigest()[:8], 16) % _SHARDS
    state_shard = None if payout.state in _FINAL else f"{payout.state}#{shard}"
    written = to_fields(payout)
    return PayoutItem(f"payout#{payout.id}", "-", kind="payout", state_shard=state_shard, **written)


def _place(id: str) -> str:
    return f"payouts/{id}/account"

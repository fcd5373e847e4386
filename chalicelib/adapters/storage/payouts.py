"""Table ``payouts``: payouts, and the index by which they are found."""

import hashlib
from collections.abc import Sequence

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Write, add, found, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes
from chalicelib.adapters.storage.payouts_item import PayoutsItem, PayoutsMeta
from chalicelib.domain.errors import InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payouts import Payout, PayoutState

_SHARDS = 8
_FINAL = {PayoutState.SETTLED, PayoutState.REJECTED}


class PayoutItem(PayoutsItem):
    """pk = ``payout#`` and the id, sk = ``-``."""

    class Meta(PayoutsMeta):
        pass

    applicant_id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    period = NumberAttribute()
    amount = NumberAttribute()
    due_on = UnicodeAttribute(null=True)
    first_approver = UnicodeAttribute(null=True)
    second_approver = UnicodeAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)
    settled_at = UnicodeAttribute(null=True)
    response_code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class PayoutTable:
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

"""Table ``payouts``: payouts, and the indexes by which they are found."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Unmoved, Write, found, found_each, save, save_together
from chalicelib.adapters.storage.ledger import posting_writes, posting_writes_each
from chalicelib.adapters.storage.payouts_item import ByStateIndex, PayoutsItem, PayoutsMeta
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite, StoreUnavailable
from chalicelib.domain.former_attempts import FormerAttempt
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payout_batches import Batch
from chalicelib.domain.payouts import Payout, PayoutState

_SHARDS = 8


class PayoutItem(PayoutsItem):
    """pk = ``payout#`` and the id, sk = ``-``."""

    class Meta(PayoutsMeta):
        pass

    applicant_id = UnicodeAttribute()
    purpose = UnicodeAttribute()
    period = NumberAttribute()
    amount = NumberAttribute()
    prepared_at = UnicodeAttribute()
    due_on = UnicodeAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)
    settled_at = UnicodeAttribute(null=True)
    response_code = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    evidence = UnicodeAttribute(null=True)
    batch = UnicodeAttribute(null=True)
    # ``attempt`` is every item's own word for the write that made it.
    payment_attempt = NumberAttribute(default=1)
    bank = UnicodeAttribute(null=True)
    may_be_paid = BooleanAttribute(default=False)
    retry_at = UnicodeAttribute(null=True)
    rejected_at = UnicodeAttribute(null=True)
    confirmed_at = UnicodeAttribute(null=True)
    not_found_since = UnicodeAttribute(null=True)
    not_found_at = UnicodeAttribute(null=True)
    bank_letter = UnicodeAttribute(null=True)
    paid_before = NumberAttribute(null=True)
    begun = NumberAttribute(default=0)
    wish = UnicodeAttribute(null=True)
    wished_by = UnicodeAttribute(null=True)


class FormerAttemptItem(PayoutsItem):
    """pk = ``attempt#`` and its reference, sk = ``-``. No index knows it: it is asked for by its reference."""

    class Meta(PayoutsMeta):
        pass

    payout_id = UnicodeAttribute()
    number = NumberAttribute()
    bank = UnicodeAttribute()
    amount = NumberAttribute()
    given_up_at = UnicodeAttribute()
    came_back = BooleanAttribute(default=False)
    bank_letter = UnicodeAttribute(null=True)
    paid_at = UnicodeAttribute(null=True)


class PayoutTable:
    def add(self, payout: Payout, posting: Posting) -> None:
        try:
            save_together([Write(_payout_item(payout), 0), *posting_writes(posting)])
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone from None
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    def get(self, id: PayoutId) -> Payout | None:
        item = found(PayoutItem, f"payout#{id}")
        return _payout(item) if item else None

    def get_each(self, ids: Sequence[PayoutId]) -> Mapping[PayoutId, Payout]:
        items = found_each(PayoutItem, (f"payout#{id}" for id in ids))
        return {PayoutId(item.id): _payout(item) for item in items}

    def save(self, payout: Payout) -> None:
        save(_payout_item(payout), read_version=payout.version)

    def save_with(self, payout: Payout, *postings: Posting) -> None:
        self.save_each([(payout, postings)])

    def save_each(self, moves: Sequence[tuple[Payout, Sequence[Posting]]]) -> None:
        writes = [Write(_payout_item(payout), payout.version) for payout, _ in moves]
        writes += posting_writes_each([posting for _, postings in moves for posting in postings])
        try:
            save_together(writes)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    def save_within(self, batch: Batch, payouts: Sequence[Payout]) -> None:
        unmoved = Unmoved(PayoutsItem, f"batch#{batch.id}", "-", batch.version)
        try:
            save_together([Write(_payout_item(payout), payout.version) for payout in payouts], unmoved=[unmoved])
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    def former(self, reference: str) -> FormerAttempt | None:
        item = found(FormerAttemptItem, f"attempt#{reference}")
        return from_fields(FormerAttempt, item, reference=item.id) if item else None

    def save_with_former(self, payout: Payout, former: FormerAttempt, *postings: Posting) -> None:
        written = to_fields(former, without=("reference",))
        item = FormerAttemptItem(f"attempt#{former.reference}", "-", kind="former_attempt", id=former.id, **written)
        writes = [Write(_payout_item(payout), payout.version), Write(item, former.version)]
        try:
            save_together([*writes, *posting_writes_each(postings)])
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    def by_reference(self, reference: str) -> PayoutId | None:
        try:
            rows = list(PayoutsItem.by_reference.query(reference, limit=1))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return PayoutId(rows[0].pk.removeprefix("payout#")) if rows else None

    def page(
        self, state: PayoutState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[PayoutId], str | None]:
        """``after`` is ``<shard>|<turn_at>|<pk>`` of the last row seen; shards are walked in turn."""
        shard, _, row = (after or "0").partition("|")
        if shard not in map(str, range(_SHARDS)):
            raise InvalidInput("cursor_invalid", field="after")
        for number in range(int(shard), _SHARDS):
            start = row if number == int(shard) else ""
            pks, last_row = index_page(f"{state}#{number}", start, limit, until=until)
            if pks:
                ids = [PayoutId(pk.removeprefix("payout#")) for pk in pks]
                following = f"{number}|{last_row}" if last_row else str(number + 1)
                return ids, None if following == str(_SHARDS) else following
        return [], None

    def due(self, state: PayoutState, *, at: datetime, most: int) -> Sequence[PayoutId]:
        each = max(1, most // _SHARDS)
        pages = (index_page(f"{state}#{number}", "", each, until=at)[0] for number in range(_SHARDS))
        return [PayoutId(pk.removeprefix("payout#")) for pks in pages for pk in pks]


def index_page(key: str, row: str, limit: int, *, until: datetime | None = None) -> tuple[list[str], str | None]:
    """(partition keys, the row to go on from or None at the shard's end)."""
    turn_at, _, pk = row.partition("|")
    start = {"pk": pk, "sk": "-", "state_shard": key, "turn_at": turn_at} if row else None
    raw_start = {name: {"S": value} for name, value in start.items()} if start else None
    come = ByStateIndex.turn_at <= instant(until) if until else None
    try:
        rows = PayoutsItem.by_state.query(key, come, limit=limit, last_evaluated_key=raw_start)
        pks = [item.pk for item in rows]
    except PynamoDBException as error:
        raise StoreUnavailable from error
    last = rows.last_evaluated_key
    return pks, f"{last['turn_at']['S']}|{last['pk']['S']}" if last else None


def instant(moment: datetime) -> str:
    """So that texts are in the order of moments."""
    return moment.astimezone(UTC).isoformat()


def _payout(item: PayoutItem) -> Payout:
    return from_fields(Payout, item, attempt=int(item.payment_attempt))


def _payout_item(payout: Payout) -> PayoutItem:
    shard = int(hashlib.sha256(payout.id.encode()).hexdigest()[:8], 16) % _SHARDS
    return PayoutItem(
        f"payout#{payout.id}",
        "-",
        kind="payout",
        state_shard=None if payout.is_over else f"{payout.state}#{shard}",
        turn_at=None if payout.is_over else instant(payout.turn_at),
        reference=payout.reference if payout.bank else None,
        payment_attempt=payout.attempt,
        **to_fields(payout, without=("attempt",)),
    )

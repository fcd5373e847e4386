"""Table ``payouts``: batches, the channels of banks, and which of a bank's notices came already."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import add, found, save
from chalicelib.adapters.storage.payouts import index_page, instant
from chalicelib.adapters.storage.payouts_item import PayoutsItem, PayoutsMeta
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import BatchId
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payout_channels import Channel

_NOTICES_LIVE = timedelta(days=3)


class BatchItem(PayoutsItem):
    """pk = ``batch#`` and the id, sk = ``-``. All stay in the index by state: there are a few hundred a year."""

    class Meta(PayoutsMeta):
        pass

    bank = UnicodeAttribute()
    day = UnicodeAttribute()
    size = NumberAttribute()
    total = NumberAttribute()
    checksum = UnicodeAttribute()
    built_at = UnicodeAttribute()
    built_by = UnicodeAttribute(null=True)
    first_approver = UnicodeAttribute(null=True)
    second_approver = UnicodeAttribute(null=True)
    refused_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class ChannelItem(PayoutsItem):
    """pk = ``channel#`` and the bank, sk = ``-``."""

    class Meta(PayoutsMeta):
        pass

    bank = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    moved_at = UnicodeAttribute(null=True)
    moved_by = UnicodeAttribute(null=True)


class NoticeItem(PayoutsItem):
    """pk = ``notice#`` and its id, sk = ``-``. Forgotten when nobody would believe its time-stamp any more."""

    class Meta(PayoutsMeta):
        pass

    expires = NumberAttribute()


class BatchTable:
    def add(self, batch: Batch) -> None:
        add(_batch_item(batch))

    def get(self, id: BatchId) -> Batch | None:
        item = found(BatchItem, f"batch#{id}")
        return from_fields(Batch, item) if item else None

    def save(self, batch: Batch) -> None:
        save(_batch_item(batch), read_version=batch.version)

    def page(self, state: BatchState, *, after: str | None, limit: int) -> tuple[Sequence[BatchId], str | None]:
        pks, last = index_page(_shard(state), after or "", limit)
        return [BatchId(pk.removeprefix("batch#")) for pk in pks], last


class ChannelTable:
    def get(self, bank: str) -> Channel:
        item = found(ChannelItem, f"channel#{bank}")
        return from_fields(Channel, item) if item else Channel(bank)

    def save(self, channel: Channel) -> None:
        written = to_fields(channel)
        item = ChannelItem(f"channel#{channel.bank}", "-", kind="payout_channel", id=channel.bank, **written)
        save(item, read_version=channel.version)


class SeenNoticeTable:
    def has(self, notice: str) -> bool:
        return found(NoticeItem, f"notice#{notice}") is not None

    def add(self, notice: str, *, at: datetime) -> None:
        expires = int((at + _NOTICES_LIVE).timestamp())
        try:
            add(NoticeItem(f"notice#{notice}", "-", kind="bank_notice", id=notice, state="seen", expires=expires))
        except AlreadyDone:
            return


def _shard(state: BatchState) -> str:
    return f"batch-{state}#0"


def _batch_item(batch: Batch) -> BatchItem:
    written = to_fields(batch)
    turn = instant(batch.built_at)
    pk = f"batch#{batch.id}"
    return BatchItem(pk, "-", kind="payout_batch", state_shard=_shard(batch.state), turn_at=turn, **written)

"""Batches of payouts and their lists, banks' channels, and notices that came already."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import BatchId
from chalicelib.domain.payout_batches import Batch, BatchState
from chalicelib.domain.payout_channels import Channel
from tests.fakes.shelves import FakeStore, Look, Refused, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakePayoutBatches(FakeStore):
    name = "payout_batches"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._batches: Shelf[BatchId, Batch] = Shelf()

    @outside
    def add(self, batch: Batch) -> None:
        self._add(self._batches.put(batch.id, replace(batch, version=1)))

    @outside
    def get(self, id: BatchId) -> Batch | None:
        return self._batches.get(id)

    @outside
    def save(self, batch: Batch) -> None:
        self._save(self._batches.put(batch.id, replace(batch, version=batch.version + 1), batch.version))

    @outside
    def page(self, state: BatchState, *, after: str | None, limit: int) -> tuple[Sequence[BatchId], str | None]:
        rows = sorted((each.built_at.isoformat(), each.id) for each in self.all() if each.state is state)
        rest = [row for row in rows if after is None or "|".join(row) > after]
        page = rest[:limit]
        return [BatchId(id) for _, id in page], "|".join(page[-1]) if len(page) < len(rest) else None

    def all(self) -> list[Batch]:
        return self._batches.values()

    def look_at(self, batch: Batch) -> Look:
        """For whoever writes only while the batch is as it was read."""
        return self._batches.look(batch.id, batch.version)


class FakePayoutChannels(FakeStore):
    name = "payout_channels"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._channels: Shelf[str, Channel] = Shelf()

    @outside
    def get(self, bank: str) -> Channel:
        return self._channels.get(bank) or Channel(bank)

    @outside
    def save(self, channel: Channel) -> None:
        self._save(self._channels.put(channel.bank, replace(channel, version=channel.version + 1), channel.version))


class FakeSeenNotices(FakeStore):
    name = "seen_notices"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._seen: Shelf[str, datetime] = Shelf()

    @outside
    def has(self, notice: str) -> bool:
        return self._seen.get(notice) is not None

    @outside
    def add(self, notice: str, *, at: datetime) -> None:
        try:
            self._write(self._seen.put(notice, at))
        except Refused:
            return


class FakeBatchFiles(Fake):
    """``contents`` may be altered by whoever tests what then happens."""

    name = "batch_files"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self.contents: dict[BatchId, bytes] = {}

    @outside
    def write(self, id: BatchId, content: bytes) -> None:
        self.contents[id] = content

    @outside
    def read(self, id: BatchId) -> bytes:
        if id not in self.contents:
            raise StoreUnavailable("bucket_unavailable")
        return self.contents[id]

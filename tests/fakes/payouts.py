"""Payouts, which post into the ledger."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zlib import crc32

from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite
from chalicelib.domain.former_attempts import FormerAttempt
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payout_batches import Batch
from chalicelib.domain.payouts import Payout, PayoutState
from tests.fakes.ledger import FakeLedger
from tests.fakes.payout_batches import FakePayoutBatches
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside

_SHARDS = 8


class FakePayouts(FakeStore):
    name = "payouts"

    def __init__(self, ledger: FakeLedger, batches: FakePayoutBatches, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._batches = batches
        self._payouts: Shelf[PayoutId, Payout] = Shelf()
        self._formers: Shelf[str, FormerAttempt] = Shelf()
        self.is_index_behind = False
        """Pages know of nothing yet."""

    @outside
    def add(self, payout: Payout, posting: Posting) -> None:
        put = self._payouts.put(payout.id, replace(payout, version=1))
        try:
            self._write(put, *self._ledger.puts_of(posting))
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone from None
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    @outside
    def get(self, id: PayoutId) -> Payout | None:
        return self._payouts.get(id)

    @outside
    def get_each(self, ids: Sequence[PayoutId]) -> Mapping[PayoutId, Payout]:
        return {id: found for id in ids if (found := self._payouts.get(id))}

    @outside
    def save(self, payout: Payout) -> None:
        self._save(self._put_of(payout))

    @outside
    def save_with(self, payout: Payout, *postings: Posting) -> None:
        self._together([(payout, postings)])

    @outside
    def save_each(self, moves: Sequence[tuple[Payout, Sequence[Posting]]]) -> None:
        self._together(moves)

    @outside
    def save_within(self, batch: Batch, payouts: Sequence[Payout]) -> None:
        try:
            self._write(*map(self._put_of, payouts), self._batches.look_at(batch))
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None

    @outside
    def former(self, reference: str) -> FormerAttempt | None:
        return self._formers.get(reference)

    @outside
    def save_with_former(self, payout: Payout, former: FormerAttempt, *postings: Posting) -> None:
        kept = self._formers.put(former.reference, replace(former, version=former.version + 1), former.version)
        self._together([(payout, postings)], kept)

    @outside
    def by_reference(self, reference: str) -> PayoutId | None:
        asked = (each.id for each in self._payouts.values() if each.bank and each.reference == reference)
        return next(asked, None)

    @outside
    def page(
        self, state: PayoutState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[PayoutId], str | None]:
        """One shard at a time, so that a page may be short before the end."""
        seen = _row_at(after) if after else None
        found = (each for each in self._payouts.values() if each.state is state and not each.is_over)
        rows = sorted(_place_in_index(each) for each in found if until is None or each.turn_at <= until)
        rest = [row for row in rows if seen is None or row > seen]
        if not rest or self.is_index_behind:
            return [], None
        page = [row for row in rest if row[0] == rest[0][0]][:limit]
        return [PayoutId(row[2]) for row in page], json.dumps(page[-1]) if len(page) < len(rest) else None

    @outside
    def due(self, state: PayoutState, *, at: datetime, most: int) -> Sequence[PayoutId]:
        found = (each for each in self._payouts.values() if each.state is state and not each.is_over)
        rows = sorted(_place_in_index(each) for each in found if each.turn_at <= at)
        shards = ([id for shard, _, id in rows if shard == number] for number in range(_SHARDS))
        return [PayoutId(id) for ids in shards for id in ids[: max(1, most // _SHARDS)]]

    def all(self) -> list[Payout]:
        """For whoever checks the books."""
        return self._payouts.values()

    def _put_of(self, payout: Payout) -> Put:
        return self._payouts.put(payout.id, replace(payout, version=payout.version + 1), payout.version)

    def _together(self, moves: Sequence[tuple[Payout, Sequence[Posting]]], *others: Put) -> None:
        postings = [posting for _, each in moves for posting in each]
        owners = list(dict.fromkeys(posting.owner for posting in postings))
        puts = [*(self._put_of(payout) for payout, _ in moves), *others]
        for owner in owners:
            puts += self._ledger.puts_of(*(each for each in postings if each.owner == owner))
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _place_in_index(payout: Payout) -> tuple[int, str, str]:
    return crc32(payout.id.encode()) % _SHARDS, payout.turn_at.astimezone(UTC).isoformat(), payout.id


def _row_at(cursor: str) -> tuple[int, str, str]:
    try:
        shard, turn_at, id = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("cursor_invalid", field="after") from None
    return shard, turn_at, id

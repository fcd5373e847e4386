"""Payouts, which post into the ledger."""

import json
from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

from chalicelib.domain.errors import InvalidInput, StaleWrite
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.payouts import Payout, PayoutState
from tests.fakes.ledger import FakeLedger
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside

_SHARDS = 8
_FINAL = {PayoutState.SETTLED, PayoutState.REJECTED}


class FakePayouts(FakeStore):
    name = "payouts"

    def __init__(self, ledger: FakeLedger, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._ledger = ledger
        self._payouts: Shelf[PayoutId, Payout] = Shelf()

    @outside
    def add(self, payout: Payout) -> None:
        self._add(self._payouts.put(payout.id, replace(payout, version=1)))

    @outside
    def get(self, id: PayoutId) -> Payout | None:
        return self._payouts.get(id)

    @outside
    def save(self, payout: Payout) -> None:
        self._save(self._put_of(payout))

    @outside
    def save_with(self, payout: Payout, posting: Posting) -> None:
        self._together(self._put_of(payout), *self._ledger.puts_of(posting))

    @outside
    def page(self, state: PayoutState, *, after: str | None, limit: int) -> tuple[Sequence[PayoutId], str | None]:
        """One shard at a time, so that a page may be short before the end."""
        seen = _row_at(after) if after else None
        rows = sorted(_place_in_index(each) for each in self._payouts.values() if each.state is state)
        rest = [row for row in rows if seen is None or row > seen]
        if state in _FINAL or not rest:
            return [], None
        page = [row for row in rest if row[0] == rest[0][0]][:limit]
        return [PayoutId(row[2]) for row in page], json.dumps(page[-1]) if len(page) < len(rest) else None

    def all(self) -> list[Payout]:
        """For whoever checks the books."""
        return self._payouts.values()

    def _put_of(self, payout: Payout) -> Put:
        return self._payouts.put(payout.id, replace(payout, version=payout.version + 1), payout.version)

    def _together(self, *puts: Put) -> None:
        try:
            self._write(*puts)
        except Refused as refused:
            raise StaleWrite("payout_contended", places=sorted(refused.places)) from None


def _place_in_index(payout: Payout) -> tuple[int, str, str]:
    return crc32(payout.id.encode()) % _SHARDS, payout.prepared_at.isoformat(), payout.id


def _row_at(cursor: str) -> tuple[int, str, str]:
    try:
        shard, prepared_at, id = json.loads(cursor)
    except (ValueError, TypeError):
        raise InvalidInput("cursor_invalid", field="after") from None
    return shard, prepared_at, id

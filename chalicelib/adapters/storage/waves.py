"""Table ``waves``: waves, and their entries spread over 64 partitions a wave."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Write, add, found, save
from chalicelib.domain.errors import AlreadyDone, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.waves import Wave, WaveEntry, next_closing, shard_of
from chalicelib.settings import region, resource_name

_WAVES = "wave"
_WAVES_AHEAD = 60
"""A year of weekly waves may be planned."""
_LOOK_SECONDS = 30.0


class _Meta:
    table_name = resource_name("waves")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class WaveItem(Item):
    """pk = ``wave``, sk = the number in six digits: a hundred items in all, read from a page at a time.

    The secret lies here in base64 of its sealed form until the draw publishes it.
    """

    class Meta(_Meta):
        pass

    number = NumberAttribute()
    opens_at = UnicodeAttribute()
    closes_at = UnicodeAttribute()
    announces_at = UnicodeAttribute()
    quota = NumberAttribute()
    scheme = UnicodeAttribute()
    secret = UnicodeAttribute()
    commitment = UnicodeAttribute()
    draws_at = UnicodeAttribute(null=True)
    training_starts_at = UnicodeAttribute(null=True)
    basis = UnicodeAttribute()
    floor = NumberAttribute()
    groups = JSONAttribute()
    reserved_permille = JSONAttribute()
    recovers = JSONAttribute()
    recovered = NumberAttribute()
    beacon_round = NumberAttribute()
    planned_by = UnicodeAttribute()
    approved_by = UnicodeAttribute(null=True)
    draw_attempt = NumberAttribute()
    annulments = JSONAttribute()
    frozen_root = UnicodeAttribute(null=True)
    draw_digest = UnicodeAttribute(null=True)
    entries = NumberAttribute(null=True)
    awards = NumberAttribute(null=True)


class EntryItem(Item):
    """pk = ``entry#<wave>#<shard>``, sk = applicant id."""

    class Meta(_Meta):
        pass

    wave = NumberAttribute()
    applicant_id = UnicodeAttribute()
    pseudonym = UnicodeAttribute()
    family = UnicodeAttribute()
    family_pseudonym = UnicodeAttribute()
    group = NumberAttribute()
    is_woman = BooleanAttribute()
    is_disabled = BooleanAttribute()
    family_places_left = NumberAttribute()
    province_code = UnicodeAttribute()
    joined_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)


class WaveTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def add(self, wave: Wave) -> None:
        try:
            add(self._item(wave))
        except AlreadyDone:
            raise AlreadyDone("wave_already_planned", field="number") from None

    def get(self, number: WaveNumber) -> Wave | None:
        item = found(WaveItem, _WAVES, _number(number))
        return self._wave(item) if item else None

    def save(self, wave: Wave) -> None:
        save(self._item(wave), read_version=wave.version)

    def newest_first(self, *, limit: int, before: WaveNumber | None = None) -> Sequence[Wave]:
        older = WaveItem.sk < _number(before) if before else None
        try:
            items = list(WaveItem.query(_WAVES, older, scan_index_forward=False, limit=limit, consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return [self._wave(item) for item in items]

    def add_entry(self, entry: WaveEntry) -> None:
        try:
            add(_entry_item(entry))
        except AlreadyDone:
            raise AlreadyDone("wave_already_joined", field="wave") from None

    def entries_of(self, applicant_id: ApplicantId, waves: Sequence[WaveNumber]) -> Sequence[WaveEntry]:
        keys = [(_partition(wave, shard_of(applicant_id)), applicant_id) for wave in waves]
        if not keys:
            return []
        try:
            items = list(EntryItem.batch_get(keys, consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return sorted((from_fields(WaveEntry, item) for item in items), key=lambda entry: entry.wave)

    def entries_in_shard(self, wave: WaveNumber, shard: int) -> Iterator[WaveEntry]:
        try:
            for item in EntryItem.query(_partition(wave, shard), consistent_read=True):
                yield from_fields(WaveEntry, item)
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def count_in_shard(self, wave: WaveNumber, shard: int) -> int:
        """Amazon counts, a page of 1 MB at a time; nothing is parsed."""
        try:
            return EntryItem.count(_partition(wave, shard), consistent_read=True)
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def entries_after(
        self, wave: WaveNumber, shard: int, *, after: ApplicantId | None, limit: int
    ) -> Sequence[WaveEntry]:
        later = EntryItem.sk > after if after else None
        try:
            items = list(EntryItem.query(_partition(wave, shard), later, limit=limit, consistent_read=True))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return [from_fields(WaveEntry, item) for item in items]

    def save_entry(self, entry: WaveEntry) -> None:
        save(_entry_item(entry), read_version=entry.version)

    def _wave(self, item: WaveItem) -> Wave:
        secret = self._sealer.open(bytes.fromhex(item.secret), place=_place(int(item.number)))
        return from_fields(Wave, item, secret=secret.decode())

    def _item(self, wave: Wave) -> WaveItem:
        sealed = self._sealer.seal(wave.secret.encode(), place=_place(wave.number)).hex()
        key = _number(wave.number)
        return WaveItem(_WAVES, key, kind="wave", id=key, **(to_fields(wave) | {"secret": sealed}))


class CachedWaveLook:
    """At most one query in half a minute for each environment: thousands are verified in that time."""

    def __init__(self, waves: WaveTable, ticks: Callable[[], float] = time.monotonic) -> None:
        self._waves, self._ticks = waves, ticks
        self._next_look = float("-inf")
        self._seen: Sequence[Wave] = ()

    def next_closing(self, *, now: datetime) -> datetime | None:
        if self._ticks() >= self._next_look:
            self._seen = self._waves.newest_first(limit=_WAVES_AHEAD)
            self._next_look = self._ticks() + _LOOK_SECONDS
        return next_closing(self._seen, now=now)


def entry_write(entry: WaveEntry) -> Write:
    return Write(_entry_item(entry), entry.version)


def _entry_item(entry: WaveEntry) -> EntryItem:
    pk = _partition(entry.wave, shard_of(entry.applicant_id))
    return EntryItem(pk, entry.applicant_id, kind="entry", id=entry.applicant_id, **to_fields(entry))


def _number(wave: WaveNumber) -> str:
    return f"{wave:06d}"


def _partition(wave: WaveNumber, shard: int) -> str:
    return f"entry#{_number(wave)}#{shard:02d}"


def _place(wave: int) -> str:
    return f"waves/{wave}/secret"

"""Table ``waves``: waves, and their entries spread over 64 partitions a wave."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Unmoved, Write, add, found, save, save_together
from chalicelib.adapters.storage.wave_indexes import WavesItem, WavesMeta
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.waves import Wave, WaveEntry, WaveState, next_step, shard_of

_WAVES = "wave"
_COUNTING_UNITS = 1_500


class WaveItem(WavesItem):
    """pk = ``wave``, sk = the number in six digits.

    The secret lies here in base64 of its sealed form until the draw publishes it.
    """

    class Meta(WavesMeta):
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
    recovered_by = NumberAttribute(null=True)
    beacon_round = NumberAttribute()
    planned_by = UnicodeAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)
    draw_attempt = NumberAttribute()
    annulments = JSONAttribute()
    frozen_root = UnicodeAttribute(null=True)
    draw_digest = UnicodeAttribute(null=True)
    entries = NumberAttribute(null=True)
    awards = NumberAttribute(null=True)


class EntryItem(WavesItem):
    """pk = ``entry#<wave>#<shard>``, sk = applicant id."""

    class Meta(WavesMeta):
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

    def add(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        try:
            self._write(replace(wave, version=0), recovered)
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone("wave_already_planned", field="number") from None
            raise StaleWrite from None

    def get(self, number: WaveNumber) -> Wave | None:
        item = found(WaveItem, _WAVES, _number(number))
        return self._wave(item) if item else None

    def save(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        try:
            self._write(wave, recovered)
        except Refused:
            raise StaleWrite from None

    def due(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        return self._found(WaveItem.by_due, WaveItem.due_at <= _utc(now), limit)

    def opened(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        return self._found(WaveItem.by_opening, WaveItem.opening <= _utc(now), limit, scan_index_forward=False)

    def to_open(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        return self._found(WaveItem.by_opening, WaveItem.opening > _utc(now), limit)

    def _found(self, index: Any, condition: Condition, limit: int, **order: bool) -> Sequence[Wave]:
        try:
            items = list(index.query(_WAVES, condition, limit=limit, **order))
        except PynamoDBException as error:
            raise StoreUnavailable from error
        return [self._wave(item) for item in items]

    def _write(self, wave: Wave, recovered: Sequence[Wave]) -> None:
        """``Refused`` with 0 among its places: the wave itself."""
        if recovered:
            save_together([Write(self._item(each), each.version) for each in (wave, *recovered)])
            return
        try:
            save(self._item(wave), read_version=wave.version)
        except StaleWrite:
            raise Refused(frozenset({0})) from None

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
        """Amazon counts, a page of 1 MB at a time; nothing is parsed. One partition allows 3,000 units a second, and
        whoever joined did so minutes ago: half of them, and half the price."""
        try:
            return EntryItem.count(_partition(wave, shard), rate_limit=_COUNTING_UNITS)
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
        save_entry(entry)

    def _wave(self, item: WaveItem) -> Wave:
        secret = self._sealer.open(bytes.fromhex(item.secret), place=_place(int(item.number)))
        return from_fields(Wave, item, secret=secret.decode())

    def _item(self, wave: Wave) -> WaveItem:
        sealed = self._sealer.seal(wave.secret.encode(), place=_place(wave.number)).hex()
        key, step = _number(wave.number), next_step(wave)
        places = {
            "due_at": _utc(step[1]) if step else None,
            "opening": None if wave.state is WaveState.PLANNED else _utc(wave.opens_at),
        }
        return WaveItem(_WAVES, key, kind="wave", id=key, **(to_fields(wave) | {"secret": sealed} | places))


def entry_write(entry: WaveEntry) -> Write:
    return Write(_entry_item(entry), entry.version)


def save_entry(entry: WaveEntry) -> None:
    save(_entry_item(entry), read_version=entry.version)


def entry_as_read(entry: WaveEntry) -> Unmoved:
    return Unmoved(EntryItem, _partition(entry.wave, shard_of(entry.applicant_id)), entry.applicant_id, entry.version)


def _entry_item(entry: WaveEntry) -> EntryItem:
    pk = _partition(entry.wave, shard_of(entry.applicant_id))
    return EntryItem(pk, entry.applicant_id, kind="entry", id=entry.applicant_id, **to_fields(entry))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _number(wave: WaveNumber) -> str:
    return f"{wave:06d}"


def _partition(wave: WaveNumber, shard: int) -> str:
    return f"entry#{_number(wave)}#{shard:02d}"


def _place(wave: int) -> str:
    return f"waves/{wave}/secret"

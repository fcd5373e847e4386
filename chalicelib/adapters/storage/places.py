"""Table ``waves``: places that fell free after a draw, and how far each province's order has been gone through."""

from collections.abc import Iterator

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Refused, Write, found, save_together
from chalicelib.adapters.storage.wave_indexes import WavesItem, WavesMeta
from chalicelib.adapters.storage.waves import entry_write
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.domain.waves import WaveEntry, shard_of


class FreedPlaceItem(WavesItem):
    """pk = ``freed#<wave>#<shard>``, sk = the id of whoever could not have it; one for each, for ever."""

    class Meta(WavesMeta):
        pass

    wave = NumberAttribute()
    freed_by = UnicodeAttribute()
    province_code = UnicodeAttribute()
    passed_to = UnicodeAttribute(null=True)


class WaitingOrderItem(WavesItem):
    """pk = ``order#<wave>``, sk = the province: 38 items in all."""

    class Meta(WavesMeta):
        pass

    wave = NumberAttribute()
    province_code = UnicodeAttribute()
    passed = JSONAttribute()
    lapsed = NumberAttribute()


class PlaceTable:
    def order(self, wave: WaveNumber, province: str) -> WaitingOrder:
        item = found(WaitingOrderItem, _orders(wave), province)
        return from_fields(WaitingOrder, item) if item else WaitingOrder(wave, province)

    def freed(self, wave: WaveNumber, by: ApplicantId) -> FreedPlace | None:
        item = found(FreedPlaceItem, _freed(wave, by), by)
        return from_fields(FreedPlace, item) if item else None

    def pass_on(self, place: FreedPlace, order: WaitingOrder, moved_up: WaveEntry | None) -> None:
        try:
            save_together([*place_writes(place, order), *([entry_write(moved_up)] if moved_up else [])])
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone("place_passed_on") from None
            raise StaleWrite("place_contended") from None

    def lapsed(self, wave: WaveNumber) -> int:
        return sum(int(item.lapsed) for item in _all_orders(wave))


def place_writes(place: FreedPlace, order: WaitingOrder) -> list[Write]:
    """A place once and for all, and the order behind it, for the transaction of another store."""
    return [Write(_place_item(place), 0), Write(_order_item(order), order.version)]


def _all_orders(wave: WaveNumber) -> Iterator[WaitingOrderItem]:
    try:
        yield from WaitingOrderItem.query(_orders(wave), consistent_read=True)
    except PynamoDBException as error:
        raise StoreUnavailable from error


def _place_item(place: FreedPlace) -> FreedPlaceItem:
    by = place.freed_by
    return FreedPlaceItem(_freed(place.wave, by), by, kind="place", id=by, state=place.state.value, **to_fields(place))


def _order_item(order: WaitingOrder) -> WaitingOrderItem:
    key = order.province_code
    return WaitingOrderItem(_orders(order.wave), key, kind="waiting_order", id=key, state="kept", **to_fields(order))


def _freed(wave: WaveNumber, by: ApplicantId) -> str:
    return f"freed#{wave:06d}#{shard_of(by):02d}"


def _orders(wave: WaveNumber) -> str:
    return f"order#{wave:06d}"

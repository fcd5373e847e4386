"""Places that fell free, beside the waves' entries."""

from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.domain.waves import WaveEntry
from tests.fakes.shelves import FakeStore, Put, Refused, Shelf
from tests.fakes.trouble import Trouble, outside
from tests.fakes.waves import FakeWaves


class FakePlaces(FakeStore):
    name = "places"

    def __init__(self, waves: FakeWaves, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._waves = waves
        self._orders: Shelf[tuple[WaveNumber, str], WaitingOrder] = Shelf()
        self._freed: Shelf[tuple[WaveNumber, ApplicantId], FreedPlace] = Shelf()

    @outside
    def order(self, wave: WaveNumber, province: str) -> WaitingOrder:
        return self._orders.get((wave, province)) or WaitingOrder(wave, province)

    @outside
    def freed(self, wave: WaveNumber, by: ApplicantId) -> FreedPlace | None:
        return self._freed.get((wave, by))

    @outside
    def pass_on(self, place: FreedPlace, order: WaitingOrder, moved_up: WaveEntry | None) -> None:
        puts = [*self.puts_of(place, order), *([self._waves.entry_put(moved_up)] if moved_up else [])]
        try:
            self._write(*puts)
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone("place_passed_on") from None
            raise StaleWrite("place_contended") from None

    def puts_of(self, place: FreedPlace, order: WaitingOrder) -> list[Put]:
        """For the transaction of another fake."""
        noted = replace(order, version=order.version + 1)
        return [
            self._freed.put((place.wave, place.freed_by), place),
            self._orders.put((order.wave, order.province_code), noted, order.version),
        ]

    @outside
    def lapsed(self, wave: WaveNumber) -> int:
        return sum(order.lapsed for order in self._orders.values() if order.wave == wave)

    def all(self) -> list[FreedPlace]:
        """For whoever checks: looking is no call outside."""
        return self._freed.values()

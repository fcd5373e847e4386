"""What ``Places`` promises."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
from chalicelib.domain.selection.stratum import Stratum
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry
from tests.builders import an_applicant_id, an_entry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh

STRATUM = Stratum(group=0, class_=1, entries=9, standing=9, places=2, start=0)


def waiting(stores: Stores, wave: WaveNumber) -> WaveEntry:
    entry = an_entry(fresh(), wave)
    stores.waves.add_entry(entry)
    return replace(entry, version=1)


def freed(wave: WaveNumber, heir: WaveEntry | None = None) -> FreedPlace:
    return FreedPlace(wave, an_applicant_id(fresh()), "31", heir.applicant_id if heir else None)


def pass_on(stores: Stores, wave: WaveNumber) -> FreedPlace:
    heir = waiting(stores, wave)
    place, order = freed(wave, heir), stores.places.order(wave, "31")
    stores.places.pass_on(place, order.gone_past(STRATUM), move_entry(heir, EntryEvent.MOVE_UP))
    return place


def state_of(stores: Stores, entry: WaveEntry) -> EntryState:
    return stores.waves.entries_of(entry.applicant_id, [entry.wave])[0].state


def test_of_a_province_in_which_no_place_fell_free_the_order_is_new(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    assert stores.places.order(wave, "31") == WaitingOrder(wave, "31")
    assert stores.places.freed(wave, an_applicant_id(fresh())) is None
    assert stores.places.lapsed(wave) == 0


def test_a_place_is_passed_on_with_the_order_and_the_entry(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    heir = waiting(stores, wave)
    place, order = freed(wave, heir), stores.places.order(wave, "31").gone_past(STRATUM)
    stores.places.pass_on(place, order, move_entry(heir, EntryEvent.MOVE_UP))
    assert stores.places.freed(wave, place.freed_by) == place
    assert stores.places.order(wave, "31") == replace(order, version=1)
    assert state_of(stores, heir) is EntryState.CHOSEN


def test_places_that_lapse_are_counted_over_provinces_and_for_each_wave(stores: Stores) -> None:
    wave, other = WaveNumber(fresh()), WaveNumber(fresh())
    for province in ("11", "31", "31"):
        order = stores.places.order(wave, province).with_lapsed()
        stores.places.pass_on(replace(freed(wave), province_code=province), order, None)
    stores.places.pass_on(freed(other), stores.places.order(other, "31").with_lapsed(), None)
    assert (stores.places.lapsed(wave), stores.places.lapsed(other)) == (3, 1)


def test_a_place_is_passed_on_once(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    place, late = pass_on(stores, wave), waiting(stores, wave)
    before = stores.places.order(wave, "31")
    with pytest.raises(AlreadyDone, match="place_passed_on"):
        stores.places.pass_on(place, before.gone_past(STRATUM), move_entry(late, EntryEvent.MOVE_UP))
    assert state_of(stores, late) is EntryState.JOINED
    assert stores.places.order(wave, "31") == before


def test_who_looked_at_an_older_order_looks_again(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    read, late = stores.places.order(wave, "31"), waiting(stores, wave)
    pass_on(stores, wave)
    place = freed(wave, late)
    with pytest.raises(StaleWrite):
        stores.places.pass_on(place, read.gone_past(STRATUM), move_entry(late, EntryEvent.MOVE_UP))
    assert stores.places.freed(wave, place.freed_by) is None
    assert state_of(stores, late) is EntryState.JOINED


def test_an_entry_that_moved_meanwhile_is_looked_at_again(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    heir = waiting(stores, wave)
    stores.waves.save_entry(move_entry(heir, EntryEvent.PASS_OVER, reason="not_drawn"))
    place = freed(wave, heir)
    with pytest.raises(StaleWrite):
        stores.places.pass_on(place, stores.places.order(wave, "31"), move_entry(heir, EntryEvent.MOVE_UP))
    assert stores.places.freed(wave, place.freed_by) is None
    assert state_of(stores, heir) is EntryState.NOT_CHOSEN


def test_a_lost_reply_does_not_pass_a_place_on_twice(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    with stores.one_reply_lost():
        place = pass_on(stores, wave)
    assert stores.places.freed(wave, place.freed_by) == place
    assert stores.places.order(wave, "31").passed == {"0/1": 1}


def test_of_two_at_once_in_one_province_one_looks_again(stores: Stores) -> None:
    wave = WaveNumber(fresh())
    heirs = [waiting(stores, wave) for _ in range(4)]
    begin, order = Barrier(len(heirs)), stores.places.order(wave, "31").gone_past(STRATUM)

    def take(heir: WaveEntry) -> bool:
        begin.wait(30)
        try:
            stores.places.pass_on(freed(wave, heir), order, move_entry(heir, EntryEvent.MOVE_UP))
        except StaleWrite:
            return False
        return True

    with ThreadPoolExecutor(len(heirs)) as pool:
        assert sum(pool.map(take, heirs)) == 1
    assert [state_of(stores, heir) for heir in heirs].count(EntryState.CHOSEN) == 1

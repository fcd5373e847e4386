"""What ``Waves`` promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.time import WIB
from chalicelib.domain.waves import (
    SHARDS,
    Annulment,
    EntryEvent,
    Wave,
    WaveEntry,
    WaveEvent,
    WaveState,
    move_entry,
    move_wave,
    shard_of,
)
from chalicelib.ports import Waves
from tests.builders import CHECKER, MAKER, a_wave, an_applicant_id, an_entry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def joined(waves: Waves, wave: int, many: int) -> list[WaveEntry]:
    entries = [an_entry(fresh(), wave) for _ in range(many)]
    for entry in entries:
        waves.add_entry(entry)
    return [replace(entry, version=1) for entry in entries]


def in_all_shards(waves: Waves, wave: int) -> Sequence[tuple[int, WaveEntry]]:
    number = WaveNumber(wave)
    return [(shard, entry) for shard in range(SHARDS) for entry in waves.entries_in_shard(number, shard)]


def test_a_wave_comes_back_as_it_was_planned(waves: Waves) -> None:
    wave = a_wave(fresh(), draw_digest="0f" * 32, entries=77_834, awards=1_000)
    waves.add(wave)
    assert waves.get(wave.number) == replace(wave, version=1)


def test_a_wave_that_nobody_planned_is_not_there(waves: Waves) -> None:
    assert waves.get(WaveNumber(fresh())) is None


def test_a_wave_is_planned_once(waves: Waves) -> None:
    wave = a_wave(fresh())
    waves.add(wave)
    with pytest.raises(AlreadyDone, match="wave_already_planned"):
        waves.add(replace(wave, quota=1))
    assert waves.get(wave.number) == replace(wave, version=1)


def test_a_stale_move_of_a_wave_is_refused(waves: Waves) -> None:
    wave = a_wave(fresh())
    waves.add(wave)
    read = replace(wave, version=1)
    waves.save(move_wave(read, WaveEvent.OPEN))
    with pytest.raises(StaleWrite):
        waves.save(replace(read, quota=1))
    assert waves.get(wave.number) == replace(move_wave(read, WaveEvent.OPEN), version=2)


def test_waves_are_told_newest_first_page_by_page(waves: Waves) -> None:
    numbers = [fresh() for _ in range(5)]
    for number in numbers:
        waves.add(a_wave(number))
    newest = waves.newest_first(limit=2)
    older = waves.newest_first(limit=3, before=newest[-1].number)
    assert [int(wave.number) for wave in [*newest, *older]] == numbers[::-1]


DRAWN = {
    "basis": "2020",
    "floor": 0,
    "groups": ("laid_off",),
    "reserved_permille": {"women": 500},
    "recovers": (1, 2),
    "recovered_by": 7,
    "beacon_round": 123_456_789,
    "planned_by": MAKER,
    "approved_by": CHECKER,
    "draws_at": NOON + timedelta(days=3, hours=1),
    "training_starts_at": NOON + timedelta(days=5),
    "annulments": (Annulment(1, "Why it was.", MAKER, NOON, (CHECKER,), "0f" * 32, NOON + timedelta(hours=1)),),
}


def test_all_that_is_known_of_a_wave_comes_back(waves: Waves) -> None:
    wave = a_wave(fresh(), **DRAWN)
    waves.add(wave)
    assert waves.get(wave.number) == replace(wave, version=1)


def far(waves: Waves, *numbers: int) -> datetime:
    """A time of which no other test knows, an hour before the first of these waves opens; a day lies between them. So
    long ago that nothing else is due by then."""
    begins = NOON - timedelta(days=300_000 - 10 * numbers[0])
    for day, number in enumerate(numbers):
        opens = begins + timedelta(days=day, hours=1)
        waves.add(a_wave(number, opens_at=opens.astimezone(WIB), closes_at=opens + timedelta(hours=12)))
    return begins


def only(found: Sequence[Wave], *numbers: int) -> list[int]:
    return [int(wave.number) for wave in found if wave.number in numbers]


def test_waves_are_found_by_when_they_open_in_any_zone(waves: Waves) -> None:
    first, second, third = (fresh() for _ in range(3))
    begins = far(waves, first, second, third)
    noon = begins + timedelta(days=1, hours=1)
    assert only(waves.opened(now=noon, limit=2), first, second, third) == [second, first]
    assert only(waves.to_open(now=noon, limit=1), first, second, third) == [third]
    assert only(waves.to_open(now=noon - timedelta(seconds=1), limit=2), first, second, third) == [second, third]


def test_a_wave_is_due_at_its_next_step_until_it_has_none(waves: Waves) -> None:
    number = fresh()
    begins = far(waves, number)
    opens = begins + timedelta(hours=1)
    assert only(waves.due(now=opens - timedelta(seconds=1), limit=500), number) == []
    assert only(waves.due(now=opens, limit=500), number) == [number]
    wave = waves.get(WaveNumber(number))
    assert wave is not None
    waves.save(move_wave(wave, WaveEvent.OPEN))
    assert only(waves.due(now=wave.closes_at - timedelta(seconds=1), limit=500), number) == []
    assert only(waves.due(now=wave.closes_at, limit=500), number) == [number]
    waves.save(replace(wave, state=WaveState.ANNOUNCED, version=2))
    assert only(waves.due(now=wave.announces_at, limit=500), number) == []


def test_a_plan_that_nobody_approved_is_neither_due_nor_to_open(waves: Waves) -> None:
    number = fresh()
    wave = a_wave(number, opens_at=NOON - timedelta(days=300_500), state=WaveState.PLANNED)
    waves.add(wave)
    later = wave.opens_at + timedelta(hours=1)
    for found in (waves.due, waves.opened):
        assert only(found(now=later, limit=500), number) == []
    assert only(waves.to_open(now=wave.opens_at - timedelta(hours=1), limit=1), number) == []


def test_what_is_due_longest_comes_first_and_no_more_than_asked_for(waves: Waves) -> None:
    late, early = fresh(), fresh()
    for number, hours in ((late, 1), (early, 2)):
        waves.add(a_wave(number, opens_at=NOON - timedelta(days=400_000, hours=hours)))
    found = waves.due(now=NOON - timedelta(days=399_000), limit=2)
    assert [int(wave.number) for wave in found] == [early, late]


def test_a_wave_is_planned_with_those_that_it_recovers_or_not_at_all(waves: Waves) -> None:
    recovered, first, second = fresh(), fresh(), fresh()
    waves.add(a_wave(recovered))
    read = waves.get(WaveNumber(recovered))
    assert read is not None
    waves.add(a_wave(first, recovers=(recovered,)), recovered=[replace(read, recovered_by=first)])
    with pytest.raises(StaleWrite):
        waves.add(a_wave(second, recovers=(recovered,)), recovered=[replace(read, recovered_by=second)])
    assert waves.get(WaveNumber(second)) is None
    with pytest.raises(AlreadyDone, match="wave_already_planned"):
        waves.add(a_wave(first), recovered=[replace(read, version=2)])
    stored, claimed = waves.get(WaveNumber(first)), waves.get(WaveNumber(recovered))
    assert (stored and stored.version, claimed and claimed.recovered_by) == (1, first)
    assert stored is not None
    assert claimed is not None
    waves.save(replace(stored, recovers=()), recovered=[replace(claimed, recovered_by=None)])
    with pytest.raises(StaleWrite):
        waves.save(stored, recovered=[replace(claimed, recovered_by=first)])
    let_go = waves.get(WaveNumber(recovered))
    assert (let_go and let_go.recovered_by) is None


def test_a_lost_reply_does_not_make_a_plan_a_duplicate(stores: Stores) -> None:
    for recovered in ((), (a_wave(fresh()),)):
        wave = a_wave(fresh())
        with stores.one_reply_lost():
            stores.waves.add(wave, recovered=recovered)
        assert stores.waves.get(wave.number) == replace(wave, version=1)


def test_an_applicant_joins_a_wave_once(waves: Waves) -> None:
    wave = fresh()
    (entry,) = joined(waves, wave, 1)
    with pytest.raises(AlreadyDone, match="wave_already_joined"):
        waves.add_entry(replace(entry, province_code="11", version=0))
    assert list(waves.entries_of(entry.applicant_id, [WaveNumber(wave)])) == [entry]


def test_a_lost_reply_does_not_make_an_entry_a_duplicate(stores: Stores) -> None:
    entry = an_entry(fresh(), fresh())
    with stores.one_reply_lost():
        stores.waves.add_entry(entry)
    assert list(stores.waves.entries_of(entry.applicant_id, [entry.wave])) == [replace(entry, version=1)]


def test_entries_of_an_applicant_are_told_by_wave_and_only_of_the_waves_asked_for(waves: Waves) -> None:
    person, numbers = fresh(), [fresh() for _ in range(3)]
    for number in reversed(numbers):
        waves.add_entry(an_entry(person, number))
    asked = [WaveNumber(number) for number in (numbers[2], numbers[0], fresh())]
    found = waves.entries_of(an_applicant_id(person), asked)
    assert [int(entry.wave) for entry in found] == [numbers[0], numbers[2]]
    assert not waves.entries_of(an_applicant_id(person), [])


def test_the_shards_of_a_wave_hold_every_entry_once_and_none_of_another_wave(waves: Waves) -> None:
    wave, other = fresh(), fresh()
    entries = joined(waves, wave, 40)
    joined(waves, other, 3)
    found = in_all_shards(waves, wave)
    assert sorted(entry.applicant_id for _, entry in found) == sorted(entry.applicant_id for entry in entries)
    assert all(shard == shard_of(entry.applicant_id) for shard, entry in found)
    assert {entry for _, entry in found} == set(entries)


def test_a_stale_move_of_an_entry_is_refused(waves: Waves) -> None:
    wave = fresh()
    (entry,) = joined(waves, wave, 1)
    chosen = move_entry(entry, EntryEvent.CHOOSE)
    waves.save_entry(chosen)
    with pytest.raises(StaleWrite):
        waves.save_entry(move_entry(entry, EntryEvent.PASS_OVER, reason="not_drawn"))
    assert list(waves.entries_of(entry.applicant_id, [entry.wave])) == [replace(chosen, version=2)]

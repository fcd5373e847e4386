"""What ``Waves`` promises."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import SHARDS, EntryEvent, WaveEntry, WaveEvent, move_entry, move_wave, shard_of
from chalicelib.ports import Waves
from tests.builders import a_wave, an_applicant_id, an_entry
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh


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

"""Write the draw's result into the entries of one shard."""

from collections import Counter

import pytest

from chalicelib.domain.errors import NotFound, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection import DrawEntry, draw
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry, shard_of
from chalicelib.use_cases.selection.record_results import record_results
from tests.builders import an_applicant_id, an_entry
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = WaveNumber(1)
SHARD = shard_of(an_applicant_id(1))
SHARED = [number for number in range(1, 600) if shard_of(an_applicant_id(number)) == SHARD]
"""People whose entries lie in one shard."""


def published(*, quota: int = 4) -> World:
    world = World()
    for number in SHARED:
        world.waves.add_entry(an_entry(number))
    entries = [DrawEntry(an_entry(number).pseudonym, "31") for number in SHARED]
    world.draws.publish(draw(1, quota=quota, floor=0, secret="secret", entries=entries))
    return world


def record(world: World) -> list[WaveEntry]:
    record_results(NUMBER, SHARD, waves=world.waves, draws=world.draws)
    return list(world.waves.entries_in_shard(NUMBER, SHARD))


def test_winners_are_chosen_and_all_others_told_that_they_were_not_drawn() -> None:
    world = published()
    entries, drawn = record(world), world.draws.get(NUMBER)
    assert drawn
    assert len(SHARED) > 4
    assert Counter(entry.state for entry in entries) == {EntryState.CHOSEN: 4, EntryState.NOT_CHOSEN: len(SHARED) - 4}
    for entry in entries:
        is_chosen = entry.state is EntryState.CHOSEN
        assert is_chosen is (entry.pseudonym in drawn.winners)
        assert entry.reason == (None if is_chosen else "not_drawn")


def test_what_was_recorded_is_not_written_again() -> None:
    world = published()
    assert record(world) == record(world)


def test_an_entry_that_moved_on_stays_where_it_is() -> None:
    world = published(quota=1_000)
    first = record(world)[0]
    world.waves.save_entry(move_entry(first, EntryEvent.EXCLUDE, reason="family_limit"))
    assert Counter(entry.state for entry in record(world))[EntryState.EXCLUDED] == 1


def test_a_wave_without_a_draw_records_nothing(world: World) -> None:
    world.waves.add_entry(an_entry(1))
    with pytest.raises(NotFound, match="draw_unknown"):
        record(world)


def test_an_empty_shard_asks_for_no_draw(world: World) -> None:
    assert record(world) == []
    assert "draws.get" not in world.trouble.calls


def test_an_entry_that_the_draw_does_not_know_is_not_chosen() -> None:
    world = published(quota=1_000)
    late = next(number for number in range(600, 2_000) if shard_of(an_applicant_id(number)) == SHARD)
    world.waves.add_entry(an_entry(late))
    states = {entry.applicant_id: entry.state for entry in record(world)}
    assert states[an_applicant_id(late)] is EntryState.NOT_CHOSEN
    assert states[an_applicant_id(SHARED[0])] is EntryState.CHOSEN


def test_two_copies_at_once_record_one_result() -> None:
    world = published()
    world.waves.fails_before("save_entry", StaleWrite())
    with pytest.raises(StaleWrite):
        record(world)
    assert EntryState.JOINED not in {entry.state for entry in record(world)}


def test_recording_survives_every_accident() -> None:
    workflow = Workflow(published, record, lambda world: list(world.waves.entries_in_shard(NUMBER, SHARD)))
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

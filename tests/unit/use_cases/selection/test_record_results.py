"""Write the draw's result into the entries of one shard."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict, Misconfigured, NotFound, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, WaveState, move_entry, shard_of
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes
from chalicelib.use_cases.selection.record_results import record_results
from tests.builders import a_wave, an_applicant_id, an_entry
from tests.drawn import SEED, drawn_wave
from tests.fakes import FakeClock, FakeWaves, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = WaveNumber(1)
SHARD = shard_of(an_applicant_id(1))
SHARED = [number for number in range(1, 900) if shard_of(an_applicant_id(number)) == SHARD]
"""People whose entries lie in one shard."""


def announced(*, places: int = 4, out: dict[str, str] | None = None, people: Sequence[int] = SHARED) -> World:
    world = World()
    entries = [an_entry(number) for number in people]
    drawn_wave(a_wave(), entries, {"31": places}, waves=world.waves, files=world.draw_files, out=out)
    return world


def record(world: World, after: Any = None, page_entries: int = 500) -> list[WaveEntry]:
    record_results(
        NUMBER,
        SHARD,
        after,
        waves=world.waves,
        outcomes=KeptOutcomes(world.draw_files),
        messages=world.messages,
        clock=world.clock,
        page_entries=page_entries,
    )
    return entries_of(world)


def entries_of(world: World) -> list[WaveEntry]:
    return list(world.waves.entries_in_shard(NUMBER, SHARD))


def record_all(world: World, page_entries: int = 500) -> list[WaveEntry]:
    """This message, and those that follow from it."""
    waiting: list[Any] = [{"after": None}]
    while waiting:
        record(world, waiting.pop().get("after"), page_entries)
        waiting += world.messages.on(Queue.RESULTS_TO_RECORD)
        world.messages.sent.clear()
    return entries_of(world)


def test_winners_are_chosen_and_all_others_told_that_they_were_not_drawn() -> None:
    world = announced()
    winners = world.draw_files.read(names.winners_name(NUMBER, 1, "31"))
    entries = record(world)
    assert Counter(entry.state for entry in entries) == {EntryState.CHOSEN: 4, EntryState.NOT_CHOSEN: len(SHARED) - 4}
    for entry in entries:
        is_chosen = entry.state is EntryState.CHOSEN
        assert is_chosen is (bytes.fromhex(entry.pseudonym) in winners)
        assert entry.reason == (None if is_chosen else "not_drawn")


@pytest.mark.parametrize("reason", ["family_lot", "family_limit"])
def test_whom_the_family_left_no_place_is_told_so(reason: str) -> None:
    kin = an_entry(SHARED[0]).pseudonym
    first = {entry.pseudonym: entry for entry in record(announced(places=1_000, out={kin: reason}))}
    assert (first[kin].state, first[kin].reason) == (EntryState.NOT_CHOSEN, reason)
    assert {entry.state for pseudonym, entry in first.items() if pseudonym != kin} == {EntryState.CHOSEN}


def test_a_shard_is_recorded_page_by_page() -> None:
    world = announced()
    record(world, page_entries=5)
    assert EntryState.JOINED in {entry.state for entry in entries_of(world)}
    last = sorted(an_applicant_id(number) for number in SHARED)[4]
    assert world.messages.on(Queue.RESULTS_TO_RECORD) == [{"wave": 1, "shard": SHARD, "after": last}]
    assert Counter(each.state for each in record_all(world, page_entries=5))[EntryState.CHOSEN] == 4
    assert EntryState.JOINED not in {entry.state for entry in entries_of(world)}


class SlowWaves(FakeWaves):
    clock: FakeClock

    def save_entry(self, entry: WaveEntry) -> None:
        self.clock.passes(seconds=40)
        super().save_entry(entry)


def test_on_a_slow_day_a_message_does_less_and_the_next_goes_on() -> None:
    world = announced()
    slow = SlowWaves(world.trouble)
    slow.__dict__.update(world.waves.__dict__, clock=world.clock)
    world.waves = slow
    record(world)
    assert Counter(each.state for each in entries_of(world))[EntryState.JOINED] == len(SHARED) - 2
    record_all(world)
    assert EntryState.JOINED not in {entry.state for entry in entries_of(world)}


def test_the_last_page_asks_for_no_other() -> None:
    world = announced()
    record(world)
    assert not world.messages.sent


def test_what_was_recorded_is_not_written_again() -> None:
    world = announced()
    assert record(world) == record(world)


def test_an_entry_that_moved_on_stays_where_it_is() -> None:
    world = announced(places=1_000)
    first = record(world)[0]
    world.waves.save_entry(move_entry(first, EntryEvent.EXCLUDE, reason="family_limit"))
    assert Counter(entry.state for entry in record(world))[EntryState.EXCLUDED] == 1


def test_whoever_moved_up_before_being_told_stays_chosen() -> None:
    world = announced(places=0)
    entry = entries_of(world)[0]
    world.waves.save_entry(move_entry(entry, EntryEvent.MOVE_UP))
    assert Counter(entry.state for entry in record(world))[EntryState.CHOSEN] == 1


def test_an_entry_that_the_draw_does_not_know_is_not_chosen() -> None:
    world = announced(places=1_000)
    late = next(number for number in range(900, 2_000) if shard_of(an_applicant_id(number)) == SHARD)
    world.waves.add_entry(an_entry(late))
    states = {entry.applicant_id: entry.state for entry in record(world)}
    assert states.pop(an_applicant_id(late)) is EntryState.NOT_CHOSEN
    assert set(states.values()) == {EntryState.CHOSEN}


def test_nothing_is_recorded_of_a_wave_that_is_not_announced() -> None:
    world = announced()
    with pytest.raises(NotFound, match="wave_unknown"):
        record_results(
            WaveNumber(2),
            SHARD,
            waves=world.waves,
            outcomes=KeptOutcomes(world.draw_files),
            messages=world.messages,
            clock=world.clock,
        )
    wave = world.waves.get(NUMBER)
    assert wave
    world.waves.save(replace(wave, state=WaveState.FROZEN))
    with pytest.raises(Conflict, match="wave_not_announced"):
        record(world)
    assert {entry.state for entry in entries_of(world)} == {EntryState.JOINED}


def lose_winners(world: World) -> None:
    world.draw_files.write(names.winners_name(NUMBER, 1, "31"), b"")


def turn_a_bit(world: World) -> None:
    name = names.winners_name(NUMBER, 1, "31")
    content = world.draw_files.read(name)
    world.draw_files.write(name, bytes([content[0] ^ 1]) + content[1:])


def add_an_excluded(world: World) -> None:
    world.draw_files.write(names.excluded_name(NUMBER, 1), bytes(17))


@pytest.mark.parametrize("spoil", [lose_winners, turn_a_bit, add_an_excluded])
def test_files_that_are_not_those_of_the_published_draw_decide_nothing(spoil: Callable[[World], None]) -> None:
    world = announced()
    spoil(world)
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        record(world)
    assert {entry.state for entry in entries_of(world)} == {EntryState.JOINED}


@pytest.mark.parametrize(
    "changes",
    [{"group": 1}, {"is_woman": True}, {"is_disabled": True}, {"province_code": "32"}],
)
def test_whoever_won_as_another_than_the_table_says_is_not_chosen(changes: dict[str, Any]) -> None:
    """The list is made of what a stream told, and its files lie where others may write."""
    world = announced(places=1_000)
    entry = entries_of(world)[-1]
    world.waves.save_entry(replace(entry, **changes))
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        record(world)
    assert {entry.state for entry in entries_of(world)} == {EntryState.JOINED}


def test_a_place_won_in_another_group_than_ones_own_is_none() -> None:
    """There is such a group in the draw, but its cut-off lies below this ticket."""
    world = World()
    tickets = {number: Lottery(SEED, 1).ticket(bytes.fromhex(an_entry(number).pseudonym)) for number in SHARED}
    first, *others = sorted(SHARED, key=tickets.__getitem__)
    entries = [an_entry(first, group=1), *(an_entry(number) for number in others)]
    drawn_wave(a_wave(), entries, {"31": 1_000}, waves=world.waves, files=world.draw_files)
    (last,) = world.waves.entries_of(an_applicant_id(others[-1]), [NUMBER])
    world.waves.save_entry(replace(last, group=1))
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        record(world)


def test_the_winners_are_read_once_for_many_pages() -> None:
    world = announced()
    outcomes, wave = KeptOutcomes(world.draw_files), world.waves.get(NUMBER)
    assert wave
    outcomes.of(wave)
    read = world.trouble.calls.count("draw_files.read")
    assert outcomes.of(wave) is outcomes.of(wave)
    assert world.trouble.calls.count("draw_files.read") == read
    assert outcomes.of(replace(wave, number=NUMBER)) is outcomes.of(wave)


def test_another_attempt_is_another_draw() -> None:
    world = announced()
    outcomes, wave = KeptOutcomes(world.draw_files), world.waves.get(NUMBER)
    assert wave
    outcomes.of(wave)
    with pytest.raises(Misconfigured, match="draw_not_published"):
        outcomes.of(replace(wave, draw_attempt=2))


def test_two_copies_at_once_record_one_result() -> None:
    world = announced()
    world.waves.fails_before("save_entry", StaleWrite())
    with pytest.raises(StaleWrite):
        record(world)
    assert EntryState.JOINED not in {entry.state for entry in record(world)}


def test_recording_survives_every_accident() -> None:
    workflow = Workflow(lambda: announced(people=SHARED[:4]), record, entries_of)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

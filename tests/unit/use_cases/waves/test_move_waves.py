"""Move each wave that is due, one step a tick, however often the clock ticks."""

from datetime import timedelta

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.waves import SETTLING_TIME, Wave, WaveState
from chalicelib.use_cases.waves.move_waves import move_waves
from tests.builders import a_wave
from tests.fakes import NOON, World

WAVE = a_wave()


def tick(world: World) -> list[WaveState]:
    move_waves(waves=world.waves, messages=world.messages, clock=world.clock)
    return [wave.state for wave in world.waves.newest_first(limit=50)]


def with_waves(*waves: Wave) -> World:
    world = World()
    for wave in waves:
        world.waves.add(wave)
    return world


def test_a_wave_opens_and_closes_at_its_times() -> None:
    world = with_waves(WAVE)
    world.clock.moves_to(WAVE.opens_at - timedelta(seconds=1))
    assert tick(world) == [WaveState.APPROVED]
    world.clock.moves_to(WAVE.opens_at)
    assert tick(world) == [WaveState.OPEN]
    world.clock.moves_to(WAVE.closes_at)
    assert tick(world) == [WaveState.CLOSED]


def test_a_plan_that_nobody_approved_stays_where_it_is() -> None:
    world = with_waves(a_wave(state=WaveState.PLANNED))
    world.clock.moves_to(WAVE.announces_at)
    assert tick(world) == [WaveState.PLANNED]
    assert not world.messages.sent


def test_a_frozen_wave_is_asked_to_be_drawn_when_its_random_value_comes() -> None:
    world = with_waves(a_wave(state=WaveState.FROZEN, draws_at=WAVE.closes_at + timedelta(hours=2)))
    world.clock.moves_to(WAVE.closes_at + timedelta(hours=2) - timedelta(seconds=1))
    tick(world)
    assert not world.messages.sent
    world.clock.passes(seconds=1)
    for _ in range(2):
        assert tick(world) == [WaveState.FROZEN]
    assert world.messages.sent == [(Queue.DRAW_STEPS_TO_TAKE, {"wave": 1})] * 2


def test_a_closed_wave_is_asked_to_be_frozen_until_it_is() -> None:
    world = with_waves(a_wave(state=WaveState.CLOSED))
    world.clock.moves_to(WAVE.closes_at + SETTLING_TIME - timedelta(seconds=1))
    tick(world)
    assert not world.messages.sent
    world.clock.passes(seconds=1)
    for _ in range(2):
        assert tick(world) == [WaveState.CLOSED]
    assert world.messages.sent == [(Queue.DRAW_STEPS_TO_TAKE, {"wave": 1})] * 2


def test_a_drawn_wave_is_announced_at_its_time_and_then_left_alone() -> None:
    world = with_waves(a_wave(state=WaveState.DRAWN))
    world.clock.moves_to(WAVE.announces_at - timedelta(seconds=1))
    assert tick(world) == [WaveState.DRAWN]
    world.clock.passes(seconds=1)
    assert tick(world) == tick(world) == [WaveState.ANNOUNCED]
    assert not world.messages.sent


def test_missed_ticks_are_caught_up_one_step_a_tick() -> None:
    world = with_waves(WAVE)
    world.clock.moves_to(WAVE.announces_at + timedelta(days=9))
    assert [tick(world) for _ in range(3)] == [[WaveState.OPEN], [WaveState.CLOSED], [WaveState.CLOSED]]
    assert world.messages.on(Queue.DRAW_STEPS_TO_TAKE)


def test_the_clock_sees_every_wave_that_is_due_however_many_are_planned_ahead() -> None:
    ahead = [a_wave(n, opens_at=NOON + timedelta(weeks=n), closes_at=NOON + timedelta(weeks=n + 1)) for n in range(104)]
    world = with_waves(*ahead[1:], a_wave(104, opens_at=NOON - timedelta(days=9), closes_at=NOON - timedelta(days=1)))
    world.waves.add(a_wave(105, opens_at=NOON - timedelta(days=1)))
    tick(world)
    moved = {int(wave.number): wave.state for wave in world.waves.newest_first(limit=200)}
    assert {number for number, state in moved.items() if state is WaveState.OPEN} == {104, 105}


def test_every_wave_moves_by_its_own_times() -> None:
    later = a_wave(2, opens_at=WAVE.closes_at, closes_at=WAVE.closes_at + timedelta(days=3))
    world = with_waves(WAVE, later)
    world.clock.moves_to(WAVE.closes_at - timedelta(seconds=1))
    assert tick(world) == [WaveState.APPROVED, WaveState.OPEN]


def test_two_clocks_that_tick_at_once_move_a_wave_once() -> None:
    world = with_waves(WAVE, a_wave(2))
    world.waves.fails_before("save", StaleWrite())
    assert sorted(tick(world)) == [WaveState.APPROVED, WaveState.OPEN]
    assert tick(world) == [WaveState.OPEN, WaveState.OPEN]


def test_a_wave_that_was_never_ticked_open_is_still_drawn_only_after_it_closed() -> None:
    world = with_waves(WAVE)
    world.clock.moves_to(WAVE.closes_at - timedelta(seconds=1))
    for _ in range(5):
        tick(world)
    assert not world.messages.sent

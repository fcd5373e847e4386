"""Draw a closed wave: once, and the same however often it is asked."""

import pytest

from chalicelib.domain.errors import Misconfigured, StoreUnavailable
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection import DrawEntry, draw
from chalicelib.domain.waves import SETTLING_TIME, Wave, WaveState
from chalicelib.use_cases.selection.draw_wave import draw_wave
from tests.builders import a_wave, an_entry
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = WaveNumber(1)
PEOPLE, QUOTA = 24, 8


def closed(state: WaveState = WaveState.CLOSED) -> World:
    """24 people from two provinces want 8 places; the list may be read."""
    world = World()
    world.waves.add(a_wave(quota=QUOTA, state=state))
    world.waves.add(a_wave(2))
    for number in range(PEOPLE):
        world.waves.add_entry(an_entry(number, province_code="31" if number % 3 else "11"))
    world.waves.add_entry(an_entry(PEOPLE, wave=2))
    world.clock.moves_to(a_wave().closes_at + SETTLING_TIME)
    return world


def draw_it(world: World) -> None:
    draw_wave(NUMBER, waves=world.waves, draws=world.draws, clock=world.clock)


def wave(world: World) -> Wave:
    found = world.waves.get(NUMBER)
    assert found
    return found


def test_a_closed_wave_is_drawn_and_its_draw_published() -> None:
    world = closed()
    draw_it(world)
    published = world.draws.get(NUMBER)
    assert published
    assert (wave(world).state, wave(world).entries, wave(world).awards) == (WaveState.DRAWN, PEOPLE, QUOTA)
    assert wave(world).draw_digest == world.draws.publish(published)


def test_the_published_draw_is_that_of_the_list_and_the_committed_secret() -> None:
    world = closed()
    draw_it(world)
    entries = [DrawEntry(each.pseudonym, each.province_code) for each in map(entry_of, range(PEOPLE))]
    assert world.draws.get(NUMBER) == draw(1, quota=QUOTA, floor=1, secret=a_wave().secret, entries=entries)


def entry_of(number: int) -> DrawEntry:
    entry = an_entry(number, province_code="31" if number % 3 else "11")
    return DrawEntry(entry.pseudonym, entry.province_code)


@pytest.mark.parametrize("state", [state for state in WaveState if state is not WaveState.CLOSED])
def test_a_wave_that_is_not_closed_is_not_drawn(state: WaveState) -> None:
    world = closed(state)
    draw_it(world)
    assert wave(world).state is state
    assert world.draws.get(NUMBER) is None


def test_a_wave_is_not_drawn_while_a_request_may_still_write() -> None:
    world = closed()
    world.clock.passes(seconds=-1)
    draw_it(world)
    assert world.draws.get(NUMBER) is None


def test_a_wave_that_nobody_planned_is_not_drawn(world: World) -> None:
    draw_wave(WaveNumber(9), waves=world.waves, draws=world.draws, clock=world.clock)
    assert world.draws.get(WaveNumber(9)) is None


def test_a_wave_that_nobody_joined_is_drawn_all_the_same() -> None:
    world = World()
    world.waves.add(a_wave(state=WaveState.CLOSED))
    world.clock.moves_to(a_wave().closes_at + SETTLING_TIME)
    draw_it(world)
    assert (wave(world).entries, wave(world).awards) == (0, 0)


def test_a_second_draw_of_another_list_stops_instead_of_replacing_the_first() -> None:
    """Somebody wrote an entry past the closing: people must look."""
    world = closed()
    world.waves.fails_before("save")
    with pytest.raises(StoreUnavailable):
        draw_it(world)
    world.waves.add_entry(an_entry(PEOPLE + 1))
    with pytest.raises(Misconfigured, match="draw_differs"):
        draw_it(world)
    assert wave(world).state is WaveState.CLOSED


def look(world: World) -> object:
    return wave(world).state, wave(world).draw_digest, wave(world).awards, world.draws.get(NUMBER)


def test_drawing_survives_every_accident() -> None:
    workflow = Workflow(closed, draw_it, look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

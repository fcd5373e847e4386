"""Pass on a place that fell free: to whoever is next, once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Misconfigured, NotFound, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.freed_places import FreedPlace, PlaceState, WaitingOrder
from chalicelib.domain.selection.tickets import Lottery
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry
from chalicelib.use_cases.selection import names
from chalicelib.use_cases.selection.refill_place import refill_place
from tests.builders import a_wave, an_applicant_id, an_entry
from tests.drawn import SEED, drawn_wave
from tests.fakes import World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once

NUMBER = WaveNumber(1)
LOTTERY = Lottery(SEED, 1)


def announced(
    places: int, people: Mapping[int, Mapping[str, Any]], *, out: tuple[int, ...] = (), province: str = "31"
) -> World:
    """People by number, with what is said of them (``group=1``); winners are chosen, nobody else was told yet."""
    world = World()
    entries = [an_entry(number, **{"province_code": province, **changes}) for number, changes in people.items()]
    left_out = {an_entry(number).pseudonym: "family_lot" for number in out}
    ports = {"waves": world.waves, "files": world.draw_files}
    drawn_wave(a_wave(), entries, {province: places}, out=left_out, **ports)  # type: ignore[arg-type]
    winners = world.draw_files.read(names.winners_name(NUMBER, 1, province))
    for entry in entries:
        if bytes.fromhex(entry.pseudonym) in winners:
            world.waves.save_entry(replace(move_entry(entry, EntryEvent.CHOOSE), version=1))
    return world


def alike(many: int) -> dict[int, dict[str, Any]]:
    return {number: {} for number in range(1, many + 1)}


def in_order(*numbers: int) -> list[int]:
    """By ticket."""
    return sorted(numbers, key=lambda number: LOTTERY.ticket(bytes.fromhex(an_entry(number).pseudonym)))


def entry(world: World, number: int) -> WaveEntry:
    return world.waves.entries_of(an_applicant_id(number), [NUMBER])[0]


def exclude(world: World, number: int) -> None:
    world.waves.save_entry(move_entry(entry(world, number), EntryEvent.EXCLUDE, reason="blocklist"))


def refill(world: World, number: int) -> None:
    refill_place(NUMBER, an_applicant_id(number), waves=world.waves, places=world.places, files=world.draw_files)


def chosen(world: World) -> set[int]:
    return {number for number in range(1, 60) if _state(world, number) is EntryState.CHOSEN}


def _state(world: World, number: int) -> EntryState | None:
    found = world.waves.entries_of(an_applicant_id(number), [NUMBER])
    return found[0].state if found else None


def test_the_place_goes_to_the_next_ticket_of_the_same_stratum() -> None:
    world, order = announced(2, alike(5)), in_order(1, 2, 3, 4, 5)
    exclude(world, order[0])
    refill(world, order[0])
    assert chosen(world) == {order[1], order[2]}
    assert world.places.freed(NUMBER, an_applicant_id(order[0])) == FreedPlace(
        NUMBER, an_applicant_id(order[0]), "31", an_applicant_id(order[2])
    )


def test_whoever_was_told_no_already_moves_up_as_well() -> None:
    world, order = announced(1, alike(2)), in_order(1, 2)
    world.waves.save_entry(move_entry(entry(world, order[1]), EntryEvent.PASS_OVER, reason="not_drawn"))
    exclude(world, order[0])
    refill(world, order[0])
    moved = entry(world, order[1])
    assert (moved.state, moved.reason) == (EntryState.CHOSEN, None)


def test_two_places_of_one_stratum_go_to_two_people_in_order() -> None:
    world, order = announced(2, alike(5)), in_order(1, 2, 3, 4, 5)
    for number in order[:2]:
        exclude(world, number)
        refill(world, number)
    assert chosen(world) == {order[2], order[3]}


def test_whoever_moved_up_and_is_excluded_frees_the_place_again() -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    for number in order[:2]:
        exclude(world, number)
        refill(world, number)
    assert chosen(world) == {order[2]}


def test_a_stratum_of_which_nobody_is_left_gives_to_whoever_is_ahead_in_the_province() -> None:
    classes: dict[int, dict[str, Any]] = {1: {}, **{number: {"is_woman": True} for number in (2, 3)}}
    people = classes | {number: {"is_disabled": True} for number in (4, 5)}
    others = in_order(2, 3, 4, 5)
    world = announced(5, people)
    order = world.places.order(NUMBER, "31")
    assert chosen(world) == {1, 2, 3, 4, 5}
    assert order == WaitingOrder(NUMBER, "31")
    world = announced(1, {1: {"group": 0}, **{n: {**people[n], "group": 1} for n in others}})
    exclude(world, 1)
    refill(world, 1)
    assert chosen(world) == {others[0]}


def test_the_first_group_comes_before_a_lower_ticket_of_the_next() -> None:
    later, earlier = in_order(1, 2)
    people = {3: {"group": 0}, earlier: {"group": 1}, later: {"group": 2}}
    world = announced(1, people)
    exclude(world, 3)
    refill(world, 3)
    assert chosen(world) == {earlier}


def test_a_place_that_nobody_is_left_to_take_lapses_and_is_counted() -> None:
    world = announced(2, alike(2))
    for number in (1, 2):
        exclude(world, number)
        refill(world, number)
    place = world.places.freed(NUMBER, an_applicant_id(1))
    assert place
    assert (place.state, place.passed_to) == (PlaceState.LAPSED, None)
    assert world.places.lapsed(NUMBER) == 2
    assert world.places.lapsed(WaveNumber(2)) == 0


def test_whom_their_family_left_no_place_does_not_move_up() -> None:
    world = announced(1, alike(2), out=(in_order(1, 2)[1],))
    exclude(world, in_order(1, 2)[0])
    refill(world, in_order(1, 2)[0])
    assert chosen(world) == set()
    assert world.places.lapsed(NUMBER) == 1


class Forgetful:
    """Waves of which one entry is gone."""

    def __init__(self, world: World, gone: int) -> None:
        self._world, self._gone = world, an_applicant_id(gone)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.waves, name)

    def entries_of(self, id: ApplicantId, waves: list[WaveNumber]) -> Any:
        return [] if id == self._gone else self._world.waves.entries_of(id, waves)


def test_whose_entry_is_gone_is_passed_by() -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    exclude(world, order[0])
    waves: Any = Forgetful(world, order[1])
    refill_place(NUMBER, an_applicant_id(order[0]), waves=waves, places=world.places, files=world.draw_files)
    assert chosen(world) == {order[2]}


def test_a_place_that_is_held_is_not_given_to_another() -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    for number in order:
        with pytest.raises(Conflict, match="place_not_free"):
            refill(world, number)
    assert chosen(world) == {order[0]}


def test_whoever_never_joined_frees_nothing(world: World) -> None:
    with pytest.raises(NotFound, match="entry_unknown"):
        refill(world, 1)
    with pytest.raises(NotFound, match="entry_unknown"):
        refill(announced(1, alike(2)), 50)


def test_where_nobody_else_joined_the_place_lapses() -> None:
    world = announced(1, alike(1))
    exclude(world, 1)
    refill(world, 1)
    assert world.places.lapsed(NUMBER) == 1


@pytest.mark.parametrize("name", [names.order_name(NUMBER, 1, "31"), names.people_name(NUMBER, "31")])
def test_a_lost_file_gives_nobody_a_place_and_lets_none_lapse(name: str) -> None:
    world, order = announced(1, alike(3)), in_order(1, 2, 3)
    exclude(world, order[0])
    world.draw_files.lose(name)
    with pytest.raises(Misconfigured, match="draw_differs_from_published"):
        refill(world, order[0])
    assert (chosen(world), world.places.lapsed(NUMBER)) == (set(), 0)


def test_an_entry_that_moves_meanwhile_is_looked_at_again() -> None:
    world, order = announced(1, alike(2)), in_order(1, 2)
    exclude(world, order[0])
    world.places.fails_before("pass_on", StaleWrite())
    with pytest.raises(StaleWrite):
        refill(world, order[0])
    world.waves.save_entry(move_entry(entry(world, order[1]), EntryEvent.PASS_OVER, reason="not_drawn"))
    refill(world, order[0])
    assert chosen(world) == {order[1]}


def look(world: World) -> object:
    moved = sorted((each.freed_by, str(each.passed_to)) for each in world.places.all())
    return chosen(world), moved, world.places.order(NUMBER, "31")


def test_refilling_survives_every_accident() -> None:
    def freed() -> World:
        world = announced(2, {number: {"is_woman": number % 2 == 0} for number in range(1, 7)})
        exclude(world, min(chosen(world)))
        return world

    first = min(chosen(announced(2, {number: {"is_woman": number % 2 == 0} for number in range(1, 7)})))
    workflow = Workflow(freed, lambda world: refill(world, first), look)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

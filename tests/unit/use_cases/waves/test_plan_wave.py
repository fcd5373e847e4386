"""Plan a wave; the clock does the rest."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite
from chalicelib.domain.waves import WaveState, commitment_to
from tests.builders import a_wave
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.waves.office import ANI, BUDI, kept, on_record, plan

LONG_AGO = NOON - timedelta(days=30)


def announced(number: int, **changes: Any) -> Any:
    times = {"opens_at": LONG_AGO, "closes_at": LONG_AGO + timedelta(days=3)}
    return a_wave(number, state=WaveState.ANNOUNCED, **(times | changes))


def test_a_wave_is_planned_with_its_draw_committed_to(world: World) -> None:
    wave = plan(world)
    assert (wave.number, wave.quota, wave.state, wave.planned_by) == (7, 164_000, WaveState.PLANNED, ANI.staff)
    assert wave.commitment == commitment_to(wave.secret)
    assert kept(world) == wave


def test_the_random_value_is_named_when_the_wave_is_planned(world: World) -> None:
    wave = plan(world)
    assert wave.draws_at is not None
    assert wave.draws_at <= world.beacon.comes_at(wave.beacon_round) < wave.draws_at + timedelta(seconds=3)


def test_who_planned_is_on_record(world: World) -> None:
    plan(world)
    assert on_record(world) == [("ani", Act.PLAN_WAVE, "wave-7")]


def test_waves_are_numbered_from_one(world: World) -> None:
    assert plan(world, number=1).number == 1


def test_no_two_waves_share_a_secret(world: World) -> None:
    assert plan(world).secret != plan(world, number=8).secret


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 0}, "number"),
        ({"scheme": "2031"}, "scheme"),
        ({"basis": "1945"}, "basis"),
        ({"quota": -1}, "quota"),
        ({"opens_at": NOON - timedelta(seconds=1)}, "opens_at"),
        ({"recovers": (1,)}, "recovers"),
    ],
)
def test_a_plan_that_cannot_be_names_its_field_and_is_not_kept(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        plan(world, **changes)
    assert refusal.value.field == field
    assert not world.waves.newest_first(limit=10)
    assert not on_record(world)


def test_a_wave_is_planned_once_and_keeps_its_first_secret(world: World) -> None:
    first = plan(world)
    assert plan(world) == plan(world, BUDI) == first
    with pytest.raises(AlreadyDone, match="wave_already_planned") as refusal:
        plan(world, quota=1)
    assert refusal.value.details == {"differs": ("quota",)}
    assert kept(world) == first


def test_lapsed_places_are_given_by_one_later_wave(world: World) -> None:
    world.waves.add(announced(2))
    plan(world, recovers=(2,))
    assert kept(world, 2).recovered_by == 7
    with pytest.raises(InvalidInput, match="recovered_by_another"):
        plan(world, number=8, recovers=(2,))


@pytest.mark.parametrize(
    ("recovers", "code"),
    [
        ((1,), "recovered_unknown"),
        ((7,), "recovered_unknown"),
        ((9,), "recovered_not_earlier"),
        ((3,), "recovered_not_earlier"),
        ((4,), "recovered_not_announced"),
        ((2, 2), "named_twice"),
        (tuple(range(1, 22)), "recovers_too_many"),
    ],
)
def test_what_cannot_be_recovered_is_told(world: World, recovers: tuple[int, ...], code: str) -> None:
    waves = (announced(2), announced(9), announced(3, announces_at=NOON + timedelta(days=1)))
    for wave in (*waves, replace(announced(4), state=WaveState.DRAWN)):
        world.waves.add(wave)
    with pytest.raises(InvalidInput, match=code) as refusal:
        plan(world, recovers=recovers)
    assert refusal.value.field == "recovers"


def test_of_two_plans_at_once_one_recovers_a_wave(world: World) -> None:
    world.waves.add(announced(2))
    earlier = kept(world, 2)
    plan(world, recovers=(2,))
    with pytest.raises(StaleWrite):
        world.waves.add(a_wave(8, recovers=(2,)), recovered=[replace(earlier, recovered_by=8)])
    assert (kept(world, 2).recovered_by, world.waves.get(a_wave(8).number)) == (7, None)


def test_planning_survives_every_accident() -> None:
    def prepare() -> World:
        world = World()
        world.waves.add(announced(2))
        return world

    def look(world: World) -> object:
        wave = replace(kept(world), secret="", commitment="")
        return wave, kept(world, 2).recovered_by, on_record(world)

    workflow = Workflow(prepare, lambda world: plan(world, recovers=(2,)), look, wait_minutes=1)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

"""Change a wave, and approve it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.audit import Act
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleWrite
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.waves import Wave, WaveState
from chalicelib.use_cases.waves.approve_wave import approve_wave
from chalicelib.use_cases.waves.change_wave import change_wave
from tests.builders import a_wave
from tests.fakes import NOON, World
from tests.unit.use_cases.crashes import Workflow, assert_survives_every_accident, assert_twice_is_once
from tests.unit.use_cases.waves.office import ANI, BUDI, CITRA, PLAN, SEVEN, desk_of, kept, on_record, plan

LONG_AGO = NOON - timedelta(days=30)


def change(world: World, officer: Officer = ANI, *, version: int = 1, **changes: Any) -> Wave:
    return change_wave(replace(PLAN, **changes), version, officer, desk=desk_of(world))


def approve(world: World, officer: Officer = BUDI, *, version: int = 1) -> Wave:
    return approve_wave(SEVEN, version, officer, desk=desk_of(world))


@pytest.fixture(autouse=True)
def planned(world: World) -> Wave:
    return plan(world)


def test_a_change_is_kept_with_its_random_value_and_needs_approval_again(world: World, planned: Wave) -> None:
    approve(world)
    changed = change(world, CITRA, version=2, draws_at=PLAN.closes_at + timedelta(hours=1), quota=9)
    assert kept(world) == changed
    assert (changed.state, changed.planned_by, changed.approved_by) == (WaveState.PLANNED, CITRA.staff, None)
    assert (changed.quota, changed.commitment) == (9, planned.commitment)
    assert changed.beacon_round < planned.beacon_round
    deeds = [("ani", Act.PLAN_WAVE), ("budi", Act.APPROVE_WAVE), ("citra", Act.CHANGE_WAVE)]
    assert on_record(world) == [(staff, act, "wave-7") for staff, act in deeds]


def test_nobody_changes_or_approves_what_they_have_not_seen(world: World) -> None:
    change(world, quota=9)
    with pytest.raises(Conflict, match="wave_moved"):
        change(world, BUDI, quota=10)
    with pytest.raises(Conflict, match="wave_moved"):
        approve(world)
    assert (kept(world).quota, kept(world).state) == (9, WaveState.PLANNED)


def test_the_same_change_again_finds_its_own_work_done(world: World) -> None:
    assert change(world, quota=9) == change(world, quota=9) == kept(world)
    assert kept(world).version == 2


def test_of_two_changes_at_once_one_is_told(world: World) -> None:
    world.waves.fails_before("save", StaleWrite())
    with pytest.raises(StaleWrite):
        change(world, quota=9)


def test_a_wave_that_nobody_planned_is_neither_changed_nor_approved(world: World) -> None:
    with pytest.raises(NotFound, match="wave_unknown"):
        change(world, number=8)
    with pytest.raises(NotFound, match="wave_unknown"):
        approve_wave(WaveNumber(8), 1, BUDI, desk=desk_of(world))


def test_a_change_that_cannot_be_changes_nothing(world: World, planned: Wave) -> None:
    with pytest.raises(InvalidInput, match="number_negative"):
        change(world, quota=-1)
    assert kept(world) == planned


def test_what_is_no_longer_recovered_is_free_for_another(world: World) -> None:
    for number in (2, 3):
        times = {"opens_at": LONG_AGO, "closes_at": LONG_AGO + timedelta(days=3)}
        world.waves.add(a_wave(number, state=WaveState.ANNOUNCED, **times))
    change(world, recovers=(2,))
    change(world, version=2, recovers=(3,))
    assert (kept(world, 2).recovered_by, kept(world, 3).recovered_by) == (None, 7)


def test_a_wave_is_approved_by_somebody_else_and_that_once(world: World) -> None:
    with pytest.raises(NotAllowed, match="planner_may_not_approve"):
        approve(world, ANI)
    first = approve(world)
    assert (first.state, first.approved_by) == (WaveState.APPROVED, BUDI.staff)
    assert approve(world) == first == kept(world)
    with pytest.raises(Conflict, match="wave_moved"):
        approve(world, CITRA)


def test_whoever_changes_a_wave_may_not_approve_it(world: World) -> None:
    change(world, BUDI, quota=9)
    with pytest.raises(NotAllowed, match="planner_may_not_approve"):
        approve(world, BUDI, version=2)
    assert approve(world, ANI, version=2).approved_by == ANI.staff


def test_an_opening_that_passed_without_approval_is_told_with_what_to_do(world: World) -> None:
    world.clock.moves_to(PLAN.opens_at)
    with pytest.raises(Conflict, match="wave_opening_is_past"):
        approve(world)


def _look(world: World) -> object:
    return replace(kept(world), version=0), on_record(world)


def _prepared() -> World:
    world = World()
    plan(world)
    return world


@pytest.mark.parametrize("step", [lambda world: change(world, CITRA, quota=9), approve], ids=["change", "approve"])
def test_changing_and_approving_survive_every_accident(step: Any) -> None:
    workflow = Workflow(_prepared, step, _look, wait_minutes=1)
    assert_survives_every_accident(workflow)
    assert_twice_is_once(workflow)

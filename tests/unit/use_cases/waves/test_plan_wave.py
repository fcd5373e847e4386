"""Plan a wave; the clock does the rest."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import AlreadyDone, InvalidInput
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import Wave, WaveState, commitment_to
from chalicelib.use_cases.waves.plan_wave import WavePlan, plan_wave
from tests.fakes import NOON, World

PLAN = WavePlan(
    number=7,
    opens_at=NOON + timedelta(hours=1),
    closes_at=NOON + timedelta(days=3),
    announces_at=NOON + timedelta(days=4),
    quota=164_000,
    scheme="2023",
)


def plan(world: World, **changes: Any) -> Wave:
    return plan_wave(replace(PLAN, **changes), waves=world.waves, chance=world.chance, clock=world.clock)


def test_a_wave_is_planned_with_its_draw_committed_to(world: World) -> None:
    wave = plan(world)
    assert (wave.number, wave.quota, wave.state) == (7, 164_000, WaveState.PLANNED)
    assert wave.commitment == commitment_to(wave.secret)
    assert world.waves.get(WaveNumber(7)) == replace(wave, version=1)


def test_waves_are_numbered_from_one(world: World) -> None:
    assert plan(world, number=1).number == 1


def test_no_two_waves_share_a_secret(world: World) -> None:
    assert plan(world).secret != plan(world, number=8).secret


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 0}, "number"),
        ({"scheme": "2031"}, "scheme"),
        ({"quota": 0}, "quota"),
        ({"opens_at": NOON - timedelta(seconds=1)}, "opens_at"),
        ({"closes_at": NOON}, "closes_at"),
        ({"announces_at": NOON + timedelta(days=3)}, "announces_at"),
    ],
)
def test_a_plan_that_cannot_be_names_its_field_and_is_not_kept(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        plan(world, **changes)
    assert refusal.value.field == field
    assert not world.waves.newest_first(limit=10)


def test_a_wave_is_planned_once_and_keeps_its_first_secret(world: World) -> None:
    first = plan(world)
    with pytest.raises(AlreadyDone, match="wave_already_planned"):
        plan(world, quota=1)
    assert world.waves.get(WaveNumber(7)) == replace(first, version=1)

"""The programme office at work on waves: two who plan and approve, and a third."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.domain.audit import CHAINS, Act
from chalicelib.domain.identifiers import StaffId, WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.wave_plans import WavePlan
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk
from chalicelib.use_cases.waves.plan_wave import plan_wave
from tests.fakes import NOON, World

ANI, BUDI, CITRA = (Officer(StaffId(name), Role.APPROVER) for name in ("ani", "budi", "citra"))
SEVEN = WaveNumber(7)
PLAN = WavePlan(
    number=7,
    opens_at=NOON + timedelta(hours=1),
    closes_at=NOON + timedelta(days=3),
    announces_at=NOON + timedelta(days=4),
    quota=164_000,
    scheme="2023",
)


def desk_of(world: World) -> Desk:
    return Desk(world.waves, world.audit_log, world.beacon, world.chance, world.clock)


def plan(world: World, officer: Officer = ANI, **changes: Any) -> Wave:
    return plan_wave(replace(PLAN, **changes), officer, desk=desk_of(world))


def kept(world: World, number: int = 7) -> Wave:
    wave = world.waves.get(WaveNumber(number))
    assert wave is not None
    return wave


def on_record(world: World) -> list[tuple[str, Act, str]]:
    """Who did what to which wave, each once: whoever is cut off may be on record twice."""
    deeds = [entry.deed for chain in range(CHAINS) for entry in world.audit_log.entries(chain)]
    return sorted({(deed.staff, deed.act, deed.subject) for deed in deeds})

"""Change a wave that has not opened. It has to be approved again."""

from dataclasses import replace

from chalicelib.domain import wave_plans as domain
from chalicelib.domain.audit import Act
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.recoveries import recovered_after
from chalicelib.domain.wave_plans import WavePlan, check_version, conditions_differ, wave_of
from chalicelib.domain.waves import Wave, WaveState
from chalicelib.use_cases.waves.desk import Desk


def change_wave(plan: WavePlan, version: int, officer: Officer, *, desk: Desk) -> Wave:
    """``version``: of the wave that the officer saw. The same change again finds its own work done."""
    wave = desk.known(WaveNumber(plan.number))
    wanted = wave_of(plan, secret=wave.secret, planned_by=officer.staff)
    fields = conditions_differ(wave, wanted)
    if not fields and wave.state is WaveState.PLANNED and wave.planned_by == officer.staff:
        return wave
    check_version(wave, version)
    changed = domain.change_wave(wave, wanted, now=desk.clock.now())
    changed = replace(changed, beacon_round=desk.beacon.round_at(changed.drawn_from))
    recovered = recovered_after(wave.recovers, changed, desk.named_by(*wave.recovers, *changed.recovers))
    desk.put_on_record(officer, Act.CHANGE_WAVE, changed, fields)
    desk.waves.save(changed, recovered=recovered)
    return replace(changed, version=wave.version + 1)

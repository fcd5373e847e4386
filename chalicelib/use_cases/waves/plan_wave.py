"""Plan a wave, its draw committed to; the clock moves it once it is approved."""

from dataclasses import replace

from chalicelib.domain import wave_plans as domain
from chalicelib.domain.audit import Act
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.recoveries import recovered_after
from chalicelib.domain.wave_plans import CONDITIONS, WavePlan, conditions_differ, wave_of
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk


def plan_wave(plan: WavePlan, officer: Officer, *, desk: Desk) -> Wave:
    """The planned wave; the same plan again finds it. ``AlreadyDone`` where another plan has its number."""
    wave = wave_of(plan, secret=desk.chance.token(), planned_by=officer.staff)
    known = desk.waves.get(WaveNumber(plan.number))
    if known is not None:
        return _as_planned(known, wave)
    planned = domain.plan_wave(wave, now=desk.clock.now())
    planned = replace(planned, beacon_round=desk.beacon.round_at(planned.drawn_from))
    recovered = recovered_after((), planned, desk.named_by(*planned.recovers))
    desk.put_on_record(officer, Act.PLAN_WAVE, planned, CONDITIONS)
    desk.waves.add(planned, recovered=recovered)
    return replace(planned, version=1)


def _as_planned(known: Wave, wave: Wave) -> Wave:
    fields = conditions_differ(known, wave)
    if fields:
        raise AlreadyDone("wave_already_planned", field="number", differs=fields)
    return known

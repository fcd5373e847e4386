"""See what planning a series would do, before any of it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain import wave_plans as domain
from chalicelib.domain.errors import Rejected
from chalicelib.domain.identifiers import StaffId, WaveNumber
from chalicelib.domain.wave_plans import WavePlan, conditions_differ, wave_of
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk


class Standing(StrEnum):
    NEW = "new"
    THERE = "there"
    """Planned before, and so."""
    DIFFERS = "differs"
    """Another plan has its number."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SeriesLine:
    plan: WavePlan
    standing: Standing
    wave: Wave | None = None
    """As it stands, or as it would be planned."""
    differs: tuple[str, ...] = ()
    fault: Rejected | None = None

    @property
    def is_mistake(self) -> bool:
        return self.standing in (Standing.DIFFERS, Standing.REFUSED)


def look_at_series(plans: Sequence[WavePlan], *, desk: Desk) -> Sequence[SeriesLine]:
    return [_line(plan, desk) for plan in plans]


def _line(plan: WavePlan, desk: Desk) -> SeriesLine:
    try:
        wanted = wave_of(plan, secret="", planned_by=StaffId(""))
        known = desk.waves.get(WaveNumber(plan.number))
        if known is None:
            return SeriesLine(plan, Standing.NEW, domain.plan_wave(wanted, now=desk.clock.now()))
    except Rejected as fault:
        return SeriesLine(plan, Standing.REFUSED, fault=fault)
    differs = conditions_differ(known, wanted)
    return SeriesLine(plan, Standing.DIFFERS if differs else Standing.THERE, known, differs)

"""Plan a wave; the clock does the rest."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import waves as domain
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.waves import Wave, commitment_to
from chalicelib.ports import Chance, Clock, Waves


@dataclass(frozen=True, slots=True)
class WavePlan:
    number: int
    opens_at: datetime
    closes_at: datetime
    announces_at: datetime
    quota: int
    scheme: str


def plan_wave(plan: WavePlan, *, waves: Waves, chance: Chance, clock: Clock) -> Wave:
    """The planned wave, its draw already committed to; ``InvalidInput`` or ``AlreadyDone`` otherwise."""
    if plan.number < 1:
        raise InvalidInput("number_not_positive", field="number")
    secret = chance.token()
    wave = Wave(
        number=WaveNumber(plan.number),
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        announces_at=plan.announces_at,
        quota=plan.quota,
        scheme=scheme_named(plan.scheme).name,
        secret=secret,
        commitment=commitment_to(secret),
    )
    waves.add(domain.plan_wave(wave, now=clock.now()))
    return wave

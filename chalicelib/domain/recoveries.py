"""Places that lapsed in a wave are given once more, in one later wave."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.waves import Wave, WaveState

MOST_RECOVERED = 20


def recovered_after(before: Sequence[int], wave: Wave, waves: Mapping[int, Wave]) -> list[Wave]:
    """Waves that must be saved with ``wave``: those that it names now, and those that it named ``before``.

    ``waves``: all of them, by number."""
    check_recovered(wave, waves)
    named = [replace(waves[number], recovered_by=int(wave.number)) for number in wave.recovers if number not in before]
    let_go = [replace(waves[number], recovered_by=None) for number in before if number not in wave.recovers]
    return named + let_go


def check_recovered(wave: Wave, waves: Mapping[int, Wave]) -> None:
    if len(wave.recovers) > MOST_RECOVERED:
        raise InvalidInput("recovers_too_many", field="recovers", most=MOST_RECOVERED)
    if len(set(wave.recovers)) < len(wave.recovers):
        raise InvalidInput("named_twice", field="recovers")
    for number in wave.recovers:
        if number not in waves:
            raise InvalidInput("recovered_unknown", field="recovers", wave=number)
        _check_one(wave, waves[number])


def _check_one(wave: Wave, recovered: Wave) -> None:
    number = int(recovered.number)
    if number >= wave.number or recovered.announces_at > wave.opens_at:
        raise InvalidInput("recovered_not_earlier", field="recovers", wave=number)
    if recovered.state is not WaveState.ANNOUNCED:
        raise InvalidInput("recovered_not_announced", field="recovers", wave=number)
    if recovered.recovered_by not in (None, int(wave.number)):
        raise InvalidInput("recovered_by_another", field="recovers", wave=number)

"""Approve a wave that somebody else planned, as it was seen."""

from dataclasses import replace

from chalicelib.domain import wave_plans as domain
from chalicelib.domain.audit import Act
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.wave_plans import check_version
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk


def approve_wave(number: WaveNumber, version: int, officer: Officer, *, desk: Desk) -> Wave:
    wave = desk.known(number)
    if wave.approved_by == officer.staff:
        return wave
    check_version(wave, version)
    approved = domain.approve_wave(wave, officer.staff, now=desk.clock.now())
    desk.put_on_record(officer, Act.APPROVE_WAVE, wave)
    desk.waves.save(approved)
    return replace(approved, version=wave.version + 1)

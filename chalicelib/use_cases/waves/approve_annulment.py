"""Approve that a draw be annulled. The second approval puts it in force, and names the value of the next draw."""

from dataclasses import replace

from chalicelib.domain import annulments
from chalicelib.domain.annulments import NEXT_ROUND_AFTER, NextRound, annulment_of
from chalicelib.domain.audit import Act
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk


def approve_annulment(number: WaveNumber, draw_digest: str, officer: Officer, *, desk: Desk) -> Wave:
    """One person's second approval changes nothing."""
    wave = desk.known(number)
    earlier = annulment_of(wave, draw_digest)
    if earlier and officer.staff in earlier.approved_by:
        return wave
    now = desk.clock.now()
    round = desk.beacon.round_at(now + NEXT_ROUND_AFTER)
    next_round = NextRound(round, desk.beacon.comes_at(round))
    approved = annulments.approve_annulment(wave, draw_digest, officer.staff, next_round, now=now)
    desk.put_on_record(officer, Act.APPROVE_ANNULMENT, wave, (draw_digest,))
    desk.waves.save(approved)
    return replace(approved, version=wave.version + 1)

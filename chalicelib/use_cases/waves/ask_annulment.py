"""Ask that a draw be annulled before it is announced."""

from dataclasses import replace

from chalicelib.domain import annulments
from chalicelib.domain.annulments import annulment_of
from chalicelib.domain.audit import Act
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.waves import Wave
from chalicelib.use_cases.waves.desk import Desk


def ask_annulment(number: WaveNumber, draw_digest: str, reason: str, officer: Officer, *, desk: Desk) -> Wave:
    """Asked twice by one person is once."""
    wave = desk.known(number)
    earlier = annulment_of(wave, draw_digest)
    if earlier and (earlier.asked_by, earlier.reason) == (officer.staff, reason):
        return wave
    asked = annulments.ask_annulment(wave, draw_digest, reason, officer.staff, now=desk.clock.now())
    desk.put_on_record(officer, Act.ASK_ANNULMENT, wave, (draw_digest,), reason)
    desk.waves.save(asked)
    return replace(asked, version=wave.version + 1)

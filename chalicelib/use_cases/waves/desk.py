"""Everything that the programme office's work on waves asks of the outside."""

from dataclasses import dataclass

from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.officers import Officer
from chalicelib.domain.waves import Wave
from chalicelib.ports import AuditLog, Beacon, Chance, Clock, Waves


@dataclass(frozen=True, slots=True)
class Desk:
    waves: Waves
    audit_log: AuditLog
    beacon: Beacon
    chance: Chance
    clock: Clock

    def known(self, number: WaveNumber) -> Wave:
        wave = self.waves.get(number)
        if wave is None:
            raise NotFound("wave_unknown", field="number")
        return wave

    def named_by(self, *numbers: int) -> dict[int, Wave]:
        """Those of these that there are."""
        found = (self.waves.get(WaveNumber(number)) for number in sorted(set(numbers)))
        return {int(wave.number): wave for wave in found if wave}

    def put_on_record(
        self, officer: Officer, act: Act, wave: Wave, fields: tuple[str, ...] = (), reason: str = ""
    ) -> None:
        """Before the deed is done: what is not on record is not done."""
        subject, now = f"wave-{int(wave.number)}", self.clock.now()
        self.audit_log.append(Deed(officer.staff, officer.role, act, subject, fields, reason, now))

"""Everything that an officer's work on a case asks of the outside."""

from dataclasses import dataclass

from chalicelib.ports import Applicants, AuditLog, Clock


@dataclass(frozen=True, slots=True)
class Casework:
    applicants: Applicants
    audit_log: AuditLog
    clock: Clock

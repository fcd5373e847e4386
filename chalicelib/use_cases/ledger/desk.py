"""Everything that the staff's work on the books asks of the outside."""

from dataclasses import dataclass

from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.errors import NotFound
from chalicelib.domain.ledger import is_channel
from chalicelib.domain.ledger_chain import LedgerEntry
from chalicelib.domain.ledger_corrections import Correction
from chalicelib.domain.officers import Officer
from chalicelib.domain.references import parse_reference
from chalicelib.ports import Applicants, AuditLog, Clock, Corrections, Ledger


@dataclass(frozen=True, slots=True)
class BooksDesk:
    ledger: Ledger
    corrections: Corrections
    applicants: Applicants
    audit_log: AuditLog
    clock: Clock

    def owner_of(self, whose: str) -> tuple[str, str]:
        """(owner, subject of the audit log) by a person's reference, or a bank's day as the ledger writes it."""
        if is_channel(whose):
            return whose, whose
        reference = parse_reference(whose)
        applicant = self.applicants.by_reference(reference)
        if applicant is None:
            raise NotFound("case_unknown", field="reference")
        return applicant.id, reference

    def posted(self, owner: str, key: str) -> LedgerEntry:
        entry = self.ledger.entry(owner, key)
        if entry is None:
            raise NotFound("posting_unknown", field="key")
        return entry

    def asked(self, id: str) -> Correction:
        correction = self.corrections.get(id)
        if correction is None:
            raise NotFound("correction_unknown", field="id")
        return correction

    def put_on_record(
        self, officer: Officer, act: Act, subject: str, fields: tuple[str, ...] = (), reason: str = ""
    ) -> None:
        """Before the deed is done: what is not on record is not done."""
        self.audit_log.append(Deed(officer.staff, officer.role, act, subject, fields, reason, self.clock.now()))

"""Approve a correction that somebody else asked for: it is posted with the approval, or neither is."""

from dataclasses import replace

from chalicelib.domain import ledger_corrections
from chalicelib.domain.audit import Act
from chalicelib.domain.ledger_corrections import Correction, CorrectionState
from chalicelib.domain.officers import Officer
from chalicelib.use_cases.ledger.desk import BooksDesk


def approve_correction(id: str, officer: Officer, *, desk: BooksDesk) -> Correction:
    """Approved twice by one person is once."""
    asked = desk.asked(id)
    if (asked.state, asked.decided_by) == (CorrectionState.POSTED, officer.staff):
        return asked
    wrong = desk.posted(asked.owner, asked.key).posting
    approved, posting = ledger_corrections.approve_correction(asked, wrong, officer, now=desk.clock.now())
    desk.put_on_record(officer, Act.APPROVE_CORRECTION, asked.subject, (asked.key,), asked.reason)
    desk.corrections.post(approved, posting)
    return replace(approved, version=approved.version + 1)

"""Refuse a correction, or take it back: nothing is posted."""

from dataclasses import replace

from chalicelib.domain import ledger_corrections
from chalicelib.domain.audit import Act
from chalicelib.domain.ledger_corrections import Correction, CorrectionState
from chalicelib.domain.officers import Officer
from chalicelib.use_cases.ledger.desk import BooksDesk


def refuse_correction(id: str, officer: Officer, *, desk: BooksDesk) -> Correction:
    asked = desk.asked(id)
    if (asked.state, asked.decided_by) == (CorrectionState.REFUSED, officer.staff):
        return asked
    refused = ledger_corrections.refuse_correction(asked, officer, now=desk.clock.now())
    desk.put_on_record(officer, Act.REFUSE_CORRECTION, asked.subject, (asked.key,), asked.reason)
    desk.corrections.save(refused)
    return replace(refused, version=refused.version + 1)

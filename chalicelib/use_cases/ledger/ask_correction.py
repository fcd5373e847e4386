"""Ask that a wrong posting be put right. Nothing is posted until somebody else approves."""

from dataclasses import replace

from chalicelib.domain import ledger_corrections
from chalicelib.domain.audit import Act
from chalicelib.domain.ledger import CorrectionReason
from chalicelib.domain.ledger_corrections import Correction, CorrectionState, correction_id
from chalicelib.domain.officers import Officer
from chalicelib.use_cases.ledger.desk import BooksDesk


def ask_correction(whose: str, key: str, reason: CorrectionReason, officer: Officer, *, desk: BooksDesk) -> Correction:
    """Asked twice by one person is once."""
    owner, subject = desk.owner_of(whose)
    wrong = desk.posted(owner, key).posting
    earlier = desk.corrections.get(correction_id(owner, key))
    if earlier and _is_the_same(earlier, reason, officer):
        return earlier
    asked = ledger_corrections.ask_correction(earlier, wrong, subject, reason, officer, now=desk.clock.now())
    desk.put_on_record(officer, Act.ASK_CORRECTION, subject, (key,), reason)
    desk.corrections.save(asked)
    return replace(asked, version=asked.version + 1)


def _is_the_same(earlier: Correction, reason: CorrectionReason, officer: Officer) -> bool:
    asked = (earlier.state, earlier.asked_by, earlier.reason)
    return asked == (CorrectionState.ASKED, officer.staff, reason)

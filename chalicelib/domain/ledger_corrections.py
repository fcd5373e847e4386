"""A wrong posting is put right by one of its own: asked for by one of the staff, made once another approves.

Which of them, and why, is on the request. Each posting is corrected once; a wrong correction is corrected as well. What
a step of its own undoes is not corrected: both would give the same money back.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import AlreadyDone, Conflict, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import CorrectionReason, Posting, correction
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.officers import Officer

_UNDONE_BY_A_STEP = frozenset(
    {"purchase", "incentive-due", "incentive-paid", "suspended", "repayment-demanded", "owed-back"}
)
"""First words of keys. A sale is voided, an incentive cancelled, a payout reversed, a difference cleared, a debt
written off: none of these steps would know of a correction."""


class CorrectionState(StrEnum):
    ASKED = "asked"
    POSTED = "posted"
    REFUSED = "refused"


class CorrectionEvent(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    ASK_AGAIN = "ask_again"


CORRECTION = LifeCycle(
    "correction",
    {
        (CorrectionState.ASKED, CorrectionEvent.APPROVE): CorrectionState.POSTED,
        (CorrectionState.ASKED, CorrectionEvent.REFUSE): CorrectionState.REFUSED,
        (CorrectionState.REFUSED, CorrectionEvent.ASK_AGAIN): CorrectionState.ASKED,
    },
)


@dataclass(frozen=True, slots=True)
class Correction:
    """``owner`` and ``key`` name the wrong posting; the audit log knows the owner as ``subject``."""

    owner: str
    subject: str
    key: str
    reason: CorrectionReason
    asked_by: StaffId
    asked_at: datetime
    state: CorrectionState = CorrectionState.ASKED
    decided_by: StaffId | None = None
    decided_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        return correction_id(self.owner, self.key)


def correction_id(owner: str, key: str) -> str:
    """Follows from the posting: nobody can ask for the same twice."""
    return hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()[:32]


def ask_correction(
    earlier: Correction | None,
    wrong: Posting,
    subject: str,
    reason: CorrectionReason,
    officer: Officer,
    *,
    now: datetime,
) -> Correction:
    """A first request, or another after a refused one."""
    _check_not_own(wrong.owner, officer)
    _check_has_no_step(wrong)
    asked = Correction(wrong.owner, subject, wrong.key, reason, officer.staff, now)
    if earlier is None:
        return asked
    if earlier.state is CorrectionState.POSTED:
        raise AlreadyDone("corrected_already", field="key")
    if earlier.state is CorrectionState.ASKED:
        raise Conflict("correction_asked_already", field="key")
    return replace(asked, state=CORRECTION.after(earlier.state, CorrectionEvent.ASK_AGAIN), version=earlier.version)


def approve_correction(
    asked: Correction, wrong: Posting, officer: Officer, *, now: datetime
) -> tuple[Correction, Posting]:
    """The request as approved, and the posting that goes with it."""
    _check_not_own(asked.owner, officer)
    _check_has_no_step(wrong)
    if officer.staff == asked.asked_by:
        raise NotAllowed("asker_may_not_correct")
    state = CORRECTION.after(asked.state, CorrectionEvent.APPROVE)
    approved = replace(asked, state=state, decided_by=officer.staff, decided_at=now)
    return approved, correction(wrong, reason=asked.reason, now=now)


def refuse_correction(asked: Correction, officer: Officer, *, now: datetime) -> Correction:
    """By anybody, also whoever asked and thought better of it."""
    state = CORRECTION.after(asked.state, CorrectionEvent.REFUSE)
    return replace(asked, state=state, decided_by=officer.staff, decided_at=now)


def _check_not_own(owner: str, officer: Officer) -> None:
    if officer.own_account == owner:
        raise NotAllowed("own_case")


def _check_has_no_step(wrong: Posting) -> None:
    if wrong.key.partition("/")[0] in _UNDONE_BY_A_STEP:
        raise Conflict("undone_by_its_own_step", field="key")

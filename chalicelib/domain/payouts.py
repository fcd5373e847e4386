"""Incentives on their way to a person's account: one entitlement, one payout, one reference, for ever."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.banking import TransferAnswer, TransferOrder, TransferOutcome
from chalicelib.domain.errors import Conflict, NotAllowed
from chalicelib.domain.identifiers import ApplicantId, PayoutId, StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.time import wib_date

SEND_AGAIN_AFTER = timedelta(hours=24)
"""A bank that keeps saying "not found" this long is asked again, under the same reference."""
SUBMITTING_LEASE = timedelta(minutes=5)
"""An order in the air longer than this was cut off: nobody knows, so it is asked about."""


class PayoutState(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED_ONCE = "approved_once"
    READY = "ready"
    SUBMITTING = "submitting"
    SETTLED = "settled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


class PayoutEvent(StrEnum):
    APPROVE_FIRST = "approve_first"
    APPROVE_SECOND = "approve_second"
    SUBMIT = "submit"
    SETTLE = "settle"
    REJECT = "reject"
    LOSE_SIGHT = "lose_sight"
    PUT_BACK = "put_back"


PAYOUT = LifeCycle(
    "payout",
    {
        (PayoutState.AWAITING_APPROVAL, PayoutEvent.APPROVE_FIRST): PayoutState.APPROVED_ONCE,
        (PayoutState.APPROVED_ONCE, PayoutEvent.APPROVE_SECOND): PayoutState.READY,
        (PayoutState.READY, PayoutEvent.SUBMIT): PayoutState.SUBMITTING,
        (PayoutState.SUBMITTING, PayoutEvent.SETTLE): PayoutState.SETTLED,
        (PayoutState.SUBMITTING, PayoutEvent.REJECT): PayoutState.REJECTED,
        (PayoutState.SUBMITTING, PayoutEvent.LOSE_SIGHT): PayoutState.UNKNOWN,
        (PayoutState.SUBMITTING, PayoutEvent.PUT_BACK): PayoutState.READY,
        (PayoutState.UNKNOWN, PayoutEvent.SETTLE): PayoutState.SETTLED,
        (PayoutState.UNKNOWN, PayoutEvent.REJECT): PayoutState.REJECTED,
        (PayoutState.UNKNOWN, PayoutEvent.PUT_BACK): PayoutState.READY,
    },
)


@dataclass(frozen=True, slots=True)
class Payout:
    """``purpose`` and ``period`` say what for: one payout each per person, so equal amounts are told apart."""

    id: PayoutId
    applicant_id: ApplicantId
    purpose: str
    period: int
    amount: Rupiah
    prepared_at: datetime
    due_on: date = date.min
    """Not to be sent before. The day on which it was prepared, unless another is given."""
    state: PayoutState = PayoutState.AWAITING_APPROVAL
    first_approver: StaffId | None = None
    second_approver: StaffId | None = None
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    response_code: str | None = None
    reason: str | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if self.due_on == date.min:
            object.__setattr__(self, "due_on", wib_date(self.prepared_at))

    @property
    def reference(self) -> str:
        """``partnerReferenceNo``: follows from what is paid for, so that no retry can ever make another."""
        return "PRK" + hashlib.sha256(self.id.encode()).hexdigest()[:40]


def approve(payout: Payout, staff: StaffId) -> Payout:
    """The first approval, or the second by somebody else."""
    if payout.state is PayoutState.AWAITING_APPROVAL:
        state = PAYOUT.after(payout.state, PayoutEvent.APPROVE_FIRST)
        return replace(payout, state=state, first_approver=staff)
    if payout.first_approver == staff:
        raise NotAllowed("approver_must_differ")
    state = PAYOUT.after(payout.state, PayoutEvent.APPROVE_SECOND)
    return replace(payout, state=state, second_approver=staff)


def submit(payout: Payout, *, now: datetime) -> Payout:
    return replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.SUBMIT), submitted_at=now, reason=None)


def order_of(payout: Payout, account: PayoutAccount) -> TransferOrder:
    """What the bank is told, the same words each time. Nothing is sent to an account that is not verified, or about to
    be changed; of what was sent one may ask, for while it is in the air the account stays as it was."""
    if payout.state is PayoutState.READY and account.state is not AccountState.VERIFIED:
        raise Conflict("payout_account_not_verified")
    return TransferOrder(payout.reference, payout.amount, account.account, payout.prepared_at)


_EVENTS = {
    TransferOutcome.SETTLED: PayoutEvent.SETTLE,
    TransferOutcome.REFUSED: PayoutEvent.REJECT,
    TransferOutcome.UNKNOWN: PayoutEvent.LOSE_SIGHT,
    TransferOutcome.NOT_TAKEN: PayoutEvent.PUT_BACK,
    TransferOutcome.NOT_FOUND: PayoutEvent.LOSE_SIGHT,
}


def after_transfer(payout: Payout, answer: TransferAnswer, *, now: datetime) -> Payout:
    """The payout after the bank's answer to a transfer."""
    return _moved(payout, _EVENTS[answer.outcome], answer, now)


def after_inquiry(payout: Payout, answer: TransferAnswer, *, now: datetime) -> Payout:
    """The payout after the bank's word on our reference. Still unknown: unchanged.

    "Not found" may turn into "paid" an hour later. Only when it stays so for a day is the order put back, and then it
    leaves under the same reference, which the bank refuses should it have paid after all.
    """
    if answer.outcome is TransferOutcome.NOT_FOUND and now >= (payout.submitted_at or now) + SEND_AGAIN_AFTER:
        return _moved(payout, PayoutEvent.PUT_BACK, answer, now)
    if answer.outcome in (TransferOutcome.SETTLED, TransferOutcome.REFUSED):
        return _moved(payout, _EVENTS[answer.outcome], answer, now)
    return payout


def lose_sight(payout: Payout) -> Payout:
    """The sender was cut off between asking and noting the answer."""
    return replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.LOSE_SIGHT))


def _moved(payout: Payout, event: PayoutEvent, answer: TransferAnswer, now: datetime) -> Payout:
    return replace(
        payout,
        state=PAYOUT.after(payout.state, event),
        settled_at=now if event is PayoutEvent.SETTLE else None,
        response_code=answer.response_code,
        reason=answer.reason,
    )

"""Incentives on their way to a person's account: one entitlement, one payout, one reference, for ever."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.banking import BankAccount, TransferAnswer, TransferOrder, TransferOutcome
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import ApplicantId, PayoutId, StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah

BANKS = ("bni", "ovo", "gopay", "linkaja", "dana")
SEND_AGAIN_AFTER = timedelta(hours=24)
"""A bank that keeps saying "not found" this long is asked again, under the same reference."""
SUBMITTING_LEASE = timedelta(minutes=5)
"""An order in the air longer than this was cut off: nobody knows, so it is asked about."""


class AccountState(StrEnum):
    LINKED = "linked"
    VERIFIED = "verified"
    REFUSED = "refused"


class AccountEvent(StrEnum):
    VERIFY = "verify"
    REFUSE = "refuse"
    LINK_AGAIN = "link_again"


PAYOUT_ACCOUNT = LifeCycle(
    "payout_account",
    {
        (AccountState.LINKED, AccountEvent.VERIFY): AccountState.VERIFIED,
        (AccountState.LINKED, AccountEvent.REFUSE): AccountState.REFUSED,
        (AccountState.REFUSED, AccountEvent.LINK_AGAIN): AccountState.LINKED,
    },
)


@dataclass(frozen=True, slots=True)
class PayoutAccount:
    applicant_id: ApplicantId
    account: BankAccount
    state: AccountState
    linked_at: datetime
    reason: str | None = None
    version: int = 0


def link_account(
    current: PayoutAccount | None, applicant_id: ApplicantId, account: BankAccount, *, now: datetime
) -> PayoutAccount:
    """A first account, or another one after a refused one."""
    if account.bank not in BANKS:
        raise InvalidInput("bank_unknown", field="bank", known=", ".join(BANKS))
    if not (account.account_no.isascii() and account.account_no.isdigit() and 8 <= len(account.account_no) <= 20):
        raise InvalidInput("account_no_invalid", field="account_no")
    if current is None:
        return PayoutAccount(applicant_id, account, AccountState.LINKED, now)
    state = PAYOUT_ACCOUNT.after(current.state, AccountEvent.LINK_AGAIN)
    return replace(current, account=account, state=state, linked_at=now, reason=None)


def judge_holder(linked: PayoutAccount, *, holder: str | None, person: str) -> PayoutAccount:
    """Verified when the bank's name for the account is the person's; refused with a reason when not."""
    if holder is None:
        return refuse_account(linked, "account_invalid")
    if _letters(holder) != _letters(person):
        return refuse_account(linked, "account_name_differs")
    state = PAYOUT_ACCOUNT.after(linked.state, AccountEvent.VERIFY)
    return replace(linked, state=state, account=replace(linked.account, holder_name=holder))


def refuse_account(linked: PayoutAccount, reason: str) -> PayoutAccount:
    return replace(linked, state=PAYOUT_ACCOUNT.after(linked.state, AccountEvent.REFUSE), reason=reason)


def _letters(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalpha())


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
    state: PayoutState = PayoutState.AWAITING_APPROVAL
    first_approver: StaffId | None = None
    second_approver: StaffId | None = None
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    response_code: str | None = None
    reason: str | None = None
    version: int = 0

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
    """What the bank is told, the same words each time."""
    if account.state is not AccountState.VERIFIED:
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

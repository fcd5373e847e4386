"""Incentives on their way to a person's account: one entitlement, one payout, and for each attempt one reference, for
ever. What a bank's word does to a payout stands in ``payout_answers.py``.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from chalicelib.domain.banking import BankAccount, TransferOrder
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, PurchaseId, StaffId
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_accounts import AccountState, PayoutAccount
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.time import WIB, wib_date

SUBMITTING_LEASE = timedelta(minutes=5)
"""An order in the air longer than this was cut off: nobody knows, so it is asked about."""
MESSAGE_LIVES = timedelta(hours=2)
"""What was released has a message on its way; whoever waits longer has lost it, and the sweep sends another."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ACCOUNT_CHANGED = "account_changed"
NOT_VERIFIED = "payout_account_not_verified"
ACCOUNT_REASONS = frozenset({"account_closed", "account_invalid"})
"""Another account is needed: the same one would be refused again."""


class PayoutState(StrEnum):
    PREPARED = "prepared"
    BATCHED = "batched"
    READY = "ready"
    SUBMITTING = "submitting"
    SETTLED = "settled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    REVERSED = "reversed"
    HELD = "held"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    """Still owed. Nobody works on it until the person has another account."""


class PayoutEvent(StrEnum):
    BATCH = "batch"
    UNBATCH = "unbatch"
    RELEASE = "release"
    SUBMIT = "submit"
    SETTLE = "settle"
    REJECT = "reject"
    LOSE_SIGHT = "lose_sight"
    PUT_BACK = "put_back"
    REVERSE = "reverse"
    HOLD = "hold"
    LET_GO = "let_go"
    CANCEL = "cancel"
    TRY_AGAIN = "try_again"
    CLOSE = "close"
    VOID = "void"


_S, _E = PayoutState, PayoutEvent
PAYOUT = LifeCycle(
    "payout",
    {
        (_S.PREPARED, _E.BATCH): _S.BATCHED,
        (_S.BATCHED, _E.UNBATCH): _S.PREPARED,
        (_S.BATCHED, _E.RELEASE): _S.READY,
        (_S.READY, _E.SUBMIT): _S.SUBMITTING,
        (_S.READY, _E.HOLD): _S.HELD,
        (_S.READY, _E.SETTLE): _S.SETTLED,
        (_S.READY, _E.REVERSE): _S.REVERSED,
        (_S.SUBMITTING, _E.SETTLE): _S.SETTLED,
        (_S.SUBMITTING, _E.REJECT): _S.REJECTED,
        (_S.SUBMITTING, _E.LOSE_SIGHT): _S.UNKNOWN,
        (_S.SUBMITTING, _E.PUT_BACK): _S.READY,
        (_S.SUBMITTING, _E.HOLD): _S.HELD,
        (_S.SUBMITTING, _E.REVERSE): _S.REVERSED,
        (_S.UNKNOWN, _E.SETTLE): _S.SETTLED,
        (_S.UNKNOWN, _E.REJECT): _S.REJECTED,
        (_S.UNKNOWN, _E.PUT_BACK): _S.READY,
        (_S.UNKNOWN, _E.REVERSE): _S.REVERSED,
        (_S.UNKNOWN, _E.HOLD): _S.HELD,
        (_S.REJECTED, _E.SETTLE): _S.SETTLED,
        (_S.REJECTED, _E.REVERSE): _S.REVERSED,
        (_S.REJECTED, _E.TRY_AGAIN): _S.READY,
        (_S.REJECTED, _E.HOLD): _S.HELD,
        (_S.SETTLED, _E.REVERSE): _S.REVERSED,
        (_S.REVERSED, _E.TRY_AGAIN): _S.READY,
        (_S.HELD, _E.SETTLE): _S.SETTLED,
        (_S.HELD, _E.REVERSE): _S.REVERSED,
        (_S.HELD, _E.REJECT): _S.REJECTED,
        (_S.HELD, _E.LET_GO): _S.READY,
        (_S.HELD, _E.CANCEL): _S.CANCELLED,
        (_S.HELD, _E.VOID): _S.READY,
        (_S.REJECTED, _E.CLOSE): _S.CLOSED,
        (_S.REVERSED, _E.CLOSE): _S.CLOSED,
        (_S.CLOSED, _E.TRY_AGAIN): _S.READY,
        (_S.CLOSED, _E.SETTLE): _S.SETTLED,
        (_S.CLOSED, _E.REVERSE): _S.REVERSED,
        (_S.CLOSED, _E.HOLD): _S.HELD,
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
    state: PayoutState = PayoutState.PREPARED
    submitted_at: datetime | None = None
    settled_at: datetime | None = None
    response_code: str | None = None
    reason: str | None = None
    evidence: PurchaseId | None = None
    """The training that it is paid for, where it is for one."""
    batch: BatchId | None = None
    attempt: int = 1
    bank: str | None = None
    """Through which the present attempt went last."""
    may_be_paid: bool = False
    """The bank does not know of the attempt, and yet may have paid it: it must not go through another bank."""
    retry_at: datetime | None = None
    rejected_at: datetime | None = None
    confirmed_at: datetime | None = None
    """When a bank that rejected the attempt said, asked a day later, that it was not paid."""
    not_found_since: datetime | None = None
    """Since when the bank, whenever asked, has said that it does not know of the attempt."""
    not_found_at: datetime | None = None
    """When it said so last."""
    bank_letter: str | None = None
    """In which, the first of two people says, the bank declares the order void."""
    paid_before: int | None = None
    """A former attempt that the bank paid after all, while this one was in the air."""
    begun: int = 0
    """The last attempt, where a former one settled the payout: its number is never given again."""
    wish: PayoutEvent | None = None
    wished_by: StaffId | None = None
    version: int = 0

    def __post_init__(self) -> None:
        if self.due_on == date.min:
            object.__setattr__(self, "due_on", wib_date(self.prepared_at))

    @property
    def reference(self) -> str:
        return reference_of(self.id, self.attempt)

    @property
    def is_over(self) -> bool:
        """What was rejected or came back is still owed: people find it among those of its state."""
        return self.state in (PayoutState.SETTLED, PayoutState.CANCELLED)

    @property
    def is_to_leave(self) -> bool:
        """On its way to the bank, and not there yet."""
        return self.state in (PayoutState.BATCHED, PayoutState.READY)

    @property
    def may_have_left(self) -> bool:
        """The bank may pay it, or has paid it, and our books do not say so yet."""
        is_doubtful = self.state is PayoutState.REJECTED and self.confirmed_at is None
        return self.may_be_paid or is_doubtful or self.state in (PayoutState.SUBMITTING, PayoutState.UNKNOWN)

    @property
    def came_back(self) -> bool:
        """It was paid, and the money was sent back."""
        is_closed = self.state is PayoutState.CLOSED and self.confirmed_at is None
        return is_closed or self.state is PayoutState.REVERSED

    @property
    def waits_for_people(self) -> bool:
        """The bank has said all that there is to say: another account, or people, must make it go on."""
        return self.rests or (self.state is PayoutState.HELD and not self.may_be_paid)

    @property
    def rests(self) -> bool:
        """Surely not paid, and still owed: it goes on when there is another account, or when people say so."""
        is_confirmed = self.state is PayoutState.REJECTED and self.confirmed_at is not None
        return is_confirmed or self.state in (PayoutState.REVERSED, PayoutState.CLOSED)

    @property
    def turn_at(self) -> datetime:
        """When somebody should look at it again."""
        if self.state in (PayoutState.PREPARED, PayoutState.BATCHED):
            return datetime.combine(self.due_on, time(), WIB)
        if self.waits_for_people and not self.rests:
            return _NEVER
        if self.state is PayoutState.SUBMITTING and self.submitted_at:
            return self.submitted_at + SUBMITTING_LEASE
        return self.retry_at or self.prepared_at


def put_in_batch(payout: Payout, batch: BatchId) -> Payout:
    return replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.BATCH), batch=batch)


def take_out_of_batch(payout: Payout) -> Payout:
    return replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.UNBATCH), batch=None)


def release(payout: Payout, *, now: datetime) -> Payout:
    """Two people approved the batch."""
    state = PAYOUT.after(payout.state, PayoutEvent.RELEASE)
    return replace(payout, state=state, reason=None, retry_at=now + MESSAGE_LIVES)


def submit(payout: Payout, *, bank: str, now: datetime) -> Payout:
    if payout.may_be_paid and payout.bank != bank:
        raise Conflict("payout_may_be_paid")
    state = PAYOUT.after(payout.state, PayoutEvent.SUBMIT)
    sent = replace(payout, state=state, bank=bank, submitted_at=now, reason=None, retry_at=None)
    return replace(sent, rejected_at=None, confirmed_at=None, not_found_since=None)


def order_of(payout: Payout, account: PayoutAccount) -> TransferOrder:
    """What the bank is told, the same words each time. Nothing is sent to an account that is not verified, or about to
    be changed."""
    if account.state is not AccountState.VERIFIED:
        raise Conflict(NOT_VERIFIED)
    return TransferOrder(payout.reference, payout.amount, account.account, payout.prepared_at)


def question_of(payout: Payout) -> TransferOrder:
    """By which the bank is asked about an order. Whose account it went to is no part of the question, and the person
    may have another one by now."""
    return TransferOrder(payout.reference, payout.amount, BankAccount(payout.bank or "", ""), payout.prepared_at)


def lose_sight(payout: Payout) -> Payout:
    """The sender was cut off between asking and noting the answer."""
    return replace(payout, state=PAYOUT.after(payout.state, PayoutEvent.LOSE_SIGHT))


def hold(payout: Payout, reason: str) -> Payout:
    """Until two people say what becomes of it."""
    state = PAYOUT.after(payout.state, PayoutEvent.HOLD)
    return replace(payout, state=state, reason=reason, retry_at=None, wish=None, wished_by=None)

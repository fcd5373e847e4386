"""Attempts that were given up for another, and what follows when the bank pays one of them after all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import ledger
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.lifecycle import LifeCycle
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payouts import PAYOUT, Payout, PayoutEvent


class FormerState(StrEnum):
    GIVEN_UP = "given_up"
    PAID = "paid"
    """After all. Unless the next attempt could be stopped, the person has the money twice."""


class FormerEvent(StrEnum):
    PAY = "pay"


FORMER_ATTEMPT = LifeCycle("former_attempt", {(FormerState.GIVEN_UP, FormerEvent.PAY): FormerState.PAID})


@dataclass(frozen=True, slots=True)
class FormerAttempt:
    """Kept for ever, by its reference. ``came_back``: it was paid, and the money was sent back."""

    reference: str
    payout_id: PayoutId
    number: int
    bank: str
    amount: Rupiah
    given_up_at: datetime
    came_back: bool = False
    bank_letter: str | None = None
    """In which the bank declared the order void, as two people said."""
    state: FormerState = FormerState.GIVEN_UP
    paid_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        return self.reference


def former_of(payout: Payout, *, now: datetime) -> FormerAttempt:
    """The present attempt of a payout that gets another."""
    return FormerAttempt(
        payout.reference,
        payout.id,
        payout.attempt,
        payout.bank or "",
        payout.amount,
        now,
        came_back=payout.settled_at is not None or payout.came_back,
        bank_letter=payout.bank_letter,
    )


def pay_late(former: FormerAttempt, *, now: datetime) -> FormerAttempt:
    return replace(former, state=FORMER_ATTEMPT.after(former.state, FormerEvent.PAY), paid_at=now)


def is_news(former: FormerAttempt) -> bool:
    """That it is paid. Of what came back that is known."""
    return former.state is FormerState.GIVEN_UP and not former.came_back


def after_late_payment(payout: Payout, former: FormerAttempt, *, now: datetime) -> tuple[Payout, Sequence[Posting]]:
    """Where the next attempt has not left, or surely is not paid, the former settles the payout and the next is never
    made. Else only the bank's word on the next can tell; until then nothing more is sent."""
    if payout.is_over or payout.may_have_left:
        return replace(payout, paid_before=former.number), ()
    return settle_by_former(payout, former, now=now)


def settle_by_former(payout: Payout, former: FormerAttempt, *, now: datetime) -> tuple[Payout, Sequence[Posting]]:
    state = PAYOUT.after(payout.state, PayoutEvent.TRY_AGAIN) if payout.rests else payout.state
    settled = replace(
        payout,
        state=PAYOUT.after(state, PayoutEvent.SETTLE),
        attempt=former.number,
        bank=former.bank,
        settled_at=now,
        reason=None,
        retry_at=None,
        wish=None,
        wished_by=None,
        bank_letter=None,
        confirmed_at=None,
        paid_before=None,
        begun=max(payout.attempt, payout.begun),
    )
    whose = payout.applicant_id, payout.id
    posting = ledger.incentive_paid(*whose, bank=former.bank, attempt=former.number, amount=former.amount, now=now)
    return settled, (posting,)

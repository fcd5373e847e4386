"""Money of a debt that really moved, by the treasury's receipts: what somebody repaid, and what they were given back.

One person states a receipt, another agrees after looking at it. What was repaid and turns out not to be owed, because
the payment that was asked back came back by itself, is owed to the person.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.debts import DEBT, MOST_REPAYMENTS, Debt, DebtEvent, DebtState, Repayment, reclaimable
from chalicelib.domain.errors import Conflict, InvalidInput, NotAllowed
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.ledger import Posting, given_back, owed_back, repaid
from chalicelib.domain.money import Rupiah


def state_receipt(
    debt: Debt, receipt: str, amount: Rupiah, staff: StaffId, *, gives_back: bool = False, now: datetime
) -> Debt:
    """Takes the place of one that was stated and not agreed to. ``gives_back``: the treasury paid the person."""
    stated = Repayment(len(debt.repayments) + 1, receipt, amount, staff, now, gives_back=gives_back)
    _event(debt, stated)
    return replace(debt, stated=stated)


def agree_to_receipt(
    debt: Debt, receipt: str, amount: int, staff: StaffId, *, now: datetime
) -> tuple[Debt, Repayment, Posting]:
    """By another person than who stated it; ``receipt`` and ``amount`` as they read them."""
    stated = debt.stated
    if stated is None:
        raise Conflict("receipt_not_stated")
    if staff == stated.recorded_by:
        raise NotAllowed("approver_must_differ")
    if (receipt, amount) != (stated.receipt, stated.amount):
        raise Conflict("receipt_stated_otherwise", field="receipt")
    state = DEBT.after(debt.state, _event(debt, stated))
    agreed = replace(stated, approved_by=staff)
    moved = replace(debt, state=state, stated=None, repayments=(*debt.repayments, agreed))
    make = given_back if stated.gives_back else repaid
    posting = make(debt.applicant_id, debt.id, number=stated.number, amount=stated.amount, now=now)
    return replace(moved, closed_at=now if state is DebtState.REPAID else None), agreed, posting


def owe_back(debt: Debt, postings: Iterable[Posting], *, now: datetime) -> tuple[Debt, Posting] | None:
    """What was repaid beyond those payments that the person still has; None when there is nothing of it."""
    still = reclaimable(postings)
    kept = sum(int(still.get(key, Rupiah(0))) for key in debt.entitlements)
    excess = debt.repaid - kept - sum(debt.owed_back)
    if excess <= 0:
        return None
    amount = Rupiah(excess)
    state = DEBT.after(debt.state, DebtEvent.OWE_BACK)
    moved = replace(debt, state=state, owed_back=(*debt.owed_back, amount), closed_at=None)
    return moved, owed_back(debt.applicant_id, debt.id, number=len(moved.owed_back), amount=amount, now=now)


def _event(debt: Debt, stated: Repayment) -> DebtEvent:
    """What it will be once it is agreed to. ``InvalidInput`` when it is more than is owed to that side."""
    most = debt.to_give_back if stated.gives_back else debt.rest
    rest, part = (
        (DebtEvent.GIVE_BACK_REST, DebtEvent.GIVE_BACK_PART)
        if stated.gives_back
        else (DebtEvent.REPAY_REST, DebtEvent.REPAY_PART)
    )
    event = rest if stated.amount >= most else part
    DEBT.after(debt.state, event)
    if not 0 < stated.amount <= most:
        raise InvalidInput("repayment_out_of_range", field="amount_rupiah", most=int(most))
    if len(debt.repayments) >= MOST_REPAYMENTS:
        raise Conflict("repayments_too_many", most=MOST_REPAYMENTS)
    return event

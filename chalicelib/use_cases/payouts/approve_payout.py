"""Approve a payout: two people, each once."""

from chalicelib.domain import ledger
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.payouts import Payout, PayoutState, approve
from chalicelib.ports import Clock, Payouts


def approve_payout(id: PayoutId, staff: StaffId, *, payouts: Payouts, clock: Clock) -> Payout:
    """The second approval owes the person the money, in the same transaction. ``NotAllowed`` when both are one."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    approved = approve(payout, staff)
    if approved.state is not PayoutState.READY:
        payouts.save(approved)
        return approved
    posting = ledger.incentive_due(payout.applicant_id, payout.id, amount=payout.amount, now=clock.now())
    payouts.save_with(approved, posting)
    return approved

"""Let a held payout go, or cancel it: two people want the same."""

from chalicelib.domain import ledger
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId, StaffId
from chalicelib.domain.payout_attempts import decide_held
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.ports import Clock, Payouts


def decide_held_payout(id: PayoutId, wish: PayoutEvent, staff: StaffId, *, payouts: Payouts, clock: Clock) -> Payout:
    """A cancelled one is owed no more, in the same transaction."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    decided = decide_held(payout, wish, staff, now=clock.now())
    if decided.state is not PayoutState.CANCELLED:
        payouts.save(decided)
        return decided
    posting = ledger.incentive_cancelled(payout.applicant_id, payout.id, amount=payout.amount, now=clock.now())
    payouts.save_with(decided, posting)
    return decided

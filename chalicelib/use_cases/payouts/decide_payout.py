"""Let a held payout go or cancel it, or close one that cannot be paid: two people want the same."""

from chalicelib.domain import ledger
from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_attempts import decide
from chalicelib.domain.payouts import Payout, PayoutEvent, PayoutState
from chalicelib.ports import Payouts
from chalicelib.use_cases.support.casework import Casework


def decide_payout(id: PayoutId, wish: PayoutEvent, officer: Officer, *, payouts: Payouts, casework: Casework) -> Payout:
    """Each of the two is on record. A cancelled one is owed no more, in the same transaction; a closed one still is."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    officer.check_not_own(payout.applicant_id)
    now = casework.clock.now()
    decided = decide(payout, wish, officer.staff, now=now)
    deed = Deed(officer.staff, officer.role, Act.DECIDE_PAYOUT, f"payout-{id}", ("payments",), wish, now)
    casework.audit_log.append(deed)
    if decided.state is not PayoutState.CANCELLED:
        payouts.save(decided)
        return decided
    posting = ledger.incentive_cancelled(payout.applicant_id, payout.id, amount=payout.amount, now=now)
    payouts.save_with(decided, posting)
    return decided

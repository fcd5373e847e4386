"""Send a payout through another bank: two people name the letter in which the former one declared its order void."""

from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_attempts import void_order
from chalicelib.domain.payouts import Payout
from chalicelib.ports import Payouts
from chalicelib.use_cases.payouts.begin_attempt import begin_attempt
from chalicelib.use_cases.support.casework import Casework


def void_payout_order(id: PayoutId, letter: str, officer: Officer, *, payouts: Payouts, casework: Casework) -> Payout:
    """``Conflict`` while the bank may pay it. The order is kept, with the letter: should it be paid after all, that is
    found out."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    officer.check_not_own(payout.applicant_id)
    now = casework.clock.now()
    decided = void_order(payout, letter, officer.staff, now=now)
    said = f"void {letter}"
    casework.audit_log.append(
        Deed(officer.staff, officer.role, Act.DECIDE_PAYOUT, f"payout-{id}", ("payments",), said, now)
    )
    if decided.attempt == payout.attempt:
        payouts.save(decided)
    else:
        begin_attempt(payout, decided, payouts=payouts, now=now)
    return decided

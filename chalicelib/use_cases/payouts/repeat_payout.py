"""Try one payout again although the account is the same: somebody of the staff found it in order."""

from chalicelib.domain.audit import Act, Deed
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.officers import Officer
from chalicelib.domain.payout_attempts import try_again
from chalicelib.domain.payouts import Payout
from chalicelib.ports import PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.begin_attempt import begin_attempt
from chalicelib.use_cases.support.casework import Casework


def repeat_payout(
    id: PayoutId, officer: Officer, *, payouts: Payouts, payout_accounts: PayoutAccounts, casework: Casework
) -> Payout:
    """``Conflict`` while it is not sure that the bank did not pay; ``NotAllowed`` for whom it is for."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    officer.check_not_own(payout.applicant_id)
    again = try_again(payout, payout_accounts.get(payout.applicant_id), at_request=True)
    deed = Deed(officer.staff, officer.role, Act.REPEAT_PAYOUT, f"payout-{id}", ("payments",), "", casework.clock.now())
    casework.audit_log.append(deed)
    begin_attempt(payout, again, payouts=payouts, now=casework.clock.now())
    return again

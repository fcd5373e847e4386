"""Try one payout again although the account is the same: somebody of the staff found it in order."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_attempts import try_again
from chalicelib.domain.payouts import Payout
from chalicelib.ports import PayoutAccounts, Payouts


def repeat_payout(id: PayoutId, *, payouts: Payouts, payout_accounts: PayoutAccounts) -> Payout:
    """``Conflict`` while it is not sure that the bank did not pay."""
    payout = payouts.get(id)
    if payout is None:
        raise NotFound("payout_unknown", field="payout_id")
    again = try_again(payout, payout_accounts.get(payout.applicant_id), at_request=True)
    payouts.save(again)
    return again

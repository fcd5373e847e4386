"""Stop a change of account: the old one stays."""

from chalicelib.domain.account_changes import stop_change
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import PayoutAccounts


def stop_account_change(applicant_id: ApplicantId, *, payout_accounts: PayoutAccounts) -> None:
    """``Conflict`` where no change is under way: it was stopped before, or has taken effect."""
    current = payout_accounts.get(applicant_id)
    if current is None:
        raise Conflict("account_change_over")
    payout_accounts.save(stop_change(current))

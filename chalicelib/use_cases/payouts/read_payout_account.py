"""One's own payout account, and a change of it that is under way."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import PayoutAccount
from chalicelib.ports import PayoutAccounts


def read_payout_account(applicant_id: ApplicantId, *, payout_accounts: PayoutAccounts) -> PayoutAccount:
    account = payout_accounts.get(applicant_id)
    if account is None:
        raise NotFound("payout_account_not_linked")
    return account

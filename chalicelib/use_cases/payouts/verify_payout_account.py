"""Ask the bank whose account it is."""

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import AccountState, judge_holder, refuse_account
from chalicelib.ports import Applicants, Bank, PayoutAccounts


def verify_payout_account(
    applicant_id: ApplicantId, *, payout_accounts: PayoutAccounts, applicants: Applicants, bank: Bank
) -> None:
    """Verified and claimed in one transaction, or refused with a reason. ``BankUnavailable`` leaves it linked."""
    linked, identity = payout_accounts.get(applicant_id), applicants.get(applicant_id).identity
    if linked is None or linked.state is not AccountState.LINKED or identity is None:
        return
    judged = judge_holder(linked, holder=bank.holder_name(linked.account), person=identity.full_name)
    if judged.state is AccountState.REFUSED:
        return payout_accounts.save(judged)
    try:
        payout_accounts.save_verified(judged)
    except AlreadyDone:
        payout_accounts.save(refuse_account(linked, "account_not_usable"))

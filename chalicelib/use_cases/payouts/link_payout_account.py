"""Say where one's incentive shall go."""

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import link_account
from chalicelib.ports import Clock, Memberships, PayoutAccounts


def link_payout_account(
    applicant_id: ApplicantId,
    account: BankAccount,
    *,
    payout_accounts: PayoutAccounts,
    memberships: Memberships,
    clock: Clock,
) -> None:
    """Stored as linked; the bank is asked for the holder's name afterwards. Says the same for another's account."""
    if memberships.get(applicant_id) is None:
        raise NotFound("not_a_recipient")
    current = payout_accounts.get(applicant_id)
    linked = link_account(current, applicant_id, account, now=clock.now())
    if linked is not current:
        payout_accounts.save(linked)

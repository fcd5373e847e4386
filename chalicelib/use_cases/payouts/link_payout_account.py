"""Say where one's incentive shall go."""

from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payouts import link_account
from chalicelib.ports import Clock, Memberships, Payouts


def link_payout_account(
    applicant_id: ApplicantId, account: BankAccount, *, payouts: Payouts, memberships: Memberships, clock: Clock
) -> None:
    """Stored as linked; the bank is asked for the holder's name afterwards. Says the same for another's account."""
    if memberships.get(applicant_id) is None:
        raise NotFound("not_a_recipient")
    linked = link_account(payouts.account(applicant_id), applicant_id, account, now=clock.now())
    payouts.save_account(linked)

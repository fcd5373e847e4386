"""Ask for another account in the place of the verified one."""

from chalicelib.domain.account_changes import ASKING, ask_change
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.errors import Conflict, TooManyAttempts
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Buckets, Clock, Indexer, Memberships, PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.payouts_under_way import is_payout_under_way


def change_payout_account(
    applicant_id: ApplicantId,
    account: BankAccount,
    consent: str,
    *,
    payout_accounts: PayoutAccounts,
    memberships: Memberships,
    payouts: Payouts,
    buckets: Buckets,
    indexer: Indexer,
    clock: Clock,
) -> None:
    """The stream of the stored change has the code mailed; until it is typed the old account serves on."""
    current, now = payout_accounts.get(applicant_id), clock.now()
    if current is None:
        raise Conflict("payout_account_not_verified")
    asked = ask_change(current, account, consent=consent, now=now)
    if is_payout_under_way(applicant_id, memberships=memberships, payouts=payouts, indexer=indexer):
        raise Conflict("payout_under_way")
    if buckets.take(f"account-change/{applicant_id}", ASKING, now=now) is None:
        raise TooManyAttempts("account_changes_too_many")
    payout_accounts.save(asked)

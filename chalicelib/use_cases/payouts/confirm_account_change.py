"""Confirm a change of account by the code that went to the mail address."""

from chalicelib.domain.account_changes import asked_change, confirm_change, count_change_failure
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Clock, Indexer, Memberships, PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.account_change_proofs import change_code_of
from chalicelib.use_cases.payouts.payouts_under_way import is_payout_under_way
from chalicelib.use_cases.registration.proofs import is_same


def confirm_account_change(
    applicant_id: ApplicantId,
    code: str,
    *,
    payout_accounts: PayoutAccounts,
    memberships: Memberships,
    payouts: Payouts,
    indexer: Indexer,
    clock: Clock,
) -> None:
    """The cooling-off begins. A wrong code is counted; after a few of them another change must be asked for."""
    current = payout_accounts.get(applicant_id)
    if current is None:
        raise Conflict("no_account_change_asked")
    matches = is_same(code, change_code_of(applicant_id, asked_change(current).number, indexer))
    try:
        confirmed = confirm_change(current, matches=matches, now=clock.now())
    except InvalidInput:
        payout_accounts.save(count_change_failure(current))
        raise
    if is_payout_under_way(applicant_id, memberships=memberships, payouts=payouts, indexer=indexer):
        raise Conflict("payout_under_way")
    payout_accounts.save(confirmed)

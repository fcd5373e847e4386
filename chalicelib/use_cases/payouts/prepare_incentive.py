"""Prepare the completion incentive, once everything it rests on is there."""

from chalicelib.domain import ledger
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.training import PurchaseState
from chalicelib.ports import Clock, Indexer, Memberships, PayoutAccounts, Payouts, Purchases

COMPLETION = "completion"
FIRST = 1


def prepare_incentive(
    applicant_id: ApplicantId,
    *,
    memberships: Memberships,
    purchases: Purchases,
    payouts: Payouts,
    payout_accounts: PayoutAccounts,
    indexer: Indexer,
    clock: Clock,
) -> None:
    """Asked after each fact that may have been the last one missing; what is prepared already stays as it is."""
    membership, account = memberships.get(applicant_id), payout_accounts.get(applicant_id)
    bought = purchases.of_applicant(applicant_id)
    reviewed = next((each for each in bought if each.state is PurchaseState.REVIEWED), None)
    if membership is None or reviewed is None or account is None or account.state is not AccountState.VERIFIED:
        return
    payout = Payout(
        id=payout_id_of(applicant_id, COMPLETION, FIRST, indexer),
        applicant_id=applicant_id,
        purpose=COMPLETION,
        period=FIRST,
        amount=scheme_named(membership.scheme).completion_incentive,
        prepared_at=clock.now(),
        evidence=reviewed.id,
    )
    due = ledger.incentive_due(applicant_id, payout.id, amount=payout.amount, now=payout.prepared_at)
    try:
        payouts.add(payout, due)
    except AlreadyDone:
        return


def payout_id_of(applicant_id: ApplicantId, purpose: str, period: int, indexer: Indexer) -> PayoutId:
    """One entitlement, one id: who, what for, which time. Survey 1 and survey 2 differ in the period."""
    return PayoutId(indexer.index("payout", f"prakerja/{applicant_id}/{purpose}/{period}"))

"""Prepare whatever incentives somebody has earned, once there is an account to which they can go."""

from chalicelib.domain import ledger
from chalicelib.domain.entitlements import Entitlement, entitlements_of
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout
from chalicelib.domain.schemes import scheme_named
from chalicelib.ports import Clock, Indexer, Memberships, PayoutAccounts, Payouts, Purchases, Surveys


def prepare_incentive(
    applicant_id: ApplicantId,
    *,
    memberships: Memberships,
    purchases: Purchases,
    surveys: Surveys,
    payouts: Payouts,
    payout_accounts: PayoutAccounts,
    indexer: Indexer,
    clock: Clock,
) -> None:
    """Asked after each fact that may have been the last one missing: a review, a survey, a verified account. All
    periods are prepared at once, each due on its own day; what is prepared already stays as it is."""
    membership, account = memberships.get(applicant_id), payout_accounts.get(applicant_id)
    if membership is None or account is None or account.state is not AccountState.VERIFIED:
        return
    bought, filled = purchases.of_applicant(applicant_id), surveys.filled(applicant_id)
    for earned in entitlements_of(scheme_named(membership.scheme), bought, filled):
        _prepare(applicant_id, earned, payouts=payouts, indexer=indexer, clock=clock)


def _prepare(
    applicant_id: ApplicantId, earned: Entitlement, *, payouts: Payouts, indexer: Indexer, clock: Clock
) -> None:
    payout = Payout(
        id=payout_id_of(applicant_id, earned.purpose, earned.period, indexer),
        applicant_id=applicant_id,
        purpose=earned.purpose,
        period=earned.period,
        amount=earned.amount,
        prepared_at=clock.now(),
        due_on=earned.due_on,
        evidence=earned.evidence,
    )
    due = ledger.incentive_due(applicant_id, payout.id, amount=payout.amount, now=payout.prepared_at)
    try:
        payouts.add(payout, due)
    except AlreadyDone:
        return


def payout_id_of(applicant_id: ApplicantId, purpose: str, period: int, indexer: Indexer) -> PayoutId:
    """One entitlement, one id: who, what for, which time. Survey 1 and survey 2 differ in the period."""
    return PayoutId(indexer.index("payout", f"prakerja/{applicant_id}/{purpose}/{period}"))

"""Prepare whatever incentives somebody has earned, once there is an account to which they can go."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import ledger
from chalicelib.domain.entitlements import Entitlement, certified_at, entitlements_of
from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.identifiers import ApplicantId, PayoutId
from chalicelib.domain.ledger import Posting
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payouts import Payout
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.surveys import may_be_filled
from chalicelib.domain.training import Purchase
from chalicelib.ports import Clock, Indexer, Memberships, PayoutAccounts, Payouts, Purchases, Surveys


@dataclass(frozen=True, slots=True)
class Preparing:
    """What preparing looks at, and where it writes."""

    memberships: Memberships
    purchases: Purchases
    surveys: Surveys
    payouts: Payouts
    payout_accounts: PayoutAccounts
    indexer: Indexer
    clock: Clock


def prepare_incentive(applicant_id: ApplicantId, preparing: Preparing) -> None:
    """Asked after each fact that may have been the last one missing: a review, a survey, a verified account. All
    periods are prepared at once, each due on its own day; what is prepared already stays as it is."""
    for payout, due in earned_by([applicant_id], preparing):
        with suppress(AlreadyDone):
            preparing.payouts.add(payout, due)


def earned_by(ids: Sequence[ApplicantId], preparing: Preparing) -> Iterator[tuple[Payout, Posting]]:
    """Of those who have an account, prepared or not."""
    memberships, accounts = preparing.memberships.get_each(ids), preparing.payout_accounts.get_each(ids)
    payable = [id for id in ids if id in memberships and id in accounts and accounts[id].state is AccountState.VERIFIED]
    bought = preparing.purchases.of_each(payable)
    for id in payable:
        scheme, trainings = scheme_named(memberships[id].scheme), bought[id]
        for earned in entitlements_of(scheme, trainings, _filled(memberships[id], trainings, preparing)):
            yield _payout_for(id, earned, preparing)


def _filled(membership: Membership, trainings: Sequence[Purchase], preparing: Preparing) -> Mapping[int, datetime]:
    """Before the first survey opens there is none to be looked for."""
    if not may_be_filled(membership.scheme, certified_at(trainings), now=preparing.clock.now()):
        return {}
    return preparing.surveys.filled(membership.applicant_id)


def _payout_for(id: ApplicantId, earned: Entitlement, preparing: Preparing) -> tuple[Payout, Posting]:
    payout = Payout(
        id=payout_id_of(id, earned.purpose, earned.period, preparing.indexer),
        applicant_id=id,
        purpose=earned.purpose,
        period=earned.period,
        amount=earned.amount,
        prepared_at=preparing.clock.now(),
        due_on=earned.due_on,
        evidence=earned.evidence,
    )
    return payout, ledger.incentive_due(id, payout.id, amount=payout.amount, now=payout.prepared_at)


def payout_id_of(applicant_id: ApplicantId, purpose: str, period: int, indexer: Indexer) -> PayoutId:
    """One entitlement, one id: who, what for, which time. Survey 1 and survey 2 differ in the period."""
    return PayoutId(indexer.index("payout", f"prakerja/{applicant_id}/{purpose}/{period}"))

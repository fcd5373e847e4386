"""Try somebody's payouts again that a bank rejected or sent back: under a new reference, with no new approval."""

from dataclasses import replace
from datetime import datetime
from itertools import product

from chalicelib.domain.former_attempts import settle_by_former
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.payout_attempts import may_try_again, try_again
from chalicelib.domain.payout_turns import ask_later, waits_for_account, wake
from chalicelib.domain.payouts import Payout
from chalicelib.ports import Clock, Indexer, PayoutAccounts, Payouts
from chalicelib.use_cases.payouts.begin_attempt import begin_attempt
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of

PURPOSES = ("completion", "survey")
MOST_PERIODS = 12


def retry_payouts(
    applicant_id: ApplicantId, *, payouts: Payouts, payout_accounts: PayoutAccounts, indexer: Indexer, clock: Clock
) -> None:
    """Asked when the person's account is verified (again), and when a bank confirmed that it did not pay or that the
    money came back; and once a day, should one of these messages have been lost. What waited for the account goes on
    as well."""
    account, now = payout_accounts.get(applicant_id), clock.now()
    entitlements = product(PURPOSES, range(1, MOST_PERIODS + 1))
    ids = [payout_id_of(applicant_id, purpose, period, indexer) for purpose, period in entitlements]
    for payout in payouts.get_each(ids).values():
        if may_try_again(payout, account):
            begin_attempt(payout, try_again(payout, account), payouts=payouts, now=now)
        elif payout.rests and payout.paid_before:
            _settle_by_former(payout, payout.paid_before, payouts, now)
        elif account and account.state is AccountState.VERIFIED and waits_for_account(payout):
            payouts.save(wake(payout))
        elif payout.rests and payout.turn_at <= now:
            payouts.save(ask_later(payout, now=now))


def _settle_by_former(payout: Payout, number: int, payouts: Payouts, now: datetime) -> None:
    """The bank has paid an attempt that was given up, and this one surely not: the person has what is owed."""
    former = payouts.former(replace(payout, attempt=number).reference)
    if former:
        settled, postings = settle_by_former(payout, former, now=now)
        payouts.save_with(settled, *postings)

"""Read everything that one person's timeline is drawn from."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.domain.eligibility import decide_eligibility
from chalicelib.domain.entitlements import entitlements_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.journey import Journey
from chalicelib.domain.membership import Membership
from chalicelib.domain.payouts import Payout
from chalicelib.domain.schemes import scheme_named, scheme_on
from chalicelib.domain.time import wib_date
from chalicelib.domain.training import Purchase
from chalicelib.domain.waves import Wave, WaveEntry
from chalicelib.ports import (
    Accounts,
    Applicants,
    Clock,
    Indexer,
    Memberships,
    PayoutAccounts,
    Payouts,
    Purchases,
    Surveys,
    WaitingChecks,
    Waves,
)
from chalicelib.use_cases.journey.promise_to import promise_to
from chalicelib.use_cases.payouts.prepare_incentive import payout_id_of

NEWEST_WAVES = 12
"""By when they opened: a year may be planned ahead. Older entries are history."""


def read_journey(
    applicant_id: ApplicantId,
    *,
    accounts: Accounts,
    applicants: Applicants,
    waves: Waves,
    memberships: Memberships,
    purchases: Purchases,
    surveys: Surveys,
    payouts: Payouts,
    payout_accounts: PayoutAccounts,
    waiting_checks: WaitingChecks,
    indexer: Indexer,
    clock: Clock,
) -> Journey:
    account, applicant, now = accounts.get(applicant_id), applicants.get(applicant_id), clock.now()
    if account is None:
        raise NotFound
    opened = waves.opened(now=now, limit=NEWEST_WAVES)
    open_wave = next((wave for wave in opened if wave.is_open(now)), None)
    scheme = scheme_named(open_wave.scheme) if open_wave else scheme_on(wib_date(now))
    membership = memberships.get(applicant_id)
    bought = purchases.of_applicant(applicant_id) if membership else ()
    filled = surveys.filled(applicant_id) if bought else {}
    return Journey(
        opened_at=account.opened_at,
        applicant=applicant,
        decision=decide_eligibility(applicant, scheme, on=wib_date(now)),
        open_wave=open_wave,
        entries=_entries_of(applicant_id, opened, waves),
        membership=membership,
        purchases=bought,
        payout_account=payout_accounts.get(applicant_id) if membership else None,
        payouts=_payouts_of(membership, bought, filled, payouts, indexer) if membership else (),
        looked_at=now,
        filled=filled,
        promise=promise_to(applicant, waiting_checks=waiting_checks, now=now),
    )


def _payouts_of(
    membership: Membership,
    bought: Sequence[Purchase],
    filled: Mapping[int, datetime],
    payouts: Payouts,
    indexer: Indexer,
) -> Sequence[Payout]:
    """Of what is earned: of most people nothing is, and then nothing is looked for."""
    earned = entitlements_of(scheme_named(membership.scheme), bought, filled)
    ids = (payout_id_of(membership.applicant_id, each.purpose, each.period, indexer) for each in earned)
    return [payout for payout in map(payouts.get, ids) if payout]


def _entries_of(
    applicant_id: ApplicantId, newest_first: Sequence[Wave], waves: Waves
) -> Sequence[tuple[Wave, WaveEntry]]:
    """The newest last."""
    found = {entry.wave: entry for entry in waves.entries_of(applicant_id, [wave.number for wave in newest_first])}
    return [(wave, found[wave.number]) for wave in reversed(newest_first) if wave.number in found]

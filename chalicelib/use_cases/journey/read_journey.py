"""Read everything that one person's timeline is drawn from."""

from collections.abc import Sequence

from chalicelib.domain.eligibility import decide_eligibility
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.journey import Journey
from chalicelib.domain.schemes import scheme_named, scheme_on
from chalicelib.domain.time import wib_date
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
    WaitingChecks,
    Waves,
)
from chalicelib.use_cases.journey.promise_to import promise_to
from chalicelib.use_cases.payouts.prepare_incentive import COMPLETION, FIRST, payout_id_of

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
    return Journey(
        opened_at=account.opened_at,
        applicant=applicant,
        decision=decide_eligibility(applicant, scheme, on=wib_date(now)),
        open_wave=open_wave,
        entries=_entries_of(applicant_id, opened, waves),
        membership=membership,
        purchases=purchases.of_applicant(applicant_id) if membership else (),
        payout_account=payout_accounts.get(applicant_id) if membership else None,
        payout=payouts.get(payout_id_of(applicant_id, COMPLETION, FIRST, indexer)) if membership else None,
        promise=promise_to(applicant, waiting_checks=waiting_checks, now=now),
    )


def _entries_of(
    applicant_id: ApplicantId, newest_first: Sequence[Wave], waves: Waves
) -> Sequence[tuple[Wave, WaveEntry]]:
    """The newest last."""
    found = {entry.wave: entry for entry in waves.entries_of(applicant_id, [wave.number for wave in newest_first])}
    return [(wave, found[wave.number]) for wave in reversed(newest_first) if wave.number in found]

"""Read everything that one person's timeline is drawn from."""

from chalicelib.domain.eligibility import decide_eligibility
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.journey import Journey
from chalicelib.domain.schemes import scheme_named, scheme_on
from chalicelib.domain.time import wib_date
from chalicelib.ports import Accounts, Applicants, Clock, Indexer, Memberships, Payouts, Purchases, WaitingChecks, Waves
from chalicelib.use_cases.journey.promise_to import promise_to
from chalicelib.use_cases.payouts.prepare_incentive import COMPLETION, FIRST, payout_id_of

_NEWEST_WAVES = 12


def read_journey(
    applicant_id: ApplicantId,
    *,
    accounts: Accounts,
    applicants: Applicants,
    waves: Waves,
    memberships: Memberships,
    purchases: Purchases,
    payouts: Payouts,
    waiting_checks: WaitingChecks,
    indexer: Indexer,
    clock: Clock,
) -> Journey:
    account, applicant, now = accounts.get(applicant_id), applicants.get(applicant_id), clock.now()
    if account is None:
        raise NotFound
    newest = {wave.number: wave for wave in waves.newest_first(limit=_NEWEST_WAVES)}
    open_wave = next((wave for wave in newest.values() if wave.is_open(now)), None)
    scheme = scheme_named(open_wave.scheme) if open_wave else scheme_on(wib_date(now))
    membership = memberships.get(applicant_id)
    return Journey(
        opened_at=account.opened_at,
        applicant=applicant,
        decision=decide_eligibility(applicant, scheme, on=wib_date(now)),
        open_wave=open_wave,
        entries=[(newest[entry.wave], entry) for entry in waves.entries_of(applicant_id, list(newest))],
        membership=membership,
        purchases=purchases.of_applicant(applicant_id) if membership else (),
        payout_account=payouts.account(applicant_id) if membership else None,
        payout=payouts.get(payout_id_of(applicant_id, COMPLETION, FIRST, indexer)) if membership else None,
        promise=promise_to(applicant, waiting_checks=waiting_checks, now=now),
    )

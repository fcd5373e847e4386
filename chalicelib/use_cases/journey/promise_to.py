"""When the checks of somebody's identity are expected to be done: when the last registry is."""

from datetime import datetime

from chalicelib.domain.verification import Applicant, IdentityState, Outcome, Registry
from chalicelib.domain.waiting_checks import Promise, WaitingCheck, promise_for
from chalicelib.ports import WaitingChecks
from chalicelib.use_cases.verification.follow_applicant import CHECK_QUEUES

_ON_THE_WAY = (IdentityState.SUBMITTED, IdentityState.CHECKING)


def promise_to(applicant: Applicant, *, waiting_checks: WaitingChecks, now: datetime) -> Promise | None:
    if applicant.state not in _ON_THE_WAY:
        return None
    promises = [
        promise_for(_place(applicant, registry, now), waiting_checks.backlog(registry), now=now)
        for registry in CHECK_QUEUES
        if applicant.check(registry).outcome is Outcome.PENDING
    ]
    return max(promises, key=lambda promise: promise.expected_at, default=None)


def _place(applicant: Applicant, registry: Registry, now: datetime) -> WaitingCheck:
    since = applicant.checking_since or now
    return WaitingCheck(registry, applicant.id, applicant.submission, since, applicant.wave_closes_at)

"""Say whether a selfie that is before people is the person's own."""

from dataclasses import dataclass, replace

from chalicelib.domain import selfie_review
from chalicelib.domain.audit import Act
from chalicelib.domain.cases import Ruling
from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.officers import Officer
from chalicelib.domain.selfie_review import selfie_ruling, unseen_lookalikes
from chalicelib.domain.support import check_reason, check_version, is_repeated, stamped
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.open_case import open_case
from chalicelib.use_cases.support.put_on_record import put_on_record


@dataclass(frozen=True, slots=True)
class SelfieDecision:
    """``version`` is that of the case which the officer saw."""

    is_own: bool
    reason: str
    version: int


def decide_selfie(reference: str, decision: SelfieDecision, officer: Officer, *, casework: Casework) -> Applicant:
    """The case as it stands then; twice is once, and of two officers at once one is told that the case has moved."""
    applicant, now = open_case(reference, officer, casework=casework), casework.clock.now()
    kind = selfie_ruling(is_own=decision.is_own)
    ruling = Ruling(kind, officer.staff, decision.reason, now, decision.version)
    if is_repeated(applicant, ruling):
        return applicant
    if officer.own_account in unseen_lookalikes(applicant):
        raise NotAllowed("own_case")
    check_reason(decision.reason, applicant.identity)
    check_version(applicant, ruling)
    decided = stamped(selfie_review.decide_selfie(applicant, ruling), now=now)
    put_on_record(officer, Act.DECIDE_SELFIE, reference, (kind.value,), decision.reason, casework=casework)
    casework.applicants.save(decided)
    return replace(decided, version=decided.version + 1)

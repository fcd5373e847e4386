"""Decide a review by one word and a reason."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import Act
from chalicelib.domain.cases import RefusalCode, Ruling, RulingKind
from chalicelib.domain.errors import AlreadyDone, Conflict, InvalidInput
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import RULINGS, check_reason, check_version, is_repeated
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Applicants
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.open_case import open_case
from chalicelib.use_cases.support.put_on_record import put_on_record


@dataclass(frozen=True, slots=True)
class Decision:
    """``version`` is that of the case which the officer saw."""

    kind: RulingKind
    reason: str
    version: int
    code: RefusalCode | None = None


def decide_case(reference: str, decision: Decision, officer: Officer, *, casework: Casework) -> Applicant:
    """The case as it stands then. The same from the same officer again is no second decision; of two officers at once
    one is told that the case has moved."""
    applicant = open_case(reference, officer, casework=casework)
    if decision.code and decision.kind is not RulingKind.REFUSE:
        raise InvalidInput("refusal_code_not_expected", field="code")
    ruling = Ruling(
        decision.kind, officer.staff, decision.reason, casework.clock.now(), decision.version, decision.code
    )
    if is_repeated(applicant, ruling):
        return applicant
    check_reason(decision.reason, applicant.identity)
    check_version(applicant, ruling)
    decided = RULINGS[decision.kind](applicant, ruling)
    put_on_record(officer, Act.DECIDE, reference, (decision.kind.value,), decision.reason, casework=casework)
    _save(decided, decision.kind, casework.applicants)
    return replace(decided, version=decided.version + 1)


def _save(decided: Applicant, kind: RulingKind, applicants: Applicants) -> None:
    """Whoever is accepted holds the NIK in the same write, and whoever is not lets go of it."""
    if kind is not RulingKind.ACCEPT:
        return applicants.save_release(decided)
    try:
        applicants.save_claim(decided)
    except AlreadyDone:
        raise Conflict("nik_held_by_another") from None

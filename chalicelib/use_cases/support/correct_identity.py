"""Correct what was stated, with evidence, on the person's behalf."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.audit import Act
from chalicelib.domain.cases import Ruling, RulingKind
from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identity_fields import check_identity_fields
from chalicelib.domain.officers import Officer
from chalicelib.domain.support import check_reason, check_version, correct, evidence_of, is_repeated
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Applicant, Identity
from chalicelib.ports import Applicants
from chalicelib.use_cases.support.casework import Casework
from chalicelib.use_cases.support.open_case import open_case
from chalicelib.use_cases.support.put_on_record import put_on_record


@dataclass(frozen=True, slots=True)
class Correction:
    """``changes`` are fields of :class:`Identity`; ``version`` is that of the case which the officer saw."""

    changes: Mapping[str, Any]
    evidence_key: str
    reason: str
    version: int


def correct_identity(reference: str, correction: Correction, officer: Officer, *, casework: Casework) -> Applicant:
    """Held to the same rules as the person, and asked about anew: an officer's word verifies nobody."""
    applicant, now = open_case(reference, officer, casework=casework), casework.clock.now()
    concerns, version = tuple(sorted(correction.changes)), correction.version
    ruling = Ruling(RulingKind.CORRECT, officer.staff, correction.reason, now, version, concerns=concerns)
    if is_repeated(applicant, ruling) and applicant.identity == _with_changes(applicant.identity, correction):
        return applicant
    check_version(applicant, ruling)
    evidence_of(applicant, correction.evidence_key)
    identity = _corrected(applicant, correction)
    check_identity_fields(identity, today=wib_date(now))
    corrected = correct(applicant, identity, ruling)
    put_on_record(officer, Act.CORRECT, reference, concerns, correction.reason, casework=casework)
    _save(corrected, applicant, casework.applicants)
    return replace(corrected, version=corrected.version + 1)


def _with_changes(identity: Identity | None, correction: Correction) -> Identity:
    if identity is None:
        raise Conflict("identity_not_stated")
    return replace(identity, **correction.changes)


def _corrected(applicant: Applicant, correction: Correction) -> Identity:
    identity = _with_changes(applicant.identity, correction)
    for each in (applicant.identity, identity):
        check_reason(correction.reason, each)
    if identity == applicant.identity:
        raise InvalidInput("correction_changes_nothing", field="fields")
    return identity


def _save(corrected: Applicant, before: Applicant, applicants: Applicants) -> None:
    """A NIK that was stated by mistake is let go of in the same write."""
    stated = before.identity
    if stated and corrected.identity and stated.nik != corrected.identity.nik:
        applicants.save_release(corrected, nik=stated.nik)
    else:
        applicants.save(corrected)

"""Correct what was typed wrongly, and only that: nothing that was entered is entered again."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import Conflict, InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.identity_fields import check_identity_fields
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import submit_identity
from chalicelib.ports import Applicants, Clock


def amend_identity(
    applicant_id: ApplicantId, changes: Mapping[str, Any], *, applicants: Applicants, clock: Clock
) -> None:
    """``changes``: new values by field of the identity. It counts as stated anew, and is refused for the same
    reasons."""
    applicant = applicants.get(applicant_id)
    if applicant.identity is None:
        raise Conflict("identity_not_stated")
    amended = replace(applicant.identity, **changes)
    if amended == applicant.identity:
        raise InvalidInput("correction_changes_nothing")
    check_identity_fields(amended, today=wib_date(clock.now()))
    applicants.save(submit_identity(applicant, amended))
